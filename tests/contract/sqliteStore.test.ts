import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { HelpDeskStore } from '../../src/server/store/helpDeskStore'
import { migrate, migrations } from '../../src/server/store/migrations'
import { openSqlStore, sqliteDrivers } from '../../src/server/store/openSqlStore'
import type { Tables } from '../../src/server/store/tables'
import { storeContract } from '../../src/testing/contracts/storeContract'
import { openOf, sayOf } from '../support/appends'

const drivers = await sqliteDrivers()

test('at least one SQLite driver is installed', () => {
  expect(drivers.length).toBeGreaterThan(0)
})

describe.each(drivers)('the store contract on SQLite by %s', driver => {
  const suite = storeContract(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'asklet-store-'))
    const file = join(folder, 'desk.db')
    let store = await openSqlStore({ file, driver })
    return {
      store,
      async reopen() {
        await store.close()
        store = await openSqlStore({ file, driver })
        return store
      },
      async cleanUp() {
        await store.close()
        await rm(folder, { recursive: true })
      },
    }
  })
  for (const { title, run } of suite) test(title, run)

  test('[S15] a database of a newer build is refused with a sentence, untouched', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'asklet-store-'))
    const file = join(folder, 'desk.db')
    await (await openSqlStore({ file, driver })).close()
    const { default: Database } = await import('libsql')
    const database = new Database(file)
    database.exec("insert into asklet_migrations values (99, 'of the future', '2099-01-01')")
    database.close()
    await expect(openSqlStore({ file, driver })).rejects.toThrow(
      `shape 99, this build knows shapes up to ${migrations.at(-1)?.version}`,
    )
    await rm(folder, { recursive: true })
  })

  test('a file of an older build keeps its words, their order and their keys', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'asklet-store-'))
    const file = join(folder, 'desk.db')
    const { default: Database } = await import('libsql')
    const database = new Database(file)
    const db = new Kysely<Tables>({
      dialect: new SqliteDialect({ database: database as unknown as SqliteDatabase }),
    })
    await migrate(db, { name: file, dialect: 'sqlite' }, migrations.slice(0, 2))
    database.exec(`
      insert into asklet_conversations values
        ('c-1', 'anon:a', 'open-1', 'anon:a', null, 0, 3, 30, 'bot', 0, null, null, null, null, null, null, null, null, 'general', '', '', '', '');
      insert into asklet_events values
        ('c-1', 1, 'visitor', 'key-0001', 10, '{"kind":"visitor"}', null, null, 'message', '{"type":"message","text":"one"}'),
        ('c-1', 2, 'agent:b', 'key-0001', 20, '{"kind":"visitor"}', 'device', 15, 'message', '{"type":"message","text":"two"}'),
        ('c-1', 3, 'visitor', 'key-0003', 30, '{"kind":"visitor"}', null, null, 'message', null)`)
    await db.destroy()
    database.close()

    const store = await openSqlStore({ file, driver })
    const page = await store.read('c-1', 0, 10)
    expect(page?.events.map(({ seq, at, body }) => [seq, at, body.type])).toEqual([
      [1, 10, 'message'],
      [2, 20, 'message'],
      [3, 30, 'redacted'],
    ])
    expect(page?.events[1]).toMatchObject({ origin: 'device', saidAt: 15, clientId: 'key-0001' })
    await store.close()
    const after = new Database(file)
    const again = (sender: string, key: string) =>
      after.exec(
        `insert into asklet_events values ('c-1', 4, '${sender}', '${key}', 40, '{}', null, null, 'message', null)`,
      )
    expect(() => again('visitor', 'key-0001')).toThrow(/UNIQUE/)
    expect(() => again('agent:b', 'key-0003')).not.toThrow()
    after.close()
    await rm(folder, { recursive: true })
  })

  test('a step that is merged later than one with a higher number still runs, once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'asklet-store-'))
    const file = join(folder, 'desk.db')
    const { default: Database } = await import('libsql')
    const database = new Database(file)
    const db = new Kysely<Tables>({
      dialect: new SqliteDialect({ database: database as unknown as SqliteDatabase }),
    })
    const ran: number[] = []
    const step = (version: number) => ({ version, name: '', up: async () => void ran.push(version) })
    const to = (...versions: number[]) => migrate(db, { name: file, dialect: 'sqlite' }, versions.map(step))
    await to(4, 6)
    await to(4, 5, 6, 7)
    await to(4, 5, 6, 7)
    expect(ran).toEqual([4, 6, 5, 7])
    await expect(to(4, 5, 6)).rejects.toThrow(/shape 7, this build knows shapes up to 6/)
    await db.destroy()
    database.close()
    await rm(folder, { recursive: true })
  })

  test('steps stand in the order of their numbers, none twice', () => {
    const versions = migrations.map(({ version }) => version)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
  })

  test('a ticket that an older build gave back to the bot, when its visitor stopped waiting, is a ticket again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'asklet-store-'))
    const file = join(folder, 'desk.db')
    const { default: Database } = await import('libsql')
    const database = new Database(file)
    const db = new Kysely<Tables>({
      dialect: new SqliteDialect({ database: database as unknown as SqliteDatabase }),
    })
    const step = migrations.findIndex(({ version }) => version === 21)
    await migrate(db, { name: file, dialect: 'sqlite' }, migrations.slice(0, step))
    const ticket = (status: string) =>
      `{"number":1001,"category":"general","priority":"normal","status":"${status}"}`
    const row = (id: string, phase: string, held: string | null) =>
      database.exec(
        `insert into asklet_conversations (id, opener, open_id, owner, generation, head, last_at, phase, assignment, ticket, category, visitor_name, role, page_name, question)
         values ('${id}', 'anon:a', '${id}', 'anon:a', 0, 1, 30, '${phase}', 2, ${held ? `'${held}'` : 'null'}, 'general', '', '', '', '')`,
      )
    row('open', 'bot', ticket('waitingOnUs'))
    row('asked', 'offered', ticket('open'))
    row('over', 'bot', ticket('solved'))
    row('none', 'bot', null)
    await db.destroy()
    database.close()

    const store = await openSqlStore({ file, driver })
    const phases = ['open', 'asked', 'over', 'none'].map(async id => (await store.conversation(id))?.phase)
    expect(await Promise.all(phases)).toEqual(['ticketed', 'ticketed', 'ended', 'bot'])
    await store.close()
    await rm(folder, { recursive: true })
  })

  test('what another process changed is seen by the very next append', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'asklet-store-'))
    const file = join(folder, 'desk.db')
    const [one, other] = [await openSqlStore({ file, driver }), await openSqlStore({ file, driver })]
    const { row } = await one.open(openOf('conversation-1', 'anon:a'))
    const owners: string[] = []
    const say = (store: HelpDeskStore, clientId: string) =>
      store.append(
        sayOf(row.conversationId, clientId, {
          authorise(now) {
            owners.push(now.owner)
            return null
          },
        }),
      )
    const seqs: unknown[] = []
    for (const [store, key] of [
      [one, 'key-0001'],
      [other, 'key-0002'],
      [one, 'key-0003'],
      [one, 'key-0004'],
    ] as const)
      seqs.push((await say(store, key)).ok)
    await other.claimOwner(row.conversationId, 'anon:a', 'user:a')
    seqs.push((await say(one, 'key-0005')).ok)
    expect(seqs).toEqual([true, true, true, true, true])
    expect(owners.at(-1)).toBe('user:a')
    expect(owners.slice(0, -1)).not.toContain('user:a')
    const page = await one.read(row.conversationId, 1, 10)
    expect(page?.events.map(event => event.clientId)).toEqual([1, 2, 3, 4, 5].map(n => `key-000${n}`))
    await Promise.all([one.close(), other.close()])
    await rm(folder, { recursive: true })
  })

  test('a file that cannot be opened is named', async () => {
    await expect(openSqlStore({ file: '/nowhere/at/all/desk.db', driver })).rejects.toThrow(/nowhere/)
  })
})
