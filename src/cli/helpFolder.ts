// A folder of Markdown files -> articles, and everything in it that its authors should know of. Reads only.
// An article with a mistake in its front matter is left out and named; a link or an image that leads nowhere
// is shown as its words and named. Nothing disappears without a line in `findings`.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, posix, resolve } from 'node:path'
import { AskletError, describe } from '../base/errors'
import type { Article } from '../knowledge/article'
import type { ContentTree } from '../knowledge/contentTree'
import { fromMarkdown } from '../knowledge/fromMarkdown'
import { type FrontMatter, readFrontMatter } from '../knowledge/frontMatter'
import { inlineText, plainText, type Section, sectionsOf } from '../knowledge/plainText'
import type { ArticleLink, TreeNote } from '../knowledge/treeBuilder'
import { createLinkResolver, type LinkResolver, type LinkTarget } from './articleLinks'
import { findNearDuplicates } from './nearDuplicates'
import type { Output } from './output'
import { contentHash } from './outputFolder'

export type FindingKind =
  /** The article was left out. */
  | 'error'
  | 'broken-link'
  | 'missing-image'
  /** An image of another site: no third-party request without the site's word. */
  | 'outside-image'
  | 'duplicate'
  | 'thin'
  /** An element that cannot be shown: a form, a script. */
  | 'html'
  | 'draft'

export interface Finding {
  readonly kind: FindingKind
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly sentence: string
}

export interface HelpArticle {
  readonly file: string
  readonly article: Article
  readonly sections: readonly Section[]
  readonly words: number
}

export interface HelpFolder {
  /** By id. */
  readonly articles: readonly HelpArticle[]
  /** Articles found, those with mistakes included. */
  readonly found: number
  /** In the order of files and lines. */
  readonly findings: readonly Finding[]
  /** `images/<name>-<hash>.<ending>` -> content. */
  readonly images: ReadonlyMap<string, Uint8Array>
}

export interface FolderOptions {
  readonly defaultLocale: string
  /** Path under which the built folder is served; ends with `/`. */
  readonly base: string
  /** Hosts whose images may be shown. */
  readonly imageHosts: readonly string[]
  /** A folder that is not read, though it may lie inside. */
  readonly except: readonly string[]
  /** Leave out what says `draft: true`. */
  readonly skipDrafts: boolean
}

interface Source extends FrontMatter, LinkTarget {
  readonly anchors: Map<string, string>
}

/** Fewer words than this answer nothing. */
const THIN_WORDS = 25
const IMAGE = /\.(?:png|jpe?g|gif|webp|avif|svg)$/i
const MAX_SUMMARY_CHARS = 120

/**
 * @throws AskletError `articles_none` when the folder is not there or holds no Markdown
 */
export function readHelpFolder(folder: string, options: FolderOptions, out?: Output): HelpFolder {
  const files = markdownFiles(folder, options.except)
  const findings: Finding[] = []
  const sources: Source[] = []
  const ids = new Map<string, string>()
  for (const file of files) {
    const front = readFrontMatter(readFileSync(join(folder, file), 'utf8'), file, options.defaultLocale)
    for (const problem of front.problems) findings.push({ kind: 'error', ...problem })
    const id = file.replace(/\.(?:md|markdown)$/i, '').toLowerCase()
    const twin = ids.get(id)
    if (twin !== undefined) {
      const sentence = `the path must be its own whatever its case, got that of ${twin}. Rename one of them.`
      findings.push({ kind: 'error', file, line: 1, sentence })
      continue
    }
    ids.set(id, file)
    if (front.problems.length) continue
    if (front.extra.draft === true) {
      const sentence = options.skipDrafts ? 'is a draft: left out' : 'says draft: true and is published'
      findings.push({ kind: 'draft', file, line: 1, sentence })
      if (options.skipDrafts) continue
    }
    const externalId = front.extra.id
    const hasExternalId = typeof externalId === 'string' || typeof externalId === 'number'
    const anchors = new Map<string, string>()
    sources.push({
      ...front,
      id,
      file,
      anchors,
      ...(hasExternalId ? { externalId: String(externalId) } : {}),
    })
  }

  // Twice through: a link can lead to a heading of an article that comes later, and only when all articles are
  // known can an address be told from one of another site.
  const links = createLinkResolver(sources)
  for (const source of sources) {
    fromMarkdown(source.body, {
      title: source.meta.title,
      resolveLink: href => {
        links.resolve(source, href)
        return null
      },
      anchor: (name, headingId) => {
        for (const key of [name, name.toLowerCase()])
          if (!source.anchors.has(key)) source.anchors.set(key, headingId)
      },
    })
  }
  const byId = new Map(sources.map(source => [source.id, source]))
  const images = new Map<string, Uint8Array>()
  const articles: HelpArticle[] = []
  sources.forEach((source, i) => {
    articles.push(readArticle(source, { folder, options, links, byId, images, findings }))
    out?.progress?.(i + 1, sources.length, 'reading articles')
  })
  articles.sort((a, b) => (a.article.id < b.article.id ? -1 : 1))
  findDuplicates(articles, findings)
  findings.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
  return { articles, found: files.length, findings, images }
}

