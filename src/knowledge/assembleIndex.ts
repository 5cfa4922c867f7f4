// The parts of an index file -> an index that can be searched. Pure. Works in small steps, so that a page with
// thousands of articles stays quick while it is done: who runs it decides how many steps make a turn.
//
//   texts of all articles -> terms     ┐
//   WordsFile -> postings of bodies    ┴-> one sorted list of terms, one run of postings each

import {
  type Column,
  decodeNumbers,
  FIELD_COUNT,
  type IndexFile,
  type IndexRow,
  refuseIndex,
  type SearchIndex,
  slug,
  type TextsFile,
  titleWords,
  USES,
  type WordsFile,
} from './indexFile'
import { tokens } from './terms'

/** Longer than any word that a person types: hashes, urls, base64. */
export const MAX_TERM_CHARS = 40
/** Work between two steps: a few tenths of a millisecond. */
const TOKENS_A_STEP = 400
const POSTINGS_A_STEP = 8_000

/**
 * Reads an index with all of its parts inside.
 *
 * @throws AskletError `index_shape` when it is not an index of this format, or damaged
 */
export function readIndex(json: unknown): SearchIndex {
  const file = Object(json) as IndexFile
  const steps = assembleIndex(file, file.texts as TextsFile, file.words as WordsFile)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/**
 * @param texts  with `words`, or neither: then titles, questions and addresses can be searched
 * @throws AskletError `index_shape`, from any step
 */
export function* assembleIndex(
  file: IndexFile,
  texts?: TextsFile,
  words?: WordsFile,
): Generator<void, SearchIndex> {
  if (file?.asklet !== 'index@2') refuseIndex(file?.asklet ?? file)
  if (words && (texts?.asklet !== 'texts@2' || words.asklet !== 'words@2')) refuseIndex(texts)
  const articles = readRows(file, texts)
  const count = articles.length
  const lengths = new Uint32Array(count * FIELD_COUNT)
  const { terms, shared } = words ? yield* readTerms(words.terms) : { terms: [], shared: [] }
  const numbers = new Map(terms.map((term, number) => [term, number]))

  // Where each term stands in titles and other texts, in the order of articles.
  const found: number[] = []
  let seen = 0
  for (let doc = 0; doc < count; doc++) {
    for (const [field, use, text] of textsOf(articles[doc] as IndexRow)) {
      for (const { term } of tokens(text, file.locale)) {
        if (term.length > MAX_TERM_CHARS) continue
        let number = numbers.get(term)
        if (number === undefined) {
          if (words) refuseIndex('a damaged one')
          number = numbers.size
          numbers.set(term, number)
        }
        found.push(number, doc, use)
        const at = doc * FIELD_COUNT + field
        lengths[at] = (lengths[at] as number) + 1
        seen++
      }
    }
    if (seen > TOKENS_A_STEP) {
      seen = 0
      yield
    }
  }
  // Without a list of terms there are those that were met, and they are numbered as they came.
  let place: Uint32Array | undefined
  if (!words) {
    const met = [...numbers.keys()]
    const order = met.map((_, i) => i).sort((a, b) => ((met[a] as string) < (met[b] as string) ? -1 : 1))
    place = new Uint32Array(met.length)
    order.forEach((from, to) => {
      ;(place as Uint32Array)[from] = to
      const term = met[from] as string
      const before = terms[to - 1] ?? ''
      let same = 0
      while (same < term.length && term[same] === before[same]) same++
      terms.push(term)
      shared.push(same)
    })
    yield
  }

  const size = terms.length
  const textStarts = new Uint32Array(size + 2)
  for (let at = 0; at < found.length; at += 3) {
    if (place) found[at] = place[found[at] as number] as number
    const next = (found[at] as number) + 2
    textStarts[next] = (textStarts[next] as number) + 1
  }
  for (let term = 0; term < size; term++)
    textStarts[term + 2] = (textStarts[term + 2] as number) + (textStarts[term + 1] as number)
  const textDocs = new Uint32Array(found.length / 3)
  const textUses = new Uint8Array(textDocs.length)
  for (let at = 0; at < found.length; at += 3) {
    const next = (found[at] as number) + 1
    const to = textStarts[next] as number
    textStarts[next] = to + 1
    textDocs[to] = found[at + 1] as number
    textUses[to] = found[at + 2] as number
    if (at % (3 * POSTINGS_A_STEP) === 0) yield
  }
  const bodies = words && (yield* readBodies(words, size, count))
  bodies?.lengths.forEach((length, doc) => {
    lengths[doc * FIELD_COUNT + FIELD_COUNT - 1] = length
  })

  const most = textDocs.length + (bodies?.docs.length ?? 0)
  const starts = new Uint32Array(size + 1)
  const docs = new Uint32Array(most)
  const uses = new Uint8Array(most)
  let end = 0
  let stepped = 0
  for (let term = 0; term < size; term++) {
    let text = textStarts[term] as number
    const textEnd = textStarts[term + 1] as number
    let body = bodies?.starts[term] ?? 0
    const bodyEnd = body + (bodies?.counts[term] ?? 0)
    const from = end
    while (text < textEnd || body < bodyEnd) {
      const textDoc = text < textEnd ? (textDocs[text] as number) : count
      const bodyDoc = body < bodyEnd ? (bodies?.docs[body] as number) : count
      const doc = Math.min(textDoc, bodyDoc)
      const use = textDoc === doc ? (textUses[text++] as number) : (bodies?.uses[body++] as number)
      if (end > from && docs[end - 1] === doc) uses[end - 1] = together(uses[end - 1] as number, use)
      else {
        docs[end] = doc
        uses[end++] = use
      }
    }
    starts[term + 1] = end
    if (end - stepped > POSTINGS_A_STEP) {
      stepped = end
      yield
    }
  }
  return {
    locale: file.locale,
    articles,
    synonyms: file.synonyms,
    terms,
    shared: Uint8Array.from(shared),
    starts,
    docs: docs.slice(0, end),
    uses: uses.slice(0, end),
    lengths,
  }
}

/** Two uses of a term in one article; a fourth heading says no more. */
function together(one: number, other: number): number {
  const headings = Math.min(3 * USES.headings, (one & 48) + (other & 48))
  return ((one | other) & ~48) | headings
}

/** Field, use and text of all that is searched of an article besides its body. */
export function* textsOf(row: IndexRow): Generator<readonly [field: number, use: number, text: string]> {
  yield [0, 1, row.title]
  for (const text of row.questions) yield [1, 2, text]
  for (const text of row.keywords) yield [2, 4, text]
  // What the address says belongs to the keywords.
  yield [2, 4, row.id.replace(/[/_-]/g, ' ')]
  yield [3, 8, row.summary]
  for (const { text } of row.headings) yield [4, USES.headings, text]
}

function readRows(file: IndexFile, texts: TextsFile | undefined): IndexRow[] {
  const titles = file.titles ? String(file.titles).split('\n') : []
  const count = titles.length
  const each = (text: string | undefined) => {
    const list = text === undefined || !count ? titles.map(() => '') : String(text).split('\n')
    return list.length === count ? list : refuseIndex('a damaged one')
  }
  const ids = each(file.ids)
  const questions = each(file.questions)
  const kinds = column(file.kinds, count)
  const roles = column(file.roles, count)
  const pages = column(file.pages, count)
  const orders = column(file.orders, count)
  const outcomes = column(file.outcomes, count)
  const files = each(texts?.files)
  const summaries = each(texts?.summaries)
  const keywords = each(texts?.keywords)
  const headings = each(texts?.headings)
  let before = ''
  return titles.map((title, i): IndexRow => {
    const line = ids[i] as string
    const words = titleWords(title)
    const id =
      before.slice(0, line.charCodeAt(0) - 35) +
      line
        .slice(1)
        .replace(/\^(.)|[A-Z]/g, (ref, own: string | undefined) => own ?? words[ref.charCodeAt(0) - 65] ?? '')
    before = id
    return {
      id,
      title,
      slug: id.replace(/.*[/:]/, '').replace(/[-_]/g, ' '),
      kind: kinds(i),
      roles: roles(i),
      pages: pages(i),
      questions: parts(questions[i] as string),
      order: orders(i),
      outcome: outcomes(i),
      file: files[i] as string,
      summary: summaries[i] as string,
      keywords: parts(keywords[i] as string),
      headings: parts(headings[i] as string).map(heading => {
        const [text, id] = heading.split('\r') as [string, string?]
        return { text, id: id ?? slug(text) }
      }),
    }
  })
}

const parts = (line: string) => (line ? line.split('\t') : [])

function column<T>({ of, at }: Column<T>, count: number): (row: number) => T {
  const numbers = at === undefined ? new Uint32Array(count) : decodeNumbers(at)
  if (numbers.length !== count || numbers.some(number => number >= of.length)) refuseIndex('a damaged one')
  return row => of[numbers[row] as number] as T
}

function* readTerms(coded: string): Generator<void, { terms: string[]; shared: number[] }> {
  const terms: string[] = []
  const shared: number[] = []
  let before = ''
  for (const [, letter, rest] of String(coded).matchAll(/([A-Z])([^A-Z]*)/g)) {
    const length = (letter as string).charCodeAt(0) - 65
    before = before.slice(0, length) + rest
    terms.push(before)
    shared.push(length)
    if (terms.length % 2_000 === 0) yield
  }
  return { terms, shared }
}

interface Bodies {
  readonly counts: Uint32Array
  readonly starts: Uint32Array
  readonly docs: Uint32Array
  readonly uses: Uint8Array
  readonly lengths: Uint32Array
}

function* readBodies(words: WordsFile, terms: number, count: number): Generator<void, Bodies> {
  const counts = decodeNumbers(words.counts)
  const docs = decodeNumbers(words.docs)
  yield
  const levels = decodeNumbers(words.uses)
  const lengths = decodeNumbers(words.lengths)
  const uses = new Uint8Array(docs.length)
  const starts = new Uint32Array(terms)
  if (counts.length !== terms || levels.length !== docs.length || lengths.length !== count)
    refuseIndex('a damaged one')
  let at = 0
  let stepped = 0
  for (const term of mostFrequentFirst(counts)) {
    starts[term] = at
    let doc = 0
    for (const end = at + (counts[term] as number); at < end; at++) {
      doc += docs[at] ?? count
      if (doc >= count) refuseIndex('a damaged one')
      docs[at] = doc
      uses[at] = USES.body * ((levels[at] as number) + 1)
    }
    if (at - stepped > POSTINGS_A_STEP) {
      stepped = at
      yield
    }
  }
  if (at !== docs.length) refuseIndex('a damaged one')
  return { counts, starts, docs, uses, lengths }
}

/** The order in which postings of bodies are written: numbers of terms, those with the same count by number. */
export function mostFrequentFirst(counts: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from(counts, (_, term) => term)
  return order.sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b)
}
