// HTML -> a tree that is safe to walk: parsed as browsers do, no deeper than people write. No script of it ever
// runs and nothing is fetched. Refuses to fail: what the parser cannot hold becomes its words.

import type { Element, ElementContent, Root, RootContent } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import { decodeEntities } from '../../knowledge/htmlTokens'

/** Deeper than any page that a person reads; what walks the tree recurses with it. */
const MAX_DEPTH = 150
/** UTF-16 units. The largest pages of help centres are a tenth of this. */
export const MAX_HTML_CHARS = 5_000_000

const NO_WORDS = new Set(['script', 'style', 'template', 'noscript', 'head', 'title', 'svg', 'math'])
const BLOCK =
  /^(?:address|article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)$/

export interface HtmlTree {
  readonly root: Root
  /** It was nested too deeply, and its innermost part is plain words now. */
  readonly isFlattened: boolean
}

/** @param isFragment  the body only, as an API gives it; else a whole page */
export function parseHtml(html: string, isFragment: boolean): HtmlTree {
  try {
    const root = fromHtml(html, { fragment: isFragment })
    return { root, isFlattened: flatten(root) }
  } catch (error) {
    // The parser recurses with the nesting: its stack is what can go wrong.
    if (!(error instanceof RangeError)) throw error
    return { root: wordsOf(html), isFlattened: true }
  }
}

export function isElement(node: RootContent | Root): node is Element {
  return node.type === 'element'
}

export function isBlock(node: RootContent): boolean {
  return isElement(node) && BLOCK.test(node.tagName)
}

/** An attribute as text; '' when it is not there. `name` as hast spells it: `href`, `ariaHidden`. */
export function attribute(node: Element, name: string): string {
  const value = node.properties[name]
  return Array.isArray(value) ? value.join(' ') : value === undefined || value === null ? '' : String(value)
}

/** The words of a tree, a space where a block or a line ends. */
export function textOf(node: Root | RootContent): string {
  const texts: string[] = []
  const open: (Root | RootContent)[] = [node]
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.type === 'text') texts.push(next.value)
    else if (isElement(next) && NO_WORDS.has(next.tagName)) continue
    else if ('children' in next) {
      if (next.type === 'element' && (isBlock(next) || next.tagName === 'br')) texts.push(' ')
      // Against the order, because the last one is taken first.
      for (let i = next.children.length - 1; i >= 0; i--) {
        const child = next.children[i]
        if (child) open.push(child)
      }
    }
  }
  return texts.join('')
}

export function lineOf(node: RootContent): number {
  return node.position?.start.line ?? 1
}

/** Turns what lies too deep into its words. Without recursion: the tree may still be as deep as it likes. */
function flatten(root: Root): boolean {
  let isFlattened = false
  const open: { readonly node: Root | Element; readonly depth: number }[] = [{ node: root, depth: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next
    if (depth === MAX_DEPTH && node.children.some(child => child.type === 'element')) {
      const value = textOf(node)
      node.children = value.trim() ? [{ type: 'text', value }] : []
      isFlattened = true
      continue
    }
    for (const child of node.children)
      if (child.type === 'element') open.push({ node: child, depth: depth + 1 })
  }
  return isFlattened
}

function wordsOf(html: string): Root {
  const children: ElementContent[] = []
  let line = ''
  const end = () => {
    if (line.trim())
      children.push({
        type: 'element',
        tagName: 'p',
        properties: {},
        children: [{ type: 'text', value: line }],
      })
    line = ''
  }
  let at = 0
  let hidden = ''
  // Each tag once, in one pass: this is for what was written to take long.
  for (const { 0: all, 1: slash, 2: name = '', index } of html.matchAll(
    /<(\/?)([a-zA-Z][\w-]{0,40})[^<>]*>/g,
  )) {
    const tag = name.toLowerCase()
    if (!hidden) line += decodeEntities(html.slice(at, index))
    at = index + all.length
    if (hidden === tag && slash) hidden = ''
    else if (!hidden && !slash && (tag === 'script' || tag === 'style')) hidden = tag
    if (tag === 'br' || BLOCK.test(tag)) end()
  }
  if (!hidden) line += decodeEntities(html.slice(at))
  end()
  return { type: 'root', children }
}
