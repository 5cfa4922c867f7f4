// What is in the database, read from its file and not through the server.

import Libsql from 'libsql'
import type { EventBody, StoredEvent } from '../../../src/protocol/events'
import type { Author } from '../../../src/protocol/records'

interface EventRecord {
  readonly conversation_id: string
  readonly seq: number
  readonly client_id: string
  readonly at: number
  readonly author: string
  readonly body: string | null
}

type Reader = new (
  file: string,
  options?: { readonly?: boolean },
) => { prepare(text: string): { all(): unknown[] }; exec(text: string): unknown; close(): void }

/** All events, conversation by conversation, each ascending by seq. */
export function readSqlite(file: string): StoredEvent[] {
  const database = new (Libsql as unknown as Reader)(file)
  try {
    const rows = database
      .prepare(
        'select conversation_id, seq, client_id, at, author, body from asklet_events order by conversation_id, seq',
      )
      .all() as EventRecord[]
    return rows.map(toEvent)
  } finally {
    database.close()
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

/** The highest seq of each conversation. */
export function headsOf(events: readonly StoredEvent[]): Record<string, number> {
  const heads: Record<string, number> = {}
  for (const { conversationId, seq } of events)
    heads[conversationId] = Math.max(heads[conversationId] ?? 0, seq)
  return heads
}

/** The seq of the last message of each conversation. */
export function lastMessagesOf(events: readonly StoredEvent[]): Record<string, number> {
  return headsOf(events.filter(({ body }) => body.type === 'message'))
}
