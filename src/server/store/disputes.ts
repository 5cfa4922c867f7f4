// Disputes over SQL (V9 to V11): one text for SQLite and Postgres.

import { type Kysely, sql } from 'kysely'
import { AskletError } from '../../base/errors'
import type { DisputeBody } from '../../protocol/events'
import { bodyWithout, type DisputeState, type Side, withoutSide } from '../disputeRules'
import type { DisputeStore, StoredDispute } from './disputeStore'
import type { GroupCommit } from './groupCommit'
import type { Connection } from './statements'
import type { Tables } from './tables'

export interface DisputesOptions {
  readonly db: Kysely<Tables>
  readonly write: GroupCommit['write']
  reads<T>(run: () => Promise<T>): Promise<T>
}

const THREAD = 2

export function createDisputes({ db, write, reads }: DisputesOptions): DisputeStore {
  return {
    addDispute: (key, state, dueAt) =>
      write(
        async on => {
          const { disputeId } = state
          const made = await on
            .insertInto('asklet_disputes')
            .values({
              id: disputeId,
              revision: 1,
              dispute_key: key,
              open_key: key,
              opened_at: Math.trunc(state.openedAt),
              due_at: dueAt,
              untold: 1,
              state: JSON.stringify(state),
            })
            .onConflict(c => c.doNothing())
            .returning('id')
            .executeTakeFirst()
          if (!made) {
            const there = await openOne(on, key)
            // No id is made twice: what stood in the way was an open one, which this transaction sees.
            if (there === null)
              throw new AskletError('store_unavailable', 'a dispute was neither added nor found: ask again.')
            return { disputeId: there, isNew: false }
          }
          const ids = [state.sides[0].conversationId, state.sides[1].conversationId, state.threadId]
          await on
            .insertInto('asklet_dispute_sides')
            .values(
              ids.map((conversation_id, side) => ({
                dispute_id: disputeId,
                side,
                conversation_id,
                heard: state.sides[side as Side]?.heard ?? 0,
              })),
            )
            .execute()
          return { disputeId, isNew: true }
        },
        { orderedBy: `dispute ${key}` },
      ),

    openDisputeOf: key => reads(() => openOne(db, key)),

    dispute: disputeId => reads(async () => (await readDisputes(db, [disputeId]))[0] ?? null),

    disputesWith: conversationId =>
      reads(async () => {
        const found = await idsWith(db, conversationId)
        const all = await readDisputes(db, found)
        return all.sort((a, b) => b.state.openedAt - a.state.openedAt)
      }),

    saveDispute: ({ expected, state, dueAt, isOver }) =>
      write(
        async on => {
          const saved = await on
            .updateTable('asklet_disputes')
            .set({
              revision: expected + 1,
              state: JSON.stringify(state),
              due_at: dueAt,
              untold: 1,
              ...(isOver && { open_key: null }),
            })
            .where('id', '=', state.disputeId)
            .where('revision', '=', expected)
            .returning('id')
            .executeTakeFirst()
          return saved !== undefined
        },
        { orderedBy: `dispute ${state.disputeId}` },
      ),

    disputeTold: (disputeId, revision) =>
      write(async on => {
        await on
          .updateTable('asklet_disputes')
          .set({ untold: 0 })
          .where('id', '=', disputeId)
          .where('revision', '=', revision)
          .execute()
      }),

    disputeHeard: (disputeId, heard) =>
      write(async on => {
        for (const [side, seq] of heard.entries())
          await on
            .updateTable('asklet_dispute_sides')
            .set({ heard: seq })
            .where('dispute_id', '=', disputeId)
            .where('side', '=', side)
            .where('heard', '<', seq)
            .execute()
      }),

    disputesToLookAt: (at, limit, except = []) =>
      reads(async () => {
        const isWanted = sql<boolean>`${except.length === 0 ? sql`1 = 1` : sql`asklet_disputes.id not in (${sql.join(except)})`}`
        const due = await db
          .selectFrom('asklet_disputes')
          .select('id')
          .where('due_at', '<=', Math.trunc(at))
          .where(isWanted)
          .orderBy('due_at')
          .limit(limit)
          .execute()
        const untold = await db
          .selectFrom('asklet_disputes')
          .select('id')
          .where('untold', '=', 1)
          .where(isWanted)
          .orderBy('opened_at')
          .limit(limit)
          .execute()
        const unheard = await db
          .selectFrom('asklet_disputes')
          .innerJoin('asklet_dispute_sides', 'asklet_dispute_sides.dispute_id', 'asklet_disputes.id')
          .innerJoin(
            'asklet_conversations',
            'asklet_conversations.id',
            'asklet_dispute_sides.conversation_id',
          )
          .select('asklet_disputes.id')
          .where('open_key', 'is not', null)
          .where(isWanted)
          .where('side', '<', THREAD)
          .whereRef('asklet_conversations.head', '>', 'asklet_dispute_sides.heard')
          .limit(limit)
          .execute()
        return [...new Set([...due, ...untold, ...unheard].map(({ id }) => id))]
      }),
  }
}

