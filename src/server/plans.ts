// What an append stores: the rules of a conversation, run by the store inside its transaction (S5).
// Pure: a row and a draft in, events or a refusal out. Who may call at all is `membership`'s question.

import type { JournalEntry } from '../journal/record'
import { contactSaid } from '../protocol/contact'
import { isDisputeDraft } from '../protocol/dispute'
import type { EventBody, ServerBody } from '../protocol/events'
import { MAX_OPEN_CONTESTS } from '../protocol/limits'
import type { Phase } from '../protocol/phase'
import type { Author, Contact, Priority } from '../protocol/records'
import { reopensUntil } from '../protocol/ticket'
import type { RefusalCode } from '../protocol/wire'
import { followsTriage } from '../understanding/triage'
import { categoryBy, contestAnsweredBy, promiseDecision } from './decisions'
import type { FirstLook } from './firstLook'
import type { PriorityDecision } from './priority'
import type { ServiceLevels } from './serviceLevels'
import type { ConversationRow, NewEvent } from './store/helpDeskStore'

export type Plan = (row: ConversationRow, draft: NewEvent) => readonly NewEvent[] | RefusalCode

export interface AgentName {
  readonly agentId: string
  readonly name: string
}

const SYSTEM: Author = { kind: 'system' }
const RATED_IN: readonly Phase[] = ['live', 'ticketed', 'ended']
export const agentSender = (agentId: string) => `agent:${agentId}`

/** An event of the server's own. */
export function systemEvent(clientId: string, body: EventBody, author: Author = SYSTEM): NewEvent {
  return { sender: 'system', clientId, author, body }
}

/**
 * A change of assignment. Its id is made of the number, so that a conversation can never hold two of them
 * under one number, whoever writes and on whichever node; a repeated claim finds its own first result.
 */
export function assignedEvent(
  assignment: number,
  agent: AgentName | null,
  cause: Extract<ServerBody, { type: 'assigned' }>['cause'],
  transfer: { readonly team?: string | undefined; readonly by?: AgentName } = {},
): NewEvent {
  const { team, by } = transfer
  return systemEvent(
    `assigned-${assignment}`,
    { type: 'assigned', assignment, agent, cause, ...(team !== undefined && { team }), ...(by && { by }) },
    agent ? { kind: 'agent', ...agent } : SYSTEM,
  )
}

export function ticketEvent(
  row: ConversationRow,
  clientId: string,
  cause: Extract<ServerBody, { type: 'ticketOpened' }>['cause'],
  contact: Contact | null = row.contact,
  priority: Priority | null = row.priority,
): NewEvent {
  return systemEvent(clientId, {
    type: 'ticketOpened',
    cause,
    ticket: {
      // The store gives the number (S9).
      number: 0,
      category: row.category,
      priority: priority ?? 'normal',
      status: 'open',
      ...(contact && { contact }),
    },
  })
}

export interface VisitorContext {
  readonly isStaffed: boolean
  /** What the first coming to people is worth, and how that was decided; null: it is no news, or not asked for. */
  readonly first: FirstLook | null
  /** How many objections nobody had answered when the call came. Default: none. */
  readonly openContests?: number
  /** Server time, milliseconds. */
  readonly now: number
  /** For so long the visitor may say that a ticket is not solved (D41). */
  readonly reopenWithinDays: number
  /** How it was decided whether somebody is there, for the journal (S30). */
  readonly staffed?: JournalEntry
  randomId(): string
}

/** What a visitor's device may append, and what follows from it. */
export function visitorPlan(context: VisitorContext): Plan {
  // A store that runs its transaction once more asks again of the same drafts.
  const objections = new Set<string>()
  return (row, draft) => {
    const { body } = draft
    // Checked first: a late bot reply is refused as such, whatever else holds by then (D18).
    const expected = draft.expectedAssignment ?? (draft.author.kind === 'bot' ? 0 : undefined)
    if (expected !== undefined && expected !== row.assignment) return 'stale_assignment'
    if (draft.author.kind === 'bot' && (body.type !== 'message' || body.attachments)) return 'bad_request'
    // Also with the right assignment: while a person has the word no machine speaks.
    if (draft.author.kind === 'bot' && row.phase === 'live') return 'stale_assignment'
    if (body.type === 'marked') return [draft]
    // How it was can be said of what a person has had in hand, also when it is over.
    if (body.type === 'rated') return RATED_IN.includes(row.phase) ? [draft] : 'closed'
    if (body.type === 'reopened') return mayReopen(row, context) ? [draft] : 'closed'
    // Whoever ended the conversation, its dispute goes on; what comes too late is kept and changes nothing (V3).
    if (isDisputeDraft(body)) return row.ticket ? [draft] : 'closed'
    if (row.phase === 'ended') return 'closed'
    if (body.type === 'contested') {
      objections.add(draft.clientId)
      return (context.openContests ?? 0) + objections.size > MAX_OPEN_CONTESTS ? 'too_large' : [draft]
    }
    // Ended while an agent was just lost: the visitor is in the queue by now, and wants out of it.
    if (body.type === 'ended' && row.phase === 'queued')
      return [systemEvent(context.randomId(), { type: 'cancelled' }), draft]
    if (body.type === 'cancelled') return row.phase === 'queued' ? [draft] : 'stale_assignment'
    if (body.type !== 'handoffReady') return [draft]
    return handoff(row, draft, body.channel === 'live', contactSaid(body) ?? row.contact, context)
  }
}

