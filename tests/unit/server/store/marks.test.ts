// The marks by which other nodes find what changed, and the locks that writing them takes.

import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { expect, test } from 'vitest'
import { countChange, saveMarks } from '../../../../src/server/store/beside'
import type { Tables } from '../../../../src/server/store/tables'

test('[S25] a transaction writes each mark once and in one order, so that no two wait for each other', async () => {
  const written: unknown[] = []
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: of => new SqliteIntrospector(of),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    log: ({ query }) => void written.push(query.parameters.at(-1)),
  })
  for (const order of [
    ['settings', 'people', 'settings', 'replies'],
    ['replies', 'settings', 'people'],
  ] as const) {
    for (const what of order) countChange(db, what)
    expect(written).toEqual([])
    await saveMarks(db)
    expect(written.splice(0)).toEqual(['desk_people', 'desk_replies', 'desk_settings'])
  }
  await saveMarks(db)
  expect(written).toEqual([])
})
