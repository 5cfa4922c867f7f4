// An afternoon at the desk of the marketplace: one of each kind of row, and conversations to look into.

import type { CannedReply, DeskDetails, PastConversation } from '../../../src/protocol/deskRecords'
import { delayed, fees } from './articles'
import { answeredTalk, briefOf, type ScriptedDesk } from './deskScript'
import { by, claimed, markdown, plain, SERVER, VISITOR, WAITS } from './events'
import { minutesAgo } from './time'
import { INES, NOOR, TOMAS } from './workmere'

export const MARA = 'conv-mara-0001'
export const JONAS = 'conv-jonas-0002'
export const SEFA = 'conv-sefa-0003'
export const LENA = 'conv-lena-0004'
export const RAVI = 'conv-ravi-0005'
const GUEST = 'conv-guest-0006'
export const ANOTHER = 'conv-mara-0007'

const BOT = { kind: 'bot', name: 'Workmere Help' } as const

export function scriptShift(desk: ScriptedDesk): void {
  desk.openConversation(
    {
      id: JONAS,
      isVerified: true,
      row: { priority: 'high', team: 'payments' },
      brief: briefOf({
        role: 'client',
        reason: 'notSolvedTwice',
        because: '2 unanswered; anger: “again”',
        question: 'I released the milestone, but the freelancer says no money has come. Where is it?',
        turns: 4,
        category: 'withdrawals',
        tone: { frustration: 0.82, urgency: 0.5, distress: 0.1, evidence: ['again', 'a week'] },
        slots: [
          { name: 'contract', label: 'Contract number', value: 'C-4711' },
          { name: 'amount', label: 'Amount', value: '1,240.00 USD' },
          { name: 'card', label: 'Card', value: '[card hidden]' },
        ],
        flow: { id: 'payment-dispute', title: 'A payment is missing', step: 'When was it released?' },
        articlesRead: [
          { articleId: delayed.id, title: delayed.title },
          { articleId: fees.id, title: fees.title },
        ],
        tried: [{ articleId: fees.id, title: fees.title }],
        page: {
          name: 'Contracts',
          url: 'https://workmere.example/contracts/C-4711',
          errors: ['This payment needs another confirmation'],
        },
        visitor: {
          name: 'Jonas Adeyemi',
          role: 'client',
          email: 'jonas@brightside.example',
          locale: 'en-GB',
          attributes: { plan: 'Business', openContracts: 3 },
        },
      }),
    },
    9,
    [
      [VISITOR, plain('Where is the money of milestone 2?'), 9, 'device'],
      [
        BOT,
        {
          type: 'message',
          text: 'A released milestone becomes available to the freelancer at once. A withdrawal to a bank takes 1 to 3 business days.',
          format: 'plain',
          citations: [{ articleId: fees.id, title: fees.title }],
        },
        9,
        'device',
      ],
      [VISITOR, plain('It has been a week. I ask again: where is it?'), 9, 'device'],
      [BOT, plain('This is something that a person has to look at.'), 9, 'device'],
      [VISITOR, WAITS, 8],
      [VISITOR, plain('Are you there? It is contract C-4711, released on Monday.'), 7],
    ],
  )

  desk.openConversation(
    {
      id: GUEST,
      isVerified: false,
      brief: briefOf({ role: 'guest', question: 'Can I join without a company?', page: { name: 'Join' } }),
    },
    2,
    [[VISITOR, WAITS, 1.4]],
  )

  desk.openConversation(
    {
      id: MARA,
      isVerified: true,
      brief: briefOf({
        name: 'Mara Lindqvist',
        role: 'freelancer',
        question: 'Where is my withdrawal W-7731?',
        category: 'withdrawals',
        slots: [{ name: 'withdrawal', label: 'Withdrawal number', value: 'W-7731' }],
        page: { name: 'Withdrawals', url: 'https://workmere.example/withdrawals' },
      }),
    },
    30,
    answeredTalk(
      NOOR,
      'Hello! My withdrawal W-7731 has been on hold since Tuesday.',
      'Hello Mara, your withdrawal **W-7731** waits for two things:\n\n1. the address check\n2. your confirmation under [Verification](https://workmere.example/verification)',
      'I sent the papers yesterday. Is anything missing?',
    ),
  )

  desk.openConversation(
    {
      id: SEFA,
      row: { priority: 'urgent' },
      brief: briefOf({
        name: 'Sefa Okoro',
        role: 'freelancer',
        question: 'My account is restricted and I do not know why',
        page: { name: 'Account', url: 'https://workmere.example/settings' },
      }),
    },
    190,
    [
      [VISITOR, plain('I cannot send proposals any more. It says that my account is restricted.'), 189],
      [
        SERVER,
        {
          type: 'ticketOpened',
          cause: 'nobodyThere',
          ticket: {
            number: 1042,
            category: 'account',
            priority: 'urgent',
            status: 'open',
            contact: { email: 'sefa@workmere.example', phone: '+234 1 555 0142' },
          },
        },
        188,
      ],
    ],
  )

  desk.openConversation(
    {
      id: LENA,
      brief: briefOf({
        name: 'Lena Brandt',
        role: 'client',
        question: 'The freelancer answers no more, can I end the contract?',
        page: { name: 'Contracts', url: 'https://workmere.example/contracts' },
      }),
    },
    40,
    [
      [VISITOR, WAITS, 39],
      [by(TOMAS), claimed(TOMAS), 38],
      [VISITOR, plain('He has not written for two weeks.'), 36],
      [by(TOMAS), markdown('I am sorry to hear that. I look at the contract now.'), 34],
    ],
  )

  desk.openConversation(
    {
      id: RAVI,
      brief: briefOf({
        name: 'Ravi Menon',
        role: 'freelancer',
        question: 'Which documents do you accept?',
        page: { name: 'Verification', url: 'https://workmere.example/verification' },
      }),
    },
    130,
    [
      [VISITOR, WAITS, 129],
      [by(NOOR), claimed(NOOR), 128],
      [by(NOOR), markdown('A passport, an identity card or a driving licence, Ravi.'), 127],
      [VISITOR, plain('Perfect, thank you.'), 125],
      [by(NOOR), { type: 'ended', by: 'agent', category: 'verification' }, 124],
      [VISITOR, { type: 'rated', score: 5, comment: 'Quick and kind' }, 123],
    ],
  )
}

