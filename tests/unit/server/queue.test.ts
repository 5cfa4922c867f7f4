import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Priority } from '../../../src/protocol/records'
import { PRIORITIES } from '../../../src/server/priority'
import { byTurn, DEFAULT_TIMERS, HEAD_START_MS, overdue, places, queueOrder } from '../../../src/server/queue'
import type { ConversationRow } from '../../../src/server/store/helpDeskStore'
import { emptyRow } from '../../../src/server/store/projection'

const row = (conversationId: string, change: Partial<ConversationRow>): ConversationRow => ({
  ...emptyRow(conversationId, 'anon:x'),
  ...change,
})
const queued = (id: string, waitStarted: number, queuedAt = waitStarted) =>
  row(id, { phase: 'queued', waitStarted, queuedAt })

const queuedWith = (priority: Priority, waitStarted: number) =>
  row(priority, { phase: 'queued', waitStarted, queuedAt: waitStarted, priority })

describe('the queue', () => {
  test('who waits longest is next, also after an agent was lost in between', () => {
    const rows = [
      queued('late', 300),
      queued('lost', 100, 900),
      row('live', { phase: 'live' }),
      queued('early', 200),
    ]
    expect(queueOrder(rows).map(each => each.conversationId)).toEqual(['lost', 'early', 'late'])
    expect(places(queueOrder(rows))).toEqual(
      new Map([
        ['lost', 1],
        ['early', 2],
        ['late', 3],
      ]),
    )
  })

  test('two who came in the same moment stand in the same order on every node', () => {
    const both = queueOrder([queued('b', 1), queued('a', 1)])
    expect(both.map(each => each.conversationId)).toEqual(['a', 'b'])
  })

  test('[D27] nobody is passed by who came later than the difference of the head starts', () => {
    const people = fc.array(
      fc.record({
        conversationId: fc.uuid(),
        waitStarted: fc.integer({ min: 0, max: 40 * 60_000 }),
        priority: fc.constantFrom<Priority | null>(...PRIORITIES, null),
      }),
      { maxLength: 30 },
    )
    const headStart = (priority: Priority | null) => HEAD_START_MS[priority ?? 'normal']
    fc.assert(
      fc.property(people, all => {
        const order = all.toSorted(byTurn)
        for (const [place, waiting] of order.entries())
          for (const before of order.slice(0, place))
            expect(before.waitStarted - waiting.waitStarted).toBeLessThanOrEqual(
              headStart(before.priority) - headStart(waiting.priority),
            )
      }),
    )
  })

  test('[D27] whoever waits is served though more pressing ones never stop coming', () => {
    const low = { conversationId: 'low', waitStarted: 0, priority: 'low' as const }
    const queue: Parameters<typeof byTurn>[0][] = [low]
    let served = 0
    // One urgent visitor a minute, one conversation taken a minute: strict classes would never come to the low one.
    for (let minute = 0; !served && minute < 60; minute++) {
      queue.push({ conversationId: `u${minute}`, waitStarted: minute * 60_000, priority: 'urgent' })
      if (queue.toSorted(byTurn)[0] === low) served = minute
      else queue.splice(queue.indexOf(queue.toSorted(byTurn)[0] as typeof low), 1)
    }
    expect(served).toBeGreaterThan(0)
    expect(served * 60_000).toBeLessThanOrEqual(HEAD_START_MS.urgent - HEAD_START_MS.low + 60_000)
  })

  test('[D27] more pressing is never later, whoever came first in the same moment', () => {
    const at = (priority: Priority) => queuedWith(priority, 100)
    expect(queueOrder(PRIORITIES.map(at)).map(each => each.priority)).toEqual([...PRIORITIES].reverse())
  })

  test('nothing is due while both are there', () => {
    expect(overdue(queued('q', 0), 60_000, null, null, DEFAULT_TIMERS)).toBeNull()
    expect(overdue(row('l', { phase: 'live' }), 1e9, null, null, DEFAULT_TIMERS)).toBeNull()
  })

  test('due at its moment and not a millisecond before', () => {
    const live = row('l', { phase: 'live' })
    expect(overdue(live, 59_999, null, 0, DEFAULT_TIMERS)).toBeNull()
    expect(overdue(live, 60_000, null, 0, DEFAULT_TIMERS)).toBe('agentLost')
    expect(overdue(queued('q', 0), 119_999, 0, null, DEFAULT_TIMERS)).toBeNull()
    expect(overdue(queued('q', 0), 120_000, 0, null, DEFAULT_TIMERS)).toBe('visitorGone')
    expect(overdue(queued('q', 0), 899_999, null, null, DEFAULT_TIMERS)).toBeNull()
    expect(overdue(queued('q', 0), 900_000, null, null, DEFAULT_TIMERS)).toBe('waitedTooLong')
  })

  test('waiting too long counts from this stay in the queue, not from a wait long ago', () => {
    expect(overdue(queued('q', 0, 890_000), 900_000, null, null, DEFAULT_TIMERS)).toBeNull()
  })
})
