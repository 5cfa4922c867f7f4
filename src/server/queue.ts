// Who is next, and what time alone changes in the queue. Pure: rows in, decisions out.

import type { Phase } from '../protocol/phase'
import type { Priority } from '../protocol/records'
import type { ConversationRow } from './store/helpDeskStore'

/**
 * How much earlier than they came a priority is served, milliseconds. Not classes that go one before the other: of
 * those nobody of the lowest is served while others keep coming. A head start is used up by waiting:
 *
 *   09:00 normal ──────────────┐ turn 09:00
 *   09:04 high   turn 08:59 ───┘ goes before the one of 09:00
 *   09:06 high   turn 09:01        does not: six minutes later is too late for a head start of five
 *
 * So whoever waits is passed only by those who came within the difference of the two head starts after them (D27): 20
 * minutes between `urgent` and `low`, five between neighbours below `urgent`. `urgent` passes everybody whom the usual
 * longest wait of 15 minutes leaves in the queue; `high` is worth less than one conversation of an agent: it halves
 * the wait of those who have it, and ordinary ones do not feel it (`npm run bench:queue`).
 */
export const HEAD_START_MS: Readonly<Record<Priority, number>> = {
  urgent: 15 * 60_000,
  high: 5 * 60_000,
  normal: 0,
  low: -5 * 60_000,
}

/** What the order of a wait is made of. */
export interface Waiting {
  readonly conversationId: string
  /** Milliseconds since 1970. */
  readonly waitStarted: number | null
  /** Null: nobody has said one; as `normal`. */
  readonly priority: Priority | null
}

/** The moment from which a wait counts: its first one, earlier by the head start. Lower is sooner. */
export function turnOf({ waitStarted, priority }: Pick<Waiting, 'waitStarted' | 'priority'>): number {
  return (waitStarted ?? 0) - HEAD_START_MS[priority ?? 'normal']
}

/** Next first. Ids break ties by their code units, so that all nodes and databases agree (S16). */
export function byTurn(a: Waiting, b: Waiting): number {
  return turnOf(a) - turnOf(b) || (a.conversationId < b.conversationId ? -1 : 1)
}

/** Those in the queue, next first. */
export function queueOrder(rows: readonly ConversationRow[]): ConversationRow[] {
  return rows.filter(row => row.phase === 'queued').sort(byTurn)
}

/** Place by conversation id, 1 = next. */
export function places(inOrder: readonly Pick<Waiting, 'conversationId'>[]): Map<string, number> {
  return new Map(inOrder.map(({ conversationId }, index) => [conversationId, index + 1]))
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

/** D40. Whether a talk that ends without its agent is the ticket again that it was, because its visitor has left. */
export function isBackToTicket(
  { phase, hasTicket }: { readonly phase: Phase; readonly hasTicket: boolean },
  now: number,
  visitorGoneSince: number | null,
  { keepPlaceMs }: QueueTimers,
): boolean {
  return phase === 'live' && hasTicket && visitorGoneSince !== null && now - visitorGoneSince >= keepPlaceMs
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
