// Decisions made again from what the journal holds of them. Pure: an entry and the rule files that it names in, the
// outcome or the reason why there can be none out. A registry, so that a new rule is a new line here; a rule whose
// number rises keeps its old line for as long as its code is there, and is not replayable after that.

import type { JournalEntry, JournalValue } from '../journal/record'
import type { StoredEvent } from '../protocol/events'
import type { Phase } from '../protocol/phase'
import type { Brief, EscalationReason, Hours } from '../protocol/records'
import { complexityOf, urgencyOf } from '../understanding/triage'
import { triageOutcome } from './decisions'
import { isOpen } from './hours'
import { ERASURE, RETENTION } from './journalChain'
import { type PriorityRules, priorityOf } from './priority'
import { isBackToTicket, overdue, type QueueTimers } from './queue'
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
  const rule = Object.hasOwn(rules, entry.rule) ? rules[entry.rule] : undefined
  if (!rule) return { result: 'notReplayable', why: `no rule ${entry.rule} in this build` }
  if (entry.outcome === undefined) return { result: 'notReplayable', why: 'no outcome was kept' }
  try {
    const got = await rule(unmasked(entry), file, entry)
    return got === entry.outcome ? { result: 'equal' } : { result: 'differs', got }
  } catch (error) {
    // A device may have sent anything.
    const why = error instanceof NotReplayable ? error.message : 'its inputs cannot be read'
    return { result: 'notReplayable', why }
  }
}

/** What an event of the server's own says was decided; null: nothing that a journal must have beside it. */
export function decisionIn({
  body,
}: StoredEvent): { readonly kind: JournalEntry['kind']; readonly outcome: string } | null {
  if (body.type === 'prioritised') return { kind: 'prioritised', outcome: body.priority }
  if (body.type === 'triaged')
    return { kind: 'triaged', outcome: triageOutcome(body.urgency.score, body.complexity.score) }
  if (body.type === 'nobodyNow') return { kind: 'staffed', outcome: 'nobodyNow' }
  if (body.type === 'assigned')
    return body.cause === 'agentLost' ? { kind: 'timedOut', outcome: 'agentLost' } : null
  if (body.type === 'ticketOpened')
    return body.cause === 'visitorGone' || body.cause === 'waitedTooLong'
      ? { kind: 'timedOut', outcome: body.cause }
      : null
  return null
}

/** Which kind of decision must stand beside an event; null: none. */
export const decisionFor = (event: StoredEvent): JournalEntry['kind'] | null =>
  decisionIn(event)?.kind ?? null
