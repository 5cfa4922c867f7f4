// Who a person is to the store, and what is left of them. The raw bytes are searched by `npm run privacy`.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { main } from '../../../src/cli/main'
import { exportPage, exportPerson } from '../../../src/server/personExport'
import { createPersons } from '../../../src/server/persons'
import type { HelpDeskStore, NewEvent } from '../../../src/server/store/helpDeskStore'
import { openDatabase, openSqlStore, sqliteDrivers } from '../../../src/server/store/openSqlStore'
import { scrubFile } from '../../../src/server/store/scrubFile'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createSpoken } from '../cli/spoken'

let folder: string
let file: string
let store: HelpDeskStore
let made = 0
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asklet-persons-'))
  file = join(folder, 'desk.db')
  store = await openSqlStore({ file })
})
afterEach(async () => {
  await store.close().catch(() => {})
  rmSync(folder, { recursive: true, force: true })
})

async function opened(identities: [string, ...string[]], question: string, email?: string): Promise<string> {
  const { row } = await store.open({
    identities,
    openId: `open-${++made}`,
    conversationId: `conversation-${++made}`,
    at: 1,
    author: { kind: 'visitor', name: 'Ann' },
    brief: emptyBrief({ question, visitor: { locale: 'en', attributes: {}, ...(email && { email }) } }),
  })
  return row.conversationId
}

test('[S61] a person is their signed-in conversations, those that they claimed, and the others of the same devices', async () => {
  const signedIn = await opened(['user:ann', 'anon:phone'], 'a')
  const claimed = await opened(['anon:laptop'], 'b')
  await store.claimOwner(claimed, 'anon:laptop', 'user:ann')
  const sameDevice = await opened(['anon:laptop'], 'c')
  const ofBob = await opened(['anon:laptop'], 'd')
  await store.claimOwner(ofBob, 'anon:laptop', 'user:bob')
  await opened(['anon:stranger'], 'e')
  const person = await store.findPerson({ visitorId: 'ann' })
  expect([...person.conversationIds].sort()).toEqual([signedIn, claimed, sameDevice].sort())
  expect(person.identities).not.toContain('user:bob')
  expect((await store.findPerson({ visitorId: 'bob' })).conversationIds).toContain(ofBob)
  expect((await store.findPerson({ visitorId: 'nobody' })).conversationIds).toEqual([])
})

test('[S61] a contact finds the conversations in which it was given, whole and in any case, and no others', async () => {
  const given = await opened(['anon:one'], 'a', 'Ann@Example.org')
  await opened(['anon:one'], 'b', 'joann@example.org')
  await opened(['anon:two'], 'write to ann@example.org, said somebody else')
  expect((await store.findPerson({ contact: 'ann@example.org' })).conversationIds).toEqual([given])
  expect((await store.findPerson({ contact: '%' })).conversationIds).toEqual([])
})

test('[S61] a phone number is found however it was parted, also where another one was given later', async () => {
  const id = await opened(['anon:one'], 'a')
  const given = (clientId: string, phone: string) =>
    store.append({
      conversationId: id,
      at: 2,
      drafts: [
        {
          sender: 'visitor',
          clientId,
          author: { kind: 'visitor' },
          body: { type: 'contactGiven', contact: { phone } },
        },
      ],
      authorise: () => null,
      plan: (_row, draft) => [draft],
    })
  await given('contact-01', '0170/123 45-67')
  await given('contact-02', '+49 30 999999')
  for (const contact of ['0170 1234567', '(0170) 123-4567', '+4930999999'])
    expect((await store.findPerson({ contact })).conversationIds).toEqual([id])
  expect((await store.findPerson({ contact: '1234567' })).conversationIds).toEqual([])
})

