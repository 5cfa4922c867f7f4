// An address that is left in the queue, from the press to the ticket: the whole live half with the real server core.

import { expect, test } from 'vitest'
import { createLoopback } from '../../src/testing/loopback'
import { createDevice, createScene, toPerson } from './scene'

test('an address left without a connection is promised once the server has it; who is gone is answered there', async () => {
  const loopback = await createLoopback({ seed: 5 })
  const scene = createScene(loopback)
  // At the desk, and busy with others.
  loopback.agent({ agentId: 'agent-ada', name: 'Ada' }).transport.connect()
  const device = createDevice(scene, { diskMs: 1 })
  const tab = device.open()
  await loopback.settle(1_000)
  await toPerson(scene, tab, 'question', 7_000)
  expect(tab.conversation.phase.value).toBe('queued')
  expect(tab.conversation.answerAt.value).toBeNull()

  loopback.wire.cut()
  const contact = { email: 'ann@example.org' }
  void tab.conversation.giveContact(contact)
  await loopback.settle(500)
  expect(tab.conversation.answerAt.value).toEqual({ contact, state: 'onItsWay' })
  const reloaded = device.reload(tab)
  loopback.wire.restore()
  await loopback.settle(5_000)
  expect(reloaded.conversation.phase.value).toBe('queued')
  expect(reloaded.conversation.answerAt.value).toEqual({ contact, state: 'stored' })
  expect(reloaded.conversation.items.value.at(-1)).toMatchObject({
    name: 'contactGiven',
    values: { contact: contact.email },
  })

  const id = reloaded.conversation.conversationId.value ?? ''
  loopback.wire.cut()
  await loopback.settle(150_000)
  expect(await loopback.store.conversation(id)).toMatchObject({ phase: 'ticketed', ticket: { contact } })
  loopback.wire.restore()
  await loopback.settle(40_000)
  expect(reloaded.conversation.ticket.value?.contact).toEqual(contact)
  await loopback.close()
})
