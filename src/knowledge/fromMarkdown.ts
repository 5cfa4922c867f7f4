// Markdown -> content tree, through marked's tokens: no HTML is made anywhere. The only home of marked.
// At build time it reads articles; in the page, as a chunk of its own, what agents write.
// Refuses to fail: whatever marked cannot read in bounds is shown as the plain text it is.

import { Lexer, type Token, type Tokens, type TokensList } from 'marked'
import type { Block, ContentTree, Inline } from './contentTree'
import { decodeEntities, readHtml } from './htmlTokens'
import { createTreeBuilder, MAX_NESTING, type TreeBuilder, type TreeOptions } from './treeBuilder'

/** The same bound as the protocol's for one message, UTF-16 units. */
const MAX_MESSAGE_CHARS = 4_000
/** UTF-16 units; the longest articles that we know are a fortieth of this. */
const MAX_ARTICLE_CHARS = 1_000_000
/**
 * Of one paragraph, heading or cell, UTF-16 units, and signs that could be marks: many times what people write. What
 * marked takes for one grows with the square of them and more: 120 000 asterisks were two seconds.
 */
const MAX_WORDS_CHARS = 10_000
const MAX_MARKS = 1_000
/** A table may have this many cells, and two for each of its characters: nobody writes rows that are nearly all empty. */
const MIN_CELLS = 1_000

export interface MarkdownOptions extends TreeOptions {
  /** Reads no further than this. Unset: no bound, for the site's own articles only. */
  readonly maxChars?: number
  /** A line end is a line break, as people expect in a chat. */
  readonly breaks?: boolean
}

/** The tree of an article. Never throws; unsafe links and images become their words and are told to `note`. */
export function fromMarkdown(markdown: string, options: MarkdownOptions = {}): ContentTree {
  const text = cut(markdown, options.maxChars).replace(/\r\n?/g, '\n').replace(/\0/g, '\ufffd')
  if (text.length > MAX_ARTICLE_CHARS) return plainTree(text)
  try {
    const tokens = new BoundedLexer(options.breaks === true).lex(boundNesting(text))
    const builder = createTreeBuilder(options)
    readBlocks(tokens, builder)
    return builder.end()
  } catch {
    // marked recurses with the text's nesting: the one thing that can go wrong is its stack.
    return plainTree(text)
  }
}

/** marked's lexer, where what is nested too deeply or runs on too long is the words it is written in. */
class BoundedLexer extends Lexer {
  #depth = 0

  constructor(breaks: boolean) {
    super({ gfm: true, breaks })
    const { tokenizer } = this.options
    const table = tokenizer?.table
    if (table) tokenizer.table = src => (isMostlyEmpty(src) ? undefined : table.call(tokenizer, src))
  }

