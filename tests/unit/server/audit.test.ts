// The journal as an auditor reads it: a small store with all there is, whole, then with one thing changed in each way.

import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AskletError } from '../../../src/base/errors'
import type { JournalRecord } from '../../../src/journal/record'
import { audit } from '../../../src/server/audit'
import { priorityDecision } from '../../../src/server/decisions'
import { createRuleFiles } from '../../../src/server/ruleFiles'
import { newSealKey, readSealKey, sealNow, startSealing } from '../../../src/server/seals'
import type { HelpDeskStore, NewEvent } from '../../../src/server/store/helpDeskStore'
import { migrate, migrations } from '../../../src/server/store/migrations'
import { openSqlStore, openTables } from '../../../src/server/store/openSqlStore'
import { copyTables, WAYS } from '../../../src/server/store/tampering'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createManualClock } from '../../../src/testing/manualClock'

const DAY_MS = 24 * 60 * 60_000
const START = Date.UTC(2026, 10, 23, 9)
const PRIORITIES = { categories: { billing: 'high' } } as const

const record = (id: string, change: Partial<JournalRecord> = {}): JournalRecord => ({
  id,
  kind: 'missed',
  at: START,
  inputs: { question: 'a' },
  rule: 'bot:none',
  reason: 'no answer',
  ...change,
})

async function conversation(store: HelpDeskStore, id: string, at: number, outcome = 'high') {
  await store.open({
    identities: [`anon:${id}`],
    openId: `open-${id}`,
    conversationId: id,
    at,
    author: { kind: 'visitor' },
    brief: emptyBrief(),
  })
  const rules = await createRuleFiles(store, () => at)('priorities', PRIORITIES)
  const draft: NewEvent = {
    sender: 'system',
    clientId: `p-${id}`,
    author: { kind: 'system' },
    body: { type: 'prioritised', priority: outcome as 'high' },
    journal: [priorityDecision(emptyBrief(), 'billing', true, rules, outcome as 'high')],
  }
  const words: NewEvent = {
    ...draft,
    clientId: `w-${id}`,
    journal: [],
    body: { type: 'message', text: 'Hello', format: 'plain' },
  }
  await store.append({
    conversationId: id,
    at,
    drafts: [draft, words],
    authorise: () => null,
    plan: (_row, each) => [each],
  })
  await store.addJournal([record(`r1-${id}`), record(`r2-${id}`)], at + 1_000, id)
}

let folder: string
let file: string
let store: HelpDeskStore
const key = readSealKey(newSealKey())

beforeAll(async () => {
  folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'asklet-audit-test-'))
  file = join(folder, 'desk.db')
  store = await openSqlStore({ file })
  for (const id of ['conversation-a', 'conversation-b', 'conversation-c'])
    await conversation(store, id, START)
  await store.addJournal([record('visit-1'), record('visit-2'), record('visit-3')], START)
  await store.erase('conversation-c', START + 5_000)
  await sealNow(store, key, START + DAY_MS)
  await conversation(store, 'conversation-d', START + DAY_MS)
  await sealNow(store, key, START + 2 * DAY_MS)
  await conversation(store, 'conversation-e', START + 2 * DAY_MS)
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

/** The same file with something done to it. */
async function withChange(change: (at: Awaited<ReturnType<typeof openTables>>) => Promise<unknown>) {
  const copy = join(folder, `copy-${Math.random()}.db`)
  const original = await openTables(file)
  await copyTables(original, copy).finally(() => original.destroy())
  const db = await openTables(copy)
  const done = await change(db).finally(() => db.destroy())
  const opened = await openSqlStore({ file: copy })
  const report = await audit(opened).finally(() => opened.close())
  await rm(copy)
  return { done, report }
}

