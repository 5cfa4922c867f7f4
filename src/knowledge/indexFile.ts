// The index file of one locale: what `asklet build` writes and the browser loads to suggest from the first key.
// Owns the format. One JSON object, so that any static host serves it; the bulk of it are four strings that
// compress well and decode into typed arrays in one pass:
//
//   terms     sorted, front coded: a capital letter says how many letters are shared with the term before
//             "AcardEinal" = card, cardinal
//   counts    for each term, in how many articles it is
//   docs      for each of these, the gap to the article before (row numbers count up)
//   uses      for each of these, which row of `profiles`: how often in which field
//
// Numbers are varints over printable characters (see DIGITS). Body texts are not in it: passages are read from
// the few article files that ranking picks.

import { AskletError, describe } from '../base/errors'
import type { ArticleKind, ArticleMeta } from './article'
import type { SynonymRule } from './synonyms'
import { tokens } from './terms'

/** An article as the index builder takes it. */
export interface IndexedArticle extends ArticleMeta {
  /** Name of its JSON file, as `loadJson` will be asked for it. */
  readonly file: string
  /** In order; what comes before the first heading has '' for id and text. */
  readonly sections: readonly IndexedSection[]
}

export interface IndexedSection {
  readonly headingId: string
  readonly headingText: string
  /** Plain text. */
  readonly text: string
}

/** What a suggestion needs of an article. What is empty or usual is left out. */
export interface IndexRow {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly file: string
  /** Left out: `howto`. */
  readonly kind?: ArticleKind
  readonly roles?: readonly string[]
  readonly pages?: readonly string[]
  readonly questions?: readonly string[]
  /** `id` is left out where it is `slug(text)`. */
  readonly headings?: readonly (string | readonly [text: string, id: string])[]
  /** Left out: 0. */
  readonly order?: number
}

/** The fields, in the order of `profiles` and `lengths`. */
export const FIELDS = ['title', 'questions', 'headings', 'keywords', 'summary', 'body'] as const
export const FIELD_COUNT = FIELDS.length

export interface IndexFile {
  /** Another number is another format: the reader refuses it. */
  readonly asklet: 'index@1'
  readonly locale: string
  readonly articles: readonly IndexRow[]
  readonly terms: string
  readonly counts: string
  readonly docs: string
  readonly uses: string
  /** Times in each field, one row a combination that occurs; six numbers a row. */
  readonly profiles: readonly number[]
  /** Terms in each field, six numbers an article. */
  readonly lengths: string
}

/** An index ready to be searched. */
export interface SearchIndex {
  readonly locale: string
  readonly articles: readonly IndexRow[]
  /** Sorted by UTF-16 units. */
  readonly terms: readonly string[]
  /** Letters that a term shares with the one before it. */
  readonly shared: Uint8Array
  /** Postings of term `t` are at `starts[t]` … `starts[t + 1]` of `docs` and `uses`. */
  readonly starts: Uint32Array
  readonly docs: Uint32Array
  readonly uses: Uint16Array
  readonly profiles: readonly number[]
  readonly lengths: Uint32Array
}

/** Digits 0 … 89 are printable ASCII from `#` on without the backslash; from 45 on it means: more follows. */
const DIGITS = 45

