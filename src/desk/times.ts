// Times, lists and names of languages, as people read them at a desk. Pure.

import type { DecisionReason } from '../protocol/records'

/** `0:07`, `12:40`, `1:02:30`. A clock of this device that is behind the server's shows `0:00`, never less. */
export function waitText(since: number, now: number, locale = 'en'): string {
  const seconds = Math.max(0, Math.floor((now - since) / 1_000))
  // Digits of the language, in the order of a clock.
  const one = new Intl.NumberFormat(locale, { useGrouping: false }).format
  const two = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 }).format
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${one(minutes)}:${two(seconds % 60)}`
    : `${one(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** `a, b, c` as the language joins things of one kind. */
export function listText(items: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale, { type: 'unit', style: 'short' }).format(items)
}

/** Where the day of `now` begins, in the agent's own time zone. Changes once a day, unlike `now`. */
export function dayOf(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0)
}

/** The time of day; with the date when it was another day. */
export function momentText(at: number, today: number, locale: string): string {
  const isToday = dayOf(at) === today
  return new Intl.DateTimeFormat(
    locale,
    isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' },
  ).format(at)
}

/** For a list: the time of day, or the day when it was another one. */
export function shortMomentText(at: number, today: number, locale: string): string {
  const isToday = dayOf(at) === today
  return new Intl.DateTimeFormat(
    locale,
    isToday ? { timeStyle: 'short' } : { day: 'numeric', month: 'short' },
  ).format(at)
}

/** `Deutsch (Schweiz)` for `de-CH`, in the words of `locale`; what is no language is shown as it came. */
export function languageName(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(code.replaceAll('_', '-')) ?? code
  } catch {
    return code
  }
}

/** `12 min`, `3 h`, `2 days`: whole ones, as much as a warning needs. */
export function durationText(minutes: number, locale: string): string {
  const [count, unit] =
    minutes < 60
      ? [minutes, 'minute']
      : minutes < 48 * 60
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 1_440), 'day']
  return new Intl.NumberFormat(locale, { style: 'unit', unit: unit as string, unitDisplay: 'short' }).format(
    count as number,
  )
}

/** `payments, German`: what fits, by name; a reason of a newer server is left out. */
export function fitText(reasons: readonly DecisionReason[], locale: string): string {
  const named = reasons.flatMap(({ code, words: [word] = [] }) => {
    if (word === undefined) return []
    return code === 'language' ? [languageName(word, locale)] : code === 'skill' ? [word] : []
  })
  return listText(named, locale)
}
