// One conversation from the first question to the person's last word: one timeline, one phase.
// This half is there from the first question: it owns timeline, flow step, slots and draft before the handoff.
// What only a person needs is `handoff`, fetched when one is wanted or a conversation waits; phase and timeline
// are then a fold of the server's events, and this model only shows them.

import { batch, computed, signal } from '@preact/signals-core'
import type { Environment } from '../base/environment'
import { once } from '../base/once'
import type { SiteMasks } from '../base/redact'
import type { SafeStorage } from '../base/safeStorage'
import type { ReadonlySignal } from '../base/signal'
import type { Texts } from '../base/texts'
import type {
  AnswerSource,
  BotAnswer,
  BotInput,
  BotProvider,
  BotTurn,
  Choice,
  Interim,
} from '../bot/botProvider'
import type { JournalEntry } from '../journal/record'
import type { AttachmentsModel } from '../live/attachmentsModel'
import type { LiveModel } from '../live/liveModel'
import type { LinkState } from '../live/liveTransport'
import type { AgentPresence } from '../live/tabs'
import { NO_CATEGORY } from '../protocol/category'
import type { PastConversation } from '../protocol/deskRecords'
import type { ContestedBody, DisputeDraftBody } from '../protocol/events'
import type { Facts } from '../protocol/facts'
import { MAX_MESSAGE_CHARS } from '../protocol/limits'
import type { Phase } from '../protocol/phase'
import type { Author, Channel, Contact, EscalationReason, TicketRecord } from '../protocol/records'
import type { TicketEntry } from '../protocol/ticketHistory'
import type { ExpectedRange } from '../protocol/wire'
import { soundsAngry, type Tone } from '../understanding/tone'
import type { Reading, Understand } from '../understanding/understand'
import type { ChannelConfig } from './channels'
import {
  decide,
  ESCALATION_RULES,
  type EscalationConfig,
  type EscalationSigns,
  policyTopicIn,
  signsOf,
} from './escalation'
import type { AnswerAt, Contested, Handoff, ReadAs, Telling, TypedDispute } from './handoff'
import { localItems } from './localItems'
import { type BegunObjection, isSameObjection, type ObjectedTo, withWords } from './objecting'
import type { Rating, Score } from './rating'
import type { Reopening } from './reopening'
import { freshConversation, NOTHING_ASKED, type Remembered, recall, remember } from './resume'
import type { LocalTurn, TimelineItem } from './timeline'
import type { TranscriptLine } from './transcript'

type ValuesOf<Model> = {
  [Key in keyof Model]: Model[Key] extends ReadonlySignal<infer Value> ? Value : never
}

/** What outlives its conversation. */
type Kept = Pick<Remembered, 'draft' | 'sides' | 'objecting' | 'contested'>

/** What the rule for it says, too. */
const ASKED = 'asked for a person'

/** One road to a person, as offered. */
export interface ChannelOffer {
  readonly channel: Channel
  /** Can it be chosen now? If not, the text says why and until when. */
  readonly available: boolean
  /** The server could not be asked: whether somebody is there is not known. */
  readonly isUnknown?: boolean
  /** Milliseconds, as likely less as more; null when we do not know. */
  readonly expectedWaitMs: number | null
  /** Eight waits in ten end within it; not there where the server does not say. */
  readonly expectedRange?: ExpectedRange | null
  /** Of a ticket: four of five are answered within it, milliseconds; null: not known yet. Absent: the server does not say. */
  readonly answerWithinMs?: number | null
  /** ms since 1970, when it opens; null when open or unknown. */
  readonly opensAt: number | null
  readonly recommended: boolean
  /** Why this one, of those that are open. */
  readonly because?: 'soonest' | 'longWait' | 'nobodyThere' | 'onlyOne'
  /** A contact is asked for before it is chosen. */
  readonly needsContact: 'email' | 'phone' | null
}

/** What was decided, as the journal names it. */
export interface Advice {
  readonly rule: string
  readonly reason: string
}

export interface Offer {
  readonly reason: EscalationReason
  readonly channels: readonly ChannelOffer[]
  /** By which rule one of them is recommended, and why, as the journal has it. */
  readonly advised?: Advice
  /** Asking the server who is there. */
  readonly checking: boolean
}

/** An article that may answer what is about to be filed as a ticket, or a ticket of this visitor's own that did. */
export type FoundAnswer = FoundArticle | { readonly asked: PastConversation }

export interface FoundArticle {
  readonly articleId: string
  readonly title: string
  readonly headingId?: string
  readonly headingText?: string
}

