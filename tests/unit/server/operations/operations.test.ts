// What an operator asks a running help desk: does it live, is it ready, what does it measure.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { prometheus } from '../../../../src/server/operations/prometheus'
import { watchReadiness } from '../../../../src/server/operations/readiness'
import { emptyBrief } from '../../../../src/testing/emptyBrief'
import { createManualClock } from '../../../../src/testing/manualClock'
import { type HelpDeskServer, startHelpDesk } from '../../../support/helpDeskServer'

const TOKEN = 'a-token-of-the-test'
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function desk(options: Parameters<typeof startHelpDesk>[1] = {}): Promise<HelpDeskServer> {
  const folder = await mkdtemp(join(tmpdir(), 'asklet-operations-'))
  const server = await startHelpDesk(join(folder, 'desk.db'), options)
  closing.push(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })
  return server
}

const get = (server: HelpDeskServer, route: string, headers: Record<string, string> = {}) =>
  fetch(`${server.base}/asklet/v1/${route}`, { headers })

describe('readiness', () => {
  test('ready is who has a store that answers, asked for once a second at most', async () => {
    const clock = createManualClock()
    let asked = 0
    let isUp = true
    const epoch = async () => {
      asked++
      if (!isUp) throw new Error('gone')
      return 'epoch'
    }
    const watch = watchReadiness({ epoch }, clock)
    expect(await watch.now()).toEqual({ ready: true, store: 'up', closing: false })
    isUp = false
    expect((await watch.now()).ready).toBe(true)
    expect(asked).toBe(1)
    clock.advance(1_000)
    expect(await watch.now()).toEqual({ ready: false, store: 'down', closing: false })
    isUp = true
    clock.advance(1_000)
    expect((await watch.now()).ready).toBe(true)
    expect(clock.pending()).toBe(0)
  })
  test('a store that hangs is not ready, and the probe is answered', async () => {
    const clock = createManualClock()
    const answer = watchReadiness({ epoch: () => new Promise(() => {}) }, clock).now()
    await Promise.resolve()
    await Promise.resolve()
    clock.advance(2_000)
    expect(await answer).toMatchObject({ ready: false, store: 'down' })
  })
  test('who is closing lives and is not ready, and still answers', async () => {
    const server = await desk()
    expect((await get(server, 'ready')).status).toBe(200)
    server.helpDesk.beginClosing()
    const ready = await get(server, 'ready')
    expect(ready.status).toBe(503)
    expect(await ready.json()).toEqual({ ok: false, store: 'up', closing: true })
    expect((await get(server, 'live')).status).toBe(200)
    expect((await get(server, 'health')).status).toBe(200)
  })
})

