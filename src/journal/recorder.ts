// Keeps what happened in memory, newest last. Sends nothing by itself and keeps nothing on the device.

import type { RankedOn } from './rankedOn'
import type { JournalRecord } from './record'

/** More than one visit needs; the oldest fall out. */
const MAX_RECORDS = 500

/** As it is kept in the page: the sender writes down what it was made on. */
export interface KeptRecord extends JournalRecord {
  readonly on?: RankedOn
}

/** Whose chain records go into (J7), and what proves that it may be told. */
export interface RecordsOwner {
  readonly conversationId: string
  readonly secret: string
  readonly token: string | null
}

export interface Recorder {
  add(record: Omit<KeptRecord, 'id' | 'at'>): void
  /** Oldest first. */
  all(): readonly KeptRecord[]
  /** Takes out what has not been handed on yet, at most `limit`. */
  take(limit: number): readonly KeptRecord[]
  /** Puts back what could not be delivered. */
  giveBack(records: readonly KeptRecord[]): void
  clear(): void
  /**
   * From here on the visitor talks: what is recorded waits for `of` to say with which conversation; null while it is
   * with the bot alone. Undefined: nobody talks any more.
   */
  ownedBy(of: (() => Promise<RecordsOwner | null>) | undefined): void
  /** Undefined: nobody talks, and records are nobody's. */
  owner(): Promise<RecordsOwner | null> | undefined
}

export function createRecorder(clock: { now(): number; randomId(): string }): Recorder {
  let kept: KeptRecord[] = []
  let waiting: KeptRecord[] = []
  let ownerOf: (() => Promise<RecordsOwner | null>) | undefined
  return {
    add(record) {
      const full = { ...record, id: clock.randomId(), at: clock.now() }
      kept = [...kept, full].slice(-MAX_RECORDS)
      waiting = [...waiting, full].slice(-MAX_RECORDS)
    },
    all: () => kept,
    take(limit) {
      const taken = waiting.slice(0, limit)
      waiting = waiting.slice(limit)
      return taken
    },
    giveBack(records) {
      waiting = [...records, ...waiting].slice(-MAX_RECORDS)
    },
    clear() {
      kept = []
      waiting = []
    },
    ownedBy(of) {
      ownerOf = of
    },
    owner: () => ownerOf?.(),
  }
}