export interface ConversationModel {
  readonly phase: ReadonlySignal<Phase>
  readonly items: ReadonlySignal<readonly TimelineItem[]>
  /** Buttons under the bot's last words. */
  readonly choices: ReadonlySignal<readonly Choice[]>
  readonly expects: ReadonlySignal<BotTurn['expects'] | null>
  readonly consent: ReadonlySignal<BotTurn['consent'] | null>
  readonly isThinking: ReadonlySignal<boolean>
  /** What stands of an answer that comes bit by bit, until it is in `items`; null while none does. */
  readonly arriving: ReadonlySignal<readonly TimelineItem[] | null>
  readonly draft: ReadonlySignal<string>
  /** UTF-16 units of one message; longer ones are not taken. */
  readonly maxChars: number
  /** Withdrawn by the visitor's next question, unless it is being filled in (`setChoosing`). */
  readonly offer: ReadonlySignal<Offer | null>
  /** What is looked at before a message is left; null: nothing is. */
  readonly answersFirst: ReadonlySignal<readonly FoundAnswer[] | null>
  readonly link: ReadonlySignal<LinkState>
  /** The link has been away for over 2 s while it is needed. */
  readonly isCutOff: ReadonlySignal<boolean>
  readonly agent: ReadonlySignal<{ readonly agentId: string; readonly name: string } | null>
  readonly isAgentTyping: ReadonlySignal<boolean>
  /** `away`: for a moment, as they said; `gone`: without a connection; null: not known, which is not "here". */
  readonly agentPresence: ReadonlySignal<AgentPresence | null>
  /** 1 = next; null when not queued or not known. */
  readonly place: ReadonlySignal<number | null>
  readonly expectedWaitMs: ReadonlySignal<number | null>
  /** Around it, eight waits in ten; null where the server does not say. */
  readonly expectedRange: ReadonlySignal<ExpectedRange | null>
  /** As the server has it; its `status` says whose turn it is. Null: it is none. */
  readonly ticket: ReadonlySignal<TicketRecord | null>
  /** What happened to the ticket, oldest first. */
  readonly ticketHistory: ReadonlySignal<readonly TicketEntry[]>
  /** What the words of the ticket were read as by rules when it came to people; null: nothing, or it was erased. */
  readonly readAs: ReadonlySignal<ReadAs | null>
  /** When a ticket like this one is usually answered, as was said before it was left; null: not known, past, or answered. */
  readonly usualBy: ReadonlySignal<number | null>
  /** Whether the ticket that was solved can be opened again; null: there is none, or it is open. */
  readonly reopening: ReadonlySignal<Reopening | null>
  /** `memory`: storage is refused, closing loses unsent words, and the panel says so. */
  readonly keeping: ReadonlySignal<'stored' | 'memory'>
  /** Socket and HTTP are both out of reach: show the text to copy and an address to write to. */
  readonly isStranded: ReadonlySignal<boolean>
  /** By the server's name for it; null: it knows of none, or not yet. */
  readonly conversationId: ReadonlySignal<string | null>
  /** Where the visitor is answered when the window is closed, as given or known; null: not known. */
  readonly contact: ReadonlySignal<Contact | null>
  /** The same as this conversation has it, and whether the server knows; null: nothing was said. */
  readonly answerAt: ReadonlySignal<AnswerAt | null>
  /** How the visitor found it, once it is over; null: nothing to ask or to show. */
  readonly rating: ReadonlySignal<Rating | null>
  /** By which rule a person is on offer, and on what it was decided, as the journal has it; null: none is. */
  readonly because: ReadonlySignal<Advice | null>
  /** What a person is told; null until the part for people is here. */
  readonly telling: ReadonlySignal<Telling | null>
  /** Between this visitor and another one, with a mediator; null: none. */
  readonly dispute: ReadonlySignal<TypedDispute | null>
  /** Files of a conversation with people; null where there are none to be had. */
  readonly files: ReadonlySignal<AttachmentsModel | null>
  /** Messages of others after the last one that was seen. */
  readonly unread: ReadonlySignal<number>
  /** Of several tabs with this conversation, this one draws attention to it. */
  readonly leads: ReadonlySignal<boolean>

