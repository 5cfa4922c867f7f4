// The core over the real store, through the loopback: what each call does, seen from both ends.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LiveTransport } from '../../../src/live/liveTransport'
import type { Draft, StoredEvent, VisitorBody } from '../../../src/protocol/events'
import { MAX_MESSAGE_CHARS } from '../../../src/protocol/limits'
import type { Channel, Contact, Priority } from '../../../src/protocol/records'
import type { DeskCalls, Pushes, VisitorCalls } from '../../../src/protocol/wire'
import { createAdmission } from '../../../src/server/admission'
import { audit } from '../../../src/server/audit'
import { identityOf } from '../../../src/server/visitorIdentity'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback, type LoopbackOptions } from '../../../src/testing/loopback'

const BOB = { agentId: 'agent-bob', name: 'Bob' }
let loopback: Loopback

async function setUp(options: LoopbackOptions = {}) {
  loopback = await createLoopback(options)
}
beforeEach(() => setUp())
// Whatever was done: each decision has its entry, and the same would be decided again.
afterEach(async () => {
  expect((await audit(loopback.store)).broken).toEqual([])
  await loopback.close()
})

async function visitorLine(options: Parameters<Loopback['visitor']>[0] = {}) {
  const line = loopback.visitor(options)
  line.transport.connect()
  await loopback.settle()
  return line
}
async function agentLine(agent?: Parameters<Loopback['agent']>[0]) {
  const line = loopback.agent(agent)
  line.transport.connect()
  await loopback.settle()
  return line
}

type Visitor = LiveTransport<VisitorCalls>
type Desk = LiveTransport<DeskCalls>

let made = 0
const nextId = () => `client-${++made}`
const text = (words: string, clientId = nextId()): Draft<VisitorBody> => ({
  clientId,
  body: { type: 'message', text: words, format: 'plain' },
})

async function open(visitor: Visitor, openId = nextId(), email?: string) {
  const brief = emptyBrief(email ? { visitor: { locale: 'en', attributes: {}, email } } : {})
  const reply = await visitor.request('open', { v: 1, openId, brief })
  if (!reply.ok) throw new Error(reply.code)
  return reply
}
const send = (visitor: Visitor, conversationId: string, ...drafts: Draft<VisitorBody>[]) =>
  visitor.request('send', { v: 1, conversationId, drafts })
const say = (desk: Desk, conversationId: string, words: string, clientId = nextId()) =>
  desk.request('send', {
    v: 1,
    conversationId,
    drafts: [{ clientId, body: { type: 'message', text: words, format: 'markdown' } }],
  })
const handOff = (visitor: Visitor, conversationId: string, channel: Channel = 'live', contact?: Contact) =>
  send(visitor, conversationId, {
    clientId: nextId(),
    body: { type: 'handoffReady', channel, ...(contact && { contact }) },
  })
const claim = (desk: Desk, conversationId: string, expected: number) =>
  desk.request('claim', { v: 1, conversationId, expected })
async function thread(line: Visitor | Desk, conversationId: string): Promise<readonly StoredEvent[]> {
  const reply = await (line as Visitor).request('sync', { v: 1, conversationId, after: 0, epoch: '' })
  if (!reply.ok) throw new Error(reply.code)
  return reply.events
}
const types = (events: readonly StoredEvent[]) => events.map(event => event.body.type)
const codeOf = (reply: { ok: boolean; code?: string }) => (reply.ok ? 'ok' : reply.code)

describe('opening', () => {
  test('[D21] the same openId opens the same conversation, with the brief as event 1', async () => {
    const { transport } = await visitorLine()
    const first = await open(transport, 'open-0001')
    const again = await open(transport, 'open-0001')
    expect(again.conversationId).toBe(first.conversationId)
    expect(types(await thread(transport, first.conversationId))).toEqual(['opened'])
  })

  test('[D1] a conversation id has at least 128 random bits', async () => {
    const { transport } = await visitorLine()
    expect((await open(transport)).conversationId).toMatch(/^[\w-]{30}$/)
  })

  test('what the token proves is stronger than what the device reports', async () => {
    const { transport } = await visitorLine({ verified: { visitorId: '7', name: 'Vera', role: 'client' } })
    const { conversationId } = await open(transport)
    const [opened] = await thread(transport, conversationId)
    expect(opened?.body).toMatchObject({ brief: { visitor: { name: 'Vera', role: 'client' } } })
  })
})

