// Asks one engine all queries of all sets and counts. Knows no engine by name. A crash of a library is a query
// that found nothing, and is counted; a help centre that it cannot take is one crash of each set that asks it.

import type { HelpText, Query, QuerySet } from './corpora'
import type { Engine, Shelf } from './engine'
import { type Figures, figuresOf, keysSaved, mean } from './figures'
import { IN_ONE_GO, type Pieces } from './pieces'
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
const MAX_COMPLAINTS = 3

/** One set asked of one engine. */
interface SetMeasured {
  readonly figures: Readonly<Record<Variant, Figures>>
  readonly keysSaved: number
  readonly crashes: number
  readonly complaints: readonly string[]
}

/** @throws TimeOver when `pieces` has no time left for the next set */
export async function measure(engine: Engine, work: Work, pieces: Pieces = IN_ONE_GO): Promise<Measured> {
  const sample = Math.min(work.sample, engine.sample ?? Number.POSITIVE_INFINITY)
  const shelves = new Map<string, Promise<Shelf>>()
  // The first time that a set asks for it: sets that are known already need no index.
  const shelfOf = (corpus: string) => {
    const known = shelves.get(corpus) ?? Promise.resolve(work.corpora.get(corpus) ?? []).then(engine.build)
    shelves.set(corpus, known)
    return known
  }
  const found = new Map<string, SetMeasured>()
  for (const set of work.sets) {
    const started = performance.now()
    const measured = await pieces.once(`${engine.name} ${set.name}`, () =>
      measureSet(set, sample, work.keysSample, shelfOf),
    )
    found.set(set.name, measured)
    work.progress(`${engine.name} ${set.name}: ${((performance.now() - started) / 1_000).toFixed(1)} s`)
  }
  const all = [...found.values()]
  const by = <T>(value: (measured: SetMeasured) => T) =>
    new Map([...found].map(([name, each]) => [name, value(each)]))
  return {
    name: engine.name,
    sets: by(({ figures }) => figures),
    keysSaved: work.keysSample ? by(each => each.keysSaved) : new Map(),
    sample,
    crashes: all.reduce((sum, { crashes }) => sum + crashes, 0),
    complaints: [...new Set(all.flatMap(({ complaints }) => complaints))].slice(0, MAX_COMPLAINTS),
  }
}

async function measureSet(
  { queries }: QuerySet,
  sample: number,
  keysSample: number,
  shelfOf: (corpus: string) => Promise<Shelf>,
): Promise<SetMeasured> {
  const complaints = new Set<string>()
  let crashes = 0
  const crashed = (what: string, error: unknown) => {
    crashes++
    if (complaints.size < MAX_COMPLAINTS)
      complaints.add(`${what}: ${error instanceof Error ? error.message : error}`)
  }
  const asked = sampleOf(queries, sample)
  const shelves = new Map<string, Shelf>()
  for (const corpus of new Set(asked.map(query => query.corpus))) {
    try {
      shelves.set(corpus, await shelfOf(corpus))
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
  // The first keys of most queries are the same few.
  const suggested = new Map<string, readonly string[]>()
  const suggest = async (corpus: string, typed: string) => {
    const key = `${corpus}\n${typed}`
    const list = suggested.get(key) ?? (await ask(corpus, typed, SUGGESTED))
    if (typed.length < 8) suggested.set(key, list)
    return list
  }

  const figures: Partial<Record<Variant, Figures>> = {}
  for (const variant of VARIANTS) {
    const places: number[] = []
    for (const query of asked) places.push(await placeOf(query, variantOf(query, variant)))
    figures[variant] = figuresOf(places)
  }
  const shares: number[] = []
  for (const { corpus, text, right } of sampleOf(queries, keysSample))
    shares.push(
      await keysSaved(text, async typed => (await suggest(corpus, typed)).some(id => right.includes(id))),
    )
  return {
    figures: figures as Record<Variant, Figures>,
    keysSaved: mean(shares),
    crashes,
    complaints: [...complaints],
  }
}
