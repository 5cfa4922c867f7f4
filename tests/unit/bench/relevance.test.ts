import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import * as WEIGHTS from '../../../src/search/weights'
import { indexJson } from '../../bench/relevance/asklet'
import { readCorpus, readQuerySets } from '../../bench/relevance/corpora'
import { figuresOf, keysSaved, meanFigures, quantile } from '../../bench/relevance/figures'
import { measure } from '../../bench/relevance/measure'
import { openPieces, TimeOver } from '../../bench/relevance/pieces'
import { settableRanking } from '../../bench/relevance/settableRanking'
import { foldsOf } from '../../bench/relevance/tuneOurs'
import { sampleOf, VARIANTS, variantOf } from '../../bench/relevance/variants'

const queries = Array.from({ length: 200 }, (_, i) => ({
  id: `q${i}`,
  text: `change the address of account ${i}`,
}))

test('the same query gets the same typo, whatever other queries are asked', () => {
  const typos = new Map(queries.map(query => [query.id, variantOf(query, 'typo')]))
  for (const query of [...queries].reverse().filter((_, i) => i % 3 === 0))
    expect(variantOf(query, 'typo')).toBe(typos.get(query.id))
  // These are the typos of all figures that were ever compared: another one is another bench.
  expect(queries.slice(0, 3).map(query => variantOf(query, 'typo'))).toMatchInlineSnapshot(`
    [
      "cjhange the address of account 0",
      "cahnge the address of account 1",
      "change the address of acconut 2",
    ]
  `)
})

test('a typo is one letter dropped, added, changed or swapped, in a word of four letters or more', () => {
  const changed = queries.filter(query => variantOf(query, 'typo') !== query.text)
  expect(changed.length).toBeGreaterThan(180)
  for (const query of queries) {
    const words = variantOf(query, 'typo').split(' ')
    const before = query.text.split(' ')
    const wrong = words.filter((word, i) => word !== before[i])
    expect(wrong.length).toBeLessThan(2)
    expect(Math.abs(variantOf(query, 'typo').length - query.text.length)).toBeLessThan(2)
    expect([words[1], words[3]]).toEqual(['the', 'of'])
  }
  expect(variantOf({ id: 'x', text: 'pay me' }, 'typo')).toBe('pay me')
})

test('half typed is the first 60 % of the letters and never less than three', () => {
  expect(variantOf({ id: 'x', text: '0123456789' }, 'p60')).toBe('012345')
  expect(variantOf({ id: 'x', text: 'card' }, 'p60')).toBe('car')
  expect(variantOf({ id: 'x', text: 'card' }, 'full')).toBe('card')
  expect(VARIANTS).toEqual(['full', 'p60', 'typo'])
})

test('a sample keeps the order, is the same each time, and holds every smaller one', () => {
  const large = sampleOf(queries, 80)
  const small = sampleOf(queries, 20)
  expect(small).toHaveLength(20)
  expect(sampleOf(queries, 20)).toEqual(small)
  expect(large).toEqual(expect.arrayContaining([...small]))
  expect(small).toEqual(queries.filter(query => small.includes(query)))
  expect(sampleOf(queries, 500)).toEqual(queries)
})

test('figures are shares of all queries, and those not found count as nothing', () => {
  expect(figuresOf([0, 1, 3, -1])).toEqual({
    first: 0.25,
    firstThree: 0.5,
    reciprocal: (1 + 1 / 2 + 1 / 4) / 4,
  })
  expect(figuresOf([])).toEqual({ first: 0, firstThree: 0, reciprocal: 0 })
  expect(meanFigures([figuresOf([0, 0, 0]), figuresOf([-1])]).first).toBe(0.5)
  expect([quantile([1, 2, 3, 4], 0.5), quantile([1, 2], 1), quantile([], 0.5)]).toEqual([3, 2, 0])
})

test('keys are saved from the first key on at which the article is there', async () => {
  expect(await keysSaved('invoices', typed => typed.startsWith('in'))).toBe(0.75)
  expect(await keysSaved('invoices', async () => false)).toBe(0)
  // Lost again later: it was there to be chosen.
  expect(await keysSaved('invoices', typed => typed.length === 4)).toBe(0.5)
})