test('[S62] of an erased person each event keeps its seq, and nobody owns the conversation', async () => {
  const id = await opened(['user:ann'], 'why')
  const other = await opened(['user:bob'], 'kept')
  await store.erasePerson(await store.findPerson({ visitorId: 'ann' }), 9_000)
  const page = await store.read(id, 0, 10)
  expect(page?.events.map(({ seq, body }) => [seq, body.type])).toEqual([[1, 'redacted']])
  expect(page?.row).toMatchObject({ owner: `erased:${id}`, question: '', visitorName: '', generation: 1 })
  expect(JSON.stringify(page)).not.toMatch(/ann|why/i)
  expect((await store.findPerson({ visitorId: 'ann' })).conversationIds).toEqual([])
  expect((await store.conversation(other))?.question).toBe('kept')
  // Again is no failure: whoever is not sure asks once more.
  await store.erasePerson(await store.findPerson({ conversationId: id }), 9_000)
})

test('[S62] an erasing that was interrupted is completed by asking again, wherever it stopped', async () => {
  for (const stopsAt of [0, 1]) {
    const device = `anon:laptop-${stopsAt}`
    const [claimed, unclaimed] = [await opened([device], 'canary a'), await opened([device], 'canary b')]
    await store.claimOwner(claimed, device, 'user:ann')
    const stops = [claimed, unclaimed][stopsAt]
    const beside = await openDatabase(file)
    beside.exec(
      `create trigger stops before update of owner on asklet_conversations when old.id = '${stops}' begin select raise(abort, 'the database is away'); end`,
    )
    const persons = createPersons({ store, bytes: null, clock: { now: () => 9 }, log: () => {} })
    await expect(persons.erase({ visitorId: 'ann' })).rejects.toThrow()
    beside.exec('drop trigger stops')
    beside.close()
    await persons.erase({ visitorId: 'ann' })
    for (const id of [claimed, unclaimed])
      expect(await store.conversation(id)).toMatchObject({ question: '', owner: `erased:${id}` })
  }
})

test('[S11] what an agent said that it was about goes as well: it may be the visitor’s own word', async () => {
  const id = await opened(['user:ann'], 'why')
  const say = (clientId: string, body: NewEvent['body']) =>
    store.append({
      conversationId: id,
      at: 2,
      drafts: [
        { sender: 'agent:bob', clientId, author: { kind: 'agent', agentId: 'bob', name: 'Bob' }, body },
      ],
      authorise: () => null,
      plan: (_row, draft) => [draft],
    })
  await say('handoff-01', {
    type: 'ticketOpened',
    cause: 'chosen',
    ticket: { number: 0, category: 'canary', priority: 'normal', status: 'open' },
  })
  await say('category-01', { type: 'categorised', category: 'canary' })
  const ended = { type: 'ended', by: 'agent', category: 'canary' } as const
  await say('ended-0001', ended)
  await store.erase(id, 3)
  expect(JSON.stringify((await store.read(id, 0, 10))?.events)).not.toContain('canary')
  // Its sender asks once more.
  expect(await say('ended-0001', ended)).toMatchObject({ ok: true, results: [{ dup: true }] })
})

test('[S64] rewriting the file stops nobody: the thread goes on, and a file that another one holds is no failure', async () => {
  await opened(['user:ann'], 'canary')
  await store.erasePerson(await store.findPerson({ visitorId: 'ann' }), 3)
  const beside = await openDatabase(file)
  beside.exec('begin immediate')
  const path = createRequire(import.meta.url).resolve('libsql')
  const driver = (await sqliteDrivers()).includes('node:sqlite') ? null : path
  expect(await scrubFile(file, driver, 0)).toBe(false)
  let turns = 0
  const turning = setInterval(() => turns++, 1)
  const scrubbed = scrubFile(file, driver, 60_000)
  while (turns < 20) await new Promise(setImmediate)
  beside.exec('rollback')
  beside.close()
  expect(await scrubbed).toBe(true)
  clearInterval(turning)
  expect(await scrubFile(join(folder, 'not', 'there.db'), driver)).toBe(false)
})

