// One WebSocket over Socket.IO, and the only home of socket.io-client.
// Takes from it framing, acks and heartbeats. Its own reconnecting, send buffer, polling and recovery stay off:
// they would lose, reorder or herd behind our back (see DELIVERY's contract). Nothing is emitted while the
// socket is not connected, so its buffer stays empty.

import { Manager } from 'socket.io-client'
import { reconnectWaitMs } from '../base/backoff'
import type { Environment, Undo } from '../base/environment'
import { VISITOR_NAMESPACE } from '../protocol/version'
import type { VisitorCalls } from '../protocol/wire'
import { createListeners, PUSH_NAMES } from './linkState'
import type { LiveTransport } from './liveTransport'
import { NO_ANSWER, readPush, readReply } from './readWire'

/** Longer than a slow line needs for 64 KiB at 8 KB/s. Milliseconds. */
const ANSWER_WITHIN_MS = 12_000
const CONNECT_WITHIN_MS = 6_000
/** A link that was half-open since the page slept shows within this. Milliseconds. */
const PROBE_WITHIN_MS = 2_000
/** After an announced restart: 5 000 clients come back within this, not at once. Milliseconds. */
const AFTER_RESTART_MS = 3_000
/** A page that wakes should not meet every other tab that wakes. Milliseconds. */
const NUDGED_WITHIN_MS = 300

export interface SocketOptions<Calls> {
  readonly environment: Environment
  /** Origin of the server, e.g. `https://help.example.com`; empty for the page's own. */
  readonly url: string
  /** Socket.IO's folder; `/socket.io` unless the host mounted it elsewhere. */
  readonly path?: string
  readonly namespace?: string
  /** Asked on each connect, so that a token is fresh. */
  auth(): Promise<Record<string, unknown>>
  /** A cheap call that every live server answers, to find half-open links. */
  readonly probe: { readonly name: keyof Calls & string; readonly body: unknown }
}

export function createSocketTransport<Calls = VisitorCalls>(
  options: SocketOptions<Calls>,
): LiveTransport<Calls> {
  const { environment } = options
  const listeners = createListeners()
  const { hostname, port, protocol } = new URL(options.url, environment.window?.location.href)
  const socket = new Manager({
    // An IPv6 address without its brackets: they are put around it again.
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    secure: protocol === 'https:',
    ...(options.path !== undefined && { path: options.path }),
    transports: ['websocket'],
    reconnection: false,
    autoConnect: false,
    timeout: CONNECT_WITHIN_MS,
  }).socket(options.namespace ?? VISITOR_NAMESPACE, {
    auth: send => {
      options.auth().then(send, () => send({}))
    },
  })
  const unanswered = new Set<() => void>()
  /** How long the probes that are under way may take. */
  const probing = new Set<number>()
  let isWanted = false
  let attempt = 0
  let isRestarting = false
  let stopWaiting: Undo | null = null

  const connectAfter = (ms: number) => {
    stopWaiting?.()
    stopWaiting = environment.after(ms, () => {
      stopWaiting = null
      socket.connect()
    })
  }
  const lost = () => {
    for (const giveUp of [...unanswered]) giveUp()
    if (!isWanted) return
    listeners.set('retrying')
    const visible = environment.window?.document.visibilityState !== 'hidden'
    connectAfter(
      isRestarting
        ? environment.random() * AFTER_RESTART_MS
        : reconnectWaitMs(attempt++, visible, environment.random()),
    )
    isRestarting = false
  }
  socket.on('connect', () => {
    attempt = 0
    listeners.set('online')
  })
  socket.on('connect_error', lost)
  socket.on('disconnect', lost)
  for (const name of PUSH_NAMES)
    socket.on(name, (payload: unknown) => {
      if (name === 'restart') isRestarting = true
      const push = readPush(name, payload)
      if (push) listeners.emit(name, push)
    })

  const ask = (name: string, body: unknown, withinMs: number) =>
    new Promise<unknown>(resolve => {
      if (!socket.connected) return resolve(NO_ANSWER)
      const end = (reply: unknown) => {
        stop()
        unanswered.delete(giveUp)
        resolve(reply)
      }
      const giveUp = () => end(NO_ANSWER)
      const stop = environment.after(withinMs, giveUp)
      unanswered.add(giveUp)
      socket.emit(name, body, (reply: unknown) => {
        // The identity was proved at the handshake: a new one takes a new handshake.
        if ((reply as { code?: unknown } | null)?.code === 'unauthenticated') socket.disconnect()
        end(reply)
      })
    })

  /** Ends a link that does not answer. One that is looked into slowly may be asked to hurry meanwhile. */
  const probe = async (withinMs: number) => {
    if (!socket.connected || probing.has(withinMs)) return
    probing.add(withinMs)
    const reply = await ask(options.probe.name, options.probe.body, withinMs)
    probing.delete(withinMs)
    if (reply === NO_ANSWER && socket.connected) socket.disconnect()
  }

  // The library's own listener would stay on the page for good. A server on this very machine needs no line.
  const page = hostname === 'localhost' ? undefined : environment.window
  // Before it is connected there is nothing to cut: an attempt that is ended by hand tells nobody, and none follows it.
  const offline = () => void (socket.connected && socket.disconnect())

  return {
    async request(name, body) {
      const reply = await ask(name, body, ANSWER_WITHIN_MS)
      // Whoever speaks should not wait for the ping time. As long once more: a slow line is not a dead one.
      if (reply === NO_ANSWER) void probe(ANSWER_WITHIN_MS)
      return readReply(name, reply)
    },
    on: listeners.on,
    onLink: listeners.onLink,
    connect() {
      if (isWanted) return
      isWanted = true
      listeners.set('connecting')
      page?.addEventListener('offline', offline)
      socket.connect()
    },
    nudge() {
      if (!isWanted) return
      if (stopWaiting) connectAfter(environment.random() * NUDGED_WITHIN_MS)
      else void probe(PROBE_WITHIN_MS)
    },
    close() {
      isWanted = false
      page?.removeEventListener('offline', offline)
      stopWaiting?.()
      stopWaiting = null
      socket.disconnect()
      for (const giveUp of [...unanswered]) giveUp()
      listeners.set('offline')
    },
  }
}
