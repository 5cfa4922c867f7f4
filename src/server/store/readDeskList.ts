// The desk's list as one statement, so that a conversation that moves meanwhile is in one group and never in two or
// none. Reads what is shown and counts the rest: thousands may wait, and a list holds hundreds.

import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Priority } from '../../protocol/records'
import { byTurn, HEAD_START_MS } from '../queue'
import type { OpenContest } from './deskRecordStore'
import type {
  ConversationRow,
  DeskGroup,
  DeskList,
  DeskListRequest,
  QueuedConversation,
} from './helpDeskStore'
import type { Dialect } from './migrations'
import { padded } from './parts'
import { type ConversationRecord, conversationColumns, numberOrNull, toRow } from './records'
import type { Tables } from './tables'

// In the words of the indexes (`migrations`): a database uses an index with a condition only where it sees it.
export const IS_OPEN = sql<boolean>`phase in ('queued', 'live', 'ticketed')`
export const HAS_ENDED = sql<boolean>`phase = 'ended'`
export const IS_SOLVED = sql<boolean>`phase = 'ended' and ticket is not null and question <> ''`

/** Conversations with an open objection: in the words of their index, too. */
const IS_CONTESTED = sql<boolean>`id in (select conversation_id from asklet_beside where contests is not null)`
/** Nobody waits for a person in it, or has it. */
const IS_NOT_OPEN = sql<boolean>`phase in ('bot', 'offered', 'ended')`

interface Listed extends ConversationRecord {
  readonly part: 'held' | 'queued' | 'ticketed' | 'live' | 'ended' | 'contested'
  readonly total: number | string
  readonly contests: string | null
}

/** Of `asklet_beside.contests`. */
export const parseContests = (stored: string | null): readonly OpenContest[] =>
  stored === null ? [] : (JSON.parse(stored) as readonly OpenContest[])

export async function readDeskList(
  db: Kysely<Tables>,
  dialect: Dialect,
  { agentIds, endedSince, atMost }: DeskListRequest,
): Promise<DeskList> {
  const open = (phase: 'queued' | 'ticketed' | 'live') =>
    sql<boolean>`${IS_OPEN} and phase = ${sql.lit(phase)}`
  const group = (name: Listed['part'], condition: RawBuilder<boolean>, order: RawBuilder<unknown>) => sql`
    select * from (
      select ${conversationColumns}, ${sql.lit(name)} as part,
        (select count(*) from asklet_conversations where ${condition}) as total, ${contestsOf}
      from asklet_conversations where ${condition} order by ${order} limit ${atMost}
    ) as ${sql.ref(`listed_${name}`)}`
  const newestFirst = sql`last_at desc`
  const parts = [
    group('queued', open('queued'), queueOrder(dialect)),
    group('ticketed', open('ticketed'), ticketNumber(dialect)),
    group('live', open('live'), newestFirst),
    group(
      'ended',
      sql<boolean>`${HAS_ENDED} and last_at >= ${endedSince} and not ${IS_CONTESTED}`,
      newestFirst,
    ),
    group('contested', sql<boolean>`${IS_NOT_OPEN} and ${IS_CONTESTED}`, oldestContest(dialect)),
  ]
  const ofAgents = (column: 'agent_id' | 'ticket_owner') =>
    sql<boolean>`${sql.ref(column)} in (${sql.join([...padded(agentIds)].flat())})`
  const held = (condition: RawBuilder<boolean>) =>
    sql`select ${conversationColumns}, 'held' as part, 0 as total, ${contestsOf} from asklet_conversations where ${condition}`
  if (agentIds.length > 0)
    parts.push(
      held(sql`${open('live')} and ${ofAgents('agent_id')}`),
      held(sql`phase = 'ticketed' and ticket_owner is not null and ${ofAgents('ticket_owner')}`),
    )
  const { rows } = await sql<Listed>`${sql.join(parts, sql` union all `)}`.execute(db)

  // A union promises no order.
  const found = (
    part: Listed['part'],
    order: (a: ConversationRow, b: ConversationRow) => number,
  ): DeskGroup => {
    const records = rows.filter(record => record.part === part)
    return { rows: records.map(toRow).sort(order), total: Number(records[0]?.total ?? 0) }
  }
  const contests = new Map(
    rows.flatMap(row => (row.contests === null ? [] : [[row.id, parseContests(row.contests)] as const])),
  )
  const raisedAt = ({ conversationId }: ConversationRow) => contests.get(conversationId)?.[0]?.at ?? 0
  const byLastAt = (a: ConversationRow, b: ConversationRow) => b.lastAt - a.lastAt
  return {
    held: found('held', byLastAt).rows,
    queued: found('queued', byTurn),
    ticketed: found('ticketed', (a, b) => (a.ticket?.number ?? 0) - (b.ticket?.number ?? 0)),
    live: found('live', byLastAt),
    ended: found('ended', byLastAt),
    contested: found('contested', (a, b) => raisedAt(a) - raisedAt(b)),
    contests,
  }
}