describe('sending', () => {
  test('[D6] a send is answered with seq and time, and a repeated one with the same and dup', async () => {
    const { transport } = await visitorLine()
    const { conversationId } = await open(transport)
    const draft = text('Where is my invoice?')
    const first = await send(transport, conversationId, draft)
    const again = await send(transport, conversationId, draft)
    expect(first).toMatchObject({ ok: true, results: [{ clientId: draft.clientId, seq: 2 }] })
    expect(again).toMatchObject({ ok: true, results: [{ seq: 2, dup: true }] })
  })

  test('[D2] the same id with other words is refused', async () => {
    const { transport } = await visitorLine()
    const { conversationId } = await open(transport)
    await send(transport, conversationId, text('one', 'same-id-1'))
    expect(codeOf(await send(transport, conversationId, text('two', 'same-id-1')))).toBe('key_reused')
  })

  test('[D3] a resend after the conversation was claimed by a signed-in visitor is still the same message', async () => {
    const anonymous = await visitorLine()
    const { conversationId } = await open(anonymous.transport)
    const draft = text('sent before signing in')
    await send(anonymous.transport, conversationId, draft)
    const signedIn = await visitorLine({ secret: anonymous.secret, verified: { visitorId: '7' } })
    expect(await send(signedIn.transport, conversationId, draft)).toMatchObject({ results: [{ dup: true }] })
    const onlySignedIn = await visitorLine({ verified: { visitorId: '7' } })
    expect(types(await thread(onlySignedIn.transport, conversationId))).toEqual(['opened', 'message'])
  })

  test('[D19] a text over the bound is too_large, one at the bound is stored', async () => {
    const { transport } = await visitorLine()
    const { conversationId } = await open(transport)
    expect(codeOf(await send(transport, conversationId, text('x'.repeat(MAX_MESSAGE_CHARS))))).toBe('ok')
    expect(codeOf(await send(transport, conversationId, text('x'.repeat(MAX_MESSAGE_CHARS + 1))))).toBe(
      'too_large',
    )
    const batch = Array.from({ length: 12 }, () => text('x'.repeat(3_000)))
    expect(codeOf(await send(transport, conversationId, ...batch))).toBe('too_large')
    expect(await thread(transport, conversationId)).toHaveLength(2)
  })

  test('[D19] over the rate: refused with a time to wait, and nothing is stored', async () => {
    await loopback.close()
    loopback = await createLoopback({ admission: createAdmission() })
    const { transport } = await visitorLine()
    const { conversationId } = await open(transport)
    const drafts = () => Array.from({ length: 50 }, (_, i) => text(`${i}`))
    for (let i = 0; i < 4; i++) expect(codeOf(await send(transport, conversationId, ...drafts()))).toBe('ok')
    const refused = await send(transport, conversationId, ...drafts())
    expect(refused).toMatchObject({ ok: false, code: 'rate_limited', retry: true })
    expect((refused as { after?: number }).after).toBeGreaterThan(10_000)
    expect((await loopback.store.conversation(conversationId))?.head).toBe(201)
  })

  test('[D1] somebody else’s conversation can neither be read nor written', async () => {
    const mine = await visitorLine()
    const theirs = await visitorLine()
    const { conversationId } = await open(mine.transport)
    expect(codeOf(await send(theirs.transport, conversationId, text('hello')))).toBe('forbidden')
    const read = await theirs.transport.request('sync', { v: 1, conversationId, after: 0, epoch: '' })
    expect(codeOf(read)).toBe('forbidden')
    expect(codeOf(await theirs.transport.request('typing', { v: 1, conversationId }))).toBe('forbidden')
  })

  test('malformed bodies, unknown calls and other versions are refused and change nothing', async () => {
    const core = loopback.conversations()
    const session = { identities: ['anon:x'] as [string], join() {} }
    const ask = async (name: string, body: unknown) => codeOf(await core.visitorCall(session, name, body))
    for (const body of [null, undefined, 7, 'x', [], {}, { v: 1 }, JSON.parse('{"v":1,"__proto__":{"x":1}}')])
      expect(await ask('send', body)).toBe('bad_request')
    expect(await ask('constructor', { v: 1 })).toBe('bad_request')
    expect(await ask('claim', { v: 1, conversationId: 'x'.repeat(22), expected: 0 })).toBe('bad_request')
    expect(await ask('availability', { v: 99 })).toBe('version_unsupported')
  })

  test('a visitor cannot speak as an agent, and Markdown from a visitor is refused', async () => {
    const { transport } = await visitorLine()
    const { conversationId } = await open(transport)
    const draft = { clientId: nextId(), body: { type: 'message', text: 'x', format: 'markdown' } }
    expect(codeOf(await send(transport, conversationId, draft as unknown as Draft<VisitorBody>))).toBe(
      'bad_request',
    )
  })

  test('[D8] both ends are told of what was stored, once it can be read', async () => {
    const { transport } = await visitorLine()
    const desk = await agentLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    await thread(desk.transport, conversationId)
    await thread(transport, conversationId)
    const heard: Pushes['events'][] = []
    desk.transport.on('events', payload => heard.push(payload))
    transport.on('events', payload => heard.push(payload))
    await send(transport, conversationId, text('hello'))
    await loopback.settle()
    expect(heard.map(push => push.events.map(event => event.seq))).toEqual([[3], [3]])
  })
})

