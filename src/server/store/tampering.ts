// What somebody who can write to the database might do to a journal, for `asklet audit --tamper`: on copies only. Each
// way is one that an audit must see. Not among them is what it cannot: an entry put behind the last one, and a past
// that no root covers rewritten with all its links.

import { type Kysely, sql } from 'kysely'
import { type ChainEntry, canonical, ERASURE, linkAfter, NO_LINK, newEntry, sha256 } from '../journalChain'
import type { Tables } from './tables'

type Rows = Kysely<Tables>
type Row = Omit<Tables['asklet_chain'], 'position'> & { position: number }

/** What was done, in words; null: there is nothing here that it can be done to. */
type Way = (db: Rows, chance: Chance) => Promise<string | null>

interface Chance {
  below(limit: number): number
  pick<Item>(items: readonly Item[]): Item | undefined
}

const flip = (hex: string, chance: Chance) => {
  const place = chance.below(hex.length)
  return `${hex.slice(0, place)}${hex[place] === '0' ? '1' : '0'}${hex.slice(place + 1)}`
}

const allRows = async (db: Rows): Promise<Row[]> =>
  (await db.selectFrom('asklet_chain').selectAll().orderBy('chain').orderBy('n').execute()) as Row[]
const withWords = async (db: Rows) => (await allRows(db)).filter(({ body }) => body !== null)

async function update(db: Rows, { position }: Row, change: Partial<Row>): Promise<void> {
  await db.updateTable('asklet_chain').set(change).where('position', '=', position).execute()
}

async function moveHead(db: Rows, chain: string): Promise<void> {
  const rows = (await allRows(db)).filter(row => row.chain === chain)
  const last = rows.at(-1)
  if (!last) await db.deleteFrom('asklet_chain_heads').where('chain', '=', chain).execute()
  else
    await db
      .updateTable('asklet_chain_heads')
      .set({ n: last.n, at: last.at, link: last.link, sealed_n: Math.min(last.n, 2 ** 31 - 1) })
      .where('chain', '=', chain)
      .execute()
}

/** Of chains that a root covers wholly: there who knows how to link is caught as well. */
async function sealedRows(db: Rows): Promise<Row[]> {
  const heads = await db.selectFrom('asklet_chain_heads').select(['chain', 'n', 'sealed_n']).execute()
  const sealed = new Set(heads.filter(({ n, sealed_n }) => n === sealed_n).map(({ chain }) => chain))
  return (await allRows(db)).filter(({ chain }) => sealed.has(chain))
}

/** Hashes and links of a chain made anew, as its owner would. */
async function relink(db: Rows, chain: string): Promise<void> {
  let before = NO_LINK
  for (const row of (await allRows(db)).filter(each => each.chain === chain)) {
    const entry = { ...row, origin: row.origin as ChainEntry['origin'] }
    const link =
      row.body !== null && row.salt !== null
        ? newEntry(entry, JSON.parse(row.body), before, row.salt)
        : { hash: row.hash, link: linkAfter(before, entry, row.hash) }
    await update(db, row, { hash: link.hash, link: link.link })
    before = link.link
  }
}

const reworded = (body: string) => canonical({ ...JSON.parse(body), reason: 'something else' })

