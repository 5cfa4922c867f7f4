// How the visitor found it, and whether that is to be asked. Pure: a conversation's events and unsent words in, the
// question's state out. Derived and never remembered, so that no page, tab or device asks twice.

import type { OutboxRow } from '../live/outbox'
import type { StoredEvent, VisitorBody } from '../protocol/events'
import type { Phase } from '../protocol/phase'

type Rated = Extract<VisitorBody, { type: 'rated' }>

/** 1 very bad … 5 very good; null: would rather not say. */
export type Score = Rated['score']

export interface Rating {
  /** Undefined: to be asked for. */
  readonly score: Score | undefined
  readonly comment: string
  /** `failed`: the server refused it for good. */
  readonly state: 'unasked' | 'onItsWay' | 'stored' | 'failed'
  /** Of the word that failed, for another try. */
  readonly key: string
}

const UNASKED: Rating = { score: undefined, comment: '', state: 'unasked', key: '' }

/**
 * Null where nothing is to be asked or shown: it is not over, or no person took part.
 *
 * @param phase  of the whole conversation, with what is on its way to the server
 */
export function ratingOf(
  phase: Phase,
  events: readonly StoredEvent[],
  rows: readonly OutboxRow[],
): Rating | null {
  if (phase !== 'ended' || !events.some(isPersons)) return null
  let rating = UNASKED
  for (const { author, body, clientId } of events)
    if (body.type === 'rated' && author.kind === 'visitor') rating = said(body, 'stored', clientId)
    // By the visitor's own word that was no end, and what they said of it is of no other.
    else if (body.type === 'reopened' && 'by' in body && body.by === 'visitor') rating = UNASKED
  for (const { draft, state, clientId } of rows) {
    if (draft?.body.type !== 'rated') continue
    const hasFailed = typeof state === 'object' || state === 'needsConfirm'
    rating = said(draft.body, hasFailed ? 'failed' : 'onItsWay', clientId)
  }
  return rating
}

const said = ({ score, comment = '' }: Rated, state: Rating['state'], key: string): Rating => ({
  score,
  comment,
  state,
  key,
})

/** A person had it, or wrote in it. */
const isPersons = ({ author, body }: StoredEvent) =>
  author.kind === 'agent' || (body.type === 'assigned' && body.agent !== null)
