import { signal } from '@preact/signals-core'
import { describe, expect, test, vi } from 'vitest'
import { type SafeStorage, safeStorage } from '../../../src/base/safeStorage'
import { createTexts } from '../../../src/base/texts'
import type { AnswerSource, BotProvider, BotTurn } from '../../../src/bot/botProvider'
import { type ConversationDeps, createConversationModel } from '../../../src/conversation/conversationModel'
import type { LiveModel } from '../../../src/live/liveModel'
import type { Brief } from '../../../src/protocol/records'
import { createManualClock } from '../../../src/testing/manualClock'
import { english as words } from '../../../src/understanding/languages/en'
import { createUnderstand } from '../../../src/understanding/understand'
import { english } from '../../english'

const page = { url: 'u', route: '/', title: 't', name: 'n', headings: [], language: 'en', data: {} }

function start(
  options: {
    tab?: SafeStorage
    bot?: BotProvider
    answer?: (text: string) => Partial<BotTurn>
  } & Partial<ConversationDeps> = {},
) {
  const clock = createManualClock()
  let ids = 0
  const seen: string[] = []
  const recorded: Parameters<NonNullable<ConversationDeps['record']>>[0][] = []
  const tab = options.tab ?? safeStorage(() => undefined)
  const model = createConversationModel({
    environment: {
      now: clock.now,
      after: clock.after,
      random: () => 0.5,
      randomId: () => `id-${++ids}`,
      fetch: () => Promise.reject(new Error('no network')),
      window: undefined,
    },
    texts: createTexts('en', english),
    botName: 'Asklet',
    bot: {
      async answer(input, state) {
        const text = input.kind === 'text' ? input.text : input.kind === 'choice' ? input.label : input.kind
        seen.push(text)
        return {
          turn: {
            messages: [{ text: `re: ${text}`, source: { kind: 'asklet' } }],
            choices: [],
            ...options.answer?.(text),
          },
          state: { ...state, answered: [...state.answered, text] },
        }
      },
    },
    facts: () => ({ page, visitor: { locale: 'en', attributes: {} } }),
    articlesRead: () => [],
    config: { hasPeople: true, contactEmail: 'help@example.org' },
    tab,
    isWaiting: false,
    loadLive: () => Promise.reject(new Error('chunk blocked')),
    record: entry => recorded.push(entry),
    ...options,
  })
  const lines = () => model.items.value.map(item => (item.kind === 'message' ? item.text : `<${item.name}>`))
  return { model, tab, lines, seen, recorded }
}

test('where the part for people never comes, the words can still be copied', async () => {
  const blocked = start({ loadHandoff: () => Promise.reject(new Error('chunk blocked')) })
  await blocked.model.send('Where is my money?')
  await blocked.model.askForPerson()
  expect(blocked.model.transcript()).toBe('Where is my money?\n\nre: Where is my money?')
  expect(blocked.model.transcriptLines()).toEqual([])
})

describe('what the agent will read of it', () => {
  const understand = createUnderstand({ language: words })
  const source = { kind: 'flow' as const, flowId: 'f', step: 's', title: 'F' }

  test('a topic that a flow took up is named when the flow hands over, turns later', async () => {
    const { model, recorded } = start({
      understand,
      answer: text => ({
        messages: [{ text: 'Since when?', source }],
        ...(text === 'March' && { escalate: 'flowHandoff' }),
      }),
    })
    await model.send('I was charged twice')
    expect(model.phase.value).toBe('bot')
    await model.send('March')
    expect(model.phase.value).toBe('offered')
    expect(recorded.at(-1)?.reason).toBe(
      'the answer calls for a person; topic: payment: "i was charged twice"',
    )
  })

  test('where a flow hands over to goes before what the words tell', async () => {
    const tab = safeStorage(() => undefined)
    const { model } = start({
      understand,
      tab,
      answer: () => ({
        messages: [{ text: 'I pass it on.', source }],
        escalate: 'flowHandoff',
        category: 'late',
      }),
    })
    await model.send('my parcel is damaged')
    expect(JSON.parse(tab.get('conversation') ?? '{}').category).toBe('late')
  })

  test('the second angry message in a row brings a person, whatever was answered', async () => {
    const { model, recorded } = start({ understand })
    await model.send('This is terrible, you are useless')
    await model.send('fine, where do I click')
    await model.send('This is terrible, you are useless')
    expect(model.phase.value).toBe('bot')
    await model.send('still useless')
    const escalated = recorded.filter(({ kind }) => kind === 'escalated').map(({ reason }) => reason)
    expect([model.phase.value, escalated]).toEqual(['offered', ['still angry; anger: "useless"']])
  })

  test('where it belongs is not forgotten over words that say nothing of it', async () => {
    const tab = safeStorage(() => undefined)
    const { model } = start({ understand, tab })
    await model.send('my parcel is damaged')
    await model.send('it was in March')
    expect(JSON.parse(tab.get('conversation') ?? '{}').category).toBe('orders')
    await model.send('and the password is wrong')
    expect(JSON.parse(tab.get('conversation') ?? '{}').category).toBe('account')
  })
})

