// What an operator measures, in the text that Prometheus reads: by `prom-client`, whose home this is. It is optional,
// and a help desk without it counts nothing here. Labels come from tables of this project alone: a name that somebody
// made up would be a series of its own, for ever.
//
// Counters and histograms are of this node. Gauges named "of the database" are the same on every node of it: take the
// greatest, not the sum.

import { createHash, timingSafeEqual } from 'node:crypto'
import { AskletError, describe } from '../../base/errors'
import { deskRequests, visitorRequests } from '../../protocol/parse'
import type { Conversations } from '../conversations'
import { optionalPackage } from '../optionalPackage'
import { DELIVERY_ROADS } from '../store/deliveries'
import type { HelpDeskStore } from '../store/helpDeskStore'

export const METRICS_INSTALL = 'npm install prom-client@15'

export interface PrometheusOptions {
  /**
   * At least 16 characters: `GET /asklet/v1/metrics` answers who brings it as `Authorization: Bearer …`. Without it the
   * route is not there, and `metricsText()` of the help desk is what a server of yours hands out, where only you reach it.
   */
  readonly token?: string
}

/** From `prometheus()`, for the option `prometheus` of one help desk. */
export interface Meter {
  readonly contentType: string
  /** Whether this is the token that it was made with. */
  admits(authorization: string | undefined): boolean
  /** Whether there is a token at all. */
  readonly isServed: boolean
  /** A help desk joins: its store and its core, as they are to be used from now on. */
  store(store: HelpDeskStore): HelpDeskStore
  conversations(conversations: Conversations): Conversations
  /** @param sockets  connections of this node, by side */
  text(store: HelpDeskStore, sockets: { readonly visitor: number; readonly desk: number }): Promise<string>
}

const CALL_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
const COUNT_DELIVERIES_EVERY_MS = 10_000

interface Deliveries {
  readonly byState: Awaited<ReturnType<HelpDeskStore['countDeliveries']>>
  readonly oldest: Awaited<ReturnType<HelpDeskStore['oldestDeliveries']>>
}

const WAIT_SECONDS = [5, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600]

