// How often somebody may call (D19): a count for each kind of call, by identity and by network address, in windows
// of some seconds. A shield, no truth: a node's own, or shared through a Redis that may be away. The counting is
// rate-limiter-flexible's work; owns the numbers and their reasons.

import type { RateLimiterAbstract } from 'rate-limiter-flexible'
import { AskletError } from '../base/errors'
import type { Log } from './conversations'

/** So many within so many seconds, counted from the first. */
export interface Rate {
  readonly points: number
  readonly seconds: number
}

interface Rates {
  /** One visitor, agent, or (sign-ins) one name tried from one address. */
  readonly identity: Rate
  /** Everybody behind one IPv4 address, or one IPv6 /64. */
  readonly address: Rate
}

/**
 * By identity: generous to a person who pastes, or comes back with 50 unsent messages; a wall to a loop.
 *
 * By address: a school of 1 000 pupils, an office or a mobile operator is one address. So that these meet a limit
 * only when a machine among them loops, an address has what some twenty people need who use all they may at
 * once, or a thousand who use it as people do (a message every 5 s at the very most, a reconnect each minute).
 */
export const RATES = {
  /** Drafts, not calls: a handoff sends the whole earlier conversation, 50 at a time. */
  drafts: { identity: { points: 200, seconds: 20 }, address: { points: 4_000, seconds: 20 } },
  /** Conversations begun. A class that is told "ask the help desk" begins thirty at once. */
  opens: { identity: { points: 10, seconds: 60 }, address: { points: 300, seconds: 60 } },
  /** Reads. The HTTP road polls each second or two; catching up on a long thread takes a page at a time. */
  calls: { identity: { points: 300, seconds: 15 }, address: { points: 6_000, seconds: 15 } },
  typing: { identity: { points: 10, seconds: 10 }, address: { points: 1_000, seconds: 10 } },
  /** Passwords. Ten guesses, then one each ten seconds or so; an office on Monday morning has one address. */
  signIns: { identity: { points: 10, seconds: 100 }, address: { points: 100, seconds: 100 } },
  /** Handshakes. A train ride reconnects every few seconds; after a restart a school comes back within 3 s. */
  connections: { identity: { points: 60, seconds: 60 }, address: { points: 3_000, seconds: 60 } },
  /** What may be asked without being anybody: who is there, a file, a sign-in by link. */
  lookups: { identity: { points: 300, seconds: 60 }, address: { points: 3_000, seconds: 60 } },
  /**
   * Searches, by what they cost: a key 1, a long query more, an empty one or a bot's question 4; each hundred
   * characters of the headings and errors of a page that is new to the node 1. Five keys a second is haste. A thousand
   * people behind one address who each type a question every five minutes are 27 a second.
   */
  searches: { identity: { points: 120, seconds: 20 }, address: { points: 1_200, seconds: 20 } },
  /**
   * Answers of a language model, each of which is paid for. Nobody reads ten in a minute; an office that is told "ask
   * the help" has an address. Whoever is over it gets the extractive answer.
   */
  answers: { identity: { points: 10, seconds: 60 }, address: { points: 60, seconds: 60 } },
  /** Files. A page of ten screenshots, sent and sent again after a lost line; each may write 10 MB. */
  uploads: { identity: { points: 40, seconds: 60 }, address: { points: 400, seconds: 60 } },
  /**
   * Their bytes, in points of 100 kB: 200 MB an hour for a sender, 1 GB for an address. Counted when it is known that
   * the sender may send them. What a disk holds is the place's own to say (`AttachmentStore.hasRoomFor`).
   */
  uploadBytes: { identity: { points: 2_000, seconds: 3_600 }, address: { points: 10_000, seconds: 3_600 } },
  /**
   * Letters that acknowledge a ticket. Whoever is over it gets the ticket and no letter: an office makes a hundred in a
   * bad hour, and a loop would fill strangers' inboxes (O7).
   */
  letters: { identity: { points: 5, seconds: 3_600 }, address: { points: 120, seconds: 3_600 } },
  /** Batches of at most 50 records. */
  journal: { identity: { points: 120, seconds: 60 }, address: { points: 1_200, seconds: 60 } },
} as const satisfies Record<string, Rates>

export type RateKind = keyof typeof RATES

/** Whom a call counts for. An `address` of null is a proxy or this machine: nobody is told apart by it. */
export interface Counted {
  readonly identity: string | null
  readonly address: string | null
}

export interface Admission {
  /** Resolves to 0 when admitted, else to the milliseconds after which it may be. */
  take(kind: RateKind, who: Counted, cost?: number): Promise<number>
}

