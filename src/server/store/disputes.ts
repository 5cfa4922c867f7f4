// Disputes over SQL (V9 to V11): one text for SQLite and Postgres.

import { type Kysely, sql } from 'kysely'
import { AskletError } from '../../base/errors'
import type { DisputeBody } from '../../protocol/events'
import { bodyWithout, type DisputeSide, type DisputeState, type Side, withoutSide } from '../disputeRules'
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

/** What erasing left of a dispute is owned by, and called. */
const NOBODY = 'erased:'
/** Types of events that say something of a dispute. */
const OF_DISPUTES = [
  'disputeOpened',
  'disputeShared',
  'disputeProposed',
  'disputeDecided',
  'disputeStated',
] as const

/**
 * V11: what erasing a conversation leaves of the disputes in which it is a side.
 *
 * @returns threads of disputes that are gone because of it: nobody is left whose they are
 */
export async function eraseDisputes(on: Connection, conversationId: string): Promise<readonly string[]> {
  const gone: string[] = []
  for (const { state } of await heldDisputes(on, await idsWith(on, conversationId))) {
    const side = state.sides.findIndex(each => each.conversationId === conversationId)
    if (side !== 0 && side !== 1) continue
    if (await isErased(on, state.sides[side === 0 ? 1 : 0])) {
      await removeDispute(on, state)
      gone.push(state.threadId)
    } else await eraseSide(on, state, side)
  }
  return gone
}

/** Of disputes whose conversations are still to be made: those that are to be these visitors'. */
export async function eraseToMake(on: Connection, visitorIds: readonly string[]): Promise<void> {
  if (visitorIds.length === 0) return
  const rows = await on
    .selectFrom('asklet_disputes')
    .select('id')
    .where('state', 'like', '%"toMake":%')
    .execute()
  for (const { state } of await heldDisputes(
    on,
    rows.map(({ id }) => id),
  )) {
    const side = state.toMake?.findIndex(visitorId => visitorId !== null && visitorIds.includes(visitorId))
    if (side === 0 || side === 1) await eraseSide(on, state, side)
  }
}

/** Nobody else changes them until the transaction is over: of two sides that are erased at once the later one knows. */
async function heldDisputes(on: Connection, ids: readonly string[]): Promise<readonly StoredDispute[]> {
  if (ids.length === 0) return []
  const sorted = [...ids].sort()
  for (const id of sorted)
    await on
      .updateTable('asklet_disputes')
      .set(eb => ({ revision: eb('revision', '+', 1) }))
      .where('id', '=', id)
      .execute()
  return readDisputes(on, sorted)
}

/** Also by a build that left no word of it in the dispute. */
async function isErased(on: Connection, side: DisputeSide): Promise<boolean> {
  if (side.isErased) return true
  const row = await on
    .selectFrom('asklet_conversations')
    .select('owner')
    .where('id', '=', side.conversationId)
    .executeTakeFirst()
  return row?.owner.startsWith(NOBODY) ?? false
}

const conversationsOf = ({ sides, threadId }: DisputeState) => [
  sides[0].conversationId,
  sides[1].conversationId,
  threadId,
]

/**
 * Who has a copy of the words reads the conversation anew (D4), as with one that is erased itself; and who was about to
 * tell what the dispute said before finds another incarnation. Before its events are looked at: what is told before
 * this has it is among them, what comes after it is refused.
 */
async function renew(on: Connection, state: DisputeState): Promise<void> {
  await on
    .updateTable('asklet_conversations')
    .set(eb => ({ generation: eb('generation', '+', 1) }))
    .where('id', 'in', conversationsOf(state))
    .execute()
}

function toldEvents(on: Connection, state: DisputeState) {
  return on
    .selectFrom('asklet_events')
    .select(['conversation_id', 'seq', 'body'])
    .where('conversation_id', 'in', conversationsOf(state))
    .where('type', 'in', OF_DISPUTES)
    .where('body', 'is not', null)
    .execute()
}

function setBody(on: Connection, event: { conversation_id: string; seq: number }, body: string | null) {
  return on
    .updateTable('asklet_events')
    .set({ body })
    .where('conversation_id', '=', event.conversation_id)
    .where('seq', '=', event.seq)
    .execute()
}

async function eraseSide(on: Connection, state: DisputeState, side: Side): Promise<void> {
  const { disputeId, sides } = state
  const { party } = sides[side]
  await on
    .updateTable('asklet_disputes')
    .set({
      state: JSON.stringify(withoutSide(state, side)),
      // What it says from here on is to stand in its conversations, whoever was telling it just now.
      untold: 1,
      // A site's key names the visitors.
      dispute_key: `${NOBODY}${disputeId}`,
      open_key: sql<string | null>`case when open_key is null then null else ${NOBODY} || id end`,
    })
    .where('id', '=', disputeId)
    .execute()
  await renew(on, state)
  for (const event of await toldEvents(on, state)) {
    const said = JSON.parse(event.body ?? 'null') as DisputeBody | null
    if (said?.disputeId !== disputeId) continue
    const without = JSON.stringify(bodyWithout(said, party))
    if (without !== event.body) await setBody(on, event, without)
  }
}

/** Both sides are erased: the row goes, and what was told of it, wherever it stands. */
async function removeDispute(on: Connection, state: DisputeState): Promise<void> {
  const { disputeId } = state
  await on.deleteFrom('asklet_dispute_sides').where('dispute_id', '=', disputeId).execute()
  await on.deleteFrom('asklet_disputes').where('id', '=', disputeId).execute()
  await renew(on, state)
  for (const event of await toldEvents(on, state))
    if ((JSON.parse(event.body ?? 'null') as DisputeBody | null)?.disputeId === disputeId)
      await setBody(on, event, null)
}
