// The statements of the hot path, each compiled once for a few sizes and then run with new parameters only:
// building and compiling a query costs more than most of them take to run.
// One text for SQLite and Postgres; lists are `values (…)`, because both know them and name them column1 …

import { CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely'
import { type AddedEvent, type KnownEvent, keyOf } from './appending'
import { type ChangedRow, onlyMoved, openKey, type PlannedBatch } from './batch'
import { saveBeside } from './beside'
import { addToChains, decisionsOf, hasDecisions } from './chainRows'
import { saveDeliveries } from './deliveryStatements'
import { readFiles, takeFiles } from './fileStatements'
import type { StoredFile } from './files'
import type { AppendRequest, ConversationRow, OpenRequest } from './helpDeskStore'
import { padded, powersOfTwo } from './parts'
import {
  CONVERSATION_COLUMNS,
  type ConversationRecord,
  conversationColumns,
  type EventRecord,
  FOLD_COLUMNS,
  toConversationRecord,
  toEventRecord,
  toFold,
  toRow,
} from './records'
import type { Tables } from './tables'

/** One connection, in a transaction or not. */
export type Connection = Kysely<Tables>

/** What runs a compiled query: such a connection, or the driver's own without a query builder around it. */
export interface Runner {
  executeQuery<Row>(query: CompiledQuery<Row>): Promise<{ readonly rows: Row[] }>
}

export interface Statements {
  /** SQLite: a number that changes when another connection has written to the file, and stays for our own writes. */
  version(on: Runner): Promise<number>
  /** The rows that exist; locked until the commit where there are several writers. */
  rows(on: Runner, ids: readonly string[]): Promise<Map<string, ConversationRow>>
  known(on: Runner, appends: readonly AppendRequest[]): Promise<Map<string, ReadonlyMap<string, KnownEvent>>>
  /** By `openKey`, also under the caller's other identities. */
  opened(on: Runner, opens: readonly OpenRequest[]): Promise<Map<string, ConversationRow>>
  /** Until the commit, where there are several writers: nobody else holds this name. */
  lock(on: Runner, name: string): Promise<void>
  /** Who adds to the journal, beside others; who has closed it waits for all of them, and they for it. */
  joinJournal(on: Runner): Promise<void>
  closeJournal(on: Runner): Promise<void>
  reserveNumbers(on: Runner, count: number): Promise<number[]>
  /** Whole ones, by id; locked as rows are. */
  files(on: Runner, ids: readonly string[]): Promise<Map<string, StoredFile>>
  save(on: Runner, planned: PlannedBatch): Promise<void>
  conversation(on: Runner, id: string): Promise<ConversationRow | null>
  /** Records after a seq up to another, in order. */
  eventsAfter(
    on: Runner,
    id: string,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<readonly EventRecord[]>
}

const DATA_VERSION = CompiledQuery.raw('pragma data_version')

const JOURNAL = 'asklet_journal'

/** The columns of an insert, in the order in which `toEventRecord` makes them. */
const EVENT_COLUMNS = [
  'conversation_id',
  'seq',
  'sender',
  'client_id',
  'at',
  'author',
  'origin',
  'said_at',
  'type',
  'body',
] as const satisfies readonly (keyof EventRecord)[]

export function createStatements(db: Connection, locksRows: boolean): Statements {
  /** Compiled for `size` rows on first use. */
  function sized<Row = unknown>(build: (size: number) => { compile(): CompiledQuery }) {
    const kept = new Map<number, CompiledQuery>()
    return async (on: Runner, size: number, parameters: readonly unknown[]): Promise<Row[]> => {
      let compiled = kept.get(size)
      if (!compiled) {
        compiled = build(size).compile()
        kept.set(size, compiled)
      }
      const { rows } = await on.executeQuery({ ...compiled, parameters })
      return rows as Row[]
    }
  }
  const raw = (text: RawBuilder<unknown>) => ({ compile: () => text.compile(db) })

  const rowsByIds = sized<ConversationRecord>(size => {
    const query = db
      .selectFrom('asklet_conversations')
      .select(CONVERSATION_COLUMNS)
      .where('id', 'in', blanks(size))
    // In one order on every node: two that lock the same rows wait for each other, never in a ring.
    return locksRows ? query.orderBy('id').forUpdate() : query
  })
  const rowById = sized<ConversationRecord>(() =>
    db.selectFrom('asklet_conversations').select(CONVERSATION_COLUMNS).where('id', '=', ''),
  )
  const knownByKeys = sized<
    Pick<EventRecord, 'conversation_id' | 'sender' | 'client_id' | 'seq' | 'at' | 'body'>
  >(size =>
    raw(
      sql`select conversation_id, sender, client_id, seq, at, body from asklet_events where (conversation_id, sender, client_id) in (${valueRows(size, 3)})`,
    ),
  )
  const openedByKeys = sized<ConversationRecord>(size =>
    raw(
      sql`select ${conversationColumns} from asklet_conversations where (opener, open_id) in (${valueRows(size, 2)})`,
    ),
  )
  const insertEvents = sized(size =>
    db.insertInto('asklet_events').values(Array.from({ length: size }, () => BLANK_EVENT)),
  )
  const moveRows = sized(size =>
    raw(
      sql`update asklet_conversations set head = cast(v.column2 as integer), last_at = cast(v.column3 as bigint) from (${valueRows(size, 3)}) as v where asklet_conversations.id = v.column1`,
    ),
  )
  const foldRow = sized(() =>
    raw(
      sql`update asklet_conversations set ${sql.join(FOLD_COLUMNS.map(column => sql`${sql.ref(column)} = ${''}`))} where id = ${''}`,
    ),
  )
  const lockName = sized(() => raw(sql`select pg_advisory_xact_lock(hashtextextended(${''}, 0))`))
  const shareName = sized(() => raw(sql`select pg_advisory_xact_lock_shared(hashtextextended(${''}, 0))`))
  const events = sized<EventRecord>(() =>
    db
      .selectFrom('asklet_events')
      .selectAll()
      .where('conversation_id', '=', '')
      .where('seq', '>', 0)
      .where('seq', '<=', 0)
      .orderBy('seq')
      .limit(1),
  )

  async function saveRow(on: Runner, { row, joined }: ChangedRow): Promise<void> {
    const fold = toFold(row)
    await foldRow(on, 1, [...FOLD_COLUMNS.map(column => fold[column]), row.conversationId])
    if (!joined) return
    await on.executeQuery(
      db
        .updateTable('asklet_conversations')
        .set({ joined_at: joined.at, wait_ms: joined.waitedMs })
        .where('id', '=', row.conversationId)
        .compile(),
    )
  }

  return {
    async version(on) {
      const { rows } = await on.executeQuery<{ data_version: number }>(DATA_VERSION)
      return Number(rows[0]?.data_version)
    },

    async rows(on, ids) {
      const found = new Map<string, ConversationRow>()
      for (const part of padded(ids))
        for (const record of await rowsByIds(on, part.length, part)) found.set(record.id, toRow(record))
      return found
    },

    async known(on, appends) {
      const keys: [string, string, string][] = []
      for (const { conversationId, drafts } of appends)
        for (const { sender, clientId } of drafts) keys.push([conversationId, sender, clientId])
      const found = new Map<string, Map<string, KnownEvent>>()
      for (const part of padded(keys))
        for (const record of await knownByKeys(on, part.length, part.flat())) {
          const known = found.get(record.conversation_id) ?? new Map<string, KnownEvent>()
          found.set(record.conversation_id, known)
          known.set(keyOf(record.sender, record.client_id), {
            seq: Number(record.seq),
            at: Number(record.at),
            body: record.body,
          })
        }
      return found
    },

    async opened(on, opens) {
      const keys = opens.flatMap(({ identities, openId }) =>
        identities.map((identity): [string, string] => [identity, openId]),
      )
      const found = new Map<string, ConversationRow>()
      for (const part of padded(keys))
        for (const record of await openedByKeys(on, part.length, part.flat()))
          found.set(openKey(record.opener, record.open_id), toRow(record))
      return found
    },

    async lock(on, name) {
      if (locksRows) await lockName(on, 1, [name])
    },
    async joinJournal(on) {
      if (locksRows) await shareName(on, 1, [JOURNAL])
    },
    async closeJournal(on) {
      if (locksRows) await lockName(on, 1, [JOURNAL])
    },

    async reserveNumbers(on, count) {
      const { rows } = await on.executeQuery(
        db
          .updateTable('asklet_counters')
          .set(eb => ({ value: eb('value', '+', count) }))
          .where('name', '=', 'ticket')
          .returning('value')
          .compile(),
      )
      const last = Number(rows[0]?.value)
      return Array.from({ length: count }, (_, n) => last - count + 1 + n)
    },

    files: (on, ids) => readFiles(on, db, ids, locksRows),

    async save(on, { fresh, added, changed, filesTaken, deliveries }) {
      if (fresh.length > 0)
        await on.executeQuery(
          db.insertInto('asklet_conversations').values(fresh.map(toConversationRecord)).compile(),
        )
      for (const part of powersOfTwo(added)) await insertEvents(on, part.length, eventParameters(part))
      const moved: [string, number, number][] = []
      for (const change of changed.values()) {
        const { row } = change
        if (onlyMoved(change)) moved.push([row.conversationId, row.head, row.lastAt])
        else await saveRow(on, change)
      }
      for (const part of padded(moved)) await moveRows(on, part.length, part.flat())
      await saveBeside(on, db, added, changed.values())
      if (hasDecisions(added)) {
        if (locksRows) await shareName(on, 1, [JOURNAL])
        await addToChains(on, db, decisionsOf(added))
      }
      if (filesTaken.length > 0) await takeFiles(on, db, filesTaken)
      if (deliveries.length > 0) await saveDeliveries(on, db, deliveries)
    },

    async conversation(on, id) {
      const [record] = await rowById(on, 1, [id])
      return record ? toRow(record) : null
    },

    eventsAfter: (on, id, after, upTo, limit) => events(on, 1, [id, after, upTo, limit]),
  }
}

const BLANK_EVENT: EventRecord = {
  conversation_id: '',
  seq: 0,
  sender: '',
  client_id: '',
  at: 0,
  author: '',
  origin: null,
  said_at: null,
  type: '',
  body: null,
}

function eventParameters(added: readonly AddedEvent[]): unknown[] {
  const parameters: unknown[] = []
  for (const one of added) {
    const record = toEventRecord(one)
    for (const column of EVENT_COLUMNS) parameters.push(record[column])
  }
  return parameters
}

const blanks = (size: number): string[] => Array.from({ length: size }, () => '')

/** `values (?, ?), (?, ?)`: as Postgres reads it, all text, so that a number needs a cast. */
function valueRows(size: number, columns: number) {
  const row = sql`(${sql.join(blanks(columns))})`
  return sql`values ${sql.join(Array.from({ length: size }, () => row))}`
}
