// The way out over sockets: which connections hear of a conversation, how pushes reach them on this node and on
// the others, and what happens to a reader who does not read. Holds nothing: a push that is lost is read again.

import type { Namespace, Server, Socket } from 'socket.io'
import { DESK_NAMESPACE, VISITOR_NAMESPACE } from '../protocol/version'
import type { Carrier, Log } from './conversations'

/** More than this waiting for one reader: it is disconnected, and reads again when it comes back (D19). */
const MAX_UNREAD_BYTES = 1_048_576
const LOOK_FOR_SLOW_EVERY_MS = 2_000

const roomOf = (conversationId: string) => `c:${conversationId}`

/** The connections of one anonymous identity. */
export const roomOfIdentity = (identity: string) => `i:${identity}`

/** A visitor has a handful, a desk that is open for a day some hundreds. */
const MAX_JOINED = 2_000

/** Puts a connection among those that hear of a conversation. Rejects, and ends it, where it hears of too many. */
export async function joinRoom(socket: Socket, conversationId: string): Promise<void> {
  const room = roomOf(conversationId)
  if (socket.rooms.size >= MAX_JOINED && !socket.rooms.has(room)) {
    // It comes back and joins what it still shows. Leaving an old one instead would be a silent loss.
    socket.disconnect(true)
    throw new Error('joined too many conversations')
  }
  await socket.join(room)
}

export function leaveRoom(socket: Socket, conversationId: string): void | Promise<void> {
  return socket.leave(roomOf(conversationId))
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
    leave(conversationId, identity) {
      visitors.in(roomOfIdentity(identity)).socketsLeave(roomOf(conversationId))
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
