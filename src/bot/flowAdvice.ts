// What of a sound flow could be better: texts that are missing or too long for a phone, details asked for that the
// site knows, slots that nothing fills, branches that no visitor takes, and flows that begin with the same words.
// Used where files are checked and built, never in the page. None of it keeps a flow from working.

import { describe } from '../base/errors'
import { contentStems } from '../understanding/normalise'
import { type Flow, type FlowSlot, slotOf, stepOf } from './flow'
import { exitsOf, isWaitingStep, reachableFrom, slotsReadBy } from './flowGraph'
import type { FlowProblem } from './flowSchema'
import { flowValues } from './flowValues'

export interface FlowInFile {
  readonly flow: Flow
  readonly file: string
}

/** One bubble, on a phone of 390 × 844 with the keyboard up: eleven lines of some forty characters. */
export const MAX_SCREEN_CHARS = 440
/** All that one turn says: the phone's whole conversation without the keyboard. */
export const MAX_TURN_CHARS = 700
/** A button of one line on such a phone. */
const MAX_BUTTON_CHARS = 40
/** Of all words that carry meaning, this share in common: one question in two spellings. */
const NEARLY_SAME = 0.75

/** Advice on one flow, beside the others of its site; of two that begin alike, the later one is told. */
export function adviseFlow(entry: FlowInFile, all: readonly FlowInFile[]): readonly FlowProblem[] {
  const { flow, file } = entry
  const problems: FlowProblem[] = []
  const advise = (path: string, what: string, got: string, fix: string) => {
    problems.push({ code: 'flow_advice', file, path, what, got, fix })
  }
  if (flow.title.length > MAX_BUTTON_CHARS)
    advise(
      'title',
      `should fit on a button (${MAX_BUTTON_CHARS} characters)`,
      describe(flow.title),
      'Shorten it.',
    )
  const twin = all.slice(0, all.indexOf(entry)).find(other => sameTitle(other.flow, flow))
  if (twin)
    advise(
      'title',
      'should be its own, because visitors choose by it',
      `${describe(flow.title)}, which ${twin.flow.id} (${twin.file}) has`,
      'Rename one of them.',
    )
  adviseSlots(flow, all, advise)
  for (const [name, step] of Object.entries(flow.steps)) {
    step.say.forEach((words, i) => {
      if (words.length > MAX_SCREEN_CHARS)
        advise(
          step.say.length > 1 ? `steps.${name}.say[${i}]` : `steps.${name}.say`,
          `should fit on a phone's screen (${MAX_SCREEN_CHARS} characters)`,
          `${words.length} characters`,
          'Say the first step, and name an article for the rest.',
        )
    })
    if ('end' in step && !step.say.length)
      advise(
        `steps.${name}`,
        'should have last words',
        'none',
        'Add say; or leave yes of solved out, and the usual words end it.',
      )
    if ('action' in step && !step.say.length)
      advise(`steps.${name}`, 'should say what it looks up, and why', 'no say', 'Ask for the yes in words.')
  }
  for (const name of reachableFrom(flow, flow.start)) {
    const step = stepOf(flow, name)
    const begins =
      name === flow.start ? [name] : step && isWaitingStep(step) ? exitsOf(step).map(e => e.target) : []
    const long = longest(begins.map(begin => turnFrom(flow, begin)))
    if (long && long.chars > MAX_TURN_CHARS && long.steps.length > 1)
      advise(
        `steps.${long.steps[0]}`,
        `should begin a turn that a phone shows at once (${MAX_TURN_CHARS} characters)`,
        `${long.chars} characters in ${long.steps.join(' -> ')}`,
        'Ask something in between, or say less.',
      )
  }
  adviseValues(flow, advise)
  return dedupe([...problems, ...overlaps(entry, all.slice(0, all.indexOf(entry)))])
}

const sameTitle = (one: Flow, other: Flow) =>
  one.title.trim().toLowerCase() === other.title.trim().toLowerCase()

type Advise = (path: string, what: string, got: string, fix: string) => void

function adviseSlots(flow: Flow, entries: readonly FlowInFile[], advise: Advise): void {
  const steps = Object.values(flow.steps)
  const asked = new Set(steps.flatMap(step => ('ask' in step ? [step.ask] : [])))
  const saved = new Set(steps.flatMap(step => ('action' in step ? Object.keys(step.saves) : [])))
  const read = new Set(steps.flatMap(slotsReadBy))
  for (const [name, slot] of Object.entries(flow.slots)) {
    const path = `slots.${name}`
    const isInWords = ['id', 'email', 'money'].includes(slot.type)
    if (!asked.has(name) && !saved.has(name) && !slot.from && !isInWords)
      advise(
        path,
        read.has(name) ? 'should be filled by a step' : 'should be used',
        read.has(name) ? 'none that asks for it or saves it' : 'no step that knows it',
        read.has(name) ? 'Ask for it before it is needed.' : 'Take it out, or ask for it.',
      )
    if (slot.options)
      slot.options.forEach(({ label }, i) => {
        if (label.length > MAX_BUTTON_CHARS)
          advise(
            `${path}.options[${i}].label`,
            `should fit on a button (${MAX_BUTTON_CHARS} characters)`,
            describe(label),
            'Shorten it.',
          )
      })
    if (!asked.has(name)) continue
    if (slot.type === 'id' && !slot.hint)
      advise(
        path,
        'should have a hint',
        'none',
        'Show one, and where it stands: "It looks like C-20418 and stands at the top of the contract."',
      )
    const known = knownFrom(name, slot, flow, entries)
    if (known && !slot.from?.some(source => known.sources.includes(source)))
      advise(
        `${path}.from`,
        `should take ${known.sources.join(' or ')}`,
        slot.from?.join(', ') ?? 'nothing',
        `${known.why}: add "from": [${JSON.stringify(known.sources[0])}].`,
      )
  }
}

