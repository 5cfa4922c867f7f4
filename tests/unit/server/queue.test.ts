import { describe, expect, test } from 'vitest'
import { expectedWaitMs } from '../../../src/server/expectedWait'
import { DEFAULT_TIMERS, overdue, places, queueOrder } from '../../../src/server/queue'
import type { ConversationRow } from '../../../src/server/store/helpDeskStore'
import { emptyRow } from '../../../src/server/store/projection'

const row = (conversationId: string, change: Partial<ConversationRow>): ConversationRow => ({
  ...emptyRow(conversationId, 'anon:x'),
  ...change,
})
const queued = (id: string, waitStarted: number, queuedAt = waitStarted) =>
  row(id, { phase: 'queued', waitStarted, queuedAt })

describe('the queue', () => {
  test('who waits longest is next, also after an agent was lost in between', () => {
    const rows = [
      queued('late', 300),
      queued('lost', 100, 900),
      row('live', { phase: 'live' }),
      queued('early', 200),
    ]
    expect(queueOrder(rows)).toEqual(['lost', 'early', 'late'])
    expect(places(queueOrder(rows))).toEqual(
      new Map([
        ['lost', 1],
        ['early', 2],
        ['late', 3],
      ]),
    )
  })

  test('two who came in the same moment stand in the same order on every node', () => {
    expect(queueOrder([queued('b', 1), queued('a', 1)])).toEqual(['a', 'b'])
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

describe('the expected wait', () => {
  test('fewer than three real waits are no ground for a promise', () => {
    expect(expectedWaitMs([])).toBeNull()
    expect(expectedWaitMs([1_000, 2_000])).toBeNull()
  })

  test('one very long wait does not frighten everybody: the median counts', () => {
    expect(expectedWaitMs([60_000, 3_600_000, 30_000])).toBe(60_000)
    expect(expectedWaitMs([10, 20, 30, 40])).toBe(25)
  })
})
