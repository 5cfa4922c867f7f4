// What IndexedDB is to a page, for visitors and agents in Node: an append-only file, synced before a promise
// resolves, so that a kill -9 (or a power cut) takes nothing that was said to be kept. Put in the place of
// `base/keyedStore` when the clients are bundled; one file for a process, keys tell its visitors apart.

import { existsSync, fdatasync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { createMemoryStore, type KeyedStore } from '../../../src/base/keyedStore'

export { createMemoryStore }

type Entry = readonly [key: string, value: unknown]
type Step = { readonly set: readonly Entry[] } | { readonly drop: readonly string[] }

const sync = promisify(fdatasync)
const opened = new Map<string, KeyedStore>()
let onKept: (entries: readonly Entry[]) => void = () => {}

/** Called after entries are safe and before their writer hears it. */
export function watchKept(listener: (entries: readonly Entry[]) => void): void {
  onKept = listener
}

/** Takes the arguments of the browser's one and ignores them. */
export async function openKeyedStore(): Promise<KeyedStore> {
  const file = process.env.ASKLET_TORTURE_STORE
  if (!file) return createMemoryStore('stored')
  const known = opened.get(file)
  if (known) return known
  const store = openFileStore(file)
  opened.set(file, store)
  return store
}

export function openFileStore(file: string): KeyedStore {
  const records = new Map<string, string>()
  const apply = (step: Step) => {
    if ('set' in step) for (const [key, value] of step.set) records.set(key, JSON.stringify(value))
    else for (const key of step.drop) records.delete(key)
  }
  if (existsSync(file))
    for (const line of readFileSync(file, 'utf8').split('\n'))
      try {
        if (line) apply(JSON.parse(line) as Step)
      } catch {
        // Torn by a kill: nobody was told that it is kept.
      }
  // Begun anew with what is left: the old steps have done their work. Beside the old one, for a kill may come.
  const kept = [...records].map(([key, value]): Entry => [key, JSON.parse(value)])
  writeFileSync(`${file}.new`, kept.length ? `${JSON.stringify({ set: kept })}\n` : '', { flush: true })
  renameSync(`${file}.new`, file)
  const handle = openSync(file, 'a')
  let waiting: (() => void)[] = []
  let isSyncing = false

  const flush = async () => {
    if (isSyncing) return
    isSyncing = true
    while (waiting.length) {
      const told = waiting
      waiting = []
      await sync(handle)
      for (const tell of told) tell()
    }
    isSyncing = false
  }
  const write = (step: Step) =>
    new Promise<void>(resolve => {
      writeSync(handle, `${JSON.stringify(step)}\n`)
      apply(step)
      waiting.push(() => {
        if ('set' in step) onKept(step.set)
        resolve()
      })
      void flush()
    })
  const get = (key: string): unknown => {
    const text = records.get(key)
    return text === undefined ? undefined : JSON.parse(text)
  }
  return {
    kind: 'stored',
    get: async key => get(key),
    set: entries => write({ set: entries }),
    async keep(key, value) {
      if (!records.has(key)) await write({ set: [[key, value]] })
      return get(key)
    },
    delete: async keys => {
      const there = keys.filter(key => records.has(key))
      if (there.length) await write({ drop: there })
    },
    list: async prefix =>
      [...records.keys()]
        .filter(key => key.startsWith(prefix))
        .sort()
        .map(key => [key, get(key)] as const),
    // Shared by the visitors of this process, so it closes with it.
    close() {},
  }
}

/** A process has none: its file is what it keeps in. */
export const indexedDBOf = () => undefined
