// Files over HTTP: what flows in, with a length that is said and a pace that is kept, and what flows out, with headers
// that let nothing run. Owns both; who asks is `http`'s to prove, what is done with a file `uploads`'.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { isPicture } from '../../protocol/mediaTypes'
import type { RefusalCode, UploadReply } from '../../protocol/wire'
import type { Log } from '../conversations'
import type { Member } from '../membership'
import { refusal } from '../refusals'
import { contentDisposition } from './fileNames'
import type { ReadableFile, Uploads } from './uploads'

/** A page cannot set it on a request to another origin without asking first, and no form sets any. */
export const UPLOAD_HEADER = 'x-asklet-upload'

/** Without a byte for so long, a sender is gone. */
const SILENT_MS = 20_000
/** All of it: 10 MB at 17 KB/s. */
const WITHIN_MS = 10 * 60_000
/** What is refused is heard out up to so much: a browser that is still sending would meet a reset, not the answer. */
const HEAR_OUT_BYTES = 20_000_000
/** Given up a little before the address ends, so that no copy outlives it. */
const CACHE_LESS_S = 5

interface Asked {
  readonly conversationId: string
  readonly uploadId: string
  readonly name: string
  readonly bytes: number
}

/** What the request says of the file, or what is wrong with it. */
function asked(request: IncomingMessage): Asked | string {
  const query = new URL(request.url ?? '', 'http://asklet.invalid').searchParams
  const [conversationId = '', name = ''] = [query.get('conversation') ?? '', query.get('name') ?? '']
  const uploadId = request.headers[UPLOAD_HEADER]
  if (!/^[\w-]{8,64}$/.test(conversationId)) return 'conversation: an id'
  if (typeof uploadId !== 'string' || !/^[\w-]{8,64}$/.test(uploadId)) return `${UPLOAD_HEADER}: an id`
  // Chunked, it would be taken on trust until it ends.
  const length = request.headers['content-length']
  if (length === undefined || !/^\d{1,15}$/.test(length)) return 'content-length: how long the file is'
  return { conversationId, uploadId, name, bytes: Number(length) }
}

/** Of whom nothing is known that would let a file in: nobody's time is given to the rest of it. */
const ANYBODYS = ['forbidden', 'not_found'] satisfies RefusalCode[] as readonly RefusalCode[]

/** What a sender has who turns out to be one who may send files into this conversation. */
export interface UploadRights {
  /** Called once: all the time that a file takes. */
  mayTakeTime(): void
  /** As `IncomingFile` has it. */
  admit(bytes: number): Promise<number>
}

/** Null: the sender went away, and there is nobody to answer. */
export async function receiveUpload(
  request: IncomingMessage,
  uploads: Uploads,
  member: Member,
  log: Log,
  { mayTakeTime, admit }: UploadRights,
): Promise<UploadReply | null> {
  const said = asked(request)
  if (typeof said === 'string') return refusal('bad_request', said)
  let isKnown = false
  const known = () => {
    if (!isKnown) mayTakeTime()
    isKnown = true
  }
  // Nobody reads of it before its sender is known to belong here.
  const body = createBody(request, known)
  try {
    const reply = await uploads.receive(member, { ...said, content: body.content, admit })
    if (!reply.ok && ANYBODYS.includes(reply.code)) return reply
    known()
    await body.hearOut()
    return reply
  } catch (error) {
    if (body.hasFailed()) return null
    log({ level: 'error', event: 'upload', reason: error instanceof Error ? error.name : 'unknown' })
    if (isKnown) await body.hearOut()
    return refusal('store_unavailable')
  } finally {
    body.close()
  }
}

/** The body, read no faster than it is taken, and dropped when it stands still. */
function createBody(request: IncomingMessage, begins: () => void) {
  let failed = false
  const drop = (why: string) => () => request.destroy(new Error(why))
  const whole = setTimeout(drop('slow upload'), WITHIN_MS)
  let silent = setTimeout(drop('silent upload'), SILENT_MS)
  const heard = () => {
    clearTimeout(silent)
    silent = setTimeout(drop('silent upload'), SILENT_MS)
  }
  // An error that nobody hears ends the process.
  request.on('error', () => {
    failed = true
  })
  request.once('aborted', () => {
    failed = true
  })
  const chunks = request[Symbol.asyncIterator]()
  async function* content(): AsyncIterable<Uint8Array> {
    begins()
    for (;;) {
      const next = await chunks.next()
      if (next.done) return
      heard()
      yield next.value as Uint8Array
    }
  }
  return {
    content: content(),
    hasFailed: () => failed || request.destroyed,
    /** Whatever of it nobody wanted. */
    async hearOut() {
      let left = HEAR_OUT_BYTES
      if (Number(request.headers['content-length']) > left) return
      try {
        while (!request.readableEnded && left > 0) {
          const next = await chunks.next()
          if (next.done) return
          heard()
          left -= (next.value as Uint8Array).byteLength
        }
      } catch {
        failed = true
      }
    },
    close() {
      clearTimeout(whole)
      clearTimeout(silent)
    },
  }
}

/** Writes the file, or returns why not. */
export async function sendAttachment(
  request: IncomingMessage,
  response: ServerResponse,
  uploads: Uploads,
): Promise<RefusalCode | null> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://asklet.invalid')
  const found = await uploads.read(pathname.slice(pathname.lastIndexOf('/') + 1), searchParams)
  if (typeof found === 'string') return found
  response.writeHead(200, fileHeaders(found))
  // A reader who goes away is no failure of ours.
  await pipeline(found.content, response).catch(() => response.destroy())
  return null
}

function fileHeaders({ attachment, bytes, holdsMs }: ReadableFile): Record<string, string> {
  const { mediaType, name } = attachment
  const isShown = isPicture(mediaType)
  return {
    'content-type': mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType,
    'content-length': String(bytes),
    'content-disposition': contentDisposition(isShown ? 'inline' : 'attachment', name),
    // Opened by itself it is nobody's page: no script, no form, no origin.
    'content-security-policy': "sandbox; default-src 'none'",
    // A picture stands in pages of other origins; all else is fetched by nobody but who follows the link.
    'cross-origin-resource-policy': isShown ? 'cross-origin' : 'same-origin',
    'cache-control': `private, max-age=${Math.max(0, Math.floor(holdsMs / 1_000) - CACHE_LESS_S)}`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
  }
}
