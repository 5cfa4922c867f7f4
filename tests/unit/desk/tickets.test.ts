// Tickets at the desk: answered as they are, solved, opened again; a desk's model over the real server core.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { ADA, createScene, GRACE, type Scene } from './scene'

let scene: Scene
beforeEach(async () => {
  scene = await createScene()
})
afterEach(() => scene.close())

/** A visitor whose wait has become a ticket. */
async function ticketOf(name: string) {
  const visitor = await scene.visitor(name)
  await visitor.send({ type: 'handoffReady', channel: 'ticket', contact: { email: 'v@example.org' } })
  await scene.settle(1_000)
  return visitor
}
const notices = (desk: Awaited<ReturnType<Scene['desk']>>) =>
  (desk.model.thread.value?.items ?? []).flatMap(item =>
    item.kind === 'notice' ? [`${item.name} ${Object.values(item.values).join(' ')}`.trim()] : [],
  )

test('[D39] an agent writes to a ticket without taking it: the words are read, and the ticket is theirs to answer for', async () => {
  const ada = await scene.desk()
  const mia = await ticketOf('Mia')
  ada.model.open(mia.conversationId)
  await scene.settle()
  expect(ada.model.thread.value).toMatchObject({
    isMine: false,
    mayReply: true,
    state: { phase: 'ticketed' },
  })
  ada.model.setDraft('Which account?')
  ada.model.send()
  await scene.settle(1_000)
  expect((await mia.texts()).at(-1)).toBe('Which account?')
  expect(ada.model.thread.value).toMatchObject({
    isMine: false,
    mayReply: true,
    state: { phase: 'ticketed', assignment: 0, ticket: { status: 'waitingOnVisitor', owner: ADA } },
    row: { isOwnTicket: true, ticketStatus: 'waitingOnVisitor' },
  })
  expect(notices(ada).at(-1)).toBe('owned Ada')
})

test('the visitor’s answer is news to who answers for it, and to nobody else', async () => {
  const ada = await scene.desk(ADA)
  const mia = await ticketOf('Mia')
  ada.model.open(mia.conversationId)
  await scene.settle()
  ada.model.setDraft('Which account?')
  ada.model.send()
  await scene.settle(1_000)
  ada.model.close()
  const grace = await scene.desk(GRACE)
  await scene.settle(1_000)
  await mia.say('This one')
  await scene.settle(6_000)
  expect(ada.model.news.value).toMatchObject({ kind: 'message', visitorName: 'Mia' })
  expect(grace.model.news.value).toBeNull()
})

test('solved, it is over; opened again, it is a ticket again [D41]', async () => {
  const ada = await scene.desk()
  const mia = await ticketOf('Mia')
  ada.model.open(mia.conversationId)
  await scene.settle()
  ada.model.end('billing')
  await scene.settle(1_000)
  expect(ada.model.thread.value).toMatchObject({
    mayReply: false,
    mayReopen: true,
    state: { phase: 'ended', ticket: { status: 'solved' } },
  })
  expect(notices(ada).at(-1)).toBe('endedByAgent Ada')
  const reopened = ada.model.reopen()
  await scene.settle(1_000)
  expect(await reopened).toBe(true)
  expect(ada.model.thread.value).toMatchObject({
    mayReply: true,
    state: { phase: 'ticketed', ticket: { status: 'reopened' } },
  })
})

test('[D43] a talk goes on as a ticket of the agent’s, with what they say it is about [D42]', async () => {
  const ada = await scene.desk()
  const mia = await scene.visitor('Mia')
  ada.model.open(mia.conversationId)
  await scene.settle()
  void ada.model.claim()
  await scene.settle(1_000)
  const opened = ada.model.openTicket({ category: 'billing', priority: 'high' })
  await scene.settle(1_000)
  expect(await opened).toBe(true)
  expect(ada.model.notice.value).toBeNull()
  expect(ada.model.thread.value?.state).toMatchObject({
    phase: 'ticketed',
    ticket: { category: 'billing', priority: 'high', owner: ADA },
  })
  const said = ada.model.workplace.value?.details.setCategory('  account  closed ')
  await scene.settle(1_000)
  expect(await said).toBe('done')
  expect(ada.model.thread.value?.state.ticket?.category).toBe('account closed')
  expect(ada.model.rows.value[0]).toMatchObject({ category: 'account closed', priority: 'high' })
})
