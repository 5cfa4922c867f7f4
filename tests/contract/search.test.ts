import { expect, test } from 'vitest'
import { AskletError } from '../../src/base/errors'
import { buildIndex } from '../../src/knowledge/buildIndex'
import type { IndexedArticle } from '../../src/knowledge/indexFile'
import { createLocalSearch } from '../../src/search/localSearch'
import { searchContract } from '../../src/testing/contracts/searchContract'
import { articleFile } from '../unit/search/shelf'
import { shelfSearch } from './shelfSearch'

const cases = searchContract({
  create: shelfSearch,
  createUnreachable: () =>
    createLocalSearch({
      loadJson: async file => {
        throw new AskletError('index_missing', `there is no ${file}`)
      },
      indexes: [{ locale: 'en', index: 'index.json' }],
      locale: 'en',
    }),
})

for (const { title, run } of cases) test(title, run)

test('two halves of one shelf, public and private, answer as the whole', async () => {
  const all = (await import('../../src/testing/contracts/searchContract')).contractArticles
  const facts = (await import('../../src/testing/contracts/searchContract')).contractFacts
  const load = (articles: readonly IndexedArticle[]) => async (file: string) => {
    if (file === 'index.json') return buildIndex(articles, { locale: 'en' })
    const article = articles.find(entry => entry.file === file)
    if (!article) throw new AskletError('index_missing', `there is no ${file}`)
    return articleFile(article)
  }
  const search = createLocalSearch({
    loadJson: load(all.slice(2)),
    indexes: [{ locale: 'de', index: 'index.json' }],
    locale: 'en',
    extra: { index: 'index.json', loadJson: load(all.slice(0, 2)) },
  })
  expect((await search.suggest('rowing', facts))[0]?.articleId).toBe('boats/rent')
  expect((await search.suggest('fishing', facts))[0]?.articleId).toBe('lake/fish')
  expect((await search.article('boats/rent')).title).toBe('Rent a rowing boat')
  expect((await search.article('lake/swim')).title).toBe('Swim in the lake')
})
