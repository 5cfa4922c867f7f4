// Does a content security policy let a source through? Pure, after CSP level 3. What a browser does goes before what
// stands here: a request that came through was allowed.

import { redact } from '../../base/redact'
import type { NeededSource, SourceDirective } from '../../protocol/sources'

/** Which directive governs, first there counts. */
const GOVERNS: Readonly<Record<SourceDirective, readonly string[]>> = {
  'script-src': ['script-src-elem', 'script-src', 'default-src'],
  'connect-src': ['connect-src', 'default-src'],
  'img-src': ['img-src', 'default-src'],
}

/** What a browser refused, or would have. */
export interface Violation {
  readonly directive: string
  readonly blocked: string
  /** False: of a policy that only reports. */
  readonly isEnforced: boolean
  readonly policy: string
}

export interface Refusal {
  readonly needed: NeededSource
  /** As it stands in the policy: `connect-src 'self'`. */
  readonly line: string
}

/**
 * What `policy` refuses of what is needed; each source once.
 *
 * @param policy  as in a header; several with commas between, of which each one counts
 * @param page    address of the page, for 'self'
 */
export function refusedSources(
  policy: string,
  needed: readonly NeededSource[],
  page: string,
): readonly Refusal[] {
  const policies = policy.split(',').map(parse)
  return needed.flatMap(each => {
    for (const directives of policies) {
      const name = GOVERNS[each.directive].find(known => directives.has(known))
      if (name === undefined) continue
      const sources = directives.get(name) ?? []
      if (!allows(each.directive, sources, new URL(each.url), new URL(page)))
        return [{ needed: each, line: [name, ...sources].join(' ') }]
    }
    return []
  })
}

/** Scheme and host; what is no address stays as it is (`inline`). */
export function originOf(url: string): string {
  try {
    const { protocol, host } = new URL(url)
    return `${protocol}//${host}`
  } catch {
    return url
  }
}

/** The browser let no request or socket out to the origin of `url`: not that it reported one, or refused an image. */
export function isBlocked(violations: readonly Violation[], url: string): boolean {
  return violations.some(
    ({ directive, blocked, isEnforced }) =>
      isEnforced && directive === 'connect-src' && originOf(blocked) === originOf(url),
  )
}

/** A policy as it may be printed: addresses that reports go to carry keys, and a nonce lets scripts in. */
export function printablePolicy(policy: string): string {
  return redact(policy.replace(/\?[^\s;,]*/g, '').replace(/'nonce-[^'\s]*'/gi, "'nonce-…'"), 'derived')
}

/** The first directive of a name counts, later ones are nothing. */
function parse(policy: string): ReadonlyMap<string, readonly string[]> {
  const directives = new Map<string, readonly string[]>()
  for (const part of policy.split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/)
    const lower = name?.toLowerCase()
    if (lower && !directives.has(lower)) directives.set(lower, sources)
  }
  return directives
}

function allows(directive: SourceDirective, sources: readonly string[], url: URL, page: URL): boolean {
  // Hosts are not read then: what a trusted script imports is trusted. That is said of scripts alone.
  if (directive === 'script-src' && sources.some(source => source.toLowerCase() === "'strict-dynamic'"))
    return true
  return sources.some(source => matches(source, url, page))
}

const HOST = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[^:/*]+)(?::(\d+|\*))?(\/.*)?$/i

function matches(source: string, url: URL, page: URL): boolean {
  const scheme = url.protocol.slice(0, -1)
  const own = page.protocol.slice(0, -1)
  if (source.toLowerCase() === "'self'")
    return url.host === page.host && (schemeCovers(own, scheme) || /^wss?$/.test(scheme))
  if (source === '*') return /^(https?|wss?)$/.test(scheme) || scheme === own
  if (/^[a-z][a-z0-9+.-]*:$/i.test(source)) return schemeCovers(source.slice(0, -1).toLowerCase(), scheme)
  const [, wantedScheme, host = '', port, path] = HOST.exec(source) ?? []
  if (!host || !schemeCovers(wantedScheme?.toLowerCase() ?? own, scheme)) return false
  const lower = host.toLowerCase()
  const isHost =
    lower === '*' || (lower.startsWith('*.') ? url.hostname.endsWith(lower.slice(1)) : url.hostname === lower)
  return isHost && isPort(port, url) && isPath(path, url.pathname)
}

function schemeCovers(wanted: string, scheme: string): boolean {
  if (wanted === scheme) return true
  if (wanted === 'http') return scheme === 'https'
  if (wanted === 'ws') return scheme === 'wss' || scheme === 'http' || scheme === 'https'
  return wanted === 'wss' && scheme === 'https'
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  'http:': '80',
  'ws:': '80',
  'https:': '443',
  'wss:': '443',
}

function isPort(wanted: string | undefined, url: URL): boolean {
  if (wanted === '*') return true
  const port = url.port || DEFAULT_PORTS[url.protocol]
  return wanted === undefined ? url.port === '' : wanted === port
}

/** A folder covers what is below it, a file only itself. */
function isPath(wanted: string | undefined, path: string): boolean {
  if (wanted === undefined || wanted === '/') return true
  return wanted.endsWith('/') ? path.startsWith(wanted) : path === wanted
}
