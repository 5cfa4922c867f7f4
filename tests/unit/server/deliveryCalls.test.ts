// What leads are told of mail that did not go out, and what they may do about it.
import { expect, test } from 'vitest'
import { secureRandomId } from '../../../src/base/environment'
import { ADMIT_ALL } from '../../../src/server/admission'
import { createConversations } from '../../../src/server/conversations'
import { masked } from '../../../src/server/deliveryCalls'
import { deliveriesOf } from '../../../src/server/outbound/deliveriesOf'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createManualClock } from '../../../src/testing/manualClock'

test('[O15] of an address one sign and the domain are told', () => {
  expect(masked('mia@example.com')).toBe('m…@example.com')
  expect(masked('😀x@example.com')).toBe('😀…@example.com')
  expect([masked(undefined), masked('nonsense'), masked('@x')]).toEqual(['', '', ''])
})

test('[O15] a lead reads what waits and was given up, tries it again or gives it up; an agent does not', async () => {
  const store = await openSqlStore({ file: ':memory:' })
  const clock = createManualClock()
  const server = createConversations({
    store,
    clock,
    randomId: secureRandomId,
    hours: null,
    admission: ADMIT_ALL,
    deliveries: (before, _row, events) => deliveriesOf({ mail: true, webhooks: [] }, before, events),
  })
  const visitor = { identities: ['anon:one'] as const, join: () => {} }
  const opened = await server.visitorCall(visitor, 'open', { v: 1, openId: 'open-0001', brief: emptyBrief() })
  const { conversationId } = opened as unknown as { conversationId: string }
  const body = { type: 'handoffReady', channel: 'ticket', contact: { email: 'mia@example.com' } }
  await server.visitorCall(visitor, 'send', {
    v: 1,
    conversationId,
    drafts: [{ clientId: 'handoff-01', body }],
  })
  const lead = { agentId: 'lea', name: 'Lea', roles: ['lead'], join: () => {} } as never
  const agent = { agentId: 'ada', name: 'Ada', join: () => {} } as never
  const list = () => server.deskCall(lead, 'deliveries', { v: 1 })
  expect(await server.deskCall(agent, 'deliveries', { v: 1 })).toMatchObject({ code: 'forbidden' })
  const deliveryId = `${conversationId}.acknowledged`
  const now = clock.now()
  const [claimed] = await store.claimDeliveries({
    lease: 'lease-1',
    roads: ['mail'],
    now,
    until: now + 1_000,
    limit: 1,
  })
  expect(claimed?.id).toBe(deliveryId)
  const deliver = (act: string, who = lead) => server.deskCall(who, 'deliver', { v: 1, deliveryId, act })
  expect(await deliver('retry')).toMatchObject({ code: 'stale_assignment' })
  await store.finishDelivery(deliveryId, 'lease-1', { state: 'failed', at: now, problem: 'refused (550)' })
  expect(await list()).toMatchObject({
    ok: true,
    failed: 1,
    waiting: 0,
    rows: [
      {
        deliveryId,
        state: 'failed',
        to: 'm…@example.com',
        ticketNumber: 1001,
        reason: 'refused (550)',
        attempts: 1,
        nextAt: null,
      },
    ],
  })
  expect(await deliver('retry', agent)).toMatchObject({ code: 'forbidden' })
  expect(await deliver('retry')).toEqual({ ok: true })
  expect(await list()).toMatchObject({ failed: 0, waiting: 1, rows: [{ state: 'waiting', nextAt: now }] })
  expect(await deliver('giveUp')).toEqual({ ok: true })
  expect(await list()).toMatchObject({ failed: 0, waiting: 0, rows: [] })
  expect(JSON.stringify(await list())).not.toContain('mia@')
  await server.close()
  await store.close()
})
