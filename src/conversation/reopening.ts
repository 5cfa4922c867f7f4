// Whether the visitor may say that a ticket is not solved, and how far that has got. Pure: events and unsent rows in,
// a state out; derived and never remembered, as a rating is.

import type { OutboxRow } from '../live/outbox'
import type { StoredEvent } from '../protocol/events'
import type { ConversationState } from '../protocol/phase'
import { reopensUntil } from '../protocol/ticket'
import { isForGood } from './forGood'

export type Reopening =
  /** Until then, ms since 1970 of the server's clock. */
  | { readonly state: 'possible'; readonly until: number }
  | { readonly state: 'tooLate' }
  | { readonly state: 'onItsWay' }
  /** The server refused it. `key`: of the word that failed. `canRetry`: the same once more may be taken. */
  | { readonly state: 'failed'; readonly key: string; readonly code: string; readonly canRetry: boolean }

/**
 * Null where there is nothing to reopen: it never was a ticket, or is not over.
 *
 * @param now  of this device: what it calls too late the server decides, and where it calls it possible too
 */
export function reopeningOf(
  { phase, ticket }: Pick<ConversationState, 'phase' | 'ticket'>,
  events: readonly StoredEvent[],
  rows: readonly OutboxRow[],
  { now, withinDays }: { readonly now: number; readonly withinDays: number },
): Reopening | null {
  if (phase !== 'ended') return null
  const until = reopensUntil(ticket, events.at(-1)?.at ?? 0, withinDays)
  if (until === null) return null
  const row = rows.findLast(({ draft }) => draft?.body.type === 'reopened')
  if (row && typeof row.state !== 'object') return { state: 'onItsWay' }
  if (typeof row?.state === 'object') {
    const { failed: code } = row.state
    // By the server's clock the days are over (D41), whatever this device's says.
    if (code === 'closed') return { state: 'tooLate' }
    return { state: 'failed', key: row.clientId, code, canRetry: !isForGood(code) }
  }
  return now < until ? { state: 'possible', until } : { state: 'tooLate' }
}
