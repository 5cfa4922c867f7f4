// What page and role make likelier before a word is said. Pure.

import { routeMatches } from '../knowledge/article'
import type { Facts } from '../protocol/facts'

/** For whom an intent is, and where it is asked. */
export interface IntentPrior {
  readonly name: string
  /** Empty: for everybody. */
  readonly roles: readonly string[]
  /** Patterns of routes, as of an article; empty: anywhere. */
  readonly pages: readonly string[]
}

/** Odds of what belongs to the page that the visitor is on, against those without. */
const HERE = 1.4
/** What is left of the confidence in what is for other roles: the very words of an example are no match for them. */
const OTHERS = 0.1

/** @returns the intents with confidences that page and role have moved, best first; of equals in their order */
export function withPriors<Intent extends { readonly name: string; readonly confidence: number }>(
  intents: readonly Intent[],
  priors: readonly IntentPrior[],
  { page, visitor }: Facts,
): readonly Intent[] {
  return intents
    .map(intent => {
      const prior = priors.find(({ name }) => name === intent.name)
      if (!prior) return intent
      const isHere = prior.pages.some(pattern => routeMatches(pattern, page.route))
      const isOthers =
        visitor.role !== undefined && prior.roles.length > 0 && !prior.roles.includes(visitor.role)
      const odds = isHere ? HERE : 1
      const { confidence } = intent
      const here = (confidence * odds) / (1 - confidence + confidence * odds)
      return { ...intent, confidence: here * (isOthers ? OTHERS : 1) }
    })
    .sort((a, b) => b.confidence - a.confidence)
}
