// Webhooks against a real HTTP server on this machine: what arrives, what is tried again, and where nothing is ever
// sent.
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WEBHOOK_EVENTS } from '../../src/server/outbound/deliveriesOf'
import { createWebhookSender, type Resolve, readEndpoints } from '../../src/server/outbound/webhooks'
import { ADA, openOutbox, VISITOR, words } from '../support/outbox'

const SECRET_BYTES = Buffer.alloc(32, 9)
const secret = `whsec_${SECRET_BYTES.toString('base64')}`

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Call {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** @param answer  status of the n-th call, or null: none, for ever */
async function receiver(answer: (n: number) => number | null = () => 204) {
  const calls: Call[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      calls.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
      const status = answer(calls.length - 1)
      if (status === null) return
      response.writeHead(status, { location: 'http://127.0.0.1:1/elsewhere' }).end('{}')
    })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  })
  return { calls, port: (server.address() as AddressInfo).port }
}

async function scene(
  url: string,
  more: { includeText?: boolean; allowPrivate?: boolean; resolve?: Resolve; answerWithinMs?: number } = {},
) {
  const { resolve, answerWithinMs, ...options } = { allowPrivate: true, ...more }
  const endpoints = readEndpoints([{ url, secret, ...options }])
  const outbox = await openOutbox({
    mail: false,
    webhooks: endpoints.map(({ key }) => ({ key, events: new Set(WEBHOOK_EVENTS) })),
  })
  const { store, clock } = outbox
  const sender = createWebhookSender({
    endpoints,
    store,
    clock,
    ...(resolve && { resolve }),
    ...(answerWithinMs !== undefined && { answerWithinMs }),
  })
  const dispatcher = outbox.dispatcher({ webhook: sender.send })
  closing.push(async () => {
    await dispatcher.close()
    await outbox.close()
  })
  return {
    outbox,
    async run() {
      await dispatcher.run()
      await dispatcher.run()
    },
  }
}

const isSigned = ({ headers, body }: Call) =>
  headers['webhook-signature'] ===
  `v1,${createHmac('sha256', SECRET_BYTES)
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
    .digest('base64')}`

test('[O8] what happens arrives signed, without anybody’s words or address', async () => {
  const { calls, port } = await receiver()
  const { outbox, run } = await scene(`http://127.0.0.1:${port}/hook`)
  await outbox.ticket('conversation-1', 'mia@example.com')
  await outbox.say('conversation-1', ADA, words('We found it.'))
  await run()
  expect(calls.map(({ body }) => (JSON.parse(body) as { type: string }).type).sort()).toEqual([
    'message.sent',
    'ticket.opened',
  ])
  expect(calls.every(isSigned)).toBe(true)
  expect(JSON.stringify(calls)).not.toMatch(/mia@|We found it/)
  expect(calls[0]?.headers['content-type']).toBe('application/json')
})

test('[O8] a site that asks for the words gets them', async () => {
  const { calls, port } = await receiver()
  const { outbox, run } = await scene(`http://127.0.0.1:${port}/hook`, { includeText: true })
  await outbox.ticket('conversation-1', 'mia@example.com')
  await outbox.say('conversation-1', VISITOR, words('Where is it?'))
  await run()
  const message = calls.map(({ body }) => JSON.parse(body)).find(({ type }) => type === 'message.received')
  expect(message.data.text).toBe('Where is it?')
})

test('[O5] a receiver that fails is called again under the same id, with a time of its own', async () => {
  const { calls, port } = await receiver(n => (n === 0 ? 500 : 200))
  const { outbox, run } = await scene(`http://127.0.0.1:${port}/hook`)
  await outbox.ticket('conversation-1', 'mia@example.com')
  await run()
  outbox.clock.advance(31_000)
  await run()
  await run()
  expect(calls).toHaveLength(2)
  expect(calls[1]?.headers['webhook-id']).toBe(calls[0]?.headers['webhook-id'])
  expect(calls[1]?.body).toBe(calls[0]?.body)
  expect(Number(calls[1]?.headers['webhook-timestamp'])).toBeGreaterThan(
    Number(calls[0]?.headers['webhook-timestamp']),
  )
  expect(calls.every(isSigned)).toBe(true)
})

test('[O11] a redirect is not followed: it fails for good', async () => {
  const { calls, port } = await receiver(() => 307)
  const { outbox, run } = await scene(`http://127.0.0.1:${port}/hook`)
  await outbox.ticket('conversation-1', 'mia@example.com')
  await run()
  expect(calls).toHaveLength(1)
  expect(await outbox.store.failedDeliveries(5)).toMatchObject([{ problem: 'answered with status 307' }])
})

test('[O11] a receiver that never answers is let go of, and called again later', async () => {
  const { calls, port } = await receiver(() => null)
  const { outbox, run } = await scene(`http://127.0.0.1:${port}/hook`, { answerWithinMs: 50 })
  await outbox.ticket('conversation-1', 'mia@example.com')
  await run()
  expect(calls).toHaveLength(1)
  expect(outbox.logged.join()).toMatch(/no answer in time/)
  expect(await outbox.store.countDeliveries()).toMatchObject({ waiting: 1 })
})

test.each([
  [['127.0.0.1']],
  [['169.254.169.254']],
  [['::ffff:127.0.0.1']],
  // One that is public does not make up for one that is not.
  [['93.184.216.34', '10.0.0.1']],
])('[O10] a name that is answered with %j is never connected to', async addresses => {
  const { calls, port } = await receiver()
  const resolve: Resolve = (_name, done) =>
    done(
      null,
      addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  const { outbox, run } = await scene(`https://hook.example:${port}/hook`, { allowPrivate: false, resolve })
  await outbox.ticket('conversation-1', 'mia@example.com')
  await run()
  expect(calls).toEqual([])
  expect(outbox.logged.join()).toMatch(/not an address of the public internet/)
})

test('[O10] the address that was judged is the one that is connected to: a name is asked once a try', async () => {
  let asked = 0
  // Public the first time, this machine from then on.
  const resolve: Resolve = (_name, done) =>
    done(null, [{ address: asked++ === 0 ? '192.31.196.1' : '127.0.0.1', family: 4 }])
  const { calls, port } = await receiver()
  const { outbox, run } = await scene(`https://hook.example:${port}/hook`, {
    allowPrivate: false,
    resolve,
    answerWithinMs: 100,
  })
  await outbox.ticket('conversation-1', 'mia@example.com')
  await run()
  expect(asked).toBe(1)
  outbox.clock.advance(31_000)
  await run()
  expect(asked).toBe(2)
  expect(calls).toEqual([])
})

test('[O5] what a node knows no endpoint for is left for one that does', async () => {
  const { calls, port } = await receiver()
  const { outbox, run } = await scene(`http://127.0.0.1:${port}/hook`)
  await outbox.ticket('conversation-1', 'mia@example.com')
  const other = readEndpoints([{ url: 'http://127.0.0.1:1/other', secret, allowPrivate: true }])
  const sender = createWebhookSender({ endpoints: other, store: outbox.store, clock: outbox.clock })
  const dispatcher = outbox.dispatcher({ webhook: sender.send })
  await dispatcher.run()
  await dispatcher.close()
  expect(calls).toEqual([])
  outbox.clock.advance(31_000)
  await run()
  expect(calls).toHaveLength(1)
})
