// Between the tables' records and the store's shapes: one place that knows which column holds what.
// Pure. Numbers come back as text from a driver that fears for a 64-bit one; ours stay far below 2^53.

import { type Selectable, sql } from 'kysely'
import type { EventBody, StoredEvent } from '../../protocol/events'
import type { Phase } from '../../protocol/phase'
import type { Author, Priority, TicketRecord } from '../../protocol/records'
import type { AccountRecord } from './accounts'
import type { AddedEvent } from './appending'
import type { FreshConversation } from './batch'
import type { Agent, ConversationRow } from './helpDeskStore'
import type { Tables } from './tables'

export type ConversationRecord = Selectable<Tables['asklet_conversations']>
export type EventRecord = Tables['asklet_events']

/** The columns that the fold owns (S8). */
export type FoldRecord = Omit<
  ConversationRecord,
  'id' | 'opener' | 'open_id' | 'owner' | 'claimed_from' | 'generation' | 'joined_at' | 'wait_ms'
>

/** The columns of a row that the fold changes, in the order of their parameters. */
export const FOLD_COLUMNS = [
  'head',
  'last_at',
  'phase',
  'assignment',
  'agent_id',
  'agent_name',
  'ticket',
  'ticket_owner',
  'contact',
  'wait_started',
  'queued_at',
  'priority',
  'category',
  'visitor_name',
  'role',
  'page_name',
  'question',
  'locale',
] as const satisfies readonly (keyof FoldRecord)[]

/**
 * What is read of a conversation, by name and never as `*`: Postgres refuses a prepared statement whose `*` has become
 * another list, and a node of this build must read on while a newer one adds a column.
 */
export const CONVERSATION_COLUMNS = [
  'id',
  'opener',
  'open_id',
  'owner',
  'claimed_from',
  'generation',
  'joined_at',
  'wait_ms',
  ...FOLD_COLUMNS,
] as const satisfies readonly (keyof ConversationRecord)[]

/** For raw texts. */
export const conversationColumns = sql.join(CONVERSATION_COLUMNS.map(column => sql.ref(column)))

export function toFold(row: ConversationRow): FoldRecord {
  return {
    head: row.head,
    last_at: row.lastAt,
    phase: row.phase,
    assignment: row.assignment,
    agent_id: row.agent?.agentId ?? null,
    agent_name: row.agent?.name ?? null,
    ticket: row.ticket ? JSON.stringify(row.ticket) : null,
    ticket_owner: row.ticket?.owner?.agentId ?? null,
    contact: row.contact ? JSON.stringify(row.contact) : null,
    wait_started: row.waitStarted,
    queued_at: row.queuedAt,
    priority: row.priority,
    category: row.category,
    visitor_name: row.visitorName,
    role: row.role,
    page_name: row.pageName,
    question: row.question,
    locale: row.locale,
  }
}

/** A conversation just opened. */
export function toConversationRecord({ row, opener, openId }: FreshConversation): ConversationRecord {
  return {
    id: row.conversationId,
    opener,
    open_id: openId,
    owner: row.owner,
    claimed_from: null,
    generation: 0,
    joined_at: null,
    wait_ms: null,
    ...toFold(row),
  }
}

export function toRow(record: ConversationRecord): ConversationRow {
  return {
    conversationId: record.id,
    owner: record.owner,
    claimedFrom: record.claimed_from,
    generation: Number(record.generation),
    head: Number(record.head),
    lastAt: Number(record.last_at),
    phase: record.phase as Phase,
    assignment: Number(record.assignment),
    agent: record.agent_id === null ? null : { agentId: record.agent_id, name: record.agent_name ?? '' },
    ticket: record.ticket === null ? null : (JSON.parse(record.ticket) as TicketRecord),
    contact: record.contact === null ? null : (JSON.parse(record.contact) as ConversationRow['contact']),
    waitStarted: numberOrNull(record.wait_started),
    queuedAt: numberOrNull(record.queued_at),
    priority: record.priority as Priority | null,
    category: record.category,
    visitorName: record.visitor_name,
    role: record.role,
    pageName: record.page_name,
    question: record.question,
    locale: record.locale,
  }
}

export function toEventRecord({ event, sender, body }: AddedEvent): EventRecord {
  return {
    conversation_id: event.conversationId,
    seq: event.seq,
    sender,
    client_id: event.clientId,
    at: event.at,
    author: JSON.stringify(event.author),
    origin: event.origin ?? null,
    said_at: event.saidAt ?? null,
    type: event.body.type,
    body,
  }
}

export function toEvent(record: EventRecord): StoredEvent {
  const seq = Number(record.seq)
  return {
    conversationId: record.conversation_id,
    seq,
    clientId: record.client_id,
    at: Number(record.at),
    author: JSON.parse(record.author) as Author,
    ...(record.origin === 'device' && { origin: 'device' as const }),
    ...(record.said_at !== null && { saidAt: Number(record.said_at) }),
    body: record.body === null ? { type: 'redacted', target: seq } : (JSON.parse(record.body) as EventBody),
  }
}

export function toAgent(record: AccountRecord): Agent {
  return {
    agentId: record.id,
    name: record.name,
    roles: JSON.parse(record.roles) as string[],
    passwordHash: record.password_hash,
    teams: JSON.parse(record.teams ?? '[]') as string[],
    skills: JSON.parse(record.skills ?? '[]') as string[],
    languages: JSON.parse(record.languages ?? '[]') as string[],
  }
}

export function numberOrNull(value: number | null): number | null {
  return value === null ? null : Number(value)
}
