// What lies under the SQLite store breaks: a lock of another process, a full disk, a disk that fails to sync, a
// file that may not be written, an old copy put back. Each time: nothing that was answered is lost or doubled,
// the answer meanwhile is store_unavailable, and it goes on when the fault ends.

import { spawn, spawnSync } from 'node:child_process'
import { copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HelpDeskStore } from '../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../src/server/store/openSqlStore'
import { emptyBrief } from '../../src/testing/emptyBrief'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asklet-faults-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const CONVERSATION = 'conversation-1'

const converse = (store: HelpDeskStore) =>
  store.open({
    identities: ['anon:one'],
    openId: 'open-0001',
    conversationId: CONVERSATION,
    at: 1_000,
    author: { kind: 'visitor' },
    brief: emptyBrief(),
  })

/** The seq it got; null when the answer was store_unavailable. */
async function say(store: HelpDeskStore, clientId: string, text = 'x'): Promise<number | null> {
  try {
    const outcome = await store.append({
      conversationId: CONVERSATION,
      at: 2_000,
      drafts: [
        {
          sender: 'visitor',
          clientId,
          author: { kind: 'visitor' },
          body: { type: 'message', text, format: 'plain' },
        },
      ],
      authorise: () => null,
      plan: (_row, draft) => [draft],
    })
    if (!outcome.ok) throw new Error(outcome.code)
    return outcome.results[0]?.seq ?? 0
  } catch (error) {
    expect(error).toMatchObject({ code: 'store_unavailable' })
    return null
  }
}

/** Opens the file anew: each answered message is there once, under the seq it was answered with, without gaps. */
async function expectOnceEach(file: string, acked: ReadonlyMap<string, number>): Promise<void> {
  const store = await openSqlStore({ file })
  const page = await store.read(CONVERSATION, 1, 100_000)
  await store.close()
  const stored = new Map(page?.events.map(event => [event.clientId, event.seq]))
  expect(page?.events.map(({ seq }) => seq)).toEqual(page?.events.map((_, n) => n + 2))
  expect(stored.size).toBe(page?.events.length)
  for (const [clientId, seq] of acked) expect([clientId, stored.get(clientId)]).toEqual([clientId, seq])
}

// ---- a lock

async function lockedFile(name: string) {
  const file = join(folder, name)
  const store = await openSqlStore({ file })
  await converse(store)
  return { file, store, other: await otherProcess(file) }
}

/** A process with the file open. Not this one: locks belong to processes, and one may have two SQLites in it. */
async function otherProcess(file: string) {
  const script = `const Database = require('libsql')
    const database = new Database(process.argv[1])
    process.on('message', text => { database.exec(text); process.send(text) })
    process.send('open')`
  const child = spawn(process.execPath, ['-e', script, file], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const answered = () => new Promise<void>(done => child.once('message', () => done()))
  await answered()
  return {
    async exec(text: string) {
      const done = answered()
      child.send(text)
      await done
    },
    async close() {
      const gone = new Promise(done => child.once('exit', done))
      child.kill()
      await gone
    },
  }
}

test('a file that another process locks for a moment is waited for, and this process does not stand still', async () => {
  const { file, store, other } = await lockedFile('moment.db')
  await other.exec('begin immediate')
  let turns = 0
  const turning = setInterval(() => turns++, 10)
  const said = say(store, 'key-0001')
  await new Promise(done => setTimeout(done, 700))
  expect(turns).toBeGreaterThan(15)
  clearInterval(turning)
  // Who only reads does not wait.
  expect((await store.conversation(CONVERSATION))?.head).toBe(1)
  await other.exec('commit')
  expect(await said).toBe(2)
  await other.close()
  await store.close()
  await expectOnceEach(file, new Map([['key-0001', 2]]))
})

test('[S6] a file that another process keeps locked: store_unavailable in time, then it goes on', async () => {
  const { file, store, other } = await lockedFile('kept.db')
  expect(await say(store, 'key-0001')).toBe(2)
  await other.exec('begin immediate')
  const start = performance.now()
  expect(await say(store, 'key-0002')).toBeNull()
  expect(performance.now() - start).toBeLessThan(8_000)
  await other.exec('rollback')
  expect(await say(store, 'key-0002')).toBe(3)
  await other.close()
  await store.close()
  await expectOnceEach(
    file,
    new Map([
      ['key-0001', 2],
      ['key-0002', 3],
    ]),
  )
}, 20_000)

// ---- a small disk, for who may mount one

const isRoot = process.getuid?.() === 0

function mount(...args: string[]): boolean {
  return spawnSync('mount', args).status === 0
}

async function mountable(): Promise<boolean> {
  if (!isRoot) return false
  const probe = await mkdtemp(join(tmpdir(), 'asklet-mount-'))
  const done = mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe)
  if (done) spawnSync('umount', [probe])
  await rm(probe, { recursive: true })
  return done
}

