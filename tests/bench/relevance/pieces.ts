// A long measurement in pieces: each is kept in a file when it is done, so that a run that was stopped goes on
// where it was. Owns that file and the time; knows nothing of what is measured.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The time is over before all was measured; what was done is kept. */
export class TimeOver extends Error {
  override readonly message = 'The time is over. The same command goes on where it stopped.'
}

export interface Pieces {
  /**
   * What `make` gives, or gave in an earlier run.
   *
   * @throws TimeOver instead of starting a piece; one that has begun is finished
   */
  once<T>(name: string, make: () => T | Promise<T>): Promise<T>
}

export interface PiecesOptions {
  readonly file: string
  /** Of all that the pieces hang on: other pieces than these are forgotten. */
  readonly of: string
  /** No piece is begun after this. Milliseconds. */
  readonly forMs: number
}

/** `once` needs values that JSON can hold. */
export function openPieces({ file, of, forMs }: PiecesOptions): Pieces {
  const ends = performance.now() + forMs
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const done: Record<string, unknown> = before.of === of ? before.done : {}
  return {
    async once<T>(name: string, make: () => T | Promise<T>): Promise<T> {
      if (name in done) return done[name] as T
      if (performance.now() > ends) throw new TimeOver()
      const made = await make()
      done[name] = made
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify({ of, done }))
      return made
    },
  }
}

/** Remembers nothing and is never over. */
export const IN_ONE_GO: Pieces = { once: async (_, make) => make() }
