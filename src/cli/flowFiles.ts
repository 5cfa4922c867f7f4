// Flow files -> sound flows, and every problem with file and line. Shared by build and check.

import { readFileSync } from 'node:fs'
import type { Flow } from '../bot/flow'
import { lintFlow } from '../bot/flowLint'
import { type FlowProblem, flowError, parseFlows } from '../bot/flowSchema'
import type { Finding } from './findings'
import { readJson } from './jsonPositions'

/**
 * @param files     path to read and name to show
 * @param articles  ids that a flow may name; left out: not checked
 */
export function readFlowFiles(
  files: readonly { readonly path: string; readonly name: string }[],
  articles?: readonly string[],
): { readonly flows: readonly Flow[]; readonly findings: readonly Finding[] } {
  const flows: Flow[] = []
  const findings: Finding[] = []
  for (const { path, name } of files) {
    const json = readJson(readFileSync(path, 'utf8'))
    if (!json.ok) {
      findings.push({ kind: 'error', file: name, line: json.line, sentence: notJson(json.message) })
      continue
    }
    const add = (problem: FlowProblem, prefix = '') => {
      const line = json.lineOf(prefix && problem.path ? `${prefix}.${problem.path}` : prefix || problem.path)
      // The place is said by the report; the sentence need not repeat the file.
      const sentence = flowError(problem).message.replace(`${name}: `, '')
      findings.push({ kind: 'error', file: name, line, sentence })
    }
    const parsed = parseFlows(json.value, name)
    for (const problem of parsed.problems) add(problem)
    for (const flow of parsed.flows) {
      const at = Array.isArray(json.value) ? json.value.findIndex(item => item?.id === flow.id) : -1
      const prefix = at < 0 ? '' : `[${at}]`
      const problems = lintFlow(flow, { file: name, ...(articles && { articles }) })
      for (const problem of problems) add(problem, prefix)
      if (flows.some(({ id }) => id === flow.id)) {
        const sentence = `the flow must have an id of its own, got ${flow.id}, which another file has. Rename one of them.`
        findings.push({ kind: 'error', file: name, line: json.lineOf(`${prefix}.id`), sentence })
      } else if (!problems.length) flows.push(flow)
    }
  }
  return { flows, findings }
}

export function notJson(message: string): string {
  return `must be JSON, got a mistake here: ${message}. Look for a missing comma, quote or bracket.`
}
