// Who has the open conversation: taking it, handing it back, handing it to a colleague or a team, taking that back.
// Owns whether such a change is under way and what the agent must be told of it. What holds afterwards is what the
// events say, whatever was answered.

import { batch, signal } from '@preact/signals-core'
import type { ReadonlySignal } from '../base/signal'
import type { ConversationState } from '../protocol/phase'
import type { Priority } from '../protocol/records'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { DeskCalls } from '../protocol/wire'
import type { ConversationCopies, ConversationCopy } from './conversationCopies'
import type { DeskLine } from './deskLine'
import type { DeskOutbox } from './deskOutbox'

/** A sentence for the agent about what just did not happen: text key `notice.<name>`. */
export type DeskNotice =
  | { readonly name: 'taken'; readonly agentName: string }
  | { readonly name: 'changed' | 'over' | 'noAnswer' | 'refused' }

export type TransferTarget = DeskCalls['transfer']['request']['to']

export interface AssignmentModel {
  readonly isChanging: ReadonlySignal<boolean>
  readonly notice: ReadonlySignal<DeskNotice | null>
  /** Also takes back what this agent handed on. */
  claim(): Promise<void>
  /** Back to the queue, with its place. */
  release(): Promise<void>
  /**
   * @param note  for whoever gets it; '' for none. Saved once the conversation went: tried twice, it is there once,
   *   and one that did not go has no note of it
   * @returns  did it go? `notice` says why not
   */
  transfer(to: TransferTarget, note: string): Promise<boolean>
  /** The ticket that was solved is not (D41). */
  reopen(): Promise<boolean>
  /** A ticket of it, which this agent answers for (D43). */
  openTicket(options: { readonly category?: string; readonly priority?: Priority }): Promise<boolean>
  dismissNotice(): void
  /** Another conversation is in view: what was said of the one before is over. */
  forget(): void
  /**
   * This agent's own changes, by conversation: the assignment that each makes. Their own doing is no news to them.
   */
  readonly ownChanges: ReadonlyMap<string, number>
}

export interface AssignmentParts {
  readonly line: DeskLine
  readonly copies: ConversationCopies
  readonly outbox: DeskOutbox
  addNote(conversationId: string, text: string): void
  openCopy(): ConversationCopy | null
  isMine(state: ConversationState): boolean
  /** Asks for the list anew. */
  refresh(): Promise<void>
  /** A change was answered, and the copy has caught up. */
  changed(): void
}

/** Words that were held have so long to go before the conversation does. */
const FLUSH_WITHIN_MS = 2_000

export function createAssignmentModel(parts: AssignmentParts): AssignmentModel {
  const { line, copies, outbox, openCopy, isMine } = parts
  const isChanging = signal(false)
  const notice = signal<DeskNotice | null>(null)
  const ownChanges = new Map<string, number>()

  async function change(
    name: 'claim' | 'release' | 'transfer' | 'reopen' | 'openTicket',
    ask: (
      conversationId: string,
      expected: number,
    ) => Promise<{ readonly ok: boolean; readonly code?: string }>,
    /** Was it this that happened, where no answer came? */
    isWanted: (state: ConversationState) => boolean = state => isMine(state) === (name === 'claim'),
  ): Promise<boolean> {
    const copy = openCopy()
    if (!copy || isChanging.peek()) return false
    const { conversationId } = copy
    // What goes out of this agent's hands; the words that are held go first.
    const isGivenAway = name !== 'claim' && name !== 'reopen'
    batch(() => {
      isChanging.value = true
      notice.value = null
    })
    const expected = copy.state.value.assignment
    // Words that were held are still this agent's to say, so before it is another's.
    outbox.letGo(conversationId)
    if (isGivenAway) await outbox.flushed(FLUSH_WITHIN_MS, conversationId)
    // Before it is asked: the list may tell of it before the answer does.
    ownChanges.set(conversationId, expected + (name === 'reopen' || name === 'openTicket' ? 0 : 1))
    const reply = await ask(conversationId, expected)
    if (!reply.ok && reply.code !== 'no_answer') ownChanges.delete(conversationId)
    // Whatever was answered, and even when nothing was: what holds is what the events say.
    await Promise.all([copies.catchUp(conversationId), parts.refresh()])
    const { agent: holder, phase } = copy.state.value
    const isDone = reply.ok || isWanted(copy.state.value)
    batch(() => {
      if (openCopy() !== copy) return
      isChanging.value = false
      if (isDone) return
      if (reply.code === 'no_answer') notice.value = { name: 'noAnswer' }
      else if (phase === 'ended' || reply.code === 'closed') notice.value = { name: 'over' }
      else if (reply.code !== 'stale_assignment') notice.value = { name: 'refused' }
      else notice.value = holder ? { name: 'taken', agentName: holder.name } : { name: 'changed' }
    })
    parts.changed()
    return isDone
  }

  const v = PROTOCOL_VERSION
  return {
    isChanging,
    notice,
    ownChanges,
    async claim() {
      await change('claim', (conversationId, expected) =>
        line.request('claim', { v, conversationId, expected }),
      )
    },
    async release() {
      await change('release', (conversationId, expected) =>
        line.request('release', { v, conversationId, expected }),
      )
    },
    async transfer(to, note) {
      const copy = openCopy()
      if (!copy) return false
      const { conversationId } = copy
      const next = copy.state.value.assignment + 1
      const isDone = await change(
        'transfer',
        (id, expected) => line.request('transfer', { v, conversationId: id, expected, to }),
        // That it is not this agent's any more may be a colleague's doing.
        ({ assignment, agent, phase }) =>
          assignment === next &&
          ('team' in to
            ? (phase === 'queued' || phase === 'ticketed') && agent === null
            : agent?.agentId === to.agentId),
      )
      if (isDone && note.trim()) parts.addNote(conversationId, note.trim())
      return isDone
    },
    reopen() {
      const body = { type: 'reopened', by: 'agent' } as const
      return change(
        'reopen',
        conversationId =>
          line.request('send', { v, conversationId, drafts: [{ clientId: line.env.randomId(), body }] }),
        // A colleague or the visitor may have been faster.
        ({ phase }) => phase !== 'ended',
      )
    },
    openTicket({ category, priority }) {
      const said = { ...(category && { category }), ...(priority && { priority }) }
      return change(
        'openTicket',
        conversationId => line.request('openTicket', { v, conversationId, ...said }),
        ({ phase }) => phase === 'ticketed',
      )
    },
    dismissNotice() {
      notice.value = null
    },
    forget() {
      batch(() => {
        notice.value = null
        isChanging.value = false
      })
    },
  }
}
