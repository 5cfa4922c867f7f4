// The help desk's store over SQL: one text for SQLite and Postgres, through kysely.
// Owns the tables and the transaction that gives seqs (S2-S9). Refuses to know who may do what.

import { type Kysely, sql } from 'kysely'
import { secureRandomId } from '../../base/environment'
import { AskletError } from '../../base/errors'
import type { JournalRecord } from '../../journal/record'
import type { EventBody, StoredEvent } from '../../protocol/events'
import type { Phase } from '../../protocol/phase'
import type { Author, TicketRecord } from '../../protocol/records'
import { type AddedEvent, type KnownEvent, keyOf, planAppend, planOpen } from './appending'
import { createGroupCommit, type Trx, Undone, unavailable } from './groupCommit'
import type { Agent, AppendOutcome, ConversationRow, HelpDeskStore, NewEvent } from './helpDeskStore'
import { migrate } from './migrations'
import type { Tables } from './tables'

export interface SqlStoreOptions {
  readonly db: Kysely<Tables>
  /** Shown in errors: a file or a host, never a password. */
  readonly name: string
  /** Several writers (Postgres): rows are locked while they are appended to. SQLite has one writer. */
  readonly locksRows: boolean
}

type ConversationRecord = Tables['asklet_conversations']

/** Opens the store: brings the tables to the present shape and makes the epoch on first use. */
export async function createSqlStore({ db, name, locksRows }: SqlStoreOptions): Promise<HelpDeskStore> {
  await migrate(db, name)
  await db
    .insertInto('asklet_meta')
    .values({ key: 'epoch', value: secureRandomId() })
    .onConflict(c => c.doNothing())
    .execute()
  const writes = createGroupCommit(db)
  const { write } = writes

  async function load(trx: Trx, conversationId: string): Promise<ConversationRow | null> {
    let query = trx.selectFrom('asklet_conversations').selectAll().where('id', '=', conversationId)
    if (locksRows) query = query.forUpdate()
    const record = await query.executeTakeFirst()
    return record ? toRow(record) : null
  }

  async function nextTicketNumber(trx: Trx): Promise<number> {
    const { value } = await trx
      .updateTable('asklet_counters')
      .set({ value: sql<number>`value + 1` })
      .where('name', '=', 'ticket')
      .returning('value')
      .executeTakeFirstOrThrow()
    return Number(value)
  }

  /** Earlier events under the same keys: what makes a repeated call harmless. */
  async function known(
    trx: Trx,
    conversationId: string,
    drafts: readonly NewEvent[],
  ): Promise<Map<string, KnownEvent>> {
    const rows = await trx
      .selectFrom('asklet_events')
      .select(['seq', 'sender', 'client_id', 'at', 'body'])
      .where('conversation_id', '=', conversationId)
      .where('client_id', 'in', [...new Set(drafts.map(d => d.clientId))])
      .execute()
    return new Map(
      rows.map(row => [
        keyOf(row.sender, row.client_id),
        { seq: Number(row.seq), at: Number(row.at), body: row.body },
      ]),
    )
  }

  async function insert(trx: Trx, added: readonly AddedEvent[]): Promise<void> {
    await trx.insertInto('asklet_events').values(added.map(toEventRecord)).execute()
  }

  const reads = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run()
    } catch (error) {
      throw unavailable(error)
    }
  }

  return {
    epoch: () =>
      reads(async () => {
        const row = await db
          .selectFrom('asklet_meta')
          .select('value')
          .where('key', '=', 'epoch')
          .executeTakeFirstOrThrow()
        return row.value
      }),

    newEpoch: epoch =>
      write(async trx => {
        await trx.updateTable('asklet_meta').set({ value: epoch }).where('key', '=', 'epoch').execute()
      }),

    open: request =>
      write(async trx => {
        const there = await trx
          .selectFrom('asklet_conversations')
          .selectAll()
          .where('opener', 'in', request.identities)
          .where('open_id', '=', request.openId)
          .executeTakeFirst()
        if (there) return { row: toRow(there), created: false, events: [] }
        const { row, added } = planOpen(request)
        await trx
          .insertInto('asklet_conversations')
          .values({
            id: row.conversationId,
            opener: row.owner,
            open_id: request.openId,
            owner: row.owner,
            claimed_from: null,
            generation: 0,
            joined_at: null,
            wait_ms: null,
            ...toFold(row),
          })
          .execute()
        await insert(trx, [added])
        return { row, created: true, events: [added.event] }
      }),

    append: request =>
      write<AppendOutcome>(async trx => {
        const row = await load(trx, request.conversationId)
        const earlier = await known(trx, request.conversationId, request.drafts)
        let planned = planAppend(request, row, earlier, 0)
        // Planned again with the number: only now is it known that one is needed, and a refusal takes none.
        if (planned.ok && planned.takesNumber)
          planned = planAppend(request, row, earlier, await nextTicketNumber(trx))
        // Undone, not returned: a number may have been reserved.
        if (!planned.ok) throw new Undone(planned)
        const { outcome, added, joined } = planned
        if (added.length === 0) return outcome
        await insert(trx, added)
        await trx
          .updateTable('asklet_conversations')
          .set({ ...toFold(outcome.row), ...(joined && { joined_at: joined.at, wait_ms: joined.waitedMs }) })
          .where('id', '=', request.conversationId)
          .execute()
        return outcome
      }),

    conversation: conversationId =>
      reads(async () => {
        const record = await db
          .selectFrom('asklet_conversations')
          .selectAll()
          .where('id', '=', conversationId)
          .executeTakeFirst()
        return record ? toRow(record) : null
      }),

    read: (conversationId, after, limit) =>
      reads(async () => {
        const record = await db
          .selectFrom('asklet_conversations')
          .selectAll()
          .where('id', '=', conversationId)
          .executeTakeFirst()
        if (!record) return null
        // No transaction: events never change their seq, so those up to the head just read are of its moment.
        const events = await db
          .selectFrom('asklet_events')
          .selectAll()
          .where('conversation_id', '=', conversationId)
          .where('seq', '>', after)
          .where('seq', '<=', Number(record.head))
          .orderBy('seq')
          .limit(limit)
          .execute()
        return { events: events.map(toEvent), row: toRow(record) }
      }),

    heads: ids =>
      reads(async () => {
        const rows = await inParts(ids, part =>
          db
            .selectFrom('asklet_conversations')
            .select(['id', 'head', 'generation'])
            .where('id', 'in', part)
            .execute(),
        )
        return rows.map(row => ({
          conversationId: row.id,
          head: Number(row.head),
          generation: Number(row.generation),
        }))
      }),

    list: endedSince =>
      reads(async () => {
        const records = await db
          .selectFrom('asklet_conversations')
          .selectAll()
          .where(eb =>
            eb.or([
              eb('phase', 'in', ['queued', 'live', 'ticketed']),
              eb.and([eb('phase', '=', 'ended'), eb('last_at', '>=', endedSince)]),
            ]),
          )
          .orderBy('last_at', 'desc')
          .limit(500)
          .execute()
        return records.map(toRow)
      }),

    active: () =>
      reads(async () => {
        const records = await db
          .selectFrom('asklet_conversations')
          .selectAll()
          .where('phase', 'in', ['queued', 'live'])
          .execute()
        return records.map(toRow)
      }),

    recentWaits: (since, limit) =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_conversations')
          .select('wait_ms')
          .where('joined_at', '>=', since)
          .where('wait_ms', 'is not', null)
          .orderBy('joined_at', 'desc')
          .limit(limit)
          .execute()
        return rows.map(row => Number(row.wait_ms))
      }),

    claimOwner: (conversationId, from, to) =>
      write(async trx => {
        await trx
          .updateTable('asklet_conversations')
          .set({ owner: to, claimed_from: from })
          .where('id', '=', conversationId)
          .where('owner', '=', from)
          .execute()
      }),

    bumpGeneration: (conversationId, generation) =>
      write(async trx => {
        await trx
          .updateTable('asklet_conversations')
          .set({ generation: generation + 1 })
          .where('id', '=', conversationId)
          .where('generation', '=', generation)
          .execute()
      }),

    erase: conversationId => write(trx => eraseConversation(trx, conversationId, load)),

    setPresence: ({ identity, node, connected, at }) =>
      write(async trx => {
        const entry = { identity, node, connected: connected ? 1 : 0, seen_at: at }
        await trx
          .insertInto('asklet_presence')
          .values(entry)
          .onConflict(c => c.columns(['identity', 'node']).doUpdateSet(entry))
          .execute()
      }),

    beat: (node, at, forgetBefore) =>
      write(async trx => {
        await trx
          .updateTable('asklet_presence')
          .set({ seen_at: at })
          .where('node', '=', node)
          .where('connected', '=', 1)
          .execute()
        await trx.deleteFrom('asklet_presence').where('seen_at', '<', forgetBefore).execute()
      }),

    presence: (identities, aliveSince) =>
      reads(async () => {
        const rows = await inParts(identities, part =>
          db.selectFrom('asklet_presence').selectAll().where('identity', 'in', part).execute(),
        )
        const found = new Map<string, { identity: string; online: boolean; seenAt: number }>()
        for (const row of rows) {
          const seenAt = Number(row.seen_at)
          const entry = found.get(row.identity) ?? { identity: row.identity, online: false, seenAt: 0 }
          entry.online ||= row.connected === 1 && seenAt >= aliveSince
          entry.seenAt = Math.max(entry.seenAt, seenAt)
          found.set(row.identity, entry)
        }
        return [...found.values()]
      }),

    agentsOnline: aliveSince =>
      reads(async () => {
        const row = await db
          .selectFrom('asklet_presence')
          .select(({ fn }) => fn.count('identity').distinct().as('count'))
          .where('identity', 'like', 'agent:%')
          .where('connected', '=', 1)
          .where('seen_at', '>=', aliveSince)
          .executeTakeFirstOrThrow()
        return Number(row.count)
      }),

    addAgent: agent =>
      write(async trx => {
        const taken = await trx
          .selectFrom('asklet_agents')
          .select('id')
          .where('name_key', '=', agent.name.toLowerCase())
          .executeTakeFirst()
        if (taken)
          throw new AskletError(
            'server_shape',
            `an agent named ${JSON.stringify(agent.name)} is there already. Choose another name, or make a sign-in link for that one.`,
          )
        await trx
          .insertInto('asklet_agents')
          .values({
            id: agent.agentId,
            name: agent.name,
            name_key: agent.name.toLowerCase(),
            roles: JSON.stringify(agent.roles),
            password_hash: agent.passwordHash,
          })
          .execute()
      }),

    setPassword: (agentId, passwordHash) =>
      write(async trx => {
        await trx
          .updateTable('asklet_agents')
          .set({ password_hash: passwordHash })
          .where('id', '=', agentId)
          .execute()
        await trx.deleteFrom('asklet_sessions').where('agent_id', '=', agentId).execute()
      }),

    removeAgent: agentId =>
      write(async trx => {
        await trx.deleteFrom('asklet_sessions').where('agent_id', '=', agentId).execute()
        await trx.deleteFrom('asklet_links').where('agent_id', '=', agentId).execute()
        await trx.deleteFrom('asklet_agents').where('id', '=', agentId).execute()
      }),

    agents: () =>
      reads(async () => {
        const records = await db.selectFrom('asklet_agents').selectAll().orderBy('name_key').execute()
        return records.map(toAgent)
      }),

    agentByName: wanted =>
      reads(async () => {
        const record = await db
          .selectFrom('asklet_agents')
          .selectAll()
          .where('name_key', '=', wanted.toLowerCase())
          .executeTakeFirst()
        return record ? toAgent(record) : null
      }),

    addLink: ({ tokenHash, agentId, expiresAt }) =>
      write(async trx => {
        await trx
          .insertInto('asklet_links')
          .values({ token_hash: tokenHash, agent_id: agentId, expires_at: expiresAt, used_at: null })
          .execute()
      }),

    takeLink: (tokenHash, now) =>
      write(async trx => {
        // The update is the test: of two who use the link at once, one changes a row.
        const used = await trx
          .updateTable('asklet_links')
          .set({ used_at: now })
          .where('token_hash', '=', tokenHash)
          .where('used_at', 'is', null)
          .where('expires_at', '>', now)
          .returning('agent_id')
          .executeTakeFirst()
        return used ? await agentById(trx, used.agent_id) : null
      }),

    addSession: ({ tokenHash, agentId, expiresAt }) =>
      write(async trx => {
        await trx
          .insertInto('asklet_sessions')
          .values({ token_hash: tokenHash, agent_id: agentId, expires_at: expiresAt })
          .execute()
      }),

    sessionAgent: (tokenHash, now) =>
      reads(async () => {
        const session = await db
          .selectFrom('asklet_sessions')
          .select('agent_id')
          .where('token_hash', '=', tokenHash)
          .where('expires_at', '>', now)
          .executeTakeFirst()
        return session ? await agentById(db, session.agent_id) : null
      }),

    dropSession: tokenHash =>
      write(async trx => {
        await trx.deleteFrom('asklet_sessions').where('token_hash', '=', tokenHash).execute()
      }),

    addJournal: (records, receivedAt) =>
      write(async trx => {
        if (records.length === 0) return
        await trx
          .insertInto('asklet_journal')
          .values(
            records.map(record => ({
              id: record.id,
              received_at: receivedAt,
              kind: record.kind,
              record: JSON.stringify(record),
            })),
          )
          .onConflict(c => c.column('id').doNothing())
          .execute()
      }),

    journal: (after, limit) =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_journal')
          .selectAll()
          .where('position', '>', after)
          .orderBy('position')
          .limit(limit)
          .execute()
        return rows.map(row => ({
          position: Number(row.position),
          receivedAt: Number(row.received_at),
          record: JSON.parse(row.record) as JournalRecord,
        }))
      }),

    async close() {
      await writes.close()
      await db.destroy()
    },
  }
}

