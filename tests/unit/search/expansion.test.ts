import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SearchIndex } from '../../../src/knowledge/indexFile'
import { isStopWord, stem, tokens } from '../../../src/knowledge/terms'
import { searchable, textOf, unitsOf } from '../../../src/search/expansion'
import { highlight } from '../../../src/search/highlight'
import { near } from '../../../src/search/typos'
import { shelfIndex } from './shelf'

/** Optimal string alignment by its definition, whole table. */
function edits(a: string, b: string): number {
  const d: number[][] = Array.from({ length: a.length + 1 }, (_, i) => [i])
  for (let j = 0; j <= b.length; j++) (d[0] as number[])[j] = j
  const at = (i: number, j: number) => d[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      (d[i] as number[])[j] = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : 99,
      )
  return at(a.length, b.length)
}

function dictionary(words: readonly string[]): SearchIndex {
  const terms = [...new Set(words)].sort()
  // Of no language: endings are English.
  return { ...shelfIndex(), locale: 'xx', terms }
}

// Few letters, so that words are often near each other.
const word = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength, maxLength })

test('the bounded walk finds the terms that the whole edit table finds', () => {
  fc.assert(
    fc.property(
      fc.array(word(1, 12), { minLength: 1, maxLength: 60 }),
      word(4, 11),
      fc.boolean(),
      (words, typed, isOpen) => {
        const index = dictionary(words)
        const limit = typed.length < 8 ? 1 : 2
        const distance = (term: string) =>
          isOpen
            ? Math.min(...Array.from(term, (_, i) => edits(term.slice(0, i + 1), typed)))
            : edits(term, typed)
        const best = Math.min(...index.terms.map(distance))
        const expected = best > limit ? [] : index.terms.filter(term => distance(term) === best)
        expect([...near(index, typed, isOpen).keys()].map(number => index.terms[number])).toEqual(expected)
      },
    ),
    { numRuns: 400, seed: 11 },
  )
})

test('three letters are too few to guess what was meant', () => {
  expect(near(dictionary(['cat', 'car']), 'cax', false).size).toBe(0)
})

test('a mistyped ending is not what stemming would know', () => {
  const index = { ...dictionary(['plan', 'outstand', 'pric']), locale: 'en' }
  for (const [typed, meant] of [
    ['plannign', 'plan'],
    ['outstanidng', 'outstand'],
    ['prcie', 'pric'],
  ] as const)
    expect([...near(index, typed, false).keys()].map(number => index.terms[number])).toEqual([meant])
})

test.each([
  ['invoices invoiced invoicing invoice', 1],
  ['setting settings set', 1],
  ['pays paying pay', 1],
  ['countries country', 1],
  ['boxes box', 1],
  ['connection connect connected', 1],
  ['universe university', 2],
  ['string', 1],
  ['news new', 1],
  ['process processes', 1],
])('inflection: %s come to %i', (words, count) => {
  expect(new Set(words.split(' ').map(stem)).size).toBe(count)
})

test.each<[string, string[]]>([
  ['E-Mail', ['e', 'mail', 'email']],
  ['OneDrive', ['one', 'drive', 'onedrive']],
  ['Café ﬁle', ['cafe', 'file']],
  ["can't", ['cant']],
  ["client's", ['client']],
  ['東京都', ['東京', '京都']],
  ['', []],
  ['—…!', []],
])('terms of %j', (text, words) => {
  expect(tokens(text, 'xx').map(token => token.word)).toEqual(words)
})

test('a stop word is marked, not thrown out', () => {
  expect(isStopWord('how')).toBe(true)
  const units = unitsOf(searchable(shelfIndex(), near), 'how do I')
  expect(units).toHaveLength(3)
})

test('highlights lie inside the text, in order and apart, whatever is typed', () => {
  const where = searchable(shelfIndex(), near)
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom(
      'Change your E-Mail address',
      'Upload a profile photo',
      'Übersicht: ﬁle e-mail',
      'OneDrive card',
    ),
  )
  fc.assert(
    fc.property(text, text, (title, query) => {
      let end = 0
      for (const [from, to] of highlight(textOf(where, title), unitsOf(where, query))) {
        expect(from).toBeGreaterThanOrEqual(end)
        expect(to).toBeGreaterThan(from)
        end = to
      }
      expect(end).toBeLessThanOrEqual(title.length)
    }),
    { numRuns: 400, seed: 5 },
  )
})

test.each<[title: string, query: string, marked: string[]]>([
  ['Add a payment card', 'pay', ['pay']],
  ['Add a payment card', 'card pay ', ['card']],
  ['Change your e-mail address', 'email ', ['e-mail']],
  ['Download an invoice', 'downlaod', ['Download']],
  ['Download an invoice', 'contract', []],
])('in %j, %j marks %j', (title, query, marked) => {
  const where = searchable(shelfIndex(), near)
  const ranges = highlight(textOf(where, title), unitsOf(where, query))
  expect(ranges.map(([from, to]) => title.slice(from, to))).toEqual(marked)
})
