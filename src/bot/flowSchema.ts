// From a flow file to flows, with every problem named: file, path, what is wanted, what was got, how to mend it.
// Used where files are built and checked, never in the page. Owns the shape; flowLint owns the sense.

import { AskletError, describe } from '../base/errors'
import { FEWEST_EXAMPLES, GOOD_EXAMPLES } from '../understanding/enoughExamples'
import type { Flow, FlowCondition, FlowSlot, FlowStep, SlotType } from './flow'
import { slowPart } from './slotPattern'

export interface FlowProblem {
  /** `flow_advice`: it works, and could be better. With any other the flow is left out. */
  readonly code: 'flow_shape' | 'flow_dead_end' | 'flow_unknown_step' | 'flow_advice'
  readonly file: string
  /** `steps.askContract.next`; '' is the file itself. */
  readonly path: string
  /** What it must be. */
  readonly what: string
  /** What it is. */
  readonly got: string
  readonly fix: string
}

/** One problem as the sentence a developer reads. */
export function flowError(problem: FlowProblem): AskletError {
  const { code, file, path, what, got, fix } = problem
  return new AskletError(code, `${file}${path && `: ${path}`} ${what}, got ${got}. ${fix}`)
}

const NAME = /^[a-z][\w-]{0,59}$/i
const SLOT_TYPES: readonly SlotType[] = ['text', 'number', 'money', 'date', 'email', 'id', 'choice']
const SOURCE = /^(visitor\.(email|name|role)|(page|attributes)\.[\w-]+)$/
/** The key that says what kind of step it is; none of them: it speaks and goes on. */
const KINDS = ['ask', 'branch', 'action', 'article', 'solved', 'handoff', 'end'] as const
/** A bot that speaks longer than this in one go is an article. */
const MAX_TEXT_CHARS = 1_000

type Raw = Readonly<Record<string, unknown>>
type Report = (path: string, what: string, got: unknown, fix: string) => undefined

/**
 * Reads one flow or an array of flows.
 *
 * @param json      parsed JSON, or the file's text
 * @param fileName  for the sentences
 * @returns the flows without problems, and the problems of all. Never throws.
 */
export function parseFlows(
  json: unknown,
  fileName: string,
): { readonly flows: readonly Flow[]; readonly problems: readonly FlowProblem[] } {
  const problems: FlowProblem[] = []
  const flows: Flow[] = []
  const report: Report = (path, what, got, fix) => {
    problems.push({ code: 'flow_shape', file: fileName, path, what, got: describe(got), fix })
    return undefined
  }
  let value = json
  if (typeof json === 'string') {
    try {
      value = JSON.parse(json)
    } catch (error) {
      problems.push({
        code: 'flow_shape',
        file: fileName,
        path: '',
        what: 'must be JSON',
        got: error instanceof Error ? error.message : 'something else',
        fix: 'Look for a missing comma or quote there',
      })
      return { flows, problems }
    }
  }
  const list = Array.isArray(value) ? value : [value]
  list.forEach((item, i) => {
    const before = problems.length
    const flow = readFlow(item, Array.isArray(value) ? `[${i}]` : '', report)
    if (flow && problems.length === before) {
      if (flows.some(other => other.id === flow.id)) {
        report(`[${i}].id`, 'must be its own', flow.id, 'Give each flow another id.')
      } else flows.push(flow)
    }
  })
  return { flows, problems }
}

