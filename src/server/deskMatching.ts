// What the desk's list says of a row beside the conversation itself, for the agent who asks: how it stands in the
// promises of the site (D45), why it fits them, to whom it is suggested, and which one they take next (D46). Pure: what
// was read at one moment in, an answer out; `serviceLevels` and `routing` have the rules.

import type { Hours } from '../protocol/records'
import type { QueueRow } from '../protocol/wire'
import { cutToBytes } from './deskList'
import { fitOf, nextFor, type Routable, type RoutedAgent, suggestAgents } from './routing'
import { type ServiceLevels, type TicketTimes, ticketLevels } from './serviceLevels'
import type { ConversationRow, DeskList } from './store/helpDeskStore'

export interface DeskMoment {
  readonly list: DeskList
  /** By conversation: to which team it was given. */
  readonly teams: ReadonlyMap<string, string>
  /** Who takes new conversations just now. */
  readonly here: readonly RoutedAgent[]
  /** Null: always open. */
  readonly hours: Hours | null
  readonly levels: ServiceLevels | null
  readonly now: number
}

export interface DeskMatching {
  of(row: ConversationRow): Pick<QueueRow, 'levels' | 'fits' | 'suggestedFor'>
  /** What the agent takes next; null: nobody waits. */
  readonly next: string | null
}

/**
 * Further down the list nobody looks for whom it is; each costs a walk through all who are here, and
 * bytes that D19 bounds.
 */
const SUGGESTED_AT_MOST = 100
const MAX_NAME_BYTES = 80

/** @param self  the agent who asks; null: not here, so that nothing is for them */
export function deskMatching(moment: DeskMoment, self: RoutedAgent | null): DeskMatching {
  const { list, teams, here, hours, levels, now } = moment
  const { queued, ticketed } = list
  const areRouted = isRouted(here)
  const suggested = areRouted ? suggestionsOf(moment) : null
  const fitting = (row: ConversationRow) =>
    areRouted && self && isForAnybody(row) ? fitOf(routable(row, teams), self, here) : null
  const next = nextFor(
    queued.rows.map(({ conversationId, waitStarted, priority }, n) => ({
      conversationId,
      waitStarted,
      priority,
      fits: fitting(queued.rows[n] as ConversationRow) !== null,
    })),
  )
  const listed = new Set([
    ...queued.rows.slice(0, SUGGESTED_AT_MOST),
    ...ticketed.rows.slice(0, SUGGESTED_AT_MOST),
  ])
  return {
    of(row) {
      const reasons = listed.has(row) ? fitting(row) : null
      const agent = suggested?.get(row.conversationId)
      const times = timesOf(row)
      const standing = times && ticketLevels(times, levels, hours, now)
      return {
        ...(standing && { levels: standing }),
        ...(reasons && { fits: { reasons } }),
        ...(agent && {
          suggestedFor: { agentId: agent.agentId, name: cutToBytes(agent.name, MAX_NAME_BYTES) },
        }),
      }
    },
    next: next?.conversationId ?? null,
  }
}

/** Agents who ask at one moment share a list, and what it suggests. */
const known = new WeakMap<DeskList, ReadonlyMap<string, Pick<RoutedAgent, 'agentId' | 'name'>>>()

function suggestionsOf({
  list,
  teams,
  here,
}: DeskMoment): ReadonlyMap<string, Pick<RoutedAgent, 'agentId' | 'name'>> {
  const found = known.get(list)
  if (found) return found
  const waiting = [
    ...list.queued.rows.slice(0, SUGGESTED_AT_MOST),
    ...list.ticketed.rows.slice(0, SUGGESTED_AT_MOST),
  ].filter(isForAnybody)
  const asked = waiting.map(row => ({ ...routable(row, teams), conversationId: row.conversationId }))
  const suggested = suggestAgents(asked, here)
  const made = new Map([...suggested].map(([{ conversationId }, agent]) => [conversationId, agent]))
  known.set(list, made)
  return made
}

/** Where nobody says what they know, the one with the least to do is no suggestion: agents see that themselves. */
export const isRouted = (here: readonly RoutedAgent[]): boolean =>
  here.some(({ skills = [], languages = [] }) => skills.length > 0 || languages.length > 0)

/** Nobody has it, or answers for it. */
export function isForAnybody({ agent, ticket }: ConversationRow): boolean {
  return agent === null && !ticket?.owner
}

export function routable(
  { conversationId, category, locale }: ConversationRow,
  teams: DeskMoment['teams'],
): Routable {
  return { category, locale, team: teams.get(conversationId) }
}

/** Null: it is no ticket, or one from before its moments were kept. */
function timesOf({ ticket, priority, category }: ConversationRow): TicketTimes | null {
  if (!ticket || ticket.openedAt === undefined) return null
  return {
    openedAt: ticket.openedAt,
    firstResponseAt: ticket.firstResponseAt ?? null,
    solvedAt: ticket.solvedAt ?? null,
    reopenedAt: ticket.reopenedAt ?? null,
    onUs: ticket.waitedOnUs ?? [],
    priority: priority ?? 'normal',
    category,
  }
}
