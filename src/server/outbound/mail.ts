// Mail to visitors about their ticket: what is due, whom to, and whether it is still needed at the moment of sending.
// Reads address and words from the conversation then, and keeps neither (O4 to O7). Knows no SMTP.

import { createHash, createHmac } from 'node:crypto'
import { AskletError, describe } from '../../base/errors'
import type { StoredEvent } from '../../protocol/events'
import type { Hours } from '../../protocol/records'
import { opensAt } from '../hours'
import { afterBusinessMs, allowedMs, type ServiceLevels } from '../serviceLevels'
import type { ClaimedDelivery } from '../store/deliveries'
import type { ConversationRow, HelpDeskStore } from '../store/helpDeskStore'
import { TICKETS_COUNTED, TICKETS_SINCE_MS, usuallyAnsweredBy } from '../ticketWaits'
import type { DisputeMail, MailKind } from './deliveriesOf'
import type { Send, SendOutcome } from './dispatcher'
import { inboxOf, type MailSenderName, mailAddress, senderName } from './mailAddress'
import { type Letter, type WrittenLetter, writeLetter } from './mailLetter'
import { mailWords } from './mailWords'

export interface MailOptions {
  /**
   * `smtp://user:password@host:587` (TLS by STARTTLS, insisted on except on this machine) or `smtps://…:465`. Keep it
   * out of files that are public.
   */
  readonly url: string
  /** `Example help <help@shop.example>`. */
  readonly from: string
  /** Where answers to a mail go. Without it the mail says that nobody reads them. */
  readonly replyTo?: string
  /** The page that visitors come back to, with the assistant on it. */
  readonly pageUrl: string
  /**
   * What the acknowledgement promises, in hours of the desk's opening times; `serviceLevel`: the moment until which
   * `serviceLevels` of the config name a first response to such a ticket. Default: nothing, because a level may be
   * the desk's own aim and no promise.
   */
  readonly firstAnswerHours?: number | 'serviceLevel'
  /** An answer that a connected visitor has not read for so long is mailed. Default 5. */
  readonly unreadMinutes?: number
  /** PEM of an authority of your own, that the mail server's certificate comes from. */
  readonly ca?: string
}

export interface OutgoingMail extends WrittenLetter {
  readonly to: string
  readonly from: MailSenderName
  readonly replyTo?: MailSenderName
  /** `<…@domain>`: the same for every try. */
  readonly messageId: string
  /** Of all mail about this ticket. */
  readonly threadId: string
  readonly headers: Readonly<Record<string, string>>
}

/** What carries mail. Resolves once a server has taken it. */
export interface MailTransport {
  /** @throws MailRefused */
  send(mail: OutgoingMail): Promise<void>
  close(): void
}

/**
 * `isFinal`: the same mail would be refused again. `isThere`: the server is there, and refused this one alone. The message
 * holds no address.
 */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
  constructor(
    readonly isFinal: boolean,
    message: string,
    readonly isThere = isFinal,
  ) {
    super(message)
  }
}

export interface MailSettings {
  readonly from: MailSenderName
  readonly replyTo: MailSenderName | null
  readonly pageUrl: string
  readonly firstAnswerHours: number | 'serviceLevel' | null
  readonly unreadMs: number
}

/** @throws AskletError `server_shape` */
export function readMailOptions(given: MailOptions): MailSettings {
  const { replyTo, pageUrl, firstAnswerHours, unreadMinutes = 5 } = given
  const page = typeof pageUrl === 'string' && URL.canParse(pageUrl) ? new URL(pageUrl) : null
  if (!page || !['https:', 'http:'].includes(page.protocol))
    throw shape(
      `options.mail.pageUrl must be the address of the page with the assistant, like "https://shop.example/help", got ${describe(pageUrl)}.`,
    )
  for (const [name, value] of Object.entries({ firstAnswerHours, unreadMinutes }))
    if (
      value !== undefined &&
      !(name === 'firstAnswerHours' && value === 'serviceLevel') &&
      !(typeof value === 'number' && value > 0 && value <= 1_000)
    )
      throw shape(`options.mail.${name} must be a number above 0 and at most 1000, got ${describe(value)}.`)
  return {
    from: senderName(given.from, 'options.mail.from'),
    replyTo: replyTo === undefined ? null : senderName(replyTo, 'options.mail.replyTo'),
    pageUrl: page.href,
    firstAnswerHours: firstAnswerHours ?? null,
    unreadMs: unreadMinutes * 60_000,
  }
}

const shape = (sentence: string) => new AskletError('server_shape', sentence)

