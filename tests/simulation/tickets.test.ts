// A ticket from the press to the last word: the whole live half of a visitor's device with the real server core.

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentBody } from '../../src/protocol/events'
import { createLoopback, type Loopback } from '../../src/testing/loopback'
import { createDevice, createScene, type Scene, type Tab } from './scene'

let loopback: Loopback
let scene: Scene
beforeEach(async () => {
  // Out of hours, whatever day it is.
  loopback = await createLoopback({ hours: { zone: 'UTC', week: {} } })
  scene = createScene(loopback)
})
afterEach(() => loopback.close())

const NOTICES = (tab: Tab) =>
  tab.conversation.items.value.flatMap(item => (item.kind === 'notice' ? [item.name] : []))
const historyOf = (tab: Tab) => tab.conversation.ticketHistory.value.map(({ what }) => what)
const statusOf = (tab: Tab) => tab.conversation.ticket.value?.status

function createDesk(agent = { agentId: 'agent-ada', name: 'Ada' }) {
  const { transport } = loopback.agent(agent)
  transport.connect()
  return {
    transport,
    async send(conversationId: string, body: AgentBody) {
      const clientId = scene.environment.randomId()
      const asked = transport.request('send', { v: 1, conversationId, drafts: [{ clientId, body }] })
      await loopback.settle(1_000)
      expect(await asked).toMatchObject({ ok: true })
    },
    async rows() {
      const asked = transport.request('queue', { v: 1 })
      await loopback.settle(1_000)
      const reply = await asked
      if (!reply.ok) throw new Error(reply.code)
      return reply.rows
    },
  }
}
const words = (text: string) => ({ type: 'message', text, format: 'markdown' }) as const

/** A ticket left out of hours: one press, with the address that was asked for. */
async function leaveTicket(device: ReturnType<typeof createDevice>): Promise<Tab> {
  const tab = device.open()
  void tab.say('Where is my money?')
  await loopback.settle(500)
  void tab.conversation.askForPerson()
  await loopback.settle(1_000)
  const [first] = tab.conversation.offer.value?.channels ?? []
  expect(first).toMatchObject({ channel: 'ticket', recommended: true, needsContact: 'email' })
  void tab.conversation.chooseChannel('ticket', { email: 'ann@example.org' })
  await loopback.settle(1_000)
  expect(tab.conversation.phase.value).toBe('ticketed')
  return tab
}

test('out of hours, answered while the visitor is away, reopened, solved, rated: both ends say the same', async () => {
  const device = createDevice(scene, { diskMs: 1 })
  let tab = await leaveTicket(device)
  expect(tab.conversation.ticket.value).toMatchObject({
    number: 1_001,
    status: 'open',
    contact: { email: 'ann@example.org' },
  })
  const id = tab.conversation.conversationId.value ?? ''
  device.close(tab)

  // The next morning, with the visitor gone.
  await loopback.settle(3 * 60_000)
  const ada = createDesk()
  await loopback.settle(1_000)
  await ada.send(id, words('Which payout?'))
  ada.transport.close()
  await loopback.settle(3 * 60_000)
  expect((await loopback.store.conversation(id))?.phase).toBe('ticketed')

  tab = device.open()
  await loopback.settle(2_000)
  expect([tab.conversation.phase.value, statusOf(tab)]).toEqual(['ticketed', 'waitingOnVisitor'])
  expect(tab.conversation.ticket.value?.owner?.name).toBe('Ada')
  expect(tab.conversation.unread.value).toBe(1)
  void tab.say('The one of March')
  await loopback.settle(1_000)
  expect(statusOf(tab)).toBe('waitingOnUs')

  const bob = createDesk({ agentId: 'agent-bob', name: 'Bob' })
  await loopback.settle(1_000)
  expect(await bob.rows()).toMatchObject([{ ticketStatus: 'waitingOnUs', ticketOwner: { name: 'Ada' } }])
  await bob.send(id, words('It is on its way.'))
  await bob.send(id, { type: 'ended', by: 'agent', category: 'payouts' })
  expect([tab.conversation.phase.value, statusOf(tab)]).toEqual(['ended', 'solved'])
  expect(tab.conversation.rating.value?.state).toBe('unasked')
  void tab.conversation.rate(2)
  await loopback.settle(1_000)
  expect(tab.conversation.rating.value).toMatchObject({ score: 2, state: 'stored' })

  expect(tab.conversation.reopening.value?.state).toBe('possible')
  void tab.conversation.reopen()
  await loopback.settle(1_000)
  expect([tab.conversation.phase.value, statusOf(tab)]).toEqual(['ticketed', 'reopened'])
  expect([tab.conversation.rating.value, tab.conversation.reopening.value]).toEqual([null, null])
  void tab.say('It is not here.')
  await loopback.settle(1_000)
  await bob.send(id, words('Now it is.'))
  await bob.send(id, { type: 'ended', by: 'agent' })
  expect(tab.conversation.rating.value?.state).toBe('unasked')
  void tab.conversation.rate(5, 'thanks')
  await loopback.settle(1_000)
  expect(tab.conversation.rating.value).toMatchObject({ score: 5, state: 'stored' })
  expect(historyOf(tab)).toEqual([
    ...['opened', 'owned', 'answered', 'waiting', 'owned', 'answered', 'solved', 'rated'],
    ...['reopened', 'answered', 'solved', 'rated'],
  ])
  expect((await bob.rows())[0]).toMatchObject({ phase: 'ended', ticketStatus: 'solved' })
  const stored = (await loopback.store.conversation(id))?.ticket
  expect(tab.conversation.ticket.value).toEqual(stored)
})

