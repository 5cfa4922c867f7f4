// What the window shows, as one list: bot turns, stored events, words not yet confirmed.
// Pure. Used by the visitor's panel and by the desk.

import type { AnswerSource } from '../bot/botProvider'
import type { OutboxRow } from '../live/outbox'
import type { Attachment } from '../protocol/attachments'
import { isKnownContest } from '../protocol/contest'
import type { EventBody, StoredEvent, VisitorBody } from '../protocol/events'
import type { Author, Citation } from '../protocol/records'
import { disputeBehind } from '../protocol/ticket'
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
  | 'transferred'
  | 'transferredTeam'
  | 'takenOver'
  | 'owned'
  | 'nobodyNow'
  | 'cancelled'
  | 'ticketOpened'
  | 'ticketOpenedNoContact'
  | 'ticketSolved'
  | 'ticketSolvedByDispute'
  | 'endedByAgent'
  | 'endedByVisitor'
  | 'reopened'
  | 'redacted'
  | 'personTurns'
  | 'contactGiven'
  | 'rated'
  | 'ratedComment'
  | 'objecting'
  | 'objectingWords'
  | 'contested'
  | 'contestedWords'
  | 'contestUpheld'
  | 'contestChanged'

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
      /** Files; where `text` is their names (`namesOf`), nothing was typed. */
      readonly attachments?: readonly Attachment[]
      readonly source: AnswerSource | null
      readonly at: number
      /** Only for one's own words after the handoff. */
      readonly state: DeliveryState | null
      /** A machine suggested these words; whose message it is sent them. */
      readonly draftedBy?: 'machine'
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
      /** Of an act of one's own that is not stored yet: no notice of what happened, but of what is on its way. */
      readonly state?: DeliveryState | null
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
export function buildTimeline<Body extends EventBody>(parts: TimelineParts<Body>): readonly TimelineItem[] {
  return createTimeline<Body>(parts)(parts)
}

/**
 * `buildTimeline` for a list that grows: the same answer, and an item that says what it said is the same object; so is
 * the list, where it has nothing new to say.
 *
 * It goes on behind the events that it has read where `turns` and `sources` are the very same. Otherwise, and where
 * something was removed, it reads from the beginning. Events may only be added; a list that is another one has
 * another event in the place of the last.
 *
 * An event more costs the same whatever stands before it, but for one copy of the list as a block: `concat` of 10 000
 * takes microseconds, and everybody else goes on reading a plain array. Spread in a literal goes item by item.
 */
