// The visitors' namespace: proves who connects, then hands every call to the core.

import type { Server } from 'socket.io'
import { VISITOR_NAMESPACE } from '../protocol/version'
import type { Conversations, Log } from './conversations'
import type { Origins } from './origins'
import { joinRoom } from './socketCarrier'
import { connectRefusal, handshakeProblem, serveCalls } from './socketDoor'
import { identify, type VerifyVisitor, type VisitorIdentity } from './visitorIdentity'

export interface VisitorGatewayOptions {
  readonly conversations: Conversations
  readonly origins: Origins
  readonly verifyVisitor?: VerifyVisitor
  readonly log: Log
}

/** Handshake: `auth = { v, secret, token? }`. */
export function addVisitorGateway(io: Server, options: VisitorGatewayOptions): void {
  const { conversations, origins, verifyVisitor, log } = options
  const namespace = io.of(VISITOR_NAMESPACE)

  namespace.use(async (socket, next) => {
    if (!origins.allowsVisitor(socket.handshake.headers)) return next(connectRefusal('forbidden'))
    const problem = handshakeProblem(socket)
    if (problem) return next(connectRefusal(problem))
    const { secret, token } = socket.handshake.auth as { secret?: unknown; token?: unknown }
    try {
      const identity = await identify(secret, token, verifyVisitor)
      if (!identity) return next(connectRefusal('unauthenticated'))
      socket.data = { identity }
      next()
    } catch {
      log({ level: 'warn', event: 'verifyVisitorFailed' })
      next(connectRefusal('store_unavailable'))
    }
  })

  namespace.on('connection', socket => {
    const { identity } = socket.data as { identity: VisitorIdentity }
    const session = { ...identity, join: (conversationId: string) => joinRoom(socket, conversationId) }
    socket.on('disconnect', conversations.visitorConnected(identity.identities[0]))
    serveCalls(socket, (name, body) => conversations.visitorCall(session, name, body))
  })
}
