// What agents know beside the events, over SQL (S17 to S25): one text for SQLite and Postgres. What of it
// changes with events and by erasing is in `beside`.
// Words of people are kept as JSON, which holds what a column of plain text refuses or changes.

import { type Kysely, sql } from 'kysely'
import type { CannedReply, Note } from '../../protocol/deskRecords'
import type { PageFacts } from '../../protocol/facts'
import type { Hours } from '../../protocol/records'
import type { RefusalCode } from '../../protocol/wire'
import { agentRole } from '../membership'
import { accounts, putSkills } from './accounts'
import { countChange, isOpenPhase } from './beside'
import type { DeskRecord, DeskRecordStore, SeenAgent, StoredPerson } from './deskRecordStore'
import type { GroupCommit } from './groupCommit'
import type { StoreRefusal } from './helpDeskStore'
import { HAS_ENDED, IS_OPEN, IS_SOLVED, parseContests } from './readDeskList'
import { CONVERSATION_COLUMNS, toRow } from './records'
import type { Connection, Statements } from './statements'
import type { Tables } from './tables'

export interface DeskRecordsOptions {
  readonly db: Kysely<Tables>
  readonly statements: Statements
  readonly write: GroupCommit['write']
  reads<T>(run: () => Promise<T>): Promise<T>
}

const HOURS = 'hours'
/** Of so many that ended last: a list of words to choose from, no statistic. */
const CATEGORIES_FROM = 2_000
/** How it was, and what was read, may be said after the end; all events of a long conversation are not looked through. */
const AFTER_THE_END = 8
const MAX_CATEGORY_CHARS = 100

const refused = (code: RefusalCode): StoreRefusal => ({ ok: false, code })
export const AGENT_PREFIX = 'agent:'

