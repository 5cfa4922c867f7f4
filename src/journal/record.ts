// One schema for what happened and what was decided. A fact or decision, its inputs, the rule that made it, and
// why. The device's are off unless the site turns them on; the server's own decisions are always kept (J1). In the page
// inputs are as typed; the sender masks what it hands on.

/** What a page records: the receiver takes these and no others. A kind is never renamed: chains hold it for ever. */
export const DEVICE_KINDS = [
  'suggested',
  'articleOpened',
  'solved',
  'notSolved',
  'answered',
  'missed',
  'classified',
  'escalated',
  'channelChosen',
  'channelRecommended',
  'actionRun',
  'offered',
  'offerTaken',
  'offerDismissed',
  'contested',
  'disclosed',
] as const

/** All there are: what the server decides by itself comes from nowhere else. */
export const JOURNAL_KINDS = [
  ...DEVICE_KINDS,
  'prioritised',
  'triaged',
  'routed',
  'staffed',
  'timedOut',
  'serviceLevel',
  'contestAnswered',
  'mediated',
  'erased',
] as const

export type JournalKind = (typeof JOURNAL_KINDS)[number]

export type JournalValue = string | number | boolean | readonly string[]

/** What the server's own deciders hand to the store beside the event that their decision made. */
export interface JournalEntry {
  readonly kind: JournalKind
  /** At most 2 KiB as JSON. Masked as derived copies are, before it comes here. */
  readonly inputs: Readonly<Record<string, JournalValue>>
  /** Names of inputs that masking changed: from them nothing can be computed again. */
  readonly masked?: readonly string[]
  /** Version of the rule, flow, model or index that decided, e.g. `ranking@1`, `flow:withdrawal-delayed@3fa9`. */
  readonly rule: string
  /** What was decided, in the rule's own words: `high`, `waitedTooLong`. */
  readonly outcome?: string
  readonly reason: string
}

export interface JournalRecord extends JournalEntry {
  readonly id: string
  /** The device's clock, for display; the server's for its own. */
  readonly at: number
}
