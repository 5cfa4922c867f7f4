import { expect, test } from 'vitest'
import { reopeningOf } from '../../../src/conversation/reopening'
import { enqueue, type Outbox, type OutboxRow } from '../../../src/live/outbox'
import type { TicketRecord } from '../../../src/protocol/records'

const ticket: TicketRecord = {
  number: 1001,
  category: 'payments',
  priority: 'normal',
  status: 'solved',
  solvedAt: 1_000,
}
const DAY = 24 * 60 * 60_000
const rules = (now: number) => ({ now, withinDays: 2 })
const wish = (state: OutboxRow['state']): Outbox =>
  enqueue([], {
    clientId: 'wish-0001',
    thread: 't',
    identity: 'i',
    queuedAt: 0,
    draft: { clientId: 'wish-0001', body: { type: 'reopened', by: 'visitor' } },
  }).map(row => ({ ...row, state }))

test('[D41] possible for so many days after it was solved, then too late', () => {
  const ended = { phase: 'ended', ticket } as const
  const until = 1_000 + 2 * DAY
  expect(reopeningOf(ended, [], [], rules(1_001))).toEqual({ state: 'possible', until })
  expect(reopeningOf(ended, [], [], rules(until))).toEqual({ state: 'tooLate' })
})

test('there is nothing to reopen of what is open, or never was a ticket', () => {
  expect(reopeningOf({ phase: 'ticketed', ticket }, [], [], rules(1_001))).toBeNull()
  expect(reopeningOf({ phase: 'ended', ticket: null }, [], [], rules(1_001))).toBeNull()
})

test('on its way it is said once; refused, the server has the word', () => {
  const ended = { phase: 'ended', ticket } as const
  expect(reopeningOf(ended, [], wish('sending'), rules(1_001))).toEqual({ state: 'onItsWay' })
  expect(reopeningOf(ended, [], wish({ failed: 'internal' }), rules(1_001))).toEqual({
    state: 'failed',
    key: 'wish-0001',
    code: 'internal',
    canRetry: true,
  })
})

test('“Please try once more” is said only of what can be taken: the days are over by the server’s clock', () => {
  const ended = { phase: 'ended', ticket } as const
  const refused = (code: string) => reopeningOf(ended, [], wish({ failed: code }), rules(1_001))
  expect(refused('closed')).toEqual({ state: 'tooLate' })
  expect(refused('forbidden')).toMatchObject({ state: 'failed', canRetry: false })
})
