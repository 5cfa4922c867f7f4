// What leads are asked to judge: which items a conversation holds, what is shown of them, and the two calls.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JournalRecord } from '../../../src/journal/record'
import type { EventBody, StoredEvent } from '../../../src/protocol/events'
import type { Author, Brief } from '../../../src/protocol/records'
import type { DeskCalls } from '../../../src/protocol/wire'
import { readConfig } from '../../../src/server/helpDeskConfig'
import { itemOfRecord, itemsOf } from '../../../src/server/reviewItems'
import { withOffered } from '../../../src/server/reviews'
import { DEFAULT_REVIEWS, type ReviewRules } from '../../../src/server/sampling'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback, type LoopbackAgent } from '../../../src/testing/loopback'

const LEA: LoopbackAgent = { agentId: 'agent-lea', name: 'Lea Stone', roles: ['lead'] }
const MAX: LoopbackAgent = { agentId: 'agent-max', name: 'Max', roles: ['lead'] }
const ADA: LoopbackAgent = { agentId: 'agent-ada', name: 'Ada Park' }
const ALL: ReviewRules = {
  rates: {
    contested: 1,
    lowRated: 1,
    notSolved: 1,
    lowConfidence: 1,
    missed: 1,
    answers: 1,
    handoffs: 1,
    agents: 1,
  },
  weekly: 40,
}

const brief = (change: Partial<Brief> = {}): Brief => ({
  ...emptyBrief(),
  page: { ...emptyBrief().page, route: '/withdrawals' },
  visitor: { locale: 'en', name: 'Mara Vale', role: 'freelancer', attributes: {} },
  ...change,
})

/** Events of one conversation; `at` is 1000 times the seq. */
function thread(...bodies: readonly (readonly [Author['kind'], EventBody | string])[]): StoredEvent[] {
  return bodies.map(([kind, body], n) => ({
    conversationId: 'conversation-1',
    seq: n + 1,
    clientId: `client-${n}`,
    at: (n + 1) * 1_000,
    author:
      kind === 'agent'
        ? { kind, agentId: 'agent-ada', name: 'Ada Park' }
        : kind === 'visitor'
          ? { kind, name: 'Mara Vale' }
          : { kind },
    ...(kind === 'bot' && { origin: 'device' as const, saidAt: 500 + n }),
    body: typeof body === 'string' ? { type: 'message', text: body, format: 'plain' } : body,
  }))
}
const opened = (change: Partial<Brief> = {}) => ['visitor', { type: 'opened', brief: brief(change) }] as const
const handoff = ['visitor', { type: 'handoffReady', channel: 'live' }] as const

