import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/protocol/events'
import {
  EMPTY_STATE,
  foldEvent,
  nextPhase,
  type Phase,
  type PhaseEvent,
  phaseAfter,
} from '../../../src/protocol/phase'

const fold = (...bodies: EventBody[]) =>
  bodies.reduce((state, body, index) => foldEvent(state, { body, at: (index + 1) * 100 }), EMPTY_STATE)
const agent = { agentId: 'noor', name: 'Noor' }
const ticket = { number: 1001, category: 'payments', priority: 'normal', status: 'open' } as const

describe('phases', () => {
  test('asked for a person, joined, ended', () => {
    const state = fold(
      { type: 'handoffReady', channel: 'live' },
      { type: 'assigned', assignment: 1, agent, cause: 'claimed' },
      { type: 'message', text: 'Hello', format: 'plain' },
      { type: 'ended', by: 'agent' },
    )
    expect(state.phase).toBe('ended')
    expect(state.agent).toBeNull()
  })

  test('an agent who is lost hands the visitor back to the queue, under a new assignment', () => {
    const state = fold(
      { type: 'handoffReady', channel: 'live' },
      { type: 'assigned', assignment: 1, agent, cause: 'claimed' },
      { type: 'assigned', assignment: 2, agent: null, cause: 'agentLost' },
    )
    expect(state).toMatchObject({ phase: 'queued', assignment: 2, agent: null, waitingSince: 300 })
  })

  test('nobody there leads back to the offer, and from there to a ticket', () => {
    const offered = fold({ type: 'handoffReady', channel: 'live' }, { type: 'nobodyNow' })
    expect(offered.phase).toBe('offered')
    const ticketed = foldEvent(offered, {
      body: { type: 'ticketOpened', ticket, cause: 'nobodyThere' },
      at: 900,
    })
    expect(ticketed).toMatchObject({ phase: 'ticketed', ticket: { number: 1001 } })
  })

  test('a visitor who stops waiting goes back to the bot, and with an open ticket to the ticket', () => {
    const waiting = [
      { type: 'assigned', assignment: 1, agent, cause: 'claimed' },
      { type: 'assigned', assignment: 2, agent: null, cause: 'agentLost' },
    ] as const
    expect(fold({ type: 'handoffReady', channel: 'live' }, ...waiting, { type: 'cancelled' }).phase).toBe(
      'bot',
    )
    const kept = fold({ type: 'ticketOpened', ticket, cause: 'chosen' }, ...waiting, { type: 'cancelled' })
    expect(kept).toMatchObject({ phase: 'ticketed', waitingSince: null, ticket: { status: 'open' } })
    // Who ends it instead has solved it.
    const ended = foldEvent(kept, { body: { type: 'ended', by: 'visitor' }, at: 900 })
    expect(ended).toMatchObject({ phase: 'ended', ticket: { status: 'solved' } })
  })

  test('a contact given later stands on the ticket', () => {
    const state = fold(
      { type: 'ticketOpened', ticket, cause: 'chosen' },
      { type: 'contactGiven', contact: { email: 'mara@example.org' } },
    )
    expect(state.ticket?.contact).toEqual({ email: 'mara@example.org' })
  })

  test('an event of a newer peer changes nothing', () => {
    const state = fold({ type: 'handoffReady', channel: 'live' })
    expect(foldEvent(state, { body: { type: 'applauded' } as never, at: 1 })).toBe(state)
  })

  test('whatever happens, the phase is one of the table, and each phase but the first can be reached', () => {
    const phases = Object.keys(nextPhase) as Phase[]
    const happenings = [...new Set(phases.flatMap(phase => Object.keys(nextPhase[phase])))] as PhaseEvent[]
    const reached = new Set<Phase>(['bot'])
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...happenings), { maxLength: 12 }), list => {
        let phase: Phase = 'bot'
        for (const happening of list) {
          phase = phaseAfter(phase, happening)
          reached.add(phase)
          expect(phases).toContain(phase)
        }
      }),
      { numRuns: 2_000, seed: 7 },
    )
    expect([...reached].sort()).toEqual([...phases].sort())
  })
})
