// Ready answers of this desk: all agents use them, leads write them. Owns the last list.

import type { ReadonlySignal } from '../base/signal'
import type { CannedReply } from '../protocol/deskRecords'
import { parseReplies } from '../protocol/parseDesk'
import { PROTOCOL_VERSION } from '../protocol/version'
import { type DeskLine, type Outcome, outcomeOf } from './deskLine'
import { createSharedFact } from './sharedFact'

export type EditedReply = Pick<CannedReply, 'replyId' | 'shortcut' | 'title' | 'text'>

export interface RepliesModel {
  /** By shortcut. Null: not known, as with servers that do not say. */
  readonly replies: ReadonlySignal<readonly CannedReply[] | null>
  newId(): string
  /**
   * @param expected  the revision that was edited, 0 for a new one
   * @returns `changed`: somebody saved it meanwhile; `replies` holds theirs
   */
  save(edited: EditedReply, expected: number): Promise<Outcome | 'shortcutTaken'>
  drop(replyId: string, expected: number): Promise<Outcome>
  refresh(): Promise<void>
  dispose(): void
}

export function createRepliesModel(line: DeskLine): RepliesModel {
  const fact = createSharedFact<readonly CannedReply[]>(line, 'replies', async () => {
    const reply = await line.request('replies', { v: PROTOCOL_VERSION })
    const list = reply.ok ? parseReplies(reply.replies) : null
    return list && [...list].sort((a, b) => (a.shortcut < b.shortcut ? -1 : 1))
  })
  return {
    replies: fact.value,
    newId: line.env.randomId,
    async save({ replyId, shortcut, title, text }, expected) {
      const reply = await line.request('saveReply', {
        v: PROTOCOL_VERSION,
        replyId,
        expected,
        shortcut,
        title,
        text,
      })
      await fact.refresh()
      return !reply.ok && reply.code === 'key_reused' ? 'shortcutTaken' : outcomeOf(reply)
    },
    async drop(replyId, expected) {
      const reply = await line.request('dropReply', { v: PROTOCOL_VERSION, replyId, expected })
      await fact.refresh()
      return outcomeOf(reply)
    },
    refresh: fact.refresh,
    dispose: fact.dispose,
  }
}
