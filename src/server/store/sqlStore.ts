// The help desk's store over SQL: one text for SQLite and Postgres, through kysely.
// Owns the tables and the transaction that gives seqs (S2-S9). Refuses to know who may do what.

import { CompiledQuery, type Kysely, sql } from 'kysely'
import { secureRandomId } from '../../base/environment'
import { AskletError } from '../../base/errors'
import { NO_CATEGORY } from '../../protocol/category'
import type { EventBody, StoredEvent } from '../../protocol/events'
import type { Phase } from '../../protocol/phase'
import type { Priority, TicketRecord } from '../../protocol/records'
import { accounts, putSkills } from './accounts'
import { withoutContact } from './appending'
import { countChange, eraseBeside } from './beside'
import { createJournalRows, type ErasedFor, eraseEntries } from './chainRows'
import { createCheckpoints } from './checkpoints'
import { createDeliveryRows, eraseDeliveries } from './deliveryStatements'
import { createDeskRecords } from './deskRecords'
import { createDisputes, eraseDisputes } from './disputes'
import { createFileRows, eraseFiles } from './fileStatements'
import { createGroupCommit, unavailable } from './groupCommit'
import type { Agent, HelpDeskStore } from './helpDeskStore'
import { type Dialect, migrate } from './migrations'
import { padded } from './parts'
import { createPersonRows } from './personRows'
import { project } from './projection'
import { IS_OPEN, readDeskList, readDeskMark, readQueue, ticketNumber } from './readDeskList'
import { CONVERSATION_COLUMNS, numberOrNull, toAgent, toEvent, toEventRecord, toFold, toRow } from './records'
import { createReviewRows, eraseReviews } from './reviewRows'
import { createRowMemory } from './rowMemory'
import { type Connection, createStatements, type Statements } from './statements'
import type { Tables } from './tables'

export interface SqlStoreOptions {
  readonly db: Kysely<Tables>
  /** Connections that wait for as long as a change of the tables takes; default `db`. */
  readonly patient?: Kysely<Tables>
  /** Shown in errors: a file or a host, never a password. */
  readonly name: string
  /** Postgres has several writers: rows are locked while they are appended to. SQLite has one. */
  readonly dialect: Dialect
  /** Batches of writes under way at once; 1 for SQLite. */
  readonly lanes: number
  /** S64, of an embedded database. */
  readonly scrub?: (() => Promise<boolean>) | null
}

const MAX_ASKED = 512
/** Events that are words and nothing that a phase is made of. */
const WORDS = [
  'opened',
  'message',
  'contactGiven',
  'contested',
  'contestAnswered',
  'disputeOpened',
  'disputeStated',
  'disputeShared',
  'disputeProposed',
  'disputeDecided',
]
const CHECKPOINT = CompiledQuery.raw('pragma wal_checkpoint(passive)')

