// A flow as boxes and arrows in words that a support lead reads: what each step does, what it says, and when which
// way is taken. Pure; how it looks is flowDiagramSvg's and flowDiagramMermaid's.

import { type BranchStep, type Flow, type FlowCondition, type FlowStep, slotOf } from '../bot/flow'
import { exitsOf } from '../bot/flowGraph'

export type BoxKind = 'start' | 'say' | 'ask' | 'branch' | 'action' | 'article' | 'solved' | 'person' | 'end'

export interface Box {
  /** The step's name; the box before the first step and the one behind a solved question have names no step has. */
  readonly id: string
  readonly kind: BoxKind
  /** What it does: `asks for the contract number`. */
  readonly does: string
  /** What it says, one entry a message. */
  readonly says: readonly string[]
  /** Answers that are offered as buttons. */
  readonly buttons: readonly string[]
}

export interface Arrow {
  readonly from: string
  readonly to: string
  /** When it is taken; '' = always. */
  readonly when: string
}

export interface Diagram {
  readonly id: string
  readonly title: string
  readonly boxes: readonly Box[]
  readonly arrows: readonly Arrow[]
}

const START = '(start)'
/** One behind each question, so that no arrow crosses the picture only to say that all is well. */
const solvedBehind = (name: string) => `(solved ${name})`
const ROLE = '(role)'
const PAGE = '(page)'
/** Of the sentences that begin a flow, enough to see which they are. */
const SHOWN_EXAMPLES = 3

export function flowDiagram(flow: Flow): Diagram {
  const boxes: Box[] = [startBox(flow)]
  const arrows: Arrow[] = [{ from: START, to: flow.start, when: '' }]
  for (const [name, step] of Object.entries(flow.steps)) {
    const { kind, does, buttons = [] } = look(flow, step)
    boxes.push({ id: name, kind, does, says: step.say.map(words => withLabels(flow, words)), buttons })
    // Two ways to one step are one arrow with both reasons.
    const ways = new Map<string, string[]>()
    for (const { key, target } of exitsOf(step)) {
      if (!Object.hasOwn(flow.steps, target)) continue
      ways.set(target, [...(ways.get(target) ?? []), whenOf(flow, step, key)])
    }
    if ('solved' in step && step.yes === undefined) {
      const id = solvedBehind(name)
      ways.set(id, ['yes'])
      boxes.push({ id, kind: 'end', does: 'solved', says: [], buttons: [] })
    }
    for (const [to, reasons] of ways)
      arrows.push({ from: name, to, when: reasons.every(Boolean) ? reasons.join(', or ') : 'else' })
  }
  // Where nothing is decided, nothing need be said.
  const ways = (from: string) => arrows.filter(arrow => arrow.from === from).length
  return {
    id: flow.id,
    title: flow.title,
    boxes,
    arrows: arrows.map(arrow =>
      ways(arrow.from) === 1 && arrow.when === 'else' ? { ...arrow, when: '' } : arrow,
    ),
  }
}

function startBox(flow: Flow): Box {
  const { startsWith, roles, pages, policyTopic } = flow
  const more = startsWith.length - SHOWN_EXAMPLES
  const facts = [
    ...(roles.length ? [`for ${roles.join(', ')}`] : []),
    ...(pages.length ? [`likelier on ${pages.join(', ')}`] : []),
    ...(policyTopic ? [`policy topic ${policyTopic}`] : []),
  ]
  return {
    id: START,
    kind: 'start',
    does: facts.join(' · '),
    says: [
      ...startsWith.slice(0, SHOWN_EXAMPLES).map(words => `“${words}”`),
      ...(more > 0 ? [`and ${more} more`] : []),
    ],
    buttons: [],
  }
}

function look(
  flow: Flow,
  step: FlowStep,
): { readonly kind: BoxKind; readonly does: string; readonly buttons?: readonly string[] } {
  if ('ask' in step) {
    const slot = slotOf(flow, step.ask)
    const known = slot?.from?.length ? `, unless ${slot.from.join(' or ')} tells` : ''
    return {
      kind: 'ask',
      does: `asks: ${slot?.label ?? step.ask}${known}`,
      buttons: slot?.options?.map(({ label }) => label) ?? [],
    }
  }
  if ('branch' in step) {
    const key = onlyKey(step)
    return { kind: 'branch', does: key === null ? 'decides' : `decides by ${nameOf(flow, key)}` }
  }
  if ('action' in step)
    return {
      kind: 'action',
      does: `looks up: ${step.action}${step.sends.length ? ` with ${step.sends.map(name => slotOf(flow, name)?.label ?? name).join(', ')}` : ''}`,
    }
  if ('article' in step) return { kind: 'article', does: `answers from ${step.article}` }
  if ('solved' in step) return { kind: 'solved', does: 'asks whether it helped' }
  if ('handoff' in step) return { kind: 'person', does: `a person: ${step.handoff}` }
  return 'end' in step ? { kind: 'end', does: 'ends' } : { kind: 'say', does: 'says' }
}

function whenOf(flow: Flow, step: FlowStep, key: string): string {
  if ('branch' in step) {
    const index = /^branch\[(\d+)\]/.exec(key)?.[1]
    const branch = index === undefined ? undefined : step.branch[Number(index)]
    return branch ? conditionOf(flow, branch.when, onlyKey(step) !== null) : 'else'
  }
  if ('action' in step) return { next: 'found', failed: 'not found', refused: 'refused' }[key] ?? key
  return 'solved' in step ? key : ''
}

/** What all branches of a step are about, where that is one thing. */
function onlyKey(step: BranchStep): string | null {
  const keys = new Set(
    step.branch.flatMap(({ when: { role, page, slot = {} } }) => [
      ...(role ? [ROLE] : []),
      ...(page ? [PAGE] : []),
      ...Object.keys(slot),
    ]),
  )
  const [only] = keys
  return keys.size === 1 && only !== undefined ? only : null
}

const nameOf = (flow: Flow, key: string) =>
  key === ROLE ? 'role' : key === PAGE ? 'page' : (slotOf(flow, key)?.label ?? key)

/** @param isShort  what it is about stands in the box */
function conditionOf(flow: Flow, { role, page, slot }: FlowCondition, isShort: boolean): string {
  const said = Object.entries(slot ?? {}).map(([name, values]) => {
    const known = slotOf(flow, name)
    const words = values.map(value => known?.options?.find(option => option.value === value)?.label ?? value)
    if (values.includes('*')) return isShort ? 'known' : `${known?.label ?? name} is known`
    return isShort ? words.join(' or ') : `${known?.label ?? name}: ${words.join(' or ')}`
  })
  return [
    ...said,
    ...(role ? [`a ${role.join(' or ')}`] : []),
    ...(page ? [`on ${page.join(' or ')}`] : []),
  ].join(', and ')
}

/** `{contract}` as people call it. */
function withLabels(flow: Flow, words: string): string {
  return words.replace(/\{([\w-]+)\}/g, (place, name: string) => {
    const label = slotOf(flow, name)?.label
    return label ? `‹${label}›` : place
  })
}