  setDraft(text: string): void
  /**
   * Sends what is typed, to the bot or to the person, by phase. Nothing is lost when it fails.
   * On the way to a person cards and secrets are masked, and the timeline shows it; `keepsAll` is the visitor's
   * own wish to send this one message as typed. To a person, files that are ready go along, also without words.
   */
  send(text: string, options?: { readonly keepsAll?: boolean }): Promise<void>
  choose(choiceId: string): Promise<void>
  answerConsent(granted: boolean): Promise<void>
  /** Ends an answer that comes bit by bit; what has come of it stays, and says that it is not whole. */
  stopAnswer(): void
  articleDidNotHelp(articleId: string, title: string): Promise<void>
  askForPerson(reason?: EscalationReason): Promise<void>
  /** A person is likely to be wanted soon: fetches what that takes. */
  prepareForPerson(): void
  chooseChannel(channel: Channel, contact?: Contact): Promise<void>
  /**
   * A message is about to be left: sets `answersFirst` where something good enough was found that the visitor has
   * neither read nor been told nor refused; false: nothing was, and the message is left.
   */
  considerAnswers(): boolean
  /** None of them answers it. A person reads which ones. */
  refuseAnswers(): void
  /** They do: nothing is filed, and the bot goes on. */
  answersHelped(): void
  /** The visitor fills in what a road asks for, or has left that: until then the next question keeps the offer. */
  setChoosing(isChoosing: boolean): void
  stayWithBot(): void
  cancelWaiting(): Promise<void>
  giveContact(contact: Contact): Promise<void>
  /** Ends the wait: what was asked becomes a ticket that is answered there. */
  answerByMail(contact: Contact): Promise<void>
  /**
   * Of a ticket: it is solved, as far as the visitor is concerned. With the bot: a fresh conversation; where something was
   * objected to that no person has, a person is offered first, and the second call ends it.
   */
  end(): Promise<void>
  /** The ticket that was solved is not. Kept and sent like a message; words that follow go to the ticket. */
  reopen(): Promise<void>
  /** Ends what is under way with people; resolves when the server has it, or after `withinMs`. */
  goodbye(withinMs: number): Promise<void>
  /** How it was; null: would rather not say. The last word counts. Kept and sent like a message. */
  rate(score: Score, comment?: string): Promise<void>
  /** E4. Objects to what a machine did: to the people who have the conversation, else with the next handoff, offered now. */
  contest(objection: Omit<ContestedBody, 'type'>): Promise<Contested>
  /** What is being typed for objections: kept as the draft is, until it is sent. */
  readonly objecting: ReadonlySignal<readonly BegunObjection[]>
  typeObjection(to: ObjectedTo, words: string | null): void
  /** This side's words or answer. Kept and sent like a message; cards and secrets are masked. */
  sayToDispute(body: DisputeDraftBody): Promise<void>
  /**
   * Goes on here with a conversation of this visitor's that began elsewhere; rejects where the part for people does
   * not come. `phase`: as it was last heard of.
   */
  join(conversationId: string, phase: Phase): Promise<void>
  /** After `ended`: a fresh conversation with the bot. */
  askAgain(): void
  retry(key: string): void
  discard(key: string): void
  /**
   * Whole conversation as plain text, each line with author and time; without the chunk that a person takes, the words
   * alone.
   */
  transcript(): string
  /** None without that chunk. */
  transcriptLines(): readonly TranscriptLine[]
  /** The visitor is on another page of the site: who is waited for or talked to is told. */
  moved(): void
  /** The panel shows the timeline: everything in it has been seen. */
  seen(): void
  typing(): void
  /** The visitor lets this device keep nothing any more: what there is goes on from memory. */
  keepNothing(): void
  /** The visitor is nobody again: turns of this tab, the conversation on this device, and the secret behind it. */
  logout(): Promise<void>
  dispose(): void
}

