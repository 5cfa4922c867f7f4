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
import type { Pushes, Reply, SyncPage, VisitorCalls } from '../protocol/wire'
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
  isStuck,
  merge,
  nextSend,
  type Outbox,
  type OutboxRow,
  sendAgain,
  settle,
  wake,
} from './outbox'
import type { TabMessage, Thread } from './tabs'

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
  readonly place: number | null
  readonly expectedWaitMs: number | null

  /** Saves under way: nothing goes on the wire meanwhile. */
  readonly saving: number
  readonly isSending: boolean
  readonly isSyncing: boolean
  readonly syncFailures: number
  /** This connect has seen all there was: what an older connect left unknown is known. */
  readonly isSynced: boolean
  /** Counts connects; an answer to an older one steers nothing. */
  readonly connect: number
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
  /** This tab leads from now on. The former leader may have gone in the middle: `rows` are what the disk has. */
  | { readonly type: 'led'; readonly rows: Outbox }
  | { readonly type: 'link'; readonly link: LinkState }
  | { readonly type: 'stranded'; readonly isStranded: boolean }
  | { readonly type: 'events'; readonly push: Pushes['events'] }
  | { readonly type: 'head'; readonly push: Pushes['head'] }
  | { readonly type: 'place'; readonly push: Pushes['place'] }
  | { readonly type: 'agentTyping'; readonly push: Pushes['typing'] }
  | { readonly type: 'heard'; readonly message: TabMessage }
  | { readonly type: 'answered'; readonly asked: Asked; readonly answer: Answer }
  /** A `save` is on the disk, or was refused and the words go on from memory. */
  | { readonly type: 'saved' }
  | { readonly type: 'timer'; readonly timer: Timer }
  /** What the disk still has of the conversation that this tab gave up for the leader's. */
  | { readonly type: 'joined'; readonly rows: Outbox }
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

export type Effect =
  /** All of `thread` and `rows` or none; then `tell`, then `saved`. Nothing waits for `forget`. */
  | {
      readonly do: 'save'
      /** Undefined: as it is. */
      readonly thread?: Thread | null
      readonly rows: readonly OutboxRow[]
      readonly forget: readonly string[]
      readonly tell: readonly TabMessage[]
      /** Somebody waits for `saved`. */
      readonly isAwaited: boolean
    }
  /** A copy for the next page load. Losing it costs one read from the server, so nothing waits for it. */
  | {
      readonly do: 'cache'
      readonly epoch: string
      readonly events: readonly StoredEvent[]
      readonly dropsOthers: boolean
    }
  | { readonly do: 'ask'; readonly asked: Asked }
  | { readonly do: 'after'; readonly timer: Timer; readonly ms: number }
  | { readonly do: 'tell'; readonly message: TabMessage }
  /** A conversation waits on this device, or no longer. */
  | { readonly do: 'await'; readonly isAwaited: boolean }
  /** Lets go of the conversation on the disk and of all that belongs to it; then tells the other tabs. */
  | { readonly do: 'leave'; readonly forgetsSecret: boolean }
  /** Reads the unsent rows of a conversation that was given up; they come back as `joined`. */
  | { readonly do: 'join'; readonly openId: string }
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
    place: null,
    expectedWaitMs: null,
    saving: 0,
    isSending: false,
    isSyncing: false,
    syncFailures: 0,
    isSynced: false,
    connect: 0,
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
      s.thread = input.thread
      s.rows = unknownOutcome(input.rows)
      // The cache counts as a page of its epoch: it goes through the same door.
      if (input.thread.epoch && input.events.length)
        show(work, receivePage(START, { events: input.events, head: 0, epoch: input.thread.epoch }, 0), true)
      return
    case 'led':
      s.leads = true
      if (!s.thread) return
      s.rows = merge(s.rows, unknownOutcome(input.rows))
      return tell(work, { type: 'thread', thread: s.thread, isLeaders: true })
    case 'joined':
      return join(work, input.rows)
    case 'link':
      if (!s.leads) return
      s.link = input.link
      s.connect++
      s.isSynced = s.isSyncing = false
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
      return shareLink(work)
    case 'agentTyping':
      if (!isOurs(s, input.push) || input.push.who !== 'agent') return
      showTyping(work)
      return tell(work, { type: 'agentTyping', thread: s.thread?.openId ?? '' })
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
      return put(work, [input.draft])
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
      // The last words of a conversation that is no longer this visitor's: now it can be let go.
      if (!s.rows.length) sync(work)
      return drain(work)
    case 'left':
      return leave(work, input.forgetsSecret)
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
  return row.state === 'queued' ? before === undefined || isStuck(before) : isStuck(row)
}

