// How it was, from the press to the thread: the whole live half with the real server core.

import { expect, test } from 'vitest'
import { createLoopback } from '../../src/testing/loopback'
import { createAgent, createDevice, createScene, toPerson } from './scene'

async function over() {
  const loopback = await createLoopback({ seed: 3 })
  const scene = createScene(loopback)
  const agent = createAgent(scene)
  const device = createDevice(scene, { diskMs: 1 })
  const tab = device.open()
  await loopback.settle(1_000)
  await toPerson(scene, tab, 'question', 7_000)
  return { loopback, agent, device, tab }
}

test('said without a connection it waits, is masked, survives a reload, and is not asked for again', async () => {
  const { loopback, agent, device, tab } = await over()
  expect(tab.conversation.agentPresence.value).toBe('here')
  expect(tab.conversation.rating.value).toBeNull()
  agent.send({ type: 'ended', by: 'agent' })
  await loopback.settle(3_000)
  expect(tab.conversation.rating.value?.state).toBe('unasked')
  loopback.wire.cut()
  void tab.conversation.rate(4)
  void tab.conversation.rate(4, 'my card 4111 1111 1111 1111, thanks')
  await loopback.settle(500)
  const said = { score: 4, comment: 'my card [card 1111], thanks' }
  expect(tab.conversation.rating.value).toMatchObject({ ...said, state: 'onItsWay' })
  const reloaded = device.reload(tab)
  loopback.wire.restore()
  await loopback.settle(5_000)
  expect(reloaded.conversation.rating.value).toMatchObject({ ...said, state: 'stored' })
  expect(
    agent
      .events()
      .map(({ body }) => body.type)
      .slice(-3),
  ).toEqual(['ended', 'rated', 'rated'])
  expect(reloaded.conversation.items.value.filter(({ kind }) => kind === 'notice').at(-1)).toMatchObject({
    name: 'ratedComment',
    values: said,
  })
  await loopback.close()
})

test('who would rather not say is not asked in another tab either', async () => {
  const { loopback, agent, device, tab } = await over()
  const other = device.open()
  await loopback.settle(1_000)
  agent.send({ type: 'ended', by: 'agent' })
  await loopback.settle(3_000)
  expect(other.conversation.rating.value?.state).toBe('unasked')
  void tab.conversation.rate(null)
  await loopback.settle(3_000)
  for (const each of [tab, other])
    expect(each.conversation.rating.value).toMatchObject({ score: null, state: 'stored' })
  await loopback.close()
})
