// Objections of the open conversation as its agent has to deal with them: what waits for an answer, and which answer
// did not get through. Pure: the fold of events and the outbox in, a list out.

import { isStuck, type RowState } from '../live/outbox'
import { type Contest, contestsOf } from '../protocol/contest'
import type { EventBody, StoredEvent } from '../protocol/events'

/** An answer that stays in sight until it is sent again or taken back. */
export interface StuckAnswer {
  readonly key: string
  readonly state: Extract<RowState, 'needsConfirm' | object>
  readonly outcome: 'upheld' | 'changed'
  readonly words: string
}

export interface ToAnswer extends Contest {
  /** Null: nobody has answered it yet. */
  readonly stuck: StuckAnswer | null
  /** The message that is meant, by its seq; null: it is about no message, or about one that is not to be had. */
  readonly meant: number | null
}

/** What the agent is writing to one of them. */
export type ContestForm = { readonly outcome: '' | 'upheld' | 'changed'; readonly words: string }
export const EMPTY_CONTEST_FORM: ContestForm = { outcome: '', words: '' }
export const contestFormId = (conversationId: string, contest: number): string =>
  `${conversationId}.${contest}`

interface Row {
  readonly clientId: string
  readonly state: RowState
  readonly draft: { readonly body: EventBody } | null
}

/**
 * Not what is answered, nor what an answer is on its way to; one that was refused is shown with its objection, also
 * where a colleague has answered that meanwhile.
 *
 * @param rows  of this conversation, on their way out
 */
export function contestsToAnswer(events: readonly StoredEvent[], rows: readonly Row[]): readonly ToAnswer[] {
  const answers = rows.flatMap(({ clientId, state, draft }) =>
    draft?.body.type === 'contestAnswered' ? { clientId, state, ...draft.body } : [],
  )
  return contestsOf(events).flatMap(contest => {
    const answer = answers.findLast(each => each.contest === contest.seq)
    const stuck = answer && stuckOf(answer)
    if (answer ? !stuck : contest.answer !== null) return []
    return { ...contest, stuck: stuck ?? null, meant: meantBy(contest, events) }
  })
}

/** As the visitor's window names it: by the clientId that its sender gave it, else a machine's last one before it. */
function meantBy({ about, target, seq }: Contest, events: readonly StoredEvent[]): number | null {
  if (about !== 'answer') return null
  const isMeant = (event: StoredEvent) =>
    target === undefined
      ? event.author.kind === 'bot' || (event.body.type === 'message' && event.body.draftedBy === 'machine')
      : event.clientId === target || event.seq === target || `m${event.seq}` === target
  return events.findLast(each => each.seq < seq && each.body.type === 'message' && isMeant(each))?.seq ?? null
}

function stuckOf(answer: Omit<StuckAnswer, 'key' | 'state'> & { clientId: string; state: RowState }) {
  const { clientId: key, state, outcome, words } = answer
  if (!isStuck(answer)) return null
  return { key, state: state as StuckAnswer['state'], outcome, words }
}
