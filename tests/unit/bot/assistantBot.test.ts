// The order of a turn, as conversations.

import { describe, expect, test, vi } from 'vitest'
import type { HostRule } from '../../../src/bot/assistantBot'
import type { HostAction } from '../../../src/bot/botProvider'
import { parseFlows } from '../../../src/bot/flowSchema'
import { createManualClock } from '../../../src/testing/manualClock'
import { demoBot, factsOf, lookup, shelf, talkTo, understandDemo } from './scene'

const client = factsOf('client')
const freelancer = factsOf('freelancer', '/withdrawals')

describe('a person', () => {
  test('[B5] is offered at once, in the middle of a flow too, and the details are kept', async () => {
    const talk = talkTo(demoBot(), freelancer)
    await talk.type('my payout W-7731 is late')
    await talk.type('no, let me talk to a real person')
    expect(talk.lines.slice(-2)).toEqual([
      'B You can talk to a person. Choose how below. [asklet]',
      '=> askedForPerson general',
    ])
    expect(talk.state.slots.withdrawal?.value).toBe('W-7731')
    expect(talk.state.flow?.id).toBe('withdrawal-delayed')
  })

  test('comes before the rules of the host', async () => {
    const greedy: HostRule = { name: 'Shop', answer: () => ({ text: 'Buy more!' }) }
    const talk = talkTo(demoBot({ hostRules: [greedy] }), client)
    await talk.type('can I speak to an agent please')
    expect(talk.turn.escalate).toBe('askedForPerson')
  })

  test('is called where the policy of the site says so, without a guess', async () => {
    const talk = talkTo(demoBot(), client)
    await talk.type('My lawyer will write to you')
    expect(talk.lines.slice(1)).toEqual([
      'B This is something that a person has to look at. [asklet]',
      '=> policyTopic legal',
    ])
  })
})

describe('rules of the host', () => {
  const hours: HostRule = {
    name: 'Workmere status',
    answer: ({ text }) => (/down|outage/.test(text) ? { text: 'Payments are slow today.' } : null),
  }

  test('answer before flows and articles, and are named as the source', async () => {
    const talk = talkTo(demoBot({ hostRules: [hours] }), freelancer)
    await talk.type('are withdrawals down?')
    expect(talk.turn.messages).toEqual([
      { text: 'Payments are slow today.', source: { kind: 'site', name: 'Workmere status' } },
    ])
  })

  test('one that throws is reported, and the others answer', async () => {
    const errors: unknown[] = []
    const broken: HostRule = {
      name: 'Broken',
      answer: () => {
        throw new Error('rule')
      },
    }
    const bot = demoBot({ hostRules: [broken, hours], onError: error => errors.push(error) })
    const talk = talkTo(bot, freelancer)
    await talk.type('is there an outage?')
    expect(talk.turn.messages[0]?.text).toBe('Payments are slow today.')
    expect(errors).toEqual([new Error('rule')])
  })
})

