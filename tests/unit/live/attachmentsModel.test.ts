// Files on their way, against a server that the test plays.

import { describe, expect, test } from 'vitest'
import { createEnvironment } from '../../../src/base/environment'
import type { SafeStorage } from '../../../src/base/safeStorage'
import {
  type AttachmentsDeps,
  createAttachmentsModel,
  type FileRequest,
} from '../../../src/live/attachmentsModel'
import { type Attachment, UNSENT_MS } from '../../../src/protocol/attachments'
import { createManualClock } from '../../../src/testing/manualClock'

const photo = (attachmentId: string, name = 'photo.png'): Attachment => ({
  attachmentId,
  name,
  mediaType: 'image/png',
  bytes: 4,
  width: 4,
  height: 3,
})
const file = (name = 'photo.png', type = 'image/png', bytes = 4) =>
  new File(['x'.repeat(bytes)], name, { type })

interface Sent extends FileRequest {
  answer(reply: unknown): void
  lose(): void
  aborted: boolean
}

function memory(): SafeStorage {
  const kept = new Map<string, string>()
  return {
    kind: 'memory',
    get: key => kept.get(key) ?? null,
    set: (key, value) => void (value === null ? kept.delete(key) : kept.set(key, value)),
  }
}

const turn = () => new Promise(done => setImmediate(done))

async function scene(change: Partial<AttachmentsDeps> = {}) {
  const clock = createManualClock()
  const sent: Sent[] = []
  const asked: (readonly string[])[] = []
  let ids = 0
  const model = createAttachmentsModel({
    environment: {
      ...createEnvironment(),
      ...clock,
      random: () => 0.5,
      randomId: () => `id-${String(++ids).padStart(8, '0')}`,
      window: undefined,
    },
    conversationId: 'conversation-1',
    base: 'https://help.example/asklet/v1/',
    path: 'upload',
    withCookie: false,
    headers: async () => ({ authorization: 'Bearer secret' }),
    tab: memory(),
    async fileUrls(attachmentIds) {
      asked.push(attachmentIds)
      return {
        ok: true,
        urls: attachmentIds.map(attachmentId => ({
          attachmentId,
          url: `file/${attachmentId}?c=x&e=1&s=y${asked.length}`,
        })),
        holdMs: 600_000,
        accepts: { types: ['image/png', 'text/plain'], maxBytes: 100 },
      }
    },
    send(request) {
      let settle: Pick<Sent, 'answer' | 'lose'> | undefined
      const answer = new Promise<unknown>((resolve, reject) => {
        settle = { answer: resolve, lose: () => reject(new Error('lost')) }
      })
      const one: Sent = { ...request, ...(settle as Pick<Sent, 'answer' | 'lose'>), aborted: false }
      sent.push(one)
      return {
        answer,
        abort() {
          one.aborted = true
        },
      }
    },
    ...change,
  })
  await turn()
  const states = () => model.items.value.map(({ name, state, trouble }) => [name, trouble ?? state].join(' '))
  return { model, clock, sent, asked, states }
}

