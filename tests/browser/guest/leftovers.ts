// What a guest may leave in a page, counted from outside: by the debugger where it can see, by a tracker of timers
// where it cannot. Owns no limit.

import type { CDPSession, Page } from 'playwright-core'

/** How much of each kind there is now, garbage collected. */
export type Census = Readonly<Record<string, number>>

export interface Counter {
  census(): Promise<Census>
  /** Bytes of JavaScript in use, garbage collected. */
  heap(): Promise<number>
  /** Nodes in no document that a script still reaches, as they would be written. */
  detached(): Promise<readonly string[]>
}

/** Objects of which a guest may keep one alive behind the page's back. */
const HELD = [
  'WebSocket', 'EventSource', 'XMLHttpRequest', 'IDBDatabase', 'BroadcastChannel', 'MessagePort', 'Worker',
  'CSSStyleSheet', 'ShadowRoot', 'MutationObserver', 'ResizeObserver', 'IntersectionObserver', 'AbortController',
] as const // biome-ignore format: a list to read across

const TARGETS = [
  'window',
  'document',
  'document.documentElement',
  'document.body',
  'visualViewport',
  'navigation',
]

interface Tracked {
  guestTimers: Set<unknown>
}

/** Runs before all scripts of the page. */
export function trackTimers(): void {
  const page = window as unknown as Tracked & Window & typeof globalThis
  const live = new Set<unknown>()
  page.guestTimers = live
  const { setTimeout: later, clearTimeout: stop, setInterval: each, clearInterval: end } = window
  const known = new Map<string, unknown>([
    [
      'setTimeout',
      (task: TimerHandler, ms?: number, ...rest: unknown[]) => {
        const id = later(() => {
          live.delete(id)
          if (typeof task === 'function') task(...rest)
        }, ms)
        live.add(id)
        return id
      },
    ],
    [
      'setInterval',
      (task: TimerHandler, ms?: number, ...rest: unknown[]) => {
        const id = each(task as () => void, ms, ...rest)
        live.add(id)
        return id
      },
    ],
    [
      'clearTimeout',
      (id?: number) => {
        live.delete(id)
        stop(id)
      },
    ],
    [
      'clearInterval',
      (id?: number) => {
        live.delete(id)
        end(id)
      },
    ],
  ])
  for (const [name, act] of known) (page as unknown as Record<string, unknown>)[name] = act
  const { requestAnimationFrame: frame, cancelAnimationFrame: cancel } = window
  page.requestAnimationFrame = task => {
    const key = {}
    live.add(key)
    const id = frame(time => {
      live.delete(key)
      frames.delete(id)
      task(time)
    })
    frames.set(id, key)
    return id
  }
  const frames = new Map<number, unknown>()
  page.cancelAnimationFrame = id => {
    live.delete(frames.get(id))
    frames.delete(id)
    cancel(id)
  }
}

export async function createCounter(page: Page): Promise<Counter> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const collect = async () => {
    // What was let go of in one pass may hold what the next one frees.
    for (let pass = 0; pass < 3; pass++) await session.send('HeapProfiler.collectGarbage')
  }
  const metrics = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
  }
  return {
    async census() {
      const alive = await Promise.all(
        HELD.map(async name => [name, await countAlive(session, name)] as const),
      )
      const heard: Record<string, number> = {}
      for (const target of TARGETS)
        for (const type of await listenersOn(session, target)) {
          const kind = `${type} listeners on ${target}`
          heard[kind] = (heard[kind] ?? 0) + 1
        }
      await collect()
      const now = await metrics()
      const inPage = await page.evaluate(async () => {
        const { guestTimers } = window as unknown as Tracked
        const locks = await navigator.locks?.query()
        return {
          timers: guestTimers.size,
          locks: (locks?.held?.length ?? 0) + (locks?.pending?.length ?? 0),
          globals: Reflect.ownKeys(window).length,
          'elements in the page': document.querySelectorAll('*').length,
          'adopted sheets': document.adoptedStyleSheets.length,
          'keys of storage': localStorage.length + sessionStorage.length,
        }
      })
      return {
        nodes: now.Nodes ?? 0,
        documents: now.Documents ?? 0,
        listeners: now.JSEventListeners ?? 0,
        ...inPage,
        ...heard,
        ...Object.fromEntries(alive),
      }
    },
    async heap() {
      await collect()
      return (await metrics()).JSHeapUsedSize ?? 0
    },
    detached: () => detachedNodes(session),
  }
}

/** Objects that are not garbage, by their prototype. */
async function countAlive(session: CDPSession, name: string): Promise<number> {
  const objectGroup = `guest-${name}`
  const { result } = await session.send('Runtime.evaluate', {
    expression: `globalThis.${name}?.prototype`,
    objectGroup,
  })
  if (!result.objectId) return 0
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId,
    objectGroup,
  })
  const { result: length } = await session.send('Runtime.callFunctionOn', {
    functionDeclaration: 'function () { return this.length }',
    objectId: objects.objectId as string,
    returnByValue: true,
  })
  await session.send('Runtime.releaseObjectGroup', { objectGroup })
  return Number(length.value)
}

async function detachedNodes(session: CDPSession): Promise<readonly string[]> {
  const objectGroup = 'guest-nodes'
  const { result } = await session.send('Runtime.evaluate', { expression: 'Node.prototype', objectGroup })
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId as string,
    objectGroup,
  })
  const { result: written } = await session.send('Runtime.callFunctionOn', {
    // Prototypes are among them, and are no nodes.
    functionDeclaration: `function () {
      const own = node => { try { return !node.isConnected && node.nodeType !== Node.DOCUMENT_NODE } catch { return false } }
      return this.filter(own).map(node => (node.outerHTML ?? node.nodeName + ': ' + node.textContent).slice(0, 200))
    }`,
    objectId: objects.objectId as string,
    returnByValue: true,
  })
  await session.send('Runtime.releaseObjectGroup', { objectGroup })
  return written.value as readonly string[]
}

async function listenersOn(session: CDPSession, target: string): Promise<readonly string[]> {
  const objectGroup = 'guest-target'
  const { result } = await session.send('Runtime.evaluate', { expression: target, objectGroup })
  if (!result.objectId) return []
  const { listeners } = await session.send('DOMDebugger.getEventListeners', { objectId: result.objectId })
  await session.send('Runtime.releaseObjectGroup', { objectGroup })
  return listeners.map(({ type }) => type)
}

/** Kinds of which there is more than before, with how many. */
export function moreThan(before: Census, now: Census): readonly (readonly [kind: string, more: number])[] {
  return Object.entries(now)
    .map(([kind, count]) => [kind, count - (before[kind] ?? 0)] as const)
    .filter(([, more]) => more > 0)
}

/** Slope of the least-squares line through values at these places. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length
  const [middleX, middleY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const above = points.reduce((sum, [x, y]) => sum + (x - middleX) * (y - middleY), 0)
  const below = points.reduce((sum, [x]) => sum + (x - middleX) ** 2, 0)
  return below === 0 ? 0 : above / below
}
