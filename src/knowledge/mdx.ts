// MDX -> Markdown, without running any of it. Pure; build time.
// Components of the shapes that documentation tools share become what Markdown has for them: callouts are notes, steps,
// tabs and accordions are headings with their text, cards are links. Of any other component stays what stands inside.
// Nothing disappears silently: what was changed or left out is told, with its line.

import { type MdxTag, type MdxToken, mdxTokens } from './mdxTokens'

export interface MdxNote {
  /** In the text that was given, from 1. */
  readonly line: number
  /** What was done, without file and line. */
  readonly sentence: string
}

export interface MarkdownOfMdx {
  readonly markdown: string
  /** For each line of `markdown`, the line that it comes from. */
  readonly lines: readonly number[]
  /** In the order of lines. */
  readonly notes: readonly MdxNote[]
}

type Shape =
  | { readonly as: 'note'; readonly label: string }
  /** A heading from its title, then its content. */
  | { readonly as: 'titled' }
  | { readonly as: 'card' }
  | { readonly as: 'wrapper' }
  | { readonly as: 'image' }
  | { readonly as: 'link' }

const note = (label: string): Shape => ({ as: 'note', label })
const titled: Shape = { as: 'titled' }
const wrapper: Shape = { as: 'wrapper' }
const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['Note', note('Note')], ['Tip', note('Tip')], ['Warning', note('Warning')], ['Info', note('Info')],
  ['Check', note('Check')], ['Danger', note('Danger')], ['Caution', note('Caution')], ['Important', note('Important')],
  ['Callout', note('')], ['Admonition', note('')], ['Alert', note('')], ['Aside', note('')],
  ['Step', titled], ['Tab', titled], ['TabItem', titled], ['Accordion', titled], ['Expandable', titled],
  ['Collapsible', titled], ['Details', titled],
  ['Card', { as: 'card' }], ['LinkCard', { as: 'card' }],
  ['Steps', wrapper], ['Tabs', wrapper], ['AccordionGroup', wrapper], ['Accordions', wrapper],
  ['CardGroup', wrapper], ['Cards', wrapper], ['CardGrid', wrapper], ['Columns', wrapper], ['Column', wrapper],
  ['CodeGroup', wrapper], ['Frame', wrapper], ['Fragment', wrapper], ['React.Fragment', wrapper], ['', wrapper],
  ['Image', { as: 'image' }], ['Link', { as: 'link' }],
]) // biome-ignore format: a table
const TYPES: Readonly<Record<string, string>> = {
  check: 'Check', caution: 'Caution', danger: 'Danger', error: 'Warning', important: 'Important', info: 'Info',
  note: 'Note', success: 'Tip', tip: 'Tip', warn: 'Warning', warning: 'Warning',
} // biome-ignore format: a table
/** What a component's title may be called, first come first. */
const TITLES = ['title', 'label', 'header', 'value']

/** Components within components: more than any article has, and few enough for a walk that calls itself. */
const MAX_OPEN = 50

interface Line {
  text: string
  readonly line: number
}

interface Element {
  readonly tag: MdxTag
  readonly line: number
  readonly isEmpty: boolean
  readonly children: Node[]
}

type Node = Element | Extract<MdxToken, { type: 'text' }>

/** The Markdown of an MDX text without its front matter. Never throws. */
export function fromMdx(source: string): MarkdownOfMdx {
  const notes: MdxNote[] = []
  const nodes = treeOf(mdxTokens(source.replace(/\r\n?/g, '\n')), notes)
  const writer = createWriter(notes)
  const lines = writer.write(nodes)
  return {
    markdown: lines.map(({ text }) => text).join('\n'),
    lines: lines.map(({ line }) => line),
    notes: [...notes, ...writer.changes()].sort((a, b) => a.line - b.line),
  }
}