/** @throws AskletError `driver_missing` with the line that installs it, `server_shape` for a token that is too short */
export async function prometheus({ token }: PrometheusOptions = {}): Promise<Meter> {
  if (token !== undefined && !(typeof token === 'string' && token.length >= 16))
    throw new AskletError(
      'server_shape',
      `the token of prometheus() must have at least 16 characters, got ${typeof token === 'string' ? 'a shorter one' : describe(token)}.`,
    )
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await optionalPackage(
    () => import('prom-client'),
    'metrics need a package that is not installed',
    METRICS_INSTALL,
  )
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })

  const calls = new Counter({
    name: 'asklet_calls_total',
    help: 'Calls by side, name and outcome (ok, or the code of the refusal).',
    labelNames: ['side', 'call', 'outcome'],
    registers,
  })
  const callSeconds = new Histogram({
    name: 'asklet_call_seconds',
    help: 'How long calls took, by side.',
    labelNames: ['side'],
    buckets: CALL_SECONDS,
    registers,
  })
  const storeSeconds = new Histogram({
    name: 'asklet_store_seconds',
    help: 'How long the store took, by operation.',
    labelNames: ['operation'],
    buckets: CALL_SECONDS,
    registers,
  })
  const storeErrors = new Counter({
    name: 'asklet_store_errors_total',
    help: 'Operations that the store could not do.',
    labelNames: ['operation'],
    registers,
  })
  const events = new Counter({
    name: 'asklet_events_stored_total',
    help: 'Events stored by this node.',
    registers,
  })
  const waits = new Histogram({
    name: 'asklet_wait_seconds',
    help: 'How long visitors waited until an agent joined.',
    buckets: WAIT_SECONDS,
    registers,
  })
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge<Label>({ name, help, labelNames, registers })
  const sockets = gauge('asklet_sockets', 'Open connections of this node.', 'side')
  const storeUp = gauge('asklet_store_up', '1 while the store can be reached.')
  const waiting = gauge('asklet_queue_waiting', 'Visitors who wait for an agent (of the database).')
  const longest = gauge(
    'asklet_queue_longest_wait_seconds',
    'How long the one waits who waits longest (of the database).',
  )
  const open = gauge('asklet_conversations', 'Open conversations by phase (of the database).', 'phase')
  const tickets = gauge('asklet_tickets', 'Tickets that are not over, by status (of the database).', 'status')
  const deliveries = gauge(
    'asklet_deliveries',
    'Mail and webhooks by state; done ones of the last 30 days (of the database).',
    'state',
  )
  const oldestDelivery = gauge(
    'asklet_delivery_oldest_seconds',
    'How long the oldest mail and webhook wait that are neither sent nor given up (of the database).',
    'road',
  )
  const sinceRoot = gauge(
    'asklet_seconds_since_root',
    'How long the oldest decision waits that no signed root covers; 0 where none waits (of the database).',
  )
  const ofDatabase = [waiting, longest, open, tickets, deliveries, oldestDelivery, sinceRoot]

  /** All that was sent in a month is counted: not with each scrape of whoever scrapes each second. */
  let deliveriesSeen: { readonly at: number; readonly found: Promise<Deliveries> } | null = null
  function lookAtDeliveries(store: HelpDeskStore): Promise<Deliveries> {
    const now = Date.now()
    if (deliveriesSeen && now - deliveriesSeen.at < COUNT_DELIVERIES_EVERY_MS) return deliveriesSeen.found
    const found = Promise.all([store.countDeliveries(), store.oldestDeliveries()]).then(
      ([byState, oldest]) => ({ byState, oldest }),
    )
    deliveriesSeen = { at: now, found }
    found.catch(() => {
      deliveriesSeen = null
    })
    return found
  }

  async function lookAt(store: HelpDeskStore): Promise<void> {
    const now = Date.now()
    const parts: readonly (readonly [
      gauges: readonly { reset(): void }[],
      look: () => Promise<() => void>,
    ])[] = [
      [
        [waiting, longest],
        async () => {
          const queue = await store.countQueued()
          return () => {
            waiting.set(queue.count)
            longest.set(queue.since === null ? 0 : Math.max(0, now - queue.since) / 1_000)
          }
        },
      ],
      [
        [open],
        async () => {
          const list = await store.deskList({ agentIds: [], endedSince: now, atMost: 1 })
          return () => {
            for (const phase of ['queued', 'live', 'ticketed'] as const)
              open.set({ phase }, list[phase].total)
          }
        },
      ],
      [
        [tickets],
        async () => {
          const byStatus = await store.countTickets()
          return () => {
            for (const [status, count] of Object.entries(byStatus)) tickets.set({ status }, count)
          }
        },
      ],
      [
        [deliveries, oldestDelivery],
        async () => {
          const { byState, oldest } = await lookAtDeliveries(store)
          return () => {
            for (const [state, count] of Object.entries(byState)) deliveries.set({ state }, count)
            for (const road of DELIVERY_ROADS)
              oldestDelivery.set({ road }, Math.max(0, now - (oldest[road] ?? now)) / 1_000)
          }
        },
      ],
      [
        [sinceRoot],
        async () => {
          const since = await store.unsealedSince()
          return () => sinceRoot.set(since === null ? 0 : Math.max(0, now - since) / 1_000)
        },
      ],
    ]
    // What was true a minute ago is no answer; what can be counted is said all the same.
    const failed = await Promise.all(
      parts.map(async ([gauges, look]) => {
        const say = await look().catch(() => null)
        for (const each of gauges) each.reset()
        say?.()
        return say === null
      }),
    )
    if (failed.includes(true)) {
      storeErrors.inc({ operation: 'figures' })
      await store.epoch()
    }
  }

  function measured<Result>(operation: string, run: () => Promise<Result>): Promise<Result> {
    const end = storeSeconds.startTimer({ operation })
    return run().then(
      result => {
        end()
        return result
      },
      error => {
        end()
        storeErrors.inc({ operation })
        throw error
      },
    )
  }

  const hashOf = (text: string) => createHash('sha256').update(text).digest()

  return {
    contentType: register.contentType,
    isServed: token !== undefined,
    admits(authorization) {
      const given = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1]
      // Of hashes: those have one length.
      return token !== undefined && given !== undefined && timingSafeEqual(hashOf(given), hashOf(token))
    },
    store: store =>
      standIn(store, {
        append: request =>
          measured('append', async () => {
            const outcome = await store.append(request)
            if (!outcome.ok) return outcome
            events.inc(outcome.events.length)
            const { before, row } = outcome
            if (before.phase === 'queued' && row.phase === 'live' && before.queuedAt !== null)
              waits.observe(Math.max(0, row.lastAt - before.queuedAt) / 1_000)
            return outcome
          }),
        open: request =>
          measured('open', async () => {
            const outcome = await store.open(request)
            events.inc(outcome.events.length)
            return outcome
          }),
        read: (...of) => measured('read', () => store.read(...of)),
      }),
    conversations(conversations) {
      const counted =
        <Session>(
          side: 'visitor' | 'desk',
          known: object,
          run: (session: Session, name: string, body: unknown) => ReturnType<Conversations['visitorCall']>,
        ) =>
        async (session: Session, name: string, body: unknown) => {
          const end = callSeconds.startTimer({ side })
          const answer = await run(session, name, body)
          end()
          const call = Object.hasOwn(known, name) ? name : 'unknown'
          calls.inc({ side, call, outcome: answer.ok ? 'ok' : answer.code })
          return answer
        }
      return {
        ...conversations,
        visitorCall: counted('visitor', visitorRequests, conversations.visitorCall),
        deskCall: counted('desk', deskRequests, conversations.deskCall),
      }
    },
    async text(store, { visitor, desk }) {
      sockets.set({ side: 'visitor' }, visitor)
      sockets.set({ side: 'desk' }, desk)
      try {
        await lookAt(store)
        storeUp.set(1)
      } catch {
        // What was true a minute ago is no answer.
        for (const each of ofDatabase) each.reset()
        storeUp.set(0)
      }
      return register.metrics()
    },
  }
}

/** All else is the store's own, called as its own: a site's may be of a class. */
function standIn(store: HelpDeskStore, instead: Partial<HelpDeskStore>): HelpDeskStore {
  const kept = new Map<string | symbol, unknown>(Object.entries(instead))
  return new Proxy(store, {
    get(target, key) {
      if (kept.has(key)) return kept.get(key)
      const own: unknown = Reflect.get(target, key)
      const value: unknown = typeof own === 'function' ? own.bind(target) : own
      kept.set(key, value)
      return value
    },
  })
}
