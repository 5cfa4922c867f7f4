// When what folds a dispute is fetched: a conversation without one never asks for it.

import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import * as disputeShown from '../../../src/conversation/disputeShown'
import type { StoredEvent } from '../../../src/protocol/events'
import { withPerson } from './withPerson'

const event = (seq: number, body: object) =>
  ({
    conversationId: 'conversation-1',
    seq,
    clientId: `event-${seq}`,
    at: seq,
    author: { kind: 'system' },
    body,
  }) as StoredEvent
const words = (seq: number) => event(seq, { type: 'message', text: 'Hello', format: 'plain' })
const opened = event(2, {
  type: 'disputeOpened',
  disputeId: 'dispute-0001',
  number: 1_001,
  reference: 'WM-4127',
  you: 'client',
  opener: 'client',
  parties: [{ party: 'client' }, { party: 'freelancer' }],
  facts: {},
  respondBy: 5,
})

test('a dispute is shown with its first event, and what did not come is asked for with the next one', async () => {
  const events = signal<readonly StoredEvent[]>([words(1)])
  let asked = 0
  const { model } = await withPerson({
    live: { events },
    loadDispute: async () => {
      asked++
      if (asked === 1) throw new Error('the line was cut')
      return disputeShown
    },
  })
  const settle = () => new Promise(setImmediate)
  expect([asked, model.dispute.value]).toEqual([0, null])

  events.value = [words(1), opened]
  await settle()
  expect([asked, model.dispute.value]).toEqual([1, null])

  events.value = [words(1), opened, words(3)]
  await settle()
  expect(model.dispute.value?.reference).toBe('WM-4127')

  events.value = [words(1), opened, words(3), words(4)]
  await settle()
  expect(asked).toBe(2)
})
