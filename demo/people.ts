// Plays the people of the demo in a real browser: a visitor in the marketplace, an agent at the desk.
// Used by the journeys of the tests and by `npm run demo:journey`. Does what a person can do: reads roles and
// names, presses keys and buttons.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from '../scripts/chromium.mjs'
import type { Demo } from './site'

export const DESKTOP = { width: 1280, height: 800 }
export const PHONE = { width: 390, height: 844 }

export async function openBrowser(): Promise<Browser> {
  const { path } = await findChromium()
  return chromium.launch({ executablePath: path, args: CHROMIUM_ARGS })
}

export interface Watched {
  readonly page: Page
  readonly context: BrowserContext
  /** Violations of the page's content security policy, Trusted Types included. */
  readonly cspReports: readonly string[]
  /** Uncaught errors and console errors. */
  readonly errors: readonly string[]
  /** What the assistant tells the developer in the console, warnings too, in order. */
  readonly said: readonly string[]
  readonly requests: readonly string[]
  shot(name: string): Promise<void>
  close(): Promise<void>
}

export interface WatchOptions {
  readonly viewport?: { width: number; height: number }
  readonly colorScheme?: 'light' | 'dark'
  readonly cookies?: Readonly<Record<string, string>>
  /** Where screenshots go; none are taken without it. */
  readonly shots?: string
  /** Another window of the same person: with what their browser has kept. */
  readonly context?: BrowserContext
  /** Before the page goes anywhere. */
  readonly begin?: (page: Page) => Promise<void>
}