const noMount = (await mountable()) ? '' : ' (skipped: this user may not mount a small disk)'

describe.skipIf(noMount !== '')(`a small disk${noMount}`, () => {
  let disk: string
  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'asklet-disk-'))
  })
  afterAll(() => rm(disk, { recursive: true, force: true }))

  test('a full disk loses nothing that was answered, and takes messages again when there is room', async () => {
    expect(mount('-t', 'tmpfs', '-o', 'size=1000k', 'tmpfs', disk)).toBe(true)
    try {
      const file = join(disk, 'desk.db')
      const store = await openSqlStore({ file })
      await converse(store)
      const acked = new Map<string, number>()
      const refused: string[] = []
      for (let n = 0; n < 1_000 && refused.length < 10; n++) {
        const clientId = `key-${10_000 + n}`
        const seq = await say(store, clientId, 'x'.repeat(3_000))
        if (seq === null) refused.push(clientId)
        else acked.set(clientId, seq)
      }
      expect(refused).toHaveLength(10)
      expect(acked.size).toBeGreaterThan(20)
      // Reading goes on.
      expect((await store.read(CONVERSATION, 1, 100_000))?.events.length).toBeGreaterThanOrEqual(acked.size)
      expect(mount('-o', 'remount,size=8m', disk)).toBe(true)
      for (const clientId of refused) {
        const seq = await say(store, clientId, 'x'.repeat(3_000))
        expect(seq).not.toBeNull()
        acked.set(clientId, seq ?? 0)
      }
      await store.close()
      await expectOnceEach(file, acked)
    } finally {
      spawnSync('umount', ['-l', disk])
    }
  })

  test('a file that may not be written is named when it is opened', async () => {
    expect(mount('-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk)).toBe(true)
    try {
      const made = join(folder, 'made.db')
      await (await openSqlStore({ file: made })).close()
      const file = join(disk, 'desk.db')
      await copyFile(made, file)
      expect(mount('-o', 'remount,ro', disk)).toBe(true)
      await expect(openSqlStore({ file })).rejects.toMatchObject({
        code: 'store_unavailable',
        message: expect.stringMatching(/desk\.db/),
      })
      expect(mount('-o', 'remount,rw', disk)).toBe(true)
      const store = await openSqlStore({ file })
      await converse(store)
      expect(await say(store, 'key-0001')).toBe(2)
      await store.close()
    } finally {
      spawnSync('umount', ['-l', disk])
    }
  })
})

// ---- system calls that fail, for who may trace

const traceable = spawnSync('strace', ['-f', '-e', 'trace=fsync', 'true']).status === 0
const noTrace = traceable ? '' : ' (skipped: no strace here, or this user may not trace)'

interface ChildAnswers {
  readonly acked: Map<string, number>
  readonly unknown: string[]
  readonly status: number | null
}

