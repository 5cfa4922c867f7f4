// What only a site with a language model of its own needs: the bot around the bot, the call to the server, and the words
// for both. A chunk of its own; without it the bot answers in the articles' own words.

import type { TextMap } from '../base/texts'
import type { BotProvider } from '../bot/botProvider'
import { createRemoteAnswer } from '../bot/remoteAnswer'
import { createWordedBot } from '../bot/wordedBot'
import type { Replies } from '../understanding/replies'
import type { ConversationParts } from './conversationParts'
import modelWords from './texts/model.en.json'

/** English for what this part says, and for what the machine says of itself now. */
export function modelTexts(hasPeople: boolean): TextMap {
  const { 'model.intro': intro, 'model.introPeople': introPeople, ...words } = modelWords
  return { ...words, 'notice.botIntro': hasPeople ? introPeople : intro }
}

/** @param bot  of the page: asked first, and the one that answers where the model does not */
export function createModelBot(bot: BotProvider, parts: ConversationParts, replies: Replies): BotProvider {
  const { environment, actions, texts, config, onError, getToken, configUrl, answer = config.answer } = parts
  const { url: address = '', actions: listed = {} } =
    typeof answer === 'string' ? { ...config.answer, url: answer } : { ...answer }
  let url: string
  try {
    url = new URL(address, configUrl).href
  } catch {
    console.warn(
      `Asklet: answer.url must be the address of your Asklet server, got ${JSON.stringify(address)}. The bot answers in the words of the articles.`,
    )
    return bot
  }
  const told = new Set<string>()
  return createWordedBot({
    bot,
    remote: createRemoteAnswer({ url, clock: environment, fetch: environment.fetch, token: getToken }),
    listed,
    actions,
    texts,
    replies,
    siteName: config.name,
    clock: environment,
    onError,
    onFailed(why) {
      // Once each: a network that is away, or a model that is slow, is met by every question.
      if (told.has(why)) return
      told.add(why)
      console.warn(
        `Asklet: the language model at ${url} did not answer (${why}). The visitor got the words of the articles.`,
      )
    },
  })
}
