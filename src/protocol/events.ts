// Everything that changes what a conversation shows, as one envelope with a seq.

import type { Attachment } from './attachments'
import type { ContestAbout } from './contest'
import type { DisputeParty, DisputeStatement } from './dispute'
import type {
  Author,
  Brief,
  Channel,
  Citation,
  Contact,
  DecisionReason,
  Priority,
  TicketRecord,
  TriageRecord,
} from './records'

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
  | DisputeDraftBody

/** The visitor objects to what a machine did, and wants a person to look at it (E4). */
export interface ContestedBody {
  readonly type: 'contested'
  readonly about: ContestAbout
  readonly target?: string | number
  readonly words?: string
}

/** What a side of a dispute may ask to have appended to its own conversation. The other side reads none of these. */
export type DisputeDraftBody =
  /** Its side of it. Said again before it is shared: the last one counts (V3). */
  | { readonly type: 'disputeStated'; readonly disputeId: string; readonly text: string }
  | {
      readonly type: 'disputeAnswered'
      readonly disputeId: string
      readonly proposal: number
      readonly accepts: boolean
    }
  /** By who opened it, while it is being stated. */
  | { readonly type: 'disputeWithdrawn'; readonly disputeId: string }

/** What the server says of a dispute (V5): `you` of `disputeOpened` apart, alike in both conversations. */
export type DisputeBody =
  | {
      readonly type: 'disputeOpened'
      readonly disputeId: string
      /** Of the one ticket. */
      readonly number: number
      readonly reference: string
      /** Which side this conversation is; null: the mediator's thread. */
      readonly you: string | null
      /** Which side opened it; null: the desk. */
      readonly opener: string | null
      readonly parties: readonly DisputeParty[]
      readonly facts: Readonly<Record<string, string>>
      readonly respondBy: number
    }
  /** What both said, once both have or the time has passed; one more where a side speaks later. */
  | {
      readonly type: 'disputeShared'
      readonly disputeId: string
      readonly statements: readonly DisputeStatement[]
      readonly facts: Readonly<Record<string, string>>
      readonly decideBy: number
    }
  | {
      readonly type: 'disputeProposed'
      readonly disputeId: string
      readonly proposal: number
      readonly outcome: string
      readonly words: string
    }
  | { readonly type: 'disputeEscalated'; readonly disputeId: string; readonly cause: 'late' | 'asked' }
  | {
      readonly type: 'disputeDecided'
      readonly disputeId: string
      readonly cause: 'agreed' | 'decided'
      readonly outcome: string
      readonly words: string
    }
  | { readonly type: 'disputeClosed'; readonly disputeId: string; readonly cause: 'withdrawn' }
  /** In the mediator's thread alone: what a side did in its own conversation. */
  | {
      readonly type: 'disputeHeard'
      readonly disputeId: string
      readonly party: string
      readonly what: 'stated' | 'accepted' | 'declined'
    }

/** What an agent may ask to have appended. Claiming goes by `claim`, not by this. */
export type AgentBody =
  | MessageBody
  /** `category`: what it was about, in the site's words. */
  | {
      readonly type: 'ended'
      readonly by: 'agent'
      readonly category?: string
      /** As in `handoffReady`. */
      readonly erased?: true
    }
  | { readonly type: 'reopened'; readonly by: 'agent' }
  /** E4. To the event `contest`; the first answer counts. `changed`: the visitor was right. */
  | {
      readonly type: 'contestAnswered'
      readonly contest: number
      readonly outcome: 'upheld' | 'changed'
      readonly words: string
    }
  | { readonly type: 'marked'; readonly delivered: number; readonly read: number }

/** V12. `number`: under which people know the dispute. A kind of tomorrow is shown as no reason at all. */
export interface SolvedBecause {
  readonly kind: 'dispute'
  readonly disputeId: string
  readonly number: number
  readonly cause: 'agreed' | 'decided' | 'withdrawn'
}

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
  | {
      readonly type: 'prioritised'
      readonly priority: Priority
      /** Absent where an agent said it, and from older servers. */
      readonly reasons?: readonly DecisionReason[]
      readonly rule?: string
      /** As in `handoffReady`: its words were erased. */
      readonly erased?: true
    }
  /** What its words say of it when it first comes to people (D44). An agent's correction stands. */
  | ({ readonly type: 'triaged'; readonly erased?: true } & TriageRecord)
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
  | { readonly type: 'categorised'; readonly category: string; readonly erased?: true }
  /** By no person. `because`: what it follows from, in ids and codes; absent from older servers. */
  | { readonly type: 'ticketSolved'; readonly because?: SolvedBecause }
  | { readonly type: 'reopened' }
  | { readonly type: 'redacted'; readonly target: number }
  | DisputeBody

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
