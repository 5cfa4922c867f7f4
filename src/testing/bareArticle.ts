// An article with nothing to it but what is said of it: what a case does not speak of must not decide it.

import type { ArticleMeta } from '../knowledge/article'
import type { IndexedArticle } from '../knowledge/indexFile'

const BARE = {
  summary: '',
  kind: 'howto',
  roles: [],
  access: 'public',
  pages: [],
  topics: [],
  keywords: [],
  questions: [],
  locale: 'en',
  order: 0,
} as const satisfies Omit<ArticleMeta, 'id' | 'title'>

type Named<T extends ArticleMeta> = Pick<T, 'id' | 'title'> & Partial<T>

/** What an article says of itself, whatever else it holds. */
export const bareArticle = <T extends object>(given: T): typeof BARE & T => ({ ...BARE, ...given })

/** As the index builder takes one. */
export const bareIndexed = (given: Named<IndexedArticle>): IndexedArticle => ({
  ...BARE,
  file: `${given.id.replaceAll('/', '-')}.json`,
  sections: [],
  ...given,
})
