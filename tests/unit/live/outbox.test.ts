import { describe, expect, test } from 'vitest'
import {
  discard,
  dropStored,
  enqueue,
  merge,
  nextSend,
  type Outbox,
  type OutboxRow,
  recall,
  sendAgain,
  settle,
  wake,
} from '../../../src/live/outbox'
import type { StoredEvent } from '../../../src/protocol/events'
import { jsonBytes, MAX_BATCH_BYTES } from '../../../src/protocol/limits'
import type { Brief } from '../../../src/protocol/records'
import type { RefusalCode } from '../../../src/protocol/wire'

const MINUTE = 60_000
const base = { thread: 't', identity: 'ann', queuedAt: 0 }
const at = (now = 0, isClosed = false) => ({ thread: 't', identity: 'ann', now, isClosed })
const say = (clientId: string, text = clientId): Pick<OutboxRow, 'clientId' | 'draft'> => ({
  clientId,
  draft: { clientId, body: { type: 'message', text, format: 'plain' } },
})
const words = (outbox: Outbox, ...ids: string[]) =>
  ids.reduce<Outbox>((queue, id) => enqueue(queue, { ...base, ...say(id) }), outbox)
const handoff = (turns: readonly string[] = ['e1', 'e2']): Outbox => {
  let queue = enqueue<never>([], { ...base, clientId: 'open1', brief: {} as Brief }) as Outbox
  for (const id of turns) queue = enqueue(queue, { ...base, ...say(id), isEarlier: true })
  return enqueue(queue, {
    ...base,
    clientId: 'ready',
    draft: { clientId: 'ready', body: { type: 'handoffReady', channel: 'live' } },
  })
}
const ids = (rows: Outbox) => rows.map(row => row.clientId)
const states = (rows: Outbox) => Object.fromEntries(rows.map(row => [row.clientId, row.state]))
const refusal = (code: RefusalCode, retry = false, after?: number) => ({
  ok: false as const,
  code,
  retry,
  ...(after === undefined ? {} : { after }),
})
const silence = { ok: false, code: 'no_answer', retry: true } as const

describe('order', () => {
  test('[D10] one message in flight for each conversation, in typed order', () => {
    const first = nextSend(words([], 'a', 'b'), at())
    expect(ids(first.take)).toEqual(['a'])
    expect(nextSend(first.outbox, at()).take).toEqual([])
    const done = settle(first.outbox, ['a'], { ok: true, results: [] }, 0, 0.5)
    expect(ids(nextSend(done, at()).take)).toEqual(['b'])
  })

  test('[D21] [D22] opening first, then earlier turns in one batch, then ready, then new words', () => {
    let queue = words(handoff(), 'new')
    const sent: string[][] = []
    for (let step = nextSend(queue, at()); step.take.length; step = nextSend(queue, at())) {
      sent.push(ids(step.take))
      queue = settle(step.outbox, ids(step.take), { ok: true, results: [] }, 0, 0)
    }
    expect(sent).toEqual([['open1'], ['e1', 'e2'], ['ready'], ['new']])
  })

  test('[D22] a batch of earlier turns stays within 32 KiB', () => {
    let queue: Outbox = []
    for (let n = 0; n < 20; n++)
      queue = enqueue(queue, { ...base, ...say(`e${n}`, 'x'.repeat(4_000)), isEarlier: true })
    const { take } = nextSend(queue, at())
    expect(take.length).toBeGreaterThan(1)
    expect(jsonBytes(take.map(row => row.draft))).toBeLessThanOrEqual(MAX_BATCH_BYTES)
  })

  test('[D12] rows of another identity and of another conversation are not sent', () => {
    const queue = words([], 'a')
    expect(nextSend(queue, { ...at(), identity: 'bob' }).take).toEqual([])
    expect(nextSend(queue, { ...at(), thread: 'u' }).take).toEqual([])
  })
})

