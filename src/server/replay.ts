// Decisions made again from what the journal holds of them. Pure: an entry and the rule files that it names in, the
// outcome or the reason why there can be none out. A registry, so that a new rule is a new line here; a rule whose
// number rises keeps its old line for as long as its code is there, and is not replayable after that.

import type { JournalEntry, JournalValue } from '../journal/record'
import type { DisputePhase } from '../protocol/dispute'
import type { EventBody, StoredEvent } from '../protocol/events'
import type { Phase } from '../protocol/phase'
import type { Brief, EscalationReason, Hours, Priority } from '../protocol/records'
import { complexityOf, urgencyOf } from '../understanding/triage'
import { promiseOutcome, triageOutcome } from './decisions'
import { isAgreed, isLate, isSolvedWith } from './disputeRules'
import { isOpen } from './hours'
import { ERASURE, RETENTION } from './journalChain'
import { type PriorityRules, priorityOf } from './priority'
import { isBackToTicket, overdue, type QueueTimers } from './queue'
import { type RoutedAgent, rankAgents } from './routing'
import type { ServiceLevels } from './serviceLevels'
import { mostAlike, shownText } from './similarTickets'
import { emptyRow } from './store/projection'

/** What a rule decides by, already parsed. Undefined: it is not kept any more. */
export type RuleFileOf = (hash: string) => Promise<unknown>

/** The inputs are not what the rule asks for, or a file is gone: said, never counted as equal. */
export class NotReplayable extends Error {}

export type ReplayRule = (
  inputs: Readonly<Record<string, JournalValue>>,
  file: RuleFileOf,
  entry: JournalEntry,
) => string | Promise<string>

export type ReplayRules = Readonly<Record<string, ReplayRule>>

export async function fileOf<Content>(hash: JournalValue | undefined, file: RuleFileOf): Promise<Content> {
  const content = typeof hash === 'string' ? await file(hash) : undefined
  if (content === undefined) throw new NotReplayable('the file that decided is not kept')
  return content as Content
}

const numberOf = (value: JournalValue | undefined): number => {
  if (typeof value !== 'number') throw new NotReplayable('a number is missing')
  return value
}
const textOf = (value: JournalValue | undefined): string => {
  if (typeof value !== 'string') throw new NotReplayable('a text is missing')
  return value
}
const codesOf = (value: JournalValue | undefined): readonly string[] => (Array.isArray(value) ? value : [])
const maybe = (value: JournalValue | undefined): number | null => (typeof value === 'number' ? value : null)

