// What is forgotten when, on a clock that the test moves, over the real store.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../../src/base/environment'
import { audit } from '../../../src/server/audit'
import { priorityDecision } from '../../../src/server/decisions'
import { openedDispute } from '../../../src/server/disputeRules'
import { createPersons } from '../../../src/server/persons'
import {
  DEFAULT_RETENTION,
  FIRST_SWEEP_MS,
  type Retention,
  retentionDue,
  SWEEP_EVERY_MS,
  startRetention,
} from '../../../src/server/retention'
import { createRuleFiles } from '../../../src/server/ruleFiles'
import { newSealKey, readSealKey, sealNow } from '../../../src/server/seals'
import type { HelpDeskStore, NewEvent } from '../../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createManualClock, type ManualClock } from '../../../src/testing/manualClock'

const DAY = 24 * 60 * 60_000
let store: HelpDeskStore
let clock: ManualClock
let removed: string[]
let lines: string[]
let made = 0

beforeEach(async () => {
  store = await openSqlStore({ file: ':memory:' })
  clock = createManualClock()
  removed = []
  lines = []
})
afterEach(() => store.close())

const NEVER: Retention = {
  conversations: false,
  tickets: false,
  journal: false,
  files: false,
  visits: false,
  notes: false,
  deliveries: false,
  signIns: false,
}
/** Sweeps when the test says so. */
const started = (
  rules: Partial<Retention>,
  over: HelpDeskStore = store,
  after: Clock['after'] = () => () => {},
) =>
  startRetention({
    store: over,
    rules: { ...NEVER, ...rules },
    clock: { now: clock.now, after },
    log: ({ event, kind = '', count = 0 }) => lines.push(`${event} ${kind} ${count}`),
    removeFiles: async ids => void removed.push(...ids),
  })

async function opened(question = 'why', owner = 'anon:one'): Promise<string> {
  const { row } = await store.open({
    identities: [owner],
    openId: `open-${++made}`,
    conversationId: `conversation-${++made}`,
    at: clock.now(),
    author: { kind: 'visitor' },
    brief: emptyBrief({ question }),
  })
  return row.conversationId
}
async function append(conversationId: string, ...bodies: NewEvent['body'][]) {
  const outcome = await store.append({
    conversationId,
    at: clock.now(),
    drafts: bodies.map(body => ({
      sender: 'visitor',
      clientId: `client-${++made}`,
      author: { kind: 'visitor' },
      body,
    })),
    authorise: () => null,
    plan: (_row, draft) => [draft],
  })
  if (!outcome.ok) throw new Error(outcome.code)
}
const ended = (conversationId: string) => append(conversationId, { type: 'ended', by: 'visitor' })
const ticketed = (conversationId: string) =>
  append(conversationId, {
    type: 'ticketOpened',
    cause: 'asked',
    ticket: { number: 1001, category: 'general', priority: 'normal', status: 'open' },
  } as never)
/** With the entry of the journal that it must have. */
async function decided(conversationId: string) {
  const rules = await createRuleFiles(store, clock.now)('priorities', null)
  const outcome = await store.append({
    conversationId,
    at: clock.now(),
    drafts: [
      {
        sender: 'system',
        clientId: `client-${++made}`,
        author: { kind: 'system' },
        body: { type: 'prioritised', priority: 'normal' },
        journal: [priorityDecision(emptyBrief(), 'general', false, rules, 'normal')],
      },
    ],
    authorise: () => null,
    plan: (_row, draft) => [draft],
  })
  if (!outcome.ok) throw new Error(outcome.code)
}
const questionOf = async (conversationId: string) => (await store.conversation(conversationId))?.question

test('what is due is what is older than its days, and nothing of what is kept until somebody erases it', () => {
  expect(retentionDue({ ...NEVER, journal: 2, files: 1 }, 10 * DAY)).toEqual([
    { kind: 'journal', before: 8 * DAY },
    { kind: 'files', before: 9 * DAY },
  ])
  expect(retentionDue(DEFAULT_RETENTION, 0)).toHaveLength(8)
})

test('[S63] conversations: one that ended is forgotten after its days, one that is open never', async () => {
  const [old, open] = [await opened('old'), await opened('open')]
  await append(open, { type: 'handoffReady', channel: 'live' })
  await append(open, { type: 'message', text: 'still here', format: 'plain' })
  await ended(old)
  const retention = started({ conversations: 30 })
  clock.advance(29 * DAY)
  await retention.sweep()
  expect(await questionOf(old)).toBe('old')
  clock.advance(2 * DAY)
  await retention.sweep()
  expect(await questionOf(old)).toBe('')
  expect((await store.conversation(old))?.owner).toBe(`erased:${old}`)
  const page = await store.read(old, 0, 10)
  expect(page?.events.map(({ seq }) => seq)).toEqual([1, 2])
  expect(JSON.stringify(page)).not.toContain('anon:one')
  expect(lines).toEqual(['forgotten conversations 1'])
  expect((await store.findPerson({ visitorId: 'anon:one' })).conversationIds).toEqual([open])
})

