// The core of the help desk: what every call does, whichever carrier brought it (socket, HTTP, loopback).
// Owns parsing, limits and the order "authorise, store, then tell". Holds no truth: all of that is in the
// store, so that several nodes can serve one database. Knows no Socket.IO and no HTTP.

import * as v from 'valibot'
import type { Clock, Undo } from '../base/environment'
import { AskletError } from '../base/errors'
import type { SiteMasks } from '../base/redact'
import type { JournalEntry } from '../journal/record'
import { isDisputeDraft } from '../protocol/dispute'
import type { Draft, StoredEvent } from '../protocol/events'
import type { VisitorFacts } from '../protocol/facts'
import {
  BEACON_EVERY_MS,
  fitsIn,
  jsonBytes,
  MAX_BATCH_BYTES,
  MAX_BRIEF_BYTES,
  MAX_DESK_ROWS,
  MAX_FRAME_BYTES,
  MAX_MESSAGE_CHARS,
  SYNC_PAGE,
} from '../protocol/limits'
import { deskRequests, firstIssue, visitorRequests } from '../protocol/parse'
import type { Author, Hours } from '../protocol/records'
import { DEFAULT_REOPEN_DAYS } from '../protocol/ticket'
import { SERVED_VERSIONS } from '../protocol/version'
import type {
  Availability,
  DeskCalls,
  FileUrls,
  Pushes,
  PushName,
  Refusal,
  Reply,
  SyncPage,
  VisitorCalls,
} from '../protocol/wire'
import type { Admission, RateKind } from './admission'
import { contestsDue } from './contests'
import {
  backToTicketDecision,
  overdueDecision,
  priorityBy,
  routingDecision,
  staffedDecision,
} from './decisions'
import { createDeliveryCalls } from './deliveryCalls'
import { deskAnswer } from './deskList'
import { deskMatching, isForAnybody, isRouted, routable } from './deskMatching'
import { type AgentAtDesk, createDeskPeople } from './deskPeople'
import { createDeskRecordCalls } from './deskRecords'
import { createDeskSettings } from './deskSettings'
import type { DisputeTerms } from './disputeRules'
import { createDisputes, DEFAULT_DISPUTE_TERMS, type DisputeSeam } from './disputes'
import { type ExpectedWait, expectedWait, JOINS_COUNTED, type Pace, paceOf } from './expectedWait'
import { type Uploads, URL_HOLDS_MS } from './files/uploads'
import { createFirstLook, type TriageRules } from './firstLook'
import { isOpen, opensAt } from './hours'
import { agentRole, authorise, type CallName, claimBy, type Member } from './membership'
import type { To } from './nodeMessages'
import {
  agentLostPlan,
  agentPlan,
  agentSender,
  assignedEvent,
  backToTicketPlan,
  claimPlan,
  journalled,
  leaveQueuePlan,
  maskedPlan,
  type Plan,
  priorityPlan,
  promisedPlan,
  releasePlan,
  systemEvent,
  ticketEvent,
  transferPlan,
  visitorPlan,
} from './plans'
import type { PriorityRules } from './priority'
import {
  DEFAULT_TIMERS,
  isBackToTicket,
  type Overdue,
  overdue,
  places,
  type QueueTimers,
  queueOrder,
} from './queue'
import { createRedactAgain } from './redactAgain'
import { refusal } from './refusals'
import { createReviewCalls } from './reviews'
import { createRuleFiles } from './ruleFiles'
import type { ReviewRules } from './sampling'
import type { ServiceLevels } from './serviceLevels'
import { shared } from './sharedAnswer'
import { createSimilarCalls } from './similarCalls'
import type {
  AppendRequest,
  ConversationRow,
  HelpDeskStore,
  NewEvent,
  QueuedConversation,
} from './store/helpDeskStore'
import { createTicketCalls } from './ticketCalls'
import { expectedAnswer, TICKETS_COUNTED, TICKETS_SINCE_MS, type TicketPace, ticketPace } from './ticketWaits'
import { isVerifiedIdentity } from './visitorIdentity'

/** A visitor as proved at the door, on one connection. */
export interface VisitorSession {
  /** `user:<id>` first when a token proved it, then `anon:<hash of the secret>`. */
  readonly identities: readonly [string, ...string[]]
  /** From the token; stronger than what the device reports. */
  readonly name?: string
  readonly role?: string
  readonly email?: string
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  /** When the token ends, milliseconds since 1970: from then on every call is refused. */
  readonly expiresAt?: number
  /** Of the network, as `addresses` says; null: a proxy or this machine, nobody told apart by it. */
  readonly address?: string | null
  /** Puts this connection among those that get the conversation's pushes. Nothing to do over HTTP. */
  join(conversationId: string): void | Promise<void>
  /** The opposite of `join`. */
  leave?(conversationId: string): void | Promise<void>
}

/** An agent as proved at the door, on one connection. */
export interface DeskSession {
  readonly agentId: string
  readonly name: string
  /** `lead` among them makes a lead; default: an agent. */
  readonly roles?: readonly string[]
  readonly teams?: readonly string[]
  readonly skills?: readonly string[] | undefined
  readonly languages?: readonly string[] | undefined
  readonly address?: string | null
  join(conversationId: string): void | Promise<void>
}

/** Something to say unasked. A hint: losing it may delay, never lose. */
export type Push = {
  [Name in PushName]: {
    readonly name: Name
    readonly payload: Pushes[Name]
    readonly to: To | 'desk' | 'all'
    /** For this node's own connections: every node says it by itself. */
    readonly local?: true
  }
}[PushName]

/** What moves pushes to connections. */
export interface Carrier {
  push(push: Push): void
  /** Conversations that connections of this node have joined. */
  joined(): Iterable<string>
  /** Connections of this identity no longer hear of the conversation. */
  leave?(conversationId: string, identity: string): void
  /** Tells the other nodes that the queue's order changed: each works out the places of its own visitors. */
  queueMoved?(): void
  onQueueMoved?(listener: () => void): Undo
  /** Another node says that ready answers, settings or people changed: what is remembered of them here is old. */
  onDeskChanged?(listener: (what: Pushes['deskChanged']['what']) => void): Undo
}

/** Whether what this node pushes reaches the other nodes just now. */
export interface Others {
  areReached(): boolean
  onChange(listener: () => void): Undo
}

/** One line for the operator. Never a body, a secret or a token. */
export type Log = (entry: {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly [field: string]: string | number | boolean
}) => void

