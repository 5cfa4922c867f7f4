// The calls and pushes between browser, desk and server. The same shapes travel over a socket and over
// HTTP; only the carrier differs. Bodies are parsed by `parse.ts` at the door they come in by.

import type { AcceptedFiles, Attachment } from './attachments'
import type { ContestAbout } from './contest'
import type {
  CannedReply,
  DeliveryRow,
  DeskDetails,
  DeskPerson,
  DeskSettings,
  DisputeReport,
  PastConversation,
  SimilarTicket,
} from './deskRecords'
import type { AgentBody, Draft, StoredEvent, VisitorBody } from './events'
import type { PageFacts } from './facts'
import type { Phase } from './phase'
import type { Brief, DecisionReason, Hours, Priority, TicketStatus } from './records'
import type { ReviewedArticle, ReviewFigures, ReviewItem, Verdict } from './reviews'

/** Why a call was refused. `retry` says whether the same call can succeed later without a change. */
export type RefusalCode =
  | 'bad_request'
  | 'closed'
  | 'forbidden'
  | 'key_reused'
  | 'not_found'
  | 'rate_limited'
  | 'stale_assignment'
  | 'store_unavailable'
  | 'too_large'
  | 'unauthenticated'
  /** Of an upload only: the bytes are of no type that this server takes. */
  | 'unsupported_type'
  | 'version_unsupported'

export interface Refusal {
  readonly ok: false
  readonly code: RefusalCode
  readonly retry: boolean
  /** Milliseconds to wait before trying again. */
  readonly after?: number
  /** For developers, English. Never shown to a visitor. */
  readonly detail?: string
}

export type Reply<T> = ({ readonly ok: true } & T) | Refusal

export interface SendResult {
  readonly clientId: string
  readonly seq: number
  readonly at: number
  /** It was stored before, by an earlier call whose answer was lost. */
  readonly dup?: true
}

/** Milliseconds from now: eight waits in ten end within it. */
export interface ExpectedRange {
  readonly lowMs: number
  readonly highMs: number
}

/** Milliseconds from now until a ticket has its first answer, as tickets of late had it (D47). */
export interface TicketAnswer {
  readonly medianMs: number
  /** Four of five are answered within it. */
  readonly usualMs: number
}

/** Is somebody there, and for how long would one wait? */
export interface Availability {
  readonly open: boolean
  readonly agentsOnline: number
  readonly waiting: number
  /** Milliseconds, as likely less as more, for who comes now; null when there is no ground to judge by (D29). */
  readonly expectedWaitMs: number | null
  /** Null as `expectedWaitMs` is; absent from older servers. */
  readonly expectedRange?: ExpectedRange | null
  /** For who leaves a message now; null: not known yet. Absent from older servers. */
  readonly ticketAnswer?: TicketAnswer | null
  /** When the desk opens next, ms since 1970; null when open or unknown. */
  readonly opensAt: number | null
}

export interface SyncPage {
  readonly events: readonly StoredEvent[]
  /** Highest seq of the conversation at the time of reading. */
  readonly head: number
  /** One per database incarnation. Another one than yours: drop the cursor and read from 0. */
  readonly epoch: string
}

export interface VisitorCalls {
  /** Idempotent by (identity, openId). Makes the conversation with its brief as event 1. */
  open: {
    request: { readonly v: number; readonly openId: string; readonly brief: Brief }
    reply: { readonly conversationId: string; readonly epoch: string; readonly head: number }
  }
  /** Appends in order, all or none. Answered only after commit. */
  send: {
    request: {
      readonly v: number
      readonly conversationId: string
      readonly drafts: readonly Draft<VisitorBody>[]
    }
    reply: { readonly results: readonly SendResult[] }
  }
  /** Joins the conversation's live events first, then reads those after `after`, 200 at a time. */
  sync: {
    request: {
      readonly v: number
      readonly conversationId: string
      readonly after: number
      readonly epoch: string
    }
    reply: SyncPage
  }
  availability: { request: { readonly v: number }; reply: Availability }
  typing: { request: { readonly v: number; readonly conversationId: string }; reply: object }
  /** Those of the identities that ask, newest first, at most `MAX_PAST`. */
  conversations: {
    request: { readonly v: number }
    reply: { readonly conversations: readonly PastConversation[] }
  }
  /** Where the visitor is now, for the agent; the last one holds and none is an event. Masked as a brief's page is. */
  page: {
    request: { readonly v: number; readonly conversationId: string; readonly page: PageFacts }
    reply: object
  }
  /** F6. Short-lived addresses of files in this conversation, and what may be uploaded to it. */
  fileUrls: {
    request: {
      readonly v: number
      readonly conversationId: string
      readonly attachmentIds: readonly string[]
    }
    reply: FileUrls
  }
  /** V2. About what the site knows by `reference`, between those whom it names. One that is open already is answered. */
  openDispute: {
    request: { readonly v: number; readonly conversationId: string; readonly reference: string }
    reply: { readonly disputeId: string }
  }
}

