// What the desk takes in besides events: its list, and the brief that a conversation opens with.
// Apart from parse.ts, because no visitor's page ever needs it.

import * as v from 'valibot'
import { visitorRequests } from './parse'
import type { Brief } from './records'
import type { DeskTotals, QueueRow } from './wire'

const text = v.pipe(v.string(), v.maxLength(2_000))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const moment = v.pipe(v.number(), v.finite())

const queueRow = v.object({
  conversationId: v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/)),
  phase: v.picklist(['bot', 'offered', 'queued', 'live', 'ticketed', 'ended']),
  assignment: count,
  agent: v.nullable(v.object({ agentId: text, name: text })),
  waitingSince: v.nullable(moment),
  head: count,
  ticketNumber: v.nullable(count),
  visitorName: text,
  role: text,
  pageName: text,
  question: text,
  lastAt: moment,
  isVerified: v.optional(v.boolean()),
  // A newer server's fifth priority must not take the row away.
  priority: v.fallback(v.optional(v.picklist(['low', 'normal', 'high', 'urgent'])), undefined),
  team: v.optional(text),
})

/** The rows that can be read, in the server's order; null when it is no list. A row of a newer server's new phase is left out. */
export function parseQueueRows(value: unknown): QueueRow[] | null {
  if (!Array.isArray(value)) return null
  return value.flatMap(item => {
    const parsed = v.safeParse(queueRow, item)
    return parsed.success ? [parsed.output as QueueRow] : []
  })
}

const totals = v.object({ mine: count, waiting: count, tickets: count, colleagues: count, ended: count })

/** How many there are of each part; null where the server does not say. */
export function parseDeskTotals(value: unknown): DeskTotals | null {
  const parsed = v.safeParse(totals, value)
  return parsed.success ? parsed.output : null
}

/** The brief of an `opened` event, or null when a part of it is not what it should be. */
export function parseBrief(value: unknown): Brief | null {
  const parsed = v.safeParse(visitorRequests.open.entries.brief, value)
  return parsed.success ? (parsed.output as Brief) : null
}
