// A help desk as a host mounts it: a real HTTP server, real sockets and a database file, on a free loopback port.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server as SocketServer } from 'socket.io'
import type { Socket } from 'socket.io-client'
import { type AttachedHelpDesk, attachHelpDesk, type HelpDeskOptions } from '../../src/server/attachHelpDesk'
import { SOCKET_OPTIONS } from '../../src/server/socketDoor'
import type { HelpDeskStore } from '../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../src/server/store/openSqlStore'
import { connected, openSocket } from './sockets'

export interface HelpDeskServer {
  readonly store: HelpDeskStore
  readonly io: SocketServer
  readonly helpDesk: AttachedHelpDesk
  /** `http://127.0.0.1:<port>` */
  readonly base: string
  /** Resolves once connected, rejects with the refusal. */
  socketTo(namespace: string, auth: object, extraHeaders?: Record<string, string>): Promise<Socket>
  /** The sockets go first; those that are to live on are let go of before. */
  close(): Promise<void>
  /** From now on `close` leaves the sockets of before alone. */
  letGoOfSockets(): void
}

export async function startHelpDesk(
  file: string,
  options: Omit<HelpDeskOptions, 'store'>,
): Promise<HelpDeskServer> {
  const store = await openSqlStore({ file })
  const web = createServer(async (request, response) => {
    if (await helpDesk.handler(request, response)) return
    response.writeHead(418).end()
  })
  const io = new SocketServer(web, SOCKET_OPTIONS)
  const helpDesk = attachHelpDesk(io, { store, ...options })
  await new Promise<void>(done => web.listen(0, '127.0.0.1', done))
  const base = `http://127.0.0.1:${(web.address() as AddressInfo).port}`
  const sockets: Socket[] = []
  return {
    store,
    io,
    helpDesk,
    base,
    socketTo(namespace, auth, extraHeaders) {
      const socket = openSocket(`${base}${namespace}`, auth, extraHeaders)
      sockets.push(socket)
      return connected(socket)
    },
    letGoOfSockets() {
      sockets.length = 0
    },
    async close() {
      for (const socket of sockets.splice(0)) socket.disconnect()
      await helpDesk.close()
      await io.close()
      web.closeAllConnections()
      await store.close()
    },
  }
}
