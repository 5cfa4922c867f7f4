// One HTML page -> what an article needs of it: title, summary, language, and the part that is
// the article. Pure; decides where the article is and leaves its cleaning to htmlContent.

import type { Element, Root } from 'hast'
import { matches, select, selectAll } from 'hast-util-select'
import { type ContentOptions, cleanContent } from './htmlContent'
import { contentToMarkdown } from './htmlMarkdown'
import { attribute, isElement, MAX_HTML_CHARS, parseHtml, textOf } from './htmlTree'
import { firstWords } from './imported'
import { localeOf, oneLine } from './paths'

/** What a page has about its article, and what no reader sees. */
const CHROME = new Set(
  'head header nav footer script style noscript template form button svg iframe h1'.split(' '),
)

export interface HtmlPage {
  readonly title: string
  readonly summary: string
  readonly locale: string | undefined
  readonly keywords: readonly string[]
  readonly markdown: string
}

export interface PageOptions extends ContentOptions {
  /** CSS selector of the article. Without it: `main`, else the only `article`, else the whole body. */
  readonly content?: string | undefined
}

/** @returns the page, or the sentence that says why it cannot be read */
export function readHtmlPage(html: string, options: PageOptions): HtmlPage | string {
  if (html.length > MAX_HTML_CHARS)
    return `a page must have at most ${MAX_HTML_CHARS} characters, got ${html.length}. Split it.`
  const { root, isFlattened } = parseHtml(html, false)
  const meta = (name: string) => {
    const found = select(`meta[name="${name}" i], meta[property="${name}" i]`, root)
    return found ? oneLine(attribute(found, 'content')) : ''
  }
  const found = contentOf(root, options.content)
  if (typeof found === 'string') return found
  const content: Root = { type: 'root', children: found }
  const heading = select('h1', content) ?? select('h1', root)
  const own = heading ? oneLine(textOf(heading)) : ''
  const titleTag = select('title', root)
  const title = own || meta('og:title') || (titleTag ? oneLine(wordsOf(titleTag)) : '')
  const language = select('html', root)
  if (isFlattened)
    options.note('changed', 1, 'nested deeper than anybody reads: the innermost part is plain words')
  if (!options.content && found.some(node => node.tagName === 'body'))
    options.note(
      'guessed',
      1,
      'there is no <main> and not one <article>: the whole page was taken. Name it with --content',
    )
  const beside = oneLine(besides(root, new Set(found)))
  if (beside) options.note('left-out', 1, `beside the article: ${firstWords(beside)}`)
  if (heading) without(content, heading)
  return {
    title,
    summary: meta('description') || meta('og:description'),
    locale: language ? localeOf(attribute(language, 'lang')) : undefined,
    keywords: meta('keywords').split(',').map(oneLine).filter(Boolean),
    markdown: contentToMarkdown(cleanContent(content, options)),
  }
}

/** The body of an article, as an API gives it, as Markdown. */
export function htmlToMarkdown(html: string, options: ContentOptions): string {
  if (html.length > MAX_HTML_CHARS) {
    options.note('unreadable', 1, `a body must have at most ${MAX_HTML_CHARS} characters, got ${html.length}`)
    return ''
  }
  const { root, isFlattened } = parseHtml(html, true)
  if (isFlattened)
    options.note('changed', 1, 'nested deeper than anybody reads: the innermost part is plain words')
  return contentToMarkdown(cleanContent(root, options))
}

/** Does this CSS selector mean something? */
export function isSelector(selector: string): boolean {
  try {
    matches(selector, { type: 'element', tagName: 'p', properties: {}, children: [] })
    return true
  } catch {
    return false
  }
}

function contentOf(root: Root, selector: string | undefined): Element[] | string {
  if (selector) {
    const chosen = outermost(selectAll(selector, root))
    return chosen.length
      ? chosen
      : `the page must hold what --content names (${selector}), got nothing. Mend the selector, or leave it out.`
  }
  const main = outermost(selectAll('main, [role="main"]', root))
  if (main.length) return main
  const articles = outermost(selectAll('article', root))
  if (articles.length === 1) return articles
  const body = select('body', root)
  return body ? [body] : root.children.filter(isElement)
}

/** Without those that lie in another one of the list. */
function outermost(elements: readonly Element[]): Element[] {
  const inner = new Set<Element>()
  const chosen = new Set(elements)
  const walk = (node: Element, isInside: boolean): void => {
    if (isInside && chosen.has(node)) inner.add(node)
    for (const child of node.children) if (isElement(child)) walk(child, isInside || chosen.has(node))
  }
  for (const one of elements) if (!inner.has(one)) walk(one, false)
  return elements.filter(one => !inner.has(one))
}

/** Takes one element out, wherever it is. A `header` about it is the article's own: it stays, as a box. */
function without(parent: Root | Element, gone: Element): boolean {
  const at = (parent.children as unknown[]).indexOf(gone)
  if (at >= 0) {
    parent.children.splice(at, 1)
    return true
  }
  return parent.children.some(child => {
    if (!isElement(child) || !without(child, gone)) return false
    if (child.tagName === 'header') child.tagName = 'div'
    return true
  })
}

/** The words of a page that are neither its article nor what every page has about it. */
function besides(node: Root | Element, article: ReadonlySet<Element>): string {
  return node.children
    .map(child => {
      if (child.type === 'text') return child.value
      if (!isElement(child) || article.has(child) || CHROME.has(child.tagName)) return ''
      return ` ${besides(child, article)} `
    })
    .join('')
}

function wordsOf(node: Element): string {
  return node.children.map(child => (child.type === 'text' ? child.value : '')).join('')
}
