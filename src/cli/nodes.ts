// Several nodes behind one port: each a process with a whole help desk of its own, on one database. This process
// accepts connections and hands them out, one node after the other; it holds no conversation. A node that dies is
// replaced; a node that is told to stop answers what is under way first.
//
//   primary --fork--> node 1   starts alone: what is wrong with the options or the database is said once
//            \------> node 2…  once the first one serves
//
// SIGTERM, SIGINT  each node stops, one after the other, so that visitors find another one while there is one
// SIGHUP           each node is replaced, one after the other (new secrets, a new build)

import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import type { Output } from './output'
import { DEATHS_AT_MOST, restartWaitMs } from './restarts'

/** Set for a node's process; its own number, from 1. */
export const NODE_VARIABLE = 'ASKLET_NODE'

/** Set for a node that replaces another one. */
const AGAIN_VARIABLE = 'ASKLET_NODE_AGAIN'

/** What a node says to the primary once it serves, or why it cannot. */
export type NodeNews =
  | { readonly asklet: 'serving'; readonly address: string; readonly agents: number }
  | { readonly asklet: 'failed'; readonly sentence: string; readonly exitCode: number }

const STOP = 'asklet:stop'
/** Longer than any call takes; what is not stored by then is sent again by its sender. */
const STOP_WITHIN_MS = 10_000

export interface ServingNodes {
  readonly address: string
  readonly agents: number
  /** Resolves with the exit code when all nodes have ended. */
  readonly ended: Promise<number>
}

/**
 * Starts `count` nodes by running this program again with the same arguments.
 *
 * @returns once all serve. A number: the exit code, when the first node could not start (it was said why)
 */
export async function runNodes(
  count: number,
  args: readonly string[],
  out: Output,
): Promise<ServingNodes | number> {
  cluster.setupPrimary({ exec: process.argv[1] ?? '', args: ['serve', ...args] })
  const workers = new Map<number, Worker>()
  const deaths = new Map<number, number[]>()
  const started = new Set<number>()
  const starting = new Map<number, Promise<NodeNews>>()
  let isStopping = false
  let isReplacing = false
  let replaceAgain = false
  let end: (exitCode: number) => void = () => {}
  const ended = new Promise<number>(done => {
    end = done
  })

  /** Resolves with the node's news; `failed` also when it ends without any. */
  function start(node: number): Promise<NodeNews> {
    const news = startOne(node)
    starting.set(node, news)
    return news
  }

  async function startOne(node: number): Promise<NodeNews> {
    const again = started.has(node) ? { [AGAIN_VARIABLE]: '1' } : {}
    started.add(node)
    const worker = cluster.fork({ [NODE_VARIABLE]: String(node), ...again })
    workers.set(node, worker)
    const news = await Promise.race([heardFrom(worker), goneBeforeServing(worker)])
    if (news.asklet === 'serving') worker.once('exit', (code, signal) => died(node, worker, code, signal))
    else workers.delete(node)
    return news
  }

  function died(node: number, worker: Worker, code: number | null, signal: string | null): void {
    // One that was told to go, or has a successor already.
    if (worker.exitedAfterDisconnect || workers.get(node) !== worker) return
    workers.delete(node)
    if (isStopping) return
    const how = signal ? `by ${signal}` : `with exit code ${code}`
    restart(node, `node ${node} ended ${how}`)
  }

  function restart(node: number, why: string): void {
    const past = [...(deaths.get(node) ?? []), performance.now()]
    deaths.set(node, past)
    const waitMs = restartWaitMs(past)
    if (waitMs === null) {
      out.error(
        `${why}, ${DEATHS_AT_MOST + 1} times within a minute: something that a restart does not cure. All nodes stop; the lines above say what it was.`,
      )
      void stopAll(1)
      return
    }
    out.error(`${why}; it is started again in ${waitMs} ms.`)
    setTimeout(async () => {
      if (isStopping) return
      const news = await start(node)
      if (isStopping) return
      if (news.asklet === 'serving') out.error(`node ${node} serves again.`)
      else restart(node, `node ${node} did not start: ${news.sentence}`)
    }, waitMs)
  }

  async function stopAll(exitCode: number): Promise<void> {
    if (isStopping) return
    isStopping = true
    for (const [node, worker] of [...workers].sort(([a], [b]) => a - b)) await stop(node, worker, out)
    workers.clear()
    end(exitCode)
  }

  /** Told again meanwhile, it begins once more afterwards: two at once would start a node twice. */
  async function replaceAll(): Promise<void> {
    replaceAgain = isReplacing
    if (isReplacing) return
    isReplacing = true
    do {
      replaceAgain = false
      if (await replaceEach()) out.error('All nodes were replaced.')
    } while (replaceAgain && !isStopping)
    isReplacing = false
  }

  async function replaceEach(): Promise<boolean> {
    for (let node = 1; node <= count; node++) {
      await starting.get(node)
      if (isStopping) return false
      const worker = workers.get(node)
      // One that died is started again by itself, and is then as new as the others.
      if (!worker) continue
      workers.delete(node)
      await stop(node, worker, out)
      if (isStopping) return false
      const news = await start(node)
      if (news.asklet === 'serving') continue
      restart(node, `node ${node} did not start: ${news.sentence}`)
      if (node < count)
        out.error(`The nodes after node ${node} stay as they were. Send SIGHUP again when it serves.`)
      return false
    }
    return !isStopping
  }

  const first = await start(1)
  if (first.asklet === 'failed') {
    out.error(first.sentence)
    return first.exitCode
  }
  const rest = await Promise.all(Array.from({ length: count - 1 }, (_, n) => start(n + 2)))
  rest.forEach((news, n) => {
    if (news.asklet === 'failed') restart(n + 2, `node ${n + 2} did not start: ${news.sentence}`)
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      // Told twice: whoever does so waits for nobody.
      if (isStopping)
        for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL')
      void stopAll(0)
    })
  process.on('SIGHUP', () => void replaceAll())
  return { address: first.address, agents: first.agents, ended }
}

