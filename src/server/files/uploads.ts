// Files in conversations (F1 to F12): takes what flows in, says where it can be read, hands it out, and removes what
// nobody needs. Owns the order: a row before its bytes, the bytes before the row says that they are whole; rows gone
// before bytes, bytes gone before rows are forgotten, and no row forgotten while its upload may be under way on another
// node. So no crash leaves a byte that nobody knows of.
// Knows no HTTP; who may do what is `membership`'s and `plans`' to say.

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../base/environment'
import { AskletError } from '../../base/errors'
import { redact, type SiteMasks } from '../../base/redact'
import { type AcceptedFiles, type Attachment, UNSENT_MS } from '../../protocol/attachments'
import type { RefusalCode, UploadReply } from '../../protocol/wire'
import type { Log } from '../conversations'
import { authorise, type Member } from '../membership'
import { agentSender, uploadProblem } from '../plans'
import { refusal } from '../refusals'
import type { ConversationRow, HelpDeskStore } from '../store/helpDeskStore'
import type { AttachmentStore, StoredContent } from './attachmentStore'
import { type Detect, FileRefused, inspect } from './fileKind'
import { fileName } from './fileNames'

/** What a site takes, with all defaults. */
export interface FileRules extends AcceptedFiles {
  readonly maxPixels: number
}

export interface UploadsOptions {
  readonly store: HelpDeskStore
  readonly bytes: AttachmentStore
  readonly rules: FileRules
  /** Rejects where its package is missing: then nothing is taken, and the log says why. */
  readonly detect: Promise<Detect>
  readonly clock: Pick<Clock, 'now'>
  randomId(): string
  /** What the site masks and keeps of its own. */
  readonly masks?: SiteMasks | undefined
  readonly log: Log
}

export interface IncomingFile {
  readonly conversationId: string
  /** Chosen by the sender, once for each file. */
  readonly uploadId: string
  /** As the sender's device says it. */
  readonly name: string
  readonly bytes: number
  readonly content: AsyncIterable<Uint8Array>
  /** Asked of senders who may: 0, or the milliseconds after which so many bytes are taken. */
  admit(bytes: number): Promise<number>
}

export interface Uploads {
  /** F1, F2, F4. May reject where the content does: then nothing is left of it. */
  receive(member: Member, file: IncomingFile): Promise<UploadReply>
  /** Null: nothing can be put into this conversation by this member just now. */
  accepts(member: Member, row: ConversationRow): Promise<AcceptedFiles | null>
  /** F6. Relative to the server; of those that are whole and of this conversation. */
  urls(conversationId: string, attachmentIds: readonly string[]): Promise<readonly FileUrl[]>
  /** F6, F7. */
  read(attachmentId: string, query: URLSearchParams): Promise<ReadableFile | RefusalCode>
  /** F9, F10. Removes what is due, some at a time. Call it each minute. */
  sweep(): Promise<void>
}

export interface FileUrl {
  readonly attachmentId: string
  readonly url: string
}

export interface ReadableFile extends StoredContent {
  readonly attachment: Attachment
  /** Milliseconds for which this address holds. */
  readonly holdsMs: number
}

/** An address that got into a wrong hand is of use for so long; a page that shows a file asks again. */
export const URL_HOLDS_MS = 10 * 60_000
/** The longest that an upload takes (`fileRoutes`), and what clocks of nodes may differ. */
const UNDER_WAY_MS = 12 * 60_000
/** Two messages' worth, and some that were thrown away. */
const MOST_UNSENT = 30
/** A conversation that goes on for weeks, with a screenshot in each message. */
const MOST = 500
const SWEEP_AT_ONCE = 100
/** Somebody has to make room. */
const NO_ROOM_MS = 5 * 60_000
/** Somebody sends or is swept. */
const TOO_MANY_MS = 60_000

