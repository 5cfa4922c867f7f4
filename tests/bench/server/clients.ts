// All clients of the bench, in one process on a core that the server does not use: visitors with a conversation
// each, agents who hear a share of all conversations. The same clients speak to the floor and to the help desk.

import { reconnectWaitMs, resendWaitMs } from '../../../src/base/backoff'
import { secureRandomId } from '../../../src/base/environment'
import { answerQuestions, pause } from './child'
import { type Link, openLink } from './frames'

export interface Setting {
  readonly port: number
  readonly visitors: number
  readonly agents: number
  /** The namespace that agents use. */
  readonly agentNamespace: string
  /** By visitor; empty before they have been opened. */
  readonly threads: readonly Thread[]
}

export interface Thread {
  readonly conversationId: string
  readonly epoch: string
}

/** Milliseconds from the moment a message was due until sender and agent had all of it. */
export interface Latencies {
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
  readonly count: number
}

export interface Returned {
  /** Seconds from the order to stop until the middle and the last visitor was back and had caught up. */
  readonly median: number
  readonly last: number
}

/** One connection's owner. */
interface Client {
  readonly localAddress: string
  readonly namespace: string
  readonly auth: object
  readonly headers?: Readonly<Record<string, string>>
  link: Link | null
  hear(event: string): void
  /** After an announced restart, and retries since the last connection, as the transport counts them. */
  isRestarting: boolean
  attempt: number
}
interface Visitor extends Client {
  readonly index: number
  thread: Thread | null
  /** The last seq that the visitor, and the agent who listens, have seen. */
  seen: number
  seenByAgent: number
  /** The message under way: when it was due, and which of ack, own push and agent's push have not come. */
  dueAt: number
  missing: number
}
const ACK = 1
const OWN_PUSH = 2
const AGENT_PUSH = 4

const NAMESPACE = '/asklet'
const VERSION = 1
/** A message as people write them: some 120 characters. */
const TEXT =
  'I was charged twice for the same invoice on Monday, and the second payment does not show up under my orders. Can you look?'

/** As in `live/socketTransport.ts`, whose policy the clients follow when the server restarts. Milliseconds. */
const AFTER_RESTART_MS = 3_000
const CONNECT_WITHIN_MS = 6_000
const ANSWER_WITHIN_MS = 12_000
/** As in `live/liveModel.ts`. */
const ASK_AFTER_MS = 250

/** So many handshakes, or calls of one kind, are under way at once while the scene is set. */
const AT_ONCE = 100

let setting: Setting = { port: 0, visitors: 0, agents: 0, agentNamespace: NAMESPACE, threads: [] }
let visitors: Visitor[] = []
let agents: Client[] = []
let byConversation = new Map<string, Visitor>()
/** What must not happen, by what it was. Any of these makes the figures worthless. */
const faults = new Map<string, number>()
let onDone: (visitor: Visitor) => void = () => {}
let onLost: (client: Client) => void = () => fault('link lost')

const fault = (what: string) => faults.set(what, (faults.get(what) ?? 0) + 1)

// ---- links

/** Some twenty connections an address, as behind offices and homes: limits by address see many addresses. */
const addressOf = (index: number) =>
  `127.0.${1 + Math.floor(index / 4_000)}.${1 + (Math.floor(index / 20) % 200)}`

function connect(client: Client, onConnect: () => void): Link {
  const link = openLink({
    port: setting.port,
    localAddress: client.localAddress,
    namespace: client.namespace,
    auth: client.auth,
    ...(client.headers && { headers: client.headers }),
    onConnect() {
      client.link = link
      onConnect()
    },
    onEvent(event) {
      if (event.startsWith('["restart"')) client.isRestarting = true
      else if (event.startsWith('["events"')) client.hear(event)
    },
    onClose() {
      client.link = null
      onLost(client)
    },
  })
  return link
}

function newClient(address: string, namespace: string, auth: object, hear: (event: string) => void): Client {
  return { localAddress: address, namespace, auth, hear, link: null, isRestarting: false, attempt: 0 }
}

const secretOf = (index: number) => `bench-visitor-${String(index).padStart(12, '0')}`

// ---- what comes in

const ID_KEY = '"conversationId":"'
const SEQ_KEY = '"seq":'

function seqIn(text: string): number {
  return Number.parseInt(text.slice(text.indexOf(SEQ_KEY) + SEQ_KEY.length, text.indexOf(SEQ_KEY) + 20), 10)
}

function visitorHears(visitor: Visitor | undefined, text: string): void {
  if (!visitor) return
  const seq = seqIn(text)
  if (seq !== visitor.seen + 1) fault('gap at a visitor')
  visitor.seen = seq
  arrived(visitor, OWN_PUSH)
}

