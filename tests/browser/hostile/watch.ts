// One person's page, watched: dialogs, windows, navigation and requests from outside the page, tripwires inside it.

import type { Browser, Page } from 'playwright-core'
import { findLeaks, hostLooks, setTripwires, type Trip } from './tripwires'

export interface Watched {
  readonly page: Page
  /** The page has loaded: from here on the host's elements may not change. */
  settled(): Promise<void>
  /** `act` saves a file of the assistant's own, which is no hostile one: made in the page, of text, with a plain name. */
  saves(act: () => Promise<unknown>): Promise<void>
  /** What happened since the last call. */
  trips(where: 'widget' | 'desk'): Promise<readonly Trip[]>
  close(): Promise<void>
}

/** Paths that the widget, the desk and the host page ask for by themselves. */
const OWN_PATHS =
  /^\/(?:host\.html|host\.css|favicon\.svg|asklet\.json|csp-report|(?:cdn|desk|help|app|batch|pages|asklet|socket\.io)\/.*)$/

export async function watch(browser: Browser, address: string, isQuiet = false): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const outside: Trip[] = []
  const add = (kind: Trip['kind'], what: string) => outside.push({ kind, what: what.slice(0, 200) })
  if (!isQuiet) await page.addInitScript(setTripwires)
  page.on('dialog', dialog => {
    add('executions', `a dialog: ${dialog.message()}`)
    dialog.dismiss().catch(() => {})
  })
  context.on('page', other => {
    if (other !== page) add('executions', 'a window was opened')
  })
  let isSaving = false
  page.on('download', download => {
    if (!isSaving) add('executions', `a download: ${download.url()}`)
  })
  page.on('framenavigated', frame => {
    const url = frame.url()
    const isOwn = url.startsWith(`${address}/`) && OWN_PATHS.test(new URL(url).pathname)
    if (frame !== page.mainFrame() || !(isOwn || url === 'about:blank'))
      add('executions', `navigation to ${url}`)
  })
  page.on('console', message => {
    const text = message.text()
    if (/Content[- ]Security[- ]Policy|Trusted ?(?:Type|Script|HTML)/i.test(text)) add('csp-reports', text)
  })
  page.on('request', request => {
    const url = new URL(request.url())
    if (isSaving && url.protocol === 'blob:') return
    if (url.protocol === 'data:' || url.protocol === 'blob:') add('requests', request.url())
    else if (url.origin !== address || !OWN_PATHS.test(url.pathname))
      add('requests', `${request.method()} ${request.url()}`)
  })
  /** Of a page that never settled nothing is held against itself. */
  let before: Record<string, string> | undefined
  return {
    page,
    async settled() {
      before = await page.evaluate(hostLooks)
    },
    async saves(act) {
      isSaving = true
      const coming = page.waitForEvent('download')
      await act()
      const download = await coming
      const name = download.suggestedFilename()
      if (!download.url().startsWith('blob:') || !/^[\p{L}\p{N}-]{1,90}\.txt$/u.test(name))
        add('leaks', `saves ${download.url()} as ${name}`)
      await download.cancel()
      isSaving = false
    },
    async trips(where) {
      const inside = isQuiet
        ? []
        : await page.evaluate(() => (window as unknown as { takeTrips(): Trip[] }).takeTrips())
      const found = [...outside.splice(0), ...inside, ...(await page.evaluate(findLeaks, where))]
      if (where === 'widget' && before) {
        const after = await page.evaluate(hostLooks)
        for (const key of Object.keys({ ...before, ...after }))
          if (before[key] !== after[key])
            found.push({
              kind: 'host-elements-changed',
              what: `${key}: ${firstDifference(before[key], after[key])}`,
            })
        before = after
      }
      return found
    },
    close: () => context.close(),
  }
}

export function firstDifference(a = '', b = ''): string {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  const from = Math.max(0, at - 30)
  return `"${a.slice(from, at + 60)}" -> "${b.slice(from, at + 60)}"`
}
