// Everything of one person, over all tables: found, read, erased; and what is too old, forgotten. Which tables and columns
// are a person's says `dataMap`, so that a new one is read by the export as soon as it has its line there.
//
// S61  A person's conversations are those that an identity of theirs opened, owns or has claimed. With a conversation of
//      theirs that was claimed come the others of the same device, but none that another signed-in user owns.
// S62  `erasePerson` is S11 for each, and more: nothing is left by which the conversation could be told to be theirs. Each
//      event keeps its seq, and its conversation stays ended or open as it was.
//      Interrupted, it is completed by asking again: what leads to others goes after them.
// S63  `forgetOld` takes at most `limit` of a kind, oldest first, and nothing of a conversation that is queued, live, or
//      whose ticket is not solved, also where it came to be so a moment ago. What cannot be written keeps nothing else.
// S64  `scrub` leaves no byte of what was erased in the files of an embedded database, and stops nobody meanwhile.

import { type Kysely, sql } from 'kysely'
import { dataMap, type TableLine } from '../dataMap'
import type { RetentionKind } from '../retention'
import { countChange } from './beside'
import type { ErasedFor } from './chainRows'
import { AGENT_PREFIX } from './deskRecords'
import { eraseToMake } from './disputes'
import type { WriteOrder } from './groupCommit'
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
  /** What could not be written, by the ids that `except` takes. Absent: nothing. */
  readonly failed?: readonly NotForgotten[]
}

export interface NotForgotten {
  /** Of a conversation, a chain or a file. */
  readonly id: string
  readonly error: unknown
}

export interface PrivacyRows {
  /** S61. */
  findPerson(query: PersonQuery): Promise<Person>
  /** Rows by table, with the columns that the map exports; JSON as what it says. */
  personRows(person: Person): Promise<Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>>
  /** S62. `at`: now, which the journal's entries say. */
  erasePerson(person: Person, at: number): Promise<Forgotten>
  /**
   * S63.
   *
   * @param except  those that could not be written a moment ago
   */
  forgetOld(
    kind: RetentionKind,
    before: number,
    limit: number,
    now: number,
    except?: readonly string[],
  ): Promise<Forgotten>
  /** One node at a time. False: another one has it. `held`: until when this one has it, to go on with it. */
  takeRetentionLease(now: number, until: number, held?: number): Promise<boolean>
  /** S64. False: somebody else has the database just now, or it is a server's: its own `vacuum` does it. Never rejects. */
  scrub(): Promise<boolean>
}

export const RETENTION_LEASE = 'retention_lease'
/** A delivery that waits for longer is in nobody's hands: who sends gives up after three days. */
const UNSENT_MS = 4 * 24 * 60 * 60_000
/** Rows of a look through all there are. */
const SCANNED_AT_ONCE = 500
/** Of these nothing is too old. */
const OPEN = ['queued', 'live', 'ticketed']
/** What an erased conversation is owned by. */
const NOBODY = 'erased:'
/** Of an event that a visitor sent, what the fold needs of its body is left by S11; of all others nothing. */
const FOLDED = ['handoffReady', 'cancelled', 'ended', 'marked', 'rated', 'reopened']

interface PersonRowsOptions {
  readonly db: Kysely<Tables>
  /** Null: the files are a server's. */
  readonly scrub: (() => Promise<boolean>) | null
  readonly reads: <T>(run: () => Promise<T>) => Promise<T>
  readonly write: <T>(run: (on: Connection) => Promise<T>, order?: WriteOrder) => Promise<T>
  /** S11, in the transaction that is under way. Answers with conversations that went along (V11). */
  eraseConversation(
    on: Connection,
    conversationId: string,
    at: number,
    why: ErasedFor,
  ): Promise<readonly string[]>
  /** Nobody else adds to this chain until the transaction is over. */
  holdChain(on: Connection, chain: string): Promise<void>
  /** What the entries of a chain hold, in the transaction that is under way; the chain stays whole. */
  eraseEntries(on: Connection, chain: string, at: number, why: ErasedFor): Promise<void>
}

