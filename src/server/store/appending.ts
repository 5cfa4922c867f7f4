// What an open and an append store, as pure functions: a row, the keys known for it and a request in; the
// answer, the new events and the row after them out. Owns S2, S3, S5, S7, S8 and the place of S9 in an event.
// No promise, no SQL and no state of its own: the SQL stores run it between their statements, a simulation
// runs it by itself.

import type { JournalEntry } from '../../journal/record'
import { NO_CATEGORY } from '../../protocol/category'
import type { EventBody, StoredEvent } from '../../protocol/events'
import type { DecisionReason, ScoreWithReasons } from '../../protocol/records'
import type { SendResult } from '../../protocol/wire'
import { filesIn, mayTake, type StoredFile } from './files'
import type {
  AppendOutcome,
  AppendRequest,
  ConversationRow,
  NewEvent,
  OpenRequest,
  StoreRefusal,
} from './helpDeskStore'
import { emptyRow, project } from './projection'

/** What is stored under a key. */
export interface KnownEvent {
  readonly seq: number
  readonly at: number
  /** The body as JSON, or what erasing left of it (S11); null when that is nothing. */
  readonly body: string | null
}

/**
 * What one conversation has stored, by `keyOf`. A `Map` will do; only the keys that the drafts name are needed.
 *
 * A draft whose key is missing is planned as new. A caller may leave keys out on the guess that nothing is stored under
 * them: where something is, the unique index refuses the plan. No index notices a wrong refusal, so one that was
 * planned on a guess counts only once it is planned again with the keys.
 */
export interface KnownKeys {
  get(key: string): KnownEvent | undefined
}

/** One conversation's key of (sender, clientId). A client's id holds no line break, whatever a sender's holds. */
export function keyOf(sender: string, clientId: string): string {
  return `${clientId}\n${sender}`
}

/** An event to insert, with what the envelope does not say. `body` is `event.body` as JSON. */
export interface AddedEvent {
  readonly event: StoredEvent
  readonly sender: string
  readonly body: string
  /** S30. */
  readonly journal?: readonly JournalEntry[]
}

/** An append that is not refused. Nothing of it holds before `added` and the row are stored. */
export interface PlannedAppend {
  readonly ok: true
  readonly outcome: Extract<AppendOutcome, { ok: true }>
  /** In order of seq; empty when all drafts were known. Each is from now on known by `keyOf`. */
  readonly added: readonly AddedEvent[]
  /** An agent came to a waiting visitor: when, and after how long. Milliseconds. */
  readonly joined: { readonly at: number; readonly waitedMs: number } | null
  /** The ticket number was used: it is this conversation's from now on. */
  readonly takesNumber: boolean
  /** Files that its messages take (S27). */
  readonly takesFiles: readonly string[]
}

const NO_FILE = () => undefined
const NONE: readonly string[] = []

/**
 * Plans one append.
 *
 * Calls the request's `authorise` and `plan`; what they throw is thrown on. Changes nothing it is given: a
 * caller who finds `takesNumber` may reserve a number and plan again with it.
 *
 * @param row           as it is; null: there is no such conversation
 * @param ticketNumber  what a ticket made here is numbered with (S9); at most one for each conversation, ever
 * @param findFile      of a message with files: a whole one by its id, if no message has taken it meanwhile
 */
export function planAppend(
  request: AppendRequest,
  row: ConversationRow | null,
  known: KnownKeys,
  ticketNumber: number,
  findFile: (attachmentId: string) => StoredFile | undefined = NO_FILE,
): PlannedAppend | StoreRefusal {
  if (!row) return NOT_FOUND
  const denied = request.authorise(row)
  if (denied) return { ok: false, code: denied }
  const added: AddedEvent[] = []
  const results: SendResult[] = []
  let after = row
  let joined: PlannedAppend['joined'] = null
  let takesFiles = NONE
  for (const draft of request.drafts) {
    const first = find(known, added, draft)
    if (first) {
      if (!isSameBody(first, numbered(draft.body, after, ticketNumber))) return KEY_REUSED
      results.push({ clientId: draft.clientId, seq: first.seq, at: first.at, dup: true })
      continue
    }
    const planned = request.plan(after, draft)
    if (typeof planned === 'string') return { ok: false, code: planned }
    const files = filesIn(draft.body)
    if (files) {
      const from = { conversationId: row.conversationId, sender: draft.sender }
      const taken = takesFiles
      if (!mayTake(files, from, id => (taken.includes(id) ? undefined : findFile(id)))) return BAD_FILES
      takesFiles = [...taken, ...files.map(({ attachmentId }) => attachmentId)]
    }
    for (const next of planned) {
      // The unique index would say the same, later: what a plan adds comes with fresh ids.
      const isDraft = next.sender === draft.sender && next.clientId === draft.clientId
      if (!isDraft && find(known, added, next)) throw new Error(`plan() added the key ${next.clientId} again`)
      const event = eventAfter(after, request.at, next, ticketNumber)
      const before = after
      after = project(before, event)
      if (before.phase === 'queued' && after.phase === 'live' && before.queuedAt !== null)
        joined = { at: event.at, waitedMs: event.at - before.queuedAt }
      const { sender, journal } = next
      added.push({ event, sender, body: JSON.stringify(event.body), ...(journal && { journal }) })
      if (isDraft) results.push({ clientId: draft.clientId, seq: event.seq, at: event.at })
    }
  }
  const events = added.map(({ event }) => event)
  const takesNumber = row.ticket === null && after.ticket?.number === ticketNumber
  return {
    ok: true,
    outcome: { ok: true, results, events, before: row, row: after },
    added,
    joined,
    takesNumber,
    takesFiles,
  }
}

