// Nodes with a real broker between them, and what is done to a broker: stopped, paused, emptied, filled. Whatever
// happens to it, two people on one node talk at once, and everybody reads everything within the bound.

import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Server as SocketServer } from 'socket.io'
import type { Socket } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StoredEvent } from '../../src/protocol/events'
import type { Pushes, Reply, SyncPage } from '../../src/protocol/wire'
import { type AttachedHelpDesk, attachHelpDesk } from '../../src/server/attachHelpDesk'
import { type Broker, createBroker } from '../../src/server/broker'
import { signedVisitors, signVisitor } from '../../src/server/signedVisitors'
import { SOCKET_OPTIONS } from '../../src/server/socketDoor'
import type { HelpDeskStore } from '../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../src/server/store/openSqlStore'
import { emptyBrief } from '../../src/testing/emptyBrief'
import { hasRedis, startRedis, type ThrowAwayRedis } from '../support/redis'
import { connected, openSocket } from '../support/sockets'

interface Node {
  readonly base: string
  readonly helpDesk: AttachedHelpDesk
  readonly io: SocketServer
  readonly logged: string[]
  readonly broker: Broker | null
  close(): Promise<void>
}

let folder: string
let redis: ThrowAwayRedis
let nodes: Node[]
const sockets: Socket[] = []
const unhandled: unknown[] = []
const noteUnhandled = (reason: unknown) => unhandled.push(reason)

/** A node as a process has it: its own store on the common database, its own broker clients. */
async function startNode(kind: 'broker' | 'none' = 'broker', haste = 1): Promise<Node> {
  const store: HelpDeskStore = await openSqlStore({ file: join(folder, 'desk.db') })
  const broker = kind === 'broker' ? await createBroker({ url: redis.url }) : null
  const logged: string[] = []
  const web: Server = createServer(async (request, response) => {
    if (!(await helpDesk.handler(request, response))) response.writeHead(404).end()
  })
  const io = new SocketServer(web, { ...SOCKET_OPTIONS, ...(broker && { adapter: broker.adapter }) })
  const helpDesk = attachHelpDesk(io, {
    store,
    broker: broker ?? 'none',
    verifyVisitor: signedVisitors({ secret: SIGNING }),
    log: line => logged.push(line),
    clock: {
      now: Date.now,
      after(ms, task) {
        const timer = setTimeout(task, ms / haste)
        return () => clearTimeout(timer)
      },
    },
  })
  await new Promise<void>(done => web.listen(0, '127.0.0.1', done))
  const node: Node = {
    base: `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
    helpDesk,
    io,
    logged,
    broker,
    async close() {
      await helpDesk.close()
      await io.close()
      web.closeAllConnections()
      await broker?.close()
      await store.close()
    },
  }
  nodes.push(node)
  return node
}

const until = async (what: string, isTrue: () => unknown, withinMs = 10_000) => {
  const started = performance.now()
  while (!(await isTrue())) {
    if (performance.now() - started > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise(done => setTimeout(done, 10))
  }
  return performance.now() - started
}
/** Sooner than any fallback looks, and time enough on a busy machine. */
const AT_ONCE_MS = 4_000
const up = (node: Node) => until('broker up', () => node.broker?.isUp())
const down = (node: Node) => until('broker down', () => !node.broker?.isUp())

function socketTo(node: Node, namespace: string, auth: object, headers = {}): Promise<Socket> {
  const socket = openSocket(`${node.base}${namespace}`, auth, headers)
  sockets.push(socket)
  return connected(socket)
}
const ask = <T>(socket: Socket, name: string, body: object): Promise<Reply<T>> =>
  socket.timeout(5_000).emitWithAck(name, { v: 1, ...body })

/** Who reads a conversation as a page does: pushes and heads, and a sync when it is behind. */
async function reader(socket: Socket, conversationId: string) {
  const events: StoredEvent[] = []
  let isReading = false
  const take = (list: readonly StoredEvent[]) => {
    for (const event of list) if (event.seq === events.length + 1) events.push(event)
  }
  const sync = async () => {
    if (isReading) return
    isReading = true
    const reply = await ask<SyncPage>(socket, 'sync', { conversationId, after: events.length, epoch: '' })
    isReading = false
    // Another epoch than named: the page begins at 1, and what is known is skipped.
    if (reply.ok) take(reply.events)
  }
  let pushes = 0
  socket.on('events', (push: Pushes['events']) => {
    if (push.conversationId !== conversationId) return
    pushes++
    take(push.events)
    if ((push.events.at(-1)?.seq ?? 0) > events.length) void sync()
  })
  socket.on('head', (push: Pushes['head']) => {
    if (push.conversationId === conversationId && push.head > events.length) void sync()
  })
  await sync()
  return {
    texts: () => events.flatMap(({ body }) => (body.type === 'message' ? [body.text] : [])),
    pushes: () => pushes,
  }
}

const SIGNING = 'a key of at least thirty-two chars'
const SECRET = 'visitor-secret-0123456789'
const handoff = { clientId: 'handoff-1', body: { type: 'handoffReady', channel: 'live' } }
let said = 0
const say = (socket: Socket, conversationId: string, text: string, format: 'plain' | 'markdown' = 'plain') =>
  ask(socket, 'send', {
    conversationId,
    drafts: [{ clientId: `client-id-${++said}`, body: { type: 'message', text, format } }],
  })

async function deskOf(node: Node, name = 'Ada') {
  await node.helpDesk.agents.add({ name, agentId: `agent-${name}` })
  const response = await fetch(`${node.base}/asklet/v1/desk/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link: await node.helpDesk.agents.link(name) }),
  })
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? ''
  return { cookie, socket: await socketTo(node, '/asklet-desk', { v: 1 }, { cookie }) }
}

