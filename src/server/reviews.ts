// The leads' calls: one thing to judge at a time, and what was judged. Looks through what ended and what pages
// recorded since the last look, and offers the store what the sample takes of it. Holds no truth: two nodes that look
// at once find and offer the same (R1). Who reads waits for no write: what is being offered is shown as it was found,
// and whoever judges it waits until it stands.

import type { SiteMasks } from '../base/redact'
import type { StoredEvent } from '../protocol/events'
import { type ReviewItem, STRATA, VERDICTS_OF } from '../protocol/reviews'
import type { DeskAnswers } from './deskRecords'
import { refusal } from './refusals'
import { figuresOf } from './reviewFigures'
import { type FoundItem, itemOfRecord, itemsOf } from './reviewItems'
import { chanceOf, drawOf, itemIdOf, type ReviewRules, stratumOf, turnOf, weekOf } from './sampling'
import { shared } from './sharedAnswer'
import type { HelpDeskStore } from './store/helpDeskStore'
import type { OfferedReview, ReviewRow } from './store/reviewStore'

export type ReviewCallName = 'reviews' | 'judge'

export interface ReviewCalls {
  readonly desk: DeskAnswers<ReviewCallName>
  /** Looks through some of what came since; true: there is more. */
  look(): Promise<boolean>
}

export interface ReviewCallsOptions {
  readonly store: HelpDeskStore
  now(): number
  /** Null: nobody is asked to judge anything. */
  readonly rules: ReviewRules | null
  /** What the site masks and keeps of its own. */
  readonly masks?: SiteMasks | undefined
  /** Runs it without anybody waiting, and says what became of it where it fails. */
  background(run: () => Promise<unknown>): void
}

/** A conversation that just ended may be rated in a moment. */
const SETTLED_MS = 60_000
/** What was there before there was a queue: so much of it is looked at. */
const LOOK_BACK_MS = 14 * 24 * 60 * 60_000
const CONVERSATIONS_A_LOOK = 100
const RECORDS_A_LOOK = 500
/** Of one conversation: what is longer is judged by its beginning. */
const MAX_EVENTS = 1_000
const EVENTS_A_PAGE = 200
const FIGURES_OF_DAYS = 91
/** Items that cannot be read are passed over, so many in a call. */
const TRIES = 5

export function createReviewCalls({ store, now, rules, masks, background }: ReviewCallsOptions): ReviewCalls {
  /** What the look before found, on its way into the store. One at a time: the next one begins where it ends. */
  let offered: { readonly items: readonly OfferedReview[]; readonly done: Promise<void> } | null = null
  /** Items that cannot be read and are on their way out. */
  const leaving = new Set<string>()
  let knownKey: Promise<string> | null = null
  /** Not the key of files itself: who learns one has not learnt the other. */
  const key = () => {
    knownKey ??= store.fileKey().then(
      found => `reviews ${found}`,
      error => {
        knownKey = null
        throw error
      },
    )
    return knownKey
  }

  /** Null: not taken. */
  function taken(
    own: string,
    found: FoundItem,
    place: OfferedReview['place'],
    by: ReviewRules,
  ): OfferedReview | null {
    const itemId = itemIdOf(own, ...found.name)
    const stratum = stratumOf(found.signals)
    const chance = chanceOf(stratum, by)
    const draw = drawOf(own, itemId)
    if (draw >= chance) return null
    const { kind, at, agentId } = found
    return { itemId, kind, stratum, place, at, week: weekOf(at), draw, chance, agentId }
  }

  /** Reads alone; true: there is more than it has looked at. */
  const look = shared(async (): Promise<boolean> => {
    if (!rules) return false
    if (offered) return true
    const own = await key()
    const since = now() - LOOK_BACK_MS
    const cursor = (await store.reviewCursor()) ?? { lastAt: since, conversationId: '', journalPosition: 0 }
    const [rows, records] = await Promise.all([
      store.endedAfter(cursor, now() - SETTLED_MS, CONVERSATIONS_A_LOOK),
      store.journal(cursor.journalPosition, RECORDS_A_LOOK),
    ])
    if (rows.length === 0 && records.length === 0) return false
    const items: OfferedReview[] = []
    for (const { conversationId } of rows)
      for (const found of itemsOf(await readEvents(store, conversationId), masks)) {
        const item = taken(own, found, { conversationId, seq: found.seq }, rules)
        if (item) items.push(item)
      }
    for (const { position, receivedAt, record } of records) {
      const found = receivedAt >= since ? itemOfRecord(record, receivedAt, masks) : null
      if (!found) continue
      const item = taken(own, found, { journalPosition: position }, rules)
      if (item) items.push(item)
    }
    const last = rows.at(-1)
    const done = store.offerReviews(items, rules.weekly, {
      lastAt: last?.lastAt ?? cursor.lastAt,
      conversationId: last?.conversationId ?? cursor.conversationId,
      journalPosition: records.at(-1)?.position ?? cursor.journalPosition,
    })
    offered = { items, done }
    // Where it fails the cursor stands where it stood, and the next look finds the same.
    background(() =>
      done.finally(() => {
        offered = null
      }),
    )
    return rows.length === CONVERSATIONS_A_LOOK || records.length === RECORDS_A_LOOK
  })

  /** Null: its words are gone. */
  async function shownOf({ place, ...row }: ReviewRow): Promise<ReviewItem | null> {
    const found = await foundAt(store, place, masks)
    if (!found) return null
    const { said: _said, ...shown } = found.shown
    return {
      itemId: row.itemId,
      kind: row.kind,
      stratum: row.stratum,
      at: row.at,
      revision: row.revision,
      ...shown,
      verdict: row.judgement?.verdict ?? null,
      article: row.judgement?.article ?? null,
      words: row.judgement?.words ?? '',
    }
  }

  const readRows = shared(() => store.reviewsSince(weekOf(now() - FIGURES_OF_DAYS * 24 * 60 * 60_000)))

  return {
    look,

    desk: {
      async reviews({ agentId }, _member, { skipped, itemId }) {
        if (!rules) return refusal('not_found', 'reviews are off: "reviews" of asklet.json is false')
        const isBehind = await look()
        // Asked first: what is stored in between is in both.
        const found = offered?.items ?? []
        const rows = withOffered(await readRows(), found, rules.weekly)
        const own = await key()
        const asked = itemId === undefined ? undefined : rows.find(row => row.itemId === itemId)
        const passed = new Set(skipped ?? [])
        const turns = new Map(rows.map(row => [row.itemId, turnOf(own, agentId, row.itemId)]))
        const rank = (row: ReviewRow) => STRATA.indexOf(row.stratum)
        const mine = (row: ReviewRow) => row.agentId === agentId
        const waiting = rows
          .filter(row => !row.judgement && row.chance > 0 && !mine(row) && !leaving.has(row.itemId))
          .sort((a, b) => rank(a) - rank(b) || (turns.get(a.itemId) ?? 0) - (turns.get(b.itemId) ?? 0))
        const next = asked
          ? [asked].filter(row => !mine(row))
          : waiting.filter(row => !passed.has(row.itemId))
        let item: ReviewItem | null = null
        for (const row of next.slice(0, TRIES)) {
          item = await shownOf(row)
          if (item) break
          leaving.add(row.itemId)
          background(() => store.dropReview(row.itemId).finally(() => leaving.delete(row.itemId)))
        }
        const weighed = rows
          .filter(row => row.judgement || row.chance > 0)
          .map(({ kind, stratum, chance, judgement }) => ({
            kind,
            stratum,
            chance,
            verdict: judgement?.verdict ?? null,
          }))
        const figures = figuresOf(weighed, FIGURES_OF_DAYS)
        return { ok: true, item, waiting: waiting.length, figures, isBehind }
      },

      async judge({ agentId, name }, _member, { itemId, expected, verdict, article, words }) {
        if (!rules) return refusal('not_found', 'reviews are off: "reviews" of asklet.json is false')
        if (offered?.items.some(item => item.itemId === itemId)) await offered.done
        const row = await store.review(itemId)
        if (!row) return refusal('not_found')
        if (row.agentId === agentId) return refusal('forbidden', 'nobody judges an answer of their own')
        if (!VERDICTS_OF[row.kind].includes(verdict))
          return refusal(
            'bad_request',
            `verdict must be one of ${VERDICTS_OF[row.kind].join(', ')}, got ${verdict}: it is of the kind ${row.kind}`,
          )
        const judged = await store.judge({
          itemId,
          expected,
          judgement: { verdict, article, words, by: { agentId, name }, at: now() },
        })
        return judged.ok ? { ok: true, revision: judged.revision } : refusal(judged.code)
      },
    },
  }
}

