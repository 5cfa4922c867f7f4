// Tickets through the core and the real store: who answers for one, what makes one, how it is closed and opened again.

import { afterEach, describe, expect, test } from 'vitest'
import type { LiveTransport } from '../../../src/live/liveTransport'
import type { AgentBody, StoredEvent, VisitorBody } from '../../../src/protocol/events'
import type { DeskCalls, VisitorCalls } from '../../../src/protocol/wire'
import { audit } from '../../../src/server/audit'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback, type LoopbackOptions } from '../../../src/testing/loopback'

const ADA = { agentId: 'agent-ada', name: 'Ada' }
const BOB = { agentId: 'agent-bob', name: 'Bob' }
const CARD = '4111 1111 1111 1111'
/** Of a day: time passes here sweep by sweep. */
const MINUTE = 1 / 24 / 60
type Visitor = LiveTransport<VisitorCalls>
type Desk = LiveTransport<DeskCalls>

let loopback: Loopback
const setUp = async (options: LoopbackOptions = {}) => {
  loopback = await createLoopback(options)
}
// Whatever was done: each decision has its entry, and the same would be decided again.
afterEach(async () => {
  expect((await audit(loopback.store)).broken).toEqual([])
  await loopback.close()
})

async function online<Line extends { readonly transport: { connect(): void } }>(line: Line) {
  line.transport.connect()
  await loopback.settle()
  return line.transport as Line['transport']
}
const visitorLine = () => online(loopback.visitor())
const agentLine = (agent = ADA) => online(loopback.agent(agent))
let made = 0
const nextId = () => `client-${++made}`
const words = (text: string) => ({ type: 'message', text, format: 'plain' }) as const
const sendAs = <Line extends Visitor | Desk>(
  line: Line,
  conversationId: string,
  body: Line extends Desk ? AgentBody : VisitorBody,
) =>
  (line as Visitor).request('send', {
    v: 1,
    conversationId,
    drafts: [{ clientId: nextId(), body: body as VisitorBody }],
  })
const say = (line: Visitor, conversationId: string, body: VisitorBody) => sendAs(line, conversationId, body)
const answer = (line: Desk, conversationId: string, body: AgentBody) => sendAs(line, conversationId, body)
const codeOf = (reply: { readonly ok: boolean; readonly code?: string }) => (reply.ok ? 'ok' : reply.code)
const rowOf = async (conversationId: string) => {
  const row = await loopback.store.conversation(conversationId)
  if (!row) throw new Error('no such conversation')
  return row
}
async function eventsOf(line: Visitor | Desk, conversationId: string): Promise<readonly StoredEvent[]> {
  const reply = await (line as Visitor).request('sync', { v: 1, conversationId, after: 0, epoch: '' })
  if (!reply.ok) throw new Error(reply.code)
  return reply.events
}
const typesOf = async (line: Visitor | Desk, conversationId: string) =>
  (await eventsOf(line, conversationId)).map(({ body }) => body.type)

/** Opens a conversation and asks for a person, or leaves a ticket. */
async function asks(visitor: Visitor, channel: 'live' | 'ticket'): Promise<string> {
  const opened = await visitor.request('open', { v: 1, openId: nextId(), brief: emptyBrief() })
  if (!opened.ok) throw new Error(opened.code)
  const { conversationId } = opened
  await eventsOf(visitor, conversationId)
  await say(visitor, conversationId, {
    type: 'handoffReady',
    channel,
    ...(channel === 'ticket' && { contact: { email: 'v@example.com' } }),
  })
  return conversationId
}
const claim = (desk: Desk, conversationId: string, expected: number) =>
  desk.request('claim', { v: 1, conversationId, expected })

