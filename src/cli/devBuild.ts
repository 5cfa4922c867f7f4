// What `asklet dev` shows: the newest good build of a folder, the search over it, and what is wrong with the folder
// now. Owns which build is shown; knows no server and no watcher.
//
//   the folder has          shown
//   no mistakes             what it holds now
//   mistakes, never good    what it holds now, without the articles that have them
//   mistakes, good before   the last good build, until they are mended
//   nothing to build        the last build, if there was one

import { AskletError } from '../base/errors'
import type { Article } from '../knowledge/article'
import { MANIFEST_FILE, type Manifest, parseManifest, pickLocale } from '../knowledge/manifest'
import type { Facts } from '../protocol/facts'
import { type Searchable, searchable } from '../search/expansion'
import { hideTranslated } from '../search/hideTranslated'
import { loadIndex } from '../search/loadIndex'
import type { LoadJson } from '../search/loadJson'
import { createLocalSearch } from '../search/localSearch'
import { type Factors, NO_FACTORS, rank } from '../search/ranking'
import type { SearchProvider, Suggestion } from '../search/searchProvider'
import { near } from '../search/typos'
import { createMemoryCache } from './buildCache'
import {
  ANY_ROLE,
  type BuiltKnowledge,
  buildKnowledge,
  type KnowledgeOptions,
  rolesOf,
} from './buildKnowledge'
import type { Finding } from './findings'
import type { FileSet } from './outputFolder'

/** What there is to choose from, and what is wrong. */
export interface DevState {
  /** Counts the looks at the folder, from 1. */
  readonly revision: number
  /** The look whose build is shown; 0: there is none. */
  readonly shown: number
  readonly folder: string
  /** Of the build that is shown. */
  readonly articles: number
  readonly locales: readonly string[]
  readonly roles: readonly string[]
  /** Route patterns that articles name, sorted. */
  readonly pages: readonly string[]
  /** Of the folder as it is now; mistakes first. */
  readonly findings: readonly Finding[]
  /** Why nothing could be built at all. */
  readonly failure?: string
}

export interface DevSuggestion extends Suggestion {
  /** What each factor gave; their sum is the score. */
  readonly factors: Readonly<Factors>
}

export interface DevArticle {
  readonly article: Article
  /** Its file in the folder. */
  readonly file: string
}

/** Who asks, and where. */
export interface DevVisitor {
  readonly route: string
  /** What people call the page. */
  readonly pageName: string
  readonly role?: string
  /** BCP 47; '' for the site's own. */
  readonly locale: string
}

export interface DevBuild {
  state(): DevState
  /** Builds the folder as it is now. Never throws: what is wrong is in the state. */
  look(): DevState
  /** Empty when nothing is shown yet. */
  suggest(query: string, visitor: DevVisitor, limit: number): Promise<readonly DevSuggestion[]>
  /** Null when this visitor may read none of that id. */
  article(articleId: string, visitor: DevVisitor): Promise<DevArticle | null>
  /** A public file of the build that is shown, by its name. */
  file(name: string): string | Uint8Array | undefined
}

interface Shelf {
  readonly search: SearchProvider
  readonly indexes: readonly Searchable[]
}
interface Shown {
  readonly revision: number
  readonly built: BuiltKnowledge
  readonly manifest: Manifest
  readonly isGood: boolean
  /** By language and reader: made when first asked for. */
  readonly shelves: Map<string, Promise<Shelf>>
}