describe('handing over', () => {
  test('[D22] earlier turns keep their order and origin; then the queue', async () => {
    const { transport } = await visitorLine()
    await agentLine()
    const { conversationId } = await open(transport)
    await send(
      transport,
      conversationId,
      { ...text('My payout is late'), saidAt: 5 },
      { ...text('It takes 3 days.'), as: 'bot', saidAt: 6 },
    )
    await handOff(transport, conversationId)
    const events = await thread(transport, conversationId)
    expect(events.map(event => [event.body.type, event.author.kind, event.origin])).toEqual([
      ['opened', 'visitor', undefined],
      ['message', 'visitor', undefined],
      ['message', 'bot', 'device'],
      ['handoffReady', 'visitor', undefined],
    ])
    expect((await loopback.store.conversation(conversationId))?.phase).toBe('queued')
  })

  test('nobody online: the visitor is told at once and is offered other roads', async () => {
    const { transport } = await visitorLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    expect(types(await thread(transport, conversationId))).toEqual(['opened', 'handoffReady', 'nobodyNow'])
    expect((await loopback.store.conversation(conversationId))?.phase).toBe('offered')
  })

  test('outside business hours an agent who is online by chance does not make the desk open', async () => {
    await loopback.close()
    await setUp({ hours: { zone: 'UTC', week: { tue: [['09:00', '17:00']] } } })
    const { transport } = await visitorLine()
    await agentLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    expect(types(await thread(transport, conversationId))).toContain('nobodyNow')
    expect(await transport.request('availability', { v: 1 })).toMatchObject({
      open: false,
      agentsOnline: 1,
      opensAt: Date.UTC(2026, 0, 6, 9),
    })
  })

  test('a ticket gets its number and the contact that was given', async () => {
    const { transport } = await visitorLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId, 'email', { email: 'v@example.com' })
    const ticket = (await loopback.store.conversation(conversationId))?.ticket
    expect(ticket).toEqual({
      number: 1_001,
      category: 'general',
      priority: 'normal',
      status: 'open',
      contact: { email: 'v@example.com' },
      // What the fold adds to what was said: since when it waits on us.
      openedAt: loopback.clock.now(),
      waitedOnUs: [[loopback.clock.now(), null]],
    })
  })

  test('[D18] two agents claim: one wins, the other is told, and a repeated claim of the winner is ok', async () => {
    const { transport } = await visitorLine()
    const ada = await agentLine()
    const bob = await agentLine(BOB)
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    const replies = await Promise.all([
      claim(ada.transport, conversationId, 0),
      claim(bob.transport, conversationId, 0),
    ])
    expect(replies.map(codeOf).sort()).toEqual(['ok', 'stale_assignment'])
    expect(await claim(ada.transport, conversationId, 0)).toMatchObject({ ok: true, assignment: 1 })
    const events = await thread(transport, conversationId)
    expect(types(events).filter(type => type === 'assigned')).toHaveLength(1)
  })

  test('[D18] a claim that expects an assignment which never was is stale', async () => {
    const { transport } = await visitorLine()
    const ada = await agentLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    expect(codeOf(await claim(ada.transport, conversationId, 7))).toBe('stale_assignment')
    expect(codeOf(await claim(ada.transport, conversationId, 0))).toBe('ok')
    expect(codeOf(await claim(ada.transport, conversationId, 7))).toBe('stale_assignment')
  })

  test('[D18] the bot never speaks after a person took over', async () => {
    const { transport } = await visitorLine()
    const ada = await agentLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    await claim(ada.transport, conversationId, 0)
    const late = { ...text('Have you tried the article?'), as: 'bot' as const }
    expect(codeOf(await send(transport, conversationId, late))).toBe('stale_assignment')
    expect(codeOf(await send(transport, conversationId, { ...late, expectedAssignment: 0 }))).toBe(
      'stale_assignment',
    )
  })

  test('an agent who did not claim cannot speak, the one who did can, and both ends hold the same thread', async () => {
    const { transport } = await visitorLine()
    const ada = await agentLine()
    const bob = await agentLine(BOB)
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    expect(codeOf(await say(ada.transport, conversationId, 'too early'))).toBe('stale_assignment')
    await claim(ada.transport, conversationId, 0)
    expect(codeOf(await say(bob.transport, conversationId, 'not mine'))).toBe('stale_assignment')
    expect(codeOf(await say(ada.transport, conversationId, '**Hello**'))).toBe('ok')
    expect(await thread(transport, conversationId)).toEqual(await thread(ada.transport, conversationId))
  })

  test('[D39] an agent who writes to a ticket answers for it, and nothing becomes live', async () => {
    const { transport } = await visitorLine()
    const ada = await agentLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId, 'ticket')
    transport.close()
    expect(codeOf(await say(ada.transport, conversationId, 'Here is your answer.'))).toBe('ok')
    const events = await thread(ada.transport, conversationId)
    expect(types(events).slice(-2)).toEqual(['owned', 'message'])
    expect(await loopback.store.conversation(conversationId)).toMatchObject({
      phase: 'ticketed',
      agent: null,
      assignment: 0,
      ticket: { status: 'waitingOnVisitor', owner: { name: 'Ada' } },
    })
  })

  test('an ended conversation is closed for words, open for read marks, and a late resend is still ok', async () => {
    const { transport } = await visitorLine()
    const ada = await agentLine()
    const { conversationId } = await open(transport)
    const draft = text('thanks')
    await send(transport, conversationId, draft)
    await handOff(transport, conversationId)
    await claim(ada.transport, conversationId, 0)
    await send(transport, conversationId, { clientId: nextId(), body: { type: 'ended', by: 'visitor' } })
    expect(codeOf(await send(transport, conversationId, text('one more')))).toBe('closed')
    expect(codeOf(await say(ada.transport, conversationId, 'one more'))).toBe('closed')
    expect(await send(transport, conversationId, draft)).toMatchObject({ ok: true, results: [{ dup: true }] })
    const mark = { clientId: nextId(), body: { type: 'marked', delivered: 4, read: 4 } } as const
    expect(codeOf(await send(transport, conversationId, mark))).toBe('ok')
  })

  test('releasing gives the place back; only the one who has it can', async () => {
    const { transport } = await visitorLine()
    const ada = await agentLine()
    const bob = await agentLine(BOB)
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    await loopback.settle(1_000)
    await claim(ada.transport, conversationId, 0)
    const release = (desk: Desk) => desk.request('release', { v: 1, conversationId, expected: 1 })
    expect(codeOf(await release(bob.transport))).toBe('stale_assignment')
    expect(await release(ada.transport)).toMatchObject({ ok: true, assignment: 2 })
    const row = await loopback.store.conversation(conversationId)
    expect(row).toMatchObject({ phase: 'queued', assignment: 2, agent: null })
    expect(row?.waitStarted).toBeLessThan(row?.queuedAt ?? 0)
  })
})

