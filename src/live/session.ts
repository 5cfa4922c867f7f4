// The live half of a conversation on this device, as a value: what is known, what is on its way, what is waited for.
// Pure: a session and something that happened go in, a session and things to do come out. Holds no clock, no
// storage, no carrier and no signal; `liveModel` does what is asked for here and reports how it went.
//
//   send -> rows (shown) -> save -> saved -> request -> ok -> event through the door -> row gone
//                                            ^ one at a time, after the first sync of each connect
//
// Refuses to put on the wire what is not saved yet, and to show what does not follow on what is shown.

import { resendWaitMs } from '../base/backoff'
import type { Draft, StoredEvent, VisitorBody } from '../protocol/events'
import { SYNC_PAGE } from '../protocol/limits'
import { type ConversationState, EMPTY_STATE, foldEvent } from '../protocol/phase'
import type { Author, Brief } from '../protocol/records'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { ExpectedRange, Pushes, Reply, SyncPage, VisitorCalls } from '../protocol/wire'
import {
  ASK_AFTER_MS,
  type Cursor,
  isBehind,
  noteHead,
  type Received,
  receivePage,
  receivePush,
  START,
} from './catchUp'
import type { LinkState, NoAnswer } from './liveTransport'
import {
  discard,
  dropStored,
  enqueue,
  holdsBack,
  isRating,
  isReopening,
  isStuck,
  isVisitors,
  merge,
  nextSend,
  type Outbox,
  type OutboxRow,
  recall,
  sendAgain,
  settle,
  wake,
} from './outbox'
import type { AgentPresence, TabMessage, Thread } from './tabs'

export type Timer = 'gap' | 'resend' | 'mark' | 'typing'

export interface Session {
  /** Whose words these are; never sent under another (D12). */
  readonly identity: string
  /** This tab holds the link and drains the outbox (D17). */
  readonly leads: boolean
  readonly thread: Thread | null
  readonly cursor: Cursor
  /** 1, 2, 3 … without holes. */
  readonly events: readonly StoredEvent[]
  /** The fold of `events`. */
  readonly state: ConversationState
  /** Own words that are not among `events` yet. */
  readonly rows: Outbox
  readonly link: LinkState
  readonly isStranded: boolean
  readonly isAgentTyping: boolean
  /** Of the agent who has it; null: not known, or nobody has it. */
  readonly agentPresence: AgentPresence | null
  readonly place: number | null
  readonly expectedWaitMs: number | null
  readonly expectedRange: ExpectedRange | null

  /** Saves under way: nothing goes on the wire meanwhile. */
  readonly saving: number
  readonly isSending: boolean
  readonly isSyncing: boolean
  readonly syncFailures: number
  /** This connect has seen all there was: what an older connect left unknown is known. */
  readonly isSynced: boolean
  /** Counts connects; an answer to an older one steers nothing. */
  readonly connect: number
  /** The openIds let go of ('': not known which): what a slow disk still says of them is of yesterday. */
  readonly left: readonly string[]
  /** Ids of rows that are stored, handed back or thrown away: what a slow or full disk still has of them is of yesterday. */
  readonly gone: readonly string[]
  /** Typed in this tab and not known to be stored. */
  readonly typedHere: readonly string[]
  /** Timers that run and must not be set again meanwhile. */
  readonly waiting: readonly Timer[]
  /** Highest seq that the visitor has seen. */
  readonly seen: number
  /** Highest seq of a message of an agent's, and what has been said about it. */
  readonly said: number
  readonly marked: { readonly delivered: number; readonly read: number }
}

/** A call on the wire, with what it was made for. */
export type Asked =
  | {
      readonly call: 'sync'
      readonly body: VisitorCalls['sync']['request']
      readonly openId: string
      readonly connect: number
    }
  | {
      readonly call: 'open' | 'send'
      readonly body: VisitorCalls['open']['request'] | VisitorCalls['send']['request']
      readonly openId: string
      readonly ids: readonly string[]
    }

/** What comes back for any of them. */
export type Answer = Reply<Partial<SyncPage> & Partial<VisitorCalls['send']['reply']>> | NoAnswer

