// Search on the server, over the files that `asklet build` wrote: for help that is too large to be fetched by a page,
// and for private articles. Ranks with the very search that runs in a page. Owns which indexes are in memory.
// Who may read what is decided before: `role` here is one that a token proved.

import type { Clock } from '../base/environment'
import { AskletError } from '../base/errors'
import { pickLocale } from '../knowledge/manifest'
import type { Facts, PageFacts } from '../protocol/facts'
import type { SearchFacts, SearchRequest } from '../protocol/search'
import type { Reply } from '../protocol/wire'
import { withParts } from '../search/loadIndex'
import type { LoadJson } from '../search/loadJson'
import { createLocalSearch } from '../search/localSearch'
import type { SearchProvider, Suggestion } from '../search/searchProvider'
import { type Build, type BuiltFolder, openBuiltFolder } from './builtFolder'
import type { Log } from './conversations'
import { reasonLog } from './identityForm'
import { roleFolder } from './privateFolders'
import { refusal } from './refusals'

export interface HelpSearch {
  /**
   * `{ suggestions }`, `{ passages }` or `{ article }`; `article` is null when there is none of that id that this
   * visitor may read. Refuses with `not_found` while there is no build that can be read; the log says why.
   *
   * @param role  as a token proved it; undefined: public articles only
   */
  answer(request: SearchRequest, role: string | undefined): Promise<Reply<object>>
}

export interface HelpSearchOptions {
  /** Output of `asklet build --out`. */
  readonly helpDir: string
  /** Output of `asklet build --private-out`. */
  readonly privateDir?: string
  readonly clock: Clock
  readonly log: Log
}

/**
 * Articles that one index keeps once they were read. Past it the index is read anew, which takes half a second for
 * ten thousand articles, in turns: rarer than a build, and the memory of a node stays bounded.
 */
const MAX_ARTICLES_KEPT = 2_000

/**
 * Suggestions that one index keeps. Whoever opens the window on a page asks what everybody asks there, and an empty
 * query goes through all articles: 25 ms of a node for ten thousand.
 */
const MAX_ANSWERS_KEPT = 1_000

/** Of reading an index: then the calls that came meanwhile. A message that is late by so much is not seen to be. */
const TURN_MS = 5

interface Shelf {
  readonly builds: readonly Build[]
  /** Of the private build, if there is one. */
  readonly folder: string | undefined
  readonly provider: SearchProvider
  /** Of its index. */
  readonly locale: string
  /** By question, oldest first. The same index gives the same answer (Q5). */
  readonly answers: Map<string, readonly Suggestion[]>
  articlesRead: number
}

