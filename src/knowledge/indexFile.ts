// The index of one locale: what `asklet build` writes and the browser loads to suggest from the first key.
// Owns the format. Three parts of JSON, so that any static host serves them; a small help centre has all three in
// one file, of a large one the first part alone is enough for the first suggestions:
//
//   IndexFile   who is there: ids, titles, questions, roles, pages
//   TextsFile   what is shown and opened: summaries, headings, keywords, names of the article files
//   WordsFile   which words the bodies have
//
// Only what cannot be worked out again is written down: which words stand in titles, questions, keywords,
// summaries and headings is read from those (`assembleIndex`). Body texts are in no part: passages are read from
// the few article files that ranking picks.

import { AskletError, describe } from '../base/errors'
import type { ArticleKind, ArticleMeta } from './article'
import type { SynonymRule } from './synonyms'

/** An article as the index builder takes it. */
export interface IndexedArticle extends ArticleMeta {
  /** Name of its JSON file, as `loadJson` will be asked for it. */
  readonly file: string
  /** In order; what comes before the first heading has '' for id and text. */
  readonly sections: readonly IndexedSection[]
  /** As `Article.asks`: an article is found by them as by its own words. */
  readonly asks?: Readonly<Record<string, readonly string[]>>
}

export interface IndexedSection {
  readonly headingId: string
  readonly headingText: string
  /** Plain text. */
  readonly text: string
}

/** One value an article, each different one written once. */
export interface Column<T> {
  readonly of: readonly T[]
  /** Which of them, for each article; absent when there is one for all. */
  readonly at?: string
}

export interface IndexFile {
  /** Another number is another format: the reader refuses it. */
  readonly asklet: 'index@2'
  readonly locale: string
  /**
   * A line each, sorted. Its first character says how many characters it shares with the id before it (`#` is none),
   * a capital letter is that word of the title (`A` the first), `^` stands before a character that is meant itself:
   * after `payments/add-a-card` and with the title "Remove your card" `,Aemove-C` … is `payments/remove-card`.
   */
  readonly ids: string
  /** A line each. */
  readonly titles: string
  /** A line each, with tabs between the questions. */
  readonly questions: string
  readonly kinds: Column<ArticleKind>
  readonly roles: Column<readonly string[]>
  readonly pages: Column<readonly string[]>
  readonly orders: Column<number>
  /** -1 … 1: how often visitors said that it solved their need, beside the mean of all. */
  readonly outcomes: Column<number>
  readonly synonyms: readonly SynonymRule[]
  /** The part itself, or the name of its file. */
  readonly texts: TextsFile | string
  readonly words: WordsFile | string
}

export interface TextsFile {
  readonly asklet: 'texts@2'
  /** A line each. */
  readonly files: string
  readonly summaries: string
  /** Tabs between the keywords. */
  readonly keywords: string
  /** Tabs between the headings; a carriage return and the heading's id where that is not `slug(text)`. */
  readonly headings: string
}

export interface WordsFile {
  readonly asklet: 'words@2'
  /**
   * Every term of the whole index, sorted and front coded: a capital letter says how many letters it shares with
   * the term before. "AcardEinal" = card, cardinal.
   */
  readonly terms: string
  /** For each term, how many bodies have it. */
  readonly counts: string
  /**
   * For each of these, the gap to the article before (row numbers count up), the most frequent terms first: their
   * gaps are alike, and what is alike compresses well.
   */
  readonly docs: string
  /** For each of these, how often: 0 once, 1 a few times, 2 often. */
  readonly uses: string
  /** Terms in each body. */
  readonly lengths: string
}

/** What a suggestion needs of an article. */
export interface IndexRow {
  readonly id: string
  readonly title: string
  /** The last part of its id as words: what its address says. */
  readonly slug: string
  readonly kind: ArticleKind
  readonly roles: readonly string[]
  readonly pages: readonly string[]
  readonly questions: readonly string[]
  readonly order: number
  readonly outcome: number
  /** What follows is empty until the texts are there. */
  readonly file: string
  readonly summary: string
  readonly keywords: readonly string[]
  readonly headings: readonly {
    readonly text: string
    /** Left out: `slug(text)`. */
    readonly id?: string
  }[]
}

/** An index ready to be searched. */
export interface SearchIndex {
  readonly locale: string
  readonly articles: readonly IndexRow[]
  readonly synonyms: readonly SynonymRule[]
  /** Sorted by UTF-16 units. */
  readonly terms: readonly string[]
  /** Postings of term `t` are at `starts[t]` … `starts[t + 1]` of `docs` and `uses`. */
  readonly starts: Uint32Array
  readonly docs: Uint32Array
  /** How often in which field: see USES. */
  readonly uses: Uint8Array
  /** Terms in each field, `FIELD_COUNT` numbers an article. */
  readonly lengths: Uint32Array
}

/** The fields, in the order of `lengths`. */
export const FIELDS = ['title', 'questions', 'keywords', 'summary', 'headings', 'body'] as const
export const FIELD_COUNT = FIELDS.length

/**
 * How a posting says where a term stands: a bit for each of the first four fields, two for headings (up to three
 * times), two for the body (once, a few times, often).
 */
export const USES = { headings: 1 << 4, body: 1 << 6 } as const
/** What the two bits of the body stand for. */
export const BODY_TIMES = [0, 1, 3, 8] as const

/** Digits 0 … 89 are printable ASCII from `#` on without the backslash; from 45 on it means: more follows. */
const DIGITS = 45

export function encodeNumbers(numbers: Iterable<number>): string {
  let text = ''
  for (let rest of numbers) {
    let more = true
    while (more) {
      more = rest >= DIGITS
      const digit = more ? DIGITS + (rest % DIGITS) : rest
      text += String.fromCharCode(digit + (digit < 57 ? 35 : 36))
      rest = Math.floor(rest / DIGITS)
    }
  }
  return text
}

export function decodeNumbers(text: unknown): Uint32Array {
  const digits = String(text)
  const numbers = new Uint32Array(digits.length)
  let size = 0
  let value = 0
  let scale = 1
  for (let i = 0; i < digits.length; i++) {
    const code = digits.charCodeAt(i)
    const digit = code - (code < 92 ? 35 : 36)
    if (digit < DIGITS) {
      numbers[size++] = value + digit * scale
      value = 0
      scale = 1
    } else {
      value += (digit - DIGITS) * scale
      scale *= DIGITS
    }
  }
  return numbers.slice(0, size)
}

/** The heading id that needs no writing down. Not a rule for making ids: only a guess that is often right. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
}

/** The words of a title that an id may name. */
export const titleWords = (title: string) => title.toLowerCase().split(/[^a-z\d]+/)

/** @throws AskletError `index_shape` always */
export function refuseIndex(got: unknown): never {
  throw new AskletError(
    'index_shape',
    `a search index must be files that this version's "asklet build" wrote (index@2, whole), got ${describe(got)}. ` +
      'Run "asklet build" again and publish all of its files together.',
  )
}
