// How long somebody at a place of the queue will wait for a person, and how far that can be known. Pure: what really
// happened lately in, a median and the range of eight in ten out, or null where there is no ground for a promise.
//
// The pace of a desk is how many it takes from its queue in a minute in which somebody waits. Minutes without a queue
// say nothing: a desk that takes its only visitor of the hour within 30 seconds is quick, not slow. So the time that
// counts is what waits cover, those of the present queue among them: while nobody is taken the pace gets slower by
// itself, before the first of them has left.
//
//   09:00        09:10        09:20   now
//   |--wait 1--|                          taken
//        |----wait 2------|               taken
//                             |-----------waits
//   covered: ============== + ========    two takings in that time
//
// Takings count as a Poisson process whose rate is itself known only by what was seen (Gamma). So the wait for the next
// n of them is a ratio of two Gammas: wide after three takings, narrow after thirty. Not the median of recent waits,
// which knows neither the place nor that the queue has grown since: its error is twice as large (`npm run bench:queue`,
// where each number below was chosen on half of the days and measured on the other half).

import type { Priority } from '../protocol/records'
import { HEAD_START_MS } from './queue'

/** A wait that ended with an agent joining. Milliseconds. */
export interface Join {
  readonly at: number
  readonly waitedMs: number
  /** As in the queue: null is `normal`. */
  readonly priority: Priority | null
}

/** What is known of the queue's last hours. */
export interface WaitGround {
  /** Milliseconds since 1970, like all moments here. */
  readonly now: number
  /** Newest first; `JOINS_COUNTED` of them are enough. */
  readonly joins: readonly Join[]
  /** Since when the one who waits longest waits; null: nobody does. */
  readonly waitingSince: number | null
  readonly agentsOnline: number
}

/** Milliseconds from now: as likely less as more than `medianMs`; eight in ten lie from `lowMs` to `highMs`. */
export interface ExpectedWait {
  readonly medianMs: number
  readonly lowMs: number
  readonly highMs: number
}

/** How quickly the desk takes people from its queue, and who comes to pass others. The same for all who wait. */
export interface Pace {
  /** Weighed by age. */
  readonly takings: number
  /** The time that they took, weighed alike. */
  readonly coveredMs: number
  /** How many of each priority come in a millisecond. */
  readonly arrivals: Readonly<Record<Priority, number>>
}

/** Joins of the last day, at most this many: beyond them nothing changes that a visitor would read. */
export const JOINS_COUNTED = 100

/** Fewer than this, weighed by age, are no ground for a promise: three within the hour are enough, or more of before. */
const ENOUGH_TAKINGS = 2.5
/** Long enough for some takings of a small desk, short enough to notice that a colleague has gone to lunch. */
const RECENT_HALF_MS = 15 * 60_000
/** What a desk is usually like: the day so far, and yesterday while the day is young. */
const USUAL_HALF_MS = 4 * 60 * 60_000
/** The usual pace counts as so many takings beside the recent ones: it carries the estimate through quiet times. */
const USUAL_COUNTS_AS = 2
/** Of the knowledge that a taking seems to bring: they come in bursts, and the pace changes while one waits. */
const WORTH_OF_A_TAKING = 0.7
/** Of those ahead some leave before it is their turn: each with 2.5 % a minute, fewer than in the bench. */
const LEAVE_PER_MS = 0.025 / 60_000
/** A pace is never quicker than a second a visitor, whatever clocks said. */
const LEAST_COVERED_MS = 1_000
/** Of the normal distribution: one in ten lies below the first, one in ten above the last. */
const Z_OF_TENTH = 1.2816
/** Who passes depends on the wait, and the wait on who passes: settled to a percent after so many rounds. */
const ROUNDS = 4

/** Null: nobody is there, or too few were taken lately to judge by. */
export function paceOf({ now, joins, waitingSince, agentsOnline }: WaitGround): Pace | null {
  if (!(agentsOnline > 0)) return null
  const past = joins.filter(
    ({ at, waitedMs }) => at <= now && waitedMs >= 0 && Number.isFinite(at) && Number.isFinite(waitedMs),
  )
  const waits = past.map(({ at, waitedMs }) => [at - waitedMs, at] as const)
  if (waitingSince !== null && waitingSince < now) waits.push([waitingSince, now])
  waits.sort((a, b) => a[0] - b[0])
  const usual = weighed(past, waits, now, USUAL_HALF_MS)
  if (usual.takings < ENOUGH_TAKINGS) return null
  const recent = weighed(past, waits, now, RECENT_HALF_MS)
  const usualMs = Math.max(usual.coveredMs / usual.takings, LEAST_COVERED_MS)
  return {
    takings: recent.takings + USUAL_COUNTS_AS,
    coveredMs: recent.coveredMs + USUAL_COUNTS_AS * usualMs,
    arrivals: arrivalsOf(past, now),
  }
}

