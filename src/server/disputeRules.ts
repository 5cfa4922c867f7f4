// What becomes of a dispute: its state, what each side and the mediator may do to it, and what is told of it, to whom.
// Pure: a state and an act in, the next state or a refusal out. Owns no store and no clock.
//
// `told` is the list of everything that anybody reads of it, in order. It only grows, and what stands in each
// conversation is made of it alone (`eventsFor`), under ids that are made of the dispute: whoever tells it twice
// stores it once. An id says what it is and the how-manyth of what both sides read, never how much the other side or
// the mediator was told.

import type { JournalEntry } from '../journal/record'
import type { DisputeFacts, DisputeReport } from '../protocol/deskRecords'
import { type DisputeMove, type DisputePhase, disputePhaseAfter, isDisputeOver } from '../protocol/dispute'
import type { DisputeBody, DisputeDraftBody } from '../protocol/events'
import type { Phase } from '../protocol/phase'
import type { RefusalCode } from '../protocol/wire'
import { disputeDecision, mediatedBy, solvedByDispute } from './decisions'
import type { SaidFacts } from './disputeFacts'
import { journalled, type Plan, systemEvent } from './plans'
import type { NewEvent } from './store/helpDeskStore'

/** Which of the two. */
export type Side = 0 | 1

export interface DisputeSide {
  readonly party: string
  /** As the other side may read it. */
  readonly name?: string
  readonly conversationId: string
  /** This side's events up to here have been heard. */
  readonly heard: number
  /** Its words, shared or not yet. */
  readonly statement: string | null
  readonly isShared: boolean
  /** V11: nothing more is heard of it or told to it. */
  readonly isErased?: true
}

export interface Told {
  readonly key: string
  /** `thread`: the mediator's alone. */
  readonly to: 'all' | 'thread'
  readonly body: DisputeBody
  /** Who or what decided it (J1). */
  readonly decided?: JournalEntry
}

export interface DisputeState {
  readonly disputeId: string
  readonly number: number
  readonly reference: string
  readonly openedAt: number
  /** Null: an agent did. */
  readonly opener: Side | null
  readonly threadId: string
  readonly sides: readonly [DisputeSide, DisputeSide]
  readonly phase: DisputePhase
  readonly respondBy: number
  readonly decideBy: number | null
  readonly facts: DisputeFacts
  readonly proposal: {
    readonly proposal: number
    readonly outcome: string
    readonly words: string
    readonly answers: readonly [boolean | null, boolean | null]
  } | null
  readonly told: readonly Told[]
  /**
   * Its ids are taken, and not all of its conversations are there: the visitor whose one is to be made, a side each.
   * Until they are nothing is told, and the number is 0.
   */
  readonly toMake?: readonly [string | null, string | null]
}

export interface DisputeTerms {
  readonly respondWithinMs: number
  readonly decideWithinMs: number
}

export interface NewDispute {
  readonly disputeId: string
  readonly number: number
  readonly reference: string
  readonly at: number
  readonly opener: Side | null
  readonly threadId: string
  readonly sides: readonly [NewSide, NewSide]
  readonly hostFacts: SaidFacts
  readonly toMake?: readonly [string | null, string | null]
}

export type NewSide = Pick<DisputeSide, 'party' | 'name' | 'conversationId'> & {
  /** What the conversation held before is not about the dispute. */
  readonly head: number
}

export function openedDispute(start: NewDispute, terms: DisputeTerms): DisputeState {
  const { disputeId, number, reference, at, opener, threadId, hostFacts, toMake } = start
  const [first, second] = start.sides
  const respondBy = at + terms.respondWithinMs
  const parties = start.sides.map(({ party, name }) => ({ party, ...(name && { name }) }))
  const body = {
    type: 'disputeOpened',
    disputeId,
    number,
    reference,
    you: null,
    opener: opener === null ? null : start.sides[opener].party,
    parties,
    facts: hostFacts,
    respondBy,
  } as const
  return {
    disputeId,
    number,
    reference,
    openedAt: at,
    opener,
    threadId,
    sides: [newSide(first), newSide(second)],
    phase: 'stating',
    respondBy,
    decideBy: null,
    facts: { common: hostFacts, differing: [] },
    proposal: null,
    told: [{ key: 'opened', to: 'all', body }],
    ...(toMake && { toMake }),
  }
}

function newSide({ party, name, conversationId, head }: NewSide): DisputeSide {
  return {
    party,
    ...(name && { name }),
    conversationId,
    heard: head,
    statement: null,
    isShared: false,
  }
}

