// From examples to a model file, and what cross-validation says of it. Deterministic: the same examples in the same
// order, the same file. Scale, calibration and thresholds come from texts that a model of the same making had not
// seen; texts that are none of the labels are played by labels that were kept from it.

import { featuresOf } from '../features'
import { createReader, type ModelFile, NONE, outsideSignals, type Scores, softmax } from '../linearModel'
import { areaUnderCurve, calibrationError, fitLogistic, type Judged, scaleOf } from './calibrate'
import { encodeWeights } from './encode'
import { fit } from './fit'
import { toRows } from './rows'

export interface Example {
  readonly text: string
  readonly label: string
}

export interface TrainOptions {
  /** BCP 47. */
  readonly locale: string
  /** How many weights the file may hold; about 1 byte each once compressed. Unset: {@link WEIGHTS_A_LABEL} a label. */
  readonly maxWeights?: number
  /** How many different weights there may be, 2 … 89. */
  readonly levels?: number
  /** Times that each example is read. */
  readonly passes?: number
  /** Share of a text's features that one reading of it leaves out. */
  readonly leftOut?: number
  /** See `FitOptions`. */
  readonly smoothing?: number
  /**
   * Texts known to be none of the labels, where there are any: the model learns them as `NONE`. Unset: labels kept
   * from the model play them, for its calibration alone.
   */
  readonly outside?: readonly string[]
  /** What a label is called, where that says more than the label itself: read as an example where there are few. */
  readonly names?: ReadonlyMap<string, string>
  /** How many parts cross-validation makes. Unset: 5, of a large set 3. */
  readonly folds?: number
}

export interface LabelFigures {
  readonly label: string
  readonly examples: number
  /** Share of its examples that were taken for it, and share of what was taken for it that was. 0 … 1 */
  readonly recall: number
  readonly precision: number
}

export interface Confusion {
  readonly label: string
  readonly takenFor: string
  readonly count: number
  /** One of the texts. */
  readonly text: string
}

/** What cross-validation says: of texts that the model which was asked had not seen. */
export interface TrainingReport {
  readonly accuracy: number
  /** See `calibrationError`. */
  readonly calibrationError: number
  /** How well texts of labels that were kept from the model are told from others: area under the curve. */
  readonly outsideArea: number
  readonly labels: readonly LabelFigures[]
  /** Most frequent first. */
  readonly confusions: readonly Confusion[]
}

export interface Training {
  readonly file: ModelFile
  readonly report: TrainingReport
}

export const WEIGHTS_A_LABEL = 700
const LEVELS = 16
const FOLDS = 5
const FOLDS_OF_LARGE = 3
const LEFT_OUT = 0.5
const SMOOTHING = 0.1
const STEP_SIZE = 5
/** A label of fewer examples has its name read as one more. */
const NAMED_UNDER = 30
/** A small set needs more readings to get as far, and is quick. */
const passesFor = (examples: number) => Math.max(12, Math.min(48, Math.round(80_000 / (examples || 1))))
/** From so many examples on, what only one of them has is left out. */
const LARGE = 3_000

/**
 * @param examples  at least two labels, each with two examples or more; checked where they are read
 */
export function trainModel(examples: readonly Example[], options: TrainOptions): Training {
  const { outside: none = [] } = options
  const labels = [...new Set(examples.map(({ label }) => label)), ...(none.length ? [NONE] : [])].sort()
  const numberOf = new Map(labels.map((label, at) => [label, at]))
  const all: Sample[] = [...examples, ...none.map(text => ({ text, label: NONE }))].map(
    ({ text, label }) => ({
      text,
      label: numberOf.get(label) ?? -1,
    }),
  )
  const { folds = all.length < LARGE ? FOLDS : FOLDS_OF_LARGE } = options
  const foldOf = foldsOf(all, folds)

  const judged: (Scores & Judged & { readonly sample: Sample })[] = []
  const ofNone: Scores[] = []
  for (let fold = 0; fold < folds; fold++) {
    const read = trained(
      all.filter((_, at) => foldOf[at] !== fold),
      labels,
      options,
    )
    const first = Number(none.length > 0)
    for (const [at, sample] of all.entries()) {
      if (foldOf[at] !== fold) continue
      const scores = read(sample.text)
      if (sample.label < first) ofNone.push(scores)
      else judged.push({ ...scores, label: sample.label - first, sample })
    }
  }
  const scale = scaleOf(judged)
  const signals = (scores: Scores) => outsideSignals(scaled(scores, scale))
  const outside = none.length
    ? outsideOf(judged.map(signals), ofNone.map(signals), USUAL_WITH_NONE, USUAL_COUNTS_WITH_NONE)
    : outsideOf(...hidden(all, labels, foldOf, folds, scale, options), USUAL_WITHOUT, USUAL_COUNTS)
  const file: ModelFile = {
    ...build(all, labels, options, scale),
    ...outside.fitted,
  }
  return {
    file,
    report: {
      ...reportOf(
        judged,
        labels.filter(label => label !== NONE),
        scale,
      ),
      outsideArea: outside.area,
    },
  }
}

