// What leaves over real sockets: in how many writes, and whole.

import { createServer, type Server as WebServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import { type Socket as ClientSocket, io as connect } from 'socket.io-client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { attachHelpDesk } from '../../../src/server/attachHelpDesk'
import { SOCKET_OPTIONS } from '../../../src/server/socketDoor'
import { framed, holdForTurn } from '../../../src/server/socketWrites'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'

let web: WebServer
let io: Server
let here: ClientSocket
let there: Socket

beforeEach(async () => {
  web = createServer()
  io = new Server(web, SOCKET_OPTIONS)
  await new Promise<void>(done => web.listen(0, '127.0.0.1', done))
})
afterEach(async () => {
  here.close()
  await io.close()
})

/** A client, and the server's end of its connection. */
async function meet(namespace: string, auth: object = {}): Promise<void> {
  const { port } = web.address() as AddressInfo
  here = connect(`http://127.0.0.1:${port}${namespace}`, { transports: ['websocket'], auth })
  const coming = new Promise<Socket>(done => void io.of(namespace).once('connection', done))
  await new Promise<void>(done => here.once('connect', done))
  there = await coming
}

function countWrites(): () => number {
  // What a stream's user sees of its writes is that there were some: how many is between it and the kernel.
  const wire = there.request.socket as unknown as { _write(): void; _writev(): void }
  const spies = [vi.spyOn(wire, '_write'), vi.spyOn(wire, '_writev')]
  return () => spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
}

function say(...words: unknown[]): void {
  const packet = `2${JSON.stringify(words)}`
  holdForTurn(there)
  there.conn.write(packet, framed(packet))
}

function heard(count: number): Promise<unknown[][]> {
  const all: unknown[][] = []
  return new Promise(done =>
    here.onAny((...words) => {
      all.push(words)
      if (all.length === count) done(all)
    }),
  )
}

test('the ok of a message and its push leave in one write', async () => {
  const store = await openSqlStore({ file: ':memory:' })
  const helpDesk = attachHelpDesk(io, { store })
  await meet('/asklet', { v: 1, secret: 'visitor-secret-0123456789' })
  const brief = emptyBrief()
  const { conversationId, epoch } = await here.emitWithAck('open', { v: 1, openId: 'open-0001', brief })
  await here.emitWithAck('sync', { v: 1, conversationId, after: 1, epoch })

  const pushed = heard(1)
  const writes = countWrites()
  const body = { type: 'message', text: 'Where is my invoice?', format: 'plain' }
  const drafts = [{ clientId: 'client-0001', body }]
  const reply = await here.emitWithAck('send', { v: 1, conversationId, drafts })
  expect(reply).toMatchObject({ ok: true, results: [{ seq: 2 }] })
  expect(await pushed).toMatchObject([['events', { events: [{ seq: 2, body }] }]])
  expect(writes()).toBe(1)
  await helpDesk.close()
  await store.close()
})

test('what is said in one turn leaves in one write, in order, and so does what the next one says', async () => {
  await meet('/')
  const words = heard(4)
  const writes = countWrites()
  say('first')
  await null
  say('second')
  there.emit('third')
  await new Promise(setImmediate)
  expect(writes()).toBe(1)
  say('fourth')
  expect(await words).toEqual([['first'], ['second'], ['third'], ['fourth']])
  expect(writes()).toBe(2)
})

test.each([20, 124, 125, 126, 127, 65_535, 65_536, 100_000])(
  'a text comes as it was said where its frame holds %i bytes',
  async bytes => {
    await meet('/')
    const around = Buffer.byteLength('42["text","я€"]')
    const text = `я€${'x'.repeat(bytes - around)}`
    const words = heard(2)
    say('text', text)
    say('text', 'whole')
    expect(await words).toEqual([
      ['text', text],
      ['text', 'whole'],
    ])
  },
)

test('what was said before a goodbye is heard, and nothing breaks when somebody is cut off in the middle', async () => {
  await meet('/')
  const words = heard(1)
  say('restart')
  there.disconnect(true)
  expect(await words).toEqual([['restart']])
  await meet('/')
  const gone = new Promise(done => there.once('disconnect', done))
  say('unheard')
  there.request.socket.destroy()
  await gone
  say('unheard')
  await new Promise(setImmediate)
})
