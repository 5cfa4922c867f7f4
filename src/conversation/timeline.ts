// What the window shows, as one list: bot turns, stored events, words not yet confirmed.
// Pure. Used by the visitor's panel and by the desk.

import type { AnswerSource } from '../bot/botProvider'
import type { OutboxRow } from '../live/outbox'
import type { EventBody, StoredEvent, VisitorBody } from '../protocol/events'
import type { Author, Citation } from '../protocol/records'
import { localItems } from './localItems'

/** Each means exactly what DELIVERY promises; never `sent` before the server's ok. */
export type DeliveryState =
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'needsConfirm'
  | { readonly failed: string }

/** What happened, for a text key `notice.<name>`. */
export type NoticeName =
  | 'botIntro'
  | 'queued'
  | 'agentJoined'
  | 'agentLost'
  | 'handedOn'
  | 'nobodyNow'
  | 'cancelled'
  | 'ticketOpened'
  | 'ticketOpenedNoContact'
  | 'ticketSolved'
  | 'endedByAgent'
  | 'endedByVisitor'
  | 'reopened'
  | 'redacted'
  | 'personTurns'

export type TimelineItem =
  | {
      readonly kind: 'message'
      /** Stable: the sender's clientId. */
      readonly key: string
      readonly seq: number | null
      readonly author: Author
      readonly text: string
      readonly format: 'plain' | 'markdown'
      readonly citations: readonly Citation[]
      readonly source: AnswerSource | null
      readonly at: number
      /** Only for one's own words after the handoff. */
      readonly state: DeliveryState | null
      /** Reported by the visitor's device (bot turns at the desk). */
      readonly fromDevice: boolean
    }
  | {
      readonly kind: 'notice'
      readonly key: string
      readonly seq: number | null
      readonly name: NoticeName
      readonly values: Readonly<Record<string, string | number>>
      readonly at: number
    }

/** A turn that only this device knows yet. */
export interface LocalTurn {
  readonly clientId: string
  readonly author: Author
  readonly text: string
  readonly source: AnswerSource | null
  readonly at: number
}

export interface TimelineParts<Body extends EventBody = VisitorBody> {
  /** The machine says what it is before its first word; null at the desk. */
  readonly intro?: { readonly name: string; readonly at: number } | null
  /** Turns before the handoff; each gives way to its stored copy, which has the same clientId. */
  readonly turns?: readonly LocalTurn[]
  /** What this device still knows of its bot's sentences beyond what is stored, by clientId. */
  readonly sources?: Iterable<readonly [string, AnswerSource | null]>
  /** Ascending by seq, without holes. */
  readonly events: readonly StoredEvent[]
  /** Not yet confirmed, in typed order. */
  readonly rows: readonly OutboxRow<Body>[]
  /** Who looks: their own words carry a delivery state. */
  readonly me: Author
  readonly isOwn: (author: Author) => boolean
}

/**
 * The list that the window shows.
 *
 * Confirmed items sort by seq; unconfirmed ones stay last in the order they were typed.
 * Not by time: a phone with a wrong clock would put its question after our answer.
 *
 *   local turns   |  seq 7 (agent)   seq 8 (visitor)  |  pending a   pending b
 *                 |  <-- server's order ------------->|  <-- sender's order -->
 */
