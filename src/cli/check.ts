// `asklet check`: a configuration file and flows, every problem with file, line and column, and with --graph a picture
// of each flow. What a configuration may hold is not known here: the check comes in as a function, and the door hands
// in the one schema.

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Flow } from '../bot/flow'
import { isSiteSlots } from '../bot/flowSchema'
import type { AskletConfig } from '../protocol/config'
import { loadLanguage } from '../understanding/languages/language'
import { readArguments, usageError } from './arguments'
import {
  POLICY_HELP,
  POLICY_OPTIONS,
  type PolicyArguments,
  printPolicy,
  readPolicyArguments,
} from './checkPolicy'
import type { Finding } from './findings'
import { knownArticles, notJson, readFlowFiles } from './flowFiles'
import { readHelpFolder } from './helpFolder'
import { readJson } from './jsonPositions'
import type { Command } from './main'
import type { Output } from './output'
import { filesOf, readSiteArguments, SITE_HELP, SITE_OPTIONS } from './siteArguments'

const USAGE = 'asklet check <asklet.json | flow.json | folder of flows> …'
const HELP = [
  USAGE,
  '',
  '  A folder is read as flows. A file with steps is a flow, any other is a configuration.',
  '',
  ...SITE_HELP.filter(line => !/--(?:flows|config|intents)/.test(line)),
  '  --graph <dir>        writes a picture (.svg) and a Mermaid file (.mmd) of each flow there',
  '  --strict             advice is a problem too: exit code 1',
  ...POLICY_HELP,
  '',
  '  Functions are checked where --actions says which there are.',
]

/** What is checked is named by itself. */
const { flows: _flows, config: _config, intents: _intents, ...options } = SITE_OPTIONS

export interface ConfigProblem {
  /** `bot.handoff.hours[0].from`; '' is the whole file. */
  readonly path: string
  /** What it must be, what was got, and the fix. */
  readonly sentence: string
}

/** Checks a parsed asklet.json. Never throws. */
export type CheckConfig = (json: unknown) => readonly ConfigProblem[]

/** @param checkConfig  left out: of a configuration only the JSON is checked, and the command says so */
export function createCheck(checkConfig?: CheckConfig): Command {
  return { run: (args, out) => check(args, out, checkConfig) }
}

async function check(args: readonly string[], out: Output, checkConfig?: CheckConfig): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { ...options, ...POLICY_OPTIONS, graph: { type: 'string' }, strict: { type: 'boolean' } },
    USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  if (!positionals.length) throw usageError('there must be a file or folder to check, got none', USAGE)
  if (!values.csp && (values.json || values.cdn || values.page || values.at))
    throw usageError('--json, --cdn, --page and --at must come with --csp, got no --csp', USAGE)
  if (values.csp) return checkPolicy(positionals, values, out, checkConfig)
  const findings: Finding[] = []
  const flowFiles: { path: string; name: string }[] = []
  let configs = 0
  const ownTopics: string[] = []
  for (const path of positionals) {
    const files = filesOf(path, 'flows', '.json', USAGE)
    if (statSync(path).isDirectory()) {
      flowFiles.push(...files.map(file => ({ path: file, name: basename(file) })))
      continue
    }
    const json = readJson(readFileSync(path, 'utf8'))
    const name = basename(path)
    if (!json.ok) {
      const { line, column, message } = json
      findings.push({ kind: 'error', file: name, line, column, sentence: notJson(message) })
    } else if (isFlow(json.value) || isSiteSlots(json.value)) flowFiles.push({ path, name })
    else {
      configs++
      ownTopics.push(...topicsOf(json.value))
      for (const { path: at, sentence } of checkConfig?.(json.value) ?? [])
        findings.push({ kind: 'error', file: name, ...json.placeOf(at), sentence })
    }
  }
  const site = readSiteArguments(values, flowFiles[0]?.path, USAGE)
  const articles = site.articles === undefined ? null : readArticles(site.articles, site.locale)
  const config = !configs && site.config !== undefined ? readJson(readFileSync(site.config, 'utf8')) : null
  if (config?.ok) ownTopics.push(...topicsOf(config.value))
  const { policy } = await loadLanguage(site.locale)
  const flows = readFlowFiles(flowFiles, {
    ...(articles && { articles: articles.articles, linkOf: articles.linkOf }),
    countsExamples: true,
    // Without the configuration nobody knows which topics the site has.
    ...((configs || config?.ok) && { policyTopics: [...Object.keys(policy?.topics ?? {}), ...ownTopics] }),
    // Stand-ins that lie about are for tests, and need not be all.
    ...(values.actions !== undefined && { actions: site.actions?.names ?? [] }),
  })
  findings.push(...flows.findings, ...(articles?.sameTitles ?? []))
  const isAdvice = ({ kind }: Finding) => kind === 'flow' || kind === 'duplicate'
  for (const { file, line, column, sentence } of findings)
    out.error(`${file}:${line}${column === undefined ? '' : `:${column}`}: ${sentence}`)
  const pictures = values.graph === undefined ? 0 : await draw(values.graph, flows.flows)
  if (configs && !checkConfig)
    out.line('Of the configuration only the JSON was checked: this build has no schema for it.')
  if (flowFiles.length && !articles)
    out.line('Articles that flows name were not looked for: say where they are with --articles.')
  out.line(`configurations: ${configs}`)
  out.line(`flows: ${flows.flows.length}`)
  if (articles) out.line(`articles: ${articles.articles.size}`)
  if (pictures) out.line(`pictures: ${pictures} in ${values.graph}`)
  const advice = findings.filter(isAdvice).length
  out.line(`problems: ${findings.length - advice}`)
  out.line(`advice: ${advice}`)
  return findings.length - (values.strict ? 0 : advice) ? 1 : 0
}

