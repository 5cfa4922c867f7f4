// The real server, in a process of its own so that a crash is seen: what `asklet serve` mounts, with a clock whose
// waits are ten times shorter. Says its port over IPC, and its memory when asked.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { attachHelpDesk } from '../../src/server/attachHelpDesk'
import { HTTP_LIMITS, MAX_CONNECTIONS } from '../../src/server/http'
import { signedVisitors } from '../../src/server/signedVisitors'
import { SOCKET_OPTIONS } from '../../src/server/socketDoor'
import { openSqlStore } from '../../src/server/store/openSqlStore'

const [file = '', privateDir = '', secret = '', helpDir = ''] = process.argv.slice(2)
const store = await openSqlStore({ file })
const web = createServer(HTTP_LIMITS, (request, response) => {
  helpDesk.handler(request, response).then(
    isAnswered => isAnswered || response.writeHead(404).end(),
    () => response.destroy(),
  )
})
web.maxConnections = MAX_CONNECTIONS
const helpDesk = attachHelpDesk(new Server(web, SOCKET_OPTIONS), {
  store,
  privateDir,
  helpDir,
  attachmentsDir: `${file}.files`,
  config: { journal: true },
  verifyVisitor: signedVisitors({ secret }),
  allowedOrigins: ['https://shop.example'],
  // So that one machine can play visitors from many.
  trustedProxies: ['127.0.0.1'],
  clock: {
    now: Date.now,
    after(ms, task) {
      const timer = setTimeout(task, ms / 10)
      return () => clearTimeout(timer)
    },
  },
})
web.listen(0, '127.0.0.1', () => process.send?.({ port: (web.address() as AddressInfo).port }))
process.on('message', () => process.send?.({ rss: process.memoryUsage().rss }))
// Without its parent it has no reason to be.
process.on('disconnect', () => process.exit(0))
