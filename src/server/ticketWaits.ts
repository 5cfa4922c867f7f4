// How long tickets really wait for their first answer, from those that were opened lately. Pure: what happened in, a median
// and the time within which four of five are answered out, or null where there is no ground to say so.
//
// Tickets that nobody has answered yet count for as long as they have waited: without them a desk that falls behind would
// look quick, because the slow ones have not ended yet. That is the estimate of E. L. Kaplan and P. Meier ("Nonparametric
// Estimation from Incomplete Observations", 1958), here over business time, in which nights cost nothing.

import type { Hours } from '../protocol/records'
import type { TicketAnswer } from '../protocol/wire'
import { afterBusinessMs, businessMs } from './serviceLevels'

/** One ticket. Milliseconds since 1970. */
export interface TicketWait {
  readonly openedAt: number
  /** An agent's first word; null: none yet, or none at all. */
  readonly answeredAt: number | null
  /** It was over without one. */
  readonly endedAt: number | null
}

/** Milliseconds of business time. */
export interface TicketPace {
  readonly medianMs: number
  /** Four of five are answered by then; null: so many are not answered yet that nobody knows. */
  readonly usualMs: number | null
}

/** Fewer first answers than this are no ground for a figure. */
export const ENOUGH_ANSWERS = 8
/** Older ones say how a desk was. */
export const TICKETS_SINCE_MS = 30 * 24 * 60 * 60_000
/** Newest first: more of them change nothing that a visitor would read. */
export const TICKETS_COUNTED = 500
const USUALLY = 0.8

export function ticketPace(
  waits: readonly TicketWait[],
  hours: Hours | null,
  now: number,
): TicketPace | null {
  const waited = waits
    .filter(({ openedAt }) => openedAt <= now)
    .map(({ openedAt, answeredAt, endedAt }) => ({
      ms: businessMs(hours, openedAt, answeredAt ?? endedAt ?? now),
      isAnswered: answeredAt !== null,
    }))
    // Of one length, who was answered comes first: the other one waited at least as long.
    .sort((a, b) => a.ms - b.ms || Number(b.isAnswered) - Number(a.isAnswered))
  if (waited.filter(({ isAnswered }) => isAnswered).length < ENOUGH_ANSWERS) return null
  const within = (share: number): number | null => {
    let unanswered = 1
    for (const [n, { ms, isAnswered }] of waited.entries()) {
      if (isAnswered) unanswered *= 1 - 1 / (waited.length - n)
      if (unanswered <= 1 - share + 1e-9) return ms
    }
    return null
  }
  const medianMs = within(0.5)
  return medianMs === null ? null : { medianMs, usualMs: within(USUALLY) }
}

/** For who leaves a message now: by the clock on the wall, nights and weekends among it. */
export function expectedAnswer(
  pace: TicketPace | null,
  hours: Hours | null,
  now: number,
): TicketAnswer | null {
  if (!pace || pace.usualMs === null) return null
  const median = afterBusinessMs(hours, now, pace.medianMs)
  const usual = afterBusinessMs(hours, now, pace.usualMs)
  return median === null || usual === null ? null : { medianMs: median - now, usualMs: usual - now }
}

/** When a ticket is usually answered that was opened then; null: not known, or that is past and would promise nothing. */
export function usuallyAnsweredBy(
  waits: readonly TicketWait[],
  hours: Hours | null,
  openedAt: number,
  now: number,
): number | null {
  const expected = expectedAnswer(ticketPace(waits, hours, now), hours, openedAt)
  const by = expected && openedAt + expected.usualMs
  return by !== null && by > now ? by : null
}