/** For simulations, whose time is not the wall's, and for what stands behind limits of its own. */
export const ADMIT_ALL: Admission = { take: async () => 0 }

export interface AdmissionOptions {
  readonly rates?: Readonly<Record<RateKind, Rates>>
  /** A connected client of `redis` or `ioredis`: then all nodes count together. */
  readonly redis?: unknown
  readonly log?: Log
}

/** A broker that is slower than this is away: a visitor should not wait for a count. */
const REDIS_WITHIN_MS = 200
/** Away: this node counts alone for so long before it asks again, so that calls do not wait one by one. */
const REDIS_AWAY_MS = 5_000

export const LIMITS_INSTALL = 'npm install rate-limiter-flexible@11'

type Limiters = typeof import('rate-limiter-flexible')

/** @throws AskletError `driver_missing` with the install line */
export async function loadLimiters(): Promise<Limiters> {
  try {
    return await import('rate-limiter-flexible')
  } catch (error) {
    throw new AskletError(
      'driver_missing',
      `the help desk needs a package that is not installed. Run: ${LIMITS_INSTALL}`,
      { cause: error },
    )
  }
}

/** Until its package is loaded it keeps callers waiting; without the package nobody is let in, and the log says so. */
export function createAdmission(options: AdmissionOptions = {}): Admission {
  const { log = () => {} } = options
  let made: Admission | null = null
  const loading = loadLimiters().then(limiters => {
    made = countWith(limiters, options)
    return made
  })
  loading.catch((error: Error) => log({ level: 'error', event: 'limits', reason: error.message }))
  return {
    take: async (kind, who, cost) => (made ?? (await loading)).take(kind, who, cost),
  }
}

function countWith(
  limiters: Limiters,
  { rates = RATES, redis, log = () => {} }: AdmissionOptions,
): Admission {
  let awayUntil = 0
  let isAway = false
  const { RateLimiterMemory, RateLimiterRes } = limiters

  /** Once a change, never once a try. */
  function told(away: boolean): void {
    isAway = away
    log(away ? { level: 'warn', event: 'limitsNotShared' } : { level: 'info', event: 'limitsShared' })
  }

  /** The package resolves when admitted and rejects with a count when not; an error rejects with an Error. */
  async function waitAfter(consumed: ReturnType<RateLimiterAbstract['consume']>): Promise<number> {
    try {
      await consumed
      return 0
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return Math.max(1, refused.msBeforeNext)
      throw refused
    }
  }

  function counter(
    kind: RateKind,
    by: 'identity' | 'address',
  ): (key: string, cost: number) => Promise<number> {
    const { points, seconds } = rates[kind][by]
    const shape = { keyPrefix: `asklet:${kind}:${by}`, points, duration: seconds }
    const own = new RateLimiterMemory(shape)
    const shared = redis === undefined ? null : sharedCounter(limiters, redis, shape)
    return async (key, cost) => {
      // More than a window holds would never be admitted.
      const taken = Math.min(cost, points)
      if (!shared || Date.now() < awayUntil) return waitAfter(own.consume(key, taken))
      try {
        const wait = await waitAfter(shared.consume(key, taken))
        if (isAway && Date.now() >= awayUntil) told(false)
        return wait
      } catch {
        if (!isAway) told(true)
        awayUntil = Date.now() + REDIS_AWAY_MS
        return waitAfter(own.consume(key, taken))
      }
    }
  }

  const counters = new Map(
    (Object.keys(rates) as RateKind[]).map(kind => [
      kind,
      { identity: counter(kind, 'identity'), address: counter(kind, 'address') },
    ]),
  )

  return {
    async take(kind, { identity, address }, cost = 1) {
      const by = counters.get(kind)
      if (!by) return 0
      // The wider one first: a flood of made-up identities makes no entries once its address has had enough.
      const wait = address === null ? 0 : await by.address(address, cost)
      return wait > 0 || identity === null ? wait : by.identity(identity, cost)
    },
  }
}

function sharedCounter(
  { RateLimiterRedis, RLWrapperTimeouts }: Limiters,
  redis: unknown,
  shape: { keyPrefix: string; points: number; duration: number },
) {
  const limiter = new RateLimiterRedis({
    ...shape,
    storeClient: redis,
    // What ioredis has and node-redis has not; the package guesses by the name of a class, which minifiers change.
    useRedisPackage: typeof (redis as { defineCommand?: unknown }).defineCommand !== 'function',
    rejectIfRedisNotReady: true,
    // Who is over the limit is refused by this node without asking again.
    inMemoryBlockOnConsumed: shape.points + 1,
  })
  return new RLWrapperTimeouts({ limiter, timeoutMs: REDIS_WITHIN_MS })
}
