import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEvents } from '../../../src/live/readEvents'
import { CONTEST_ABOUT, type ContestAbout, contestsOf, openContests } from '../../../src/protocol/contest'
import type { EventBody } from '../../../src/protocol/events'
import { MAX_OPEN_CONTESTS } from '../../../src/protocol/limits'
import { parseEvents } from '../../../src/protocol/parse'
import { EMPTY_STATE, foldEvent } from '../../../src/protocol/phase'
import type { Author } from '../../../src/protocol/records'
import { contestDueAt, contestsDue } from '../../../src/server/contests'
import { agentPlan, visitorPlan } from '../../../src/server/plans'
import { emptyRow } from '../../../src/server/store/projection'

const VISITOR: Author = { kind: 'visitor' }
const NOOR: Author = { kind: 'agent', agentId: 'a', name: 'Noor' }
const event = (seq: number, author: Author, body: EventBody) => ({ seq, at: seq * 10, author, body })
const contested = (seq: number, about: ContestAbout, words?: string) =>
  event(seq, VISITOR, { type: 'contested', about, target: 'turn-0001', ...(words && { words }) })
const answered = (seq: number, contest: number, outcome: 'upheld' | 'changed', words = 'I looked.') =>
  event(seq, NOOR, { type: 'contestAnswered', contest, outcome, words })

test('[E4] an objection is open until a person answers it, and the first answer counts', () => {
  const events = [
    contested(2, 'answer', 'That is not so'),
    contested(3, 'priority'),
    answered(5, 2, 'changed'),
    answered(6, 2, 'upheld'),
    answered(7, 99, 'upheld'),
  ]
  const contests = contestsOf(events)
  expect(contests).toEqual([
    {
      seq: 2,
      at: 20,
      about: 'answer',
      target: 'turn-0001',
      words: 'That is not so',
      answer: { outcome: 'changed', words: 'I looked.', by: 'Noor', at: 50 },
    },
    { seq: 3, at: 30, about: 'priority', target: 'turn-0001', answer: null },
  ])
  expect(openContests(contests).map(({ seq }) => seq)).toEqual([3])
})

test('[E4] an objection changes no phase', () => {
  expect(foldEvent(EMPTY_STATE, contested(1, 'answer'))).toBe(EMPTY_STATE)
  expect(foldEvent(EMPTY_STATE, answered(1, 1, 'upheld'))).toBe(EMPTY_STATE)
})

test.each([
  ['a Tuesday', '2026-11-24T15:00:00Z', null, '2026-11-25T15:00:00Z'],
  ['a Friday', '2026-11-27T15:00:00Z', null, '2026-11-30T15:00:00Z'],
  ['a Friday of a desk with hours', '2026-11-27T15:00:00Z', 'week', '2026-11-30T08:00:00Z'],
  ['a day with hours', '2026-11-24T10:00:00Z', 'week', '2026-11-25T10:00:00Z'],
])('[E4] one working day after %s', (_, at, hours, due) => {
  const day = [['09:00', '17:00']] as const
  const week = { mon: day, tue: day, wed: day, thu: day, fri: day }
  const found = contestDueAt(Date.parse(at), hours ? { zone: 'Europe/Berlin', week } : null)
  expect(new Date(found).toISOString()).toBe(new Date(due).toISOString())
})

test('[E4] the desk is told the oldest one, which is due first, and how many there are', () => {
  const open = new Map([
    [
      'c',
      [
        { seq: 2, at: Date.parse('2026-11-24T15:00:00Z'), about: 'answer' as const },
        { seq: 3, at: Date.parse('2026-11-24T16:00:00Z'), about: 'priority' as const },
      ],
    ],
  ])
  expect([...contestsDue(open, null)]).toEqual([
    ['c', { about: 'answer', dueAt: Date.parse('2026-11-25T15:00:00Z'), count: 2 }],
  ])
})

