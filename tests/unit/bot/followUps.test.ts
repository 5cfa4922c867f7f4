// What leans on the turn before: follow-ups, several questions at once, things taken back, small talk.

import { describe, expect, test } from 'vitest'
import type { AssistantBotOptions } from '../../../src/bot/assistantBot'
import type { Passage } from '../../../src/search/searchProvider'
import { createTalk } from '../../../src/understanding/followUp'
import { english as words } from '../../../src/understanding/languages/en'
import { contentStems } from '../../../src/understanding/normalise'
import { demoBot, factsOf, talkTo } from './scene'

const freelancer = factsOf('freelancer', '/withdrawals')
const bank = 'withdrawals/withdraw-to-a-bank-account'
const payPal = 'withdrawals/withdraw-to-paypal'
const passages: readonly Passage[] = [
  {
    articleId: bank,
    title: 'Withdraw to a bank account',
    text: 'A withdrawal to a bank account takes 1 to 3 business days.',
    score: 0.8,
  },
  {
    articleId: payPal,
    title: 'Withdraw to PayPal',
    text: 'A withdrawal to PayPal takes 1 business day.',
    score: 0.8,
  },
  {
    articleId: 'payments/service-fees',
    title: 'Service fees',
    text: 'The service fee is 10 % of each payment.',
    score: 0.8,
  },
]
/** A shelf that scores by the share of the question's words that a passage holds. */
const shelf: AssistantBotOptions['search'] = {
  passages: async (question, _facts, limit) => {
    const wanted = contentStems(question)
    const scored = passages.map(passage => {
      const held = contentStems(`${passage.title} ${passage.text}`)
      return { ...passage, score: wanted.filter(stem => held.includes(stem)).length / wanted.length }
    })
    return scored
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
  },
  article: async articleId => ({ id: articleId, title: articleId }) as never,
}
const talking = (facts = freelancer) =>
  talkTo(demoBot({ search: shelf, flows: [], talk: createTalk(words.talk) }), facts)
const inFlows = (facts = freelancer) => talkTo(demoBot({ talk: createTalk(words.talk) }), facts)
const cited = (talk: ReturnType<typeof talking>) =>
  talk.turn.messages.flatMap(({ source }) =>
    source.kind === 'article' ? source.citations.map(({ articleId }) => articleId) : [],
  )

describe('a question that leans on the one before', () => {
  test('"and for PayPal?" is asked of withdrawals, and answered by what speaks of PayPal', async () => {
    const talk = talking()
    await talk.type('How long does a withdrawal to a bank account take?')
    expect(cited(talk)).toEqual([bank])
    await talk.type('and for PayPal?')
    expect(cited(talk)).toEqual([payPal])
    expect(talk.turn.missed).toBeUndefined()
  })

  test('something new that no article holds is not answered with the old', async () => {
    const talk = talking()
    await talk.type('How long does a withdrawal to a bank account take?')
    await talk.type('and for Bitcoin?')
    expect(cited(talk)).toEqual([])
    expect(talk.turn.missed).toBe(true)
  })

  test('the same question again is a miss, and its third time brings a person', async () => {
    const talk = talking()
    await talk.type('How long does a withdrawal to PayPal take?')
    await talk.type('how long does a withdrawal to PAYPAL take???')
    expect(talk.turn).toMatchObject({ missed: true })
    expect(cited(talk)).toEqual([])
    await talk.type('How long does the withdrawal to PayPal take')
    expect(talk.turn.escalate).toBe('notSolvedTwice')
  })
})

describe('several questions in one message', () => {
  test('each is answered, with a source of its own', async () => {
    const talk = talking()
    await talk.type('How long does a withdrawal to PayPal take? And how much is the service fee?')
    expect(cited(talk)).toEqual([payPal, 'payments/service-fees'])
  })

  test('what is not known is named, and a person is one press away', async () => {
    const talk = talking()
    await talk.type('How much is the service fee? And do you sell penguins?')
    expect(cited(talk)).toEqual(['payments/service-fees'])
    expect(talk.turn.messages.map(({ text }) => text).join('\n')).toContain('“And do you sell penguins?”')
    expect(talk.turn.choices.map(({ id }) => id)).toContain('person')
    await talk.type('Do you sell penguins, and how much is the service fee?')
    expect(talk.turn.messages.map(({ text }) => text).join()).not.toContain('already told you')
  })
})

describe('something taken back', () => {
  test('a number that was another one, inside a flow: it is changed, said, and the question stands', async () => {
    const talk = inFlows(factsOf('client', '/orders'))
    await talk.type('refund order O-5521')
    expect(talk.state.slots.order?.value).toBe('O-5521')
    await talk.type('no wait, it is O-5498')
    expect(talk.state.slots.order?.value).toBe('O-5498')
    expect(talk.turn.messages[0]?.text).toBe('I have changed it: order number is O-5498.')
    expect(talk.turn.choices.map(({ label }) => label)).toContain('Return what was delivered')
  })

  test('"I mean 870 USD, not 780" takes the amount that is meant', async () => {
    const talk = inFlows(factsOf('client', '/dispute', { contract: 'C-20291' }))
    await talk.type('I want to open a payment dispute')
    await talk.type('780 USD')
    await talk.type('sorry, I mean 870 USD, not 780')
    expect(talk.state.slots.amount?.value).toBe('870 USD')
  })

  test('a second number without a word that takes back changes nothing', async () => {
    const talk = inFlows(factsOf('client', '/orders'))
    await talk.type('refund order O-5521')
    await talk.type('my friend has O-5498')
    expect(talk.state.slots.order?.value).toBe('O-5521')
  })

  test('"the second one" is the second of the choices', async () => {
    const talk = inFlows(factsOf('client', '/orders'))
    await talk.type('refund order O-5521')
    const second = talk.turn.choices[1]?.label
    await talk.type('the second one')
    expect(talk.state.slots.kind?.value).toBe(second)
  })
})

describe('what is no question', () => {
  test.each(['ok, bye', 'thanks a lot!', 'hi there', "that's all, thank you"])(
    '"%s" is no miss',
    async text => {
      const talk = talking()
      await talk.type(text)
      expect(talk.turn.missed).toBeUndefined()
      expect(talk.turn.messages).toHaveLength(1)
    },
  )

  test('a new question after an answer forgives the miss before it', async () => {
    const talk = talking()
    await talk.type('do you sell penguins?')
    expect(talk.state.misses).toBe(1)
    await talk.type('how much is the service fee?')
    await talk.type('how long does a withdrawal to PayPal take?')
    expect(talk.state.misses).toBe(0)
  })

  test('to somebody who is angry the answer comes without a preface, with a person beside it', async () => {
    const talk = talking()
    await talk.type('This is ridiculous!! How long does a withdrawal to PayPal take?')
    expect(talk.turn.messages[0]?.text).toMatch(/^A withdrawal to PayPal/)
    expect(talk.turn.choices.map(({ id }) => id)).toContain('person')
  })
})
