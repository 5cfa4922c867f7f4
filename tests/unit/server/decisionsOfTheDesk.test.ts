// What people and rules decide at the desk, through the core: each has its entry in the journal, and what a rule decided
// is decided again from there.

import { afterEach, expect, test } from 'vitest'
import type { JournalRecord } from '../../../src/journal/record'
import type { LiveTransport } from '../../../src/live/liveTransport'
import type { AgentBody, VisitorBody } from '../../../src/protocol/events'
import type { VisitorCalls } from '../../../src/protocol/wire'
import { audit } from '../../../src/server/audit'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback, type LoopbackOptions } from '../../../src/testing/loopback'

const ADA = { agentId: 'agent-ada', name: 'Ada' }
const BOB = { agentId: 'agent-bob', name: 'Bob' }
let loopback: Loopback
afterEach(() => loopback.close())

async function scene(options: LoopbackOptions = {}) {
  loopback = await createLoopback(options)
  let made = 0
  const connected = async <Line extends { readonly transport: { connect(): void } }>(line: Line) => {
    line.transport.connect()
    await loopback.settle()
    return line.transport as Line['transport']
  }
  const visitor = await connected(loopback.visitor())
  const reply = await visitor.request('open', { v: 1, openId: 'open-of-the-visitor', brief: emptyBrief() })
  if (!reply.ok) throw new Error(reply.code)
  const { conversationId } = reply
  const send = (line: unknown, body: VisitorBody | AgentBody) =>
    (line as LiveTransport<VisitorCalls>).request('send', {
      v: 1,
      conversationId,
      drafts: [{ clientId: `client-${++made}`, body: body as VisitorBody }],
    })
  const journal = async () =>
    (await loopback.store.chain(conversationId, 0, 100)).map(({ seq, body }) => {
      const { kind, rule, outcome = '' } = JSON.parse(body ?? '{}') as JournalRecord
      return `${seq} ${kind} ${rule} ${outcome}`
    })
  return { conversationId, visitor, desk: (who = ADA) => connected(loopback.agent(who)), send, journal }
}
/** Broken, and what was decided again. */
async function audited() {
  const { broken, replay } = await audit(loopback.store)
  return { broken, differ: replay.differ, not: [...replay.notReplayable] }
}
const WHOLE = { broken: [], differ: 0, not: [] }

test('[D42] what an agent says a conversation is about, also when they end it, and what came of an objection', async () => {
  const { conversationId, visitor, desk, send, journal } = await scene()
  const ada = await desk()
  await send(visitor, { type: 'handoffReady', channel: 'live' })
  await send(visitor, { type: 'contested', about: 'category' })
  await ada.request('setCategory', { v: 1, conversationId, category: 'billing' })
  await ada.request('claim', { v: 1, conversationId, expected: 0 })
  await send(ada, { type: 'contestAnswered', contest: 3, outcome: 'changed', words: 'Right.' })
  await send(ada, { type: 'ended', by: 'agent', category: 'refunds' })
  expect((await journal()).slice(2)).toEqual([
    '4 classified agent billing',
    '6 contestAnswered agent changed',
    '7 classified agent refunds',
  ])
  expect(await audited()).toEqual(WHOLE)
})

test('[D43] a ticket that an agent makes says category, priority and what it is held to', async () => {
  const serviceLevels = {
    default: { firstResponseMinutes: 60 },
    categories: { billing: { resolutionMinutes: 480 } },
    priorities: { high: 0.5 },
  }
  const { conversationId, visitor, desk, send, journal } = await scene({ serviceLevels })
  const ada = await desk()
  await send(visitor, { type: 'handoffReady', channel: 'live' })
  await ada.request('openTicket', { v: 1, conversationId, category: 'billing', priority: 'high' })
  await ada.request('setPriority', { v: 1, conversationId, priority: 'normal' })
  expect((await journal()).slice(2)).toEqual([
    '3 classified agent billing',
    '4 prioritised agent high',
    '5 serviceLevel serviceLevel@1 first response 30 min, resolution 240 min',
    '7 prioritised agent normal',
    '7 serviceLevel serviceLevel@1 first response 60 min, resolution 480 min',
  ])
  expect(await audited()).toEqual(WHOLE)
})

test('[D46] whom a conversation fitted best when it was taken, by which inputs', async () => {
  const { conversationId, visitor, desk, send, journal } = await scene()
  await loopback.store.setSkills(BOB.agentId, { skills: ['general'], languages: ['en'] })
  const ada = await desk()
  await desk(BOB)
  await send(visitor, { type: 'handoffReady', channel: 'live' })
  expect((await ada.request('claim', { v: 1, conversationId, expected: 0 })).ok).toBe(true)
  expect((await journal()).at(-1)).toBe('3 routed routing@1 agent-bob')
  expect(await audited()).toEqual(WHOLE)
})

test('a category that is a person’s own word is masked, and its event is whole all the same', async () => {
  const { conversationId, visitor, desk, send } = await scene()
  const ada = await desk()
  await send(visitor, { type: 'handoffReady', channel: 'live' })
  await ada.request('setCategory', { v: 1, conversationId, category: 'ask sam@example.com' })
  expect(JSON.stringify(await loopback.store.chain(conversationId, 0, 100))).not.toContain('sam@')
  expect(await audited()).toEqual(WHOLE)
})
