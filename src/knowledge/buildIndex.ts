// Articles -> the index file of one locale. Pure and deterministic: the same articles in any order give the same
// bytes. Runs where articles are built; `assembleIndex` reads what it writes.

import { MAX_TERM_CHARS, mostFrequentFirst, textsOf } from './assembleIndex'
import { commonSynonyms } from './commonSynonyms'
import {
  type Column,
  encodeNumbers,
  type IndexedArticle,
  type IndexFile,
  type IndexRow,
  slug,
  type TextsFile,
  titleWords,
  type WordsFile,
} from './indexFile'
import type { SynonymRule } from './synonyms'
import { isStopWord, tokens } from './terms'

export interface IndexOptions {
  /** BCP 47, of all articles. */
  readonly locale: string
  readonly synonyms?: readonly SynonymRule[]
  /** Article id -> -1 … 1: solved more or less often than the mean. */
  readonly outcomes?: ReadonlyMap<string, number>
}

/** An index with all parts inside. */
export interface WholeIndex extends IndexFile {
  readonly texts: TextsFile
  readonly words: WordsFile
}

/** @param articles  of one locale and one access */
export function buildIndex(articles: readonly IndexedArticle[], options: IndexOptions): WholeIndex {
  const { locale, outcomes } = options
  const sorted = [...articles].sort((a, b) => (a.id < b.id ? -1 : 1))
  const rows = sorted.map(article => toRow(article, outcomes?.get(article.id) ?? 0))
  const { words, terms } = wordsOf(sorted, rows, locale)
  return {
    asklet: 'index@2',
    locale,
    ids: writeIds(rows),
    titles: rows.map(({ title }) => title).join('\n'),
    questions: rows.map(({ questions }) => questions.join('\t')).join('\n'),
    kinds: column(rows.map(({ kind }) => kind)),
    roles: column(rows.map(({ roles }) => roles)),
    pages: column(rows.map(({ pages }) => pages)),
    orders: column(rows.map(({ order }) => order)),
    outcomes: column(rows.map(({ outcome }) => outcome)),
    synonyms: usable([...(options.synonyms ?? []), ...commonSynonyms(locale)], terms, locale),
    texts: {
      asklet: 'texts@2',
      files: rows.map(({ file }) => file).join('\n'),
      summaries: rows.map(({ summary }) => summary).join('\n'),
      keywords: rows.map(({ keywords }) => keywords.join('\t')).join('\n'),
      headings: rows
        .map(({ headings }) =>
          headings.map(({ text, id }) => (!id || slug(text) === id ? text : `${text}\r${id}`)).join('\t'),
        )
        .join('\n'),
    },
    words,
  }
}

/** Separators of the format are white space: a text has none but single spaces. */
const line = (text: string) => text.replace(/\s+/g, ' ').trim()

function toRow(article: IndexedArticle, outcome: number): IndexRow {
  return {
    id: article.id,
    title: line(article.title),
    slug: '',
    kind: article.kind,
    roles: article.roles,
    pages: article.pages,
    questions: article.questions.map(line),
    order: article.order,
    outcome: Math.round(outcome * 100) / 100,
    file: article.file,
    summary: line(article.summary),
    keywords: [...article.keywords, ...article.topics].map(line),
    headings: article.sections
      .filter(({ headingText }) => headingText)
      .map(({ headingText, headingId }) => ({ text: line(headingText), id: headingId })),
  }
}

function writeIds(rows: readonly IndexRow[]): string {
  let before = ''
  return rows
    .map(({ id, title }) => {
      let same = 0
      while (same < 50 && same < id.length && id[same] === before[same]) same++
      // Only whole words, so that the rest begins with one.
      while (same && /[\p{L}\p{N}]/u.test(id[same - 1] as string)) same--
      before = id
      const words = titleWords(title).slice(0, 26)
      const rest = id
        .slice(same)
        .split(/([^a-z\d]+)/)
        .map((word, i) => {
          if (i % 2) return word.replace(/[A-Z^]/g, '^$&')
          const at = word.length > 1 ? words.indexOf(word) : -1
          return at < 0 ? word : String.fromCharCode(65 + at)
        })
      return String.fromCharCode(35 + same) + rest.join('')
    })
    .join('\n')
}

function column<T>(values: readonly T[]): Column<T> {
  const frequency = new Map<string, number>()
  for (const value of values) {
    const key = JSON.stringify(value)
    frequency.set(key, (frequency.get(key) ?? 0) + 1)
  }
  // The most frequent get the smallest numbers, hence one character each.
  const keys = [...frequency].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([key]) => key)
  const of = keys.map(key => JSON.parse(key) as T)
  if (keys.length < 2) return { of }
  return { of, at: encodeNumbers(values.map(value => keys.indexOf(JSON.stringify(value)))) }
}

/**
 * In a large help centre, a word that every twentieth body has says nearly nothing where it stands once in a long one:
 * a tenth of all postings. Measured over outside help centres of 2 000 articles: 0.001 to 0.002 of MRR.
 */