/** As a model whose weights were multiplied by `scale` would see it. */
const scaled = (seen: Scores, scale: number): Scores => ({
  ...seen,
  scores: seen.scores.map(score => score * scale),
  none: seen.none === null ? null : seen.none * scale,
})

interface Sample {
  readonly text: string
  readonly label: number
}

function build(
  samples: readonly Sample[],
  labels: readonly string[],
  options: TrainOptions,
  scale: number,
): ModelFile {
  const { maxWeights = WEIGHTS_A_LABEL * labels.length, levels = LEVELS } = options
  const counts = new Map<number, number>()
  for (const { label } of samples) counts.set(label, (counts.get(label) ?? 0) + 1)
  const named = labels.flatMap((label, at) =>
    label === NONE || (counts.get(at) ?? 0) >= NAMED_UNDER
      ? []
      : [{ text: options.names?.get(label) ?? label.replace(/[^\p{L}\p{N}]+/gu, ' '), label: at }],
  )
  const all = [...samples, ...named]
  const rows = toRows(
    all.map(({ text }) => featuresOf(text)),
    samples.length < LARGE ? 1 : 2,
    true,
  )
  const weights = fit(
    rows,
    all.map(({ label }) => label),
    labels.length,
    {
      maxWeights,
      passes: options.passes ?? passesFor(samples.length),
      leftOut: options.leftOut ?? LEFT_OUT,
      smoothing: options.smoothing ?? SMOOTHING,
      stepSize: STEP_SIZE,
    },
  )
  return {
    asklet: 'model@1',
    locale: options.locale,
    labels: [...labels],
    ...encodeWeights(weights, rows, labels.length, levels, scale),
    outside: [],
    thresholds: { outside: 0.5 },
  }
}

function trained(
  samples: readonly Sample[],
  labels: readonly string[],
  options: TrainOptions,
  scale = 1,
): (text: string) => Scores {
  return createReader(build(samples, labels, options, scale))
}

/** Every label's examples in turn, so that each part has as many of each. */
function foldsOf(samples: readonly Sample[], folds: number): readonly number[] {
  const seen = new Map<number, number>()
  return samples.map(({ label }) => {
    const times = seen.get(label) ?? 0
    seen.set(label, times + 1)
    // Beginning elsewhere for each label, or labels of two examples would leave the last parts empty.
    return (times + label) % folds
  })
}

/**
 * What usually tells texts of no label from others, as coefficients of `outsideSignals`: fitted over small sites made
 * of six outside sets (5 to 14 intents of 5 to 14 examples each), asked what is theirs, what is of their trade and
 * what is of any other. With 25 to 150 texts of `NONE`, and without any.
 */
const USUAL_WITH_NONE = [2.3, -0.12, -0.32, -4.1, 1.15, -0.44] as const
const USUAL_WITHOUT = [4, -0.17, -0.35, -5.5, 1.8, 0] as const
/**
 * Examples from which on a set's own coefficients count more than the usual ones. What is asked of articles differs
 * from chat in more than in being none of the labels, and must be many before it is believed.
 */
const USUAL_COUNTS_WITH_NONE = 500
const USUAL_COUNTS = 100
/** As likely none as any: half of each is what calibration is fitted for. */
const OUTSIDE_FROM = 0.5

