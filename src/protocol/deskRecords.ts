// What agents know of a conversation and of each other, beside its events: notes, labels, ready answers, who is here.
// Apart from `events.ts`, because none of it is the visitor's to read: what is in no event is in no visitor's `sync`.

import type { DisputePhase } from './dispute'
import type { PageFacts } from './facts'
import type { Phase } from './phase'
import type { Hours, Priority, TicketStatus } from './records'

export interface AgentRef {
  readonly agentId: string
  readonly name: string
}

/** O15. Mail or a webhook that waits or was given up, as leads see it. */
export interface DeliveryRow {
  readonly deliveryId: string
  readonly conversationId: string
  readonly road: 'mail' | 'webhook'
  readonly kind: string
  readonly state: 'waiting' | 'failed'
  /** An address of which one sign and the domain are there, or an endpoint's key; empty: nobody's any more. */
  readonly to: string
  readonly ticketNumber: number | null
  /** Of the last try, English, without words and addresses; empty: there was none, or none that failed. */
  readonly reason: string
  readonly attempts: number
  readonly createdAt: number
  /** Null: given up. */
  readonly nextAt: number | null
}

/** Words of an agent for other agents. */
export interface Note {
  /** Made once by its writer's desk; the same id again changes nothing. */
  readonly noteId: string
  /** Server time, milliseconds. */
  readonly at: number
  readonly by: AgentRef
  /** At most `MAX_MESSAGE_CHARS`; shown as Markdown. */
  readonly text: string
  /** It was written with the conversation at this seq: the thread shows it behind that event. */
  readonly afterSeq: number
}

/** Another conversation of the same visitor, as the list of them shows it. */
export interface PastConversation {
  readonly conversationId: string
  readonly phase: Phase
  readonly lastAt: number
  readonly head: number
  /** Cut, ends in `…` where it was. */
  readonly question: string
  readonly ticketNumber: number | null
  /** Who has it, or had it last; null: no person yet. */
  readonly agentName: string | null
  /** How its ticket stands; absent where it never was one, and from older servers. */
  readonly ticketStatus?: TicketStatus
  /** What the ticket is about, in the site's words; cut like a name. Absent as the status is. */
  readonly category?: string
  /** Of a list for agents alone (D28). */
  readonly priority?: Priority
}

/** What the desk shows beside a thread. */
export interface DeskDetails {
  /** Counts up with each change of notes and labels. */
  readonly revision: number
  /** Oldest first. */
  readonly notes: readonly Note[]
  readonly labels: readonly string[]
  /** Where the visitor is now; null: not told, or not any more. */
  readonly pageNow: { readonly page: PageFacts; readonly at: number } | null
  /** `gone`: no connection. `unknown`: never seen connected. */
  readonly visitor: { readonly state: 'here' | 'gone' | 'unknown'; readonly seenAt: number | null }
  /** Newest first, this one left out, at most `MAX_PAST`. */
  readonly earlier: readonly PastConversation[]
  /** To whom it was transferred, where that was a team. */
  readonly team: string | null
  /** O12. Letters that nobody got since the last that went out, newest first. Absent: none, or an older server. */
  readonly undelivered?: readonly UndeliveredMail[]
  /** O12. When an agent's answer last went out as a letter, server time. Absent: never, or an older server. */
  readonly mailedAt?: number
}

/** A letter to the visitor's own contact: where to is said there, and not here again. */
export interface UndeliveredMail {
  readonly kind: 'acknowledged' | 'answered' | 'solved'
  /** `refused`: by the address's own server, for good. `gaveUp`: no server took it in all the time there is. */
  readonly reason: 'refused' | 'gaveUp'
  /** When that was known, server time in milliseconds. */
  readonly at: number
}

export interface DisputeFacts {
  /** What both sides read. */
  readonly common: Readonly<Record<string, string>>
  /** The mediator's alone: who says what, in the order of the sides; null: says nothing of it. */
  readonly differing: readonly {
    readonly name: string
    readonly site: string | null
    readonly said: readonly [string | null, string | null]
  }[]
}

/** A dispute as its mediator reads it: both sides, and what neither of them reads. */
export interface DisputeReport {
  readonly disputeId: string
  /** Counts up with each change; `mediate` names the one that it was decided on. */
  readonly revision: number
  readonly number: number
  readonly reference: string
  readonly phase: DisputePhase
  /** Null: an agent opened it. */
  readonly opener: string | null
  readonly openedAt: number
  readonly respondBy: number
  readonly decideBy: number | null
  /** The mediator's own conversation. */
  readonly threadId: string
  readonly sides: readonly {
    readonly party: string
    readonly name: string
    readonly conversationId: string
    /** Also before it is shared. */
    readonly statement: string | null
    readonly isShared: boolean
    /** To the proposal; null: none yet. */
    readonly accepts: boolean | null
  }[]
  readonly facts: DisputeFacts
  readonly proposal: { readonly proposal: number; readonly outcome: string; readonly words: string } | null
  readonly escalation: 'late' | 'asked' | null
  readonly decision: {
    readonly cause: 'agreed' | 'decided'
    readonly outcome: string
    readonly words: string
  } | null
}

/** E6. A solved ticket that is like an open conversation, and what an agent answered there. */
export interface SimilarTicket {
  readonly conversationId: string
  readonly number: number
  /** As it was asked there, cut as the desk's list is. */
  readonly question: string
  readonly category: string
  readonly solvedAt: number
  /** The strongest first. Another kind than these is a newer server's. */
  readonly reasons: readonly {
    readonly kind: 'words' | 'category' | 'page'
    /** Of the open conversation's question. */
    readonly words?: readonly string[]
  }[]
  /** The last of an agent's there, masked and without its visitor's name. */
  readonly answer: { readonly text: string; readonly format: 'plain' | 'markdown'; readonly by: string }
}

/** Who could take a conversation. */
export interface DeskPerson extends AgentRef {
  readonly role: 'agent' | 'lead'
  readonly teams: readonly string[]
  /** Categories that they know; absent from older servers. */
  readonly skills?: readonly string[]
  /** BCP 47, what they speak; absent from older servers. */
  readonly languages?: readonly string[]
  /** `away`: said so themselves; gets nothing new. `gone`: no connection. */
  readonly state: 'here' | 'away' | 'gone'
  /** Live conversations just now. */
  readonly live: number
}

/** A ready answer: found by `/` and its shortcut. */
export interface CannedReply {
  readonly replyId: string
  /** Counts up with each change; 1 for a new one. */
  readonly revision: number
  /** What is typed behind the slash: small letters, digits and `-`. Unique. */
  readonly shortcut: string
  readonly title: string
  /** Markdown with variables: `{visitor.name}`, `{agent.name}`, `{ticket.number}`, `{page.name}`, `{slot.<name>}`. */
  readonly text: string
  readonly editedBy: AgentRef
  readonly editedAt: number
}

/** What leads set for all. */
export interface DeskSettings {
  /** Null: always open. */
  readonly hours: Hours | null
  /** Whether a lead set the hours here; else they are the configuration file's. */
  readonly hoursAreOwn: boolean
  readonly hoursRevision: number
  /** What a conversation may be ended as: the site's categories and those in use, at most 100. */
  readonly categories: readonly string[]
  /** Labels in use, most used first, at most 100. */
  readonly labels: readonly string[]
  readonly teams: readonly string[]
}
