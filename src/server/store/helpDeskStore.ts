// Where the help desk's truth lives: conversations, their events, agents, presence, the journal.
// A seam for whoever writes another store. Knows no socket, no HTTP and no rule of who may do what:
// callers hand such rules in as `authorise` and `plan`, and the store runs them inside its transaction.
//
// The rules, quoted by the contract suite in `testing/contracts/storeContract`:
//
// S1   `open` is idempotent by (any of the caller's identities, openId): the second call returns the first's row.
// S2   An append stores all of its events or none, in one transaction, with seqs 1, 2, 3 … without gaps.
// S3   Unique (conversation, sender, clientId), for ever. The same key again stores nothing and returns the
//      first result with `dup`; with another body it is refused with `key_reused`. What was erased of a body
//      is not compared.
// S4   Two calls at once never share a seq (a transaction and a row lock, or one writer).
// S5   `authorise` is asked for every append, `plan` only for drafts that are new, both with the row as it is
//      inside the transaction: a compare-and-set written in `plan` has no window. They may run more than once.
// S6   A promise resolves only after the commit is durable, and rejects with `store_unavailable` when it cannot
//      tell whether it was. The caller repeats, and S1 or S3 makes that safe.
// S7   `at` never goes back within a conversation, whatever the clock says.
// S8   The row (phase, assignment, agent, waits, priority, head, ticket, contact, lastAt) is the fold of the events,
//      updated in the same transaction.
// S9   A `ticketOpened` gets its number here: from 1001, never twice, kept by a conversation that has one. One that comes
//      with a number keeps it: that of another conversation's ticket, of which this one is a side too (V2).
// S10  `read` returns the events after a seq, in order, at most `limit`, with the head of the same moment.
// S11  `erase` takes the words and contacts out and leaves every seq: an erased event reads as `redacted`,
//      one that the fold needs without its contact, and without the words a decision was made on, as `erased`.
// S12  The epoch is made with the database and survives reopening it; `newEpoch` is for a restored backup.
// S13  One bad write does not fail the others that were committed with it.
// S14  A sign-in link is used once; a used or late one is nobody's.
// S15  A database newer than the code is refused with a sentence, untouched.
// S16  `deskList` and `queue` read one moment: a conversation that moves meanwhile is in one group, not in two or
//      none. The queue's order is that of `byTurn` in server/queue, on all nodes: by the first moment of the wait less
//      the head start of the priority, then by the code units of the id.
// S17  to S25: what agents know beside the events, in `deskRecordStore`.
// S26  Unique (conversation, sender, uploadId). A file that was finished is found again, one that was not is replaced;
//      of two at once under one key one finishes. A file that is `used` or `ready` never changes.
// S27  A message names files of its own conversation only, which its sender uploaded, which no other message has, and
//      as the server described them: else the whole append is refused with `bad_request`. Checked for drafts that are
//      new, in the transaction that stores them and makes the files `used`.
// S28  Erasing a conversation (S11) takes its files away at once: nobody reads them, `filesToRemove` names them until
//      `forgetFiles`. So it does those that no message has after their time. One whose upload may still be under way
//      is named a second time when it cannot be any more: a node that stops in between leaves bytes after the first.
// S29  `fileKey` is made once with the database, and is the same for all nodes and after reopening.
// S30  to S34: the journal and its chains, in `journalStore`.
// S35  Skills and languages of an agent are kept, in all nodes' `people`, until they are given others; of an account by
//      `setSkills` alone, of an agent whom the host verifies as `agentSeen` says them.
// S50 to S53: what is to leave the server, in `deliveries`.

import type { JournalEntry } from '../../journal/record'
import type { EventBody, StoredEvent } from '../../protocol/events'
import type { Phase } from '../../protocol/phase'
import type { Author, Brief, Contact, Priority, TicketRecord } from '../../protocol/records'
import type { RefusalCode, SendResult } from '../../protocol/wire'
import type { Join } from '../expectedWait'
import type { TicketWait } from '../ticketWaits'
import type { DeliveryRows, NewDelivery } from './deliveries'
import type { DeskRecordStore, OpenContest } from './deskRecordStore'
import type { DisputeStore } from './disputeStore'
import type { FileRows } from './files'
import type { JournalStore } from './journalStore'
import type { PrivacyRows } from './personRows'
import type { ReviewStore } from './reviewStore'

