// Can a flow work? Nothing leads nowhere, nothing is out of reach, nothing turns in circles without a word from the
// visitor, every name means something, and from each step at which a visitor may be stuck a road leads to a person.
// Used where files are built and checked, never in the page. The shape is flowSchema's, what could be better flowAdvice's.

import { describe } from '../base/errors'
import type { Flow, FlowCondition } from './flow'
import { exitsOf, findSilentCircle, reachableFrom, stepsWithPerson } from './flowGraph'
import type { FlowProblem } from './flowSchema'

/** Ids of the articles that there are, each with the ids of its headings. */
export type KnownArticles = ReadonlyMap<string, ReadonlySet<string>>

/** What else is known of the site; what is left out is not checked. */
export interface FlowSurroundings {
  readonly file: string
  /** Names of the functions that the host registers. */
  readonly actions?: readonly string[]
  readonly articles?: KnownArticles
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
    for (const { key, target } of exitsOf(step)) {
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
          'Register it with registerAction, and name it in --actions.',
        )
    }
    if ('article' in step && around.articles) {
      const [articleId = '', heading] = step.article.split('#')
      const headings = around.articles.get(articleId)
      if (!headings)
        report('flow_unknown_step', `${path}.article`, 'must name an article', step.article, 'Check its id.')
      else if (heading !== undefined && !headings.has(heading))
        report(
          'flow_unknown_step',
          `${path}.article`,
          'must name a heading of the article',
          step.article,
          headings.size ? `It has #${[...headings].join(', #')}.` : 'It has none: leave # away.',
        )
    }
  }

  const reached = reachableFrom(flow, flow.start)
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
  else for (const problem of stuck(flow, reached)) report('flow_dead_end', ...problem)
  return problems
}

/**
 * Ways on which a visitor who is not helped comes to no person: a question that cannot be answered, a look-up that
 * fails, an answer that does not fit.
 */
function stuck(flow: Flow, names: ReadonlySet<string>) {
  const found: { name: string; key: string; target: string; when: string }[] = []
  const saved = stepsWithPerson(flow)
  const need = (name: string, key: string, target: string, when: string) => {
    if (Object.hasOwn(flow.steps, target) && !saved.has(target)) found.push({ name, key, target, when })
  }
  for (const name of names) {
    const step = flow.steps[name]
    if (!step) continue
    if ('solved' in step) need(name, 'no', step.no, 'where it did not help')
    if ('ask' in step) need(name, 'next', step.next, 'where the visitor has no answer')
    if ('article' in step) need(name, 'next', step.next, 'where the article does not help')
    if ('action' in step) {
      need(name, 'failed', step.failed, 'where the look-up fails')
      need(name, 'refused', step.refused, 'where the visitor says no')
    }
  }
  // Of several on one way, the last: once that is mended, the others are.
  return found
    .filter(({ name, target }) => {
      const after = reachableFrom(flow, target)
      return !found.some(other => other.name !== name && after.has(other.name))
    })
    .map(
      ({ name, key, target, when }) =>
        [
          `steps.${name}.${key}`,
          `must have a road to a person ${when}`,
          target,
          'Lead it to a step with handoff, or through solved to one.',
        ] as const,
    )
}
