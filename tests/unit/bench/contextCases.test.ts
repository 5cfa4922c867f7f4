// The labelled cases of context-aware suggestions stay sound: what they name is there, and the two halves stay apart.
// Says nothing of any ranking.

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pages } from '../../../demo/marketplace/pages'
import { readFrontMatter } from '../../../src/knowledge/frontMatter'

interface Case {
  readonly id: string
  readonly query: string
  readonly page: {
    readonly route: string
    readonly name: string
    readonly headings: readonly string[]
    readonly errors?: readonly string[]
    readonly recentRoutes?: readonly string[]
  }
  readonly role: string
  readonly locale: string
  readonly rel: readonly string[]
  readonly why: string
}

const root = resolve(import.meta.dirname, '../../..')
const articles = join(root, 'demo/help/articles')
const cases = readFileSync(join(root, 'tests/bench/context/cases.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as Case)
const [tuning, reporting] = [cases.filter(isEven), cases.filter(one => !isEven(one))]

const access = new Map(
  readdirSync(articles, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => {
      const { meta } = readFrontMatter(readFileSync(join(articles, name), 'utf8'), name, 'en')
      return [name.slice(0, -3).replaceAll('\\', '/').toLowerCase(), meta.access]
    }),
)

describe('the labelled cases', () => {
  test('there are 200 or more, each with an id of its own, 100 or more in each half', () => {
    expect(cases.length).toBeGreaterThanOrEqual(200)
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length)
    expect(cases.filter(({ id }) => !/^c\d{3}$/.test(id))).toEqual([])
    expect(tuning.length).toBeGreaterThanOrEqual(100)
    expect(reporting.length).toBeGreaterThanOrEqual(100)
  })

  test('each has what a ranking needs to know, and a reason', () => {
    const shapeless = cases.filter(
      ({ query, page, role, locale, why }) =>
        typeof query !== 'string' ||
        !['client', 'freelancer', 'guest'].includes(role) ||
        locale !== 'en' ||
        !why ||
        !page.headings.length ||
        page.errors?.length === 0 ||
        page.recentRoutes?.length === 0,
    )
    expect(shapeless).toEqual([])
  })

  test('each names one to three articles, which are there and public', () => {
    const wrong = cases.flatMap(({ id, rel }) => [
      ...(rel.length >= 1 && rel.length <= 3 && new Set(rel).size === rel.length ? [] : [`${id}: rel`]),
      ...rel.filter(article => access.get(article) !== 'public').map(article => `${id}: ${article}`),
    ])
    expect(wrong).toEqual([])
  })

  test('between them they name every public article', () => {
    const named = new Set(cases.flatMap(({ rel }) => rel))
    const unnamed = [...access].filter(([id, who]) => who === 'public' && !named.has(id))
    expect(unnamed).toEqual([])
  })

  test('each stands on a page of the demo, under that page’s name', () => {
    const wrong = cases.flatMap(({ id, page }) => {
      const here = pages.find(({ route }) => route === page.route)
      const gone = [page.route, ...(page.recentRoutes ?? [])].filter(
        visited => !pages.some(({ route }) => route === visited),
      )
      return here?.title === page.name && !gone.length ? [] : [`${id}: ${page.name} ${gone}`]
    })
    expect(wrong).toEqual([])
  })

  test('no query that is tuned for is reported on', () => {
    const tuned = new Set(tuning.map(typed))
    expect(reporting.filter(one => one.query && tuned.has(typed(one))).map(({ id }) => id)).toEqual([])
  })
})

function isEven({ id }: Case): boolean {
  return Number(id.slice(1)) % 2 === 0
}

function typed({ query }: Case): string {
  return query.toLowerCase()
}
