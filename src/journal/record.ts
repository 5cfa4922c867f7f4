// One schema for what happened and what was decided. A fact or decision, its inputs, the rule that made it, and
// why. Off unless the site turns it on. In the page inputs are as typed; the sender masks what it hands on.

export type JournalKind =
  | 'suggested'
  | 'articleOpened'
  | 'solved'
  | 'notSolved'
  | 'answered'
  | 'missed'
  | 'classified'
  | 'escalated'
  | 'channelChosen'
  | 'actionRun'
  | 'offered'
  | 'offerTaken'
  | 'offerDismissed'

export interface JournalRecord {
  readonly id: string
  readonly kind: JournalKind
  /** The device's clock, for display. */
  readonly at: number
  /** At most 2 KiB as JSON. Masked when it leaves the page. */
  readonly inputs: Readonly<Record<string, string | number | boolean | readonly string[]>>
  /** Version of the rule, flow, model or index that decided, e.g. `ranking@1`, `flow:withdrawal-delayed@3fa9`. */
  readonly rule: string
  readonly reason: string
}
