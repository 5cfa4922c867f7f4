import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  buildTimeline,
  createTimeline,
  type LocalTurn,
  type TimelineItem,
} from '../../../src/conversation/timeline'
import { enqueue, type Outbox, type OutboxRow } from '../../../src/live/outbox'
import type { EventBody, StoredEvent } from '../../../src/protocol/events'
import type { Author } from '../../../src/protocol/records'

const visitor: Author = { kind: 'visitor' }
const agent: Author = { kind: 'agent', agentId: 'a1', name: 'Kim' }
const isOwn = (author: Author) => author.kind === 'visitor'
let seq = 0
const event = (author: Author, body: EventBody | string, more: Partial<StoredEvent> = {}): StoredEvent => ({
  conversationId: 'c',
  seq: ++seq,
  clientId: `id-${seq}`,
  at: seq * 1_000,
  author,
  body: typeof body === 'string' ? { type: 'message', text: body, format: 'plain' } : body,
  ...more,
})
const pending = (outbox: Outbox, clientId: string, text: string, isEarlier = false) =>
  enqueue(outbox, {
    clientId,
    thread: 't',
    identity: 'i',
    queuedAt: 5,
    isEarlier,
    draft: { clientId, body: { type: 'message', text, format: 'plain' } },
  })
test('[E4] an objection stands in the list from the moment it is made, as stuck as it is, and as one line', () => {
  const body = { type: 'contested', about: 'answer', words: 'No.' } as const
  const row = (state: OutboxRow['state'], isEarlier = false) =>
    enqueue([], {
      clientId: 'o',
      thread: 't',
      identity: 'i',
      queuedAt: 5,
      isEarlier,
      draft: { clientId: 'o', body },
    }).map(each => ({ ...each, state }))
  const shown = (rows: Outbox, events: readonly StoredEvent[] = []) =>
    buildTimeline({ events, rows, me: visitor, isOwn }).map(item => [
      item.key,
      item.kind === 'notice' && item.name,
      item.state ?? null,
    ])
  expect(shown(row('sending'))).toEqual([['o', 'objectingWords', 'sending']])
  expect(shown(row({ failed: 'closed' }))).toEqual([['o', 'objectingWords', { failed: 'closed' }]])
  // Among what goes along with the handoff it is on its way as that is.
  expect(shown(row('queued', true))).toEqual([['o', 'objectingWords', null]])
  expect(shown(row('sent'), [event(visitor, body, { clientId: 'o' })])).toEqual([
    ['o', 'contestedWords', null],
  ])
})

const turn = (clientId: string, text: string, author: Author = { kind: 'bot' }): LocalTurn => ({
  clientId,
  author,
  text,
  source: author.kind === 'bot' ? { kind: 'flow', flowId: 'f', step: 's' } : null,
  at: 1,
})
const shape = (items: ReturnType<typeof buildTimeline>) =>
  items.map(item => (item.kind === 'message' ? item.text : `<${item.name}>`))
const build = (parts: Partial<Parameters<typeof buildTimeline>[0]>) =>
  buildTimeline({ events: [], rows: [], me: visitor, isOwn, ...parts })

describe('order', () => {
  test('confirmed items sort by seq; unconfirmed ones stay last in the order they were typed', () => {
    seq = 0
    const events = [event(visitor, 'one'), event(agent, 'two')]
    const rows = pending(pending([], 'p', 'three'), 'q', 'four')
    expect(shape(build({ events, rows }))).toEqual(['one', 'two', 'three', 'four'])
  })

  test('[D22] a turn before the handoff gives way to its stored copy and keeps its source', () => {
    seq = 0
    const turns = [turn('v', 'why?', visitor), turn('b', 'because')]
    const events = [event(visitor, 'why?', { clientId: 'v', origin: 'device' })]
    const rows = pending([], 'b', 'because', true)
    expect(shape(build({ turns }))).toEqual(['why?', 'because'])
    const items = build({ turns, events, rows })
    expect(shape(items)).toEqual(['why?', 'because'])
    expect(items[1]).toMatchObject({ seq: null, state: null, source: { kind: 'flow' } })
  })

  test('a turn from before the handoff that was refused says so, and offers what can be done about it', () => {
    const [row] = pending([], 'a', 'before', true)
    if (!row) throw new Error('no row')
    const stateOf = (state: typeof row.state, as?: 'bot') =>
      build({ rows: [{ ...row, state, draft: row.draft && { ...row.draft, ...(as && { as }) } }] })
        .map(item => item.kind === 'message' && item.state)
        .at(-1)
    expect(stateOf({ failed: 'closed' })).toEqual({ failed: 'closed' })
    expect(stateOf('needsConfirm')).toBe('needsConfirm')
    expect(stateOf('sending')).toBeNull()
    expect(stateOf({ failed: 'closed' }, 'bot')).toBeNull()
  })

  test('a row whose event has arrived is shown once', () => {
    seq = 0
    const rows = pending([], 'p', 'once')
    expect(shape(build({ events: [event(visitor, 'once', { clientId: 'p' })], rows }))).toEqual(['once'])
  })

  test('the machine says what it is before its first word', () => {
    expect(shape(build({ intro: { name: 'Help', at: 0 }, turns: [turn('b', 'hi')] }))).toEqual([
      '<botIntro>',
      'hi',
    ])
  })
})

