// Which carrier is in use: the socket, else HTTP, else nobody can be reached and the visitor is told.
// Looks like one carrier. Refuses to wait for a socket that a network, a policy or a lost chunk blocks.

import type { Environment, Undo } from '../base/environment'
import { createListeners, PUSH_NAMES } from './linkState'
import type { LiveTransport } from './liveTransport'
import { NO_ANSWER } from './readWire'

/** A working socket is there in well under this, on a bad line too. Milliseconds. */
const SOCKET_PATIENCE_MS = 4_000
/** Both tried for this long in vain: give the visitor another way. Milliseconds. */
const STRANDED_AFTER_MS = 15_000
/** A chunk that did not come is asked for again; by then the network may be another. Milliseconds. */
const LOAD_AGAIN_MS = 30_000

export interface Ladder extends LiveTransport {
  /** Called with the state now and after each change. */
  onStranded(listener: (isStranded: boolean) => void): Undo
}

/**
 * @param loadSocket  fetches and makes the socket carrier; rejects when its chunk is blocked
 * `onLink` says `online` once more when the carrier changes under way: then the conversation must be synced anew.
 */
export function createLadder(options: {
  readonly environment: Environment
  loadSocket(): Promise<LiveTransport>
  readonly http: LiveTransport
}): Ladder {
  const { environment, http } = options
  const listeners = createListeners()
  const strandedListeners = new Set<(isStranded: boolean) => void>()
  const timers = new Map<string, Undo>()
  let socket: LiveTransport | null = null
  let inUse: LiveTransport | null = null
  let isWanted = false
  let isStranded = false
  const states = new Map<LiveTransport, string>()

  const stop = (name: string) => {
    timers.get(name)?.()
    timers.delete(name)
  }
  const after = (name: string, ms: number, task: () => void) => {
    if (timers.has(name)) return
    timers.set(
      name,
      environment.after(ms, () => {
        timers.delete(name)
        task()
      }),
    )
  }
  const setStranded = (next: boolean) => {
    if (next === isStranded) return
    isStranded = next
    for (const listener of [...strandedListeners]) listener(next)
  }

  const choose = () => {
    if (!isWanted) return
    const isOnline = (carrier: LiveTransport | null) => carrier !== null && states.get(carrier) === 'online'
    const best = isOnline(socket) ? socket : isOnline(http) ? http : null
    if (best !== inUse) {
      const wasOnline = inUse !== null
      inUse = best
      if (best && wasOnline) listeners.set('retrying')
      listeners.set(best ? 'online' : listeners.state === 'connecting' ? 'connecting' : 'retrying')
    }
    if (best) {
      stop('stranded')
      setStranded(false)
    } else after('stranded', STRANDED_AFTER_MS, () => setStranded(true))
    if (best === socket && best) {
      stop('patience')
      http.close()
    } else after('patience', SOCKET_PATIENCE_MS, () => http.connect())
  }
  const watch = (carrier: LiveTransport) => {
    for (const name of PUSH_NAMES)
      carrier.on(name, payload => {
        if (isWanted) listeners.emit(name, payload)
      })
    carrier.onLink(state => {
      states.set(carrier, state)
      choose()
    })
  }
  const load = () => {
    options.loadSocket().then(
      loaded => {
        // Closed meanwhile; or closed and wanted again, and another load was first.
        if (!isWanted || socket) return loaded.close()
        socket = loaded
        watch(loaded)
        loaded.connect()
      },
      () => {
        if (!isWanted) return
        http.connect()
        after('load', LOAD_AGAIN_MS, load)
      },
    )
  }

  return {
    request: (name, body) => (inUse ? inUse.request(name, body) : Promise.resolve(NO_ANSWER)) as never,
    on: listeners.on,
    onLink: listeners.onLink,
    onStranded(listener) {
      strandedListeners.add(listener)
      listener(isStranded)
      return () => void strandedListeners.delete(listener)
    },
    connect() {
      if (isWanted) return
      isWanted = true
      listeners.set('connecting')
      if (!states.has(http)) watch(http)
      if (socket) socket.connect()
      else load()
      choose()
    },
    nudge() {
      socket?.nudge()
      http.nudge()
    },
    close() {
      isWanted = false
      inUse = null
      for (const name of [...timers.keys()]) stop(name)
      socket?.close()
      http.close()
      listeners.set('offline')
      setStranded(false)
    },
  }
}
