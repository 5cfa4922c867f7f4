// What agents do with tickets beside answering them: make a conversation one, and say what it is about. Composed into
// the desk's calls by `conversations`, as `deskRecords` is. Owns the rules of who may and when; what such an event
// means is the fold's (`protocol/ticket`).

import type { Priority } from '../protocol/records'
import type { DeskCalls, Reply } from '../protocol/wire'
import type { DeskSession, Log } from './conversations'
import { categoryBy, priorityBy } from './decisions'
import { agentRole, authorise, type CallName, type Member } from './membership'
import { journalled, ownedEvent, type Plan, systemEvent, ticketEvent } from './plans'
import { refusal } from './refusals'
import type { AppendOutcome, ConversationRow, HelpDeskStore, NewEvent } from './store/helpDeskStore'

export interface TicketCallParts {
  readonly store: Pick<HelpDeskStore, 'conversation'>
  /** Authorises, stores, tells. */
  append(
    by: { readonly member: Member; readonly call: CallName },
    conversationId: string,
    drafts: readonly NewEvent[],
    plan: Plan,
  ): Promise<AppendOutcome>
  randomId(): string
  readonly log: Log
}

type TicketCallName = 'setCategory' | 'openTicket'
export type TicketCalls = {
  readonly [Name in TicketCallName]: (
    session: DeskSession,
    member: Member,
    body: DeskCalls[Name]['request'],
  ) => Promise<Reply<DeskCalls[Name]['reply']>>
}

export function createTicketCalls({ store, append, randomId, log }: TicketCallParts): TicketCalls {
  const said = ({ agentId }: DeskSession, event: string, conversation: string) =>
    log({ level: 'info', event, conversation, agent: agentId })

  return {
    async setCategory(session, member, { conversationId, category }) {
      const row = await store.conversation(conversationId)
      if (!row) return refusal('not_found')
      const by = { member, call: 'setCategory' } as const
      const denied = authorise(member, by.call, row)
      if (denied) return refusal(denied)
      // Asked again, or by two: what holds need not be said twice.
      if (isWithPeople(row) && row.category === category) return { ok: true }
      const event = systemEvent(randomId(), { type: 'categorised', category })
      const draft = journalled(event, categoryBy(session, category))
      const outcome = await append(by, conversationId, [draft], categoryPlan)
      if (!outcome.ok) return refusal(outcome.code)
      said(session, 'categorised', conversationId)
      return { ok: true }
    },

    async openTicket(session, member, { conversationId, category, priority }) {
      const by = { member, call: 'openTicket' } as const
      const { agentId, name } = session
      const draft = ownedEvent(randomId(), { agentId, name })
      const isLead = agentRole(session.roles) === 'lead'
      const plan = openTicketPlan({ agentId, name, isLead }, { category, priority }, randomId)
      const outcome = await append(by, conversationId, [draft], plan)
      if (outcome.ok) {
        said(session, 'ticketOpened', conversationId)
        return { ok: true, number: outcome.row.ticket?.number ?? 0 }
      }
      // Asked again because the answer was lost, or by two at once: there is one, which is what was wanted.
      const row = outcome.code === 'stale_assignment' ? await store.conversation(conversationId) : null
      if (row?.phase === 'ticketed' && row.ticket) return { ok: true, number: row.ticket.number }
      return outcome.code === 'forbidden'
        ? refusal('forbidden', 'only the agent who has a conversation makes a ticket of it, or a lead')
        : refusal(outcome.code)
    },
  }
}

const isWithPeople = ({ phase }: ConversationRow) =>
  phase === 'queued' || phase === 'live' || phase === 'ticketed'

/** D42. Of what nobody asked a person for, or is over, no agent says what it is about. */
export const categoryPlan: Plan = (row, draft) => (isWithPeople(row) ? [draft] : 'closed')

/**
 * D43. The draft is the `owned` of who asks: whoever makes a ticket answers for it.
 *
 * A talk that goes on as a ticket is a `followUp`. Out of the queue it is `nobodyThere`, which pages from before know
 * as a way from there to a ticket: a `followUp` would leave their visitor waiting in a queue that is none.
 */
export function openTicketPlan(
  by: { readonly agentId: string; readonly name: string; readonly isLead: boolean },
  {
    category,
    priority,
  }: { readonly category?: string | undefined; readonly priority?: Priority | undefined },
  randomId: () => string,
): Plan {
  return (row, draft) => {
    if (row.phase === 'ticketed') return 'stale_assignment'
    if (!isWithPeople(row)) return 'closed'
    if (row.phase === 'live' && !by.isLead && row.agent?.agentId !== by.agentId) return 'forbidden'
    const says: NewEvent[] = []
    if (category !== undefined && category !== row.category)
      says.push(
        journalled(systemEvent(randomId(), { type: 'categorised', category }), categoryBy(by, category)),
      )
    if (priority !== undefined && priority !== (row.priority ?? 'normal'))
      says.push(
        journalled(systemEvent(randomId(), { type: 'prioritised', priority }), priorityBy(by, priority)),
      )
    const opened = ticketEvent(
      { ...row, category: category ?? row.category },
      randomId(),
      row.phase === 'live' ? 'followUp' : 'nobodyThere',
      row.contact,
      priority ?? row.priority,
    )
    return [...says, opened, draft]
  }
}