const contestsOf = sql`(select contests from asklet_beside where conversation_id = asklet_conversations.id) as contests`

/** Sums instead of rows: each event moves a head, and nothing ever moves back. An answered objection leaves its sum. */
export async function readDeskMark(db: Kysely<Tables>, endedSince: number): Promise<string> {
  const of = (condition: RawBuilder<boolean>) =>
    sql`select phase, count(*) as n, sum(head) as heads, max(last_at) as last from asklet_conversations where ${condition} group by phase`
  const { rows } = await sql<{ phase: string; n: unknown; heads: unknown; last: unknown }>`${of(
    IS_OPEN,
  )} union all ${of(sql<boolean>`${HAS_ENDED} and last_at >= ${endedSince}`)} union all ${of(sql<boolean>`${IS_NOT_OPEN} and ${IS_CONTESTED}`)}`.execute(
    db,
  )
  return rows
    .map(({ phase, n, heads, last }) => `${phase} ${n} ${heads} ${last}`)
    .sort()
    .join()
}

/** All who wait, next first. */
export async function readQueue(db: Kysely<Tables>, dialect: Dialect): Promise<QueuedConversation[]> {
  const rows = await db
    .selectFrom('asklet_conversations')
    .select(['id', 'priority', 'queued_at'])
    .where(IS_OPEN)
    .where('phase', '=', 'queued')
    .orderBy(queueOrder(dialect))
    .execute()
  return rows.map(row => ({
    conversationId: row.id,
    priority: row.priority as Priority | null,
    queuedAt: numberOrNull(row.queued_at),
  }))
}

/** `byTurn` in SQL, with the same head starts. */
const TURN = sql`wait_started - case priority ${sql.join(
  Object.entries(HEAD_START_MS).map(([priority, ms]) => sql`when ${sql.lit(priority)} then ${sql.lit(ms)}`),
  sql` `,
)} else ${sql.lit(HEAD_START_MS.normal)} end`

// By code units, as JavaScript compares: a language's order would differ from one database to the next.
function queueOrder(dialect: Dialect) {
  return dialect === 'postgres' ? sql`${TURN}, id collate "C"` : sql`${TURN}, id`
}

// In the words of its index, like the conditions.
export function ticketNumber(dialect: Dialect) {
  return dialect === 'postgres'
    ? // Not by its JSON functions: they refuse texts that hold \u0000, and one such ticket would be nobody's list. The
      // number is the first key (`ticketEvent`), and inside a text its quotes would have a backslash.
      sql`cast(substring(ticket from '"number":([0-9]+)') as bigint)`
    : sql`json_extract(ticket, '$.number')`
}

// The first of them is the oldest. On Postgres not by its JSON functions, for one reason with a ticket's number.
function oldestContest(dialect: Dialect) {
  const contests = sql`(select contests from asklet_beside where conversation_id = asklet_conversations.id)`
  return dialect === 'postgres'
    ? sql`cast(substring(${contests} from '"at":([0-9]+)') as bigint)`
    : sql`json_extract(${contests}, '$[0].at')`
}