export type Input =
  /** What this device knew when the page came. */
  | {
      readonly type: 'loaded'
      readonly thread: Thread
      readonly rows: Outbox
      readonly events: readonly StoredEvent[]
    }
  /** This tab leads from now on. The former leader may have gone in the middle: this is all that the disk has. */
  | { readonly type: 'led'; readonly rows: Outbox; readonly thread: Thread | null }
  /** This tab leads and looked once more: what the disk holds now. */
  | { readonly type: 'found'; readonly rows: Outbox }
  | { readonly type: 'link'; readonly link: LinkState }
  | { readonly type: 'stranded'; readonly isStranded: boolean }
  | { readonly type: 'events'; readonly push: Pushes['events'] }
  | { readonly type: 'head'; readonly push: Pushes['head'] }
  | { readonly type: 'place'; readonly push: Pushes['place'] }
  | { readonly type: 'agentTyping'; readonly push: Pushes['typing'] }
  | { readonly type: 'agentPresence'; readonly push: Pushes['agentPresence'] }
  | { readonly type: 'heard'; readonly message: TabMessage }
  | { readonly type: 'answered'; readonly asked: Asked; readonly answer: Answer }
  /** A `save` is on the disk, or was refused and the words go on from memory. */
  | { readonly type: 'saved' }
  | { readonly type: 'timer'; readonly timer: Timer }
  /** A page picks up what was loaded. */
  | { readonly type: 'resumed' }
  | {
      readonly type: 'opened'
      readonly brief: Brief
      readonly earlierTurns: readonly Draft<VisitorBody>[]
      readonly handoff: Draft<VisitorBody>
    }
  | { readonly type: 'typed'; readonly draft: Draft<VisitorBody> }
  | { readonly type: 'seen'; readonly seq: number }
  | { readonly type: 'retried'; readonly clientId: string }
  | { readonly type: 'discarded'; readonly clientId: string }
  | { readonly type: 'left'; readonly forgetsSecret: boolean }
  /** The visitor goes on with a conversation that another device or an earlier page opened. */
  | { readonly type: 'joined'; readonly conversationId: string }

export type Effect =
  /**
   * All of `thread` and `rows` or none, and where it worked (or there was nothing to save) the rows `forget` go;
   * then `tell`, then `saved`.
   */
  | {
      readonly do: 'save'
      /** Undefined: as it is. */
      readonly thread?: Thread | null
      readonly rows: readonly OutboxRow[]
      readonly forget: readonly string[]
      readonly tell: readonly TabMessage[]
      /** Where it cannot be saved, nothing of what lies there may come back as the truth. */
      readonly orNothing?: boolean
      /** Somebody waits for `saved`. */
      readonly isAwaited: boolean
    }
  /** A copy for the next page load. Losing it costs one read from the server, so nothing waits for it. */
  | {
      readonly do: 'cache'
      readonly conversationId: string
      readonly epoch: string
      readonly events: readonly StoredEvent[]
      readonly dropsOthers: boolean
    }
  | { readonly do: 'ask'; readonly asked: Asked }
  | { readonly do: 'after'; readonly timer: Timer; readonly ms: number }
  | { readonly do: 'tell'; readonly message: TabMessage }
  /** A conversation waits on this device, or no longer. */
  | { readonly do: 'await'; readonly isAwaited: boolean }
  /**
   * Lets go of this conversation on the disk and of all that belongs to it, and hands back what was there and is not
   * `gone`: words of other tabs. Then tells these. Where another one was saved since, that one stays.
   */
  | { readonly do: 'leave'; readonly openId?: string; readonly forgetsSecret: boolean }
  /** Words that lost their conversation: the visitor gets them back, and the disk forgets them. */
  | { readonly do: 'handBack'; readonly rows: readonly OutboxRow[] }
  /** Perhaps the visitor signed out elsewhere: connect again with the proofs of now. */
  | { readonly do: 'proveAnew' }

/** When and by which chance. */
export interface Moment {
  /** This device's clock, milliseconds. */
  readonly now: number
  /** In [0, 1). */
  random(): number
  randomId(): string
}

/** A typing sign is repeated every 3 s; missing two means stopped. Milliseconds. */
const TYPING_LASTS_MS = 6_000
/** Marks are events too: a burst of messages is marked once. Milliseconds. */
const MARK_AFTER_MS = 400
/** A server that knows less than it said is asked again, but not in a hot loop. Milliseconds. */
const NO_STEP_FORWARD_MS = 1_000

/** What tabs do further apart than this, they have heard of. Milliseconds. */
const AT_ONCE_MS = 10_000

const UNMARKED = { delivered: 0, read: 0 }

export function emptySession(identity: string): Session {
  return {
    identity,
    leads: false,
    thread: null,
    cursor: START,
    events: [],
    state: EMPTY_STATE,
    rows: [],
    link: 'offline',
    isStranded: false,
    isAgentTyping: false,
    agentPresence: null,
    place: null,
    expectedWaitMs: null,
    expectedRange: null,
    saving: 0,
    isSending: false,
    isSyncing: false,
    syncFailures: 0,
    isSynced: false,
    connect: 0,
    left: [],
    gone: [],
    typedHere: [],
    waiting: [],
    seen: 0,
    said: 0,
    marked: UNMARKED,
  }
}

/** Own: said by this visitor or reported by this visitor's device. */
export const isVisitorSide = (author: Author): boolean => author.kind === 'visitor' || author.kind === 'bot'

/** The session while something that happened is worked in, and what is to be done about it. */
interface Work {
  s: { -readonly [Key in keyof Session]: Session[Key] }
  readonly effects: Effect[]
  readonly at: Moment
}

/** What becomes of a session when something happens. */
export function step(
  session: Session,
  input: Input,
  at: Moment,
): { readonly session: Session; readonly effects: readonly Effect[] } {
  const work: Work = { s: { ...session }, effects: [], at }
  take(work, input)
  return { session: work.s, effects: work.effects }
}

