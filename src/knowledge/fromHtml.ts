// A host's HTML articles -> content tree, in the browser. The only home of DOMPurify.
// The cleaned fragment is read once and thrown away: no HTML of the host is ever put into a page. The
// profile leaves no id, class, style, form or script, and the fragment stays in DOMPurify's inert document,
// where an `<img>` loads nothing.

import createPurifier from 'dompurify'
import type { ContentTree } from './contentTree'
import { readHtml } from './htmlTokens'
import { createTreeBuilder, type TreeBuilder, type TreeOptions } from './treeBuilder'

/** What this file needs of DOMPurify. */
export interface Purifier {
  readonly isSupported: boolean
  /** Null where the page's policy forbids it to parse anything. */
  sanitize(html: string, config: typeof PROFILE): Node | null
}

const PROFILE = {
  RETURN_DOM_FRAGMENT: true as const,
  ALLOWED_TAGS: (
    'a b blockquote br caption cite code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ' +
    'kbd li ol p pre s samp section span strike strong sub sup table tbody td tfoot th thead tr tt u ul var #text'
  ).split(' '),
  ALLOWED_ATTR: ['href', 'src', 'alt', 'start'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  KEEP_CONTENT: true,
}

/** Cleaning takes longer than a glance from here on: 20 000 nested elements were most of a second. */
const MAX_TAGS = 5_000

/**
 * The tree of a host's HTML. Never throws: without a DOM to clean it in the tree is empty and the caller shows that the
 * article cannot be read. Where the page's policy forbids to parse (`trusted-types 'none'`), or there are more tags
 * than a page of help has, the HTML is read as the raw HTML in Markdown is: without a DOM.
 */
export function fromHtml(html: string, purifier: Purifier, options: TreeOptions = {}): ContentTree {
  if (!purifier.isSupported) return []
  const builder = createTreeBuilder(options)
  const tags = html.match(/<[a-z]/gi)?.length ?? 0
  const clean = tags > MAX_TAGS ? null : purifier.sanitize(html, PROFILE)
  if (clean) readNode(clean, builder, 0)
  else
    readHtml(html, {
      text: builder.text,
      open: (tag, attribute) => builder.open(tag, attribute),
      close: builder.close,
      dropped: value => builder.note({ kind: 'html', value }),
    })
  return builder.end()
}

/** DOMPurify on the page's own window. */
export function createHtmlPurifier(window: Window & typeof globalThis): Purifier {
  return createPurifier(window) as unknown as Purifier
}

/** Deeper than this a browser's parser does not go either (its own limit is 512). */
const MAX_DOM_DEPTH = 600

function readNode(node: Node, builder: TreeBuilder, depth: number): void {
  for (const child of node.childNodes) {
    if (child.nodeType === 3) builder.text(child.nodeValue ?? '')
    else if (child.nodeType === 1 && depth < MAX_DOM_DEPTH) {
      const element = child as Element
      const tag = element.localName
      builder.open(tag, name => element.getAttribute(name))
      readNode(element, builder, depth + 1)
      builder.close(tag)
    }
  }
}
