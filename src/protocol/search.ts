// The call of a search that a server answers, `POST search`: what a page may say of itself and its visitor, and how
// much. The schema is in `parseSearch.ts`; the answers are what `search/searchProvider` says of them.

/**
 * What ranks, and nothing else: no address of the page, no name, no e-mail, no attribute leaves the page. Texts of the
 * page are masked as derived copies are.
 */
export interface SearchFacts {
  readonly page: {
    readonly route: string
    readonly name: string
    /** With `name` at most `MAX_PAGE_CHARS` characters. */
    readonly headings: readonly string[]
    /** What the page shows of trouble: at most `MAX_PAGE_ERRORS`. */
    readonly errors?: readonly string[] | undefined
    /** Where the visitor was before, newest first: at most `MAX_RECENT_ROUTES`. Only where consent is granted. */
    readonly recentRoutes?: readonly string[] | undefined
  }
  readonly visitor: {
    /** Relevance only; what a visitor may read is proved by the token. */
    readonly role?: string | undefined
    /** BCP 47: chooses the index. */
    readonly locale: string
  }
}

export type SearchRequest = { readonly v: number } & (
  | {
      readonly do: 'suggest' | 'passages'
      /** At most `MAX_QUERY_CHARS` characters; cards, secrets and tokens masked. */
      readonly query: string
      readonly facts: SearchFacts
      /** 1 … `MAX_SEARCH_LIMIT` */
      readonly limit: number
    }
  | {
      readonly do: 'article'
      readonly articleId: string
      /** Absent: the site's own language. */
      readonly locale?: string | undefined
    }
)

/** Characters (UTF-16 units) of a query. What is longer is a pasted text, and its beginning says what it is about. */
export const MAX_QUERY_CHARS = 500
/** Characters of what the page calls itself, name and headings together. Each text of it is worked out and kept. */
export const MAX_PAGE_CHARS = 600
export const MAX_PAGE_HEADINGS = 20
export const MAX_PAGE_ERRORS = 3
export const MAX_ERROR_CHARS = 200
export const MAX_RECENT_ROUTES = 5
export const MAX_ROUTE_CHARS = 500
export const MAX_ROLE_CHARS = 300
export const MAX_LOCALE_CHARS = 35
export const MAX_ARTICLE_ID_CHARS = 300
/** Suggestions or passages in one answer. */
export const MAX_SEARCH_LIMIT = 20
/** Bytes of the call: each of its characters may take six as JSON. */
export const MAX_SEARCH_BYTES = 16_384
