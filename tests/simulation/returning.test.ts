// Visitors who come back: to an ended chat, to one they had cancelled, or in the very moment of a reload.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLoopback, type Loopback } from '../../src/testing/loopback'
import { createAgent, createDevice, createScene, type Scene, type Tab, toPerson } from './scene'

let loopback: Loopback
let scene: Scene
beforeEach(async () => {
  loopback = await createLoopback()
  scene = createScene(loopback)
})
afterEach(() => loopback.close())

const words = (tab: Tab) =>
  tab.conversation.items.value.flatMap(item =>
    item.kind === 'message' ? [`${item.author.kind}: ${item.text}`] : [],
  )
/** What the people at the desk can read of the conversation that this tab is in. */
async function stored(tab: Tab): Promise<string[]> {
  const id = tab.live()?.events.value[0]?.conversationId ?? ''
  const page = await loopback.store.read(id, 0, 200)
  return (page?.events ?? []).flatMap(({ body }) => (body.type === 'message' ? [body.text] : []))
}

test('a question asked after an old chat had ended reaches a person, and yesterday’s chat is not shown instead', async () => {
  const agent = createAgent(scene)
  const device = createDevice(scene)
  const before = device.open()
  await loopback.settle(1_000)
  await toPerson(scene, before, 'yesterday')
  agent.send({ type: 'ended', by: 'agent' })
  await loopback.settle(1_000)
  expect(before.conversation.phase.value).toBe('ended')
  device.close(before)
  const tab = device.open()
  await loopback.settle(1_000)
  await toPerson(scene, tab, 'today')
  expect(tab.conversation.phase.value).toBe('live')
  expect(words(tab)).toEqual(['visitor: today', 'bot: bot: today'])
  expect(await stored(tab)).toEqual(['today', 'bot: today'])
})

test('a question asked after an old wait was cancelled is handed over and stays in sight', async () => {
  const agent = createAgent(scene)
  agent.setBusy(true)
  const device = createDevice(scene)
  const before = device.open()
  await loopback.settle(1_000)
  await toPerson(scene, before, 'yesterday')
  before.conversation.cancelWaiting()
  await loopback.settle(1_000)
  device.close(before)
  const tab = device.open()
  await loopback.settle(1_000)
  await toPerson(scene, tab, 'today')
  expect(tab.conversation.phase.value).toBe('queued')
  expect(await stored(tab)).toEqual(['yesterday', 'bot: yesterday', 'today', 'bot: today'])
  expect(words(tab).slice(-2)).toEqual(['visitor: today', 'bot: bot: today'])
})

test('the roads to a person are shown after a reload, too, for somebody who had left the queue and asked again', async () => {
  const agent = createAgent(scene)
  agent.setBusy(true)
  const device = createDevice(scene)
  let tab = device.open()
  await loopback.settle(1_000)
  await toPerson(scene, tab, 'Where is my money?')
  tab.conversation.cancelWaiting()
  await loopback.settle(1_000)
  tab.conversation.askForPerson()
  await loopback.settle(1_000)
  tab = device.reload(tab)
  await loopback.settle(2_000)
  expect(tab.conversation.offer.value).toMatchObject({ reason: 'askedForPerson', checking: false })
  tab.conversation.chooseChannel('live')
  await loopback.settle(1_000)
  expect(tab.conversation.phase.value).toBe('queued')
})

test('words sent in the moment of a reload go to the agent, not to the bot, and do not vanish', async () => {
  const agent = createAgent(scene)
  const device = createDevice(scene)
  let tab = device.open()
  await loopback.settle(1_000)
  await toPerson(scene, tab, 'Where is my money?')
  expect(tab.conversation.phase.value).toBe('live')
  tab = device.reload(tab)
  tab.conversation.setDraft('typed at once')
  tab.conversation.send('typed at once')
  await loopback.settle(2_000)
  expect(agent.texts().at(-1)).toBe('typed at once')
  expect(words(tab).at(-1)).toBe('visitor: typed at once')
  expect(tab.conversation.draft.value).toBe('')
})