describe('[D39] answering a ticket', () => {
  test('two who answer at once: both are read, and the later one answers for it', async () => {
    await setUp()
    const [visitor, ada, bob] = [await visitorLine(), await agentLine(), await agentLine(BOB)]
    const id = await asks(visitor, 'ticket')
    expect(codeOf(await answer(ada, id, words('one')))).toBe('ok')
    expect(codeOf(await answer(bob, id, words('two')))).toBe('ok')
    expect(codeOf(await answer(bob, id, words('three')))).toBe('ok')
    expect((await typesOf(visitor, id)).slice(-5)).toEqual([
      'owned',
      'message',
      'owned',
      'message',
      'message',
    ])
    expect(await rowOf(id)).toMatchObject({
      phase: 'ticketed',
      assignment: 0,
      ticket: { status: 'waitingOnVisitor', owner: BOB },
    })
  })

  test('a resend of the answer after a lost ack names nobody twice', async () => {
    await setUp()
    const [visitor, ada] = [await visitorLine(), await agentLine()]
    const id = await asks(visitor, 'ticket')
    const drafts = [{ clientId: nextId(), body: words('once') }]
    await ada.request('send', { v: 1, conversationId: id, drafts })
    await ada.request('send', { v: 1, conversationId: id, drafts })
    expect((await typesOf(visitor, id)).slice(-2)).toEqual(['owned', 'message'])
  })

  test('the visitor answers later: it waits on us, stays a ticket, and the desk lists it so', async () => {
    await setUp()
    const [visitor, ada] = [await visitorLine(), await agentLine()]
    const id = await asks(visitor, 'ticket')
    await answer(ada, id, words('Which account?'))
    await loopback.settle(60_000)
    await say(visitor, id, words('This one'))
    const reply = await ada.request('queue', { v: 1 })
    expect(reply.ok && reply.rows).toMatchObject([
      { phase: 'ticketed', ticketStatus: 'waitingOnUs', ticketOwner: ADA, category: 'general' },
    ])
    const { ticket } = await rowOf(id)
    expect(ticket?.waitedOnUs).toHaveLength(2)
    expect(reply.ok && reply.rows[0]?.openedAt).toBe(ticket?.openedAt)
    expect(ticket?.firstResponseAt).toBeDefined()
  })

  test('a claim makes it live, as ever', async () => {
    await setUp()
    const [visitor, ada] = [await visitorLine(), await agentLine()]
    const id = await asks(visitor, 'ticket')
    expect(await claim(ada, id, 0)).toMatchObject({ ok: true, assignment: 1 })
    expect(await rowOf(id)).toMatchObject({ phase: 'live', ticket: { owner: ADA, status: 'open' } })
  })
})

describe('where a ticket is answered', () => {
  test('a card in the place of a number takes no address away', async () => {
    await setUp()
    const visitor = await visitorLine()
    const id = await asks(visitor, 'ticket')
    expect(codeOf(await say(visitor, id, { type: 'contactGiven', contact: { phone: CARD } }))).toBe('ok')
    const contact = { email: 'v@example.com' }
    expect(await rowOf(id)).toMatchObject({ contact, ticket: { contact } })
  })

  test('nor does one with which the ticket is asked for', async () => {
    await setUp()
    const visitor = await visitorLine()
    const brief = emptyBrief({ visitor: { ...emptyBrief().visitor, email: 'v@example.com' } })
    const opened = await visitor.request('open', { v: 1, openId: nextId(), brief })
    if (!opened.ok) throw new Error(opened.code)
    await say(visitor, opened.conversationId, {
      type: 'handoffReady',
      channel: 'ticket',
      contact: { phone: CARD },
    })
    const contact = { email: 'v@example.com' }
    expect(await rowOf(opened.conversationId)).toMatchObject({ contact, ticket: { contact } })
  })
})

describe('[D40] a live conversation that was a ticket', () => {
  async function liveTicket() {
    await setUp()
    const [visitor, ada] = [await visitorLine(), await agentLine()]
    const id = await asks(visitor, 'ticket')
    await claim(ada, id, 0)
    return { visitor, ada, id }
  }

  test('its agent is lost and its visitor has long gone: a ticket again at once, and still the agent’s', async () => {
    const { visitor, ada, id } = await liveTicket()
    visitor.close()
    await loopback.settle(10 * 60_000)
    ada.close()
    await loopback.settle(66_000)
    const row = await rowOf(id)
    expect(row).toMatchObject({ phase: 'ticketed', agent: null, ticket: { owner: ADA, number: 1_001 } })
    const bob = await agentLine(BOB)
    expect((await typesOf(bob, id)).slice(-2)).toEqual(['assigned', 'ticketOpened'])
  })

  test('its agent hands it back while nobody is there: a ticket again, nobody’s', async () => {
    const { visitor, ada, id } = await liveTicket()
    visitor.close()
    await loopback.settle(3 * 60_000)
    expect(codeOf(await ada.request('release', { v: 1, conversationId: id, expected: 1 }))).toBe('ok')
    const row = await rowOf(id)
    expect(row.phase).toBe('ticketed')
    expect(row.ticket).not.toHaveProperty('owner')
  })

  test('the visitor is there: back into the queue, with their place', async () => {
    const { ada, id } = await liveTicket()
    expect(codeOf(await ada.request('release', { v: 1, conversationId: id, expected: 1 }))).toBe('ok')
    expect(await rowOf(id)).toMatchObject({ phase: 'queued' })
  })

  test('its visitor stops waiting: the ticket is there, in the list, and can be answered', async () => {
    const { visitor, ada, id } = await liveTicket()
    await ada.request('release', { v: 1, conversationId: id, expected: 1 })
    expect(codeOf(await say(visitor, id, { type: 'cancelled' }))).toBe('ok')
    expect(await rowOf(id)).toMatchObject({
      phase: 'ticketed',
      queuedAt: null,
      ticket: { number: 1_001, status: 'open', contact: { email: 'v@example.com' } },
    })
    const reply = await ada.request('queue', { v: 1 })
    expect(reply.ok && reply.rows).toMatchObject([{ conversationId: id, phase: 'ticketed' }])
    expect(codeOf(await answer(ada, id, words('Here it is.')))).toBe('ok')
    expect((await rowOf(id)).ticket).toMatchObject({ status: 'waitingOnVisitor', owner: ADA })
  })

  test('its visitor ends it while waiting: solved, and over', async () => {
    const { visitor, ada, id } = await liveTicket()
    await ada.request('release', { v: 1, conversationId: id, expected: 1 })
    expect(codeOf(await say(visitor, id, { type: 'ended', by: 'visitor' }))).toBe('ok')
    expect((await typesOf(visitor, id)).slice(-2)).toEqual(['cancelled', 'ended'])
    expect(await rowOf(id)).toMatchObject({ phase: 'ended', ticket: { status: 'solved' } })
  })
})

