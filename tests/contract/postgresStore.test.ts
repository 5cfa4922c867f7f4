import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppendOutcome, HelpDeskStore } from '../../src/server/store/helpDeskStore'
import { migrations } from '../../src/server/store/migrations'
import { openPostgresStore } from '../../src/server/store/openPostgresStore'
import { openStore } from '../../src/server/store/openStore'
import { storeContract } from '../../src/testing/contracts/storeContract'
import { openOf, sayOf } from '../support/appends'
import { postgresAbsent, startPostgres, type ThrowAwayPostgres } from '../support/postgres'
import { createTcpProxy } from '../support/tcpProxy'

const absent = postgresAbsent()
const title = 'the store contract on Postgres'

describe.skipIf(absent !== null)(absent === null ? title : `${title} (${absent})`, () => {
  let postgres: ThrowAwayPostgres
  /** With its tables and nothing in them: making them again for each of eighty took a third of the time. */
  let ready: string
  beforeAll(async () => {
    // The suite cuts no power: it need not wait for the disk with each database that comes and goes.
    postgres = await startPostgres('fsync=off')
    ready = await postgres.createDatabase()
    await (await openPostgresStore({ url: ready })).close()
    // Each has an epoch of its own.
    await postgres.run(ready, 'delete from asklet_meta')
  }, 60_000)
  afterAll(() => postgres?.close())

  const suite = storeContract(async () => {
    const url = await postgres.createDatabase(ready)
    let store = await openPostgresStore({ url })
    const others: HelpDeskStore[] = []
    return {
      store,
      async reopen() {
        await store.close()
        store = await openPostgresStore({ url })
        return store
      },
      async another() {
        const other = await openPostgresStore({ url })
        others.push(other)
        return other
      },
      async cleanUp() {
        for (const other of others) await other.close()
        await store.close()
        await postgres.dropDatabase(url)
      },
    }
  })
  for (const { title, run } of suite) test(title, run, 20_000)
})

// ---- what only this database does

const trouble = 'Postgres in trouble'

