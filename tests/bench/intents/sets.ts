// The outside sets of questions with intents, and the figures that a set is judged by.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LinearModel } from '../../../src/understanding/linearModel'
import { areaUnderCurve, calibrationError } from '../../../src/understanding/training/calibrate'
import type { Example } from '../../../src/understanding/training/trainModel'

/** Label of what is none of the intents. */
export const OUTSIDE = 'oos'
/** Share of questions that must still be answered rightly where out-of-scope recall is taken. */
const KEPT_ACCURACY = 0.91

export function readSet(data: string, name: string): readonly Example[] {
  return readFileSync(join(data, 'intents', `intent-${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Example)
}

export const inScope = (examples: readonly Example[]) => examples.filter(({ label }) => label !== OUTSIDE)

/** The first `count` of each label, in the order of the file. */
export function firstOfEach(examples: readonly Example[], count: number): readonly Example[] {
  const seen = new Map<string, number>()
  return examples.filter(({ label }) => {
    const times = (seen.get(label) ?? 0) + 1
    seen.set(label, times)
    return times <= count
  })
}

export interface SetFigures {
  /** Of what is in scope, nothing refused. */
  readonly accuracy: number
  /** Calibration error of the confidence, in scope. */
  readonly ece: number
  /** The rest only of sets that hold what is out of scope. */
  readonly auroc?: number
  /** Best recall of what is out of scope while the accuracy in scope, refusals counted as wrong, is at least 0.91. */
  readonly recall?: number
  /** Matthews' correlation over all labels and "none", at the model's own threshold. */
  readonly mcc?: number
  /** Calibration error of `outOfScope`, over all. */
  readonly outsideEce?: number
}

export function figuresOf(
  model: Pick<LinearModel, 'predict' | 'outOfScope' | 'file'>,
  test: readonly Example[],
): SetFigures {
  const asked = test.map(({ text, label }) => {
    const [best] = model.predict(text)
    return {
      label,
      best: best?.label,
      confidence: best?.confidence ?? 0,
      outside: model.outOfScope(text),
      isRight: best?.label === label,
    }
  })
  const inside = asked.filter(({ label }) => label !== OUTSIDE)
  const outside = asked.filter(({ label }) => label === OUTSIDE)
  const figures = {
    accuracy: inside.filter(({ isRight }) => isRight).length / inside.length,
    ece: calibrationError(inside),
  }
  if (!outside.length) return figures
  const line = model.file.thresholds.outside
  return {
    ...figures,
    auroc: areaUnderCurve(
      outside.map(row => row.outside),
      inside.map(row => row.outside),
    ),
    recall: recallAt(inside, outside),
    mcc: correlation(
      asked.map(row => [row.label, row.outside >= line ? OUTSIDE : (row.best ?? OUTSIDE)] as const),
    ),
    outsideEce: calibrationError(
      asked.map(row => ({ confidence: row.outside, isRight: row.label === OUTSIDE })),
    ),
  }
}

type Row = { readonly outside: number; readonly isRight: boolean }

function recallAt(inside: readonly Row[], outside: readonly Row[]): number {
  const right = inside
    .filter(({ isRight }) => isRight)
    .map(row => row.outside)
    .sort((a, b) => a - b)
  const line = right[Math.ceil(KEPT_ACCURACY * inside.length) - 1]
  return line === undefined ? 0 : outside.filter(row => row.outside > line).length / outside.length
}

/** Matthews' correlation of many labels (Gorodkin 2004). */
function correlation(pairs: readonly (readonly [label: string, taken: string])[]): number {
  const count = (values: readonly string[]) => {
    const counts = new Map<string, number>()
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
    return counts
  }
  const labels = count(pairs.map(([label]) => label))
  const taken = count(pairs.map(([, value]) => value))
  const all = pairs.length
  const right = pairs.filter(([label, value]) => label === value).length
  const product = (a: Map<string, number>, b: Map<string, number>) =>
    [...a].reduce((sum, [key, value]) => sum + value * (b.get(key) ?? 0), 0)
  const spread = (all * all - product(taken, taken)) * (all * all - product(labels, labels))
  return spread ? (right * all - product(labels, taken)) / Math.sqrt(spread) : 0
}
