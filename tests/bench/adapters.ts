// What carries pushes between two nodes: Redis by our own clients or as the adapter's page
// shows it (`redisBare`), Postgres' NOTIFY with and without a listener for errors, or nothing. Brings its own Redis and Postgres, and runs each node in a process of its own.
//
//   parent (clients, clock) <--ws-- node B <--broker-- node A <-- parent ("push so many a second")
//
// npm run bench adapters

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdapter as createPostgresAdapter } from '@socket.io/postgres-adapter'
import { createAdapter as createRedisAdapter } from '@socket.io/redis-streams-adapter'
import { Pool } from 'pg'
import { createClient } from 'redis'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { createBroker } from '../../src/server/broker'
import { joinRoom, socketCarrier } from '../../src/server/socketCarrier'
import { SOCKET_OPTIONS } from '../../src/server/socketDoor'
import { startPostgres } from '../support/postgres'
import { startRedis } from '../support/redis'

const KINDS = ['none', 'redis', 'redisBare', 'postgres', 'postgresBare'] as const
type Kind = (typeof KINDS)[number]

const RATE = 1_000
const SECONDS = 10
const ROOMS = 50
const TEXT = 'Where is my invoice of last month? I cannot find it under Payments. '.repeat(3)
const print = (name: string, value: number | string) =>
  console.log(`${name}: ${typeof value === 'number' ? Number(value.toFixed(3)) : value}`)
const pause = (ms: number) => new Promise(done => setTimeout(done, ms))
/** One clock for all processes of this machine. */
const moment = () => performance.timeOrigin + performance.now()

interface Order {
  readonly count: number
  readonly perSecond: number
  /** Events in one push; a person writes one, a handoff brings many. */
  readonly events?: number
}
type Told =
  | { readonly port: number }
  | { readonly done: number; readonly cpuMs: number }
  | { readonly cpuMs: number }

// ---- a node

async function adapterOf(kind: Kind, url: string) {
  if (kind === 'none') return {}
  if (kind === 'redis') return { adapter: (await createBroker({ url })).adapter }
  if (kind === 'redisBare') {
    const client = createClient({ url })
    client.on('error', () => {})
    await client.connect()
    return { adapter: createRedisAdapter(client) }
  }
  const pool = new Pool({ connectionString: url })
  pool.on('error', () => {})
  // The adapter's own client has no listener: without this one a node ends when its connection does.
  if (kind === 'postgres') pool.on('connect', client => client.on('error', () => {}))
  await pool.query(
    'create table if not exists socket_io_attachments (id bigserial unique, created_at timestamptz default now(), payload bytea)',
  )
  return { adapter: createPostgresAdapter(pool) }
}

async function runNode(kind: Kind, url: string) {
  const web = createServer()
  const io = new Server(web, { ...SOCKET_OPTIONS, ...(await adapterOf(kind, url)) })
  const carrier = socketCarrier(io)
  io.of('/asklet').on('connection', socket => {
    void joinRoom(socket, (socket.handshake.auth as { room: string }).room)
  })
  await new Promise<void>(done => web.listen(0, '127.0.0.1', done))
  process.send?.({ port: (web.address() as AddressInfo).port })
  let cpu = process.cpuUsage()
  process.on('message', async (order: Order | 'cpu') => {
    if (order === 'cpu') {
      const used = process.cpuUsage(cpu)
      process.send?.({ cpuMs: (used.user + used.system) / 1_000 })
      return
    }
    cpu = process.cpuUsage()
    const started = performance.now()
    const { events = 1 } = order
    const text = events > 1 ? 'x'.repeat(4_000) : TEXT
    for (let n = 0; n < order.count; n++) {
      const due = started + (n * 1_000) / order.perSecond
      if (performance.now() < due) await pause(due - performance.now())
      const conversationId = `conversation-${n % ROOMS}`
      carrier.push({
        name: 'events',
        to: { conversationId },
        payload: {
          conversationId,
          epoch: 'epoch',
          events: Array.from({ length: events }, (_, part) => ({
            conversationId,
            seq: n * events + part + 1,
            clientId: `client-${n}-${part}`,
            at: moment(),
            author: { kind: 'visitor' as const },
            body: { type: 'message' as const, text, format: 'plain' as const },
          })),
        },
      })
    }
    const used = process.cpuUsage(cpu)
    process.send?.({ done: order.count, cpuMs: (used.user + used.system) / 1_000 })
  })
}

