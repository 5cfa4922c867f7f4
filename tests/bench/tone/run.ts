// How well frustration is read, on comments that nobody here wrote (GoEmotions), on support messages of our own
// (written before anything was fitted) and as the share of ordinary questions that are called frustrated.
//
//   ASKLET_DATA=<folder> npm run bench:tone [-- --train] [--lexicon <file>] [--full] [--sizes] [--trust] [--heard]
//
// `--train` writes src/understanding/languages/en.tone.json, with the rated words that are in it, or those of
// `--lexicon` (`vader_lexicon.txt` of the npm package vader-sentiment 1.1.3, which nothing else needs); `--full` measures a model of all features as well;
// `--sizes` prints what bytes buy; `--trust` how much trust in the examples cross-validation prefers; `--heard` lists
// what is heard in our own messages, and ordinary questions that pass for angry.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { brotliCompressSync } from 'node:zlib'
import { english } from '../../../src/understanding/languages/en'
import { createTone, soundsAngry } from '../../../src/understanding/tone'
import { createToneModel, type ToneModelFile } from '../../../src/understanding/toneModel'
import { areaUnderCurve, calibrationError } from '../../../src/understanding/training/calibrate'
import {
  type Comment,
  crossScores,
  isFrustrated,
  type Message,
  ratedWords,
  toneRows,
  toneSight,
  trainTone,
} from './trainTone'

const FILE = 'src/understanding/languages/en.tone.json'
const OWN = 'tests/bench/tone/own.jsonl'
/** Written apart from those, by somebody who had not read them. */
const OWN_TRAINING = 'tests/bench/tone/training.jsonl'
const FEATURES = 14_000
const TRUST = 4
const ORDINARY_OF_A_SET = 1_000

