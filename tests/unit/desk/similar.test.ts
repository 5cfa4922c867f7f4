// An agent beside solved tickets that are like the open one: what is shown, what goes into the reply, who is told.

import { expect, test } from 'vitest'
import type { JournalRecord } from '../../../src/journal/record'
import { replayEntry, SERVER_RULES } from '../../../src/server/replay'
import { createScene, type Scene } from './scene'

/** A ticket that was answered with `answer` and solved. */
async function solved(scene: Scene, name: string, question: string, answer: string) {
  const { model } = await scene.desk()
  const visitor = await scene.visitor(name, question)
  model.open(visitor.conversationId)
  await scene.settle()
  void model.claim()
  await scene.settle(500)
  void model.openTicket()
  await scene.settle(500)
  model.setDraft(answer)
  model.send()
  await scene.settle(2_000)
  model.end()
  await scene.settle(2_000)
  expect(model.thread.value?.state.ticket?.status).toBe('solved')
  model.dispose()
  return visitor
}

async function mine(scene: Scene, name: string, question: string) {
  const { model } = await scene.desk()
  const visitor = await scene.visitor(name, question)
  model.open(visitor.conversationId)
  await scene.settle()
  void model.claim()
  await scene.settle(2_000)
  return { model, visitor }
}

async function entries(scene: Scene, conversationId: string): Promise<JournalRecord[]> {
  const chain = await scene.loopback.store.chain(conversationId, 0, 100)
  return chain.flatMap(({ body }) => (body ? [JSON.parse(body) as JournalRecord] : []))
}

const ANSWER =
  'Hello Mara, a withdrawal is on hold until the bank has confirmed it. Write to mara@bank.example.'

test('[E6] solved tickets like the open one are shown with why, and an answer goes into the reply as a machine’s draft', async () => {
  const scene = await createScene()
  const before = await solved(scene, 'Mara', 'My withdrawal to the bank is on hold', ANSWER)
  await solved(scene, 'Jo', 'I want to change my password', 'Under settings.')
  const { model, visitor } = await mine(scene, 'Mia', 'Why is my withdrawal on hold?')
  const similar = model.workplace.value?.similar
  const [ticket, ...others] = similar?.tickets.value ?? []
  expect(others).toEqual([])
  expect(ticket).toMatchObject({
    conversationId: before.conversationId,
    question: 'My withdrawal to the bank is on hold',
    reasons: [{ kind: 'words', words: expect.arrayContaining(['withdrawal']) }, { kind: 'page' }],
    answer: { by: 'Ada' },
  })
  // It may be read by another visitor.
  expect(ticket?.answer.text).not.toMatch(/mara|bank\.example/i)
  expect(ticket?.answer.text).toMatch(/on hold until the bank has confirmed it/)
  const [shown] = await entries(scene, visitor.conversationId).then(all =>
    all.filter(({ rule }) => rule === 'similar@1'),
  )
  expect(shown).toMatchObject({ kind: 'suggested', outcome: `#${ticket?.number}` })
  expect(JSON.stringify(shown)).not.toMatch(/withdrawal/)
  expect(shown && (await replayEntry(shown, async () => null, SERVER_RULES))).toEqual({ result: 'equal' })

  model.openSimilar(before.conversationId)
  await scene.settle(500)
  expect(model.thread.value).toMatchObject({
    cameFrom: visitor.conversationId,
    cameAs: 'similar',
    isMine: false,
    mayReply: false,
  })
  model.back()
  await scene.settle(2_000)

  model.setDraft('Good morning')
  if (ticket) similar?.take(ticket)
  expect(model.draft.value).toMatch(/^Good morning\n\nHello …, a withdrawal is on hold/)
  await scene.settle(500)
  model.send()
  await scene.settle(2_000)
  const { events } = (await scene.loopback.store.read(visitor.conversationId, 0, 100)) ?? { events: [] }
  expect(
    events.map(({ body }) => body).find(body => body.type === 'message' && body.draftedBy),
  ).toMatchObject({
    draftedBy: 'machine',
  })
  expect((await entries(scene, visitor.conversationId)).at(-1)).toMatchObject({
    kind: 'offerTaken',
    rule: 'agent',
    outcome: 'taken',
    inputs: { agentId: 'agent-ada', ticket: ticket?.number },
  })
  await scene.close()
})

test('[E6] one that does not fit is put away and journalled; what was shown before is one entry', async () => {
  const scene = await createScene()
  await solved(scene, 'Mara', 'My withdrawal to the bank is on hold', ANSWER)
  const { model, visitor } = await mine(scene, 'Mia', 'Why is my withdrawal on hold?')
  const similar = model.workplace.value?.similar
  const other = await scene.visitor('Jo', 'Hello?')
  model.open(other.conversationId)
  await scene.settle(2_000)
  expect(similar?.tickets.value).toEqual([])
  model.open(visitor.conversationId)
  await scene.settle(2_000)
  const [ticket] = similar?.tickets.value ?? []
  if (ticket) similar?.refuse(ticket)
  expect(similar?.tickets.value).toEqual([])
  await scene.settle(500)
  const kept = await entries(scene, visitor.conversationId)
  expect(kept.filter(({ rule }) => rule === 'similar@1')).toHaveLength(1)
  expect(kept.at(-1)).toMatchObject({ kind: 'offerDismissed', outcome: 'refused' })
  await scene.close()
})

test('[E6] an erased one is never shown, nor one that nobody answered, nor itself', async () => {
  const scene = await createScene()
  const before = await solved(scene, 'Mara', 'My withdrawal to the bank is on hold', ANSWER)
  await scene.loopback.store.erase(before.conversationId, scene.loopback.clock.now())
  const { model, visitor } = await mine(scene, 'Mia', 'Why is my withdrawal on hold?')
  expect(model.workplace.value?.similar.tickets.value).toEqual([])
  void model.openTicket()
  await scene.settle(500)
  model.end()
  await scene.settle(2_000)
  model.dispose()
  const next = await mine(scene, 'Ann', 'Why is my withdrawal on hold?')
  expect(next.model.workplace.value?.similar.tickets.value).toEqual([])
  expect(await entries(scene, next.visitor.conversationId)).not.toContainEqual(
    expect.objectContaining({ rule: 'similar@1' }),
  )
  expect(visitor.conversationId).not.toBe(next.visitor.conversationId)
  await scene.close()
})