export function createHelpSearch({ helpDir, privateDir, clock, log }: HelpSearchOptions): HelpSearch {
  const open = openBuiltFolder(helpDir, clock)
  const privateFolders = new Map<string, BuiltFolder>()
  const shelves = new Map<string, Shelf>()
  const breathe = betweenCalls()
  const unreadable = reasonLog(clock, log, 'helpUnreadable')

  /** Its absence, or damage, takes nothing away from the public articles. */
  async function privateBuild(role: string | undefined, now: boolean) {
    const folder = privateDir !== undefined && role ? await roleFolder(privateDir, role) : null
    if (folder === null) return null
    let built = privateFolders.get(folder)
    if (!built) {
      built = openBuiltFolder(folder, clock)
      privateFolders.set(folder, built)
    }
    try {
      return { folder, build: await built.current(now) }
    } catch (error) {
      return unreadable((error as Error).message)
    }
  }

  async function shelfFor(locale: string, role: string | undefined, now: boolean): Promise<Shelf> {
    const [build, own] = await Promise.all([open.current(now), privateBuild(role, now)])
    const builds = own ? [build, own.build] : [build]
    // By the index, not by the locale: a visitor may say any, and each would have an index of its own in memory.
    const { locales } = build.manifest
    const spoken = pickLocale(build.manifest, locale)
    const index = spoken?.index ?? ''
    const ownIndex = own ? pickLocale(own.build.manifest, locale)?.index : undefined
    const key = JSON.stringify([index, own?.folder, ownIndex])
    const known = shelves.get(key)
    if (known && known.articlesRead < MAX_ARTICLES_KEPT && isSame(known.builds, builds)) return known

    const indexes = new Set([...locales.map(entry => entry.index), ownIndex])
    const counted =
      (loadJson: LoadJson): LoadJson =>
      async file => {
        // A page searches titles until the rest has come; here what was answered meanwhile would be kept, for as
        // long as the build lies there.
        if (indexes.has(file)) return withParts(await loadJson(file), loadJson)
        shelf.articlesRead++
        return loadJson(file)
      }
    const shelf: Shelf = {
      builds,
      folder: own?.folder,
      answers: new Map(),
      articlesRead: 0,
      locale: spoken?.locale ?? '',
      provider: createLocalSearch({
        loadJson: counted(build.loadJson),
        indexes: locales,
        locale: spoken?.locale ?? '',
        breathe,
        ...(own && ownIndex && { extra: { index: ownIndex, loadJson: counted(own.build.loadJson) } }),
      }),
    }
    // What an earlier build left is not asked again: its keys hold names that a new build may not have.
    for (const [other, { builds, folder }] of shelves)
      if (builds[0] !== build || (folder === own?.folder && builds[1] !== own?.build)) shelves.delete(other)
    shelves.set(key, shelf)
    return shelf
  }

  async function run({ provider, answers, locale }: Shelf, request: SearchRequest): Promise<object> {
    if (request.do === 'article') return { article: await provider.article(request.articleId) }
    const { query, facts, limit } = request
    // A shelf serves all who read the same index, whatever they speak: for some of them it is a foreign one.
    const mark = <Found extends { readonly locale?: string }>(found: readonly Found[]) => {
      const wanted = languageOf(facts.visitor.locale)
      return wanted === '' || wanted === languageOf(locale)
        ? found
        : found.map(one => ({ ...one, locale: one.locale ?? locale }))
    }
    if (request.do === 'passages')
      return { passages: mark(await provider.passages(query, factsOf(facts), limit)) }
    const key = JSON.stringify([query, facts, limit])
    const known = answers.get(key)
    if (known) return { suggestions: known }
    const suggestions = mark(await provider.suggest(query, factsOf(facts), { limit }))
    answers.set(key, suggestions)
    const [oldest] = answers.keys()
    if (oldest !== undefined && answers.size > MAX_ANSWERS_KEPT) answers.delete(oldest)
    return { suggestions }
  }

  async function answered(request: SearchRequest, role: string | undefined): Promise<object> {
    const locale = (request.do === 'article' ? request.locale : request.facts.visitor.locale) ?? ''
    const shelf = await shelfFor(locale, role, false)
    try {
      return await run(shelf, request)
    } catch (error) {
      // A build that was published a moment ago has taken away the files of the one before it.
      const again = await shelfFor(locale, role, true)
      if (again === shelf) throw error
      return run(again, request)
    }
  }

  return {
    async answer(request, role) {
      try {
        return { ok: true, ...(await answered(request, role)) }
      } catch (error) {
        if (!(error instanceof AskletError)) throw error
        if (request.do === 'article' && error.code === 'article_missing') return { ok: true, article: null }
        unreadable(error.message)
        // Paths of this machine are for its log.
        return refusal('not_found', 'the help of this server cannot be read; its log says why')
      }
    },
  }
}

/** As `inTurns` of a page, by a clock that nobody sets back and a turn that waits for no timer. */
function betweenCalls(): () => Promise<void> | undefined {
  let since = Number.NEGATIVE_INFINITY
  return () =>
    performance.now() - since < TURN_MS
      ? undefined
      : new Promise(resolve =>
          setImmediate(() => {
            since = performance.now()
            resolve()
          }),
        )
}

const isSame = (some: readonly Build[], others: readonly Build[]) =>
  some.length === others.length && some.every((build, i) => build === others[i])

const languageOf = (locale: string) => locale.toLowerCase().split('-')[0] ?? ''

const factsOf = ({ page, visitor }: SearchFacts): Facts => ({
  page: { url: '', title: '', language: visitor.locale, data: {}, ...page } as PageFacts,
  visitor: {
    locale: visitor.locale,
    attributes: {},
    ...(visitor.role !== undefined && { role: visitor.role }),
  },
})
