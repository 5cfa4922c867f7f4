// Elements of the preview page, and an article's content as elements. Text is text: there is no HTML sink, and an
// address becomes a link only through `safeLink`. The page of `asklet dev` only; visitors see ui/Content.

import type { Block, ContentTree, Inline } from '../../knowledge/contentTree'
import { safeLink } from '../../knowledge/safeLink'

type Child = Node | string
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** `true` is an attribute without a value; `false` and `undefined` are none. */
export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value))
  made.append(...children)
  return made
}

/** A title with the found parts marked. Ranges may overlap and be unsorted. */
export function marked(text: string, ranges: readonly (readonly [number, number])[]): readonly Child[] {
  const parts: Child[] = []
  let done = 0
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const from = Math.max(start, done)
    if (end <= from) continue
    parts.push(text.slice(done, from), element('mark', {}, text.slice(from, end)))
    done = end
  }
  return [...parts, text.slice(done)]
}

/** What a link to another article does. */
export type OpenArticle = (articleId: string, headingId?: string) => void

/** The page's own title is level 1 and the article's is 2. */
export function contentNodes(tree: ContentTree, open: OpenArticle): readonly Node[] {
  return tree.map(block => blockNode(block, open))
}

function blockNode(block: Block, open: OpenArticle): Node {
  const words = (line: readonly Inline[]) => line.map(inline => inlineNode(inline, open))
  switch (block.t) {
    case 'p':
      return element('p', {}, ...words(block.c))
    case 'h':
      return element(`h${block.n + 1}` as 'h3', { id: `h-${block.id}`, tabindex: -1 }, ...words(block.c))
    case 'ul':
    case 'ol':
      return element(
        block.t,
        { start: block.t === 'ol' ? block.start : undefined },
        ...block.c.map(item => element('li', {}, ...contentNodes(item, open))),
      )
    case 'quote':
      return element('blockquote', {}, ...contentNodes(block.c, open))
    case 'pre':
      // What scrolls must be reachable by keyboard.
      return element('pre', { tabindex: 0 }, element('code', {}, block.x))
    case 'table':
      return element(
        'div',
        { class: 'wide', tabindex: 0 },
        element(
          'table',
          {},
          element(
            'thead',
            {},
            element('tr', {}, ...block.head.map(cell => element('th', { scope: 'col' }, ...words(cell)))),
          ),
          element(
            'tbody',
            {},
            ...block.rows.map(row =>
              element('tr', {}, ...row.map(cell => element('td', {}, ...words(cell)))),
            ),
          ),
        ),
      )
    case 'hr':
      return element('hr')
  }
}

const INLINE_TAGS = { b: 'strong', i: 'em', s: 's' } as const

function inlineNode(inline: Inline, open: OpenArticle): Child {
  if (typeof inline === 'string') return inline
  const words = (line: readonly Inline[]) => line.map(part => inlineNode(part, open))
  switch (inline.t) {
    case 'b':
    case 'i':
    case 's':
      return element(INLINE_TAGS[inline.t], {}, ...words(inline.c))
    case 'code':
      return element('code', {}, inline.x)
    case 'br':
      return element('br')
    case 'ref': {
      const button = element('button', { type: 'button', class: 'link' }, ...words(inline.c))
      button.addEventListener('click', () => open(inline.id, inline.h))
      return button
    }
    case 'a': {
      const href = safeLink(inline.href)
      return href
        ? element('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...words(inline.c))
        : element('span', {}, ...words(inline.c))
    }
    case 'img':
      return element('img', {
        src: inline.src,
        alt: inline.alt,
        width: inline.w,
        height: inline.h,
        referrerpolicy: 'no-referrer',
      })
  }
}
