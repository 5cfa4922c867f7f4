// One real Chromium on a profile that survives it, with tabs of the test's own page. Started by itself and not by
// playwright, so that it can be killed as a whole; driven over its debugging port.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from '../../../scripts/chromium.mjs'
import type { Line, Record } from './history'
import type { PageHandle } from './page'
import type { Status } from './person'

type PageWindow = Window & { asklet?: PageHandle }

export interface Tab {
  readonly visitor: string
  readonly sender: string
  readonly page: Page
}

export interface Tabs {
  readonly tabs: readonly Tab[]
  /** Origin of the pages: the host's site, which is not the help desk's. */
  start(): Promise<void>
  /** Opens a tab and waits until its visitor is there. */
  open(visitor: string, sender: string): Promise<Tab>
  /** In a window that no other tab of the run ever was. */
  openNew(visitor: string): Promise<Tab>
  /** False: the tab was not there to be closed. */
  close(tab: Tab): Promise<boolean>
  /** Loads the tab anew, in the same window. */
  reload(tab: Tab): Promise<void>
  /** Kills its renderer; the tab is loaded anew. True when it crashed. */
  crash(tab: Tab): Promise<boolean>
  /**
   * Stops renderers for a while, all or one, as the system does with tabs that nobody looks at; resolves to how many
   * tabs did not answer. `random` in [0, 1) chooses.
   */
  freeze(ms: number, random: number): Promise<number>
  /** To another page of the site and back; true when the tab came out of the back/forward cache. */
  away(tab: Tab, ms: number): Promise<boolean>
  /** kill -9 of the whole browser. The tabs that were open are opened again by `start`. */
  kill(): Promise<void>
  say(tab: Tab): Promise<string | null>
  setPace(ms: number): Promise<void>
  /** Of the tabs that answer. */
  statuses(): Promise<Status[]>
  end(): Promise<void>
  stop(): Promise<void>
}

/** The page's site: always there, unlike the help desk. */
export interface Site {
  readonly origin: string
  close(): Promise<void>
}