function take(work: Work, input: Input): void {
  const { s, at } = work
  switch (input.type) {
    case 'loaded':
      // Another tab told more while the disk was read.
      if (s.thread) return void takeNew(work, input.rows)
      if (s.left.length) return
      s.thread = input.thread
      takeNew(work, input.rows)
      // The cache counts as a page of its epoch: it goes through the same door.
      if (input.thread.epoch && input.events.length)
        show(work, receivePage(START, { events: input.events, head: 0, epoch: input.thread.epoch }, 0), true)
      return
    case 'found':
      return find(work, input.rows)
    case 'led':
      s.leads = true
      lead(work, input)
      return
    case 'link':
      if (!s.leads) return
      s.link = input.link
      s.connect++
      s.isSynced = s.isSyncing = false
      // Without a link nothing is known of who is there, and to say so would be a guess.
      s.agentPresence = null
      if (input.link === 'online') {
        s.syncFailures = 0
        commit(work, wake(s.rows))
        sync(work)
        drain(work)
      }
      return shareLink(work)
    case 'stranded':
      if (!s.leads) return
      s.isStranded = input.isStranded
      return shareLink(work)
    case 'events':
      if (isOurs(s, input.push)) show(work, receivePush(s.cursor, input.push.epoch, input.push.events))
      return
    case 'head':
      if (isOurs(s, input.push)) noteSeq(work, input.push.epoch, input.push.head)
      return
    case 'place':
      if (!isOurs(s, input.push) || s.state.phase !== 'queued') return
      s.place = input.push.place
      s.expectedWaitMs = input.push.expectedWaitMs
      s.expectedRange = input.push.expectedRange ?? null
      return shareLink(work)
    case 'agentTyping':
      if (!isOurs(s, input.push) || input.push.who !== 'agent') return
      showTyping(work)
      return tell(work, { type: 'agentTyping', thread: s.thread?.openId ?? '' })
    case 'agentPresence':
      if (!isOurs(s, input.push) || s.state.phase !== 'live') return
      s.agentPresence = input.push.state
      return shareLink(work)
    case 'heard':
      return hear(work, input.message)
    case 'answered':
      return answered(work, input.asked, input.answer)
    case 'saved':
      s.saving--
      return drain(work)
    case 'timer':
      s.waiting = s.waiting.filter(timer => timer !== input.timer)
      if (input.timer === 'typing') s.isAgentTyping = false
      else if (input.timer === 'mark') mark(work)
      else if (input.timer === 'resend') drain(work)
      // Without a first page of this connect there is something to ask for, too.
      else if (isBehind(s.cursor) || (s.leads && !s.isSynced)) sync(work)
      return
    case 'resumed':
      return sync(work)
    case 'opened':
      return open(work, input)
    case 'typed':
      s.typedHere = [...s.typedHere, input.draft.clientId]
      put(work, [input.draft])
      if (['rated', 'reopened'].includes(input.draft.body.type))
        work.effects.push({ do: 'await', isAwaited: isAwaited(s) })
      return
    case 'seen':
      if (input.seq <= s.seen) return
      s.seen = input.seq
      if (s.leads) markSoon(work)
      else tell(work, { type: 'seen', thread: s.thread?.openId ?? '', read: input.seq })
      return
    case 'retried':
      commit(work, sendAgain(s.rows, input.clientId, at.now))
      return drain(work)
    case 'discarded':
      commit(work, discard(s.rows, input.clientId))
      return goOn(work)
    case 'left':
      return leave(work, input.forgetsSecret)
    case 'joined':
      return takePart(work, input.conversationId)
  }
}

// ---- keeping

const isMark = (row: OutboxRow) => row.draft?.body.type === 'marked'

/**
 * `sending` is not saved: after a crash its outcome is unknown either way. `sent` is in the server's hands. And
 * what is on its way again after silence is on the disk already.
 */
function isWorthSaving(row: OutboxRow, before: OutboxRow | undefined): boolean {
  if (isMark(row)) return false
  return row.state === 'queued'
    ? before === undefined || before.state === 'sent' || isStuck(before)
    : isStuck(row)
}

/** Shows `next`, saves what must survive, then tells the other tabs: the leader sends only what is saved. */
function commit(work: Work, next: Outbox, opened?: Thread): void {
  const { s } = work
  if (next === s.rows) return
  const before = new Map(s.rows.map(row => [row.clientId, row]))
  const changed = next.filter(row => before.get(row.clientId) !== row)
  const rows = changed.filter(row => isWorthSaving(row, before.get(row.clientId)))
  for (const row of next) before.delete(row.clientId)
  s.rows = next
  const { thread } = s
  if (!thread) return
  const gone = [...before.keys()]
  letGo(work, gone)
  const forget = [...gone, ...idsOf(changed.filter(row => row.state === 'sent'))]
  const messages: TabMessage[] = []
  if (changed.length) messages.push({ type: 'rows', thread: thread.openId, rows: changed })
  if (gone.length) messages.push({ type: 'gone', thread: thread.openId, clientIds: gone })
  if (opened || rows.length || forget.length)
    save(work, { rows, forget, tell: messages, ...(opened && { thread: opened }) })
  else for (const message of messages) tell(work, message)
}

