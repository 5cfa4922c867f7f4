// A linear model read from its file, and what it says of a text. Pure and deterministic; the file is written by
// training/. In the browser, so that it stays small: one row of characters each for positions, labels and weights.

import { featuresOf, isPair, placeOf } from './features'
import { wordsOf } from './normalise'

/**
 * What a model file holds. Rows of characters: a digit is one character of `"#"`…`"~"` without the backslash, 0 … 90,
 * so that JSON needs no escapes and each row compresses by itself.
 */
export interface ModelFile {
  asklet: 'model@1'
  /** BCP 47; words of another language are nobody's. */
  locale: string
  /** The first may be {@link NONE}. */
  labels: string[]
  /** How many places there are for features, see `placeOf`. */
  space: number
  /**
   * Which features it knows: the distances of their sorted hashes, each `high * 91 + low`. A `high` of 90 adds
   * 90 * 91 and goes on with the next.
   */
  high: string
  low: string
  /**
   * For each feature the labels it speaks for or against: steps from the label before (the first from -1), less one.
   * 90 ends the feature; 89 steps over 89 labels and gives none.
   */
  steps: string
  /** For each label of each feature which of `levels` it weighs. */
  weights: string
  /** In thousandths. */
  levels: number[]
  /** Examples of labels that are in no other file of the site. */
  examples?: { name: string; utterances: string[] }[]
  /** Coefficients of `outsideSignals`; their sum is the log odds that a text is none of the labels. */
  outside: number[]
  thresholds: {
    /** From this `outOfScope` on a text had better be taken for none of the labels. Chosen without a test set. */
    outside: number
  }
}

/** Label of texts that are none of the others, where a model was shown some. It is never predicted. */
export const NONE = ''

export interface Prediction {
  readonly label: string
  /** 0 … 1: how often such a prediction is right, of texts that are one of the labels. */
  readonly confidence: number
}

export interface LinearModel {
  readonly file: Pick<ModelFile, 'locale' | 'labels' | 'thresholds' | 'examples'>
  /** Every label but {@link NONE}, best first; of equals the earlier label. */
  predict(text: string): readonly Prediction[]
  /** 0 … 1: how likely it is that the text is none of the labels, if every other text is none. */
  outOfScope(text: string): number
}

/** What a model sees of one text. */
export interface Scores {
  /** A score a label, without that of {@link NONE}; they become probabilities by softmax. */
  readonly scores: Float64Array
  /** That of {@link NONE}; null where the model knows none. */
  readonly none: number | null
  /** Share of the text that the model knows, 0 … 1. */
  readonly known: number
  /** Of its pairs of neighbouring words. */
  readonly knownPairs: number
}

/** @throws nothing: a file that is none is the caller's to find, by `asklet` */
export function createLinearModel(file: ModelFile): LinearModel {
  const readAnew = createReader(file)
  const labels = file.labels.filter(label => label !== NONE)
  // A message is asked for its label and for its scope, one after the other.
  let last: readonly [text: string, scores: Scores] | undefined
  const read = (text: string) => {
    if (last?.[0] !== text) last = [text, readAnew(text)]
    return last[1]
  }
  return {
    file,
    predict(text) {
      const shares = softmax(read(text).scores)
      return labels
        .map((label, at) => ({ label, confidence: shares[at] as number }))
        .sort((a, b) => b.confidence - a.confidence)
    },
    outOfScope(text) {
      const signals = outsideSignals(read(text))
      return logistic(signals.reduce((sum, signal, at) => sum + signal * (file.outside[at] ?? 0), 0))
    },
  }
}

/** @returns what the model sees; the trainer measures with it too */
export function createReader({
  labels,
  space,
  high,
  low,
  steps,
  weights,
  levels,
}: ModelFile): (text: string) => Scores {
  // Hash -> label, weight, label, weight …
  const rows = new Map<number, number[]>()
  const lows = digitsOf(low)
  const stepsLeft = digitsOf(steps)
  const weightsLeft = digitsOf(weights)
  let [hash, lowAt, stepAt, weightAt] = [0, 0, 0, 0]
  const nextStep = () => stepsLeft[stepAt++] ?? BASE - 1
  for (const digit of digitsOf(high)) {
    hash += digit * BASE
    if (digit === BASE - 1) continue
    hash += lows[lowAt++] as number
    const row: number[] = []
    rows.set(hash, row)
    let label = -1
    for (let step = nextStep(); step < BASE - 1; step = nextStep()) {
      label += step
      if (step < BASE - 2) row.push(++label, levels[weightsLeft[weightAt++] as number] as number)
    }
  }
  return text => {
    const scores = new Float64Array(labels.length)
    let [known, pairs, knownPairs] = [0, 0, 0]
    for (const [feature, value] of featuresOf(text)) {
      const row = rows.get(placeOf(feature, space))
      if (isPair(feature)) pairs++
      if (!row) continue
      known += value * value
      if (isPair(feature)) knownPairs++
      for (let at = 0; at < row.length; at += 2)
        scores[row[at] as number]! += (value * (row[at + 1] as number)) / 1_000
    }
    const skip = Number(labels[0] === NONE)
    return {
      scores: scores.subarray(skip),
      none: skip ? (scores[0] as number) : null,
      known,
      knownPairs: knownPairs / (pairs || 1),
    }
  }
}

/**
 * What tells a text that is none of the labels: 1, the best score, how far it is ahead of all others, what is known of
 * the text, and how far the best score is ahead of that of {@link NONE}.
 */
export function outsideSignals({ scores, none, known, knownPairs }: Scores): readonly number[] {
  const top = Math.max(...scores)
  const share = Math.exp(logShare(scores, scores.indexOf(top)))
  return [1, top, Math.log(share / (1.0001 - share)), known, knownPairs, none === null ? 0 : top - none]
}

/** Logarithm of the probability of the label at `at`. */
function logShare(scores: Float64Array, at: number): number {
  return (scores[at] ?? 0) - logOfSum(scores)
}

/** @returns probabilities, in the labels' order */
export function softmax(scores: Float64Array): Float64Array {
  const all = logOfSum(scores)
  return scores.map(score => Math.exp(score - all))
}

function logOfSum(scores: Float64Array): number {
  const best = Math.max(...scores)
  return best + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - best), 0))
}

export function logistic(odds: number): number {
  return 1 / (1 + Math.exp(-odds))
}

export const BASE = 91

function digitsOf(row: string): number[] {
  return Array.from(row, character => {
    const code = character.charCodeAt(0)
    return code - (code < 92 ? 35 : 36)
  })
}

/** Each word is tried without: a pasted page would be tried for a second. */
const MAX_EVIDENCE_WORDS = 40

/**
 * The words without which `label` would lose most, as `wordsOf` gives them. A function of its own, so that who shows
 * no reasons does not carry it.
 *
 * @returns at most three, most telling first
 */
export function createEvidence(file: ModelFile): (text: string, label: string) => readonly string[] {
  const read = createReader(file)
  return (text, label) => {
    const at = file.labels.filter(each => each !== NONE).indexOf(label)
    const words = wordsOf(text).slice(0, MAX_EVIDENCE_WORDS)
    const score = (of: readonly string[]) => logShare(read(of.join(' ')).scores, at)
    const whole = score(words)
    return [...new Set(words)]
      .map(word => ({ word, loss: whole - score(words.filter(other => other !== word)) }))
      .filter(({ loss }) => loss > 0)
      .sort((a, b) => b.loss - a.loss)
      .slice(0, 3)
      .map(({ word }) => word)
  }
}
