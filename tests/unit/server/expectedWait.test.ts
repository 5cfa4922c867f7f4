import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Priority } from '../../../src/protocol/records'
import {
  type ExpectedWait,
  expectedWait,
  type Join,
  paceOf,
  type WaitGround,
} from '../../../src/server/expectedWait'
import { PRIORITIES } from '../../../src/server/priority'

const MINUTE = 60_000
const NOW = 1_800_000_000_000

/** One visitor after the other, the last one taken `agoMs` ago, each after so many minutes. */
const oneAfterTheOther = (count: number, minutesEach: number, agoMs = 0): Join[] =>
  Array.from({ length: count }, (_, n) => ({
    at: NOW - agoMs - n * minutesEach * MINUTE,
    waitedMs: minutesEach * MINUTE,
    priority: null,
  }))
const ground = (change: Partial<WaitGround>): WaitGround => ({
  now: NOW,
  joins: oneAfterTheOther(20, 2),
  waitingSince: null,
  agentsOnline: 3,
  ...change,
})
const waitOf = (change: Partial<WaitGround>, ahead = 0, priority: Priority = 'normal') =>
  expectedWait(paceOf(ground(change)), ahead, priority)
const sure = (wait: ExpectedWait | null): ExpectedWait => {
  if (!wait) throw new Error('nothing was expected')
  return wait
}
const widthOf = ({ lowMs, highMs }: ExpectedWait) => highMs / lowMs

describe('[D29] how long a wait will be', () => {
  test('fewer than three real waits are no ground for a promise, nor is a desk where nobody is', () => {
    expect(waitOf({ joins: [] })).toBeNull()
    expect(waitOf({ joins: oneAfterTheOther(2, 2) })).toBeNull()
    expect(waitOf({ agentsOnline: 0 })).toBeNull()
    expect(waitOf({ joins: oneAfterTheOther(3, 2) })).not.toBeNull()
  })

  test('waits of long ago fade until they are no ground any more', () => {
    const hour = 60 * MINUTE
    expect(waitOf({ joins: oneAfterTheOther(5, 2, 2 * hour) })).not.toBeNull()
    expect(waitOf({ joins: oneAfterTheOther(5, 2, 20 * hour) })).toBeNull()
  })

  test('a desk that takes one in two minutes is two minutes for the next, and longer for each behind', () => {
    const first = sure(waitOf({}))
    expect(first.medianMs).toBeGreaterThan(MINUTE)
    expect(first.medianMs).toBeLessThan(2.2 * MINUTE)
    const places = Array.from({ length: 12 }, (_, ahead) => sure(waitOf({}, ahead)).medianMs)
    for (const [n, median] of places.entries()) expect(median).toBeGreaterThan(places[n - 1] ?? 0)
    // Some of those ahead leave: ten places are less than ten times one.
    expect(places[9]).toBeGreaterThan(14 * MINUTE)
    expect(places[9]).toBeLessThan(20 * MINUTE)
  })

  test('a desk that takes its only visitor of the hour at once is quick, not slow', () => {
    const hourly = oneAfterTheOther(6, 60).map(join => ({ ...join, waitedMs: 30_000 }))
    expect(sure(waitOf({ joins: hourly })).medianMs).toBeLessThan(MINUTE)
  })

  test('one very long wait does not frighten everybody', () => {
    const [last, ...others] = oneAfterTheOther(20, 2)
    const joins = [{ ...(last as Join), waitedMs: 60 * MINUTE }, ...others]
    expect(sure(waitOf({ joins })).medianMs).toBeLessThan(1.6 * sure(waitOf({})).medianMs)
  })

  test('while nobody is taken the wait grows by itself', () => {
    const standing = [0, 5, 10, 20].map(minutes => {
      const since = NOW - minutes * MINUTE
      return sure(waitOf({ joins: oneAfterTheOther(20, 2, minutes * MINUTE), waitingSince: since }))
    })
    for (const [n, wait] of standing.entries())
      expect(wait.medianMs).toBeGreaterThan(standing[n - 1]?.medianMs ?? 0)
    expect(standing[3]?.medianMs).toBeGreaterThan(2 * (standing[0]?.medianMs ?? 0))
  })

  test('more takings say it more narrowly', () => {
    const widths = [3, 6, 12, 24].map(count =>
      widthOf(sure(waitOf({ joins: oneAfterTheOther(count, 1) }, 8))),
    )
    for (const [n, width] of widths.entries()) expect(width).toBeLessThan(widths[n - 1] ?? Infinity)
  })

  test('who is less pressing waits longer where pressing ones come, by no more than they can pass', () => {
    const mixed = oneAfterTheOther(40, 2).map((join, n) => ({
      ...join,
      priority: n % 3 === 0 ? ('urgent' as const) : null,
    }))
    const waits = [...PRIORITIES]
      .reverse()
      .map(priority => sure(waitOf({ joins: mixed }, 5, priority)).medianMs)
    for (const [n, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(waits[n - 1] ?? 0)
    expect(waits[3]).toBeGreaterThan(waits[0] ?? 0)
    expect(waits[3]).toBeLessThan((waits[0] ?? 0) + 20 * MINUTE)
  })

  test('whatever clocks and rows say: whole numbers in their order, or nothing', () => {
    const odd = fc.constantFrom(0, -1, Number.NaN, Infinity, -Infinity, 1e308, -1e308, NOW, NOW + 1, 5e-324)
    const moment = fc.oneof(fc.integer({ min: NOW - 86_400_000, max: NOW + 1_000 }), odd)
    const joins = fc.array(
      fc.record({
        at: moment,
        waitedMs: fc.oneof(fc.integer({ min: 0, max: 3_600_000 }), odd),
        priority: fc.constantFrom<Priority | null>(...PRIORITIES, null),
      }),
      { maxLength: 100 },
    )
    const waitingSince = fc.oneof(fc.constant(null), moment)
    const agentsOnline = fc.oneof(fc.nat(50), odd)
    const ahead = fc.oneof(fc.nat(5_000), fc.constant(-1))
    const priority = fc.constantFrom<Priority>(...PRIORITIES)
    fc.assert(
      fc.property(joins, waitingSince, agentsOnline, ahead, priority, (...given) => {
        const [joins, waitingSince, agentsOnline, ahead, priority] = given
        const wait = waitOf({ joins, waitingSince, agentsOnline }, ahead, priority)
        if (!wait) return
        for (const ms of Object.values(wait)) expect(Number.isSafeInteger(ms)).toBe(true)
        expect(wait.lowMs).toBeGreaterThanOrEqual(0)
        expect(wait.lowMs).toBeLessThanOrEqual(wait.medianMs)
        expect(wait.medianMs).toBeLessThanOrEqual(wait.highMs)
      }),
    )
  })
})
