// What only a site with a language model of its own needs: the bot around the bot, the call to the server, and the words
// for both. A chunk of its own; without it the bot answers in the articles' own words.

import type { TextMap } from '../base/texts'
import type { BotProvider } from '../bot/botProvider'
import { createRemoteAnswer } from '../bot/remoteAnswer'
import { createWordedBot } from '../bot/wordedBot'
import { SHIPPED } from '../conversation/disclosure'
import type { Config } from '../protocol/config'
import type { Replies } from '../understanding/replies'
import type { ConversationParts } from './conversationParts'
import modelWords from './texts/model.en.json'

/** English for what this part says, and for what the machine says of itself now. */
export function modelTexts(hasPeople: boolean): TextMap {
  const { 'model.intro': intro, 'model.introPeople': introPeople, ...words } = modelWords
  const said = hasPeople ? introPeople : intro
  return { ...words, 'notice.botIntro': said, [`${SHIPPED}notice.botIntro`]: said }
}

/**
 * Null where `answer` is not what it must be, which the console says: no model words anything then. What an option says
 * is held against the schema of the configuration here, for no file was.
 *
 * @param bot  of the page: asked first, and the one that answers where the model does not
 */
export async function createModelBot(
  bot: BotProvider,
  parts: ConversationParts,
  replies: Replies,
): Promise<BotProvider | null> {
  const { environment, actions, texts, config, onError, getToken, configUrl, answer = config.answer } = parts
  let url: string
  let listed: NonNullable<NonNullable<Config['answer']>['actions']>
  try {
    const { strictConfig } = await import('./strictConfig')
    const given = { answer: typeof answer === 'string' ? { ...config.answer, url: answer } : answer }
    // The tag's and the element's words come as options.
    const source =
      parts.answer === undefined
        ? 'the configuration (asklet.json or options.config)'
        : `options.answer${typeof answer === 'string' ? ' (or data-answer)' : ''}`
    const { answer: read } = strictConfig(given, source, false, 200)
    url = new URL(read?.url ?? '', configUrl).href
    listed = read?.actions ?? {}
  } catch (error) {
    console.warn(`${(error as Error).message}\nThe bot answers in the words of the articles.`)
    return null
  }
  const told = new Set<string>()
  return createWordedBot({
    bot,
    remote: createRemoteAnswer({
      url,
      clock: environment,
      fetch: environment.fetch,
      token: getToken,
      masks: config.privacy,
    }),
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
