// What is measured, the same in a page and in Node: a search that opens its files and answers keys. It fetches
// through `loadJson` only, so that what it fetches when is known.

import { createEnvironment } from '../../../src/base/environment'
import { inTurns } from '../../../src/base/inTurns'
import { MANIFEST_FILE, parseManifest } from '../../../src/knowledge/manifest'
import type { Facts } from '../../../src/protocol/facts'
import type { LoadJson } from '../../../src/search/loadJson'
import { createLocalSearch } from '../../../src/search/localSearch'

/** Suggestions for what has been typed so far. */
export interface Answer {
  (typed: string): Promise<number> | number
  /** Brings what the first answer did without, as a panel does once it has shown it. */
  rest?(): Promise<void> | undefined
}

export interface Opened {
  /** Until the first suggestions stood there. */
  readonly firstMs: number
  /** Until the last file was there. */
  readonly wholeMs: number
  /** Files, in the order in which they were asked for, until the first suggestions. */
  readonly first: readonly string[]
  readonly all: readonly string[]
}

/** Shown at once under the box. */
export const LIMIT = 6
/** Letters of the first key: a common one, so that there is much to rank. */
const FIRST_KEY = 's'
/** A search that fetches nothing for so long has all that it wants. */
const QUIET_MS = 600

/** A page that says nothing. */
export const FACTS: Facts = {
  page: { url: '', route: '/nowhere', title: '', name: '', headings: [], language: 'en', data: {} },
  visitor: { locale: 'en', attributes: {} },
}

export async function openOurs(loadJson: LoadJson): Promise<Answer> {
  const manifest = parseManifest(await loadJson(MANIFEST_FILE))
  // As the panel makes it.
  const breathe = inTurns(createEnvironment())
  const search = createLocalSearch({ loadJson, indexes: manifest.locales, locale: 'en', breathe })
  const answer = async (typed: string) => (await search.suggest(typed, FACTS, { limit: LIMIT })).length
  return Object.assign(answer, { rest: () => search.pending?.() })
}

/** Opens a search, asks it one key, and waits until it has fetched all that it wants. */
export async function open(
  start: (loadJson: LoadJson) => Promise<Answer>,
  loadJson: LoadJson,
): Promise<{ readonly opened: Opened; readonly answer: Answer }> {
  const all: string[] = []
  let waiting = 0
  const began = performance.now()
  let last = began
  const answer = await start(async file => {
    all.push(file)
    waiting++
    try {
      return await loadJson(file)
    } finally {
      waiting--
      last = performance.now()
    }
  })
  await answer(FIRST_KEY)
  const firstMs = performance.now() - began
  const first = [...all]
  await answer.rest?.()
  while (waiting || performance.now() - last < QUIET_MS) await nextTask(20)
  return { opened: { firstMs, wholeMs: Math.max(firstMs, last - began), first, all }, answer }
}

/** Types each text key by key. @returns milliseconds of each key */
export async function type(answer: Answer, texts: readonly string[]): Promise<number[]> {
  const times: number[] = []
  for (const text of texts)
    for (let keys = 1; keys <= text.length; keys++) {
      const began = performance.now()
      await answer(text.slice(0, keys))
      times.push(performance.now() - began)
      await nextTask(0)
    }
  return times
}

const nextTask = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
