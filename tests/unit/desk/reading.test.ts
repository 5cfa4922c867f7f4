// What is read out of a conversation's events, where the list is long and grows.

import { expect, test } from 'vitest'
import { answerAtOf, lastOfGrowing, triageIn } from '../../../src/desk/reading'
import type { StoredEvent } from '../../../src/protocol/events'

let count = 0
const event = (email?: string): StoredEvent => ({
  conversationId: 'conversation-1',
  seq: ++count,
  clientId: `client-${count}`,
  at: count,
  author: { kind: 'visitor' },
  body: email
    ? { type: 'contactGiven', contact: { email } }
    : { type: 'message', text: 'x', format: 'plain' },
})

test('the last address is found again in a list that grows, and only what was added is looked at', () => {
  const looked: number[] = []
  const answerAt = lastOfGrowing(events => {
    looked.push(events.length)
    return answerAtOf(events)
  })
  let events: readonly StoredEvent[] = [event(), event('one@example.com'), event()]
  expect(answerAt(events)).toEqual({ email: 'one@example.com' })
  events = [...events, event()]
  expect(answerAt(events)).toEqual({ email: 'one@example.com' })
  events = [...events, event('two@example.com')]
  expect(answerAt(events)).toEqual({ email: 'two@example.com' })
  expect(looked).toEqual([3, 1, 1])
})

test('another conversation, or the same one read again, is read from its beginning', () => {
  const answerAt = lastOfGrowing(answerAtOf)
  expect(answerAt([event('one@example.com'), event()])).toEqual({ email: 'one@example.com' })
  expect(answerAt([event(), event(), event()])).toBe(null)
  expect(answerAt([])).toBe(null)
  expect(answerAt([event('three@example.com')])).toEqual({ email: 'three@example.com' })
})

test('what the server read of the words is the last that was said, and nothing once it was erased', () => {
  const score = { score: 0.6, reasons: [{ code: 'urgentWords', words: ['asap'] }] }
  const triaged = {
    category: 'payments',
    confidence: 0.9,
    urgency: score,
    complexity: score,
    rule: 'triage@1',
  }
  const told: StoredEvent = { ...event(), author: { kind: 'system' }, body: { type: 'triaged', ...triaged } }
  expect(triageIn([event(), told])).toMatchObject(triaged)
  expect(triageIn([event()])).toBeNull()
  expect(triageIn([{ ...told, body: { type: 'triaged', ...triaged, erased: true } }])).toBeNull()
})
