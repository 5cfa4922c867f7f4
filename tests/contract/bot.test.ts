// The suite that any bot can be checked with, on the one that runs in the page.

import { expect, test } from 'vitest'
import type { BotProvider } from '../../src/bot/botProvider'
import { botContract } from '../../src/testing/contracts/botContract'
import { demoBot } from '../unit/bot/scene'

for (const { title, run } of botContract(() => demoBot())) test(title, run)

const lyingBot: BotProvider = {
  answer: async (_input, state) => ({
    turn: { messages: [{ text: 'Your refund is on its way.', source: { kind: 'asklet' } }], choices: [] },
    state,
  }),
}

test('the suite refuses a bot that answers everything and lets nobody out', async () => {
  const broken: string[] = []
  for (const { title, run } of botContract(() => lyingBot))
    await run().catch((error: Error) => broken.push(`${title.slice(0, 4)} ${error.message}`))
  expect(broken).toEqual([
    '[B3] The bot breaks its contract: the turn after nonsense is not `missed`.',
    '[B4] The bot breaks its contract: no way to a person after miss 1.',
    '[B5] The bot breaks its contract: "I want to talk to a human" does not escalate.',
  ])
})

test('the suite refuses a bot that throws, and names the words', async () => {
  const fragile: BotProvider = {
    answer: async () => {
      throw new Error('no model')
    },
  }
  const [first] = botContract(() => fragile)
  await expect(first?.run()).rejects.toThrow(
    'answer() rejected for {"kind":"text","text":""}: Error: no model',
  )
})
