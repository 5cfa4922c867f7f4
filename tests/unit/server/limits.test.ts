// How much is admitted, of whom, and for which address.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createClient } from 'redis'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createAddresses } from '../../../src/server/addresses'
import { type Counted, createAdmission, RATES } from '../../../src/server/admission'
import { createConnections } from '../../../src/server/connectionCaps'

const who = (identity: string | null, address: string | null = null): Counted => ({ identity, address })

describe('admission', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('[D19] so many are admitted, then one is told how long to wait, and that is true', async () => {
    const admission = createAdmission()
    const { points, seconds } = RATES.drafts.identity
    for (let i = 0; i < points; i += 50) expect(await admission.take('drafts', who('a'), 50)).toBe(0)
    const wait = await admission.take('drafts', who('a'))
    expect(wait).toBe(seconds * 1_000)
    vi.advanceTimersByTime(wait - 1)
    expect(await admission.take('drafts', who('a'))).toBe(1)
    vi.advanceTimersByTime(1)
    expect(await admission.take('drafts', who('a'))).toBe(0)
  })

  test('one identity’s haste does not slow another, nor its other calls', async () => {
    const admission = createAdmission()
    for (let i = 0; i < 11; i++) await admission.take('opens', who('a'))
    expect(await admission.take('opens', who('a'))).toBeGreaterThan(0)
    expect(await admission.take('opens', who('b'))).toBe(0)
    expect(await admission.take('calls', who('a'))).toBe(0)
  })

  test('made-up identities do not get around the limit of their address; a proxy’s own address has none', async () => {
    const admission = createAdmission()
    const open = (n: number, address: string | null) => admission.take('opens', who(`made-up-${n}`, address))
    for (let n = 0; n < RATES.opens.address.points; n++) expect(await open(n, '203.0.113.7')).toBe(0)
    expect(await open(9_999, '203.0.113.7')).toBeGreaterThan(0)
    expect(await open(9_999, '203.0.113.8')).toBe(0)
    for (let n = 0; n < 1_000; n++) expect(await open(n, null)).toBe(0)
  })

  test('a school behind one address: a thousand pupils who each write and reconnect are all admitted', async () => {
    const admission = createAdmission()
    for (let n = 0; n < 1_000; n++) {
      const pupil = who(`pupil-${n}`, '203.0.113.7')
      for (const kind of ['connections', 'calls', 'drafts', 'typing'] as const)
        expect(await admission.take(kind, pupil)).toBe(0)
    }
  })

  test('a batch bigger than a window holds is not refused for ever', async () => {
    expect(await createAdmission().take('drafts', who('a'), 5_000)).toBe(0)
  })
})

const REDIS = '/usr/bin/redis-server'
describe('admission shared through a Redis', () => {
  if (!existsSync(REDIS)) return void test.skip(`${REDIS} is not installed`, () => {})
  const port = 20_000 + (process.pid % 20_000)
  let server: ChildProcess
  const newClient = () => createClient({ url: `redis://127.0.0.1:${port}` }).on('error', () => {})
  let clients: ReturnType<typeof newClient>[] = []

  beforeEach(async () => {
    server = spawn(
      REDIS,
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      { stdio: 'ignore' },
    )
    clients = [newClient(), newClient()]
    await Promise.all(clients.map(client => client.connect()))
  })
  afterEach(async () => {
    server.kill('SIGCONT')
    for (const client of clients) client.destroy()
    server.kill('SIGKILL')
  })

  test('two nodes count together; without the broker each counts alone, at once, and says so', async () => {
    const logged: string[] = []
    const nodes = clients.map(redis => createAdmission({ redis, log: ({ event }) => logged.push(event) }))
    const [one, two] = nodes as [ReturnType<typeof createAdmission>, ReturnType<typeof createAdmission>]
    for (let n = 0; n < 5; n++) for (const node of nodes) expect(await node.take('opens', who('a'))).toBe(0)
    expect(await one.take('opens', who('a'))).toBeGreaterThan(0)
    expect(await two.take('opens', who('a'))).toBeGreaterThan(0)
    // Paused, as a broker is that swaps: it takes calls and answers none.
    server.kill('SIGSTOP')
    const started = Date.now()
    for (let n = 0; n < 10; n++) expect(await one.take('opens', who('b'))).toBe(0)
    expect(await one.take('opens', who('b'))).toBeGreaterThan(0)
    expect(Date.now() - started).toBeLessThan(1_500)
    expect(logged).toEqual(['limitsNotShared'])
  }, 15_000)

  test('an outage is said once, however long it is, and its end once', async () => {
    const logged: string[] = []
    const [redis] = clients
    const admission = createAdmission({ redis, log: ({ event }) => logged.push(event) })
    const now = vi.spyOn(Date, 'now')
    let ahead = 0
    now.mockImplementation(() => performance.timeOrigin + performance.now() + ahead)
    try {
      server.kill('SIGSTOP')
      for (let n = 0; n < 3; n++) {
        await admission.take('calls', who('a'))
        ahead += 10_000
      }
      expect(logged).toEqual(['limitsNotShared'])
      server.kill('SIGCONT')
      await vi.waitFor(
        async () => {
          ahead += 10_000
          await admission.take('calls', who('a'))
          expect(logged).toEqual(['limitsNotShared', 'limitsShared'])
        },
        { timeout: 10_000 },
      )
    } finally {
      now.mockRestore()
    }
  }, 15_000)
})

