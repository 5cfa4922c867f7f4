// What is to leave the server because of what a conversation has just stored: mail to its visitor, news to the
// endpoints of the site. Pure; the store runs it inside the transaction of the events (S50), so that nothing is told
// that did not happen, and nothing that happened goes untold.
//
// The rules O1 to O3 of PROTOCOL.md are kept here: which events, under which id, and nothing of anybody's words.

import type { StoredEvent } from '../../protocol/events'
import type { DeliveryRoad, NewDelivery } from '../store/deliveries'
import type { ConversationRow } from '../store/helpDeskStore'
import { project } from '../store/projection'

/** What a side of a dispute is asked for, or told. */
export const DISPUTE_MAIL = ['disputeAsked', 'disputeShared', 'disputeProposed', 'disputeDecided'] as const
export type DisputeMail = (typeof DISPUTE_MAIL)[number]

/** What mail says, in the order of a ticket's life. */
export type MailKind = 'acknowledged' | 'answered' | 'solved' | DisputeMail

/** What endpoints are told. */
export const WEBHOOK_EVENTS = [
  'ticket.opened',
  'ticket.owned',
  'ticket.solved',
  'ticket.reopened',
  'conversation.queued',
  'conversation.assigned',
  'conversation.prioritised',
  'conversation.contested',
  'conversation.ended',
  'conversation.rated',
  'message.received',
  'message.sent',
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

export interface OutboundRules {
  readonly mail: boolean
  /** Key of an endpoint, and which events it asked for. */
  readonly webhooks: readonly { readonly key: string; readonly events: ReadonlySet<WebhookEvent> }[]
}

/** What a webhook carries. Ids, numbers and the server's own words; the visitor's are not among them. */
export interface WebhookFacts {
  readonly type: WebhookEvent
  /** When it happened, ISO 8601. */
  readonly timestamp: string
  readonly data: {
    readonly conversationId: string
    readonly seq: number
    readonly phase: string
    readonly priority: string
    readonly ticket?: { readonly number: number; readonly status: string; readonly priority: string }
    readonly agentId?: string
    readonly score?: number
  }
}

/** An agent who writes three lines gets one mail sent. */
export const GATHER_ANSWERS_MS = 60_000

export function deliveriesOf(
  rules: OutboundRules,
  before: ConversationRow,
  events: readonly StoredEvent[],
): NewDelivery[] {
  const all: NewDelivery[] = []
  let row = before
  for (const event of events) {
    const after = project(row, event)
    if (rules.mail) {
      const kind = mailFor(row, after, event)
      if (kind !== null) all.push(delivery(event, 'mail', kind, null, null))
    }
    if (rules.webhooks.length > 0)
      for (const type of newsIn(row, after, event))
        for (const { key, events: asked } of rules.webhooks)
          if (asked.has(type))
            all.push(delivery(event, 'webhook', type, key, JSON.stringify(factsOf(type, after, event))))
    row = after
  }
  return all
}

function delivery(
  { conversationId, seq, at }: StoredEvent,
  road: DeliveryRoad,
  kind: MailKind | WebhookEvent,
  target: string | null,
  facts: string | null,
): NewDelivery {
  // One acknowledgement a conversation, however often its visitor says another address: else anybody makes this server
  // write to any number of strangers.
  const of = kind === 'acknowledged' ? '' : `.${seq}`
  const id = `${conversationId}${of}.${kind}${target === null ? '' : `.${target}`}`
  // Not the acknowledgement: who has just sent a ticket waits for it.
  const waitMs = road === 'mail' && kind !== 'acknowledged' ? GATHER_ANSWERS_MS : 0
  return { id, conversationId, seq, road, kind, target, facts, createdAt: at, dueAt: at + waitMs }
}

function mailFor(before: ConversationRow, after: ConversationRow, event: StoredEvent): MailKind | null {
  const { body, author } = event
  if (!after.ticket || !after.contact?.email) return null
  const ofDispute = disputeMail(event)
  if (ofDispute) return ofDispute
  // Once a conversation, to the first address: another one that is said later is not written to for being said.
  const isNew = !before.ticket
  const isFirstAddress = !before.contact?.email && before.ticket !== null && before.phase !== 'ended'
  if ((isNew && after.phase === 'ticketed') || isFirstAddress) return 'acknowledged'
  if (author.kind === 'agent' && (body.type === 'message' || body.type === 'contestAnswered'))
    return 'answered'
  if (isSolvedBy(event, before) && after.phase === 'ended') return 'solved'
  return null
}

/** O14. Of a side, never of the mediator's thread; who opened it knows that it is asked for its side. */
function disputeMail({ body }: StoredEvent): DisputeMail | null {
  switch (body.type) {
    case 'disputeOpened':
      return body.you !== null && body.you !== body.opener ? 'disputeAsked' : null
    case 'disputeShared':
    case 'disputeProposed':
    case 'disputeDecided':
      return body.type
    default:
      return null
  }
}

/** By somebody else than the visitor, who knows what they did. */
function isSolvedBy({ body }: StoredEvent, before: ConversationRow): boolean {
  if (before.phase === 'ended' || before.ticket?.status === 'solved') return false
  // The letter on the outcome of a dispute says it already.
  if (body.type === 'ticketSolved' && body.because?.kind === 'dispute') return false
  return body.type === 'ticketSolved' || (body.type === 'ended' && body.by === 'agent')
}

function newsIn(before: ConversationRow, after: ConversationRow, event: StoredEvent): WebhookEvent[] {
  const { body, author, origin } = event
  const news: WebhookEvent[] = []
  if (!before.ticket && after.ticket) news.push('ticket.opened')
  if (before.phase !== 'queued' && after.phase === 'queued') news.push('conversation.queued')
  if (body.type === 'assigned') news.push('conversation.assigned')
  if (body.type === 'prioritised') news.push('conversation.prioritised')
  if (body.type === 'reopened' && before.phase === 'ended' && after.phase !== 'ended')
    news.push('ticket.reopened')
  if (before.phase !== 'ended' && after.phase === 'ended')
    news.push(after.ticket ? 'ticket.solved' : 'conversation.ended')
  if (body.type === 'owned') news.push('ticket.owned')
  if (body.type === 'contested') news.push('conversation.contested')
  if (body.type === 'rated') news.push('conversation.rated')
  // What was said to the bot, before anybody was asked to read it, is nobody's news.
  if (body.type === 'message' && origin === undefined && after.phase !== 'bot') {
    if (author.kind === 'visitor') news.push('message.received')
    if (author.kind === 'agent') news.push('message.sent')
  }
  return news
}

function factsOf(
  type: WebhookEvent,
  row: ConversationRow,
  { seq, at, body, author }: StoredEvent,
): WebhookFacts {
  const { ticket } = row
  const agentId =
    author.kind === 'agent'
      ? author.agentId
      : body.type === 'assigned' || body.type === 'owned'
        ? body.agent?.agentId
        : undefined
  return {
    type,
    timestamp: new Date(at).toISOString(),
    data: {
      conversationId: row.conversationId,
      seq,
      phase: row.phase,
      priority: row.priority ?? 'normal',
      ...(ticket && {
        ticket: { number: ticket.number, status: ticket.status, priority: ticket.priority },
      }),
      ...(agentId !== undefined && { agentId }),
      ...(body.type === 'rated' && body.score !== null && { score: body.score }),
    },
  }
}
