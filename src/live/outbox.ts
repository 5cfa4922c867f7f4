// Unconfirmed outgoing drafts. Pure: takes a queue, returns a queue.
// Knows nothing of sockets or storage; a model sends and saves what this decides.
//
//   open | earlier turns (batched) | handoffReady | the visitor's new words ...
//   <-- the handoff: keeps its place, holds back ->|<-- one at a time, in typed order -->
//
// Refuses to guess: silence leaves a row as it is, under the same id, until somebody knows.

import { resendWaitMs } from '../base/backoff'
import type { Draft, EventBody, StoredEvent, VisitorBody } from '../protocol/events'
import { CONFIRM_AFTER_MS, jsonBytes, MAX_BATCH_BYTES, MAX_DRAFTS } from '../protocol/limits'
import type { Brief } from '../protocol/records'
import type { Refusal, SendResult } from '../protocol/wire'
import type { NoAnswer } from './liveTransport'

/** `sent`: the server's ok is here, its event is not yet in the timeline. */
export type RowState = 'queued' | 'sending' | 'sent' | 'needsConfirm' | { readonly failed: string }

/** One thing on its way out. Plain JSON, because it is saved and shared between tabs. */
export interface OutboxRow<Body extends EventBody = VisitorBody> {
  /** Made once, when the sender pressed send (D2). For the row that opens the conversation: the openId. */
  readonly clientId: string
  /** The conversation as this device names it: the visitor's openId, the desk's conversationId. */
  readonly thread: string
  /** Whose words these are; never sent under another (D12). */
  readonly identity: string
  /** Place in the queue; typed order. */
  readonly order: number
  /** Exactly one of `brief` and `draft` is there: opening the conversation, or saying something in it. */
  readonly brief: Brief | null
  readonly draft: Draft<Body> | null
  /** A turn from before the handoff: goes in batches (D22). */
  readonly isEarlier: boolean
  /** When the wish to send was last expressed; this device's clock. */
  readonly queuedAt: number
  readonly attempts: number
  /** Not to be sent before this moment of this device's clock. */
  readonly notBefore: number
  readonly state: RowState
  /** The sender was asked and said yes: not asked twice. */
  readonly isConfirmed: boolean
  /** Its batch was refused: sent by itself, so that one bad turn does not take its neighbours along. */
  readonly isAlone: boolean
}

export type Outbox<Body extends EventBody = VisitorBody> = readonly OutboxRow<Body>[]

/** What is to go on the wire now (nothing: empty), and when to look again. */
export interface NextSend<Body extends EventBody = VisitorBody> {
  /** The queue with the taken rows `sending`, and with those that must be asked for `needsConfirm`. */
  readonly outbox: Outbox<Body>
  /** One row that opens, or one or more drafts for a single `send`. */
  readonly take: readonly OutboxRow<Body>[]
  /** Milliseconds until the first waiting row may go; null when nothing waits for time alone. */
  readonly waitMs: number | null
}

/**
 * No row is told to wait for longer than this, milliseconds. So one that is to wait for longer was told so before the
 * device's clock was turned back, and waits for nothing.
 */
const LONGEST_WAIT_MS = 60_000

/** A new row at the end of `outbox`. */
export function enqueue<Body extends EventBody>(
  outbox: Outbox<Body>,
  row: Pick<OutboxRow<Body>, 'clientId' | 'thread' | 'identity' | 'queuedAt'> &
    Partial<Pick<OutboxRow<Body>, 'brief' | 'draft' | 'isEarlier'>>,
): Outbox<Body> {
  return [
    ...outbox,
    {
      brief: null,
      draft: null,
      isEarlier: false,
      ...row,
      // Opening comes before everything, also before what joins from another tab.
      order: row.brief ? 0 : lastPlace(outbox, row.queuedAt),
      attempts: 0,
      notBefore: 0,
      state: 'queued',
      isConfirmed: false,
      isAlone: false,
    },
  ]
}

/**
 * Decides what goes out next in one conversation: at most one request at a time (D10).
 *
 * @param at.isClosed  the conversation is known to have ended: unsent words are asked for first (D11)
 */
