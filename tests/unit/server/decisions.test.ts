// What the core writes into the journal of a conversation, seen from its chain.

import { expect, test } from 'vitest'
import type { JournalRecord } from '../../../src/journal/record'
import { audit } from '../../../src/server/audit'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback } from '../../../src/testing/loopback'

async function handOff({ withAgent = true } = {}) {
  const loopback = await createLoopback({ priorities: { categories: { billing: 'high' } } })
  const agent = loopback.agent()
  if (withAgent) agent.transport.connect()
  const { transport } = loopback.visitor()
  transport.connect()
  await loopback.settle()
  const opened = await transport.request('open', {
    v: 1,
    openId: 'open-0001',
    brief: emptyBrief({ category: 'billing', question: 'CANARY' }),
  })
  if (!opened.ok) throw new Error(opened.code)
  const { conversationId } = opened
  const draft = { clientId: 'handoff-1', body: { type: 'handoffReady', channel: 'live' } } as const
  for (let n = 0; n < 2; n++) await transport.request('send', { v: 1, conversationId, drafts: [draft] })
  await loopback.settle()
  const decided = async () =>
    (await loopback.store.chain(conversationId, 0, 20)).map(({ seq, body }) => {
      const { kind, rule, outcome } = JSON.parse(body ?? '{}') as JournalRecord
      return [seq, kind, rule, outcome]
    })
  return { loopback, agent, conversationId, decided }
}

test('[J1] coming to people says how pressing it is and that somebody is there, once', async () => {
  const { loopback, decided, conversationId } = await handOff()
  expect(await decided()).toEqual([
    [2, 'prioritised', 'priority@1', 'high'],
    [3, 'staffed', 'staffed@1', 'queued'],
  ])
  expect(JSON.stringify(await loopback.store.chain(conversationId, 0, 20))).not.toContain('CANARY')
  const { broken, replay } = await audit(loopback.store)
  expect(broken).toEqual([])
  expect(replay).toMatchObject({ equal: 2, differ: 0 })
  await loopback.close()
})

test('[J1] nobody there is a decision as well, and so is what time did, and an agent word', async () => {
  const { loopback, decided } = await handOff({ withAgent: false })
  expect(await decided()).toEqual([[3, 'staffed', 'staffed@1', 'nobodyNow']])
  expect((await audit(loopback.store)).broken).toEqual([])
  await loopback.close()

  const waited = await handOff()
  const { transport } = waited.agent
  await transport.request('setPriority', {
    v: 1,
    conversationId: waited.conversationId,
    priority: 'urgent',
  })
  waited.loopback.clock.advance(16 * 60_000)
  await waited.loopback.settle()
  expect((await waited.decided()).slice(2)).toEqual([
    [4, 'prioritised', 'agent', 'urgent'],
    [5, 'timedOut', 'overdue@1', 'waitedTooLong'],
  ])
  const { broken, replay } = await audit(waited.loopback.store)
  expect(broken).toEqual([])
  expect(replay).toMatchObject({ equal: 3, byPeople: 1 })
  await waited.loopback.close()
})

test('an event of the server without its decision is a broken journal', async () => {
  const { loopback, conversationId } = await handOff()
  await loopback.store.append({
    conversationId,
    at: Date.UTC(2026, 5, 1),
    drafts: [
      {
        sender: 'system',
        clientId: 'p-1',
        author: { kind: 'system' },
        body: { type: 'prioritised', priority: 'low' },
      },
    ],
    authorise: () => null,
    plan: (_row, draft) => [draft],
  })
  expect((await audit(loopback.store)).broken).toEqual([
    { where: conversationId, n: 4, what: 'event 4 (prioritised) has no decision beside it' },
  ])
  await loopback.close()
})
