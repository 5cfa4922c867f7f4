// Who may read and write, as time passes and people sign in and out: a real server, real sockets, real tokens.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Socket } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Clock, createEnvironment } from '../../../src/base/environment'
import * as socketTransport from '../../../src/live/socketTransport'
import { startLive } from '../../../src/live/startLive'
import { parseEvents } from '../../../src/protocol/parse'
import type { Reply, SyncPage } from '../../../src/protocol/wire'
import { type Agents, createAgents } from '../../../src/server/agents'
import type { AttachedHelpDesk, HelpDeskOptions } from '../../../src/server/attachHelpDesk'
import { authorise, type CallName, claimBy, RIGHTS } from '../../../src/server/membership'
import { signedVisitors, signVisitor } from '../../../src/server/signedVisitors'
import type { ConversationRow, HelpDeskStore } from '../../../src/server/store/helpDeskStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback } from '../../../src/testing/loopback'
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
/** What the server waits for comes five times sooner. */
const QUICK: Clock = {
  now: Date.now,
  after(ms, task) {
    const timer = setTimeout(task, ms / 5)
    return () => clearTimeout(timer)
  },
}

async function start(change: Partial<HelpDeskOptions> = {}) {
  server = await startHelpDesk(join(folder, 'desk.db'), {
    verifyVisitor: signedVisitors({ secret: KEY }),
    log: line => logged.push(line),
    clock: QUICK,
    ...change,
  })
  ;({ store, helpDesk, base } = server)
}
const stop = () => server.close()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asklet-identity-'))
  logged = []
  await start()
})
afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

const socketTo: HelpDeskServer['socketTo'] = (...to) => server.socketTo(...to)
const visitor = (secret = SECRET, token?: string) =>
  socketTo('/asklet', { v: 1, secret, ...(token !== undefined && { token }) })
const ask = <T>(socket: Socket, name: string, body: object): Promise<Reply<T>> =>
  socket.timeout(5_000).emitWithAck(name, { v: 1, ...body })
const sync = (socket: Socket, conversationId: string) =>
  ask<SyncPage>(socket, 'sync', { conversationId, after: 0, epoch: '' })
const gone = (socket: Socket) => new Promise<void>(done => socket.once('disconnect', () => done()))
let made = 0
const message = (text: string) => ({
  clientId: `client-${String(++made).padStart(4, '0')}`,
  body: { type: 'message', text, format: 'plain' },
})
async function opened(socket: Socket, brief = emptyBrief()): Promise<string> {
  const reply = await ask<{ conversationId: string }>(socket, 'open', { openId: `open-${++made}-00`, brief })
  if (!reply.ok) throw new Error(reply.code)
  return reply.conversationId
}
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${base}/asklet/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
async function cookieOf(agents: Agents, name: string) {
  const signedIn = await post('desk/signin', { link: await agents.link(name) })
  return signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
}
async function desk(name: string, roles: readonly ('agent' | 'lead')[] = ['agent']) {
  await helpDesk.agents.add({ name, roles })
  const cookie = await cookieOf(helpDesk.agents, name)
  return { cookie, socket: await socketTo('/asklet-desk', { v: 1 }, { cookie }) }
}