describe('state of own words', () => {
  test('sent is the server’s ok; delivered and read are what the other side confirmed', () => {
    seq = 0
    const events = [
      event(visitor, 'a'),
      event(visitor, 'b'),
      event(visitor, 'c'),
      event(agent, { type: 'marked', delivered: 2, read: 1 }),
      event(visitor, { type: 'marked', delivered: 99, read: 99 }),
    ]
    expect(build({ events }).map(item => item.kind === 'message' && item.state)).toEqual([
      'read',
      'delivered',
      'sent',
    ])
  })

  test('at the desk the agent’s words carry the state and a device’s turns are marked as such', () => {
    seq = 0
    const events = [
      event(visitor, { type: 'opened', brief: { turns: 1 } as never }),
      event({ kind: 'bot' }, 'said by the bot', { origin: 'device' }),
      event(agent, 'hello'),
    ]
    const items = buildTimeline({ events, rows: [], me: agent, isOwn: author => author.kind === 'agent' })
    expect(shape(items)).toEqual(['<personTurns>', 'said by the bot', 'hello'])
    expect(items[1]).toMatchObject({ fromDevice: true, state: null, seq: 2 })
    expect(items[2]).toMatchObject({ fromDevice: false, state: 'sent' })
  })
})

test('what happened is said once each, with the name of the person it happened to', () => {
  seq = 0
  const system: Author = { kind: 'system' }
  const items = build({
    events: [
      event(visitor, { type: 'handoffReady', channel: 'live' }),
      event(system, {
        type: 'assigned',
        assignment: 1,
        agent: { agentId: 'a1', name: 'Kim' },
        cause: 'claimed',
      }),
      event(system, { type: 'assigned', assignment: 2, agent: null, cause: 'agentLost' }),
      event(agent, { type: 'ended', by: 'agent' }),
      event(system, {
        type: 'ticketOpened',
        ticket: { number: 1001, category: 'x', priority: 'normal', status: 'open' },
        cause: 'followUp',
      }),
    ],
  })
  expect(items.map(item => item.kind === 'notice' && [item.name, item.values])).toEqual([
    ['queued', {}],
    ['agentJoined', { name: 'Kim' }],
    ['agentLost', { name: 'Kim' }],
    ['endedByAgent', { name: 'Kim' }],
    ['ticketOpenedNoContact', { number: 1001 }],
  ])
})

test('[V12] a ticket that a dispute solved says so, and the talk that ended with it does not end twice', () => {
  seq = 0
  const system: Author = { kind: 'system' }
  const because = { kind: 'dispute', disputeId: 'dispute-1', number: 1001, cause: 'agreed' } as const
  const notices = (...events: readonly StoredEvent[]) =>
    build({ events }).map(item => item.kind === 'notice' && [item.name, item.values])
  expect(
    notices(event(system, { type: 'ticketSolved', because }), event(system, { type: 'ended', by: 'agent' })),
  ).toEqual([['ticketSolvedByDispute', { number: 1001 }]])
  const ofTomorrow = { kind: 'weather' } as unknown as typeof because
  expect(
    notices(
      event(system, { type: 'ticketSolved' }),
      event(system, { type: 'ticketSolved', because: ofTomorrow }),
    ),
  ).toEqual([
    ['ticketSolved', {}],
    ['ticketSolved', {}],
  ])
})

