// How the question that is being typed goes on, told from what is suggested for it. Pure. Only ever appends: what the
// visitor typed stays as it is. Says nothing rather than something wrong, and completes nothing that search refused.

import type { Suggestion } from './searchProvider'

/** Past this it is a story, and no title goes on with it. In UTF-16 units. */
const MAX_QUERY_CHARS = 100
/** One letter begins too many words to tell which is meant. */
const MIN_LETTERS = 2
/** So many of the first suggestions may complete a word inside the query; what stands below is a guess. */
const TRUSTED = 3

/**
 * The text to append to `query`, '' for none. Case, accents, punctuation and further spaces do not count when the two
 * are compared; what is appended is written as in the title.
 *
 * 1. The query begins a title or question: the rest of it, of the first that it begins.
 * 2. The last words of the query stand in one of the first three: the rest of the word being typed. Not more, for what
 *    follows there is hardly ever what people go on with. Not after a space or punctuation, and no number is guessed.
 *
 * A query that says all of a title has no completion, and none adds punctuation only.
 *
 * @param suggestions  what is shown, best first; those of an earlier key will do, for all is compared with `query`
 */
export function completionOf(query: string, suggestions: readonly Pick<Suggestion, 'title'>[]): string {
  if (query.length > MAX_QUERY_CHARS) return ''
  const words = spell(query, ' ').key.trim().split(' ')
  if (words.join('').length < MIN_LETTERS) return ''
  const restOf = rests()
  for (const { title } of suggestions) {
    const rest = restOf(query, title)
    if (rest !== undefined) return worth(rest)
  }
  if (!/[\p{L}\p{M}]$/u.test(query) || (words.at(-1) as string).length < MIN_LETTERS) return ''
  const trusted = suggestions.slice(0, TRUSTED).map(({ title }) => ({ title, places: wordsOf(title) }))
  // The more words are met, the surer: the longest end of the query first.
  for (const [from] of wordsOf(query))
    for (const { title, places } of trusted)
      for (const [start] of places) {
        const rest = restOf(query.slice(from), title.slice(start))
        if (rest === undefined) continue
        const cut = title.length - rest.length
        return worth(title.slice(cut, places.find(([, end]) => end >= cut)?.[1]))
      }
  return ''
}

/** Without letters it says nothing; with half a sign first it would change the one before. */
const worth = (rest: string) => (/^[\p{M}\p{EMod}\u200d]|^[^\p{L}\p{N}]*$/u.test(rest) ? '' : rest.trimEnd())

/**
 * What of `title` comes after `query`, if that begins it. A hyphen stands for a space or for nothing (`e-mail`).
 * Each end of a query is compared with each end of a title: what is spelt is kept for as long as one query lasts.
 */
function rests(): (query: string, title: string) => string | undefined {
  const spellings = [' ', ''].map(hyphen => {
    const spelt = new Map<string, Spelt>()
    return (text: string) => {
      const found = spelt.get(text) ?? spell(text, hyphen)
      spelt.set(text, found)
      return found
    }
  })
  return (query, title) => {
    for (const spelling of spellings) {
      const typed = spelling(query)
      const { key, ends } = spelling(title)
      const cut = ends[typed.key.length]
      if (cut === undefined || !key.startsWith(typed.key)) continue
      // Punctuation that the visitor has typed is not appended once more.
      const tail = query.slice(typed.ends[typed.key.length]).trim()
      if (title.startsWith(tail, cut)) return title.slice(cut + tail.length)
    }
    return undefined
  }
}

interface Spelt {
  /** What counts when texts are compared. */
  readonly key: string
  /** Length of a beginning of `key` -> where that ends in the text; none where it would end within a sign. */
  readonly ends: readonly (number | undefined)[]
}

/** What a reader takes for one sign. Not `Intl.Segmenter`, which Firefox lacks before 125. */
const SIGNS = /\p{RI}{2}|[\s\S](?:\u200d\P{M}|[\p{M}\p{EMod}\u1160-\u11ff\u{e0020}-\u{e007f}])*/gu

function spell(text: string, hyphen: string): Spelt {
  let key = ''
  let at = 0
  const ends: (number | undefined)[] = []
  // Nearly every title, spelt at each key: no sign of these takes more than its place.
  const signs = /^[ -~]*$/.test(text) ? text : (text.match(SIGNS) ?? [])
  for (const sign of signs) {
    at += sign.length
    const letters = /^[a-z\d]$/i.test(sign)
      ? sign.toLowerCase()
      : /^[\s\p{Z}]/u.test(sign)
        ? ' '
        : /^[\p{Pd}/_·・]/u.test(sign)
          ? hyphen
          : /^[\p{P}\p{Sk}\p{Cc}\p{Cf}ـ]/u.test(sign)
            ? ''
            : fold(sign)
    if (letters !== ' ' || (key && !key.endsWith(' '))) key += letters
    // The first that gets there: punctuation which follows belongs to the rest.
    ends[key.length] ??= at
  }
  return { key, ends }
}

/**
 * Without case, compatibility forms and the marks that people leave out: Latin, Greek and Cyrillic accents, Hebrew and
 * Arabic vowels. Those of other scripts are letters, and so is the breve of `й`.
 */
function fold(sign: string): string {
  // Up first: `ß` is ss and `ς` is σ.
  const low = sign.normalize('NFKC').toUpperCase().toLowerCase()
  if (low === 'й') return low
  return low
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g, '')
    .normalize('NFC')
}

/** Made when it is first needed, and once: it takes longer than a text. */
let segmenter: Intl.Segmenter | undefined

/** Half-open ranges of the words of `text`. Where words are not spaced, the browser's dictionary knows them. */
function wordsOf(text: string): readonly (readonly [start: number, end: number])[] {
  if ('Segmenter' in Intl) {
    segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' })
    return [...segmenter.segment(text)]
      .filter(({ isWordLike }) => isWordLike)
      .map(({ index, segment }) => [index, index + segment.length])
  }
  return [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]*/gu)].map(({ index, 0: word }) => [
    index,
    index + word.length,
  ])
}