export function createUploads(options: UploadsOptions): Uploads {
  const { store, bytes, rules, clock, randomId, log } = options
  const { types, maxBytes, maxPixels } = rules
  const isReady = options.detect.then(
    () => true,
    error => {
      log({
        level: 'error',
        event: 'attachments',
        reason: error instanceof AskletError ? error.message : 'unknown',
      })
      return false
    },
  )

  /** `isOver`: nobody writes to it any more. */
  async function discard(attachmentId: string, isOver: boolean): Promise<void> {
    try {
      await store.dropUpload(attachmentId)
      await bytes.remove(attachmentId)
      await store.forgetFiles([attachmentId], isOver ? undefined : clock.now() - UNDER_WAY_MS)
    } catch {
      // Swept within the hour.
      log({ level: 'warn', event: 'uploadNotRemoved' })
    }
  }

  async function keep(attachmentId: string, file: IncomingFile): Promise<UploadReply> {
    try {
      const rulesNow = { detect: await options.detect, types, maxPixels }
      const { kind, content } = await inspect(file.content, file.name, rulesNow)
      await bytes.put(attachmentId, content, file.bytes)
      // P2. People name a picture after what is on it.
      const name = fileName(redact(file.name, 'toPerson', options.masks), kind.mediaType)
      const attachment: Attachment = { attachmentId, name, bytes: file.bytes, ...kind }
      if (await store.finishUpload(attachment)) return { ok: true, attachment }
    } catch (error) {
      // B2, B7: content that throws leaves nothing; what could not be kept may still come to be there.
      await discard(attachmentId, !(error instanceof AskletError && error.code === 'store_unavailable'))
      if (error instanceof FileRefused) return refusal(error.code, error.message)
      throw error
    }
    // The same upload began once more meanwhile, and that one counts; or the conversation was erased.
    await discard(attachmentId, true)
    return refusal('store_unavailable')
  }

  async function signature(attachmentId: string, conversationId: string, until: string): Promise<Buffer> {
    return createHmac('sha256', Buffer.from(await store.fileKey(), 'base64url'))
      .update(JSON.stringify([attachmentId, conversationId, until]))
      .digest()
  }

  return {
    async receive(member, file) {
      const { conversationId, uploadId } = file
      if (!(await isReady)) return refusal('not_found', 'this server takes no files: a package is missing')
      const row = await store.conversation(conversationId)
      if (!row) return refusal('not_found')
      const denied = authorise(member, 'upload', row) ?? uploadProblem(row, agentOf(member))
      if (denied) return refusal(denied)
      if (file.bytes === 0) return refusal('bad_request', 'an empty file')
      if (file.bytes > maxBytes) return refusal('too_large', `a file holds at most ${maxBytes} bytes`)
      const wait = await file.admit(file.bytes)
      if (wait > 0) return refusal('rate_limited', 'too many bytes of files', wait)
      if (bytes.hasRoomFor && !(await bytes.hasRoomFor(file.bytes))) {
        log({ level: 'error', event: 'noRoomForFiles' })
        return refusal('store_unavailable', 'the server has no room for files just now', NO_ROOM_MS)
      }
      const attachmentId = randomId()
      const begun = await store.beginUpload({
        attachmentId,
        conversationId,
        uploadId,
        sender: member.kind === 'visitor' ? 'visitor' : agentSender(member.agentId),
        at: clock.now(),
        mostUnsent: MOST_UNSENT,
        most: MOST,
      })
      if (begun.state === 'tooMany') return refusal('rate_limited', 'too many files', TOO_MANY_MS)
      if (begun.state === 'known') return { ok: true, attachment: begun.file.attachment }
      if (begun.replaced !== null) await discard(begun.replaced, false)
      return keep(attachmentId, file)
    },

    async accepts(member, row) {
      return (await isReady) && uploadProblem(row, agentOf(member)) === null ? { types, maxBytes } : null
    },

    async urls(conversationId, attachmentIds) {
      const until = String(clock.now() + URL_HOLDS_MS)
      const found = await store.files(conversationId, attachmentIds)
      return Promise.all(
        found.map(async ({ attachment: { attachmentId } }) => {
          const s = (await signature(attachmentId, conversationId, until)).toString('base64url')
          const query = new URLSearchParams({ c: conversationId, e: until, s })
          return { attachmentId, url: `file/${attachmentId}?${query}` }
        }),
      )
    },

    async read(attachmentId, query) {
      const [conversationId, until, given] = ['c', 'e', 's'].map(name => query.get(name) ?? '') as [
        string,
        string,
        string,
      ]
      if (![attachmentId, conversationId].every(id => /^[\w-]{8,64}$/.test(id)) || !/^\d{1,15}$/.test(until))
        return 'not_found'
      const right = await signature(attachmentId, conversationId, until)
      const told = Buffer.from(given, 'base64url')
      if (told.length !== right.length || !timingSafeEqual(told, right)) return 'forbidden'
      const holdsMs = Number(until) - clock.now()
      if (holdsMs <= 0) return 'forbidden'
      const [file] = await store.files(conversationId, [attachmentId])
      const stored = file && (await bytes.get(attachmentId))
      return stored ? { ...stored, attachment: file.attachment, holdsMs } : 'not_found'
    },

    async sweep() {
      try {
        const at = clock.now()
        const due = await store.filesToRemove(at - UNSENT_MS, SWEEP_AT_ONCE, at - UNDER_WAY_MS)
        const removed = await Promise.allSettled(due.map(attachmentId => bytes.remove(attachmentId)))
        const gone = due.filter((_, n) => removed[n]?.status === 'fulfilled')
        await store.forgetFiles(gone, at - UNDER_WAY_MS)
        for (const one of removed) if (one.status === 'rejected') throw one.reason
      } catch (error) {
        const reason = error instanceof AskletError ? error.message : 'unknown'
        log({ level: 'warn', event: 'filesNotRemoved', reason })
      }
    },
  }
}

const agentOf = (member: Member) => (member.kind === 'agent' ? member.agentId : null)
