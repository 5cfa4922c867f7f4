// The search in the page over articles that a test hands in, without a network.

import { AskletError } from '../../src/base/errors'
import { buildIndex } from '../../src/knowledge/buildIndex'
import type { IndexedArticle } from '../../src/knowledge/indexFile'
import { createLocalSearch } from '../../src/search/localSearch'
import type { SearchProvider } from '../../src/search/searchProvider'
import { articleFile } from '../unit/search/shelf'

export function shelfSearch(articles: readonly IndexedArticle[]): SearchProvider {
  const files = new Map<string, unknown>([['index.json', buildIndex(articles, { locale: 'en' })]])
  for (const article of articles) files.set(article.file, articleFile(article))
  return createLocalSearch({
    async loadJson(file) {
      if (!files.has(file)) throw new AskletError('index_missing', `there is no ${file}`)
      return JSON.parse(JSON.stringify(files.get(file)))
    },
    indexes: [{ locale: 'en', index: 'index.json' }],
    locale: 'en',
  })
}