export interface ConversationsOptions {
  readonly store: HelpDeskStore
  readonly clock: Clock
  /** At least 128 random bits, url-safe (D1). */
  randomId(): string
  /** Null: always open. */
  readonly hours?: Hours | null
  /** What the site masks and keeps of its own. */
  readonly masks?: SiteMasks | undefined
  /** What conversations are about, in the site's words: those that agents choose from. */
  readonly categories?: readonly string[]
  readonly timers?: Partial<QueueTimers>
  /** The site's rules of who is how pressing; null: words alone. */
  readonly priorities?: PriorityRules | null
  /** For so long a visitor may reopen a solved ticket (D41). */
  readonly reopenWithinDays?: number
  /** What the site promises for its tickets (D45). */
  readonly serviceLevels?: ServiceLevels | null
  /** The site's words of what conversations are about; absent: no words are read (D44). */
  readonly triage?: TriageRules | null
  /** What of its answers leads are asked to judge; null or absent: none. */
  readonly reviews?: ReviewRules | null
  readonly admission: Admission
  /** S50. Absent: nothing leaves this server. */
  readonly deliveries?: AppendRequest['deliveries'] | undefined
  /** How long sides and mediator of a dispute have, which facts of pages they share, and whom the host names. */
  readonly disputes?: Partial<DisputeTerms> & {
    readonly facts?: readonly string[]
    readonly seam?: DisputeSeam | undefined
  }
  /** Absent: conversations hold no files. */
  readonly uploads?: Uploads | null
  readonly log?: Log
  /** Absent: there are none. */
  readonly others?: Others
}

export interface Metrics {
  readonly opened: number
  readonly stored: number
  readonly duplicates: number
  readonly refused: Readonly<Record<string, number>>
}

export interface Conversations {
  /** Answers every body, however malformed, with a reply; never rejects. */
  visitorCall(session: VisitorSession, name: string, body: unknown): Promise<Reply<object>>
  deskCall(session: DeskSession, name: string, body: unknown): Promise<Reply<object>>
  availability(): Promise<Availability>
  addCarrier(carrier: Carrier): Undo
  /** A connection came; the undo says that it went. */
  visitorConnected(identity: string): Undo
  agentConnected(agentId: string, as?: AgentAtDesk): Undo
  /** Anew, by link or password: whoever was away is here again. */
  agentSignedIn(agent: AgentAtDesk): void
  /** A call came without a connection (HTTP): the visitor is there as of now. */
  visitorSeen(identity: string): void
  metrics(): Metrics
  /** Says `restart`, refuses new calls, and resolves when those under way are committed and answered. */
  close(): Promise<void>
  /** Stops its timers at once and says nothing, as a killed process would. */
  stop(): void
}

/** A node writes that it lives this often; silent for `ALIVE_MS`, it is dead and its connections with it. */
const BEAT_EVERY_MS = 15_000
const ALIVE_MS = 40_000
/** Presence older than this says nothing about anybody any more. */
const FORGET_PRESENCE_MS = 24 * 60 * 60_000
/** Fine enough for limits of a minute, and one small query. */
const SWEEP_EVERY_MS = 5_000
const TICKET_PACE_HOLDS_MS = 60_000
/** What the desk did yesterday at this hour still says something; what it did before does not. */
const JOINS_SINCE_MS = 24 * 60 * 60_000
/** Who waits at the same place hears the expected wait anew so often, where it is another one by so much. */
const SAY_AGAIN_AFTER_MS = 60_000
const SAY_AGAIN_FROM = 0.2
/** The desk keeps what just ended in sight. */
const SHOW_ENDED_MS = 60 * 60_000
/** Many changes within this time are told to the desk and the queue once. */
const GATHER_MS = 250
/** A long queue is told its places less often: each change moves everybody behind it. */
const GATHER_MORE_MS_PER_PLACE = 5
const GATHER_MORE_MS_PER_AGENT = 10
const GATHER_AT_MOST_MS = 5_000
/** Under the promised 25 s with room for a slow store; a share of the conversations at a time. */
const BEACON_SHARES = 10
const BEACON_SHARE_EVERY_MS = (BEACON_EVERY_MS - 5_000) / BEACON_SHARES
/** A question to the store and these pushes are 0.3 ms; a call in it waits no longer. */
const HEADS_AT_ONCE = 10
/** A lead who asks looks as well; this keeps the look short. */
const LOOK_FOR_REVIEWS_MS = 10 * 60_000
/** While no hint comes from other nodes, their news is looked up this often. */
export const LOOK_EVERY_MS = 2_000
/** A measurement of the database's clock over a slower line than this says nothing. */
const CLOCK_WITHIN_MS = 1_000