test('[S63] tickets: counted since they were solved, and apart from other conversations', async () => {
  const id = await opened('late order')
  await ticketed(id)
  const retention = started({ conversations: 1, tickets: 100 })
  clock.advance(300 * DAY)
  await retention.sweep()
  expect(await questionOf(id)).toBe('late order')
  await ended(id)
  clock.advance(99 * DAY)
  await retention.sweep()
  expect(await questionOf(id)).toBe('late order')
  clock.advance(2 * DAY)
  await retention.sweep()
  expect(await questionOf(id)).toBe('')
  expect((await store.conversation(id))?.ticket?.number).toBe(1001)
})

test('[S63] journal: why a ticket that is open has its priority can be read for as long as it is open', async () => {
  const id = await opened('late order')
  await ticketed(id)
  const record = {
    id: 'record-01',
    kind: 'answered' as const,
    at: 1,
    inputs: {},
    rule: 'r@1',
    reason: 'because',
  }
  await store.addJournal([record], clock.now(), id)
  const retention = started({ journal: 5 })
  clock.advance(400 * DAY)
  await retention.sweep()
  const kept = async () => (await store.journal(0, 10)).map(each => each.record.id)
  expect(await kept()).toContain('record-01')
  await ended(id)
  // Opened again between the look and the erasing.
  const forgotten = store.forgetOld('journal', clock.now() - 5 * DAY, 50, clock.now())
  await append(id, { type: 'reopened', by: 'visitor' })
  expect((await forgotten).count).toBe(0)
  await ended(id)
  clock.advance(60 * 60_000)
  await retention.sweep()
  expect(await kept()).not.toContain('record-01')
})

test('[S63] journal: records go by when they came', async () => {
  const record = (id: string) => ({
    id,
    kind: 'answered' as const,
    at: 1,
    inputs: {},
    rule: 'r@1',
    reason: '',
  })
  await store.addJournal([record('record-0001')], clock.now())
  clock.advance(10 * DAY)
  await store.addJournal([record('record-0002')], clock.now())
  const retention = started({ journal: 5 })
  await retention.sweep()
  const kept = (await store.journal(0, 10)).map(({ record: { id } }) => id)
  // That something was erased stays said.
  expect(kept.filter(id => id.startsWith('record'))).toEqual(['record-0002'])
})

const key = readSealKey(newSealKey())
const audited = async () => (await audit(store)).broken

test('[J8] a journal that is forgotten before its conversation leaves a store that audits as whole', async () => {
  const id = await opened('billing')
  await decided(id)
  await ended(id)
  await sealNow(store, key, clock.now() + DAY)
  const retention = started({ conversations: 730, journal: 365 })
  clock.advance(366 * DAY)
  await retention.sweep()
  expect(lines).toEqual(['forgotten journal 1'])
  expect(await questionOf(id)).toBe('billing')
  expect(await audited()).toEqual([])
  const [erased] = (await store.chain(id, 0, 10)).slice(-1)
  expect(JSON.parse(erased?.body ?? '')).toMatchObject({
    kind: 'erased',
    at: clock.now(),
    rule: 'retention@1',
    inputs: { kept: 'journal' },
  })
  clock.advance(365 * DAY)
  await retention.sweep()
  expect(await questionOf(id)).toBe('')
  expect(await audited()).toEqual([])
})

test('[J8] what is erased after a root says when that was, and needs no root before the next one is due', async () => {
  const ids = [await opened('mine', 'user:1'), await opened('old'), await opened('kept')]
  for (const id of ids) {
    await decided(id)
    await ended(id)
  }
  const [mine, old, kept] = ids as [string, string, string]
  clock.advance(3 * DAY)
  await sealNow(store, key, clock.now())
  clock.advance(DAY)
  const persons = createPersons({ store, bytes: null, clock, log: () => {} })
  await persons.erase({ visitorId: '1' })
  await store.erase(kept, clock.now())
  await started({ conversations: 2 }).sweep()
  expect(await audited()).toEqual([])
  for (const id of ids) expect((await store.chain(id, 0, 10)).at(-1)?.at, id).toBe(clock.now())
  const rules = async (id: string) => JSON.parse((await store.chain(id, 0, 10)).at(-1)?.body ?? '').rule
  expect([await rules(mine), await rules(old)]).toEqual(['erasure@1', 'retention@1'])
})