export function createPersonRows({
  db,
  scrub,
  reads,
  write,
  eraseConversation,
  eraseEntries,
  holdChain,
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

  /** In pages: a store holds more contacts and events than a process has room for. */
  async function ofContact(contact: string): Promise<Person> {
    const wanted = plainContact(contact)
    const found = new Set<string>()
    for (let after = ''; ; ) {
      const rows = await db
        .selectFrom('asklet_conversations')
        .select(['id', 'contact'])
        .where('contact', 'is not', null)
        .where('id', '>', after)
        .orderBy('id')
        .limit(SCANNED_AT_ONCE)
        .execute()
      for (const { id, contact: given } of rows) if (hasContact(given, wanted)) found.add(id)
      after = rows.at(-1)?.id ?? ''
      if (rows.length < SCANNED_AT_ONCE) break
    }
    // An address stands as it is written, but for case; a number is parted as people like, and only looked at tells.
    const like = wanted.includes('@') ? `%${wanted.replace(/[\\%_]/g, sign => `\\${sign}`)}%` : '%"phone":%'
    for (let [conversationId, seq] = ['', 0]; ; ) {
      const { rows } = await sql<{ conversation_id: string; seq: number | bigint; body: string }>`
        select conversation_id, seq, body from asklet_events
        where (conversation_id, seq) > (${conversationId}, ${seq})
        and type in ('opened', 'contactGiven', 'handoffReady', 'ticketOpened')
        and lower(body) like ${like} escape '\\'
        order by conversation_id, seq limit ${SCANNED_AT_ONCE}`.execute(db)
      for (const { conversation_id, body } of rows) if (hasContact(body, wanted)) found.add(conversation_id)
      const last = rows.at(-1)
      if (!last || rows.length < SCANNED_AT_ONCE) break
      conversationId = last.conversation_id
      seq = Number(last.seq)
    }
    return { identities: [], conversationIds: [...found] }
  }

  /** The desk has another list of what stands beside it. */
  async function changedBeside(on: Connection, conversationId: string): Promise<void> {
    await on
      .updateTable('asklet_beside')
      .set(eb => ({ revision: eb('revision', '+', 1) }))
      .where('conversation_id', '=', conversationId)
      .execute()
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

  /** Nothing says any more whose it was. */
  async function forgetOwner(on: Connection, conversationId: string): Promise<void> {
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
  }

  /** S62, of one. */
  async function forgetWhose(
    on: Connection,
    conversationId: string,
    at: number,
    why: ErasedFor,
  ): Promise<readonly string[]> {
    const along = await eraseConversation(on, conversationId, at, why)
    const files = await filesOf(on, [conversationId, ...along])
    for (const id of [conversationId, ...along]) await forgetOwner(on, id)
    // Of a device that named its conversation in a record.
    await on.deleteFrom('asklet_journal').where('record', 'like', `%"${conversationId}"%`).execute()
    return files
  }

  const eraseOne = <T>(conversationId: string, run: (on: Connection) => Promise<T>) =>
    write(run, { conversationId, changesOthers: true })

  /** S63: read a moment ago, and asked again now that nobody else can change it. */
  async function eraseOld(
    kind: 'conversations' | 'tickets',
    before: number,
    limit: number,
    now: number,
    except: readonly string[],
  ): Promise<Forgotten> {
    const withTicket = kind === 'tickets'
    const attachmentIds: string[] = []
    const failed: NotForgotten[] = []
    let count = 0
    for (const { id } of await endedBefore(withTicket, before, limit, except))
      try {
        const files = await eraseOne(id, async on =>
          (await endedOf(on, withTicket, before).where('id', '=', id).executeTakeFirst())
            ? forgetWhose(on, id, now, kind)
            : null,
        )
        if (!files) continue
        count++
        attachmentIds.push(...files)
      } catch (error) {
        failed.push({ id, error })
      }
    return { count, attachmentIds, ...saidFailed(failed) }
  }

  /** Conversations whose dispute a build before this one left, though both of its sides are erased (V11). */
  const leftInDisputes = (limit: number, except: readonly string[]) =>
    reads(async () => {
      const { rows } = await sql<{ id: string }>`
        select s.conversation_id as id from asklet_dispute_sides s
        where s.side = 0 and ${notOf('s.conversation_id', except)} and not exists (
          select 1 from asklet_dispute_sides o left join asklet_conversations c on c.id = o.conversation_id
          where o.dispute_id = s.dispute_id and o.side < 2 and (c.owner is null or c.owner not like ${`${NOBODY}%`}))
        limit ${limit}`.execute(db)
      return rows
    })

  /** All in one transaction; where that fails each by itself, so that one that cannot be written keeps no other. */
  async function apart<Row extends object>(
    rows: readonly Row[],
    idOf: (row: Row) => string,
    run: (on: Connection, rows: readonly Row[]) => Promise<void>,
  ): Promise<NotForgotten[]> {
    if (rows.length === 0) return []
    const failed: NotForgotten[] = []
    try {
      await write(on => run(on, rows))
    } catch {
      for (const row of rows)
        await write(on => run(on, [row])).catch(error => {
          failed.push({ id: idOf(row), error })
        })
    }
    return failed
  }

  /** Read a moment ago, and asked again: what was opened since keeps all that it has. */
  async function closed(on: Connection, conversationIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await on
      .selectFrom('asklet_conversations')
      .select('id')
      .where('id', 'in', conversationIds)
      .where('phase', 'not in', OPEN)
      .execute()
    return new Set(rows.map(({ id }) => id))
  }

  const notOf = (column: string, except: readonly string[]) =>
    sql<boolean>`${except.length === 0 ? sql`1 = 1` : sql`${sql.ref(column)} not in (${sql.join(except)})`}`

  /** Ended, and with or without a ticket. */
  const endedOf = (on: Connection, withTicket: boolean, before: number) =>
    on
      .selectFrom('asklet_conversations')
      .select('id')
      .where('phase', 'in', withTicket ? ['ended'] : ['ended', 'bot', 'offered'])
      .where('last_at', '<', Math.trunc(before))
      .where('ticket', withTicket ? 'is not' : 'is', null)
      .where('owner', 'not like', `${NOBODY}%`)

  const endedBefore = (withTicket: boolean, before: number, limit: number, except: readonly string[]) =>
    reads(() =>
      endedOf(db, withTicket, before).where(notOf('id', except)).orderBy('last_at').limit(limit).execute(),
    )

  const forget: Readonly<
    Record<
      RetentionKind,
      (before: number, limit: number, now: number, except: readonly string[]) => Promise<Forgotten>
    >
  > = {
    conversations: (before, limit, now, except) => eraseOld('conversations', before, limit, now, except),
    async tickets(before, limit, now, except) {
      const old = await eraseOld('tickets', before, limit, now, except)
      const attachmentIds = [...old.attachmentIds]
      const failed = [...(old.failed ?? [])]
      for (const { id } of await leftInDisputes(limit, [...except, ...failed.map(each => each.id)]))
        await eraseOne(id, async on =>
          attachmentIds.push(...(await forgetWhose(on, id, now, 'tickets'))),
        ).catch(error => {
          failed.push({ id, error })
        })
      return { count: old.count, attachmentIds, ...saidFailed(failed) }
    },
    // A chain whole, once its last entry is too old: that something stood there is never forgotten, only what.
    async journal(before, limit, now, except) {
      const failed: NotForgotten[] = []
      const tooOld = (chain?: string) => sql<{
        chain: string
      }>`select h.chain from asklet_chain_heads h where h.at < ${Math.trunc(before)} and exists (
          select 1 from asklet_chain c where c.chain = h.chain and c.body is not null
          and (c.kind <> 'erased' or c.origin is not null)) and not exists (
          select 1 from asklet_conversations o where o.id = h.chain and o.phase in (${sql.join(OPEN)}))
          ${chain === undefined ? sql`and ${notOf('h.chain', except)} order by h.at limit ${limit}` : sql`and h.chain = ${chain}`}`
      const { rows } = await reads(() => tooOld().execute(db))
      let count = 0
      for (const { chain } of rows)
        try {
          count += await write(
            async on => {
              await holdChain(on, chain)
              const { rows: still } = await tooOld(chain).execute(on)
              if (still.length > 0) await eraseEntries(on, chain, now, 'journal')
              return still.length
            },
            { conversationId: chain },
          )
        } catch (error) {
          failed.push({ id: chain, error })
        }
      // Of a node of a former build that runs beside this one.
      await write(async on => {
        await on.deleteFrom('asklet_journal').where('received_at', '<', Math.trunc(before)).execute()
        // What a lead said of an answer that was given in no conversation goes with its record.
        await on
          .deleteFrom('asklet_reviews')
          .where('conversation_id', 'is', null)
          .where('at', '<', Math.trunc(before))
          .execute()
      })
      return { count, attachmentIds: [], ...saidFailed(failed) }
    },
    async files(before, limit, _now, except) {
      const rows = await reads(() =>
        db
          .selectFrom('asklet_attachments')
          .select('asklet_attachments.id')
          .innerJoin('asklet_conversations', 'asklet_conversations.id', 'asklet_attachments.conversation_id')
          .where('asklet_attachments.state', '=', 'used')
          .where('asklet_attachments.at', '<', Math.trunc(before))
          .where('phase', 'not in', OPEN)
          .where(notOf('asklet_attachments.id', except))
          .orderBy('asklet_attachments.at')
          .limit(limit)
          .execute(),
      )
      const attachmentIds: string[] = []
      const failed = await apart(
        rows,
        ({ id }) => id,
        async (on, some) => {
          const marked = await on
            .updateTable('asklet_attachments')
            .set(({ ref }) => ({ state: 'gone', name: '', upload_id: ref('id') }))
            .where(
              'id',
              'in',
              some.map(({ id }) => id),
            )
            .where('conversation_id', 'in', query =>
              query.selectFrom('asklet_conversations').select('id').where('phase', 'not in', OPEN),
            )
            .returning('id')
            .execute()
          attachmentIds.push(...marked.map(({ id }) => id))
        },
      )
      return { count: rows.length - failed.length, attachmentIds, ...saidFailed(failed) }
    },
    async visits(before, limit, _now, except) {
      await write(async on => {
        await on
          .deleteFrom('asklet_presence')
          .where('connected', '=', 0)
          .where('seen_at', '<', Math.trunc(before))
          .execute()
      })
      // Of who waits, is talked to or has a ticket it is what agents see, and what a dispute compares.
      const rows = await reads(() =>
        db
          .selectFrom('asklet_beside')
          .innerJoin('asklet_conversations', 'asklet_conversations.id', 'asklet_beside.conversation_id')
          .select('conversation_id')
          .where('page_at', '<', Math.trunc(before))
          .where('phase', 'not in', OPEN)
          .where(notOf('conversation_id', except))
          .orderBy('page_at')
          .limit(limit)
          .execute(),
      )
      const failed = await apart(
        rows,
        ({ conversation_id }) => conversation_id,
        async (on, some) => {
          const still = await closed(
            on,
            some.map(({ conversation_id }) => conversation_id),
          )
          if (still.size === 0) return
          await on
            .updateTable('asklet_beside')
            .set({ page: null, page_at: null })
            .where('conversation_id', 'in', [...still])
            .where('page_at', '<', Math.trunc(before))
            .execute()
        },
      )
      return { count: rows.length - failed.length, attachmentIds: [], ...saidFailed(failed) }
    },
    async notes(before, limit, _now, except) {
      const rows = await reads(() =>
        db
          .selectFrom('asklet_notes')
          .select(['asklet_notes.conversation_id', 'note_id'])
          .innerJoin('asklet_conversations', 'asklet_conversations.id', 'asklet_notes.conversation_id')
          .where('text', 'is not', null)
          .where('at', '<', Math.trunc(before))
          .where('phase', 'not in', OPEN)
          .where(notOf('asklet_notes.conversation_id', except))
          .orderBy('at')
          .limit(limit)
          .execute(),
      )
      const failedNotes = await apart(
        rows,
        ({ conversation_id }) => conversation_id,
        async (on, some) => {
          const still = await closed(
            on,
            some.map(({ conversation_id }) => conversation_id),
          )
          for (const { conversation_id, note_id } of some) {
            if (!still.has(conversation_id)) continue
            await on
              .updateTable('asklet_notes')
              .set({ text: null })
              .where('conversation_id', '=', conversation_id)
              .where('note_id', '=', note_id)
              .execute()
            await changedBeside(on, conversation_id)
          }
        },
      )
      // A label has no time of its own: it is as old as what it was put on.
      const labelled = await reads(() =>
        db
          .selectFrom('asklet_conversations')
          .select('id')
          .where('last_at', '<', Math.trunc(before))
          .where('phase', 'not in', OPEN)
          .where('id', 'in', query => query.selectFrom('asklet_labels').select('conversation_id'))
          .where(notOf('id', except))
          .orderBy('last_at')
          .limit(limit)
          .execute(),
      )
      const failedLabels = await apart(
        labelled,
        ({ id }) => id,
        async (on, some) => {
          const still = await closed(
            on,
            some.map(({ id }) => id),
          )
          for (const id of still) {
            await on.deleteFrom('asklet_labels').where('conversation_id', '=', id).execute()
            await changedBeside(on, id)
          }
        },
      )
      return {
        count: Math.max(rows.length - failedNotes.length, labelled.length - failedLabels.length),
        attachmentIds: [],
        ...saidFailed([...failedNotes, ...failedLabels]),
      }
    },
    deliveries: (before, _limit, now) =>
      write(async on => {
        await on.deleteFrom('asklet_deliveries').where('done_at', '<', Math.trunc(before)).execute()
        // What a server sends is given up sooner than that: these lie for a road that nobody has any more.
        const givenUp = Math.trunc(Math.min(before, now - UNSENT_MS))
        await on
          .deleteFrom('asklet_deliveries')
          .where('state', '=', 'waiting')
          .where('created_at', '<', givenUp)
          .where('due_at', '<', givenUp)
          .where(eb => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', givenUp)]))
          .execute()
        return { count: 0, attachmentIds: [] }
      }),
    signIns: before =>
      write(async on => {
        const old = Math.trunc(before)
        await on
          .deleteFrom('asklet_links')
          .where(eb => eb.or([eb('expires_at', '<', old), eb('used_at', '<', old)]))
          .execute()
        await on.deleteFrom('asklet_sessions').where('expires_at', '<', old).execute()
        // Whom the site verifies has no account here that could be removed.
        const gone = await on
          .deleteFrom('asklet_agent_states')
          .where('seen_at', '<', old)
          .where('agent_id', 'not in', query => query.selectFrom('asklet_agents').select('id'))
          .where(
            sql<boolean>`${AGENT_PREFIX} || agent_id not in (select identity from asklet_presence where connected = 1)`,
          )
          .returning('agent_id')
          .execute()
        await on
          .deleteFrom('asklet_agent_skills')
          .where('agent_id', 'not in', query => query.selectFrom('asklet_agents').select('id'))
          .where('agent_id', 'not in', query => query.selectFrom('asklet_agent_states').select('agent_id'))
          .execute()
        if (gone.length > 0) countChange(on, 'people')
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
      const attachmentIds: string[] = []
      // Found from the person outwards, erased from there inwards: the rows that lead to a device's other conversations
      // go after these, and where somebody was seen goes with the last.
      const last = conversationIds[0]
      const forgetPresence = async (on: Connection) => {
        if (identities.length > 0)
          await on.deleteFrom('asklet_presence').where('identity', 'in', identities).execute()
        const signedIn = identities.filter(identity => identity.startsWith('user:'))
        await eraseToMake(
          on,
          signedIn.map(identity => identity.slice('user:'.length)),
        )
      }
      for (const conversationId of [...conversationIds].reverse())
        attachmentIds.push(
          ...(await eraseOne(conversationId, async on => {
            if (conversationId === last) await forgetPresence(on)
            return forgetWhose(on, conversationId, at, 'asked for')
          })),
        )
      if (last === undefined) await write(forgetPresence)
      return { count: conversationIds.length, attachmentIds }
    },

    forgetOld: (kind, before, limit, now, except = []) => forget[kind](before, limit, now, except),

    takeRetentionLease: (now, until, held) =>
      write(async on => {
        const lease = { key: RETENTION_LEASE, value: String(Math.trunc(until)) }
        const there = await on
          .selectFrom('asklet_meta')
          .select('value')
          .where('key', '=', RETENTION_LEASE)
          .executeTakeFirst()
        const isOwn = there !== undefined && Number(there.value) === Math.trunc(held ?? Number.NaN)
        if (there && !isOwn && Number(there.value) > now) return false
        if (!there) {
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
          .where('value', '=', there.value)
          .executeTakeFirst()
        return Number(numUpdatedRows) === 1
      }),

    scrub: async () => (await scrub?.().catch(() => false)) ?? false,
  }
}

const saidFailed = (failed: readonly NotForgotten[]) => (failed.length > 0 ? { failed } : {})

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