function agentHears(text: string): void {
  const from = text.indexOf(ID_KEY) + ID_KEY.length
  const visitor = byConversation.get(text.slice(from, text.indexOf('"', from)))
  if (!visitor) return
  const seq = seqIn(text)
  if (seq !== visitor.seenByAgent + 1) fault('gap at an agent')
  visitor.seenByAgent = seq
  arrived(visitor, AGENT_PUSH)
}

function arrived(visitor: Visitor, part: number): void {
  if ((visitor.missing & part) === 0) return
  visitor.missing &= ~part
  if (visitor.missing === 0) onDone(visitor)
}

function send(visitor: Visitor, dueAt: number): void {
  visitor.dueAt = dueAt
  visitor.missing = ACK | OWN_PUSH | AGENT_PUSH
  const clientId = secureRandomId()
  visitor.link?.call(
    'send',
    `{"v":${VERSION},"conversationId":"${visitor.thread?.conversationId}","drafts":[{"clientId":"${clientId}","body":{"type":"message","text":"${TEXT}","format":"plain"}}]}`,
    reply => {
      if (!reply.startsWith('[{"ok":true')) fault(`send refused: ${reply.slice(0, 120)}`)
      arrived(visitor, ACK)
    },
  )
}

// ---- setting the scene

async function ask<T>(link: Link | null, name: string, body: object): Promise<T> {
  for (;;) {
    const reply = await new Promise<{ ok: boolean; code?: string; after?: number }>(resolve => {
      link?.call(name, JSON.stringify({ v: VERSION, ...body }), text => resolve(JSON.parse(text)[0]))
    })
    if (reply.ok) return reply as T
    if (reply.code !== 'rate_limited') throw new Error(`${name} was refused: ${JSON.stringify(reply)}`)
    await pause(reply.after ?? 1_000)
  }
}

async function each<T>(all: readonly T[], run: (one: T) => Promise<unknown>): Promise<void> {
  const rest = all[Symbol.iterator]()
  const worker = async () => {
    for (const one of rest) await run(one)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

const isVisitor = (client: Client): client is Visitor => 'index' in client
const agentOf = (visitor: Visitor) => agents[visitor.index % agents.length]

async function openThread(visitor: Visitor): Promise<void> {
  const { link } = visitor
  const opened = await ask<{ conversationId: string; epoch: string }>(link, 'open', {
    openId: `open-${String(visitor.index).padStart(8, '0')}`,
    brief: {
      reason: 'askedForPerson',
      page: {
        url: 'https://shop.example/orders/81723',
        route: '/orders/:id',
        title: 'Order 81723',
        name: 'Order',
        headings: ['Order 81723', 'Payments', 'Delivery'],
        language: 'en',
        data: { order: '81723' },
      },
      visitor: { locale: 'en-GB', attributes: { plan: 'basic' }, name: `Visitor ${visitor.index}` },
      articlesRead: [{ articleId: 'billing/charged-twice', title: 'I was charged twice' }],
      slots: [],
      question: 'Why was I charged twice?',
      turns: 0,
    },
  })
  visitor.thread = { conversationId: opened.conversationId, epoch: opened.epoch }
  const { conversationId } = opened
  await ask(link, 'send', {
    conversationId,
    drafts: [{ clientId: secureRandomId(), body: { type: 'handoffReady', channel: 'live' } }],
  })
  await ask(agentOf(visitor)?.link ?? null, 'claim', { conversationId, expected: 0 })
}

/** Reads what comes after `after`, and returns the head. */
async function joinThread(visitor: Visitor, link: Link | null, after = 0): Promise<number> {
  const { head } = await ask<{ head: number }>(link, 'sync', { ...visitor.thread, after })
  return head
}

// ---- load

/** Keeps `inFlight` messages under way, one a conversation at most; `done` counts those that reached everybody. */
let done = 0
let next = 0
let isSaturating = false

function sendNext(): void {
  for (let tries = 0; tries < visitors.length; tries++) {
    const visitor = visitors[next++ % visitors.length]
    if (visitor?.missing !== 0) continue
    send(visitor, 0)
    return
  }
}

function saturate({ inFlight }: { inFlight: number }): void {
  isSaturating = true
  onDone = () => {
    done++
    if (isSaturating) sendNext()
  }
  for (let n = 0; n < inFlight; n++) sendNext()
}

async function settle(): Promise<void> {
  isSaturating = false
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (visitors.every(visitor => visitor.missing === 0)) return
    await pause(20)
  }
  fault('messages never arrived')
}

/**
 * One message every `1 / perSecond`, whatever became of those before. A message counts from when it was due, not
 * from when this process came round to sending it: a stall anywhere delays all that were due meanwhile.
 */
async function steady(load: {
  perSecond: number
  seconds: number
  warmUpSeconds: number
}): Promise<Latencies> {
  const latencies: number[] = []
  const started = performance.now() + 20
  const counted = started + load.warmUpSeconds * 1_000
  const every = 1_000 / load.perSecond
  const total = load.perSecond * (load.seconds + load.warmUpSeconds)
  onDone = visitor => {
    if (visitor.dueAt >= counted) latencies.push(performance.now() - visitor.dueAt)
  }
  let sent = 0
  await new Promise<void>(finished => {
    // Not a timer: a millisecond of its coarseness would count on both sides and hide the difference.
    const turn = () => {
      const now = performance.now()
      while (sent < total && started + sent * every <= now) {
        const visitor = visitors[next++ % visitors.length]
        if (visitor && visitor.missing !== 0) fault('a message met an unfinished one')
        if (visitor) send(visitor, started + sent * every)
        sent++
      }
      if (sent < total) setImmediate(turn)
      else finished()
    }
    turn()
  })
  await settle()
  latencies.sort((a, b) => a - b)
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Infinity
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1), count: latencies.length }
}