test('[D2] reopened without a connection: kept over a reload, sent once, and the words behind it go to the ticket', async () => {
  const device = createDevice(scene, { diskMs: 1 })
  let tab = await leaveTicket(device)
  const id = tab.conversation.conversationId.value ?? ''
  void tab.conversation.end()
  await loopback.settle(1_000)
  expect([tab.conversation.phase.value, statusOf(tab)]).toEqual(['ended', 'solved'])
  loopback.wire.cut()
  void tab.conversation.reopen()
  void tab.conversation.reopen()
  await loopback.settle(100)
  expect(tab.conversation.phase.value).toBe('ticketed')
  void tab.say('Still nothing')
  await loopback.settle(500)
  tab = device.reload(tab)
  await loopback.settle(500)
  expect(tab.conversation.phase.value).toBe('ticketed')
  loopback.wire.restore()
  await loopback.settle(10_000)
  const { events } = (await loopback.store.read(id, 0, 200)) ?? { events: [] }
  expect(events.slice(-3).map(({ body }) => body.type)).toEqual(['ended', 'reopened', 'message'])
  expect(statusOf(tab)).toBe('reopened')
  expect(NOTICES(tab)).toContain('reopened')
  expect(tab.conversation.items.value.at(-1)).toMatchObject({ text: 'Still nothing', state: 'sent' })
})

test('what the server does not open again says so, and the visitor can ask anew', async () => {
  await loopback.close()
  loopback = await createLoopback({ hours: { zone: 'UTC', week: {} }, reopenWithinDays: 0 })
  scene = createScene(loopback)
  const tab = await leaveTicket(createDevice(scene))
  void tab.conversation.end()
  await loopback.settle(1_000)
  void tab.conversation.reopen()
  await loopback.settle(1_000)
  expect(tab.conversation.reopening.value).toEqual({ state: 'tooLate' })
  expect(tab.conversation.phase.value).toBe('ended')
  tab.conversation.askAgain()
  expect(tab.conversation.phase.value).toBe('bot')
})

test('a ticket whose agent took it live and went home is a ticket again, not a place in a queue', async () => {
  const device = createDevice(scene)
  const tab = await leaveTicket(device)
  const id = tab.conversation.conversationId.value ?? ''
  const ada = createDesk()
  await loopback.settle(1_000)
  const claim = ada.transport.request('claim', { v: 1, conversationId: id, expected: 0 })
  await loopback.settle(1_000)
  expect(await claim).toMatchObject({ ok: true })
  expect(tab.conversation.phase.value).toBe('live')
  device.close(tab)
  await loopback.settle(3 * 60_000)
  ada.transport.close()
  await loopback.settle(70_000)
  expect(await loopback.store.conversation(id)).toMatchObject({
    phase: 'ticketed',
    ticket: { owner: { name: 'Ada' } },
  })
})
