// The stage of the guest's checks: a copy of the built files that a check may tear at, the demo's help desk over it,
// host pages of its own, one browser. Owns what it starts and closes all of it.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { type Agent, createAgent } from '../../../demo/people'
import type { Demo } from '../../../demo/site'
import { CHROMIUM_ARGS, findChromium } from '../../../scripts/chromium.mjs'
import { PAGES } from './pages'

/** What has not come by then does not come. Milliseconds. */
const GIVE_UP_AFTER_MS = 10_000

export interface GuestPage {
  readonly page: Page
  readonly context: BrowserContext
  /** Uncaught errors, in order. */
  readonly errors: readonly string[]
  readonly panel: Locator
  readonly search: Locator
  readonly log: Locator
  readonly message: Locator
  button(name: string | RegExp): Locator
  /** Presses the launcher and waits for the panel. */
  openHelp(): Promise<void>
  /** Asks what only a person can answer, and chooses to chat: until the queue is shown. */
  askForPerson(question: string): Promise<void>
  close(): Promise<void>
}

export interface Stage {
  readonly demo: Demo
  readonly browser: Browser
  /** Folder of the version's chunks, in the copy. */
  readonly chunks: string
  /** Opens a page of `pages.ts` in a visit of its own. */
  open(name: keyof typeof PAGES, options?: OpenOptions): Promise<GuestPage>
  /** Somebody at the desk; the same window each time. */
  agent(): Promise<Agent>
  close(): Promise<void>
}

export interface OpenOptions {
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly pixels?: number
  readonly isPhone?: boolean
  /** Runs before any script of the page: what the host does to its own document, or a planted fault. */
  readonly first?: readonly (() => void)[]
}

/** @param npm  folder with the package as a host's bundler made it */
export async function createStage(npm: string): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'asklet-guest-'))
  const built = resolve('dist')
  for (const part of ['cdn', 'desk', 'demo'])
    cpSync(join(built, part), join(folder, part), { recursive: true, filter: path => !path.endsWith('.map') })
  const hosts = join(folder, 'demo/hosts')
  cpSync(npm, join(hosts, 'npm'), { recursive: true })
  for (const [name, html] of Object.entries(PAGES)) writeFileSync(join(hosts, `${name}.html`), html)
  // The same help under the open address: a sandboxed frame is of no origin.
  mkdirSync(join(folder, 'cdn/site'))
  cpSync(join(folder, 'demo/help'), join(folder, 'cdn/site/help'), { recursive: true })
  writeFileSync(
    join(folder, 'cdn/site/asklet.json'),
    JSON.stringify({ name: 'Framed help', knowledge: 'help/manifest.json' }),
  )
  const { startDemo } = (await import(
    pathToFileURL(join(built, 'demo/site.js')).href
  )) as typeof import('../../../demo/site')
  const demo = await startDemo({ port: 0, dist: folder, data: ':memory:' })
  const { path } = await findChromium()
  const browser = await chromium.launch({
    executablePath: path,
    args: CHROMIUM_ARGS,
    // Playwright turns the cache off that the sixth promise is about.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  let agent: Promise<Agent> | undefined
  return {
    demo,
    browser,
    chunks: join(folder, 'cdn', version),
    async open(name, options = {}) {
      const context = await browser.newContext({
        viewport: options.viewport ?? { width: 1280, height: 800 },
        reducedMotion: 'reduce',
        ...(options.pixels && { deviceScaleFactor: options.pixels }),
        ...(options.isPhone && { hasTouch: true, isMobile: true }),
      })
      await context.grantPermissions(['clipboard-read', 'clipboard-write'])
      context.setDefaultTimeout(GIVE_UP_AFTER_MS)
      const page = await context.newPage()
      const errors: string[] = []
      page.on('pageerror', error => errors.push(String(error)))
      for (const script of options.first ?? []) await page.addInitScript(script)
      await page.goto(`${demo.address}/hosts/${name}.html`)
      return guestPage(page, context, errors)
    },
    agent() {
      agent ??= createAgent(browser, demo, 'Noor')
      return agent
    },
    async close() {
      await (await agent)?.close()
      await browser.close()
      await demo.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Two at a time: a page mostly waits. */
export async function inPairs<Item>(
  items: readonly Item[],
  check: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items]
  const next = async (): Promise<void> => {
    const item = left.shift()
    if (item === undefined) return
    await check(item)
    await next()
  }
  await Promise.all([next(), next()])
}

/** A page as its visitor uses it. */
function guestPage(page: Page, context: BrowserContext, errors: readonly string[]): GuestPage {
  const panel = page.locator('asklet-root, asklet-assistant').getByRole('dialog')
  const message = panel.getByRole('textbox').last()
  const button = (name: string | RegExp) => panel.getByRole('button', { name })
  return {
    page,
    context,
    errors,
    panel,
    search: panel.getByRole('combobox'),
    log: panel.getByRole('log'),
    message,
    button,
    async openHelp() {
      await page.getByRole('button', { name: /^Help/ }).click()
      await panel.getByRole('option').first().waitFor()
    },
    async askForPerson(question) {
      await button('Ask a question').click()
      await message.fill(question)
      await message.press('Enter')
      await button('Talk to a person').last().click()
      await button(/^Chat now/).click()
      await panel
        .getByText(/in the queue/)
        .first()
        .waitFor()
    },
    close: () => context.close(),
  }
}

/** The first suggestion for "refund", wherever it is shown. */
export const refundRow = (panel: Pick<Locator, 'getByRole'>): Locator =>
  panel
    .getByRole('option')
    .filter({ hasText: /refund/i })
    .first()