/** A statement takes some 32 000 parameters, fewer in older builds: a busy node has more to ask about. */
const MAX_PARAMETERS = 900

async function inParts<Row>(
  keys: readonly string[],
  ask: (part: readonly string[]) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  for (let from = 0; from < keys.length; from += MAX_PARAMETERS)
    rows.push(...(await ask(keys.slice(from, from + MAX_PARAMETERS))))
  return rows
}

/** S11: words and contacts go, seqs stay. Events that only move the phase keep what the fold needs. */
async function eraseConversation(
  trx: Trx,
  conversationId: string,
  load: (trx: Trx, id: string) => Promise<ConversationRow | null>,
): Promise<void> {
  const row = await load(trx, conversationId)
  if (!row) return
  await trx
    .updateTable('asklet_events')
    .set({ body: null })
    .where('conversation_id', '=', conversationId)
    .where('type', 'in', ['opened', 'message', 'contactGiven'])
    .execute()
  // The name stands in every event of the visitor's, also in those that keep their body.
  await trx
    .updateTable('asklet_events')
    .set({ author: '{"kind":"visitor"}' })
    .where('conversation_id', '=', conversationId)
    .where('author', 'like', '{"kind":"visitor"%')
    .execute()
  const withContact = await trx
    .selectFrom('asklet_events')
    .select(['seq', 'body'])
    .where('conversation_id', '=', conversationId)
    .where('type', 'in', ['handoffReady', 'ticketOpened'])
    .execute()
  for (const { seq, body } of withContact) {
    if (body === null) continue
    await trx
      .updateTable('asklet_events')
      .set({ body: JSON.stringify(withoutContact(JSON.parse(body) as EventBody)) })
      .where('conversation_id', '=', conversationId)
      .where('seq', '=', seq)
      .execute()
  }
  await trx
    .updateTable('asklet_conversations')
    .set({
      contact: null,
      ticket: row.ticket ? JSON.stringify(ticketWithoutContact(row.ticket)) : null,
      visitor_name: '',
      page_name: '',
      question: '',
    })
    .where('id', '=', conversationId)
    .execute()
}

