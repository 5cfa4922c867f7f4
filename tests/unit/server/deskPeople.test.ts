// Who is at the desk, to whom a conversation goes from one agent, and what its visitor hears of them.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { secureRandomId } from '../../../src/base/environment'
import type { LiveTransport } from '../../../src/live/liveTransport'
import type { Draft, VisitorBody } from '../../../src/protocol/events'
import type { DeskCalls, Pushes, VisitorCalls } from '../../../src/protocol/wire'
import { ADMIT_ALL } from '../../../src/server/admission'
import { createAgents } from '../../../src/server/agents'
import { audit } from '../../../src/server/audit'
import { type Conversations, createConversations, type Push } from '../../../src/server/conversations'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback, type LoopbackAgent } from '../../../src/testing/loopback'

type Visitor = LiveTransport<VisitorCalls>
type Desk = LiveTransport<DeskCalls>

const ADA: LoopbackAgent = { agentId: 'agent-ada', name: 'Ada' }
const BOB: LoopbackAgent = { agentId: 'agent-bob', name: 'Bob', teams: ['billing'] }
const LEA: LoopbackAgent = { agentId: 'agent-lea', name: 'Lea', roles: ['lead'] }
let loopback: Loopback
beforeEach(async () => {
  loopback = await createLoopback()
})
// Whatever was done: each decision has its entry, and the same would be decided again.
afterEach(async () => {
  expect((await audit(loopback.store)).broken).toEqual([])
  await loopback.close()
})

async function connected<T extends { transport: { connect(): void } }>(line: T): Promise<T['transport']> {
  line.transport.connect()
  await loopback.settle()
  return line.transport
}
const visitorLine = (secret?: string) => connected(loopback.visitor(secret ? { secret } : {}))
const agentLine = (agent: LoopbackAgent) => connected(loopback.agent(agent))
let made = 0
const nextId = () => `client-${++made}`
const send = (visitor: Visitor, conversationId: string, body: VisitorBody) =>
  visitor.request('send', {
    v: 1,
    conversationId,
    drafts: [{ clientId: nextId(), body } as Draft<VisitorBody>],
  })
async function waiting(visitor: Visitor): Promise<string> {
  const reply = await visitor.request('open', { v: 1, openId: nextId(), brief: emptyBrief() })
  if (!reply.ok) throw new Error(reply.code)
  await send(visitor, reply.conversationId, { type: 'handoffReady', channel: 'live' })
  await sync(visitor, reply.conversationId)
  return reply.conversationId
}
async function sync(line: Visitor | Desk, conversationId: string) {
  const reply = await (line as Visitor).request('sync', { v: 1, conversationId, after: 0, epoch: '' })
  if (!reply.ok) throw new Error(reply.code)
  return reply.events
}
const claim = (desk: Desk, conversationId: string, expected = 0) =>
  desk.request('claim', { v: 1, conversationId, expected })
const transfer = (
  desk: Desk,
  conversationId: string,
  to: DeskCalls['transfer']['request']['to'],
  expected = 1,
) => desk.request('transfer', { v: 1, conversationId, expected, to })
const presence = (desk: Desk, state: 'here' | 'away') => desk.request('presence', { v: 1, state })
async function people(desk: Desk) {
  const reply = await desk.request('people', { v: 1 })
  if (!reply.ok) throw new Error(reply.code)
  return reply.people
}
const stateOf = async (desk: Desk, { agentId }: LoopbackAgent) =>
  (await people(desk)).find(person => person.agentId === agentId)?.state
async function rows(desk: Desk) {
  const reply = await desk.request('queue', { v: 1 })
  if (!reply.ok) throw new Error(reply.code)
  return reply.rows
}
const codeOf = (reply: { ok: boolean; code?: string }) => (reply.ok ? 'ok' : reply.code)
const agentOf = async (conversationId: string) =>
  (await loopback.store.conversation(conversationId))?.agent?.name ?? null

