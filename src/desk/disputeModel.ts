// The dispute of the open conversation, as its mediator reads it. Owns the last answer about it, asks again when the
// server says that something changed, and moves it on by compare-and-set: whoever decides has read what they decide on.

import { signal } from '@preact/signals-core'
import type { Undo } from '../base/environment'
import type { ReadonlySignal } from '../base/signal'
import type { DisputeReport } from '../protocol/deskRecords'
import { parseDispute } from '../protocol/parseDesk'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { MediatorAct } from '../protocol/wire'
import { type DeskLine, type Outcome, outcomeOf } from './deskLine'

export interface DisputeModel {
  /** Of the conversation that is watched; null while nobody knows. */
  readonly dispute: ReadonlySignal<DisputeReport | null>
  /** From now on this one's; the undo ends it. */
  watch(conversationId: string): Undo
  mediate(act: MediatorAct): Promise<Outcome>
  dispose(): void
}

const GATHER_MS = 150

export function createDisputeModel({ env, request, on, onLink }: DeskLine): DisputeModel {
  const dispute = signal<DisputeReport | null>(null)
  let watched: string | null = null
  let asked = 0
  let stopWaiting: Undo = () => {}

  async function refresh(): Promise<void> {
    const conversationId = watched
    if (!conversationId) return
    const number = ++asked
    const reply = await request('dispute', { v: PROTOCOL_VERSION, conversationId })
    if (!reply.ok || number !== asked || watched !== conversationId) return
    const next = parseDispute(reply.dispute)
    if (next) dispute.value = next
  }

  const undo = [
    on('detailsChanged', ({ conversationId }) => {
      if (conversationId !== watched) return
      stopWaiting()
      stopWaiting = env.after(GATHER_MS, () => void refresh())
    }),
    onLink(state => {
      if (state === 'online') void refresh()
    }),
  ]

  return {
    dispute,
    watch(conversationId) {
      watched = conversationId
      dispute.value = null
      void refresh()
      return () => {
        if (watched !== conversationId) return
        watched = null
        dispute.value = null
        stopWaiting()
      }
    },
    async mediate(act) {
      const now = dispute.value
      if (!now) return 'refused'
      const { disputeId, revision } = now
      const reply = await request('mediate', { v: PROTOCOL_VERSION, disputeId, expected: revision, act })
      await refresh()
      return outcomeOf(reply)
    },
    dispose() {
      stopWaiting()
      for (const off of undo) off()
    },
  }
}
