// The engine by scenes, and by ten thousand visitors who type anything.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BotInput, type BotState, EMPTY_BOT_STATE } from '../../../src/bot/botProvider'
import type { Flow, FlowSlot } from '../../../src/bot/flow'
import { advance, type FlowInput, readValue } from '../../../src/bot/flowEngine'
import { parseFlows } from '../../../src/bot/flowSchema'
import { yesOrNo } from '../../../src/bot/openQuestion'
import { english as words } from '../../../src/understanding/languages/en'
import { createReplies } from '../../../src/understanding/replies'
import { demoBot, demoFlows, factsOf, lookup, texts } from './scene'

const replies = createReplies(words)

function flowOf(slots: object, steps: object, more: object = {}): Flow {
  const { flows, problems } = parseFlows(
    { id: 'f', title: 'F', startsWith: ['f'], slots, steps, ...more },
    'f.json',
  )
  expect(problems).toEqual([])
  return flows[0] as Flow
}
const start = (flow: Flow, facts = factsOf('client'), state = EMPTY_BOT_STATE, words = '') =>
  advance(flow, state, { kind: 'start', words }, facts, texts, replies)
const said = ({ turn }: ReturnType<typeof advance>) => turn.messages.map(({ text }) => text)

describe('a slot', () => {
  test.each<[string, Partial<FlowSlot>, string, string | undefined]>([
    ['a text', { type: 'text' }, '  it broke ', 'it broke'],
    ['a text of marks only', { type: 'text' }, '?!', undefined],
    ['a number', { type: 'number' }, 'about 1,250 of them', '1,250'],
    ['money with a sign', { type: 'money' }, 'it was €20.50!', '€20.50'],
    ['money behind its currency', { type: 'money' }, '1 200.00 USD please', '1 200.00 USD'],
    ['money without one', { type: 'money' }, '300', '300'],
    ['no money', { type: 'money' }, 'a lot', undefined],
    ['a date', { type: 'date' }, 'since 3rd of March, I think', '3rd of March'],
    ['a day', { type: 'date' }, 'Yesterday evening', 'Yesterday'],
    ['an address', { type: 'email' }, 'me: ada@example.com.', 'ada@example.com'],
    ['no address', { type: 'email' }, 'ada at example', undefined],
    ['an id in small letters', { type: 'id', pattern: 'C-\\d{3,8}' }, "it's c-20418, thanks", 'C-20418'],
    ['an id inside a longer one', { type: 'id', pattern: 'C-\\d{3}' }, 'C-20418', undefined],
    ['an id whose pattern broke', { type: 'id', pattern: '(' }, 'C-20418', undefined],
  ])('%s is read as typed', (_, slot, words, value) => {
    expect(readValue({ label: 'x', type: 'text', ...slot }, words)?.value).toBe(value)
  })

  const options = [
    { value: 'late', label: 'It has not arrived' },
    { value: 'wrong', label: 'The amount is wrong' },
  ]
  test.each([
    ['the amount is wrong', 'wrong'],
    ['2', 'wrong'],
    ['late', 'late'],
    ['not arrived yet', 'late'],
    ['arrived, but a wrong amount', undefined],
    ['no', undefined],
  ])('a choice is read from "%s"', (words, option) => {
    expect(readValue({ label: 'x', type: 'choice', options }, words)?.option).toBe(option)
  })

  const slots = {
    email: { label: 'e-mail address', type: 'email', from: ['visitor.email'] },
    contract: {
      label: 'contract',
      type: 'id',
      pattern: 'C-\\d+',
      from: ['page.contract', 'attributes.contract'],
    },
  }
  const steps = {
    a: { say: 'Contract?', ask: 'contract', next: 'b' },
    b: { say: 'Address?', ask: 'email', next: 'p' },
    p: { say: '{contract} for {email}, {visitor.name}.', handoff: 'x' },
  }

  test('asked for, and then found on the page that the visitor went to: words that name nothing will do', () => {
    const flow = flowOf(slots, { a: { say: 'Which?', ask: 'contract', next: 'p' }, p: { handoff: 'x' } })
    const asked = start(flow)
    expect(asked.turn.expects?.slot).toBe('contract')
    const there = factsOf('client', '/contract', { contract: 'C-20418' })
    const words = { kind: 'text', text: 'the one on this page' } as const
    const { state, misunderstood } = advance(flow, asked.state, words, there, texts, replies)
    expect(misunderstood).toBeUndefined()
    expect(state.slots.contract?.value).toBe('C-20418')
    expect(advance(flow, asked.state, words, factsOf('client'), texts, replies).misunderstood).toBe(true)
  })

  test('what page and identity tell goes to the person, though no step asks for it', () => {
    const flow = flowOf(
      {
        ...slots,
        dispute: { label: 'dispute number', type: 'id', pattern: 'D-\\d+', from: ['page.dispute'] },
      },
      { a: { say: 'Hello', next: 'p' }, p: { handoff: 'x' } },
    )
    const facts = factsOf('client', '/dispute', { dispute: 'D-1092' }, { email: 'ada@example.com' })
    const { state } = start(flow, facts)
    expect(state.slots.dispute?.value).toBe('D-1092')
    expect(state.slots.email?.value).toBe('ada@example.com')
  })

  test('known from the page or the identity is never asked for', () => {
    const facts = factsOf('client', '/', { contract: 'C-7' }, { email: 'ada@example.com', name: 'Ada' })
    expect(said(start(flowOf(slots, steps), facts))).toEqual(['C-7 for ada@example.com, Ada.'])
    const attributes = factsOf(
      'client',
      '/',
      {},
      { email: 'ada@example.com', name: 'Ada', attributes: { contract: 'C-8' } },
    )
    expect(said(start(flowOf(slots, steps), attributes))).toEqual(['C-8 for ada@example.com, Ada.'])
  })

  test('named in the words that led here, or on the way, is never asked for', () => {
    const flow = flowOf(slots, steps)
    expect(said(start(flow, factsOf('client'), EMPTY_BOT_STATE, 'problem with c-99'))).toEqual(['Address?'])
    const asked = start(flow)
    const next = advance(
      flow,
      asked.state,
      { kind: 'text', text: 'C-5, and I am bo@x.org' },
      factsOf('client'),
      texts,
      replies,
    )
    expect(next.turn.escalate).toBe('flowHandoff')
    expect(next.state.slots.email?.value).toBe('bo@x.org')
  })

  test('a page fact that cannot be such an id is asked for after all', () => {
    expect(said(start(flowOf(slots, steps), factsOf('client', '/', { contract: 'none' })))).toEqual([
      'Contract?',
    ])
  })

  test('kept by another flow is used where it fits, and asked for where it does not', () => {
    const state: BotState = { ...EMPTY_BOT_STATE, slots: { contract: { label: 'contract', value: 'O-1' } } }
    expect(said(start(flowOf(slots, steps), factsOf('client'), state))).toEqual(['Contract?'])
  })

  test('a second run of the same flow asks anew', () => {
    const state: BotState = {
      ...EMPTY_BOT_STATE,
      slots: { contract: { label: 'contract', value: 'C-1' } },
      answered: ['flow:f'],
    }
    expect(said(start(flowOf(slots, steps), factsOf('client'), state))).toEqual(['Contract?'])
  })
})