/** Where a detail that is asked for is known already, as far as its kind or the other flows tell. */
function knownFrom(
  name: string,
  slot: FlowSlot,
  flow: Flow,
  entries: readonly FlowInFile[],
): { readonly sources: readonly string[]; readonly why: string } | null {
  if (slot.type === 'email')
    return { sources: ['visitor.email'], why: 'identify() gives it for who has signed in' }
  if (/^(?:your |full |first )*name$/i.test(slot.label))
    return { sources: ['visitor.name'], why: 'identify() gives it for who has signed in' }
  const roles = new Set(
    entries.flatMap(entry => [
      ...entry.flow.roles,
      ...Object.values(entry.flow.steps).flatMap(step =>
        'branch' in step ? step.branch.flatMap(({ when }) => when.role ?? []) : [],
      ),
    ]),
  )
  if (slot.options?.every(({ value }) => roles.has(value)))
    return { sources: ['visitor.role'], why: 'The page gives the role' }
  for (const other of entries) {
    const twin = other.flow === flow ? undefined : slotOf(other.flow, name)
    if (twin?.from && twin.type === slot.type && twin.pattern === slot.pattern)
      return { sources: twin.from, why: `${other.file} takes it from there` }
  }
  return null
}

function adviseValues(flow: Flow, advise: Advise): void {
  const { neverTaken, neverAsked } = flowValues(flow)
  for (const { step, branch, takenBy } of neverTaken)
    advise(
      `steps.${step}.branch[${branch}].when`,
      'should be able to hold',
      takenBy < 0
        ? 'a condition that every way to this step rules out'
        : `one that branch[${takenBy}] takes before it`,
      takenBy < 0
        ? 'Take the branch out, or lead here from where it can hold.'
        : 'Put the narrower one first.',
    )
  for (const step of neverAsked)
    advise(
      `steps.${step}.ask`,
      'should ask for what may be unknown',
      'a slot that every way here has filled',
      'Take the step out, or add "again": true.',
    )
}

interface Turn {
  readonly chars: number
  readonly steps: readonly string[]
}

/** The longest turn that begins with `name`: all that is said until the visitor is asked or the flow is over. */
function turnFrom(flow: Flow, name: string, seen: readonly string[] = []): Turn {
  const step = stepOf(flow, name)
  if (!step || seen.includes(name)) return { chars: 0, steps: [] }
  const own = step.say.reduce((sum, words) => sum + words.length, 0)
  const rest = isWaitingStep(step)
    ? undefined
    : longest(exitsOf(step).map(({ target }) => turnFrom(flow, target, [...seen, name])))
  return {
    chars: own + (rest?.chars ?? 0),
    steps: [...(own ? [name] : []), ...(rest?.steps ?? [])],
  }
}

function longest(turns: readonly Turn[]): Turn | undefined {
  return turns.reduce<Turn | undefined>(
    (best, turn) => (best && best.chars >= turn.chars ? best : turn),
    undefined,
  )
}

/** Two flows that the same words begin: the visitor is asked which is meant, or gets the wrong one. */
function overlaps({ flow, file }: FlowInFile, others: readonly FlowInFile[]): readonly FlowProblem[] {
  const problems: FlowProblem[] = []
  flow.startsWith.forEach((sentence, i) => {
    const own = new Set(contentStems(sentence))
    const twin = others
      .filter(
        ({ flow: { roles } }) =>
          !roles.length || !flow.roles.length || roles.some(role => flow.roles.includes(role)),
      )
      .flatMap(other =>
        other.flow.startsWith.map(words => ({ other, words, likeness: likeness(own, words) })),
      )
      .sort((a, b) => b.likeness - a.likeness)[0]
    if (!twin || twin.likeness < NEARLY_SAME) return
    problems.push({
      code: 'flow_advice',
      file,
      path: `startsWith[${i}]`,
      what: 'should begin this flow alone',
      got: describe(sentence),
      fix: `${twin.other.flow.id} (${twin.other.file}) begins with ${describe(twin.words)}: keep it where it belongs.`,
    })
  })
  return problems
}

function likeness(own: ReadonlySet<string>, words: string): number {
  const other = new Set(contentStems(words))
  const shared = [...own].filter(word => other.has(word)).length
  return shared ? shared / (own.size + other.size - shared) : 0
}

function dedupe(problems: readonly FlowProblem[]): readonly FlowProblem[] {
  return problems.filter(
    (problem, i) =>
      problems.findIndex(({ path, what }) => path === problem.path && what === problem.what) === i,
  )
}
