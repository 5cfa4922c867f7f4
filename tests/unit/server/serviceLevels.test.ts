import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Hours } from '../../../src/protocol/records'
import { isOpen } from '../../../src/server/hours'
import {
  afterBusinessMs,
  allowedMs,
  businessMs,
  type ServiceLevels,
  type TicketTimes,
  ticketLevels,
} from '../../../src/server/serviceLevels'

const MINUTE = 60_000
const at = (iso: string) => Date.parse(iso)
const weekdays = (...spans: [string, string][]) => ({
  mon: spans,
  tue: spans,
  wed: spans,
  thu: spans,
  fri: spans,
})
const BERLIN: Hours = { zone: 'Europe/Berlin', week: weekdays(['09:00', '17:00']), closedOn: ['2026-12-25'] }
const LEVELS: ServiceLevels = {
  default: { firstResponseMinutes: 60, resolutionMinutes: 480 },
  categories: { payments: { firstResponseMinutes: 30 }, constructorless: {} },
  priorities: { urgent: 0.5 },
}
const ticket = (given: Partial<TicketTimes> = {}): TicketTimes => ({
  openedAt: at('2026-01-09T15:30:00Z'),
  firstResponseAt: null,
  solvedAt: null,
  onUs: [[given.openedAt ?? at('2026-01-09T15:30:00Z'), null]],
  priority: 'normal',
  category: 'general',
  ...given,
})
const stateAt = (times: TicketTimes, now: string) => ticketLevels(times, LEVELS, BERLIN, at(now))

describe('what a site promises', () => {
  test('a category’s own goes before the default, a priority multiplies, nothing named is nothing promised', () => {
    expect(allowedMs({ category: 'payments', priority: 'urgent' }, LEVELS)).toEqual({
      firstResponse: 15 * MINUTE,
      resolution: 240 * MINUTE,
    })
    expect(allowedMs({ category: 'constructor', priority: 'normal' }, LEVELS).firstResponse).toBe(60 * MINUTE)
    expect(allowedMs({ category: 'x', priority: 'low' }, {})).toEqual({
      firstResponse: null,
      resolution: null,
    })
    expect(ticketLevels(ticket(), null, BERLIN, 0)).toBeNull()
    expect(ticketLevels(ticket(), {}, BERLIN, 0)).toBeNull()
  })
})

describe('how a ticket stands', () => {
  test('[D45] opened half an hour before Friday ends, its first response is due half an hour into Monday', () => {
    expect(stateAt(ticket(), '2026-01-09T15:45:00Z')?.firstResponse).toEqual({
      state: 'ok',
      dueAt: at('2026-01-12T08:30:00Z'),
      warnAt: at('2026-01-12T08:15:00Z'),
    })
    expect(stateAt(ticket(), '2026-01-11T12:00:00Z')?.firstResponse?.state).toBe('ok')
    expect(stateAt(ticket(), '2026-01-12T08:15:00Z')?.firstResponse?.state).toBe('warning')
    expect(stateAt(ticket(), '2026-01-12T08:30:00Z')?.firstResponse?.state).toBe('breached')
  })

  test('[D45] the first response never pauses, and is met or missed once it is there', () => {
    const answered = (iso: string) => ticket({ firstResponseAt: at(iso), onUs: [[at(iso) - 1, at(iso)]] })
    expect(stateAt(answered('2026-01-12T08:30:00Z'), '2026-02-01T00:00:00Z')?.firstResponse?.state).toBe(
      'met',
    )
    expect(stateAt(answered('2026-01-12T08:30:01Z'), '2026-02-01T00:00:00Z')?.firstResponse?.state).toBe(
      'missed',
    )
  })

  test('[D45] the resolution pauses while it waits for the visitor, and goes on with what was left', () => {
    const opened = at('2026-01-12T08:00:00Z')
    const answered = at('2026-01-12T12:00:00Z')
    const waiting = ticket({ openedAt: opened, firstResponseAt: answered, onUs: [[opened, answered]] })
    expect(stateAt(waiting, '2026-03-01T12:00:00Z')?.resolution).toEqual({ state: 'paused', dueAt: null })
    const again = at('2026-01-20T08:00:00Z')
    const goesOn = {
      ...waiting,
      onUs: [
        [opened, answered],
        [again, null],
      ] as const,
    }
    expect(stateAt(goesOn, '2026-01-20T08:01:00Z')?.resolution).toEqual({
      state: 'ok',
      dueAt: at('2026-01-20T12:00:00Z'),
      warnAt: at('2026-01-20T10:00:00Z'),
    })
    expect(stateAt(goesOn, '2026-01-20T12:00:00Z')?.resolution?.state).toBe('breached')
    const late = {
      ...goesOn,
      onUs: [
        [opened, answered],
        [again, again + 5 * 3_600_000],
      ] as const,
    }
    expect(stateAt(late, '2026-03-01T12:00:00Z')?.resolution?.state).toBe('breached')
    expect(
      stateAt({ ...late, solvedAt: again + 6 * 3_600_000 }, '2026-03-01T12:00:00Z')?.resolution?.state,
    ).toBe('missed')
    expect(
      stateAt({ ...waiting, solvedAt: at('2026-01-25T00:00:00Z') }, '2026-03-01T12:00:00Z')?.resolution
        ?.state,
    ).toBe('met')
  })

  test('[D45] opened again it gets a resolution anew; the first response is not asked for twice', () => {
    const opened = at('2026-01-12T08:00:00Z')
    const solved = at('2026-01-12T15:00:00Z')
    const reopenedAt = at('2026-01-15T08:00:00Z')
    const times = ticket({
      openedAt: opened,
      firstResponseAt: opened + MINUTE,
      onUs: [
        [opened, solved],
        [reopenedAt, null],
      ],
      reopenedAt,
    })
    const levels = stateAt(times, '2026-01-15T09:00:00Z')
    expect(levels?.resolution).toMatchObject({ state: 'ok', dueAt: at('2026-01-15T16:00:00Z') })
    expect(levels?.firstResponse?.state).toBe('met')
  })

  test('a desk that never opens is never late', () => {
    const never: Hours = { zone: 'UTC', week: {} }
    expect(ticketLevels(ticket(), LEVELS, never, at('2030-01-01T00:00:00Z'))?.firstResponse).toEqual({
      state: 'ok',
      dueAt: null,
    })
  })
})

