// Where the visitor is, told to who waits or talks: the last one, once, when it has settled.

import { expect, test } from 'vitest'
import type { Phase } from '../../../src/protocol/phase'
import { withPerson } from './withPerson'

async function talking(phase: Phase) {
  const told: string[] = []
  let route = '/orders'
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const { model, state, link, clock } = await withPerson({
    phase,
    window: { document } as unknown as Window & typeof globalThis,
    route: () => route,
    live: { visits: ({ route }: { route: string }) => void told.push(route) },
  })
  return {
    model,
    told,
    state,
    link,
    async wait(ms: number) {
      await clock.advance(ms)
    },
    look(state: 'visible' | 'hidden') {
      document.visibilityState = state
      document.dispatchEvent(new Event('visibilitychange'))
    },
    goTo(next: string) {
      route = next
      model.moved()
    },
  }
}

test('the page that it is now is told once a connect, and once for each page that is stayed on', async () => {
  const { told, goTo, link, wait } = await talking('live')
  await wait(1_000)
  expect(told).toEqual(['/orders'])
  goTo('/orders/7')
  await wait(400)
  goTo('/help')
  goTo('/payments')
  await wait(1_000)
  expect(told).toEqual(['/orders', '/payments'])
  goTo('/payments')
  await wait(1_000)
  expect(told).toHaveLength(2)
  link.value = 'retrying'
  link.value = 'online'
  await wait(1_000)
  expect(told.at(-1)).toBe('/payments')
  expect(told).toHaveLength(3)
})

test('a tab that is looked at again tells where it is, after others may have told of theirs', async () => {
  const { told, look, wait } = await talking('live')
  await wait(1_000)
  look('hidden')
  await wait(5_000)
  look('visible')
  expect(told).toEqual(['/orders'])
  await wait(1_000)
  expect(told).toEqual(['/orders', '/orders'])
})

test('what changed while nobody looked, or without a line, is told when there is somebody to tell', async () => {
  const { told, look, goTo, link, wait } = await talking('live')
  await wait(1_000)
  look('hidden')
  goTo('/hidden')
  await wait(1_000)
  expect(told).toEqual(['/orders'])
  look('visible')
  await wait(1_000)
  expect(told.at(-1)).toBe('/hidden')
  link.value = 'retrying'
  goTo('/offline')
  await wait(1_000)
  expect(told).toHaveLength(2)
  link.value = 'online'
  await wait(1_000)
  expect(told.at(-1)).toBe('/offline')
})

test('nobody is told where a visitor goes who waits for nobody', async () => {
  for (const phase of ['ticketed', 'ended', 'bot'] as const) {
    const { told, goTo, wait } = await talking(phase)
    goTo('/secret')
    await wait(2_000)
    expect(told).toEqual([])
  }
})
