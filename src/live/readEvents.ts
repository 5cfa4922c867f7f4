// Stored events, drafts and briefs as they come back to a device: from a server, from its own disk, from another
// tab. By hand and not by the schemas of `protocol/parse`, whose library would be the larger part of this chunk;
// a property test proves that both accept the same. Says yes or no and changes nothing: keys that a newer peer
// added stay, unread; event types that are new are left alone.

import { CONTEST_ABOUT } from '../protocol/contest'
import type { Draft, StoredEvent, VisitorBody } from '../protocol/events'
import type { PageFacts } from '../protocol/facts'
import {
  EMAIL_PATTERN,
  GIVEN_EMAIL,
  MAX_COMMENT_CHARS,
  MAX_MESSAGE_CHARS,
  PHONE_PATTERN,
} from '../protocol/limits'
import type { Brief } from '../protocol/records'

export type Check = (value: unknown) => boolean

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
export const isString = (value: unknown): value is string => typeof value === 'string'
export const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0

/** At most `max` UTF-16 units. */
const text =
  (max: number, min = 0): Check =>
  value =>
    isString(value) && value.length >= min && value.length <= max
const like =
  (pattern: RegExp): Check =>
  value =>
    isString(value) && pattern.test(value)
export const oneOf =
  (...values: readonly unknown[]): Check =>
  value =>
    values.includes(value)
const optional =
  (check: Check): Check =>
  value =>
    value === undefined || check(value)
export const list =
  (check: Check, max = Number.POSITIVE_INFINITY): Check =>
  value =>
    Array.isArray(value) && value.length <= max && value.every(check)
const map =
  (check: Check): Check =>
  value =>
    isObject(value) && Object.entries(value).every(([name, each]) => name.length <= 60 && check(each))
export const shape = (fields: Readonly<Record<string, Check>>): Check => {
  const checks = Object.entries(fields)
  return value => isObject(value) && checks.every(([name, check]) => check(value[name]))
}

const isId = like(/^[\w-]{8,64}$/)
const isShort = text(300)
const isLine = text(1_000)
const isLanguage = text(35)
const isDevice = optional(oneOf('device'))
const isMoment = optional(Number.isFinite)

const isContact = shape({
  email: optional(value => text(254)(value) && like(EMAIL_PATTERN)(value)),
  phone: optional(like(PHONE_PATTERN)),
})
/** As the server takes it today; a stored one may be older than that. */
const isGivenContact: Check = value => {
  if (!isContact(value)) return false
  const { email, phone } = value as { email?: string; phone?: string }
  return email === undefined ? phone !== undefined : GIVEN_EMAIL.test(email)
}
const named = { agentId: isShort, name: isShort }
const article = { articleId: isShort, title: isShort }

const page = shape({
  url: isLine,
  route: isLine,
  title: isShort,
  name: isShort,
  headings: list(isShort, 20),
  language: isLanguage,
  data: map(isShort),
})

const brief = shape({
  reason: oneOf('askedForPerson', 'policyTopic', 'notSolvedTwice', 'flowHandoff', 'articleDidNotHelp'),
  page,
  visitor: shape({
    role: optional(isShort),
    name: optional(isShort),
    email: optional(isShort),
    locale: isLanguage,
    attributes: map(
      value =>
        isShort(value) || typeof value === 'boolean' || (typeof value === 'number' && !Number.isNaN(value)),
    ),
  }),
  articlesRead: list(shape(article), 20),
  flow: optional(shape({ id: isShort, title: isShort, step: isShort })),
  slots: list(shape({ name: isShort, label: isShort, value: isLine }), 40),
  question: optional(isLine),
  because: optional(isLine),
  category: optional(isShort),
  tried: optional(list(shape(article), 10)),
  tone: optional(
    shape({
      frustration: Number.isFinite,
      urgency: Number.isFinite,
      distress: Number.isFinite,
      evidence: list(isShort, 20),
    }),
  ),
  turns: isCount,
})

export const isAttachment = shape({
  attachmentId: isId,
  name: text(120, 1),
  mediaType: text(80),
  bytes: isCount,
  width: optional(isCount),
  height: optional(isCount),
})

const message = {
  text: text(MAX_MESSAGE_CHARS, 1),
  format: oneOf('plain', 'markdown'),
  citations: optional(list(shape({ ...article, headingId: optional(isShort) }), 10)),
  attachments: optional(value => list(isAttachment, 10)(value) && (value as unknown[]).length > 0),
}
const handoffReady = (contact: Check) =>
  shape({ channel: oneOf('live', 'ticket', 'email', 'phone'), contact: optional(contact) })
const contested = shape({
  about: oneOf(...CONTEST_ABOUT),
  target: optional(value => isShort(value) || isCount(value)),
  words: optional(isLine),
})
const marked = shape({ delivered: isCount, read: isCount })

