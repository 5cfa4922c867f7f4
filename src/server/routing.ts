// Who at the desk is the one for a conversation, and which one an agent takes next. Pure: what is known of conversation
// and agents in, an order with its reasons out. Nobody is given anything by this: agents take, as ever.
//
//   language   one that the visitor reads and the agent speaks; an agent who names none may speak it
//   skill      the conversation's category is among the agent's; an agent who names none takes what comes
//   load       fewer live conversations first
//
// In this order: a colleague who knows payments and cannot read the question does not help.
//
// Fitting is worth a head start, not a class of its own (D27): whoever fits nobody is passed only by those who came
// within FIT_HEAD_START_MS after them, so that nobody waits for ever for somebody who is not there.

import type { DecisionReason, Priority } from '../protocol/records'
import { turnOf } from './queue'

/** Raised when a rule below changes. */
export const ROUTING_RULE = 'routing@1'

/** As much as a step of priority: less than one conversation takes. */
export const FIT_HEAD_START_MS = 5 * 60_000

export interface RoutedAgent {
  readonly agentId: string
  readonly name: string
  readonly teams: readonly string[]
  /** Categories. */
  readonly skills?: readonly string[]
  /** BCP 47. */
  readonly languages?: readonly string[]
  /** Live conversations just now. */
  readonly live: number
}

export interface Routable {
  readonly category: string
  /** What the visitor reads, BCP 47; empty: not known. */
  readonly locale: string
  /** To whom it was transferred. */
  readonly team?: string | undefined
}

export interface RankedAgent {
  readonly agentId: string
  readonly name: string
  readonly reasons: readonly DecisionReason[]
}

interface Match {
  readonly language: 'shared' | 'unknown' | 'none'
  readonly isSkilled: boolean
  readonly takesAnything: boolean
}

/** Those who are here, the best one first. Without anybody in the team that it was given to: nobody. */
export function rankAgents(conversation: Routable, agents: readonly RoutedAgent[]): readonly RankedAgent[] {
  const { team } = conversation
  return agents
    .filter(({ teams }) => team === undefined || teams.includes(team))
    .map(agent => ({ agent, match: matchOf(conversation, agent) }))
    .sort(
      (a, b) =>
        worth(b.match) - worth(a.match) ||
        a.agent.live - b.agent.live ||
        (a.agent.agentId < b.agent.agentId ? -1 : 1),
    )
    .map(({ agent, match }) => ({
      agentId: agent.agentId,
      name: agent.name,
      reasons: [...reasonsOf(conversation, match), { code: 'load', count: agent.live }],
    }))
}

/**
 * Why a conversation is one for this agent; null: no more than for anybody. A language that all who are here speak says
 * nothing, and a skill nothing where the words cannot be read.
 */
export function fitOf(
  conversation: Routable,
  agent: RoutedAgent,
  here: readonly RoutedAgent[],
): readonly DecisionReason[] | null {
  const match = matchOf(conversation, agent)
  if (match.language === 'none') return null
  const isRare =
    match.language === 'shared' && here.some(other => matchOf(conversation, other).language === 'none')
  if (!isRare && !match.isSkilled) return null
  return reasonsOf(conversation, { ...match, language: isRare ? 'shared' : 'unknown' })
}

/**
 * Each conversation with whom it is suggested to, in the order given. One who is suggested counts as busier for the
 * next, so that a night's tickets are not all one colleague's in the morning.
 */
export function suggestAgents<Waiting extends Routable>(
  conversations: readonly Waiting[],
  here: readonly RoutedAgent[],
): ReadonlyMap<Waiting, RankedAgent> {
  const load = new Map(here.map(agent => [agent.agentId, agent.live]))
  const suggested = new Map<Waiting, RankedAgent>()
  for (const conversation of conversations) {
    const [best] = rankAgents(
      conversation,
      here.map(agent => ({ ...agent, live: load.get(agent.agentId) ?? agent.live })),
    )
    if (!best) continue
    suggested.set(conversation, best)
    load.set(best.agentId, (load.get(best.agentId) ?? 0) + 1)
  }
  return suggested
}

export interface WaitingForAgent {
  readonly conversationId: string
  readonly waitStarted: number | null
  readonly priority: Priority | null
  /** `fitOf` is not null. */
  readonly fits: boolean
}

/** Which one an agent takes next: by turn, with the head start of what fits. */
export function nextFor<Waiting extends WaitingForAgent>(queued: readonly Waiting[]): Waiting | null {
  const turn = (row: Waiting) => turnOf(row) - (row.fits ? FIT_HEAD_START_MS : 0)
  let next: Waiting | null = null
  for (const row of queued)
    if (
      next === null ||
      turn(row) < turn(next) ||
      (turn(row) === turn(next) && row.conversationId < next.conversationId)
    )
      next = row
  return next
}

/** Language alone: who reads `de-AT` is understood by who speaks `de`. */
const primary = (locale: string): string => locale.toLowerCase().split(/[-_]/)[0] ?? ''

function matchOf({ category, locale }: Routable, { skills = [], languages = [] }: RoutedAgent): Match {
  const wanted = primary(locale)
  const speaks = languages.some(one => primary(one) === wanted)
  return {
    language: wanted === '' || languages.length === 0 ? 'unknown' : speaks ? 'shared' : 'none',
    isSkilled: skills.includes(category),
    takesAnything: skills.length === 0,
  }
}

/** The language first, whatever else. */
function worth({ language, isSkilled, takesAnything }: Match): number {
  return { shared: 20, unknown: 10, none: 0 }[language] + (isSkilled ? 2 : takesAnything ? 1 : 0)
}

function reasonsOf({ category, locale }: Routable, { language, isSkilled }: Match): DecisionReason[] {
  return [
    ...(language === 'shared' ? [{ code: 'language', words: [primary(locale)] }] : []),
    ...(isSkilled ? [{ code: 'skill', words: [category.slice(0, 60)] }] : []),
  ]
}
