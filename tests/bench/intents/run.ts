// `npm run bench:intents`: how well intents are told apart on sets that nobody here wrote, beside a simple linear
// model in the same run; bytes of the model file, time to train, time of a message in a slow Chromium.
// `--only clinc150,banking77,10shot,hint3,chromium` runs a part. Of sets with examples of what is out of scope, those
// for training teach what is none of the labels.

import { brotliCompressSync, constants } from 'node:zlib'
import { createLinearModel } from '../../../src/understanding/linearModel'
import { type Example, type TrainOptions, trainModel } from '../../../src/understanding/training/trainModel'
import { timeInChromium } from './inChromium'
import { figuresOf, firstOfEach, inScope, OUTSIDE, readSet, type SetFigures } from './sets'
import { trainSimple } from './simple'

const data = process.env.ASKLET_DATA
const at = process.argv.indexOf('--only')
const only = at < 0 ? null : (process.argv[at + 1] ?? '').split(',')
const isWanted = (part: string) => !only || only.includes(part)

/** Weights that come out at about the bytes of the target, in few levels. */
const SMALL: Readonly<Record<string, Partial<TrainOptions>>> = {
  clinc150: { maxWeights: 125_000, levels: 8 },
  banking77: { maxWeights: 105_000, levels: 8 },
}
const LARGE: Partial<TrainOptions> = { maxWeights: 1_000_000 }
const SHOTS = 10

const results: string[] = []
const eces: number[] = []

if (!data) console.log('bench:intents is left out: set ASKLET_DATA to the folder of outside data.')
else await run(data)

async function run(folder: string): Promise<void> {
  print(['set', 'accuracy', 'ece', 'auroc', 'oos recall', 'mcc', 'oos ece', 'br', 'train s'])
  let chromium: { readonly json: string; readonly texts: readonly string[] } | undefined
  for (const name of ['clinc150', 'banking77']) {
    if (!isWanted(name)) continue
    const all = readSet(folder, `${name}-train`)
    const train = inScope(all)
    const test = readSet(folder, `${name}-test`)
    // What a site's articles are asked; CLINC150 brings 200 examples of it.
    const outside = all.filter(({ label }) => label === OUTSIDE).map(({ text }) => text)
    const own = outside.length ? { outside } : {}
    simple(name, train, test)
    const large = ours(`${name}, large`, train, test, { ...LARGE, ...own })
    const small = ours(`${name}, small`, train, test, { ...SMALL[name], ...own })
    add(`${name}-accuracy`, large.figures.accuracy)
    add(`${name}-accuracy@${name === 'clinc150' ? '120kB' : '90kB'}`, small.figures.accuracy)
    add(`${name}-br`, small.br)
    if (large.figures.auroc !== undefined) add(`${name}-auroc`, large.figures.auroc)
    if (large.figures.recall !== undefined) add(`${name}-oos-recall`, large.figures.recall)
    eces.push(large.figures.ece, small.figures.ece)
    chromium ??= { json: small.json, texts: test.slice(0, 300).map(({ text }) => text) }
  }
  if (isWanted('10shot')) {
    const train = firstOfEach(inScope(readSet(folder, 'clinc150-train')), SHOTS)
    const test = readSet(folder, 'clinc150-test')
    const floor = simple('clinc150, ten examples', train, test)
    const { figures } = ours('clinc150, ten examples', train, test, {})
    add('clinc150-10shot', figures.accuracy)
    add('clinc150-10shot-simple', floor.accuracy)
    eces.push(figures.ece)
  }
  if (isWanted('hint3'))
    for (const shop of ['curekart', 'powerplay11', 'sofmattress']) {
      const train = inScope(readSet(folder, `hint3-${shop}-train`))
      const test = readSet(folder, `hint3-${shop}-test`)
      simple(`hint3-${shop}`, train, test)
      const { figures, json } = ours(`hint3-${shop}`, train, test, {})
      add(`hint3-mcc-${shop}`, figures.mcc ?? 0)
      chromium ??= { json, texts: test.map(({ text }) => text) }
    }
  if (isWanted('chromium') && chromium) {
    const { readMs, p95Ms } = await timeInChromium(chromium.json, chromium.texts)
    console.log(
      `in Chromium at a quarter: the file is read in ${readMs.toFixed(1)} ms, p95 of a message ${p95Ms.toFixed(2)} ms`,
    )
    add('predict-ms', p95Ms)
  }
  if (eces.length) add('ece', Math.max(...eces))
  console.log(results.join('\n'))
}

function ours(
  name: string,
  train: readonly Example[],
  test: readonly Example[],
  options: Partial<TrainOptions>,
) {
  const started = process.cpuUsage().user
  const { file } = trainModel(train, { locale: 'en', ...options })
  const seconds = (process.cpuUsage().user - started) / 1_000_000
  const json = JSON.stringify(file)
  const br = brotliCompressSync(json, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
  const figures = figuresOf(createLinearModel(file), test)
  row(name, figures, String(br), seconds.toFixed(1))
  return { figures, json, br }
}

function simple(name: string, train: readonly Example[], test: readonly Example[]): SetFigures {
  const started = process.cpuUsage().user
  const figures = figuresOf(trainSimple(train), test)
  row(`${name}, simple linear`, figures, '', ((process.cpuUsage().user - started) / 1_000_000).toFixed(1))
  return figures
}

function row(name: string, figures: SetFigures, br: string, seconds: string): void {
  const { accuracy, ece, auroc, recall, mcc, outsideEce } = figures
  const cells = [accuracy, ece, auroc, recall, mcc, outsideEce].map(value => value?.toFixed(3) ?? '')
  print([name, ...cells, br, seconds])
}

function print(cells: readonly string[]): void {
  console.log(cells.map((cell, i) => (i ? cell.padStart(11) : cell.padEnd(40))).join(''))
}

function add(name: string, value: number): void {
  results.push(`${name}: ${Number.isInteger(value) ? value : value.toFixed(4)}`)
}
