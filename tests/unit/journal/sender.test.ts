import { expect, test } from 'vitest'
import type { Environment } from '../../../src/base/environment'
import { createRecorder, type RecordsOwner } from '../../../src/journal/recorder'
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

test('[J7] once the visitor talks, records wait for the conversation, and go with its secret', async () => {
  const { clock, recorder, requests, settle } = startOwned()
  const add = (reason: string) => recorder.add({ kind: 'answered', inputs: {}, rule: 'r', reason })
  add('before')
  clock.advance(5_000)
  await settle()
  let owner: RecordsOwner | null = null
  recorder.ownedBy(async () => owner)
  add('to the bot')
  clock.advance(20_000)
  await settle()
  expect(requests.map(({ body }) => body.records.length)).toEqual([1])
  owner = { conversationId: 'conversation-1', secret: 'secret-1', token: 'token-1' }
  clock.advance(5_000)
  await settle()
  expect(requests[0]).toMatchObject({ headers: {}, body: { records: [{ reason: 'before' }] } })
  expect(requests[0]?.body.conversationId).toBeUndefined()
  expect(requests[1]).toMatchObject({
    headers: { authorization: 'Bearer secret-1', 'x-asklet-token': 'token-1' },
    body: { conversationId: 'conversation-1', records: [{ reason: 'to the bot' }] },
  })
})

test('who leaves without a person leaves what was recorded to nobody', async () => {
  const { recorder, requests, settle, leave, undo } = startOwned()
  recorder.ownedBy(async () => null)
  recorder.add({ kind: 'missed', inputs: {}, rule: 'r', reason: 'r' })
  leave()
  await settle()
  expect(requests).toHaveLength(1)
  expect(requests[0]?.body.conversationId).toBeUndefined()
  undo()
  expect(leave()).toBe(0)
})

function startOwned() {
  const clock = createManualClock()
  let ids = 0
  const requests: {
    headers: Record<string, string>
    body: { records: { reason: string }[]; conversationId?: string }
  }[] = []
  const window = new EventTarget() as unknown as Window
  let heard = 0
  const environment = {
    now: clock.now,
    after: clock.after,
    random: () => 0.5,
    randomId: () => `id-${++ids}`,
    async fetch(_: unknown, init?: RequestInit) {
      heard++
      requests.push({
        headers: init?.headers as Record<string, string>,
        body: JSON.parse(String(init?.body)),
      })
      return new Response(null, { status: 204 })
    },
    window: window as Environment['window'],
  }
  const recorder = createRecorder(environment)
  const undo = sendJournal(environment, 'https://help.test', recorder, () => true)
  const settle = () => new Promise(setImmediate)
  const leave = () => {
    const before = heard
    window.dispatchEvent(new Event('pagehide'))
    return heard - before
  }
  return { clock, recorder, requests, settle, leave, undo }
}
