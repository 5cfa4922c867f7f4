// Solved tickets that are like the open conversation, as the server finds them (E6). Owns the last answer and what the
// agent put away; tells the server what became of each. Quiet where the server knows no such call, and where it cannot
// be reached: an agent works without.

import { computed, effect, signal } from '@preact/signals-core'
import type { Undo } from '../base/environment'
import type { ReadonlySignal } from '../base/signal'
import type { SimilarTicket } from '../protocol/deskRecords'
import { parseSimilar } from '../protocol/parseDesk'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { ComposerModel } from './composerModel'
import type { DeskLine } from './deskLine'
import { markdownWords } from './markdownWords'

export interface SimilarModel {
  readonly tickets: ReadonlySignal<readonly SimilarTicket[]>
  /** Its answer goes into the reply, for the agent to change. */
  take(ticket: SimilarTicket): void
  /** Out of sight for as long as the desk is open. */
  refuse(ticket: SimilarTicket): void
  dispose(): void
}

/** What is asked about: it is asked again when one of these changes. */
export interface SimilarSubject {
  readonly conversationId: string
  readonly category: string
}

/** Who looks through a list stays nowhere. */
const ASK_AFTER_MS = 400

export function createSimilarModel(parts: {
  readonly line: Pick<DeskLine, 'env' | 'request'>
  readonly composer: Pick<ComposerModel, 'insert'>
  /** Null: nothing is open that this agent may answer. */
  readonly subject: ReadonlySignal<SimilarSubject | null>
}): SimilarModel {
  const { line, composer, subject } = parts
  const found = signal<readonly SimilarTicket[]>([])
  /** `conversation ticket`. */
  const refused = signal<ReadonlySet<string>>(new Set())
  const nameOf = (ticket: SimilarTicket) => `${subject.value?.conversationId} ${ticket.conversationId}`
  let asked = ''
  let number = 0
  let isMissing = false
  let stopWaiting: Undo = () => {}

  async function ask(conversationId: string) {
    const own = ++number
    const reply = await line.request('similar', { v: PROTOCOL_VERSION, conversationId })
    if (own !== number) return
    // A server of before has no such call.
    isMissing ||= !reply.ok && reply.code === 'bad_request'
    found.value = (reply.ok && parseSimilar(reply.tickets)) || []
  }

  const stop = effect(() => {
    const next = subject.value
    const key = next ? `${next.conversationId} ${next.category}` : ''
    if (key === asked) return
    asked = key
    number++
    stopWaiting()
    found.value = []
    if (next && !isMissing) stopWaiting = line.env.after(ASK_AFTER_MS, () => void ask(next.conversationId))
  })

  const tell = (from: string, outcome: 'taken' | 'refused') => {
    const conversationId = subject.value?.conversationId
    if (conversationId)
      void line.request('usedSimilar', { v: PROTOCOL_VERSION, conversationId, from, outcome })
  }

  return {
    tickets: computed(() => found.value.filter(ticket => !refused.value.has(nameOf(ticket)))),
    take({ conversationId, answer }) {
      const { text, format } = answer
      composer.insert(format === 'markdown' ? text : text.split('\n').map(markdownWords).join('\n'))
      tell(conversationId, 'taken')
    },
    refuse(ticket) {
      refused.value = new Set([...refused.peek(), nameOf(ticket)])
      tell(ticket.conversationId, 'refused')
    },
    dispose() {
      number++
      stopWaiting()
      stop()
    },
  }
}
