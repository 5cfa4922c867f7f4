// Steps from an empty database to the present tables: ordered, each recorded once it is done, never edited
// after a release. Runs in one transaction, so that a crash leaves either the old or the new shape.

import { type Kysely, sql } from 'kysely'
import { AskletError } from '../../base/errors'
import { visitsChain } from '../journalChain'
import { addToChains, JOURNAL_SINCE } from './chainRows'
import type { Tables } from './tables'

export type Dialect = 'sqlite' | 'postgres'

interface Migration {
  readonly version: number
  readonly name: string
  up(db: Kysely<Tables>, dialect: Dialect): Promise<void>
}

export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'conversations, events, agents, presence, journal',
    async up(db, dialect) {
      const { schema } = db
      await schema
        .createTable('asklet_meta')
        .addColumn('key', 'text', c => c.primaryKey())
        .addColumn('value', 'text', c => c.notNull())
        .execute()
      await schema
        .createTable('asklet_counters')
        .addColumn('name', 'text', c => c.primaryKey())
        .addColumn('value', 'bigint', c => c.notNull())
        .execute()
      await db.insertInto('asklet_counters').values({ name: 'ticket', value: 1_000 }).execute()
      await schema
        .createTable('asklet_conversations')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('opener', 'text', c => c.notNull())
        .addColumn('open_id', 'text', c => c.notNull())
        .addColumn('owner', 'text', c => c.notNull())
        .addColumn('claimed_from', 'text')
        .addColumn('generation', 'integer', c => c.notNull())
        .addColumn('head', 'integer', c => c.notNull())
        .addColumn('last_at', 'bigint', c => c.notNull())
        .addColumn('phase', 'text', c => c.notNull())
        .addColumn('assignment', 'integer', c => c.notNull())
        .addColumn('agent_id', 'text')
        .addColumn('agent_name', 'text')
        .addColumn('ticket', 'text')
        .addColumn('contact', 'text')
        .addColumn('wait_started', 'bigint')
        .addColumn('queued_at', 'bigint')
        .addColumn('joined_at', 'bigint')
        .addColumn('wait_ms', 'bigint')
        .addColumn('category', 'text', c => c.notNull())
        .addColumn('visitor_name', 'text', c => c.notNull())
        .addColumn('role', 'text', c => c.notNull())
        .addColumn('page_name', 'text', c => c.notNull())
        .addColumn('question', 'text', c => c.notNull())
        .addUniqueConstraint('asklet_conversations_open', ['opener', 'open_id'])
        .execute()
      await schema
        .createIndex('asklet_conversations_phase')
        .on('asklet_conversations')
        .columns(['phase', 'last_at'])
        .execute()
      await schema
        .createIndex('asklet_conversations_joined')
        .on('asklet_conversations')
        .column('joined_at')
        .execute()
      await schema
        .createTable('asklet_events')
        .addColumn('conversation_id', 'text', c => c.notNull().references('asklet_conversations.id'))
        .addColumn('seq', 'integer', c => c.notNull())
        .addColumn('sender', 'text', c => c.notNull())
        .addColumn('client_id', 'text', c => c.notNull())
        .addColumn('at', 'bigint', c => c.notNull())
        .addColumn('author', 'text', c => c.notNull())
        .addColumn('origin', 'text')
        .addColumn('said_at', 'bigint')
        .addColumn('type', 'text', c => c.notNull())
        .addColumn('body', 'text')
        .addPrimaryKeyConstraint('asklet_events_seq', ['conversation_id', 'seq'])
        .addUniqueConstraint('asklet_events_key', ['conversation_id', 'sender', 'client_id'])
        .execute()
      await schema
        .createTable('asklet_agents')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('name', 'text', c => c.notNull())
        .addColumn('name_key', 'text', c => c.notNull().unique())
        .addColumn('roles', 'text', c => c.notNull())
        .addColumn('password_hash', 'text')
        .execute()
      await schema
        .createTable('asklet_links')
        .addColumn('token_hash', 'text', c => c.primaryKey())
        .addColumn('agent_id', 'text', c => c.notNull().references('asklet_agents.id'))
        .addColumn('expires_at', 'bigint', c => c.notNull())
        .addColumn('used_at', 'bigint')
        .execute()
      await schema
        .createTable('asklet_sessions')
        .addColumn('token_hash', 'text', c => c.primaryKey())
        .addColumn('agent_id', 'text', c => c.notNull().references('asklet_agents.id'))
        .addColumn('expires_at', 'bigint', c => c.notNull())
        .execute()
      await schema
        .createTable('asklet_presence')
        .addColumn('identity', 'text', c => c.notNull())
        .addColumn('node', 'text', c => c.notNull())
        .addColumn('connected', 'integer', c => c.notNull())
        .addColumn('seen_at', 'bigint', c => c.notNull())
        .addPrimaryKeyConstraint('asklet_presence_key', ['identity', 'node'])
        .execute()
      await schema
        .createTable('asklet_journal')
        // Counts up by itself: SQLite's way and Postgres' way.
        .addColumn('position', dialect === 'sqlite' ? 'integer' : 'bigint', c =>
          dialect === 'sqlite' ? c.primaryKey().autoIncrement() : c.primaryKey().generatedAlwaysAsIdentity(),
        )
        .addColumn('id', 'text', c => c.notNull().unique())
        .addColumn('received_at', 'bigint', c => c.notNull())
        .addColumn('kind', 'text', c => c.notNull())
        .addColumn('record', 'text', c => c.notNull())
        .execute()
    },
  },
  {
    version: 2,
    name: 'a message changes no index of its conversation',
    async up(db) {
      // (phase, last_at) was rewritten by every message. What the desk asks for is either open, found by phase
      // alone, or ended, and then `last_at` hardly moves any more.
      // Queries name the same conditions in the same words, else an index with a condition is not used.
      await db.schema.dropIndex('asklet_conversations_phase').execute()
      await db.schema
        .createIndex('asklet_conversations_open_now')
        .on('asklet_conversations')
        .column('phase')
        .where(sql<boolean>`phase in ('queued', 'live', 'ticketed')`)
        .execute()
      await db.schema
        .createIndex('asklet_conversations_ended')
        .on('asklet_conversations')
        .column('last_at')
        .where(sql<boolean>`phase = 'ended'`)
        .execute()
    },
  },
  {
    version: 3,
    name: 'keys stand in the order in which they were made',
    async up(db, dialect) {
      // By conversation first, each message of thousands of conversations changed a page of its own. Ids begin with
      // their time, so that by id first those of one commit share a few.
      // Where the table stays, the new index is there before the old one goes: writers wait for a moment only.
      if (dialect === 'sqlite') await withoutKeyConstraint(db)
      await db.schema
        .createIndex('asklet_events_key_by_id')
        .on('asklet_events')
        .columns(['client_id', 'conversation_id', 'sender'])
        .unique()
        .execute()
      if (dialect === 'postgres')
        await db.schema.alterTable('asklet_events').dropConstraint('asklet_events_key').execute()
    },
  },
  {
    version: 4,
    name: 'open tickets stand in the order of their numbers',
    async up(db, dialect) {
      // The desk's list read and sorted all of them to show a few. Of the number, not of a column for it: a node of
      // the former build that still runs beside this one would leave the column empty. By phase first, because SQLite
      // prefers an index that begins with what is asked for.
      const number =
        dialect === 'postgres'
          ? sql`cast(substring(ticket from '"number":([0-9]+)') as bigint)`
          : sql`json_extract(ticket, '$.number')`
      await sql`create index asklet_conversations_tickets on asklet_conversations (phase, (${number})) where phase = 'ticketed'`.execute(
        db,
      )
    },
  },
  {
    version: 5,
    name: 'a conversation has a priority',
    async up(db) {
      // Nullable and without a default to rewrite rows for. A node of the former build cannot run beside this one on
      // Postgres: it has `*` prepared. From this build on columns are read by name. The turn is worked out of two
      // columns, not stored: it changes with either. No index holds it: who waits is found by phase (2), and waits are
      // bounded, so that some thousand are sorted at worst, as before.
      await db.schema.alterTable('asklet_conversations').addColumn('priority', 'text').execute()
    },
  },
  {
    version: 6,
    name: 'what agents know beside the events',
    async up(db) {
      // Tables of their own, no new columns: a node of the former build that still runs beside this one has its
      // statements prepared, and Postgres refuses one whose `*` has become another list.
      const { schema } = db
      await schema
        .createTable('asklet_beside')
        .addColumn('conversation_id', 'text', c => c.primaryKey())
        .addColumn('revision', 'integer', c => c.notNull())
        .addColumn('changed_at', 'bigint', c => c.notNull())
        .addColumn('page', 'text')
        .addColumn('page_at', 'bigint')
        .addColumn('team', 'text')
        .execute()
      await schema.createIndex('asklet_beside_changed').on('asklet_beside').column('changed_at').execute()
      await schema
        .createIndex('asklet_beside_team')
        .on('asklet_beside')
        .column('conversation_id')
        .where(sql<boolean>`team is not null`)
        .execute()
      await schema
        .createTable('asklet_notes')
        .addColumn('conversation_id', 'text', c => c.notNull())
        .addColumn('note_id', 'text', c => c.notNull())
        .addColumn('n', 'integer', c => c.notNull())
        .addColumn('at', 'bigint', c => c.notNull())
        .addColumn('agent_id', 'text', c => c.notNull())
        .addColumn('agent_name', 'text', c => c.notNull())
        .addColumn('text', 'text')
        .addColumn('after_seq', 'integer', c => c.notNull())
        .addPrimaryKeyConstraint('asklet_notes_key', ['conversation_id', 'note_id'])
        .execute()
      await schema
        .createTable('asklet_labels')
        .addColumn('conversation_id', 'text', c => c.notNull())
        .addColumn('label', 'text', c => c.notNull())
        .addColumn('n', 'integer', c => c.notNull())
        .addPrimaryKeyConstraint('asklet_labels_key', ['conversation_id', 'label'])
        .execute()
      await schema.createIndex('asklet_labels_used').on('asklet_labels').column('label').execute()
      await schema
        .createTable('asklet_canned')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('revision', 'integer', c => c.notNull())
        .addColumn('shortcut', 'text', c => c.notNull().unique())
        .addColumn('title', 'text', c => c.notNull())
        .addColumn('text', 'text', c => c.notNull())
        .addColumn('agent_id', 'text', c => c.notNull())
        .addColumn('agent_name', 'text', c => c.notNull())
        .addColumn('edited_at', 'bigint', c => c.notNull())
        .execute()
      await schema
        .createTable('asklet_settings')
        .addColumn('name', 'text', c => c.primaryKey())
        .addColumn('revision', 'integer', c => c.notNull())
        .addColumn('value', 'text')
        .execute()
      await schema
        .createTable('asklet_agent_states')
        .addColumn('agent_id', 'text', c => c.primaryKey())
        .addColumn('name', 'text', c => c.notNull())
        .addColumn('role', 'text', c => c.notNull())
        .addColumn('teams', 'text', c => c.notNull())
        .addColumn('away', 'integer', c => c.notNull())
        .addColumn('seen_at', 'bigint', c => c.notNull())
        .execute()
      await schema
        .createTable('asklet_agent_teams')
        .addColumn('agent_id', 'text', c => c.primaryKey())
        .addColumn('teams', 'text', c => c.notNull())
        .execute()
      await db
        .insertInto('asklet_counters')
        .values(['replies', 'settings', 'people'].map(name => ({ name: `desk_${name}`, value: 0 })))
        .execute()
      // A visitor's own conversations, and an agent's view of them. Of columns that no message changes.
      await schema
        .createIndex('asklet_conversations_owner')
        .on('asklet_conversations')
        .column('owner')
        .execute()
      await schema
        .createIndex('asklet_conversations_claimed')
        .on('asklet_conversations')
        .column('claimed_from')
        .where(sql<boolean>`claimed_from is not null`)
        .execute()
    },
  },
  {
    version: 7,
    name: 'files in conversations',
    async up(db) {
      const { schema } = db
      await schema
        .createTable('asklet_attachments')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('conversation_id', 'text', c => c.notNull())
        .addColumn('sender', 'text', c => c.notNull())
        .addColumn('upload_id', 'text', c => c.notNull())
        .addColumn('name', 'text', c => c.notNull())
        .addColumn('media_type', 'text', c => c.notNull())
        .addColumn('bytes', 'bigint', c => c.notNull())
        .addColumn('width', 'integer')
        .addColumn('height', 'integer')
        .addColumn('at', 'bigint', c => c.notNull())
        .addColumn('state', 'text', c => c.notNull())
        .addUniqueConstraint('asklet_attachments_key', ['conversation_id', 'sender', 'upload_id'])
        .execute()
      // What no message has is swept: few rows, whatever lies beside them.
      await schema
        .createIndex('asklet_attachments_unsent')
        .on('asklet_attachments')
        .columns(['state', 'at'])
        .where(sql<boolean>`state <> 'used'`)
        .execute()
    },
  },
  {
    version: 8,
    name: 'a ticket has an owner',
    async up(db) {
      // For the list of one agent, which must hold their tickets however many others are open. The rest of a ticket
      // is in its JSON: nothing looks for it.
      await db.schema.alterTable('asklet_conversations').addColumn('ticket_owner', 'text').execute()
      await db.schema
        .createIndex('asklet_conversations_ticket_owner')
        .on('asklet_conversations')
        .column('ticket_owner')
        .where(sql<boolean>`phase = 'ticketed' and ticket_owner is not null`)
        .execute()
    },
  },
  {
    version: 9,
    name: 'the journal is chained',
    async up(db, dialect) {
      const { schema } = db
      await schema
        .createTable('asklet_chain')
        .addColumn('position', dialect === 'sqlite' ? 'integer' : 'bigint', c =>
          dialect === 'sqlite' ? c.primaryKey().autoIncrement() : c.primaryKey().generatedAlwaysAsIdentity(),
        )
        .addColumn('chain', 'text', c => c.notNull())
        .addColumn('n', 'integer', c => c.notNull())
        .addColumn('id', 'text', c => c.notNull())
        .addColumn('at', 'bigint', c => c.notNull())
        .addColumn('kind', 'text', c => c.notNull())
        .addColumn('origin', 'text')
        .addColumn('seq', 'integer')
        .addColumn('salt', 'text')
        .addColumn('body', 'text')
        .addColumn('hash', 'text', c => c.notNull())
        .addColumn('link', 'text', c => c.notNull())
        // Two nodes cannot put two entries into one place: a chain has no fork.
        .addUniqueConstraint('asklet_chain_place', ['chain', 'n'])
        .addUniqueConstraint('asklet_chain_id', ['id'])
        .execute()
      await schema
        .createTable('asklet_chain_heads')
        .addColumn('chain', 'text', c => c.primaryKey())
        .addColumn('n', 'integer', c => c.notNull())
        .addColumn('at', 'bigint', c => c.notNull())
        .addColumn('link', 'text', c => c.notNull())
        .addColumn('sealed_n', 'integer', c => c.notNull())
        .execute()
      // The next root covers these, whatever lies beside them.
      await schema
        .createIndex('asklet_chain_heads_unsealed')
        .on('asklet_chain_heads')
        .column('chain')
        .where(sql<boolean>`n > sealed_n`)
        .execute()
      await schema
        .createTable('asklet_roots')
        .addColumn('n', 'integer', c => c.primaryKey())
        .addColumn('day', 'text', c => c.notNull())
        .addColumn('at', 'bigint', c => c.notNull())
        .addColumn('heads', 'integer', c => c.notNull())
        .addColumn('root', 'text', c => c.notNull())
        .addColumn('previous', 'text', c => c.notNull())
        .addColumn('key', 'text', c => c.notNull())
        .addColumn('signature', 'text', c => c.notNull())
        .execute()
      await schema
        .createTable('asklet_root_heads')
        .addColumn('root_n', 'integer', c => c.notNull())
        .addColumn('chain', 'text', c => c.notNull())
        .addColumn('n', 'integer', c => c.notNull())
        .addColumn('link', 'text', c => c.notNull())
        .addPrimaryKeyConstraint('asklet_root_heads_key', ['root_n', 'chain'])
        .execute()
      await schema
        .createTable('asklet_root_keys')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('public_key', 'text', c => c.notNull())
        .addColumn('since', 'bigint', c => c.notNull())
        .execute()
      await schema
        .createTable('asklet_rulefiles')
        .addColumn('hash', 'text', c => c.primaryKey())
        .addColumn('name', 'text', c => c.notNull())
        .addColumn('content', 'text', c => c.notNull())
        .addColumn('at', 'bigint', c => c.notNull())
        .execute()
      await chainFormerRecords(db)
      // What was decided before had no journal: of events up to here no decision is asked for.
      const { newest } = await db
        .selectFrom('asklet_events')
        .select(({ fn }) => fn.max('at').as('newest'))
        .executeTakeFirstOrThrow()
      await db
        .insertInto('asklet_meta')
        .values({ key: JOURNAL_SINCE, value: String(Number(newest ?? -1)) })
        .execute()
    },
  },
  {
    version: 10,
    name: 'what leaves the server',
    async up(db) {
      const { schema } = db
      await schema
        .createTable('asklet_deliveries')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('conversation_id', 'text', c => c.notNull())
        .addColumn('seq', 'integer', c => c.notNull())
        .addColumn('road', 'text', c => c.notNull())
        .addColumn('kind', 'text', c => c.notNull())
        .addColumn('target', 'text')
        .addColumn('facts', 'text')
        .addColumn('created_at', 'bigint', c => c.notNull())
        .addColumn('due_at', 'bigint', c => c.notNull())
        .addColumn('state', 'text', c => c.notNull())
        .addColumn('attempts', 'integer', c => c.notNull())
        .addColumn('lease', 'text')
        .addColumn('lease_until', 'bigint')
        .addColumn('address_key', 'text')
        .addColumn('done_at', 'bigint')
        .addColumn('problem', 'text')
        .execute()
      // What waits is looked for every 2 s: few rows, whatever lies beside them.
      await schema
        .createIndex('asklet_deliveries_waiting')
        .on('asklet_deliveries')
        .column('due_at')
        .where(sql<boolean>`state = 'waiting'`)
        .execute()
      await schema
        .createIndex('asklet_deliveries_conversation')
        .on('asklet_deliveries')
        .column('conversation_id')
        .execute()
      await schema
        .createIndex('asklet_deliveries_address')
        .on('asklet_deliveries')
        .column('address_key')
        .where(sql<boolean>`address_key is not null`)
        .execute()
      await schema
        .createIndex('asklet_deliveries_done')
        .on('asklet_deliveries')
        .columns(['state', 'done_at'])
        .where(sql<boolean>`done_at is not null`)
        .execute()
    },
  },
  {
    version: 12,
    name: 'what agents can do, and what visitors read',
    async up(db) {
      const { schema } = db
      // Beside the accounts, as teams are: a host's own agents have them, too.
      await schema
        .createTable('asklet_agent_skills')
        .addColumn('agent_id', 'text', c => c.primaryKey())
        .addColumn('skills', 'text', c => c.notNull())
        .addColumn('languages', 'text', c => c.notNull())
        .execute()
      // Filled where a node of this build folds the opening; of older conversations it is not known.
      await schema
        .alterTable('asklet_conversations')
        .addColumn('locale', 'text', c => c.notNull().defaultTo(''))
        .execute()
    },
  },
  {
    version: 13,
    name: 'disputes',
    async up({ schema }) {
      await schema
        .createTable('asklet_disputes')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('revision', 'integer', c => c.notNull())
        .addColumn('dispute_key', 'text', c => c.notNull())
        .addColumn('open_key', 'text', c => c.unique())
        .addColumn('opened_at', 'bigint', c => c.notNull())
        .addColumn('due_at', 'bigint')
        .addColumn('untold', 'integer', c => c.notNull())
        .addColumn('state', 'text', c => c.notNull())
        .execute()
      await schema
        .createTable('asklet_dispute_sides')
        .addColumn('dispute_id', 'text', c => c.notNull())
        .addColumn('side', 'integer', c => c.notNull())
        .addColumn('conversation_id', 'text', c => c.notNull())
        .addColumn('heard', 'integer', c => c.notNull())
        .addPrimaryKeyConstraint('asklet_dispute_sides_key', ['dispute_id', 'side'])
        .execute()
      await schema
        .createIndex('asklet_dispute_sides_of')
        .on('asklet_dispute_sides')
        .column('conversation_id')
        .execute()
      await schema.createIndex('asklet_disputes_key').on('asklet_disputes').column('dispute_key').execute()
      // What the sweep asks for every few seconds: few, whatever lies beside them.
      await schema
        .createIndex('asklet_disputes_due')
        .on('asklet_disputes')
        .columns(['untold', 'due_at'])
        .where(sql<boolean>`untold = 1 or due_at is not null`)
        .execute()
    },
  },
  {
    version: 14,
    name: 'what leads are asked to judge',
    async up(db) {
      const { schema } = db
      await schema
        .createTable('asklet_reviews')
        .addColumn('item_id', 'text', c => c.primaryKey())
        .addColumn('kind', 'text', c => c.notNull())
        .addColumn('stratum', 'text', c => c.notNull())
        .addColumn('week', 'integer', c => c.notNull())
        .addColumn('at', 'bigint', c => c.notNull())
        .addColumn('conversation_id', 'text')
        .addColumn('seq', 'integer')
        .addColumn('journal_position', 'bigint')
        .addColumn('draw', 'bigint', c => c.notNull())
        .addColumn('chance', 'bigint', c => c.notNull())
        .addColumn('agent_id', 'text')
        .addColumn('revision', 'integer', c => c.notNull())
        .addColumn('verdict', 'text')
        .addColumn('article', 'text')
        .addColumn('words', 'text')
        .addColumn('by_id', 'text')
        .addColumn('by_name', 'text')
        .addColumn('judged_at', 'bigint')
        .execute()
      await schema
        .createIndex('asklet_reviews_week')
        .on('asklet_reviews')
        .columns(['week', 'stratum', 'draw'])
        .execute()
      await schema
        .createIndex('asklet_reviews_conversation')
        .on('asklet_reviews')
        .column('conversation_id')
        .execute()
    },
  },
  {
    version: 15,
    name: 'objections of visitors',
    async up(db) {
      await db.schema.alterTable('asklet_beside').addColumn('contests', 'text').execute()
    },
  },
  {
    version: 16,
    name: 'since when decisions are journalled',
    async up(db) {
      // Step 9 as it was first shipped did not write it down, and not all that was decided had an entry before this
      // step: of events up to here none is asked for.
      const { newest } = await db
        .selectFrom('asklet_events')
        .select(({ fn }) => fn.max('at').as('newest'))
        .executeTakeFirstOrThrow()
      await db
        .insertInto('asklet_meta')
        .values({ key: JOURNAL_SINCE, value: String(Number(newest ?? -1)) })
        .onConflict(c => c.column('key').doUpdateSet({ value: String(Number(newest ?? -1)) }))
        .execute()
    },
  },
  {
    version: 18,
    name: 'objections and the newest tickets are found by index',
    async up(db, dialect) {
      // Few have an objection that is open: each reading of the desk's list asks for them.
      await db.schema
        .createIndex('asklet_beside_contested')
        .on('asklet_beside')
        .column('conversation_id')
        .where(sql<boolean>`contests is not null`)
        .execute()
      // Of all phases, newest first: how long a first answer takes is counted by those that were opened last.
      const number =
        dialect === 'postgres'
          ? sql`cast(substring(ticket from '"number":([0-9]+)') as bigint)`
          : sql`json_extract(ticket, '$.number')`
      await sql`create index asklet_conversations_numbers on asklet_conversations ((${number})) where ticket is not null`.execute(
        db,
      )
    },
  },
  {
    version: 19,
    name: 'solved tickets are found by index',
    async up(db) {
      // For what is like an open conversation: the newest of all, and of its category. Of what is erased no question is
      // left.
      const isSolved = sql<boolean>`phase = 'ended' and ticket is not null and question <> ''`
      await db.schema
        .createIndex('asklet_conversations_solved')
        .on('asklet_conversations')
        .column('last_at')
        .where(isSolved)
        .execute()
      await db.schema
        .createIndex('asklet_conversations_solved_as')
        .on('asklet_conversations')
        .columns(['category', 'last_at'])
        .where(isSolved)
        .execute()
    },
  },
  {
    version: 20,
    name: 'what leaves the server is found by where it goes',
    async up({ schema }) {
      // Behind a receiver that is away for days lies what is due for the others.
      await schema
        .createIndex('asklet_deliveries_road')
        .on('asklet_deliveries')
        .columns(['road', 'target', 'due_at'])
        .where(sql<boolean>`state = 'waiting'`)
        .execute()
    },
  },
  {
    version: 21,
    name: 'tickets whose visitors stopped waiting are tickets again',
    async up(db) {
      // Builds before this step had them back with the bot, where nobody finds a ticket.
      const withTicket = (phase: string, isSolved: boolean) => {
        const solved = sql<boolean>`ticket like '%"status":"solved"%'`
        return db
          .updateTable('asklet_conversations')
          .set({ phase })
          .where('phase', 'in', ['bot', 'offered'])
          .where('ticket', 'is not', null)
          .where(isSolved ? solved : sql<boolean>`not ${solved}`)
          .execute()
      }
      await withTicket('ticketed', false)
      await withTicket('ended', true)
    },
  },
]

