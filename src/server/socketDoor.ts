// What both namespaces have in common on the way in: which connections are let in, and how a call reaches the
// core. Socket.IO brings frames and nothing more: order, loss and repeats are the protocol's own business.

import type { Server, Socket } from 'socket.io'
import { fitsIn, MAX_FRAME_BYTES } from '../protocol/limits'
import { SERVED_VERSIONS } from '../protocol/version'
import type { RefusalCode, Reply } from '../protocol/wire'
import { refusal } from './refusals'
import { holdForTurn } from './socketWrites'

/** For `new Server(httpServer, SOCKET_OPTIONS)`: WebSocket only, so that no sticky sessions are needed. */
export const SOCKET_OPTIONS = {
  transports: ['websocket' as const],
  // A little over a frame: the packet's own words around it.
  maxHttpBufferSize: MAX_FRAME_BYTES + 1_024,
  serveClient: false,
  // A frame that compresses well is a bomb, and each connection would hold 64 KiB for it.
  perMessageDeflate: false,
  // An upgraded connection that asks for no namespace.
  connectTimeout: 10_000,
}

/** Nobody knows when another connection of this visitor ends: about as soon as a half-open one is noticed. */
export const NO_ROOM_MS = 15_000

/** A middleware's refusal: the code is what the client's `connect_error` reads. */
export function connectRefusal(code: RefusalCode, after?: number): Error {
  return Object.assign(new Error(code), { data: { code, ...(after !== undefined && { after }) } })
}

/** What is wrong with a handshake before anybody's identity is looked at; null when nothing is. */
export function handshakeProblem(socket: Socket): RefusalCode | null {
  // A host may serve polling to others; here it would need sticky sessions.
  if (socket.conn.transport.name !== 'websocket') return 'bad_request'
  const version: unknown = (socket.handshake.auth as { v?: unknown }).v
  if (typeof version !== 'number') return 'bad_request'
  return version < SERVED_VERSIONS.oldest || version > SERVED_VERSIONS.newest ? 'version_unsupported' : null
}

interface EngineSocket {
  readonly transport?: { readonly socket?: { readonly readyState?: number; terminate?(): void } }
  once(event: 'close', listener: () => void): void
}
const CLOSED = 3

/** A peer that is told goodbye and does not answer would be waited for half a minute, with all that it holds. */
const ANSWER_CLOSE_WITHIN_MS = 3_000

/**
 * Ends connections that were closed here and whose peer does not answer: a token that ended, an upgrade that asked
 * for nothing. Returns its undo.
 */
export function dropUnansweredCloses(io: Server): () => void {
  const watch = (connection: EngineSocket) =>
    connection.once('close', () => {
      const socket = connection.transport?.socket
      if (!socket?.terminate || socket.readyState === CLOSED) return
      setTimeout(() => socket.terminate?.(), ANSWER_CLOSE_WITHIN_MS).unref()
    })
  // Absent while the host has not given its Socket.IO a server yet.
  const { engine } = io as { engine?: Server['engine'] }
  engine?.on('connection', watch)
  return () => engine?.off('connection', watch)
}

/** Each event of the socket is a call by that name: one body, one ack. Anything else is not answered. */
export function serveCalls(
  socket: Socket,
  call: (name: string, body: unknown) => Promise<Reply<object>>,
): void {
  socket.onAny((name: string, ...args: unknown[]) => {
    const ack = args.at(-1)
    if (typeof ack !== 'function') return
    const body = args.length > 1 ? args[0] : undefined
    answerWithin(name, body, call).then(reply => {
      // A connection that is gone gets nothing; what was stored is stored.
      if (!socket.connected) return
      holdForTurn(socket)
      ack(reply)
    })
  })
}

async function answerWithin(
  name: string,
  body: unknown,
  call: (name: string, body: unknown) => Promise<Reply<object>>,
): Promise<Reply<object>> {
  // Socket.IO lets binary through, and deep nests: neither is JSON of ours.
  try {
    if (!fitsIn(body ?? null, MAX_FRAME_BYTES)) return refusal('too_large')
  } catch {
    return refusal('bad_request', 'not JSON')
  }
  return call(name, body)
}
