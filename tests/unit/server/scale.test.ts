// Several nodes on one store, in memory: cores with clocks of their own and carriers that the test reads. No broker:
// what one node says, another one hears only where the test wires it.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { secureRandomId } from '../../../src/base/environment'
import type { EventBody } from '../../../src/protocol/events'
import { jsonBytes, MAX_DESK_ROWS } from '../../../src/protocol/limits'
import type { Phase } from '../../../src/protocol/phase'
import type { DeskCalls } from '../../../src/protocol/wire'
import { ADMIT_ALL } from '../../../src/server/admission'
import {
  type Conversations,
  createConversations,
  type DeskSession,
  type Others,
  type Push,
  type VisitorSession,
} from '../../../src/server/conversations'
import type { HelpDeskStore, NewEvent } from '../../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createManualClock, type ManualClock } from '../../../src/testing/manualClock'

let clock: ManualClock
let store: HelpDeskStore
let cores: Conversations[]

beforeEach(async () => {
  clock = createManualClock()
  cores = []
  store = { ...(await openSqlStore({ file: ':memory:' })), now: async () => clock.now() }
})
afterEach(async () => {
  for (const core of cores) core.stop()
  await idle()
  await store.close()
})

async function idle() {
  for (let turn = 0; turn < 30; turn++) await new Promise(setImmediate)
}
/** Time passes, second by second, with all that each one brings. */
async function pass(seconds: number) {
  for (let second = 0; second < seconds; second++) {
    clock.advance(1_000)
    await idle()
  }
}

interface Node {
  readonly core: Conversations
  readonly pushes: Push[]
  readonly joined: Set<string>
  /** What another node's queue told this one. */
  hearQueueMoved(): void
  names(): string[]
}

function createNode(
  options: { readonly aheadMs?: number; readonly store?: HelpDeskStore; readonly others?: Others } = {},
): Node {
  const { aheadMs = 0, others } = options
  const core = createConversations({
    store: options.store ?? store,
    clock: { now: () => clock.now() + aheadMs, after: clock.after },
    randomId: secureRandomId,
    admission: ADMIT_ALL,
    ...(others && { others }),
  })
  const pushes: Push[] = []
  const joined = new Set<string>()
  let heard = () => {}
  core.addCarrier({
    push: push => void pushes.push(push),
    joined: () => joined,
    onQueueMoved(listener) {
      heard = listener
      return () => {}
    },
  })
  cores.push(core)
  return { core, pushes, joined, hearQueueMoved: () => heard(), names: () => pushes.map(push => push.name) }
}

let made = 0
const ADA: DeskSession = { agentId: 'agent-ada', name: 'Ada', roles: ['agent'], address: null, join() {} }
const visitorOf = (name: string): VisitorSession => ({
  identities: [`anon:${name}`],
  address: null,
  join() {},
})

async function ask<T>(reply: Promise<{ ok: boolean }>): Promise<T> {
  const got = await reply
  if (!got.ok) throw new Error(JSON.stringify(got))
  return got as T
}

/** A visitor in the queue, their connection at `node`. */
async function waiting(node: Node, name: string): Promise<string> {
  const session = visitorOf(name)
  const brief = emptyBrief()
  const { conversationId } = await ask<{ conversationId: string }>(
    node.core.visitorCall(session, 'open', { v: 1, openId: 'open-0001', brief }),
  )
  const handoff = { clientId: `handoff-${++made}`, body: { type: 'handoffReady', channel: 'live' } }
  await ask(node.core.visitorCall(session, 'send', { v: 1, conversationId, drafts: [handoff] }))
  node.joined.add(conversationId)
  return conversationId
}
const claim = (node: Node, conversationId: string) =>
  ask(node.core.deskCall(ADA, 'claim', { v: 1, conversationId, expected: 0 }))
const placesTo = (node: Node, conversationId: string) =>
  node.pushes.flatMap(push =>
    push.name === 'place' && push.payload.conversationId === conversationId ? [push.payload.place] : [],
  )

test('nodes whose clocks differ by minutes do not take each other’s agents and visitors for gone', async () => {
  const [behind, right, ahead] = [
    createNode({ aheadMs: -90_000 }),
    createNode(),
    createNode({ aheadMs: 90_000 }),
  ]
  await idle()
  behind.core.agentConnected(ADA.agentId)
  ahead.core.visitorConnected('anon:vera')
  await idle()
  const conversationId = await waiting(ahead, 'vera')
  await pass(200)
  await claim(behind, conversationId)
  await pass(200)
  const row = await store.conversation(conversationId)
  expect(row).toMatchObject({ phase: 'live', assignment: 1, agent: { agentId: ADA.agentId } })
  for (const node of [behind, right, ahead])
    expect(await node.core.availability()).toMatchObject({ agentsOnline: 1 })
  const page = await store.read(conversationId, 0, 200)
  const moments = page?.events.map(event => event.at) ?? []
  expect(moments).toEqual([...moments].sort((a, b) => a - b))
  expect(Math.abs((moments[0] ?? 0) - (clock.now() - 400_000))).toBeLessThan(1_000)
})

