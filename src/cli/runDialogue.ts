// Plays one transcript against the bot and the conversation that visitors have, over help that was built in memory,
// and says of each expectation whether it held and what came instead. No network, no person, no clock but its own:
// the same transcript over the same help comes out the same.
//
// Beside what a transcript expects, three things hold of every conversation: no two turns of the bot say the same
// words, no detail is asked for that is known, and each sentence stands in its source.

import { createConversation } from '../assistant/conversationParts'
import type { Environment } from '../base/environment'
import type { SafeStorage } from '../base/safeStorage'
import { seeded } from '../base/seeded'
import type { AnswerSource } from '../bot/botProvider'
import { type Flow, type FlowStep, slotOf, stepOf } from '../bot/flow'
import { readValue } from '../bot/flowEngine'
import { recall } from '../conversation/resume'
import type { TimelineItem } from '../conversation/timeline'
import { plainText } from '../knowledge/plainText'
import type { Facts } from '../protocol/facts'
import type { EscalationReason } from '../protocol/records'
import { type DialogueSite, NoAnswer, templateOf } from './dialogueSite'
import {
  type Dialogue,
  describeAct,
  type Expectation,
  type FactLine,
  type TranscriptTurn,
} from './transcript'

export interface DialogueCheck {
  /** `cites: a/b` as written; of what holds of every conversation, its sentence. */
  readonly text: string
  readonly line: number
  readonly passed: boolean
  /** What came instead; '' where it passed. */
  readonly got: string
  /** Of those that nobody writes: which. */
  readonly rule?: 'saidTwice' | 'askedTwice' | 'unsourced' | 'broken'
}

export interface DialogueTurn {
  readonly line: number
  /** As written: `> where is it?`. */
  readonly visitor: string
  readonly bot: readonly { readonly text: string; readonly source: AnswerSource | null }[]
  readonly buttons: readonly string[]
  /** The slot that is asked for now. */
  readonly asks: string | null
  /** Why a person is on offer; null: none is. */
  readonly offered: EscalationReason | null
  readonly checks: readonly DialogueCheck[]
}

export interface DialogueResult {
  readonly title: string
  readonly file: string
  readonly line: number
  readonly passed: boolean
  readonly turns: readonly DialogueTurn[]
  /**
   * Turns of the visitor from the one with `person: askedForPerson` until a person is on offer: 1 is at once. One
   * more than there are where none is offered; null where none is asked for.
   */
  readonly turnsToPerson: number | null
}

const STARTED_AT = Date.UTC(2026, 0, 5, 9)
const MINUTE_MS = 60_000

export async function runDialogue(dialogue: Dialogue, site: DialogueSite): Promise<DialogueResult> {
  const stage = await setUp(dialogue, site)
  const turns: DialogueTurn[] = []
  for (const turn of dialogue.turns) {
    const done = await play(turn, stage)
    turns.push(done)
    // A button that is not there, an article that is gone: what follows would speak of another conversation.
    if (done.checks.some(({ rule }) => rule === 'broken')) break
  }
  stage.model.dispose()
  return {
    title: dialogue.title,
    file: dialogue.file,
    line: dialogue.line,
    passed:
      turns.length === dialogue.turns.length && turns.every(({ checks }) => checks.every(one => one.passed)),
    turns,
    turnsToPerson: turnsToPerson(dialogue, turns),
  }
}

interface Stage {
  readonly site: DialogueSite
  model: Awaited<ReturnType<typeof createConversation>>
  /** The page is loaded anew: what the tab remembers is all that is left. */
  reload(): Promise<void>
  readonly tab: SafeStorage
  readonly errors: unknown[]
  facts(): Facts
  goTo(route: string, facts: readonly FactLine[]): void
  pass(): void
  /** Kinds of what was recorded since the last call. */
  recorded(): readonly string[]
  /** What the bot has said so far, a turn each. */
  readonly said: string[]
  /** What the visitor has written so far. */
  readonly written: string[]
  isOffered: boolean
}