describe('[R5] what there is to judge', () => {
  test('answers of bot and agents with their question, and the handoff', () => {
    const found = itemsOf(
      thread(
        opened({ reason: 'policyTopic', because: 'dispute: "refund"' }),
        ['bot', 'Hello, ask me anything.'],
        ['visitor', 'Where is my money?'],
        [
          'bot',
          {
            type: 'message',
            text: 'On hold for 5 days.',
            format: 'plain',
            citations: [
              { articleId: 'withdrawals/delayed', title: 'Delayed', headingId: 'h', headingText: 'Holds' },
            ],
          },
        ],
        ['bot', 'Did that help?'],
        ['visitor', 'I want a refund'],
        handoff,
        ['agent', 'I look into it.'],
        ['agent', 'It leaves today.'],
        ['visitor', 'Thanks'],
        ['agent', 'You are welcome.'],
      ),
    )
    expect(found.map(({ kind, seq, shown }) => [kind, seq, shown.question, shown.answer])).toEqual([
      ['answer', 4, 'Where is my money?', ['On hold for 5 days.', 'Did that help?']],
      ['agent', 8, 'I want a refund', ['I look into it.', 'It leaves today.']],
      ['agent', 11, 'Thanks', ['You are welcome.']],
      ['handoff', 7, 'I want a refund', []],
    ])
    expect(found[0]?.shown).toMatchObject({
      before: [{ by: 'bot', text: 'Hello, ask me anything.' }],
      sources: [{ articleId: 'withdrawals/delayed', title: 'Delayed', headingId: 'h', headingText: 'Holds' }],
      route: '/withdrawals',
      role: 'freelancer',
    })
    expect(found[3]?.shown).toMatchObject({ rule: 'policyTopic', because: 'dispute: "refund"' })
    // What came after it is no help in judging it.
    expect(JSON.stringify(found[0]?.shown)).not.toContain('refund')
  })

  test('names and numbers of people are taken out, order numbers stay', () => {
    const [item] = itemsOf(
      thread(
        opened(),
        ['visitor', 'I am Mara (mara@x.example), card 4111 1111 1111 1111, order W-7731'],
        handoff,
        ['agent', 'Hello Mara, Ada here: W-7731 leaves today.'],
      ),
    )
    expect(item?.shown.question).toBe('I am [name] ([email]), card [card 1111], order W-7731')
    expect(item?.shown.answer).toEqual(['Hello [name], [name] here: W-7731 leaves today.'])
    expect(JSON.stringify(item?.shown)).not.toMatch(/agent-ada|Ada|Park/)
  })

  test('names with a hyphen, an apostrophe or signs of a pattern are taken out like others', () => {
    for (const name of ['Anne-Marie', "O'Neill", 'A.B*(c) [d] {e}|f^$+?/\\']) {
      const { visitor } = brief()
      const asked = opened({ visitor: { ...visitor, name } })
      const [item] = itemsOf(thread(asked, ['visitor', `I am ${name}`], handoff, ['agent', 'Hello.']))
      expect(item?.shown.question).toBe('I am [name]')
    }
  })

  test('a rating is about the agent who had the last word, or about the last answer of the bot', () => {
    const rated = (score: 1 | 5) => ['visitor', { type: 'rated', score }] as const
    const asked = [opened(), ['visitor', 'Q'], ['bot', 'A'], handoff] as const
    const of = (events: StoredEvent[]) =>
      itemsOf(events).flatMap(({ kind, signals }) => (signals.rating ? [[kind, signals.rating]] : []))
    expect(of(thread(...asked, ['visitor', 'And?'], ['agent', 'B'], rated(5), rated(1)))).toEqual([
      ['agent', 1],
    ])
    expect(of(thread(...asked, rated(1)))).toEqual([['answer', 1]])
  })

  test('what did not help, and what was contested, is marked on the answer that it is about', () => {
    const unsolved = itemsOf(
      thread(
        opened({ reason: 'notSolvedTwice' }),
        ['visitor', 'one'],
        ['bot', 'A'],
        ['visitor', 'two'],
        ['bot', 'B'],
        handoff,
      ),
    )
    expect(unsolved.filter(({ signals }) => signals.isUnsolved).map(({ seq }) => seq)).toEqual([5])
    const contested = (body: object) => ['visitor', { type: 'contested', about: 'answer', ...body }] as const
    const about = (body: object) =>
      itemsOf(
        thread(
          opened(),
          ['visitor', 'one'],
          ['bot', 'A'],
          ['visitor', 'two'],
          ['bot', 'B'],
          handoff,
          contested(body) as never,
        ),
      )
        .filter(({ signals }) => signals.isContested)
        .map(({ seq }) => seq)
    expect(about({})).toEqual([5])
    expect(about({ target: 3 })).toEqual([3])
    expect(about({ target: 'client-2' })).toEqual([3])
    expect(about({ about: 'escalation' })).toEqual([6])
    expect(about({ about: 'priority' })).toEqual([])
  })

  test('words that were erased are nothing to judge', () => {
    const gone = { type: 'redacted', target: 2 } as const
    expect(itemsOf(thread(['visitor', gone], ['visitor', gone], ['bot', 'A'], handoff))).toEqual([])
  })

  test('one answer is one item, told by the journal or handed over', () => {
    const [told] = itemsOf(thread(opened(), ['visitor', 'Where is it?'], ['bot', 'There.']))
    const record: JournalRecord = {
      id: 'record-01',
      kind: 'answered',
      at: 502,
      inputs: { question: 'Where is it?', confidence: 0.4, articleIds: ['a/b'], route: '/x' },
      rule: 'bot:article',
      reason: 'answer found',
    }
    const recorded = itemOfRecord(record, 9_000)
    expect(recorded?.name).toEqual(told?.name)
    expect(recorded).toMatchObject({
      kind: 'answer',
      signals: { confidence: 0.4 },
      shown: { sources: [{ articleId: 'a/b' }], rule: 'bot:article', route: '/x' },
    })
    expect(itemOfRecord({ ...record, kind: 'missed' }, 9_000)?.kind).toBe('missed')
    expect(itemOfRecord({ ...record, kind: 'suggested' }, 9_000)).toBeNull()
    expect(itemOfRecord({ ...record, inputs: {} }, 9_000)).toBeNull()
  })
})

