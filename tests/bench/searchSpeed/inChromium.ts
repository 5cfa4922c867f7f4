// One search of one site in a fresh page of a slow Chromium. Owns the browser and the server of its files.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { chromium } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from '../../../scripts/chromium.mjs'
import type { InPage } from './page'
import type { Opened } from './underTest'

/** A phone of the middle of the market beside a developer's machine. */
const SLOWER = 4

export interface PageFigures extends Opened {
  readonly longestTaskMs: number
  /** Heap and arrays that the opened search holds. */
  readonly bytes: number
  /** Milliseconds of each key. */
  readonly times: readonly number[]
}

export interface Pages {
  /**
   * @param folder  of the site
   * @param texts   typed key by key once all is there
   */
  measure(which: 'ours' | 'minisearch', folder: string, texts: readonly string[]): Promise<PageFigures>
  close(): Promise<void>
}

declare global {
  interface Window {
    inPage: InPage
  }
}

/** @param code  folder of the two bundles */
export async function openPages(code: string): Promise<Pages> {
  let site = ''
  const server = createServer(async ({ url = '/' }, response) => {
    // Isolated, for a clock that is fine enough for keys under a millisecond.
    const headers = {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    }
    const type = TYPES[extname(url)] ?? 'text/html'
    const page = /^\/(ours|minisearch)$/.exec(url)?.[1]
    try {
      const body = page
        ? `<!doctype html><script type="module" src="/${page === 'ours' ? 'pageOurs' : 'pageMini'}.js"></script>`
        : await readFile(url.startsWith('/site/') ? join(site, url.slice(6)) : join(code, url))
      response.writeHead(200, { ...headers, 'content-type': type }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const browser = await chromium.launch({ executablePath: (await findChromium()).path, args: CHROMIUM_ARGS })

  return {
    async measure(which, folder, texts) {
      site = folder
      const page = await browser.newPage()
      page.on('pageerror', error => console.error(`the page of ${which}: ${error.message}`))
      try {
        const devtools = await page.context().newCDPSession(page)
        const used = async () => {
          await devtools.send('HeapProfiler.collectGarbage')
          const usage: { usedSize: number; backingStorageSize?: number } =
            await devtools.send('Runtime.getHeapUsage')
          return usage.usedSize + (usage.backingStorageSize ?? 0)
        }
        await page.goto(`http://127.0.0.1:${port}/${which}`)
        await page.waitForFunction(() => 'inPage' in window)
        const before = await used()
        await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
        const opened = await page.evaluate(() => window.inPage.open())
        await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 })
        const bytes = (await used()) - before
        await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
        const times = await page.evaluate(list => window.inPage.type(list), texts)
        return { ...opened, bytes, times }
      } finally {
        await page.close()
      }
    },
    async close() {
      await browser.close()
      server.close()
    },
  }
}

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.json': 'application/json' }
