// What rules read in a visitor's words, as the visitor is shown it.

import { expect, test } from 'vitest'
import { readAsOf } from '../../../src/conversation/handoff'
import type { EventBody, StoredEvent } from '../../../src/protocol/events'
import type { Author } from '../../../src/protocol/records'

const SERVER: Author = { kind: 'system' }
const events = (...bodies: readonly (readonly [Author, EventBody])[]): readonly StoredEvent[] =>
  bodies.map(([author, body], n) => ({
    conversationId: 'c',
    seq: n + 1,
    clientId: `e${n}`,
    at: n,
    author,
    body,
  }))
const triaged = {
  type: 'triaged',
  category: 'withdrawals',
  confidence: 0.9,
  urgency: { score: 0.6, reasons: [{ code: 'urgentWords', words: ['today'] }] },
  complexity: { score: 0, reasons: [] },
  rule: 'triage@1',
} as const

test('what was read and what made it pressing is told with its words, and nothing where nothing was', () => {
  expect(readAsOf([])).toBeNull()
  const pressing = [{ code: 'urgentWords', words: ['today'] }]
  expect(
    readAsOf(
      events([SERVER, triaged], [SERVER, { type: 'prioritised', priority: 'high', reasons: pressing }]),
    ),
  ).toEqual({ triage: triaged, priority: pressing })
})

test('what was erased is told no more, and what an agent says is no rule’s', () => {
  const agent: Author = { kind: 'agent', agentId: 'a', name: 'Mina' }
  expect(
    readAsOf(
      events(
        [SERVER, { ...triaged, category: '', erased: true }],
        [agent, { type: 'prioritised', priority: 'urgent', reasons: [{ code: 'roleRule' }] }],
      ),
    ),
  ).toBeNull()
})
