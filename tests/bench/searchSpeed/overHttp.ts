// Keys over HTTP: a real `asklet serve` on one core, and the page's own `remoteSearch` on another one of the same
// machine. First one visitor, key by key; then many at once, each with another question, as much as the core gives.

import { join } from 'node:path'
import { createRemoteSearch } from '../../../src/search/remoteSearch'
import { canPin, pause, startChild } from '../server/child'
import type { HelpServerStart } from './helpServer'
import { FACTS, LIMIT, type } from './underTest'

export interface HttpFigures {
  /** From the start of the process until it listens. */
  readonly startMs: number
  /** From then until the first suggestions, the index read. */
  readonly firstMs: number
  /** Milliseconds of each key of one visitor. */
  readonly times: readonly number[]
  /** Of a key that the server was asked before: what HTTP alone takes. */
  readonly knownTimes: readonly number[]
  /** Resident bytes of the server: before the index is read, after it is, and after all keys. */
  readonly idleBytes: number
  readonly openBytes: number
  readonly endBytes: number
  /** With many visitors: keys answered in a second, and in a second of the server's processor. */
  readonly perSecond: number
  readonly perCpuSecond: number
}

const SERVER_CORE = 0
const VISITORS = 32
const LOAD_MS = 12_000
const WARM_UP_MS = 2_000
const KNOWN_ASKED = 200

/**
 * @param code       folder of the bundled bench
 * @param helpDir    folder as `asklet build` writes it
 * @param typed      what the one visitor types
 * @param questions  what the many type, each another one
 */
export async function overHttp(
  code: string,
  helpDir: string,
  typed: readonly string[],
  questions: readonly string[],
): Promise<HttpFigures> {
  const started = performance.now()
  const server = startChild(join(code, 'helpServer.mjs'), canPin() ? SERVER_CORE : null, ['--expose-gc'])
  try {
    const options: HelpServerStart = { helpDir, file: join(helpDir, '..', 'help-desk.db') }
    const url = await server.ask<string>('start', options)
    const startMs = performance.now() - started
    const idleBytes = await server.ask<number>('memory')
    const asked = performance.now()
    await visitor(url)('s')
    const firstMs = performance.now() - asked
    const openBytes = await server.ask<number>('memory')
    const times = await type(visitor(url), typed)
    const knownTimes: number[] = []
    for (let n = 0; n < KNOWN_ASKED; n++) {
      // Another visitor's memory, the same words: the server knows the answer.
      const answer = visitor(url)
      const began = performance.now()
      await answer('s')
      knownTimes.push(performance.now() - began)
    }
    const { perSecond, perCpuSecond } = await load(url, questions, () => server.ask<number>('cpu'))
    const endBytes = await server.ask<number>('memory')
    await server.ask('stop')
    await server.exited
    return {
      startMs,
      firstMs,
      times,
      knownTimes,
      idleBytes,
      openBytes,
      endBytes,
      perSecond,
      perCpuSecond,
    }
  } finally {
    server.kill()
  }
}

/** A page of its own, with the memory of a page. */
function visitor(url: string): (text: string) => Promise<number> {
  const search = createRemoteSearch({ url })
  return async text => (await search.suggest(text, FACTS, { limit: LIMIT })).length
}

async function load(url: string, questions: readonly string[], cpu: () => Promise<number>) {
  let next = 0
  let answered = 0
  let isOver = false
  const visit = async () => {
    while (!isOver) {
      const answer = visitor(url)
      const text = questions[next++ % questions.length] ?? ''
      for (let keys = 1; keys <= text.length && !isOver; keys++) {
        await answer(text.slice(0, keys))
        answered++
      }
    }
  }
  const visits = Promise.all(Array.from({ length: VISITORS }, visit))
  await pause(WARM_UP_MS)
  const [answeredBefore, cpuBefore, began] = [answered, await cpu(), performance.now()]
  await pause(LOAD_MS)
  const [count, cpuMicros, ms] = [
    answered - answeredBefore,
    (await cpu()) - cpuBefore,
    performance.now() - began,
  ]
  isOver = true
  await visits
  return { perSecond: (count * 1_000) / ms, perCpuSecond: (count * 1e6) / cpuMicros }
}
