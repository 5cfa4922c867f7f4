// The figures that say how far a confidence can be believed.

import { expect, test } from 'vitest'
import { calibrationError, riskCoverage, riskCoverageSvg } from '../../bench/answers/riskCoverage'

const judged = (confidence: number, isRight: boolean) => ({ confidence, isRight })

test('who is right as often as said has no calibration error; who is sure and wrong has all of it', () => {
  const half = Array.from({ length: 30 }, (_, i) => judged(0.5, i % 2 === 0))
  expect(calibrationError(half)).toBeCloseTo(0)
  expect(calibrationError([judged(1, false), judged(1, false)])).toBe(1)
  expect(calibrationError([])).toBe(0)
})

test('the surest are answered first', () => {
  expect(riskCoverage([judged(0.2, false), judged(0.9, true)])).toEqual([
    { coverage: 0.5, risk: 0 },
    { coverage: 1, risk: 0.5 },
  ])
})

test('the picture holds the curve and the place where it works', () => {
  const picture = riskCoverageSvg([{ coverage: 1, risk: 0.5 }], { coverage: 0.5, risk: 0.25 })
  expect(picture).toMatch(/^<svg .*polyline.*circle.*<\/svg>\n$/s)
})
