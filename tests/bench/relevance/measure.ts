// Asks one engine all queries of all sets and counts. Knows no engine by name. A crash of a library is a query
// that found nothing, and is counted.

import type { HelpText, Query, QuerySet } from './corpora'
import type { Engine, Shelf } from './engine'
import { type Figures, figuresOf, keysSaved, mean } from './figures'
import { sampleOf, VARIANTS, type Variant, variantOf } from './variants'

export interface Measured {
  readonly name: string
  /** By set and variant. */
  readonly sets: ReadonlyMap<string, Readonly<Record<Variant, Figures>>>
  /** By set; empty where it was not asked for. */
  readonly keysSaved: ReadonlyMap<string, number>
  /** Queries of each set that were asked at the most; Infinity is all. */
  readonly sample: number
  readonly crashes: number
  /** Sentences of the first few crashes. */
  readonly complaints: readonly string[]
}

export interface Work {
  readonly sets: readonly QuerySet[]
  readonly corpora: ReadonlyMap<string, readonly HelpText[]>
  /** Queries of each set at the most. */
  readonly sample: number
  /** Queries of each set whose keys are counted, 0 for none. */
  readonly keysSample: number
  /** Told now and then where the work is. */
  progress(line: string): void
}

const SHOWN = 10
/** What counts as suggested while typing: more than three lines nobody reads at each key. */
const SUGGESTED = 3

export async function measure(engine: Engine, work: Work): Promise<Measured> {
  const started = performance.now()
  const sample = Math.min(work.sample, engine.sample ?? Number.POSITIVE_INFINITY)
  const complaints = new Set<string>()
  let crashes = 0
  const crashed = (what: string, error: unknown) => {
    crashes++
    if (complaints.size < 3) complaints.add(`${what}: ${error instanceof Error ? error.message : error}`)
  }
  const shelves = new Map<string, Shelf>()
  for (const [corpus, articles] of work.corpora) {
    try {
      shelves.set(corpus, await engine.build(articles))
    } catch (error) {
      crashed(`building ${corpus}`, error)
    }
  }
  const ask = async (corpus: string, query: string, limit: number): Promise<readonly string[]> => {
    try {
      return (await shelves.get(corpus)?.search(query, limit)) ?? []
    } catch (error) {
      crashed(`searching ${corpus} for "${query}"`, error)
      return []
    }
  }
  const placeOf = async ({ corpus, right }: Query, typed: string) =>
    (await ask(corpus, typed, SHOWN)).findIndex(id => right.includes(id))

  const sets = new Map<string, Record<Variant, Figures>>()
  const saved = new Map<string, number>()
  // The first keys of most queries are the same few.
  const suggested = new Map<string, readonly string[]>()
  const suggest = async (corpus: string, typed: string) => {
    const key = `${corpus}\n${typed}`
    const list = suggested.get(key) ?? (await ask(corpus, typed, SUGGESTED))
    if (typed.length < 8) suggested.set(key, list)
    return list
  }
  for (const { name, queries } of work.sets) {
    const asked = sampleOf(queries, sample)
    const figures: Partial<Record<Variant, Figures>> = {}
    for (const variant of VARIANTS) {
      const places: number[] = []
      for (const query of asked) places.push(await placeOf(query, variantOf(query, variant)))
      figures[variant] = figuresOf(places)
    }
    sets.set(name, figures as Record<Variant, Figures>)
    const shares: number[] = []
    for (const { corpus, text, right } of sampleOf(queries, work.keysSample))
      shares.push(
        await keysSaved(text, async typed => (await suggest(corpus, typed)).some(id => right.includes(id))),
      )
    if (work.keysSample) saved.set(name, mean(shares))
    work.progress(`${engine.name} ${name}: ${((performance.now() - started) / 1_000).toFixed(1)} s`)
  }
  return { name: engine.name, sets, keysSaved: saved, sample, crashes, complaints: [...complaints] }
}