export function createDeskRecords({ db, statements, write, reads }: DeskRecordsOptions): DeskRecordStore {
  /** The row under lock, where there are several writers. */
  const locked = async (on: Connection, conversationId: string) =>
    (await statements.rows(on, [conversationId])).get(conversationId)

  const labelsOf = async (on: Connection, conversationId: string) =>
    on
      .selectFrom('asklet_labels')
      .select(['label', 'n'])
      .where('conversation_id', '=', conversationId)
      .orderBy('n')
      .execute()

  async function putState(on: Connection, agent: SeenAgent, away: boolean | null): Promise<void> {
    const { agentId, name, role, at } = agent
    const teams = JSON.stringify(agent.teams)
    const there = await on
      .selectFrom('asklet_agent_states')
      .selectAll()
      .where('agent_id', '=', agentId)
      .executeTakeFirst()
    // Who only sees them writes nothing about being away: what was read above another node may have changed since.
    const said = away === null ? {} : { away: Number(away) }
    const state = { name, role, teams, seen_at: at, ...said }
    await on
      .insertInto('asklet_agent_states')
      .values({ agent_id: agentId, away: 0, ...state })
      .onConflict(c => c.column('agent_id').doUpdateSet(state))
      .execute()
    const isSame =
      there?.name === name &&
      there.role === role &&
      there.teams === teams &&
      (away === null || there.away === Number(away))
    if (!isSame) countChange(on, 'people')
    if (agent.skills === undefined && agent.languages === undefined) return
    const account = await on
      .selectFrom('asklet_agents')
      .select('id')
      .where('id', '=', agentId)
      .executeTakeFirst()
    if (!account) await putSkills(on, agentId, agent)
  }

  return {
    addNote: ({ conversationId, noteId, at, by, text, most, mostBytes }) =>
      write(
        async on => {
          const row = await locked(on, conversationId)
          if (!row) return refused('not_found')
          const words = JSON.stringify(text)
          const notes = await on
            .selectFrom('asklet_notes')
            .select(['note_id', 'at', 'after_seq', 'n', 'text'])
            .where('conversation_id', '=', conversationId)
            .execute()
          const there = notes.find(note => note.note_id === noteId)
          if (there) {
            if (there.text !== null && there.text !== words) return refused('key_reused')
            return { ok: true, at: Number(there.at), afterSeq: Number(there.after_seq), isNew: false }
          }
          const bytes = bytesOf([words, ...notes.map(note => note.text ?? '')])
          if (notes.length >= most || bytes > mostBytes) return refused('too_large')
          // As S7: a clock that went back moves nothing back.
          const when = Math.max(Math.trunc(at), row.lastAt)
          const note = {
            conversation_id: conversationId,
            note_id: noteId,
            n: Math.max(0, ...notes.map(({ n }) => Number(n))) + 1,
            at: when,
            agent_id: by.agentId,
            agent_name: by.name,
            text: words,
            after_seq: row.head,
          }
          await on.insertInto('asklet_notes').values(note).execute()
          await changed(on, conversationId, at)
          return { ok: true, at: when, afterSeq: row.head, isNew: true }
        },
        { conversationId },
      ),

    setLabel: ({ conversationId, label, on: isOn, at, most }) =>
      write(
        async on => {
          if (!(await locked(on, conversationId))) return refused('not_found')
          const labels = await labelsOf(on, conversationId)
          const words = labels.map(each => each.label)
          if (words.includes(label) === isOn) return { ok: true, labels: words, isNew: false }
          if (isOn && labels.length >= most) return refused('too_large')
          const n = Math.max(0, ...labels.map(each => Number(each.n))) + 1
          if (isOn)
            await on
              .insertInto('asklet_labels')
              .values({ conversation_id: conversationId, label, n })
              .execute()
          else
            await on
              .deleteFrom('asklet_labels')
              .where('conversation_id', '=', conversationId)
              .where('label', '=', label)
              .execute()
          await changed(on, conversationId, at)
          // Each desk reads all words in use again: only where the list of them is another one now.
          const isElsewhere = await on
            .selectFrom('asklet_labels')
            .select('label')
            .where('label', '=', label)
            .where('conversation_id', '!=', conversationId)
            .limit(1)
            .executeTakeFirst()
          if (!isElsewhere) countChange(on, 'settings')
          const now = isOn ? [...words, label] : words.filter(each => each !== label)
          return { ok: true, labels: now, isNew: true }
        },
        { conversationId },
      ),

    setPageNow: ({ conversationId, identities, page, at }) =>
      write(
        async on => {
          const row = await locked(on, conversationId)
          if (!row) return refused('not_found')
          if (!identities.includes(row.owner)) return refused('forbidden')
          if (!isOpenPhase(row.phase)) return refused('closed')
          const told = { page: JSON.stringify(page), page_at: Math.trunc(at), changed_at: Math.trunc(at) }
          await on
            .insertInto('asklet_beside')
            .values({ conversation_id: conversationId, revision: 0, team: null, ...told })
            .onConflict(c => c.column('conversation_id').doUpdateSet(told))
            .execute()
          return { ok: true }
        },
        { conversationId },
      ),

    deskRecord: conversationId =>
      reads(async (): Promise<DeskRecord> => {
        const beside = await db
          .selectFrom('asklet_beside')
          .selectAll()
          .where('conversation_id', '=', conversationId)
          .executeTakeFirst()
        if (!beside) return { revision: 0, notes: [], labels: [], pageNow: null, team: null }
        const notes = await db
          .selectFrom('asklet_notes')
          .selectAll()
          .where('conversation_id', '=', conversationId)
          .where('text', 'is not', null)
          .orderBy('n')
          .execute()
        const labels = await labelsOf(db, conversationId)
        return {
          revision: Number(beside.revision),
          notes: notes.map(toNote),
          labels: labels.map(({ label }) => label),
          pageNow:
            beside.page === null
              ? null
              : { page: JSON.parse(beside.page) as PageFacts, at: Number(beside.page_at) },
          team: beside.team,
        }
      }),

    recordsChanged: since =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_beside')
          .select(['conversation_id', 'revision', 'page_at', 'team'])
          .where('changed_at', '>=', Math.trunc(since))
          .execute()
        return rows.map(row => ({
          conversationId: row.conversation_id,
          mark: `${row.revision} ${row.page_at} ${row.team}`,
        }))
      }),

    conversationsOf: ({ owners, claimedFrom = [], limit }) =>
      reads(async () => {
        const records = await db
          .selectFrom('asklet_conversations')
          .select(CONVERSATION_COLUMNS)
          .where(({ eb, or }) =>
            or([
              ...(owners.length > 0 ? [eb('owner', 'in', owners)] : []),
              ...(claimedFrom.length > 0 ? [eb('claimed_from', 'in', claimedFrom)] : []),
            ]),
          )
          .orderBy('last_at', 'desc')
          .orderBy('id')
          .limit(limit)
          .execute()
        const names = await lastAgents(
          db,
          records.filter(record => record.agent_name === null).map(({ id }) => id),
        )
        return records.map(record => ({
          row: toRow(record),
          agentName: record.agent_name ?? names.get(record.id) ?? null,
        }))
      }),

    solvedTickets: ({ category, limit }) =>
      reads(async () => {
        const solved = db.selectFrom('asklet_conversations').select(CONVERSATION_COLUMNS).where(IS_SOLVED)
        const records = await (category === undefined ? solved : solved.where('category', '=', category))
          .orderBy('last_at', 'desc')
          .limit(limit)
          .execute()
        return records.map(toRow)
      }),

    waitingTeams: () =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_beside')
          .innerJoin('asklet_conversations', 'asklet_conversations.id', 'asklet_beside.conversation_id')
          .select(['asklet_beside.conversation_id', 'asklet_beside.team'])
          .where(sql<boolean>`team is not null`)
          .where('asklet_conversations.phase', 'in', ['queued', 'ticketed'])
          .execute()
        return new Map(rows.map(row => [row.conversation_id, row.team ?? '']))
      }),

    openContests: conversationId =>
      reads(async () => {
        const row = await db
          .selectFrom('asklet_beside')
          .select('contests')
          .where('conversation_id', '=', conversationId)
          .executeTakeFirst()
        return parseContests(row?.contests ?? null)
      }),

    cannedReplies: () =>
      reads(async () => {
        const rows = await db.selectFrom('asklet_canned').selectAll().execute()
        return rows.map(toReply).sort((a, b) => (a.shortcut < b.shortcut ? -1 : 1))
      }),

    saveReply: ({ replyId, expected, shortcut, title, text, editedBy, editedAt, most, mostBytes }) =>
      write(
        decided(async on => {
          const there = await on
            .selectFrom('asklet_canned')
            .selectAll()
            .where('id', '=', replyId)
            .executeTakeFirst()
          const words = { shortcut, title: JSON.stringify(title), text: JSON.stringify(text) }
          const revision = expected + 1
          const have = Number(there?.revision ?? 0)
          if (have !== expected) {
            const isRepeat =
              have === revision &&
              there?.shortcut === shortcut &&
              there.title === words.title &&
              there.text === words.text &&
              there.agent_id === editedBy.agentId
            return isRepeat ? { ok: true, revision } : refused('stale_assignment')
          }
          const others = await on
            .selectFrom('asklet_canned')
            .select(['shortcut', 'title', 'text'])
            .where('id', '!=', replyId)
            .execute()
          if (others.some(other => other.shortcut === shortcut)) return refused('key_reused')
          const bytes = bytesOf([words, ...others].flatMap(each => [each.title, each.text]))
          if (others.length >= most || bytes > mostBytes) return refused('too_large')
          const edited = {
            ...words,
            revision,
            agent_id: editedBy.agentId,
            agent_name: editedBy.name,
            edited_at: Math.trunc(editedAt),
          }
          const saved = there
            ? on
                .updateTable('asklet_canned')
                .set(edited)
                .where('id', '=', replyId)
                .where('revision', '=', expected)
                .returning('id')
            : on
                .insertInto('asklet_canned')
                .values({ id: replyId, ...edited })
                .onConflict(c => c.doNothing())
                .returning('id')
          if (!(await saved.executeTakeFirst())) return null
          countChange(on, 'replies')
          return { ok: true, revision }
        }),
        { orderedBy: 'canned replies' },
      ),

    dropReply: (replyId, expected) =>
      write(
        decided(async on => {
          const there = await on
            .selectFrom('asklet_canned')
            .select('revision')
            .where('id', '=', replyId)
            .executeTakeFirst()
          if (!there) return { ok: true }
          if (Number(there.revision) !== expected) return refused('stale_assignment')
          const dropped = await on
            .deleteFrom('asklet_canned')
            .where('id', '=', replyId)
            .where('revision', '=', expected)
            .returning('id')
            .executeTakeFirst()
          if (!dropped) return null
          countChange(on, 'replies')
          return { ok: true }
        }),
        { orderedBy: 'canned replies' },
      ),

    ownHours: () =>
      reads(async () => {
        const row = await db
          .selectFrom('asklet_settings')
          .select(['revision', 'value'])
          .where('name', '=', HOURS)
          .executeTakeFirst()
        const value = row?.value ?? null
        return {
          revision: Number(row?.revision ?? 0),
          isOwn: value !== null,
          hours: value === null ? null : (JSON.parse(value) as Hours | null),
        }
      }),

    saveHours: (expected, hours) =>
      write(
        decided(async on => {
          const there = await on
            .selectFrom('asklet_settings')
            .select(['revision', 'value'])
            .where('name', '=', HOURS)
            .executeTakeFirst()
          const have = Number(there?.revision ?? 0)
          const value = hours === 'file' ? null : JSON.stringify(hours)
          const revision = expected + 1
          if (have !== expected) {
            const isRepeat = have === revision && (there?.value ?? null) === value
            return isRepeat ? { ok: true, revision } : refused('stale_assignment')
          }
          const setting = { revision, value }
          const saved = await on
            .insertInto('asklet_settings')
            .values({ name: HOURS, ...setting })
            .onConflict(c =>
              c.column('name').doUpdateSet(setting).where('asklet_settings.revision', '=', expected),
            )
            .returning('name')
            .executeTakeFirst()
          if (!saved) return null
          countChange(on, 'settings')
          return { ok: true, revision }
        }),
        { orderedBy: 'desk settings' },
      ),

    labelsInUse: limit =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_labels')
          .select(({ fn }) => ['label', fn.countAll().as('used')])
          .groupBy('label')
          .orderBy('used', 'desc')
          .orderBy('label')
          .limit(limit)
          .execute()
        return rows.map(({ label }) => label)
      }),

    categoriesInUse: limit =>
      reads(async () => {
        const ended = db
          .selectFrom('asklet_conversations')
          .select(['id', 'head'])
          .where(HAS_ENDED)
          .orderBy('last_at', 'desc')
          .limit(CATEGORIES_FROM)
          .as('ended')
        const rows = await db
          .selectFrom(ended)
          .innerJoin('asklet_events', 'asklet_events.conversation_id', 'ended.id')
          .select('asklet_events.body')
          .where('asklet_events.type', '=', 'ended')
          .where(sql<boolean>`asklet_events.seq > ended.head - ${sql.lit(AFTER_THE_END)}`)
          .execute()
        const used = new Map<string, number>()
        for (const { body } of rows) {
          const { by, category } = JSON.parse(body ?? '{}') as { by?: string; category?: string }
          if (by !== 'agent' || !category) continue
          const word = [...category].slice(0, MAX_CATEGORY_CHARS).join('')
          used.set(word, (used.get(word) ?? 0) + 1)
        }
        return [...used]
          .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
          .slice(0, limit)
          .map(([category]) => category)
      }),

    agentSeen: agent => write(on => putState(on, agent, null), { orderedBy: `agent ${agent.agentId}` }),
    setAway: (agent, away) => write(on => putState(on, agent, away), { orderedBy: `agent ${agent.agentId}` }),

    people: (aliveSince, seenSince) =>
      reads(async () => {
        const [have, states, skilled, connected, talking] = await Promise.all([
          accounts(db).execute(),
          db.selectFrom('asklet_agent_states').selectAll().execute(),
          db.selectFrom('asklet_agent_skills').select(['agent_id', 'skills', 'languages']).execute(),
          db
            .selectFrom('asklet_presence')
            .select('identity')
            .distinct()
            .where('identity', 'like', `${AGENT_PREFIX}%`)
            .where('connected', '=', 1)
            .where('seen_at', '>=', aliveSince)
            .execute(),
          db
            .selectFrom('asklet_conversations')
            .select(({ fn }) => ['agent_id', fn.countAll().as('live')])
            .where(IS_OPEN)
            .where('phase', '=', 'live')
            .groupBy('agent_id')
            .execute(),
        ])
        const online = new Set(connected.map(({ identity }) => identity.slice(AGENT_PREFIX.length)))
        const live = new Map(talking.map(row => [row.agent_id, Number(row.live)]))
        const skillsOf = new Map(skilled.map(row => [row.agent_id, row]))
        const byId = new Map<string, StoredPerson>()
        const person = (
          agentId: string,
          name: string,
          role: StoredPerson['role'],
          teams: string,
          away: boolean,
        ) => {
          byId.set(agentId, {
            agentId,
            name,
            role,
            teams: JSON.parse(teams) as string[],
            skills: JSON.parse(skillsOf.get(agentId)?.skills ?? '[]') as string[],
            languages: JSON.parse(skillsOf.get(agentId)?.languages ?? '[]') as string[],
            away,
            online: online.has(agentId),
            live: live.get(agentId) ?? 0,
          })
        }
        const away = new Set(states.filter(state => state.away === 1).map(state => state.agent_id))
        for (const state of states)
          if (Number(state.seen_at) >= seenSince || online.has(state.agent_id))
            person(
              state.agent_id,
              state.name,
              state.role === 'lead' ? 'lead' : 'agent',
              state.teams,
              away.has(state.agent_id),
            )
        // The account has the last word about itself: a change of it is known before its agent comes back.
        for (const { id, name, roles, teams } of have)
          person(id, name, agentRole(JSON.parse(roles) as string[]), teams ?? '[]', away.has(id))
        return [...byId.values()].sort(
          (a, b) => a.name.localeCompare(b.name, 'en') || (a.agentId < b.agentId ? -1 : 1),
        )
      }),

    deskMarks: () =>
      reads(async () => {
        const rows = await db
          .selectFrom('asklet_counters')
          .selectAll()
          .where('name', 'in', ['desk_replies', 'desk_settings', 'desk_people'])
          .execute()
        const of = (name: string) => String(rows.find(row => row.name === `desk_${name}`)?.value ?? 0)
        return { replies: of('replies'), settings: of('settings'), people: of('people') }
      }),
  }
}

