// Words for a dispute that were typed and not saved yet: they are the model's, by dispute, and outlive what shows them.

import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import { type SafeStorage, safeStorage } from '../../../src/base/safeStorage'
import * as disputeShown from '../../../src/conversation/disputeShown'
import type { OutboxRow } from '../../../src/live/outbox'
import type { Draft, EventBody, StoredEvent, VisitorBody } from '../../../src/protocol/events'
import { EMPTY_STATE } from '../../../src/protocol/phase'
import { withPerson } from './withPerson'

const disputeId = 'dispute-0001'
const opened: EventBody = {
  type: 'disputeOpened',
  disputeId,
  number: 1_001,
  reference: 'WM-4127',
  you: 'client',
  opener: 'client',
  parties: [{ party: 'client' }, { party: 'freelancer' }],
  facts: {},
  respondBy: 9_000,
}
const shared: EventBody = {
  type: 'disputeShared',
  disputeId,
  statements: [
    { party: 'client', text: 'It came late.' },
    { party: 'freelancer', text: 'It did not.' },
  ],
  facts: {},
  decideBy: 9_500,
}
const eventsOf = (...bodies: EventBody[]) =>
  bodies.map(
    (body, n) =>
      ({
        conversationId: 'conversation-1',
        seq: n + 1,
        clientId: `event-${n}`,
        at: n,
        author: { kind: 'system' },
        body,
      }) as StoredEvent,
  )

async function disputed(tab: SafeStorage = safeStorage(() => undefined)) {
  const events = signal<readonly StoredEvent[]>([])
  const rows = signal<readonly OutboxRow[]>([])
  const conversationId = signal('conversation-1')
  const sent: Draft<VisitorBody>[] = []
  let takes = true
  const stand = await withPerson({
    phase: 'ticketed',
    tab,
    loadDispute: async () => disputeShown,
    live: {
      events,
      rows,
      conversationId,
      visits() {},
      async leave() {},
      async logout() {},
      async join(id: string) {
        conversationId.value = id
      },
      async send(draft: Draft<VisitorBody>) {
        if (!takes) throw new Error('the disk is full')
        sent.push(draft)
      },
    },
  })
  events.value = eventsOf(opened)
  await new Promise(setImmediate)
  const typed = () => stand.model.dispute.value?.typed
  return { ...stand, events, rows, sent, typed, refuse: () => (takes = false) }
}

test('half a side outlives the page: another load of it has the words in the field', async () => {
  const tab = safeStorage(() => undefined)
  const first = await disputed(tab)
  expect(first.typed()).toBeNull()
  first.model.dispute.value?.type('It came ni')
  expect(first.typed()).toBe('It came ni')
  first.model.dispose()
  const second = await disputed(tab)
  expect(second.typed()).toBe('It came ni')
})

test('saved words are no draft any more; those that could not be kept are', async () => {
  const { model, typed, sent, refuse } = await disputed()
  model.dispute.value?.type('It came late.')
  await model.sayToDispute({ type: 'disputeStated', disputeId, text: 'It came late.' })
  expect([sent.length, typed()]).toEqual([1, null])

  model.dispute.value?.type('It came very late.')
  refuse()
  await model.sayToDispute({ type: 'disputeStated', disputeId, text: 'It came very late.' }).catch(() => {})
  expect(typed()).toBe('It came very late.')
})

test('an answer to a proposal leaves words in the field alone', async () => {
  const { model, typed } = await disputed()
  model.dispute.value?.type('It came la')
  await model.sayToDispute({ type: 'disputeAnswered', disputeId, proposal: 1, accepts: true })
  expect(typed()).toBe('It came la')
})

test('the other side saves while one edits: the words stay, though they can be saved no more', async () => {
  const { model, events, typed } = await disputed()
  model.dispute.value?.type('It came nine days la')
  events.value = eventsOf(opened, { type: 'disputeStated', disputeId, text: 'It came late.' }, shared)
  expect(model.dispute.value).toMatchObject({ isShared: true, typed: 'It came nine days la' })
  expect(typed()).toBe('It came nine days la')
})

test('words for one dispute are none for another, and wait until theirs is back', async () => {
  const { model, events, typed, state } = await disputed()
  model.dispute.value?.type('It came la')
  events.value = eventsOf({ ...opened, disputeId: 'dispute-0002' })
  expect(typed()).toBeNull()
  // Asked anew, and back: as with what is being typed in the composer.
  state.value = { ...EMPTY_STATE, phase: 'ended' }
  model.askAgain()
  events.value = eventsOf(opened)
  expect(typed()).toBe('It came la')
})

test('who signs out leaves no word behind', async () => {
  const { model, typed } = await disputed()
  model.dispute.value?.type('It came la')
  await model.logout()
  expect(typed() ?? null).toBeNull()
})

test('what a hand has put into the storage of the tab is no draft', async () => {
  const tab = safeStorage(() => undefined)
  const first = await disputed(tab)
  first.model.dispute.value?.type('words')
  tab.set('conversation', tab.get('conversation')?.replace('"words"', '{"a":1}') ?? null)
  const second = await disputed(tab)
  expect(second.typed()).toBeNull()
})

test('a refused word says why, and whether the same once more can help', async () => {
  const { model, rows } = await disputed()
  const row = (
    state: OutboxRow['state'],
    body: EventBody = { type: 'disputeStated', disputeId, text: 'Late.' },
  ) => ({ clientId: 'row-00001', draft: { clientId: 'row-00001', body }, state, queuedAt: 5 }) as OutboxRow
  const stuck = (state: OutboxRow['state']) => {
    rows.value = [row(state)]
    return model.dispute.value?.stuck
  }
  expect(stuck('queued')).toBeNull()
  expect(stuck({ failed: 'closed' })).toEqual({
    clientId: 'row-00001',
    code: 'closed',
    canRetry: false,
    words: 'Late.',
  })
  expect(stuck('needsConfirm')).toMatchObject({ code: 'closed', canRetry: false })
  expect(stuck({ failed: 'forbidden' })).toMatchObject({ canRetry: false })
  expect(stuck({ failed: 'too_large' })).toMatchObject({ canRetry: false })
  expect(stuck({ failed: 'internal' })).toMatchObject({ canRetry: true, code: 'internal' })
  rows.value = [row({ failed: 'closed' }, { type: 'disputeWithdrawn', disputeId })]
  expect(model.dispute.value?.stuck).toMatchObject({ words: null })
})

test('taken back, it says so before the server does', async () => {
  const { model, rows } = await disputed()
  const body: EventBody = { type: 'disputeWithdrawn', disputeId }
  const row = { clientId: 'row-00001', draft: { clientId: 'row-00001', body }, state: 'sending', queuedAt: 5 }
  rows.value = [row as OutboxRow]
  expect(model.dispute.value?.isTakenBack).toBe(true)
  rows.value = [{ ...row, state: { failed: 'forbidden' } } as OutboxRow]
  expect(model.dispute.value?.isTakenBack).toBe(false)
})
