// The socket on a line that carries nothing any more and tells nobody. Its seconds are 30 ms each, but not those of
// the ping time: that is longer than a test may take.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEnvironment, type Environment } from '../../../src/base/environment'
import type { LinkState, LiveTransport } from '../../../src/live/liveTransport'
import { createSocketTransport } from '../../../src/live/socketTransport'
import { VISITOR_NAMESPACE } from '../../../src/protocol/version'
import type { Pushes, PushName } from '../../../src/protocol/wire'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createFaultProxy, type FaultProxy } from '../../support/faultProxy'

const SECOND = 30
const real = createEnvironment()
const fast: Environment = { ...real, after: (ms, task) => real.after((ms / 1_000) * SECOND, task) }
const seconds = (count: number) => new Promise(done => setTimeout(done, count * SECOND))

let io: Server
let line: FaultProxy
let socket: LiveTransport
let links: LinkState[]
let heard: string[]

beforeEach(async () => {
  const web = createServer()
  io = new Server(web, { transports: ['websocket'] })
  heard = []
  io.of(VISITOR_NAMESPACE).on('connection', each =>
    each.onAny((name, _body, answer) => {
      heard.push(name)
      answer({ ok: true, conversationId: 'conversation-1', epoch: 'e', open: true, agentsOnline: 1 })
    }),
  )
  await new Promise<void>(done => web.listen(0, '127.0.0.1', done))
  const { port } = web.address() as AddressInfo
  line = await createFaultProxy({ target: () => port, random: () => 0 })
  socket = createSocketTransport({
    environment: fast,
    url: `http://127.0.0.1:${line.port}`,
    auth: async () => ({ v: 1 }),
    probe: { name: 'availability', body: { v: 1 } },
  })
  links = []
  socket.onLink(state => links.push(state))
  socket.connect()
  await until('online')
})
afterEach(async () => {
  socket.close()
  await line.close()
  await io.close()
})

const until = async (state: LinkState) => {
  while (links.at(-1) !== state) await seconds(1)
}
const open = () => socket.request('open', { v: 1, openId: 'open-0001', brief: emptyBrief() })

test.each(['up', 'down', 'both'] as const)(
  '[D15] who speaks into a line that is half-open (%s) is back before the ping time has passed',
  async blackhole => {
    line.set({ blackhole })
    expect(await open()).toMatchObject({ code: 'no_answer' })
    await until('retrying')
    line.set(null)
    await until('online')
    expect(await open()).toMatchObject({ ok: true })
  },
)

test('[T4] every push that the protocol names comes through, with what it says', async () => {
  const conversationId = 'conversation-1'
  const pushes: Pushes = {
    events: { conversationId, epoch: 'e', events: [] },
    head: { conversationId, epoch: 'e', head: 1 },
    place: { conversationId, place: 1, expectedWaitMs: null },
    typing: { conversationId, who: 'visitor' },
    queueChanged: {},
    // A colleague's note is in the thread by this; nobody heard it, and it came with the next look.
    detailsChanged: { conversationId },
    deskChanged: { what: 'people' },
    agentPresence: { conversationId, state: 'here' },
    restart: {},
  }
  const came: Partial<Record<PushName, object>> = {}
  const names = Object.keys(pushes) as PushName[]
  const all = Promise.all(
    names.map(
      name =>
        new Promise<void>(done => {
          socket.on(name, push => {
            came[name] = push
            done()
          })
        }),
    ),
  )
  for (const name of names) io.of(VISITOR_NAMESPACE).emit(name, pushes[name])
  await Promise.race([all, seconds(60)])
  expect(came).toEqual(pushes)
})

test('one answer that is lost ends no link that answers otherwise', async () => {
  line.set({ loseAcks: 1 })
  expect(await open()).toMatchObject({ code: 'no_answer' })
  await seconds(30)
  expect(heard).toEqual(['open', 'availability'])
  expect(links).not.toContain('retrying')
})

test('a slow line is not given up while it carries', async () => {
  // What is on the wire takes some 16 s of these: longer than a call may, shorter than a call and the probe behind it.
  line.set({ bytesPerSecond: 8_192 })
  const draft = {
    clientId: 'client-01',
    body: { type: 'message', text: 'x'.repeat(4_000), format: 'plain' },
  } as const
  const reply = await socket.request('send', { v: 1, conversationId: 'conversation-1', drafts: [draft] })
  expect(reply).toMatchObject({ code: 'no_answer' })
  await seconds(20)
  expect(heard).toEqual(['send', 'availability'])
  expect(links).not.toContain('retrying')
})

test('[D15] a page that is shown again asks at once, also while an unanswered call is looked into', async () => {
  line.set({ blackhole: 'down' })
  await open()
  const shown = Date.now()
  socket.nudge()
  await until('retrying')
  expect(Date.now() - shown).toBeLessThan(8 * SECOND)
})

test('[D15] a browser that says "offline" in the middle of connecting ends nothing for good', async () => {
  const window = Object.assign(new EventTarget(), {
    document: {},
    location: { href: 'https://shop.example/' },
  })
  let prove = (_proof: { v: number }) => {}
  const asked = new Promise<void>(isAsked => {
    const proof = new Promise<{ v: number }>(resolve => {
      prove = resolve
    })
    const flapping = createSocketTransport({
      environment: { ...fast, window: window as unknown as Window & typeof globalThis },
      url: `http://127.0.0.1:${line.port}`,
      auth: () => {
        isAsked()
        return proof
      },
      probe: { name: 'availability', body: { v: 1 } },
    })
    socket.close()
    socket = flapping
  })
  links = []
  socket.onLink(state => links.push(state))
  socket.connect()
  await asked
  window.dispatchEvent(new Event('offline'))
  prove({ v: 1 })
  await until('online')
  // Connected, the same word cuts a line that would be waited for in vain.
  window.dispatchEvent(new Event('offline'))
  await until('retrying')
  await until('online')
})