/** All of its conversations are there, under one number. */
export function begun({ toMake: _, ...state }: DisputeState, number: number): DisputeState {
  const told = state.told.map(each =>
    each.body.type === 'disputeOpened' ? { ...each, body: { ...each.body, number } } : each,
  )
  return { ...state, number, told }
}

/** What stands in one of its conversations, in order. */
export function eventsFor(state: DisputeState, where: Side | 'thread'): readonly NewEvent[] {
  return state.told.flatMap(({ key, to, body, decided: entry }) => {
    if (to === 'thread' && where !== 'thread') return []
    const you = where === 'thread' ? null : state.sides[where].party
    const said = body.type === 'disputeOpened' ? { ...body, you } : body
    return [journalled(systemEvent(`dispute-${state.disputeId}-${key}`, said), entry)]
  })
}

/** V12, as replay asks it again. Who waits for a person waits on, and is answered by that person. */
export const isSolvedWith = (
  dispute: DisputePhase,
  of: 'side' | 'thread',
  phase: Phase,
  hasTicket: boolean,
): boolean =>
  // Taken back, it has answered nothing that a side's own ticket asks.
  (dispute === 'decided' || (dispute === 'withdrawn' && of === 'thread')) &&
  hasTicket &&
  (phase === 'ticketed' || phase === 'live')

/** By its id the outcome solves a ticket once: whoever opens it again afterwards has it open (D41). */
const solvedIdOf = ({ disputeId }: DisputeState) => `dispute-${disputeId}-solves`

/** What solves the ticket of one of its conversations; null while it is under way. */
export function solvedWith(state: DisputeState): NewEvent | null {
  const { disputeId, number, phase } = state
  if (!isDisputeOver(phase)) return null
  const cause = decisionOf(state)?.cause ?? 'withdrawn'
  const because = { kind: 'dispute', disputeId, number, cause } as const
  return systemEvent(solvedIdOf(state), { type: 'ticketSolved', because })
}

/**
 * What stands of a draft once the conversation is looked at: all but the solving of what is not to be solved. A talk
 * under way ends with its ticket, under an event that pages of before know as an end.
 */
export function toldPlan(state: DisputeState, where: Side | 'thread'): Plan {
  return ({ phase, ticket }, draft) => {
    if (draft.clientId !== solvedIdOf(state)) return [draft]
    const of = where === 'thread' ? 'thread' : 'side'
    if (!isSolvedWith(state.phase, of, phase, ticket !== null)) return []
    const solved = journalled(draft, solvedByDispute(state.phase, of, phase))
    const end = systemEvent(`${draft.clientId}-end`, { type: 'ended', by: 'agent' })
    return phase === 'live' ? [solved, end] : [solved]
  }
}

/** When time alone changes something next; null: never. */
export function dueAt(state: DisputeState): number | null {
  if (state.phase === 'stating') return state.respondBy
  return state.phase === 'mediating' ? state.decideBy : null
}

// ---- what a side does

/** One event of a side's own conversation. What does not fit (any more) is heard and changes nothing. */
export function heard(
  state: DisputeState,
  side: Side,
  event: { readonly seq: number; readonly body: DisputeDraftBody },
): DisputeState {
  if (state.sides[side].isErased || event.seq <= state.sides[side].heard) return state
  const after = withSide(state, side, { heard: event.seq })
  const { body } = event
  if (body.disputeId !== state.disputeId || isDisputeOver(state.phase)) return after
  if (body.type === 'disputeStated') return stated(after, side, body.text)
  if (body.type === 'disputeAnswered') return answered(after, side, body.proposal, body.accepts)
  const phase = side === state.opener ? disputePhaseAfter(state.phase, 'takenBack') : null
  if (!phase) return after
  const closed = { type: 'disputeClosed', disputeId: state.disputeId, cause: 'withdrawn' } as const
  return tell({ ...after, phase }, 'closed', closed, mediatedBy(null, state.phase, 'withdrawn'))
}

function stated(state: DisputeState, side: Side, text: string): DisputeState {
  const { statement, isShared, party } = state.sides[side]
  if (isShared) return state
  const after = withSide(state, side, { statement: text })
  return statement === null ? tellThread(after, party, 'stated') : after
}

function answered(state: DisputeState, side: Side, proposal: number, accepts: boolean): DisputeState {
  const asked = state.proposal
  if (!asked || asked.proposal !== proposal || asked.answers[side] === accepts) return state
  const answers = side === 0 ? ([accepts, asked.answers[1]] as const) : ([asked.answers[0], accepts] as const)
  const after = tellThread(
    { ...state, proposal: { ...asked, answers } },
    state.sides[side].party,
    accepts ? 'accepted' : 'declined',
  )
  // Until both have accepted, neither reads what the other said to it.
  if (!isAgreed(answers)) return after
  const entry = disputeDecision({ accepted: answers.map(String) }, 'agreed')
  return decided(after, 'allAccepted', 'agreed', asked.outcome, asked.words, entry) ?? after
}

