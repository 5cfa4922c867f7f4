// The one door for links in articles and in agents' words. Pure: nothing else in the panel makes an <a href>
// out of data. Refuses every scheme that is not on the list; the text of a refused link stays text.

export interface LinkAttributes {
  readonly href: string
  readonly rel?: string
  readonly target?: string
  /** Shown behind the text, so that a link cannot pretend to lead elsewhere. */
  readonly host?: string
}

/**
 * @param pageUrl  where the visitor is: relative links lead from there, and links of the same origin stay in the tab
 * @returns null when the link must not be one
 */
export function linkDoor(href: string, pageUrl: string): LinkAttributes | null {
  let url: URL
  try {
    url = new URL(href, pageUrl)
  } catch {
    return null
  }
  if (url.protocol === 'mailto:' || url.protocol === 'tel:') return { href: url.href }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
  if (url.origin === new URL(pageUrl).origin) return { href: url.href }
  return { href: url.href, rel: 'noopener noreferrer nofollow', target: '_blank', host: url.host }
}

/** May this image be shown? `origins` is the site's allow-list; '' stands for the page's own origin. */
export function isImageAllowed(src: string, pageUrl: string, origins: readonly string[]): boolean {
  try {
    const { origin, protocol } = new URL(src, pageUrl)
    const own = new URL(pageUrl).origin
    return /^https?:$/.test(protocol) && origins.some(allowed => (allowed || own) === origin)
  } catch {
    return false
  }
}