describe('how pressing it is', () => {
  const pressing = { frustration: 0, urgency: 1, distress: 0, evidence: ['right now'] }
  async function waiting(category = 'general', verified?: { visitorId: string }) {
    const { transport } = await visitorLine(verified && { verified })
    const brief = emptyBrief({ category, ...(category === 'pressing' && { tone: pressing }) })
    const opened = await transport.request('open', { v: 1, openId: nextId(), brief })
    if (!opened.ok) throw new Error(opened.code)
    const { conversationId } = opened
    const handedOff = await handOff(transport, conversationId)
    return { transport, conversationId, handedOff }
  }
  const setPriority = (desk: Desk, conversationId: string, priority: Priority) =>
    desk.request('setPriority', { v: 1, conversationId, priority })
  const listed = async (desk: Desk) => {
    const reply = await desk.request('queue', { v: 1 })
    if (!reply.ok) throw new Error(reply.code)
    return reply.rows.map(row => [row.conversationId, row.priority])
  }

  test('[D28] pressing words come in with the priority they are worth, calm ones without a word', async () => {
    const ada = await agentLine()
    const calm = await waiting()
    const pressed = await waiting('pressing')
    expect(types(await thread(calm.transport, calm.conversationId))).toEqual(['opened', 'handoffReady'])
    expect(types(await thread(pressed.transport, pressed.conversationId))).toEqual([
      'opened',
      'prioritised',
      'handoffReady',
    ])
    expect(await listed(ada.transport)).toEqual([
      [pressed.conversationId, 'high'],
      [calm.conversationId, 'normal'],
    ])
  })

  test('[D28] the site’s rule is taken at its word where a token names the visitor', async () => {
    await loopback.close()
    await setUp({ priorities: { categories: { hacked: 'urgent' } } })
    const ada = await agentLine()
    const anybody = await waiting('hacked')
    const known = await waiting('hacked', { visitorId: '7' })
    expect(await listed(ada.transport)).toEqual([
      [known.conversationId, 'urgent'],
      [anybody.conversationId, 'high'],
    ])
  })

  test('[D28] an agent’s word moves the place, is stored once, and stands when the visitor asks again', async () => {
    const ada = await agentLine()
    const first = await waiting()
    const second = await waiting()
    const told: Pushes['place'][] = []
    first.transport.on('place', place => void told.push(place))
    await thread(first.transport, first.conversationId)
    for (let time = 0; time < 2; time++)
      expect(codeOf(await setPriority(ada.transport, second.conversationId, 'urgent'))).toBe('ok')
    await loopback.settle(6_000)
    expect(told.at(-1)).toMatchObject({ place: 2 })
    const after = types(await thread(second.transport, second.conversationId))
    expect(after.filter(type => type === 'prioritised')).toHaveLength(1)
    const cancelled = { clientId: nextId(), body: { type: 'cancelled' } } as const
    await send(second.transport, second.conversationId, cancelled)
    expect(codeOf(await setPriority(ada.transport, second.conversationId, 'low'))).toBe('closed')
    await handOff(second.transport, second.conversationId, 'ticket', { email: 'vera@shop.example' })
    const row = await loopback.store.conversation(second.conversationId)
    expect([row?.priority, row?.ticket?.priority]).toEqual(['urgent', 'urgent'])
  })

  test('[D28] no priority of what is nowhere, and none that there is not', async () => {
    const ada = await agentLine()
    const { conversationId } = await waiting()
    expect(codeOf(await setPriority(ada.transport, 'x'.repeat(22), 'high'))).toBe('not_found')
    expect(codeOf(await setPriority(ada.transport, conversationId, 'now' as Priority))).toBe('bad_request')
  })
})

