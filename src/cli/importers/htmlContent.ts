// The tree of an article's HTML -> the same tree with nothing in it that Markdown or the panel cannot show:
// no chrome, forms or scripts; films and frames as links; cells that fit in a line. Tells what it took away.

import type { Element, ElementContent, Root, RootContent } from 'hast'
import { attribute, isBlock, isElement, lineOf, textOf } from './htmlTree'
import { firstWords, type NoteKind } from './imported'

export interface ContentOptions {
  /** The address to write for a link, or null where there must be words only. */
  link(href: string, line: number): string | null
  /** The address to write for an image, or null where there must be its alternative text. */
  image(src: string, line: number): string | null
  /** The address of a film or frame as a link, or null. */
  embed(src: string): string | null
  note(kind: NoteKind, line: number, sentence: string): void
  /** Names that links lead to: kept also where they are no heading's. */
  readonly anchors: ReadonlySet<string>
}

/** An id that the project's Markdown can carry. */
const NAME = /^[\p{L}\p{N}_.:-]{1,80}$/u

/** They have no words of the page. */
const SILENT = new Set('style link meta base title head template source track param wbr area'.split(' '))
const EMBEDS = new Set(['iframe', 'video', 'audio', 'embed', 'object', 'frame'])
const REMOVED = new Set(
  (
    'script noscript nav footer button input select ' + 'textarea svg canvas dialog menu datalist applet map'
  ).split(' '),
)
const REMOVED_ROLES = new Set(['navigation', 'banner', 'contentinfo', 'search', 'menu', 'menubar', 'toolbar'])
/** Class names of boxes that stand out from the text. */
const CALLOUTS = new Set('admonition callout alert hint note tip warning caution danger important'.split(' '))
const INLINE = new Set(
  'b strong i em u s del strike ins code kbd samp tt var q cite mark sub sup small'.split(' '),
)
const TABLE_PARTS = new Set('caption colgroup col thead tbody tfoot tr td th'.split(' '))
/** What a list may hold; the first is what everything else in it becomes. */
const PART_OF: Readonly<Record<string, readonly string[] | undefined>> = {
  ul: ['li'],
  ol: ['li'],
  dl: ['dd', 'dt'],
}
const CODE = new Set('code kbd samp tt var'.split(' '))
const STRUCK = ['del', 's', 'strike']
const SPACE = { type: 'text', value: ' ' } as const
/** Their children may only be certain elements: an anchor goes before them. */
const STRICT = new Set(['table', 'thead', 'tbody', 'tfoot', 'tr', 'ul', 'ol', 'dl', 'img', 'br', 'hr'])
const LAYOUT = 'h1 h2 h3 h4 h5 h6 table pre blockquote figure'.split(' ')