describe('an answer that exists already', () => {
  const fees = { articleId: 'fees', title: 'Fees of a withdrawal' }
  const quoted = { articleId: 'times', title: 'How long it takes' }
  const asking = async (more: Parameters<typeof start>[0] = {}) => {
    const begun = start({ findAnswers: async () => [quoted, fees], ...more })
    await begun.model.send('What does it cost?')
    await begun.model.askForPerson()
    await vi.waitFor(() => expect(begun.model.offer.value?.checking).toBe(false))
    return begun
  }

  test('is offered before a message is left, and not what was quoted or read before', async () => {
    const { model, recorded } = await asking({ articlesRead: () => [quoted] })
    expect(model.answersFirst.value).toBeNull()
    expect(model.considerAnswers()).toBe(true)
    expect(model.answersFirst.value).toEqual([fees])
    expect(recorded.at(-1)).toMatchObject({ kind: 'suggested', rule: 'answersFirst@2' })
  })

  test('nothing stands in the way where nothing is good enough, or where the search cannot say', async () => {
    const none = await asking({ findAnswers: async () => [] })
    expect([none.model.considerAnswers(), none.model.answersFirst.value]).toEqual([false, null])
    const broken = await asking({ findAnswers: () => Promise.reject(new Error('no index')) })
    expect(broken.model.considerAnswers()).toBe(false)
  })

  test('refused, it is journalled, told to the person who reads the message, and not offered again', async () => {
    const { model, recorded } = await asking()
    model.considerAnswers()
    model.refuseAnswers()
    expect(model.answersFirst.value).toBeNull()
    expect(recorded.at(-1)).toMatchObject({ kind: 'notSolved', inputs: { articles: ['times', 'fees'] } })
    const told = model.telling.value?.parts.value.find(({ kind }) => kind === 'tried')
    expect(told?.value).toBe('How long it takes\nFees of a withdrawal')
    expect(model.considerAnswers()).toBe(false)
  })

  test('an own ticket is journalled like the rest; refused, the person reads that its answer does not help', async () => {
    const asked = {
      conversationId: 'conversation-7',
      phase: 'ended',
      lastAt: 5,
      head: 9,
      question: 'What does it cost?',
      ticketNumber: 1_007,
      agentName: 'Noor',
    } as const
    const { model, recorded } = await asking({ findAnswers: async () => [{ asked }, fees] })
    expect(model.considerAnswers()).toBe(true)
    expect(model.answersFirst.value).toEqual([{ asked }, fees])
    const inputs = { articles: ['fees'], tickets: ['conversation-7'] }
    expect(recorded.at(-1)).toMatchObject({ kind: 'suggested', inputs })
    model.refuseAnswers()
    expect(recorded.at(-1)).toMatchObject({ kind: 'notSolved', inputs })
    const told = (kind: string) => model.telling.value?.parts.value.find(part => part.kind === kind)?.value
    expect(told('tried')).toBe('Fees of a withdrawal')
    // Offered anew, it is refused still.
    model.stayWithBot()
    await model.askForPerson()
    await vi.waitFor(() => expect(model.offer.value?.checking).toBe(false))
    expect(model.considerAnswers()).toBe(false)
  })

  test('taken, nothing is filed: it is journalled as solved, and the bot goes on', async () => {
    const { model, recorded, lines } = await asking()
    model.considerAnswers()
    model.answersHelped()
    expect([model.phase.value, model.offer.value, lines().at(-1)]).toEqual(['bot', null, english['bot.glad']])
    expect(recorded.at(-1)).toMatchObject({ kind: 'solved', reason: 'nothing was filed' })
  })
})