test('[S63] files: of an ended conversation they go before its words, and their bytes with them', async () => {
  const id = await opened('with a file')
  await store.beginUpload({
    attachmentId: 'attachment-1',
    conversationId: id,
    sender: 'visitor',
    uploadId: 'upload-1',
    at: clock.now(),
    mostUnsent: 9,
    most: 9,
  })
  const attachment = { attachmentId: 'attachment-1', name: 'a.txt', mediaType: 'text/plain', bytes: 3 }
  await store.finishUpload(attachment)
  await append(id, { type: 'message', text: 'a.txt', format: 'plain', attachments: [attachment] })
  const retention = started({ files: 7 })
  await ticketed(id)
  clock.advance(30 * DAY)
  await retention.sweep()
  expect(removed).toEqual([])
  await ended(id)
  clock.advance(60 * 60_000)
  await retention.sweep()
  expect([removed, lines]).toEqual([['attachment-1'], ['forgotten files 1']])
  expect(await store.files(id, ['attachment-1'])).toEqual([])
  expect(await questionOf(id)).toBe('with a file')
})

test('[S63] visits: who was there, and where', async () => {
  const id = await opened()
  await ticketed(id)
  await store.setPageNow({
    conversationId: id,
    identities: ['anon:one'],
    page: emptyBrief({}).page,
    at: clock.now(),
  })
  await store.setPresence({ identity: 'anon:one', node: 'n', connected: false, at: clock.now() })
  const retention = started({ visits: 1 })
  await retention.sweep()
  expect(await store.presence(['anon:one'], 0)).toHaveLength(1)
  clock.advance(DAY + 1)
  await retention.sweep()
  expect(await store.presence(['anon:one'], 0)).toEqual([])
  const beside = async () =>
    (await store.personRows({ identities: [], conversationIds: [id] })).asklet_beside?.[0]
  // Of a ticket that is open it is what agents see, and what a dispute compares after three days.
  expect(await beside()).toMatchObject({ page: { language: 'en' } })
  await ended(id)
  clock.advance(60 * 60_000)
  await retention.sweep()
  expect(await beside()).toMatchObject({ page: null })
})

test('[S63] a ticket that is opened again between the look and the erasing keeps its words', async () => {
  const id = await opened('late order')
  await ticketed(id)
  await ended(id)
  clock.advance(300 * DAY)
  const forgotten = store.forgetOld('tickets', clock.now() - DAY, 50, clock.now())
  const again = append(id, { type: 'reopened', by: 'visitor' })
  await again
  expect(await forgotten).toEqual({ count: 0, attachmentIds: [] })
  expect(await questionOf(id)).toBe('late order')
})

test('[V11] a dispute that a former build left, though both its sides are erased, goes with its thread', async () => {
  const [one, other] = [await opened('one'), await opened('other', 'anon:two')]
  const threadId = await opened('what they fought about', 'dispute:dispute-1')
  await ticketed(threadId)
  const begin = (disputeId: string, client: string, seller: string) =>
    openedDispute(
      {
        disputeId,
        number: 1001,
        reference: 'WM-4127',
        at: clock.now(),
        opener: 0,
        threadId,
        sides: [
          { party: 'client', conversationId: client, head: 0 },
          { party: 'seller', conversationId: seller, head: 0 },
        ],
        hostFacts: {},
      },
      { respondWithinMs: DAY, decideWithinMs: DAY },
    )
  await store.erasePerson({ identities: [], conversationIds: [one, other] }, clock.now())
  await store.addDispute('left', begin('dispute-1', one, other), null)
  await store.addDispute('goes on', begin('dispute-2', one, await opened('still there', 'anon:three')), null)
  await started({ tickets: 900 }).sweep()
  expect(await store.dispute('dispute-1')).toBeNull()
  expect(await store.dispute('dispute-2')).not.toBeNull()
  expect(await store.conversation(threadId)).toMatchObject({ phase: 'ended', question: '' })
  expect(lines).toEqual([])
})