function ticketWithoutContact({ contact: _, ...ticket }: TicketRecord): TicketRecord {
  return ticket
}

function withoutContact(body: EventBody): EventBody {
  if (body.type === 'handoffReady') return { type: 'handoffReady', channel: body.channel }
  if (body.type === 'ticketOpened') return { ...body, ticket: ticketWithoutContact(body.ticket) }
  return body
}

async function agentById(db: Kysely<Tables> | Trx, agentId: string): Promise<Agent | null> {
  const record = await db.selectFrom('asklet_agents').selectAll().where('id', '=', agentId).executeTakeFirst()
  return record ? toAgent(record) : null
}

function toAgent(record: Tables['asklet_agents']): Agent {
  return {
    agentId: record.id,
    name: record.name,
    roles: JSON.parse(record.roles) as string[],
    passwordHash: record.password_hash,
  }
}

function toEventRecord({ event, sender, body }: AddedEvent): Tables['asklet_events'] {
  return {
    conversation_id: event.conversationId,
    seq: event.seq,
    sender,
    client_id: event.clientId,
    at: event.at,
    author: JSON.stringify(event.author),
    origin: event.origin ?? null,
    said_at: event.saidAt ?? null,
    type: event.body.type,
    body,
  }
}

function toEvent(record: Tables['asklet_events']): StoredEvent {
  const seq = Number(record.seq)
  return {
    conversationId: record.conversation_id,
    seq,
    clientId: record.client_id,
    at: Number(record.at),
    author: JSON.parse(record.author) as Author,
    ...(record.origin === 'device' && { origin: 'device' as const }),
    ...(record.said_at !== null && { saidAt: Number(record.said_at) }),
    body: record.body === null ? { type: 'redacted', target: seq } : (JSON.parse(record.body) as EventBody),
  }
}