test('each handing over is told as what it was: to whom and by whom, whatever came after it', () => {
  seq = 0
  const system: Author = { kind: 'system' }
  const kim = { agentId: 'a1', name: 'Kim' }
  const noor = { agentId: 'a2', name: 'Noor' }
  const lea = { agentId: 'a3', name: 'Lea' }
  let assignment = 0
  const to = (
    person: typeof kim | null,
    cause: 'claimed' | 'transferred' | 'handedOn',
    more: { readonly team?: string; readonly by?: typeof kim } = {},
  ) =>
    event(person ? { kind: 'agent', ...person } : system, {
      type: 'assigned',
      assignment: ++assignment,
      agent: person,
      cause,
      ...more,
    })
  const events = [
    event(visitor, { type: 'handoffReady', channel: 'live' }),
    // A lead gives what nobody has.
    to(kim, 'transferred', { by: lea }),
    to(noor, 'transferred', { by: kim }),
    event({ kind: 'agent', ...noor }, 'hello'),
    // A server of before does not say who did it.
    to(kim, 'transferred'),
    // A lead moves what is a colleague's.
    to(noor, 'transferred', { by: lea }),
    to(kim, 'claimed'),
    to(null, 'transferred', { team: 'billing', by: kim }),
    to(noor, 'claimed'),
    to(null, 'handedOn'),
    // From nobody, and a server of before: who did it is not known.
    to(kim, 'transferred'),
    to(null, 'transferred', { team: 'billing' }),
    to(null, 'transferred', { team: 'payments' }),
  ]
  const told = [
    ['queued', {}],
    ['transferred', { from: 'Lea', to: 'Kim' }],
    ['transferred', { from: 'Kim', to: 'Noor' }],
    ['transferred', { from: 'Noor', to: 'Kim' }],
    ['transferred', { from: 'Lea', to: 'Noor' }],
    ['takenOver', { from: 'Noor', name: 'Kim' }],
    ['transferredTeam', { from: 'Kim', to: 'billing' }],
    ['agentJoined', { name: 'Noor' }],
    ['handedOn', { name: 'Noor' }],
    ['agentJoined', { name: 'Kim' }],
    ['transferredTeam', { from: 'Kim', to: 'billing' }],
    ['handedOn', { name: 'Kim' }],
  ]
  const notices = (items: readonly TimelineItem[]) =>
    items.flatMap(item => (item.kind === 'notice' ? [[item.name, item.values]] : []))
  // Read at once, as after a reload, and as it comes, event by event; by the visitor and by the desk.
  expect(notices(build({ events }))).toEqual(told)
  for (const me of [visitor, agent]) {
    const timeline = createTimeline({ me, isOwn })
    const shown = events.map((_, n) => timeline({ events: events.slice(0, n + 1), rows: [] }))
    expect(notices(shown.at(-1) ?? [])).toEqual(told)
  }
})

test('a removed message leaves a notice in its place and none of its words', () => {
  seq = 0
  const events = [event(agent, 'oops'), event(visitor, 'ok'), event(agent, { type: 'redacted', target: 1 })]
  expect(shape(build({ events }))).toEqual(['<redacted>', 'ok'])
})

test('an agent who reuses a visitor’s id cannot take the place of the visitor’s words', () => {
  seq = 0
  const rows = pending([], 'p', 'mine')
  expect(shape(build({ events: [event(agent, 'forged', { clientId: 'p' })], rows }))).toEqual([
    'forged',
    'mine',
  ])
})

test('an event of a type that this build does not know shows nothing', () => {
  seq = 0
  expect(build({ events: [event(agent, { type: 'waved' } as never)] })).toEqual([])
})

