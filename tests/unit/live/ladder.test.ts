import { describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/base/environment'
import { createHttpTransport } from '../../../src/live/httpTransport'
import { createLadder } from '../../../src/live/ladder'
import { createListeners } from '../../../src/live/linkState'
import type { LinkState, LiveTransport } from '../../../src/live/liveTransport'
import { readTabMessage } from '../../../src/live/tabs'
import { watchWakeups } from '../../../src/live/wakeups'
import { createManualClock } from '../../../src/testing/manualClock'

const clock = createManualClock()
const environment: Environment = {
  now: clock.now,
  after: clock.after,
  random: () => 0.5,
  randomId: () => 'x'.repeat(22),
  fetch: () => Promise.reject(new Error('no network')),
  window: undefined,
}
const turn = () => new Promise(setImmediate)
const pass = async (ms: number) => {
  for (let left = ms; left > 0; left -= 100) {
    clock.advance(Math.min(100, left))
    await turn()
  }
}

/** A carrier that is online when the test says so. */
function carrier(name: string) {
  const listeners = createListeners()
  let isConnected = false
  const transport = {
    request: async () => ({ ok: true, by: name }),
    on: listeners.on,
    onLink: listeners.onLink,
    connect() {
      isConnected = true
      listeners.set('connecting')
    },
    nudge() {},
    close() {
      isConnected = false
      listeners.set('offline')
    },
  } as unknown as LiveTransport
  return { transport, set: listeners.set, emit: listeners.emit, isConnected: () => isConnected }
}

describe('the ladder', () => {
  const start = (loadSocket?: () => Promise<LiveTransport>) => {
    const socket = carrier('socket')
    const http = carrier('http')
    const ladder = createLadder({
      environment,
      http: http.transport,
      loadSocket: loadSocket ?? (async () => socket.transport),
    })
    const links: LinkState[] = []
    let isStranded = false
    ladder.onLink(state => links.push(state))
    ladder.onStranded(next => {
      isStranded = next
    })
    ladder.connect()
    const by = async () =>
      ((await ladder.request('availability', { v: 1 })) as unknown as { by?: string }).by ?? null
    return { socket, http, ladder, links, by, isStranded: () => isStranded }
  }

  test('a socket that works is the only carrier', async () => {
    const { socket, http, by } = start()
    await turn()
    socket.set('online')
    await pass(10_000)
    expect([await by(), http.isConnected()]).toEqual(['socket', false])
  })

  test('a socket that is blocked leaves HTTP, and takes over with a fresh sync when it comes', async () => {
    const { socket, http, links, by } = start()
    await pass(4_100)
    expect(http.isConnected()).toBe(true)
    http.set('online')
    expect(await by()).toBe('http')
    socket.set('online')
    expect(await by()).toBe('socket')
    expect(http.isConnected()).toBe(false)
    expect(links).toEqual(['offline', 'connecting', 'online', 'retrying', 'online'])
  })

  test('a chunk that does not come leaves HTTP at once', async () => {
    const { http, by } = start(() => Promise.reject(new Error('blocked')))
    await turn()
    expect(http.isConnected()).toBe(true)
    http.set('online')
    expect(await by()).toBe('http')
  })

  test('stranded when neither answers for 15 s, and no longer when one does', async () => {
    const { socket, http, isStranded, by } = start()
    await pass(14_000)
    expect(isStranded()).toBe(false)
    await pass(1_500)
    expect([isStranded(), await by()]).toEqual([true, null])
    http.set('online')
    expect(isStranded()).toBe(false)
    http.set('retrying')
    socket.set('online')
    expect(isStranded()).toBe(false)
  })
})

describe('HTTP', () => {
  const start = (answer: (name: string, body: { after?: number }) => unknown) => {
    const calls: { name: string; headers: Record<string, string> }[] = []
    let isDown = false
    const transport = createHttpTransport({
      environment: {
        ...environment,
        fetch: async (address, init) => {
          if (isDown) throw new TypeError('Failed to fetch')
          const name = String(address).replace('https://s.test/asklet/v1/', '')
          calls.push({ name, headers: init?.headers as Record<string, string> })
          return new Response(JSON.stringify(answer(name, JSON.parse(String(init?.body)))))
        },
      },
      url: 'https://s.test',
      headers: async () => ({ authorization: 'Bearer t' }),
    })
    const links: LinkState[] = []
    transport.onLink(state => links.push(state))
    return {
      transport,
      calls,
      links,
      setDown(next: boolean) {
        isDown = next
      },
    }
  }
  const availability = {
    ok: true,
    open: true,
    agentsOnline: 1,
    waiting: 0,
    expectedWaitMs: null,
    opensAt: null,
  }
  const event = (seq: number) => ({
    conversationId: 'conversation',
    seq,
    clientId: `id-${seq}`,
    at: 1,
    author: { kind: 'system' },
    body: { type: 'nobodyNow' },
  })

  test('[T3] before connect and after close nothing is answered', async () => {
    const { transport, calls } = start(() => availability)
    expect(await transport.request('availability', { v: 1 })).toMatchObject({ code: 'no_answer' })
    transport.connect()
    await turn()
    transport.close()
    expect(await transport.request('availability', { v: 1 })).toMatchObject({ code: 'no_answer' })
    expect(calls).toHaveLength(1)
  })

  test('what a socket would push is polled from where the last page ended, with the bearer', async () => {
    let head = 1
    const { transport, calls } = start((name, { after = 0 }) =>
      name === 'sync'
        ? { ok: true, head, epoch: 'E', events: [1, 2].filter(seq => seq > after && seq <= head).map(event) }
        : availability,
    )
    const pushed: number[] = []
    transport.on('events', push => pushed.push(...push.events.map(each => each.seq)))
    transport.connect()
    await turn()
    await transport.request('sync', { v: 1, conversationId: 'conversation', after: 0, epoch: '' })
    head = 2
    await pass(3_500)
    expect(pushed).toEqual([2])
    expect(calls.every(call => call.headers.authorization === 'Bearer t')).toBe(true)
    transport.close()
    const asked = calls.length
    await pass(10_000)
    expect(calls).toHaveLength(asked)
  })

  test('[T1] a lost line is no answer, and the carrier knocks until it is back', async () => {
    const { transport, links, setDown } = start(() => availability)
    transport.connect()
    await turn()
    setDown(true)
    expect(await transport.request('availability', { v: 1 })).toMatchObject({ code: 'no_answer' })
    setDown(false)
    await pass(6_000)
    expect(links).toEqual(['offline', 'connecting', 'online', 'retrying', 'online'])
    transport.close()
  })

  test('an answer that cannot be read is no answer', async () => {
    const { transport } = start(name =>
      name === 'send' ? { ok: true, results: [{ seq: 'one' }] } : availability,
    )
    transport.connect()
    await turn()
    expect(
      await transport.request('send', { v: 1, conversationId: 'conversation', drafts: [] }),
    ).toMatchObject({
      code: 'no_answer',
    })
    transport.close()
  })
})

test('[D15] a timer that comes more than 5 s late is a machine that slept', () => {
  let now = 0
  let task: () => void = () => {}
  let woken = 0
  const undo = watchWakeups(
    {
      ...environment,
      now: () => now,
      after: (_ms, next) => {
        task = next
        return () => {}
      },
    },
    () => woken++,
  )
  now += 5_100
  task()
  expect(woken).toBe(0)
  now += 60_000
  task()
  expect(woken).toBe(1)
  undo()
})

test('[D17] what another script posts between tabs is not taken for a message', () => {
  for (const message of [
    null,
    'hello',
    { type: 'rows', thread: 't', rows: [{ clientId: 'x' }] },
    { type: 'page', thread: 't', after: 0, page: { head: 1, epoch: 'E', events: [{ seq: 1 }] } },
    { type: 'thread', thread: { openId: 1 } },
    { type: 'link', link: 'excellent' },
    { type: '__proto__' },
  ])
    expect(readTabMessage(message)).toBeNull()
  expect(readTabMessage({ type: 'hello' })).toEqual({ type: 'hello' })
})
