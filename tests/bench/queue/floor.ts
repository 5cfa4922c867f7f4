// The floor: what was promised before, the median of the last twenty waits, whoever asks and whatever waits.

const COUNTED = 20
const ENOUGH = 3

/** @param waits  milliseconds, newest first */
export function medianOfRecent(waits: readonly number[]): number | null {
  const sorted = waits.slice(0, COUNTED).sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  if (sorted.length < ENOUGH) return null
  return sorted.length % 2 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2)
}