function save(work: Work, what: Partial<Omit<Extract<Effect, { do: 'save' }>, 'do' | 'isAwaited'>>): void {
  const isAwaited = what.thread !== undefined || (what.rows?.length ?? 0) > 0
  if (isAwaited) work.s.saving++
  work.effects.push({ do: 'save', rows: [], forget: [], tell: [], ...what, isAwaited })
}

function setThread(work: Work, thread: Thread): void {
  work.s.thread = thread
  tell(work, { type: 'thread', thread })
  save(work, { thread })
}

function tell(work: Work, message: TabMessage): void {
  work.effects.push({ do: 'tell', message })
}

/** Starts a timer, unless it runs already. */
function wait(work: Work, timer: Timer, ms: number): void {
  if (work.s.waiting.includes(timer)) return
  work.s.waiting = [...work.s.waiting, timer]
  work.effects.push({ do: 'after', timer, ms })
}

/** Starts a timer anew. */
function waitAnew(work: Work, timer: Timer, ms: number): void {
  work.s.waiting = work.s.waiting.filter(each => each !== timer)
  wait(work, timer, ms)
}

function clear(work: Work, thread: Thread | null): void {
  const { identity, leads, link, isStranded, saving, isSending, connect, waiting, typedHere, left, gone } =
    work.s
  Object.assign(work.s, emptySession(identity), {
    leads,
    link,
    isStranded,
    saving,
    isSending,
    connect,
    waiting,
    typedHere,
    left,
    gone,
    thread,
  })
}

function lead(work: Work, { rows, thread: kept }: Extract<Input, { type: 'led' }>): void {
  const { s } = work
  // Saved by a tab that was gone before it could tell.
  if (!s.thread && kept && !hasLeft(s, kept.openId)) clear(work, kept)
  // Opened, or opened once more after a backup was put back, by a leader that was gone before it could tell.
  else if (kept?.conversationId && kept.openId === s.thread?.openId) s.thread = kept
  // Or another one, while this one was not opened yet.
  else if (kept?.conversationId && s.thread?.conversationId === null && !hasLeft(s, kept.openId)) {
    const { rows: own, thread } = s
    clear(work, kept)
    s.left = [...s.left, thread.openId]
    join(work, own)
  }
  const { thread } = s
  if (!thread) {
    if (!s.left.length) handBack(work, rows)
    return
  }
  const others = takeNew(work, rows)
  // Told by a tab that was gone before it had saved: nobody can open this conversation any more.
  if (thread.conversationId === null && !s.rows.some(row => row.brief)) return leave(work)
  takeOver(work, others)
  const holds = { type: 'thread', thread, isLeaders: true } as const
  if (s.saving === 0) tell(work, holds)
  // Behind what is being saved: what nobody could find must not hold.
  else save(work, { tell: [holds] })
}

const hasLeft = ({ left }: Session, openId: string) => left.includes(openId) || left.includes('')

/** Of other conversations: what was still to be opened joins this one, the rest goes back to the visitor. */
function takeOver(work: Work, others: Outbox): void {
  const unopened = new Set(others.filter(row => row.brief).map(row => row.thread))
  const joining = others.filter(row => unopened.has(row.thread))
  if (joining.length) join(work, joining)
  handBack(
    work,
    others.filter(row => !unopened.has(row.thread)),
  )
}

/** Saved by a tab that was gone before it could tell: nobody else would send these before the next page. */
function find(work: Work, found: Outbox): void {
  const { s, at } = work
  if (!s.thread) return
  const others = takeNew(work, found)
  // A tab that is there is about to tell of its own; by now it would have.
  takeOver(
    work,
    others.filter(row => Math.abs(at.now - row.queuedAt) > AT_ONCE_MS),
  )
  drain(work)
}

/**
 * What the disk knows and this tab does not; returns what is of other conversations. Of what both know this tab knows
 * more: it was told after the disk, and a disk that is full holds what was before.
 */
function takeNew(work: Work, rows: Outbox): Outbox {
  const { s } = work
  const news = withoutGone(work, rows).filter(
    row => !isStored(s, row) && s.rows.every(each => each.clientId !== row.clientId),
  )
  const openId = s.thread?.openId
  s.rows = merge(
    s.rows,
    // Their last outcome is unknown.
    news
      .filter(row => row.thread === openId)
      .map(row => ({ ...row, attempts: Math.max(1, row.attempts), notBefore: 0 })),
  )
  return news.filter(row => row.thread !== openId)
}

