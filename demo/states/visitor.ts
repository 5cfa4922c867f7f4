// How each state of launcher and panel is brought about. A script sets models, presses what a visitor presses, and names
// what must be seen in the end; nothing is drawn by hand.

import type { Kept } from '../../src/assistant/deviceKeeping'
import type { PastConversation, PastConversations } from '../../src/assistant/pastConversations'
import offerEnglish from '../../src/assistant/texts/offers.en.json'
import { createTexts, type Texts } from '../../src/base/texts'
import type { AnswerSource } from '../../src/bot/botProvider'
import type { ChannelOffer, Offer } from '../../src/conversation/conversationModel'
import type { Objection } from '../../src/conversation/objections'
import type { Rating } from '../../src/conversation/rating'
import type { LocalTurn } from '../../src/conversation/timeline'
import { takeHostButtons } from '../../src/launcher/hostButtons'
import { showOffer } from '../../src/launcher/offerBubble'
import type { OutboxRow } from '../../src/live/outbox'
import type { StoredEvent } from '../../src/protocol/events'
import type { Suggestion } from '../../src/search/searchProvider'
import type { VisitorStateId } from './catalogue'
import { delayed, documents, fees, toBank, withPicture } from './script/articles'
import { by, claimed, markdown, plain, SERVER, VISITOR, WAITS } from './script/events'
import { type FactsOf, type Fakes, NOTHING_KEPT, set } from './script/fakes'
import { scriptedFiles, uploadOf } from './script/files'
import { part, scriptedTelling } from './script/telling'
import { minutesAgo, NOW } from './script/time'
import { stored, unsent, type VisitorStage } from './script/visitorStage'
import {
  ASKLET,
  answered,
  asked,
  forThisPage,
  found,
  GUIDED,
  INES,
  NOOR,
  quoted,
  SCREENSHOT,
  STATEMENT,
  said,
  TOMAS,
} from './script/workmere'

export interface VisitorScript {
  /** CSS selector, in the shadow root, of what is seen once the state stands. */
  readonly shows: string
  /** Text key of what that says. */
  readonly says?: string
  arrange(stage: VisitorStage): void | Promise<void>
}

/** A button in the page's own bar, until the state goes: the page styles it by what it is told. */
function pageButton({ host, texts }: VisitorStage): void {
  const { ownerDocument: document } = host.element
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'own-help'
  button.textContent = texts('launcher.label')
  ;(document.querySelector('header.site') ?? document.body).append(button)
  const { remove } = host
  host.remove = () => {
    remove.call(host)
    button.remove()
  }
}
type Act = (stage: VisitorStage) => void | Promise<void>

/** An address of the demo's own, beside the frame; and one of no picture at all. */
export const PICTURE = new URL('picture.svg', import.meta.url).href
const GONE = 'data:image/png;base64,AAAA'

const never = () => new Promise<never>(() => {})
const lost = () => Promise.reject(new Error('This part of the program is not there any more.'))

// ---- what a script does

const presses =
  (...keys: readonly string[]): Act =>
  async stage => {
    for (const key of keys) await stage.press(key)
  }
const submits = async (stage: VisitorStage, field: string, text: string) => {
  await stage.type(field, text)
  const input = await stage.see<HTMLInputElement>(field)
  input.form?.requestSubmit()
}
const searchIs =
  (facts: FactsOf<Fakes['panel']['search']>): Act =>
  ({ panel }) =>
    set(panel.search, facts)
const readerIs =
  (facts: FactsOf<Fakes['panel']['reader']>): Act =>
  ({ panel }) =>
    set(panel.reader, facts)
const talkIs =
  (facts: FactsOf<Fakes['conversation']>): Act =>
  ({ conversation }) =>
    set(conversation, facts)

/** What the bot offers to press, by what it is called. */
const CHOICES = {
  again: 'retry',
  back: 'bot.back',
  no: 'bot.no',
  none: 'bot.none',
  person: 'chat.person',
  stop: 'bot.stop',
  yes: 'bot.yes',
} as const
type Choice = keyof typeof CHOICES | { readonly id: string; readonly label: string }
/** What was said so far on this device, and what may be pressed now. */
const talk =
  (
    turns: readonly LocalTurn[] | ((texts: Texts) => readonly LocalTurn[]),
    choices: readonly Choice[] = [],
    facts: FactsOf<Fakes['conversation']> = {},
  ): Act =>
  ({ tell, texts, conversation }) => {
    tell({ turns: typeof turns === 'function' ? turns(texts) : turns })
    conversation.choices.value = choices.map(choice =>
      typeof choice === 'string' ? { id: choice, label: texts(CHOICES[choice]) } : choice,
    )
    set(conversation, facts)
  }
/** After an answer. */
const SOLVED = ['yes', 'no', 'person'] as const

// ---- beginnings that several states share

/** States that begin alike, and differ by what they show and by an act. */
const beginning =
  (begin: (stage: VisitorStage, act: Act) => void | Promise<void>) =>
  (shows: string, act: Act = () => {}, says?: string): VisitorScript => ({
    shows,
    ...(says && { says }),
    arrange: stage => begin(stage, act),
  })

const closed = beginning((stage, act) => {
  stage.panel.isOpen.value = false
  return act(stage)
})

const home = beginning((stage, act) => {
  stage.panel.search.suggestions.value = forThisPage
  const pending = act(stage)
  stage.open()
  return pending
})

const typed = (query: string, shows: string, act?: Act, says?: string): VisitorScript =>
  beginning(async (stage, act) => {
    stage.panel.search.suggestions.value = found
    stage.open()
    await stage.type('input[role=combobox]', query)
    await act(stage)
  })(shows, act, says)

const reading = beginning(async (stage, act) => {
  stage.panel.view.value = 'article'
  stage.panel.reader.article.value = delayed
  await act(stage)
  stage.open()
})
const unread = (status: 'loading' | 'failed' | 'missing', shows = '.status'): VisitorScript =>
  reading(shows, readerIs({ article: null, status }), `article.${status}`)

