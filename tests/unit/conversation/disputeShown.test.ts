import { describe, expect, test } from 'vitest'
import { createDisputeShown } from '../../../src/conversation/disputeShown'
import type { OutboxRow } from '../../../src/live/outbox'
import type { EventBody, StoredEvent } from '../../../src/protocol/events'

const disputeId = 'dispute-0001'
const opened: EventBody = {
  type: 'disputeOpened',
  disputeId,
  number: 1001,
  reference: 'C-20418',
  you: 'client',
  opener: 'client',
  parties: [{ party: 'client' }, { party: 'freelancer' }],
  facts: {},
  respondBy: 9_000,
}
const stated: EventBody = { type: 'disputeStated', disputeId, text: 'It came late.' }
const events = (...bodies: EventBody[]): StoredEvent[] =>
  bodies.map((body, n) => ({
    conversationId: 'conversation-1',
    seq: n + 1,
    clientId: `event-${n}`,
    at: n,
    author: { kind: 'system' },
    body,
  }))
const row = (state: OutboxRow['state'], body: EventBody = stated) =>
  ({ clientId: 'row-00001', draft: { clientId: 'row-00001', body }, state, queuedAt: 5 }) as OutboxRow

describe('a dispute as its side sees it', () => {
  test('words on their way stand there already, and say so; stuck ones can be tried again', () => {
    const shown = createDisputeShown()
    const at = events(opened)
    expect(shown(at, [])).toMatchObject({ yours: null, sending: 'stored' })
    expect(shown(at, [row('queued')])).toMatchObject({ yours: 'It came late.', sending: 'onItsWay' })
    expect(shown(at, [row({ failed: 'closed' })])).toMatchObject({
      sending: 'stuck',
      stuck: { clientId: 'row-00001' },
    })
    expect(shown(events(opened, stated), [])).toMatchObject({ yours: 'It came late.', sending: 'stored' })
  })

  test('another conversation on the same device starts from nothing', () => {
    const shown = createDisputeShown()
    expect(shown(events(opened, stated), [])?.yours).toBe('It came late.')
    expect(shown(events({ type: 'nobodyNow' }), [])).toBeNull()
    expect(shown(events(opened), [])?.yours).toBeNull()
  })

  test('words that reach a dispute which is over change nothing of it', () => {
    const closed: EventBody = { type: 'disputeClosed', disputeId, cause: 'withdrawn' }
    const view = createDisputeShown()(events(opened, closed), [row('queued')])
    expect(view).toMatchObject({ isOver: true, yours: null, sending: 'stored' })
  })

  test('words that nobody took before it was over stay their author’s, and are not tried again', () => {
    const closed: EventBody = { type: 'disputeClosed', disputeId, cause: 'withdrawn' }
    for (const state of [{ failed: 'closed' }, { failed: 'internal' }, 'needsConfirm'] as const) {
      const view = createDisputeShown()(events(opened, closed), [row(state)])
      expect(view).toMatchObject({ isOver: true, yours: null })
      expect(view?.stuck).toMatchObject({ canRetry: false, words: 'It came late.' })
    }
    const answered: EventBody = { type: 'disputeAnswered', disputeId, proposal: 1, accepts: true }
    expect(
      createDisputeShown()(events(opened, closed), [row({ failed: 'closed' }, answered)])?.stuck,
    ).toBeNull()
  })
})
