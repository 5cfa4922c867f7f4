// Which window of this browser something unsent belongs to, and since when that window is gone. A window is known by a
// lock that it holds while it lives: no clock, no heartbeat, and a crash frees it. Where there are no locks nobody is
// known to live, and what is left to do is to ask the store.

import type { Undo } from '../base/environment'

export interface WindowOwner {
  /** This window's own name, new with each load. */
  readonly name: string
  /** Calls back once no window of this name lives (any more). */
  whenGone(name: string, then: () => void): Undo
  /** This one owns nothing any more. */
  dispose(): void
}

type Locks = Pick<LockManager, 'request'>

const lockOf = (name: string) => `asklet-desk.window.${name}`

export function createWindowOwner(locks: Locks | undefined, name: string): WindowOwner {
  let release: () => void = () => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  // A sandboxed page has none to give: then it is as if there were no locks.
  locks?.request(lockOf(name), () => held).catch(() => {})
  return {
    name,
    whenGone(other, then) {
      if (!locks) {
        then()
        return () => {}
      }
      const stop = new AbortController()
      const gone = () => {
        if (!stop.signal.aborted) then()
      }
      locks.request(lockOf(other), { signal: stop.signal }, gone).catch(gone)
      return () => stop.abort()
    },
    dispose: () => release(),
  }
}