const bot = beginning(async (stage, act) => {
  stage.tell({})
  await act(stage)
  stage.open()
})
const HELLO = (texts: Texts) => [answered(texts('bot.hello'), ASKLET, 0)]

const QUESTION = 'Where is my withdrawal W-7731?'
const WHICH = 'Let us find your money. Which withdrawal is it? The number starts with W.'
const A_PERSON = 'I want to talk to a person.'

const road = (channel: ChannelOffer['channel'], more: Partial<ChannelOffer> = {}): ChannelOffer => ({
  channel,
  available: true,
  expectedWaitMs: null,
  opensAt: null,
  recommended: false,
  needsContact: channel === 'phone' ? 'phone' : channel === 'live' ? null : 'email',
  ...more,
})
const offered = (
  channels: readonly ChannelOffer[],
  then: Act = () => {},
  shows = '[part=offer]',
  more: Partial<Offer> = {},
): VisitorScript => ({
  shows,
  async arrange(stage) {
    stage.tell({ turns: [asked(QUESTION, 5), answered(WHICH, GUIDED, 5), asked(A_PERSON, 4)] })
    set(stage.conversation, {
      phase: 'offered',
      offer: { reason: 'askedForPerson', checking: false, channels, ...more },
    })
    stage.open()
    await then(stage)
  },
})
/** What a person is told, before it is sent or after. */
const scripted = (isSent: boolean, objections: readonly Objection[] = []) =>
  scriptedTelling({
    isSent,
    left: isSent ? [] : ['headings'],
    parts: [
      part('question', QUESTION),
      part('page', 'Withdrawals\nhttps://workmere.example/withdrawals'),
      part('headings', 'Your withdrawals\nW-7731: on its way'),
      part('errors', 'This withdrawal is on hold'),
      part('name', 'Mara Lindqvist'),
      part('email', AT_HOME.email),
      part('role', 'freelancer'),
      part('slot', 'W-7731', 'Withdrawal'),
      part('articles', delayed.title),
      part('category', 'Payouts'),
      part('locale', 'en'),
    ],
    turns: [QUESTION, WHICH, A_PERSON],
    objections,
  })
const objected = (more: Partial<Objection>): Objection => ({
  key: 'objection',
  about: 'answer',
  at: NOW,
  state: 'sent',
  answer: null,
  isHeld: false,
  isForGood: false,
  ...more,
})
const NO_BANK = 'The article is about another bank.'
const objecting = (state: OutboxRow['state']): OutboxRow => {
  const row = unsent('', state)
  const { clientId } = row
  return { ...row, draft: { clientId, body: { type: 'contested', about: 'answer', words: NO_BANK } } }
}
const ROADS = [
  road('live', {
    expectedWaitMs: 180_000,
    expectedRange: { lowMs: 120_000, highMs: 300_000 },
    recommended: true,
    because: 'soonest',
  }),
  road('ticket'),
  road('phone'),
]
const CLOSED = [
  road('live', { available: false }),
  road('ticket', { recommended: true, because: 'nobodyThere' }),
]

type Bodies = Parameters<typeof stored>[0]
const FROM_BOT: Bodies = [
  [VISITOR, { type: 'opened', brief: null as never }],
  [VISITOR, plain(QUESTION)],
  [{ kind: 'bot' }, plain(WHICH)],
  [VISITOR, plain(A_PERSON)],
  [VISITOR, WAITS],
]
const JOINED: Bodies = [...FROM_BOT, [SERVER, claimed(NOOR)]]
const TALK: Bodies = [
  ...JOINED,
  [
    by(NOOR),
    markdown(
      'Hello Mara, your withdrawal **W-7731** waits for two things:\n\n1. the address check\n2. your confirmation under [Verification](https://workmere.example/verification)',
    ),
  ],
  [VISITOR, plain('I sent the papers yesterday. Is anything missing?')],
  [by(NOOR), markdown('No, all is here. The money leaves today.')],
  [VISITOR, plain('That is good to hear, thank you!')],
  [by(NOOR), { type: 'marked', delivered: 10, read: 10 }],
]
const CONTESTED: Bodies = [
  [VISITOR, { type: 'contested', about: 'answer', words: NO_BANK }],
  [
    by(NOOR),
    {
      type: 'contestAnswered',
      contest: 12,
      outcome: 'changed',
      words: 'The time is that of your own bank: one day more.',
    },
  ],
  [
    by(NOOR),
    {
      type: 'message',
      text: '> A withdrawal reaches your bank within two working days.',
      format: 'markdown',
      draftedBy: 'machine',
    },
  ],
]
const READ: Bodies = [[by(NOOR), { type: 'marked', delivered: 12, read: 10 }]]
const OVER: Bodies = [...TALK, [by(NOOR), { type: 'ended', by: 'agent' }]]

const person = (
  events: () => readonly StoredEvent[],
  shows: string,
  act?: Act,
  says?: string,
): VisitorScript =>
  beginning(async (stage, act) => {
    stage.tell({ events: events() })
    stage.open()
    await stage.see('.foot')
    await act(stage)
  })(shows, act, says)
const waiting = (act: Act, shows = '[part=banner]'): VisitorScript =>
  person(
    () => stored(FROM_BOT),
    shows,
    stage => {
      stage.conversation.place.value = 2
      return act(stage)
    },
  )
const live = (shows: string, act?: Act, says?: string): VisitorScript =>
  person(() => stored(TALK), shows, act, says)
/** The talk goes on: with more events, and with words that are not confirmed. */
const goesOn =
  (more: Bodies, rows: OutboxRow[] = [], facts: FactsOf<Fakes['conversation']> = {}): Act =>
  stage => {
    stage.tell({ events: stored([...TALK, ...more]), rows })
    set(stage.conversation, facts)
  }
const TELL_THE_BANK = 'Could you tell the bank about it?'