describe('[D41] closing and opening again', () => {
  async function solved(options: LoopbackOptions = {}) {
    await setUp(options)
    const [visitor, ada] = [await visitorLine(), await agentLine()]
    const id = await asks(visitor, 'ticket')
    await answer(ada, id, words('Done.'))
    await answer(ada, id, { type: 'ended', by: 'agent', category: 'account' })
    return { visitor, ada, id }
  }

  test('the visitor says that it is not solved: a ticket again, with number and owner, until an agent answers', async () => {
    const { visitor, ada, id } = await solved()
    expect((await rowOf(id)).ticket).toMatchObject({ status: 'solved' })
    expect(codeOf(await say(visitor, id, { type: 'reopened', by: 'visitor' }))).toBe('ok')
    expect(await rowOf(id)).toMatchObject({
      phase: 'ticketed',
      ticket: { number: 1_001, status: 'reopened', owner: ADA },
    })
    expect(codeOf(await say(visitor, id, words('It is not.')))).toBe('ok')
    await answer(ada, id, words('Now it is.'))
    expect((await rowOf(id)).ticket?.status).toBe('waitingOnVisitor')
  })

  test('for thirty days, or as many as the site says; then it is closed', async () => {
    const { visitor, id } = await solved({ reopenWithinDays: MINUTE })
    await loopback.settle(61_000)
    expect(codeOf(await say(visitor, id, { type: 'reopened', by: 'visitor' }))).toBe('closed')
    expect((await rowOf(id)).phase).toBe('ended')
  })

  test('an agent is held to no number of days', async () => {
    const { ada, id } = await solved({ reopenWithinDays: MINUTE })
    await loopback.settle(61_000)
    expect(codeOf(await answer(ada, id, { type: 'reopened', by: 'agent' }))).toBe('ok')
    expect((await rowOf(id)).phase).toBe('ticketed')
  })

  test('what is open, and what never was a ticket, cannot be reopened', async () => {
    await setUp()
    const [visitor, ada] = [await visitorLine(), await agentLine()]
    const ticket = await asks(visitor, 'ticket')
    expect(codeOf(await say(visitor, ticket, { type: 'reopened', by: 'visitor' }))).toBe('closed')
    const talk = await asks(visitor, 'live')
    await claim(ada, talk, 0)
    await answer(ada, talk, { type: 'ended', by: 'agent' })
    expect(codeOf(await say(visitor, talk, { type: 'reopened', by: 'visitor' }))).toBe('closed')
    expect(codeOf(await answer(ada, talk, { type: 'reopened', by: 'agent' }))).toBe('closed')
  })

  test('nobody speaks for the other side', async () => {
    const { visitor, ada, id } = await solved()
    expect(codeOf(await say(visitor, id, { type: 'reopened', by: 'agent' } as never))).toBe('bad_request')
    expect(codeOf(await answer(ada, id, { type: 'reopened', by: 'visitor' } as never))).toBe('bad_request')
  })

  test('the visitor closes a ticket that solved itself, and rates it', async () => {
    await setUp()
    const visitor = await visitorLine()
    const id = await asks(visitor, 'ticket')
    expect(codeOf(await say(visitor, id, { type: 'ended', by: 'visitor' }))).toBe('ok')
    expect(codeOf(await say(visitor, id, { type: 'rated', score: 5 }))).toBe('ok')
    expect(await rowOf(id)).toMatchObject({ phase: 'ended', ticket: { status: 'solved' } })
  })

  test('the visitor’s list tells number, status and category of a ticket, and no priority [D28]', async () => {
    const { visitor } = await solved()
    const reply = await visitor.request('conversations', { v: 1 })
    expect(reply.ok && reply.conversations).toMatchObject([
      { ticketNumber: 1_001, ticketStatus: 'solved', category: 'general' },
    ])
    expect(JSON.stringify(reply)).not.toContain('priority')
  })
})

