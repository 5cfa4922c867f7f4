// JSON Lines -> articles, one a line. Pure. Two shapes:
//
//   { path, title, description?, area?, headings?, keywords?, body }   a help centre's articles
//   { id, corpus, title, body }                                        questions with their answers
//
// The body is plain text, a line a paragraph; a line that is the next heading becomes one. Everything else in
// it is shown as it stands, so what looks like Markdown is escaped.

import { describe } from '../../base/errors'
import { safeLink } from '../../knowledge/safeLink'
import { createNotes, type Imported, type Step } from './imported'
import type { ImportedArticle } from './markdownFile'
import { oneLine } from './paths'
import type { Source } from './source'

/** Files that may be parts of one help centre: an article's path must be its own in all of them. */
export function importJsonLines(sources: readonly Source[], step?: Step): Imported {
  const { notes, note } = createNotes()
  const articles: ImportedArticle[] = []
  const taken = new Map<string, string>()
  let read = 0
  for (const source of sources)
    for (const file of source.files.filter(path => !source.isFolder || /\.(?:jsonl|ndjson)$/i.test(path))) {
      const lines = linesOf(source.text(file))
      lines.forEach((line, i) => {
        if (i % STEP_EVERY === 0 || i === lines.length - 1) step?.(i + 1, lines.length, file)
        if (!line.trim()) return
        read++
        const place = source.place(file, i + 1)
        const article = readJsonLine(line, file, place)
        if (typeof article === 'string') {
          note('bad-lines', place, article)
          return
        }
        const first = taken.get(article.path.toLowerCase())
        if (first) {
          note(
            'bad-lines',
            place,
            `the path must be its own, got that of ${first}: ${article.path}. Rename one of them.`,
          )
          return
        }
        taken.set(article.path.toLowerCase(), place)
        articles.push(article)
        for (const heading of (article.extra?.unplacedHeadings as readonly string[] | undefined) ?? [])
          note('unplaced-headings', place, heading)
      })
    }
  return { unit: 'lines', read, articles, files: new Map(), notes }
}

/** Split at line feeds only: U+2028 may stand in JSON as it is, and node:readline splits there. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

const STEP_EVERY = 200

/**
 * @param line    JSON of one article
 * @param origin  name of the file, kept in the article: it marks what a later import may overwrite
 * @param place   file and line, for people
 * @returns the article, or the sentence that says what is wrong with the line
 */
export function readJsonLine(line: string, origin: string, place = origin): ImportedArticle | string {
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
  const extra = {
    ...textOf('seoTitle', raw.seoTitle),
    ...(unplaced.length ? { unplacedHeadings: unplaced } : {}),
  }
  return {
    path,
    title,
    ...textOf('summary', raw.description),
    topics: typeof raw.area === 'string' && raw.area ? raw.area.split('/') : [],
    keywords: isTexts(raw.keywords) ? raw.keywords : [],
    extra,
    body: markdown,
    importedFrom: origin,
    place,
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}

function textOf(key: string, value: unknown): Record<string, string> {
  return typeof value === 'string' && value.trim() ? { [key]: oneLine(value) } : {}
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
