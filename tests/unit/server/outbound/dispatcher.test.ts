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
    async giveUpDeliveries() {},
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

/** Rows of a store that hands out what is due, by where it goes. */
function outbox(rows: readonly (Partial<ClaimedDelivery> & { readonly id: string })[]) {
  const clock = createManualClock()
  const waiting = new Map(
    rows.map(row => [row.id, { ...delivery, createdAt: clock.now(), attempts: 0, ...row }]),
  )
  const done: string[] = []
  const given: unknown[] = []
  const logged: string[] = []
  const store = {
    async claimDeliveries({ roads, targets, otherTargets, now, limit }: ClaimRequest) {
      const due = [...waiting.values()].filter(
        ({ road, target, dueAt }) =>
          roads.includes(road) &&
          (!targets || targets.includes(target ?? '')) &&
          !otherTargets?.includes(target ?? '') &&
          dueAt <= now,
      )
      return due.slice(0, limit).map(row => {
        waiting.delete(row.id)
        return { ...row, attempts: row.attempts + 1 }
      })
    },
    async finishDelivery(id: string, _lease: string, outcome: DeliveryOutcome) {
      done.push(`${id} ${outcome.state}`)
      if (outcome.state === 'waiting') {
        const row = rows.find(each => each.id === id)
        const { dueAt, attempts } = outcome
        waiting.set(id, { ...delivery, createdAt: 0, ...row, id, dueAt, attempts })
      }
      return true
    },
    async forgetDeliveries() {},
    async giveUpDeliveries(which: unknown) {
      given.push(which)
    },
  } as unknown as HelpDeskStore
  const start = (
    senders: Parameters<typeof createDispatcher>[0]['senders'],
    targets: readonly string[] = ['a', 'b'],
  ) =>
    createDispatcher({
      store,
      clock,
      random: () => 0.5,
      randomId: () => 'lease-1',
      senders,
      targets: { webhook: targets },
      log: entry => logged.push(`${entry.level} ${entry.event} ${entry.target ?? ''}`.trim()),
    })
  return { clock, start, done, given, logged, waiting }
}
const rowsTo = (target: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `${target}${n}`, road: 'webhook' as const, target }))
const never = new Promise<never>(() => {})

test('[O13] a receiver that never answers holds up neither another one nor mail, and its slots are its own', async () => {
  const mails = [1, 2, 3, 4, 5, 6].map(n => ({ id: `mail${n}` }))
  const { start, done, waiting } = outbox([...rowsTo('a', 9), ...rowsTo('b', 9), ...mails])
  let hanging = 0
  const dispatcher = start({
    mail: async () => ({ result: 'sent' }),
    webhook: ({ target }) => {
      if (target !== 'a') return Promise.resolve({ result: 'sent' })
      hanging++
      return never
    },
  })
  void dispatcher.run()
  await settled()
  await settled()
  await settled()
  expect(done.filter(each => each.endsWith('sent'))).toHaveLength(15)
  expect(hanging).toBe(3)
  expect([...waiting.keys()]).toEqual(['a3', 'a4', 'a5', 'a6', 'a7', 'a8'])
})

test('[O13] a slot is filled again as soon as it is free, whatever the others do', async () => {
  const { start, done } = outbox([
    { id: 'slow' },
    ...Array.from({ length: 8 }, (_, n) => ({ id: `quick${n}` })),
  ])
  const dispatcher = start({
    mail: ({ id }) => (id === 'slow' ? never : Promise.resolve({ result: 'sent' })),
  })
  void dispatcher.run()
  for (let turn = 0; turn < 10; turn++) await settled()
  expect(done).toHaveLength(8)
})

test('[O13] after five tries without an answer it is probed once a minute, at no cost to what waits; one answer ends that', async () => {
  const { clock, start, done, given, logged, waiting } = outbox(rowsTo('a', 60))
  let tries = 0
  let isAway = true
  const dispatcher = start({
    webhook: async () => {
      tries++
      return isAway ? { result: 'retry', problem: 'ECONNREFUSED' } : { result: 'sent' }
    },
  })
  await dispatcher.run()
  // What was under way as it began to rest is still told.
  const first = tries
  expect(first).toBeGreaterThanOrEqual(5)
  expect(first).toBeLessThanOrEqual(7)
  expect(logged.filter(each => each.includes('Rest'))).toEqual(['warn deliveriesRest a'])
  await dispatcher.run()
  clock.advance(59_000)
  await settled()
  expect(tries).toBe(first)
  expect([...waiting.values()].filter(({ attempts }) => attempts > 0)).toHaveLength(first)
  clock.advance(2_000)
  for (let turn = 0; turn < 5; turn++) await settled()
  expect(tries).toBe(first + 1)
  expect(given).toMatchObject([{ roads: ['webhook'], targets: ['a'] }])
  isAway = false
  clock.advance(62_000)
  for (let turn = 0; turn < 60; turn++) await settled()
  expect(done.filter(each => each.endsWith('sent')).length).toBeGreaterThanOrEqual(50)
  expect(logged).toContain('info deliveriesGoOn a')
})

test('[O13] a mail server that puts one mail off is there: the others go on', async () => {
  const { start, logged, done } = outbox(Array.from({ length: 12 }, (_, n) => ({ id: `mail${n}` })))
  const dispatcher = start({
    mail: async () => ({ result: 'retry', problem: 'greylisted', isThere: true }),
  })
  await dispatcher.run()
  expect(done).toHaveLength(12)
  expect(logged.filter(each => each.includes('Rest'))).toEqual([])
})

test('[O13] what is for an endpoint that another node knows is tried as well', async () => {
  const { start, done } = outbox(rowsTo('elsewhere', 1))
  await start({
    webhook: async () => ({ result: 'retry', problem: 'no endpoint of this address here' }),
  }).run()
  expect(done).toEqual(['elsewhere0 waiting'])
})

test('[O5] what is put off again and again is put off for three days, not for ever', async () => {
  const { clock, start, done } = outbox([{ id: 'mail1' }])
  const dispatcher = start({ mail: async (_one, { now }) => ({ result: 'later', at: now + 15 * 60_000 }) })
  await dispatcher.run()
  expect(done).toEqual(['mail1 waiting'])
  clock.advance(4 * 24 * 60 * 60_000)
  for (let turn = 0; turn < 5; turn++) await settled()
  await dispatcher.run()
  expect(done.at(-1)).toBe('mail1 dropped')
})