async function setUp(dialogue: Dialogue, site: DialogueSite): Promise<Stage> {
  let now = STARTED_AT
  let ids = 0
  const environment: Environment = {
    now: () => now,
    // Nothing here waits: what would be given up on later is never late.
    after: () => () => {},
    random: seeded(1),
    randomId: () => `id${String(++ids).padStart(8, '0')}`,
    fetch: () => Promise.reject(new Error('A conversation test has no network.')),
    window: undefined,
  }
  const tab = memoryStorage()
  const errors: unknown[] = []
  let records: string[] = []
  let page = pageOf(dialogue.route, dialogue.facts, site.locale)
  const known = new Map(dialogue.facts.map(({ name, value }) => [name, value]))
  const name = known.get('visitor.name')
  const email = known.get('visitor.email')
  const visitor: Facts['visitor'] = {
    locale: site.locale,
    ...(dialogue.role && { role: dialogue.role }),
    ...(name && { name }),
    ...(email && { email }),
    attributes: Object.fromEntries(
      [...known].flatMap(([key, value]) =>
        key.startsWith('attributes.') ? [[key.slice('attributes.'.length), value]] : [],
      ),
    ),
  }
  const facts = () => ({ page, visitor })
  const nothing = () => {}
  const open = () =>
    createConversation({
      environment,
      config: site.config,
      serverUrl: site.config.server === undefined ? null : 'https://help.invalid',
      site: 'test',
      visitorId: null,
      mayStore: () => false,
      isWaiting: false,
      hasKept: () => false,
      texts: site.texts,
      facts,
      search: site.search,
      bot: undefined,
      // What a model says is not the same twice, and not this test's.
      answer: '',
      loadFile: async name => site[name],
      actions: site.actions,
      reader: { read: { value: [], subscribe: () => nothing } },
      getToken: async () => null,
      tab,
      local: memoryStorage(),
      recorder: { add: ({ kind }) => void records.push(kind) },
      events: { emit: nothing },
      onError: error => errors.push(error),
      // A person can be wanted; whether one is there is not this test's.
      loadLive: async () => {
        throw new Error('A conversation test has no people.')
      },
    })
  const stage: Stage = {
    site,
    model: await open(),
    async reload() {
      stage.model.dispose()
      stage.model = await open()
    },
    tab,
    errors,
    facts,
    goTo(route, lines) {
      const before = page.route
      page = { ...pageOf(route, lines, site.locale), recentRoutes: [before] }
    },
    pass: () => {
      now += MINUTE_MS
    },
    recorded() {
      const taken = records
      records = []
      return taken
    },
    said: [],
    written: [],
    isOffered: false,
  }
  return stage
}

function pageOf(route: string, lines: readonly FactLine[], language: string): Facts['page'] {
  const data = Object.fromEntries(
    lines.flatMap(({ name, value }) =>
      name.startsWith('page.') ? [[name.slice('page.'.length), value]] : [],
    ),
  )
  const { name = '', heading, ...own } = data
  return {
    url: `https://site.invalid${route}`,
    route,
    title: name,
    name,
    headings: heading ? [heading] : [],
    language,
    data: own,
  }
}

function memoryStorage(): SafeStorage {
  const kept = new Map<string, string>()
  return {
    kind: 'memory',
    get: key => kept.get(key) ?? null,
    set: (key, value) => void (value === null ? kept.delete(key) : kept.set(key, value)),
  }
}

/** What the conversation is after a turn. */
interface After {
  readonly messages: readonly { readonly text: string; readonly source: AnswerSource | null }[]
  /** Labels that can be pressed. */
  readonly buttons: readonly string[]
  readonly choiceIds: readonly string[]
  readonly asks: string | null
  readonly slots: Readonly<Record<string, { readonly value: string; readonly option?: string }>>
  /** The flow that waits or has handed over; null: none. */
  readonly flowId: string | null
  readonly isFlowOpen: boolean
  readonly offered: EscalationReason | null
  readonly missed: boolean
}

