// The receiving door: live events and sync pages go in, and what may be shown comes out, once and in order.
// Pure: takes a cursor, returns a cursor. Knows no clock and no carrier.
//
//   last = 4        head = 9
//   1 2 3 4 | . 6 7 . 9          6, 7 and 9 are held; 5 is asked for; 6 … 9 follow when it is here
//
// Refuses to show anything that does not follow on what is shown (D13).

import type { StoredEvent } from '../protocol/events'
import type { SyncPage } from '../protocol/wire'

/** A hole that is this old is asked for: pushes overtake one another by less. Milliseconds. */
export const ASK_AFTER_MS = 250

/** More than this would come again in the pages anyway. */
const MAX_HELD = 400

export interface Cursor {
  /** The database incarnation that `last` counts in (D4); empty before the first page. */
  readonly epoch: string
  /** Highest seq shown; everything from 1 to here has been shown exactly once. */
  readonly last: number
  /** Highest seq known to exist. */
  readonly head: number
  /** Events behind a hole, ascending. */
  readonly held: readonly StoredEvent[]
  /** Something of another epoch was heard: only a page can say which one holds. */
  readonly isInDoubt: boolean
}

export interface Received {
  readonly cursor: Cursor
  /** To be shown now: `last + 1`, `last + 2` … */
  readonly show: readonly StoredEvent[]
  /** Another incarnation: what was shown is void; show from 1 again. */
  readonly restarted: boolean
}

export const START: Cursor = { epoch: '', last: 0, head: 0, held: [], isInDoubt: false }

/**
 * Pushed events: perhaps doubled, out of order, incomplete. Those of another epoch are not taken: only a page,
 * which is an answer to a question just asked, can say which epoch holds.
 */
export function receivePush(cursor: Cursor, epoch: string, events: readonly StoredEvent[]): Received {
  if (epoch !== cursor.epoch) return { cursor: doubt(cursor), show: [], restarted: false }
  return take(cursor, events)
}

/** An answer to `sync`. With another epoch it voids the cursor; it is used only if it was read from 0. */
export function receivePage(cursor: Cursor, page: SyncPage, askedAfter: number): Received {
  if (page.epoch === cursor.epoch)
    return take({ ...cursor, head: Math.max(cursor.head, page.head), isInDoubt: false }, page.events)
  const fresh: Cursor = { ...START, epoch: page.epoch, head: page.head }
  const restarted = cursor.last > 0
  return askedAfter === 0
    ? { ...take(fresh, page.events), restarted }
    : { cursor: fresh, show: [], restarted }
}

/** A beacon, or the seq of an ok: something up to `head` exists (D14). */
export function noteHead(cursor: Cursor, epoch: string, head: number): Cursor {
  if (epoch !== cursor.epoch) return doubt(cursor)
  return head > cursor.head ? { ...cursor, head } : cursor
}

/** Something exists that is not shown: ask for it. */
export function isBehind(cursor: Cursor): boolean {
  return cursor.isInDoubt || cursor.last < cursor.head
}

function doubt(cursor: Cursor): Cursor {
  return { ...cursor, isInDoubt: true }
}

function take(cursor: Cursor, events: readonly StoredEvent[]): Received {
  const bySeq = new Map<number, StoredEvent>()
  for (const event of [...cursor.held, ...events]) if (event.seq > cursor.last) bySeq.set(event.seq, event)
  const show: StoredEvent[] = []
  let last = cursor.last
  for (let event = bySeq.get(last + 1); event; event = bySeq.get(last + 1)) {
    show.push(event)
    bySeq.delete(++last)
  }
  const held = [...bySeq.values()].sort((a, b) => a.seq - b.seq).slice(0, MAX_HELD)
  const head = events.reduce((highest, event) => Math.max(highest, event.seq), Math.max(cursor.head, last))
  return { cursor: { ...cursor, last, head, held }, show, restarted: false }
}
