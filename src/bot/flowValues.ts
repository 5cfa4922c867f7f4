// What can be known of the visitor at each step of a flow: over all ways there, which roles and which values of each
// slot are possible. From it follow the branches that can never be taken and the questions that are never asked.
// Pure; an over-estimate on purpose: what it calls impossible is, what it calls possible may still not happen.
// Knows one flow alone; pages are left out, because the visitor may move between two turns.

import { type Flow, type FlowCondition, slotOf, stepOf } from './flow'
import { exitsOf } from './flowGraph'

export interface NeverTaken {
  readonly step: string
  /** Index in the step's `branch`. */
  readonly branch: number
  /** The branch of the same step that takes all that this one would; -1: what the ways to the step leave open. */
  readonly takenBy: number
}

export interface FlowValues {
  readonly neverTaken: readonly NeverTaken[]
  /** Steps whose question never comes, because every way there has filled the slot. */
  readonly neverAsked: readonly string[]
}

/** Any value that no condition of the flow names; a visitor without a role has this one. */
const OTHER = '\0other'
const UNKNOWN = '\0unknown'
/** The role among the slots: no slot has such a name. */
const ROLE = '\0role'

/** Role and slots -> what each may be. */
type State = ReadonlyMap<string, ReadonlySet<string>>

export function flowValues(flow: Flow): FlowValues {
  const all = everything(flow)
  const steady = new Set([ROLE, ...Object.keys(flow.slots)])
  for (const step of Object.values(flow.steps)) {
    // What may be asked again or saved anew tells nothing of later steps.
    if ('ask' in step && step.again) steady.delete(step.ask)
    if ('action' in step) for (const name of Object.keys(step.saves)) steady.delete(name)
  }
  const states = new Map<string, State>([[flow.start, startOf(flow, all)]])
  const open = [flow.start]
  for (let name = open.shift(); name !== undefined; name = open.shift()) {
    const state = states.get(name)
    if (!state) continue
    for (const [target, after] of waysOut(flow, name, state, all, steady).ways) {
      const before = states.get(target)
      const joined = before ? join(before, after) : after
      if (before && isSame(before, joined)) continue
      states.set(target, joined)
      open.push(target)
    }
  }
  const neverTaken: NeverTaken[] = []
  const neverAsked: string[] = []
  for (const [name, step] of Object.entries(flow.steps)) {
    const state = states.get(name)
    if (!state) continue
    neverTaken.push(...waysOut(flow, name, state, all, steady).neverTaken)
    if ('ask' in step && !step.again && state.get(step.ask) && !state.get(step.ask)?.has(UNKNOWN))
      neverAsked.push(name)
  }
  return { neverTaken, neverAsked }
}

/** Of each slot and the role, all that a condition can tell apart. */
function everything(flow: Flow): State {
  const all = new Map<string, Set<string>>([[ROLE, new Set([OTHER, ...flow.roles.map(lower)])]])
  for (const [name, slot] of Object.entries(flow.slots))
    all.set(
      name,
      new Set(slot.options ? [UNKNOWN, ...slot.options.map(({ value }) => lower(value))] : [UNKNOWN, OTHER]),
    )
  for (const step of Object.values(flow.steps))
    for (const { when } of 'branch' in step ? step.branch : []) {
      for (const role of when.role ?? []) all.get(ROLE)?.add(lower(role))
      for (const [name, values] of Object.entries(when.slot ?? {}))
        if (!slotOf(flow, name)?.options)
          for (const value of values) if (value !== '*') all.get(name)?.add(lower(value))
    }
  return all
}

/** A visitor of a role that the flow is not for is not led into it, unless the site's policy does. */
function startOf(flow: Flow, all: State): State {
  const state = new Map(all)
  if (flow.roles.length && flow.policyTopic === undefined)
    state.set(ROLE, new Set([OTHER, ...flow.roles.map(lower)]))
  return state
}

