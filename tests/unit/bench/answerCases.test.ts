// The labelled questions with and without an answer stay sound: what they name is there and says what they require,
// and the two halves are alike. Says nothing of any answering.

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pages } from '../../../demo/marketplace/pages'
import { fromMarkdown } from '../../../src/knowledge/fromMarkdown'
import { readFrontMatter } from '../../../src/knowledge/frontMatter'
import { sectionsOf } from '../../../src/knowledge/plainText'
import type { Question as Case } from '../../bench/answers/judge'

const root = resolve(import.meta.dirname, '../../..')
const articles = join(root, 'demo/help/articles')
const cases = readFileSync(join(root, 'tests/bench/answers/questions.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as Case)
const halves = [cases.filter(isEven), cases.filter(one => !isEven(one))]
const answerable = cases.filter(one => one.answerable)
const unanswerable = cases.filter(one => !one.answerable)

const publicArticles: string[] = []
/** The sections of the public articles, as a gold label names them. */
const sections = new Map<string, string>()
for (const name of readdirSync(articles, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.md')) continue
  const { meta, body } = readFrontMatter(readFileSync(join(articles, name), 'utf8'), name, 'en')
  if (meta.access !== 'public') continue
  const article = name.slice(0, -3).replaceAll('\\', '/').toLowerCase()
  publicArticles.push(article)
  for (const { headingId, text } of sectionsOf(fromMarkdown(body)))
    sections.set(headingId ? `${article}#${headingId}` : article, plain(text))
}

describe('the labelled questions', () => {
  test('each has an id of its own, in order, and a text of its own', () => {
    expect(cases.map(({ id }) => id)).toEqual(cases.map((_, at) => `a${String(at + 1).padStart(3, '0')}`))
    expect(new Set(cases.map(({ question }) => plain(question))).size).toBe(cases.length)
    expect(cases.filter(({ question, why }) => !question.trim() || !why.trim()).map(({ id }) => id)).toEqual(
      [],
    )
  })

  test('there are enough of both kinds, in each half too', () => {
    expect(answerable.length).toBeGreaterThanOrEqual(165)
    expect(unanswerable.length).toBeGreaterThanOrEqual(90)
    for (const half of halves) {
      expect(half.filter(one => one.answerable).length).toBeGreaterThanOrEqual(75)
      expect(half.filter(one => !one.answerable).length).toBeGreaterThanOrEqual(45)
    }
  })

  test('the halves are alike', () => {
    const shares = halves.map(half => [
      share(half, one => one.answerable),
      share(half, one => !!one.page),
      share(half, one => !!one.role),
      share(half, one => one.question.length > 140),
      share(half, one => one.why.startsWith('near miss: ')),
    ])
    shares[0]?.forEach((one, at) => {
      expect(Math.abs(one - (shares[1]?.[at] ?? 0))).toBeLessThan(0.06)
    })
  })

  test('an answerable one has one to four sections and what is required; the others have none, and a kind', () => {
    const kind = /^(near miss|account|false premise|other product|off topic|nonsense|assistant|advice): \S/
    const wrong = [
      ...answerable.filter(
        ({ gold, must }) =>
          gold.length < 1 ||
          gold.length > 4 ||
          new Set(gold).size !== gold.length ||
          must.length < 1 ||
          must.length > 2 ||
          must.some(alternatives => !alternatives.length),
      ),
      ...unanswerable.filter(({ gold, must, why }) => gold.length || must.length || !kind.test(why)),
    ]
    expect(wrong.map(({ id }) => id)).toEqual([])
    expect(unanswerable.filter(({ why }) => why.startsWith('near miss: ')).length).toBeGreaterThanOrEqual(40)
  })

  test('each section is in a public article', () => {
    const wrong = cases.flatMap(({ id, gold }) =>
      gold.filter(name => !sections.has(name)).map(name => `${id}: ${name}`),
    )
    expect(wrong).toEqual([])
  })

  test('each required text is in a section of the case, and each section holds one', () => {
    const wrong = answerable.flatMap(({ id, gold, must }) => {
      const texts = gold.map(name => sections.get(name) ?? '')
      const required = must.flat().map(plain)
      return [
        ...required.filter(one => !one || !texts.some(text => text.includes(one))),
        ...gold.filter((_, at) => !required.some(one => texts[at]?.includes(one))),
      ].map(what => `${id}: ${what}`)
    })
    expect(wrong).toEqual([])
  })

  test('every public article comes first in two to five of them', () => {
    const first = answerable.map(({ gold }) => gold[0]?.split('#')[0])
    const times = publicArticles.map(
      article => [article, first.filter(one => one === article).length] as const,
    )
    expect(times.filter(([, count]) => count < 2 || count > 5)).toEqual([])
  })

  test('each stands on a page of the demo, under that page’s name, as a role that sees it', () => {
    const wrong = cases.filter(({ page, role }) => {
      if (role !== undefined && !['client', 'freelancer', 'guest'].includes(role)) return true
      if (!page) return false
      const here = pages.find(({ route }) => route === page.route)
      return here?.title !== page.name || (role !== undefined && !here.roles.some(one => one === role))
    })
    expect(wrong.map(({ id }) => id)).toEqual([])
  })
})

function isEven({ id }: Case): boolean {
  return Number(id.slice(1)) % 2 === 0
}

function share(of: readonly Case[], what: (one: Case) => boolean): number {
  return of.filter(what).length / of.length
}

/** As an answer and a requirement are compared: without case, spaces and marks. */
function plain(text: string): string {
  return text
    .replaceAll(/\*\*|`/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase()
}
