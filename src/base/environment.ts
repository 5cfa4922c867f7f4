// Where time, chance, network and the window come from.
// Tests hand in another one; two assistants on a page share none. Knows no product word.

/** Cancels what it was returned for. Calling it twice is harmless. */
export type Undo = () => void

export interface Clock {
  /** Wall clock, milliseconds since 1970. May jump; orders nothing but this device's own unsent words. */
  now(): number
  /** Runs `task` once after `ms` milliseconds. */
  after(ms: number, task: () => void): Undo
}

export interface Environment extends Clock {
  /** In [0, 1). */
  random(): number
  /** At least 128 random bits, url-safe, 30 characters; ids sort by when they were made. */
  randomId(): string
  /** The host's `fetch`, taken once so that a later patch of the page does not matter. */
  fetch: typeof fetch
  /** Absent in Node (server rendering, headless use). */
  window: (Window & typeof globalThis) | undefined
}

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * The moment in milliseconds (8 characters), then 132 random bits from the platform's secure source (22). Ids become
 * keys in a database: those of one moment stand together there, and thousands of conversations write to a few pages
 * of an index instead of one each.
 */
export function secureRandomId(): string {
  let id = Date.now().toString(36)
  for (const byte of globalThis.crypto.getRandomValues(new Uint8Array(22))) id += ID_LETTERS[byte & 63]
  return id
}

/** The real environment: the page's own clock, network and window, or Node's. */
export function createEnvironment(): Environment {
  const scope = globalThis
  const fetchOnce = scope.fetch
  return {
    now: () => Date.now(),
    after(ms, task) {
      const timer = setTimeout(task, ms)
      return () => clearTimeout(timer)
    },
    random: () => Math.random(),
    randomId: secureRandomId,
    fetch: (input, init) => fetchOnce.call(scope, input, init),
    window: typeof window === 'undefined' ? undefined : window,
  }
}
