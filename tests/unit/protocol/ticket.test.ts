import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventBody, StoredEvent } from '../../../src/protocol/events'
import { EMPTY_STATE, foldEvent } from '../../../src/protocol/phase'
import type { Author, TicketRecord } from '../../../src/protocol/records'
import { isOnUs, MAX_TICKET_SPANS, reopensUntil, TICKET_STATUSES } from '../../../src/protocol/ticket'
import { ticketHistory } from '../../../src/protocol/ticketHistory'

const noor = { agentId: 'noor', name: 'Noor' }
const liam = { agentId: 'liam', name: 'Liam' }
const VISITOR: Author = { kind: 'visitor' }
const NOOR: Author = { kind: 'agent', ...noor }
const LIAM: Author = { kind: 'agent', ...liam }
const SYSTEM: Author = { kind: 'system' }

const said: TicketRecord = { number: 1001, category: 'payments', priority: 'normal', status: 'open' }
const opened: EventBody = { type: 'ticketOpened', ticket: said, cause: 'chosen' }
const words: EventBody = { type: 'message', text: 'words', format: 'plain' }
type Told = readonly [Author, EventBody]

const eventsOf = (told: readonly Told[]): StoredEvent[] =>
  told.map(([author, body], n) => ({
    conversationId: 'c-00000001',
    seq: n + 1,
    clientId: `e-${n + 1}`,
    at: (n + 1) * 100,
    author,
    body,
  }))
const stateOf = (events: readonly StoredEvent[]) => events.reduce(foldEvent, EMPTY_STATE)
const after = (...told: Told[]) => stateOf(eventsOf(told)).ticket

