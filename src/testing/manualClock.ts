// A clock that stands still until a test moves it.

import type { Clock } from '../base/environment'

export interface ManualClock extends Clock {
  /** Moves on by `ms`, running what falls due on the way, in order of time and then of asking. */
  advance(ms: number): void
  /** When the next task is due; null when none waits. */
  nextAt(): number | null
  /** How many tasks wait. */
  pending(): number
}

/** @param start  ms since 1970; default a Monday, 2026-01-05 09:00 UTC */
export function createManualClock(start = Date.UTC(2026, 0, 5, 9)): ManualClock {
  let now = start
  let order = 0
  const tasks = new Map<number, { at: number; task: () => void }>()

  function next(): { id: number; at: number; task: () => void } | null {
    let first: { id: number; at: number; task: () => void } | null = null
    // The map keeps the order of asking, so that `<` alone breaks ties by it.
    for (const [id, { at, task }] of tasks) if (!first || at < first.at) first = { id, at, task }
    return first
  }

  return {
    now: () => now,
    after(ms, task) {
      const id = order++
      tasks.set(id, { at: now + Math.max(0, ms), task })
      return () => {
        tasks.delete(id)
      }
    },
    advance(ms) {
      const end = now + ms
      for (let due = next(); due && due.at <= end; due = next()) {
        tasks.delete(due.id)
        now = Math.max(now, due.at)
        due.task()
      }
      now = end
    },
    nextAt: () => next()?.at ?? null,
    pending: () => tasks.size,
  }
}