function readFlow(value: unknown, at: string, report: Report): Flow | undefined {
  const raw = object(value, at, report, 'A flow has id, title, startsWith and steps.')
  if (!raw) return undefined
  const path = (key: string) => (at ? `${at}.${key}` : key)
  const id = name(raw.id, path('id'), report)
  const title = text(raw.title, path('title'), report)
  const startsWith = texts(raw.startsWith, path('startsWith'), report)
  if (startsWith?.length === 0)
    report(
      path('startsWith'),
      'must hold example sentences',
      [],
      `Write ${FEWEST_EXAMPLES} or more in people’s own words; ${GOOD_EXAMPLES} are a good start.`,
    )
  const roles = texts(raw.roles ?? [], path('roles'), report)
  const pages = texts(raw.pages ?? [], path('pages'), report)
  const policyTopic =
    raw.policyTopic === undefined ? undefined : text(raw.policyTopic, path('policyTopic'), report)
  const slots = entries(raw.slots ?? {}, path('slots'), report, readSlot)
  const steps = entries(raw.steps, path('steps'), report, readStep)
  const start = steps && Object.keys(steps)[0]
  if (steps && !Object.keys(raw.steps as Raw).length)
    report(path('steps'), 'must hold at least one step', {}, 'The first one in the file is where it begins.')
  if (!id || !title || !startsWith || !roles || !pages || !slots || !steps || !start) return undefined
  return { id, title, startsWith, roles, pages, ...(policyTopic ? { policyTopic } : {}), slots, start, steps }
}

/** Slots of the whole site: what any flow may ask for by name, and what is read from any words. */
export type SiteSlots = Readonly<Record<string, FlowSlot>>

/** Is this a file of the site's slots? It holds nothing else. */
export function isSiteSlots(json: unknown): boolean {
  return (
    typeof json === 'object' && json !== null && Object.keys(json).join() === 'slots' && !Array.isArray(json)
  )
}

/**
 * Reads the site's own slots: `{ "slots": { "contract": { "label": …, "pattern": … } } }`. All are of type `id`.
 *
 * @param json  parsed, and `isSiteSlots`
 */
export function parseSiteSlots(
  json: unknown,
  fileName: string,
): { readonly slots: SiteSlots; readonly problems: readonly FlowProblem[] } {
  const problems: FlowProblem[] = []
  const report: Report = (path, what, got, fix) => {
    problems.push({ code: 'flow_shape', file: fileName, path, what, got: describe(got), fix })
    return undefined
  }
  const slots = entries((json as Raw).slots, 'slots', report, (raw, at) =>
    raw.type === undefined || raw.type === 'id'
      ? readSlot({ ...raw, type: 'id' }, at, report)
      : report(
          `${at}.type`,
          'must be id',
          raw.type,
          'Only numbers with a pattern are the same in all flows.',
        ),
  )
  return { slots: slots ?? {}, problems }
}

function readSlot(raw: Raw, at: string, report: Report): FlowSlot | undefined {
  const label = text(raw.label, `${at}.label`, report)
  const type = SLOT_TYPES.find(known => known === raw.type)
  if (!type) return report(`${at}.type`, 'must be a known type', raw.type, `One of ${SLOT_TYPES.join(', ')}.`)
  const hint = raw.hint === undefined ? undefined : text(raw.hint, `${at}.hint`, report)
  const from = texts(raw.from ?? [], `${at}.from`, report)
  from?.forEach((source, i) => {
    if (!SOURCE.test(source))
      report(
        `${at}.from[${i}]`,
        'must be a known fact',
        source,
        'visitor.email, visitor.name, visitor.role, page.<name> or attributes.<name>.',
      )
  })
  const pattern = type === 'id' ? readPattern(raw.pattern, `${at}.pattern`, report) : undefined
  const options = type === 'choice' ? readOptions(raw.options, `${at}.options`, report) : undefined
  if (!label || !from) return undefined
  return {
    label,
    type,
    ...(pattern ? { pattern } : {}),
    ...(options ? { options } : {}),
    ...(hint ? { hint } : {}),
    ...(from.length ? { from } : {}),
  }
}

