import { describe, expect, test } from 'vitest'
import { type Outcome, type Person, playDay } from '../../bench/queue/day'
import { medianOfRecent } from '../../bench/queue/floor'

function play(seed: number) {
  const came: Person[] = []
  const ended: Outcome[] = []
  playDay(seed, 120, {
    came: person => void came.push(person),
    ended: outcome => void ended.push(outcome),
  })
  return { came, ended }
}

describe('a day of the made-up desk', () => {
  test('the same seed is the same day, another one another', () => {
    expect(play(3)).toEqual(play(3))
    expect(play(3).came).not.toEqual(play(4).came)
  })

  test('whoever comes is served or leaves, once, and nobody before they came', () => {
    const { came, ended } = play(5)
    expect(came.length).toBeGreaterThan(80)
    expect(new Set(ended.map(({ person }) => person))).toEqual(new Set(came))
    expect(ended).toHaveLength(came.length)
    for (const { waitedMs } of ended) expect(waitedMs).toBeGreaterThanOrEqual(0)
  })
})

describe('the floor', () => {
  test('fewer than three real waits are no ground for a promise', () => {
    expect(medianOfRecent([])).toBeNull()
    expect(medianOfRecent([1_000, 2_000])).toBeNull()
  })

  test('one very long wait does not frighten everybody: the median counts', () => {
    expect(medianOfRecent([60_000, 3_600_000, 30_000])).toBe(60_000)
    expect(medianOfRecent([10, 20, 30, 40])).toBe(25)
  })
})