describe('with the bot', () => {
  test('a reload goes on where the tab was: turns, choices, draft and the bot’s own state', async () => {
    const first = start({ answer: () => ({ choices: [{ id: 'a', label: 'First road' }] }) })
    await first.model.send('hello')
    first.model.setDraft('half a sen')
    first.model.dispose()
    const second = start({ tab: first.tab })
    expect(second.lines()).toEqual(['<botIntro>', 'hello', 're: hello'])
    expect(second.model.draft.value).toBe('half a sen')
    await second.model.choose('a')
    expect(second.lines().slice(-2)).toEqual(['First road', 're: First road'])
    expect(second.model.choices.value).toEqual([])
  })

  test.each(['end', 'logout'] as const)(
    'after %s nothing is kept of how the visitor sounded, or why a person was offered',
    async end => {
      const tone = { frustration: 0.9, urgency: 0, distress: 0, evidence: ['useless'] }
      const { model, tab } = start({
        answer: () => ({ escalate: 'policyTopic' }),
        understand: () => ({ questionType: 'why', category: 'refunds', tone, policyTopics: [] }) as never,
      })
      await model.send('this is useless')
      expect(tab.get('conversation')).toMatch(/useless.*refunds|refunds.*useless/)
      await model[end]()
      expect(tab.get('conversation')).not.toMatch(/useless|refunds|calls for a person/)
    },
  )

  test('what is saved and cannot be read is forgotten, not guessed', () => {
    const kept = '"startedAt":1,"turns":[],"sources":[],"choices":[],"bot":{"slots":{}},"draft":"x"'
    for (const text of ['{', '[]', '{"turns":[{}]}', 'null', `{${kept},"unanswered":"one"}`]) {
      const tab = safeStorage(() => undefined)
      tab.set('conversation', text)
      const { lines, model } = start({ tab })
      expect([lines(), model.draft.value]).toEqual([['<botIntro>'], ''])
    }
  })

  test('a host’s bot that throws has no answer; two of these offer a person', async () => {
    const { model, lines } = start({ bot: { answer: () => Promise.reject(new Error('boom')) } })
    await model.send('one')
    expect(lines().at(-1)).toBe(english['bot.unknown'])
    expect(model.phase.value).toBe('bot')
    await model.send('two')
    expect([model.phase.value, model.offer.value?.reason]).toEqual(['offered', 'notSolvedTwice'])
  })

  test.for([
    [
      'throws at once',
      () => {
        throw new Error('boom')
      },
    ],
    ['answers nothing', () => undefined],
    ['leaves its choices out', async (_: unknown, state: unknown) => ({ turn: { messages: [] }, state })],
  ] as const)('a host’s bot that %s is asked again at the next question', async ([, answer]) => {
    const { model, lines } = start({ bot: { answer: answer as unknown as BotProvider['answer'] } })
    await model.send('one')
    expect([lines().at(-1), model.isThinking.value]).toEqual([english['bot.unknown'], false])
    await model.send('two')
    expect([lines().at(-2), lines().at(-1)]).toEqual(['two', english['bot.unknown']])
  })

  test.for<readonly [string, Partial<ConversationDeps>]>([
    [
      'reading words',
      {
        understand: () => {
          throw new Error('boom')
        },
      },
    ],
    [
      'the facts of the page',
      {
        facts: () => {
          throw new Error('boom')
        },
        understand: createUnderstand({ language: words }),
      },
    ],
  ])(
    '%s may fail: the bot answers, the developer hears of it, and a person can be reached',
    async ([, options]) => {
      const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
      const { model, lines } = start(options)
      await model.send('one')
      await model.send('two')
      expect([lines().slice(-2), model.isThinking.value]).toEqual([['two', 're: two'], false])
      expect(reported).toHaveBeenCalledWith(new Error('boom'))
      await model.askForPerson()
      expect(model.offer.value?.channels.map(each => each.channel)).toEqual(['ticket', 'live', 'email'])
      reported.mockRestore()
    },
  )

  test('two questions put at once are answered one after the other', async () => {
    const { model, seen } = start()
    await Promise.all([model.send('a'), model.send('b')])
    expect(seen).toEqual(['a', 'b'])
  })

  test('too long is not sent, and nothing typed is lost', async () => {
    const { model, lines } = start()
    const text = 'x'.repeat(4_001)
    model.setDraft(text)
    await model.send(text)
    expect([lines(), model.draft.value]).toEqual([['<botIntro>'], text])
  })

  test('the journal learns what was asked and what became of it', async () => {
    const { model, recorded } = start()
    await model.send('hello')
    expect(recorded[0]).toMatchObject({ kind: 'answered', inputs: { question: 'hello' } })
  })
})

