// Notes in their places between the messages of a thread. Pure.

import type { TimelineItem } from '../conversation/timeline'
import type { AgentRef, Note } from '../protocol/deskRecords'
import type { PendingNote } from './notesModel'

export interface ThreadNote {
  /** The noteId: the same before and after the server has it. */
  readonly key: string
  readonly at: number
  readonly by: AgentRef
  readonly isOwn: boolean
  readonly text: string
  /** Stands behind that event; Infinity while it is on its way. */
  readonly afterSeq: number
  /** Null: all agents see it. */
  readonly state: 'waiting' | { readonly failed: string } | null
}

/** What the server has, and behind it what is still on its way; each note once. */
export function threadNotes(
  stored: readonly Note[],
  pending: readonly PendingNote[],
  me: AgentRef,
): ThreadNote[] {
  const known = new Set(stored.map(note => note.noteId))
  return [
    ...stored.map(({ noteId, at, by, text, afterSeq }) => ({
      key: noteId,
      at,
      by,
      isOwn: by.agentId === me.agentId,
      text,
      afterSeq,
      state: null,
    })),
    ...pending
      .filter(note => !known.has(note.noteId))
      .map(({ noteId, queuedAt, text, state }) => ({
        key: noteId,
        at: queuedAt,
        by: me,
        isOwn: true,
        text,
        afterSeq: Number.POSITIVE_INFINITY,
        state: state === 'sent' ? null : state,
      })),
  ]
}

export type ThreadEntry =
  /** `before`: the item in front of it, whatever notes stand between. */
  | { readonly kind: 'item'; readonly item: TimelineItem; readonly before: TimelineItem | undefined }
  | { readonly kind: 'note'; readonly note: ThreadNote }

/**
 * The items that are shown, with the notes that belong between them. A note from before the first of them is left to
 * those that are not shown; words on their way stand behind every note.
 *
 * @param isBeginning  nothing stands before the first item
 */
export function withNotes(
  items: readonly TimelineItem[],
  notes: readonly ThreadNote[],
  isBeginning: boolean,
): ThreadEntry[] {
  const entries: ThreadEntry[] = []
  const first = items.find(item => item.seq !== null)?.seq ?? 0
  const waiting = isBeginning ? [...notes] : notes.filter(note => note.afterSeq >= first)
  waiting.sort((a, b) => a.afterSeq - b.afterSeq || a.at - b.at)
  let next = 0
  const takeUpTo = (seq: number) => {
    for (; next < waiting.length && (waiting[next] as ThreadNote).afterSeq < seq; next++)
      entries.push({ kind: 'note', note: waiting[next] as ThreadNote })
  }
  let before: TimelineItem | undefined
  for (const item of items) {
    if (item.seq !== null) takeUpTo(item.seq)
    // The first word on its way: what the server has of notes stands before it, what it has not comes after.
    else takeUpTo(Number.POSITIVE_INFINITY)
    entries.push({ kind: 'item', item, before })
    before = item
  }
  for (; next < waiting.length; next++) entries.push({ kind: 'note', note: waiting[next] as ThreadNote })
  return entries
}