export function nextSend<Body extends EventBody>(
  outbox: Outbox<Body>,
  at: {
    readonly thread: string
    readonly identity: string
    readonly now: number
    readonly isClosed: boolean
  },
): NextSend<Body> {
  const isMine = (row: OutboxRow<Body>) => row.thread === at.thread && row.identity === at.identity
  if (outbox.some(row => isMine(row) && row.state === 'sending')) return { outbox, take: [], waitMs: null }

  // Words behind a wish to open it again are for the ticket that it makes.
  const isClosed = at.isClosed && !outbox.some(row => isMine(row) && isReopening(row) && !isStuck(row))
  const asked = outbox.map(row =>
    isMine(row) && row.state === 'queued' && mustAsk(row, at.now, isClosed)
      ? { ...row, state: 'needsConfirm' as const }
      : row,
  )
  const take: OutboxRow<Body>[] = []
  let bytes = 0
  for (const row of asked) {
    if (!isMine(row) || row.state === 'sent') continue
    if (row.state !== 'queued') {
      if (holdsBack(row)) break
      continue
    }
    const waitMs = row.notBefore - at.now
    if (take.length === 0 && waitMs > 0 && waitMs <= LONGEST_WAIT_MS)
      return { outbox: asked, take: [], waitMs }
    if (take.length > 0) {
      if (!row.isEarlier || row.isAlone || take.length === MAX_DRAFTS) break
      if (bytes + jsonBytes(row.draft) + 1 > MAX_BATCH_BYTES) break
    }
    // A comma each, and the brackets.
    bytes += jsonBytes(row.draft) + (take.length === 0 ? 2 : 1)
    take.push(row)
    if (!row.isEarlier || row.isAlone) break
  }
  const ids = new Set(take.map(row => row.clientId))
  return {
    outbox: asked.map(row => (ids.has(row.clientId) ? { ...row, state: 'sending' as const } : row)),
    take,
    waitMs: null,
  }
}

/**
 * What became of a request. Silence and refusals that may pass leave the rows queued under the same ids;
 * a batch that is refused for good is tried again one by one.
 *
 * @param random  in [0, 1), for the jitter of the next try
 */
export function settle<Body extends EventBody>(
  outbox: Outbox<Body>,
  ids: readonly string[],
  outcome: { readonly ok: true; readonly results?: readonly SendResult[] } | Refusal | NoAnswer,
  now: number,
  random: number,
): Outbox<Body> {
  const isOurs = (row: OutboxRow<Body>) => row.state === 'sending' && ids.includes(row.clientId)
  const change = (to: (row: OutboxRow<Body>) => OutboxRow<Body> | null) =>
    outbox.flatMap(row => {
      const next = isOurs(row) ? to(row) : row
      return next ? [next] : []
    })
  if (outcome.ok) return change(row => (row.brief ? null : { ...row, state: 'sent' }))
  const { code } = outcome
  // A token that ran out is the carrier's to renew; the words wait.
  if (outcome.retry || code === 'unauthenticated')
    return change(row => ({
      ...row,
      state: 'queued',
      attempts: row.attempts + 1,
      notBefore: now + Math.min(outcome.after ?? resendWaitMs(row.attempts, random), LONGEST_WAIT_MS),
    }))
  if (ids.length > 1) return change(row => ({ ...row, state: 'queued', isAlone: true }))
  return change(row => {
    const isLastWord = isRating(row) || isReopening(row) || isObjection(row)
    // The bot lost the word to a person (D18), or a mark came too late: nobody misses these.
    const isLost = code === 'stale_assignment' || code === 'closed'
    if (isLost && !isVisitors(row) && !isLastWord && !isOfDispute(row) && !isContestAnswer(row)) return null
    return {
      ...row,
      attempts: row.attempts + 1,
      // A server that takes no rating of what is over, no objection, or does not open it again, never will: nothing to
      // ask about.
      state: code === 'closed' && !row.isConfirmed && !isLastWord ? 'needsConfirm' : { failed: code },
    }
  })
}

/** Rows whose event has arrived are done, whatever became of their request. */
export function dropStored<Body extends EventBody>(
  outbox: Outbox<Body>,
  events: readonly StoredEvent[],
  isOwn: (event: StoredEvent) => boolean,
): Outbox<Body> {
  const ids = new Set(events.filter(isOwn).map(event => event.clientId))
  const rest = outbox.filter(row => row.brief || !ids.has(row.clientId))
  return rest.length === outbox.length ? outbox : rest
}

/** The link is back (or another tab took over): what was on the wire is unknown, and waiting has no reason. */
export function wake<Body extends EventBody>(outbox: Outbox<Body>): Outbox<Body> {
  return outbox.map(row =>
    row.state === 'sending'
      ? { ...row, state: 'queued', attempts: row.attempts + 1, notBefore: 0 }
      : row.notBefore === 0
        ? row
        : { ...row, notBefore: 0 },
  )
}

