// What other tabs, the disk and a server say, before the session hears of it: taken as it should be, or not at all.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPush, readReply } from '../../../src/live/readWire'
import { isRow, isThread, readTabMessage } from '../../../src/live/tabs'
import { BRIEF, rowOf, wishDraft, wordDraft } from './sessionWorld'

const thread = { openId: 'open-1', conversationId: null, epoch: '' }
const stored = {
  conversationId: 'conversation-1',
  seq: 1,
  clientId: 'word-0001',
  at: 1,
  author: { kind: 'visitor' },
  body: { type: 'message', text: 'Hello', format: 'plain' },
}
const good = [
  { type: 'hello' },
  { type: 'askAvailability' },
  { type: 'agentTyping', thread: 't' },
  { type: 'typing', thread: 't' },
  { type: 'thread', thread },
  { type: 'thread', thread: null, isLogout: true },
  { type: 'rows', thread: 't', rows: [rowOf({ clientId: 'word-0001', thread: 't' })] },
  { type: 'rows', thread: 't', rows: [rowOf({ clientId: 'open-0001', thread: 't', brief: BRIEF })] },
  { type: 'rows', thread: 't', rows: [rowOf({ clientId: 'w', thread: 't', draft: wishDraft('wish-0001') })] },
  { type: 'gone', thread: 't', clientIds: ['a'] },
  { type: 'want', thread: 't', after: 3, epoch: 'e' },
  { type: 'page', thread: 't', after: 0, page: { events: [stored], head: 1, epoch: 'e' } },
  { type: 'link', link: 'online', isStranded: false, place: null, expectedWaitMs: null },
  { type: 'seen', thread: 't', read: 4 },
  { type: 'availability', availability: { open: true, agentsOnline: 1 } },
]

test('[D17] a message of another tab is taken whole, with what it says and what a newer page adds', () => {
  for (const message of good) {
    const newer = { ...message, later: 1 }
    expect(readTabMessage(newer), message.type).toBe(newer)
  }
})

test.each([
  ...['hello', null, 7, [], {}, { type: 'toString' }, { type: 7 }, { type: 'dance' }],
  { type: 'thread' },
  { type: 'thread', thread: { openId: 'open-1' } },
  { type: 'rows', thread: 't' },
  { type: 'rows', thread: 't', rows: {} },
  {
    type: 'rows',
    thread: 't',
    rows: [rowOf({ clientId: 'both', thread: 't', brief: BRIEF, draft: wordDraft('word-0001') })],
  },
  { type: 'rows', thread: 't', rows: [rowOf({ clientId: 'none', thread: 't', draft: null })] },
  { type: 'rows', thread: 't', rows: [{ ...rowOf({ clientId: 'word-0001', thread: 't' }), state: 'lost' }] },
  {
    type: 'rows',
    thread: 't',
    rows: [{ ...rowOf({ clientId: 'word-0001', thread: 't' }), state: { failed: 7 } }],
  },
  { type: 'rows', thread: 't', rows: [{ ...rowOf({ clientId: 'word-0001', thread: 't' }), order: -1 }] },
  { type: 'gone', thread: 't', clientIds: [1] },
  { type: 'want', thread: 't', after: -1, epoch: 'e' },
  { type: 'page', thread: 't', after: 0, page: { events: [{ ...stored, seq: 0 }], head: 1, epoch: 'e' } },
  { type: 'page', thread: 't', after: 0 },
  { type: 'link', link: 'up' },
  { type: 'seen', thread: 't', read: 0.5 },
  { type: 'availability', availability: null },
])('[D17] what is no message of another tab is not heard: %j', message => {
  expect(readTabMessage(message)).toBeNull()
})

test('no input of any shape throws at a door', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc.record({
          type: fc.constantFrom(...good.map(each => each.type)),
          thread: fc.anything(),
          rows: fc.anything(),
          page: fc.anything(),
        }),
      ),
      fc.constantFrom('open', 'send', 'sync', 'availability', 'typing', 'queue'),
      fc.constantFrom('events', 'head', 'place', 'typing', 'queueChanged', 'restart'),
      (value, call, push) => {
        readTabMessage(value)
        isRow(value)
        isThread(value)
        readReply(call, value)
        readPush(push, value)
      },
    ),
  )
})

test('[D6] an answer that cannot be read is no answer: unknown, not refused', () => {
  const unread = { ok: false, code: 'no_answer', retry: true }
  for (const [call, reply] of [
    ['send', { ok: true }],
    ['send', { ok: true, results: [{ seq: '1' }] }],
    ['open', { ok: true, epoch: 'e' }],
    ['sync', { ok: true, events: [{ ...stored, seq: -1 }], head: 1, epoch: 'e' }],
    ['sync', { ok: true, events: [], head: '1', epoch: 'e' }],
    ['availability', { ok: true, open: 1, agentsOnline: 0 }],
    ['typing', { ok: 'true' }],
    ['typing', { ok: false, code: 'closed' }],
    ['typing', null],
  ] as const)
    expect(readReply(call, reply), JSON.stringify(reply)).toEqual(unread)
  for (const [call, reply] of [
    ['send', { ok: true, results: [{ clientId: 'a', seq: 1, at: 1 }] }],
    ['open', { ok: true, conversationId: 'c', epoch: 'e', head: 1 }],
    ['sync', { ok: true, events: [stored], head: 1, epoch: 'e' }],
    ['queue', { ok: true, rows: [] }],
    ['send', { ok: false, code: 'rate_limited', retry: true, after: 5 }],
  ] as const)
    expect(readReply(call, reply)).toBe(reply)
})

test('[D8] a push that is not one of a conversation is as good as lost', () => {
  const of = { conversationId: 'c', epoch: 'e' }
  expect(readPush('events', { ...of, events: [stored] })).toMatchObject({ events: [{ seq: 1 }] })
  expect(readPush('events', { ...of, events: [{}] })).toBeNull()
  expect(readPush('events', { epoch: 'e', events: [] })).toBeNull()
  expect(readPush('head', { ...of, head: 3 })).toMatchObject({ head: 3 })
  expect(readPush('head', { ...of, head: null })).toBeNull()
  expect(readPush('place', { conversationId: 'c', place: 2 })).toMatchObject({ place: 2 })
  expect(readPush('typing', { conversationId: 'c', who: 'cat' })).toBeNull()
  expect(readPush('typing', null)).toBeNull()
  expect(readPush('restart', undefined)).toEqual({})
})
