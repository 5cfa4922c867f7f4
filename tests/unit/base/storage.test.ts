import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { beforeAll, describe, expect, test } from 'vitest'
import { createMemoryStore, openKeyedStore } from '../../../src/base/keyedStore'
import { safeStorage } from '../../../src/base/safeStorage'

const noTimer = () => () => {}
beforeAll(() => {
  Object.assign(globalThis, { IDBKeyRange })
})

describe.each([
  ['memory', async () => createMemoryStore()],
  ['IndexedDB', () => openKeyedStore(new IDBFactory(), 'asklet', noTimer)],
])('a keyed store in %s', (_, open) => {
  test('lists by prefix, ascending, and forgets what is deleted', async () => {
    const store = await open()
    await store.set([
      ['a/2', { n: 2 }],
      ['a/1', { n: 1 }],
      ['b/1', 'other'],
    ])
    expect(await store.list('a/')).toEqual([
      ['a/1', { n: 1 }],
      ['a/2', { n: 2 }],
    ])
    await store.delete(['a/1'])
    expect(await store.get('a/1')).toBeUndefined()
    expect(await store.get('b/1')).toBe('other')
  })

  test('what two tabs make at the same time is kept once', async () => {
    const store = await open()
    const [one, two] = await Promise.all([store.keep('secret', 'x'), store.keep('secret', 'y')])
    expect(one).toBe('x')
    expect(two).toBe('x')
  })
})

test('a database that never answers leaves memory, and throws nothing at the page', async () => {
  const request = {
    get error(): never {
      throw new DOMException('The request has not finished.', 'InvalidStateError')
    },
  }
  const silent = { open: () => request } as unknown as IDBFactory
  const store = await openKeyedStore(silent, 'asklet', (_ms, task) => {
    task()
    return () => {}
  })
  expect(store.kind).toBe('memory')
})

test('[D9] what was set is there after the database is opened again', async () => {
  const factory = new IDBFactory()
  const first = await openKeyedStore(factory, 'asklet', noTimer)
  await first.set([['row', 1]])
  first.close()
  const second = await openKeyedStore(factory, 'asklet', noTimer)
  expect(second.kind).toBe('stored')
  expect(await second.get('row')).toBe(1)
})

test('[D9] where storage is refused the store says that it is memory', async () => {
  const refusing = {
    open() {
      throw new DOMException('no', 'SecurityError')
    },
  } as unknown as IDBFactory
  expect((await openKeyedStore(refusing, 'asklet', noTimer)).kind).toBe('memory')
  expect((await openKeyedStore(undefined, 'asklet', noTimer)).kind).toBe('memory')
})

test('a page store over a refused or full storage never throws and keeps the newest value', () => {
  const refused = safeStorage(() => {
    throw new DOMException('no', 'SecurityError')
  })
  refused.set('a', '1')
  expect([refused.kind, refused.get('a')]).toEqual(['memory', '1'])
  const full = safeStorage(
    () =>
      ({
        getItem: () => 'old',
        setItem() {
          throw new DOMException('full', 'QuotaExceededError')
        },
        removeItem() {},
      }) as unknown as Storage,
  )
  full.set('a', 'new')
  expect(full.get('a')).toBe('new')
})

test('where keeping is refused, words stay in memory and leave the storage', () => {
  const stored = new Map([['draft', 'old']])
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  } as Storage
  let mayKeep = false
  const safe = safeStorage(
    () => storage,
    () => mayKeep,
  )
  safe.set('draft', 'new')
  expect([safe.get('draft'), stored.size]).toEqual(['new', 0])
  mayKeep = true
  safe.set('draft', 'newer')
  expect([safe.get('draft'), stored.get('draft')]).toEqual(['newer', 'newer'])
})
