// What the desk takes in of mail and webhooks that did not go out. Apart from parseDesk.ts, because only leads need it.

import * as v from 'valibot'
import type { DeskCalls } from './wire'

const text = v.pipe(v.string(), v.maxLength(2_000))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const moment = v.pipe(v.number(), v.minValue(-8.64e15), v.maxValue(8.64e15))
const row = v.object({
  deliveryId: v.pipe(text, v.minLength(1)),
  conversationId: text,
  road: v.picklist(['mail', 'webhook']),
  kind: text,
  state: v.picklist(['waiting', 'failed']),
  to: text,
  ticketNumber: v.nullable(count),
  reason: text,
  attempts: count,
  createdAt: moment,
  nextAt: v.nullable(moment),
})
const answer = v.object({ rows: v.array(v.unknown()), failed: count, waiting: count })

/** Null: no such answer. Of a newer server's third road no row is shown. */
export function parseDeliveries(value: unknown): DeskCalls['deliveries']['reply'] | null {
  const parsed = v.safeParse(answer, value)
  if (!parsed.success) return null
  const rows = parsed.output.rows.flatMap(each => {
    const read = v.safeParse(row, each)
    return read.success ? [read.output] : []
  })
  return { ...parsed.output, rows }
}
