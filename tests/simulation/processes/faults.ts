// The faults of the delivery contract, each by name: what it does to the world, and how often it really happened.
// An injection that changed nothing returns 0 and is not counted.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FaultProxy, Hit, Weather } from '../../support/faultProxy'
import type { Tab } from './browser'
import { backUpSqlite, ofSqlite } from './stored'
import { pause, type ServerNode, type World } from './world'

/** Faults of one lane do not overlap; those of different lanes do. */
export type Lane = 'server' | 'line' | 'client'

export interface Fault {
  readonly name: string
  readonly lane: Lane
  /** Null: can be made here. Else why not. */
  missing?(world: World): string | null
  /** Lines whose screens feel it; default all. */
  touches?(world: World): readonly string[]
  /** Lasts about `ms`; resolves to how often it bit. */
  run(world: World, ms: number, lines: readonly FaultProxy[]): Promise<number>
}

const between = (world: World, least: number, most: number) =>
  Math.round(least + world.random() * (most - least))
const pick = <Item>(world: World, list: readonly Item[]): Item | undefined =>
  list[Math.floor(world.random() * list.length)]
const onFile = (world: World) => (world.file === null ? 'the store is Postgres' : null)
const onPostgres = (world: World) => (world.postgres ? null : 'for several nodes: --nodes 3')
const anyNode = (world: World): ServerNode => pick(world, world.nodes) as ServerNode

/** In a run of one minute no fault lasts for so long: there, one that outlasts a ping time would be the whole run. */
const LONG_RUN_MS = 4_000

// ---- the server's process

const serverKill: Fault = {
  name: 'server-kill',
  lane: 'server',
  async run(world, ms) {
    const node = anyNode(world)
    await pause(world.random() * ms * 0.3)
    const wasThere = node.pid !== null
    await node.kill()
    await pause(world.random() * ms * 0.5)
    await node.start()
    return wasThere ? 1 : 0
  },
}

/** At the exact place around a commit: see `breakableDriver`. */
function killedAt(trap: 'before' | 'inside' | 'after'): Fault {
  return {
    name: `server-kill-${trap}-commit`,
    lane: 'server',
    async run(world, ms) {
      const node = anyNode(world)
      node.arm(trap)
      const signal = await node.ended(Math.max(ms, 3_000))
      if (signal === null) await node.kill()
      await pause(world.random() * ms * 0.3)
      await node.start()
      return signal === 'SIGKILL' ? 1 : 0
    },
  }
}

const serverRestart: Fault = {
  name: 'server-restart',
  lane: 'server',
  async run(world) {
    const node = anyNode(world)
    const code = await node.terminate()
    await node.start()
    return code === 0 ? 1 : 0
  },
}

const serverPause: Fault = {
  name: 'server-pause',
  lane: 'server',
  async run(world, ms) {
    const node = anyNode(world)
    node.signal('SIGSTOP')
    // In a long run, up to a minute: then the clients have given up on it.
    const forMs = ms > LONG_RUN_MS && world.random() < 0.2 ? Math.min(60_000, ms * 10) : ms
    await pause(20)
    const isStopped = node.pid !== null && /\) T /.test(readFileSync(`/proc/${node.pid}/stat`, 'utf8'))
    await pause(forMs)
    node.signal('SIGCONT')
    return isStopped ? 1 : 0
  },
}

// ---- storage

const commitFails: Fault = {
  name: 'commit-fails',
  lane: 'server',
  missing: onFile,
  async run(world, ms) {
    const before = refusedBy(world, 'by the trap')
    for (let n = 0; n < 3; n++) {
      anyNode(world).arm('refused')
      await pause(ms / 3)
    }
    return refusedBy(world, 'by the trap') - before
  },
}

/** Runs `text` in a process of its own that has the database open, and holds on for `ms`. */
const HOLD_LOCK = `
const [file, ms, libsql] = process.argv.slice(1)
const database = new (require(libsql))(file)
database.exec('pragma busy_timeout = 5000')
database.exec('begin immediate')
console.log('locked')
setTimeout(() => { database.exec('rollback'); process.exit(0) }, Number(ms))
`

