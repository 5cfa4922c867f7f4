// Sends news to the site's own endpoints (O8 to O11): signed, without anybody's words unless the site asks for them,
// to addresses of the public internet alone. The address that was judged is the one that is connected to: a name that
// is answered differently a moment later changes nothing. Redirects are not followed.

import { createHash } from 'node:crypto'
import { type LookupAddress, lookup } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Clock } from '../../base/environment'
import { AskletError, describe } from '../../base/errors'
import type { ClaimedDelivery } from '../store/deliveries'
import type { HelpDeskStore } from '../store/helpDeskStore'
import { WEBHOOK_EVENTS, type WebhookEvent, type WebhookFacts } from './deliveriesOf'
import type { SendOutcome } from './dispatcher'
import { isPublicAddress } from './publicAddress'
import { secretBytes, signedHeaders, webhookIdOf } from './signature'

export interface WebhookOptions {
  /** `https://…`, without user or password. */
  readonly url: string
  /** `whsec_` and 24 to 64 random bytes as base64; the receiver has the same. */
  readonly secret: string
  /** Default: all of `WEBHOOK_EVENTS`. */
  readonly events?: readonly WebhookEvent[]
  /** With the words of a message. Default: ids, numbers and states alone. */
  readonly includeText?: boolean
  /** For tests and development: addresses of this machine and its network, and `http://`. */
  readonly allowPrivate?: boolean
}

export interface Endpoint {
  /** Stands in the ids of deliveries: the same for as long as the address is. */
  readonly key: string
  readonly url: URL
  readonly secret: Buffer
  readonly events: ReadonlySet<WebhookEvent>
  readonly includeText: boolean
  readonly allowPrivate: boolean
}

/** How a name becomes addresses; `dns.lookup` of all of them. */
export type Resolve = (
  name: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void

const resolveBySystem: Resolve = (name, done) =>
  lookup(name, { all: true, verbatim: true }, (error, addresses) => done(error, addresses ?? []))

/** Longer than a receiver that does its work behind the answer needs. */
const ANSWER_WITHIN_MS = 15_000

/** @throws AskletError `server_shape` */
export function readEndpoints(given: unknown): readonly Endpoint[] {
  if (!Array.isArray(given))
    throw shape(`options.webhooks must be a list of { url, secret }, got ${describe(given)}.`)
  const endpoints = given.map(readEndpoint)
  const keys = endpoints.map(({ key }) => key)
  const twice = keys.findIndex((key, n) => keys.indexOf(key) !== n)
  if (twice >= 0) throw shape(`options.webhooks[${twice}].url stands there twice. Give each address once.`)
  return endpoints
}

function readEndpoint(given: Partial<WebhookOptions> | null, n: number): Endpoint {
  const name = `options.webhooks[${n}]`
  const { allowPrivate = false, includeText = false } = given ?? {}
  const url = typeof given?.url === 'string' && URL.canParse(given.url) ? new URL(given.url) : null
  const schemes = allowPrivate ? ['https:', 'http:'] : ['https:']
  if (!url || !schemes.includes(url.protocol) || url.username || url.password)
    // Never the address itself: it may hold a token.
    throw shape(
      `${name}.url must be an address that begins with https:// and has no password, got ${url ? describe(url.protocol) : describe(given?.url === undefined ? undefined : 'no address')}.`,
    )
  if (!allowPrivate && isIP(bare(url.hostname)) !== 0 && !isPublicAddress(bare(url.hostname)))
    throw shape(
      `${name}.url must be on the public internet, got an address of this machine or its network. For tests there is allowPrivate.`,
    )
  const events = given?.events ?? WEBHOOK_EVENTS
  const unknown = Array.isArray(events) ? events.find(each => !WEBHOOK_EVENTS.includes(each)) : events
  if (unknown !== undefined)
    throw shape(`${name}.events must be a list of ${WEBHOOK_EVENTS.join(', ')}, got ${describe(unknown)}.`)
  return {
    key: createHash('sha256').update(url.href).digest('hex').slice(0, 12),
    url,
    secret: secretBytes(given?.secret),
    events: new Set(events),
    includeText: includeText === true,
    allowPrivate: allowPrivate === true,
  }
}

const shape = (sentence: string) => new AskletError('server_shape', sentence)
const bare = (host: string) => host.replace(/^\[|\]$/g, '')

/** Resolves a name, refuses it when any of its addresses is not public, and connects to the first of those judged. */
export function judgedLookup(resolve: Resolve): LookupFunction {
  return (name, options, done) => {
    resolve(name, (error, addresses) => {
      const [first] = addresses
      if (error || !first) return done(error ?? new Error('no address'), '', 4)
      if (!addresses.every(({ address }) => isPublicAddress(address)))
        return done(new PrivateAddress(), '', 4)
      if (options.all) return done(null, [first])
      return done(null, first.address, first.family)
    })
  }
}

class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress'
}