describe('[D29] the expected wait', () => {
  async function inQueue() {
    const { transport } = await visitorLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    return { transport, conversationId }
  }
  async function taken(desk: Desk, afterMs: number) {
    const { conversationId } = await inQueue()
    await loopback.settle(afterMs)
    await claim(desk, conversationId, 0)
  }
  const availability = async (visitor: Visitor) => {
    const reply = await visitor.request('availability', { v: 1 })
    if (!reply.ok) throw new Error(reply.code)
    return reply
  }

  test('is unknown until three were taken, then a median within a range, for who asks and for who waits', async () => {
    const ada = await agentLine()
    const { transport } = await visitorLine()
    await taken(ada.transport, 60_000)
    await taken(ada.transport, 60_000)
    expect(await availability(transport)).toMatchObject({ expectedWaitMs: null, expectedRange: null })
    await taken(ada.transport, 60_000)
    const { expectedWaitMs, expectedRange } = await availability(transport)
    expect(expectedRange?.lowMs).toBeLessThan(expectedWaitMs ?? 0)
    expect(expectedRange?.highMs).toBeGreaterThan(expectedWaitMs ?? 0)
    expect(expectedWaitMs).toBeGreaterThan(20_000)
    expect(expectedWaitMs).toBeLessThan(120_000)
  })

  test('is said anew to who stands at the same place while nobody is taken, once a minute at most', async () => {
    const ada = await agentLine()
    for (let time = 0; time < 3; time++) await taken(ada.transport, 60_000)
    const { transport, conversationId } = await inQueue()
    const told: Pushes['place'][] = []
    transport.on('place', place => void told.push(place))
    await thread(transport, conversationId)
    await loopback.settle(1_000)
    await loopback.settle(10 * 60_000)
    expect(told.map(({ place }) => place)).toEqual(told.map(() => 1))
    expect(told.length).toBeGreaterThan(2)
    expect(told.length).toBeLessThanOrEqual(12)
    expect(told.at(-1)?.expectedRange?.highMs).toBeGreaterThan(2 * (told[0]?.expectedRange?.highMs ?? 0))
  })
})

