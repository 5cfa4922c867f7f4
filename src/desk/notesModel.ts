// Notes on their way: words of an agent for other agents. Owns what the server has not confirmed; it is saved before
// the first attempt and repeated under the same id until somebody knows. Apart from the outbox of replies, and with
// calls of its own: what is in here has no road to a visitor.

import { signal } from '@preact/signals-core'
import { resendWaitMs } from '../base/backoff'
import type { Undo } from '../base/environment'
import type { KeyedStore } from '../base/keyedStore'
import type { ReadonlySignal } from '../base/signal'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { DeskLine } from './deskLine'

/** Plain JSON, because it is saved. */
export interface PendingNote {
  readonly noteId: string
  readonly conversationId: string
  /** Whose words; never sent under another. */
  readonly identity: string
  readonly text: string
  readonly queuedAt: number
  readonly attempts: number
  /** `sent`: the server has it, and the details do not show it yet. */
  readonly state: 'waiting' | 'sent' | { readonly failed: string }
}

export interface NotesModel {
  readonly pending: ReadonlySignal<readonly PendingNote[]>
  add(conversationId: string, text: string): void
  retry(noteId: string): void
  discard(noteId: string): void
  /** These are in the details now. */
  confirmed(noteIds: ReadonlySet<string>): void
  dispose(): void
}

export function createNotesModel(
  line: DeskLine,
  openStore: () => Promise<KeyedStore>,
  /** The server has a note of this conversation that it had not before. */
  onStored: (conversationId: string) => void,
): NotesModel {
  const { env, request } = line
  const identity = `agent:${line.agent.agentId}`
  const prefix = `notes/${identity}/`
  const pending = signal<readonly PendingNote[]>([])
  const busy = new Set<string>()
  const timers = new Map<string, Undo>()
  let isOnline = false
  let isDisposed = false
  const store = openStore()

  const find = (noteId: string) => pending.peek().find(note => note.noteId === noteId)

  function change(noteId: string, to: Partial<PendingNote>) {
    pending.value = pending.peek().map(note => (note.noteId === noteId ? { ...note, ...to } : note))
  }

  async function save(noteId: string) {
    const note = find(noteId)
    if (note) await store.then(opened => opened.set([[prefix + noteId, note]])).catch(() => {})
  }

  function drop(noteIds: readonly string[]) {
    if (noteIds.length === 0) return
    pending.value = pending.peek().filter(note => !noteIds.includes(note.noteId))
    void store.then(opened => opened.delete(noteIds.map(id => prefix + id))).catch(() => {})
  }

  async function send(noteId: string) {
    const note = find(noteId)
    if (!isOnline || isDisposed || note?.state !== 'waiting' || busy.has(noteId)) return
    busy.add(noteId)
    const { conversationId, text } = note
    const reply = await request('note', { v: PROTOCOL_VERSION, conversationId, noteId, text })
    busy.delete(noteId)
    if (isDisposed || !find(noteId)) return
    if (reply.ok) {
      change(noteId, { state: 'sent' })
      void store.then(opened => opened.delete([prefix + noteId])).catch(() => {})
      onStored(conversationId)
    } else if (reply.retry || reply.code === 'unauthenticated') {
      change(noteId, { attempts: note.attempts + 1 })
      const waitMs = reply.after ?? resendWaitMs(note.attempts, env.random())
      timers.get(noteId)?.()
      timers.set(
        noteId,
        env.after(waitMs, () => void send(noteId)),
      )
    } else {
      change(noteId, { state: { failed: reply.code } })
      void save(noteId)
    }
  }

  const sendAll = () => {
    for (const { noteId } of pending.peek()) void send(noteId)
  }

  void store
    .then(opened => opened.list(prefix))
    .then(
      saved => {
        if (isDisposed) return
        const known = new Set(pending.peek().map(note => note.noteId))
        const kept = saved.map(([, note]) => note as PendingNote)
        pending.value = [...kept.filter(note => !known.has(note.noteId)), ...pending.peek()].sort(
          (a, b) => a.queuedAt - b.queuedAt,
        )
        sendAll()
      },
      () => {},
    )
  const offLink = line.onLink(state => {
    isOnline = state === 'online'
    if (isOnline) sendAll()
  })

  return {
    pending,
    add(conversationId, text) {
      const noteId = env.randomId()
      const note: PendingNote = {
        noteId,
        conversationId,
        identity,
        text,
        queuedAt: env.now(),
        attempts: 0,
        state: 'waiting',
      }
      pending.value = [...pending.peek(), note]
      void save(noteId).then(() => send(noteId))
    },
    retry(noteId) {
      if (typeof find(noteId)?.state !== 'object') return
      change(noteId, { state: 'waiting' })
      void save(noteId).then(() => send(noteId))
    },
    discard(noteId) {
      if (typeof find(noteId)?.state === 'object') drop([noteId])
    },
    confirmed(noteIds) {
      drop(pending.peek().flatMap(({ noteId }) => (noteIds.has(noteId) ? [noteId] : [])))
    },
    dispose() {
      isDisposed = true
      offLink()
      for (const cancel of timers.values()) cancel()
      void store.then(opened => opened.close()).catch(() => {})
    },
  }
}