// ---- what time does

/** Are there words to be shared with both now? Both have stated, or the time has passed; or one speaks later. */
export function isToShare(state: DisputeState, at: number): boolean {
  const [first, second] = state.sides
  if (state.phase === 'stating')
    return (first.statement !== null && second.statement !== null) || at >= state.respondBy
  if (isDisputeOver(state.phase)) return false
  return state.sides.some(({ statement, isShared }) => statement !== null && !isShared)
}

/** @param facts  as the two pages say them just now */
export function shared(
  state: DisputeState,
  at: number,
  facts: DisputeFacts,
  terms: DisputeTerms,
): DisputeState {
  if (!isToShare(state, at)) return state
  const isFirst = state.phase === 'stating'
  const fresh = state.sides.filter(({ statement, isShared }) => statement !== null && !isShared)
  const move: DisputeMove = state.sides.every(({ statement }) => statement !== null)
    ? 'allStated'
    : 'respondByPassed'
  const phase = disputePhaseAfter(state.phase, move) ?? state.phase
  const decideBy = isFirst ? at + terms.decideWithinMs : (state.decideBy ?? at)
  // What is common is said once: facts that change under a decision would change what it was made on.
  const known = isFirst ? facts : state.facts
  const [first, second] = state.sides
  const after: DisputeState = {
    ...state,
    phase,
    decideBy,
    facts: known,
    sides: [
      { ...first, isShared: first.statement !== null },
      { ...second, isShared: second.statement !== null },
    ],
  }
  return tell(after, `shared-${countOf(state, 'disputeShared') + 1}`, {
    type: 'disputeShared',
    disputeId: state.disputeId,
    statements: fresh.map(({ party, statement }) => ({ party, text: statement ?? '' })),
    facts: known.common,
    decideBy,
  })
}

export const isAgreed = (answers: readonly unknown[]): boolean =>
  answers.length === 2 && answers.every(answer => answer === true)

export const isLate = (phase: DisputePhase, decideBy: number | null, at: number): boolean =>
  phase === 'mediating' && decideBy !== null && at >= decideBy

/** Not decided in time: leads have it from here on. */
export function escalatedByTime(state: DisputeState, at: number): DisputeState {
  const { phase, decideBy } = state
  if (decideBy === null || !isLate(phase, decideBy, at)) return state
  return escalated(state, 'decideByPassed', 'late', disputeDecision({ phase, at, decideBy }, 'late')) ?? state
}

// ---- what the mediator does

export interface Mediator {
  readonly isLead: boolean
  readonly agentId: string
}

/** An outcome both sides are asked about. A new one takes the place of the one before. */
export function proposed(
  state: DisputeState,
  by: Mediator,
  outcome: string,
  words: string,
): DisputeState | RefusalCode {
  const problem = mediatorProblem(state, by)
  if (problem) return problem
  const proposal = countOf(state, 'disputeProposed') + 1
  return tell(
    { ...state, proposal: { proposal, outcome, words, answers: [null, null] } },
    `proposed-${proposal}`,
    { type: 'disputeProposed', disputeId: state.disputeId, proposal, outcome, words },
    mediatedBy(by.agentId, state.phase, 'proposed'),
  )
}

export function decidedBy(
  state: DisputeState,
  by: Mediator,
  outcome: string,
  words: string,
): DisputeState | RefusalCode {
  const entry = mediatedBy(by.agentId, state.phase, 'decided')
  return (
    mediatorProblem(state, by) ??
    decided(state, 'decidedByMediator', 'decided', outcome, words, entry) ??
    'closed'
  )
}

export function handedUp(state: DisputeState, by: Mediator): DisputeState | RefusalCode {
  return escalated(state, 'handedUp', 'asked', mediatedBy(by.agentId, state.phase, 'asked')) ?? 'closed'
}

/** Of one that escalated leads decide, whoever had it before. */
function mediatorProblem(state: DisputeState, by: Mediator): RefusalCode | null {
  if (state.phase !== 'mediating' && state.phase !== 'escalated') return 'closed'
  return state.phase === 'escalated' && !by.isLead ? 'forbidden' : null
}