describe('a token that ends', () => {
  test('50 messages across several expiries are stored once each, in order', async () => {
    const environment = createEnvironment()
    const fresh = vi.fn(() => signVisitor(KEY, { visitorId: '7' }, 2_000))
    const live = await startLive({
      environment,
      serverUrl: base,
      site: 'test',
      visitorId: '7',
      mayStore: false,
      hasKept: false,
      local: { get: () => null, set: () => true } as never,
      tab: { get: () => null, set: () => true } as never,
      getToken: fresh,
      handBack() {},
      loadSocket: async () => socketTransport as never,
    })
    await live.open(emptyBrief(), [], {
      clientId: 'handoff-0001',
      body: { type: 'handoffReady', channel: 'ticket' },
    })
    const words = Array.from({ length: 50 }, (_, n) => `message ${n}`)
    for (const text of words) {
      await live.send({ ...message(text), saidAt: Date.now() } as never)
      await new Promise(done => setTimeout(done, 120))
    }
    await vi.waitFor(() => expect(live.rows.value).toHaveLength(0), { timeout: 15_000 })
    const { ticketed } = await store.deskList({ agentIds: [], endedSince: 0, atMost: 1 })
    const [row] = ticketed.rows
    const page = await store.read(row?.conversationId ?? '', 0, 500)
    const texts = (page?.events ?? []).flatMap(({ body }) => (body.type === 'message' ? [body.text] : []))
    expect(texts).toEqual(words)
    expect(fresh.mock.calls.length).toBeGreaterThanOrEqual(3)
    live.dispose()
  }, 40_000)

  test('its call is refused unauthenticated from that moment, and nothing of it is stored', async () => {
    const loopback = await createLoopback()
    const { transport } = loopback.visitor({
      verified: { visitorId: '7', expiresAt: loopback.clock.now() + 1_000 },
    })
    transport.connect()
    await loopback.settle()
    const mine = await transport.request('open', { v: 1, openId: 'open-0001', brief: emptyBrief() })
    if (!mine.ok) throw new Error(mine.code)
    const { conversationId } = mine
    const body = () => ({ v: 1, conversationId, drafts: [message('in time?')] }) as never
    await loopback.settle(999)
    expect(await transport.request('send', body())).toMatchObject({ ok: true })
    await loopback.settle(1)
    for (const call of ['send', 'availability'] as const)
      expect(await transport.request(call, call === 'send' ? body() : { v: 1 })).toMatchObject({
        code: 'unauthenticated',
        retry: true,
      })
    expect((await loopback.store.conversation(conversationId))?.head).toBe(2)
    await loopback.close()
  })

  test('its connection ends with it, also one that only listens; a late token connects no more', async () => {
    const token = await signVisitor(KEY, { visitorId: '7' }, 2_000)
    await gone(await visitor(SECRET, token))
    await expect(visitor(SECRET, token)).rejects.toThrow('unauthenticated')
  })

  test('the log says why, once a minute, and never quotes the token', async () => {
    const token = await signVisitor(KEY, { visitorId: '7' }, { audience: 'billing' })
    for (let i = 0; i < 3; i++) await expect(visitor(SECRET, token)).rejects.toThrow('unauthenticated')
    const lines = logged.filter(line => line.includes('tokenRefused'))
    expect(lines).toEqual(['asklet warn tokenRefused reason="its aud is not \\"asklet\\""'])
    expect(logged.join()).not.toContain(token.split('.')[1])
  })
})

describe('a host’s own verifyVisitor', () => {
  test.each([
    ['throws', () => Promise.reject(new Error('database of the host'))],
    ['never answers', () => new Promise<never>(() => {})],
  ])(
    'that %s is answered store_unavailable, not taken for a bad token',
    async (_, verifyVisitor) => {
      await stop()
      await start({ verifyVisitor })
      await expect(visitor(SECRET, 'token')).rejects.toThrow('store_unavailable')
      const answer = await post(
        'sync',
        { v: 1 },
        { authorization: `Bearer ${SECRET}`, 'x-asklet-token': 'token' },
      )
      expect(answer.status).toBe(503)
      // Who brings no token is nobody's to verify.
      expect((await visitor(OTHER)).connected).toBe(true)
    },
    20_000,
  )

  test('that names nobody in particular lets nobody in: all of them would be one person', async () => {
    await stop()
    await start({ verifyVisitor: () => ({ visitorId: undefined }) as never })
    await expect(visitor(SECRET, 'token')).rejects.toThrow('unauthenticated')
    expect(logged.join()).toMatch(/its visitorId, as verifyVisitor returned it/)
  })

  test.each([
    ['a NUL', '7\0'],
    ['the first half of a surrogate pair', '7\ud83d'],
    ['the second half of a surrogate pair', '\ude007'],
    ['a pair the wrong way round', '\ude00\ud83d'],
  ])('that names somebody with %s lets nobody in: a database takes two such ids for one', async (_, id) => {
    await stop()
    await start({ verifyVisitor: () => ({ visitorId: id }) })
    await expect(visitor(SECRET, 'token')).rejects.toThrow('unauthenticated')
    const headers = { authorization: `Bearer ${SECRET}`, 'x-asklet-token': 'token' }
    expect((await post('sync', { v: 1 }, headers)).status).toBe(401)
    expect(logged).toEqual([
      expect.stringMatching(
        /tokenRefused reason="its visitorId, as verifyVisitor returned it, holds a NUL or/,
      ),
    ])
  })
})

