// How well suggestions find the article, ours and those of search libraries, in one run on one machine.
//
//   ASKLET_DATA=<folder> npm run bench:relevance -- [--only asklet,minisearch] [--sets a,b] [--sample 100]
//     [--queries <folder>] [--corpora <folder>] [--extra] [--tune] [--tune-ours] [--write] [--for 150]
//
// Prints `name: value` lines; the last ones are the means over the sets, each set counting the same. `--extra`
// prints what only ours does; `--tune` looks for better settings of MiniSearch, `--tune-ours` for better weights of
// ours. `--write` renews the row of each engine in results.md, and keeps in dist/ what was measured by this code:
// with `--for <seconds>` it stops there, and the same command goes on.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { asklet } from './asklet'
import { measureCompletions } from './completions'
import { readCorpus, readQuerySets } from './corpora'
import type { Engine } from './engine'
import { measureExtra } from './extra'
import { type Figures, mean, meanFigures } from './figures'
import { floor } from './floor'
import { LIBRARIES } from './libraries'
import { type Measured, measure, type Work } from './measure'
import { minisearch, minisearchPlain } from './minisearch'
import { IN_ONE_GO, openPieces, TimeOver } from './pieces'
import { writeResults } from './results'
import { tune } from './tune'
import { tuneOurs } from './tuneOurs'
import { VARIANTS, type Variant } from './variants'

const ENGINES: readonly Engine[] = [asklet, minisearch, minisearchPlain, ...LIBRARIES, floor]
/** Keys are counted for these two, on so many queries of each set: each key of each is a search. */
const KEYS_COUNTED: readonly Engine[] = [asklet, minisearch]
const KEYS_SAMPLE = 150
/** Completions are asked for at each key, up to the last one. */
const COMPLETIONS_SAMPLE = 50

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    sets: { type: 'string', default: '' },
    sample: { type: 'string', default: '' },
    queries: { type: 'string' },
    corpora: { type: 'string' },
    extra: { type: 'boolean', default: false },
    tune: { type: 'boolean', default: false },
    'tune-ours': { type: 'boolean', default: false },
    for: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
})

const data = process.env.ASKLET_DATA
if (!data && !(values.queries && values.corpora)) {
  console.log(
    'ASKLET_DATA must name the folder of outside data, or --queries and --corpora its two folders; got nothing. Nothing was measured.',
  )
  process.exit(0)
}
const queriesFolder = values.queries ?? join(data ?? '', 'search', 'dev')
const corporaFolder = values.corpora ?? join(data ?? '', 'search', 'corpora')

const names = (list: string) => list.split(',').filter(Boolean)
const sample = values.sample ? Number(values.sample) : Number.POSITIVE_INFINITY
if (!(sample >= 1)) fail(`--sample must be a number of queries, got ${values.sample}.`)
const forMs = values.for ? Number(values.for) * 1_000 : Number.POSITIVE_INFINITY
if (!(forMs > 0)) fail(`--for must be a number of seconds, got ${values.for}.`)
const unknown = names(values.only).filter(name => !ENGINES.some(engine => engine.name === name))
if (unknown.length)
  fail(`There is no engine "${unknown[0]}". There are: ${ENGINES.map(({ name }) => name).join(', ')}.`)
const engines = ENGINES.filter(({ name }) => !values.only || names(values.only).includes(name))

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}

const sets = readQuerySets(queriesFolder, names(values.sets))
const corpora = new Map(
  [...new Set(sets.flatMap(({ queries }) => queries.map(({ corpus }) => corpus)))]
    .sort()
    .map(name => [name, readCorpus(corporaFolder, name)]),
)
const work: Omit<Work, 'keysSample'> = {
  sets,
  corpora,
  sample,
  progress: line => console.error(line),
}

function print(name: string, value: number): void {
  console.log(`${name}: ${Number.isInteger(value) ? value : value.toFixed(4)}`)
}

