// The small thing every carrier needs: listeners for pushes and for the state of the link.

import type { Undo } from '../base/environment'
import type { Pushes, PushName } from '../protocol/wire'
import type { LinkState } from './liveTransport'

/** By name, so that one that is forgotten here is an error of the compiler, and no push that nobody hears. */
const PUSHES: Readonly<Record<PushName, true>> = {
  events: true,
  head: true,
  place: true,
  typing: true,
  queueChanged: true,
  detailsChanged: true,
  deskChanged: true,
  agentPresence: true,
  restart: true,
}
export const PUSH_NAMES = Object.keys(PUSHES) as readonly PushName[]

export interface Listeners {
  readonly state: LinkState
  set(state: LinkState): void
  onLink(listener: (state: LinkState) => void): Undo
  on<Name extends PushName>(name: Name, listener: (payload: Pushes[Name]) => void): Undo
  emit<Name extends PushName>(name: Name, payload: Pushes[Name]): void
}

/** Starts `offline`. `set` tells only changes. */
export function createListeners(): Listeners {
  let state: LinkState = 'offline'
  const links = new Set<(state: LinkState) => void>()
  const pushes = new Map<string, Set<(payload: never) => void>>()
  return {
    get state() {
      return state
    },
    set(next) {
      if (next === state) return
      state = next
      for (const listener of [...links]) listener(next)
    },
    onLink(listener) {
      links.add(listener)
      listener(state)
      return () => void links.delete(listener)
    },
    on(name, listener) {
      const set = pushes.get(name) ?? new Set()
      pushes.set(name, set.add(listener))
      return () => void set.delete(listener)
    },
    emit(name, payload) {
      for (const listener of [...(pushes.get(name) ?? [])]) listener(payload as never)
    },
  }
}
