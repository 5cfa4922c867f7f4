// The visitors' namespace: proves who connects, then hands every call to the core. A connection ends with the token
// that it was made with: the page comes back with a fresh one.

import type { Server } from 'socket.io'
import type { Clock } from '../base/environment'
import { VISITOR_NAMESPACE } from '../protocol/version'
import type { Addresses } from './addresses'
import type { Admission } from './admission'
import type { Connections } from './connectionCaps'
import type { Conversations, Log } from './conversations'
import type { Origins } from './origins'
import { joinRoom, leaveRoom, roomOfIdentity } from './socketCarrier'
import { connectRefusal, handshakeProblem, NO_ROOM_MS, serveCalls } from './socketDoor'
import type { Identifier, VisitorIdentity } from './visitorIdentity'

export interface VisitorGatewayOptions {
  readonly conversations: Conversations
  readonly clock: Clock
  readonly origins: Origins
  readonly addresses: Addresses
  readonly admission: Admission
  readonly connections: Connections
  readonly identifier: Identifier
  readonly log: Log
}

export interface VisitorGateway {
  /** Disconnects those whose token has ended. Call it each second. */
  endExpired(): void
}

interface Proved {
  readonly identity: VisitorIdentity
  readonly address: string | null
}

/** Handshake: `auth = { v, secret, token? }`. */
export function addVisitorGateway(io: Server, options: VisitorGatewayOptions): VisitorGateway {
  const { conversations, clock, origins, addresses, admission, connections, identifier, log } = options
  const namespace = io.of(VISITOR_NAMESPACE)

  namespace.use(async (socket, next) => {
    if (!origins.allowsVisitor(socket.handshake.headers)) return next(connectRefusal('forbidden'))
    const problem = handshakeProblem(socket)
    if (problem) return next(connectRefusal(problem))
    const { secret, token } = socket.handshake.auth as { secret?: unknown; token?: unknown }
    const address = addresses.of(socket.request)
    try {
      // Before anything that costs: a token may take a signature to check, or a question to the host.
      const byAddress = await admission.take('connections', { identity: null, address })
      if (byAddress > 0) return next(connectRefusal('rate_limited', byAddress))
      const identity = await identifier.identify(secret, token)
      if (!identity) return next(connectRefusal('unauthenticated'))
      const [who] = identity.identities
      const wait = await admission.take('connections', { identity: who, address: null })
      if (wait > 0) return next(connectRefusal('rate_limited', wait))
      if (!connections.hasRoom(who, address)) return next(connectRefusal('rate_limited', NO_ROOM_MS))
      socket.data = { identity, address } satisfies Proved
      next()
    } catch {
      log({ level: 'warn', event: 'verifyVisitorFailed' })
      next(connectRefusal('store_unavailable'))
    }
  })

  namespace.on('connection', socket => {
    const { identity, address } = socket.data as Proved
    const [who] = identity.identities
    const session = {
      ...identity,
      address,
      join: (conversationId: string) => joinRoom(socket, conversationId),
      leave: (conversationId: string) => leaveRoom(socket, conversationId),
    }
    // Whoever signs in later takes conversations away from it, and its connections with them.
    if (identity.identities.length === 1) void socket.join(roomOfIdentity(who))
    socket.on('disconnect', connections.add(who, address))
    socket.on('disconnect', conversations.visitorConnected(who))
    serveCalls(socket, (name, body) => conversations.visitorCall(session, name, body))
  })

  return {
    endExpired() {
      const now = clock.now()
      for (const socket of namespace.sockets.values()) {
        const { expiresAt } = (socket.data as Proved).identity
        if (expiresAt !== undefined && now >= expiresAt) socket.disconnect(true)
      }
    },
  }
}