describe('what a host’s own verifying says beside the id', () => {
  const many = (count: number, text: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, text]))
  test.each([
    ['a name of 301 characters', { name: 'x'.repeat(301) }, 'name', 'is not a text of at most 300'],
    ['a number for a role', { role: 7 }, 'role', 'is not a text of at most 300'],
    ['31 attributes', { attributes: many(31, 'x') }, 'attributes', 'are not a flat object of at most 30'],
    [
      '9 kB of attributes',
      { attributes: many(30, 'x'.repeat(300)) },
      'attributes',
      'take more than 8192 bytes',
    ],
  ])('of a visitor lets nobody in with %s, and the log says why', async (_, said, fact, why) => {
    await stop()
    await start({ verifyVisitor: () => ({ visitorId: '7', ...said }) as never })
    await expect(visitor(SECRET, 'token')).rejects.toThrow('unauthenticated')
    expect(logged).toEqual([
      expect.stringContaining(`tokenRefused reason="its ${fact}, as verifyVisitor returned it, ${why}`),
    ])
  })

  test('of a visitor is taken at the very bound, and both sides can read the conversation', async () => {
    await stop()
    await start({ verifyVisitor: () => ({ visitorId: '7', name: 'x'.repeat(300), role: null }) as never })
    const socket = await visitor(SECRET, 'token')
    const page = await sync(socket, await opened(socket))
    expect(page).toMatchObject({ ok: true, events: [{ author: { name: 'x'.repeat(300) } }] })
    expect(parseEvents(page.ok && page.events)).toHaveLength(1)
  })

  test.each([
    ['a name of 301 characters', 'x'.repeat(301), 'is not a text of at most 300 characters'],
    ['no name', undefined, 'is not a text of at most 300 characters'],
    ['a NUL in the name', 'Ada\0', 'holds a NUL or half of a surrogate pair, which no database tells apart'],
  ])('of an agent lets nobody in with %s: no visitor could read what follows', async (_, name, why) => {
    await stop()
    await start({ verifyAgent: () => ({ agentId: 'ada', name, roles: ['agent'] }) as never })
    await expect(socketTo('/asklet-desk', { v: 1 })).rejects.toThrow('unauthenticated')
    expect((await post('desk/me', {})).status).toBe(401)
    expect(logged).toEqual([`asklet warn agentRefused reason="the name, as verifyAgent returned it, ${why}"`])
  })
})

describe('an agent’s id', () => {
  const NOT_STORABLE = 'holds a NUL or half of a surrogate pair, which no database tells apart'
  test.each([
    ['a NUL', 'ada\0', NOT_STORABLE],
    ['half of a surrogate pair', 'ada\ud83d', NOT_STORABLE],
    ['nothing in it', '', 'is not a text of 1 to 200 characters'],
    ['too much in it', 'x'.repeat(201), 'is not a text of 1 to 200 characters'],
    ['a number', 7 as never, 'is not a text of 1 to 200 characters'],
  ])(
    'with %s is nobody’s, at either door of the desk, and the log says why, once',
    async (_, agentId, why) => {
      await stop()
      await start({ verifyAgent: () => ({ agentId, name: 'Ada', roles: ['agent'] }) })
      for (let i = 0; i < 2; i++)
        await expect(socketTo('/asklet-desk', { v: 1 })).rejects.toThrow('unauthenticated')
      expect((await post('desk/me', {})).status).toBe(401)
      expect(logged).toEqual([
        `asklet warn agentRefused reason="the agentId, as verifyAgent returned it, ${why}"`,
      ])
    },
  )

  test('of a host’s own is taken as it is where it is a text', async () => {
    await stop()
    await start({ verifyAgent: () => ({ agentId: 'Ægir 李', name: 'Ada', roles: ['agent'] }) })
    expect((await socketTo('/asklet-desk', { v: 1 })).connected).toBe(true)
    expect(logged).toEqual([])
  })

  test.each(['Ada\0', 'Ada\ud83d', '\0'])('a name %j makes no account and signs nobody in', async name => {
    await helpDesk.agents.add({ name: 'Ada', password: 'correct horse battery' })
    await expect(helpDesk.agents.add({ name })).rejects.toThrow(
      /\[server_shape\]: an agent's name holds no NUL and no half of a surrogate pair, got "/,
    )
    await expect(helpDesk.agents.add({ agentId: name, name: 'Eve' })).rejects.toThrow(/an agentId holds/)
    const answer = await post('desk/signin', { name, password: 'correct horse battery' })
    expect(answer.status).toBe(400)
  })
})

