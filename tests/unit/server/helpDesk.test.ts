// A real HTTP server, real sockets and a real database file: what a page, a desk and an intruder see.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Socket } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEnvironment } from '../../../src/base/environment'
import { createHttpTransport } from '../../../src/live/httpTransport'
import type { LiveTransport } from '../../../src/live/liveTransport'
import { createSocketTransport } from '../../../src/live/socketTransport'
import type { StoredEvent } from '../../../src/protocol/events'
import type { Reply, SyncPage } from '../../../src/protocol/wire'
import {
  type AttachedHelpDesk,
  attachHelpDesk,
  type HelpDeskOptions,
} from '../../../src/server/attachHelpDesk'
import { signedVisitors, signVisitor } from '../../../src/server/signedVisitors'
import type { HelpDeskStore } from '../../../src/server/store/helpDeskStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { type HelpDeskServer, startHelpDesk } from '../../support/helpDeskServer'

const KEY = 'a key of at least thirty-two chars'
const SECRET = 'visitor-secret-0123456789'
const OTHER = 'another-secret-0123456789'

let folder: string
let server: HelpDeskServer
let store: HelpDeskStore
let helpDesk: AttachedHelpDesk
let base: string
let logged: string[]

async function start(change: Partial<HelpDeskOptions> = {}) {
  server = await startHelpDesk(join(folder, 'desk.db'), {
    config: {},
    verifyVisitor: signedVisitors(KEY),
    allowedOrigins: ['https://shop.example'],
    privateDir: join(folder, 'private'),
    log: line => logged.push(line),
    ...change,
  })
  ;({ store, helpDesk, base } = server)
}
const stop = () => server.close()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asklet-desk-'))
  logged = []
  await start()
})
afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

const socketTo: HelpDeskServer['socketTo'] = (...to) => server.socketTo(...to)
const visitor = (secret = SECRET, more: object = {}) => socketTo('/asklet', { v: 1, secret, ...more })
const ask = <T>(socket: Socket, name: string, body: object): Promise<Reply<T>> =>
  socket.timeout(5_000).emitWithAck(name, { v: 1, ...body })

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${base}/asklet/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Reply<never> & Record<string, unknown>,
  }
}
const bearer = (secret = SECRET) => ({ authorization: `Bearer ${secret}` })

async function agent(name = 'Ada') {
  await helpDesk.agents.add({ name })
  const signedIn = await post('desk/signin', { link: await helpDesk.agents.link(name) })
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  return { cookie, socket: await socketTo('/asklet-desk', { v: 1 }, { cookie }) }
}

const message = (text: string, clientId: string) => ({
  clientId,
  body: { type: 'message', text, format: 'plain' },
})
async function opened(socket: Socket, openId = 'open-0001'): Promise<string> {
  const reply = await ask<{ conversationId: string }>(socket, 'open', { openId, brief: emptyBrief() })
  if (!reply.ok) throw new Error(reply.code)
  return reply.conversationId
}
async function thread(socket: Socket, conversationId: string): Promise<readonly StoredEvent[]> {
  const reply = await ask<SyncPage>(socket, 'sync', { conversationId, after: 0, epoch: '' })
  if (!reply.ok) throw new Error(reply.code)
  return reply.events
}
const handoff = { clientId: 'handoff-1', body: { type: 'handoffReady', channel: 'live' } }
const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'let in',
    (error: Error) => error.message,
  )