describe('a file on its way', () => {
  test('goes with the proofs, an id of its own and its name, and is ready when the server says so', async () => {
    const { model, sent, states } = await scene()
    expect(model.accept.value).toBe('image/png,text/plain,.txt,.log,.md,.json')
    model.add([file('Foto ä.png')])
    await turn()
    expect(sent[0]).toMatchObject({
      url: 'https://help.example/asklet/v1/upload?conversation=conversation-1&name=Foto+%C3%A4.png',
      headers: { authorization: 'Bearer secret', 'x-asklet-upload': 'id-00000001' },
      withCookie: false,
    })
    expect(model.isUploading.value).toBe(true)
    sent[0]?.progress(2)
    expect(model.items.value[0]?.progress).toBe(0.5)
    sent[0]?.progress(4)
    // All sent is not yet all stored.
    expect(model.items.value[0]?.progress).toBe(0.99)
    sent[0]?.answer({ ok: true, attachment: photo('file-0001', 'Foto.png') })
    await turn()
    expect(states()).toEqual(['Foto.png ready'])
    expect(model.take()).toEqual([photo('file-0001', 'Foto.png')])
    expect(model.items.value).toEqual([])
  })

  test('two at once, the others wait', async () => {
    const { model, sent } = await scene()
    model.add([file('a.png'), file('b.png'), file('c.png')])
    await turn()
    expect(sent.length).toBe(2)
    sent[1]?.answer({ ok: true, attachment: photo('file-0002') })
    await turn()
    expect(sent.length).toBe(3)
  })

  test('what can be known before is told before', async () => {
    const { model, sent, states } = await scene()
    model.add([
      file('long.txt', 'text/plain', 101),
      file('empty.txt', 'text/plain', 0),
      file('film.mp4', 'video/mp4'),
      file('page.html', 'text/html'),
      file('picture.svg', 'image/svg+xml'),
      // Systems call a log nothing at all.
      file('server.log', ''),
    ])
    await turn()
    expect(states()).toEqual([
      'long.txt tooLarge',
      'empty.txt empty',
      'film.mp4 type',
      'page.html type',
      'picture.svg type',
      'server.log uploading',
    ])
    expect(sent.length).toBe(1)
  })

  test.each([
    ['unsupported_type', 'type', false],
    ['too_large', 'tooManyPixels', false],
    ['closed', 'closed', true],
    ['stale_assignment', 'closed', true],
    ['rate_limited', 'tooMany', true],
    ['bad_request', 'refused', false],
  ])('a refusal is told: %s', async (code, trouble, canRetry) => {
    const { model, sent } = await scene()
    model.add([file()])
    await turn()
    sent[0]?.answer({ ok: false, code, retry: canRetry })
    await turn()
    expect(model.items.value[0]).toMatchObject({ state: 'failed', trouble, canRetry })
    expect(model.isUploading.value).toBe(false)
  })

  test('a lost answer is asked for again under the same id, four times; then when the person says so', async () => {
    const { model, clock, sent, states } = await scene()
    model.add([file()])
    await turn()
    for (let n = 0; n < 4; n++) {
      sent.at(-1)?.lose()
      await turn()
      await clock.advance(10_000)
      await turn()
    }
    expect(sent.length).toBe(4)
    expect(states()).toEqual(['photo.png offline'])
    model.retry(model.items.value[0]?.key ?? '')
    await turn()
    expect(new Set(sent.map(({ headers }) => headers['x-asklet-upload']))).toEqual(new Set(['id-00000001']))
    sent.at(-1)?.answer({ ok: true, attachment: photo('file-0001') })
    await turn()
    expect(states()).toEqual(['photo.png ready'])
  })

  test('what is no answer is none, and no file', async () => {
    const { model, sent, states } = await scene()
    model.add([file()])
    await turn()
    sent[0]?.answer({ ok: true, attachment: { attachmentId: 'x', name: '' } })
    await turn()
    expect(states()).toEqual(['photo.png uploading'])
  })

  test('stopped it ends at once and stays to be tried again; removed it is gone', async () => {
    const { model, sent, states } = await scene()
    model.add([file()])
    await turn()
    const key = model.items.value[0]?.key ?? ''
    model.cancel(key)
    expect(sent[0]?.aborted).toBe(true)
    sent[0]?.lose()
    await turn()
    expect(states()).toEqual(['photo.png canceled'])
    model.retry(key)
    await turn()
    expect(sent.length).toBe(2)
    model.remove(key)
    expect(sent[1]?.aborted).toBe(true)
    sent[1]?.answer({ ok: true, attachment: photo('file-0001') })
    await turn()
    expect(model.items.value).toEqual([])
  })

  test('no more than ten go with a message', async () => {
    const { model } = await scene()
    model.add(Array.from({ length: 12 }, (_, n) => file(`${n}.png`)))
    expect(model.items.value.filter(({ state }) => state === 'uploading').length).toBe(10)
    expect(model.items.value.filter(({ trouble }) => trouble === 'tooMany').length).toBeGreaterThan(0)
  })
})

