// Everything that comes in over a wire is parsed here: browser, desk and server share the schemas.
// Unknown keys are dropped, so that a newer peer may add some; unknown event types are kept as they are
// and ignored by the fold.

import * as v from 'valibot'
import { MAX_ATTACHMENTS, MAX_NAME_CHARS, MAX_URLS } from './attachments'
import { CONTEST_ABOUT } from './contest'
import type { AgentBody, Draft, StoredEvent, VisitorBody } from './events'
import {
  EMAIL_PATTERN,
  GIVEN_EMAIL,
  MAX_CATEGORY_CHARS,
  MAX_COMMENT_CHARS,
  MAX_DRAFTS,
  MAX_LABEL_CHARS,
  MAX_MESSAGE_CHARS,
  MAX_OUTCOME_CHARS,
  MAX_PARTY_CHARS,
  MAX_REFERENCE_CHARS,
  MAX_SHORTCUT_CHARS,
  MAX_SKIPPED,
  MAX_TEAM_CHARS,
  MAX_TITLE_CHARS,
  PHONE_PATTERN,
} from './limits'
import { VERDICTS } from './reviews'

const id = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/))
const short = v.pipe(v.string(), v.maxLength(300))
const line = v.pipe(v.string(), v.maxLength(1_000))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const moment = v.pipe(v.number(), v.finite())
/** Of a device's clock: shown, so it must be on a calendar. Beyond this `Intl` and `Date` throw while painting. */
const shownMoment = v.pipe(v.number(), v.minValue(-8.64e15), v.maxValue(8.64e15))

const contact = v.object({
  email: v.optional(v.pipe(v.string(), v.maxLength(254), v.regex(EMAIL_PATTERN))),
  phone: v.optional(v.pipe(v.string(), v.regex(PHONE_PATTERN))),
})
/** What a visitor says now: something, and nothing that cannot be written to. Stored ones may be older than that. */
const givenContact = v.pipe(
  v.object({
    ...contact.entries,
    email: v.optional(v.pipe(v.string(), v.maxLength(254), v.regex(GIVEN_EMAIL))),
  }),
  v.check(
    ({ email, phone }) => email !== undefined || phone !== undefined,
    'a contact has an email or a phone',
  ),
)
const citation = v.object({
  articleId: short,
  title: short,
  headingId: v.optional(short),
  headingText: v.optional(line),
  locale: v.optional(v.pipe(v.string(), v.maxLength(35))),
})
const channel = v.picklist(['live', 'ticket', 'email', 'phone'])
const priority = v.picklist(['low', 'normal', 'high', 'urgent'])

export const pageFacts = v.object({
  url: line,
  route: line,
  title: short,
  name: short,
  headings: v.pipe(v.array(short), v.maxLength(20)),
  language: v.pipe(v.string(), v.maxLength(35)),
  data: v.record(v.pipe(v.string(), v.maxLength(60)), short),
  // More than a page of today tells: one of tomorrow may tell some more.
  errors: v.optional(v.pipe(v.array(short), v.maxLength(10))),
  recentRoutes: v.optional(v.pipe(v.array(line), v.maxLength(10))),
})

export const visitorFacts = v.object({
  role: v.optional(short),
  name: v.optional(short),
  email: v.optional(short),
  locale: v.pipe(v.string(), v.maxLength(35)),
  attributes: v.record(v.pipe(v.string(), v.maxLength(60)), v.union([short, v.number(), v.boolean()])),
  signed: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(80))), v.maxLength(40))),
})

const brief = v.object({
  reason: v.picklist(['askedForPerson', 'policyTopic', 'notSolvedTwice', 'flowHandoff', 'articleDidNotHelp']),
  because: v.optional(line),
  category: v.optional(short),
  tone: v.optional(
    v.object({
      frustration: v.number(),
      urgency: v.number(),
      distress: v.number(),
      evidence: v.pipe(v.array(short), v.maxLength(20)),
    }),
  ),
  tried: v.optional(v.pipe(v.array(v.object({ articleId: short, title: short })), v.maxLength(10))),
  page: pageFacts,
  visitor: visitorFacts,
  articlesRead: v.pipe(v.array(v.object({ articleId: short, title: short })), v.maxLength(20)),
  flow: v.optional(v.object({ id: short, title: short, step: short })),
  slots: v.pipe(v.array(v.object({ name: short, label: short, value: line })), v.maxLength(40)),
  question: v.optional(line),
  turns: count,
})

/** In this order of keys: what is stored is compared with what was sent as JSON. */
const attachment = v.object({
  attachmentId: id,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_NAME_CHARS)),
  mediaType: v.pipe(v.string(), v.maxLength(80)),
  bytes: count,
  width: v.optional(count),
  height: v.optional(count),
})

