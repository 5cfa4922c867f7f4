// What a sentence of a language model may make of an article: judgements a support lead can read, and argue with.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWordOf, sentencesOf, supports } from '../../../src/bot/supports'

describe('[A3] what the words say is supported', () => {
  test.each([
    ['word for word', 'The fee is 5 % of each payment.', 'The fee is 5 % of each payment.'],
    ['the beginning of it', 'You can cancel a contract.', 'You can cancel a contract on its page.'],
    ['shorter', 'Open the page of your account.', 'Open the large page of your new account, press Withdraw.'],
    ['joined by "and"', 'Open the page and press Withdraw.', 'Open the page, press Withdraw.'],
    ['other endings', 'The withdrawals are charged.', 'The withdrawal is charged.'],
    ['with the not', 'You cannot withdraw on weekends.', "You can't withdraw on weekends."],
    ['with the condition', 'If you are verified, the fee is 2 €.', 'If you are verified, the fee is 2 €.'],
    ['another quotation mark', 'Press “Send” on the page.', 'Press "Send" on the page.'],
    ['one of two sentences', 'The fee is 2 €.', 'You pay once a month. The fee is 2 €. That is all.'],
    ['two sentences', 'The fee is 2 €. You pay it.', 'You pay it. The fee is 2 €.'],
    ['whole, of another language', 'Auszahlungen sind nicht möglich', 'Auszahlungen sind nicht möglich.'],
    ['whole, without spaces', '手续费是百分之五。', '手续费是百分之五。您可以取消。'],
  ])('%s', (_, sentence, span) => {
    expect(supports(sentence, span)).toBe(true)
  })
})

describe('[A3] what they do not say is not', () => {
  test.each([
    ['a number more', 'The fee is 5 % of each payment in 2026.', 'The fee is 5 % of each payment.'],
    ['another number', 'The fee is 6 % of each payment.', 'The fee is 5 % of each payment.'],
    ['a number of other digits', 'You have 30 days.', 'You have 3 days, or with the plus plan 300 days.'],
    ['a number without its unit', 'The fee is 5 of each payment.', 'The fee is 5 % of each payment.'],
    ['another unit', 'The fee is 5 $.', 'The fee is 5 €.'],
    ['a number without its bound', 'It takes you 5 days.', 'It takes you up to 5 days.'],
    ['a number cut at the bound', 'You wait 5 days.', 'You wait at least 5 days.'],
    ['half of a unit', 'You wait 5 days.', 'You wait 5 business days.'],
    ['half of a range', 'You wait 2 days.', 'You wait 2 to 5 days.'],
    ['a sign', 'The change is 5 %.', 'The change is -5 %.'],
    ['a name more', 'You can pay with PayPal.', 'You can pay with the card.'],
    ['a name less', 'You can use transfers.', 'You can use the SEPA transfers.'],
    ['a not less', 'You can withdraw on weekends.', 'You cannot withdraw on weekends.'],
    ['a not more', 'You cannot withdraw on weekends.', 'You can withdraw on weekends.'],
    ['one of two nots', 'You cannot withdraw.', 'You cannot withdraw without the code.'],
    ['a verb that refuses less', 'We refund the fee.', 'We refuse to refund the fee.'],
    ['a condition less', 'The fee is 2 €.', 'If you are verified, the fee is 2 €.'],
    ['a condition behind less', 'You can withdraw.', 'You can withdraw once you are verified.'],
    ['an only less', 'You can pay by card.', 'You can only pay by card.'],
    ['an exception less', 'You can pay with cards.', 'You can pay with cards except the prepaid ones.'],
    ['a perhaps less', 'The bank takes a fee from you.', 'The bank may take a fee from you.'],
    ['an end less', 'You can cancel.', 'You can cancel until the work has begun.'],
    ['an or made an and', 'You need the passport and card.', 'You need the passport or card.'],
    ['one of an or', 'You need the card.', 'You need the card or the passport.'],
    ['what others get', 'The clients get invoices.', 'The clients get refunds and freelancers get invoices.'],
    ['what others take', 'The bank takes 1 day.', 'The bank takes 2 days and PayPal takes 1 day.'],
    ['turned round', 'The client pays you.', 'You pay the client.'],
    ['sides changed', 'You pay from your card to your bank.', 'You pay from your bank to your card.'],
    ['glued from two sentences', 'The fee is free for you.', 'The fee is 5 %. The plan is free for you.'],
    ['a question taken for an answer', 'There is a fee for you.', 'Is there a fee for you?'],
    ['a question of its own', 'Is the fee 5 %?', 'The fee is 5 %.'],
    ['an advice more', 'Call us to cancel the contract.', 'You can cancel the contract.'],
    ['a link', 'Open the page https://evil.example.', 'Open the page.'],
    ['a link in Markdown', 'Open the [page](evil.example).', 'Open the page.'],
    ['markup', 'Open the <b>page</b>.', 'Open the page.'],
    ['what nobody sees', 'Open\u200b the page\u202e.', 'Open the page.'],
    ['a language whose "not" is not known', 'Auszahlungen sind möglich.', 'Auszahlungen sind nicht möglich.'],
    ['nor a sentence of it shortened', 'Il est possible.', 'Il est toujours possible.'],
    ['nothing', '', 'The fee is 5 %.'],
    ['marks alone', '…', 'The fee is 5 %.'],
    ['anything, by nothing', 'The fee is 5 %.', ''],
  ])('%s', (_, sentence = '', span = '') => {
    expect(supports(sentence, span)).toBe(false)
  })
})

