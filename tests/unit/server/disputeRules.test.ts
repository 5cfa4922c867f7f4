import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { disputeIn, nextDisputePhase } from '../../../src/protocol/dispute'
import type { DisputeDraftBody } from '../../../src/protocol/events'
import {
  type DisputeState,
  decidedBy,
  dueAt,
  escalatedByTime,
  eventsFor,
  handedUp,
  heard,
  isToShare,
  openedDispute,
  proposed,
  reportOf,
  type Side,
  shared,
  withoutSide,
} from '../../../src/server/disputeRules'

const HOUR = 3_600_000
const terms = { respondWithinMs: 72 * HOUR, decideWithinMs: 120 * HOUR }
const disputeId = 'dispute-000001'
const start = openedDispute(
  {
    disputeId,
    number: 1001,
    reference: 'WM-4127',
    at: 0,
    opener: 0,
    threadId: 'thread-0001',
    sides: [
      { party: 'client', name: 'Mara', conversationId: 'client-conversation', head: 3 },
      { party: 'freelancer', conversationId: 'freelancer-conversation', head: 1 },
    ],
    hostFacts: { contract: 'WM-4127' },
  },
  terms,
)
const agent = { isLead: false, agentId: 'ada' }
const lead = { isLead: true, agentId: 'grace' }
const facts = { common: { contract: 'WM-4127' }, differing: [] }
const read = (state: DisputeState, where: Side | 'thread') => eventsFor(state, where).map(({ body }) => body)
const types = (state: DisputeState, where: Side | 'thread') => read(state, where).map(({ type }) => type)

let seq = 10
const says = (state: DisputeState, side: Side, body: DisputeDraftBody, at = HOUR): DisputeState =>
  shared(heard(state, side, { seq: ++seq, body }), at, facts, terms)
const states = (state: DisputeState, side: Side, text: string, at = HOUR) =>
  says(state, side, { type: 'disputeStated', disputeId, text }, at)
const answers = (state: DisputeState, side: Side, proposal: number, accepts: boolean) =>
  says(state, side, { type: 'disputeAnswered', disputeId, proposal, accepts })
const done = <T>(state: DisputeState | T): DisputeState => {
  if (typeof state === 'string') throw new Error(state)
  return state as DisputeState
}
const bothStated = () => states(states(start, 0, 'It came late.'), 1, 'It came in time.')

