// Conversations as a former build left them, whose visitor had stopped waiting while a ticket was open: rows with the
// phase that it had folded, events as it had stored them. Opened by this build the ticket is there, for the desk, which
// reads rows, and for the page, which folds events.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { expect, test } from 'vitest'
import type { EventBody } from '../../src/protocol/events'
import { EMPTY_STATE, foldEvent, type Phase } from '../../src/protocol/phase'
import type { TicketRecord, TicketStatus } from '../../src/protocol/records'
import { migrate, migrations } from '../../src/server/store/migrations'
import { openSqlStore } from '../../src/server/store/openSqlStore'
import type { Tables } from '../../src/server/store/tables'
import { emptyBrief } from '../../src/testing/emptyBrief'

const said: TicketRecord = { number: 1001, category: 'general', priority: 'normal', status: 'open' }
const ada = { agentId: 'ada', name: 'Ada' }
/** A ticket that was talked about live, until its agent was gone: its visitor waits. */
const WAITING: readonly EventBody[] = [
  { type: 'opened', brief: emptyBrief() },
  { type: 'ticketOpened', ticket: said, cause: 'chosen' },
  { type: 'assigned', assignment: 1, agent: ada, cause: 'claimed' },
  { type: 'assigned', assignment: 2, agent: null, cause: 'agentLost' },
]

interface Left {
  readonly name: string
  readonly events: readonly EventBody[]
  /** As the former build had it. */
  readonly row: Phase
  readonly status: TicketStatus
  /** As it is now, at both ends. */
  readonly phase: Phase
}
const LEFT: readonly Left[] = [
  { name: 'stopped', events: [{ type: 'cancelled' }], row: 'bot', status: 'open', phase: 'ticketed' },
  { name: 'nobody', events: [{ type: 'nobodyNow' }], row: 'offered', status: 'open', phase: 'ticketed' },
  {
    name: 'ended',
    events: [{ type: 'cancelled' }, { type: 'ended', by: 'visitor' }],
    row: 'bot',
    status: 'solved',
    phase: 'ended',
  },
  {
    name: 'again',
    events: [{ type: 'cancelled' }, { type: 'ticketOpened', ticket: said, cause: 'chosen' }],
    row: 'ticketed',
    status: 'open',
    phase: 'ticketed',
  },
  {
    name: 'taken',
    events: [
      { type: 'cancelled' },
      { type: 'handoffReady', channel: 'live' },
      { type: 'assigned', assignment: 3, agent: ada, cause: 'claimed' },
    ],
    row: 'live',
    status: 'open',
    phase: 'live',
  },
]

test('a ticket whose visitor stopped waiting under a former build is there, for the desk and for the page', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'asklet-old-tickets-'))
  const file = join(folder, 'desk.db')
  const database = new Database(file)
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: database as unknown as SqliteDatabase }),
  })
  const step = migrations.findIndex(({ version }) => version === 21)
  await migrate(db, { name: file, dialect: 'sqlite' }, migrations.slice(0, step))
  for (const { name, events, row, status } of LEFT) {
    const all = [...WAITING, ...events]
    await db
      .insertInto('asklet_conversations')
      .values({
        id: name,
        opener: 'anon:a',
        open_id: name,
        owner: 'anon:a',
        generation: 0,
        head: all.length,
        last_at: all.length,
        phase: row,
        assignment: row === 'live' ? 3 : 2,
        ticket: JSON.stringify({ ...said, status }),
        category: 'general',
        visitor_name: '',
        role: '',
        page_name: '',
        question: '',
      })
      .execute()
    await db
      .insertInto('asklet_events')
      .values(
        all.map((body, n) => ({
          conversation_id: name,
          seq: n + 1,
          sender: 'system',
          client_id: `client-${n + 1}`,
          at: n + 1,
          author: JSON.stringify({ kind: 'system' }),
          origin: null,
          said_at: null,
          type: body.type,
          body: JSON.stringify(body),
        })),
      )
      .execute()
  }
  await db.destroy()
  database.close()

  const store = await openSqlStore({ file })
  const now = await Promise.all(
    LEFT.map(async ({ name }) => {
      const page = await store.read(name, 0, 50)
      const fold = (page?.events ?? []).reduce(foldEvent, EMPTY_STATE)
      const { phase, ticket } = page?.row ?? EMPTY_STATE
      return { name, desk: [phase, ticket?.status], page: [fold.phase, fold.ticket?.status] }
    }),
  )
  expect(now).toEqual(
    LEFT.map(({ name, phase, status }) => ({ name, desk: [phase, status], page: [phase, status] })),
  )
  await store.close()
  await rm(folder, { recursive: true })
})
