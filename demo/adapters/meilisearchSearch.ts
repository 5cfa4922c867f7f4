// Example of a search of one's own: the seam over a Meilisearch that a site has already. Copy it, and import from
// 'asklet' instead. Pass it on: createAssistant({ search: createMeilisearchSearch({ … }) }).
//
// NOT RUN AGAINST THE SERVICE ITSELF. Written from its documented REST API, and held to the contract of the seam over
// made-up replies of the documented shape (tests/contract/meilisearchSearch.test.ts): try it on yours before you rely
// on it. Of what the built-in search does it lacks ranking by page and role, and with them their reasons.
//
// It wants two indexes, with a key of the actions `search` and `documents.get` and no others, because every visitor
// can read it:
//   help           a document for each section: `documentsOf(article)`. Settings: searchableAttributes [title,
//                  headingText, text, summary], filterableAttributes [locale, articleId],
//                  sortableAttributes [order]
//   help_articles  a document { key, article } for each article, `key` as `keyOf(articleId)` makes it
// Put public articles there only: the key reads all of them. `asklet build --out` leaves private ones out.

import {
  type Article,
  AskletError,
  type Facts,
  type Highlight,
  type Passage,
  type SearchProvider,
  type Suggestion,
} from '../../src/index'

export interface MeilisearchOptions {
  /** `https://search.example` */
  readonly url: string
  /** Sent as it is to the service, and readable by every visitor. */
  readonly key: string
  readonly sections?: string
  readonly articles?: string
  /** Whose articles are searched, as they name it; default: the visitor's own, letter by letter. */
  readonly locale?: string
  readonly fetch?: typeof fetch
}

export interface SectionDocument {
  /** The primary key: letters, digits, `-` and `_` only. */
  readonly key: string
  readonly articleId: string
  readonly title: string
  readonly summary: string
  readonly headingId: string
  readonly headingText: string
  readonly text: string
  readonly locale: string
  readonly order: number
}

interface Hit extends SectionDocument {
  readonly _rankingScore?: number
  /** Bytes of UTF-8, not characters. */
  readonly _matchesPosition?: { readonly title?: readonly { start: number; length: number }[] }
}

/** Below this a section has little to do with the question. Of the service's score, 0 … 1; try it on your articles. */
const ENOUGH = 0.35
/** The service looks at the first ten words of a query. */
const MAX_QUERY_CHARS = 500
const MAX_PASSAGE_CHARS = 600

