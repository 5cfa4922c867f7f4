// The desk's namespace: same origin only, the session is a cookie that no script can read. A session can end
// anywhere (another node, the command line, the clock), so that each connection is proved again every few seconds.

import { createHash } from 'node:crypto'
import type { Server, Socket } from 'socket.io'
import type { Clock } from '../base/environment'
import { DESK_NAMESPACE } from '../protocol/version'
import type { Addresses } from './addresses'
import type { Admission } from './admission'
import { sessionToken, type VerifiedAgent, type VerifyAgent } from './agents'
import type { Connections } from './connectionCaps'
import type { Conversations, Log } from './conversations'
import type { Origins } from './origins'
import { agentSender } from './plans'
import { joinRoom } from './socketCarrier'
import { connectRefusal, handshakeProblem, NO_ROOM_MS, serveCalls } from './socketDoor'

export interface AgentGatewayOptions {
  readonly conversations: Conversations
  readonly clock: Clock
  readonly origins: Origins
  readonly addresses: Addresses
  readonly admission: Admission
  readonly connections: Connections
  readonly verifyAgent: VerifyAgent
  readonly log: Log
  /** Ends the connections in a room, on every node. */
  endRoom(room: string): void
}

export interface AgentGateway {
  /** The session ended: its connections end with it, on every node. */
  endSession(token: string): void
  /** The agent was removed, or has a new password. */
  endAgent(agentId: string): void
  /** Asks again who is behind each connection of this node, and ends those of nobody. Never rejects. */
  proveAgain(): Promise<void>
}

/** While nobody can say whether a session still holds, it does for so long. */
const UNPROVED_MS = 60_000

const roomOfSession = (token: string) => `s:${createHash('sha256').update(token).digest('base64url')}`
const roomOfAgent = (agentId: string) => `a:${agentId}`

interface Proved {
  agent: VerifiedAgent
  provedAt: number
  readonly address: string | null
}

/** Handshake: `auth = { v }`, and the cookie. */
export function addAgentGateway(io: Server, options: AgentGatewayOptions): AgentGateway {
  const { conversations, clock, origins, addresses, admission, connections, verifyAgent, log, endRoom } =
    options
  const namespace = io.of(DESK_NAMESPACE)

  namespace.use(async (socket, next) => {
    if (!origins.allowsDesk(socket.handshake.headers)) return next(connectRefusal('forbidden'))
    const problem = handshakeProblem(socket)
    if (problem) return next(connectRefusal(problem))
    const address = addresses.of(socket.request)
    try {
      const byAddress = await admission.take('connections', { identity: null, address })
      if (byAddress > 0) return next(connectRefusal('rate_limited', byAddress))
      const agent = await verifyAgent(socket.request)
      if (!agent) return next(connectRefusal('unauthenticated'))
      const who = agentSender(agent.agentId)
      const wait = await admission.take('connections', { identity: who, address: null })
      if (wait > 0) return next(connectRefusal('rate_limited', wait))
      if (!connections.hasRoom(who, address)) return next(connectRefusal('rate_limited', NO_ROOM_MS))
      socket.data = { agent, address, provedAt: clock.now() } satisfies Proved
      next()
    } catch {
      log({ level: 'warn', event: 'verifyAgentFailed' })
      next(connectRefusal('store_unavailable'))
    }
  })

  namespace.on('connection', socket => {
    const proved = socket.data as Proved
    const { agentId, name } = proved.agent
    const session = {
      agentId,
      name,
      address: proved.address,
      // As of the last proof: a lead who is no longer one stops being one here.
      get roles() {
        return proved.agent.roles
      },
      get teams() {
        return proved.agent.teams ?? []
      },
      get skills() {
        return proved.agent.skills
      },
      get languages() {
        return proved.agent.languages
      },
      join: (conversationId: string) => joinRoom(socket, conversationId),
    }
    const token = sessionToken(socket.request)
    if (token) void socket.join(roomOfSession(token))
    void socket.join(roomOfAgent(agentId))
    socket.on('disconnect', connections.add(agentSender(agentId), proved.address))
    socket.on('disconnect', conversations.agentConnected(agentId, session))
    serveCalls(socket, (call, body) => conversations.deskCall(session, call, body))
  })

  async function proveOne(sockets: readonly Socket[]) {
    const [first] = sockets
    if (!first) return
    let agent: VerifiedAgent | null | 'unknown' = 'unknown'
    try {
      agent = await verifyAgent(first.request)
    } catch {
      log({ level: 'warn', event: 'verifyAgentFailed' })
    }
    for (const socket of sockets) {
      const proved = socket.data as Proved
      const holds =
        agent === 'unknown'
          ? clock.now() - proved.provedAt < UNPROVED_MS
          : agent?.agentId === proved.agent.agentId
      if (!holds) socket.disconnect(true)
      else if (agent !== 'unknown' && agent) {
        proved.agent = agent
        proved.provedAt = clock.now()
      }
    }
  }

  return {
    endSession: token => endRoom(roomOfSession(token)),
    endAgent: agentId => endRoom(roomOfAgent(agentId)),
    async proveAgain() {
      // The tabs of one session ask once. Without the built-in cookie each connection is its own.
      const bySession = new Map<string, Socket[]>()
      for (const socket of namespace.sockets.values()) {
        const key = sessionToken(socket.request) ?? socket.id
        bySession.set(key, [...(bySession.get(key) ?? []), socket])
      }
      await Promise.all([...bySession.values()].map(proveOne))
    },
  }
}