interface Surroundings {
  readonly folder: string
  readonly options: FolderOptions
  readonly links: LinkResolver
  readonly byId: ReadonlyMap<string, Source>
  readonly images: Map<string, Uint8Array>
  readonly findings: Finding[]
}

function readArticle(source: Source, around: Surroundings): HelpArticle {
  const { meta, file, id, body, bodyLine } = source
  const lineOf = createLineFinder(body, bodyLine)
  const report = (kind: FindingKind, value: string, sentence: string) =>
    around.findings.push({ kind, file, line: lineOf(value), sentence })

  /** Addresses of which the reason is already told. */
  const told = new Set<string>()
  const resolveLink = (href: string): ArticleLink | null => {
    const to = around.links.resolve(source, href)
    if (to.kind === 'elsewhere') return null
    const target = to.kind === 'article' ? around.byId.get(to.id) : undefined
    if (!target || to.kind !== 'article') {
      told.add(href)
      report('broken-link', href, `the link ${quoted(href)} must lead to an article, got none there`)
      return null
    }
    if (target.meta.access === 'private' && meta.access === 'public') {
      told.add(href)
      report('broken-link', href, `the link ${quoted(href)} must not lead from a public to a private article`)
      return null
    }
    const heading = target.anchors.get(to.fragment) ?? target.anchors.get(to.fragment.toLowerCase())
    if (to.fragment && to.fragment !== 'top' && !heading)
      report(
        'broken-link',
        href,
        `the link ${quoted(href)} must name a heading of ${target.file}, got none of that name`,
      )
    return { id: target.id, title: target.meta.title, ...(heading ? { heading } : {}) }
  }
  const allowImage = (src: string): string | null => {
    const image = findImage(src, source, around)
    if (typeof image !== 'string') return image.address
    report(
      image === 'outside' ? 'outside-image' : 'missing-image',
      src,
      image === 'outside'
        ? `the image ${quoted(src)} must be in the help folder or of a host in --allow-images`
        : image === 'private'
          ? `the image ${quoted(src)} must not be published, because its article is private`
          : `the image ${quoted(src)} must be a file in the help folder, got none there`,
    )
    return null
  }
  const note = ({ kind, value }: TreeNote) => {
    if (kind === 'html') report('html', `<${value}`, `<${value}> cannot be shown and was left out`)
    else if (kind === 'link' && !told.has(value))
      report(
        'broken-link',
        value,
        `the link ${quoted(value)} must be https, http, mailto or tel, or lead to an article`,
      )
  }

  const content = fromMarkdown(body, { title: meta.title, resolveLink, allowImage, note })
  const words = (plainText(content).match(/[\p{L}\p{N}]+/gu) ?? []).length
  if (words < THIN_WORDS)
    around.findings.push({
      kind: 'thin',
      file,
      line: bodyLine,
      sentence: `has ${words} words, fewer than ${THIN_WORDS}`,
    })
  const article: Article = { id, ...meta, summary: meta.summary || summaryOf(content), content }
  return { file, article, sections: sectionsOf(content), words }
}

