import fc from 'fast-check'
import { is, parse } from 'valibot'
import { describe, expect, test } from 'vitest'
import { buildBrief, clip } from '../../../src/conversation/brief'
import { channelDecision, channelOffers } from '../../../src/conversation/channels'
import { amountOf, decide } from '../../../src/conversation/escalation'
import type { Facts } from '../../../src/protocol/facts'
import { jsonBytes, MAX_BRIEF_BYTES } from '../../../src/protocol/limits'
import { visitorRequests } from '../../../src/protocol/parse'
import type { Availability } from '../../../src/protocol/wire'
import type { Reading } from '../../../src/understanding/understand'
import { english } from '../../english'

const reading = (more: Partial<Reading> = {}): Reading => ({
  questionType: 'statement',
  intents: [],
  slots: {},
  tone: { frustration: 0, urgency: 0, distress: 0, evidence: [] },
  wantsPerson: false,
  policyTopics: [],
  category: 'other',
  ...more,
})
const angry = reading({ tone: { frustration: 0.8, urgency: 0, distress: 0, evidence: ['useless'] } })

describe('when a person is offered', () => {
  test.each([
    ['asked for', { turn: {}, misses: 0, reading: reading({ wantsPerson: true }) }, 'askedForPerson'],
    ['the answer calls for one', { turn: { escalate: 'flowHandoff' as const }, misses: 0 }, 'flowHandoff'],
    [
      'policy topic',
      { turn: {}, misses: 0, reading: reading({ policyTopics: ['chargeback'] }) },
      'policyTopic',
    ],
    ['two misses', { turn: { missed: true }, misses: 2 }, 'notSolvedTwice'],
    ['one miss and anger', { turn: { missed: true }, misses: 1, reading: angry }, 'notSolvedTwice'],
    ['one miss', { turn: { missed: true }, misses: 1 }, undefined],
    ['anger with an answer', { turn: {}, misses: 0, reading: angry }, undefined],
    ['declined before, two misses', { turn: { missed: true }, misses: 2, wasDeclined: true }, undefined],
    [
      'declined, then asked for',
      { turn: {}, misses: 0, wasDeclined: true, reading: reading({ wantsPerson: true }) },
      'askedForPerson',
    ],
  ] as const)('%s', (_, input, reason) => {
    expect(decide(input)?.reason).toBe(reason)
  })
})

describe('a policy topic', () => {
  const charged = reading({
    policyTopics: ['payment'],
    policySigns: [{ topic: 'payment', evidence: ['charged twice'], isListed: false }],
  })
  const because = 'topic: payment: "charged twice"'
  test('is named with its words, whether the answer has seen it or not', () => {
    for (const turn of [{}, { escalate: 'policyTopic' as const }, { messages: [] }])
      expect(decide({ turn, misses: 0, reading: charged })).toEqual({ reason: 'policyTopic', because })
  })
  test('that a flow has taken up waits for the end of the flow', () => {
    const source = { kind: 'flow' as const, flowId: 'f', step: 's', title: 'F' }
    const turn = { messages: [{ text: 'Which one?', source }] }
    expect(decide({ turn, misses: 0, reading: charged })).toBeNull()
    expect(
      decide({ turn: { ...turn, escalate: 'flowHandoff' as const }, misses: 0, reading: charged })?.reason,
    ).toBe('flowHandoff')
  })
})