function readPattern(value: unknown, at: string, report: Report): string | undefined {
  const pattern = text(value, at, report)
  if (!pattern) return undefined
  try {
    if (new RegExp(pattern, 'i').test(''))
      return report(at, 'must not match an empty text', pattern, 'Ask for at least one digit or letter.')
    const slow = slowPart(pattern)
    if (slow)
      return report(
        at,
        'must be a pattern that no words can keep running',
        slow,
        'Bound each repetition, as in \\\\d{1,12}, and repeat nothing that has a repetition inside.',
      )
  } catch {
    return report(
      at,
      'must be a regular expression',
      pattern,
      'C-\\\\d{3,8} is one, with two backslashes in JSON.',
    )
  }
  return pattern
}

function readOptions(value: unknown, at: string, report: Report): FlowSlot['options'] {
  if (!Array.isArray(value) || value.length < 2)
    return report(
      at,
      'must hold two options or more',
      value,
      'Each is { "value": "late", "label": "It is late" }.',
    )
  const options = value.map((item, i) => {
    const raw = object(item, `${at}[${i}]`, report, 'It is { "value": "late", "label": "It is late" }.')
    const key = raw && name(raw.value, `${at}[${i}].value`, report)
    const label = raw && text(raw.label, `${at}[${i}].label`, report)
    return { value: key ?? '', label: label ?? '' }
  })
  const twice = options.find((option, i) => options.findIndex(other => other.value === option.value) !== i)
  if (twice) report(at, 'must hold each value once', twice.value, 'Branches could not tell them apart.')
  return options
}

function readStep(raw: Raw, at: string, report: Report): FlowStep | undefined {
  const kinds = KINDS.filter(kind => raw[kind] !== undefined)
  if (kinds.length > 1)
    return report(
      at,
      'must do one thing',
      kinds.join(' and '),
      'Make two steps of it, one leading to the other.',
    )
  const say = texts(typeof raw.say === 'string' ? [raw.say] : (raw.say ?? []), `${at}.say`, report)
  const to = (key: string) => name(raw[key], `${at}.${key}`, report)
  if (!say) return undefined
  switch (kinds[0]) {
    case 'ask': {
      const ask = to('ask')
      const next = to('next')
      if (!say.length)
        report(`${at}.say`, 'must hold the question', raw.say, 'Say what you ask for, and why.')
      return ask && next
        ? { say, ask, next, ...(raw.again === true ? { again: true as const } : {}) }
        : undefined
    }
    case 'branch': {
      const branch = readBranches(raw.branch, `${at}.branch`, report)
      const next = to('next')
      return branch && next ? { say, branch, next } : undefined
    }
    case 'action': {
      const action = text(raw.action, `${at}.action`, report)
      const sends = texts(raw.sends ?? [], `${at}.sends`, report)
      const saves = entries(raw.saves ?? {}, `${at}.saves`, report)
      const [next, failed, refused] = [to('next'), to('failed'), to('refused')]
      return action && sends && saves && next && failed && refused
        ? { say, action, sends, saves, next, failed, refused }
        : undefined
    }
    case 'article': {
      const article = text(raw.article, `${at}.article`, report)
      const next = to('next')
      if (!say.length)
        report(`${at}.say`, 'must hold the answer', raw.say, 'Say in a sentence what the article says.')
      return article && next ? { say, article, next } : undefined
    }
    case 'solved': {
      if (raw.solved !== true)
        report(`${at}.solved`, 'must be true', raw.solved, 'The question goes into say.')
      const no = to('no')
      const yes = raw.yes === undefined ? undefined : to('yes')
      return no ? { say, solved: true, no, ...(yes ? { yes } : {}) } : undefined
    }
    case 'handoff': {
      const handoff = text(raw.handoff, `${at}.handoff`, report)
      return handoff ? { say, handoff } : undefined
    }
    case 'end':
      if (raw.end !== true) report(`${at}.end`, 'must be true', raw.end, 'Last words go into say.')
      return { say, end: true }
    default: {
      if (!say.length) return report(at, 'must do something', raw, `Give it say, ${KINDS.join(', ')}.`)
      // A step that only speaks and leads nowhere is a dead end: the lint says so with the flow's whole shape.
      const next = raw.next === undefined ? '' : to('next')
      return next === undefined ? undefined : { say, next }
    }
  }
}

