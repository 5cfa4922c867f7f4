// A Markdown export of Notion -> articles. Its files end with the page's id (32 hex digits), folders lie beside
// their page, properties stand between title and text, rows of a table are pages and a CSV. Pure.

import { basename, dirname } from 'node:path'
import { createNotes, type Imported, type Step } from './imported'
import { linkPages, type MarkdownPage } from './markdownPages'
import { articlePathOf, IMAGE, localeOf, oneLine } from './paths'
import type { Source } from './source'

const ID = /[ -]?([\da-f]{32})(?=\.[a-z]+$|$|_all\.csv$)/i
/** Properties that pages have of themselves, or that people give them most often. */
const USUAL =
  /^(?:tags?|status|created(?: by| time)?|last edited(?: by| time)?|category|topics?|owner|url|type|language|locale|summary|description|audience|roles?|date|author|keywords)$/i
const PROPERTY = /^([^\s:#>*\-|`[\]][^:\n]{0,58}): +(\S.*)$/

/** Is there a file of Notion's among them? */
export function isNotionPath(path: string): boolean {
  return /[ -][\da-f]{32}\.(?:md|csv)$/i.test(path)
}

export function importNotion(source: Source, step?: Step): Imported {
  const { notes, note } = createNotes()
  const found = source.files.filter(path => /\.md$/i.test(path))
  const columns = new Map<string, readonly string[]>()
  for (const path of source.files.filter(name => /\.csv$/i.test(name))) {
    columns.set(
      withoutIds(path.replace(/(?:_all)?\.csv$/i, '')),
      (source.text(path).split(/\r?\n/, 1)[0] ?? '').split(',').map(name => name.replace(/"/g, '').trim()),
    )
    note('not-imported', source.place(path), 'is a table: its rows are imported where they are pages')
  }
  const pages = found.map((file): MarkdownPage => {
    const page = readPage(source.text(file), file, columns.get(withoutIds(dirname(file))))
    const place = source.place(file)
    if (page.others.length)
      note(
        'not-imported',
        place,
        `properties ${page.others.join(', ')}: kept in the front matter (properties)`,
      )
    if (page.article.draft) note('drafts', place, 'its status says that it is a draft')
    const parents = dirname(file) === '.' ? [] : withoutIds(dirname(file)).split('/')
    const topics = [...parents, ...(page.article.topics ?? [])]
    const id = ID.exec(basename(file))?.[1]?.toLowerCase()
    return {
      article: { ...page.article, topics },
      file,
      path: articlePathOf(withoutIds(file)),
      bodyLine: page.bodyLine,
      addresses: id ? [id] : [],
    }
  })
  const { articles, files, shown } = linkPages(pages, {
    source,
    note,
    step,
    nameFile: withoutIds,
    // https://www.notion.so/team/Boats-0123…: the id at the end.
    addressKey: href =>
      /\bnotion\.(?:so|site)\//i.test(href)
        ? (/([\da-f]{32})(?:$|[?#])/i.exec(href)?.[1]?.toLowerCase() ?? href)
        : href,
    finish: (body, page) => {
      if (/^\s*\$\$/m.test(body))
        note('changed', source.place(page.file), 'an equation ($$) is shown as it is typed')
      return asidesAsQuotes(body)
    },
  })
  for (const path of source.files)
    if (!/\.(?:md|csv)$/i.test(path) && !shown.has(path))
      note(
        'not-imported',
        source.place(path),
        IMAGE.test(path) ? 'no article shows it' : 'is no page and no image',
      )
  return { unit: 'files', read: found.length, articles, files, notes }
}

interface NotionPage extends Pick<MarkdownPage, 'article' | 'bodyLine'> {
  readonly others: readonly string[]
}

function readPage(text: string, file: string, columns: readonly string[] | undefined): NotionPage {
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  let at = 0
  const skipEmpty = () => {
    while (at < lines.length && !lines[at]?.trim()) at++
  }
  skipEmpty()
  const heading = /^# +(.+)$/.exec(lines[at] ?? '')?.[1]
  if (heading) at++
  skipEmpty()
  const properties = propertiesAt(lines, at, columns)
  at += properties.length
  const title =
    oneLine(heading ?? '').replace(/\\([\\`*_[\]<>#-])/g, '$1') || basename(withoutIds(file), '.md')
  const take = (name: RegExp) => {
    const index = properties.findIndex(([key]) => name.test(key))
    return index < 0 ? '' : (properties.splice(index, 1)[0]?.[1] ?? '')
  }
  const list = (value: string) => value.split(',').map(oneLine).filter(Boolean)
  const locale = localeOf(take(/^(?:language|locale)$/i))
  const roles = list(take(/^(?:roles?|audience)$/i)).filter(role =>
    /^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u.test(role),
  )
  const summary = take(/^(?:summary|description)$/i)
  const topics = list(take(/^(?:category|categories|topics?)$/i))
  const keywords = list(take(/^(?:tags?|keywords)$/i))
  const isDraft = properties.some(
    ([key, value]) => /^status$/i.test(key) && /\b(?:draft|in progress|not started)\b/i.test(value),
  )
  return {
    article: {
      title,
      summary,
      roles,
      topics,
      keywords,
      ...(locale ? { locale } : {}),
      draft: isDraft,
      ...(properties.length ? { extra: { properties: Object.fromEntries(properties) } } : {}),
      body: lines.slice(at).join('\n'),
    },
    bodyLine: at + 1,
    others: properties.map(([key]) => key),
  }
}

/**
 * The lines of properties that begin at `at`. A first paragraph like "Note: …" is none: a property is a column of
 * the page's table, or of a usual name, or one of several lines.
 */
function propertiesAt(
  lines: readonly string[],
  at: number,
  columns: readonly string[] | undefined,
): [string, string][] {
  const found: [string, string][] = []
  for (const line of lines.slice(at)) {
    const [, key = '', value = ''] = PROPERTY.exec(line) ?? []
    if (!key || (columns && !columns.includes(key))) break
    found.push([key, oneLine(value)])
  }
  if (lines[at + found.length]?.trim()) return columns && found.length ? found : []
  const isSure = columns !== undefined || found.length > 1 || found.every(([key]) => USUAL.test(key))
  return isSure ? found : []
}

function withoutIds(path: string): string {
  return path
    .split('/')
    .map(part => part.replace(ID, '').trim() || part)
    .join('/')
}

/** `<aside>`: a note with a sign. */
function asidesAsQuotes(body: string): string {
  const lines: string[] = []
  let open = -1
  for (const line of body.split('\n')) {
    if (open < 0 && line.trim() === '<aside>') open = lines.length
    const [, last] = /^(.*)<\/aside>\s*$/.exec(open < 0 ? '' : line) ?? []
    lines.push(last ?? line)
    if (last === undefined) continue
    const inside = lines.splice(open).slice(1).join('\n').trim()
    lines.push(...inside.split('\n').map(one => `> ${one}`.trimEnd()))
    open = -1
  }
  return lines.join('\n')
}
