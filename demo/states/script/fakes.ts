// Models with the shape of the real ones and no life of their own: a test sets their signals and reads `calls`.

import { type Signal, signal } from '@preact/signals'
import type { Kept } from '../../../src/assistant/deviceKeeping'
import type { PanelModel, PanelSettings } from '../../../src/assistant/panelModel'
import { createTexts, type Texts } from '../../../src/base/texts'
import type { ConversationModel } from '../../../src/conversation/conversationModel'
import type { DisputeShown } from '../../../src/conversation/disputeShown'
import { withWords } from '../../../src/conversation/objecting'
import type { TimelineItem } from '../../../src/conversation/timeline'
import type { Suggestion } from '../../../src/search/searchProvider'
import { articleOf } from './articleOf'
import { english } from './english'

export const texts: Texts = createTexts('en', english)

/** The writable twin of a model: every signal of it as a `Signal`. */
export type Writable<Model> = {
  [Key in keyof Model]: Model[Key] extends { readonly value: infer Value; subscribe: unknown }
    ? Signal<Value>
    : Model[Key]
}

/** Some facts of a writable model, by name. */
export type FactsOf<Model> = {
  readonly [Key in keyof Model as Model[Key] extends Signal<infer _>
    ? Key
    : never]?: Model[Key] extends Signal<infer Value> ? Value : never
}

/** A dispute whose field takes words, as the real one does. */
export function writable(conversation: Fakes['conversation'], shown: DisputeShown | null): void {
  conversation.dispute.value = shown && {
    ...shown,
    type: typed => writable(conversation, { ...shown, typed }),
  }
}

/** Several facts of a model at once. */
export function set<Model extends object>(model: Model, facts: FactsOf<Model>): void {
  const signals = model as Readonly<Record<string, Signal<unknown>>>
  for (const [name, value] of Object.entries(facts)) {
    const fact = signals[name]
    if (fact) fact.value = value
  }
}

export interface Fakes {
  readonly panel: Writable<Omit<PanelModel, 'search' | 'reader'>> & {
    readonly search: Writable<PanelModel['search']>
    readonly reader: Writable<PanelModel['reader']>
  }
  readonly conversation: Writable<ConversationModel>
  /** Every action called, as `name` or `name:argument:argument`. */
  readonly calls: string[]
}

export const settings: PanelSettings = {
  name: 'Fairhand Help',
  theme: 'light',
  accent: null,
  position: 'right',
  locale: 'en',
  dir: 'ltr',
  contactEmail: 'help@fairhand.example',
  hasPeople: true,
  imageOrigins: [],
}