describe('the configuration', () => {
  test('one rate for what is ordinary, the rest by name, and none at all', () => {
    expect(readConfig({}).reviews).toEqual(DEFAULT_REVIEWS)
    expect(readConfig({ reviews: false }).reviews).toBeNull()
    expect(readConfig({ reviews: { rate: 0.2, contested: 0.5, weekly: 7 } }).reviews).toEqual({
      rates: { ...DEFAULT_REVIEWS.rates, answers: 0.2, handoffs: 0.2, agents: 0.2, contested: 0.5 },
      weekly: 7,
    })
    expect(() => readConfig({ reviews: { rate: 5 } })).toThrow(/reviews.*a number from 0 to 1/s)
  })
})

describe('the calls', () => {
  let loopback: Loopback
  beforeEach(async () => {
    loopback = await createLoopback({ reviews: ALL })
  })
  afterEach(() => loopback.close())

  async function line(agent: LoopbackAgent) {
    const { transport } = loopback.agent(agent)
    transport.connect()
    await loopback.settle()
    return transport
  }
  type Desk = Awaited<ReturnType<typeof line>>
  async function next(desk: Desk, change: Partial<DeskCalls['reviews']['request']> = {}) {
    const reply = await desk.request('reviews', { v: 1, ...change })
    if (!reply.ok) throw new Error(reply.code)
    return reply
  }
  const judge = (desk: Desk, itemId: string, change: Partial<DeskCalls['judge']['request']> = {}) =>
    desk.request('judge', {
      v: 1,
      itemId,
      expected: 0,
      verdict: 'right',
      article: null,
      words: '',
      ...change,
    })
  const codeOf = (reply: { ok: boolean; code?: string }) => (reply.ok ? 'ok' : reply.code)

  /** Asked of the bot, then of Ada, and over. */
  async function talk(): Promise<string> {
    const { transport } = loopback.visitor()
    transport.connect()
    const ada = await line(ADA)
    const opening = await transport.request('open', { v: 1, openId: 'open-0001', brief: brief() })
    if (!opening.ok) throw new Error(opening.code)
    const { conversationId } = opening
    const message = (clientId: string, text: string, as?: 'bot') => ({
      clientId,
      ...(as && { as }),
      saidAt: loopback.clock.now(),
      body: { type: 'message', text, format: 'plain' } as const,
    })
    await transport.request('send', {
      v: 1,
      conversationId,
      drafts: [
        message('client-01', 'Where is it?'),
        message('client-02', 'There.', 'bot'),
        { clientId: 'client-03', body: { type: 'handoffReady', channel: 'live' } },
      ],
    })
    await ada.request('claim', { v: 1, conversationId, expected: 0 })
    await ada.request('send', {
      v: 1,
      conversationId,
      drafts: [
        { clientId: 'client-04', body: { type: 'message', text: 'Here.', format: 'markdown' } },
        { clientId: 'client-05', body: { type: 'ended', by: 'agent' } },
      ],
    })
    await loopback.settle(61_000)
    return conversationId
  }

  test('[R5] a lead judges all there is, one at a time; then none is left', async () => {
    await talk()
    const lea = await line(LEA)
    const seen: string[] = []
    for (let round = 0; round < 3; round++) {
      const { item, waiting } = await next(lea)
      expect(waiting).toBe(3 - round)
      if (!item) throw new Error('nothing to judge')
      seen.push(item.kind)
      expect(await judge(lea, item.itemId, { verdict: round ? 'right' : 'shouldHaveAsked' })).toMatchObject({
        ok: true,
        revision: 1,
      })
    }
    expect(seen.sort()).toEqual(['agent', 'answer', 'handoff'])
    const { item, figures } = await next(lea)
    expect(item).toBeNull()
    expect(figures).toMatchObject({ judged: 3, waiting: 0 })
  })

  test('[R5] who reads waits for no write: not for what is taken, nor for what leaves', async () => {
    await talk()
    const lea = await line(LEA)
    const { store } = loopback
    const { offerReviews, dropReview } = store
    let write = () => {}
    const held = new Promise<void>(resolve => {
      write = resolve
    })
    store.offerReviews = async (...taken) => held.then(() => offerReviews(...taken))
    store.dropReview = async itemId => held.then(() => dropReview(itemId))
    const { item, waiting } = await next(lea)
    expect(waiting).toBe(3)
    expect((await next(lea, { skipped: [item?.itemId ?? ''] })).item?.itemId).not.toBe(item?.itemId)
    // It is stored once it can be, and so is what is said of it.
    const judged = judge(lea, item?.itemId ?? '', {
      verdict: item?.kind === 'handoff' ? 'shouldHaveAsked' : 'right',
    })
    write()
    expect(codeOf(await judged)).toBe('ok')
    expect((await next(lea)).waiting).toBe(2)
  })

  test('[R6] nor for what cannot be read any more', async () => {
    const conversationId = await talk()
    const lea = await line(LEA)
    expect((await next(lea)).waiting).toBe(3)
    await loopback.settle()
    const { store } = loopback
    const { read } = store
    const never = new Promise<void>(() => {})
    store.dropReview = () => never
    store.read = async (id, ...rest) => (id === conversationId ? null : read(id, ...rest))
    expect(await next(lea)).toMatchObject({ item: null })
    expect(await next(lea)).toMatchObject({ item: null, waiting: 0 })
    store.read = read
  })

  test('[R2] of what is not stored yet as many are shown as stay', () => {
    const item = (n: number, change: object = {}) => ({
      itemId: `item-${n}`,
      kind: 'answer' as const,
      stratum: 'answers' as const,
      place: { journalPosition: n },
      at: 0,
      week: 0,
      draw: n,
      chance: 100,
      agentId: null,
      ...change,
    })
    const row = (n: number, change: object = {}) => ({ ...item(n, change), revision: 0, judgement: null })
    const shown = (...args: Parameters<typeof withOffered>) =>
      withOffered(...args).map(({ itemId }) => itemId)
    expect(shown([row(3)], [item(1), item(3), item(5)], 2)).toEqual(['item-3', 'item-1'])
    expect(shown([row(1), row(2)], [item(5)], 2)).toEqual(['item-1', 'item-2'])
    expect(shown([row(1, { chance: 4 })], [item(5)], 9)).toEqual(['item-1'])
    expect(shown([row(1)], [item(5, { week: 7 })], 1)).toEqual(['item-1', 'item-5'])
  })

  test('[R5] what is passed over comes after the rest, and one that was seen can be read again', async () => {
    await talk()
    const lea = await line(LEA)
    const first = (await next(lea)).item?.itemId ?? ''
    const second = (await next(lea, { skipped: [first] })).item?.itemId ?? ''
    expect(second).not.toBe(first)
    const third = (await next(lea, { skipped: [first, second] })).item?.itemId ?? ''
    expect((await next(lea, { skipped: [first, second, third] })).item).toBeNull()
    await judge(lea, first, { words: 'Well said.' })
    expect((await next(lea, { itemId: first })).item).toMatchObject({
      itemId: first,
      verdict: 'right',
      words: 'Well said.',
      revision: 1,
    })
  })

  test('[R4] of two leads one judges; the other hears that it changed', async () => {
    await talk()
    const [lea, max] = [await line(LEA), await line(MAX)]
    const itemId = (await next(lea)).item?.itemId ?? ''
    expect(codeOf(await judge(lea, itemId))).toBe('ok')
    expect(codeOf(await judge(max, itemId, { verdict: 'shouldHaveAsked' }))).toBe('stale_assignment')
    expect(codeOf(await judge(max, itemId, { expected: 1, verdict: 'shouldHaveAsked' }))).toBe('ok')
  })

  test('[R4] a verdict must be one that its kind has, and of an item that there is', async () => {
    await talk()
    const lea = await line(LEA)
    const skipped: string[] = []
    let { item } = await next(lea)
    while (item && item.kind !== 'handoff') {
      skipped.push(item.itemId)
      item = (await next(lea, { skipped })).item
    }
    const handed = item?.itemId ?? ''
    expect(codeOf(await judge(lea, handed, { verdict: 'wrong' }))).toBe('bad_request')
    expect(codeOf(await judge(lea, 'no-such-item'))).toBe('not_found')
  })

  test('[R4] agents neither read nor judge; where it is off nobody does', async () => {
    const ada = await line(ADA)
    expect(codeOf(await ada.request('reviews', { v: 1 }))).toBe('forbidden')
    expect(codeOf(await judge(ada, 'some-item-1'))).toBe('forbidden')
    const off = await createLoopback()
    const { transport } = off.agent(LEA)
    transport.connect()
    await off.settle()
    expect(codeOf(await transport.request('reviews', { v: 1 }))).toBe('not_found')
    await off.close()
  })

  test('[R5] nobody is asked about answers of their own', async () => {
    const { transport } = loopback.visitor()
    transport.connect()
    const lea = await line(LEA)
    const opening = await transport.request('open', { v: 1, openId: 'open-0002', brief: brief() })
    if (!opening.ok) throw new Error(opening.code)
    const { conversationId } = opening
    const body = { type: 'message', text: 'Is anybody there?', format: 'plain' } as const
    await transport.request('send', {
      v: 1,
      conversationId,
      drafts: [
        { clientId: 'client-01', body: { type: 'handoffReady', channel: 'live' } },
        { clientId: 'client-02', body },
      ],
    })
    await lea.request('claim', { v: 1, conversationId, expected: 0 })
    await lea.request('send', {
      v: 1,
      conversationId,
      drafts: [
        { clientId: 'client-03', body: { ...body, text: 'Yes.', format: 'markdown' } },
        { clientId: 'client-04', body: { type: 'ended', by: 'agent' } },
      ],
    })
    await loopback.settle(61_000)
    expect((await next(lea)).item).toBeNull()
    const max = await line(MAX)
    const { item } = await next(max)
    expect(item).toMatchObject({ kind: 'agent', answer: ['Yes.'] })
    expect(JSON.stringify(item)).not.toMatch(/lea/i)
    expect(codeOf(await judge(lea, item?.itemId ?? ''))).toBe('forbidden')
  })

  test('[R6] once a conversation is erased nothing of it is asked, judged or counted', async () => {
    const conversationId = await talk()
    const lea = await line(LEA)
    expect((await next(lea)).waiting).toBe(3)
    await loopback.store.erase(conversationId, loopback.clock.now())
    expect(await next(lea)).toMatchObject({ item: null, waiting: 0, figures: { judged: 0, waiting: 0 } })
  })
})
