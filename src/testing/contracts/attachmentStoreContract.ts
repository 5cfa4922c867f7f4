// The rules of `AttachmentStore`, as cases for whoever keeps files elsewhere.

import type { AttachmentStore } from '../../server/files/attachmentStore'
import { type ContractCase, casesOver, expectEqual, expectRejection, expectTrue } from './contractCase'

export interface AttachmentStoreUnderTest {
  readonly store: AttachmentStore
  /** Another one on the same place, as after a restart. */
  reopen?(): Promise<AttachmentStore>
  /** All keys that there are, and whatever else lies there. */
  list?(): Promise<readonly string[]>
  cleanUp(): Promise<void>
}

const KEY = 'attachment-0001'

async function* inChunks(...chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks
}

function bytesOf(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + seed * 7 + (i >> 8)) & 0xff
  return bytes
}

/** Each case makes a store of its own. */
export function attachmentStoreContract(
  makeStore: () => Promise<AttachmentStoreUnderTest>,
): readonly ContractCase[] {
  const caseOf = casesOver(makeStore)

  async function read(store: AttachmentStore, key = KEY): Promise<Uint8Array | null> {
    const found = await store.get(key)
    if (!found) return null
    const chunks: Uint8Array[] = []
    for await (const chunk of found.content) chunks.push(chunk)
    const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0))
    let at = 0
    for (const chunk of chunks) {
      all.set(chunk, at)
      at += chunk.byteLength
    }
    expectEqual(found.bytes, all.byteLength, 'the length that get tells')
    return all
  }
  const isSame = (got: Uint8Array | null, want: Uint8Array) =>
    got !== null && got.byteLength === want.byteLength && got.every((byte, i) => byte === want[i])
  const nothingLeft = async (made: AttachmentStoreUnderTest, what: string) => {
    expectEqual(await made.store.get(KEY), null, what)
    if (made.list) expectEqual(await made.list(), [], `what lies there: ${what}`)
  }

  return [
    caseOf('[B1] what was put is what is got, after a restart too', async made => {
      const content = bytesOf(300_000)
      const parts = [content.subarray(0, 1), content.subarray(1, 150_000), content.subarray(150_000)]
      await made.store.put(KEY, inChunks(...parts), content.byteLength)
      expectTrue(isSame(await read(made.store), content), 'the same bytes')
      if (made.reopen) expectTrue(isSame(await read(await made.reopen()), content), 'the same bytes later')
      if (made.list) expectEqual(await made.list(), [KEY], 'what lies there')
    }),

    caseOf('[B2] content that breaks off leaves nothing, and its own error is told', async made => {
      async function* broken(): AsyncIterable<Uint8Array> {
        yield bytesOf(100_000)
        throw new Error('the visitor is gone')
      }
      const error = await expectRejection(made.store.put(KEY, broken(), 200_000), 'put')
      expectEqual((error as Error).message, 'the visitor is gone', 'error')
      await nothingLeft(made, 'after content that broke off')
    }),

    caseOf('[B2] content of another length leaves nothing', async made => {
      await expectRejection(made.store.put(KEY, inChunks(bytesOf(10)), 11), 'a put that is too short')
      await nothingLeft(made, 'after a put that was too short')
      await expectRejection(
        made.store.put(KEY, inChunks(bytesOf(10), bytesOf(2)), 11),
        'one that is too long',
      )
      await nothingLeft(made, 'after one that was too long')
    }),

    caseOf('[B3] a key that is put again holds the newer content', async ({ store }) => {
      await store.put(KEY, inChunks(bytesOf(70_000, 1)), 70_000)
      await store.put(KEY, inChunks(bytesOf(60_000, 2)), 60_000)
      expectTrue(isSame(await read(store), bytesOf(60_000, 2)), 'the newer bytes')
      await expectRejection(store.put(KEY, inChunks(bytesOf(10, 3)), 11), 'a put that is too short')
      expectTrue(isSame(await read(store), bytesOf(60_000, 2)), 'a put that failed changes nothing')
    }),

    caseOf('[B4] what is not there is null, and removing it does nothing', async ({ store }) => {
      expectEqual(await store.get(KEY), null, 'get')
      await store.remove(KEY)
      await store.put(KEY, inChunks(bytesOf(10)), 10)
      await store.remove(KEY)
      await store.remove(KEY)
      expectEqual(await store.get(KEY), null, 'get after remove')
    }),

    caseOf('[B5] a file flows: a reader may stop, and nobody holds all of it', async ({ store }) => {
      const chunk = bytesOf(65_536)
      async function* many(): AsyncIterable<Uint8Array> {
        for (let i = 0; i < 64; i++) yield chunk
      }
      await store.put(KEY, many(), 64 * 65_536)
      const found = await store.get(KEY)
      let largest = 0
      for await (const part of found?.content ?? []) {
        largest = part.byteLength
        break
      }
      expectTrue(largest > 0 && largest <= 1_048_576, `a part has at most a megabyte, got ${largest}`)
      expectEqual((await read(store))?.byteLength, 64 * 65_536, 'all of it, read again')
    }),

    caseOf('[B6] a key that is none is refused', async made => {
      const wrong = [
        '',
        'short',
        '../../etc/passwd',
        'attachment/0001',
        `${'x'.repeat(65)}`,
        'attachment\u00001',
        'a.b.c.d.e',
      ]
      for (const key of wrong) {
        await expectRejection(made.store.put(key, inChunks(bytesOf(1)), 1), `put ${key}`)
        await expectRejection(made.store.get(key), `get ${key}`)
        await expectRejection(made.store.remove(key), `remove ${key}`)
      }
      if (made.list) expectEqual(await made.list(), [], 'what lies there')
    }),
  ]
}