async function play(turn: TranscriptTurn, stage: Stage): Promise<DialogueTurn> {
  const { site } = stage
  const before = stateOf(stage, [])
  const shown = stage.model.items.value.length
  const wentBack = isBack(turn, stage)
  stage.pass()
  stage.recorded()
  stage.errors.splice(0)
  const broken = await act(turn, stage)
  const isTurn = turn.act.kind !== 'goes' && turn.act.kind !== 'reloads'
  const after = stateOf(stage, stage.model.items.value.slice(shown))
  const checks: DialogueCheck[] = []
  const fail = (rule: DialogueCheck['rule'], text: string, got: string) =>
    checks.push({ text, line: turn.line, passed: false, got, ...(rule && { rule }) })
  if (broken) fail('broken', 'the visitor can do this', broken)
  for (const error of stage.errors)
    if (!(error instanceof NoAnswer))
      fail('broken', 'nothing fails', error instanceof Error ? error.message : String(error))
  // Who answers anew is asked anew.
  if (wentBack) stage.said.splice(0)
  const words = loose(after.messages.map(({ text }) => text).join(' '))
  if (isTurn && words) {
    if (stage.said.includes(words) && !wentBack)
      fail('saidTwice', 'no two turns say the same', short(after.messages[0]?.text ?? ''))
    stage.said.push(words)
  }
  if (turn.act.kind === 'writes') stage.written.push(turn.act.text)
  if (wentBack) stage.written.splice(0)
  const twice = isTurn && !broken && after.asks && !wentBack ? askedTwice(after, before, stage) : null
  if (twice) fail('askedTwice', 'nothing known is asked for', twice)
  for (const message of after.messages) {
    const sentence = await unsourced(message, site)
    if (sentence) fail('unsourced', 'each sentence stands in its source', sentence)
  }
  stage.isOffered ||= after.offered !== null
  for (const expectation of turn.expectations) {
    const { passed, got } = judge(expectation, after, stage)
    checks.push({ text: expectation.text, line: expectation.line, passed, got: passed ? '' : got })
  }
  return {
    line: turn.line,
    visitor: describeAct(turn.act),
    bot: after.messages,
    buttons: after.buttons,
    asks: after.asks,
    offered: after.offered,
    checks,
  }
}

/** Does what the visitor does; returns why it cannot be done, or null. */
async function act({ act: what, facts }: TranscriptTurn, stage: Stage): Promise<string | null> {
  const { model, site } = stage
  switch (what.kind) {
    case 'writes':
      await model.send(what.text)
      return null
    case 'goes':
      stage.goTo(what.route, facts)
      return null
    case 'reloads':
      await stage.reload()
      return null
    case 'consents':
      if (!model.consent.value) return 'nothing that the visitor is asked to allow'
      await model.answerConsent(what.granted)
      return null
    case 'reads': {
      const title = await site.search.article(what.articleId).then(
        article => article.title,
        () => null,
      )
      if (title === null) return `no article ${what.articleId}`
      await model.articleDidNotHelp(what.articleId, title)
      return null
    }
    default: {
      const { label } = what
      const choice = named(model.choices.value, label)
      if (choice) await model.choose(choice.id)
      else if (model.consent.value && isLabel(site.texts('consent.allow'), label))
        await model.answerConsent(true)
      else if (model.consent.value && isLabel(site.texts('consent.refuse'), label))
        await model.answerConsent(false)
      else if (model.offer.value && isLabel(site.texts('offer.stay'), label)) model.stayWithBot()
      // It stands above the text field all the time.
      else if (isLabel(site.texts('chat.person'), label)) await model.askForPerson()
      else return `no button ${JSON.stringify(label)}, only ${listed(buttonsOf(stage))}`
      return null
    }
  }
}

function buttonsOf({ model, site: { texts } }: Stage): readonly string[] {
  return [
    ...model.choices.value.map(({ label }) => label),
    ...(model.consent.value ? [texts('consent.allow'), texts('consent.refuse')] : []),
    ...(model.offer.value ? [texts('offer.stay')] : []),
  ]
}

function stateOf(stage: Stage, items: readonly TimelineItem[]): After {
  const { model, tab, site } = stage
  const saved = recall(tab)
  const bot = saved?.bot
  const flow = site.flows.find(({ id }) => id === bot?.flow?.id)
  const step = flow && bot?.flow ? stepOf(flow, bot.flow.step) : undefined
  const isOpen = Boolean(step && ('ask' in step || 'solved' in step || 'action' in step))
  return {
    messages: items.flatMap(item =>
      item.kind === 'message' && item.author.kind === 'bot' ? [{ text: item.text, source: item.source }] : [],
    ),
    buttons: buttonsOf(stage),
    choiceIds: model.choices.value.map(({ id }) => id),
    asks: saved?.expects?.slot ?? slotAskedBy(step),
    slots: bot?.slots ?? {},
    flowId: bot?.flow?.id ?? null,
    isFlowOpen: isOpen,
    offered: saved?.offered ?? null,
    missed: stage.recorded().includes('missed'),
  }
}