describe('[D42] what it is about', () => {
  test('an agent says it: the row, the ticket and the visitor’s page follow, and the same again stores nothing', async () => {
    await setUp()
    const [visitor, ada] = [await visitorLine(), await agentLine()]
    const id = await asks(visitor, 'ticket')
    const set = () => ada.request('setCategory', { v: 1, conversationId: id, category: 'payments' })
    expect(codeOf(await set())).toBe('ok')
    const { head } = await rowOf(id)
    expect(codeOf(await set())).toBe('ok')
    expect(await rowOf(id)).toMatchObject({ head, category: 'payments', ticket: { category: 'payments' } })
    expect((await eventsOf(visitor, id)).at(-1)).toMatchObject({
      author: { kind: 'system' },
      body: { type: 'categorised', category: 'payments' },
    })
  })

  test('of what is over nobody says it any more', async () => {
    await setUp()
    const [visitor, ada] = [await visitorLine(), await agentLine()]
    const id = await asks(visitor, 'ticket')
    await say(visitor, id, { type: 'ended', by: 'visitor' })
    const reply = await ada.request('setCategory', { v: 1, conversationId: id, category: 'payments' })
    expect(codeOf(reply)).toBe('closed')
  })
})

describe('[D43] an agent makes a ticket', () => {
  test('of the own talk: a follow-up with number, category and priority, which the agent answers for', async () => {
    await setUp()
    const [visitor, ada] = [await visitorLine(), await agentLine()]
    const id = await asks(visitor, 'live')
    await claim(ada, id, 0)
    const ask = () =>
      ada.request('openTicket', { v: 1, conversationId: id, category: 'payments', priority: 'high' })
    expect(await ask()).toMatchObject({ ok: true, number: 1_001 })
    expect((await typesOf(visitor, id)).slice(-4)).toEqual([
      'categorised',
      'prioritised',
      'ticketOpened',
      'owned',
    ])
    expect(await rowOf(id)).toMatchObject({
      phase: 'ticketed',
      agent: null,
      category: 'payments',
      priority: 'high',
      ticket: { category: 'payments', priority: 'high', status: 'waitingOnUs', owner: ADA },
    })
    const { head } = await rowOf(id)
    // Asked again, because the answer was lost.
    expect(await ask()).toMatchObject({ ok: true, number: 1_001 })
    expect((await rowOf(id)).head).toBe(head)
  })

  test('of who waits: by anybody, and pages from before leave the queue too', async () => {
    await setUp()
    const [visitor, ada] = [await visitorLine(), await agentLine()]
    const id = await asks(visitor, 'live')
    expect(codeOf(await ada.request('openTicket', { v: 1, conversationId: id }))).toBe('ok')
    expect((await eventsOf(visitor, id)).at(-2)?.body).toMatchObject({
      type: 'ticketOpened',
      cause: 'nobodyThere',
    })
    expect(await rowOf(id)).toMatchObject({ phase: 'ticketed', ticket: { status: 'open', owner: ADA } })
  })

  test('not of a colleague’s talk, unless by a lead; not of what is with the bot or over', async () => {
    await setUp()
    const [visitor, ada, bob] = [await visitorLine(), await agentLine(), await agentLine(BOB)]
    const lead = await online(loopback.agent({ agentId: 'agent-lea', name: 'Lea', roles: ['lead'] }))
    const id = await asks(visitor, 'live')
    await claim(ada, id, 0)
    const ask = (line: Desk) => line.request('openTicket', { v: 1, conversationId: id })
    expect(codeOf(await ask(bob))).toBe('forbidden')
    expect(codeOf(await ask(lead))).toBe('ok')
    await say(visitor, id, { type: 'ended', by: 'visitor' })
    expect(codeOf(await ask(lead))).toBe('closed')
  })
})
