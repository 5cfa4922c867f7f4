// How each state of the agents' window is brought about. A script drives the real model and presses what an agent
// presses; the help desk behind it is `script/deskScript`.

import { createMemoryStore } from '../../src/base/keyedStore'
import type { HeldRow } from '../../src/desk/hold'
import type { DisputeReport, SimilarTicket } from '../../src/protocol/deskRecords'
import type { EventBody } from '../../src/protocol/events'
import type { DeskStateId } from './catalogue'
import { delayed, fees } from './script/articles'
import { DELIVERIES } from './script/deliveries'
import type { ScriptedDeskOptions } from './script/deskScript'
import type { DeskStage } from './script/deskStage'
import { by, claimed, SERVER, VISITOR } from './script/events'
import { uploadOf } from './script/files'
import { isSeen } from './script/reaching'
import { REVIEWS, SUGGESTED, TO_JUDGE } from './script/reviews'
import { canned, JONAS, KNOWN, LENA, MARA, RAVI, REPLIES, SEFA, scriptShift } from './script/shift'
import { NOW } from './script/time'
import { NOOR, SCREENSHOT, STATEMENT, TOMAS } from './script/workmere'

export interface DeskScript {
  /** CSS selector of what is seen once the state stands. */
  readonly shows: string
  /** Text key of what that says. */
  readonly says?: string
  readonly options?: ScriptedDeskOptions
  arrange(stage: DeskStage): void | Promise<void>
}

type Act = (stage: DeskStage) => void | Promise<void>

const shift = (
  shows: string,
  act: Act = () => {},
  says?: string,
  options?: ScriptedDeskOptions,
): DeskScript => ({
  shows,
  ...(says && { says }),
  ...(options && { options }),
  async arrange(stage) {
    scriptShift(stage.desk)
    await stage.begin()
    await stage.see('[data-row]')
    await act(stage)
  },
})

const thread = (id: string, shows: string, act: Act = () => {}, says?: string): DeskScript => ({
  shows,
  ...(says && { says }),
  async arrange(stage) {
    scriptShift(stage.desk)
    stage.desk.details(id, KNOWN)
    stage.desk.setReplies(REPLIES)
    await stage.begin()
    stage.desk.model.open(id)
    await stage.see('[role=log] [data-seq]')
    await act(stage)
  },
})
const FIELD = '.reply textarea:enabled'
const mine = (shows: string, act: Act = () => {}, says?: string): DeskScript =>
  thread(
    MARA,
    shows,
    async stage => {
      await stage.see(FIELD)
      await act(stage)
    },
    says,
  )

const DISPUTE: DisputeReport = {
  disputeId: 'dispute-workmere',
  revision: 5,
  number: 1042,
  reference: 'C-20418',
  phase: 'mediating',
  opener: 'client',
  openedAt: NOW - 2 * 86_400_000,
  respondBy: NOW - 3_600_000,
  decideBy: NOW + 3 * 86_400_000,
  threadId: 'thread-of-the-dispute',
  sides: [
    {
      party: 'client',
      name: 'Jonas Adeyemi',
      conversationId: 'conversation-jonas',
      statement: 'The third milestone came nine days late, and the tests are missing.',
      isShared: true,
      accepts: true,
    },
    {
      party: 'freelancer',
      name: 'Mara Lindqvist',
      conversationId: MARA,
      statement:
        'The design that I was to build from came a week late. The tests were never part of this milestone.',
      isShared: true,
      accepts: null,
    },
  ],
  facts: {
    common: { contract: 'C-20418', milestone: '3 of 4' },
    differing: [{ name: 'amount', site: '$1,450.00', said: ['$1,450.00', '$1,650.00'] }],
  },
  proposal: {
    proposal: 1,
    outcome: '$1,100.00 are released, the rest with the tests',
    words: 'Both caused a part of the delay.',
  },
  escalation: null,
  decision: null,
}
const SIMILAR: readonly SimilarTicket[] = [
  {
    conversationId: RAVI,
    number: 1017,
    question: 'My withdrawal W-6620 has been on hold since Friday, where is it?',
    category: 'withdrawals',
    solvedAt: NOW - 3 * 86_400_000,
    reasons: [{ kind: 'words', words: ['withdrawal', 'where'] }, { kind: 'category' }, { kind: 'page' }],
    answer: {
      text: 'A first withdrawal is **on hold** until your address is checked. Send a bill that is not older than three months.',
      format: 'markdown',
      by: 'Tomás',
    },
  },
  {
    conversationId: 'conversation-solved',
    number: 988,
    question: 'where is my money??',
    category: 'withdrawals',
    solvedAt: NOW - 9 * 86_400_000,
    reasons: [{ kind: 'words', words: ['where'] }, { kind: 'category' }],
    answer: { text: 'Your bank takes two working days.', format: 'plain', by: 'Noor' },
  },
]

