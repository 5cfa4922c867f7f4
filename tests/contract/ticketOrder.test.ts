// The order of open tickets in the desk's list, as a database finds it: by an index over the number, whose words
// must be those of the query. Where they part, the answer is the same and all tickets are read and sorted for it.

import {
  CompiledQuery,
  Kysely,
  type LogEvent,
  PostgresDialect,
  type SqliteDatabase,
  SqliteDialect,
} from 'kysely'
import Database from 'libsql'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { type Dialect, migrate, migrations } from '../../src/server/store/migrations'
import { readDeskList } from '../../src/server/store/readDeskList'
import type { Tables } from '../../src/server/store/tables'
import { postgresAbsent, startPostgres } from '../support/postgres'

const TICKETS = 3_000
const absent = postgresAbsent()
const onPostgres = 'Postgres'

type Opened = { readonly db: Kysely<Tables>; close(): Promise<void> }

async function sqlite(log: (event: LogEvent) => void): Promise<Opened> {
  const database = new Database(':memory:')
  const dialect = new SqliteDialect({ database: database as unknown as SqliteDatabase })
  const db = new Kysely<Tables>({ dialect, log })
  return { db, close: () => db.destroy() }
}

async function postgres(log: (event: LogEvent) => void): Promise<Opened> {
  const server = await startPostgres()
  const pool = new pg.Pool({ connectionString: await server.createDatabase() })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log })
  return {
    db,
    async close() {
      await db.destroy()
      await server.close()
    },
  }
}

/** Tickets of a build before the index, made in another order than that of their numbers. */
async function fill(db: Kysely<Tables>) {
  const rows = Array.from({ length: TICKETS }, (_, n) => {
    const number = 1_001 + ((n * 7) % TICKETS)
    const ticket = { number, category: '"number":1', priority: 'normal', status: 'open' }
    return {
      id: `conversation-${n}`,
      opener: 'anon:a',
      open_id: `open-${n}`,
      owner: 'anon:a',
      generation: 0,
      head: 2,
      last_at: n,
      phase: n % 10 === 0 ? 'live' : 'ticketed',
      assignment: 0,
      ticket: JSON.stringify(ticket),
      category: 'general',
      visitor_name: '',
      role: '',
      page_name: '',
      question: '',
    }
  })
  for (let n = 0; n < rows.length; n += 500)
    await db
      .insertInto('asklet_conversations')
      .values(rows.slice(n, n + 500))
      .execute()
}

describe.each([
  // Sorted are who waits, who is live and the few whose visitors object; tickets, and what ended, come in the order of an index.
  ['SQLite', 'sqlite', sqlite, 'explain query plan ', /TEMP B-TREE FOR ORDER BY/g],
  [onPostgres, 'postgres', postgres, 'explain ', /Sort Key/g],
] as const)('open tickets on %s', (name, dialect: Dialect, open, explain, sorts) => {
  test.skipIf(name === onPostgres && absent !== null)(
    'of an older build too, stand by their numbers, and no list reads all of them',
    async () => {
      const asked: CompiledQuery[] = []
      const { db, close } = await open(event => asked.push(event.query as CompiledQuery))
      await migrate(db, { name, dialect }, migrations.slice(0, 3))
      await fill(db)
      await migrate(db, { name, dialect })
      // As the server does by itself; SQLite is never told to.
      if (dialect === 'postgres') await db.executeQuery(CompiledQuery.raw('analyze'))
      asked.length = 0

      const { ticketed } = await readDeskList(db, dialect, { agentIds: ['ada'], endedSince: 0, atMost: 50 })
      const numbers = ticketed.rows.map(row => row.ticket?.number ?? 0)
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
      expect(numbers[0]).toBe(1_002)
      expect([numbers.length, ticketed.total]).toEqual([50, TICKETS * 0.9])

      const [list] = asked
      if (!list) throw new Error('no query was logged')
      const plan = await db.executeQuery({ ...list, sql: explain + list.sql })
      const steps = plan.rows.map(row => Object.values(row as object).join(' ')).join('\n')
      expect(steps.match(sorts)).toHaveLength(3)
      await close()
    },
    60_000,
  )
})
