// The outbox over SQL (S50 to S53): rows written with the events, claimed by compare-and-set, finished by who holds
// the lease.

import { sql } from 'kysely'
import {
  type ClaimedDelivery,
  DELIVERY_STATES,
  type DeliveryRoad,
  type DeliveryRows,
  type DeliveryState,
  type NewDelivery,
} from './deliveries'
import type { WriteOrder } from './groupCommit'
import type { Dialect } from './migrations'
import type { Connection, Runner } from './statements'
import type { Tables } from './tables'

type DeliveryRecord = Tables['asklet_deliveries']

const DELIVERY_COLUMNS = [
  'id',
  'conversation_id',
  'seq',
  'road',
  'kind',
  'target',
  'facts',
  'created_at',
  'due_at',
  'attempts',
] as const satisfies readonly (keyof DeliveryRecord)[]

/** S50. Within the transaction that stores the events. */
export async function saveDeliveries(
  on: Runner,
  db: Connection,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  const rows = deliveries.map(one => ({
    id: one.id,
    conversation_id: one.conversationId,
    seq: one.seq,
    road: one.road,
    kind: one.kind,
    target: one.target,
    facts: one.facts,
    created_at: one.createdAt,
    due_at: one.dueAt,
    state: 'waiting',
    attempts: 0,
    lease: null,
    lease_until: null,
    address_key: null,
    done_at: null,
    problem: null,
  }))
  await on.executeQuery(
    db
      .insertInto('asklet_deliveries')
      .values(rows)
      .onConflict(c => c.column('id').doNothing())
      .compile(),
  )
}

/** S53. */
export async function eraseDeliveries(on: Connection, conversationId: string): Promise<void> {
  await on.deleteFrom('asklet_deliveries').where('conversation_id', '=', conversationId).execute()
}

const GIVE_UP_AT_ONCE = 500

/** A condition on rows of the table by that name. */
function ofLane({
  roads,
  targets,
  otherTargets,
}: {
  readonly roads: readonly DeliveryRoad[]
  readonly targets?: readonly string[] | undefined
  readonly otherTargets?: readonly string[] | undefined
}) {
  return (table: string) => {
    const column = (name: string) => sql.ref(`${table}.${name}`)
    const parts = [sql<boolean>`${column('road')} in (${sql.join(roads)})`]
    if (targets) parts.push(sql`${column('target')} in (${sql.join(targets)})`)
    if (otherTargets && otherTargets.length > 0)
      parts.push(sql`(${column('target')} is null or ${column('target')} not in (${sql.join(otherTargets)}))`)
    return sql<boolean>`${sql.join(parts, sql` and `)}`
  }
}

