// `asklet evaluate` as a site's CI runs it: real builds, real search, files of queries.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { worstOf } from '../../../src/cli/evaluateReport'
import { main } from '../../../src/cli/main'
import { createSpoken } from './spoken'

const DEMO = join(import.meta.dirname, '../../../demo/help')
let work = ''
beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'asklet-evaluate-'))
  for (const [name, title, body] of [
    ['payments/add-a-card', 'Add a card', 'Open Payments and choose Add.'],
    ['payments/invoices', 'Download invoices', 'Every invoice is under Payments.'],
    ['account/close', 'Close your account', 'Open Settings and choose Close.'],
    ['de/karte', 'Karte hinzufügen', 'Öffne Zahlungen und wähle Hinzufügen.', 'locale: de\n'],
  ] as const)
    write(`in/${name}.md`, article(title, body, name.startsWith('de/') ? 'locale: de\n' : ''))
  await say('build', '…/in', '--out', '…/help')
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

function article(title: string, body: string, more = ''): string {
  return `---\ntitle: ${title}\n${more}---\n${`${body} `.repeat(6)}\n`
}
function write(name: string, text: string): string {
  mkdirSync(dirname(join(work, name)), { recursive: true })
  writeFileSync(join(work, name), text)
  return join(work, name)
}
const queries = (name: string, ...lines: readonly unknown[]) =>
  write(name, `${lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')}\n`)

async function say(...args: readonly string[]) {
  const out = createSpoken()
  const code = await main(
    args.map(arg => arg.replace('…', work)),
    out,
  )
  const figures = Object.fromEntries(
    out.lines.flatMap(line => {
      const [, name, value] = /^(\S+): (\S+)$/.exec(line) ?? []
      return name ? [[name, Number(value)]] : []
    }),
  )
  return { code, figures, ...out }
}

