// What the visitor objects to in one conversation, and who has it: words that wait for a handoff on this device, rows on
// their way, events, each once. Pure. Says "sent" of nothing that no person can see: what the server has stands in the
// desk's list, whoever has the conversation (E4).

import type { OutboxRow } from '../live/outbox'
import { type Contest, contestsOf } from '../protocol/contest'
import type { ContestedBody, StoredEvent } from '../protocol/events'
import { isForGood } from './forGood'
import type { DeliveryState } from './timeline'

/** Raised before a person was there. */
export interface HeldObjection {
  readonly clientId: string
  readonly body: ContestedBody
  /** Not there in what a page of before kept. */
  readonly at?: number
}

export interface Objection extends Omit<ContestedBody, 'type'> {
  readonly key: string
  /** Null: an earlier page did not write it down. */
  readonly at: number | null
  /** `withHandoff`: nobody has it; it goes along when the visitor chooses how a person reaches them. */
  readonly state: 'withHandoff' | DeliveryState
  readonly answer: Contest['answer']
  /** It can be taken back: no server has it, and none may. */
  readonly isHeld: boolean
  /** What was refused would be refused for ever. */
  readonly isForGood: boolean
}

export interface ObjectionParts {
  readonly events: readonly StoredEvent[]
  readonly rows: readonly OutboxRow[]
  readonly held: readonly HeldObjection[]
  /** Nobody but the bot has the conversation. */
  readonly isWithBot: boolean
  readonly isOver: boolean
}

/** In the order in which they were raised. */
export function objectionsOf({
  events,
  rows,
  held,
  isWithBot,
  isOver,
}: ObjectionParts): readonly Objection[] {
  const objections = new Map<string, Objection>()
  const ids = new Map(events.map(({ seq, clientId }) => [seq, clientId]))
  const add = (key: string, body: Omit<ContestedBody, 'type'>, more: Omit<Objection, 'key' | 'about'>) => {
    if (objections.has(key)) return
    const { about, target, words } = body
    objections.set(key, {
      key,
      about,
      ...(target !== undefined && { target }),
      ...(words && { words }),
      ...more,
    })
  }
  for (const contest of contestsOf(events)) {
    const { seq, at, answer } = contest
    add(ids.get(seq) ?? String(seq), contest, { at, answer, state: 'sent', isHeld: false, isForGood: false })
  }
  for (const { clientId, draft, queuedAt, state } of rows) {
    if (draft?.body.type !== 'contested') continue
    const isStuck = state === 'needsConfirm' || typeof state === 'object'
    add(clientId, draft.body, {
      at: queuedAt,
      answer: null,
      state: isWithBot && !isStuck ? 'withHandoff' : state,
      isHeld: isStuck,
      // What was closed may be open again.
      isForGood:
        typeof state === 'object' && isForGood(state.failed) && (isOver || state.failed !== 'closed'),
    })
  }
  for (const { clientId, body, at } of isWithBot ? held : [])
    add(clientId, body, {
      at: at ?? null,
      answer: null,
      state: 'withHandoff',
      isHeld: true,
      isForGood: false,
    })
  return [...objections.values()]
}
