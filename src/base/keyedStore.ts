// Durable records on this device, for what must survive a killed browser. Where the browser refuses, a store in
// memory that says so. Knows no product word.

import { AskletError } from './errors'

/** Durable records under string keys. Values are plain JSON. */
export interface KeyedStore {
  /** `memory`: nothing survives the page. */
  readonly kind: 'stored' | 'memory'
  get(key: string): Promise<unknown>
  /** All entries or none. Resolves when they survive a killed browser. Rejects with `storage_refused`. */
  set(entries: readonly (readonly [key: string, value: unknown])[]): Promise<void>
  /** Sets `value` only where there is none; resolves to what is kept. Two tabs at once agree. */
  keep(key: string, value: unknown): Promise<unknown>
  delete(keys: readonly string[]): Promise<void>
  /** All entries whose key starts with `prefix`, ascending by key. */
  list(prefix: string): Promise<(readonly [key: string, value: unknown])[]>
  close(): void
}

/** Records in memory, for browsers that refuse and for tests that reload. Values are copied, as a disk would. */
export function createMemoryStore(kind: 'stored' | 'memory' = 'memory'): KeyedStore {
  const records = new Map<string, string>()
  return {
    kind,
    get: async key => parse(records.get(key)),
    async set(entries) {
      for (const [key, value] of entries) records.set(key, JSON.stringify(value))
    },
    async keep(key, value) {
      if (!records.has(key)) records.set(key, JSON.stringify(value))
      return parse(records.get(key))
    },
    async delete(keys) {
      for (const key of keys) records.delete(key)
    },
    list: async prefix =>
      [...records]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, parse(value)] as const),
    close() {},
  }
}

const parse = (value: string | undefined): unknown => (value === undefined ? undefined : JSON.parse(value))

/** The page's database; undefined where even looking for it is refused. */
export function indexedDBOf(page: Window): IDBFactory | undefined {
  try {
    return page.indexedDB
  } catch {
    return undefined
  }
}

/** A refusing browser may also just never answer. Milliseconds. */
const OPEN_LIMIT_MS = 3_000

/**
 * The durable store of this origin, or a memory store that says so.
 *
 * IndexedDB and not localStorage: after kill -9 of Chromium localStorage kept 0 of 6 writes, IndexedDB all six.
 *
 * @param after  the environment's timer
 */
export async function openKeyedStore(
  indexedDB: IDBFactory | undefined,
  name: string,
  after: (ms: number, task: () => void) => () => void,
): Promise<KeyedStore> {
  if (!indexedDB) return createMemoryStore()
  try {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, 1)
      // Its error may not be read before it has one: a browser that never answers gives none.
      const undo = after(OPEN_LIMIT_MS, () => reject(new Error('indexedDB does not answer')))
      request.onupgradeneeded = () => request.result.createObjectStore('records')
      request.onsuccess = () => {
        undo()
        resolve(request.result)
      }
      request.onerror = request.onblocked = () => {
        undo()
        reject(request.error)
      }
    })
    // Another tab with a newer build must not be held up by this one.
    database.onversionchange = () => database.close()
    return overDatabase(database)
  } catch {
    return createMemoryStore()
  }
}

function overDatabase(database: IDBDatabase): KeyedStore {
  const run = <Result>(
    mode: IDBTransactionMode,
    work: (records: IDBObjectStore) => IDBRequest<Result> | undefined,
  ): Promise<Result | undefined> =>
    new Promise((resolve, reject) => {
      const refuse = (cause: unknown) =>
        reject(
          new AskletError('storage_refused', 'the browser refused to store. Is the disk full?', { cause }),
        )
      try {
        const transaction = database.transaction('records', mode, { durability: 'strict' })
        const request = work(transaction.objectStore('records'))
        // `complete`, not the request's `success`: only then is it on the disk.
        transaction.oncomplete = () => resolve(request?.result)
        transaction.onabort = transaction.onerror = () => refuse(transaction.error)
      } catch (cause) {
        refuse(cause)
      }
    })
  return {
    kind: 'stored',
    get: key => run('readonly', records => records.get(key)),
    async set(entries) {
      await run('readwrite', records => {
        for (const [key, value] of entries) records.put(value, key)
        return undefined
      })
    },
    async keep(key, value) {
      let kept = value
      await run('readwrite', records => {
        const request = records.get(key)
        request.onsuccess = () => {
          if (request.result === undefined) records.put(value, key)
          else kept = request.result
        }
        return undefined
      })
      return kept
    },
    async delete(keys) {
      await run('readwrite', records => {
        for (const key of keys) records.delete(key)
        return undefined
      })
    },
    async list(prefix) {
      let keys: IDBValidKey[] = []
      // Two answers in one transaction; a cursor would take a task of the page for each record.
      const values = await run('readonly', records => {
        const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
        const request = records.getAllKeys(range)
        request.onsuccess = () => {
          keys = request.result
        }
        return records.getAll(range)
      })
      return keys.map((key, n) => [String(key), values?.[n]] as const)
    },
    close: () => database.close(),
  }
}