export function createDeliveryRows({
  db,
  dialect,
  reads,
  write,
}: {
  readonly db: Connection
  readonly dialect: Dialect
  reads<T>(run: () => Promise<T>): Promise<T>
  write<T>(run: (on: Connection) => Promise<T>, order?: WriteOrder): Promise<T>
}): DeliveryRows {
  // Nobody waits for a row that another node is claiming at this moment: it is that one's.
  const passingBy = dialect === 'postgres' ? sql`for update of d skip locked` : sql``

  /** Of one that waits and nobody has just now, or that was given up. */
  const change = (id: string, at: number, to: Partial<DeliveryRecord>) =>
    write(
      async on => {
        const changed = await on
          .updateTable('asklet_deliveries')
          .set({ ...to, lease: null, lease_until: null, address_key: null })
          .where('id', '=', id)
          .where(
            sql<boolean>`(state = 'failed' or (state = 'waiting' and (lease_until is null or lease_until <= ${at})))`,
          )
          .returning('id')
          .executeTakeFirst()
        return changed !== undefined
      },
      { orderedBy: 'deliveries' },
    )

  return {
    async claimDeliveries({ lease, roads, targets, otherTargets, now, until, limit }) {
      if (roads.length === 0) return []
      const which = ofLane({ roads, targets, otherTargets })
      // Nearly always there is nothing, and no writer need wait for finding that out.
      const due = await reads(() =>
        db
          .selectFrom('asklet_deliveries')
          .select('id')
          .where('state', '=', 'waiting')
          .where('due_at', '<=', now)
          .where(which('asklet_deliveries'))
          .limit(1)
          .execute(),
      )
      if (due.length === 0) return []
      return write(
        async on => {
          const isFree = sql<boolean>`state = 'waiting' and due_at <= ${now} and (lease_until is null or lease_until <= ${now})`
          // Named first, so that it is read once: as a part of the condition Postgres may read it once a row, each time
          // passing by what it has taken, and hands out more than was asked for.
          const { rows } = await sql<DeliveryRecord>`
            with due as (
              select d.id from asklet_deliveries d
              where d.state = 'waiting' and ${which('d')} and d.due_at <= ${now} and (d.lease_until is null or d.lease_until <= ${now})
                and not exists (
                  select 1 from asklet_deliveries e
                  where e.conversation_id = d.conversation_id and e.road = 'mail' and d.road = 'mail'
                    and e.state = 'waiting' and e.seq < d.seq)
              order by d.due_at, d.id limit ${limit} ${passingBy})
            update asklet_deliveries set lease = ${lease}, lease_until = ${until}, attempts = attempts + 1
            where ${isFree} and id in (select id from due)
            returning ${sql.join(DELIVERY_COLUMNS.map(column => sql.ref(column)))}`.execute(on)
          return rows.map(toDelivery).sort((a, b) => a.dueAt - b.dueAt)
        },
        { orderedBy: 'deliveries' },
      )
    },

    countTowards: ({ id, lease }, addressKey, since) =>
      write(
        async on => {
          const own = await on
            .updateTable('asklet_deliveries')
            .set({ address_key: addressKey })
            .where('id', '=', id)
            .where('lease', '=', lease)
            .returning(['kind', 'lease_until'])
            .executeTakeFirst()
          if (!own) return 0
          const row = await on
            .selectFrom('asklet_deliveries')
            .select(({ fn }) => fn.countAll().as('count'))
            .where('address_key', '=', addressKey)
            .where('kind', '=', own.kind)
            .where('id', '<>', id)
            .where(eb =>
              eb.or([
                eb.and([eb('state', '=', 'sent'), eb('done_at', '>=', since)]),
                eb.and([eb('state', '=', 'waiting'), eb('lease', 'is not', null)]),
              ]),
            )
            .executeTakeFirstOrThrow()
          return Number(row.count)
        },
        { orderedBy: 'deliveries' },
      ),

    finishDelivery: (id, lease, outcome) =>
      write(async on => {
        const isWaiting = outcome.state === 'waiting'
        const done = await on
          .updateTable('asklet_deliveries')
          .set({
            state: outcome.state,
            lease: null,
            lease_until: null,
            problem: outcome.state === 'sent' ? null : outcome.problem,
            ...(isWaiting
              ? { due_at: outcome.dueAt, attempts: outcome.attempts, address_key: null }
              : { done_at: outcome.at }),
          })
          .where('id', '=', id)
          .where('lease', '=', lease)
          .where('state', '=', 'waiting')
          .returning(['conversation_id', 'kind', 'seq'])
          .executeTakeFirst()
        if (!done) return false
        if (outcome.state === 'sent' && outcome.upTo !== undefined)
          await on
            .updateTable('asklet_deliveries')
            .set({ state: 'dropped', done_at: outcome.at, problem: 'said together with an earlier one' })
            .where('conversation_id', '=', done.conversation_id)
            .where('kind', '=', done.kind)
            .where('state', '=', 'waiting')
            .where('seq', '>', Number(done.seq))
            .where('seq', '<=', outcome.upTo)
            .execute()
        return true
      }),

    giveUpDeliveries: ({ roads, targets, otherTargets, createdBefore, at }) =>
      write(async on => {
        const which = ofLane({ roads, targets, otherTargets })
        await sql`
          update asklet_deliveries set state = 'failed', done_at = ${at}, lease = null, lease_until = null,
            problem = 'given up: nobody took it for three days'
          where state = 'waiting' and (lease_until is null or lease_until <= ${at}) and id in (
            select d.id from asklet_deliveries d
            where d.state = 'waiting' and ${which('d')} and d.created_at < ${createdBefore} limit ${GIVE_UP_AT_ONCE})`.execute(
          on,
        )
      }),

    countSent: (kind, since) =>
      reads(async () => {
        const row = await db
          .selectFrom('asklet_deliveries')
          .select(({ fn }) => fn.countAll().as('count'))
          .where('kind', '=', kind)
          .where(sql<boolean>`state = 'sent' and done_at is not null`)
          .where('done_at', '>=', since)
          .executeTakeFirstOrThrow()
        return Number(row.count)
      }),

    countDeliveries: () =>
      reads(async () => {
        // In the words of their indexes: what was sent in a month is many times what waits.
        const { rows } = await sql<{ state: string; count: number | string }>`
          select 'waiting' as state, count(*) as count from asklet_deliveries where state = 'waiting'
          union all
          select state, count(*) as count from asklet_deliveries where done_at is not null and state <> 'waiting' group by state`.execute(
          db,
        )
        const found = new Map(rows.map(({ state, count }) => [state, Number(count)]))
        return Object.fromEntries(DELIVERY_STATES.map(state => [state, found.get(state) ?? 0])) as Record<
          DeliveryState,
          number
        >
      }),

    oldestDeliveries: () =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_deliveries')
          .select(({ fn }) => ['road', fn.min('created_at').as('oldest')])
          .where(sql<boolean>`state = 'waiting'`)
          .groupBy('road')
          .execute()
        return Object.fromEntries(rows.map(({ road, oldest }) => [road, Number(oldest)]))
      }),

    failedDeliveries: limit =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_deliveries')
          .select(['id', 'conversation_id', 'road', 'kind', 'attempts', 'done_at', 'problem'])
          .where('state', '=', 'failed')
          .orderBy('done_at', 'desc')
          .limit(limit)
          .execute()
        return rows.map(row => ({
          id: row.id,
          conversationId: row.conversation_id,
          road: row.road as DeliveryRoad,
          kind: row.kind,
          attempts: Number(row.attempts),
          doneAt: Number(row.done_at),
          problem: row.problem ?? '',
        }))
      }),

    openDeliveries: limit =>
      reads(async () => {
        const of = (state: 'failed' | 'waiting') =>
          db
            .selectFrom('asklet_deliveries')
            .select([...DELIVERY_COLUMNS, 'problem'])
            .where(sql<boolean>`state = ${sql.lit(state)}`)
        const [failed, waiting] = await Promise.all([
          of('failed').orderBy('done_at', 'desc').limit(limit).execute(),
          of('waiting').orderBy('due_at').limit(limit).execute(),
        ])
        const toOpen = (state: 'failed' | 'waiting') => (record: (typeof failed)[number]) => {
          const { id, conversationId, road, kind, target, createdAt, dueAt, attempts } = toDelivery(record)
          const problem = record.problem ?? ''
          return { id, conversationId, road, kind, target, createdAt, dueAt, attempts, state, problem }
        }
        return [...failed.map(toOpen('failed')), ...waiting.map(toOpen('waiting'))]
      }),

    retryDelivery: (id, at) =>
      change(id, at, { state: 'waiting', due_at: at, created_at: at, attempts: 0, done_at: null }),
    dropDelivery: (id, at) =>
      change(id, at, { state: 'dropped', done_at: at, problem: 'given up at the desk' }),

    settledMail: (conversationId, limit) =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_deliveries')
          .select(['kind', 'state', 'done_at', 'problem'])
          .where('conversation_id', '=', conversationId)
          .where('road', '=', 'mail')
          .where('state', 'in', ['sent', 'failed'])
          .orderBy('done_at', 'desc')
          .orderBy('seq', 'desc')
          .limit(limit)
          .execute()
        return rows.map(({ kind, state, done_at, problem }) => ({
          kind,
          state: state === 'sent' ? 'sent' : 'failed',
          doneAt: Number(done_at),
          problem: problem ?? '',
        }))
      }),

    forgetDeliveries: doneBefore =>
      write(async on => {
        await on.deleteFrom('asklet_deliveries').where('done_at', '<', doneBefore).execute()
      }),
  }
}

function toDelivery(record: Pick<DeliveryRecord, (typeof DELIVERY_COLUMNS)[number]>): ClaimedDelivery {
  return {
    id: record.id,
    conversationId: record.conversation_id,
    seq: Number(record.seq),
    road: record.road as DeliveryRoad,
    kind: record.kind,
    target: record.target,
    facts: record.facts,
    createdAt: Number(record.created_at),
    dueAt: Number(record.due_at),
    attempts: Number(record.attempts),
  }
}