const bytesOf = (texts: readonly string[]) => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)

/**
 * S22, where several nodes write. What was read is compared once more in the very statement that writes; where that
 * changes no row, another node was first (null), and reading anew says what it did.
 */
function decided<T extends { readonly ok: true }>(
  change: (on: Connection) => Promise<T | StoreRefusal | null>,
): (on: Connection) => Promise<T | StoreRefusal> {
  return async on => (await change(on)) ?? (await change(on)) ?? refused('stale_assignment')
}

/** S19. */
async function changed(on: Connection, conversationId: string, at: number): Promise<void> {
  const changedAt = Math.trunc(at)
  await on
    .insertInto('asklet_beside')
    .values({
      conversation_id: conversationId,
      revision: 1,
      changed_at: changedAt,
      page: null,
      page_at: null,
      team: null,
    })
    .onConflict(c =>
      c.column('conversation_id').doUpdateSet(eb => ({
        revision: eb('asklet_beside.revision', '+', 1),
        changed_at: changedAt,
      })),
    )
    .execute()
}

/** Who had each of these conversations last. */
async function lastAgents(db: Connection, ids: readonly string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  if (ids.length === 0) return names
  const rows = await db
    .selectFrom('asklet_events')
    .select(['conversation_id', 'body'])
    .where('conversation_id', 'in', ids)
    .where('type', '=', 'assigned')
    .orderBy('seq')
    .execute()
  for (const { conversation_id, body } of rows) {
    const { agent } = JSON.parse(body ?? '{}') as { agent?: { readonly name: string } | null }
    if (agent) names.set(conversation_id, agent.name)
  }
  return names
}

function toNote(record: Tables['asklet_notes']): Note {
  return {
    noteId: record.note_id,
    at: Number(record.at),
    by: { agentId: record.agent_id, name: record.agent_name },
    text: JSON.parse(record.text ?? '""') as string,
    afterSeq: Number(record.after_seq),
  }
}

function toReply(record: Tables['asklet_canned']): CannedReply {
  return {
    replyId: record.id,
    revision: Number(record.revision),
    shortcut: record.shortcut,
    title: JSON.parse(record.title) as string,
    text: JSON.parse(record.text) as string,
    editedBy: { agentId: record.agent_id, name: record.agent_name },
    editedAt: Number(record.edited_at),
  }
}
