// First promise: an assistant that is made and destroyed, as often as a single-page app likes, leaves nothing.
// Each door in a page of its own; every tenth cycle the panel is opened and searched, every fifth the assistant is
// destroyed while its chunks are on their way; at last some cycles under a conversation with a person.

import type { Page } from 'playwright-core'
import type { Findings } from './figures'
import { createCounter, moreThan, slopeOf, trackTimers } from './leftovers'
import type { GuestPage, Stage } from './stage'

const DOORS = ['npm', 'tag', 'element'] as const
type Door = (typeof DOORS)[number]

/** Each keeps what the modules themselves keep: caches that are filled once, code that is made fast. */
const WARM_UP_SHARE = 0.2
const SAMPLES = 20
const SETTLED_AFTER_MS = 150
/**
 * 110 to 220 were measured, and no object of JavaScript is among them (heap snapshots after 200 and 600 cycles): they
 * are machine code of functions getting warm, the browser's record of requests and the debugger's.
 * Bytes a cycle.
 */
const FLAT_BYTES = 300
/** In fewer cycles the line is mostly that code. */
const JUDGED_FROM = 1_000
const PERSON_CYCLES = 3
/** A busy browser frees what nobody holds when it gets to it; what is still there by then is held. */
const STAYS_AFTER_MS = 20_000
const LOOK_AGAIN_AFTER_MS = 500
/**
 * socket.io-client adds these when it is loaded, once for a page however many assistants come; no call takes them back.
 * Only where it comes from the host's own packages: what we build leaves them out.
 */
export const OF_THE_LIBRARY = new Set(['offline listeners on window', 'pagehide listeners on window'])

interface Instance {
  open(): void
  destroy(): void
}
/** What the check puts into the page for itself. */
interface CyclePage {
  makeGuest(): Promise<Instance>
  runCycles(from: number, to: number, isPlanted: boolean): Promise<void>
}

export async function checkCycles(
  stage: Stage,
  found: Findings,
  cycles: number,
  isPlanted: boolean,
): Promise<number> {
  let done = 0
  let left = 0
  let steepest = Number.NEGATIVE_INFINITY
  // Without somebody at the desk nobody can be asked for.
  await stage.agent()
  // A planted fault shows at any door, and needs nobody at the desk.
  const check = async (door: Door) => {
    const guest = await stage.open('empty', { first: [trackTimers] })
    await guest.page.evaluate(installCycles, door)
    // The driver's own listeners come with its first press.
    await guest.page.getByLabel('own field').click()
    await guest.page.getByLabel('own field').fill('a')
    await guest.page.getByLabel('own field').press('Enter')
    const counter = await createCounter(guest.page)
    const before = await counter.census()
    const points: (readonly [number, number])[] = []
    const step = Math.max(10, Math.round(cycles / SAMPLES))
    for (let from = 0; from < cycles; from += step) {
      const to = Math.min(cycles, from + step)
      await guest.page.evaluate(
        ([from, to, isPlanted]) => (window as unknown as CyclePage).runCycles(from, to, isPlanted),
        [from, to, isPlanted] as const,
      )
      // What was on its way when the last one was destroyed has come and is garbage by then.
      await guest.page.waitForTimeout(SETTLED_AFTER_MS)
      if (to > cycles * WARM_UP_SHARE) points.push([to, await counter.heap()])
      done += to - from
    }
    const slope = slopeOf(points)
    steepest = Math.max(steepest, slope)
    const lookOnce = async () => {
      const now = await counter.census()
      const library = moreThan(before, now).filter(
        ([kind, count]) => door !== 'tag' && OF_THE_LIBRARY.has(kind) && count === 1,
      )
      const more = moreThan(before, { ...now, listeners: (now.listeners ?? 0) - library.length }).filter(
        ([kind]) => !library.some(([known]) => known === kind),
      )
      return { library, more }
    }
    const look = async () => {
      const until = performance.now() + STAYS_AFTER_MS
      let seen = await lookOnce()
      while (seen.more.length > 0 && performance.now() < until) {
        await guest.page.waitForTimeout(LOOK_AGAIN_AFTER_MS)
        seen = await lookOnce()
      }
      return seen
    }
    const report = async (when: string, { library, more }: Awaited<ReturnType<typeof look>>) => {
      for (const [kind] of library) found.note(`${door}: of socket.io-client, once for a page: ${kind}`)
      left += more.reduce((sum, [, count]) => sum + count, 0)
      for (const [kind, count] of more) found.fault(`${door}: ${kind} left behind ${when}: ${count}`)
      if (more.some(([kind]) => kind === 'nodes'))
        for (const node of await counter.detached()) found.note(`${door}: in no document: ${node}`)
    }
    await settle(guest)
    await report(`after ${cycles} cycles`, await look())
    const heaps = points.map(([, bytes]) => (bytes / 1e6).toFixed(2))
    found.note(`${door}: heap ${heaps.join(' ')} MB, ${slope.toFixed(1)} bytes a cycle`)
    const talks = isPlanted ? 0 : cycles < JUDGED_FROM ? 1 : PERSON_CYCLES
    const talk = async (from: number, to: number) => {
      for (let n = from; n < to; n++) await cycleWithPerson(guest, `${door} ${n}: where is my zebra`)
      await settle(guest)
      await forgetVisitor(guest.page)
      return look()
    }
    if (talks > 0) {
      const seen = await talk(0, talks)
      const [only] = seen.more
      // Typing and being spoken to make the browser keep a node of its own now and then, which no script can reach.
      // What an assistant leaves, each leaves: one more talk tells them apart.
      if (seen.more.length === 1 && only?.[0] === 'nodes') {
        const again = await talk(talks, talks + 1)
        const hasGrown = moreThan({ nodes: only[1] }, Object.fromEntries(again.more)).length > 0
        if (hasGrown || (await counter.detached()).length > 0)
          await report(`after ${talks + 1} cycles with a person`, again)
        else found.note(`${door}: nodes of the browser's own, no more after another talk: ${only[1]}`)
      } else await report(`after ${talks} cycles with a person`, seen)
    }
    for (const error of guest.errors) found.fault(`${door}: ${error}`)
    await guest.close()
  }
  const doors = isPlanted ? (['npm'] as const) : DOORS
  // Where the heap is judged nothing else goes on.
  if (cycles < JUDGED_FROM) await Promise.all(doors.map(check))
  else for (const door of doors) await check(door)
  found.set('left-behind', found.value('left-behind') + left)
  found.set('heap-slope-bytes', Math.round(steepest))
  found.expect(
    (cycles < JUDGED_FROM && !isPlanted) || steepest < FLAT_BYTES,
    `the heap grows by ${steepest.toFixed(0)} bytes a cycle`,
  )
  return done
}