/** Of a configuration that cannot be used nobody knows what it needs: its problems are said instead. */
function checkPolicy(
  paths: readonly string[],
  values: PolicyArguments,
  out: Output,
  checkConfig?: CheckConfig,
): number {
  const [path = '', ...others] = paths
  if (others.length || !existsSync(path) || statSync(path).isDirectory())
    throw usageError(`--csp must have one configuration file, got ${paths.join(', ')}`, USAGE)
  const json = readJson(readFileSync(path, 'utf8'))
  const problems = json.ok
    ? (checkConfig?.(json.value) ?? []).map(({ path: at, sentence }) => ({ ...json.placeOf(at), sentence }))
    : [{ line: json.line, column: json.column, sentence: notJson(json.message) }]
  for (const { line, column, sentence } of problems)
    out.error(`${basename(path)}:${line}:${column}: ${sentence}`)
  if (!json.ok || problems.length) return 1
  printPolicy(json.value as AskletConfig, readPolicyArguments(values, USAGE), out)
  return 0
}

/** A picture and a Mermaid file of each sound flow; what else lies in the folder stays. */
async function draw(folder: string, flows: readonly Flow[]): Promise<number> {
  const [{ flowDiagram }, { flowSvg }, { flowMermaid }] = await Promise.all([
    import('./flowDiagram'),
    import('./flowDiagramSvg'),
    import('./flowDiagramMermaid'),
  ])
  mkdirSync(folder, { recursive: true })
  for (const flow of flows) {
    const diagram = flowDiagram(flow)
    writeFileSync(join(folder, `${flow.id}.svg`), flowSvg(diagram))
    writeFileSync(join(folder, `${flow.id}.mmd`), flowMermaid(diagram))
  }
  return flows.length
}

/** What flows may name of the articles. */
function readArticles(folder: string, defaultLocale: string) {
  const help = readHelpFolder(folder, {
    defaultLocale,
    base: '/help/',
    imageHosts: [],
    except: [],
    skipDrafts: false,
  })
  return {
    articles: knownArticles(help),
    linkOf: help.linkOf,
    sameTitles: help.findings.filter(
      ({ kind, sentence }) => kind === 'duplicate' && sentence.startsWith('must have a title'),
    ),
  }
}

/** Names of the policy topics of a configuration, whatever else is wrong with it. */
function topicsOf(config: unknown): readonly string[] {
  const listed: unknown = Object(config).policyTopics
  return Array.isArray(listed)
    ? listed.flatMap(one => (typeof Object(one).topic === 'string' ? [Object(one).topic as string] : []))
    : []
}

function isFlow(value: unknown): boolean {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return Array.isArray(value) || (typeof first === 'object' && first !== null && 'steps' in first)
}
