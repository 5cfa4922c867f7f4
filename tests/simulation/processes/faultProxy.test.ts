// The bad line by itself: each weather does to a real Socket.IO connection what its name says, and nothing else.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { Server } from 'socket.io'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFaultProxy, type FaultProxy } from '../../support/faultProxy'

const web = createServer((_request, response) => response.end('answered'))
const connections = new Set<Duplex>()
web.on('connection', connection => {
  connections.add(connection)
  connection.once('close', () => connections.delete(connection))
})
const server = new Server(web, { transports: ['websocket'] })
let line: FaultProxy
let client: Socket
let heard: unknown[] = []
let pushed: unknown[] = []

beforeAll(async () => {
  server.on('connection', socket =>
    socket.on('send', (body, answer) => {
      heard.push(body)
      answer({ ok: true, body })
    }),
  )
  await new Promise<void>(done => web.listen(0, '127.0.0.1', done))
  const { port } = web.address() as AddressInfo
  line = await createFaultProxy({ target: () => port, random: () => 0 })
})
afterAll(async () => {
  client.close()
  await line.close()
  await server.close()
})
beforeEach(async () => {
  client?.close()
  line.set(null)
  heard = []
  pushed = []
  client = io(`http://127.0.0.1:${line.port}`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  })
  client.on('events', push => pushed.push(push))
  await new Promise<void>(done => client.on('connect', done))
})

/** The answer, or null when none comes. */
const send = (body: unknown, withinMs = 150): Promise<unknown> =>
  client
    .timeout(withinMs)
    .emitWithAck('send', body)
    .catch(() => null)
const push = (...bodies: unknown[]) => {
  for (const body of bodies) server.emit('events', body)
}
const settle = (ms = 60) => new Promise(done => setTimeout(done, ms))

test('a good line carries all, once and in order', async () => {
  expect(await send('a')).toEqual({ ok: true, body: 'a' })
  push(1, 2, 3)
  await settle()
  expect([heard, pushed]).toEqual([['a'], [1, 2, 3]])
})

test('only sends lost: the server hears nothing, pushes arrive', async () => {
  line.set({ loseSends: 1 })
  expect(await send('a')).toBeNull()
  push(1)
  await settle()
  expect([heard, pushed, line.hits.lostSend]).toEqual([[], [1], 1])
})

test('only answers lost: the server has it, the sender does not know', async () => {
  line.set({ loseAcks: 1 })
  expect(await send('a')).toBeNull()
  push(1)
  await settle()
  expect([heard, pushed, line.hits.lostAck]).toEqual([['a'], [1], 1])
})

test('sends doubled, pushes doubled', async () => {
  line.set({ doubleSends: 1, doublePushes: 1 })
  expect(await send('a')).not.toBeNull()
  push(1)
  await settle()
  expect([heard, pushed]).toEqual([
    ['a', 'a'],
    [1, 1],
  ])
})

test('pushes lost: the answers to calls are none', async () => {
  line.set({ losePushes: 1 })
  push(1, 2)
  expect(await send('a')).not.toBeNull()
  expect(pushed).toEqual([])
})

test('pushes reordered: a held one passes behind the next, and in the end alone', async () => {
  line.set({ reorderPushes: 1 })
  push(1, 2, 3)
  await settle(600)
  expect(pushed).toEqual([2, 1, 3])
})

test('150 ms ± 150 ms, 8 KB/s, 7-byte slices: late and whole', async () => {
  for (const weather of [{ delayMs: [80, 80] as const }, { bytesPerSecond: 8_192 }, { sliceBytes: 7 }]) {
    line.set(weather)
    const long = 'x'.repeat(1_000)
    expect(await send(long, 3_000)).toEqual({ ok: true, body: long })
  }
  expect(Math.min(line.hits.delayed, line.hits.throttled, line.hits.sliced)).toBeGreaterThan(0)
})

test('half-open: nothing comes through and nobody is told, until the weather clears and the connection is reset', async () => {
  for (const blackhole of ['up', 'down', 'both'] as const) {
    line.set({ blackhole })
    expect(await send(blackhole)).toBeNull()
    expect(client.connected).toBe(true)
    line.set(null)
    await new Promise<void>(done => (client.connected ? client.once('disconnect', () => done()) : done()))
    client.connect()
    await new Promise<void>(done => client.once('connect', done))
  }
  expect(heard).toEqual(['down'])
})

test('half-open, and the server goes away meanwhile: the reset comes all the same when the weather clears', async () => {
  for (const blackhole of ['down', 'both'] as const) {
    const gone = new Promise<void>(done => client.once('disconnect', () => done()))
    line.set({ blackhole })
    // As when its process is killed: no goodbye, the system closes the connections.
    for (const each of connections) each.destroy()
    await settle()
    expect(client.connected).toBe(true)
    line.set(null)
    await gone
    client.connect()
    await new Promise<void>(done => client.once('connect', done))
  }
})

test('reset and refused: open connections end, new ones do not begin', async () => {
  line.set({ refuses: true })
  const gone = new Promise(done => client.once('disconnect', done))
  expect(line.reset()).toBeGreaterThan(0)
  await gone
  client.connect()
  await new Promise(done => client.once('connect_error', done))
  expect(line.hits.refused).toBeGreaterThan(0)
})

test('a plain request whose answer is lost ends without one', async () => {
  const ask = () => fetch(`http://127.0.0.1:${line.port}/`, { headers: { connection: 'close' } })
  expect(await (await ask()).text()).toBe('answered')
  line.set({ loseAcks: 1 })
  await expect(ask()).rejects.toThrow()
})