describe('figures of one build', () => {
  test('what comes first, what comes later and what never comes are told apart, and the misses named', async () => {
    queries(
      'three.jsonl',
      { query: 'add a card', rel: ['payments/add-a-card'] },
      { q: 'download invoices', rel: ['payments/invoices'] },
      '',
      { query: 'zeppelin', rel: ['account/close'] },
    )
    const { code, figures, lines, steps } = await say('evaluate', '…/three.jsonl', '--help-dir', '…/help')
    expect(code).toBe(0)
    expect(figures).toMatchObject({
      queries: 3,
      'success@1': 0.667,
      'success@3': 0.667,
      'success@5': 0.667,
      'mrr@10': 0.667,
      'no-answer': 0.333,
    })
    expect(figures['keys-saved']).toBeGreaterThan(0.4)
    expect(figures['p95-ms']).toBeGreaterThanOrEqual(figures['p50-ms'] ?? Infinity)
    expect(lines.slice(0, 3)).toEqual([
      '1 of 3 queries whose right article is not first',
      '  place  query     wanted         got first',
      '  -      zeppelin  account/close  nothing    three.jsonl:4',
    ])
    expect(steps).toEqual(['1/3 searching', '2/3 searching', '3/3 searching'])
  })

  test('page, role and language of a line reach the search', async () => {
    write('in2/one.md', article('Pay', 'Pay it here.', 'pages: [/one]\nroles: [client]\n'))
    write('in2/two.md', article('Pay', 'Pay it here.', 'pages: [/two]\nroles: [freelancer]\n'))
    write('in2/de.md', article('Pay', 'Pay it here.', 'locale: de\n'))
    await say('build', '…/in2', '--out', '…/help2')
    queries(
      'facts.jsonl',
      { query: 'pay', rel: ['one'], page: { route: '/one', name: 'One', headings: ['Own'] } },
      { query: 'pay', rel: ['two'], page: { route: '/two' } },
      { query: 'pay', rel: ['one'], role: 'client' },
      { query: 'pay', rel: ['two'], role: 'freelancer' },
      { query: 'pay', rel: ['de'], locale: 'de-AT' },
    )
    const { figures } = await say('evaluate', '…/facts.jsonl', '--help-dir', '…/help2')
    expect(figures['success@1']).toBe(1)
  })

  test('several files: each with its figures, and all together', async () => {
    queries('a.jsonl', { query: 'add a card', rel: ['payments/add-a-card'] })
    queries(
      'b.jsonl',
      { query: 'invoices', rel: ['payments/invoices'] },
      { query: 'zeppelin', rel: ['account/close'] },
    )
    const { figures } = await say('evaluate', '…/a.jsonl', '…/b.jsonl', '--help-dir', '…/help')
    expect(figures).toMatchObject({
      'a-queries': 1,
      'a-success@1': 1,
      'b-queries': 2,
      'b-success@1': 0.5,
      queries: 3,
      'success@1': 0.667,
    })
  })

  test('of an index in parts all parts are asked, from the first query on', async () => {
    write('in4/card.md', article('Card', 'Nothing more to say.'))
    write(
      'in4/money.md',
      article('Money', 'Any card will do.', 'keywords: [card]\nsummary: Which card will do.\n'),
    )
    await say('build', '…/in4', '--out', '…/help4')
    const manifest = JSON.parse(readFileSync(join(work, 'help4/manifest.json'), 'utf8'))
    const index = `help4/${manifest.locales[0].index}`
    const { texts, words, ...first } = JSON.parse(readFileSync(join(work, index), 'utf8'))
    write('help4/texts.json', JSON.stringify(texts))
    write('help4/words.json', JSON.stringify(words))
    write(index, JSON.stringify({ ...first, texts: 'texts.json', words: 'words.json' }))
    queries('parts.jsonl', { query: 'card', rel: ['money'] })
    const { figures } = await say('evaluate', '…/parts.jsonl', '--help-dir', '…/help4', '--no-keys')
    expect(figures['success@3']).toBe(1)
  })

  test('--json is one object, --no-keys searches no beginnings, --misses cuts the list', async () => {
    queries(
      'j.jsonl',
      { query: 'zeppelin', rel: ['account/close'] },
      { query: 'airship', rel: ['account/close'] },
    )
    const args = ['evaluate', '…/j.jsonl', '--help-dir', '…/help', '--json', '--no-keys', '--misses', '1']
    const { code, lines } = await say(...args)
    expect(code).toBe(0)
    expect(lines).toHaveLength(1)
    const json = JSON.parse(lines[0] ?? '')
    expect(json).toMatchObject({
      files: [{ file: 'j.jsonl', queries: 2 }],
      overall: { queries: 2, means: { 'success@1': 0, 'no-answer': 1 } },
      passed: true,
      misses: [{ file: 'j.jsonl', line: 1, query: 'zeppelin', wanted: ['account/close'], got: '', place: 0 }],
    })
    expect(json.overall.means).not.toHaveProperty('keys-saved')
    expect(json.misses).toHaveLength(1)
  })
})