/** Whoever types a stranger's address into forms fills no inbox. Per address and hour, over all conversations. */
export const MOST_AN_HOUR: Readonly<Record<MailKind, number>> = {
  acknowledged: 3,
  answered: 20,
  solved: 10,
  disputeAsked: 3,
  disputeShared: 10,
  disputeProposed: 10,
  disputeDecided: 10,
}
const HOUR_MS = 60 * 60_000
/** Of a help desk, to whomever: more at once is nobody's office, and what lets others fill inboxes is soon on block lists. */
export const MOST_ACKNOWLEDGED_AN_HOUR = 300
/** An agent's words are not thrown away for there being many: they come together, later. */
const WAIT_FOR_ROOM_MS = 15 * 60_000
/** A node silent for longer is dead, and its connections with it. */
const ALIVE_MS = 40_000
const PAGE = 200

export function createMailSender(options: {
  readonly store: HelpDeskStore
  readonly settings: MailSettings
  readonly transport: MailTransport
  hours(): Promise<Hours | null>
  readonly levels?: ServiceLevels | null
}): Send {
  const { store, settings, transport } = options

  /** Who was told so, cannot tell by it what address it is of. */
  async function keyOf(address: string): Promise<string> {
    return createHmac('sha256', await store.fileKey())
      .update(`mail ${inboxOf(address)}`)
      .digest('base64url')
  }

  async function isConnected({ owner, claimedFrom }: ConversationRow, now: number): Promise<boolean> {
    const identities = claimedFrom === null ? [owner] : [owner, claimedFrom]
    return (await store.presence(identities, now - ALIVE_MS)).some(({ online }) => online)
  }

  async function eventsFrom(conversationId: string, seq: number): Promise<readonly StoredEvent[]> {
    const all: StoredEvent[] = []
    for (let after = seq - 1; ; ) {
      const page = await store.read(conversationId, after, PAGE)
      const last = page?.events.at(-1)
      if (!page || !last) return all
      all.push(...page.events)
      after = last.seq
    }
  }

  /** What to say, or why not. */
  async function letterFor(
    delivery: ClaimedDelivery,
    row: ConversationRow,
    now: number,
  ): Promise<{ readonly letter: Letter; readonly upTo?: number } | Exclude<SendOutcome, { result: 'sent' }>> {
    switch (delivery.kind as MailKind) {
      case 'acknowledged': {
        const hours = await options.hours()
        const { firstAnswerHours: promised } = settings
        const isByLevel = promised === 'serviceLevel'
        const openedAt = row.ticket?.openedAt ?? delivery.createdAt
        // A promise of the site's own says more than what was measured.
        const waits =
          promised === null ? await store.ticketWaits(now - TICKETS_SINCE_MS, TICKETS_COUNTED) : []
        return {
          letter: {
            kind: 'acknowledged',
            opensAt: opensAt(hours, now),
            zone: hours?.zone ?? null,
            firstAnswerHours: isByLevel ? null : promised,
            usualBy: usuallyAnsweredBy(waits, hours, openedAt, now),
            answerBy: isByLevel ? answerBy(row, options.levels ?? null, hours, delivery.createdAt) : null,
          },
        }
      }
      case 'answered': {
        const unread = unreadAnswers(await eventsFrom(row.conversationId, delivery.seq))
        const last = unread.at(-1)
        if (!last) return { result: 'dropped', problem: 'read by now' }
        const readableUntil = delivery.createdAt + settings.unreadMs
        if (now < readableUntil && (await isConnected(row, now)))
          return { result: 'later', at: readableUntil }
        return { letter: { kind: 'answered', answers: unread }, upTo: last.seq }
      }
      case 'solved':
        if (row.phase !== 'ended') return { result: 'dropped', problem: 'open again' }
        return { letter: { kind: 'solved' } }
      case 'disputeAsked':
      case 'disputeShared':
      case 'disputeProposed':
      case 'disputeDecided': {
        const events = await eventsFrom(row.conversationId, 1)
        if (!gaveThemselves(events, row.contact?.email))
          return { result: 'dropped', problem: 'no address that they gave themselves' }
        if (isKnownTo(events, delivery.seq)) return { result: 'dropped', problem: 'read by now' }
        const body = events.find(({ seq }) => seq === delivery.seq)?.body
        const hours = await options.hours()
        const until =
          body?.type === 'disputeOpened'
            ? body.respondBy
            : body?.type === 'disputeShared'
              ? body.decideBy
              : null
        return { letter: { kind: delivery.kind as DisputeMail, until, zone: hours?.zone ?? null } }
      }
      default:
        return { result: 'dropped', problem: 'of a kind that this build does not send' }
    }
  }

  return async (delivery, { lease, now }) => {
    const { conversationId, kind } = delivery
    const opened = await store.read(conversationId, 0, 1)
    const row = opened?.row
    if (!row?.ticket) return { result: 'dropped', problem: 'no ticket' }
    const to = mailAddress(row.contact?.email ?? '')
    if (to === null) return { result: 'dropped', problem: 'no address to write to' }
    const said = await letterFor(delivery, row, now)
    if ('result' in said) return said
    if (kind === 'acknowledged' && (await store.countSent(kind, now - HOUR_MS)) >= MOST_ACKNOWLEDGED_AN_HOUR)
      return now - delivery.createdAt > HOUR_MS
        ? { result: 'dropped', problem: 'too many acknowledgements within an hour' }
        : { result: 'later', at: now + WAIT_FOR_ROOM_MS }
    const sentLately = await store.countTowards({ id: delivery.id, lease }, await keyOf(to), now - HOUR_MS)
    if (sentLately >= MOST_AN_HOUR[kind as MailKind])
      return kind === 'acknowledged'
        ? { result: 'dropped', problem: 'too many to this address within an hour' }
        : { result: 'later', at: now + WAIT_FOR_ROOM_MS }
    const body = opened?.events[0]?.body
    const locale = body?.type === 'opened' ? body.brief.visitor.locale : 'en'
    const { replyTo, from, pageUrl } = settings
    const frame = { number: row.ticket.number, pageUrl, isReplyRead: replyTo !== null }
    const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
    try {
      await transport.send({
        ...writeLetter(said.letter, frame, await mailWords(locale)),
        to,
        from,
        ...(replyTo && { replyTo }),
        messageId: `<${hashOf(delivery.id)}@${domain}>`,
        threadId: `<${hashOf(`${conversationId}.ticket`)}@${domain}>`,
        headers: noLoops(kind as MailKind, domain),
      })
    } catch (error) {
      if (!(error instanceof MailRefused)) throw error
      if (error.isFinal) return { result: 'failed', problem: error.message }
      return { result: 'retry', problem: error.message, isThere: error.isThere }
    }
    return { result: 'sent', ...(said.upTo !== undefined && { upTo: said.upTo }) }
  }
}

