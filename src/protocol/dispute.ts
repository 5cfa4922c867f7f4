// A dispute between two visitors, with somebody of the desk between them: its phases as a table that a support lead
// could read, and what one conversation's events say of it. Pure. Panel, desk and server run the same.
//
// Nothing of one side is in what the other side reads but what was shared with both in the same words: `disputeShared`,
// `disputeProposed`, `disputeDecided` are byte for byte alike in both conversations.

import type { DisputeDraftBody, EventBody, StoredEvent } from './events'

export type DisputePhase = 'stating' | 'mediating' | 'escalated' | 'decided' | 'withdrawn'

export type DisputeMove =
  | 'allStated'
  | 'respondByPassed'
  | 'takenBack'
  | 'decideByPassed'
  | 'handedUp'
  | 'allAccepted'
  | 'decidedByMediator'

export const nextDisputePhase: Readonly<
  Record<DisputePhase, Readonly<Partial<Record<DisputeMove, DisputePhase>>>>
> = {
  // Nobody decides before each side was heard or has had its time.
  stating: { allStated: 'mediating', respondByPassed: 'mediating', takenBack: 'withdrawn' },
  mediating: {
    decideByPassed: 'escalated',
    handedUp: 'escalated',
    allAccepted: 'decided',
    decidedByMediator: 'decided',
  },
  escalated: { allAccepted: 'decided', decidedByMediator: 'decided' },
  decided: {},
  withdrawn: {},
}

/** The phase after `move`; null when the table has no such row. */
export function disputePhaseAfter(phase: DisputePhase, move: DisputeMove): DisputePhase | null {
  return nextDisputePhase[phase][move] ?? null
}

export const isDisputeOver = (phase: DisputePhase): boolean => phase === 'decided' || phase === 'withdrawn'

export const isDisputeDraft = (body: EventBody): body is DisputeDraftBody =>
  body.type === 'disputeStated' || body.type === 'disputeAnswered' || body.type === 'disputeWithdrawn'

/** What a side says of itself in a word of the site's: `client`, `freelancer`. */
export interface DisputeParty {
  readonly party: string
  readonly name?: string
}

export interface DisputeStatement {
  readonly party: string
  readonly text: string
  /** Set by the store alone: the words were erased since. */
  readonly erased?: true
}

/** What one conversation knows of its dispute. Of the mediator's thread `you` is null. */
export interface DisputeView {
  readonly disputeId: string
  readonly number: number
  readonly reference: string
  readonly phase: DisputePhase
  readonly you: string | null
  /** Whether this side opened it, and may take it back while it is being stated. */
  readonly isOpener: boolean
  readonly parties: readonly DisputeParty[]
  /** What the site says, and what both pages showed. */
  readonly facts: Readonly<Record<string, string>>
  readonly openedAt: number
  readonly respondBy: number
  readonly decideBy: number | null
  /** This side's own words; the last before they were shared count. Null: not said, or not in this conversation. */
  readonly yours: string | null
  /** What both read, by side; empty until then. */
  readonly statements: readonly DisputeStatement[]
  readonly proposal: {
    readonly proposal: number
    readonly outcome: string
    readonly words: string
    /** This side's answer. */
    readonly accepts: boolean | null
  } | null
  readonly escalation: 'late' | 'asked' | null
  readonly decision: {
    readonly cause: 'agreed' | 'decided'
    readonly outcome: string
    readonly words: string
    readonly at: number
  } | null
}

/** The dispute after one more event of the same conversation. Events that are none of its own change nothing. */
export function foldDispute(
  dispute: DisputeView | null,
  { body, at }: Pick<StoredEvent, 'body' | 'at'>,
): DisputeView | null {
  if (body.type === 'disputeOpened') return opened(body, at)
  if (!dispute || !('disputeId' in body) || body.disputeId !== dispute.disputeId) return dispute
  // A word that comes when all is said changes nothing, on no end.
  if (isDisputeOver(dispute.phase)) return dispute
  switch (body.type) {
    case 'disputeStated':
      return isShared(dispute) ? dispute : { ...dispute, yours: body.text }
    case 'disputeShared':
      return {
        ...dispute,
        phase: dispute.phase === 'stating' ? 'mediating' : dispute.phase,
        statements: [...dispute.statements, ...body.statements],
        facts: body.facts,
        decideBy: body.decideBy,
      }
    case 'disputeProposed': {
      const { proposal, outcome, words } = body
      return { ...dispute, proposal: { proposal, outcome, words, accepts: null } }
    }
    case 'disputeAnswered':
      return dispute.proposal?.proposal === body.proposal
        ? { ...dispute, proposal: { ...dispute.proposal, accepts: body.accepts } }
        : dispute
    case 'disputeEscalated':
      return { ...dispute, phase: 'escalated', escalation: body.cause }
    case 'disputeDecided': {
      const { cause, outcome, words } = body
      return { ...dispute, phase: 'decided', decision: { cause, outcome, words, at } }
    }
    case 'disputeClosed':
      return { ...dispute, phase: 'withdrawn' }
    default:
      return dispute
  }
}

/** Of all events of one conversation: its newest dispute, null when there was none. */
export function disputeIn(events: Iterable<Pick<StoredEvent, 'body' | 'at'>>): DisputeView | null {
  let dispute: DisputeView | null = null
  for (const event of events) dispute = foldDispute(dispute, event)
  return dispute
}

/** Was this side's statement shown to both? Further words go to the mediator as messages. */
export function isShared({ statements, you }: DisputeView): boolean {
  return you !== null && statements.some(({ party }) => party === you)
}

function opened(body: Extract<EventBody, { type: 'disputeOpened' }>, at: number): DisputeView {
  const { disputeId, number, reference, you, parties, facts, respondBy, opener } = body
  return {
    disputeId,
    number,
    reference,
    phase: 'stating',
    you,
    isOpener: you !== null && opener === you,
    parties,
    facts,
    openedAt: at,
    respondBy,
    decideBy: null,
    yours: null,
    statements: [],
    proposal: null,
    escalation: null,
    decision: null,
  }
}
