// What an agent should hear of when a list takes the place of the one before. Pure: two lists in, news out.
// A list holds the first of those that wait. Who moves up into it as others are taken has waited all the time, and
// is no news: else each claim in a crowd would announce somebody. Nor is one whom this agent has just handed back.
//
//   before  Mia  Jun | not shown: Up, …
//   next    New  Jun  Up       New is in front of somebody who was there, by a head start: news. Up comes behind.
//
// Not by the wait: who came just now with a head start has waited least of all.

import type { DeskTotals, QueueRow } from '../protocol/wire'

export interface DeskListing {
  readonly rows: readonly QueueRow[]
  /** Null: the rows are all there are. */
  readonly totals: DeskTotals | null
}

export interface ListNews {
  readonly kind: 'waiting' | 'ticket'
  readonly visitorName: string
  /** For which it waits; null: for anybody. */
  readonly team: string | null
}

/** @param handedBack  by conversation: the assignment, to nobody, that this agent's own release makes */
export function listNews(
  before: DeskListing,
  next: DeskListing,
  handedBack: ReadonlyMap<string, number>,
): ListNews[] {
  const phases = new Map(before.rows.map(row => [row.conversationId, row.phase]))
  const waitedBefore = before.rows.filter(row => row.phase === 'queued').length
  const isCut = (before.totals?.waiting ?? 0) > waitedBefore
  const lastKnown = next.rows.findLastIndex(
    row => row.phase === 'queued' && phases.get(row.conversationId) === 'queued',
  )
  const lastTicket = lastTicketInSight(before)
  return next.rows.flatMap((row, at): ListNews[] => {
    const { phase, visitorName, team = null } = row
    const known = phases.get(row.conversationId)
    const movesUp =
      known === undefined &&
      (phase === 'queued' ? isCut && at > lastKnown : (row.ticketNumber ?? 0) >= lastTicket)
    // By the number, so that the same conversation is news again when a colleague has it and is lost.
    if (known === phase || handedBack.get(row.conversationId) === row.assignment) return []
    if (phase === 'queued' && !movesUp) return [{ kind: 'waiting', visitorName, team }]
    if (phase === 'ticketed' && !movesUp) return [{ kind: 'ticket', visitorName, team }]
    return []
  })
}

/** Conversations that came to this agent from a colleague, not by a claim of their own. */
export function handedTo(
  before: readonly QueueRow[],
  next: readonly QueueRow[],
  agentId: string,
  ownChanges: ReadonlyMap<string, number>,
): { readonly visitorName: string }[] {
  const known = new Map(before.map(row => [row.conversationId, row.agent?.agentId]))
  return next.filter(
    ({ conversationId, phase, agent, assignment }) =>
      phase === 'live' &&
      agent?.agentId === agentId &&
      known.get(conversationId) !== agentId &&
      ownChanges.get(conversationId) !== assignment,
  )
}

/**
 * Tickets of this agent's to which the visitor has answered, or which they opened again, since the list before. What is
 * in view tells itself.
 */
export function ownTicketNews(
  before: readonly QueueRow[],
  next: readonly QueueRow[],
  agentId: string,
  isInView: (conversationId: string) => boolean,
): { readonly visitorName: string }[] {
  const known = new Map(before.map(row => [row.conversationId, row.ticketStatus]))
  return next.filter(
    ({ conversationId, phase, ticketStatus, ticketOwner }) =>
      phase === 'ticketed' &&
      ticketOwner?.agentId === agentId &&
      (ticketStatus === 'waitingOnUs' || ticketStatus === 'reopened') &&
      known.has(conversationId) &&
      known.get(conversationId) !== ticketStatus &&
      !isInView(conversationId),
  )
}

/** The last number that was shown; Infinity where all were, so that nobody can come from behind it. */
function lastTicketInSight({ rows, totals }: DeskListing): number {
  const shown = rows.filter(row => row.phase === 'ticketed')
  if (!totals || totals.tickets <= shown.length) return Number.POSITIVE_INFINITY
  return shown.reduce((last, row) => Math.max(last, row.ticketNumber ?? 0), 0)
}
