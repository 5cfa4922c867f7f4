// The parts of an index file -> an index that can be searched. Pure. Works in small steps, so that a page with
// thousands of articles stays quick while it is done: who runs it decides how many steps make a turn.
//
//   texts of all articles -> terms     ┐
//   WordsFile -> postings of bodies    ┴-> one sorted list of terms, one run of postings each

import { AskletError } from '../base/errors'
import {
  type Column,
  decodeNumbers,
  FIELD_COUNT,
  type IndexFile,
  type IndexRow,
  refuseIndex,
  type SearchIndex,
  type TextsFile,
  titleWords,
  USES,
  type WordsFile,
} from './indexFile'
import { tokens } from './terms'

/** Longer than any word that a person types: hashes, urls, base64. */
export const MAX_TERM_CHARS = 40
/** Work between two steps, a tenth of a millisecond, in postings; a word to be read is as much work as 20. */
const WORK_A_STEP = 2_000
const WORK_A_TOKEN = 20
/** As much work as a step, too. */
const ROWS_A_STEP = 20

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
  try {
    return yield* assemble(file, texts, words)
  } catch (error) {
    // Some part is not there, or is no text.
    if (error instanceof AskletError) throw error
    return refuseIndex('a damaged one')
  }
}

function* assemble(file: IndexFile, texts?: TextsFile, words?: WordsFile): Generator<void, SearchIndex> {
  if (file?.asklet !== 'index@2') refuseIndex(file?.asklet ?? file)
  if (words && (texts?.asklet !== 'texts@2' || words.asklet !== 'words@2')) refuseIndex(texts)
  const articles = yield* readRows(file, texts)
  const count = articles.length
  const lengths = new Uint32Array(count * FIELD_COUNT)
  let work = 0

  // Where each term stands, `article << 8 | use`, in the order of articles.
  const found = new Map<string, number[]>()
  const postingsOf = (term: string) => {
    const list = found.get(term) ?? []
    if (!list.length) found.set(term, list)
    return list
  }
  for (const [doc, row] of articles.entries())
    for (const [field, use, text] of textsOf(row))
      for (const { term } of tokens(text, file.locale)) {
        if (term.length > MAX_TERM_CHARS) continue
        postingsOf(term).push((doc << 8) | use)
        ;(lengths[doc * FIELD_COUNT + field] as number)++
        work += WORK_A_TOKEN
        if (work % WORK_A_STEP === 0) yield
      }

  let terms: string[] = []
  if (words) {
    let before = ''
    for (const [coded] of String(words.terms).matchAll(/[A-Z][^A-Z]*/g)) {
      // It says how many characters it shares with the one before it.
      before = before.slice(0, coded.charCodeAt(0) - 65) + coded.slice(1)
      terms.push(before)
      if (terms.length % 2_000 === 0) yield
    }
    const counts = decodeNumbers(words.counts)
    yield
    const gaps = decodeNumbers(words.docs)
    yield
    const levels = decodeNumbers(words.uses)
    yield
    const sizes = decodeNumbers(words.lengths)
    if (counts.length !== terms.length || levels.length !== gaps.length || sizes.length !== count)
      refuseIndex(DAMAGED)
    sizes.forEach((size, doc) => {
      lengths[doc * FIELD_COUNT + FIELD_COUNT - 1] = size
    })
    let at = 0
    const order = mostFrequentFirst(counts)
    yield
    for (const number of order) {
      const list = postingsOf(terms[number] as string)
      const isNamed = list.length > 0
      let doc = 0
      for (const end = at + (counts[number] as number); at < end; at++) {
        doc += gaps[at] ?? count
        if (doc >= count) refuseIndex(DAMAGED)
        list.push((doc << 8) | (USES.body * ((levels[at] as number) + 1)))
        if (++work % WORK_A_STEP === 0) yield
      }
      if (isNamed) list.sort((one, other) => one - other)
    }
    if (at !== gaps.length) refuseIndex(DAMAGED)
  } else terms = [...found.keys()].sort()
  yield

  const starts = [0]
  const docs: number[] = []
  const uses: number[] = []
  for (const term of terms) {
    let before = -1
    for (const posting of postingsOf(term)) {
      const doc = posting >> 8
      if (doc === before) uses.push(together(uses.pop() as number, posting))
      else {
        docs.push(doc)
        uses.push(posting)
      }
      before = doc
      if (++work % WORK_A_STEP === 0) yield
    }
    starts.push(docs.length)
    found.delete(term)
  }
  // The list of terms is of all parts.
  if (found.size) refuseIndex(DAMAGED)
  yield
  return {
    locale: file.locale,
    articles,
    synonyms: [...file.synonyms],
    terms,
    starts: new Uint32Array(starts),
    docs: new Uint32Array(docs),
    // The last eight bits of each.
    uses: new Uint8Array(uses),
    lengths,
  }
}

const DAMAGED = 'a damaged one'

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

function* readRows(file: IndexFile, texts: TextsFile | undefined): Generator<void, IndexRow[]> {
  const titles = file.titles ? String(file.titles).split('\n') : []
  const count = titles.length
  const each = (text: string | undefined) => {
    const list = text === undefined || !count ? titles.map(() => '') : String(text).split('\n')
    return list.length === count ? list : refuseIndex(DAMAGED)
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
  const rows: IndexRow[] = []
  let before = ''
  for (const [i, title] of titles.entries()) {
    if (i % ROWS_A_STEP === 0) yield
    const line = ids[i] as string
    const words = titleWords(title)
    const id =
      before.slice(0, line.charCodeAt(0) - 35) +
      line
        .slice(1)
        .replace(/\^(.)|[A-Z]/g, (ref, own: string | undefined) => own ?? words[ref.charCodeAt(0) - 65] ?? '')
    before = id
    rows.push({
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
        return id ? { text, id } : { text }
      }),
    })
  }
  return rows
}

const parts = (line: string) => (line ? line.split('\t') : [])

function column<T>({ of, at }: Column<T>, count: number): (row: number) => T {
  const numbers = at === undefined ? new Uint32Array(count) : decodeNumbers(at)
  if (numbers.length !== count || numbers.some(number => number >= of.length)) refuseIndex(DAMAGED)
  return row => of[numbers[row] as number] as T
}

/** The order in which postings of bodies are written: numbers of terms, those with the same count by number. */
export function mostFrequentFirst(counts: ArrayLike<number>): readonly number[] {
  // One number each, so that they sort without asking back: a comparison apiece is a long task on a phone.
  const size = counts.length
  const keys = Float64Array.from(counts, (count, term) => term - count * size).sort()
  return Array.from(keys, key => ((key % size) + size) % size)
}