function slotAskedBy(step: FlowStep | undefined): string | null {
  return step && 'ask' in step ? step.ask : null
}

/** Does the visitor ask for an earlier question again? Then it may say the same, and what it asks for is given up. */
function isBack({ act: what }: TranscriptTurn, { model, site }: Stage): boolean {
  if (what.kind === 'presses') return isBackButton(named(model.choices.value, what.label)?.id)
  return what.kind === 'writes' && isBackButton(site.replies.button(what.text))
}

const isBackButton = (id: string | undefined) => id === 'back' || id === 'resume'

/** How the slot that is asked for was known already; null: it was not. */
function askedTwice(after: After, before: After, { site, facts, written }: Stage): string | null {
  const name = after.asks ?? ''
  const flow = site.flows.find(({ id }) => id === after.flowId)
  const slot = flow && slotOf(flow, name)
  if (!flow || !slot) return null
  const asks = (step: FlowStep) => 'ask' in step && step.ask === name && step.again === true
  if (Object.values(flow.steps).some(asks)) return null
  const had = Object.hasOwn(before.slots, name) ? before.slots[name] : undefined
  // It was taken back, or another flow's run begins anew: then it is not known any more.
  const has = Object.hasOwn(after.slots, name) ? after.slots[name] : undefined
  if (had && has && readValue(slot, has.value)) return `${name}, which is ${has.value}`
  const { page, visitor } = facts()
  for (const source of slot.from ?? []) {
    const [from = '', key = ''] = source.split(/\.(.*)/s)
    const value =
      source === 'page.name'
        ? page.name
        : from === 'page'
          ? page.data[key]
          : from === 'attributes'
            ? visitor.attributes[key]
            : visitor[key as 'email' | 'name' | 'role']
    if (value !== undefined && readValue(slot, String(value)))
      return `${name}, which ${source} tells: ${value}`
  }
  if (slot.type === 'id' || slot.type === 'email')
    for (const words of written) {
      const found = readValue(slot, words)
      if (found) return `${name}, which the visitor wrote: ${found.value}`
    }
  return null
}

/** The first sentence that stands in none of its sources; null: all do. */
async function unsourced(
  { text, source }: After['messages'][number],
  { flows, search, templates }: DialogueSite,
): Promise<string | null> {
  if (!source) return short(text)
  if (source.kind === 'site') return null
  const known = [...templates]
  if (source.kind !== 'asklet') for (const flow of flows) known.push(...saysOf(flow, source.kind === 'flow'))
  if (known.some(pattern => pattern.test(text.trim()))) return null
  if (source.kind !== 'article') return short(text)
  const bodies = await Promise.all(
    source.citations.map(({ articleId }) =>
      search.article(articleId).then(
        ({ title, summary, content }) => loose(`${title} ${summary} ${plainText(content)}`),
        () => '',
      ),
    ),
  )
  for (const sentence of text.split(/(?<=[.!?。！？])\s+|\n+/)) {
    const own = loose(sentence.replace(/^(?:[•–-]|\d+[.)])\s+|…$/g, ''))
    if (!own || known.some(pattern => pattern.test(sentence.trim()))) continue
    if (!bodies.some(body => body.includes(own))) return short(sentence)
  }
  return null
}

/** What a flow's steps may say, whatever stands in their places; `{reason}` alone would be anything. */
function saysOf(flow: Flow, isBareMeant: boolean): readonly RegExp[] {
  return Object.values(flow.steps).flatMap(({ say }) =>
    say.flatMap(words =>
      isBareMeant || /\p{L}/u.test(words.replace(/\{[\w.-]+\}/g, '')) ? templateOf(words) : [],
    ),
  )
}