const openedDispute = (stage: DeskStage) => {
  const { disputeId, number, reference } = DISPUTE
  stage.desk.say(
    MARA,
    { kind: 'system' },
    {
      type: 'disputeOpened',
      disputeId,
      number,
      reference,
      you: 'freelancer',
      opener: 'client',
      parties: [{ party: 'client' }, { party: 'freelancer' }],
      facts: {},
      respondBy: DISPUTE.respondBy,
    },
  )
}
const disputed = (shows: string, change: Partial<DisputeReport> = {}, act: Act = () => {}): DeskScript =>
  mine(shows, async stage => {
    stage.desk.setDispute({ ...DISPUTE, ...change })
    openedDispute(stage)
    await stage.see('.dispute .sides')
    await act(stage)
  })

const lead = (shows: string, act: Act = () => {}, says?: string): DeskScript =>
  shift(
    shows,
    async stage => {
      stage.desk.setReplies(REPLIES)
      stage.desk.promote()
      await stage.press('team.title')
      await stage.see('dialog [role=tab]:nth-child(3)')
      await act(stage)
    },
    says,
  )
const book: Act = async stage => {
  await stage.press('team.book', {}, '[role=tablist]')
  await stage.see('[data-reply]')
}

const reviewing = (shows: string, act: Act = () => {}): DeskScript =>
  shift(shows, async stage => {
    stage.desk.suggest(SUGGESTED)
    stage.desk.setReviews(REVIEWS)
    stage.desk.promote()
    await stage.press('review.title')
    await stage.see('.review-item')
    await act(stage)
  })

const signIn = (shows: string, problem?: 'refused' | 'unreachable', says?: string): DeskScript => ({
  shows,
  ...(says && { says }),
  options: { signedIn: false },
  async arrange(stage) {
    await stage.begin()
    if (!problem) return
    stage.desk.setPassword({ ok: false, problem })
    await stage.type('form input', 'Noor')
    await stage.type('form input[type=password]', 'not the one')
    const field = await stage.see<HTMLInputElement>('form input')
    field.form?.requestSubmit()
  },
})

const reply = (stage: DeskStage, text: string) => stage.type(FIELD, text)
const sends = (stage: DeskStage) => stage.key(FIELD, 'Enter')

/** As another window of the same agent has it: held there, and not to be taken back here. */
const HELD_ELSEWHERE: HeldRow = {
  clientId: 'held-elsewhere',
  thread: MARA,
  identity: 'agent:noor',
  order: 1,
  brief: null,
  draft: {
    clientId: 'held-elsewhere',
    body: { type: 'message', text: 'No, all is here. The money leaves today.', format: 'markdown' },
  },
  isEarlier: false,
  queuedAt: NOW,
  attempts: 0,
  notBefore: 0,
  state: 'queued',
  isConfirmed: false,
  isAlone: false,
  holdUntil: NOW + 4_000,
}

