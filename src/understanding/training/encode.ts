// Weights as a model file: few levels instead of numbers, and rows of characters. What linearModel reads back.

import { placeOf } from '../features'
import { BASE, type ModelFile } from '../linearModel'
import type { Weights } from './fit'
import type { Rows } from './rows'

/** Hashes are spread over this many places a feature: one unknown feature in that many is taken for a known one. */
const PLACES_A_FEATURE = 512
const ROUNDS_OF_LEVELS = 12

export type EncodedWeights = Pick<ModelFile, 'space' | 'high' | 'low' | 'steps' | 'weights' | 'levels'>

/**
 * @param levels  how many different weights there may be, 2 … 89
 * @param scale   every weight is multiplied by this
 */
export function encodeWeights(
  weights: Weights,
  rows: Rows,
  labels: number,
  levels: number,
  scale = 1,
): EncodedWeights {
  const known = rows.hashes
    .map((hash, feature) => ({
      hash,
      entries: entriesOf(weights, feature, labels, rows.rarity[feature] as number),
    }))
    .filter(({ entries }) => entries.length)
  const space = Math.max(1, known.length) * PLACES_A_FEATURE
  const places = new Map<number, Entries>()
  for (const { hash, entries } of known) {
    const place = placeOf(hash, space)
    // Where two meet the one that says more stays.
    if (sizeOf(entries) > sizeOf(places.get(place) ?? [])) places.set(place, entries)
  }
  const sorted = [...places].sort(([a], [b]) => a - b)
  const table = levelsOf(
    sorted.flatMap(([, entries]) => entries.map(({ weight }) => weight * scale)),
    levels,
  )
  const rounded = table.map(level => Math.round(level * 1_000))
  const out = { high: [] as string[], low: [] as string[], steps: [] as string[], weights: [] as string[] }
  let before = 0
  for (const [place, entries] of sorted) {
    let distance = place - before
    before = place
    for (; distance >= (BASE - 1) * BASE; distance -= (BASE - 1) * BASE) out.high.push(digit(BASE - 1))
    out.high.push(digit(Math.floor(distance / BASE)))
    out.low.push(digit(distance % BASE))
    let last = -1
    for (const { label, weight } of entries) {
      let step = label - last - 1
      for (; step >= BASE - 2; step -= BASE - 2) out.steps.push(digit(BASE - 2))
      out.steps.push(digit(step))
      last = label
      out.weights.push(digit(nearest(table, weight * scale)))
    }
    out.steps.push(digit(BASE - 1))
  }
  return {
    space,
    high: out.high.join(''),
    low: out.low.join(''),
    steps: out.steps.join(''),
    weights: out.weights.join(''),
    levels: rounded,
  }
}

type Entries = readonly { readonly label: number; readonly weight: number }[]

function entriesOf(weights: Weights, feature: number, labels: number, factor: number): Entries {
  const entries: { label: number; weight: number }[] = []
  for (let label = 0; label < labels; label++) {
    const weight = weights[feature * labels + label] as number
    if (weight !== 0) entries.push({ label, weight: weight * factor })
  }
  return entries
}

const sizeOf = (entries: Entries) => entries.reduce((sum, { weight }) => sum + Math.abs(weight), 0)

/** The levels that miss these numbers least (Lloyd 1957, from quantiles), ascending. */
function levelsOf(numbers: readonly number[], count: number): readonly number[] {
  const sorted = Float64Array.from(numbers).sort()
  if (!sorted.length) return []
  let levels = Array.from(
    { length: count },
    (_, at) => sorted[Math.floor(((at + 0.5) / count) * sorted.length)] as number,
  )
  for (let round = 0; round < ROUNDS_OF_LEVELS; round++) {
    const sums = levels.map(() => 0)
    const counts = levels.map(() => 0)
    let at = 0
    for (const number of sorted) {
      while (
        at + 1 < levels.length &&
        Math.abs((levels[at + 1] as number) - number) <= Math.abs((levels[at] as number) - number)
      )
        at++
      sums[at] = (sums[at] as number) + number
      counts[at] = (counts[at] as number) + 1
    }
    levels = levels.map((level, i) => (counts[i] ? (sums[i] as number) / (counts[i] as number) : level))
  }
  return [...new Set(levels)].sort((a, b) => a - b)
}

function nearest(levels: readonly number[], number: number): number {
  let best = 0
  for (let at = 1; at < levels.length; at++)
    if (Math.abs((levels[at] as number) - number) < Math.abs((levels[best] as number) - number)) best = at
  return best
}

/** 0 … 90 as one character that JSON writes as it is. */
function digit(value: number): string {
  const code = value + 35
  return String.fromCharCode(code < 92 ? code : code + 1)
}
