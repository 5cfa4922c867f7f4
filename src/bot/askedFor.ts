// What sort of thing a question asks for (a span of time, an amount, a place, a permission), and whether a text holds
// one. Pure; the words are the language's. What they do not know asks for nothing, which neither helps nor harms.

import type { AnswerWords } from '../understanding/languages/language'
import { plain } from '../understanding/normalise'

export type HoldsSort = (text: string) => boolean

/** @returns null where the question asks for nothing in particular */
export function sortAsked(question: string, sorts: AnswerWords['sorts']): HoldsSort | null {
  const words = plain(question)
  const held = sorts.find(([asked]) => new RegExp(asked).test(words))?.[1]
  if (held === undefined) return null
  const holds = new RegExp(held)
  return text => holds.test(plain(text))
}