describe.skipIf(!traceable)(`system calls that fail${noTrace}`, () => {
  // Beside node_modules, so that the drivers are found from there.
  const program = resolve(import.meta.dirname, `../../dist/tests/storeChild-${process.pid}.mjs`)
  beforeAll(async () => {
    await build({
      entryPoints: [resolve(import.meta.dirname, '../support/storeChild.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    })
  })
  afterAll(() => rm(program, { force: true }))

  function child(file: string, inject: string): Promise<ChildAnswers> {
    return new Promise(done => {
      const args = [
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-e',
        'trace=fsync,fdatasync,pwrite64',
        '-e',
        `inject=${inject}`,
      ]
      const running = spawn('strace', [...args, process.execPath, program, file, '0', '40'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let out = ''
      running.stdout.on('data', text => {
        out += text
      })
      running.on('close', status => {
        const acked = new Map<string, number>()
        const unknown: string[] = []
        for (const line of out.split('\n')) {
          const [kind, clientId = '', rest = ''] = line.split(' ')
          if (kind === 'acked') acked.set(clientId, Number(rest))
          if (kind === 'unknown') {
            unknown.push(clientId)
            expect(rest).toBe('store_unavailable')
          }
        }
        done({ acked, unknown, status })
      })
    })
  }

  test.each([
    ['syncing the disk fails', 'fsync,fdatasync:error=EIO:when=12..19'],
    ['the disk is full', 'pwrite64:error=ENOSPC:when=60..90'],
    ['the disk became read-only', 'pwrite64:error=EROFS:when=60..90'],
    ['writing fails', 'pwrite64:error=EIO:when=60..90'],
  ])(
    '%s for a while: nothing that was answered is lost or doubled',
    async (name, inject) => {
      const file = join(folder, `${name.replaceAll(' ', '-')}.db`)
      // Made beforehand, so that the fault meets messages and not the making of tables.
      const made = await openSqlStore({ file })
      await converse(made)
      await made.close()
      const { acked, unknown, status } = await child(file, inject)
      expect(status).toBe(0)
      expect(unknown.length).toBeGreaterThan(0)
      expect(acked.size).toBe(40)
      await expectOnceEach(file, acked)
    },
    60_000,
  )
})

// ---- an old copy put back

test('[D4] an old copy put back is taken as it is: heads fall behind, lost keys are free, newEpoch says so', async () => {
  const file = join(folder, 'backup.db')
  const first = await openSqlStore({ file })
  await converse(first)
  await say(first, 'key-0001')
  await first.close()
  await copyFile(file, join(folder, 'copy.db'))
  const second = await openSqlStore({ file })
  expect(await say(second, 'key-0002')).toBe(3)
  const epoch = await second.epoch()
  await second.close()

  // A file of its own: put back under the old name it would meet what this process still holds of that.
  const restored = await openSqlStore({ file: join(folder, 'copy.db') })
  // The copy cannot know that it is one: a reader who is ahead tells it, for that conversation, once.
  expect(await restored.epoch()).toBe(epoch)
  expect(await restored.heads([CONVERSATION])).toEqual([
    { conversationId: CONVERSATION, head: 2, generation: 0 },
  ])
  await Promise.all([restored.bumpGeneration(CONVERSATION, 0), restored.bumpGeneration(CONVERSATION, 0)])
  expect((await restored.conversation(CONVERSATION))?.generation).toBe(1)
  // What a device still holds is stored again; what the copy has is known.
  expect(await say(restored, 'key-0001')).toBe(2)
  expect(await say(restored, 'key-0002')).toBe(3)
  await restored.newEpoch('an-epoch-after-the-restore')
  await restored.close()
  const later = await openSqlStore({ file: join(folder, 'copy.db') })
  expect(await later.epoch()).toBe('an-epoch-after-the-restore')
  await later.close()
})

test('a file that is no database is named, and left as it is', async () => {
  const file = join(folder, 'notes.txt')
  await writeFile(file, 'These are notes, and no database. '.repeat(100))
  const { size } = await stat(file)
  await expect(openSqlStore({ file })).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringMatching(/notes\.txt/),
  })
  expect((await stat(file)).size).toBe(size)
})
