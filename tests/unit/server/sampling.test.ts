import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seeded } from '../../../src/base/seeded'
import { estimateRight, figuresOf, type WeighedItem } from '../../../src/server/reviewFigures'
import {
  CERTAIN,
  chanceOf,
  cutOf,
  DEFAULT_REVIEWS,
  drawOf,
  isCloser,
  itemIdOf,
  stratumOf,
  turnOf,
  weekOf,
} from '../../../src/server/sampling'

const KEY = 'a key that nobody knows'

describe('[R1] who is taken', () => {
  test('is told by key and item alone, the same on every node', () => {
    const id = itemIdOf(KEY, 'answer', 'Where is it?', 17)
    expect(id).toBe(itemIdOf(KEY, 'answer', 'Where is it?', 17))
    expect(id).toMatch(/^[\w-]{22}$/)
    expect(drawOf(KEY, id)).toBe(drawOf(KEY, id))
    expect(drawOf(`${KEY}!`, id)).not.toBe(drawOf(KEY, id))
    // Parts are told apart: words of a visitor make no other item's name.
    expect(itemIdOf(KEY, 'a', 'b c')).not.toBe(itemIdOf(KEY, 'a b', 'c'))
  })

  test('is a share of all that is as large as the rate says', () => {
    const all = Array.from({ length: 20_000 }, (_, n) => drawOf(KEY, `item-${n}`))
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...all)).toBeLessThan(CERTAIN)
    for (const rate of [0.05, 0.3, 0.5]) {
      const share = all.filter(draw => draw < rate * CERTAIN).length / all.length
      expect(share).toBeCloseTo(rate, 1.8)
    }
    expect(all.every(draw => draw < chanceOf('contested', DEFAULT_REVIEWS))).toBe(true)
  })

  test.each([
    [{ kind: 'agent', isContested: true, rating: 1 }, 'contested'],
    [{ kind: 'agent', rating: 2 }, 'lowRated'],
    [{ kind: 'agent', rating: 3 }, 'agents'],
    [{ kind: 'answer', isUnsolved: true, confidence: 0.1 }, 'notSolved'],
    [{ kind: 'answer', confidence: 0.49 }, 'lowConfidence'],
    [{ kind: 'answer', confidence: 0.5 }, 'answers'],
    [{ kind: 'missed', confidence: 0.1 }, 'missed'],
    [{ kind: 'handoff', rating: null }, 'handoffs'],
  ] as const)('%j is looked at as %s', (signals, stratum) => {
    expect(stratumOf(signals)).toBe(stratum)
  })

  test('an item only ever moves to where it is looked at more closely', () => {
    expect(isCloser('contested', 'answers')).toBe(true)
    expect(isCloser('answers', 'contested')).toBe(false)
    expect(isCloser('answers', 'answers')).toBe(false)
  })

  test('two leads are asked in another order each', () => {
    const ids = Array.from({ length: 20 }, (_, n) => `item-${n}`)
    const order = (agent: string) => [...ids].sort((a, b) => turnOf(KEY, agent, a) - turnOf(KEY, agent, b))
    expect(order('lea')).toEqual(order('lea'))
    expect(order('lea')).not.toEqual(order('max'))
  })

  test('weeks begin on Mondays, and before 1970 too', () => {
    const monday = Date.UTC(2026, 0, 5)
    expect(weekOf(monday)).toBe(weekOf(monday - 1) + 1)
    expect(weekOf(monday + 7 * 86_400_000 - 1)).toBe(weekOf(monday))
    expect(Number.isInteger(weekOf(-1))).toBe(true)
  })
})

test('[R2] a full week is cut at the first that is left out, in whatever order they came', () => {
  expect(cutOf([3, 1, 2], 3)).toBeNull()
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(CERTAIN - 1), { maxLength: 30 }),
      fc.integer({ min: 1, max: 9 }),
      (draws, most) => {
        const cut = cutOf(draws, most)
        expect(cutOf(draws.toReversed(), most)).toBe(cut)
        expect(draws.filter(draw => cut === null || draw < cut)).toHaveLength(Math.min(most, draws.length))
      },
    ),
  )
})

const item = (
  verdict: WeighedItem['verdict'],
  chance = CERTAIN,
  change: Partial<WeighedItem> = {},
): WeighedItem => ({ kind: 'answer', stratum: 'answers', chance, verdict, ...change })

describe('[R7] what the sample says of all', () => {
  test('who stands for twenty counts for twenty', () => {
    const estimate = estimateRight([
      item('right', CERTAIN / 20),
      ...Array.from({ length: 20 }, () => item('wrong', CERTAIN, { stratum: 'contested' })),
    ])
    expect(estimate).toMatchObject({ right: 0.5, judged: 21 })
  })

  test('where all were asked and judged there is nothing to doubt', () => {
    expect(estimateRight([item('right'), item('wrong')])).toEqual({
      right: 0.5,
      low: 0.5,
      high: 0.5,
      judged: 2,
    })
  })

  test('five of five right in a sample is no certainty', () => {
    const five = estimateRight(Array.from({ length: 5 }, () => item('right', CERTAIN / 20)))
    expect(five).toMatchObject({ right: 1, high: 1 })
    expect(five?.low).toBeGreaterThan(0.4)
    expect(five?.low).toBeLessThan(0.7)
  })

  test('nobody judged: no figure, not a made-up one', () => {
    expect(estimateRight([item(null)])).toBeNull()
    expect(figuresOf([item(null)], 91)).toEqual({
      days: 91,
      judged: 0,
      waiting: 1,
      strata: [{ stratum: 'answers', judged: 0, waiting: 1, right: 0 }],
      bot: null,
      agents: null,
      handoffs: null,
    })
  })

  test('what fell out of the sample after it was judged weighs nothing', () => {
    const weighed = estimateRight([item('right'), item('wrong', 0)])
    expect(weighed).toMatchObject({ right: 1, judged: 1 })
  })

  test('of 400 samples, the true share lies in the interval in at least 93 of 100', () => {
    const random = seeded(7)
    const strata = [
      { stratum: 'answers', size: 1_500, rate: 0.05, right: 0.85 },
      { stratum: 'lowConfidence', size: 300, rate: 0.3, right: 0.5 },
      { stratum: 'contested', size: 40, rate: 1, right: 0.2 },
    ] as const
    let inside = 0
    let sum = 0
    const truth =
      strata.reduce((all, { size, right }) => all + size * right, 0) /
      strata.reduce((all, { size }) => all + size, 0)
    for (let n = 0; n < 400; n++) {
      const sample: WeighedItem[] = []
      for (const { stratum, size, rate, right } of strata)
        for (let i = 0; i < size; i++) {
          if (random() >= rate) continue
          // A third has not been judged yet.
          const isRight = i < size * right
          const verdict = random() < 1 / 3 ? null : isRight ? 'right' : 'wrong'
          sample.push(item(verdict, rate * CERTAIN, { stratum }))
        }
      const estimate = estimateRight(sample)
      sum += estimate?.right ?? 0
      if (estimate && estimate.low <= truth && truth <= estimate.high) inside++
    }
    expect(inside / 400).toBeGreaterThan(0.93)
    expect(sum / 400).toBeCloseTo(truth, 1.8)
  })
})
