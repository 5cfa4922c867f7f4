// What the desk takes in besides events: its list, the brief that a conversation opens with, and what agents know
// of it and of each other.
// Apart from parse.ts, because no visitor's page ever needs it.

import * as v from 'valibot'
import { CONTEST_ABOUT } from './contest'
import type {
  CannedReply,
  DeskDetails,
  DeskPerson,
  DeskSettings,
  DisputeReport,
  SimilarTicket,
} from './deskRecords'
import { pageFacts } from './parse'
import type { Brief } from './records'
import { TICKET_STATUSES } from './ticket'
import type { DeskTotals, QueueRow } from './wire'

const text = v.pipe(v.string(), v.maxLength(2_000))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const moment = v.pipe(v.number(), v.finite())

const priority = v.picklist(['low', 'normal', 'high', 'urgent'])
const ticketStatus = v.fallback(v.optional(v.picklist(TICKET_STATUSES)), undefined)
const agentRef = v.object({ agentId: text, name: text })
const level = v.object({
  state: v.picklist(['ok', 'warning', 'breached', 'met', 'missed', 'paused']),
  dueAt: v.nullable(moment),
  warnAt: v.optional(moment),
})
const reason = v.object({ code: text, words: v.optional(v.array(text)), count: v.optional(count) })

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
  priority: v.fallback(v.optional(priority), undefined),
  // Nor a newer one's sixth status.
  ticketStatus,
  ticketOwner: v.optional(agentRef),
  openedAt: v.optional(moment),
  category: v.optional(text),
  team: v.optional(text),
  // Of something that only a newer server knows to object to: the row stays, the mark goes.
  contested: v.fallback(
    v.optional(v.object({ about: v.picklist(CONTEST_ABOUT), dueAt: moment, count })),
    undefined,
  ),
  // What a newer server says otherwise is not said, and takes no row away.
  levels: v.fallback(
    v.optional(v.object({ firstResponse: v.optional(level), resolution: v.optional(level) })),
    undefined,
  ),
  fits: v.fallback(v.optional(v.object({ reasons: v.array(reason) })), undefined),
  suggestedFor: v.fallback(v.optional(v.object({ agentId: text, name: text })), undefined),
})

/** The rows that can be read, in the server's order; null when it is no list. A row of a newer server's new phase is left out. */
export function parseQueueRows(value: unknown): QueueRow[] | null {
  if (!Array.isArray(value)) return null
  return value.flatMap(item => {
    const parsed = v.safeParse(queueRow, item)
    return parsed.success ? [parsed.output as QueueRow] : []
  })
}

const totals = v.object({
  mine: count,
  waiting: count,
  tickets: count,
  contested: v.optional(count),
  colleagues: count,
  ended: count,
})

