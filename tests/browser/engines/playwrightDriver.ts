// Chromium and Firefox. Firefox is the system's own, by the protocol that all browsers are to have (BiDi), not
// a patched one.

import { chromium, firefox } from 'playwright-core'
import { CHROMIUM_ARGS } from '../../../scripts/chromium.mjs'
import { type Driver, VIEWPORT } from './engine'

/** Before each picture of Firefox playwright adds the style `body {}`, which a strict policy refuses; its SHA-256. */
const OF_A_PICTURE = 'YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT+SmwNZWA='

export async function openPlaywright(name: 'chromium' | 'firefox', path: string): Promise<Driver> {
  const browser =
    name === 'chromium'
      ? await chromium.launch({ executablePath: path, args: CHROMIUM_ARGS })
      : await firefox.launch({ executablePath: path, channel: 'moz-firefox' })
  const context = await browser.newContext({
    viewport: VIEWPORT,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const errors: string[] = []
  const note = (error: string) => {
    if (!error.includes(OF_A_PICTURE)) errors.push(error)
  }
  page.on('console', message => {
    if (message.type() === 'error') note(message.text())
  })
  page.on('pageerror', error => note(String(error)))
  return {
    version: `${name} ${browser.version()}`,
    errors,
    async open(url) {
      await page.goto(url)
    },
    async reload() {
      await page.reload()
    },
    async clickAt(x, y, meanwhile) {
      await page.mouse.move(x, y)
      await page.mouse.down()
      await meanwhile?.()
      await page.mouse.up()
    },
    type: text => page.keyboard.type(text),
    press: key => page.keyboard.press(key),
    evaluate: (script, argument) => page.evaluate(script as (argument: unknown) => never, argument),
    picturesAreReported: name === 'firefox',
    async screenshot(file) {
      await page.screenshot({ path: file, animations: 'allow', caret: 'initial' })
    },
    close: () => browser.close(),
  }
}