export function createConversations(options: ConversationsOptions): Conversations {
  const { store, clock, randomId, admission, uploads = null, priorities = null, log = () => {} } = options
  const { reopenWithinDays = DEFAULT_REOPEN_DAYS } = options
  const again = createRedactAgain(options.masks)
  const timers = { ...DEFAULT_TIMERS, ...options.timers }
  const node = randomId()
  const carriers = new Set<Carrier>()
  const connections = new Map<string, number>()
  /** Whose coming or going the store does not know yet. */
  const unnoted = new Set<string>()
  const counts = { opened: 0, stored: 0, duplicates: 0, refused: {} as Record<string, number> }
  const underWay = new Set<Promise<unknown>>()
  const pendingTimers = new Set<Undo>()
  /** Places as this node's visitors know them. */
  let placesTold = new Map<string, number>()
  /** What those who are connected here were told of their wait, and when. */
  const waitsTold = new Map<string, { readonly at: number; readonly expected: ExpectedWait | null }>()
  let deskTold = ''
  const marksTold: Partial<Record<Pushes['deskChanged']['what'], string>> = {}
  const headsLooked = new Map<string, string>()
  let stopped = false
  let closing = false
  let epoch: Promise<string> | null = null
  let skewMs = 0

  /** Server time. With several nodes that is the database's: theirs differ, and presence compares them. */
  const now = () => clock.now() + skewMs

  // ---- telling

  const push = (message: Push) => {
    // Two changes that undo each other leave the mark as it was: where only the first was heard of, the next look
    // tells the second.
    if (message.name === 'deskChanged' && !message.local) delete marksTold[message.payload.what]
    for (const carrier of carriers) carrier.push(message)
  }

  async function epochOf(row: { readonly generation: number }): Promise<string> {
    epoch ??= store.epoch().catch(error => {
      epoch = null
      throw error
    })
    const base = await epoch
    // A conversation that lost its tail reads as another incarnation, and it alone.
    return row.generation > 0 ? `${base}.${row.generation}` : base
  }

  /** After commit only (D8). */
  async function tell(before: ConversationRow, row: ConversationRow, events: readonly StoredEvent[]) {
    if (events.length === 0) return
    const { conversationId } = row
    push({
      name: 'events',
      to: { conversationId, ...(row.claimedFrom !== null && { notTo: row.claimedFrom }) },
      payload: { conversationId, epoch: await epochOf(row), events },
    })
    const isOrdered = before.phase === row.phase && before.priority === row.priority
    if (!isOrdered && (before.phase === 'queued' || row.phase === 'queued')) {
      lookAtPlaces()
      for (const carrier of carriers) carrier.queueMoved?.()
    }
    if (row.assignment !== before.assignment) background(() => people.tellVisitor(row))
    if (before.phase === 'bot' && row.phase === 'bot') return
    // Words between two people change one number of the list, and those two hear them anyway.
    const isTalk = isOrdered && row.phase === 'live' && before.assignment === row.assignment
    if (isTalk) tellDeskOfTalk()
    else tellDesk()
  }

  const pushQueueChanged = () => push({ name: 'queueChanged', to: 'desk', payload: {} })
  // Each agent who hears it asks for the whole list: with more agents, less often.
  const tellDesk = gathered(pushQueueChanged, () =>
    Math.min(GATHER_AT_MOST_MS, GATHER_MS + agentsHere() * GATHER_MORE_MS_PER_AGENT),
  )
  const tellDeskOfTalk = gathered(pushQueueChanged, () => GATHER_AT_MOST_MS)
  const agentsHere = () => [...connections.keys()].filter(isAgent).length

  const lookAtPlaces = gathered(
    async () => tellPlaces(await readQueue()),
    () => Math.min(GATHER_AT_MOST_MS, GATHER_MS + placesTold.size * GATHER_MORE_MS_PER_PLACE),
  )

  /**
   * Those of this node's visitors whose place is another one than they know, or whose wait has become another one
   * while they stand: a range that was said ten minutes ago is a wrong promise by now. Other nodes tell their own.
   */
  async function tellPlaces(inOrder: readonly QueuedConversation[]) {
    const queue = places(inOrder)
    const known = placesTold
    placesTold = queue
    for (const conversationId of waitsTold.keys())
      if (!queue.has(conversationId)) waitsTold.delete(conversationId)
    if (queue.size === 0) return
    const moved = new Set<string>()
    const standing = new Set<string>()
    for (const carrier of carriers)
      for (const conversationId of carrier.joined()) {
        if (queue.get(conversationId) !== known.get(conversationId)) moved.add(conversationId)
        const told = waitsTold.get(conversationId)
        if (told && now() - told.at >= SAY_AGAIN_AFTER_MS) standing.add(conversationId)
      }
    if (moved.size === 0 && standing.size === 0) return
    const pace = await readPace(longestWait(inOrder))
    for (const [ahead, { conversationId, priority }] of inOrder.entries()) {
      if (!moved.has(conversationId) && !standing.has(conversationId)) continue
      const expected = expectedWait(pace, ahead, priority)
      const told = waitsTold.get(conversationId)
      if (moved.has(conversationId) || !told || isNews(told.expected, expected))
        tellPlace(conversationId, ahead + 1, expected)
      else waitsTold.set(conversationId, { ...told, at: now() })
    }
  }

  function tellPlace(conversationId: string, place: number, expected: ExpectedWait | null) {
    waitsTold.set(conversationId, { at: now(), expected })
    push({
      name: 'place',
      to: { conversationId, side: 'visitor' },
      local: true,
      payload: { conversationId, place, ...toldOf(expected) },
    })
  }

  /** Runs now, and once more at the end of the window when it was asked for again meanwhile. */
  function gathered(run: () => unknown, windowMs = () => GATHER_MS): () => void {
    let quiet = true
    let again = false
    const go = () => {
      quiet = false
      background(async () => run())
      later(windowMs(), () => {
        quiet = true
        if (again && !stopped) go()
      })
      again = false
    }
    return () => {
      if (quiet) go()
      else again = true
    }
  }

  function background(run: () => Promise<unknown>) {
    if (stopped) return
    track(
      run().catch(error => {
        if (!stopped) log({ level: 'warn', event: 'background', reason: reasonOf(error) })
      }),
    )
  }

  function track<T>(work: Promise<T>): Promise<T> {
    underWay.add(work)
    const done = () => underWay.delete(work)
    work.then(done, done)
    return work
  }

  // ---- storing

  async function append(
    by: { readonly member: Member; readonly call: CallName } | null,
    conversationId: string,
    drafts: readonly NewEvent[],
    plan: Plan,
    deliveries: AppendRequest['deliveries'] = options.deliveries,
  ) {
    const outcome = await store.append({
      conversationId,
      at: now(),
      drafts,
      authorise: row => (by ? authorise(by.member, by.call, row) : null),
      plan: maskedPlan(levels ? promisedPlan(plan, levels, await keptLevels(levels)) : plan, again.decided),
      ...(deliveries && { deliveries }),
    })
    if (!outcome.ok) return outcome
    counts.stored += outcome.events.length
    counts.duplicates += outcome.results.filter(result => result.dup).length
    if (by) await claimed(by.member, outcome.row)
    await tell(outcome.before, outcome.row, outcome.events)
    return outcome
  }

  /** After it, `from` alone neither reads nor hears: nor do its connections that are open. True when it changed. */
  async function claimed(member: Member, row: ConversationRow): Promise<boolean> {
    const claim = claimBy(member, row)
    if (!claim) return false
    await store.claimOwner(row.conversationId, claim.from, claim.to)
    for (const carrier of carriers) carrier.leave?.(row.conversationId, claim.from)
    return true
  }

  const keepRules = createRuleFiles(store, now)
  const levels = options.serviceLevels ?? null
  /** Of what never changes while this runs; asked for with each append. */
  let levelsKept: string | null = null
  async function keptLevels(promised: ServiceLevels): Promise<string> {
    levelsKept ??= await keepRules('serviceLevels', promised)
    return levelsKept
  }
  const lookFirst = createFirstLook({ store, priorities, triage: options.triage ?? null, keepRules })

  async function staffedNow() {
    const at = now()
    const [hours, agentsOnline] = await Promise.all([settings.hours(), store.agentsOnline(at - ALIVE_MS)])
    const isStaffed = isOpen(hours, at) && agentsOnline > 0
    const rules = await keepRules('hours', hours)
    return { isStaffed, entry: staffedDecision(at, rules, agentsOnline, isStaffed) }
  }

  /** For whom a conversation is that somebody takes (D46); undefined: the desk says of nobody what they know. */
  async function routedNow(conversationId: string): Promise<JournalEntry | undefined> {
    const here = await people.here()
    if (!isRouted(here)) return
    const [row, teams] = await Promise.all([store.conversation(conversationId), store.waitingTeams()])
    return row && isForAnybody(row) ? routingDecision(routable(row, teams), here) : undefined
  }

  // What many ask for at the same moment: agents who hear of one change, visitors who come back after a restart.
  const readQueue = shared(() => store.queue())
  const countQueued = shared(() => store.countQueued())
  /** Whose own conversations the next reading of the list is to hold. */
  const listedFor = new Set<string>()
  const readNextList = shared(() => {
    const agentIds = [...listedFor]
    listedFor.clear()
    const endedSince = now() - SHOW_ENDED_MS
    return Promise.all([
      store.deskList({ agentIds, endedSince, atMost: MAX_DESK_ROWS }),
      store.waitingTeams(),
    ])
  })
  const readList = (agentIds: readonly string[]) => {
    for (const agentId of agentIds) listedFor.add(agentId)
    return readNextList()
  }
  const recentJoins = shared(() => store.recentJoins(now() - JOINS_SINCE_MS, JOINS_COUNTED))
  const countAgents = shared(() => store.agentsOnline(now() - ALIVE_MS))

  async function readPace(waitingSince: number | null): Promise<Pace | null> {
    const [joins, agentsOnline] = await Promise.all([recentJoins(), countAgents()])
    return paceOf({ now: now(), joins, waitingSince, agentsOnline })
  }

  const readTicketWaits = shared(() => store.ticketWaits(now() - TICKETS_SINCE_MS, TICKETS_COUNTED))
  let lastPace: { readonly at: number; readonly pace: TicketPace | null } | null = null
  /** Whoever asks in the same minute is told the same: it changes with days. */
  async function readTicketPace(hours: Hours | null): Promise<TicketPace | null> {
    const at = now()
    if (lastPace && at - lastPace.at < TICKET_PACE_HOLDS_MS && at >= lastPace.at) return lastPace.pace
    const pace = ticketPace(await readTicketWaits(), hours, at)
    lastPace = { at, pace }
    return pace
  }

  async function availability(): Promise<Availability> {
    const at = now()
    const hours = await settings.hours()
    const [agentsOnline, waiting, joins, tickets] = await Promise.all([
      countAgents(),
      countQueued(),
      recentJoins(),
      readTicketPace(hours),
    ])
    const pace = paceOf({ now: at, joins, waitingSince: waiting.since, agentsOnline })
    return {
      open: isOpen(hours, at),
      agentsOnline,
      waiting: waiting.count,
      // Whoever comes now comes last; what they are worth is known once they have come.
      ...toldOf(expectedWait(pace, waiting.count, null)),
      ticketAnswer: expectedAnswer(tickets, hours, at),
      opensAt: opensAt(hours, at),
    }
  }

  // ---- calls of both sides

  /** D13: joins first, then reads, so that an event is either on the page or pushed, or both. */
  async function sync(
    member: Member,
    session: Pick<VisitorSession, 'join' | 'leave'>,
    { conversationId, after, epoch: known }: VisitorCalls['sync']['request'],
  ): Promise<Reply<SyncPage>> {
    const row = await store.conversation(conversationId)
    if (!row) return refusal('not_found')
    const denied = authorise(member, 'sync', row)
    if (denied) return refusal(denied)
    await claimed(member, row)
    await session.join(conversationId)
    const sameEpoch = known === (await epochOf(row))
    // The reader has more than we do: an older state came back. From here on it is another incarnation (D4).
    const lostTail = sameEpoch && after > row.head
    if (lostTail) await store.bumpGeneration(conversationId, row.generation)
    const page = await store.read(conversationId, sameEpoch && !lostTail ? after : 0, SYNC_PAGE)
    if (!page) return refusal('not_found')
    // Somebody else may have claimed it since: of two who hold the secret one wins, and the other reads nothing.
    const deniedNow = authorise(member, 'sync', page.row)
    if (deniedNow) {
      await session.leave?.(conversationId)
      return refusal(deniedNow)
    }
    const answer = { events: inOneFrame(page.events), head: page.row.head, epoch: await epochOf(page.row) }
    // Behind the answer: of a place or an agent that it has not read of yet a page believes nothing.
    later(0, () => {
      if (page.row.phase === 'queued') background(() => placeOf(conversationId))
      if (member.kind === 'visitor') background(() => people.tellVisitor(page.row))
    })
    return { ok: true, ...answer }
  }

  async function placeOf(conversationId: string) {
    const queue = await readQueue()
    const ahead = queue.findIndex(row => row.conversationId === conversationId)
    const row = queue[ahead]
    if (row)
      tellPlace(
        conversationId,
        ahead + 1,
        expectedWait(await readPace(longestWait(queue)), ahead, row.priority),
      )
  }

  async function typing(member: Member, conversationId: string): Promise<Reply<object>> {
    const row = await store.conversation(conversationId)
    if (!row) return refusal('not_found')
    const denied = authorise(member, 'typing', row)
    if (denied) return refusal(denied)
    const who = member.kind
    push({
      name: 'typing',
      to: {
        conversationId,
        side: who === 'visitor' ? 'agent' : 'visitor',
        ...(row.claimedFrom !== null && { notTo: row.claimedFrom }),
      },
      payload: { conversationId, who },
    })
    return { ok: true }
  }

  const people = createDeskPeople({
    store,
    now,
    push,
    gathered,
    background,
    agentsHere,
    isHere: agentId => connections.has(agentSender(agentId)),
    aliveSince: () => now() - ALIVE_MS,
  })
  const settings = createDeskSettings({
    store,
    now,
    push,
    hours: options.hours ?? null,
    categories: options.categories ?? [],
    teams: people.teams,
  })
  const reviews = createReviewCalls({
    store,
    now,
    rules: options.reviews ?? null,
    masks: options.masks,
    background,
  })
  const similar = createSimilarCalls({ store, now, masks: options.masks, decided: again.decided })
  const records = createDeskRecordCalls({ store, now, push, later, visitorsGoneSince })

  const disputes = createDisputes({
    store,
    clock,
    now,
    push,
    randomId,
    append: (conversationId, drafts, plan) => append(null, conversationId, drafts, plan),
    terms: { ...DEFAULT_DISPUTE_TERMS, ...options.disputes },
    factNames: options.disputes?.facts ?? [],
    seam: options.disputes?.seam,
    log,
  })

  async function fileUrls(
    member: Member,
    { conversationId, attachmentIds }: VisitorCalls['fileUrls']['request'],
  ): Promise<Reply<FileUrls>> {
    if (!uploads) return refusal('not_found', 'this server takes no files')
    const row = await store.conversation(conversationId)
    if (!row) return refusal('not_found')
    const denied = authorise(member, 'fileUrls', row)
    if (denied) return refusal(denied)
    const urls = await uploads.urls(conversationId, attachmentIds)
    return { ok: true, urls, holdMs: URL_HOLDS_MS, accepts: await uploads.accepts(member, row) }
  }

  // ---- a visitor's calls

  /** What may leave the server for these: an acknowledgement costs whoever asks for one, not whoever gets it. */
  async function lettersFor(
    { identities, address = null }: VisitorSession,
    drafts: VisitorCalls['send']['request']['drafts'],
  ): Promise<AppendRequest['deliveries']> {
    const all = options.deliveries
    const asks = drafts.some(({ body }) => body.type === 'handoffReady' || body.type === 'contactGiven')
    if (!all || !asks) return all
    if ((await admission.take('letters', { identity: identities[0], address })) === 0) return all
    return (before, row, events) =>
      all(before, row, events).filter(({ road, kind }) => road !== 'mail' || kind !== 'acknowledged')
  }

  const visitorAnswers: {
    [Name in keyof VisitorCalls]: (
      session: VisitorSession,
      member: Member,
      body: VisitorCalls[Name]['request'],
    ) => Promise<Reply<VisitorCalls[Name]['reply']>>
  } = {
    async open(session, member, body) {
      if (!fitsIn(body.brief, MAX_BRIEF_BYTES))
        return refusal('too_large', `a brief holds at most ${MAX_BRIEF_BYTES} bytes`)
      const visitor = signedFacts(session, body.brief.visitor)
      const { row, created, events } = await store.open({
        identities: session.identities,
        openId: body.openId,
        conversationId: randomId(),
        at: now(),
        author: visitorAuthor(visitor.name),
        brief: { ...body.brief, visitor },
      })
      // The same secret and openId, and by now another user's.
      const denied = authorise(member, 'open', row)
      if (denied) return refusal(denied)
      if (created) {
        counts.opened++
        counts.stored += events.length
      }
      return { ok: true, conversationId: row.conversationId, epoch: await epochOf(row), head: row.head }
    },

    async send(session, member, body) {
      if (!fitsIn(body.drafts, MAX_BATCH_BYTES))
        return refusal('too_large', `one send holds at most ${MAX_BATCH_BYTES} bytes`)
      const handsOff = body.drafts.some(draft => draft.body.type === 'handoffReady')
      const isProved = isVerifiedIdentity(session.identities[0])
      const isTheirs = (row: ConversationRow) => authorise(member, 'send', row) === null
      const [staffed, first] = handsOff
        ? await Promise.all([staffedNow(), lookFirst(body.conversationId, isProved, body.drafts, isTheirs)])
        : []
      const objects = body.drafts.some(draft => draft.body.type === 'contested')
      const openContests = objects ? (await store.openContests(body.conversationId)).length : 0
      const plan = visitorPlan({
        openContests,
        isStaffed: staffed?.isStaffed ?? false,
        first: first ?? null,
        ...(staffed && { staffed: staffed.entry }),
        now: now(),
        reopenWithinDays,
        randomId,
      })
      const drafts = body.drafts.map(draft => newEvent(draft, 'visitor', visitorAuthor(session.name)))
      const deliveries = await lettersFor(session, body.drafts)
      const outcome = await append({ member, call: 'send' }, body.conversationId, drafts, plan, deliveries)
      // What comes of it is told when it is: the sweep does so where this node dies meanwhile.
      if (outcome.ok && body.drafts.some(draft => isDisputeDraft(draft.body)))
        background(() => disputes.said(body.conversationId))
      return outcome.ok ? { ok: true, results: outcome.results } : refusal(outcome.code)
    },

    sync: (session, member, body) => sync(member, session, body),
    availability: async () => ({ ok: true, ...(await availability()) }),
    typing: (_session, member, body) => typing(member, body.conversationId),
    ...records.visitor,
    ...disputes.visitor,
    fileUrls: (_session, member, body) => fileUrls(member, body),
  }

  // ---- the desk's calls

  async function changeAssignment(
    session: DeskSession,
    by: { readonly member: Member; readonly call: CallName },
    conversationId: string,
    draft: NewEvent,
    plan: Plan,
  ): Promise<Reply<{ assignment: number }>> {
    const outcome = await append(by, conversationId, [draft], plan)
    if (outcome.ok) {
      const { body } = draft
      log({ level: 'info', event: 'assigned', conversation: conversationId, agent: session.agentId })
      return { ok: true, assignment: body.type === 'assigned' ? body.assignment : outcome.row.assignment }
    }
    // The number is taken by somebody else's change: the same news in the store's words.
    return refusal(outcome.code === 'key_reused' ? 'stale_assignment' : outcome.code)
  }

  const deskAnswers: {
    [Name in keyof DeskCalls]: (
      session: DeskSession,
      member: Member,
      body: DeskCalls[Name]['request'],
    ) => Promise<Reply<DeskCalls[Name]['reply']>>
  } = {
    async queue({ agentId }) {
      const [[list, teams], here, hours] = await Promise.all([
        readList([agentId]),
        people.here(),
        settings.hours(),
      ])
      const self = here.find(person => person.agentId === agentId) ?? null
      const moment = { list, teams, here, hours, levels: options.serviceLevels ?? null, now: now() }
      const { of, next } = deskMatching(moment, self)
      const answer = deskAnswer(list, agentId, teams, contestsDue(list.contests, hours), of)
      return { ok: true, ...answer, ...(next && { next }), epoch: await epochOf({ generation: 0 }) }
    },

    async claim(session, member, { conversationId, expected }) {
      const assigned = assignedEvent(expected + 1, agentName(session), 'claimed')
      const draft = journalled(assigned, await routedNow(conversationId))
      return changeAssignment(session, { member, call: 'claim' }, conversationId, draft, claimPlan(expected))
    },

    async release(session, member, { conversationId, expected }) {
      const draft = assignedEvent(expected + 1, null, 'handedOn')
      const by = { member, call: 'release' } as const
      const plan = releasePlan(session, expected)
      return changeAssignment(session, by, conversationId, draft, await orTicket(conversationId, plan))
    },

    async setPriority(session, member, { conversationId, priority }) {
      const row = await store.conversation(conversationId)
      if (!row) return refusal('not_found')
      const by = { member, call: 'setPriority' } as const
      const denied = authorise(member, by.call, row)
      if (denied) return refusal(denied)
      // Asked again, or by two: what holds need not be said twice.
      if (row.phase !== 'ended' && (row.priority ?? 'normal') === priority) return { ok: true }
      // In the server's name: the visitor's page gets this event too, and no agent has spoken to them by it.
      const draft = journalled(
        systemEvent(randomId(), { type: 'prioritised', priority }),
        priorityBy(session, priority),
      )
      const outcome = await append(by, conversationId, [draft], priorityPlan())
      if (!outcome.ok) return refusal(outcome.code)
      const { agentId } = session
      log({ level: 'info', event: 'prioritised', conversation: conversationId, agent: agentId, priority })
      return { ok: true }
    },

    async send(session, member, body) {
      if (!fitsIn(body.drafts, MAX_BATCH_BYTES))
        return refusal('too_large', `one send holds at most ${MAX_BATCH_BYTES} bytes`)
      const author: Author = { kind: 'agent', ...agentName(session) }
      const sender = agentSender(session.agentId)
      // An agent speaks as an agent: what only a visitor's device may say of itself is left out.
      const drafts = body.drafts.map(({ as: _as, origin: _origin, ...draft }) =>
        newEvent(draft, sender, author),
      )
      const by = { member, call: 'send' } as const
      const outcome = await append(by, body.conversationId, drafts, agentPlan(agentName(session), randomId))
      return outcome.ok ? { ok: true, results: outcome.results } : refusal(outcome.code)
    },

    sync: (session, member, body) => sync(member, session, body),
    typing: (_session, member, body) => typing(member, body.conversationId),
    ...records.desk,
    ...people.desk,
    ...settings.desk,
    ...createTicketCalls({ store, append, randomId, log }),
    ...disputes.desk,
    ...createDeliveryCalls({ store, now }),
    ...reviews.desk,
    ...similar.desk,

    async transfer(session, member, { conversationId, expected, to }) {
      const { agent, team, problem } = await people.targetOf(to)
      const draft = assignedEvent(expected + 1, agent, 'transferred', { team, by: agentName(session) })
      const by = { agentId: session.agentId, isLead: agentRole(session.roles) === 'lead' }
      const moves = transferPlan(by, expected, to, problem === null)
      // Whom a colleague gets live is theirs to answer, there or not; a team has nobody yet.
      const plan = agent ? moves : await orTicket(conversationId, moves)
      const reply = await changeAssignment(session, { member, call: 'transfer' }, conversationId, draft, plan)
      if (reply.ok) return reply
      // The codes are told apart by the desk (D34); the sentence says who is not there, and why.
      if (reply.code === 'not_found') return refusal('not_found', problem ?? 'no such conversation')
      if (reply.code === 'forbidden')
        return refusal('forbidden', 'only the agent who has a conversation transfers it, or a lead')
      return reply.code === 'bad_request' ? refusal('bad_request', 'this agent has it already') : reply
    },
    fileUrls: (_session, member, body) => fileUrls(member, body),
  }

  // ---- the door

  async function answer(
    from: Caller,
    name: string,
    body: unknown,
    schemas: Readonly<Record<string, v.GenericSchema>>,
    run: (parsed: never) => Promise<Reply<object>>,
  ): Promise<Reply<object>> {
    const started = closing
      ? refusal('store_unavailable', 'the server is restarting')
      : await admitted(from, name, body, schemas, run)
    if (!started.ok) counts.refused[started.code] = (counts.refused[started.code] ?? 0) + 1
    return started
  }

  async function admitted(
    from: Caller,
    name: string,
    body: unknown,
    schemas: Readonly<Record<string, v.GenericSchema>>,
    run: (parsed: never) => Promise<Reply<object>>,
  ): Promise<Reply<object>> {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined
    if (!schema) return refusal('bad_request', 'no such call')
    const version = versionOf(body)
    if (version !== null && (version < SERVED_VERSIONS.oldest || version > SERVED_VERSIONS.newest))
      return refusal('version_unsupported', `served: ${SERVED_VERSIONS.oldest} to ${SERVED_VERSIONS.newest}`)
    if (hasLongText(body)) return refusal('too_large', `a text holds at most ${MAX_MESSAGE_CHARS} characters`)
    const parsed = v.safeParse(schema, body)
    if (!parsed.success) {
      const wait = await admission.take('calls', from)
      return wait > 0
        ? refusal('rate_limited', undefined, wait)
        : refusal('bad_request', firstIssue(parsed.issues))
    }
    if (from.expiresAt !== undefined && clock.now() >= from.expiresAt) return refusal('unauthenticated')
    try {
      const { kind, cost } = rateOf(name, parsed.output)
      const wait = await admission.take(kind, from, cost)
      if (wait > 0) return refusal('rate_limited', undefined, wait)
      // Calls about no conversation are decided here; the others where their conversation is read.
      const denied = authorise(from.member, name as CallName, null)
      if (denied) return refusal(denied)
      return await run(parsed.output as never)
    } catch (error) {
      log({ level: 'error', event: 'call', call: name, reason: reasonOf(error) })
      return refusal('store_unavailable')
    }
  }

  // ---- what time alone changes

  async function sweep() {
    const at = now()
    const queued = await store.queued()
    // The places that a lost hint did not tell are told here, at no cost: the rows are read anyway.
    await tellPlaces(queueOrder(queued))
    const visitorGone = await goneSince(
      queued.flatMap(({ owner, claimedFrom }) => (claimedFrom === null ? [owner] : [owner, claimedFrom])),
      at,
    )
    for (const row of queued) {
      const { owner, claimedFrom } = row
      const gone = latest([visitorGone(owner), claimedFrom === null ? 'unknown' : visitorGone(claimedFrom)])
      await settleIfDue(row, at, known(gone, row), null)
    }
    // Live ones may be thousands, and all that time alone can do to them is that their agent is gone.
    const talking = await store.agentsTalking()
    await Promise.all([people.look(talking), records.lookAtVisitors()])
    const elsewhere = talking.filter(id => !connections.has(agentSender(id)))
    const agentGone = await goneSince(elsewhere.map(agentSender), at)
    const gone = elsewhere.filter(id => agentGone(agentSender(id)) !== null)
    if (gone.length === 0) return
    for (const row of await store.talkingWith(gone))
      if (row.agent) await settleIfDue(row, at, null, known(agentGone(agentSender(row.agent.agentId)), row))
  }

  async function settleIfDue(
    row: ConversationRow,
    at: number,
    visitorGoneSince: number | null,
    agentGoneSince: number | null,
  ) {
    const due = overdue(row, at, visitorGoneSince, agentGoneSince, timers)
    if (!due) return
    try {
      const rules = await keepRules('timers', timers)
      await settle(row, due, overdueDecision(row, at, visitorGoneSince, agentGoneSince, rules, due))
    } catch (error) {
      // One that cannot be written must not keep the others waiting; the next sweep tries it again.
      notSettled(row, due, reasonOf(error))
    }
  }

  const notSettled = ({ conversationId }: ConversationRow, due: Overdue, reason: string) =>
    log({ level: 'warn', event: 'notSettled', conversation: conversationId, due, reason })

  /** Who is connected here need not be looked up: of N nodes, each asks about the others' people only. */
  async function goneSince(identities: readonly string[], at: number) {
    const elsewhere = new Set(identities.filter(identity => !connections.has(identity)))
    const entries = elsewhere.size === 0 ? [] : await store.presence([...elsewhere], at - ALIVE_MS)
    const found = new Map(entries.map(entry => [entry.identity, entry.online ? null : entry.seenAt]))
    return (identity: string): Gone => {
      if (connections.has(identity)) return null
      return found.has(identity) ? (found.get(identity) ?? null) : 'unknown'
    }
  }

  async function visitorsGoneSince(rows: readonly ConversationRow[]): Promise<readonly Gone[]> {
    const each = rows.map(({ owner, claimedFrom }) => (claimedFrom === null ? [owner] : [owner, claimedFrom]))
    const gone = await goneSince(each.flat(), now())
    return each.map(identities => latest(identities.map(gone)))
  }

  async function settle(row: ConversationRow, due: Overdue, entry: JournalEntry) {
    const said = (outcome: { readonly ok: boolean; readonly code?: string }) => {
      // Stale: somebody came, or left, meanwhile, and that is settled.
      if (!outcome.ok && outcome.code !== 'stale_assignment') notSettled(row, due, outcome.code ?? 'refused')
    }
    if (due === 'agentLost') {
      const draft = journalled(assignedEvent(row.assignment + 1, null, 'agentLost'), entry)
      const plan = agentLostPlan(row.assignment)
      return said(await append(null, row.conversationId, [draft], await orTicket(row.conversationId, plan)))
    }
    // Gone without a way to reach them: a ticket nobody can answer would only look like work. One that was a
    // ticket before stays one: the visitor comes back to it here, and agents must still see it.
    const draft =
      due === 'visitorGone' && !row.contact && !row.ticket
        ? systemEvent(randomId(), { type: 'cancelled' })
        : ticketEvent(row, randomId(), due)
    said(await append(null, row.conversationId, [journalled(draft, entry)], leaveQueuePlan(row.queuedAt)))
  }

  /** D40. Gone for as long as a place in the queue is kept: who reloads a page is not gone. */
  async function orTicket(conversationId: string, plan: Plan): Promise<Plan> {
    const row = await store.conversation(conversationId)
    if (!row?.ticket || row.phase !== 'live') return plan
    const [gone = 'unknown'] = await visitorsGoneSince([row])
    const since = known(gone, row)
    const at = now()
    if (since === null || !isBackToTicket({ phase: row.phase, hasTicket: true }, at, since, timers))
      return plan
    const decided = backToTicketDecision(row.phase, at, since, await keepRules('timers', timers))
    return backToTicketPlan(plan, decided, randomId)
  }

  /** D14: heads of conversations that were joined here, in one question to the store. */
  async function tellHeads(carrier: Carrier, ids: readonly string[], told?: Map<string, string>) {
    if (ids.length === 0) return
    for (const { conversationId, head, generation } of await store.heads(ids)) {
      const epoch = await epochOf({ generation })
      if (told?.get(conversationId) === `${epoch} ${head}`) continue
      told?.set(conversationId, `${epoch} ${head}`)
      carrier.push({
        name: 'head',
        to: { conversationId },
        local: true,
        payload: { conversationId, head, epoch },
      })
    }
  }

  /** Whether the desk's list is still the one that this node's agents were told of. */
  async function lookAtDesk() {
    if (agentsHere() === 0) return records.nobodyHere()
    const [seen, marks, states] = await Promise.all([
      store.deskMark(now() - SHOW_ENDED_MS),
      store.deskMarks(),
      people.states(),
      records.look(),
    ])
    if (seen !== deskTold) push({ name: 'queueChanged', to: 'desk', local: true, payload: {} })
    deskTold = seen
    const found = { ...marks, people: `${marks.people} ${states}` }
    for (const what of ['replies', 'settings', 'people'] as const) {
      // The first look says it too: what changed since an agent read it, and before that look, no hint may have told.
      if (marksTold[what] === found[what]) continue
      marksTold[what] = found[what]
      if (what === 'settings') settings.heardChange()
      push({ name: 'deskChanged', to: 'desk', local: true, payload: { what } })
    }
  }

  /** A restored backup may have been given another epoch by another process. */
  async function lookAtEpoch() {
    const found = await store.epoch()
    epoch = Promise.resolve(found)
  }

  /** All that other nodes may have said unheard, since the look before. Everything, the first time. */
  async function lookAround() {
    await lookAtEpoch()
    const heads = [...carriers].map(carrier => tellHeads(carrier, [...carrier.joined()], headsLooked))
    await Promise.all([...heads, lookAtDesk(), readQueue().then(tellPlaces)])
  }

  /** Asks the database for its time, where it has one of its own. */
  async function setClock() {
    if (!store.now) return
    const asked = clock.now()
    const theirs = await store.now()
    const answered = clock.now()
    if (answered - asked <= CLOCK_WITHIN_MS) skewMs = Math.round(theirs - (asked + answered) / 2)
  }

  // Not all heads at once: five thousand pushes in one turn are a stall that every call in it feels. Who is joined
  // is looked up once a share; what is joined after that is told a round later, still within the 25 s.
  let share = 0
  every(BEACON_SHARE_EVERY_MS, async () => {
    const due = ++share % BEACON_SHARES
    if (due === 0) await lookAtEpoch()
    if (due === 0) background(lookAtDesk)
    for (const carrier of carriers) {
      const ids = [...carrier.joined()].filter(id => shareOf(id) === due)
      for (let from = 0; from < ids.length; from += HEADS_AT_ONCE) {
        const tell = () => background(() => tellHeads(carrier, ids.slice(from, from + HEADS_AT_ONCE)))
        if (from === 0) tell()
        else later((from / ids.length) * BEACON_SHARE_EVERY_MS, tell)
      }
    }
  })
  every(BEAT_EVERY_MS, async () => {
    await setClock()
    // What the store could not take when it happened: an agent who left would be beaten alive for ever.
    await Promise.all([...unnoted].map(notePresence))
    await store.beat(node, now(), now() - FORGET_PRESENCE_MS)
  })
  background(setClock)
  const { others } = options
  const stopListening = others?.onChange(() => {
    // What was said in between went unheard.
    if (others.areReached()) background(() => lookAround().finally(() => headsLooked.clear()))
  })
  if (others)
    every(LOOK_EVERY_MS, async () => {
      if (!others.areReached()) await lookAround()
    })
  every(SWEEP_EVERY_MS, sweep)
  // By itself: one that fails keeps no visitor of a lost agent waiting.
  every(SWEEP_EVERY_MS, () => disputes.sweep())
  if (options.reviews) every(LOOK_FOR_REVIEWS_MS, reviews.look)

  /** A timer that ends with the desk: one that is left would keep the process. */
  function later(ms: number, task: () => void) {
    if (stopped) return
    const undo = clock.after(ms, () => {
      pendingTimers.delete(undo)
      task()
    })
    pendingTimers.add(undo)
  }

  function endTimers() {
    for (const undo of pendingTimers) undo()
    pendingTimers.clear()
    stopListening?.()
  }

  function every(ms: number, run: () => Promise<unknown>) {
    later(ms, () => {
      if (stopped) return
      background(run)
      every(ms, run)
    })
  }

  async function notePresence(identity: string) {
    const isConnected = connections.has(identity)
    await store.setPresence({ identity, node, connected: isConnected, at: now() })
    if (isAgent(identity)) people.changed(identity.slice(agentSender('').length))
    if (connections.has(identity) === isConnected) unnoted.delete(identity)
  }

  function connected(identity: string): Undo {
    const note = () => {
      unnoted.add(identity)
      background(() => notePresence(identity))
    }
    const count = connections.get(identity) ?? 0
    connections.set(identity, count + 1)
    if (count === 0) note()
    let gone = false
    return () => {
      if (gone) return
      gone = true
      const left = (connections.get(identity) ?? 1) - 1
      if (left > 0) connections.set(identity, left)
      else {
        connections.delete(identity)
        note()
      }
    }
  }

  return {
    visitorCall(session, name, body) {
      const { identities, address = null, expiresAt } = session
      const member: Member = { kind: 'visitor', identities }
      return track(
        answer({ identity: identities[0], address, member, expiresAt }, name, body, visitorRequests, parsed =>
          visitorAnswers[name as keyof typeof visitorAnswers](
            session,
            member,
            again.call(name as keyof VisitorCalls, parsed) as never,
          ),
        ),
      )
    },
    deskCall(session, name, body) {
      const { agentId, roles, address = null } = session
      const member: Member = { kind: 'agent', agentId, role: agentRole(roles) }
      return track(
        answer({ identity: agentSender(agentId), address, member }, name, body, deskRequests, parsed =>
          deskAnswers[name as keyof typeof deskAnswers](session, member, parsed),
        ),
      )
    },
    availability,
    addCarrier(carrier) {
      carriers.add(carrier)
      const stopHearing = carrier.onQueueMoved?.(lookAtPlaces)
      const stopHearingDesk = carrier.onDeskChanged?.(what => {
        delete marksTold[what]
        if (what === 'people') people.heardChange()
        if (what === 'settings') settings.heardChange()
      })
      return () => {
        stopHearing?.()
        stopHearingDesk?.()
        carriers.delete(carrier)
      }
    },
    visitorConnected: connected,
    agentConnected(agentId, as) {
      if (as) background(() => people.seen(as))
      return connected(agentSender(agentId))
    },
    agentSignedIn: agent => background(() => people.cameBack(agent)),
    visitorSeen(identity) {
      background(() => store.setPresence({ identity, node: `${node}.http`, connected: false, at: now() }))
    },
    metrics: () => ({ ...counts, refused: { ...counts.refused } }),
    async close() {
      push({ name: 'restart', to: 'all', local: true, payload: {} })
      closing = true
      while (underWay.size > 0) await Promise.allSettled([...underWay])
      stopped = true
      endTimers()
    },
    stop() {
      endTimers()
      stopped = true
      closing = true
      carriers.clear()
    },
  }
}