function waysOut(
  flow: Flow,
  name: string,
  state: State,
  all: State,
  steady: ReadonlySet<string>,
): {
  readonly ways: readonly (readonly [target: string, State])[]
  readonly neverTaken: readonly NeverTaken[]
} {
  const step = stepOf(flow, name)
  if (!step) return { ways: [], neverTaken: [] }
  if ('branch' in step) {
    const ways: [string, State][] = []
    const neverTaken: NeverTaken[] = []
    let left = state
    step.branch.forEach(({ when, next }, i) => {
      const takenBy = step.branch.slice(0, i).findIndex(earlier => covers(earlier.when, when))
      const met = isPossible(left) ? meet(left, when) : null
      if (met && takenBy < 0) ways.push([next, keep(state, met, steady)])
      else {
        const before = takenBy < 0 && meet(state, when) ? lastTaking(step.branch, i, when) : takenBy
        neverTaken.push({ step: name, branch: i, takenBy: before })
      }
      left = without(left, when)
    })
    if (isPossible(left)) ways.push([step.next, keep(state, left, steady)])
    return { ways, neverTaken }
  }
  if ('ask' in step) {
    const after = new Map(state)
    for (const [slot, possible] of state) {
      // Numbers, addresses and amounts are taken from any words, whatever was asked.
      const isTold = slot === step.ask || ['id', 'email', 'money'].includes(slotOf(flow, slot)?.type ?? '')
      if (isTold && (possible.has(UNKNOWN) || (slot === step.ask && step.again)))
        after.set(slot, all.get(slot) ?? possible)
    }
    const asked = after.get(step.ask)
    if (asked) after.set(step.ask, new Set([...asked].filter(value => value !== UNKNOWN)))
    return { ways: [[step.next, after]], neverTaken: [] }
  }
  return { ways: exitsOf(step).map(({ target }) => [target, state] as const), neverTaken: [] }
}

const isPossible = (state: State) => [...state.values()].every(({ size }) => size)

/** The nearest earlier branch that asks about the same, or else the one before. */
function lastTaking(
  branches: readonly { readonly when: FlowCondition }[],
  before: number,
  when: FlowCondition,
): number {
  const keys = keysOf(when)
  const same = branches
    .slice(0, before)
    .findLastIndex(branch => keysOf(branch.when).some(key => keys.includes(key)))
  return same < 0 ? before - 1 : same
}

const keysOf = ({ role, slot }: FlowCondition) => [...(role ? [ROLE] : []), ...Object.keys(slot ?? {})]

function partsOf({ role, slot = {} }: FlowCondition): readonly (readonly [string, readonly string[]])[] {
  return [...(role ? [[ROLE, role] as const] : []), ...Object.entries(slot)]
}

function allows(values: readonly string[], value: string): boolean {
  return value === UNKNOWN ? false : values.includes('*') || values.some(one => lower(one) === value)
}

/** `state` where `when` holds; null where it cannot. */
function meet(state: State, when: FlowCondition): State | null {
  const met = new Map(state)
  for (const [key, values] of partsOf(when)) {
    const possible = state.get(key)
    // A slot that the flow does not have: said elsewhere.
    if (!possible) continue
    const left = new Set([...possible].filter(value => allows(values, value)))
    if (!left.size) return null
    met.set(key, left)
  }
  return met
}

/** `state` where `when` does not hold, as far as that can be said of one slot. */
function without(state: State, when: FlowCondition): State {
  const parts = partsOf(when)
  const [first] = parts
  if (!first || parts.length > 1 || when.page) return state
  const [key, values] = first
  const possible = state.get(key)
  return possible
    ? new Map(state).set(key, new Set([...possible].filter(value => !allows(values, value))))
    : state
}

/** Does `a` hold wherever `b` does? */
function covers(a: FlowCondition, b: FlowCondition): boolean {
  const within = (own: readonly string[] | undefined, other: readonly string[] | undefined) =>
    !own || own.includes('*') || Boolean(other?.every(value => own.some(one => lower(one) === lower(value))))
  return (
    within(a.role, b.role) &&
    within(a.page, b.page) &&
    Object.entries(a.slot ?? {}).every(([name, values]) => b.slot?.[name] && within(values, b.slot[name]))
  )
}

/** Of what a branch has found out, only what stays so. */
function keep(state: State, found: State, steady: ReadonlySet<string>): State {
  return new Map(
    [...found].map(([key, values]) => [key, steady.has(key) ? values : (state.get(key) ?? values)]),
  )
}

function join(a: State, b: State): State {
  return new Map([...a].map(([key, values]) => [key, new Set([...values, ...(b.get(key) ?? [])])]))
}

function isSame(a: State, b: State): boolean {
  return [...a].every(([key, values]) => values.size === b.get(key)?.size)
}

function lower(text: string): string {
  return text.toLowerCase()
}