const withFiles = (
  shows: string,
  act: (stage: VisitorStage, files: ReturnType<typeof scriptedFiles>) => void | Promise<void>,
): VisitorScript =>
  live(shows, stage => {
    const files = scriptedFiles(PICTURE)
    stage.conversation.files.value = files.model
    return act(stage, files)
  })
const sends = (text: string, attachments: readonly (typeof SCREENSHOT)[]) =>
  ({ type: 'message', text, format: 'plain', attachments }) as const
const UPLOADED = { state: 'ready', progress: 1 } as const

const UNASKED: Rating = { score: undefined, comment: '', state: 'unasked', key: '' }
const SKIPPED: Rating = { ...UNASKED, score: null, state: 'stored' }
const over = (shows: string, act: Act = () => {}, says?: string): VisitorScript =>
  person(
    () => stored(OVER),
    shows,
    stage => {
      stage.conversation.rating.value = UNASKED
      return act(stage)
    },
    says,
  )
const rated =
  (rating: Partial<Rating>): Act =>
  async stage => {
    await stage.see('[part=rating]')
    stage.conversation.rating.value = { ...UNASKED, score: 4, ...rating }
  }

const AT_HOME = { email: 'mara@workmere.example' }
const ticketed = (contact?: typeof AT_HOME, said = 4) =>
  stored([
    ...FROM_BOT.slice(0, said),
    [
      SERVER,
      {
        type: 'ticketOpened',
        cause: 'chosen',
        ticket: {
          number: 1042,
          category: 'withdrawals',
          priority: 'normal',
          status: 'open',
          ...(contact && { contact }),
        },
      },
    ],
  ])

/** Of the ticket: what rules read in its words, an answer, and what came after. */
const READ_AS: Bodies = [
  [
    SERVER,
    {
      type: 'triaged',
      category: 'withdrawals',
      confidence: 0.82,
      urgency: {
        score: 0.6,
        reasons: [
          { code: 'urgentWords', words: ['urgent', 'today'] },
          { code: 'chased', words: ['still'] },
        ],
      },
      complexity: { score: 0.2, reasons: [{ code: 'details', words: ['W-7731', '1,200 EUR'], count: 2 }] },
      rule: 'triage@1',
    },
  ],
]
const TICKET_ANSWERED: Bodies = [
  [SERVER, { type: 'owned', agent: { agentId: 'tomas', name: TOMAS.name } }],
  [
    by(TOMAS),
    markdown('Hello Mara, one paper is missing: please send a **proof of address** of the last 3 months.'),
  ],
]
const TICKET_SOLVED: Bodies = [
  ...TICKET_ANSWERED,
  [VISITOR, plain('Here it is. Is that enough?')],
  [by(TOMAS), markdown('It is. The money leaves today.')],
  [by(TOMAS), { type: 'ended', by: 'agent' }],
]
const ticketWith = (more: Bodies, shows: string, act?: Act, says?: string, last = 1): VisitorScript =>
  person(
    () => {
      const bodies = ticketed(AT_HOME).map(({ author, body }) => [author, body] as const)
      return stored([...bodies.slice(0, -1), ...READ_AS, ...bodies.slice(-1), ...more], last)
    },
    shows,
    act,
    says,
  )

const DISPUTE = { disputeId: 'dispute-workmere' }
const DISPUTED: Bodies = [
  [
    SERVER,
    {
      type: 'disputeOpened',
      ...DISPUTE,
      number: 1042,
      reference: 'WM-4127',
      you: 'client',
      opener: 'client',
      parties: [
        { party: 'client', name: 'Mara' },
        { party: 'freelancer', name: 'Jonas' },
      ],
      facts: { contract: 'WM-4127', milestone: '2 of 3', amount: '1,200 EUR' },
      respondBy: minutesAgo(-2_880),
    },
  ],
  [
    { kind: 'visitor' },
    {
      type: 'disputeStated',
      ...DISPUTE,
      text: 'The second milestone came nine days late, and the tests are missing.',
    },
  ],
  [
    SERVER,
    {
      type: 'disputeShared',
      ...DISPUTE,
      statements: [
        { party: 'client', text: 'The second milestone came nine days late, and the tests are missing.' },
        {
          party: 'freelancer',
          text: 'The design that I was to build from came a week late.\nThe tests were never part of this milestone.',
        },
      ],
      facts: { contract: 'WM-4127', milestone: '2 of 3', amount: '1,200 EUR' },
      decideBy: minutesAgo(-7_200),
    },
  ],
  [
    SERVER,
    {
      type: 'disputeProposed',
      ...DISPUTE,
      proposal: 1,
      outcome: '900 EUR are released, 300 EUR stay until the tests are there',
      words:
        'Both of you caused a part of the delay. The tests stand in the contract, for the third milestone.',
    },
  ],
  [
    SERVER,
    {
      type: 'disputeDecided',
      ...DISPUTE,
      cause: 'agreed',
      outcome: '900 EUR are released, 300 EUR stay until the tests are there',
      words:
        'Both of you caused a part of the delay. The tests stand in the contract, for the third milestone.',
    },
  ],
]
/** A ticket with the first so many events of a dispute. */
const disputed = (count: number, shows: string, act?: Act, says?: string): VisitorScript =>
  person(
    () => {
      const ticket = ticketed(AT_HOME)
      const more = stored([
        ...ticket.map(({ author, body }) => [author, body] as const),
        ...DISPUTED.slice(0, count),
      ])
      return more
    },
    shows,
    act,
    says,
  )

