// The processes of one run and the lines between them: nodes of the help desk, clients, agents, a browser. Starts
// and kills them, and writes down what was done to whom. Decides nothing: faults do, and the judge judges.
//
//   clients a, b ─ line a, b ─┐
//   agents ─ line agents ─────┼─> nodes ──> database, a file; or each by lines of its own ──> Postgres, Redis
//   Chromium ─ line browser ──┘

import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, openSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import type { StoredEvent } from '../../../src/protocol/events'
import { createFaultProxy, type FaultProxy } from '../../support/faultProxy'
import type { ThrowAwayPostgres } from '../../support/postgres'
import type { ThrowAwayRedis } from '../../support/redis'
import type { AgentConfig, AgentOrder, AgentStatus, AgentWord } from './agentProcess'
import { createTabs, openSite, type Site, type Tabs } from './browser'
import { bundle, type Patch } from './bundle'
import type { ClientConfig, ClientOrder, ClientVisitor, ClientWord } from './clientProcess'
import { type Line, openHistory, type Record } from './history'
import type { Status } from './person'
import type { ServerConfig, ServerOrder, ServerWord } from './serverProcess'
import { type Heads, lastMessagesOf, ofPostgres, ofSqlite } from './stored'
import type { Trap } from './trap'

export interface WorldOptions {
  /** Made by the caller, and theirs to remove. */
  readonly folder: string
  readonly seed: number
  /** 1: a file. More: so many nodes on a Postgres and a Redis of the run's own. */
  readonly nodes?: number
  readonly patches?: readonly Patch[]
  /** Client processes, each with a line of its own. */
  readonly clients?: number
  readonly visitorsEach?: number
  /** Of all visitors. */
  readonly tokenForMs?: number
  readonly agents?: number
  readonly hasBrowser?: boolean
  /** Mean pause between two messages of one speaker, milliseconds. */
  readonly paceMs?: number
  readonly handsOn?: number
  /** Where the database lies; default the run's folder. */
  readonly data?: string
}

/** Of the host of this run; nobody else's. */
const SECRET = 'the-secret-of-the-torture-run-and-of-nobody-else'

export interface ServerNode {
  readonly name: string
  readonly port: number
  readonly pid: number | null
  /** Between this node and the Postgres and Redis that it shares with others; empty on a file. */
  readonly backLines: { readonly postgres?: FaultProxy; readonly broker?: FaultProxy }
  /** Resolves when it listens; tries again where it could not start. */
  start(options?: { readonly hasNewEpoch?: boolean }): Promise<void>
  kill(): Promise<void>
  /** Asks it to end; resolves to its exit code. */
  terminate(): Promise<number | null>
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** Breaks it around the next commit that inserts events; `holding`: only one with this in a value. */
  arm(trap: Trap, holding?: string): void
  /** Resolves to the signal that ended it, null when it still runs then. */
  ended(withinMs: number): Promise<string | null>
  log(): string
}

/** A process with people in it. */
export interface Crew<Order> {
  readonly name: string
  readonly pid: number | null
  readonly life: number
  start(): Promise<void>
  kill(): Promise<void>
  tell(order: Order): void
}
export interface ClientCrew extends Crew<ClientOrder> {
  readonly visitors: readonly string[]
  statuses(): Promise<readonly Status[]>
  burst(visitor: number, count: number, length?: number): Promise<readonly string[]>
}
export interface AgentCrew extends Crew<AgentOrder> {
  statuses(): Promise<readonly AgentStatus[]>
  say(agent: number, conversation: string, count: number): Promise<readonly string[]>
}

