import { test } from 'vitest'
import { transportContract } from '../../src/testing/contracts/transportContract'
import { createLoopback } from '../../src/testing/loopback'

const suite = transportContract(async () => {
  const loopback = await createLoopback()
  const { transport, wire } = loopback.visitor()
  let served = 0
  const core = loopback.conversations()
  const availability = core.visitorCall
  core.visitorCall = (...args) => {
    served++
    return availability(...args)
  }
  const desk = loopback.agent()
  desk.transport.connect()
  await loopback.settle()
  return {
    transport,
    cut: wire.cut,
    restore: wire.restore,
    // Every connection hears `restart`; a push of the carrier's own is as good as any for the rule.
    push: () => loopback.push({ name: 'queueChanged', to: 'all', payload: {} }),
    settle: () => loopback.settle(15_000),
    served: () => served,
    cleanUp: () => loopback.close(),
  }
})
for (const { title, run } of suite) test(title, run)