// ---- the parent

interface Node {
  readonly child: ChildProcess
  readonly port: number
  ask(order: Order | 'cpu'): Promise<Told>
}

async function startNode(kind: Kind, url: string): Promise<Node> {
  const child = fork(process.argv[1] ?? '', ['node', kind, url], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    child,
    port,
    async ask(order) {
      child.send(order)
      return ((await once(child, 'message')) as [Told])[0]
    },
  }
}

interface Heard {
  readonly lags: number[]
  readonly seen: Set<number>
  firstAfter(at: number): number | null
  close(): void
}

async function listen(port: number): Promise<Heard> {
  const lags: number[] = []
  const seen = new Set<number>()
  const arrivals: number[] = []
  const sockets: Socket[] = []
  await Promise.all(
    Array.from({ length: ROOMS }, async (_, n) => {
      const socket = connect(`http://127.0.0.1:${port}/asklet`, {
        transports: ['websocket'],
        forceNew: true,
        auth: { room: `conversation-${n}` },
      })
      socket.on('events', ({ events }: { events: { seq: number; at: number }[] }) => {
        for (const { seq, at } of events) {
          lags.push(moment() - at)
          seen.add(seq)
          arrivals.push(at)
        }
      })
      sockets.push(socket)
      await new Promise(done => socket.once('connect', () => done(null)))
    }),
  )
  return {
    lags,
    seen,
    firstAfter: at => arrivals.find(each => each >= at) ?? null,
    close: () => sockets.forEach(socket => void socket.disconnect()),
  }
}

/** User and system time of processes by their name, ms: what the broker itself takes. */
function cpuOf(name: RegExp): number {
  let ticks = 0
  for (const pid of readdirSync('/proc').filter(entry => /^\d+$/.test(entry)))
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const [, program = '', rest = ''] = /\((.*)\) (.*)/s.exec(stat) ?? []
      const fields = rest.split(' ')
      if (name.test(program)) ticks += Number(fields[11]) + Number(fields[12])
    } catch {}
  return ticks * 10
}

const quantile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN

async function atRate(kind: Kind, url: string, broker: RegExp) {
  const [a, b, deaf] = [await startNode(kind, url), await startNode(kind, url), await startNode(kind, url)]
  const heard = await listen(b.port)
  await pause(1_500)
  await a.ask({ count: 500, perSecond: 500 })
  await pause(500)
  heard.lags.length = 0
  heard.seen.clear()
  const before = cpuOf(broker)
  // They count from an order of their own; an empty one starts it.
  for (const node of [b, deaf]) await node.ask({ count: 0, perSecond: 1 })
  const told = (await a.ask({ count: RATE * SECONDS, perSecond: RATE })) as { cpuMs: number }
  await pause(1_000)
  const there = (await b.ask('cpu')) as { cpuMs: number }
  const nobody = (await deaf.ask('cpu')) as { cpuMs: number }
  const perMessage = (ms: number) => (ms * 1_000) / (RATE * SECONDS)
  print(`${kind}-arrived`, heard.seen.size)
  print(`${kind}-sender-cpu-us-per-message`, perMessage(told.cpuMs))
  print(`${kind}-receiver-cpu-us-per-message`, perMessage(there.cpuMs))
  print(`${kind}-node-with-nobody-cpu-us-per-message`, perMessage(nobody.cpuMs))
  if (kind !== 'none') {
    print(`${kind}-broker-cpu-us-per-message`, perMessage(cpuOf(broker) - before))
    print(`${kind}-p50-ms`, quantile(heard.lags, 0.5))
    print(`${kind}-p99-ms`, quantile(heard.lags, 0.99))
    heard.lags.length = 0
    await a.ask({ count: 400, perSecond: 100, events: 5 })
    await pause(500)
    print(`${kind}-20kb-p50-ms`, quantile(heard.lags, 0.5))
    print(`${kind}-20kb-p99-ms`, quantile(heard.lags, 0.99))
  }
  heard.close()
  for (const node of [a, b, deaf]) node.child.kill('SIGKILL')
}

