// How often the article that a careful support lead would want first stands first, for who asks what on which page.
// Prints `name: value` lines. The cases and how they were labelled: README.md beside this file. Even cases are for
// tuning and printed as `tuning-…`; what counts is measured over the odd ones.
//
//   npm run bench:context [-- --misses 20]

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { PageFacts } from '../../../src/protocol/facts'
import { rank } from '../../../src/search/ranking'
import { demoShelf } from './demoShelf'

interface Case {
  readonly id: string
  readonly query: string
  readonly page: Partial<PageFacts> & { readonly route: string; readonly name: string }
  readonly role: string
  readonly locale: string
  readonly rel: readonly string[]
}

const { values } = parseArgs({ options: { misses: { type: 'string', default: '0' } } })
const where = demoShelf('demo/help/articles')
const cases = readFileSync('tests/bench/context/cases.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Case)

/** What the ranking is told beside the words; each is one ablation. */
const KNOWN = {
  all: ['page', 'role', 'errors', 'routes'],
  'query-only': [],
  page: ['page'],
  role: ['role'],
  'without-errors': ['page', 'role', 'routes'],
  'without-routes': ['page', 'role', 'errors'],
} as const

function found(one: Case, known: readonly string[]) {
  const { errors, recentRoutes, ...shown } = one.page
  const page: PageFacts = {
    url: '',
    route: '',
    title: '',
    name: '',
    headings: [],
    language: 'en',
    data: {},
    ...(known.includes('page') && shown),
    ...(known.includes('errors') && errors && { errors }),
    ...(known.includes('routes') && recentRoutes && { recentRoutes }),
  }
  const visitor = {
    locale: one.locale,
    attributes: {},
    ...(known.includes('role') && { role: one.role }),
  }
  return rank([where], one.query, { page, visitor })
}

const isRight = (one: Case, known: readonly string[]) => one.rel.includes(found(one, known)[0]?.row.id ?? '')
const share = (list: readonly Case[], known: readonly string[]) =>
  list.filter(one => isRight(one, known)).length / list.length
const print = (name: string, value: number) => console.log(`${name}: ${value.toFixed(3)}`)

const half = (rest: number) => cases.filter(({ id }) => Number(id.slice(1)) % 2 === rest)
const [tuning, reported] = [half(0), half(1)]
for (const one of tuning.filter(each => !isRight(each, KNOWN.all)).slice(0, Number(values.misses))) {
  const list = found(one, KNOWN.all).slice(0, 3)
  console.log(`${one.id} "${one.query}" on ${one.page.route} as ${one.role}, wanted ${one.rel.join(' or ')}`)
  for (const { row, score, factors } of list)
    console.log(
      `    ${score.toFixed(2)} ${row.id} ${JSON.stringify(factors, (_, v) => (typeof v === 'number' ? +v.toFixed(2) : v))}`,
    )
}
for (const [name, known] of Object.entries(KNOWN)) print(`tuning-${name}`, share(tuning, known))
const kinds: Readonly<Record<string, (one: Case) => boolean>> = {
  'nothing-typed': ({ query }) => !query,
  errors: ({ page }) => Boolean(page.errors),
  typed: ({ query }) => Boolean(query),
}
for (const [name, fits] of Object.entries(kinds)) print(`of-${name}`, share(reported.filter(fits), KNOWN.all))
for (const name of ['without-errors', 'without-routes'] as const)
  print(`context-${name}`, share(reported, KNOWN[name]))
print('context-success@1', share(reported, KNOWN.all))
for (const name of ['query-only', 'page', 'role'] as const)
  print(`context-${name}`, share(reported, KNOWN[name]))
