// Whether a site lets a crawler fetch an address: asks each origin for its robots.txt, once a run.
// Owns what the origins answered. What the file means is `robots`'s to say.

import { AskletError } from '../../base/errors'
import { type FetchedPage, type NotFetched, PRODUCT } from './fetchPage'
import type { Note } from './imported'
import { type Robots, readRobots } from './robots'

export interface RobotsGate {
  /**
   * Why this address must not be fetched, or null.
   *
   * Rejects with AskletError `import_shape` when the robots.txt of the first origin that is asked for cannot be read;
   * that of a further one (http beside https) only forbids its own pages.
   */
  forbids(address: string): Promise<string | null>
  /** The longest that an origin asks for between two requests, milliseconds, at most `MAX_CRAWL_DELAY_MS`. */
  crawlDelayMs(): number
}

/** With more, a site of a thousand pages would take a day. */
export const MAX_CRAWL_DELAY_MS = 30_000
/** The RFC asks for no less than half a megabyte. */
export const MAX_ROBOTS_BYTES = 1_000_000

const FIX = 'Try again later, or pass --ignore-robots if the site is your own'

/** @param ask  fetches a robots.txt, with the pause that is due before it */
export function createRobotsGate(
  ask: (address: string) => Promise<FetchedPage | NotFetched>,
  note: Note,
): RobotsGate {
  const origins = new Map<string, Promise<Robots | string>>()
  let crawlDelayMs = 0

  async function robotsOf(address: string): Promise<Robots | string> {
    const answer = await ask(address)
    if ('sentence' in answer) {
      const { status = 0, sentence } = answer
      // No file is no rule (2.3.1.3). 429 is no such answer: it asks for peace.
      if (status >= 400 && status < 500 && status !== 429) return readRobots(new Uint8Array(), PRODUCT)
      return `while ${address} cannot be read, nothing there may be fetched (RFC 9309): ${sentence}`
    }
    const robots = readRobots(answer.bytes, PRODUCT)
    if (robots.crawlDelayMs > MAX_CRAWL_DELAY_MS)
      note(
        'changed',
        address,
        `asks for ${robots.crawlDelayMs / 1_000} seconds between two requests, which is kept to ${MAX_CRAWL_DELAY_MS / 1_000}`,
      )
    crawlDelayMs = Math.max(crawlDelayMs, Math.min(robots.crawlDelayMs, MAX_CRAWL_DELAY_MS))
    return robots
  }

  return {
    crawlDelayMs: () => crawlDelayMs,
    async forbids(address) {
      const file = new URL('/robots.txt', address).href
      const isFirst = !origins.size
      const asked = origins.get(file) ?? robotsOf(file)
      origins.set(file, asked)
      const robots = await asked
      if (typeof robots === 'string') {
        if (isFirst) throw new AskletError('import_shape', `${robots}. ${FIX}.`)
        return robots
      }
      const line = robots.forbids(address)
      return line && `its robots.txt keeps crawlers out with "${line}"`
    },
  }
}
