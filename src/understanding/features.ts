// What a linear model sees of a text: its words, their stems, pairs of them, and pieces of words, which forgive
// typing. Pure. Each feature is a number, the hash of its name, so that a model carries no vocabulary: measured over
// outside questions, names cost twice the bytes of the hashes.

import { stem, wordsOf } from './normalise'

/** How much each kind counts, against a word as it is written. Fitted over outside questions. */
const STEM = 0.7
const PAIR = 1
/** Two words with one between them. */
const SKIPPED = 0.5
const PIECE = 0.4
const SHORTEST_PIECE = 3
const LONGEST_PIECE = 5

/** Hashes end here; those of pairs of neighbours go on from here. */
const PAIRS_FROM = 2 ** 32

/** Hash of a name (FNV-1a, 32 bits, unsigned). */
export function hashOf(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}

/** Is this the hash of two neighbours? What is asked of a site is put together in ways that its examples know. */
export const isPair = (hash: number) => hash >= PAIRS_FROM

/** Where a model that has `space` places keeps a feature. */
export const placeOf = (hash: number, space: number) => (hash % PAIRS_FROM) % space

/** Hash -> value; the squares of all values add up to 1, those of features that no model knows included. */
export type Features = ReadonlyMap<number, number>

/** @returns the features of `text`, in the order of its words; the first stands for "any text" */
export function featuresOf(text: string): Features {
  const found = new Map<number, number>([[0, 1]])
  let squares = 1
  const add = (name: string, value: number, ofPair = false) => {
    const hash = hashOf(name) + (ofPair ? PAIRS_FROM : 0)
    if (found.has(hash)) return
    found.set(hash, value)
    squares += value * value
  }
  const words = wordsOf(text)
  // Where a text begins and ends tells "cancel" from "can I cancel".
  const stems = ['^', ...words.map(stem), '$']
  for (const [at, word] of words.entries()) {
    add(`w${word}`, 1)
    add(`s${stems[at + 1]}`, STEM)
    const edged = `_${word}_`
    for (let length = SHORTEST_PIECE; length <= LONGEST_PIECE; length++)
      for (let from = 0; from + length <= edged.length; from++)
        add(`c${edged.slice(from, from + length)}`, PIECE)
  }
  for (let at = 1; at < stems.length; at++) {
    add(`b${stems[at - 1]} ${stems[at]}`, PAIR, true)
    if (at > 1) add(`k${stems[at - 2]} ${stems[at]}`, SKIPPED)
  }
  const length = Math.sqrt(squares)
  for (const [hash, value] of found) found.set(hash, value / length)
  return found
}
