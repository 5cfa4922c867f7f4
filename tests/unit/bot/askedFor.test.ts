// What sort of thing a question asks for, and whether a sentence holds one.

import { expect, test } from 'vitest'
import { sortAsked } from '../../../src/bot/askedFor'
import { english } from '../../../src/understanding/languages/en'

const { sorts } = english.answers

test.each([
  ['How long does it take?', 'It takes 3 business days.', 'It is safe.'],
  ['when is my payout', 'We send it once a week.', 'A payout is safe.'],
  ['how much is the fee', 'Clients pay nothing.', 'The fee is fair.'],
  ['where do I find it', 'Open Settings.', 'It is a document.'],
  ['who can see it', 'Only the mediator sees it.', 'It is a document.'],
  ['why was it declined', 'Reasons are many.', 'It was declined.'],
  ['how do I send it', 'Choose Send.', 'It is a document.'],
  ['can I change it', 'You cannot change it.', 'It is a document.'],
])('"%s" asks for what "%s" holds and "%s" does not', (question, holding, other) => {
  const holds = sortAsked(question, sorts)
  expect([holds?.(holding), holds?.(other)]).toEqual([true, false])
})

test('a statement asks for nothing in particular, and without words of the language nothing does', () => {
  expect(sortAsked('close button is grey', sorts)).toBeNull()
  expect(sortAsked('how long does it take', [])).toBeNull()
})
