// The dispute of the open conversation, as its mediator reads it, and the making of one. Owns the last answer about it,
// whether there was one, and what the mediator is writing; asks again when the server says that something changed, and moves it on by
// compare-and-set: whoever decides has read what they decide on.

import { computed, signal } from '@preact/signals-core'
import type { Undo } from '../base/environment'
import type { SafeStorage } from '../base/safeStorage'
import type { ReadonlySignal } from '../base/signal'
import type { DisputeReport } from '../protocol/deskRecords'
import { parseDispute } from '../protocol/parseDesk'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { MediatorAct } from '../protocol/wire'
import { type DeskLine, type Outcome, outcomeOf } from './deskLine'
import { type DisputeForm, EMPTY_DISPUTE_FORM } from './disputeOpening'
import { createKeptForms } from './keptForms'

/** A proposal, or a decision, that is being written. */
export type DisputeDraft = { readonly outcome: string; readonly words: string }
const EMPTY: DisputeDraft = { outcome: '', words: '' }

/** `cannot`: one of both is over, or the same visitor's, or in a dispute. */
export type OpenedDispute = 'done' | 'cannot' | 'noAnswer' | 'refused'

export interface DisputeModel {
  /** Of the conversation that is watched; null while nobody knows. */
  readonly dispute: ReadonlySignal<DisputeReport | null>
  /** `failed`: it was asked for, and nobody answered or not with a dispute. */
  readonly status: ReadonlySignal<'loading' | 'ready' | 'failed'>
  /** Of this dispute, from whichever of its three conversations: it outlives going from one to another. */
  readonly draft: ReadonlySignal<DisputeDraft>
  change(to: Partial<DisputeDraft>): void
  /** What is begun to make a dispute of this conversation. */
  formOf(conversationId: string): DisputeForm
  changeForm(conversationId: string, to: Partial<DisputeForm>): void
  /** V2. Both visitors are told by it. Empties the form when there is one. */
  open(conversationId: string, form: DisputeForm): Promise<OpenedDispute>
  /** Asks once more for what could not be read. */
  refresh(): Promise<void>
  /** From now on this one's; the undo ends it. */
  watch(conversationId: string): Undo
  /** What a mediator does is on its way. */
  readonly isMediating: ReadonlySignal<boolean>
  /** Empties the draft when what it says was taken. Asked again while one is on its way, it is that one. */
  mediate(act: MediatorAct): Promise<Outcome>
  dispose(): void
}

const GATHER_MS = 150

export function createDisputeModel(line: DeskLine, tabStore: SafeStorage): DisputeModel {
  const { env, request, on, onLink } = line
  const dispute = signal<DisputeReport | null>(null)
  const status = signal<'loading' | 'ready' | 'failed'>('loading')
  const drafts = createKeptForms({ tabStore, agentId: line.agent.agentId, name: 'dispute', empty: EMPTY })
  const forms = createKeptForms({
    tabStore,
    agentId: line.agent.agentId,
    name: 'openDispute',
    empty: EMPTY_DISPUTE_FORM,
  })
  const isMediating = signal(false)
  let mediating: Promise<Outcome> | null = null
  let watched: string | null = null
  let asked = 0
  let stopWaiting: Undo = () => {}

  async function refresh(): Promise<void> {
    const conversationId = watched
    if (!conversationId) return
    const number = ++asked
    if (status.peek() === 'failed') status.value = 'loading'
    const reply = await request('dispute', { v: PROTOCOL_VERSION, conversationId })
    if (number !== asked || watched !== conversationId) return
    const next = reply.ok ? parseDispute(reply.dispute) : null
    if (next) dispute.value = next
    // What was read before stands: it is changed by compare-and-set alone.
    status.value = dispute.peek() ? 'ready' : 'failed'
  }

  async function mediate(act: MediatorAct): Promise<Outcome> {
    const now = dispute.value
    if (!now) return 'refused'
    const { disputeId, revision } = now
    const reply = await request('mediate', { v: PROTOCOL_VERSION, disputeId, expected: revision, act })
    const { outcome, words } = drafts.of(disputeId)
    // What was written on meanwhile is another proposal.
    const isSaid = act.kind !== 'escalate' && outcome.trim() === act.outcome && words.trim() === act.words
    if (reply.ok && isSaid) drafts.clear(disputeId)
    await refresh()
    return outcomeOf(reply)
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
    status,
    draft: computed(() => (dispute.value ? drafts.of(dispute.value.disputeId) : EMPTY)),
    change(to) {
      const disputeId = dispute.peek()?.disputeId
      if (disputeId) drafts.change(disputeId, to)
    },
    formOf: forms.of,
    changeForm: forms.change,
    async open(conversationId, { other, reference, own, theirs }) {
      const reply = await request('openDispute', {
        v: PROTOCOL_VERSION,
        conversationId,
        otherConversationId: other,
        reference: reference.trim(),
        parties: [own, theirs],
      })
      if (reply.ok) forms.clear(conversationId)
      else if (['bad_request', 'closed', 'not_found'].includes(reply.code)) return 'cannot'
      const outcome = outcomeOf(reply)
      return outcome === 'changed' ? 'refused' : outcome
    },
    refresh,
    watch(conversationId) {
      watched = conversationId
      dispute.value = null
      status.value = 'loading'
      void refresh()
      return () => {
        if (watched !== conversationId) return
        watched = null
        dispute.value = null
        stopWaiting()
      }
    },
    isMediating,
    mediate(act) {
      isMediating.value = true
      // Until what it made is read: a second press has seen nothing else than the first.
      mediating ??= mediate(act).finally(() => {
        mediating = null
        isMediating.value = false
      })
      return mediating
    },
    dispose() {
      stopWaiting()
      for (const off of undo) off()
    },
  }
}
