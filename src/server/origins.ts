// Which pages may talk to the server. Cookies are for the desk's own page only; visitors prove themselves by a
// secret that no other page has, so that for them the list is a courtesy to the site's operator.

import type { IncomingHttpHeaders } from 'node:http'

export interface Origins {
  /** May a page of this origin call as a visitor? A caller without an origin is no browser page. */
  allowsVisitor(headers: IncomingHttpHeaders): boolean
  /** Same host only: the desk's session is a cookie. */
  allowsDesk(headers: IncomingHttpHeaders): boolean
}

/** Told apart in the log; a stranger can invent any number of them. */
const MAX_NAMED = 20

/** @param refused  told each refused origin once: a site that forgot its own sees only a browser's CORS error */
export function createOrigins(
  allowed: readonly string[],
  refused: (origin: string) => void = () => {},
): Origins {
  const named = new Set<string>()
  const orRefuse = (isAllowed: boolean, origin = '') => {
    if (!isAllowed && !named.has(origin) && named.size < MAX_NAMED) {
      named.add(origin)
      refused(origin.slice(0, 200))
    }
    return isAllowed
  }

  const isOwn = ({ origin, host }: IncomingHttpHeaders) => {
    try {
      return new URL(origin ?? '').host === host
    } catch {
      return false
    }
  }
  return {
    allowsVisitor: headers =>
      orRefuse(
        headers.origin === undefined || allowed.includes(headers.origin) || isOwn(headers),
        headers.origin,
      ),
    allowsDesk: headers => orRefuse(headers.origin === undefined || isOwn(headers), headers.origin),
  }
}
