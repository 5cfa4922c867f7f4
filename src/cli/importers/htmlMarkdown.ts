// Cleaned HTML -> Markdown, as the project's own Markdown writes things: `{#id}` for a heading's name,
// `<a id>` for another one, `<br>` in a cell. Everything else is what CommonMark and GitHub write.

import type { Element, Root } from 'hast'
import { type Options, type State, toMdast } from 'hast-util-to-mdast'
import type { BlockContent, Heading, Html, Nodes, Parents, PhrasingContent } from 'mdast'
import { gfmToMarkdown } from 'mdast-util-gfm'
import { toMarkdown } from 'mdast-util-to-markdown'
import { slug } from '../../knowledge/indexFile'
import { attribute, textOf } from './htmlTree'

const NAME = /^[\p{L}\p{N}_.:-]{1,80}$/u

/** @param root  as `cleanContent` leaves it */
export function contentToMarkdown(root: Root): string {
  const tree = toMdast(root, { handlers: HANDLERS }) as Nodes
  return toMarkdown(tree, {
    extensions: [gfmToMarkdown({ tablePipeAlign: false })],
    bullet: '-',
    rule: '-',
    listItemIndent: 'one',
  })
}

const html = (value: string): Html => ({ type: 'html', value })

const HANDLERS: NonNullable<Options['handlers']> = {
  a(state: State, node: Element) {
    const id = attribute(node, 'id')
    const href = attribute(node, 'href')
    const children = state.all(node) as PhrasingContent[]
    if (!href) return NAME.test(id) ? [html(`<a id="${id}"></a>`), ...children] : children
    return { type: 'link', url: href, title: null, children }
  },
  br(_: State, node: Element) {
    return node.properties.inCell ? html('<br>') : { type: 'break' }
  },
  sup(state: State, node: Element) {
    return [html('<sup>'), ...(state.all(node) as PhrasingContent[]), html('</sup>')]
  },
  img(_: State, node: Element) {
    return { type: 'image', url: attribute(node, 'src'), title: null, alt: attribute(node, 'alt') }
  },
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map(depth => [`h${depth}`, heading])),
}

function heading(state: State, node: Element, _: Parents | unknown): Heading | BlockContent | undefined {
  const words = textOf(node)
  const children = (state.all(node) as PhrasingContent[]).filter(child => child.type !== 'break')
  if (!words.trim() && !children.some(child => child.type === 'image')) return undefined
  const id = attribute(node, 'id')
  const isOwn = NAME.test(id) && id !== slug(words).slice(0, 80)
  const depth = Number(node.tagName.slice(1)) as Heading['depth']
  return {
    type: 'heading',
    depth,
    children: isOwn ? [...children, { type: 'text', value: ' ' }, html(`{#${id}}`)] : children,
  }
}
