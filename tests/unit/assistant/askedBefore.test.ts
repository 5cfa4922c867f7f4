// A solved ticket of one's own is offered as an answer only where it was the same question: a wrong one costs trust, a
// missed one costs nothing.

import { describe, expect, test } from 'vitest'
import { askedBefore } from '../../../src/assistant/askedBefore'
import type { PastConversation } from '../../../src/protocol/deskRecords'

const solved = (question: string, more: Partial<PastConversation> = {}): PastConversation => ({
  conversationId: `about ${question}`,
  phase: 'ended',
  lastAt: 1_000,
  head: 4,
  question,
  ticketNumber: 1_001,
  agentName: 'Noor',
  ticketStatus: 'solved',
  ...more,
})
const finds = (now: string, then: string, locale = 'en') => askedBefore(now, [solved(then)], locale) !== null

describe('the same question', () => {
  test.each([
    ['Where is my withdrawal W-7731?', 'where is withdrawal W-7731'],
    ['How do I change my bank account?', 'Hi, how can I change my bank accounts, please?'],
    ['Which documents do you accept for verification?', 'which documents do you accept for verification'],
    ['I cannot upload my passport photo', 'I cannot upload the passport photo.'],
    ['My payout to the bank failed again yesterday', 'my payout to the bank failed yesterday'],
  ])('“%s” is “%s”', (now, then) => {
    expect(finds(now, then)).toBe(true)
    expect(finds(then, now)).toBe(true)
  })

  test.each([
    // Another number is another matter.
    ['Where is my withdrawal W-7731?', 'Where is my withdrawal W-8000?'],
    ['Where is my withdrawal W-7731?', 'Where is my withdrawal?'],
    ['The invoice of May is wrong', 'The invoice of June is wrong'],
    // What small words turn around.
    ['Why is my account verified?', 'Why is my account not verified?'],
    ['I can withdraw to my bank account', "I can't withdraw to my bank account"],
    ['How do I get a refund?', 'When do I get a refund?'],
    ['Transfer money from my card', 'Transfer money to my card'],
    ['Can I work without a contract?', 'Can I work with a contract?'],
    // Much in common, and not the same.
    ['How do I change my bank account?', 'How do I change my email address?'],
    ['How do I delete my payment method?', 'How do I add my payment method?'],
    ['Fees of a withdrawal by bank transfer', 'Fees of a withdrawal by card'],
    ['Is the fee charged to the client?', 'Is the fee charged to the freelancer?'],
    ['My client did not pay the second milestone', 'My client did not pay the first milestone'],
    ['My client did not pay me', 'I did not pay my client the milestone'],
    ['My client did not pay me', 'I did not pay my client'],
    // Nothing to go by.
    ['Help', 'help'],
    ['I need a person', 'I need a person'],
    ['refund', 'refund'],
    ['', ''],
  ])('“%s” is not “%s”', (now, then) => {
    expect(finds(now, then)).toBe(false)
    expect(finds(then, now)).toBe(false)
  })

  test('in a language whose small words are not known each word counts', () => {
    expect(finds('Wie lösche ich mein Konto?', 'wie lösche ich mein konto', 'de')).toBe(true)
    expect(finds('Wie lösche ich mein Konto?', 'Wie lösche ich mein Konto nicht?', 'de')).toBe(false)
    expect(finds('Wie lösche ich mein Konto?', 'Wie ändere ich mein Konto?', 'de')).toBe(false)
    expect(finds('出金はいつ届きますか', '出金はいつ届きますか？', 'ja')).toBe(true)
    expect(finds('出金はいつ届きますか', '返金はいつ届きますか', 'ja')).toBe(false)
  })

  test('of one that was cut only the very same words tell', () => {
    const long = 'My client says that the third milestone of the contract was never delivered to them'
    const cut = `${long.slice(0, 60)}…`
    expect(finds(long, cut)).toBe(true)
    expect(finds(long.replace('third', 'second'), cut)).toBe(false)
    expect(finds(long.slice(0, 40), cut)).toBe(false)
  })
})

test('solved tickets alone, the latest first', () => {
  const question = 'How do I change my bank account?'
  const of = (...list: readonly PastConversation[]) => askedBefore(question, list, 'en')?.conversationId
  expect(of(solved(question, { ticketStatus: 'reopened', phase: 'ticketed' }))).toBeUndefined()
  expect(of(solved(question, { ticketNumber: null }))).toBeUndefined()
  // Nobody answered it.
  expect(of(solved(question, { agentName: null }))).toBeUndefined()
  expect(
    of(
      solved(question, { conversationId: 'old', lastAt: 1 }),
      solved(question, { conversationId: 'new', lastAt: 9 }),
    ),
  ).toBe('new')
})

test('however long what was asked is, it is compared in no time', () => {
  const long = `${'word '.repeat(20_000)}end`
  const start = performance.now()
  askedBefore(
    long,
    Array.from({ length: 50 }, () => solved(long)),
    'en',
  )
  expect(performance.now() - start).toBeLessThan(1_000)
})