/** Devices' records of former builds go into the chains of their days. What one of those still writes is not chained. */
async function chainFormerRecords(db: Kysely<Tables>): Promise<void> {
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom('asklet_journal')
      .select(['position', 'received_at', 'record'])
      .where('position', '>', after)
      .orderBy('position')
      .limit(500)
      .execute()
    const last = rows.at(-1)
    if (!last) break
    await addToChains(
      db,
      db,
      rows.map(({ received_at, record }) => {
        const at = Number(received_at)
        return { chain: visitsChain(at), at, origin: 'device', seq: null, record: JSON.parse(record) }
      }),
    )
    after = Number(last.position)
  }
  await db.deleteFrom('asklet_journal').execute()
}

/** SQLite drops no constraint: the table is made once more without it, and the rows go over. */
async function withoutKeyConstraint(db: Kysely<Tables>): Promise<void> {
  const columns = sql.raw('conversation_id, seq, sender, client_id, at, author, origin, said_at, type, body')
  await sql`alter table asklet_events rename to asklet_events_before`.execute(db)
  await sql`create table asklet_events (
    conversation_id text not null references asklet_conversations (id),
    seq integer not null,
    sender text not null,
    client_id text not null,
    at bigint not null,
    author text not null,
    origin text,
    said_at bigint,
    type text not null,
    body text,
    primary key (conversation_id, seq))`.execute(db)
  await sql`insert into asklet_events (${columns}) select ${columns} from asklet_events_before order by at`.execute(
    db,
  )
  await sql`drop table asklet_events_before`.execute(db)
}