/** What a mediator does to a dispute. */
export type MediatorAct =
  | { readonly kind: 'propose' | 'decide'; readonly outcome: string; readonly words: string }
  | { readonly kind: 'escalate' }

export interface FileUrls {
  /** Relative to the server. Of ids that are none of this conversation's there is none. */
  readonly urls: readonly { readonly attachmentId: string; readonly url: string }[]
  /** Milliseconds for which they hold, from the answer on. */
  readonly holdMs: number
  /** Null: nothing can be uploaded here (any more). */
  readonly accepts: AcceptedFiles | null
}

/** What `POST upload` is answered with; no call of a socket. */
export type UploadReply = Reply<{ readonly attachment: Attachment }>

/**
 * How one promise of a ticket stands (D45): `met` and `missed` are over, `breached` is late and lasts, `paused` waits for
 * the visitor.
 */
export interface TicketLevel {
  readonly state: 'ok' | 'warning' | 'breached' | 'met' | 'missed' | 'paused'
  /** ms since 1970; null: while it stands as it does now, never. */
  readonly dueAt: number | null
  /** From when on a desk is warned, while it runs: a reader gets from `ok` to `breached` by its own clock. */
  readonly warnAt?: number
}

/** Of what the site promises. */
export interface TicketLevels {
  readonly firstResponse?: TicketLevel
  readonly resolution?: TicketLevel
}

/** One row of the desk's list. Long texts are cut and end in `…`: the whole is in the conversation. */
export interface QueueRow {
  readonly conversationId: string
  readonly phase: Phase
  readonly assignment: number
  readonly agent: { readonly agentId: string; readonly name: string } | null
  readonly waitingSince: number | null
  readonly head: number
  readonly ticketNumber: number | null
  readonly visitorName: string
  readonly role: string
  readonly pageName: string
  readonly question: string
  readonly lastAt: number
  /** The host proved who it is by a signed token; false: only said so. Absent from older servers: unknown. */
  readonly isVerified?: boolean
  /** Absent from older servers, and of a priority that only a newer one knows: as `normal`. */
  readonly priority?: Priority
  /** How its ticket stands, while it is one. Absent from older servers, as the two that follow. */
  readonly ticketStatus?: TicketStatus
  /** Who answers for the ticket; cut like a name. */
  readonly ticketOwner?: { readonly agentId: string; readonly name: string }
  /** When the ticket was opened, server time in milliseconds. */
  readonly openedAt?: number
  /** What it is about, in the site's words; cut like a name. */
  readonly category?: string
  /** To whom it was transferred, where it waits for a team, in the queue or as a ticket; cut like a name. */
  readonly team?: string
  /** E4. The visitor objects to something, and nobody has answered yet: the oldest of `count`, and when that is due. */
  readonly contested?: { readonly about: ContestAbout; readonly dueAt: number; readonly count: number }
  /** D45. Of a ticket that something is promised for. Absent from older servers. */
  readonly levels?: TicketLevels
  /** D46. Of what waits: why it is one for the agent who asks, more than for anybody. */
  readonly fits?: { readonly reasons: readonly DecisionReason[] }
  /** D46. Of what waits, and tickets that nobody answers for: the best of those who are here. */
  readonly suggestedFor?: { readonly agentId: string; readonly name: string }
}

