// The form of ids that come from outside: a host's visitors and agents. Two ids that differ must stay two people
// wherever they are kept. Owns what is asked of them, and the line in the log for those that are refused.

import type { Clock } from '../base/environment'
import type { Log } from './conversations'

const MAX_ID_CHARS = 200
/** Bad ids and tokens come in thousands or not at all: one line says what is wrong with them. */
const SAY_AGAIN_MS = 60_000

/**
 * Does a text come out of every database as it went in? Postgres keeps no NUL, and in UTF-8 every half of a
 * surrogate pair becomes the same mark: two such ids would be one.
 */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text)
}

/** What is wrong with an id, as the end of a sentence; null when it can be somebody's. */
export function idProblem(id: unknown): string | null {
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID_CHARS)
    return `is not a text of 1 to ${MAX_ID_CHARS} characters`
  if (!isStorable(id)) return 'holds a NUL or half of a surrogate pair, which no database tells apart'
  return /\p{Cc}/u.test(id) ? 'holds a control character' : null
}

/** Logs each reason once a minute, as `event`. Always null, for who returns nobody with it. */
export function reasonLog(clock: Pick<Clock, 'now'>, log: Log, event: string): (reason: string) => null {
  const said = new Map<string, number>()
  return reason => {
    const now = clock.now()
    if (now - (said.get(reason) ?? -SAY_AGAIN_MS) < SAY_AGAIN_MS) return null
    // Reasons are the host's own sentences, few; a host that makes one for each token does not fill the memory.
    if (said.size >= 100) said.clear()
    said.set(reason, now)
    log({ level: 'warn', event, reason: reason.slice(0, 300) })
    return null
  }
}
