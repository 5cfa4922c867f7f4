// Trains what hears a wish for a person in wordings that the patterns do not know. Deterministic. Our own sentences
// (training.jsonl) count four times, outside ones once. Of outside sentences that ask, those that no pattern hears
// are left out: many are complaints that their source handed to a person. A feature that fewer than three sentences
// have is left out, so that no sentence can be read out of the weights.

import { type Features, featuresOf } from '../../../src/understanding/features'
import { english } from '../../../src/understanding/languages/en'
import { createReader, type ModelFile } from '../../../src/understanding/linearModel'
import { fitLogistic } from '../../../src/understanding/training/calibrate'
import { encodeWeights } from '../../../src/understanding/training/encode'
import { fit } from '../../../src/understanding/training/fit'
import { toRows } from '../../../src/understanding/training/rows'
import { createHearing } from '../../../src/understanding/wantsPerson'

export interface Sentence {
  readonly text: string
  /** 1 asks for a person, 0 does not, -1 nobody can tell. */
  readonly label: number
  readonly src: string
}

/** A sentence as it is judged. */
export interface Sample extends Sentence {
  readonly family: string
  readonly isHeard: boolean
  readonly parts: readonly string[]
}

export interface Judged {
  readonly sample: Sample
  /** Log odds of the part that says most. */
  readonly odds: number
}

export interface Trained {
  readonly file: ModelFile
  readonly usual: number
  readonly counts: number
  readonly heard: number
  readonly from: number
  /** Every sentence, judged by a model that saw neither it nor, of an outside one, its family. */
  readonly judged: readonly Judged[]
}

export const OWN_FAMILY = 'training'
const OWN_COUNTS = 4
const SEEN_IN = 3
const FOLDS = 5
const MAX_WEIGHTS = 6_000
const LEVELS = 16
/** So many of what is heard must ask: of our own sentences, and of each outside family that no weight has seen. */
const OWN_PRECISION = 0.93
const OUTSIDE_PRECISION = 0.85

const hear = createHearing(english.person)

export function toSample(sentence: Sentence): Sample {
  return { ...sentence, family: sentence.src.split('-')[0] as string, ...hear(sentence.text) }
}

/**
 * @param samples  of OWN_FAMILY and of outside ones
 * @param more     outside sentences that are trained on and not judged
 */
export function trainPerson(samples: readonly Sample[], more: readonly Sample[], asks: string): Trained {
  const judged: Judged[] = []
  const judge = (isIn: (sample: Sample, at: number) => boolean, family: string) => {
    const odds = oddsOf(
      train(
        [...samples.filter((sample, at) => !isIn(sample, at)), ...more.filter(s => s.family !== family)],
        asks,
      ),
    )
    for (const [at, sample] of samples.entries())
      if (isIn(sample, at)) judged.push({ sample, odds: bestOf(sample, odds) })
  }
  for (let fold = 0; fold < FOLDS; fold++)
    judge(({ family }, at) => family === OWN_FAMILY && at % FOLDS === fold, OWN_FAMILY)
  for (const family of new Set(samples.map(({ family }) => family)))
    if (family !== OWN_FAMILY) judge(sample => sample.family === family, family)

  const known = judged.filter(({ odds }) => Number.isFinite(odds))
  const [usual = 0, counts = 1, heard = 0] = fitLogistic(
    known.map(({ sample, odds }) => [1, odds, Number(sample.isHeard)]),
    known.map(({ sample }) => sample.label === 1),
    known.map(() => 1),
  ).map(value => Math.round(value * 1_000) / 1_000)
  const from = thresholdOf(
    judged.map(({ sample, odds }) => ({
      sample,
      confidence: 1 / (1 + Math.exp(-(usual + counts * odds + (sample.isHeard ? heard : 0)))),
    })),
  )
  return { file: train([...samples, ...more], asks), usual, counts, heard, from, judged }
}

/** The lowest one, in hundredths, from which on precision holds in every family that has asks. */
function thresholdOf(judged: readonly { sample: Sample; confidence: number }[]): number {
  const families = [...new Set(judged.map(({ sample }) => sample.family))]
    .map(family => judged.filter(({ sample }) => sample.family === family))
    .filter(rows => rows.some(({ sample }) => sample.label === 1))
  const holds = (from: number) =>
    families.every(rows => {
      const taken = rows.filter(({ sample, confidence }) => sample.isHeard || confidence >= from)
      const right = taken.filter(({ sample }) => sample.label === 1).length
      const least = rows[0]?.sample.family === OWN_FAMILY ? OWN_PRECISION : OUTSIDE_PRECISION
      return right / taken.length >= least
    })
  const lines = Array.from({ length: 99 }, (_, at) => (at + 1) / 100)
  return lines.find(holds) ?? 1
}

type Text = { readonly features: Features; readonly asks: boolean; readonly times: number }

/** Twice: of a long message that asks, the first model finds the part that does. */
function train(samples: readonly Sample[], asks: string): ModelFile {
  const used = samples.filter(({ label, isHeard, family, parts }) =>
    label === 1 ? parts.length && (isHeard || family === OWN_FAMILY) : parts.length,
  )
  const seen = new Map<number, number>()
  for (const { parts } of used)
    for (const hash of featuresOf(parts[0] as string).keys()) seen.set(hash, (seen.get(hash) ?? 0) + 1)
  const cut = (part: string): Features =>
    new Map([...featuresOf(part)].filter(([hash]) => (seen.get(hash) ?? 0) >= SEEN_IN))
  const texts = used.map(({ parts, label, family }) => ({
    parts,
    cuts: parts.map(cut),
    asks: label === 1,
    times: family === OWN_FAMILY ? OWN_COUNTS : 1,
  }))
  const whole = texts.map(({ cuts, ...text }) => ({ ...text, features: cuts[0] as Features }))
  const first = oddsOf(fitted(whole, asks, 4))
  const rest: Text[] = texts.flatMap(({ parts, cuts, ...text }) => {
    const others = cuts.slice(1)
    if (!text.asks || !others.length) return others.map(features => ({ ...text, features }))
    const odds = parts.slice(1).map(first)
    return [{ ...text, features: others[odds.indexOf(Math.max(...odds))] as Features }]
  })
  return fitted([...whole, ...rest], asks, 10)
}

function fitted(texts: readonly Text[], asks: string, passes: number): ModelFile {
  const repeated = texts.flatMap(text => new Array<Text>(text.times).fill(text))
  const labels = [asks, 'other']
  const rows = toRows(
    repeated.map(({ features }) => features),
    1,
  )
  const weights = fit(
    rows,
    repeated.map(text => (text.asks ? 0 : 1)),
    2,
    { maxWeights: MAX_WEIGHTS, passes, leftOut: 0.3, smoothing: 0.05, stepSize: 5 },
  )
  // Of two labels the one weighs what the other does not: one row says both.
  for (let at = 0; at < weights.length; at += 2) {
    weights[at] = (weights[at] as number) - (weights[at + 1] as number)
    weights[at + 1] = 0
  }
  return {
    asklet: 'model@1',
    locale: 'en',
    labels,
    ...encodeWeights(weights, rows, 2, LEVELS),
    outside: [],
    thresholds: { outside: 1 },
  }
}

function oddsOf(file: ModelFile): (part: string) => number {
  const read = createReader(file)
  return part => read(part).scores[0] ?? 0
}

function bestOf({ parts }: Sample, odds: (part: string) => number): number {
  return Math.max(...parts.map(odds))
}
