import { expect, test } from 'vitest'
import { createRecorder } from '../../../src/journal/recorder'
import { sendJournal } from '../../../src/journal/sender'
import { createManualClock } from '../../../src/testing/manualClock'

function start(allowed = true) {
  const clock = createManualClock()
  let ids = 0
  const sent: unknown[] = []
  let tellSent = () => {}
  const isSent = new Promise<void>(resolve => {
    tellSent = resolve
  })
  const environment = {
    now: clock.now,
    after: clock.after,
    random: () => 0.5,
    randomId: () => `id-${++ids}`,
    async fetch(_: unknown, init?: RequestInit) {
      sent.push(JSON.parse(String(init?.body)))
      tellSent()
      return new Response(null, { status: 204 })
    },
    window: undefined,
  }
  const recorder = createRecorder(environment)
  const undo = sendJournal(environment, 'https://help.test', recorder, () => allowed)
  return { clock, recorder, sent, isSent, undo }
}

test('the journal leaves the page masked: words, queries and lists of them', async () => {
  const { clock, recorder, sent, isSent } = start()
  recorder.add({
    kind: 'answered',
    inputs: {
      question: 'charge 4111 1111 1111 1111, mail ann@example.org',
      count: 2,
      tags: ['ann@example.org'],
    },
    rule: 'r',
    reason: 'r',
  })
  clock.advance(5_000)
  await isSent
  expect(sent).toMatchObject([
    { records: [{ inputs: { question: 'charge [card 1111], mail [email]', count: 2, tags: ['[email]'] } }] },
  ])
})

test('without consent records stay where they are', async () => {
  const { clock, recorder, sent } = start(false)
  recorder.add({ kind: 'answered', inputs: {}, rule: 'r', reason: 'r' })
  clock.advance(20_000)
  await Promise.resolve()
  expect([sent, recorder.take(10).length]).toEqual([[], 1])
})