describe('a conversation', () => {
  test('a visitor asks, an agent signs in by link, claims and answers; both ends hold the same thread', async () => {
    const desk = await agent()
    const page = await visitor()
    const conversationId = await opened(page)
    await ask(page, 'send', { conversationId, drafts: [message('Where is my invoice?', 'client-01')] })
    const noticed = new Promise(done => desk.socket.once('queueChanged', done))
    await ask(page, 'send', { conversationId, drafts: [handoff] })
    await noticed
    const queue = await ask<{ rows: { conversationId: string; assignment: number }[] }>(
      desk.socket,
      'queue',
      {},
    )
    expect(queue.ok && queue.rows.map(row => row.conversationId)).toEqual([conversationId])
    expect(await ask(desk.socket, 'claim', { conversationId, expected: 0 })).toEqual({
      ok: true,
      assignment: 1,
    })
    await thread(page, conversationId)
    const pushed = new Promise<{ events: StoredEvent[] }>(done => page.once('events', done))
    await ask(desk.socket, 'send', {
      conversationId,
      drafts: [
        { clientId: 'agent-01', body: { type: 'message', text: '**Here** it is.', format: 'markdown' } },
      ],
    })
    expect((await pushed).events[0]?.body).toMatchObject({ text: '**Here** it is.' })
    const both = await Promise.all([thread(page, conversationId), thread(desk.socket, conversationId)])
    expect(both[0]).toEqual(both[1])
    // An invoice is a category that the server reads by itself: its event (D44) is one of both ends', too.
    expect(both[0].map(({ body }) => body.type)).toContain('triaged')
    expect(both[0].map(event => event.seq)).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('[D3] a message sent by socket and again by HTTP is one message', async () => {
    const page = await visitor()
    const conversationId = await opened(page)
    const body = { v: 1, conversationId, drafts: [message('once', 'client-01')] }
    await ask(page, 'send', body)
    const again = await post('send', body, bearer())
    expect(again.body).toMatchObject({ ok: true, results: [{ seq: 2, dup: true }] })
  })

  test('[D18] of two agents one wins, the other is told', async () => {
    const ada = await agent('Ada')
    const bob = await agent('Bob')
    const page = await visitor()
    const conversationId = await opened(page)
    await ask(page, 'send', { conversationId, drafts: [handoff] })
    const replies = await Promise.all(
      [ada, bob].map(({ socket }) => ask(socket, 'claim', { conversationId, expected: 0 })),
    )
    expect(replies.map(reply => (reply.ok ? 'ok' : reply.code)).sort()).toEqual(['ok', 'stale_assignment'])
  })

  test('[D4] [D7] a restart from the same file keeps every event and the epoch', async () => {
    const page = await visitor()
    const conversationId = await opened(page)
    await ask(page, 'send', { conversationId, drafts: [message('kept', 'client-01')] })
    const before = await ask<SyncPage>(page, 'sync', { conversationId, after: 0, epoch: '' })
    const told = new Promise(done => page.once('restart', done))
    // The page stays connected: it is the server that goes.
    server.letGoOfSockets()
    await stop()
    await told
    await start()
    const after = await ask<SyncPage>(await visitor(), 'sync', { conversationId, after: 0, epoch: '' })
    expect(after).toEqual(before)
  })

  test.each(['socket', 'http'] as const)('the page’s own %s carrier is understood', async kind => {
    const environment = createEnvironment()
    const carrier: LiveTransport =
      kind === 'socket'
        ? createSocketTransport({
            environment,
            url: base,
            auth: async () => ({ v: 1, secret: SECRET }),
            probe: { name: 'availability', body: { v: 1 } },
          })
        : createHttpTransport({ environment, url: base, headers: async () => bearer() })
    const online = new Promise<void>(done => carrier.onLink(state => state === 'online' && done()))
    carrier.connect()
    await online
    const reply = await carrier.request('open', { v: 1, openId: 'open-0001', brief: emptyBrief() })
    if (!reply.ok) throw new Error(reply.code)
    const { conversationId, epoch } = reply
    const draft = {
      clientId: 'client-01',
      body: { type: 'message', text: 'hello', format: 'plain' },
    } as const
    expect(await carrier.request('send', { v: 1, conversationId, drafts: [draft] })).toMatchObject({
      ok: true,
    })
    const page = await carrier.request('sync', { v: 1, conversationId, after: 0, epoch })
    expect(page).toMatchObject({ ok: true, head: 2, events: [{ seq: 1 }, { seq: 2 }] })
    carrier.close()
  })

  test('a second tab over HTTP reads on from where it was', async () => {
    const conversationId = await opened(await visitor())
    const page = await post('sync', { v: 1, conversationId, after: 0, epoch: '' }, bearer())
    expect(page.body).toMatchObject({ ok: true, head: 1, events: [{ seq: 1 }] })
  })
})

describe('who is let in', () => {
  test('a visitor without a secret, with a short one, or with a bad token is not', async () => {
    expect(await refusalOf(socketTo('/asklet', { v: 1 }))).toBe('unauthenticated')
    expect(await refusalOf(socketTo('/asklet', { v: 1, secret: 'short' }))).toBe('unauthenticated')
    expect(await refusalOf(visitor(SECRET, { token: 'not.a.token' }))).toBe('unauthenticated')
    const late = await signVisitor(KEY, { visitorId: '7' }, -120_000)
    expect(await refusalOf(visitor(SECRET, { token: late }))).toBe('unauthenticated')
    const forged = await signVisitor(`${KEY}!`, { visitorId: '7' })
    expect(await refusalOf(visitor(SECRET, { token: forged }))).toBe('unauthenticated')
    expect((await post('sync', { v: 1 })).status).toBe(401)
  })

  test('a page of another version of the wire is told so', async () => {
    expect(await refusalOf(socketTo('/asklet', { v: 99, secret: SECRET }))).toBe('version_unsupported')
  })

  test('an anonymous secret and a later token claim the conversation', async () => {
    const conversationId = await opened(await visitor())
    const token = await signVisitor(KEY, { visitorId: '7', name: 'Vera' })
    await thread(await visitor(SECRET, { token }), conversationId)
    const elsewhere = await visitor(OTHER, { token })
    expect(await thread(elsewhere, conversationId)).toHaveLength(1)
  })

  test('[D1] somebody else’s conversation is refused, by socket and by HTTP', async () => {
    const conversationId = await opened(await visitor())
    const body = { conversationId, after: 0, epoch: '' }
    expect(await ask(await visitor(OTHER), 'sync', body)).toMatchObject({ ok: false, code: 'forbidden' })
    expect((await post('sync', { v: 1, ...body }, bearer(OTHER))).status).toBe(403)
  })

  test('the desk needs a session, and a visitor’s secret is none', async () => {
    expect(await refusalOf(socketTo('/asklet-desk', { v: 1 }))).toBe('unauthenticated')
    expect(await refusalOf(socketTo('/asklet-desk', { v: 1, secret: SECRET }))).toBe('unauthenticated')
    expect((await post('desk/me', {})).status).toBe(401)
  })

  test('a sign-in link works once; the cookie is out of reach of scripts and other sites', async () => {
    await helpDesk.agents.add({ name: 'Ada' })
    const link = await helpDesk.agents.link('Ada')
    const first = await post('desk/signin', { link })
    expect(first.body).toMatchObject({ ok: true, agent: { name: 'Ada' } })
    expect(first.headers.get('set-cookie')).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/)
    expect((await post('desk/signin', { link })).status).toBe(401)
  })

  test('name and password sign in; a wrong one, and an unknown name, look the same', async () => {
    await helpDesk.agents.add({ name: 'Ada', password: 'correct horse battery' })
    expect((await post('desk/signin', { name: 'ada', password: 'correct horse battery' })).status).toBe(200)
    const wrong = await post('desk/signin', { name: 'Ada', password: 'wrong horse battery' })
    const unknown = await post('desk/signin', { name: 'Eve', password: 'wrong horse battery' })
    expect([wrong.status, wrong.body]).toEqual([unknown.status, unknown.body])
  })

  test('an office whose agents share an address signs in by links all at once; guessed passwords do not', async () => {
    await helpDesk.agents.add({ agentId: 'noor', name: 'Noor' })
    const links = await Promise.all(Array.from({ length: 25 }, () => helpDesk.agents.link('noor')))
    for (const link of links) expect((await post('desk/signin', { link })).status).toBe(200)
    const guesses: number[] = []
    for (let i = 0; i < 12; i++)
      guesses.push((await post('desk/signin', { name: 'Noor', password: `a wrong guess ${i}` })).status)
    expect(guesses.at(-1)).toBe(429)
    // Each guess takes a third of a second of a processor, which others may have just now.
  }, 60_000)

  test('signing out ends the session and its connections', async () => {
    const { cookie, socket } = await agent()
    expect((await post('desk/me', {}, { cookie })).status).toBe(200)
    const dropped = new Promise(done => socket.once('disconnect', done))
    await post('desk/signout', {}, { cookie })
    await dropped
    expect((await post('desk/me', {}, { cookie })).status).toBe(401)
  })

  test('pages of other origins: visitors by the list, the desk never', async () => {
    const from = (origin: string) => ({ ...bearer(), origin })
    const allowed = await post('availability', { v: 1 }, from('https://shop.example'))
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example')
    expect((await post('availability', { v: 1 }, from('https://evil.example'))).status).toBe(403)
    expect((await post('desk/signin', { link: 'x' }, { origin: 'https://shop.example' })).status).toBe(403)
    expect(
      await refusalOf(socketTo('/asklet', { v: 1, secret: SECRET }, { origin: 'https://evil.example' })),
    ).toBe('forbidden')
    const { cookie } = await agent()
    expect(
      await refusalOf(socketTo('/asklet-desk', { v: 1 }, { cookie, origin: 'https://shop.example' })),
    ).toBe('forbidden')
    // Each refused origin once: all that the page's own author sees is a CORS error.
    expect(logged.filter(line => line.includes('originRefused'))).toEqual([
      'asklet warn originRefused origin="https://evil.example"',
      'asklet warn originRefused origin="https://shop.example"',
    ])
  })
})

describe('what is too much', () => {
  test('[D19] a body over a frame is refused over HTTP, and breaks the socket that sends it', async () => {
    const huge = { v: 1, conversationId: 'x'.repeat(22), drafts: [], padding: 'x'.repeat(70_000) }
    expect((await post('send', huge, bearer())).status).toBe(413)
    const page = await visitor()
    const broken = new Promise(done => page.once('disconnect', done))
    page.emit('send', huge, () => {})
    await broken
    expect((await helpDesk.health()).ok).toBe(true)
  })

  test('malformed frames, deep nests and binary are answered or ignored, and harm nobody', async () => {
    const page = await visitor()
    let deep: unknown = 1
    for (let i = 0; i < 2_000; i++) deep = [deep]
    expect(await ask(page, 'send', { conversationId: deep } as object)).toMatchObject({ code: 'bad_request' })
    expect(await page.timeout(5_000).emitWithAck('send', Buffer.from([1, 2, 3]))).toMatchObject({
      code: 'bad_request',
    })
    expect(await page.timeout(5_000).emitWithAck('send')).toMatchObject({ code: 'bad_request' })
    page.emit('send')
    page.emit('open', 'no ack')
    expect((await post('send', '{"v":1,', bearer())).status).toBe(400)
    expect(await ask(page, 'availability', {})).toMatchObject({ ok: true })
  })

  test('bodies, secrets and tokens stay out of the log', async () => {
    const { socket } = await agent()
    const page = await visitor()
    const conversationId = await opened(page)
    await ask(page, 'send', { conversationId, drafts: [message('my card is 4111', 'client-01'), handoff] })
    await ask(socket, 'claim', { conversationId, expected: 0 })
    const all = logged.join('\n')
    expect(all).toMatch(/assigned/)
    expect(all).not.toMatch(/4111|visitor-secret|asklet_desk/)
  })
})

describe('files and reports', () => {
  test('private articles are for the signed role only, and no path leads out of its folder', async () => {
    await mkdir(join(folder, 'private/client'), { recursive: true })
    await writeFile(join(folder, 'private/client/manifest.json'), '{"private":true}')
    await writeFile(join(folder, 'private/outside.json'), '{}')
    const get = async (
      path: string,
      role?: string,
    ): Promise<{ status: number; headers: Record<string, unknown> }> => {
      const token = role ? { 'x-asklet-token': await signVisitor(KEY, { visitorId: '7', role }) } : {}
      return new Promise((resolve, reject) => {
        // Not fetch: that would tidy the path before sending it.
        const { port } = new URL(base)
        httpRequest({ port, path: `/asklet/v1/knowledge/${path}`, headers: token }, response => {
          response.resume()
          resolve({ status: response.statusCode ?? 0, headers: response.headers })
        })
          .on('error', reject)
          .end()
      })
    }
    const mine = await get('client/manifest.json', 'client')
    expect(mine).toMatchObject({ status: 200, headers: { 'cache-control': 'private, no-cache' } })
    expect((await get('client/manifest.json', 'freelancer')).status).toBe(403)
    expect((await get('client/manifest.json')).status).toBe(401)
    for (const path of [
      'client/../outside.json',
      'client/..%2foutside.json',
      'client/%2e%2e/outside.json',
      'client',
    ])
      expect((await get(path, 'client')).status).toBe(404)
  })

  test('journal records are taken only where the site turned the journal on', async () => {
    const records = [
      { id: 'record-01', kind: 'missed', at: 1, inputs: {}, rule: 'flow@1', reason: 'none fits' },
    ]
    expect((await post('journal', { records })).status).toBe(404)
    await stop()
    await start({ config: { journal: true } })
    expect((await post('journal', { records })).status).toBe(200)
    expect((await post('journal', { records: [{ ...records[0], kind: 'other' }] })).status).toBe(400)
    expect(await store.journal(0, 10)).toHaveLength(1)
  })

  test('[J7] a record joins the chain of a conversation with the secret of its visitor only', async () => {
    await stop()
    await start({ config: { journal: true } })
    const opened = await post('open', { v: 1, openId: 'open-0001', brief: emptyBrief() }, bearer())
    const { conversationId } = opened.body as unknown as { conversationId: string }
    const record = (id: string) => ({
      conversationId,
      records: [
        { id, kind: 'missed', at: 1, inputs: { q: 'sam@example.com' }, rule: 'flow@1', reason: 'none' },
      ],
    })
    expect((await post('journal', record('record-01'))).status).toBe(401)
    const other = bearer('another-secret-0123456789')
    expect((await post('journal', record('record-02'), other)).status).toBe(403)
    expect((await post('journal', record('record-03'), bearer())).status).toBe(200)
    const [entry, ...more] = await store.chain(conversationId, 0, 10)
    expect(more).toEqual([])
    expect(entry).toMatchObject({ id: 'record-03', origin: 'device' })
    expect(entry?.body).toContain('"masked":["q"]')
    expect(entry?.body).not.toContain('sam@example.com')
  })

  test('health says that the store answers; what is not ours is left to the host', async () => {
    expect((await fetch(`${base}/asklet/v1/health`)).status).toBe(200)
    expect((await fetch(`${base}/anything`)).status).toBe(418)
  })
})

test('options that cannot work are refused with a sentence', () => {
  const attach = (options: unknown) => () => attachHelpDesk(server.io, options as HelpDeskOptions)
  expect(attach({})).toThrow(/options.store must be a HelpDeskStore.*await openSqlStore/)
  expect(attach({ store, allowedOrigins: ['shop.example'] })).toThrow(/scheme and host/)
  expect(attach({ store, config: { hours: { zone: 'Mars/Base', week: {} } } })).toThrow(/IANA time zone/)
  expect(() => attachHelpDesk({} as never, { store })).toThrow(/SOCKET_OPTIONS/)
})
