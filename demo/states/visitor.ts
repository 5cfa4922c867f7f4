// How each state of launcher and panel is brought about. A script sets models, presses what a visitor presses, and names
// what must be seen in the end; nothing is drawn by hand.

import type { Kept } from '../../src/assistant/deviceKeeping'
import type { PastConversation, PastConversations } from '../../src/assistant/pastConversations'
import offerEnglish from '../../src/assistant/texts/offers.en.json'
import { createTexts } from '../../src/base/texts'
import type { AnswerSource } from '../../src/bot/botProvider'
import type { ChannelOffer, Offer } from '../../src/conversation/conversationModel'
import type { Rating } from '../../src/conversation/rating'
import { takeHostButtons } from '../../src/launcher/hostButtons'
import { showOffer } from '../../src/launcher/offerBubble'
import type { StoredEvent } from '../../src/protocol/events'
import type { VisitorStateId } from './catalogue'
import { delayed, documents, fees, toBank, withPicture } from './script/articles'
import { NOTHING_KEPT } from './script/fakes'
import { scriptedFiles, uploadOf } from './script/files'
import { minutesAgo, NOW } from './script/time'
import { stored, unsent, type VisitorStage } from './script/visitorStage'
import {
  ASKLET,
  answered,
  asked,
  by,
  claimed,
  forThisPage,
  found,
  GUIDED,
  INES,
  markdown,
  NOOR,
  plain,
  quoted,
  SCREENSHOT,
  SERVER,
  STATEMENT,
  said,
  TOMAS,
  VISITOR,
  WAITS,
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

/** An address of the demo's own, beside the frame; and one of no picture at all. */
export const PICTURE = new URL('picture.svg', import.meta.url).href
const GONE = 'data:image/png;base64,AAAA'

// ---- beginnings that several states share

const closed = (arrange: (stage: VisitorStage) => void, shows = '.launcher'): VisitorScript => ({
  shows,
  arrange(stage) {
    stage.panel.isOpen.value = false
    arrange(stage)
  },
})

const home = (
  shows: string,
  arrange: (stage: VisitorStage) => void | Promise<void> = () => {},
  says?: string,
): VisitorScript => ({
  shows,
  ...(says && { says }),
  arrange(stage) {
    stage.panel.search.suggestions.value = forThisPage
    const pending = arrange(stage)
    stage.open()
    return pending
  },
})

const typed = (
  query: string,
  shows: string,
  arrange: (stage: VisitorStage) => void | Promise<void> = () => {},
  says?: string,
): VisitorScript => ({
  shows,
  ...(says && { says }),
  async arrange(stage) {
    const { search } = stage.panel
    search.suggestions.value = found
    stage.open()
    await stage.type('input[role=combobox]', query)
    await arrange(stage)
  },
})

const reading = (
  shows: string,
  arrange: (stage: VisitorStage) => void | Promise<void> = () => {},
  says?: string,
): VisitorScript => ({
  shows,
  ...(says && { says }),
  async arrange(stage) {
    stage.panel.view.value = 'article'
    stage.panel.reader.article.value = delayed
    await arrange(stage)
    stage.open()
  },
})

const QUESTION = 'Where is my withdrawal W-7731?'
const bot = (
  shows: string,
  arrange: (stage: VisitorStage) => void | Promise<void>,
  says?: string,
): VisitorScript => ({
  shows,
  ...(says && { says }),
  async arrange(stage) {
    stage.tell({})
    await arrange(stage)
    stage.open()
  },
})

const ASKED_FOR: Omit<Offer, 'channels'> = { reason: 'askedForPerson', checking: false }
const road = (channel: ChannelOffer['channel'], more: Partial<ChannelOffer> = {}): ChannelOffer => ({
  channel,
  available: true,
  expectedWaitMs: null,
  opensAt: null,
  recommended: false,
  needsContact: channel === 'phone' ? 'phone' : channel === 'live' ? null : 'email',
  ...more,
})
const WITH_BOT = () => [
  asked(QUESTION, 5),
  answered('Let us find your money. Which withdrawal is it? The number starts with W.', GUIDED, 5),
  asked('I want to talk to a person.', 4),
]
const offered = (
  channels: readonly ChannelOffer[],
  then: (stage: VisitorStage) => void | Promise<void> = () => {},
  shows = '[part=offer]',
  more: Partial<Offer> = {},
): VisitorScript => ({
  shows,
  async arrange(stage) {
    stage.tell({ turns: WITH_BOT() })
    stage.conversation.phase.value = 'offered'
    stage.conversation.offer.value = { ...ASKED_FOR, channels, ...more }
    stage.open()
    await then(stage)
  },
})
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

const FROM_BOT: Parameters<typeof stored>[0] = [
  [VISITOR, { type: 'opened', brief: null as never }],
  [VISITOR, plain(QUESTION)],
  [{ kind: 'bot' }, plain('Let us find your money. Which withdrawal is it? The number starts with W.')],
  [VISITOR, plain('I want to talk to a person.')],
  [VISITOR, WAITS],
]
const JOINED: Parameters<typeof stored>[0] = [...FROM_BOT, [SERVER, claimed(NOOR)]]
const TALK: Parameters<typeof stored>[0] = [
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

const person = (
  events: () => readonly StoredEvent[],
  shows: string,
  arrange: (stage: VisitorStage) => void | Promise<void> = () => {},
  says?: string,
): VisitorScript => ({
  shows,
  ...(says && { says }),
  async arrange(stage) {
    stage.tell({ events: events() })
    stage.open()
    await stage.see('.foot')
    await arrange(stage)
  },
})
const waiting = (
  arrange: (stage: VisitorStage) => void | Promise<void>,
  shows = '[part=banner]',
): VisitorScript =>
  person(
    () => stored(FROM_BOT),
    shows,
    stage => {
      stage.conversation.place.value = 2
      return arrange(stage)
    },
  )
const live = (
  shows: string,
  arrange: (stage: VisitorStage) => void | Promise<void> = () => {},
  says?: string,
): VisitorScript => person(() => stored(TALK), shows, arrange, says)

const withFiles = (
  shows: string,
  arrange: (stage: VisitorStage, files: ReturnType<typeof scriptedFiles>) => void | Promise<void>,
  says?: string,
): VisitorScript =>
  live(
    shows,
    stage => {
      const files = scriptedFiles(PICTURE)
      stage.conversation.files.value = files.model
      return arrange(stage, files)
    },
    says,
  )
const sends = (text: string, attachments: readonly (typeof SCREENSHOT)[]) =>
  ({ type: 'message', text, format: 'plain', attachments }) as const

const UNASKED: Rating = { score: undefined, comment: '', state: 'unasked', key: '' }
const over = (
  shows: string,
  arrange: (stage: VisitorStage) => void | Promise<void> = () => {},
  says?: string,
): VisitorScript =>
  person(
    () => stored([...TALK, [by(NOOR), { type: 'ended', by: 'agent' }]]),
    shows,
    async stage => {
      stage.conversation.rating.value = UNASKED
      await arrange(stage)
    },
    says,
  )
const rated = (rating: Partial<Rating>) => async (stage: VisitorStage) => {
  await stage.see('[part=rating]')
  stage.conversation.rating.value = { ...UNASKED, score: 4, ...rating }
}

const ticketed = (contact: { readonly email?: string } | undefined, isEmpty = false) =>
  stored([
    ...(isEmpty ? FROM_BOT.slice(0, 1) : FROM_BOT.slice(0, 4)),
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
const pasts = (more: Partial<PastConversations> = {}): PastConversations => ({
  list: async () => PAST,
  thread: async () => null,
  files: async () => scriptedFiles(PICTURE).model,
  hearsTranscript: () => true,
  sendTranscript: async () => 'sent',
  ...more,
})
const opensPast = (shows: string, thread: PastConversations['thread'], says?: string): VisitorScript => ({
  shows,
  ...(says && { says }),
  async arrange(stage) {
    const { panel, conversation } = stage
    panel.mayHavePast = () => true
    panel.past = async () => pasts({ thread })
    panel.search.suggestions.value = forThisPage
    stage.tell({ events: stored([...TALK, [by(NOOR), { type: 'ended', by: 'agent' }]], 4_000) })
    TOLD.set(stage, conversation.items.value)
    panel.view.value = 'home'
    panel.conversation.value = null
    panel.conversationStatus.value = 'none'
    stage.open()
    await stage.pressAt('.past li:nth-child(2) button')
  },
})
/** What the earlier conversation of a stage holds, made by its own timeline. */
const TOLD = new WeakMap<VisitorStage, VisitorStage['conversation']['items']['value']>()

const keeps =
  (kept: Partial<Kept>): VisitorStage['panel']['device'] =>
  async () => ({
    kept: async () => ({ ...NOTHING_KEPT, ...kept }),
    forget: async () => ({ ...NOTHING_KEPT, ...kept }),
  })
const keeping = (
  shows: string,
  device: VisitorStage['panel']['device'],
  then: (stage: VisitorStage) => void | Promise<void> = () => {},
  says?: string,
): VisitorScript => ({
  shows,
  ...(says && { says }),
  async arrange(stage) {
    stage.panel.device = device
    stage.panel.search.suggestions.value = forThisPage
    stage.open()
    await stage.press('home.kept')
    await then(stage)
  },
})
const MUCH: Partial<Kept> = { isOpen: true, search: true, talk: true, people: true, unsent: 1 }

const never = () => new Promise<never>(() => {})
const lost = () => Promise.reject(new Error('This part of the program is not there any more.'))

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

const worded = (model: 'whole' | 'stopped' | 'cut') => {
  const source = quoted(fees, 'business-days-and-holidays', 'Business days and holidays', model)
  const { tree: _, ...bare } = source
  return answered(
    model === 'whole'
      ? 'A withdrawal that you request on Friday after 15:00 UTC is sent on Monday. Business days are Monday to Friday, without public holidays in the country of your bank.'
      : 'A withdrawal that you request on Friday after 15:00 UTC is sent on Monday.',
    bare,
  )
}
const AFTER_FIVE = 'When is a withdrawal sent that I ask for on Friday evening?'

export const VISITOR_SCRIPTS: Readonly<Record<VisitorStateId, VisitorScript>> = {
  // ---- launcher

  'launcher-idle': closed(() => {}),
  'launcher-unread': closed(({ launcher, texts }) => {
    launcher.setUnread(2, texts('launcher.unread', { count: 2 }))
  }, '.badge'),
  'launcher-busy': closed(({ launcher }) => launcher.setBusy(true), '.launcher[aria-busy=true]'),
  'launcher-failed': closed(
    ({ launcher, texts }) => launcher.setProblem(texts('launcher.failed')),
    '.problem',
  ),
  'launcher-offer': closed(offerHelp, '.offer'),
  'launcher-offer-why': {
    shows: '.offer .because',
    async arrange(stage) {
      stage.panel.isOpen.value = false
      offerHelp(stage)
      await stage.pressAt('.offer .why')
    },
  },

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

  'home-empty': home('.home', ({ panel }) => {
    panel.search.suggestions.value = []
  }),
  'home-loading': home('.home .bones', ({ panel }) => {
    panel.search.suggestions.value = []
    panel.search.status.value = 'loading'
  }),
  home: home('[role=option]'),
  'home-failed': home(
    '.home .status',
    ({ panel }) => {
      panel.search.suggestions.value = []
      panel.search.status.value = 'failed'
    },
    'search.failed',
  ),
  'home-continue': home('.road .tag', stage => {
    const { panel } = stage
    stage.tell({ events: stored(TALK) })
    panel.view.value = 'home'
    panel.unread.value = 2
  }),
  'home-past': home('.past', ({ panel }) => {
    panel.mayHavePast = () => true
    panel.past = async () => pasts()
  }),
  'home-guest': home('.home', ({ panel }) => {
    panel.settings.value = { ...panel.settings.value, hasPeople: false }
    panel.search.suggestions.value = forThisPage.slice(2)
  }),

  // ---- search

  results: typed('withdraw', '[role=option] mark'),
  'results-active': typed('withdraw', '[role=option][aria-selected=true]', ({ panel }) => {
    panel.search.active.value = 1
  }),
  'results-completion': typed('withdraw your ear', '.ghost', ({ panel }) => {
    panel.search.suggestions.value = [found[2], found[0], found[3]].flatMap(each => each ?? [])
  }),
  'results-none': typed(
    'the weather in Lisbon',
    '.home .status',
    ({ panel }) => {
      panel.search.suggestions.value = []
    },
    'search.none',
  ),
  'results-stalled': typed(
    'withdrawal fee',
    '.home .status',
    ({ panel }) => {
      panel.search.status.value = 'stalled'
    },
    'search.stalled',
  ),
  'results-failed': typed(
    'withdrawal fee',
    '.home .status',
    ({ panel }) => {
      panel.search.suggestions.value = []
      panel.search.status.value = 'failed'
    },
    'search.failed',
  ),

  // ---- article

  'article-loading': reading(
    '.status',
    ({ panel }) => {
      panel.reader.article.value = null
      panel.reader.status.value = 'loading'
    },
    'article.loading',
  ),
  article: reading('article table'),
  'article-section': reading('article #h-if-you-cannot-withdraw-at-all', ({ panel }) => {
    panel.reader.headingId.value = 'if-you-cannot-withdraw-at-all'
  }),
  'article-picture': reading('article pre', ({ panel }) => {
    panel.reader.article.value = withPicture(delayed, PICTURE)
  }),
  'article-solved': reading(
    '.solved > p',
    ({ panel }) => {
      panel.reader.solved.value = 'yes'
    },
    'article.thanks',
  ),
  'article-not-solved': bot('.bubble', stage => {
    stage.tell({
      turns: [answered(stage.texts('bot.articleNoHelp', { title: delayed.title }), ASKLET)],
    })
    stage.conversation.choices.value = [{ id: 'person', label: stage.texts('chat.person') }]
  }),
  'article-failed': reading(
    '.status',
    ({ panel }) => {
      panel.reader.article.value = null
      panel.reader.status.value = 'failed'
    },
    'article.failed',
  ),
  'article-missing': reading(
    '.status',
    ({ panel }) => {
      panel.reader.article.value = null
      panel.reader.status.value = 'missing'
    },
    'article.missing',
  ),
  'article-chunk-failed': reading(
    '.status',
    ({ parts }) => {
      parts.loadArticleView = lost
    },
    'article.failed',
  ),

  // ---- assistant

  'bot-opening': bot(
    '.status',
    ({ panel }) => {
      panel.conversation.value = null
      panel.conversationStatus.value = 'loading'
    },
    'chat.loading',
  ),
  bot: bot('.notice', stage => stage.tell({ turns: [answered(stage.texts('bot.hello'), ASKLET, 0)] })),
  'bot-thinking': bot('.waiting', stage => {
    stage.tell({ turns: [asked(QUESTION, 0)] })
    stage.conversation.isThinking.value = true
  }),
  'bot-answer': bot('.source', stage => {
    const source = quoted(delayed, 'what-the-status-means', 'What the status means')
    stage.tell({ turns: [asked('What does On hold mean?'), answered(said(source), source)] })
    solvedAsked(stage)
  }),
  'bot-sources': bot('.source:nth-of-type(2)', stage => {
    const kept = quoted(documents, 'what-we-keep-and-for-how-long', 'What we keep, and for how long')
    const never = quoted(documents, 'what-we-never-do', 'What we never do')
    const source: AnswerSource = {
      kind: 'article',
      citations: [...kept.citations, ...never.citations],
      tree: [...(kept.tree ?? []).slice(0, 1), ...(never.tree ?? [])],
    }
    stage.tell({
      turns: [asked('How long do you keep the selfie, and do you sell it?'), answered(said(source), source)],
    })
    solvedAsked(stage)
  }),
  'bot-choices': bot('[part=choices]', stage => {
    stage.tell({
      turns: [
        asked('My payment was refused'),
        answered('Sorry to hear that. Which kind of payment is it?', {
          ...GUIDED,
          flowId: 'payment-method',
          title: 'Fix a payment method',
        }),
      ],
    })
    stage.conversation.choices.value = [
      { id: 'card', label: 'A card' },
      { id: 'bank', label: 'A bank account' },
      { id: 'paypal', label: 'PayPal' },
      { id: 'back', label: stage.texts('bot.back') },
      { id: 'stop', label: stage.texts('bot.stop') },
    ]
  }),
  'bot-slot': bot('textarea[placeholder]', stage => {
    stage.tell({
      turns: [
        asked('Where is my withdrawal?'),
        answered('Let us find your money. Which withdrawal is it? The number starts with W.', GUIDED),
      ],
    })
    stage.conversation.expects.value = { slot: 'withdrawal', label: 'withdrawal number' }
    stage.conversation.choices.value = [{ id: 'stop', label: stage.texts('bot.stop') }]
  }),
  'bot-consent': bot('[part=consent]', stage => {
    stage.tell({
      turns: [asked(QUESTION), answered('I can look up where W-7731 is. May I?', GUIDED)],
    })
    stage.conversation.consent.value = {
      action: 'lookupWithdrawal',
      label: 'Look up a withdrawal',
      sends: [{ label: 'Withdrawal number', value: 'W-7731' }],
    }
  }),
  'bot-unknown': bot('[part=choices]', stage => {
    stage.tell({
      turns: [asked('What is the weather in Paris?'), answered(stage.texts('bot.unknown'), ASKLET)],
    })
    stage.conversation.choices.value = [{ id: 'person', label: stage.texts('chat.person') }]
  }),
  'bot-readings': bot('[part=choices]', stage => {
    stage.tell({
      turns: [asked('Can I do the ID check by video call?'), answered(stage.texts('bot.which'), ASKLET)],
    })
    stage.conversation.choices.value = [
      { id: 'a', label: 'How do I verify my identity?' },
      { id: 'b', label: 'Which documents do you accept?' },
      { id: 'none', label: stage.texts('bot.none') },
    ]
  }),
  'bot-too-long': bot('.trouble', stage => {
    stage.tell({ turns: [answered(stage.texts('bot.hello'), ASKLET, 0)] })
    stage.conversation.draft.value = 'My withdrawal has not arrived and I have tried everything. '
      .repeat(70)
      .slice(0, 4_012)
  }),
  'bot-memory': bot('.banner', stage => {
    stage.tell({ turns: [answered(stage.texts('bot.hello'), ASKLET, 0)] })
    stage.conversation.keeping.value = 'memory'
  }),
  'bot-chunk-failed': bot(
    '.status',
    ({ parts }) => {
      parts.loadConversationView = lost
    },
    'chat.failed',
  ),
  'model-waiting': bot('.waiting button', stage => {
    stage.tell({ turns: [asked(AFTER_FIVE, 0)] })
    stage.conversation.isThinking.value = true
    stage.conversation.arriving.value = []
  }),
  'model-writing': bot('.waiting button', stage => {
    const { conversation } = stage
    stage.tell({ turns: [asked(AFTER_FIVE, 0), worded('whole')] })
    const items = conversation.items.value
    const arriving = items
      .slice(-1)
      .map(item =>
        item.kind === 'message'
          ? { ...item, text: 'A withdrawal that you request on Friday after 15:00 UTC is sent on Monday.' }
          : item,
      )
    conversation.items.value = items.slice(0, -1)
    conversation.isThinking.value = true
    conversation.arriving.value = arriving
  }),
  'model-answer': bot('.source', stage => {
    stage.tell({ turns: [asked(AFTER_FIVE), worded('whole')] })
    solvedAsked(stage)
  }),
  'model-stopped': bot('.source', stage => {
    stage.tell({ turns: [asked(AFTER_FIVE), worded('stopped')] })
    stage.conversation.choices.value = [{ id: 'again', label: stage.texts('retry') }]
  }),
  'model-cut': bot('.source', stage => {
    stage.tell({ turns: [asked(AFTER_FIVE), worded('cut')] })
    stage.conversation.choices.value = [{ id: 'again', label: stage.texts('retry') }]
  }),
  'model-failed': bot('[part=choices]', stage => {
    stage.tell({ turns: [asked(AFTER_FIVE), answered(stage.texts('model.failed'), ASKLET)] })
    stage.conversation.choices.value = [
      { id: 'again', label: stage.texts('retry') },
      { id: 'person', label: stage.texts('chat.person') },
    ]
  }),

  // ---- to a person

  'offer-checking': offered([], undefined, '[part=offer] .status', { checking: true }),
  offer: offered(ROADS),
  'offer-nobody': offered(CLOSED),
  'offer-hours': offered([
    road('live', { available: false, opensAt: NOW + 66.5 * 3_600_000 }),
    ...CLOSED.slice(1),
    road('phone'),
  ]),
  'offer-unreachable': offered([
    road('live', { available: false, isUnknown: true }),
    road('ticket', { recommended: true, because: 'onlyOne' }),
  ]),
  'contact-empty': offered(ROADS, stage => stage.press('offer.ticket'), '[part=offer] input'),
  'contact-error': offered(
    ROADS,
    async stage => {
      await stage.press('offer.ticket')
      await stage.type('[part=offer] input', 'mara@workmere')
      const field = await stage.see<HTMLInputElement>('[part=offer] input')
      field.form?.requestSubmit()
    },
    '#contact-bad',
  ),
  queue: waiting(({ conversation }) => {
    conversation.expectedWaitMs.value = 240_000
    conversation.expectedRange.value = { lowMs: 180_000, highMs: 420_000 }
  }),
  'queue-unknown': waiting(({ conversation }) => {
    conversation.place.value = null
  }),
  'queue-mail': waiting(async stage => {
    stage.conversation.expectedWaitMs.value = 240_000
    await stage.press('gone.mail')
  }, '[part=banner] input'),
  'queue-stored': waiting(({ conversation }) => {
    conversation.expectedWaitMs.value = 240_000
    conversation.answerAt.value = { contact: { email: 'mara@workmere.example' }, state: 'stored' }
  }, '[part=banner] .fine'),
  'queue-by-mail': waiting(async stage => {
    stage.conversation.answerAt.value = { contact: { email: 'mara@workmere.example' }, state: 'stored' }
    await stage.press('queue.byMail')
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

  'live-joined': person(() => stored(JOINED), '[part=banner] .face'),
  live: live('[data-author=agent] strong'),
  'live-marks': live('.message .actions, .message .text-button', stage => {
    stage.tell({
      events: stored([
        ...TALK,
        [VISITOR, plain('Will it be there before the weekend?')],
        [by(NOOR), { type: 'marked', delivered: 12, read: 10 }],
      ]),
      rows: [
        unsent('I have to pay my rent on Monday.', 'sent', 1),
        unsent('Could you tell the bank?', 'sending', 2),
        unsent('Or give me the trace number.', 'queued', 3),
        unsent('And a confirmation, please.', 'needsConfirm', 4),
      ],
    })
  }),
  'live-typing': live('.waiting', ({ conversation }) => {
    conversation.isAgentTyping.value = true
  }),
  'live-failed': live('.message .trouble', stage => {
    stage.tell({
      events: stored(TALK),
      rows: [unsent('Could you tell the bank about it?', { failed: 'closed' })],
    })
  }),
  'live-cut': live(
    '.banner.warning',
    stage => {
      const { conversation } = stage
      stage.tell({
        events: stored(TALK),
        rows: [unsent('Could you tell the bank about it?', 'queued')],
      })
      conversation.isCutOff.value = true
      conversation.link.value = 'retrying'
      conversation.agentPresence.value = null
    },
    'link.cut',
  ),
  'live-stranded': live('.banner.warning a', stage => {
    const { conversation } = stage
    stage.tell({
      events: stored(TALK),
      rows: [unsent('Could you tell the bank about it?', 'queued')],
    })
    conversation.isStranded.value = true
    conversation.link.value = 'offline'
    conversation.agentPresence.value = null
  }),
  'live-away': live('[part=banner] small', ({ conversation }) => {
    conversation.agentPresence.value = 'away'
  }),
  'live-gone': live('[part=banner] .trouble', ({ conversation }) => {
    conversation.agentPresence.value = 'gone'
  }),
  'live-lost': person(
    () => stored([...TALK, [SERVER, claimed(null, 2, 'agentLost')]]),
    '[part=banner]',
    ({ conversation }) => {
      conversation.place.value = 1
      conversation.expectedWaitMs.value = 60_000
    },
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
        ...Array.from({ length: 60 }, (_, n): Parameters<typeof stored>[0] => [
          [VISITOR, plain(n % 2 ? 'Yes, that one.' : `And the withdrawal W-77${32 + n}?`)],
          [by(NOOR), markdown(n % 2 ? 'It is with your bank.' : 'Do you mean the one of 17 June?')],
        ]).flat(),
      ]),
    '.earlier',
    async stage => {
      const log = await stage.see('[role=log]')
      log.scrollTop = -log.scrollHeight
    },
  ),
  'live-more': live('[part=banner] .side', stage => stage.press('live.more')),
  'live-contact': live('[part=banner] input', async stage => {
    await stage.press('live.more')
    await stage.press('gone.mailLive')
  }),
  'live-copy': live('[part=banner] .keep', async stage => {
    await stage.press('live.more')
    await stage.press('keep.open')
  }),
  'live-end': live('[part=banner] .danger', async stage => {
    await stage.press('live.more')
    await stage.press('chat.end')
  }),
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

  'files-uploading': withFiles('.chosen .bar', (_, files) => {
    files.items.value = [
      uploadOf(SCREENSHOT, { state: 'ready', progress: 1 }),
      uploadOf(STATEMENT, { state: 'uploading', progress: 0.4 }),
    ]
    files.isUploading.value = true
  }),
  'files-ready': withFiles('.chosen', (stage, files) => {
    files.items.value = [
      uploadOf(SCREENSHOT, { state: 'ready', progress: 1 }),
      uploadOf(STATEMENT, { state: 'ready', progress: 1 }),
    ]
    files.ready.value = [SCREENSHOT, STATEMENT]
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
  'files-sent': withFiles('.attached', stage => {
    stage.tell({
      events: stored([
        ...TALK,
        [VISITOR, sends('Here is what my bank says.', [STATEMENT, SCREENSHOT])],
        [by(NOOR), { type: 'marked', delivered: 12, read: 10 }],
      ]),
    })
  }),
  'files-received': withFiles('.attached img', stage => {
    stage.tell({
      events: stored([
        ...TALK,
        [
          by(NOOR),
          { ...sends('This is what I see, and the letter for your bank.', [SCREENSHOT, STATEMENT]) },
        ],
      ]),
    })
  }),
  'files-broken': withFiles('.attached .file', (stage, files) => {
    files.urls.value = new Map([[SCREENSHOT.attachmentId, GONE]])
    stage.tell({
      events: stored([...TALK, [by(NOOR), { ...sends('This is what I see.', [SCREENSHOT]) }]]),
    })
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
  'ended-transcript': over('.keep input', async stage => {
    stage.panel.past = async () => pasts()
    stage.conversation.rating.value = { ...UNASKED, score: null, state: 'stored' }
    stage.panel.view.value = 'home'
    stage.panel.view.value = 'conversation'
    await stage.press('keep.mail')
  }),
  'ended-mailed': over(
    '.keep .fine',
    async stage => {
      stage.panel.past = async () => pasts()
      stage.conversation.rating.value = { ...UNASKED, score: null, state: 'stored' }
      await stage.press('keep.mail')
      await stage.type('.keep input', 'mara@workmere.example')
      const field = await stage.see<HTMLInputElement>('.keep input')
      field.form?.requestSubmit()
    },
    'keep.sent',
  ),
  ticket: person(() => ticketed({ email: 'mara@workmere.example' }), '[part=banner]'),
  'ticket-no-contact': person(() => ticketed(undefined), '[part=banner] input'),
  'ticket-empty': person(
    () => ticketed({ email: 'mara@workmere.example' }, true),
    '[part=banner] p:nth-of-type(2)',
    undefined,
    'ticket.empty',
  ),
  'past-loading': opensPast('.status', never, 'past.loading'),
  'past-thread': {
    ...opensPast('.foot .main', never, 'past.again'),
    async arrange(stage) {
      await opensPast('', async () => TOLD.get(stage) ?? null).arrange(stage)
    },
  },
  'past-failed': opensPast('.status', async () => null, 'past.failed'),

  // ---- this device

  kept: keeping('#kept-title', keeps(MUCH)),
  'kept-nothing': keeping('section p', keeps({}), undefined, 'kept.nothing'),
  'kept-sure': keeping('section section', keeps({ ...MUCH, isWithPerson: true }), stage =>
    stage.press('kept.forget'),
  ),
  'kept-done': keeping(
    'section p',
    keeps({ ...MUCH, unsent: 0 }),
    async stage => {
      await stage.press('kept.forget')
      await stage.press('kept.erase')
    },
    'kept.done',
  ),
  'kept-failed': keeping('.status', lost, undefined, 'kept.failed'),
}

/** What follows an answer. */
function solvedAsked(stage: VisitorStage): void {
  stage.conversation.choices.value = [
    { id: 'yes', label: stage.texts('bot.yes') },
    { id: 'no', label: stage.texts('bot.no') },
    { id: 'person', label: stage.texts('chat.person') },
  ]
}
