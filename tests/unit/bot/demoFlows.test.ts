// Every flow of the demo, linted and walked to each of its ends, and a few read as transcripts.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EMPTY_BOT_STATE } from '../../../src/bot/botProvider'
import type { Flow } from '../../../src/bot/flow'
import { advance, type FlowInput, type FlowMove } from '../../../src/bot/flowEngine'
import { lintFlow } from '../../../src/bot/flowLint'
import { isWaiting } from '../../../src/bot/openQuestion'
import { knownArticles } from '../../../src/cli/flowFiles'
import { readHelpFolder } from '../../../src/cli/helpFolder'
import { demoBot, demoFlows, factsOf, HELP, lookup, talkTo, texts } from './scene'

const articles = knownArticles(
  readHelpFolder(join(HELP, 'articles'), {
    defaultLocale: 'en',
    base: '/help/',
    imageHosts: [],
    except: [],
    skipDrafts: false,
  }),
)

const ANSWERS: Record<string, readonly string[]> = {
  text: ['It went wrong on Monday'],
  money: ['250.00 USD'],
  date: ['3 March'],
  email: ['ada@example.com'],
  id: ['C-20418', 'W-7731', 'O-5521', 'D-1092'],
  number: ['3'],
}

/** Every input that makes sense at the open step. */
function inputsFor(flow: Flow, { turn, run, state }: FlowMove): readonly FlowInput[] {
  if (run)
    return [
      ...['requested', 'hold', 'sent', 'failed', 'odd'].map(
        status => ({ kind: 'result', values: { status } }) as const,
      ),
      { kind: 'result', values: null },
    ]
  if (turn.consent)
    return [
      { kind: 'consent', granted: true },
      { kind: 'consent', granted: false },
    ]
  if (turn.expects) {
    const type = flow.slots[turn.expects.slot]?.type ?? ''
    return (ANSWERS[type] ?? []).map(text => ({ kind: 'text', text }) as const)
  }
  expect(turn.choices.length, `${flow.id}/${state.flow?.step} asks nothing`).toBeGreaterThan(0)
  return turn.choices
    .filter(({ id }) => !['back', 'stop', 'person'].includes(id))
    .map(choice => ({ kind: 'choice', ...choice }) as const)
}

/** Walks every way through a flow; gives the steps seen and how the ways end. */
function walkAll(flow: Flow, role: string) {
  const facts = factsOf(role)
  const ends = new Set<string>()
  const steps = new Set<string>()
  const seen = new Set<string>()
  const open: { move: FlowMove }[] = [
    { move: advance(flow, EMPTY_BOT_STATE, { kind: 'start', words: '' }, facts, texts) },
  ]
  const note = ({ turn, state }: FlowMove) => {
    for (const { source, text } of turn.messages) {
      if (source.kind === 'flow') steps.add(source.step)
      expect(text, `${flow.id} leaves a place open`).not.toMatch(/[{}]/)
    }
    if (turn.escalate) ends.add(`${turn.escalate} ${turn.category}`)
    else if (!isWaiting(flow, state)) ends.add('solved')
  }
  for (let item = open.pop(); item; item = open.pop()) {
    const { move } = item
    note(move)
    if (move.turn.escalate || !isWaiting(flow, move.state)) continue
    for (const input of inputsFor(flow, move)) {
      const next = advance(flow, move.state, input, facts, texts)
      if (next.misunderstood) continue
      const key = JSON.stringify([next.state.flow, next.state.slots, Boolean(next.run)])
      if (seen.has(key)) continue
      seen.add(key)
      open.push({ move: next })
    }
  }
  return { ends: [...ends].sort(), steps }
}

test('the demo has its eight flows', () => {
  expect(demoFlows.map(({ id }) => id)).toEqual([
    'account-restricted',
    'contract-question',
    'order-return',
    'password-reset',
    'payment-dispute',
    'payment-method',
    'profile-verification',
    'withdrawal-delayed',
  ])
})

