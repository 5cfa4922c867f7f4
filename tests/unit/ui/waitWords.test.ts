import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spanText, waitWords } from '../../../src/ui/waitWords'

const MINUTE = 60_000
const said = (low: number, high: number) => {
  const { name, values } = waitWords(low * MINUTE, { lowMs: low * MINUTE, highMs: high * MINUTE })
  return [name, ...Object.values(values)]
}

describe('an expected wait as a person would say it', () => {
  test.each([
    [4.2, 8.3, ['Range', 4, 9]],
    [4, 9, ['Range', 4, 9]],
    [0.1, 0.8, ['Moment']],
    [0.4, 1.2, ['Under', 2]],
    [13, 37, ['Range', 10, 45]],
    [26, 29, ['Range', 25, 30]],
    [1, 1.5, ['Range', 1, 2]],
    [25, 300, ['Over', 25]],
    [0.5, 300, ['Unknown']],
    [0, 0, ['Moment']],
  ])('%d to %d minutes', (low, high, words) => {
    expect(said(low, high)).toEqual(words)
  })

  test('an older server says a median alone, and never 0 minutes', () => {
    expect(waitWords(20_000, undefined)).toEqual({ name: 'Wait', values: { minutes: 1 } })
    expect(waitWords(20_000, null)).toEqual({ name: 'Wait', values: { minutes: 1 } })
  })

  test('nothing known is said as nothing known', () => {
    expect(waitWords(null, null).name).toBe('Unknown')
    expect(waitWords(Number.NaN, null).name).toBe('Unknown')
    expect(waitWords(undefined as unknown as null, undefined).name).toBe('Unknown')
  })

  test('what is read is never narrower than what was said, whatever was sent', () => {
    const ms = fc.oneof(
      fc.double({ min: 0, max: 2 * LONG }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, '7', null, undefined),
    ) as fc.Arbitrary<number>
    fc.assert(
      fc.property(ms, ms, ms, (medianMs, lowMs, highMs) => {
        const { name, values } = waitWords(medianMs, { lowMs, highMs })
        for (const minutes of Object.values(values)) expect(Number.isInteger(minutes)).toBe(true)
        if (name === 'Range') expect(values.low).toBeLessThan(values.high ?? 0)
        if (name === 'Range' || name === 'Over') expect((values.low ?? 0) * MINUTE).toBeLessThanOrEqual(lowMs)
        if (name === 'Range' || name === 'Under')
          expect((values.high ?? 0) * MINUTE).toBeGreaterThanOrEqual(highMs)
      }),
    )
  })
})

const LONG = 120 * MINUTE

test('a span is never shorter than it is, and in few words', () => {
  const minute = 60_000
  const said = (ms: number | null, locale = 'en') => spanText(ms, locale)
  expect([1, 38 * minute, 91 * minute, 26 * 60 * minute, 50 * 60 * minute].map(ms => said(ms))).toEqual([
    '5 minutes',
    '40 minutes',
    '2 hours',
    '26 hours',
    '3 days',
  ])
  expect(said(50 * 60 * minute, 'de')).toBe('3 Tage')
  expect([said(null), said(Number.NaN), said(-1)]).toEqual([null, null, null])
})