/** The columns that the fold owns. */
function toFold(
  row: ConversationRow,
): Omit<
  ConversationRecord,
  'id' | 'opener' | 'open_id' | 'owner' | 'claimed_from' | 'generation' | 'joined_at' | 'wait_ms'
> {
  return {
    head: row.head,
    last_at: row.lastAt,
    phase: row.phase,
    assignment: row.assignment,
    agent_id: row.agent?.agentId ?? null,
    agent_name: row.agent?.name ?? null,
    ticket: row.ticket ? JSON.stringify(row.ticket) : null,
    contact: row.contact ? JSON.stringify(row.contact) : null,
    wait_started: row.waitStarted,
    queued_at: row.queuedAt,
    category: row.category,
    visitor_name: row.visitorName,
    role: row.role,
    page_name: row.pageName,
    question: row.question,
  }
}

function toRow(record: ConversationRecord): ConversationRow {
  const number = (value: number | null) => (value === null ? null : Number(value))
  return {
    conversationId: record.id,
    owner: record.owner,
    claimedFrom: record.claimed_from,
    generation: Number(record.generation),
    head: Number(record.head),
    lastAt: Number(record.last_at),
    phase: record.phase as Phase,
    assignment: Number(record.assignment),
    agent: record.agent_id === null ? null : { agentId: record.agent_id, name: record.agent_name ?? '' },
    ticket: record.ticket === null ? null : (JSON.parse(record.ticket) as TicketRecord),
    contact: record.contact === null ? null : (JSON.parse(record.contact) as ConversationRow['contact']),
    waitStarted: number(record.wait_started),
    queuedAt: number(record.queued_at),
    category: record.category,
    visitorName: record.visitor_name,
    role: record.role,
    pageName: record.page_name,
    question: record.question,
  }
}
