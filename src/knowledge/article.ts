// What one help article is, from front matter to what the panel shows.

import type { ContentTree } from './contentTree'

export type ArticleKind = 'howto' | 'troubleshoot' | 'policy' | 'concept'

export interface ArticleMeta {
  /** The file's path in its folder without ending, lower case: `payments/add-a-card`. */
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly kind: ArticleKind
  /** Relevance, not access. Empty = everyone. */
  readonly roles: readonly string[]
  /** `private` needs the server and a signed role. */
  readonly access: 'public' | 'private'
  /** Route patterns: `/contracts/*` matches one or more further segments. */
  readonly pages: readonly string[]
  readonly topics: readonly string[]
  readonly keywords: readonly string[]
  /** Questions that it answers, in people's own words. */
  readonly questions: readonly string[]
  /** BCP 47. */
  readonly locale: string
  /** Lower comes first where nothing else decides. */
  readonly order: number
}

/** An article as the panel reads it: one JSON file each, named by its content's hash. */
export interface Article extends ArticleMeta {
  readonly content: ContentTree
  /** What people ask that a section answers: heading id ('' before the first) -> questions. Matched, never shown. */
  readonly asks?: Readonly<Record<string, readonly string[]>>
}

/** Does `route` match `pattern`? `*` stands for the rest of the path, `:x` for one segment. */
export function routeMatches(pattern: string, route: string): boolean {
  const want = pattern.split('/')
  const have = route.replace(/\/+$/, '').split('/')
  if (pattern === '/') return have.length <= 1
  for (let i = 0; i < want.length; i++) {
    if (want[i] === '*') return have.length > i
    if (want[i] !== have[i] && !(want[i]?.startsWith(':') && have[i])) return false
  }
  return want.length === have.length
}
