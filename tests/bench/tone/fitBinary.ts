// Weights of a yes-or-no question over many features: logistic regression with a penalty on the squares of the
// weights, by L-BFGS (Nocedal and Wright, Numerical Optimization, 7.4). Deterministic. For thousands of noisy labels
// the penalty does better than stochastic steps with features left out (measured).

import type { Rows } from '../../../src/understanding/training/rows'

export interface FitBinaryOptions {
  /** How much the examples count against the penalty. */
  readonly trust: number
  readonly rounds: number
  /** Of each feature: how dear its weight is; 0 keeps it out. */
  readonly scale: Float64Array
}

export interface Binary {
  readonly weights: Float64Array
  readonly constant: number
}

const REMEMBERED = 8

/** @param isTrue  of each row; only rows of `chosen` are learnt from */
export function fitBinary(
  rows: Rows,
  chosen: readonly number[],
  isTrue: readonly boolean[],
  { trust, rounds, scale }: FitBinaryOptions,
): Binary {
  const size = rows.features + 1
  const { starts, feature, value } = rows
  const evaluate = (point: Float64Array, gradient: Float64Array): number => {
    gradient.set(point)
    gradient[size - 1] = 0
    let loss = 0
    for (let at = 0; at < size - 1; at++) loss += 0.5 * (point[at] as number) ** 2
    for (const row of chosen) {
      const end = starts[row + 1] as number
      let odds = point[size - 1] as number
      for (let at = starts[row] as number; at < end; at++) {
        const f = feature[at] as number
        odds += (point[f] as number) * (value[at] as number) * (scale[f] as number)
      }
      const truth = isTrue[row] ? 1 : 0
      loss += trust * (Math.max(0, odds) + Math.log1p(Math.exp(-Math.abs(odds))) - truth * odds)
      const error = trust * (1 / (1 + Math.exp(-odds)) - truth)
      gradient[size - 1] = (gradient[size - 1] as number) + error
      for (let at = starts[row] as number; at < end; at++) {
        const f = feature[at] as number
        gradient[f] = (gradient[f] as number) + error * (value[at] as number) * (scale[f] as number)
      }
    }
    return loss
  }

  let point = new Float64Array(size)
  let gradient = new Float64Array(size)
  let loss = evaluate(point, gradient)
  const steps: { move: Float64Array; change: Float64Array; curve: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const direction = directionOf(gradient, steps)
    const slope = dot(direction, gradient)
    let length = steps.length ? 1 : 1 / Math.sqrt(dot(gradient, gradient))
    let next = point
    let nextGradient = gradient
    let nextLoss = Number.POSITIVE_INFINITY
    for (let tries = 0; tries < 20; tries++, length /= 2) {
      next = point.map((from, at) => from + length * (direction[at] as number))
      nextGradient = new Float64Array(size)
      nextLoss = evaluate(next, nextGradient)
      if (nextLoss <= loss + 1e-4 * length * slope) break
    }
    if (!(nextLoss < loss)) break
    const move = next.map((to, at) => to - (point[at] as number))
    const change = nextGradient.map((to, at) => to - (gradient[at] as number))
    const curve = dot(move, change)
    if (curve > 1e-10) steps.push({ move, change, curve })
    if (steps.length > REMEMBERED) steps.shift()
    const isDone = loss - nextLoss < 1e-6 * Math.abs(loss)
    point = next
    gradient = nextGradient
    loss = nextLoss
    if (isDone) break
  }
  return {
    weights: point.slice(0, -1).map((weight, at) => weight * (scale[at] as number)),
    constant: point[size - 1] as number,
  }
}

/** Downhill, bent by what the last steps told of the curve. */
function directionOf(
  gradient: Float64Array,
  steps: readonly { move: Float64Array; change: Float64Array; curve: number }[],
): Float64Array {
  const direction = gradient.map(slope => -slope)
  const shares: number[] = []
  for (let at = steps.length - 1; at >= 0; at--) {
    const { move, change, curve } = steps[at] as (typeof steps)[number]
    const share = dot(move, direction) / curve
    shares[at] = share
    add(direction, change, -share)
  }
  const last = steps.at(-1)
  if (last) {
    const factor = last.curve / dot(last.change, last.change)
    for (let at = 0; at < direction.length; at++) direction[at] = (direction[at] as number) * factor
  }
  for (const [at, { move, change, curve }] of steps.entries())
    add(direction, move, (shares[at] as number) - dot(change, direction) / curve)
  return direction
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number)
  return sum
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let at = 0; at < to.length; at++) to[at] = (to[at] as number) + times * (what[at] as number)
}
