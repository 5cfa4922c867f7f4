// Builds a content tree from a stream of openings, text and closings. Markdown and HTML both come through
// here, so links, images, heading ids and the bound on nesting are decided once.
// Never throws on bad nesting: a closing tag without its opening is ignored, an unclosed one ends with the text.
//
// The stack, innermost last. Only `flow` holds blocks; `line` and `inline` hold words:
//
//   flow root > list ul > flow li > inline b
//   flow root > table > row tr > line td > inline a

import type { Block, ContentTree, Inline } from './contentTree'
import { slug } from './indexFile'
import { inlineText } from './plainText'
import { safeLink } from './safeLink'

/** Nesting that a reader can still follow, and that a renderer can walk without care for its stack. */
export const MAX_NESTING = 20

/** Something in the source that the tree does not show as its author meant it. */
export interface TreeNote {
  /** `link`: shown as text. `image`: shown as its alt text. `html`: an element left out. */
  readonly kind: 'link' | 'image' | 'html'
  /** The address, or the element's name, as written. */
  readonly value: string
}

export interface TreeOptions {
  /** Turns an address into an article: relative paths, `#heading`, or absolute addresses of the same help centre. */
  readonly resolveLink?: (href: string) => ArticleLink | null
  /**
   * Where to show an image from, or null for its alt text. Without it no image is shown.
   * `alt` null: none was written. '' says that the image is decoration.
   */
  readonly allowImage?: (src: string, alt: string | null) => AllowedImage | null
  /** An h1 that repeats this is left out; other h1 become h2. */
  readonly title?: string
  readonly note?: (note: TreeNote) => void
  /**
   * `<a id="x">` is another name for a heading. Its own id is the first of its names, with what its `{#x}` wanted: the
   * two differ where the id was taken or could not be one.
   */
  readonly anchor?: (name: string, headingId: string, wanted?: string) => void
}

export interface ArticleLink {
  readonly id: string
  readonly heading?: string
  /** Stands in for a link without words. */
  readonly title?: string
}

export interface AllowedImage {
  readonly src: string
  /** CSS pixels. */
  readonly w?: number
  readonly h?: number
}

export type Attribute = (name: string) => string | null
const none: Attribute = () => null

interface Frame {
  readonly kind: 'flow' | 'line' | 'inline' | 'list' | 'row' | 'table'
  readonly tag: string
  /** Opened by Markdown: no HTML tag of the text may close it. */
  readonly fixed: boolean
  readonly attribute: Attribute
  readonly blocks: Block[]
  line: Inline[]
  /** Kept beside it, because to ask a text that grows for its end costs as much as the text is long. */
  endsInSpace: boolean
  readonly items: Block[][]
  readonly cells: Inline[][]
  readonly rows: Inline[][][]
  head: Inline[][]
  /** Cells of this row that are headings. */
  headings: number
  /** A link or emphasis that a block interrupted: one of its pieces. */
  partial: boolean
}

const STYLE: Readonly<Record<string, 'b' | 'i' | 's' | undefined>> = {
  b: 'b', strong: 'b', i: 'i', em: 'i', cite: 'i', dfn: 'i', var: 'i', s: 's', del: 's', strike: 's',
} // biome-ignore format: a table
const CODE = new Set(['code', 'kbd', 'samp', 'tt'])
/** No frame of their own: they end a paragraph and begin one. */
const BOUNDARY = new Set(
  (
    'address article aside body center dd details dialog div dl dt fieldset figcaption figure footer form head ' +
    'header html legend main menu nav option p section select summary tbody tfoot thead'
  ).split(' '),
)
/** What a reader misses when it is left out. */
const MISSED = new Set([
  'audio',
  'button',
  'canvas',
  'embed',
  'form',
  'iframe',
  'input',
  'object',
  'select',
  'video',
])
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const isInline = (tag: string) => tag === 'a' || tag === 'sup' || CODE.has(tag) || STYLE[tag] !== undefined

