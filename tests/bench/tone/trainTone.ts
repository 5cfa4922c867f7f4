// From comments with emotions to the file of a tone model. Deterministic.

import { featuresOf } from '../../../src/understanding/features'
import { english } from '../../../src/understanding/languages/en'
import { logistic } from '../../../src/understanding/linearModel'
import { createHearing } from '../../../src/understanding/tone'
import { type ToneModelFile, toneSignals, withMarks, worse } from '../../../src/understanding/toneModel'
import { fitLogistic } from '../../../src/understanding/training/calibrate'
import { encodeWeights } from '../../../src/understanding/training/encode'
import { type Rows, toRows } from '../../../src/understanding/training/rows'
import { type Binary, fitBinary } from './fitBinary'

export interface Comment {
  readonly text: string
  readonly labels: readonly string[]
}

const FRUSTRATED = new Set(['anger', 'annoyance', 'disappointment', 'disapproval', 'disgust'])
export const isFrustrated = ({ labels }: Comment) => labels.some(label => FRUSTRATED.has(label))

/** A feature of fewer comments stays out of the file: nothing of one writer's own can be read out of it. */
const SHIPPED_FROM = 20
const LEVELS = 24
const OPENING = '^\\s*(?:no+|nope|nah)\\b[\\s,.;:!-]*'
const SOURCE =
  'Weights fitted by "npm run bench:tone -- --train" on GoEmotions (Demszky et al. 2020, Apache-2.0), and on questions of Banking77 (PolyAI, CC BY 4.0) and CLINC150 (Larson et al. 2019, CC BY 3.0). See NOTICE.'
const FOLDS = 4

export const toneRows = (comments: readonly Comment[], minSeen: number) =>
  toRows(
    comments.map(({ text }) => featuresOf(withMarks(text.replace(new RegExp(OPENING, 'i'), '')))),
    minSeen,
  )

/** Rare features say more where they stand: the share of texts that have none, as a logarithm, around 1. */
export function rarity(rows: Rows): Float64Array {
  const all = Float64Array.from(rows.seenIn, seen => Math.log(1 + rows.count / (1 + seen)))
  const mean = all.reduce((sum, one) => sum + one, 0) / all.length
  return all.map(one => one / mean)
}

/** Fits on all features, then again on the `features` that matter most. */
export function fitPruned(
  rows: Rows,
  chosen: readonly number[],
  isTrue: readonly boolean[],
  features: number,
  trust: number,
): Binary {
  const scale = rarity(rows)
  const first = fitBinary(rows, chosen, isTrue, { trust, rounds: 40, scale })
  if (features >= rows.features) return first
  const matters = first.weights.map((weight, at) => Math.abs(weight) * Math.sqrt(rows.seenIn[at] as number))
  const line = matters.slice().sort()[rows.features - features] as number
  const kept = scale.map((one, at) => ((matters[at] as number) >= line ? one : 0))
  return fitBinary(rows, chosen, isTrue, { trust, rounds: 40, scale: kept })
}

export function scoreRow(rows: Rows, row: number, { weights, constant }: Binary): number {
  let sum = constant
  for (let at = rows.starts[row] as number; at < (rows.starts[row + 1] as number); at++)
    sum += (weights[rows.feature[at] as number] as number) * (rows.value[at] as number)
  return sum
}

/** @returns the score of each comment by a model that had not seen it */
export function crossScores(
  rows: Rows,
  isTrue: readonly boolean[],
  features: number,
  trust: number,
): readonly number[] {
  const scores = new Array<number>(rows.count).fill(0)
  for (let fold = 0; fold < FOLDS; fold++) {
    const chosen = Array.from(scores.keys()).filter(row => row % FOLDS !== fold)
    const model = fitPruned(rows, chosen, isTrue, features, trust)
    for (let row = fold; row < rows.count; row += FOLDS)
      scores[row] = scoreRow(rows, row, model) - model.constant
  }
  return scores
}

/**
 * @param questions  of customers who only ask: comments alone take every "I don't" for disapproval. Those in which
 *   the lists hear frustration are left out. Probabilities are fitted on comments alone
 */
export function trainTone(
  comments: readonly Comment[],
  questions: readonly string[],
  features: number,
  trust: number,
): ToneModelFile {
  const hear = createHearing(english.tone)
  const calm = questions.filter(text => {
    const { strong, mild, shouts, marks } = hear(text)
    return strong.length + mild.length + shouts.length + marks.length === 0
  })
  const all = [...comments, ...calm.map(text => ({ text, labels: [] }))]
  const rows = toneRows(all, SHIPPED_FROM)
  const isTrue = all.map(isFrustrated)
  const crossed = crossScores(rows, isTrue, features, trust)
  const signals = comments.map(({ text }, at) => toneSignals(crossed[at] as number, hear(text)))
  const tone = fitLogistic(
    signals,
    comments.map(isFrustrated),
    comments.map(() => 1),
  )
  tone[0] = (tone[0] as number) + shiftOf(comments, crossed, tone)
  const { weights } = fitPruned(rows, [...all.keys()], isTrue, features, trust)
  return {
    asklet: 'model@1',
    source: SOURCE,
    opening: OPENING,
    locale: 'en',
    labels: ['frustrated'],
    ...encodeWeights(Float32Array.from(weights), rows, 1, LEVELS),
    outside: [],
    thresholds: { outside: 1 },
    tone: tone.map(one => Math.round(one * 1_000) / 1_000),
  }
}

/** What the constant must move by so that, with what signs add, as many are called frustrated as are. */
function shiftOf(comments: readonly Comment[], crossed: readonly number[], tone: readonly number[]): number {
  const hear = createHearing(english.tone)
  const rows = comments.map(({ text }, at) => {
    const heard = hear(text)
    const signals = toneSignals(crossed[at] as number, heard)
    return { heard, odds: signals.reduce((sum, signal, i) => sum + signal * (tone[i] as number), 0) }
  })
  const wanted = comments.filter(isFrustrated).length
  let low = -1
  let high = 1
  while (high - low > 0.001) {
    const shift = (low + high) / 2
    const called = rows.reduce((sum, { odds, heard }) => sum + worse(logistic(odds + shift), heard), 0)
    if (called > wanted) high = shift
    else low = shift
  }
  return (low + high) / 2
}
