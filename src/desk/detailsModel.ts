// What agents know of the open conversation beside its events. Owns the last answer about it and asks again when
// the server says that something changed. Notes that are still on their way are notesModel's.

import { signal } from '@preact/signals-core'
import type { Undo } from '../base/environment'
import type { ReadonlySignal } from '../base/signal'
import type { DeskDetails } from '../protocol/deskRecords'
import { MAX_CATEGORY_CHARS, MAX_LABEL_CHARS } from '../protocol/limits'
import { parseDetails } from '../protocol/parseDesk'
import type { Priority } from '../protocol/records'
import { PROTOCOL_VERSION } from '../protocol/version'
import { type DeskLine, type Outcome, outcomeOf } from './deskLine'

export interface DetailsModel {
  /** Of the open conversation; null while nobody knows, and with servers that do not say. */
  readonly details: ReadonlySignal<DeskDetails | null>
  /** Puts a label on or takes it off. An empty one changes nothing. */
  setLabel(label: string, on: boolean): Promise<Outcome>
  /** The list shows it once the server has it. */
  setPriority(priority: Priority): Promise<Outcome>
  /** What the open conversation is about. An empty one changes nothing. */
  setCategory(category: string): Promise<Outcome>
  refresh(): Promise<void>
  dispose(): void
}

const GATHER_MS = 150
/** Where the visitor is now is a fact of moments; a hint that it changed may be lost. */
const LOOK_EVERY_MS = 30_000

export function createDetailsModel(line: DeskLine): DetailsModel {
  const { env, request, openId } = line
  const details = signal<DeskDetails | null>(null)
  let stopWaiting: Undo = () => {}
  let asked = 0

  async function refresh() {
    const conversationId = openId.value
    if (!conversationId) return
    const number = ++asked
    wait(LOOK_EVERY_MS)
    const reply = await request('details', { v: PROTOCOL_VERSION, conversationId })
    // A later question is on its way, or another conversation is open.
    if (!reply.ok || number !== asked || openId.value !== conversationId) return
    const next = parseDetails(reply.details)
    if (next) details.value = next
  }

  function wait(ms: number) {
    stopWaiting()
    stopWaiting = env.after(ms, () => void refresh())
  }

  const undo = [
    openId.subscribe(() => {
      details.value = null
      stopWaiting()
      void refresh()
    }),
    line.on('detailsChanged', ({ conversationId }) => {
      if (conversationId === openId.value) wait(GATHER_MS)
    }),
    line.onLink(state => {
      if (state === 'online') void refresh()
    }),
  ]

  return {
    details,
    async setLabel(typed, on) {
      const conversationId = openId.value
      const label = typed.trim().replace(/\s+/g, ' ').slice(0, MAX_LABEL_CHARS)
      if (!conversationId || !label) return 'done'
      const reply = await request('label', { v: PROTOCOL_VERSION, conversationId, label, on })
      await refresh()
      return outcomeOf(reply)
    },
    async setPriority(priority) {
      const conversationId = openId.value
      if (!conversationId) return 'done'
      return outcomeOf(await request('setPriority', { v: PROTOCOL_VERSION, conversationId, priority }))
    },
    async setCategory(typed) {
      const conversationId = openId.value
      const category = typed.trim().replace(/\s+/g, ' ').slice(0, MAX_CATEGORY_CHARS)
      if (!conversationId || !category) return 'done'
      return outcomeOf(await request('setCategory', { v: PROTOCOL_VERSION, conversationId, category }))
    },
    refresh,
    dispose() {
      stopWaiting()
      for (const off of undo) off()
    },
  }
}