test('[S63] labels are as old as the last word of what they are on; notes of their own age', async () => {
  const [bare, noted] = [await opened('bare'), await opened('noted')]
  const note = {
    conversationId: noted,
    noteId: 'note-0001',
    at: clock.now(),
    by: { agentId: 'bob', name: 'Bob' },
  }
  await store.addNote({ ...note, text: 'rude', most: 9, mostBytes: 9_000 })
  clock.advance(20 * DAY)
  for (const id of [bare, noted]) {
    await append(id, { type: 'message', text: 'still here', format: 'plain' })
    await store.setLabel({ conversationId: id, label: 'vip', on: true, most: 9, at: clock.now() })
    await ended(id)
  }
  const retention = started({ notes: 10 })
  const rows = async () => {
    const found = await store.personRows({ identities: [], conversationIds: [bare, noted] })
    return [found.asklet_notes?.map(({ text }) => text), found.asklet_labels?.map(({ label }) => label)]
  }
  await retention.sweep()
  expect(await rows()).toEqual([[null], ['vip', 'vip']])
  clock.advance(11 * DAY)
  await retention.sweep()
  expect(await rows()).toEqual([[null], []])
})

test('[S63] notes: what agents noted, with their labels, of conversations that are over', async () => {
  const id = await opened('noted')
  await store.addNote({
    conversationId: id,
    noteId: 'note-0001',
    at: clock.now(),
    by: { agentId: 'bob', name: 'Bob' },
    text: 'rude',
    most: 9,
    mostBytes: 9_000,
  })
  const retention = started({ notes: 10 })
  await ticketed(id)
  clock.advance(20 * DAY)
  await retention.sweep()
  const notes = async () => (await store.personRows({ identities: [], conversationIds: [id] })).asklet_notes
  expect(await notes()).toMatchObject([{ text: 'rude' }])
  await ended(id)
  clock.advance(60 * 60_000)
  await retention.sweep()
  expect(await notes()).toMatchObject([{ text: null }])
  expect(await questionOf(id)).toBe('noted')
})

describe('what cannot be written', () => {
  let folder: string
  let outside: { exec(sql: string): unknown; close(): void }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'asklet-retention-'))
    const file = join(folder, 'desk.db')
    await store.close()
    store = await openSqlStore({ file })
    const { default: Database } = await import('libsql')
    outside = new Database(file)
  })
  afterEach(async () => {
    outside.close()
    await rm(folder, { recursive: true })
  })
  /** As a damaged page of the file would. */
  const refuse = (table: string, when: string) => {
    for (const what of ['update', 'delete'])
      outside.exec(
        `create trigger no_${what}_of_${table} before ${what} on ${table} when ${when} begin select raise(abort, 'no'); end`,
      )
  }
  const allow = (table: string) => {
    for (const what of ['update', 'delete']) outside.exec(`drop trigger no_${what}_of_${table}`)
  }

  test('one conversation keeps no other, is said, and is tried again with the next sweep', async () => {
    const [bad, ...good] = [await opened('bad'), await opened('one'), await opened('other')]
    for (const id of [bad, ...good]) await ended(id ?? '')
    refuse('asklet_events', `old.conversation_id = '${bad}'`)
    clock.advance(10 * DAY)
    const retention = started({ conversations: 1, journal: 1 })
    await retention.sweep()
    expect(await Promise.all([bad, ...good].map(id => questionOf(id ?? '')))).toEqual(['bad', '', ''])
    expect(lines).toEqual(['notForgotten conversations 0', 'forgotten conversations 2'])
    allow('asklet_events')
    clock.advance(60 * 60_000)
    await retention.sweep()
    expect(await questionOf(bad ?? '')).toBe('')
  })

  test('not even as many as are looked at at once keep the younger ones', async () => {
    const bad: string[] = []
    for (let n = 0; n < 60; n++) bad.push(await opened('bad'))
    const good = await opened('good')
    for (const id of [...bad, good]) await ended(id)
    refuse('asklet_events', `old.conversation_id <> '${good}'`)
    clock.advance(10 * DAY)
    await started({ conversations: 1 }).sweep()
    expect(await questionOf(good)).toBe('')
  })

  test('notes, labels, pages and files of others go all the same', async () => {
    const ids = [await opened('bad'), await opened('good')]
    for (const [n, conversationId] of ids.entries()) {
      const by = { agentId: 'bob', name: 'Bob' }
      await store.addNote({
        conversationId,
        noteId: `note-000${n}`,
        at: clock.now(),
        by,
        text: 'rude',
        most: 9,
        mostBytes: 9_000,
      })
      await store.setLabel({ conversationId, label: 'vip', on: true, most: 9, at: clock.now() })
      const page = emptyBrief({}).page
      await store.setPageNow({ conversationId, identities: ['anon:one'], page, at: clock.now() })
      const attachmentId = `attachment-${n}`
      await store.beginUpload({
        attachmentId,
        conversationId,
        sender: 'visitor',
        uploadId: `upload-${n}`,
        at: clock.now(),
        mostUnsent: 9,
        most: 9,
      })
      const attachment = { attachmentId, name: 'a.txt', mediaType: 'text/plain', bytes: 3 }
      await store.finishUpload(attachment)
      await append(conversationId, { type: 'message', text: 'a', format: 'plain', attachments: [attachment] })
      await ended(conversationId)
    }
    const tables = ['asklet_notes', 'asklet_labels', 'asklet_beside', 'asklet_attachments']
    for (const table of tables) refuse(table, `old.conversation_id = '${ids[0]}'`)
    clock.advance(10 * DAY)
    await started({ notes: 1, visits: 1, files: 1 }).sweep()
    const [bad, good] = await Promise.all(
      ids.map(id => store.personRows({ identities: [], conversationIds: [id] })),
    )
    expect(bad?.asklet_notes).toMatchObject([{ text: 'rude' }])
    expect(good?.asklet_notes).toMatchObject([{ text: null }])
    expect(good?.asklet_labels).toEqual([])
    expect(good?.asklet_beside).toMatchObject([{ page: null }])
    expect(removed).toEqual(['attachment-1'])
    for (const table of tables) allow(table)
  })

  test('a kind that cannot be read, and bytes that cannot be removed, keep no other kind', async () => {
    const over: HelpDeskStore = {
      ...store,
      forgetOld: (kind, ...rest) =>
        kind === 'conversations' ? Promise.reject(new Error('no')) : store.forgetOld(kind, ...rest),
    }
    const id = await opened('solved')
    await ticketed(id)
    await ended(id)
    clock.advance(10 * DAY)
    await started({ conversations: 1, tickets: 1 }, over).sweep()
    expect(await questionOf(id)).toBe('')
    expect(lines).toEqual(['notForgotten conversations 0', 'forgotten tickets 1'])
  })
})