describe('[D34] transfer', () => {
  test('to a colleague: live with them, the visitor sees who joined, and their desk hears of it at once', async () => {
    const visitor = await visitorLine()
    const [ada, bob] = [await agentLine(ADA), await agentLine(BOB)]
    const conversationId = await waiting(visitor)
    await claim(ada, conversationId)
    await loopback.settle(10_000)
    const heard: string[] = []
    bob.on('queueChanged', () => heard.push('queueChanged'))
    expect(await transfer(ada, conversationId, { agentId: BOB.agentId })).toMatchObject({
      ok: true,
      assignment: 2,
    })
    await loopback.settle(300)
    expect(heard).toEqual(['queueChanged'])
    expect((await sync(visitor, conversationId)).at(-1)?.body).toEqual({
      type: 'assigned',
      assignment: 2,
      agent: { agentId: BOB.agentId, name: 'Bob' },
      cause: 'transferred',
      by: { agentId: ADA.agentId, name: ADA.name },
    })
    expect(await loopback.store.conversation(conversationId)).toMatchObject({
      phase: 'live',
      agent: { name: 'Bob' },
    })
  })

  test('a transfer whose answer was lost has happened, also when the colleague has left since', async () => {
    const visitor = await visitorLine()
    const [ada, bob] = [await agentLine(ADA), await agentLine(BOB)]
    const conversationId = await waiting(visitor)
    await claim(ada, conversationId)
    const first = await transfer(ada, conversationId, { agentId: BOB.agentId })
    bob.close()
    await loopback.settle(1_000)
    expect(await transfer(ada, conversationId, { agentId: BOB.agentId })).toEqual(first)
  })

  test('the former agent takes it back by a claim', async () => {
    const visitor = await visitorLine()
    const ada = await agentLine(ADA)
    await agentLine(BOB)
    const conversationId = await waiting(visitor)
    await claim(ada, conversationId)
    await transfer(ada, conversationId, { agentId: BOB.agentId })
    expect(await claim(ada, conversationId, 2)).toMatchObject({ ok: true, assignment: 3 })
    expect(await agentOf(conversationId)).toBe('Ada')
  })

  test('to a team: waits with its place, and the list says for whom, until somebody of it takes it', async () => {
    const [first, second] = [await visitorLine(), await visitorLine()]
    const [ada, bob] = [await agentLine(ADA), await agentLine(BOB)]
    const conversationId = await waiting(first)
    await loopback.settle(5_000)
    await waiting(second)
    await claim(ada, conversationId)
    await loopback.settle(60_000)
    expect(codeOf(await transfer(ada, conversationId, { team: 'billing' }))).toBe('ok')
    const list = await rows(bob)
    expect(list.map(row => [row.conversationId === conversationId, row.phase, row.team])).toEqual([
      [true, 'queued', 'billing'],
      [false, 'queued', undefined],
    ])
    expect((await sync(first, conversationId)).at(-1)?.body).toMatchObject({
      agent: null,
      cause: 'transferred',
      team: 'billing',
    })
    const details = await bob.request('details', { v: 1, conversationId })
    expect(details).toMatchObject({ details: { team: 'billing' } })
    expect(codeOf(await claim(bob, conversationId, 2))).toBe('ok')
    expect((await rows(bob)).find(row => row.conversationId === conversationId)?.team).toBeUndefined()
    await send(first, conversationId, { type: 'ended', by: 'visitor' })
    expect(await bob.request('details', { v: 1, conversationId })).toMatchObject({ details: { team: null } })
  })

  test('a ticket to a team: stays a ticket, and the list says for whom', async () => {
    const visitor = await visitorLine()
    const [bob, lea] = [await agentLine(BOB), await agentLine(LEA)]
    const conversationId = await waiting(visitor)
    await send(visitor, conversationId, { type: 'handoffReady', channel: 'ticket' })
    expect(codeOf(await transfer(lea, conversationId, { team: 'billing' }, 0))).toBe('ok')
    // Nobody had it: only the event says who did it.
    expect((await sync(visitor, conversationId)).at(-1)?.body).toMatchObject({
      team: 'billing',
      by: { agentId: LEA.agentId },
    })
    expect((await rows(bob)).map(({ phase, team }) => [phase, team])).toEqual([['ticketed', 'billing']])
    expect(codeOf(await claim(bob, conversationId, 1))).toBe('ok')
    expect((await rows(bob)).map(({ phase, team }) => [phase, team])).toEqual([['live', undefined]])
  })

  test('an agent who gets one and then is lost: back to the queue, as always', async () => {
    const visitor = await visitorLine()
    const [ada, bob] = [await agentLine(ADA), await agentLine(BOB)]
    const conversationId = await waiting(visitor)
    await claim(ada, conversationId)
    await transfer(ada, conversationId, { agentId: BOB.agentId })
    bob.close()
    await loopback.settle(70_000)
    expect((await sync(visitor, conversationId)).at(-1)?.body).toMatchObject({
      agent: null,
      cause: 'agentLost',
    })
    expect((await loopback.store.conversation(conversationId))?.phase).toBe('queued')
  })

  test('what cannot be is refused with a code for the desk and a sentence', async () => {
    const visitor = await visitorLine()
    const [ada, bob, lea] = [await agentLine(ADA), await agentLine(BOB), await agentLine(LEA)]
    const conversationId = await waiting(visitor)
    await claim(ada, conversationId)
    const to = (change: DeskCalls['transfer']['request']['to'], expected?: number) =>
      transfer(ada, conversationId, change, expected)
    expect(await to({ agentId: 'agent-nobody' })).toMatchObject({
      code: 'not_found',
      detail: 'there is no such agent',
    })
    expect(await to({ team: 'sales' })).toMatchObject({
      code: 'not_found',
      detail: 'nobody serves the team "sales"',
    })
    await presence(bob, 'away')
    expect(await to({ agentId: BOB.agentId })).toMatchObject({ code: 'not_found', detail: 'Bob is away' })
    bob.close()
    await loopback.settle(1_000)
    expect(await to({ agentId: BOB.agentId })).toMatchObject({
      code: 'not_found',
      detail: 'Bob is not at the desk',
    })
    expect(codeOf(await to({ agentId: LEA.agentId }, 0))).toBe('stale_assignment')
    expect(codeOf(await to({ agentId: ADA.agentId }))).toBe('bad_request')
    const eve = await agentLine({ agentId: 'agent-eve', name: 'Eve' })
    expect(codeOf(await transfer(eve, conversationId, { agentId: LEA.agentId }))).toBe('forbidden')
    expect(codeOf(await transfer(lea, conversationId, { agentId: 'agent-eve' }))).toBe('ok')
    expect(await agentOf(conversationId)).toBe('Eve')
    await send(visitor, conversationId, { type: 'ended', by: 'visitor' })
    expect(codeOf(await transfer(lea, conversationId, { agentId: ADA.agentId }, 2))).toBe('closed')
  })
})

