// What is to leave the server, as the store keeps it: an outbox, written in the transaction of the events that cause
// it. Rows hold no address and no words: who sends reads both from the conversation at that moment, so that what was
// erased meanwhile is gone from here as well. What is sent, and how, is `server/outbound`'s to know.
//
// The rules, quoted by the contract suite:
//
// S50  What `AppendRequest.deliveries` returns is stored with the events, or not at all; under one id once.
// S51  Of several who claim, one gets a row for as long as its lease lasts; after it, another one may. A row that waits
//      for an earlier one of its conversation (`inTurn`) is not handed out before that one is done.
// S52  Only who holds the lease says what became of a row; what the lease's holder says too late changes nothing.
// S53  Erasing a conversation (S11) removes its rows, whatever their state.

/** `mail` goes to the visitor's address of that moment, `webhook` to the endpoint that `target` names. */
export type DeliveryRoad = 'mail' | 'webhook'

export const DELIVERY_ROADS = ['mail', 'webhook'] as const satisfies readonly DeliveryRoad[]

/** `dropped`: there was a reason not to send it. `failed`: it was given up. */
export type DeliveryState = 'waiting' | 'sent' | 'dropped' | 'failed'

export const DELIVERY_STATES = [
  'waiting',
  'sent',
  'dropped',
  'failed',
] as const satisfies readonly DeliveryState[]

export interface NewDelivery {
  /** `<conversationId>.<seq>.<kind>`, and of a webhook its target behind it: the same event asks for it once, for ever. */
  readonly id: string
  readonly conversationId: string
  /** Of the event that causes it. */
  readonly seq: number
  readonly road: DeliveryRoad
  readonly kind: string
  /** An endpoint's key; null for mail. */
  readonly target: string | null
  /** Facts as they were when it happened, JSON: no words, no address. Null where nothing needs keeping. */
  readonly facts: string | null
  readonly createdAt: number
  readonly dueAt: number
}

export interface ClaimedDelivery extends NewDelivery {
  /** Tries so far, this one among them. */
  readonly attempts: number
}

export interface FailedDelivery extends Pick<NewDelivery, 'id' | 'conversationId' | 'road' | 'kind'> {
  readonly attempts: number
  readonly doneAt: number
  /** A sentence without words of anybody and without addresses. */
  readonly problem: string
}

/** One that waits, or was given up. */
export interface OpenDelivery
  extends Pick<NewDelivery, 'id' | 'conversationId' | 'road' | 'kind' | 'target' | 'createdAt' | 'dueAt'> {
  readonly state: 'waiting' | 'failed'
  readonly attempts: number
  readonly problem: string
}

/** What became of a letter; `kind` is the sender's word for it. */
export interface SettledMail {
  readonly kind: string
  readonly state: 'sent' | 'failed'
  readonly doneAt: number
  /** As a failed delivery's; '' where it was sent. */
  readonly problem: string
}

export interface ClaimRequest {
  /** Of this claim alone; names its rows in `finishDelivery`. */
  readonly lease: string
  /** What this node can send. */
  readonly roads: readonly DeliveryRoad[]
  /** Of these alone. Default: whatever their target is. */
  readonly targets?: readonly string[]
  /** Of all but these. */
  readonly otherTargets?: readonly string[]
  readonly now: number
  readonly until: number
  readonly limit: number
}

/** What became of a claimed row. */
export type DeliveryOutcome =
  | {
      readonly state: 'sent'
      readonly at: number
      /** Waiting ones of its kind and conversation up to this seq were said with it. */
      readonly upTo?: number
    }
  | { readonly state: 'dropped' | 'failed'; readonly at: number; readonly problem: string }
  /** Once more, at `dueAt`. `attempts`: as many as are counted from then on. */
  | {
      readonly state: 'waiting'
      readonly dueAt: number
      readonly attempts: number
      readonly problem: string | null
    }

/** The part of `HelpDeskStore` that is about what leaves the server. */
export interface DeliveryRows {
  /** S51. Due ones, the longest due first. */
  claimDeliveries(request: ClaimRequest): Promise<readonly ClaimedDelivery[]>
  /**
   * Before something goes to an address: how many rows of this kind have been sent to it since, or are on their way.
   * From now on this row is one of them. `addressKey` is a keyed hash, never the address.
   */
  countTowards(
    delivery: { readonly id: string; readonly lease: string },
    addressKey: string,
    since: number,
  ): Promise<number>
  /** S52. False: somebody else has it by now, or it was erased. */
  finishDelivery(id: string, lease: string, outcome: DeliveryOutcome): Promise<boolean>
  /** Waiting ones that were made too long ago to be worth a try are given up, some hundred at a time. */
  giveUpDeliveries(
    which: Pick<ClaimRequest, 'roads' | 'targets' | 'otherTargets'> & {
      readonly createdBefore: number
      readonly at: number
    },
  ): Promise<void>
  /** How many of a kind have been sent since, to whomever. */
  countSent(kind: string, since: number): Promise<number>
  /** How many rows there are of each state. */
  countDeliveries(): Promise<Readonly<Record<DeliveryState, number>>>
  /** When the oldest that waits was made, by road; absent: none waits. */
  oldestDeliveries(): Promise<Readonly<Partial<Record<DeliveryRoad, number>>>>
  /** Given up, newest first. */
  failedDeliveries(limit: number): Promise<readonly FailedDelivery[]>
  /** Given up, newest first, then those that wait, the longest due first: at most `limit` of each. */
  openDeliveries(limit: number): Promise<readonly OpenDelivery[]>
  /** At once, and tries counted anew. False: it is neither waiting nor given up, or under way. */
  retryDelivery(id: string, at: number): Promise<boolean>
  /** Never again. False as of `retryDelivery`. */
  dropDelivery(id: string, at: number): Promise<boolean>
  /** What became of a conversation's letters, newest first: those that were sent or given up. */
  settledMail(conversationId: string, limit: number): Promise<readonly SettledMail[]>
  /** Done before: those rows go. Their events stay, and ask for them no second time. */
  forgetDeliveries(doneBefore: number): Promise<void>
}
