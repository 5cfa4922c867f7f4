// Files in a conversation (F1 to F12), as both ends name them. Which there may be is in `mediaTypes`.

/** A file in a message, as the server answered its upload. All of it is the server's word but the name. */
export interface Attachment {
  /** At least 128 random bits. Knowing it grants nothing: a file is read by a signed address (F6). */
  readonly attachmentId: string
  /** Cleaned, and with an ending that fits the content. For showing and saving; nothing is stored under it. */
  readonly name: string
  /** Of the content, as `mediaTypes` lists it. */
  readonly mediaType: string
  readonly bytes: number
  /** CSS pixels, of pictures only. */
  readonly width?: number
  readonly height?: number
}

/** What a server takes, as `fileUrls` tells it. */
export interface AcceptedFiles {
  readonly types: readonly string[]
  readonly maxBytes: number
}

/** In one message. */
export const MAX_ATTACHMENTS = 10
/** Addresses in one call. */
export const MAX_URLS = 50
/** What no message has by then, from the beginning of its upload, is removed (F9). Milliseconds. */
export const UNSENT_MS = 60 * 60_000
/** UTF-16 units of a name as it is shown. */
export const MAX_NAME_CHARS = 120
/** What stands for the text where nothing was typed; faces that show the files do not show it. */
export const namesOf = (attachments: readonly Pick<Attachment, 'name'>[]): string =>
  attachments.map(({ name }) => name).join(', ')