describe('[D35] away', () => {
  test('the only agent is away: the desk is not staffed, and what they have they keep', async () => {
    const [first, second] = [await visitorLine(), await visitorLine()]
    const ada = await agentLine(ADA)
    const conversationId = await waiting(first)
    await claim(ada, conversationId)
    await presence(ada, 'away')
    expect(await second.request('availability', { v: 1 })).toMatchObject({ agentsOnline: 0 })
    const other = await waiting(second)
    expect((await loopback.store.conversation(other))?.phase).toBe('offered')
    await loopback.settle(120_000)
    expect(await agentOf(conversationId)).toBe('Ada')
    await presence(ada, 'here')
    expect(await second.request('availability', { v: 1 })).toMatchObject({ agentsOnline: 1 })
  })

  test('it outlives a reconnect and holds in all tabs, until the agent says so or signs in anew', async () => {
    const bob = await agentLine(BOB)
    const tabs = [loopback.agent(ADA), loopback.agent(ADA)]
    for (const tab of tabs) await connected(tab)
    await presence((tabs[0] as (typeof tabs)[number]).transport, 'away')
    for (const tab of tabs) tab.transport.close()
    await loopback.settle(1_000)
    expect(await stateOf(bob, ADA)).toBe('gone')
    const again = await agentLine(ADA)
    expect(await stateOf(again, ADA)).toBe('away')
    const heard: unknown[] = []
    bob.on('deskChanged', payload => heard.push(payload))
    await loopback.settle(2_000)
    heard.length = 0
    loopback.conversations().agentSignedIn(ADA)
    await loopback.settle(1_000)
    expect(heard).toContainEqual({ what: 'people' })
    expect(await stateOf(bob, ADA)).toBe('here')
  })

  test('who goes away on another node before this one has looked around first is seen here too', async () => {
    const bob = await agentLine(BOB)
    await loopback.settle(2_000)
    const heard: string[] = []
    bob.on('deskChanged', ({ what }) => heard.push(what))
    // As another node does, whose hint is lost.
    await loopback.store.setAway({ ...ADA, role: 'agent', teams: [], at: loopback.clock.now() }, true)
    await loopback.settle(25_000)
    expect(heard).toContain('people')
  })

  test('who was away and whose node died is seen to be gone, though nobody says so', async () => {
    const bob = await agentLine(BOB)
    const ada = { identity: 'agent:agent-ada', node: 'another-node', connected: true }
    await loopback.store.setAway({ ...ADA, role: 'agent', teams: [], at: loopback.clock.now() }, true)
    await loopback.store.setPresence({ ...ada, at: loopback.clock.now() })
    await loopback.settle(21_000)
    const heard: string[] = []
    bob.on('deskChanged', ({ what }) => heard.push(what))
    await loopback.settle(60_000)
    expect(heard).toEqual(['people'])
  })

  test('who comes and goes between two looks is told once more: of two hints one may be lost', async () => {
    const bob = await agentLine(BOB)
    const line = loopback.agent(ADA)
    await connected(line)
    line.transport.close()
    await loopback.settle(62_000)
    const heard: string[] = []
    bob.on('deskChanged', ({ what }) => heard.push(what))
    line.transport.connect()
    await loopback.settle(100)
    line.transport.close()
    await loopback.settle(2_000)
    expect(heard.splice(0).length).toBeGreaterThan(0)
    await loopback.settle(20_000)
    expect(heard).toEqual(['people'])
  })

  test('the list of people: accounts and whoever was there, with teams, role and conversations', async () => {
    await createAgents(loopback.store, loopback.clock).add({ name: 'Cy', teams: ['billing', 'legal'] })
    const visitor = await visitorLine()
    const [ada] = [await agentLine(ADA), await agentLine(LEA), await agentLine(BOB)]
    await claim(ada, await waiting(visitor))
    expect((await people(ada)).map(({ agentId: _, ...person }) => person)).toEqual([
      { name: 'Ada', role: 'agent', teams: [], state: 'here', live: 1 },
      { name: 'Bob', role: 'agent', teams: ['billing'], state: 'here', live: 0 },
      { name: 'Cy', role: 'agent', teams: ['billing', 'legal'], state: 'gone', live: 0 },
      { name: 'Lea', role: 'lead', teams: [], state: 'here', live: 0 },
    ])
  })
})

