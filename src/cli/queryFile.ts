// A file of queries with their right articles, one JSON object a line: what `asklet evaluate` asks. Reads text,
// returns sound queries and every problem with its line. Knows no search.

import { describe } from '../base/errors'
import type { Facts } from '../protocol/facts'

export interface Query {
  /** From 1. */
  readonly line: number
  readonly query: string
  /** Ids of the articles that answer it: finding any of them is right. At least one. */
  readonly rel: readonly string[]
  /** Where the visitor asks. Left out: on a page that no article names. */
  readonly page?: {
    readonly route: string
    /** What people call it. */
    readonly name?: string
    readonly headings?: readonly string[]
  }
  readonly role?: string
  /** BCP 47. Left out: the site's own. */
  readonly locale?: string
}

export interface QueryProblem {
  readonly line: number
  /** What it must be, what was got, and the fix. */
  readonly sentence: string
}

/** Articles by locale, and which locale a visitor gets. */
export interface Shelves {
  readonly articles: ReadonlyMap<string, ReadonlySet<string>>
  localeFor(wanted: string | undefined): string
}

/** @returns the queries without a problem, and all problems, by line. Empty lines are passed over. */
export function readQueries(
  text: string,
  shelves: Shelves,
): { readonly queries: readonly Query[]; readonly problems: readonly QueryProblem[] } {
  const queries: Query[] = []
  const problems: QueryProblem[] = []
  text
    .replace(/^\ufeff/, '')
    .split('\n')
    .forEach((json, i) => {
      if (!json.trim()) return
      const read = readQuery(json, i + 1)
      const sentence = typeof read === 'string' ? read : shelfProblem(read, shelves)
      if (typeof read === 'string' || sentence) problems.push({ line: i + 1, sentence: sentence ?? '' })
      else queries.push(read)
    })
  return { queries, problems }
}

/** What the search is told of page and visitor. */
export function factsOf({ page, role }: Query, locale: string): Facts {
  const { route = '/', name = '', headings = [] } = page ?? {}
  return {
    page: { url: route, route, title: name, name, headings, language: locale, data: {} },
    visitor: { ...(role && { role }), locale, attributes: {} },
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText)

/** The query, or the sentence that says what is wrong with it. */
function readQuery(json: string, line: number): Query | string {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    return `the line must be JSON, got a mistake: ${(error as Error).message}. One object a line, with double quotes.`
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `the line must be an object, got ${describe(value)}. Write {"query": "…", "rel": ["…"]}.`
  const { query, q, rel, page, role, locale } = value as Readonly<Record<string, unknown>>
  const asked = query ?? q
  if (!isText(asked))
    return `query must be what a visitor types, got ${describe(asked)}. Write it between quotes.`
  if (!isTexts(rel) || !rel.length)
    return `rel must be a list of ids of articles, at least one, got ${describe(rel)}. An id is the file's path without .md.`
  for (const [name, text] of Object.entries({ role, locale }))
    if (text !== undefined && !isText(text))
      return `${name} must be a word, got ${describe(text)}. Leave it out where none is meant.`
  const { route, name, headings } = Object(page ?? {}) as Readonly<Record<string, unknown>>
  if (page !== undefined && !(isText(route) && route.startsWith('/')))
    return `page must have a route that begins with /, got ${describe(route ?? page)}. Write {"route": "/payments"}.`
  if (name !== undefined && !isText(name))
    return `page.name must be what people call the page, got ${describe(name)}. Leave it out where it has no name.`
  if (headings !== undefined && !isTexts(headings))
    return `page.headings must be a list of texts, got ${describe(headings)}. Leave it out where there are none.`
  return {
    line,
    query: asked.trim(),
    rel,
    ...(isText(route) && {
      page: { route, ...(isText(name) && { name }), ...(isTexts(headings) && { headings }) },
    }),
    ...(isText(role) && { role }),
    ...(isText(locale) && { locale }),
  }
}

function shelfProblem({ rel, locale }: Query, { articles, localeFor }: Shelves): string | undefined {
  const asked = localeFor(locale)
  const here = articles.get(asked) ?? new Set<string>()
  for (const id of rel) {
    if (here.has(id)) continue
    const elsewhere = [...articles].find(([, ids]) => ids.has(id))?.[0]
    if (elsewhere !== undefined)
      return `rel must name articles of the language that is asked in, ${asked}, got ${describe(id)}, which is ${elsewhere}. Add "locale": "${elsewhere}".`
    const last = (path: string) => path.slice(path.lastIndexOf('/') + 1)
    const near = [...here].find(known => last(known) === last(id) || known === id.toLowerCase())
    const fix = near ? `Did you mean ${describe(near)}?` : 'An id is the path of the file without .md.'
    return `rel must name public articles of the built help, got ${describe(id)}, which is none. ${fix}`
  }
  return undefined
}
