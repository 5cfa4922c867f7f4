// MiniSearch, twice: as its readme shows it, and as well as we could set it. Owns its settings; what was tried
// is in ../results.md, and `--tune` tries it again.

import elasticlunr from 'elasticlunr'
import MiniSearch, { type Options, type SearchOptions } from 'minisearch'
import type { HelpText } from './corpora'
import type { Engine } from './engine'

const FIELDS = ['title', 'keywords', 'summary', 'headings', 'slug', 'folders', 'body'] as const
type Field = (typeof FIELDS)[number]

/** All that is tuned. */
export interface MiniSearchSettings {
  readonly boost: Readonly<Record<Field, number>>
  readonly k: number
  readonly b: number
  readonly d: number
  /** Which words may be half typed. */
  readonly prefix: 'none' | 'last' | 'all'
  /** Letters from which on a word may be half typed. */
  readonly prefixFrom: number
  readonly prefixWeight: number
  /** Share of a word's letters that may be wrong. */
  readonly fuzzy: number
  /** Letters from which on a word may be mistyped. */
  readonly fuzzyFrom: number
  readonly maxFuzzy: number
  readonly fuzzyWeight: number
  /** Mistakes are looked for at once, or only when words as they stand find too little. */
  readonly fuzzyWhen: 'always' | 'fallback'
  /** What a word becomes: itself, its Porter stem, or both side by side. */
  readonly terms: 'word' | 'stem' | 'both'
  readonly splitsCamelCase: boolean
  /** What a stop word weighs; 0 leaves it out of index and query. */
  readonly stopWord: number
  /** `then`: articles with all words first, those with some after them. `sum`: all words count once more. */
  readonly combine: 'AND' | 'OR' | 'then' | 'sum'
  /** With `then`: fewer articles than this with all words, and those with some follow. */
  readonly enough: number
}

export const TUNED: MiniSearchSettings = {
  boost: { title: 8, keywords: 1, summary: 3, headings: 2, slug: 3, folders: 0.3, body: 1 },
  k: 1.2,
  b: 0.7,
  d: 0.5,
  prefix: 'last',
  prefixFrom: 1,
  prefixWeight: 0.375,
  fuzzy: 0.2,
  fuzzyFrom: 4,
  maxFuzzy: 2,
  fuzzyWeight: 0.45,
  fuzzyWhen: 'always',
  terms: 'stem',
  splitsCamelCase: false,
  stopWord: 0.4,
  combine: 'OR',
  enough: 10,
}

const CODE = `export { default } from 'minisearch'`

export const minisearch: Engine = withSettings('minisearch', TUNED)

/** As a reader of its front page would write it: `prefix` and `fuzzy` are the two settings shown there. */
export const minisearchPlain: Engine = {
  name: 'minisearch-plain',
  sample: 200,
  code: CODE,
  build: articles =>
    shelf(
      { fields: [...FIELDS] },
      articles,
      mini => (query, limit) => ids(mini.search(query, { prefix: true, fuzzy: 0.2 }), limit),
    ),
}

export function withSettings(name: string, settings: MiniSearchSettings): Engine {
  return {
    name,
    code: CODE,
    build: articles => shelf(optionsOf(settings), articles, mini => searchWith(mini, settings)),
  }
}

/** What an index of these settings is made and read with. */
export function optionsOf(settings: MiniSearchSettings): Options {
  const { terms, stopWord, splitsCamelCase } = settings
  const stems = new Map<string, string>()
  const stem = (word: string) => {
    const known = stems.get(word) ?? elasticlunr.stemmer(word)
    stems.set(word, known)
    return known
  }
  const plain = MiniSearch.getDefault('tokenize') as (text: string) => string[]
  return {
    fields: [...FIELDS],
    ...(splitsCamelCase && {
      tokenize: (text: string) => plain(text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')),
    }),
    processTerm: term => {
      const word = term
        .toLowerCase()
        .normalize('NFD')
        .replace(/\p{M}+|['’]s$|['’]/gu, '')
      if (!word || (!stopWord && isStopWord(word))) return null
      if (terms === 'word') return word
      const short = stem(word)
      return terms === 'stem' || short === word ? short : [word, short]
    },
  }
}

export function searchWith(
  mini: MiniSearch,
  settings: MiniSearchSettings,
): (query: string, limit: number) => readonly string[] {
  const prefix = (term: string, i: number, all: readonly string[]) =>
    settings.prefix !== 'none' &&
    term.length >= settings.prefixFrom &&
    (settings.prefix === 'all' || i >= all.length - (settings.terms === 'both' ? 2 : 1))
  const fuzzy = (term: string) => term.length >= settings.fuzzyFrom && settings.fuzzy
  const base: SearchOptions = {
    boost: settings.boost,
    prefix,
    maxFuzzy: settings.maxFuzzy,
    weights: { prefix: settings.prefixWeight, fuzzy: settings.fuzzyWeight },
    bm25: { k: settings.k, b: settings.b, d: settings.d },
    boostTerm: term => (isStopWord(term) ? settings.stopWord : 1),
  }
  const combines = settings.combine === 'then' ? (['AND', 'OR'] as const) : [settings.combine]
  const mistakes = settings.fuzzyWhen === 'always' ? [true] : [false, true]
  const steps = combines.flatMap(combine =>
    mistakes.map(wrong => {
      const options: SearchOptions = { ...base, ...(wrong && { fuzzy }) }
      return (query: string) =>
        combine === 'sum'
          ? mini.search({
              combineWith: 'OR',
              queries: [
                { ...options, combineWith: 'AND', queries: [query] },
                { ...options, combineWith: 'OR', queries: [query] },
              ],
            })
          : mini.search(query, { ...options, combineWith: combine })
    }),
  )
  return (query, limit) => {
    const found = new Set<string>()
    for (const step of steps) {
      for (const id of ids(step(query), limit)) found.add(id)
      if (found.size >= Math.min(limit, settings.enough)) break
    }
    return [...found].slice(0, limit)
  }
}

const isStopWord = (word: string) => Object.hasOwn(elasticlunr.defaultStopWords, word)

/** Articles as MiniSearch takes them. */
export function toMini({ headings, ...article }: HelpText): Record<string, string> {
  return { ...article, headings: headings.join('\n') }
}

function shelf(
  options: Options,
  articles: readonly HelpText[],
  search: (mini: MiniSearch) => (query: string, limit: number) => readonly string[],
) {
  const mini = new MiniSearch(options)
  mini.addAll(articles.map(toMini))
  return { search: search(mini), serialise: () => JSON.stringify(mini) }
}

function ids(results: readonly { readonly id: unknown }[], limit: number): readonly string[] {
  return results.slice(0, limit).map(({ id }) => String(id))
}
