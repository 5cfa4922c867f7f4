import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  jsonBytes,
  MAX_DESK_ROWS,
  MAX_ROW_NAME_BYTES,
  MAX_ROW_QUESTION_BYTES,
} from '../../../src/protocol/limits'
import { parseQueueRows } from '../../../src/protocol/parseDesk'
import { cutToBytes, deskAnswer } from '../../../src/server/deskList'
import { toldOfMail } from '../../../src/server/deskRecords'
import type { SettledMail } from '../../../src/server/store/deliveries'
import type { ConversationRow, DeskGroup } from '../../../src/server/store/helpDeskStore'
import { emptyRow } from '../../../src/server/store/projection'

const ADA = { agentId: 'agent-ada', name: 'Ada' }
const GRACE = { agentId: 'agent-grace', name: 'Grace' }

const rows = (name: string, count: number, change: Partial<ConversationRow>): ConversationRow[] =>
  Array.from({ length: count }, (_, n) => ({ ...emptyRow(`${name}-row-${n}`, 'anon:x'), ...change }))

/** As a store reads them: at most `MAX_DESK_ROWS` of each group, and the number of all. */
const group = (all: readonly ConversationRow[]): DeskGroup => ({
  rows: all.slice(0, MAX_DESK_ROWS),
  total: all.length,
})

function listOf(sizes: {
  mine: number
  waiting: number
  tickets: number
  contested: number
  colleagues: number
  ended: number
}) {
  const mine = rows('mine', sizes.mine, { phase: 'live', agent: ADA })
  const colleagues = rows('colleagues', sizes.colleagues, { phase: 'live', agent: GRACE })
  return {
    held: mine,
    queued: group(rows('waiting', sizes.waiting, { phase: 'queued', waitStarted: 1 })),
    ticketed: group(rows('tickets', sizes.tickets, { phase: 'ticketed' })),
    live: group([...mine, ...colleagues]),
    ended: group(rows('ended', sizes.ended, { phase: 'ended' })),
    contested: group(rows('contested', sizes.contested, { phase: 'ended' })),
  }
}
const NOBODY = { mine: 0, waiting: 0, tickets: 0, contested: 0, colleagues: 0, ended: 0 }
const countOf = (answer: ReturnType<typeof deskAnswer>, name: string) =>
  answer.rows.filter(row => row.conversationId.startsWith(name)).length

describe('[D19] which rows an agent gets', () => {
  test('all of them, where they are few', () => {
    const sizes = { mine: 3, waiting: 190, tickets: 200, contested: 10, colleagues: 90, ended: 7 }
    const answer = deskAnswer(listOf(sizes), ADA.agentId)
    expect(answer.totals).toEqual(sizes)
    for (const [name, size] of Object.entries(sizes)) expect(countOf(answer, name)).toBe(size)
  })

  test('the tickets that an agent answers for stand in front of all others, also of those that the list has no room for', () => {
    const sizes = { mine: 500, waiting: 500, tickets: 700, contested: 500, colleagues: 500, ended: 500 }
    const list = listOf(sizes)
    const ticket = {
      number: 2_000,
      category: '',
      priority: 'normal',
      status: 'waitingOnUs',
      owner: ADA,
    } as const
    const own = rows('own', 2, { phase: 'ticketed', ticket })
    const answer = deskAnswer({ ...list, held: [...list.held, ...own] }, ADA.agentId)
    const tickets = answer.rows.filter(row => row.phase === 'ticketed')
    expect(tickets.slice(0, 3).map(row => row.conversationId)).toEqual([
      'own-row-0',
      'own-row-1',
      'tickets-row-0',
    ])
    expect(tickets).toHaveLength(75)
    expect(tickets[0]).toMatchObject({ ticketStatus: 'waitingOnUs', ticketOwner: ADA })
    expect(countOf(deskAnswer({ ...list, held: [...list.held, ...own] }, GRACE.agentId), 'own')).toBe(0)
  })

  test('never more than the bound, each part from its beginning, and the numbers are of all', () => {
    const size = fc.oneof(fc.nat(20), fc.nat(2_000))
    const sizes = fc.record({
      mine: size,
      waiting: size,
      tickets: size,
      contested: size,
      colleagues: size,
      ended: size,
    })
    fc.assert(
      fc.property(sizes, sizes => {
        const answer = deskAnswer(listOf(sizes), ADA.agentId)
        const all = Object.values(sizes).reduce((sum, one) => sum + one, 0)
        expect(answer.totals).toEqual(sizes)
        expect(answer.rows.length).toBeLessThanOrEqual(MAX_DESK_ROWS)
        // Own rows may fill the newest live ones, so that of colleagues' fewer are known than there is room for.
        if (sizes.mine + sizes.colleagues <= MAX_DESK_ROWS)
          expect(answer.rows).toHaveLength(Math.min(all, MAX_DESK_ROWS))
        const seen = new Map<string, number>()
        for (const { conversationId } of answer.rows) {
          const [name = '', , n] = conversationId.split('-')
          expect(Number(n)).toBe(seen.get(name) ?? 0)
          seen.set(name, Number(n) + 1)
        }
        expect(seen.get('mine') ?? 0).toBeGreaterThanOrEqual(Math.min(sizes.mine, 250))
        expect(seen.get('waiting') ?? 0).toBeGreaterThanOrEqual(Math.min(sizes.waiting, 100))
        expect(seen.get('tickets') ?? 0).toBeGreaterThanOrEqual(Math.min(sizes.tickets, 75))
        expect(seen.get('contested') ?? 0).toBeGreaterThanOrEqual(Math.min(sizes.contested, 25))
      }),
      { numRuns: 40 },
    )
  })

  test('what another agent holds is a colleague’s, also where both asked at once', () => {
    const list = listOf({ ...NOBODY, mine: 2, colleagues: 3 })
    const answer = deskAnswer({ ...list, held: list.live.rows }, GRACE.agentId)
    expect(answer.totals).toEqual({ ...NOBODY, mine: 3, colleagues: 2 })
    expect(answer.rows[0]?.agent).toEqual(GRACE)
  })
})

