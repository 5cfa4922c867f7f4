// A page in a slow Chromium on a slow line, with its debugger at hand. Owns the browser; knows nothing of figures.

import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from '../../../scripts/chromium.mjs'
import { installProbe } from './probe'
import { type MainThread, mainThread } from './trace'

/** A phone of the middle of the market beside a developer's machine. */
export const SLOWER = 4
/** What developer tools call slow 4G. */
export const LINE = {
  latency: 562,
  downloadThroughput: 1_440_000 / 8,
  uploadThroughput: 675_000 / 8,
} as const
/** No request on its way for so long: nothing more comes by itself. */
const QUIET_MS = 700
/** A page that never falls quiet (one that polls, say) is measured as it is then. */
const QUIET_AT_LATEST_MS = 20_000

export interface SlowPage {
  readonly page: Page
  /** Requests since the page was opened, those that were refused included. */
  readonly requests: readonly string[]
  /** Waits until nothing is on its way, its own words of a task or two included. */
  quiet(): Promise<void>
  throttle(rate: number): Promise<void>
  /** Bytes of heap and of arrays outside it, after garbage is collected. */
  heap(): Promise<number>
  /** Presses what `selector` names, where it is. @throws Error where it is not there within 20 s */
  press(selector: string, how?: 'hover'): Promise<void>
  close(): Promise<void>
}

export interface Browsers {
  /**
   * @param address   opened once all is slow
   * @param options.line  false: as quick as the machine is
   */
  open(address: string, options?: { readonly rate?: number; readonly line?: boolean }): Promise<SlowPage>
  /** Of what `work` makes the page of `origin` do. */
  traced<T>(
    origin: string,
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly main: MainThread }>
  close(): Promise<void>
}

export async function openBrowsers(): Promise<Browsers> {
  const browser = await chromium.launch({
    executablePath: (await findChromium()).path,
    // Nothing of another host: what a bench measures must not hang on the weather.
    args: [...CHROMIUM_ARGS, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost'],
  })
  return {
    open: (address, { rate = SLOWER, line = true } = {}) => open(browser, address, rate, line),
    async traced(origin, work) {
      await browser.startTracing(undefined, {
        categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8'],
      })
      let buffer: Buffer | undefined
      try {
        const result = await work()
        buffer = await browser.stopTracing()
        return { result, main: mainThread(JSON.parse(buffer.toString()).traceEvents, origin) }
      } finally {
        if (!buffer) await browser.stopTracing().catch(() => {})
      }
    },
    close: () => browser.close(),
  }
}

async function open(browser: Browser, address: string, rate: number, line: boolean): Promise<SlowPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  page.on('pageerror', error => console.error(`${address}: ${error.message}`))
  await page.addInitScript(installProbe)
  const devtools = await context.newCDPSession(page)
  const { origin } = new URL(address)
  // The same process as what is measured, warm and without a word of it.
  await page.goto(`${origin}/blank`)
  await slow(devtools, rate, line)
  const requests: string[] = []
  let open = 0
  let last = performance.now()
  const ended = () => {
    open--
    last = performance.now()
  }
  page.on('request', request => {
    if (/^(?:data|blob):/.test(request.url())) return
    requests.push(request.url())
    open++
    request
      .response()
      .then(response => response?.finished())
      .then(ended, ended)
  })
  const quiet = async () => {
    const began = performance.now()
    // What was just done needs a moment to ask for something.
    last = began
    while (
      (open > 0 || performance.now() - last < QUIET_MS) &&
      performance.now() - began < QUIET_AT_LATEST_MS
    )
      await new Promise(resolve => setTimeout(resolve, 25))
  }
  const throttle = (to: number) => devtools.send('Emulation.setCPUThrottlingRate', { rate: to })
  return {
    page,
    requests,
    quiet,
    async throttle(to) {
      await throttle(to)
    },
    async heap() {
      await throttle(1)
      for (let n = 0; n < 3; n++) await devtools.send('HeapProfiler.collectGarbage')
      const usage: { usedSize: number; backingStorageSize?: number } =
        await devtools.send('Runtime.getHeapUsage')
      await throttle(rate)
      return usage.usedSize + (usage.backingStorageSize ?? 0)
    },
    async press(selector, how) {
      const began = performance.now()
      let at = null
      while (!at) {
        at = await page.evaluate(wanted => window.probe.centre(wanted), selector)
        if (!at && performance.now() - began > 20_000)
          throw new Error(`${address} must show "${selector}" within 20 s, got nothing that can be pressed.`)
      }
      await page.mouse.move(at.x, at.y)
      if (how !== 'hover') await page.mouse.click(at.x, at.y)
    },
    close: () => context.close(),
  }
}

async function slow(devtools: CDPSession, rate: number, line: boolean): Promise<void> {
  await devtools.send('Network.enable')
  if (line) await devtools.send('Network.emulateNetworkConditions', { offline: false, ...LINE })
  await devtools.send('Emulation.setCPUThrottlingRate', { rate })
}
