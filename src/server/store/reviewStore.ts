// The review queue as a store keeps it. Its rules are those of PROTOCOL.md, R1 to R7; the contract suite quotes them.
// A row holds no words of a visitor's: what is to be judged is read from the conversation, or the journal, each time.

import type { AgentRef } from '../../protocol/deskRecords'
import type { ReviewedArticle, ReviewKind, ReviewStratum, Verdict } from '../../protocol/reviews'
import type { ConversationRow, StoreRefusal } from './helpDeskStore'

/** Where an item is read. */
export type ReviewPlace =
  /** `seq` of the first event of the answer. */
  { readonly conversationId: string; readonly seq: number } | { readonly journalPosition: number }

/** Something that was taken, and how likely that was. */
export interface OfferedReview {
  readonly itemId: string
  readonly kind: ReviewKind
  readonly stratum: ReviewStratum
  readonly place: ReviewPlace
  readonly at: number
  readonly week: number
  /** Of CERTAIN. */
  readonly draw: number
  readonly chance: number
  /** Whose answer it is, where it is an agent's: never asked for theirs (R5). */
  readonly agentId: string | null
}

export interface ReviewRow extends OfferedReview {
  /** 0: nobody has judged it. */
  readonly revision: number
  readonly judgement: Judgement | null
}

export interface Judgement {
  readonly verdict: Verdict
  readonly article: ReviewedArticle | null
  readonly words: string
  readonly by: AgentRef
  readonly at: number
}

/** How far what there is has been looked through. */
export interface ReviewCursor {
  /** Conversations that ended: the last one's moment and id. */
  readonly lastAt: number
  readonly conversationId: string
  readonly journalPosition: number
}

export interface ReviewStore {
  /** Null: never looked. */
  reviewCursor(): Promise<ReviewCursor | null>
  /** Conversations that ended after `after` and not after `until`, in the order of the cursor. */
  endedAfter(
    after: Pick<ReviewCursor, 'lastAt' | 'conversationId'>,
    until: number,
    limit: number,
  ): Promise<readonly ConversationRow[]>
  /**
   * R1, R2. An item that is there already changes nothing, but where it is looked at more closely now: then it moves,
   * with its verdict. `weekly` of a stratum and week stay; of those that were judged and are over it the chance is 0.
   * The cursor never goes back.
   */
  offerReviews(items: readonly OfferedReview[], weekly: number, cursor: ReviewCursor): Promise<void>
  /** Those of this week and later. */
  reviewsSince(week: number): Promise<readonly ReviewRow[]>
  review(itemId: string): Promise<ReviewRow | null>
  /** It cannot be read any more. Nothing happens where it was judged. */
  dropReview(itemId: string): Promise<void>
  /** R4. */
  judge(judged: {
    readonly itemId: string
    readonly expected: number
    readonly judgement: Judgement
  }): Promise<{ readonly ok: true; readonly revision: number } | StoreRefusal>
  /** All that were judged, by id. */
  judgedReviews(after: string, limit: number): Promise<readonly ReviewRow[]>
}