describe('what time alone changes', () => {
  test('an agent gone for a minute: the visitor is told and is first in the queue again', async () => {
    const { transport } = await visitorLine()
    const other = await visitorLine()
    const ada = await agentLine()
    const mine = await open(transport)
    await handOff(transport, mine.conversationId)
    await claim(ada.transport, mine.conversationId, 0)
    await loopback.settle(5_000)
    const later = await open(other.transport)
    await handOff(other.transport, later.conversationId)
    ada.transport.close()
    await loopback.settle(50_000)
    expect(types(await thread(transport, mine.conversationId)).at(-1)).toBe('assigned')
    let place = 0
    transport.on('place', payload => {
      place = payload.place
    })
    await loopback.settle(20_000)
    const lost = (await thread(transport, mine.conversationId)).at(-1)
    expect(lost?.body).toEqual({ type: 'assigned', assignment: 2, agent: null, cause: 'agentLost' })
    expect(place).toBe(1)
  })

  test('an agent who is back within a minute keeps the conversation', async () => {
    const { transport } = await visitorLine()
    const ada = await agentLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    await claim(ada.transport, conversationId, 0)
    ada.wire.cut()
    await loopback.settle(45_000)
    ada.wire.restore()
    await loopback.settle(120_000)
    expect((await loopback.store.conversation(conversationId))?.phase).toBe('live')
  })

  test('a visitor gone for two minutes gets a ticket when a contact is known', async () => {
    const { transport } = await visitorLine()
    await agentLine()
    const { conversationId } = await open(transport, nextId(), 'v@example.com')
    await handOff(transport, conversationId)
    transport.close()
    await loopback.settle(110_000)
    expect((await loopback.store.conversation(conversationId))?.phase).toBe('queued')
    await loopback.settle(20_000)
    expect(await loopback.store.conversation(conversationId)).toMatchObject({
      phase: 'ticketed',
      ticket: { contact: { email: 'v@example.com' } },
    })
  })

  test('a visitor gone for two minutes without a contact leaves the queue', async () => {
    const { transport } = await visitorLine()
    await agentLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    transport.close()
    await loopback.settle(130_000)
    expect((await loopback.store.conversation(conversationId))?.phase).toBe('bot')
  })

  test('a reload within two minutes keeps the place', async () => {
    const { transport, secret } = await visitorLine()
    await agentLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    transport.close()
    await loopback.settle(60_000)
    await visitorLine({ secret })
    await loopback.settle(300_000)
    expect((await loopback.store.conversation(conversationId))?.phase).toBe('queued')
  })

  test('waiting too long becomes a ticket', async () => {
    const { transport } = await visitorLine()
    await agentLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    await loopback.settle(15 * 60_000 + 6_000)
    expect(types(await thread(transport, conversationId)).at(-1)).toBe('ticketOpened')
  })

  test('a wait that cannot be written keeps no other, and becomes a ticket once it can', async () => {
    const { transport } = await visitorLine()
    const other = await visitorLine()
    const ada = await agentLine()
    const lost = await open(transport)
    await handOff(transport, lost.conversationId)
    await claim(ada.transport, lost.conversationId, 0)
    const first = await open(other.transport)
    await handOff(other.transport, first.conversationId)
    const second = await open(other.transport)
    await handOff(other.transport, second.conversationId)
    const { store } = loopback
    const { append } = store
    store.append = request =>
      request.conversationId === first.conversationId
        ? Promise.reject(new Error('this one cannot be written'))
        : append(request)
    await loopback.settle(15 * 60_000 + 6_000)
    const phases = async () =>
      Promise.all(
        [first, second, lost].map(async each => (await store.conversation(each.conversationId))?.phase),
      )
    expect(await phases()).toEqual(['queued', 'ticketed', 'live'])
    // Nor who talks to an agent that is gone.
    ada.transport.close()
    await loopback.settle(70_000)
    expect(await phases()).toEqual(['queued', 'ticketed', 'queued'])
    store.append = append
    await loopback.settle(10_000)
    expect((await phases())[0]).toBe('ticketed')
  })

  test('[D14] a head beacon comes at least every 25 s to who joined, and to nobody else', async () => {
    const { transport } = await visitorLine()
    const { conversationId } = await open(transport)
    const beacons: number[] = []
    transport.on('head', ({ head }) => beacons.push(head))
    await loopback.settle(60_000)
    expect(beacons).toEqual([])
    await thread(transport, conversationId)
    await loopback.settle(60_000)
    expect(beacons.length).toBeGreaterThanOrEqual(2)
    expect(new Set(beacons)).toEqual(new Set([1]))
  })

  test('the server being killed loses nothing that was answered, and its agents are gone after their time', async () => {
    const { transport } = await visitorLine()
    const ada = await agentLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    await claim(ada.transport, conversationId, 0)
    await send(transport, conversationId, text('before the kill'))
    loopback.kill()
    ada.transport.close()
    loopback.start()
    await loopback.settle(90_000)
    expect(types(await thread(transport, conversationId)).slice(-2)).toEqual(['message', 'assigned'])
  })
})

