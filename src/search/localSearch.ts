// Search in the page: loads the index of the visitor's language and answers from it; no text leaves the page.
// Owns which indexes are loaded and the articles that were read. Ranking itself is pure and elsewhere.

import { beginningOf } from '../base/beginningOf'
import { AskletError } from '../base/errors'
import { once } from '../base/once'
import type { Article } from '../knowledge/article'
import { assembleIndex } from '../knowledge/assembleIndex'
import type { IndexFile, TextsFile, WordsFile } from '../knowledge/indexFile'
import { pickLocale } from '../knowledge/manifest'
import type { Facts } from '../protocol/facts'
import { questionTypeOf } from '../understanding/questionType'
import { type Searchable, searchable, standBeside, textOf, understandTypos } from './expansion'
import { highlight } from './highlight'
import type { LoadJson } from './loadJson'
import { type Ranked, rank } from './ranking'
import { reasonsFor } from './reasons'
import type { SearchProvider, Suggestion } from './searchProvider'

export interface LocalSearchDeps {
  readonly loadJson: LoadJson
  /** What there is, from the manifest: a language and the file of its index. The first is the site's own. */
  readonly indexes: readonly { readonly locale: string; readonly index: string; readonly articles?: number }[]
  /**
   * BCP 47, what the visitor reads. No index in it: one in the same language, else the first there is. Where the
   * visitor's language has fewer articles than the first, what it lacks is found in the first.
   */
  readonly locale: string
  /**
   * A further index that only this visitor may read (private articles of a signed role), with its own way to its
   * files. Suggestions, passages and `article` work over both.
   */
  readonly extra?: { readonly index: string; readonly loadJson: LoadJson }
  /**
   * Asked after each small step of reading an index: a promise to wait for where the page wants its turn. Absent:
   * read in one go.
   */
  readonly breathe?: () => Promise<void> | undefined
}

/**
 * Of what is typed, in UTF-16 units, as many as a server takes (`protocol/search`). Each word is looked up in the whole
 * index, at each key: with a page pasted into the field, that takes seconds.
 */
const MAX_QUERY_CHARS = 500
/**
 * Articles read for one question. In 96 of 100 the one that answers is among the first 12 by its words, in 84 among
 * the first 4 (the even half of `tests/bench/answers`); which of them it is, their sections say.
 */
const MAX_ARTICLES_READ = 12

interface Source {
  readonly index: string
  readonly loadJson: LoadJson
  /** In the site's own language, which is not the visitor's. */
  readonly isFallback?: boolean
}

/** One index: its first part can be searched before the rest is here. */
interface Shelf extends Source {
  where: Searchable
  /** Brings the rest; resolves at once where there is none to bring. */
  readonly complete: () => Promise<void>
}

/**
 * @throws nothing: a missing or damaged index rejects the first call that needs it, and the next call tries again
 */
