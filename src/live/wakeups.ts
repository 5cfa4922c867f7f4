// When a page comes back to life: shown again, online again, out of the back/forward cache, or awake after
// the machine slept (a timer that comes far too late). Each is a good moment to look at the link (D15).

import type { Environment, Undo } from '../base/environment'

const LOOK_EVERY_MS = 5_000
const JUMP_MS = 5_000

/** Calls `onWake` at each such moment until the returned undo is called. */
export function watchWakeups(environment: Environment, onWake: () => void): Undo {
  const page = environment.window
  const onVisible = () => {
    if (page?.document.visibilityState === 'visible') onWake()
  }
  page?.document.addEventListener('visibilitychange', onVisible)
  page?.addEventListener('online', onWake)
  page?.addEventListener('pageshow', onWake)
  let stop: Undo
  const look = () => {
    const due = environment.now() + LOOK_EVERY_MS
    stop = environment.after(LOOK_EVERY_MS, () => {
      if (environment.now() - due > JUMP_MS) onWake()
      look()
    })
  }
  look()
  return () => {
    stop()
    page?.document.removeEventListener('visibilitychange', onVisible)
    page?.removeEventListener('online', onWake)
    page?.removeEventListener('pageshow', onWake)
  }
}

/** Calls `onHiding` when the page goes out of sight, is put to sleep or goes away, until the returned undo is called. */
export function watchHiding({ window: page }: Environment, onHiding: (event: Event) => void): Undo {
  page?.document.addEventListener('visibilitychange', onHiding)
  page?.document.addEventListener('freeze', onHiding)
  page?.addEventListener('pagehide', onHiding)
  return () => {
    page?.document.removeEventListener('visibilitychange', onHiding)
    page?.document.removeEventListener('freeze', onHiding)
    page?.removeEventListener('pagehide', onHiding)
  }
}
