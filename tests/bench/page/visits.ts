// Visits to one page, and what they cost it: loading, then opening, cold or prefetched. Owns what a visit does and in
// which order; the pages themselves come from outside.

import type { Browsers, SlowPage } from './browser'
import type { Site } from './site'

/** One column of the table. */
export interface Contender {
  readonly name: string
  /** Path of its page. */
  readonly path: string
  /** Absent where there is nothing to open. */
  readonly opens?: { readonly launcher: string; readonly input: string }
}

export interface Loaded {
  /** Brotli bytes of bodies, and how many requests, before anybody touches the page. */
  readonly bytes: number
  readonly requests: number
  readonly scriptMs: number
  readonly taskMs: number
  readonly tbtMs: number
  readonly longestTaskMs: number
  readonly cls: number
  readonly writes: number
}

export interface Opened {
  /** From the click until the field was painted and takes keys. */
  readonly usableMs: number
  readonly interactionMs: number
  /** From the first sign of intent until all is quiet; 0: none of 50 ms and more. */
  readonly longestTaskMs: number
  /** While it was opened, shifts that the press itself excuses left out. */
  readonly cls: number
}

export interface Heaps {
  readonly loadedBytes: number
  /** Absent where there is nothing to open. */
  readonly openBytes?: number
}

export interface Visit {
  readonly loaded: Loaded
  readonly opened?: Opened
  readonly heaps?: Heaps
}

/** A task blocks for what it takes longer than this, ms. */
const LONG_MS = 50

/**
 * @param how  `cold`: the click is the first sign of intent, and heaps are read; `prefetched`: the pointer has been
 *             over the launcher until nothing more came
 */
export async function visit(
  browsers: Browsers,
  site: Site,
  { path, opens }: Contender,
  how: 'cold' | 'prefetched',
): Promise<Visit> {
  const slow = await browsers.open(site.address)
  try {
    site.takeBytes()
    const { main } = await browsers.traced(site.address, async () => {
      await slow.page.goto(site.address + path, { waitUntil: 'load' })
      await slow.quiet()
    })
    const [bytes, requests] = [site.takeBytes(), slow.requests.length]
    const { cls, longTasks, writes } = await vitals(slow)
    const loaded: Loaded = {
      bytes,
      requests,
      scriptMs: main.scriptMs,
      taskMs: main.taskMs,
      tbtMs: longTasks.reduce((sum, ms) => sum + ms - LONG_MS, 0),
      longestTaskMs: Math.max(0, ...longTasks),
      cls,
      writes,
    }
    if (!opens) return { loaded, ...(how === 'cold' && { heaps: { loadedBytes: await slow.heap() } }) }
    if (how === 'prefetched') return { loaded, opened: await openIt(slow, opens, true, cls) }
    const loadedBytes = await slow.heap()
    const opened = await openIt(slow, opens, false, cls)
    return { loaded, opened, heaps: { loadedBytes, openBytes: await slow.heap() } }
  } finally {
    await slow.close()
  }
}

async function openIt(
  slow: SlowPage,
  { launcher, input }: NonNullable<Contender['opens']>,
  isPrefetched: boolean,
  clsBefore: number,
): Promise<Opened> {
  await slow.page.evaluate(() => window.probe.forget())
  if (isPrefetched) {
    await slow.press(launcher, 'hover')
    await slow.quiet()
  }
  const usable = slow.page.evaluate(selector => window.probe.usableAfterClick(selector), input)
  // Told of by `await usable`, also where the press below fails first.
  usable.catch(() => {})
  await slow.press(launcher)
  const usableMs = await within(usable, `"${input}" usable after the click`)
  await slow.quiet()
  const { cls, longTasks, interactionMs } = await vitals(slow)
  return { usableMs, interactionMs, longestTaskMs: Math.max(0, ...longTasks), cls: cls - clsBefore }
}

const vitals = ({ page }: SlowPage) => page.evaluate(() => window.probe.vitals())

/** @throws Error that says what did not come to pass */
export async function within<T>(promise: Promise<T>, what: string, ms = 20_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`Waited ${ms / 1_000} s for ${what}, in vain.`)), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
