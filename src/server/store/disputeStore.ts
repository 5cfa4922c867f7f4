// Disputes as a store keeps them: one row with its revision, and which conversations belong to it. Its rules go on from
// those in PROTOCOL.md.
//
// V9   A dispute changes by compare-and-set on its revision, which counts up by one with each change.
// V10  Of one key there is one open dispute: whoever adds a second one is answered with the first, whatever its id. Once
//      it is over, or a side of it was erased, the key is free for a next one.
// V11  Erasing a side's conversation takes its words and its name out of the dispute, and out of what was told of it in
//      the others' conversations, which are of another generation from then on. That it spoke stays. A change that was
//      made on the dispute from before is refused.
//      With its second side the dispute goes, and what its thread holds is erased and over.

import type { DisputeState } from '../disputeRules'

export interface StoredDispute {
  readonly revision: number
  /** How far each side's conversation was read; the rest may hold words of its own to the dispute. */
  readonly heard: readonly [number, number]
  /** Something of `told` may not stand in its conversations yet. */
  readonly isUntold: boolean
  readonly state: DisputeState
}

export interface DisputeStore {
  /** V10. With revision 1, untold. */
  addDispute(
    key: string,
    state: DisputeState,
    dueAt: number | null,
  ): Promise<{ readonly disputeId: string; readonly isNew: boolean }>
  /** V10. Null: none is open. */
  openDisputeOf(key: string): Promise<string | null>
  dispute(disputeId: string): Promise<StoredDispute | null>
  /** Of which this conversation is a side or the thread, newest first. */
  disputesWith(conversationId: string): Promise<readonly StoredDispute[]>
  /** V9. False: another revision holds by now. Null as `dueAt`: time changes nothing; `isOver` frees the key. */
  saveDispute(change: {
    readonly expected: number
    readonly state: DisputeState
    readonly dueAt: number | null
    readonly isOver: boolean
  }): Promise<boolean>
  /** All of `told` up to this revision stands. Changes no revision. */
  disputeTold(disputeId: string, revision: number): Promise<void>
  disputeHeard(disputeId: string, heard: readonly [number, number]): Promise<void>
  /**
   * Open ones whose time has come, oldest first, those that are untold, and those whose sides said something that was
   * not read: at most `limit` of each, so that none of these keeps the others waiting.
   *
   * @param except  those that cannot be moved just now
   */
  disputesToLookAt(at: number, limit: number, except?: readonly string[]): Promise<readonly string[]>
}