export const DESK_SCRIPTS: Readonly<Record<DeskStateId, DeskScript>> = {
  // ---- sign in

  'desk-opening': {
    shows: '[role=status]',
    says: 'desk.starting',
    options: { isOpening: true },
    arrange: stage => stage.begin(),
  },
  'desk-sign-in': signIn('form input'),
  'desk-sign-in-refused': signIn('[role=alert]', 'refused', 'signIn.refused'),
  'desk-sign-in-unreachable': signIn('[role=alert]', 'unreachable', 'signIn.unreachable'),
  'desk-expired': shift(
    '[role=alert]',
    async stage => {
      stage.desk.refuse('queue', 'unauthenticated')
      await stage.desk.model.refresh()
    },
    'signIn.expired',
  ),

  // ---- list

  'desk-loading': {
    shows: '.desk-queue .bones',
    async arrange(stage) {
      stage.desk.refuse('queue', 'store_unavailable')
      await stage.begin()
    },
  },
  'desk-empty': { shows: '.desk-queue .empty', says: 'queue.empty', arrange: stage => stage.begin() },
  'desk-queue': shift('.desk-queue [data-row] .priority'),
  'desk-tickets': shift('#desk-ownTickets', stage => {
    const { desk } = stage
    const minutes = (count: number) => NOW + count * 60_000
    own(stage)
    desk.listAs(SEFA, {
      priority: 'urgent',
      levels: {
        firstResponse: { state: 'met', dueAt: minutes(-100) },
        resolution: { state: 'warning', dueAt: minutes(25) },
      },
    })
    desk.say(LENA, by(TOMAS), ticketOf(1043, 'contracts'))
    desk.say(LENA, by(TOMAS), { type: 'message', text: 'Which contract is it?', format: 'plain' })
    desk.say(JONAS, SERVER, ticketOf(1044, 'withdrawals'))
  }),
  'desk-promises': shift('.take-next', stage => {
    const { desk } = stage
    const minutes = (count: number) => NOW + count * 60_000
    desk.listAs(JONAS, {
      fits: {
        reasons: [
          { code: 'skill', words: ['payments'] },
          { code: 'language', words: ['de'] },
        ],
      },
    })
    desk.listAs(SEFA, {
      levels: {
        firstResponse: { state: 'ok', dueAt: minutes(12), warnAt: minutes(-5) },
        resolution: { state: 'ok', dueAt: minutes(600) },
      },
      suggestedFor: { agentId: 'ines', name: 'Inés' },
    })
    desk.listAs(LENA, { levels: { resolution: { state: 'breached', dueAt: minutes(-30) } } })
    desk.setNext(JONAS)
  }),
  'desk-many': shift('.more', stage =>
    stage.desk.crowd({ waiting: 2_310, mine: 1, tickets: 18, colleagues: 41, ended: 900 }),
  ),
  'desk-away': shift('.desk-top .banner', stage => stage.press('away.label'), 'away.said'),
  'desk-lost': mine(
    '.desk-top .banner',
    async stage => {
      stage.desk.setLink('retrying')
      stage.pass(2_000)
    },
    'desk.cutOff',
  ),
  'desk-memory': shift('.desk-top .banner', undefined, 'desk.memory', { keeping: 'memory' }),

  // ---- conversation

  'desk-thread-loading': shift(
    '.desk-thread .bones',
    stage => {
      stage.desk.refuse('sync', 'store_unavailable')
      stage.desk.model.open(JONAS)
    },
    'thread.loading',
  ),
  'desk-claim': thread(JONAS, '.claim .main', undefined, 'reply.claim'),
  'desk-taken': thread(JONAS, '[role=alert] .banner', async stage => {
    stage.desk.refuse('claim', 'stale_assignment')
    stage.desk.say(JONAS, by(TOMAS), claimed(TOMAS))
    await stage.desk.model.claim()
  }),
  'desk-thread': mine('.desk-thread .message strong'),
  'desk-contested': mine('.contest form', async stage => {
    const bot = { kind: 'bot', name: 'Workmere Help' } as const
    const text = 'A withdrawal takes one to three business days. If it takes longer, ask your bank.'
    stage.desk.say(MARA, bot, { type: 'message', text, format: 'plain' })
    stage.desk.say(MARA, VISITOR, {
      type: 'contested',
      about: 'answer',
      words: 'The article is about another bank. My money has been away for eight days.',
    })
    await stage.see('.contest .meant')
    await stage.press('contest.answer')
  }),
  'desk-contest-stuck': mine('.contest .trouble', async stage => {
    stage.desk.say(MARA, VISITOR, {
      type: 'contested',
      about: 'answer',
      words: 'The article is about another bank. My money has been away for eight days.',
    })
    stage.desk.refuse('send', 'forbidden')
    const seq = stage.desk.model.thread.value?.contests[0]?.seq ?? 0
    stage.desk.model.answerContest(
      seq,
      'changed',
      'You are right: your bank is another one. I have asked it today.',
    )
  }),
  'desk-dispute': disputed('.dispute .mediating'),
  'desk-dispute-deciding': disputed('.dispute .deciding', {}, async stage => {
    stage.desk.model.workplace.value?.disputes.change({
      outcome: '$1,100.00 are released, $350.00 with the tests',
      words: 'The tests were in the first description of the milestone.',
    })
    await stage.press('dispute.act')
    await stage.press('dispute.decide')
  }),
  'desk-dispute-stating': disputed('.dispute .quiet', {
    phase: 'stating',
    proposal: null,
    respondBy: NOW + 2 * 86_400_000,
    sides: DISPUTE.sides.map((side, n) => ({
      ...side,
      isShared: false,
      accepts: null,
      statement: n === 0 ? null : side.statement,
    })),
  }),
  'desk-dispute-failed': mine('.dispute .trouble', stage => {
    stage.desk.refuse('dispute', 'store_unavailable')
    openedDispute(stage)
  }),
  'desk-dispute-escalated': disputed('.dispute .told', { phase: 'escalated', escalation: 'late' }),
  'desk-drafted': mine('.message.own .fine', stage => {
    stage.desk.say(MARA, by(NOOR), {
      type: 'message',
      text: '> A withdrawal reaches your bank within two working days.',
      format: 'markdown',
      draftedBy: 'machine',
    })
  }),
  'desk-typing': mine('.typing', stage => stage.desk.visitorTypes(MARA), undefined),
  'desk-colleague': thread(LENA, '.claim'),
  'desk-take-over': thread(LENA, '.claim button', stage => stage.press('reply.takeOver')),
  'desk-ended': thread(RAVI, '.desk-thread .notice'),
  'desk-ticket': thread(SEFA, '.claim .button', undefined, 'reply.claimTicket'),
  'desk-ticket-own': thread(SEFA, '.history li', async stage => {
    own(stage)
    const minutes = (count: number) => NOW + count * 60_000
    stage.desk.listAs(SEFA, {
      priority: 'urgent',
      levels: {
        firstResponse: { state: 'missed', dueAt: minutes(-100) },
        resolution: { state: 'breached', dueAt: minutes(-30) },
      },
    })
    stage.desk.details(SEFA, {
      ...KNOWN,
      mailedAt: minutes(-60),
      undelivered: [{ kind: 'answered', reason: 'refused', at: minutes(-20) }],
    })
    await stage.desk.model.refresh()
    await stage.see('.ticket-head [role=status] > p')
    await stage.see('.ticket-facts [data-level=urgent] ~ [data-level=urgent]')
    await stage.press('history.title', {}, '.ticket-head')
  }),
  'desk-ticket-solve': thread(SEFA, '.actions select', async stage => {
    own(stage)
    await stage.press('thread.solve')
  }),
  'desk-ticket-solved': thread(
    SEFA,
    '.thread-top .actions .button',
    stage => {
      own(stage)
      stage.desk.say(SEFA, by(NOOR), { type: 'ended', by: 'agent', category: 'account' })
    },
    'thread.reopen',
  ),
  'desk-missing': shift(
    '.desk-thread .lead',
    stage => {
      stage.desk.refuse('sync', 'forbidden')
      stage.desk.model.open(RAVI)
    },
    'thread.failed',
  ),
  'desk-end': mine('.actions select', stage => stage.press('thread.end')),
  'desk-transfer': mine('dialog[open] input[type=radio]', async stage => {
    await stage.press('transfer.open')
    await stage.pressAt('dialog[open] input[type=radio]')
    await stage.type('dialog[open] textarea', 'The address check is done, only the money is left to send.')
  }),
  'desk-transferred': mine(
    '.claim .main',
    async stage => {
      await stage.press('transfer.open')
      await stage.pressAt('dialog[open] input[type=radio]')
      await stage.pressAt('dialog[open] .main:enabled')
    },
    'transfer.takeBack',
  ),

  // ---- writing

  'desk-held': mine('.held', async stage => {
    stage.desk.model.workplace.value?.preferences.setHoldsReplies(true)
    await reply(stage, 'No, all is here. The money leaves today.')
    await sends(stage)
  }),
  'desk-failed': mine('.message .trouble', async stage => {
    stage.desk.refuse('send', 'forbidden')
    await reply(stage, 'No, all is here. The money leaves today.')
    await sends(stage)
  }),
  'desk-preview': mine('.preview', async stage => {
    await reply(stage, 'No, **all is here**. Two things are left:\n\n1. the bank\n2. the weekend')
    await stage.press('reply.preview')
  }),
  'desk-note': mine('.reply[data-mode=note] textarea', async stage => {
    stage.desk.model.workplace.value?.composer.setMode('note')
    await stage.type('.reply[data-mode=note] textarea', 'She calls **twice** a day, please be quick.')
  }),
  'desk-slash': mine('.slash [role=option]', stage => reply(stage, '/h')),
  'desk-unfilled': mine('.missing', async stage => {
    await reply(stage, '/dispute')
    await stage.see('.slash [role=option]')
    await sends(stage)
  }),
  'desk-suggested': {
    shows: '.suggested li',
    async arrange(stage) {
      stage.desk.help([
        {
          articleId: delayed.id,
          title: delayed.title,
          headingId: 'what-the-status-means',
          headingText: 'What the status means',
          text: 'On hold: a security hold or a check is running. Read the reason on the line.',
          score: 0.9,
        },
        {
          articleId: fees.id,
          title: fees.title,
          text: 'A new or edited method cannot be used for 5 days.',
          score: 0.6,
        },
      ])
      await DESK_SCRIPTS['desk-thread'].arrange(stage)
      await stage.pressAt('.suggested .text-button')
    },
  },
  'desk-similar': {
    shows: '.suggested .similar',
    async arrange(stage) {
      stage.desk.setSimilar(SIMILAR)
      await DESK_SCRIPTS['desk-thread'].arrange(stage)
      await stage.pressAt('.suggested .text-button')
    },
  },
  'desk-similar-taken': {
    shows: '.suggested .text-button',
    async arrange(stage) {
      await DESK_SCRIPTS['desk-similar'].arrange(stage)
      await stage.press('similar.use')
    },
  },
  'desk-files': mine('.chosen', async stage => {
    const { files } = stage
    files.items.value = [
      uploadOf(SCREENSHOT, { state: 'ready', progress: 1 }),
      uploadOf(STATEMENT, { state: 'uploading', progress: 0.4 }),
      uploadOf(
        { ...STATEMENT, attachmentId: 'c', name: 'all-letters.zip' },
        { state: 'failed', trouble: 'type' },
      ),
    ]
    files.isUploading.value = true
    await reply(stage, 'Here is the letter for your bank.')
  }),
  'desk-files-received': mine('.attached img', stage =>
    stage.desk.say(MARA, VISITOR, {
      type: 'message',
      text: 'This is what I see.',
      format: 'plain',
      attachments: [SCREENSHOT, STATEMENT],
    }),
  ),
  'desk-other-window': {
    ...mine('.held'),
    options: { store: keptWith(HELD_ELSEWHERE) },
  },

  // ---- details

  'desk-details': thread(JONAS, '.desk-brief', openDetails),
  'desk-labels': thread(JONAS, '.combo [role=option]', async stage => {
    await openDetails(stage)
    await stage.type('.combo input', 're')
  }),
  'desk-earlier': thread(MARA, '.visiting', async stage => {
    stage.desk.model.openEarlier(RAVI)
  }),

  // ---- dialogs

  'desk-dispute-open': mine('dialog[open] [name=desk-dispute-other]', async stage => {
    stage.desk.model.workplace.value?.disputes.changeForm(MARA, { other: SEFA, reference: 'C-20418' })
    await openDetails(stage)
    await stage.press('dispute.openIt')
  }),
  'desk-preferences': shift('dialog[open]', stage => stage.press('preferences.title')),
  'desk-keys': shift('dialog[open] .keys', async stage => {
    const button = stage.texts('keys.open')
    const isShown = [...stage.root.querySelectorAll('.desk-top button')].some(
      each => isSeen(each) && each.textContent === button,
    )
    // A narrow window has no button for it: nobody has keys there.
    if (isShown) await stage.press('keys.open', {}, '.desk-top')
    else
      await stage.until('The list of keys', () => {
        // Whoever listens begins to only once the window is painted.
        void stage.key('[data-row]', '?')
        return stage.root.querySelector('dialog[open]')
      })
  }),
  'desk-team': shift('dialog[open] .person', stage => stage.press('team.title')),
  'desk-team-take-over': lead('dialog[open] .held-by .button', stage =>
    stage.pressAt('dialog[open] .held-by .button'),
  ),
  'desk-replies': lead('[data-reply]', book),
  'desk-replies-edit': lead('.dialog-body-form textarea', async stage => {
    await book(stage)
    await stage.pressAt('[data-reply] .button')
  }),
  'desk-replies-error': lead(
    '.dialog-body-form [role=alert]',
    async stage => {
      await book(stage)
      await stage.pressAt('[data-reply] .button')
      await stage.type('.dialog-body-form input', 'My words!')
      const field = await stage.see<HTMLInputElement>('.dialog-body-form input')
      field.form?.requestSubmit()
    },
    'book.problem.shortcut',
  ),
  'desk-replies-changed': lead('dialog[open] .conflict', async stage => {
    await book(stage)
    await stage.pressAt('[data-reply] .button')
    await stage.type('.dialog-body-form textarea', 'It waits for the address check.')
    stage.desk.setReplies([
      { ...canned('hold', 'Why a withdrawal is on hold', 'The check takes one day now.'), revision: 2 },
      ...REPLIES.slice(1),
    ])
    stage.desk.refuse('saveReply', 'stale_assignment')
    const field = await stage.see<HTMLInputElement>('.dialog-body-form textarea')
    field.form?.requestSubmit()
  }),
  'desk-dialog-unsaved': lead('dialog[open] .conflict', async stage => {
    await book(stage)
    await stage.pressAt('[data-reply] .button')
    await stage.type('.dialog-body-form textarea', 'It waits for the address check.')
    await stage.press('action.close', {}, 'dialog')
  }),
  'desk-hours': lead('.hours-field', hours),
  'desk-hours-error': lead('.hours-field .trouble', async stage => {
    await hours(stage)
    await stage.type('.week input', '17-9')
    const field = await stage.see<HTMLInputElement>('.week input')
    field.form?.requestSubmit()
  }),

  // ---- what did not go out

  'desk-outgoing': shift('dialog .book li', async stage => {
    stage.desk.setDeliveries(DELIVERIES)
    stage.desk.promote()
    await stage.press('deliveries.title')
    await stage.see('dialog .book li')
  }),

  // ---- review

  'desk-review': reviewing('.review-item'),
  'desk-review-article': reviewing('.review fieldset + fieldset .pick:nth-of-type(2)', async stage => {
    await stage.pressAt('.verdicts .pick:nth-of-type(2) input')
    await stage.see('.review input[type=search]')
  }),
  'desk-review-changed': reviewing('.review [role=alert]:not(:empty)', async stage => {
    await stage.pressAt('.verdicts .pick:nth-of-type(3) input')
    await stage.type('.review textarea', 'Bank or card? It holds for banks alone.')
    stage.desk.setReviews({ ...REVIEWS, item: { ...TO_JUDGE, revision: 1, verdict: 'wrong' } })
    stage.desk.refuse('judge', 'stale_assignment')
    const field = await stage.see<HTMLTextAreaElement>('.review textarea')
    field.form?.requestSubmit()
  }),
  'desk-review-done': reviewing('.review-figures[open]', async stage => {
    stage.desk.setReviews({ ...REVIEWS, item: null, waiting: 0 })
    await stage.press('review.skip', {}, 'dialog')
    await stage.see('.review-none')
    await stage.pressAt('.review-figures summary')
  }),
  'desk-review-failed': reviewing('.review-none [role=alert]', async stage => {
    stage.desk.refuse('reviews', 'store_unavailable')
    await stage.press('review.skip', {}, 'dialog')
  }),
}

