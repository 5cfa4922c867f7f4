// A mutant of the receiving door, in a file of its own because it replaces a module.

import { expect, test, vi } from 'vitest'
import { createLoopback } from '../../src/testing/loopback'
import { createAgent, createDevice, createScene } from './scene'

let checksGaps = true
vi.mock('../../src/live/catchUp', async original => {
  const real = await original<typeof import('../../src/live/catchUp')>()
  return {
    ...real,
    isBehind: (cursor: Parameters<typeof real.isBehind>[0]) => checksGaps && real.isBehind(cursor),
  }
})

/** The agent's words as the visitor sees them, after one push was lost and no beacon is heard. */
async function afterLostPush(): Promise<string[]> {
  const loopback = await createLoopback()
  const scene = createScene(loopback)
  const agent = createAgent(scene)
  const tab = createDevice(scene, { dropsBeacons: true }).open()
  await loopback.settle(1_000)
  tab.conversation.askForPerson()
  await loopback.settle(1_000)
  tab.conversation.chooseChannel('live')
  await loopback.settle(2_000)
  loopback.wire.faults({ losePushes: 1 })
  agent.say('lost on the way')
  await loopback.settle(2_000)
  loopback.wire.faults(null)
  agent.say('the next')
  await loopback.settle(600)
  const texts = tab.conversation.items.value.flatMap(item => (item.kind === 'message' ? [item.text] : []))
  await loopback.close()
  return texts
}

test('[D13] a hole older than 250 ms is asked for, without any beacon', async () => {
  checksGaps = true
  expect(await afterLostPush()).toEqual(['lost on the way', 'the next'])
})

test('[D13] without the gap check the same scene shows neither: the test above can fail', async () => {
  checksGaps = false
  expect(await afterLostPush()).toEqual([])
})
