// Only what a passage supports is said.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groundedAnswer } from '../../../src/bot/groundedAnswer'
import type { Passage } from '../../../src/search/searchProvider'

const fees: Passage = {
  articleId: 'payments/fees',
  title: 'Service fees',
  headingId: 'pay',
  headingText: 'What you pay',
  text: 'Welcome to this page. We update it every year. The fee is 10 % of each payment. It is taken from 20.00 USD upwards. Clients pay nothing. Old contracts keep their price. Ask us anything.',
  score: 0.8,
}

test('the sentences that speak to the question are quoted, neighbours together, with their source', () => {
  expect(groundedAnswer('what is the fee of a payment', [fees])).toEqual({
    text: 'The fee is 10 % of each payment. It is taken from 20.00 USD upwards. Clients pay nothing.',
    citations: [{ articleId: 'payments/fees', title: 'Service fees', headingId: 'pay' }],
    key: expect.stringContaining('payments/fees#pay'),
    coverage: 1,
  })
})

test.each([
  ['what is the weather in Paris', fees],
  ['can I pay the fee in bitcoin from Norway', fees],
  ['what is the fee', { ...fees, score: 0.1 }],
  ['hello how are you', fees],
  ['', fees],
])('nothing is said to "%s" where the passage does not support it', (question, passage) => {
  expect(groundedAnswer(question, [passage])).toBeNull()
})

test('steps stay on lines of their own', () => {
  const steps = { ...fees, text: 'To pay the fee:\nOpen Payments.\nChoose Pay. Confirm.' }
  expect(groundedAnswer('how do I pay the fee', [steps])).toMatchObject({
    text: 'To pay the fee:\nOpen Payments.\nChoose Pay.',
  })
})

test('of two passages of an article the one that says the words beats the one that shares the title', () => {
  const other: Passage = { ...fees, headingId: 'late', text: 'Write to us when it is late.' }
  expect(
    groundedAnswer('service fees', [other, { ...fees, text: 'The service fee is 10 %.' }]),
  ).toMatchObject({
    text: 'The service fee is 10 %.',
  })
})

test('what was said before is not said again; another passage may still answer', () => {
  const other: Passage = { ...fees, articleId: 'payments/fees-for-teams', text: 'Teams pay a fee of 8 %.' }
  const first = groundedAnswer('which fee do I pay', [fees, other])
  if (!first || first === 'repeated') throw new Error('no answer')
  const second = groundedAnswer('which fee do I pay', [fees, other], [first.key])
  if (!second || second === 'repeated') throw new Error('no second answer')
  expect(second.text).toBe('Teams pay a fee of 8 %.')
  expect(groundedAnswer('which fee do I pay', [fees, other], [first.key, second.key])).toBe('repeated')
})

test('every sentence of an answer stands in the passage, whatever both are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.lorem({ mode: 'sentences', maxCount: 2 }), { minLength: 1, maxLength: 6 }),
      fc.lorem({ maxCount: 4 }),
      (sentences, question) => {
        const text = sentences.join(' ')
        const answer = groundedAnswer(question, [{ articleId: 'a', title: 'A', text, score: 1 }])
        return !answer || answer === 'repeated' || text.includes(answer.text.replace(/…$/, ''))
      },
    ),
  )
})
