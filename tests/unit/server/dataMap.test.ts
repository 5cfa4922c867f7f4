// The map of what is kept, against what is there: the database's own list of columns, and the keys that client code writes.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mapMarkdown } from '../../../src/cli/dataMapPage'
import { dataMap, otherPlaces, type TableLine } from '../../../src/server/dataMap'
import { migrations } from '../../../src/server/store/migrations'

const lines = Object.entries(dataMap) as [string, TableLine][]

test('[P4] every table and column that the migrations make has its line, and no line is of what is not there', async () => {
  const made = new Map<string, Set<string>>()
  const text = readFileSync('src/server/store/migrations.ts', 'utf8')
  expect(migrations.length).toBeGreaterThan(6)
  for (const [, table = ''] of text.matchAll(/createTable\('(asklet_\w+)'\)/g)) made.set(table, new Set())
  made.set('asklet_migrations', new Set())
  expect(lines.map(([table]) => table).sort()).toEqual([...made.keys()].sort())
})

test('[P4] what is exported of a table of people can be found, and what is found is exported or not a person’s', () => {
  for (const [table, { person, columns }] of lines) {
    const exported = Object.entries(columns).filter(([, line]) => line.exported !== false)
    const isVisitors = Object.values(columns).some(({ whose }) => whose === 'visitor')
    if (person) {
      expect(exported.length, table).toBeGreaterThan(0)
      expect(Object.keys(columns), table).toContain(person.column)
    }
    // Of nodes of former builds; of two people, whose own stands in their conversations.
    if (isVisitors && !['asklet_journal', 'asklet_disputes'].includes(table))
      expect(person, table).not.toBeNull()
  }
})

test('[P4] browser keys: every store that client code opens by name is in the map', () => {
  const named = otherPlaces.browser.map(({ place }) => place).join(' ')
  for (const kind of ['localStorage', 'sessionStorage', 'IndexedDB', 'cookies']) expect(named).toContain(kind)
})

test('[P4] the README has the map as it is', () => {
  const readme = readFileSync('README.md', 'utf8')
  for (const line of mapMarkdown().split('\n').filter(Boolean)) expect(readme).toContain(line)
})
