// What a server may be told of page and visitor with a question: what ranks, masked as all copies of a page are, and
// no more than the server takes. Pure. No address, no name, no e-mail, no attribute.

import { type RedactLevel, redact, type SiteMasks } from '../base/redact'
import type { Facts } from '../protocol/facts'
import {
  MAX_ERROR_CHARS,
  MAX_LOCALE_CHARS,
  MAX_PAGE_CHARS,
  MAX_PAGE_ERRORS,
  MAX_PAGE_HEADINGS,
  MAX_QUERY_CHARS,
  MAX_RECENT_ROUTES,
  MAX_ROLE_CHARS,
  MAX_ROUTE_CHARS,
  type SearchFacts,
} from '../protocol/search'

/** Of a text that is masked before it is cut. */
const MAX_READ_CHARS = 4 * MAX_QUERY_CHARS

/** Masked first and cut then: half a card number is not known as one. A pasted book is not read to its end. */
export const masked = (text: string, level: RedactLevel, masks?: SiteMasks) =>
  redact(text.slice(0, MAX_READ_CHARS), level, masks)

/** @param mayTellRoutes  whether the visitor agreed that the routes before this page go out too */
export function factsToTell(
  { page, visitor }: Facts,
  mayTellRoutes: boolean,
  masks?: SiteMasks,
): SearchFacts {
  const copied = (text: string, max: number) => masked(text, 'derived', masks).slice(0, max)
  const name = copied(page.name, MAX_PAGE_CHARS)
  let left = MAX_PAGE_CHARS - name.length
  const headings = page.headings
    .slice(0, MAX_PAGE_HEADINGS)
    .map(heading => masked(heading, 'derived', masks))
    .filter(heading => {
      left -= heading.length
      return left >= 0
    })
  return {
    page: {
      route: copied(page.route, MAX_ROUTE_CHARS),
      name,
      headings,
      ...(page.errors && {
        errors: page.errors.slice(0, MAX_PAGE_ERRORS).map(error => copied(error, MAX_ERROR_CHARS)),
      }),
      ...(mayTellRoutes &&
        page.recentRoutes && {
          recentRoutes: page.recentRoutes
            .slice(0, MAX_RECENT_ROUTES)
            .map(route => copied(route, MAX_ROUTE_CHARS)),
        }),
    },
    visitor: {
      ...(visitor.role !== undefined && { role: copied(visitor.role, MAX_ROLE_CHARS) }),
      locale: visitor.locale.slice(0, MAX_LOCALE_CHARS),
    },
  }
}