const EARLIER: PastConversation = {
  conversationId: RAVI,
  phase: 'ended',
  lastAt: minutesAgo(8 * 1_440),
  head: 7,
  question: 'Which documents do you accept?',
  ticketNumber: null,
  agentName: NOOR.name,
}

/** What the desk shows beside a thread. */
export const KNOWN: Partial<DeskDetails> = {
  labels: ['identity', 'first withdrawal'],
  visitor: { state: 'here', seenAt: minutesAgo(0) },
  pageNow: {
    at: minutesAgo(2),
    page: {
      ...briefOf({}).page,
      name: 'Verification',
      url: 'https://workmere.example/verification',
      route: '/verification',
      title: 'Verification',
    },
  },
  earlier: [EARLIER],
  team: null,
  notes: [
    {
      noteId: 'note-1',
      at: minutesAgo(20),
      by: TOMAS,
      text: 'The address check of **16 June** is done, I saw it in the list.',
      afterSeq: 5,
    },
  ],
}

export const canned = (shortcut: string, title: string, text: string): CannedReply => ({
  replyId: `reply-${shortcut}`,
  revision: 1,
  shortcut,
  title,
  text,
  editedBy: INES,
  editedAt: minutesAgo(3_000),
})

export const REPLIES: readonly CannedReply[] = [
  canned(
    'hold',
    'Why a withdrawal is on hold',
    'Hello {visitor.name}, {slot.withdrawal} waits for the address check. It takes 1 to 2 business days.',
  ),
  canned('hello', 'A first word', 'Hello {visitor.name}, I am {agent.name}. Let me look at this.'),
  canned(
    'hours',
    'When the bank is closed',
    'Banks do not count weekends and public holidays.\n\nIt arrives on the next **business day**.',
  ),
  canned(
    'dispute',
    'How a dispute goes on',
    'Your dispute {slot.dispute} is with a mediator. You hear from us within 5 days.',
  ),
]