/** A disk that was full could not forget them: the leader has that done now, and tells who believes it. */
function withoutGone(work: Work, rows: Outbox): Outbox {
  const { s } = work
  const isGone = ({ clientId }: OutboxRow) =>
    s.gone.includes(clientId) && s.rows.every(row => row.clientId !== clientId)
  const forget = idsOf(rows.filter(isGone))
  if (s.leads && forget.length)
    save(work, { forget, tell: [{ type: 'gone', thread: s.thread?.openId ?? '', clientIds: forget }] })
  return rows.filter(row => !isGone(row))
}

const idsOf = (rows: Outbox) => rows.map(row => row.clientId)

function letGo({ s }: Work, ids: readonly string[]): void {
  s.gone = [...new Set([...s.gone, ...ids])]
}

function handBack(work: Work, rows: readonly OutboxRow[]): void {
  letGo(work, idsOf(rows))
  const lost = rows.filter(row => row.state !== 'sent')
  if (lost.length) work.effects.push({ do: 'handBack', rows: lost })
}

/** What was typed in this very tab; the others get back what was typed in them. */
function handBackOwn(work: Work): void {
  const { rows, typedHere } = work.s
  handBack(
    work,
    rows.filter(row => typedHere.includes(row.clientId)),
  )
}

function leave(work: Work, forgetsSecret = false): void {
  const { rows, thread } = work.s
  if (!forgetsSecret) handBack(work, rows)
  letGo(work, idsOf(rows))
  clear(work, null)
  const openId = thread?.openId
  // Who signs out waits for no disk: what else lies there has no name yet.
  work.s.left = [...work.s.left, openId ?? '', ...(forgetsSecret ? [''] : [])]
  work.effects.push(
    { do: 'await', isAwaited: false },
    { do: 'leave', forgetsSecret, ...(openId && { openId }) },
  )
}

/**
 * This device's conversation from now on; the one before is let go of, and stays with the server. Its name among tabs
 * is a new one each time: one that was let go of before is not believed again. The server says who may.
 */
function takePart(work: Work, conversationId: string): void {
  const { s, at } = work
  if (s.thread?.conversationId === conversationId) return sync(work)
  if (s.thread) leave(work)
  const thread = { openId: at.randomId(), conversationId, epoch: '' }
  clear(work, thread)
  work.effects.push({ do: 'await', isAwaited: true })
  // Behind what is let go of: a tab that hears both must hear that one first.
  save(work, { thread, tell: [{ type: 'thread', thread, isLeaders: s.leads }] })
  sync(work)
}

/**
 * Two tabs asked for a person at once, before either had heard of the other: the leader's conversation holds, and
 * what was said in the other tab joins it. Both tabs do this, for either may be gone; the ids are the same.
 */
function join(work: Work, rows: Outbox): void {
  const { s, at } = work
  const { thread } = s
  if (!thread) return
  // A tab that slept through the rest may think so of words that were sent long ago.
  const isFresh = (row: OutboxRow) => at.now - row.queuedAt < AT_ONCE_MS
  const words = withoutGone(work, rows).filter(
    row => !row.brief && row.identity === s.identity && !isStored(s, row),
  )
  const moved = words.filter(isFresh).map(row => ({ ...row, thread: thread.openId }))
  handBack(
    work,
    words.filter(row => !isFresh(row)),
  )
  s.rows = merge(s.rows, moved)
  save(work, {
    thread,
    rows: moved,
    forget: idsOf(rows.filter(row => row.brief)),
    orNothing: true,
    tell: [{ type: 'rows', thread: thread.openId, rows: moved }],
  })
}

// ---- receiving

const isOurs = (s: Session, push: { readonly conversationId: string }) =>
  push.conversationId === s.thread?.conversationId

function show(work: Work, { cursor, show: shown, restarted }: Received, isCached = false): void {
  const { s } = work
  s.cursor = cursor
  if (restarted) {
    // Perhaps stored no longer.
    const voided = new Set(s.events.map(event => event.clientId))
    s.gone = s.gone.filter(id => !voided.has(id))
    s.events = []
    s.state = EMPTY_STATE
    s.said = 0
    s.marked = UNMARKED
    // What an older backup does not have is still here, if the page is: it goes once more, under the same id.
    commit(work, recall(s.rows, s.thread?.openId ?? ''))
  }
  if (shown.length) {
    // As a block: item by item a long conversation would be felt.
    s.events = s.events.concat(shown)
    const { assignment } = s.state
    s.state = shown.reduce(foldEvent, s.state)
    // Said of somebody else.
    if (s.state.assignment !== assignment || s.state.phase !== 'live') s.agentPresence = null
    dropDone(work, shown)
    for (const { author, body, seq } of shown) {
      if (author.kind === 'agent') s.isAgentTyping = false
      if (author.kind === 'agent' && body.type === 'message') s.said = seq
      if (author.kind === 'visitor' && body.type === 'marked')
        s.marked = {
          delivered: Math.max(s.marked.delivered, body.delivered),
          read: Math.max(s.marked.read, body.read),
        }
    }
  }
  if (s.state.phase !== 'queued') s.place = s.expectedWaitMs = s.expectedRange = null
  if (isCached) return
  if (s.leads && (shown.length || restarted)) {
    // The first events of a conversation make room: one of before may have been left by a page that was killed.
    const dropsOthers = restarted || shown[0]?.seq === 1
    const conversationId = s.thread?.conversationId ?? ''
    work.effects.push({ do: 'cache', conversationId, epoch: cursor.epoch, events: shown, dropsOthers })
    if (shown.length) sharePage(work, (shown[0]?.seq ?? 1) - 1)
    markSoon(work)
  }
  if (shown.length) work.effects.push({ do: 'await', isAwaited: isAwaited(s) })
  if (s.leads && s.thread && s.thread.epoch !== cursor.epoch)
    setThread(work, { ...s.thread, epoch: cursor.epoch })
  watchGap(work)
}

