// What only a person needs of one conversation: roads to people, the brief, the wait, words to and from an agent.
// A chunk of its own, fetched when a person is wanted or a conversation waits. Owns the live half, the offered
// roads and what of the server's events has been seen; phase `bot`/`offered`, turns and draft stay with the half
// that it is handed.

import { computed, effect, signal, untracked } from '@preact/signals-core'
import type { Undo } from '../base/environment'
import { type RedactLevel, redact as redactBy } from '../base/redact'
import type { ReadonlySignal } from '../base/signal'
import type { LiveModel } from '../live/liveModel'
import type { OutboxRow } from '../live/outbox'
import { type Attachment, namesOf } from '../protocol/attachments'
import { contactSaid } from '../protocol/contact'
import type {
  ContestedBody,
  DisputeDraftBody,
  Draft,
  EventBody,
  StoredEvent,
  VisitorBody,
} from '../protocol/events'
import type { Facts } from '../protocol/facts'
import { MAX_COMMENT_CHARS, MAX_MESSAGE_CHARS } from '../protocol/limits'
import { leavingQueue, type Phase, phaseAfter } from '../protocol/phase'
import type {
  Author,
  Brief,
  Channel,
  Contact,
  DecisionReason,
  EscalationReason,
  TriageRecord,
} from '../protocol/records'
import { DEFAULT_REOPEN_DAYS } from '../protocol/ticket'
import { type TicketEntry, ticketHistory } from '../protocol/ticketHistory'
import type { Availability } from '../protocol/wire'
import { buildBrief, clip, pageForPerson } from './brief'
import { channelDecision, channelOffers, usableContact } from './channels'
import type { ConversationDeps, FoundAnswer, Offer } from './conversationModel'
import type { createDisputeShown, DisputeShown } from './disputeShown'
import { isSameObjection } from './objecting'
import { type Objection, objectionsOf } from './objections'
import { type Rating, ratingOf, type Score } from './rating'
import { type Reopening, reopeningOf } from './reopening'
import { NOTHING_ASKED, type Remembered } from './resume'
import { inWords, partsOf, type ToldPart, withoutParts } from './telling'
import { createTimeline, type LocalTurn, type TimelineItem } from './timeline'
import { type TranscriptLine, toldLines, transcriptLines, transcriptText } from './transcript'

/** The half with the bot: what this half reads of it, and the changes that it may ask for. */
export interface BotHalf {
  readonly saved: ReadonlySignal<Remembered>
  /** Never throws, whatever the host's page does. */
  facts(): Facts
  /** Of the whole conversation. */
  readonly phase: ReadonlySignal<Phase>
  isWithBot(): boolean
  /** Changes with every offer and restart: what was asked of the server for an older one comes too late. */
  round(): number
  /** A person is on offer from now on; returns the new round. */
  offer(reason: EscalationReason): number
  withdrawOffer(): void
  /** Into the timeline. */
  say(turn: LocalTurn): void
  /** Ends an answer that is coming bit by bit; what has come of it is a turn from then on. */
  stopAnswer(): void
  save(change: Partial<Remembered>): void
  /** A fresh conversation. @param kept  what is being typed: said to nobody yet, it goes along */
  reset(kept?: Pick<Remembered, 'draft' | 'sides' | 'objecting' | 'contested'>): void
}

/** One earlier turn, under the key by which it is left out. */
export interface ToldTurn {
  readonly key: string
  readonly text: string
  readonly isBots: boolean
}

/**
 * Where an objection is: on its way to who has the conversation, kept until the visitor chooses how a person reaches
 * them, or nowhere.
 */
export type Contested = 'sent' | 'withHandoff' | 'failed'

/** What a person is told with the handoff: to be looked at and changed before, and to be read again after. */
export interface Telling {
  /** After it: as the server has it, with what a signed token said. */
  readonly isSent: ReadonlySignal<boolean>
  /** All that there is, also what is left out. */
  readonly parts: ReadonlySignal<readonly ToldPart[]>
  readonly left: ReadonlySignal<readonly string[]>
  /** Earlier words that go along, masked as they are sent, and each to be left out; after it: those that went. */
  readonly turns: ReadonlySignal<readonly ToldTurn[]>
  /** What the visitor objects to, and who has it. */
  readonly objections: ReadonlySignal<readonly Objection[]>
  /** One that nobody has is none. */
  takeBack(key: string): void
  /** Where the visitor goes from here on is told. */
  readonly tellsPlace: ReadonlySignal<boolean>
  /** Counts up when the visitor has come to another page, and it has settled. */
  readonly moves: ReadonlySignal<number>
  leave(key: string, isLeft: boolean): void
  setQuestion(text: string): void
  setTellsPlace(tells: boolean): void
}

/** Where the visitor is answered who is gone, by what was said in this conversation. */
export interface AnswerAt {
  readonly contact: Contact
  /** Promised only where it is `stored`. `failed`: the server did not take it, or it lay too long. */
  readonly state: 'stored' | 'onItsWay' | 'failed'
}