describe('a list that grows', () => {
  const said = fc.constantFrom<(at: number) => StoredEvent>(
    () => event(visitor, 'mine'),
    () => event(agent, 'theirs'),
    () => event({ kind: 'bot' }, 'by the bot', { origin: 'device' }),
    at => event(agent, { type: 'marked', delivered: at, read: Math.floor(at / 2) }),
    at => event(agent, { type: 'redacted', target: Math.max(1, Math.floor(at / 2)) }),
    () =>
      event(
        { kind: 'system' },
        {
          type: 'assigned',
          assignment: 1,
          agent: { agentId: 'a1', name: 'Kim' },
          cause: 'claimed',
        },
      ),
    () => event(agent, { type: 'ended', by: 'agent' }),
  )
  const step = fc.record({
    events: fc.array(said, { maxLength: 5 }),
    isPending: fc.boolean(),
    hasOtherTurns: fc.boolean(),
    isOther: fc.integer({ min: 0, max: 9 }),
  })

  test('says after any steps what reading it from the beginning says', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), steps => {
        seq = 0
        const timeline = createTimeline({ me: visitor, isOwn })
        let events: StoredEvent[] = []
        let turns: LocalTurn[] = []
        for (const { events: more, isPending, hasOtherTurns, isOther } of steps) {
          // The data were put back: other events, counted from 1.
          if (isOther === 0) {
            seq = 0
            events = []
          }
          events = [...events, ...more.map(make => make(seq))]
          if (hasOtherTurns) turns = [...turns, turn(`id-${seq}`, 'before')]
          const parts = { turns, events, rows: isPending ? pending([], `id-${seq}`, 'typed') : [] }
          expect(timeline(parts)).toEqual(build(parts))
        }
      }),
    )
  })

  test('an item that says what it said is the same object, so that it is not drawn again', () => {
    seq = 0
    const timeline = createTimeline({ me: visitor, isOwn })
    const events = [event(visitor, 'a'), event(agent, 'b'), event(visitor, 'c')]
    const first = timeline({ events, rows: [] })
    const marked = [...events, event(agent, { type: 'marked', delivered: 3, read: 1 }), event(agent, 'd')]
    const then = timeline({ events: marked, rows: [] })
    expect(then.map((item, n) => item === first[n])).toEqual([false, true, false, false])
    const last = timeline({ events: [...marked, event(agent, 'e')], rows: [] })
    expect(last.slice(0, 4).every((item, n) => item === then[n])).toBe(true)
  })

  test('an event more makes nobody read what stands before it, whatever it says', () => {
    seq = 0
    let reads = 0
    const watched = (of: StoredEvent): StoredEvent => ({
      ...of,
      get body() {
        reads++
        return of.body
      },
    })
    const timeline = createTimeline({ me: visitor, isOwn })
    let events = Array.from({ length: 1_000 }, (_, n) => watched(event(n % 2 ? agent : visitor, 'said')))
    const long = timeline({ events, rows: [] })
    reads = 0
    for (const next of [
      event(visitor, 'mine'),
      event(agent, { type: 'marked', delivered: 1_001, read: 1_001 }),
      event(agent, 'theirs'),
    ]) {
      events = [...events, next]
      timeline({ events, rows: pending([], 'p', 'typed') })
    }
    expect(reads).toBe(0)
    expect(
      timeline({ events, rows: [] })
        .slice(0, 2)
        .map(item => item.kind === 'message' && item.state),
    ).toEqual(['read', null])
    expect(long[0]).toMatchObject({ state: 'sent' })
  })

  test('where nothing is said anew the list is the very same, so that nothing is drawn again', () => {
    seq = 0
    const timeline = createTimeline({ me: visitor, isOwn })
    const events = [event(visitor, 'a'), event(agent, 'b')]
    const first = timeline({ events, rows: [], intro: { name: 'Help', at: 0 } })
    const marked = [...events, event(visitor, { type: 'marked', delivered: 2, read: 2 })]
    expect(timeline({ events: marked, rows: [], intro: { name: 'Help', at: 0 } })).toBe(first)
    expect(timeline({ events: marked, rows: [], intro: { name: 'Aid', at: 0 } })).not.toBe(first)
    const typed = timeline({ events: marked, rows: pending([], 'p', 'c'), intro: { name: 'Aid', at: 0 } })
    expect(shape(typed)).toEqual(['<botIntro>', 'a', 'b', 'c'])
    expect(shape(timeline({ events: marked, rows: [], intro: { name: 'Aid', at: 0 } }))).toEqual([
      '<botIntro>',
      'a',
      'b',
    ])
  })
})
