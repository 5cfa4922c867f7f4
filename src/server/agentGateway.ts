// The desk's namespace: same origin only, the session is a cookie that no script can read.

import { createHash } from 'node:crypto'
import type { Server } from 'socket.io'
import { DESK_NAMESPACE } from '../protocol/version'
import { sessionToken, type VerifiedAgent, type VerifyAgent } from './agents'
import type { Conversations, Log } from './conversations'
import type { Origins } from './origins'
import { joinRoom } from './socketCarrier'
import { connectRefusal, handshakeProblem, serveCalls } from './socketDoor'

export interface AgentGatewayOptions {
  readonly conversations: Conversations
  readonly origins: Origins
  readonly verifyAgent: VerifyAgent
  readonly log: Log
}

export interface AgentGateway {
  /** The session ended: its connections end with it, on every node. */
  endSession(token: string): void
}

const roomOfSession = (token: string) => `s:${createHash('sha256').update(token).digest('base64url')}`

/** Handshake: `auth = { v }`, and the cookie. */
export function addAgentGateway(io: Server, options: AgentGatewayOptions): AgentGateway {
  const { conversations, origins, verifyAgent, log } = options
  const namespace = io.of(DESK_NAMESPACE)

  namespace.use(async (socket, next) => {
    if (!origins.allowsDesk(socket.handshake.headers)) return next(connectRefusal('forbidden'))
    const problem = handshakeProblem(socket)
    if (problem) return next(connectRefusal(problem))
    try {
      const agent = await verifyAgent(socket.request)
      if (!agent) return next(connectRefusal('unauthenticated'))
      socket.data = { agent }
      next()
    } catch {
      log({ level: 'warn', event: 'verifyAgentFailed' })
      next(connectRefusal('store_unavailable'))
    }
  })

  namespace.on('connection', socket => {
    const { agentId, name } = (socket.data as { agent: VerifiedAgent }).agent
    const session = { agentId, name, join: (conversationId: string) => joinRoom(socket, conversationId) }
    const token = sessionToken(socket.request)
    if (token) void socket.join(roomOfSession(token))
    socket.on('disconnect', conversations.agentConnected(agentId))
    serveCalls(socket, (call, body) => conversations.deskCall(session, call, body))
  })

  return {
    endSession(token) {
      namespace.in(roomOfSession(token)).disconnectSockets(true)
    },
  }
}
