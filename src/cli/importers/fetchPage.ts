// One page over HTTP, for the import of a site: only of the hosts it is told, no private address unless it may,
// bounded in time and bytes. Not `fetch`: the address that was checked must be the one that is connected to.

import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { describe } from '../../base/errors'
import { isPrivateAddress } from './addresses'

export interface FetchRules {
  /** Requests go to this host only, redirects too; with port where it has one. */
  readonly host: string
  readonly allowPrivate: boolean
  /** Unpacked. */
  readonly maxBytes: number
  /** What the answer must be: matched against its content type. */
  readonly type: RegExp
  /** Redirects may lead to other hosts, public ones: a robots.txt may lie elsewhere (RFC 9309, 2.3.1.2). */
  readonly mayLeave?: boolean
  /** Asked before each request: why the site does not want it, or null. */
  readonly forbids?: ((address: string) => Promise<string | null>) | undefined
}

export interface FetchedPage {
  /** After redirects. */
  readonly address: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** Why there is no page. */
export interface NotFetched {
  readonly sentence: string
  /** The site asked for patience. */
  readonly retryAfterMs?: number
  /** What the site answered; 0 when it did not answer. Unset where it was not asked, or its answer is not wanted. */
  readonly status?: number
  /** By `forbids`. */
  readonly isForbidden?: true
}

const TIMEOUT_MS = 20_000
const MAX_REDIRECTS = 5
/** A site that asks for longer than this is asked again by the next run. */
const MAX_RETRY_AFTER_MS = 60_000

/** What a robots.txt calls us. */
export const PRODUCT = 'asklet-import'
const AGENT = `${PRODUCT}/${__VERSION__}`

/** Rejects only with what `forbids` rejects with. */
export async function fetchPage(address: string, rules: FetchRules): Promise<FetchedPage | NotFetched> {
  let at = address
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const isAway = redirects > 0 && rules.mayLeave && new URL(at).host !== rules.host
    const here = isAway ? { ...rules, host: new URL(at).host, allowPrivate: false } : rules
    const refused = refusal(at, here)
    if (refused) return { sentence: refused }
    const forbidden = await rules.forbids?.(at)
    if (forbidden) return { sentence: forbidden, isForbidden: true }
    try {
      const answer = await get(new URL(at), here)
      if ('location' in answer) {
        const next = redirected(at, answer.location)
        if (typeof next === 'string') return { sentence: next }
        at = next.href
        continue
      }
      return 'sentence' in answer ? answer : { ...answer, address: at }
    } catch (error) {
      return { sentence: notFetched(error), status: 0 }
    }
  }
  return { sentence: `was redirected more than ${MAX_REDIRECTS} times` }
}

/** @returns where a redirect leads, or the sentence that says why it is not followed */
export function redirected(from: string, location: string): URL | string {
  if (!URL.canParse(location, from)) return `was redirected to no address: ${describe(location)}`
  const to = new URL(location, from)
  const isLaxer = from.startsWith('https:') && to.protocol === 'http:'
  return isLaxer ? `must stay https, was redirected to ${describe(to.href)}` : to
}

function notFetched(error: unknown): string {
  return `could not be fetched: ${error instanceof Error ? error.message : String(error)}`
}

/** Why this address must not be asked for, or null. */
export function refusal(
  address: string,
  { host, allowPrivate }: Pick<FetchRules, 'host' | 'allowPrivate'>,
): string | null {
  if (!URL.canParse(address)) return `must be an address, got ${describe(address)}`
  const url = new URL(address)
  if (!/^https?:$/.test(url.protocol)) return `must be http or https, got ${describe(address)}`
  if (url.username || url.password) return `must hold no password, got ${url.host}`
  if (url.host !== host) return `must be of ${host}, got ${describe(address)}`
  if (!allowPrivate && isIP(url.hostname.replace(/^\[|\]$/g, '')) && isPrivateAddress(url.hostname))
    return `must not be a private address, got ${describe(address)}. Pass --allow-private if it is your own`
  return null
}

type Answer = Omit<FetchedPage, 'address'> | NotFetched | { readonly location: string }

function get(url: URL, rules: FetchRules): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(
      url,
      {
        headers: {
          'user-agent': AGENT,
          accept: 'text/html,application/xhtml+xml,application/xml;q=0.9',
          'accept-encoding': 'gzip, br',
        },
        lookup: rules.allowPrivate ? (lookup as LookupFunction) : lookupPublic,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      response => {
        const bodyless = withoutBody(response)
        if (bodyless) {
          resolve(bodyless)
          response.destroy()
          return
        }
        const contentType = response.headers['content-type'] ?? ''
        if (!rules.type.test(contentType)) {
          resolve({ sentence: `must be a page, got ${describe(contentType || 'no content type')}` })
          response.destroy()
          return
        }
        const parts: Buffer[] = []
        let size = 0
        response.on('data', (part: Buffer) => {
          size += part.length
          parts.push(part)
          if (size <= rules.maxBytes) return
          resolve({ sentence: `must have at most ${rules.maxBytes} bytes, got more` })
          response.destroy()
        })
        response.on('error', reject)
        response.on('end', () => {
          try {
            resolve({
              contentType,
              bytes: unpacked(Buffer.concat(parts), response.headers['content-encoding'], rules.maxBytes),
            })
          } catch (error) {
            resolve({ sentence: notFetched(error) })
          }
        })
      },
    )
    request.on('error', reject)
    request.end()
  })
}

function withoutBody({ statusCode = 0, headers }: IncomingMessage): NotFetched | { location: string } | null {
  if (statusCode >= 300 && statusCode < 400 && headers.location) return { location: headers.location }
  if (statusCode === 200) return null
  const seconds = Number(headers['retry-after'])
  const isBusy = statusCode === 429 || statusCode === 503
  const wait = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 5_000
  const sentence = `the site answered ${statusCode}`
  const answer = { sentence, status: statusCode }
  return isBusy && wait <= MAX_RETRY_AFTER_MS ? { ...answer, retryAfterMs: wait } : answer
}

/** @throws when it is larger than `maxOutputLength` unpacked */
function unpacked(bytes: Buffer, encoding: string | undefined, maxOutputLength: number): Uint8Array {
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(bytes, { maxOutputLength })
  if (encoding === 'br') return brotliDecompressSync(bytes, { maxOutputLength })
  if (encoding === 'deflate') return inflateSync(bytes, { maxOutputLength })
  return bytes
}

/** Refuses a name that leads to a private address: asked and connected to in one, so that it cannot change between. */
function lookupPublic(
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
): void {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) {
      callback(error, '')
      return
    }
    const open = found.filter(({ address }) => !isPrivateAddress(address))
    const [first] = open
    if (!first) {
      callback(new Error(`${hostname} is a private address. Pass --allow-private if it is your own`), '')
      return
    }
    if (options.all) callback(null, open)
    else callback(null, first.address, first.family)
  })
}