/** Rows from the disk are all rows there are; their last outcome is unknown. */
function unknownOutcome(rows: Outbox): Outbox {
  return merge(
    [],
    rows.map(row => ({ ...row, attempts: Math.max(1, row.attempts), notBefore: 0 })),
  )
}

/** Shows `next`, saves what must survive, then tells the other tabs: the leader sends only what is saved. */
function commit(work: Work, next: Outbox): void {
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
  const forget = [...gone, ...changed.filter(row => row.state === 'sent').map(row => row.clientId)]
  const messages: TabMessage[] = []
  if (changed.length) messages.push({ type: 'rows', thread: thread.openId, rows: changed })
  if (gone.length) messages.push({ type: 'gone', thread: thread.openId, clientIds: gone })
  if (rows.length || forget.length) save(work, { rows, forget, tell: messages })
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
  const { identity, leads, link, isStranded, saving, isSending, connect, waiting } = work.s
  Object.assign(work.s, emptySession(identity), {
    leads,
    link,
    isStranded,
    saving,
    isSending,
    connect,
    waiting,
    thread,
  })
}

function leave(work: Work, forgetsSecret = false): void {
  clear(work, null)
  work.effects.push({ do: 'await', isAwaited: false }, { do: 'leave', forgetsSecret })
}

/**
 * Two tabs asked for a person at once, before either had heard of the other: the leader's conversation holds, and
 * what was said in this tab joins it. Only what the disk still has: the rest has been sent by somebody.
 */
function join(work: Work, rows: Outbox): void {
  const { s } = work
  const { thread } = s
  if (!thread) return
  const forget = rows.filter(row => row.brief).map(row => row.clientId)
  const moved = unknownOutcome(rows.flatMap(row => (row.brief ? [] : [{ ...row, thread: thread.openId }])))
  s.rows = merge(s.rows, moved)
  save(work, {
    thread,
    rows: moved,
    forget,
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
    s.events = []
    s.state = EMPTY_STATE
    s.said = 0
    s.marked = UNMARKED
  }
  if (shown.length) {
    s.events = [...s.events, ...shown]
    s.state = shown.reduce(foldEvent, s.state)
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
  if (s.state.phase !== 'queued') s.place = s.expectedWaitMs = null
  if (isCached) return
  if (s.leads && (shown.length || restarted)) {
    work.effects.push({ do: 'cache', epoch: cursor.epoch, events: shown, dropsOthers: restarted })
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
  const left = new Set(rest)
  save(work, { forget: s.rows.filter(row => !left.has(row)).map(row => row.clientId) })
  s.rows = rest
}

/** A person owes this visitor something, or the handoff is still on its way. */
function isAwaited(s: Session): boolean {
  return (
    ['offered', 'queued', 'live', 'ticketed'].includes(s.state.phase) ||
    s.rows.some(row => row.draft?.body.type === 'handoffReady')
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
    if (!isBehind(s.cursor)) s.isSynced = true
    else if (s.cursor.last > last || s.cursor.epoch !== epoch) return sync(work)
    else waitAnew(work, 'gap', NO_STEP_FORWARD_MS)
  } else if (answer.retry)
    return waitAnew(
      work,
      'gap',
      answer.after ?? Math.max(ASK_AFTER_MS, resendWaitMs(s.syncFailures++, at.random())),
    )
  // Refused for good: rows will say so, with their text kept. Without rows there is nothing left to keep.
  else if (!s.rows.length && (answer.code === 'forbidden' || answer.code === 'not_found')) return leave(work)
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
  if (outbox.some((row, n) => row !== s.rows[n])) commit(work, outbox)
  const [first] = take
  if (!first) {
    if (waitMs !== null) waitAnew(work, 'resend', waitMs)
    return
  }
  // Opening holds back everything behind it, so that there is a conversation to send to.
  const { conversationId } = thread
  if (!first.brief && conversationId === null) return
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
      ids: take.map(row => row.clientId),
    },
  })
}

