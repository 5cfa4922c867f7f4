// The server's own decisions as the journal has them: what each was made on, masked, and by which rule. Pure. One
// function a rule; `replay` has its opposite, which makes the decision again from what stands here.
//
// Inputs are what the rule looks at and nothing else: the visitor's words are in none of them. Where a value may be a
// person's own word (a category), masking may change it, and then the entry says so.

import { masked } from '../journal/masked'
import type { JournalEntry } from '../journal/record'
import type { DisputePhase } from '../protocol/dispute'
import type { AgentBody } from '../protocol/events'
import type { Phase } from '../protocol/phase'
import type { Brief, DecisionReason, Priority, TriageRecord } from '../protocol/records'
import type { AgentName } from './plans'
import type { Overdue } from './queue'
import { ROUTING_RULE, type Routable, type RoutedAgent, rankAgents } from './routing'
import { allowedMs, SERVICE_LEVEL_RULE, type ServiceLevels } from './serviceLevels'
import { type Similar, shownText } from './similarTickets'
import type { ConversationRow } from './store/helpDeskStore'

/** The first word on how pressing a conversation is. */
export function priorityDecision(
  brief: Brief | null,
  category: string,
  isProved: boolean,
  rules: string,
  priority: Priority,
  heard: readonly DecisionReason[] = [],
): JournalEntry {
  const { tone, reason, visitor } = brief ?? {}
  const role = visitor?.signed?.includes('role') ? visitor.role : undefined
  return masked({
    kind: 'prioritised',
    inputs: {
      hasBrief: brief !== null,
      category,
      isProved,
      rules,
      ...(reason !== undefined && { reason }),
      ...(role !== undefined && { signedRole: role }),
      ...(tone && { urgency: tone.urgency, distress: tone.distress, frustration: tone.frustration }),
      ...(heard.length > 0 && { heard: heard.map(({ code }) => code) }),
    },
    rule: 'priority@1',
    outcome: priority,
    reason:
      tone?.evidence?.length || heard.length > 0
        ? 'the words and the rules of the site'
        : 'the rules of the site',
  })
}

/** What the words say: the codes that each score is made of. The words themselves stand in the event alone. */
export function triageDecision({
  category,
  confidence,
  urgency,
  complexity,
  rule,
}: TriageRecord): JournalEntry {
  return masked({
    kind: 'triaged',
    inputs: {
      category,
      confidence,
      urgency: urgency.reasons.map(({ code }) => code),
      complexity: complexity.reasons.map(({ code }) => code),
    },
    rule,
    outcome: triageOutcome(urgency.score, complexity.score),
    reason: 'the words of the visitor',
  })
}

/** As the journal compares it. */
export function triageOutcome(urgency: number, complexity: number): string {
  return `urgency ${urgency}, complexity ${complexity}`
}

/** An agent's word, which no rule stands behind. */
export function priorityBy({ agentId }: AgentName, priority: Priority): JournalEntry {
  return {
    kind: 'prioritised',
    inputs: { agentId },
    rule: 'agent',
    outcome: priority,
    reason: 'an agent said so',
  }
}

/** An agent's word on what a conversation is about: over any that a machine read. */
export function categoryBy({ agentId }: Pick<AgentName, 'agentId'>, category: string): JournalEntry {
  return masked({
    kind: 'classified',
    inputs: { agentId, category },
    rule: 'agent',
    outcome: category,
    reason: 'an agent said so',
  })
}

/** What came of an objection. What the agent wrote stands in the event alone. */
export function contestAnsweredBy(
  { agentId }: Pick<AgentName, 'agentId'>,
  { contest, outcome }: Pick<Extract<AgentBody, { type: 'contestAnswered' }>, 'contest' | 'outcome'>,
): JournalEntry {
  return {
    kind: 'contestAnswered',
    inputs: { agentId, contest },
    rule: 'agent',
    outcome,
    reason: 'an agent looked at it',
  }
}

/** What a mediator, or one of the sides, made of a dispute. */
export function mediatedBy(
  agentId: string | null,
  phase: DisputePhase,
  outcome: 'proposed' | 'decided' | 'asked' | 'withdrawn',
): JournalEntry {
  return {
    kind: 'mediated',
    inputs: { phase, ...(agentId !== null && { agentId }) },
    rule: agentId === null ? 'visitor' : 'agent',
    outcome,
    reason: agentId === null ? 'who opened it took it back' : 'a mediator said so',
  }
}

/** What the rules of a dispute made of it by themselves: it was late, or both sides had accepted. */
export function disputeDecision(
  inputs:
    | { readonly phase: DisputePhase; readonly at: number; readonly decideBy: number }
    | { readonly accepted: readonly string[] },
  outcome: 'late' | 'agreed',
): JournalEntry {
  return {
    kind: 'mediated',
    inputs,
    rule: 'dispute@1',
    outcome,
    reason: outcome === 'late' ? 'the time had passed' : 'both sides accepted',
  }
}