/** The stored copies take over; their rows have done their work. */
function dropDone(work: Work, events: readonly StoredEvent[]): void {
  const { s } = work
  const rest = dropStored(s.rows, events, event => isVisitorSide(event.author))
  if (rest === s.rows) return
  s.typedHere = s.typedHere.filter(id => rest.some(row => row.clientId === id))
  const left = new Set(rest)
  const done = idsOf(s.rows.filter(row => !left.has(row)))
  letGo(work, done)
  save(work, { forget: done })
  s.rows = rest
}

/** The visitor has no word in anything here any more: a mark that was refused, say, is nothing to keep. */
const isAllSent = (s: Session) =>
  s.rows.every(row => row.state === 'sent' || (isStuck(row) && !isVisitors(row) && !holdsBack(row)))

/** A person owes this visitor something, or the handoff is still on its way. */
function isAwaited(s: Session): boolean {
  return (
    ['offered', 'queued', 'live', 'ticketed'].includes(s.state.phase) ||
    // And a rating of what is over, or that it is not, until the server has it: the next page sends it.
    s.rows.some(
      row =>
        row.draft?.body.type === 'handoffReady' || ((isRating(row) || isReopening(row)) && !isStuck(row)),
    )
  )
}

function noteSeq(work: Work, epoch: string, seq: number): void {
  work.s.cursor = noteHead(work.s.cursor, epoch, seq)
  watchGap(work)
}

/** A hole older than 250 ms is asked for; overtaking alone closes by itself. */
function watchGap(work: Work): void {
  if (isBehind(work.s.cursor) && !work.s.isSyncing) wait(work, 'gap', ASK_AFTER_MS)
}

function showTyping(work: Work): void {
  work.s.isAgentTyping = true
  waitAnew(work, 'typing', TYPING_LASTS_MS)
}

function sync(work: Work): void {
  const { s } = work
  const { thread, cursor } = s
  if (!thread) return
  if (!s.leads) {
    tell(work, { type: 'want', thread: thread.openId, after: cursor.last, epoch: cursor.epoch })
    if (isBehind(cursor)) wait(work, 'gap', NO_STEP_FORWARD_MS)
    return
  }
  if (s.isSyncing || s.link !== 'online' || thread.conversationId === null) return
  s.isSyncing = true
  work.effects.push({
    do: 'ask',
    asked: {
      call: 'sync',
      body: {
        v: PROTOCOL_VERSION,
        conversationId: thread.conversationId,
        after: cursor.last,
        epoch: cursor.epoch,
      },
      openId: thread.openId,
      connect: s.connect,
    },
  })
}

function synced(work: Work, asked: Extract<Asked, { call: 'sync' }>, answer: Answer): void {
  const { s, at } = work
  if (asked.connect !== s.connect || asked.openId !== s.thread?.openId) return
  s.isSyncing = false
  if (answer.ok) {
    s.syncFailures = 0
    const { last, epoch } = s.cursor
    show(work, receivePage(s.cursor, answer as SyncPage & { ok: true }, asked.body.after))
    if (!isBehind(s.cursor)) {
      s.isSynced = true
      // All there was is shown: what has an ok and is not among it is in an incarnation that is no more.
      commit(work, recall(s.rows, asked.openId))
    } else if (s.cursor.last > last || s.cursor.epoch !== epoch) return sync(work)
    else waitAnew(work, 'gap', NO_STEP_FORWARD_MS)
  } else if (answer.retry) {
    s.isSynced = false
    return waitAnew(
      work,
      'gap',
      answer.after ?? Math.max(ASK_AFTER_MS, resendWaitMs(s.syncFailures++, at.random())),
    )
  }
  // Refused for good: rows will say so, with their text kept. Without rows there is nothing left to keep.
  else if (isAllSent(s) && (answer.code === 'forbidden' || answer.code === 'not_found')) return leave(work)
  else s.isSynced = true
  drain(work)
}

// ---- sending

