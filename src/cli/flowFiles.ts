// Flow files, and those of the site's slots beside them -> sound flows, and every problem and piece of advice with file, line and column. Shared by build,
// check and test.

import { readFileSync } from 'node:fs'
import type { Flow } from '../bot/flow'
import { adviseFlow, type FlowInFile } from '../bot/flowAdvice'
import { slotsFilledBy, slotsReadBy } from '../bot/flowGraph'
import { type FlowSurroundings, type KnownArticles, lintFlow } from '../bot/flowLint'
import {
  type FlowProblem,
  flowError,
  isSiteSlots,
  parseFlows,
  parseSiteSlots,
  type SiteSlots,
} from '../bot/flowSchema'
import { edits } from '../knowledge/frontMatter'
import { FEWEST_EXAMPLES, GOOD_EXAMPLES } from '../understanding/enoughExamples'
import type { Finding } from './findings'
import { type LinkOf, readFlowTexts } from './flowTexts'
import type { HelpFolder } from './helpFolder'
import { readJson } from './jsonPositions'

export interface FlowFiles {
  /** Those that work; advice does not keep one out. */
  readonly flows: readonly Flow[]
  readonly entries: readonly FlowInFile[]
  /** Kind `error`: the flow is left out; kind `flow`: advice. In the order of files. */
  readonly findings: readonly Finding[]
}

/**
 * @param files   path to read and name to show
 * @param around  articles, links and actions that a flow may name; left out: not checked
 */
export function readFlowFiles(
  files: readonly { readonly path: string; readonly name: string }[],
  around: Omit<FlowSurroundings, 'file'> & {
    readonly linkOf?: LinkOf
    /** Policy topics of the site and its language; left out: not checked. */
    readonly policyTopics?: readonly string[]
    /** Say where a flow has too few examples; who trains is told of it there. */
    readonly countsExamples?: boolean
  } = {},
): FlowFiles {
  const entries: FlowInFile[] = []
  const findings: Finding[] = []
  const places = new Map<Flow, (problem: FlowProblem) => void>()
  let site: SiteSlots = {}
  const read: { name: string; value: unknown; add: (prefix: string, problem: FlowProblem) => void }[] = []
  for (const { path, name } of files) {
    const text = readFileSync(path, 'utf8')
    const open = unfilledPlaces(text)
    for (const { place, line, column } of open)
      findings.push({ kind: 'error', file: name, line, column, sentence: unfilled(place) })
    const json = readJson(text)
    if (!json.ok) {
      const { line, column, message } = json
      findings.push({ kind: 'error', file: name, line, column, sentence: notJson(message) })
      continue
    }
    // Everything else would speak of words that are still to come.
    if (open.length) continue
    const add = (prefix: string, problem: FlowProblem) => {
      const at = prefix && problem.path ? `${prefix}.${problem.path}` : prefix || problem.path
      // The place is said by the report; the sentence need not repeat the file.
      const sentence = flowError(problem).message.replace(`${name}: `, '')
      findings.push({
        kind: problem.code === 'flow_advice' ? 'flow' : 'error',
        file: name,
        ...json.placeOf(at),
        sentence,
      })
    }
    if (!isSiteSlots(json.value)) {
      read.push({ name, value: json.value, add })
      continue
    }
    const { slots, problems } = parseSiteSlots(json.value, name)
    for (const problem of problems) add('', problem)
    for (const taken of Object.keys(slots).filter(slot => Object.hasOwn(site, slot))) {
      const sentence = `slots.${taken} must have a name of its own, got one that another file has. Keep one of them.`
      findings.push({ kind: 'error', file: name, ...json.placeOf(`slots.${taken}`), sentence })
    }
    site = { ...slots, ...site }
  }
  for (const { name, value, add } of read) {
    const parsed = parseFlows(value, name)
    for (const problem of parsed.problems) add('', problem)
    for (const written of parsed.flows) {
      const at = Array.isArray(value) ? value.findIndex(item => item?.id === written.id) : -1
      const prefix = at < 0 ? '' : `[${at}]`
      const { flow, problems: ofTexts } = readFlowTexts(withNamed(written, site), name, around.linkOf)
      const twice = Object.keys(written.slots).filter(slot => Object.hasOwn(site, slot))
      const found: readonly FlowProblem[] = [
        ...ofTexts,
        ...lintFlow(flow, { file: name, ...around }),
        ...(around.countsExamples ? tooFewExamples(flow, name) : []),
        ...unknownTopic(flow, name, around.policyTopics),
        ...twice.map(slot => ({
          code: 'flow_advice' as const,
          file: name,
          path: `slots.${slot}`,
          what: 'should be the one that the site has',
          got: 'one of its own',
          fix: 'Take it out here, or give it another name.',
        })),
      ]
      const problems = found.filter(({ code }) => code !== 'flow_advice')
      // What could be better is said of what works.
      for (const problem of problems.length ? problems : found) add(prefix, problem)
      if (entries.some(other => other.flow.id === flow.id)) {
        add(prefix, {
          code: 'flow_shape',
          file: name,
          path: 'id',
          what: 'must be its own',
          got: `${flow.id}, which another file has`,
          fix: 'Rename one of them.',
        })
      } else if (!problems.length) {
        entries.push({ flow, file: name })
        places.set(flow, problem => add(prefix, problem))
      }
    }
  }
  for (const entry of entries)
    for (const problem of adviseFlow(entry, entries)) places.get(entry.flow)?.(problem)
  const order = new Map(files.map(({ name }, i) => [name, i]))
  // By file, mistakes before advice; of mistakes, causes before what follows from them.
  findings.sort(
    (a, b) =>
      (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) ||
      Number(a.kind === 'flow') - Number(b.kind === 'flow'),
  )
  return {
    // Each has all: what a visitor tells on the way is kept for the person, whichever flow asks for it.
    flows: entries.map(({ flow }) => ({ ...flow, slots: { ...site, ...flow.slots } })),
    entries,
    findings,
  }
}