describe('[D36] what the visitor hears of the agent', () => {
  test('away, back, gone: each once, after a sync too, and only of the own agent', async () => {
    const visitor = await visitorLine()
    const [ada, bob] = [await agentLine(ADA), await agentLine(BOB)]
    const conversationId = await waiting(visitor)
    const heard: Pushes['agentPresence'][] = []
    visitor.on('agentPresence', payload => heard.push(payload))
    const states = () => heard.splice(0).map(({ state }) => state)
    await claim(ada, conversationId)
    await loopback.settle(1_000)
    expect(states()).toEqual(['here'])
    await presence(ada, 'away')
    await loopback.settle(1_000)
    expect(states()).toEqual(['away'])
    await presence(bob, 'away')
    await loopback.settle(20_000)
    expect(states()).toEqual([])
    await sync(visitor, conversationId)
    await loopback.settle(1_000)
    expect(states()).toEqual(['away'])
    await presence(ada, 'here')
    await loopback.settle(1_000)
    expect(states()).toEqual(['here'])
    ada.close()
    await loopback.settle(12_000)
    expect(states()).toEqual(['gone'])
  })

  test('an agent who only loads the desk anew was never gone', async () => {
    const visitor = await visitorLine()
    const line = loopback.agent(ADA)
    const ada = await connected(line)
    const conversationId = await waiting(visitor)
    await claim(ada, conversationId)
    await loopback.settle(6_000)
    const heard: unknown[] = []
    visitor.on('agentPresence', payload => heard.push(payload))
    for (let n = 0; n < 8; n++) {
      line.transport.close()
      await loopback.settle(700)
      line.transport.connect()
      await loopback.settle(2_300)
    }
    expect(heard).toEqual([])
  })

  test('a page that is loaded while the agent is between two connections does not read that they are gone', async () => {
    const visitor = await visitorLine()
    const line = loopback.agent(ADA)
    const ada = await connected(line)
    const conversationId = await waiting(visitor)
    await claim(ada, conversationId)
    await loopback.settle(9_900)
    const heard: unknown[] = []
    visitor.on('agentPresence', payload => heard.push(payload))
    line.transport.close()
    // A look has passed, and what the one before it found is too old to be told.
    await loopback.settle(1_700)
    await sync(visitor, conversationId)
    await loopback.settle(300)
    line.transport.connect()
    await loopback.settle(10_000)
    expect(heard).not.toContainEqual({ conversationId, state: 'gone' })
  })

  test('after a reload the visitor reads that the agent is away: it is told behind the conversation, not in front of it', async () => {
    const visitor = await visitorLine()
    const ada = await agentLine(ADA)
    const conversationId = await waiting(visitor)
    await claim(ada, conversationId)
    await presence(ada, 'away')
    await loopback.settle(6_000)
    const order: string[] = []
    visitor.on('agentPresence', ({ state }) => order.push(state))
    void sync(visitor, conversationId).then(() => order.push('answer'))
    await loopback.settle(100)
    expect(order).toEqual(['answer', 'away'])
  })

  test('messages ask the store nothing about agents', async () => {
    const visitor = await visitorLine()
    const ada = await agentLine(ADA)
    const conversationId = await waiting(visitor)
    await claim(ada, conversationId)
    await loopback.settle(6_000)
    let asked = 0
    const { people: read } = loopback.store
    Object.assign(loopback.store, {
      people(...of: [number, number]) {
        asked++
        return read(...of)
      },
    })
    for (let n = 0; n < 20; n++)
      await send(visitor, conversationId, { type: 'message', text: `${n}`, format: 'plain' })
    await sync(visitor, conversationId)
    await loopback.settle()
    expect(asked).toBe(0)
  })
})