function judge(
  { kind, values, slot = '' }: Expectation,
  after: After,
  stage: Stage,
): { readonly passed: boolean; readonly got: string } {
  const text = after.messages.map(message => message.text).join(' ')
  const citations = after.messages.flatMap(({ source }) =>
    source?.kind === 'article' ? source.citations : [],
  )
  const isSaid = (words: string) => loose(text).includes(loose(words))
  switch (kind) {
    case 'cites': {
      const cited = citations.map(({ articleId, headingId }) =>
        headingId ? `${articleId}#${headingId}` : articleId,
      )
      const passed = values.some(value =>
        value.includes('#') ? cited.includes(value) : cited.some(one => one.split('#')[0] === value),
      )
      return { passed, got: cited.length ? listed([...new Set(cited)]) : `no article: ${short(text)}` }
    }
    case 'says':
      return { passed: values.some(isSaid), got: short(text, 400) }
    case 'never says':
      return { passed: !values.some(isSaid), got: short(text, 400) }
    case 'asks':
      return { passed: values.includes(after.asks ?? ''), got: after.asks ?? 'no question for a detail' }
    case 'asks nothing':
      return { passed: after.asks === null, got: after.asks ?? '' }
    case 'knows': {
      const known = Object.hasOwn(after.slots, slot) ? after.slots[slot] : undefined
      const held = known ? [known.value, ...(known.option ? [known.option] : [])].map(loose) : []
      return { passed: values.some(value => held.includes(loose(value))), got: known?.value ?? 'nothing' }
    }
    case 'flow': {
      const passed = values.some(value => (value === 'none' ? !after.isFlowOpen : value === after.flowId))
      return { passed, got: after.flowId ?? 'none' }
    }
    case 'buttons':
      return {
        passed: values.every(value => after.buttons.some(label => isLabel(label, value))),
        got: listed(after.buttons),
      }
    case 'unknown': {
      const isAlone =
        after.messages.length === 1 && after.messages.every(({ source }) => source?.kind === 'asklet')
      return { passed: after.missed && isAlone, got: short(text) }
    }
    case 'clarifies': {
      const meant = after.choiceIds.filter(
        id => !/^(?:none|person|resume|yes|no|stop|back|option:.*)$/.test(id),
      )
      const passed = meant.length > 1 || (meant.length > 0 && after.choiceIds.includes('none'))
      return {
        passed: passed && !citations.length,
        got: after.buttons.length ? listed(after.buttons) : short(text),
      }
    }
    case 'person':
      return {
        passed: after.offered !== null && (!values.length || values.includes(after.offered)),
        got: after.offered ?? `no person: ${short(text)}`,
      }
    default:
      return { passed: !stage.isOffered, got: after.offered ?? 'a person, earlier' }
  }
}

function turnsToPerson(dialogue: Dialogue, turns: readonly DialogueTurn[]): number | null {
  const asked = dialogue.turns.findIndex(({ expectations }) =>
    expectations.some(({ kind, values }) => kind === 'person' && values.includes('askedForPerson')),
  )
  if (asked < 0) return null
  const visitors = dialogue.turns
    .slice(asked)
    .filter(({ act: what }) => what.kind !== 'goes' && what.kind !== 'reloads')
  const at = visitors.findIndex(({ line }) => turns.find(turn => turn.line === line)?.offered)
  return (at < 0 ? visitors.length : at) + 1
}

/** Case and spaces do not count, nor how a quotation mark or a dash is written. */
function loose(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .replace(/[“”„]/g, '"')
    .replace(/[‐‑–—]/g, '-')
    .replace(/\s+/g, '')
}

/** The label, or how it begins: `Yes` is `Yes, thank you`. */
function isLabel(label: string, wanted: string): boolean {
  const own = label.toLowerCase()
  const short = wanted.toLowerCase()
  return own === short || (own.startsWith(short) && !/[\p{L}\p{N}]/u.test(own[short.length] ?? ''))
}

function named<T extends { readonly label: string }>(choices: readonly T[], wanted: string): T | undefined {
  const exact = choices.find(({ label }) => label.toLowerCase() === wanted.toLowerCase())
  const near = choices.filter(({ label }) => isLabel(label, wanted))
  return exact ?? (near.length === 1 ? near[0] : undefined)
}

const listed = (words: readonly string[]) => (words.length ? words.join(' | ') : 'none')

function short(text: string, chars = 160): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > chars ? `${line.slice(0, chars - 1)}…` : line || 'nothing'
}
