// Finds questions that ask nearly the same although they belong to different sections. Pure and deterministic.
// Words are compared without inflection; those that say little ("how", "my") weigh a tenth. Of all pairs only those are
// compared that share one of their rarest words: two that are alike cannot do without (S. Chaudhuri, V. Ganti and
// R. Kaushik, "A primitive operator for similarity joins in data cleaning", 2006).

import { isStopWord, tokens } from '../knowledge/terms'

/** Share of common weight (Jaccard) from which two questions want the same answer. */
const LIKE_FROM = 0.8
const STOP_WEIGHT = 0.1
/** Sums of tenths are not exact. */
const ROUNDING = 1e-9

export interface Wording {
  readonly text: string
  /** BCP 47 */
  readonly locale: string
  /** Questions of one group are not compared. */
  readonly group: number
}

/** A question without case, marks and accents: what is the same in it is the same question. '' has no words. */
export function sameQuestion(text: string, locale: string): string {
  return tokens(text, locale)
    .filter(({ whole }) => !whole)
    .map(({ word }) => word)
    .join(' ')
}

/** What of a line tells what it is about: terms without those that say little. */
export function tellingTerms(text: string, locale: string): ReadonlySet<string> {
  return new Set(
    tokens(text, locale)
      .filter(({ word, whole }) => !whole && !isStopWord(word))
      .map(({ term }) => term),
  )
}

/** Pairs of indices into `wordings`, the lower first, in their order. */
export function findLikeQuestions(
  wordings: readonly Wording[],
): readonly (readonly [first: number, second: number])[] {
  const weights = wordings.map(weighted)
  const spread = new Map<string, number>()
  for (const terms of weights) for (const term of terms.keys()) spread.set(term, (spread.get(term) ?? 0) + 1)
  const holders = new Map<string, number[]>()
  const found: (readonly [first: number, second: number])[] = []
  weights.forEach((terms, second) => {
    const candidates = new Set<number>()
    const rarest = [...terms].sort(
      ([a], [b]) => (spread.get(a) ?? 0) - (spread.get(b) ?? 0) || (a < b ? -1 : 1),
    )
    let left = (1 - LIKE_FROM) * weightOf(terms) + ROUNDING
    for (const [term, weight] of rarest) {
      if (left < 0) break
      left -= weight
      const list = holders.get(term) ?? []
      for (const first of list) candidates.add(first)
      list.push(second)
      holders.set(term, list)
    }
    for (const first of [...candidates].sort((a, b) => a - b))
      if (
        wordings[first]?.group !== wordings[second]?.group &&
        likeness(weights[first] ?? terms, terms) >= LIKE_FROM - ROUNDING
      )
        found.push([first, second])
  })
  return found.sort(([a, b], [c, d]) => a - c || b - d)
}

/** Terms of two languages are never the same. */
function weighted({ text, locale }: Wording): ReadonlyMap<string, number> {
  return new Map(
    tokens(text, locale)
      .filter(({ whole }) => !whole)
      .map(({ term, word }) => [`${locale} ${term}`, isStopWord(word) ? STOP_WEIGHT : 1]),
  )
}

function weightOf(terms: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const weight of terms.values()) sum += weight
  return sum
}

function likeness(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let common = 0
  for (const [term, weight] of a) if (b.has(term)) common += Math.min(weight, b.get(term) ?? 0)
  const all = weightOf(a) + weightOf(b) - common
  return all ? common / all : 0
}
