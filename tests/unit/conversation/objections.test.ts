// Who has an objection, told from what is kept, on its way and stored.

import { expect, test } from 'vitest'
import { isSameObjection } from '../../../src/conversation/objecting'
import { type ObjectionParts, objectionsOf } from '../../../src/conversation/objections'
import type { OutboxRow } from '../../../src/live/outbox'
import type { EventBody, StoredEvent } from '../../../src/protocol/events'

const contested = { type: 'contested', about: 'category', target: 'payouts' } as const
const event = (seq: number, body: EventBody, clientId = `e${seq}`): StoredEvent => ({
  conversationId: 'c',
  seq,
  clientId,
  at: seq * 1_000,
  author: body.type === 'contested' ? { kind: 'visitor' } : { kind: 'agent', agentId: 'a', name: 'Kim' },
  body,
})
const row = (clientId: string, state: OutboxRow['state']) =>
  ({ clientId, queuedAt: 7, state, draft: { clientId, body: contested } }) as unknown as OutboxRow
const NONE: ObjectionParts = { events: [], rows: [], held: [], isWithBot: false, isOver: false }
const states = (parts: Partial<ObjectionParts>) =>
  objectionsOf({ ...NONE, ...parts }).map(({ key, state }) => [key, state])

test('[E4] it is sent once, with its answer, whatever this device still has of it', () => {
  const answer = event(2, { type: 'contestAnswered', contest: 1, outcome: 'changed', words: 'Right.' })
  const all = { events: [event(1, contested, 'o'), answer], rows: [row('o', 'sent')] }
  expect(states(all)).toEqual([['o', 'sent']])
  expect(objectionsOf({ ...NONE, ...all })[0]).toMatchObject({ at: 1_000, answer: { words: 'Right.' } })
})

test('[E4] while only the bot has the conversation nobody has what no server has; what one has stands in the desk’s list', () => {
  const parts = { events: [event(1, contested, 'o')], isWithBot: true }
  expect(states(parts)).toEqual([['o', 'sent']])
  expect(states({ rows: [row('o', 'queued')], isWithBot: true })).toEqual([['o', 'withHandoff']])
  expect(states({ rows: [row('o', { failed: 'closed' })], isWithBot: true })).toEqual([
    ['o', { failed: 'closed' }],
  ])
  const held = [{ clientId: 'o', body: contested, at: 5 }]
  expect(states({ held, isWithBot: true })).toEqual([['o', 'withHandoff']])
  // With people it is a row, or it was never sent.
  expect(states({ held })).toEqual([])
})

test('what is refused for good is told from what may be tried again, and what was closed may be open again', () => {
  const isForGood = (failed: string, isOver: boolean) =>
    objectionsOf({ ...NONE, rows: [row('o', { failed })], isOver })[0]?.isForGood
  expect(isForGood('forbidden', false)).toBe(true)
  expect(isForGood('internal', true)).toBe(false)
  expect([isForGood('closed', true), isForGood('closed', false)]).toEqual([true, false])
})

test('what is objected to twice is one thing by what it is about and which of it', () => {
  expect(isSameObjection(contested, { about: 'category', target: 'payouts' })).toBe(true)
  expect(isSameObjection(contested, { about: 'category', target: 'account' })).toBe(false)
  expect(isSameObjection({ about: 'priority' }, { about: 'channel' })).toBe(false)
})