function encode(numbers: Iterable<number>): string {
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

/** The heading id that needs no writing down. Not a rule for making ids: only a guess that is often right. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
}

/** A heading of a row as it was written. */
export function headingOf(heading: string | readonly [text: string, id: string]): {
  id: string
  text: string
} {
  return typeof heading === 'string'
    ? { text: heading, id: slug(heading) }
    : { text: heading[0], id: heading[1] }
}

/** More than a few times says no more, and fewer different numbers compress better. */
const coarse = (times: number) => (times < 5 ? times : times < 8 ? 6 : 10)

export interface IndexOptions {
  /** BCP 47 */
  readonly locale: string
  /** Of the site, for this locale. */
  readonly synonyms?: readonly SynonymRule[]
  /** Article id -> −1 … 1, how far confirmed outcomes lie from the mean; left out: 0. */
  readonly outcomes?: ReadonlyMap<string, number>
}

/**
 * Builds the index of one locale. Deterministic: the same articles in any order give the same bytes.
 *
 * @param articles  of one locale and one access
 */
export function buildIndex(articles: readonly IndexedArticle[], { locale }: IndexOptions): IndexFile {
  const sorted = [...articles].sort((a, b) => (a.id < b.id ? -1 : 1))
  const postings = new Map<string, Map<number, number[]>>()
  const lengths: number[] = []
  sorted.forEach((article, doc) => {
    const fields = [
      [article.title],
      article.questions,
      article.sections.map(section => section.headingText),
      [...article.keywords, ...article.topics],
      [article.summary],
      article.sections.map(section => section.text),
    ]
    fields.forEach((texts, field) => {
      let length = 0
      for (const text of texts) {
        for (const { term } of tokens(text, locale)) {
          if (term.length > MAX_TERM_CHARS) continue
          length++
          const docs = postings.get(term) ?? new Map<number, number[]>()
          const times = docs.get(doc) ?? new Array<number>(FIELD_COUNT).fill(0)
          times[field] = (times[field] ?? 0) + 1
          postings.set(term, docs.set(doc, times))
        }
      }
      lengths.push(length)
    })
  })

  // The most frequent combinations get the smallest numbers, hence one character each.
  const frequency = new Map<string, number>()
  for (const docs of postings.values())
    for (const times of docs.values()) {
      const profile = times.map(coarse).join()
      frequency.set(profile, (frequency.get(profile) ?? 0) + 1)
    }
  const profiles = [...frequency].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([key]) => key)
  const profileNumber = new Map(profiles.map((key, number) => [key, number]))

  let terms = ''
  let before = ''
  const counts: number[] = []
  const gaps: number[] = []
  const uses: number[] = []
  for (const term of [...postings.keys()].sort()) {
    let shared = 0
    while (shared < 25 && shared < term.length && term[shared] === before[shared]) shared++
    terms += String.fromCharCode(65 + shared) + term.slice(shared)
    before = term
    const docs = postings.get(term) ?? new Map<number, number[]>()
    counts.push(docs.size)
    let last = 0
    for (const [doc, times] of docs) {
      gaps.push(doc - last)
      last = doc
      uses.push(profileNumber.get(times.map(coarse).join()) ?? 0)
    }
  }
  return {
    asklet: 'index@1',
    locale,
    articles: sorted.map(row),
    terms,
    counts: encode(counts),
    docs: encode(gaps),
    uses: encode(uses),
    profiles: profiles.flatMap(key => key.split(',').map(Number)),
    lengths: encode(lengths),
  }
}

/** Longer than any word that a person types: hashes, urls, base64. */
const MAX_TERM_CHARS = 40

function row(article: IndexedArticle): IndexRow {
  const headings = article.sections
    .filter(section => section.headingText)
    .map(({ headingText, headingId }) =>
      slug(headingText) === headingId ? headingText : ([headingText, headingId] as const),
    )
  return {
    id: article.id,
    title: article.title,
    summary: article.summary,
    file: article.file,
    ...(article.kind !== 'howto' && { kind: article.kind }),
    ...(article.roles.length && { roles: article.roles }),
    ...(article.pages.length && { pages: article.pages }),
    ...(article.questions.length && { questions: article.questions }),
    ...(headings.length && { headings }),
    ...(article.order && { order: article.order }),
  }
}

/**
 * Parses an index file as it came over the network.
 *
 * @throws AskletError `index_shape` when it is not an index of this format, or damaged
 */
export function readIndex(json: unknown): SearchIndex {
  const file = json as Partial<IndexFile> | null
  const refuse = (got: unknown) => {
    throw new AskletError(
      'index_shape',
      `a search index must be a file that this version's "asklet build" wrote (index@1, whole), got ${describe(got)}. ` +
        'Run "asklet build" again and publish all of its files together.',
    )
  }
  if (file?.asklet !== 'index@1' || !Array.isArray(file.articles) || !Array.isArray(file.profiles))
    return refuse(file?.asklet ?? json)
  const articles: IndexRow[] = file.articles
  for (const { id, title, file: name, summary } of articles)
    if (typeof id + typeof title + typeof name + typeof summary !== 'stringstringstringstring')
      return refuse(id)

  const terms: string[] = []
  const shared: number[] = []
  let before = ''
  for (const [, letter, rest] of String(file.terms).matchAll(/([A-Z])([^A-Z]*)/g)) {
    const length = (letter ?? 'A').charCodeAt(0) - 65
    before = before.slice(0, length) + rest
    terms.push(before)
    shared.push(length)
  }
  const counts = decode(file.counts)
  const docs = decode(file.docs)
  const uses = decode(file.uses)
  const lengths = decode(file.lengths)
  const starts = new Uint32Array(terms.length + 1)
  let at = 0
  for (let term = 0; term < terms.length; term++) {
    const end = at + (counts[term] ?? 0)
    let doc = 0
    for (; at < end; at++) {
      doc += docs[at] ?? 0
      docs[at] = doc
      if (doc >= articles.length || (uses[at] ?? 0) * FIELD_COUNT >= file.profiles.length) return refuse(doc)
    }
    starts[term + 1] = end
  }
  if (
    counts.length !== terms.length ||
    docs.length !== at ||
    uses.length !== at ||
    lengths.length !== articles.length * FIELD_COUNT
  )
    return refuse('a damaged one')
  return {
    locale: String(file.locale),
    articles,
    terms,
    shared: Uint8Array.from(shared),
    starts,
    docs,
    uses: Uint16Array.from(uses),
    profiles: file.profiles,
    lengths,
  }
}

function decode(text: unknown): Uint32Array {
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
