// Everything of one person, over all tables: found, read, erased; and what is too old, forgotten. Which tables and columns
// are a person's says `dataMap`, so that a new one is read by the export as soon as it has its line there.
//
// S61  A person's conversations are those that an identity of theirs opened, owns or has claimed. With a conversation of
//      theirs that was claimed come the others of the same device, but none that another signed-in user owns.
// S62  `erasePerson` is S11 for each, and more: nothing is left by which the conversation could be told to be theirs. Each
//      event keeps its seq, and its conversation stays ended or open as it was.
// S63  `forgetOld` takes at most `limit` of a kind, oldest first, and nothing of a conversation that is queued, live, or
//      whose ticket is not solved.
// S64  `scrub` leaves no byte of what was erased in the files of an embedded database.

import { CompiledQuery, type Kysely, sql } from 'kysely'
import { dataMap, type TableLine } from '../dataMap'
import type { RetentionKind } from '../retention'
import type { ErasedFor } from './chainRows'
import type { WriteOrder } from './groupCommit'
import type { Dialect } from './migrations'
import type { Connection } from './statements'
import type { Tables } from './tables'

/** One of these. */
export type PersonQuery =
  /** The host's id of a signed-in user, or an identity as the store has it (`anon:…`, `user:…`). */
  | { readonly visitorId: string }
  /** An e-mail address or a phone number that was given in a conversation: finds those conversations alone. */
  | { readonly contact: string }
  | { readonly conversationId: string }

export interface Person {
  readonly identities: readonly string[]
  readonly conversationIds: readonly string[]
}

export interface Forgotten {
  readonly count: number
  /** Their bytes are nobody's any more. */
  readonly attachmentIds: readonly string[]
}

export interface PrivacyRows {
  /** S61. */
  findPerson(query: PersonQuery): Promise<Person>
  /** Rows by table, with the columns that the map exports; JSON as what it says. */
  personRows(person: Person): Promise<Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>>
  /** S62. `at`: now, which the journal's entries say. */
  erasePerson(person: Person, at: number): Promise<Forgotten>
  /** S63. */
  forgetOld(kind: RetentionKind, before: number, limit: number, now: number): Promise<Forgotten>
  /** One node at a time. False: another one has it. */
  takeRetentionLease(now: number, until: number): Promise<boolean>
  /** S64. False: somebody else reads the database just now, or it is a server's: its own `vacuum` does it. */
  scrub(): Promise<boolean>
}

export const RETENTION_LEASE = 'retention_lease'
/** What an erased conversation is owned by. */
const NOBODY = 'erased:'
/** Of an event that a visitor sent, what the fold needs of its body is left by S11; of all others nothing. */
const FOLDED = ['handoffReady', 'cancelled', 'ended', 'marked', 'rated', 'reopened']

interface PersonRowsOptions {
  readonly db: Kysely<Tables>
  readonly dialect: Dialect
  readonly reads: <T>(run: () => Promise<T>) => Promise<T>
  readonly write: <T>(run: (on: Connection) => Promise<T>, order?: WriteOrder) => Promise<T>
  /** S11, in the transaction that is under way. */
  eraseConversation(on: Connection, conversationId: string, at: number, why: ErasedFor): Promise<void>
  /** What the entries of a chain hold, in the transaction that is under way; the chain stays whole. */
  eraseEntries(on: Connection, chain: string, at: number, why: ErasedFor): Promise<void>
}

