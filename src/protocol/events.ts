// Everything that changes what a conversation shows, as one envelope with a seq.

import type { Attachment } from './attachments'
import type { ContestAbout } from './contest'
import type { Author, Brief, Channel, Citation, Contact, Priority, TicketRecord } from './records'

export interface MessageBody {
  readonly type: 'message'
  /** At most 4 000 characters. */
  readonly text: string
  /** Agents write Markdown; everything else is text and shown as text. */
  readonly format: 'plain' | 'markdown'
  readonly citations?: readonly Citation[]
  /**
   * At most 10, in the order in which they were chosen (F3). `text` is never empty: where nothing was typed it is the
   * names (`namesOf`), for pages from before there were files.
   */
  readonly attachments?: readonly Attachment[]
  /** Of an agent's message: a machine suggested it, and the agent sent it as it was or barely changed (E2). */
  readonly draftedBy?: 'machine'
  /**
   * P3. Of a visitor's draft alone: they took the masking of this message back, and the server leaves it as typed. Never
   * stored. From a page of before there was this, words are masked again.
   */
  readonly unmasked?: true
}

/** What a visitor's device may ask to have appended. */
export type VisitorBody =
  | MessageBody
  /** All earlier turns are in: put the conversation in the queue, or make it a ticket. */
  | {
      readonly type: 'handoffReady'
      readonly channel: Channel
      readonly contact?: Contact
      /** Set by the store alone: it had a contact, which was erased since. */
      readonly erased?: true
    }
  | { readonly type: 'cancelled' }
  | { readonly type: 'contactGiven'; readonly contact: Contact }
  | { readonly type: 'ended'; readonly by: 'visitor' }
  /** Of a ticket that was solved: it is not (D41). */
  | { readonly type: 'reopened'; readonly by: 'visitor' }
  | { readonly type: 'marked'; readonly delivered: number; readonly read: number }
  /** How it was. The last one counts; a score of null says that the visitor would rather not be asked. */
  | {
      readonly type: 'rated'
      readonly score: 1 | 2 | 3 | 4 | 5 | null
      readonly comment?: string
      /** Set by the store alone: it had a comment, which was erased since. */
      readonly erased?: true
    }
  | ContestedBody

/** The visitor objects to what a machine did, and wants a person to look at it (E4). */
export interface ContestedBody {
  readonly type: 'contested'
  readonly about: ContestAbout
  readonly target?: string | number
  readonly words?: string
}

/** What an agent may ask to have appended. Claiming goes by `claim`, not by this. */
export type AgentBody =
  | MessageBody
  /** `category`: what it was about, in the site's words. */
  | { readonly type: 'ended'; readonly by: 'agent'; readonly category?: string }
  | { readonly type: 'reopened'; readonly by: 'agent' }
  /** E4. To the event `contest`; the first answer counts. `changed`: the visitor was right. */
  | {
      readonly type: 'contestAnswered'
      readonly contest: number
      readonly outcome: 'upheld' | 'changed'
      readonly words: string
    }
  | { readonly type: 'marked'; readonly delivered: number; readonly read: number }

/** What only the server appends. */
export type ServerBody =
  | { readonly type: 'opened'; readonly brief: Brief }
  | {
      readonly type: 'assigned'
      /** Counts up by one with each change; a claim or a bot reply names the one it expects. */
      readonly assignment: number
      readonly agent: { readonly agentId: string; readonly name: string } | null
      /** `transferred`: by one agent to another, or (with nobody as `agent`) to a team. */
      readonly cause: 'claimed' | 'handedOn' | 'agentLost' | 'transferred'
      readonly team?: string
      /** Of a transfer: who did it. That is not always who had the conversation: a lead moves those of others, too. */
      readonly by?: { readonly agentId: string; readonly name: string }
    }
  /** How pressing it is from here on (D28): by the site's rules, or by an agent. Shown to agents alone. */
  | { readonly type: 'prioritised'; readonly priority: Priority }
  | { readonly type: 'nobodyNow' }
  | {
      readonly type: 'ticketOpened'
      readonly ticket: TicketRecord
      readonly cause: 'chosen' | 'nobodyThere' | 'waitedTooLong' | 'visitorGone' | 'followUp'
      /** As in `handoffReady`. */
      readonly erased?: true
    }
  /** Who answers for the ticket from here on; null: nobody. It makes nothing live (D39). */
  | {
      readonly type: 'owned'
      readonly agent: { readonly agentId: string; readonly name: string } | null
    }
  /** What it is about from here on, in the site's words, as an agent says it (D42). */
  | { readonly type: 'categorised'; readonly category: string }
  | { readonly type: 'ticketSolved' }
  | { readonly type: 'reopened' }
  | { readonly type: 'redacted'; readonly target: number }

export type EventBody = VisitorBody | AgentBody | ServerBody

/** A stored event. Immutable; ordered by `seq` and by nothing else. */
export interface StoredEvent {
  readonly conversationId: string
  /** 1, 2, 3 … without gaps, given in the transaction that inserts. */
  readonly seq: number
  /** Chosen by its sender; unique (conversation, sender, clientId) for ever. */
  readonly clientId: string
  /** Server time, milliseconds, never going back within a conversation. */
  readonly at: number
  readonly author: Author
  /** `device`: reported by the visitor's device (earlier bot turns); no proof of what the site promised. */
  readonly origin?: 'device'
  /** When the device says it was said; for display only. */
  readonly saidAt?: number
  readonly body: EventBody
}

/** What a sender hands in. The server adds seq, at and author. */
export interface Draft<Body extends EventBody = VisitorBody | AgentBody> {
  readonly clientId: string
  /** A visitor's device reports its bot's turns as `bot`. Agents and visitors speak as themselves. */
  readonly as?: 'bot'
  readonly saidAt?: number
  readonly origin?: 'device'
  /** Refused with `stale_assignment` when another assignment holds by then. */
  readonly expectedAssignment?: number
  readonly body: Body
}
