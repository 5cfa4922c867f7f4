// The review queue over SQL: one text for SQLite and Postgres. Its rules are in `reviewStore`.
// Words of people are kept as JSON, which holds what a column of plain text refuses or changes.

import { type Kysely, sql } from 'kysely'
import type { ReviewedArticle, ReviewKind, ReviewStratum, Verdict } from '../../protocol/reviews'
import { isCloser } from '../sampling'
import type { GroupCommit } from './groupCommit'
import { HAS_ENDED } from './readDeskList'
import { CONVERSATION_COLUMNS, numberOrNull, toRow } from './records'
import type { OfferedReview, ReviewCursor, ReviewRow, ReviewStore } from './reviewStore'
import type { Connection } from './statements'
import type { Tables } from './tables'

export interface ReviewRowsOptions {
  readonly db: Kysely<Tables>
  readonly write: GroupCommit['write']
  reads<T>(run: () => Promise<T>): Promise<T>
}

const CURSOR = 'reviewCursor'
const COLUMNS = [
  'item_id',
  'kind',
  'stratum',
  'week',
  'at',
  'conversation_id',
  'seq',
  'journal_position',
  'draw',
  'chance',
  'agent_id',
  'revision',
  'verdict',
  'article',
  'words',
  'by_id',
  'by_name',
  'judged_at',
] as const satisfies readonly (keyof Tables['asklet_reviews'])[]

export function createReviewRows({ db, write, reads }: ReviewRowsOptions): ReviewStore {
  return {
    reviewCursor: () => reads(() => cursorOn(db)),

    endedAfter: ({ lastAt, conversationId }, until, limit) =>
      reads(async () => {
        const records = await db
          .selectFrom('asklet_conversations')
          .select(CONVERSATION_COLUMNS)
          .where(HAS_ENDED)
          .where('last_at', '<=', Math.trunc(until))
          .where('last_at', '>=', lastAt)
          .where(({ or, and, eb }) =>
            or([
              eb('last_at', '>', lastAt),
              and([eb('last_at', '=', lastAt), eb('id', '>', conversationId)]),
            ]),
          )
          .orderBy('last_at')
          .orderBy('id')
          .limit(limit)
          .execute()
        return records.map(toRow)
      }),

    offerReviews: (items, weekly, cursor) =>
      write(
        async on => {
          const touched = new Map<string, Pick<OfferedReview, 'week' | 'stratum'>>()
          for (const item of items) {
            const isIn = await offer(on, item)
            if (isIn) touched.set(`${item.week} ${item.stratum}`, item)
          }
          for (const each of [...touched.keys()].sort()) {
            const part = touched.get(each)
            if (part) await cut(on, part, weekly)
          }
          const before = await cursorOn(on)
          const value = JSON.stringify(before ? latest(before, cursor) : cursor)
          await on
            .insertInto('asklet_meta')
            .values({ key: CURSOR, value })
            .onConflict(c => c.column('key').doUpdateSet({ value }))
            .execute()
        },
        { orderedBy: 'reviews' },
      ),

    reviewsSince: week =>
      reads(async () => {
        const records = await db
          .selectFrom('asklet_reviews')
          .select(COLUMNS)
          .where('week', '>=', week)
          .orderBy('item_id')
          .execute()
        return records.map(toReview)
      }),

    review: itemId =>
      reads(async () => {
        const record = await db
          .selectFrom('asklet_reviews')
          .select(COLUMNS)
          .where('item_id', '=', itemId)
          .executeTakeFirst()
        return record ? toReview(record) : null
      }),

    dropReview: itemId =>
      write(
        async on => {
          await on
            .deleteFrom('asklet_reviews')
            .where('item_id', '=', itemId)
            .where('verdict', 'is', null)
            .execute()
        },
        { orderedBy: 'reviews' },
      ),

    judge: ({ itemId, expected, judgement }) =>
      write(
        async on => {
          const { verdict, by } = judgement
          const article = judgement.article && JSON.stringify(judgement.article)
          const words = JSON.stringify(judgement.words)
          const revision = expected + 1
          // The update is the test: of two leads at once, on two nodes, one changes a row.
          const changed = await on
            .updateTable('asklet_reviews')
            .set({
              revision,
              verdict,
              article,
              words,
              by_id: by.agentId,
              by_name: by.name,
              judged_at: Math.trunc(judgement.at),
            })
            .where('item_id', '=', itemId)
            .where('revision', '=', expected)
            .returning('item_id')
            .executeTakeFirst()
          if (changed) return { ok: true as const, revision }
          const there = await on
            .selectFrom('asklet_reviews')
            .select(['revision', 'verdict', 'article', 'words', 'by_id'])
            .where('item_id', '=', itemId)
            .executeTakeFirst()
          if (!there) return { ok: false as const, code: 'not_found' as const }
          const isRepeat =
            Number(there.revision) === revision &&
            there.verdict === verdict &&
            there.article === article &&
            there.words === words &&
            there.by_id === by.agentId
          return isRepeat
            ? { ok: true as const, revision }
            : { ok: false as const, code: 'stale_assignment' as const }
        },
        { orderedBy: 'reviews' },
      ),

    judgedReviews: (after, limit) =>
      reads(async () => {
        const records = await db
          .selectFrom('asklet_reviews')
          .select(COLUMNS)
          .where('item_id', '>', after)
          .where('verdict', 'is not', null)
          .orderBy('item_id')
          .limit(limit)
          .execute()
        return records.map(toReview)
      }),
  }
}