export function buildTimeline<Body extends EventBody>(parts: TimelineParts<Body>): TimelineItem[] {
  const { events, rows, me, isOwn } = parts
  const turns = parts.turns ?? []
  const sources = new Map([
    ...(parts.sources ?? []),
    ...turns.map(turn => [turn.clientId, turn.source] as const),
  ])
  const known = new Set<string>()
  const removed = new Set<number>()
  let delivered = 0
  let read = 0
  for (const { author, body } of events) {
    if (body.type === 'redacted') removed.add(body.target)
    if (body.type === 'marked' && !isOwn(author)) {
      delivered = Math.max(delivered, body.delivered)
      read = Math.max(read, body.read)
    }
  }

  const confirmed: TimelineItem[] = []
  let agentName = ''
  for (const event of events) {
    const { seq, body, author, clientId } = event
    const isDevice = event.origin === 'device'
    if (body.type === 'message') {
      if (author.kind !== 'agent' || isOwn(author)) known.add(clientId)
      const at = event.saidAt ?? event.at
      if (removed.has(seq)) {
        confirmed.push({ kind: 'notice', key: `n${seq}`, seq, name: 'redacted', values: {}, at })
        continue
      }
      confirmed.push({
        kind: 'message',
        key: author.kind === 'agent' && !isOwn(author) ? `m${seq}` : clientId,
        seq,
        author,
        text: body.text,
        format: body.format,
        citations: body.citations ?? [],
        source:
          sources.get(clientId) ??
          (body.citations?.length ? { kind: 'article', citations: body.citations } : null),
        at,
        state:
          isDevice || !isOwn(author)
            ? null
            : seq <= read
              ? 'read'
              : seq <= Math.max(delivered, read)
                ? 'delivered'
                : 'sent',
        fromDevice: isDevice,
      })
      continue
    }
    if (body.type === 'assigned' && body.agent) agentName = body.agent.name
    const notice = noticeOf(body, agentName, me.kind === 'agent')
    if (notice) confirmed.push({ kind: 'notice', key: `n${seq}`, seq, at: event.at, ...notice })
  }

  const pending: TimelineItem[] = []
  for (const { clientId, draft, state, queuedAt, isEarlier } of rows) {
    if (draft?.body.type !== 'message' || known.has(clientId)) continue
    known.add(clientId)
    const { text, format, citations } = draft.body
    pending.push({
      kind: 'message',
      key: clientId,
      seq: null,
      author: draft.as === 'bot' ? { kind: 'bot' } : me,
      text,
      format,
      citations: citations ?? [],
      source: sources.get(clientId) ?? null,
      at: draft.saidAt ?? queuedAt,
      // A turn from before is no message on its way, until it is the visitor's to save.
      state: draft.as || (isEarlier && state !== 'needsConfirm' && typeof state === 'string') ? null : state,
      fromDevice: draft.origin === 'device',
    })
  }

  // Turns that no event and no row has: the beginning, or what was said since an older conversation.
  const unreported = turns.filter(turn => !known.has(turn.clientId))
  return events.length > 0
    ? [...localItems(parts.intro, []), ...confirmed, ...localItems(null, unreported), ...pending]
    : [...localItems(parts.intro, unreported), ...pending]
}

/** What an event is announced as; null for those that show nothing by themselves. */
function noticeOf(
  body: EventBody,
  name: string,
  isDesk: boolean,
): { readonly name: NoticeName; readonly values: Readonly<Record<string, string | number>> } | null {
  const say = (notice: NoticeName, values: Readonly<Record<string, string | number>> = {}) => ({
    name: notice,
    values,
  })
  switch (body.type) {
    case 'opened':
      return isDesk && body.brief.turns > 0 ? say('personTurns') : null
    case 'handoffReady':
      return body.channel === 'live' ? say('queued') : null
    case 'assigned':
      return body.agent
        ? say('agentJoined', { name })
        : say(body.cause === 'agentLost' ? 'agentLost' : 'handedOn', { name })
    case 'ticketOpened': {
      const { number, contact } = body.ticket
      const address = contact?.email ?? contact?.phone
      return address
        ? say('ticketOpened', { number, contact: address })
        : say('ticketOpenedNoContact', { number })
    }
    case 'ended':
      return body.by === 'agent' ? say('endedByAgent', { name }) : say('endedByVisitor')
    case 'nobodyNow':
    case 'cancelled':
    case 'ticketSolved':
    case 'reopened':
      return say(body.type)
    default:
      return null
  }
}
