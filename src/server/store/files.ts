// What the store knows of the files in conversations, and the rule by which a message takes them (S27). Their bytes
// are an `AttachmentStore`'s. The rule is pure: the SQL stores run it between their statements.

import type { Attachment } from '../../protocol/attachments'
import type { EventBody } from '../../protocol/events'

/** A file that was uploaded whole. */
export interface StoredFile {
  readonly attachment: Attachment
  readonly conversationId: string
  /** `visitor` or `agent:<id>`. */
  readonly sender: string
  /** `ready`: no message has it yet. */
  readonly state: 'ready' | 'used'
}

export interface UploadRequest {
  /** Taken when a new file is made. */
  readonly attachmentId: string
  readonly conversationId: string
  readonly sender: string
  /** Chosen by the sender, once for each file. */
  readonly uploadId: string
  readonly at: number
  /** Files of the conversation that no message has, and of all that it has: no more than these. */
  readonly mostUnsent: number
  readonly most: number
}

export type UploadOutcome =
  /** `replaced`: an unfinished one under the same key, whose bytes are to be removed. */
  | { readonly state: 'begun'; readonly replaced: string | null }
  | { readonly state: 'known'; readonly file: StoredFile }
  | { readonly state: 'tooMany' }

/** The part of `HelpDeskStore` that is about files. */
export interface FileRows {
  /** S26. */
  beginUpload(request: UploadRequest): Promise<UploadOutcome>
  /** S26. False: it is not under way (any more), and its bytes are nobody's. */
  finishUpload(attachment: Attachment): Promise<boolean>
  /** It came to nothing, or nobody wants it: from now on among `filesToRemove`, unless a message has it. */
  dropUpload(attachmentId: string): Promise<void>
  /** Those of these that are whole and of this conversation, in no order. */
  files(conversationId: string, attachmentIds: readonly string[]): Promise<readonly StoredFile[]>
  /**
   * S28. Ids whose bytes are nobody's any more, with those that were begun before and that no message has; with
   * `waitingBefore` also those that `forgetFiles` let wait and that were begun before it.
   */
  filesToRemove(unsentBefore: number, limit: number, waitingBefore?: number): Promise<readonly string[]>
  /** Their bytes are gone. Those that were not begun before `begunBefore` wait to be named and removed once more. */
  forgetFiles(attachmentIds: readonly string[], begunBefore?: number): Promise<void>
  /** S29. 256 bits, base64url. */
  fileKey(): Promise<string>
}

/** The files that a body names; null for nearly all of them. */
export function filesIn(body: EventBody): readonly Attachment[] | null {
  return body.type === 'message' && body.attachments ? body.attachments : null
}

/**
 * S27. May a message of this sender take these files?
 *
 * @param find  as they are in the transaction; undefined: no such file, or another message of the batch has it
 */
export function mayTake(
  named: readonly Attachment[],
  from: { readonly conversationId: string; readonly sender: string },
  find: (attachmentId: string) => StoredFile | undefined,
): boolean {
  if (new Set(named.map(({ attachmentId }) => attachmentId)).size < named.length) return false
  return named.every(given => {
    const file = find(given.attachmentId)
    return (
      file?.state === 'ready' &&
      file.conversationId === from.conversationId &&
      file.sender === from.sender &&
      isSame(file.attachment, given)
    )
  })
}

/** What a message says of a file is what the server said: size and type are nobody's to choose. */
function isSame(ours: Attachment, given: Attachment): boolean {
  return (
    ours.name === given.name &&
    ours.mediaType === given.mediaType &&
    ours.bytes === given.bytes &&
    ours.width === given.width &&
    ours.height === given.height
  )
}
