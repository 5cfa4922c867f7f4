// Fits what a category's confidence is made of, and measures how far it can be taken at its word. Pure.

import {
  type CategorySigns,
  CONFIDENCE_WEIGHTS,
  confidenceSigns,
  isUntold,
} from '../../../src/understanding/triage'

/** A category that was told of a labelled message. */
export interface ToldCategory {
  readonly confidence: number
  readonly signs: CategorySigns
  readonly isRight: boolean
}

/** Ten, as is usual: C. Guo and others, "On Calibration of Modern Neural Networks", 2017. */
const BINS = 10

/**
 * `error`: the mean distance of confidence and share right, over bins of confidence, weighed by their size. Where nothing was
 * found there is nothing to be sure of, and these messages cannot say how often real ones then are of no category.
 */
export function confidenceFigures(all: readonly ToldCategory[], sureFrom: number) {
  const told = all.filter(({ signs }) => !isUntold(signs))
  const bins = Array.from({ length: BINS }, () => [] as ToldCategory[])
  for (const one of told) bins[Math.min(BINS - 1, Math.floor(one.confidence * BINS))]?.push(one)
  const right = (rows: readonly ToldCategory[]) => rows.filter(({ isRight }) => isRight).length
  const sure = told.filter(({ confidence }) => confidence >= sureFrom)
  let error = 0
  for (const bin of bins) {
    const sum = bin.reduce((all, { confidence }) => all + confidence, 0)
    error += Math.abs(sum - right(bin)) / told.length
  }
  return { count: told.length, right: right(told), error, sure: sure.length, sureRight: right(sure) }
}

/** A weight is pulled towards 0 as if so many rows spoke for it: few rows, and signs that rarely stand. */
const PULL = 0.5
const STEPS = 20_000
const STEP = 0.5

/** Logistic regression by steps downhill: some hundred rows, six weights. */
export function fitConfidence(told: readonly ToldCategory[]): typeof CONFIDENCE_WEIGHTS {
  const names = Object.keys(CONFIDENCE_WEIGHTS) as (keyof typeof CONFIDENCE_WEIGHTS)[]
  const weights = { usual: 0, count: 0, next: 0, same: 0, other: 0, nothing: 0 }
  const rows = told
    .filter(({ signs }) => !isUntold(signs))
    .map(({ signs, isRight }) => ({ values: confidenceSigns(signs), isRight: isRight ? 1 : 0 }))
  for (let step = 0; step < STEPS; step++) {
    const slope = { usual: 0, count: 0, next: 0, same: 0, other: 0, nothing: 0 }
    for (const { values, isRight } of rows) {
      const sum = names.reduce((all, name) => all + weights[name] * values[name], 0)
      const off = 1 / (1 + Math.exp(-sum)) - isRight
      for (const name of names) slope[name] += off * values[name]
    }
    for (const name of names) weights[name] -= (STEP / rows.length) * (slope[name] + PULL * weights[name])
  }
  for (const name of names) weights[name] = Math.round(weights[name] * 100) / 100
  return weights
}
