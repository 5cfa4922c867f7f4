// Packages that only some sites need are not installed by themselves. Who needs one that is absent reads one line,
// with the command that helps, and nothing of what was handed in.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { AskletError } from '../../../src/base/errors'

const { peerDependencies } = JSON.parse(
  await readFile(resolve(import.meta.dirname, '../../../package.json'), 'utf8'),
) as { peerDependencies: Record<string, string> }

const openBroker = async (url = 'redis://ada:s3cr3t@127.0.0.1:1') =>
  (await import('../../../src/server/broker')).createBroker({ url })
const openPostgres = async () =>
  (await import('../../../src/server/store/openPostgresStore')).openPostgresStore({
    url: 'postgres://ada:s3cr3t@127.0.0.1:1/desk',
  })
const openSqlite = async () =>
  (await import('../../../src/server/store/openSqlStore')).openSqlStore({
    file: ':memory:',
    driver: 'libsql',
  })
const sign = async () =>
  (await import('../../../src/server/signedVisitors')).signVisitor('a key of at least thirty-two chars', {
    visitorId: '7',
  })
const limit = async () => (await import('../../../src/server/admission')).loadLimiters()

const absent = (name: string) =>
  vi.doMock(name, () => {
    throw new Error(`Cannot find package '${name}'`)
  })
let mocked: string[] = []
afterEach(() => {
  for (const name of mocked) vi.doUnmock(name)
  mocked = []
  vi.resetModules()
})

async function refusal(names: string[], run: () => Promise<unknown>): Promise<AskletError> {
  mocked = names
  vi.resetModules()
  names.forEach(absent)
  const error: unknown = await run().then(
    () => new Error('it found its packages'),
    refused => refused,
  )
  return error as AskletError
}

const BROKER = ['redis', '@socket.io/redis-streams-adapter']
test.each([
  ['a broker', ['redis'], openBroker, BROKER],
  ['a broker', ['@socket.io/redis-streams-adapter'], openBroker, BROKER],
  ['a broker', BROKER, openBroker, BROKER],
  ['the Postgres store', ['pg'], openPostgres, ['kysely', 'pg']],
  ['the Postgres store', ['kysely'], openPostgres, ['kysely', 'pg']],
  ['the SQLite store', ['kysely'], openSqlite, ['kysely', 'libsql']],
  ['the SQLite store', ['libsql'], openSqlite, ['kysely', 'libsql']],
  ['signed visitors', ['jose'], sign, ['jose']],
  ['the limits', ['rate-limiter-flexible'], limit, ['rate-limiter-flexible']],
])('%s without %j names the line that installs what it needs', async (_, names, run, wanted) => {
  const error = await refusal(names, run)
  expect(error).toMatchObject({ code: 'driver_missing', name: AskletError.name })
  const line = / Run: npm install (.+)$/.exec(error.message)?.[1] ?? ''
  expect(line.split(' ').map(word => word.replace(/@[\d.]+$/, ''))).toEqual(wanted)
  expect(error.message).not.toContain('s3cr3t')
  // The line must bring what package.json asks for.
  for (const word of line.split(' ')) {
    const [, name = '', version] = /^(.+)@([\d.]+)$/.exec(word) ?? []
    expect(peerDependencies[name]).toMatch(new RegExp(`^\\^${version}\\.`))
  }
})

test('an address that is none is said before a package that is absent', async () => {
  const error = await refusal(BROKER, () => openBroker('http://h'))
  expect(error.code).toBe('server_shape')
})