/** Changes nothing of `root`; the result shares nodes with it. */
export function cleanContent(root: Root, options: ContentOptions): Root {
  const counts = new Map<
    string,
    { kind: NoteKind; what: string; line: number; words: string; times: number }
  >()

  /** Things of one kind are one note an article: the first one says where. */
  function tell(kind: NoteKind, what: string, node: Element, words = textOf(node)): void {
    const seen = counts.get(`${kind} ${what}`)
    if (seen) seen.times++
    else counts.set(`${kind} ${what}`, { kind, what, line: lineOf(node), words: words.trim(), times: 1 })
  }

  function cleanAll(nodes: readonly RootContent[]): ElementContent[] {
    const cleaned = nodes.flatMap(node =>
      isElement(node) ? cleanElement(node) : node.type === 'text' && node.value ? [node] : [],
    )
    // Two codes that touch would be one.
    return cleaned.flatMap((node, i) => (isCode(node) && isCode(cleaned[i + 1]) ? [node, SPACE] : [node]))
  }

  function cleanElement(node: Element): ElementContent[] {
    const { tagName } = node
    if (SILENT.has(tagName)) return []
    const anchor = anchorOf(node)
    const cleaned = cleanKnown(node)
    const [only] = cleaned
    const isSame = cleaned.length === 1 && only?.type === 'element' && only.tagName === tagName
    if (!anchor) return cleaned
    if (isSame && !STRICT.has(tagName)) return [{ ...only, children: [anchor, ...only.children] }]
    return ['tr', 'tbody', 'thead', 'tfoot'].includes(tagName) ? cleaned : [anchor, ...cleaned]
  }

  function anchorOf(node: Element): Element | null {
    const id = attribute(node, 'id') || (node.tagName === 'a' ? attribute(node, 'name') : '')
    if (!id || /^h[1-6]$/.test(node.tagName) || !options.anchors.has(id)) return null
    if (NAME.test(id)) return element('a', { id })
    tell('changed', `name that no heading can have (${firstWords(id)})`, node)
    return null
  }

  function cleanKnown(node: Element): ElementContent[] {
    const { tagName } = node
    const role = attribute(node, 'role')
    if (EMBEDS.has(tagName)) return embedded(node)
    if (tagName === 'form') return form(node)
    if (tagName === 'input' && attribute(node, 'type') === 'checkbox') return [node]
    if (REMOVED.has(tagName)) return removed(node, `<${tagName}>`)
    if (REMOVED_ROLES.has(role)) return removed(node, `role="${role}"`)
    if (tagName === 'header' && !has(node, ['h1', 'h2', 'h3'])) return removed(node, '<header>')
    if (node.properties.hidden) return removed(node, 'hidden part')
    if (attribute(node, 'ariaHidden') === 'true' && !has(node, ['img']))
      return removed(node, 'aria-hidden part')
    if (tagName === 'img') return image(node)
    if (tagName === 'a') return link(node)
    if (tagName === 'table') return table(node)
    if (tagName === 'math') {
      tell('changed', '<math>', node)
      return [{ type: 'text', value: textOf({ ...node, tagName: 'span' }) }]
    }
    if (tagName === 'pre') {
      for (const one of within(node, ['img'])) tell('left-out', 'image in code', one, attribute(one, 'alt'))
      return [node]
    }
    const children = cleanAll(node.children)
    // Backticks hold one line of plain text, and no more.
    if (CODE.has(tagName) && !holdsBlock(children)) {
      const value = textOf({ ...node, children }).replace(/\s+/g, ' ')
      return value.trim() ? [{ ...node, children: [{ type: 'text', value }] }] : []
    }
    if (tagName === 'details') tell('changed', '<details> shown open', node)
    if (tagName === 'summary') return [element('p', {}, [element('strong', {}, oneLineOf(children))])]
    if (tagName === 'details') return [element('div', {}, children)]
    // Parts of a table that stand in none: a fragment may begin anywhere.
    if (TABLE_PARTS.has(tagName)) return [element('div', {}, children)]
    const part = PART_OF[tagName]
    if (part) return [{ ...node, children: partsOnly(children, part) }]
    // What is a line cannot hold blocks: a heading takes their words, a bold part is given up for them.
    if (/^h[1-6]$/.test(tagName)) return [{ ...node, children: oneLineOf(children) }]
    if (INLINE.has(tagName) && holdsBlock(children)) return children
    if (INLINE.has(tagName) && !node.children.length) return []
    // `~~~~` would begin a code block.
    if (STRUCK.includes(tagName) && has(node, STRUCK)) return children
    const classes = attribute(node, 'className').toLowerCase().split(/\s+/)
    if (/^(?:div|aside|section)$/.test(tagName) && classes.some(name => CALLOUTS.has(name)))
      return [element('blockquote', {}, children)]
    return [{ ...node, children }]
  }

  function removed(node: Element, what: string): ElementContent[] {
    // Icons and empty boxes hold nothing that a reader would miss.
    const words = textOf(node.tagName === 'noscript' ? { ...node, tagName: 'div' } : node)
    if (words.trim() || ['script', 'canvas', 'input', 'select', 'textarea'].includes(node.tagName))
      tell('left-out', what, node, words)
    else if (node.tagName === 'svg') tell('left-out', what, node, '')
    return []
  }

  /** Some tools put a whole page into one form: then only its controls go. */
  function form(node: Element): ElementContent[] {
    const isPage = has(node, ['h1', 'h2', 'h3', 'p', 'main', 'article'])
    tell(isPage ? 'changed' : 'left-out', isPage ? '<form>, of which the text was kept' : '<form>', node)
    return isPage ? cleanAll(node.children) : []
  }

  function embedded(node: Element): ElementContent[] {
    const { tagName } = node
    const source = node.children.find(child => isElement(child) && child.tagName === 'source')
    const src =
      attribute(node, 'src') ||
      attribute(node, 'data') ||
      attribute(node, 'dataSrc') ||
      (source && isElement(source) ? attribute(source, 'src') : '')
    const href = src ? options.embed(src) : null
    const inside = textOf(node).trim()
    if (!href) {
      options.note(
        'left-out',
        lineOf(node),
        `<${tagName}> was left out: ${src ? `${firstWords(src)} cannot be a link` : 'it has no address'}`,
      )
      return inside ? [{ type: 'text', value: inside }] : []
    }
    options.note('embeds', lineOf(node), `<${tagName}> is a link to ${href}`)
    const words = attribute(node, 'title').trim() || href
    // In the middle of a sentence it does not stick to the words beside it; elsewhere it is a paragraph.
    const space = { type: 'text', value: ' ' } as const
    return [space, element('a', { href }, [{ type: 'text', value: words }]), space]
  }

  function image(node: Element): ElementContent[] {
    const lazy = attribute(node, 'dataSrc') || attribute(node, 'dataOriginal')
    const first = attribute(node, 'src')
    const src =
      lazy && (!first || first.startsWith('data:')) ? lazy : first || firstOf(attribute(node, 'srcSet'))
    const alt = attribute(node, 'alt').trim()
    if (!src) tell('left-out', '<img> without an address', node, alt)
    const to = src ? options.image(src, lineOf(node)) : null
    if (to) return [element('img', { src: to, alt })]
    return alt ? [{ type: 'text', value: alt }] : []
  }

  function link(node: Element): ElementContent[] {
    const children = apart(cleanAll(node.children))
    const href = attribute(node, 'href').trim()
    const words = textOf({ ...node, children })
    if (!href) return children
    // The sign beside a heading that leads to itself.
    if (href.startsWith('#') && !/[\p{L}\p{N}]/u.test(words) && !has(node, ['img'])) return []
    const isEmpty = !words.trim() && !children.some(child => isElement(child))
    const to = options.link(href, lineOf(node))
    if (to === null) return children
    if (isEmpty) {
      const title = (attribute(node, 'ariaLabel') || attribute(node, 'title')).trim()
      if (!title) tell('left-out', `link without words to ${firstWords(href)}`, node, '')
      return title ? [element('a', { href: to }, [{ type: 'text', value: title }])] : []
    }
    if (!holdsBlock(children)) return [element('a', { href: to }, children)]
    // A link around blocks, a "card": Markdown has none. Its first words are the link.
    return wrapFirst(children, to)
  }

  function table(node: Element): ElementContent[] {
    const rows = within(node, ['tr'])
    const cells = rows.flatMap(row => row.children.filter(isElement))
    const isLayout =
      attribute(node, 'role') === 'presentation' || cells.some(cell => has(cell, LAYOUT)) || cells.length < 2
    if (isLayout) {
      if (cells.length > 1) tell('changed', '<table> that holds whole parts, one below the other', node)
      return cells.map(cell => element('div', {}, cleanAll(cell.children)))
    }
    const caption = node.children.find(child => isElement(child) && child.tagName === 'caption')
    const words = caption ? textOf(caption).trim() : ''
    const cleaned: Element = {
      ...node,
      children: rows.map(row => ({
        ...row,
        children: row.children.filter(isElement).map(cell => {
          const { colSpan, rowSpan } = cell.properties
          if (colSpan || rowSpan) tell('changed', '<table> cell over several, followed by empty ones', cell)
          if (has(cell, ['ul', 'ol', 'dl'])) tell('changed', 'list in a table, a line an item', cell)
          const span = {
            ...(colSpan ? { colSpan: bounded(colSpan) } : {}),
            ...(rowSpan ? { rowSpan: bounded(rowSpan) } : {}),
          }
          return element(cell.tagName, span, cellLine(cleanAll(cell.children)))
        }),
      })),
    }
    return words
      ? [element('p', {}, [element('strong', {}, [{ type: 'text', value: words }])]), cleaned]
      : [cleaned]
  }

  const children = cleanAll(root.children)
  for (const { kind, what, line, words, times } of counts.values()) {
    const many = times > 1 ? `${times} times, first here: ` : ''
    const quoted = words ? `: ${firstWords(words)}` : ''
    options.note(
      kind,
      line,
      kind === 'left-out' ? `${many}${what} was left out${quoted}` : `${many}${what}${quoted}`,
    )
  }
  return { type: 'root', children }
}

