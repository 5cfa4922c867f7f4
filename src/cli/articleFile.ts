// One file of a help folder -> an article, in two steps: what the file says by itself, and what it becomes beside the
// others, through the answers it gets about links and images. Both are plain JSON, so that a cache can hold them, and
// neither looks at anything but its arguments: same text, same answers, same article.

import type { Article, ArticleMeta } from '../knowledge/article'
import type { ContentTree } from '../knowledge/contentTree'
import { fromMarkdown } from '../knowledge/fromMarkdown'
import { readFrontMatter, type SourceProblem } from '../knowledge/frontMatter'
import { fromMdx, type MarkdownOfMdx } from '../knowledge/mdx'
import { inlineText, plainText, type Section, sectionsOf } from '../knowledge/plainText'
import type { ArticleLink, TreeNote } from '../knowledge/treeBuilder'
import type { Finding, FindingKind } from './findings'
import type { ImageAnswer } from './helpImages'

/** What a file says by itself. */
export interface FileFacts {
  readonly meta: Omit<ArticleMeta, 'id'>
  readonly isDraft: boolean
  /** The number or name that the article had elsewhere (front matter `id`). */
  readonly externalId?: string
  /** Mistakes in the front matter: no article. */
  readonly problems: readonly SourceProblem[]
  readonly findings: readonly Finding[]
  readonly unknownKeys: readonly { readonly key: string; readonly line: number }[]
  /** Names of headings, as links may write them -> the heading's id. */
  readonly anchors: readonly (readonly [name: string, headingId: string])[]
  /** Addresses of its links, as written. */
  readonly hrefs: readonly string[]
}

/** Where a link leads. */
export interface LinkAnswer {
  /** Null: not to an article. */
  readonly link: ArticleLink | null
  /** Why that is not as its author meant it. */
  readonly problem?: string
}

/** What an article must ask others for. The same question has the same answer all through a build. */
export interface Answers {
  link(href: string): LinkAnswer
  image(src: string): ImageAnswer
}

/** What a file becomes beside the others. */
export interface ReadArticle {
  readonly article: Article
  readonly sections: readonly Section[]
  readonly words: number
  readonly findings: readonly Finding[]
  /** All that it asked, and was told: while the answers are the same, the article is. */
  readonly links: readonly (readonly [href: string, answer: LinkAnswer])[]
  readonly images: readonly (readonly [src: string, answer: ImageAnswer])[]
}

/** Fewer words than this answer nothing. */
const THIN_WORDS = 25
const MAX_SUMMARY_CHARS = 120
/** From here on a phone on the road waits for seconds. */
const LARGE_IMAGE_BYTES = 1_000_000

/** @param text  the whole file */
export function readFacts(text: string, file: string, defaultLocale: string): FileFacts {
  const front = readFrontMatter(text, file, defaultLocale)
  const findings: Finding[] = front.warnings.map(warning => ({ kind: 'front-matter', ...warning }))
  const anchors = new Map<string, string>()
  const hrefs: string[] = []
  if (!front.problems.length) {
    const body = bodyOf(front.body, front.bodyLine, file)
    for (const { line, sentence } of body.notes) findings.push({ kind: 'mdx', file, line, sentence })
    fromMarkdown(body.markdown, {
      title: front.meta.title,
      resolveLink: href => {
        hrefs.push(href)
        return null
      },
      anchor: (name, headingId) => {
        for (const key of [name, name.toLowerCase()]) if (!anchors.has(key)) anchors.set(key, headingId)
      },
    })
  }
  const externalId = front.extra.id
  return {
    meta: front.meta,
    isDraft: front.extra.draft === true,
    ...(typeof externalId === 'string' || typeof externalId === 'number'
      ? { externalId: String(externalId) }
      : {}),
    problems: front.problems,
    findings,
    unknownKeys: front.unknownKeys,
    anchors: [...anchors],
    hrefs,
  }
}

interface Body extends Pick<MarkdownOfMdx, 'markdown' | 'notes'> {
  /** Lines count from the beginning of the file. */
  lineOf(line: number): number
  readonly firstLine: number
}

function bodyOf(body: string, bodyLine: number, file: string): Body {
  if (!/\.mdx$/i.test(file))
    return { markdown: body, notes: [], lineOf: line => bodyLine + line, firstLine: bodyLine }
  const { markdown, lines, notes } = fromMdx(body)
  const inFile = (line: number) => bodyLine + line - 1
  return {
    markdown,
    notes: notes.map(note => ({ ...note, line: inFile(note.line) })),
    lineOf: line => inFile(lines[line] ?? 1),
    firstLine: bodyLine,
  }
}

