// Where a link of an article leads, as authors write it: a path to another file, a heading, the number or the
// full address that the article had in another help centre. Pure; knows no file system.

import { posix } from 'node:path'

export interface LinkTarget {
  readonly id: string
  /** Path in the help folder. */
  readonly file: string
  /** The number or name that the article had elsewhere (front matter `id`). */
  readonly externalId?: string
}

export type Resolved =
  /** `fragment` as written, '' for none. */
  | { readonly kind: 'article'; readonly id: string; readonly fragment: string }
  /** It was meant for this help folder, and there is no such article. */
  | { readonly kind: 'missing' }
  /** Another site, or no link at all. */
  | { readonly kind: 'elsewhere' }

export interface LinkResolver {
  resolve(from: LinkTarget, href: string): Resolved
}

const SCHEME = /^[a-z][a-z\d+.-]*:/i
/** A number in an address is an article's when it is this long: years and versions are shorter. */
const NUMBER = /^(\d{5,})(?:-|$)/

export function createLinkResolver(targets: readonly LinkTarget[]): LinkResolver {
  const byId = new Map(targets.map(target => [target.id, target]))
  const byExternalId = new Map<string, LinkTarget>()
  for (const target of targets) if (target.externalId) byExternalId.set(target.externalId, target)
  /** Addresses under which our own articles were seen: an unknown number there is an article that is missing. */
  const ownPrefixes = new Set<string>()

  function byNumber(segment: string): LinkTarget | undefined {
    return byExternalId.get(NUMBER.exec(segment)?.[1] ?? segment)
  }

  function absolute(href: string): Resolved {
    let url: URL
    try {
      url = new URL(href)
    } catch {
      return { kind: 'elsewhere' }
    }
    if (!/^https?:$/.test(url.protocol)) return { kind: 'elsewhere' }
    const path = url.pathname.replace(/\/+$/, '')
    const cut = path.lastIndexOf('/')
    const segment = path.slice(cut + 1)
    if (!NUMBER.test(segment)) return { kind: 'elsewhere' }
    const prefix = `${url.host}${path.slice(0, cut)}`
    const target = byNumber(segment)
    if (target) {
      ownPrefixes.add(prefix)
      return { kind: 'article', id: target.id, fragment: fragmentOf(url.hash) }
    }
    return { kind: ownPrefixes.has(prefix) ? 'missing' : 'elsewhere' }
  }

  return {
    resolve(from, href) {
      if (SCHEME.test(href)) return absolute(href)
      if (href.startsWith('//')) return { kind: 'elsewhere' }
      const [, pathPart = '', hash = ''] = /^([^?#]*)(?:\?[^#]*)?(#.*)?$/s.exec(href) ?? []
      const fragment = fragmentOf(hash)
      if (!pathPart) return href ? { kind: 'article', id: from.id, fragment } : { kind: 'elsewhere' }
      const base = pathPart.startsWith('/') ? '' : posix.dirname(from.file)
      const path = posix
        .join(base, decoded(pathPart))
        .replace(/^\/+|\/+$/g, '')
        .replace(/\.(?:mdx?|markdown|html?)$/i, '')
        .toLowerCase()
      const found =
        ['', '/index', '/_index', '/readme'].map(end => byId.get(path + end)).find(Boolean) ??
        byNumber(posix.basename(path))
      return found ? { kind: 'article', id: found.id, fragment } : { kind: 'missing' }
    },
  }
}

function fragmentOf(hash: string): string {
  return decoded(hash.slice(1))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
