// Search in the page: loads the index of the visitor's language and answers from it; no text leaves the page.
// Owns which indexes are loaded and the articles that were read. Ranking itself is pure and elsewhere.

import { AskletError } from '../base/errors'
import { once } from '../base/once'
import type { Article } from '../knowledge/article'
import { readIndex } from '../knowledge/indexFile'
import type { Facts } from '../protocol/facts'
import { questionTypeOf } from '../understanding/questionType'
import { searchable, textOf, understandTypos } from './expansion'
import { highlight } from './highlight'
import type { LoadJson } from './loadJson'
import { type Ranked, rank } from './ranking'
import { reasonsFor } from './reasons'
import type { SearchProvider, Suggestion } from './searchProvider'

export interface LocalSearchDeps {
  readonly loadJson: LoadJson
  /** What there is, from the manifest: a language and the file of its index. */
  readonly indexes: readonly { readonly locale: string; readonly index: string }[]
  /** BCP 47, what the visitor reads. No index in it: one in the same language, else the first there is. */
  readonly locale: string
  /**
   * A further index that only this visitor may read (private articles of a signed role), with its own way to its
   * files. Suggestions, passages and `article` work over both.
   */
  readonly extra?: { readonly index: string; readonly loadJson: LoadJson }
}

/** Articles read for one question: the answer is in the first few or not at all. */
const MAX_ARTICLES_READ = 4

/**
 * @throws nothing: a missing or damaged index rejects the first call that needs it, and the next call tries again
 */
export function createLocalSearch(deps: LocalSearchDeps): SearchProvider {
  const sources: readonly { readonly index: string; readonly loadJson: LoadJson }[] = [
    { index: indexFor(deps.indexes, deps.locale), loadJson: deps.loadJson },
    ...(deps.extra ? [deps.extra] : []),
  ]
  const load = once(() =>
    Promise.all(
      sources.map(async ({ index, loadJson }) => {
        if (!index) throw new AskletError('index_missing', 'the manifest lists no index. Run "asklet build".')
        return { where: searchable(readIndex(await loadJson(index))), loadJson }
      }),
    ),
  )
  const articles = new Map<string, () => Promise<Article>>()

  async function ranked(query: string, facts: Facts): Promise<readonly Ranked[]> {
    const indexes = (await load()).map(({ where }) => where)
    const found = rank(indexes, query, facts)
    if (!indexes.some(where => where.wantsNear)) return found
    try {
      const { near } = await import('./typos')
      for (const where of indexes) understandTypos(where, near)
    } catch {
      // Offline: what the words say as they stand is better than nothing, and the next key asks again.
      return found
    }
    return rank(indexes, query, facts)
  }

  async function article(articleId: string): Promise<Article> {
    const missing = (cause?: unknown) =>
      new AskletError(
        'article_missing',
        `there is no article "${articleId}" that this visitor may read. Was it renamed?`,
        { cause },
      )
    for (const { where, loadJson } of await load()) {
      const row = where.index.articles.find(({ id }) => id === articleId)
      if (!row) continue
      let read = articles.get(articleId)
      if (!read) {
        read = once(async () => {
          try {
            return parseArticle(await loadJson(row.file), articleId)
          } catch (error) {
            throw error instanceof AskletError && error.code === 'index_missing' ? missing(error) : error
          }
        })
        articles.set(articleId, read)
      }
      return read()
    }
    throw missing()
  }

  return {
    async suggest(query, facts, { limit = 6, signal } = {}) {
      const list = await ranked(query, facts)
      signal?.throwIfAborted()
      const asked = questionTypeOf(query)
      return list.slice(0, limit).map((item, i): Suggestion => {
        const title = item.question ?? item.row.title
        return {
          kind: item.question ? 'question' : 'article',
          articleId: item.row.id,
          title,
          summary: item.row.summary,
          ...(item.heading && { headingId: item.heading.id, headingText: item.heading.text }),
          highlights: highlight(textOf(item.where, title), item.units),
          reasons: reasonsFor(item.factors, list[i + 1]?.factors, facts, asked),
          score: item.score,
        }
      })
    },

    async passages(question, facts, limit) {
      // A closed question: nobody is typing any more.
      // Only the bot quotes: its chunk brings this along.
      const { passagesOf } = await import('./passages')
      const list = question.trim() ? await ranked(`${question} `, facts) : []
      const read = await Promise.all(
        list.slice(0, MAX_ARTICLES_READ).map(async item => {
          const { content } = await article(item.row.id)
          return passagesOf(item, content)
        }),
      )
      return read
        .flat()
        .sort((a, b) => b.score - a.score)
        .slice(0, limit)
    },

    article,
  }
}

/** The index in this locale, else in its language, else the first. '' when there is none. */
function indexFor(indexes: LocalSearchDeps['indexes'], locale: string): string {
  const language = (of: string) => of.toLowerCase().split('-')[0]
  const same =
    indexes.find(entry => entry.locale.toLowerCase() === locale.toLowerCase()) ??
    indexes.find(entry => language(entry.locale) === language(locale)) ??
    indexes[0]
  return same?.index ?? ''
}

function parseArticle(json: unknown, articleId: string): Article {
  const article = json as Partial<Article> | null
  if (article?.id !== articleId || typeof article.title !== 'string' || !Array.isArray(article.content))
    throw new AskletError(
      'article_shape',
      `the file of article "${articleId}" holds something else. Publish the files of one "asklet build" together.`,
    )
  return article as Article
}