export interface ConversationDeps {
  readonly environment: Environment
  readonly texts: Texts
  /** What the machine calls itself. */
  readonly botName: string
  readonly bot: BotProvider
  facts(): Facts
  articlesRead(): readonly { readonly articleId: string; readonly title: string }[]
  readonly config: ChannelConfig
  /** This tab's storage; a memory one where the visitor or the browser refuses. */
  readonly tab: SafeStorage
  /** A conversation waits on this device: it is picked up at once. */
  readonly isWaiting: boolean
  /** May the device hold words or a secret of an earlier conversation? Asked at logout. */
  hasKept?(): boolean
  /** Fetches and makes the live half; rejects when its chunk does not come. Asked again after a failure. */
  loadLive(handBack: (text: string) => void): Promise<LiveModel>
  /** Fetches what `loadLive` will need, and makes nothing of it. */
  prefetchLive?(): void
  /** What answers a question already, best first. May reject: then there is nothing. */
  findAnswers?(question: string): Promise<readonly FoundAnswer[]>
  /** What only a person needs. Default: its own chunk. */
  readonly loadHandoff?: () => Promise<typeof import('./handoff')>
  /** What only a dispute needs. Default: its own chunk, which its face is in, too. */
  readonly loadDispute?: () => Promise<typeof import('./disputeShown')>
  /** What the site masks and keeps of its own, of all that leaves. */
  readonly masks?: SiteMasks | undefined
  /** When a person is offered unasked. */
  readonly escalation?: EscalationConfig
  /** Reads tone and topics of the visitor's words, where the site has a model for it. */
  readonly understand?: Understand
  /** Journal; inputs are as typed, its sender masks them. `facts`: what an answer was made on. */
  record?(entry: JournalEntry, facts?: Facts): void
  onAsked?(toPerson: boolean): void
  onEscalated?(reason: EscalationReason, channel: Channel): void
}

/** Where the page's could never be read. */
const NO_FACTS: Facts = {
  page: { url: '', route: '', title: '', name: '', headings: [], language: '', data: {} },
  visitor: { locale: '', attributes: {} },
}

/** To be copied where a person is out of reach, and what makes a transcript too. */
const bareWords = (items: readonly TimelineItem[]) =>
  items.flatMap(item => (item.kind === 'message' ? item.text : [])).join('\n\n')

