// What stands beside the events of a conversation and changes with them, in their transaction: to whom it was
// transferred, and what is forgotten when it leaves the desk or is erased (S20, S21, S24).

import { contestsOf, openContests } from '../../protocol/contest'
import type { EventBody } from '../../protocol/events'
import type { Phase } from '../../protocol/phase'
import type { Author } from '../../protocol/records'
import type { AddedEvent } from './appending'
import type { ChangedRow } from './batch'
import type { Connection, Runner } from './statements'

/** Whether somebody at the desk has it, or is to have it. */
export const isOpenPhase = (phase: Phase): boolean =>
  phase === 'queued' || phase === 'live' || phase === 'ticketed'

/** With the events of a batch, in its transaction: to whom conversations were transferred, and what ends with them. */
export async function saveBeside(
  on: Runner,
  db: Connection,
  added: readonly AddedEvent[],
  changes: Iterable<ChangedRow>,
): Promise<void> {
  for (const { event } of added) {
    const { body, conversationId, at } = event
    if (body.type === 'contested' || body.type === 'contestAnswered')
      await saveContests(on, db, conversationId, at)
    if (body.type !== 'assigned' || body.cause !== 'transferred') continue
    const told = { team: body.team ?? null, changed_at: at }
    await on.executeQuery(
      db
        .insertInto('asklet_beside')
        .values({ conversation_id: conversationId, ...NOTHING_BESIDE, ...told })
        .onConflict(c => c.column('conversation_id').doUpdateSet(told))
        .compile(),
    )
  }
  for (const { before, row } of changes)
    if (isOpenPhase(before.phase) && !isOpenPhase(row.phase))
      await on.executeQuery(
        db
          .updateTable('asklet_beside')
          .set({ page: null, page_at: null, team: null, changed_at: row.lastAt })
          .where('conversation_id', '=', row.conversationId)
          .compile(),
      )
}

const NOTHING_BESIDE = { revision: 0, page: null, page_at: null, team: null, contests: null } as const

/** S30. Counted anew from the events, which stand by now: an answer that comes twice answers once. */
async function saveContests(on: Runner, db: Connection, conversationId: string, at: number): Promise<void> {
  const { rows } = await on.executeQuery(
    db
      .selectFrom('asklet_events')
      .select(['seq', 'at', 'body'])
      .where('conversation_id', '=', conversationId)
      .where('type', 'in', ['contested', 'contestAnswered'])
      .orderBy('seq')
      .compile(),
  )
  const events = rows.flatMap(({ seq, at, body }) =>
    body === null
      ? []
      : { seq: Number(seq), at: Number(at), author: SOMEBODY, body: JSON.parse(body) as EventBody },
  )
  const open = openContests(contestsOf(events)).map(({ seq, at, about }) => ({ seq, at, about }))
  const told = { contests: open.length > 0 ? JSON.stringify(open) : null, changed_at: at }
  await on.executeQuery(
    db
      .insertInto('asklet_beside')
      .values({ conversation_id: conversationId, ...NOTHING_BESIDE, ...told })
      .onConflict(c => c.column('conversation_id').doUpdateSet(told))
      .compile(),
  )
}

/** Who said it changes nothing of what is open. */
const SOMEBODY: Author = { kind: 'system' }

/** S24. */
export async function eraseBeside(on: Connection, conversationId: string): Promise<void> {
  await on
    .updateTable('asklet_notes')
    .set({ text: null })
    .where('conversation_id', '=', conversationId)
    .execute()
  await on.deleteFrom('asklet_labels').where('conversation_id', '=', conversationId).execute()
  await on
    .updateTable('asklet_beside')
    .set(eb => ({ page: null, page_at: null, contests: null, revision: eb('revision', '+', 1) }))
    .where('conversation_id', '=', conversationId)
    .execute()
}

const MARKS = ['people', 'replies', 'settings'] as const
type Mark = (typeof MARKS)[number]

/** By the connection of a transaction. */
const changedMarks = new WeakMap<Connection, Set<Mark>>()

/** A change of `what` (S25), which `saveMarks` writes with the transaction. */
export function countChange(on: Connection, what: Mark): void {
  changedMarks.set(on, (changedMarks.get(on) ?? new Set<Mark>()).add(what))
}

/**
 * The last thing of a transaction: each mark once, in one order. Written where they come up, the marks of two batches
 * wait for each other, and on Postgres one of the batches is thrown away a second later.
 */
export async function saveMarks(on: Connection): Promise<void> {
  const changed = changedMarks.get(on)
  changedMarks.delete(on)
  for (const what of MARKS)
    if (changed?.has(what))
      await on
        .updateTable('asklet_counters')
        .set(eb => ({ value: eb('value', '+', 1) }))
        .where('name', '=', `desk_${what}`)
        .execute()
}
