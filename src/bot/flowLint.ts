// Does a flow make sense? Walks its steps as a graph: nothing leads nowhere, nothing is out of reach, nothing
// turns in circles without a word from the visitor, and a person can always be reached.
// Used where files are built and checked, never in the page. The shape is flowSchema's.

import { describe } from '../base/errors'
import type { Flow, FlowCondition, FlowStep } from './flow'
import type { FlowProblem } from './flowSchema'

/** What else is known of the site; what is left out is not checked. */
export interface FlowSurroundings {
  readonly file: string
  readonly actions?: readonly string[]
  readonly articles?: readonly string[]
}

const FACT_PLACES = ['page.name', 'visitor.name', 'visitor.role']

/** Problems in the order of the file; none: the flow is sound. */
export function lintFlow(flow: Flow, around: FlowSurroundings): readonly FlowProblem[] {
  const problems: FlowProblem[] = []
  const report = (code: FlowProblem['code'], path: string, what: string, got: unknown, fix: string) => {
    problems.push({ code, file: around.file, path, what, got: describe(got), fix })
  }
  const knows = (name: string) => Object.hasOwn(flow.steps, name)
  const needSlot = (name: string, path: string) => {
    if (!Object.hasOwn(flow.slots, name))
      report('flow_unknown_step', path, 'must name a slot of this flow', name, `Add it under slots.`)
  }
  const checkCondition = (when: FlowCondition, path: string) => {
    for (const [slotName, values] of Object.entries(when.slot ?? {})) {
      needSlot(slotName, `${path}.slot.${slotName}`)
      const options = Object.hasOwn(flow.slots, slotName) && flow.slots[slotName]?.options
      if (!options) continue
      for (const value of values)
        if (value !== '*' && !options.some(option => option.value === value))
          report(
            'flow_shape',
            `${path}.slot.${slotName}`,
            'must compare with one of the options',
            value,
            `They are ${options.map(option => option.value).join(', ')}.`,
          )
    }
  }

  for (const [stepName, step] of Object.entries(flow.steps)) {
    const path = `steps.${stepName}`
    for (const [key, target] of exits(step)) {
      if (target === '')
        report(
          'flow_dead_end',
          path,
          'must ask, go on, end or hand off',
          'nothing after its words',
          'Add next, end or handoff.',
        )
      else if (!knows(target))
        report(
          'flow_unknown_step',
          `${path}.${key}`,
          'must name a step of this flow',
          target,
          'Add that step.',
        )
    }
    for (const words of step.say)
      for (const [, place = ''] of words.matchAll(/\{([^{}]*)\}/g))
        if (!FACT_PLACES.includes(place) && !Object.hasOwn(flow.slots, place))
          report(
            'flow_unknown_step',
            `${path}.say`,
            'must fill its places from slots',
            `{${place}}`,
            `Add the slot, or use one of {${FACT_PLACES.join('}, {')}}.`,
          )
    if ('ask' in step) needSlot(step.ask, `${path}.ask`)
    if ('branch' in step)
      step.branch.forEach((branch, i) => {
        checkCondition(branch.when, `${path}.branch[${i}].when`)
      })
    if ('action' in step) {
      for (const slot of step.sends) needSlot(slot, `${path}.sends`)
      for (const slot of Object.keys(step.saves)) needSlot(slot, `${path}.saves`)
      if (around.actions && !around.actions.includes(step.action))
        report(
          'flow_unknown_step',
          `${path}.action`,
          'must name an action of the host',
          step.action,
          'Register it with registerAction, or list it in the configuration.',
        )
    }
    if ('article' in step && around.articles && !around.articles.includes(step.article.split('#')[0] ?? ''))
      report('flow_unknown_step', `${path}.article`, 'must name an article', step.article, 'Check its id.')
  }

  const reached = reachable(flow, flow.start)
  for (const stepName of Object.keys(flow.steps))
    if (!reached.has(stepName))
      report(
        'flow_unknown_step',
        `steps.${stepName}`,
        'must be reached from another step',
        'no way to it',
        'Lead to it with next, or delete it.',
      )
  const circle = findSilentCircle(flow, reached)
  if (circle)
    report(
      'flow_dead_end',
      `steps.${circle[0]}`,
      'must not come round without a word from the visitor',
      circle.join(' -> '),
      'Put solved, action or an ask with "again": true into the circle.',
    )
  if (![...reached].some(name => 'handoff' in (flow.steps[name] ?? {})))
    report(
      'flow_dead_end',
      'steps',
      'must have a road to a person',
      'no handoff that can be reached',
      'Add a step with handoff, and lead to it where the flow does not help.',
    )
  return problems
}

/** Steps that can follow, with the key that names each. */
function exits(step: FlowStep): readonly (readonly [key: string, target: string])[] {
  const out: [string, string][] = []
  if ('branch' in step)
    step.branch.forEach((branch, i) => {
      out.push([`branch[${i}].next`, branch.next])
    })
  for (const key of ['next', 'failed', 'refused', 'yes', 'no'] as const) {
    const target = (step as Partial<Record<typeof key, string>>)[key]
    if (target !== undefined) out.push([key, target])
  }
  return out
}

function reachable(flow: Flow, from: string): Set<string> {
  const seen = new Set<string>()
  const open = [from]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const step = Object.hasOwn(flow.steps, name) && flow.steps[name]
    if (!step || seen.has(name)) continue
    seen.add(name)
    for (const [, target] of exits(step)) open.push(target)
  }
  return seen
}

/**
 * A circle on which nobody needs to speak. An ask does not break it: the second time round its slot is known and
 * it is passed over.
 */
function findSilentCircle(flow: Flow, names: ReadonlySet<string>): readonly string[] | null {
  const isSilent = (name: string) => {
    const step = flow.steps[name]
    return step && !('solved' in step || 'action' in step || ('ask' in step && step.again))
  }
  const finished = new Set<string>()
  const walk = (name: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name]
    if (finished.has(name) || !names.has(name) || !isSilent(name)) return null
    const step = flow.steps[name]
    for (const [, target] of step ? exits(step) : []) {
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
