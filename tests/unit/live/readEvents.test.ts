// The hand-written reader of the live chunk against the schemas that the server and PROTOCOL go by.

import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { isBrief, isVisitorDraft, readEvents } from '../../../src/live/readEvents'
import { parseEvents, visitorRequests } from '../../../src/protocol/parse'

const id = fc.stringMatching(/^[\w-]{8,12}$/)
const count = fc.nat(1_000)
const rarely = <T>(odd: T, usual: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: usual, weight: 15 }, { arbitrary: fc.constant(odd), weight: 1 })
const short = fc.string({ maxLength: 6 })
const citation = { articleId: 'a', title: 'A', headingId: 'h' }
const contact = fc.constantFrom(
  {},
  { email: 'ann@example.org' },
  { phone: '+49 30 1234' },
  { email: 'no address' },
  { email: `${'x'.repeat(250)}@example.org` },
  { phone: '12' },
)
const message = { type: 'message', text: 'hi', format: 'plain' }
const disputeOpened = {
  type: 'disputeOpened',
  disputeId: 'dispute-1',
  number: 1_001,
  reference: 'WM-4127',
  you: null,
  opener: null,
  parties: [{ party: 'client', name: 'Mara' }, { party: 'freelancer' }],
  facts: { contract: 'WM-4127' },
  respondBy: 5,
}
const disputeShared = {
  type: 'disputeShared',
  disputeId: 'dispute-1',
  statements: [{ party: 'client', text: 'It was late.' }],
  facts: {},
  decideBy: 5,
}
const triaged = {
  type: 'triaged',
  category: 'payments',
  confidence: 0.9,
  urgency: { score: 0.35, reasons: [{ code: 'soon', words: ['tomorrow'], count: 1 }] },
  complexity: { score: 0, reasons: [] },
  rule: 'triage@1',
}
const body = fc.oneof(
  fc.constantFrom<object>(
    message,
    { ...message, format: 'markdown' },
    { ...message, citations: [citation, { articleId: 'b', title: 'B' }] },
    { ...message, citations: Array.from({ length: 11 }, () => citation) },
    { ...message, text: '' },
    { ...message, text: 'x'.repeat(4_000) },
    { ...message, text: 'x'.repeat(4_001) },
    { type: 'cancelled' },
    { type: 'ended', by: 'visitor' },
    { type: 'ended', by: 'agent' },
    { type: 'reopened', by: 'visitor' },
    { type: 'reopened', by: 'agent' },
    { type: 'reopened' },
    { type: 'owned', agent: { agentId: 'a', name: 'Ann' } },
    { type: 'owned', agent: null },
    { type: 'categorised', category: 'payments' },
    { type: 'categorised', category: 'x'.repeat(301) },
    { type: 'rated', score: 4 },
    { type: 'rated', score: null, comment: 'x'.repeat(1_000) },
    { type: 'rated', score: 4, comment: 'x'.repeat(1_001) },
    { type: 'rated', score: 6 },
    { type: 'assigned', assignment: 1, agent: { agentId: 'a', name: 'Ann' }, cause: 'claimed' },
    { type: 'assigned', assignment: 2, agent: null, cause: 'agentLost' },
    { type: 'ticketOpened', ticket: { number: 1_001 }, cause: 'chosen' },
    { type: 'opened', brief: {} },
    triaged,
    { ...triaged, confidence: '0.9' },
    { ...triaged, urgency: { score: 0.5, reasons: [{ code: 'soon', words: 'tomorrow' }] } },
    { ...triaged, complexity: { score: 0.5, reasons: [{ code: 'ofTheFuture', more: 1 }] } },
    { type: 'ticketSolved' },
    { type: 'ticketSolved', because: { kind: 'dispute', disputeId: 'd', number: 1_001, cause: 'agreed' } },
    { type: 'ticketSolved', because: { kind: 'ofTheFuture' } },
    { type: 'ticketSolved', because: { kind: 'dispute', number: '1001' } },
    { type: 'ticketSolved', because: 'dispute' },
    { type: 'redacted', target: 1 },
    { type: 'contested', about: 'answer', target: 'turn-0001', words: 'no' },
    { type: 'contested', about: 'priority', target: 3 },
    { type: 'contested', about: 'weather' },
    { type: 'contestAnswered', contest: 3, outcome: 'changed', words: 'You are right.' },
    { type: 'contestAnswered', contest: 3, outcome: 'changed', words: '' },
    { type: 'contestAnswered', contest: -1, outcome: 'upheld', words: 'No.' },
    { type: 'disputeStated', disputeId: 'dispute-1', text: 'It was late.' },
    { type: 'disputeStated', disputeId: 'dispute-1', text: ' ' },
    { type: 'disputeStated', disputeId: 'dispute-1', text: 'x'.repeat(4_001) },
    { type: 'disputeStated', disputeId: 'no id', text: 'x' },
    { type: 'disputeAnswered', disputeId: 'dispute-1', proposal: 1, accepts: true },
    { type: 'disputeAnswered', disputeId: 'dispute-1', proposal: -1, accepts: true },
    { type: 'disputeWithdrawn', disputeId: 'dispute-1' },
    { type: 'disputeWithdrawn' },
    disputeOpened,
    { ...disputeOpened, you: 'client' },
    { ...disputeOpened, parties: [{ party: 1 }] },
    { ...disputeOpened, facts: { contract: 7 } },
    disputeShared,
    { ...disputeShared, statements: [{ party: 'client' }] },
    { ...disputeShared, decideBy: 'soon' },
    { type: 'disputeProposed', disputeId: 'dispute-1', proposal: 1, outcome: 'Half', words: '' },
    { type: 'disputeProposed', disputeId: 'dispute-1', proposal: 1, outcome: 'x'.repeat(301), words: '' },
    { type: 'disputeDecided', disputeId: 'dispute-1', cause: 'agreed', outcome: 'Half', words: '' },
    { type: 'disputeDecided', disputeId: 'dispute-1', cause: 'agreed', outcome: 'Half' },
    { type: 'disputeEscalated', disputeId: 'dispute-1', cause: 'ofTheFuture' },
    { type: 'ofTheFuture', more: 1 },
    { type: 'constructor' },
    { type: 'toString' },
    {},
  ),
  fc.record({ type: fc.constant('marked'), delivered: count, read: count }),
  fc.record({
    type: fc.constant('handoffReady'),
    channel: fc.constantFrom('live', 'ticket', 'phone', 'fax'),
    contact,
  }),
  fc.record({ type: fc.constant('contactGiven'), contact }),
)
const author = fc.constantFrom<object>(
  { kind: 'visitor' },
  { kind: 'visitor', name: 'Vi' },
  { kind: 'bot' },
  { kind: 'agent', agentId: 'a', name: 'Ann' },
  { kind: 'agent', name: 'Ann' },
  { kind: 'system' },
  { kind: 'valueOf' },
)
const event = fc.record(
  {
    conversationId: id,
    seq: fc.nat(5),
    clientId: short,
    at: count,
    author,
    origin: fc.constant('device'),
    saidAt: count,
    body,
    ofTheFuture: short,
  },
  { requiredKeys: ['conversationId', 'seq', 'clientId', 'at', 'author', 'body'] },
)
const draft = fc.record(
  {
    clientId: id,
    as: fc.constantFrom('bot', 'agent'),
    saidAt: count,
    origin: fc.constant('device'),
    expectedAssignment: count,
    body,
  },
  { requiredKeys: ['clientId', 'body'] },
)
const brief = fc.record({
  reason: fc.constantFrom('askedForPerson', 'policyTopic', 'flowHandoff'),
  page: fc.record({
    url: short,
    route: short,
    title: rarely('x'.repeat(301), short),
    name: short,
    headings: rarely(Array(21).fill('h'), fc.array(short, { maxLength: 20 })),
    language: rarely('x'.repeat(36), fc.constant('en')),
    data: fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), short, { maxKeys: 3 }),
  }),
  visitor: fc.record(
    {
      role: short,
      name: short,
      email: short,
      locale: short,
      attributes: fc.dictionary(
        rarely('x'.repeat(61), fc.constantFrom('plan', 'age')),
        rarely<unknown>(null, fc.oneof(short, fc.double(), fc.boolean())),
      ),
    },
    { requiredKeys: ['locale', 'attributes'] },
  ),
  articlesRead: rarely(Array(21).fill(citation), fc.array(fc.constant(citation), { maxLength: 20 })),
  flow: rarely<unknown>({ id: 'f' }, fc.constantFrom(undefined, { id: 'f', title: 'F', step: 's' })),
  slots: rarely(
    Array(41).fill({ name: 'n', label: 'l', value: 'v' }),
    fc.array(
      fc.record({
        name: short,
        label: short,
        value: rarely('x'.repeat(1_001), fc.constant('x'.repeat(999))),
      }),
      { maxLength: 3 },
    ),
  ),
  question: rarely('x'.repeat(1_001), fc.constantFrom(undefined, 'why?')),
  turns: count,
})