  override blockTokens(src: string, tokens?: Token[], isClipped?: boolean): Token[]
  override blockTokens(src: string, tokens?: TokensList, isClipped?: boolean): TokensList
  override blockTokens(src: string, tokens: Token[] = [], isClipped?: boolean): Token[] {
    return this.#bounded(src, tokens, false, () => super.blockTokens(src, tokens, isClipped))
  }

  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    const isTooMuch = src.length > MAX_WORDS_CHARS || (src.match(/[*_~`[\]<]/g)?.length ?? 0) > MAX_MARKS
    return this.#bounded(src, tokens, isTooMuch, () => super.inlineTokens(src, tokens))
  }

  #bounded(src: string, tokens: Token[], isTooMuch: boolean, read: () => Token[]): Token[] {
    if (isTooMuch || this.#depth === MAX_NESTING) {
      tokens.push({ type: 'text', raw: src, text: src, escaped: false })
      return tokens
    }
    this.#depth++
    try {
      return read()
    } finally {
      this.#depth--
    }
  }
}

/** The tree of one message of an agent: no images, no article links, at most 4 000 characters. Never throws. */
export function parseMessage(text: string): ContentTree {
  return fromMarkdown(text, { maxChars: MAX_MESSAGE_CHARS, breaks: true })
}

/** Text as paragraphs and line breaks, nothing read into it. */
export function plainTree(text: string): ContentTree {
  return text
    .split(/\n{2,}/)
    .filter(part => part.trim())
    .map((part): Block => {
      const c: Inline[] = []
      for (const line of part.split('\n')) c.push(...(c.length ? [{ t: 'br' } as const] : []), line)
      return { t: 'p', c }
    })
}

function cut(text: string, maxChars = Number.POSITIVE_INFINITY): string {
  if (text.length <= maxChars) return text
  const isHalf = /[\ud800-\udbff]/.test(text[maxChars - 1] ?? '')
  return text.slice(0, isHalf ? maxChars - 1 : maxChars)
}

/** Each row is filled up to the columns of the first: ten thousand characters can be three million cells. */
function isMostlyEmpty(table: string): boolean {
  const columns = /^[^\n]*(?=\n[ \t|:-]+(?:\n|$))/.exec(table)?.[0].split('|').length ?? 0
  if (columns <= 10) return false
  const end = /\n[ \t]*(?:\n|$)/.exec(table)?.index ?? table.length
  return columns * table.slice(0, end).split('\n').length > MIN_CELLS + 2 * end
}

/** Quote marks beyond the bound would be dropped later; marked must not recurse into them first. */
function boundNesting(text: string): string {
  return text.replace(/^(?:[ \t]*>){20,}/gm, marks => marks.replace(/[^>]/g, '').slice(0, MAX_NESTING))
}

function readBlocks(tokens: readonly Token[], builder: TreeBuilder): void {
  for (const token of tokens) readBlock(token as Tokens.Generic, builder)
}

/** A frame that only Markdown may close, around what `inside` adds. */
function within(
  builder: TreeBuilder,
  tag: string,
  inside: () => void,
  attributes: Readonly<Record<string, string>> = {},
): void {
  const mark = builder.mark()
  builder.open(tag, name => attributes[name] ?? null, true)
  inside()
  builder.leave(mark)
}

function readBlock(token: Tokens.Generic, builder: TreeBuilder): void {
  switch (token.type) {
    case 'space':
    case 'def':
      return
    case 'paragraph':
    case 'text': {
      // A tight list item's text goes on after its check box.
      if (token.type === 'paragraph') builder.boundary()
      const mark = builder.mark()
      readInline(token.tokens ?? [token], builder)
      builder.leave(mark)
      builder.boundary()
      return
    }
    case 'heading':
      within(builder, `h${token.depth}`, () => readInline(token.tokens ?? [], builder))
      return
    case 'code':
      builder.pre(String(token.text), /^[\w+#.-]{1,20}/.exec(String(token.lang ?? ''))?.[0])
      return
    case 'blockquote':
      within(builder, 'blockquote', () => readQuote(token.tokens ?? [], builder))
      return
    case 'hr':
      builder.open('hr')
      return
    case 'html':
      readHtml(String(token.text), sinkOf(builder))
      return
    case 'list': {
      const list = token as Tokens.List
      within(
        builder,
        list.ordered ? 'ol' : 'ul',
        () => {
          for (const item of list.items) within(builder, 'li', () => readBlocks(item.tokens, builder))
        },
        { start: String(list.start || (list.ordered ? 0 : 1)) },
      )
      return
    }
    case 'table': {
      const table = token as Tokens.Table
      const row = (cells: readonly Tokens.TableCell[], cellTag: string) =>
        within(builder, 'tr', () => {
          for (const cell of cells) within(builder, cellTag, () => readInline(cell.tokens, builder))
        })
      within(builder, 'table', () => {
        row(table.header, 'th')
        for (const cells of table.rows) row(cells, 'td')
      })
      return
    }
    default:
      readInline([token], builder)
      return
  }
}

/** `> [!NOTE]`: the kind of a note is its first line, in bold. */
function readQuote(tokens: readonly Token[], builder: TreeBuilder): void {
  const first = tokens[0] as Tokens.Generic | undefined
  const words = first?.tokens?.[0] as Tokens.Generic | undefined
  const note = words?.type === 'text' ? /^\[!([a-z]{3,12})\][ \t]*\n?/i.exec(String(words.text)) : null
  if (note?.[1] && words) {
    builder.open('b')
    builder.text(note[1].charAt(0).toUpperCase() + note[1].slice(1).toLowerCase())
    builder.close('b')
    words.text = String(words.text).slice(note[0].length)
    builder.boundary()
  }
  readBlocks(tokens, builder)
}

function readInline(tokens: readonly Token[], builder: TreeBuilder): void {
  for (const each of tokens) {
    const token = each as Tokens.Generic
    const inside = () => readInline(token.tokens ?? [], builder)
    switch (token.type) {
      case 'text':
        if (token.tokens) inside()
        else builder.text(decodeEntities(String(token.text)))
        break
      case 'escape':
        builder.text(String(token.text))
        break
      case 'strong':
      case 'em':
      case 'del':
        within(builder, token.type, inside)
        break
      case 'codespan':
        builder.code(String(token.text))
        break
      case 'br':
        builder.open('br')
        break
      case 'link':
        within(builder, 'a', inside, { href: decodeEntities(String(token.href)) })
        break
      case 'image':
        builder.image(decodeEntities(String(token.href)), decodeEntities(String(token.text)) || null)
        break
      case 'html':
        readHtml(String(token.text), sinkOf(builder))
        break
      case 'checkbox':
        builder.text(token.checked ? '☑ ' : '☐ ')
        break
      default:
        readBlock(token, builder)
    }
  }
}

function sinkOf(builder: TreeBuilder) {
  return {
    text: builder.text,
    open: (tag: string, attribute: (name: string) => string | null) => builder.open(tag, attribute),
    close: builder.close,
    dropped: (tag: string) => builder.note({ kind: 'html', value: tag }),
  }
}
