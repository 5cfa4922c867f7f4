// Empties the outbox: claims what is due, hands it to whoever sends it, and writes down what became of it. One on each
// node; a lease keeps two from sending the same within it (O4). A node that dies leaves its leases to run out: what it
// was sending is sent again, under the same id (O5). Knows neither mail nor HTTP.

import type { Clock } from '../../base/environment'
import { AskletError } from '../../base/errors'
import type { Log } from '../conversations'
import type { ClaimedDelivery, DeliveryOutcome, DeliveryRoad } from '../store/deliveries'
import type { HelpDeskStore } from '../store/helpDeskStore'
import { nextTryAt } from './retrying'

/** What a sender says of one try. Problems hold no address and nobody's words. */
export type SendOutcome =
  | { readonly result: 'sent'; readonly upTo?: number }
  /** There is a reason not to send it. */
  | { readonly result: 'dropped'; readonly problem: string }
  /** It will never be taken. */
  | { readonly result: 'failed'; readonly problem: string }
  | { readonly result: 'retry'; readonly problem: string }
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
  readonly log: Log
}

export interface Dispatcher {
  /** Sends what is due now. One at a time: a second call waits for the first and changes nothing. */
  run(): Promise<void>
  /** Waits for what is under way, some seconds at most: what hangs is sent again once its lease has ended. */
  close(): Promise<void>
}

export const LOOK_EVERY_MS = 2_000
const AT_ONCE = 10
/** Longer than any try may take (`mail`, `webhooks`): nobody else sends it meanwhile. */
export const LEASE_MS = 120_000
/** A sender that hangs is given up before its lease is. */
const TRY_WITHIN_MS = 60_000
/** A server that stops waits for no mail server that hangs. */
const CLOSE_WITHIN_MS = 5_000
/** An operator looks at what failed; what was sent is of no more use than its number. */
const KEEP_DONE_MS = 30 * 24 * 60 * 60_000
const FORGET_EVERY_MS = 60 * 60_000

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, clock, senders, log } = options
  const roads = (['mail', 'webhook'] as const).filter(road => senders[road] !== undefined)
  let isClosed = false
  let running: Promise<void> | null = null
  let forgotAt = 0
  let stopTimer = () => {}

  /** Leases are compared between nodes: by the database's clock, where it has one. */
  const now = () => (store.now ? store.now() : Promise.resolve(clock.now()))

  async function sendDue(): Promise<void> {
    for (;;) {
      const at = await now()
      if (at - forgotAt > FORGET_EVERY_MS) {
        forgotAt = at
        await store.forgetDeliveries(at - KEEP_DONE_MS)
      }
      const lease = options.randomId()
      const claimed = await store.claimDeliveries({
        lease,
        roads,
        now: at,
        until: at + LEASE_MS,
        limit: AT_ONCE,
      })
      await Promise.all(claimed.map(one => deliver(one, lease, at)))
      if (isClosed || claimed.length < AT_ONCE) return
    }
  }

  async function deliver(delivery: ClaimedDelivery, lease: string, at: number): Promise<void> {
    const outcome = await tryOnce(delivery, lease, at)
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
        return { state: 'waiting', dueAt: outcome.at, attempts: delivery.attempts - 1, problem: null }
      case 'retry': {
        const { problem } = outcome
        const dueAt = nextTryAt(delivery, at, options.random())
        if (dueAt === null) return { state: 'failed', at, problem: `given up: ${problem}` }
        return { state: 'waiting', dueAt, attempts: delivery.attempts, problem }
      }
    }
  }

  function run(): Promise<void> {
    running ??= sendDue()
      .catch(error => log({ level: 'warn', event: 'deliveries', reason: reasonOf(error) }))
      .finally(() => {
        running = null
      })
    return running
  }

  const wait = () => {
    stopTimer = clock.after(LOOK_EVERY_MS, async () => {
      await run()
      if (!isClosed) wait()
    })
  }
  wait()

  return {
    run,
    async close() {
      isClosed = true
      stopTimer()
      if (!running) return
      let stop = () => {}
      const longEnough = new Promise<void>(done => {
        stop = clock.after(CLOSE_WITHIN_MS, done)
      })
      await Promise.race([running, longEnough])
      stop()
    },
  }
}

/** The sentence of a known error, the bare name of an unknown one: it may quote an address. */
function reasonOf(error: unknown): string {
  if (error instanceof AskletError) return error.message
  return error instanceof Error ? error.name : 'unknown'
}