export const WAYS: Readonly<Record<string, Way>> = {
  async 'words changed'(db, chance) {
    const row = chance.pick(await withWords(db))
    if (!row) return null
    await update(db, row, { body: reworded(row.body ?? '') })
    return `${row.chain} ${row.n}`
  },
  async 'words and hash changed'(db, chance) {
    const row = chance.pick(await withWords(db))
    if (!row) return null
    const body = reworded(row.body ?? '')
    await update(db, row, { body, hash: sha256(`${row.salt}\n${body}`) })
    return `${row.chain} ${row.n}`
  },
  async 'past rewritten with all links, under a root'(db, chance) {
    const row = chance.pick((await sealedRows(db)).filter(({ body }) => body !== null))
    if (!row) return null
    await update(db, row, { body: reworded(row.body ?? '') })
    await relink(db, row.chain)
    await moveHead(db, row.chain)
    return `${row.chain} ${row.n}`
  },
  async 'salt changed'(db, chance) {
    const row = chance.pick(await withWords(db))
    if (!row) return null
    await update(db, row, { salt: flip(row.salt ?? '', chance) })
    return `${row.chain} ${row.n}`
  },
  async 'link changed'(db, chance) {
    const row = chance.pick(await allRows(db))
    if (!row) return null
    await update(db, row, { link: flip(row.link, chance) })
    return `${row.chain} ${row.n}`
  },
  async 'kind changed'(db, chance) {
    const row = chance.pick(await allRows(db))
    if (!row) return null
    await update(db, row, { kind: row.kind === 'missed' ? 'answered' : 'missed' })
    return `${row.chain} ${row.n}`
  },
  async 'time changed'(db, chance) {
    const row = chance.pick(await allRows(db))
    if (!row) return null
    await update(db, row, { at: Number(row.at) + 1 })
    return `${row.chain} ${row.n}`
  },
  async "a device's record passed off as the server's"(db, chance) {
    const row = chance.pick((await allRows(db)).filter(({ origin }) => origin === 'device'))
    if (!row) return null
    await update(db, row, { origin: null })
    return `${row.chain} ${row.n}`
  },
  async 'entry removed'(db, chance) {
    const rows = await allRows(db)
    const row = chance.pick(
      rows.filter(({ n, chain }) => rows.some(each => each.chain === chain && each.n > n)),
    )
    if (!row) return null
    await db.deleteFrom('asklet_chain').where('position', '=', row.position).execute()
    return `${row.chain} ${row.n}`
  },
  async 'entry removed and the rest counted anew'(db, chance) {
    const rows = await allRows(db)
    const row = chance.pick(
      rows.filter(({ n, chain }) => rows.some(each => each.chain === chain && each.n > n)),
    )
    if (!row) return null
    await db.deleteFrom('asklet_chain').where('position', '=', row.position).execute()
    for (const later of rows.filter(each => each.chain === row.chain && each.n > row.n))
      await update(db, later, { n: later.n - 1 })
    await moveHead(db, row.chain)
    return `${row.chain} ${row.n}`
  },
  async 'last entry removed'(db, chance) {
    const rows = await allRows(db)
    const row = chance.pick(
      rows.filter(({ n, chain }) => !rows.some(each => each.chain === chain && each.n > n)),
    )
    if (!row) return null
    await db.deleteFrom('asklet_chain').where('position', '=', row.position).execute()
    return `${row.chain} ${row.n}`
  },
  async 'chain cut back to an older head, under a root'(db, chance) {
    const row = chance.pick(await sealedRows(db))
    if (!row) return null
    await db.deleteFrom('asklet_chain').where('chain', '=', row.chain).where('n', '>=', row.n).execute()
    await moveHead(db, row.chain)
    return `${row.chain} ${row.n}`
  },
  async 'whole chain removed, under a root'(db, chance) {
    const row = chance.pick(await sealedRows(db))
    if (!row) return null
    await db.deleteFrom('asklet_chain').where('chain', '=', row.chain).execute()
    await moveHead(db, row.chain)
    return row.chain
  },
  async "two entries in each other's place"(db, chance) {
    const rows = await allRows(db)
    const row = chance.pick(
      rows.filter(({ n, chain }) => rows.some(each => each.chain === chain && each.n > n)),
    )
    const other = row && chance.pick(rows.filter(each => each.chain === row.chain && each.n > row.n))
    if (!other) return null
    await update(db, row, { n: -1 })
    await update(db, other, { n: row.n })
    await update(db, row, { n: other.n })
    return `${row.chain} ${row.n} and ${other.n}`
  },
  async 'entry put in between'(db, chance) {
    const row = chance.pick(await withWords(db))
    if (!row) return null
    const later = (await allRows(db)).filter(each => each.chain === row.chain && each.n >= row.n)
    for (const each of later.toReversed()) await update(db, each, { n: each.n + 1 })
    const { position: _, ...copy } = row
    await db
      .insertInto('asklet_chain')
      .values({ ...copy, id: `${row.id}-more` })
      .execute()
    return `${row.chain} ${row.n}`
  },
  async 'entry put behind the last one'(db, chance) {
    const rows = await withWords(db)
    const row = chance.pick(rows)
    if (!row) return null
    const { position: _, ...copy } = row
    const n = Math.max(...(await allRows(db)).flatMap(each => (each.chain === row.chain ? [each.n] : []))) + 1
    await db
      .insertInto('asklet_chain')
      .values({ ...copy, n, id: `${row.id}-more` })
      .execute()
    return `${row.chain} ${n}`
  },
  async 'entry moved to another chain'(db, chance) {
    const rows = await allRows(db)
    const row = chance.pick(rows)
    const to = row && chance.pick(rows.filter(({ chain }) => chain !== row.chain))
    if (!to) return null
    const n = Math.max(...rows.flatMap(each => (each.chain === to.chain ? [each.n] : []))) + 1
    await update(db, row, { chain: to.chain, n })
    return `${row.chain} ${row.n} to ${to.chain}`
  },
  async 'words erased without a trace'(db, chance) {
    const rows = await withWords(db)
    const isErased = (row: Row) => rows.some(each => each.chain === row.chain && each.kind === 'erased')
    const row = chance.pick(rows.filter(each => !isErased(each)))
    if (!row) return null
    await update(db, row, { body: null, salt: null })
    return `${row.chain} ${row.n}`
  },
  async 'words erased, and a mark of erasing forged'(db, chance) {
    const rows = await withWords(db)
    const erased = new Set(rows.flatMap(({ chain, kind }) => (kind === 'erased' ? [chain] : [])))
    const row = chance.pick(rows.filter(({ chain, seq }) => !erased.has(chain) && seq !== null))
    const last = row && (await allRows(db)).filter(({ chain }) => chain === row.chain).at(-1)
    if (!last) return null
    await db
      .updateTable('asklet_chain')
      .set({ body: null, salt: null })
      .where('chain', '=', row.chain)
      .execute()
    const id = `${row.chain}/erased/${last.n}`
    const record = { id, kind: 'erased' as const, at: Number(last.at), inputs: { upTo: last.n } }
    const entry = newEntry(
      { chain: row.chain, n: last.n + 1, id, at: Number(last.at), kind: 'erased', origin: null, seq: null },
      { ...record, rule: ERASURE, reason: 'asked for' },
      last.link,
      '00'.repeat(16),
    )
    await db.insertInto('asklet_chain').values(entry).execute()
    await db
      .updateTable('asklet_chain_heads')
      .set({ n: entry.n, link: entry.link })
      .where('chain', '=', row.chain)
      .execute()
    return row.chain
  },
  async 'half of an entry erased'(db, chance) {
    const row = chance.pick(await withWords(db))
    if (!row) return null
    await update(db, row, { salt: null })
    return `${row.chain} ${row.n}`
  },
  async 'head changed'(db, chance) {
    const head = chance.pick(await db.selectFrom('asklet_chain_heads').selectAll().orderBy('chain').execute())
    if (!head) return null
    await db
      .updateTable('asklet_chain_heads')
      .set({ link: flip(head.link, chance) })
      .where('chain', '=', head.chain)
      .execute()
    return head.chain
  },
  async 'event removed'(db, chance) {
    const events = await db
      .selectFrom('asklet_events')
      .select(['conversation_id', 'seq'])
      .orderBy('conversation_id')
      .orderBy('seq')
      .execute()
    const event = chance.pick(events)
    if (!event) return null
    await db
      .deleteFrom('asklet_events')
      .where('conversation_id', '=', event.conversation_id)
      .where('seq', '=', event.seq)
      .execute()
    return `${event.conversation_id} ${event.seq}`
  },
  async 'another priority in its event'(db, chance) {
    const events = await db
      .selectFrom('asklet_events')
      .select(['conversation_id', 'seq', 'body'])
      .where('type', '=', 'prioritised')
      .orderBy('conversation_id')
      .orderBy('seq')
      .execute()
    // Who erased their conversation has taken what was decided with it.
    const rows = await withWords(db)
    const event = chance.pick(
      events.filter(({ conversation_id, seq }) =>
        rows.some(row => row.chain === conversation_id && row.seq === Number(seq)),
      ),
    )
    if (!event) return null
    const body = JSON.parse(event.body ?? '{}') as { priority?: string }
    const priority = body.priority === 'low' ? 'urgent' : 'low'
    await db
      .updateTable('asklet_events')
      .set({ body: JSON.stringify({ ...body, priority }) })
      .where('conversation_id', '=', event.conversation_id)
      .where('seq', '=', event.seq)
      .execute()
    return `${event.conversation_id} ${event.seq}`
  },
  async 'decision removed with what came after it'(db, chance) {
    const rows = await allRows(db)
    const row = chance.pick(rows.filter(({ kind, seq }) => seq !== null && kind === 'prioritised'))
    if (!row) return null
    await db.deleteFrom('asklet_chain').where('chain', '=', row.chain).where('n', '>=', row.n).execute()
    await moveHead(db, row.chain)
    return `${row.chain} ${row.n}`
  },
  async 'rule file changed'(db, chance) {
    const named = (await withWords(db)).map(({ body }) => body ?? '').join()
    const files = await db.selectFrom('asklet_rulefiles').selectAll().orderBy('hash').execute()
    const file = chance.pick(files.filter(({ hash }) => named.includes(hash)))
    if (!file) return null
    await db
      .updateTable('asklet_rulefiles')
      .set({ content: '{"changed":true}' })
      .where('hash', '=', file.hash)
      .execute()
    return file.name
  },
  async 'root changed'(db, chance) {
    return changeRoot(db, chance, root => ({ root: flip(root.root, chance) }))
  },
  async 'root signed by nobody'(db, chance) {
    return changeRoot(db, chance, () => ({ signature: Buffer.alloc(64, 7).toString('base64') }))
  },
  async 'root of another day'(db, chance) {
    return changeRoot(db, chance, () => ({ day: '1999-12-31' }))
  },
  async 'root removed'(db, chance) {
    const root = chance.pick(await db.selectFrom('asklet_roots').selectAll().orderBy('n').execute())
    if (!root) return null
    await db.deleteFrom('asklet_roots').where('n', '=', root.n).execute()
    return `root ${root.n}`
  },
  async 'a head taken from under its root'(db, chance) {
    const leaves = await db
      .selectFrom('asklet_root_heads')
      .selectAll()
      .orderBy('root_n')
      .orderBy('chain')
      .execute()
    const leaf = chance.pick(leaves)
    if (!leaf) return null
    await db
      .deleteFrom('asklet_root_heads')
      .where('root_n', '=', leaf.root_n)
      .where('chain', '=', leaf.chain)
      .execute()
    return `root ${leaf.root_n}: ${leaf.chain}`
  },
  async 'public key exchanged'(db, chance) {
    const key = chance.pick(await db.selectFrom('asklet_root_keys').selectAll().orderBy('id').execute())
    if (!key) return null
    await db
      .updateTable('asklet_root_keys')
      .set({ public_key: Buffer.from(`not ${key.public_key}`).toString('base64') })
      .where('id', '=', key.id)
      .execute()
    return `key ${key.id}`
  },
}

