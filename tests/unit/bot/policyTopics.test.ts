// Topics on which only a person may decide, as scenes: what the bot says, and what it leaves to whom.

import { describe, expect, test } from 'vitest'
import { english as words } from '../../../src/understanding/languages/en'
import { createUnderstand } from '../../../src/understanding/understand'
import { demoBot, factsOf, intentsOf, talkTo } from './scene'

/** A site that names no topics of its own. */
const understandWith = (topics: Parameters<typeof createUnderstand>[0]['policyTopics'] = []) =>
  createUnderstand({
    language: words,
    intents: intentsOf(),
    policyTopics: topics,
  })
const client = factsOf('client')

describe('a topic that the language tells', () => {
  test('goes to a person, with a sentence of its own and nothing from the articles', async () => {
    const talk = talkTo(demoBot({ understand: understandWith() }), client)
    await talk.type('There are two charges of 49 USD from you on my statement and the service fee is in both')
    expect(talk.turn).toMatchObject({
      messages: [{ text: 'A problem with a payment is something that a person has to look at.' }],
      escalate: 'policyTopic',
      category: 'payments',
    })
  })

  test('a question of how it works is answered from the articles', async () => {
    const talk = talkTo(demoBot({ understand: understandWith() }), factsOf('freelancer'))
    await talk.type('How long can a dispute be opened after a payment?')
    expect(talk.turn.escalate).toBeUndefined()
    expect(talk.turn.messages[0]?.source.kind).toBe('article')
  })

  test('a flow that begins goes before it: it collects what the person needs', async () => {
    const talk = talkTo(demoBot({ understand: understandWith() }), factsOf('freelancer'))
    await talk.type('my withdrawal has not arrived')
    expect(talk.turn.escalate).toBeUndefined()
    expect(talk.state.flow?.id).toBe('withdrawal-delayed')
  })

  test('what a running flow asked for is an answer, not a topic', async () => {
    const talk = talkTo(demoBot({ understand: understandWith() }), client)
    await talk.type('I want to open a dispute')
    expect(talk.state.flow?.id).toBe('payment-dispute')
    await talk.type('C-20418')
    await talk.type('780 USD')
    await talk.type('the seller refuses to pay me back')
    expect(talk.state.slots).toHaveProperty('happened')
  })

  test('in the middle of a flow about something else it is heard', async () => {
    const talk = talkTo(demoBot({ understand: understandWith() }), client)
    await talk.type('I want to open a dispute')
    expect(talk.turn.expects?.slot).toBe('contract')
    await talk.type('and another user is harassing me in the chat')
    expect(talk.turn).toMatchObject({ escalate: 'policyTopic', category: 'safety' })
    expect(talk.state.paused?.flow.id).toBe('payment-dispute')
  })

  test('switched off, it is answered like any other', async () => {
    const talk = talkTo(
      demoBot({ flows: [], understand: understandWith([{ topic: 'payment', off: true }]) }),
      client,
    )
    await talk.type('my refund of the service fee has not arrived')
    expect(talk.turn.escalate).toBeUndefined()
  })
})

test('a topic that the site lists goes before any flow that is only alike', async () => {
  const topics = [{ topic: 'legal', words: ['lawyer'] }]
  const talk = talkTo(demoBot({ understand: understandWith(topics) }), factsOf('freelancer'))
  await talk.type('my withdrawal has not arrived, says my lawyer')
  expect(talk.turn).toMatchObject({
    messages: [{ text: 'This is something that a person has to look at.' }],
    escalate: 'policyTopic',
    category: 'legal',
  })
})
