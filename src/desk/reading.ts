// How far an agent has read a conversation, and what in it is new to them. Pure: events in, numbers out.

import { contactSaid } from '../protocol/contact'
import type { EventBody, StoredEvent } from '../protocol/events'
import type { Author, Contact, TriageRecord } from '../protocol/records'

export const isVisitorWords = ({ author, body, origin }: StoredEvent) =>
  author.kind === 'visitor' && body.type === 'message' && origin !== 'device'

/** How far this agent is known to have read, on whatever device: marks, and their own answers. */
export function readUpTo(events: readonly StoredEvent[], isOwn: (author: Author) => boolean): number {
  let read = 0
  // From the end: an event speaks of nothing behind itself.
  for (let n = events.length - 1; n >= 0; n--) {
    const { seq, author, body } = events[n] as StoredEvent
    if (seq <= read) break
    if (isOwn(author))
      read = Math.max(read, body.type === 'marked' ? body.read : body.type === 'message' ? seq : 0)
  }
  return read
}

export function unreadIn(
  events: readonly StoredEvent[],
  seen: number,
  isOwn: (author: Author) => boolean,
): number {
  const from = Math.max(seen, readUpTo(events, isOwn))
  let unread = 0
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i]
    if (!event || event.seq <= from) break
    if (isVisitorWords(event)) unread++
  }
  return unread
}

/** Where the visitor wants to be answered who is gone; null: nothing was said. */
export function answerAtOf(events: readonly StoredEvent[]): Contact | null {
  for (let n = events.length - 1; n >= 0; n--) {
    const contact = contactSaid((events[n] as StoredEvent).body)
    if (contact) return contact
  }
  return null
}

/**
 * `find`, which looks for the last of something, for a list that grows: looks at what was added, and keeps what it found
 * before. A list that is another one has another event in the place of the last.
 */
export function lastOfGrowing<Found>(
  find: (events: readonly StoredEvent[]) => Found | null,
): (events: readonly StoredEvent[]) => Found | null {
  let before: readonly StoredEvent[] = []
  let found: Found | null = null
  return events => {
    const isGrown = before.length > 0 && before.at(-1) === events[before.length - 1]
    found = isGrown ? (find(events.slice(before.length)) ?? found) : find(events)
    before = events
    return found
  }
}

/** How it ended and how it was, where that was said. The last word counts. */
export interface Closing {
  readonly category: string | null
  readonly rating: { readonly score: number; readonly comment: string } | null
}

export function closingOf(events: readonly StoredEvent[]): Closing {
  const lastOf = <Type extends EventBody['type']>(type: Type) =>
    events.findLast(({ body }) => body.type === type)?.body as
      | Extract<EventBody, { readonly type: Type }>
      | undefined
  const ended = lastOf('ended')
  const { score, comment } = lastOf('rated') ?? {}
  const isScore = typeof score === 'number'
  return {
    category: ended && 'category' in ended && typeof ended.category === 'string' ? ended.category : null,
    rating: isScore ? { score, comment: typeof comment === 'string' ? comment : '' } : null,
  }
}

/** The last change of hands, where it was from one agent to another or to a team. */
export interface Transfer {
  /** It was this agent's before. */
  readonly isOwn: boolean
  /** Who had it before; '' where nobody had. */
  readonly from: string
  /** No agent has written since: it may be taken back as if nothing had been. */
  readonly isUnanswered: boolean
}

export function transferOf(events: readonly StoredEvent[], agentId: string): Transfer | null {
  let isUnanswered = true
  let isTransferred = false
  const from = (before: { readonly agentId: string; readonly name: string } | null): Transfer => ({
    isOwn: before?.agentId === agentId,
    from: before?.name ?? '',
    isUnanswered,
  })
  for (let n = events.length - 1; n >= 0; n--) {
    const { author, body } = events[n] as StoredEvent
    if (!isTransferred && body.type === 'message' && author.kind === 'agent') isUnanswered = false
    if (body.type !== 'assigned') continue
    if (isTransferred) return from(body.agent)
    if (body.cause !== 'transferred') return null
    isTransferred = true
  }
  return isTransferred ? from(null) : null
}

/** What the server read of the visitor's words (D44); null: nothing, or it was erased. */
export function triageIn(events: readonly StoredEvent[]): TriageRecord | null {
  const body = events.findLast(({ body }) => body.type === 'triaged')?.body
  return body?.type === 'triaged' && !body.erased ? body : null
}
