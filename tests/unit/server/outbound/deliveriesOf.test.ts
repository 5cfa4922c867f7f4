import { describe, expect, test } from 'vitest'
import type { EventBody, StoredEvent } from '../../../../src/protocol/events'
import type { Author } from '../../../../src/protocol/records'
import {
  deliveriesOf,
  type OutboundRules,
  WEBHOOK_EVENTS,
} from '../../../../src/server/outbound/deliveriesOf'
import type { ConversationRow } from '../../../../src/server/store/helpDeskStore'
import { emptyRow, project } from '../../../../src/server/store/projection'
import { emptyBrief } from '../../../../src/testing/emptyBrief'

const VISITOR: Author = { kind: 'visitor' }
const ADA: Author = { kind: 'agent', agentId: 'ada', name: 'Ada' }
const SYSTEM: Author = { kind: 'system' }
const EMAIL = { email: 'mia@example.com' }

const words = (text: string): EventBody => ({ type: 'message', text, format: 'plain' })
const ticket = (contact?: { email?: string }): EventBody => ({
  type: 'ticketOpened',
  cause: 'chosen',
  ticket: {
    number: 1001,
    category: 'general',
    priority: 'normal',
    status: 'open',
    ...(contact && { contact }),
  },
})

/** What the last of `steps` makes leave the server, after the others. */
function leaving(rules: OutboundRules, ...steps: readonly (readonly [Author, EventBody, 'device'?])[]) {
  let row: ConversationRow = emptyRow('conversation-1', 'anon:one')
  let last = deliveriesOf(rules, row, [])
  const all: readonly (readonly [Author, EventBody, 'device'?])[] = [
    [VISITOR, { type: 'opened', brief: emptyBrief() }],
    ...steps,
  ]
  for (const [author, body, origin] of all) {
    const seq = row.head + 1
    const event: StoredEvent = {
      conversationId: row.conversationId,
      seq,
      clientId: `client-${seq}`,
      at: 1_000 * seq,
      author,
      ...(origin && { origin }),
      body,
    }
    last = deliveriesOf(rules, row, [event])
    row = project(row, event)
  }
  return last
}

const MAIL: OutboundRules = { mail: true, webhooks: [] }
const mailed = (...steps: Parameters<typeof leaving> extends [unknown, ...infer Rest] ? Rest : never) =>
  leaving(MAIL, ...steps).map(({ kind }) => kind)

describe('[O1] what is mailed', () => {
  test('a ticket with an address is acknowledged, at once and under a name of its own', () => {
    expect(leaving(MAIL, [SYSTEM, ticket(EMAIL)])).toEqual([
      {
        id: 'conversation-1.acknowledged',
        conversationId: 'conversation-1',
        seq: 2,
        road: 'mail',
        kind: 'acknowledged',
        target: null,
        facts: null,
        createdAt: 2_000,
        dueAt: 2_000,
      },
    ])
  })
  test('one without an address is not, until the first address is said', () => {
    expect(mailed([SYSTEM, ticket()])).toEqual([])
    expect(mailed([SYSTEM, ticket()], [VISITOR, { type: 'contactGiven', contact: EMAIL }])).toEqual([
      'acknowledged',
    ])
  })
  test('another address that is said later is not written to for being said', () => {
    const other = { email: 'somebody-else@example.com' }
    expect(mailed([SYSTEM, ticket(EMAIL)], [VISITOR, { type: 'contactGiven', contact: other }])).toEqual([])
    expect(mailed([SYSTEM, ticket(EMAIL)], [SYSTEM, ticket(EMAIL)])).toEqual([])
  })
  test('an answer of an agent waits a minute for the next one', () => {
    const [answer] = leaving(MAIL, [SYSTEM, ticket(EMAIL)], [ADA, words('We found it.')])
    expect(answer).toMatchObject({ kind: 'answered', createdAt: 3_000, dueAt: 63_000 })
  })
  test('so does what an agent says to an objection', () => {
    const contested = { type: 'contested', about: 'answer', words: 'It is wrong' } as const
    const said = { type: 'contestAnswered', contest: 3, outcome: 'changed', words: 'You are right.' } as const
    expect(mailed([SYSTEM, ticket(EMAIL)], [VISITOR, contested])).toEqual([])
    expect(mailed([SYSTEM, ticket(EMAIL)], [VISITOR, contested], [ADA, said])).toEqual(['answered'])
  })
  test('what a visitor or a bot writes is mailed to nobody', () => {
    expect(mailed([SYSTEM, ticket(EMAIL)], [VISITOR, words('Hello?')])).toEqual([])
    expect(mailed([SYSTEM, ticket(EMAIL)], [{ kind: 'bot' }, words('Hello.')])).toEqual([])
  })
  test('a live conversation without a ticket is mailed to nobody', () => {
    expect(mailed([VISITOR, { type: 'contactGiven', contact: EMAIL }], [ADA, words('Hello')])).toEqual([])
  })
  test('solved by an agent is said, ended or reopened by the visitor is not', () => {
    const opened = [SYSTEM, ticket(EMAIL)] as const
    expect(mailed(opened, [SYSTEM, { type: 'ticketSolved' }])).toEqual(['solved'])
    expect(mailed(opened, [ADA, { type: 'ended', by: 'agent' }])).toEqual(['solved'])
    expect(mailed(opened, [VISITOR, { type: 'ended', by: 'visitor' }])).toEqual([])
    expect(mailed(opened, [ADA, { type: 'ended', by: 'agent' }], [VISITOR, { type: 'reopened' }])).toEqual([])
  })
  test('[V12] solved by the outcome of a dispute: the letter on the outcome has said it', () => {
    const because = { kind: 'dispute', disputeId: 'dispute-1', number: 1001, cause: 'agreed' } as const
    const solved = { type: 'ticketSolved', because } as const
    const opened = [SYSTEM, ticket(EMAIL)] as const
    expect(mailed(opened, [SYSTEM, solved])).toEqual([])
    const claimed = {
      type: 'assigned',
      assignment: 1,
      agent: { agentId: 'ada', name: 'Ada' },
      cause: 'claimed',
    } as const
    expect(
      mailed(opened, [ADA, claimed], [SYSTEM, solved], [SYSTEM, { type: 'ended', by: 'agent' }]),
    ).toEqual([])
  })
  test('nothing is mailed where no mail is set up', () => {
    expect(leaving({ mail: false, webhooks: [] }, [SYSTEM, ticket(EMAIL)])).toEqual([])
  })
})

