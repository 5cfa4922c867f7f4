// Runs a flow: one input in, what to say and the next state out. Pure: no clock, no host, no search.
// A host action is handed out as `run` and its result comes back as an input; who runs it is assistantBot.

import type { Texts } from '../base/texts'
import { routeMatches } from '../knowledge/article'
import type { ContentTree } from '../knowledge/contentTree'
import type { Facts } from '../protocol/facts'
import { findId } from '../understanding/idSlots'
import { contentStems, plain } from '../understanding/normalise'
import { NO_REPLIES, type Replies } from '../understanding/replies'
import { findDate, findEmail, findMoney, findNumber } from '../understanding/slots'
import type { AnswerSource, BotState, BotTurn, Choice } from './botProvider'
import {
  type AskStep,
  type Flow,
  type FlowCondition,
  type FlowSlot,
  type FlowStep,
  slotOf,
  stepOf,
} from './flow'
import { isWaiting, way, yesOrNo } from './openQuestion'

export type FlowInput =
  /** `words`: what led here; details in it are not asked for again. */
  | { readonly kind: 'start'; readonly words: string }
  /** Asks the open question again. */
  | { readonly kind: 'resume' }
  | { readonly kind: 'back' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'choice'; readonly id: string; readonly label: string }
  | { readonly kind: 'consent'; readonly granted: boolean }
  /** null: the action failed. */
  | { readonly kind: 'result'; readonly values: Readonly<Record<string, unknown>> | null }

export interface FlowMove {
  /** Citations in it carry an id and no title: the caller knows the articles. */
  readonly turn: BotTurn
  readonly state: BotState
  /** The visitor agreed: run this and come back with `result`. */
  readonly run?: { readonly action: string; readonly details: Readonly<Record<string, string>> }
  /** The words fitted no answer; the caller may try something better before it shows this turn. */
  readonly misunderstood?: true
}

/** The lazily loaded part of the bot. */
export interface FlowEngine {
  readonly advance: typeof advance
}

/** Answers that could not be read before a person is called. */
const MAX_TRIES = 3
/** More steps than this without a word from the visitor: the flow turns in circles. */
const MAX_STEPS = 100
/** Together with question and trail this stays below the 16 KiB of a state, whatever the script. */
const MAX_SLOT_CHARS = 3_000
const MAX_VALUE_CHARS = 900

type Slots = BotState['slots']

/**
 * One move of `flow`. Never throws; a step that is not there leads to a person.
 *
 * @param replies  of the visitor's language; without them only buttons and their words are a yes or a no
 */
