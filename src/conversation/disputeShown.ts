// The dispute of one conversation as its own side sees it: what the events say, and what of its own words is on its way.
// Pure but for what it remembers of the last look: of a long conversation only what is new is looked at.

import type { OutboxRow } from '../live/outbox'
import { type DisputeView, foldDispute, isDisputeDraft, isDisputeOver, isShared } from '../protocol/dispute'
import type { StoredEvent } from '../protocol/events'

export interface DisputeShown extends DisputeView {
  /** `stored`: the server has all that was said. `stuck`: it lay too long, or was refused, and waits for a word. */
  readonly sending: 'stored' | 'onItsWay' | 'stuck'
  /** Of the row that is stuck. */
  readonly stuckId: string | null
  readonly isOver: boolean
  /** This side's words were shown to both: what it says now are messages. */
  readonly isShared: boolean
}

export function createDisputeShown(): (
  events: readonly StoredEvent[],
  rows: readonly OutboxRow[],
) => DisputeShown | null {
  let looked: { readonly last: StoredEvent | undefined; readonly count: number } = {
    last: undefined,
    count: 0,
  }
  let stored: DisputeView | null = null
  return (events, rows) => {
    const goesOn = looked.count <= events.length && events[looked.count - 1] === looked.last
    if (!goesOn) stored = null
    for (let n = goesOn ? looked.count : 0; n < events.length; n++) {
      const event = events[n]
      if (event) stored = foldDispute(stored, event)
    }
    looked = { last: events.at(-1), count: events.length }
    if (!stored) return null
    return withRows(stored, rows)
  }
}

function withRows(stored: DisputeView, rows: readonly OutboxRow[]): DisputeShown {
  let view: DisputeView = stored
  let stuckId: string | null = null
  let isOnItsWay = false
  for (const { clientId, draft, state, queuedAt } of rows) {
    if (!draft || !isDisputeDraft(draft.body) || draft.body.disputeId !== stored.disputeId) continue
    // What comes to an end meanwhile is over, whatever is still on its way to it.
    if (isDisputeOver(stored.phase)) continue
    if (typeof state === 'object' || state === 'needsConfirm') stuckId = clientId
    else isOnItsWay = true
    view = foldDispute(view, { body: draft.body, at: queuedAt }) ?? view
  }
  return {
    ...view,
    sending: stuckId ? 'stuck' : isOnItsWay ? 'onItsWay' : 'stored',
    stuckId,
    isOver: isDisputeOver(view.phase),
    isShared: isShared(view),
  }
}