describe('addresses', () => {
  const of = (peer: string, forwarded?: string, trusted: readonly string[] = []) =>
    createAddresses(trusted).of({
      socket: { remoteAddress: peer } as never,
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    })

  test('an IPv4 address is itself, an IPv6 one its first 64 bits, however they are written', () => {
    expect(of('203.0.113.7')).toBe('203.0.113.7')
    expect(of('::ffff:203.0.113.7')).toBe('203.0.113.7')
    expect(of('2001:db8:1:2:aaaa::1')).toBe('2001:db8:1:2::/64')
    expect(of('2001:0DB8:0001:0002::9')).toBe('2001:db8:1:2::/64')
    expect(of('2001:db8::1')).toBe('2001:db8:0:0::/64')
    expect(of('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  })

  test('X-Forwarded-For counts only from a proxy that was named, and only up to the first that was not', () => {
    expect(of('203.0.113.7', '198.51.100.1')).toBe('203.0.113.7')
    const trusted = ['10.0.0.0/8', '127.0.0.1', '::1']
    expect(of('10.1.2.3', '198.51.100.1', trusted)).toBe('198.51.100.1')
    expect(of('::1', '1.1.1.1, 198.51.100.1, 10.9.9.9', trusted)).toBe('198.51.100.1')
    expect(of('203.0.113.7', '198.51.100.1', trusted)).toBe('203.0.113.7')
    expect(of('10.1.2.3', 'unknown', trusted)).toBe('10.1.2.3')
    expect(of('10.1.2.3', '1.1.1.1, <script>', trusted)).toBe('10.1.2.3')
    expect(of('10.1.2.3', '[2001:db8:1:2::5]:443', trusted)).toBe('2001:db8:1:2::/64')
    expect(of('10.1.2.3', '198.51.100.1:5555', trusted)).toBe('198.51.100.1')
  })

  test('this machine itself is a proxy that nobody named: its visitors are not one, and the log says what to do', () => {
    expect(of('127.0.0.1')).toBeNull()
    expect(of('::1', '198.51.100.1')).toBeNull()
    const told: string[] = []
    const addresses = createAddresses([], peer => told.push(peer))
    for (let i = 0; i < 3; i++)
      addresses.of({
        socket: { remoteAddress: '172.17.0.1' } as never,
        headers: { 'x-forwarded-for': '198.51.100.1' },
      })
    expect(told).toEqual(['172.17.0.1'])
  })

  test.each(['proxy.example', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 7 as never])(
    'a trusted proxy %s is refused with a sentence',
    entry => {
      expect(() => createAddresses([entry])).toThrow(/a trusted proxy is an address or a network/)
    },
  )
})

describe('open connections', () => {
  test('are counted by identity, by address and in all, and given back once', () => {
    const connections = createConnections({ perIdentity: 2, perAddress: 3, perNode: 4 })
    const first = connections.add('a', '1')
    connections.add('a', '1')
    expect(connections.hasRoom('a', '2')).toBe(false)
    expect(connections.hasRoom('b', '1')).toBe(true)
    connections.add('b', '1')
    expect(connections.hasRoom('c', '1')).toBe(false)
    expect(connections.hasRoom('c', null)).toBe(true)
    connections.add('c', null)
    expect(connections.hasRoom('d', '9')).toBe(false)
    first()
    first()
    expect(connections.hasRoom('a', '1')).toBe(true)
    connections.add('a', '1')
    expect(connections.hasRoom('a', null)).toBe(false)
  })
})