export function createFakes(overrides: Partial<PanelSettings> = {}): Fakes {
  const calls: string[] = []
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      calls.push([name, ...args.filter(arg => arg !== undefined)].map(word).join(':'))
    }
  const noteLater =
    (name: string) =>
    async (...args: unknown[]) =>
      note(name)(...args)

  const contested: Awaited<ReturnType<Fakes['conversation']['contest']>> = 'sent'
  const conversation: Fakes['conversation'] = {
    phase: signal('bot'),
    items: signal([]),
    choices: signal([]),
    expects: signal(null),
    consent: signal(null),
    isThinking: signal(false),
    arriving: signal(null),
    draft: signal(''),
    maxChars: 4_000,
    offer: signal(null),
    link: signal('online'),
    isCutOff: signal(false),
    agent: signal(null),
    isAgentTyping: signal(false),
    agentPresence: signal(null),
    place: signal(null),
    expectedWaitMs: signal(null),
    expectedRange: signal(null),
    files: signal(null),
    ticket: signal(null),
    keeping: signal('stored'),
    isStranded: signal(false),
    conversationId: signal(null),
    contact: signal(null),
    answerAt: signal(null),
    rating: signal(null),
    ticketHistory: signal([]),
    readAs: signal(null),
    answersFirst: signal(null),
    reopening: signal(null),
    usualBy: signal(null),
    telling: signal(null),
    because: signal(null),
    dispute: signal(null),
    unread: signal(0),
    leads: signal(true),
    setDraft(text) {
      conversation.draft.value = text
    },
    async send(text) {
      conversation.draft.value = ''
      await noteLater('send')(text)
    },
    choose: noteLater('choose'),
    answerConsent: noteLater('answerConsent'),
    stopAnswer: note('stopAnswer'),
    articleDidNotHelp: noteLater('articleDidNotHelp'),
    askForPerson: noteLater('askForPerson'),
    prepareForPerson: note('prepareForPerson'),
    chooseChannel: noteLater('chooseChannel'),
    considerAnswers() {
      note('considerAnswers')()
      return conversation.answersFirst.value !== null
    },
    refuseAnswers() {
      note('refuseAnswers')()
      conversation.answersFirst.value = null
    },
    answersHelped: note('answersHelped'),
    setChoosing: note('setChoosing'),
    stayWithBot: note('stayWithBot'),
    cancelWaiting: noteLater('cancelWaiting'),
    giveContact: noteLater('giveContact'),
    answerByMail: noteLater('answerByMail'),
    join: noteLater('join'),
    rate: noteLater('rate'),
    reopen: noteLater('reopen'),
    async contest(objection) {
      await noteLater('contest')(objection)
      return contested
    },
    objecting: signal([]),
    typeObjection(to, words) {
      conversation.objecting.value = withWords(conversation.objecting.value, to, words)
    },
    sayToDispute: noteLater('sayToDispute'),
    end: noteLater('end'),
    goodbye: noteLater('goodbye'),
    askAgain: note('askAgain'),
    retry: note('retry'),
    discard: note('discard'),
    transcript: () => 'You 14:02: Where is my money?',
    transcriptLines: () => [],
    moved: note('moved'),
    seen: note('seen'),
    typing: note('typing'),
    keepNothing: note('keepNothing'),
    logout: noteLater('logout'),
    dispose: note('dispose'),
  }
  const search: Fakes['panel']['search'] = {
    query: signal(''),
    suggestions: signal([]),
    active: signal(-1),
    status: signal('idle'),
    rests: signal(false),
    type(text) {
      note('type')(text)
      search.query.value = text
    },
    move(step) {
      const count = search.suggestions.value.length + 1
      search.active.value = ((search.active.value + 1 + step + count) % count) - 1
    },
    activate(row) {
      search.active.value = row
    },
    refresh: note('refresh'),
    dispose: note('dispose'),
  }
  const reader: Fakes['panel']['reader'] = {
    article: signal(null),
    headingId: signal(null),
    status: signal('idle'),
    solved: signal('unasked'),
    read: signal([]),
    open: noteLater('reader.open'),
    retry: note('reader.retry'),
    say(solved) {
      note('say')(solved)
      reader.solved.value = solved
    },
    close: note('reader.close'),
    dispose: note('dispose'),
  }
  const panel: Fakes['panel'] = {
    isOpen: signal(true),
    view: signal('home'),
    unread: signal(0),
    search,
    reader,
    conversation: signal(null),
    conversationStatus: signal('none'),
    settings: signal({ ...settings, ...overrides }),
    open: note('open'),
    close() {
      note('close')()
      panel.isOpen.value = false
    },
    toggle: note('toggle'),
    show(view) {
      panel.view.value = view
    },
    back() {
      note('back')()
      panel.view.value = 'home'
    },
    openArticle: note('openArticle'),
    ask: noteLater('ask'),
    articleDidNotHelp: noteLater('articleDidNotHelp'),
    askForPerson: noteLater('askForPerson'),
    prefetchConversation: note('prefetchConversation'),
    addTexts: () => {},
    parseMarkdown: async () => null,
    mayHavePast: () => false,
    disputeAbout: () => null,
    past: () => Promise.reject(new Error('not asked for')),
    withConversation: act => act(conversation),
    device: async () => ({ kept: async () => NOTHING_KEPT, forget: async () => NOTHING_KEPT }),
  }
  return { panel, conversation, calls }
}

/** Of a device that keeps nothing. */
export const NOTHING_KEPT: Kept = {
  isOpen: false,
  search: false,
  talk: false,
  routes: false,
  offers: false,
  people: false,
  isWithPerson: false,
  unsent: 0,
}

