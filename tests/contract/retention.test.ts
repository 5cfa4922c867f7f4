// A row in every table that the data map names, with something in every column, and a clock that goes past its days:
// what should go is gone, in both databases. Planted as rows, so that nothing is kept by a way of writing it that the
// test forgot. The tables and what becomes of their columns are the map's to say.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Insertable, Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ColumnLine, dataMap, type TableLine } from '../../src/server/dataMap'
import { openedDispute } from '../../src/server/disputeRules'
import {
  DEFAULT_RETENTION,
  RETENTION_KINDS,
  type Retention,
  type RetentionKind,
  startRetention,
} from '../../src/server/retention'
import type { HelpDeskStore } from '../../src/server/store/helpDeskStore'
import { openPostgresStore } from '../../src/server/store/openPostgresStore'
import { openSqlStore, openTables } from '../../src/server/store/openSqlStore'
import type { Tables } from '../../src/server/store/tables'
import { postgresAbsent, startPostgres, type ThrowAwayPostgres } from '../support/postgres'

const DAY = 24 * 60 * 60_000
/** When all of it was planted. */
const THEN = Date.UTC(2026, 0, 5)
/** Of an account; `site-agent` is one whom the site verifies. */
const ACCOUNT = 'account-agent'
const [ENDED, TICKET, THREAD] = ['conversation-ended', 'conversation-ticket', 'conversation-thread']

/** Kept for as long as the database, the account or the setting is: of these nothing goes by its age. */
const STAYS: Readonly<Partial<Record<keyof Tables, string>>> = {
  asklet_agents: 'the account',
  asklet_agent_teams: 'the account',
  asklet_chain_heads: 'that something stood in a chain is never forgotten',
  asklet_roots: 'as above',
  asklet_root_heads: 'as above',
  asklet_root_keys: 'as above',
  asklet_rulefiles: 'rules of the site',
  asklet_canned: 'texts of the site',
  asklet_settings: 'settings of the site',
  asklet_meta: 'the database itself',
  asklet_counters: 'the database itself',
  asklet_migrations: 'the database itself',
}
/** Made by the store when it is opened. */
const THERE = ['asklet_meta', 'asklet_counters', 'asklet_migrations']

const conversation = (id: string, change: Partial<Insertable<Tables['asklet_conversations']>> = {}) => ({
  id,
  opener: `anon:opener-of-${id}`,
  open_id: `open-of-${id}`,
  owner: `user:owner-of-${id}`,
  claimed_from: `anon:device-of-${id}`,
  generation: 0,
  head: 0,
  last_at: THEN,
  phase: 'ended',
  assignment: 1,
  agent_id: ACCOUNT,
  agent_name: 'Ada',
  ticket: null,
  ticket_owner: ACCOUNT,
  contact: '{"email":"ann@example.org"}',
  wait_started: THEN,
  queued_at: THEN,
  joined_at: THEN,
  wait_ms: 5,
  priority: 'high',
  category: 'payments',
  visitor_name: 'Ann',
  role: 'client',
  page_name: 'Checkout',
  question: 'Where is it?',
  locale: 'de',
  ...change,
})
const event = (conversation_id: string, seq: number, type: string, body: object) => ({
  conversation_id,
  seq,
  sender: 'visitor',
  client_id: `client-${seq}-of-${conversation_id}`,
  at: THEN,
  author: '{"kind":"visitor","name":"Ann"}',
  origin: 'device',
  said_at: THEN,
  type,
  body: JSON.stringify({ type, ...body }),
})
const delivery = (id: string, change: Partial<Insertable<Tables['asklet_deliveries']>>) => ({
  id,
  conversation_id: ENDED,
  seq: 2,
  road: 'webhook',
  kind: 'ticket.opened',
  target: 'an-endpoint',
  facts: '{"number":1001}',
  created_at: THEN,
  due_at: THEN,
  state: 'sent',
  attempts: 1,
  lease: null,
  lease_until: null,
  address_key: 'hash-of-an-address',
  done_at: THEN,
  problem: null,
  ...change,
})
const review = (item_id: string, change: Partial<Insertable<Tables['asklet_reviews']>>) => ({
  item_id,
  kind: 'answer',
  stratum: 'answers',
  week: 1,
  at: THEN,
  conversation_id: null,
  seq: null,
  journal_position: null,
  draw: 1,
  chance: 2,
  agent_id: ACCOUNT,
  revision: 1,
  verdict: 'right',
  article: '{"articleId":"a","title":"A"}',
  words: '"Well said."',
  by_id: ACCOUNT,
  by_name: 'Ada',
  judged_at: THEN,
  ...change,
})
const opened = openedDispute(
  {
    disputeId: 'dispute-1',
    number: 1001,
    reference: 'WM-4127',
    at: THEN,
    opener: 0,
    threadId: THREAD,
    sides: [
      { party: 'client', name: 'Ann', conversationId: ENDED, head: 0 },
      { party: 'seller', name: 'Ben', conversationId: TICKET, head: 0 },
    ],
    hostFacts: { amount: '70' },
  },
  { respondWithinMs: DAY, decideWithinMs: DAY },
)
const ticket = JSON.stringify({
  number: 1001,
  category: 'payments',
  priority: 'high',
  status: 'solved',
  contact: { email: 'ann@example.org' },
})