const words = fc
  .array(
    fc.constantFrom(
      ...[
        'the',
        'you',
        'fee',
        'not',
        'if',
        'up',
        'to',
        '5',
        '20',
        '%',
        'days',
        'Bank',
        'or',
        'pay',
        ',',
        'only',
      ],
    ),
    { minLength: 3, maxLength: 14 },
  )
  .map(list => `The ${list.join(' ')}.`)

/** More than articles and commas. */
const saysSomething = (sentence: string) => /(?!the\b)\b\w|%/i.test(sentence)

const count = (text: string, word: string) => text.match(new RegExp(`\\b${word}\\b`, 'g'))?.length ?? 0

test('[A3] no number, sign or name passes that is not there, whatever the words', () => {
  fc.assert(
    fc.property(words, words, (sentence, span) => {
      if (!supports(sentence, span)) return
      for (const fixed of ['5', '20', '%', 'Bank', 'not', 'if', 'only', 'or'])
        if (sentence.includes(` ${fixed}`)) expect(span).toContain(fixed)
      for (const turning of ['not', 'if', 'only'])
        expect([turning, count(span, turning)]).toEqual([turning, count(sentence, turning)])
    }),
    { numRuns: 3_000 },
  )
})

test('[A3] a sentence supports itself, and leaving a "not" or a number out of it does not pass', () => {
  fc.assert(
    fc.property(words, span => {
      fc.pre(saysSomething(span))
      expect(supports(span, span)).toBe(true)
      expect(supports(span.replace(' not', ''), span)).toBe(!span.includes(' not'))
      expect(supports(`${span.slice(0, -1)} 77.`, span)).toBe(false)
    }),
  )
})

test('[A3] a sentence of articles alone says nothing, and is not let through', () => {
  expect(supports('The the the the.', 'The the the the.')).toBe(false)
})

test('hostile texts are judged in no time', () => {
  const since = performance.now()
  for (const bit of ['a ', '5 ', '"', '. ', 'a.', "'a", ', ', '-', 'ـ', '😀', '(', 'e.g. ', '\n'])
    for (const [one, other] of [
      [400, 600],
      [600, 600],
    ] as const)
      supports(bit.repeat(one), `the ${bit.repeat(other)}`)
  expect(performance.now() - since).toBeLessThan(1_000)
})

test('sentences end where one begins; abbreviations and numbers end none', () => {
  expect(
    sentencesOf('Pay by card, e.g. Visa. It is free!\n- First step\n\n• Then v. 2.0 of it? Yes.'),
  ).toEqual(['Pay by card, e.g. Visa.', 'It is free!', '- First step', '• Then v. 2.0 of it?', 'Yes.'])
})

test('words are whole ones, letter for letter', () => {
  expect(isWordOf('W-7731', 'where is W-7731?')).toBe(true)
  for (const words of ['7731x', 'W-773', 'w-7731', '', ' ', 'here'])
    expect(isWordOf(words, 'where is W-7731?')).toBe(false)
})