export function createLocalSearch(deps: LocalSearchDeps): SearchProvider {
  const [own, fallback] = indexesFor(deps.indexes, deps.locale)
  const sources: readonly Source[] = [
    { index: own, loadJson: deps.loadJson },
    ...(deps.extra ? [deps.extra] : []),
    ...(fallback ? [{ index: fallback, loadJson: deps.loadJson, isFallback: true }] : []),
  ]
  let hide: typeof import('./hideTranslated').hideTranslated | undefined

  async function inSteps(...parts: [IndexFile, TextsFile?, WordsFile?]): Promise<Searchable> {
    const steps = searchableFrom(parts)
    for (;;) {
      const { done, value } = steps.next()
      if (done) return value
      const turn = deps.breathe?.()
      if (turn) await turn
    }
  }

  async function readShelf(source: Source): Promise<Shelf> {
    const { index, loadJson } = source
    if (!index) throw new AskletError('index_missing', 'the manifest lists no index. Run "asklet build".')
    const file = (await loadJson(index)) as IndexFile
    const part = (given: unknown) => (typeof given === 'string' ? loadJson(given) : given)
    const shelf = {
      ...source,
      complete: once(async () => {
        const parts = await Promise.all([part(file.texts), part(file.words)])
        const where = await inSteps(file, ...(parts as [TextsFile, WordsFile]))
        // Asked for in the meantime.
        if (shelf.where?.near) understandTypos(where, shelf.where.near)
        shelf.where = where
        introduce()
      }),
    } as Partial<Pick<Shelf, 'where'>> & Omit<Shelf, 'where'>
    if (typeof Object(file).texts === 'string') shelf.where = await inSteps(file)
    else await shelf.complete()
    return shelf as Shelf
  }

  const readers = sources.map(source =>
    once(async () => {
      if (source.isFallback) hide = (await import('./hideTranslated')).hideTranslated
      return readShelf(source)
    }),
  )
  let shelves: readonly Shelf[] = []
  async function load(): Promise<void> {
    if (shelves.length === readers.length) return
    const found = (await allButFirstMayFail(readers)).flatMap(shelf => shelf ?? [])
    if (found.length <= shelves.length) return
    shelves = found
    introduce()
  }
  /** How many of `shelves` lack nothing. */
  let completed = 0
  async function complete(): Promise<void> {
    // What was found is shown first.
    await deps.breathe?.()
    const whole = await allButFirstMayFail(shelves.map(shelf => () => shelf.complete().then(() => shelf)))
    completed = whole.filter(Boolean).length
  }

  /** Tells each index of the others: they are ranked as one. */
  function introduce(): void {
    const all = shelves.map(({ where }) => where)
    for (const where of all) standBeside(where, all)
    const [first] = all
    const siteOwn = shelves.find(shelf => shelf.isFallback)
    if (first && siteOwn) hide?.(first, siteOwn.where)
  }
  /** Named where it is not the visitor's. */
  const foreign = ({ index: { locale } }: Searchable) =>
    deps.locale && languageOf(locale) !== languageOf(deps.locale) ? { locale } : {}
  const articles = new Map<string, () => Promise<Article>>()

  async function ranked(query: string, facts: Facts, isBroad = false): Promise<readonly Ranked[]> {
    // Read anew each time: the rest of an index may come in between.
    const indexes = () => shelves.map(({ where }) => where)
    const found = rank(indexes(), query, facts, isBroad)
    if (!indexes().some(where => where.wantsNear)) return found
    try {
      const { near } = await import('./typos')
      for (const where of indexes()) understandTypos(where, near)
    } catch {
      // Offline: what the words say as they stand is better than nothing, and the next key asks again.
      return found
    }
    return rank(indexes(), query, facts, isBroad)
  }

  async function article(articleId: string): Promise<Article> {
    const missing = (cause?: unknown) =>
      new AskletError(
        'article_missing',
        `there is no article "${articleId}" that this visitor may read. Was it renamed?`,
        { cause },
      )
    await load()
    for (const shelf of shelves) {
      const find = () => shelf.where.index.articles.find(({ id }) => id === articleId)
      if (!find()) continue
      await shelf.complete()
      const { file = '' } = find() ?? {}
      let read = articles.get(articleId)
      if (!read) {
        read = once(async () => {
          try {
            return parseArticle(await shelf.loadJson(file), articleId)
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
    async suggest(typed, facts, { limit = 6, signal } = {}) {
      const query = beginningOf(typed, MAX_QUERY_CHARS)
      await load()
      let list = await ranked(query, facts)
      signal?.throwIfAborted()
      // Nothing in the titles is no answer yet.
      if (!list.length && query.trim()) {
        await complete()
        list = await ranked(query, facts)
        signal?.throwIfAborted()
      }
      const asked = questionTypeOf(query)
      return list.slice(0, limit).map((item, i): Suggestion => {
        const title = item.question ?? item.row.title
        return {
          kind: item.question ? 'question' : 'article',
          articleId: item.row.id,
          title,
          summary: item.row.summary,
          ...foreign(item.where),
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
      const { everydayIn, passagesOf, tellingWords } = await import('./passages')
      await load()
      await complete()
      const [first] = shelves
      const asked = first && tellingWords(first.where, question.trim())
      const list = asked ? await ranked(`${asked} `, facts, true) : []
      const read = await Promise.all(
        list.slice(0, MAX_ARTICLES_READ).map(async item => {
          const mark = foreign(item.where)
          return passagesOf(item, await article(item.row.id), await everydayIn(item.where.index.locale)).map(
            ({ score, passage }) => ({ score, passage: () => ({ ...passage(), ...mark }) }),
          )
        }),
      )
      return read
        .flat()
        .sort((a, b) => b.score - a.score)
        .slice(0, limit)
        .map(({ passage }) => passage())
    },

    article,
    pending: () => (completed && completed === shelves.length ? undefined : load().then(complete)),
  }
}

/** Ends with a step of its own: who waits ranks next, and that is work enough for a turn. */
function* searchableFrom(parts: [IndexFile, TextsFile?, WordsFile?]): Generator<void, Searchable> {
  const index = yield* assembleIndex(...parts)
  yield
  const where = searchable(index)
  yield
  return where
}

/** The absence of the others takes nothing away from the first; the next question tries them again. */
const allButFirstMayFail = <T>(loads: readonly (() => Promise<T>)[]) =>
  Promise.all(loads.map((load, i) => (i ? load().catch(() => undefined) : load())))

const languageOf = (locale: string) => locale.toLowerCase().split('-')[0]

/** The index in this locale, else in its language, else the first, '' when there is none; and what fills its gaps. */
function indexesFor(indexes: LocalSearchDeps['indexes'], locale: string): [own: string, fallback?: string] {
  const same = pickLocale({ locales: indexes }, locale)
  const [first] = indexes
  const lacks = same && first && same !== first && (same.articles ?? 0) < (first.articles ?? 0)
  return lacks ? [same.index, first.index] : [same?.index ?? '']
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