describe('a branch', () => {
  const slots = { status: { label: 'status', type: 'text', from: ['page.status'] } }
  const flow = flowOf(slots, {
    a: { say: 'Status?', ask: 'status', next: 'b' },
    b: {
      branch: [
        { when: { role: ['guest'] }, next: 'guest' },
        { when: { page: ['/orders/*'], slot: { status: ['held'] } }, next: 'held' },
        { when: { slot: { status: ['*'] } }, next: 'any' },
      ],
      next: 'none',
    },
    guest: { say: 'guest', end: true },
    held: { say: 'held', end: true },
    any: { say: 'any', end: true },
    none: { handoff: 'x' },
  })
  test.each([
    ['guest', '/orders/1', 'held', 'guest'],
    ['client', '/orders/1', 'Held', 'held'],
    ['client', '/home', 'held', 'any'],
    ['client', '/orders/1', 'paid', 'any'],
  ])('%s on %s with %s goes to %s', (role, route, status, to) => {
    expect(said(start(flow, factsOf(role, route, { status })))).toEqual([to])
  })
})

test('a choice that the first words make in full is not asked for; one word in common is no choice', () => {
  const options = [
    { value: 'forgot', label: 'I forgot my password' },
    { value: 'refused', label: 'It was not accepted' },
  ]
  const flow = flowOf(
    { problem: { label: 'problem', type: 'choice', options } },
    { a: { say: 'What is wrong?', ask: 'problem', next: 'p' }, p: { say: '{problem}', handoff: 'x' } },
  )
  const begin = (words: string) => said(start(flow, factsOf('client'), EMPTY_BOT_STATE, words))
  expect(begin('help, I have forgot my password!')).toEqual(['I forgot my password'])
  expect(begin('which documents are accepted')).toEqual(['What is wrong?'])
})

test('an ask with `again` asks for another value each time it comes round', () => {
  const flow = flowOf(
    { order: { label: 'order', type: 'id', pattern: 'O-\\d+' } },
    {
      a: { say: 'Order?', ask: 'order', again: true, next: 'b' },
      b: { say: 'About {order}. All?', solved: true, no: 'a', yes: 'p' },
      p: { handoff: 'x' },
    },
  )
  const facts = factsOf('client')
  let move = start(flow, facts, EMPTY_BOT_STATE, 'it is O-1')
  expect(said(move)).toEqual(['Order?'])
  for (const text of ['O-2', 'no', 'O-3'])
    move = advance(flow, move.state, { kind: 'text', text }, facts, texts, replies)
  expect(said(move)).toEqual(['About O-3. All?'])
})

test('a step that is gone after a deploy leads to a person, with the details', () => {
  const flow = flowOf({}, { a: { say: 'Hi', next: 'b' }, b: { handoff: 'x' } })
  const state: BotState = { ...EMPTY_BOT_STATE, flow: { id: 'f', title: 'F', step: 'old' } }
  const { turn } = advance(flow, state, { kind: 'text', text: 'hello' }, factsOf('client'), texts, replies)
  expect(turn.escalate).toBe('flowHandoff')
})