describe('articles', () => {
  test('an answer quotes them, names the source, and asks whether it helped', async () => {
    const talk = talkTo(demoBot(), client)
    await talk.type('how high is the service fee?')
    await talk.type('yes')
    expect(talk.lines).toEqual([
      'V how high is the service fee?',
      'B This is what the help articles say: The service fee for freelancers is 10 % of each payment. It is taken when the money reaches your balance. Clients pay no fee. Invoices show it on a line of its own. [payments/service-fees]',
      'B Did that answer your question? [asklet]',
      '  (Yes, thank you | No)',
      'V yes',
      'B Good. Ask me anything else, any time. [asklet]',
    ])
  })

  test('the same answer is never given twice: the bot says so and calls a person', async () => {
    const talk = talkTo(demoBot(), client)
    await talk.type('how high is the service fee?')
    await talk.type('so how high is the service fee')
    expect(talk.lines.slice(-3)).toEqual([
      'V so how high is the service fee',
      'B I have already told you all that the help articles say about this. [asklet]',
      '  (Talk to a person)',
    ])
  })

  test('"no" counts as a miss, and the second miss asks for a person', async () => {
    const talk = talkTo(demoBot(), client)
    await talk.type('how high is the service fee?')
    await talk.press('No')
    expect(talk.turn).toMatchObject({ missed: true, choices: [{ id: 'person' }] })
    await talk.type('what about penguins in zoos')
    expect(talk.lines.slice(-2)).toEqual([
      'B I still have no answer for that. A person can help you better than I can. [asklet]',
      '=> notSolvedTwice',
    ])
  })

  test('an article that did not help is the first miss; a miss after it asks for a person', async () => {
    const talk = talkTo(demoBot(), client)
    await talk.put({ kind: 'article', articleId: 'a/b', title: 'Add a card' })
    expect(talk.turn.messages[0]?.text).toBe(
      'Sorry that “Add a card” did not help. Tell me in your own words what is wrong, or talk to a person.',
    )
    await talk.put({ kind: 'article', articleId: 'a/c', title: 'Add a bank' })
    expect(talk.turn).toMatchObject({ missed: true, escalate: 'articleDidNotHelp' })
  })

  test('when they cannot be loaded the bot says that, not that it does not know', async () => {
    const search = { ...shelf, passages: () => Promise.reject(new Error('offline')) }
    const talk = talkTo(demoBot({ search }), client)
    await talk.type('how high is the service fee?')
    expect(talk.lines.slice(1)).toEqual([
      'B The articles could not be loaded. [asklet]',
      '  (Talk to a person)',
    ])
  })
})

describe('the honest no', () => {
  test('is said once with a way to a person, then a person is asked for', async () => {
    const talk = talkTo(demoBot(), client)
    await talk.type('what is the weather in Paris')
    await talk.type('who won the cup final')
    expect(talk.lines).toEqual([
      'V what is the weather in Paris',
      "B I do not know the answer to that. I only answer from this site's help articles. [asklet]",
      '  (Talk to a person)',
      'V who won the cup final',
      'B I still have no answer for that. A person can help you better than I can. [asklet]',
      '=> notSolvedTwice',
    ])
  })

  test('a greeting or a thank-you is no miss', async () => {
    const talk = talkTo(demoBot(), client)
    for (const words of ['Hello', 'hi there', 'thanks!']) {
      await talk.type(words)
      expect(talk.turn.missed).toBeUndefined()
    }
    expect(talk.state.misses).toBe(0)
  })
})

describe('choosing a flow', () => {
  const { flows } = parseFlows(
    [
      {
        id: 'card',
        title: 'Add a card',
        startsWith: ['add a payment card', 'add my card', 'new card'],
        steps: { a: { handoff: 'x' } },
      },
      {
        id: 'bank',
        title: 'Add a bank',
        startsWith: ['add a payment bank', 'add my bank', 'new bank'],
        steps: { a: { handoff: 'x' } },
      },
    ],
    'two.json',
  )

  test('two that are close: the visitor decides by a button, and may choose none or a person', async () => {
    const talk = talkTo(demoBot({ flows }), client)
    await talk.type('add a payment')
    expect(talk.lines.slice(1)).toEqual([
      'B Is it one of these? [asklet]',
      expect.stringMatching(
        /^ {2}\((?:Add a card \| Add a bank|Add a bank \| Add a card) \| None of these \| Talk to a person\)$/,
      ),
    ])
    await talk.type('add a bank')
    expect(talk.state.flow?.id).toBe('bank')
  })

  test('"none of these" tries the articles with the question, then admits a miss', async () => {
    const talk = talkTo(demoBot({ flows }), client)
    await talk.type('add a payment')
    await talk.press('None of these')
    expect(talk.turn.missed).toBe(true)
    expect(talk.turn.choices.map(({ id }) => id)).toContain('person')
  })

  test('other words instead, and they are not known either: that was the second try', async () => {
    const talk = talkTo(demoBot({ flows }), client)
    await talk.type('add a payment')
    await talk.type('penguins in zoos')
    expect(talk.lines.at(-1)).toBe('=> notSolvedTwice')
    await talk.type('opening times of an aquarium')
    expect(talk.turn.messages.map(({ text }) => text)).toEqual([
      'On “opening times of an aquarium” the help articles say nothing that I could find.',
    ])
  })

  test('a flow of another role is not begun', async () => {
    const talk = talkTo(demoBot(), client)
    await talk.type('my withdrawal is stuck')
    expect(talk.state.flow).toBeUndefined()
  })
})