describe('a reload', () => {
  test('keeps what the server has whole, and says of the rest that it must be chosen again', async () => {
    const tab = memory()
    const before = await scene({ tab })
    before.model.add([file('a.png'), file('b.png')])
    await turn()
    before.sent[0]?.answer({ ok: true, attachment: photo('file-0001', 'a.png') })
    await turn()
    const after = await scene({ tab })
    expect(after.states()).toEqual(['a.png ready', 'b.png chooseAgain'])
    expect(after.model.take()).toEqual([photo('file-0001', 'a.png')])
    expect((await scene({ tab })).states()).toEqual([])
  })

  test('what the server is about to forget is to be chosen again, in good time, and never sent', async () => {
    const tab = memory()
    const { model, sent, clock, states } = await scene({ tab })
    model.add([file('a.png')])
    await turn()
    sent[0]?.answer({ ok: true, attachment: photo('file-0001', 'a.png') })
    await turn()
    await clock.advance(UNSENT_MS / 2)
    expect(states()).toEqual(['a.png ready'])
    const taken = model.take()
    model.giveBack(taken)
    await clock.advance(UNSENT_MS / 2 - 60_000)
    expect(states()).toEqual(['a.png chooseAgain'])
    expect([model.ready.value, model.take()]).toEqual([[], []])
  })

  test('what this page still has is sent up again by a press, as a new file', async () => {
    const { model, sent, clock, states } = await scene()
    model.add([file('a.png')])
    await turn()
    sent[0]?.answer({ ok: true, attachment: photo('file-0001', 'a.png') })
    await turn()
    await clock.advance(UNSENT_MS)
    expect(model.items.value[0]).toMatchObject({ trouble: 'chooseAgain', canRetry: true })
    model.retry(model.items.value[0]?.key ?? '')
    await turn()
    expect(sent[1]?.headers['x-asklet-upload']).not.toBe(sent[0]?.headers['x-asklet-upload'])
    sent[1]?.answer({ ok: true, attachment: photo('file-0002', 'a.png') })
    await turn()
    expect(states()).toEqual(['a.png ready'])
    expect(model.take()).toEqual([photo('file-0002', 'a.png')])
  })

  test('after an hour nothing is ready that a page of before had ready', async () => {
    const tab = memory()
    tab.set(
      'files.conversation-1',
      JSON.stringify([
        {
          name: 'a.png',
          bytes: 4,
          attachment: photo('file-0001', 'a.png'),
          since: createManualClock().now() - UNSENT_MS,
        },
        { name: 'b.png', bytes: 4, attachment: photo('file-0002', 'b.png') },
      ]),
    )
    expect((await scene({ tab })).states()).toEqual(['a.png chooseAgain', 'b.png chooseAgain'])
  })

  test('is nothing to the next person in the same tab', async () => {
    const tab = memory()
    const before = await scene({ tab, owner: 'agent-ada' })
    before.model.add([file('a.png')])
    await turn()
    expect((await scene({ tab, owner: 'agent-bob' })).states()).toEqual([])
    expect((await scene({ tab, owner: 'agent-ada' })).states()).toEqual(['a.png chooseAgain'])
  })

  test('files of a message that the server would not hear are named, to be chosen again', async () => {
    const { model, states } = await scene()
    model.lose?.([photo('file-0001', 'a.png')])
    expect(states()).toEqual(['a.png chooseAgain'])
    expect(model.ready.value).toEqual([])
  })

  test('of a conversation that was let go of keeps nothing, and takes nothing that is no list of files', async () => {
    const tab = memory()
    const before = await scene({ tab })
    before.model.add([file('a.png')])
    before.model.forget()
    expect((await scene({ tab })).states()).toEqual([])
    for (const kept of [
      '{',
      '[{"name": 1}]',
      '{"name":"x"}',
      '[{"name":"x","bytes":1,"attachment":{"name":"y"}}]',
    ]) {
      tab.set('files.conversation-1', kept)
      expect((await scene({ tab })).states().filter(state => state.endsWith('ready'))).toEqual([])
    }
  })
})