export function createTimeline<Body extends EventBody = VisitorBody>({
  me,
  isOwn,
}: Pick<TimelineParts, 'me' | 'isOwn'>): (
  parts: Omit<TimelineParts<Body>, 'me' | 'isOwn'>,
) => readonly TimelineItem[] {
  let before: Omit<TimelineParts<Body>, 'me' | 'isOwn'> | undefined
  let confirmed: TimelineItem[]
  let sources: Map<string, AnswerSource | null>
  /** Ids of messages that no row and no turn says once more. */
  let known: Set<string>
  let delivered: number
  let read: number
  let hands: Hands
  /** What was said last, and how much of it stands behind what is confirmed. */
  let shown: readonly TimelineItem[]
  let unconfirmed: number
  const stateOf = (seq: number) => (seq <= read ? 'read' : seq <= delivered ? 'delivered' : 'sent')

  return parts => {
    const { events, rows, turns = [] } = parts
    let added: readonly StoredEvent[] = events.slice(before?.events.length)
    if (
      !before ||
      before.turns !== parts.turns ||
      before.sources !== parts.sources ||
      before.events.at(-1) !== events[before.events.length - 1] ||
      added.some(({ body }) => body.type === 'redacted')
    ) {
      added = events
      confirmed = []
      sources = new Map([
        ...(parts.sources ?? []),
        ...turns.map(turn => [turn.clientId, turn.source] as const),
      ])
      known = new Set()
      delivered = read = unconfirmed = 0
      hands = NO_HANDS
      shown = []
    }
    const introBefore = before?.intro
    before = parts
    let isChanged =
      !shown.length || parts.intro?.name !== introBefore?.name || parts.intro?.at !== introBefore?.at

    const removed = new Set<number>()
    const [deliveredBefore, readBefore, countBefore] = [delivered, read, confirmed.length]
    for (const { author, body } of added) {
      if (body.type === 'redacted') removed.add(body.target)
      if (body.type === 'marked' && !isOwn(author)) {
        read = Math.max(read, body.read)
        delivered = Math.max(delivered, body.delivered, read)
      }
    }
    // What a mark speaks of stands behind what the last one spoke of.
    const unmarked = Math.min(
      read > readBefore ? readBefore : Number.POSITIVE_INFINITY,
      delivered > deliveredBefore ? deliveredBefore : Number.POSITIVE_INFINITY,
    )
    for (let n = countBefore - 1; n >= 0; n--) {
      const item = confirmed[n]
      if (!item?.seq || item.seq <= unmarked) break
      const state = item.kind === 'message' && item.state && stateOf(item.seq)
      if (!state || item.state === state) continue
      confirmed[n] = { ...item, state }
      isChanged = true
    }
    for (const event of added) {
      const { seq, body, author, clientId } = event
      const isDevice = event.origin === 'device'
      if (body.type === 'message') {
        const isTheirs = author.kind === 'agent' && !isOwn(author)
        if (!isTheirs) known.add(clientId)
        const at = event.saidAt ?? event.at
        if (removed.has(seq)) {
          confirmed.push({ kind: 'notice', key: `n${seq}`, seq, name: 'redacted', values: {}, at })
          continue
        }
        confirmed.push({
          kind: 'message',
          key: isTheirs ? `m${seq}` : clientId,
          seq,
          author,
          text: body.text,
          format: body.format,
          citations: body.citations ?? [],
          ...(body.attachments && { attachments: body.attachments }),
          // Another word than this one is a newer peer's, and says nothing here.
          ...(body.draftedBy === 'machine' && { draftedBy: body.draftedBy }),
          source:
            sources.get(clientId) ??
            (body.citations?.length ? { kind: 'article', citations: body.citations } : null),
          at,
          state: isDevice || !isOwn(author) ? null : stateOf(seq),
          fromDevice: isDevice,
        })
        continue
      }
      const notice = noticeOf(event, hands, me.kind === 'agent')
      hands = handsAfter(hands, body)
      if (body.type === 'rated') {
        // The last one counts: what it says again is not shown twice. What was said of an earlier end stands there.
        const earlier = confirmed.findLastIndex(
          item => item.kind === 'notice' && (item.name.startsWith('rated') || item.name === 'reopened'),
        )
        const found = confirmed[earlier]
        if (found?.kind === 'notice' && found.name !== 'reopened') {
          confirmed.splice(earlier, 1)
          isChanged = true
        }
      }
      // The same line as when it was on its way.
      const isOwnObjection = body.type === 'contested' && isOwn(author)
      if (isOwnObjection) known.add(clientId)
      const key = isOwnObjection ? clientId : `n${seq}`
      if (notice) confirmed.push({ kind: 'notice', key, seq, at: event.at, ...notice })
    }

    const pending: TimelineItem[] = []
    const isKnown = (clientId: string) => known.has(clientId) || pending.some(({ key }) => key === clientId)
    for (const { clientId, draft, state, queuedAt, isEarlier } of rows) {
      if (isKnown(clientId)) continue
      // A turn from before is no message on its way, until it is the visitor's to save.
      const isMoving = state !== 'needsConfirm' && typeof state === 'string'
      const shownState = draft?.as || (isEarlier && isMoving) ? null : state
      if (draft?.body.type === 'contested') {
        const { about, words } = draft.body
        pending.push({
          kind: 'notice',
          key: clientId,
          seq: null,
          // Not what a person does: nobody has it yet.
          name: words ? 'objectingWords' : 'objecting',
          values: { about, ...(words && { words }) },
          at: queuedAt,
          state: shownState,
        })
      }
      if (draft?.body.type !== 'message') continue
      const { text, format, citations, attachments, draftedBy } = draft.body
      pending.push({
        kind: 'message',
        key: clientId,
        seq: null,
        author: draft.as === 'bot' ? { kind: 'bot' } : me,
        text,
        format,
        citations: citations ?? [],
        ...(attachments && { attachments }),
        ...(draftedBy && { draftedBy }),
        source: sources.get(clientId) ?? null,
        at: draft.saidAt ?? queuedAt,
        state: shownState,
        fromDevice: draft.origin === 'device',
      })
    }

    // Turns that no event and no row has: the beginning, or what was said since an older conversation.
    const unreported = turns.filter(turn => !isKnown(turn.clientId))
    const behind = unreported.length + pending.length
    if (isChanged || behind || unconfirmed || confirmed.length > countBefore)
      shown = localItems(parts.intro, []).concat(confirmed, localItems(null, unreported), pending)
    unconfirmed = behind
    return shown
  }
}