/** Null: nothing is promised for such a ticket. */
export function answerBy(
  { ticket }: Pick<ConversationRow, 'ticket'>,
  levels: ServiceLevels | null,
  hours: Hours | null,
  createdAt: number,
): number | null {
  const allowed = ticket && levels ? allowedMs(ticket, levels).firstResponse : null
  return allowed === null ? null : afterBusinessMs(hours, ticket?.openedAt ?? createdAt, allowed)
}

/** O14. Not one that the page or a token said of them. */
export function gaveThemselves(events: readonly StoredEvent[], email: string | undefined): boolean {
  return events.some(
    ({ body, author }) =>
      author.kind === 'visitor' &&
      (body.type === 'contactGiven' || body.type === 'handoffReady') &&
      email !== undefined &&
      body.contact?.email === email,
  )
}

/** Whoever has read it, or has written or answered behind it, need not be told. */
function isKnownTo(events: readonly StoredEvent[], seq: number): boolean {
  return events.some(
    event =>
      event.author.kind === 'visitor' &&
      event.seq > seq &&
      (event.body.type === 'marked'
        ? event.body.read >= seq
        : ['message', 'disputeStated', 'disputeAnswered', 'disputeWithdrawn'].includes(event.body.type)),
  )
}

/** Of agents, behind what the visitor has read or answered. */
export function unreadAnswers(events: readonly StoredEvent[]) {
  let read = 0
  for (const { body, author, seq } of events) {
    if (author.kind !== 'visitor') continue
    if (body.type === 'marked') read = Math.max(read, body.read)
    // Who writes has the window before them.
    if (body.type === 'message') read = Math.max(read, seq)
  }
  return events.flatMap(({ seq, body, author }) => {
    if (author.kind !== 'agent' || seq <= read) return []
    const agent = author.name
    // What an agent says to an objection is an answer as well (E4).
    if (body.type === 'contestAnswered') return [{ seq, agent, text: body.words, hasFiles: false }]
    if (body.type !== 'message') return []
    return [{ seq, agent, text: body.text, hasFiles: (body.attachments?.length ?? 0) > 0 }]
  })
}

/** Ids of conversations stay ours: whoever gets the mail sees a hash. */
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** RFC 3834: so that no out-of-office note answers it, and none of ours an answer to that. */
function noLoops(kind: MailKind, domain: string): Record<string, string> {
  return {
    'Auto-Submitted': kind === 'acknowledged' ? 'auto-replied' : 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'List-Id': `<tickets.${domain}>`,
  }
}
