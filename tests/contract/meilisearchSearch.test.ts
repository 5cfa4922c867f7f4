// The example of a search of one's own, over replies made up in the documented shape of the service's REST API. This
// shows that the adapter keeps the seam; it shows nothing about the service, which is not run here.

import { expect, test } from 'vitest'
import {
  createMeilisearchSearch,
  documentsOf,
  keyOf,
  type SectionDocument,
} from '../../demo/adapters/meilisearchSearch'
import type { Article } from '../../src/knowledge/article'
import type { IndexedArticle } from '../../src/knowledge/indexFile'
import { contractArticles, contractFacts, searchContract } from '../../src/testing/contracts/searchContract'
import { articleFile } from '../unit/search/shelf'

interface Query {
  readonly q: string
  readonly limit: number
  readonly filter: readonly string[]
  readonly distinct?: string
  readonly rankingScoreThreshold?: number
  readonly showMatchesPosition?: boolean
  readonly sort?: readonly string[]
}

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })
const refusal = (status: number, code: string) =>
  answer(status, { message: `It is ${code}.`, code, type: 'invalid_request', link: `https://docs/#${code}` })
const wordsOf = (text: string) => text.toLowerCase().match(/\p{L}+|\d+/gu) ?? []
const bytesOf = (text: string) => new TextEncoder().encode(text).length

/** Ranks by the share of the query's first ten words that a section says. The shape is the service's, the taste ours. */
function madeUpService(articles: readonly IndexedArticle[]): typeof fetch {
  const files = articles.map(article => articleFile(article))
  const sections = files.flatMap(documentsOf).sort((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1))
  const common = new Set(['where', 'are', 'the', 'of', 'in', 'to', 'a'])

  function search({ q, limit, distinct, rankingScoreThreshold = 0, showMatchesPosition }: Query) {
    const asked = wordsOf(q)
      .filter(word => !common.has(word))
      .slice(0, 10)
    const says = (word: string, text: string) => wordsOf(text).some(other => other.startsWith(word))
    const scoreOf = ({ title, headingText, text }: SectionDocument) =>
      asked.length
        ? asked.reduce(
            (sum, word) =>
              sum + (says(word, headingText) ? 1 : says(word, title) ? 0.9 : says(word, text) ? 0.6 : 0),
            0,
          ) / asked.length
        : 1
    const seen = new Set<string>()
    return sections
      .map(section => ({ section, score: q.trim() && !asked.length ? 0 : scoreOf(section) }))
      .filter(({ score }) => score > 0 && score >= rankingScoreThreshold)
      .sort((a, b) => b.score - a.score)
      .filter(({ section }) => !distinct || (!seen.has(section.articleId) && seen.add(section.articleId)))
      .slice(0, limit)
      .map(({ section, score }) => ({
        ...section,
        _rankingScore: score,
        ...(showMatchesPosition && {
          _matchesPosition: {
            title: [...section.title.matchAll(/\p{L}+|\d+/gu)]
              .filter(([word]) => asked.some(start => word.toLowerCase().startsWith(start)))
              .map(({ 0: word, index }) => ({
                start: bytesOf(section.title.slice(0, index)),
                length: bytesOf(word),
              })),
          },
        }),
      }))
  }

  return async (url, init) => {
    init?.signal?.throwIfAborted()
    if (new Headers(init?.headers).get('authorization') !== 'Bearer search-key')
      return refusal(403, 'invalid_api_key')
    const path = new URL(String(url)).pathname
    if (path === '/indexes/help/search' && init?.method === 'POST') {
      const query = JSON.parse(String(init.body)) as Query
      const found = search(query)
      return answer(200, {
        hits: found,
        query: query.q,
        processingTimeMs: 1,
        limit: query.limit,
        offset: 0,
        estimatedTotalHits: found.length,
      })
    }
    const key = /^\/indexes\/help_articles\/documents\/(\w+)$/.exec(path)?.[1]
    if (key === undefined) return refusal(404, 'index_not_found')
    const article = files.find(({ id }) => keyOf(id) === key)
    return article ? answer(200, { key, article }) : refusal(404, 'document_not_found')
  }
}

const over = (service: typeof fetch, more: object = {}) =>
  createMeilisearchSearch({ url: 'https://search.example', key: 'search-key', fetch: service, ...more })

for (const { title, run } of searchContract({
  create: articles => over(madeUpService(articles)),
  createUnreachable: () => over(() => Promise.reject(new TypeError('fetch failed'))),
}))
  test(title, run)

for (const { title, run } of searchContract({
  create: articles => over(madeUpService(articles)),
  createUnreachable: () =>
    over(madeUpService(contractArticles), { sections: 'not-there', articles: 'nor-there' }),
}))
  if (title.startsWith('[Q4]')) test(`${title}: an index that is not there`, run)

test('marks what the service counts in bytes', async () => {
  const [first] = contractArticles
  const title = 'Größe ändern: ein 🚣 Boot'
  const search = over(madeUpService([{ ...(first as IndexedArticle), title }]))
  const [found] = await search.suggest('ändern boot', contractFacts)
  expect(found?.highlights.map(([from, to]) => title.slice(from, to))).toEqual(['ändern', 'Boot'])
})

test('a document for each section, with the words of lists and tables', () => {
  const [first] = contractArticles
  const article: Article = {
    ...articleFile(first as IndexedArticle),
    content: [
      { t: 'p', c: ['Open ', { t: 'b', c: ['Billing'] }, '.'] },
      { t: 'h', n: 2, id: 'steps', c: ['Steps'] },
      { t: 'ol', c: [[{ t: 'p', c: ['First'] }], [{ t: 'p', c: ['Then ', { t: 'code', x: 'go' }] }]] },
      { t: 'table', head: [['Fee'], ['Days']], rows: [[['2 %'], ['3']]] },
    ],
  }
  expect(documentsOf(article).map(({ headingId, text }) => [headingId, text])).toEqual([
    ['', 'Open Billing.'],
    ['steps', 'First\nThen go\nFee | Days\n2 % | 3'],
  ])
})