describe.skipIf(absent !== null)(absent === null ? trouble : `${trouble} (${absent})`, () => {
  let postgres: ThrowAwayPostgres
  const stores: HelpDeskStore[] = []
  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterAll(async () => {
    postgres?.thaw()
    for (const store of stores) await store.close()
    await postgres?.close()
  })

  async function opened(url: string, statementTimeoutMs?: number): Promise<HelpDeskStore> {
    const store = await openPostgresStore({ url, ...(statementTimeoutMs && { statementTimeoutMs }) })
    stores.push(store)
    return store
  }

  const conversation = (store: HelpDeskStore, name = 'one') =>
    store.open(openOf(`conversation-${name}`, `anon:${name}`))

  const say = (store: HelpDeskStore, conversationId: string, clientId: string): Promise<AppendOutcome> =>
    store.append(sayOf(conversationId, clientId))

  /** Says things one after the other, each again with the same id for as long as the answer is unknown. */
  async function sayWhile(
    store: HelpDeskStore,
    conversationId: string,
    from: string,
    goesOn: (n: number) => boolean,
  ) {
    const acked = new Map<string, number>()
    let unknown = 0
    for (let n = 0; goesOn(n); n++) {
      const clientId = `${from}-${1_000 + n}`
      for (;;) {
        const outcome = await say(store, conversationId, clientId).catch(() => null)
        if (outcome?.ok) {
          acked.set(clientId, outcome.results[0]?.seq ?? 0)
          break
        }
        unknown++
        await new Promise(done => setTimeout(done, 20))
      }
    }
    return { acked, unknown }
  }

  async function expectOnceEach(store: HelpDeskStore, id: string, all: readonly Map<string, number>[]) {
    const acked = new Map(all.flatMap(map => [...map]))
    const page = await store.read(id, 1, 10_000)
    expect(new Map(page?.events.map(event => [event.clientId, event.seq]))).toEqual(acked)
    expect(page?.events.map(event => event.seq)).toEqual(page?.events.map((_, n) => n + 2))
  }

  test('three nodes that start at once on an empty database make its tables once', async () => {
    const url = await postgres.createDatabase()
    const nodes = await Promise.all([opened(url), opened(url), opened(url)])
    const epochs = await Promise.all(nodes.map(node => node.epoch()))
    expect(new Set(epochs).size).toBe(1)
  })

  test('[D6] connections ended in the middle of writes: repeated, each message is stored once', async () => {
    const url = await postgres.createDatabase()
    const nodes = await Promise.all([opened(url), opened(url)])
    const [first] = nodes
    const { row } = await conversation(first as HelpDeskStore)
    let isDone = false
    const ending = (async () => {
      let ended = 0
      while (!isDone) {
        await new Promise(done => setTimeout(done, 25))
        ended += await postgres.terminateBackends(url)
      }
      return ended
    })()
    const said = await Promise.all(
      nodes.flatMap((node, n) =>
        [0, 1, 2].map(k => sayWhile(node, row.conversationId, `node${n}-${k}`, said => said < 40)),
      ),
    ).finally(() => {
      isDone = true
    })
    expect(await ending).toBeGreaterThan(5)
    expect(said.reduce((sum, { unknown }) => sum + unknown, 0)).toBeGreaterThan(0)
    const asker = await opened(url)
    await expectOnceEach(
      asker,
      row.conversationId,
      said.map(({ acked }) => acked),
    )
  }, 60_000)

  test('a connection that is ended while nobody uses it harms nobody', async () => {
    const url = await postgres.createDatabase()
    const store = await opened(url)
    const { row } = await conversation(store)
    await postgres.terminateBackends(url)
    await new Promise(done => setTimeout(done, 200))
    expect((await say(store, row.conversationId, 'key-0001')).ok).toBe(true)
  })

  test('[D7] a power cut of the database loses nothing that was answered', async () => {
    const url = await postgres.createDatabase()
    const store = await opened(url)
    const { row } = await conversation(store)
    let isUp = false
    const saying = Promise.all(
      [0, 1, 2].map(k => sayWhile(store, row.conversationId, `k${k}-key`, n => !isUp || n < 60)),
    )
    await new Promise(done => setTimeout(done, 60))
    await postgres.stop()
    await postgres.start()
    isUp = true
    const said = await saying
    expect(said.reduce((sum, { unknown }) => sum + unknown, 0)).toBeGreaterThan(0)
    await expectOnceEach(
      store,
      row.conversationId,
      said.map(({ acked }) => acked),
    )
  }, 60_000)

  test('a database that stands still is answered for in time, and goes on afterwards', async () => {
    const url = await postgres.createDatabase()
    const store = await opened(url, 1_500)
    const { row } = await conversation(store)
    await postgres.freeze()
    const start = performance.now()
    const firstTook = say(store, row.conversationId, 'key-1000').catch(() => performance.now() - start)
    await new Promise(done => setTimeout(done, 50))
    // More than there are lanes and connections: those that wait behind must not wait for ever either.
    const asked = Array.from({ length: 40 }, (_, n) => say(store, row.conversationId, `key-${1_000 + n}`))
    const reading = Array.from({ length: 12 }, () => store.conversation(row.conversationId))
    const answers = await Promise.allSettled([...asked, ...reading])
    const took = performance.now() - start
    postgres.thaw()
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 'rejected'))
    expect(answers[0]).toMatchObject({ reason: { code: 'store_unavailable' } })
    expect(took).toBeLessThan(5_500)
    // One limit, not one for the statement and one more for its rollback.
    expect(await firstTook).toBeLessThan(2_700)
    const { acked } = await sayWhile(store, row.conversationId, 'key', n => n < 40)
    await expectOnceEach(store, row.conversationId, [acked])
  }, 60_000)

  test('a line that fell silent is not used twice', async () => {
    const url = await postgres.createDatabase()
    const line = await createTcpProxy(postgres.port)
    const through = new URL(url)
    through.port = String(line.port)
    const store = await opened(through.href, 1_000)
    const { row } = await conversation(store)
    line.silence()
    await expect(say(store, row.conversationId, 'key-0001')).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    const start = performance.now()
    expect((await say(store, row.conversationId, 'key-0001')).ok).toBe(true)
    expect(performance.now() - start).toBeLessThan(900)
    await store.close()
    await line.close()
  })

  test('[D7] synchronous_commit is on for every write, whatever is set for the database', async () => {
    const url = await postgres.createDatabase()
    await postgres.run(url, `alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`)
    const store = await opened(url)
    const { row } = await conversation(store)
    await postgres.run(
      url,
      `create function refuse() returns trigger language plpgsql as $$ begin
         if current_setting('synchronous_commit') <> 'on' then raise exception 'not durable'; end if;
         return new; end $$`,
    )
    await postgres.run(
      url,
      'create trigger durable before insert on asklet_events for each row execute function refuse()',
    )
    const said = await Promise.all(
      Array.from({ length: 20 }, (_, n) => say(store, row.conversationId, `key-${1_000 + n}`)),
    )
    expect(said.every(({ ok }) => ok)).toBe(true)
  })

  test('[S13] a write that a rule of the database refuses fails alone', async () => {
    const url = await postgres.createDatabase()
    const store = await opened(url)
    const { row } = await conversation(store)
    await postgres.run(
      url,
      `alter table asklet_events add constraint no_poison check (client_id <> 'poison-1')`,
    )
    const ids = ['key-0001', 'poison-1', 'key-0002']
    const said = await Promise.allSettled(ids.map(id => say(store, row.conversationId, id)))
    expect(said.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('[S15] a database of a newer build is refused with a sentence, untouched', async () => {
    const url = await postgres.createDatabase()
    await (await openPostgresStore({ url })).close()
    await postgres.run(url, "insert into asklet_migrations values (99, 'of the future', '2099-01-01')")
    await expect(openPostgresStore({ url })).rejects.toThrow(
      `shape 99, this build knows shapes up to ${migrations.at(-1)?.version}`,
    )
  })

  test('what cannot be reached is named by host and database, never with the password', async () => {
    const url = await postgres.createDatabase()
    const wrong = (change: (url: URL) => void) => {
      const changed = new URL(url)
      change(changed)
      return openPostgresStore({ url: changed.href }).then(
        () => 'opened',
        (error: { code: string; message: string }) => `${error.code} ${error.message}`,
      )
    }
    const sentences = await Promise.all([
      wrong(changed => {
        changed.password = 's3cr%40t'
      }),
      wrong(changed => {
        changed.port = '1'
        changed.password = 's3cr%40t'
      }),
      wrong(changed => {
        changed.pathname = '/no_such_database'
      }),
    ])
    expect(sentences[0]).toMatch(
      /^store_unavailable .*desk_\d+ on 127\.0\.0\.1:\d+.*password authentication failed/,
    )
    expect(sentences[1]).toMatch(/^store_unavailable .*on 127\.0\.0\.1:1 .*ECONNREFUSED/)
    expect(sentences[2]).toMatch(/^store_unavailable .*no_such_database.*does not exist/)
    expect(sentences.join()).not.toMatch(/s3cr|a-password/)
  })

  test('one door takes a file or an address', async () => {
    const url = await postgres.createDatabase()
    const store = await openStore({ data: url })
    stores.push(store)
    expect((await conversation(store)).created).toBe(true)
    expect((await conversation(await opened(url))).created).toBe(false)
  })
})

test('an address that cannot be read is not shown', async () => {
  const answer = openPostgresStore({ url: 'postgres://ada:s3cr3t@[bad/desk' })
  await expect(answer).rejects.toThrow(/store_unavailable.*postgres:\/\/user:password@host:5432/)
  await expect(answer).rejects.not.toThrow(/s3cr3t/)
})