/** Any number will do, as long as nobody else in the database takes it: "asklet" in digits. */
const MIGRATION_LOCK = 275_538_001

/** Brings the database to the present shape. S15: a newer one is refused and left alone. */
export async function migrate(
  db: Kysely<Tables>,
  { name, dialect }: { readonly name: string; readonly dialect: Dialect },
  steps = migrations,
): Promise<void> {
  await db.transaction().execute(async trx => {
    // Several nodes start at once on an empty database: one makes the tables, the others find them.
    if (dialect === 'postgres')
      await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(trx)
    await sql`create table if not exists asklet_migrations (version integer primary key, name text not null, applied_at text not null)`.execute(
      trx,
    )
    const recorded = await trx.selectFrom('asklet_migrations').select('version').execute()
    // Each by its own number: a step that was merged later than one with a higher number is not passed over.
    const done = new Set(recorded.map(({ version }) => Number(version)))
    const have = Math.max(0, ...done)
    const newest = steps.at(-1)?.version ?? 0
    if (have > newest)
      throw new AskletError(
        'store_newer',
        `the database ${name} has shape ${have}, this build knows shapes up to ${newest}. Run the newer build, or open a copy that was made before the upgrade.`,
      )
    for (const step of steps) {
      if (done.has(step.version)) continue
      await step.up(trx, dialect)
      await trx
        .insertInto('asklet_migrations')
        .values({ version: step.version, name: step.name, applied_at: new Date().toISOString() })
        .execute()
    }
  })
}