/** Since when somebody is gone: a moment, null while there, or nobody ever saw them connected. */
type Gone = number | null | 'unknown'

/** Two identities of one visitor: there when either is, else gone since the later one was seen. */
function latest(all: readonly Gone[]): Gone {
  if (all.includes(null)) return null
  const moments = all.filter(gone => typeof gone === 'number')
  return moments.length > 0 ? Math.max(...moments) : 'unknown'
}

/** Nobody saw them: they were there when the conversation last moved. */
function known(gone: Gone, row: ConversationRow): number | null {
  return gone === 'unknown' ? row.lastAt : gone
}

/** Who calls, for the limits and for `authorise`. */
interface Caller {
  readonly identity: string
  readonly address: string | null
  readonly member: Member
  readonly expiresAt?: number | undefined
}

/** Which limit a call counts towards, and for how much. */
function rateOf(name: string, body: unknown): { kind: RateKind; cost: number } {
  // A row written, and looked up by who reads along: 60 pages in 15 s is no person's pace.
  if (name === 'page') return { kind: 'calls', cost: 5 }
  // Reads a conversation for each row.
  if (name === 'deliveries') return { kind: 'calls', cost: 10 }
  // Looks through what ended since the last one, or the newest of what was solved.
  if (name === 'reviews' || name === 'similar') return { kind: 'calls', cost: 5 }
  if (name === 'send') return { kind: 'drafts', cost: (body as { drafts: unknown[] }).drafts.length }
  return {
    kind: name === 'open' || name === 'openDispute' ? 'opens' : name === 'typing' ? 'typing' : 'calls',
    cost: 1,
  }
}