/** A table of the store that is missing here does not compile, and one that the map has and this has not fails below. */
const PLANTED: { readonly [Name in keyof Tables]: readonly Insertable<Tables[Name]>[] } = {
  asklet_conversations: [
    conversation(ENDED),
    conversation(TICKET, { ticket }),
    conversation(THREAD, { ticket, owner: 'dispute:dispute-1' }),
  ],
  asklet_events: [
    event(ENDED, 1, 'message', { text: 'It is not here.', format: 'plain' }),
    event(ENDED, 2, 'contactGiven', { contact: { email: 'ann@example.org' } }),
    event(TICKET, 1, 'message', { text: 'Nor is mine.', format: 'plain' }),
    event(THREAD, 1, 'message', { text: 'What they wrote.', format: 'plain' }),
  ],
  asklet_agents: [{ id: ACCOUNT, name: 'Ada', name_key: 'ada', roles: '["agent"]', password_hash: 'scrypt' }],
  asklet_links: [
    { token_hash: 'hash-of-one', agent_id: ACCOUNT, expires_at: THEN, used_at: null },
    { token_hash: 'hash-of-another', agent_id: ACCOUNT, expires_at: THEN, used_at: THEN },
  ],
  asklet_sessions: [{ token_hash: 'hash-of-a-cookie', agent_id: ACCOUNT, expires_at: THEN }],
  asklet_presence: [{ identity: 'anon:device', node: 'node-1', connected: 0, seen_at: THEN }],
  asklet_journal: [{ id: 'record-1', received_at: THEN, kind: 'answered', record: '{"id":"record-1"}' }],
  asklet_chain: [ENDED, 'visits:2026-01-05'].map((chain, n) => ({
    chain,
    n: 1,
    id: `entry-${n}`,
    at: THEN,
    kind: 'answered',
    origin: 'device',
    seq: 1,
    salt: `salt-${n}`,
    body: `{"kind":"answered","inputs":{"question":"${n}"}}`,
    hash: `hash-${n}`,
    link: `link-${n}`,
  })),
  asklet_chain_heads: [ENDED, 'visits:2026-01-05'].map((chain, n) => ({
    chain,
    n: 1,
    at: THEN,
    link: `link-${n}`,
    sealed_n: 0,
  })),
  asklet_roots: [
    {
      n: 1,
      day: '2026-01-05',
      at: THEN,
      heads: 1,
      root: 'root',
      previous: 'x',
      key: 'key-1',
      signature: 'signed',
    },
  ],
  asklet_root_heads: [{ root_n: 1, chain: ENDED, n: 1, link: 'link-0' }],
  asklet_root_keys: [{ id: 'key-1', public_key: 'public', since: THEN }],
  asklet_rulefiles: [{ hash: 'hash', name: 'hours', content: '{}', at: THEN }],
  asklet_beside: [
    {
      conversation_id: ENDED,
      revision: 1,
      changed_at: THEN,
      page: '{"title":"Checkout"}',
      page_at: THEN,
      team: 'billing',
      contests: '[{"seq":1,"at":1,"about":"answer"}]',
    },
  ],
  asklet_notes: [
    {
      conversation_id: ENDED,
      note_id: 'note-1',
      n: 1,
      at: THEN,
      agent_id: ACCOUNT,
      agent_name: 'Ada',
      text: '"Rude."',
      after_seq: 1,
    },
  ],
  asklet_labels: [{ conversation_id: ENDED, label: 'vip', n: 1 }],
  asklet_canned: [
    {
      id: 'reply-1',
      revision: 1,
      shortcut: 'hi',
      title: 'Hello',
      text: 'Hello',
      agent_id: ACCOUNT,
      agent_name: 'Ada',
      edited_at: THEN,
    },
  ],
  asklet_settings: [{ name: 'hours', revision: 1, value: '{}' }],
  asklet_agent_states: [
    { agent_id: 'site-agent', name: 'Bo', role: 'agent', teams: '["billing"]', away: 1, seen_at: THEN },
  ],
  asklet_agent_teams: [{ agent_id: ACCOUNT, teams: '["billing"]' }],
  asklet_agent_skills: [{ agent_id: 'site-agent', skills: '["payments"]', languages: '["de"]' }],
  asklet_attachments: [
    {
      id: 'attachment-1',
      conversation_id: ENDED,
      sender: 'visitor',
      upload_id: 'upload-1',
      name: 'ann.png',
      media_type: 'image/png',
      bytes: 3,
      width: 1,
      height: 1,
      at: THEN,
      state: 'used',
    },
  ],
  asklet_deliveries: [
    delivery('sent', {}),
    delivery('failed', { state: 'failed', problem: 'answered 500' }),
    // Of a road that the site has taken away: nobody gives it up.
    delivery('never-sent', { state: 'waiting', done_at: null, lease: 'node-1', lease_until: THEN }),
  ],
  asklet_disputes: [
    {
      id: 'dispute-1',
      revision: 1,
      dispute_key: '["site","WM-4127","ann","ben"]',
      open_key: '["site","WM-4127","ann","ben"]',
      opened_at: THEN,
      due_at: THEN,
      untold: 0,
      state: JSON.stringify(opened),
    },
  ],
  asklet_dispute_sides: [ENDED, TICKET, THREAD].map((conversation_id, side) => ({
    dispute_id: 'dispute-1',
    side,
    conversation_id,
    heard: 1,
  })),
  asklet_meta: [],
  asklet_counters: [],
  asklet_reviews: [
    review('item-1', { conversation_id: ENDED, seq: 1 }),
    review('item-2', { journal_position: 1 }),
  ],
  asklet_migrations: [],
}

