// What happened to a ticket, told from its conversation's events: the list that panel and desk show beside it. Pure.
// Owns nothing and is stored nowhere: who may read the events may read this, less what is the desk's own business.

import type { SolvedBecause, StoredEvent } from './events'
import { EMPTY_STATE, foldEvent } from './phase'
import type { Author } from './records'
import { disputeBehind } from './ticket'

/** For a text key each. `answered` and `waiting` are turns, not messages: who writes twice is named once. */
export type TicketHappening =
  | 'opened'
  | 'owned'
  | 'answered'
  | 'waiting'
  | 'prioritised'
  | 'categorised'
  | 'contested'
  | 'solved'
  | 'reopened'
  | 'rated'

export interface TicketEntry {
  /** Of the event behind it; stable, and in order. */
  readonly seq: number
  /** Server time, milliseconds. */
  readonly at: number
  readonly what: TicketHappening
  /** Who did it; of `owned` who answers for it from then on. Absent: the server by itself, or nobody. */
  readonly by?: Author
  /** What it is now: a priority, a category, or a score from 1 to 5. */
  readonly value?: string | number
  /** Of `solved`, where it follows from a dispute's end (V12). */
  readonly because?: SolvedBecause
}

/**
 * Oldest first; empty where the conversation never was a ticket.
 *
 * @param events  all of them, ascending by seq
 * @param viewer  priority is shown to agents alone, as in the conversation itself (D28)
 */
export function ticketHistory(
  events: readonly StoredEvent[],
  viewer: 'visitor' | 'agent',
): readonly TicketEntry[] {
  const entries: TicketEntry[] = []
  let state = EMPTY_STATE
  for (const event of events) {
    const before = state.ticket
    state = foldEvent(state, event)
    const { ticket } = state
    if (!ticket) continue
    const { seq, at, author, body } = event
    const tell = (what: TicketHappening, more: Omit<TicketEntry, 'seq' | 'at' | 'what'> = {}) =>
      entries.push({ seq, at, what, ...more })
    const by = author.kind === 'system' ? {} : { by: author }
    if (!before) tell('opened', by)
    const { owner } = ticket
    if (owner && owner.agentId !== before?.owner?.agentId) tell('owned', { by: { kind: 'agent', ...owner } })
    if (body.type === 'contested') tell('contested', by)
    else if (before && ticket.status !== before.status) {
      if (ticket.status === 'waitingOnVisitor') tell('answered', by)
      // A wait that ended without an answer says nothing that its notice in the thread does not.
      else if (ticket.status === 'waitingOnUs' && body.type !== 'ticketOpened') tell('waiting', by)
      else if (ticket.status === 'solved') {
        const because = disputeBehind(body)
        tell('solved', because ? { ...by, because } : by)
      } else if (ticket.status === 'reopened') tell('reopened', by)
    }
    if (body.type === 'prioritised' && viewer === 'agent') tell('prioritised', { value: body.priority })
    if (body.type === 'categorised') tell('categorised', { value: body.category })
    if (body.type === 'rated' && body.score !== null) tell('rated', { ...by, value: body.score })
  }
  return entries
}
