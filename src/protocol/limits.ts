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
/** Rows of the desk's list: more than an agent looks through, and far from what makes a reader slow. */
export const MAX_DESK_ROWS = 500
/** Bytes of a question, as JSON, in a row of that list. Two lines are shown; all of it is in the conversation. */
export const MAX_ROW_QUESTION_BYTES = 240
/** Other conversations of the same visitor that a list of them shows. */
export const MAX_PAST = 30
/** Notes on one conversation: far more than a case has, and a page of them stays readable. */
export const MAX_NOTES = 200
/** Bytes of their texts, as JSON: all of them come in one answer, which a connection may leave unread (D19). */
export const MAX_NOTES_BYTES = 262_144
/** Labels on one conversation, and characters of one. */
export const MAX_LABELS = 20
export const MAX_LABEL_CHARS = 40
/** Objections of one conversation that nobody has answered: each is read again with the next one. */
export const MAX_OPEN_CONTESTS = 20
/** Teams of one agent, and characters of a team's name. */
export const MAX_TEAMS = 20
export const MAX_TEAM_CHARS = 40
/** Characters of a ready answer's shortcut, and of its title. */
export const MAX_SHORTCUT_CHARS = 40
export const MAX_TITLE_CHARS = 100
/** Ready answers of a desk. */
export const MAX_CANNED = 500
/** Bytes of their titles and texts, as JSON, for the same reason as of notes. */
export const MAX_CANNED_BYTES = 524_288
/** Characters of what an agent says that a conversation is about. */
export const MAX_CATEGORY_CHARS = 100
/** Characters of what a visitor writes with a rating. */
export const MAX_COMMENT_CHARS = 1_000
/** Characters of a dispute's outcome in one line, of what it is about, and of the word for a side. */
export const MAX_OUTCOME_CHARS = 200
export const MAX_REFERENCE_CHARS = 120
export const MAX_PARTY_CHARS = 40
/** Facts that both sides of a dispute read. */
export const MAX_DISPUTE_FACTS = 20
/** Of what a lead passes over for now, so many are remembered: then the first ones come again. */
export const MAX_SKIPPED = 200
/** Bytes of a name, a role or a page's name there. */
export const MAX_ROW_NAME_BYTES = 80
/** A head beacon comes at least this often; it bounds every silent loss. Milliseconds. */
export const BEACON_EVERY_MS = 25_000
/** Older than this when its turn to be sent comes: ask the person first. Milliseconds. */
export const CONFIRM_AFTER_MS = 15 * 60_000

/** What counts as an address to write to: loose, because only a delivered letter proves one. */
export const EMAIL_PATTERN = /^[^\s@<>]+@[^\s@<>]+$/
/** Of one that is given now: without signs that nobody sees, and half characters. Stored ones are read by the looser rule. */
export const GIVEN_EMAIL = /^[^\s@<>\p{Cc}\p{Cs}]+@[^\s@<>\p{Cc}\p{Cs}]+$/u
export const PHONE_PATTERN = /^[+\d][\d ()/.-]{4,30}$/

/** Bytes of `value` as UTF-8 JSON. */
export function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length
}

/**
 * Is `value` as UTF-8 JSON at most `limit` bytes long?
 *
 * Exactly `jsonBytes(value) <= limit`, at a fraction of its cost for what is far below: a server asks this of every
 * call, and nearly all are small. Throws where JSON does.
 */
export function fitsIn(value: unknown, limit: number): boolean {
  return mostBytes(value, limit, 0) <= limit || jsonBytes(value) <= limit
}

/** Deeper than any call of ours; what is deeper is measured, not estimated. */
const MAX_ESTIMATED_DEPTH = 12
/** A character as `\u0000`, which also covers three bytes of UTF-8. */
const MAX_CHAR_BYTES = 6
const MAX_NUMBER_BYTES = 25

/** No less than the bytes of `value` as JSON; Infinity where that is not told at a glance. Stops above `limit`. */
function mostBytes(value: unknown, limit: number, depth: number): number {
  if (typeof value === 'string') return value.length * MAX_CHAR_BYTES + 2
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return MAX_NUMBER_BYTES
  if (typeof value !== 'object' || depth === MAX_ESTIMATED_DEPTH || 'toJSON' in value) return Infinity
  let bytes = 2
  if (Array.isArray(value))
    for (let n = 0; n < value.length && bytes <= limit; n++)
      bytes += 1 + mostBytes(value[n], limit, depth + 1)
  else
    for (const key in value) {
      const each = mostBytes((value as Record<string, unknown>)[key], limit, depth + 1)
      bytes += key.length * MAX_CHAR_BYTES + 4 + each
      if (bytes > limit) break
    }
  return bytes
}
