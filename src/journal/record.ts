// One schema for what happened and what was decided. A fact or decision, its inputs (redacted), the rule that
// made it, and why. Off unless the site turns it on.

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

export interface JournalRecord {
  readonly id: string
  readonly kind: JournalKind
  /** The device's clock, for display. */
  readonly at: number
  /** Redacted; at most 2 KiB as JSON. */
  readonly inputs: Readonly<Record<string, string | number | boolean | readonly string[]>>
  /** Version of the rule, flow, model or index that decided, e.g. `ranking@1`, `flow:withdrawal-delayed@3fa9`. */
  readonly rule: string
  readonly reason: string
}
