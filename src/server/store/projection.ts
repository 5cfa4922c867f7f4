// The row of a conversation as the fold of its events (S8). Pure; runs inside the store's transaction, on the
// same `foldEvent` as both ends, so that server, desk and panel cannot disagree about the phase.

import { NO_CATEGORY } from '../../protocol/category'
import { contactSaid } from '../../protocol/contact'
import type { StoredEvent } from '../../protocol/events'
import { type ConversationState, foldEvent } from '../../protocol/phase'
import type { Brief } from '../../protocol/records'
import { followsTriage } from '../../understanding/triage'
import type { ConversationRow } from './helpDeskStore'

/** The row before its first event. */
export function emptyRow(conversationId: string, owner: string): ConversationRow {
  return {
    conversationId,
    owner,
    claimedFrom: null,
    generation: 0,
    head: 0,
    lastAt: 0,
    phase: 'bot',
    assignment: 0,
    agent: null,
    ticket: null,
    contact: null,
    waitStarted: null,
    queuedAt: null,
    priority: null,
    category: NO_CATEGORY,
    visitorName: '',
    role: '',
    pageName: '',
    question: '',
    locale: '',
  }
}

/** The row after one more event. */
export function project(row: ConversationRow, event: StoredEvent): ConversationRow {
  const before: ConversationState = {
    phase: row.phase,
    assignment: row.assignment,
    agent: row.agent,
    ticket: row.ticket,
    waitingSince: row.queuedAt,
  }
  const after = foldEvent(before, event)
  return {
    ...row,
    ...described(row, event),
    contact: contactSaid(event.body) ?? row.contact,
    head: event.seq,
    lastAt: event.at,
    phase: after.phase,
    assignment: after.assignment,
    agent: after.phase === 'live' ? after.agent : null,
    ticket: after.ticket,
    queuedAt: after.waitingSince,
    waitStarted: waitStarted(row, after.phase, event.at),
  }
}

// A visitor whose agent was lost, or who is handed on, goes back to the place of the first wait:
//
//   queued 09:00 ---- live 09:05 ---- lost 09:20 -> queued, still before everyone who came after 09:00
function waitStarted(row: ConversationRow, phase: ConversationRow['phase'], at: number): number | null {
  if (phase === 'queued') return row.waitStarted ?? at
  return phase === 'live' ? row.waitStarted : null
}

function described(row: ConversationRow, { body }: StoredEvent): Partial<ConversationRow> {
  if (body.type === 'opened') return fromBrief(body.brief)
  if (body.type === 'triaged')
    return followsTriage(row.category, body) ? { category: plain(body.category) } : {}
  if (body.type === 'prioritised') return { priority: body.priority }
  if (body.type === 'categorised') return { category: plain(body.category) }
  // What it was about is known best by who answered it.
  if (body.type === 'ended' && body.by === 'agent' && body.category) return { category: plain(body.category) }
  return {}
}

/** Columns of plain text hold no NUL: Postgres refuses it, and nothing of the event would be stored. */
const plain = (text: string | undefined) => text?.replaceAll('\0', '') ?? ''

function fromBrief(brief: Brief): Partial<ConversationRow> {
  const category =
    brief.slots.find(slot => slot.name === 'category')?.value ?? brief.category ?? brief.flow?.id
  return {
    category: category === undefined ? NO_CATEGORY : plain(category),
    visitorName: plain(brief.visitor.name),
    role: plain(brief.visitor.role),
    pageName: plain(brief.page.name),
    question: plain(brief.question),
    locale: plain(brief.visitor.locale),
  }
}