test('a node that dies is noticed by the others: its agent’s visitor waits again, at the old place', async () => {
  const [a, b] = [createNode(), createNode({ aheadMs: 45_000 })]
  await idle()
  a.core.agentConnected(ADA.agentId)
  b.core.visitorConnected('anon:vera')
  await idle()
  const conversationId = await waiting(b, 'vera')
  await claim(a, conversationId)
  await pass(30)
  a.core.stop()
  await pass(50)
  expect(await store.conversation(conversationId)).toMatchObject({ phase: 'live' })
  await pass(40)
  expect(await store.conversation(conversationId)).toMatchObject({ phase: 'queued', agent: null })
})

test('each node tells its own visitors their places; a hint that was lost is made good within 5 s', async () => {
  const [a, b] = [createNode(), createNode()]
  a.core.agentConnected(ADA.agentId)
  for (const name of ['first', 'second']) b.core.visitorConnected(`anon:${name}`)
  await idle()
  const first = await waiting(a, 'first')
  clock.advance(10)
  const second = await waiting(b, 'second')
  await idle()
  expect(placesTo(b, second)).toEqual([2])
  expect(placesTo(a, second)).toEqual([])
  await claim(a, first)
  await pass(5)
  expect(placesTo(b, second)).toEqual([2, 1])
})

test('a hint that the queue moved brings the new places at once', async () => {
  const [a, b] = [createNode(), createNode()]
  a.core.agentConnected(ADA.agentId)
  for (const name of ['first', 'second']) b.core.visitorConnected(`anon:${name}`)
  await idle()
  const first = await waiting(a, 'first')
  clock.advance(10)
  const second = await waiting(b, 'second')
  await pass(1)
  await claim(a, first)
  b.hearQueueMoved()
  await idle()
  expect(placesTo(b, second)).toEqual([2, 1])
})

test('a long queue that moves often is read a few times, not once a move', async () => {
  let reads = 0
  const counted: HelpDeskStore = {
    ...store,
    queued() {
      reads++
      return store.queued()
    },
    queue() {
      reads++
      return store.queue()
    },
  }
  const a = createNode({ store: counted })
  a.core.agentConnected(ADA.agentId)
  await idle()
  const ids: string[] = []
  for (let n = 0; n < 300; n++) {
    a.core.visitorConnected(`anon:${n}`)
    ids.push(await waiting(a, `${n}`))
    clock.advance(1)
  }
  await pass(10)
  reads = 0
  a.pushes.length = 0
  for (const id of ids.slice(0, 40)) {
    await claim(a, id)
    clock.advance(100)
    await idle()
  }
  await pass(5)
  // 9 s: two sweeps, and one look each 1.75 s at most.
  expect(reads).toBeLessThanOrEqual(9)
  const last = ids.at(-1) ?? ''
  expect(placesTo(a, last).at(-1)).toBe(260)
  expect(placesTo(a, last).length).toBeLessThanOrEqual(7)
})

test('agents and visitors who ask at the same moment share one reading, begun after each had asked', async () => {
  let reads = 0
  const counted: HelpDeskStore = {
    ...store,
    deskList(request) {
      reads++
      return store.deskList(request)
    },
  }
  const a = createNode({ store: counted })
  a.core.agentConnected(ADA.agentId)
  await idle()
  const conversationId = await waiting(a, 'vera')
  reads = 0
  const queue = () => ask<{ rows: { phase: string }[] }>(a.core.deskCall(ADA, 'queue', { v: 1 }))
  const many = await Promise.all(Array.from({ length: 100 }, queue))
  expect(many.every(({ rows }) => rows.length === 1)).toBe(true)
  expect(reads).toBeLessThanOrEqual(2)
  const early = queue()
  const [, late] = await Promise.all([early, claim(a, conversationId).then(queue)])
  expect(late.rows.map(row => row.phase)).toEqual(['live'])
})