export function advance(
  flow: Flow,
  state: BotState,
  input: FlowInput,
  facts: Facts,
  texts: Texts,
  replies: Replies = NO_REPLIES,
): FlowMove {
  const messages: { text: string; source: AnswerSource }[] = []
  let slots: Slots = state.slots
  let trail = state.trail ?? []
  let stepName = state.flow?.id === flow.id ? state.flow.step : flow.start
  let misses = state.misses

  const own = (): AnswerSource => ({ kind: 'flow', flowId: flow.id, step: stepName, title: flow.title })
  const speak = (text: string, source = own()) => messages.push({ text, source })
  const sayAll = (step: FlowStep, source = own()) => {
    const filled = (words: string) => fill(words, flow, slots, facts)
    step.say.forEach((words, i) => {
      const tree = step.trees?.[i]
      speak(filled(words), tree ? { ...source, tree: filledTree(tree, filled) } : source)
    })
  }
  const keep = (name: string, value: string, option?: string, ofPage?: boolean) => {
    const slot = slotOf(flow, name)
    if (slot) slots = withSlot(slots, name, slot.label, value, option, ofPage)
  }
  const finish = (turn: Partial<BotTurn>, change: Partial<BotState> = {}): FlowMove => ({
    turn: { messages, choices: [], ...(misses > state.misses ? { missed: true } : {}), ...turn },
    state: {
      ...state,
      flow: { id: flow.id, title: flow.title, step: stepName },
      slots,
      trail,
      misses,
      tries: 0,
      ...change,
    },
  })
  const handOver = (category: string): FlowMove => {
    // What page and identity tell goes along, asked for or not.
    for (const name in flow.slots) isKnown(name)
    return finish({ escalate: flow.policyTopic ? 'policyTopic' : 'flowHandoff', category })
  }
  const end = (): FlowMove => {
    const { turn, state: last } = finish({})
    const { flow: _flow, trail: _trail, tries: _tries, ...rest } = last
    return { turn, state: rest }
  }
  /** The end of a turn at which the visitor is asked, with the buttons that fit. */
  const wait = (step: FlowStep, turn: Partial<BotTurn> = {}, change?: Partial<BotState>): FlowMove => {
    const choices = choicesOf(flow, step, texts)
    const isLost = change?.tries || misses > state.misses
    const ways: Choice[] = [
      // A look-up has its own two buttons; "back" is understood there, too.
      ...(trail.length && (isLost || !('action' in step)) ? [way('back', texts)] : []),
      ...(isLost ? [way('stop', texts), way('person', texts)] : []),
    ]
    const slot = 'ask' in step ? slotOf(flow, step.ask) : undefined
    return finish(
      {
        choices: [...choices, ...ways],
        ...(slot && slot.type !== 'choice' && 'ask' in step
          ? { expects: { slot: step.ask, label: slot.label, inputMode: INPUT_MODES[slot.type] ?? 'text' } }
          : {}),
        ...('action' in step
          ? { consent: { action: step.action, label: step.action, sends: sent(flow, step.sends, slots) } }
          : {}),
        ...turn,
      },
      change,
    )
  }

  const go = (to: string): FlowMove => {
    stepName = to
    for (let i = 0; i < MAX_STEPS; i++) {
      const step = stepOf(flow, stepName)
      if (!step) break
      if ('ask' in step) {
        if (!step.again && isKnown(step.ask)) {
          stepName = step.next
          continue
        }
        sayAll(step)
        return wait(step)
      }
      if ('article' in step) {
        const [articleId = '', headingId] = step.article.split('#')
        const citation = { articleId, title: '', ...(headingId ? { headingId } : {}) }
        sayAll(step, { kind: 'article', citations: [citation] })
        stepName = step.next
        continue
      }
      sayAll(step)
      if ('solved' in step) {
        if (!step.say.length) speak(texts('bot.solved'))
        return wait(step)
      }
      if ('action' in step) return wait(step)
      if ('handoff' in step) {
        if (!step.say.length) speak(texts('bot.offerPerson'))
        return handOver(step.handoff)
      }
      if ('end' in step) return end()
      if ('branch' in step) for (const { when } of step.branch) for (const name in when.slot) isKnown(name)
      const taken = 'branch' in step && step.branch.find(branch => holds(branch.when, slots, facts))
      stepName = taken ? taken.next : step.next
    }
    // The file changed under a running conversation, or it turns in circles: a person, with what we have.
    speak(texts('bot.offerPerson'))
    return handOver(flow.id)
  }

  /** Known from before, or from the facts: then it is kept and not asked for. */
  const isKnown = (name: string): boolean => {
    const slot = slotOf(flow, name)
    if (!slot) return true
    const known = Object.hasOwn(slots, name) ? slots[name] : undefined
    // Another flow may have kept something of that name that this one cannot use.
    const isUsable = known && readValue(slot, known.value) !== undefined
    // What the page told belongs to that page: a flow that begins on another one goes by what stands there.
    if (isUsable && !(known.ofPage && input.kind === 'start')) return true
    for (const source of slot.from ?? []) {
      const found = readValue(slot, factOf(source, facts))
      if (!found) continue
      keep(name, found.value, found.option, source.startsWith('page.'))
      return true
    }
    if (isUsable) return true
    return false
  }

  const retry = (step: FlowStep): FlowMove => {
    const tries = (state.tries ?? 0) + 1
    if (tries >= MAX_TRIES) {
      speak(texts('bot.offerPerson'))
      return { ...handOver(flow.id), misunderstood: true }
    }
    const slot = 'ask' in step ? slotOf(flow, step.ask) : undefined
    speak(
      slot && slot.type !== 'choice'
        ? texts('bot.notUnderstood', { label: slot.label, hint: slot.hint ?? '' }).trim()
        : texts('bot.choose'),
    )
    return { ...wait(step, {}, { tries }), misunderstood: true }
  }

  if (input.kind === 'start') {
    slots = freshSlots(flow, state)
    slots = withWords(flow, slots, input.words, true)
    trail = []
    return go(flow.start)
  }
  if (input.kind === 'back') {
    const last = trail.at(-1)
    if (last === undefined) return go(stepName)
    trail = trail.slice(0, -1)
    const step = stepOf(flow, last)
    if (step && 'ask' in step) slots = without(slots, [step.ask])
    return go(last)
  }

  const step = stepOf(flow, stepName)
  if (input.kind === 'resume' || !step) return go(stepName)
  const passed = () => {
    trail = [...trail, stepName].slice(-30)
  }

  if (input.kind === 'text') {
    const change = corrected(flow, slots, input.text, facts, replies)
    if (change) {
      slots = change.slots
      speak(texts('bot.noted', change.noted))
      return go(change.goOn ?? stepName)
    }
    if (!isWaiting(flow, state)) return { ...finish({}), misunderstood: true }
  }

  if ('ask' in step) {
    const slot = slotOf(flow, step.ask)
    if (!slot) return go(step.next)
    const words = said(input)
    const option =
      input.kind === 'choice' ? slot.options?.find(({ value }) => input.id === `option:${value}`) : undefined
    const found = option ? { value: option.label, option: option.value } : readValue(slot, words, replies)
    if (!found) {
      if (step.again || !isKnown(step.ask)) return retry(step)
      // "The one on this page": the visitor has moved to where it stands.
      passed()
      return go(step.next)
    }
    keep(step.ask, found.value, found.option)
    slots = withWords(flow, slots, words)
    passed()
    return go(step.next)
  }
  if ('solved' in step) {
    // "No, I have been waiting for a week": a no with its reason.
    const answer = yesOrNo(input, texts, replies) ?? (replies.startsWithNo(said(input)) ? false : undefined)
    if (answer === undefined) return retry(step)
    passed()
    if (!answer) {
      misses++
      return go(step.no)
    }
    misses = 0
    if (step.yes) return go(step.yes)
    speak(texts('bot.glad'))
    return end()
  }
  if ('action' in step) {
    if (input.kind === 'result') {
      const { values } = input
      if (!values) {
        speak(texts('bot.actionFailed'))
        return go(step.failed)
      }
      slots = without(slots, Object.keys(step.saves))
      for (const [name, key] of Object.entries(step.saves)) {
        const value = Object.hasOwn(values, key) ? values[key] : undefined
        if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
          keep(name, String(value))
      }
      return go(step.next)
    }
    const granted = input.kind === 'consent' ? input.granted : yesOrNo(input, texts, replies)
    if (granted === undefined) return retry(step)
    passed()
    if (!granted) {
      speak(texts('bot.actionRefused'))
      return go(step.refused)
    }
    const details: Record<string, string> = {}
    for (const name of step.sends) {
      const slot = Object.hasOwn(slots, name) && slots[name]
      if (slot) details[name] = slot.option ?? slot.value
    }
    return { ...finish({}), run: { action: step.action, details } }
  }
  return go(stepName)
}