describe('catching up', () => {
  test('[D13] pages of 200, with the head of the moment', async () => {
    const { transport } = await visitorLine()
    const { conversationId, epoch } = await open(transport)
    for (let i = 0; i < 5; i++) {
      await send(transport, conversationId, ...Array.from({ length: 50 }, (_, n) => text(`${i} ${n}`)))
      await loopback.settle(10_000)
    }
    const page = (after: number) => transport.request('sync', { v: 1, conversationId, after, epoch })
    const first = await page(0)
    const second = await page(200)
    expect(first.ok && [first.events.length, first.head]).toEqual([200, 251])
    expect(second.ok && [second.events.length, second.events[0]?.seq]).toEqual([51, 201])
  })

  test('[D13] what is stored while a reader joins is on its page: it joins first, then reads', async () => {
    const { transport, secret } = await visitorLine()
    const { conversationId, epoch } = await open(transport)
    const session = {
      ...identityOf(secret, null),
      join: async () => {
        await send(transport, conversationId, text('in between'))
      },
    }
    const body = { v: 1, conversationId, after: 0, epoch }
    const page = await loopback.conversations().visitorCall(session, 'sync', body)
    expect(page).toMatchObject({ ok: true, head: 2, events: [{ seq: 1 }, { seq: 2 }] })
  })

  test('[D6] [D8] a store that cannot tell: the sender may repeat, and nobody is told of what may not be', async () => {
    const { transport } = await visitorLine()
    const { conversationId } = await open(transport)
    await thread(transport, conversationId)
    let heard = 0
    transport.on('events', () => {
      heard++
    })
    const { append } = loopback.store
    loopback.store.append = () => Promise.reject(new Error('disk full'))
    const draft = text('hello')
    const refused = await send(transport, conversationId, draft)
    expect(refused).toMatchObject({ ok: false, code: 'store_unavailable', retry: true, after: 1_000 })
    await loopback.settle()
    expect(heard).toBe(0)
    loopback.store.append = append
    expect(codeOf(await send(transport, conversationId, draft))).toBe('ok')
    await loopback.settle()
    expect(heard).toBe(1)
  })

  test('[D4] another epoch reads from the start', async () => {
    const { transport } = await visitorLine()
    const { conversationId, epoch } = await open(transport)
    const reply = await transport.request('sync', {
      v: 1,
      conversationId,
      after: 1,
      epoch: 'of-another-database',
    })
    expect(reply).toMatchObject({ ok: true, epoch, head: 1, events: [{ seq: 1 }] })
  })

  test('[D4] a reader who is ahead of the head learns that the tail is lost, and only that conversation does', async () => {
    const { transport } = await visitorLine()
    const { conversationId, epoch } = await open(transport)
    const other = await open(transport)
    const reply = await transport.request('sync', { v: 1, conversationId, after: 9, epoch })
    expect(reply).toMatchObject({ ok: true, head: 1, events: [{ seq: 1 }] })
    expect(reply.ok && reply.epoch).not.toBe(epoch)
    const fine = await transport.request('sync', {
      v: 1,
      conversationId: other.conversationId,
      after: 1,
      epoch,
    })
    expect(fine).toMatchObject({ ok: true, epoch, events: [] })
  })

  test('[D16] a planned stop says restart, answers what is under way, and refuses what comes later', async () => {
    const { transport } = await visitorLine()
    const { conversationId } = await open(transport)
    let heard = 0
    transport.on('restart', () => {
      heard++
    })
    const underWay = send(transport, conversationId, text('just in time'))
    const stopped = loopback.conversations().close()
    expect(codeOf(await underWay)).toBe('ok')
    await stopped
    expect(heard).toBe(1)
    expect(await send(transport, conversationId, text('late'))).toMatchObject({
      code: 'store_unavailable',
      retry: true,
    })
  })
})

