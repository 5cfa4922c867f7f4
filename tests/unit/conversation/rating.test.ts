import { describe, expect, test } from 'vitest'
import { ratingOf } from '../../../src/conversation/rating'
import { createTimeline } from '../../../src/conversation/timeline'
import { dropStored, enqueue, nextSend, type Outbox, type OutboxRow, settle } from '../../../src/live/outbox'
import type { Draft, EventBody, StoredEvent, VisitorBody } from '../../../src/protocol/events'
import type { Author } from '../../../src/protocol/records'

const visitor: Author = { kind: 'visitor' }
const noor: Author = { kind: 'agent', agentId: 'a1', name: 'Noor' }
const told = (...said: readonly (readonly [Author, EventBody])[]): StoredEvent[] =>
  said.map(([author, body], n) => ({
    conversationId: 'conversation-1',
    seq: n + 1,
    clientId: `stored-${n + 1}`,
    at: n,
    author,
    body,
  }))
const JOINED = [
  noor,
  { type: 'assigned', assignment: 1, agent: { agentId: 'a1', name: 'Noor' }, cause: 'claimed' },
] as const
const ENDED = [noor, { type: 'ended', by: 'agent' }] as const
const rated = (score: 1 | 2 | 3 | 4 | 5 | null, comment?: string): VisitorBody => ({
  type: 'rated',
  score,
  ...(comment && { comment }),
})
const waiting = (body: VisitorBody, state: OutboxRow['state'] = 'queued'): Outbox => {
  const draft: Draft<VisitorBody> = { clientId: 'rating-1', body }
  return enqueue([], { clientId: 'rating-1', thread: 't', identity: 'i', queuedAt: 0, draft }).map(row => ({
    ...row,
    state,
  }))
}

describe('How was it?', () => {
  test('is asked when it is over and a person took part, whoever ended it', () => {
    expect(ratingOf('ended', told(JOINED, ENDED), [])?.state).toBe('unasked')
    expect(ratingOf('ended', told(JOINED, [visitor, { type: 'ended', by: 'visitor' }]), [])?.state).toBe(
      'unasked',
    )
  })

  test('is not asked while it goes on, nor where nobody took part', () => {
    expect(ratingOf('live', told(JOINED), [])).toBeNull()
    expect(ratingOf('ticketed', told(JOINED), [])).toBeNull()
    expect(ratingOf('ended', told([visitor, { type: 'ended', by: 'visitor' }]), [])).toBeNull()
    const released = [
      { kind: 'system' },
      { type: 'assigned', assignment: 2, agent: null, cause: 'handedOn' },
    ] as const
    expect(ratingOf('ended', told(released, ENDED.slice() as never), [])?.state).toBe('unasked')
    expect(ratingOf('ended', told(released, [visitor, { type: 'ended', by: 'visitor' }]), [])).toBeNull()
  })

  test('is never asked twice: a rating that is stored, by whichever tab or device, is the answer', () => {
    const rating = ratingOf('ended', told(JOINED, ENDED, [visitor, rated(4)]), [])
    expect(rating).toMatchObject({ score: 4, state: 'stored' })
  })

  test('"No, thanks" is an answer', () => {
    expect(ratingOf('ended', told(JOINED, ENDED, [visitor, rated(null)]), [])).toMatchObject({
      score: null,
      state: 'stored',
    })
  })

  test('one that waits for a connection counts, and says that it waits', () => {
    expect(ratingOf('ended', told(JOINED, ENDED), waiting(rated(2)))).toMatchObject({
      score: 2,
      state: 'onItsWay',
    })
  })

  test('the last word counts: the comment comes behind the score', () => {
    const events = told(JOINED, ENDED, [visitor, rated(2)])
    expect(ratingOf('ended', events, waiting(rated(5, 'Quick')))).toMatchObject({
      score: 5,
      comment: 'Quick',
      state: 'onItsWay',
    })
  })

  test('a conversation that was opened again and ended again is not rated anew', () => {
    const events = told(JOINED, ENDED, [visitor, rated(4)], [visitor, { type: 'reopened' }], ENDED)
    expect(ratingOf('ended', events, [])?.score).toBe(4)
  })
})

describe('on its way', () => {
  test('a rating goes out though the conversation is over, without a question in between', () => {
    const next = nextSend(waiting(rated(4)), { thread: 't', identity: 'i', now: 3_600_000, isClosed: true })
    expect(next.take.map(row => row.clientId)).toEqual(['rating-1'])
  })

  test('an older server that takes none says so once, and the visitor is not asked again', () => {
    const sent = nextSend(waiting(rated(4)), { thread: 't', identity: 'i', now: 0, isClosed: true }).outbox
    const refused = settle(sent, ['rating-1'], { ok: false, code: 'closed', retry: false }, 0, 0.5)
    expect(ratingOf('ended', told(JOINED, ENDED), refused)).toMatchObject({ score: 4, state: 'failed' })
  })

  test('of what was opened again and solved again it is asked anew', () => {
    const again = [visitor, { type: 'reopened', by: 'visitor' }] as const
    const first = told(JOINED, ENDED, [visitor, rated(2)], again, ENDED)
    expect(ratingOf('ended', first, [])?.state).toBe('unasked')
    const second = told(JOINED, ENDED, [visitor, rated(2)], again, ENDED, [visitor, rated(5)])
    expect(ratingOf('ended', second, [])).toMatchObject({ score: 5, state: 'stored' })
  })

  test('it gives way to its stored copy', () => {
    const events = told(JOINED, ENDED, [visitor, rated(4)]).map(event =>
      event.body.type === 'rated' ? { ...event, clientId: 'rating-1' } : event,
    )
    expect(dropStored(waiting(rated(4)), events, () => true)).toEqual([])
  })
})

describe('in the thread', () => {
  const show = (events: readonly StoredEvent[], me: Author) =>
    createTimeline({ me, isOwn: author => author.kind === me.kind })({ events, rows: [] }).flatMap(item =>
      item.kind === 'notice' ? [`${item.name} ${JSON.stringify(item.values)}`] : [],
    )

  test('both sides read it as one notice, with the comment once it is there', () => {
    const events = told(JOINED, ENDED, [visitor, rated(2)], [visitor, rated(2, 'Too slow')])
    for (const me of [visitor, noor])
      expect(show(events, me).slice(2)).toEqual(['ratedComment {"score":2,"comment":"Too slow"}'])
  })

  test('what was said of an earlier end stands where it was said', () => {
    const again = [visitor, { type: 'reopened', by: 'visitor' }] as const
    const events = told(JOINED, ENDED, [visitor, rated(2)], again, ENDED, [visitor, rated(5)])
    expect(show(events, visitor).filter(line => line.startsWith('rated'))).toEqual([
      'rated {"score":2}',
      'rated {"score":5}',
    ])
  })

  test('event by event it is the same list as at once', () => {
    const events = told(JOINED, ENDED, [visitor, rated(2)], [visitor, rated(4)])
    const grow = createTimeline({ me: visitor, isOwn: author => author.kind === 'visitor' })
    let last: readonly unknown[] = []
    for (let n = 1; n <= events.length; n++) last = grow({ events: events.slice(0, n), rows: [] })
    expect(last).toEqual(createTimeline({ me: visitor, isOwn: () => false })({ events, rows: [] }))
  })

  test('who would rather not say leaves no notice', () => {
    expect(show(told(JOINED, ENDED, [visitor, rated(null)]), visitor)).toHaveLength(2)
  })
})
