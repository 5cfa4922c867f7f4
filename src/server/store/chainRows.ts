// The journal's chains in SQL: adding to them inside the transaction of an event, erasing, sealing, and what an audit
// reads. What is hashed is `journalChain`'s to say. Who adds to a conversation's chain holds its row (S4), who adds to
// another holds its name; and no index lets two entries have one place, should that ever fail.

import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { JournalRecord } from '../../journal/record'
import {
  type ChainEntry,
  ERASURE,
  type Head,
  merkleRoot,
  NO_LINK,
  newEntry,
  RETENTION,
  type RootStatement,
  type SignedRoot,
  statementHash,
  visitsChain,
} from '../journalChain'
import type { RetentionKind } from '../retention'
import type { AddedEvent } from './appending'
import type { WriteOrder } from './groupCommit'
import type { ChainHead, JournalStore, SealRequest } from './journalStore'
import { padded } from './parts'
import { numberOrNull } from './records'
import type { Connection, Runner, Statements } from './statements'
import type { Tables } from './tables'

/** In `asklet_meta`: events of up to this moment have no decision beside them. */
export const JOURNAL_SINCE = 'journal_since'

/** 128 bits: who has the hash of an erased record cannot try what it said. */
const SALT_BYTES = 16
/** Rows of one insert: an entry has eleven columns, and SQLite takes 32 766 parameters. */
const ROWS_AT_ONCE = 200

const ENTRY_COLUMNS = [
  'chain',
  'n',
  'id',
  'at',
  'kind',
  'origin',
  'seq',
  'salt',
  'body',
  'hash',
  'link',
] as const satisfies readonly (keyof Tables['asklet_chain'])[]

/** A record on its way to the end of a chain. */
export interface Coming {
  readonly chain: string
  readonly at: number
  readonly origin: 'device' | null
  readonly seq: number | null
  readonly record: JournalRecord
}

/** Whether anything of a batch was decided: nearly never, and then nothing more is done. */
export const hasDecisions = (added: readonly AddedEvent[]): boolean =>
  added.some(({ journal }) => journal !== undefined && journal.length > 0)

/** S30. */
export function decisionsOf(added: readonly AddedEvent[]): Coming[] {
  return added.flatMap(({ event: { conversationId, seq, at }, journal = [] }) =>
    journal.map((entry, place) => ({
      chain: conversationId,
      at,
      origin: null,
      seq,
      // No device can take it: theirs hold no slash. The same again, were a batch planned twice.
      record: { ...entry, id: `${conversationId}/${seq}/${place}`, at },
    })),
  )
}

/** Adds to the ends of chains; the caller holds them. */
export async function addToChains(on: Runner, db: Connection, coming: readonly Coming[]): Promise<void> {
  // As a root holds them, too.
  const chains = [...new Set(coming.map(({ chain }) => chain))].sort()
  const heads = new Map<string, { n: number; at: number; link: string }>()
  for (const part of padded(chains)) {
    const { rows } = await on.executeQuery(
      db
        .selectFrom('asklet_chain_heads')
        .select(['chain', 'n', 'at', 'link'])
        .where('chain', 'in', part)
        .compile(),
    )
    for (const { chain, n, at, link } of rows) heads.set(chain, { n: Number(n), at: Number(at), link })
  }
  const entries: ChainEntry[] = []
  for (const { chain, at, origin, seq, record } of coming) {
    const head = heads.get(chain) ?? { n: 0, at: 0, link: NO_LINK }
    const place = {
      chain,
      n: head.n + 1,
      id: record.id,
      at: Math.max(head.at, Math.trunc(at)),
      kind: record.kind,
      origin,
      seq,
    }
    const entry = newEntry(place, record, head.link, randomBytes(SALT_BYTES).toString('hex'))
    entries.push(entry)
    heads.set(chain, entry)
  }
  for (let from = 0; from < entries.length; from += ROWS_AT_ONCE)
    await on.executeQuery(
      db
        .insertInto('asklet_chain')
        .values(entries.slice(from, from + ROWS_AT_ONCE))
        .compile(),
    )
  for (const chain of chains) {
    const { n, at, link } = heads.get(chain) as ChainEntry
    await on.executeQuery(
      db
        .insertInto('asklet_chain_heads')
        .values({ chain, n, at, link, sealed_n: 0 })
        .onConflict(c => c.column('chain').doUpdateSet({ n, at, link }))
        .compile(),
    )
  }
}

/** Why words are gone: somebody asked for it, or a kind of data was kept for as long as the site says. */
export type ErasedFor = 'asked for' | RetentionKind