/** Opens the store: brings the tables to the present shape and makes the epoch on first use. */
export async function createSqlStore({
  db,
  patient = db,
  name,
  dialect,
  lanes,
  scrub = null,
}: SqlStoreOptions): Promise<HelpDeskStore> {
  await migrate(patient, { name, dialect })
  await db
    .insertInto('asklet_meta')
    .values({ key: 'epoch', value: secureRandomId() })
    .onConflict(c => c.doNothing())
    .execute()
  const statements = createStatements(db, dialect === 'postgres')
  const memory = dialect === 'sqlite' ? createRowMemory() : null
  const writes = createGroupCommit({
    db,
    statements,
    lanes,
    memory,
    ...(dialect === 'sqlite' && { onCommitted: createCheckpoints(() => db.executeQuery(CHECKPOINT)) }),
  })
  const { write } = writes

  const reads = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run()
    } catch (error) {
      throw unavailable(error)
    }
  }

  async function now(): Promise<number> {
    const { rows } = await sql<{
      ms: string
    }>`select extract(epoch from clock_timestamp()) * 1000 as ms`.execute(db)
    return Math.trunc(Number(rows[0]?.ms))
  }

  return {
    ...(dialect === 'postgres' && { now: () => reads(now) }),

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
      write(async on => {
        await on.updateTable('asklet_meta').set({ value: epoch }).where('key', '=', 'epoch').execute()
      }),

    open: writes.open,
    append: writes.append,

    conversation: conversationId => reads(() => statements.conversation(db, conversationId)),

    read: (conversationId, after, limit) =>
      reads(async () => {
        const row = await statements.conversation(db, conversationId)
        if (!row) return null
        // No transaction: events never change their seq, so those up to the head just read are of its moment.
        if (after >= row.head) return { events: [], row }
        const records = await statements.eventsAfter(db, conversationId, after, row.head, limit)
        return { events: records.map(toEvent), row }
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

    deskList: request => reads(() => readDeskList(db, dialect, request)),
    queue: () => reads(() => readQueue(db, dialect)),

    countQueued: () =>
      reads(async () => {
        const row = await db
          .selectFrom('asklet_conversations')
          .select(({ fn }) => [fn.countAll().as('count'), fn.min('queued_at').as('since')])
          .where(IS_OPEN)
          .where('phase', '=', 'queued')
          .executeTakeFirstOrThrow()
        return { count: Number(row.count), since: numberOrNull(row.since) }
      }),

    countTickets: () =>
      reads(async () => {
        const status =
          dialect === 'postgres'
            ? // Not by its JSON functions: one ticket that holds \u0000 would take all figures away (`readDeskList`).
              sql<string>`substring(ticket from '"status":"([a-zA-Z]+)"')`
            : sql<string>`json_extract(ticket, '$.status')`
        const rows = await db
          .selectFrom('asklet_conversations')
          .select(({ fn }) => [status.as('status'), fn.countAll().as('count')])
          .where(IS_OPEN)
          .where('ticket', 'is not', null)
          .groupBy(status)
          .execute()
        return Object.fromEntries(rows.map(({ status: name, count }) => [name, Number(count)]))
      }),

    ticketWaits: (since, limit) =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_conversations')
          .select(['ticket', 'phase', 'last_at'])
          .where(sql<boolean>`ticket is not null`)
          .where(sql<boolean>`id not in (select conversation_id from asklet_dispute_sides)`)
          .orderBy(ticketNumber(dialect), 'desc')
          .limit(limit)
          .execute()
        return rows.flatMap(({ ticket, phase, last_at }) => {
          const { openedAt, firstResponseAt, solvedAt } = JSON.parse(ticket ?? '{}') as Partial<TicketRecord>
          // Of one that a talk became nobody waited for the first word.
          if (openedAt === undefined || openedAt < since || firstResponseAt === openedAt) return []
          const endedAt = phase === 'ended' ? (solvedAt ?? Number(last_at)) : null
          return { openedAt, answeredAt: firstResponseAt ?? null, endedAt }
        })
      }),

    queued: () =>
      reads(async () => {
        const records = await db
          .selectFrom('asklet_conversations')
          .select(CONVERSATION_COLUMNS)
          .where(IS_OPEN)
          .where('phase', '=', 'queued')
          .execute()
        return records.map(toRow)
      }),

    agentsTalking: () =>
      reads(async () => {
        const found = await db
          .selectFrom('asklet_conversations')
          .select('agent_id')
          .distinct()
          .where(IS_OPEN)
          .where('phase', '=', 'live')
          .execute()
        return found.flatMap(({ agent_id }) => agent_id ?? [])
      }),

    talkingWith: agentIds =>
      reads(async () => {
        const records = await inParts(agentIds, part =>
          db
            .selectFrom('asklet_conversations')
            .select(CONVERSATION_COLUMNS)
            .where(IS_OPEN)
            .where('phase', '=', 'live')
            .where('agent_id', 'in', part)
            .execute(),
        )
        return records.map(toRow)
      }),

    deskMark: endedSince => reads(() => readDeskMark(db, endedSince)),

    recentJoins: (since, limit) =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_conversations')
          .select(['joined_at', 'wait_ms', 'priority'])
          .where('joined_at', '>=', since)
          .where('wait_ms', 'is not', null)
          .orderBy('joined_at', 'desc')
          .limit(limit)
          .execute()
        return rows.map(row => ({
          at: Number(row.joined_at),
          waitedMs: Number(row.wait_ms),
          priority: row.priority as Priority | null,
        }))
      }),

    claimOwner: (conversationId, from, to) =>
      write(
        async on => {
          await on
            .updateTable('asklet_conversations')
            .set({ owner: to, claimed_from: from })
            .where('id', '=', conversationId)
            .where('owner', '=', from)
            .execute()
        },
        { conversationId },
      ),

    bumpGeneration: (conversationId, generation) =>
      write(
        async on => {
          await on
            .updateTable('asklet_conversations')
            .set({ generation: generation + 1 })
            .where('id', '=', conversationId)
            .where('generation', '=', generation)
            .execute()
        },
        { conversationId },
      ),

    erase: (conversationId, at) =>
      write(
        async on => {
          await eraseConversation(on, conversationId, statements, at, 'asked for')
        },
        { conversationId, changesOthers: true },
      ),

    setPresence: ({ identity, node, connected, at }) =>
      write(
        async on => {
          const entry = { identity, node, connected: connected ? 1 : 0, seen_at: at }
          await on
            .insertInto('asklet_presence')
            .values(entry)
            .onConflict(c => c.columns(['identity', 'node']).doUpdateSet(entry))
            .execute()
        },
        { orderedBy: `presence ${identity}` },
      ),

    beat: (node, at, forgetBefore) =>
      write(async on => {
        await on
          .updateTable('asklet_presence')
          .set({ seen_at: at })
          .where('node', '=', node)
          .where('connected', '=', 1)
          .execute()
        await on.deleteFrom('asklet_presence').where('seen_at', '<', forgetBefore).execute()
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
          .where(
            sql<boolean>`substr(identity, 7) not in (select agent_id from asklet_agent_states where away = 1)`,
          )
          .executeTakeFirstOrThrow()
        return Number(row.count)
      }),

    addAgent: agent =>
      write(async on => {
        const taken = await on
          .selectFrom('asklet_agents')
          .select('id')
          .where('name_key', '=', agent.name.toLowerCase())
          .executeTakeFirst()
        if (taken)
          throw new AskletError(
            'server_shape',
            `an agent named ${JSON.stringify(agent.name)} is there already. Choose another name, or make a sign-in link for that one.`,
          )
        await on
          .insertInto('asklet_agents')
          .values({
            id: agent.agentId,
            name: agent.name,
            name_key: agent.name.toLowerCase(),
            roles: JSON.stringify(agent.roles),
            password_hash: agent.passwordHash,
          })
          .execute()
        if (agent.teams && agent.teams.length > 0)
          await on
            .insertInto('asklet_agent_teams')
            .values({ agent_id: agent.agentId, teams: JSON.stringify(agent.teams) })
            .execute()
        if (agent.skills?.length || agent.languages?.length) await putSkills(on, agent.agentId, agent)
      }),

    setPassword: (agentId, passwordHash) =>
      write(async on => {
        await on
          .updateTable('asklet_agents')
          .set({ password_hash: passwordHash })
          .where('id', '=', agentId)
          .execute()
        await on.deleteFrom('asklet_sessions').where('agent_id', '=', agentId).execute()
      }),

    setTeams: (agentId, teams) =>
      write(async on => {
        const entry = { agent_id: agentId, teams: JSON.stringify(teams) }
        await on
          .insertInto('asklet_agent_teams')
          .values(entry)
          .onConflict(c => c.column('agent_id').doUpdateSet(entry))
          .execute()
        countChange(on, 'people')
      }),

    setSkills: (agentId, change) => write(on => putSkills(on, agentId, change)),

    removeAgent: agentId =>
      write(async on => {
        await on.deleteFrom('asklet_sessions').where('agent_id', '=', agentId).execute()
        await on.deleteFrom('asklet_links').where('agent_id', '=', agentId).execute()
        await on.deleteFrom('asklet_agent_teams').where('agent_id', '=', agentId).execute()
        await on.deleteFrom('asklet_agent_skills').where('agent_id', '=', agentId).execute()
        await on.deleteFrom('asklet_agent_states').where('agent_id', '=', agentId).execute()
        await on.deleteFrom('asklet_agents').where('id', '=', agentId).execute()
      }),

    agents: () =>
      reads(async () => {
        const records = await accounts(db).orderBy('name_key').execute()
        return records.map(toAgent)
      }),

    agentByName: wanted =>
      reads(async () => {
        const record = await accounts(db).where('name_key', '=', wanted.toLowerCase()).executeTakeFirst()
        return record ? toAgent(record) : null
      }),

    addLink: ({ tokenHash, agentId, expiresAt }) =>
      write(async on => {
        await on
          .insertInto('asklet_links')
          .values({ token_hash: tokenHash, agent_id: agentId, expires_at: expiresAt, used_at: null })
          .execute()
      }),

    takeLink: (tokenHash, now) =>
      write(async on => {
        // The update is the test: of two who use the link at once, one changes a row.
        const used = await on
          .updateTable('asklet_links')
          .set({ used_at: now })
          .where('token_hash', '=', tokenHash)
          .where('used_at', 'is', null)
          .where('expires_at', '>', now)
          .returning('agent_id')
          .executeTakeFirst()
        return used ? await agentById(on, used.agent_id) : null
      }),

    addSession: ({ tokenHash, agentId, expiresAt }) =>
      write(async on => {
        await on
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
      write(async on => {
        await on.deleteFrom('asklet_sessions').where('token_hash', '=', tokenHash).execute()
      }),

    ...createJournalRows({ db, statements, hasWriters: dialect === 'postgres', write, reads }),
    ...createDeskRecords({ db, statements, write, reads }),
    ...createFileRows({ db, reads, write }),
    ...createDeliveryRows({ db, dialect, reads, write }),
    ...createDisputes({ db, reads, write }),
    ...createReviewRows({ db, reads, write }),
    ...createPersonRows({
      db,
      scrub,
      reads,
      write,
      eraseConversation: (on, conversationId, at, why) =>
        eraseConversation(on, conversationId, statements, at, why),
      holdChain: (on, chain) => statements.lock(on, `asklet_chain ${chain}`),
      async eraseEntries(on, chain, at, why) {
        await statements.joinJournal(on)
        await eraseEntries(on, chain, at, why)
      },
    }),

    async close() {
      await writes.close()
      await db.destroy()
    },
  }
}