describe('addresses', () => {
  test('those of one turn are asked for together, once, below our server only', async () => {
    const { model, asked } = await scene()
    model.want(['file-0001'])
    model.want(['file-0002'])
    await turn()
    expect(asked).toEqual([[], ['file-0001', 'file-0002']])
    expect(model.urls.value.get('file-0001')).toBe(
      'https://help.example/asklet/v1/file/file-0001?c=x&e=1&s=y2',
    )
    model.want(['file-0001'])
    await turn()
    expect(asked.length).toBe(2)
  })

  test('one that has ended is asked for anew', async () => {
    const { model, clock, asked } = await scene()
    expect(await model.fresh('file-0001')).toContain('s=y2')
    expect(await model.fresh('file-0001')).toContain('s=y2')
    await clock.advance(9.5 * 60_000)
    expect(await model.fresh('file-0001')).toContain('s=y3')
    expect(asked.length).toBe(3)
  })

  test('an answer that did not come is asked for again: no dead file, and the button comes', async () => {
    const asked: (readonly string[])[] = []
    let isAway = true
    const { model, clock } = await scene({
      async fileUrls(ids) {
        asked.push(ids)
        if (isAway && asked.length % 2) throw new Error('no network')
        if (isAway) return { ok: false, code: 'no_answer', retry: true }
        const urls = ids.map(attachmentId => ({ attachmentId, url: `file/${attachmentId}?c=x&e=1&s=y` }))
        return { ok: true, urls, holdMs: 600_000, accepts: { types: ['image/png'], maxBytes: 100 } }
      },
    })
    model.want(['file-0001'])
    await turn()
    expect([model.accepts.value, model.urls.value.size]).toEqual([null, 0])
    const wait = async (ms: number) => {
      for (let left = ms; left > 0; left -= 1_000) {
        await clock.advance(1_000)
        await turn()
      }
    }
    await wait(60_000)
    const before = asked.length
    expect(before).toBeGreaterThan(3)
    // Slower and slower: nobody is hammered.
    expect(before).toBeLessThan(20)
    isAway = false
    await wait(31_000)
    expect(model.accepts.value).not.toBeNull()
    expect(model.urls.value.has('file-0001')).toBe(true)
    const done = asked.length
    model.refresh('missed')
    await wait(60_000)
    expect(asked.length).toBe(done)
  })

  test('the line is back: what was missed is asked for at once', async () => {
    let isAway = true
    const { model } = await scene({
      fileUrls: async ids =>
        isAway
          ? { ok: false, code: 'no_answer', retry: true }
          : {
              ok: true,
              urls: ids.map(attachmentId => ({ attachmentId, url: `file/${attachmentId}?c=x&e=1&s=y` })),
              holdMs: 600_000,
              accepts: null,
            },
    })
    model.want(['file-0001'])
    await turn()
    isAway = false
    model.refresh('missed')
    await turn()
    expect(model.urls.value.has('file-0001')).toBe(true)
  })

  test('what is accepted is asked anew though an older question is under way', async () => {
    let n = 0
    const { model } = await scene({
      fileUrls: async () => {
        await turn()
        return {
          ok: true,
          urls: [],
          holdMs: 600_000,
          accepts: ++n === 1 ? null : { types: ['image/png'], maxBytes: 100 },
        }
      },
    })
    model.refresh()
    await turn()
    await turn()
    await turn()
    expect(model.accepts.value).not.toBeNull()
  })

  test('another server’s, a script’s or none is none', async () => {
    for (const url of [
      'https://evil.example/x',
      'javascript:alert(1)',
      '//evil.example',
      '../desk/me',
      'file/../../x?y',
    ]) {
      const { model } = await scene({
        fileUrls: async ids => ({
          ok: true,
          urls: ids.map(attachmentId => ({ attachmentId, url })),
          holdMs: 600_000,
          accepts: null,
        }),
      })
      expect(await model.fresh('file-0001')).toBeNull()
    }
    const { model } = await scene({ fileUrls: async () => ({ ok: false, code: 'not_found', retry: false }) })
    expect(await model.fresh('file-0001')).toBeNull()
    expect(model.accepts.value).toBeNull()
  })
})