test('a flow that turns in circles ends with a person, not with a frozen page', () => {
  const flow = { ...flowOf({}, { a: { say: 'Hi', next: 'a' } }) }
  const { turn } = start(flow)
  expect(turn.escalate).toBe('flowHandoff')
})

test.each([
  ['yes', true],
  ['Yes, please!', true],
  ['Allow', true],
  ['nope', false],
  ['No, thanks', false],
  ['it did not help', false],
  ['maybe', undefined],
])('"%s" is read as %s', (text, answer) => {
  expect(yesOrNo({ kind: 'text', text }, texts, replies)).toBe(answer)
})

describe('whatever is typed', () => {
  const words = fc.oneof(
    fc.constantFrom(
      'yes',
      'no',
      'back',
      'stop',
      'W-7731',
      'C-20418',
      '250 USD',
      'yesterday',
      'a@b.co',
      'It broke',
      'O-5521',
      '1',
      '2',
    ),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )
  const flowInput = fc.oneof<fc.Arbitrary<FlowInput>[]>(
    words.map(text => ({ kind: 'text', text })),
    words.map(text => ({ kind: 'choice', id: text, label: text })),
    fc.constantFrom('option:late', 'yes', 'no').map(id => ({ kind: 'choice', id, label: id })),
    fc.boolean().map(granted => ({ kind: 'consent', granted })),
    fc.dictionary(fc.string(), fc.jsonValue()).map(values => ({ kind: 'result', values })),
    fc.constant({ kind: 'result', values: null }),
    fc.constantFrom({ kind: 'back' }, { kind: 'resume' }),
  )

  test('the engine never throws, and each turn asks, ends, runs something or calls a person', () => {
    fc.assert(
      fc.property(fc.nat(demoFlows.length - 1), fc.array(flowInput, { maxLength: 25 }), (n, inputs) => {
        const flow = demoFlows[n] as Flow
        const facts = factsOf('client')
        let move = start(flow, facts)
        for (const input of inputs) {
          if (!move.state.flow || move.turn.escalate) move = start(flow, facts, move.state)
          move = advance(flow, move.state, input, facts, texts, replies)
          const { turn, run, state } = move
          const goesOn =
            turn.choices.length || turn.expects || turn.consent || turn.escalate || run || !state.flow
          if (!goesOn) return false
        }
        return true
      }),
      { numRuns: 400 },
    )
  })

  const botInput = fc.oneof<fc.Arbitrary<BotInput>[]>(
    words.map(text => ({ kind: 'text', text })),
    fc.constantFrom(...demoFlows.flatMap(flow => flow.startsWith)).map(text => ({ kind: 'text', text })),
    fc.nat(5).map(n => ({ kind: 'choice', id: `#${n}`, label: '' })),
    fc.boolean().map(granted => ({ kind: 'consent', granted })),
    fc.constant({ kind: 'article', articleId: 'a/b', title: 'A' }),
  )

  test('the bot never leaves a miss without a way to a person, names every source, and stays below 16 KiB', async () => {
    const bot = demoBot({ actions: lookup('hold') })
    await fc.assert(
      fc.asyncProperty(fc.array(botInput, { maxLength: 15 }), async inputs => {
        const facts = factsOf('freelancer', '/withdrawals')
        let state = EMPTY_BOT_STATE
        let choices: readonly { id: string; label: string }[] = []
        for (const input of inputs) {
          // `#2` presses the second button that is there.
          const pressed = input.kind === 'choice' ? choices[Number(input.id.slice(1))] : undefined
          const answer = await bot.answer(pressed ? { kind: 'choice', ...pressed } : input, state, facts)
          const { turn } = answer
          state = JSON.parse(JSON.stringify(answer.state)) as BotState
          choices = turn.choices
          expect(turn.messages.length).toBeGreaterThan(0)
          for (const { source, text } of turn.messages) {
            expect(text).not.toBe('')
            if (source.kind === 'article') expect(source.citations[0]?.title).toBeTruthy()
          }
          if (turn.missed) expect(turn.escalate ?? choices.some(({ id }) => id === 'person')).toBeTruthy()
          expect(new TextEncoder().encode(JSON.stringify(state)).length).toBeLessThan(16_384)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('long answers in any script keep the state below 16 KiB', async () => {
    const bot = demoBot()
    let state = EMPTY_BOT_STATE
    const facts = factsOf('client')
    for (const text of [
      'dispute a payment',
      'C-1234',
      '5 USD',
      '語'.repeat(4_000),
      'a@b.co',
      '"\\'.repeat(2_000),
      'my contract question',
      'Another topic',
      '語'.repeat(4_000),
      'my account is restricted',
      '語'.repeat(4_000),
    ])
      state = (await bot.answer({ kind: 'text', text }, state, facts)).state
    expect(new TextEncoder().encode(JSON.stringify(state)).length).toBeLessThan(16_384)
  })
})