describe('signing in during a conversation', () => {
  test('claims it: from then on the secret alone neither reads, writes nor hears', async () => {
    const before = await visitor()
    const conversationId = await opened(before)
    await sync(before, conversationId)
    const overheard: unknown[] = []
    before.on('events', push => overheard.push(push))
    const signedIn = await visitor(SECRET, await signVisitor(KEY, { visitorId: '7' }))
    expect(await sync(signedIn, conversationId)).toMatchObject({ ok: true })
    const heard = new Promise(done => signedIn.once('events', done))
    expect(await ask(signedIn, 'send', { conversationId, drafts: [message('mine now')] })).toMatchObject({
      ok: true,
    })
    await heard
    expect(overheard).toEqual([])
    for (const call of ['sync', 'send', 'typing'])
      expect(
        await ask(before, call, { conversationId, after: 0, epoch: '', drafts: [message('again')] }),
      ).toMatchObject({ code: 'forbidden' })
    const byHttp = await post(
      'sync',
      { v: 1, conversationId, after: 0, epoch: '' },
      { authorization: `Bearer ${SECRET}` },
    )
    expect(byHttp.status).toBe(403)
  })

  test('of two users who both hold the secret one has it, and the other reads nothing', async () => {
    const conversationId = await opened(await visitor())
    const users = await Promise.all(
      ['7', '8'].map(async visitorId => visitor(SECRET, await signVisitor(KEY, { visitorId }))),
    )
    const replies = await Promise.all(users.map(user => sync(user, conversationId)))
    expect(replies.map(reply => (reply.ok ? 'ok' : reply.code)).sort()).toEqual(['forbidden', 'ok'])
    const again = await Promise.all(users.map(user => sync(user, conversationId)))
    expect(again.map(reply => reply.ok)).toEqual(replies.map(reply => reply.ok))
  })

  test('takes the named conversation only, and another user’s never', async () => {
    const anonymous = await visitor()
    const [first, second] = [await opened(anonymous), await opened(anonymous)]
    await sync(await visitor(SECRET, await signVisitor(KEY, { visitorId: '7' })), first)
    expect((await store.conversation(second))?.owner).toMatch(/^anon:/)
    const next = await visitor(SECRET, await signVisitor(KEY, { visitorId: '8' }))
    expect(await sync(next, first)).toMatchObject({ code: 'forbidden' })
    expect(await sync(next, second)).toMatchObject({ ok: true })
    expect((await store.conversation(first))?.owner).toBe('user:7')
  })

  test('the same secret and openId do not open another user’s conversation', async () => {
    const body = { openId: 'open-shared-01', brief: emptyBrief() }
    const mine = await ask<{ conversationId: string }>(await visitor(), 'open', body)
    if (!mine.ok) throw new Error(mine.code)
    await sync(await visitor(SECRET, await signVisitor(KEY, { visitorId: '7' })), mine.conversationId)
    const next = await visitor(SECRET, await signVisitor(KEY, { visitorId: '8' }))
    expect(await ask(next, 'open', body)).toMatchObject({ code: 'forbidden' })
  })

  test('an unsigned name or address merges nothing, and is shown as unsigned', async () => {
    const brief = emptyBrief({
      visitor: { locale: 'en', name: 'Vera', email: 'vera@x.example', attributes: { plan: 'pro' } },
    })
    const signedIn = await visitor(
      SECRET,
      await signVisitor(KEY, { visitorId: '7', name: 'Vera', attributes: { plan: 'free' } }),
    )
    const conversationId = await opened(signedIn, brief)
    expect(await sync(signedIn, conversationId)).toMatchObject({
      events: [
        {
          body: {
            brief: {
              visitor: {
                email: 'vera@x.example',
                attributes: { plan: 'free' },
                signed: ['name', 'attributes.plan'],
              },
            },
          },
        },
      ],
    })
    const impostor = await visitor(OTHER)
    expect(await sync(impostor, conversationId)).toMatchObject({ code: 'forbidden' })
    const theirs = await opened(impostor, {
      ...brief,
      visitor: { ...brief.visitor, signed: ['name', 'email'] },
    })
    expect(await sync(impostor, theirs)).toMatchObject({
      events: [{ body: { brief: { visitor: { name: 'Vera', signed: [] } } } }],
    })
  })
})