const folder = mkdtempSync(join(tmpdir(), 'asklet-corpora-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('help centres and sets are found by the names of their files', () => {
  const put = (name: string, ...lines: object[]) =>
    writeFileSync(join(folder, name), lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  put('my-shop-10.jsonl', { id: 'own-id', title: 'Third', body: 'c' })
  put('my-shop-2.jsonl', { path: 'b.md', title: 'Second', seoTitle: '2nd', headings: ['H'], body: 'b' })
  put('my-shop-1.jsonl', {
    path: 'pay-and-tax/add_a-card.md',
    title: 'First',
    description: 'd',
    area: 'pay',
    body: 'a',
  })
  put('my-1.jsonl', { path: 'x.md', title: 'Another', body: 'x' })
  put('search-ours.jsonl', { id: '1', corpus: 'my-shop', q: 'cards', rel: ['my-shop:b'], kind: 'anchor' })
  put('typos.jsonl', { wrong: 'a', right: 'b' })

  expect(readCorpus(folder, 'my-shop')).toEqual([
    {
      id: 'my-shop:pay-and-tax/add_a-card',
      title: 'First',
      keywords: '',
      summary: 'd',
      headings: [],
      body: 'a',
      slug: 'add a card',
      folders: 'pay and tax',
      area: 'pay',
    },
    expect.objectContaining({ id: 'my-shop:b', keywords: '2nd', headings: ['H'], slug: 'b', folders: '' }),
    expect.objectContaining({ id: 'own-id', slug: '' }),
  ])
  expect(readQuerySets(folder, [])).toEqual([
    { name: 'ours', queries: [{ id: '1', corpus: 'my-shop', text: 'cards', right: ['my-shop:b'] }] },
  ])
  expect(() => readQuerySets(folder, ['theirs'])).toThrow(/theirs.*There are: ours/)
  expect(() => readCorpus(folder, 'shop')).toThrow('"shop"')
})

test('a bench that was stopped goes on where it was, and other code begins anew', async () => {
  const file = join(folder, 'pieces.json')
  let asked = 0
  const engine = {
    name: 'one',
    code: '',
    build: () => ({
      search() {
        asked++
        return ['a']
      },
      serialise: () => '',
    }),
  }
  const query = { id: 'q', corpus: 'c', text: 'pay', right: ['a'] }
  const work = {
    sets: ['x', 'y'].map(name => ({ name, queries: [query] })),
    corpora: new Map([['c', []]]),
    sample: 9,
    keysSample: 1,
    progress() {},
  }
  const first = await measure(engine, work, openPieces({ file, of: 'this code', forMs: 60_000 }))
  expect(first.sets.get('y')?.full.first).toBe(1)
  expect(first.keysSaved.get('x')).toBeCloseTo(2 / 3)
  const before = asked
  expect(await measure(engine, work, openPieces({ file, of: 'this code', forMs: -1 }))).toEqual(first)
  expect(asked).toBe(before)
  await expect(measure(engine, work, openPieces({ file, of: 'other code', forMs: -1 }))).rejects.toThrow(
    TimeOver,
  )
  expect(asked).toBe(before)
})

test('sets of one help centre are left out together', () => {
  const set = (name: string, ...corpora: string[]) => ({
    name,
    queries: corpora.map(corpus => ({ id: name + corpus, corpus, text: '', right: [] })),
  })
  const sets = [set('links', 'b'), set('both', 'c', 'd'), set('toc', 'b'), set('c only', 'c')]
  expect(foldsOf(sets).map(fold => [fold.name, fold.sets.map(({ name }) => name)])).toEqual([
    ['b', ['links', 'toc']],
    ['c-and-d', ['both', 'c only']],
  ])
})

test('a weight that is set changes the order, and what ships is as before', async () => {
  const { shipped, set, open } = await settableRanking()
  expect(shipped).toMatchObject({ heading: WEIGHTS.heading, 'field.4': WEIGHTS.field[4] })
  const blank = { keywords: '', summary: '', headings: [], body: '', slug: '', folders: '', area: '' }
  const search = open(
    indexJson([
      { ...blank, id: 'a', title: 'Refund policy', body: 'What is paid back.' },
      { ...blank, id: 'b', title: 'Your account', headings: ['Refund'], body: 'All about it.' },
    ]),
  )
  const asShipped = search('refund', 10)
  expect(asShipped).toEqual(['b', 'a'])
  set({ heading: 0.1, 'field.4': 0.1, enoughOfBest: 0 })
  expect(search('refund', 10)).toEqual(['a', 'b'])
  set({})
  expect(search('refund', 10)).toEqual(asShipped)
})
