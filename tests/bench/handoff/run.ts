// How often a wish for a person is heard, and how often one is heard that nobody has: by the patterns alone, by
// patterns and model as they are shipped, and by models that have not seen the family of sources that they are
// asked about. What is unclear is left out. `own` are wordings by somebody who knew neither patterns nor training
// sentences, and nothing was ever fitted on them; outside families the shipped weights have seen.
//
//   ASKLET_DATA=<folder> npm run bench:handoff [-- --train | --misses <family>]
//
// --train   trains anew, minutes, writes src/understanding/languages/enPerson.ts, and tells what models say of
//           families that they have not seen

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { brotliCompressSync } from 'node:zlib'
import { english } from '../../../src/understanding/languages/en'
import { ASKS } from '../../../src/understanding/languages/enPerson'
import { calibrationError } from '../../../src/understanding/training/calibrate'
import { createPersonReader } from '../../../src/understanding/wantsPerson'
import { OWN_FAMILY, type Sample, type Sentence, toSample, trainPerson } from './model'

const { values } = parseArgs({ options: { misses: { type: 'string' }, train: { type: 'boolean' } } })
const MODEL = 'src/understanding/languages/enPerson.ts'
/** Families that are trained on, and how many of their other sentences. */
const MORE = ['banking77', 'clinc150']
const MORE_EACH = 1_500

const read = (file: string): Sentence[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
const data = process.env.ASKLET_DATA
if (!data)
  console.log('Outside sentences were left out: set ASKLET_DATA to the folder of outside data to read them.')
const outside = data ? read(join(data, 'intents', 'handoff.jsonl')).filter(({ label }) => label >= 0) : []

interface Verdict {
  readonly family: string
  readonly asks: boolean
  readonly taken: boolean
}

/** Wilson's interval of 95 %, for few cases. */
function interval(hits: number, all: number): string {
  if (!all) return 'none'
  const z = 1.96
  const share = hits / all
  const middle = (share + (z * z) / (2 * all)) / (1 + (z * z) / all)
  const half = (z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all))) / (1 + (z * z) / all)
  return `${(middle - half).toFixed(3)} to ${(middle + half).toFixed(3)}`
}

/** @returns lines `name: value` */
function figuresOf(name: string, verdicts: readonly Verdict[]): string[] {
  return [...new Set(verdicts.map(({ family }) => family))].flatMap(family => {
    const rows = verdicts.filter(row => row.family === family)
    const asking = rows.filter(({ asks }) => asks).length
    const taken = rows.filter(row => row.taken)
    const right = taken.filter(({ asks }) => asks).length
    console.log(
      `  ${family}: n ${rows.length}, ${asking} ask, taken for asks ${taken.length}; recall ${interval(right, asking)}, precision ${interval(right, taken.length)}, taken wrongly ${interval(taken.length - right, rows.length - asking)} (95 %)`,
    )
    if (!asking) return [`${name}-heard-wrongly-${family}: ${(taken.length / rows.length).toFixed(4)}`]
    return [
      `${name}-precision-${family}: ${(right / (taken.length || 1)).toFixed(3)}`,
      `${name}-recall-${family}: ${(right / asking).toFixed(3)}`,
    ]
  })
}

const figures: string[] = []
if (values.train) {
  if (!data)
    throw new Error('Training needs outside sentences: set ASKLET_DATA to the folder of outside data.')
  trainAndWrite(data)
} else measure()
for (const figure of figures.sort()) console.log(figure)

function measure(): void {
  const OWN = 'tests/bench/handoff/wordings.jsonl'
  const sentences = [...outside, ...(existsSync(OWN) ? read(OWN).filter(({ label }) => label >= 0) : [])]
  const familyOf = ({ src }: Sentence) => src.split('-')[0] as string
  const patterns = createPersonReader(english.person)
  const shipped = createPersonReader(english.person, english.personModel?.())
  const verdicts = (hear: typeof shipped) =>
    sentences.map(one => ({ family: familyOf(one), asks: one.label === 1, taken: hear(one.text).asks }))
  console.log('The patterns alone, as written with outside sentences at hand:')
  figures.push(...figuresOf('handoff-patterns', verdicts(patterns)))
  console.log('Shipped; its weights have seen every family but own:')
  figures.push(...figuresOf('handoff', verdicts(shipped)))
  for (const [name, rows] of [
    ['handoff-ece', sentences],
    ['handoff-ece-own', sentences.filter(one => familyOf(one) === 'own')],
  ] as const) {
    const sure = rows.map(one => ({ confidence: shipped(one.text).confidence, isRight: one.label === 1 }))
    figures.push(`${name}: ${calibrationError(sure).toFixed(4)}`)
  }
  const started = performance.now()
  for (const { text } of sentences) shipped(text)
  figures.push(`handoff-ms-a-message: ${((performance.now() - started) / sentences.length).toFixed(3)}`)
  for (const one of values.misses && values.misses !== 'own' ? sentences : []) {
    if (familyOf(one) !== values.misses || shipped(one.text).asks === (one.label === 1)) continue
    console.log(`${one.label ? 'missed' : 'heard wrongly'}: ${one.text}`)
  }
}

function trainAndWrite(folder: string): void {
  const own = read('tests/bench/handoff/training.jsonl').map(one => ({ ...one, src: OWN_FAMILY }))
  const known = new Set(outside.map(({ text }) => text))
  const more: Sample[] = MORE.flatMap(family => {
    const others = read(join(folder, 'intents', `intent-${family}-train.jsonl`)).filter(
      ({ text }) => !known.has(text),
    )
    const every = Math.ceil(others.length / MORE_EACH)
    return others
      .filter((_, at) => at % every === 0)
      .map(({ text }) => toSample({ text, label: 0, src: family }))
      .filter(({ isHeard }) => !isHeard)
  })
  const { judged, file, ...counts } = trainPerson([...own, ...outside].map(toSample), more, ASKS)
  const rows = judged.map(({ sample, odds }) => ({
    family: sample.family,
    asks: sample.label === 1,
    confidence:
      1 / (1 + Math.exp(-(counts.usual + counts.counts * odds + (sample.isHeard ? counts.heard : 0)))),
    isHeard: sample.isHeard,
  }))
  console.log('Left out in turn: each family, and of our own training sentences each fifth:')
  figures.push(
    ...figuresOf(
      'handoff-left-out',
      rows.map(row => ({ ...row, taken: row.isHeard || row.confidence >= counts.from })),
    ),
    `handoff-left-out-ece: ${calibrationError(rows.map(({ confidence, asks }) => ({ confidence, isRight: asks }))).toFixed(4)}`,
  )
  const source = sourceOf(file, counts)
  writeFileSync(MODEL, source)
  figures.push(`handoff-model-br: ${brotliCompressSync(source.slice(source.indexOf('export'))).length}`)
}

function sourceOf(file: object, counts: object): string {
  return `// Written by \`npm run bench:handoff -- --train\`: weights that hear an ask for a person in wordings that no pattern
// knows. Learnt from our own sentences (tests/bench/handoff/training.jsonl) and, as weights of hashed words, pairs of
// words and pieces of words that three sentences or more have, from the sets that NOTICE names.

import type { ModelFile } from '../linearModel'

export const ASKS = '${ASKS}'

/** See \`PersonModel\`. */
// biome-ignore format: written by the trainer
export const englishPersonModel: {
  readonly file: ModelFile
  readonly usual: number
  readonly counts: number
  readonly heard: number
  readonly from: number
} = ${JSON.stringify({ ...counts, file }, null, 2).replace(/"(\w+)":/g, '$1:')}
`
}