describe('the gate', () => {
  test('--min: below a floor is exit code 1, with what it must be and what it is', async () => {
    queries(
      'gate.jsonl',
      { query: 'add a card', rel: ['payments/add-a-card'] },
      { query: 'zeppelin', rel: ['account/close'] },
    )
    const held = await say(
      'evaluate',
      '…/gate.jsonl',
      '--help-dir',
      '…/help',
      '--min',
      'success@1=0.5,mrr=0.5',
    )
    expect([held.code, held.errors]).toEqual([0, []])
    const { code, errors } = await say(
      'evaluate',
      '…/gate.jsonl',
      '--help-dir',
      '…/help',
      '--min',
      'success@1=0.4, mrr=0.6',
    )
    expect(code).toBe(1)
    expect(errors).toEqual(['mrr@10 must be at least 0.6, got 0.500. The misses say what to mend.'])
  })

  /** Twelve articles, each with a word of its own in its title; `lost` of them lose it. */
  async function twelve(folder: string, lost: number): Promise<void> {
    WORDS.forEach((word, i) => {
      const title = i < lost ? 'Something else' : `Paint it ${word}`
      write(`${folder}-in/a${i}.md`, article(title, `Text number ${i}.`))
    })
    await say('build', `…/${folder}-in`, '--out', `…/${folder}`)
    queries('words.jsonl', ...WORDS.map((word, i) => ({ query: word, rel: [`a${i}`] })))
  }
  const WORDS =
    'amber azure coral crimson emerald fuchsia indigo lavender magenta maroon olive turquoise'.split(' ')

  test('--against: a build that finds less is a regression, and the queries that fell are named first', async () => {
    await twelve('whole', 0)
    await twelve('less', 6)
    const { code, figures, lines, errors, steps } = await say(
      'evaluate',
      '…/words.jsonl',
      '--help-dir',
      '…/less',
      '--against',
      '…/whole',
    )
    expect(code).toBe(1)
    expect(figures).toMatchObject({
      'success@1': 0.5,
      'against-success@1': 1,
      'success@1-change': -0.5,
      regressions: 2,
    })
    expect(figures['success@1-change-high']).toBeLessThan(0)
    expect(figures['success@1-change-low']).toBeLessThan(-0.5)
    expect(lines[2]).toMatch(/^ {2}- {6}1 {4}amber/)
    expect(lines).toContain(
      'A regression is success@1 or mrr@10 lower by more than 0.01 with an interval below 0 (paired bootstrap over queries, 2000 resamples, seed 1).',
    )
    expect(errors).toEqual([
      'success@1 must not fall by more than 0.01, got -0.500, and chance does not explain it.',
      'mrr@10 must not fall by more than 0.01, got -0.500, and chance does not explain it.',
    ])
    expect(steps.at(-1)).toBe('24/24 searching')
  })

  test('--against: one query of twelve may be chance, a better build is none, and --tolerance forgives', async () => {
    await twelve('whole', 0)
    await twelve('one', 1)
    await twelve('less', 6)
    const against = (own: string, other: string, ...more: string[]) =>
      say('evaluate', '…/words.jsonl', '--help-dir', `…/${own}`, '--against', `…/${other}`, ...more)
    expect(await against('one', 'whole')).toMatchObject({ code: 0, errors: [], figures: { regressions: 0 } })
    expect(await against('whole', 'less')).toMatchObject({
      code: 0,
      figures: { 'success@1-change': 0.5, regressions: 0 },
    })
    expect((await against('less', 'whole', '--tolerance', '0.6')).code).toBe(0)
  })

  test('--against: a query whose right article the other build lacks is not compared, and is counted', async () => {
    write('in3/payments/add-a-card.md', article('Add a card', 'Open Payments and choose Add.'))
    write('in3/one.md', article('Something else', 'Pay it here.'))
    await say('build', '…/in3', '--out', '…/help3')
    queries(
      'new.jsonl',
      { query: 'add a card', rel: ['payments/add-a-card'] },
      { query: 'zeppelin', rel: ['one'] },
      { query: 'something else', rel: ['one', 'payments/add-a-card'] },
    )
    const args = ['…/new.jsonl', '--help-dir', '…/help3', '--against', '…/help']
    const { code, figures, lines, steps } = await say('evaluate', ...args)
    expect(code).toBe(0)
    expect(figures).toMatchObject({
      queries: 3,
      'success@1': 0.667,
      'against-queries': 1,
      'against-success@1': 1,
      'success@1-change': 0,
      'left-out': 2,
    })
    expect(lines).toContain('1 of 3 queries are compared; of 2 the other build lacks a right article.')
    expect(lines[2]).toMatch(/^ {2}- {6}none {2}zeppelin/)
    expect(steps.at(-1)).toBe('4/4 searching')
  })
})

