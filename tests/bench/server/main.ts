// `npm run bench:server`: what the help desk costs beside a plain Socket.IO server that does the same work.
//
//   core 0   the server under measurement: floor, ours, floor, ours …, a fresh process each
//   core 1   all clients, in one process: visitors with a conversation each, agents who hear a share of them
//
// Every round takes all figures from one process, in the order in which they disturb each other least: memory
// (nothing joined, then joined), throughput (as much as one core gives), latency (at a fixed rate). Ratios are
// of medians over the rounds. The herd is the help desk's alone: it is stopped and started again under all its
// clients, which come back by the policy of the real transport.
//
//   --connections <n>   visitors (5 000)      --rounds <n>   (3)
//   --quick             1 000 visitors, one short round: a smoke test, no measurement
//   --profile <folder>  a CPU profile of each server under load, and its costliest functions
//   --only <part>       memory, throughput, latency or herd

import { execSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { costliest } from '../profile'
import { type Child, canPin, killAll, pause, startChild } from './child'
import type { Latencies, Returned, Setting, Thread } from './clients'
import type { Memory } from './measured'

type Side = 'floor' | 'ours'
type Part = 'memory' | 'throughput' | 'latency' | 'herd'

interface Round {
  readonly side: Side
  readonly idleBytes?: number
  readonly joinedBytes?: number
  readonly joinedHeap?: number
  /** Messages a CPU-second of the server, and a second. */
  readonly perCpuSecond?: number
  readonly perSecond?: number
  readonly serverBusy?: number
  readonly clientsBusy?: number
  readonly latencies?: Latencies
  /** Share of the server's core that the fixed rate took. */
  readonly steadyBusy?: number
  /** Cores that neither server nor clients used, and somebody did, while latency was taken. */
  readonly othersBusy?: number
}

const SERVER_CORE = 0
const CLIENT_CORE = 1
const AGENT_SHARE = 50
const IN_FLIGHT = 256
const PER_SECOND = 1_000
/** Cores. Beyond this a turn of ours waits for somebody else's, and both sides' slowest messages are theirs. */
const QUIET_BELOW = 0.15
const WARM_UP_AT_MOST_MS = 10_000
/** Whatever happens, it ends, and its children with it. Milliseconds. */
const AT_MOST_MS = { full: 8 * 60_000, quick: 90_000 }

const { values } = parseArgs({
  options: {
    connections: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    profile: { type: 'string' },
    only: { type: 'string' },
  },
})
const { quick } = values
const visitors = Number(values.connections ?? (quick ? 1_000 : 5_000))
const rounds = Number(values.rounds ?? (quick ? 1 : 3))
const times = quick
  ? { warmUp: 1, warmUpMessages: 5_000, throughput: 3, latency: 5 }
  : { warmUp: 2, warmUpMessages: 25_000, throughput: 6, latency: 21 }
const agents = Math.ceil(visitors / AGENT_SHARE)
const wants = (part: Part) => values.only === undefined || values.only === part

const here = dirname(fileURLToPath(import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'asklet-bench-server-'))
const pinned = canPin()
const core = (number: number) => (pinned ? number : null)

const startServer = (side: Side) => startChild(join(here, `${side}.mjs`), core(SERVER_CORE), ['--expose-gc'])
const startClients = () => startChild(join(here, 'clients.mjs'), core(CLIENT_CORE))

function settingOf(side: Side, port: number, threads: readonly Thread[]): Setting {
  return { port, visitors, agents, agentNamespace: side === 'ours' ? '/asklet-desk' : '/asklet', threads }
}

/** Opens the conversations once, through the front door; every round of ours begins with a copy of that file. */
async function openThreads(file: string): Promise<Thread[]> {
  const [server, clients] = [startServer('ours'), startClients()]
  const port = await server.ask<number>('start', { file, port: 0 })
  await clients.ask('setUp', settingOf('ours', port, []))
  await clients.ask('connectAgents')
  await clients.ask('connectVisitors')
  const threads = await clients.ask<Thread[]>('openThreads')
  await leave(clients, server)
  return threads
}

/** The clients first: what they would say of a server that goes is no fault. */
async function leave(clients: Child, server: Child): Promise<void> {
  clients.kill()
  await clients.exited
  await server.ask('stop')
  await server.exited
}

async function runRound(
  side: Side,
  prepared: string,
  threads: readonly Thread[],
  name: string,
): Promise<Round> {
  const file = join(folder, `${name}.db`)
  if (side === 'ours') copyDatabase(prepared, file)
  const [server, clients] = [startServer(side), startClients()]
  const round: { -readonly [Key in keyof Round]: Round[Key] } = { side }
  await clients.ask('setUp', settingOf(side, await server.ask<number>('start', { file, port: 0 }), threads))
  await clients.ask('connectAgents')

  const before = await server.ask<Memory>('memory')
  await clients.ask('connectVisitors')
  const memory = async () => {
    const now = await server.ask<Memory>('memory')
    return { rss: (now.rss - before.rss) / visitors, heap: (now.heap - before.heap) / visitors }
  }
  if (wants('memory')) round.idleBytes = (await memory()).rss
  await clients.ask('joinVisitors')
  if (wants('memory')) {
    const { rss, heap } = await memory()
    round.joinedBytes = rss
    round.joinedHeap = heap
  }
  await clients.ask('joinAgents')

  if (wants('throughput')) {
    await clients.ask('saturate', { inFlight: IN_FLIGHT })
    await warmedUp(clients)
    if (values.profile) await server.ask('profileStart')
    const first = await counters(server, clients)
    await pause(times.throughput * 1_000)
    const last = await counters(server, clients)
    if (values.profile) await showProfile(server, side, last.done - first.done)
    await clients.ask('settle')
    const messages = last.done - first.done
    round.perCpuSecond = messages / ((last.server - first.server) / 1e6)
    round.perSecond = messages / (last.at - first.at)
    round.serverBusy = (last.server - first.server) / 1e6 / (last.at - first.at)
    round.clientsBusy = (last.clients - first.clients) / 1e6 / (last.at - first.at)
  }
  if (wants('latency')) {
    const first = await counters(server, clients)
    round.latencies = await clients.ask<Latencies>('steady', {
      perSecond: PER_SECOND,
      seconds: times.latency,
      warmUpSeconds: times.warmUp,
    })
    const last = await counters(server, clients)
    const passed = last.at - first.at
    round.steadyBusy = (last.server - first.server) / 1e6 / passed
    const own = last.server - first.server + last.clients - first.clients
    round.othersBusy = Math.max(0, (last.machine - first.machine - own) / 1e6 / passed)
  }
  await noFaults(clients)
  await leave(clients, server)
  removeDatabase(file)
  return round
}

/** By messages, not by time: on a busy machine the compiler gets round to the hot code late. */
async function warmedUp(clients: Child): Promise<void> {
  for (let waited = 0; waited < WARM_UP_AT_MOST_MS; waited += 100) {
    if ((await clients.ask<number>('done')) >= times.warmUpMessages) return
    await pause(100)
  }
}

async function showProfile(server: Child, name: string, count: number): Promise<void> {
  const file = join(values.profile ?? folder, `${name}.cpuprofile`)
  await server.ask('profileStop', file)
  console.log(costliest(file, count))
}

async function counters(server: Child, clients: Child) {
  const [serverCpu, clientsCpu, done] = await Promise.all([
    server.ask<number>('cpu'),
    clients.ask<number>('cpu'),
    clients.ask<number>('done'),
  ])
  return {
    server: serverCpu,
    clients: clientsCpu,
    done,
    machine: machineCpu(),
    at: performance.now() / 1_000,
  }
}

/** CPU microseconds of the whole machine so far. */
function machineCpu(): number {
  const busy = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq)
  return busy.reduce((sum, one) => sum + one, 0) * 1_000
}