/** What rules read in the visitor's words (D44, D28): shown to whom they are about, who may object. */
export interface ReadAs {
  readonly triage: TriageRecord | null
  /** Why it goes before others, or does not; the priority itself is the desk's alone. */
  readonly priority: readonly DecisionReason[]
}

export interface TypedDispute extends DisputeShown {
  /** What is being typed for one's own side: kept as the draft is, until it is said. Null: nothing any more. */
  type(text: string | null): void
}

type Roads = Omit<Offer, 'reason'>

export interface Handoff {
  readonly live: ReadonlySignal<LiveModel | null>
  /** The server's fold with what is on its way to the server on top; null without a conversation with people. */
  readonly phase: ReadonlySignal<Phase | null>
  readonly items: ReadonlySignal<readonly TimelineItem[]>
  readonly roads: ReadonlySignal<Roads>
  /** As given in this conversation, else as the page knows it. */
  readonly contact: ReadonlySignal<Contact | null>
  readonly answerAt: ReadonlySignal<AnswerAt | null>
  /** How it was; null: nothing to ask. */
  readonly rating: ReadonlySignal<Rating | null>
  readonly ticketHistory: ReadonlySignal<readonly TicketEntry[]>
  readonly readAs: ReadonlySignal<ReadAs | null>
  readonly reopening: ReadonlySignal<Reopening | null>
  readonly usualBy: ReadonlySignal<number | null>
  readonly telling: Telling
  /** Between this visitor and another; null: none. */
  readonly dispute: ReadonlySignal<TypedDispute | null>
  readonly isCutOff: ReadonlySignal<boolean>
  readonly isStranded: ReadonlySignal<boolean>
  /** Highest seq that the visitor has seen. */
  readonly seenSeq: ReadonlySignal<number>
  /** Takes a turn to the server, where a conversation with people is open; false: it is not. */
  reports(turn: LocalTurn): boolean
  /** Goes on with the conversation that this device knows. */
  pickUp(): Promise<void>
  /** Goes on with a conversation of this visitor's that began elsewhere. `phase`: as it was last heard of. */
  join(conversationId: string, phase: Phase): Promise<void>
  makeOffer(reason: EscalationReason): Promise<void>
  readonly answersFirst: ReadonlySignal<readonly FoundAnswer[] | null>
  considerAnswers(): boolean
  refuseAnswers(): void
  answersHelped(): void
  chooseChannel(channel: Channel, contact?: Contact): Promise<void>
  /** Throws away a handoff that lay too long or was refused. */
  dropHandoff(): void
  /** @param attachments  whole on the server; without words their names are the text */
  send(words: string, keepsAll: boolean, attachments?: readonly Attachment[]): Promise<void>
  cancelWaiting(): Promise<void>
  giveContact(contact: Contact): Promise<void>
  answerByMail(contact: Contact): Promise<void>
  rate(score: Score, comment?: string): Promise<void>
  /** The ticket that was solved is not. */
  reopen(): Promise<void>
  /** To the people who have the conversation; else it waits for the handoff, which is offered. */
  contest(objection: Omit<ContestedBody, 'type'>): Promise<Contested>
  sayToDispute(body: DisputeDraftBody): Promise<void>
  transcript(items: readonly TimelineItem[]): string
  transcriptLines(items: readonly TimelineItem[]): readonly TranscriptLine[]
  end(): Promise<void>
  /** `end`; resolves when the server has it, or after `withinMs`. Nothing to end: at once. */
  goodbye(withinMs: number): Promise<void>
  /** The visitor is on another page of the site. */
  moved(): void
  seen(): void
  forgetSeen(): void
  dispose(): void
}

/** A banner sooner than this flickers on train rides; later, people type into nothing. Milliseconds. */
const CUT_OFF_AFTER_MS = 2_000

/** A single-page app changes its title and headings behind the address, and a way is walked in hops. Milliseconds. */
const PAGE_SETTLES_MS = 1_000

/** As a brief and an objection hold it. Characters. */
const MAX_QUESTION_CHARS = 1_000

const VISITOR: Author = { kind: 'visitor' }
const isVisitorSide = (author: Author) => author.kind === 'visitor' || author.kind === 'bot'
const isGoodbye = ({ draft }: OutboxRow) => draft?.body.type === 'cancelled' || draft?.body.type === 'ended'
const isRating = ({ draft }: OutboxRow) => draft?.body.type === 'rated'
/** It waits for the visitor's word. */
const isStuck = (row: OutboxRow) => row.state === 'needsConfirm' || typeof row.state === 'object'