describe('how a ticket stands', () => {
  test('open until a person answers; then whoever had the last word waits', () => {
    expect(after([SYSTEM, opened])).toEqual({
      ...said,
      status: 'open',
      openedAt: 100,
      waitedOnUs: [[100, null]],
    })
    expect(after([SYSTEM, opened], [VISITOR, words])?.status).toBe('open')
    expect(after([SYSTEM, opened], [{ kind: 'bot' }, words])?.status).toBe('open')
    const answered = after([SYSTEM, opened], [NOOR, words])
    expect(answered).toMatchObject({
      status: 'waitingOnVisitor',
      firstResponseAt: 200,
      waitedOnUs: [[100, 200]],
    })
    expect(after([SYSTEM, opened], [NOOR, words], [VISITOR, words])).toMatchObject({
      status: 'waitingOnUs',
      firstResponseAt: 200,
      waitedOnUs: [
        [100, 200],
        [300, null],
      ],
    })
  })

  test('the first response is the first, and a second word changes nothing', () => {
    const once = stateOf(
      eventsOf([
        [SYSTEM, opened],
        [NOOR, words],
      ]),
    )
    const twice = foldEvent(once, { body: words, at: 900, author: NOOR })
    expect(twice.ticket).toBe(once.ticket)
  })

  test('solved by either side, reopened until the next word of an agent', () => {
    const ended: Told = [NOOR, { type: 'ended', by: 'agent' }]
    expect(after([SYSTEM, opened], [NOOR, words], ended)).toMatchObject({ status: 'solved', solvedAt: 300 })
    const again: Told[] = [
      [SYSTEM, opened],
      [NOOR, words],
      ended,
      [VISITOR, { type: 'reopened', by: 'visitor' }],
    ]
    expect(after(...again)).toMatchObject({
      status: 'reopened',
      waitedOnUs: [
        [100, 200],
        [400, null],
      ],
    })
    expect(after(...again)).not.toHaveProperty('solvedAt')
    expect(after(...again, [VISITOR, words])?.status).toBe('reopened')
    expect(after(...again, [VISITOR, words], [NOOR, words])?.status).toBe('waitingOnVisitor')
    expect(stateOf(eventsOf(again)).phase).toBe('ticketed')
  })

  test('who answers for it: who wrote or took it last; nobody once it is given to a team', () => {
    expect(after([SYSTEM, opened], [SYSTEM, { type: 'owned', agent: noor }])?.owner).toEqual(noor)
    const taken: Told = [LIAM, { type: 'assigned', assignment: 1, agent: liam, cause: 'claimed' }]
    expect(after([SYSTEM, opened], [SYSTEM, { type: 'owned', agent: noor }], taken)?.owner).toEqual(liam)
    const lost: Told = [SYSTEM, { type: 'assigned', assignment: 2, agent: null, cause: 'agentLost' }]
    expect(after([SYSTEM, opened], taken, lost)?.owner).toEqual(liam)
    const moved: EventBody = {
      type: 'assigned',
      assignment: 2,
      agent: null,
      cause: 'transferred',
      team: 'money',
    }
    expect(after([SYSTEM, opened], taken, [SYSTEM, moved])).not.toHaveProperty('owner')
    expect(after([SYSTEM, opened], taken, [SYSTEM, { type: 'owned', agent: null }])).not.toHaveProperty(
      'owner',
    )
  })

  test('an agent who makes a ticket of a talk has answered, owns it, and owes the rest', () => {
    const ticket = after(
      [VISITOR, { type: 'handoffReady', channel: 'live' }],
      [NOOR, { type: 'assigned', assignment: 1, agent: noor, cause: 'claimed' }],
      [SYSTEM, { type: 'ticketOpened', ticket: said, cause: 'followUp' }],
    )
    expect(ticket).toMatchObject({ status: 'waitingOnUs', owner: noor, openedAt: 300, firstResponseAt: 300 })
  })

  test('a second wait that ends as the same ticket keeps its first moments, its owner and who is owed', () => {
    const first: Told[] = [
      [SYSTEM, opened],
      [NOOR, words],
      [SYSTEM, { type: 'owned', agent: noor }],
    ]
    const second: EventBody = {
      type: 'ticketOpened',
      ticket: { ...said, priority: 'high' },
      cause: 'visitorGone',
    }
    expect(after(...first, [SYSTEM, second])).toMatchObject({
      status: 'waitingOnUs',
      priority: 'high',
      openedAt: 100,
      firstResponseAt: 200,
      owner: noor,
    })
  })

  test('category, priority and contact follow what is said later', () => {
    expect(
      after(
        [SYSTEM, opened],
        [SYSTEM, { type: 'categorised', category: 'account' }],
        [SYSTEM, { type: 'prioritised', priority: 'urgent' }],
        [VISITOR, { type: 'contactGiven', contact: { email: 'mara@example.org' } }],
      ),
    ).toMatchObject({
      category: 'account',
      priority: 'urgent',
      contact: { email: 'mara@example.org' },
      status: 'open',
    })
  })

  test('erasing words leaves the status as it was', () => {
    const told: Told[] = [
      [SYSTEM, opened],
      [NOOR, words],
      [VISITOR, words],
      [NOOR, words],
    ]
    const events = eventsOf(told)
    const erased = events.map(event =>
      event.body.type === 'message'
        ? { ...event, body: { type: 'redacted' as const, target: event.seq } }
        : event,
    )
    expect(stateOf(erased).ticket).toEqual(stateOf(events).ticket)
  })

  test('[E4] an objection is a word of the visitor, and its answer one of the agent', () => {
    const contested = { type: 'contested', about: 'answer' } as const
    expect(after([SYSTEM, opened], [NOOR, words], [VISITOR, contested])?.status).toBe('waitingOnUs')
    const answered = {
      type: 'contestAnswered',
      contest: 3,
      outcome: 'upheld',
      words: 'Looked at it',
    } as const
    const told: Told[] = [
      [SYSTEM, opened],
      [NOOR, words],
      [VISITOR, contested],
      [NOOR, answered],
    ]
    expect(after(...told)?.status).toBe('waitingOnVisitor')
    const erased = eventsOf(told).map(event =>
      event.body.type === 'ticketOpened'
        ? event
        : { ...event, body: { type: 'redacted' as const, target: event.seq } },
    )
    expect(stateOf(erased).ticket).toEqual(after(...told))
  })

  test('it may be reopened for so many days from when it was solved', () => {
    const day = 24 * 60 * 60_000
    expect(reopensUntil(null, 5, 30)).toBeNull()
    expect(reopensUntil({ ...said, solvedAt: 1_000 }, 9_000, 30)).toBe(1_000 + 30 * day)
    expect(reopensUntil(said, 9_000, 1)).toBe(9_000 + day)
  })
})

