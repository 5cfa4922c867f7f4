// What comes with a person leaves nothing either: the notice in the page's title, files dropped and a copy saved at the
// visitor's; sound and title of the desk that a host mounts in a page of its own. One visitor and one agent meet; then
// both windows are taken away from pages that stay.

import { OF_THE_LIBRARY } from './cycles'
import type { Findings } from './figures'
import { createCounter, moreThan, trackTimers } from './leftovers'
import type { GuestPage, Stage } from './stage'

interface Taken {
  destroy(): void
}
interface PersonPage {
  taken?: Taken
  /** Audio contexts that were made, in order. */
  sounds: AudioContext[]
  /** Object URLs that were made and not revoked. */
  urls: Set<string>
}

/** Sign-in and what the driver hears with come before the first look. */
const SETTLED_AFTER_MS = 1_500
/** An address of a saved copy is revoked within ten seconds. */
const REVOKED_WITHIN_MS = 15_000

export async function checkPerson(stage: Stage, found: Findings, isPlanted: boolean): Promise<void> {
  const first = [trackTimers, trackSurfaces]
  const [host, visit] = await Promise.all([stage.open('empty', { first }), stage.open('empty', { first })])
  const signInLink = (await stage.demo.signInLinks())[0]?.address ?? ''
  await host.page.evaluate(signIn, new URL(signInLink).hash.slice('#sign-in='.length))
  const [desk, visitor] = await Promise.all([look(host), look(visit)])

  await host.page.evaluate(mountHostsDesk)
  const list = host.page.getByRole('navigation', { name: 'Conversations' })
  await list.waitFor()
  // A browser lets no page sound before a gesture.
  await host.page.getByLabel('own field').press('Shift')
  await visit.page.evaluate(makeGuest)
  await visit.openHelp()
  const question = 'where is my zebra'
  await visit.askForPerson(question)
  await list.getByRole('button').filter({ hasText: question }).first().click()
  await host.page.getByRole('button', { name: /^Claim/ }).click()
  const reply = host.page.getByRole('textbox', { name: 'Your reply' })
  await reply.and(host.page.locator(':enabled')).waitFor()
  await visit.button('More').click()
  await visit.button('Keep a copy').click()
  await Promise.all([visit.page.waitForEvent('download'), visit.button('Save as a text file').click()])
  await visit.page.evaluate(dropFile)
  await visit.panel.locator('.chosen').first().waitFor()
  await visit.button('Close').click()
  await reply.fill('I am looking for it.')
  await reply.press('Control+Enter')
  await visit.page.waitForFunction(() => document.title.startsWith('(1) '))
  const soundsMade = await host.page.evaluate(() => (window as unknown as PersonPage).sounds.length)
  found.expect(soundsMade > 0, 'person: the desk made no sound for who began to wait')

  for (const { page } of [host, visit]) {
    await page.evaluate(isPlanted => {
      const all = window as unknown as PersonPage
      all.taken?.destroy()
      delete all.taken
      if (isPlanted) document.title += URL.createObjectURL(new Blob())
    }, isPlanted)
    await page
      .waitForFunction(() => (window as unknown as PersonPage).urls.size === 0, null, {
        timeout: isPlanted ? 1 : REVOKED_WITHIN_MS,
      })
      .catch(() => {})
  }
  await desk.report(found, 'the desk')
  await visitor.report(found, 'the visitor')
  await Promise.all([host.close(), visit.close()])
}

/** The page as it is now, and what there is more of later. */
async function look(guest: GuestPage) {
  const { page } = guest
  // The driver's own listeners come with its first press.
  await page.getByLabel('own field').click()
  await page.getByLabel('own field').press('Enter')
  // And with its first look from the page's own world.
  await page.waitForFunction(() => true)
  const counter = await createCounter(page)
  const [before, title] = [await counter.census(), await page.title()]
  return {
    async report(found: Findings, who: string) {
      await page.evaluate(() => {
        localStorage.clear()
        sessionStorage.clear()
      })
      await page.waitForTimeout(SETTLED_AFTER_MS)
      const now = await page.title()
      found.expect(now === title, `person: ${who} left the title ${JSON.stringify(now)}`, 'left-behind')
      const later = await counter.census()
      const library = moreThan(before, later).filter(
        ([kind, count]) => OF_THE_LIBRARY.has(kind) && count === 1,
      )
      const listeners = (later.listeners ?? 0) - library.length
      // Without the copy that is saved there is none: the browser keeps the link of a download.
      for (const [kind, more] of moreThan(before, { ...later, listeners }))
        if (who === 'the visitor' && kind === 'nodes' && more === 1)
          found.note('person: one node after a download')
        else if (!library.some(([known]) => known === kind))
          found.fault(`person: ${who} left ${kind}: ${more}`, 'left-behind')
      const { urls, sounds } = await page.evaluate(() => {
        const { urls, sounds } = window as unknown as PersonPage
        return { urls: urls.size, sounds: sounds.filter(({ state }) => state !== 'closed').length }
      })
      found.expect(urls === 0, `person: ${who} left object URLs: ${urls}`, 'left-behind')
      found.expect(sounds === 0, `person: ${who} left open audio contexts: ${sounds}`, 'left-behind')
      for (const error of guest.errors) found.fault(`person: ${error}`)
    },
  }
}

/** Runs before all scripts of the page: what sounds and which files have an address. */
function trackSurfaces(): void {
  const all = window as unknown as PersonPage
  all.urls = new Set()
  all.sounds = []
  const { createObjectURL: make, revokeObjectURL: revoke } = URL
  URL.createObjectURL = file => {
    const url = make.call(URL, file)
    all.urls.add(url)
    return url
  }
  URL.revokeObjectURL = url => {
    all.urls.delete(url)
    revoke.call(URL, url)
  }
  const Context = window.AudioContext
  window.AudioContext = class extends Context {
    constructor(...values: ConstructorParameters<typeof Context>) {
      super(...values)
      all.sounds.push(this)
    }
  }
}

async function signIn(link: string): Promise<void> {
  const response = await fetch('/asklet/v1/desk/signin', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  })
  if (!response.ok) throw new Error(`signing in was answered with ${response.status}`)
}

async function mountHostsDesk(): Promise<void> {
  const load = (path: string) => import(path)
  const { mountDesk } = await load('/hosts/npm/desk.js')
  const place = document.createElement('main')
  document.body.append(place)
  const { unmount } = mountDesk(place)
  ;(window as unknown as PersonPage).taken = {
    destroy() {
      unmount()
      place.remove()
    },
  }
}

async function makeGuest(): Promise<void> {
  const load = (path: string) => import(path)
  const { createAssistant } = await load('/hosts/npm/index.js')
  const options = { config: '/asklet.json', visitor: { role: 'client' } }
  ;(window as unknown as PersonPage).taken = createAssistant(options)
}

function dropFile(): void {
  const form = document.querySelector('asklet-root')?.shadowRoot?.querySelector('.foot form')
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(new File(['words'], 'zebra.txt', { type: 'text/plain' }))
  form?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
}