/** R2, of what is about to be stored: as the store will have it, but for what other nodes offer at the same moment. */
export function withOffered(
  rows: readonly ReviewRow[],
  items: readonly OfferedReview[],
  weekly: number,
): readonly ReviewRow[] {
  const there = new Set(rows.map(({ itemId }) => itemId))
  const partOf = ({ week, stratum }: OfferedReview) => `${week} ${stratum}`
  const parts = new Map<string, ReviewRow[]>()
  for (const row of rows) {
    const part = parts.get(partOf(row))
    if (part) part.push(row)
    else parts.set(partOf(row), [row])
  }
  const added: ReviewRow[] = []
  for (const item of [...items].sort((a, b) => a.draw - b.draw)) {
    if (there.has(item.itemId)) continue
    there.add(item.itemId)
    const weighed = (parts.get(partOf(item)) ?? []).filter(({ chance }) => chance > 0)
    // What was cut once stays cut, and of all that is there the lowest draws stay.
    if (weighed.some(({ chance }) => item.draw >= chance)) continue
    if (weighed.filter(({ draw }) => draw < item.draw).length >= weekly) continue
    const row = { ...item, revision: 0, judgement: null }
    added.push(row)
    parts.set(partOf(item), [...(parts.get(partOf(item)) ?? []), row])
  }
  return added.length > 0 ? [...rows, ...added] : rows
}

type Readable = Pick<HelpDeskStore, 'journalAt' | 'read'>

/** What stands at that place now; null: it is gone. */
export async function foundAt(
  store: Readable,
  place: OfferedReview['place'],
  masks?: SiteMasks,
): Promise<FoundItem | null> {
  if ('conversationId' in place) {
    const items = itemsOf(await readEvents(store, place.conversationId), masks)
    return items.find(({ seq }) => seq === place.seq) ?? null
  }
  const entry = await store.journalAt(place.journalPosition)
  return entry && itemOfRecord(entry.record, entry.receivedAt, masks)
}

async function readEvents(store: Readable, conversationId: string): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = []
  while (events.length < MAX_EVENTS) {
    const page = await store.read(conversationId, events.at(-1)?.seq ?? 0, EVENTS_A_PAGE)
    events.push(...(page?.events ?? []))
    if (!page || page.events.length < EVENTS_A_PAGE) break
  }
  return events
}