const NEVER = Object.fromEntries(RETENTION_KINDS.map(kind => [kind, false])) as Retention
const map = Object.entries(dataMap) as [keyof Tables, TableLine][]
type Row = Readonly<Record<string, unknown>>
type Db = Kysely<Tables>

/** As text: a driver hands out large numbers as it likes. */
async function rowsOf(db: Db, table: string): Promise<readonly Readonly<Record<string, string | null>>[]> {
  const { rows } = await sql<Row>`select * from ${sql.table(table)}`.execute(db)
  return rows.map(row =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]),
    ),
  )
}

/** What of a column that should be gone is there. */
function leftOf(
  table: keyof Tables,
  column: string,
  { erased }: ColumnLine,
  after: readonly Row[],
): string | null {
  // Rows that are of no visitor have nothing that could be emptied: they go.
  const isGone = erased === 'deleted' || dataMap[table].person === null
  if (erased === 'stays' && !isGone) return null
  if (isGone) return after.length > 0 ? `${table} has rows` : null
  const planted = (PLANTED[table] as readonly Row[]).map(row => row[column]).filter(value => value != null)
  const stays = after.find(row => planted.some(value => String(value) === row[column]))
  return stays ? `${table}.${column}: ${String(stays[column])}` : null
}

interface Engine {
  readonly store: HelpDeskStore
  readonly db: Db
  close(): Promise<void>
}

async function onSqlite(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'asklet-retention-'))
  const file = join(folder, 'desk.db')
  const store = await openSqlStore({ file })
  const db = await openTables(file)
  return {
    store,
    db,
    async close() {
      await db.destroy()
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
}

const absent = postgresAbsent()
let postgres: ThrowAwayPostgres | null = null
async function onPostgres(): Promise<Engine> {
  if (!postgres) throw new Error('no Postgres was started')
  const server = postgres
  const url = await server.createDatabase()
  const store = await openPostgresStore({ url })
  const pool = new pg.Pool({ connectionString: url })
  // A connection that is still closing hears that its database goes.
  pool.on('error', () => {})
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    store,
    db,
    async close() {
      await db.destroy()
      await store.close()
      await server.dropDatabase(url)
    },
  }
}

test('what is kept for ever by its age is nobody’s who visits, and the map gives no days for it', () => {
  for (const table of Object.keys(STAYS) as (keyof Tables)[]) {
    const { kept, columns } = dataMap[table] as TableLine
    expect(kept, table).toHaveProperty('until')
    for (const [column, { whose }] of Object.entries(columns))
      expect(whose, `${table}.${column}`).not.toBe('visitor')
  }
})