export interface World {
  readonly folder: string
  readonly nodes: readonly ServerNode[]
  readonly lines: ReadonlyMap<string, FaultProxy>
  readonly clients: readonly ClientCrew[]
  readonly agents: readonly AgentCrew[]
  readonly tabs: Tabs | null
  /** The database's file; null on Postgres. */
  readonly file: string | null
  readonly postgres: ThrowAwayPostgres | null
  readonly broker: ThrowAwayRedis | null
  readonly record: Record
  random(): number
  start(): Promise<void>
  setPace(ms: number): Promise<void>
  stored(): Promise<StoredEvent[]>
  heads(): Promise<Heads>
  statuses(): Promise<readonly Status[]>
  /** Waits until every screen shows all and nothing waits; resolves to the seconds it took, null when it did not. */
  converge(withinMs: number): Promise<number | null>
  /** Waits until everyone has everything and nothing new comes for a second. */
  settle(withinMs?: number): Promise<boolean>
  /** The last line of each screen, once nothing comes any more; waits at most this long for each. */
  end(withinMs?: number): Promise<void>
  stop(): Promise<void>
}

export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const pause = (ms: number) => new Promise<void>(done => setTimeout(done, ms))
/** Nothing may hang the run: an answer that does not come within this is none. Milliseconds. */
const ANSWER_WITHIN_MS = 5_000
const START_WITHIN_MS = 30_000