const word = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** Shows the conversation of `fakes`. */
export function showConversation({ panel, conversation }: Fakes): void {
  panel.conversation.value = conversation
  panel.conversationStatus.value = 'ready'
  panel.view.value = 'conversation'
}

/** A message of the timeline; `at` counts minutes from the first one. */
export function message(
  key: string,
  kind: 'visitor' | 'bot' | 'agent',
  text: string,
  more: Partial<Extract<TimelineItem, { kind: 'message' }>> = {},
): TimelineItem {
  return {
    kind: 'message',
    key,
    seq: null,
    author: kind === 'agent' ? { kind, agentId: 'a1', name: 'Mina' } : { kind },
    text,
    format: kind === 'agent' ? 'markdown' : 'plain',
    citations: [],
    source: null,
    at: Date.UTC(2026, 10, 20, 14, 2),
    state: null,
    fromDevice: false,
    ...more,
  }
}

export function notice(
  key: string,
  name: Extract<TimelineItem, { kind: 'notice' }>['name'],
  values: Record<string, string | number> = {},
): TimelineItem {
  return { kind: 'notice', key, seq: null, name, values, at: Date.UTC(2026, 10, 20, 14, 2) }
}

export const suggestions: readonly Suggestion[] = [
  {
    kind: 'article',
    articleId: 'withdrawals/delayed',
    title: 'Why a withdrawal takes longer than usual',
    summary: 'Banks, security checks and public holidays, and what you can do in each case.',
    highlights: [[6, 16]],
    reasons: [{ kind: 'words' }, { kind: 'page', name: 'Withdrawals' }, { kind: 'role', role: 'freelancer' }],
    score: 3,
  },
  {
    kind: 'question',
    articleId: 'withdrawals/limits',
    title: 'How much can I withdraw in a day?',
    summary: 'Limits by verification level.',
    headingId: 'daily',
    headingText: 'Daily limits',
    highlights: [[11, 19]],
    reasons: [{ kind: 'questionType', type: 'howto' }, { kind: 'words' }],
    score: 2,
  },
  {
    kind: 'article',
    articleId: 'withdrawals/methods',
    title: 'Add a withdrawal method',
    summary: 'Bank account, card or wallet: what each needs and how long it takes to verify.',
    highlights: [[6, 16]],
    reasons: [{ kind: 'words' }],
    score: 1,
  },
]

export const article = articleOf({
  id: 'withdrawals/delayed',
  title: 'Why a withdrawal takes longer than usual',
  content: [
    {
      t: 'p',
      c: [
        'Most withdrawals arrive within ',
        { t: 'b', c: ['two working days'] },
        '. If yours has not, one of these is usually the reason.',
      ],
    },
    { t: 'h', n: 2, id: 'bank', c: ['Your bank is still checking it'] },
    {
      t: 'ol',
      c: [
        [{ t: 'p', c: ['Open ', { t: 'b', c: ['Payments → History'] }, '.'] }],
        [{ t: 'p', c: ['Copy the ', { t: 'code', x: 'trace number' }, '.'] }],
        [
          {
            t: 'p',
            c: [
              'Give it to your bank; see ',
              { t: 'a', href: 'https://bank.example/trace', c: ['how banks trace payments'] },
              '.',
            ],
          },
        ],
      ],
    },
    { t: 'h', n: 2, id: 'limits', c: ['You reached a limit'] },
    {
      t: 'p',
      c: ['Read about ', { t: 'ref', id: 'withdrawals/limits', h: 'daily', c: ['daily limits'] }, '.'],
    },
    {
      t: 'table',
      head: [['Level'], ['A day']],
      rows: [
        [['Basic'], ['500 EUR']],
        [['Verified'], ['5 000 EUR']],
      ],
    },
    { t: 'quote', c: [{ t: 'p', c: ['Public holidays count as weekends.'] }] },
    { t: 'pre', x: 'TRACE 2026-11-20 0042 8841 WD-4471' },
  ],
})