describe.each(demoFlows.map(flow => [flow.id, flow] as const))('%s', (id, flow) => {
  test('has no problem a lint can see', () => {
    expect(existsSync(join(HELP, 'articles'))).toBe(true)
    expect(lintFlow(flow, { file: `${id}.json`, actions: ['lookupWithdrawal'], articles })).toEqual([])
  })

  test('has six to twelve example sentences', () => {
    expect(flow.startsWith.length).toBeGreaterThanOrEqual(6)
    expect(flow.startsWith.length).toBeLessThanOrEqual(12)
  })

  test('every way through it ends solved or with a person, for every role', () => {
    const ends = new Set<string>()
    for (const role of ['client', 'freelancer', 'guest'])
      for (const end of walkAll(flow, role).ends) ends.add(end)
    expect([...ends].sort()).toEqual(EXPECTED_ENDS[id])
  })

  test('each of its example sentences begins it, or asks between it and a near one', async () => {
    for (const sentence of flow.startsWith) {
      const talk = talkTo(demoBot(), factsOf(flow.roles[0] ?? 'client', flow.pages[0] ?? '/'))
      await talk.type(sentence)
      const begun =
        talk.state.flow?.id === id ||
        talk.turn.choices.some(choice => choice.id === `flow:${id}`) ||
        talk.state.answered.includes(`flow:${id}`)
      expect(begun, `${sentence} -> ${talk.lines.join(' / ')}`).toBe(true)
    }
  })
})

const EXPECTED_ENDS: Record<string, readonly string[]> = {
  'account-restricted': ['policyTopic account'],
  'contract-question': ['flowHandoff contracts', 'solved'],
  'order-return': ['flowHandoff contracts', 'flowHandoff orders', 'solved'],
  'password-reset': ['flowHandoff account', 'solved'],
  'payment-dispute': ['policyTopic disputes'],
  'payment-method': ['flowHandoff payments', 'solved'],
  'profile-verification': ['flowHandoff verification', 'solved'],
  'withdrawal-delayed': ['flowHandoff withdrawals', 'solved'],
}

test('a late withdrawal, looked up after a yes', async () => {
  const talk = talkTo(demoBot({ actions: lookup('hold') }), factsOf('freelancer', '/withdrawals'))
  await talk.type('where is my withdrawal w-7731?')
  await talk.consent(true)
  await talk.press('Yes, thank you')
  expect(talk.lines).toEqual([
    'V where is my withdrawal w-7731?',
    'B I can look up where W-7731 is. May I? [withdrawal-delayed/lookup]',
    '  may I? Look up this withdrawal: withdrawal number W-7731',
    'V (allows it)',
    'B W-7731 is on hold. After a new payout method this lasts 5 days and cannot be shortened; an identity review takes 1 to 2 business days. The line of the request says which one it is. [withdrawals/withdrawal-delayed]',
    'B Did that answer your question? [withdrawal-delayed/solved]',
    '  (Yes, thank you | No | Back one question)',
    'V (Yes, thank you)',
    'B Good. Ask me anything else, any time. [withdrawal-delayed/solved]',
  ])
  expect(talk.state.flow).toBeUndefined()
})

test('a dispute asks neither for the contract of this page nor for an address it was told', async () => {
  const facts = factsOf('client', '/contract', { contract: 'C-20418' }, { email: 'ada@example.com' })
  const talk = talkTo(demoBot(), facts)
  await talk.type('I paid $480 for work that was never done')
  await talk.type('They sent nothing since May')
  expect(talk.lines.filter(line => line.startsWith('  <') || line.startsWith('=>'))).toEqual([
    '  <what happened>',
    '=> policyTopic disputes',
  ])
  expect(Object.entries(talk.state.slots).map(([name, { value }]) => `${name}: ${value}`)).toEqual([
    'amount: $480',
    'contract: C-20418',
    'happened: They sent nothing since May',
    'email: ada@example.com',
  ])
})

test('a restricted account: the policy wants a person, the flow collects what they need first', async () => {
  const talk = talkTo(demoBot(), factsOf('client'))
  await talk.type('Hey! You suspended me for nothing')
  await talk.type('sam@example.org')
  await talk.type('Payment outside Workmere')
  expect(talk.lines.at(-1)).toBe('=> policyTopic account')
  expect(talk.state.slots.message?.value).toBe('Payment outside Workmere')
})