const said = (input: FlowInput) =>
  input.kind === 'text' ? input.text : input.kind === 'choice' ? input.label : ''

interface Corrected {
  readonly slots: Slots
  readonly noted: { readonly label: string; readonly value: string }
  /** A choice was another one: on with what follows it. */
  readonly goOn?: string
}

/** "No, C-20419", "I mean 870 USD, not 780", "wrong button, I meant ending it": the detail that is meant instead. */
function corrected(flow: Flow, slots: Slots, text: string, facts: Facts, replies: Replies): Corrected | null {
  const taken = replies.correction(text)
  if (!taken) return null
  const words = taken.rest
  for (const [name, slot] of Object.entries(flow.slots)) {
    const known = Object.hasOwn(slots, name) ? slots[name] : undefined
    if (!known || slot.type === 'text' || slot.type === 'number') continue
    const here = taken.isOnThisPage ? slot.from?.map(source => factOf(source, facts)) : []
    const found =
      slot.type === 'money'
        ? asValue(findMoney(words))
        : (readValue(slot, words, replies) ??
          (here?.length ? readValue(slot, here.find(Boolean) ?? '') : undefined))
    if (!found || found.value === known.value) continue
    const goOn =
      slot.type === 'choice' &&
      Object.values(flow.steps).find((each): each is AskStep => 'ask' in each && each.ask === name)?.next
    return {
      slots: withSlot(slots, name, slot.label, found.value, found.option),
      noted: { label: slot.label, value: found.value },
      ...(goOn && { goOn }),
    }
  }
  return null
}