/** Plans the first event of a new conversation; that there is none yet is the caller's to know (S1). */
export function planOpen(request: OpenRequest): {
  readonly row: ConversationRow
  readonly added: AddedEvent
} {
  const empty = emptyRow(request.conversationId, request.identities[0])
  const opened: NewEvent = {
    // Not among the server's own ids: the visitor chose this one, and could take an assignment's.
    sender: 'visitor',
    clientId: request.openId,
    author: request.author,
    body: { type: 'opened', brief: request.brief },
  }
  const event = eventAfter(empty, request.at, opened, 0)
  const added = { event, sender: opened.sender, body: JSON.stringify(event.body) }
  return { row: project(empty, event), added }
}

function eventAfter(row: ConversationRow, at: number, next: NewEvent, ticketNumber: number): StoredEvent {
  return {
    conversationId: row.conversationId,
    seq: row.head + 1,
    clientId: next.clientId,
    // S7: a clock that went back moves nothing back.
    at: Math.max(Math.trunc(at), row.lastAt),
    author: next.author,
    ...(next.origin && { origin: next.origin }),
    // Whole milliseconds: a device may send fractions, a column of whole numbers refuses them.
    ...(next.saidAt !== undefined && { saidAt: Math.trunc(next.saidAt) }),
    body: numbered(next.body, row, ticketNumber),
  }
}

/** S9: the number of a ticket that is there already is kept. */
function numbered(body: EventBody, row: ConversationRow, ticketNumber: number): EventBody {
  if (body.type !== 'ticketOpened') return body
  return {
    ...body,
    ticket: { ...body.ticket, number: row.ticket?.number ?? (body.ticket.number || ticketNumber) },
  }
}

/** What is stored under the key of `draft`, or stands before it in this append. */
function find(known: KnownKeys, added: readonly AddedEvent[], draft: NewEvent): KnownEvent | undefined {
  const stored = known.get(keyOf(draft.sender, draft.clientId))
  if (stored) return stored
  const here = added.find(one => one.event.clientId === draft.clientId && one.sender === draft.sender)
  return here && knownEvent(here)
}

/** An added event as later appends find it. */
export function knownEvent({ event, body }: AddedEvent): KnownEvent {
  return { seq: event.seq, at: event.at, body }
}

/** S3: what was erased is compared no more; what was left is. */
function isSameBody(first: KnownEvent, body: EventBody): boolean {
  if (first.body === null || first.body === JSON.stringify(body)) return true
  return first.body === JSON.stringify(withoutContact(body))
}

/** S11: what erasing leaves of a body that is needed. A body without a contact or a comment stays as it is. */
export function withoutContact(body: EventBody): EventBody {
  if (body.type === 'handoffReady' && body.contact) {
    const { contact: _, ...kept } = body
    return { ...kept, erased: true }
  }
  // The category may be the visitor's own word, or its flow's.
  if (body.type === 'ticketOpened' && (body.ticket.contact || body.ticket.category !== NO_CATEGORY)) {
    const { contact: _, ...ticket } = body.ticket
    return { ...body, ticket: { ...ticket, category: NO_CATEGORY }, erased: true }
  }
  if (body.type === 'categorised') return { ...body, category: NO_CATEGORY, erased: true }
  if (body.type === 'ended' && body.by === 'agent' && body.category !== undefined) {
    const { category: _, ...kept } = body
    return { ...kept, erased: true }
  }
  if (body.type === 'triaged')
    return {
      ...body,
      category: NO_CATEGORY,
      urgency: withoutWords(body.urgency),
      complexity: withoutWords(body.complexity),
      erased: true,
    }
  // Which rule it was stays; what the visitor said, or was called, goes.
  if (body.type === 'prioritised' && body.reasons?.some(({ words }) => words))
    return { ...body, reasons: body.reasons.map(wordless), erased: true }
  if (body.type === 'rated' && body.comment !== undefined) {
    const { comment: _, ...kept } = body
    return { ...kept, erased: true }
  }
  return body
}

const wordless = ({ words: _, ...reason }: DecisionReason): DecisionReason => reason

function withoutWords({ score, reasons }: ScoreWithReasons): ScoreWithReasons {
  return { score, reasons: reasons.map(wordless) }
}

const NOT_FOUND: StoreRefusal = { ok: false, code: 'not_found' }
const BAD_FILES: StoreRefusal = { ok: false, code: 'bad_request' }
const KEY_REUSED: StoreRefusal = { ok: false, code: 'key_reused' }
