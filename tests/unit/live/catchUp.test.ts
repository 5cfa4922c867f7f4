import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cursor, isBehind, noteHead, receivePage, receivePush, START } from '../../../src/live/catchUp'
import type { StoredEvent } from '../../../src/protocol/events'

const event = (seq: number): StoredEvent => ({
  conversationId: 'c',
  seq,
  clientId: `id-${seq}`,
  at: seq,
  author: { kind: 'visitor' },
  body: { type: 'message', text: String(seq), format: 'plain' },
})
const events = (...seqs: number[]) => seqs.map(event)
const seqs = (list: readonly StoredEvent[]) => list.map(each => each.seq)
const caughtUpTo = (last: number): Cursor => ({ ...START, epoch: 'E', last, head: last })
const page = (head: number, ...list: number[]) => ({ events: events(...list), head, epoch: 'E' })

describe('[D13] one door', () => {
  test('shows last + 1, drops what is known, holds what is later', () => {
    const first = receivePush(caughtUpTo(4), 'E', events(4, 6, 7))
    expect(seqs(first.show)).toEqual([])
    expect(isBehind(first.cursor)).toBe(true)
    const second = receivePage(first.cursor, page(7, 5), 4)
    expect(seqs(second.show)).toEqual([5, 6, 7])
    expect(isBehind(second.cursor)).toBe(false)
    expect(receivePush(second.cursor, 'E', events(5, 6, 7)).show).toEqual([])
  })

  test('a page that ends before its head is asked to be continued', () => {
    const { cursor } = receivePage(START, page(5, 1, 2), 0)
    expect([cursor.last, isBehind(cursor)]).toEqual([2, true])
  })

  test('what came by push while the page was on its way is not lost from the head', () => {
    const pushed = receivePush(caughtUpTo(4), 'E', events(7))
    expect(isBehind(receivePage(pushed.cursor, page(5, 5), 4).cursor)).toBe(true)
  })
})

test('[D14] a beacon ahead of what is shown means asking; one that is level does not', () => {
  expect(isBehind(noteHead(caughtUpTo(4), 'E', 4))).toBe(false)
  expect(isBehind(noteHead(caughtUpTo(4), 'E', 5))).toBe(true)
})

describe('[D4] another epoch', () => {
  test('a push of another epoch is not shown, only asked about', () => {
    const { cursor, show } = receivePush(caughtUpTo(4), 'F', events(5))
    expect([show, cursor.last, isBehind(cursor)]).toEqual([[], 4, true])
    expect(isBehind(receivePage(cursor, page(4), 4).cursor)).toBe(false)
  })

  test('a page of another epoch voids what was shown and is read again from the start', () => {
    const other = { ...page(3, 3), epoch: 'F' }
    const voided = receivePage(caughtUpTo(2), other, 2)
    expect(voided).toMatchObject({ restarted: true, show: [], cursor: { epoch: 'F', last: 0, head: 3 } })
    const again = receivePage(voided.cursor, { ...page(3, 1, 2, 3), epoch: 'F' }, 0)
    expect([seqs(again.show), again.restarted]).toEqual([[1, 2, 3], false])
  })

  test('a database that came back empty voids too', () => {
    expect(receivePage(caughtUpTo(2), { events: [], head: 0, epoch: 'F' }, 2).restarted).toBe(true)
  })
})

test('[D13] [D14] any interleaving of pushes lost, doubled, reordered, of pages and beacons shows 1 … head once, in order', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('push' as const), pick: fc.array(fc.nat(60), { maxLength: 8 }) }),
    fc.record({ kind: fc.constant('foreign' as const), pick: fc.array(fc.nat(60), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('ask' as const), limit: fc.integer({ min: 1, max: 7 }) }),
    fc.record({ kind: fc.constant('answer' as const) }),
    fc.record({ kind: fc.constant('beacon' as const), head: fc.nat(60) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), steps => {
      let head = 0
      let cursor = START
      const shown: number[] = []
      // One question in the air at a time, answered with what there was when it was read.
      let asked: { after: number; page: ReturnType<typeof page> } | null = null
      const read = (limit: number) => {
        const list = events(...Array.from({ length: head }, (_, n) => n + 1))
        return page(head, ...seqs(list.filter(each => each.seq > cursor.last).slice(0, limit)))
      }
      const answer = () => {
        if (!asked) return
        const got = receivePage(cursor, asked.page, asked.after)
        cursor = got.cursor
        expect(got.restarted).toBe(false)
        shown.push(...seqs(got.show))
        asked = null
      }
      for (const each of steps) {
        if (each.kind === 'append') head += each.count
        if (each.kind === 'push') {
          const got = receivePush(cursor, 'E', events(...each.pick.filter(seq => seq > 0 && seq <= head)))
          cursor = got.cursor
          shown.push(...seqs(got.show))
        }
        if (each.kind === 'foreign') cursor = receivePush(cursor, 'F', events(...each.pick)).cursor
        if (each.kind === 'ask') asked ??= { after: cursor.last, page: read(each.limit) }
        if (each.kind === 'answer') answer()
        if (each.kind === 'beacon') cursor = noteHead(cursor, 'E', Math.min(each.head, head))
        expect(shown).toEqual(Array.from({ length: shown.length }, (_, n) => n + 1))
      }
      // Quiet now: one beacon, then asking for as long as the door says so.
      answer()
      cursor = noteHead(cursor, 'E', head)
      if (cursor.epoch === '') cursor = { ...cursor, isInDoubt: true }
      for (let n = 0; isBehind(cursor) && n < 100; n++) {
        asked = { after: cursor.last, page: read(3) }
        answer()
      }
      expect(shown).toEqual(Array.from({ length: head }, (_, n) => n + 1))
    }),
    { numRuns: 500 },
  )
})
