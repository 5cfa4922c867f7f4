// Disputes as the server runs them: one row is the truth, and what people read are events in three conversations that
// are made of it. A crash between the two is repaired: whatever the row says is told again until it stands, under ids
// that store it once. What a side says comes by its own conversation's `send`, so that it has all promises of a message.
// What becomes of it is `disputeRules`'; who the two sides are says the host or an agent, never a page.

import type { Clock } from '../base/environment'
import { AskletError } from '../base/errors'
import { isDisputeDraft, isDisputeOver } from '../protocol/dispute'
import type { DisputeDraftBody } from '../protocol/events'
import { MAX_PARTY_CHARS, SYNC_PAGE } from '../protocol/limits'
import type { Brief, TicketRecord } from '../protocol/records'
import type { RefusalCode, Reply } from '../protocol/wire'
import type { DeskSession, Log, Push } from './conversations'
import type { DeskAnswers, VisitorAnswers } from './deskRecords'
import { commonFacts, type HostFacts, plainFacts, type SaidFacts } from './disputeFacts'
import {
  begun,
  type DisputeState,
  type DisputeTerms,
  decidedBy,
  dueAt,
  escalatedByTime,
  eventsFor,
  handedUp,
  heard,
  isToShare,
  type Mediator,
  type NewSide,
  openedDispute,
  proposed,
  reportOf,
  type Side,
  shared,
  solvedWith,
  toldPlan,
} from './disputeRules'
import { idProblem, isStorable } from './identityForm'
import { agentRole, authorise } from './membership'
import { type Plan, systemEvent } from './plans'
import { refusal } from './refusals'
import type { StoredDispute } from './store/disputeStore'
import type { ConversationRow, HelpDeskStore, NewEvent } from './store/helpDeskStore'
import { VERIFY_WITHIN_MS, within } from './visitorIdentity'

/** One side, as the host names it. */
export interface HostParty {
  /** The site's word for this side: `client`. At most 40 characters. */
  readonly party: string
  /** The host's own id of this visitor, as its tokens prove it. */
  readonly visitorId: string
  /** As the other side may read it. */
  readonly name?: string
}

export interface HostDispute {
  /** Exactly two; the one who asks is one of them. */
  readonly parties: readonly [HostParty, HostParty]
  /** What both sides may take as given; at most 20, texts of at most 300 characters. */
  readonly facts?: HostFacts
}

export interface DisputeSeam {
  /**
   * Between whom there may be a dispute about `reference`, asked when a signed-in visitor wants to open one. Null: about
   * this there is none to open, or not for this visitor. Given up after 5 s.
   */
  parties(reference: string, visitorId: string): HostDispute | null | Promise<HostDispute | null>
}

export interface DisputesOptions {
  readonly store: HelpDeskStore
  readonly clock: Clock
  now(): number
  push(push: Push): void
  randomId(): string
  /** In the server's own name. */
  append(conversationId: string, drafts: readonly NewEvent[], plan: Plan): Promise<{ readonly ok: boolean }>
  readonly terms: DisputeTerms
  /** Facts of the page that are compared at all. */
  readonly factNames: readonly string[]
  /** Absent: visitors open none; the desk may still link two conversations. */
  readonly seam?: DisputeSeam | undefined
  readonly log: Log
}

export interface Disputes {
  readonly visitor: VisitorAnswers<'openDispute'>
  readonly desk: DeskAnswers<'openDispute' | 'dispute' | 'mediate'>
  /** This conversation holds new words to its dispute. */
  said(conversationId: string): Promise<void>
  /** What time alone changes, and what a crash left untold. */
  sweep(): Promise<void>
}

const HOUR_MS = 3_600_000
export const DEFAULT_DISPUTE_TERMS: DisputeTerms = {
  respondWithinMs: 72 * HOUR_MS,
  decideWithinMs: 120 * HOUR_MS,
}
const MAX_LOOKED_AT = 50
/** One that cannot be moved is tried again after so long, doubled each time: fifty of them must not be all that is seen. */
const FIRST_REST_MS = 15_000
const LONGEST_REST_MS = 10 * 60_000
const FORGET_STUCK_MS = 60 * 60_000
const MAX_STUCK = 500
/** Of changes that collide: each try but the last found somebody else's done. */
const TRIES = 5
/** An identity that no token and no secret makes: nobody but the desk reads the thread. */
const threadOwner = (disputeId: string) => `dispute:${disputeId}`
/** By a build whose disputes did not say of a side that it was erased; or a thread, by its age. */
const NOBODY = 'erased:'
export const isThreadOwner = (owner: string) => owner.startsWith('dispute:')