describe('a dispute', () => {
  test('V3 a statement stays with its side until both have stated, and is shared in the same bytes', () => {
    const first = states(start, 0, 'It came late.')
    expect(types(first, 1)).toEqual(['disputeOpened'])
    expect(JSON.stringify(read(first, 1))).not.toContain('late')
    expect(types(first, 'thread')).toEqual(['disputeOpened', 'disputeHeard'])
    const both = states(first, 1, 'It came in time.')
    expect(both).toMatchObject({ phase: 'mediating', decideBy: HOUR + terms.decideWithinMs })
    expect(read(both, 0).slice(1)).toEqual(read(both, 1).slice(1))
    expect(read(both, 0).at(-1)).toMatchObject({
      statements: [
        { party: 'client', text: 'It came late.' },
        { party: 'freelancer', text: 'It came in time.' },
      ],
    })
  })

  test('V3 said again before it is shared, the last words count; afterwards they are messages', () => {
    const again = states(states(start, 0, 'It came late.'), 0, 'It came a week late.')
    expect(types(again, 'thread')).toEqual(['disputeOpened', 'disputeHeard'])
    const both = states(again, 1, 'In time.')
    expect(read(both, 1).at(-1)).toMatchObject({ statements: [{ text: 'It came a week late.' }, {}] })
    expect(states(both, 0, 'And it was broken.').told).toEqual(both.told)
  })

  test('V3 who is silent until the time has passed lets the other be heard; who speaks later is shared then', () => {
    const alone = states(start, 0, 'It came late.')
    expect(isToShare(alone, terms.respondWithinMs - 1)).toBe(false)
    const late = shared(alone, terms.respondWithinMs, facts, terms)
    expect(late.phase).toBe('mediating')
    expect(read(late, 1).at(-1)).toMatchObject({ statements: [{ party: 'client' }] })
    const spoke = states(late, 1, 'I was ill.', terms.respondWithinMs + HOUR)
    expect(spoke.decideBy).toBe(late.decideBy)
    expect(read(spoke, 0).at(-1)).toMatchObject({ statements: [{ party: 'freelancer', text: 'I was ill.' }] })
  })

  test('V6 nobody decides before both were heard or had their time', () => {
    expect(proposed(start, lead, 'Half', '')).toBe('closed')
    expect(decidedBy(start, lead, 'Half', '')).toBe('closed')
    expect(handedUp(start, agent)).toBe('closed')
  })

  test('V6 both accept a proposal: agreed. One answer alone is the mediator’s to read', () => {
    const asked = done(proposed(bothStated(), agent, 'Half', 'Half is paid.'))
    const one = answers(asked, 0, 1, true)
    expect(one.phase).toBe('mediating')
    expect(read(one, 1)).toEqual(read(asked, 1))
    expect(read(one, 'thread').at(-1)).toMatchObject({ party: 'client', what: 'accepted' })
    const both = answers(one, 1, 1, true)
    expect(both.phase).toBe('decided')
    expect(read(both, 0).at(-1)).toEqual({
      type: 'disputeDecided',
      disputeId,
      cause: 'agreed',
      outcome: 'Half',
      words: 'Half is paid.',
    })
  })

  test('V6 an answer to a former proposal counts for nothing, and a new proposal asks both again', () => {
    const asked = answers(done(proposed(bothStated(), agent, 'Half', '')), 0, 1, true)
    const again = done(proposed(asked, agent, 'A third', ''))
    expect(again.proposal?.answers).toEqual([null, null])
    expect(answers(answers(again, 0, 1, true), 1, 1, true).phase).toBe('mediating')
    expect(answers(answers(again, 0, 2, true), 1, 2, true).phase).toBe('decided')
  })

  test('V7 not decided in time it escalates, and leads alone decide from then on', () => {
    const mediating = bothStated()
    expect(dueAt(mediating)).toBe(mediating.decideBy)
    expect(escalatedByTime(mediating, (mediating.decideBy ?? 0) - 1)).toBe(mediating)
    const late = escalatedByTime(mediating, mediating.decideBy ?? 0)
    expect(late.phase).toBe('escalated')
    expect(dueAt(late)).toBeNull()
    expect(read(late, 0).at(-1)).toEqual({ type: 'disputeEscalated', disputeId, cause: 'late' })
    expect(decidedBy(late, agent, 'Half', '')).toBe('forbidden')
    expect(done(decidedBy(late, lead, 'Half', '')).phase).toBe('decided')
  })

  test('V8 who opened it takes it back while it is stated, and nobody else', () => {
    const back = { type: 'disputeWithdrawn', disputeId } as const
    expect(says(start, 1, back).phase).toBe('stating')
    expect(says(start, 0, back).phase).toBe('withdrawn')
    expect(says(bothStated(), 0, back).phase).toBe('mediating')
  })

  test('an event that was heard already, and one of another dispute, change nothing', () => {
    const body = { type: 'disputeStated', disputeId, text: 'It came late.' } as const
    const first = heard(start, 0, { seq: 5, body })
    expect(heard(first, 0, { seq: 5, body: { ...body, text: 'Else.' } })).toBe(first)
    expect(heard(start, 0, { seq: 3, body })).toBe(start)
    const other = heard(start, 0, { seq: 5, body: { ...body, disputeId: 'dispute-000002' } })
    expect(other.sides[0].statement).toBeNull()
  })

  test('erasing one side leaves that it spoke, in the state and in what was told, and the other side’s words', () => {
    const state = withoutSide(done(proposed(bothStated(), agent, 'Half', '')), 0)
    const all = JSON.stringify(state)
    expect(all).not.toContain('It came late.')
    expect(all).not.toContain('Mara')
    expect(all).toContain('It came in time.')
    expect(reportOf(state, 1).sides[0]).toMatchObject({ statement: '', isShared: true })
  })
})

// ---- properties