export function createMeilisearchSearch(options: MeilisearchOptions): SearchProvider {
  const { sections = 'help', articles = 'help_articles', fetch: send = (...to) => fetch(...to) } = options
  const base = options.url.replace(/\/$/, '')

  async function call(path: string, init: RequestInit): Promise<{ status: number; body: unknown }> {
    const url = `${base}/indexes/${path}`
    try {
      const response = await send(url, {
        ...init,
        headers: { authorization: `Bearer ${options.key}`, 'content-type': 'application/json' },
        credentials: 'omit',
      })
      return { status: response.status, body: await response.json() }
    } catch (cause) {
      init.signal?.throwIfAborted()
      throw new AskletError('network', `could not reach ${url}, or it did not answer in JSON.`, { cause })
    }
  }

  function refused(status: number, body: unknown): AskletError {
    const { code = status, message = '' } = Object(body) as { code?: string; message?: string }
    return new AskletError(
      code === 'index_not_found' ? 'index_missing' : 'network',
      `${base} refused the question: ${code}. ${message}`,
    )
  }

  async function hits(
    query: string,
    facts: Facts,
    more: object,
    signal?: AbortSignal,
  ): Promise<readonly Hit[]> {
    const q = query.slice(0, MAX_QUERY_CHARS)
    const { status, body } = await call(`${sections}/search`, {
      method: 'POST',
      body: JSON.stringify({
        q,
        filter: [`locale = ${JSON.stringify(options.locale ?? facts.visitor.locale)}`],
        showRankingScore: true,
        // Of words that cannot all be found, those that say least are left out first.
        matchingStrategy: 'frequency',
        // Without a query nothing ranks: the site's own order.
        ...(q.trim() ? { rankingScoreThreshold: ENOUGH } : { sort: ['order:asc'] }),
        ...more,
      }),
      ...(signal && { signal }),
    })
    signal?.throwIfAborted()
    const found = (body as { hits?: unknown } | null)?.hits
    if (status !== 200 || !Array.isArray(found)) throw refused(status, body)
    return found as Hit[]
  }

  return {
    async suggest(query, facts, { limit = 6, signal } = {}) {
      signal?.throwIfAborted()
      const asks = query.trim() !== ''
      const more = { limit, distinct: 'articleId', showMatchesPosition: true }
      return (await hits(query, facts, more, signal)).map(
        (hit): Suggestion => ({
          kind: 'article',
          articleId: hit.articleId,
          title: hit.title,
          summary: hit.summary,
          ...(asks && hit.headingId && { headingId: hit.headingId, headingText: hit.headingText }),
          highlights: asks ? rangesOf(hit.title, hit._matchesPosition?.title ?? []) : [],
          reasons: [{ kind: asks ? 'words' : 'popular' }],
          score: asks ? (hit._rankingScore ?? 0) : 1,
        }),
      )
    },

    async passages(question, facts, limit) {
      if (!question.trim()) return []
      return (await hits(question, facts, { limit })).map(
        (hit): Passage => ({
          articleId: hit.articleId,
          title: hit.title,
          ...(hit.headingId && { headingId: hit.headingId, headingText: hit.headingText }),
          text: hit.text.slice(0, MAX_PASSAGE_CHARS),
          score: Math.min(1, hit._rankingScore ?? 0),
        }),
      )
    },

    async article(articleId) {
      const { status, body } = await call(`${articles}/documents/${keyOf(articleId)}`, { method: 'GET' })
      const { article, code } = Object(body) as { article?: Article; code?: string }
      if (status === 200 && article?.id === articleId) return article
      if (code === 'document_not_found' || status === 200)
        throw new AskletError('article_missing', `there is no article "${articleId}". Was it renamed?`)
      throw refused(status, body)
    },
  }
}

/** An id of an article as a primary key of the service, which takes no slash. */
export function keyOf(articleId: string): string {
  return [...new TextEncoder().encode(articleId)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

/** What to put into the index of sections, of an article as `asklet build` writes it. */
export function documentsOf(article: Article): readonly SectionDocument[] {
  const { id, title, summary, locale, order } = article
  const sections = [{ headingId: '', headingText: '', lines: [] as string[] }]
  for (const block of article.content)
    if (block.t === 'h') sections.push({ headingId: block.id, headingText: textOf(block.c), lines: [] })
    else sections.at(-1)?.lines.push(textOf(block))
  return sections
    .filter(({ lines }) => lines.length)
    .map(({ headingId, headingText, lines }, i) => ({
      key: `${keyOf(id)}-${i}`,
      articleId: id,
      title,
      summary,
      headingId,
      headingText,
      text: lines.join('\n'),
      locale,
      order,
    }))
}

/** All words of a part of a content tree, whatever kind it is of. */
function textOf(node: unknown): string {
  if (typeof node === 'string') return node
  if (Array.isArray(node)) {
    const areBlocks = node.some(each => Array.isArray(each) || each?.t === 'p')
    return node.map(textOf).join(areBlocks ? '\n' : '')
  }
  const { c, x, alt, head, rows } = Object(node) as Record<string, unknown>
  if (Array.isArray(rows))
    return [head, ...rows].map(row => (row as unknown[]).map(textOf).join(' | ')).join('\n')
  return typeof x === 'string' ? x : typeof alt === 'string' ? alt : c === undefined ? '' : textOf(c)
}

/** Ranges in bytes as ranges in UTF-16 units, in order and apart from each other. */
function rangesOf(text: string, matches: readonly { start: number; length: number }[]): Highlight[] {
  const units = new Map<number, number>()
  let bytes = 0
  let at = 0
  for (const letter of text) {
    units.set(bytes, at)
    bytes += new TextEncoder().encode(letter).length
    at += letter.length
  }
  units.set(bytes, at)
  const ranges: [number, number][] = []
  for (const { start, length } of [...matches].sort((a, b) => a.start - b.start)) {
    const [from, to] = [units.get(start), units.get(start + length)]
    if (from !== undefined && to !== undefined && to > from && from >= (ranges.at(-1)?.[1] ?? 0))
      ranges.push([from, to])
  }
  return ranges
}