export function createDevBuild(folder: string, options: KnowledgeOptions): DevBuild {
  // A save changes one file of many: the others are not read again.
  const cache = createMemoryCache()
  let revision = 0
  let shown: Shown | null = null
  let findings: readonly Finding[] = []
  let failure: string | undefined

  function state(): DevState {
    const articles = shown?.built.help.articles.map(({ article }) => article) ?? []
    return {
      revision,
      shown: shown?.revision ?? 0,
      folder,
      articles: articles.length,
      locales: shown?.manifest.locales.map(({ locale }) => locale) ?? [],
      // Of private articles, too: an author looks at those as who may read them.
      roles: rolesOf(shown?.built.help.articles ?? []),
      pages: [...new Set(articles.flatMap(({ pages }) => pages))].sort(),
      findings,
      ...(failure !== undefined && { failure }),
    }
  }

  async function shelfFor({ role, locale }: DevVisitor): Promise<Shelf | null> {
    if (!shown) return null
    const { built, manifest, shelves } = shown
    const reader = [role, ANY_ROLE].find(one => one && built.privateFiles.has(`${one}/${MANIFEST_FILE}`))
    const language = pickLocale(manifest, locale)?.locale ?? ''
    // A private article is for who has signed in, and who has no role has not.
    const prefix = role && reader ? `${reader}/` : ''
    const key = `${language} ${prefix}`
    const kept = shelves.get(key) ?? openShelf(built, manifest, language, prefix)
    shelves.set(key, kept)
    return kept
  }

  return {
    state,

    look() {
      revision++
      failure = undefined
      try {
        const built = buildKnowledge(folder, { cache, ...options })
        findings = [...built.findings].sort((a, b) => Number(b.kind === 'error') - Number(a.kind === 'error'))
        const isGood = !findings.some(({ kind }) => kind === 'error')
        if (isGood || !shown?.isGood) {
          const manifest = parseManifest(readJson(built.files, MANIFEST_FILE))
          shown = { revision, built, manifest, isGood, shelves: new Map() }
        }
      } catch (error) {
        findings = []
        failure = error instanceof Error ? error.message : String(error)
      }
      return state()
    },

    async suggest(query, visitor, limit) {
      const shelf = await shelfFor(visitor)
      if (!shelf) return []
      const facts = factsOf(visitor)
      const factors = new Map(
        rank(shelf.indexes, query, facts).map(item => [item.row.id, item.factors] as const),
      )
      // The list of all parts, not of the titles alone.
      await shelf.search.pending?.()
      const list = await shelf.search.suggest(query, facts, { limit })
      return list.map(item => ({
        ...item,
        factors: factors.get(item.articleId) ?? { ...NO_FACTORS, words: item.score },
      }))
    },

    async article(articleId, visitor) {
      const shelf = await shelfFor(visitor)
      try {
        const article = await shelf?.search.article(articleId)
        const source = shown?.built.help.articles.find(one => one.article.id === articleId)
        return article ? { article, file: source?.file ?? '' } : null
      } catch (error) {
        if (error instanceof AskletError && error.code === 'article_missing') return null
        throw error
      }
    },

    file: name => shown?.built.files.get(name),
  }
}

function factsOf({ route, pageName, role, locale }: DevVisitor): Facts {
  return {
    page: { url: route, route, title: pageName, name: pageName, headings: [], language: locale, data: {} },
    visitor: { ...(role && { role }), locale, attributes: {} },
  }
}

/** The search of one language, with the private articles below `prefix` where there are some. */
async function openShelf(
  built: BuiltKnowledge,
  manifest: Manifest,
  locale: string,
  prefix: string,
): Promise<Shelf> {
  const loadJson: LoadJson = async file => readJson(built.files, file)
  const loadPrivate: LoadJson = async file => readJson(built.privateFiles, prefix + file)
  const own = prefix && pickLocale(parseManifest(await loadPrivate(MANIFEST_FILE)), locale)
  const [first] = manifest.locales
  const entry = manifest.locales.find(one => one.locale === locale)
  const indexes = [
    ...(entry ? [searchable(await loadIndex(loadJson, entry.index), near)] : []),
    ...(own ? [searchable(await loadIndex(loadPrivate, own.index), near)] : []),
  ]
  // As the search does: what this language lacks is found in the site's own.
  if (entry && first && entry !== first && entry.articles < first.articles) {
    const fallback = searchable(await loadIndex(loadJson, first.index), near)
    if (indexes[0]) hideTranslated(indexes[0], fallback)
    indexes.push(fallback)
  }
  return {
    search: createLocalSearch({
      loadJson,
      indexes: manifest.locales,
      locale,
      ...(own && { extra: { index: own.index, loadJson: loadPrivate } }),
    }),
    indexes,
  }
}

function readJson(files: FileSet, name: string): unknown {
  const content = files.get(name)
  if (content === undefined) throw new AskletError('index_missing', `the build holds no ${name}.`)
  return JSON.parse(Buffer.from(content).toString('utf8')) as unknown
}
