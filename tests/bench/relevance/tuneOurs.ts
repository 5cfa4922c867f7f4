// Fits our own text weights and asks whether what was fitted carries over: each help centre is left out in turn, the
// weights are fitted on the queries of the others, and what they give is counted on the one left out.
//
// One weight at a time, over a list of values. The first round tries every value beside today's weights, once for
// all fits; then each fit takes what helped it there, the best first, as long as it also helps on top of what was
// taken before; then it tries the neighbours of what it took, until nothing helps. Each trial is kept in dist/, so
// a run that was stopped, or was given `--for <seconds>`, goes on where it was.
//
// The cut-off is left out, because other weights would need another one: what it refuses is not missed here.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { seeded } from '../../../src/base/seeded'
import { indexJson } from './asklet'
import type { Query, QuerySet } from './corpora'
import { mean, quantile } from './figures'
import type { Work } from './measure'
import { TimeOver } from './pieces'
import { type SettableRanking, settableRanking, type Weights } from './settableRanking'
import { sampleOf, VARIANTS, variantOf } from './variants'

/** In rising order. Questions have no weight here: none of the help centres has any. */
const TRIED: Readonly<Record<string, readonly number[]>> = {
  prefix: [0.7, 0.78, 0.85, 0.92, 1],
  prefixLength: [0, 0.08, 0.15, 0.25, 0.4],
  prefixBesideExact: [0.85, 0.92, 0.98, 1],
  open: [0.9, 1.1, 1.3, 1.5, 1.8],
  halfEnding: [0.7, 0.85, 1],
  oneEdit: [0.7, 0.85, 1],
  twoEdits: [0.35, 0.5, 0.7, 0.85],
  otherFirstLetter: [0.4, 0.6, 0.8, 1],
  joined: [0.5, 0.65, 0.8, 0.95],
  synonym: [0.4, 0.5, 0.6, 0.7],
  stopWord: [0.2, 0.28, 0.35, 0.45, 0.6],
  'field.0': [1.5, 2, 2.5, 3.2, 4.5],
  'field.2': [1.5, 2.2, 3, 4.2],
  'field.3': [0.5, 0.8, 1.1, 1.5, 2.2],
  'field.4': [1.1, 1.6, 2.2, 3, 4.2],
  'field.5': [0.25, 0.35, 0.5, 0.7, 1],
  'fieldLength.0': [0, 0.15, 0.3, 0.5],
  'fieldLength.2': [0, 0.15, 0.3, 0.5],
  'fieldLength.3': [0, 0.15, 0.3, 0.5],
  'fieldLength.4': [0, 0.15, 0.28, 0.4, 0.6],
  'fieldLength.5': [0.2, 0.35, 0.5, 0.65, 0.8],
  saturation: [1.1, 1.6, 2.2, 3, 4.2],
  coverage: [0.25, 0.35, 0.45, 0.55, 0.7],
  bm25: [0.35, 0.45, 0.56, 0.7, 0.9],
  covered: [0, 0.07, 0.13, 0.2, 0.3],
  said: [0.1, 0.18, 0.25, 0.35, 0.5],
  precision: [0.45, 0.55, 0.66, 0.8, 1],
  order: [0, 0.04, 0.08, 0.15, 0.25],
  start: [0.14, 0.2, 0.28, 0.38, 0.5],
  keyword: [0.75, 0.83, 0.9, 1],
  slug: [0.8, 0.87, 0.93, 1],
  heading: [0.5, 0.57, 0.64, 0.72, 0.82],
}
const NO_CUT_OFF: Weights = { enough: -1, enoughPerTenfold: 0 }
/** Less is one query of the sample that fell the other way. */
const LEAST_GAIN = 0.0002
const SAMPLE = 100
const RESAMPLES = 2_000
const TRIALS_FILE = 'dist/our-trials.json'

/** What is judged by: success@1 of the whole query, and MRR@10 of each variant. */
const FIGURES = ['success@1-full', ...VARIANTS.map(variant => `mrr-${variant}`)]
type Scores = readonly number[]

export interface TuneOptions {
  /** Stopped after this, to go on at the next call. Milliseconds. */
  readonly forMs: number
  print(name: string, value: number): void
}