describe('agents whose session ends', () => {
  /** As the command line or another node does it: the same database, another process. */
  const elsewhere = () => createAgents(store, createEnvironment())

  test.each([
    ['removed on this node', () => helpDesk.agents.remove('Ada')],
    ['removed elsewhere', () => elsewhere().remove('Ada')],
    ['given a new password elsewhere', () => elsewhere().setPassword('Ada', 'correct horse battery')],
    [
      'signed out elsewhere',
      (cookie: string) => elsewhere().endSession(cookie.slice(cookie.indexOf('=') + 1)),
    ],
  ])(
    '%s: the desk is disconnected within seconds, reads nothing and hears nothing',
    async (_, end) => {
      const page = await visitor()
      const conversationId = await opened(page)
      const { cookie, socket } = await desk('Ada')
      expect(await sync(socket, conversationId)).toMatchObject({ ok: true })
      const heard: unknown[] = []
      socket.on('events', push => heard.push(push))
      const ended = gone(socket)
      await end(cookie)
      await ended
      await ask(page, 'send', { conversationId, drafts: [message('is Ada there?')] })
      expect(heard).toEqual([])
      expect(server.io.of('/asklet-desk').adapter.rooms.size).toBe(0)
      await expect(socketTo('/asklet-desk', { v: 1 }, { cookie })).rejects.toThrow('unauthenticated')
      expect((await post('desk/me', {}, { cookie })).status).toBe(401)
    },
    15_000,
  )

  test('a database that is away for a moment ends no session', async () => {
    const { socket } = await desk('Ada')
    const { sessionAgent } = store
    store.sessionAgent = () => Promise.reject(new Error('locked'))
    await new Promise(done => setTimeout(done, 2_500))
    expect(socket.connected).toBe(true)
    store.sessionAgent = sessionAgent
  }, 15_000)

  test('a role is agent or lead, nothing else', async () => {
    await expect(helpDesk.agents.add({ name: 'Eve', roles: ['admin' as never] })).rejects.toThrow(
      /role is agent or lead, got "admin"/,
    )
    const { cookie } = await desk('Lea', ['lead'])
    expect(await (await post('desk/me', {}, { cookie })).json()).toMatchObject({ agent: { roles: ['lead'] } })
  })
})

describe('the table of rights', () => {
  const row = (owner: string) => ({ owner, claimedFrom: 'anon:old' }) as ConversationRow
  const as = (...identities: [string, ...string[]]) => ({ kind: 'visitor', identities }) as const
  const agent = { kind: 'agent', agentId: 'a', role: 'agent' } as const

  test.each(Object.keys(RIGHTS) as CallName[])(
    '%s: owners by ownership, agents by role, the rest never',
    call => {
      const { visitor: side, agent: role } = RIGHTS[call]
      expect(authorise(as('user:7', 'anon:x'), call, row('user:7'))).toBe(side ? null : 'forbidden')
      expect(authorise(as('anon:x'), call, row('user:7'))).toBe(side === 'anyone' ? null : 'forbidden')
      expect(authorise(as('anon:old'), call, row('user:7'))).toBe(side === 'anyone' ? null : 'forbidden')
      expect(authorise(agent, call, row('user:7'))).toBe(role === 'agent' ? null : 'forbidden')
      expect(authorise({ ...agent, role: 'lead' }, call, row('user:7'))).toBe(role ? null : 'forbidden')
    },
  )

  test('a call that the table lacks is nobody’s', () => {
    for (const call of ['erase', 'constructor', '__proto__'])
      for (const member of [as('user:7'), agent])
        expect(authorise(member, call as CallName, row('user:7'))).toBe('forbidden')
  })

  test('only the secret of the owner claims, and only for a signed-in visitor', () => {
    expect(claimBy(as('user:7', 'anon:x'), row('anon:x'))).toEqual({ from: 'anon:x', to: 'user:7' })
    expect(claimBy(as('user:7', 'anon:y'), row('anon:x'))).toBeNull()
    expect(claimBy(as('user:8', 'anon:x'), row('user:7'))).toBeNull()
    expect(claimBy(as('anon:x'), row('anon:x'))).toBeNull()
    expect(claimBy(agent, row('anon:x'))).toBeNull()
  })
})