const PRUNED_FROM = 1_000
const COMMON = 0.05

/** Once, a few times, often: more says no more, and fewer different numbers compress better. */
const level = (times: number) => (times < 2 ? 0 : times < 5 ? 1 : 2)

function wordsOf(
  articles: readonly IndexedArticle[],
  rows: readonly IndexRow[],
  locale: string,
): { readonly words: WordsFile; readonly terms: readonly string[] } {
  const named = new Set<string>()
  const bodies = new Map<string, Map<number, number>>()
  const lengths = articles.map(({ sections, asks = {} }, doc) => {
    for (const [, , text] of textsOf(rows[doc] as IndexRow))
      for (const { term } of tokens(text, locale)) if (term.length <= MAX_TERM_CHARS) named.add(term)
    let length = 0
    const add = (text: string, counts: number) => {
      for (const { term, word } of tokens(text, locale)) {
        if (term.length > MAX_TERM_CHARS) continue
        length += counts
        // In a body a stop word says nothing; in a title it tells "how to" from "how much".
        if (isStopWord(word)) continue
        const docs = bodies.get(term) ?? new Map<number, number>()
        bodies.set(term, docs.set(doc, (docs.get(doc) ?? 0) + 1))
      }
    }
    for (const { text } of sections) add(text, 1)
    // Nobody reads them: many wordings make no long article.
    for (const text of Object.values(asks).flat()) add(text, 0)
    return length
  })
  if (articles.length >= PRUNED_FROM) {
    const mean = lengths.reduce((sum, length) => sum + length, 0) / articles.length
    for (const docs of bodies.values())
      if (docs.size >= articles.length * COMMON)
        for (const [doc, times] of docs) if (times < 2 && (lengths[doc] ?? 0) > mean) docs.delete(doc)
  }
  for (const [term, docs] of bodies)
    if (docs.size < 2 && !named.has(term) && isNoise(term)) bodies.delete(term)
  const sorted = [...new Set([...named, ...bodies.keys()])].sort()
  let terms = ''
  let before = ''
  for (const term of sorted) {
    let shared = 0
    while (shared < 25 && shared < term.length && term[shared] === before[shared]) shared++
    terms += String.fromCharCode(65 + shared) + term.slice(shared)
    before = term
  }
  const counts = sorted.map(term => bodies.get(term)?.size ?? 0)
  const gaps: number[] = []
  const uses: number[] = []
  for (const number of mostFrequentFirst(counts)) {
    let last = 0
    for (const [doc, times] of bodies.get(sorted[number] as string) ?? []) {
      gaps.push(doc - last)
      last = doc
      uses.push(level(times))
    }
  }
  const words: WordsFile = {
    asklet: 'words@2',
    terms,
    counts: encodeNumbers(counts),
    docs: encodeNumbers(gaps),
    uses: encodeNumbers(uses),
    lengths: encodeNumbers(lengths),
  }
  return { words, terms: sorted }
}

/** What of the rules leads to words of this index; one rule for each that is typed. */
function usable(
  rules: readonly SynonymRule[],
  terms: readonly string[],
  locale: string,
): readonly SynonymRule[] {
  const known = new Set(terms)
  const targets = new Map<string, Set<string>>()
  for (const { from, to } of rules)
    for (const text of to)
      if (tokens(text, locale).every(({ term, whole }) => whole || known.has(term)))
        targets.set(from, (targets.get(from) ?? new Set()).add(text))
  return [...targets].map(([from, to]) => ({ from, to: [...to] }))
}

/** Fewer characters than this are one download; more, and the first suggestions need not wait for all of them. */
const WHOLE_CHARS = 400_000

/**
 * The index as the files that are served: one, or of a large help centre the first part and the two that it names.
 *
 * @param nameOf  file name of a part, from its kind and content
 * @returns name -> content, the file that the manifest names first
 */
export function indexFiles(
  index: WholeIndex,
  nameOf: (kind: 'index' | 'index-texts' | 'index-words', json: string) => string,
): ReadonlyMap<string, string> {
  const whole = JSON.stringify(index)
  if (whole.length <= WHOLE_CHARS) return new Map([[nameOf('index', whole), whole]])
  const texts = JSON.stringify(index.texts)
  const words = JSON.stringify(index.words)
  const names = { texts: nameOf('index-texts', texts), words: nameOf('index-words', words) }
  const first = JSON.stringify({ ...index, ...names })
  return new Map([
    [nameOf('index', first), first],
    [names.texts, texts],
    [names.words, words],
  ])
}

/** Part of a key, a hash or a path: in one body only and typed by nobody. An error's number (`0x80070005`) is not. */
function isNoise(term: string): boolean {
  return term.length > 18 || (term.length > 6 && /\d[a-z]+\d/.test(term) && !term.startsWith('0x'))
}
