// Hours as a form and back. Pure. Refuses what the server would refuse, by the field that it stands in.

import type { Hours, Weekday } from '../protocol/records'

export const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** As it is typed: `09:00-12:00, 13:00-17:00`; '' is closed. */
export interface HoursForm {
  readonly zone: string
  readonly days: Readonly<Record<Weekday, string>>
  /** Dates, one a line: `2026-12-25`. */
  readonly closedOn: string
}

export type HoursField = 'zone' | Weekday | 'closedOn'

/** Why a field cannot be taken: text key `hours.<problem>`, with the words that are wrong. */
export interface HoursProblem {
  readonly problem: 'zoneUnknown' | 'noSpan' | 'backwards' | 'overlap' | 'noDate'
  readonly words: string
}

export function formOf(hours: Hours | null, ownZone: string): HoursForm {
  const days = Object.fromEntries(
    WEEKDAYS.map(day => [day, (hours?.week[day] ?? []).map(([from, to]) => `${from}-${to}`).join(', ')]),
  ) as Record<Weekday, string>
  return { zone: hours?.zone ?? ownZone, days, closedOn: (hours?.closedOn ?? []).join('\n') }
}

export function hoursOf(
  form: HoursForm,
):
  | { readonly hours: Hours; readonly problems?: never }
  | { readonly hours?: never; readonly problems: Readonly<Partial<Record<HoursField, HoursProblem>>> } {
  const problems: Partial<Record<HoursField, HoursProblem>> = {}
  const zone = form.zone.trim()
  if (!isZone(zone)) problems.zone = { problem: 'zoneUnknown', words: zone }
  const week: Partial<Record<Weekday, readonly (readonly [string, string])[]>> = {}
  for (const day of WEEKDAYS) {
    const spans = spansOf(form.days[day])
    if ('problem' in spans) problems[day] = spans
    else if (spans.length > 0) week[day] = spans
  }
  const closedOn = form.closedOn.split(/[\s,;]+/).filter(Boolean)
  const wrong = closedOn.find(date => !isDate(date))
  if (wrong !== undefined) problems.closedOn = { problem: 'noDate', words: wrong }
  if (Object.keys(problems).length > 0) return { problems }
  return { hours: { zone, week, ...(closedOn.length > 0 && { closedOn: [...new Set(closedOn)].sort() }) } }
}

type Spans = readonly (readonly [string, string])[]

function spansOf(typed: string): Spans | HoursProblem {
  const spans: [string, string][] = []
  for (const part of typed.split(/[,;]+/).map(each => each.trim())) {
    if (!part) continue
    const found = /^(\d{1,2})[:.]?(\d\d)?\s*(?:-|–|to)\s*(\d{1,2})[:.]?(\d\d)?$/.exec(part)
    if (!found) return { problem: 'noSpan', words: part }
    const [, h1 = '', m1 = '00', h2 = '', m2 = '00'] = found
    const [from, to] = [`${h1.padStart(2, '0')}:${m1}`, `${h2.padStart(2, '0')}:${m2}`]
    if (!isTime(from) || from === '24:00' || !isTime(to)) return { problem: 'noSpan', words: part }
    // Times of one width compare as they read. Past midnight is the next day's: two spans.
    if (from >= to) return { problem: 'backwards', words: part }
    spans.push([from, to])
  }
  spans.sort(([a], [b]) => (a < b ? -1 : 1))
  const clash = spans.find(([from], i) => i > 0 && from < (spans[i - 1]?.[1] ?? ''))
  return clash ? { problem: 'overlap', words: clash.join('-') } : spans
}

const isTime = (time: string) => /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(time)

function isDate(date: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  // The 30th of February is read as a day of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return zone !== ''
  } catch {
    return false
  }
}
