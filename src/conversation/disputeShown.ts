// The dispute of one conversation as its own side sees it: what the events say, and what of its own words is on its way.
// Pure but for what it remembers of the last look: of a long conversation only what is new is looked at.

import type { OutboxRow } from '../live/outbox'
import { type DisputeView, foldDispute, isDisputeDraft, isDisputeOver, isShared } from '../protocol/dispute'
import type { StoredEvent } from '../protocol/events'
import { isForGood } from './forGood'

export interface DisputeShown extends DisputeView {
  /** `stored`: the server has all that was said. `stuck`: it lay too long, or was refused, and waits for a word. */
  readonly sending: 'stored' | 'onItsWay' | 'stuck'
  readonly stuck: StuckWord | null
  readonly isOver: boolean
  /** This side's words were shown to both: what it says now are messages. */
  readonly isShared: boolean
  /** What is being typed for this side, and is saved by nobody yet; null: nothing is. */
  readonly typed: string | null
  /** This side's wish to take it back is on its way. */
  readonly isTakenBack: boolean
}

/** What does not go out without its author's hand. */
export interface StuckWord {
  readonly clientId: string
  /** As the server named its reason. */
  readonly code: string
  /** The same once more may be taken; else it would be refused for ever. */
  readonly canRetry: boolean
  /** To be put back where they can be changed; null: it has none. */
  readonly words: string | null
}

export function createDisputeShown(): (
  events: readonly StoredEvent[],
  rows: readonly OutboxRow[],
  sides?: Readonly<Record<string, unknown>>,
) => DisputeShown | null {
  let looked: { readonly last: StoredEvent | undefined; readonly count: number } = {
    last: undefined,
    count: 0,
  }
  let stored: DisputeView | null = null
  return (events, rows, sides = {}) => {
    const goesOn = looked.count <= events.length && events[looked.count - 1] === looked.last
    if (!goesOn) stored = null
    for (let n = goesOn ? looked.count : 0; n < events.length; n++) {
      const event = events[n]
      if (event) stored = foldDispute(stored, event)
    }
    looked = { last: events.at(-1), count: events.length }
    if (!stored) return null
    // It lay in the storage of the tab, where any script of the page may have written.
    const typed = Object.hasOwn(sides, stored.disputeId) ? sides[stored.disputeId] : null
    return { ...withRows(stored, rows), typed: typeof typed === 'string' ? typed : null }
  }
}

function withRows(stored: DisputeView, rows: readonly OutboxRow[]): Omit<DisputeShown, 'typed'> {
  let view: DisputeView = stored
  let stuck: StuckWord | null = null
  let isOnItsWay = false
  let isTakenBack = false
  for (const { clientId, draft, state, queuedAt } of rows) {
    if (!draft || !isDisputeDraft(draft.body) || draft.body.disputeId !== stored.disputeId) continue
    const isStuck = typeof state === 'object' || state === 'needsConfirm'
    const isOver = isDisputeOver(stored.phase)
    // What comes to an end meanwhile is over, whatever is still on its way to it. Words that nobody took stay their
    // author's.
    if (isOver && !(isStuck && draft.body.type === 'disputeStated')) continue
    if (isStuck) {
      // What is over is all that the server asks about first.
      const code = typeof state === 'object' ? state.failed : 'closed'
      const words = draft.body.type === 'disputeStated' ? draft.body.text : null
      stuck = { clientId, code, canRetry: !isOver && !isForGood(code), words }
    } else {
      isOnItsWay = true
      isTakenBack ||= draft.body.type === 'disputeWithdrawn'
    }
    if (!isOver) view = foldDispute(view, { body: draft.body, at: queuedAt }) ?? view
  }
  return {
    ...view,
    sending: stuck ? 'stuck' : isOnItsWay ? 'onItsWay' : 'stored',
    stuck,
    isTakenBack,
    isOver: isDisputeOver(view.phase),
    isShared: isShared(view),
  }
}