const databaseLocked: Fault = {
  name: 'database-locked',
  lane: 'server',
  missing: onFile,
  async run(world, ms) {
    const { createRequire } = await import('node:module')
    const libsql = createRequire(join(process.cwd(), 'package.json')).resolve('libsql')
    const before = refusedBy(world, 'locked')
    // The store waits 5 s for a lock: a shorter one would be a delay and nothing else.
    const child = spawn(
      process.execPath,
      ['-e', HOLD_LOCK, world.file ?? '', String(Math.max(ms, 7_000)), libsql],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
    await new Promise(done => child.once('exit', done))
    await pause(200)
    return refusedBy(world, 'locked') - before
  },
}

/** Somebody puts yesterday's backup in the place of the database, as the handbook says: with a new epoch. */
const backupRestored: Fault = {
  name: 'backup-restored',
  lane: 'server',
  missing: onFile,
  async run(world, ms) {
    const { file } = world
    if (file === null) return 0
    const node = anyNode(world)
    const backup = join(world.folder, `backup-${Date.now()}.db`)
    // Yesterday's holds the conversations of today's visitors; one that it does not hold is gone with its words.
    for (let n = 0; n < 40; n++) {
      const heads = await world.heads()
      const all = await world.statuses()
      if (all.length > 0 && all.every(({ conversation }) => (heads[conversation ?? ''] ?? 0) > 0)) break
      await pause(250)
    }
    backUpSqlite(file, backup)
    await pause(ms)
    await node.kill()
    const lost = await world.stored()
    const heads = await ofSqlite(backup).heads()
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
    renameSync(backup, file)
    const gone = lost.filter(({ conversationId, seq }) => seq > (heads[conversationId] ?? 0))
    const texts = gone.flatMap(({ body }) => (body.type === 'message' ? [body.text] : []))
    world.record({ kind: 'restored', heads, texts })
    await node.start({ hasNewEpoch: true })
    return texts.length
  },
}

/** Lines of the nodes' logs that tell of a store that did not take something, for this reason. */
function refusedBy(world: World, reason: string): number {
  return world.nodes.reduce(
    (sum, node) =>
      sum +
      node
        .log()
        .split('\n')
        .filter(line => line.includes('did not take it') && line.includes(reason)).length,
    0,
  )
}

/** System calls of a node fail with `error`, by strace's injection; counts those that did. */
function failing(name: string, calls: string, error: string): Fault {
  return {
    name,
    lane: 'server',
    missing: world =>
      onFile(world) ?? (hasStrace() ? null : 'strace is not installed, or may not trace here'),
    async run(world, ms) {
      const { pid } = anyNode(world)
      if (pid === null) return 0
      const out = join(world.folder, `${name}-${Date.now()}.trace`)
      const child = spawn(
        'strace',
        [
          '-f',
          '-q',
          '-p',
          String(pid),
          '-o',
          out,
          '-e',
          `trace=${calls}`,
          '-e',
          `inject=${calls}:error=${error}`,
        ],
        { stdio: 'ignore' },
      )
      const gone = new Promise(done => child.once('exit', done))
      await pause(Math.max(1_200, ms))
      child.kill('SIGINT')
      await gone
      const count = existsSync(out) ? readFileSync(out, 'utf8').split('(INJECTED)').length - 1 : 0
      rmSync(out, { force: true })
      return count
    },
  }
}

let straceFound: boolean | undefined
export function hasStrace(): boolean {
  straceFound ??= spawnSync('strace', ['-q', '-o', '/dev/null', 'true']).status === 0
  return straceFound
}

// ---- several nodes

function atBroker(name: string, run: (world: World, ms: number) => Promise<boolean>): Fault {
  return {
    name,
    lane: 'server',
    missing: onPostgres,
    // Pushes come late; nobody's own line is touched.
    touches: () => [],
    run: async (world, ms) => ((await run(world, ms)) ? 1 : 0),
  }
}

const brokerDown = atBroker('broker-down', async ({ broker }, ms) => {
  const answered = broker?.command('ping') === 'PONG'
  await broker?.kill()
  await pause(ms)
  await broker?.restart()
  return answered && broker?.command('ping') === 'PONG'
})

const brokerRestart = atBroker('broker-restart', async ({ broker }) => {
  await broker?.restart()
  return broker?.command('ping') === 'PONG'
})

const brokerPause = atBroker('broker-pause', async ({ broker }, ms) => {
  broker?.pause()
  await pause(ms)
  broker?.resume()
  return broker !== null
})

/** It has no room: what it is told is refused. */
const brokerFull = atBroker('broker-full', async ({ broker }, ms) => {
  const limit = (bytes: string) => broker?.command('config', 'set', 'maxmemory', bytes)
  limit('1')
  const isRefused = broker?.command('set', 'asklet-torture', 'x')?.startsWith('OOM') ?? false
  await pause(ms)
  limit('0')
  return isRefused
})

/** One node is cut off from the others' broker and does not know it. */
const brokerCut = atBroker('broker-cut-off', async (world, ms) => {
  const line = anyNode(world).backLines.broker
  const before = line?.hits.blackholed ?? 0
  line?.set({ blackhole: 'both' })
  await pause(Math.max(2_000, ms))
  line?.set(null)
  return (line?.hits.blackholed ?? 0) > before
})

const postgresTerminated: Fault = {
  name: 'postgres-backends-terminated',
  lane: 'server',
  missing: onPostgres,
  run: async ({ postgres }) => (postgres ? postgres.terminateBackends(postgres.url) : 0),
}

const postgresRestart: Fault = {
  name: 'postgres-restart',
  lane: 'server',
  missing: onPostgres,
  async run({ postgres }, ms) {
    // As in a power cut: what was acknowledged must be in its log.
    await postgres?.stop()
    await pause(ms / 2)
    await postgres?.start()
    return postgres ? 1 : 0
  },
}

const postgresFrozen: Fault = {
  name: 'postgres-pause',
  lane: 'server',
  missing: onPostgres,
  async run({ postgres }, ms) {
    await postgres?.freeze()
    await pause(ms)
    postgres?.thaw()
    return postgres ? 1 : 0
  },
}

/** Between one node and the database, in the middle of what it is doing. */
const postgresCut: Fault = {
  name: 'postgres-cut-off',
  lane: 'server',
  missing: onPostgres,
  async run(world, ms) {
    const line = anyNode(world).backLines.postgres
    const before = line?.hits.blackholed ?? 0
    line?.set({ blackhole: world.random() < 0.5 ? 'down' : 'both' })
    await pause(ms)
    line?.set(null)
    return (line?.hits.blackholed ?? 0) - before
  },
}

// ---- the line

/** Weather on some lines for a while; bites when the counters that belong to it have moved. */
function weather(
  name: string,
  make: (world: World) => Weather,
  counts: readonly Hit[],
  isLong = false,
): Fault {
  const count = (lines: readonly FaultProxy[]) =>
    lines.reduce((sum, { hits }) => sum + counts.reduce((all, hit) => all + hits[hit], 0), 0)
  return {
    name,
    lane: 'line',
    async run(world, ms, lines) {
      const before = count(lines)
      for (const line of lines) line.set(make(world))
      // In a long run, until the ping time has passed.
      await pause(isLong && ms > LONG_RUN_MS && world.random() < 0.3 ? 50_000 : ms)
      for (const line of lines) line.set(null)
      return count(lines) - before
    },
  }
}

const reset: Fault = {
  name: 'reset',
  lane: 'line',
  async run(_world, ms, lines) {
    let count = 0
    for (let n = 0; n < 3; n++) {
      for (const line of lines) count += line.reset()
      await pause(ms / 3)
    }
    return count
  },
}

const offline: Fault = {
  name: 'offline',
  lane: 'line',
  async run(world, ms, lines) {
    for (const line of lines) {
      line.set({ refuses: true })
      line.reset()
    }
    // Whoever is cut off, one after the other until one has said all: another fault may just have killed the first.
    const cut = world.clients.filter(({ name }) => lines.some(line => line === world.lines.get(name)))
    let hasBitten = false
    while (!hasBitten && cut.length > 0) {
      const [crew] = cut.splice(Math.floor(world.random() * cut.length), 1)
      const said = (await crew?.burst(between(world, 0, crew.visitors.length - 1), 50)) ?? []
      hasBitten = said.filter(text => text !== '').length === 50
    }
    await pause(ms)
    for (const line of lines) line.set(null)
    return hasBitten ? 1 : 0
  },
}

// ---- clients

const clientKill: Fault = {
  name: 'client-kill',
  lane: 'client',
  touches: () => [],
  async run(world, ms) {
    const crew = pick(world, [...world.clients, ...world.agents])
    const wasThere = crew !== undefined && crew.pid !== null
    await crew?.kill()
    await pause(world.random() * ms * 0.3)
    await crew?.start()
    return wasThere ? 1 : 0
  },
}

const clockOff: Fault = {
  name: 'clock-off',
  lane: 'client',
  touches: () => [],
  async run(world, ms) {
    const crew = pick(world, world.clients)
    if (!crew) return 0
    const visitor = between(world, 0, crew.visitors.length - 1)
    const day = 24 * 60 * 60_000
    crew.tell({ order: 'clock', visitor, offMs: world.random() < 0.5 ? day : -day })
    const said = await crew.burst(visitor, 3)
    await pause(ms)
    crew.tell({ order: 'clock', visitor, offMs: 0 })
    return said.length
  },
}

const flood: Fault = {
  name: 'flood',
  lane: 'client',
  touches: () => [],
  async run(world, ms) {
    const crew = pick(world, world.clients)
    if (!crew) return 0
    // Over the burst that the server lets through: the rest has to wait its turn.
    const said = await crew.burst(between(world, 0, crew.visitors.length - 1), 260)
    await pause(ms)
    return said.length === 260 ? 1 : 0
  },
}

const noBrowser = (world: World) => (world.tabs ? null : 'this run has no browser')

function inTab(name: string, run: (world: World, ms: number) => Promise<boolean>): Fault {
  return {
    name,
    lane: 'client',
    missing: noBrowser,
    touches: () => [],
    run: async (world, ms) => ((await run(world, ms)) ? 1 : 0),
  }
}

const browserKill = inTab('browser-kill', async ({ tabs }) => {
  if (!tabs) return false
  await tabs.kill()
  await tabs.start()
  return true
})

const tabCrash = inTab('tab-crash', async world => {
  const tab = pick(world, world.tabs?.tabs ?? [])
  return tab ? (world.tabs?.crash(tab) ?? false) : false
})

/** The answer is kept back, so that the page goes between save and ack for certain. */
const tabReload = inTab('tab-reload', async world => {
  const { tabs } = world
  const line = world.lines.get('browser')
  const tab = pick(world, tabs?.tabs ?? [])
  if (!tabs || !tab || !line) return false
  const before = line.hits.lostAck
  line.set({ loseAcks: 1 })
  const text = await tabs.say(tab)
  await pause(150)
  await tabs.reload(tab)
  line.set(null)
  return text !== null && line.hits.lostAck > before
})

const tabFreeze = inTab(
  'tab-freeze',
  async (world, ms) => ((await world.tabs?.freeze(ms, world.random())) ?? 0) > 0,
)

/** A tab that has a sibling is thrown out of the cache by the first word between them: taken now and then, too. */
const tabAway = inTab('tab-bfcache', async (world, ms) => {
  const all = world.tabs?.tabs ?? []
  const alone = all.filter(tab => all.every(other => other === tab || other.visitor !== tab.visitor))
  const tab = pick(world, world.random() < 0.2 ? all : alone)
  return tab ? (world.tabs?.away(tab, Math.min(ms, 3_000)) ?? false) : false
})

/** The oldest tab of a visitor leads: it goes, and another one takes over. */
const leaderKill = inTab('leader-kill', async ({ tabs }) => {
  const all = tabs?.tabs ?? []
  const siblingOf = (leader: Tab | undefined) =>
    all.find(tab => tab !== leader && tab.visitor === leader?.visitor)
  // Of a visitor with two tabs: one that was opened anew is the last, and the first may be alone.
  const leader = all.find(siblingOf)
  const other = siblingOf(leader)
  if (!tabs || !leader || !other) return false
  const wasThere = await tabs.close(leader)
  const text = await tabs.say(other)
  await tabs.open(leader.visitor, leader.sender)
  return wasThere && text !== null
})

const tenTabs = inTab('ten-tabs', async (world, ms) => {
  const { tabs } = world
  const [first] = tabs?.tabs ?? []
  if (!tabs || !first) return false
  const own = () => tabs.tabs.filter(tab => tab.visitor === first.visitor)
  const before = own().length
  while (own().length < 10) await tabs.openNew(first.visitor)
  const isTen = own().length === 10
  await tabs.close(own()[0] ?? first)
  await pause(ms)
  while (own().length > before) await tabs.close(own()[own().length - 1] ?? first)
  return isTen
})

export const FAULTS: readonly Fault[] = [
  serverKill,
  killedAt('before'),
  killedAt('inside'),
  killedAt('after'),
  serverRestart,
  serverPause,
  commitFails,
  databaseLocked,
  failing('disk-full', 'pwrite64', 'ENOSPC'),
  failing('disk-read-only', 'pwrite64', 'EROFS'),
  failing('fsync-fails', 'fsync,fdatasync', 'EIO'),
  backupRestored,
  brokerDown,
  brokerRestart,
  brokerPause,
  brokerFull,
  brokerCut,
  postgresTerminated,
  postgresRestart,
  postgresFrozen,
  postgresCut,

  reset,
  weather('half-open-up', () => ({ blackhole: 'up' }), ['blackholed'], true),
  weather('half-open-down', () => ({ blackhole: 'down' }), ['blackholed'], true),
  weather('half-open-both', () => ({ blackhole: 'both' }), ['blackholed'], true),
  weather('lost-acks', () => ({ loseAcks: 1 }), ['lostAck']),
  weather('lost-sends', () => ({ loseSends: 1 }), ['lostSend']),
  weather('latency', () => ({ delayMs: [0, 300] }), ['delayed']),
  weather('slow-line', () => ({ bytesPerSecond: 8_192 }), ['throttled']),
  weather('slices', () => ({ sliceBytes: 7 }), ['sliced']),
  offline,
  weather('doubled-sends', () => ({ doubleSends: 0.5 }), ['doubledSend']),
  weather('doubled-pushes', () => ({ doublePushes: 0.5 }), ['doubledPush']),
  weather('reordered-pushes', () => ({ reorderPushes: 0.5 }), ['reorderedPush']),
  weather('lost-pushes', world => ({ losePushes: 0.03 + world.random() * 0.47 }), ['lostPush']),

  clientKill,
  clockOff,
  flood,
  browserKill,
  tabCrash,
  tabReload,
  tabFreeze,
  tabAway,
  leaderKill,
  tenTabs,
]