// ---- properties

const happening: fc.Arbitrary<Told> = fc.oneof(
  fc.constantFrom<Told>(
    [VISITOR, words],
    [NOOR, words],
    [LIAM, words],
    [{ kind: 'bot' }, words],
    [VISITOR, { type: 'handoffReady', channel: 'live' }],
    [SYSTEM, opened],
    [SYSTEM, { type: 'ticketOpened', ticket: said, cause: 'visitorGone' }],
    [SYSTEM, { type: 'ticketOpened', ticket: said, cause: 'followUp' }],
    [NOOR, { type: 'ended', by: 'agent' }],
    [VISITOR, { type: 'ended', by: 'visitor' }],
    [VISITOR, { type: 'reopened', by: 'visitor' }],
    [NOOR, { type: 'reopened', by: 'agent' }],
    [SYSTEM, { type: 'ticketSolved' }],
    [SYSTEM, { type: 'owned', agent: noor }],
    [SYSTEM, { type: 'owned', agent: null }],
    [SYSTEM, { type: 'prioritised', priority: 'high' }],
    [SYSTEM, { type: 'categorised', category: 'account' }],
    [VISITOR, { type: 'marked', delivered: 1, read: 1 }],
    [VISITOR, { type: 'rated', score: 4 }],
    [SYSTEM, { type: 'assigned', assignment: 1, agent: noor, cause: 'claimed' }],
    [SYSTEM, { type: 'assigned', assignment: 2, agent: null, cause: 'agentLost' }],
    [SYSTEM, { type: 'assigned', assignment: 2, agent: null, cause: 'handedOn' }],
  ),
)
const course = fc.array(happening, { maxLength: 30 }).map(eventsOf)
const RUNS = { numRuns: 1_500, seed: 11 }

describe('whatever happens', () => {
  test('the status depends on the events and nothing else: a row that is stored and read again goes on alike', () => {
    fc.assert(
      fc.property(course, events => {
        const stored = events.reduce(
          (state, event) => foldEvent(JSON.parse(JSON.stringify(state)) as typeof state, event),
          EMPTY_STATE,
        )
        expect(stored).toEqual(stateOf(events))
      }),
      RUNS,
    )
  })

  test('it waits on us exactly while a span lasts, and spans follow one another', () => {
    fc.assert(
      fc.property(course, events => {
        const { ticket } = stateOf(events)
        if (!ticket) return
        expect(TICKET_STATUSES).toContain(ticket.status)
        const spans = ticket.waitedOnUs ?? []
        expect(spans.at(-1)?.[1] === null).toBe(isOnUs(ticket.status))
        let end = 0
        for (const [from, to] of spans) {
          expect(from).toBeGreaterThanOrEqual(end)
          end = to ?? Number.POSITIVE_INFINITY
          expect(end).toBeGreaterThanOrEqual(from)
        }
        expect(ticket.solvedAt !== undefined).toBe(ticket.status === 'solved')
        expect(spans[0]?.[0]).toBe(ticket.openedAt)
      }),
      RUNS,
    )
  })

  test('old events alone give what they gave: number, category, priority, contact, and solved or not', () => {
    const isOld = ({ body }: StoredEvent) =>
      !['owned', 'categorised'].includes(body.type) && !(body.type === 'reopened' && 'by' in body)
    fc.assert(
      fc.property(course, events => {
        const old = events.filter(isOld)
        const { ticket } = stateOf(old)
        const { ticket: before } = old.reduce(ticketOfBefore, { ticket: null as TicketRecord | null })
        expect(ticket?.status === 'solved').toBe(before?.status === 'solved')
        for (const key of ['number', 'category', 'priority', 'contact'] as const)
          expect(ticket?.[key]).toEqual(before?.[key])
      }),
      RUNS,
    )
  })

  test('its row does not grow with the words, and no waiting is lost with the oldest spans', () => {
    const turns = MAX_TICKET_SPANS * 3
    const events = eventsOf([
      [SYSTEM, opened],
      ...Array.from({ length: turns * 2 }, (_, n): Told => [n % 2 ? VISITOR : NOOR, words]),
    ])
    const spans = stateOf(events).ticket?.waitedOnUs ?? []
    expect(spans).toHaveLength(MAX_TICKET_SPANS)
    const waited = spans.reduce((sum, [from, to]) => sum + ((to ?? from) - from), 0)
    expect(waited).toBe(turns * 100)
  })
})