test('[E4] a visitor objects in every phase but the last, and is answered even there', () => {
  const draft = (sender: string, author: Author, body: EventBody) => ({
    sender,
    clientId: 'contest-01',
    author,
    body,
  })
  const row = emptyRow('c', 'anon:x')
  const plan = visitorPlan({
    isStaffed: true,
    first: null,
    now: 0,
    reopenWithinDays: 30,
    randomId: () => 'r',
  })
  const agent = agentPlan({ agentId: 'a', name: 'Noor' }, () => 'r')
  const objection = draft('visitor', VISITOR, contested(1, 'answer').body)
  const answer = draft('agent:a', NOOR, answered(1, 1, 'upheld').body)
  for (const phase of ['bot', 'offered', 'queued', 'live', 'ticketed'] as const)
    expect([phase, plan({ ...row, phase }, objection)]).toEqual([phase, [objection]])
  expect(plan({ ...row, phase: 'ended' }, objection)).toBe('closed')
  expect(agent({ ...row, phase: 'ended' }, answer)).toEqual([
    { ...answer, journal: [expect.objectContaining({ kind: 'contestAnswered', outcome: 'upheld' })] },
  ])
  // Another one's conversation is theirs to answer.
  const others = { ...row, phase: 'live' as const, agent: { agentId: 'b', name: 'Ben' } }
  expect(agent(others, answer)).toBe('stale_assignment')
})

test('[E4] one objection too many is refused by itself; one that is repeated is not counted twice', () => {
  const visitor: Author = { kind: 'visitor', name: '' }
  const objection = (n: number) => ({
    sender: 'visitor',
    clientId: `contest-${n}`,
    author: visitor,
    body: contested(1, 'answer').body,
  })
  const row = { ...emptyRow('c', 'anon:x'), phase: 'queued' as const }
  const plan = visitorPlan({
    openContests: MAX_OPEN_CONTESTS - 2,
    isStaffed: true,
    first: null,
    now: 0,
    reopenWithinDays: 30,
    randomId: () => 'r',
  })
  const first = objection(1)
  expect(plan(row, first)).toEqual([first])
  expect(plan(row, first)).toEqual([first])
  expect(plan(row, objection(2))).toHaveLength(1)
  expect(plan(row, objection(3))).toBe('too_large')
})

test('[E4] where the visitor is with the bot again an objection is answered, and nothing else said', () => {
  const agent = agentPlan({ agentId: 'a', name: 'Noor' }, () => 'r')
  const draft = (body: EventBody) => ({ sender: 'agent:a', clientId: 'answer-01', author: NOOR, body })
  const row = { ...emptyRow('c', 'anon:x'), phase: 'bot' as const }
  expect(agent(row, draft(answered(1, 1, 'upheld').body))).toHaveLength(1)
  expect(agent(row, draft({ type: 'message', text: 'Hello', format: 'plain' }))).toBe('stale_assignment')
})

/** Of a server of tomorrow: any word, and more beside it. */
const tomorrow = fc.oneof(
  fc.record({
    type: fc.constant('contested'),
    about: fc.oneof(fc.string(), fc.constantFrom('answer', 'weather')),
    words: fc.option(fc.string(), { nil: undefined }),
    target: fc.option(fc.oneof(fc.string(), fc.nat(), fc.object()), { nil: undefined }),
    more: fc.anything(),
  }),
  fc.record({
    type: fc.constant('contestAnswered'),
    contest: fc.nat(5),
    outcome: fc.oneof(fc.string(), fc.constantFrom('upheld', 'settled')),
    words: fc.string(),
  }),
)

test('[E4] a word of tomorrow keeps no thread from being read, and stands for nothing until it is known', () => {
  fc.assert(
    fc.property(fc.array(tomorrow, { maxLength: 6 }), bodies => {
      const events = bodies.map((body, at) => ({
        conversationId: 'conversation-1',
        seq: at + 1,
        clientId: `client-${at}`,
        at: at + 1,
        author: { kind: 'system' },
        body: JSON.parse(JSON.stringify(body)),
      }))
      const read = readEvents(events)
      expect(read).not.toBeNull()
      expect(parseEvents(events)).not.toBeNull()
      for (const { about, answer, target } of contestsOf(read ?? [])) {
        expect(CONTEST_ABOUT).toContain(about)
        expect(['undefined', 'string', 'number']).toContain(typeof target)
        if (answer) expect(['upheld', 'changed']).toContain(answer.outcome)
      }
    }),
  )
})
