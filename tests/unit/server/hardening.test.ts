// What a hostile page, a slow line or a failing disk once did to the desk. Each title is what a person saw.

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LiveTransport } from '../../../src/live/liveTransport'
import type { Draft, VisitorBody } from '../../../src/protocol/events'
import { jsonBytes, MAX_FRAME_BYTES } from '../../../src/protocol/limits'
import type { VisitorCalls } from '../../../src/protocol/wire'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback } from '../../../src/testing/loopback'

let loopback: Loopback
beforeEach(async () => {
  loopback = await createLoopback()
})
afterEach(() => loopback.close())

type Visitor = LiveTransport<VisitorCalls>
let made = 0
const nextId = () => `client-${++made}`
const say = (words: string): Draft<VisitorBody> => ({
  clientId: nextId(),
  body: { type: 'message', text: words, format: 'plain' },
})
const ready = (channel: 'live' | 'ticket'): Draft<VisitorBody> => ({
  clientId: nextId(),
  body: { type: 'handoffReady', channel },
})
async function online<Line extends { transport: { connect(): void } }>(line: Line): Promise<Line> {
  line.transport.connect()
  await loopback.settle()
  return line
}
async function open(visitor: Visitor, openId = nextId()): Promise<string> {
  const reply = await visitor.request('open', { v: 1, openId, brief: emptyBrief({}) })
  if (!reply.ok) throw new Error(reply.code)
  return reply.conversationId
}
const send = (visitor: Visitor, conversationId: string, ...drafts: Draft<VisitorBody>[]) =>
  visitor.request('send', { v: 1, conversationId, drafts })
const phaseOf = async (conversationId: string) => (await loopback.store.conversation(conversationId))?.phase

test('a ticket without an address stays on the desk when the agent who answered it goes home', async () => {
  const { transport } = await online(loopback.visitor())
  const ada = await online(loopback.agent())
  const conversationId = await open(transport)
  await send(transport, conversationId, say('my payout'), ready('ticket'))
  transport.close()
  const reply = await ada.transport.request('send', {
    v: 1,
    conversationId,
    drafts: [{ clientId: nextId(), body: { type: 'message', text: 'Looking', format: 'markdown' } }],
  })
  expect(reply.ok).toBe(true)
  expect(await phaseOf(conversationId)).toBe('ticketed')
  ada.transport.close()
  await loopback.settle(10 * 60_000)
  expect(await phaseOf(conversationId)).toBe('ticketed')
})

test('[D18] a visitor whose openId looks like an assignment can still be helped', async () => {
  const { transport } = await online(loopback.visitor())
  const ada = await online(loopback.agent())
  const conversationId = await open(transport, 'assigned-1')
  await send(transport, conversationId, ready('live'))
  const reply = await ada.transport.request('claim', { v: 1, conversationId, expected: 0 })
  expect(reply).toMatchObject({ ok: true, assignment: 1 })
})

test('a device with a time beyond every calendar cannot break the agent’s window', async () => {
  const { transport } = await online(loopback.visitor())
  const conversationId = await open(transport)
  const reply = await send(transport, conversationId, { ...say('hi'), saidAt: 1e300 })
  expect(reply).toMatchObject({ ok: false, code: 'bad_request' })
})

test('[D19] a page of long messages fits through a slow line, and the reader gets all of them', async () => {
  const { transport } = await online(loopback.visitor())
  const conversationId = await open(transport)
  for (let n = 0; n < 40; n++) await send(transport, conversationId, say('ж'.repeat(4_000)))
  let after = 0
  for (let page = 0; page < 50; page++) {
    const reply = await transport.request('sync', { v: 1, conversationId, after, epoch: await epoch() })
    if (!reply.ok) throw new Error(reply.code)
    expect(jsonBytes(reply)).toBeLessThanOrEqual(MAX_FRAME_BYTES)
    for (const event of reply.events) expect(event.seq).toBe(++after)
    if (after === reply.head) break
  }
  expect(after).toBe(41)
})
const epoch = () => loopback.store.epoch()

test('an agent who left while the database was locked does not keep visitors waiting for nobody', async () => {
  const ada = await online(loopback.agent())
  expect((await loopback.conversations().availability()).agentsOnline).toBe(1)
  const { setPresence } = loopback.store
  loopback.store.setPresence = () => Promise.reject(new Error('locked'))
  ada.transport.close()
  await loopback.settle()
  loopback.store.setPresence = setPresence
  await loopback.settle(20_000)
  expect((await loopback.conversations().availability()).agentsOnline).toBe(0)
})

test('an erased conversation does not keep its visitor’s name', async () => {
  const { transport } = await online(loopback.visitor({ verified: { visitorId: 'v', name: 'Vera Unique' } }))
  const conversationId = await open(transport)
  await send(transport, conversationId, say('hello'), ready('ticket'))
  await loopback.store.erase(conversationId, loopback.clock.now())
  const page = await loopback.store.read(conversationId, 0, 50)
  expect(JSON.stringify(page)).not.toContain('Vera Unique')
})

test('[D14] beacons and presence go on with more conversations than a statement takes parameters', async () => {
  const { transport } = await online(loopback.visitor())
  const conversationId = await open(transport)
  const many = Array.from({ length: 40_000 }, (_, n) => `nobody-${n}`)
  expect(await loopback.store.heads([...many, conversationId])).toMatchObject([{ conversationId, head: 1 }])
  expect(await loopback.store.presence(many, 0)).toEqual([])
})
