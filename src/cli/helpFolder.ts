// A folder of Markdown files -> articles, and everything in it that its authors should know of. Reads only.
// An article with a mistake in its front matter is left out and named; a link or an image that leads nowhere
// is shown as its words and named. Nothing disappears without a line in `findings`.
//
//   each file by itself (cached by its content) -> who links to whom -> each article beside the others
//                                                   (cached while the answers to its links and images are the same)

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AskletError, describe } from '../base/errors'
import type { Article } from '../knowledge/article'
import type { Section } from '../knowledge/plainText'
import { readSectionQuestions } from '../knowledge/sectionQuestions'
import { type Answers, type FileFacts, type LinkAnswer, quoted, readArticle, readFacts } from './articleFile'
import { createLinkResolver, type LinkResolver, type LinkTarget } from './articleLinks'
import { type BuildCache, type CachedFile, sha256 } from './buildCache'
import type { Finding } from './findings'
import { createHelpImages, type HelpImages } from './helpImages'
import { findNearDuplicates } from './nearDuplicates'
import type { Output } from './output'

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
  /** Where an address leads that stands outside of all articles, in a file that anybody may read: a flow's. */
  readonly linkOf: (href: string) => LinkAnswer
  /** Files that were as they were, links and images included; the others are `rebuilt`. */
  readonly reused: number
  readonly rebuilt: number
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
  /** What the last build knew; left out, everything is read anew. The result is the same. */
  readonly cache?: BuildCache
}

interface Source extends LinkTarget {
  readonly text: string
  readonly hash: string
  readonly facts: FileFacts
  readonly anchors: ReadonlyMap<string, string>
  readonly cached?: CachedFile | undefined
}

const MARKDOWN = /\.(?:mdx?|markdown)$/i
const QUESTIONS = /\.questions\.txt$/i
/** `payments/add-a-card.md` -> its file of what people ask that its sections answer, there or not. */
export const questionsFileOf = (file: string) => file.replace(MARKDOWN, '.questions.txt')

/**
 * @throws AskletError `articles_none` when the folder is not there or holds no Markdown
 */
export function readHelpFolder(folder: string, options: FolderOptions, out?: Output): HelpFolder {
  const { defaultLocale, cache } = options
  const { files, questions } = filesOf(folder, options.except)
  const findings: Finding[] = []
  const sources: Source[] = []
  const ids = new Map<string, string>()
  const known = new Map<string, CachedFile>()
  const unknownKeys = new Map<string, { file: string; line: number; times: number }>()
  let reused = 0
  for (const file of files) {
    const content = readFileSync(join(folder, file))
    const hash = sha256(content)
    const cached = cache?.get(file, hash)
    const text = content.toString('utf8')
    const facts = cached?.facts ?? readFacts(text, file, defaultLocale)
    known.set(file, cached ?? { hash, facts })
    for (const problem of facts.problems) findings.push({ kind: 'error', ...problem })
    const id = file.replace(MARKDOWN, '').toLowerCase()
    const twin = ids.get(id)
    if (twin !== undefined) {
      const sentence = `the path must be its own whatever its case and ending, got that of ${twin}. Rename one of them.`
      findings.push({ kind: 'error', file, line: 1, sentence })
    } else ids.set(id, file)
    const isLeftOut = twin !== undefined || facts.problems.length > 0
    if (!isLeftOut && facts.isDraft) {
      const sentence = options.skipDrafts ? 'is a draft: left out' : 'says draft: true and is published'
      findings.push({ kind: 'draft', file, line: 1, sentence })
    }
    if (isLeftOut || (facts.isDraft && options.skipDrafts)) {
      if (cached) reused++
      continue
    }
    findings.push(...facts.findings)
    for (const { key, line } of facts.unknownKeys) {
      const before = unknownKeys.get(key)
      if (before) before.times++
      else unknownKeys.set(key, { file, line, times: 1 })
    }
    sources.push({
      id,
      file,
      text,
      hash,
      facts,
      cached,
      anchors: new Map(facts.anchors),
      ...(facts.externalId === undefined ? {} : { externalId: facts.externalId }),
    })
  }
  const beside = new Set(files.map(questionsFileOf))
  for (const file of questions.filter(name => !beside.has(name))) {
    const article = file.replace(QUESTIONS, '.md')
    const sentence = `must stand beside the article whose questions it holds, got no ${article} there. Give it the article's name, or delete it.`
    findings.push({ kind: 'error', file, line: 1, sentence })
  }
  // Keys of other tools stand in many files: one word about each is enough.
  for (const [key, { file, line, times }] of unknownKeys) {
    const sentence = `the key ${describe(key)} is not read${times > 1 ? ` (in ${times} files)` : ''}. Another tool may need it; take it out if none does.`
    findings.push({ kind: 'front-matter', file, line, sentence })
  }

  // All links before the first article: only when all are known can an address be told from one of another site.
  const links = createLinkResolver(sources)
  for (const source of sources) for (const href of source.facts.hrefs) links.resolve(source, href)
  const byId = new Map(sources.map(source => [source.id, source]))
  const images = createHelpImages(folder, options)
  const articles: HelpArticle[] = []
  sources.forEach((source, i) => {
    const { file, id, text, hash, facts } = source
    const answers = answersFor(source, links, byId, images)
    const before = source.cached?.read
    const isSame =
      before?.links.every(([href, answer]) => isEqual(answer, answers.link(href))) &&
      before.images.every(([src, answer]) => isEqual(answer, answers.image(src)))
    const read = before && isSame ? before : readArticle(text, { file, id, defaultLocale }, answers)
    if (read === before) reused++
    else known.set(file, { hash, facts, read })
    findings.push(...read.findings)
    const asks = readAsks(folder, file, read.sections, findings)
    articles.push({
      file,
      article: asks ? { ...read.article, asks } : read.article,
      sections: read.sections,
      words: read.words,
    })
    out?.progress?.(i + 1, sources.length, 'reading articles')
  })
  cache?.replace(known)
  articles.sort((a, b) => (a.article.id < b.article.id ? -1 : 1))
  findDuplicates(articles, findings)
  findings.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
  return {
    articles,
    found: files.length,
    findings,
    images: images.files,
    linkOf: href => linkAnswer(OUTSIDE, href, links, byId),
    reused,
    rebuilt: files.length - reused,
  }
}

