// Fourth promise: a page that changes under the assistant keeps it, with what was typed. And once for frameworks that
// mount an effect, take it back and mount it again at once.

import type { Page } from 'playwright-core'
import type { Findings } from './figures'
import { type GuestPage, inPairs, refundRow, type Stage } from './stage'

/** What pages do to their own document, as functions of it. */
const SWAPS: Readonly<Record<string, () => void>> = {
  'another body by replaceChild': () => {
    const body = document.createElement('body')
    body.innerHTML = '<h1>Next</h1>'
    document.documentElement.replaceChild(body, document.body)
  },
  'another body as Turbo puts it': () => {
    // The body parsed from the next page, its scripts run anew, the address changed, the title and head merged.
    const next = new DOMParser().parseFromString(
      '<title>Next</title><body><h1>Next</h1><script src="/cdn/asklet.js" data-config="/asklet.json"></script></body>',
      'text/html',
    )
    for (const dead of next.querySelectorAll('script')) {
      const live = document.createElement('script')
      for (const { name, value } of dead.attributes) live.setAttribute(name, value)
      dead.replaceWith(live)
    }
    document.adoptNode(next.body)
    document.body.replaceWith(next.body)
    document.title = next.title
    history.pushState({ turbo: true }, '', '/hosts/tag.html?next')
  },
  'outerHTML of the body, as htmx': () => {
    document.body.outerHTML = '<body class="next"><h1>Next</h1></body>'
  },
  'innerHTML of the body': () => {
    document.body.innerHTML = '<h1>Next</h1>'
  },
  'pushState and back': () => {
    history.pushState(null, '', '/hosts/tag.html?one')
    history.replaceState(null, '', '/hosts/tag.html?two')
  },
  'attributes of <html> written anew': () => {
    for (const { name } of [...document.documentElement.attributes])
      document.documentElement.removeAttribute(name)
    document.documentElement.className = 'next'
  },
}

/** What takes <html> itself away; the tag stands in what comes, as it does on every page. */
const REPLACED: Readonly<Record<string, () => void>> = {
  'another <html> by replaceWith': () => {
    const html = document.createElement('html')
    html.innerHTML = '<head></head><body><h1>Next</h1></body>'
    document.documentElement.replaceWith(html)
    const tag = document.createElement('script')
    tag.src = '/cdn/asklet.js'
    tag.dataset.config = '/asklet.json'
    document.body.append(tag)
  },
  'document.open, write, close': () => {
    document.open()
    document.write(
      '<!doctype html><title>Next</title><body><h1>Next</h1><script src="/cdn/asklet.js" data-config="/asklet.json"></scr' +
        'ipt></body>',
    )
    document.close()
  },
}

export async function checkSwaps(stage: Stage, found: Findings, isPlanted: boolean): Promise<void> {
  const first = isPlanted ? [takeAway] : []
  await inPairs(Object.entries(SWAPS), async ([name, swap]) => {
    const guest = await stage.open('tag', { first })
    await guest.openHelp()
    await guest.search.fill('refund')
    await refundRow(guest.panel).waitFor()
    const root = await guest.page.locator('asklet-root').elementHandle()
    await guest.page.evaluate(swap)
    await guest.page.waitForTimeout(300)
    const lost = (sentence: string) => found.fault(`${name}: ${sentence}`, 'lost-after-swap')
    if (!(await root?.evaluate(element => element.isConnected))) lost('the assistant is gone')
    else if ((await guest.search.inputValue()) !== 'refund') lost('what was typed is gone')
    else if (!(await works(guest))) lost('the panel finds nothing any more')
    if ((await guest.page.locator('asklet-root').count()) > 1) lost('there are two assistants')
    for (const error of guest.errors) lost(error)
    await guest.close()
  })
  await inPairs(Object.entries(REPLACED), async ([name, swap]) => {
    const guest = await stage.open('tag', { first })
    await guest.openHelp()
    await guest.page.evaluate(swap)
    const back = await guest.page
      .locator('asklet-root')
      .waitFor({ state: 'attached', timeout: 3_000 })
      .then(
        () => true,
        () => false,
      )
    if (!back) {
      const isDead = await guest.page.evaluate(() => 'Asklet' in window)
      found.fault(
        `${name}: the assistant is gone${isDead ? ', and the tag that comes with the new page does nothing' : ''}`,
        'lost-after-swap',
      )
    } else {
      if (!(await guest.panel.isVisible())) await guest.openHelp()
      found.expect(await works(guest), `${name}: the panel finds nothing any more`, 'lost-after-swap')
    }
    await guest.close()
  })
  await checkMounts(stage, found)
}

