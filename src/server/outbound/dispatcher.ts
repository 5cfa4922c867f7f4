// Empties the outbox: claims what is due, hands it to whoever sends it, and writes down what became of it. One on each
// node; a lease keeps two from sending the same within it (O4). A node that dies leaves its leases to run out: what it
// was sending is sent again, under the same id (O5). Knows neither mail nor HTTP.
//
// Each road, and of webhooks each endpoint, is a lane with slots of its own, which are filled again as each try ends: a
// receiver that accepts and never answers holds up what is for it, and nothing else (O13).
//
//   mail              ████░░      slots: under way, free
//   webhook a1b2…     ███         full: it hangs
//   webhook c3d4…     ░░░
//
// After some failures in a row a lane rests: one probe a minute, at no cost to what waits in it.

import type { Clock } from '../../base/environment'
import { AskletError } from '../../base/errors'
import type { Log } from '../conversations'
import {
  type ClaimedDelivery,
  type ClaimRequest,
  DELIVERY_ROADS,
  type DeliveryOutcome,
  type DeliveryRoad,
} from '../store/deliveries'
import type { HelpDeskStore } from '../store/helpDeskStore'
import { GIVE_UP_AFTER_MS, nextTryAt } from './retrying'

/** What a sender says of one try. Problems hold no address and nobody's words. */
export type SendOutcome =
  | { readonly result: 'sent'; readonly upTo?: number }
  /** There is a reason not to send it. */
  | { readonly result: 'dropped'; readonly problem: string }
  /** It will never be taken. */
  | { readonly result: 'failed'; readonly problem: string }
  /** `isThere`: whoever takes it did answer, and takes others. */
  | { readonly result: 'retry'; readonly problem: string; readonly isThere?: boolean }
  /** Not now, and no failure: it does not count as a try. */
  | { readonly result: 'later'; readonly at: number }

/** `lease` names the claim, for `countTowards`; `now` is the database's where it has one. */
export type Send = (
  delivery: ClaimedDelivery,
  claim: { readonly lease: string; readonly now: number },
) => Promise<SendOutcome>

export interface DispatcherOptions {
  readonly store: HelpDeskStore
  readonly clock: Clock
  random(): number
  randomId(): string
  /** By road. What has no sender here is left to a node that has one. */
  readonly senders: Readonly<Partial<Record<DeliveryRoad, Send>>>
  /** Of a road that leads to several places: those that this node knows. */
  readonly targets?: Readonly<Partial<Record<DeliveryRoad, readonly string[]>>>
  readonly log: Log
}

export interface Dispatcher {
  /** Sends what is due now, and waits until nothing is under way. */
  run(): Promise<void>
  /** Waits for what is under way, some seconds at most: what hangs is sent again once its lease has ended. */
  close(): Promise<void>
}

export const LOOK_EVERY_MS = 2_000
/** Under way at once: a mail server is one, and used to it; an endpoint is somebody's own, and must not be flooded. */
const SLOTS: Readonly<Record<DeliveryRoad, number>> = { mail: 4, webhook: 3 }
/** So many tries in a row without an answer: whoever takes it is away. */
const REST_AFTER = 5
const PROBE_EVERY_MS = 60_000
/** Longer than any try may take (`mail`, `webhooks`): nobody else sends it meanwhile. */
export const LEASE_MS = 120_000
/** A sender that hangs is given up before its lease is. */
const TRY_WITHIN_MS = 60_000
/** A server that stops waits for no mail server that hangs. */
const CLOSE_WITHIN_MS = 5_000

/** Where things go one beside the other. */
interface Lane {
  readonly road: DeliveryRoad
  readonly only?: Pick<ClaimRequest, 'targets' | 'otherTargets'>
  /** For the log: an endpoint's key. */
  readonly target: string | null
  readonly slots: number
  underWay: number
  isLooking: boolean
  /** Somebody asked while it looked. */
  looksAgain: boolean
  /** There was more than it had room for. */
  hasMore: boolean
  failuresInARow: number
  /** While it rests: when it is probed next. */
  restsUntil: number | null
}