interface Opening {
  readonly key: string
  readonly reference: string
  readonly opener: Side | null
  readonly sides: readonly [OpeningSide, OpeningSide]
  readonly facts: SaidFacts
}

/** A side's conversation, or whose one is to be made. */
type OpeningSide = { readonly party: string; readonly name?: string } & (
  | { readonly row: ConversationRow }
  | { readonly visitorId: string }
)

export function createDisputes(options: DisputesOptions): Disputes {
  const { store, clock, now, push, randomId, append, terms, factNames, seam, log } = options

  /** Those that could not be moved, and when each is tried again. This node's own: another one may fare better. */
  const stuck = new Map<string, { readonly failures: number; readonly nextAt: number }>()

  // ---- opening

  /** The row first, with the ids of conversations that are still to be made: whoever comes second finds it. */
  async function open({
    key,
    reference,
    opener,
    sides,
    facts,
  }: Opening): Promise<Reply<{ disputeId: string }>> {
    const visitorOf = (side: OpeningSide) => ('row' in side ? null : side.visitorId)
    const state = openedDispute(
      {
        disputeId: randomId(),
        number: 0,
        reference,
        at: now(),
        opener,
        threadId: randomId(),
        sides: [newSide(sides[0]), newSide(sides[1])],
        hostFacts: facts,
        toMake: [visitorOf(sides[0]), visitorOf(sides[1])],
      },
      terms,
    )
    const { disputeId, isNew } = await store.addDispute(key, state, dueAt(state))
    if (isNew) log({ level: 'info', event: 'disputeOpened', dispute: disputeId })
    return told(disputeId)
  }

  function newSide(side: OpeningSide): NewSide {
    const named = { party: side.party, ...(side.name && { name: side.name }) }
    if (!('row' in side)) return { ...named, conversationId: randomId(), head: 0 }
    const { conversationId, head } = side.row
    return { ...named, conversationId, head }
  }

  async function told(disputeId: string): Promise<Reply<{ disputeId: string }>> {
    await advance(disputeId)
    return { ok: true, disputeId }
  }

  /** Each step is found done when it is repeated: its ids stand in the row. */
  async function withConversations(state: DisputeState): Promise<DisputeState> {
    const { disputeId, threadId, sides, toMake } = state
    const rows: ConversationRow[] = []
    for (const [n, side] of sides.entries()) {
      const visitorId = toMake?.[n] ?? null
      const row =
        visitorId === null
          ? await store.conversation(side.conversationId)
          : await made(`user:${visitorId}`, side.conversationId, state, side)
      if (row) rows.push(row)
    }
    const thread = await made(threadOwner(disputeId), threadId, state)
    const number = rows.find(({ ticket }) => ticket !== null)?.ticket?.number ?? 0
    await append(thread.conversationId, [ticketFor(disputeId, number)], (_row, draft) => [draft])
    const { ticket } = (await store.conversation(thread.conversationId)) ?? thread
    return begun(state, ticket?.number ?? number)
  }

  /** Erased while its conversations were made: what stands there by now is nobody's. */
  async function unmake({ disputeId, sides, threadId }: DisputeState): Promise<void> {
    const now = (await store.dispute(disputeId))?.state
    const conversationIds = [
      ...sides.flatMap(({ conversationId }, n) =>
        !now || now.sides[n as Side].isErased ? [conversationId] : [],
      ),
      ...(now ? [] : [threadId]),
    ]
    if (conversationIds.length > 0)
      await store.erasePerson({ identities: [], conversationIds }, options.now())
  }

  async function made(
    identity: string,
    conversationId: string,
    { disputeId, reference }: DisputeState,
    side?: { readonly party: string; readonly name?: string },
  ): Promise<ConversationRow> {
    const { row } = await store.open({
      identities: [identity],
      openId: openIdOf(disputeId),
      conversationId,
      at: now(),
      author: side ? { kind: 'visitor', ...(side.name && { name: side.name }) } : { kind: 'system' },
      brief: briefOf(reference, side),
    })
    return row
  }

  // ---- going on

  /** Reads what its sides said, lets time do its part, saves, and tells what is new. */
  async function advance(disputeId: string): Promise<void> {
    for (let n = 0; n < TRIES; n++) {
      const stored = await store.dispute(disputeId)
      if (!stored) return
      const { state, revision } = stored
      if (state.toMake) {
        let isSaved = false
        try {
          isSaved = await save(revision, await withConversations(state))
        } finally {
          if (!isSaved) await unmake(state)
        }
        continue
      }
      const { next, heardTo } = await movedOn(stored)
      if (next !== state && !(await save(revision, next))) continue
      await store.disputeHeard(disputeId, heardTo)
      if (next !== state || stored.isUntold) await tell(next, next === state ? revision : revision + 1)
      return
    }
    // Others were quicker each time; the sweep comes by again.
  }

  async function movedOn(stored: StoredDispute) {
    let next = stored.state
    const heardTo: [number, number] = [stored.heard[0], stored.heard[1]]
    if (isDisputeOver(next.phase)) return { next, heardTo }
    for (const side of [0, 1] as const) {
      const { conversationId } = next.sides[side]
      for (;;) {
        const page = await store.read(conversationId, heardTo[side], SYNC_PAGE)
        if (!page) break
        for (const { seq, body, author } of page.events)
          if (author.kind === 'visitor' && isDisputeDraft(body)) next = relevant(next, side, seq, body)
        const last = page.events.at(-1)?.seq ?? page.row.head
        heardTo[side] = Math.max(heardTo[side], last)
        if (last >= page.row.head) break
      }
    }
    const at = now()
    if (isToShare(next, at)) next = shared(next, at, await factsOf(next), terms)
    return { next: escalatedByTime(next, at), heardTo }
  }

  /** The same state where nothing but the cursor would change: a revision that moved for nothing stops a mediator. */
  function relevant(state: DisputeState, side: Side, seq: number, body: DisputeDraftBody): DisputeState {
    const after = heard(state, side, { seq, body })
    const isSame =
      after.told === state.told &&
      after.proposal === state.proposal &&
      after.phase === state.phase &&
      after.sides[side].statement === state.sides[side].statement
    return isSame ? state : after
  }

  async function factsOf(state: DisputeState) {
    const host = state.facts.common
    const said = await Promise.all(state.sides.map(({ conversationId }) => pageData(conversationId)))
    return commonFacts({ host, pages: [said[0] ?? {}, said[1] ?? {}], names: factNames })
  }

  async function pageData(conversationId: string): Promise<SaidFacts> {
    if (factNames.length === 0) return {}
    const [record, page] = await Promise.all([
      store.deskRecord(conversationId),
      store.read(conversationId, 0, 1),
    ])
    const opened = page?.events[0]?.body
    return record.pageNow?.page.data ?? (opened?.type === 'opened' ? opened.brief.page.data : {})
  }

  const save = (expected: number, state: DisputeState) =>
    store.saveDispute({ expected, state, dueAt: dueAt(state), isOver: isDisputeOver(state.phase) })

  /** The thread last: when it stands there, it stands with both sides. */
  async function tell(state: DisputeState, revision: number): Promise<void> {
    const { disputeId, number, threadId } = state
    let isTold = true
    for (const where of [0, 1, 'thread'] as const) {
      const conversationId = where === 'thread' ? threadId : state.sides[where].conversationId
      // V11: nothing more is told to who was erased.
      if (where !== 'thread' && state.sides[where].isErased) continue
      const row = await store.conversation(conversationId)
      if (!row || row.owner.startsWith(NOBODY)) continue
      // Who erases a side changes the dispute and makes each of its conversations another incarnation: looked at in this
      // order, no word of theirs comes after it. Whoever has changed it since tells all that is to be told.
      if ((await store.dispute(disputeId))?.revision !== revision) return
      // Who has asked for nobody yet is in no agent's sight: the dispute's ticket is theirs, too.
      const isHidden = row.phase === 'bot' || row.phase === 'offered'
      const solved = solvedWith(state)
      const drafts = [
        ...(isHidden && !row.ticket ? [ticketFor(disputeId, number)] : []),
        ...eventsFor(state, where),
        ...(solved ? [solved] : []),
      ]
      const plan = toldPlan(state, where)
      const outcome = await append(conversationId, drafts, (current, draft) =>
        current.generation === row.generation ? plan(current, draft) : 'stale_assignment',
      )
      isTold &&= outcome.ok
      push({ name: 'detailsChanged', to: { conversationId, side: 'agent' }, payload: { conversationId } })
    }
    if (isTold) await store.disputeTold(disputeId, revision)
    else log({ level: 'warn', event: 'disputeNotTold', dispute: disputeId })
  }

  async function mediated(
    { agentId, roles }: DeskSession,
    disputeId: string,
    expected: number,
    act: (state: DisputeState, by: Mediator) => DisputeState | RefusalCode,
  ): Promise<Reply<{ revision: number }>> {
    // What a side has just said, and what the time has just done, come first: nobody decides on less.
    await advance(disputeId)
    const stored = await store.dispute(disputeId)
    if (!stored) return refusal('not_found')
    if (stored.revision !== expected)
      return refusal('stale_assignment', 'the dispute has changed since: read it again')
    const next = act(stored.state, { agentId, isLead: agentRole(roles) === 'lead' })
    if (typeof next === 'string')
      return refusal(next, next === 'forbidden' ? 'it was handed up: a lead decides it' : undefined)
    if (!(await save(expected, next)))
      return refusal('stale_assignment', 'the dispute has changed since: read it again')
    await tell(next, expected + 1)
    log({ level: 'info', event: 'disputeMoved', dispute: disputeId, phase: next.phase })
    return { ok: true, revision: expected + 1 }
  }

  return {
    async said(conversationId) {
      for (const { state } of await store.disputesWith(conversationId))
        if (!isDisputeOver(state.phase)) await advance(state.disputeId)
    },

    async sweep() {
      const at = now()
      for (const [disputeId, { nextAt }] of stuck) if (nextAt + FORGET_STUCK_MS < at) stuck.delete(disputeId)
      const resting = [...stuck].flatMap(([disputeId, { nextAt }]) => (nextAt > at ? disputeId : []))
      for (const disputeId of await store.disputesToLookAt(at, MAX_LOOKED_AT, resting))
        try {
          await advance(disputeId)
          stuck.delete(disputeId)
        } catch (error) {
          const failures = (stuck.get(disputeId)?.failures ?? 0) + 1
          const waitMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(failures - 1, 20))
          if (stuck.size < MAX_STUCK) stuck.set(disputeId, { failures, nextAt: at + waitMs })
          // One that cannot be read must not keep the others from their deadlines.
          const reason = error instanceof AskletError ? error.message : 'unknown'
          log({ level: 'warn', event: 'disputeNotMoved', dispute: disputeId, reason })
        }
    },

    visitor: {
      async openDispute({ identities }, member, { conversationId, reference }) {
        const row = await store.conversation(conversationId)
        if (!row) return refusal('not_found')
        const denied = authorise(member, 'openDispute', row)
        if (denied) return refusal(denied)
        if (!seam) return refusal('not_found', 'this server opens no disputes')
        const [identity] = identities
        if (!identity.startsWith('user:'))
          return refusal('forbidden', 'only a visitor whom a token of the site proves opens a dispute')
        const visitorId = identity.slice('user:'.length)
        const found = await within(clock, VERIFY_WITHIN_MS, async () => seam.parties(reference, visitorId))
        if (!found) return refusal('not_found', 'the site names nobody for this reference')
        const problem = partiesProblem(found, visitorId)
        if (problem) {
          log({ level: 'error', event: 'disputePartiesRefused', reason: problem })
          return refusal('not_found', 'the site names nobody for this reference')
        }
        const opener: Side = found.parties[0].visitorId === visitorId ? 0 : 1
        const ids = found.parties.map(party => party.visitorId).sort()
        const key = JSON.stringify(['site', reference, ...ids])
        const there = await store.openDisputeOf(key)
        if (there) return told(there)
        const busy = await notFree(row)
        if (busy) return busy
        const side = (n: Side): OpeningSide => {
          const { party, name, visitorId: id } = found.parties[n]
          return { party, ...(name && { name }), ...(n === opener ? { row } : { visitorId: id }) }
        }
        const facts = plainFacts(found.facts ?? {})
        return open({ key, reference, opener, sides: [side(0), side(1)], facts })
      },
    },

    desk: {
      async openDispute(_session, _member, { conversationId, otherConversationId, reference, parties }) {
        const [one, other] = await Promise.all([
          store.conversation(conversationId),
          store.conversation(otherConversationId),
        ])
        if (!one || !other) return refusal('not_found')
        if (one.owner === other.owner) return refusal('bad_request', 'both conversations are one visitor’s')
        if (parties[0] === parties[1]) return refusal('bad_request', 'the two sides need two names')
        const key = JSON.stringify(['desk', ...[conversationId, otherConversationId].sort()])
        const there = await store.openDisputeOf(key)
        if (there) return told(there)
        const busy = (await notFree(one)) ?? (await notFree(other))
        if (busy) return busy
        const sides = [
          { party: parties[0], row: one },
          { party: parties[1], row: other },
        ] as const
        return open({ key, reference, opener: null, sides, facts: {} })
      },

      async dispute(_session, _member, { conversationId }) {
        const row = await store.conversation(conversationId)
        if (!row) return refusal('not_found')
        const newest = (await store.disputesWith(conversationId)).find(({ state }) => !state.toMake)
        return { ok: true, dispute: newest ? reportOf(newest.state, newest.revision) : null }
      },

      mediate: (session, _member, { disputeId, expected, act }) =>
        mediated(session, disputeId, expected, (state, by) => {
          if (act.kind === 'escalate') return handedUp(state, by)
          const move = act.kind === 'propose' ? proposed : decidedBy
          return move(state, by, act.outcome, act.words)
        }),
    },
  }

  async function notFree(row: ConversationRow): Promise<ReturnType<typeof refusal> | null> {
    if (isThreadOwner(row.owner)) return refusal('bad_request', 'this is the thread of a dispute')
    if (row.phase === 'ended') return refusal('closed')
    const disputes = await store.disputesWith(row.conversationId)
    return disputes.every(({ state }) => isDisputeOver(state.phase))
      ? null
      : refusal('bad_request', 'this conversation is in a dispute already')
  }
}