/** D41. What is not over need not be reopened: a second tab, or a call that was repeated late, learns that it is open. */
function mayReopen(row: ConversationRow, { now, reopenWithinDays }: VisitorContext): boolean {
  const until = reopensUntil(row.ticket, row.lastAt, reopenWithinDays)
  return row.phase === 'ended' && until !== null && now < until
}

function handoff(
  row: ConversationRow,
  draft: NewEvent,
  wantsLive: boolean,
  contact: Contact | null,
  { isStaffed, first, staffed, randomId }: VisitorContext,
): readonly NewEvent[] {
  const mayChoose = row.phase === 'bot' || row.phase === 'offered'
  // Said once: who comes back later has the word of then, or an agent's. `normal` needs no saying. It goes before what
  // it is for, so that nobody stands in the queue at another place first.
  const { priority, triage, journal } = (mayChoose && first) || NO_LOOK
  const isNew = priority && row.priority === null ? priority : null
  const isPressing = isNew && isNew.value !== 'normal' ? isNew : null
  const before = [
    ...(triage ? [journalled(systemEvent(randomId(), { type: 'triaged', ...triage }), journal?.triage)] : []),
    ...(isPressing
      ? [journalled(systemEvent(randomId(), prioritisedBody(isPressing)), journal?.priority)]
      : []),
  ]
  // That it is an ordinary one is a decision as well, though no event says it.
  const ordinary = isNew && !isPressing ? journal?.priority : undefined
  if (wantsLive) {
    // The request stays in the thread either way: an agent who reads it later sees what was asked for.
    if (mayChoose && !isStaffed)
      return [draft, journalled(systemEvent(randomId(), { type: 'nobodyNow' }), staffed)]
    return [...before, journalled(draft, mayChoose ? staffed : undefined, ordinary)]
  }
  if (!mayChoose && row.phase !== 'queued') return [draft]
  const category = triage && followsTriage(row.category, triage) ? triage.category : row.category
  const holds = isPressing?.value ?? row.priority
  const ticket = ticketEvent({ ...row, category }, randomId(), 'chosen', contact, holds)
  return [...before, journalled(draft, ordinary), ticket]
}

const NO_LOOK: { readonly [Part in keyof FirstLook]: null } = { priority: null, triage: null, journal: null }

function prioritisedBody({ value, reasons, rule }: PriorityDecision): EventBody {
  return { type: 'prioritised', priority: value, ...(reasons.length > 0 && { reasons }), rule }
}

/** The same event with what was decided beside it. */
export function journalled(event: NewEvent, ...entries: readonly (JournalEntry | undefined)[]): NewEvent {
  const journal = entries.filter(entry => entry !== undefined)
  return journal.length > 0 ? { ...event, journal } : event
}

/**
 * D39. Who answers for a ticket from here on. In the server's name, as a priority is: it makes nothing live, and the
 * visitor reads from whom the words are in the words.
 */
export function ownedEvent(clientId: string, agent: AgentName): NewEvent {
  const { agentId, name } = agent
  return systemEvent(clientId, { type: 'owned', agent: { agentId, name } })
}

/**
 * What an agent may append. Writing to a ticket does not make it live (D39): a live conversation whose agent goes home
 * puts a visitor into the queue who is not there. Of two who answer at once both are read, and the later one answers
 * for it: each is told by the event in front of their words.
 */
export function agentPlan(agent: AgentName, randomId: () => string): Plan {
  return (row, draft) => {
    const { body } = draft
    if (draft.expectedAssignment !== undefined && draft.expectedAssignment !== row.assignment)
      return 'stale_assignment'
    if (body.type === 'marked') return [draft]
    // Who solved it too early is not held to any number of days.
    if (body.type === 'reopened') return row.phase === 'ended' && row.ticket ? [draft] : 'closed'
    const said = journalled(draft, saidBy(agent, body))
    // What a visitor objects to is owed an answer, also when all else is over.
    if (row.phase === 'ended') return body.type === 'contestAnswered' ? [said] : 'closed'
    // Nor does it matter that its visitor has gone back to the bot meanwhile.
    if (isWithBot(row) && body.type === 'contestAnswered') return [said]
    if (row.phase === 'live') return row.agent?.agentId === agent.agentId ? [said] : 'stale_assignment'
    if (row.phase === 'ticketed')
      return body.type === 'message' && row.ticket?.owner?.agentId !== agent.agentId
        ? [ownedEvent(randomId(), agent), said]
        : [said]
    return 'stale_assignment'
  }
}

const isWithBot = ({ phase }: ConversationRow) => phase === 'bot' || phase === 'offered'

/** What an agent decides by an event of their own. */
function saidBy(agent: AgentName, body: EventBody): JournalEntry | undefined {
  if (body.type === 'contestAnswered') return contestAnsweredBy(agent, body)
  return body.type === 'ended' && body.by === 'agent' && body.category !== undefined
    ? categoryBy(agent, body.category)
    : undefined
}