export interface TreeBuilder {
  text(text: string): void
  /** Opens an element by its HTML name. `fixed` frames are closed with `leave` only. */
  open(tag: string, attribute?: Attribute, fixed?: boolean): void
  close(tag: string): void
  /** The place to `leave` to. */
  mark(): number
  /** Closes everything opened since `mark`. */
  leave(mark: number): void
  code(text: string): void
  pre(text: string, lang?: string): void
  /** `alt` null: none was written. '' says that the image is decoration. */
  image(src: string, alt: string | null): void
  note(note: TreeNote): void
  /** Ends the paragraph at hand. */
  boundary(): void
  end(): ContentTree
}

export function createTreeBuilder(options: TreeOptions = {}): TreeBuilder {
  const root = frameOf('flow', '', none, true)
  const stack: Frame[] = [root]
  const takenIds = new Map<string, number>()
  let waitingAnchors: string[] = []
  let lastHeadingId = ''
  const note = (kind: TreeNote['kind'], value: string) => options.note?.({ kind, value })
  const top = () => stack[stack.length - 1] ?? root
  const inPre = () => stack.some(frame => frame.tag === 'pre')
  const hasRoom = (frames: number) => stack.length + frames <= MAX_NESTING

  function headingId(text: string, wanted: string | null): string {
    const own = wanted && /^[\p{L}\p{N}_.:-]{1,80}$/u.test(wanted) ? wanted : slug(text).slice(0, 80)
    const base = own || 'section'
    let id = base
    for (let n = takenIds.get(base) ?? 0; takenIds.has(id); ) id = `${base}-${++n}`
    takenIds.set(base, (takenIds.get(base) ?? -1) + 1)
    if (id !== base) takenIds.set(id, 0)
    return id
  }

  /** Words need a place that takes words: inside a list that is an item, inside a table a cell. */
  function wordsFrame(): Frame {
    const frame = top()
    if (frame.kind === 'list') stack.push(frameOf('flow', 'li', none, false))
    else if (frame.kind === 'table') {
      stack.push(frameOf('row', 'tr', none, false))
      stack.push(frameOf('line', 'td', none, false))
    } else if (frame.kind === 'row') stack.push(frameOf('line', 'td', none, false))
    return top()
  }

  function add(node: Inline): void {
    if (node === '') return
    const frame = wordsFrame()
    const { line } = frame
    const last = line[line.length - 1]
    if (typeof node !== 'string' || typeof last !== 'string') line.push(node)
    else
      line[line.length - 1] =
        frame.endsInSpace && node.startsWith(' ') && !inPre() ? last + node.slice(1) : last + node
    frame.endsInSpace = typeof node === 'string' && node.endsWith(' ')
  }

  function flush(frame: Frame): void {
    const words = trimmed(frame.line)
    frame.line = []
    if (words.length) frame.blocks.push({ t: 'p', c: words })
  }

  /**
   * Makes the innermost frame one that takes blocks. False where none may stand (a heading, a cell, inside
   * Markdown emphasis): there a block's start is a line break. A link or emphasis around blocks (a "card") is
   * closed here and opened again inside.
   */
  function toFlow(): Frame[] | null {
    if (top().kind !== 'inline') wordsFrame()
    let at = stack.length - 1
    while (stack[at]?.kind === 'inline') at--
    const inlines = stack.slice(at + 1)
    if (stack[at]?.kind !== 'flow' || inlines.some(frame => frame.fixed)) return null
    for (const frame of inlines) frame.partial = true
    leave(at + 1)
    flush(top())
    return inlines
  }

  function reopen(inlines: readonly Frame[]): void {
    for (const { tag, attribute } of inlines)
      if (hasRoom(1)) stack.push({ ...frameOf('inline', tag, attribute, false), partial: true })
  }

  /** A line break instead of a block, where there are words already. */
  function breakLine(): void {
    const frame = top()
    if (frame.line.some(node => !isBlank(node)) && frame.tag !== 'pre') frame.line.push({ t: 'br' })
  }

  function boundary(): void {
    if (top().kind === 'table' || top().kind === 'row' || top().kind === 'list') return
    const inlines = toFlow()
    if (inlines) reopen(inlines)
    else breakLine()
  }

  function addBlock(block: Block): boolean {
    const inlines = toFlow()
    if (!inlines) return false
    top().blocks.push(block)
    reopen(inlines)
    return true
  }

  function openBlock(
    kind: Frame['kind'],
    tag: string,
    attribute: Attribute,
    fixed: boolean,
    room: number,
  ): void {
    const inlines = toFlow()
    if (!inlines) {
      breakLine()
      return
    }
    if (hasRoom(room)) stack.push(frameOf(kind, tag, attribute, fixed))
    if (kind === 'flow' || kind === 'line') reopen(inlines)
  }

  function open(tag: string, attribute: Attribute = none, fixed = false): void {
    if (MISSED.has(tag)) note('html', tag)
    if (tag === 'br') add(inPre() ? '\n' : { t: 'br' })
    else if (tag === 'hr') addBlock({ t: 'hr' })
    else if (tag === 'img') image(attribute('src') ?? '', attribute('alt'))
    else if (tag === 'iframe' || tag === 'video' || tag === 'embed') embedded(attribute)
    else if (tag === 'pre' || /^h[1-6]$/.test(tag)) openBlock('line', tag, attribute, fixed, 1)
    else if (tag === 'ul' || tag === 'ol') openBlock('list', tag, attribute, fixed, 3)
    else if (tag === 'blockquote') openBlock('flow', tag, attribute, fixed, 1)
    else if (tag === 'table') openBlock('table', tag, attribute, fixed, 4)
    else if (tag === 'li') openItem(attribute, fixed)
    else if (tag === 'tr' || tag === 'td' || tag === 'th') openCell(tag, attribute, fixed)
    else if (BOUNDARY.has(tag)) boundary()
    else if (isInline(tag)) openInline(tag, attribute, fixed)
  }

  function openInline(tag: string, attribute: Attribute, fixed: boolean): void {
    const name = attribute('id') ?? attribute('name')
    if (tag === 'a' && name && name.length <= 200 && attribute('href') === null) waitingAnchors.push(name)
    wordsFrame()
    if (hasRoom(1)) stack.push(frameOf('inline', tag, attribute, fixed))
  }

  function openItem(attribute: Attribute, fixed: boolean): void {
    // `</li>` may be left out: an item ends where the next begins, unless a list lies between.
    for (let at = stack.length - 1; at > 0; at--) {
      const frame = stack[at]
      if (!frame || frame.kind === 'list' || frame.kind === 'table') break
      if (frame.tag === 'li' && !frame.fixed && stack[at - 1]?.kind === 'list') {
        leave(at)
        break
      }
      if (frame.fixed) break
    }
    if (top().kind === 'list') {
      stack.push(frameOf('flow', 'li', attribute, fixed))
      return
    }
    boundary()
    add('• ')
  }

  function openCell(tag: string, attribute: Attribute, fixed: boolean): void {
    let at = stack.length - 1
    while (at > 0 && stack[at]?.kind !== 'table' && !(stack[at]?.fixed && stack[at]?.kind !== 'row')) at--
    if (stack[at]?.kind !== 'table') {
      boundary()
      return
    }
    const inRow = stack[at + 1]?.kind === 'row'
    if (tag === 'tr' || !inRow) leave(at + 1)
    if (top().kind === 'table') stack.push(frameOf('row', 'tr', attribute, fixed))
    else leave(at + 2)
    if (tag !== 'tr') stack.push(frameOf('line', tag, attribute, fixed))
  }

  /** A film or a page inside the page makes a request to a third party: a link instead. */
  function embedded(attribute: Attribute): void {
    const src = attribute('src') ?? ''
    const href = safeLink(src.startsWith('//') ? `https:${src}` : src)
    if (!href) return
    const words = attribute('title') || new URL(href).host
    boundary()
    add({ t: 'a', href, c: [words] })
    boundary()
  }

  /** Names that waited for a heading: the next one takes them, unless words came between. */
  function settleAnchors(id: string): void {
    if (id) for (const name of waitingAnchors) options.anchor?.(name, id)
    if (id) waitingAnchors = []
  }

  function close(tag: string): void {
    for (let at = stack.length - 1; at > 0; at--) {
      const frame = stack[at]
      if (!frame || frame.fixed) break
      if (frame.tag === tag) {
        leave(at)
        return
      }
      // `</b>` does not reach out of the item or cell it stands in.
      if (frame.kind !== 'inline' && isInline(tag)) return
    }
    if (BOUNDARY.has(tag)) boundary()
  }

  function leave(mark: number): void {
    while (stack.length > Math.max(1, mark)) {
      const frame = stack.pop()
      if (frame) deliver(frame, top())
    }
  }

  function deliver(frame: Frame, parent: Frame): void {
    const { tag } = frame
    if (frame.kind === 'inline') {
      deliverInline(frame)
      return
    }
    if (frame.kind === 'flow') {
      flush(frame)
      if (tag === 'li') {
        if (frame.blocks.length) parent.items.push(frame.blocks)
      } else if (frame.blocks.length) parent.blocks.push({ t: 'quote', c: frame.blocks })
    } else if (frame.kind === 'line') deliverLine(frame, parent)
    else if (frame.kind === 'list') {
      const start = Number(frame.attribute('start') ?? 1)
      if (!frame.items.length) return
      if (tag === 'ul') parent.blocks.push({ t: 'ul', c: frame.items })
      else if (Number.isInteger(start) && start !== 1) parent.blocks.push({ t: 'ol', start, c: frame.items })
      else parent.blocks.push({ t: 'ol', c: frame.items })
    } else if (frame.kind === 'row') {
      if (!frame.cells.some(cell => cell.length)) return
      const isHead = frame.headings === frame.cells.length && !parent.head.length && !parent.rows.length
      if (isHead) parent.head = frame.cells
      else parent.rows.push(frame.cells)
    } else if (frame.head.length || frame.rows.length) {
      parent.blocks.push({ t: 'table', head: frame.head, rows: frame.rows })
    }
  }

  function deliverLine(frame: Frame, parent: Frame): void {
    const { tag } = frame
    if (tag === 'td' || tag === 'th') {
      parent.cells.push(trimmed(frame.line))
      if (tag === 'th') parent.headings++
      return
    }
    if (tag === 'pre') {
      const x = inlineText(frame.line).replace(/^\n|\s+$/g, '')
      if (x) parent.blocks.push({ t: 'pre', x })
      return
    }
    // `## Title {#id}`, as documentation tools write it.
    let wanted = frame.attribute('id')
    const last = frame.line[frame.line.length - 1]
    const own = typeof last === 'string' ? /\s*\{#([^\s{}]{1,80})\}\s*$/.exec(last) : null
    if (own && typeof last === 'string') {
      wanted = own[1] ?? null
      frame.line[frame.line.length - 1] = last.slice(0, own.index)
    }
    const words = trimmed(frame.line)
    const text = inlineText(words)
    if (!text.trim()) return
    if (tag === 'h1' && options.title !== undefined && same(text, options.title)) return
    const level = Number(tag[1])
    const id = headingId(text, wanted)
    lastHeadingId = id
    parent.blocks.push({ t: 'h', n: level <= 2 ? 2 : level === 3 ? 3 : 4, id, c: words })
    // Other tools make other names of the same words; the first heading of a name keeps it.
    options.anchor?.(id, id, own?.[1])
    options.anchor?.(githubSlug(text), id)
    settleAnchors(id)
  }

  function deliverInline({ tag, line, attribute, partial }: Frame): void {
    const style = STYLE[tag]
    const hasWords =
      inlineText(line).trim() !== '' || line.some(node => typeof node !== 'string' && node.t === 'img')
    if (tag === 'a' && (hasWords || !partial)) {
      deliverLink(line, attribute('href'), hasWords)
      return
    }
    if (!hasWords) {
      line.forEach(add)
      return
    }
    if (style) {
      add({ t: style, c: line })
      return
    }
    const text = inlineText(line)
    if (tag !== 'sup') add({ t: 'code', x: text })
    else add(/^\d+$/.test(text) ? text.replace(/\d/g, digit => RAISED[Number(digit)] ?? '') : text)
  }

  function deliverLink(line: Inline[], href: string | null, hasWords: boolean): void {
    // A link in a link: the inner one is words.
    if (!href || stack.some(frame => frame.tag === 'a')) {
      line.forEach(add)
      return
    }
    const article = options.resolveLink?.(href)
    if (article) {
      const c = hasWords ? line : [article.title ?? article.id]
      add({ t: 'ref', id: article.id, ...(article.heading ? { h: article.heading } : {}), c })
      return
    }
    const safe = safeLink(href)
    if (safe) {
      add({ t: 'a', href: safe, c: hasWords ? line : [safe.replace(/^https?:\/\/|\/$|[?#].*/g, '')] })
      return
    }
    note('link', href)
    line.forEach(add)
  }

  function image(src: string, alt: string | null): void {
    const allowed = options.allowImage?.(src, alt)
    if (allowed) {
      add({ t: 'img', alt: alt ?? '', ...allowed })
      return
    }
    note('image', src)
    if (alt) add(alt)
  }

  return {
    text(text) {
      const frame = top()
      if (frame.kind === 'list' || frame.kind === 'table' || frame.kind === 'row') {
        if (!text.trim()) return
      }
      if (lastHeadingId && text.trim() && waitingAnchors.length && !/^h\d$/.test(top().tag))
        settleAnchors(lastHeadingId)
      add(inPre() ? text : text.replace(/[ \t\r\n\f]+/g, ' '))
    },
    open,
    close,
    mark: () => stack.length,
    leave,
    code: text => add({ t: 'code', x: text }),
    pre(text, lang) {
      const x = text.replace(/\s+$/, '')
      if (x && !addBlock(lang ? { t: 'pre', x, lang } : { t: 'pre', x })) add({ t: 'code', x })
    },
    image,
    note: entry => options.note?.(entry),
    boundary,
    end() {
      leave(1)
      flush(root)
      settleAnchors(lastHeadingId)
      return root.blocks
    },
  }
}

function frameOf(kind: Frame['kind'], tag: string, attribute: Attribute, fixed: boolean): Frame {
  return {
    kind,
    tag,
    fixed,
    attribute,
    blocks: [],
    line: [],
    endsInSpace: false,
    items: [],
    cells: [],
    rows: [],
    head: [],
    headings: 0,
    partial: false,
  }
}

const isBlank = (node: Inline) => (typeof node === 'string' ? !node.trim() : node.t === 'br')

/** Without white space and line breaks at both ends. */
function trimmed(line: readonly Inline[]): Inline[] {
  const words = [...line]
  while (words[0] !== undefined && isBlank(words[0])) words.shift()
  for (let last = words.at(-1); last !== undefined && isBlank(last); last = words.at(-1)) words.pop()
  const first = words[0]
  if (typeof first === 'string') words[0] = first.trimStart()
  const last = words[words.length - 1]
  if (typeof last === 'string') words[words.length - 1] = last.trimEnd()
  return words
}

function same(a: string, b: string): boolean {
  const plain = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
  return plain(a) === plain(b)
}

/** A heading's name as GitHub makes it: links between headings that authors wrote for it keep working. */
function githubSlug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}
