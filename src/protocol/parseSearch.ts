// The schema of `POST search`. Only the server reads it; unknown keys are dropped.

import * as v from 'valibot'
import {
  MAX_ARTICLE_ID_CHARS,
  MAX_ERROR_CHARS,
  MAX_LOCALE_CHARS,
  MAX_PAGE_CHARS,
  MAX_PAGE_ERRORS,
  MAX_PAGE_HEADINGS,
  MAX_QUERY_CHARS,
  MAX_RECENT_ROUTES,
  MAX_ROLE_CHARS,
  MAX_ROUTE_CHARS,
  MAX_SEARCH_LIMIT,
  type SearchRequest,
} from './search'

const text = (max: number) => v.pipe(v.string(), v.maxLength(max))
const version = v.pipe(v.number(), v.integer(), v.minValue(1))

const page = v.pipe(
  v.object({
    route: text(MAX_ROUTE_CHARS),
    name: v.string(),
    headings: v.pipe(v.array(v.string()), v.maxLength(MAX_PAGE_HEADINGS)),
    errors: v.optional(v.pipe(v.array(text(MAX_ERROR_CHARS)), v.maxLength(MAX_PAGE_ERRORS))),
    recentRoutes: v.optional(v.pipe(v.array(text(MAX_ROUTE_CHARS)), v.maxLength(MAX_RECENT_ROUTES))),
  }),
  v.check(
    ({ name, headings }) =>
      headings.reduce((sum, heading) => sum + heading.length, name.length) <= MAX_PAGE_CHARS,
    `name and headings over ${MAX_PAGE_CHARS} characters`,
  ),
)
export const searchFacts = v.object({
  page,
  visitor: v.object({ role: v.optional(text(MAX_ROLE_CHARS)), locale: text(MAX_LOCALE_CHARS) }),
})
const question = {
  v: version,
  query: text(MAX_QUERY_CHARS),
  facts: searchFacts,
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SEARCH_LIMIT)),
}

export const searchRequest = v.variant('do', [
  v.object({ ...question, do: v.literal('suggest') }),
  v.object({ ...question, do: v.literal('passages') }),
  v.object({
    v: version,
    do: v.literal('article'),
    articleId: text(MAX_ARTICLE_ID_CHARS),
    locale: v.optional(text(MAX_LOCALE_CHARS)),
  }),
])

// Compile-time proof that the schema and the hand-written type say the same thing.
type Same<A, B> = A extends B ? true : never
export const schemaMatchesType: Same<v.InferOutput<typeof searchRequest>, SearchRequest> = true