describe('a person', () => {
  test('a policy topic of the site is offered a person at once', async () => {
    const { model } = start({ answer: () => ({ escalate: 'policyTopic' }) })
    await model.send('chargeback')
    expect(model.offer.value?.reason).toBe('policyTopic')
  })

  test('who asks on gets the answer with its buttons, and the offer is gone until there is a reason again', async () => {
    const { model, recorded } = start({
      answer: text =>
        text === 'chargeback'
          ? { escalate: 'policyTopic' }
          : { choices: [{ id: 'yes', label: 'Yes, thank you' }] },
    })
    await model.send('chargeback')
    expect([model.phase.value, model.choices.value]).toEqual(['offered', []])
    await model.send('and how long does it take?')
    expect([model.phase.value, model.offer.value]).toEqual(['bot', null])
    expect(model.choices.value.map(({ id }) => id)).toEqual(['yes'])
    await model.send('chargeback')
    expect([model.phase.value, recorded.filter(({ kind }) => kind === 'escalated').length]).toEqual([
      'offered',
      2,
    ])
  })

  test('an offer that is being filled in stays, whatever is asked meanwhile', async () => {
    const { model } = start()
    await model.askForPerson()
    model.setChoosing(true)
    await model.send('how long does it take?')
    expect(model.offer.value?.channels.length).toBeGreaterThan(0)
    model.setChoosing(false)
    await model.send('and to PayPal?')
    expect(model.offer.value).toBeNull()
  })

  test('a card that is there is not made anew by an answer, but the agent learns of what it says', async () => {
    const { model, recorded } = start({ answer: () => ({ missed: true }) })
    await model.askForPerson()
    model.setChoosing(true)
    const { channels } = model.offer.value ?? {}
    await model.send('how long does it take?')
    await model.send('and to PayPal?')
    expect([model.offer.value?.channels, model.offer.value?.reason]).toEqual([channels, 'askedForPerson'])
    expect(model.offer.value?.channels).toBe(channels)
    expect(recorded.filter(({ kind }) => kind === 'escalated').map(({ reason }) => reason)).toEqual([
      'asked for a person',
      '2 unanswered',
    ])
  })

  test('when the live chunk does not come the visitor is told, keeps the bot, and sees the other roads', async () => {
    const { model } = start()
    await model.askForPerson()
    expect(model.isStranded.value).toBe(true)
    expect(model.offer.value?.channels.map(each => [each.channel, each.available])).toEqual([
      ['ticket', true],
      ['live', false],
      ['email', true],
    ])
    await model.chooseChannel('ticket', { email: 'ann@example.org' })
    expect(model.phase.value).toBe('offered')
    model.stayWithBot()
    expect(model.phase.value).toBe('bot')
  })

  test('when the handoff’s chunk does not come the visitor is told, keeps the bot, and may ask again', async () => {
    let isBlocked = true
    const { model } = start({
      loadHandoff: () =>
        isBlocked ? Promise.reject(new Error('blocked')) : import('../../../src/conversation/handoff'),
    })
    await model.askForPerson()
    expect(model.offer.value).toMatchObject({ channels: [], checking: false })
    expect(model.isStranded.value).toBe(true)
    isBlocked = false
    await model.askForPerson()
    expect(model.offer.value?.channels.map(each => each.channel)).toEqual(['ticket', 'live', 'email'])
  })

  test('nothing that only a person needs is fetched for an answer; a first miss fetches it', async () => {
    let fetched = 0
    const { model } = start({
      answer: text => (text === 'missed' ? { missed: true } : {}),
      loadHandoff: () => {
        fetched++
        return import('../../../src/conversation/handoff')
      },
    })
    await model.send('answered')
    expect(fetched).toBe(0)
    await model.send('missed')
    expect(fetched).toBe(1)
    expect(model.isStranded.value).toBe(false)
  })

  /** A conversation that was kept here, and whether it has been forgotten since. */
  function kept(phase: 'bot' | 'ended', hasThread: boolean) {
    const found = {
      isForgotten: false,
      loadLive: async () =>
        ({
          resume: async () => true,
          leave: async () => {},
          state: { value: { phase } },
          hasThread: { value: hasThread },
          isStranded: { value: false },
          link: { value: 'offline' },
          events: { value: [] },
          rows: { value: [] },
          logout: async () => {
            found.isForgotten = true
          },
        }) as never,
    }
    return found
  }

  test('logging out while a conversation is being picked up forgets that one too', async () => {
    const found = kept('bot', false)
    const { model } = start({ isWaiting: true, loadLive: found.loadLive })
    await model.logout()
    expect(found.isForgotten).toBe(true)
  })

  test('the next person at this device does not find the ended chat of the one who logged out', async () => {
    const found = kept('ended', true)
    const { model } = start({ hasKept: () => true, loadLive: found.loadLive })
    await model.logout()
    expect(found.isForgotten).toBe(true)
  })

  test('a site without people offers its address, or nothing', async () => {
    const { model } = start({ config: { hasPeople: false, contactEmail: 'help@example.org' } })
    await model.askForPerson()
    expect(model.offer.value).toMatchObject({
      checking: false,
      channels: [{ channel: 'email', recommended: true }],
    })
  })
})

test('the transcript names who said what', async () => {
  const { model } = start()
  await model.send('hello')
  // A copy is offered where a person is.
  await model.askForPerson()
  expect(
    model
      .transcript()
      .split('\n')
      .map(line => line.replace(/^\[.*?\] /, '')),
  ).toEqual([
    english['notice.botIntro'].replace('{name}', 'Asklet'),
    'You: hello',
    'Asklet (automatic assistant): re: hello',
  ])
})

