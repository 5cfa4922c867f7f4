import { expect, test } from 'vitest'
import { type KnownEvent, keyOf, planOpen } from '../../../../src/server/store/appending'
import type { PlannedBatch } from '../../../../src/server/store/batch'
import { createGroupCommit } from '../../../../src/server/store/groupCommit'
import type { AppendRequest, ConversationRow } from '../../../../src/server/store/helpDeskStore'
import { createRowMemory, type RowMemory } from '../../../../src/server/store/rowMemory'
import type { Connection, Statements } from '../../../../src/server/store/statements'
import { openOf, sayOf } from '../../../support/appends'

/** A database of rows alone, whose commits the test lets through one by one. */
function stage(lanes: number, memory: RowMemory | null = null) {
  const rows = new Map<string, ConversationRow>()
  /** Keys that the unique index knows. */
  const stored = new Map<string, number>()
  let version = 1
  const log: string[] = []
  const commits: (() => void)[] = []
  let holds = false
  let failing: ((text: string) => Error | null) | null = null
  let connections = 0

  const connect = () => {
    const name = ++connections
    const run = async (sql: string) => {
      if (sql === 'commit' && holds) await new Promise<void>(done => commits.push(done))
      if (sql === 'commit' || sql === 'begin') log.push(`${sql} ${name}`)
      return { rows: [] }
    }
    return {
      executeQuery({ sql }: { sql: string }) {
        const error = failing?.(sql)
        // At once, as the driver of an embedded database does: no promise that rejects.
        if (error) throw error
        return run(sql)
      },
    }
  }
  const provide = async (run: (on: unknown) => unknown) => run(connect())
  const db = { connection: () => ({ execute: provide }), getExecutor: () => ({ provideConnection: provide }) }
  const statements = {
    async rows(_on: unknown, ids: readonly string[]) {
      if (memory) log.push(`rows ${ids.join(' ')}`)
      return new Map(ids.flatMap(id => (rows.has(id) ? [[id, rows.get(id)]] : [])))
    },
    version: async () => version,
    async known(_on: unknown, appends: readonly AppendRequest[]) {
      if (memory)
        log.push(`known ${appends.flatMap(({ drafts }) => drafts.map(draft => draft.clientId)).join(' ')}`)
      const keys = appends.flatMap(({ conversationId, drafts }) =>
        drafts.flatMap(({ sender, clientId }) => {
          const seq = stored.get(clientId)
          const event = { seq, at: 2_000, body: null } as KnownEvent
          return seq === undefined
            ? []
            : [[conversationId, new Map([[keyOf(sender, clientId), event]])] as const]
        }),
      )
      return new Map(keys)
    },
    opened: async () => new Map(),
    async save(_on: unknown, { added, changed }: PlannedBatch) {
      const error = failing?.('save')
      if (error) throw error
      for (const { event } of added) if (stored.has(event.clientId)) throw coded('SQLITE_CONSTRAINT_UNIQUE')
      for (const [id, { row }] of changed) rows.set(id, row)
      if (memory) for (const { event } of added) stored.set(event.clientId, event.seq)
      log.push(`save ${added.map(({ event }) => `${event.clientId}=${event.seq}`).join(' ')}`)
    },
  }
  const writes = createGroupCommit({
    db: db as unknown as Connection,
    statements: statements as unknown as Statements,
    lanes,
    memory,
  })
  const open = (conversationId: string) => {
    const { row } = planOpen(openOf(conversationId))
    rows.set(conversationId, row)
  }
  const append = (conversationId: string, clientId: string, change: Partial<AppendRequest> = {}) =>
    writes.append(sayOf(conversationId, clientId, change))
  const turn = async () => {
    for (let n = 0; n < 5; n++) await new Promise(setImmediate)
  }
  return {
    log,
    open,
    append,
    writes,
    turn,
    commits,
    othersWrite() {
      version++
    },
    hold: (on: boolean) => {
      holds = on
    },
    fail: (when: typeof failing) => {
      failing = when
    },
  }
}

const coded = (code: string) => Object.assign(new Error(code), { code })

test('two batches under way never touch one conversation, and others do not wait for it', async () => {
  const { log, open, append, turn, commits, hold } = stage(2)
  open('a')
  open('b')
  hold(true)
  const first = append('a', 'a1')
  await turn()
  const others = [append('a', 'a2'), append('b', 'b1')]
  await turn()
  expect(log).toEqual(['begin 1', 'save a1=2', 'begin 2', 'save b1=2'])
  hold(false)
  for (const letThrough of commits) letThrough()
  await Promise.all([first, ...others])
  expect(log.slice(4)).toEqual(['commit 1', 'commit 2', 'begin 3', 'save a2=3', 'commit 3'])
})

test('[D6] nobody is answered before the commit', async () => {
  const { open, append, turn, commits, hold } = stage(1)
  open('a')
  hold(true)
  let answered = 0
  const all = [append('a', 'a1'), append('a', 'a2')].map(one => one.then(() => answered++))
  await turn()
  expect(answered).toBe(0)
  commits[0]?.()
  await Promise.all(all)
  expect(answered).toBe(2)
})

test('[S6] a commit that fails is unknown to all of its batch, and the next batch goes on', async () => {
  const { open, append, fail } = stage(1)
  open('a')
  fail(text => (text === 'commit' ? coded('SQLITE_FULL') : null))
  const answers = await Promise.allSettled([append('a', 'a1'), append('a', 'a2')])
  expect(answers.map(answer => answer.status === 'rejected' && answer.reason.code)).toEqual([
    'store_unavailable',
    'store_unavailable',
  ])
  fail(null)
  expect((await append('a', 'a1')).ok).toBe(true)
})

