// An expected wait as a person would say it. Pure: milliseconds in, the name of a text and its numbers out. Rounded
// outward, so that what is read is never narrower than what was said, and never "0 minutes".

import type { ExpectedRange } from '../protocol/wire'

/** Of the texts `offer.live<Name>` and `queue.<name>`, and the minutes that stand in them. */
export interface WaitWords {
  readonly name: 'Unknown' | 'Wait' | 'Moment' | 'Under' | 'Range' | 'Over'
  readonly values: Readonly<Record<string, number>>
}

const MINUTE = 60_000
/** Longer than this is not told by the minute. */
const LONG_MIN = 120

/**
 * @param medianMs  null: not known
 * @param range     absent from servers before it: then the median alone is said
 */
export function waitWords(medianMs: number | null, range: ExpectedRange | null | undefined): WaitWords {
  const { lowMs, highMs } = range ?? {}
  // From another tab or server: looked at here, where a wrong number would be read.
  if (isTime(lowMs) && isTime(highMs) && lowMs <= highMs) {
    const low = rounded(lowMs / MINUTE, Math.floor)
    const high = rounded(highMs / MINUTE, Math.ceil)
    if (high <= 1) return { name: 'Moment', values: {} }
    if (high > LONG_MIN) return low < 1 ? UNKNOWN : { name: 'Over', values: { low } }
    if (low === high) return about(highMs)
    return low < 1 ? { name: 'Under', values: { high } } : { name: 'Range', values: { low, high } }
  }
  return isTime(medianMs) ? about(medianMs) : UNKNOWN
}

/** What the form of the word for minutes follows: the last number that stands before it. */
export function minutesSaid({ values: { minutes, high, low } }: WaitWords): number {
  return minutes ?? high ?? low ?? 0
}

/**
 * A span as a person would say it, never shorter than it is: "40 minutes", "3 hours", "2 days".
 *
 * @returns null: not known
 */
export function spanText(ms: number | null, locale: string): string | null {
  if (!isTime(ms)) return null
  const hours = ms / (60 * MINUTE)
  const [count, unit] =
    ms <= 90 * MINUTE
      ? ([Math.max(5, Math.ceil(ms / MINUTE / 5) * 5), 'minute'] as const)
      : hours <= 36
        ? ([Math.ceil(hours), 'hour'] as const)
        : ([Math.ceil(hours / 24), 'day'] as const)
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

const about = (ms: number): WaitWords => ({
  name: 'Wait',
  values: { minutes: Math.max(1, Math.ceil(ms / MINUTE)) },
})

const UNKNOWN: WaitWords = { name: 'Unknown', values: {} }

function isTime(ms: unknown): ms is number {
  return Number.isFinite(ms) && Number(ms) >= 0
}

/** To whole minutes, then to five and fifteen: "13 to 37 minutes" would claim what nobody knows. */
function rounded(minutes: number, round: (number: number) => number): number {
  const step = minutes <= 10 ? 1 : minutes <= 30 ? 5 : 15
  return round(minutes / step) * step
}