function lanesOf({ senders, targets = {} }: Pick<DispatcherOptions, 'senders' | 'targets'>): Lane[] {
  const lane = (road: DeliveryRoad, target: string | null, only?: Lane['only']): Lane => ({
    road,
    target,
    ...(only && { only }),
    slots: SLOTS[road],
    underWay: 0,
    isLooking: false,
    looksAgain: false,
    hasMore: false,
    failuresInARow: 0,
    restsUntil: null,
  })
  return DELIVERY_ROADS.filter(road => senders[road] !== undefined).flatMap(road => {
    const known = targets[road]
    if (!known) return [lane(road, null)]
    // What another node's newer configuration knows is tried here as well, and given up in time.
    const others = lane(road, null, { otherTargets: known })
    return [...known.map(target => lane(road, target, { targets: [target] })), others]
  })
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, clock, senders, log } = options
  const lanes = lanesOf(options)
  const idle = new Set<() => void>()
  let isClosed = false
  let stopTimer = () => {}

  /** Leases are compared between nodes: by the database's clock, where it has one. */
  const now = () => (store.now ? store.now() : Promise.resolve(clock.now()))

  async function look(lane: Lane): Promise<void> {
    if (lane.isLooking) {
      lane.looksAgain = true
      return
    }
    lane.isLooking = true
    try {
      do {
        lane.looksAgain = false
        await fill(lane)
      } while (lane.looksAgain && !isClosed)
    } catch (error) {
      lane.hasMore = false
      log({ level: 'warn', event: 'deliveries', road: lane.road, reason: reasonOf(error) })
    } finally {
      lane.isLooking = false
      tellIdle()
    }
  }

  async function fill(lane: Lane): Promise<void> {
    const rests = lane.restsUntil !== null
    const room = rests ? 1 - lane.underWay : lane.slots - lane.underWay
    if (room <= 0 || isClosed) return
    const at = await now()
    if (lane.restsUntil !== null && at < lane.restsUntil) {
      lane.hasMore = false
      return
    }
    // A rest costs no tries, and so nothing in it would ever be given up by them.
    if (rests) await store.giveUpDeliveries({ ...claimOf(lane), createdBefore: at - GIVE_UP_AFTER_MS, at })
    const lease = options.randomId()
    const claimed = await store.claimDeliveries({
      ...claimOf(lane),
      lease,
      now: at,
      until: at + LEASE_MS,
      limit: room,
    })
    lane.hasMore = claimed.length === room
    for (const one of claimed) {
      lane.underWay++
      void deliver(one, lease, at, lane)
        .catch(error => log({ level: 'warn', event: 'deliveries', road: lane.road, reason: reasonOf(error) }))
        .finally(() => {
          lane.underWay--
          if (lane.hasMore && !isClosed) void look(lane)
          else tellIdle()
        })
    }
  }

  const claimOf = ({ road, only }: Lane) => ({ roads: [road], ...only })

  function tellIdle(): void {
    if (lanes.some(({ underWay, isLooking }) => underWay > 0 || isLooking)) return
    for (const tell of idle) tell()
    idle.clear()
  }

  /** What the outcome says of whoever takes it. */
  function learn(lane: Lane, outcome: SendOutcome, at: number): void {
    const { result } = outcome
    const isAway = result === 'retry' && !outcome.isThere
    if (!isAway && result !== 'sent' && result !== 'failed' && result !== 'retry') return
    const place = { road: lane.road, ...(lane.target !== null && { target: lane.target }) }
    if (!isAway) {
      if (lane.restsUntil !== null) log({ level: 'info', event: 'deliveriesGoOn', ...place })
      lane.failuresInARow = 0
      lane.restsUntil = null
      return
    }
    lane.failuresInARow++
    if (lane.failuresInARow < REST_AFTER) return
    if (lane.restsUntil === null) log({ level: 'warn', event: 'deliveriesRest', ...place })
    lane.restsUntil = at + PROBE_EVERY_MS
    lane.hasMore = false
  }

  async function deliver(delivery: ClaimedDelivery, lease: string, at: number, lane: Lane): Promise<void> {
    const outcome = await tryOnce(delivery, lease, at)
    learn(lane, outcome, await now())
    const result = await resultOf(delivery, outcome)
    const held = await store.finishDelivery(delivery.id, lease, result)
    const { conversationId: conversation, kind, road } = delivery
    const about = { conversation, kind, road, attempts: delivery.attempts }
    if (!held) log({ level: 'warn', event: 'deliveryLeaseLost', ...about })
    else if (result.state === 'failed')
      log({ level: 'error', event: 'deliveryFailed', ...about, problem: result.problem })
    else if (result.state === 'waiting' && result.problem !== null)
      log({ level: 'warn', event: 'deliveryRetried', ...about, problem: result.problem })
    else if (result.state !== 'waiting')
      log({ level: 'info', event: 'delivery', ...about, state: result.state })
  }

  async function tryOnce(delivery: ClaimedDelivery, lease: string, at: number): Promise<SendOutcome> {
    const send = senders[delivery.road]
    if (!send) return { result: 'retry', problem: `this node sends no ${delivery.road}` }
    let stop = () => {}
    const tooLong = new Promise<SendOutcome>(done => {
      stop = clock.after(TRY_WITHIN_MS, () => done({ result: 'retry', problem: 'it took too long' }))
    })
    try {
      return await Promise.race([send(delivery, { lease, now: at }), tooLong])
    } catch (error) {
      return { result: 'retry', problem: reasonOf(error) }
    } finally {
      stop()
    }
  }

  async function resultOf(delivery: ClaimedDelivery, outcome: SendOutcome): Promise<DeliveryOutcome> {
    const at = await now()
    switch (outcome.result) {
      case 'sent':
        return { state: 'sent', at, ...(outcome.upTo !== undefined && { upTo: outcome.upTo }) }
      case 'dropped':
      case 'failed':
        return { state: outcome.result, at, problem: outcome.problem }
      case 'later':
        // Whoever is told so again and again is told so no longer than any other failure lasts.
        return outcome.at - delivery.createdAt > GIVE_UP_AFTER_MS
          ? { state: 'dropped', at, problem: 'put off until it was of no use' }
          : { state: 'waiting', dueAt: outcome.at, attempts: delivery.attempts - 1, problem: null }
      case 'retry': {
        const { problem } = outcome
        const dueAt = nextTryAt(delivery, at, options.random())
        if (dueAt === null) return { state: 'failed', at, problem: `given up: ${problem}` }
        return { state: 'waiting', dueAt, attempts: delivery.attempts, problem }
      }
    }
  }

  function run(): Promise<void> {
    const done = new Promise<void>(tell => idle.add(tell))
    for (const lane of lanes) void look(lane)
    tellIdle()
    return done
  }

  // What hangs keeps nobody from looking again.
  const wait = () => {
    stopTimer = clock.after(LOOK_EVERY_MS, () => {
      if (isClosed) return
      void run()
      wait()
    })
  }
  wait()

  return {
    run,
    async close() {
      isClosed = true
      stopTimer()
      if (lanes.every(({ underWay, isLooking }) => underWay === 0 && !isLooking)) return
      let stop = () => {}
      const longEnough = new Promise<void>(done => {
        stop = clock.after(CLOSE_WITHIN_MS, done)
      })
      await Promise.race([new Promise<void>(tell => idle.add(tell)), longEnough])
      stop()
    },
  }
}

/** The sentence of a known error, the bare name of an unknown one: it may quote an address. */
function reasonOf(error: unknown): string {
  if (error instanceof AskletError) return error.message
  return error instanceof Error ? error.name : 'unknown'
}