export function createHandoff(deps: ConversationDeps, bot: BotHalf): Handoff {
  const { environment, config, masks, loadDispute = () => import('./disputeShown') } = deps
  const redact = (text: string, level: RedactLevel) => redactBy(text, level, masks)
  const { saved, phase, save, isWithBot } = bot
  const roads = signal<Roads>({ channels: [], checking: true })
  const isCutOff = signal(false)
  const liveFailed = signal(false)
  const live = signal<LiveModel | null>(null)
  const seenSeq = signal(0)
  const joined = signal<{ readonly conversationId: string; readonly phase: Phase } | null>(null)
  let contact: Contact | null = null
  let isDisposed = false

  const pendingPhase = computed<Phase | null>(() => {
    const model = live.value
    if (!model?.hasThread.value) return null
    // Joined from a list, and not read yet: as the list had it, so that nobody writes to the bot meanwhile.
    const { conversationId, phase: presumed } = joined.value ?? {}
    const isUnread = presumed && !model.events.value.length && model.conversationId.value === conversationId
    let phase = isUnread ? presumed : model.state.value.phase
    let isOpeningStuck = false
    for (const row of model.rows.value) {
      if (row.brief && isStuck(row)) isOpeningStuck = true
      const body = row.draft?.body
      if (body?.type === 'handoffReady')
        phase =
          isOpeningStuck || isStuck(row)
            ? 'offered'
            : phaseAfter(phase, body.channel === 'live' ? 'liveChosen' : 'ticketChosen')
      if (body?.type === 'cancelled')
        phase = phaseAfter(
          phase,
          leavingQueue('visitorCancelled', { phase, ticket: model.state.value.ticket }),
        )
      if (body?.type === 'ended') phase = phaseAfter(phase, 'visitorEnded')
      if (body?.type === 'reopened' && !isStuck(row) && model.state.value.ticket)
        phase = phaseAfter(phase, 'reopened')
    }
    return phase
  })

  const timeline = createTimeline({ me: VISITOR, isOwn: isVisitorSide })
  const items = computed<readonly TimelineItem[]>(() => {
    const { turns, sources, startedAt } = saved.value
    const events = live.value?.events.value ?? []
    const hasThread = live.value?.hasThread.value ?? false
    return timeline({
      intro:
        hasThread && turns.length === 0
          ? introOf(events, deps.botName)
          : { name: deps.botName, at: startedAt },
      turns,
      sources,
      events,
      rows: live.value?.rows.value ?? [],
    })
  })

  // ---- the live half

  /** Words that nobody took go back to the composer, under what is being typed there. */
  const handBack = (text: string) =>
    save({ draft: saved.value.draft ? `${saved.value.draft}\n\n${text}` : text })

  let loading: Promise<LiveModel> | null = null
  /** Perhaps still reading what is kept: it is nobody's yet, and holds a database and a lock. */
  let made: LiveModel | null = null
  const loadLive = (): Promise<LiveModel> => {
    loading ??= deps.loadLive(handBack).then(
      async model => {
        made = model
        if (isDisposed) model.dispose()
        await model.resume()
        // A chat that had ended before anybody asked here is over: what is asked now starts a new one.
        // A rating that was refused is nothing to stay for.
        const isDone = model.rows.value.every(row => isRating(row) && isStuck(row))
        if (!saved.value.isHandedOver && model.state.value.phase === 'ended' && isDone) await model.leave()
        liveFailed.value = false
        live.value = model
        return model
      },
      error => {
        loading = null
        liveFailed.value = true
        throw error
      },
    )
    return loading
  }

  let lastPending: Phase | null = null
  const undos: Undo[] = [
    // The server, or a handoff that lay too long, puts the choice back to the visitor.
    effect(() => {
      const next = pendingPhase.value
      const before = lastPending
      lastPending = next
      if (next === before || before === null) return
      untracked(() => {
        if (next === 'offered') makeOffer(saved.value.offered ?? 'askedForPerson', true)
        else if (next === 'bot') save({ offered: null })
        else if (next !== null) {
          if (saved.value.offered !== null) save({ offered: null })
        } else if (saved.value.isHandedOver)
          // Another tab let go of it: what is typed in this one was said to nobody yet.
          bot.reset(live.value?.isSignedOut?.() ? undefined : saved.value)
      })
    }),
    effect(() => {
      const needsLink =
        live.value?.hasThread.value === true &&
        phase.value !== 'ended' &&
        (!(phase.value === 'bot' || phase.value === 'offered') || live.value.rows.value.length > 0)
      if (!needsLink || live.value?.link.value === 'online') {
        isCutOff.value = false
        return
      }
      return environment.after(CUT_OFF_AFTER_MS, () => {
        isCutOff.value = true
      })
    }),
    effect(() => {
      // Marks of this visitor's other devices count as seen here too.
      for (const { author, body } of live.value?.events.value.slice(-50) ?? [])
        if (body.type === 'marked' && author.kind === 'visitor' && body.read > seenSeq.peek())
          seenSeq.value = body.read
    }),
  ]

  // ---- a dispute

  /** What folds its events: few conversations have any, so it comes with the first one. */
  const disputeShown = signal<ReturnType<typeof createDisputeShown> | null>(null)
  let isFetchingDispute = false
  undos.push(
    effect(() => {
      const events = live.value?.events.value ?? []
      // What did not come is asked for again with the next event, and with each change of the line.
      void live.value?.link.value
      if (isFetchingDispute || !events.some(({ body }) => body.type === 'disputeOpened')) return
      isFetchingDispute = true
      loadDispute().then(
        part => {
          disputeShown.value = part.createDisputeShown()
        },
        () => {
          isFetchingDispute = false
        },
      )
    }),
  )

  const dispute = computed<TypedDispute | null>(() => {
    const { events, rows } = live.value ?? {}
    const shown = disputeShown.value?.(events?.value ?? [], rows?.value ?? [], saved.value.sides)
    return shown ? { ...shown, type: text => typed(shown.disputeId, text) } : null
  })
  const typed = (disputeId: string, text: string | null) => {
    const { [disputeId]: _, ...others } = saved.value.sides ?? {}
    save({ sides: text === null ? others : { ...others, [disputeId]: text } })
  }

  // ---- where the visitor is

  /** As it was last told over this link. */
  let toldPage = ''
  let stopSettling: Undo | undefined
  const isWithPeople = () => {
    const phase = live.value?.state.value.phase
    return phase === 'queued' || phase === 'live'
  }
  const shown = environment.window?.document
  const isHidden = () => shown?.visibilityState === 'hidden'
  const tellPage = () => {
    // What would reach nobody is not told: it comes when the tab is looked at, or the line is back.
    if (
      isDisposed ||
      saved.value.hidesPlace ||
      !isWithPeople() ||
      isHidden() ||
      live.value?.link.value !== 'online'
    )
      return
    const page = pageForPerson(bot.facts().page, masks)
    const told = JSON.stringify(page)
    if (told === toldPage) return
    toldPage = told
    live.value?.visits(page)
  }
  const moves = signal(0)
  const settle = () => {
    stopSettling?.()
    stopSettling = environment.after(PAGE_SETTLES_MS, () => {
      moves.value++
      tellPage()
    })
  }
  const onLook = () => {
    if (isHidden()) return
    // Another tab may have told of its page meanwhile.
    toldPage = ''
    settle()
  }
  shown?.addEventListener('visibilitychange', onLook)
  undos.push(
    () => shown?.removeEventListener('visibilitychange', onLook),
    // Once a connect too: this may be another page than the one that the brief is of.
    effect(() => {
      if (!isWithPeople() || live.value?.link.value !== 'online') return
      toldPage = ''
      return environment.after(PAGE_SETTLES_MS, tellPage)
    }),
    () => stopSettling?.(),
  )

  // ---- offering and handing over

  const knownContact = (): Contact | null => {
    const { visitor } = bot.facts()
    // An address that the visitor leaves out of the brief goes no other way.
    return usableContact({ ...(!saved.value.left?.includes('email') && visitor), ...contact } as Contact)
  }

  // ---- what is told

  const left = computed(() => saved.value.left ?? [])
  /** A person was asked for before the bot had read it: the question is what was said first. */
  const askedQuestion = () => {
    const { turns, bot: botState } = saved.value
    return botState.question ?? turns.find(turn => turn.author.kind === 'visitor')?.text
  }
  /** As it goes along, null where it does not: who puts the question otherwise does not send it as it was said either. */
  const toldTurn = (turn: LocalTurn): LocalTurn | null => {
    if (left.value.includes(turnKey(turn))) return null
    const { toldQuestion } = saved.value
    const isAsked = turn.author.kind === 'visitor' && turn.text.trim() === askedQuestion()?.trim()
    if (toldQuestion === undefined || !isAsked) return turn
    return toldQuestion.trim() ? { ...turn, text: toldQuestion.trim() } : null
  }

  /** All that could be told now. */
  const fullBrief = (reason: EscalationReason): Brief => {
    const { turns, bot: botState, because, tone, category, unanswered = [] } = saved.value
    const question = askedQuestion()
    // What does not go along as a turn goes along nowhere else.
    const gone = turns.filter(turn => toldTurn(turn)?.text !== turn.text).map(({ text }) => text.trim())
    const told = unanswered.filter(words => !gone.includes(words.trim()))
    return buildBrief({
      reason,
      facts: bot.facts(),
      articlesRead: deps.articlesRead(),
      bot: { ...botState, ...(question && { question }) },
      turns: turns.filter(toldTurn).length,
      tried: [...quotedIn(turns), ...(saved.value.refused ?? [])],
      because: [
        because,
        ...told.map(question => `not answered: "${clip(question, 300)}"`),
        ...(saved.value.refusedTickets ?? []).map(({ number }) => `the answer in #${number} does not help`),
      ]
        .filter(Boolean)
        .join('; '),
      tone,
      category,
      masks,
    })
  }
  const maskedQuestion = () => {
    const { toldQuestion } = saved.value
    return toldQuestion === undefined ? undefined : clip(redact(toldQuestion, 'toPerson'), MAX_QUESTION_CHARS)
  }
  /** Of what the server has, and of what is on its way there. */
  const knownIds = () =>
    new Set(
      [...(live.value?.events.value ?? []), ...(live.value?.rows.value ?? [])].map(each => each.clientId),
    )
  const sentBrief = computed<Brief | null>(() => {
    const body = live.value?.events.value[0]?.body
    if (body?.type === 'opened') return body.brief
    return live.value?.rows.value.find(row => row.brief)?.brief ?? null
  })
  const wordsOf = (brief: Brief) => partsOf(brief).map(part => inWords(part, brief, deps.texts))
  const objections = computed(() =>
    objectionsOf({
      events: live.value?.events.value ?? [],
      rows: live.value?.rows.value ?? [],
      held: saved.value.contested ?? [],
      isWithBot: isWithBot(),
      isOver: phase.value === 'ended',
    }),
  )
  const telling: Telling = {
    isSent: computed(() => sentBrief.value !== null),
    parts: computed(() => {
      if (sentBrief.value) return wordsOf(sentBrief.value)
      const question = maskedQuestion()
      const brief = fullBrief(saved.value.offered ?? 'askedForPerson')
      return wordsOf(question === undefined ? brief : { ...brief, question: question || ' ' })
    }),
    left,
    turns: computed(() => {
      const known = knownIds()
      return saved.value.turns.flatMap(turn => {
        const isLeft = left.value.includes(turnKey(turn))
        const told = isLeft ? turn : toldTurn(turn)
        if (!told || (sentBrief.value && (isLeft || !known.has(turn.clientId)))) return []
        const { body } = turnDraft(told, redact)
        const text = body.type === 'message' ? body.text : ''
        return [{ key: turnKey(turn), text, isBots: turn.author.kind === 'bot' }]
      })
    }),
    objections,
    takeBack(key) {
      save({ contested: (saved.value.contested ?? []).filter(({ clientId }) => clientId !== key) })
      live.value?.discard(key)
    },
    tellsPlace: computed(() => !saved.value.hidesPlace),
    moves,
    leave(key, isLeft) {
      const others = left.value.filter(each => each !== key)
      save({ left: isLeft ? [...others, key] : others })
    },
    setQuestion: toldQuestion => save({ toldQuestion }),
    setTellsPlace(tells) {
      save({ hidesPlace: !tells })
      if (!tells) return
      toldPage = ''
      settle()
    },
  }

  /** @param isNobody  a chat was just refused for want of people: whatever a count says, do not advise it again */
  const makeOffer = async (reason: EscalationReason, isNobody = false): Promise<void> => {
    roads.value = { channels: [], checking: true }
    const mine = bot.offer(reason)
    considered.value = null
    if (config.hasPeople) void lookForAnswers(mine)
    const show = (availability: Availability | null) => {
      const channels = channelOffers(availability, config, knownContact())
      const advised = channelDecision(channels, availability)
      roads.value = {
        channels,
        checking: false,
        ...(advised && { advised: { rule: advised.rule, reason: advised.reason } }),
      }
      if (advised) deps.record?.(advised)
    }
    if (!config.hasPeople) {
      show(null)
      // No road at all: the bot's words say so, and an offer of nothing would stop the conversation.
      if (!roads.value.channels.length) bot.withdrawOffer()
      return
    }
    const availability = await loadLive()
      .then(model => model.availability())
      .catch(() => null)
    if (isDisposed || mine !== bot.round() || saved.value.offered === null) return
    show(availability && isNobody ? { ...availability, agentsOnline: 0 } : availability)
  }

  // ---- an answer that exists already

  /** Found while the roads are looked at, so that nobody waits for it who presses one. */
  let found: readonly FoundAnswer[] = []
  const considered = signal<readonly FoundAnswer[] | null>(null)
  const lookForAnswers = async (mine: number) => {
    found = []
    const { question } = fullBrief('askedForPerson')
    if (!question || !deps.findAnswers) return
    const answers = await deps.findAnswers(question).catch(() => [])
    if (isDisposed || mine !== bot.round()) return
    const known = [
      ...quotedIn(saved.value.turns),
      ...deps.articlesRead(),
      ...(saved.value.refused ?? []),
    ].map(({ articleId }) => articleId)
    for (const { conversationId } of saved.value.refusedTickets ?? []) known.push(conversationId)
    found = answers.filter(answer => !known.includes(idOf(answer)))
  }
  const recordAnswers = (kind: 'suggested' | 'solved' | 'notSolved', reason: string) =>
    deps.record?.({
      kind,
      inputs: { articles: articlesOf(found).map(idOf), tickets: ticketsOf(found).map(idOf) },
      rule: kind === 'suggested' ? ANSWERS_RULE : 'visitor',
      outcome: kind,
      reason,
    })

  const reopenRules = () => ({
    now: environment.now(),
    withinDays: config.reopenWithinDays ?? DEFAULT_REOPEN_DAYS,
  })
  const given = computed(() => answerAt(live.value?.events.value ?? [], live.value?.rows.value ?? []))
  const tell = (body: VisitorBody): Promise<void> =>
    live.value?.send({ clientId: environment.randomId(), body }) ?? Promise.resolve()
  const end = () => tell(phase.value === 'queued' ? { type: 'cancelled' } : { type: 'ended', by: 'visitor' })

  /** With what a person was told, where a conversation with people was opened. */
  const lines = (items: readonly TimelineItem[]) => [
    ...(sentBrief.value ? toldLines(wordsOf(sentBrief.value), items[0]?.at ?? 0, deps.texts) : []),
    ...transcriptLines(items, deps.texts, deps.botName),
  ]

  return {
    live,
    phase: pendingPhase,
    items,
    roads,
    contact: computed(() => given.value?.contact ?? knownContact()),
    answerAt: given,
    rating: computed(() => {
      const model = live.value
      return model && phase.value === 'ended' ? ratingOf('ended', model.events.value, model.rows.value) : null
    }),
    ticketHistory: computed(() => ticketHistory(live.value?.events.value ?? [], 'visitor')),
    readAs: computed(() => readAsOf(live.value?.events.value ?? [])),
    reopening: computed(() => {
      const model = live.value
      return model && reopeningOf(model.state.value, model.events.value, model.rows.value, reopenRules())
    }),
    usualBy: computed(() => {
      const ticket = live.value?.state.value.ticket
      const { answerWithinMs } = saved.value
      if (ticket?.status !== 'open' || ticket.openedAt === undefined || !answerWithinMs) return null
      const by = ticket.openedAt + answerWithinMs
      return by > environment.now() ? by : null
    }),
    telling,
    dispute,
    isCutOff,
    isStranded: computed(() => liveFailed.value || live.value?.isStranded.value === true),
    seenSeq,

    reports(turn) {
      const model = live.value
      if (!model?.hasThread.value) return false
      const { clientId, source } = turn
      if (source) save({ sources: [...saved.value.sources.slice(-200), [clientId, source]] })
      const draft = reported(turn, model.state.value.assignment, redact)
      model.send(turn.author.kind === 'bot' ? draft : { clientId, body: draft.body })
      return true
    },
    async pickUp() {
      await loadLive().catch(() => {})
    },
    async join(conversationId, phase) {
      const model = await loadLive()
      if (isDisposed || model.conversationId.value === conversationId) return
      joined.value = { conversationId, phase }
      bot.reset(saved.value)
      save({ isHandedOver: true })
      await model.join(conversationId)
      // People have this one: what waited for somebody to have it waits no more.
      if (phase === 'ended' || isDisposed) return
      const { contested = [] } = saved.value
      save({ contested: [] })
      for (const draft of contested) await live.value?.send(draft)
    },
    makeOffer,
    answersFirst: computed(() => (saved.value.offered === null ? null : considered.value)),
    considerAnswers() {
      if (!found.length) return false
      if (!considered.value) recordAnswers('suggested', 'before a message is left')
      considered.value = found
      return true
    },
    refuseAnswers() {
      if (!considered.value) return
      recordAnswers('notSolved', 'refused before a message was left')
      save({
        refused: [
          ...(saved.value.refused ?? []),
          ...articlesOf(found).map(({ articleId, title }) => ({ articleId, title })),
        ].slice(-10),
        refusedTickets: [
          ...(saved.value.refusedTickets ?? []),
          ...ticketsOf(found).map(({ asked }) => ({
            conversationId: asked.conversationId,
            number: asked.ticketNumber,
          })),
        ].slice(-10),
      })
      considered.value = null
      found = []
    },
    answersHelped() {
      if (!considered.value) return
      recordAnswers('solved', 'nothing was filed')
      considered.value = null
      found = []
      bot.stopAnswer()
      bot.withdrawOffer()
      save({ misses: 0 })
      bot.say({
        clientId: environment.randomId(),
        author: { kind: 'bot' },
        text: deps.texts('bot.glad'),
        source: { kind: 'asklet' },
        at: environment.now(),
      })
    },
    async chooseChannel(channel, given) {
      contact = { ...contact, ...usableContact(given) }
      const chosen = roads.value.channels.find(each => each.channel === channel)
      const reason = saved.value.offered ?? 'askedForPerson'
      const reachable = knownContact()
      if (chosen?.needsContact && !reachable?.[chosen.needsContact]) return
      const report = () => {
        deps.record?.({
          kind: 'channelChosen',
          inputs: { channel, reason },
          rule: 'visitor',
          outcome: channel,
          reason: 'chosen',
        })
        deps.onEscalated?.(reason, channel)
      }
      // A letter is written in the visitor's own program; here it stays with the bot.
      if (channel === 'email') return report()
      const mine = bot.round()
      const model = await loadLive().catch(() => null)
      if (!model || isDisposed || mine !== bot.round() || !isWithBot()) return
      // What has come of an answer goes along.
      bot.stopAnswer()
      const { turns, contested = [] } = saved.value
      // A handoff that lay too long or was refused is replaced by this choice; its opening goes again.
      for (const row of model.rows.value)
        if (isStuck(row) && row.brief) model.retry(row.clientId)
        else if (isStuck(row) && row.draft?.body.type === 'handoffReady') model.discard(row.clientId)
      const brief = withoutParts(fullBrief(reason), left.value, maskedQuestion())
      bot.withdrawOffer()
      const { answerWithinMs } = channel === 'ticket' && chosen ? chosen : {}
      save({ isHandedOver: true, ...NOTHING_ASKED, ...(answerWithinMs && { answerWithinMs }) })
      report()
      // Into a conversation that is open already go the turns that it does not have yet.
      const known = knownIds()
      const { assignment } = model.state.value
      const missing = turns.flatMap(turn => (!known.has(turn.clientId) && toldTurn(turn)) || [])
      await model.open(
        brief,
        [
          ...missing.map(turn => reported(turn, assignment, redact)),
          ...contested.filter(({ clientId }) => !known.has(clientId)),
        ],
        {
          clientId: environment.randomId(),
          body: { type: 'handoffReady', channel, ...(reachable && { contact: reachable }) },
        },
      )
      // Theirs to send again or to let go of, from here on, where rows are.
      save({ contested: [] })
    },
    dropHandoff() {
      for (const row of live.value?.rows.value ?? [])
        if (isStuck(row) && row.draft?.body.type === 'handoffReady') live.value?.discard(row.clientId)
    },
    send: (words, keepsAll, attachments = []) =>
      tell({
        type: 'message',
        text: (keepsAll ? words : redact(words, 'toPerson')) || namesOf(attachments),
        format: 'plain',
        ...(attachments.length && { attachments }),
        // Else the server masks it again.
        ...(keepsAll && redact(words, 'toPerson') !== words && { unmasked: true }),
      }),
    async cancelWaiting() {
      if (phase.value === 'queued') await tell({ type: 'cancelled' })
    },
    async giveContact(given) {
      const usable = usableContact(given)
      if (!usable) return
      contact = { ...contact, ...usable }
      // One that the server did not take, or that lay too long, is replaced by this one.
      for (const row of live.value?.rows.value ?? [])
        if (isStuck(row) && row.draft?.body.type === 'contactGiven') live.value?.discard(row.clientId)
      if (live.value?.hasThread.value) await tell({ type: 'contactGiven', contact: usable })
    },
    async answerByMail(given) {
      const usable = usableContact(given)
      if (!usable?.email || phase.value !== 'queued') return
      contact = { ...contact, ...usable }
      await tell({ type: 'handoffReady', channel: 'email', contact: usable })
      deps.onEscalated?.(saved.value.offered ?? 'askedForPerson', 'email')
    },
    async rate(score, comment = '') {
      // Masked like all that a person reads; never longer than what is taken.
      const words = clip(redact(comment.trim(), 'toPerson'), MAX_COMMENT_CHARS)
      // The refused word stays out of the way of this one.
      for (const row of live.value?.rows.value ?? [])
        if (isRating(row) && isStuck(row)) live.value?.discard(row.clientId)
      await tell({ type: 'rated', score, ...(words && { comment: words }) })
    },
    async reopen() {
      const model = live.value
      const found =
        model && reopeningOf(model.state.value, model.events.value, model.rows.value, reopenRules())
      // Pressed twice, or too late: the first press counts, and the server's word on the last one stays in sight.
      if (found?.state !== 'possible' && (found?.state !== 'failed' || !found.canRetry)) return
      if (found.state === 'failed') model?.discard(found.key)
      await tell({ type: 'reopened', by: 'visitor' })
    },
    async contest(objection) {
      const { words, ...rest } = objection
      // As a person reads it.
      const said = clip(redact(words?.trim() ?? '', 'toPerson'), MAX_QUESTION_CHARS)
      const body: ContestedBody = { type: 'contested', ...rest, ...(said && { words: said }) }
      if (phase.value === 'ended') {
        // What was said in it is read there, and opened again there: a fresh conversation would know nothing of it. A
        // list of articles is no part of it, and is asked about like any new question.
        if (body.about !== 'suggestion') return 'failed'
        bot.reset(saved.value)
        live.value?.leave()
      }
      const before = objections.value.filter(each => !each.answer && isSameObjection(each, body))
      if (!isWithBot()) {
        // Pressed twice, or in another tab, too.
        if (before.some(({ isHeld }) => !isHeld)) return 'sent'
        if (!live.value) return 'failed'
        for (const { key } of before) live.value.discard(key)
        await tell(body)
        return 'sent'
      }
      bot.stopAnswer()
      const held = { clientId: environment.randomId(), body, at: environment.now() }
      const others = (saved.value.contested ?? []).filter(each => !isSameObjection(each.body, body))
      for (const { key } of before) live.value?.discard(key)
      save({ contested: [...others, held] })
      if (saved.value.offered !== null) return 'withHandoff'
      const because = `contested ${body.about}`
      deps.record?.({
        kind: 'escalated',
        inputs: { reason: 'askedForPerson' },
        rule: 'visitor',
        reason: because,
      })
      save({ because, becauseBy: 'visitor' })
      void makeOffer('askedForPerson')
      return 'withHandoff'
    },
    async sayToDispute(body) {
      const isSame = ({ draft }: OutboxRow) => draft?.body.type === body.type
      // The refused word stays out of the way of this one.
      for (const row of live.value?.rows.value ?? [])
        if (isSame(row) && isStuck(row)) live.value?.discard(row.clientId)
      // Two read it: masked like all that a person reads.
      await tell(
        body.type === 'disputeStated'
          ? { ...body, text: clip(redact(body.text.trim(), 'toPerson'), MAX_MESSAGE_CHARS) }
          : body,
      )
      // Kept by the outbox from here on; what was typed meanwhile is not.
      if (body.type === 'disputeStated' && dispute.value?.typed === body.text) typed(body.disputeId, null)
    },
    transcript: items => transcriptText(lines(items), deps.texts),
    transcriptLines: lines,
    end,
    async goodbye(withinMs) {
      const model = live.value
      if (!model || (phase.value !== 'queued' && phase.value !== 'live')) return
      await end()
      await new Promise<void>(resolve => {
        const undos = [
          environment.after(withinMs, done),
          effect(() => {
            if (!model.rows.value.some(isGoodbye)) environment.after(0, done)
          }),
        ]
        function done() {
          for (const undo of undos.splice(0)) undo()
          resolve()
        }
      })
    },
    moved: settle,
    seen() {
      const last = live.value?.events.value.at(-1)?.seq ?? 0
      if (last <= seenSeq.value) return
      seenSeq.value = last
      live.value?.markRead(last)
    },
    forgetSeen() {
      seenSeq.value = 0
    },
    dispose() {
      isDisposed = true
      for (const undo of undos) undo()
      made?.dispose()
    },
  }
}

