import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { reconnectWaitMs, resendWaitMs } from '../../../src/base/backoff'
import { secureRandomId } from '../../../src/base/environment'
import { describe as inWords } from '../../../src/base/errors'
import { latestOnly } from '../../../src/base/latestOnly'
import { once } from '../../../src/base/once'
import { createTexts, readableLocale } from '../../../src/base/texts'

describe('backoff', () => {
  test('[D16] reconnecting stays within 5 s for a visible page and 30 s for a hidden one', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.boolean(),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, visible, random) => {
          const wait = reconnectWaitMs(attempt, visible, random)
          expect(wait).toBeGreaterThanOrEqual(0)
          expect(wait).toBeLessThan(visible ? 5_000 : 30_000)
        },
      ),
    )
  })
  test('[D11] resending waits half a second at first and 30 s at most', () => {
    expect(resendWaitMs(0, 0.999)).toBeLessThan(500)
    expect(resendWaitMs(1, 1)).toBeCloseTo(800)
    expect(resendWaitMs(99, 1)).toBe(30_000)
  })
})

describe('ids', () => {
  test('[D1] are 30 url-safe characters, 22 of them random, and do not repeat', () => {
    const ids = new Set(Array.from({ length: 1_000 }, secureRandomId))
    expect(ids.size).toBe(1_000)
    for (const id of ids) expect(id).toMatch(/^[\w-]{30}$/)
    expect(new Set([...ids].map(id => id.slice(8))).size).toBe(1_000)
  })

  test('sort by the millisecond in which they were made, as bytes do', () => {
    vi.useFakeTimers()
    const moments = [
      1_700_000_000_000, 1_700_000_000_001, 1_700_000_000_036, 1_800_000_000_000, 2_800_000_000_000,
    ]
    const ids = moments.map(at => {
      vi.setSystemTime(at)
      return secureRandomId()
    })
    vi.useRealTimers()
    expect([...ids].sort((a, b) => (a < b ? -1 : 1))).toEqual(ids)
  })
})

describe('latestOnly', () => {
  test('an answer that was overtaken is dropped and its signal aborted', async () => {
    const waiting: { signal: AbortSignal; answer: (text: string) => void }[] = []
    const { call } = latestOnly(
      (signal, _query: string) => new Promise<string>(answer => waiting.push({ signal, answer })),
    )
    const first = call('a')
    const second = call('ab')
    waiting[1]?.answer('for ab')
    waiting[0]?.answer('for a')
    expect(await first).toBeUndefined()
    expect(await second).toBe('for ab')
    expect(waiting[0]?.signal.aborted).toBe(true)
  })
  test('a failure that was overtaken is nobody’s business', async () => {
    let fail: (error: Error) => void = () => {}
    const { call, cancel } = latestOnly(() => new Promise<string>((_, reject) => (fail = reject)))
    const first = call()
    cancel()
    fail(new Error('late'))
    expect(await first).toBeUndefined()
  })
})

describe('once', () => {
  test('loads one time, but tries again after a failure', async () => {
    let tries = 0
    const load = once(async () => {
      tries++
      if (tries === 1) throw new Error('blocked')
      return tries
    })
    await expect(load()).rejects.toThrow('blocked')
    expect(await Promise.all([load(), load()])).toEqual([2, 2])
    expect(await load()).toBe(2)
  })
})

describe('texts', () => {
  const texts = createTexts(
    'de',
    { count: { one: 'ein Treffer', other: '{count} Treffer' } },
    { hello: 'Hello {name}', count: 'x' },
  )
  test('plurals follow the locale, numbers too', () => {
    expect(texts('count', { count: 1 })).toBe('ein Treffer')
    expect(texts('count', { count: 12_000 })).toBe('12.000 Treffer')
  })
  test('words that count nothing do without the rules of plurals, which take milliseconds to make', () => {
    const { PluralRules } = Intl
    let made = 0
    const Counted = class extends PluralRules {
      constructor(locale?: string | readonly string[]) {
        super(locale)
        made++
      }
    }
    Object.assign(Intl, { PluralRules: Counted })
    const german = createTexts('de', { few: 'ein paar', count: { one: 'ein Treffer', other: 'Treffer' } })
    expect(german('few')).toBe('ein paar')
    expect(made).toBe(0)
    expect([german('count', { count: 1 }), german('count', { count: 2 })]).toEqual(['ein Treffer', 'Treffer'])
    expect(made).toBe(1)
    Object.assign(Intl, { PluralRules })
  })
  test('the first map that has a key wins; a missing key shows itself', () => {
    expect(texts('hello', { name: 'Mara' })).toBe('Hello Mara')
    expect(texts('constructor')).toBe('constructor')
  })
  test('a language as an operating system writes it is understood, nonsense is English', () => {
    expect(['en-US@posix', 'de_DE.UTF-8', 'pt_BR', 'no language'].map(readableLocale)).toEqual([
      'en-US',
      'de-DE',
      'pt-BR',
      'en',
    ])
  })
  test('a value cannot bring in another place to fill', () => {
    expect(texts('hello', { name: '{name}' })).toBe('Hello {name}')
  })
})

test('what was got is told in few words', () => {
  expect([null, [1, 2], 'x'.repeat(99), {}, () => 1, 7].map(inWords)).toEqual([
    'null',
    'an array of 2',
    `"${'x'.repeat(55)}…"`,
    'an object',
    'a function',
    '7',
  ])
})
