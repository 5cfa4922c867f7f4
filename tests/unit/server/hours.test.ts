import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Hours } from '../../../src/protocol/records'
import { hoursProblem, isOpen, opensAt } from '../../../src/server/hours'

const berlin: Hours = {
  zone: 'Europe/Berlin',
  week: {
    mon: [
      ['09:00', '12:00'],
      ['13:00', '17:00'],
    ],
    fri: [['09:00', '17:00']],
    sun: [['02:30', '24:00']],
  },
  closedOn: ['2026-12-25'],
}
const at = (iso: string) => Date.parse(iso)

describe('business hours', () => {
  test('without hours the desk is always open', () => {
    expect(isOpen(null, 0)).toBe(true)
    expect(opensAt(null, 0)).toBeNull()
  })

  test('clocks are read in the desk’s zone, in summer and in winter', () => {
    expect(isOpen(berlin, at('2026-01-05T08:00:00Z'))).toBe(true)
    expect(isOpen(berlin, at('2026-07-06T07:00:00Z'))).toBe(true)
    expect(isOpen(berlin, at('2026-01-05T07:59:59Z'))).toBe(false)
  })

  test('the end of a span is closed, midnight included', () => {
    expect(isOpen(berlin, at('2026-01-05T16:00:00Z'))).toBe(false)
    expect(isOpen(berlin, at('2026-01-11T22:59:59Z'))).toBe(true)
    expect(isOpen(berlin, at('2026-01-11T23:00:00Z'))).toBe(false)
  })

  test('the next opening is the nearest: later today, another day, after a holiday', () => {
    expect(opensAt(berlin, at('2026-01-05T11:30:00Z'))).toBe(at('2026-01-05T12:00:00Z'))
    expect(opensAt(berlin, at('2026-01-05T16:00:00Z'))).toBe(at('2026-01-09T08:00:00Z'))
    expect(opensAt(berlin, at('2026-12-25T10:00:00Z'))).toBe(at('2026-12-27T01:30:00Z'))
  })

  test('an opening in the hour that the clocks skip is the first moment after it', () => {
    expect(opensAt(berlin, at('2026-03-28T12:00:00Z'))).toBe(at('2026-03-29T01:30:00Z'))
  })

  test('a desk that never opens has no next opening', () => {
    expect(opensAt({ zone: 'UTC', week: {} }, at('2026-01-05T11:30:00Z'))).toBeNull()
  })

  test('an opening is open, closed a minute before, and nothing between is open (any moment, any zone)', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland']
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') }),
        (zone, moment) => {
          const hours: Hours = { zone, week: { mon: [['09:00', '12:00']], thu: [['00:00', '24:00']] } }
          const next = opensAt(hours, moment)
          if (next === null) return isOpen(hours, moment)
          for (let minute = moment; minute < next; minute += 30 * 60_000)
            if (isOpen(hours, minute)) return false
          return isOpen(hours, next) && !isOpen(hours, next - 60_000)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('a wrong zone and a span that ends before it begins are named', () => {
    expect(hoursProblem({ zone: 'Nowhere/Land', week: {} })).toMatch(/IANA/)
    expect(hoursProblem({ zone: 'UTC', week: { mon: [['17:00', '09:00']] } })).toMatch(/hours.week.mon/)
    expect(hoursProblem(berlin)).toBeNull()
  })
})