export interface WebhookSender {
  send(delivery: ClaimedDelivery): Promise<SendOutcome>
}

export function createWebhookSender(options: {
  readonly endpoints: readonly Endpoint[]
  readonly store: Pick<HelpDeskStore, 'read'>
  readonly clock: Pick<Clock, 'now'>
  readonly resolve?: Resolve
  readonly answerWithinMs?: number
}): WebhookSender {
  const { endpoints, store, clock, resolve = resolveBySystem, answerWithinMs = ANSWER_WITHIN_MS } = options

  /** With its words where the endpoint asks for them and they are still there. */
  async function bodyOf(delivery: ClaimedDelivery, endpoint: Endpoint): Promise<string | null> {
    const page = await store.read(delivery.conversationId, delivery.seq - 1, 1)
    if (!page || delivery.facts === null) return null
    const facts = JSON.parse(delivery.facts) as WebhookFacts
    const body = page.events[0]?.body
    if (!endpoint.includeText || body?.type !== 'message') return JSON.stringify(facts)
    return JSON.stringify({ ...facts, data: { ...facts.data, text: body.text } })
  }

  return {
    async send(delivery) {
      const endpoint = endpoints.find(({ key }) => key === delivery.target)
      // Another node may have a newer configuration: nothing is thrown away for this one's lack of it.
      if (!endpoint) return { result: 'retry', problem: 'no endpoint of this address here' }
      const body = await bodyOf(delivery, endpoint)
      if (body === null) return { result: 'dropped', problem: 'the conversation is gone' }
      const id = webhookIdOf(delivery.id)
      const headers = signedHeaders(endpoint.secret, id, clock.now(), body)
      try {
        return judged(await post(endpoint, body, headers, resolve, answerWithinMs))
      } catch (error) {
        // A wrong answer of the name server may be mended: tried again, and never connected to meanwhile.
        if (error instanceof PrivateAddress)
          return { result: 'retry', problem: 'not an address of the public internet' }
        return { result: 'retry', problem: errorCode(error) }
      }
    },
  }
}

/** What an answer means. */
export function judged(status: number): SendOutcome {
  if (status >= 200 && status < 300) return { result: 'sent' }
  const problem = `answered with status ${status}`
  // 410: the receiver says that it is gone. 3xx: what was judged is one address, not where it sends us on to.
  if (status === 410 || (status >= 300 && status < 400)) return { result: 'failed', problem }
  return { result: 'retry', problem }
}

function post(
  { url, allowPrivate }: Endpoint,
  body: string,
  signed: Readonly<Record<string, string>>,
  resolve: Resolve,
  withinMs: number,
): Promise<number> {
  return new Promise((answered, failed) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      // A connection of its own: one that is kept open would be to an address that was judged some time ago.
      agent: false,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Asklet-Webhook/1',
        connection: 'close',
        ...signed,
      },
      signal: AbortSignal.timeout(withinMs),
      ...(!allowPrivate && { lookup: judgedLookup(resolve) }),
    })
    request.once('error', failed)
    request.once('response', response => {
      // What it says is nobody's to read, however long.
      response.destroy()
      answered(response.statusCode ?? 0)
    })
    request.end(body)
  })
}

/** Without host or address: problems are shown in lists and logs. */
function errorCode(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time'
  return typeof code === 'string' ? code : 'the connection failed'
}