describe('a question whose answer is on its way, and the ones behind it,', () => {
  const UNHURRIED = 'and to PayPal?'
  /** A person is at the desk; `briefs` are what was handed over. */
  function desk() {
    const briefs: Brief[] = []
    const hasThread = signal(false)
    const model = {
      resume: async () => true,
      availability: async () => ({ open: true, agentsOnline: 1, expectedWaitMs: null, opensAt: null }),
      state: signal({ phase: 'queued', assignment: 0 }),
      hasThread,
      isStranded: signal(false),
      link: signal('online'),
      events: signal([]),
      rows: signal([]),
      async open(brief: Brief) {
        briefs.push(brief)
        hasThread.value = true
      },
      dispose() {},
    }
    return { briefs, loadLive: async () => model as unknown as LiveModel }
  }
  /** A bot that answers when the test says so. */
  function slow(more: Partial<Parameters<typeof start>[0]> = {}) {
    const waiting: (() => void)[] = []
    const stage = start({
      bot: {
        answer: (input, state) =>
          new Promise(done => {
            const text = input.kind === 'text' ? input.text : input.kind
            const turn: BotTurn = {
              messages: [{ text: `re: ${text}`, source: { kind: 'asklet' } }],
              choices: [],
              ...(text.startsWith('chargeback') && { escalate: 'policyTopic' }),
            }
            waiting.push(() => done({ turn, state }))
          }),
      },
      ...more,
    })
    const answers = async (n: number) => {
      await vi.waitFor(() => expect(waiting).toHaveLength(n))
      waiting[n - 1]?.()
    }
    return { ...stage, answers, waiting }
  }

  test('are answered though the one before them brings a person', async () => {
    const { model, lines, answers } = slow()
    const all = Promise.all([model.send('chargeback'), model.send(UNHURRIED)])
    await answers(1)
    await vi.waitFor(() => expect(model.phase.value).toBe('offered'))
    await answers(2)
    await all
    expect(lines().slice(-2)).toEqual(['re: chargeback', `re: ${UNHURRIED}`])
  })

  test('are answered though a person was asked for in between, and though the visitor stays with the bot', async () => {
    for (const stays of [false, true]) {
      const { model, lines, answers } = slow()
      const all = Promise.all([model.send('one'), model.send('two')])
      await model.askForPerson()
      if (stays) model.stayWithBot()
      await answers(1)
      await answers(2)
      await all
      expect([lines().slice(-2), model.phase.value]).toEqual([
        ['re: one', 're: two'],
        stays ? 'bot' : 'offered',
      ])
    }
  })

  test('are named to the agent where a person comes first, and the bot is silent about them', async () => {
    const { briefs, loadLive } = desk()
    const { model, lines, answers, waiting } = slow({ loadLive })
    const all = Promise.all([model.send('one'), model.send('two'), model.send('three')])
    await answers(1)
    await vi.waitFor(() => expect(lines()).toContain('re: one'))
    await model.askForPerson()
    await model.chooseChannel('live')
    expect(briefs[0]?.because).toBe('asked for a person; not answered: "two"; not answered: "three"')
    waiting[1]?.()
    await all
    expect([lines().includes('re: two'), waiting.length]).toEqual([false, 2])
  })

  test('are named to the agent after a reload, too', async () => {
    const first = slow()
    void first.model.send('one')
    await vi.waitFor(() => expect(first.waiting).toHaveLength(1))
    first.model.dispose()
    const { briefs, loadLive } = desk()
    const { model } = start({ tab: first.tab, loadLive })
    await model.send('two')
    await model.askForPerson()
    await model.chooseChannel('live')
    expect(briefs[0]?.because).toBe('asked for a person; not answered: "one"')
  })

  test('are not named to the agent where the visitor was told that the answer broke off; those behind it are', async () => {
    const asklet = { kind: 'asklet' } as const
    const left = { turn: { messages: [{ text: 'Broke off.', source: asklet }], choices: [] } }
    const first = start({
      bot: {
        answer(_input, state, _facts, interim) {
          interim?.show([], { ...left, state })
          return new Promise(() => {})
        },
      },
    })
    void first.model.send('one')
    void first.model.send('two')
    await vi.waitFor(() => expect(first.model.arriving.value).not.toBeNull())
    first.model.dispose()
    const { briefs, loadLive } = desk()
    const { model, lines } = start({ tab: first.tab, loadLive })
    expect(lines().at(-1)).toBe('Broke off.')
    await model.askForPerson()
    await model.chooseChannel('live')
    expect(briefs[0]?.because).toBe('asked for a person; not answered: "two"')
  })
})