/** As the mediator reads it. */
export function reportOf(state: DisputeState, revision: number): DisputeReport {
  const { disputeId, number, reference, phase, openedAt, respondBy, decideBy, threadId, facts } = state
  const asked = state.proposal
  const decision = decisionOf(state)
  return {
    disputeId,
    revision,
    number,
    reference,
    phase,
    opener: state.opener === null ? null : state.sides[state.opener].party,
    openedAt,
    respondBy,
    decideBy,
    threadId,
    sides: state.sides.map(({ party, name = '', conversationId, statement, isShared }, side) => ({
      party,
      name,
      conversationId,
      statement,
      isShared,
      accepts: asked?.answers[side] ?? null,
    })),
    facts,
    proposal: asked && { proposal: asked.proposal, outcome: asked.outcome, words: asked.words },
    escalation: lastTold(state, 'disputeEscalated')?.cause ?? null,
    decision: decision ? { cause: decision.cause, outcome: decision.outcome, words: decision.words } : null,
  }
}

// ---- pieces

const lastTold = <Type extends DisputeBody['type']>({ told }: DisputeState, type: Type) =>
  told.findLast(({ body }) => body.type === type)?.body as Extract<DisputeBody, { type: Type }> | undefined

const decisionOf = (state: DisputeState) => lastTold(state, 'disputeDecided')

function decided(
  state: DisputeState,
  move: DisputeMove,
  cause: 'agreed' | 'decided',
  outcome: string,
  words: string,
  entry: JournalEntry,
): DisputeState | null {
  const phase = disputePhaseAfter(state.phase, move)
  const { disputeId } = state
  return (
    phase &&
    tell({ ...state, phase }, 'decided', { type: 'disputeDecided', disputeId, cause, outcome, words }, entry)
  )
}

function escalated(
  state: DisputeState,
  move: DisputeMove,
  cause: 'late' | 'asked',
  entry: JournalEntry,
): DisputeState | null {
  const phase = disputePhaseAfter(state.phase, move)
  const { disputeId } = state
  return (
    phase && tell({ ...state, phase }, 'escalated', { type: 'disputeEscalated', disputeId, cause }, entry)
  )
}

function tell(state: DisputeState, key: string, body: DisputeBody, entry?: JournalEntry): DisputeState {
  const told: Told = { key, to: 'all', body, ...(entry && { decided: entry }) }
  return { ...state, told: [...state.told, told] }
}

function tellThread(state: DisputeState, party: string, what: 'stated' | 'accepted' | 'declined') {
  const { disputeId, told } = state
  const key = `heard-${countOf(state, 'disputeHeard') + 1}`
  const body = { type: 'disputeHeard', disputeId, party, what } as const
  return { ...state, told: [...told, { key, to: 'thread' as const, body }] }
}

const countOf = ({ told }: DisputeState, type: DisputeBody['type']) =>
  told.filter(({ body }) => body.type === type).length

function withSide(state: DisputeState, side: Side, change: Partial<DisputeSide>): DisputeState {
  const [first, second] = state.sides
  const sides =
    side === 0 ? ([{ ...first, ...change }, second] as const) : ([first, { ...second, ...change }] as const)
  return { ...state, sides }
}

/** What erasing one side's conversation leaves: its words and its name are gone, that it spoke is not. */
export function withoutSide(state: DisputeState, side: Side): DisputeState {
  const { party, statement } = state.sides[side]
  const { name: _, ...kept } = state.sides[side]
  const bare = { ...kept, statement: statement === null ? null : '', isErased: true } as const
  const [first, second] = state.sides
  const [ofFirst, ofSecond] = state.toMake ?? []
  return {
    ...state,
    sides: side === 0 ? [bare, second] : [first, bare],
    // Whose conversation is still to be made: now it never is.
    ...(state.toMake && {
      toMake: side === 0 ? ([null, ofSecond ?? null] as const) : ([ofFirst ?? null, null] as const),
    }),
    facts: {
      ...state.facts,
      differing: state.facts.differing.map(({ name, site, said }) => ({
        name,
        site,
        said: side === 0 ? ([null, said[1]] as const) : ([said[0], null] as const),
      })),
    },
    told: state.told.map(each => ({ ...each, body: bodyWithout(each.body, party) })),
  }
}

/** S11: what erasing a side leaves of what was told of it, wherever it stands. */
export function bodyWithout(body: DisputeBody, party: string): DisputeBody {
  if (body.type === 'disputeOpened')
    return {
      ...body,
      parties: body.parties.map(each => (each.party === party ? { party } : each)),
    }
  if (body.type !== 'disputeShared') return body
  return {
    ...body,
    statements: body.statements.map(each =>
      each.party === party ? { party, text: '', erased: true as const } : each,
    ),
  }
}
