// Examples as rows of numbers. Features of one example alone teach a large set nothing, and are left out there.

import type { Features } from '../features'

export interface Rows {
  readonly count: number
  /** Row r has the entries from `starts[r]` to `starts[r + 1]`. */
  readonly starts: Int32Array
  /** 0 … features - 1 */
  readonly feature: Int32Array
  readonly value: Float32Array
  readonly features: number
  /** Hash of each feature. */
  readonly hashes: readonly number[]
  /** How many examples have it. */
  readonly seenIn: readonly number[]
  /** By what each feature's values are multiplied here. */
  readonly rarity: readonly number[]
  /** Entries of the longest row. */
  readonly longest: number
}

/** About 1 for a feature of a few of a thousand examples, so that a step is as long as without. */
const RARITY_SCALE = 0.45
const RARITY_POWER = 0.5

/**
 * @param minSeen   a feature of fewer examples is left out
 * @param byRarity  what many examples have is learnt slowly
 */
export function toRows(examples: readonly Features[], minSeen: number, byRarity = false): Rows {
  const seen = new Map<number, number>()
  for (const example of examples) for (const hash of example.keys()) seen.set(hash, (seen.get(hash) ?? 0) + 1)
  const hashes: number[] = []
  const seenIn: number[] = []
  const numberOf = new Map<number, number>()
  for (const [hash, times] of seen) {
    if (times < minSeen) continue
    numberOf.set(hash, hashes.length)
    hashes.push(hash)
    seenIn.push(times)
  }
  const rarity = seenIn.map(times =>
    byRarity ? RARITY_SCALE * Math.log((examples.length + 1) / (times + 0.5)) ** RARITY_POWER : 1,
  )
  const starts = new Int32Array(examples.length + 1)
  const feature: number[] = []
  const value: number[] = []
  let longest = 0
  for (const [row, example] of examples.entries()) {
    for (const [hash, size] of example) {
      const number = numberOf.get(hash)
      if (number === undefined) continue
      feature.push(number)
      value.push(size * (rarity[number] as number))
    }
    starts[row + 1] = feature.length
    longest = Math.max(longest, feature.length - (starts[row] as number))
  }
  return {
    count: examples.length,
    starts,
    feature: Int32Array.from(feature),
    value: Float32Array.from(value),
    features: hashes.length,
    hashes,
    seenIn,
    rarity,
    longest,
  }
}