const { values } = parseArgs({
  options: {
    train: { type: 'boolean' },
    lexicon: { type: 'string' },
    full: { type: 'boolean' },
    sizes: { type: 'boolean' },
    trust: { type: 'boolean' },
    heard: { type: 'boolean' },
  },
})
const lines = <Shape>(file: string): Shape[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
const data = process.env.ASKLET_DATA
const comments = (part: string) =>
  data ? lines<Comment>(join(data, 'tone', `tone-goemotions-${part}.jsonl`)) : []
/** Every sixth: they are many, and less varied than the comments. */
const questions = () =>
  data ? ['banking77', 'clinc150'].flatMap(name => trainTexts(name)).filter((_, at) => at % 6 === 0) : []
const trainTexts = (name: string) =>
  lines<{ text: string }>(join(data as string, 'intents', `intent-${name}-train.jsonl`)).map(
    ({ text }) => text,
  )
/** As many of each set, beside those. */
const ordinary = () =>
  ['banking77', 'clinc150', 'hwu64', 'bitext'].flatMap(name =>
    trainTexts(name)
      .filter((_, at) => at % 6 === 3)
      .slice(0, ORDINARY_OF_A_SET),
  )
const kB = (file: ToneModelFile) => (brotliCompressSync(JSON.stringify(file)).length / 1_000).toFixed(1)

function areaOf(scores: readonly number[], truths: readonly boolean[]): string {
  return areaUnderCurve(
    scores.filter((_, at) => truths[at]),
    scores.filter((_, at) => !truths[at]),
  ).toFixed(4)
}

const rated = values.lexicon
  ? ratedWords(readFileSync(values.lexicon, 'utf8'))
  : (JSON.parse(readFileSync(FILE, 'utf8')) as ToneModelFile).rated
const messages = lines<Message>(OWN_TRAINING)
const figures: string[] = []
if (!data)
  console.log('Outside comments were left out: set ASKLET_DATA to the folder of outside data to read them.')
if (data && values.train) {
  const file = trainTone(comments('train'), questions(), messages, ordinary(), rated, FEATURES, TRUST)
  writeFileSync(FILE, `${JSON.stringify(file)}\n`)
}
const test = comments('test')
const truths = test.map(isFrustrated)
if (data && values.trust) {
  const train = comments('train')
  const rows = toneRows(train, 20, toneSight(rated))
  for (const trust of [2, 4, 8])
    console.log(
      `trust ${trust}: ${areaOf(crossScores(rows, train.map(isFrustrated), FEATURES, trust), train.map(isFrustrated))} cross-validated`,
    )
}
if (data && values.sizes) {
  const train = comments('train')
  for (const features of [5_000, 12_000, 25_000]) {
    const file = trainTone(train, questions(), messages, ordinary(), rated, features, TRUST)
    const tone = createTone(english.tone, () => createToneModel(file))
    const read = test.map(({ text }) => tone(text).frustration)
    console.log(`${features} features: ${kB(file)} kB, ${areaOf(read, truths)}`)
  }
}
if (data && values.full) {
  const file = trainTone(
    comments('train'),
    questions(),
    messages,
    ordinary(),
    rated,
    Number.POSITIVE_INFINITY,
    TRUST,
  )
  const tone = createTone(english.tone, () => createToneModel(file))
  const read = test.map(({ text }) => tone(text).frustration)
  figures.push(`tone-full-kb: ${kB(file)}`, `tone-auroc: ${areaOf(read, truths)}`)
}
if (!existsSync(FILE)) throw new Error(`${FILE} is missing: run with --train and ASKLET_DATA.`)
const file: ToneModelFile = JSON.parse(readFileSync(FILE, 'utf8'))
const model = createToneModel(file)
const readers = { lists: createTone(english.tone), model: createTone(english.tone, () => model) }
if (data) {
  const tones = test.map(({ text }) => readers.model(text).frustration)
  figures.push(
    `tone-auroc-lists: ${areaOf(
      test.map(({ text }) => readers.lists(text).frustration),
      truths,
    )}`,
  )
  figures.push(`tone-auroc@${kB(file)}: ${areaOf(tones, truths)}`)
  const error = calibrationError(
    tones.map((confidence, at) => ({ confidence, isRight: truths[at] as boolean })),
  )
  figures.push(`tone-ece: ${error.toFixed(4)}`)
}
const own = lines<Message>(OWN)
for (const [name, read] of Object.entries(readers)) {
  const tones = own.map(({ text }) => read(text).frustration)
  const over = (line: number, label: number) =>
    own.filter((one, at) => one.label === label && (tones[at] as number) >= line).length
  figures.push(
    `tone-own-auroc-${name}: ${areaOf(
      tones,
      own.map(({ label }) => label === 1),
    )}`,
  )
  const angryFrom = name === 'model' ? file.angryFrom : 0.6
  for (const line of [0.3, 0.4, 0.5, 0.6, angryFrom])
    console.log(
      `own, ${name}, from ${line}: ${over(line, 1)} of 60 frustrated, ${over(line, 0)} of 90 others`,
    )
  figures.push(`tone-own-angry-${name}: ${(over(angryFrom, 1) / 60).toFixed(3)}`)
  figures.push(`tone-own-wrongly-${name}: ${(over(angryFrom, 0) / 90).toFixed(3)}`)
}
if (values.heard)
  for (const { text, label } of own) {
    const { frustration, evidence } = readers.model(text)
    console.log(`${label} ${frustration.toFixed(2)} ${text} [${evidence.join(', ')}]`)
  }
if (data)
  for (const name of ['bitext', 'banking77', 'clinc150', 'hwu64']) {
    const texts = lines<{ text: string }>(join(data, 'intents', `intent-${name}-test.jsonl`))
    for (const [reader, read] of Object.entries(readers)) {
      const wrongly = texts.filter(({ text }) => soundsAngry(read(text)))
      figures.push(`tone-ordinary-${name}-${reader}: ${(wrongly.length / texts.length).toFixed(4)}`)
      if (values.heard && reader === 'model')
        for (const { text } of wrongly.slice(0, 12))
          console.log(`${name}: ${text} [${readers.model(text).evidence.join(', ')}]`)
    }
  }
for (const figure of figures) console.log(figure)
