// From comments with emotions to the file of a tone model. Deterministic.

import { hashOf } from '../../../src/understanding/features'
import { english } from '../../../src/understanding/languages/en'
import { logistic } from '../../../src/understanding/linearModel'
import { stem } from '../../../src/understanding/normalise'
import { createHearing, createTone } from '../../../src/understanding/tone'
import {
  createToneModel,
  createToneSight,
  type ToneModelFile,
  type ToneSight,
  toneSignals,
  worse,
} from '../../../src/understanding/toneModel'
import { fitLogistic } from '../../../src/understanding/training/calibrate'
import { encodeWeights } from '../../../src/understanding/training/encode'
import { type Rows, toRows } from '../../../src/understanding/training/rows'
import { type Binary, fitBinary } from './fitBinary'

/** A support message; label 1: frustrated. */
export interface Message {
  readonly text: string
  readonly label: number
}

export interface Comment {
  readonly text: string
  readonly labels: readonly string[]
}

const FRUSTRATED = new Set(['anger', 'annoyance', 'disappointment', 'disapproval', 'disgust'])
export const isFrustrated = ({ labels }: Comment) => labels.some(label => FRUSTRATED.has(label))

/** A feature of fewer comments stays out of the file: nothing of one writer's own can be read out of it. */
const SHIPPED_FROM = 20
/** What customers write is another language than comments, and each message of it counts as so many of these. */
const MESSAGES_COUNT = 2
const LEVELS = 24
const OPENING = '^\\s*(?:no+|nope|nah)\\b[\\s,.;:!-]*'
const NEGATION =
  "not|no|never|(?:do|did|is|was|are|were|ca|wo|would|could|should|does|has|have|had|ai)n't|dont|cant|cannot|nothing|nobody|without"
const SOURCE =
  'Weights fitted by "npm run bench:tone -- --train" on GoEmotions (Demszky et al. 2020, Apache-2.0), and on questions of Banking77 (PolyAI, CC BY 4.0) and CLINC150 (Larson et al. 2019, CC BY 3.0); words rated as in VADER (Hutto and Gilbert 2014, MIT). See NOTICE.'
/** Of a hundred ordinary questions, in which the lists hear nothing, one may be taken for angry. */
const WRONGLY_ANGRY = 0.01
const FOLDS = 4

/** Hashes that no word has: the rated signals, as features of a row. */
const RATED = [0, 1, 2].map(at => hashOf(`\0rated ${at}`))

export function toneRows(
  comments: readonly { readonly text: string }[],
  minSeen: number,
  see: ToneSight,
): Rows {
  return toRows(
    comments.map(({ text }) => {
      const told = see.told(text)
      const features = new Map(see.features(told))
      for (const [at, signal] of see.rated(told).entries()) features.set(RATED[at] as number, signal)
      return features
    }),
    minSeen,
  )
}

/** How a text is seen with these ratings. */
export const toneSight = (rated: ToneModelFile['rated']): ToneSight =>
  createToneSight({ opening: OPENING, negation: NEGATION, rated })

/**
 * Ratings of words, -4 … 4, as ratings of their stems in whole steps from -3 to 3.
 *
 * @param lexicon  lines of a word, a tab, its mean rating, and more: `vader_lexicon.txt` of VADER
 */
export function ratedWords(lexicon: string): ToneModelFile['rated'] {
  const ratings = new Map<string, number[]>()
  for (const line of lexicon.split('\n')) {
    const [word = '', rating = ''] = line.split('\t')
    if (/^[a-z]+$/.test(word)) ratings.set(stem(word), [...(ratings.get(stem(word)) ?? []), Number(rating)])
  }
  const rated = [...ratings]
    .map(([root, all]) => ({ root, rating: all.reduce((sum, one) => sum + one, 0) / all.length }))
    .filter(({ rating }) => Math.abs(rating) >= LEAST_RATING)
    .map(({ root, rating }) => ({
      root,
      rating: Math.max(-3, Math.min(3, Math.round(Math.abs(rating)) * Math.sign(rating))),
    }))
  const { space, high, low, weights, levels } = encodeWeights(
    Float32Array.from(rated, ({ rating }) => rating),
    { ...toRows([], 1), hashes: rated.map(({ root }) => hashOf(root)) },
    1,
    6,
  )
  return { space, high, low, weights, levels }
}

/** Words that are rated less are as good as not rated. */
const LEAST_RATING = 0.5

/** Rare features say more where they stand: the share of texts that have none, as a logarithm, around 1. */
export function rarity(rows: Rows): Float64Array {
  const all = Float64Array.from(rows.seenIn, seen => Math.log(1 + rows.count / (1 + seen)))
  const mean = all.reduce((sum, one) => sum + one, 0) / all.length
  return all.map((one, at) => (RATED.includes(rows.hashes[at] as number) ? 1 : one / mean))
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
 * @param messages  to support, of our own
 * @param ordinary  more of the questions, which nothing is learnt from: from where on a text is angry is set by them
 */
export function trainTone(
  comments: readonly Comment[],
  questions: readonly string[],
  messages: readonly Message[],
  ordinary: readonly string[],
  rated: ToneModelFile['rated'],
  features: number,
  trust: number,
): ToneModelFile {
  const hear = createHearing(english.tone)
  const isCalm = (text: string) => {
    const { strong, mild, shouts, marks } = hear(text)
    return strong.length + mild.length + shouts.length + marks.length === 0
  }
  const calm = questions.filter(isCalm)
  const all: Comment[] = [
    ...comments,
    ...calm.map(text => ({ text, labels: [] })),
    ...Array.from({ length: MESSAGES_COUNT }, () =>
      messages.map(({ text, label }) => ({ text, labels: label ? ['anger'] : [] })),
    ).flat(),
  ]
  const see = toneSight(rated)
  const rows = toneRows(all, SHIPPED_FROM, see)
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
  const counts = RATED.map(hash => {
    const at = rows.hashes.indexOf(hash)
    const count = weights[at] ?? 0
    weights[at] = 0
    return thousandths(count)
  })
  const file: ToneModelFile = {
    asklet: 'model@1',
    source: SOURCE,
    opening: OPENING,
    negation: NEGATION,
    locale: 'en',
    labels: ['frustrated'],
    ...encodeWeights(Float32Array.from(weights), rows, 1, LEVELS),
    rated,
    counts,
    outside: [],
    thresholds: { outside: 1 },
    tone: tone.map(thousandths),
    angryFrom: 1,
  }
  const read = createTone(english.tone, () => createToneModel(file))
  const tones = ordinary
    .filter(isCalm)
    .map(text => read(text).frustration)
    .sort((a, b) => b - a)
  return { ...file, angryFrom: thousandths(tones[Math.floor(tones.length * WRONGLY_ANGRY)] as number) }
}

const thousandths = (one: number) => Math.round(one * 1_000) / 1_000

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