describe('a store that is as it was', () => {
  test('is whole: every link, root and decision, with what was erased counted', async () => {
    const report = await audit(store)
    expect(report.broken).toEqual([])
    expect(report).toMatchObject({
      records: 19,
      conversations: 5,
      chains: 6,
      events: 15,
      roots: 2,
      erased: 3,
      unsealed: 1,
      ofDevices: 13,
    })
    expect(report.replay).toEqual({
      equal: 4,
      equalOf: new Map([['prioritised', 4]]),
      differ: 0,
      devicesDiffer: 0,
      byPeople: 1,
      notReplayable: new Map([['no rule bot:none in this build', 11]]),
    })
  })

  test('is whole under the roots that were published, and not under others or another key', async () => {
    const published = await store.roots(0, 10)
    expect((await audit(store, { published, trustedKeys: new Set([key.id]) })).broken).toEqual([])
    const more = { ...published[1], n: 3 } as (typeof published)[number]
    expect((await audit(store, { published: [...published, more] })).broken).toEqual([
      { where: 'roots', n: 3, what: 'it was published, and is not there' },
    ])
    expect((await audit(store, { trustedKeys: new Set(['another']) })).broken).toHaveLength(2)
  })

  test('a decision that would be another one now is said, with both', async () => {
    const own = await openSqlStore({ file: ':memory:' })
    await conversation(own, 'conversation-a', START, 'urgent')
    const { broken, replay } = await audit(own)
    expect(replay).toMatchObject({ equal: 0, differ: 1 })
    expect(broken).toEqual([
      { where: 'conversation-a', n: 1, what: 'priority@1 decided urgent, and decides high now' },
    ])
    await own.close()
  })

  test('what was masked, or whose file is gone, is never counted as equal', async () => {
    const own = await openSqlStore({ file: ':memory:' })
    const decided = (category: string, rules: string): JournalRecord => ({
      ...priorityDecision(emptyBrief(), category, true, rules, 'normal'),
      id: `own-${category.length}`,
      at: 1,
    })
    const rules = await createRuleFiles(own, () => 1)('priorities', null)
    await own.addJournal([decided('ask sam@example.com', rules), decided('billing', 'nobody has it')], 1)
    expect((await audit(own)).replay).toMatchObject({
      equal: 0,
      notReplayable: new Map([
        ['masked: category', 1],
        ['the file that decided is not kept', 1],
      ]),
    })
    await own.close()
  })
})

describe('beside a running server', () => {
  const own = async () => {
    const opened = await openSqlStore({ file: ':memory:' })
    await conversation(opened, 'conversation-a', START)
    return opened
  }

  test('a root that is made between reading roots and heads is no finding', async () => {
    const opened = await own()
    let isMade = false
    const meanwhile: HelpDeskStore = {
      ...opened,
      async chainHeads(after, limit) {
        if (!isMade) await sealNow(opened, key, START + DAY_MS)
        isMade = true
        return opened.chainHeads(after, limit)
      },
    }
    const report = await audit(meanwhile)
    expect(report.broken).toEqual([])
    expect(report).toMatchObject({ records: 3, events: 3, unsealed: 0 })
    await opened.close()
  })

  test('nor is a conversation that is erased between reading its events and its chain', async () => {
    const opened = await own()
    let isErased = false
    const meanwhile: HelpDeskStore = {
      ...opened,
      async chain(chain, after, limit) {
        if (!isErased) await opened.erase('conversation-a', START + 9_000)
        isErased = true
        return opened.chain(chain, after, limit)
      },
    }
    const report = await audit(meanwhile)
    expect(report.broken).toEqual([])
    expect(report).toMatchObject({ records: 4, erased: 3, replay: { equal: 0 } })
    await opened.close()
  })
})

describe('one thing changed is seen', () => {
  const random = () => 0.4
  const chance = {
    below: (limit: number) => Math.floor(random() * limit),
    pick: <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)],
  }
  test.each(Object.keys(WAYS))('%s', async name => {
    const { done, report } = await withChange(db => WAYS[name]?.(db, chance) ?? Promise.resolve(null))
    expect(done, 'what was done').not.toBeNull()
    expect(report.broken, String(done)).not.toEqual([])
  })
})

describe('the daily root', () => {
  test('[J5] is made once a day is over, once, and not over a day on which nothing moved', async () => {
    const own = await openSqlStore({ file: join(folder, 'own.db') })
    const clock = createManualClock(START)
    const logged: string[] = []
    const settle = async () => {
      for (let n = 0; n < 3; n++) await own.epoch().then(() => new Promise(setImmediate))
    }
    const stops = [1, 2].map(() =>
      startSealing(own, key, clock, ({ event, day }) => logged.push(`${event} ${day}`)),
    )
    const hours = async (count: number) => {
      for (let n = 0; n < count; n++) {
        clock.advance(60 * 60_000)
        await settle()
      }
    }
    await own.addJournal([record('r1')], START)
    await hours(12)
    expect(logged, 'while the day lasts').toEqual([])
    await hours(6)
    expect(logged).toEqual(['sealed 2026-11-23'])
    await hours(48)
    expect(logged).toHaveLength(1)
    await own.addJournal([record('r2')], clock.now())
    await hours(24)
    expect(logged).toEqual(['sealed 2026-11-23', 'sealed 2026-11-26'])
    for (const stop of stops) stop()
    expect((await audit(own)).broken).toEqual([])
    await own.close()
  })

  test('that fails is said once an hour, with the reason and no more, and how long it lasts is a figure', async () => {
    const own = await openSqlStore({ file: ':memory:' })
    const clock = createManualClock(START)
    const logged: string[] = []
    const failing = {
      ...own,
      seal: () => Promise.reject(new AskletError('store_unavailable', 'disk is full')),
    }
    const stop = startSealing(failing, key, clock, ({ event, reason }) => logged.push(`${event} ${reason}`))
    for (let n = 0; n < 6 * 3; n++) {
      clock.advance(10 * 60_000)
      await new Promise(setImmediate)
    }
    stop()
    expect(logged, 'at once, and in each of three hours').toEqual(
      Array(4).fill('sealFailed store_unavailable'),
    )
    expect(await own.unsealedSince()).toBeNull()
    await own.addJournal([record('r1')], START)
    await own.addJournal([record('r2')], START + 5_000)
    expect(await own.unsealedSince()).toBe(START)
    await sealNow(own, key, START + DAY_MS)
    expect(await own.unsealedSince()).toBeNull()
    await own.close()
  })

  test('a key that is none is refused with a sentence that does not hold it', () => {
    expect(() => readSealKey('SECRET')).toThrow(/must be an Ed25519 private key as PEM/)
    expect(() => readSealKey('SECRET')).not.toThrow(/SECRET/)
  })
})