/** S33, inside the transaction of who erases and holds the chain. */
export async function eraseEntries(on: Connection, chain: string, at: number, why: ErasedFor): Promise<void> {
  const head = await on
    .selectFrom('asklet_chain_heads')
    .select(['n', 'at'])
    .where('chain', '=', chain)
    .executeTakeFirst()
  if (!head) return
  const { numUpdatedRows } = await on
    .updateTable('asklet_chain')
    .set({ salt: null, body: null })
    .where('chain', '=', chain)
    // That something was erased, and up to where, is no word of anybody's.
    .where(eb => eb.or([eb('kind', '<>', 'erased'), eb('origin', 'is not', null)]))
    .where('body', 'is not', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  const upTo = Number(head.n)
  const record: JournalRecord = {
    id: `${chain}/erased/${upTo}`,
    kind: 'erased',
    at: Math.max(Number(head.at), Math.trunc(at)),
    ...(why === 'asked for'
      ? { inputs: { upTo }, rule: ERASURE, reason: why }
      : { inputs: { upTo, kept: why }, rule: RETENTION, reason: 'kept long enough' }),
  }
  await addToChains(on, on, [{ chain, at, origin: null, seq: null, record }])
}

interface Doors {
  readonly db: Connection
  readonly statements: Statements
  /** Postgres: names are locked, and positions become visible in order. */
  readonly hasWriters: boolean
  readonly write: <T>(run: (on: Connection) => Promise<T>, order?: WriteOrder) => Promise<T>
  readonly reads: <T>(run: () => Promise<T>) => Promise<T>
}

export function createJournalRows({ db, statements, hasWriters, write, reads }: Doors): JournalStore {
  const isPresent = async (on: Connection, ids: readonly string[]): Promise<Set<string>> => {
    const found = new Set<string>()
    for (const part of padded(ids))
      for (const { id } of await on.selectFrom('asklet_chain').select('id').where('id', 'in', part).execute())
        found.add(id)
    return found
  }

  return {
    addJournal(records, receivedAt, conversationId = null, origin = 'device') {
      if (records.length === 0) return Promise.resolve()
      const chain = conversationId ?? visitsChain(receivedAt)
      return write(
        async on => {
          // The row is locked by now where the chain is a conversation's (`WriteOrder`); another has only its name.
          if (conversationId === null) await statements.lock(on, `asklet_chain ${chain}`)
          await statements.joinJournal(on)
          const seen = await isPresent(
            on,
            records.map(({ id }) => id),
          )
          const coming: Coming[] = []
          for (const record of records) {
            if (seen.has(record.id)) continue
            seen.add(record.id)
            coming.push({ chain, at: receivedAt, origin, seq: null, record })
          }
          if (coming.length > 0) await addToChains(on, on, coming)
        },
        conversationId === null ? { orderedBy: chain } : { conversationId },
      )
    },

    journal: (after, limit) =>
      reads(async () => {
        const read = (on: Connection) =>
          on
            .selectFrom('asklet_chain')
            .select(['position', 'at', 'body'])
            .where('position', '>', after)
            .where('body', 'is not', null)
            .orderBy('position')
            .limit(limit)
            .execute()
        // Positions are given before the commit that shows them: who reads on must wait for all that are given.
        const rows = hasWriters
          ? await db.transaction().execute(async trx => {
              await statements.closeJournal(trx)
              return read(trx)
            })
          : await read(db)
        return rows.map(row => ({
          position: Number(row.position),
          receivedAt: Number(row.at),
          record: JSON.parse(row.body as string) as JournalRecord,
        }))
      }),

    journalAt: position =>
      reads(async () => {
        const row = await db
          .selectFrom('asklet_chain')
          .select(['at', 'body'])
          .where('position', '=', position)
          .where('body', 'is not', null)
          .executeTakeFirst()
        return row
          ? { receivedAt: Number(row.at), record: JSON.parse(row.body as string) as JournalRecord }
          : null
      }),

    chain: (chain, after, limit) =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_chain')
          .select(ENTRY_COLUMNS)
          .where('chain', '=', chain)
          .where('n', '>', after)
          .orderBy('n')
          .limit(limit)
          .execute()
        return rows.map(row => ({
          ...row,
          n: Number(row.n),
          at: Number(row.at),
          origin: row.origin === 'device' ? ('device' as const) : null,
          seq: numberOrNull(row.seq),
        }))
      }),

    chainHeads: (after, limit) =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_chain_heads')
          .select(['chain', 'n', 'at', 'link', 'sealed_n'])
          .where('chain', '>', after)
          .orderBy('chain')
          .limit(limit)
          .execute()
        return rows.map(
          ({ chain, n, at, link, sealed_n }): ChainHead => ({
            chain,
            n: Number(n),
            at: Number(at),
            link,
            sealedN: Number(sealed_n),
          }),
        )
      }),

    chainIds: (after, limit) =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_chain')
          .select('chain')
          .distinct()
          .where('chain', '>', after)
          .orderBy('chain')
          .limit(limit)
          .execute()
        return rows.map(({ chain }) => chain)
      }),

    conversationIds: (after, limit) =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_conversations')
          .select('id')
          .where('id', '>', after)
          .orderBy('id')
          .limit(limit)
          .execute()
        return rows.map(({ id }) => id)
      }),

    journalSince: () =>
      reads(async () => {
        const row = await db
          .selectFrom('asklet_meta')
          .select('value')
          .where('key', '=', JOURNAL_SINCE)
          .executeTakeFirst()
        return row ? Number(row.value) : -1
      }),

    eraseChain: (chain, at) =>
      write(
        async on => {
          await statements.lock(on, `asklet_chain ${chain}`)
          await statements.joinJournal(on)
          await eraseEntries(on, chain, at, 'asked for')
        },
        { conversationId: chain },
      ),

    seal: request =>
      write(
        async on => {
          await statements.lock(on, 'asklet_roots')
          return sealHeads(on, request, hasWriters)
        },
        { orderedBy: 'asklet_roots' },
      ),

    unsealedSince: () =>
      reads(async () => {
        const row = await db
          .selectFrom('asklet_chain_heads as h')
          .innerJoin('asklet_chain as c', join =>
            join.onRef('c.chain', '=', 'h.chain').on(sql<boolean>`c.n = h.sealed_n + 1`),
          )
          .select(({ fn }) => fn.min('c.at').as('at'))
          .where(sql<boolean>`h.n > h.sealed_n`)
          .executeTakeFirst()
        return numberOrNull(row?.at ?? null)
      }),

    roots: (after, limit) =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_roots')
          .select(['n', 'day', 'at', 'heads', 'root', 'previous', 'key', 'signature'])
          .where('n', '>', after)
          .orderBy('n')
          .limit(limit)
          .execute()
        return rows.map(row => ({ ...row, n: Number(row.n), at: Number(row.at), heads: Number(row.heads) }))
      }),

    rootHeads: n =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_root_heads')
          .select(['chain', 'n', 'link'])
          .where('root_n', '=', n)
          .execute()
        return rows.map(({ chain, n, link }): Head => ({ chain, n: Number(n), link }))
      }),

    rootKeys: () =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_root_keys')
          .select(['id', 'public_key', 'since'])
          .orderBy('since')
          .execute()
        return rows.map(({ id, public_key, since }) => ({ id, publicKey: public_key, since: Number(since) }))
      }),

    keepRuleFile: file =>
      write(async on => {
        await on
          .insertInto('asklet_rulefiles')
          .values(file)
          .onConflict(c => c.column('hash').doNothing())
          .execute()
      }),

    ruleFile: hash =>
      reads(async () => {
        const row = await db
          .selectFrom('asklet_rulefiles')
          .select(['name', 'content'])
          .where('hash', '=', hash)
          .executeTakeFirst()
        return row ?? null
      }),
  }
}