/** What the token says replaces what the device says, and is named: an agent must know which is which. */
function signedFacts(session: VisitorSession, told: VisitorFacts): VisitorFacts {
  const { name, role, email, attributes = {} } = session
  const facts = { ...(name && { name }), ...(role && { role }), ...(email && { email }) }
  return {
    ...told,
    ...facts,
    attributes: { ...told.attributes, ...attributes },
    signed: [...Object.keys(facts), ...Object.keys(attributes).map(key => `attributes.${key}`)],
  }
}

/** Since when the one who waits longest does. */
function longestWait(queue: readonly QueuedConversation[]): number | null {
  let since: number | null = null
  for (const { queuedAt } of queue)
    if (queuedAt !== null && (since === null || queuedAt < since)) since = queuedAt
  return since
}

/** What goes over the wire of it. */
function toldOf(expected: ExpectedWait | null): Pick<Availability, 'expectedWaitMs' | 'expectedRange'> {
  if (!expected) return { expectedWaitMs: null, expectedRange: null }
  const { medianMs, lowMs, highMs } = expected
  return { expectedWaitMs: medianMs, expectedRange: { lowMs, highMs } }
}

/** Whether it would be another promise to who reads it. */
function isNews(told: ExpectedWait | null, expected: ExpectedWait | null): boolean {
  if (!told || !expected) return told !== expected
  const isOther = (before: number, after: number) =>
    Math.abs(after - before) > SAY_AGAIN_FROM * Math.max(before, after)
  return isOther(told.lowMs, expected.lowMs) || isOther(told.highMs, expected.highMs)
}

