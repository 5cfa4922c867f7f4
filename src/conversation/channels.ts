// Which roads lead to a person now, and which one is best. Pure.
// Never a dead end: where people exist at all, a message can be left; it waits in the outbox if it must.

import type { JournalEntry } from '../journal/record'
import { GIVEN_EMAIL, PHONE_PATTERN } from '../protocol/limits'
import type { Channel, Contact } from '../protocol/records'
import type { Availability } from '../protocol/wire'
import type { ChannelOffer } from './conversationModel'

/** What the site says about its channels. */
export interface ChannelConfig {
  /** There is a server with people behind it. */
  readonly hasPeople: boolean
  readonly contactEmail: string | null
  /** Channels the site has switched off. */
  readonly off?: readonly Channel[]
  readonly hasCallBack?: boolean
  /** A longer wait than this makes a ticket the better advice. Milliseconds. */
  readonly maxWaitMs?: number
  /** For so long a solved ticket may be opened again. Default 30. */
  readonly reopenWithinDays?: number
}

/** Ten minutes: longer waits are mostly abandoned, and a ticket keeps the question. */
const DEFAULT_MAX_WAIT_MS = 10 * 60_000
/** One in ten would wait this many times as long: such a wait is no promise to advise anybody by. */
const WORST_COUNTS = 2

/** Raised when a rule below changes, so that old journals stay readable. */
export const CHANNEL_RULES = 'channel@2'

/**
 * The offers: first the one that is recommended, then by closeness: chat, ticket, call-back, e-mail. Exactly one that is
 * available is recommended, where one is.
 *
 * @param availability  what the server said just now; null when it cannot be asked
 * @param contact       how the visitor can be reached, as far as known
 */
export function channelOffers(
  availability: Availability | null,
  config: ChannelConfig,
  contact: Contact | null,
): ChannelOffer[] {
  const isOn = (channel: Channel) => !config.off?.includes(channel)
  const isOpen = availability?.open === true && availability.agentsOnline > 0
  const waitMs = isOpen ? availability.expectedWaitMs : null
  const offers: ChannelOffer[] = []
  const add = (channel: Channel, more: Partial<ChannelOffer> = {}) =>
    offers.push({
      channel,
      available: true,
      expectedWaitMs: null,
      opensAt: null,
      recommended: false,
      needsContact: null,
      ...more,
    })
  if (config.hasPeople) {
    if (isOn('live'))
      add('live', {
        available: isOpen,
        expectedWaitMs: waitMs,
        expectedRange: isOpen ? (availability.expectedRange ?? null) : null,
        opensAt: isOpen ? null : (availability?.opensAt ?? null),
        ...(availability === null && { isUnknown: true }),
      })
    const measured = availability?.ticketAnswer
    // Null: not measured yet, which is said. Undefined: a server that does not measure.
    const within = measured ? measured.usualMs : measured
    if (isOn('ticket'))
      add('ticket', {
        needsContact: contact?.email ? null : 'email',
        ...(within !== undefined && { answerWithinMs: within }),
      })
    if (config.hasCallBack && isOn('phone')) add('phone', { needsContact: contact?.phone ? null : 'phone' })
  }
  if (config.contactEmail && isOn('email')) add('email')

  const isLong = isLongWait(isOpen ? availability : null, config.maxWaitMs ?? DEFAULT_MAX_WAIT_MS)
  const open = offers.filter(offer => offer.available)
  const best = (isLong && open.find(offer => offer.channel !== 'live')) || open[0]
  const because =
    open.length === 1 ? 'onlyOne' : best?.channel === 'live' ? 'soonest' : isLong ? 'longWait' : 'nobodyThere'
  return best ? [{ ...best, recommended: true, because }, ...offers.filter(offer => offer !== best)] : offers
}

function isLongWait(availability: Availability | null, mostMs: number): boolean {
  const { expectedWaitMs = null, expectedRange = null, ticketAnswer } = availability ?? {}
  if (expectedWaitMs === null) return false
  // Who waits for a chat as long as a message takes may as well leave the message.
  if (ticketAnswer && ticketAnswer.medianMs <= expectedWaitMs) return true
  return expectedWaitMs > mostMs || (expectedRange?.highMs ?? 0) > mostMs * WORST_COUNTS
}

/** What was advised, by which measures and why, for the journal; null: there is nothing to advise. */
export function channelDecision(
  offers: readonly ChannelOffer[],
  availability: Availability | null,
): Pick<JournalEntry, 'kind' | 'inputs' | 'rule' | 'outcome' | 'reason'> | null {
  const best = offers.find(offer => offer.recommended)
  if (!best) return null
  const { open, agentsOnline, waiting, expectedWaitMs, expectedRange, ticketAnswer } = availability ?? {}
  const highMs = expectedRange?.highMs
  const known = { open, agentsOnline, waiting, expectedWaitMs, highMs, ticketMs: ticketAnswer?.medianMs }
  return {
    kind: 'channelRecommended',
    inputs: {
      roads: offers.filter(offer => offer.available).map(({ channel }) => channel),
      ...Object.fromEntries(Object.entries(known).filter(([, value]) => value != null)),
    },
    rule: CHANNEL_RULES,
    outcome: best.channel,
    reason: best.because ?? 'soonest',
  }
}

/** What of `contact` can be written to or called; null when nothing of it can. The wire's own rule. */
export function usableContact(contact: Contact | null | undefined): Contact | null {
  const email = contact?.email?.trim()
  const phone = contact?.phone?.trim()
  const isEmail = email !== undefined && email.length <= 254 && GIVEN_EMAIL.test(email)
  const isPhone = phone !== undefined && PHONE_PATTERN.test(phone)
  return isEmail || isPhone ? { ...(isEmail && { email }), ...(isPhone && { phone }) } : null
}
