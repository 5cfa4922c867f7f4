// The part of the help desk's store that holds the journal and its chains. A seam; the SQL is in `chainRows`.
//
// S30  A decision that comes with an event (`NewEvent.journal`) is stored and chained in the transaction of that event:
//      both or neither. A draft that is known already brings nothing a second time.
// S31  Entries of a chain are 1, 2, 3 … and each is linked to the one before it (J4); two nodes never share a place.
// S32  A record id is stored once, whatever chain it comes to; a record that is there is passed over.
// S33  `erase` takes body and salt of all entries of a conversation's chain and leaves the rest; an entry of the kind
//      `erased` says up to where. The chain still verifies. So does `eraseChain`.
// S34  `seal` covers every head that moved since the root before, and no other; of two nodes one makes it. Nothing
//      moved: no root.

import type { JournalRecord } from '../../journal/record'
import type { ChainEntry, Head, RootStatement, SignedRoot } from '../journalChain'

export interface RootKey {
  readonly id: string
  /** SPKI in DER, base64. */
  readonly publicKey: string
  readonly since: number
}

export interface SealRequest {
  readonly at: number
  /** The last UTC day that is over, or today's. */
  readonly day: string
  /**
   * What every node asks for when a day is over, milliseconds: nothing is made where a root of `day` or a later one is
   * there, or where nothing from before this moment is uncovered.
   */
  readonly ofBefore?: number
  readonly key: Omit<RootKey, 'since'>
  /** Ed25519 over the text of the statement, base64. */
  sign(statement: RootStatement): string
}

/** A chain's end, with how far a root covers it; 0: not yet. */
export interface ChainHead extends Head {
  readonly at: number
  readonly sealedN: number
}

export interface JournalStore {
  /**
   * S32. What a device recorded. With a conversation, which must be there and be the caller's, into its chain; else
   * into that of the day. null: what the server's own rules said beside all events.
   */
  addJournal(
    records: readonly JournalRecord[],
    receivedAt: number,
    conversationId?: string | null,
    origin?: 'device' | null,
  ): Promise<void>
  /** Records that are not erased, in the order in which they came; `after` is a position read before. */
  journal(
    after: number,
    limit: number,
  ): Promise<readonly { position: number; receivedAt: number; record: JournalRecord }[]>
  /** The record at one place, if it is still there. Waits for nobody who writes. */
  journalAt(position: number): Promise<{ receivedAt: number; record: JournalRecord } | null>

  /** Entries of one chain after a place, in order. */
  chain(chain: string, after: number, limit: number): Promise<readonly ChainEntry[]>
  /** Heads in the order of their chains' ids. */
  chainHeads(after: string, limit: number): Promise<readonly ChainHead[]>
  /** Chains that have entries, head or none, in the order of their ids. */
  chainIds(after: string, limit: number): Promise<readonly string[]>
  /** Ids of conversations, in order. */
  conversationIds(after: string, limit: number): Promise<readonly string[]>
  /** Events of up to this moment were stored before there was a journal; -1: none. */
  journalSince(): Promise<number>
  /** S33. Nothing happens where there is nothing left. */
  eraseChain(chain: string, at: number): Promise<void>

  /** S34. Null: nothing moved, or the day has its root. */
  seal(request: SealRequest): Promise<SignedRoot | null>
  /** When the oldest entry came that no root covers; null: all are covered. */
  unsealedSince(): Promise<number | null>
  /** In order of `n`. */
  roots(after: number, limit: number): Promise<readonly SignedRoot[]>
  rootHeads(n: number): Promise<readonly Head[]>
  rootKeys(): Promise<readonly RootKey[]>

  /** What a rule decides by, under the hash of its canonical JSON. The same again changes nothing. */
  keepRuleFile(file: { hash: string; name: string; content: string; at: number }): Promise<void>
  ruleFile(hash: string): Promise<{ readonly name: string; readonly content: string } | null>
}
