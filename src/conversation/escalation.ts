// Is it time to offer a person? Pure: what was read and what was answered go in, a reason comes out.
// Every decision names its rule, so that the journal can say later why a person was offered.

import type { BotTurn } from '../bot/botProvider'
import type { EscalationReason } from '../protocol/records'
import type { Reading } from '../understanding/understand'

/** Raised when a rule below changes, so that old journals stay readable. */
export const ESCALATION_RULES = 'escalation@1'

/** Two questions in a row without an answer: the third would be an insult. */
const MISSES_BEFORE_OFFER = 2
/** From here on a visitor is angry enough that one miss is one too many. */
const FRUSTRATION_COUNTS_AS_MISS = 0.6

export interface EscalationDecision {
  readonly reason: EscalationReason
  /** For the journal: what it was decided on. */
  readonly because: string
}

/**
 * The first rule that holds, or null: the bot goes on.
 *
 * @param turn     what the bot answered; its own wish for a person comes first
 * @param misses   questions without an answer so far, this turn included
 * @param reading  of the visitor's words, where the site has one
 * @param wasDeclined  the visitor chose to stay with the bot: only asking again or a new rule of the site offers again
 */
export function decide(input: {
  readonly turn: Pick<BotTurn, 'escalate' | 'missed'>
  readonly misses: number
  readonly reading?: Reading | null
  readonly wasDeclined?: boolean
}): EscalationDecision | null {
  const { turn, misses, reading, wasDeclined } = input
  if (reading?.wantsPerson) return { reason: 'askedForPerson', because: 'asked for a person' }
  if (turn.escalate) return { reason: turn.escalate, because: 'the answer calls for a person' }
  const topic = reading?.policyTopics[0]
  if (topic !== undefined) return { reason: 'policyTopic', because: `topic: ${topic}` }
  if (!turn.missed) return null
  // Anger lowers the bar by one; it never offers by itself, or "this is urgent" would skip every answer.
  const tone = reading?.tone
  const angry = tone && tone.frustration >= FRUSTRATION_COUNTS_AS_MISS ? 1 : 0
  const bar = MISSES_BEFORE_OFFER * (wasDeclined ? 2 : 1)
  if (misses + angry < bar) return null
  return {
    reason: 'notSolvedTwice',
    because: angry ? `${misses} unanswered; tone: ${tone?.evidence.join(', ')}` : `${misses} unanswered`,
  }
}
