// The phases of a conversation: a table that a support lead could read, and the fold of events over it.
// Pure. Both ends run it, so what a visitor, an agent and the server call "live" is the same thing.

import type { TicketRecord } from './records'
import { type TicketEvent, ticketAfter } from './ticket'

export type Phase = 'bot' | 'offered' | 'queued' | 'live' | 'ticketed' | 'ended'

export type PhaseEvent =
  | 'offerMade'
  | 'humanAsked'
  | 'liveChosen'
  | 'ticketChosen'
  | 'stayedWithBot'
  | 'agentJoined'
  | 'nobodyNow'
  | 'visitorCancelled'
  | 'ticketKept'
  | 'waitedTooLong'
  | 'agentEnded'
  | 'visitorEnded'
  | 'handedOn'
  | 'agentLost'
  | 'followUp'
  | 'solved'
  | 'askedAgain'
  | 'reopened'

export const nextPhase: Readonly<Record<Phase, Readonly<Partial<Record<PhaseEvent, Phase>>>>> = {
  bot: { offerMade: 'offered', humanAsked: 'offered', liveChosen: 'queued', ticketChosen: 'ticketed' },
  offered: { liveChosen: 'queued', ticketChosen: 'ticketed', stayedWithBot: 'bot' },
  queued: {
    agentJoined: 'live',
    nobodyNow: 'offered',
    visitorCancelled: 'bot',
    ticketKept: 'ticketed',
    waitedTooLong: 'ticketed',
    ticketChosen: 'ticketed',
  },
  live: {
    agentEnded: 'ended',
    visitorEnded: 'ended',
    handedOn: 'queued',
    agentLost: 'queued',
    agentJoined: 'live',
    followUp: 'ticketed',
  },
  ticketed: { agentJoined: 'live', solved: 'ended', visitorEnded: 'ended', agentEnded: 'ended' },
  ended: { askedAgain: 'bot', reopened: 'ticketed' },
}

/** The phase after `event`; the same phase when the table has no such row (a repeated or late event). */
export function phaseAfter(phase: Phase, event: PhaseEvent): Phase {
  return nextPhase[phase][event] ?? phase
}

/** What leaves the queue without an agent leaves an open ticket where it was: with the bot nobody would see it. */
export function leavingQueue(
  event: 'visitorCancelled' | 'nobodyNow',
  { phase, ticket }: Pick<ConversationState, 'phase' | 'ticket'>,
): PhaseEvent {
  return phase === 'queued' && ticket && ticket.status !== 'solved' ? 'ticketKept' : event
}

/** What the fold of a conversation's events says about it. */
export interface ConversationState {
  readonly phase: Phase
  readonly assignment: number
  readonly agent: { readonly agentId: string; readonly name: string } | null
  readonly ticket: TicketRecord | null
  /** `at` of the event since which somebody waits in the queue; null when nobody does. */
  readonly waitingSince: number | null
}

export const EMPTY_STATE: ConversationState = {
  phase: 'bot',
  assignment: 0,
  agent: null,
  ticket: null,
  waitingSince: null,
}

/** The conversation's state after one more event. Unknown event types change nothing. */
export function foldEvent(state: ConversationState, event: TicketEvent): ConversationState {
  const after = moved(state, event)
  const ticket = ticketAfter(state.ticket, event, state.agent)
  return ticket === after.ticket ? after : { ...after, ticket }
}

function moved(state: ConversationState, { body, at }: TicketEvent): ConversationState {
  switch (body.type) {
    case 'handoffReady': {
      if (body.channel !== 'live') return state
      return move(state, 'liveChosen', at)
    }
    case 'cancelled':
      return move(state, leavingQueue('visitorCancelled', state), at)
    case 'nobodyNow':
      return move(state, leavingQueue('nobodyNow', state), at)
    case 'assigned': {
      const phaseEvent = body.agent ? 'agentJoined' : body.cause === 'agentLost' ? 'agentLost' : 'handedOn'
      return { ...move(state, phaseEvent, at), assignment: body.assignment, agent: body.agent }
    }
    case 'ticketOpened': {
      const phaseEvent =
        body.cause === 'followUp'
          ? 'followUp'
          : body.cause === 'waitedTooLong' || body.cause === 'visitorGone'
            ? 'waitedTooLong'
            : 'ticketChosen'
      return { ...move(state, phaseEvent, at), agent: null }
    }
    case 'ticketSolved':
      return move(state, 'solved', at)
    case 'reopened':
      return move(state, 'reopened', at)
    case 'ended':
      return { ...move(state, body.by === 'agent' ? 'agentEnded' : 'visitorEnded', at), agent: null }
    default:
      return state
  }
}

function move(state: ConversationState, event: PhaseEvent, at: number): ConversationState {
  const phase = phaseAfter(state.phase, event)
  // A place in the queue is kept when an agent is lost: waiting goes on from the first moment of this wait.
  const waitingSince = phase === 'queued' ? (state.phase === 'queued' ? state.waitingSince : at) : null
  return { ...state, phase, waitingSince }
}
