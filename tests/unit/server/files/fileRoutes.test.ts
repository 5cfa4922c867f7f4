// Who has the time that a file takes: a sender that may put it there, and nobody before that is known.

import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { receiveUpload } from '../../../../src/server/files/fileRoutes'
import type { Uploads } from '../../../../src/server/files/uploads'
import { refusal } from '../../../../src/server/refusals'

const incoming = (words: string) =>
  Object.assign(new PassThrough().end(words), {
    url: '/asklet/v1/upload?conversation=conversation-1&name=a.txt',
    headers: { 'x-asklet-upload': 'upload-0001', 'content-length': String(words.length) },
  }) as unknown as IncomingMessage

async function times(receive: Uploads['receive']): Promise<number> {
  let given = 0
  const uploads = { receive } as Uploads
  const member = { kind: 'visitor', identities: ['anon:one'] } as const
  await receiveUpload(incoming('a file'), uploads, member, () => {}, {
    mayTakeTime: () => given++,
    admit: async () => 0,
  })
  return given
}

test('[F1] the ten minutes of a file are for who may send one', async () => {
  expect(
    await times(async (_member, { content }) => {
      for await (const _ of content);
      return refusal('store_unavailable')
    }),
  ).toBe(1)
  expect(await times(async () => refusal('closed'))).toBe(1)
  expect(await times(async () => refusal('forbidden'))).toBe(0)
  expect(await times(async () => refusal('not_found'))).toBe(0)
})