export async function createWorld(options: WorldOptions): Promise<World> {
  const { folder, seed, patches = [], paceMs = 600 } = options
  const random = seeded(seed)
  const histories = join(folder, 'histories')
  const bundles = join(folder, 'bundles')
  for (const each of [histories, bundles, join(folder, 'logs')]) mkdirSync(each, { recursive: true })
  const record = openHistory(histories, 'run')
  const parts = ['server', 'client', 'agent', ...(options.hasBrowser ? (['page'] as const) : [])] as const
  const [server = '', client = '', agent = '', page = ''] = await Promise.all(
    parts.map(part => bundle(part, bundles, patches)),
  )
  const site: Site | null = options.hasBrowser ? await openSite(async () => readFileSync(page, 'utf8')) : null
  const isShared = (options.nodes ?? 1) > 1
  const file = isShared ? null : join(options.data ?? folder, 'asklet.db')
  const postgres = isShared ? await (await import('../../support/postgres')).startPostgres() : null
  const broker = isShared ? await (await import('../../support/redis')).startRedis() : null
  const database = file === null ? ofPostgres(postgres?.url ?? '') : ofSqlite(file)
  const sessions = join(folder, 'sessions.json')
  const agentNames = Array.from({ length: options.agents ?? 2 }, (_, n) => `agent-${n + 1}`)

  const nodes: ServerNode[] = []
  for (let n = 1; n <= (options.nodes ?? 1); n++) {
    const rawLine = (url: string) => {
      const port = Number(new URL(url).port)
      return createFaultProxy({ target: () => port, random, isRaw: true })
    }
    const backLines =
      postgres && broker ? { postgres: await rawLine(postgres.url), broker: await rawLine(broker.url) } : {}
    nodes.push(
      createNode({
        name: `node-${n}`,
        bundle: server,
        logs: join(folder, 'logs'),
        backLines,
        config: {
          port: await freePort(),
          data:
            file === null
              ? {
                  postgres: throughLine(postgres?.url, backLines.postgres),
                  broker: throughLine(broker?.url, backLines.broker),
                }
              : { file },
          origins: site ? [site.origin] : [],
          // The first one makes the accounts, for all.
          agents: n === 1 ? agentNames : [],
          sessions,
          secret: SECRET,
        },
      }),
    )
  }
  let next = 0
  /** As a load balancer: the next node that is there. */
  const target = () => {
    const up = nodes.filter(node => node.pid !== null)
    return up[next++ % Math.max(1, up.length)]?.port ?? null
  }
  const lines = new Map<string, FaultProxy>()
  const clientNames = Array.from({ length: options.clients ?? 1 }, (_, n) => String.fromCharCode(97 + n))
  for (const name of [...clientNames, 'agents', ...(site ? ['browser'] : [])])
    lines.set(name, await createFaultProxy({ target, random }))
  const urlOf = (line: string) => `http://127.0.0.1:${lines.get(line)?.port}`
  let currentPace = paceMs

  const clients = clientNames.map(name => {
    const visitors = Array.from(
      { length: options.visitorsEach ?? 3 },
      (_, n): ClientVisitor => ({
        name: `visitor-${name}${n + 1}`,
        // One in four has a network that lets no WebSocket through.
        hasSocket: n % 4 !== 3,
        ...(options.tokenForMs !== undefined && { tokenForMs: options.tokenForMs }),
      }),
    )
    return createClientCrew({
      bundle: client,
      logs: join(folder, 'logs'),
      store: join(folder, `store-${name}.jsonl`),
      config: life => ({
        name,
        life,
        visitors,
        secret: SECRET,
        histories,
        serverUrl: urlOf(name),
        line: name,
        paceMs: currentPace,
      }),
      visitors: visitors.map(visitor => visitor.name),
    })
  })
  const agents = [
    createAgentCrew({
      bundle: agent,
      logs: join(folder, 'logs'),
      store: join(folder, 'store-agents.jsonl'),
      config: life => ({
        name: 'agents',
        life,
        agents: agentNames,
        sessions,
        histories,
        serverUrl: urlOf('agents'),
        line: 'agents',
        paceMs: currentPace,
        handsOn: options.handsOn ?? 0.02,
      }),
    }),
  ]
  const tabs = site
    ? createTabs({
        profile: join(folder, 'profile'),
        origin: site.origin,
        serverUrl: urlOf('browser'),
        line: 'browser',
        record: openHistory(histories, 'browser'),
        paceMs,
      })
    : null

  const statuses = async () =>
    (await Promise.all([...clients.map(crew => crew.statuses()), tabs?.statuses() ?? []])).flat()
  const agentStatuses = async () => (await Promise.all(agents.map(crew => crew.statuses()))).flat()

  const world: World = {
    folder,
    nodes,
    lines,
    clients,
    agents,
    tabs,
    file,
    postgres,
    broker,
    record,
    random,
    async start() {
      for (const node of nodes) await node.start()
      await Promise.all(agents.map(crew => crew.start()))
      await Promise.all([...clients.map(crew => crew.start()), tabs?.start()])
    },
    async setPace(ms) {
      currentPace = ms
      for (const crew of [...clients, ...agents]) crew.tell({ order: 'pace', paceMs: ms })
      await tabs?.setPace(ms)
    },
    stored: database.events,
    heads: database.heads,
    statuses,
    async converge(withinMs) {
      const from = Date.now()
      while (Date.now() - from < withinMs) {
        // A database that is just coming back is asked again.
        const heads = await database.heads().catch((): Heads => ({}))
        const all = await statuses()
        const isThere = (status: Status) =>
          status.waiting.length === 0 &&
          status.conversation !== null &&
          status.shown === heads[status.conversation]
        const expected =
          clients.reduce((sum, crew) => sum + crew.visitors.length, 0) + (tabs?.tabs.length ?? 0)
        const seated = await agentStatuses()
        const isSeated = seated.length === agentNames.length && seated.every(({ link }) => link === 'online')
        if (all.length >= expected && all.every(isThere) && isSeated) return (Date.now() - from) / 1_000
        await pause(250)
      }
      return null
    },
    async settle(withinMs = 20_000) {
      const until = Date.now() + withinMs
      while (Date.now() < until) {
        const before = JSON.stringify(await database.heads())
        if ((await world.converge(until - Date.now())) === null) return false
        await pause(1_000)
        if (JSON.stringify(await database.heads()) === before) return true
      }
      return false
    },
    async end(withinMs = 30_000) {
      // The agents' marks are events too, and each mark is shown to somebody: until nothing comes any more.
      const lastMessages = lastMessagesOf(await database.events())
      await Promise.all(agents.map(crew => crew.ended(lastMessages, withinMs)))
      for (let n = 0; n < 12; n++) {
        const before = JSON.stringify(await database.heads())
        const isThere = await world.converge(withinMs)
        await Promise.all([...clients.map(crew => crew.ended()), tabs?.end()])
        await pause(1_000)
        if (isThere === null || JSON.stringify(await database.heads()) === before) return
      }
    },
    async stop() {
      await tabs?.stop()
      await Promise.all([...clients, ...agents].map(crew => crew.kill()))
      for (const node of nodes) {
        node.signal('SIGCONT')
        await node.kill()
        for (const line of Object.values(node.backLines)) await line.close()
      }
      broker?.resume()
      await broker?.close()
      await postgres?.close()
      for (const line of lines.values()) await line.close()
      await site?.close()
    },
  }
  return world
}