/** R6. */
export async function eraseReviews(on: Connection, conversationId: string): Promise<void> {
  await on.deleteFrom('asklet_reviews').where('conversation_id', '=', conversationId).execute()
}

/** True: it is in the queue now, and was not in this part of it. */
async function offer(on: Connection, item: OfferedReview): Promise<boolean> {
  const { itemId, stratum, week, draw, place } = item
  const there = await on
    .selectFrom('asklet_reviews')
    .select(['kind', 'stratum', 'conversation_id'])
    .where('item_id', '=', itemId)
    .executeTakeFirst()
  if (there && !isCloser(stratum, there.stratum as ReviewStratum)) {
    // Told by the journal first; the conversation has more to read, and erasing it takes the item along.
    if (there.conversation_id === null && 'conversationId' in place)
      await on.updateTable('asklet_reviews').set(placeOf(place)).where('item_id', '=', itemId).execute()
    return false
  }
  const { lowest } = await on
    .selectFrom('asklet_reviews')
    .select(({ fn }) => fn.min('chance').as('lowest'))
    .where('week', '=', week)
    .where('stratum', '=', stratum)
    .where('chance', '>', 0)
    .executeTakeFirstOrThrow()
  // What was cut once stays cut: a place that becomes free is nobody's, or the chances would be wrong.
  const chance = Math.min(item.chance, numberOrNull(lowest) ?? item.chance)
  if (draw >= chance) return false
  const part = { stratum, week, chance }
  if (there)
    await on
      .updateTable('asklet_reviews')
      .set({
        ...part,
        // That the bot said it does not know is told by the journal alone.
        kind: there.kind === 'missed' ? there.kind : item.kind,
        ...('conversationId' in place && placeOf(place)),
      })
      .where('item_id', '=', itemId)
      .execute()
  else
    await on
      .insertInto('asklet_reviews')
      .values({
        item_id: itemId,
        kind: item.kind,
        at: Math.trunc(item.at),
        ...placeOf(place),
        draw,
        agent_id: item.agentId,
        revision: 0,
        ...part,
      })
      .onConflict(c => c.doNothing())
      .execute()
  return true
}

const placeOf = (place: OfferedReview['place']) =>
  'seq' in place
    ? { conversation_id: place.conversationId, seq: place.seq, journal_position: null }
    : { conversation_id: null, seq: null, journal_position: place.journalPosition }

/** R2. */
async function cut(
  on: Connection,
  { week, stratum }: Pick<OfferedReview, 'week' | 'stratum'>,
  weekly: number,
) {
  const over = await on
    .selectFrom('asklet_reviews')
    .select('draw')
    .where('week', '=', week)
    .where('stratum', '=', stratum)
    .where('chance', '>', 0)
    .orderBy('draw')
    .offset(weekly)
    .limit(1)
    .executeTakeFirst()
  if (!over) return
  const draw = Number(over.draw)
  await on
    .deleteFrom('asklet_reviews')
    .where('week', '=', week)
    .where('stratum', '=', stratum)
    .where('draw', '>=', draw)
    .where('verdict', 'is', null)
    .execute()
  await on
    .updateTable('asklet_reviews')
    .set({ chance: sql<number>`case when draw < ${sql.lit(draw)} then ${sql.lit(draw)} else 0 end` })
    .where('week', '=', week)
    .where('stratum', '=', stratum)
    .where('chance', '>', draw)
    .execute()
}

async function cursorOn(on: Kysely<Tables> | Connection): Promise<ReviewCursor | null> {
  const row = await on.selectFrom('asklet_meta').select('value').where('key', '=', CURSOR).executeTakeFirst()
  return row ? (JSON.parse(row.value) as ReviewCursor) : null
}

function latest(one: ReviewCursor, other: ReviewCursor): ReviewCursor {
  const isLater =
    other.lastAt > one.lastAt || (other.lastAt === one.lastAt && other.conversationId > one.conversationId)
  const { lastAt, conversationId } = isLater ? other : one
  return {
    lastAt,
    conversationId,
    journalPosition: Math.max(one.journalPosition, other.journalPosition),
  }
}

function toReview(record: Pick<Tables['asklet_reviews'], (typeof COLUMNS)[number]>): ReviewRow {
  const { verdict } = record
  return {
    itemId: record.item_id,
    kind: record.kind as ReviewKind,
    stratum: record.stratum as ReviewStratum,
    place:
      record.conversation_id === null
        ? { journalPosition: Number(record.journal_position) }
        : { conversationId: record.conversation_id, seq: Number(record.seq) },
    at: Number(record.at),
    week: Number(record.week),
    draw: Number(record.draw),
    chance: Number(record.chance),
    agentId: record.agent_id,
    revision: Number(record.revision),
    judgement:
      verdict === null
        ? null
        : {
            verdict: verdict as Verdict,
            article: record.article === null ? null : (JSON.parse(record.article) as ReviewedArticle),
            words: JSON.parse(record.words ?? '""') as string,
            by: { agentId: record.by_id ?? '', name: record.by_name ?? '' },
            at: Number(record.judged_at),
          },
  }
}