const past = (n: number, more: Partial<PastConversation>): PastConversation => ({
  conversationId: `conversation-${n}`,
  phase: 'ended',
  lastAt: minutesAgo(n * 2_000),
  head: 9,
  question: 'Which documents do you accept for verification?',
  ticketNumber: null,
  agentName: null,
  ...more,
})
const PAST = [
  past(1, {
    phase: 'ticketed',
    ticketNumber: 1042,
    agentName: TOMAS.name,
    question: 'The client has not released the second milestone',
  }),
  past(2, { agentName: NOOR.name }),
  past(3, { question: 'Why is the withdraw button grey?' }),
  past(4, { question: 'How do I change my display name?' }),
]
const TICKETS = [
  past(1, { phase: 'ticketed', ticketNumber: 1044, ticketStatus: 'open', category: 'disputes' }),
  past(2, {
    phase: 'ticketed',
    ticketNumber: 1042,
    agentName: TOMAS.name,
    question: 'The client has not released the second milestone',
    ticketStatus: 'waitingOnVisitor',
    category: 'withdrawals',
  }),
  past(3, {
    phase: 'ticketed',
    ticketNumber: 1037,
    agentName: NOOR.name,
    question: 'Why is the withdraw button grey?',
    ticketStatus: 'waitingOnUs',
  }),
  past(4, {
    ticketNumber: 1021,
    agentName: NOOR.name,
    question: 'How do I change my display name?',
    ticketStatus: 'solved',
    category: 'account',
  }),
  past(5, {
    phase: 'ticketed',
    ticketNumber: 1009,
    agentName: TOMAS.name,
    question: 'The fee of my last withdrawal',
    ticketStatus: 'reopened',
  }),
]
const pasts = (more: Partial<PastConversations> = {}): PastConversations => ({
  list: async () => PAST,
  thread: async () => null,
  files: async () => scriptedFiles(PICTURE).model,
  openDispute: async () => null,
  hearsTranscript: () => true,
  sendTranscript: async () => 'sent',
  ...more,
})
/** What the earlier conversation of a stage holds, made by its own timeline. */
const TOLD = new WeakMap<VisitorStage, VisitorStage['conversation']['items']['value']>()
const opensPast = (
  shows: string,
  thread: (stage: VisitorStage) => ReturnType<PastConversations['thread']>,
  says: string,
): VisitorScript => ({
  shows,
  says,
  async arrange(stage) {
    const { panel, conversation } = stage
    panel.mayHavePast = () => true
    panel.past = async () => pasts({ thread: () => thread(stage) })
    stage.tell({ events: stored(OVER, 4_000) })
    TOLD.set(stage, conversation.items.value)
    panel.search.suggestions.value = forThisPage
    set(panel, { view: 'home', conversation: null, conversationStatus: 'none' })
    stage.open()
    await stage.pressAt('.past .caption')
    await stage.pressAt('.past li:nth-child(2) button')
  },
})

const keeps =
  (kept: Partial<Kept>): VisitorStage['panel']['device'] =>
  async () => ({
    kept: async () => ({ ...NOTHING_KEPT, ...kept }),
    forget: async () => ({ ...NOTHING_KEPT, ...kept }),
  })
const keeping = (
  shows: string,
  device: VisitorStage['panel']['device'],
  keys: readonly string[] = [],
  says?: string,
): VisitorScript =>
  beginning(async stage => {
    stage.panel.device = device
    stage.panel.search.suggestions.value = forThisPage
    stage.open()
    await presses('home.kept', ...keys)(stage)
  })(shows, undefined, says)
const MUCH: Partial<Kept> = { isOpen: true, search: true, talk: true, people: true, unsent: 1 }

function offerHelp(stage: VisitorStage): void {
  // Words of a chunk of their own, which comes before all else.
  const words = createTexts('en', offerEnglish)
  const say = (key: string) => {
    const known = stage.texts(key)
    return known === key ? words(key) : known
  }
  showOffer(
    stage.host,
    stage.launcher,
    {
      label: say('offers.label'),
      text: 'The amount is not taken? Here is how much you can withdraw, and when.',
      take: say('offers.takeArticle'),
      why: say('offers.why'),
      because: say('offers.because.errorRepeated'),
      dismiss: say('offers.dismiss'),
      announcement: '',
    },
    { take() {}, dismiss() {}, passedBy() {} },
  )
}

const AFTER_FIVE = 'When is a withdrawal sent that I ask for on Friday evening?'
const ON_MONDAY = 'A withdrawal that you request on Friday after 15:00 UTC is sent on Monday.'
/** What a language model said, as far as it came. */
const worded = (model: 'whole' | 'stopped' | 'cut') => {
  const { tree: _, ...source } = quoted(
    fees,
    'business-days-and-holidays',
    'Business days and holidays',
    model,
  )
  const rest = ' Business days are Monday to Friday, without public holidays in the country of your bank.'
  return answered(model === 'whole' ? ON_MONDAY + rest : ON_MONDAY, source)
}

