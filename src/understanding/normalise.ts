// Words as the machine compares them: lower case, no accents, plain quotes, endings cut.
// English endings; other languages lose nothing but the joining of forms. Pure.
// Stop words are the search's and some of a chat. The stem is its own: with the search's, which cuts less, examples
// of one question meet less often (measured over outside questions).

import { isStopWord as saysLittle } from '../knowledge/terms'
import { CHAT_WORDS, TELLING } from './languages/enSmallWords'

/** Longer texts are read up to here: patterns stay quick whatever somebody pastes. */
const MAX_READ_CHARS = 2_000

/** Lower case, no accents, straight quotes, single spaces. */
export function plain(text: string): string {
  return text
    .slice(0, MAX_READ_CHARS)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[’‘`´]/g, "'")
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
}

/** Words in order; an apostrophe or a hyphen inside a word belongs to it. */
export function wordsOf(text: string): readonly string[] {
  return plain(text).match(/[\p{L}\p{N}]+(?:['-][\p{L}\p{N}]+)*/gu) ?? []
}

/**
 * Cuts the endings that English puts on the same word: `withdrawals`, `withdrawing` -> `withdraw…`.
 * Light on purpose: a stem that joins two meanings costs more than one that misses a form.
 */
export function stem(word: string): string {
  if (word.length < 4) return word
  let root = word.replace(/'s?$/, '').replace(/ies$/, 'y')
  root = root.replace(/(ss|sh|ch|x)es$/, '$1').replace(/([^su])s$/, '$1')
  if (root.length > 5) root = root.replace(/(?:ing|ed|ment|ation|al)$/, '')
  root = root.replace(/([^aeiou])\1$/, '$1')
  return root.length > 3 ? root.replace(/e$/, '') : root
}

export function isStopWord(word: string): boolean {
  return (saysLittle(word) && !TELLING.test(word)) || CHAT_WORDS.has(word)
}

/** Stems of the words that carry the meaning. */
export function contentStems(text: string): readonly string[] {
  return wordsOf(text)
    .filter(word => !isStopWord(word))
    .map(stem)
}