/** Asked for in parts of a few sizes: a busy node has more to ask about than a statement takes parameters. */
async function inParts<Row>(
  keys: readonly string[],
  ask: (part: readonly string[]) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const part of padded(keys, MAX_ASKED)) rows.push(...(await ask(part)))
  return rows
}

/** S11: words and contacts go, seqs stay. Events that only move the phase keep what the fold needs. */
async function eraseConversation(
  on: Connection,
  conversationId: string,
  statements: Statements,
  at: number,
  why: ErasedFor,
): Promise<readonly string[]> {
  const row = (await statements.rows(on, [conversationId])).get(conversationId)
  if (!row) return []
  await on
    .updateTable('asklet_events')
    .set({ body: null })
    .where('conversation_id', '=', conversationId)
    .where('type', 'in', WORDS)
    .execute()
  // The name stands in every event of the visitor's, also in those that keep their body.
  await on
    .updateTable('asklet_events')
    .set({ author: '{"kind":"visitor"}' })
    .where('conversation_id', '=', conversationId)
    .where('author', 'like', '{"kind":"visitor"%')
    .execute()
  await eraseFiles(on, conversationId)
  const withContact = await on
    .selectFrom('asklet_events')
    .select(['seq', 'body'])
    .where('conversation_id', '=', conversationId)
    .where('type', 'in', [
      'handoffReady',
      'ticketOpened',
      'rated',
      'triaged',
      'prioritised',
      'categorised',
      'ended',
    ])
    .execute()
  for (const { seq, body } of withContact) {
    if (body === null) continue
    await on
      .updateTable('asklet_events')
      .set({ body: JSON.stringify(withoutContact(JSON.parse(body) as EventBody)) })
      .where('conversation_id', '=', conversationId)
      .where('seq', '=', seq)
      .execute()
  }
  await on
    .updateTable('asklet_conversations')
    .set({
      contact: null,
      ticket: row.ticket ? JSON.stringify(ticketWithoutContact(row.ticket)) : null,
      visitor_name: '',
      page_name: '',
      question: '',
      role: '',
      locale: '',
      category: NO_CATEGORY,
    })
    .where('id', '=', conversationId)
    .execute()
  await eraseBeside(on, conversationId)
  const threads = await eraseDisputes(on, conversationId)
  await statements.joinJournal(on)
  await eraseEntries(on, conversationId, at, why)
  await eraseDeliveries(on, conversationId)
  await eraseReviews(on, conversationId)
  for (const threadId of threads) {
    await eraseConversation(on, threadId, statements, at, why)
    await endThread(on, threadId, statements, at)
  }
  return threads
}

