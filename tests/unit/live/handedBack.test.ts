// Words with files that nobody took: what the visitor typed comes back, and nothing that nobody typed.

import { expect, test } from 'vitest'
import { createMemoryStore } from '../../../src/base/keyedStore'
import type { AttachmentsModel } from '../../../src/live/attachmentsModel'
import type { Ladder } from '../../../src/live/ladder'
import { createLiveModel } from '../../../src/live/liveModel'
import type { LinkState } from '../../../src/live/liveTransport'
import type { StoredEvent } from '../../../src/protocol/events'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createManualClock } from '../../../src/testing/manualClock'
import { ALONE, alonePage } from '../../support/pageAlone'

const photo = {
  attachmentId: 'file-0001-0001-0001-0001',
  name: 'photo.png',
  mediaType: 'image/png',
  bytes: 4,
}

const isRated = (body: unknown) => (body as { type: string }).type === 'rated'

/** A page with a conversation that waits, whose server refuses whatever has files. */
async function waiting(store = createMemoryStore('stored'), opens = true) {
  const clock = createManualClock()
  const handedBack: string[] = []
  const lost: string[] = []
  const said: unknown[] = []
  const waits: boolean[] = []
  let setLink: (link: LinkState) => void = () => {}
  const event = (seq: number, clientId: string, body: unknown) =>
    ({ conversationId: 'c-1', seq, clientId, at: 1, author: { kind: 'visitor' }, body }) as StoredEvent
  const events = [
    event(1, 'opening-0001', { type: 'opened', brief: emptyBrief() }),
    event(2, 'wish-00000001', { type: 'handoffReady', channel: 'live' }),
  ]
  const model = createLiveModel({
    environment: alonePage(clock),
    store,
    tabs: ALONE,
    identity: 'site/ann',
    getToken: async () => null,
    setWaiting: isWaiting => void waits.push(isWaiting),
    handBack: text => void handedBack.push(text),
    loadFiles: async () =>
      ({
        refresh() {},
        forget() {},
        dispose() {},
        lose: (files: readonly { name: string }[]) => void lost.push(...files.map(({ name }) => name)),
      }) as unknown as AttachmentsModel,
    connectVia: () =>
      ({
        async request(
          name: string,
          body: { drafts: { clientId: string; body: { attachments?: unknown } }[] },
        ) {
          if (name === 'open') return { ok: true, conversationId: 'c-1', epoch: 'e-1', head: 2 }
          if (name === 'sync') return { ok: true, events, head: events.length, epoch: 'e-1' }
          if (name !== 'send') return { ok: false, code: 'not_found', retry: false }
          said.push(...body.drafts.map(draft => draft.body))
          if (body.drafts.some(draft => draft.body.attachments))
            return { ok: false, code: 'bad_request', retry: false }
          return { ok: true, results: body.drafts.map(({ clientId }) => ({ clientId, seq: 2, at: 1 })) }
        },
        on: () => () => {},
        onLink(listener: (link: LinkState) => void) {
          setLink = listener
          return () => {}
        },
        onStranded: () => () => {},
        connect: () => setLink('online'),
        nudge() {},
        close() {},
      }) as unknown as Ladder,
  })
  const wish = { clientId: 'wish-00000001', body: { type: 'handoffReady', channel: 'live' } } as const
  if (opens) await model.open(emptyBrief(), [], wish)
  const settle = async () => {
    for (let n = 0; n < 20; n++) {
      await clock.advance(100)
      await new Promise(setImmediate)
    }
  }
  await settle()
  const send = async (clientId: string, text: string, files = [photo]) => {
    await model.send({
      clientId,
      body: { type: 'message', text, format: 'plain', ...(files.length && { attachments: files }) },
    })
    await settle()
  }
  const link = (next: LinkState) => setLink(next)
  return {
    model,
    handedBack,
    lost,
    said,
    send,
    settle,
    link,
    waits,
    store,
    goOffline: () => link('retrying'),
  }
}

test('a message that is refused for its files gives its words back, and says which files', async () => {
  const { model, send, handedBack, lost } = await waiting()
  await send('word-00000001', 'see the picture')
  expect(model.rows.value.map(({ state }) => state)).toEqual([{ failed: 'bad_request' }])
  model.retry('word-00000001')
  expect([handedBack, lost]).toEqual([['see the picture'], ['photo.png']])
  expect(model.rows.value).toEqual([])
})

test('names that stood for words are not handed back as words', async () => {
  const { model, send, handedBack, goOffline, settle } = await waiting()
  goOffline()
  await send('word-00000001', 'photo.png')
  await send('word-00000002', 'and this one')
  await model.leave()
  await settle()
  expect(handedBack).toEqual(['and this one'])
})

test('a rating given without a line is sent though “Ask something else” was pressed before', async () => {
  const { model, said, goOffline, link, settle, waits } = await waiting()
  goOffline()
  await model.send({ clientId: 'rated-0000001', body: { type: 'rated', score: 5 } })
  await settle()
  await model.leave()
  await settle()
  expect([said.filter(isRated), waits.at(-1)]).toEqual([[], true])
  link('online')
  await settle()
  expect(said.filter(isRated)).toEqual([{ type: 'rated', score: 5 }])
  expect(waits.at(-1)).toBe(false)
  goOffline()
  link('online')
  await settle()
  expect(said.filter(isRated)).toHaveLength(1)
})

test('… by the next page, where this one ends before', async () => {
  const before = await waiting()
  before.goOffline()
  await before.model.send({ clientId: 'rated-0000001', body: { type: 'rated', score: 5 } })
  await before.settle()
  await before.model.leave()
  const kept = createMemoryStore('stored')
  await kept.set(await before.store.list(''))
  before.model.dispose()
  const after = await waiting(kept, false)
  expect(await after.model.resume()).toBe(false)
  await after.settle()
  expect(after.said).toEqual([{ type: 'rated', score: 5 }])
  expect(after.waits.at(-1)).toBe(false)
})