const disputeStated = shape({
  disputeId: isId,
  text: value => text(MAX_MESSAGE_CHARS)(value) && /\S/.test(value as string),
})
const disputeAnswered = shape({
  disputeId: isId,
  proposal: isCount,
  accepts: value => typeof value === 'boolean',
})

/** By type, what a visitor's device may ask to have appended. */
const VISITOR_BODIES: Readonly<Record<string, Check>> = {
  message: shape({ ...message, format: oneOf('plain') }),
  handoffReady: handoffReady(isGivenContact),
  cancelled: isObject,
  contactGiven: shape({ contact: isGivenContact }),
  ended: shape({ by: oneOf('visitor') }),
  reopened: shape({ by: oneOf('visitor') }),
  marked,
  rated: shape({ score: oneOf(1, 2, 3, 4, 5, null), comment: optional(text(MAX_COMMENT_CHARS)) }),
  contested,
  disputeStated,
  disputeAnswered,
  disputeWithdrawn: shape({ disputeId: isId }),
}
const isNumber: Check = value => typeof value === 'number' && !Number.isNaN(value)
const reason = shape({ code: isString, words: optional(list(isString)), count: optional(isNumber) })
const scoreWithReasons = shape({ score: isNumber, reasons: list(reason) })

/** By type, what is looked at in stored events; other types show nothing that could be wrong. */
const STORED_BODIES: Readonly<Record<string, Check>> = {
  message: shape(message),
  marked,
  handoffReady: handoffReady(isContact),
  assigned: shape({
    assignment: isCount,
    agent: value => value === null || shape(named)(value),
    cause: isString,
    by: optional(shape(named)),
  }),
  ticketOpened: shape({ ticket: shape({ number: isCount }), cause: isString }),
  opened: shape({ brief: isObject }),
  ended: shape({ by: oneOf('visitor', 'agent') }),
  ticketSolved: shape({
    because: optional(shape({ kind: isString, number: optional(isCount), cause: optional(isString) })),
  }),
  owned: shape({ agent: value => value === null || shape(named)(value) }),
  categorised: shape({ category: isShort }),
  contested: shape({ about: isString, words: optional(isString) }),
  contestAnswered: shape({ contest: isCount, outcome: isString, words: isString }),
  disputeStated: shape({ disputeId: isId, text: isString }),
  disputeAnswered,
  disputeOpened: shape({
    disputeId: isId,
    number: isCount,
    reference: isShort,
    you: value => value === null || isShort(value),
    parties: list(shape({ party: isShort, name: optional(isShort) })),
    facts: map(isShort),
    respondBy: Number.isFinite,
  }),
  disputeShared: shape({
    disputeId: isId,
    statements: list(shape({ party: isShort, text: isString })),
    facts: map(isShort),
    decideBy: Number.isFinite,
  }),
  disputeProposed: shape({ disputeId: isId, proposal: isCount, outcome: isShort, words: isString }),
  disputeDecided: shape({ disputeId: isId, outcome: isShort, words: isString }),
  triaged: shape({
    category: isString,
    confidence: isNumber,
    urgency: scoreWithReasons,
    complexity: scoreWithReasons,
    rule: isString,
  }),
}
const AUTHORS: Readonly<Record<string, Check>> = {
  visitor: shape({ name: optional(isShort) }),
  bot: shape({ name: optional(isShort) }),
  agent: shape(named),
  system: isObject,
}

/** An object that the check of its `key` accepts; `others` decides where there is no such check. */
export const variant =
  (key: string, checks: Readonly<Record<string, Check>>, others: boolean): Check =>
  value => {
    const kind = isObject(value) ? value[key] : undefined
    if (!isString(kind)) return false
    return Object.hasOwn(checks, kind) ? checks[kind]?.(value) === true : others
  }

export const isStoredEvent = shape({
  conversationId: isId,
  seq: value => isCount(value) && value > 0,
  clientId: text(64),
  at: Number.isFinite,
  author: variant('kind', AUTHORS, false),
  origin: isDevice,
  saidAt: isMoment,
  body: variant('type', STORED_BODIES, true),
})
const visitorDraft = shape({
  clientId: isId,
  as: optional(oneOf('bot')),
  // What a calendar holds: beyond it the server refuses, because painting it would throw.
  saidAt: optional(value => typeof value === 'number' && Math.abs(value) <= 8.64e15),
  origin: isDevice,
  expectedAssignment: optional(isCount),
  body: variant('type', VISITOR_BODIES, false),
})

/** A list of stored events, or null when any of them is not one: a page of events is taken whole or not at all. */
export function readEvents(value: unknown): readonly StoredEvent[] | null {
  return Array.isArray(value) && value.every(isStoredEvent) ? value : null
}

/** A draft of a visitor's device. */
export function isVisitorDraft(value: unknown): value is Draft<VisitorBody> {
  return visitorDraft(value)
}

/** Where a visitor is, as another tab tells it. */
export function isPageFacts(value: unknown): value is PageFacts {
  return page(value)
}

export function isBrief(value: unknown): value is Brief {
  return brief(value)
}
