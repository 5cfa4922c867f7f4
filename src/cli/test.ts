// `asklet test`: plays transcripts of conversations against the bot over a site's own help, and prints what did not
// hold beside what was said. Reads arguments and files and writes the report; transcripts are read by transcript, and
// played by runDialogue.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe } from '../base/errors'
import { type Config, parseConfig } from '../protocol/config'
import { readArguments, usageError } from './arguments'
import { CACHE_HELP, CACHE_OPTIONS, defaultCacheFolder, openCacheFile } from './cacheFile'
import { dialogueReport } from './dialogueReport'
import { openDialogueSite, type SiteFiles } from './dialogueSite'
import { unfilled, unfilledPlaces } from './flowFiles'
import type { Output } from './output'
import { type DialogueResult, runDialogue } from './runDialogue'
import { filesOf, readSiteArguments, SITE_HELP, SITE_OPTIONS } from './siteArguments'
import { type Dialogue, parseTranscripts, type TranscriptProblem } from './transcript'

const USAGE =
  'asklet test <folder of *.test.txt | file.test.txt> … [--articles <dir>] [--flows <dir|file>] [--intents <dir|file>]'
const HELP = [
  USAGE,
  '',
  '  A transcript says what a visitor does and what must hold of each answer:',
  '',
  '    test: A late withdrawal',
  '    on: /withdrawals as freelancer',
  '    > Where is my withdrawal?',
  '    asks: withdrawal',
  '',
  ...SITE_HELP,
  ...CACHE_HELP,
  '  --all                print the transcripts that hold, too',
  '  --json               one JSON object instead of lines',
  '',
  '  Stand-ins are looked for in actions.json among the transcripts. A function of which only the name is given fails.',
]

export async function run(args: string[], out: Output): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { ...SITE_OPTIONS, ...CACHE_OPTIONS, all: { type: 'boolean' }, json: { type: 'boolean' } },
    USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  if (!positionals.length) throw usageError('there must be a folder or file of transcripts, got none', USAGE)
  const paths = positionals.flatMap(path => filesOf(path, 'transcripts', '.test.txt', USAGE))
  const { dialogues, problems, open } = readTranscriptFiles(paths)
  for (const { file, line, sentence } of problems) out.error(`${file}:${line}: ${sentence}`)
  if (problems.length) return 1

  const { articles, flows, intents, config, actions, locale } = readSiteArguments(values, paths[0], USAGE)
  if (articles === undefined)
    throw usageError('--articles must say where the articles are, got nothing, and none lie beside', USAGE)
  const cacheFile = values['no-cache']
    ? null
    : openCacheFile(values.cache ?? defaultCacheFolder(), articles, { locale })
  const { site, findings } = await openDialogueSite({
    articles,
    locale,
    config: readConfig(config),
    ...(flows !== undefined && { flows }),
    ...(intents !== undefined && { intents }),
    ...(actions !== undefined && { actions }),
    ...(cacheFile && { cache: cacheFile.cache }),
  } satisfies SiteFiles)
  const unsaved = cacheFile?.save()
  if (unsaved) out.error(unsaved)
  // A pack that is still to be filled in is no reason to say nothing of the rest.
  const packs = new Set([
    ...open.map(({ file }) => packOf(file)),
    ...(flows === undefined ? [] : openPacks(flows)),
  ])
  const mistakes = findings.filter(({ file }) => !packs.has(packOf(file)))
  for (const { file, line, column, sentence } of mistakes)
    out.error(`${file}:${line}${column === undefined ? '' : `:${column}`}: ${sentence}`)
  if (mistakes.length) return 1
  for (const pack of packs) {
    const places = [...findings, ...open].filter(({ file }) => packOf(file) === pack)
    out.error(
      `${pack} must be filled in, got ${places.length} place${places.length === 1 ? '' : 's'} that ${places.length === 1 ? 'is' : 'are'} not: its flow and transcripts were left out. Its readme says what they are.`,
    )
    for (const { file, line, sentence } of places) out.error(`  ${file}:${line}: ${sentence}`)
  }

  const results: DialogueResult[] = []
  const played = dialogues.filter(({ file }) => !packs.has(packOf(file)))
  for (const dialogue of played) {
    results.push(await runDialogue(dialogue, site))
    out.progress?.(results.length, played.length, 'talking')
  }
  const failed = results.filter(({ passed }) => !passed)
  if (values.json)
    out.line(
      JSON.stringify({ passed: !failed.length && !packs.size, leftOut: [...packs], dialogues: results }),
    )
  else for (const line of dialogueReport(results, { all: values.all === true, site })) out.line(line)
  return failed.length || packs.size ? 1 : 0
}

/** `flows/passwords.json`, `tests/passwords.test.txt` -> passwords */
const packOf = (file: string) => basename(file).replace(/\.(?:json|test\.txt)$/, '')

/** Of a folder of flows, or one file. */
const openPacks = (flows: string) =>
  (statSync(flows).isDirectory() ? readdirSync(flows).map(name => join(flows, name)) : [flows])
    .filter(path => path.endsWith('.json'))
    .filter(path => unfilledPlaces(readFileSync(path, 'utf8')).length)
    .map(packOf)

export function readTranscriptFiles(paths: readonly string[]): {
  readonly dialogues: readonly Dialogue[]
  readonly problems: readonly TranscriptProblem[]
  /** Places of packs that are still to be filled in; transcripts with them are left out. */
  readonly open: readonly TranscriptProblem[]
} {
  const names = paths.map(path => basename(path))
  const read = paths.map((path, i) => {
    const name = names[i] ?? path
    const file = names.filter(other => other === name).length > 1 ? path : name
    const text = readFileSync(path, 'utf8')
    const open = unfilledPlaces(text)
    return open.length
      ? {
          dialogues: [],
          problems: [],
          open: open.map(({ place, line }) => ({ file, line, sentence: unfilled(place) })),
        }
      : { ...parseTranscripts(text, file), open: [] }
  })
  return {
    dialogues: read.flatMap(({ dialogues }) => dialogues),
    problems: read.flatMap(({ problems }) => problems),
    open: read.flatMap(({ open }) => open),
  }
}

/**
 * Without a file: a site with people and without policy topics.
 *
 * @param usage  of the command that was called; part of the error
 * @throws AskletError `cli_usage` for a file that cannot be read, `options_…` for one that says what cannot be
 */
export function readConfig(path: string | undefined, usage = USAGE): Config {
  if (path === undefined) return parseConfig({ server: '/' }, 'the default').config
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw usageError(
      `--config must name a JSON file, got ${describe(path)} ("asklet check" shows the line)`,
      usage,
    )
  }
  return parseConfig(json, basename(path)).config
}
