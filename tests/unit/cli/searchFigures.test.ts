// What figures of a search mean: each one against a number that can be worked out by hand.

import { expect, test } from 'vitest'
import { seeded } from '../../../src/base/seeded'
import {
  figuresOf,
  isRegression,
  keysSaved,
  type Outcome,
  pairedDifference,
  percentile,
  placeOf,
} from '../../../src/cli/searchFigures'

const at = (place: number, more: Partial<Outcome> = {}): Outcome => ({
  place,
  isAnswered: place > 0,
  ms: 1,
  ...more,
})

test('the place is that of the first right article, and only the first ten count', () => {
  const ids = [...'abcdefghijklm']
  expect(placeOf(ids, ['a'])).toBe(1)
  expect(placeOf(ids, ['j', 'c'])).toBe(3)
  expect(placeOf(ids, ['j'])).toBe(10)
  expect(placeOf(ids, ['k'])).toBe(0)
  expect(placeOf([], ['a'])).toBe(0)
})

test('shares and means of five queries at places 1, 2, 4, 10 and nowhere', () => {
  const figures = figuresOf([at(1), at(2), at(4), at(10), at(0, { isAnswered: true }), at(0)])
  expect(figures.queries).toBe(6)
  expect(figures.means).toEqual({
    'success@1': 1 / 6,
    'success@3': 2 / 6,
    'success@5': 3 / 6,
    'mrr@10': (1 + 1 / 2 + 1 / 4 + 1 / 10) / 6,
    'no-answer': 1 / 6,
  })
})

test('of no queries all figures are 0, and none is NaN', () => {
  expect(figuresOf([])).toEqual({
    queries: 0,
    means: { 'success@1': 0, 'success@3': 0, 'success@5': 0, 'mrr@10': 0, 'no-answer': 0 },
    p50Ms: 0,
    p95Ms: 0,
  })
})

test('times are nearest ranks, whatever order the queries came in', () => {
  const { p50Ms, p95Ms } = figuresOf(
    Array.from({ length: 100 }, (_, i) => at(1, { ms: ((i * 37) % 100) + 1 })),
  )
  expect([p50Ms, p95Ms]).toEqual([50, 95])
  expect(percentile([7], 0.95)).toBe(7)
})

test('keys saved: the first beginning that shows the right article ends the typing, also when a later one hides it', async () => {
  const asked: string[] = []
  const saved = await keysSaved('card', beginning => {
    asked.push(beginning)
    return beginning === 'ca'
  })
  expect(saved).toBe(0.5)
  expect(asked).toEqual(['c', 'ca'])
})

test('keys saved is 0 when the right article never comes, and when it takes the whole query', async () => {
  expect(await keysSaved('card', () => false)).toBe(0)
  expect(await keysSaved('card', beginning => beginning === 'card')).toBe(0)
})

test('a character outside the basic plane is one key', async () => {
  expect(await keysSaved('a😀bc', beginning => beginning.includes('😀'))).toBe(0.5)
})

test('mean keys saved stands over the queries it was measured for, and is left out when for none', () => {
  expect(figuresOf([at(1, { keysSaved: 0.5 }), at(0, { keysSaved: 0 })]).means['keys-saved']).toBe(0.25)
  expect(figuresOf([at(1)]).means).not.toHaveProperty('keys-saved')
})

test('the interval of 20 lost and 5 won of 100 agrees with the normal approximation', () => {
  const other = Array.from({ length: 100 }, (_, i) => (i < 20 ? 1 : 0))
  const own = Array.from({ length: 100 }, (_, i) => (i >= 20 && i < 25 ? 1 : 0))
  const { change, low, high } = pairedDifference(own, other, seeded(1))
  expect(change).toBeCloseTo(-0.15)
  // Standard error sqrt((0.25 - 0.15²) / 100) = 0.0477.
  expect(low).toBeGreaterThan(-0.15 - 1.96 * 0.0477 - 0.012)
  expect(low).toBeLessThan(-0.15 - 1.96 * 0.0477 + 0.012)
  expect(high).toBeGreaterThan(-0.15 + 1.96 * 0.0477 - 0.012)
  expect(high).toBeLessThan(-0.15 + 1.96 * 0.0477 + 0.012)
  expect(pairedDifference(own, other, seeded(1))).toEqual({ change, low, high })
})

test('pairing counts: results that move together have no interval at all', () => {
  const values = Array.from({ length: 50 }, (_, i) => i % 2)
  expect(pairedDifference(values, values, seeded(1))).toEqual({ change: 0, low: 0, high: 0 })
  const { low, high } = pairedDifference(
    values.map(value => value - 1),
    values,
    seeded(1),
  )
  expect([low, high]).toEqual([-1, -1])
})

test('a regression is more than the tolerance and more than chance', () => {
  expect(isRegression({ change: -0.05, low: -0.09, high: -0.01 }, 0.01)).toBe(true)
  expect(isRegression({ change: -0.05, low: -0.12, high: 0.02 }, 0.01)).toBe(false)
  expect(isRegression({ change: -0.009, low: -0.012, high: -0.006 }, 0.01)).toBe(false)
  expect(isRegression({ change: 0.05, low: 0.01, high: 0.09 }, 0.01)).toBe(false)
})
