import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { buildTimeline } from '../../../src/conversation/timeline'
import { readEvents } from '../../../src/live/readEvents'
import { deskRequests, firstIssue, parseEvents, visitorRequests } from '../../../src/protocol/parse'

const id = 'abcdefghijklmnopqrstuv'
const send = (body: unknown, extra: object = {}) => ({
  v: 1,
  conversationId: id,
  drafts: [{ clientId: id, body, ...extra }],
})

describe('what comes in over the wire', () => {
  test('[D19] 4 000 characters pass, one more does not', () => {
    const text = (length: number) => send({ type: 'message', text: 'x'.repeat(length), format: 'plain' })
    expect(v.is(visitorRequests.send, text(4_000))).toBe(true)
    expect(v.is(visitorRequests.send, text(4_001))).toBe(false)
  })

  test('a visitor cannot claim, assign, redact or speak Markdown', () => {
    for (const body of [
      { type: 'assigned', assignment: 1, agent: null, cause: 'claimed' },
      { type: 'redacted', target: 1 },
      { type: 'ended', by: 'agent' },
      { type: 'message', text: 'x', format: 'markdown' },
    ]) {
      expect(v.is(visitorRequests.send, send(body))).toBe(false)
    }
    expect(v.is(deskRequests.send, send({ type: 'message', text: 'x', format: 'markdown' }))).toBe(true)
  })

  test('a key that a newer peer adds is dropped, not refused', () => {
    const parsed = v.parse(
      visitorRequests.send,
      send({ type: 'message', text: 'x', format: 'plain', mood: 'sunny' }),
    )
    expect(parsed.drafts[0]?.body).not.toHaveProperty('mood')
  })

  test('a page of events is taken whole or not at all', () => {
    const event = {
      conversationId: id,
      seq: 1,
      clientId: id,
      at: 1,
      author: { kind: 'system' },
      body: { type: 'nobodyNow' },
    }
    expect(parseEvents([event])).toHaveLength(1)
    expect(parseEvents([event, { ...event, seq: 0 }])).toBeNull()
    expect(
      parseEvents([event, { ...event, seq: 2, body: { type: 'message', text: 7, format: 'plain' } }]),
    ).toBeNull()
    expect(parseEvents({ length: 1 })).toBeNull()
  })

  test('an event type of a newer server passes as it is', () => {
    const event = {
      conversationId: id,
      seq: 1,
      clientId: id,
      at: 1,
      author: { kind: 'system' },
      body: { type: 'applauded', hands: 2 },
    }
    expect(parseEvents([event])?.[0]?.body).toEqual({ type: 'applauded', hands: 2 })
  })

  test('[D28] a page takes in a priority that it knows nothing of, and shows nothing', () => {
    const priority = { type: 'prioritised', priority: 'critical' }
    const event = {
      conversationId: 'x'.repeat(22),
      seq: 2,
      clientId: 'client-1',
      at: 1,
      author: { kind: 'system' },
      body: priority,
    }
    const events = parseEvents([event])
    expect([events?.[0]?.body, readEvents([event])?.length]).toEqual([priority, 1])
    const me = { kind: 'visitor' } as const
    expect(buildTimeline({ events: events ?? [], rows: [], me, isOwn: () => false })).toEqual([])
  })

  test('the developer is told where it is wrong', () => {
    const parsed = v.safeParse(visitorRequests.send, send({ type: 'message', text: '', format: 'plain' }))
    expect(parsed.success).toBe(false)
    if (!parsed.success) expect(firstIssue(parsed.issues)).toMatch(/^drafts\.0\.body\.text: /)
  })
})
