// Patterns that a site may write: those that people need are taken, those that can run for ever are named.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { slowPart } from '../../../src/bot/slotPattern'
import { findId } from '../../../src/understanding/idSlots'
import { workMs } from '../../support/workMs'

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
  '\\d+-\\d{2}',
  '[A-Z]+-\\d+',
  '[A-Z]{1,4}\\d{4,12}',
  '[A-Z0-9]{8,16}',
  '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  '\\d{3}-\\d{7}-\\d{7}',
  '[A-Z]{2}\\d{9}[A-Z]{2}',
  '1Z[0-9A-Z]{16}',
  '(?:\\d{4}[ -]?){3}\\d{4}',
  '\\d{2}([-/.])\\d{2}\\1\\d{4}',
  '(?:ORD|PO|SO)?-?\\d{5,10}',
  '[A-Z]{3}-?\\d{3,6}(?:-[A-Z])?',
  '(?:[A-Z]|\\d){10}',
  'pay_[A-Za-z0-9]{14,24}',
  '[A-Z]{2}\\d{2}[A-Z0-9]{10,30}',
  '\\+?\\d{1,3}[ -]?\\d{4,14}',
  '#?\\d{4,}',
  '(?:case|ticket) ?#?\\d{3,9}',
  '[A-Z]\\d{2,5}(?:[-.]\\d{1,4}){0,3}',
  '\\b[A-Z]{2,5}-\\d{1,6}\\b',
  '(?!000)\\d{3}-\\d{2}-\\d{4}',
  '.{4,12}',
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
  ['\\w+-\\w+-\\d+', '\\w+-\\w+-\\d+'],
  ['(?=(\\d*)*x)\\d', '(\\d*)*'],
  ['\\d{1,200}\\d{1,200}', '\\d{1,200}\\d{1,200}'],
  // Of few ways, and each of them long.
  ['.{0,99}.{0,98}.{100}x', '.{0,99}.{0,98}'],
  ['.+.{20}x', '.+.{20}'],
  ['.{0,99}(?=.{0,98}.{100}x)x', '.{0,98}.{100}'],
  ['(?:.?){13}x', '(?:.?){13}'],
  ['(.+)\\1x', '(.+)\\1'],
  ['(?:\\w{4}-?)+x', '(?:\\w{4}-?)+'],
])('%s is refused for %s', (pattern, part) => {
  expect(() => new RegExp(pattern)).not.toThrow()
  expect(slowPart(pattern)).toBe(part)
})

// The claim itself: whatever is taken is quick on words that are made to hurt it.
test('any pattern that is taken is searched for in a few milliseconds', () => {
  const atom = fc.constantFrom('a', 'b', '\\d', '\\w', '[ab]', '.', 'ab', '1', '[^q]', '-', '(?=.)')
  const often = fc.constantFrom('', '', '?', '*', '+', '{2}', '{1,3}', '{2,}', '+?', '{0,40}', '{100}')
  const { pattern } = fc.letrec<{ pattern: string }>(tie => ({
    pattern: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(atom, often).map(parts => parts.join('')),
      fc.tuple(tie('pattern'), tie('pattern')).map(parts => parts.join('')),
      fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(?:${one}|${other})`),
      fc.tuple(tie('pattern'), often).map(([inner, times]) => `(${inner})${times}`),
    ),
  }))
  // Where no letter stands before, a match can begin at each character.
  const words = ['a', 'ab', 'a1', ' ', '-', '. ', 'a ', '1-'].map(piece => piece.repeat(500).slice(0, 500))
  let taken = 0
  let worst = 0
  fc.assert(
    fc.property(pattern, each => {
      if (slowPart(each)) return
      taken++
      for (const text of words) {
        const spent = [1, 2, 3].map(() => workMs(() => findId(`${each}!!`, text)).ms)
        // The best of three: the engine tidies up when it likes.
        worst = Math.max(worst, Math.min(...spent))
      }
    }),
    { numRuns: 3_000, seed: 7 },
  )
  expect(taken).toBeGreaterThan(500)
  // Milliseconds: what is counted in steps takes one or two, what was counted in ways alone took 140 and more.
  expect(worst).toBeLessThan(20)
})
