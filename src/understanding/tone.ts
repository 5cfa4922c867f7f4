// Frustration and urgency, read from a person's words, with the words as evidence. Pure.
// The lists are the language's, for a support lead to argue with; the words decide, never who the visitor is.
// A model, once it is there, weighs them together with all other words; without it the lists alone are added up.

import type { ToneWords } from './languages/language'
import { plain } from './normalise'

export interface Tone {
  /** 0 … 1; with a model the share of such texts that were written in anger, annoyance or disappointment. */
  readonly frustration: number
  /** From which frustration on a visitor is angry: few ordinary questions are. Left out: `ANGRY_FROM`. */
  readonly angryFrom?: number
  /** 0 … 1 */
  readonly urgency: number
  /** Despair or danger, 0 … 1: a person comes at once. */
  readonly distress: number
  /** The words it was read from, whole ones. */
  readonly evidence: readonly string[]
}

/** What all words of a text say, beside the lists. */
export interface ToneModel {
  /** From this frustration on a visitor is angry, as the file says. 0 … 1 */
  readonly angryFrom: number
  /** 0 … 1, with what the lists heard. */
  frustration(text: string, heard: Heard): number
  /** The words that push most, at most three, most telling first. */
  evidence(text: string): readonly string[]
}

/** By the lists alone: one strong word, or two mild ones. */
const ANGRY_FROM = 0.6

export function soundsAngry({ frustration, angryFrom = ANGRY_FROM }: Tone): boolean {
  return frustration >= angryFrom
}

/** From here on the words that the model was moved by are named; below, they would be named of a calm text. */
const NAMED_FROM = 0.5

/** @param model  asked for each text, for it may come late; null: the lists alone */
export function createTone(
  words: ToneWords,
  model: () => ToneModel | null = () => null,
): (text: string) => Tone {
  const hear = createHearing(words)
  return text => {
    const heard = hear(text)
    const { strong, mild, urgent, distressed, shouts, marks } = heard
    const weighs = model()
    const frustration = weighs
      ? weighs.frustration(text, heard)
      : Math.min(1, strong.length * 0.6 + mild.length * 0.3 + (shouts.length && 0.3) + marks.length * 0.2)
    const moved = weighs && frustration >= Math.min(NAMED_FROM, weighs.angryFrom) ? weighs.evidence(text) : []
    const listed = [...distressed, ...strong, ...mild, ...urgent]
    return {
      frustration,
      ...(weighs && { angryFrom: weighs.angryFrom }),
      urgency: Math.min(1, urgent.length * 0.6),
      distress: distressed.length && 1,
      evidence: [
        ...new Set([
          ...listed,
          ...moved.filter(word => !listed.some(phrase => phrase.includes(word))),
          ...shouts,
          ...marks,
        ]),
      ],
    }
  }
}

/** What stands in a text of a language's lists, and how it is written. */
export interface Heard {
  readonly strong: readonly string[]
  readonly mild: readonly string[]
  readonly urgent: readonly string[]
  readonly distressed: readonly string[]
  readonly shouts: readonly string[]
  readonly marks: readonly string[]
}

export function createHearing(words: ToneWords): (text: string) => Heard {
  const [strongWords, mildWords, urgentWords, distressWords] = [
    words.strong,
    words.mild,
    words.urgent,
    words.distress,
  ].map(list => new RegExp(`\\b(?:${list})\\b`, 'g')) as [RegExp, RegExp, RegExp, RegExp]
  return text => {
    const said = plain(text)
    // Words in capitals shout, but W-7731 and USD do not: four letters or more, and two of them.
    const shouted = text.slice(0, 2_000).match(/\b[A-Z]{4,}\b/g) ?? []
    return {
      strong: said.match(strongWords) ?? [],
      mild: said.match(mildWords) ?? [],
      urgent: said.match(urgentWords) ?? [],
      distressed: said.match(distressWords) ?? [],
      shouts: shouted.length > 1 ? shouted.slice(0, 2) : [],
      marks: text.match(/[!?]{2,}/)?.slice(0, 1) ?? [],
    }
  }
}