function element(
  tagName: string,
  properties: Element['properties'],
  children: ElementContent[] = [],
): Element {
  return { type: 'element', tagName, properties, children }
}

/** A span of a thousand columns is an attack, or a mistake. */
function bounded(span: unknown): number {
  return Math.min(20, Math.max(1, Number.parseInt(String(span), 10) || 1))
}

function firstOf(srcSet: string): string {
  return srcSet.trim().split(/[\s,]/)[0] ?? ''
}

function has(node: Element, tags: readonly string[]): boolean {
  return within(node, tags).length > 0
}

/** Elements of these names below `node`, in order; not those of a table in a table. */
function within(node: Element, tags: readonly string[]): Element[] {
  return node.children.flatMap(child => {
    if (!isElement(child)) return []
    if (tags.includes(child.tagName)) return [child]
    return child.tagName === 'table' ? [] : within(child, tags)
  })
}

function wrapFirst(children: readonly ElementContent[], href: string): ElementContent[] {
  const at = children.findIndex(child => textOf(child).trim())
  return children.map((child, i) => {
    if (i !== at) return child
    if (child.type !== 'element' || !(isBlock(child) || holdsBlock([child])))
      return element('a', { href }, [child])
    const inside = child.children
    return {
      ...child,
      children: holdsBlock(inside) ? wrapFirst(inside, href) : [element('a', { href }, inside)],
    }
  })
}

