// The stage of the failure scenes: one browser, one demo, and what a page may say when something is broken.
// Owns what it starts and closes all of it. Knows the chunks' names, so that a scene can say "the panel".

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
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
  watch,
} from '../../../demo/people'
import { type Demo, type DemoOptions, startDemo } from '../../../demo/site'

export const dist = resolve(import.meta.dirname, '../../../dist')

/** File names of the built chunks, by what they bring; with whatever a second try puts behind them. */
export const CHUNKS = {
  panel: '**/cdn/*/panel-*.js*',
  article: '**/cdn/*/ArticleView-*.js*',
  conversation: '**/cdn/*/conversation-*.js*',
  handoff: '**/cdn/*/handoff-*.js*',
  live: '**/cdn/*/startLive-*.js*',
  socket: '**/cdn/*/socketTransport-*.js*',
  markdown: '**/cdn/*/fromMarkdown-*.js*',
} as const

export interface Stage {
  readonly browser: Browser
  readonly demo: Demo
  /** Closed after the scene, like everything else that is made here. */
  visitor(role?: Role, options?: WatchOptions, of?: Demo): Promise<Visitor>
  agent(name?: string, of?: Demo): Promise<Agent>
  /** Any page of the demo, without the marketplace's helpers. */
  page(options?: WatchOptions): Promise<Watched>
  start(options?: Partial<DemoOptions>): Promise<Demo>
  /** A new file for a server's data. */
  dataFile(): string
}

/** Call once at the top of a file of scenes. Uncaught errors and policy reports fail the scene they come from. */
export function createStage(): Stage {
  const closing: (() => Promise<unknown>)[] = []
  const watched: Watched[] = []
  let browser: Browser | undefined
  let demo: Demo | undefined
  let folder: string | undefined

  beforeAll(async () => {
    browser = await openBrowser()
    demo = await startDemo({ port: 0, dist, data: ':memory:' })
  })
  afterEach(async () => {
    const unexpected = watched
      .splice(0)
      .flatMap(one => [...one.cspReports, ...one.errors.filter(isUnexpected)])
    for (const close of closing.splice(0).reverse()) await close()
    expect(unexpected, 'uncaught errors and policy reports').toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the stage is set up before the first scene')
    return value
  }
  const keep = <T extends Watched>(one: T): T => {
    // Under the scene's own limit, so that a failure names the line that waited.
    one.page.setDefaultTimeout(12_000)
    watched.push(one)
    closing.push(() => one.close())
    return one
  }
  return {
    get browser() {
      return there(browser)
    },
    get demo() {
      return there(demo)
    },
    visitor: async (role = 'freelancer', options = {}, of = there(demo)) =>
      keep(await createVisitor(there(browser), of, role, options)),
    agent: async (name = 'Noor', of = there(demo)) => keep(await createAgent(there(browser), of, name)),
    page: async (options = {}) => keep(await watch(there(browser), there(demo).address, options)),
    async start(options = {}) {
      const started = await startDemo({ port: 0, dist, data: ':memory:', ...options })
      closing.push(() => started.close())
      return started
    },
    dataFile() {
      folder ??= mkdtempSync(join(tmpdir(), 'asklet-failures-'))
      return join(folder, `${Math.random().toString(36).slice(2)}.sqlite`)
    },
  }
}

/** What the browser itself says of a blocked or missing file, and the assistant's own sentences, are the scene. */
function isUnexpected(error: string): boolean {
  return !/^(Failed to load resource|WebSocket connection to|Asklet )/.test(error)
}

/** Answers what matches with a status and a body. */
export function answer(
  page: Page,
  pattern: string,
  status: number,
  body: string,
  type = 'text/html',
): Promise<unknown> {
  return page.route(pattern, route => route.fulfill({ status, body, contentType: type }))
}

/** Lets nothing through that matches; returns how to open the way again. */
export async function block(page: Page, pattern: string): Promise<() => Promise<void>> {
  await page.route(pattern, route => route.abort())
  return () => page.unroute(pattern)
}
