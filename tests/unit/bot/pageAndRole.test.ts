// What page and role say before a word is, and what a page says that the visitor has moved to meanwhile.

import { describe, expect, test } from 'vitest'
import type { Flow } from '../../../src/bot/flow'
import { parseFlows } from '../../../src/bot/flowSchema'
import type { Facts } from '../../../src/protocol/facts'
import { withPriors } from '../../../src/understanding/priors'
import { demoBot, factsOf, talkTo, understandDemo } from './scene'

function flow(id: string, startsWith: readonly string[], more: object = {}): Flow {
  const { flows, problems } = parseFlows(
    {
      id,
      title: id,
      startsWith,
      slots: {
        contract: { label: 'contract', type: 'id', pattern: 'C-\\d+', from: ['page.contract'], hint: 'C-1' },
        why: { label: 'reason', type: 'text', hint: 'In a few words.' },
      },
      start: 'contract',
      steps: {
        contract: { ask: 'contract', say: 'Which contract?', next: 'why' },
        why: { ask: 'why', say: `Why, for {contract}?`, next: 'end' },
        end: { say: 'Noted.', end: true },
      },
      ...more,
    },
    `${id}.json`,
  )
  expect(problems).toEqual([])
  return flows[0] as Flow
}
const words = ['I need to change the dates', 'change my dates']

describe('page and role as priors', () => {
  const flows = [
    flow('stay', words, { pages: ['/stays'] }),
    flow('trip', words, { pages: ['/trips/:id'] }),
    flow('hosting', words, { roles: ['host'] }),
  ]
  const best = (facts: Facts) => understandDemo(flows)('I need to change the dates', facts).intents[0]?.name

  test('the same words mean what is done on this page', () => {
    expect(best(factsOf('guest', '/stays'))).toBe('stay')
    expect(best(factsOf('guest', '/trips/7'))).toBe('trip')
  })
  test('the page is read with each message', () => {
    const understand = understandDemo(flows)
    const on = (route: string) => understand('change my dates', factsOf('guest', route)).intents[0]?.name
    expect([on('/stays'), on('/trips/7'), on('/stays')]).toEqual(['stay', 'trip', 'stay'])
  })
  test('what is for another role is hardly meant, and never begun', async () => {
    const role = (name: string) =>
      understandDemo(flows)('change my dates', factsOf(name)).intents.find(
        intent => intent.name === 'hosting',
      )
    // One of three that begin alike; for a guest it is none of them.
    expect(role('host')?.confidence).toBeGreaterThan(0.3)
    expect(role('guest')?.confidence ?? 0).toBeLessThan(0.05)
    const only = flows.slice(2)
    const guest = talkTo(demoBot({ flows: only, understand: understandDemo(only) }), factsOf('guest'))
    await guest.type('change my dates')
    expect(guest.state.flow).toBeUndefined()
    const host = talkTo(demoBot({ flows: only, understand: understandDemo(only) }), factsOf('host'))
    await host.type('change my dates')
    expect(host.state.flow?.id).toBe('hosting')
  })
  test('confidences stay between 0 and 1, and what nobody said stays unlikely', () => {
    for (const confidence of [0, 0.1, 0.5, 0.99, 1]) {
      const [moved] = withPriors(
        [{ name: 'a', confidence }],
        [{ name: 'a', roles: [], pages: ['/'] }],
        factsOf('guest'),
      )
      expect(moved?.confidence).toBeGreaterThanOrEqual(confidence)
      expect(moved?.confidence).toBeLessThanOrEqual(Math.min(1, confidence + 0.1))
    }
  })
})

describe('the visitor has moved on', () => {
  const flows = [flow('pause', ['pause my contract']), flow('extend', ['extend my contract'])]
  const bot = demoBot({ flows, understand: understandDemo(flows) })
  const on = (contract: string) => factsOf('client', '/contract', { contract })

  test('another flow goes by the contract of the page that the visitor is on now', async () => {
    const first = talkTo(bot, on('C-1'))
    await first.type('pause my contract')
    await first.type('holidays')
    const second = talkTo(bot, on('C-2'), first.state)
    await second.type('extend my contract')
    expect(second.turn.messages[0]?.text).toBe('Why, for C-2?')
  })
  test('from a page that shows none, the contract is the one spoken of', async () => {
    const first = talkTo(bot, on('C-1'))
    await first.type('pause my contract')
    await first.type('holidays')
    const second = talkTo(bot, factsOf('client', '/home'), first.state)
    await second.type('extend my contract')
    expect(second.turn.messages[0]?.text).toBe('Why, for C-1?')
  })
  test('a contract that was typed is the one meant, whatever page it is said on', async () => {
    const first = talkTo(bot, factsOf('client', '/home'))
    await first.type('pause my contract')
    await first.type('C-9')
    await first.type('holidays')
    const second = talkTo(bot, on('C-2'), first.state)
    await second.type('extend my contract')
    expect(second.turn.messages[0]?.text).toBe('Why, for C-9?')
  })
  test('in the middle of a flow the contract stays, until the visitor says that this one is meant', async () => {
    const first = talkTo(bot, on('C-1'))
    await first.type('pause my contract')
    const second = talkTo(bot, on('C-2'), first.state)
    expect(second.state.slots.contract?.value).toBe('C-1')
    await second.type('sorry, I mean the contract on this page')
    expect(second.state.slots.contract?.value).toBe('C-2')
    expect(second.turn.messages.at(-1)?.text).toBe('Why, for C-2?')
  })
})
