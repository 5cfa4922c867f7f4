// Backups of a help desk that goes on serving, and what a visitor finds who comes back to a restored one.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run as backup } from '../../src/cli/backup'
import type { Output } from '../../src/cli/output'
import { run as restore } from '../../src/cli/restore'
import type { SyncPage } from '../../src/protocol/wire'
import { openSqlStore } from '../../src/server/store/openSqlStore'
import { emptyBrief } from '../../src/testing/emptyBrief'
import { openOf, sayOf } from '../support/appends'
import { startHelpDesk } from '../support/helpDeskServer'

let folder: string
let said: string[]
const out: Output = { line: text => void said.push(text), error: text => void said.push(text) }
const at = (name: string) => join(folder, name)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asklet-backup-'))
  said = []
})
afterEach(() => rm(folder, { recursive: true }))

async function filled(file: string, messages = 3): Promise<void> {
  const store = await openSqlStore({ file })
  await store.open(openOf('conversation-1'))
  for (let n = 0; n < messages; n++) await store.append(sayOf('conversation-1', `message-${n}`))
  await store.close()
}

test('a copy that is made while others write is whole: one moment, without gaps', async () => {
  const store = await openSqlStore({ file: at('desk.db') })
  const ids = Array.from({ length: 8 }, (_, n) => `conversation-${n}`)
  for (const id of ids) await store.open(openOf(id, `anon:${id}`))
  let isOver = false
  let written = 0
  const writers = ids.map(async id => {
    while (!isOver) await store.append(sayOf(id, `message-${written++}`))
  })
  await expect.poll(() => written).toBeGreaterThan(200)
  expect(await backup(['--data', at('desk.db'), '--out', at('copy.db')], out)).toBe(0)
  const during = written
  isOver = true
  await Promise.all(writers)
  await store.close()
  expect(said.join('\n')).toMatch(/^Copied 8 conversations with \d+ events to .*copy\.db, and checked it\.$/)
  expect((await stat(at('copy.db'))).mode & 0o777).toBe(0o600)

  expect(await restore([at('copy.db'), '--data', at('new.db')], out)).toBe(0)
  const restored = await openSqlStore({ file: at('new.db') })
  let events = 0
  for (const id of ids) {
    const page = await restored.read(id, 0, 100_000)
    expect(page?.events.map(({ seq }) => seq)).toEqual(
      Array.from({ length: page?.row.head ?? 0 }, (_, n) => n + 1),
    )
    events += page?.events.length ?? 0
  }
  expect(events).toBeGreaterThan(200)
  expect(events).toBeLessThanOrEqual(during + ids.length)
  await restored.close()
})

test('[D4] a visitor who had read further than the copy goes reads all of it anew, and nothing twice', async () => {
  const server = await startHelpDesk(at('desk.db'), {})
  const asking = (base: string) => async (name: string, body: object) => {
    const answer = await fetch(`${base}/asklet/v1/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${'s'.repeat(30)}` },
      body: JSON.stringify({ v: 1, ...body }),
    })
    return (await answer.json()) as SyncPage & { ok: boolean; conversationId: string }
  }
  const before = asking(server.base)
  const { conversationId } = await before('open', { openId: 'open-0001', brief: emptyBrief() })
  const say = (call: typeof before, n: number) =>
    call('send', {
      conversationId,
      drafts: [{ clientId: `message-${n}`, body: { type: 'message', text: `words ${n}`, format: 'plain' } }],
    })
  await say(before, 1)
  await backup(['--data', at('desk.db'), '--out', at('copy.db')], out)
  await say(before, 2)
  const read = await before('sync', { conversationId, after: 0, epoch: '' })
  expect(read.head).toBe(3)
  await server.close()

  await restore([at('copy.db'), '--data', at('new.db')], out)
  const again = await startHelpDesk(at('new.db'), {})
  const call = asking(again.base)
  const anew = await call('sync', { conversationId, after: read.head, epoch: read.epoch })
  expect(anew.epoch).not.toBe(read.epoch)
  expect(anew.events.map(({ seq }) => seq)).toEqual([1, 2])
  // Its outbox says the lost words once more, and those that were not lost: by their ids nothing is doubled.
  await say(call, 1)
  await say(call, 2)
  const now = await call('sync', { conversationId, after: 0, epoch: anew.epoch })
  expect(now.events.map(({ body }) => (body.type === 'message' ? body.text : body.type))).toEqual([
    'opened',
    'words 1',
    'words 2',
  ])
  await again.close()
})