const asValue = (value: string | undefined): { value: string; option?: string } | undefined =>
  value ? { value } : undefined

const INPUT_MODES: Partial<Record<FlowSlot['type'], 'numeric' | 'decimal' | 'email'>> = {
  number: 'decimal',
  money: 'decimal',
  email: 'email',
}

function choicesOf(flow: Flow, step: FlowStep, texts: Texts): readonly Choice[] {
  if ('ask' in step)
    return (slotOf(flow, step.ask)?.options ?? []).map(({ value, label }) => ({
      id: `option:${value}`,
      label,
    }))
  return 'solved' in step
    ? [
        { id: 'yes', label: texts('bot.yes') },
        { id: 'no', label: texts('bot.no') },
      ]
    : []
}

function sent(flow: Flow, names: readonly string[], slots: Slots) {
  return names.flatMap(name => {
    const slot = slotOf(flow, name)
    const known = Object.hasOwn(slots, name) && slots[name]
    return slot && known ? [{ label: slot.label, value: known.value }] : []
  })
}

/** Details are collected once a conversation; choices and results belong to one run, and a second run asks anew. */
function freshSlots(flow: Flow, state: BotState): Slots {
  const isSecond = state.answered.includes(`flow:${flow.id}`)
  const own = Object.values(flow.steps).flatMap(step =>
    'action' in step ? Object.keys(step.saves) : isSecond && 'ask' in step ? step.ask : [],
  )
  return without(
    state.slots,
    Object.entries(flow.slots).flatMap(([name, { type, from }]) =>
      own.includes(name) || (isSecond && from) || type === 'choice' || type === 'text' ? name : [],
    ),
  )
}

/** Details that can be told from any words: ids by pattern, addresses, amounts with a currency. */
function withWords(flow: Flow, slots: Slots, words: string, isStart?: boolean): Slots {
  let out = slots
  const all = Object.entries(flow.slots)
  const stems = contentStems(words)
  for (const [name, slot] of all) {
    if (Object.hasOwn(out, name)) continue
    const { type } = slot
    // Two amounts to collect and one in the words: nobody can tell which, so ask.
    const isOnly = all.filter(([, other]) => other.type === type).length === 1
    let found: ReturnType<typeof readValue>
    if (type === 'id') found = readValue(slot, words)
    else if (type === 'choice' && isStart) {
      // "I forgot my password" has chosen already, "cancel my order" names the value `cancel`; one word in common with
      // a label may be chance ("which documents are accepted").
      const said = (slot.options ?? []).filter(({ label, value }) => {
        const own = contentStems(label)
        const [name, ...more] = contentStems(value)
        return (
          (own.length > 1 && own.every(stem => stems.includes(stem))) ||
          (name && !more.length && /^\w+$/.test(value) && stems.includes(name))
        )
      })
      found = said.length === 1 && said[0] ? { value: said[0].label, option: said[0].value } : undefined
    } else if (isOnly && (type === 'email' || type === 'money')) {
      const value = type === 'email' ? findEmail(words) : findMoney(words)
      found = value ? { value } : undefined
    }
    if (found) out = withSlot(out, name, slot.label, found.value, found.option)
  }
  return out
}

