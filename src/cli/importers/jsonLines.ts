// One line of a JSON Lines export -> one Markdown article. Pure. Two shapes:
//
//   { path, title, description?, area?, headings?, keywords?, body }   a help centre's articles
//   { id, corpus, title, body }                                        questions with their answers
//
// The body is plain text, a line a paragraph; a line that is the next heading becomes one. Everything else in
// it is shown as it stands, so what looks like Markdown is escaped.

import { stringify } from 'yaml'
import { describe } from '../../base/errors'
import { safeLink } from '../../knowledge/safeLink'

export interface ImportedArticle {
  /** Path of the Markdown file below the folder. */
  readonly path: string
  readonly markdown: string
  /** Headings that no line of the body is: kept in the front matter as `unplacedHeadings`. */
  readonly unplaced: number
}

/**
 * @param line    JSON of one article
 * @param origin  name of the file, kept in the article: it marks what a later import may overwrite
 * @returns the article, or the sentence that says what is wrong with the line
 */
export function readJsonLine(line: string, origin: string): ImportedArticle | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return `a line must be JSON, got ${describe(line)}. Export it again.`
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `a line must be an object with title and body, got ${describe(value)}. See "asklet import --help".`
  const raw = value as Readonly<Record<string, unknown>>
  for (const key of ['title', 'body'])
    if (typeof raw[key] !== 'string') return `${key} must be text, got ${describe(raw[key])}. Add it.`
  for (const key of ['headings', 'keywords'])
    if (raw[key] !== undefined && !isTexts(raw[key]))
      return `${key} must be a list of texts, got ${describe(raw[key])}. Leave it out if there are none.`
  const title = oneLine(String(raw.title))
  if (!title) return 'title must have words, got "". Add them.'
  const path = pathOf(raw)
  if (path === null)
    return `path (or id) must be a relative path, got ${describe(raw.path ?? raw.id)}. Leave out ".." and the first "/".`

  const headings = isTexts(raw.headings) ? raw.headings.map(oneLine).filter(Boolean) : []
  const { markdown, unplaced } = bodyToMarkdown(String(raw.body), headings)
  const front = {
    title,
    ...textOf('summary', raw.description),
    ...(typeof raw.area === 'string' && raw.area ? { topics: raw.area.split('/') } : {}),
    ...(isTexts(raw.keywords) && raw.keywords.length ? { keywords: raw.keywords } : {}),
    ...textOf('seoTitle', raw.seoTitle),
    ...(unplaced.length ? { unplacedHeadings: unplaced } : {}),
    importedFrom: origin,
  }
  return {
    path,
    markdown: `---\n${stringify(front, { lineWidth: 0 })}---\n\n${markdown}`,
    unplaced: unplaced.length,
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}

function textOf(key: string, value: unknown): Record<string, string> {
  return typeof value === 'string' && value.trim() ? { [key]: oneLine(value) } : {}
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** `path`, else `id` without the name of its corpus. Null when it would leave the folder. */
function pathOf(raw: Readonly<Record<string, unknown>>): string | null {
  let path = typeof raw.path === 'string' ? raw.path : ''
  if (!path && (typeof raw.id === 'string' || typeof raw.id === 'number')) {
    path = String(raw.id)
    if (typeof raw.corpus === 'string' && path.startsWith(`${raw.corpus}:`))
      path = path.slice(raw.corpus.length + 1)
  }
  // Characters that one file system or another refuses.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are among them
  path = path.replace(/[\u0000-\u001f<>:"|?*\\]/g, '-').trim()
  const parts = path.split('/')
  if (!path || parts.some(part => part === '' || part === '.' || part === '..')) return null
  return `${path.replace(/\.(?:md|markdown)$/i, '')}.md`
}

function bodyToMarkdown(
  body: string,
  headings: readonly string[],
): { readonly markdown: string; readonly unplaced: readonly string[] } {
  const lines = body
    .split(/\r\n?|\n/)
    .map(oneLine)
    .filter(Boolean)
  const places = placeHeadings(lines, headings)
  const paragraphs = lines.map((line, i) =>
    places.has(i) ? `## ${escapeHeading(line)}` : escapeMarkdown(line),
  )
  const placed = [...places.values()]
  return {
    markdown: paragraphs.length ? `${paragraphs.join('\n\n')}\n` : '',
    unplaced: headings.filter((_, i) => !placed.includes(i)),
  }
}

/** Line -> heading, in order; a heading that is not there is passed over. */
function placeHeadings(lines: readonly string[], headings: readonly string[]): Map<number, number> {
  const places = new Map<number, number>()
  let from = 0
  headings.forEach((heading, i) => {
    const at = lines.indexOf(heading, from)
    if (at < 0) return
    places.set(at, i)
    from = at + 1
  })
  return places
}

const ADDRESS = /((?:https?|ftp):\/\/|www\.)[^\s<]+(<?)/g

/** What Markdown would take out of an address, or see beside it. */
const LOOKS_MARKED = /[*`[\]|\\!]|&#?\w+;|~~|_$|:\/\/.*(?::\/\/|www\.)/

/** A line that shows as it stands. Whole, safe addresses stay as they are: they become links by themselves. */
export function escapeMarkdown(line: string): string {
  let escaped = ''
  let at = 0
  for (const match of line.matchAll(ADDRESS)) {
    const [all, start = '', bracket] = match
    escaped += escapeText(line.slice(at, match.index))
    at = match.index + all.length
    // An address with a placeholder in it, or one that no link may have, must not be half a link.
    const isWhole = !bracket && !LOOKS_MARKED.test(all) && safeLink(start === 'www.' ? `http://${all}` : all)
    escaped += isWhole ? all : escapeText(all).replace(/:(?=\/\/)|(?<=www)\./g, '\\$&')
  }
  return (escaped + escapeText(line.slice(at)))
    .replace(/^(#{1,6}|[-+=]+)(?=\s|$)/, marks => marks.replace(/^./, '\\$&'))
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
}

function escapeText(text: string): string {
  return text.replace(/[\\`*_[\]<>&~|]/g, '\\$&')
}

/** A trailing run of # would be taken for the end of the heading. */
function escapeHeading(text: string): string {
  return escapeMarkdown(text).replace(/#+$/, marks => `\\${marks}`)
}
