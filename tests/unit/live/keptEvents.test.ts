// What a device keeps of a conversation for its next page: in few records, however the events came.

import { expect, test } from 'vitest'
import { createMemoryStore } from '../../../src/base/keyedStore'
import { createListeners } from '../../../src/live/linkState'
import { createLiveModel } from '../../../src/live/liveModel'
import type { StoredEvent } from '../../../src/protocol/events'
import { createManualClock } from '../../../src/testing/manualClock'
import { ALONE, alonePage } from '../../support/pageAlone'

const turn = () => new Promise(setImmediate)
const CONVERSATION = 'conversation-1'
const THREAD = { openId: 'open-1', conversationId: CONVERSATION, epoch: 'e' }
const FOLDER = 'site/anonymous/event/'
const said = (seq: number): StoredEvent => ({
  conversationId: CONVERSATION,
  seq,
  clientId: `said-${seq}`,
  at: seq,
  author: { kind: 'agent', agentId: 'a', name: 'Noor' },
  body: { type: 'message', text: `Line ${seq}`, format: 'plain' },
})

async function device(count: number) {
  const clock = createManualClock()
  const store = createMemoryStore('stored')
  await store.set([['site/anonymous/thread', THREAD]])
  for (let seq = 1; seq <= count; seq++)
    await store.set([[`${FOLDER}${CONVERSATION}/e/${String(seq).padStart(9, '0')}`, [said(seq)]]])
  const page = Object.assign(new EventTarget(), { document: new EventTarget() })
  const open = async () => {
    const carrier = createListeners()
    const model = createLiveModel({
      environment: alonePage(clock, page),
      store,
      tabs: ALONE,
      identity: 'site/anonymous',
      getToken: async () => null,
      setWaiting() {},
      connectVia: () => ({
        request: async () => ({ ok: false, code: 'no_answer', retry: true }) as never,
        on: carrier.on,
        onLink: carrier.onLink,
        onStranded: () => () => {},
        nudge() {},
        connect: () => carrier.set('online'),
        close() {},
      }),
    })
    await model.resume()
    await turn()
    return {
      model,
      push: (seq: number) =>
        carrier.emit('events', { conversationId: CONVERSATION, epoch: 'e', events: [said(seq)] }),
      lines: () => model.events.value.map(({ seq }) => seq),
    }
  }
  const records = async () => (await store.list(FOLDER)).length
  const later = async (ms: number) => {
    clock.advance(ms)
    await turn()
    await turn()
  }
  const hide = async () => {
    page.document.dispatchEvent(new Event('visibilitychange'))
    await turn()
  }
  return { open, records, later, hide }
}
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1)

test('events that came one by one are read in few pieces from the next page on', async () => {
  const { open, records, later } = await device(450)
  const first = await open()
  expect(first.lines()).toEqual(upTo(450))
  await later(5_000)
  expect(await records()).toBe(3)
  expect((await open()).lines()).toEqual(upTo(450))
})

test('what is let go of meanwhile does not come back by being put together', async () => {
  const { open, records, later } = await device(450)
  const { model } = await open()
  await model.leave()
  expect(await records()).toBe(0)
  await later(5_000)
  expect(await records()).toBe(0)
})

test('events that come right behind one another are one record, and the next page has them all', async () => {
  const { open, records, later } = await device(3)
  const { push, lines } = await open()
  for (const seq of [4, 5, 6]) push(seq)
  expect(lines()).toEqual(upTo(6))
  await later(1_000)
  expect(await records()).toBe(4)
  expect((await open()).lines()).toEqual(upTo(6))
})

test('a page that is hidden keeps at once what it was shown: it may not be asked again', async () => {
  const { open, hide } = await device(3)
  const { push } = await open()
  push(4)
  await hide()
  expect((await open()).lines()).toEqual(upTo(4))
})

test('an assistant that is taken away has kept what it was shown', async () => {
  const { open } = await device(3)
  const { push, model } = await open()
  push(4)
  model.dispose()
  await turn()
  expect((await open()).lines()).toEqual(upTo(4))
})

test('an event that is still to be kept is not kept of a conversation that was let go of', async () => {
  const { open, records, later } = await device(3)
  const { push, model } = await open()
  push(4)
  await model.leave()
  await later(1_000)
  expect(await records()).toBe(0)
})
