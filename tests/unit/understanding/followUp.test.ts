import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTalk } from '../../../src/understanding/followUp'
import { english } from '../../../src/understanding/languages/en'

const { wholeQuestions, questionsOf } = createTalk(english.talk, english.answers.everyday)
const topic = {
  question: 'How long does a withdrawal to my bank account take?',
  title: 'Withdraw to a bank account',
}

describe('a question that leans on the one before', () => {
  test.each([
    ['and for PayPal?', 'How long does a withdrawal take PayPal?', []],
    ['What about clients?', 'How long does a withdrawal take clients?', ['client']],
    ['how long does that take?', 'how long does that take Withdraw to a bank account?', []],
    ['and what does it cost', 'what does it cost Withdraw to a bank account?', ['cost']],
  ])('"%s" is asked as "%s"', (text, whole, isAbout) => {
    const [first] = wholeQuestions(text, topic)
    expect(first?.text).toBe(whole)
    expect(first?.isAbout).toEqual(expect.arrayContaining(isAbout))
  })

  test('the second of two things that were named', () => {
    const named = { question: 'Which is faster, a bank account or an instant card?', title: 'Fees and times' }
    expect(wholeQuestions('and what does the second one cost?', named)[0]?.text).toBe(
      'what does an instant card cost?',
    )
    expect(wholeQuestions('and the first one?', named)[0]?.text).toContain('bank account')
  })

  test.each(['How do I change my e-mail address?', 'My client has not released the milestone, what now?'])(
    '"%s" says enough by itself, and is first taken at its word',
    text => {
      expect(wholeQuestions(text, topic)[0]).toEqual({ text, isAbout: [] })
    },
  )

  test.each([
    ['Is it possible to change my username?', 'an "it" that stands for nothing'],
    ['I uploaded my passport but it was refused', 'an "it" that was named before'],
    ['the file that I sent to my client is too large', 'a "that" that only goes on'],
    ['forgot password', 'two words that name something else'],
    ['what can I do here?', 'the page is meant'],
    ['Thanks, got it. How do I report a scam?', 'thanks for what was said'],
  ])('"%s" is no follow-up: %s', text => {
    expect(wholeQuestions(text, topic)[0]).toEqual({ text, isAbout: [] })
  })

  test.each([
    'And how do I download my tax report?',
    'My payout failed and the bank says it was rejected, why?',
  ])('nothing of the question before is mixed into "%s"', text => {
    expect(wholeQuestions(text, topic)).toEqual([{ text, isAbout: [] }])
  })

  test.each([
    ['How do I cancel my basic plan?', 'no, the other plan', 'How do I cancel the other plan?'],
    [
      'How do I change my billing address?',
      'I mean the shipping address',
      'How do I change the shipping address?',
    ],
    ['How do I tag a customer?', 'and for an order?', 'How do I tag an order?'],
    [
      'When does my hourly contract end?',
      'sorry, the fixed price contract',
      'When does the fixed price contract end?',
    ],
  ])('after "%s", "%s" puts one thing in the place of another', (question, text, whole) => {
    expect(wholeQuestions(text, { question, title: 'Plans' })[0]?.text).toBe(whole)
  })

  test('without anything before it, a question stands as it is', () => {
    expect(wholeQuestions('and for PayPal?', undefined)).toEqual([{ text: 'and for PayPal?', isAbout: [] }])
  })
})

describe('several questions in one message', () => {
  test.each([
    ['How do I pay? And when?', ['How do I pay?', 'And when?']],
    ['How much does it cost and how long does it take?', ['How much does it cost', 'how long does it take?']],
    [
      'I withdrew 200 USD on Monday. When will it arrive? And what is the fee?',
      ['I withdrew 200 USD on Monday. When will it arrive?', 'And what is the fee?'],
    ],
    ['How do I end a contract?', ['How do I end a contract?']],
    [
      'I have two questions: how do I change my password and how do I close my account?',
      ['how do I change my password', 'how do I close my account?'],
    ],
    ['Thanks! One more thing: how do I pay?', ['how do I pay?']],
    ['I am a client and a freelancer', ['I am a client and a freelancer']],
    ['Why? Why? Why? Why?', ['Why? Why? Why? Why?']],
  ])('"%s"', (text, parts) => {
    expect(questionsOf(text)).toEqual(parts)
  })
})

test('whatever is typed: nothing throws, nothing takes long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => {
      expect(wholeQuestions(text, topic).length).toBeGreaterThan(0)
      expect(questionsOf(text).length).toBeGreaterThan(0)
    }),
  )
  for (const piece of ['and ', 'to a ', 'a ', '? ', 'or ', 'the second one ', ' to'])
    wholeQuestions(piece.repeat(2_000), { question: piece.repeat(200), title: piece })
})
