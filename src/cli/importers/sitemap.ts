// What a sitemap says: pages, or further sitemaps. Pure; the protocol is sitemaps.org/protocol.html.

import { decodeEntities } from '../../knowledge/htmlTokens'

export interface Sitemap {
  readonly kind: 'pages' | 'index'
  /** As written, in order, each once. */
  readonly addresses: readonly string[]
}

/** @returns the sitemap, or the sentence that says what is wrong */
export function readSitemap(xml: string): Sitemap | string {
  const isIndex = /<(?:[\w-]{1,20}:)?sitemapindex[\s>]/i.test(xml)
  if (!isIndex && !/<(?:[\w-]{1,20}:)?urlset[\s>]/i.test(xml))
    return 'a sitemap must be XML with <urlset> or <sitemapindex>, got neither. Is it the address of a page?'
  // Not <image:loc> or <video:content_loc>: those are no pages.
  const own = /<([\w-]{1,20}):(?:urlset|sitemapindex)[\s>]/i.exec(xml)?.[1]
  const tag = own ? `${own}:loc` : 'loc'
  const addresses: string[] = []
  let at = 0
  for (;;) {
    const start = xml.indexOf(`<${tag}>`, at)
    const end = start < 0 ? -1 : xml.indexOf(`</${tag}>`, start)
    if (end < 0) break
    const text = xml.slice(start + tag.length + 2, end).trim()
    const address = /^<!\[CDATA\[([\s\S]*?)\]\]>$/.exec(text)?.[1] ?? decodeEntities(text)
    if (address.trim()) addresses.push(address.trim())
    at = end
  }
  return { kind: isIndex ? 'index' : 'pages', addresses: [...new Set(addresses)] }
}
