// The carriers that a page uses, held to the contract over a real server and a line that can be cut.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server as SocketServer } from 'socket.io'
import { describe, expect, test } from 'vitest'
import { createEnvironment } from '../../src/base/environment'
import { createHttpTransport } from '../../src/live/httpTransport'
import type { LinkState, LiveTransport } from '../../src/live/liveTransport'
import { createSocketTransport } from '../../src/live/socketTransport'
import { VISITOR_NAMESPACE } from '../../src/protocol/version'
import { attachHelpDesk } from '../../src/server/attachHelpDesk'
import { SOCKET_OPTIONS } from '../../src/server/socketDoor'
import { openSqlStore } from '../../src/server/store/openSqlStore'
import { type TransportUnderTest, transportContract } from '../../src/testing/contracts/transportContract'
import { emptyBrief } from '../../src/testing/emptyBrief'
import { createTcpProxy } from '../support/tcpProxy'

const SECRET = 'visitor-secret-0123456789'

async function standUp(
  make: (url: string) => LiveTransport,
): Promise<TransportUnderTest & { opened(): number }> {
  const store = await openSqlStore({ file: ':memory:' })
  let served = 0
  let opened = 0
  const web = createServer(async (request, response) => {
    if (request.url?.endsWith('/availability')) served++
    if (request.url?.endsWith('/open')) opened++
    if (!(await helpDesk.handler(request, response))) response.writeHead(404).end()
  })
  const io = new SocketServer(web, SOCKET_OPTIONS)
  const helpDesk = attachHelpDesk(io, { store })
  io.of(VISITOR_NAMESPACE).on('connection', socket => {
    socket.onAny(name => {
      if (name === 'availability') served++
    })
  })
  await new Promise<void>(done => web.listen(0, '127.0.0.1', done))
  const line = await createTcpProxy((web.address() as AddressInfo).port)

  const transport = make(`http://127.0.0.1:${line.port}`)
  let link: LinkState = 'offline'
  let isWanted = false
  let isCut = false
  transport.onLink(state => {
    link = state
  })
  return {
    transport: {
      ...transport,
      connect() {
        isWanted = true
        transport.connect()
      },
      close() {
        isWanted = false
        transport.close()
      },
    },
    cut() {
      isCut = true
      line.cut()
      // Who only speaks when asked notices a broken line by asking.
      void transport.request('typing', { v: 1, conversationId: 'nobody-at-all' })
    },
    restore() {
      isCut = false
      line.restore()
      transport.nudge()
    },
    push: () => void io.of(VISITOR_NAMESPACE).emit('queueChanged', {}),
    // Until the link is what it should be by now, and then for one round trip.
    async settle() {
      const until = Date.now() + 10_000
      while (isWanted && (link === 'online') === isCut && Date.now() < until) await later(10)
      await later(60)
    },
    served: () => served,
    opened: () => opened,
    async cleanUp() {
      await helpDesk.close()
      await io.close()
      await line.close()
      web.closeAllConnections()
      await store.close()
    },
  }
}

function later(ms: number): Promise<void> {
  return new Promise(done => setTimeout(done, ms))
}

describe('socket', () => {
  const suite = transportContract(() =>
    standUp(url =>
      createSocketTransport({
        environment: createEnvironment(),
        url,
        auth: async () => ({ v: 1, secret: SECRET }),
        probe: { name: 'availability', body: { v: 1 } },
      }),
    ),
  )
  for (const { title, run } of suite) test(title, run)
})

describe('HTTP', () => {
  const create = () =>
    standUp(url =>
      createHttpTransport({
        environment: createEnvironment(),
        url,
        headers: async () => ({ authorization: `Bearer ${SECRET}` }),
      }),
    )
  // T4: a request has no way to be spoken to unasked; this carrier makes its pushes from what it polls.
  // T2: the case counts availability calls, by which this carrier finds out whether the line is back.
  const apart = /^\[(T2|T4)\]/
  for (const { title, run } of transportContract(create).filter(({ title }) => !apart.test(title)))
    test(title, run)

  test('[T2] a request that got no answer is not sent again', async () => {
    const made = await create()
    made.transport.connect()
    await made.settle()
    made.cut()
    const reply = await made.transport.request('open', { v: 1, openId: 'open-0001', brief: emptyBrief() })
    expect(reply).toMatchObject({ ok: false, code: 'no_answer' })
    made.restore()
    await made.settle()
    expect(made.opened()).toBe(0)
    made.transport.close()
    await made.cleanUp()
  })
})
