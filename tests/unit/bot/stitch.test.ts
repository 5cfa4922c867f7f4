// What is quoted together: steps whole and in order, rows under their head, sentences with their neighbours.

import { expect, test } from 'vitest'
import { stitch } from '../../../src/bot/stitch'
import type { AskedWord, Passage } from '../../../src/search/searchProvider'

const words = (...list: string[]): readonly AskedWord[] =>
  list.map(word => ({ word, weight: 1 / list.length, as: [word] }))
const passage = (shape: string, ...lines: string[]): Passage => ({
  articleId: 'a',
  title: 'A',
  text: lines.join('\n'),
  shape,
  score: 1,
})

test('steps are quoted from first to last, with what leads up to them', () => {
  const quote = stitch(
    passage('psss', 'To pay the fee:', 'Open Payments.', 'Choose Pay. Then confirm.', 'Wait.'),
    words('pay', 'confirm'),
    null,
  )
  expect(quote).toEqual({
    sentences: ['To pay the fee:', 'Open Payments.', 'Choose Pay. Then confirm.', 'Wait.'],
    text: 'To pay the fee:\nOpen Payments.\nChoose Pay. Then confirm.\nWait.',
    said: 1,
    isSteps: true,
  })
})

test('steps longer than a chat are still whole', () => {
  const steps = Array.from(
    { length: 12 },
    (_, i) => `Do the thing number ${i} that is described here at length.`,
  )
  const quote = stitch(passage('s'.repeat(12), ...steps), words('7'), null)
  expect(quote?.sentences).toEqual(steps)
})

test('a row is quoted under the head of its table', () => {
  const rows = Array.from(
    { length: 14 },
    (_, i) => `Document ${i} of many | kept for ${i} days | in the vault`,
  )
  const quote = stitch(passage(`h${'r'.repeat(14)}`, 'What | How long | Where', ...rows), words('7'), null)
  expect(quote?.sentences).toEqual(['What | How long | Where', rows[7]])
})

test('a table that fits is quoted whole', () => {
  const quote = stitch(
    passage('hrr', 'What | How long', 'Selfie | 30 days', 'Passport | 90 days'),
    words('selfie'),
    null,
  )
  expect(quote?.text).toBe('What | How long\nSelfie | 30 days\nPassport | 90 days')
})

test('a note goes with the sentence before it', () => {
  const quote = stitch(
    passage('pn', 'You can cancel a request.', 'Note A withdrawal that was sent is with your bank.'),
    words('cancel', 'request'),
    null,
  )
  expect(quote?.sentences).toHaveLength(2)
})

test('of a long paragraph the run that says most is quoted, no longer than one reads at a glance', () => {
  const idle = Array.from({ length: 20 }, (_, i) => `Sentence ${i} says something of quite another matter.`)
  const told = [...idle.slice(0, 10), 'The fee is 10 % of it.', ...idle.slice(10)]
  const quote = stitch(passage('p', told.join(' ')), words('fee'), null)
  expect(quote?.sentences[0]).toBe('The fee is 10 % of it.')
  expect(quote?.text.length).toBeLessThanOrEqual(420)
})

test('where no sentence says a word of it, because the heading does, the section is quoted from its start', () => {
  expect(stitch(passage('p', 'Enter your IBAN.'), words('set', 'up'), null)?.sentences).toEqual([
    'Enter your IBAN.',
  ])
  expect(stitch(passage('', ''), words('set'), null)).toBeNull()
})
