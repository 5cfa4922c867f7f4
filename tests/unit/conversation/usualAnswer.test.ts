// What was said of the wait before a ticket was left stands with the ticket, as long as it is true.

import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import type { TicketAnswer } from '../../../src/protocol/wire'
import { withPerson } from './withPerson'

const HOUR = 60 * 60_000
const ticket = { number: 1, category: '', priority: 'normal', status: 'open' } as const

async function left(ticketAnswer: TicketAnswer | null) {
  const hasThread = signal(false)
  const availability = async () => ({
    open: true,
    agentsOnline: 0,
    waiting: 0,
    expectedWaitMs: null,
    opensAt: null,
    ticketAnswer,
  })
  const stand = await withPerson({
    phase: 'bot',
    live: { hasThread, availability, leave: async () => {}, open: async () => {} },
  })
  const { model, state, clock } = stand
  await model.askForPerson()
  await model.chooseChannel('ticket', { email: 'mia@example.com' })
  hasThread.value = true
  state.value = { ...state.value, phase: 'ticketed', ticket: { ...ticket, openedAt: clock.now() } }
  return { ...stand, openedAt: clock.now() }
}

test('a ticket says until when such are usually answered, until it is', async () => {
  const { model, state, openedAt } = await left({ medianMs: HOUR, usualMs: 5 * HOUR })
  expect(model.usualBy.value).toBe(openedAt + 5 * HOUR)
  state.value = { ...state.value, ticket: { ...ticket, openedAt, status: 'waitingOnVisitor' } }
  expect(model.usualBy.value).toBeNull()
})

test('what is past, and what was never measured, promises nothing', async () => {
  const { model, state, clock, openedAt } = await left({ medianMs: HOUR, usualMs: 5 * HOUR })
  clock.advance(6 * HOUR)
  state.value = { ...state.value, ticket: { ...ticket, openedAt } }
  expect(model.usualBy.value).toBeNull()
  expect((await left(null)).model.usualBy.value).toBeNull()
})
