// What a search is worth, in figures: from what became of each query to shares, means and differences with their
// intervals. Pure: knows no files, no search and no wording; whoever measures a search can use it.

/** What became of one query. */
export interface Outcome {
  /** Place of the first right article among the first ten, from 1; 0: not among them. */
  readonly place: number
  /** There was at least one suggestion, right or wrong. */
  readonly isAnswered: boolean
  /** From `keysSaved`; left out: not measured. */
  readonly keysSaved?: number
  /** How long the whole query took, in milliseconds. */
  readonly ms: number
}

/** Means over queries. All but `no-answer` are better when higher. */
export const MEASURES = ['success@1', 'success@3', 'success@5', 'mrr@10', 'no-answer', 'keys-saved'] as const
export type Measure = (typeof MEASURES)[number]

export interface Figures {
  readonly queries: number
  /** 0 … 1 each; `keys-saved` is left out where it was not measured. */
  readonly means: Readonly<Partial<Record<Measure, number>>>
  /** Median of the times, in milliseconds. */
  readonly p50Ms: number
  readonly p95Ms: number
}

export interface Difference {
  /** Mean of (this - other) over the queries. */
  readonly change: number
  /** Ends of the interval that holds 95 of 100 resampled means. */
  readonly low: number
  readonly high: number
}

/** How deep a list is looked into. */
export const MAX_PLACE = 10
/** Within so many suggestions a person sees the right one without reading on. */
export const SEEN_AT_ONCE = 3
/** Resampled means of an interval; with more of them its ends move by less than what is printed. */
export const RESAMPLES = 2_000

/** Place of the first right article among the first ten of `ids`, from 1; 0: not among them. */
export function placeOf(ids: readonly string[], right: readonly string[]): number {
  return ids.slice(0, MAX_PLACE).findIndex(id => right.includes(id)) + 1
}

/** What one measure makes of one query; undefined: it was not measured. */
export function measured(measure: Measure, { place, isAnswered, keysSaved }: Outcome): number | undefined {
  const isWithin = (most: number) => (place > 0 && place <= most ? 1 : 0)
  switch (measure) {
    case 'success@1':
      return isWithin(1)
    case 'success@3':
      return isWithin(3)
    case 'success@5':
      return isWithin(5)
    case 'mrr@10':
      return place && 1 / place
    case 'no-answer':
      return isAnswered ? 0 : 1
    case 'keys-saved':
      return keysSaved
  }
}

/**
 * Share of a query's characters that need not be typed: 1 - keys / length, where `keys` is the least number of
 * characters after which the right article is among the first three. It may leave them again: who saw it has
 * stopped typing. 0 when it never is.
 *
 * @param isSeenAfter  is the right article among the first three for this beginning of the query?
 */
export async function keysSaved(
  query: string,
  isSeenAfter: (beginning: string) => boolean | Promise<boolean>,
): Promise<number> {
  const letters = [...query]
  for (let keys = 1; keys <= letters.length; keys++)
    if (await isSeenAfter(letters.slice(0, keys).join(''))) return 1 - keys / letters.length
  return 0
}

/** All figures are 0 for no outcomes. */
export function figuresOf(outcomes: readonly Outcome[]): Figures {
  const means: Partial<Record<Measure, number>> = {}
  for (const measure of MEASURES) {
    const values = outcomes.flatMap(outcome => measured(measure, outcome) ?? [])
    if (values.length || measure !== 'keys-saved') means[measure] = mean(values)
  }
  const times = outcomes.map(({ ms }) => ms).sort((a, b) => a - b)
  return { queries: outcomes.length, means, p50Ms: percentile(times, 0.5), p95Ms: percentile(times, 0.95) }
}

/**
 * How much better `own` does than `other` on the same queries, with a 95 % interval by paired bootstrap: queries
 * are drawn with replacement, each with its two results together (B. Efron, R. Tibshirani, "An Introduction to the
 * Bootstrap", 1993, chapter 13: percentile intervals).
 *
 * @param own     a value a query
 * @param other   the values of the same queries in the same order
 * @param random  in [0, 1); passed in, so that two runs agree
 */
export function pairedDifference(
  own: readonly number[],
  other: readonly number[],
  random: () => number,
  resamples = RESAMPLES,
): Difference {
  const differences = own.map((value, i) => value - (other[i] ?? 0))
  const size = differences.length
  // Mostly nothing moves, and then there is nothing to draw.
  if (!differences.some(difference => difference !== 0)) return { change: 0, low: 0, high: 0 }
  const drawn = Float64Array.from({ length: resamples }, () => {
    let sum = 0
    for (let i = 0; i < size; i++) sum += differences[Math.floor(random() * size)] as number
    return sum / size
  }).sort()
  return { change: mean(differences), low: percentile(drawn, 0.025), high: percentile(drawn, 0.975) }
}

/** Lower by more than `tolerance`, and not by chance: the whole interval lies below 0. */
export function isRegression({ change, high }: Difference, tolerance: number): boolean {
  return -change > tolerance && high < 0
}

/** @param sorted  ascending. @param share  0 … 1. Nearest rank; 0 for nothing. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

function mean(values: readonly number[]): number {
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0
}
