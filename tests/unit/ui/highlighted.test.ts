import fc from 'fast-check'
import { expect, test } from 'vitest'
import { highlighted } from '../../../src/ui/highlighted'

test('the ranges are marked and the rest is not', () => {
  expect(highlighted('Add a card', [[6, 10]])).toEqual([
    { text: 'Add a ', isMarked: false },
    { text: 'card', isMarked: true },
  ])
})

test('the pieces together are the text, for ranges of any kind', () => {
  const range = fc.tuple(fc.integer({ min: -3, max: 40 }), fc.integer({ min: -3, max: 40 }))
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), fc.array(range), (text, ranges) => {
      expect(
        highlighted(text, ranges)
          .map(piece => piece.text)
          .join(''),
      ).toBe(text)
    }),
  )
})

test('overlapping ranges mark each letter once', () => {
  const pieces = highlighted('abcdef', [
    [2, 5],
    [1, 3],
  ])
  expect(pieces.filter(piece => piece.isMarked).map(piece => piece.text)).toEqual(['bc', 'de'])
})
