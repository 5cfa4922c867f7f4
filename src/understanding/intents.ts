// Which example sentences a question is like. Pure; compiled once from the site's own examples.
// Words carry the meaning, three-letter pieces forgive typing (pairs of words were tried and told nothing more). A word that no example holds
// counts against the match, so that a question about something else stays nobody's.

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

/** @returns best first, at most five, nothing below 0.1 */
export function createIntents(
  examples: readonly IntentExamples[],
): (text: string) => readonly ScoredIntent[] {
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
    return models
      .map(({ name, weighed, centre }) => {
        const nearest = Math.max(0, ...weighed.map(example => cosine(row, example)))
        // The nearest example alone trusts one odd sentence; the centre alone blurs two ways to ask.
        const likeness = (nearest + cosine(row, centre)) / 2
        return { name, confidence: 1 / (1 + Math.exp(STEEPNESS * (HALF_AT - likeness))) }
      })
      .filter(intent => intent.confidence >= 0.1)
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, 5)
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