/** What the run's history says of a fault. */
export function noteFault(record: Record, name: string, isOn: boolean, touches: readonly string[]): void {
  record({ kind: 'fault', name, isOn, touches } satisfies Line)
}

function createNode(parts: {
  readonly name: string
  readonly bundle: string
  readonly logs: string
  readonly backLines: ServerNode['backLines']
  readonly config: ServerConfig
}): ServerNode {
  const { name, config, backLines } = parts
  const logFile = join(parts.logs, `${name}.log`)
  let child: ChildProcess | null = null
  let last: { exit: Promise<{ code: number | null; signal: string | null }> } | null = null

  const startOnce = (extra: { readonly hasNewEpoch?: boolean }) =>
    new Promise<boolean>(resolve => {
      const log = openSync(logFile, 'a')
      const started = fork(parts.bundle, [JSON.stringify({ ...config, ...extra })], {
        stdio: ['ignore', log, log, 'ipc'],
        execArgv: ['--enable-source-maps'],
      })
      child = started
      last = {
        exit: new Promise(done =>
          started.once('exit', (code, signal) => {
            if (child === started) child = null
            resolve(false)
            done({ code, signal })
          }),
        ),
      }
      started.on('message', (word: ServerWord) => {
        if (word.word === 'listening') resolve(true)
      })
    })

  return {
    name,
    port: config.port,
    backLines,
    get pid() {
      return child?.pid ?? null
    },
    async start(extra = {}) {
      const until = Date.now() + START_WITHIN_MS
      while (Date.now() < until) {
        if (await startOnce(extra)) return
        await pause(300)
      }
      throw new Error(`${name} does not start; see ${logFile}`)
    },
    async kill() {
      const exit = last?.exit
      child?.kill('SIGKILL')
      if (child) await exit
    },
    async terminate() {
      const dying = child
      if (!dying) return null
      const exit = last?.exit
      dying.kill('SIGTERM')
      const limit = setTimeout(() => dying.kill('SIGKILL'), 20_000)
      const { code } = (await exit) ?? { code: null }
      clearTimeout(limit)
      return code
    },
    signal(which) {
      child?.kill(which)
    },
    arm(trap, holding = '') {
      child?.send({ arm: trap, holding } satisfies ServerOrder)
    },
    async ended(withinMs) {
      const exit = last?.exit
      if (!exit) return null
      const limit = pause(withinMs).then(() => null)
      return (await Promise.race([exit, limit]))?.signal ?? null
    },
    log: () => readFileSync(logFile, 'utf8'),
  }
}