function withSlot(
  slots: Slots,
  name: string,
  label: string,
  value: string,
  option?: string,
  ofPage?: boolean,
): Slots {
  const others = without(slots, [name])
  const room = MAX_SLOT_CHARS - Object.values(others).reduce((sum, slot) => sum + slot.value.length, 0)
  const cut = value
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .slice(0, Math.max(20, Math.min(MAX_VALUE_CHARS, room)))
    .trim()
  return {
    ...others,
    [name]: { label, value: cut, ...(option ? { option } : {}), ...(ofPage && { ofPage }) },
  }
}

function without(slots: Slots, names: readonly string[]): Slots {
  return Object.fromEntries(Object.entries(slots).filter(([name]) => !names.includes(name)))
}

/** What of `text` answers for `slot`, as typed; undefined when nothing does. */
export function readValue(
  slot: FlowSlot,
  text: string,
  replies: Replies = NO_REPLIES,
): { readonly value: string; readonly option?: string } | undefined {
  const words = text.slice(0, 4_000).trim()
  const as = (value: string | undefined) => (value ? { value } : undefined)
  switch (slot.type) {
    case 'number':
      return as(findNumber(words))
    case 'money':
      return as(findMoney(words) ?? findNumber(words))
    case 'date':
      return as(findDate(words))
    case 'email':
      return as(findEmail(words))
    case 'id':
      return as(findId(slot.pattern ?? '', words))
    case 'choice': {
      const option = findOption(slot.options ?? [], plain(words), replies)
      return option && { value: option.label, option: option.value }
    }
    default:
      return /[\p{L}\p{N}]/u.test(words) ? { value: words } : undefined
  }
}

function findOption(options: NonNullable<FlowSlot['options']>, words: string, replies: Replies) {
  const exact =
    options.find(({ label, value }) => plain(label) === words || plain(value) === words) ??
    options[Number(words) - 1]
  if (exact || !words) return exact
  const place = replies.place(words)
  if (place !== undefined) return options.at(place)
  const stems = contentStems(words)
  const near = options.filter(({ label }) => {
    const own = contentStems(label)
    return stems.some(word => own.includes(word))
  })
  return near.length === 1 ? near[0] : undefined
}

function factOf(source: string, { page, visitor }: Facts): string {
  const dot = source.indexOf('.')
  const key = source.slice(dot + 1)
  const own = (record: Readonly<Record<string, unknown>>) =>
    Object.hasOwn(record, key) ? String(record[key]) : ''
  if (source === 'page.name') return page.name
  if (source.startsWith('page.')) return own(page.data)
  if (source.startsWith('attributes.')) return own(visitor.attributes)
  return (key === 'email' ? visitor.email : key === 'name' ? visitor.name : visitor.role) ?? ''
}

/** An empty place takes the space before it along: `Hello {visitor.name},` is `Hello,` for who has no name. */
function fill(words: string, flow: Flow, slots: Slots, facts: Facts): string {
  return words.replace(/( *)\{([\w.-]+)\}/g, (place, space: string, name: string) => {
    const known = Object.hasOwn(slots, name) && slots[name]
    const value = name.includes('.') ? factOf(name, facts) : known ? known.value : slotOf(flow, name)?.label
    return value === undefined ? place : value && space + value
  })
}

/** Words and code get their values, as text: what was parsed is parsed, and an address never has a place. */
function filledTree(tree: ContentTree, filled: (words: string) => string): ContentTree {
  return JSON.parse(JSON.stringify(tree), (key, value) =>
    typeof value === 'string' && /^(?:\d+|x)$/.test(key) ? filled(value) : value,
  )
}

function holds(when: FlowCondition, slots: Slots, { page, visitor }: Facts): boolean {
  const same = (a: string) => (b: string) => a.toLowerCase() === b.toLowerCase()
  if (when.role && !when.role.some(same(visitor.role ?? ''))) return false
  if (when.page && !when.page.some(pattern => routeMatches(pattern, page.route))) return false
  return Object.entries(when.slot ?? {}).every(([name, values]) => {
    const known = Object.hasOwn(slots, name) && slots[name]
    return known && (values.includes('*') || values.some(same(known.option ?? known.value)))
  })
}