async function sealHeads(
  on: Connection,
  { at, day, ofBefore, key, sign }: SealRequest,
  hasWriters: boolean,
): Promise<SignedRoot | null> {
  const last = await on
    .selectFrom('asklet_roots')
    .select(['n', 'day', 'at', 'heads', 'root', 'previous', 'key'])
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (ofBefore !== undefined) {
    if (last && last.day >= day) return null
    const old = await on
      .selectFrom('asklet_chain_heads as h')
      .innerJoin('asklet_chain as c', join =>
        join.onRef('c.chain', '=', 'h.chain').on(sql<boolean>`c.n = h.sealed_n + 1`),
      )
      .select('c.n')
      .where(sql<boolean>`h.n > h.sealed_n`)
      .where('c.at', '<', ofBefore)
      .limit(1)
      .executeTakeFirst()
    if (!old) return null
  }
  // In one order, as who appends to several holds them: of two that hold each other's next one is ended.
  const unsealed = on
    .selectFrom('asklet_chain_heads')
    .select(['chain', 'n', 'link'])
    .where(sql<boolean>`n > sealed_n`)
    .orderBy(hasWriters ? sql`chain collate "C"` : sql`chain`)
  const moved = await (hasWriters ? unsealed.forUpdate() : unsealed).execute()
  if (moved.length === 0) return null
  const heads = moved.map(({ chain, n, link }) => ({ chain, n: Number(n), link }))
  const before: RootStatement | undefined = last && {
    ...last,
    n: Number(last.n),
    at: Number(last.at),
    heads: Number(last.heads),
  }
  const statement: RootStatement = {
    n: (before?.n ?? 0) + 1,
    day,
    at: Math.trunc(at),
    heads: heads.length,
    root: merkleRoot(heads),
    previous: before ? statementHash(before) : '',
    key: key.id,
  }
  const root = { ...statement, signature: sign(statement) }
  await on
    .insertInto('asklet_root_keys')
    .values({ id: key.id, public_key: key.publicKey, since: statement.at })
    .onConflict(c => c.doNothing())
    .execute()
  await on.insertInto('asklet_roots').values(root).execute()
  for (let from = 0; from < heads.length; from += ROWS_AT_ONCE)
    await on
      .insertInto('asklet_root_heads')
      .values(heads.slice(from, from + ROWS_AT_ONCE).map(head => ({ root_n: root.n, ...head })))
      .execute()
  // What came to a chain meanwhile is the next root's: up to what was read, not to where it is.
  await sql`update asklet_chain_heads set sealed_n = (select r.n from asklet_root_heads as r where r.root_n = ${root.n} and r.chain = asklet_chain_heads.chain) where chain in (select chain from asklet_root_heads where root_n = ${root.n})`.execute(
    on,
  )
  return root
}
