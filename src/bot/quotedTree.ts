// What is quoted of a section, as the article has it: its lists, tables, links and marks, cut to the quoted sentences.
// Pure. It says no more than they do, but for the head of a table whose rows are quoted.

import type { Block, ContentTree, Inline } from '../knowledge/contentTree'
import { inlineText } from '../knowledge/plainText'

/**
 * @param headingId  left out: what stands before the first heading
 * @param left       sentences, word for word and in the section's order; those that are found are taken off
 */
export function quotedTree(content: ContentTree, headingId: string | undefined, left: string[]): ContentTree {
  let isHere = !headingId

  /** The sentences of a line that are next. Of an item or a row, all or none: "Save" is no part of "Save the file". */
  const taken = (line: readonly Inline[], isWhole?: boolean): readonly (readonly Inline[])[] => {
    const text = inlineText(line)
    const found: (readonly Inline[])[] = []
    let at = 0
    for (let next = left[0]; isHere && next; next = left[0]) {
      at = text.indexOf(next, at)
      if (at < 0 || (isWhole && next !== text.trim())) break
      const from = at
      at += next.length
      found.push(cut(line, from, at))
      left.shift()
    }
    return found
  }
  const isTaken = (row: readonly (readonly Inline[])[]) =>
    taken([row.map(inlineText).filter(Boolean).join(' | ')], true).length > 0

  const walk = (blocks: readonly Block[], isItem?: boolean): readonly Block[] =>
    blocks.flatMap((block): readonly Block[] => {
      if (block.t === 'h') isHere = block.id === headingId
      else if (block.t === 'p') {
        const c = taken(block.c, isItem).flatMap((each, i) => (i ? [' ', ...each] : each))
        if (c.length) return [{ t: 'p', c }]
      } else if (block.t === 'pre') {
        const x = taken([block.x]).join('\n')
        if (x) return [{ ...block, x }]
      } else if (block.t === 'quote') {
        const c = walk(block.c)
        if (c.length) return [{ t: 'quote', c }]
      } else if (block.t === 'table') {
        const isHead = isTaken(block.head)
        const rows = block.rows.filter(isTaken)
        if (isHead || rows.length) return [{ ...block, rows }]
      } else if (block.t !== 'hr') {
        const items = block.c.map(item => walk(item, true))
        const c = items.filter(item => item.length)
        if (c.length && block.t === 'ul') return [{ t: 'ul', c }]
        // A step keeps its number.
        if (c.length)
          return [
            {
              t: 'ol',
              c,
              start: (('start' in block && block.start) || 1) + items.findIndex(item => item.length),
            },
          ]
      }
      return []
    })
  return walk(content)
}

/** What of a line stands between two places of its text, with its marks. */
function cut(line: readonly Inline[], from: number, to: number): readonly Inline[] {
  return line.flatMap((node): readonly Inline[] => {
    const text = inlineText([node])
    const start = from
    const end = to
    from -= text.length
    to -= text.length
    if (from >= 0 || end <= 0) return []
    if (start <= 0 && to >= 0) return [node]
    return typeof node !== 'string' && 'c' in node
      ? [{ ...node, c: cut(node.c, start, end) }]
      : [text.slice(Math.max(0, start), end)]
  })
}