describe('a store of a build before', () => {
  const before = async (
    steps: typeof migrations,
    after: (db: Awaited<ReturnType<typeof openTables>>) => Promise<unknown>,
  ) => {
    const old = join(folder, `old-${Math.random()}.db`)
    const db = await openTables(old)
    await migrate(db, { name: old, dialect: 'sqlite' }, steps)
    await db
      .insertInto('asklet_conversations')
      .values({
        id: 'conversation-o',
        opener: 'anon:o',
        open_id: 'open-o',
        owner: 'anon:o',
        generation: 0,
        head: 2,
        last_at: START,
        phase: 'bot',
        assignment: 0,
        category: 'general',
        visitor_name: '',
        page_name: '',
        question: '',
        role: '',
      } as never)
      .execute()
    for (const [seq, body] of [
      [1, { type: 'opened', brief: emptyBrief() }],
      [2, { type: 'prioritised', priority: 'high' }],
    ] as const)
      await db
        .insertInto('asklet_events')
        .values({
          conversation_id: 'conversation-o',
          seq,
          sender: 'system',
          client_id: `key-${seq}`,
          at: START,
          author: '{"kind":"system"}',
          type: body.type,
          body: JSON.stringify(body),
        } as never)
        .execute()
    await after(db)
    await db.destroy()
    const opened = await openSqlStore({ file: old })
    const { broken, events } = await audit(opened).finally(() => opened.close())
    expect(events).toBe(2)
    return broken
  }
  const upTo = (version: number) => migrations.filter(step => step.version <= version)

  test('has no decisions beside its events, and is whole all the same', async () => {
    expect(await before(upTo(8), async () => {})).toEqual([])
  })

  test('is whole also where step 9 did not write down since when there are some', async () => {
    const forgets = (db: Awaited<ReturnType<typeof openTables>>) =>
      db.deleteFrom('asklet_meta').where('key', '=', 'journal_since').execute()
    expect(await before(upTo(15), forgets)).toEqual([])
  })

  test('what is decided after the last step is asked for', async () => {
    const later = (db: Awaited<ReturnType<typeof openTables>>) =>
      db
        .updateTable('asklet_events')
        .set({ at: START + 1 } as never)
        .execute()
    expect(await before(migrations, later)).toMatchObject([{ where: 'conversation-o', n: 2 }])
  })

  test('no statement of the store is built and then not run', async () => {
    const store = new URL('../../../src/server/store/', import.meta.url)
    const forgotten: string[] = []
    for (const name of await readdir(store)) {
      const text = (await readFile(new URL(name, store), 'utf8')).replace(/\/\/.*/g, '')
      for (const { index } of text.matchAll(
        /await\s+\w+\s*\.(?:insertInto|updateTable|deleteFrom|selectFrom)\(/g,
      )) {
        // To where its chain of calls ends.
        let [at, depth] = [index, 0]
        for (; at < text.length; at++) {
          if ('([{'.includes(text[at] ?? '')) depth++
          else if (')]}'.includes(text[at] ?? '')) {
            if (--depth < 0) break
            if (depth === 0 && !/^\s*[.(]/.test(text.slice(at + 1))) break
          }
        }
        if (!/\.(?:execute|compile)\w*\(/.test(text.slice(index, at)))
          forgotten.push(`${name}:${text.slice(0, index).split('\n').length}`)
      }
    }
    expect(forgotten).toEqual([])
  })
})
