// Who leaves an address while waiting: what time does with the place, and with the address.

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { VisitorBody } from '../../../src/protocol/events'
import type { Brief } from '../../../src/protocol/records'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback } from '../../../src/testing/loopback'

const ANN = { email: 'ann@example.org' }
let loopback: Loopback
let made = 0
beforeEach(async () => {
  loopback = await createLoopback()
})
afterEach(() => loopback.close())

/** In the queue, with an agent at the desk. */
async function waiting(brief: Brief = emptyBrief()) {
  const agent = loopback.agent({ agentId: 'agent-ada', name: 'Ada' })
  agent.transport.connect()
  const { transport, wire } = loopback.visitor({})
  transport.connect()
  await loopback.settle()
  const opened = await transport.request('open', { v: 1, openId: `client-${++made}`, brief })
  if (!opened.ok) throw new Error(opened.code)
  const { conversationId } = opened
  const say = (body: VisitorBody) =>
    transport.request('send', { v: 1, conversationId, drafts: [{ clientId: `client-${++made}`, body }] })
  await say({ type: 'handoffReady', channel: 'live' })
  const row = async () => {
    const found = await loopback.store.conversation(conversationId)
    return { phase: found?.phase, contact: found?.contact, answers: found?.ticket?.contact }
  }
  return { conversationId, desk: agent.transport, say, row, leave: () => wire.cut() }
}
const MINUTE = 60_000

test('an address given while waiting ends nothing: who stays keeps the place and talks to who comes', async () => {
  const { conversationId, desk, say, row } = await waiting()
  expect((await say({ type: 'contactGiven', contact: ANN })).ok).toBe(true)
  await loopback.settle(10 * MINUTE)
  expect(await row()).toEqual({ phase: 'queued', contact: ANN, answers: undefined })
  expect(await desk.request('claim', { v: 1, conversationId, expected: 0 })).toMatchObject({ ok: true })
  expect(await row()).toMatchObject({ phase: 'live', contact: ANN })
})

test('who is gone for two minutes and left an address has a ticket that is answered there', async () => {
  const { say, row, leave } = await waiting()
  await say({ type: 'contactGiven', contact: ANN })
  leave()
  await loopback.settle(1.8 * MINUTE)
  expect((await row()).phase).toBe('queued')
  await loopback.settle(0.5 * MINUTE)
  expect(await row()).toEqual({ phase: 'ticketed', contact: ANN, answers: ANN })
})

test('the last address counts, wherever it was said before', async () => {
  const known = emptyBrief({ visitor: { locale: 'en', attributes: {}, email: 'old@example.org' } })
  const { say, row, leave } = await waiting(known)
  expect((await row()).contact).toEqual({ email: 'old@example.org' })
  await say({ type: 'contactGiven', contact: { email: 'typo@example.org' } })
  await say({ type: 'contactGiven', contact: ANN })
  leave()
  await loopback.settle(2.5 * MINUTE)
  expect((await row()).answers).toEqual(ANN)
})

test('who is gone and left none has left the queue: a ticket that nobody can answer is no work', async () => {
  const { row, leave } = await waiting()
  leave()
  await loopback.settle(2.5 * MINUTE)
  expect(await row()).toEqual({ phase: 'bot', contact: null, answers: undefined })
})
