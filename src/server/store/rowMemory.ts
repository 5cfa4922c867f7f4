// The rows that this process wrote last, for a database that it has all but to itself (SQLite): reading a row back
// costs as much as writing a message. Holds no truth: a version that only others' writes change says when to forget,
// and what is remembered was committed. Bounded: who has not written for long is read again.

import type { ConversationRow } from './helpDeskStore'

const MAX_ROWS = 10_000

export interface RowMemory {
  /** Inside the transaction and before `get`: forgets all when somebody else has written since the last one. */
  trust(version: number): void
  get(conversationId: string): ConversationRow | undefined
  /** After the commit only. */
  keep(row: ConversationRow): void
  forget(conversationId: string): void
  clear(): void
}

export function createRowMemory(most = MAX_ROWS): RowMemory {
  const rows = new Map<string, ConversationRow>()
  let known: number | null = null
  return {
    trust(version) {
      if (version !== known) rows.clear()
      known = version
    },
    get: id => rows.get(id),
    keep(row) {
      // The order of a map is that of insertion: who wrote last is forgotten last.
      rows.delete(row.conversationId)
      rows.set(row.conversationId, row)
      if (rows.size <= most) return
      for (const oldest of rows.keys()) {
        rows.delete(oldest)
        return
      }
    },
    forget: id => void rows.delete(id),
    clear: () => rows.clear(),
  }
}
