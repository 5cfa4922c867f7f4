// What agents know beside the events, as a store keeps it: notes, labels, where the visitor is, ready answers, hours
// set at the desk, who is at it. Its rules go on from `helpDeskStore`. None of it is an event, so that no way by which
// a visitor reads events leads to it.
//
// S17  A note is stored once for (conversation, noteId): the same again stores nothing and returns the first result,
//      with another text it is `key_reused`. One over `most`, or over `mostBytes` of text, is `too_large`.
// S18  A label is on a conversation once or not at all; saying it again changes nothing. One over `most` is `too_large`.
// S19  `revision` of a conversation counts up by one with each change of its notes and labels, and with nothing else.
// S20  Where the visitor is stands for the conversation's owner while it is queued, live or ticketed, the latest alone.
//      It goes in the transaction in which the conversation leaves those phases.
// S21  The team of a conversation is that of its last `transferred` event, none after one to a person; it is written
//      with the event, and goes when the conversation leaves queued, live and ticketed.
// S22  Ready answers and settings change by compare-and-set on their revision, else `stale_assignment`; the very change
//      that was made last, said again, is answered as it was. A shortcut that another answer has is `key_reused`.
// S23  Who is away is not counted by `agentsOnline`. Being away belongs to the agent, not to a connection: it outlives
//      them, on all nodes, until the agent is said to be here.
// S24  `erase` takes the words of notes, the labels, the category, the role, and where the visitor is. A note that was erased stays out of
//      sight, and its id stays taken.
// S30  Open objections of a conversation are those of its events that no later event answers, in the transaction of the
//      last of these; erasing takes them away. They hold no words.
// S36  Solved tickets are those that ended, the newest first; one that was erased, or opened again, is none.
// S25  The marks of `deskMarks` change with ready answers, with settings and the labels in use, with people, and else
//      not: a label that is used elsewhere too changes none.

import type { Contest } from '../../protocol/contest'
import type { AgentRef, CannedReply, DeskPerson, Note } from '../../protocol/deskRecords'
import type { PageFacts } from '../../protocol/facts'
import type { Hours } from '../../protocol/records'
import type { ConversationRow, StoreRefusal } from './helpDeskStore'

/** What stands beside the events of one conversation. */
export interface DeskRecord {
  readonly revision: number
  /** Oldest first. */
  readonly notes: readonly Note[]
  /** In the order in which they were put on. */
  readonly labels: readonly string[]
  readonly pageNow: { readonly page: PageFacts; readonly at: number } | null
  readonly team: string | null
}

export interface NewNote {
  readonly conversationId: string
  readonly noteId: string
  readonly at: number
  readonly by: AgentRef
  readonly text: string
  readonly most: number
  readonly mostBytes: number
}

export interface LabelChange {
  readonly conversationId: string
  readonly label: string
  readonly on: boolean
  readonly at: number
  readonly most: number
}

/** A conversation of somebody, with the agent who has it or had it last. */
export interface OwnedConversation {
  readonly row: ConversationRow
  readonly agentName: string | null
}

export interface SavedReply extends Omit<CannedReply, 'revision'> {
  /** The revision that was edited, 0 for a new one. */
  readonly expected: number
  readonly most: number
  readonly mostBytes: number
}

/** Hours as leads set them; null in `hours` with `isOwn`: always open. */
export interface OwnHours {
  readonly revision: number
  readonly isOwn: boolean
  readonly hours: Hours | null
}

export interface SeenAgent extends AgentRef {
  readonly role: DeskPerson['role']
  readonly teams: readonly string[]
  /** As the host says them; of an account they are not taken from here (S35). */
  readonly skills?: readonly string[]
  readonly languages?: readonly string[]
  readonly at: number
}

/** Somebody who could take a conversation, as the store knows it. */
export interface StoredPerson extends AgentRef {
  readonly role: DeskPerson['role']
  readonly teams: readonly string[]
  readonly skills: readonly string[]
  readonly languages: readonly string[]
  readonly away: boolean
  /** Connected to some node that has shown life lately. */
  readonly online: boolean
  /** Live conversations just now. */
  readonly live: number
}

export interface DeskMarks {
  readonly replies: string
  readonly settings: string
  readonly people: string
}

/** An objection that nobody has answered. */
export type OpenContest = Pick<Contest, 'seq' | 'at' | 'about'>

export interface DeskRecordStore {
  /** S17, S19. */
  addNote(
    note: NewNote,
  ): Promise<
    | { readonly ok: true; readonly at: number; readonly afterSeq: number; readonly isNew: boolean }
    | StoreRefusal
  >
  /** S18, S19. */
  setLabel(
    change: LabelChange,
  ): Promise<
    { readonly ok: true; readonly labels: readonly string[]; readonly isNew: boolean } | StoreRefusal
  >
  /** S20. `closed` in another phase, `forbidden` for who is not the owner. */
  setPageNow(told: {
    readonly conversationId: string
    readonly identities: readonly string[]
    readonly page: PageFacts
    readonly at: number
  }): Promise<{ readonly ok: true } | StoreRefusal>
  /** Of a conversation that nothing was said about: empty. */
  deskRecord(conversationId: string): Promise<DeskRecord>
  /** Conversations whose record changed at or after `since`, each with another text after each change. */
  recordsChanged(
    since: number,
  ): Promise<readonly { readonly conversationId: string; readonly mark: string }[]>
  /** Of these owners, and with `claimedFrom` those that somebody claimed from them, newest first. */
  conversationsOf(wanted: {
    readonly owners: readonly string[]
    readonly claimedFrom?: readonly string[]
    readonly limit: number
  }): Promise<readonly OwnedConversation[]>
  /** Tickets that are solved, S36: the newest first, of one category or of all. */
  solvedTickets(wanted: {
    readonly category?: string
    readonly limit: number
  }): Promise<readonly ConversationRow[]>
  /** S21. Of those who wait, and of tickets. */
  waitingTeams(): Promise<ReadonlyMap<string, string>>
  /** S30. The oldest first. */
  openContests(conversationId: string): Promise<readonly OpenContest[]>

  /** By shortcut. */
  cannedReplies(): Promise<readonly CannedReply[]>
  /** S22. `too_large`: there are `most` already, or `mostBytes` of them. */
  saveReply(reply: SavedReply): Promise<{ readonly ok: true; readonly revision: number } | StoreRefusal>
  /** S22. One that is not there (any more) is dropped already. */
  dropReply(replyId: string, expected: number): Promise<{ readonly ok: true } | StoreRefusal>
  ownHours(): Promise<OwnHours>
  /** S22. */
  saveHours(
    expected: number,
    hours: Hours | null | 'file',
  ): Promise<{ readonly ok: true; readonly revision: number } | StoreRefusal>
  /** Most used first. */
  labelsInUse(limit: number): Promise<readonly string[]>
  /**
   * What agents said that it was about, of conversations that ended last; most used first. What a brief says is no
   * category of the desk's: its words are the visitor's, and every agent reads this list.
   */
  categoriesInUse(limit: number): Promise<readonly string[]>

  /** An agent is at the desk, under this name. */
  agentSeen(agent: SeenAgent): Promise<void>
  /** S23. The agent is there to say so. */
  setAway(agent: SeenAgent, away: boolean): Promise<void>
  /** Accounts, and whoever was at the desk since `seenSince`; by name. */
  people(aliveSince: number, seenSince: number): Promise<readonly StoredPerson[]>
  /** S25. */
  deskMarks(): Promise<DeskMarks>
}
