// The judge by itself: the smallest history that shows each violation, and the same history without the fault.

import { describe, expect, test } from 'vitest'
import type { StoredEvent } from '../../src/protocol/events'
import { check, type HistoryLine, judge, type Violation } from './checker'

function message(seq: number, text: string, conversationId = 'c1', agentId?: string): StoredEvent {
  return {
    conversationId,
    seq,
    clientId: `id-${text}`,
    at: seq,
    author: agentId ? { kind: 'agent', agentId, name: agentId } : { kind: 'visitor' },
    body: { type: 'message', text, format: 'plain' },
  }
}
const said = (text: string, sender = 'ann', identity?: string): HistoryLine[] => [
  { kind: 'invoke', sender, text, ...(identity !== undefined && { identity }) },
  { kind: 'saved', text },
]
const render = (seq: number, text: string | null, screen = 's', conversation?: string): HistoryLine => ({
  kind: 'render',
  screen,
  seq,
  text,
  ...(conversation !== undefined && { conversation }),
})
const ok = (text: string, seq: number): HistoryLine => ({ kind: 'ok', id: `id-${text}`, text, seq })
const end = (waiting: readonly string[] = [], screen = 's'): HistoryLine => ({ kind: 'end', screen, waiting })

const GOOD: HistoryLine[] = [
  ...said('a'),
  ok('a', 1),
  render(1, 'a'),
  ...said('b'),
  ok('b', 2),
  render(2, 'b'),
  end(),
]
const STORED = [message(1, 'a'), message(2, 'b')]

test('a history in which all is well', () => {
  expect(check(GOOD, STORED)).toEqual([])
})

describe('each violation is seen where it is', () => {
  const cases: [Violation, readonly HistoryLine[], readonly StoredEvent[]][] = [
    ['lost', [...said('a'), ...said('b')], [message(1, 'a')]],
    ['lost', [{ kind: 'invoke', sender: 'ann', text: 'a' }, ok('a', 1)], []],
    ['duplicate', said('a'), [message(1, 'a'), message(2, 'a')]],
    ['gap', [...said('a'), ...said('b')], [message(1, 'a'), message(3, 'b')]],
    ['reordered', [...said('a'), ...said('b'), render(1, 'a'), render(2, 'b'), render(1, 'a')], STORED],
    ['phantom', said('a'), STORED],
    [
      'key reused',
      [...GOOD, { kind: 'request', id: 'x', text: 'a' }, { kind: 'request', id: 'x', text: 'b' }],
      STORED,
    ],
    ['ack changed', [...GOOD, ok('a', 2)], STORED],
    [
      'ok after fail',
      [...said('a'), { kind: 'fail', text: 'a', code: 'closed' }, ok('a', 1)],
      [message(1, 'a')],
    ],
    ['failed but stored', [...said('a'), { kind: 'fail', text: 'a', code: 'closed' }], [message(1, 'a')]],
    ['unresolved', [...said('a'), end(['a'])], []],
    ['sender order', [...said('b'), ...said('a')], STORED],
    ['render gap', [...said('a'), ...said('b'), render(2, 'b')], STORED],
    ['render twice', [...said('a'), render(1, 'a'), render(1, 'a')], [message(1, 'a')]],
    ['diverged', [...said('a'), render(1, 'b')], [message(1, 'a')]],
    ['diverged', [...said('a'), render(1, 'a'), render(2, 'ghost')], [message(1, 'a')]],
    [
      'diverged',
      [...said('a'), render(1, 'a'), { kind: 'restart', screen: 's' }, render(1, 'a')],
      [message(1, 'a')],
    ],
    ['not converged', [...said('a'), ...said('b'), render(1, 'a'), end()], STORED],
    [
      'wrong identity',
      [...said('a', 'ann', 'ann'), ...said('b', 'bob', 'bob')],
      [message(1, 'a'), message(2, 'b')],
    ],
    ['wrong identity', said('a', 'ada', 'ada'), [message(1, 'a', 'c1', 'grace')]],
  ]
  test.each(cases)('%s', (violation, history, stored) => {
    expect([...judge(history, stored).keys()]).toContain(violation)
  })
})

test('two conversations are two: seqs, order and screens stand for themselves', () => {
  const history: HistoryLine[] = [
    ...said('a1', 'ann', 'ann'),
    ...said('b1', 'bob', 'bob'),
    ...said('a2', 'ann', 'ann'),
    render(1, 'a1', 's1', 'c1'),
    render(2, 'a2', 's1', 'c1'),
    render(1, 'b1', 's2', 'c2'),
    end([], 's1'),
    end([], 's2'),
  ]
  expect(check(history, [message(1, 'a1'), message(2, 'a2'), message(1, 'b1', 'c2')])).toEqual([])
})

test('a screen that shows messages only misses nothing by leaving out the rest, and a message all the same', () => {
  const mark: StoredEvent = { ...message(2, ''), body: { type: 'marked', delivered: 1, read: 1 } }
  const stored = [message(1, 'a'), mark, message(3, 'b')]
  const shown = (...seqs: [number, string][]): HistoryLine[] =>
    seqs.map(([seq, text], n) => ({ kind: 'render', screen: 's', seq, text, after: seqs[n - 1]?.[0] ?? 0 }))
  const words = [...said('a'), ...said('b')]
  expect(check([...words, ...shown([1, 'a'], [3, 'b']), end()], stored)).toEqual([])
  expect(check([...words, ...shown([3, 'b']), end()], stored)).toEqual(['render gap: s: 3 after 0'])
  expect(check([...words, ...shown([1, 'a']), end()], stored)).toEqual(['not converged: s: 1 of 3'])
})

test('a wish that was confirmed counts from then on (D11)', () => {
  const history: HistoryLine[] = [...said('b'), ...said('a'), { kind: 'again', text: 'b' }]
  expect(check(history, STORED)).toEqual([])
})

test('what an older backup does not hold was lost by whoever put it back; what was said after it was not (D4)', () => {
  const restored: HistoryLine = { kind: 'restored', heads: { c1: 1 }, texts: ['b'] }
  const again: HistoryLine[] = [{ kind: 'restart', screen: 's' }, render(1, 'a')]
  expect(check([...GOOD.slice(0, -1), restored, ...again, end()], [message(1, 'a')])).toEqual([])
  expect(check([...GOOD.slice(0, -1), restored, ...again, ...said('c'), end()], [message(1, 'a')])).toEqual([
    'lost: c',
  ])
})
