// Keeps what happened in memory, newest last. Sends nothing by itself and keeps nothing on the device.

import type { JournalRecord } from './record'

/** More than one visit needs; the oldest fall out. */
const MAX_RECORDS = 500

export interface Recorder {
  add(record: Omit<JournalRecord, 'id' | 'at'>): void
  /** Oldest first. */
  all(): readonly JournalRecord[]
  /** Takes out what has not been handed on yet, at most `limit`. */
  take(limit: number): readonly JournalRecord[]
  /** Puts back what could not be delivered. */
  giveBack(records: readonly JournalRecord[]): void
  clear(): void
}

export function createRecorder(clock: { now(): number; randomId(): string }): Recorder {
  let kept: JournalRecord[] = []
  let waiting: JournalRecord[] = []
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
  }
}
