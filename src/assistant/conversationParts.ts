// The lazy half of the assistant put together: bot, conversation and, behind one more import, the live half.
// Fetched when the visitor turns from reading to asking.

import type { Environment } from '../base/environment'
import { AskletError } from '../base/errors'
import type { SafeStorage } from '../base/safeStorage'
import type { TextMap, Texts } from '../base/texts'
import { createAssistantBot } from '../bot/assistantBot'
import type { BotProvider, HostAction } from '../bot/botProvider'
import type { Flow } from '../bot/flow'
import {
  type ConversationDeps,
  type ConversationModel,
  createConversationModel,
} from '../conversation/conversationModel'
import { OWED_TEXTS, SHIPPED } from '../conversation/disclosure'
import type { Recorder } from '../journal/recorder'
import type { Config } from '../protocol/config'
import type { Facts } from '../protocol/facts'
import type { ReaderModel } from '../search/readerModel'
import type { SearchProvider } from '../search/searchProvider'
import { createTalk } from '../understanding/followUp'
import { distinctIds, readIds } from '../understanding/idSlots'
import { createIntents } from '../understanding/intents'
import { type Language, loadLanguage, loadToneModel } from '../understanding/languages/language'
import type { LinearModel, ModelFile } from '../understanding/linearModel'
import { createReplies } from '../understanding/replies'
import type { ToneModel } from '../understanding/tone'
import { createUnderstand } from '../understanding/understand'
import type { Emitter } from './hostEvents'
import type { InsteadOf } from './locales'
import type { AssistantOptions } from './options'
import type { PastConversations } from './pastConversations'
import aloneTexts from './texts/alone.en.json'
import conversationWords from './texts/conversation.en.json'

/** The words of a conversation; on a site without people they promise none. */
export const conversationTexts = (hasPeople: boolean): TextMap => {
  const words: TextMap = { ...conversationWords, ...(!hasPeople && aloneTexts) }
  const owed = OWED_TEXTS.map(key => [SHIPPED + key, words[key] ?? ''] as const)
  return { ...words, ...Object.fromEntries(owed) }
}

/** The same in another language: by which keys its file has them. */
export const insteadOf = (hasPeople: boolean): InsteadOf => {
  const alone = hasPeople ? [] : Object.keys(aloneTexts).map(key => [key, `alone:${key}`] as const)
  const words: InsteadOf = Object.fromEntries(alone)
  return { ...words, ...Object.fromEntries(OWED_TEXTS.map(key => [SHIPPED + key, words[key] ?? key])) }
}

export interface ConversationParts {
  readonly environment: Environment
  readonly config: Config
  /** Base address of the server; null where there is none. */
  readonly serverUrl: string | null
  /** Tells several assistants on one origin apart. */
  readonly site: string
  readonly visitorId: string | null
  mayStore(): boolean
  /** A conversation with a person waits on this device. */
  readonly isWaiting: boolean
  /** A person was once asked for on this device: there may be words and a secret to forget. */
  hasKept(): boolean
  readonly texts: Texts
  facts(): Facts
  readonly search: SearchProvider
  /** The host's own bot, instead of flows and articles. */
  readonly bot: BotProvider | undefined
  /** Of the options: wins over the configuration; '' where no language model words answers. */
  readonly answer?: AssistantOptions['answer'] | undefined
  /** What addresses of the configuration are relative to. */
  readonly configUrl?: string
  /** Takes the words of a part that not every site has. */
  addTexts?(words: TextMap, insteadOf?: InsteadOf): void
  /** A built file of the bot, parsed as JSON; null when the site has none. */
  loadFile(name: 'flows' | 'model'): Promise<unknown>
  /** By name; the host may add to it later. */
  readonly actions: ReadonlyMap<string, HostAction>
  readonly reader: Pick<ReaderModel, 'read'>
  /** This visitor's own conversations. */
  past?(): Promise<Pick<PastConversations, 'list'>>
  getToken(): Promise<string | null>
  readonly tab: SafeStorage
  readonly local: SafeStorage
  readonly recorder: Pick<Recorder, 'add'> & Partial<Pick<Recorder, 'ownedBy'>>
  readonly events: Pick<Emitter, 'emit'>
  onError(error: unknown): void
  /** Instead of the link to the server: for tests without people. */
  readonly loadLive?: ConversationDeps['loadLive']
}

