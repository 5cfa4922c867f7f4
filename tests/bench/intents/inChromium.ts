// A model in a Chromium slowed to a quarter: how long it takes to read the file, and for a message.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from '../../../scripts/chromium.mjs'
import type { InPage } from './page'

/** A phone of the middle of the market beside a developer's machine. */
const SLOWER = 4

export interface PageTimes {
  readonly readMs: number
  /** Of a message, 95 of 100 of them are quicker. */
  readonly p95Ms: number
}

export async function timeInChromium(json: string, texts: readonly string[]): Promise<PageTimes> {
  const bundled = await build({
    entryPoints: ['tests/bench/intents/page.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  })
  const code = bundled.outputFiles[0]?.text ?? ''
  // Isolated, for a clock that is finer than a tenth of a millisecond.
  const server = createServer(({ url }, response) => {
    response
      .writeHead(200, {
        'content-type': url === '/page.js' ? 'text/javascript' : 'text/html',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      })
      .end(url === '/page.js' ? code : '<!doctype html><script type="module" src="/page.js"></script>')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath: (await findChromium()).path, args: CHROMIUM_ARGS })
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await page.waitForFunction(() => 'inPage' in window)
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
    const { readMs, ms } = await page.evaluate(
      ([file, list]) => (window as unknown as { inPage: InPage }).inPage.time(file, list),
      [json, texts] as const,
    )
    const sorted = [...ms].sort((a, b) => a - b)
    return { readMs, p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0 }
  } finally {
    await browser.close()
    server.close()
  }
}