async function changeRoot(
  db: Rows,
  chance: Chance,
  change: (root: Tables['asklet_roots']) => Partial<Tables['asklet_roots']>,
): Promise<string | null> {
  const root = chance.pick(await db.selectFrom('asklet_roots').selectAll().orderBy('n').execute())
  if (!root) return null
  await db.updateTable('asklet_roots').set(change(root)).where('n', '=', root.n).execute()
  return `root ${root.n}`
}

/**
 * Does one thing to the tables, on purpose never the same place twice in a row.
 *
 * @param n       which way, counted round; what cannot be done here gives its turn to the next
 * @param random  in [0, 1), seeded
 * @returns what was done; null: nothing can be
 */
export async function tamper(db: Rows, n: number, random: () => number): Promise<string | null> {
  const chance: Chance = {
    below: limit => Math.floor(random() * limit),
    pick: items => items[Math.floor(random() * items.length)],
  }
  const names = Object.keys(WAYS)
  for (let tried = 0; tried < names.length; tried++) {
    const name = names[(n + tried) % names.length] as string
    const done = await WAYS[name]?.(db, chance)
    if (done) return `${name}: ${done}`
  }
  return null
}

/** A whole copy in one file, whatever lies in the log beside it. */
export async function copyTables(db: Rows, file: string): Promise<void> {
  await sql`vacuum into ${file}`.execute(db)
}