async function openOne(on: Connection, key: string): Promise<string | null> {
  const row = await on
    .selectFrom('asklet_disputes')
    .select('id')
    .where('open_key', '=', key)
    .executeTakeFirst()
  return row?.id ?? null
}

async function idsWith(on: Connection, conversationId: string): Promise<string[]> {
  const rows = await on
    .selectFrom('asklet_dispute_sides')
    .select('dispute_id')
    .where('conversation_id', '=', conversationId)
    .execute()
  return rows.map(({ dispute_id }) => dispute_id)
}

async function readDisputes(on: Connection, ids: readonly string[]): Promise<StoredDispute[]> {
  if (ids.length === 0) return []
  const rows = await on
    .selectFrom('asklet_disputes')
    .select(['id', 'revision', 'untold', 'state'])
    .where('id', 'in', ids)
    .execute()
  const sides = await on
    .selectFrom('asklet_dispute_sides')
    .select(['dispute_id', 'side', 'heard'])
    .where('dispute_id', 'in', ids)
    .execute()
  const heardBy = (id: string, side: Side) =>
    Number(sides.find(each => each.dispute_id === id && Number(each.side) === side)?.heard ?? 0)
  return rows.map(({ id, revision, untold, state }) => ({
    revision: Number(revision),
    heard: [heardBy(id, 0), heardBy(id, 1)],
    isUntold: Number(untold) === 1,
    state: JSON.parse(state) as DisputeState,
  }))
}

/** V11: what erasing a conversation leaves of the disputes in which it is a side. */
export async function eraseDisputes(on: Connection, conversationId: string): Promise<void> {
  const rewritten = new Set<string>()
  for (const { revision, state } of await readDisputes(on, await idsWith(on, conversationId))) {
    const side = state.sides.findIndex(each => each.conversationId === conversationId)
    if (side !== 0 && side !== 1) continue
    const { party } = state.sides[side]
    await on
      .updateTable('asklet_disputes')
      .set({ revision: revision + 1, state: JSON.stringify(withoutSide(state, side)) })
      .where('id', '=', state.disputeId)
      .execute()
    const told = await on
      .selectFrom('asklet_events')
      .select(['conversation_id', 'seq', 'body'])
      .where('conversation_id', 'in', [state.sides[side === 0 ? 1 : 0].conversationId, state.threadId])
      .where('type', 'in', ['disputeOpened', 'disputeShared'])
      .execute()
    for (const { conversation_id, seq, body } of told) {
      if (body === null) continue
      const said = JSON.parse(body) as DisputeBody
      if (said.disputeId !== state.disputeId) continue
      const without = JSON.stringify(bodyWithout(said, party))
      if (without === body) continue
      await on
        .updateTable('asklet_events')
        .set({ body: without })
        .where('conversation_id', '=', conversation_id)
        .where('seq', '=', seq)
        .execute()
      rewritten.add(conversation_id)
    }
  }
  // Who has a copy of the words reads the conversation anew (D4), as with one that is erased itself.
  if (rewritten.size > 0)
    await on
      .updateTable('asklet_conversations')
      .set(eb => ({ generation: eb('generation', '+', 1) }))
      .where('id', 'in', [...rewritten])
      .execute()
}
