// `asklet check`: a configuration file and flows, every problem with file and line. What a configuration may
// hold is not known here: the check comes in as a function, and the door hands in the one schema.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe } from '../base/errors'
import { readArguments, usageError } from './arguments'
import type { Finding } from './findings'
import { notJson, readFlowFiles } from './flowFiles'
import { readJson } from './jsonPositions'
import type { Command } from './main'
import type { Output } from './output'

const USAGE = 'asklet check <asklet.json | flow.json | folder of flows> …'

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
  const { values, positionals } = readArguments(args, { help: { type: 'boolean' } }, USAGE)
  if (values.help) {
    out.line(USAGE)
    out.line('')
    out.line('  A folder is read as flows. A file with steps is a flow, any other is a configuration.')
    return 0
  }
  if (!positionals.length) throw usageError('there must be a file or folder to check, got none', USAGE)
  const findings: Finding[] = []
  const flowFiles: { path: string; name: string }[] = []
  let configs = 0
  for (const path of positionals) {
    if (!existsSync(path)) throw usageError(`the file or folder must be there, got ${describe(path)}`, USAGE)
    if (statSync(path).isDirectory()) {
      const names = readdirSync(path).filter(name => name.endsWith('.json'))
      if (!names.length)
        throw usageError(`the folder must hold flows (*.json), got none in ${describe(path)}`, USAGE)
      for (const name of names.sort()) flowFiles.push({ path: join(path, name), name })
      continue
    }
    const json = readJson(readFileSync(path, 'utf8'))
    const name = basename(path)
    if (!json.ok)
      findings.push({ kind: 'error', file: name, line: json.line, sentence: notJson(json.message) })
    else if (isFlow(json.value)) flowFiles.push({ path, name })
    else {
      configs++
      for (const problem of checkConfig?.(json.value) ?? [])
        findings.push({
          kind: 'error',
          file: name,
          line: json.lineOf(problem.path),
          sentence: problem.sentence,
        })
    }
  }
  const flows = readFlowFiles(flowFiles)
  findings.push(...flows.findings)
  for (const { file, line, sentence } of findings) out.error(`${file}:${line}: ${sentence}`)
  if (configs && !checkConfig)
    out.line('Of the configuration only the JSON was checked: this build has no schema for it.')
  out.line(`configurations: ${configs}`)
  out.line(`flows: ${flows.flows.length}`)
  out.line(`problems: ${findings.length}`)
  return findings.length ? 1 : 0
}

function isFlow(value: unknown): boolean {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return Array.isArray(value) || (typeof first === 'object' && first !== null && 'steps' in first)
}