/** Figures of a run in which something was lost, refused or out of order say nothing. */
async function noFaults(clients: Child): Promise<void> {
  const faults = Object.entries(await clients.ask<Record<string, number>>('faults'))
  if (faults.length > 0) throw new Error(faults.map(([what, count]) => `${what} (${count})`).join(', '))
}

async function runHerd(prepared: string, threads: readonly Thread[]): Promise<Returned> {
  const file = join(folder, 'herd.db')
  copyDatabase(prepared, file)
  const [server, clients] = [startServer('ours'), startClients()]
  const port = await server.ask<number>('start', { file, port: 0 })
  await clients.ask('setUp', settingOf('ours', port, threads))
  for (const step of ['connectAgents', 'connectVisitors', 'joinVisitors', 'joinAgents'])
    await clients.ask(step)
  await clients.ask('expectRestart')
  await server.ask('stop')
  await server.exited
  const restarted = startServer('ours')
  await restarted.ask('start', { file, port })
  if (values.profile) await restarted.ask('profileStart')
  const returned = await clients.ask<Returned>('back')
  if (values.profile) await showProfile(restarted, 'herd', visitors)
  await noFaults(clients)
  await leave(clients, restarted)
  return returned
}

const PARTS_OF_A_DATABASE = ['', '-wal', '-shm']