/** `base` as it is, or with one value somewhere in it gone or something else. */
function damaged(base: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  const wrong = fc.constantFrom<unknown>(
    undefined,
    null,
    -1,
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    'short',
    'x'.repeat(65),
    'x'.repeat(1_001),
    true,
    [],
    {},
  )
  return fc
    .tuple(base, fc.boolean(), fc.nat(), fc.boolean(), wrong)
    .map(([whole, isWhole, at, isGone, value]) => {
      if (isWhole) return whole
      const copy = structuredClone(whole)
      const places: [Record<string, unknown>, string][] = []
      const walk = (node: unknown) => {
        if (typeof node !== 'object' || node === null) return
        for (const [key, inner] of Object.entries(node)) {
          places.push([node as Record<string, unknown>, key])
          walk(inner)
        }
      }
      walk(copy)
      const place = places[at % Math.max(1, places.length)]
      if (!place) return copy
      const [node, key] = place
      if (isGone && !Array.isArray(node)) delete node[key]
      else node[key] = value
      return copy
    })
}

const RUNS = { numRuns: 3_000 }
/** A property that hardly ever meets a yes, or a no, proves half of what it says. */
function agree(
  base: fc.Arbitrary<object>,
  ours: (value: unknown) => boolean,
  theirs: (value: unknown) => boolean,
) {
  const met = { true: 0, false: 0 }
  fc.assert(
    fc.property(damaged(base), value => {
      const expected = theirs(value)
      met[`${expected}`]++
      expect(ours(value)).toBe(expected)
    }),
    RUNS,
  )
  expect(Math.min(met.true, met.false)).toBeGreaterThan(RUNS.numRuns / 50)
}

test('a stored event is read exactly when the schema accepts it', () => {
  agree(
    event,
    value => readEvents([value]) !== null,
    value => parseEvents([value]) !== null,
  )
})

test('a draft of a visitor is read exactly when the server would accept it', () => {
  agree(draft, isVisitorDraft, value =>
    v.is(visitorRequests.send, { v: 1, conversationId: 'c-1234567', drafts: [value] }),
  )
})

test('a brief is read exactly when the server would accept it', () => {
  agree(brief, isBrief, value => v.is(visitorRequests.open.entries.brief, value))
})

test('a page of events is taken whole or not at all, and nothing but a list is one', () => {
  const good = {
    conversationId: 'c-1234567',
    seq: 1,
    clientId: 'x',
    at: 1,
    author: { kind: 'system' },
    body: { type: 'cancelled' },
  }
  expect(readEvents([good, good])).toEqual(parseEvents([good, good]))
  expect(readEvents([good, { ...good, seq: 0 }])).toBeNull()
  for (const value of [null, undefined, {}, 'events', 1]) expect(readEvents(value)).toBeNull()
})