function tooFewExamples({ startsWith }: Flow, file: string): readonly FlowProblem[] {
  if (startsWith.length >= FEWEST_EXAMPLES) return []
  return [
    {
      code: 'flow_advice',
      file,
      path: 'startsWith',
      what: `should hold ${FEWEST_EXAMPLES} sentences or more`,
      got: String(startsWith.length),
      fix: `Add sentences as visitors write them; ${GOOD_EXAMPLES} are a good start.`,
    },
  ]
}

/** A topic that nobody finds begins no flow. */
function unknownTopic(
  { policyTopic }: Flow,
  file: string,
  known: readonly string[] | undefined,
): readonly FlowProblem[] {
  if (policyTopic === undefined || !known || known.includes(policyTopic)) return []
  const near = [...known].sort((a, b) => edits(policyTopic, a) - edits(policyTopic, b))
  return [
    {
      code: 'flow_advice',
      file,
      path: 'policyTopic',
      what: 'should be a topic of asklet.json (policyTopics) or of the language',
      got: policyTopic,
      fix: near.length
        ? `Did you mean ${near.slice(0, NEAREST).join(', ')}?`
        : 'Add it to policyTopics, with words.',
    },
  ]
}

/** Of many topics those that a slip of the keys could have meant. */
const NEAREST = 3

/** With those slots of the site that its steps name and that it does not have itself. */
function withNamed(flow: Flow, site: SiteSlots): Flow {
  const names = new Set(
    Object.values(flow.steps).flatMap(step => [...slotsFilledBy(step), ...slotsReadBy(step)]),
  )
  const named = Object.entries(site).filter(([name]) => names.has(name))
  return { ...flow, slots: { ...Object.fromEntries(named), ...flow.slots } }
}

/** What flows may name of a help folder that has been read. */
export function knownArticles({ articles }: Pick<HelpFolder, 'articles'>): KnownArticles {
  return new Map(
    articles.map(({ article, sections }) => [
      article.id,
      new Set(sections.flatMap(({ headingId }) => headingId || [])),
    ]),
  )
}

/** `{{what is to be filled in}}`, as the packs of `asklet flows` have it: each once, where it first stands. */
export function unfilledPlaces(
  text: string,
): readonly { readonly place: string; readonly line: number; readonly column: number }[] {
  const found = new Map<string, { place: string; line: number; column: number }>()
  text.split('\n').forEach((words, i) => {
    for (const match of words.matchAll(/\{\{[^{}]*\}\}/g))
      if (!found.has(match[0])) found.set(match[0], { place: match[0], line: i + 1, column: match.index + 1 })
  })
  return [...found.values()]
}

export function unfilled(place: string): string {
  return `must be filled in, got ${place}. The readme of its pack says what it is.`
}

export function notJson(message: string): string {
  return `must be JSON, got a mistake here: ${message}. Look for a missing comma, quote or bracket.`
}