function treeOf(tokens: readonly MdxToken[], notes: MdxNote[]): readonly Node[] {
  const root: Node[] = []
  const stack: Element[] = []
  const siblings = () => stack.at(-1)?.children ?? root
  const tell = (line: number, sentence: string) => notes.push({ line, sentence })
  /** A component that is never closed holds nothing; what was taken for its content follows it. */
  const giveUp = () => {
    const open = stack.pop()
    if (!open) return
    const isKnown = SHAPES.has(open.tag.name)
    tell(
      open.line,
      `<${open.tag.name}> is not closed: ${isKnown ? 'it was left out, and its text stays' : 'it is shown as it is written'}`,
    )
    const text = isKnown ? '' : open.tag.source.replace(/[<\\*_`[\]]/g, '\\$&')
    siblings().push({ type: 'text', text, line: open.line }, ...open.children)
  }
  for (const token of tokens) {
    if (token.type === 'text') siblings().push(token)
    else if (token.type === 'dropped') {
      const what = { module: '', expression: 'the expression ', attribute: 'the attribute ' }[token.kind]
      tell(token.line, `${what}${short(token.source)} is code, which is not run: it was left out`)
      // Lines that go with it are counted on.
      if (token.kind === 'module') siblings().push({ type: 'text', text: '\n', line: token.line })
    } else if (token.type === 'open') {
      const { tag, line, isEmpty } = token
      const element: Element = { tag, line, isEmpty, children: [] }
      if (isEmpty) siblings().push(element)
      else if (stack.length < MAX_OPEN) stack.push(element)
      else tell(line, `<${tag.name}> stands in ${MAX_OPEN} others: it was left out, and its text stays`)
    } else {
      const at = stack.findLastIndex(({ tag }) => tag.name === token.name)
      if (at < 0) {
        tell(token.line, `</${token.name}> closes nothing: it was left out`)
        continue
      }
      while (stack.length > at + 1) giveUp()
      const done = stack.pop()
      if (done) siblings().push(done)
    }
  }
  while (stack.length) giveUp()
  return root
}

function createWriter(notes: MdxNote[]) {
  /** Of the last heading before the place at hand. */
  let level = 1
  const changed = new Map<string, { line: number; times: number; sentence: string }>()

  function change(name: string, line: number, sentence: string): void {
    const before = changed.get(name)
    // Inner ones come before the one around them.
    if (before) Object.assign(before, { times: before.times + 1, line: Math.min(before.line, line) })
    else changed.set(name, { line, times: 1, sentence })
  }

  function write(nodes: readonly Node[]): Line[] {
    const lines: Line[] = [{ text: '', line: nodes[0]?.line ?? 1 }]
    for (const node of nodes) {
      if ('type' in node) {
        if (!node.isCode)
          for (const [, marks] of node.text.matchAll(/^ {0,3}(#{1,6}) /gm)) level = marks?.length ?? 1
        append(lines, textLines(node.text, node.line))
      } else writeElement(node, lines)
    }
    return lines
  }

  function writeElement(element: Element, lines: Line[]): void {
    const { tag, line, children, isEmpty } = element
    const shape = SHAPES.get(tag.name)
    const isHtml = /^[a-z][a-z\d]*$/.test(tag.name)
    for (const name of tag.lost)
      notes.push({
        line,
        sentence: `the attribute ${name === '...' ? '{…}' : name} of <${tag.name}> is code, which is not run: it was left out`,
      })
    const title = TITLES.map(name => tag.attributes.get(name)).find(Boolean) ?? ''
    const outer = level
    if (shape?.as === 'titled' && title) level = Math.min(4, outer + 1)
    const own = level
    const inner = write(children)
    level = outer
    if (!shape && !isHtml) noteUnknown(element, title)

    const indent = lines.at(-1)?.text ?? ''
    const isOnItsOwn = !indent.trim()
    if (shape?.as === 'link') {
      const href = tag.attributes.get('href') ?? tag.attributes.get('to') ?? ''
      append(lines, [{ text: '[', line }])
      append(lines, inner)
      append(lines, [{ text: `](${destination(href)})`, line }])
      return
    }
    if (shape?.as === 'image') {
      const [alt = '', src = ''] = ['alt', 'src'].map(name => tag.attributes.get(name))
      append(lines, [{ text: `![${escaped(alt)}](${destination(src)})`, line }])
      return
    }
    const isBlock = isOnItsOwn && !isEmpty && (shape !== undefined || isHtml || inner.length > 1)
    if (!isBlock && !(isOnItsOwn && shape)) {
      if (shape && (title || shape.as === 'note'))
        change(tag.name, line, `<${tag.name}> stands inside a line: it is shown as its text`)
      if (shape && title) append(lines, [{ text: `${escaped(title)} `, line }])
      append(lines, inner)
      return
    }
    const block = dedented(inner)
    const before: Line[] = []
    let prefix = ''
    if (shape?.as === 'note') {
      const type = (tag.attributes.get('type') ?? tag.attributes.get('variant') ?? '').toLowerCase()
      const label = shape.label || (Object.hasOwn(TYPES, type) ? TYPES[type] : undefined) || 'Note'
      before.push({ text: `[!${label.toUpperCase()}]`, line }, { text: '', line })
      if (title) before.push({ text: `**${escaped(title)}**`, line }, { text: '', line })
      prefix = '> '
    } else if (shape?.as === 'titled') {
      if (title) before.push({ text: `${'#'.repeat(own)} ${escaped(title)}`, line }, { text: '', line })
      change(tag.name, line, `<${tag.name}> is shown as ${title ? 'a heading and its text' : 'its text'}`)
    } else if (shape?.as === 'card') {
      const href = tag.attributes.get('href') ?? tag.attributes.get('to') ?? ''
      const words = `**${escaped(title)}**`
      if (href)
        before.push({ text: `[${title ? words : ''}](${destination(href)})`, line }, { text: '', line })
      else if (title) before.push({ text: words, line }, { text: '', line })
      change(tag.name, line, `<${tag.name}> is shown as ${href ? 'a link and its text' : 'its text'}`)
    } else if (shape?.as === 'wrapper') {
      const caption = tag.attributes.get('caption')
      if (caption) block.push({ text: '', line }, { text: `*${escaped(caption)}*`, line })
    }
    lines.push({ text: '', line })
    for (const one of [...before, ...block])
      lines.push({ text: one.text || prefix ? (indent + prefix + one.text).trimEnd() : '', line: one.line })
    const end = block.at(-1)?.line ?? line
    lines.push({ text: '', line: end }, { text: '', line: end })
  }

  function noteUnknown({ tag, line, children, isEmpty }: Element, title: string): void {
    const lost = title ? `, without its title ${JSON.stringify(title)}` : ''
    notes.push({
      line,
      sentence:
        isEmpty || !children.length
          ? `<${tag.name}> is a component, which is not run: it was left out${lost}`
          : `<${tag.name}> is a component, which is not run: only what stands in it is shown${lost}`,
    })
  }

  return {
    write,
    changes: () =>
      [...changed.values()].map(({ line, times, sentence }) => ({
        line,
        sentence: times > 1 ? `${sentence} (${times} times)` : sentence,
      })),
  }
}

function textLines(text: string, line: number): Line[] {
  return text.split('\n').map((part, i) => ({ text: part, line: line + i }))
}

/** The first of `more` goes on the last of `lines`. */
function append(lines: Line[], more: readonly Line[]): void {
  const [first, ...rest] = more
  const last = lines.at(-1)
  // An empty line that text comes to is that text's.
  if (first && last && !last.text) lines[lines.length - 1] = { ...first }
  else if (first && last) last.text += first.text
  lines.push(...rest)
}

/** Without empty lines at both ends, and without the indentation that all lines share. */
function dedented(lines: readonly Line[]): Line[] {
  const block = lines.map(({ text, line }) => ({ text: text.trim() ? text : '', line }))
  const first = block[0]
  if (first) first.text = first.text.trimStart()
  // What follows the tag on its own line has no indentation of its own.
  const widths = block
    .slice(1)
    .filter(({ text }) => text)
    .map(({ text }) => /^[ \t]*/.exec(text)?.[0].length ?? 0)
  const width = Math.min(...widths)
  for (const one of block.slice(1)) one.text = one.text.slice(Math.min(width, one.text.length))
  while (block[0] && !block[0].text) block.shift()
  while (block.length && !block.at(-1)?.text) block.pop()
  return block
}

/** A text of an attribute as words of Markdown, in one line. */
function escaped(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>~|#{}]/g, '\\$&')
}

function destination(href: string): string {
  return `<${href.replace(/[<>\s]/g, sign => encodeURIComponent(sign))}>`
}

/** Code as it is written, in a line. */
function short(source: string): string {
  const text = source.replace(/\s+/g, ' ').trim()
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