describe('[D36] a visitor on another node than the agent', () => {
  const cores: Conversations[] = []
  afterEach(async () => {
    for (const core of cores.splice(0)) core.stop()
    await loopback.settle()
  })
  function node() {
    const pushes: Push[] = []
    let hear: (what: Pushes['deskChanged']['what']) => void = () => {}
    const core = createConversations({
      store: loopback.store,
      clock: loopback.clock,
      randomId: secureRandomId,
      admission: ADMIT_ALL,
      others: { areReached: () => false, onChange: () => () => {} },
    })
    const joined = new Set<string>()
    core.addCarrier({
      push: push => void pushes.push(push),
      joined: () => joined,
      onDeskChanged(listener) {
        hear = listener
        return () => {}
      },
    })
    cores.push(core)
    const told = () =>
      pushes
        .splice(0)
        .flatMap(push =>
          push.name === 'agentPresence' ? [[push.payload.conversationId, push.payload.state]] : [],
        )
    return { core, told, hear: () => hear('people') }
  }
  const session = { ...ADA, join() {} }
  async function scene() {
    const [a, b] = [node(), node()]
    const leave = a.core.agentConnected(ADA.agentId, ADA)
    await loopback.settle(1_000)
    async function queued(name: string) {
      const visitor = { identities: [`anon:${name}`] as [string], join() {} }
      b.core.visitorConnected(`anon:${name}`)
      const opened = await b.core.visitorCall(visitor, 'open', {
        v: 1,
        openId: nextId(),
        brief: emptyBrief(),
      })
      const { conversationId } = opened as unknown as { conversationId: string }
      const handoff = { clientId: 'handoff-1', body: { type: 'handoffReady', channel: 'live' } }
      await b.core.visitorCall(visitor, 'send', { v: 1, conversationId, drafts: [handoff] })
      return conversationId
    }
    const claim = (conversationId: string) =>
      a.core.deskCall(session, 'claim', { v: 1, conversationId, expected: 0 })
    async function claimed(name: string) {
      const conversationId = await queued(name)
      await claim(conversationId)
      return conversationId
    }
    const presence = (state: 'here' | 'away') => a.core.deskCall(session, 'presence', { v: 1, state })
    return { a, b, leave, queued, claim, claimed, presence }
  }

  test('hears of it, without any broker', async () => {
    const { b, claimed, presence } = await scene()
    const conversationId = await claimed('v')
    await loopback.settle(6_000)
    await presence('away')
    await loopback.settle(6_000)
    expect(b.told()).toEqual([[conversationId, 'away']])
  })

  test('is told that the agent is away who takes it when others know that already', async () => {
    const { b, queued, claim, claimed, presence } = await scene()
    const first = await claimed('one')
    // Before Ada is away: nobody waits at a desk where nobody is.
    const second = await queued('two')
    await presence('away')
    await loopback.settle(6_000)
    expect(b.told()).toEqual([[first, 'away']])
    await claim(second)
    await loopback.settle(11_000)
    expect(b.told()).toEqual([[second, 'away']])
  })

  test('is not told that the agent is gone who only loads the desk anew, however often that is heard of', async () => {
    const { a, b, leave, claimed } = await scene()
    await claimed('v')
    await loopback.settle(6_000)
    leave()
    for (let n = 0; n < 3; n++) {
      await loopback.settle(200)
      b.hear()
    }
    a.core.agentConnected(ADA.agentId, ADA)
    await loopback.settle(11_000)
    expect(b.told()).toEqual([])
  })
})
