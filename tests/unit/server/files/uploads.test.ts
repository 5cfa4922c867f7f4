// What becomes of bytes when nodes and erasing come between: two nodes' uploads on one store and one place for bytes.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Attachment } from '../../../../src/protocol/attachments'
import type { AttachmentStore } from '../../../../src/server/files/attachmentStore'
import { createUploads, type IncomingFile, type Uploads } from '../../../../src/server/files/uploads'
import type { HelpDeskStore } from '../../../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../../../src/server/store/openSqlStore'
import { openOf, sayOf } from '../../../support/appends'

const MINUTE = 60_000
let store: HelpDeskStore
let now: number
let kept: Map<string, number>

beforeEach(async () => {
  store = await openSqlStore({ file: ':memory:' })
  now = 1_000_000
  kept = new Map()
})
afterEach(() => store.close())

const bytes: AttachmentStore = {
  async put(key, _content, length) {
    kept.set(key, length)
  },
  get: async () => null,
  async remove(key) {
    kept.delete(key)
  },
}
const uploadsOfANode = (place: AttachmentStore = bytes) =>
  createUploads({
    store,
    bytes: place,
    rules: { types: ['image/png'], maxBytes: 1_000, maxPixels: 1_000 },
    detect: Promise.resolve(async () => undefined),
    clock: { now: () => now },
    randomId: () => 'file-of-a-node',
    log() {},
  })
const begin = (conversationId: string, attachmentId: string) =>
  store.beginUpload({
    attachmentId,
    conversationId,
    uploadId: 'upload-0001',
    sender: 'visitor',
    at: now,
    mostUnsent: 9,
    most: 9,
  })
const finish = (attachmentId: string) =>
  store.finishUpload({ attachmentId, name: 'a.png', mediaType: 'image/png', bytes: 9 } as Attachment)

async function askForAPerson(conversationId: string) {
  const drafts = [
    {
      sender: 'visitor',
      clientId: 'handoff-01',
      author: { kind: 'visitor' } as const,
      body: { type: 'handoffReady', channel: 'live' } as const,
    },
  ]
  await store.append(sayOf(conversationId, '', { drafts }))
}
/** A program, which is refused once it is read. */
function send(uploads: Uploads, conversationId: string, change: Partial<IncomingFile> = {}) {
  async function* content() {
    yield new Uint8Array([77, 90, 0])
  }
  const file = { conversationId, uploadId: 'upload-0001', name: 'a.exe', bytes: 3, admit: async () => 0 }
  return uploads.receive(
    { kind: 'visitor', identities: ['anon:one'] },
    { ...file, content: content(), ...change },
  )
}

describe('[F10] no byte of an erased conversation stays', () => {
  test('also those that another node wrote after they were removed, and that it had no time to take back', async () => {
    const { row } = await store.open(openOf('conversation-1', 'anon:one'))
    const uploads = uploadsOfANode()
    await begin(row.conversationId, 'file-0001')
    await store.erase(row.conversationId, now)
    await uploads.sweep()
    now += 5 * MINUTE
    // The other node's upload ends, and the node with it, before it asks whether anybody wants the file.
    kept.set('file-0001', 9)
    for (let minute = 0; minute < 10; minute++) {
      now += MINUTE
      await uploads.sweep()
    }
    expect([...kept.keys()]).toEqual([])
    expect(await finish('file-0001')).toBe(false)
    expect(await store.filesToRemove(now, 10, now)).toEqual([])
  })

  test('[F2] nor of an upload that another one took the place of', async () => {
    const { row } = await store.open(openOf('conversation-1', 'anon:one'))
    const uploads = uploadsOfANode()
    await askForAPerson(row.conversationId)
    await begin(row.conversationId, 'file-0001')
    const reply = await send(uploads, row.conversationId)
    expect(reply).toMatchObject({ ok: false, code: 'unsupported_type' })
    kept.set('file-0001', 9)
    now += 13 * MINUTE
    await uploads.sweep()
    expect([...kept.keys()]).toEqual([])
  })
})

describe('[F12] files do not fill the disk', () => {
  test('who has sent too many bytes is asked to wait, and strangers are not counted', async () => {
    const { row } = await store.open(openOf('conversation-1', 'anon:one'))
    const asked: number[] = []
    const admit = async (bytes: number) => asked.push(bytes) * 60_000
    const nobodys = await send(uploadsOfANode(), 'no-such-one', { admit })
    expect([nobodys.ok, asked]).toEqual([false, []])
    await askForAPerson(row.conversationId)
    expect(await send(uploadsOfANode(), row.conversationId, { admit })).toMatchObject({
      code: 'rate_limited',
      after: 60_000,
    })
    expect(asked).toEqual([3])
  })

  test('a disk that is nearly full takes no more, and says when to try again', async () => {
    const { row } = await store.open(openOf('conversation-1', 'anon:one'))
    await askForAPerson(row.conversationId)
    const uploads = uploadsOfANode({ ...bytes, hasRoomFor: async () => false })
    expect(await send(uploads, row.conversationId)).toMatchObject({
      code: 'store_unavailable',
      after: 5 * MINUTE,
    })
    expect(await store.filesToRemove(now, 10, now)).toEqual([])
  })
})
