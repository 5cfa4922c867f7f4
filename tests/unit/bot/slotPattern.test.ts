// Patterns that a site may write: those that people need are taken, those that can run for ever are named.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { slowPart } from '../../../src/bot/slotPattern'
import { findId } from '../../../src/understanding/idSlots'

test.each([
  'C-\\d{3,8}',
  'CT-\\d{6}',
  'O-\\d+',
  '[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){3}',
  '(?:AB|CD|EF)-\\d{4,10}',
  '(?:INV|RE)[-/ ]?\\d{2,4}[-/]\\d{1,6}',
  '#\\d+?',
  '\\u0041\\x42\\d{3}',
  '[\\]\\d]{4}',
  '(?<year>20\\d\\d)-(?<number>\\d{4})',
  '(?:[A-Z]|\\d){6}',
  'a{,3}\\d{2}',
])('%s is taken', pattern => {
  expect(() => new RegExp(pattern)).not.toThrow()
  expect(slowPart(pattern)).toBeNull()
})

test.each([
  ['(\\d+)+', '(\\d+)+'],
  ['O-(\\d+)*x', '(\\d+)*'],
  ['(a|aa)+', '(a|aa)+'],
  ['(?:\\d|[0-9])*', '(?:\\d|[0-9])*'],
  ['([A-Z]?){30}x', '([A-Z]?){30}'],
  ['\\w+-\\w+-\\d+', '\\w+-\\w+'],
  ['(?=(\\d*)*x)\\d', '(\\d*)*'],
  ['\\d{1,200}\\d{1,200}', '\\d{1,200}\\d{1,200}'],
])('%s is refused for %s', (pattern, part) => {
  expect(() => new RegExp(pattern)).not.toThrow()
  expect(slowPart(pattern)).toBe(part)
})

// The claim itself: whatever is taken is quick on words that are made to hurt it.
test('any pattern that is taken is searched for in a few milliseconds', () => {
  const atom = fc.constantFrom('a', 'b', '\\d', '\\w', '[ab]', '.', 'ab', '1')
  const often = fc.constantFrom('', '', '?', '*', '+', '{2}', '{1,3}', '{2,}', '+?', '{0,40}')
  const { pattern } = fc.letrec<{ pattern: string }>(tie => ({
    pattern: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(atom, often).map(parts => parts.join('')),
      fc.tuple(tie('pattern'), tie('pattern')).map(parts => parts.join('')),
      fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(?:${one}|${other})`),
      fc.tuple(tie('pattern'), often).map(([inner, times]) => `(${inner})${times}`),
    ),
  }))
  const words = ['a'.repeat(500), 'ab'.repeat(250), '1'.repeat(499), 'a1'.repeat(249), `${'b'.repeat(498)}!`]
  let taken = 0
  let worst = 0
  fc.assert(
    fc.property(pattern, each => {
      if (slowPart(each)) return
      taken++
      for (const text of words) {
        const from = performance.now()
        findId(`${each}!!`, text)
        worst = Math.max(worst, performance.now() - from)
      }
    }),
    { numRuns: 3_000, seed: 7 },
  )
  expect(taken).toBeGreaterThan(500)
  // Milliseconds; generous, because other work shares the machine. A pattern that is not safe takes years.
  expect(worst).toBeLessThan(1_000)
})