export async function tuneOurs(work: Work, { forMs, print }: TuneOptions): Promise<void> {
  const ends = performance.now() + forMs
  const ranking = await settableRanking()
  const trials = new Trials(ranking, work, ends)
  const folds = foldsOf(work.sets)
  try {
    const everything = fit('all', work.sets, trials, work.progress)
    const fitted = folds.map(({ name, sets }) => ({
      sets,
      weights: fit(
        `without ${name}`,
        work.sets.filter(set => !sets.includes(set)),
        trials,
        work.progress,
      ),
    }))
    const places = trials.inFull({})
    const leftOut = new Map(
      fitted.flatMap(({ sets, weights }) => {
        const found = trials.inFull(weights, sets)
        return sets.map(({ name }) => [name, found.get(name) ?? []] as const)
      }),
    )
    report('now', places, print)
    report('left-out', leftOut, print)
    report('fitted-to-all', trials.inFull(everything), print)
    reportGain(places, leftOut, print)
    for (const [i, { name }] of folds.entries())
      console.log(`weights-without-${name}: ${JSON.stringify(fitted[i]?.weights)}`)
    console.log(`weights-fitted-to-all: ${JSON.stringify(everything)}`)
  } catch (error) {
    if (!(error instanceof TimeOver)) throw error
    console.log(`${error.message} There are ${trials.count} trials.`)
  }
}

/** Sets of one help centre belong together: what was fitted to some of its queries was fitted to it. */
export function foldsOf(sets: readonly QuerySet[]): readonly { name: string; sets: readonly QuerySet[] }[] {
  const folds: { corpora: Set<string>; sets: QuerySet[] }[] = []
  for (const set of sets) {
    const corpora = new Set(set.queries.map(({ corpus }) => corpus))
    const known = folds.find(fold => [...corpora].some(corpus => fold.corpora.has(corpus)))
    if (known) {
      known.sets.push(set)
      for (const corpus of corpora) known.corpora.add(corpus)
    } else folds.push({ corpora, sets: [set] })
  }
  return folds.map(({ corpora, sets }) => ({ name: [...corpora].sort().join('-and-'), sets }))
}

/** @returns only what differs from today's weights */
function fit(
  name: string,
  sets: readonly QuerySet[],
  trials: Trials,
  progress: (line: string) => void,
): Weights {
  const score = (weights: Weights) => {
    const scores = trials.of(weights)
    return mean(sets.map(set => mean(scores[set.name] ?? [])))
  }
  let best: Weights = {}
  let most = score(best)
  const before = most
  const take = (weights: Weights): boolean => {
    const found = score(weights)
    if (found < most + LEAST_GAIN) return false
    most = found
    best = weights
    return true
  }
  const today = most
  const helped = Object.entries(TRIED)
    .flatMap(([weight, values]) =>
      values.map(value => ({ weight, value, gain: score({ [weight]: value }) - today })),
    )
    .filter(({ gain }) => gain >= LEAST_GAIN)
    .sort((a, b) => b.gain - a.gain)
  for (const { weight, value } of helped) take({ ...best, [weight]: value })
  for (let isBetter = true; isBetter; ) {
    isBetter = false
    for (const [weight, now] of Object.entries(best)) {
      const values = TRIED[weight] ?? []
      const at = values.indexOf(now)
      for (const value of [values[at - 1], values[at + 1]])
        if (value !== undefined && take({ ...best, [weight]: value })) isBetter = true
    }
  }
  progress(`${name}: ${before.toFixed(4)} -> ${most.toFixed(4)} ${JSON.stringify(best)}`)
  return best
}

/** Of one set, by query: what each figure counts for it. */
type PerQuery = readonly Scores[]

class Trials {
  private readonly kept: Record<string, Readonly<Record<string, Scores>>>
  private readonly key: string
  private readonly search: ReadonlyMap<string, (query: string, limit: number) => readonly string[]>
  private readonly sample: number
  private saved = performance.now()

