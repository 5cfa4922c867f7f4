// What a site says of its own secrets and ids: masked wherever they stand, and never eaten.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redact } from '../../../src/base/redact'
import { parseConfig } from '../../../src/protocol/config'
import { patternProblem } from '../../../src/protocol/sitePatterns'

const SITE = {
  mask: { member: 'MB-\\d{6}', passport: '[A-Z]{2}\\d{7}' },
  keep: ['WM[- ]\\d{4,12}', 'ORD\\d{14,16}', '\\d{3}-\\d{3}-\\d{4}'],
}

describe('what a site masks', () => {
  test('is masked in words to a person and in copies, whatever its case, as a whole word alone', () => {
    for (const level of ['toPerson', 'derived'] as const) {
      expect(redact('I am MB-123456, mb-654321!', level, SITE)).toBe('I am [member], [member]!')
      expect(redact('MB-1234567 and XMB-123456', level, SITE)).toBe('MB-1234567 and XMB-123456')
      expect(redact('https://a.example/?who=MB%2D123456', level, SITE)).toBe(
        'https://a.example/?who=[member]',
      )
    }
    expect(redact('I am MB-123456', 'toPerson')).toBe('I am MB-123456')
  })

  test('and is masked once: again changes nothing, and a mark is no word of the visitor’s', () => {
    const words = fc.stringMatching(/^[A-Z0-9 a-c@.+-]{0,60}$/)
    fc.assert(
      fc.property(words, text => {
        const once = redact(text, 'derived', SITE)
        expect(redact(once, 'derived', SITE)).toBe(once)
      }),
    )
    expect(redact('[member]', 'derived', { mask: { member: '[a-z]{6}' } })).toBe('[member]')
  })
})

describe('what a site keeps', () => {
  test('is no card, no account and no phone number, in both levels', () => {
    for (const level of ['toPerson', 'derived'] as const)
      for (const id of ['ORD4111111111111111', 'WM 4111', '555-123-4567', 'WM-378282246310'])
        expect(redact(`about ${id}, please`, level, SITE)).toBe(`about ${id}, please`)
    expect(redact('about 555-123-4567', 'derived')).toBe('about [phone]')
    expect(redact('?key=WM-41270011', 'derived', SITE)).toBe('?key=WM-41270011')
  })

  test('never takes a part of a card with it, and no secret or address that it stands in', () => {
    expect(redact('WM 4111 1111 1111 1111', 'toPerson', SITE)).toBe('WM [card 1111]')
    expect(redact('password: xWM-4127', 'toPerson', SITE)).toBe('password: [secret]')
    expect(redact('WM-4127@example.org', 'derived', SITE)).toBe('[email]')
    expect(redact('my card 4111 1111 1111 1111', 'toPerson', SITE)).toBe('my card [card 1111]')
  })
})

describe('which patterns there may be', () => {
  test.each(['MB-\\d{6}', '[A-Z]{2}\\d{7}', 'WM-\\d{4,8}[a-z]?', 'a\\.b\\d\\d', '№\\d{5}'])('%s', pattern => {
    expect(patternProblem(pattern, true)).toBeNull()
  })

  test.each([
    ['(a+)+b', 'got stuck at character 1'],
    ['a+bcd', 'got stuck at character 2'],
    ['abcd.*', 'got stuck at character 5'],
    ['abcd|efgh', 'got stuck at character 5'],
    ['ab{4,}c', 'got stuck at character 3'],
    ['[^a]bcd', 'got stuck at character 1'],
    ['\\w{8}', 'got stuck at character 1'],
    ['[abcd', 'got stuck at character 1'],
    ['[z-a]{4}', 'classes as'],
    ['a{8,4}', 'counts go up'],
    ['abc', '4 to 80 characters'],
    ['\\d{81}', '4 to 80 characters'],
    ['\\d{2,10}x{1,10}y{1,9}', 'at most 100 ways'],
    ['', '1 to 200 characters'],
  ])('%s is none: %s', (pattern, why) => {
    expect(patternProblem(pattern)).toContain(why)
  })

  test('what would keep the number of a card keeps nothing', () => {
    for (const pattern of ['\\d{16}', '[0-9]{4}-\\d{4}-\\d{4}-\\d{4}', 'x?\\d{13,19}', '[A-Z\\d]{16}'])
      expect(patternProblem(pattern, true)).toContain('numbers of cards')
    expect(patternProblem('\\d{16}')).toBeNull()
  })

  test('whatever is allowed fits in time, on what was made to be slow', () => {
    const piece = fc
      .tuple(fc.constantFrom('\\d', '[a-f\\d]', 'a', '-'), fc.integer({ min: 0, max: 6 }), fc.nat(9))
      .map(([sign, min, more]) => `${sign}{${min},${min + more}}`)
    const patterns = fc.array(piece, { minLength: 1, maxLength: 6 }).map(pieces => pieces.join(''))
    const hostile = ['1a'.repeat(10_000), '1'.repeat(20_000), '-'.repeat(20_000), 'a-1 '.repeat(5_000)]
    fc.assert(
      fc.property(patterns, pattern => {
        if (patternProblem(pattern) !== null) return
        for (const text of hostile) {
          const started = performance.now()
          new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, 'giu').test(text)
          expect(performance.now() - started).toBeLessThan(500)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('the configuration says path, what, got and fix', () => {
    const sentenceOf = (privacy: object) => {
      try {
        parseConfig({ privacy }, 'asklet.json')
        return ''
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(sentenceOf(SITE)).toBe('')
    expect(sentenceOf({ keep: ['WM-.*'] })).toMatch(/privacy\.keep\.0 must be made of signs.*got "WM-\.\*"/)
    expect(sentenceOf({ mask: { member: 'a+bcd' } })).toContain('privacy.mask.member must be made of signs')
    expect(sentenceOf({ mask: { Card: 'MB-\\d{6}' } })).toContain('privacy.mask must be named by')
    expect(sentenceOf({ mask: { card: 'MB-\\d{6}' } })).toContain('other than secret, email')
    expect(sentenceOf({ keep: Array.from({ length: 21 }, () => 'WM-\\d{4}') })).toContain('at most 20')
  })
})