const isAgent = (identity: string) => identity.startsWith(agentSender(''))

/** Which turn of the beacon is this conversation's: ids are random, so that all turns get alike many. */
function shareOf(conversationId: string): number {
  let sum = 0
  for (let i = 0; i < conversationId.length; i++) sum = (sum * 31 + conversationId.charCodeAt(i)) % 65_521
  return sum % BEACON_SHARES
}

function visitorAuthor(name: string | undefined): Author {
  return { kind: 'visitor', ...(name && { name }) }
}

function agentName({ agentId, name }: DeskSession) {
  return { agentId, name }
}

/** What the device says its bot said is marked as such, whatever the device claims (D23). */
function newEvent(draft: Draft, sender: string, author: Author): NewEvent {
  const isBot = draft.as === 'bot'
  return {
    sender,
    clientId: draft.clientId,
    author: isBot ? { kind: 'bot' } : author,
    ...((isBot || draft.origin) && { origin: 'device' as const }),
    ...(draft.saidAt !== undefined && { saidAt: draft.saidAt }),
    ...(draft.expectedAssignment !== undefined && { expectedAssignment: draft.expectedAssignment }),
    body: draft.body,
  }
}

/** As many as one frame holds (D19), one at least: a slow line could never take 200 long messages at once. */
function inOneFrame(events: readonly StoredEvent[]): readonly StoredEvent[] {
  // Room for the reply around them.
  let left = MAX_FRAME_BYTES - 1_024
  if (fitsIn(events, left)) return events
  const end = events.findIndex((event, n) => {
    left -= jsonBytes(event) + 1
    return left < 0 && n > 0
  })
  return end < 0 ? events : events.slice(0, end)
}

function versionOf(body: unknown): number | null {
  const version = (body as { v?: unknown } | null)?.v
  return typeof version === 'number' ? version : null
}

/** Told apart from other malformed bodies, because a person can act on it. */
function hasLongText(body: unknown): boolean {
  const { drafts, text } = (body ?? {}) as { drafts?: unknown; text?: unknown }
  if (typeof text === 'string') return text.length > MAX_MESSAGE_CHARS
  if (!Array.isArray(drafts)) return false
  return drafts.some(draft => {
    const text = (draft as { body?: { text?: unknown } | null } | null)?.body?.text
    return typeof text === 'string' && text.length > MAX_MESSAGE_CHARS
  })
}

/** A reason for the log: the sentence of a known error, the bare name of an unknown one (it may quote a body). */
function reasonOf(error: unknown): string {
  if (error instanceof AskletError) return error.message
  return error instanceof Error ? error.name : 'unknown'
}

export type { Refusal }