describe('what the words alone call for does not wait for the bot', () => {
  const understand = createUnderstand({ language: words })
  const DISTRESS = 'I am desperate, how long does it take?'
  const asklet = { kind: 'asklet' } as const
  /** A bot with a language model behind it that never comes to an end; `finish` is for those that do. */
  function hanging(options: Parameters<typeof start>[0] = {}) {
    const asked: string[] = []
    const ends: { done(): void; fail(): void }[] = []
    const stage = start({
      understand,
      bot: {
        answer(input, state, _facts, interim) {
          const say = (text: string) => ({
            turn: { messages: [{ text, source: asklet }], choices: [] },
            state,
          })
          asked.push(input.kind === 'text' ? input.text : input.kind)
          interim?.show([], say('Stopped.'))
          return new Promise((done, failed) => {
            interim?.signal.addEventListener('abort', () => done(say('Stopped.')))
            ends.push({ done: () => done(say('Whole.')), fail: () => failed(new Error('boom')) })
          })
        },
      },
      ...options,
    })
    const asks = (n: number) => vi.waitFor(() => expect(asked).toHaveLength(n))
    const escalations = () =>
      stage.recorded.filter(({ kind }) => kind === 'escalated').map(({ reason }) => reason)
    return { ...stage, asks, ends, escalations }
  }

  test.each([
    ['distress', [DISTRESS], 'distress: "desperate"'],
    ['a wish for a person', ['let me talk to a human'], 'asked for a person'],
    ['anger, the second time', ['This is terrible', 'still useless'], 'still angry; anger: "useless"'],
  ])('%s: a person is on offer while the model is asked', async (_, [first = '', second], because) => {
    const { model, asks, escalations } = hanging()
    void model.send(first)
    if (second) {
      await asks(1)
      expect(model.phase.value).toBe('bot')
      void model.send(second)
    }
    expect([model.phase.value, escalations()]).toEqual(['offered', [because]])
    await asks(second ? 2 : 1)
    expect(model.isThinking.value).toBe(true)
    await vi.waitFor(() => expect(model.offer.value?.checking).toBe(false))
    // It did not cost the answer.
    expect(model.arriving.value).not.toBeNull()
  })

  test('though the bot is still at an earlier question', async () => {
    const { model, asks } = hanging({ bot: { answer: () => new Promise(() => {}) } })
    void model.send('how long does it take?')
    void model.send(DISTRESS)
    await asks(0)
    expect(model.phase.value).toBe('offered')
  })

  test('anger that only a poor answer makes a reason waits for it', async () => {
    const { model, asks, ends, escalations } = hanging()
    const sent = model.send('This is terrible')
    await asks(1)
    expect(model.phase.value).toBe('bot')
    ends[0]?.done()
    await sent
    expect(escalations()).toEqual([])
  })

  test('the answer comes all the same, and nobody is offered a person twice for one message', async () => {
    const { model, lines, asks, ends, escalations } = hanging()
    const sent = model.send(DISTRESS)
    await asks(1)
    ends[0]?.done()
    await sent
    expect([lines().at(-1), model.phase.value, escalations().length]).toEqual(['Whole.', 'offered', 1])
  })

  test('who stays with the bot is not offered a person again when the answer is there', async () => {
    const { model, lines, asks, ends, escalations } = hanging()
    const sent = model.send(DISTRESS)
    await asks(1)
    model.stayWithBot()
    ends[0]?.done()
    await sent
    expect([lines().at(-1), model.phase.value, escalations().length]).toEqual(['Whole.', 'bot', 1])
  })

  test('the offer outlives a stop, a failure and a reload', async () => {
    for (const ends of ['stop', 'failure', 'reload']) {
      vi.spyOn(console, 'error').mockImplementation(() => {})
      let { model, tab, lines, asks, ends: calls, escalations } = hanging()
      const sent = model.send(DISTRESS)
      await asks(1)
      if (ends === 'stop') model.stopAnswer()
      else if (ends === 'failure') {
        calls[0]?.fail()
        await sent
      } else {
        model.dispose()
        ;({ model, lines } = start({ tab }))
      }
      await vi.waitFor(() => expect(model.offer.value?.channels.length).toBeGreaterThan(0))
      expect([lines().at(-1), model.offer.value?.reason, escalations().length]).toEqual([
        'Stopped.',
        'policyTopic',
        1,
      ])
      vi.restoreAllMocks()
    }
  })
})