/** Which one this agent takes next; null where the server does not say. */
export function parseNext(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** How many there are of each part; null where the server does not say. */
export function parseDeskTotals(value: unknown): DeskTotals | null {
  const parsed = v.safeParse(totals, value)
  return parsed.success ? parsed.output : null
}

const phase = v.picklist(['bot', 'offered', 'queued', 'live', 'ticketed', 'ended'])
/** Up to what a message may hold, with room for a server that allows more. */
const words = v.pipe(v.string(), v.maxLength(20_000))

/** Of a list, what can be read: one odd entry takes no other along. */
const readable = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(
    v.array(v.unknown()),
    v.transform(list =>
      list.flatMap((each): v.InferOutput<Item>[] => {
        const parsed = v.safeParse(item, each)
        return parsed.success ? [parsed.output] : []
      }),
    ),
  )

/** As much of it as a brief holds: what is longer was written under other limits. */
const said = (max: number) =>
  v.pipe(
    v.string(),
    v.transform(whole => whole.slice(0, max)),
  )
const SHORT = 300
const LONG = 1_000
const orNothing = v.fallback(said(LONG), '')
const maybe = (max = SHORT) => v.fallback(v.optional(said(max)), undefined)
const listOf = <Item extends v.GenericSchema>(item: Item) => v.fallback(readable(item), [])
/** Of facts by name, those that can be read. */
const facts = <Value extends v.GenericSchema>(value: Value) =>
  v.fallback(
    v.pipe(
      v.record(v.string(), v.unknown()),
      v.transform(all =>
        Object.fromEntries(
          Object.entries(all).flatMap(([name, each]): [string, v.InferOutput<Value>][] => {
            const parsed = v.safeParse(value, each)
            return parsed.success ? [[name.slice(0, 60), parsed.output]] : []
          }),
        ),
      ),
    ),
    {},
  )
const articles = listOf(v.object({ articleId: said(SHORT), title: said(SHORT) }))
const share = v.fallback(v.number(), 0)

/** Each part for itself: an odd one takes no other along, because who reads none of it answers without knowing. */
const brief = v.object({
  // Of a newer server's the face says nothing.
  reason: said(SHORT),
  because: maybe(LONG),
  category: maybe(),
  tone: v.fallback(
    v.optional(
      v.object({ frustration: share, urgency: share, distress: share, evidence: listOf(said(SHORT)) }),
    ),
    undefined,
  ),
  tried: v.optional(articles),
  page: v.object({
    url: orNothing,
    route: orNothing,
    title: orNothing,
    name: orNothing,
    headings: listOf(said(SHORT)),
    language: orNothing,
    data: facts(said(SHORT)),
    errors: v.optional(listOf(said(SHORT))),
    recentRoutes: v.optional(listOf(said(LONG))),
  }),
  visitor: v.object({
    role: maybe(),
    name: maybe(),
    email: maybe(),
    locale: v.fallback(said(35), ''),
    attributes: facts(v.union([said(SHORT), v.number(), v.boolean()])),
    signed: v.optional(listOf(said(80))),
  }),
  articlesRead: articles,
  flow: v.fallback(
    v.optional(v.object({ id: said(SHORT), title: said(SHORT), step: said(SHORT) })),
    undefined,
  ),
  slots: listOf(v.object({ name: said(SHORT), label: said(SHORT), value: said(LONG) })),
  question: maybe(LONG),
  turns: v.fallback(count, 0),
})

/** The brief of an `opened` event; null where it is none. */
export function parseBrief(value: unknown): Brief | null {
  const parsed = v.safeParse(brief, value)
  return parsed.success ? (parsed.output as Brief) : null
}

const note = v.object({ noteId: text, at: moment, by: agentRef, text: words, afterSeq: count })
const past = v.object({
  conversationId: text,
  phase,
  lastAt: moment,
  head: count,
  question: text,
  ticketNumber: v.nullable(count),
  agentName: v.nullable(text),
  ticketStatus,
  category: v.optional(text),
  priority: v.fallback(v.optional(priority), undefined),
})
const undelivered = v.object({
  kind: v.picklist(['acknowledged', 'answered', 'solved']),
  reason: v.fallback(v.picklist(['refused', 'gaveUp']), 'gaveUp'),
  at: moment,
})
const details = v.object({
  revision: count,
  notes: readable(note),
  labels: readable(text),
  pageNow: v.fallback(v.nullable(v.object({ page: pageFacts, at: moment })), null),
  visitor: v.fallback(
    v.object({ state: v.picklist(['here', 'gone', 'unknown']), seenAt: v.nullable(moment) }),
    { state: 'unknown', seenAt: null },
  ),
  earlier: readable(past),
  team: v.fallback(v.nullable(text), null),
  undelivered: v.optional(readable(undelivered)),
  mailedAt: v.fallback(v.optional(moment), undefined),
})
const person = v.object({
  agentId: text,
  name: text,
  role: v.fallback(v.picklist(['agent', 'lead']), 'agent'),
  teams: readable(text),
  skills: v.optional(readable(text)),
  languages: v.optional(readable(text)),
  state: v.picklist(['here', 'away', 'gone']),
  live: count,
})
const canned = v.object({
  replyId: text,
  revision: count,
  shortcut: text,
  title: text,
  text: words,
  editedBy: agentRef,
  editedAt: moment,
})
const span = v.pipe(
  v.array(v.string()),
  v.length(2),
  v.transform(([from = '', to = '']): readonly [string, string] => [from, to]),
)
const week = v.record(v.picklist(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), v.array(span))
const settings = v.object({
  hours: v.nullable(v.object({ zone: text, week, closedOn: v.optional(v.array(text)) })),
  hoursAreOwn: v.boolean(),
  hoursRevision: count,
  categories: readable(text),
  labels: readable(text),
  teams: readable(text),
})

const outcome = { outcome: text, words }
const dispute = v.object({
  disputeId: text,
  revision: count,
  number: count,
  reference: text,
  phase: v.picklist(['stating', 'mediating', 'escalated', 'decided', 'withdrawn']),
  opener: v.nullable(text),
  openedAt: moment,
  respondBy: moment,
  decideBy: v.nullable(moment),
  threadId: text,
  sides: v.array(
    v.object({
      party: text,
      name: text,
      conversationId: text,
      statement: v.nullable(words),
      isShared: v.boolean(),
      accepts: v.nullable(v.boolean()),
    }),
  ),
  facts: v.object({
    common: v.record(text, text),
    differing: readable(
      v.object({
        name: text,
        site: v.nullable(text),
        said: v.tuple([v.nullable(text), v.nullable(text)]),
      }),
    ),
  }),
  proposal: v.nullable(v.object({ proposal: count, ...outcome })),
  // Another word than these is a newer server's.
  escalation: v.fallback(v.nullable(v.picklist(['late', 'asked'])), 'asked'),
  decision: v.nullable(
    v.object({ cause: v.fallback(v.picklist(['agreed', 'decided']), 'decided'), ...outcome }),
  ),
})

const similar = v.object({
  conversationId: text,
  number: count,
  question: text,
  category: text,
  solvedAt: moment,
  reasons: readable(
    v.object({ kind: v.picklist(['words', 'category', 'page']), words: v.optional(v.array(text)) }),
  ),
  answer: v.object({ text: words, format: v.picklist(['plain', 'markdown']), by: text }),
})

function read<Output>(schema: v.GenericSchema, value: unknown): Output | null {
  const parsed = v.safeParse(schema, value)
  return parsed.success ? (parsed.output as Output) : null
}

/** Each is null where it cannot be read: of a server that means something else by it. */
export const parseDetails = (value: unknown) => read<DeskDetails>(details, value)
export const parsePeople = (value: unknown) => read<DeskPerson[]>(readable(person), value)
export const parseReplies = (value: unknown) => read<CannedReply[]>(readable(canned), value)
export const parseSettings = (value: unknown) => read<DeskSettings>(settings, value)
export const parseSimilar = (value: unknown) => read<SimilarTicket[]>(readable(similar), value)
export const parseDispute = (value: unknown) => read<DisputeReport>(dispute, value)
