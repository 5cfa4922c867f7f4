// What a desk may say of how long a first answer takes: measured, over business time, with those that nobody has answered.
import { expect, test } from 'vitest'
import type { Hours } from '../../../src/protocol/records'
import { afterBusinessMs } from '../../../src/server/serviceLevels'
import {
  ENOUGH_ANSWERS,
  expectedAnswer,
  TICKETS_COUNTED,
  TICKETS_SINCE_MS,
  type TicketWait,
  ticketPace,
} from '../../../src/server/ticketWaits'
import { createLoopback } from '../../../src/testing/loopback'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NINE_TO_FIVE: Hours = {
  zone: 'Europe/Berlin',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map(day => [day, [['09:00', '17:00']]])),
}
const answered = (openedAt: number, ms: number): TicketWait => ({
  openedAt,
  answeredAt: openedAt + ms,
  endedAt: null,
})

test('[D47] fewer than eight answers are no ground, and without one nothing is said', () => {
  const waits = Array.from({ length: ENOUGH_ANSWERS - 1 }, (_, n) => answered(n, HOUR))
  expect(ticketPace(waits, null, DAY)).toBeNull()
  expect(expectedAnswer(null, null, DAY)).toBeNull()
  expect(ticketPace([...waits, answered(9, HOUR)], null, DAY)).toEqual({ medianMs: HOUR, usualMs: HOUR })
})

test('[D47] four of five are answered within what is said', () => {
  const waits = Array.from({ length: 10 }, (_, n) => answered(n, (n + 1) * HOUR))
  expect(ticketPace(waits, null, 2 * DAY)).toEqual({ medianMs: 5 * HOUR, usualMs: 8 * HOUR })
})

test('[D47] a desk that answers nobody any more looks slower by the hour, until nobody knows', () => {
  const quick = Array.from({ length: 10 }, (_, n) => answered(n, HOUR))
  const stuck = Array.from({ length: 5 }, (_, n) => ({ openedAt: DAY + n, answeredAt: null, endedAt: null }))
  const at = (now: number) => ticketPace([...stuck, ...quick], null, now)
  expect(at(DAY + 10 * MINUTE)).toEqual({ medianMs: HOUR, usualMs: HOUR })
  expect(at(2 * DAY)).toEqual({ medianMs: HOUR, usualMs: null })
  expect(expectedAnswer(at(2 * DAY), null, 2 * DAY)).toBeNull()
})

test('[D47] nights and weekends cost nothing, and are told to who writes before them', () => {
  const friday = Date.parse('2026-11-20T15:00:00Z')
  // Opened an hour before the weekend, answered an hour into Monday.
  const waits = Array.from({ length: 8 }, () => answered(friday, Date.parse('2026-11-23T09:00:00Z') - friday))
  const pace = ticketPace(waits, NINE_TO_FIVE, Date.parse('2026-11-24T12:00:00Z'))
  expect(pace).toEqual({ medianMs: 2 * HOUR, usualMs: 2 * HOUR })
  const said = (at: string) => (expectedAnswer(pace, NINE_TO_FIVE, Date.parse(at))?.usualMs ?? 0) / HOUR
  expect(said('2026-11-24T09:00:00Z')).toBe(2)
  expect(said('2026-11-27T15:00:00Z')).toBe(66)
})

/** A desk of two who answer in turn; each answer takes a while, and Mondays have twice as many tickets. */
function simulatedDesk(seed: number, weeks: number) {
  let state = seed
  const random = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
  const tickets: { openedAt: number; answeredAt: number }[] = []
  const free = [0, 0]
  const start = Date.parse('2026-01-05T00:00:00Z')
  for (let at = start; at < start + weeks * 7 * DAY; ) {
    const isMonday = new Date(at).getUTCDay() === 1
    at += -Math.log(1 - random()) * (isMonday ? 55 : 110) * MINUTE
    const who = (free[0] ?? 0) <= (free[1] ?? 0) ? 0 : 1
    const takes = (10 + -Math.log(1 - random()) * 25) * MINUTE
    const answeredAt = afterBusinessMs(NINE_TO_FIVE, Math.max(at, free[who] ?? 0), takes) ?? at
    free[who] = answeredAt
    tickets.push({ openedAt: at, answeredAt })
  }
  return tickets
}

test('[D47] on simulated desks some four of five are answered within what they were told; counting answered ones alone tells too little', () => {
  let told = 0
  let kept = 0
  let keptByAnswered = 0
  for (const seed of [1, 2, 3]) {
    const tickets = simulatedDesk(seed, 10)
    const begin = (tickets[0]?.openedAt ?? 0) + 28 * DAY
    for (const [n, { openedAt: now, answeredAt }] of tickets.entries()) {
      if (now < begin || n % 3 > 0) continue
      const seen = tickets
        .slice(0, n)
        .filter(({ openedAt }) => openedAt > now - TICKETS_SINCE_MS)
        .slice(-TICKETS_COUNTED)
        .map(
          (each): TicketWait => ({
            openedAt: each.openedAt,
            answeredAt: each.answeredAt <= now ? each.answeredAt : null,
            endedAt: null,
          }),
        )
      const within = (waits: readonly TicketWait[]) =>
        expectedAnswer(ticketPace(waits, NINE_TO_FIVE, now), NINE_TO_FIVE, now)?.usualMs ?? null
      const usual = within(seen)
      if (usual === null) continue
      told++
      if (answeredAt - now <= usual) kept++
      if (answeredAt - now <= (within(seen.filter(each => each.answeredAt !== null)) ?? 0)) keptByAnswered++
    }
  }
  expect(told).toBeGreaterThan(200)
  expect(kept / told).toBeGreaterThan(0.72)
  expect(kept / told).toBeLessThan(0.88)
  expect(kept).toBeGreaterThanOrEqual(keptByAnswered)
})

test('[D47] the server says it to who asks what there is, and not before there is ground', async () => {
  const loopback = await createLoopback()
  const { transport } = loopback.visitor({})
  transport.connect()
  await loopback.settle()
  const asked = async () => {
    const reply = await transport.request('availability', { v: 1 })
    return reply.ok ? reply.ticketAnswer : undefined
  }
  expect(await asked()).toBeNull()
  await loopback.close()
})
