// A flow as a graph: which step can follow which, and by which key of the file. Pure; judges nothing.
// Used where flows are checked and drawn, never in the page.

import { type Flow, type FlowStep, stepOf } from './flow'

export interface FlowExit {
  /** `next`, `no`, `branch[0].next`: where in the step's JSON the target is named. */
  readonly key: string
  /** Name of the step that follows; '' where a step that only speaks names none. */
  readonly target: string
}

/** Steps that can follow, in the order of the file's meaning: branches first, then the rest. */
export function exitsOf(step: FlowStep): readonly FlowExit[] {
  const out: FlowExit[] = []
  if ('branch' in step)
    step.branch.forEach((branch, i) => {
      out.push({ key: `branch[${i}].next`, target: branch.next })
    })
  for (const key of ['next', 'failed', 'refused', 'yes', 'no'] as const) {
    const target = (step as Partial<Record<typeof key, string>>)[key]
    if (target !== undefined) out.push({ key, target })
  }
  return out
}

/** Slots whose value a step says, compares or sends. */
export function slotsReadBy(step: FlowStep): readonly string[] {
  return [
    ...step.say.flatMap(words => [...words.matchAll(/\{([\w-]+)\}/g)].map(([, place = '']) => place)),
    ...('branch' in step ? step.branch.flatMap(({ when }) => Object.keys(when.slot ?? {})) : []),
    ...('action' in step ? step.sends : []),
  ]
}

/** Slots that a step asks for or saves. */
export function slotsFilledBy(step: FlowStep): readonly string[] {
  return 'ask' in step ? [step.ask] : 'action' in step ? Object.keys(step.saves) : []
}

/** Does the conversation stop here until the visitor does something? */
export function isWaitingStep(step: FlowStep): boolean {
  return 'ask' in step || 'solved' in step || 'action' in step
}

/** Names of all steps that can be come to from `from`, itself included where it is a step. */
export function reachableFrom(flow: Flow, from: string): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = [from]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const step = stepOf(flow, name)
    if (!step || seen.has(name)) continue
    seen.add(name)
    for (const { target } of exitsOf(step)) open.push(target)
  }
  return seen
}

/** Names of the steps from which a person can be come to. */
export function stepsWithPerson(flow: Flow): ReadonlySet<string> {
  const found = new Set<string>()
  for (let before = -1; before < found.size; ) {
    before = found.size
    for (const [name, step] of Object.entries(flow.steps))
      if ('handoff' in step || exitsOf(step).some(({ target }) => found.has(target))) found.add(name)
  }
  return found
}

/**
 * A circle on which nobody needs to speak, its first step named again at the end; null: there is none. An ask does
 * not break it: the second time round its slot is known and it is passed over.
 */
export function findSilentCircle(flow: Flow, names: ReadonlySet<string>): readonly string[] | null {
  const isSilent = (step: FlowStep) =>
    !('solved' in step || 'action' in step || ('ask' in step && step.again === true))
  const finished = new Set<string>()
  const walk = (name: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name]
    const step = stepOf(flow, name)
    if (finished.has(name) || !names.has(name) || !step || !isSilent(step)) return null
    for (const { target } of exitsOf(step)) {
      const circle = walk(target, [...trail, name])
      if (circle) return circle
    }
    finished.add(name)
    return null
  }
  for (const name of names) {
    const circle = walk(name, [])
    if (circle) return circle
  }
  return null
}