function createCrew<Order extends { readonly order: string }, Word extends { readonly word: string }>(parts: {
  readonly bundle: string
  readonly logs: string
  readonly store: string
  config(life: number): { readonly name: string }
}) {
  const { name } = parts.config(0)
  let child: ChildProcess | null = null
  let life = 0
  let asks = 0
  const listeners = new Set<(word: Word) => void>()
  const heard = <Found extends Word>(isIt: (word: Word) => word is Found, withinMs: number) =>
    new Promise<Found | null>(resolve => {
      const speaker = child
      const end = (found: Found | null) => {
        listeners.delete(listen)
        clearTimeout(timer)
        speaker?.off('exit', fallSilent)
        resolve(found)
      }
      // Who is killed says nothing any more: waiting on would hold up the faults that come after.
      const fallSilent = () => end(null)
      speaker?.once('exit', fallSilent)
      const listen = (word: Word) => {
        if (isIt(word)) end(word)
      }
      const timer = setTimeout(() => end(null), withinMs)
      listeners.add(listen)
    })
  const tell = (order: Order | { readonly order: 'status'; readonly ask: number }) => {
    if (child?.connected) child.send(order, () => {})
  }
  return {
    name,
    get pid() {
      return child?.pid ?? null
    },
    get life() {
      return life
    },
    async start() {
      life++
      const log = openSync(join(parts.logs, `${name}.log`), 'a')
      const started = fork(parts.bundle, [JSON.stringify(parts.config(life))], {
        stdio: ['ignore', log, log, 'ipc'],
        execArgv: ['--enable-source-maps'],
        env: { ...process.env, ASKLET_TORTURE_STORE: parts.store },
      })
      child = started
      started.once('exit', () => {
        if (child === started) child = null
      })
      started.on('message', (word: Word) => {
        for (const listen of [...listeners]) listen(word)
      })
      await heard((word): word is Word => word.word === 'ready', START_WITHIN_MS)
    },
    async kill() {
      const dying = child
      if (!dying) return
      const gone = new Promise(done => dying.once('exit', done))
      dying.kill('SIGKILL')
      await gone
    },
    tell,
    heard,
    async ask<Found extends Word>(isIt: (word: Word, ask: number) => word is Found): Promise<Found | null> {
      if (!child) return null
      const ask = ++asks
      const answer = heard((word): word is Found => isIt(word, ask), ANSWER_WITHIN_MS)
      tell({ order: 'status', ask })
      return answer
    },
  }
}

function createClientCrew(parts: {
  readonly bundle: string
  readonly logs: string
  readonly store: string
  readonly visitors: readonly string[]
  config(life: number): ClientConfig
}) {
  const crew = createCrew<ClientOrder, ClientWord>(parts)
  type Said = Extract<ClientWord, { word: 'said' }>
  type Told = Extract<ClientWord, { word: 'status' }>
  return Object.assign(crew, {
    visitors: parts.visitors,
    async statuses(): Promise<readonly Status[]> {
      const told = await crew.ask<Told>(
        (word, ask): word is Told => word.word === 'status' && word.ask === ask,
      )
      return told?.statuses ?? []
    },
    async burst(visitor: number, count: number, length = 0): Promise<readonly string[]> {
      if (crew.pid === null) return []
      const said = crew.heard((word): word is Said => word.word === 'said', 60_000)
      crew.tell({ order: 'burst', visitor, count, length })
      return (await said)?.texts ?? []
    },
    async ended(): Promise<void> {
      const ended = crew.heard((word): word is ClientWord => word.word === 'ended', ANSWER_WITHIN_MS)
      crew.tell({ order: 'end' })
      await ended
    },
  })
}

function createAgentCrew(parts: {
  readonly bundle: string
  readonly logs: string
  readonly store: string
  config(life: number): AgentConfig
}) {
  const crew = createCrew<AgentOrder, AgentWord>(parts)
  type Said = Extract<AgentWord, { word: 'said' }>
  type Told = Extract<AgentWord, { word: 'status' }>
  return Object.assign(crew, {
    async statuses(): Promise<readonly AgentStatus[]> {
      const told = await crew.ask<Told>(
        (word, ask): word is Told => word.word === 'status' && word.ask === ask,
      )
      return told?.statuses ?? []
    },
    async say(agent: number, conversation: string, count: number): Promise<readonly string[]> {
      const said = crew.heard((word): word is Said => word.word === 'said', 10_000)
      crew.tell({ order: 'say', agent, conversation, count })
      return (await said)?.texts ?? []
    },
    async ended(lastMessages: Readonly<globalThis.Record<string, number>>, withinMs: number): Promise<void> {
      const ended = crew.heard((word): word is AgentWord => word.word === 'ended', 60_000)
      crew.tell({ order: 'end', lastMessages, withinMs })
      await ended
    },
  })
}

function throughLine(url = '', line: FaultProxy | undefined): string {
  const changed = new URL(url)
  changed.port = String(line?.port)
  return changed.href
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}