async function works({ search, panel, page }: GuestPage): Promise<boolean> {
  await search.fill('withdraw')
  await page.waitForTimeout(50)
  return panel
    .getByRole('option')
    .filter({ hasText: /withdraw/i })
    .first()
    .waitFor({ timeout: 4_000 })
    .then(
      () => true,
      () => false,
    )
}

/** Mount, unmount, mount in one go, by hand and by React's strict mode; and the element moved about. */
async function checkMounts(stage: Stage, found: Findings): Promise<void> {
  const mounts: Readonly<Record<string, (page: Page) => Promise<void>>> = {
    'an effect mounted twice': page =>
      page.evaluate(async () => {
        const load = (path: string) => import(path)
        const { createAssistant } = await load('/hosts/npm/index.js')
        const effect = () => {
          const assistant = createAssistant({ config: '/asklet.json', label: 'Help' })
          return () => assistant.destroy()
        }
        effect()()
        effect()
      }),
    'a component of React in strict mode': page =>
      page.evaluate(async () => {
        const load = (path: string) => import(path)
        const { mountApp } = await load('/hosts/npm/reactApp.js')
        const { unmount, mounts } = await mountApp(document.querySelector('h1'))
        unmount()
        if (mounts() < 2)
          throw new Error(`strict mode mounted ${mounts()} times: is this React in development?`)
        if (document.querySelector('asklet-root, [data-asklet]'))
          throw new Error('unmounted, it is still there')
        await mountApp(document.querySelector('h1'))
      }),
    'an element mounted twice': page =>
      page.evaluate(async () => {
        const load = (path: string) => import(path)
        await load('/hosts/npm/element.js')
        const element = document.createElement('asklet-assistant')
        element.setAttribute('config', '/asklet.json')
        document.body.append(element)
        element.remove()
        document.body.append(element)
        await Promise.resolve()
        document.body.prepend(element)
      }),
    'an element taken out and put back later': page =>
      page.evaluate(async () => {
        const load = (path: string) => import(path)
        await load('/hosts/npm/element.js')
        const element = document.createElement('asklet-assistant')
        element.setAttribute('config', '/asklet.json')
        document.body.append(element)
        element.remove()
        await new Promise(done => setTimeout(done, 100))
        document.body.append(element)
      }),
  }
  await inPairs(Object.entries(mounts), async ([name, mount]) => {
    const guest = await stage.open('empty')
    await mount(guest.page)
    const launchers = await guest.page.locator('asklet-root .launcher, asklet-assistant .launcher').count()
    found.expect(launchers === 1, `${name}: ${launchers} launchers instead of one`)
    await guest.openHelp()
    found.expect(await works(guest), `${name}: the panel finds nothing`)
    const voices = await guest.page.locator('[data-asklet=status]').count()
    found.expect(voices === 1, `${name}: ${voices} live regions instead of one`)
    for (const error of guest.errors) found.fault(`${name}: ${error}`)
    await guest.close()
  })
}

/** The planted fault: a page that takes out whatever it does not know, once its body has changed. */
function takeAway(): void {
  document.addEventListener('DOMContentLoaded', () => {
    new MutationObserver(() => {
      if (document.querySelector('#typed')) return
      for (const root of document.querySelectorAll('asklet-root')) root.remove()
    }).observe(document, { childList: true, subtree: true })
  })
}
