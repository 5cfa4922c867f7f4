// A content tree as nodes. Text is text: there is no HTML sink, links and images go through linkDoor.

import type { ComponentChildren } from 'preact'
import type { Block, ContentTree, Inline } from '../knowledge/contentTree'
import { isImageAllowed, linkDoor } from './linkDoor'

export interface ContentProps {
  readonly tree: ContentTree
  /** Where the visitor is, for links and images of the same origin. */
  readonly pageUrl: string
  readonly imageOrigins: readonly string[]
  openArticle(articleId: string, headingId?: string): void
}

export function Content({ tree, ...door }: ContentProps) {
  return <>{blocks(tree, door)}</>
}

type Door = Omit<ContentProps, 'tree'>

const blocks = (tree: ContentTree, door: Door): ComponentChildren => tree.map(block => blockNode(block, door))

function blockNode(block: Block, door: Door) {
  switch (block.t) {
    case 'p':
      return <p>{words(block.c, door)}</p>
    case 'h': {
      // The panel's title is level 2 and the article's is 3.
      const Heading = `h${block.n + 2}` as 'h4'
      return (
        <Heading id={`h-${block.id}`} tabIndex={-1}>
          {words(block.c, door)}
        </Heading>
      )
    }
    case 'ul':
    case 'ol': {
      const List = block.t
      return (
        <List start={block.t === 'ol' ? block.start : undefined}>
          {block.c.map(item => (
            <li>{blocks(item, door)}</li>
          ))}
        </List>
      )
    }
    case 'quote':
      return <blockquote>{blocks(block.c, door)}</blockquote>
    case 'pre':
      // Wide code scrolls, and what scrolls must be reachable by keyboard.
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs a tab stop
        <pre tabIndex={0}>
          <code>{block.x}</code>
        </pre>
      )
    case 'table':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs a tab stop
        <div class="wide" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {block.head.map(cell => (
                  <th scope="col">{words(cell, door)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map(row => (
                <tr>
                  {row.map(cell => (
                    <td>{words(cell, door)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )
    case 'hr':
      return <hr />
  }
}

const words = (inlines: readonly Inline[], door: Door): ComponentChildren =>
  inlines.map(inline => inlineNode(inline, door))

const INLINE_TAGS = { b: 'strong', i: 'em', s: 's' } as const

function inlineNode(inline: Inline, door: Door): ComponentChildren {
  if (typeof inline === 'string') return inline
  switch (inline.t) {
    case 'b':
    case 'i':
    case 's': {
      const Tag = INLINE_TAGS[inline.t]
      return <Tag>{words(inline.c, door)}</Tag>
    }
    case 'code':
      return <code>{inline.x}</code>
    case 'br':
      return <br />
    case 'ref':
      return (
        <button type="button" class="link" onClick={() => door.openArticle(inline.id, inline.h)}>
          {words(inline.c, door)}
        </button>
      )
    case 'a': {
      const link = linkDoor(inline.href, door.pageUrl)
      if (!link) return words(inline.c, door)
      const { host, ...attributes } = link
      return (
        <a {...attributes}>
          {words(inline.c, door)}
          {host && <small> ({host})</small>}
        </a>
      )
    }
    case 'img':
      return isImageAllowed(inline.src, door.pageUrl, door.imageOrigins) ? (
        <img
          src={inline.src}
          alt={inline.alt}
          width={inline.w}
          height={inline.h}
          loading="lazy"
          referrerpolicy="no-referrer"
        />
      ) : (
        inline.alt
      )
  }
}
