// `asklet dev`: a preview of a help folder while it is written. Builds in memory at each change, and serves a page on
// this machine that shows suggestions with their reasons, articles, and what is wrong with which line.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe } from '../base/errors'
import { readArguments, usageError } from './arguments'
import type { KnowledgeOptions } from './buildKnowledge'
import { createDevBuild, type DevState } from './devBuild'
import { type DevServer, startDevServer } from './devServer'
import type { Output } from './output'
import { ownFolder } from './ownFolder'
import { readFolder, readLocale } from './siteArguments'
import { watchFolder } from './watchFolder'

const USAGE = 'asklet dev <folder> [--flows <dir|file>] [--texts <dir|file>] [--port 8788]'
const HELP = [
  USAGE,
  '',
  '  A page on this machine: choose page, role and language, type a question, see what comes and why. It follows',
  '  each change of the folder; while an article has a mistake, the last good build stays.',
  '',
  '  --flows <dir|file>        flows of the bot, *.json: checked',
  '  --texts <dir|file>        own texts, one <locale>.json each: checked; locales in asklet.json names them',
  '  --synonyms <file>         words that stand for one another; default synonyms.txt in the articles folder',
  '  --outcomes <file>         what articles solved, JSON Lines of { articleId, solved, notSolved }',
  '  --locale <tag>            language of articles that name none, default en',
  '  --allow-images <hosts>    hosts whose images may be shown, with commas between',
  '  --skip-drafts             leave out articles with draft: true',
  '  --port <number>           0 for any free one, default 8788; always at 127.0.0.1',
]
const OPTIONS = {
  help: { type: 'boolean' },
  flows: { type: 'string' },
  texts: { type: 'string' },
  synonyms: { type: 'string' },
  outcomes: { type: 'string' },
  locale: { type: 'string', default: 'en' },
  'allow-images': { type: 'string', default: '' },
  'skip-drafts': { type: 'boolean' },
  port: { type: 'string', default: '8788' },
} as const

/** Where images are served. Only the preview sees these addresses. */
const BASE = '/help/'
const MAX_FINDINGS_SAID = 10

/** Runs until SIGINT or SIGTERM, and returns 0 then. */
export async function run(args: string[], out: Output): Promise<number> {
  const { values } = readArguments(args, OPTIONS, USAGE)
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  const dev = await startDev(args, out)
  out.line(`Preview at ${dev.address} (stop with Ctrl+C)`)
  await new Promise<void>(done => {
    process.once('SIGINT', done)
    process.once('SIGTERM', done)
  })
  await dev.close()
  return 0
}

/**
 * What `run` starts, for tests and other programs.
 *
 * @param pageFolder  the built preview page; left out: the one of this package
 * @throws AskletError `cli_usage`, or `network` when the port is taken
 */
export async function startDev(
  args: readonly string[],
  out: Output,
  pageFolder?: string,
): Promise<Pick<DevServer, 'address' | 'close'>> {
  const { values, positionals } = readArguments(args, OPTIONS, USAGE)
  const folder = readFolder(positionals, USAGE)
  const port = Number(values.port)
  if (!values.port.trim() || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw usageError(`--port must be a whole number from 0 to 65535, got ${describe(values.port)}`, USAGE)
  const { flows, texts, synonyms, outcomes } = values
  const read = [folder, flows, texts, synonyms, outcomes].filter(path => path !== undefined)
  for (const path of read)
    if (!existsSync(path)) throw usageError(`the file or folder must be there, got ${describe(path)}`, USAGE)

  const locale = readLocale(values.locale, USAGE)
  const imageHosts = values['allow-images']
    .split(',')
    .map(host => host.trim())
    .filter(Boolean)
  const wrong = imageHosts.find(host => !/^[a-z\d.-]+(?::\d+)?$/i.test(host))
  if (wrong !== undefined)
    throw usageError(`--allow-images must name hosts like cdn.example.com, got ${describe(wrong)}`, USAGE)
  const options: KnowledgeOptions = {
    locale,
    base: BASE,
    imageHosts,
    skipDrafts: values['skip-drafts'] === true,
    hasPrivateFolder: true,
    skipModel: true,
    ...(flows !== undefined && { flows }),
    ...(texts !== undefined && { texts }),
    ...(synonyms !== undefined && { synonyms }),
    ...(outcomes !== undefined && { outcomes }),
  }
  const build = createDevBuild(folder, options)
  let server: DevServer | undefined
  const look = () => {
    const started = performance.now()
    const state = build.look()
    for (const line of spoken(state, (performance.now() - started) / 1_000)) out.line(line)
    return state
  }
  // Watched before it is looked at: what is saved in between is a change, too.
  const watching = await watchFolder(read, () => {
    const state = look()
    server?.tell(state)
  })
  look()
  try {
    const page = pageFolder ?? resolve(await ownFolder(), 'preview')
    server = await startDevServer({ build, port, pageFolder: page, base: BASE, imageHosts })
  } catch (error) {
    await watching.close()
    throw error
  }
  const { address, close } = server
  return {
    address,
    async close() {
      await watching.close()
      await close()
    },
  }
}

/** What happened, for who looks at the terminal. */
function spoken(state: DevState, seconds: number): readonly string[] {
  const { findings, failure, revision, shown, articles } = state
  const mistakes = findings.filter(({ kind }) => kind === 'error')
  const others = findings.length - mistakes.length
  const stays = shown && shown < revision ? ' The last good build stays.' : ''
  if (failure !== undefined) return [`${failure}${stays}`]
  const lines = mistakes
    .slice(0, MAX_FINDINGS_SAID)
    .map(({ file, line, sentence }) => `  ${file}:${line}: ${sentence}`)
  if (mistakes.length > lines.length) lines.push(`  … and ${mistakes.length - lines.length} more`)
  const count = (number: number, one: string) => `${number} ${one}${number === 1 ? '' : 's'}`
  return mistakes.length
    ? [`${count(mistakes.length, 'mistake')}.${stays || ' Files with mistakes are left out.'}`, ...lines]
    : [
        `${count(articles, 'article')} in ${seconds.toFixed(1)} s${others ? `, ${count(others, 'remark')} in the preview` : ''}`,
      ]
}
