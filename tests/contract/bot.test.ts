// The suite that any bot can be checked with, on the one that runs in the page, and on that with a language model.

import { expect, test } from 'vitest'
import { createTexts } from '../../src/base/texts'
import type { BotProvider } from '../../src/bot/botProvider'
import type { RemoteAnswer } from '../../src/bot/remoteAnswer'
import { createWordedBot } from '../../src/bot/wordedBot'
import type { AnswerSentence } from '../../src/protocol/answer'
import { botContract } from '../../src/testing/contracts/botContract'
import { english } from '../english'
import { demoBot } from '../unit/bot/scene'

for (const { title, run } of botContract(() => demoBot())) test(title, run)

const FEE: AnswerSentence = {
  type: 'sentence',
  text: 'Clients pay no fee.',
  span: 'Clients pay no fee.',
  citation: { articleId: 'payments/service-fees', title: 'Service fees' },
}
/** Answers what its passages hold; of anything else it says that they do not, or does not answer at all. */
const modelThat = (fails: boolean): RemoteAnswer => ({
  ask({ text, fallback, onSentence }) {
    const isKnown = /fee/.test(text)
    if (isKnown) onSentence?.(FEE)
    return {
      turn: (async () =>
        fails
          ? { kind: 'extract' as const, answer: await fallback(), why: 'HTTP 503' }
          : isKnown
            ? { kind: 'answered' as const, sentences: [FEE], isWhole: true }
            : { kind: 'unknown' as const })(),
      stop() {},
    }
  },
})
for (const fails of [false, true])
  for (const { title, run } of botContract(() =>
    createWordedBot({
      bot: demoBot(),
      remote: modelThat(fails),
      listed: {},
      actions: new Map(),
      texts: createTexts('en', english),
      siteName: 'Workmere',
    }),
  ))
    test(`${title}, with a language model that ${fails ? 'is away' : 'answers'}`, run)

test('the suite refuses a bot whose half an answer passes for whole', async () => {
  const hasty: BotProvider = {
    async answer(input, state, facts, interim) {
      const answer = await demoBot().answer(input, state, facts)
      const messages = [
        { text: 'Yes.', source: { kind: 'article', citations: [FEE.citation], model: 'whole' } as const },
      ]
      interim?.show(messages, { turn: { messages, choices: [] }, state })
      return answer
    },
  }
  const rule = botContract(() => hasty).find(({ title }) => title.startsWith('[B6]'))
  await expect(rule?.run()).rejects.toThrow('what would be left passes for whole')
})

test.each([
  ['half an answer', [], undefined, 'nothing with a source would be left'],
  ['no source', [{ text: 'Yes.' }], [{ text: 'Stopped.', source: { kind: 'asklet' } }], 'something without'],
  ['nothing at all left', [], [], 'nothing with a source would be left'],
] as const)(
  'nor does one that catches what its caller throws hide that it shows %s',
  async (_, shown, left, why) => {
    const careful: BotProvider = {
      async answer(input, state, facts, interim) {
        try {
          interim?.show(shown as never, { turn: { messages: left, choices: [] }, state } as never)
        } catch {}
        return demoBot().answer(input, state, facts)
      },
    }
    const rule = botContract(() => careful).find(({ title }) => title.startsWith('[B6]'))
    await expect(rule?.run()).rejects.toThrow(why)
  },
)

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