test('files of conversations go along, but what is half written', async () => {
  await filled(at('desk.db'))
  await mkdir(at('desk.files'))
  await writeFile(at('desk.files/file-1'), 'bytes')
  await writeFile(at('desk.journal-key.pem'), 'a key')
  await writeFile(at('desk.files/file-2.xyz.half'), 'half')
  await backup(['--data', at('desk.db'), '--out', at('copy.db')], out)
  await restore([at('copy.db'), '--data', at('new.db')], out)
  expect(await readFile(at('new.files/file-1'), 'utf8')).toBe('bytes')
  expect(existsSync(at('copy.db.files/file-2.xyz.half'))).toBe(false)
  expect(said.join()).toMatch(/Not copied: .*desk\.journal-key\.pem, which signs/)
  expect(said).toContain(`Restored 1 files to ${at('new.files')}.`)
})

test('nothing is written over: neither a copy nor a database, nor a log that lies beside it', async () => {
  await filled(at('desk.db'))
  await filled(at('other.db'))
  const other = await readFile(at('other.db'))
  await expect(backup(['--data', at('desk.db'), '--out', at('other.db')], out)).rejects.toThrow(
    /must be a new file/,
  )
  await backup(['--data', at('desk.db'), '--out', at('copy.db')], out)
  await expect(restore([at('copy.db'), '--data', at('other.db')], out)).rejects.toThrow(
    /nothing is written over/,
  )
  await writeFile(at('new.db-wal'), '')
  await expect(restore([at('copy.db'), '--data', at('new.db')], out)).rejects.toThrow(/new\.db-wal/)
  expect(await readFile(at('other.db'))).toEqual(other)
})

test('a damaged copy, or another file, is refused, and nothing is left of it', async () => {
  await filled(at('desk.db'), 300)
  await backup(['--data', at('desk.db'), '--out', at('copy.db')], out)
  const bytes = await readFile(at('copy.db'))
  bytes.fill(0x5a, 8_192, 24_576)
  await writeFile(at('damaged.db'), bytes)
  await writeFile(at('text.db'), 'not a database, but long enough to look like one to whoever does not look')
  for (const copy of ['damaged.db', 'text.db'])
    await expect(restore([at(copy), '--data', at('new.db')], out)).rejects.toThrow(
      /damaged|no database of Asklet/,
    )
  expect(existsSync(at('new.db')) || existsSync(at('new.db.half'))).toBe(false)
})

test('a copy that is named after nothing, and a database that is not there, are said', async () => {
  await expect(backup(['--data', at('desk.db')], out)).rejects.toThrow(/--out must name the copy/)
  await expect(backup(['--data', at('none.db'), '--out', at('c.db')], out)).rejects.toThrow(/got none at/)
  await expect(restore([at('none.db')], out)).rejects.toThrow(/needs the file that "asklet backup" wrote/)
})

test('of a Postgres it says the line, without its password, and copies nothing', async () => {
  const url = 'postgres://asklet:secretword@db.example/asklet'
  expect(await backup(['--database', url, '--out', at('copy.dump')], out)).toBe(1)
  expect(said).toContain(
    `pg_dump --format=custom --no-owner --file='${at('copy.dump')}' "$ASKLET_DATABASE_URL"`,
  )
  expect(said.join()).not.toContain('secretword')
  await backup(['--database', url, '--out', "it's; rm x"], out)
  expect(said.join('\n')).toContain(`--file='it'\\''s; rm x' "$`)
})