/** `waits` by their beginning. */
function weighed(
  past: readonly Join[],
  waits: readonly (readonly [from: number, to: number])[],
  now: number,
  halfMs: number,
): { readonly takings: number; readonly coveredMs: number } {
  const weight = (moment: number) => 2 ** ((moment - now) / halfMs)
  let takings = 0
  for (const { at } of past) takings += weight(at)
  let covered = 0
  let until = Number.NEGATIVE_INFINITY
  for (const [from, to] of waits) {
    const begin = Math.max(from, until)
    if (to <= begin) continue
    covered += weight(to) - weight(begin)
    until = to
  }
  return { takings, coveredMs: (covered * halfMs) / Math.LN2 }
}

/** Who left without being taken is missing: fewer than came, never more. */
function arrivalsOf(past: readonly Join[], now: number): Record<Priority, number> {
  const weight = (moment: number) => 2 ** ((moment - now) / USUAL_HALF_MS)
  const arrivals = { low: 0, normal: 0, high: 0, urgent: 0 }
  let oldest = now
  for (const { at, waitedMs, priority } of past) {
    oldest = Math.min(oldest, at - waitedMs)
    arrivals[priority ?? 'normal'] += weight(at - waitedMs)
  }
  const span = Math.max(LEAST_COVERED_MS, ((1 - weight(oldest)) * USUAL_HALF_MS) / Math.LN2)
  for (const priority of ['low', 'normal', 'high', 'urgent'] as const) arrivals[priority] /= span
  return arrivals
}

/**
 * The wait of one place.
 *
 * @param ahead     how many are taken first: place 3 has 2
 * @param priority  decides who may still come and pass
 * @returns whole milliseconds with lowMs <= medianMs <= highMs; null where the pace is not known
 */
export function expectedWait(
  pace: Pace | null,
  ahead: number,
  priority: Priority | null,
): ExpectedWait | null {
  if (!pace) return null
  const at = (z: number) => Math.round(waitAt(z, pace, Math.max(0, ahead), priority ?? 'normal'))
  return { lowMs: at(-Z_OF_TENTH), medianMs: at(0), highMs: at(Z_OF_TENTH) }
}

function waitAt(
  z: number,
  { takings, coveredMs, arrivals }: Pace,
  ahead: number,
  priority: Priority,
): number {
  let waitMs = 0
  for (let round = 0; round < ROUNDS; round++) {
    let passing = 0
    for (const other of ['normal', 'high', 'urgent'] as const) {
      const withinMs = HEAD_START_MS[other] - HEAD_START_MS[priority]
      if (withinMs > 0) passing += arrivals[other] * Math.min(waitMs, withinMs)
    }
    const n = ahead + passing + 1
    const stayingMs = ((coveredMs * n) / takings) * gammaRatio(z, n, takings * WORTH_OF_A_TAKING)
    // Ahead goes down by takings and by leaving: dn/dt = -pace - n · leaving, until nobody is left.
    waitMs = Math.log1p(LEAVE_PER_MS * stayingMs) / LEAVE_PER_MS
  }
  return waitMs
}

/**
 * Quantile of the ratio of two Gamma variables of mean 1 with shapes `a` and `b` (an F distribution with 2a and 2b
 * degrees of freedom): cube roots of both are nearly normal (E. Paulson, "An approximate normalization of the analysis
 * of variance distribution", 1942). In closed form, because thousands who wait are told at once.
 *
 * @param z  quantile of the standard normal distribution, within ±1.3
 * @param a  1 or more
 * @param b  1 or more
 */
function gammaRatio(z: number, a: number, b: number): number {
  const va = 1 / (9 * a)
  const vb = 1 / (9 * Math.max(1, b))
  const ca = 1 - va
  const cb = 1 - vb
  const root = Math.sqrt(va * cb * cb + vb * ca * ca - z * z * va * vb)
  return Math.max(0, (ca * cb + z * root) / (cb * cb - z * z * vb)) ** 3
}
