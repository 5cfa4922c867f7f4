// What many opens and appends store together: each planned on what the ones before it leave behind, so that
// one read and one write of the database serve them all. Pure; the statements around it are `batchWriter`'s.

import {
  type AddedEvent,
  type KnownEvent,
  keyOf,
  knownEvent,
  type PlannedAppend,
  planAppend,
  planOpen,
} from './appending'
import type { NewDelivery } from './deliveries'
import type { StoredFile } from './files'
import type {
  AppendOutcome,
  AppendRequest,
  ConversationRow,
  HelpDeskStore,
  OpenRequest,
} from './helpDeskStore'

export type OpenOutcome = Awaited<ReturnType<HelpDeskStore['open']>>

/** A write that can share its statements with others. */
export type BatchWrite =
  | { readonly kind: 'open'; readonly request: OpenRequest }
  | { readonly kind: 'append'; readonly request: AppendRequest }

/** What the database says, read under lock or remembered. Not changed by planning: it may be planned on again. */
export interface BatchFacts {
  /** By conversation: those of the appends that exist. */
  readonly rows: ReadonlyMap<string, ConversationRow>
  /**
   * By conversation, then by `keyOf`: what is stored under the keys of the appends' drafts. Empty on a guess that
   * none is: then the unique index has the last word.
   */
  readonly known: ReadonlyMap<string, ReadonlyMap<string, KnownEvent>>
  /** By `openKey`: what the opens would make again (S1). */
  readonly opened: ReadonlyMap<string, ConversationRow>
  /** Reserved for tickets made here (S9). Too few: plan again with as many as `numbersTaken` says. */
  readonly numbers: readonly number[]
  /** By id: those that the drafts name. Absent where they name none, as nearly always. */
  readonly files?: ReadonlyMap<string, StoredFile>
}

export interface PlannedBatch {
  /** One for each write, in order; `threw` is what its `authorise` or `plan` threw. */
  readonly answers: readonly ({ readonly value: AppendOutcome | OpenOutcome } | { readonly threw: unknown })[]
  /** New conversations as they are after their first event. */
  readonly fresh: readonly FreshConversation[]
  readonly added: readonly AddedEvent[]
  /** By conversation: the row before the batch and after it. */
  readonly changed: ReadonlyMap<string, ChangedRow>
  readonly numbersTaken: number
  readonly filesTaken: readonly string[]
  /** S50. */
  readonly deliveries: readonly NewDelivery[]
}

export interface FreshConversation {
  readonly row: ConversationRow
  /**
   * The identity that a repeated open is found by (S1): the device's own, which stays when its visitor signs
   * in between two tries.
   */
  readonly opener: string
  readonly openId: string
}

export interface ChangedRow {
  readonly before: ConversationRow
  readonly row: ConversationRow
  readonly joined: PlannedAppend['joined']
}

export function openKey(identity: string, openId: string): string {
  return `${openId}\n${identity}`
}

const NO_KEYS: ReadonlyMap<string, KnownEvent> = new Map()

export function planBatch(writes: readonly BatchWrite[], facts: BatchFacts): PlannedBatch {
  const answers: PlannedBatch['answers'][number][] = []
  const fresh: PlannedBatch['fresh'][number][] = []
  const added: AddedEvent[] = []
  const changed = new Map<string, ChangedRow>()
  // What this batch adds lies over what the database said.
  const rows = new Map<string, ConversationRow>()
  const keys = new Map<string, Map<string, KnownEvent>>()
  const opened = new Map<string, ConversationRow>()
  let numbersTaken = 0
  const filesTaken: string[] = []
  const deliveries: NewDelivery[] = []

  function open(request: OpenRequest): OpenOutcome {
    for (const identity of request.identities) {
      const key = openKey(identity, request.openId)
      const there = opened.get(key) ?? facts.opened.get(key)
      if (there) return { row: there, created: false, events: [] }
    }
    const made = planOpen(request)
    const opener = request.identities[request.identities.length - 1] ?? made.row.owner
    fresh.push({ row: made.row, opener, openId: request.openId })
    added.push(made.added)
    opened.set(openKey(opener, request.openId), made.row)
    remember(made.row.conversationId, [made.added])
    rows.set(made.row.conversationId, made.row)
    return { row: made.row, created: true, events: [made.added.event] }
  }

  const findFile = (id: string) => (filesTaken.includes(id) ? undefined : facts.files?.get(id))

  function append(request: AppendRequest): AppendOutcome {
    const { conversationId } = request
    const row = rows.get(conversationId) ?? facts.rows.get(conversationId) ?? null
    const known = keys.get(conversationId) ?? facts.known.get(conversationId) ?? NO_KEYS
    const planned = planAppend(request, row, known, facts.numbers[numbersTaken] ?? 0, findFile)
    if (!planned.ok) return planned
    const { outcome } = planned
    if (planned.added.length === 0) return outcome
    // First: what throws adds nothing (S13).
    const toSend = request.deliveries?.(outcome.before, outcome.row, outcome.events) ?? []
    deliveries.push(...toSend)
    if (planned.takesNumber) numbersTaken++
    for (const id of planned.takesFiles) filesTaken.push(id)
    for (const one of planned.added) added.push(one)
    remember(conversationId, planned.added)
    rows.set(conversationId, outcome.row)
    const earlier = changed.get(conversationId)
    changed.set(conversationId, {
      before: earlier?.before ?? outcome.before,
      row: outcome.row,
      joined: planned.joined ?? earlier?.joined ?? null,
    })
    return outcome
  }

  function remember(conversationId: string, events: readonly AddedEvent[]) {
    let known = keys.get(conversationId)
    if (!known) {
      known = new Map(facts.known.get(conversationId))
      keys.set(conversationId, known)
    }
    for (const one of events) known.set(keyOf(one.sender, one.event.clientId), knownEvent(one))
  }

  for (const write of writes) {
    try {
      answers.push({ value: write.kind === 'open' ? open(write.request) : append(write.request) })
    } catch (threw) {
      // A rule that throws fails its own write only (S13): nothing of it was added yet.
      answers.push({ threw })
    }
  }
  return { answers, fresh, added, changed, numbersTaken, filesTaken, deliveries }
}

/** Nothing but `head` and `lastAt` differs: true for every message, which is nearly every write. */
export function onlyMoved({ before, row, joined }: ChangedRow): boolean {
  return (
    joined === null &&
    before.phase === row.phase &&
    before.assignment === row.assignment &&
    before.agent === row.agent &&
    before.ticket === row.ticket &&
    before.contact === row.contact &&
    before.waitStarted === row.waitStarted &&
    before.queuedAt === row.queuedAt &&
    before.priority === row.priority &&
    before.category === row.category &&
    before.visitorName === row.visitorName &&
    before.role === row.role &&
    before.pageName === row.pageName &&
    before.question === row.question
  )
}