test('typing reaches the other side only', async () => {
  const { transport } = await visitorLine()
  const ada = await agentLine()
  const { conversationId } = await open(transport)
  await handOff(transport, conversationId)
  await thread(transport, conversationId)
  await thread(ada.transport, conversationId)
  const heard: string[] = []
  transport.on('typing', ({ who }) => heard.push(`visitor hears ${who}`))
  ada.transport.on('typing', ({ who }) => heard.push(`agent hears ${who}`))
  await transport.request('typing', { v: 1, conversationId })
  await ada.transport.request('typing', { v: 1, conversationId })
  await loopback.settle()
  expect(heard).toEqual(['agent hears visitor', 'visitor hears agent'])
})

test('the desk lists the queue first, in its order', async () => {
  const ada = await agentLine()
  const ids: string[] = []
  for (let i = 0; i < 3; i++) {
    const { transport } = await visitorLine()
    const { conversationId } = await open(transport)
    await handOff(transport, conversationId)
    await loopback.settle(1_000)
    ids.push(conversationId)
  }
  const ticket = await visitorLine()
  const ticketed = await open(ticket.transport)
  await handOff(ticket.transport, ticketed.conversationId, 'ticket')
  const reply = await ada.transport.request('queue', { v: 1 })
  expect(reply.ok && reply.rows.map(row => row.conversationId)).toEqual([...ids, ticketed.conversationId])
  expect(reply.ok && reply.rows.at(-1)).toMatchObject({ phase: 'ticketed', ticketNumber: 1_001 })
})