const message = v.object({
  type: v.literal('message'),
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_MESSAGE_CHARS)),
  format: v.picklist(['plain', 'markdown']),
  citations: v.optional(v.pipe(v.array(citation), v.maxLength(10))),
  attachments: v.optional(v.pipe(v.array(attachment), v.minLength(1), v.maxLength(MAX_ATTACHMENTS))),
})
const contested = v.object({
  type: v.literal('contested'),
  about: v.picklist(CONTEST_ABOUT),
  target: v.optional(v.union([short, count])),
  words: v.optional(line),
})
const contestAnswered = v.object({
  type: v.literal('contestAnswered'),
  contest: count,
  outcome: v.picklist(['upheld', 'changed']),
  words: v.pipe(line, v.minLength(1)),
})
const marked = v.object({ type: v.literal('marked'), delivered: count, read: count })

/** Words that say something. */
const noteText = v.pipe(v.string(), v.regex(/\S/), v.maxLength(MAX_MESSAGE_CHARS))
const visitorBody = v.variant('type', [
  v.object({ ...message.entries, format: v.literal('plain'), unmasked: v.optional(v.literal(true)) }),
  v.object({ type: v.literal('handoffReady'), channel, contact: v.optional(givenContact) }),
  v.object({ type: v.literal('cancelled') }),
  v.object({ type: v.literal('contactGiven'), contact: givenContact }),
  v.object({ type: v.literal('ended'), by: v.literal('visitor') }),
  v.object({ type: v.literal('reopened'), by: v.literal('visitor') }),
  marked,
  v.object({
    type: v.literal('rated'),
    score: v.nullable(v.picklist([1, 2, 3, 4, 5])),
    comment: v.optional(v.pipe(v.string(), v.maxLength(MAX_COMMENT_CHARS))),
  }),
  contested,
  v.object({ type: v.literal('disputeStated'), disputeId: id, text: noteText }),
  v.object({ type: v.literal('disputeAnswered'), disputeId: id, proposal: count, accepts: v.boolean() }),
  v.object({ type: v.literal('disputeWithdrawn'), disputeId: id }),
])
const agentBody = v.variant('type', [
  v.object({ ...message.entries, draftedBy: v.optional(v.literal('machine')) }),
  v.object({
    type: v.literal('ended'),
    by: v.literal('agent'),
    category: v.optional(v.pipe(v.string(), v.maxLength(MAX_CATEGORY_CHARS))),
  }),
  v.object({ type: v.literal('reopened'), by: v.literal('agent') }),
  marked,
  contestAnswered,
])

const draftOf = <S extends v.GenericSchema>(body: S) =>
  v.object({
    clientId: id,
    as: v.optional(v.literal('bot')),
    saidAt: v.optional(shownMoment),
    origin: v.optional(v.literal('device')),
    expectedAssignment: v.optional(count),
    body,
  })
const draftsOf = <S extends v.GenericSchema>(body: S) =>
  v.pipe(v.array(draftOf(body)), v.minLength(1), v.maxLength(MAX_DRAFTS))

const version = v.pipe(v.number(), v.integer(), v.minValue(1))
const sync = v.object({
  v: version,
  conversationId: id,
  after: count,
  epoch: v.pipe(v.string(), v.maxLength(64)),
})
const assignmentChange = v.object({ v: version, conversationId: id, expected: count })
const typing = v.object({ v: version, conversationId: id })
const fileUrls = v.object({
  v: version,
  conversationId: id,
  attachmentIds: v.pipe(v.array(id), v.maxLength(MAX_URLS)),
})

/** Of whoever is proved at the door: the bounds of an identity. */
const agentId = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
/** A word of the site's own, as a person reads it: it has no ends and no signs that nobody sees. */
const wordOf = (most: number) =>
  v.pipe(v.string(), v.maxLength(most), v.regex(/^[^\s\p{Cc}\p{Cs}]([^\p{Cc}\p{Cs}]*[^\s\p{Cc}\p{Cs}])?$/u))
const disputeWords = v.pipe(v.string(), v.maxLength(MAX_MESSAGE_CHARS))

/** What is wrong inside is said by the one rule for hours, in a sentence. */
const hours = v.object({
  zone: short,
  week: v.record(
    v.pipe(v.string(), v.maxLength(20)),
    v.pipe(v.array(v.strictTuple([short, short])), v.maxLength(20)),
  ),
  closedOn: v.optional(v.pipe(v.array(short), v.maxLength(400))),
})