describe('[D19] a crowd at the desk', () => {
  const WAITING = 3_000
  const OWN = 12
  const GRACE: DeskSession = { ...ADA, agentId: 'agent-grace', name: 'Grace' }
  type List = DeskCalls['queue']['reply']
  const listOf = (node: Node, agent = ADA) => ask<List>(node.core.deskCall(agent, 'queue', { v: 1 }))

  const event = (sender: string, clientId: string, body: EventBody): NewEvent => ({
    sender,
    clientId,
    author: { kind: 'system' },
    body,
  })
  const handoff = event('visitor', 'handoff-1', { type: 'handoffReady', channel: 'live' })
  const claimed = ({ agentId, name }: DeskSession) =>
    event('system', 'assigned-1', {
      type: 'assigned',
      assignment: 1,
      agent: { agentId, name },
      cause: 'claimed',
    })
  const ticket = event('system', 'ticket-1', {
    type: 'ticketOpened',
    cause: 'chosen',
    ticket: { number: 0, category: 'general', priority: 'normal', status: 'open' },
  })
  const over = event('system', 'ended-1', { type: 'ended', by: 'agent' })

  /** One a millisecond, straight into the store. */
  async function fill(name: string, count: number, drafts: readonly NewEvent[]): Promise<string[]> {
    const ids = Array.from({ length: count }, (_, n) => `${name}-${String(n).padStart(10, '0')}`)
    await Promise.all(
      ids.map(async (conversationId, n) => {
        const at = clock.now() + n
        const brief = emptyBrief({
          question: `Where is the money for contract ${n}? The milestone was released on Monday, and nothing came.`,
          visitor: { name: `Visitor number ${n}`, role: 'freelancer', locale: 'en', attributes: {} },
        })
        await store.open({
          identities: [`anon:${conversationId}`],
          openId: 'open-0001',
          conversationId,
          at,
          author: { kind: 'visitor' },
          brief,
        })
        await store.append({
          conversationId,
          at,
          drafts,
          authorise: () => null,
          plan: (_row, draft) => [draft],
        })
      }),
    )
    clock.advance(count)
    return ids
  }

  test('the list stays small, says how many there are in all, and holds every own conversation', async () => {
    const own = await fill('own', OWN, [handoff, claimed(ADA)])
    const waiting = await fill('waiting', WAITING, [handoff])
    const theirs = await fill('theirs', 400, [handoff, claimed(GRACE)])
    const tickets = await fill('ticket', 300, [ticket])
    await fill('ended', 100, [handoff, claimed(GRACE), over])
    const a = createNode()
    const { rows, totals } = await listOf(a)
    expect(totals).toEqual({
      mine: OWN,
      waiting: WAITING,
      tickets: 300,
      contested: 0,
      colleagues: 400,
      ended: 100,
    })
    expect(rows).toHaveLength(MAX_DESK_ROWS)
    expect(jsonBytes({ ok: true, rows, totals })).toBeLessThan(256 * 1_024)
    const ids = (list: List['rows'], phase: Phase) =>
      list.filter(row => row.phase === phase).map(row => row.conversationId)
    expect(rows.slice(0, OWN).map(row => row.conversationId)).toEqual(own.toReversed())
    // 500 less what is kept for the others: 12 own, 75, 35 and 15; nobody objects to anything.
    expect(ids(rows, 'queued')).toEqual(waiting.slice(0, 363))
    expect(ids(rows, 'ticketed')).toEqual(tickets.slice(0, 75))
    expect(ids(rows, 'ended')).toHaveLength(15)
    const hers = await listOf(a, GRACE)
    expect(hers.rows).toHaveLength(MAX_DESK_ROWS)
    expect(ids(hers.rows, 'live').filter(id => theirs.includes(id))).toHaveLength(298)
    expect(ids(hers.rows, 'queued').slice(0, 100)).toEqual(waiting.slice(0, 100))
    expect(hers.totals).toMatchObject({ mine: 400, colleagues: OWN })

    // Who is out of sight comes into it as those before are taken.
    const taken = waiting.slice(0, 3)
    for (const id of taken) await claim(a, id)
    const later = await listOf(a)
    expect(ids(later.rows, 'queued')).toEqual(waiting.slice(3, 363))
    expect(later.totals).toMatchObject({ mine: OWN + 3, waiting: WAITING - 3 })
  })

  test('what a busy node reads at once for places and numbers is ids and counts, no rows', async () => {
    const read: string[] = []
    const watched: HelpDeskStore = {
      ...store,
      queued() {
        read.push('queued')
        return store.queued()
      },
      talkingWith(agentIds) {
        read.push(`with ${agentIds.join()}`)
        return store.talkingWith(agentIds)
      },
      deskList(request) {
        read.push(`list of ${request.atMost}`)
        return store.deskList(request)
      },
    }
    const [first = '', ...waiting] = await fill('waiting', 40, [handoff])
    const a = createNode({ store: watched })
    a.core.agentConnected(ADA.agentId)
    await idle()
    a.joined.add(waiting.at(-1) ?? '')
    expect(await a.core.availability()).toMatchObject({ waiting: 40 })
    await claim(a, first)
    await idle()
    expect(placesTo(a, waiting.at(-1) ?? '')).toEqual([39])
    expect(read).toEqual([])
    await listOf(a)
    expect(read).toEqual([`list of ${MAX_DESK_ROWS}`])
  })
})

