// A conversation that another device opened, gone on with on this one: the real server core, two live halves that
// share nothing but who the visitor is.

import { expect, test } from 'vitest'
import { createMemoryStore } from '../../../src/base/keyedStore'
import type { Ladder } from '../../../src/live/ladder'
import { createLiveModel, type LiveModel } from '../../../src/live/liveModel'
import type { TabLink, TabMessage } from '../../../src/live/tabs'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback } from '../../../src/testing/loopback'

/** Tabs of one device; each device has its own disk and channel. */
function device(loopback: Loopback, secret: string, visitorId?: string) {
  const store = createMemoryStore('stored')
  const channel = new Set<(message: TabMessage) => void>()
  const waiting: (() => void)[] = []
  const handedBack: string[] = []
  let isLed = false
  const tab = (): LiveModel => {
    const mine = new Set<(message: TabMessage) => void>()
    const tabs: TabLink = {
      lead(onLead) {
        if (isLed) waiting.push(onLead)
        else onLead()
        isLed = true
        return () => {}
      },
      post(message) {
        const copy = structuredClone(message)
        queueMicrotask(() => {
          for (const hear of channel) if (!mine.has(hear)) hear(copy)
        })
      },
      listen(hear) {
        mine.add(hear)
        channel.add(hear)
        return () => void channel.delete(hear)
      },
      close() {},
    }
    const { clock } = loopback
    const { transport } = loopback.visitor({ secret, ...(visitorId && { verified: { visitorId } }) })
    let ids = 0
    const name = Math.floor(loopback.random() * 1e9)
    return createLiveModel({
      environment: {
        now: clock.now,
        after: clock.after,
        random: loopback.random,
        randomId: () => `id-${name}-${String(++ids).padStart(8, '0')}`,
        fetch: () => Promise.reject(new Error('no network')),
        window: undefined,
      },
      store,
      tabs,
      identity: 'site/user:ann',
      getToken: async () => null,
      setWaiting() {},
      handBack: text => void handedBack.push(text),
      connectVia: () =>
        ({
          ...transport,
          onStranded: () => () => {},
        }) as Ladder,
    })
  }
  return { tab, handedBack }
}
let drafts = 0
const word = (text: string) =>
  ({
    clientId: `draft-${String(++drafts).padStart(6, '0')}`,
    body: { type: 'message', text, format: 'plain' },
  }) as const
const opened = async (model: LiveModel, loopback: Loopback, question: string) => {
  await model.open(emptyBrief(), [word(question)], {
    clientId: `wish-${String(++drafts).padStart(6, '0')}`,
    body: { type: 'handoffReady', channel: 'ticket' },
  })
  await loopback.settle(2_000)
  return model.conversationId.value as string
}
const texts = (model: LiveModel) =>
  model.events.value.flatMap(({ body }) => (body.type === 'message' ? [body.text] : []))

test('a conversation of another device is read whole and gone on with, and words of each appear on both', async () => {
  const loopback = await createLoopback()
  // Two secrets: it is the token that proves on both who this is.
  const [phone, laptop] = ['secret-phone', 'secret-laptop'].map(secret =>
    device(loopback, secret, 'ann').tab(),
  ) as [LiveModel, LiveModel]
  const id = await opened(phone, loopback, 'Where is my order?')
  await laptop.join(id)
  await loopback.settle(2_000)
  expect([laptop.conversationId.value, laptop.state.value.phase]).toEqual([id, 'ticketed'])
  void laptop.send(word('from the laptop'))
  await loopback.settle(2_000)
  void phone.send(word('from the phone'))
  await loopback.settle(2_000)
  const all = ['Where is my order?', 'from the laptop', 'from the phone']
  expect([texts(phone), texts(laptop)]).toEqual([all, all])
  expect([phone.rows.value, laptop.rows.value]).toEqual([[], []])
  for (const model of [phone, laptop]) model.dispose()
  await loopback.close()
})

test('what was open here is let go of: it stays with the server, and its unsent words go back to the visitor', async () => {
  const loopback = await createLoopback()
  const [phone, second] = [device(loopback, 'secret-ann').tab(), device(loopback, 'secret-ann')]
  const laptop = second.tab()
  const id = await opened(phone, loopback, 'first')
  const other = await opened(laptop, loopback, 'second')
  loopback.wire.cut()
  void laptop.send(word('not sent yet'))
  await loopback.settle()
  await laptop.join(id)
  expect(second.handedBack).toEqual(['not sent yet'])
  loopback.wire.restore()
  await loopback.settle(5_000)
  expect([laptop.conversationId.value, texts(laptop)]).toEqual([id, ['first']])
  await laptop.join(other)
  await loopback.settle(2_000)
  expect(texts(laptop)).toEqual(['second'])
  for (const model of [phone, laptop]) model.dispose()
  await loopback.close()
})

test('all tabs of the device go along, whichever of them joined, and a reload goes on with it', async () => {
  const loopback = await createLoopback()
  const phone = device(loopback, 'secret-ann').tab()
  const id = await opened(phone, loopback, 'first')
  const laptop = device(loopback, 'secret-ann')
  const [leader, follower] = [laptop.tab(), laptop.tab()]
  await opened(leader, loopback, 'second')
  await follower.resume()
  await loopback.settle(1_000)
  await follower.join(id)
  await loopback.settle(5_000)
  expect([texts(leader), texts(follower)]).toEqual([['first'], ['first']])
  const reloaded = laptop.tab()
  expect(await reloaded.resume()).toBe(true)
  expect([reloaded.conversationId.value, texts(reloaded)]).toEqual([id, ['first']])
  for (const model of [phone, leader, follower, reloaded]) model.dispose()
  await loopback.close()
})

test('somebody else’s conversation is refused by the server, and nothing of it is kept', async () => {
  const loopback = await createLoopback()
  const phone = device(loopback, 'secret-ann').tab()
  const id = await opened(phone, loopback, 'mine')
  const stranger = device(loopback, 'secret-eve').tab()
  await stranger.join(id)
  await loopback.settle(5_000)
  expect([stranger.hasThread.value, texts(stranger)]).toEqual([false, []])
  for (const model of [phone, stranger]) model.dispose()
  await loopback.close()
})
