// `asklet serve --nodes 3` as an operator runs it: real processes, a real Postgres, a real broker, and what happens
// to them: a node is killed, the broker goes away, the database drops its connections. Nothing that was answered
// with ok is lost, nothing comes twice, and everybody sees everything.

import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { io as connect, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { restartWaitMs } from '../../src/cli/restarts'
import type { DeskDetails, PastConversation } from '../../src/protocol/deskRecords'
import type { StoredEvent } from '../../src/protocol/events'
import type { Pushes, Reply, SyncPage } from '../../src/protocol/wire'
import { RATES } from '../../src/server/admission'
import { emptyBrief } from '../../src/testing/emptyBrief'
import { type BuiltCli, buildCli, type RunningCli } from '../support/cli'
import { postgresAbsent, startPostgres, type ThrowAwayPostgres } from '../support/postgres'
import { hasRedis, startRedis, type ThrowAwayRedis } from '../support/redis'

const absent = postgresAbsent()
if (absent) console.log(`several nodes: ${absent}`)

let cli: BuiltCli
let folder: string
beforeAll(async () => {
  cli = await buildCli()
  folder = await mkdtemp(join(tmpdir(), 'asklet-nodes-'))
}, 60_000)
afterAll(async () => {
  await cli.remove()
  await rm(folder, { recursive: true })
})

/** Bounds of what is waited for, for a machine that has other things to do. */
const SLOW_MS = 80_000
const pause = (ms: number) => new Promise(done => setTimeout(done, ms))
const until = async (what: string, isTrue: () => unknown, withinMs = 30_000) => {
  const end = performance.now() + withinMs
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`)
    await pause(20)
  }
}

/** Comes back as a page does, reads as one, and repeats what was not answered under the same key. */
function client(address: string, namespace: string, auth: object, headers: Record<string, string> = {}) {
  const socket: Socket = connect(`${address}${namespace}`, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 1_000,
    auth,
    extraHeaders: headers,
  })
  // The library comes back by itself from a lost line only: not where a node refused the handshake, its database being
  // away for a moment, nor where it ended the connection.
  let isEnded = false
  const comeBack = () => {
    if (!socket.active) setTimeout(() => isEnded || socket.connect(), 200)
  }
  socket.on('connect_error', comeBack)
  socket.on('disconnect', comeBack)
  const ask = <T>(name: string, body: object): Promise<Reply<T>> =>
    socket.timeout(2_000).emitWithAck(name, { v: 1, ...body })
  /** Until it is answered with ok. */
  async function insist<T>(name: string, body: object): Promise<{ ok: true } & T> {
    const end = performance.now() + SLOW_MS / 2
    for (;;) {
      if (performance.now() > end)
        throw new Error(`not within ${SLOW_MS / 2} ms: ok to ${name}, ${namespace}`)
      const reply = socket.connected ? await ask<T>(name, body).catch(() => null) : null
      if (reply?.ok) return reply
      if (reply && !reply.retry) throw new Error(`${name}: ${reply.code}`)
      await pause(50)
    }
  }
  const events: StoredEvent[] = []
  let watched: string | null = null
  let epoch = ''
  let isReading = false
  async function sync() {
    if (watched === null || isReading) return
    isReading = true
    const asked = { conversationId: watched, after: events.length, epoch }
    const reply = await ask<SyncPage>('sync', asked).catch(() => null)
    isReading = false
    if (!reply?.ok) {
      setTimeout(sync, 100)
      return
    }
    epoch = reply.epoch
    take(reply.events)
    if (events.length < reply.head) void sync()
  }
  function take(list: readonly StoredEvent[]) {
    for (const event of list) if (event.seq === events.length + 1) events.push(event)
  }
  socket.on('connect', sync)
  socket.on('events', (push: Pushes['events']) => {
    if (push.conversationId !== watched) return
    take(push.events)
    if ((push.events.at(-1)?.seq ?? 0) > events.length) void sync()
  })
  socket.on('head', (push: Pushes['head']) => {
    if (push.conversationId === watched && push.head > events.length) void sync()
  })
  let said = 0
  return {
    socket,
    end() {
      isEnded = true
      socket.disconnect()
    },
    insist,
    async watch(conversationId: string) {
      watched = conversationId
      await sync()
    },
    say: (conversationId: string, text: string, format: string) =>
      insist('send', {
        conversationId,
        drafts: [
          {
            clientId: `${namespace.slice(-4)}-client-${++said}`.replaceAll('/', '-'),
            body: { type: 'message', text, format },
          },
        ],
      }),
    texts: () => events.flatMap(({ body }) => (body.type === 'message' ? [body.text] : [])),
  }
}

const childrenOf = ({ child }: RunningCli): number[] =>
  readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').map(Number)
const serve = (...args: string[]): RunningCli => cli.run(['serve', '--port', '0', ...args])
const addressOf = async (running: RunningCli) =>
  (await running.says(/Help desk at (http:\S+?)\/desk\//))[1] ?? ''

describe('what cannot work is said in a sentence', () => {
  test.each([
    [['--nodes', '3'], /several nodes need a database that they share: --nodes 3 must stand with --database/],
    [['--nodes', 'many'], /--nodes must be a whole number from 1 to 64, got "many"/],
    [['--database', 'mysql://u:hidden@h/x'], /--database must begin with postgres:\/\/, got "mysql:\/\/…"/],
    [['--database', 'postgres://h/x', '--data', 'a.db'], /must not stand together/],
    [['--broker', 'redis://h'], /--broker must stand with --database/],
  ])('asklet serve %j', async (args, sentence) => {
    const running = serve(...args)
    expect(await running.ended).toBe(2)
    expect(running.said()).toMatch(sentence)
    expect(running.said()).not.toContain('hidden')
  })

  test('a broker whose address is none, and a database that is not there: once, not once a node', async () => {
    const running = serve(
      '--nodes',
      '3',
      '--database',
      'postgres://u:hidden@127.0.0.1:1/x',
      '--broker',
      'http://h',
    )
    expect(await running.ended).toBe(1)
    expect(running.said().match(/begins with redis/g)).toHaveLength(1)
    const other = serve('--nodes', '3', '--database', 'postgres://u:hidden@127.0.0.1:1/x')
    expect(await other.ended).toBe(1)
    expect(other.said()).not.toContain('hidden')
  }, 30_000)
})

test('a node that dies is started again, later each time, and given up after seven deaths in a minute', () => {
  const dies = (...deaths: number[]) => restartWaitMs(deaths)
  expect([dies(0), dies(0, 1), dies(0, 1, 2), dies(0, 1, 2, 3)]).toEqual([500, 1_000, 2_000, 4_000])
  expect(dies(0, 1, 2, 3, 4, 5)).toBe(16_000)
  expect(dies(0, 1, 2, 3, 4, 5, 6)).toBe(null)
  expect(dies(0, 1, 2, 3, 4, 5, 60_004)).toBe(1_000)
})

test.each([
  [{ ASKLET_VISITOR_SECRET: 'short' }, []],
  [{}, ['--trusted-proxy', 'nowhere']],
] as [Record<string, string>, string[]][])(
  'options that the help desk refuses end the command, with nothing left open (%j %j)',
  async (env, args) => {
    const running = cli.run(['serve', '--port', '0', '--data', join(folder, 'refused.db'), ...args], env)
    expect(await running.ended).toBe(1)
    expect(running.said()).toMatch(/^Asklet \[server_shape\]: /)
  },
)

test('one node on a file, as before', async () => {
  const running = serve('--data', join(folder, 'one.db'))
  const address = await addressOf(running)
  expect(await (await fetch(`${address}/asklet/v1/health`)).json()).toEqual({
    ok: true,
    store: 'up',
    broker: 'none',
  })
  running.child.kill('SIGTERM')
  expect(await running.ended).toBe(0)
})

describe.skipIf(absent !== null || !hasRedis || process.platform !== 'linux')(
  'three nodes on one Postgres',
  () => {
    let postgres: ThrowAwayPostgres
    let database: string
    let redis: ThrowAwayRedis
    beforeAll(async () => {
      ;[postgres, redis] = await Promise.all([startPostgres(), startRedis()])
      database = await postgres.createDatabase()
    }, 60_000)
    afterAll(async () => {
      await Promise.all([postgres?.close(), redis?.close()])
    })

    const startThree = (...more: string[]) =>
      cli.run(['serve', '--port', '0', '--nodes', '3', ...more], { ASKLET_DATABASE_URL: database })

    async function deskCookie(address: string, name: string, url = database, ...flags: readonly string[]) {
      const added = cli.run(['agent', 'add', name, ...flags], { ASKLET_DATABASE_URL: url })
      const link = (await added.says(/#sign-in=(\S+)/))[1]
      const response = await fetch(`${address}/asklet/v1/desk/signin`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ link }),
      })
      return response.headers.get('set-cookie')?.split(';')[0] ?? ''
    }

    async function converse(address: string, cookie: string, name: string) {
      const page = client(address, '/asklet', { v: 1, secret: `visitor-secret-0123456789-${name}` })
      const desk = client(address, '/asklet-desk', { v: 1 }, { cookie })
      await until('an agent is there', async () => {
        const there = await page.insist<{ agentsOnline: number }>('availability', {})
        return there.agentsOnline > 0
      })
      const { conversationId } = await page.insist<{ conversationId: string }>('open', {
        openId: 'open-0001',
        brief: emptyBrief(),
      })
      const handoff = { clientId: 'handoff-1', body: { type: 'handoffReady', channel: 'live' } }
      await page.insist('send', { conversationId, drafts: [handoff] })
      await desk.insist('claim', { conversationId, expected: 0 })
      await Promise.all([page.watch(conversationId), desk.watch(conversationId)])
      const acked: string[] = []
      return {
        acked,
        page,
        desk,
        async exchange(n: number) {
          await page.say(conversationId, `${name} question ${n}`, 'plain')
          acked.push(`${name} question ${n}`)
          await desk.say(conversationId, `${name} answer ${n}`, 'markdown')
          acked.push(`${name} answer ${n}`)
        },
        end() {
          page.end()
          desk.end()
        },
      }
    }

    test('nodes, broker and database connections die; no message is lost, doubled or out of order', async () => {
      const running = startThree('--broker', redis.url)
      const address = await addressOf(running)
      const cookie = await deskCookie(address, 'Ada')
      const talks = await Promise.all(
        Array.from({ length: 6 }, (_, n) => converse(address, cookie, `talk-${n}`)),
      )
      let isOver = false
      const talking = talks.map(async talk => {
        for (let n = 0; !isOver; n++) {
          await talk.exchange(n)
          await pause(20)
        }
      })
      const kill = () => process.kill(childrenOf(running)[0] ?? 0, 'SIGKILL')
      await pause(1_000)
      kill()
      await running.says(/node \d ended by SIGKILL; it is started again in 500 ms/)
      await running.says(/node \d serves again/)
      await redis.kill()
      await pause(1_500)
      kill()
      await pause(500)
      await redis.restart()
      for (let n = 0; n < 3; n++) {
        await postgres.terminateBackends(database)
        await pause(500)
      }
      redis.pause()
      await pause(1_500)
      redis.resume()
      await pause(500)
      isOver = true
      await Promise.all(talking)
      for (const { acked, page, desk, end } of talks) {
        await until(
          'all read',
          () => page.texts().length === acked.length && desk.texts().length === acked.length,
        )
        expect(page.texts()).toEqual(acked)
        expect(desk.texts()).toEqual(acked)
        expect(acked.length).toBeGreaterThan(10)
        end()
      }
      running.child.kill('SIGTERM')
      expect(await running.ended).toBe(0)
      expect(running.said()).toMatch(/^\[node [123]\] asklet warn brokerDown/m)
      expect(running.said()).not.toMatch(/unhandled|UnhandledPromise| {4}at /i)
    }, 90_000)

    test('[D19] three nodes count together through the broker, each alone while it is away, and say so once', async () => {
      const running = startThree('--broker', redis.url)
      const address = await addressOf(running)
      const each = RATES.opens.identity.points
      let visitors = 0
      /** How many of 40 conversations, which one visitor opens on whatever node, are admitted. */
      const admitted = async () => {
        const secret = `visitor-secret-0123456789-${++visitors}`
        const codes = await Promise.all(
          Array.from({ length: 40 }, async (_, n) => {
            const response = await fetch(`${address}/asklet/v1/open`, {
              method: 'POST',
              // A connection each, so that the nodes take turns.
              headers: {
                'content-type': 'application/json',
                authorization: `Bearer ${secret}`,
                connection: 'close',
              },
              body: JSON.stringify({ v: 1, openId: `open-${1_000 + n}`, brief: emptyBrief() }),
              signal: AbortSignal.timeout(10_000),
            })
            const reply = (await response.json()) as Reply<unknown>
            return reply.ok ? 'ok' : reply.code
          }),
        )
        expect(new Set(codes)).toEqual(new Set(['ok', 'rate_limited']))
        return codes.filter(code => code === 'ok').length
      }
      const countTogether = () => until('counted together', async () => (await admitted()) === each, SLOW_MS)
      const countAlone = () => until('counted alone', async () => (await admitted()) > each, SLOW_MS)
      await countTogether()
      redis.pause()
      await countAlone()
      redis.resume()
      await countTogether()
      await redis.kill()
      await countAlone()
      await redis.restart()
      await countTogether()
      running.child.kill('SIGTERM')
      expect(await running.ended).toBe(0)
      for (const node of [1, 2, 3]) {
        const told = running.said().match(new RegExp(`^\\[node ${node}\\] .* limits\\w+$`, 'gm')) ?? []
        const words = told.map(line => line.split(' ').at(-1))
        expect(words.join(' ')).toMatch(/^(limitsNotShared limitsShared ?){2,}$/)
      }
      expect(running.said()).not.toMatch(/unhandled|UnhandledPromise| {4}at /i)
    }, 240_000)

    test('what an agent or a visitor does at one process is told at once at another one', async () => {
      // A database of its own: who is there is of nobody else's making.
      const database = await postgres.createDatabase()
      const nodes = [1, 2].map(() =>
        cli.run(['serve', '--port', '0', '--broker', redis.url], { ASKLET_DATABASE_URL: database }),
      )
      const [here = '', there = ''] = await Promise.all(nodes.map(addressOf))
      const [leas, adas] = await Promise.all([
        deskCookie(here, 'Lea', database, '--lead'),
        deskCookie(there, 'Ada', database),
      ])
      const secret = 'visitor-secret-0123456789-two'
      const lea = client(here, '/asklet-desk', { v: 1 }, { cookie: leas })
      const ada = client(there, '/asklet-desk', { v: 1 }, { cookie: adas })
      const page = client(here, '/asklet', { v: 1, secret })
      const otherTab = client(there, '/asklet', { v: 1, secret })
      const all = [lea, ada, page, otherTab]

      await ada.insist('people', {})
      const openId = 'open-0001'
      const opened = await page.insist<{ conversationId: string }>('open', { openId, brief: emptyBrief() })
      const about = { conversationId: opened.conversationId }
      const handoff = { clientId: 'handoff-1', body: { type: 'handoffReady', channel: 'live' } }
      await page.insist('send', { ...about, drafts: [handoff] })
      await ada.insist('claim', { ...about, expected: 0 })
      await Promise.all(all.map(each => each.watch(about.conversationId)))

      /** Without a hint it would be said by the look at all that there is, which comes every 25 s. */
      const isTold = async (
        what: string,
        to: typeof lea,
        push: keyof Pushes,
        said: object,
        act: () => unknown,
      ) => {
        const heard: unknown[] = []
        const listen = (payload: unknown) => void heard.push(payload)
        to.socket.on(push, listen)
        await act()
        await until(what, () => heard.some(each => isDeepStrictEqual(each, said)), 10_000)
        to.socket.off(push, listen)
      }
      await isTold('a note', ada, 'detailsChanged', about, () =>
        lea.insist('note', { ...about, noteId: 'note-0001', text: 'Knows us well.' }),
      )
      await isTold('a label', lea, 'detailsChanged', about, () =>
        ada.insist('label', { ...about, label: 'vip', on: true }),
      )
      await isTold('where the visitor is', ada, 'detailsChanged', about, () =>
        page.insist('page', { ...about, page: { ...emptyBrief().page, name: 'Payments' } }),
      )
      const reply = { replyId: 'reply-0001', expected: 0, shortcut: 'hi', title: 'Hi', text: 'Hello.' }
      await isTold('a ready answer', ada, 'deskChanged', { what: 'replies' }, () =>
        lea.insist('saveReply', reply),
      )
      const isAway = { ...about, state: 'away' }
      await isTold('who is away, to the visitor', page, 'agentPresence', isAway, () =>
        isTold('who is away', lea, 'deskChanged', { what: 'people' }, () =>
          ada.insist('presence', { state: 'away' }),
        ),
      )
      await isTold('hours', ada, 'deskChanged', { what: 'settings' }, () =>
        lea.insist('saveHours', { expected: 0, hours: { zone: 'Europe/Berlin', week: {} } }),
      )
      await until('the other process is closed, too', async () => {
        const { open } = await otherTab.insist<{ open: boolean }>('availability', {})
        return !open
      })
      const { details } = await ada.insist<{ details: DeskDetails }>('details', about)
      expect(details.notes.map(({ text }) => text)).toEqual(['Knows us well.'])
      expect(details.labels).toEqual(['vip'])
      expect(details.pageNow?.page.name).toBe('Payments')
      const listed = await otherTab.insist<{ conversations: PastConversation[] }>('conversations', {})
      expect(listed.conversations).toEqual([expect.objectContaining({ ...about, agentName: 'Ada' })])

      for (const each of all) each.end()
      for (const { child } of nodes) child.kill('SIGTERM')
      expect(await Promise.all(nodes.map(({ ended }) => ended))).toEqual([0, 0])
      for (const { said } of nodes) expect(said()).not.toMatch(/unhandled|UnhandledPromise| {4}at /i)
    }, 90_000)

    test('without a broker it says what that costs; SIGHUP replaces each node and loses nothing', async () => {
      const running = startThree()
      const address = await addressOf(running)
      expect(running.said()).toMatch(/No --broker: .* within 2 s, not at once\. Nothing is lost\./)
      const talk = await converse(address, await deskCookie(address, 'Bob'), 'replaced')
      const before = childrenOf(running)
      let isOver = false
      const talking = (async () => {
        for (let n = 0; !isOver; n++) await talk.exchange(n)
      })()
      await until('they talk', () => talk.acked.length > 1)
      running.child.kill('SIGHUP')
      await running.says(/All nodes were replaced/, SLOW_MS)
      const saidBy = talk.acked.length
      await until('they talk on', () => talk.acked.length > saidBy, SLOW_MS)
      isOver = true
      await talking
      const areAllRead = () =>
        [talk.page, talk.desk].every(({ texts }) => texts().length >= talk.acked.length)
      await until('all read', areAllRead, SLOW_MS)
      expect(talk.page.texts()).toEqual(talk.acked)
      expect(talk.desk.texts()).toEqual(talk.acked)
      const after = childrenOf(running)
      expect(after).toHaveLength(3)
      expect(after.filter(pid => before.includes(pid))).toEqual([])
      talk.end()
      running.child.kill('SIGINT')
      expect(await running.ended).toBe(0)
    }, 180_000)

    test('SIGHUP twice, and a node that dies meanwhile: three nodes in the end, and none of the old ones', async () => {
      const running = startThree()
      await addressOf(running)
      const before = childrenOf(running)
      const [, , last = 0] = before
      running.child.kill('SIGHUP')
      await until('the first one is gone', () => !childrenOf(running).includes(before[0] ?? 0), SLOW_MS)
      process.kill(last, 'SIGKILL')
      running.child.kill('SIGHUP')
      await running.says(/node \d serves again/, SLOW_MS)
      await running.says(/All nodes were replaced.*All nodes were replaced/s, SLOW_MS)
      const after = childrenOf(running)
      expect(after).toHaveLength(3)
      expect(after.filter(pid => before.includes(pid))).toEqual([])
      running.child.kill('SIGTERM')
      expect(await running.ended).toBe(0)
      expect(running.said()).not.toMatch(/did not stop within/)
    }, 180_000)
  },
)