test('files of an export go where they are kept as they come, none of them waits in memory', async () => {
  const heard: string[] = []
  async function* parts() {
    for (const part of ['one', 'two']) {
      heard.push(`gives ${part}`)
      yield Buffer.from(part)
    }
  }
  const bytes = {
    put: async () => {},
    remove: async () => {},
    get: async (key: string) => (key === 'file-0001' ? { content: parts(), bytes: 6 } : null),
  } as never
  const row = (id: string) => ({ id, name: 'a b.txt', bytes: 6 })
  const rows = { asklet_attachments: [row('file-0001'), row('file-0002')] }
  const { data, files } = await exportPerson(
    { ...store, personRows: async () => rows },
    bytes,
    { identities: [], conversationIds: [] },
    0,
    'en',
    async (path, content) => {
      for await (const part of content) heard.push(`${path} has ${Buffer.from(part)}`)
    },
  )
  const path = 'files/file-0001-a_b.txt'
  expect(heard).toEqual(['gives one', `${path} has one`, 'gives two', `${path} has two`])
  expect(files).toEqual([])
  expect(data.files).toEqual([
    { attachmentId: 'file-0001', path },
    { attachmentId: 'file-0002', path: null },
  ])
})

test('a person is named by one thing, and the sentence says so', async () => {
  const persons = createPersons({ store, bytes: null, clock: { now: () => 0 }, log: () => {} })
  for (const query of [{}, { visitorId: '' }, { visitorId: 'a', contact: 'b' }, { name: 'ann' }, null])
    await expect(persons.erase(query as never)).rejects.toThrow(/named by one of/)
})

test('asklet export writes a folder for its owner alone; asklet erase does nothing until it is told yes', async () => {
  await opened(['user:ann'], 'where is <b>my</b> order')
  await store.close()
  const out = createSpoken()
  const target = join(folder, 'ann')
  expect(
    await main(['export', '--visitor', 'ann', '--out', target, '--locale', 'he', '--data', file], out),
  ).toBe(0)
  expect(readdirSync(target).sort()).toEqual(['export.json', 'index.html'])
  if (process.platform !== 'win32') expect(statSync(join(target, 'export.json')).mode & 0o077).toBe(0)
  const html = readFileSync(join(target, 'index.html'), 'utf8')
  expect(html).toContain('where is &lt;b&gt;my&lt;/b&gt; order')
  expect(html).toContain('<html lang="he" dir="rtl">')
  expect(await main(['export', '--visitor', 'ann', '--out', target, '--data', file], out)).toBe(2)
  expect(await main(['erase', '--visitor', 'ann', '--data', file], out)).toBe(0)
  expect(out.lines.at(-1)).toMatch(/Say --yes/)
  expect(await main(['erase', '--visitor', 'ann', '--yes', '--data', file], out)).toBe(0)
  expect(out.lines.slice(-2).join('\n')).toMatch(/Erased 1 conversation with 0 files.\n.*overwritten/)
  expect(readFileSync(file, 'latin1')).not.toMatch(/my<\/b> order|user:ann/)
  expect(await main(['erase', '--data', file], out)).toBe(2)
  expect(await main(['erase', '--visitor', 'ann', '--data', join(folder, 'none.db')], out)).toBe(2)
})

test('the page of an export runs nothing, loads nothing and shows what a table that it does not know holds', () => {
  const html = exportPage(
    {
      format: 'asklet-export@1',
      exportedAt: '2026-01-05T09:00:00.000Z',
      person: { identities: ['user:"><script>'], conversationIds: [] },
      records: { asklet_new: [{ words: '<img src=x onerror=alert(1)>' }] },
      files: [{ attachmentId: 'a', path: 'files/a-b"c.txt' }],
    },
    'xx',
  )
  expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>/)
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(html).toContain("default-src 'none'")
  expect(html).toContain('href="files/a-b%22c.txt"')
})
