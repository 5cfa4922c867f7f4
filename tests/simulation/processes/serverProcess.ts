// One node of the help desk as a process: what `asklet serve` mounts, on a database that is given. Ends gracefully
// at SIGTERM. Takes one order over its channel: where to kill itself around the next commit.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { secureRandomId } from '../../../src/base/environment'
import { SESSION_COOKIE } from '../../../src/server/agents'
import { attachHelpDesk } from '../../../src/server/attachHelpDesk'
import { createBroker } from '../../../src/server/broker'
import { signedVisitors } from '../../../src/server/signedVisitors'
import { SOCKET_OPTIONS } from '../../../src/server/socketDoor'
import { openPostgresStore } from '../../../src/server/store/openPostgresStore'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { armTrap, type Trap } from './trap'

export interface ServerConfig {
  readonly port: number
  /** A file, or the address of a Postgres that other nodes write to as well. */
  readonly data: { readonly file: string } | { readonly postgres: string; readonly broker: string }
  readonly origins: readonly string[]
  readonly agents: readonly string[]
  /** Cookies of the agents, made when absent. */
  readonly sessions: string
  readonly hasNewEpoch?: boolean
  /** Signs visitors in. */
  readonly secret: string
}

export type ServerOrder = { readonly arm: Trap; readonly holding?: string }
export type ServerWord = { readonly word: 'listening' }

const config = JSON.parse(process.argv[2] ?? '{}') as ServerConfig
const { data } = config
const store =
  'file' in data ? await openSqlStore({ file: data.file }) : await openPostgresStore({ url: data.postgres })
const broker = 'file' in data ? null : await createBroker({ url: data.broker })
if (config.hasNewEpoch) await store.newEpoch(secureRandomId())
const web = createServer()
const io = new Server(web, { ...SOCKET_OPTIONS, ...(broker && { adapter: broker.adapter }) })
const helpDesk = attachHelpDesk(io, {
  store,
  verifyVisitor: signedVisitors({ secret: config.secret }),
  ...(broker && { broker }),
  allowedOrigins: config.origins,
  log: line => console.log(`${new Date().toISOString()} ${line}`),
})
await addAgents()
web.on('request', (request, response) => {
  if (request.url?.startsWith('/socket.io/')) return
  helpDesk.handler(request, response).then(
    isAnswered => {
      if (!isAnswered) response.writeHead(404).end()
    },
    () => response.destroy(),
  )
})
process.on('message', (order: ServerOrder) => armTrap(order.arm, order.holding))
process.once('SIGTERM', () => void end())
// Without its parent it has no task.
process.once('disconnect', () => process.exit(0))
web.listen(config.port, '127.0.0.1', () => process.send?.({ word: 'listening' } satisfies ServerWord))

async function end() {
  await helpDesk.close()
  const closing = io.close()
  web.closeAllConnections()
  await closing
  await broker?.close()
  await store.close()
  process.exit(0)
}

async function addAgents() {
  const sessions: Record<string, string> = existsSync(config.sessions)
    ? (JSON.parse(readFileSync(config.sessions, 'utf8')) as Record<string, string>)
    : {}
  let isChanged = false
  for (const name of config.agents) {
    if (sessions[name]) continue
    const { agentId } = await helpDesk.agents.add({ name, agentId: name })
    const { token } = await helpDesk.agents.startSession(agentId)
    sessions[name] = `${SESSION_COOKIE}=${token}`
    isChanged = true
  }
  if (isChanged) writeFileSync(config.sessions, JSON.stringify(sessions))
}
