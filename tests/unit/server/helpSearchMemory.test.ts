// What a node works out once: counted where the ranking is entered.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SearchRequest } from '../../../src/protocol/search'
import { createHelpSearch } from '../../../src/server/helpSearch'
import { writeHelp } from '../../support/builtHelp'
import { sketch } from '../search/shelf'

const counted = vi.hoisted(() => ({ ranked: 0, indexesRead: 0, indexes: [] as WeakRef<object>[] }))
vi.mock('../../../src/search/ranking', async original => {
  const { rank, ...rest } = await original<typeof import('../../../src/search/ranking')>()
  return {
    ...rest,
    rank(...to: Parameters<typeof rank>) {
      counted.ranked++
      return rank(...to)
    },
  }
})
vi.mock('../../../src/knowledge/assembleIndex', async original => {
  const { assembleIndex, ...rest } = await original<typeof import('../../../src/knowledge/assembleIndex')>()
  return {
    ...rest,
    *assembleIndex(...parts: Parameters<typeof assembleIndex>) {
      counted.indexesRead++
      const index = yield* assembleIndex(...parts)
      counted.indexes.push(new WeakRef(index))
      return index
    },
  }
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asklet-search-'))
  counted.ranked = 0
  counted.indexesRead = 0
  counted.indexes = []
})
afterEach(() => rm(folder, { recursive: true }))

const suggest = (query: string, route = '/', locale = 'en'): SearchRequest => ({
  v: 1,
  do: 'suggest',
  query,
  facts: { page: { route, name: 'Home', headings: [] }, visitor: { locale } },
  limit: 6,
})

async function searchOver(articles: number) {
  await writeHelp(
    join(folder, 'help'),
    Array.from({ length: articles }, (_, i) => sketch({ id: `a-${i}`, title: `Harbour ${i}` })),
  )
  let now = 0
  const search = createHelpSearch({
    helpDir: join(folder, 'help'),
    privateDir: join(folder, 'private'),
    clock: { now: () => now, after: () => () => {} },
    log: () => {},
  })
  return {
    ask: (request: SearchRequest, role?: string) => search.answer(request, role),
    wait: (ms: number) => {
      now += ms
    },
  }
}

test('what everybody asks on a page is ranked once, until there is another build', async () => {
  const { ask, wait } = await searchOver(2)
  const first = await ask(suggest(''))
  expect(await ask(suggest(''))).toEqual(first)
  expect(counted.ranked).toBe(1)
  await ask(suggest('', '/other'))
  expect(counted.ranked).toBe(2)
  await writeHelp(join(folder, 'help'), [sketch({ id: 'new', title: 'New' })])
  wait(2_000)
  expect(await ask(suggest(''))).not.toEqual(first)
  expect(counted.ranked).toBe(3)
})

test('answers are kept for a thousand questions, not for all that anybody makes up', async () => {
  const { ask } = await searchOver(2)
  for (let n = 0; n <= 1_000; n++) await ask(suggest('', `/${n}`))
  await ask(suggest('', '/1000'))
  expect(counted.ranked).toBe(1_001)
  await ask(suggest('', '/0'))
  expect(counted.ranked).toBe(1_002)
})

test('an index is read once for all visitors and all the locales they make up', async () => {
  const { ask } = await searchOver(2)
  await Promise.all([ask(suggest('harbour')), ask(suggest('h'))])
  for (const locale of ['en-GB', 'de', 'x-made-up', '']) await ask(suggest('harbour', '/', locale))
  expect(counted.indexesRead).toBe(1)
})

test('a role with articles of its own has an index beside the public one, read once; others share', async () => {
  const { ask } = await searchOver(2)
  for (const role of ['client', 'staff'])
    await writeHelp(join(folder, 'private', role), [sketch({ id: role, title: 'Harbour' })])
  for (let n = 0; n < 3; n++)
    for (const role of ['client', 'staff', 'guest', 'none', undefined]) await ask(suggest('harbour'), role)
  expect(counted.indexesRead).toBe(5)
})

test('private builds that were replaced do not stay in memory, though the public one is the same', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const { ask, wait } = await searchOver(2)
  for (let build = 0; build < 4; build++) {
    await writeHelp(join(folder, 'private', 'client'), [sketch({ id: 'client', title: 'Harbour' })])
    wait(2_000)
    await ask(suggest('harbour'), 'client')
  }
  expect(counted.indexesRead).toBe(8)
  await new Promise(resolve => setTimeout(resolve))
  collect()
  expect(counted.indexes.filter(index => index.deref())).toHaveLength(2)
})

test('articles that were read are kept up to two thousand', async () => {
  const { ask } = await searchOver(2_001)
  const open = (id: number) => ask({ v: 1, do: 'article', articleId: `a-${id}`, locale: 'en' })
  for (let id = 0; id < 2_000; id++) await open(id)
  expect(counted.indexesRead).toBe(1)
  await open(2_000)
  expect(counted.indexesRead).toBe(2)
  expect(await open(7)).toMatchObject({ ok: true, article: { id: 'a-7' } })
  expect(counted.indexesRead).toBe(2)
})

test('messages get their turn while an index is read, every few milliseconds', async () => {
  const turn = vi.spyOn(globalThis, 'setImmediate')
  const clock = vi.spyOn(performance, 'now')
  try {
    const turnsAt = async (msEachStep: number) => {
      let now = 0
      clock.mockImplementation(() => {
        now += msEachStep
        return now
      })
      const { ask } = await searchOver(300)
      turn.mockClear()
      await ask(suggest('harbour'))
      return turn.mock.calls.length
    }
    expect(await turnsAt(0)).toBe(1)
    expect(await turnsAt(6)).toBeGreaterThan(3)
  } finally {
    vi.restoreAllMocks()
  }
})