export const VISITOR_SCRIPTS: Readonly<Record<VisitorStateId, VisitorScript>> = {
  // ---- launcher

  'launcher-idle': closed('.launcher'),
  'launcher-unread': closed('.badge', ({ launcher, texts }) =>
    launcher.setUnread(2, texts('launcher.unread', { count: 2 })),
  ),
  'launcher-busy': closed('.launcher[aria-busy=true]', ({ launcher }) => launcher.setBusy(true)),
  'launcher-failed': closed('.problem', ({ launcher, texts }) =>
    launcher.setProblem(texts('launcher.failed')),
  ),
  'launcher-offer': closed('.offer', offerHelp),
  'launcher-offer-why': closed('.offer .because', stage => {
    offerHelp(stage)
    return stage.pressAt('.offer .why')
  }),

  'launcher-own': home('.road .tag', stage => {
    const { panel, host, launcher, texts } = stage
    pageButton(stage)
    stage.tell({ events: stored(TALK) })
    panel.view.value = 'home'
    panel.unread.value = 2
    launcher.button.remove()
    takeHostButtons(host, launcher, '.own-help')
    launcher.setUnread(2, texts('launcher.unread', { count: 2 }))
  }),

  // ---- home

  'home-empty': home('.home', searchIs({ suggestions: [] })),
  'home-loading': home('.home .bones', searchIs({ suggestions: [], status: 'loading' })),
  home: home('[role=option]'),
  'home-failed': home('.home .status', searchIs({ suggestions: [], status: 'failed' }), 'search.failed'),
  'home-continue': home('.road .tag', stage => {
    stage.tell({ events: stored(TALK) })
    set(stage.panel, { view: 'home', unread: 2 })
  }),
  'home-past': home('.past .caption', ({ panel }) => {
    panel.mayHavePast = () => true
    panel.past = async () => pasts()
  }),
  'home-tickets': {
    shows: '.past li:nth-child(5)',
    async arrange(stage) {
      const { panel } = stage
      panel.mayHavePast = () => true
      panel.past = async () => pasts({ list: async () => TICKETS })
      panel.search.suggestions.value = forThisPage.slice(0, 2)
      set(panel, { view: 'home', conversation: null, conversationStatus: 'none' })
      stage.open()
      await stage.pressAt('.past .caption')
    },
  },
  'home-guest': home('.home', ({ panel }) => {
    panel.settings.value = { ...panel.settings.value, hasPeople: false }
    panel.search.suggestions.value = forThisPage.slice(2)
  }),

  // ---- search

  results: typed('withdraw', '[role=option] mark'),
  'results-why': typed('withdraw', '.because dl', stage => stage.press('why.these')),
  'results-contest': typed('withdraw', '.because form', async stage => {
    await stage.press('why.these')
    await stage.press('why.wrong.suggestion')
  }),
  'results-active': typed('withdraw', '[role=option][aria-selected=true]', searchIs({ active: 1 })),
  'results-completion': typed(
    'withdraw your ear',
    '.ghost',
    searchIs({ suggestions: [found[2], found[0], found[3]] as Suggestion[] }),
  ),
  'results-none': typed(
    'the weather in Lisbon',
    '.home .status',
    searchIs({ suggestions: [] }),
    'search.none',
  ),
  'results-stalled': typed(
    'withdrawal fee',
    '.home .caption',
    searchIs({ status: 'stalled' }),
    'search.stalled',
  ),
  'results-failed': typed(
    'withdrawal fee',
    '.home .status',
    searchIs({ suggestions: [], status: 'failed' }),
    'search.failed',
  ),

  // ---- article

  'article-loading': unread('loading', '.bones'),
  article: reading('article table'),
  'article-section': reading(
    'article #h-if-you-cannot-withdraw-at-all',
    readerIs({ headingId: 'if-you-cannot-withdraw-at-all' }),
  ),
  'article-picture': reading('article pre', readerIs({ article: withPicture(delayed, PICTURE) })),
  'article-solved': reading('.solved > p', readerIs({ solved: 'yes' }), 'article.thanks'),
  'article-not-solved': bot(
    '.bubble',
    talk(texts => [answered(texts('bot.articleNoHelp', { title: delayed.title }), ASKLET)], ['person']),
  ),
  'article-failed': unread('failed'),
  'article-missing': unread('missing'),
  'article-chunk-failed': reading(
    '.status',
    ({ parts }) => {
      parts.loadArticleView = lost
    },
    'article.failed',
  ),

  // ---- assistant

  'bot-opening': bot(
    '.bones',
    ({ panel }) => set(panel, { conversation: null, conversationStatus: 'loading' }),
    'chat.loading',
  ),
  bot: bot('.notice', talk(HELLO)),
  'bot-thinking': bot('.waiting', talk([asked(QUESTION, 0)], [], { isThinking: true })),
  'bot-answer': bot('.source', stage => {
    const source = quoted(delayed, 'what-the-status-means', 'What the status means')
    return talk([asked('What does On hold mean?'), answered(said(source), source)], SOLVED)(stage)
  }),
  'bot-why': {
    shows: '.because form',
    async arrange(stage) {
      const source = {
        ...quoted(delayed, 'what-the-status-means', 'What the status means'),
        why: { rule: 'bot:article', sure: 0.7 },
      }
      stage.tell({})
      await talk([asked('What does On hold mean?'), answered(said(source), source)], SOLVED)(stage)
      stage.open()
      await stage.press('why.open')
      await stage.press('why.wrong.answer')
    },
  },
  'bot-contested': {
    shows: '.objection',
    async arrange(stage) {
      const source = {
        ...quoted(delayed, 'what-the-status-means', 'What the status means'),
        why: { rule: 'bot:article', sure: 0.7 },
      }
      stage.tell({})
      const answer = { ...answered(said(source), source), clientId: 'answer' }
      stage.conversation.telling.value = scripted(false, [
        objected({ target: 'answer', words: NO_BANK, state: 'withHandoff', isHeld: true }),
      ])
      await talk([asked('What does On hold mean?'), answer], SOLVED)(stage)
      stage.open()
      await stage.press('why.open')
    },
  },
  'bot-sources': bot('.source:nth-of-type(2)', stage => {
    const kept = quoted(documents, 'what-we-keep-and-for-how-long', 'What we keep, and for how long')
    const never = quoted(documents, 'what-we-never-do', 'What we never do')
    const source: AnswerSource = {
      kind: 'article',
      citations: [...kept.citations, ...never.citations],
      tree: [...(kept.tree ?? []).slice(0, 1), ...(never.tree ?? [])],
    }
    const question = 'How long do you keep the selfie, and do you sell it?'
    return talk([asked(question), answered(said(source), source)], SOLVED)(stage)
  }),
  'bot-choices': bot(
    '[part=choices]',
    talk(
      [
        asked('My payment was refused'),
        answered('Sorry to hear that. Which kind of payment is it?', {
          ...GUIDED,
          flowId: 'payment-method',
          title: 'Fix a payment method',
        }),
      ],
      [
        { id: 'card', label: 'A card' },
        { id: 'bank', label: 'A bank account' },
        { id: 'paypal', label: 'PayPal' },
        'back',
        'stop',
      ],
    ),
  ),
  'bot-slot': bot(
    'textarea[placeholder]',
    talk([asked('Where is my withdrawal?'), answered(WHICH, GUIDED)], ['stop'], {
      expects: { slot: 'withdrawal', label: 'withdrawal number' },
    }),
  ),
  'bot-consent': bot(
    '[part=consent]',
    talk([asked(QUESTION), answered('I can look up where W-7731 is. May I?', GUIDED)], [], {
      consent: {
        action: 'lookupWithdrawal',
        label: 'Look up a withdrawal',
        sends: [{ label: 'Withdrawal number', value: 'W-7731' }],
      },
    }),
  ),
  'bot-unknown': bot(
    '[part=choices]',
    talk(
      texts => [asked('What is the weather in Paris?'), answered(texts('bot.unknown'), ASKLET)],
      ['person'],
    ),
  ),
  'bot-readings': bot(
    '[part=choices]',
    talk(
      texts => [asked('Can I do the ID check by video call?'), answered(texts('bot.which'), ASKLET)],
      [
        { id: 'a', label: 'How do I verify my identity?' },
        { id: 'b', label: 'Which documents do you accept?' },
        'none',
      ],
    ),
  ),
  'bot-too-long': bot(
    '.trouble',
    talk(HELLO, [], {
      draft: 'My withdrawal has not arrived and I have tried everything. '.repeat(70).slice(0, 4_012),
    }),
  ),
  'bot-memory': bot('.banner', talk(HELLO, [], { keeping: 'memory' })),
  'bot-chunk-failed': bot(
    '.status',
    ({ parts }) => {
      parts.loadConversationView = lost
    },
    'chat.failed',
  ),
  'model-waiting': bot(
    '.waiting button',
    talk([asked(AFTER_FIVE, 0)], [], { isThinking: true, arriving: [] }),
  ),
  'model-writing': bot('.waiting button', stage => {
    const { conversation } = stage
    stage.tell({ turns: [asked(AFTER_FIVE, 0), worded('whole')] })
    const items = conversation.items.value
    set(conversation, {
      items: items.slice(0, -1),
      isThinking: true,
      arriving: items.slice(-1).map(item => (item.kind === 'message' ? { ...item, text: ON_MONDAY } : item)),
    })
  }),
  'model-answer': bot('.source', talk([asked(AFTER_FIVE), worded('whole')], SOLVED)),
  'model-stopped': bot('.source', talk([asked(AFTER_FIVE), worded('stopped')], ['again'])),
  'model-cut': bot('.source', talk([asked(AFTER_FIVE), worded('cut')], ['again'])),
  'model-failed': bot(
    '[part=choices]',
    talk(texts => [asked(AFTER_FIVE), answered(texts('model.failed'), ASKLET)], ['again', 'person']),
  ),

  // ---- to a person

  'offer-checking': offered([], undefined, '[part=offer] .bones', { checking: true }),
  offer: offered(ROADS),
  'offer-asked': offered(
    ROADS,
    async stage => {
      await stage.see('.channel:nth-of-type(2) .road')
      const asked = past(1, {
        question: 'Where is my withdrawal W-7731?',
        ticketNumber: 1021,
        agentName: TOMAS.name,
        ticketStatus: 'solved',
      })
      stage.conversation.considerAnswers = () => {
        stage.conversation.answersFirst.value = [{ asked }, { articleId: delayed.id, title: delayed.title }]
        return true
      }
      for (let n = 0; n < 100 && !stage.conversation.answersFirst.value; n++) {
        await stage.press('offer.ticket')
        await new Promise(requestAnimationFrame)
      }
    },
    '.first .actions',
  ),
  'offer-answers': offered(
    ROADS,
    async stage => {
      await stage.see('.channel:nth-of-type(2) .road')
      stage.conversation.considerAnswers = () => {
        stage.conversation.answersFirst.value = [
          { articleId: delayed.id, title: delayed.title, headingText: 'What holds a withdrawal back' },
          { articleId: fees.id, title: fees.title },
        ]
        return true
      }
      // Whoever is faster than the part that shows them leaves the message.
      for (let n = 0; n < 100 && !stage.conversation.answersFirst.value; n++) {
        await stage.press('offer.ticket')
        await new Promise(requestAnimationFrame)
      }
    },
    '.first .actions',
  ),
  'offer-why': offered(
    ROADS,
    async stage => {
      stage.conversation.because.value = { rule: 'escalation@4', reason: 'asked for a person' }
      stage.conversation.telling.value = scripted(false)
      await stage.press('why.open')
    },
    '.because .fine',
  ),
  'offer-told': offered(
    ROADS,
    async stage => {
      stage.conversation.telling.value = scripted(false)
      await stage.press('told.look')
    },
    '.receipt li',
  ),
  'offer-objected': offered(
    ROADS,
    stage => {
      stage.conversation.telling.value = scripted(false, [
        objected({ words: NO_BANK, state: 'withHandoff', isHeld: true }),
      ])
    },
    '.objections li',
  ),
  'offer-told-turns': offered(
    ROADS,
    async stage => {
      stage.conversation.telling.value = scripted(false, [
        objected({ words: NO_BANK, state: 'withHandoff', isHeld: true }),
      ])
      await stage.press('told.look')
      stage.host.shadow.querySelector<HTMLElement>('.receipt summary')?.click()
      stage.host.shadow.querySelectorAll<HTMLElement>('.receipt details input')[1]?.click()
    },
    '.receipt details input',
  ),
  'offer-nobody': offered(CLOSED),
  'offer-hours': offered([
    road('live', { available: false, opensAt: NOW + 66.5 * 3_600_000 }),
    ...CLOSED.slice(1),
    road('phone'),
  ]),
  'offer-answer-time': offered([
    road('live', { available: false, opensAt: NOW + 66.5 * 3_600_000 }),
    road('ticket', { recommended: true, because: 'nobodyThere', answerWithinMs: 5 * 3_600_000 }),
  ]),
  'offer-unreachable': offered([
    road('live', { available: false, isUnknown: true }),
    road('ticket', { recommended: true, because: 'onlyOne' }),
  ]),
  'contact-empty': offered(ROADS, presses('offer.ticket'), '[part=offer] input'),
  'contact-error': offered(
    ROADS,
    async stage => {
      await stage.press('offer.ticket')
      await submits(stage, '[part=offer] input', 'mara@workmere')
    },
    '#contact-bad',
  ),
  queue: waiting(talkIs({ expectedWaitMs: 240_000, expectedRange: { lowMs: 180_000, highMs: 420_000 } })),
  'queue-told': waiting(async stage => {
    stage.conversation.telling.value = scripted(true)
    await stage.press('told.open')
  }, '.receipt li'),
  'queue-unknown': waiting(talkIs({ place: null })),
  'queue-mail': waiting(stage => {
    stage.conversation.expectedWaitMs.value = 240_000
    return stage.press('gone.mail')
  }, '[part=banner] input'),
  'queue-stored': waiting(
    talkIs({ expectedWaitMs: 240_000, answerAt: { contact: AT_HOME, state: 'stored' } }),
    '[part=banner] .fine',
  ),
  'queue-by-mail': waiting(stage => {
    stage.conversation.answerAt.value = { contact: AT_HOME, state: 'stored' }
    return stage.press('queue.byMail')
  }, '[part=banner] .side'),
  'queue-article': {
    shows: 'article',
    arrange(stage) {
      stage.tell({ events: stored(FROM_BOT) })
      stage.conversation.place.value = 2
      stage.panel.view.value = 'article'
      stage.panel.reader.article.value = toBank
      stage.open()
    },
  },

  // ---- with a person

  'live-contested': live('.message.agent .fine', goesOn(CONTESTED)),
  'live-joined': person(() => stored(JOINED), '[part=banner] .face'),
  live: live('[data-author=agent] strong'),
  'live-marks': live(
    '.message .actions, .message .text-button',
    goesOn(
      [[VISITOR, plain('Will it be there before the weekend?')], ...READ],
      [
        unsent('I have to pay my rent on Monday.', 'sent', 1),
        unsent('Could you tell the bank?', 'sending', 2),
        unsent('Or give me the trace number.', 'queued', 3),
        unsent('And a confirmation, please.', 'needsConfirm', 4),
      ],
    ),
  ),
  'live-typing': live('.waiting', talkIs({ isAgentTyping: true })),
  'live-objection-failed': live('.notice .trouble', goesOn([], [objecting({ failed: 'stale_assignment' })])),
  'live-failed': live('.message .trouble', goesOn([], [unsent(TELL_THE_BANK, { failed: 'closed' })])),
  'live-cut': live(
    '.banner.warning',
    goesOn([], [unsent(TELL_THE_BANK, 'queued')], {
      isCutOff: true,
      link: 'retrying',
      agentPresence: null,
    }),
    'link.cut',
  ),
  'live-stranded': live(
    '.banner.warning a',
    goesOn([], [unsent(TELL_THE_BANK, 'queued')], {
      isStranded: true,
      link: 'offline',
      agentPresence: null,
    }),
  ),
  'live-away': live('[part=banner] small', talkIs({ agentPresence: 'away' })),
  'live-gone': live('[part=banner] .trouble', talkIs({ agentPresence: 'gone' })),
  'live-lost': person(
    () => stored([...TALK, [SERVER, claimed(null, 2, 'agentLost')]]),
    '[part=banner]',
    talkIs({ place: 1, expectedWaitMs: 60_000 }),
    'queue.place',
  ),
  'live-transferred': person(
    () =>
      stored([
        ...TALK,
        [SERVER, claimed(INES, 2, 'transferred')],
        [by(INES), markdown('Hello Mara, I am from the **accounts** team and go on from here.')],
      ]),
    '[data-author=agent] strong',
  ),
  'live-earlier': person(
    () =>
      stored([
        ...TALK,
        ...Array.from(
          { length: 60 },
          (_, n): Bodies => [
            [VISITOR, plain(n % 2 ? 'Yes, that one.' : `And the withdrawal W-77${32 + n}?`)],
            [by(NOOR), markdown(n % 2 ? 'It is with your bank.' : 'Do you mean the one of 17 June?')],
          ],
        ).flat(),
      ]),
    '.earlier',
    async stage => {
      const log = await stage.see('[role=log]')
      log.scrollTop = -log.scrollHeight
    },
  ),
  'live-more': live('[part=banner] .side', presses('live.more')),
  'live-contact': live('[part=banner] input', presses('live.more', 'gone.mailLive')),
  'live-copy': live('[part=banner] .keep', presses('live.more', 'keep.open')),
  'live-end': live('[part=banner] .danger', presses('live.more', 'chat.end')),
  'live-unread': {
    shows: '.badge',
    arrange(stage) {
      stage.tell({ events: stored(TALK) })
      stage.panel.isOpen.value = false
      stage.launcher.setUnread(1, stage.texts('launcher.unread', { count: 1 }))
      stage.open()
    },
  },

  // ---- files

  'files-uploading': withFiles('.chosen .bar', (_, files) =>
    set(files, {
      items: [uploadOf(SCREENSHOT, UPLOADED), uploadOf(STATEMENT, { state: 'uploading', progress: 0.4 })],
      isUploading: true,
    }),
  ),
  'files-ready': withFiles('.chosen', (stage, files) => {
    set(files, {
      items: [uploadOf(SCREENSHOT, UPLOADED), uploadOf(STATEMENT, UPLOADED)],
      ready: [SCREENSHOT, STATEMENT],
    })
    stage.conversation.draft.value = 'Here is what my bank says.'
  }),
  'files-failed': withFiles('.chosen .bad', (_, files) => {
    files.items.value = [
      uploadOf(STATEMENT, { state: 'failed', trouble: 'tooLarge' }),
      uploadOf({ ...STATEMENT, attachmentId: 'b', name: 'backup.zip' }, { state: 'failed', trouble: 'type' }),
      uploadOf(SCREENSHOT, { state: 'failed', trouble: 'offline', canRetry: true }),
      uploadOf(
        { ...SCREENSHOT, attachmentId: 'c', name: 'letter.png' },
        { state: 'failed', trouble: 'refused' },
      ),
    ]
  }),
  'files-sent': withFiles(
    '.attached',
    goesOn([[VISITOR, sends('Here is what my bank says.', [STATEMENT, SCREENSHOT])], ...READ]),
  ),
  'files-received': withFiles(
    '.attached img',
    goesOn([[by(NOOR), sends('This is what I see, and the letter for your bank.', [SCREENSHOT, STATEMENT])]]),
  ),
  'files-broken': withFiles('.attached .file', (stage, files) => {
    files.urls.value = new Map([[SCREENSHOT.attachmentId, GONE]])
    return goesOn([[by(NOOR), sends('This is what I see.', [SCREENSHOT])]])(stage)
  }),

  // ---- afterwards

  ended: over('[part=rating]'),
  'ended-comment': over('[part=rating] textarea', rated({ state: 'stored' })),
  'ended-thanked': over(
    '[part=rating] .fine',
    rated({ state: 'stored', comment: 'Quick and kind' }),
    'rating.thanks',
  ),
  'ended-failed': over('[part=rating] .trouble', rated({ score: 2, state: 'failed' }), 'rating.failed'),
  'ended-transcript': over('.keep input', stage => {
    stage.panel.past = async () => pasts()
    stage.conversation.rating.value = SKIPPED
    stage.panel.view.value = 'home'
    stage.panel.view.value = 'conversation'
    return stage.press('keep.mail')
  }),
  'ended-mailed': over(
    '.keep .fine',
    async stage => {
      stage.panel.past = async () => pasts()
      stage.conversation.rating.value = SKIPPED
      await stage.press('keep.mail')
      await submits(stage, '.keep input', AT_HOME.email)
    },
    'keep.sent',
  ),
  ticket: person(() => ticketed(AT_HOME), '[part=banner]'),
  'ticket-answer-time': person(
    () => ticketed(AT_HOME),
    '[part=banner] small',
    stage => {
      stage.conversation.usualBy.value = NOW + 5 * 3_600_000
    },
  ),
  'ticket-no-contact': person(ticketed, '[part=banner] input'),
  'ticket-empty': person(() => ticketed(AT_HOME, 1), '[part=banner] .under', undefined, 'ticket.empty'),
  'ticket-waiting': ticketWith(TICKET_ANSWERED, '[part=banner] [data-status=waitingOnVisitor]'),
  'ticket-answered': ticketWith(
    TICKET_ANSWERED,
    '.ticket .because .because',
    presses('live.more', 'ticket.about', 'why.open'),
  ),
  'ticket-close': ticketWith(TICKET_ANSWERED, '.ticket .side', presses('live.more', 'ticket.solved')),
  'ticket-solved': ticketWith(TICKET_SOLVED, '[part=ticket] .again .button', undefined, 'ticket.reopen'),
  'ticket-late': ticketWith(TICKET_SOLVED, '[part=ticket] .again', undefined, undefined, 60_000),
  'ticket-reopened': ticketWith(
    [...TICKET_SOLVED, [VISITOR, { type: 'reopened', by: 'visitor' }]],
    '.ticket .history',
    presses('live.more', 'ticket.about'),
  ),
  'ticket-reopen-refused': ticketWith(
    TICKET_SOLVED,
    '[part=ticket] .again .trouble',
    talkIs({ reopening: { state: 'failed', key: 'row', code: 'forbidden', canRetry: false } }),
  ),
  'dispute-open': person(
    () => ticketed(AT_HOME),
    '.text-button',
    ({ panel, conversation }) => {
      panel.disputeAbout = () => 'WM-4127'
      conversation.conversationId.value = 'conversation-mara'
      // Asked for again with the page: as when one is walked to.
      conversation.ticket.value = conversation.ticket.value && { ...conversation.ticket.value }
    },
    'dispute.open',
  ),
  'dispute-stating': disputed(1, '#dispute-side'),
  'dispute-stated': disputed(2, '[part=dispute] blockquote'),
  'dispute-shared': disputed(3, '[part=dispute] blockquote'),
  'dispute-proposal': disputed(4, '[part=dispute] .proposal'),
  'dispute-decided': disputed(5, '[part=dispute] .outcome'),
  'dispute-withdraw': disputed(2, '[part=dispute] .danger', presses('dispute.takeBack')),
  'dispute-refused': disputed(1, '[part=dispute] .trouble', ({ conversation }) => {
    const words = 'The second milestone came nine days late.'
    const stuck = { clientId: 'row', code: 'too_large', canRetry: false, words }
    const { dispute } = conversation
    if (dispute.value) dispute.value = { ...dispute.value, yours: words, sending: 'stuck', stuck }
  }),
  'dispute-unsaved': disputed(
    3,
    '[part=dispute] figure',
    ({ conversation }) =>
      conversation.dispute.value?.type('The second milestone came nine days late, and two of the'),
    'dispute.unsaved',
  ),
  'past-loading': opensPast('.bones', never, 'past.loading'),
  'past-thread': opensPast('.foot .main', async stage => TOLD.get(stage) ?? null, 'past.again'),
  'past-failed': opensPast('.status', async () => null, 'past.failed'),

  // ---- this device

  kept: keeping('#kept-title', keeps(MUCH)),
  'kept-nothing': keeping('section p', keeps({}), [], 'kept.nothing'),
  'kept-sure': keeping('section section', keeps({ ...MUCH, isWithPerson: true }), ['kept.forget']),
  'kept-done': keeping(
    'section p',
    keeps({ ...MUCH, unsent: 0 }),
    ['kept.forget', 'kept.erase'],
    'kept.done',
  ),
  'kept-failed': keeping('.status', lost, [], 'kept.failed'),
}