/** Nothing of the one side is in what the other is opened with. */
function briefOf(reference: string, side?: { readonly party: string; readonly name?: string }): Brief {
  return {
    reason: 'policyTopic',
    because: 'dispute',
    page: { url: '', route: '', title: '', name: reference, headings: [], language: 'en', data: {} },
    visitor: {
      locale: 'en',
      attributes: {},
      ...(side && { role: side.party }),
      ...(side?.name && { name: side.name }),
    },
    articlesRead: [],
    slots: [],
    category: 'dispute',
    question: reference,
    turns: 0,
  }
}

function ticketFor(disputeId: string, number: number): NewEvent {
  const ticket: TicketRecord = { number, category: 'dispute', priority: 'normal', status: 'open' }
  return systemEvent(`dispute-${disputeId}-ticket`, { type: 'ticketOpened', cause: 'chosen', ticket })
}

const openIdOf = (disputeId: string) => `dispute-${disputeId}`
/** What is wrong with what the host's seam returned, as a sentence; null when it can be used. */
export function partiesProblem({ parties }: HostDispute, visitorId: string): string | null {
  if (!Array.isArray(parties) || parties.length !== 2)
    return 'disputes.parties must return exactly two parties'
  for (const { party, visitorId: id, name } of parties) {
    const problem = idProblem(id)
    if (problem) return `the visitorId that disputes.parties returned ${problem}`
    const isWord = typeof party === 'string' && party.trim() !== '' && party.length <= MAX_PARTY_CHARS
    if (!isWord || !isStorable(party))
      return `a party that disputes.parties returned is no word of at most ${MAX_PARTY_CHARS} characters`
    if (name !== undefined && (typeof name !== 'string' || name.length > 300 || !isStorable(name)))
      return 'a name that disputes.parties returned is no text of at most 300 characters'
  }
  const [one, other] = parties
  if (one.party === other.party || one.visitorId === other.visitorId)
    return 'the two parties that disputes.parties returned are one and the same'
  return one.visitorId === visitorId || other.visitorId === visitorId
    ? null
    : 'the visitor who asked is none of the parties that disputes.parties returned'
}
