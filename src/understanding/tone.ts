// Frustration and urgency, read from a person's words, with the words as evidence. Pure.
// The lists are the language's, for a support lead to argue with; the words decide, never who the visitor is.

import type { ToneWords } from './languages/language'
import { plain } from './normalise'

export interface Tone {
  /** 0 … 1 */
  readonly frustration: number
  /** 0 … 1 */
  readonly urgency: number
  /** Despair or danger, 0 … 1: a person comes at once. */
  readonly distress: number
  /** The words it was read from. */
  readonly evidence: readonly string[]
}

export function createTone(words: ToneWords): (text: string) => Tone {
  const [strongWords, mildWords, urgentWords, distressWords] = [
    words.strong,
    words.mild,
    words.urgent,
    words.distress,
  ].map(list => new RegExp(`\\b(?:${list})\\b`, 'g')) as [RegExp, RegExp, RegExp, RegExp]
  return text => {
    const said = plain(text)
    const strong = said.match(strongWords) ?? []
    const mild = said.match(mildWords) ?? []
    const urgent = said.match(urgentWords) ?? []
    const distressed = said.match(distressWords) ?? []
    // Words in capitals shout, but W-7731 and USD do not: four letters or more, and two of them.
    const shouted = text.slice(0, 2_000).match(/\b[A-Z]{4,}\b/g) ?? []
    const shouts = shouted.length > 1 ? shouted.slice(0, 2) : []
    const marks = text.match(/[!?]{2,}/)?.slice(0, 1) ?? []
    return {
      frustration: Math.min(
        1,
        strong.length * 0.6 + mild.length * 0.3 + (shouts.length && 0.3) + marks.length * 0.2,
      ),
      urgency: Math.min(1, urgent.length * 0.6),
      distress: distressed.length && 1,
      evidence: [...new Set([...distressed, ...strong, ...mild, ...urgent, ...shouts, ...marks])],
    }
  }
}
