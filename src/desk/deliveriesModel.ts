// One lead at the mail and webhooks that did not go out: what there is, and what became of the last act. Owns that; the
// truth is the server's, which is asked again after each act.

import { signal } from '@preact/signals-core'
import type { ReadonlySignal } from '../base/signal'
import type { DeliveryRow } from '../protocol/deskRecords'
import { parseDeliveries } from '../protocol/parseDeliveries'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { DeskCalls } from '../protocol/wire'
import { type DeskLine, type Outcome, outcomeOf } from './deskLine'

export type DeliveryAct = DeskCalls['deliver']['request']['act']

export interface DeliveriesModel {
  readonly status: ReadonlySignal<'loading' | 'ready' | 'failed'>
  readonly rows: ReadonlySignal<readonly DeliveryRow[]>
  /** Of each state, with those that no row is there for. */
  readonly totals: ReadonlySignal<{ readonly failed: number; readonly waiting: number }>
  /** The one that is being acted on. */
  readonly busy: ReadonlySignal<string | null>
  readonly outcome: ReadonlySignal<{ readonly act: DeliveryAct; readonly outcome: Outcome } | null>
  load(): Promise<void>
  act(deliveryId: string, act: DeliveryAct): Promise<void>
}

export function createDeliveriesModel(line: Pick<DeskLine, 'request'>): DeliveriesModel {
  const status = signal<'loading' | 'ready' | 'failed'>('loading')
  const rows = signal<readonly DeliveryRow[]>([])
  const totals = signal({ failed: 0, waiting: 0 })
  const busy = signal<string | null>(null)
  const outcome = signal<{ act: DeliveryAct; outcome: Outcome } | null>(null)

  async function load() {
    const reply = await line.request('deliveries', { v: PROTOCOL_VERSION })
    const told = reply.ok ? parseDeliveries(reply) : null
    if (told) {
      rows.value = told.rows
      totals.value = { failed: told.failed, waiting: told.waiting }
    }
    status.value = told ? 'ready' : 'failed'
  }

  return {
    status,
    rows,
    totals,
    busy,
    outcome,
    async load() {
      if (status.peek() === 'failed') status.value = 'loading'
      await load()
    },
    async act(deliveryId, act) {
      if (busy.peek() !== null) return
      busy.value = deliveryId
      outcome.value = null
      const reply = await line.request('deliver', { v: PROTOCOL_VERSION, deliveryId, act })
      outcome.value = { act, outcome: outcomeOf(reply) }
      await load()
      busy.value = null
    },
  }
}
