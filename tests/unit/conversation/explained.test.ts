// Why, contest, and what a person is told, in the model that the panel shows.

import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import { safeStorage } from '../../../src/base/safeStorage'
import { createTexts } from '../../../src/base/texts'
import type { BotTurn } from '../../../src/bot/botProvider'
import { type ConversationDeps, createConversationModel } from '../../../src/conversation/conversationModel'
import * as handoff from '../../../src/conversation/handoff'
import type { LiveModel } from '../../../src/live/liveModel'
import type { Draft } from '../../../src/protocol/events'
import { EMPTY_STATE } from '../../../src/protocol/phase'
import type { Brief } from '../../../src/protocol/records'
import { createManualClock } from '../../../src/testing/manualClock'
import { english } from '../../english'
import { withPerson } from './withPerson'

function withBot(turn: Partial<BotTurn> = {}) {
  const clock = createManualClock()
  let ids = 0
  const recorded: Parameters<NonNullable<ConversationDeps['record']>>[0][] = []
  const opened: { brief: Brief; turns: readonly Draft[]; ready: Draft }[] = []
  const model = createConversationModel({
    environment: {
      now: clock.now,
      after: clock.after,
      random: () => 0.5,
      randomId: () => `id-0000000${++ids}`,
      fetch: () => Promise.reject(new Error('no network')),
      window: undefined,
    },
    texts: createTexts('en', english),
    botName: 'Asklet',
    bot: {
      answer: async (_, state) => ({
        turn: {
          messages: [{ text: 'Two days.', source: { kind: 'article', citations: [] } }],
          choices: [],
          confidence: 0.7,
          ...turn,
        },
        state: { ...state, question: 'When?' },
      }),
    },
    facts: () => ({
      page: {
        url: 'https://x.test/pay',
        route: '/pay',
        title: 'Pay',
        name: 'Pay',
        headings: ['Salary 4000'],
        language: 'en',
        data: { plan: 'gold' },
      },
      visitor: { locale: 'en', name: 'Mia', email: 'mia@x.test', attributes: {} },
    }),
    articlesRead: () => [],
    config: { hasPeople: true, contactEmail: null },
    tab: safeStorage(() => undefined),
    isWaiting: false,
    loadHandoff: async () => handoff,
    loadLive: async () =>
      ({
        state: signal(EMPTY_STATE),
        link: signal('online'),
        hasThread: signal(false),
        conversationId: signal(null),
        events: signal([]),
        rows: signal([]),
        isStranded: signal(false),
        leads: signal(true),
        availability: async () => ({
          open: true,
          agentsOnline: 1,
          waiting: 0,
          expectedWaitMs: null,
          opensAt: null,
        }),
        resume: async () => true,
        async open(brief: Brief, turns: readonly Draft[], ready: Draft) {
          opened.push({ brief, turns, ready })
        },
        dispose() {},
      }) as unknown as LiveModel,
    record: entry => recorded.push(entry),
  })
  return { model, recorded, opened }
}

test('[E3] what "why this?" says of an answer is what the journal has of it', async () => {
  const { model, recorded } = withBot()
  await model.send('When?')
  const answer = model.items.value.at(-1)
  const why = answer?.kind === 'message' ? answer.source?.why : undefined
  expect(why).toEqual({ rule: 'bot:article', sure: 0.7 })
  expect(recorded.at(-1)).toMatchObject({ kind: 'answered', rule: why?.rule })
  await model.askForPerson()
  expect(model.because.value?.rule).toBe('visitor')
  // The advised road is journalled after it, as a decision of its own.
  const escalated = recorded.findLast(({ kind }) => kind === 'escalated')
  expect(model.because.value).toEqual({ rule: escalated?.rule, reason: escalated?.reason })
})

test('[E4] an objection to the bot opens the way to a person, and goes along with its words masked', async () => {
  const { model, opened } = withBot()
  await model.send('When?')
  const target = model.items.value.at(-1)?.key ?? ''
  await model.contest({ about: 'answer', target, words: ' My card 4111 1111 1111 1111 says no ' })
  expect(model.phase.value).toBe('offered')
  await model.chooseChannel('live')
  const body = opened[0]?.turns.at(-1)?.body
  expect(body).toMatchObject({ type: 'contested', about: 'answer', target })
  expect(JSON.stringify(body)).not.toContain('4111')
  expect(opened[0]?.turns.filter(({ body }) => body.type === 'message')).toHaveLength(2)
})

test('[E4] with a person there the objection goes to them at once', async () => {
  const sent: Draft[] = []
  const { model } = await withPerson({ live: { send: async (draft: Draft) => void sent.push(draft) } })
  await model.contest({ about: 'priority' })
  expect(sent.map(({ body }) => body)).toEqual([{ type: 'contested', about: 'priority' }])
})

test('[E5] what the visitor leaves out is sent nowhere, and the question as they put it last', async () => {
  const { model, opened } = withBot()
  await model.send('When?')
  await model.askForPerson()
  const telling = model.telling.value
  expect(telling?.isSent.value).toBe(false)
  expect(telling?.parts.value.map(({ key }) => key)).toEqual(
    expect.arrayContaining(['question', 'page', 'headings', 'data.plan', 'name', 'email']),
  )
  expect(telling?.turns.value).toEqual(['When?', 'Two days.'])
  for (const key of ['headings', 'email']) telling?.leave(key, true)
  telling?.leave('name', true)
  telling?.leave('name', false)
  telling?.setQuestion('When does my money come? 4111 1111 1111 1111')
  await model.chooseChannel('live')
  const [sent] = opened
  expect(JSON.stringify(sent)).not.toMatch(/Salary|mia@x|4111/)
  expect(sent?.brief).toMatchObject({ visitor: { name: 'Mia' }, page: { name: 'Pay' } })
  expect(sent?.brief.question).toMatch(/^When does my money come\?/)
})

test('[E5] where the visitor goes is told to nobody once they say so, and again when they say so', async () => {
  const told: string[] = []
  let route = '/orders'
  const { model, clock } = await withPerson({
    route: () => route,
    live: { visits: (page: { route: string }) => void told.push(page.route) },
  })
  model.telling.value?.setTellsPlace(false)
  await clock.advance(5_000)
  route = '/secret'
  model.moved()
  await clock.advance(5_000)
  expect(told).toEqual([])
  model.telling.value?.setTellsPlace(true)
  await clock.advance(5_000)
  expect(told).toEqual(['/secret'])
})
