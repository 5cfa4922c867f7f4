// A lead at what did not go out: what is listed, and what is said of an act.

import { expect, test } from 'vitest'
import { createDeliveriesModel } from '../../../src/desk/deliveriesModel'
import type { DeliveryRow } from '../../../src/protocol/deskRecords'

const row = (deliveryId: string, change: Partial<DeliveryRow> = {}): DeliveryRow => ({
  deliveryId,
  conversationId: 'conversation-1',
  road: 'mail',
  kind: 'answered',
  state: 'failed',
  to: 'm…@example.com',
  ticketNumber: 1001,
  reason: 'refused (550)',
  attempts: 3,
  createdAt: 0,
  nextAt: null,
  ...change,
})

function scene(rows: readonly unknown[]) {
  const asked: string[] = []
  let refusal: string | null = null
  const request = async (name: string, body: { readonly act?: string }) => {
    asked.push(body.act ? `${name} ${body.act}` : name)
    if (refusal) return { ok: false, code: refusal, retry: false }
    return name === 'deliveries' ? { ok: true, rows, failed: 9, waiting: 0 } : { ok: true }
  }
  const model = createDeliveriesModel({ request: request as never })
  const refuse = (code: string | null) => {
    refusal = code
  }
  return { model, asked, refuse }
}

test('[O15] what can be read is listed, and how many there are', async () => {
  const { model } = scene([row('one'), { ...row('two'), road: 'pigeon' }])
  await model.load()
  expect(model.status.value).toBe('ready')
  expect(model.rows.value.map(({ deliveryId }) => deliveryId)).toEqual(['one'])
  expect(model.totals.value).toEqual({ failed: 9, waiting: 0 })
})

test('[O15] after an act the list is asked for again, and what became of it is said', async () => {
  const { model, asked, refuse } = scene([row('one')])
  await model.load()
  const acting = model.act('one', 'retry')
  await model.act('one', 'giveUp')
  await acting
  expect(asked).toEqual(['deliveries', 'deliver retry', 'deliveries'])
  expect(model.outcome.value).toEqual({ act: 'retry', outcome: 'done' })
  refuse('stale_assignment')
  await model.act('one', 'giveUp')
  expect(model.outcome.value).toEqual({ act: 'giveUp', outcome: 'changed' })
  expect([model.status.value, model.busy.value]).toEqual(['failed', null])
  refuse(null)
  await model.load()
  expect(model.status.value).toBe('ready')
})