/**
 * Another incarnation of the data (D4): what was acknowledged may not be in it any more. Asked for under the same
 * ids, so that what is in it is not stored twice.
 */
export function recall<Body extends EventBody>(outbox: Outbox<Body>, thread: string): Outbox<Body> {
  if (!outbox.some(row => row.thread === thread && row.state === 'sent')) return outbox
  return outbox.map(row =>
    row.thread === thread && row.state === 'sent'
      ? { ...row, state: 'queued', attempts: row.attempts + 1, notBefore: 0 }
      : row,
  )
}

/**
 * Retry after `failed`, or yes after `needsConfirm`: the same id (D2). Words go to the end, for the wish is
 * new and may stand behind younger words that were sent meanwhile; the handoff keeps its place.
 */
export function sendAgain<Body extends EventBody>(
  outbox: Outbox<Body>,
  clientId: string,
  now: number,
): Outbox<Body> {
  const row = outbox.find(each => each.clientId === clientId)
  if (!row || !isStuck(row)) return outbox
  const again: OutboxRow<Body> = {
    ...row,
    state: 'queued',
    isConfirmed: true,
    queuedAt: now,
    notBefore: 0,
    order: holdsBack(row) ? row.order : lastPlace(outbox, now),
  }
  return merge(outbox, [again])
}

/** Throws a stuck row away, on the sender's word only. Rows on their way cannot be called back. */
export function discard<Body extends EventBody>(outbox: Outbox<Body>, clientId: string): Outbox<Body> {
  return outbox.filter(row => row.clientId !== clientId || !isStuck(row))
}

/** `rows` put in or replaced by id, in typed order. */
export function merge<Body extends EventBody>(outbox: Outbox<Body>, rows: Outbox<Body>): Outbox<Body> {
  const byId = new Map(outbox.map(row => [row.clientId, row]))
  for (const row of rows) byId.set(row.clientId, row)
  return [...byId.values()].sort((a, b) => a.order - b.order || (a.clientId < b.clientId ? -1 : 1))
}

/** It will not move without the sender's word. */
export function isStuck(row: Pick<OutboxRow, 'state'>): boolean {
  return row.state === 'needsConfirm' || typeof row.state === 'object'
}

/** By the clock, so that a tab that does not know of another's words yet does not overtake them. */
function lastPlace(outbox: readonly { readonly order: number }[], now: number): number {
  return outbox.reduce((last, row) => Math.max(last, row.order + 1), Math.round(now))
}

/** The visitor's own, also when said to the bot before. */
export function isVisitors(row: OutboxRow<EventBody>): boolean {
  return row.draft?.body.type === 'message' && !row.draft.as
}

/** How it was, said when it is over. */
export function isRating(row: OutboxRow<EventBody>): boolean {
  return row.draft?.body.type === 'rated'
}

/** A ticket that was solved is not (D41). */
export function isReopening(row: OutboxRow<EventBody>): boolean {
  return row.draft?.body.type === 'reopened'
}

/** The visitor objects to what a machine did (E4): it is theirs until somebody has it. */
function isObjection(row: OutboxRow<EventBody>): boolean {
  return row.draft?.body.type === 'contested'
}

/** What somebody said to a dispute is theirs to say again, or to let go of. */
function isOfDispute(row: OutboxRow<EventBody>): boolean {
  return row.draft?.body.type.startsWith('dispute') === true
}

/** What an agent found out about an objection is nobody's to drop: somebody waits for it. */
function isContestAnswer(row: OutboxRow<EventBody>): boolean {
  return row.draft?.body.type === 'contestAnswered'
}

/** Somebody typed it to be read by somebody. */
function isWords(row: OutboxRow<EventBody>): boolean {
  return row.draft?.body.type === 'message' && !row.isEarlier && !row.draft.as
}

/** While this row is stuck, nothing behind it may go: there is no conversation yet, or nobody to read it. */
export function holdsBack(row: OutboxRow<EventBody>): boolean {
  return row.brief !== null || row.draft?.body.type === 'handoffReady'
}

function mustAsk(row: OutboxRow<EventBody>, now: number, isClosed: boolean): boolean {
  if (row.isConfirmed || !(isWords(row) || row.draft?.body.type === 'handoffReady')) return false
  // After an attempt with unknown outcome only the server can say whether a closed conversation has it.
  return now - row.queuedAt > CONFIRM_AFTER_MS || (isClosed && row.attempts === 0 && isWords(row))
}
