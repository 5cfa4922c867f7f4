// Who is next, and what time alone changes in the queue. Pure: rows in, decisions out.

import type { ConversationRow } from './store/helpDeskStore'

/** Ids of those in the queue, next first: by the first moment of the wait; ids break ties, so that all nodes agree. */
export function queueOrder(rows: readonly ConversationRow[]): string[] {
  return rows
    .filter(row => row.phase === 'queued')
    .sort(
      (a, b) => (a.waitStarted ?? 0) - (b.waitStarted ?? 0) || (a.conversationId < b.conversationId ? -1 : 1),
    )
    .map(row => row.conversationId)
}

/** Place by conversation id, 1 = next; the ids in the queue's order. */
export function places(ids: readonly string[]): Map<string, number> {
  return new Map(ids.map((id, index) => [id, index + 1]))
}

export interface QueueTimers {
  /** How long a place is kept for a visitor who is gone. */
  readonly keepPlaceMs: number
  /** How long an agent may be gone before the visitor is told and queued again. */
  readonly agentGoneMs: number
  /** Longest wait before it becomes a ticket. */
  readonly waitAtMostMs: number
}

export const DEFAULT_TIMERS: QueueTimers = {
  keepPlaceMs: 2 * 60_000,
  agentGoneMs: 60_000,
  waitAtMostMs: 15 * 60_000,
}

export type Overdue = 'agentLost' | 'visitorGone' | 'waitedTooLong'

/**
 * What has become due for a row.
 *
 * @param visitorGoneSince  null while the visitor is there
 * @param agentGoneSince    null while the agent is there
 */
export function overdue(
  row: ConversationRow,
  now: number,
  visitorGoneSince: number | null,
  agentGoneSince: number | null,
  timers: QueueTimers,
): Overdue | null {
  const passed = (since: number | null, limit: number) => since !== null && now - since >= limit
  if (row.phase === 'live') return passed(agentGoneSince, timers.agentGoneMs) ? 'agentLost' : null
  if (row.phase !== 'queued') return null
  if (passed(visitorGoneSince, timers.keepPlaceMs)) return 'visitorGone'
  return passed(row.queuedAt, timers.waitAtMostMs) ? 'waitedTooLong' : null
}
