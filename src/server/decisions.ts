// The server's own decisions as the journal has them: what each was made on, masked, and by which rule. Pure. One
// function a rule; `replay` has its opposite, which makes the decision again from what stands here.
//
// Inputs are what the rule looks at and nothing else: the visitor's words are in none of them. Where a value may be a
// person's own word (a category), masking may change it, and then the entry says so.

import { masked } from '../journal/masked'
import type { JournalEntry } from '../journal/record'
import type { Phase } from '../protocol/phase'
import type { Brief, DecisionReason, Priority, TriageRecord } from '../protocol/records'
import type { AgentName } from './plans'
import type { Overdue } from './queue'
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