  constructor(
    private readonly ranking: SettableRanking,
    private readonly work: Work,
    private readonly ends: number,
  ) {
    this.sample = Math.min(work.sample, SAMPLE)
    this.key = `${ranking.fingerprint} ${this.sample} ${work.sets.map(({ name }) => name)}`
    const file = existsSync(TRIALS_FILE) ? JSON.parse(readFileSync(TRIALS_FILE, 'utf8')) : {}
    this.kept = file.key === this.key ? file.trials : {}
    this.search = new Map(
      [...work.corpora].map(([name, articles]) => [name, ranking.open(indexJson(articles))]),
    )
  }

  get count(): number {
    return Object.keys(this.kept).length
  }

  /** By set, over its sample. What is as today counts as not said. @throws TimeOver */
  of(weights: Weights): Readonly<Record<string, Scores>> {
    const changed = Object.entries(weights)
      .filter(([name, value]) => this.ranking.shipped[name] !== value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    const key = JSON.stringify(changed)
    const known = this.kept[key]
    if (known) return known
    const found = this.ask(Object.fromEntries(changed), this.sample)
    const scores = Object.fromEntries(
      [...found].map(([set, each]) => [set, FIGURES.map((_, i) => mean(each.map(scores => scores[i] ?? 0)))]),
    )
    this.kept[key] = scores
    this.work.progress(`${this.count}: ${mean(Object.values(scores).map(mean)).toFixed(4)} ${key}`)
    this.save()
    return scores
  }

  /** By set, all of its queries. @throws TimeOver */
  inFull(weights: Weights, sets = this.work.sets): ReadonlyMap<string, PerQuery> {
    return this.ask(weights, this.work.sample, sets)
  }

  private ask(weights: Weights, sample: number, sets = this.work.sets): ReadonlyMap<string, PerQuery> {
    this.ranking.set({ ...weights, ...NO_CUT_OFF })
    return new Map(
      sets.map(({ name, queries }) => [name, sampleOf(queries, sample).map(query => this.scoresOf(query))]),
    )
  }

  private scoresOf(query: Query): Scores {
    if (performance.now() > this.ends) {
      this.save(true)
      throw new TimeOver()
    }
    const places = VARIANTS.map(variant => {
      const found = this.search.get(query.corpus)?.(variantOf(query, variant), 10) ?? []
      return found.findIndex(id => query.right.includes(id))
    })
    return [places[0] === 0 ? 1 : 0, ...places.map(place => (place < 0 ? 0 : 1 / (place + 1)))]
  }

  private save(isLast = false): void {
    if (!isLast && performance.now() - this.saved < 5_000) return
    this.saved = performance.now()
    writeFileSync(TRIALS_FILE, JSON.stringify({ key: this.key, trials: this.kept }))
  }
}

function report(
  name: string,
  found: ReadonlyMap<string, PerQuery>,
  print: (name: string, value: number) => void,
): void {
  for (const [i, figure] of FIGURES.entries()) {
    const bySet = [...found].map(([set, each]) => [set, mean(each.map(scores => scores[i] ?? 0))] as const)
    for (const [set, value] of bySet) print(`${set}-${name}-${figure}`, value)
    print(`mean-${name}-${figure}`, mean(bySet.map(([, value]) => value)))
  }
}

/** What the fitted weights add on the left-out help centres, with what chance alone would add: 95 of 100 resamples. */
function reportGain(
  before: ReadonlyMap<string, PerQuery>,
  after: ReadonlyMap<string, PerQuery>,
  print: (name: string, value: number) => void,
): void {
  const random = seeded(1)
  for (const [i, figure] of FIGURES.entries()) {
    const gains = [...before].map(([set, each]) =>
      each.map((scores, at) => (after.get(set)?.[at]?.[i] ?? 0) - (scores[i] ?? 0)),
    )
    const resampled = Array.from({ length: RESAMPLES }, () =>
      mean(gains.map(each => mean(each.map(() => each[Math.floor(random() * each.length)] ?? 0)))),
    ).sort((a, b) => a - b)
    print(`left-out-gain-${figure}`, mean(gains.map(mean)))
    print(`left-out-gain-${figure}-low`, quantile(resampled, 0.025))
    print(`left-out-gain-${figure}-high`, quantile(resampled, 0.975))
    print(`left-out-better-${figure}`, gains.flat().filter(gain => gain > 0).length)
    print(`left-out-worse-${figure}`, gains.flat().filter(gain => gain < 0).length)
  }
}
