// Does a sentence say no more, and nothing else, than the words that it rests on? Pure; server and page ask the same.
// Refuses on doubt: a true sentence that is withheld costs an answer in the article's own words, a false one that is
// shown costs the site its word. English may be shortened; of any other language only whole sentences are let through,
// because here nobody knows its word for "not".

import {
  ABBREVIATED,
  BOUND,
  ENGLISH,
  FREE,
  JOINING,
  NOT,
  PERHAPS,
  TURNING,
} from '../understanding/languages/enClaims'

interface Word {
  /** What is compared: lower case, endings cut. */
  readonly key: string
  /**
   * `plain`   may be left out
   * `fixed`   a number, a sign, a name: not left out between two words that are said
   * `turning` a negation, a condition, a limit, "or": not left out of the sentence at all
   * `pause`   a comma, a bracket, "and": words on its other side belong to something else
   */
  readonly kind: 'plain' | 'fixed' | 'turning' | 'pause'
  readonly isNumber?: boolean
}

const TOKEN =
  /-?\d+(?:[.,:/-]\d+)*(?![\p{L}\p{N}])|[\p{L}\p{M}\p{N}]+(?:['.@_-][\p{L}\p{M}\p{N}]+)*|[^\s.!?'"-]/gu

/**
 * Is every sentence of `text` supported by one sentence of `span`: its words are there, in this order; no number, name
 * or sign was added, changed or left out between them; no "not", "if", "only", "up to" of that sentence was left out?
 *
 * @param span  whole sentences of an article; one that asks supports nothing
 */
export function supports(text: string, span: string): boolean {
  const sentences = sentencesOf(text)
  const grounds = sentencesOf(span).filter(ground => !asks(ground))
  return sentences.length > 0 && sentences.every(sentence => grounds.some(ground => isSaid(sentence, ground)))
}

/** Sentences and lines. In doubt two stay one. */
export function sentencesOf(text: string): readonly string[] {
  const parts: string[] = []
  let isOpen = false
  for (const part of tidy(text).split(
    /(?<=[.!?。！？]["')\]]*)[ \t]+(?=["'([]*[\p{Lu}\p{Lo}])|\s*\n\s*|(?<=[。！？])/u,
  )) {
    if (isOpen) parts.push(`${parts.pop()} ${part}`)
    else parts.push(part)
    isOpen = ABBREVIATED.test(part)
  }
  return parts.map(part => part.trim()).filter(part => /[\p{L}\p{N}]/u.test(part))
}

/** Is `words` in `text`, letter for letter, and not as a part of longer words? */
export function isWordOf(words: string, text: string): boolean {
  const isLetter = (at: number) => /[\p{L}\p{N}]/u.test(text[at] ?? '')
  if (!words.trim()) return false
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1))
    if (!isLetter(at - 1) && !isLetter(at + words.length)) return true
  return false
}

const asks = (sentence: string) => /[?？]["')\]]*$/.test(sentence)

const tidy = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/[‘’`´]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/[‐‑‒–—−]/g, '-')

function isSaid(sentence: string, ground: string): boolean {
  if (asks(sentence)) return false
  const plainWords = ground.match(TOKEN) ?? []
  const english = plainWords.filter(word => ENGLISH.test(word.toLowerCase())).length
  if (english * 12 < plainWords.length) {
    const said = sentence.match(TOKEN) ?? []
    return said.length > 0 && said.join(' ').toLowerCase() === plainWords.join(' ').toLowerCase()
  }
  const said = wordsOf(sentence).filter(({ kind }) => kind !== 'pause')
  const words = wordsOf(ground)
  const turns = (list: readonly Word[]) =>
    list.flatMap(({ kind, key }) => (kind === 'turning' ? key : [])).join()
  return (
    said.length > 0 && turns(said) === turns(words) && words.some((_, start) => isRun(said, words, start))
  )
}

/** Are `said` found in `words` in order from `start` on, with nothing between them that may not be left out? */
function isRun(said: readonly Word[], words: readonly Word[], start: number): boolean {
  let last = start - 1
  for (const { key } of said) {
    let at = last + 1
    let leftOut = ''
    while (at < words.length && words[at]?.key !== key) {
      const { kind = 'plain' } = words[at] ?? {}
      if (last < start || kind === 'fixed' || kind === 'turning') return false
      leftOut += kind
      at++
    }
    if (at === words.length || /^(?=.*pause).*plain/.test(leftOut)) return false
    // "up to 5" is not 5, and 5 business days are not 5 days.
    if (words[at]?.isNumber && isBound(words[at - 1]) && last !== at - 1) return false
    if (words[last]?.isNumber && words[last + 1]?.kind !== 'pause' && last >= start && at !== last + 1)
      return false
    last = at
  }
  const next = words[last + 1]
  return !words[last]?.isNumber || !next || next.kind === 'pause'
}

const isBound = (word: Word | undefined) => word !== undefined && BOUND.test(word.key)

function wordsOf(sentence: string): readonly Word[] {
  let isFirst = true
  return (sentence.match(TOKEN) ?? []).flatMap((token): Word | readonly Word[] => {
    const word = token.toLowerCase()
    const isName = !isFirst && /^\p{Lu}/u.test(token)
    if (/^[\p{L}\p{N}-]/u.test(token)) isFirst = false
    if (/^[,;:()]$/.test(token) || JOINING.test(word)) return { key: word, kind: 'pause' }
    if (FREE.test(word)) return []
    if (NOT.test(word)) return { key: 'not', kind: 'turning' }
    if (PERHAPS.test(word)) return { key: 'may', kind: 'turning' }
    if (TURNING.test(word)) return { key: root(word), kind: 'turning' }
    const isNumber = /^-?\d/.test(word)
    if (isNumber || isName || !/^\p{L}/u.test(word))
      return { key: isNumber ? word : root(word), kind: 'fixed', isNumber }
    return { key: root(word), kind: 'plain' }
  })
}

/** Light: `days` is `day`, `charged` is `charge`. What joins two meanings would let one pass for the other. */
function root(word: string): string {
  const one = word
    .replace(/'s?$/, '')
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x)es$/, '$1')
    .replace(/([^su])s$/, '$1')
  const stem = one.length > 5 ? one.replace(/(?:ing|ed)$/, '').replace(/([^aeiouls])\1$/, '$1') : one
  return stem.length > 3 ? stem.replace(/e$/, '') : stem
}
