// What the page says about itself: an allow-list of facts, read when asked for, never stored.
// Page text is data; nothing here is ever taken as an instruction.

import type { PageFacts } from '../protocol/facts'

const MAX_TEXT = 120
const MAX_ROUTE = 500
const MAX_HEADINGS = 20
const META_PREFIX = 'asklet:'
const DATA_PREFIX = 'data-asklet-'

/**
 * Reads the page as it is now.
 *
 * @param route  what the host said by `navigate(route)`; wins over `<meta name="asklet:route">` and the path
 */
export function readPage(document: Document, location: Location, route?: string): PageFacts {
  const data: Record<string, string> = {}
  for (const meta of document.querySelectorAll<HTMLMetaElement>(`meta[name^="${META_PREFIX}"]`)) {
    data[meta.name.slice(META_PREFIX.length)] = clean(meta.content)
  }
  // Nearest wins: what stands on an element of the page is newer than what stands in its head.
  for (const { attributes } of document.querySelectorAll('[data-asklet-page],[data-asklet-fact],body,main')) {
    for (const { name, value } of attributes) {
      if (name.startsWith(DATA_PREFIX)) data[name.slice(DATA_PREFIX.length)] = clean(value)
    }
  }
  // A page that is swapped may leave a hidden copy of itself behind: only what is shown counts.
  const headings = [...document.querySelectorAll<HTMLElement>('h1,h2')]
    .filter(heading => heading.checkVisibility?.() ?? true)
    .slice(0, MAX_HEADINGS)
  const title = clean(document.title)
  const firstHeading = headings.find(heading => heading.tagName === 'H1')
  return {
    url: location.origin + location.pathname,
    route: withoutQuery(route ?? data.route ?? location.pathname),
    title,
    name:
      data.page ||
      clean(firstHeading?.textContent ?? '') ||
      title.split(/\s[·|–—-]\s/)[0] ||
      location.pathname,
    headings: headings.map(heading => clean(heading.textContent ?? '')).filter(Boolean),
    language: document.documentElement.lang || 'en',
    data,
  }
}

/** A router's own path often carries a query or a fragment, and with it what the address keeps to itself. */
function withoutQuery(route: string): string {
  return route.replace(/\?.*|#(?!!?\/).*/s, '').slice(0, MAX_ROUTE)
}

function clean(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  // A number or an address that is cut in two is known as none when it is masked: it goes whole.
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 1).replace(/[\d\s().+-]*[!-~]*$/, '')}…` : line
}

/** For headless use outside a browser: a page nobody is on. */
export const NO_PAGE: PageFacts = {
  url: '',
  route: '/',
  title: '',
  name: '',
  headings: [],
  language: 'en',
  data: {},
}