export async function openSite(script: () => Promise<string>): Promise<Site> {
  const web = createServer(async (request, response) => {
    if (request.url?.startsWith('/page.js')) {
      response.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-store' })
      return response.end(await script())
    }
    response.writeHead(200, { 'content-type': 'text/html' })
    const isElsewhere = request.url?.startsWith('/elsewhere')
    response.end(
      `<!doctype html><title>page</title>${isElsewhere ? 'elsewhere' : '<script type="module" src="/page.js"></script>'}`,
    )
  })
  await new Promise<void>(done => web.listen(0, '127.0.0.1', done))
  return {
    origin: `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
    close() {
      web.closeAllConnections()
      return new Promise(done => web.close(() => done()))
    },
  }
}

/** Nothing of a browser may hang the run. Milliseconds. */
const AT_MOST_MS = 20_000

export function createTabs(options: {
  readonly profile: string
  readonly origin: string
  readonly serverUrl: string
  readonly line: string
  readonly record: Record
  paceMs: number
}): Tabs {
  const { profile, origin, record } = options
  mkdirSync(profile, { recursive: true })
  let child: ChildProcess | null = null
  let browser: Browser | null = null
  let context: BrowserContext | null = null
  let tabs: Tab[] = []
  /** Ids of the lines that pages have told. */
  const told = new Set<string>()
  let windows = 0
  /** How often a page came out of the back/forward cache. */
  let restored = 0

  const address = ({ visitor, sender }: Pick<Tab, 'visitor' | 'sender'>) =>
    `${origin}/?${new URLSearchParams({ visitor, sender, server: options.serverUrl, line: options.line, pace: String(options.paceMs) })}`

  const isReady = (page: Page) =>
    page.waitForFunction(() => (window as PageWindow).asklet !== undefined, null, {
      timeout: AT_MOST_MS,
      polling: 100,
    })

  async function openTab(visitor: string, sender: string): Promise<Tab> {
    if (!context) throw new Error('the browser is not running')
    const page = await context.newPage()
    page.on('pageerror', error =>
      record({ kind: 'note', screen: sender, what: `pageerror ${error.message}` }),
    )
    const tab: Tab = { visitor, sender, page }
    tabs.push(tab)
    await page.goto(address(tab), { timeout: AT_MOST_MS })
    await isReady(page)
    return tab
  }

  async function start(): Promise<void> {
    const { path } = await findChromium()
    // A killed browser leaves its lock behind.
    for (const name of readdirSync(profile))
      if (name.startsWith('Singleton')) rmSync(join(profile, name), { force: true })
    const started = spawn(
      path,
      [
        ...CHROMIUM_ARGS,
        '--headless=new',
        '--remote-debugging-port=0',
        `--user-data-dir=${profile}`,
        '--disable-gpu',
        '--mute-audio',
        '--hide-crash-restore-bubble',
        'about:blank',
      ],
      // A group of its own: all its processes end at once.
      { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    child = started
    // A run that is cut short leaves no browser behind.
    process.once('exit', () => {
      if (child === started && started.pid) process.kill(-started.pid, 'SIGKILL')
    })
    const endpoint = await new Promise<string>((found, failed) => {
      let said = ''
      const timer = setTimeout(
        () => failed(new Error(`Chromium does not start: ${said.slice(-500)}`)),
        AT_MOST_MS,
      )
      started.stderr.on('data', chunk => {
        said += String(chunk)
        const [, url] = /DevTools listening on (ws:\S+)/.exec(said) ?? []
        if (!url) return
        clearTimeout(timer)
        found(url)
      })
      started.once('exit', () => failed(new Error(`Chromium ended: ${said.slice(-500)}`)))
    })
    browser = await chromium.connectOverCDP(endpoint)
    context = browser.contexts()[0] ?? (await browser.newContext())
    context.setDefaultTimeout(AT_MOST_MS)
    await context.exposeBinding('askletRecord', (_source, text: string, id: string) => {
      if (told.has(id)) return
      told.add(id)
      const line = JSON.parse(text) as Line
      if (line.kind === 'note' && line.what === 'pageshow persisted') restored++
      record(line)
    })
    const again = tabs
    tabs = []
    for (const { visitor, sender } of again) await openTab(visitor, sender)
  }

  async function kill(): Promise<void> {
    const dying = child
    if (!dying?.pid) return
    const gone = new Promise(done => dying.once('exit', done))
    process.kill(-dying.pid, 'SIGKILL')
    await gone
    child = null
    context = null
    await browser?.close().catch(() => {})
    browser = null
  }

  const within = async <Result>(work: Promise<Result>, ms = AT_MOST_MS): Promise<Result | null> => {
    const limit = new Promise<null>(done => {
      setTimeout(() => done(null), ms).unref()
    })
    return Promise.race([work.catch(() => null), limit])
  }
  const inPage = <Result>(tab: Tab, work: () => Result | Promise<Result>, ms?: number) =>
    within(tab.page.evaluate(work), ms)

  return {
    get tabs() {
      return tabs
    },
    start,
    open: openTab,
    openNew: visitor => openTab(visitor, `${visitor}/extra-${++windows}`),
    async close(tab) {
      const was = tabs.includes(tab)
      tabs = tabs.filter(each => each !== tab)
      await within(tab.page.close())
      return was
    },
    async reload(tab) {
      await within(tab.page.goto(address(tab)))
      await within(isReady(tab.page))
    },
    async crash(tab) {
      const crashed = new Promise<true>(done => tab.page.once('crash', () => done(true)))
      void tab.page.goto('chrome://crash').catch(() => {})
      const isCrashed = await within(crashed, 5_000)
      await within(tab.page.close())
      tabs = tabs.filter(each => each !== tab)
      await openTab(tab.visitor, tab.sender).catch(() => {})
      return isCrashed === true
    },
    async freeze(ms, random) {
      const session = await within(browser?.newBrowserCDPSession() ?? Promise.reject(new Error('no browser')))
      const known = session && (await within(session.send('SystemInfo.getProcessInfo')))
      await within(session?.detach() ?? Promise.resolve(), 1_000)
      const renderers = (known?.processInfo ?? [])
        .filter(({ type }) => type === 'renderer')
        .map(({ id }) => id)
      // All of them as when a lid is closed, or one: it may be the leader's or a follower's.
      const one = renderers[Math.floor(random * 2 * renderers.length)]
      const stopped = one === undefined ? renderers : [one]
      const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
        for (const pid of stopped)
          try {
            process.kill(pid, name)
          } catch {
            // It ended by itself.
          }
      }
      signal('SIGSTOP')
      await new Promise(done => setTimeout(done, 100))
      const answers = Promise.all(tabs.map(tab => inPage(tab, () => true, 1_000)))
      await new Promise(done => setTimeout(done, Math.max(1_500, ms)))
      signal('SIGCONT')
      return (await answers).filter(answer => answer === null).length
    },
    async away(tab, ms) {
      const went = await within(tab.page.goto(`${origin}/elsewhere`))
      await new Promise(done => setTimeout(done, ms))
      const before = restored
      // Not `goBack`, which waits for a load that a restored page never has.
      await inPage(tab, () => {
        setTimeout(() => history.back(), 10)
      })
      await new Promise(done => setTimeout(done, 1_000))
      const isThere = await inPage(tab, () => (window as PageWindow).asklet !== undefined, 3_000)
      if (!isThere) await within(isReady(tab.page))
      return went !== null && restored > before
    },
    kill,
    say: tab => inPage(tab, () => (window as PageWindow).asklet?.say() ?? null),
    async setPace(ms) {
      options.paceMs = ms
      await Promise.all(
        tabs.map(tab =>
          within(
            tab.page.evaluate(pace => (window as PageWindow).asklet?.setPace(pace), ms),
            5_000,
          ),
        ),
      )
    },
    async statuses() {
      const found = await Promise.all(
        tabs.map(tab => inPage(tab, () => (window as PageWindow).asklet?.status() ?? null, 5_000)),
      )
      return found.flatMap(status => (status ? [status] : []))
    },
    async end() {
      await Promise.all(tabs.map(tab => inPage(tab, () => (window as PageWindow).asklet?.end(), 5_000)))
      // Lines are on their way from the pages.
      await new Promise(done => setTimeout(done, 300))
    },
    async stop() {
      await kill()
    },
  }
}