/** V12. A dispute is over, and with it the ticket of one of its conversations. `phase`: of that conversation. */
export function solvedByDispute(dispute: DisputePhase, of: 'side' | 'thread', phase: Phase): JournalEntry {
  return {
    kind: 'mediated',
    inputs: { dispute, of, phase, hasTicket: true },
    rule: 'disputeSolves@1',
    outcome: 'solved',
    reason: dispute === 'withdrawn' ? 'the dispute was taken back' : 'the dispute has an outcome',
  }
}

/** Which promises of the site a ticket is held to. */
export function promiseDecision(
  category: string,
  priority: Priority,
  levels: ServiceLevels,
  rules: string,
): JournalEntry {
  return masked({
    kind: 'serviceLevel',
    inputs: { category, priority, levels: rules },
    rule: SERVICE_LEVEL_RULE,
    outcome: promiseOutcome(category, priority, levels),
    reason: 'the promises of the site',
  })
}

/** As the journal compares it. */
export function promiseOutcome(category: string, priority: Priority, levels: ServiceLevels): string {
  const { firstResponse, resolution } = allowedMs({ category, priority }, levels)
  const minutes = (ms: number | null) => (ms === null ? 'none' : `${ms / 60_000} min`)
  return `first response ${minutes(firstResponse)}, resolution ${minutes(resolution)}`
}

/** Of one entry, which holds 2 KiB: agents that are no more among the first are nobody's match. */
const MAX_AGENTS_CHARS = 1_200

/** Whom a conversation fits best of those who are here, at the moment when somebody takes it. */
export function routingDecision(conversation: Routable, here: readonly RoutedAgent[]): JournalEntry {
  const known = new Map(here.map(agent => [agent.agentId, agent]))
  const ranked = rankAgents(conversation, here)
  let chars = 0
  const agents = ranked.flatMap(({ agentId }) => {
    const { live, skills = [], languages = [], teams } = known.get(agentId) as RoutedAgent
    const text = JSON.stringify([agentId, live, skills, languages, teams])
    chars += text.length
    return chars <= MAX_AGENTS_CHARS ? [text] : []
  })
  const { category, locale, team } = conversation
  const codes = ranked[0]?.reasons.map(({ code }) => code).join(', ')
  return masked({
    kind: 'routed',
    inputs: { category, locale, ...(team !== undefined && { team }), agents },
    rule: ROUTING_RULE,
    outcome: ranked[0]?.agentId ?? 'nobody',
    reason: codes ?? 'nobody of its team is here',
  })
}

/** E6. Solved tickets by number, and how alike each is in thousandths; the words of both stay where they are. */
export function similarDecision(found: readonly Pick<Similar, 'number' | 'score'>[]): JournalEntry {
  return masked({
    kind: 'suggested',
    inputs: {
      tickets: found.map(({ number }) => String(number)),
      alike: found.map(({ score }) => String(Math.round(score * 1_000))),
    },
    rule: 'similar@1',
    outcome: shownText(found),
    reason: 'words of the question, category and page',
  })
}

/** Whether somebody can come now who is asked for. */
export function staffedDecision(
  at: number,
  hours: string,
  agentsOnline: number,
  isStaffed: boolean,
): JournalEntry {
  return {
    kind: 'staffed',
    inputs: { at, hours, agentsOnline },
    rule: 'staffed@1',
    outcome: isStaffed ? 'queued' : 'nobodyNow',
    reason: agentsOnline > 0 ? 'the business hours' : 'no agent is there',
  }
}

/** D40. A talk that was a ticket is one again, because its visitor has left. `timers`: for how long a place is kept. */
export function backToTicketDecision(
  phase: Phase,
  at: number,
  visitorGoneSince: number,
  timers: string,
): JournalEntry {
  return {
    kind: 'timedOut',
    inputs: { phase, hasTicket: true, at, visitorGoneSince, timers },
    rule: 'backToTicket@1',
    outcome: 'visitorGone',
    reason: 'the visitor had left',
  }
}

/** What time alone changed. */
export function overdueDecision(
  { phase, queuedAt }: ConversationRow,
  at: number,
  visitorGoneSince: number | null,
  agentGoneSince: number | null,
  timers: string,
  due: Overdue,
): JournalEntry {
  return {
    kind: 'timedOut',
    inputs: {
      phase,
      at,
      timers,
      ...(queuedAt !== null && { queuedAt }),
      ...(visitorGoneSince !== null && { visitorGoneSince }),
      ...(agentGoneSince !== null && { agentGoneSince }),
    },
    rule: 'overdue@1',
    outcome: due,
    reason: 'the time had passed',
  }
}
