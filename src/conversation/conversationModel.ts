// One conversation from the first question to the person's last word: one timeline, one phase.
// Before the handoff it owns phase, timeline, flow step, slots and draft; after it, phase and timeline are a
// fold of the server's events, and this model only shows them.

import type { ReadonlySignal } from '../base/signal'
import type { AnswerSource, BotTurn, Choice } from '../bot/botProvider'
import type { LinkState } from '../live/liveTransport'
import type { Phase } from '../protocol/phase'
import type { Author, Channel, Contact, EscalationReason, TicketRecord } from '../protocol/records'
import type { TimelineItem } from './timeline'

/** One road to a person, as offered. */
export interface ChannelOffer {
  readonly channel: Channel
  /** Can it be chosen now? If not, the text says why and until when. */
  readonly available: boolean
  /** Milliseconds from real recent waits; null when we do not know. */
  readonly expectedWaitMs: number | null
  /** ms since 1970, when it opens; null when open or unknown. */
  readonly opensAt: number | null
  readonly recommended: boolean
  /** A contact is asked for before it is chosen. */
  readonly needsContact: 'email' | 'phone' | null
}

export interface Offer {
  readonly reason: EscalationReason
  readonly channels: readonly ChannelOffer[]
  /** Asking the server who is there. */
  readonly checking: boolean
}

export interface ConversationModel {
  readonly phase: ReadonlySignal<Phase>
  readonly items: ReadonlySignal<readonly TimelineItem[]>
  /** Buttons under the bot's last words. */
  readonly choices: ReadonlySignal<readonly Choice[]>
  readonly expects: ReadonlySignal<BotTurn['expects'] | null>
  readonly consent: ReadonlySignal<BotTurn['consent'] | null>
  readonly isThinking: ReadonlySignal<boolean>
  readonly draft: ReadonlySignal<string>
  readonly offer: ReadonlySignal<Offer | null>
  readonly link: ReadonlySignal<LinkState>
  /** The link has been away for over 2 s while it is needed. */
  readonly isCutOff: ReadonlySignal<boolean>
  readonly agent: ReadonlySignal<{ readonly agentId: string; readonly name: string } | null>
  readonly isAgentTyping: ReadonlySignal<boolean>
  /** 1 = next; null when not queued or not known. */
  readonly place: ReadonlySignal<number | null>
  readonly expectedWaitMs: ReadonlySignal<number | null>
  readonly ticket: ReadonlySignal<TicketRecord | null>
  /** `memory`: storage is refused, closing loses unsent words, and the panel says so. */
  readonly keeping: ReadonlySignal<'stored' | 'memory'>
  /** Socket and HTTP are both out of reach: show the text to copy and an address to write to. */
  readonly isStranded: ReadonlySignal<boolean>
  /** Messages of others after the last one that was seen. */
  readonly unread: ReadonlySignal<number>

  setDraft(text: string): void
  /** Sends what is typed, to the bot or to the person, by phase. Nothing is lost when it fails. */
  send(text: string): Promise<void>
  choose(choiceId: string): Promise<void>
  answerConsent(granted: boolean): Promise<void>
  articleDidNotHelp(articleId: string, title: string): Promise<void>
  askForPerson(reason?: EscalationReason): Promise<void>
  chooseChannel(channel: Channel, contact?: Contact): Promise<void>
  stayWithBot(): void
  cancelWaiting(): Promise<void>
  giveContact(contact: Contact): Promise<void>
  end(): Promise<void>
  /** After `ended`: a fresh conversation with the bot. */
  askAgain(): void
  retry(key: string): void
  discard(key: string): void
  /** Whole conversation as plain text, each line with author and time. */
  transcript(): string
  /** The panel shows the timeline: everything in it has been seen. */
  seen(): void
  typing(): void
  dispose(): void
}

export type { AnswerSource, Author, TimelineItem }
