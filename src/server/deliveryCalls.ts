// What leads read of mail and webhooks that wait or were given up, and what they do about them. Holds no address: of a
// recipient so much is said that two of them can be told apart.

import type { DeliveryRow } from '../protocol/deskRecords'
import type { DeskCalls } from '../protocol/wire'
import { refusal } from './refusals'
import type { OpenDelivery } from './store/deliveries'
import type { HelpDeskStore } from './store/helpDeskStore'

type Answers = {
  readonly [Name in 'deliveries' | 'deliver']: (
    session: { readonly agentId: string },
    member: unknown,
    body: DeskCalls[Name]['request'],
  ) => Promise<({ readonly ok: true } & DeskCalls[Name]['reply']) | ReturnType<typeof refusal>>
}

/** Of each kind; how many there are is said beside it. */
const MOST_SHOWN = 50

export function createDeliveryCalls({
  store,
  now,
}: {
  readonly store: Pick<
    HelpDeskStore,
    'openDeliveries' | 'countDeliveries' | 'conversation' | 'retryDelivery' | 'dropDelivery'
  >
  now(): number
}): Answers {
  async function toldOf(one: OpenDelivery): Promise<DeliveryRow> {
    const row = await store.conversation(one.conversationId)
    return {
      deliveryId: one.id,
      conversationId: one.conversationId,
      road: one.road,
      kind: one.kind,
      state: one.state,
      to: one.road === 'webhook' ? (one.target ?? '') : masked(row?.contact?.email),
      ticketNumber: row?.ticket?.number ?? null,
      reason: one.problem,
      attempts: one.attempts,
      createdAt: one.createdAt,
      nextAt: one.state === 'waiting' ? one.dueAt : null,
    }
  }

  return {
    async deliveries() {
      const [open, counted] = await Promise.all([store.openDeliveries(MOST_SHOWN), store.countDeliveries()])
      const rows = await Promise.all(open.map(toldOf))
      return { ok: true, rows, failed: counted.failed, waiting: counted.waiting }
    },

    async deliver(_session, _member, { deliveryId, act }) {
      const at = now()
      const done =
        act === 'retry' ? await store.retryDelivery(deliveryId, at) : await store.dropDelivery(deliveryId, at)
      if (done) return { ok: true }
      return refusal('stale_assignment', 'it was sent, given up, or is under way by now')
    },
  }
}

/** `m…@example.com`: whose it is stays in the conversation. */
export function masked(email: string | undefined): string {
  const at = email?.lastIndexOf('@') ?? -1
  if (!email || at < 1) return ''
  return `${[...email][0] ?? ''}…${email.slice(at)}`
}
