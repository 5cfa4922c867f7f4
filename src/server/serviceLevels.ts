// How long a ticket may wait, and how it stands: first response and resolution, in the business time of the desk's own
// zone. Pure: a ticket's moments and spans in, states and the moments of warning and breach out.
//
//   first response   from its opening to the first word of an agent; never pauses, because the visitor has had nothing
//   resolution       the time that it was on us, until it is solved; pauses while it waits for the visitor; a ticket
//                    that is opened again begins anew, because the first promise was kept or broken already
//
//   opened ──on us── agent's word ··waits for the visitor·· visitor's word ──on us── solved
//          |<- first response ->|
//          |<--- resolution --->|                           |<- and this ->|
//
// Business time is what `isOpen` of `hours` says, to the millisecond: days that are closed, and nights, cost nothing.

import type { Config } from '../protocol/config'
import type { Hours, Priority } from '../protocol/records'
import type { TicketLevel, TicketLevels } from '../protocol/wire'
import { DAY_MS, openSpans } from './hours'

/** Raised when a rule below changes. */
export const SERVICE_LEVEL_RULE = 'serviceLevel@1'

/** `serviceLevels` of `asklet.json`. */
export type ServiceLevels = NonNullable<Config['serviceLevels']>

/** What of a ticket its levels are made of. Milliseconds since 1970. */
export interface TicketTimes {
  readonly openedAt: number
  readonly firstResponseAt: number | null
  readonly solvedAt: number | null
  /** When it was last opened again; null: never. */
  readonly reopenedAt?: number | null
  /** Oldest first; the last one may last. */
  readonly onUs: readonly (readonly [from: number, to: number | null])[]
  readonly priority: Priority
  readonly category: string
}

/** From this share of the time on a desk is warned, where the site says no other. */
export const WARN_AT = 0.75
/** A desk that is open for less than its longest promise within so many days has no deadline: it never opens. */
const LOOK_AHEAD_DAYS = 400
const MINUTE_MS = 60_000

/**
 * How a ticket stands at `now`; null where the site promises nothing for it.
 *
 * @param hours  null: always open
 */
export function ticketLevels(
  ticket: TicketTimes,
  levels: ServiceLevels | null,
  hours: Hours | null,
  now: number,
): TicketLevels | null {
  if (!levels) return null
  const allowed = allowedMs(ticket, levels)
  const warnAt = levels.warnAt ?? WARN_AT
  const found = {
    ...(allowed.firstResponse !== null && {
      firstResponse: firstResponse(ticket, allowed.firstResponse, warnAt, hours, now),
    }),
    ...(allowed.resolution !== null && {
      resolution: resolution(ticket, allowed.resolution, warnAt, hours, now),
    }),
  }
  return Object.keys(found).length > 0 ? found : null
}

/** Milliseconds of business time; null: nothing is promised. */
export function allowedMs(
  { category, priority }: Pick<TicketTimes, 'category' | 'priority'>,
  { default: usual = {}, categories = {}, priorities = {} }: ServiceLevels,
): { readonly firstResponse: number | null; readonly resolution: number | null } {
  const own = Object.hasOwn(categories, category) ? categories[category] : undefined
  const share = priorities[priority] ?? 1
  const ms = (minutes: number | undefined) =>
    minutes === undefined ? null : Math.round(minutes * share * MINUTE_MS)
  return {
    firstResponse: ms(own?.firstResponseMinutes ?? usual.firstResponseMinutes),
    resolution: ms(own?.resolutionMinutes ?? usual.resolutionMinutes),
  }
}

function firstResponse(
  { openedAt, firstResponseAt, solvedAt }: TicketTimes,
  allowed: number,
  warnAt: number,
  hours: Hours | null,
  now: number,
): TicketLevel {
  const dueAt = afterBusinessMs(hours, openedAt, allowed)
  // Solved without a word is answered by that.
  const doneAt = firstResponseAt ?? solvedAt
  if (doneAt !== null) return { state: isBy(doneAt, dueAt) ? 'met' : 'missed', dueAt }
  return running(dueAt, afterBusinessMs(hours, openedAt, allowed * warnAt), now)
}

function resolution(
  { openedAt, reopenedAt, solvedAt, onUs }: TicketTimes,
  allowed: number,
  warnAt: number,
  hours: Hours | null,
  now: number,
): TicketLevel {
  const since = reopenedAt ?? openedAt
  const spans = onUs
    .filter(([, to]) => to === null || to > since)
    .map(([from, to]) => [Math.max(from, since), to] as const)
  const dueAt = runsOut(hours, spans, allowed)
  if (solvedAt !== null && solvedAt >= since)
    return { state: isBy(solvedAt, dueAt) ? 'met' : 'missed', dueAt }
  const isPaused = spans.at(-1)?.[1] !== null
  // What ran out before it paused is late all the same: waiting for the visitor mends nothing.
  if (isPaused) return dueAt === null ? { state: 'paused', dueAt: null } : { state: 'breached', dueAt }
  return running(dueAt, runsOut(hours, spans, allowed * warnAt), now)
}

function running(dueAt: number | null, warnAt: number | null, now: number): TicketLevel {
  if (dueAt !== null && now >= dueAt) return { state: 'breached', dueAt }
  const warns = warnAt !== null && now >= warnAt
  return { state: warns ? 'warning' : 'ok', dueAt, ...(warnAt !== null && { warnAt }) }
}

const isBy = (at: number, dueAt: number | null): boolean => dueAt === null || at <= dueAt

/** When the business time of these spans adds up to `allowed`; null: not yet, nor while the last one lasts. */
function runsOut(
  hours: Hours | null,
  spans: readonly (readonly [from: number, to: number | null])[],
  allowed: number,
): number | null {
  let left = allowed
  for (const [from, to] of spans) {
    if (to === null) return afterBusinessMs(hours, from, left)
    const used = businessMs(hours, from, to)
    if (used >= left) return afterBusinessMs(hours, from, left)
    left -= used
  }
  return null
}

// ---- business time

/** How long the desk is open from `from` to `to`. */
export function businessMs(hours: Hours | null, from: number, to: number): number {
  if (to <= from) return 0
  if (!hours) return to - from
  let sum = 0
  for (let day = Math.floor(from / DAY_MS); day * DAY_MS < to; day++)
    for (const [opens, closes] of spansOf(hours, day))
      sum += Math.max(0, Math.min(to, closes) - Math.max(from, opens))
  return sum
}

/** The first moment until which the desk has been open for `ms` since `from`; null: it does not open for so long. */
export function afterBusinessMs(hours: Hours | null, from: number, ms: number): number | null {
  if (!hours) return from + ms
  let left = ms
  const first = Math.floor(from / DAY_MS)
  for (let day = first; day <= first + LOOK_AHEAD_DAYS; day++)
    for (const [opens, closes] of spansOf(hours, day)) {
      const begins = Math.max(from, opens)
      if (closes <= begins) continue
      if (closes - begins >= left) return begins + left
      left -= closes - begins
    }
  return null
}

/** A list of five hundred tickets asks of the same weeks again and again. */
const known = new WeakMap<Hours, Map<number, readonly (readonly [number, number])[]>>()

function spansOf(hours: Hours, day: number): readonly (readonly [number, number])[] {
  const days = known.get(hours) ?? new Map<number, readonly (readonly [number, number])[]>()
  known.set(hours, days)
  const spans = days.get(day) ?? openSpans(hours, day)
  days.set(day, spans)
  return spans
}
