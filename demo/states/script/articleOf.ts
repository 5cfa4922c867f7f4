// An article with nothing to it but what is said of it.

import type { Article } from '../../../src/knowledge/article'
import { bareArticle } from '../../../src/testing/bareArticle'

export const articleOf = (given: Pick<Article, 'id' | 'title'> & Partial<Article>): Article =>
  bareArticle({ content: [], ...given })