describe('silence and refusals', () => {
  test('[D6] [D2] silence means unknown: the same id goes again after a wait', () => {
    const first = nextSend(words([], 'a', 'b'), at())
    const queue = settle(first.outbox, ['a'], silence, 1_000, 0.5)
    const waiting = nextSend(queue, at(1_000))
    expect(waiting).toMatchObject({ take: [], waitMs: 250 })
    expect(ids(nextSend(waiting.outbox, at(1_250)).take)).toEqual(['a'])
  })

  test('[D11] waits grow by 1.6 up to 30 s', () => {
    let queue = words([], 'a')
    const waits: number[] = []
    for (let n = 0; n < 14; n++) {
      const step = nextSend(wake(queue), at())
      queue = settle(step.outbox, ['a'], silence, 0, 0.999)
      waits.push(nextSend(queue, at()).waitMs ?? 0)
    }
    expect(waits.slice(0, 3).map(wait => Math.round(wait))).toEqual([500, 799, 1279])
    expect(Math.max(...waits)).toBeLessThan(30_000)
    expect(waits.at(-1)).toBeGreaterThan(29_000)
  })

  test('[D19] over the rate the message stays queued for as long as the server says', () => {
    const first = nextSend(words([], 'a'), at())
    const queue = settle(first.outbox, ['a'], refusal('rate_limited', true, 7_000), 0, 0.5)
    expect(states(queue)).toEqual({ a: 'queued' })
    expect(nextSend(queue, at(6_000)).waitMs).toBe(1_000)
  })

  test('[D11] a clock that is turned back holds no message: what waits for over a minute goes', () => {
    const DAY = 86_400_000
    const typed: Outbox = enqueue([], { ...base, ...say('a'), queuedAt: DAY })
    const ahead = settle(nextSend(typed, at(DAY)).outbox, ['a'], silence, DAY, 0.5)
    expect(nextSend(ahead, at(DAY))).toMatchObject({ take: [], waitMs: 250 })
    expect(ids(nextSend(ahead, at(1_000)).take)).toEqual(['a'])
  })

  test('[D11] a wait is a minute at most, whoever asks for it, and is kept to its last millisecond', () => {
    const first = nextSend(words([], 'a'), at())
    const queue = settle(first.outbox, ['a'], refusal('rate_limited', true, 3_600_000), 0, 0.5)
    expect(nextSend(queue, at()).waitMs).toBe(MINUTE)
    expect(nextSend(queue, at(MINUTE - 1)).waitMs).toBe(1)
    expect(ids(nextSend(queue, at(MINUTE)).take)).toEqual(['a'])
  })

  test('a refusal for good keeps the text, lets the next go, and Retry keeps the id', () => {
    const first = nextSend(words([], 'a', 'b'), at())
    const queue = settle(first.outbox, ['a'], refusal('too_large'), 0, 0)
    expect(states(queue)).toEqual({ a: { failed: 'too_large' }, b: 'queued' })
    expect(ids(nextSend(queue, at()).take)).toEqual(['b'])
    const again = sendAgain(queue, 'a', 5)
    expect(ids(again)).toEqual(['b', 'a'])
    expect(again[1]?.draft).toEqual(queue[0]?.draft)
  })

  test('one bad turn in a batch fails alone', () => {
    let queue = handoff(['e1', 'bad', 'e3'])
    const sent: string[][] = []
    for (let step = nextSend(queue, at()); step.take.length; step = nextSend(queue, at())) {
      const taken = ids(step.take)
      sent.push(taken)
      const outcome = taken.includes('bad') ? refusal('too_large') : { ok: true as const, results: [] }
      queue = settle(step.outbox, taken, outcome, 0, 0)
    }
    expect(sent).toEqual([['open1'], ['e1', 'bad', 'e3'], ['e1'], ['bad'], ['e3'], ['ready']])
    expect(states(queue)).toMatchObject({
      bad: { failed: 'too_large' },
      e1: 'sent',
      e3: 'sent',
      ready: 'sent',
    })
  })

  test('[D21] while opening is refused nothing behind it goes', () => {
    const first = nextSend(words(handoff(), 'new'), at())
    const queue = settle(first.outbox, ['open1'], refusal('forbidden'), 0, 0)
    expect(nextSend(queue, at()).take).toEqual([])
  })

  test('[D18] a bot turn that lost to a person disappears without a word', () => {
    const bot: Outbox = enqueue([], {
      ...base,
      clientId: 'b',
      draft: { clientId: 'b', as: 'bot', body: { type: 'message', text: 'hi', format: 'plain' } },
    })
    const first = nextSend(bot, at())
    expect(settle(first.outbox, ['b'], refusal('stale_assignment'), 0, 0)).toEqual([])
  })

  test.each(['closed', 'stale_assignment', 'forbidden'] as const)(
    '[E4] an objection that the server does not take (%s) stays, for its visitor to say again or to let go of',
    code => {
      const body = { type: 'contested', about: 'category', words: 'Sorted wrongly.' } as const
      const queue = enqueue([], { ...base, clientId: 'o', draft: { clientId: 'o', body } })
      const refused = settle(nextSend(queue, at()).outbox, ['o'], refusal(code), 0, 0)
      expect(states(refused)).toEqual({ o: { failed: code } })
      expect(states(sendAgain(refused, 'o', 0))).toEqual({ o: 'queued' })
    },
  )

  test('a token that ran out is no failure of the words', () => {
    const first = nextSend(words([], 'a'), at())
    expect(states(settle(first.outbox, ['a'], refusal('unauthenticated'), 0, 0))).toEqual({ a: 'queued' })
  })
})

