// Which intents a message may be, as the bot weighs it. Two readers: how like the examples it is, which a site of a
// single flow can do, and the site's model, which has learnt what tells its intents from each other and from what its
// articles are asked. That it is any of them at all, the surer of the two is believed; which one, both say together.
// Pure.
//
// Of likeness: words carry the meaning, three-letter pieces forgive typing (pairs of words were tried and told
// nothing more). A word that no example holds counts against the match, so that a question about something else
// stays nobody's.

import type { LinearModel } from './linearModel'
import { isStopWord, stem, wordsOf } from './normalise'

export interface IntentExamples {
  readonly name: string
  readonly utterances: readonly string[]
}

export interface ScoredIntent {
  readonly name: string
  /** 0 … 1; 0.5 is the line between "this" and "perhaps". */
  readonly confidence: number
}

type Vector = ReadonlyMap<string, number>

/** Words that only hold a sentence together still tell `how` from `why`, but weakly. */
const STOP_WEIGHT = 0.3
const PIECE_WEIGHT = 0.3
/**
 * Likeness that counts as confidence 0.5. On outside sets with ten examples each, of questions of the same trade
 * that belong elsewhere about one in eight comes this far, of any others one in eighty (the data test prints it).
 */
const HALF_AT = 0.34
const STEEPNESS = 14
/** How much likeness says beside the model of which intent it is. Fitted over small sites of outside questions. */
const LIKENESS_TELLS = 10
/**
 * Of four messages to a bot about one is what a flow is for; the rest are for articles, a person or nobody. A model
 * is fitted as if half were.
 */
const OUTSIDE_FOR_ONE_INSIDE = 2.8
/** More than a visitor is ever offered. */
const MOST = 5
const LEAST_CONFIDENCE = 0.1

/**
 * @param examples  of all intents that the model knows
 * @param model     null or left out: likeness alone
 * @returns best first, at most five, nothing below 0.1
 */
export function createIntents(
  examples: readonly IntentExamples[],
  model?: LinearModel | null,
): (text: string) => readonly ScoredIntent[] {
  const likenessTo = createLikeness(examples)
  return text => {
    const likeness = likenessTo(text)
    let intents = [...likeness].map(([name, like]) => ({
      name,
      confidence: 1 / (1 + Math.exp(STEEPNESS * (HALF_AT - like))),
    }))
    if (model) {
      const outside = model.outOfScope(text)
      const inScope = Math.max(
        (1 - outside) / (1 - outside + outside * OUTSIDE_FOR_ONE_INSIDE),
        ...intents.map(({ confidence }) => confidence),
      )
      const told = model.predict(text).map(({ label, confidence }) => ({
        name: label,
        confidence: confidence * Math.exp(LIKENESS_TELLS * (likeness.get(label) ?? 0)),
      }))
      const all = told.reduce((sum, { confidence }) => sum + confidence, 0)
      intents = told.map(({ name, confidence }) => ({ name, confidence: (confidence / all) * inScope }))
    }
    return intents
      .filter(({ confidence }) => confidence >= LEAST_CONFIDENCE)
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, MOST)
  }
}

/** @returns how like each intent's examples a text is, 0 … 1 */
function createLikeness(examples: readonly IntentExamples[]): (text: string) => ReadonlyMap<string, number> {
  const sets = examples.map(({ name, utterances }) => ({ name, rows: utterances.map(features) }))
  const rows = sets.flatMap(set => set.rows)
  const seenIn = new Map<string, number>()
  for (const row of rows)
    for (const feature of row.keys()) seenIn.set(feature, (seenIn.get(feature) ?? 0) + 1)
  const weigh = (row: Vector): Vector => {
    const weighed = new Map<string, number>()
    let squares = 0
    for (const [feature, weight] of row) {
      const value = weight * Math.log((rows.length + 1) / ((seenIn.get(feature) ?? 0) + 0.5))
      weighed.set(feature, value)
      squares += value * value
    }
    const length = Math.sqrt(squares) || 1
    for (const [feature, value] of weighed) weighed.set(feature, value / length)
    return weighed
  }
  const models = sets.map(set => {
    const weighed = set.rows.map(weigh)
    const centre = new Map<string, number>()
    for (const row of weighed)
      for (const [feature, value] of row) centre.set(feature, (centre.get(feature) ?? 0) + value)
    const length = Math.sqrt([...centre.values()].reduce((sum, value) => sum + value * value, 0)) || 1
    for (const [feature, value] of centre) centre.set(feature, value / length)
    return { name: set.name, weighed, centre }
  })
  return text => {
    const row = weigh(features(text))
    return new Map(
      models.map(({ name, weighed, centre }) => {
        const nearest = Math.max(0, ...weighed.map(example => cosine(row, example)))
        // The nearest example alone trusts one odd sentence; the centre alone blurs two ways to ask.
        return [name, (nearest + cosine(row, centre)) / 2]
      }),
    )
  }
}

function features(text: string): Vector {
  const row = new Map<string, number>()
  for (const word of wordsOf(text)) {
    const root = stem(word)
    const isStop = isStopWord(word)
    row.set(root, isStop ? STOP_WEIGHT : 1)
    if (!isStop)
      for (let i = 0; i + 2 <= root.length; i++) row.set(`#${`${root}_`.slice(i, i + 3)}`, PIECE_WEIGHT)
  }
  return row
}

function cosine(a: Vector, b: Vector): number {
  let sum = 0
  for (const [feature, value] of a) sum += value * (b.get(feature) ?? 0)
  return sum
}
