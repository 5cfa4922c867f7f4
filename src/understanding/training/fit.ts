// Fits the weights of a linear model: multinomial logistic regression by stochastic gradient, with features left out
// at random, which does for short texts what a penalty on the weights does for long ones. The weights that matter
// least are taken away in steps, and those that stay learn on. Deterministic: chance is seeded.

import { seeded } from '../../base/seeded'
import type { Rows } from './rows'

export interface FitOptions {
  /** How many weights may stay. */
  readonly maxWeights: number
  readonly passes: number
  /** Of a feature in one reading of an example. */
  readonly leftOut: number
  /** Share of each example's probability that goes to all labels alike, so that nothing is learnt to be certain. */
  readonly smoothing: number
  /** Of the first pass; it falls to nothing in a straight line. */
  readonly stepSize: number
}

/** Weights of a feature at `feature * labels + label`; 0 where there is none. */
export type Weights = Float32Array

/** Share of the passes after which weights are first taken away, and the share after which no more are. */
const PRUNE_FROM = 0.4
const PRUNE_TO = 0.75

/** @param labelOf  label of each row, 0 … labels - 1 */
export function fit(rows: Rows, labelOf: ArrayLike<number>, labels: number, options: FitOptions): Weights {
  const { passes, leftOut, stepSize, maxWeights, smoothing } = options
  const weights: Weights = new Float32Array(rows.features * labels)
  const random = seeded(1)
  const shares = new Float64Array(labels)
  const order = Int32Array.from({ length: rows.count }, (_, row) => row)
  const kept = new Int32Array(rows.longest)
  let places: Places | null = null
  const total = passes * rows.count
  for (let pass = 0, done = 0; pass < passes; pass++) {
    const progress = pass / passes
    if (progress >= PRUNE_FROM && progress <= PRUNE_TO + 1 / passes) {
      // From all weights to those that may stay, by the same factor each time.
      const share = Math.min(1, (progress - PRUNE_FROM + 1 / passes) / (PRUNE_TO - PRUNE_FROM))
      const goal = Math.round(weights.length * (maxWeights / weights.length) ** share)
      if (goal < weights.length) places = prune(weights, rows, labels, Math.max(goal, maxWeights))
    }
    shuffle(order, random)
    for (const row of order) {
      const step = stepSize * (1 - done++ / total)
      const end = rows.starts[row + 1] as number
      let count = 0
      shares.fill(0)
      for (let at = rows.starts[row] as number; at < end; at++) {
        if (random() < leftOut) continue
        kept[count++] = at
        addWeights(shares, weights, places, rows.feature[at] as number, rows.value[at] as number)
      }
      toErrors(shares, labelOf[row] as number, smoothing)
      for (let i = 0; i < count; i++) {
        const at = kept[i] as number
        learn(weights, shares, places, rows.feature[at] as number, step * (rows.value[at] as number))
      }
    }
  }
  return weights
}

/** Which labels a feature still has a weight for, once weights were taken away. */
interface Places {
  readonly starts: Int32Array
  readonly label: Int32Array
}

function addWeights(
  shares: Float64Array,
  weights: Weights,
  places: Places | null,
  feature: number,
  value: number,
): void {
  const labels = shares.length
  const base = feature * labels
  if (!places) {
    for (let label = 0; label < labels; label++)
      shares[label] = (shares[label] as number) + (weights[base + label] as number) * value
    return
  }
  const end = places.starts[feature + 1] as number
  for (let at = places.starts[feature] as number; at < end; at++) {
    const label = places.label[at] as number
    shares[label] = (shares[label] as number) + (weights[base + label] as number) * value
  }
}

function learn(
  weights: Weights,
  errors: Float64Array,
  places: Places | null,
  feature: number,
  step: number,
): void {
  const labels = errors.length
  const base = feature * labels
  if (!places) {
    for (let label = 0; label < labels; label++)
      weights[base + label] = (weights[base + label] as number) - step * (errors[label] as number)
    return
  }
  const end = places.starts[feature + 1] as number
  for (let at = places.starts[feature] as number; at < end; at++) {
    const label = places.label[at] as number
    weights[base + label] = (weights[base + label] as number) - step * (errors[label] as number)
  }
}

/** From scores to how much too likely each label is. */
function toErrors(scores: Float64Array, own: number, smoothing: number): void {
  let best = Number.NEGATIVE_INFINITY
  for (const score of scores) if (score > best) best = score
  let sum = 0
  for (let at = 0; at < scores.length; at++) {
    const share = Math.exp((scores[at] as number) - best)
    scores[at] = share
    sum += share
  }
  const all = smoothing / scores.length
  for (let at = 0; at < scores.length; at++) scores[at] = (scores[at] as number) / sum - all
  scores[own] = (scores[own] as number) - (1 - smoothing)
}

/** Sets all but `goal` weights to 0: what stays is large, or of a feature that many texts have. */
function prune(weights: Weights, rows: Rows, labels: number, goal: number): Places {
  const importance = new Float32Array(weights.length)
  let most = 0
  for (let feature = 0; feature < rows.features; feature++) {
    const factor = Math.sqrt(rows.seenIn[feature] as number)
    for (let at = feature * labels; at < (feature + 1) * labels; at++) {
      importance[at] = Math.abs(weights[at] as number) * factor
      if ((importance[at] as number) > most) most = importance[at] as number
    }
  }
  const line = lineOf(importance, most, goal)
  const starts = new Int32Array(rows.features + 1)
  const label: number[] = []
  for (let feature = 0; feature < rows.features; feature++) {
    for (let at = 0; at < labels; at++) {
      const place = feature * labels + at
      if (weights[place] !== 0 && (importance[place] as number) >= line) label.push(at)
      else weights[place] = 0
    }
    starts[feature + 1] = label.length
  }
  return { starts, label: Int32Array.from(label) }
}

/** About where the `goal` greatest begin. Counted by size: sorting millions would take longer than a pass. */
function lineOf(numbers: Float32Array, most: number, goal: number): number {
  const counts = new Int32Array(SIZES + 1)
  for (const number of numbers) {
    const size = Math.floor((number / most) * SIZES)
    counts[size] = (counts[size] as number) + 1
  }
  let size = SIZES
  for (let sum = counts[size] as number; size > 0 && sum + (counts[size - 1] as number) <= goal; )
    sum += counts[--size] as number
  return (size / SIZES) * most
}

const SIZES = 100_000

function shuffle(order: Int32Array, random: () => number): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const kept = order[at] as number
    order[at] = order[other] as number
    order[other] = kept
  }
}