function answered(work: Work, asked: Asked, answer: Answer): void {
  if (asked.call === 'sync') return synced(work, asked, answer)
  const { s, at } = work
  s.isSending = false
  const { thread } = s
  // Left meanwhile: what came after it waits for this answer no longer.
  if (thread?.openId !== asked.openId) return drain(work)
  if (answer.ok && 'conversationId' in answer) {
    // The conversation's id is saved before its opening row goes: a crash in between only opens once more.
    setThread(work, { ...thread, conversationId: answer.conversationId as string })
    sync(work)
  }
  if (answer.ok && answer.results)
    noteSeq(
      work,
      s.cursor.epoch,
      answer.results.reduce((highest, result) => Math.max(highest, result.seq), 0),
    )
  commit(work, settle(s.rows, asked.ids, answer, at.now, at.random()))
  // The event may have come before the ok.
  dropDone(work, s.events.slice(-SYNC_PAGE))
  markSoon(work)
  drain(work)
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
      { type: 'thread', thread: s.thread },
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
  const { link, isStranded, place, expectedWaitMs } = work.s
  tell(work, { type: 'link', link, isStranded, place, expectedWaitMs })
}

function sharePage(work: Work, after: number): void {
  const { thread, events, cursor } = work.s
  if (!thread) return
  const page = { events: events.slice(after, after + SYNC_PAGE), head: cursor.last, epoch: cursor.epoch }
  tell(work, { type: 'page', thread: thread.openId, after, page })
}

function hear(work: Work, message: TabMessage): void {
  const { s } = work
  const openId = s.thread?.openId
  if ('thread' in message && typeof message.thread === 'string' && message.thread !== openId) return
  switch (message.type) {
    case 'hello':
      if (!s.leads) return
      if (s.thread) {
        tell(work, { type: 'thread', thread: s.thread, isLeaders: true })
        tell(work, { type: 'rows', thread: s.thread.openId, rows: s.rows })
      }
      return shareLink(work)
    case 'thread':
      return hearThread(work, message.thread, message.isLeaders === true)
    case 'rows': {
      // The leader alone knows what is on the wire; a follower knows what was just typed or wished.
      const known = new Map(s.rows.map(row => [row.clientId, row]))
      const news = message.rows.filter(row => {
        const mine = known.get(row.clientId)
        if (row.identity !== s.identity) return false
        if (!s.leads || !mine) return !isStored(s, row)
        return row.state === 'queued' && isStuck(mine)
      })
      s.rows = merge(s.rows, news)
      return drain(work)
    }
    case 'gone':
      s.rows = s.rows.filter(row => !message.clientIds.includes(row.clientId) || (s.leads && !isStuck(row)))
      return
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
      return
    case 'agentTyping':
      return showTyping(work)
    case 'seen':
      s.seen = Math.max(s.seen, message.read)
      if (s.leads) markSoon(work)
  }
}

function hearThread(work: Work, thread: Thread | null, isLeaders: boolean): void {
  const { s } = work
  const own = s.thread
  if (!thread) {
    if (s.leads) work.effects.push({ do: 'proveAnew' })
    if (own) clear(work, null)
    return
  }
  if (own?.openId === thread.openId) {
    if (thread.conversationId === null || own.conversationId !== null) return
    s.thread = thread
  } else if (!own) clear(work, thread)
  // Two conversations at once: the leader's holds.
  else if (s.leads) return tell(work, { type: 'thread', thread: own, isLeaders: true })
  else if (isLeaders) {
    clear(work, thread)
    // Asks for what the leader has on its way.
    tell(work, { type: 'hello' })
    if (own.conversationId === null) work.effects.push({ do: 'join', openId: own.openId })
  } else return
  sync(work)
}

function isStored(s: Session, row: OutboxRow): boolean {
  return (
    row.draft !== null &&
    s.events.some(event => event.clientId === row.clientId && isVisitorSide(event.author))
  )
}