test('one node sweeps at a time; one that died is followed', async () => {
  const [one, other] = [started({ conversations: 1 }), started({ conversations: 1 })]
  const asked: string[] = []
  const spied = started(
    { conversations: 1 },
    {
      ...store,
      forgetOld: async kind => {
        asked.push(kind)
        return { count: 0, attachmentIds: [] }
      },
    },
  )
  await one.sweep()
  await spied.sweep()
  expect(asked).toEqual([])
  clock.advance(11 * 60_000)
  await spied.sweep()
  expect(asked).toEqual(['conversations'])
  for (const each of [one, other, spied]) each.stop()
})

test('a sweep that takes long keeps its lease, and one that has lost it stops', async () => {
  let pieces = 0
  const slow = (takes: number): HelpDeskStore => ({
    ...store,
    forgetOld: async () => {
      clock.advance(takes)
      return { count: ++pieces < 6 ? 50 : 0, attachmentIds: [] }
    },
  })
  const [one, other] = [started({ files: 1 }, slow(6 * 60_000)), started({ files: 1 })]
  await one.sweep()
  expect(pieces).toBe(6)
  expect(await store.takeRetentionLease(clock.now(), clock.now() + 1)).toBe(false)
  clock.advance(11 * 60_000)
  pieces = 0
  const stolen: HelpDeskStore = {
    ...slow(11 * 60_000),
    takeRetentionLease: (now, until, held) =>
      held === undefined ? store.takeRetentionLease(now, until) : Promise.resolve(false),
  }
  const late = started({ files: 1 }, stolen)
  await late.sweep()
  expect(pieces).toBe(1)
  for (const each of [one, other, late]) each.stop()
})

test('the first sweep is minutes after the start, so that a server which is deployed often forgets, too', async () => {
  const id = await opened('old')
  await ended(id)
  clock.advance(3 * DAY)
  const retention = started({ conversations: 1 }, store, clock.after)
  clock.advance(FIRST_SWEEP_MS)
  for (let turn = 0; turn < 20 && (await questionOf(id)) !== ''; turn++) await new Promise(setImmediate)
  expect(await questionOf(id)).toBe('')
  retention.stop()
})

test('it goes on by itself each hour, until it is stopped', async () => {
  const id = await opened('old')
  await ended(id)
  const retention = started({ conversations: 1 }, store, clock.after)
  clock.advance(3 * DAY)
  await new Promise(setImmediate)
  for (let turn = 0; turn < 50 && (await questionOf(id)) !== ''; turn++) {
    clock.advance(SWEEP_EVERY_MS)
    await new Promise(setImmediate)
  }
  expect(await questionOf(id)).toBe('')
  retention.stop()
})