for (const [name, articles] of corpora) print(`${name}-articles`, articles.length)
for (const { name, queries } of sets) print(`${name}-queries`, queries.length)

if (values['tune-ours']) {
  await tuneOurs({ ...work, keysSample: 0 }, { forMs, print })
  process.exit(0)
}
if (values.tune) {
  await tune({ ...work, keysSample: 0, sample: Math.min(sample, 60) })
  process.exit(0)
}

// Figures hang on nothing but this bundle, what it reads and what it is asked.
const pieces = values.write
  ? openPieces({
      file: 'dist/relevance-pieces.json',
      of: `${createHash('sha256')
        .update(readFileSync(fileURLToPath(import.meta.url)))
        .digest('hex')} ${sample} ${queriesFolder} ${corporaFolder} ${sets.map(({ name }) => name)}`,
      forMs,
    })
  : IN_ONE_GO
const measured: Measured[] = []
for (const engine of engines) {
  const keysSample = KEYS_COUNTED.includes(engine) ? Math.min(sample, KEYS_SAMPLE) : 0
  try {
    const result = await measure(engine, { ...work, keysSample }, pieces)
    measured.push(result)
    report(result)
    if (values.write) await writeResults('tests/bench/results.md', ENGINES, [result], work, pieces)
  } catch (error) {
    if (!(error instanceof TimeOver)) throw error
    console.log(error.message)
    process.exit(0)
  }
}

function report({ name, sets: figures, keysSaved, sample: asked, crashes, complaints }: Measured): void {
  if (Number.isFinite(asked)) print(`${name}-sample-per-set`, asked)
  for (const [set, variants] of figures)
    for (const variant of VARIANTS) printFigures(`${set}-${variant}-${name}`, variants[variant])
  for (const variant of VARIANTS) printFigures(`mean-${variant}-${name}`, meanOf(figures, variant))
  for (const [set, saved] of keysSaved) print(`${set}-keys-saved-${name}`, saved)
  print(`${name}-crashes`, crashes)
  for (const complaint of complaints) console.error(`${name} crashed ${complaint}`)
}

function printFigures(name: string, { first, firstThree, reciprocal }: Figures): void {
  print(`${name}-success@1`, first)
  print(`${name}-success@3`, firstThree)
  print(`${name}-mrr@10`, reciprocal)
}

function meanOf(figures: Measured['sets'], variant: Variant): Figures {
  return meanFigures([...figures.values()].map(variants => variants[variant]))
}

if (engines.includes(asklet)) {
  const { keysSaved, shown, meant } = await measureCompletions(
    asklet,
    work,
    Math.min(sample, COMPLETIONS_SAMPLE),
  )
  print('completion-keys-saved', keysSaved)
  print('completion-shown', shown)
  print('completion-meant', meant)
}
if (values.extra)
  measureExtra({ ...work, keysSample: 0 }, join(data ?? '', 'intents', 'intent-clinc150-test.jsonl'), print)

const savedBy = (engine: Engine) => {
  const found = measured.find(({ name }) => name === engine.name)
  return found && mean([...found.keysSaved.values()])
}
const [ours, theirs] = [savedBy(asklet), savedBy(minisearch)]
if (ours !== undefined || theirs !== undefined)
  print('keys-saved-sample-per-set', Math.min(sample, KEYS_SAMPLE))
if (ours !== undefined && theirs) print('keys-saved-ratio', ours / theirs)
for (const [engine, prefix] of [
  [asklet, ''],
  [minisearch, 'minisearch-'],
] as const) {
  const found = measured.find(({ name }) => name === engine.name)
  if (!found) continue
  print(`${prefix}success@1-full`, meanOf(found.sets, 'full').first)
  for (const variant of VARIANTS) print(`${prefix}mrr-${variant}`, meanOf(found.sets, variant).reciprocal)
  print(`${prefix}keys-saved`, savedBy(engine) ?? 0)
}