describe('an answer that comes bit by bit', () => {
  const source = (model: 'whole' | 'stopped'): AnswerSource => ({
    kind: 'article',
    citations: [{ articleId: 'a', title: 'A' }],
    model,
  })
  /** A bot whose answer the test writes: to `hold` it shows one sentence at a time. */
  function slowBot() {
    const calls: {
      readonly text: string
      readonly signal: AbortSignal
      show(text: string): void
      end(text: string): void
      fail(): void
    }[] = []
    const bot: BotProvider = {
      answer: (input, state, _facts, interim) =>
        new Promise((done, failed) => {
          const answer = (text: string, model: 'whole' | 'stopped') => ({
            turn: {
              messages: [{ text, source: source(model) }],
              choices: model === 'stopped' ? [{ id: 'again', label: 'Try again' }] : [],
            },
            state: { ...state, answered: [text] },
          })
          calls.push({
            text: input.kind === 'text' ? input.text : input.kind,
            signal: interim?.signal as AbortSignal,
            show: text => interim?.show([{ text, source: source('whole') }], answer(`${text} …`, 'stopped')),
            end: text => done(answer(text, 'whole')),
            fail: () => failed(new Error('boom')),
          })
        }),
    }
    return { bot, calls }
  }
  type Call = ReturnType<typeof slowBot>['calls'][number]
  async function asked(options: Parameters<typeof start>[0] = {}) {
    const { bot, calls } = slowBot()
    const stage = start({ bot, ...options })
    const sent = stage.model.send('how?')
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    const arriving = () =>
      stage.model.arriving.value?.map(item => (item.kind === 'message' ? item.text : item.name)) ?? null
    return { ...stage, sent, calls, arriving, call: calls[0] as Call }
  }

  test('stands apart until it is whole, is nothing unread, and stays one item', async () => {
    const { model, lines, call, arriving, sent } = await asked()
    expect(arriving()).toBeNull()
    call.show('One.')
    model.seen()
    const [first] = model.arriving.value ?? []
    call.show('One. Two.')
    expect([lines(), arriving(), model.unread.value]).toEqual([['<botIntro>', 'how?'], ['One. Two.'], 0])
    call.end('One. Two. Three.')
    await sent
    expect([lines().at(-1), arriving(), model.isThinking.value]).toEqual(['One. Two. Three.', null, false])
    expect(model.items.value.at(-1)?.key).toBe(first?.key)
  })

  test('that is stopped stays as what it is, at once; what the bot says after that is not heard', async () => {
    const { model, lines, call, arriving, sent } = await asked()
    call.show('One.')
    model.stopAnswer()
    expect(call.signal.aborted).toBe(true)
    expect([lines().at(-1), arriving(), model.isThinking.value]).toEqual(['One. …', null, false])
    expect(model.choices.value.map(({ id }) => id)).toEqual(['again'])
    call.show('One. Two.')
    call.end('One. Two.')
    await sent
    expect([lines().length, arriving()]).toEqual([3, null])
  })

  test('stopping what is not there does nothing', async () => {
    const { model, lines, call, sent } = await asked()
    model.stopAnswer()
    call.end('Whole.')
    await sent
    expect(lines().at(-1)).toBe('Whole.')
  })

  test('is not taken for whole after a reload in the middle', async () => {
    const first = await asked()
    first.call.show('One.')
    const second = start({ tab: first.tab })
    expect([second.lines(), second.model.arriving.value, second.model.unread.value]).toEqual([
      ['<botIntro>', 'how?', 'One. …'],
      null,
      0,
    ])
    expect(second.model.choices.value.map(({ label }) => label)).toEqual(['Try again'])
    // And not twice.
    expect(start({ tab: first.tab }).lines()).toHaveLength(3)
  })

  test('that was kept in another shape takes nothing along', () => {
    const tab = safeStorage(() => undefined)
    const kept = { startedAt: 1, turns: [], sources: [], choices: [], bot: { slots: {} }, draft: '' }
    const turn = { messages: [], choices: [] }
    const state = { slots: {} }
    for (const arriving of [
      {},
      { left: {} },
      { turns: [], left: { turn: {} } },
      { turns: [], left: { turn: { ...turn, choices: {} }, state } },
      { turns: [], left: { turn: { ...turn, choices: [null] }, state } },
      { turns: [], left: { turn: { ...turn, messages: [null] }, state } },
      { turns: [], left: { turn, state: {} } },
      { turns: [], left: { turn } },
      { turns: 'a', left: { turn: { ...turn, messages: [{ text: 'One.' }] }, state } },
      { left: { turn: { ...turn, messages: [{ text: 'One.' }] }, state } },
    ]) {
      tab.set('conversation', JSON.stringify({ ...kept, arriving }))
      expect(start({ tab }).lines()).toEqual(['<botIntro>'])
    }
  })

  test.for<readonly [string, (model: ReturnType<typeof start>['model']) => unknown]>([
    ['a person is asked for', model => model.askForPerson()],
    ['the next question is put', model => void model.send('and then?')],
  ])('ends when %s, and what had come stands before that', async ([, act]) => {
    const { model, lines, call } = await asked()
    call.show('One.')
    await act(model)
    expect(call.signal.aborted).toBe(true)
    expect(lines().slice(0, 3)).toEqual(['<botIntro>', 'how?', 'One. …'])
  })

  test.for<readonly [string, (model: ReturnType<typeof start>['model']) => unknown]>([
    ['the visitor stays with the bot', model => model.stayWithBot()],
    ['a channel is chosen that cannot be had', model => model.chooseChannel('live')],
  ])('goes on when %s', async ([, act]) => {
    const { model, lines, call, sent } = await asked()
    call.show('One.')
    await act(model)
    call.end('One. Two.')
    await sent
    expect(lines()).toEqual(['<botIntro>', 'how?', 'One. Two.'])
  })

  test('ends with the conversation and with the visitor, and nothing of it is left of either', async () => {
    for (const end of ['end', 'logout', 'dispose'] as const) {
      const { model, lines, call, sent } = await asked()
      call.show('One.')
      await model[end]()
      expect(call.signal.aborted).toBe(true)
      call.end('late')
      await sent
      if (end !== 'dispose') expect([lines(), model.arriving.value]).toEqual([['<botIntro>'], null])
      expect(lines()).not.toContain('late')
    }
  })

  test('a new conversation does not wait for an answer of the old one', async () => {
    for (const end of ['end', 'logout'] as const) {
      const { model, lines, call, calls, sent } = await asked()
      await model[end]()
      const next = model.send('and then?')
      await vi.waitFor(() => expect(calls).toHaveLength(2))
      call.end('late')
      await sent
      expect(model.isThinking.value).toBe(true)
      calls[1]?.end('Then.')
      await next
      expect(lines()).toEqual(['<botIntro>', 'and then?', 'Then.'])
    }
  })

  test('the next question is answered after one that was stopped', async () => {
    const { model, lines, call, calls } = await asked()
    call.show('One.')
    const next = model.send('and then?')
    call.end('late')
    await vi.waitFor(() => expect(calls).toHaveLength(2))
    calls[1]?.end('Then.')
    await next
    expect(lines()).toEqual(['<botIntro>', 'how?', 'One. …', 'and then?', 'Then.'])
  })

  test('one that was stopped keeps nobody waiting, though its bot does not heed it', async () => {
    const { model, lines, call, calls, sent } = await asked()
    const next = model.send('and then?')
    call.show('One.')
    model.stopAnswer()
    await sent
    await vi.waitFor(() => expect(calls).toHaveLength(2))
    expect(model.isThinking.value).toBe(true)
    calls[1]?.end('Then.')
    await next
    expect(lines().slice(-2)).toEqual(['One. …', 'Then.'])
  })

  test('a bot that throws when it is stopped is no failure', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { model, call, sent } = await asked()
    call.show('One.')
    model.stopAnswer()
    call.fail()
    await sent
    expect(reported).not.toHaveBeenCalled()
    reported.mockRestore()
  })

  test('of a bot that throws in the middle: what had come stands, as what it is', async () => {
    vi.spyOn(console, 'error').mockImplementationOnce(() => {})
    const { lines, call, sent } = await asked()
    call.show('One.')
    call.fail()
    await sent
    expect(lines().at(-1)).toBe('One. …')
  })

  test('in the journal it is the model’s', async () => {
    const { call, sent, recorded } = await asked()
    call.end('Whole.')
    await sent
    expect(recorded.map(({ rule }) => rule)).toEqual(['bot:model'])
  })
})

