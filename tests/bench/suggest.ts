// How well and how fast suggestions find the article: prints `name: value` lines.
//
//   npx esbuild tests/bench/suggest.ts --bundle --platform=node --format=esm --outfile=dist/bench-suggest.mjs
//   ASKLET_DATA=../shared/data node dist/bench-suggest.mjs
//
// The queries are link texts, tables of contents, old titles and paraphrases of help centres that nobody here
// wrote. Each is asked in full, with the first 60 % of its letters, and with one typo. The floor is what a naive
// prefix match on titles finds. Figures are what a visitor
// gets: a query that is refused as off topic counts as not found.
//
// For comparison, printed by others on the held-out half of sets like these (MRR@10 full / 60 % / typo): a tuned
// MiniSearch 7.2 0.814 / 0.661 / 0.791, out of the box 0.669 / 0.489 / 0.651, Lunr 0.719 / 0.531 / 0.653. These are
// the development halves, on which the weights were tuned: compare figures of one run only.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { readIndex } from '../../src/knowledge/assembleIndex'
import { buildIndex } from '../../src/knowledge/buildIndex'
import { type IndexedArticle, slug } from '../../src/knowledge/indexFile'
import { tokens } from '../../src/knowledge/terms'
import type { Facts } from '../../src/protocol/facts'
import { type Searchable, searchable } from '../../src/search/expansion'
import { rank } from '../../src/search/ranking'
import { near } from '../../src/search/typos'

const data = process.env.ASKLET_DATA
if (!data)
  throw new Error('ASKLET_DATA must name the folder of outside data, got nothing. See README#figures')

interface Document {
  readonly id?: string
  readonly path?: string
  readonly title: string
  readonly seoTitle?: string
  readonly description?: string
  readonly area?: string
  readonly headings?: readonly string[]
  readonly body: string
}
interface Query {
  readonly corpus: string
  readonly q: string
  readonly rel: readonly string[]
}

function lines<T>(...path: string[]): T[] {
  return readFileSync(join(data ?? '', ...path), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as T)
}

/** One page for each area of a help centre, so that the page prior can be measured. */
const pageOf = (area: string) => `/${slug(area)}`

function toArticle(corpus: string, document: Document): IndexedArticle {
  const headings = document.headings ?? []
  return {
    id: document.id ?? `${corpus}:${document.path?.replace(/\.[^.]*$/, '')}`,
    title: document.title,
    summary: document.description ?? '',
    kind: 'howto',
    roles: [],
    access: 'public',
    pages: document.area ? [pageOf(document.area)] : [],
    topics: [],
    keywords: document.seoTitle ? [document.seoTitle] : [],
    questions: [],
    locale: 'en',
    order: 0,
    file: 'a.0123456789.json',
    sections: [
      { headingId: '', headingText: '', text: document.body },
      ...headings.map(text => ({ headingId: slug(text), headingText: text, text: '' })),
    ],
  }
}

const CORPORA: Readonly<Record<string, readonly string[]>> = {
  bc: ['bc-1', 'bc-2'],
  m365: ['m365-1', 'm365-2'],
  stackfaq: ['stackfaq-1'],
  arduino: ['arduino-1'],
  mastodon: ['mastodon-1'],
}
const SETS = ['bc-anchor', 'bc-toc', 'm365-anchor', 'm365-toc', 'm365-redirect', 'small-anchor', 'stackfaq']

interface Shelf {
  readonly where: Searchable
  readonly articles: readonly IndexedArticle[]
  /** Words of each title, for the floor. */
  readonly titles: readonly (readonly string[])[]
}
const words = (text: string) => tokens(text, 'xx').map(({ word }) => word)
const shelves = new Map<string, Shelf>()
for (const [corpus, files] of Object.entries(CORPORA)) {
  const articles = files
    .flatMap(file => lines<Document>('search', 'corpora', `${file}.jsonl`))
    .map(document => toArticle(corpus, document))
  const json = JSON.stringify(buildIndex(articles, { locale: 'en' }))
  const started = performance.now()
  const where = searchable(readIndex(JSON.parse(json)), near)
  print(`${corpus}-index-load-ms`, performance.now() - started)
  print(`${corpus}-articles`, articles.length)
  print(`${corpus}-index-gz`, gzipSync(json, { level: 9 }).length)
  print(`${corpus}-index-br`, brotliCompressSync(json).length)
  shelves.set(corpus, { where, articles, titles: articles.map(({ title }) => words(title)) })
}

function print(name: string, value: number): void {
  console.log(`${name}: ${Number.isInteger(value) ? value : value.toFixed(3)}`)
}

function factsOn(route: string): Facts {
  const page = { url: '', route, title: '', name: '', headings: [], language: 'en', data: {} }
  return { page, visitor: { locale: 'en', attributes: {} } }
}