/** The server's own. */
export const SERVER_RULES: ReplayRules = {
  'priority@1': async (inputs, file) => {
    const rules = await fileOf<PriorityRules | null>(inputs.rules, file)
    const category = textOf(inputs.category)
    const role = inputs.signedRole
    const tone = typeof inputs.urgency === 'number' && {
      urgency: inputs.urgency,
      distress: numberOf(inputs.distress),
      frustration: numberOf(inputs.frustration),
      evidence: [],
    }
    const brief = {
      reason: inputs.reason as EscalationReason,
      visitor: typeof role === 'string' ? { role, signed: ['role'], attributes: {} } : { attributes: {} },
      ...(tone && { tone }),
    }
    return priorityOf(
      inputs.hasBrief === true ? (brief as unknown as Brief) : null,
      category,
      inputs.isProved === true,
      rules,
      codesOf(inputs.heard).map(code => ({ code })),
    ).value
  },
  'triage@1': inputs =>
    triageOutcome(urgencyOf(codesOf(inputs.urgency)), complexityOf(codesOf(inputs.complexity))),
  'staffed@1': async (inputs, file) => {
    const hours = await fileOf<Hours | null>(inputs.hours, file)
    return isOpen(hours, numberOf(inputs.at)) && numberOf(inputs.agentsOnline) > 0 ? 'queued' : 'nobodyNow'
  },
  'overdue@1': async (inputs, file) => {
    const timers = await fileOf<QueueTimers>(inputs.timers, file)
    const row = {
      ...emptyRow('', ''),
      phase: textOf(inputs.phase) as Phase,
      queuedAt: maybe(inputs.queuedAt),
    }
    const { at, visitorGoneSince, agentGoneSince } = inputs
    const due = overdue(row, numberOf(at), maybe(visitorGoneSince), maybe(agentGoneSince), timers)
    return due ?? 'nothing'
  },
  'backToTicket@1': async (inputs, file) => {
    const timers = await fileOf<QueueTimers>(inputs.timers, file)
    const row = { phase: textOf(inputs.phase) as Phase, hasTicket: inputs.hasTicket === true }
    const isBack = isBackToTicket(row, numberOf(inputs.at), maybe(inputs.visitorGoneSince), timers)
    return isBack ? 'visitorGone' : 'queued'
  },
  'serviceLevel@1': async (inputs, file) => {
    const levels = await fileOf<ServiceLevels>(inputs.levels, file)
    return promiseOutcome(textOf(inputs.category), textOf(inputs.priority) as Priority, levels)
  },
  'routing@1': inputs => {
    const agents = codesOf(inputs.agents).map((text): RoutedAgent => {
      const [agentId, live, skills, languages, teams] = JSON.parse(text)
      return { agentId, name: '', live, skills, languages, teams }
    })
    const { category, locale, team } = inputs
    const conversation = { category: textOf(category), locale: textOf(locale) }
    const wanted = typeof team === 'string' ? { ...conversation, team } : conversation
    return rankAgents(wanted, agents)[0]?.agentId ?? 'nobody'
  },
  'dispute@1': ({ accepted, phase, decideBy, at }) => {
    if (accepted !== undefined)
      return isAgreed(codesOf(accepted).map(answer => answer === 'true')) ? 'agreed' : 'nothing'
    return isLate(textOf(phase) as DisputePhase, numberOf(decideBy), numberOf(at)) ? 'late' : 'nothing'
  },
  'disputeSolves@1': ({ dispute, of, phase, hasTicket }) => {
    const where = textOf(of) === 'thread' ? 'thread' : 'side'
    const isSolved = isSolvedWith(
      textOf(dispute) as DisputePhase,
      where,
      textOf(phase) as Phase,
      hasTicket === true,
    )
    return isSolved ? 'solved' : 'open'
  },
  'similar@1': ({ tickets, alike }) => {
    const scores = codesOf(alike)
    return shownText(
      mostAlike(codesOf(tickets).map((number, n) => ({ number: +number, score: Number(scores[n]) / 1_000 }))),
    )
  },
}

/** No machine decided: there is nothing to make again, and nothing missing. */
const BY_PEOPLE: ReadonlySet<string> = new Set(['agent', 'visitor', ERASURE, RETENTION])
const DONE_BY_PEOPLE: ReadonlySet<string> = new Set<JournalEntry['kind']>([
  'articleOpened',
  'solved',
  'notSolved',
  'channelChosen',
  'actionRun',
  'offerTaken',
  'offerDismissed',
  'contested',
])

/** The inputs; a rule that looks at one that was masked cannot be asked again. */
function unmasked({ inputs, masked = [] }: JournalEntry): JournalEntry['inputs'] {
  return new Proxy(inputs, {
    get(all, name) {
      if (typeof name === 'string' && masked.includes(name)) throw new NotReplayable(`masked: ${name}`)
      return Object.hasOwn(all, name) ? all[name as string] : undefined
    },
  })
}

export type Replayed =
  | { readonly result: 'equal' | 'byPeople' }
  | { readonly result: 'differs'; readonly got: string }
  | { readonly result: 'notReplayable'; readonly why: string }

