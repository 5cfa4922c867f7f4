// An article with nothing to it but what is said of it.

import type { Article } from '../../../src/knowledge/article'

export const articleOf = (given: Pick<Article, 'id' | 'title'> & Partial<Article>): Article => ({
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
  content: [],
  ...given,
})