function drain(work: Work): void {
  const { s, at } = work
  const { thread } = s
  if (!s.leads || s.isSending || s.saving > 0 || s.link !== 'online' || !thread) return
  // What a lost connect left unknown is looked up before it is sent again or asked about.
  if (thread.conversationId !== null && !s.isSynced) return
  const { outbox, take, waitMs } = nextSend(s.rows, {
    thread: thread.openId,
    identity: s.identity,
    now: at.now,
    isClosed: s.state.phase === 'ended',
  })
  const [first] = take
  const { conversationId } = thread
  // Opening comes first, so that there is a conversation to send to; until then there is nothing to do.
  if (first && !first.brief && conversationId === null) return
  if (outbox.some((row, n) => row !== s.rows[n])) commit(work, outbox)
  if (!first) {
    if (waitMs !== null) waitAnew(work, 'resend', waitMs)
    return
  }
  s.isSending = true
  work.effects.push({
    do: 'ask',
    asked: {
      ...(first.brief
        ? { call: 'open', body: { v: PROTOCOL_VERSION, openId: first.clientId, brief: first.brief } }
        : {
            call: 'send',
            body: {
              v: PROTOCOL_VERSION,
              conversationId: conversationId ?? '',
              drafts: take.flatMap(row => (row.draft ? [row.draft] : [])),
            },
          }),
      openId: thread.openId,
      ids: idsOf(take),
    },
  })
}

/** Something stuck is gone, here or in another tab. */
function goOn(work: Work): void {
  // Perhaps the last words of a conversation that is no longer this visitor's: now it can be let go.
  if (isAllSent(work.s)) sync(work)
  drain(work)
}

function answered(work: Work, asked: Asked, answer: Answer): void {
  if (asked.call === 'sync') return synced(work, asked, answer)
  const { s, at } = work
  s.isSending = false
  const { thread } = s
  // Left meanwhile: what came after it waits for this answer no longer, and its words were handed back.
  if (thread?.openId !== asked.openId) return drain(work)
  const opened =
    answer.ok && 'conversationId' in answer
      ? { ...thread, conversationId: answer.conversationId as string }
      : undefined
  if (opened) {
    s.thread = opened
    tell(work, { type: 'thread', thread: opened })
  }
  if (answer.ok && answer.results)
    noteSeq(
      work,
      s.cursor.epoch,
      answer.results.reduce((highest, result) => Math.max(highest, result.seq), 0),
    )
  // The opening row goes only where the conversation's id was saved: else a later page opens once more.
  commit(work, settle(s.rows, asked.ids, answer, at.now, at.random()), opened)
  if (opened) sync(work)
  // The event may have come before the ok.
  dropDone(work, s.events.slice(-SYNC_PAGE))
  markSoon(work)
  if (answer.ok || answer.retry) drain(work)
  else goOn(work)
}

function put(work: Work, drafts: readonly Draft<VisitorBody>[], isEarlier = false): void {
  const { thread } = work.s
  if (!thread) return
  commit(work, added(work, work.s.rows, thread.openId, drafts, isEarlier))
  drain(work)
}

function added(
  { s, at }: Work,
  outbox: Outbox,
  openId: string,
  drafts: readonly Draft<VisitorBody>[],
  isEarlier: boolean,
): Outbox {
  return drafts.reduce<Outbox>(
    (queue, draft) =>
      enqueue(queue, {
        clientId: draft.clientId,
        thread: openId,
        identity: s.identity,
        queuedAt: at.now,
        draft,
        isEarlier,
      }),
    outbox,
  )
}

function open(work: Work, { brief, earlierTurns, handoff }: Extract<Input, { type: 'opened' }>): void {
  const { s, at } = work
  work.effects.push({ do: 'await', isAwaited: true })
  if (s.thread) {
    // One conversation for all tabs: this tab's turns join it.
    const { openId } = s.thread
    commit(work, added(work, added(work, s.rows, openId, earlierTurns, true), openId, [handoff], false))
    return drain(work)
  }
  const openId = at.randomId()
  const opening = enqueue<VisitorBody>([], {
    clientId: openId,
    thread: openId,
    identity: s.identity,
    queuedAt: at.now,
    brief,
  })
  clear(work, { openId, conversationId: null, epoch: '' })
  s.rows = added(work, added(work, opening, openId, earlierTurns, true), openId, [handoff], false)
  // All at once: a handoff is on the disk whole or not at all, and before anything is on the wire.
  save(work, {
    thread: s.thread,
    rows: s.rows,
    tell: [
      { type: 'thread', thread: s.thread, isLeaders: s.leads },
      { type: 'rows', thread: openId, rows: s.rows },
    ],
  })
}

function markSoon(work: Work): void {
  wait(work, 'mark', MARK_AFTER_MS)
}

/** Tells the other side what has been shown and seen, in one event, and only when it says something new. */
function mark(work: Work): void {
  const { s, at } = work
  if (!s.leads || s.rows.some(isMark)) return
  const read = Math.max(s.marked.read, Math.min(s.seen, s.said))
  if (s.said > s.marked.delivered || read > s.marked.read)
    put(work, [{ clientId: at.randomId(), body: { type: 'marked', delivered: s.said, read } }])
}

// ---- other tabs