/** Requests of a visitor's device, by call name. */
export const visitorRequests = {
  open: v.object({ v: version, openId: id, brief }),
  send: v.object({ v: version, conversationId: id, drafts: draftsOf(visitorBody) }),
  sync,
  availability: v.object({ v: version }),
  typing,
  conversations: v.object({ v: version }),
  page: v.object({ v: version, conversationId: id, page: pageFacts }),
  fileUrls,
  openDispute: v.object({ v: version, conversationId: id, reference: wordOf(MAX_REFERENCE_CHARS) }),
}

/** Requests of the desk, by call name. */
export const deskRequests = {
  queue: v.object({ v: version }),
  claim: assignmentChange,
  release: assignmentChange,
  setPriority: v.object({
    v: version,
    conversationId: id,
    priority,
  }),
  setCategory: v.object({ v: version, conversationId: id, category: wordOf(MAX_CATEGORY_CHARS) }),
  openTicket: v.object({
    v: version,
    conversationId: id,
    category: v.optional(wordOf(MAX_CATEGORY_CHARS)),
    priority: v.optional(priority),
  }),
  send: v.object({ v: version, conversationId: id, drafts: draftsOf(agentBody) }),
  sync,
  typing,
  details: v.object({ v: version, conversationId: id }),
  note: v.object({ v: version, conversationId: id, noteId: id, text: noteText }),
  transfer: v.object({
    v: version,
    conversationId: id,
    expected: count,
    to: v.union([v.object({ agentId }), v.object({ team: wordOf(MAX_TEAM_CHARS) })]),
  }),
  presence: v.object({ v: version, state: v.picklist(['here', 'away']) }),
  people: v.object({ v: version }),
  replies: v.object({ v: version }),
  saveReply: v.object({
    v: version,
    replyId: id,
    expected: count,
    shortcut: v.pipe(
      v.string(),
      v.maxLength(MAX_SHORTCUT_CHARS),
      v.regex(/^[a-z0-9][a-z0-9-]*$/, 'a shortcut is small letters, digits and -'),
    ),
    title: wordOf(MAX_TITLE_CHARS),
    text: noteText,
  }),
  dropReply: v.object({ v: version, replyId: id, expected: count }),
  settings: v.object({ v: version }),
  saveHours: v.object({
    v: version,
    expected: count,
    hours: v.union([v.null(), v.literal('file'), hours]),
  }),
  label: v.object({ v: version, conversationId: id, label: wordOf(MAX_LABEL_CHARS), on: v.boolean() }),
  fileUrls,
  similar: v.object({ v: version, conversationId: id }),
  usedSimilar: v.object({
    v: version,
    conversationId: id,
    from: id,
    outcome: v.picklist(['taken', 'refused']),
  }),
  openDispute: v.object({
    v: version,
    conversationId: id,
    otherConversationId: id,
    reference: wordOf(MAX_REFERENCE_CHARS),
    parties: v.strictTuple([wordOf(MAX_PARTY_CHARS), wordOf(MAX_PARTY_CHARS)]),
  }),
  dispute: v.object({ v: version, conversationId: id }),
  mediate: v.object({
    v: version,
    disputeId: id,
    expected: count,
    act: v.variant('kind', [
      v.object({
        kind: v.picklist(['propose', 'decide']),
        outcome: wordOf(MAX_OUTCOME_CHARS),
        words: disputeWords,
      }),
      v.object({ kind: v.literal('escalate') }),
    ]),
  }),
  deliveries: v.object({ v: version }),
  deliver: v.object({
    v: version,
    deliveryId: v.pipe(v.string(), v.maxLength(300), v.regex(/^[\w.-]+$/)),
    act: v.picklist(['retry', 'giveUp']),
  }),
  reviews: v.object({
    v: version,
    skipped: v.optional(v.pipe(v.array(id), v.maxLength(MAX_SKIPPED))),
    itemId: v.optional(id),
  }),
  judge: v.object({
    v: version,
    itemId: id,
    expected: count,
    verdict: v.picklist(VERDICTS),
    article: v.nullable(
      v.object({
        articleId: short,
        title: short,
        headingId: v.optional(short),
        headingText: v.optional(short),
      }),
    ),
    words: v.pipe(v.string(), v.maxLength(MAX_COMMENT_CHARS)),
  }),
}

const author = v.variant('kind', [
  v.object({ kind: v.literal('visitor'), name: v.optional(short) }),
  v.object({ kind: v.literal('bot'), name: v.optional(short) }),
  v.object({ kind: v.literal('agent'), agentId: short, name: short }),
  v.object({ kind: v.literal('system') }),
])

