// Looks for better settings of MiniSearch: one setting at a time, each of its values tried with the others as they
// are, the best kept, again until a round changes nothing. What counts is the mean over sets and variants of
// MRR@10. Prints each trial on stderr and the settings found.

import { mean } from './figures'
import { measure, type Work } from './measure'
import { type MiniSearchSettings, TUNED, withSettings } from './minisearch'
import { VARIANTS } from './variants'

const TRIED: {
  readonly [K in Exclude<keyof MiniSearchSettings, 'boost'>]: readonly MiniSearchSettings[K][]
} = {
  combine: ['AND', 'OR', 'then'],
  terms: ['word', 'stem', 'both'],
  stopWord: [0, 0.05, 0.1, 0.2, 0.4, 1],
  prefix: ['none', 'last', 'all'],
  fuzzyWhen: ['always', 'fallback'],
  enough: [1, 3, 10],
  fuzzy: [0.15, 0.2, 0.25, 0.3, 0.4],
  fuzzyFrom: [3, 4, 5, 6],
  maxFuzzy: [1, 2],
  fuzzyWeight: [0.05, 0.1, 0.2, 0.3, 0.45, 0.7],
  prefixFrom: [1, 2, 3],
  prefixWeight: [0.1, 0.2, 0.375, 0.6, 0.8, 1],
  splitsCamelCase: [false, true],
  k: [0.3, 0.6, 0.9, 1.2, 2, 3],
  b: [0.2, 0.4, 0.6, 0.7, 0.85, 1],
  d: [0, 0.25, 0.5, 1],
}
const BOOSTS = [0, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12, 20]

export async function tune(work: Work): Promise<void> {
  const quiet: Work = { ...work, progress() {} }
  const known = new Map<string, number>()
  const scoreOf = async (settings: MiniSearchSettings) => {
    const key = JSON.stringify(settings)
    let score = known.get(key)
    if (score === undefined) {
      const { sets } = await measure(withSettings('trial', settings), quiet)
      score = mean([...sets.values()].flatMap(set => VARIANTS.map(variant => set[variant].reciprocal)))
      known.set(key, score)
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
    for (const [name, tried] of Object.entries(TRIED))
      for (const value of tried) await tryOne(`${name} ${value}`, { ...best, [name]: value })
    for (const field of Object.keys(best.boost))
      for (const boost of BOOSTS)
        await tryOne(`boost of ${field} ${boost}`, { ...best, boost: { ...best.boost, [field]: boost } })
    work.progress(JSON.stringify(best))
  }
  console.log(`minisearch-tuned-on-sample: ${most.toFixed(4)}`)
  console.log(JSON.stringify(best))
}