describe('[O3] what endpoints are told', () => {
  const rules = (...events: (typeof WEBHOOK_EVENTS)[number][]): OutboundRules => ({
    mail: false,
    webhooks: [{ key: 'k1', events: new Set(events.length > 0 ? events : WEBHOOK_EVENTS) }],
  })
  const told = (...steps: Parameters<typeof leaving> extends [unknown, ...infer Rest] ? Rest : never) =>
    leaving(rules(), ...steps).map(({ kind }) => kind)

  test('ids, numbers and states, and nobody’s words or address', () => {
    const [news] = leaving(
      rules(),
      [VISITOR, words('My card is 4111 1111 1111 1111')],
      [SYSTEM, ticket(EMAIL)],
    )
    expect(news).toMatchObject({ id: 'conversation-1.3.ticket.opened.k1', target: 'k1' })
    expect(JSON.parse(news?.facts ?? '')).toEqual({
      type: 'ticket.opened',
      timestamp: '1970-01-01T00:00:03.000Z',
      data: {
        conversationId: 'conversation-1',
        seq: 3,
        phase: 'ticketed',
        priority: 'normal',
        ticket: { number: 1001, status: 'open', priority: 'normal' },
      },
    })
  })
  test('each thing that happens has its name', () => {
    const opened = [SYSTEM, ticket()] as const
    expect(told([VISITOR, { type: 'handoffReady', channel: 'live' }])).toEqual(['conversation.queued'])
    expect(told(opened, [VISITOR, words('Hello')])).toEqual(['message.received'])
    expect(told(opened, [ADA, words('Hello')])).toEqual(['message.sent'])
    expect(told(opened, [ADA, { type: 'ended', by: 'agent' }])).toEqual(['ticket.solved'])
    expect(told(opened, [ADA, { type: 'ended', by: 'agent' }], [VISITOR, { type: 'reopened' }])).toEqual([
      'ticket.reopened',
    ])
    expect(told(opened, [VISITOR, { type: 'rated', score: 5, comment: 'Thanks' }])).toEqual([
      'conversation.rated',
    ])
    expect(told(opened, [SYSTEM, { type: 'prioritised', priority: 'high' }])).toEqual([
      'conversation.prioritised',
    ])
    const agent = { agentId: 'ada', name: 'Ada' }
    expect(told(opened, [SYSTEM, { type: 'owned', agent }])).toEqual(['ticket.owned'])
    expect(told(opened, [VISITOR, { type: 'contested', about: 'answer', words: 'No' }])).toEqual([
      'conversation.contested',
    ])
    expect(told(opened, [SYSTEM, { type: 'assigned', assignment: 1, agent, cause: 'claimed' }])).toEqual([
      'conversation.assigned',
    ])
  })
  test('what was said to the bot, and what a device reports of it, is nobody’s news', () => {
    expect(told([VISITOR, words('Hello')])).toEqual([])
    expect(told([SYSTEM, ticket()], [VISITOR, words('Hello'), 'device'])).toEqual([])
  })
  test('an endpoint hears what it asked for', () => {
    expect(leaving(rules('ticket.solved'), [SYSTEM, ticket()])).toEqual([])
    expect(leaving(rules('ticket.opened'), [SYSTEM, ticket()])).toHaveLength(1)
  })
})

describe('[O14] mail to a side of a dispute', () => {
  const opened = (you: string | null, opener: string | null): EventBody => ({
    type: 'disputeOpened',
    disputeId: 'dispute-01',
    number: 1001,
    reference: 'WM-4127',
    you,
    opener,
    parties: [{ party: 'client' }, { party: 'freelancer' }],
    facts: {},
    respondBy: 9_000,
  })
  const decided: EventBody = {
    type: 'disputeDecided',
    disputeId: 'dispute-01',
    cause: 'decided',
    outcome: 'Refund',
    words: 'Because.',
  }
  const kinds = (...steps: Parameters<typeof leaving>[1][]) =>
    leaving({ mail: true, webhooks: [] }, ...steps).map(({ kind }) => kind)

  test('whoever did not open it is asked for its side, and both are told how it ended', () => {
    const before = [SYSTEM, ticket(EMAIL)] as const
    expect(kinds(before, [SYSTEM, opened('freelancer', 'client')])).toEqual(['disputeAsked'])
    expect(kinds(before, [SYSTEM, opened('client', 'client')])).toEqual([])
    expect(kinds(before, [SYSTEM, opened('client', null)])).toEqual(['disputeAsked'])
    expect(kinds(before, [SYSTEM, decided])).toEqual(['disputeDecided'])
  })
  test('the mediator’s thread and a side without an address are written to by nobody', () => {
    expect(kinds([SYSTEM, ticket(EMAIL)], [SYSTEM, opened(null, 'client')])).toEqual([])
    expect(kinds([SYSTEM, ticket()], [SYSTEM, decided])).toEqual([])
  })
})
