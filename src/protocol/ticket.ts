// How a ticket stands, as the fold of its conversation's events: status, owner, the moments and spans that service
// levels count. Pure; `phase` runs it for browser, desk and server alike, so that nobody says "solved" of what the
// other side calls open. Owns no text and no clock, and trusts no status that an event says: `ticketOpened` says `open`
// for the sake of pages from before, and the rest follows from who spoke last.
//
//                 agent's word              visitor's word
//   open ────────────┐        ┌── waitingOnVisitor ──► waitingOnUs
//   reopened ────────┼──────► ┘        ▲                  │
//   waitingOnUs ─────┘                 └── agent's word ──┘
//   any ── ended ──► solved ── reopened ──► reopened

import { contactSaid } from './contact'
import type { EventBody, SolvedBecause, StoredEvent } from './events'
import type { TicketRecord, TicketStatus, TimeSpan } from './records'

/** All there are, in the order in which a ticket first comes to them. */
export const TICKET_STATUSES = [
  'open',
  'waitingOnVisitor',
  'waitingOnUs',
  'solved',
  'reopened',
] as const satisfies readonly TicketStatus[]

/** A ticket's row stays a few hundred bytes, however often both sides write. */
export const MAX_TICKET_SPANS = 40

/** What the fold reads of an event. Without an author nobody spoke. */
export type TicketEvent = Pick<StoredEvent, 'body' | 'at'> & Partial<Pick<StoredEvent, 'author'>>

type AgentRef = NonNullable<TicketRecord['owner']>

/** Somebody of ours has to do something about it. */
export function isOnUs(status: TicketStatus): boolean {
  return status === 'open' || status === 'waitingOnUs' || status === 'reopened'
}

/**
 * The ticket after one more event; the same object where the event says nothing of it.
 *
 * @param agent  who had the conversation live before the event
 */
export function ticketAfter(
  ticket: TicketRecord | null,
  { body, at, author }: TicketEvent,
  agent: AgentRef | null,
): TicketRecord | null {
  switch (body.type) {
    case 'ticketOpened': {
      if (ticket) return openedAgain(ticket, body.ticket, at)
      // Whoever makes a ticket of a talk has answered already, and owes the rest.
      const by = body.cause === 'followUp' ? agent : null
      return {
        ...body.ticket,
        status: by ? 'waitingOnUs' : 'open',
        openedAt: at,
        ...(by && { owner: by, firstResponseAt: at }),
        waitedOnUs: [[at, null]],
      }
    }
    // An objection and its answer are words, too (E4): who objects waits on us, whatever else its own time is.
    case 'message':
    case 'contested':
    case 'contestAnswered':
    // What erasing leaves of these is who said it and when: the status stays as it was. A contact that the visitor
    // gave is erased alike, and counts as a word from then on.
    case 'redacted':
      if (!ticket) return ticket
      if (author?.kind === 'agent') return agentSpoke(ticket, at)
      return author?.kind === 'visitor' ? visitorSpoke(ticket, at) : ticket
    case 'owned':
      return ticket && withOwner(ticket, body.agent)
    case 'assigned':
      if (!ticket) return ticket
      // Lost is not gone for good: who had it answers for it tomorrow, unless somebody else takes it.
      return body.agent || body.cause !== 'agentLost' ? withOwner(ticket, body.agent) : ticket
    case 'contactGiven': {
      const contact = contactSaid(body)
      return ticket && contact ? { ...ticket, contact } : ticket
    }
    case 'prioritised':
      return ticket && { ...ticket, priority: body.priority }
    case 'categorised':
      return ticket && { ...ticket, category: body.category }
    case 'ticketSolved':
    case 'ended':
      return ticket && solved(ticket, at)
    case 'reopened':
      return ticket && reopened(ticket, at)
    default:
      return ticket
  }
}