/** How many conversations each part of the desk's list has in all, with those that no row is there for. */
export interface DeskTotals {
  readonly mine: number
  readonly waiting: number
  readonly tickets: number
  readonly colleagues: number
  /** E4. With nobody (any more) and objected to, until that is answered; absent from older servers. */
  readonly contested?: number | undefined
  /** Within the last hour. */
  readonly ended: number
}

export interface DeskCalls {
  /** The parts in the order of `DeskTotals`, the most pressing rows of each, at most `MAX_DESK_ROWS` together. */
  queue: {
    request: { readonly v: number }
    reply: {
      readonly rows: readonly QueueRow[]
      readonly epoch: string
      /** Absent from older servers: the rows are all there are. */
      readonly totals?: DeskTotals
      /** D46. Which of those who wait this agent takes next; absent: nobody waits, or an older server. */
      readonly next?: string
    }
  }
  /** Compare-and-set: refused with `stale_assignment` when `expected` no longer holds. */
  claim: {
    request: { readonly v: number; readonly conversationId: string; readonly expected: number }
    reply: { readonly assignment: number }
  }
  /** Back to the queue, with its place. */
  release: {
    request: { readonly v: number; readonly conversationId: string; readonly expected: number }
    reply: { readonly assignment: number }
  }
  /** D28. Also of a live conversation and a ticket; the same priority again stores nothing. */
  setPriority: {
    request: { readonly v: number; readonly conversationId: string; readonly priority: Priority }
    reply: object
  }
  /** D42. What it is about, in the site's words: in the phases of `setPriority`; the same again stores nothing. */
  setCategory: {
    request: { readonly v: number; readonly conversationId: string; readonly category: string }
    reply: object
  }
  /** D43. Of who waits, or of the own live conversation: a ticket, which the agent who asks answers for. */
  openTicket: {
    request: {
      readonly v: number
      readonly conversationId: string
      readonly category?: string | undefined
      readonly priority?: Priority | undefined
    }
    reply: { readonly number: number }
  }
  send: {
    request: {
      readonly v: number
      readonly conversationId: string
      readonly drafts: readonly Draft<AgentBody>[]
    }
    reply: { readonly results: readonly SendResult[] }
  }
  sync: VisitorCalls['sync']
  typing: VisitorCalls['typing']
  details: {
    request: { readonly v: number; readonly conversationId: string }
    reply: { readonly details: DeskDetails }
  }
  /** The same `noteId` again changes nothing; with another text it is `key_reused`. */
  note: {
    request: {
      readonly v: number
      readonly conversationId: string
      readonly noteId: string
      readonly text: string
    }
    reply: { readonly at: number; readonly afterSeq: number }
  }
  /** Puts a label on, or takes it off. Saying it again changes nothing. */
  label: {
    request: {
      readonly v: number
      readonly conversationId: string
      readonly label: string
      readonly on: boolean
    }
    reply: { readonly labels: readonly string[] }
  }
  /** To a colleague or a team. Compare-and-set like `claim`; taking it back is a `claim`. */
  transfer: {
    request: {
      readonly v: number
      readonly conversationId: string
      readonly expected: number
      readonly to: { readonly agentId: string } | { readonly team: string }
    }
    reply: { readonly assignment: number }
  }
  /** Away: gets nothing new, and does not make the desk staffed. What they have they keep. */
  presence: { request: { readonly v: number; readonly state: 'here' | 'away' }; reply: object }
  people: { request: { readonly v: number }; reply: { readonly people: readonly DeskPerson[] } }
  replies: { request: { readonly v: number }; reply: { readonly replies: readonly CannedReply[] } }
  /** A lead's. `expected`: the revision that was edited, 0 for a new one; else `stale_assignment`. */
  saveReply: {
    request: {
      readonly v: number
      readonly replyId: string
      readonly expected: number
      readonly shortcut: string
      readonly title: string
      readonly text: string
    }
    reply: { readonly revision: number }
  }
  /** A lead's. */
  dropReply: {
    request: { readonly v: number; readonly replyId: string; readonly expected: number }
    reply: object
  }
  settings: { request: { readonly v: number }; reply: { readonly settings: DeskSettings } }
  /** A lead's. `null`: always open; `'file'`: those of the configuration file again. */
  saveHours: {
    request: { readonly v: number; readonly expected: number; readonly hours: Hours | null | 'file' }
    reply: { readonly revision: number }
  }
  fileUrls: VisitorCalls['fileUrls']
  /** E6. At most three, the most alike first. */
  similar: {
    request: { readonly v: number; readonly conversationId: string }
    reply: { readonly tickets: readonly SimilarTicket[] }
  }
  /** E6. What an agent did with one of them: `from`, in the conversation that it was shown beside. */
  usedSimilar: {
    request: {
      readonly v: number
      readonly conversationId: string
      readonly from: string
      readonly outcome: 'taken' | 'refused'
    }
    reply: object
  }
  /** V2. Of two visitors' conversations, under the site's words for the two sides, in this order. */
  openDispute: {
    request: {
      readonly v: number
      readonly conversationId: string
      readonly otherConversationId: string
      readonly reference: string
      readonly parties: readonly [string, string]
    }
    reply: { readonly disputeId: string }
  }
  /** The newest that this conversation is a side or the thread of. */
  dispute: {
    request: { readonly v: number; readonly conversationId: string }
    reply: { readonly dispute: DisputeReport | null }
  }
  /** V6, V7. Compare-and-set on the dispute's revision. */
  mediate: {
    request: {
      readonly v: number
      readonly disputeId: string
      readonly expected: number
      readonly act: MediatorAct
    }
    reply: { readonly revision: number }
  }
  /** A lead's. O15: what was given up, newest first, then what waits and was tried, or is late; and how many of each. */
  deliveries: {
    request: { readonly v: number }
    reply: { readonly rows: readonly DeliveryRow[]; readonly failed: number; readonly waiting: number }
  }
  /** A lead's. O15: at once, or no more. `stale_assignment`: it is not in that list any more, or is under way. */
  deliver: {
    request: { readonly v: number; readonly deliveryId: string; readonly act: 'retry' | 'giveUp' }
    reply: object
  }
  /** A lead's. R5: the next one to judge, or (`itemId`) one that this lead has seen; null: none is left. */
  reviews: {
    request: {
      readonly v: number
      /** Passed over for now. */
      readonly skipped?: readonly string[]
      readonly itemId?: string
    }
    reply: {
      readonly item: ReviewItem | null
      /** How many this lead can judge, those that were skipped among them. */
      readonly waiting: number
      readonly figures: ReviewFigures
      /** There is more to look through: ask again. */
      readonly isBehind: boolean
    }
  }
  /** A lead's. R4. `expected`: the revision that was read; else `stale_assignment`. */
  judge: {
    request: {
      readonly v: number
      readonly itemId: string
      readonly expected: number
      readonly verdict: Verdict
      /** Where the answer is; null: not said. */
      readonly article: ReviewedArticle | null
      readonly words: string
    }
    reply: { readonly revision: number }
  }
}

