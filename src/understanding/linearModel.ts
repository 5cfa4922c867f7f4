// A linear model read from its file, and what it says of a text. Pure and deterministic; the file is written by
// training/. In the browser, so that it stays small: one row of characters each for positions, labels and weights.

import { featuresOf } from './features'
import { wordsOf } from './normalise'

/**
 * What a model file holds. Rows of characters: a digit is one character of `"#"`…`"~"` without the backslash, 0 … 90,
 * so that JSON needs no escapes and each row compresses by itself.
 */
export interface ModelFile {
  asklet: 'model@1'
  /** BCP 47; words of another language are nobody's. */
  locale: string
  labels: string[]
  /** Hashes of features are taken modulo this. */
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
  /** Coefficients of `outsideSignals`; their sum is the log odds that a text is none of the labels. */
  outside: number[]
  thresholds: {
    /** From this `outOfScope` on a text had better be taken for none of the labels. Chosen without a test set. */
    outside: number
  }
}

export interface Prediction {
  readonly label: string
  /** 0 … 1: how often such a prediction is right, of texts that are one of the labels. */
  readonly confidence: number
}

export interface LinearModel {
  readonly file: Pick<ModelFile, 'locale' | 'labels' | 'thresholds'>
  /** Every label, best first; of equals the earlier label. */
  predict(text: string): readonly Prediction[]
  /** 0 … 1: how likely it is that the text is none of the labels, if every other text is none. */
  outOfScope(text: string): number
  /** The words without which `label` would lose most, at most three, most telling first; as `wordsOf` gives them. */
  evidence(text: string, label: string): readonly string[]
}

/** What a model sees of one text. */
export interface Scores {
  /** A score a label; they become probabilities by softmax. */
  readonly scores: Float64Array
  /** Share of the text that the model knows, 0 … 1. */
  readonly known: number
}

/** @throws nothing: a file that is none is the caller's to find, by `asklet` */
export function createLinearModel(file: ModelFile): LinearModel {
  const read = createReader(file)
  const { labels } = file
  return {
    file,
    predict(text) {
      const { scores } = read(text)
      const shares = softmax(scores)
      return labels
        .map((label, at) => ({ label, confidence: shares[at] as number }))
        .sort((a, b) => b.confidence - a.confidence)
    },
    outOfScope(text) {
      const signals = outsideSignals(read(text))
      return logistic(signals.reduce((sum, signal, at) => sum + signal * (file.outside[at] ?? 0), 0))
    },
    evidence(text, label) {
      const at = labels.indexOf(label)
      const words = wordsOf(text).slice(0, MAX_EVIDENCE_WORDS)
      const score = (of: readonly string[]) => logShare(read(of.join(' ')).scores, at)
      const whole = score(words)
      return [...new Set(words)]
        .map(word => ({ word, loss: whole - score(words.filter(other => other !== word)) }))
        .filter(({ loss }) => loss > 0)
        .sort((a, b) => b.loss - a.loss)
        .slice(0, 3)
        .map(({ word }) => word)
    },
  }
}

/** Each word is tried without: a pasted page would be tried for a second. */
const MAX_EVIDENCE_WORDS = 40

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
  // Feature -> where its labels begin; they end where the next begins.
  const rows = new Map<number, number>()
  const starts: number[] = []
  for (let at = 0, hash = 0, lows = 0; at < high.length; at++) {
    const digit = digitAt(high, at)
    hash += digit * BASE
    if (digit === BASE - 1) continue
    hash += digitAt(low, lows)
    rows.set(hash, lows++)
  }
  const labelOf: number[] = []
  for (let at = 0, label = -1, isNew = true; at < steps.length; at++) {
    if (isNew) starts.push(labelOf.length)
    const digit = digitAt(steps, at)
    isNew = digit === BASE - 1
    if (isNew) label = -1
    else {
      label += digit
      if (digit < BASE - 2) labelOf.push(++label)
    }
  }
  starts.push(labelOf.length)
  return text => {
    const scores = new Float64Array(labels.length)
    let known = 0
    for (const [hash, value] of featuresOf(text)) {
      const row = rows.get(hash % space)
      if (row === undefined) continue
      known += value * value
      for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) {
        const label = labelOf[at] as number
        scores[label] = (scores[label] as number) + (value * (levels[digitAt(weights, at)] as number)) / 1_000
      }
    }
    return { scores, known }
  }
}

/** What tells a text that is none of the labels: 1, the best score, how far it is ahead of all others, what is known. */
export function outsideSignals({ scores, known }: Scores): readonly number[] {
  const best = scores.indexOf(Math.max(...scores))
  const share = Math.exp(logShare(scores, best))
  return [1, scores[best] ?? 0, Math.log(share / (1.0001 - share)), known]
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

function digitAt(row: string, at: number): number {
  const code = row.charCodeAt(at)
  return code < 92 ? code - 35 : code - 36
}