/** `{ address }` to show it from, or why not. */
function findImage(
  src: string,
  source: Source,
  { folder, options, images }: Surroundings,
): { readonly address: string } | 'outside' | 'missing' | 'private' {
  if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(src)) {
    try {
      const url = new URL(src)
      if (url.protocol === 'https:' && !url.username && options.imageHosts.includes(url.host))
        return { address: url.href }
    } catch {
      // Not an address at all.
    }
    return 'outside'
  }
  let path = src.replace(/[?#].*$/s, '')
  try {
    path = decodeURIComponent(path)
  } catch {
    // As written.
  }
  path = posix.join(path.startsWith('/') ? '' : posix.dirname(source.file), path).replace(/^\/+/, '')
  const full = join(folder, path)
  if (path.startsWith('..') || !IMAGE.test(path) || !existsSync(full) || !statSync(full).isFile())
    return 'missing'
  if (source.meta.access === 'private') return 'private'
  const content = readFileSync(full)
  const ending = extname(path)
  const name = posix
    .basename(path, ending)
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .slice(0, 60)
  const file = `images/${name}-${contentHash(content)}${ending.toLowerCase()}`
  images.set(file, content)
  return { address: options.base + file }
}

/** The first words of the first paragraph that has some, for an article that has no summary. */
function summaryOf(content: ContentTree): string {
  for (const block of content) {
    const text = block.t === 'p' ? inlineText(block.c).replace(/\s+/g, ' ').trim() : ''
    // What ends with a colon only announces a list.
    if (text.length < 20 || text.endsWith(':')) continue
    if (text.length <= MAX_SUMMARY_CHARS) return text
    const cut = text.slice(0, MAX_SUMMARY_CHARS - 1)
    return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MAX_SUMMARY_CHARS / 2)).replace(/[\s,;:–-]+$/, '')}…`
  }
  return ''
}

function findDuplicates(articles: readonly HelpArticle[], findings: Finding[]): void {
  const byTitle = new Map<string, HelpArticle>()
  const byId = new Map(articles.map(one => [one.article.id, one]))
  const sameTitle = new Set<string>()
  for (const one of articles) {
    const { title, locale } = one.article
    const key = `${locale} ${title.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ')}`
    const first = byTitle.get(key)
    if (!first) byTitle.set(key, one)
    else {
      sameTitle.add(`${first.article.id}\n${one.article.id}`)
      findings.push({
        kind: 'duplicate',
        file: one.file,
        line: 1,
        sentence: `has the title of ${first.file}: ${describe(title)}`,
      })
    }
  }
  for (const { a, b, likeness } of findNearDuplicates(
    articles.map(({ article, sections }) => ({
      id: article.id,
      text: sections.map(({ text }) => text).join('\n'),
    })),
  )) {
    const first = byId.get(a)
    const second = byId.get(b)
    if (!first || !second || sameTitle.has(`${a}\n${b}`)) continue
    const percent = Math.floor(likeness * 100)
    findings.push({
      kind: 'duplicate',
      file: second.file,
      line: 1,
      sentence: `says the same as ${first.file} (${percent} % of it)`,
    })
  }
}

/** Line of the n-th mention of a value, for the n-th time it is asked for; the body's first line when not found. */
function createLineFinder(body: string, bodyLine: number): (value: string) => number {
  const next = new Map<string, number>()
  return value => {
    const from = next.get(value) ?? 0
    const written = [value, value.replaceAll('&', '&amp;')].find(text => body.includes(text, from))
    const at = written ? body.indexOf(written, from) : from - 1
    if (at < 0) return bodyLine
    next.set(value, at + 1)
    let line = bodyLine
    for (let i = body.indexOf('\n'); i >= 0 && i < at; i = body.indexOf('\n', i + 1)) line++
    return line
  }
}

/** Paths with `/`, sorted. */
function markdownFiles(folder: string, except: readonly string[]): readonly string[] {
  const isThere = existsSync(folder)
  if (!isThere || !statSync(folder).isDirectory()) {
    throw new AskletError(
      'articles_none',
      `the help folder must be a folder with Markdown files, got ${isThere ? 'a file' : 'nothing'} at ${folder}. Check the path.`,
    )
  }
  const left = new Set(except.map(path => resolve(path)))
  const files: string[] = []
  const walk = (path: string) => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const name = path ? `${path}/${entry.name}` : entry.name
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      if (entry.isDirectory()) {
        if (!left.has(resolve(folder, name))) walk(name)
      } else if (/\.(?:md|markdown)$/i.test(entry.name)) files.push(name)
    }
  }
  walk('')
  if (!files.length) {
    throw new AskletError(
      'articles_none',
      `the help folder must hold at least one .md file, got none in ${folder}. Write one, or make them with "asklet import".`,
    )
  }
  return files.sort()
}

/** An address as it is written, whole: people search their files for it. */
function quoted(address: string): string {
  return JSON.stringify(address.length > 300 ? `${address.slice(0, 299)}…` : address)
}