describe.each([
  ['SQLite', onSqlite, null],
  ['Postgres', onPostgres, absent],
] as const)('[S63] past its days, on %s', (name, start, missing) => {
  let engine: Engine
  let now: number
  beforeAll(async () => {
    if (name === 'Postgres' && !missing) postgres = await startPostgres('fsync=off')
  }, 60_000)
  afterAll(async () => {
    if (name === 'Postgres') await postgres?.close()
  })
  beforeEach(async context => {
    if (missing) return context.skip()
    engine = await start()
    now = THEN
    for (const [table] of map)
      for (const row of PLANTED[table])
        await engine.db
          .insertInto(table)
          .values(row as never)
          .execute()
  }, 60_000)
  afterEach(() => engine?.close())

  const sweep = async (rules: Retention) => {
    const { store } = engine
    const problems: string[] = []
    // By the test's clock, and by no database's.
    const { now: _theirs, ...over } = store
    const retention = startRetention({
      store: over,
      rules,
      clock: { now: () => now, after: () => () => {} },
      log: ({ level, event, kind = '', reason = '' }) => {
        if (level !== 'info') problems.push(`${event} ${kind} ${reason}`)
      },
      removeFiles: ids => store.forgetFiles(ids),
    })
    await retention.sweep()
    retention.stop()
    expect(problems).toEqual([])
    // Its lease is over before the next one.
    now += 60 * 60_000
  }

  test('every table of the map has a row, and every column something in it', async () => {
    for (const [table, { columns }] of map) {
      const rows = await rowsOf(engine.db, table)
      expect(rows.length, table).toBeGreaterThan(0)
      if (THERE.includes(table)) continue
      for (const column of Object.keys(columns))
        expect(
          rows.some(row => row[column] !== null && row[column] !== undefined),
          `${table}.${column}`,
        ).toBe(true)
    }
  })

  test('with what a site has that sets nothing, nothing of a person is left, and nothing of the site is gone', async () => {
    const before = new Map<string, unknown>()
    for (const [table] of map) before.set(table, await rowsOf(engine.db, table))
    const longest = Math.max(...Object.values(DEFAULT_RETENTION).map(Number))
    now = THEN + (longest + 1) * DAY
    await sweep(DEFAULT_RETENTION)
    const left: string[] = []
    for (const [table, { columns }] of map) {
      if (THERE.includes(table)) continue
      const rows = await rowsOf(engine.db, table)
      if (STAYS[table] !== undefined) {
        const known = before.get(table) as Row[]
        // A chain that is emptied says so in one more entry.
        if (table === 'asklet_chain_heads') expect(rows).toHaveLength(known.length)
        else expect(rows, table).toEqual(known)
        continue
      }
      for (const [column, line] of Object.entries(columns)) {
        const found = leftOf(table, column, line, rows)
        if (found) left.push(found)
      }
      if (table === 'asklet_dispute_sides') expect(rows, table).toEqual([])
    }
    expect(left).toEqual([])
  })

  /** Its own days say nothing of these: they go with the conversation. */
  const WITH_CONVERSATION: Readonly<Record<string, readonly string[]>> = { asklet_beside: ['contests'] }

  test.each(RETENTION_KINDS)(
    '%s: all of it stays for its days, and goes after them',
    async (kind: RetentionKind) => {
      const tables = map.filter(
        ([, { kept }]) => kept === kind || (kind === 'tickets' && kept === 'conversations'),
      )
      expect(tables.length).toBeGreaterThan(0)
      const isConversation = kind === 'conversations' || kind === 'tickets'
      const rules = { ...NEVER, ...(isConversation ? { conversations: 10, tickets: 10 } : { [kind]: 10 }) }
      const before = await Promise.all(tables.map(([table]) => rowsOf(engine.db, table)))
      now = THEN + 9 * DAY
      await sweep(rules)
      expect(await Promise.all(tables.map(([table]) => rowsOf(engine.db, table)))).toEqual(before)
      now = THEN + 11 * DAY
      await sweep(rules)
      const left: string[] = []
      for (const [table, { columns }] of tables) {
        const rows = await rowsOf(engine.db, table)
        for (const [column, line] of Object.entries(columns)) {
          if (WITH_CONVERSATION[table]?.includes(column)) continue
          const found = leftOf(table, column, line, rows)
          if (found) left.push(found)
        }
      }
      expect(left).toEqual([])
    },
  )
})