/** Raised when another measure decides what is offered before a message is left. */
export const ANSWERS_RULE = 'answersFirst@2'

const idOf = (answer: FoundAnswer) => ('asked' in answer ? answer.asked.conversationId : answer.articleId)
const articlesOf = (answers: readonly FoundAnswer[]) =>
  answers.flatMap(answer => ('asked' in answer ? [] : [answer]))
const ticketsOf = (answers: readonly FoundAnswer[]) =>
  answers.flatMap(answer => ('asked' in answer ? [answer] : []))

const quotedIn = (turns: readonly LocalTurn[]) =>
  turns.flatMap(({ source }) => (source?.kind === 'article' ? source.citations : []))

/** Before the first word of the machine, also where only the server has it; null where no machine spoke. */
export function introOf(events: readonly StoredEvent[], name: string): { name: string; at: number } | null {
  // It spoke before anybody else, or never.
  const first = events.slice(0, 50).find(({ author }) => author.kind === 'bot')
  return first ? { name, at: first.saidAt ?? first.at } : null
}

/** By the first look at the words: what an agent says of them later is no machine's. */
export function readAsOf(events: readonly StoredEvent[]): ReadAs | null {
  let triage: TriageRecord | null = null
  let priority: readonly DecisionReason[] = []
  for (const { body, author } of events) {
    if (body.type === 'triaged') triage = body.erased ? null : body
    if (body.type === 'prioritised' && author.kind === 'system') priority = body.reasons ?? []
  }
  return triage || priority.length ? { triage, priority } : null
}

