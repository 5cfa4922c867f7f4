import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HEAD_START_MS, turnOf } from '../../../src/server/queue'
import {
  FIT_HEAD_START_MS,
  fitOf,
  nextFor,
  type RoutedAgent,
  rankAgents,
  suggestAgents,
} from '../../../src/server/routing'

const agent = (agentId: string, more: Partial<RoutedAgent> = {}): RoutedAgent => ({
  agentId,
  name: agentId,
  teams: [],
  live: 0,
  ...more,
})
const ADA = agent('ada', { skills: ['payments'], languages: ['de', 'en'] })
const BOB = agent('bob', { skills: ['payments'], languages: ['en'] })
const CY = agent('cy', { live: 2 })
const ids = (ranked: readonly { agentId: string }[]) => ranked.map(({ agentId }) => agentId)

describe('who is the one for a conversation', () => {
  test('language goes before skill, skill before load, and each is a reason', () => {
    const ranked = rankAgents({ category: 'payments', locale: 'de-AT' }, [BOB, CY, ADA])
    expect(ids(ranked)).toEqual(['ada', 'cy', 'bob'])
    expect(ranked[0]?.reasons).toEqual([
      { code: 'language', words: ['de'] },
      { code: 'skill', words: ['payments'] },
      { code: 'load', count: 0 },
    ])
    const busy = { ...ADA, live: 5 }
    expect(ids(rankAgents({ category: 'payments', locale: 'en' }, [busy, BOB]))).toEqual(['bob', 'ada'])
  })

  test('what was given to a team goes to nobody outside of it', () => {
    const conversation = { category: 'x', locale: 'en', team: 'billing' }
    expect(rankAgents(conversation, [ADA, BOB])).toEqual([])
    expect(ids(rankAgents(conversation, [ADA, { ...BOB, teams: ['billing'] }]))).toEqual(['bob'])
  })

  test('it fits by a skill, or by a language that not all who are here speak', () => {
    const german = { category: 'orders', locale: 'de' }
    expect(fitOf(german, ADA, [ADA, BOB])).toEqual([{ code: 'language', words: ['de'] }])
    expect(fitOf({ ...german, locale: 'en' }, ADA, [ADA, BOB])).toBeNull()
    expect(fitOf({ category: 'payments', locale: 'en' }, BOB, [ADA, BOB])).toEqual([
      { code: 'skill', words: ['payments'] },
    ])
    expect(fitOf({ category: 'payments', locale: 'de' }, BOB, [ADA, BOB])).toBeNull()
    expect(fitOf({ category: 'payments', locale: '' }, CY, [ADA, BOB, CY])).toBeNull()
  })

  test('a night’s tickets are spread over all whom they fit alike', () => {
    const night = Array.from({ length: 6 }, () => ({ category: 'payments', locale: 'en' }))
    const names = [...suggestAgents(night, [ADA, BOB]).values()].map(({ agentId }) => agentId)
    expect(names).toEqual(['ada', 'bob', 'ada', 'bob', 'ada', 'bob'])
    expect(suggestAgents(night, []).size).toBe(0)
  })
})

test('[D46] what fits is taken first only before those who came within its head start', () => {
  const row = (conversationId: string, minute: number, fits: boolean) => ({
    conversationId,
    waitStarted: minute * 60_000,
    priority: null,
    fits,
  })
  expect(nextFor([row('a', 0, false), row('b', 4, true)])?.conversationId).toBe('b')
  expect(nextFor([row('a', 0, false), row('b', 6, true)])?.conversationId).toBe('a')
  expect(nextFor([])).toBeNull()
})

test('[D27] [D46] nobody is passed by somebody who came later than both head starts together, whoever keeps coming', () => {
  const priority = fc.constantFrom('low', 'normal', 'high', 'urgent', null)
  const waiting = fc.record({
    conversationId: fc.uuid(),
    waitStarted: fc.integer({ min: 0, max: 3_600_000 }),
    priority,
    fits: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(waiting, { minLength: 1, maxLength: 30 }), rows => {
      const next = nextFor(rows)
      for (const other of rows) {
        expect(turnOf(next ?? other) - turnOf(other)).toBeLessThanOrEqual(FIT_HEAD_START_MS)
        expect((next ?? other).waitStarted - other.waitStarted).toBeLessThanOrEqual(
          HEAD_START_MS.urgent - HEAD_START_MS.low + FIT_HEAD_START_MS,
        )
      }
    }),
  )
})
