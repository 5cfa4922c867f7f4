// The help desk as a host mounts it: real store, real gateways, agents proved by a header instead of a session.

import { Server } from 'socket.io'
import { attachHelpDesk } from '../../../src/server/attachHelpDesk'
import { SOCKET_OPTIONS } from '../../../src/server/socketDoor'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { serveMeasured } from './measured'

/** The bench's agents are no office: nobody is lost because the bench pauses between two figures. */
const NEVER_MS = 24 * 60 * 60_000

serveMeasured(async (web, file) => {
  const store = await openSqlStore({ file })
  const io = new Server(web, SOCKET_OPTIONS)
  const helpDesk = attachHelpDesk(io, {
    store,
    verifyAgent({ headers }) {
      const agentId = headers['x-bench-agent']
      return typeof agentId === 'string' ? { agentId, name: agentId, roles: [] } : null
    },
    timers: { keepPlaceMs: NEVER_MS, agentGoneMs: NEVER_MS, waitAtMostMs: NEVER_MS },
    log(line) {
      if (!line.startsWith('asklet info')) console.error(line)
    },
  })
  web.on('request', (request, response) => {
    if (!request.url?.startsWith('/socket.io/')) void helpDesk.handler(request, response)
  })
  return async () => {
    await helpDesk.close()
    await io.close()
    await store.close()
  }
})