/** What a server says unasked. Each is a hint: losing one may delay, never lose. */
export interface Pushes {
  /** Freshly committed events of one conversation, in order. */
  events: { readonly conversationId: string; readonly epoch: string; readonly events: readonly StoredEvent[] }
  /** At least every 25 s for each joined conversation. Behind means: sync. */
  head: { readonly conversationId: string; readonly epoch: string; readonly head: number }
  /** Place in the queue (1 = next) and expected wait from now on, while queued. */
  place: {
    readonly conversationId: string
    readonly place: number
    readonly expectedWaitMs: number | null
    /** As in `Availability`. */
    readonly expectedRange?: ExpectedRange | null
  }
  typing: { readonly conversationId: string; readonly who: 'visitor' | 'agent' }
  /** The desk's list changed: ask again. */
  queueChanged: object
  /** Details of this conversation changed: ask again. To agents who have joined it. */
  detailsChanged: { readonly conversationId: string }
  /** Ready answers, settings or who is here changed: ask again. To all agents. */
  deskChanged: { readonly what: 'replies' | 'settings' | 'people' }
  /** To the visitor: whether the agent who has the conversation is there. */
  agentPresence: { readonly conversationId: string; readonly state: 'here' | 'away' | 'gone' }
  /** Sent before a planned stop: come back at a random moment within 3 s. */
  restart: object
}

export type PushName = keyof Pushes