/** The ticket has been answered by the agent, and its visitor has written again. */
function own({ desk }: DeskStage): void {
  desk.say(SEFA, by(NOOR), { type: 'owned', agent: NOOR }, { minutesAgo: 90 })
  desk.say(
    SEFA,
    by(NOOR),
    {
      type: 'message',
      text: 'Hello Sefa, a document of yours has expired. Please upload a new one.',
      format: 'markdown',
    },
    { minutesAgo: 89 },
  )
  desk.say(
    SEFA,
    VISITOR,
    { type: 'message', text: 'I did, and it is still restricted.', format: 'plain' },
    { minutesAgo: 12 },
  )
}

const ticketOf = (number: number, category: string): EventBody => ({
  type: 'ticketOpened',
  cause: 'nobodyThere',
  ticket: { number, category, priority: 'normal', status: 'open' },
})

async function hours(stage: DeskStage): Promise<void> {
  await stage.press('team.hours', {}, '[role=tablist]')
  await stage.press('hours.week', {}, 'form')
}

/** Beside the thread where there is room, else behind a button. */
async function openDetails(stage: DeskStage): Promise<void> {
  const brief = await stage.until('The details', () => stage.root.querySelector('.desk-brief'))
  if (!brief.getClientRects().length) await stage.pressAt('#desk-details')
}

function keptWith(row: HeldRow) {
  const store = createMemoryStore('stored')
  void store.set([[`outbox/${row.identity}/${row.clientId}`, row]])
  return store
}