/** A conversation as the fold of its events, with its owner. */
export interface ConversationRow {
  readonly conversationId: string
  /** `anon:<hash>` or `user:<id>`. */
  readonly owner: string
  /** The anonymous identity that opened it, once a signed-in one has claimed it. May still read and write. */
  readonly claimedFrom: string | null
  /** Counts up when a reader proves that the store lost a tail; part of the epoch that readers see. */
  readonly generation: number
  readonly head: number
  readonly lastAt: number
  readonly phase: Phase
  readonly assignment: number
  readonly agent: { readonly agentId: string; readonly name: string } | null
  readonly ticket: TicketRecord | null
  readonly contact: Contact | null
  /** Place in the queue is by this: the first moment of this wait, kept while an agent is with the visitor. */
  readonly waitStarted: number | null
  /** When it last came into the queue; waiting too long counts from here. Null when not queued. */
  readonly queuedAt: number | null
  /** Null: nobody has said one; as `normal`. */
  readonly priority: Priority | null
  readonly category: string
  readonly visitorName: string
  readonly role: string
  readonly pageName: string
  readonly question: string
  /** What the visitor reads, BCP 47; empty: not known. */
  readonly locale: string
}

/** An event before it has a seq. */
export interface NewEvent {
  /** `visitor`, `agent:<id>` or `system`: stable for ever, also when a conversation is claimed. */
  readonly sender: string
  readonly clientId: string
  readonly author: Author
  readonly origin?: 'device'
  readonly saidAt?: number
  readonly expectedAssignment?: number
  readonly body: EventBody
  /** S30. What was decided that this event came of, or was decided by it. */
  readonly journal?: readonly JournalEntry[]
}

export interface StoreRefusal {
  readonly ok: false
  readonly code: RefusalCode
}

export interface AppendRequest {
  readonly conversationId: string
  /** Server time, milliseconds; the store uses a later one where S7 asks for it. */
  readonly at: number
  readonly drafts: readonly NewEvent[]
  /** Is the caller a member? A code refuses everything. */
  authorise(row: ConversationRow): RefusalCode | null
  /**
   * What to store for a draft that is new: usually the draft alone, or with events before and after it.
   * The list must hold the draft itself, or a copy with a `journal`. A code refuses the whole append.
   */
  plan(row: ConversationRow, draft: NewEvent): readonly NewEvent[] | RefusalCode
  /** S50. What is to leave the server because of what is stored now. Pure; may run more than once. */
  deliveries?(
    before: ConversationRow,
    row: ConversationRow,
    events: readonly StoredEvent[],
  ): readonly NewDelivery[]
}

export type AppendOutcome =
  | {
      readonly ok: true
      /** One for each draft, in order. */
      readonly results: readonly SendResult[]
      /** What was stored now, including what `plan` added. Empty when all were known. */
      readonly events: readonly StoredEvent[]
      readonly before: ConversationRow
      readonly row: ConversationRow
    }
  | StoreRefusal

export interface OpenRequest {
  /** The caller's identities; the first becomes the owner, the last is the device's own. */
  readonly identities: readonly [string, ...string[]]
  readonly openId: string
  /** Taken when a new conversation is made. */
  readonly conversationId: string
  readonly at: number
  readonly author: Author
  readonly brief: Brief
}

export interface Agent {
  readonly agentId: string
  readonly name: string
  readonly roles: readonly string[]
  /** Null: this agent signs in by link only. */
  readonly passwordHash: string | null
  /** Whose conversations this agent takes. */
  readonly teams?: readonly string[]
  /** Categories that this agent knows. */
  readonly skills?: readonly string[]
  /** BCP 47. */
  readonly languages?: readonly string[]
}

export interface Presence {
  readonly identity: string
  /** Connected to some node that has shown life lately. */
  readonly online: boolean
  readonly seenAt: number
}

/** What the queue's order and the expected wait ask of a row. */
export type QueuedConversation = Pick<ConversationRow, 'conversationId' | 'priority' | 'queuedAt'>

export interface DeskListRequest {
  /** Whose live conversations and tickets are wanted, all of them. */
  readonly agentIds: readonly string[]
  /** Conversations that ended before are not listed. */
  readonly endedSince: number
  /** Rows of a group; thousands may wait, and nobody looks at more than some hundred. */
  readonly atMost: number
}

/** The first rows of a group in its order, and how many it has in all. */
export interface DeskGroup {
  readonly rows: readonly ConversationRow[]
  readonly total: number
}

export interface DeskList {
  /** Live and with one of `agentIds`, or a ticket that one of them answers for: all, newest words first. */
  readonly held: readonly ConversationRow[]
  /** Next first. */
  readonly queued: DeskGroup
  /** Lowest number first. */
  readonly ticketed: DeskGroup
  /** With whomever, also those in `held`: newest words first. */
  readonly live: DeskGroup
  /** Newest first, without those in `contested`. */
  readonly ended: DeskGroup
  /** S30. With nobody at the desk (any more), and with an open objection, whose timer goes on: the oldest objection first. */
  readonly contested: DeskGroup
  /** S30. Open objections of all these rows by conversation, the oldest first; conversations without one are left out. */
  readonly contests: ReadonlyMap<string, readonly OpenContest[]>
}