test('the worst misses: what fell furthest, then what is found last; what is first is none', () => {
  const miss = (query: string, place: number, was?: number) => ({
    file: 'q.jsonl',
    line: 1,
    query,
    wanted: ['a'],
    got: 'b',
    place,
    ...(was !== undefined && { was }),
  })
  const names = (...all: ReturnType<typeof miss>[]) => worstOf(all).map(({ query }) => query)
  expect(names(miss('second', 2), miss('first', 1), miss('nowhere', 0), miss('ninth', 9))).toEqual([
    'nowhere',
    'ninth',
    'second',
  ])
  expect(names(miss('never', 0, 0), miss('better', 5, 0), miss('fell', 4, 1), miss('gone', 0, 1))).toEqual([
    'gone',
    'fell',
    'never',
    'better',
  ])
})

describe('what is wrong is named with file and line', () => {
  test('each bad line says what it must be, what was got, and the fix; nothing is searched', async () => {
    queries(
      'bad.jsonl',
      { query: 'card', rel: ['payments/add-a-crad'] },
      { query: 'card', rel: ['add-a-card'] },
      { query: 'card', rel: ['de/karte'] },
      { query: 'card', rel: [] },
      { query: ' ', rel: ['payments/add-a-card'] },
      '{"query": "card", "rel": ["payments/add-a-card"]',
      '[]',
      { query: 'card', rel: ['payments/add-a-card'], page: { name: 'Payments' } },
      { query: 'card', rel: ['payments/add-a-card'], page: { route: '/', headings: 'One' } },
      { query: 'card', rel: ['payments/add-a-card'], role: 7 },
    )
    const { code, lines, errors } = await say('evaluate', '…/bad.jsonl', '--help-dir', '…/help')
    expect(code).toBe(1)
    expect(lines).toEqual([])
    expect(errors.map(line => line.replace(/(a mistake): .*?\. One/, '$1: …. One'))).toEqual([
      'bad.jsonl:1: rel must name public articles of the built help, got "payments/add-a-crad", which is none. An id is the path of the file without .md.',
      'bad.jsonl:2: rel must name public articles of the built help, got "add-a-card", which is none. Did you mean "payments/add-a-card"?',
      'bad.jsonl:3: rel must name articles of the language that is asked in, en, got "de/karte", which is de. Add "locale": "de".',
      "bad.jsonl:4: rel must be a list of ids of articles, at least one, got an array of 0. An id is the file's path without .md.",
      'bad.jsonl:5: query must be what a visitor types, got " ". Write it between quotes.',
      'bad.jsonl:6: the line must be JSON, got a mistake: …. One object a line, with double quotes.',
      'bad.jsonl:7: the line must be an object, got an array of 0. Write {"query": "…", "rel": ["…"]}.',
      'bad.jsonl:8: page must have a route that begins with /, got an object. Write {"route": "/payments"}.',
      'bad.jsonl:9: page.headings must be a list of texts, got "One". Leave it out where there are none.',
      'bad.jsonl:10: role must be a word, got 7. Leave it out where none is meant.',
    ])
  })

  test('a folder that is no build, and a file without a query', async () => {
    queries('empty.jsonl', '')
    expect(await say('evaluate', '…/empty.jsonl', '--help-dir', '…/help')).toMatchObject({
      code: 1,
      errors: ['empty.jsonl:1: the file must hold at least one query, got none. Write one a line.'],
    })
    const { code, errors } = await say('evaluate', '…/empty.jsonl', '--help-dir', '…/in')
    expect(code).toBe(1)
    expect(errors[0]).toBe(
      `Asklet [index_missing]: the folder must be one that "asklet build" wrote, got no manifest.json in ${work}/in. Build it, or correct the path.`,
    )
    expect((await say('evaluate', '…/nowhere.jsonl', '--help-dir', '…/help')).code).toBe(2)
  })
})

test("the demo's own queries hold the floors that the README shows", async () => {
  await say('build', join(DEMO, 'articles'), '--out', '…/demo', '--private-out', '…/private')
  const { code, figures, errors } = await say(
    'evaluate',
    join(DEMO, 'queries.jsonl'),
    '--help-dir',
    '…/demo',
    '--min',
    'success@1=0.75,success@3=0.9,mrr=0.8',
  )
  expect(errors).toEqual([])
  expect(code).toBe(0)
  expect(figures.queries).toBe(42)
})