/** The envelope of a stored event; its body is looked at by type, and left alone when the type is new. */
const storedEvent = v.object({
  conversationId: id,
  seq: v.pipe(count, v.minValue(1)),
  clientId: v.pipe(v.string(), v.maxLength(64)),
  at: moment,
  author,
  origin: v.optional(v.literal('device')),
  saidAt: v.optional(moment),
  body: v.looseObject({ type: v.string() }),
})
const disputeFacts = v.record(v.pipe(v.string(), v.maxLength(60)), short)
/** Loose, and without lists of words: a newer server's fifth cause must not keep a conversation from being read. */
const disputeBodies = {
  disputeStated: v.looseObject({ disputeId: id, text: v.string() }),
  disputeAnswered: v.looseObject({ disputeId: id, proposal: count, accepts: v.boolean() }),
  disputeOpened: v.looseObject({
    disputeId: id,
    number: count,
    reference: short,
    you: v.nullable(short),
    parties: v.array(v.looseObject({ party: short, name: v.optional(short) })),
    facts: disputeFacts,
    respondBy: moment,
  }),
  disputeShared: v.looseObject({
    disputeId: id,
    statements: v.array(v.looseObject({ party: short, text: v.string() })),
    facts: disputeFacts,
    decideBy: moment,
  }),
  disputeProposed: v.looseObject({ disputeId: id, proposal: count, outcome: short, words: v.string() }),
  disputeDecided: v.looseObject({ disputeId: id, outcome: short, words: v.string() }),
}
/** Loose, for a rule of tomorrow may know more reasons: what a face reads has its shape. */
const reason = v.looseObject({
  code: v.string(),
  words: v.optional(v.array(v.string())),
  count: v.optional(v.number()),
})
const scoreWithReasons = v.looseObject({ score: v.number(), reasons: v.array(reason) })
const KNOWN_BODIES: Readonly<Record<string, v.GenericSchema>> = {
  message,
  marked,
  handoffReady: v.object({ type: v.string(), channel, contact: v.optional(contact) }),
  assigned: v.looseObject({
    assignment: count,
    agent: v.nullable(v.object({ agentId: short, name: short })),
    cause: v.string(),
    by: v.optional(v.object({ agentId: short, name: short })),
  }),
  ticketOpened: v.looseObject({ ticket: v.looseObject({ number: count }), cause: v.string() }),
  opened: v.looseObject({ brief: v.looseObject({}) }),
  ended: v.looseObject({ by: v.picklist(['visitor', 'agent']) }),
  ticketSolved: v.looseObject({
    because: v.optional(
      v.looseObject({ kind: v.string(), number: v.optional(count), cause: v.optional(v.string()) }),
    ),
  }),
  owned: v.looseObject({ agent: v.nullable(v.object({ agentId: short, name: short })) }),
  categorised: v.looseObject({ category: short }),
  // Loose as well: a sixth thing that can be objected to, or a third outcome, must not keep a thread from being read.
  contested: v.looseObject({ about: v.string(), words: v.optional(v.string()) }),
  contestAnswered: v.looseObject({ contest: count, outcome: v.string(), words: v.string() }),
  ...disputeBodies,
  triaged: v.looseObject({
    category: v.string(),
    confidence: v.number(),
    urgency: scoreWithReasons,
    complexity: scoreWithReasons,
    rule: v.string(),
  }),
}

/** A list of stored events, or null when any of them is not one: a page of events is taken whole or not at all. */
export function parseEvents(value: unknown): StoredEvent[] | null {
  if (!Array.isArray(value)) return null
  const events: StoredEvent[] = []
  for (const item of value) {
    const parsed = v.safeParse(storedEvent, item)
    if (!parsed.success) return null
    const known = Object.hasOwn(KNOWN_BODIES, parsed.output.body.type)
      ? KNOWN_BODIES[parsed.output.body.type]
      : undefined
    if (known && !v.is(known, parsed.output.body)) return null
    events.push(parsed.output as unknown as StoredEvent)
  }
  return events
}

/** A sentence for developers: where in the body what was wrong. */
export function firstIssue(issues: readonly v.BaseIssue<unknown>[]): string {
  const issue = issues[0]
  if (!issue) return 'unreadable'
  return `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`
}

// Compile-time proof that the schemas and the hand-written types say the same thing.
type Same<A, B> = A extends B ? true : never
export const schemasMatchTypes: [
  Same<v.InferOutput<typeof visitorRequests.send>['drafts'][number]['body'], VisitorBody>,
  Same<v.InferOutput<typeof deskRequests.send>['drafts'][number]['body'], AgentBody>,
  Same<Draft['clientId'], string>,
] = [true, true, true]