// ---- the herd

let orderedAt = 0
let backAt: number[] = []
let allBack: Promise<void> = Promise.resolve()

/** From here on every link that is lost comes back as a visible page's does. */
function expectRestart(): void {
  backAt = []
  orderedAt = performance.now()
  allBack = new Promise(resolve => {
    onLost = client => {
      const wait = client.isRestarting
        ? Math.random() * AFTER_RESTART_MS
        : reconnectWaitMs(client.attempt++, true, Math.random())
      client.isRestarting = false
      setTimeout(() => comeBack(client, resolve), wait)
    }
  })
}

function comeBack(client: Client, resolve: () => void): void {
  const giveUp = setTimeout(() => link.close(), CONNECT_WITHIN_MS)
  const link = connect(client, () => {
    clearTimeout(giveUp)
    client.attempt = 0
    if (isVisitor(client)) catchUp(client, 0, resolve)
    else
      for (const each of visitors)
        if (agentOf(each) === client) void joinThread(each, client.link, each.seenByAgent)
  })
}

function catchUp(visitor: Visitor, failures: number, resolve: () => void): void {
  const { link, thread } = visitor
  if (!link || !thread) return
  const again = (ms: number) => setTimeout(() => catchUp(visitor, failures + 1, resolve), ms)
  const late = setTimeout(
    () => again(Math.max(ASK_AFTER_MS, resendWaitMs(failures, Math.random()))),
    ANSWER_WITHIN_MS,
  )
  link.call('sync', JSON.stringify({ v: VERSION, ...thread, after: visitor.seen }), text => {
    clearTimeout(late)
    const [reply] = JSON.parse(text)
    if (!reply.ok) {
      again(reply.after ?? Math.max(ASK_AFTER_MS, resendWaitMs(failures, Math.random())))
      return
    }
    visitor.seen += reply.events.length
    if (visitor.seen < reply.head) return void again(0)
    backAt.push((performance.now() - orderedAt) / 1_000)
    if (backAt.length === visitors.length) resolve()
  })
}

answerQuestions({
  setUp(wanted: Setting) {
    setting = wanted
    visitors = Array.from({ length: setting.visitors }, (_, index) => ({
      ...newClient(addressOf(index), NAMESPACE, { v: VERSION, secret: secretOf(index) }, event =>
        visitorHears(visitors[index], event),
      ),
      index,
      thread: setting.threads[index] ?? null,
      seen: 0,
      seenByAgent: 0,
      dueAt: 0,
      missing: 0,
    }))
    agents = Array.from({ length: setting.agents }, (_, index) => ({
      ...newClient(`127.0.100.${1 + (index % 200)}`, setting.agentNamespace, { v: VERSION }, agentHears),
      headers: { 'X-Bench-Agent': `bench-agent-${index}` },
    }))
    byConversation = new Map(visitors.map(visitor => [visitor.thread?.conversationId ?? '', visitor]))
  },
  connectAgents: () => each(agents, agent => new Promise<void>(on => connect(agent, on))),
  connectVisitors: () => each(visitors, visitor => new Promise<void>(on => connect(visitor, on))),
  async openThreads(): Promise<readonly (Thread | null)[]> {
    await each(visitors, openThread)
    return visitors.map(visitor => visitor.thread)
  },
  joinVisitors: () =>
    each(visitors, async visitor => {
      visitor.seen = await joinThread(visitor, visitor.link)
    }),
  joinAgents: () =>
    each(visitors, async visitor => {
      visitor.seenByAgent = await joinThread(visitor, agentOf(visitor)?.link ?? null)
    }),
  saturate,
  done: () => done,
  settle,
  steady,
  expectRestart,
  async back(): Promise<Returned> {
    await allBack
    backAt.sort((a, b) => a - b)
    return { median: backAt[Math.floor(backAt.length / 2)] ?? Infinity, last: backAt.at(-1) ?? Infinity }
  },
  cpu() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  faults: () => Object.fromEntries(faults),
  leave() {
    onLost = () => {}
    process.exit(0)
  },
})