describe('asking first', () => {
  test('[D11] a message older than 15 minutes is not sent silently', () => {
    const step = nextSend(words([], 'a'), at(15 * MINUTE + 1))
    expect(step.take).toEqual([])
    expect(states(step.outbox)).toEqual({ a: 'needsConfirm' })
    const yes = sendAgain(step.outbox, 'a', 16 * MINUTE)
    expect(ids(nextSend(yes, at(40 * MINUTE)).take)).toEqual(['a'])
  })

  test('[D11] a message whose conversation was closed meanwhile is asked for, and fails when it is refused again', () => {
    const step = nextSend(words([], 'a'), at(0, true))
    expect(states(step.outbox)).toEqual({ a: 'needsConfirm' })
    const again = nextSend(sendAgain(step.outbox, 'a', 0), at(0, true))
    expect(states(settle(again.outbox, ['a'], refusal('closed'), 0, 0))).toEqual({ a: { failed: 'closed' } })
  })

  test('[D41] words behind a wish to open it again are for the ticket: they go, after it, without a question', () => {
    const wish = {
      clientId: 'wish',
      draft: { clientId: 'wish', body: { type: 'reopened', by: 'visitor' } },
    } as const
    const queue = words(enqueue([], { ...base, ...wish }), 'a')
    const step = nextSend(queue, at(0, true))
    expect(states(step.outbox)).toEqual({ wish: 'sending', a: 'queued' })
    const granted = settle(step.outbox, ['wish'], { ok: true }, 0, 0)
    expect(ids(nextSend(granted, at(0, true)).take)).toEqual(['a'])
    // Refused, it says so, and the words are asked for.
    const refused = nextSend(settle(step.outbox, ['wish'], refusal('closed'), 0, 0), at(0, true))
    expect(states(refused.outbox)).toEqual({ wish: { failed: 'closed' }, a: 'needsConfirm' })
  })

  test('[D6] after an attempt with unknown outcome a closed conversation is asked with the same id', () => {
    const first = nextSend(words([], 'a'), at())
    const queue = wake(settle(first.outbox, ['a'], silence, 0, 0))
    expect(ids(nextSend(queue, at(0, true)).take)).toEqual(['a'])
  })

  test('[D11] a handoff left lying does not queue anybody silently, and holds back what is behind it', () => {
    const queue = words(handoff([]), 'new').filter(row => !row.brief)
    const step = nextSend(queue, at(20 * MINUTE))
    expect(step.take).toEqual([])
    expect(states(step.outbox)).toEqual({ ready: 'needsConfirm', new: 'needsConfirm' })
    expect(ids(sendAgain(step.outbox, 'ready', 0))).toEqual(['ready', 'new'])
  })

  test('only what is stuck can be discarded', () => {
    const step = nextSend(words([], 'a', 'b'), at())
    expect(ids(discard(discard(step.outbox, 'a'), 'b'))).toEqual(['a', 'b'])
    const stuck = settle(step.outbox, ['a'], refusal('too_large'), 0, 0)
    expect(ids(discard(stuck, 'a'))).toEqual(['b'])
  })
})

test('a stored event ends its row, also when the ok was lost; a stranger with the same id does not', () => {
  const event = (kind: 'visitor' | 'agent') => ({ clientId: 'a', author: { kind } }) as unknown as StoredEvent
  const isOwn = (each: StoredEvent) => each.author.kind === 'visitor'
  const queue = words([], 'a')
  expect(dropStored(queue, [event('agent')], isOwn)).toBe(queue)
  expect(dropStored(queue, [event('visitor')], isOwn)).toEqual([])
})

test('[D4] words that were acknowledged by a server that lost them since go out again under their ids, in order', () => {
  const acknowledged = settle(nextSend(words([], 'a', 'b'), at()).outbox, ['a'], { ok: true }, 0, 0)
  expect(states(acknowledged)).toEqual({ a: 'sent', b: 'queued' })
  const again = recall(acknowledged, 't')
  expect(ids(nextSend(again, at()).take)).toEqual(['a'])
  expect(states(again)).toEqual({ a: 'queued', b: 'queued' })
  expect(recall(acknowledged, 'another conversation')).toBe(acknowledged)
})

test('[D17] rows of two tabs merge to one queue in typed order', () => {
  const here = words([], 'a', 'c')
  const there = words(words([], 'a'), 'b')
  expect(ids(merge(here, there))).toEqual(['a', 'b', 'c'])
  expect(merge(here, there)).toEqual(merge(there, here))
})

test('[D10] a wish that is expressed again stands behind what a tab unknown to this one typed before it', () => {
  const failed = settle(nextSend(words([], 'a'), at()).outbox, ['a'], refusal('too_large'), 0, 0)
  const there = enqueue([], { ...base, ...say('b'), queuedAt: 50 })
  expect(ids(merge(sendAgain(failed, 'a', 100), there))).toEqual(['b', 'a'])
})