/**
 * @param text  the whole file, without problems
 * @param id    of the article
 */
export function readArticle(
  text: string,
  { file, id, defaultLocale }: { readonly file: string; readonly id: string; readonly defaultLocale: string },
  answers: Answers,
): ReadArticle {
  const { meta, body: written, bodyLine } = readFrontMatter(text, file, defaultLocale)
  const body = bodyOf(written, bodyLine, file)
  const findings: Finding[] = []
  const lineOf = createLineFinder(body)
  const report = (kind: FindingKind, value: string, sentence: string) =>
    findings.push({ kind, file, line: lineOf(value), sentence })
  const links = new Map<string, LinkAnswer>()
  const images = new Map<string, ImageAnswer>()

  const resolveLink = (href: string): ArticleLink | null => {
    const answer = links.get(href) ?? answers.link(href)
    links.set(href, answer)
    if (answer.problem) report('broken-link', href, answer.problem)
    return answer.link
  }
  const allowImage = (src: string, alt: string | null) => {
    const answer = images.get(src) ?? answers.image(src)
    images.set(src, answer)
    if (answer.image) {
      const line = lineOf(src)
      const tell = (kind: FindingKind, sentence: string) => findings.push({ kind, file, line, sentence })
      const bytes = answer.bytes ?? 0
      if (bytes > LARGE_IMAGE_BYTES)
        tell(
          'large-image',
          `the image ${quoted(src)} must be of 1 MB or less, got ${(bytes / 1_000_000).toFixed(1)} MB`,
        )
      if (alt === null)
        tell(
          'alt',
          `the image ${quoted(src)} must have words for who cannot see it. Write ![what it shows](…).`,
        )
      return answer.image
    }
    report(
      answer.why === 'outside' ? 'outside-image' : 'missing-image',
      src,
      answer.why === 'outside'
        ? `the image ${quoted(src)} must be in the articles folder or of a host in --allow-images`
        : answer.why === 'private'
          ? `the image ${quoted(src)} must not be published, because its article is private`
          : `the image ${quoted(src)} must be a file in the articles folder, got none there`,
    )
    return null
  }
  const note = ({ kind, value }: TreeNote) => {
    if (kind === 'html') report('html', `<${value}`, `<${value}> cannot be shown and was left out`)
    else if (kind === 'link' && !links.get(value)?.problem)
      report(
        'broken-link',
        value,
        `the link ${quoted(value)} must be https, http, mailto or tel, or lead to an article`,
      )
  }

  const content = fromMarkdown(body.markdown, {
    title: meta.title,
    resolveLink,
    allowImage,
    note,
    anchor: (_, headingId, wanted) => {
      if (wanted === undefined) return
      const line = lineOf(`{#${wanted}}`)
      if (wanted === headingId) return
      const sentence = `the heading id ${quoted(wanted)} must be its own, of letters, digits, - _ . and :, got ${quoted(headingId)} instead`
      findings.push({ kind: 'anchor', file, line, sentence })
    },
  })
  const words = (plainText(content).match(/[\p{L}\p{N}]+/gu) ?? []).length
  if (words < THIN_WORDS)
    findings.push({
      kind: 'thin',
      file,
      line: body.firstLine,
      sentence: `has ${words} words, fewer than ${THIN_WORDS}`,
    })
  return {
    article: { id, ...meta, summary: meta.summary || summaryOf(content), content },
    sections: sectionsOf(content),
    words,
    findings,
    links: [...links],
    images: [...images],
  }
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

/** Line of the n-th mention of a value, for the n-th time it is asked for; the body's first line when not found. */
function createLineFinder({ markdown, lineOf, firstLine }: Body): (value: string) => number {
  const next = new Map<string, number>()
  return value => {
    const from = next.get(value) ?? 0
    const written = [value, value.replaceAll('&', '&amp;')].find(text => markdown.includes(text, from))
    const at = written ? markdown.indexOf(written, from) : from - 1
    if (at < 0) return firstLine
    next.set(value, at + 1)
    let line = 0
    for (let i = markdown.indexOf('\n'); i >= 0 && i < at; i = markdown.indexOf('\n', i + 1)) line++
    return lineOf(line)
  }
}

/** An address as it is written, whole: people search their files for it. */
export function quoted(address: string): string {
  return JSON.stringify(address.length > 300 ? `${address.slice(0, 299)}…` : address)
}