describe('[D19] how long a row is', () => {
  test('the longest rows there can be are far from what makes a reader slow', () => {
    for (const character of ['x', '"', 'ж', '字', '\u0001', '\ud800', '👩']) {
      const long = character.repeat(4_000)
      const worst = rows('waiting', MAX_DESK_ROWS, {
        conversationId: 'c'.repeat(64),
        phase: 'queued',
        assignment: 2 ** 31,
        head: 2 ** 31,
        waitStarted: 4_102_444_800_000.123,
        lastAt: 4_102_444_800_000.123,
        // As long as an agent's id may be (`identityForm`), in what takes most bytes there.
        agent: { agentId: '\u5b57'.repeat(200), name: long },
        visitorName: long,
        role: long,
        pageName: long,
        question: long,
      })
      const answer = deskAnswer({ ...listOf(NOBODY), queued: group(worst) }, ADA.agentId)
      expect(answer.rows).toHaveLength(MAX_DESK_ROWS)
      expect(jsonBytes(answer)).toBeLessThan(768 * 1_024)
      const teams = new Map(worst.map(row => [row.conversationId, long]))
      const waiting = group(worst.map(row => ({ ...row, agent: null })))
      const forTeams = deskAnswer({ ...listOf(NOBODY), queued: waiting }, ADA.agentId, teams)
      expect(forTeams.rows[0]?.team).toBeTruthy()
      expect(jsonBytes(forTeams)).toBeLessThan(768 * 1_024)
    }
  })

  test('a visitor whose signed name is endless is listed all the same', () => {
    const [row] = rows('waiting', 1, { phase: 'queued', waitStarted: 1, visitorName: 'Vera '.repeat(1_000) })
    const answer = deskAnswer({ ...listOf(NOBODY), queued: group(row ? [row] : []) }, ADA.agentId)
    const [listed] = parseQueueRows(answer.rows) ?? []
    expect(listed?.visitorName).toMatch(/^Vera (Vera )+V?e?r?a?…$/)
    expect(jsonBytes(listed?.visitorName)).toBeLessThanOrEqual(MAX_ROW_NAME_BYTES + 2)
  })

  test('a text is whole or ends in an ellipsis, is never cut inside a character, and keeps its limit', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '\u0001',
      '\t',
      '"',
      '\\',
      '\n',
      'ä',
      '字',
      '👩',
      '\ud800',
      '\u2028',
    )
    const text = fc.array(piece, { maxLength: 300 }).map(pieces => pieces.join(''))
    const limit = fc.constantFrom(MAX_ROW_NAME_BYTES, MAX_ROW_QUESTION_BYTES, 9)
    fc.assert(
      fc.property(text, limit, (text, most) => {
        const cut = cutToBytes(text, most)
        expect(jsonBytes(cut) - 2).toBeLessThanOrEqual(most)
        if (jsonBytes(text) - 2 <= most) expect(cut).toBe(text)
        else {
          expect(cut.endsWith('…')).toBe(true)
          const kept = [...cut.slice(0, -1)]
          expect([...text].slice(0, kept.length)).toEqual(kept)
        }
      }),
    )
  })
})

test('[O12] of letters agents read what nobody got since the last that went out, and when they last answered', () => {
  const letter = (kind: string, doneAt: number, problem?: string): SettledMail => ({
    kind,
    state: problem === undefined ? 'sent' : 'failed',
    doneAt,
    problem: problem ?? '',
  })
  expect(toldOfMail([])).toEqual({})
  expect(
    toldOfMail([
      letter('solved', 50, 'given up: it took too long'),
      letter('answered', 40, '550 no such mailbox ann@example.org'),
      letter('acknowledged', 30),
      letter('answered', 20),
      letter('answered', 10, 'given up: it took too long'),
    ]),
  ).toEqual({
    undelivered: [
      { kind: 'solved', reason: 'gaveUp', at: 50 },
      { kind: 'answered', reason: 'refused', at: 40 },
    ],
    mailedAt: 20,
  })
})