function shareLink(work: Work): void {
  const { link, isStranded, place, expectedWaitMs, expectedRange, agentPresence } = work.s
  tell(work, { type: 'link', link, isStranded, place, expectedWaitMs, expectedRange, agentPresence })
}

function sharePage(work: Work, after: number): void {
  const { thread, events, cursor } = work.s
  // A leader that has read nothing yet knows less than a follower with a copy.
  if (!thread || !cursor.epoch) return
  const page = { events: events.slice(after, after + SYNC_PAGE), head: cursor.last, epoch: cursor.epoch }
  tell(work, { type: 'page', thread: thread.openId, after, page })
}

function hear(work: Work, message: TabMessage): void {
  const { s } = work
  const openId = s.thread?.openId
  if ('thread' in message && typeof message.thread === 'string' && message.thread !== openId) {
    if (message.type === 'rows' && s.leads && message.rows.some(row => row.brief)) join(work, message.rows)
    return
  }
  switch (message.type) {
    case 'hello':
      if (!s.leads) return
      if (s.thread) {
        tell(work, { type: 'thread', thread: s.thread, isLeaders: true })
        tell(work, { type: 'rows', thread: s.thread.openId, rows: s.rows })
      }
      return shareLink(work)
    case 'thread':
      return hearThread(work, message)
    case 'rows': {
      // The leader alone knows what is on the wire; a follower knows what was just typed or wished.
      const known = new Map(s.rows.map(row => [row.clientId, row]))
      const news = withoutGone(work, message.rows).filter(row => {
        const mine = known.get(row.clientId)
        if (row.identity !== s.identity) return false
        if (!s.leads || !mine) return !isStored(s, row)
        // A new wish, and not what a page found on the disk from before.
        return row.state === 'queued' && isStuck(mine) && row.queuedAt > mine.queuedAt
      })
      // What this tab has not on the wire is on no wire.
      s.rows = merge(s.rows, s.leads ? wake(news) : news)
      return drain(work)
    }
    case 'gone': {
      const kept = s.leads ? idsOf(s.rows.filter(row => !isStuck(row))) : []
      const ids = message.clientIds.filter(id => !kept.includes(id))
      letGo(work, ids)
      s.rows = s.rows.filter(row => !ids.includes(row.clientId))
      return goOn(work)
    }
    case 'want':
      if (s.leads) sharePage(work, message.epoch === s.cursor.epoch ? message.after : 0)
      return
    case 'page':
      if (!s.leads) show(work, receivePage(s.cursor, message.page, message.after))
      return
    case 'link':
      if (s.leads) return
      s.link = message.link
      s.isStranded = message.isStranded
      s.place = message.place
      s.expectedWaitMs = message.expectedWaitMs
      s.agentPresence = message.agentPresence ?? null
      s.expectedRange = message.expectedRange ?? null
      return
    case 'agentTyping':
      return showTyping(work)
    case 'seen':
      s.seen = Math.max(s.seen, message.read)
      if (s.leads) markSoon(work)
  }
}

function hearThread(
  work: Work,
  { thread, openId, isLeaders, isLogout }: Extract<TabMessage, { type: 'thread' }>,
): void {
  const { s } = work
  const own = s.thread
  if (!thread) {
    s.left = [...s.left, openId ?? own?.openId ?? '']
    // Another one, that this tab has let go of already or never had.
    if (openId !== undefined && own && own.openId !== openId && !isLogout) return
    if (s.leads) work.effects.push({ do: 'proveAnew' })
    if (!isLogout) handBackOwn(work)
    letGo(work, idsOf(s.rows))
    clear(work, null)
    return
  }
  if (own?.openId === thread.openId) {
    if (thread.conversationId === null) return
    if (own.conversationId === null) {
      s.thread = thread
      // On joining, this tab may have written it without its id, later than the leader wrote it with.
      save(work, { thread })
    }
    // A new leader may have been told what came while this tab read its disk.
    else if (!isLeaders) return
  }
  // Of a tab that read its disk before it was let go of: nobody leads it there.
  else if (s.left.includes(thread.openId) && !(own && (isLeaders || s.leads))) {
    if (s.leads) work.effects.push({ do: 'leave', openId: thread.openId, forgetsSecret: false })
    return
  } else if (!own) {
    // Signed out before it was known of what: only who leads is believed.
    if (s.left.includes('') && !isLeaders) return
    clear(work, thread)
  }
  // Two conversations at once: the leader's holds.
  else if (s.leads) return tell(work, { type: 'thread', thread: own, isLeaders: true })
  else if (isLeaders) {
    const isUnsent = own.conversationId === null
    if (!isUnsent) handBackOwn(work)
    const { rows } = s
    clear(work, thread)
    s.left = [...s.left, own.openId]
    // Asks for what the leader has on its way.
    tell(work, { type: 'hello' })
    if (isUnsent) join(work, rows)
  } else return
  sync(work)
}

function isStored(s: Session, row: OutboxRow): boolean {
  return (
    row.draft !== null &&
    s.events.some(event => event.clientId === row.clientId && isVisitorSide(event.author))
  )
}
