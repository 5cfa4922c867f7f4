// `asklet train`: what the model of a site knows, before it is published: how often it is right on sentences that it
// has not seen, what it mixes up, and which examples would help. `asklet build` makes the same model.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from '../base/errors'
import { readArguments, usageError } from './arguments'
import { flowsOf } from './buildKnowledge'
import { readHelpFolder } from './helpFolder'
import { readIntents } from './intentFiles'
import type { Output } from './output'
import { contentHash } from './outputFolder'
import { readFolder, readSiteArguments } from './siteArguments'
import { trainSiteModel } from './siteModel'
import { trainReport } from './trainReport'

const USAGE = 'asklet train <articles folder> [--flows <dir|file>] [--intents <dir|file>]'
const HELP = [
  USAGE,
  '',
  '  Says how well messages are told apart: each fifth of the examples is judged by a model of the other four.',
  '',
  '  --flows <dir|file>     flows of the bot, *.json: their startsWith are examples',
  '  --intents <dir|file>   examples of intents that the site answers itself: <intent>.txt with a sentence a line, or',
  '                         *.jsonl of {"text": …, "label": …}; default intents in the articles folder.',
  '                         Up to 15 sentences of each stand in the public model file: none of a customer’s own',
  '  --locale <tag>         language of the examples, default en',
  '  --out <dir>            writes the model file there; "asklet build" does so unasked',
  '  --min <share>          exit code 1 when fewer than this share are right, for CI',
  '  --json                 one JSON object instead of lines',
]

export async function run(args: string[], out: Output): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      help: { type: 'boolean' },
      flows: { type: 'string' },
      intents: { type: 'string' },
      locale: { type: 'string', default: 'en' },
      out: { type: 'string' },
      min: { type: 'string', default: '0' },
      json: { type: 'boolean' },
    },
    USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  const folder = readFolder(positionals, USAGE)
  const { flows: flowsPath, intents: named, locale } = readSiteArguments(values, undefined, USAGE)
  const min = Number(values.min)
  if (!(min >= 0 && min <= 1))
    throw usageError(`--min must be a share from 0 to 1, got ${describe(values.min)}`, USAGE)

  const help = readHelpFolder(
    folder,
    { defaultLocale: locale, base: '/', imageHosts: [], except: [], skipDrafts: false },
    out,
  )
  const flows = flowsOf(flowsPath, help, USAGE)
  const intents = readIntents(folder, named, USAGE)
  const shown = help.articles.filter(({ article }) => article.access !== 'private')
  const started = performance.now()
  const { training, findings } = trainSiteModel(flows.flows, intents.examples, shown, locale)
  const seconds = (performance.now() - started) / 1_000
  const all = [...flows.findings, ...intents.findings, ...findings]
  if (!training) {
    for (const { file, line, sentence } of all) out.error(`${file}:${line}: ${sentence}`)
    if (!all.length)
      out.error(
        `there must be examples of two intents or more to tell apart, got ${flows.flows.length ? 'one flow' : 'none'}. Pass --flows, or put <intent>.txt files into ${join(folder, 'intents')}.`,
      )
    return 1
  }
  const json = JSON.stringify(training.file)
  const file = `model-${contentHash(json)}.json`
  if (values.out !== undefined) {
    mkdirSync(values.out, { recursive: true })
    writeFileSync(join(values.out, file), json)
  }
  const lines = trainReport(training, all, { json, seconds }, values.json === true)
  for (const line of lines) out.line(line)
  if (values.out !== undefined && !values.json) out.line(`written: ${join(values.out, file)}`)
  return all.some(({ kind }) => kind === 'error') || training.report.accuracy < min ? 1 : 0
}
