import { describe, expect, test } from 'vitest'
import {
  type KnownEvent,
  keyOf,
  knownEvent,
  planAppend,
  planOpen,
} from '../../../../src/server/store/appending'
import type { AppendRequest, ConversationRow, NewEvent } from '../../../../src/server/store/helpDeskStore'
import { emptyBrief } from '../../../../src/testing/emptyBrief'

const NO_KEYS = new Map<string, KnownEvent>()

const opened = planOpen({
  identities: ['anon:one'],
  openId: 'open-0001',
  conversationId: 'conversation-1',
  at: 1_000,
  author: { kind: 'visitor' },
  brief: emptyBrief({ question: 'Where is it?' }),
})

const message = (clientId: string, text: string, change: Partial<NewEvent> = {}): NewEvent => ({
  sender: 'visitor',
  clientId,
  author: { kind: 'visitor' },
  body: { type: 'message', text, format: 'plain' },
  ...change,
})

const ticket = (clientId: string): NewEvent => ({
  sender: 'system',
  clientId,
  author: { kind: 'system' },
  body: {
    type: 'ticketOpened',
    cause: 'chosen',
    ticket: { number: 0, category: 'general', priority: 'normal', status: 'open' },
  },
})

const request = (drafts: readonly NewEvent[], change: Partial<AppendRequest> = {}): AppendRequest => ({
  conversationId: 'conversation-1',
  at: 2_000,
  drafts,
  authorise: () => null,
  plan: (_row, draft) => [draft],
  ...change,
})

function planned(
  asked: AppendRequest,
  row: ConversationRow | null = opened.row,
  known: ReadonlyMap<string, KnownEvent> = NO_KEYS,
  number = 0,
) {
  const result = planAppend(asked, row, known, number)
  if (!result.ok) throw new Error(`refused with ${result.code}`)
  return result
}

describe('planning an append', () => {
  test('an open is event 1, and its row is the fold of it', () => {
    expect(opened.added.event).toMatchObject({ seq: 1, at: 1_000, body: { type: 'opened' } })
    expect(opened.row).toMatchObject({ head: 1, lastAt: 1_000, question: 'Where is it?', owner: 'anon:one' })
  })

  test('[S2] what is refused at the last draft leaves row and keys as they were', () => {
    const before = structuredClone(opened.row)
    const keys = new Map<string, KnownEvent>()
    const plan = (_row: ConversationRow, draft: NewEvent) =>
      draft.clientId === 'second-1' ? ('closed' as const) : [draft]
    const asked = request([message('first-01', 'a'), message('second-1', 'b')], { plan })
    expect(planAppend(asked, opened.row, keys, 0)).toEqual({ ok: false, code: 'closed' })
    expect(opened.row).toEqual(before)
    expect(keys.size).toBe(0)
  })

  test('[S3] what one append adds, the next finds by its key', () => {
    const first = planned(request([message('key-0001', 'once')]))
    const keys = new Map(
      first.added.map(added => [keyOf(added.sender, added.event.clientId), knownEvent(added)]),
    )
    const again = planned(request([message('key-0001', 'once')]), first.outcome.row, keys)
    expect(again.outcome.results).toEqual([{ ...first.outcome.results[0], dup: true }])
    expect(again.added).toEqual([])
    const other = planAppend(request([message('key-0001', 'twice')]), first.outcome.row, keys, 0)
    expect(other).toEqual({ ok: false, code: 'key_reused' })
  })

  test('[S3] one key twice in one append is stored once', () => {
    const { outcome } = planned(request([message('key-0001', 'once'), message('key-0001', 'once')]))
    expect(outcome.results.map(result => [result.seq, result.dup])).toEqual([
      [2, undefined],
      [2, true],
    ])
    expect(outcome.events).toHaveLength(1)
  })

  test('[S3] a plan that adds a key again is an error, as the unique index would make it', () => {
    const known = new Map([[keyOf('system', 'assigned-1'), { seq: 2, at: 2_000, body: '{}' }]])
    const plan = (_row: ConversationRow, draft: NewEvent) => [ticket('assigned-1'), draft]
    const asked = request([message('key-0001', 'a')], { plan })
    expect(() => planAppend(asked, opened.row, known, 0)).toThrow(/assigned-1/)
  })

  test('[S5] a refusal by authorise comes before everything, a missing row before that', () => {
    const asked = request([message('key-0001', 'a')], { authorise: () => 'forbidden' })
    expect(planAppend(asked, opened.row, NO_KEYS, 0)).toEqual({ ok: false, code: 'forbidden' })
    expect(planAppend(asked, null, NO_KEYS, 0)).toEqual({ ok: false, code: 'not_found' })
  })

  test('[S7] time does not go back with the clock', () => {
    expect(planned(request([message('key-0001', 'a')], { at: 5 })).outcome.events[0]?.at).toBe(1_000)
  })

  test('[S9] the number is said to be taken once, kept afterwards, and makes no other body of a repeat', () => {
    const first = planned(request([ticket('ticket-1')]), opened.row, NO_KEYS, 1_001)
    expect([first.takesNumber, first.outcome.row.ticket?.number]).toEqual([true, 1_001])
    const keys = new Map([[keyOf('system', 'ticket-1'), knownEvent(first.added[0] as never)]])
    const later = planned(request([ticket('ticket-1'), ticket('ticket-2')]), first.outcome.row, keys, 1_002)
    expect([later.takesNumber, later.outcome.row.ticket?.number]).toEqual([false, 1_001])
    expect(later.outcome.results.map(result => result.dup)).toEqual([true, undefined])
  })

  test('a moment of the device in fractions of a millisecond is stored as a whole one', () => {
    const { outcome } = planned(request([message('key-0001', 'a', { saidAt: 1_500.75 })]))
    expect(outcome.events[0]?.saidAt).toBe(1_500)
  })
})