/** Of the file of questions beside an article, where there is one. */
function readAsks(
  folder: string,
  file: string,
  sections: readonly Section[],
  findings: Finding[],
): Article['asks'] {
  const name = questionsFileOf(file)
  if (!existsSync(join(folder, name))) return undefined
  const { asks, problems } = readSectionQuestions(readFileSync(join(folder, name), 'utf8'), name, sections)
  for (const problem of problems) findings.push({ kind: 'error', ...problem })
  return Object.keys(asks).length ? asks : undefined
}

/** Small objects of our own making, with their keys in the same order. */
function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function answersFor(
  source: Source,
  links: LinkResolver,
  byId: ReadonlyMap<string, Source>,
  images: HelpImages,
): Answers {
  const isPrivate = source.facts.meta.access === 'private'
  return {
    link: href => linkAnswer(source, href, links, byId),
    image: src => images.find(src, { file: source.file, isPrivate }),
  }
}

/** Links from here are paths from the help folder's root, and ids. */
const OUTSIDE = { id: '', file: '', facts: { meta: { access: 'public' } } } as const

function linkAnswer(
  source: LinkTarget & { readonly facts: { readonly meta: Pick<FileFacts['meta'], 'access'> } },
  href: string,
  links: LinkResolver,
  byId: ReadonlyMap<string, Source>,
): LinkAnswer {
  const to = links.resolve(source, href)
  if (to.kind === 'elsewhere') return { link: null }
  const target = to.kind === 'article' ? byId.get(to.id) : undefined
  if (!target || to.kind !== 'article')
    return { link: null, problem: `the link ${quoted(href)} must lead to an article, got none there` }
  if (target.facts.meta.access === 'private' && source.facts.meta.access === 'public')
    return {
      link: null,
      problem: `the link ${quoted(href)} must not lead from a public to a private article`,
    }
  const heading = target.anchors.get(to.fragment) ?? target.anchors.get(to.fragment.toLowerCase())
  const link = { id: target.id, title: target.facts.meta.title, ...(heading ? { heading } : {}) }
  if (!to.fragment || to.fragment === 'top' || heading) return { link }
  return {
    link,
    problem: `the link ${quoted(href)} must name a heading of ${target.file}, got none of that name`,
  }
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
        sentence: `must have a title of its own, got ${describe(title)}, which ${first.file} has. Rename one, or join them.`,
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

/** Articles, and files of what people ask: paths with `/`, sorted. */
function filesOf(
  folder: string,
  except: readonly string[],
): { readonly files: readonly string[]; readonly questions: readonly string[] } {
  const isThere = existsSync(folder)
  if (!isThere || !statSync(folder).isDirectory()) {
    throw new AskletError(
      'articles_none',
      `the articles folder must be a folder with Markdown files, got ${isThere ? 'a file' : 'nothing'} at ${folder}. Check the path.`,
    )
  }
  const left = new Set(except.map(path => resolve(path)))
  const files: string[] = []
  const questions: string[] = []
  const walk = (path: string) => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const name = path ? `${path}/${entry.name}` : entry.name
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      if (entry.isDirectory()) {
        if (!left.has(resolve(folder, name))) walk(name)
      } else if (MARKDOWN.test(entry.name)) files.push(name)
      else if (QUESTIONS.test(entry.name)) questions.push(name)
    }
  }
  walk('')
  if (!files.length) {
    throw new AskletError(
      'articles_none',
      `the articles folder must hold at least one .md or .mdx file, got none in ${folder}. Write one, or make them with "asklet import".`,
    )
  }
  return { files: files.sort(), questions: questions.sort() }
}