export interface HelpDeskStore
  extends DeskRecordStore,
    FileRows,
    JournalStore,
    DeliveryRows,
    DisputeStore,
    ReviewStore,
    PrivacyRows {
  /**
   * The database's clock, milliseconds since 1970: what several nodes agree on. Absent where the database runs
   * inside the process and has no other clock.
   */
  now?(): Promise<number>

  /** S12. */
  epoch(): Promise<string>
  newEpoch(epoch: string): Promise<void>

  /** S1. `created` is false when the conversation was there. */
  open(
    request: OpenRequest,
  ): Promise<{ row: ConversationRow; created: boolean; events: readonly StoredEvent[] }>
  /** S2-S9. */
  append(request: AppendRequest): Promise<AppendOutcome>
  conversation(conversationId: string): Promise<ConversationRow | null>
  /** S10. Null: no such conversation. */
  read(
    conversationId: string,
    after: number,
    limit: number,
  ): Promise<{ events: readonly StoredEvent[]; row: ConversationRow } | null>
  /** Rows of those that exist, for head beacons. */
  heads(
    conversationIds: readonly string[],
  ): Promise<readonly { conversationId: string; head: number; generation: number }[]>
  /** S16. What the desk lists. */
  deskList(request: DeskListRequest): Promise<DeskList>
  /** S16. All who wait, next first. */
  queue(): Promise<readonly QueuedConversation[]>
  /** How many wait, and since when the one who waits longest does; null: nobody. */
  countQueued(): Promise<{ readonly count: number; readonly since: number | null }>
  /** Tickets that are not over, by their status. */
  countTickets(): Promise<Readonly<Record<string, number>>>
  /** Of tickets that were opened since, the newest: how long each waited for its first answer. Those of disputes are no wait. */
  ticketWaits(since: number, limit: number): Promise<readonly TicketWait[]>
  /** Queued rows: what time alone may turn into tickets. A busy desk has thousands of live ones beside them. */
  queued(): Promise<readonly ConversationRow[]>
  /** Ids of agents who have a live conversation. */
  agentsTalking(): Promise<readonly string[]>
  /** The live rows of these agents. */
  talkingWith(agentIds: readonly string[]): Promise<readonly ConversationRow[]>
  /** Another text whenever something has changed that `deskList` would show to anybody, and else the same. */
  deskMark(endedSince: number): Promise<string>
  /** The newest waits that ended with an agent joining at or after `since`, newest first; one a conversation. */
  recentJoins(since: number, limit: number): Promise<readonly Join[]>
  /** The owner changes from `from` to `to`; nothing happens when `from` is not the owner (any more). */
  claimOwner(conversationId: string, from: string, to: string): Promise<void>
  /** A reader was ahead of the head: the tail is lost, readers must start again. Only if `generation` still holds. */
  bumpGeneration(conversationId: string, generation: number): Promise<void>
  /** S11, S33. `at`: now, which the journal's entry says. */
  erase(conversationId: string, at: number): Promise<void>

  /** A connection of this identity at this node came or went, or (`connected` false) called over HTTP. */
  setPresence(entry: { identity: string; node: string; connected: boolean; at: number }): Promise<void>
  /** This node lives: all it holds connected has been seen at `at`. Entries older than `forgetBefore` go. */
  beat(node: string, at: number, forgetBefore: number): Promise<void>
  /** `aliveSince`: a node silent for longer is dead, and its connections with it. */
  presence(identities: readonly string[], aliveSince: number): Promise<readonly Presence[]>
  /** How many agents are connected somewhere and not away (S23). */
  agentsOnline(aliveSince: number): Promise<number>

  /** Rejects with `server_shape` when the name is taken. */
  addAgent(agent: Agent): Promise<void>
  /** Ends the agent's sessions as well: whoever got in by the former password is out. */
  setPassword(agentId: string, passwordHash: string): Promise<void>
  /** Instead of those the account had. */
  setTeams(agentId: string, teams: readonly string[]): Promise<void>
  /** S35. Instead of those the account had; what is left out stays. */
  setSkills(
    agentId: string,
    change: { readonly skills?: readonly string[]; readonly languages?: readonly string[] },
  ): Promise<void>
  /** Account, sessions and links go; what the agent wrote keeps the name. Nothing happens when there is none. */
  removeAgent(agentId: string): Promise<void>
  agents(): Promise<readonly Agent[]>
  agentByName(name: string): Promise<Agent | null>
  addLink(link: { tokenHash: string; agentId: string; expiresAt: number }): Promise<void>
  /** S14. */
  takeLink(tokenHash: string, now: number): Promise<Agent | null>
  addSession(session: { tokenHash: string; agentId: string; expiresAt: number }): Promise<void>
  sessionAgent(tokenHash: string, now: number): Promise<Agent | null>
  dropSession(tokenHash: string): Promise<void>

  /** Waits for what is under way, then closes. Later calls reject with `store_unavailable`. */
  close(): Promise<void>
}