const act = fc.record({
  kind: fc.constantFrom('state', 'answer', 'withdraw', 'propose', 'decide', 'handUp', 'wait'),
  side: fc.constantFrom<Side>(0, 1),
  proposal: fc.integer({ min: 1, max: 3 }),
  accepts: fc.boolean(),
  words: fc.string({ maxLength: 8 }),
  isLead: fc.boolean(),
  hours: fc.integer({ min: 0, max: 130 }),
})

/** The state after a schedule, and what one side's own conversation then holds: its drafts and what it was told. */
function run(
  acts: readonly (typeof act extends fc.Arbitrary<infer Act> ? Act : never)[],
  secretOf: Side | null,
  secret: string,
) {
  let state = start
  let at = HOUR
  let next = 10
  const pages: string[][] = [[], []]
  const conversations = [0, 1].map(() => [] as { body: never; at: number }[])
  const seen = [0, 0]
  const project = () => {
    for (const side of [0, 1] as const) {
      const events = eventsFor(state, side)
      for (const event of events.slice(seen[side])) {
        conversations[side]?.push({ body: event.body as never, at })
        pages[side]?.push(JSON.stringify([at, event]))
      }
      seen[side] = events.length
    }
  }
  project()
  for (const { kind, side, proposal, accepts, words, isLead, hours } of acts) {
    const mine = side === secretOf
    const draft = (body: DisputeDraftBody) => {
      state = heard(state, side, { seq: ++next, body })
      conversations[side]?.push({ body: body as never, at })
    }
    const text = `${mine ? secret : ''}${words}`
    if (kind === 'wait') at += hours * HOUR
    if (kind === 'state') draft({ type: 'disputeStated', disputeId, text })
    if (kind === 'answer') draft({ type: 'disputeAnswered', disputeId, proposal, accepts })
    if (kind === 'withdraw') draft({ type: 'disputeWithdrawn', disputeId })
    const by = { isLead, agentId: 'ada' }
    const moved =
      kind === 'propose'
        ? proposed(state, by, words, words)
        : kind === 'decide'
          ? decidedBy(state, by, words, words)
          : kind === 'handUp'
            ? handedUp(state, by)
            : state
    if (typeof moved !== 'string') state = moved
    state = escalatedByTime(shared(state, at, facts, terms), at)
    project()
  }
  return { state, pages, conversations }
}
const schedule = fc.array(act, { maxLength: 14 })

test('V1 each step is a row of the table, and an end is an end', () => {
  fc.assert(
    fc.property(schedule, acts => {
      let before = start.phase
      for (let n = 1; n <= acts.length; n++) {
        const { phase } = run(acts.slice(0, n), null, '').state
        const reachable = new Set([before])
        for (const from of [...reachable])
          for (const to of Object.values(nextDisputePhase[from])) reachable.add(to)
        // One act and the clock may make two steps at once.
        for (const from of [...reachable])
          for (const to of Object.values(nextDisputePhase[from])) reachable.add(to)
        expect(reachable.has(phase)).toBe(true)
        before = phase
      }
    }),
  )
})

test('V5 both sides’ pages and the mediator know the same phase, facts and outcome from their own events alone', () => {
  fc.assert(
    fc.property(schedule, acts => {
      const { state, conversations } = run(acts, null, '')
      for (const side of [0, 1] as const) {
        const view = disputeIn(conversations[side] ?? [])
        expect(view).toMatchObject({
          phase: state.phase,
          facts: state.facts.common,
          decideBy: state.decideBy,
        })
        expect(view?.decision ?? null).toEqual(
          reportOf(state, 1).decision && expect.objectContaining(reportOf(state, 1).decision ?? {}),
        )
      }
    }),
  )
})

test('V2 words that were not shared change no byte of what the other side is told', () => {
  fc.assert(
    fc.property(schedule, fc.constantFrom<Side>(0, 1), fc.string(), (acts, side, secret) => {
      const plain = run(acts, side, '')
      const other = side === 0 ? 1 : 0
      const isSharedAtAll = plain.state.sides[side].isShared
      fc.pre(!isSharedAtAll)
      expect(run(acts, side, secret).pages[other]).toEqual(plain.pages[other])
    }),
  )
})
