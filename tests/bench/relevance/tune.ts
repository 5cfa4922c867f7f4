// Looks for better settings of MiniSearch: one setting at a time, each of its values tried with the others as they
// are, the best kept, again until a round changes nothing. What counts is the mean over sets and variants of
// MRR@10. Prints each trial on stderr and the settings found. Hours for all queries, so each trial is kept in
// dist/, and a run that was stopped goes on where it was.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import MiniSearch from 'minisearch'
import type { HelpText } from './corpora'
import type { Engine } from './engine'
import { mean } from './figures'
import { measure, type Work } from './measure'
import { type MiniSearchSettings, optionsOf, searchWith, TUNED, toMini } from './minisearch'
import { VARIANTS } from './variants'

const TRIED: {
  readonly [K in Exclude<keyof MiniSearchSettings, 'boost'>]: readonly MiniSearchSettings[K][]
} = {
  k: [0.4, 0.8, 1.2, 2],
  b: [0.2, 0.4, 0.7, 0.9],
  fuzzyFrom: [3, 4, 5],
  fuzzyWhen: ['always', 'fallback'],
  stopWord: [0, 0.1, 0.2, 0.4, 0.7, 1],
  prefix: ['last', 'all', 'none'],
  fuzzy: [0.15, 0.2, 0.3],
  d: [0, 0.5, 1],
  prefixFrom: [1, 2, 3],
  maxFuzzy: [1, 2],
  terms: ['word', 'stem', 'both'],
  combine: ['OR', 'then', 'sum', 'AND'],
  enough: [1, 3, 10],
  fuzzyWeight: [0.1, 0.2, 0.3, 0.45, 0.6],
  prefixWeight: [0.2, 0.375, 0.6, 0.8],
  splitsCamelCase: [false, true],
}
/** It takes 0 for 1. */
const BOOSTS = [0.3, 1, 2, 4, 8, 16]
const TRIALS_FILE = 'dist/minisearch-trials.json'

export async function tune(work: Work): Promise<void> {
  const quiet: Work = { ...work, progress() {} }
  const trials: Record<string, number> = existsSync(TRIALS_FILE)
    ? JSON.parse(readFileSync(TRIALS_FILE, 'utf8'))
    : {}
  const indexes = new Indexes()
  const scoreOf = async (settings: MiniSearchSettings) => {
    const key = `${work.sample} ${JSON.stringify(settings)}`
    let score = trials[key]
    if (score === undefined) {
      const { sets } = await measure(indexes.engine(settings), quiet)
      score = mean([...sets.values()].flatMap(set => VARIANTS.map(variant => set[variant].reciprocal)))
      trials[key] = score
      writeFileSync(TRIALS_FILE, JSON.stringify(trials))
    }
    return score
  }

  let best: MiniSearchSettings = TUNED
  let most = await scoreOf(best)
  const tryOne = async (what: string, settings: MiniSearchSettings) => {
    const score = await scoreOf(settings)
    work.progress(`${score.toFixed(4)} ${what}${score > most ? ' *' : ''}`)
    if (score <= most) return
    most = score
    best = settings
  }
  work.progress(`${most.toFixed(4)} as it is`)
  for (let before = -1; most > before + 0.0005; ) {
    before = most
    for (const [name, tried] of Object.entries(TRIED)) {
      if (name === 'enough' && best.combine !== 'then' && best.fuzzyWhen === 'always') continue
      for (const value of tried) await tryOne(`${name} ${value}`, { ...best, [name]: value })
      if (name !== 'fuzzyWhen') continue
      for (const field of Object.keys(best.boost).reverse())
        for (const boost of BOOSTS)
          await tryOne(`boost of ${field} ${boost}`, { ...best, boost: { ...best.boost, [field]: boost } })
    }
    work.progress(JSON.stringify(best))
  }
  console.log(`minisearch-tuned-on-sample: ${most.toFixed(4)}`)
  console.log(JSON.stringify(best))
}

/** Most settings leave the index as it is: the last one made is kept, with what its words may be mistyped for. */
class Indexes {
  private key = ''
  private readonly made = new Map<readonly HelpText[], MiniSearch>()

  engine(settings: MiniSearchSettings): Engine {
    return {
      name: 'trial',
      code: '',
      build: articles => {
        const search = searchWith(this.index(articles, settings), settings)
        return { search, serialise: () => '' }
      },
    }
  }

  private index(articles: readonly HelpText[], settings: MiniSearchSettings): MiniSearch {
    const key = `${settings.terms} ${settings.splitsCamelCase} ${settings.stopWord === 0}`
    if (key !== this.key) this.made.clear()
    this.key = key
    const known = this.made.get(articles)
    if (known) return known
    const mini = new MiniSearch(optionsOf(settings))
    mini.addAll(articles.map(toMini))
    rememberFuzzy(mini)
    this.made.set(articles, mini)
    return mini
  }
}

/** Nine tenths of a trial were spent on finding the same neighbours of the same words. */
function rememberFuzzy(mini: MiniSearch): void {
  interface Terms {
    fuzzyGet(term: string, edits: number): unknown
  }
  const terms = (mini as unknown as { readonly _index: Terms })._index
  const find = terms.fuzzyGet.bind(terms)
  const known = new Map<string, unknown>()
  terms.fuzzyGet = (term, edits) => {
    const key = `${edits} ${term}`
    if (!known.has(key)) known.set(key, find(term, edits))
    return known.get(key)
  }
}