/** V11. The dispute is gone, and its thread with it: nobody at the desk has anything to do there. */
async function endThread(
  on: Connection,
  threadId: string,
  statements: Statements,
  at: number,
): Promise<void> {
  let row = (await statements.rows(on, [threadId])).get(threadId)
  if (!row) return
  const bodies: Readonly<Partial<Record<Phase, readonly EventBody[]>>> = {
    queued: [{ type: 'cancelled' }, { type: 'ticketSolved' }],
    live: [{ type: 'ended', by: 'agent' }],
    ticketed: [{ type: 'ticketSolved' }],
  }
  for (const [n, body] of (bodies[row.phase] ?? []).entries()) {
    const event: StoredEvent = {
      conversationId: threadId,
      seq: row.head + 1,
      clientId: `dispute-gone-${n + 1}`,
      at: Math.max(Math.trunc(at), row.lastAt),
      author: { kind: 'system' },
      body,
    }
    await on
      .insertInto('asklet_events')
      .values(toEventRecord({ event, sender: 'system', body: JSON.stringify(body) }))
      .execute()
    row = project(row, event)
  }
  await on
    .updateTable('asklet_conversations')
    .set({ ...toFold(row), owner: `erased:${threadId}` })
    .where('id', '=', threadId)
    .execute()
}

function ticketWithoutContact({ contact: _, ...ticket }: TicketRecord): TicketRecord {
  return { ...ticket, category: NO_CATEGORY }
}

async function agentById(db: Connection, agentId: string): Promise<Agent | null> {
  const record = await accounts(db).where('asklet_agents.id', '=', agentId).executeTakeFirst()
  return record ? toAgent(record) : null
}
