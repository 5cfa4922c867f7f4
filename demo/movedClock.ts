// A clock that goes as time does, and that a story moves on by hours and days: what falls due on the way runs at once,
// and browsers of the story are moved along. Nobody waits for a weekend.

import type { Page } from 'playwright-core'
import type { Clock } from '../src/base/environment'

export interface MovedClock extends Clock {
  /** Moves on to `time` and runs what is due by then, once each: as a machine that wakes up does. */
  moveTo(time: number): void
  /** The pages' own `Date` goes with this clock from here on, after a reload too. */
  follow(page: Page): Promise<void>
}

/** @param start  ms since 1970 */
export function createMovedClock(start: number): MovedClock {
  let ahead = start - Date.now()
  let order = 0
  const tasks = new Map<number, { readonly at: number; run(): void; readonly timer: NodeJS.Timeout }>()
  const now = () => Date.now() + ahead

  return {
    now,
    after(ms, task) {
      const id = order++
      const run = () => {
        tasks.delete(id)
        task()
      }
      tasks.set(id, { at: now() + ms, run, timer: setTimeout(run, ms) })
      return () => {
        clearTimeout(tasks.get(id)?.timer)
        tasks.delete(id)
      }
    },
    moveTo(time) {
      ahead = Math.max(ahead, time - Date.now())
      const due = [...tasks.values()].filter(({ at }) => at <= now()).sort((one, other) => one.at - other.at)
      for (const { run, timer } of due) {
        clearTimeout(timer)
        run()
      }
    },
    async follow(page) {
      await page.addInitScript(movePage, ahead)
      await page.evaluate(movePage, ahead)
    },
  }
}

/** Runs in the page. Scripts of several moves run in no order that is promised: the furthest one counts. */
function movePage(ahead: number): void {
  const scope = globalThis as typeof globalThis & { movedBy?: number }
  const isFirst = scope.movedBy === undefined
  scope.movedBy = Math.max(scope.movedBy ?? ahead, ahead)
  if (!isFirst) return
  const Real = Date
  const now = () => Real.now() + (scope.movedBy ?? 0)
  globalThis.Date = new Proxy(Real, {
    construct: (target, given) => Reflect.construct(target, given.length > 0 ? given : [now()]),
    apply: () => new Real(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  })
}