export function createPersonRows({
  db,
  dialect,
  reads,
  write,
  eraseConversation,
  eraseEntries,
}: PersonRowsOptions): PrivacyRows {
  async function ofIdentity(first: string): Promise<Person> {
    const identities = new Set([first])
    const conversationIds = new Set<string>()
    const asked = new Set<string>()
    for (;;) {
      const next = [...identities].filter(identity => !asked.has(identity))
      if (next.length === 0) break
      for (const identity of next) asked.add(identity)
      const rows = await db
        .selectFrom('asklet_conversations')
        .select(['id', 'opener', 'owner', 'claimed_from'])
        .where(({ eb, or }) =>
          or([eb('owner', 'in', next), eb('claimed_from', 'in', next), eb('opener', 'in', next)]),
        )
        .execute()
      for (const { id, opener, owner, claimed_from } of rows) {
        // Two who share a device: the other one's are the other one's.
        if (owner.startsWith('user:') && owner !== first) continue
        conversationIds.add(id)
        for (const identity of [opener, owner, claimed_from])
          if (identity?.startsWith('anon:') || identity === first) identities.add(identity)
      }
    }
    return { identities: [...identities], conversationIds: [...conversationIds] }
  }

  async function ofContact(contact: string): Promise<Person> {
    const wanted = plainContact(contact)
    const like = `%${contact.trim().replace(/[\\%_]/g, sign => `\\${sign}`)}%`
    const rows = await db
      .selectFrom('asklet_conversations')
      .select(['id', 'contact'])
      .where('contact', 'is not', null)
      .execute()
    const found = new Set(rows.filter(row => hasContact(row.contact, wanted)).map(({ id }) => id))
    const events = await sql<{
      conversation_id: string
      body: string
    }>`select conversation_id, body from asklet_events
      where type in ('opened', 'contactGiven', 'handoffReady', 'ticketOpened') and lower(body) like ${like.toLowerCase()} escape '\\'`.execute(
      db,
    )
    for (const { conversation_id, body } of events.rows)
      if (hasContact(body, wanted)) found.add(conversation_id)
    return { identities: [], conversationIds: [...found] }
  }

  /** Files of these, which are from now on nobody's. */
  async function filesOf(on: Connection, conversationIds: readonly string[]): Promise<string[]> {
    if (conversationIds.length === 0) return []
    const rows = await on
      .selectFrom('asklet_attachments')
      .select('id')
      .where('conversation_id', 'in', conversationIds)
      .execute()
    return rows.map(({ id }) => id)
  }

  /** S62, of one. */
  async function forgetWhose(
    on: Connection,
    conversationId: string,
    at: number,
    why: ErasedFor,
  ): Promise<string[]> {
    const files = await filesOf(on, [conversationId])
    await eraseConversation(on, conversationId, at, why)
    await on
      .updateTable('asklet_events')
      .set({ body: null })
      .where('conversation_id', '=', conversationId)
      .where('sender', '=', 'visitor')
      .where('type', 'not in', FOLDED)
      .execute()
    await on
      .updateTable('asklet_events')
      .set({ client_id: sql<string>`'erased-' || seq` })
      .where('conversation_id', '=', conversationId)
      .where('sender', '=', 'visitor')
      .execute()
    await on
      .updateTable('asklet_conversations')
      .set(eb => ({
        opener: `${NOBODY}${conversationId}`,
        open_id: 'erased',
        owner: `${NOBODY}${conversationId}`,
        claimed_from: null,
        // Another incarnation: whoever has a copy reads it anew (D4).
        generation: eb('generation', '+', 1),
      }))
      .where('id', '=', conversationId)
      .execute()
    // A site's key of a dispute names the visitors.
    await on
      .updateTable('asklet_disputes')
      .set({
        dispute_key: sql<string>`${NOBODY} || id`,
        open_key: sql<string | null>`case when open_key is null then null else ${NOBODY} || id end`,
      })
      .where('id', 'in', query =>
        query
          .selectFrom('asklet_dispute_sides')
          .select('dispute_id')
          .where('conversation_id', '=', conversationId),
      )
      .execute()
    // Of a device that named its conversation in a record.
    await on.deleteFrom('asklet_journal').where('record', 'like', `%"${conversationId}"%`).execute()
    return files
  }

  async function eraseEach(
    conversationIds: readonly string[],
    at: number,
    why: ErasedFor,
  ): Promise<string[]> {
    const files: string[] = []
    for (const conversationId of conversationIds)
      files.push(
        ...(await write(on => forgetWhose(on, conversationId, at, why), {
          conversationId,
          changesOthers: true,
        })),
      )
    return files
  }

  /** Ended, and with or without a ticket. */
  const endedBefore = (withTicket: boolean, before: number, limit: number) =>
    reads(() =>
      db
        .selectFrom('asklet_conversations')
        .select('id')
        .where('phase', 'in', withTicket ? ['ended'] : ['ended', 'bot', 'offered'])
        .where('last_at', '<', Math.trunc(before))
        .where('ticket', withTicket ? 'is not' : 'is', null)
        .where('owner', 'not like', `${NOBODY}%`)
        .orderBy('last_at')
        .limit(limit)
        .execute(),
    )

  const forget: Readonly<
    Record<RetentionKind, (before: number, limit: number, now: number) => Promise<Forgotten>>
  > = {
    async conversations(before, limit, now) {
      const rows = await endedBefore(false, before, limit)
      const ids = rows.map(({ id }) => id)
      return { count: ids.length, attachmentIds: await eraseEach(ids, now, 'conversations') }
    },
    async tickets(before, limit, now) {
      const rows = await endedBefore(true, before, limit)
      const ids = rows.map(({ id }) => id)
      return { count: ids.length, attachmentIds: await eraseEach(ids, now, 'tickets') }
    },
    // A chain whole, once its last entry is too old: that something stood there is never forgotten, only what.
    async journal(before, limit, now) {
      const { rows } = await reads(() =>
        sql<{
          chain: string
        }>`select h.chain from asklet_chain_heads h where h.at < ${Math.trunc(before)} and exists (
          select 1 from asklet_chain c where c.chain = h.chain and c.body is not null
          and (c.kind <> 'erased' or c.origin is not null)) order by h.at limit ${limit}`.execute(db),
      )
      for (const { chain } of rows) await write(on => eraseEntries(on, chain, now, 'journal'))
      // Of a node of a former build that runs beside this one.
      await write(async on => {
        await on.deleteFrom('asklet_journal').where('received_at', '<', Math.trunc(before)).execute()
      })
      return { count: rows.length, attachmentIds: [] }
    },
    files: (before, limit) =>
      write(async on => {
        const rows = await on
          .selectFrom('asklet_attachments')
          .select('asklet_attachments.id')
          .innerJoin('asklet_conversations', 'asklet_conversations.id', 'asklet_attachments.conversation_id')
          .where('asklet_attachments.state', '=', 'used')
          .where('asklet_attachments.at', '<', Math.trunc(before))
          .where('phase', 'not in', ['queued', 'live', 'ticketed'])
          .orderBy('asklet_attachments.at')
          .limit(limit)
          .execute()
        const attachmentIds = rows.map(({ id }) => id)
        if (attachmentIds.length > 0)
          await on
            .updateTable('asklet_attachments')
            .set(({ ref }) => ({ state: 'gone', name: '', upload_id: ref('id') }))
            .where('id', 'in', attachmentIds)
            .execute()
        return { count: rows.length, attachmentIds }
      }),
    visits: (before, limit) =>
      write(async on => {
        await on
          .deleteFrom('asklet_presence')
          .where('connected', '=', 0)
          .where('seen_at', '<', Math.trunc(before))
          .execute()
        const rows = await on
          .selectFrom('asklet_beside')
          .select('conversation_id')
          .where('page_at', '<', Math.trunc(before))
          .limit(limit)
          .execute()
        if (rows.length > 0)
          await on
            .updateTable('asklet_beside')
            .set({ page: null, page_at: null })
            .where(
              'conversation_id',
              'in',
              rows.map(({ conversation_id }) => conversation_id),
            )
            .execute()
        return { count: rows.length, attachmentIds: [] }
      }),
    notes: (before, limit) =>
      write(async on => {
        const rows = await on
          .selectFrom('asklet_notes')
          .select(['asklet_notes.conversation_id', 'note_id'])
          .innerJoin('asklet_conversations', 'asklet_conversations.id', 'asklet_notes.conversation_id')
          .where('text', 'is not', null)
          .where('at', '<', Math.trunc(before))
          .where('phase', 'not in', ['queued', 'live', 'ticketed'])
          .orderBy('at')
          .limit(limit)
          .execute()
        for (const { conversation_id, note_id } of rows) {
          await on
            .updateTable('asklet_notes')
            .set({ text: null })
            .where('conversation_id', '=', conversation_id)
            .where('note_id', '=', note_id)
            .execute()
          await on.deleteFrom('asklet_labels').where('conversation_id', '=', conversation_id).execute()
          await on
            .updateTable('asklet_beside')
            .set(eb => ({ revision: eb('revision', '+', 1) }))
            .where('conversation_id', '=', conversation_id)
            .execute()
        }
        return { count: rows.length, attachmentIds: [] }
      }),
    deliveries: before =>
      write(async on => {
        await on.deleteFrom('asklet_deliveries').where('done_at', '<', Math.trunc(before)).execute()
        return { count: 0, attachmentIds: [] }
      }),
  }

  return {
    findPerson: query =>
      reads(async () => {
        if ('contact' in query) return ofContact(query.contact)
        if ('conversationId' in query) {
          const row = await db
            .selectFrom('asklet_conversations')
            .select('id')
            .where('id', '=', query.conversationId)
            .executeTakeFirst()
          return { identities: [], conversationIds: row ? [row.id] : [] }
        }
        const { visitorId } = query
        return ofIdentity(/^(?:user|anon):/.test(visitorId) ? visitorId : `user:${visitorId}`)
      }),

    personRows: person =>
      reads(async () => {
        const found: Record<string, readonly Readonly<Record<string, unknown>>[]> = {}
        for (const [name, table] of Object.entries(dataMap) as [string, TableLine][]) {
          if (!table.person) continue
          const keys = table.person.by === 'conversation' ? person.conversationIds : person.identities
          const columns = Object.entries(table.columns).filter(([, { exported }]) => exported !== false)
          if (keys.length === 0 || columns.length === 0) continue
          const { rows } = await sql<Record<string, unknown>>`select ${sql.join(
            columns.map(([column]) => sql.ref(column)),
          )} from ${sql.table(name)} where ${sql.ref(table.person.column)} in (${sql.join(keys)})`.execute(db)
          const asJson = new Set(
            columns.filter(([, { exported }]) => exported === 'json').map(([column]) => column),
          )
          found[name] = rows.map(row =>
            Object.fromEntries(
              Object.entries(row).map(([column, value]) => [
                column,
                typeof value === 'string' && asJson.has(column) ? (JSON.parse(value) as unknown) : value,
              ]),
            ),
          )
        }
        return found
      }),

    async erasePerson({ identities, conversationIds }, at) {
      const attachmentIds = await eraseEach(conversationIds, at, 'asked for')
      if (identities.length > 0)
        await write(async on => {
          await on.deleteFrom('asklet_presence').where('identity', 'in', identities).execute()
        })
      return { count: conversationIds.length, attachmentIds }
    },

    forgetOld: (kind, before, limit, now) => forget[kind](before, limit, now),

    takeRetentionLease: (now, until) =>
      write(async on => {
        const lease = { key: RETENTION_LEASE, value: String(Math.trunc(until)) }
        const held = await on
          .selectFrom('asklet_meta')
          .select('value')
          .where('key', '=', RETENTION_LEASE)
          .executeTakeFirst()
        if (held && Number(held.value) > now) return false
        if (!held) {
          await on
            .insertInto('asklet_meta')
            .values(lease)
            .onConflict(c => c.doNothing())
            .execute()
          return true
        }
        // Of two nodes that read the same one changes it.
        const { numUpdatedRows } = await on
          .updateTable('asklet_meta')
          .set({ value: lease.value })
          .where('key', '=', RETENTION_LEASE)
          .where('value', '=', held.value)
          .executeTakeFirst()
        return Number(numUpdatedRows) === 1
      }),

    scrub: () =>
      reads(async () => {
        if (dialect !== 'sqlite') return false
        // Rewritten, because pages that were split keep copies of rows in their gaps, and a file of an earlier build has
        // free pages from before they were overwritten.
        await db.executeQuery(CompiledQuery.raw('vacuum'))
        const { rows } = await db.executeQuery<{ busy: number | bigint }>(
          CompiledQuery.raw('pragma wal_checkpoint(truncate)'),
        )
        return Number(rows[0]?.busy ?? 0) === 0
      }),
  }
}

/** Compared without what people write differently: case, and what parts the digits of a phone number. */
function plainContact(contact: string): string {
  const text = contact.trim().toLowerCase()
  return text.includes('@') ? text : text.replace(/[^\d+]/g, '')
}

/** Does this JSON hold a contact, anywhere, that is the wanted one? */
function hasContact(json: string | null, wanted: string): boolean {
  if (json === null || wanted === '') return false
  let isIn = false
  JSON.parse(json, (key, value: unknown) => {
    if (key === 'email' || key === 'phone')
      isIn ||= typeof value === 'string' && plainContact(value) === wanted
    return value
  })
  return isIn
}
