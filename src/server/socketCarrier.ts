// The way out over sockets: which connections hear of a conversation, how pushes reach them on this node and on
// the others, and what happens to a reader who does not read. Holds nothing: a push that is lost is read again.
//
//   push --> this node's sockets, at once, whatever the broker does
//        \-> broker --> other nodes --> parsed --> their sockets
//
// Not `namespace.emit`: an adapter publishes first and delivers to its own sockets after that, so that a broker
// which hangs would hold up two people on the same machine.

import type { Namespace, Server, Socket } from 'socket.io'
import { DESK_NAMESPACE, VISITOR_NAMESPACE } from '../protocol/version'
import type { Pushes } from '../protocol/wire'
import type { Carrier, Log, Push } from './conversations'
import {
  DESK_ENDED,
  DESK_TOLD,
  type DeskTold,
  QUEUE_MOVED,
  readDeskRoom,
  readDeskTold,
  readTo,
  readTold,
  TOLD,
  type To,
  type Told,
  writeTold,
} from './nodeMessages'
import { framed, holdForTurn } from './socketWrites'

/** More than this waiting for one reader: it is disconnected, and reads again when it comes back (D19). */
const MAX_UNREAD_BYTES = 1_048_576
const LOOK_FOR_SLOW_EVERY_MS = 2_000

/** Of the Socket.IO protocol, version 5: `2/namespace,["name",payload]`. */
const PACKET_EVENT = '2'

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

export interface SocketCarrier extends Carrier {
  /** Ends the desk's connections in a room (of a session, of an agent), here at once and on every node that the broker reaches. */
  endDesk(room: string): void
  close(): void
}

/** Moves the core's pushes. Through the adapter, if there is one that reaches others. */
export function socketCarrier(io: Server, log: Log = () => {}): SocketCarrier {
  const visitors = io.of(VISITOR_NAMESPACE)
  const desk = io.of(DESK_NAMESPACE)
  const reachesOthers = hasOtherNodes(visitors)
  const queueListeners = new Set<() => void>()
  const deskListeners = new Set<(what: Pushes['deskChanged']['what']) => void>()
  let isStrange = false

  function deliver({ name, payload, to }: Push): void {
    if (to === 'all') {
      visitors.local.emit(name, payload)
      desk.local.emit(name, payload)
    } else if (to === 'desk') desk.local.emit(name, payload)
    else toRoom(roomOf(to.conversationId), to, [name, payload])
  }

  /**
   * One text for both namespaces, straight to their connections: a message to a conversation has two or three
   * readers, and most of what a broadcast costs is choosing among many.
   */
  function toRoom(room: string, { side, notTo }: To, words: readonly [name: string, payload: object]): void {
    let text = ''
    for (const namespace of [visitors, desk]) {
      if (side && side !== (namespace === desk ? 'agent' : 'visitor')) continue
      const ids = namespace.adapter.rooms.get(room)
      if (!ids) continue
      text ||= JSON.stringify(words)
      const packet = `${PACKET_EVENT}${namespace.name},${text}`
      const frame = framed(packet)
      for (const id of ids) {
        const socket = namespace.sockets.get(id)
        if (!socket || (notTo && namespace === visitors && socket.rooms.has(roomOfIdentity(notTo)))) continue
        holdForTurn(socket)
        socket.conn.write(packet, frame)
      }
    }
  }

  const isAnyoneHere = (to: Told['to']) =>
    to === 'desk'
      ? desk.sockets.size > 0
      : visitors.adapter.rooms.has(roomOf(to.conversationId)) ||
        desk.adapter.rooms.has(roomOf(to.conversationId))

  /** One namespace carries what nodes say to each other: with the messages of two, each would come twice. */
  function tell(event: string, ...words: readonly string[]): void {
    if (!reachesOthers) return
    try {
      visitors.serverSideEmit(event, ...words)
    } catch {
      // An adapter that throws is a broker that is down: the beacon says it later.
    }
  }

  function unreadable(): void {
    if (!isStrange) log({ level: 'warn', event: 'nodeMessageRefused' })
    isStrange = true
  }

  const heard: Readonly<Record<string, (...words: unknown[]) => void>> = {
    [TOLD](toWord, whatWord) {
      const to = readTo(toWord)
      if (!to) return unreadable()
      if (!isAnyoneHere(to)) return
      const told = readTold(to, whatWord)
      if (told) deliver(told)
      else unreadable()
    },
    [DESK_TOLD](toWord, whatWord) {
      const to = readTo(toWord)
      const told = to && readDeskTold(to, whatWord)
      if (!told) return unreadable()
      if (told.name === 'deskChanged') for (const listener of deskListeners) listener(told.payload.what)
      if (isAnyoneHere(told.to)) deliver(told)
    },
    [QUEUE_MOVED]() {
      for (const listener of queueListeners) listener()
    },
    [DESK_ENDED](word) {
      const room = readDeskRoom(word)
      if (room) desk.local.in(room).disconnectSockets(true)
      else unreadable()
    },
  }
  if (reachesOthers) for (const [event, listener] of Object.entries(heard)) visitors.on(event, listener)

  return {
    push(push) {
      deliver(push)
      if (push.local) return
      const { name, to } = push
      if (!reachesOthers || to === 'all') return
      if (name === 'events' || name === 'typing' || name === 'queueChanged')
        tell(TOLD, ...writeTold(push as Told))
      if (name === 'detailsChanged' || name === 'deskChanged') tell(DESK_TOLD, ...writeTold(push as DeskTold))
    },
    joined() {
      const ids = new Set<string>()
      for (const { adapter } of [visitors, desk])
        for (const room of adapter.rooms.keys()) if (room.startsWith('c:')) ids.add(room.slice(2))
      return ids
    },
    leave(conversationId, identity) {
      // Here only: on the other nodes each push says whom it is not for, so that nothing hangs on a hint.
      visitors.local.in(roomOfIdentity(identity)).socketsLeave(roomOf(conversationId))
    },
    queueMoved: () => tell(QUEUE_MOVED),
    onQueueMoved(listener) {
      queueListeners.add(listener)
      return () => queueListeners.delete(listener)
    },
    onDeskChanged(listener) {
      deskListeners.add(listener)
      return () => deskListeners.delete(listener)
    },
    endDesk(room) {
      desk.local.in(room).disconnectSockets(true)
      tell(DESK_ENDED, room)
    },
    close() {
      for (const [event, listener] of Object.entries(heard)) visitors.off(event, listener)
    },
  }
}

/** The in-memory adapter has nobody to tell, and warns on the console when it is asked to. */
function hasOtherNodes({ adapter }: Namespace): boolean {
  // It is the class right above EventEmitter; one that reaches others has a `serverSideEmit` of its own.
  type Emits = { serverSideEmit?: unknown }
  const chain: Emits[] = []
  for (let link: object | null = adapter; link; link = Object.getPrototypeOf(link)) chain.push(link)
  const silent = chain.filter(link => Object.hasOwn(link, 'serverSideEmit')).at(-1)?.serverSideEmit
  return (adapter as Emits).serverSideEmit !== silent
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