function copyDatabase(from: string, to: string): void {
  for (const part of PARTS_OF_A_DATABASE) if (existsSync(from + part)) copyFileSync(from + part, to + part)
}

function removeDatabase(file: string): void {
  for (const part of PARTS_OF_A_DATABASE) rmSync(file + part, { force: true })
}

// ---- the report

function print({ side, ...figures }: Round): void {
  const short = (value: unknown): unknown => {
    if (typeof value === 'number') return value > 100 ? Math.round(value) : Number(value.toFixed(2))
    return Object.entries(value as object)
      .map(([name, each]) => `${name} ${short(each)}`)
      .join(', ')
  }
  console.log(`${side}: ${short(figures)}`)
}

function median(numbers: readonly (number | undefined)[]): number {
  const sorted = numbers.filter(number => number !== undefined).sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}

const digits = (number: number, places: number) => number.toFixed(places)
const line = (name: string, value: string) => console.log(`${name}: ${value}`)

function report(all: readonly Round[], herd: Returned | null): void {
  const of = (side: Side, read: (round: Round) => number | undefined) =>
    median(all.filter(round => round.side === side).map(read))
  const both = (name: string, places: number, read: (round: Round) => number | undefined) => {
    for (const side of ['floor', 'ours'] as const) line(`${side}-${name}`, digits(of(side, read), places))
  }
  if (wants('throughput')) {
    both('messages-per-cpu-second', 0, round => round.perCpuSecond)
    both('messages-per-second', 0, round => round.perSecond)
    both('server-busy', 2, round => round.serverBusy)
    both('clients-busy', 2, round => round.clientsBusy)
  }
  if (wants('latency')) {
    both('p50-ms', 2, round => round.latencies?.p50)
    both('p99-ms', 2, round => round.latencies?.p99)
    both('p999-ms', 2, round => round.latencies?.p999)
    both('max-ms', 2, round => round.latencies?.max)
    both('busy-at-1000', 2, round => round.steadyBusy)
    both('others-busy', 2, round => round.othersBusy)
    const others = Math.max(...(['floor', 'ours'] as const).map(side => of(side, round => round.othersBusy)))
    if (others > QUIET_BELOW)
      console.log(
        'Others used this machine meanwhile: latencies and their ratio say little. Repeat it on a quiet one.',
      )
  }
  if (wants('memory')) {
    both('rss-per-idle-connection', 0, round => round.idleBytes)
    both('rss-per-joined-connection', 0, round => round.joinedBytes)
    both('heap-per-joined-connection', 0, round => round.joinedHeap)
  }
  if (herd) line('herd-median-seconds', digits(herd.median, 2))

  const ratio = (read: (round: Round) => number | undefined) => of('ours', read) / of('floor', read)
  if (wants('throughput'))
    line(
      'throughput-ratio',
      digits(
        ratio(round => round.perCpuSecond),
        2,
      ),
    )
  if (wants('latency'))
    line(
      'p99-ratio',
      digits(
        ratio(round => round.latencies?.p99),
        2,
      ),
    )
  if (wants('memory'))
    line(
      'rss-per-connection',
      digits(
        Math.max(
          of('ours', round => round.idleBytes),
          of('ours', round => round.joinedBytes),
        ),
        0,
      ),
    )
  if (herd) line('herd-seconds', digits(herd.last, 2))
}

function checkMachine(): void {
  const limit = execSync('ulimit -n', { encoding: 'utf8' }).trim()
  const needed = visitors + agents + 200
  if (limit !== 'unlimited' && Number(limit) < needed)
    throw new Error(
      `${visitors} connections need ${needed} open files a process, this shell allows ${limit}. Run "ulimit -n ${needed}" first, or ask for fewer with --connections.`,
    )
  if (!pinned) console.log('No taskset here: server and clients share the cores, and the figures say little.')
}

const giveUp = setTimeout(
  () => {
    console.error('The bench did not end in time and was stopped.')
    process.exit(1)
  },
  AT_MOST_MS[quick ? 'quick' : 'full'],
)

try {
  checkMachine()
  const prepared = join(folder, 'prepared.db')
  const threads = await openThreads(prepared)
  const all: Round[] = []
  if (values.only !== 'herd')
    for (let n = 0; n < rounds; n++)
      for (const side of ['floor', 'ours'] as const) {
        const round = await runRound(side, prepared, threads, `${side}-${n}`)
        print(round)
        all.push(round)
      }
  report(all, wants('herd') ? await runHerd(prepared, threads) : null)
} finally {
  clearTimeout(giveUp)
  killAll()
  rmSync(folder, { recursive: true, force: true })
}
