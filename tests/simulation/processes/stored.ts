// What is in the database, read from its file or its server and not through the help desk.

import Libsql from 'libsql'
import pg from 'pg'
import type { EventBody, StoredEvent } from '../../../src/protocol/events'
import type { Author } from '../../../src/protocol/records'

export interface StoredReader {
  /** All events, conversation by conversation, each ascending by seq. */
  events(): Promise<StoredEvent[]>
  /** The highest seq of each conversation. */
  heads(): Promise<Heads>
}

export type Heads = { readonly [conversationId: string]: number }

interface EventRecord {
  readonly conversation_id: string
  readonly seq: number
  readonly client_id: string
  readonly at: number
  readonly author: string
  readonly body: string | null
}

const EVENTS =
  'select conversation_id, seq, client_id, at, author, body from asklet_events order by conversation_id, seq'
const HEADS = 'select conversation_id, max(seq) as head from asklet_events group by conversation_id'

type Reader = new (
  file: string,
) => { prepare(text: string): { all(): unknown[] }; exec(text: string): unknown; close(): void }

export function ofSqlite(file: string): StoredReader {
  const ask = async (text: string) => {
    const database = new (Libsql as unknown as Reader)(file)
    try {
      return database.prepare(text).all()
    } finally {
      database.close()
    }
  }
  return readerOf(ask)
}

/** @param url  past any line that a fault may cut */
export function ofPostgres(url: string): StoredReader {
  return readerOf(async text => {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
    })
    // A server that a fault ends under it: the query says so.
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query(text)).rows as unknown[]
    } finally {
      await client.end().catch(() => {})
    }
  })
}

function readerOf(ask: (text: string) => Promise<unknown[]>): StoredReader {
  return {
    events: async () => ((await ask(EVENTS)) as EventRecord[]).map(toEvent),
    async heads() {
      const rows = (await ask(HEADS)) as { conversation_id: string; head: number }[]
      return Object.fromEntries(rows.map(row => [row.conversation_id, Number(row.head)]))
    },
  }
}

/** A consistent copy of the database, as a backup tool makes it, while it is in use. */
export function backUpSqlite(file: string, to: string): void {
  const database = new (Libsql as unknown as Reader)(file)
  try {
    database.exec(`vacuum into '${to.replaceAll("'", "''")}'`)
  } finally {
    database.close()
  }
}

function toEvent(row: EventRecord): StoredEvent {
  return {
    conversationId: row.conversation_id,
    seq: Number(row.seq),
    clientId: row.client_id,
    at: Number(row.at),
    author: JSON.parse(row.author) as Author,
    body: JSON.parse(row.body ?? '{"type":"redacted","target":0}') as EventBody,
  }
}

/** The seq of the last message of each conversation. */
export function lastMessagesOf(events: readonly StoredEvent[]): Heads {
  const last: { [key: string]: number } = {}
  for (const { conversationId, seq, body } of events)
    if (body.type === 'message') last[conversationId] = Math.max(last[conversationId] ?? 0, seq)
  return last
}