async function stop(node: number, worker: Worker, out: Output): Promise<void> {
  if (worker.isDead()) return
  const gone = once(worker, 'exit')
  const timer = setTimeout(() => {
    out.error(`node ${node} did not stop within ${STOP_WITHIN_MS / 1_000} s and is killed.`)
    worker.process.kill('SIGKILL')
  }, STOP_WITHIN_MS)
  worker.exitedAfterDisconnect = true
  worker.send(STOP, () => {})
  await gone
  clearTimeout(timer)
}

function heardFrom(worker: Worker): Promise<NodeNews> {
  return new Promise(resolve => {
    worker.on('message', (message: unknown) => {
      const { asklet } = (message ?? {}) as { asklet?: unknown }
      if (asklet === 'serving' || asklet === 'failed') resolve(message as NodeNews)
    })
  })
}

async function goneBeforeServing(worker: Worker): Promise<NodeNews> {
  const [code, signal] = (await once(worker, 'exit')) as [number | null, string | null]
  // News that came just before the end is read first.
  await new Promise(setImmediate)
  const how = signal ? `by ${signal}` : `with exit code ${code}`
  return { asklet: 'failed', sentence: `it ended ${how} before it served`, exitCode: code || 1 }
}

/** In a node's process: its number, else null. */
export function ownNode(): number | null {
  const node = Number(process.env[NODE_VARIABLE])
  return cluster.isWorker && Number.isInteger(node) && node > 0 ? node : null
}

/** In a node's process: it stands in for one that was there before. */
export const isStartedAgain = (): boolean => process.env[AGAIN_VARIABLE] !== undefined

/**
 * In a node's process: resolves when it is told to stop. Called before anything is begun: whoever is told to stop
 * while it starts would not hear it, and be killed for that.
 */
export function toldToStop(): Promise<void> {
  // Ctrl+C reaches every process of the terminal: the primary says when whose turn is.
  process.on('SIGINT', () => {})
  return new Promise(done => {
    process.on('message', message => {
      if (message === STOP) done()
    })
    // Who ends one node by hand wants it replaced.
    process.once('SIGTERM', () => done())
    process.once('disconnect', () => done())
  })
}

/** In a node's process. */
export async function tellPrimary(news: NodeNews): Promise<void> {
  await new Promise<void>(done => process.send?.(news, () => done()))
}

/** Each line with the node it is of. */
export function numbered(out: Output, node: number): Output {
  const named = (text: string) => `[node ${node}] ${text}`
  return { ...out, line: text => out.line(named(text)), error: text => out.error(named(text)) }
}
