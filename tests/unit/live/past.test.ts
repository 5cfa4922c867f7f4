import { expect, test } from 'vitest'
import type { Credentials } from '../../../src/live/liveModel'
import { createPast } from '../../../src/live/past'
import { createManualClock } from '../../../src/testing/manualClock'

const past = {
  conversationId: 'conversation-1',
  phase: 'ended',
  lastAt: 1,
  head: 3,
  question: 'Where?',
  ticketNumber: null,
  agentName: null,
}
const event = (seq: number) => ({
  conversationId: 'conversation-1',
  seq,
  clientId: `stored-${seq}`,
  at: seq,
  author: { kind: 'visitor' },
  body: { type: 'message', text: `word ${seq}`, format: 'plain' },
})

function setUp(
  answer: (name: string, body: { after: number }) => unknown,
  proof: Credentials | null = { secret: 's', token: 't' },
) {
  const clock = createManualClock()
  const asked: string[] = []
  const found = createPast({
    environment: {
      now: clock.now,
      after: clock.after,
      random: () => 0.5,
      randomId: () => 'id-00000001',
      window: undefined,
      async fetch(url, init) {
        const name = String(url).split('/').at(-1) ?? ''
        asked.push(`${name} ${JSON.stringify(init?.headers)}`)
        return Response.json(answer(name, JSON.parse(String(init?.body))))
      },
    },
    url: 'https://help.example',
    credentials: async () => proof,
  })
  return { found, asked }
}

test('the list comes with both proofs, and what is no list is no answer', async () => {
  const { found, asked } = setUp(() => ({ ok: true, conversations: [past] }))
  expect(await found.list()).toEqual([past])
  expect(asked[0]).toContain('"authorization":"Bearer s","x-asklet-token":"t"')
  expect(await setUp(() => ({ ok: true, conversations: [{}] })).found.list()).toBeNull()
  expect(await setUp(() => ({ ok: false, code: 'not_found', retry: false })).found.list()).toBeNull()
})

test('who has neither secret nor token has no past, and nobody is asked', async () => {
  const { found, asked } = setUp(() => ({}), null)
  expect(await found.list()).toBeNull()
  expect(asked).toEqual([])
})

test('a long conversation is read page by page to its end', async () => {
  const { found, asked } = setUp((_, { after }) => ({
    ok: true,
    events: [event(after + 1), event(after + 2)].filter(({ seq }) => seq <= 3),
    head: 3,
    epoch: 'e',
  }))
  expect((await found.events('conversation-1'))?.map(({ seq }) => seq)).toEqual([1, 2, 3])
  expect(asked).toHaveLength(2)
})

test('one that is put back from a backup meanwhile is not stitched together', async () => {
  let pages = 0
  const { found } = setUp((_, { after }) => ({
    ok: true,
    events: [event(after + 1)],
    head: 3,
    epoch: `e${++pages}`,
  }))
  expect(await found.events('conversation-1')).toBeNull()
})