/** One conversation, with the bot first. Picks up what this tab and this device remember. */
export function createConversationModel(deps: ConversationDeps): ConversationModel {
  const { environment, texts, bot, tab, loadHandoff = () => import('./handoff') } = deps
  const recalled = recall(tab)
  const saved = signal<Remembered>(recalled ?? freshConversation(environment.now()))
  const isThinking = signal(false)
  const seenTurns = signal(recalled?.turns.length ?? 0)
  const handoff = signal<Handoff | null>(null)
  /** A person was wanted, and the handoff's chunk did not come. */
  const isHandoffMissing = signal(false)
  let isDisposed = false
  /** Counts offers: roads that were asked for an older one come too late. */
  let round = 0
  /** Counts conversations: what was asked in an older one is dropped. An offer drops nothing. */
  let restarts = 0
  /** What a road asks for is being filled in. */
  let isChoosing = false

  const save = (change: Partial<Remembered>) => {
    saved.value = { ...saved.value, ...change }
    remember(tab, saved.value)
  }

  const phase = computed<Phase>(() => {
    const withPeople = handoff.value?.phase.value ?? 'bot'
    if (withPeople !== 'bot' && withPeople !== 'offered') return withPeople
    return saved.value.offered === null ? 'bot' : 'offered'
  })
  const isWithBot = () => phase.value === 'bot' || phase.value === 'offered'
  const live = computed(() => handoff.value?.live.value ?? null)

  const items = computed<readonly TimelineItem[]>(() => {
    const { startedAt, turns } = saved.value
    return handoff.value?.items.value ?? localItems({ name: deps.botName, at: startedAt }, turns)
  })
  const unread = computed(() => {
    const seen = handoff.value?.seenSeq.value ?? 0
    const seenHere = live.value?.hasThread.value ? 1e9 : seenTurns.value
    // Of a long conversation only the end is looked at.
    return items.value
      .slice(items.value.findLastIndex(({ seq }) => seq !== null && seq <= seen) + 1)
      .filter(
        (item, n) =>
          item.kind === 'message' &&
          item.author.kind !== 'visitor' &&
          !item.fromDevice &&
          (item.seq !== null || n > seenHere),
      ).length
  })

  // ---- saying

  /** Into the timeline; and to the server, where a conversation with people is open (D23). */
  const say = (turn: LocalTurn) => {
    if (!handoff.value?.reports(turn)) save({ turns: [...saved.value.turns, turn] })
  }
  const turnOf = (
    author: 'visitor' | 'bot',
    text: string,
    source: AnswerSource | null = null,
    clientId = environment.randomId(),
  ): LocalTurn => ({ clientId, author: { kind: author }, text, source, at: environment.now() })
  /** One message stays one in the list while it grows, and when it is whole. */
  const botTurns = (messages: BotTurn['messages']) =>
    messages.map(({ text, source }, i) =>
      turnOf('bot', text, source, saved.value.arriving?.turns[i]?.clientId),
    )
  /** @param question  what it answers; undefined: not known, after a reload of what an older build kept */
  const take = ({ turn, state }: BotAnswer, question: string | undefined, why?: AnswerSource['why']) => {
    const messages = why
      ? turn.messages.map(each => ({ ...each, source: { ...each.source, why } }))
      : turn.messages
    const turns = botTurns(messages)
    const { expects = null, consent = null } = turn
    const choices = turn.choices.filter(({ id }) => deps.config.hasPeople || id !== 'person')
    const { unanswered = [] } = saved.value
    save({
      bot: state,
      choices,
      expects,
      consent,
      arriving: null,
      unanswered: unanswered.filter(each => each !== question),
    })
    turns.forEach(say)
  }

  /** Ends the answer that is under way. */
  let asking = new AbortController()
  const stopAnswer = () => {
    const { arriving } = saved.value
    if (!arriving) return
    asking.abort()
    isThinking.value = false
    batch(() => take(arriving.left, arriving.question))
  }

  /** One question at a time: a second one waits until the first is answered. */
  let answering: Promise<void> = Promise.resolve()
  /** What fails on the host's page, or in reading words, is for the developer; the conversation goes on without. */
  const unless = <T>(read: () => T, otherwise: T): T => {
    try {
      return read()
    } catch (error) {
      console.error(error)
      return otherwise
    }
  }
  let known = NO_FACTS
  const factsNow = () => {
    known = unless(() => deps.facts(), known)
    return known
  }
  /** Async, so that a bot that throws at once, or answers at once, is like one that does so later. */
  const answerOf = async (input: BotInput, interim: Interim) => {
    const answer = await bot.answer(input, saved.value.bot, factsNow(), interim)
    const { messages, choices } = answer.turn
    if (!Array.isArray(messages) || !Array.isArray(choices) || !answer.state?.slots) {
      throw new TypeError(
        'Asklet: answer() of a bot gives { turn: { messages, choices }, state }, see BotProvider.',
      )
    }
    return answer
  }
  const askBot = (input: BotInput, words: string | null): Promise<void> => {
    const mine = restarts
    const isLate = () => isDisposed || mine !== restarts || !isWithBot()
    const question = words ?? ('label' in input ? input.label : input.kind)
    const { isAngry: wasAngry = false, bot: before } = saved.value
    // What comes later hangs on what was said by then.
    const isFirst = words !== null && !before.asked && !before.question && !before.misses
    const reading = words === null ? null : unless(() => deps.understand?.(words, factsNow()) ?? null, null)
    if (reading) hear(reading)
    const offerIfDue = (turn?: BotTurn) => {
      const { misses, wasDeclined, topic } = saved.value
      const signs: EscalationSigns = {
        turn,
        misses,
        reading,
        wasAngry,
        wasDeclined,
        facts: factsNow(),
        config: deps.escalation,
        isAnybodyThere: isAnybodyThere(),
      }
      const decision = decide(signs)
      if (!decision) return false
      // A flow took the topic up some turns ago: the agent reads of it now.
      const because = topic && decision.because !== topic ? `${decision.because}; ${topic}` : decision.because
      save({ because, becauseBy: ESCALATION_RULES })
      deps.record?.({
        kind: 'escalated',
        inputs: { question, signs: signsOf(signs) },
        rule: ESCALATION_RULES,
        outcome: decision.reason,
        reason: because,
      })
      // A card that is there already stays as it is: it may be half filled in.
      if (saved.value.offered === null) offerPerson(decision.reason)
      return true
    }
    if (words) save({ unanswered: [...(saved.value.unanswered ?? []), words] })
    // What the words alone call for waits for no bot, and for no language model behind it.
    const isOffered = offerIfDue()
    answering = answering.then(async () => {
      if (isLate()) return
      isThinking.value = true
      asking = new AbortController()
      const { signal } = asking
      const answered = answerOf(input, {
        signal,
        show(messages, left) {
          if (!signal.aborted) save({ arriving: { turns: botTurns(messages), left, question } })
        },
      }).catch((error): BotAnswer => {
        // One that heeds the stop may say so by throwing.
        if (!signal.aborted) console.error(error)
        return (
          saved.value.arriving?.left ?? {
            // A host's bot that throws has no answer; it does not take the conversation down.
            turn: {
              messages: [{ text: texts('bot.unknown'), source: { kind: 'asklet' } }],
              choices: [],
              missed: true,
            },
            state: saved.value.bot,
          }
        )
      })
      // One that does not heed it keeps nobody waiting.
      const stopped = new Promise<void>(done => signal.addEventListener('abort', () => done()))
      const answer = await Promise.race([answered, stopped])
      // Stopped: what was left of it has been said.
      if (!answer || signal.aborted) return
      isThinking.value = false
      // Handed over meanwhile: the bot is silent.
      if (isLate()) return stopAnswer()
      batch(() => {
        const { turn } = answer
        const source = turn.messages[0]?.source
        const rule =
          source?.kind === 'flow'
            ? `flow:${source.flowId}`
            : `bot:${source?.kind === 'article' && source.model ? 'model' : (source?.kind ?? 'none')}`
        take(answer, question, { rule, ...(turn.confidence !== undefined && { sure: turn.confidence }) })
        const misses = turn.missed ? saved.value.misses + 1 : 0
        if (misses) prepareForPerson()
        save({ misses })
        const entry: JournalEntry = {
          kind: turn.missed ? 'missed' : 'answered',
          // With what a lead needs to judge it.
          inputs: {
            question,
            ...(isFirst && { isFirst }),
            ...(turn.confidence !== undefined && { confidence: turn.confidence }),
            ...(source?.kind === 'article' && {
              articleIds: source.citations.map(({ articleId }) => articleId),
            }),
          },
          rule,
          reason: turn.missed ? 'no answer' : 'answer found',
        }
        deps.record?.(entry, known)
        // A flow and a listed topic say where they belong; that goes before what words tell.
        if (turn.escalate && turn.category && turn.category !== NO_CATEGORY) save({ category: turn.category })
        if (!isOffered) offerIfDue(turn)
      })
    })
    return answering
  }
  /** What was asked is answered: its buttons go, the answer stands in the timeline, and the bot goes on. */
  const reply = (text: string, input: BotInput, words: string | null = null) => {
    stopAnswer()
    // Whoever asks on has left the card for now; a handoff that came back still waits for the visitor's word.
    if (!isChoosing && handoff.value?.phase.value !== 'offered') withdrawOffer()
    save(NOTHING_ASKED)
    say(turnOf('visitor', text))
    return askBot(input, words)
  }

  /** Keeps what a person should know of it later: the worst tone, the latest category and policy topic. */
  const hear = (reading: Reading) => {
    const { tone, category } = reading
    const topic = policyTopicIn(reading)
    const loudness = (each: Tone) => Math.max(each.frustration, each.urgency, each.distress)
    const { tone: before } = saved.value
    save({
      // A later "it was in March" says nothing of where this belongs.
      ...((category !== NO_CATEGORY || !saved.value.category) && { category }),
      ...(topic && { topic }),
      isAngry: soundsAngry(tone),
      ...(loudness(tone) > (before ? loudness(before) : 0) && { tone }),
    })
  }
  /** As far as the server was asked. */
  const isAnybodyThere = () => {
    const live = handoff.value?.roads.value.channels.find(({ channel }) => channel === 'live')
    return live?.isUnknown ? undefined : live?.available
  }

  // ---- the half with people

  const withdrawOffer = () => {
    isChoosing = false
    round++
    if (saved.value.offered !== null) save({ offered: null })
  }
  const reset = ({ draft, sides, objecting = [], contested = [] }: Kept = { draft: '' }) => {
    round++
    restarts++
    asking.abort()
    isThinking.value = false
    seenTurns.value = 0
    handoff.value?.forgetSeen()
    saved.value = freshConversation(environment.now())
    // A list of articles is no part of a conversation; what else was objected to is.
    save({ draft, sides, contested, objecting: objecting.filter(({ about }) => about === 'suggestion') })
  }
  const typed = (to: ObjectedTo, words: string | null) =>
    save({ objecting: withWords(saved.value.objecting ?? [], to, words) })
  const getHandoff = once(async () => {
    const { createHandoff } = await loadHandoff()
    const half = createHandoff(deps, {
      facts: factsNow,
      saved,
      phase,
      isWithBot,
      round: () => round,
      say,
      offer,
      withdrawOffer,
      stopAnswer,
      save,
      reset,
    })
    if (isDisposed) half.dispose()
    isHandoffMissing.value = false
    handoff.value = half
    return half
  })
  const wantHandoff = () =>
    getHandoff().catch(() => {
      isHandoffMissing.value = true
      return null
    })
  const prepareForPerson = () => {
    getHandoff().catch(() => {}) // Asked for again when it is needed.
  }
  const offer = (reason: EscalationReason) => {
    save({ offered: reason })
    return ++round
  }
  const offerPerson = async (reason: EscalationReason): Promise<void> => {
    if (handoff.value) return handoff.value.makeOffer(reason)
    const mine = offer(reason)
    const half = await wantHandoff()
    if (!isDisposed && mine === round) await half?.makeOffer(reason)
  }
  const shownOffer = computed<Offer | null>(() => {
    const reason = saved.value.offered
    const roads = handoff.value?.roads.value ?? { channels: [], checking: !isHandoffMissing.value }
    return reason === null ? null : { reason, ...roads }
  })

  // ---- picking up
  // The page went away in the middle of an answer: what had come is all there is.
  stopAnswer()
  seenTurns.value = saved.value.turns.length
  const pickedUp =
    deps.isWaiting || recalled?.isHandedOver
      ? wantHandoff().then(half => (isDisposed ? undefined : half?.pickUp()))
      : undefined
  let isPickingUp = pickedUp !== undefined
  /** The roads were not kept: who is there may have changed. */
  const offerAgain = () => {
    const { offered } = saved.value
    if (offered && !isDisposed && isWithBot()) offerPerson(offered)
  }
  pickedUp?.finally(() => {
    isPickingUp = false
    offerAgain()
  })
  /** Words that wait until it is known who hears them. */
  const held = new Set<string>()
  if (!pickedUp) offerAgain()

  const ofBot = <T>(read: (saved: Remembered) => T, otherwise: T) =>
    computed<T>(() => (phase.value === 'bot' ? read(saved.value) : otherwise))
  /** One of the live half's own signals. */
  const same = <Key extends keyof LiveModel>(key: Key, otherwise: ValuesOf<LiveModel>[Key]) =>
    computed(() => {
      const shown = live.value?.[key] as ReadonlySignal<ValuesOf<LiveModel>[Key]> | undefined
      return shown ? shown.value : otherwise
    })
  const ofLive = <T>(read: (model: LiveModel) => T, otherwise: T) =>
    computed<T>(() => (live.value ? read(live.value) : otherwise))

  return {
    phase,
    items,
    choices: ofBot(({ choices }) => choices, []),
    expects: ofBot(({ expects }) => expects, null),
    consent: ofBot(({ consent }) => consent, null),
    isThinking,
    arriving: computed(() => {
      const { arriving } = saved.value
      return arriving ? localItems(null, arriving.turns) : null
    }),
    draft: computed(() => saved.value.draft),
    maxChars: MAX_MESSAGE_CHARS,
    offer: shownOffer,
    answersFirst: computed(() => handoff.value?.answersFirst.value ?? null),
    link: same('link', 'offline'),
    isCutOff: computed(() => handoff.value?.isCutOff.value === true),
    agent: ofLive(model => model.state.value.agent, null),
    isAgentTyping: same('isAgentTyping', false),
    agentPresence: same('agentPresence', null),
    place: same('place', null),
    expectedWaitMs: same('expectedWaitMs', null),
    expectedRange: same('expectedRange', null),
    ticket: ofLive(model => model.state.value.ticket, null),
    ticketHistory: computed(() => handoff.value?.ticketHistory.value ?? []),
    readAs: computed(() => handoff.value?.readAs.value ?? null),
    usualBy: computed(() => handoff.value?.usualBy.value ?? null),
    reopening: computed(() => handoff.value?.reopening.value ?? null),
    keeping: same('keeping', 'stored'),
    isStranded: computed(() => isHandoffMissing.value || handoff.value?.isStranded.value === true),
    conversationId: same('conversationId', null),
    contact: computed(() => handoff.value?.contact.value ?? null),
    answerAt: computed(() => handoff.value?.answerAt.value ?? null),
    rating: computed(() => handoff.value?.rating.value ?? null),
    because: computed(() => {
      const { offered, because, becauseBy } = saved.value
      return offered && because && becauseBy ? { rule: becauseBy, reason: because } : null
    }),
    telling: computed(() => handoff.value?.telling ?? null),
    dispute: computed(() => handoff.value?.dispute.value ?? null),
    files: same('files', null),
    unread,
    leads: same('leads', true),

    setDraft: draft => save({ draft }),
    async send(text, { keepsAll = false } = {}) {
      const files = isWithBot() ? null : live.value?.files.value
      const words = text.trim()
      // Too long is the composer's to say; the words stay where they are.
      if ((!words && !files?.ready.value.length) || words.length > MAX_MESSAGE_CHARS) return
      if (isPickingUp) {
        // A person may be there: said to the bot now, these words would reach nobody. They stay in the composer.
        if (held.has(words)) return
        held.add(words)
        await pickedUp
        held.delete(words)
        if (isDisposed) return
        if (saved.value.draft.trim() === words) save({ draft: '' })
      } else save({ draft: '' })
      if (phase.value === 'ended') this.askAgain()
      const toPerson = !isWithBot()
      deps.onAsked?.(toPerson)
      return toPerson
        ? handoff.value?.send(words, keepsAll, files?.take())
        : reply(words, { kind: 'text', text: words }, words)
    },
    async choose(choiceId) {
      const choice = saved.value.choices.find(each => each.id === choiceId)
      if (choice && isWithBot()) return reply(choice.label, { kind: 'choice', ...choice })
    },
    async answerConsent(granted) {
      if (saved.value.consent && isWithBot())
        return reply(texts(granted ? 'consent.allow' : 'consent.refuse'), { kind: 'consent', granted })
    },
    async articleDidNotHelp(articleId, title) {
      if (isWithBot()) return askBot({ kind: 'article', articleId, title }, null)
    },
    async askForPerson(reason = 'askedForPerson') {
      if (!isWithBot() || shownOffer.value?.checking) return
      stopAnswer()
      deps.record?.({
        kind: 'escalated',
        inputs: { reason },
        rule: 'visitor',
        outcome: reason,
        reason: ASKED,
      })
      save({ because: ASKED, becauseBy: 'visitor' })
      await offerPerson(reason)
    },
    prepareForPerson() {
      prepareForPerson()
      deps.prefetchLive?.()
    },
    chooseChannel: async (channel, contact) => handoff.value?.chooseChannel(channel, contact),
    considerAnswers: () => handoff.value?.considerAnswers() === true,
    refuseAnswers: () => handoff.value?.refuseAnswers(),
    answersHelped: () => handoff.value?.answersHelped(),
    stopAnswer,
    setChoosing(is) {
      isChoosing = is
    },
    stayWithBot() {
      handoff.value?.dropHandoff()
      withdrawOffer()
      save({ wasDeclined: true, misses: 0 })
    },
    cancelWaiting: async () => handoff.value?.cancelWaiting(),
    giveContact: async contact => handoff.value?.giveContact(contact),
    answerByMail: async contact => handoff.value?.answerByMail(contact),
    objecting: computed(() => saved.value.objecting ?? []),
    typeObjection: typed,
    async contest(objection) {
      const became = (await (await wantHandoff())?.contest(objection)) ?? 'failed'
      // Typed on while it was on its way, it stays.
      const begun = saved.value.objecting?.find(each => isSameObjection(each, objection))
      if (became !== 'failed' && begun?.words.trim() === objection.words) typed(objection, null)
      return became
    },
    rate: async (score, comment) => handoff.value?.rate(score, comment),
    reopen: async () => handoff.value?.reopen(),
    sayToDispute: async body => handoff.value?.sayToDispute(body),
    goodbye: async withinMs => handoff.value?.goodbye(withinMs),
    async end() {
      if (!isWithBot()) return handoff.value?.end()
      // Nobody has what was objected to: before it would go with the conversation, the ways to a person are shown with it.
      if (saved.value.contested?.length && saved.value.offered === null) return offerPerson('askedForPerson')
      reset({ ...saved.value, draft: '', contested: [] })
    },
    join: async (conversationId, phase) => {
      await pickedUp
      const half = await getHandoff()
      if (!isDisposed) await half.join(conversationId, phase)
    },
    askAgain() {
      reset(saved.value)
      live.value?.leave()
    },
    retry: key => live.value?.retry(key),
    discard: key => live.value?.discard(key),
    transcript: () => handoff.value?.transcript(items.value) ?? bareWords(items.value),
    transcriptLines: () => handoff.value?.transcriptLines(items.value) ?? [],
    moved: () => handoff.value?.moved(),
    seen() {
      seenTurns.value = saved.value.turns.length
      handoff.value?.seen()
    },
    typing() {
      if (phase.value === 'live') live.value?.typing()
    },
    keepNothing: () => void live.value?.keepNothing(),
    async logout() {
      reset()
      // The secret of a conversation that is just being picked up goes too.
      await pickedUp
      // An ended chat waits for nobody, and is still on the disk.
      if (!live.value && deps.hasKept?.()) await wantHandoff().then(half => half?.pickUp())
      await live.value?.logout()
    },
    dispose() {
      isDisposed = true
      asking.abort()
      handoff.value?.dispose()
    },
  }
}

export type { AnswerSource, Author, TimelineItem }