describe('metrics', () => {
  test('are nowhere unless they were asked for, and then for the token alone', async () => {
    expect((await get(await desk(), 'metrics')).status).toBe(404)
    const untold = await desk({ prometheus: await prometheus() })
    expect((await get(untold, 'metrics')).status).toBe(404)
    expect(await untold.helpDesk.metricsText()).toContain('asklet_store_up 1')
    const server = await desk({ prometheus: await prometheus({ token: TOKEN }) })
    expect((await get(server, 'metrics')).status).toBe(401)
    expect((await get(server, 'metrics', { authorization: 'Bearer another-token-here' })).status).toBe(401)
    const answer = await get(server, 'metrics', { authorization: `Bearer ${TOKEN}` })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    await expect(prometheus({ token: 'short' })).rejects.toThrow(/at least 16 characters, got a shorter one/)
  })

  test('say what happened by name and outcome, and a made-up name makes no series', async () => {
    const meter = await prometheus({ token: TOKEN })
    const server = await desk({ prometheus: meter })
    const call = async (name: string, body: object) => {
      const answer = await fetch(`${server.base}/asklet/v1/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${'s'.repeat(30)}` },
        body: JSON.stringify({ v: 1, ...body }),
      })
      return (await answer.json()) as { conversationId?: string }
    }
    const { conversationId } = await call('open', { openId: 'open-0001', brief: emptyBrief() })
    const body = { type: 'handoffReady', channel: 'ticket', contact: { email: 'mia@example.com' } }
    await call('send', { conversationId, drafts: [{ clientId: 'handoff-1', body }] })
    await call('sync', { conversationId: 'nobody-s', after: 0, epoch: '' })
    const socket = await server.socketTo('/asklet', { v: 1, secret: 's'.repeat(30) })
    await socket.emitWithAck('made-up-by-somebody', { v: 1 }).catch(() => {})
    const text = (await server.helpDesk.metricsText()) ?? ''
    expect(text).toContain('asklet_calls_total{side="visitor",call="open",outcome="ok"} 1')
    expect(text).toContain('asklet_calls_total{side="visitor",call="sync",outcome="not_found"} 1')
    expect(text).toContain('asklet_events_stored_total 3')
    expect(text).toContain('asklet_conversations{phase="ticketed"} 1')
    expect(text).toContain('asklet_tickets{status="open"} 1')
    expect(text).toContain('asklet_deliveries{state="waiting"} 0')
    expect(text).toContain('asklet_sockets{side="visitor"} 1')
    expect(text).toMatch(/asklet_store_seconds_count\{operation="append"\} [1-9]/)
    expect(text).toMatch(/process_resident_memory_bytes \d+/)
    expect(text).not.toMatch(/made-up|mia@|handoff-1/)
    // The text's own rules: a name is told of once, each line is a sample or a comment.
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \S+ .+|[a-zA-Z_:][\w:]*(\{[^}]*\})? \S+|)$/)
  })

  test('a wait is measured when an agent joins', async () => {
    const meter = await prometheus()
    const server = await desk({ prometheus: meter })
    const store = meter.store(server.store)
    await store.open({
      identities: ['anon:one'],
      openId: 'open-0001',
      conversationId: 'conversation-1',
      at: 1_000,
      author: { kind: 'visitor' },
      brief: emptyBrief(),
    })
    const append = (at: number, clientId: string, body: object) =>
      store.append({
        conversationId: 'conversation-1',
        at,
        drafts: [{ sender: 'system', clientId, author: { kind: 'system' }, body } as never],
        authorise: () => null,
        plan: (_row, draft) => [draft],
      })
    await append(2_000, 'handoff-1', { type: 'handoffReady', channel: 'live' })
    const agent = { agentId: 'ada', name: 'Ada' }
    await append(22_000, 'assigned-1', { type: 'assigned', assignment: 1, agent, cause: 'claimed' })
    const text = (await server.helpDesk.metricsText()) ?? ''
    expect(text).toContain('asklet_wait_seconds_bucket{le="15"} 0')
    expect(text).toContain('asklet_wait_seconds_bucket{le="30"} 1')
    expect(text).toContain('asklet_wait_seconds_sum 20')
  })

  test('one figure that cannot be counted takes no other along, and does not say that the store is away', async () => {
    const meter = await prometheus()
    const server = await desk({ prometheus: meter })
    const said = (store: Partial<typeof server.store>) =>
      meter.text(Object.assign(Object.create(server.store), store), { visitor: 0, desk: 0 })
    const gone = () => Promise.reject(new Error('no'))
    const text = await said({ countTickets: gone })
    expect(text).toContain('asklet_store_up 1')
    expect(text).toContain('asklet_queue_waiting 0')
    expect(text).toContain('asklet_delivery_oldest_seconds{road="mail"} 0')
    expect(text).not.toContain('asklet_tickets{')
    expect(text).toContain('asklet_store_errors_total{operation="figures"} 1')
    expect(await said({ countTickets: gone, epoch: gone })).toContain('asklet_store_up 0')
  })

  test('what was sent in a month is counted once in ten seconds, however often somebody asks', async () => {
    const meter = await prometheus()
    const server = await desk({ prometheus: meter })
    let counted = 0
    const countDeliveries = () => {
      counted++
      return server.store.countDeliveries()
    }
    const store = Object.assign(Object.create(server.store), { countDeliveries })
    for (let n = 0; n < 5; n++) await meter.text(store, { visitor: 0, desk: 0 })
    expect(counted).toBe(1)
  })
})