describe('what makes the site hurry', () => {
  const facts = (data: Record<string, string>, visitor: Partial<Facts['visitor']> = {}): Facts => ({
    page: { url: 'u', route: '/', title: 't', name: 'n', headings: [], language: 'en', data },
    visitor: { locale: 'en', attributes: {}, ...visitor },
  })
  const missed = { turn: { missed: true }, misses: 1 }
  const config = {
    valueAtStake: { fact: 'amount', atLeast: 500 },
    roles: ['agency'],
    attributes: { plan: ['pro'] },
  }
  test.each([
    ['much at stake', facts({ amount: '1,250.50 USD' }), '1 unanswered; at stake: 1,250.50 USD'],
    ['little at stake', facts({ amount: '€ 499,99' }), undefined],
    ['no number there', facts({ amount: 'soon' }), undefined],
    ['a role', facts({}, { role: 'agency' }), '1 unanswered; role: agency'],
    ['a plan', facts({}, { attributes: { plan: 'pro' } }), '1 unanswered; plan: pro'],
    ['another plan', facts({}, { attributes: { plan: 'free' } }), undefined],
  ])('%s', (_, given, because) => {
    expect(decide({ ...missed, facts: given, config })?.because).toBe(because)
  })
  test('nobody is there: one more try, but an ask is an ask', () => {
    const alone = { turn: { missed: true }, misses: 2, isAnybodyThere: false }
    expect(decide(alone)).toBeNull()
    expect(decide({ ...alone, misses: 3 })?.because).toBe('3 unanswered')
    expect(decide({ ...alone, reading: reading({ wantsPerson: true }) })?.reason).toBe('askedForPerson')
  })
  test('whatever hurries, the first offer waits for a miss; distress does not', () => {
    expect(decide({ turn: {}, misses: 0, facts: facts({ amount: '9999' }), config })).toBeNull()
    const distress = reading({ tone: { frustration: 0, urgency: 0, distress: 1, evidence: ['in danger'] } })
    expect(decide({ turn: {}, misses: 0, reading: distress })).toEqual({
      reason: 'policyTopic',
      because: 'distress: "in danger"',
    })
  })
  test('an answer that the bot is not sure of does not calm an angry visitor', () => {
    expect(decide({ turn: { confidence: 0.4 }, misses: 0, reading: angry })?.because).toContain('unsure')
    expect(decide({ turn: { confidence: 0.9 }, misses: 0, reading: angry })).toBeNull()
  })
  test('an answer does not calm who was angry before it, too; a person declined is not offered again for it', () => {
    const again = { turn: { confidence: 0.9 }, misses: 0, reading: angry, wasAngry: true }
    expect(decide(again)).toEqual({ reason: 'notSolvedTwice', because: 'still angry; anger: "useless"' })
    expect(decide({ ...again, reading: reading() })).toBeNull()
    expect(decide({ ...again, wasDeclined: true })).toBeNull()
  })
  test.each([
    ['1,250.50 USD', 1250.5],
    ['€ 1.250,50', 1250.5],
    ["CHF 1'250", 1250],
    ['1 250,5', 1250.5],
    ['1.250', 1250],
    ['12', 12],
    ['none', Number.NaN],
  ])('the amount of "%s"', (text, amount) => {
    expect(amountOf(text)).toBe(amount)
  })
})

describe('channels', () => {
  const open: Availability = {
    open: true,
    agentsOnline: 1,
    waiting: 0,
    expectedWaitMs: 60_000,
    opensAt: null,
  }
  const site = { hasPeople: true, contactEmail: 'help@example.org', hasCallBack: true }
  const best = (...args: Parameters<typeof channelOffers>) =>
    channelOffers(...args).find(offer => offer.recommended)?.channel

  test('a chat is best while somebody is there and the wait is bearable', () => {
    expect(best(open, site, null)).toBe('live')
    expect(best({ ...open, expectedWaitMs: null }, site, null)).toBe('live')
    expect(best({ ...open, expectedWaitMs: 3_600_000 }, site, null)).toBe('ticket')
    expect(best({ ...open, agentsOnline: 0 }, site, null)).toBe('ticket')
  })

  test('a wait that may be twice as long as is bearable is no chat to advise; the decision says rule, measures and reason', () => {
    const unsure = { ...open, expectedWaitMs: 300_000, expectedRange: { lowMs: 60_000, highMs: 1_300_000 } }
    expect(best(unsure, site, null)).toBe('ticket')
    expect(channelDecision(channelOffers(unsure, site, null), unsure)).toEqual({
      kind: 'channelRecommended',
      inputs: {
        roads: ['ticket', 'live', 'phone', 'email'],
        open: true,
        agentsOnline: 1,
        waiting: 0,
        expectedWaitMs: 300_000,
        highMs: 1_300_000,
      },
      rule: 'channel@2',
      outcome: 'ticket',
      reason: 'longWait',
    })
    expect(channelDecision([], null)).toBeNull()
  })

  test('[D47] a message is advised where it is answered no later than a chat, says the measure, and promises nothing unmeasured', () => {
    const slow = { ...open, expectedWaitMs: 540_000 }
    const hour = 3_600_000
    const quick = { ...slow, ticketAnswer: { medianMs: 500_000, usualMs: hour } }
    expect(best(slow, site, null)).toBe('live')
    expect(best(quick, site, null)).toBe('ticket')
    expect(best({ ...slow, ticketAnswer: { medianMs: hour, usualMs: hour } }, site, null)).toBe('live')
    expect(channelDecision(channelOffers(quick, site, null), quick)).toMatchObject({
      inputs: { expectedWaitMs: 540_000, ticketMs: 500_000 },
      outcome: 'ticket',
      reason: 'longWait',
    })
    const within = (change: Partial<Availability>) =>
      channelOffers({ ...open, ...change }, site, null).find(({ channel }) => channel === 'ticket')
    expect(within(quick)?.answerWithinMs).toBe(hour)
    expect(within({ ticketAnswer: null })?.answerWithinMs).toBeNull()
    expect(within({})).not.toHaveProperty('answerWithinMs')
  })

  test('closed says when it opens, and never claims a wait', () => {
    const offers = channelOffers({ ...open, open: false, opensAt: 99 }, site, null)
    expect(offers.find(({ channel }) => channel === 'live')).toMatchObject({
      channel: 'live',
      available: false,
      expectedWaitMs: null,
      opensAt: 99,
    })
  })

  test('the road that is recommended is told first: nobody reads of a chat first where nobody is there', () => {
    const told = (change: Partial<Parameters<typeof channelOffers>[0]>) =>
      channelOffers({ ...open, ...change }, site, null).map(({ channel }) => channel)
    expect(told({})).toEqual(['live', 'ticket', 'phone', 'email'])
    for (const change of [{ open: false }, { agentsOnline: 0 }, { expectedWaitMs: 3_600_000 }])
      expect(told(change)).toEqual(['ticket', 'live', 'phone', 'email'])
    // What the bot says before anybody was asked who is there promises nobody.
    expect(english['bot.offerPerson']).not.toMatch(/here|now|take over/)
  })

  test('a contact is asked for only where it is not known', () => {
    const need = (offers: ReturnType<typeof channelOffers>) => offers.map(offer => offer.needsContact)
    expect(need(channelOffers(open, site, null))).toEqual([null, 'email', 'phone', null])
    expect(need(channelOffers(open, site, { email: 'a@b.c' }))).toEqual([null, null, 'phone', null])
  })

  test('where people exist there is never a dead end, and exactly one open road is recommended', () => {
    fc.assert(
      fc.property(
        fc.option(
          fc.record({
            open: fc.boolean(),
            agentsOnline: fc.nat(3),
            waiting: fc.nat(9),
            expectedWaitMs: fc.option(fc.nat(9_000_000)),
            opensAt: fc.option(fc.nat()),
          }),
        ),
        fc.option(fc.constant('help@example.org')),
        (availability, contactEmail) => {
          const offers = channelOffers(availability, { hasPeople: true, contactEmail }, null)
          const recommended = offers.filter(offer => offer.recommended)
          expect(recommended).toHaveLength(1)
          expect(recommended[0]?.available).toBe(true)
        },
      ),
    )
  })
})