/**
 * `](` in a link's words, with a space between: marked takes the escapes off their brackets before it reads them,
 * and would see another link.
 */
function apart(children: readonly ElementContent[]): ElementContent[] {
  return children.map(child => {
    if (child.type === 'text') return { ...child, value: child.value.replaceAll('](', '] (') }
    return child.type === 'element' ? { ...child, children: apart(child.children) } : child
  })
}

/** Words that stand in a list and in no item of it are an item. Terms may stand in boxes. */
function partsOnly(children: readonly ElementContent[], parts: readonly string[]): ElementContent[] {
  const isPart = (node: ElementContent) => node.type === 'element' && parts.includes(node.tagName)
  return children
    .filter(child => child.type === 'element' || (child.type === 'text' && child.value.trim()))
    .flatMap(child => {
      if (isPart(child)) return [child]
      if (child.type === 'element' && child.children.some(isPart)) return partsOnly(child.children, parts)
      return [element(parts[0] ?? 'li', {}, [child])]
    })
}

function isCode(node: ElementContent | undefined): boolean {
  return node?.type === 'element' && CODE.has(node.tagName)
}

function isBreak(node: ElementContent | undefined): boolean {
  return node?.type === 'element' && node.tagName === 'br'
}

function holdsBlock(children: readonly ElementContent[]): boolean {
  return children.some(child => child.type === 'element' && (isBlock(child) || holdsBlock(child.children)))
}

/** The same without blocks: what they hold, with a space between. */
function oneLineOf(children: readonly ElementContent[]): ElementContent[] {
  return holdsBlock(children) ? cellLine(children).map(one => (isBreak(one) ? SPACE : one)) : [...children]
}

/** A cell is one line: blocks end with a break, list items begin with a sign. */
function cellLine(children: readonly ElementContent[]): ElementContent[] {
  const line: ElementContent[] = []
  const lineBreak = () => element('br', { inCell: true })
  const end = () => {
    if (line.length && !isBreak(line.at(-1))) line.push(lineBreak())
  }
  const add = (nodes: readonly ElementContent[]) => {
    for (const node of nodes) {
      if (node.type === 'text') {
        if (node.value.trim() || (line.length && !isBreak(line.at(-1)))) line.push(node)
      } else if (node.type !== 'element') continue
      else if (node.tagName === 'br') end()
      else if (node.tagName === 'li') {
        end()
        line.push({ type: 'text', value: '• ' })
        add(node.children)
        end()
      } else if (isBlock(node)) {
        end()
        add(node.children)
        end()
      } else line.push(node)
    }
  }
  add(children)
  while (
    isBreak(line.at(-1)) ||
    (line.at(-1)?.type === 'text' && !textOf(line.at(-1) as ElementContent).trim())
  )
    line.pop()
  return line
}
