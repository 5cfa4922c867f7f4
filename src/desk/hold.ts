// A reply that its writer may still take back: it is in the outbox, saved, and nothing of it has gone out. Pure:
// rows in, rows out. Refuses to offer what would not be true: once a row may have been sent it is not held.
//
//   sent | held until 12:00:05 | a mark | the next words
//          keeps its place ----->  passes   wait behind it

import type { OutboxRow } from '../live/outbox'
import type { AgentBody } from '../protocol/events'

export interface HeldRow extends OutboxRow<AgentBody> {
  /** Not to be sent before, unless its writer says so; this device's clock. Absent: goes when it can. */
  readonly holdUntil?: number
  /** The window in which it was written: it alone sends it, or takes it back, while it lives. */
  readonly window?: string
}

/** Long enough to see the wrong name in one's own words, too short for a visitor to wait for. */
export const HOLD_MS = 5_000

/**
 * Nothing is held for longer, in whichever window. So what is to be held for longer was held before this device's clock
 * was turned back, and goes.
 */
const LONGEST_HOLD_MS = 60_000

/** Nothing of it has gone out, here. */
export function isUnsent(row: HeldRow): boolean {
  return row.state === 'queued' && row.attempts === 0
}

export function isHeld(row: HeldRow, now: number): boolean {
  const leftMs = (row.holdUntil ?? 0) - now
  return isUnsent(row) && leftMs > 0 && leftMs <= LONGEST_HOLD_MS
}

/**
 * What may be thought of for sending in `thread`: all but what is held, and what stands behind it. Marks pass: a
 * visitor learns that they were read while the answer is still held.
 *
 * @returns waitMs  until the first held row may go; null when nothing is held
 */
export function passHeld(
  rows: readonly HeldRow[],
  thread: string,
  now: number,
): { readonly rows: readonly HeldRow[]; readonly waitMs: number | null } {
  let until: number | null = null
  const passing = rows.filter(row => {
    if (row.thread !== thread) return false
    if (isHeld(row, now)) until ??= row.holdUntil ?? null
    return until === null || (!isHeld(row, now) && row.draft?.body.type === 'marked')
  })
  return { rows: passing, waitMs: until === null ? null : until - now }
}

/** `rows` with those that are wanted no longer held; the same list where none was. */
export function letGo(rows: readonly HeldRow[], isWanted: (row: HeldRow) => boolean): readonly HeldRow[] {
  const isLetGo = (row: HeldRow) => row.holdUntil !== undefined && row.state === 'queued' && isWanted(row)
  if (!rows.some(isLetGo)) return rows
  return rows.map(row => {
    if (!isLetGo(row)) return row
    const { holdUntil: _, ...rest } = row
    return rest
  })
}

/** Words that were taken back, in front of what was typed since: nothing is lost. */
export function putBack(taken: string, typed: string): string {
  return typed.trim() ? `${taken}\n\n${typed}` : taken
}
