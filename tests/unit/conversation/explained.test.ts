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

function withBot(turn: Partial<BotTurn> = {}, more: Partial<ConversationDeps> = {}) {
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
        discard() {},
        dispose() {},
      }) as unknown as LiveModel,
    record: entry => recorded.push(entry),
    ...more,
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
  expect(telling?.turns.value.map(({ text }) => text)).toEqual(['When?', 'Two days.'])
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

test('[E4] nobody is told that a person looks at it before one was asked to: it waits for the handoff, and says so', async () => {
  const { model, opened } = withBot()
  await model.send('When?')
  const objection = { about: 'answer', target: model.items.value.at(-1)?.key ?? '', words: 'No.' } as const
  expect(await model.contest(objection)).toBe('withHandoff')
  const open = () => model.telling.value?.objections.value ?? []
  expect(open()).toMatchObject([{ about: 'answer', words: 'No.', state: 'withHandoff', isHeld: true }])
  // Who would rather stay, or writes a letter of their own, has still objected to nobody.
  await model.chooseChannel('email')
  model.stayWithBot()
  expect(open()).toMatchObject([{ state: 'withHandoff' }])
  // Pressed again: one wish.
  await model.contest(objection)
  expect(open()).toHaveLength(1)
  await model.chooseChannel('live')
  expect(opened[0]?.turns.filter(({ body }) => body.type === 'contested')).toHaveLength(1)
})

test('[E4] an objection that is taken back goes nowhere', async () => {
  const { model, opened } = withBot()
  await model.send('When?')
  await model.contest({ about: 'answer', words: 'No.' })
  const telling = model.telling.value
  telling?.takeBack(telling.objections.value[0]?.key ?? '')
  expect(telling?.objections.value).toEqual([])
  await model.chooseChannel('live')
  expect(JSON.stringify(opened)).not.toContain('contested"')
})

test('[E4] an objection to what is over loses neither its ticket nor what was rated: nothing is sent or left', async () => {
  const did: string[] = []
  const { model } = await withPerson({
    phase: 'ended',
    live: { send: async () => void did.push('send'), leave: async () => void did.push('leave') },
  })
  // Nobody had handed it over here: what was picked up has ended, and was let go of.
  did.length = 0
  expect(await model.contest({ about: 'category', words: 'Sorted wrongly.' })).toBe('failed')
  expect([did, model.phase.value]).toEqual([[], 'ended'])
})

test('[E4] without the part for people the objection is said to have gone nowhere', async () => {
  const { model } = withBot({}, { loadHandoff: () => Promise.reject(new Error('offline')) })
  await model.send('When?')
  expect(await model.contest({ about: 'answer' })).toBe('failed')
})

test('[E4] pressed in two places it is one objection, and one that the server refused can be said again', async () => {
  const sent: Draft[] = []
  const rows = signal<object[]>([])
  const { model } = await withPerson({
    live: {
      rows,
      send: async (draft: Draft) => {
        sent.push(draft)
        rows.value = [{ clientId: draft.clientId, draft, queuedAt: 1, state: 'queued' }]
      },
      discard: () => {
        rows.value = []
      },
    },
  })
  expect(await model.contest({ about: 'priority' })).toBe('sent')
  expect(await model.contest({ about: 'priority' })).toBe('sent')
  expect(sent).toHaveLength(1)
  rows.value = rows.value.map(row => ({ ...row, state: { failed: 'closed' } }))
  expect(model.telling.value?.objections.value).toMatchObject([{ state: { failed: 'closed' } }])
  expect(model.items.value.at(-1)).toMatchObject({ name: 'objecting', state: { failed: 'closed' } })
  await model.contest({ about: 'priority' })
  expect(sent).toHaveLength(2)
})

test('[E5] an earlier message that is left out is in no byte of what is sent', async () => {
  const { model, opened } = withBot({ missed: true })
  await model.send('My salary is 5511')
  await model.send('When?')
  await model.askForPerson()
  const telling = model.telling.value
  const [first] = telling?.turns.value ?? []
  expect(first?.text).toBe('My salary is 5511')
  telling?.leave(first?.key ?? '', true)
  await model.chooseChannel('live')
  expect(JSON.stringify(opened)).not.toContain('5511')
  expect(opened[0]?.turns).toHaveLength(3)
  expect(opened[0]?.brief.turns).toBe(3)
})

test.each([
  ['is put otherwise', 'Payments, please', 'Payments, please'],
  ['is emptied', '  ', null],
])('[E5] a question that %s does not go along as it was said either', async (_, told, turn) => {
  const { model, opened } = withBot({ missed: true })
  await model.send('When?')
  await model.askForPerson()
  model.telling.value?.setQuestion(told)
  expect(model.telling.value?.turns.value[0]?.text).toBe(turn ?? 'Two days.')
  await model.chooseChannel('live')
  expect(JSON.stringify(opened)).not.toContain('When?')
  const texts = opened[0]?.turns.map(({ body }) => body.type === 'message' && body.text)
  expect(texts).toEqual([...(turn ? [turn] : []), 'Two days.'])
})