describe('business time', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kathmandu',
    'Pacific/Auckland',
    'Australia/Lord_Howe',
  ]
  const clockTime = fc.integer({ min: 0, max: 48 }).map(half => {
    const pad = (n: number) => String(n).padStart(2, '0')
    return `${pad(Math.floor(half / 2))}:${pad((half % 2) * 30)}`
  })
  const spans = fc.array(
    fc.tuple(clockTime, clockTime).filter(([from, to]) => from < to),
    { maxLength: 3 },
  )
  const hours = fc.record({
    zone: fc.constantFrom(...zones),
    week: fc.record({ fri: spans, sat: spans, sun: spans, mon: spans }),
    closedOn: fc.constantFrom([], ['2026-03-29'], ['2026-10-25', '2026-11-01']),
  })
  /** Around changes of the clocks, and on a quiet day. */
  const starts = [
    '2026-03-28',
    '2026-10-24',
    '2026-03-07',
    '2026-10-31',
    '2026-04-04',
    '2026-06-13',
    '2026-10-03',
  ]
  const minuteOf = fc
    .tuple(fc.constantFrom(...starts), fc.integer({ min: 0, max: 2 * 24 * 60 }))
    .map(([day, minute]) => at(`${day}T00:00:00Z`) + minute * MINUTE)

  test('is what a clock shows that is looked at each minute, also where clocks are changed', () => {
    fc.assert(
      fc.property(hours, minuteOf, fc.integer({ min: 0, max: 36 * 60 }), (given, from, minutes) => {
        let counted = 0
        for (let n = 0; n < minutes; n++) if (isOpen(given, from + n * MINUTE)) counted++
        expect(businessMs(given, from, from + minutes * MINUTE)).toBe(counted * MINUTE)
      }),
      { numRuns: 60 },
    )
  })

  test('a deadline is the first moment at which so much of it has gone by', () => {
    const some = fc.integer({ min: 1, max: 2_000_000 })
    fc.assert(
      fc.property(
        hours,
        minuteOf,
        some,
        fc.integer({ max: 59_999, min: 0 }),
        (given, start, seconds, more) => {
          const [from, ms] = [start + more, seconds * 50]
          const due = afterBusinessMs(given, from, ms)
          if (due === null) return Object.values(given.week).every(each => each.length === 0)
          expect(businessMs(given, from, due)).toBe(ms)
          expect(businessMs(given, from, due - 1)).toBe(ms - 1)
          return true
        },
      ),
      { numRuns: 200 },
    )
  })

  test('without hours it is time', () => {
    expect(businessMs(null, 5, 1_005)).toBe(1_000)
    expect(afterBusinessMs(null, 5, 1_000)).toBe(1_005)
  })
})