/** Whose hands a conversation is in. */
interface Hands {
  /** Who had it last; '' before anybody did. */
  readonly name: string
  readonly holder: { readonly agentId: string; readonly name: string } | null
}

const NO_HANDS: Hands = { name: '', holder: null }

function handsAfter(hands: Hands, body: EventBody): Hands {
  if (body.type === 'assigned') return { name: body.agent?.name ?? hands.name, holder: body.agent }
  // Who answers for a ticket does not have it live.
  if (body.type === 'owned') return { ...hands, name: body.agent?.name ?? hands.name }
  return body.type === 'ticketOpened' || body.type === 'ended' ? { ...hands, holder: null } : hands
}

/** What an event is announced as; null for those that show nothing by themselves. `hands`: before it. */
function noticeOf(
  { author, body }: Pick<StoredEvent, 'author' | 'body'>,
  hands: Hands,
  isDesk: boolean,
): { readonly name: NoticeName; readonly values: Readonly<Record<string, string | number>> } | null {
  const say = (notice: NoticeName, values: Readonly<Record<string, string | number>> = {}) => ({
    name: notice,
    values,
  })
  const { name } = hands
  switch (body.type) {
    case 'opened':
      return isDesk && body.brief.turns > 0 ? say('personTurns') : null
    case 'handoffReady':
      return body.channel === 'live' ? say('queued') : null
    case 'assigned': {
      const { agent, cause, team } = body
      const { holder } = hands
      const to = agent?.name ?? team
      // A server of before does not say who did it: then it was who had it, unless nobody had.
      const from = body.by?.name ?? holder?.name
      if (cause === 'transferred' && from && to)
        return say(agent ? 'transferred' : 'transferredTeam', { from, to })
      if (!agent) return say(cause === 'agentLost' ? 'agentLost' : 'handedOn', { name })
      return holder && holder.agentId !== agent.agentId
        ? say('takenOver', { from: holder.name, name: agent.name })
        : say('agentJoined', { name: agent.name })
    }
    case 'owned':
      // The visitor reads from whom the words are in the words.
      return isDesk && body.agent ? say('owned', { name: body.agent.name }) : null
    case 'ticketOpened': {
      const { number, contact } = body.ticket
      const address = contact?.email ?? contact?.phone
      return address
        ? say('ticketOpened', { number, contact: address })
        : say('ticketOpenedNoContact', { number })
    }
    case 'contactGiven': {
      const contact = body.contact.email ?? body.contact.phone
      return contact ? say('contactGiven', { contact }) : null
    }
    case 'ended':
      // With its ticket a talk was ended by what solved that, which has said so.
      if (body.by === 'agent' && author.kind === 'system') return null
      // A ticket may be solved by somebody who never had it.
      return body.by === 'agent'
        ? say('endedByAgent', { name: author.kind === 'agent' ? author.name : name })
        : say('endedByVisitor')
    case 'rated': {
      const { score, comment } = body
      if (score === null) return null
      return comment ? say('ratedComment', { score, comment }) : say('rated', { score })
    }
    case 'contested': {
      if (!isKnownContest(body)) return null
      const { about, words } = body
      return words ? say('contestedWords', { about, words }) : say('contested', { about })
    }
    case 'contestAnswered':
      if (!isKnownContest(body)) return null
      return say(body.outcome === 'changed' ? 'contestChanged' : 'contestUpheld', { words: body.words })
    case 'ticketSolved': {
      const dispute = disputeBehind(body)
      return dispute ? say('ticketSolvedByDispute', { number: dispute.number }) : say('ticketSolved')
    }
    case 'nobodyNow':
    case 'cancelled':
    case 'reopened':
      return say(body.type)
    default:
      return null
  }
}