describe('three roads to a person, none only through the bot', () => {
  const bot = () => {
    throw new Error('the bot was asked')
  }
  const roads = (model: ReturnType<typeof start>['model']) =>
    model.offer.value?.channels.map(({ channel }) => channel)

  test('before the first question, and without the server: the button alone leads to chat and ticket', async () => {
    const { model, seen } = start({ bot: { answer: bot } })
    await model.askForPerson()
    expect(roads(model)).toEqual(expect.arrayContaining(['live', 'ticket']))
    expect(seen).toEqual([])
  })

  test('the bot leads there, too, where it is asked', async () => {
    const { model } = start({ understand: createUnderstand({ language: words }) })
    await model.send('I want to talk to a person')
    await vi.waitFor(() => expect(roads(model)).toEqual(expect.arrayContaining(['live', 'ticket'])))
  })

  test('after an answer, after "stay with the bot", and while it has not answered: the button still leads there', async () => {
    const { model } = start()
    await model.send('Where is my invoice?')
    await model.askForPerson()
    expect(roads(model)).toEqual(expect.arrayContaining(['live', 'ticket']))
    model.stayWithBot()
    await model.askForPerson()
    expect(roads(model)).toEqual(expect.arrayContaining(['live', 'ticket']))
    const silent = start({ bot: { answer: () => new Promise(() => {}) } })
    void silent.model.send('Are you there?')
    await silent.model.askForPerson()
    expect(roads(silent.model)).toEqual(expect.arrayContaining(['live', 'ticket']))
  })
})
