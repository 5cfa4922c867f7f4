// Which pages may talk to the server. Cookies are for the desk's own page only; visitors prove themselves by a
// secret that no other page has, so that for them the list is a courtesy to the site's operator.

import type { IncomingHttpHeaders } from 'node:http'

export interface Origins {
  /** May a page of this origin call as a visitor? A caller without an origin is no browser page. */
  allowsVisitor(headers: IncomingHttpHeaders): boolean
  /** Same host only: the desk's session is a cookie. */
  allowsDesk(headers: IncomingHttpHeaders): boolean
}

export function createOrigins(allowed: readonly string[]): Origins {
  const isOwn = ({ origin, host }: IncomingHttpHeaders) => {
    try {
      return new URL(origin ?? '').host === host
    } catch {
      return false
    }
  }
  return {
    allowsVisitor: headers =>
      headers.origin === undefined || allowed.includes(headers.origin) || isOwn(headers),
    allowsDesk: headers => headers.origin === undefined || isOwn(headers),
  }
}
