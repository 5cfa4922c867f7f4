// Help centres and queries as files: `<corpora>/<name>-<part>.jsonl` and `<queries>/search-<set>.jsonl`.
// Owns what every engine is given of an article: the same fields for all. Refuses to know any set by name.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One article as every engine is handed it. */
export interface HelpText {
  readonly id: string
  readonly title: string
  /** The title that its writers gave search engines; '' when there is none. */
  readonly keywords: string
  readonly summary: string
  readonly headings: readonly string[]
  readonly body: string
  /** Words of the last segment of its address, '' when it has none. */
  readonly slug: string
  /** Words of the folders of its address, '' when it has none. */
  readonly folders: string
  /** The part of the help centre that it belongs to; only the worth of a page is measured with it. */
  readonly area: string
}

export interface Query {
  readonly id: string
  readonly corpus: string
  /** What is typed. */
  readonly text: string
  /** Ids of the articles that are right. */
  readonly right: readonly string[]
}

export interface QuerySet {
  readonly name: string
  readonly queries: readonly Query[]
}

/** A line of a corpus file: an article has a path or an id. */
interface Document {
  readonly id?: string
  readonly path?: string
  readonly title: string
  readonly seoTitle?: string
  readonly description?: string
  readonly area?: string
  readonly headings?: readonly string[]
  readonly body: string
}
interface QueryLine {
  readonly id?: string
  readonly corpus: string
  readonly q: string
  readonly rel: readonly string[]
}

/** The lines of a JSON Lines file. */
export function jsonLines<T>(path: string): T[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line.trim())
    .map(line => JSON.parse(line) as T)
}

/**
 * The query sets of a folder, by name.
 *
 * @param only  names of sets; empty means all
 * @throws Error when a wanted set is not there
 */
export function readQuerySets(folder: string, only: readonly string[]): readonly QuerySet[] {
  const names = readdirSync(folder)
    .map(file => /^search-(.+)\.jsonl$/.exec(file)?.[1])
    .filter(name => name !== undefined)
    .sort()
  const absent = only.filter(name => !names.includes(name))
  if (absent.length || !names.length)
    throw new Error(
      `--sets must name sets of ${folder}, got ${absent.join(', ') || 'none there'}. There are: ${names.join(', ')}.`,
    )
  return names
    .filter(name => !only.length || only.includes(name))
    .map(name => ({
      name,
      queries: jsonLines<QueryLine>(join(folder, `search-${name}.jsonl`)).map(({ id, corpus, q, rel }) => ({
        id: id ?? `${corpus}:${q}`,
        corpus,
        text: q,
        right: rel,
      })),
    }))
}

/**
 * The articles of one help centre, its parts joined in their order.
 *
 * @throws Error when the folder holds none of it
 */
export function readCorpus(folder: string, name: string): readonly HelpText[] {
  const parts = existsSync(folder)
    ? readdirSync(folder)
        .map(file => /^(.+)-(\d+)\.jsonl$/.exec(file))
        .filter(match => match?.[1] === name)
        .sort((a, b) => Number(a?.[2]) - Number(b?.[2]))
    : []
  if (!parts.length)
    throw new Error(`the help centre "${name}" must be in ${folder} as ${name}-1.jsonl, got no such file.`)
  return parts.flatMap(part =>
    jsonLines<Document>(join(folder, part?.[0] ?? '')).map(line => toHelpText(name, line)),
  )
}

function toHelpText(corpus: string, line: Document): HelpText {
  const segments = (line.path ?? '').replace(/\.[^./]*$/, '').split('/')
  return {
    id: line.id ?? `${corpus}:${segments.join('/')}`,
    title: line.title,
    keywords: line.seoTitle ?? '',
    summary: line.description ?? '',
    headings: line.headings ?? [],
    body: line.body,
    slug: words(segments.at(-1) ?? ''),
    folders: segments.slice(0, -1).map(words).join(' '),
    area: line.area ?? '',
  }
}

const words = (segment: string) => segment.replace(/[-_.%+]+/g, ' ').trim()
