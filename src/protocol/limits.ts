// The bounds both ends hold (D19, D21, D22), each with its reason. The client checks first, so that a
// person learns while typing; the server checks always.

/** Characters (UTF-16 units) in one message. */
export const MAX_MESSAGE_CHARS = 4_000
/** Bytes of one frame on the wire. */
export const MAX_FRAME_BYTES = 65_536
/** Bytes of a brief as JSON. */
export const MAX_BRIEF_BYTES = 16_384
/** Bytes of one batch of earlier turns. */
export const MAX_BATCH_BYTES = 32_768
/** Events in one page of a sync. */
export const SYNC_PAGE = 200
/** Events in one send. */
export const MAX_DRAFTS = 50
/** A head beacon comes at least this often; it bounds every silent loss. Milliseconds. */
export const BEACON_EVERY_MS = 25_000
/** Older than this when its turn to be sent comes: ask the person first. Milliseconds. */
export const CONFIRM_AFTER_MS = 15 * 60_000

/** What counts as an address to write to: loose, because only a delivered letter proves one. */
export const EMAIL_PATTERN = /^[^\s@<>]+@[^\s@<>]+$/
export const PHONE_PATTERN = /^[+\d][\d ()/.-]{4,30}$/

/** Bytes of `value` as UTF-8 JSON. */
export function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length
}