/** By which a turn is left out of what is told. */
const turnKey = ({ clientId }: LocalTurn) => `turn.${clientId}`

/** What was given last, in this tab or another, on its way or stored; null: none. */
export function answerAt(events: readonly StoredEvent[], rows: readonly OutboxRow[]): AnswerAt | null {
  let given: AnswerAt | null = null
  const say = (body: EventBody | undefined, state: AnswerAt['state']) => {
    const contact = usableContact(body && contactSaid(body))
    if (contact) given = { contact, state }
  }
  for (const { body } of events) say(body, 'stored')
  for (const row of rows) say(row.draft?.body, isStuck(row) ? 'failed' : 'onItsWay')
  return given
}

/** The bot's word counts only as long as nobody else has it (D18). */
function reported(turn: LocalTurn, assignment: number, mask: typeof redactBy): Draft<VisitorBody> {
  return { ...turnDraft(turn, mask), ...(turn.author.kind === 'bot' && { expectedAssignment: assignment }) }
}

/** A turn from before the handoff, as it is reported to the server: by this device, and marked as such (D23). */
function turnDraft(
  { clientId, author, text, source, at }: LocalTurn,
  redact: typeof redactBy,
): Draft<VisitorBody> {
  const citations = source?.kind === 'article' ? source.citations.slice(0, 10) : []
  return {
    clientId,
    ...(author.kind === 'bot' && { as: 'bot' }),
    origin: 'device',
    saidAt: at,
    body: {
      type: 'message',
      // What was typed to a machine is read by a person now.
      text: clip(redact(text, 'toPerson'), MAX_MESSAGE_CHARS) || '…',
      format: 'plain',
      ...(citations.length > 0 && { citations }),
    },
  }
}
