// The answer to the desk's `queue` call: which rows one agent gets, in what order, and how many there are in all.
// Pure: the store's groups in, one answer out. Bounded in rows and bytes whatever waits (D19): an answer that grows
// with the queue would one day be more than a connection may leave unread, and agents would be thrown out in a crowd.

import { MAX_DESK_ROWS, MAX_ROW_NAME_BYTES, MAX_ROW_QUESTION_BYTES } from '../protocol/limits'
import type { DeskTotals, QueueRow } from '../protocol/wire'
import type { ConversationRow, DeskList } from './store/helpDeskStore'
import { isVerifiedIdentity } from './visitorIdentity'

type Part = keyof DeskTotals

/**
 * Rows that each part can count on where all are crowded; together `MAX_DESK_ROWS`. What one leaves free goes to the
 * others in this order. One's own come first: nobody else answers those.
 */
const SHARES: Readonly<Record<Part, number>> = {
  mine: 250,
  waiting: 100,
  tickets: 75,
  contested: 25,
  colleagues: 35,
  ended: 15,
}
const PARTS = Object.keys(SHARES) as readonly Part[]

/**
 * For an agent whose conversations are among `held`. Each part begins with who is next in it; tickets with their own.
 *
 * @param contests  what is objected to, by conversation
 * @param teams  of those who wait for one, also as tickets, by conversation
 * @param more   what else is said of a row (`deskMatching`)
 */
export function deskAnswer(
  { held, queued, ticketed, live, ended, contested }: Omit<DeskList, 'contests'>,
  agentId: string,
  teams: ReadonlyMap<string, string> = new Map(),
  contests: ReadonlyMap<string, QueueRow['contested']> = new Map(),
  more: (row: ConversationRow) => Partial<QueueRow> = () => ({}),
): { rows: QueueRow[]; totals: DeskTotals & { readonly contested: number } } {
  const isMine = (row: ConversationRow) => row.agent?.agentId === agentId
  const mine = held.filter(isMine)
  // Whoever answers for a ticket must see what its visitor answers, however many others are open.
  const isOwnTicket = ({ phase, ticket }: ConversationRow) =>
    phase === 'ticketed' && ticket?.owner?.agentId === agentId
  const own = held.filter(isOwnTicket)
  const parts: Record<Part, readonly ConversationRow[]> = {
    mine,
    waiting: queued.rows,
    tickets: [...own, ...ticketed.rows.filter(row => !isOwnTicket(row))],
    contested: contested.rows,
    colleagues: live.rows.filter(row => !isMine(row)),
    ended: ended.rows,
  }
  const given = shared(parts)
  return {
    rows: PARTS.flatMap(part =>
      parts[part].slice(0, given[part]).map(row => ({
        ...toQueueRow(row, teams.get(row.conversationId), contests.get(row.conversationId)),
        ...more(row),
      })),
    ),
    totals: {
      mine: mine.length,
      waiting: queued.total,
      tickets: ticketed.total,
      contested: contested.total,
      colleagues: live.total - mine.length,
      ended: ended.total,
    },
  }
}

/** How many rows of each part are shown. */
function shared(parts: Readonly<Record<Part, readonly unknown[]>>): Record<Part, number> {
  const given = { ...SHARES }
  let free = MAX_DESK_ROWS
  for (const part of PARTS) {
    given[part] = Math.min(parts[part].length, SHARES[part])
    free -= given[part]
  }
  for (const part of PARTS) {
    const more = Math.min(parts[part].length - given[part], free)
    given[part] += more
    free -= more
  }
  return given
}

function toQueueRow(
  row: ConversationRow,
  team: string | undefined,
  contested: QueueRow['contested'],
): QueueRow {
  const { agent } = row
  return {
    conversationId: row.conversationId,
    phase: row.phase,
    assignment: row.assignment,
    agent: agent && { agentId: agent.agentId, name: cutToBytes(agent.name, MAX_ROW_NAME_BYTES) },
    waitingSince: row.phase === 'queued' ? row.waitStarted : null,
    head: row.head,
    ticketNumber: row.ticket?.number ?? null,
    visitorName: cutToBytes(row.visitorName, MAX_ROW_NAME_BYTES),
    isVerified: isVerifiedIdentity(row.owner),
    role: cutToBytes(row.role, MAX_ROW_NAME_BYTES),
    pageName: cutToBytes(row.pageName, MAX_ROW_NAME_BYTES),
    question: cutToBytes(row.question, MAX_ROW_QUESTION_BYTES),
    lastAt: row.lastAt,
    priority: row.priority ?? 'normal',
    category: cutToBytes(row.category, MAX_ROW_NAME_BYTES),
    ...ticketOf(row),
    // Who waits has no agent: a row is never made longer by both.
    ...(contested && { contested }),
    ...(team && !agent && { team: cutToBytes(team, MAX_ROW_NAME_BYTES) }),
  }
}

/** Also of a live conversation and of one that is over: what the desk sorts and says of it. */
function ticketOf({
  ticket,
  agent,
}: ConversationRow): Pick<QueueRow, 'ticketStatus' | 'ticketOwner' | 'openedAt'> {
  if (!ticket) return {}
  const { status, owner, openedAt } = ticket
  return {
    ticketStatus: status,
    // Of a live one that is its agent: no row is made longer by both.
    ...(owner &&
      !agent && {
        ticketOwner: { agentId: owner.agentId, name: cutToBytes(owner.name, MAX_ROW_NAME_BYTES) },
      }),
    ...(openedAt !== undefined && { openedAt }),
  }
}

const ELLIPSIS = '…'
const ELLIPSIS_BYTES = 3
/** The most that one UTF-16 unit takes as JSON: `\u0000`. */
const MAX_UNIT_BYTES = 6

/** The text, or as much of it as fits with an ellipsis: at most `most` bytes as JSON, its quotes not counted. */
export function cutToBytes(text: string, most: number): string {
  if (text.length * MAX_UNIT_BYTES <= most) return text
  let bytes = 0
  let units = 0
  let end = 0
  for (const character of text) {
    bytes += jsonBytesOf(character)
    if (bytes > most) return text.slice(0, end).trimEnd() + ELLIPSIS
    units += character.length
    if (bytes <= most - ELLIPSIS_BYTES) end = units
  }
  return text
}

/** What JSON writes as a backslash and one letter. */
const SHORT_ESCAPES = '"\\\b\f\n\r\t'

function jsonBytesOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code > 0xffff) return 4
  if (SHORT_ESCAPES.includes(character)) return 2
  // Half of a pair is written as an escape.
  if (code < 0x20 || (code >= 0xd800 && code <= 0xdfff)) return MAX_UNIT_BYTES
  if (code < 0x80) return 1
  return code < 0x800 ? 2 : 3
}