/** A page that is left for a moment: what was aborted has been told so. */
const settle = (guest: GuestPage) => guest.page.waitForTimeout(1_500)

/** What a device keeps of a conversation is the visitor's; no connection may stand in the way of deleting it. */
function forgetVisitor(page: Page): Promise<void> {
  return page.evaluate(async () => {
    localStorage.clear()
    sessionStorage.clear()
    await new Promise<void>((done, failed) => {
      const request = indexedDB.deleteDatabase('asklet')
      request.onsuccess = () => done()
      request.onerror = request.onblocked = () =>
        failed(new Error('a connection to the database was left open'))
    })
  })
}

/** Destroyed in the queue, then once more while the next assistant takes the conversation up again. */
async function cycleWithPerson(guest: GuestPage, question: string): Promise<void> {
  const { page } = guest
  await forgetVisitor(page)
  await page.evaluate(() => {
    const all = window as unknown as CyclePage & { live: Promise<Instance> }
    all.live = all.makeGuest()
    return all.live.then(() => {})
  })
  await guest.openHelp()
  await guest.askForPerson(question)
  await page.evaluate(async () => {
    const all = window as unknown as CyclePage & { live?: Promise<Instance> }
    ;(await all.live)?.destroy()
    delete all.live
    const again = await all.makeGuest()
    await new Promise(done => setTimeout(done, 300))
    again.destroy()
  })
}

function installCycles(door: Door): void {
  const all = window as unknown as CyclePage & {
    Asklet?: (...call: unknown[]) => unknown
    planted?: unknown[]
  }
  const load = (path: string) => import(path)
  const makers: Record<Door, () => Promise<Instance>> = {
    async npm() {
      const { createAssistant } = await load('/hosts/npm/index.js')
      return createAssistant({ config: '/asklet.json', visitor: { role: 'client' } })
    },
    async tag() {
      const tag = document.createElement('script')
      tag.src = '/cdn/asklet.js'
      tag.dataset.config = '/asklet.json'
      document.head.append(tag)
      await new Promise(done => tag.addEventListener('load', done, { once: true }))
      tag.remove()
      return {
        open: () => void all.Asklet?.('open'),
        destroy: () => void all.Asklet?.('destroy'),
      }
    },
    async element() {
      await load('/hosts/npm/element.js')
      const element = document.createElement('asklet-assistant')
      element.setAttribute('config', '/asklet.json')
      document.body.append(element)
      const { assistant } = element as unknown as { assistant: Instance }
      return { open: () => assistant.open(), destroy: () => element.remove() }
    },
  }
  const root = () => document.querySelector('asklet-root, asklet-assistant')?.shadowRoot
  const later = (ms: number) => new Promise(done => setTimeout(done, ms))
  const until = async (isSo: () => unknown) => {
    for (let n = 0; !isSo(); n++) {
      if (n > 2_000) throw new Error('the panel does not show what it was asked for')
      await later(4)
    }
  }
  all.makeGuest = makers[door]
  all.runCycles = async (from, to, isPlanted) => {
    for (let n = from; n < to; n++) {
      const guest = await all.makeGuest()
      if (n % 10 === 9) {
        guest.open()
        await until(() => root()?.querySelector('[role=option]'))
        const field = root()?.querySelector<HTMLInputElement>('[role=combobox]')
        if (field) {
          field.value = 'refund'
          field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
        }
        await until(() => /refund/i.test(root()?.querySelector('[role=option]')?.textContent ?? ''))
        sessionStorage.clear()
      } else if (n % 5 === 2) root()?.querySelector('button')?.dispatchEvent(new PointerEvent('pointerenter'))
      guest.destroy()
      await later(0)
      sessionStorage.clear()
      if (!isPlanted) continue
      const kept = new Array(1_000).fill(n)
      window.addEventListener('resize', () => kept.pop())
    }
  }
}
