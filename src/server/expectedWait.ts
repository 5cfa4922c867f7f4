// How long one waits for a person, from waits that really happened. Pure.

/** Fewer real waits than this are no ground for a promise. */
const ENOUGH_WAITS = 3

/** The median of recent waits, milliseconds; null when there are too few to judge by. */
export function expectedWaitMs(recentWaits: readonly number[]): number | null {
  if (recentWaits.length < ENOUGH_WAITS) return null
  const sorted = [...recentWaits].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2)
}