/** Another wait has ended in the same ticket: what was said then holds, what has happened since stands. */
function openedAgain(ticket: TicketRecord, said: TicketRecord, at: number): TicketRecord {
  // A contact that was not said again was taken away.
  const { contact: _contact, solvedAt: _solvedAt, ...kept } = ticket
  const { status } = ticket
  const isUnanswered = status === 'open' || status === 'reopened'
  return onUs({ ...kept, ...said, status: isUnanswered ? status : 'waitingOnUs' }, at)
}

function agentSpoke(ticket: TicketRecord, at: number): TicketRecord {
  if (!isOnUs(ticket.status)) return ticket
  return {
    ...notOnUs(ticket, at),
    status: 'waitingOnVisitor',
    firstResponseAt: ticket.firstResponseAt ?? at,
  }
}

function visitorSpoke(ticket: TicketRecord, at: number): TicketRecord {
  return ticket.status === 'waitingOnVisitor' ? onUs({ ...ticket, status: 'waitingOnUs' }, at) : ticket
}

function solved(ticket: TicketRecord, at: number): TicketRecord {
  return ticket.status === 'solved' ? ticket : { ...notOnUs(ticket, at), status: 'solved', solvedAt: at }
}

function reopened(ticket: TicketRecord, at: number): TicketRecord {
  const { solvedAt: _, ...kept } = ticket
  return onUs({ ...kept, status: 'reopened', reopenedAt: at }, at)
}

function withOwner(ticket: TicketRecord, agent: AgentRef | null): TicketRecord {
  const { owner, ...rest } = ticket
  if (!agent) return owner ? rest : ticket
  if (owner?.agentId === agent.agentId && owner.name === agent.name) return ticket
  return { ...rest, owner: { agentId: agent.agentId, name: agent.name } }
}

// ---- why it is solved

const DISPUTE_CAUSES: readonly string[] = [
  'agreed',
  'decided',
  'withdrawn',
] satisfies readonly SolvedBecause['cause'][]

/** The dispute that an event solves a ticket for; null where there is none, or one that a server of tomorrow names. */
export function disputeBehind(body: EventBody): SolvedBecause | null {
  const because = body.type === 'ticketSolved' ? body.because : undefined
  const isKnown =
    because?.kind === 'dispute' &&
    DISPUTE_CAUSES.includes(because.cause) &&
    typeof because.number === 'number'
  return isKnown ? because : null
}

// ---- spans

function onUs(ticket: TicketRecord, at: number): TicketRecord {
  const spans = ticket.waitedOnUs ?? []
  if (spans.at(-1)?.[1] === null) return ticket
  return { ...ticket, waitedOnUs: bounded([...spans, [at, null]]) }
}

function notOnUs(ticket: TicketRecord, at: number): TicketRecord {
  const spans = ticket.waitedOnUs ?? []
  const last = spans.at(-1)
  return last?.[1] === null ? { ...ticket, waitedOnUs: [...spans.slice(0, -1), [last[0], at]] } : ticket
}

/**
 * The two oldest become one as long as both together, which ends where the later one did: the sum stays, the hours of
 * the day it fell on are then a guess.
 */
function bounded(spans: readonly TimeSpan[]): readonly TimeSpan[] {
  if (spans.length <= MAX_TICKET_SPANS) return spans
  const [first, second, ...rest] = spans
  if (!first || !second) return spans
  const [from, to] = second
  // Only the last one lasts.
  return [[from - ((first[1] ?? first[0]) - first[0]), to], ...rest]
}

// ---- reopening

/** A visitor finds out within a month whether it was solved; later it is another matter. */
export const DEFAULT_REOPEN_DAYS = 30

/** Milliseconds of a day. */
const DAY_MS = 24 * 60 * 60_000

/**
 * Until when the visitor may say that it is not solved; null: it never was a ticket.
 *
 * @param endedAt  when it last moved, for tickets from before `solvedAt` was kept
 */
export function reopensUntil(
  ticket: TicketRecord | null,
  endedAt: number,
  withinDays: number,
): number | null {
  return ticket && (ticket.solvedAt ?? endedAt) + withinDays * DAY_MS
}
