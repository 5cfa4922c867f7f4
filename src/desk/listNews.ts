// What an agent should hear of when a list takes the place of the one before. Pure: two lists in, news out.
// A list holds the first of those that wait. Who moves up into it as others are taken has waited all the time, and
// is no news: else each claim in a crowd would announce somebody. Nor is one whom this agent has just handed back.

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
  const lastWait = lastInSight(before, 'queued', before.totals?.waiting, row => row.waitingSince)
  const lastTicket = lastInSight(before, 'ticketed', before.totals?.tickets, row => row.ticketNumber)
  return next.rows.flatMap((row): ListNews[] => {
    const { phase, visitorName, team = null } = row
    const known = phases.get(row.conversationId)
    const movesUp = (at: number | null, last: number) => known === undefined && (at ?? 0) >= last
    // By the number, so that the same conversation is news again when a colleague has it and is lost.
    if (known === phase || handedBack.get(row.conversationId) === row.assignment) return []
    if (phase === 'queued' && !movesUp(row.waitingSince, lastWait))
      return [{ kind: 'waiting', visitorName, team }]
    if (phase === 'ticketed' && !movesUp(row.ticketNumber, lastTicket))
      return [{ kind: 'ticket', visitorName, team }]
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

/** The place of the last one that was shown; Infinity where all were, so that nobody can come from behind it. */
function lastInSight(
  { rows }: DeskListing,
  phase: 'queued' | 'ticketed',
  total: number | undefined,
  placeOf: (row: QueueRow) => number | null,
): number {
  const shown = rows.filter(row => row.phase === phase)
  if (total === undefined || total <= shown.length) return Number.POSITIVE_INFINITY
  return shown.reduce((last, row) => Math.max(last, placeOf(row) ?? 0), 0)
}
