// A content tree as plain text, by heading: what search indexes and what the bot quotes from.

import type { Block, ContentTree, Inline } from './contentTree'

export interface Section {
  /** '' for what stands before the first heading. */
  readonly headingId: string
  readonly headingText: string
  /** Without the heading; one line a paragraph, list item or table row. */
  readonly text: string
}

/** The words of a line: link texts, code, and what an image says. */
export function inlineText(line: readonly Inline[]): string {
  let text = ''
  for (const node of line) {
    if (typeof node === 'string') text += node
    else if (node.t === 'code') text += node.x
    else if (node.t === 'br') text += '\n'
    else if (node.t === 'img') text += node.alt
    else text += inlineText(node.c)
  }
  return text
}

/** The sections of a tree in reading order. Sections without words of their own are kept: their heading has some. */
export function sectionsOf(tree: ContentTree): readonly Section[] {
  const sections: { headingId: string; headingText: string; lines: string[] }[] = []
  let current = { headingId: '', headingText: '', lines: [] as string[] }
  sections.push(current)
  const walk = (blocks: readonly Block[]): void => {
    for (const block of blocks) {
      if (block.t === 'h') {
        current = { headingId: block.id, headingText: inlineText(block.c), lines: [] }
        sections.push(current)
      } else if (block.t === 'p') current.lines.push(inlineText(block.c))
      else if (block.t === 'pre') current.lines.push(block.x)
      else if (block.t === 'ul' || block.t === 'ol') block.c.forEach(walk)
      else if (block.t === 'quote') walk(block.c)
      else if (block.t === 'table')
        for (const row of [block.head, ...block.rows]) {
          if (row.length) current.lines.push(row.map(inlineText).filter(Boolean).join(' | '))
        }
    }
  }
  walk(tree)
  return sections
    .filter(({ headingId, lines }) => headingId || lines.length)
    .map(({ headingId, headingText, lines }) => ({ headingId, headingText, text: lines.join('\n').trim() }))
}

/** All words of a tree, headings included, one line a block. */
export function plainText(tree: ContentTree): string {
  return sectionsOf(tree)
    .map(({ headingText, text }) => [headingText, text].filter(Boolean).join('\n'))
    .join('\n')
}
