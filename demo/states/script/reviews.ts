// What a lead of the demo is asked to judge.

import type { ReviewItem } from '../../../src/protocol/reviews'
import type { DeskCalls } from '../../../src/protocol/wire'
import type { Suggestion } from '../../../src/search/searchProvider'
import { NOW } from './time'

export const TO_JUDGE: ReviewItem = {
  itemId: 'review-item-0001',
  kind: 'answer',
  stratum: 'contested',
  at: NOW - 26 * 60 * 60_000,
  revision: 0,
  before: [
    { by: 'visitor', text: 'Hello, I am waiting for money.' },
    { by: 'bot', text: 'What is it about?' },
  ],
  question: 'My withdrawal W-7731 has said "on hold" since Monday. Why?',
  answer: [
    'A withdrawal is on hold while your address is checked. That takes up to 5 business days.',
    'Did that answer your question?',
  ],
  sources: [
    {
      articleId: 'withdrawals/withdrawal-delayed',
      title: 'Why a withdrawal is delayed',
      headingId: 'on-hold',
      headingText: 'On hold',
    },
  ],
  rule: 'bot:article',
  because: 'answer found',
  confidence: 0.62,
  route: '/withdrawals',
  role: 'freelancer',
  locale: 'en',
  verdict: null,
  article: null,
  words: '',
}

export const SUGGESTED: readonly Suggestion[] = [
  ['withdrawals/add-a-bank-account', 'Add a bank account'],
  ['verification/verify-your-address', 'Verify your address'],
].map(([articleId = '', title = ''], n) => ({
  kind: 'article',
  articleId,
  title,
  summary: '',
  highlights: [],
  reasons: [{ kind: 'words' }],
  score: 1 - n / 10,
}))

export const REVIEWS: DeskCalls['reviews']['reply'] = {
  item: TO_JUDGE,
  waiting: 12,
  isBehind: false,
  figures: {
    days: 91,
    judged: 118,
    waiting: 12,
    strata: [
      { stratum: 'contested', judged: 9, waiting: 1, right: 3 },
      { stratum: 'notSolved', judged: 22, waiting: 4, right: 8 },
      { stratum: 'missed', judged: 19, waiting: 2, right: 11 },
      { stratum: 'answers', judged: 38, waiting: 3, right: 33 },
      { stratum: 'handoffs', judged: 14, waiting: 1, right: 12 },
      { stratum: 'agents', judged: 16, waiting: 1, right: 15 },
    ],
    bot: { right: 0.81, low: 0.7, high: 0.88, judged: 88 },
    agents: { right: 0.94, low: 0.72, high: 0.99, judged: 16 },
    handoffs: { right: 0.86, low: 0.6, high: 0.96, judged: 14 },
  },
}
