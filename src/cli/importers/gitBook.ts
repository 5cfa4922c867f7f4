// A GitBook space as Git holds it -> articles: SUMMARY.md for order and topics, front matter, and blocks
// (`{% hint %}` and so on, see gitBookBlocks). Pure.

import { posix } from 'node:path'
import { AskletError } from '../../base/errors'
import { readForeignPage } from './foreignFrontMatter'
import { plainBlocks } from './gitBookBlocks'
import { createNotes, type Imported, type Note, type Step } from './imported'
import { linkPages, type MarkdownPage } from './markdownPages'
import { eachLine } from './markdownText'
import { IMAGE, oneLine } from './paths'
import type { Source } from './source'

/** A page's place in the table of contents. */
interface Listed {
  readonly title: string
  readonly topics: readonly string[]
  readonly order: number
}

const SUMMARY = /(?:^|\/)SUMMARY\.md$/i
/** How a page looks in GitBook: nothing that a help article has. */
const LOOKS = ['icon', 'cover', 'coverY', 'layout', 'coverHeight', 'metaLinks', 'tags'] as const
const MAX_INCLUDES = 5

/** @throws AskletError `import_shape` without a SUMMARY.md */
export function importGitBook(source: Source, step?: Step): Imported {
  const { notes, note } = createNotes()
  const summary = source.files
    .filter(path => SUMMARY.test(path))
    .sort((a, b) => a.split('/').length - b.split('/').length)[0]
  if (!summary)
    throw new AskletError(
      'import_shape',
      `a GitBook space must have a SUMMARY.md, got none in ${source.name}. Name its folder, or import it with --from markdown.`,
    )
  const root = posix.dirname(summary) === '.' ? '' : `${posix.dirname(summary)}/`
  const found = source.files.filter(
    path => path.startsWith(root) && /\.md$/i.test(path) && !SUMMARY.test(path) && !/(?:^|\/)\./.test(path),
  )
  const listed = contents(source.text(summary), root, source.place(summary), found, note)
  const pages = found.map(file => readPage(source, file, listed.get(file), note))
  const { articles, files, shown } = linkPages(pages, {
    source,
    note,
    step,
    finish: (body, page, find) => {
      const place = (line: number) => source.place(page.file, page.bodyLine + line)
      const withNames = eachLine(body, headingName)
      return plainBlocks(withNames, find, (kind, line, sentence) => note(kind, place(line), sentence))
    },
  })
  for (const path of source.files)
    if (
      !found.includes(path) &&
      path !== summary &&
      !shown.has(path) &&
      !/(?:^|\/)\.(?:gitbook\/includes\/|gitbook\.ya?ml$|git(?:ignore|attributes|keep)$)/.test(path)
    )
      note(
        'not-imported',
        source.place(path),
        IMAGE.test(path) ? 'no article shows it' : 'is no page and no image',
      )
  return { unit: 'files', read: found.length, articles, files, notes }
}

function readPage(source: Source, file: string, listed: Listed | undefined, note: Note): MarkdownPage {
  const place = (line: number) => source.place(file, line)
  const page = readForeignPage(source.text(file), file, place, note)
  const { hidden, ...extra } = page.article.extra ?? {}
  const looks = LOOKS.filter(key => Object.hasOwn(extra, key))
  const kept = Object.fromEntries(
    Object.entries(extra).filter(([key]) => !(looks as readonly string[]).includes(key)),
  )
  if (looks.length)
    note('not-imported', place(1), `${looks.join(', ')} of its front matter: how GitBook shows the page`)
  if (!listed)
    note('guessed', place(1), 'is not in SUMMARY.md, where GitBook would not show it: no topic, no order')
  const isDraft = hidden === true || page.article.draft === true
  if (isDraft) note('drafts', place(1), hidden === true ? 'says hidden: true' : 'says draft: true')
  const hasTitle = /^ {0,3}# +\S/m.test(page.article.body) || Object.hasOwn(page.others, 'title')
  return {
    article: {
      ...page.article,
      title: hasTitle
        ? page.article.title.replace(/\s*<a\b[^>]*>(?:<\/a>)?/g, '')
        : (listed?.title ?? page.article.title),
      topics: [...(listed?.topics ?? []), ...(page.article.topics ?? [])],
      ...(listed ? { order: listed.order } : {}),
      draft: isDraft,
      extra: kept,
      body: withIncludes(page.article.body, file, source, (line, sentence) =>
        note('missing-links', place(page.bodyLine + line), sentence),
      ),
    },
    file,
    bodyLine: page.bodyLine,
    addresses: page.addresses,
  }
}

/** `* [Title](path.md)`, deeper by indentation, under `## Group`. */
function contents(
  text: string,
  root: string,
  place: string,
  files: readonly string[],
  note: Note,
): Map<string, Listed> {
  const listed = new Map<string, Listed>()
  let group: string[] = []
  const parents: { readonly indent: number; readonly title: string }[] = []
  text.split(/\r\n?|\n/).forEach((line, i) => {
    const heading = /^#{2,} +(.+?)\s*#*$/.exec(line)?.[1]
    if (heading) {
      group = [oneLine(heading.replace(/<[^>]*>/g, ''))].filter(Boolean)
      parents.length = 0
      return
    }
    const [, space = '', title = '', target = ''] =
      /^(\s*)[*+-]\s+\[(.*?)\]\((<[^>]*>|[^\s)]*)/.exec(line) ?? []
    if (!title) return
    const indent = space.replace(/\t/g, '    ').length
    while ((parents.at(-1)?.indent ?? -1) >= indent) parents.pop()
    const topics = [...group, ...parents.map(parent => parent.title)]
    parents.push({ indent, title: oneLine(title) })
    const href = target.replace(/^<|>$/g, '').replace(/#.*$/, '')
    if (/^https?:/i.test(href)) {
      note('not-imported', `${place}:${i + 1}`, `${href} is a link of the table of contents`)
      return
    }
    const file = root + posix.normalize(decoded(href))
    if (!files.includes(file))
      note('missing-links', `${place}:${i + 1}`, `${JSON.stringify(href)} is not in the folder`)
    else if (!listed.has(file)) listed.set(file, { title: oneLine(title), topics, order: listed.size + 1 })
  })
  return listed
}

/** `## Title <a href="#x" id="x"></a>` -> `## Title {#x}` */
function headingName(line: string): string {
  return /^ {0,3}#{1,6} /.test(line)
    ? line.replace(/\s*<a\s[^<>]{0,300}\bid="([^"\s{}<>]{1,80})"[^<>]{0,300}>\s*<\/a>\s*$/, ' {#$1}')
    : line
}

/** `{% include "../.gitbook/includes/x.md" %}`: the text itself. */
function withIncludes(
  body: string,
  file: string,
  source: Source,
  tell: (line: number, sentence: string) => void,
  depth = 0,
): string {
  return eachLine(body, (line, i) => {
    const target = /^\s*\{%\s*include\s+["']([^"']+)["']\s*%\}\s*$/.exec(line)?.[1]
    if (!target) return line
    const path = posix.join(posix.dirname(file), decoded(target))
    if (depth < MAX_INCLUDES && source.has(path) && /\.md$/i.test(path)) {
      const text = source
        .text(path)
        .replace(/^---\n[\s\S]*?\n---\n/, '')
        .trim()
      return withIncludes(
        text,
        path,
        source,
        () => tell(i, `${JSON.stringify(target)} includes what is not there`),
        depth + 1,
      )
    }
    tell(i, `${JSON.stringify(target)} is to be included, and is no Markdown of the folder`)
    return ''
  })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