export async function replayEntry(
  entry: JournalEntry,
  file: RuleFileOf,
  rules: ReplayRules = SERVER_RULES,
): Promise<Replayed> {
  if (BY_PEOPLE.has(entry.rule) || DONE_BY_PEOPLE.has(entry.kind)) return { result: 'byPeople' }
  // `bot:article` and `flow:refund` are each of a kind that one rule makes again.
  const name = [entry.rule, `${entry.rule.split(':')[0]}:`].find(each => Object.hasOwn(rules, each))
  const rule = name === undefined ? undefined : rules[name]
  if (!rule) return { result: 'notReplayable', why: `no rule ${entry.rule} in this build` }
  if (entry.outcome === undefined) return { result: 'notReplayable', why: 'no outcome was kept' }
  if (entry.masked?.includes('outcome')) return { result: 'notReplayable', why: 'masked: outcome' }
  try {
    const got = await rule(unmasked(entry), file, entry)
    return got === entry.outcome ? { result: 'equal' } : { result: 'differs', got }
  } catch (error) {
    // A device may have sent anything.
    const why = error instanceof NotReplayable ? error.message : 'its inputs cannot be read'
    return { result: 'notReplayable', why }
  }
}

interface Decided {
  readonly kind: JournalEntry['kind']
  readonly outcome: string
}
type Deciding = {
  readonly [Type in EventBody['type']]: ((body: Extract<EventBody, { type: Type }>) => Decided | null) | null
}

/** What was decided in an event of each type: a new type is a new line here, so that nobody forgets to ask. */
const DECIDED: Deciding = {
  prioritised: ({ priority }) => ({ kind: 'prioritised', outcome: priority }),
  triaged: ({ urgency, complexity }) => ({
    kind: 'triaged',
    outcome: triageOutcome(urgency.score, complexity.score),
  }),
  categorised: ({ category }) => ({ kind: 'classified', outcome: category }),
  nobodyNow: () => ({ kind: 'staffed', outcome: 'nobodyNow' }),
  assigned: ({ cause }) => (cause === 'agentLost' ? { kind: 'timedOut', outcome: 'agentLost' } : null),
  ticketOpened: ({ cause }) =>
    cause === 'visitorGone' || cause === 'waitedTooLong' ? { kind: 'timedOut', outcome: cause } : null,
  ended: body =>
    body.by === 'agent' && body.category !== undefined
      ? { kind: 'classified', outcome: body.category }
      : null,
  contestAnswered: ({ outcome }) => ({ kind: 'contestAnswered', outcome }),
  disputeProposed: () => ({ kind: 'mediated', outcome: 'proposed' }),
  disputeEscalated: ({ cause }) => ({ kind: 'mediated', outcome: cause }),
  disputeDecided: ({ cause }) => ({ kind: 'mediated', outcome: cause }),
  disputeClosed: ({ cause }) => ({ kind: 'mediated', outcome: cause }),
  // Without a reason it is from before reasons were kept.
  ticketSolved: ({ because }) => (because ? { kind: 'mediated', outcome: 'solved' } : null),
  // Somebody's words, or what follows from others by the fold alone.
  message: null,
  handoffReady: null,
  cancelled: null,
  contactGiven: null,
  reopened: null,
  marked: null,
  rated: null,
  contested: null,
  disputeStated: null,
  disputeAnswered: null,
  disputeWithdrawn: null,
  opened: null,
  owned: null,
  redacted: null,
  disputeOpened: null,
  disputeShared: null,
  disputeHeard: null,
}

/** What an event says was decided; null: nothing that a journal must have beside it. */
export function decisionIn({ body }: StoredEvent): Decided | null {
  const decided = Object.hasOwn(DECIDED, body.type) ? DECIDED[body.type] : null
  return (decided as ((of: EventBody) => Decided | null) | null)?.(body) ?? null
}

/** Which kind of decision must stand beside an event; null: none. */
export const decisionFor = (event: StoredEvent): JournalEntry['kind'] | null =>
  decisionIn(event)?.kind ?? null