/** The fold of the build before tickets had more than two statuses. */
function ticketOfBefore(
  state: { ticket: TicketRecord | null },
  { body }: StoredEvent,
): { ticket: TicketRecord | null } {
  const change = (more: Partial<TicketRecord>) => ({ ticket: state.ticket && { ...state.ticket, ...more } })
  if (body.type === 'ticketOpened') return { ticket: body.ticket }
  if (body.type === 'ticketSolved' || body.type === 'ended') return change({ status: 'solved' })
  if (body.type === 'reopened') return change({ status: 'open' })
  if (body.type === 'prioritised') return change({ priority: body.priority })
  if (body.type === 'contactGiven') return change({ contact: body.contact })
  return state
}

describe('its history', () => {
  const told: Told[] = [
    [VISITOR, { type: 'handoffReady', channel: 'ticket' }],
    [SYSTEM, opened],
    [VISITOR, words],
    [SYSTEM, { type: 'prioritised', priority: 'high' }],
    [SYSTEM, { type: 'owned', agent: noor }],
    [NOOR, words],
    [NOOR, words],
    [VISITOR, words],
    [SYSTEM, { type: 'categorised', category: 'account' }],
    [NOOR, { type: 'ended', by: 'agent' }],
    [VISITOR, { type: 'rated', score: 4 }],
    [VISITOR, { type: 'reopened', by: 'visitor' }],
  ]
  const lines = (viewer: 'visitor' | 'agent') =>
    ticketHistory(eventsOf(told), viewer).map(({ what, by, value }) =>
      [what, by?.kind === 'agent' ? by.name : by?.kind, value].filter(each => each !== undefined).join(' '),
    )

  test('names each turn once, with who did it', () => {
    expect(lines('agent')).toEqual([
      'opened',
      'prioritised high',
      'owned Noor',
      'answered Noor',
      'waiting visitor',
      'categorised account',
      'solved Noor',
      'rated visitor 4',
      'reopened visitor',
    ])
  })

  test('the visitor is not told of a priority [D28]', () => {
    expect(lines('visitor')).toEqual(lines('agent').filter(line => !line.startsWith('prioritised')))
  })

  test('[V12] what a dispute solved names it; a reason of tomorrow is none', () => {
    const because = { kind: 'dispute', disputeId: 'dispute-1', number: 1001, cause: 'decided' } as const
    const last = (body: EventBody) =>
      ticketHistory(
        eventsOf([
          [SYSTEM, opened],
          [SYSTEM, body],
        ]),
        'visitor',
      ).at(-1)
    expect(last({ type: 'ticketSolved', because })).toMatchObject({ what: 'solved', because })
    const ofTomorrow = {
      type: 'ticketSolved',
      because: { ...because, cause: 'lapsed' },
    } as unknown as EventBody
    expect(last(ofTomorrow)).toMatchObject({ what: 'solved' })
    expect(last(ofTomorrow)).not.toHaveProperty('because')
  })

  test('there is none without a ticket', () => {
    expect(ticketHistory(eventsOf([[NOOR, words]]), 'agent')).toEqual([])
  })
})