/** 100 messages a second for 12 s; between the 3rd and the 5th second the broker is gone. */
async function throughRestart(kind: Kind, url: string, down: () => Promise<void>, up: () => Promise<void>) {
  const [a, b] = [await startNode(kind, url), await startNode(kind, url)]
  const heard = await listen(b.port)
  await pause(1_500)
  const isAlive = ({ child }: Node) => child.exitCode === null && child.signalCode === null
  const sent = a.ask({ count: 1_200, perSecond: 100 }).catch(() => null)
  await pause(3_000)
  await down()
  await pause(2_000)
  await up()
  const back = moment()
  await Promise.race([sent, pause(9_000)])
  await pause(1_500)
  const first = heard.firstAfter(back)
  print(`${kind}-restart-nodes-alive`, [a, b].filter(isAlive).length)
  print(`${kind}-restart-unheard-of-1200`, 1_200 - heard.seen.size)
  print(`${kind}-restart-heard-again-after-ms`, first === null ? 'never' : first - back)
  heard.close()
  for (const node of [a, b]) node.child.kill('SIGKILL')
}

/** Commits a second by 8 connections, one row each; what NOTIFY beside it takes away. */
async function commitsBeside(url: string, notifiesPerSecond: number): Promise<number> {
  const pool = new Pool({ connectionString: url, max: 10 })
  await pool.query('create table if not exists bench_rows (id bigserial primary key, body text)')
  let isOver = false
  let commits = 0
  const writers = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      await pool.query('insert into bench_rows (body) values ($1)', [TEXT])
      commits++
    }
  })
  const notifying = (async () => {
    const started = performance.now()
    for (let n = 0; !isOver && notifiesPerSecond > 0; n++) {
      const due = started + (n * 1_000) / notifiesPerSecond
      if (performance.now() < due) await pause(due - performance.now())
      pool.query('select pg_notify($1, $2)', ['bench', TEXT]).catch(() => {})
    }
  })()
  await pause(4_000)
  isOver = true
  await Promise.all([...writers, notifying])
  await pool.end()
  return commits / 4
}

const [, , role, kind, url] = process.argv
if (role === 'node') await runNode(kind as Kind, url ?? '')
else {
  const [redis, postgres] = [await startRedis(), await startPostgres()]
  const database = await postgres.createDatabase()
  const of: Record<Kind, readonly [string, RegExp]> = {
    none: ['', /^$/],
    redis: [redis.url, /^redis-server$/],
    redisBare: [redis.url, /^redis-server$/],
    postgres: [database, /^postgres$/],
    postgresBare: [database, /^postgres$/],
  }
  for (const each of ['none', 'redis', 'postgres'] as const) await atRate(each, ...of[each])
  for (const each of ['redis', 'redisBare'] as const)
    await throughRestart(
      each,
      redis.url,
      // It hangs, then it dies: what is under way is under way.
      async () => {
        redis.pause()
        await pause(500)
        await redis.kill()
      },
      redis.restart,
    )
  for (const each of ['postgres', 'postgresBare'] as const)
    await throughRestart(each, database, postgres.stop, postgres.start)
  const [alone, beside]: [number[], number[]] = [[], []]
  for (let round = 0; round < 3; round++) {
    alone.push(await commitsBeside(database, 0))
    beside.push(await commitsBeside(database, RATE))
  }
  print('postgres-commits-alone', quantile(alone, 0.5))
  print('postgres-commits-beside-1000-notifies', quantile(beside, 0.5))
  await Promise.all([redis.close(), postgres.close()])
  process.exit(0)
}