/** Chance that repeats (mulberry32): the same typos in each run. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One letter dropped, added, changed or swapped in one word of four letters or more, not its first. */
function withTypo(query: string, random: () => number): string {
  const long = [...query.matchAll(/[a-z]{4,}/gi)]
  const word = long[Math.floor(random() * long.length)]
  if (!word) return query
  const at = word.index + 1 + Math.floor(random() * (word[0].length - 2))
  const letter = String.fromCharCode(97 + Math.floor(random() * 26))
  const [before, own, next, after] = [query.slice(0, at), query[at], query[at + 1], query.slice(at + 2)]
  const kinds = [before + next + after, before + letter + own + next + after, before + letter + next + after]
  return kinds[Math.floor(random() * 4)] ?? before + next + own + after
}

/** Titles in which each word typed begins a word; the site's order decides. */
function floor({ articles, titles }: Shelf, query: string): string[] {
  const typed = words(query)
  return articles
    .filter((_, i) => typed.every(part => titles[i]?.some(word => word.startsWith(part))))
    .slice(0, 10)
    .map(({ id }) => id)
}

interface Tally {
  first: number
  firstThree: number
  reciprocal: number
}
function tally(results: readonly number[]): Tally {
  const share = (fits: (place: number) => number) =>
    results.reduce((sum, place) => sum + fits(place), 0) / results.length
  return {
    first: share(place => (place === 0 ? 1 : 0)),
    firstThree: share(place => (place >= 0 && place < 3 ? 1 : 0)),
    reciprocal: share(place => (place >= 0 && place < 10 ? 1 / (place + 1) : 0)),
  }
}

const MODES = ['full', 'typed60', 'typo'] as const
const means = new Map<string, Tally[]>()
function report(name: string, set: string, results: readonly number[]): void {
  const sums = tally(results)
  means.set(name, [...(means.get(name) ?? []), sums])
  print(`${set}-${name}-success@1`, sums.first)
  print(`${set}-${name}-success@3`, sums.firstThree)
  print(`${set}-${name}-mrr@10`, sums.reciprocal)
}

const offTopic = lines<{ text: string }>('intents', 'intent-clinc150-test.jsonl')
  .filter((_, i) => i % 9 === 0)
  .map(({ text }) => text)

for (const set of SETS) {
  const queries = lines<Query>('search', 'dev', `search-${set}.jsonl`)
  const random = chance(1)
  for (const mode of MODES) {
    const places: number[] = []
    const floors: number[] = []
    let shown = 0
    for (const { corpus, q, rel } of queries) {
      const shelf = shelves.get(corpus)
      if (!shelf) continue
      const cut = Math.max(3, Math.round(q.length * 0.6))
      const query = mode === 'full' ? q : mode === 'typo' ? withTypo(q, random) : q.slice(0, cut)
      const list = rank([shelf.where], query, factsOn('/nowhere'))
      if (list.length) shown++
      places.push(list.slice(0, 10).findIndex(({ row }) => rel.includes(row.id)))
      floors.push(floor(shelf, query).findIndex(id => rel.includes(id)))
    }
    report(mode, set, places)
    report(`${mode}-floor`, set, floors)
    print(`${set}-${mode}-answered`, shown / queries.length)
  }
}
for (const [name, sums] of means) {
  const mean = (key: keyof Tally) => sums.reduce((sum, each) => sum + each[key], 0) / sums.length
  print(`mean-${name}-success@1`, mean('first'))
  print(`mean-${name}-success@3`, mean('firstThree'))
  print(`mean-${name}-mrr@10`, mean('reciprocal'))
}

// What the page is worth: the area of the right article as the page that the visitor is on.
for (const set of ['bc-anchor', 'bc-toc', 'm365-toc']) {
  const places = lines<Query>('search', 'dev', `search-${set}.jsonl`).map(({ corpus, q, rel }) => {
    const shelf = shelves.get(corpus)
    const page = shelf?.articles.find(({ id }) => rel.includes(id))?.pages[0] ?? '/nowhere'
    return rank(shelf ? [shelf.where] : [], q, factsOn(page)).findIndex(({ row }) => rel.includes(row.id))
  })
  report('full-right-page', set, places)
}

for (const [corpus, { where }] of shelves) {
  const refused = offTopic.filter(text => !rank([where], text, factsOn('/nowhere')).length).length
  print(`${corpus}-off-topic-refused`, refused / offTopic.length)
}

// Every key of queries as they are typed, each with its own costs: nothing warmed for it but what a visitor's
// earlier keys have warmed.
const bc = shelves.get('bc')
if (bc) {
  const times: number[] = []
  for (const { q } of lines<Query>('search', 'dev', 'search-bc-anchor.jsonl').filter((_, i) => i % 20 === 0))
    for (let size = 1; size <= q.length; size++) {
      const started = performance.now()
      rank([bc.where], q.slice(0, size), factsOn('/finance'))
      times.push(performance.now() - started)
    }
  times.sort((a, b) => a - b)
  print('key-p50-ms', times[Math.floor(times.length * 0.5)] ?? 0)
  print('key-p95-ms', times[Math.floor(times.length * 0.95)] ?? 0)
  print('key-max-ms', times.at(-1) ?? 0)
  const empty = searchable(bc.where.index, near)
  const started = performance.now()
  rank([empty], '', factsOn('/finance'))
  print('empty-query-cold-ms', performance.now() - started)
}
