import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openSqlStore, sqliteDrivers } from '../../src/server/store/openSqlStore'
import { storeContract } from '../../src/testing/contracts/storeContract'

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
    await expect(openSqlStore({ file, driver })).rejects.toThrow(/shape 99, this build knows shapes up to 2/)
    await rm(folder, { recursive: true })
  })

  test('a file that cannot be opened is named', async () => {
    await expect(openSqlStore({ file: '/nowhere/at/all/desk.db', driver })).rejects.toThrow(/nowhere/)
  })
})