describe('in a flow', () => {
  test('a question in between is answered from the articles, and the flow can be gone on with', async () => {
    const talk = talkTo(demoBot(), freelancer)
    await talk.type('my payout is late')
    await talk.type('How long does a transfer to a bank take?')
    await talk.press('Go on: Find a late withdrawal')
    expect(talk.lines.slice(3)).toEqual([
      'V How long does a transfer to a bank take?',
      'B This is what the help articles say: A transfer to a bank account takes 1 to 3 business days. [withdrawals/withdraw-to-a-bank-account]',
      'B Did that answer your question? [asklet]',
      '  (Yes, thank you | No | Go on: Find a late withdrawal)',
      'V (Go on: Find a late withdrawal)',
      'B Let us find your money. Which withdrawal is it? The number starts with W. [withdrawal-delayed/number]',
      '  <withdrawal number>',
    ])
  })

  test('"something else" leaves it, "continue" takes it up where it was', async () => {
    const talk = talkTo(demoBot(), freelancer)
    await talk.type('my payout is late')
    await talk.type('something else')
    expect(talk.lines.slice(-2)).toEqual([
      'B All right. What else can I help with? [asklet]',
      '  (Go on: Find a late withdrawal)',
    ])
    await talk.type('continue')
    expect(talk.turn.expects?.slot).toBe('withdrawal')
  })

  test('"back" asks the question before again, and forgets its answer', async () => {
    const talk = talkTo(demoBot(), client)
    await talk.type('I want a refund for my order')
    await talk.press('Cancel before delivery')
    await talk.type('back')
    expect(talk.turn.choices[0]?.label).toBe('Cancel before delivery')
    expect(talk.state.slots.kind).toBeUndefined()
  })

  test('three answers that cannot be read lead to a person', async () => {
    const talk = talkTo(demoBot(), freelancer)
    await talk.type('my payout is late')
    for (const words of ['dunno', 'no clue', 'somewhere']) await talk.type(words)
    expect(talk.lines.slice(3)).toEqual([
      'V dunno',
      'B Sorry, I did not find the withdrawal number in that. It looks like W-7731 and stands beside the request under Withdrawals. [withdrawal-delayed/number]',
      '  <withdrawal number>',
      '  (Something else | Talk to a person)',
      'V no clue',
      'B Sorry, I did not find the withdrawal number in that. It looks like W-7731 and stands beside the request under Withdrawals. [withdrawal-delayed/number]',
      '  <withdrawal number>',
      '  (Something else | Talk to a person)',
      'V somewhere',
      'B You can talk to a person. Choose how below. [withdrawal-delayed/number]',
      '=> flowHandoff withdrawal-delayed',
    ])
  })
})