export async function watch(browser: Browser, address: string, options: WatchOptions = {}): Promise<Watched> {
  const { viewport = DESKTOP, colorScheme = 'light' } = options
  const context =
    options.context ??
    (await browser.newContext({
      viewport,
      colorScheme,
      reducedMotion: 'reduce',
      ...(viewport.width < 500 && { hasTouch: true, isMobile: true, deviceScaleFactor: 2 }),
    }))
  await context.addCookies(
    Object.entries(options.cookies ?? {}).map(([name, value]) => ({ name, value, url: address })),
  )
  const page = await context.newPage()
  const cspReports: string[] = []
  const errors: string[] = []
  const said: string[] = []
  const requests: string[] = []
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event => {
      console.error(
        `csp-violation ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      )
    })
  })
  page.on('console', message => {
    const text = message.text()
    if (text.startsWith('csp-violation')) cspReports.push(text)
    else if (message.type() === 'error') errors.push(text)
    if (text.startsWith('Asklet')) said.push(text)
  })
  page.on('pageerror', error => errors.push(String(error)))
  page.on('request', request => requests.push(request.url()))
  await options.begin?.(page)
  return {
    page,
    context,
    cspReports,
    errors,
    said,
    requests,
    async shot(name) {
      if (!options.shots) return
      mkdirSync(options.shots, { recursive: true })
      await page.screenshot({
        path: join(options.shots, `${name}.png`),
        animations: 'disabled',
        caret: 'hide',
      })
    },
    close: () => context.close(),
  }
}

export type Role = 'guest' | 'client' | 'freelancer'

/** A visitor of the marketplace. */
export interface Visitor extends Watched {
  readonly search: Locator
  readonly options: Locator
  readonly message: Locator
  readonly log: Locator
  goTo(route: string): Promise<void>
  openHelp(): Promise<void>
  button(name: string | RegExp): Locator
  say(text: string): Promise<void>
  /** What the conversation shows: author and words of each message, in order. */
  transcript(): Promise<readonly Line[]>
}

export interface Line {
  readonly author: 'visitor' | 'bot' | 'agent'
  readonly text: string
  /** Given by the server; null while it has none. */
  readonly seq: number | null
}

export async function createVisitor(
  browser: Browser,
  demo: Demo,
  role: Role,
  options: WatchOptions = {},
): Promise<Visitor> {
  const watched = await watch(browser, demo.address, {
    ...options,
    cookies: { workmere_role: role, workmere_strip: 'off', ...options.cookies },
  })
  const { page } = watched
  const panel = page.getByRole('dialog')
  const message = panel.getByRole('textbox').last()
  const log = panel.getByRole('log')
  return {
    ...watched,
    search: panel.getByRole('combobox'),
    options: panel.getByRole('option'),
    message,
    log,
    async goTo(route) {
      await page.goto(`${demo.address}${route}`)
    },
    async openHelp() {
      await page.getByRole('button', { name: /^Help/ }).click()
      await panel.waitFor()
    },
    button: name => panel.getByRole('button', { name }),
    async say(text) {
      await message.fill(text)
      await message.press('Enter')
    },
    transcript: () => readLines(log, '[data-author]'),
  }
}

/** An agent at the desk. */
export interface Agent extends Watched {
  /** The row of the list that shows this question. */
  row(question: string): Locator
  button(name: string | RegExp): Locator
  /** Opens a row and claims it. */
  take(question: string): Promise<void>
  reply(text: string): Promise<void>
  transcript(): Promise<readonly Line[]>
  readonly thread: Locator
  readonly brief: Locator
}

export async function createAgent(
  browser: Browser,
  demo: Demo,
  name: string,
  options: WatchOptions = {},
): Promise<Agent> {
  const watched = await watch(browser, demo.address, { viewport: { width: 1440, height: 900 }, ...options })
  const { page } = watched
  const link = (await demo.signInLinks()).find(entry => entry.name === name)
  if (!link) throw new Error(`${name} is none of the demo's agents`)
  await page.goto(link.address)
  const list = page.getByRole('navigation', { name: 'Conversations' })
  const thread = page.getByRole('log')
  await list.waitFor()
  const row = (question: string) =>
    list.locator('li').getByRole('button').or(list.getByRole('option')).filter({ hasText: question })
  return {
    ...watched,
    row,
    thread,
    brief: page.getByRole('complementary'),
    button: label => page.getByRole('button', { name: label }),
    async take(question) {
      await row(question).first().click()
      await page.getByRole('button', { name: /^Claim/ }).click()
      await page.getByRole('textbox', { name: 'Your reply' }).and(page.locator(':enabled')).waitFor()
    },
    async reply(text) {
      const field = page.getByRole('textbox', { name: 'Your reply' })
      await field.fill(text)
      // At once: Enter alone keeps it for five seconds, in which it could be taken back.
      await field.press('Control+Enter')
    },
    transcript: () => readLines(thread, '[data-author]'),
  }
}

/** Author, words and seq of each message in a log, in the order they stand there. */
export function readLines(log: Locator, each: string): Promise<readonly Line[]> {
  return log.locator(each).evaluateAll(items =>
    items.map(item => ({
      author: item.getAttribute('data-author') as Line['author'],
      text: item.querySelector('.bubble')?.textContent?.trim() ?? '',
      seq: item.hasAttribute('data-seq') ? Number(item.getAttribute('data-seq')) : null,
    })),
  )
}

/** One line a message, for people to read. */
export function formatLines(lines: readonly Line[]): string {
  return lines
    .map(line => `  ${String(line.seq ?? '-').padStart(3)}  ${line.author.padEnd(8)} ${line.text}`)
    .join('\n')
}

/** Where two transcripts differ, in words; empty when they say the same. Lines without a seq are this device's own. */
export function differences(visitor: readonly Line[], agent: readonly Line[]): readonly string[] {
  const found: string[] = []
  // A list that is drawn has no line breaks between its words.
  const words = ({ text }: Line) => text.replace(/\s/g, '')
  const bySeq = new Map(agent.map(line => [line.seq, line]))
  for (const line of visitor) {
    const other = bySeq.get(line.seq)
    if (!other) found.push(`only the visitor has ${line.seq ?? 'an unstored line'}: ${line.text}`)
    else if (words(other) !== words(line) || other.author !== line.author) {
      found.push(
        `${line.seq}: "${line.author} ${line.text}" here, "${other.author} ${other.text}" at the desk`,
      )
    }
  }
  const own = new Set(visitor.map(line => line.seq))
  for (const line of agent) if (!own.has(line.seq)) found.push(`only the desk has ${line.seq}: ${line.text}`)
  for (const lines of [visitor, agent]) {
    const order = lines.map(line => line.seq ?? Number.POSITIVE_INFINITY)
    if (order.some((seq, i) => seq < (order[i - 1] ?? 0))) found.push('out of order')
    if (new Set(lines.map(line => line.seq)).size !== lines.length) found.push('a message stands twice')
  }
  return found
}
