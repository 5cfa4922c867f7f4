// Typing into ours over an index of 3 000 articles: from a key to the suggestions that it brings, painted; and tasks
// that would hold up the page meanwhile.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ARTICLES, manyArticles, writeHelp } from './articles'
import { type Browsers, SLOWER, type SlowPage } from './browser'
import { median, type OwnFigure, percentile, shown } from './figures'
import { OURS, ourTag, pageOf } from './pages'
import type { Site } from './site'

const KEYS = 100

export async function measureKeys(
  browsers: Browsers,
  site: Site,
  { isQuick, say }: { readonly isQuick: boolean; say(line: string): void },
): Promise<readonly OwnFigure[]> {
  const data = process.env.ASKLET_DATA
  const { articles, typed } = manyArticles(data)
  const folder = mkdtempSync(join('dist', 'bench-help-'))
  try {
    mkdirSync(folder, { recursive: true })
    writeHelp(articles, folder)
    site.addFolder('/help-many/', folder)
    site.add('/many.json', JSON.stringify({ name: 'Help', knowledge: '/help-many/manifest.json' }))
    site.add('/with-many', pageOf(ourTag('/many.json')))
    say(`keys: ${ARTICLES} articles, ${data ? 'the outside ones' : 'made ones'}`)
    const slow = await browsers.open(`${site.address}`)
    try {
      return await typeThem(slow, site.address, typed, isQuick ? KEYS / 4 : KEYS, say)
    } finally {
      await slow.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function typeThem(
  slow: SlowPage,
  address: string,
  texts: readonly string[],
  count: number,
  say: (line: string) => void,
): Promise<readonly OwnFigure[]> {
  const { page } = slow
  const longest = async () => {
    const { longTasks } = await page.evaluate(() => window.probe.vitals())
    await page.evaluate(() => window.probe.forget())
    return Math.max(0, ...longTasks)
  }
  await page.goto(`${address}/with-many`)
  await slow.quiet()
  await page.evaluate(() => window.probe.forget())
  await slow.press(OURS.launcher)
  await page.locator(OURS.input).waitFor()
  await slow.quiet()
  // The first key brings what an open panel does without; how long that takes is no key's.
  await page.keyboard.type('s')
  await slow.quiet()
  const loadTaskMs = await longest()
  say(`keys: index loaded, longest task ${shown(loadTaskMs)} ms`)
  await page.evaluate(watchKeys, OURS.input)

  const type = async (rate: number, from: number) => {
    await slow.throttle(rate)
    const times: number[] = []
    const busy: number[] = []
    let unchanged = 0
    for (let n = from; times.length + unchanged < count; n++) {
      await page.keyboard.press('ControlOrMeta+A')
      await page.keyboard.press('Backspace')
      await page.evaluate(() => window.keyWatch.settled())
      for (const letter of texts[n % texts.length] ?? '') {
        if (times.length + unchanged === count) break
        await page.keyboard.press(letter === ' ' ? 'Space' : letter)
        const key = await page.evaluate(() => window.keyWatch.settled())
        if (!key) {
          unchanged++
          continue
        }
        times.push(key.paintedMs)
        busy.push(key.busyMs)
      }
    }
    say(
      `keys: ${times.length} at ${rate} x, ${unchanged} changed nothing; median ${shown(median(times))} ms, p95 ${shown(percentile(times, 0.95))} ms`,
    )
    return { paintedMs: percentile(times, 0.95), busyMs: percentile(busy, 0.95) }
  }
  const slowly = await type(SLOWER, 0)
  const typeTaskMs = await longest()
  const quickly = await type(1, Math.ceil(texts.length / 2))
  return [
    { name: 'key-to-paint-p95-ms', unit: 'ms', asked: { atMost: 50 }, value: slowly.paintedMs },
    { name: 'key-to-paint-p95-ms@1x', unit: 'ms', asked: { atMost: 16 }, value: quickly.paintedMs },
    { name: 'key-to-paint-p95-without-frame-wait', unit: 'ms', asked: null, value: slowly.busyMs },
    { name: 'key-to-paint-p95-without-frame-wait@1x', unit: 'ms', asked: null, value: quickly.busyMs },
    { name: 'index-load-longest-task', unit: 'ms', asked: null, value: loadTaskMs },
    { name: 'typing-longest-task', unit: 'ms', asked: null, value: typeTaskMs },
    { name: 'longest-task-ms', unit: 'ms', asked: { atMost: 50 }, value: Math.max(loadTaskMs, typeTaskMs) },
  ]
}

interface KeyTimes {
  readonly paintedMs: number
  /** Without the wait from the change to the browser's next frame, which may be a sixtieth of a second by itself. */
  readonly busyMs: number
}

declare global {
  interface Window {
    keyWatch: {
      /** From the last key until the last change of the list that it brought was painted; null: none came. */
      settled(): Promise<KeyTimes | null>
    }
  }
}

/** In the page: looks at what stands below the field. */
function watchKeys(input: string): void {
  /** A list that stands for so long is the key's answer, and a key that changed nothing for so long changes nothing. */
  const [stands, never] = [60, 300]
  let pressed = 0
  let painted = 0
  let busyMs = 0
  const field = window.probe.find(input)
  field?.addEventListener(
    'keydown',
    ({ timeStamp }) => {
      pressed = timeStamp
      painted = 0
    },
    { capture: true },
  )
  const list = field?.closest('.search')?.nextElementSibling
  if (!list) throw new Error('The list must stand behind the search field, got nothing there.')
  new MutationObserver(() => {
    const changed = performance.now()
    requestAnimationFrame(() => {
      const frame = performance.now()
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        painted = performance.now()
        busyMs = changed - pressed + (painted - frame)
      }
      port2.postMessage(0)
    })
  }).observe(list, { childList: true, subtree: true, characterData: true })
  window.keyWatch = {
    settled: () =>
      new Promise(resolve => {
        const look = () => {
          const now = performance.now()
          if (painted > pressed && now - painted > stands) resolve({ paintedMs: painted - pressed, busyMs })
          else if (painted <= pressed && now - pressed > never) resolve(null)
          else setTimeout(look, 10)
        }
        look()
      }),
  }
}
