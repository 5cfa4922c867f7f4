// Our own search: what a visitor gets who is on no page of the help centre. A query that is refused as off topic
// finds nothing, and counts so.

import { readIndex } from '../../../src/knowledge/assembleIndex'
import { buildIndex } from '../../../src/knowledge/buildIndex'
import { type IndexedArticle, slug } from '../../../src/knowledge/indexFile'
import type { Facts } from '../../../src/protocol/facts'
import { type Searchable, searchable } from '../../../src/search/expansion'
import { rank } from '../../../src/search/ranking'
import { near } from '../../../src/search/typos'
import type { HelpText } from './corpora'
import type { Engine } from './engine'

export const asklet: Engine = {
  name: 'asklet',
  code: `
    export { readIndex } from './src/knowledge/assembleIndex'
    export { searchable } from './src/search/expansion'
    export { rank } from './src/search/ranking'
    export { near } from './src/search/typos'`,
  build(articles) {
    const json = indexJson(articles)
    const where = openIndex(json)
    return {
      search: (query, limit) =>
        rank([where], query, factsOn('/nowhere'))
          .slice(0, limit)
          .map(({ row }) => row.id),
      serialise: () => json,
    }
  },
}

/** An index file as `asklet build` writes it. */
export function indexJson(articles: readonly HelpText[]): string {
  return JSON.stringify(buildIndex(articles.map(toIndexed), { locale: 'en' }))
}

export function openIndex(json: string): Searchable {
  return searchable(readIndex(JSON.parse(json)), near)
}

/** One page for each area of a help centre, so that the page prior can be measured. */
export const pageOf = (area: string) => `/${slug(area)}`

export function factsOn(route: string): Facts {
  const page = { url: '', route, title: '', name: '', headings: [], language: 'en', data: {} }
  return { page, visitor: { locale: 'en', attributes: {} } }
}

export function toIndexed(article: HelpText): IndexedArticle {
  return {
    id: article.id,
    title: article.title,
    summary: article.summary,
    kind: 'howto',
    roles: [],
    access: 'public',
    pages: article.area ? [pageOf(article.area)] : [],
    // What the address says is read from the id.
    topics: [],
    keywords: article.keywords ? [article.keywords] : [],
    questions: [],
    locale: 'en',
    order: 0,
    file: 'a.0123456789.json',
    sections: [
      { headingId: '', headingText: '', text: article.body },
      ...article.headings.map(text => ({ headingId: slug(text), headingText: text, text: '' })),
    ],
  }
}
