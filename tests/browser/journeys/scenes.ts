// What the journeys share: one browser and one demo a file, people who are seen out after each scene, and the
// promise that holds in all of them: no policy report, no uncaught error. Refuses to know what a scene is about.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import type { Browser, Page, WebSocketRoute } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import {
  type Agent,
  createAgent,
  createVisitor,
  openBrowser,
  type Role,
  type Visitor,
  type Watched,
  type WatchOptions,
} from '../../../demo/people'
import { type Demo, type DemoOptions, startDemo } from '../../../demo/site'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Scenes {
  /** The demo of this file; its assistant comes from a second origin. */
  readonly demo: Demo
  readonly browser: Browser
  visitor(role: Role, options?: WatchOptions, of?: Demo): Promise<Visitor>
  agent(name: string, options?: WatchOptions, of?: Demo): Promise<Agent>
  /** A demo of another make, closed after the scene. */
  start(options: Partial<DemoOptions>): Promise<Demo>
}

/** Call once at the top of a file. */
export function createScenes(): Scenes {
  const people: Watched[] = []
  const others: Demo[] = []
  let demo: Demo
  let browser: Browser
  const start = (options: Partial<DemoOptions> = {}) =>
    startDemo({ port: 0, assistantPort: 0, dist: resolve('dist'), data: ':memory:', ...options })
  const keep = <T extends Watched>(one: T): T => {
    people.push(one)
    one.page.setDefaultTimeout(8_000)
    return one
  }

  beforeAll(async () => {
    demo = await start()
    browser = await openBrowser()
  })
  afterEach(async () => {
    const reports = people.flatMap(one => one.cspReports)
    const errors = people.flatMap(one => one.errors).filter(error => !isOfTheNetwork(error))
    await Promise.all(people.splice(0).map(one => one.close()))
    for (const other of others.splice(0)) await other.close()
    expect(reports, 'reports of the content security policy').toEqual([])
    expect(errors, 'uncaught errors').toEqual([])
  })
  afterAll(async () => {
    await browser.close()
    await demo.close()
  })

  return {
    get demo() {
      return demo
    },
    get browser() {
      return browser
    },
    visitor: async (role, options = {}, of = demo) => keep(await createVisitor(browser, of, role, options)),
    agent: async (name, options = {}, of = demo) => keep(await createAgent(browser, of, name, options)),
    async start(options) {
      const other = await start(options)
      others.push(other)
      return other
    },
  }
}

/** The browser's own line about a request that a scene cut off; what the assistant makes of it is the scene's. */
const isOfTheNetwork = (error: string) => /^Failed to load resource|^WebSocket connection/.test(error)

/**
 * No rule of axe-core is broken by what the assistant (or the desk) shows now.
 *
 * @param state  what is on the screen, for the message
 */
export async function expectAccessible({ page }: Pick<Watched, 'page'>, state: string): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    // Through the debugger: the page's policy allows neither inline scripts nor eval.
    const session = await page.context().newCDPSession(page)
    await session.send('Runtime.evaluate', { expression: AXE })
    await session.detach()
  }
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    const within = document.querySelector('asklet-root') ? { include: [['asklet-root']] } : document
    const { violations } = await axe.run(within, { resultTypes: ['violations'] })
    return violations.flatMap(rule =>
      rule.nodes.map(node => `${rule.id} at ${node.target.join(' ')}: ${node.failureSummary}`),
    )
  })
  expect(found, `axe: ${state}`).toEqual([])
}

/** What a screen reader was told last. */
export const spoken = (page: Page) => page.locator('[data-asklet=status]').textContent()

/** Role and name of the control that has the keyboard, inside the assistant too. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let at = document.activeElement
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
    if (!at || at === document.body) return 'the page'
    return at.getAttribute('role') ?? (at.getAttribute('aria-label') || at.textContent?.trim() || at.tagName)
  })
}

/** What lies between a page and the server, in the scene's hand. */
export interface Line {
  /** The server still hears the page, and nothing that it says arrives. */
  deafen(): void
  /** What the server says arrives later, in order, when it is let go. */
  hold(): void
  letGo(): void
  /** No network at all, as in a tunnel. */
  cut(): Promise<void>
  restore(): Promise<void>
}

/** Call before the page is loaded. */
export async function tapLine(page: Page): Promise<Line> {
  let isDeaf = false
  let isCut = false
  let held: (() => void)[] | undefined
  const open = new Set<WebSocketRoute>()
  await page.routeWebSocket(/socket\.io/, socket => {
    if (isCut) return socket.close()
    const server = socket.connectToServer()
    open.add(socket)
    server.onMessage(message => {
      if (isDeaf || isCut) return
      if (held) held.push(() => socket.send(message))
      else socket.send(message)
    })
  })
  return {
    deafen() {
      isDeaf = true
    },
    hold() {
      held = []
    },
    letGo() {
      for (const send of held ?? []) send()
      held = undefined
    },
    async cut() {
      isCut = true
      await page.context().setOffline(true)
      for (const socket of open) await socket.close()
      open.clear()
    },
    async restore() {
      isDeaf = false
      isCut = false
      await page.context().setOffline(false)
    },
  }
}