test('[S13] what the database refuses for one value is done again one by one', async () => {
  const { log, open, append, fail } = stage(1)
  open('a')
  let saves = 0
  // The batch of three fails, then the second of them alone.
  fail(text => {
    if (text !== 'save') return null
    saves++
    return saves === 1 || saves === 3 ? coded('23505') : null
  })
  const answers = await Promise.allSettled([append('a', 'a1'), append('a', 'a2'), append('a', 'a3')])
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(log).toEqual(['begin 1', 'begin 2', 'save a1=2', 'save a3=3', 'commit 2'])
})

test.each(['SQLITE_FULL', 'SQLITE_IOERR_FSYNC', '57P01', 'ECONNRESET'])(
  'trouble of the whole database (%s) is not asked again for each write',
  async code => {
    const { open, append, fail } = stage(1)
    open('a')
    let saves = 0
    fail(text => (text === 'save' && ++saves > 0 ? coded(code) : null))
    const answers = await Promise.allSettled([append('a', 'a1'), append('a', 'a2')])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(saves).toBe(1)
  },
)

test.each(['40001', '40P01', 'SQLITE_BUSY'])(
  'a lost race (%s) is run again, unseen by the caller',
  async code => {
    const { open, append, fail } = stage(1)
    open('a')
    let left = 2
    fail(text => (text === 'save' && left-- > 0 ? coded(code) : null))
    expect(await append('a', 'a1')).toMatchObject({ ok: true, results: [{ seq: 2 }] })
  },
)

test('a rule that throws fails its own write only', async () => {
  const { open, append } = stage(1)
  open('a')
  const [bad, good] = await Promise.allSettled([
    append('a', 'a1', {
      plan: () => {
        throw new Error('of the host')
      },
    }),
    append('a', 'a2'),
  ])
  expect([bad?.status, good?.status]).toEqual(['rejected', 'fulfilled'])
})

test('writes without end leave the event loop its turns', async () => {
  const { open, append } = stage(1)
  open('a')
  let timerRan = false
  setTimeout(() => {
    timerRan = true
  })
  for (let n = 0; n < 10_000 && !timerRan; n++) await append('a', `a${n}`)
  expect(timerRan).toBe(true)
})

test('a row that was written here is not read again, until somebody else writes', async () => {
  const { log, open, append, othersWrite } = stage(1, createRowMemory())
  open('a')
  open('b')
  for (const key of ['a1', 'a2']) await append('a', key)
  await append('b', 'b1')
  othersWrite()
  await append('a', 'a3')
  expect(log.filter(line => line.startsWith('rows'))).toEqual(['rows a', 'rows b', 'rows a'])
  expect(log.filter(line => line.startsWith('save'))).toEqual([
    'save a1=2',
    'save a2=3',
    'save b1=2',
    'save a3=4',
  ])
})

test('a row is read again after a commit that nobody can tell of, and after another kind of write', async () => {
  const { log, open, append, fail, writes } = stage(1, createRowMemory())
  open('a')
  await append('a', 'a1')
  await append('a', 'a2')
  fail(text => (text === 'commit' ? coded('SQLITE_IOERR') : null))
  await expect(append('a', 'a3')).rejects.toMatchObject({ code: 'store_unavailable' })
  fail(null)
  const reads = () => log.filter(line => line === 'rows a').length
  expect(reads()).toBe(1)
  await append('a', 'a4')
  expect(reads()).toBe(2)
  await writes.write(async () => {}, { conversationId: 'a' })
  await append('a', 'a5')
  expect(reads()).toBe(3)
})

test('[D3] a key that is there already is found by the index: the batch is done again with its keys looked up', async () => {
  const { log, open, append } = stage(1, createRowMemory())
  open('a')
  open('b')
  await append('a', 'a1')
  const [again, other] = await Promise.all([append('a', 'a1'), append('b', 'b1')])
  expect(again).toMatchObject({ ok: true, results: [{ clientId: 'a1', seq: 2, dup: true }], events: [] })
  expect(other).toMatchObject({ ok: true, results: [{ clientId: 'b1', seq: 2 }] })
  expect(log.filter(line => line.startsWith('known'))).toEqual(['known a1 b1'])
})

test('[S3] what is refused now may have been stored before: its key is looked up', async () => {
  const { log, open, append } = stage(1, createRowMemory())
  open('a')
  await append('a', 'a1')
  const refuses = { plan: () => 'closed' as const }
  expect(await append('a', 'a1', refuses)).toMatchObject({ ok: true, results: [{ seq: 2, dup: true }] })
  expect(await append('a', 'a2', refuses)).toEqual({ ok: false, code: 'closed' })
  expect(log.filter(line => line.startsWith('known'))).toEqual(['known a1', 'known a2'])
})

test('what is remembered is bounded: who wrote last is forgotten last', () => {
  const memory = createRowMemory(2)
  memory.trust(1)
  const row = (conversationId: string) => ({ conversationId }) as ConversationRow
  for (const id of ['a', 'b', 'a', 'c']) memory.keep(row(id))
  expect(['a', 'b', 'c'].map(id => memory.get(id)?.conversationId)).toEqual(['a', undefined, 'c'])
  memory.trust(2)
  expect(memory.get('a')).toBeUndefined()
})