function readBranches(value: unknown, at: string, report: Report) {
  if (!Array.isArray(value) || !value.length)
    return report(
      at,
      'must hold branches',
      value,
      'Each is { "when": { "role": ["client"] }, "next": "step" }.',
    )
  return value.map((item, i) => {
    const raw = object(
      item,
      `${at}[${i}]`,
      report,
      'It is { "when": { "role": ["client"] }, "next": "step" }.',
    )
    const next = raw && name(raw.next, `${at}[${i}].next`, report)
    const when = raw && readCondition(raw.when, `${at}[${i}].when`, report)
    return { when: when ?? {}, next: next ?? '' }
  })
}

function readCondition(value: unknown, at: string, report: Report): FlowCondition | undefined {
  const raw = object(value, at, report, 'It is { "role": […], "page": […], "slot": { "name": […] } }.')
  if (!raw) return undefined
  const role = raw.role === undefined ? undefined : texts(raw.role, `${at}.role`, report)
  const page = raw.page === undefined ? undefined : texts(raw.page, `${at}.page`, report)
  let slot: Record<string, readonly string[]> | undefined
  if (raw.slot !== undefined) {
    const slots = object(raw.slot, `${at}.slot`, report, 'It is { "status": ["held", "failed"] }.')
    slot = {}
    for (const [key, values] of Object.entries(slots ?? {})) {
      const read = texts(values, `${at}.slot.${key}`, report)
      if (name(key, `${at}.slot.${key}`, report) && read) slot[key] = read
    }
  }
  if (!role && !page && !slot)
    return report(at, 'must ask for something', value, 'Give it role, page or slot; the rest goes to next.')
  return { ...(role ? { role } : {}), ...(page ? { page } : {}), ...(slot ? { slot } : {}) }
}

function object(value: unknown, at: string, report: Report, fix: string): Raw | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Raw
  return report(at, 'must be an object', value, fix)
}

function text(value: unknown, at: string, report: Report): string | undefined {
  if (typeof value === 'string' && value.trim() && value.length <= MAX_TEXT_CHARS) return value.trim()
  return report(at, 'must be a text', value, `Write 1 to ${MAX_TEXT_CHARS} characters.`)
}

function texts(value: unknown, at: string, report: Report): readonly string[] | undefined {
  if (!Array.isArray(value)) return report(at, 'must be a list of texts', value, 'Put it in [ ].')
  const read = value.map((item, i) => text(item, `${at}[${i}]`, report))
  return read.every(item => item !== undefined) ? read : undefined
}

function name(value: unknown, at: string, report: Report): string | undefined {
  if (typeof value === 'string' && NAME.test(value)) return value
  return report(at, 'must be a name', value, 'Begin with a letter; letters, digits, - and _ follow.')
}

/** Entries of an object whose keys are names; `read` reads each value (default: texts). */
function entries(value: unknown, at: string, report: Report): Readonly<Record<string, string>> | undefined
function entries<T>(
  value: unknown,
  at: string,
  report: Report,
  read: (raw: Raw, at: string, report: Report) => T | undefined,
): Readonly<Record<string, T>> | undefined
function entries(
  value: unknown,
  at: string,
  report: Report,
  read?: (raw: Raw, at: string, report: Report) => unknown,
): Readonly<Record<string, unknown>> | undefined {
  const raw = object(value, at, report, 'It maps names to what they hold.')
  if (!raw) return undefined
  const out: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(raw)) {
    if (!name(key, `${at}.${key}`, report)) continue
    if (!read) {
      const value = text(item, `${at}.${key}`, report)
      if (value) out[key] = value
      continue
    }
    const inner = object(item, `${at}.${key}`, report, 'It maps names to what they hold.')
    const parsed = inner && read(inner, `${at}.${key}`, report)
    if (parsed) out[key] = parsed
  }
  return out
}
