// What both namespaces have in common: which connections are let in, how a call reaches the core, how pushes
// reach connections, and what happens to a reader who does not read. Socket.IO brings frames and nothing more:
// order, loss and repeats are the protocol's own business.

import type { Namespace, Server, Socket } from 'socket.io'
import { jsonBytes, MAX_FRAME_BYTES } from '../protocol/limits'
import { DESK_NAMESPACE, SERVED_VERSIONS, VISITOR_NAMESPACE } from '../protocol/version'
import type { RefusalCode, Reply } from '../protocol/wire'
import type { Carrier, Log } from './conversations'
import { refusal } from './refusals'

/** For `new Server(httpServer, SOCKET_OPTIONS)`: WebSocket only, so that no sticky sessions are needed. */
export const SOCKET_OPTIONS = {
  transports: ['websocket' as const],
  // A little over a frame: the packet's own words around it.
  maxHttpBufferSize: MAX_FRAME_BYTES + 1_024,
  serveClient: false,
}

/** More than this waiting for one reader: it is disconnected, and reads again when it comes back (D19). */
const MAX_UNREAD_BYTES = 1_048_576
const LOOK_FOR_SLOW_EVERY_MS = 2_000

const roomOf = (conversationId: string) => `c:${conversationId}`

/** A middleware's refusal: the code is what the client's `connect_error` reads. */
export function connectRefusal(code: RefusalCode): Error {
  return Object.assign(new Error(code), { data: { code } })
}

/** What is wrong with a handshake before anybody's identity is looked at; null when nothing is. */
export function handshakeProblem(socket: Socket): RefusalCode | null {
  // A host may serve polling to others; here it would need sticky sessions.
  if (socket.conn.transport.name !== 'websocket') return 'bad_request'
  const version: unknown = (socket.handshake.auth as { v?: unknown }).v
  if (typeof version !== 'number') return 'bad_request'
  return version < SERVED_VERSIONS.oldest || version > SERVED_VERSIONS.newest ? 'version_unsupported' : null
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
      if (socket.connected) ack(reply)
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
    if (jsonBytes(body ?? null) > MAX_FRAME_BYTES) return refusal('too_large')
  } catch {
    return refusal('bad_request', 'not JSON')
  }
  return call(name, body)
}

/** Puts a connection among those that hear of a conversation. */
export function joinRoom(socket: Socket, conversationId: string): void | Promise<void> {
  return socket.join(roomOf(conversationId))
}

/** Moves the core's pushes. Through the adapter, if the host set one: then other nodes' connections hear them. */
export function socketCarrier(io: Server): Carrier {
  const visitors = io.of(VISITOR_NAMESPACE)
  const desk = io.of(DESK_NAMESPACE)
  return {
    push({ name, payload, to, local }) {
      const here = (namespace: Namespace) => (local ? namespace.local : namespace)
      if (to === 'all') {
        here(visitors).emit(name, payload)
        here(desk).emit(name, payload)
      } else if (to === 'desk') here(desk).emit(name, payload)
      else {
        const room = roomOf(to.conversationId)
        if (to.side !== 'agent') here(visitors).to(room).emit(name, payload)
        if (to.side !== 'visitor') here(desk).to(room).emit(name, payload)
      }
    },
    joined() {
      const ids = new Set<string>()
      for (const { adapter } of [visitors, desk])
        for (const room of adapter.rooms.keys()) if (room.startsWith('c:')) ids.add(room.slice(2))
      return ids
    },
  }
}

/** Disconnects readers who do not read. Returns its undo. */
export function dropSlowReaders(io: Server, log: Log): () => void {
  const timer = setInterval(() => {
    for (const namespace of [io.of(VISITOR_NAMESPACE), io.of(DESK_NAMESPACE)])
      for (const socket of namespace.sockets.values()) {
        const bytes = unreadBytes(socket)
        if (bytes <= MAX_UNREAD_BYTES) continue
        log({ level: 'warn', event: 'slowReader', bytes })
        // Not a polite close: that would wait for the reader to read.
        ;(socket.conn.transport as Transport).socket?.terminate?.()
        socket.conn.close(true)
      }
  }, LOOK_FOR_SLOW_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

interface Transport {
  readonly socket?: { readonly bufferedAmount?: number; terminate?(): void }
}

function unreadBytes({ conn }: Socket): number {
  const { writeBuffer } = conn as unknown as { writeBuffer: readonly { data?: unknown }[] }
  let bytes = (conn.transport as Transport).socket?.bufferedAmount ?? 0
  for (const { data } of writeBuffer) bytes += typeof data === 'string' ? data.length : 0
  return bytes
}