export async function createConversation(parts: ConversationParts): Promise<ConversationModel> {
  const { environment, config, serverUrl, texts, events } = parts
  const loading = languageOf(parts)
  const [flows, model, language, modelAnswers] = await Promise.all([
    parts.bot ? [] : flowsOf(parts),
    modelOf(parts, loading),
    loading,
    !parts.bot && (parts.answer ?? config.answer) && import('./modelAnswers').catch(parts.onError),
  ])
  let toneModel: ToneModel | null = null
  if (language)
    void loadToneModel(language.locale).then(model => {
      toneModel = model
    }, parts.onError)
  const ids = distinctIds(flows.flatMap(flow => Object.entries(flow.slots)))
  const understand = createUnderstand({
    language,
    toneModel: () => toneModel,
    intents: createIntents(
      [
        ...flows.map(({ id, startsWith }) => ({ name: id, utterances: startsWith })),
        ...(model?.file.examples ?? []),
      ],
      model,
    ),
    priors: flows.map(({ id, roles, pages }) => ({ name: id, roles, pages })),
    policyTopics: config.policyTopics ?? [],
    slots: text => readIds(text, ids),
    categories: config.categories ?? [],
  })
  const { channels = {} } = config
  const replies = createReplies(language)
  const bot =
    parts.bot ??
    createAssistantBot({
      flows,
      search: parts.search,
      understand,
      talk: language?.talk ? createTalk(language.talk, language.answers?.everyday) : null,
      replies,
      sorts: language?.answers?.sorts,
      actions: parts.actions,
      texts,
      clock: environment,
      onError: parts.onError,
    })
  const modelBot = modelAnswers && (await modelAnswers.createModelBot(bot, parts, replies))
  // Nobody is told that a model words answers where none does.
  if (modelBot) {
    const hasPeople = serverUrl !== null
    const intro = hasPeople ? 'model.introPeople' : 'model.intro'
    parts.addTexts?.(modelAnswers.modelTexts(hasPeople), {
      'notice.botIntro': intro,
      [`${SHIPPED}notice.botIntro`]: intro,
    })
  }
  // From its first words on, what is recorded is this conversation's.
  parts.recorder.ownedBy?.(async () => null)
  return createConversationModel({
    environment,
    texts,
    botName: config.name,
    bot: modelBot || bot,
    facts: parts.facts,
    articlesRead: () => parts.reader.read.value,
    config: {
      hasPeople: serverUrl !== null,
      contactEmail: config.contact?.email ?? null,
      off: (['live', 'ticket', 'email', 'phone'] as const).filter(channel => channels[channel] === false),
      hasCallBack: channels.phone === true,
      ...(config.maxWaitMinutes && { maxWaitMs: config.maxWaitMinutes * 60_000 }),
      ...(config.tickets?.reopenWithinDays !== undefined && {
        reopenWithinDays: config.tickets.reopenWithinDays,
      }),
    },
    tab: parts.tab,
    isWaiting: parts.isWaiting,
    hasKept: parts.hasKept,
    async loadLive(handBack) {
      if (parts.loadLive) return parts.loadLive(handBack)
      if (serverUrl === null)
        throw new AskletError('server_shape', 'asklet.json names no server: there are no people to talk to.')
      const { startLive } = await loadStartLive()
      const live = await startLive({
        environment,
        serverUrl,
        site: parts.site,
        visitorId: parts.visitorId,
        mayStore: parts.mayStore(),
        hasKept: parts.hasKept(),
        local: parts.local,
        tab: parts.tab,
        getToken: parts.getToken,
        takesFiles: config.attachments !== false,
        handBack,
        loadSocket,
      })
      parts.recorder.ownedBy?.(() => live.proof())
      return live
    },
    prefetchLive() {
      if (serverUrl === null) return
      // Asked for again when it is needed.
      loadStartLive().catch(() => {})
      loadSocket().catch(() => {})
    },
    async findAnswers(question) {
      const { answersFirst } = await import('./answersFirst')
      return answersFirst(question, parts.facts(), parts.search, language?.answers?.sorts, parts.past)
    },
    understand,
    masks: config.privacy,
    record: (entry, facts) =>
      parts.recorder.add(facts ? { ...entry, on: { facts, from: parts.search.from?.() } } : entry),
    ...(config.escalation && { escalation: config.escalation }),
    onAsked: toPerson => events.emit('asked', { toPerson }),
    onEscalated: (reason, channel) => events.emit('escalated', { reason, channel }),
  })
}

const loadStartLive = () => import('../live/startLive')
const loadSocket = () => import('../live/socketTransport')

/** Without its words the bot reads less: the buttons and the search are as ever. */
async function languageOf({ facts, onError }: ConversationParts): Promise<Language | null> {
  try {
    return await loadLanguage(facts().visitor.locale)
  } catch (error) {
    onError(error)
    return null
  }
}

/** Without flows the bot still answers from articles: a file that does not come takes only itself away. */
async function flowsOf({ loadFile, onError }: ConversationParts): Promise<readonly Flow[]> {
  try {
    const file = await loadFile('flows')
    if (file === null) return []
    // Checked in full when it was built; here, that it is such a file at all.
    if (Array.isArray(file) && file.every(flow => typeof flow?.id === 'string' && flow.steps))
      return file as Flow[]
    throw new AskletError(
      'flow_shape',
      'the flows file must be one that "asklet build" wrote. Publish its folder as it is.',
    )
  } catch (error) {
    onError(error)
    return []
  }
}

/** Without a model flows are begun by their examples alone. A file that is none fails here, where it is read. */
async function modelOf(
  { bot, loadFile, onError }: ConversationParts,
  language: Promise<Language | null>,
): Promise<LinearModel | null> {
  try {
    const file = bot ? null : await loadFile('model')
    return file ? ((await language)?.readModel?.(file as ModelFile) ?? null) : null
  } catch (error) {
    onError(error)
    return null
  }
}
