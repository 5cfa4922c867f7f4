// Where the bytes of files lie. A seam for whoever keeps them elsewhere than in a folder or an S3 bucket. Knows no
// conversation, no name and no type: a key is all that is known here, and it is random. What is known of a file is the
// help desk store's (`store/files`).
//
// The rules, quoted by the contract suite in `testing/contracts/attachmentStoreContract`:
//
// B1  After `put` resolved, `get` gives these bytes, no others and all of them, also after a crash and a restart.
// B2  A `put` whose content throws, or is not `bytes` long, rejects and leaves nothing under the key.
// B3  A key that is put again holds the newer content; who reads the older one meanwhile reads it to its end or is cut
//     off, and never gets a mixture.
// B4  `get` of what is not there is null; `remove` of it does nothing.
// B5  A file flows: none is in memory as a whole, and nothing is read on before the reader has taken what came.
// B6  A key is 8 to 64 letters, digits, `-` and `_`. Another one is refused before anything is touched.
// B7  Rejects with `store_unavailable` when it cannot tell whether it happened. The caller repeats or removes.

import { AskletError, describe } from '../../base/errors'

export interface StoredContent {
  readonly bytes: number
  /** Read once, to its end or given up by `return()`. */
  readonly content: AsyncIterable<Uint8Array>
}

export interface AttachmentStore {
  /** B1, B2, B3. @param bytes  how long the content is */
  put(key: string, content: AsyncIterable<Uint8Array>, bytes: number): Promise<void>
  /** B4, B5. */
  get(key: string): Promise<StoredContent | null>
  /** Whether so much more may be kept just now. Left out: nobody knows. */
  hasRoomFor?(bytes: number): Promise<boolean>
  /** B4. */
  remove(key: string): Promise<void>
}

/** B6. @throws AskletError `server_shape` */
export function checkKey(key: string): void {
  if (!/^[\w-]{8,64}$/.test(key))
    throw new AskletError(
      'server_shape',
      `a key of an attachment is 8 to 64 letters, digits, - and _, got ${describe(key)}.`,
    )
}

/** B2. The content, which throws where it turns out longer or shorter than it was said to be. */
export async function* exactly(content: AsyncIterable<Uint8Array>, bytes: number): AsyncIterable<Uint8Array> {
  let left = bytes
  for await (const chunk of content) {
    left -= chunk.byteLength
    if (left < 0) break
    yield chunk
  }
  if (left !== 0)
    throw new AskletError(
      'server_shape',
      `an attachment of ${bytes} bytes has ${left < 0 ? 'more' : 'fewer'}.`,
    )
}

export function bytesUnavailable(doing: string, error: unknown): AskletError {
  return new AskletError(
    'store_unavailable',
    `cannot ${doing} (${error instanceof Error ? error.message : String(error)}). It is safe to repeat.`,
    { cause: error },
  )
}
