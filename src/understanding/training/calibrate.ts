// Scores into probabilities that can be taken at their word, fitted on predictions of texts that were not trained on.

import { logistic } from '../linearModel'

export interface Judged {
  readonly scores: Float64Array
  /** Its label; -1 where it has none that the model knows. */
  readonly label: number
}

/**
 * What scores must be multiplied by so that softmax of them is as sure as it is right: the greatest likelihood of the
 * labels (temperature scaling, Guo et al. 2017).
 *
 * @returns 0.05 … 20
 */
export function scaleOf(judged: readonly Judged[]): number {
  // As if one text more were anybody's (Platt 1999): a handful without mistakes does not make a model certain.
  const doubt = 1 / (judged.length + 2)
  const loss = (scale: number) => {
    let sum = 0
    for (const { scores, label } of judged) {
      let best = Number.NEGATIVE_INFINITY
      for (const score of scores) if (score > best) best = score
      let all = 0
      let mean = 0
      for (const score of scores) {
        all += Math.exp(scale * (score - best))
        mean += (score - best) / scores.length
      }
      sum += Math.log(all) - scale * ((1 - doubt) * ((scores[label] as number) - best) + doubt * mean)
    }
    return sum
  }
  // One valley: narrowed by thirds of its logarithm.
  let low = Math.log(0.05)
  let high = Math.log(20)
  while (high - low > 0.01) {
    const third = (high - low) / 3
    if (loss(Math.exp(low + third)) < loss(Math.exp(high - third))) high -= third
    else low += third
  }
  return Math.exp((low + high) / 2)
}

/**
 * Coefficients of a logistic regression by Newton's method, with a light penalty on all but the first, so that what
 * separates without error stays finite.
 *
 * @param isTrue  of each row
 * @param weight  how much each row counts
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  isTrue: readonly boolean[],
  weight: readonly number[],
): number[] {
  const size = rows[0]?.length ?? 0
  let coefficients = new Array<number>(size).fill(0)
  for (let round = 0; round < 25; round++) {
    const gradient = coefficients.map((value, at) => (at ? -PENALTY * value : 0))
    const curve = coefficients.map((_, a) => coefficients.map((_, b) => (a === b ? (a ? PENALTY : 1e-9) : 0)))
    for (const [at, row] of rows.entries()) {
      const share = logistic(row.reduce((sum, value, i) => sum + value * (coefficients[i] as number), 0))
      const counts = weight[at] as number
      const bend = counts * share * (1 - share)
      for (let a = 0; a < size; a++) {
        gradient[a] = (gradient[a] as number) + counts * (Number(isTrue[at]) - share) * (row[a] as number)
        const line = curve[a] as number[]
        for (let b = 0; b < size; b++)
          line[b] = (line[b] as number) + bend * (row[a] as number) * (row[b] as number)
      }
    }
    const step = solve(curve, gradient)
    coefficients = coefficients.map((value, at) => value + Math.max(-5, Math.min(5, step[at] as number)))
    if (step.every(value => Math.abs(value) < 1e-6)) break
  }
  return coefficients
}

const PENALTY = 1

/** Gauss's elimination; a direction without any evidence is left at 0. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length
  const rows = matrix.map((row, at) => [...row, right[at] as number])
  const cell = (row: number, column: number) => (rows[row] as number[])[column] as number
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++)
      if (Math.abs(cell(row, column)) > Math.abs(cell(pivot, column))) pivot = row
    const swapped = rows[column] as number[]
    rows[column] = rows[pivot] as number[]
    rows[pivot] = swapped
    if (Math.abs(cell(column, column)) < 1e-12) continue
    for (let row = 0; row < size; row++) {
      if (row === column) continue
      const factor = cell(row, column) / cell(column, column)
      rows[row] = (rows[row] as number[]).map((value, at) => value - factor * cell(column, at))
    }
  }
  return rows.map((_, at) => (Math.abs(cell(at, at)) < 1e-12 ? 0 : cell(at, size) / cell(at, at)))
}

/**
 * Mean distance between how sure predictions were and how often they were right, over 15 groups of as many each.
 *
 * @returns 0 … 1, 0 for no predictions
 */
export function calibrationError(predictions: readonly { confidence: number; isRight: boolean }[]): number {
  const sorted = [...predictions].sort((a, b) => a.confidence - b.confidence)
  let error = 0
  for (let group = 0; group < 15; group++) {
    const part = sorted.slice(
      Math.floor((group * sorted.length) / 15),
      Math.floor(((group + 1) * sorted.length) / 15),
    )
    const gap = part.reduce((sum, { confidence, isRight }) => sum + confidence - Number(isRight), 0)
    error += Math.abs(gap)
  }
  return sorted.length ? error / sorted.length : 0
}

/** How often one of `inside` is above one of `outside`, ties half (area under the curve); 0.5 says nothing. */
export function areaUnderCurve(inside: readonly number[], outside: readonly number[]): number {
  const all = [
    ...inside.map(score => ({ score, isIn: 1 })),
    ...outside.map(score => ({ score, isIn: 0 })),
  ].sort((a, b) => a.score - b.score)
  let ranks = 0
  for (let from = 0; from < all.length; ) {
    let to = from
    let count = 0
    while (to < all.length && all[to]?.score === all[from]?.score) count += all[to++]?.isIn ?? 0
    ranks += (count * (from + to + 1)) / 2
    from = to
  }
  const pairs = inside.length * outside.length
  return pairs ? (ranks - (inside.length * (inside.length + 1)) / 2) / pairs : 0.5
}