test('the desk is told of talk between two people every 5 s at most, of a claim at once', async () => {
  const a = createNode()
  a.core.agentConnected(ADA.agentId)
  a.core.visitorConnected('anon:vera')
  await idle()
  const conversationId = await waiting(a, 'vera')
  await pass(10)
  a.pushes.length = 0
  await claim(a, conversationId)
  await idle()
  expect(a.names().filter(name => name === 'queueChanged')).toHaveLength(1)
  await pass(10)
  a.pushes.length = 0
  for (let n = 0; n < 40; n++) {
    const draft = { clientId: `talk-id-${n}`, body: { type: 'message', text: 'x', format: 'markdown' } }
    await ask(a.core.deskCall(ADA, 'send', { v: 1, conversationId, drafts: [draft] }))
    clock.advance(250)
    await idle()
  }
  await pass(6)
  // 10 s of talk: at its start, after 5 s, at its end; and the look at the list each 20 s.
  expect(a.names().filter(name => name === 'queueChanged').length).toBeLessThanOrEqual(4)
  expect(a.names().filter(name => name === 'queueChanged').length).toBeGreaterThanOrEqual(2)
})

test('[D14] every joined conversation is told its head within each 25 s, a few at a time', async () => {
  const asked: number[] = []
  const known = new Map<string, number>()
  const counted: HelpDeskStore = {
    ...store,
    async heads(ids) {
      asked.push(ids.length)
      return ids.map(conversationId => {
        known.set(conversationId, (known.get(conversationId) ?? 0) + 1)
        return { conversationId, head: 1, generation: 0 }
      })
    },
  }
  const a = createNode({ store: counted })
  for (let n = 0; n < 5_000; n++) a.joined.add(secureRandomId())
  await pass(25)
  expect(known.size).toBe(5_000)
  expect(Math.max(...known.values())).toBeLessThanOrEqual(2)
  expect(Math.max(...asked)).toBeLessThanOrEqual(10)
})

test('the desk hears within 25 s that its list changed on a node that it did not hear', async () => {
  const [a, b] = [createNode(), createNode()]
  b.core.agentConnected(ADA.agentId)
  a.core.visitorConnected('anon:vera')
  await pass(25)
  b.pushes.length = 0
  await pass(25)
  expect(b.names()).not.toContain('queueChanged')
  await waiting(a, 'vera')
  await pass(25)
  expect(b.names()).toContain('queueChanged')
})

test('while other nodes cannot be heard, their news is looked up every 2 s, and only news is told', async () => {
  let isReached = true
  let changed = () => {}
  const others: Others = {
    areReached: () => isReached,
    onChange(listener) {
      changed = listener
      return () => {}
    },
  }
  const [a, b] = [createNode(), createNode({ others })]
  const conversationId = await waiting(a, 'vera')
  b.joined.add(conversationId)
  const say = () =>
    ask(
      a.core.visitorCall(visitorOf('vera'), 'send', {
        v: 1,
        conversationId,
        drafts: [{ clientId: `client-${++made}-x`, body: { type: 'message', text: 'x', format: 'plain' } }],
      }),
    )
  const heads = () => b.pushes.flatMap(push => (push.name === 'head' ? [push.payload.head] : []))
  isReached = false
  changed()
  await pass(4)
  await say()
  const head = (await store.conversation(conversationId))?.head
  await pass(2)
  expect(heads().at(-1)).toBe(head)
  b.pushes.length = 0
  await pass(40)
  // The beacon's own, once in 20 s: a look that brings nothing new says nothing.
  expect(heads().length).toBeLessThanOrEqual(2)
  await say()
  isReached = true
  changed()
  await idle()
  expect(heads().at(-1)).toBe((head ?? 0) + 1)
})

test('[D4] an epoch that another process gave is known to every node within 25 s', async () => {
  const [a, b] = [createNode(), createNode()]
  const conversationId = await waiting(a, 'vera')
  b.joined.add(conversationId)
  await pass(25)
  await store.newEpoch('another-epoch')
  await pass(45)
  const epochs = b.pushes.flatMap(push => (push.name === 'head' ? [push.payload.epoch] : []))
  expect(epochs.at(-1)).toBe('another-epoch')
})

test('a core that is stopped leaves no timer behind', async () => {
  const { core } = createNode()
  await pass(3)
  core.stop()
  expect(clock.nextAt()).toBeNull()
})
