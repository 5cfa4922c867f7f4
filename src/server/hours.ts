// Business hours of a desk in its own time zone: open now? and if not, when next? Pure.

import type { Hours, Weekday } from '../protocol/records'

interface LocalTime {
  /** `2026-12-25` */
  readonly date: string
  readonly weekday: Weekday
  readonly minutes: number
}

const MINUTE_MS = 60_000
/** Far enough to see over a holiday week with a weekend at each end. */
const LOOK_AHEAD_DAYS = 21

/** Is the desk open at `at` (ms since 1970)? Without hours it always is. */
export function isOpen(hours: Hours | null, at: number): boolean {
  if (!hours) return true
  const local = localTime(hours.zone, at)
  return spansOn(hours, local).some(([from, to]) => local.minutes >= from && local.minutes < to)
}

/** When the desk opens next, ms since 1970; null when it is open now, or does not open within three weeks. */
export function opensAt(hours: Hours | null, at: number): number | null {
  if (!hours || isOpen(hours, at)) return null
  const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS
  // Day by day through noon of each, so that a change of the clocks neither skips nor repeats a date. The
  // first instant of a date is then found by its own offset, which is the rule people read clocks by.
  for (let day = 0; day <= LOOK_AHEAD_DAYS; day++) {
    const local = localTime(hours.zone, minute + day * 24 * 60 * MINUTE_MS)
    for (const [from] of spansOn(hours, local)) {
      const opening = instantOf(hours.zone, local.date, from)
      if (opening > at && isOpen(hours, opening)) return opening
    }
  }
  return null
}

/** A day of 24 hours from midnight UTC: `floor(ms / DAY_MS)`. */
export const DAY_MS = 24 * 60 * MINUTE_MS

/**
 * When the desk is open within one such day, as spans of ms since 1970, in order and apart: all moments at which
 * `isOpen` says so. In an hour that clocks repeat a span may stand twice, in one that they skip not at all.
 */
export function openSpans(hours: Hours, utcDay: number): readonly (readonly [from: number, to: number])[] {
  const start = utcDay * DAY_MS
  const open: [number, number][] = []
  for (const [from, to] of evenClocks(hours.zone, start, start + DAY_MS)) {
    const offset = shownAsUtc(hours.zone, from) - from
    const lastDate = Math.floor((to - 1 + offset) / DAY_MS)
    for (let date = Math.floor((from + offset) / DAY_MS); date <= lastDate; date++) {
      const midnight = date * DAY_MS - offset
      const at = new Date(date * DAY_MS)
      const local = {
        date: at.toISOString().slice(0, 10),
        weekday: WEEKDAYS[(at.getUTCDay() + 6) % 7] as Weekday,
      }
      for (const span of spansOn(hours, local)) {
        const opens = Math.max(from, midnight + span[0] * MINUTE_MS)
        const closes = Math.min(to, midnight + span[1] * MINUTE_MS)
        const last = open.at(-1)
        // Spans of a day may touch or lie over each other: a minute counts once.
        if (last && opens <= last[1]) last[1] = Math.max(last[1], closes)
        else if (opens < closes) open.push([opens, closes])
      }
    }
  }
  return open
}

/** The parts of a day in which clocks go evenly: one, or two where they are changed. */
function evenClocks(zone: string, from: number, to: number): readonly (readonly [number, number])[] {
  const offsetAt = (at: number) => shownAsUtc(zone, at) - at
  const before = offsetAt(from)
  if (before === offsetAt(to - MINUTE_MS)) return [[from, to]]
  let [same, other] = [from, to - MINUTE_MS]
  while (other - same > MINUTE_MS) {
    const middle = same + Math.floor((other - same) / 2 / MINUTE_MS) * MINUTE_MS
    if (offsetAt(middle) === before) same = middle
    else other = middle
  }
  return [
    [from, other],
    [other, to],
  ]
}

/** What is wrong with `hours`, as a sentence; null when nothing is. */
export function hoursProblem(hours: Hours): string | null {
  try {
    new Intl.DateTimeFormat('en', { timeZone: hours.zone })
  } catch {
    return `hours.zone must be an IANA time zone like "Europe/Berlin", got ${JSON.stringify(hours.zone)}`
  }
  for (const [day, spans] of Object.entries(hours.week)) {
    if (!WEEKDAYS.includes(day)) return `hours.week has days like "mon", got ${JSON.stringify(day)}`
    for (const [from, to] of spans ?? [])
      if (!CLOCK_TIME.test(from) || !CLOCK_TIME.test(to) || minutesOf(from) >= minutesOf(to))
        return `hours.week.${day} must hold spans like ["09:00", "17:00"], got ["${from}", "${to}"]`
  }
  const noDate = hours.closedOn?.find(date => !isDate(date))
  return noDate === undefined
    ? null
    : `hours.closedOn must hold dates like "2026-12-25", got ${JSON.stringify(noDate)}`
}

const WEEKDAYS: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] satisfies Weekday[]
const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/

/** A day that is on the calendar: the 30th of February would never close anything. */
function isDate(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

function spansOn(hours: Hours, local: Pick<LocalTime, 'date' | 'weekday'>): (readonly [number, number])[] {
  if (hours.closedOn?.includes(local.date)) return []
  const spans = (hours.week[local.weekday] ?? []).map(
    ([from, to]) => [minutesOf(from), minutesOf(to)] as const,
  )
  return spans.sort((a, b) => a[0] - b[0])
}

function minutesOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
}

const formats = new Map<string, Intl.DateTimeFormat>()

function localTime(zone: string, at: number): LocalTime {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(zone, format)
  }
  const part: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(at)) part[type] = value
  return {
    date: `${part.year}-${part.month}-${part.day}`,
    weekday: (part.weekday ?? 'Mon').toLowerCase() as Weekday,
    minutes: Number(part.hour) * 60 + Number(part.minute),
  }
}

/** The instant at which clocks in `zone` show `minutes` on `date`; when they skip it, the first one after. */
function instantOf(zone: string, date: string, minutes: number): number {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + minutes * MINUTE_MS
  let instant = asUtc
  // Twice: the first guess may sit on the other side of a change of the clocks.
  for (let round = 0; round < 2; round++) instant += asUtc - shownAsUtc(zone, instant)
  return instant
}

function shownAsUtc(zone: string, at: number): number {
  const local = localTime(zone, at)
  return Date.parse(`${local.date}T00:00:00Z`) + local.minutes * MINUTE_MS
}
