// What a shared Postgres takes from each message and each connection: the figures of "From one machine to many" in
// src/README.md. Three stores with pools of their own, as three nodes have them, on one throw-away Postgres.
//
// npm run bench scale

import { readdirSync, readFileSync } from 'node:fs'
import { Client } from 'pg'
import { MAX_DESK_ROWS } from '../../src/protocol/limits'
import type { HelpDeskStore } from '../../src/server/store/helpDeskStore'
import { openPostgresStore } from '../../src/server/store/openPostgresStore'
import { emptyBrief } from '../../src/testing/emptyBrief'
import { startPostgres } from '../support/postgres'

const NODES = 3
const CONVERSATIONS = 3_000
const SECONDS = 8
/** Visitors of one node who wait for an answer at the same moment. */
const IN_FLIGHT = 100
const CONNECTED = 5_000
const TEXT = 'Where is my invoice of last month? I cannot find it under Payments. '.repeat(3)

const print = (name: string, value: number) => console.log(`${name}: ${Number(value.toFixed(3))}`)

/** User and system time of the database's processes, ms. */
function databaseCpu(): number {
  let ticks = 0
  for (const pid of readdirSync('/proc').filter(entry => /^\d+$/.test(entry)))
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const [, program = '', rest = ''] = /\((.*)\) (.*)/s.exec(stat) ?? []
      const fields = rest.split(' ')
      // Own time, and that of backends that have ended.
      if (program === 'postgres') ticks += Number(fields[11]) + Number(fields[12])
    } catch {}
  return ticks * 10
}

async function timed(run: () => Promise<unknown>) {
  const [cpu, theirs, started] = [process.cpuUsage(), databaseCpu(), performance.now()]
  await run()
  const used = process.cpuUsage(cpu)
  return {
    ms: performance.now() - started,
    cpuMs: (used.user + used.system) / 1_000,
    databaseMs: databaseCpu() - theirs,
  }
}

const postgres = await startPostgres()
const database = await postgres.createDatabase()
const stores: HelpDeskStore[] = []
for (let node = 0; node < NODES; node++) stores.push(await openPostgresStore({ url: database }))
const [first] = stores as [HelpDeskStore]

const ids: string[] = []
await Promise.all(
  Array.from({ length: CONVERSATIONS }, async (_, n) => {
    const { row } = await (stores[n % NODES] ?? first).open({
      identities: [`anon:visitor-${n}`],
      openId: 'open-0001',
      conversationId: `conversation-${String(n).padStart(9, '0')}`,
      at: Date.now(),
      author: { kind: 'visitor' },
      brief: emptyBrief(),
    })
    ids.push(row.conversationId)
  }),
)

let sent = 0
async function talk(store: HelpDeskStore, until: number) {
  const lags: number[] = []
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (performance.now() < until) {
        const started = performance.now()
        const outcome = await store.append({
          conversationId: ids[sent % ids.length] ?? '',
          at: Date.now(),
          drafts: [
            {
              sender: 'visitor',
              clientId: `client-${sent++}`,
              author: { kind: 'visitor' },
              body: { type: 'message', text: TEXT, format: 'plain' },
            },
          ],
          authorise: () => null,
          plan: (_row, draft) => [draft],
        })
        if (!outcome.ok) throw new Error(outcome.code)
        lags.push(performance.now() - started)
      }
    }),
  )
  return lags
}

await Promise.all(stores.map(store => talk(store, performance.now() + 1_000)))
sent = CONVERSATIONS * 1_000
const from = sent
const question = new Client({ connectionString: database })
await question.connect()
const asked = async (text: string) => Number(Object.values((await question.query(text)).rows[0] ?? {})[0])
const syncs = () => asked('select wal_sync from pg_stat_wal')
const syncsBefore = await syncs()
let lags: number[] = []
const appended = await timed(async () => {
  const until = performance.now() + SECONDS * 1_000
  lags = (await Promise.all(stores.map(store => talk(store, until)))).flat().sort((a, b) => a - b)
})
await new Promise(done => setTimeout(done, 1_000))
const messages = sent - from
print('messages-per-second', (messages * 1_000) / appended.ms)
print('node-store-cpu-us-per-message', (appended.cpuMs * 1_000) / messages)
print('database-cpu-us-per-message', (appended.databaseMs * 1_000) / messages)
print('messages-per-fsync', messages / Math.max(1, (await syncs()) - syncsBefore))
print('append-p50-ms', lags[Math.floor(lags.length / 2)] ?? 0)
print('append-p99-ms', lags[Math.floor(lags.length * 0.99)] ?? 0)
const bytes = await asked(
  "select pg_total_relation_size('asklet_events') / (select count(*) from asklet_events)",
)
print('disk-bytes-per-message', bytes)

const some = Array.from({ length: CONNECTED }, (_, n) => ids[n % ids.length] ?? '')
const looks = await timed(async () => {
  for (let n = 0; n < 20; n++) await first.heads(some)
})
print(`heads-of-${CONNECTED}-ms`, looks.ms / 20)
print(`heads-of-${CONNECTED}-database-cpu-ms`, looks.databaseMs / 20)

await Promise.all(
  Array.from({ length: CONNECTED }, (_, n) =>
    first.setPresence({ identity: `anon:visitor-${n}`, node: 'node-1', connected: true, at: Date.now() }),
  ),
)
const beats = await timed(async () => {
  for (let n = 0; n < 10; n++) await first.beat('node-1', Date.now(), 0)
})
print(`beat-of-${CONNECTED}-ms`, beats.ms / 10)
print(`beat-of-${CONNECTED}-database-cpu-ms`, beats.databaseMs / 10)

const LISTED = 500
await Promise.all(
  ids.slice(0, LISTED).map((conversationId, n) =>
    first.append({
      conversationId,
      at: Date.now(),
      drafts: [
        {
          sender: 'visitor',
          clientId: `handoff-${n}`,
          author: { kind: 'visitor' },
          body: { type: 'handoffReady', channel: 'live' },
        },
      ],
      authorise: () => null,
      plan: (_row, draft) => [draft],
    }),
  ),
)
const sweeps = await timed(async () => {
  for (let n = 0; n < 20; n++) {
    await first.queued()
    await first.agentsTalking()
    await first.deskMark(0)
  }
})
print(`sweep-of-${LISTED}-ms`, sweeps.ms / 20)
print(`sweep-of-${LISTED}-node-cpu-ms`, sweeps.cpuMs / 20)
const desks = await timed(async () => {
  for (let n = 0; n < 20; n++)
    await first.deskList({ agentIds: ['agent-ada'], endedSince: 0, atMost: MAX_DESK_ROWS })
})
print(`desk-list-of-${LISTED}-ms`, desks.ms / 20)
print(`desk-list-of-${LISTED}-node-cpu-ms`, desks.cpuMs / 20)

for (const store of stores) await store.close()
await question.end()
await postgres.close()
process.exit(0)