const signOut = (node: Node, cookie: string) =>
  fetch(`${node.base}/asklet/v1/desk/signout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: '{}',
  })

/** A visitor on one node, their agent on another, talking. */
async function talk(visitors: Node, desk: Node) {
  const agent = await deskOf(desk)
  const page = await socketTo(visitors, '/asklet', { v: 1, secret: SECRET })
  const opened = await ask<{ conversationId: string }>(page, 'open', {
    openId: 'open-0001',
    brief: emptyBrief(),
  })
  if (!opened.ok) throw new Error(opened.code)
  const { conversationId } = opened
  await until('staffed', async () => {
    const there = await ask<{ agentsOnline: number }>(page, 'availability', {})
    return there.ok && there.agentsOnline > 0
  })
  await ask(page, 'send', { conversationId, drafts: [handoff] })
  const claimed = await ask(agent.socket, 'claim', { conversationId, expected: 0 })
  if (!claimed.ok) throw new Error(claimed.code)
  return {
    conversationId,
    page,
    agent,
    visitorReads: await reader(page, conversationId),
    agentReads: await reader(agent.socket, conversationId),
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asklet-nodes-'))
  nodes = []
  unhandled.length = 0
  process.on('unhandledRejection', noteUnhandled)
  if (hasRedis) redis = await startRedis()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect()
  redis?.resume()
  await Promise.all(nodes.map(node => node.close()))
  await redis?.close()
  await rm(folder, { recursive: true })
  await new Promise(setImmediate)
  process.off('unhandledRejection', noteUnhandled)
  expect(unhandled).toEqual([])
})

describe('several nodes without a broker', () => {
  test('[D14] what one node stored, the other one tells within two looks', async () => {
    const { page, conversationId, agentReads } = await talk(await startNode('none'), await startNode('none'))
    // Three, because the beacon itself may by chance come soon after one.
    for (const words of ['one', 'two', 'three']) {
      await say(page, conversationId, words)
      await until('read by the agent', () => agentReads.texts().includes(words), 4_500)
    }
    expect(agentReads.pushes()).toBe(0)
  })
})

test('who signed in elsewhere took the conversation along: the anonymous page on this node hears no more', async () => {
  const [a, b] = [await startNode('none'), await startNode('none')]
  const { agent, conversationId } = await talk(b, b)
  const anonymous = await socketTo(b, '/asklet', { v: 1, secret: SECRET })
  await ask(anonymous, 'sync', { conversationId, after: 0, epoch: '' })
  const overheard: [string, unknown][] = []
  anonymous.onAny((name, push) => overheard.push([name, push]))
  const token = await signVisitor(SIGNING, { visitorId: '7' })
  const signedIn = await socketTo(a, '/asklet', { v: 1, secret: SECRET, token })
  expect(await ask(signedIn, 'sync', { conversationId, after: 0, epoch: '' })).toMatchObject({ ok: true })
  // Who is there was still its own to hear when it asked.
  overheard.splice(0)
  const told = new Promise(done => agent.socket.once('events', done))
  await say(agent.socket, conversationId, 'for the signed-in one only', 'markdown')
  await told
  await ask(agent.socket, 'typing', { conversationId })
  await ask(anonymous, 'availability', {})
  expect(overheard.filter(([name]) => name !== 'head')).toEqual([])
})

describe('several nodes without a broker, timers ten times as fast', () => {
  test('a session that ended on one node ends on the others with their next look at it', async () => {
    const [a, b] = [await startNode('none'), await startNode('none', 10)]
    const { cookie, socket } = await deskOf(a)
    const elsewhere = await socketTo(b, '/asklet-desk', { v: 1 }, { cookie })
    await signOut(a, cookie)
    await until('ended here', () => !socket.connected, AT_ONCE_MS)
    expect(elsewhere.connected).toBe(true)
    await until('ended there', () => !elsewhere.connected, 4_000)
  })

  test('[D4] an epoch given by another process is told with the next beacon', async () => {
    const [a, b] = [await startNode('none', 10), await startNode('none', 10)]
    const { page, conversationId } = await talk(a, b)
    const heads: string[] = []
    page.on('head', (push: Pushes['head']) => heads.push(push.epoch))
    const store = await openSqlStore({ file: join(folder, 'desk.db') })
    await store.newEpoch('another-epoch')
    await store.close()
    await until('told', () => heads.includes('another-epoch'), 3_000)
    const page2 = await ask<SyncPage>(page, 'sync', { conversationId, after: 2, epoch: 'another-epoch' })
    expect(page2).toMatchObject({ ok: true, epoch: 'another-epoch' })
  })
})

describe.runIf(hasRedis)('several nodes with a broker', () => {
  test('what is said on one node is heard on the other at once, and typing too', async () => {
    const [a, b] = [await startNode(), await startNode()]
    await Promise.all([up(a), up(b)])
    const { page, agent, conversationId, agentReads, visitorReads } = await talk(a, b)
    const typing = new Promise(done => page.once('typing', done))
    await say(page, conversationId, 'hello')
    await say(agent.socket, conversationId, 'good morning', 'markdown')
    await ask(agent.socket, 'typing', { conversationId })
    await until(
      'both read',
      () => agentReads.texts().length === 2 && visitorReads.texts().length === 2,
      AT_ONCE_MS,
    )
    expect(await typing).toEqual({ conversationId, who: 'agent' })
    expect(visitorReads.pushes()).toBeGreaterThan(0)
  })

  test('the desk hears that the queue changed, and a visitor of a new place, from another node', async () => {
    const [a, b] = [await startNode(), await startNode()]
    await Promise.all([up(a), up(b)])
    const agent = await deskOf(b)
    const waiting = async (node: Node, name: string) => {
      const page = await socketTo(node, '/asklet', { v: 1, secret: `${SECRET}-${name}` })
      const places: number[] = []
      page.on('place', (push: Pushes['place']) => places.push(push.place))
      const opened = await ask<{ conversationId: string }>(page, 'open', {
        openId: 'open-0001',
        brief: emptyBrief(),
      })
      if (!opened.ok) throw new Error(opened.code)
      const { conversationId } = opened
      await until('staffed', async () => {
        const there = await ask<{ agentsOnline: number }>(page, 'availability', {})
        return there.ok && there.agentsOnline > 0
      })
      await ask(page, 'sync', { conversationId, after: 0, epoch: '' })
      await ask(page, 'send', { conversationId, drafts: [handoff] })
      return { page, places, conversationId }
    }
    const first = await waiting(b, 'first')
    const changed = new Promise(done => agent.socket.once('queueChanged', done))
    const second = await waiting(a, 'second')
    await changed
    await until('second in the queue', () => second.places.at(-1) === 2)
    await ask(agent.socket, 'claim', { conversationId: first.conversationId, expected: 0 })
    const ms = await until('next', () => second.places.at(-1) === 1)
    expect(ms).toBeLessThan(2_000)
  })

  test('[D8] with the broker paused, two people on one node talk at once', async () => {
    const a = await startNode()
    await up(a)
    const { page, agent, conversationId, agentReads, visitorReads } = await talk(a, a)
    redis.pause()
    const started = performance.now()
    for (let i = 0; i < 20; i++) await say(page, conversationId, `question ${i}`)
    await say(agent.socket, conversationId, 'answer', 'markdown')
    await until(
      'both read',
      () => agentReads.texts().length === 21 && visitorReads.texts().length === 21,
      AT_ONCE_MS,
    )
    expect(performance.now() - started).toBeLessThan(AT_ONCE_MS)
  })

  test.each([
    ['paused', () => redis.pause(), () => redis.resume()],
    ['stopped and started empty', () => redis.kill(), () => redis.restart()],
  ])(
    'with the broker %s, each node hears of the other within two looks; when it is back, at once',
    async (_what, harm, heal) => {
      const [a, b] = [await startNode(), await startNode()]
      await Promise.all([up(a), up(b)])
      const { page, conversationId, agentReads } = await talk(a, b)
      const states = () => a.logged.filter(line => line.includes('broker')).map(line => line.split(' ')[2])
      await until('said so', () => states().length > 0)
      await harm()
      await say(page, conversationId, 'said into a dead broker')
      await until('read all the same', () => agentReads.texts().includes('said into a dead broker'), 9_000)
      await down(a)
      await say(page, conversationId, 'and again')
      const ms = await until('read again', () => agentReads.texts().includes('and again'), 5_000)
      expect(ms).toBeLessThan(4_500)
      await heal()
      await Promise.all([up(a), up(b)])
      const before = agentReads.pushes()
      await say(page, conversationId, 'back')
      await until('read', () => agentReads.texts().includes('back'), AT_ONCE_MS)
      expect(agentReads.pushes()).toBeGreaterThan(before)
      await until('said so', () => states().length === 3)
      expect(states()).toEqual(['brokerUp', 'brokerDown', 'brokerUp'])
    },
    40_000,
  )

  test('a broker that is full still carries what nodes say: nothing is kept there', async () => {
    const [a, b] = [await startNode(), await startNode()]
    await Promise.all([up(a), up(b)])
    redis.command('config', 'set', 'maxmemory-policy', 'noeviction')
    redis.command('config', 'set', 'maxmemory', '1mb')
    expect(redis.command('set', 'x', 'y')).toMatch(/OOM/)
    const { page, conversationId, agentReads } = await talk(a, b)
    const before = agentReads.pushes()
    await say(page, conversationId, 'hello')
    await until('read', () => agentReads.texts().includes('hello'), AT_ONCE_MS)
    expect(agentReads.pushes()).toBeGreaterThan(before)
    expect(redis.command('keys', '*')).toBe('')
  })

  test('a node that starts while the broker is down serves, and joins when it is there', async () => {
    await redis.kill()
    const [a, b] = [await startNode(), await startNode()]
    const { page, conversationId, agentReads } = await talk(a, b)
    await say(page, conversationId, 'hello')
    await until('read', () => agentReads.texts().includes('hello'), 6_000)
    expect(await (await fetch(`${a.base}/asklet/v1/health`)).json()).toEqual({
      ok: true,
      store: 'up',
      broker: 'down',
    })
    await redis.restart()
    await Promise.all([up(a), up(b)])
    const before = agentReads.pushes()
    await say(page, conversationId, 'joined')
    await until('read', () => agentReads.texts().includes('joined'), AT_ONCE_MS)
    expect(agentReads.pushes()).toBeGreaterThan(before)
    expect((await a.helpDesk.health()).broker).toBe('up')
  }, 30_000)

  test('a broker that takes nothing costs a node no more than its bound of memory', async () => {
    const a = await startNode()
    await up(a)
    redis.pause()
    const words = 'x'.repeat(60_000)
    const namespace = a.io.of('/asklet')
    globalThis.gc?.()
    const before = process.memoryUsage()
    // 600 MB, were they kept.
    for (let i = 0; i < 10_000; i++) {
      namespace.serverSideEmit('asklet:push.1', '/conversation-1/', words)
      if (i % 100 === 0) await new Promise(setImmediate)
    }
    globalThis.gc?.()
    const after = process.memoryUsage()
    const grown = after.heapUsed + after.external - before.heapUsed - before.external
    expect(grown).toBeLessThan(100 * 1_048_576)
    redis.resume()
    await up(a)
  }, 30_000)

  test('a session that ends on one node ends on every node', async () => {
    const [a, b] = [await startNode(), await startNode()]
    await Promise.all([up(a), up(b)])
    const { cookie, socket } = await deskOf(a)
    const elsewhere = await socketTo(b, '/asklet-desk', { v: 1 }, { cookie })
    await signOut(a, cookie)
    await until('both ended', () => !socket.connected && !elsewhere.connected, AT_ONCE_MS)
  })

  test('words of a strange hand on the broker reach nobody and harm nobody', async () => {
    const [a, b] = [await startNode(), await startNode()]
    await Promise.all([up(a), up(b)])
    const { page, conversationId, agentReads } = await talk(a, b)
    const event = (change: object) => ({
      conversationId,
      seq: 99,
      clientId: 'x',
      at: 1,
      author: { kind: 'system' },
      body: { type: 'message', text: 'forged', format: 'plain' },
      ...change,
    })
    const push = (events: unknown) =>
      JSON.stringify({ name: 'events', payload: { conversationId, epoch: 'e', events } })
    const other = 'x'.repeat(22)
    for (const words of [
      [],
      [null, null],
      [`/${conversationId}/`],
      [`/${conversationId}/`, '{'],
      [`/${conversationId}/`, JSON.stringify({ name: 'restart', payload: {} })],
      [`/${conversationId}/`, push([event({ author: { kind: 'nobody' } })])],
      [`/${conversationId}/`, push([event({ conversationId: other })])],
      [`/${other}/`, push([event({})])],
      ['desk', push([event({})])],
      [{ toString: 1 }, push([])],
      [`/${conversationId}/`, `{"name":"events","payload":{"__proto__":{"x":1}}}`],
    ])
      (a.io.of('/asklet').serverSideEmit as (...all: unknown[]) => void)('asklet:push.1', ...words)
    a.io.of('/asklet').serverSideEmit('asklet:deskEnded.1', 'c:everybody')
    await say(page, conversationId, 'true words')
    await until('read', () => agentReads.texts().includes('true words'), AT_ONCE_MS)
    expect(agentReads.pushes()).toBe(1)
    expect(b.logged.filter(line => line.includes('nodeMessageRefused'))).toHaveLength(1)
  })
})

test.each([['not an address'], ['http://127.0.0.1:6379'], ['']])(
  'an address that is no broker’s (%s) is refused with a sentence',
  async url => {
    await expect(createBroker({ url })).rejects.toThrow(/begins with redis:\/\/ or rediss:\/\//)
  },
)
