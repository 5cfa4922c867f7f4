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
}

export interface FetchedPage {
  /** After redirects. */
  readonly address: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** Why there is no page. `retryAfterMs` when the site asked for patience. */
export interface NotFetched {
  readonly sentence: string
  readonly retryAfterMs?: number
}

const TIMEOUT_MS = 20_000
const MAX_REDIRECTS = 5
/** A site that asks for longer than this is asked again by the next run. */
const MAX_RETRY_AFTER_MS = 60_000

const AGENT = `asklet-import/${__VERSION__}`

/** Never rejects. */
export async function fetchPage(address: string, rules: FetchRules): Promise<FetchedPage | NotFetched> {
  let at = address
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const refused = refusal(at, rules)
    if (refused) return { sentence: refused }
    try {
      const answer = await get(new URL(at), rules)
      if ('location' in answer) {
        if (!URL.canParse(answer.location, at))
          return { sentence: `was redirected to no address: ${describe(answer.location)}` }
        at = new URL(answer.location, at).href
        continue
      }
      return 'sentence' in answer ? answer : { ...answer, address: at }
    } catch (error) {
      return { sentence: `could not be fetched: ${error instanceof Error ? error.message : String(error)}` }
    }
  }
  return { sentence: `was redirected more than ${MAX_REDIRECTS} times` }
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
            reject(error)
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
  return isBusy && wait <= MAX_RETRY_AFTER_MS ? { sentence, retryAfterMs: wait } : { sentence }
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
