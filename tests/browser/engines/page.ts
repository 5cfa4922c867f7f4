// A page as the journey sees it, the same over each driver: what is visible is found and waited for by eyes.ts,
// what a person does is the driver's. Nothing sleeps but between two looks.

import { setTimeout as wait } from 'node:timers/promises'
import type { Line } from '../../../demo/people'
import type { Driver, Key, Target } from './engine'
import type { SeenTarget } from './eyes'

/** Longer than anything takes on a busy machine; what has not come then does not come. */
const GIVE_UP_AFTER_MS = 10_000
const LOOK_AGAIN_AFTER_MS = 40
/** WebKitGTK's pictures are of the last frame that it has put on the screen. */
const PAINTED_AFTER_MS = 150

export interface Page {
  open(url: string): Promise<void>
  reload(): Promise<void>
  /**
   * Waits until it is there and stands still.
   *
   * @param meanwhile  awaited between press and release
   */
  click(target: Target, meanwhile?: () => Promise<void>): Promise<void>
  /** Takes away what the field holds and types `text`, key by key. */
  fill(target: Target, text: string): Promise<void>
  press(key: Key): Promise<void>
  waitFor(target: Target): Promise<void>
  waitUntilGone(target: Target): Promise<void>
  /** Waits until all of it is on the screen, with nothing over it. */
  waitUntilInSight(target: Target): Promise<void>
  /** Its text, once it is there. */
  text(target: Target): Promise<string>
  evaluate<R, A>(script: (argument: A) => R, argument: A): Promise<R>
  /** Until role or name of what has the keyboard is `name`. */
  waitForFocus(name: string): Promise<void>
  focused(): Promise<string>
  transcript(): Promise<readonly Line[]>
  /** Uncaught errors and console errors of all documents so far. */
  errors(): Promise<readonly string[]>
  /** Waits until nothing moves, for a picture. */
  settle(): Promise<void>
}

export function createPage(driver: Driver): Page {
  const errors: string[] = []
  const gather = async () => {
    errors.push(...(await driver.evaluate(() => window.askletEyes?.errors() ?? [], null)))
  }
  const look = (target: Target) => driver.evaluate(seen => window.askletEyes.look(seen), travelling(target))
  const focused = () => driver.evaluate(() => window.askletEyes.focused(), null)

  async function click(target: Target, meanwhile?: () => Promise<void>): Promise<void> {
    let centre: readonly [number, number] = [-1, -1]
    await until(`${nameOf(target)} is not there, moves, or is covered`, async () => {
      const seen = await look(target)
      if (seen && !seen.isOnTop) await driver.evaluate(of => window.askletEyes.reach(of), travelling(target))
      const isStill = seen?.centre.join() === centre.join()
      centre = seen?.centre ?? [-1, -1]
      return isStill && seen?.isOnTop === true
    })
    await driver.clickAt(...centre, meanwhile)
  }
  const waitFor = (target: Target) =>
    until(`${nameOf(target)} is not there`, async () => (await look(target)) !== null)

  return {
    async open(url) {
      await gather()
      await driver.open(url)
    },
    async reload() {
      await gather()
      await driver.reload()
    },
    click,
    async fill(target, text) {
      await click(target)
      await driver.evaluate(seen => window.askletEyes.select(seen), travelling(target))
      await driver.type(text)
    },
    press: driver.press,
    waitFor,
    waitUntilGone: target =>
      until(`${nameOf(target)} is still there`, async () => (await look(target)) === null),
    waitUntilInSight: target =>
      until(`${nameOf(target)} is not in sight`, async () => (await look(target))?.isInSight === true),
    async text(target) {
      await waitFor(target)
      return (await look(target))?.text ?? ''
    },
    evaluate: driver.evaluate,
    async waitForFocus(name) {
      let now = ''
      await until(
        () => `the keyboard is on "${now}" instead of "${name}"`,
        async () => {
          now = await focused()
          return now === name
        },
      )
    },
    focused,
    transcript: () => driver.evaluate(() => window.askletEyes.transcript(), null),
    async errors() {
      await gather()
      return [...new Set([...driver.errors, ...errors])]
    },
    async settle() {
      await until('something goes on moving', () => driver.evaluate(() => window.askletEyes.isStill(), null))
      await wait(PAINTED_AFTER_MS)
    },
  }
}

/** @param sentence  what is wrong while it is not so */
export async function until(sentence: string | (() => string), isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + GIVE_UP_AFTER_MS
  while (!(await isSo())) {
    if (performance.now() > end) {
      const told = typeof sentence === 'string' ? sentence : sentence()
      throw new Error(`${told}, after ${GIVE_UP_AFTER_MS / 1000} s`)
    }
    await wait(LOOK_AGAIN_AFTER_MS)
  }
}

const travelling = ({ css, words = /(?:)/, isLast = false }: Target): SeenTarget => ({
  css,
  source: words.source,
  flags: words.flags,
  isLast,
})

const nameOf = ({ css, words }: Target) => (words ? `${css} with ${words}` : css)