describe('the brief', () => {
  const page = { url: 'u', route: '/', title: 't', name: 'n', headings: [], language: 'en', data: {} }
  const facts = { page, visitor: { locale: 'en', attributes: {} } }
  const bot = { slots: {}, misses: 0, answered: [] }

  test('[D21] stays within 16 KiB and within the schema, whatever the page brings', () => {
    const long = fc.string({ maxLength: 3_000, unit: 'grapheme' })
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), long, { maxKeys: 60 }),
        fc.array(long, { maxLength: 40 }),
        long,
        (data, headings, text) => {
          const brief = buildBrief({
            reason: 'askedForPerson',
            facts: {
              page: { ...page, url: text, headings, data, errors: headings, recentRoutes: headings },
              visitor: { locale: 'en', name: text, attributes: data },
            },
            articlesRead: headings.map(title => ({ articleId: title, title })),
            bot: {
              ...bot,
              question: text,
              slots: Object.fromEntries(
                Object.entries(data).map(([name, value]) => [name, { label: name, value }]),
              ),
            },
            turns: 3,
          })
          expect(jsonBytes(brief)).toBeLessThanOrEqual(MAX_BRIEF_BYTES)
          expect(is(visitorRequests.open, { v: 1, openId: 'openopen', brief })).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('an agent receives the trouble that the page showed, and where the visitor came from', () => {
    const trouble = { errors: ['Card declined'], recentRoutes: ['/cart'] }
    const briefOf = (page: Facts['page']) =>
      buildBrief({ reason: 'askedForPerson', facts: { ...facts, page }, articlesRead: [], bot, turns: 1 })
    const stored = (brief: object) => parse(visitorRequests.open, { v: 1, openId: 'openopen', brief }).brief
    expect(stored(briefOf({ ...page, ...trouble })).page).toEqual({ ...page, ...trouble })
    // A page of before knows neither, and is stored as it came.
    expect(stored(briefOf(page)).page).toEqual(page)
  })

  test('cards are masked on the way to a person, addresses are kept', () => {
    const brief = buildBrief({
      reason: 'flowHandoff',
      facts,
      articlesRead: [],
      bot: {
        ...bot,
        question: 'charge on 4111 1111 1111 1111',
        slots: { mail: { label: 'E-mail', value: 'a@b.org' } },
      },
      turns: 1,
    })
    expect(brief.question).toBe('charge on [card 1111]')
    expect(brief.slots[0]?.value).toBe('a@b.org')
  })

  test('cutting never leaves half of a pair', () => {
    expect(clip('ab😀cd', 4)).toBe('ab…')
    expect(clip('abcd', 4)).toBe('abcd')
  })
})
