import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { main } from '../../../src/cli/main'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { createSpoken } from './spoken'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'asklet-cli-'))
  file = join(folder, 'desk.db')
})
afterEach(() => rm(folder, { recursive: true }))

async function run(...args: string[]) {
  const out = createSpoken()
  return { code: await main(['audit', ...args], out), out: out.lines, errors: out.errors }
}
async function filled() {
  const store = await openSqlStore({ file })
  const records = ['record-1', 'record-2', 'record-3'].map(
    id => ({ id, kind: 'missed', at: 1, inputs: {}, rule: 'bot:none', reason: 'no answer' }) as const,
  )
  await store.addJournal(records, Date.now())
  await store.close()
}

test('prints what there is as name: value lines, and exits with 0 where all holds', async () => {
  await filled()
  const { code, out, errors } = await run('--data', file)
  expect(code).toBe(0)
  expect(out).toEqual([
    'conversations: 0',
    'events: 0',
    'chains: 1',
    'records: 3',
    'of-devices: 3',
    'erased: 0',
    'roots: 0',
    'unsealed: 1',
    'chain: ok',
    'replayed-rankings: 0',
    'replayed-answers: 0',
    'replay: equal 0 of 0, not replayable 3',
  ])
  expect(errors).toEqual(['not replayable: 3, no outcome was kept'])
})

test('tampered copies are caught, and the original stays as it was', async () => {
  await filled()
  await run('--data', file, '--seal')
  const before = await readFile(file)
  const { code, out } = await run('--data', file, '--tamper', '6')
  expect(code).toBe(0)
  expect(out.slice(-2)).toEqual(['tampered: 6', 'tampered-caught: 6'])
  expect((await readFile(file)).equals(before)).toBe(true)
})

test('roots are signed by a key that only its owner reads, printed, and held against the store later', async () => {
  await filled()
  const sealed = await run('--data', file, '--seal')
  expect(sealed.errors[0]).toMatch(/Made the journal's key .* Its public key, to be kept elsewhere: MCow/)
  expect(sealed.out).toContain('unsealed: 0')
  const pem = (await readdir(folder)).find(name => name.endsWith('.pem')) ?? ''
  expect(pem).toBe('desk.journal-key.pem')
  expect((await stat(join(folder, pem))).mode & 0o777).toBe(0o600)
  const { out } = await run('--data', file, '--roots')
  expect(out).toHaveLength(1)
  const kept = join(folder, 'roots.jsonl')
  await writeFile(kept, out.join('\n'))
  expect((await run('--data', file, '--published', kept)).code).toBe(0)
  await writeFile(kept, out.join('\n').replace(/"root":"./, '"root":"x'))
  const other = await run('--data', file, '--published', kept)
  expect(other.code).toBe(1)
  expect(other.errors).toContain('broken: roots 1: it is another one than was published')
  expect(other.out).toContain('chain: broken at roots 1')
})

test('a wrong call is told what, got and how, and makes no database', async () => {
  expect((await run('--data', file)).errors[0]).toMatch(
    /--data must name the database of "asklet serve", got none/,
  )
  expect(existsSync(file)).toBe(false)
  expect((await run('--data', file, '--tamper', 'many')).errors[0]).toMatch(
    /--tamper must be a whole number, got "many"/,
  )
  expect((await run('--database', 'postgres://localhost/x', '--tamper', '3')).errors[0]).toMatch(
    /--tamper works on copies of a file/,
  )
})
