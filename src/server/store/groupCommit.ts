// Many waiting writes, one commit. A single durable commit costs an fsync (0.5 to 3 ms); a batch costs the
// same one, so that thousands of messages a second fit behind a disk that syncs hundreds of times.
//
//   waiting: a b c          | begin  sp a  sp b  sp c  commit+fsync | resolve a b c
//   waiting meanwhile: d e  |                                        | begin  sp d …
//
// Each write has a savepoint: when it fails, it alone is undone (S13). Nobody is answered before the commit.

import { CompiledQuery, type Kysely, type Transaction } from 'kysely'
import { AskletError } from '../../base/errors'
import type { Tables } from './tables'

export type Trx = Transaction<Tables>

/** Beyond this a batch delays its first write more than it spares the last one. */
const MAX_BATCH = 256

// Made once: three of them go with each write.
const SAVEPOINT = CompiledQuery.raw('savepoint asklet_write')
const RELEASE = CompiledQuery.raw('release savepoint asklet_write')
const ROLL_BACK = CompiledQuery.raw('rollback to savepoint asklet_write')

/** Thrown by a write to undo itself and still give its caller a value: a refusal is an answer, not a failure. */
export class Undone<T> {
  constructor(readonly answer: T) {}
}

interface Waiting {
  run(trx: Trx): Promise<unknown>
  resolve(value: never): void
  reject(error: unknown): void
}

export interface GroupCommit {
  write<T>(run: (trx: Trx) => Promise<T>): Promise<T>
  /** Resolves when nothing waits; later writes reject. */
  close(): Promise<void>
}

export function createGroupCommit(db: Kysely<Tables>): GroupCommit {
  let waiting: Waiting[] = []
  let running: Promise<void> | null = null
  let closed = false

  async function drain(): Promise<void> {
    // One turn of the event loop: every frame that the sockets have read by now joins this commit.
    await new Promise(setImmediate)
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_BATCH)
      waiting = waiting.slice(MAX_BATCH)
      await commit(batch)
    }
    running = null
  }

  async function commit(batch: readonly Waiting[]): Promise<void> {
    const settle: (() => void)[] = []
    try {
      await db.transaction().execute(async trx => {
        for (const write of batch) settle.push(await runOne(trx, write))
      })
    } catch (error) {
      for (const write of batch) write.reject(unavailable(error))
      return
    }
    for (const answer of settle) answer()
  }

  return {
    write<T>(run: (trx: Trx) => Promise<T>) {
      if (closed) return Promise.reject(new AskletError('store_unavailable', 'the store was closed.'))
      return new Promise<T>((resolve, reject) => {
        waiting.push({ run, resolve, reject })
        running ??= drain()
      })
    },
    async close() {
      closed = true
      while (running) await running
    },
  }
}

async function runOne(trx: Trx, write: Waiting): Promise<() => void> {
  await trx.executeQuery(SAVEPOINT)
  try {
    const value = await write.run(trx)
    await trx.executeQuery(RELEASE)
    return () => write.resolve(value as never)
  } catch (error) {
    await trx.executeQuery(ROLL_BACK)
    await trx.executeQuery(RELEASE)
    if (error instanceof Undone) return () => write.resolve(error.answer as never)
    return () => write.reject(unavailable(error))
  }
}

/** What a caller sees of a database's trouble: one code, the cause kept for the log of the operator. */
export function unavailable(error: unknown): AskletError {
  if (error instanceof AskletError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new AskletError(
    'store_unavailable',
    `the database did not take it (${reason}). It is safe to repeat the call.`,
    {
      cause: error,
    },
  )
}
