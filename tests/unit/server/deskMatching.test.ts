import { describe, expect, test } from 'vitest'
import { jsonBytes, MAX_DESK_ROWS } from '../../../src/protocol/limits'
import type { TicketRecord } from '../../../src/protocol/records'
import { deskAnswer } from '../../../src/server/deskList'
import { type DeskMoment, deskMatching } from '../../../src/server/deskMatching'
import type { RoutedAgent } from '../../../src/server/routing'
import type { ConversationRow, DeskGroup } from '../../../src/server/store/helpDeskStore'
import { emptyRow } from '../../../src/server/store/projection'

const agent = (agentId: string, more: Partial<RoutedAgent> = {}): RoutedAgent => ({
  agentId,
  name: agentId,
  teams: [],
  live: 0,
  ...more,
})
const ADA = agent('ada', { skills: ['payments'], languages: ['de', 'en'] })
const BOB = agent('bob', { languages: ['en'] })
const row = (id: string, more: Partial<ConversationRow> = {}): ConversationRow => ({
  ...emptyRow(id, 'anon:x'),
  phase: 'queued',
  waitStarted: 0,
  locale: 'en',
  ...more,
})
const group = (rows: readonly ConversationRow[]): DeskGroup => ({ rows, total: rows.length })
const moment = (
  more: Partial<DeskMoment> = {},
  queued: ConversationRow[] = [],
  tickets: ConversationRow[] = [],
) => ({
  list: {
    held: [],
    queued: group(queued),
    ticketed: group(tickets),
    live: group([]),
    ended: group([]),
    contested: group([]),
    contests: new Map(),
  },
  teams: new Map<string, string>(),
  here: [ADA, BOB],
  hours: null,
  levels: null,
  now: 0,
  ...more,
})
const TICKET: TicketRecord = { number: 1_001, category: 'payments', priority: 'normal', status: 'open' }

describe('what a row says to the agent who asks', () => {
  test('[D46] why it is for them, and which is next; a colleague hears other reasons', () => {
    const [first, german, paying] = [
      row('first'),
      row('german', { locale: 'de' }),
      row('paying', { category: 'payments', waitStarted: 60_000 }),
    ]
    const now = moment({}, [first, german, paying])
    const ada = deskMatching(now, ADA)
    expect(ada.of(first).fits).toBeUndefined()
    expect(ada.of(german).fits).toEqual({ reasons: [{ code: 'language', words: ['de'] }] })
    expect(ada.of(paying).fits).toEqual({ reasons: [{ code: 'skill', words: ['payments'] }] })
    expect(ada.next).toBe('german')
    const bob = deskMatching(now, BOB)
    expect([first, german, paying].map(each => bob.of(each).fits)).toEqual([undefined, undefined, undefined])
    expect(bob.next).toBe('first')
    expect(deskMatching(now, null).next).toBe('first')
    expect(deskMatching(moment(), ADA).next).toBeNull()
  })

  test('[D46] a night’s tickets are suggested to those who are here in the morning; what somebody answers for is not', () => {
    const night = [
      row('t-1', { phase: 'ticketed', ticket: TICKET, category: 'payments' }),
      row('t-2', { phase: 'ticketed', ticket: TICKET, locale: 'de' }),
    ]
    const owned = row('t-3', {
      phase: 'ticketed',
      ticket: { ...TICKET, owner: { agentId: 'bob', name: 'Bob' } },
    })
    const { of } = deskMatching(moment({}, [], [...night, owned]), BOB)
    expect(night.map(each => of(each).suggestedFor?.agentId)).toEqual(['ada', 'ada'])
    expect(of(owned)).toEqual({})
    const nobody = deskMatching(moment({ here: [] }, [], night), null)
    expect(night.map(each => nobody.of(each).suggestedFor)).toEqual([undefined, undefined])
  })

  test('where no agent says what they know, nothing is suggested and the head of the queue is next', () => {
    const plain = [agent('ada'), agent('bob')]
    const first = row('first', { category: 'payments' })
    const matching = deskMatching(moment({ here: plain }, [first]), plain[0] as RoutedAgent)
    expect(matching.of(first)).toEqual({})
    expect(matching.next).toBe('first')
  })

  test('[D45] a ticket says how it stands; one from before its moments were kept, and one that nothing is promised for, do not', () => {
    const levels = { default: { firstResponseMinutes: 60 } }
    const times = { openedAt: 0, waitedOnUs: [[0, null]] as const }
    const late = row('t-1', { phase: 'ticketed', ticket: { ...TICKET, ...times } })
    const old = row('t-2', { phase: 'ticketed', ticket: TICKET })
    const { of } = deskMatching(moment({ levels, now: 3_600_000 }, [], [late, old]), ADA)
    expect(of(late).levels).toEqual({ firstResponse: { state: 'breached', dueAt: 3_600_000 } })
    expect(of(old).levels).toBeUndefined()
    expect(deskMatching(moment({}, [], [late]), ADA).of(late).levels).toBeUndefined()
  })

  test('[D19] the longest rows there can be are within the bound', () => {
    for (const character of ['x', '"', '字', '\u0001']) {
      const long = character.repeat(4_000)
      const worst = Array.from({ length: MAX_DESK_ROWS }, (_, n) =>
        row(`${n}`.padStart(64, 'c'), {
          visitorName: long,
          role: long,
          pageName: long,
          question: long,
          category: long,
          locale: 'de',
          phase: 'ticketed',
          ticket: {
            ...TICKET,
            openedAt: 4_102_444_800_000,
            waitedOnUs: [[4_102_444_800_000, null]],
          },
        }),
      )
      const self = agent('字'.repeat(200), { name: long, skills: [long], languages: ['de'] })
      const levels = { default: { firstResponseMinutes: 60.123, resolutionMinutes: 60.123 } }
      const now = moment({ here: [self, BOB], levels }, [], worst)
      const answer = deskAnswer(now.list, self.agentId, new Map(), new Map(), deskMatching(now, self).of)
      expect(answer.rows[0]).toMatchObject({ fits: {}, suggestedFor: {}, levels: { resolution: {} } })
      expect(jsonBytes(answer)).toBeLessThan(768 * 1_024)
    }
  })
})