type Signals = readonly (readonly number[])[]

/** Signals of texts, and of those whose label was kept from the model that was asked. */
function hidden(
  all: readonly Sample[],
  labels: readonly string[],
  foldOf: readonly number[],
  folds: number,
  scale: number,
  options: TrainOptions,
): [inside: Signals, outside: Signals] {
  const inside: (readonly number[])[] = []
  const outside: (readonly number[])[] = []
  for (let fold = 0; fold < folds; fold++) {
    const isHidden = (label: number) => label % folds === fold
    const seen = all.filter(({ label }, at) => foldOf[at] !== fold && !isHidden(label))
    const shown = labels.filter((_, label) => !isHidden(label))
    if (shown.length < 2) continue
    const numbers = new Map(shown.map((label, at) => [labels.indexOf(label), at]))
    const read = trained(
      seen.map(({ text, label }) => ({ text, label: numbers.get(label) ?? -1 })),
      shown,
      options,
      scale,
    )
    for (const [at, { text, label }] of all.entries()) {
      if (isHidden(label)) outside.push(outsideSignals(read(text)))
      else if (foldOf[at] === fold) inside.push(outsideSignals(read(text)))
    }
  }
  return [inside, outside]
}

/** Fits what tells texts of no label from others, and from where on to believe it. */
function outsideOf(
  inside: Signals,
  outside: Signals,
  usual: readonly number[],
  usualCounts: number,
): { readonly fitted: Pick<ModelFile, 'outside' | 'thresholds'>; readonly area: number } {
  if (!inside.length || !outside.length)
    return { fitted: { outside: [...usual], thresholds: { outside: OUTSIDE_FROM } }, area: 0.5 }
  const rows = [...inside, ...outside]
  const isOutside = rows.map((_, at) => at >= inside.length)
  // Half of each, whatever their number: how many come to a site is not known when it is built.
  const weight = isOutside.map(is => rows.length / 2 / (is ? outside.length : inside.length))
  // A handful of examples says little of what is none of them: there what is usual holds.
  const own = inside.length / (inside.length + usualCounts)
  const coefficients = fitLogistic(rows, isOutside, weight).map(
    (value, at) => Math.round((own * value + (1 - own) * (usual[at] as number)) * 1_000) / 1_000,
  )
  const odds = (row: readonly number[]) =>
    row.reduce((sum, value, at) => sum + value * (coefficients[at] as number), 0)
  return {
    fitted: {
      outside: coefficients,
      thresholds: { outside: OUTSIDE_FROM },
    },
    area: areaUnderCurve(outside.map(odds), inside.map(odds)),
  }
}

function reportOf(
  judged: readonly (Judged & { readonly sample: Sample })[],
  labels: readonly string[],
  scale: number,
): Omit<TrainingReport, 'outsideArea'> {
  const tally = labels.map(() => ({ examples: 0, taken: 0, right: 0 }))
  const confusions = new Map<string, { label: string; takenFor: string; count: number; text: string }>()
  const predictions = judged.map(({ scores, label, sample }) => {
    const shares = softmax(scores.map(score => score * scale))
    const confidence = Math.max(...shares)
    const best = shares.indexOf(confidence)
    const own = tally[label]
    const taken = tally[best]
    if (own) own.examples++
    if (taken) taken.taken++
    if (best === label && own) own.right++
    else {
      const key = `${label} ${best}`
      const entry = confusions.get(key) ?? {
        label: labels[label] ?? '',
        takenFor: labels[best] ?? '',
        count: 0,
        text: sample.text,
      }
      entry.count++
      confusions.set(key, entry)
    }
    return { confidence, isRight: best === label }
  })
  return {
    accuracy: predictions.filter(({ isRight }) => isRight).length / (predictions.length || 1),
    calibrationError: calibrationError(predictions),
    labels: labels.map((label, at) => {
      const { examples = 0, taken = 0, right = 0 } = tally[at] ?? {}
      return { label, examples, recall: right / (examples || 1), precision: right / (taken || 1) }
    }),
    confusions: [...confusions.values()].sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1)),
  }
}
