import fc from 'fast-check'
import { expect, test } from 'vitest'
import { problemLine } from '../../../src/knowledge/frontMatter'
import { outcomeWeights, readOutcomes } from '../../../src/knowledge/outcomes'

test('lines of one article add up; a bad line is told with its number', () => {
  const { outcomes, problems } = readOutcomes(
    '{"articleId":"a","solved":1,"notSolved":2}\n\n{"articleId":"a","solved":3,"notSolved":0}\nno\n{"articleId":7}\n{"articleId":"b","solved":-1,"notSolved":0}\n{"articleId":"b","solved":1,"notSolved":0.5}\nnull',
    'out.jsonl',
  )
  expect(outcomes).toEqual([{ articleId: 'a', solved: 4, notSolved: 2, line: 1 }])
  expect(problems.map(problemLine)).toEqual([
    'out.jsonl:4: a line must be JSON, got "no". Write { "articleId": "…", "solved": 12, "notSolved": 3 }.',
    "out.jsonl:5: articleId must be an article's id, got 7. Write payments/add-a-card.",
    'out.jsonl:6: solved must be a whole number from 0 on, got -1. Count the confirmed outcomes.',
    'out.jsonl:7: notSolved must be a whole number from 0 on, got 0.5. Count the confirmed outcomes.',
    "out.jsonl:8: articleId must be an article's id, got undefined. Write payments/add-a-card.",
  ])
})

test('one answer says little, many say much, and a new article stands above one that is known to be bad', () => {
  const weights = outcomeWeights([
    { articleId: 'good', solved: 90, notSolved: 10 },
    { articleId: 'bad', solved: 10, notSolved: 90 },
    { articleId: 'one-yes', solved: 1, notSolved: 0 },
    { articleId: 'one-no', solved: 0, notSolved: 1 },
    { articleId: 'new', solved: 0, notSolved: 0 },
  ])
  const of = (id: string) => weights.get(id) ?? 0
  expect(of('good')).toBeCloseTo(0.73, 2)
  expect(of('bad')).toBeCloseTo(-0.73, 2)
  expect(of('one-yes')).toBeCloseTo(0.09, 2)
  expect(of('one-no')).toBeCloseTo(-0.09, 2)
  expect(weights.has('new')).toBe(false)
})

test('where all was solved, or nothing known, no article stands out', () => {
  expect(outcomeWeights([])).toEqual(new Map())
  expect(outcomeWeights([{ articleId: 'a', solved: 5, notSolved: 0 }])).toEqual(new Map())
})

test('weights stay in −1 … 1, and a further yes never lowers one', () => {
  const count = fc.nat({ max: 1_000 })
  const few = fc.nat({ max: 20 })
  fc.assert(
    fc.property(few, few, count, count, (a, b, c, d) => {
      const other = { articleId: 'y', solved: c, notSolved: d }
      const weight = (solved: number) => {
        const found = outcomeWeights([{ articleId: 'x', solved, notSolved: b }, other]).get('x') ?? 0
        expect(Math.abs(found)).toBeLessThanOrEqual(1)
        return found
      }
      // A yes lifts the mean of all, too: an article that is nearly alone may move by a hundredth.
      if (c + d > 20 * (a + b)) expect(weight(a + 1)).toBeGreaterThanOrEqual(weight(a) - 0.01)
    }),
  )
})