describe('actions of the host', () => {
  const begin = async (actions: Map<string, HostAction>, change = {}) => {
    const talk = talkTo(demoBot({ actions, ...change }), freelancer)
    await talk.type('where is my withdrawal W-7731?')
    return talk
  }

  test('nothing runs before the yes; a typed yes is one', async () => {
    const ran: unknown[] = []
    const action: HostAction = {
      label: 'Look up this withdrawal',
      run: async details => {
        ran.push(details)
        return { status: 'failed' }
      },
    }
    const talk = await begin(new Map([['lookupWithdrawal', action]]))
    expect(ran).toEqual([])
    await talk.type('yes please')
    expect(ran).toEqual([{ withdrawal: 'W-7731' }])
    expect(talk.turn.messages[0]?.text).toContain('W-7731 came back from your bank')
  })

  test('a no runs nothing and the flow goes on without', async () => {
    const talk = await begin(lookup(new Error('must not run')))
    await talk.consent(false)
    expect(talk.lines.at(-4)).toBe('B All right, I will not look that up. [withdrawal-delayed/lookup]')
    expect(talk.turn.messages[1]?.text).toContain('You can see the status yourself')
  })

  test('one that fails is said to have failed', async () => {
    const errors: unknown[] = []
    const talk = await begin(lookup(new Error('500')), { onError: (error: unknown) => errors.push(error) })
    await talk.consent(true)
    expect(talk.turn.messages[0]?.text).toBe('That did not work just now. Nothing was changed.')
    expect(errors).toEqual([new Error('500')])
  })

  test('one that the host has not registered is not asked about', async () => {
    const talk = await begin(new Map())
    expect(talk.turn.consent).toBeUndefined()
    const said = talk.turn.messages.map(({ text }) => text).join(' ')
    expect(said).not.toMatch(/May I|did not work/)
    expect(said).toMatch(/You can see the status yourself/)
  })

  test('one that never answers is given up after 15 s', async () => {
    const waits: number[] = []
    const clock = {
      after: (ms: number, passes: () => void) => {
        waits.push(ms)
        passes()
        return () => {}
      },
    }
    const hanging: HostAction = { label: 'Look', run: () => new Promise(() => {}) }
    const talk = await begin(new Map([['lookupWithdrawal', hanging]]), { clock })
    await talk.consent(true)
    expect(waits).toEqual([15_000])
    expect(talk.turn.messages[0]?.text).toBe('That did not work just now. Nothing was changed.')
  })
})

test('an engine that cannot be fetched is said to be missing, and the same words may be tried again', async () => {
  let isOnline = false
  const flowEngine = async () => {
    if (!isOnline) throw new Error('chunk')
    return import('../../../src/bot/flowEngine')
  }
  const talk = talkTo(demoBot({ flowEngine }), freelancer)
  await talk.type('my payout is late')
  expect(talk.lines.slice(1)).toEqual([
    'B The conversation could not be loaded. [asklet]',
    '  (Talk to a person)',
  ])
  isOnline = true
  await talk.type('my payout is late')
  expect(talk.state.flow?.id).toBe('withdrawal-delayed')
})

test('an article that is gone is not named as a source', async () => {
  const { flows } = parseFlows(
    {
      id: 'f',
      title: 'Old help',
      startsWith: ['old help please'],
      steps: { a: { say: 'Do this.', article: 'gone/away', next: 'b' }, b: { handoff: 'x' } },
    },
    'f.json',
  )
  const talk = talkTo(demoBot({ flows, understand: understandDemo(flows) }), client)
  await talk.type('old help')
  expect(talk.turn.messages[0]?.source).toEqual({ kind: 'flow', flowId: 'f', step: 'b', title: 'Old help' })
})

test('the question as it was first put stays for the brief', async () => {
  const talk = talkTo(demoBot(), client)
  await talk.type('what is the weather in Paris')
  await talk.type('how high is the service fee?')
  expect(talk.state.question).toBe('what is the weather in Paris')
})

test('an answer does not wait for how its article looks, where that is slow to come', async () => {
  const clock = createManualClock()
  const talk = talkTo(demoBot({ clock, search: { ...shelf, article: () => new Promise(() => {}) } }), client)
  const asked = talk.type('how long does a transfer to a bank account take?')
  await vi.waitFor(() => expect(clock.pending()).toBe(1))
  clock.advance(1_000)
  const [said] = (await asked).messages
  expect(said?.text).toContain('A transfer to a bank account takes 1 to 3 business days.')
  expect([said?.source.kind, said?.source.tree, clock.pending()]).toEqual(['article', undefined, 0])
})
