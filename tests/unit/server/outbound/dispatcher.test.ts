// What a dispatcher does about a sender that hangs or throws, and about a store that is away. The store here is a list.
import { expect, test } from 'vitest'
import {
  createDispatcher,
  LEASE_MS,
  LOOK_EVERY_MS,
  type Send,
} from '../../../../src/server/outbound/dispatcher'
import type { ClaimedDelivery, ClaimRequest, DeliveryOutcome } from '../../../../src/server/store/deliveries'
import type { HelpDeskStore } from '../../../../src/server/store/helpDeskStore'
import { createManualClock } from '../../../../src/testing/manualClock'

const delivery: ClaimedDelivery = {
  id: 'conversation-1.2.acknowledged',
  conversationId: 'conversation-1',
  seq: 2,
  road: 'mail',
  kind: 'acknowledged',
  target: null,
  facts: null,
  createdAt: 0,
  dueAt: 0,
  attempts: 1,
}

function scene(send: Send, claim: () => readonly ClaimedDelivery[]) {
  const clock = createManualClock()
  const finished: DeliveryOutcome[] = []
  const claims: ClaimRequest[] = []
  const logged: string[] = []
  const store = {
    async claimDeliveries(request: ClaimRequest) {
      claims.push(request)
      return claim()
    },
    async finishDelivery(_id: string, _lease: string, outcome: DeliveryOutcome) {
      finished.push(outcome)
      return true
    },
    async forgetDeliveries() {},
  } as unknown as HelpDeskStore
  const dispatcher = createDispatcher({
    store,
    clock,
    random: () => 0.5,
    randomId: () => 'lease-1',
    senders: { mail: send },
    log: entry => logged.push(`${entry.level} ${entry.event}`),
  })
  return { clock, dispatcher, finished, claims, logged }
}

const once = () => {
  let isGone = false
  return () => {
    const rows = isGone ? [] : [{ ...delivery, createdAt: Date.UTC(2026, 0, 5, 9) }]
    isGone = true
    return rows
  }
}
/** Promises that hang on each other settle. */
const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

test('[O4] it looks every two seconds, for the roads it has, and leases what it finds for two minutes', async () => {
  const { clock, dispatcher, claims } = scene(
    async () => ({ result: 'sent' }),
    () => [],
  )
  clock.advance(LOOK_EVERY_MS)
  await settled()
  expect(claims).toMatchObject([{ roads: ['mail'], lease: 'lease-1' }])
  expect((claims[0]?.until ?? 0) - (claims[0]?.now ?? 0)).toBe(LEASE_MS)
  await dispatcher.close()
  expect(clock.pending()).toBe(0)
})

test('[O5] a sender that hangs is given up before its lease is, and tried again', async () => {
  const { clock, dispatcher, finished } = scene(() => new Promise(() => {}), once())
  const running = dispatcher.run()
  await settled()
  clock.advance(60_000)
  await running
  expect(finished).toMatchObject([{ state: 'waiting', attempts: 1, problem: 'it took too long' }])
  await dispatcher.close()
})

test('a server that stops waits five seconds for one that hangs, no longer', async () => {
  const { clock, dispatcher, finished } = scene(() => new Promise(() => {}), once())
  void dispatcher.run()
  await settled()
  const closed = dispatcher.close()
  clock.advance(5_000)
  await closed
  expect(finished).toEqual([])
})

test('what a sender throws is no sentence: it may quote an address', async () => {
  const throws = async () => {
    throw new TypeError('no such user mia@example.com')
  }
  const { dispatcher, finished, logged } = scene(throws, once())
  await dispatcher.run()
  expect(finished).toMatchObject([{ state: 'waiting', problem: 'TypeError' }])
  expect(logged).toEqual(['warn deliveryRetried'])
  await dispatcher.close()
})

test('a store that is away is said, and asked again', async () => {
  let isAway = true
  const { dispatcher, logged, finished } = scene(
    async () => ({ result: 'sent' }),
    () => {
      if (!isAway) return once()()
      throw new Error('away')
    },
  )
  await dispatcher.run()
  expect(logged).toEqual(['warn deliveries'])
  isAway = false
  await dispatcher.run()
  expect(finished).toMatchObject([{ state: 'sent' }])
  await dispatcher.close()
})