/**
 * What `plan` says, and beside each event that makes a ticket, or says how pressing or about what one is, which of the
 * site's promises it is held to from there on (D45).
 *
 * @param rules  under which the promises are kept for the journal
 */
export function promisedPlan(plan: Plan, levels: ServiceLevels, rules: string): Plan {
  return (row, draft) => {
    const planned = plan(row, draft)
    if (typeof planned === 'string') return planned
    return planned.map(event => {
      const held = heldTo(row, event.body)
      return held
        ? journalled(
            event,
            ...(event.journal ?? []),
            promiseDecision(held.category, held.priority, levels, rules),
          )
        : event
    })
  }
}

/** What `plan` says, and what stands beside it in the journal masked as the site wants it. */
export function maskedPlan(plan: Plan, mask: (entry: JournalEntry) => JournalEntry): Plan {
  return (row, draft) => {
    const planned = plan(row, draft)
    if (typeof planned === 'string') return planned
    return planned.map(event => (event.journal ? { ...event, journal: event.journal.map(mask) } : event))
  }
}

function heldTo(
  { ticket, category, priority, phase }: ConversationRow,
  body: EventBody,
): { readonly category: string; readonly priority: Priority } | null {
  if (body.type === 'ticketOpened') return body.ticket
  if (!ticket || phase === 'ended') return null
  if (body.type === 'prioritised') return { category, priority: body.priority }
  return body.type === 'categorised' ? { category: body.category, priority: priority ?? 'normal' } : null
}

/** F2. Where a message of this side could stand just now, a file can be put on its way to it. */
export function uploadProblem(row: ConversationRow, agentId: string | null): RefusalCode | null {
  if (row.phase === 'ended' || row.phase === 'bot' || row.phase === 'offered') return 'closed'
  if (agentId === null || row.phase === 'ticketed') return null
  return row.phase === 'live' && row.agent?.agentId === agentId ? null : 'stale_assignment'
}

/** Compare-and-set (D18). The draft is the `assignedEvent` that follows the assignment the caller saw. */
export function claimPlan(expected: number): Plan {
  return (row, draft) => {
    if (row.phase === 'ended') return 'closed'
    if (row.assignment !== expected) return 'stale_assignment'
    // Nobody asked for a person yet, or any more: there is nothing to claim.
    return row.phase === 'bot' || row.phase === 'offered' ? 'closed' : [draft]
  }
}

/** Only the one who has the conversation hands it on. */
export function releasePlan(agent: AgentName, expected: number): Plan {
  return (row, draft) => {
    if (row.phase === 'ended') return 'closed'
    return row.assignment === expected && row.agent?.agentId === agent.agentId ? [draft] : 'stale_assignment'
  }
}

/** D28. Of what nobody asked a person for, or is over, no priority is anybody's business. */
export function priorityPlan(): Plan {
  return (row, draft) =>
    row.phase === 'bot' || row.phase === 'offered' || row.phase === 'ended' ? 'closed' : [draft]
}

/**
 * To a colleague or a team, by the one who has the conversation or by a lead.
 *
 * @param isThere  whether somebody is there to take it. Asked of a new transfer only: one that is repeated, because its
 *                 answer was lost, has happened whoever has left since
 */
export function transferPlan(
  by: { readonly agentId: string; readonly isLead: boolean },
  expected: number,
  to: { readonly agentId: string } | { readonly team: string },
  isThere: boolean,
): Plan {
  return (row, draft) => {
    if (row.phase === 'ended') return 'closed'
    if (row.assignment !== expected) return 'stale_assignment'
    if (row.phase === 'bot' || row.phase === 'offered') return 'closed'
    if (!by.isLead && row.agent?.agentId !== by.agentId) return 'forbidden'
    if ('agentId' in to && row.agent?.agentId === to.agentId) return 'bad_request'
    return isThere ? [draft] : 'not_found'
  }
}

/**
 * D40. What `plan` says of a live conversation that was a ticket; and where its visitor is gone, the ticket again: in
 * the queue it would wait for somebody to talk to nobody.
 *
 * @param decided  what the journal has of it; null: the visitor is there
 */
export function backToTicketPlan(plan: Plan, decided: JournalEntry | null, randomId: () => string): Plan {
  return (row, draft) => {
    const planned = plan(row, draft)
    if (typeof planned === 'string' || !decided || row.phase !== 'live' || !row.ticket) return planned
    return [...planned, journalled(ticketEvent(row, randomId(), 'visitorGone'), decided)]
  }
}

/** An agent was gone for too long. Whoever notices first writes it; later ones find it done. */
export function agentLostPlan(expected: number): Plan {
  return (row, draft) => (row.phase === 'live' && row.assignment === expected ? [draft] : 'stale_assignment')
}

/** The wait is over without an agent, unless one came or the visitor left meanwhile. */
export function leaveQueuePlan(queuedAt: number | null): Plan {
  return (row, draft) => (row.phase === 'queued' && row.queuedAt === queuedAt ? [draft] : 'stale_assignment')
}
