// The server side of a simulated world: one database, several nodes, a broker between them. The rules are the
// project's own (`planAppend`, `authorise`, the plans, `overdue`); only the waiting is simulated. A node can be
// killed between any two of: a call's arrival, its commit, its answer, its pushes.

import type { Draft, StoredEvent } from '../../../src/protocol/events'
import { SYNC_PAGE } from '../../../src/protocol/limits'
import type { Brief } from '../../../src/protocol/records'
import type { Pushes, QueueRow, Refusal, RefusalCode, SyncPage } from '../../../src/protocol/wire'
import { authorise, type Member } from '../../../src/server/membership'
import {
  agentLostPlan,
  agentPlan,
  agentSender,
  assignedEvent,
  claimPlan,
  leaveQueuePlan,
  type Plan,
  releasePlan,
  systemEvent,
  ticketEvent,
  visitorPlan,
} from '../../../src/server/plans'
import { DEFAULT_TIMERS, overdue } from '../../../src/server/queue'
import { refusal } from '../../../src/server/refusals'
import { type KnownEvent, keyOf, knownEvent, planAppend, planOpen } from '../../../src/server/store/appending'
import type { ConversationRow, NewEvent } from '../../../src/server/store/helpDeskStore'
import type { Chance } from './chance'
import type { Clockwork } from './clockwork'

export type OfficePush =
  | { readonly name: 'events'; readonly payload: Pushes['events'] }
  | { readonly name: 'head'; readonly payload: Pushes['head'] }
  | { readonly name: 'queueChanged'; readonly payload: object }

/** A connection as a node sees it. */
export interface Caller {
  readonly member: Member
  readonly name: string
  readonly joined: Set<string>
  push(push: OfficePush): void
  /** The node is gone, or drops this connection. */
  lost(): void
}

export interface Node {
  isUp(): boolean
  connect(caller: Caller): void
  disconnect(caller: Caller): void
  /** Calls `answer` after the commit, unless the node dies before. */
  call(caller: Caller, name: string, body: unknown, answer: (reply: unknown) => void): void
  kill(): void
  start(): void
}

/** What a wrong server would do; the checker must see each. */
export interface OfficeMutation {
  /** The answer goes out first, and a crash in between loses the row. */
  readonly acksBeforeCommit?: boolean
  /** Keys are known to the node that stored them, until it restarts. */
  readonly keysInMemory?: boolean
  /** Each node counts seqs by itself from what it saw last. */
  readonly seqInMemory?: boolean
  /** Pushes go out first, and a crash in between loses the row. */
  readonly emitsBeforeCommit?: boolean
  readonly noBeacon?: boolean
}

type Planned = Extract<ReturnType<typeof planAppend>, { ok: true }>

interface Stored {
  row: ConversationRow
  events: StoredEvent[]
  keys: Map<string, KnownEvent>
  readonly openKey: string
}

export interface Office {
  readonly nodes: readonly Node[]
  /** Pushes from node to node are lost while this is false. */
  setBroker(isUp: boolean): void
  stored(): StoredEvent[]
  conversations(): readonly ConversationRow[]
  /** Remembers the database as it is. */
  backUp(): void
  /** Puts the last backup back under a new epoch. Null: there is none. */
  restore(): { heads: Record<string, number>; texts: string[] } | null
}

const BEACON_MS = 20_000
const SWEEP_MS = 5_000

export function createOffice(
  clock: Clockwork,
  chance: Chance,
  nodeCount: number,
  mutation: OfficeMutation = {},
): Office {
  let database = new Map<string, Stored>()
  let opens = new Map<string, Stored>()
  let epoch = 'epoch-1'
  let epochs = 1
  let ids = 0
  let tickets = 1_000
  let isBrokerUp = true
  let backup: { readonly id: string; readonly head: number; readonly row: ConversationRow }[] | null = null
  /** Since when an identity has no connection anywhere; null while it has one. */
  const goneSince = new Map<string, number | null>()
  const connections = new Map<string, number>()
  const randomId = () => `srv-${String(++ids).padStart(18, '0')}`

  const epochOf = ({ generation }: ConversationRow) => (generation ? `${epoch}.${generation}` : epoch)
  const here = (identity: string, change: 1 | -1) => {
    const count = (connections.get(identity) ?? 0) + change
    connections.set(identity, count)
    goneSince.set(identity, count > 0 ? null : clock.now())
  }
  const nobodyThere = () =>
    ![...connections].some(([identity, count]) => identity.startsWith('agent:') && count)

  // ---- the database

  function append(
    stored: Stored,
    member: Member | null,
    drafts: readonly NewEvent[],
    plan: Plan,
    keys: { get(key: string): KnownEvent | undefined } = stored.keys,
    row = stored.row,
  ) {
    const planned = planAppend(
      {
        conversationId: stored.row.conversationId,
        at: clock.now(),
        drafts,
        authorise: at => (member ? authorise(member, 'send', at) : null),
        plan,
      },
      row,
      keys,
      tickets + 1,
    )
    if (planned.ok && planned.takesNumber) tickets++
    return planned
  }

  function commit(stored: Stored, planned: Planned) {
    stored.row = { ...planned.outcome.row, generation: stored.row.generation }
    for (const one of planned.added) {
      stored.events.push(one.event)
      stored.keys.set(keyOf(one.sender, one.event.clientId), knownEvent(one))
    }
  }

  // ---- nodes

  const nodes = Array.from({ length: nodeCount }, () => createNode())

  function createNode(): Node & { deliver(push: OfficePush, conversationId: string | null): void } {
    const callers = new Set<Caller>()
    let isUp = true
    let life = 1
    const stop: (() => void)[] = []
    /** Of this node's own, for mutants that trust their memory. */
    let seenKeys = new Map<string, KnownEvent>()
    let heads = new Map<string, number>()

    const deliver = (push: OfficePush, conversationId: string | null) => {
      if (!isUp) return
      for (const caller of callers)
        if (conversationId === null ? caller.member.kind === 'agent' : caller.joined.has(conversationId))
          caller.push(push)
    }
    const tell = (push: OfficePush, conversationId: string | null) => {
      deliver(push, conversationId)
      if (isBrokerUp)
        for (const other of nodes)
          if (other !== self) clock.after(chance.below(5), () => other.deliver(push, conversationId))
    }
    const tellEvents = (row: ConversationRow, events: readonly StoredEvent[]) => {
      if (events.length === 0) return
      const { conversationId } = row
      tell({ name: 'events', payload: { conversationId, epoch: epochOf(row), events } }, conversationId)
      tell({ name: 'queueChanged', payload: {} }, null)
    }
    /** Commit, then what follows it, with moments in between in which the node may die. */
    const store = (
      stored: Stored,
      plan: () => ReturnType<typeof planAppend>,
      after: (planned: Planned) => void,
    ) => {
      const planned = plan()
      if (!planned.ok) return planned
      const { row, events } = planned.outcome
      if (mutation.acksBeforeCommit || mutation.emitsBeforeCommit) {
        if (mutation.acksBeforeCommit) after(planned)
        else tellEvents(row, events)
        afterAWhile(6, () => {
          const again = plan()
          if (!again.ok) return
          commit(stored, again)
          if (mutation.acksBeforeCommit) tellEvents(again.outcome.row, again.outcome.events)
          else after(again)
        })
        return planned
      }
      commit(stored, planned)
      for (const one of planned.added) seenKeys.set(keyOf(one.sender, one.event.clientId), knownEvent(one))
      heads.set(row.conversationId, row.head)
      tellEvents(row, events)
      afterAWhile(2, () => after(planned))
      return planned
    }
    const afterAWhile = (ms: number, task: () => void) => {
      const mine = life
      clock.after(chance.below(ms + 1), () => {
        if (isUp && life === mine) task()
      })
    }

    function send(
      caller: Caller,
      body: { conversationId: string; drafts: readonly Draft[] },
      answer: (reply: unknown) => void,
    ) {
      const stored = database.get(body.conversationId)
      if (!stored) return answer(refuse('not_found'))
      const { member } = caller
      const sender = member.kind === 'visitor' ? 'visitor' : agentSender(member.agentId)
      const agent = member.kind === 'agent' ? { agentId: member.agentId, name: caller.name } : null
      const drafts = body.drafts.map(
        (draft): NewEvent => ({
          sender,
          clientId: draft.clientId,
          author:
            draft.as === 'bot' ? { kind: 'bot' } : agent ? { kind: 'agent', ...agent } : { kind: 'visitor' },
          ...(draft.expectedAssignment !== undefined && { expectedAssignment: draft.expectedAssignment }),
          body: draft.body,
        }),
      )
      const plan = agent
        ? agentPlan(agent, randomId)
        : visitorPlan({
            isStaffed: !nobodyThere(),
            first: null,
            now: clock.now(),
            reopenWithinDays: 30,
            randomId,
          })
      const planned = store(
        stored,
        () =>
          append(
            stored,
            member,
            drafts,
            plan,
            mutation.keysInMemory ? seenKeys : stored.keys,
            mutation.seqInMemory
              ? { ...stored.row, head: heads.get(stored.row.conversationId) ?? stored.row.head }
              : stored.row,
          ),
        ({ outcome }) => answer({ ok: true, results: outcome.results }),
      )
      if (!planned.ok) answer(refuse(planned.code))
    }

    function sync(caller: Caller, body: { conversationId: string; after: number; epoch: string }) {
      const stored = database.get(body.conversationId)
      if (!stored) return refuse('not_found')
      const denied = authorise(caller.member, 'sync', stored.row)
      if (denied) return refuse(denied)
      caller.joined.add(body.conversationId)
      let isSame = body.epoch === epochOf(stored.row)
      if (isSame && body.after > stored.row.head) {
        stored.row = { ...stored.row, generation: stored.row.generation + 1 }
        isSame = false
      }
      const from = isSame ? body.after : 0
      const page: SyncPage = {
        events: stored.events.slice(from, from + Math.min(SYNC_PAGE, 7)),
        head: stored.row.head,
        epoch: epochOf(stored.row),
      }
      return { ok: true, ...page }
    }

    function open(caller: Caller, { openId, brief }: { openId: string; brief: Brief }) {
      if (caller.member.kind !== 'visitor') return refuse('forbidden')
      const { identities } = caller.member
      const openKey = `${identities[0]} ${openId}`
      let stored = opens.get(openKey)
      if (!stored) {
        const { row, added } = planOpen({
          identities,
          openId,
          conversationId: randomId(),
          at: clock.now(),
          author: { kind: 'visitor' },
          brief,
        })
        stored = {
          row,
          events: [added.event],
          keys: new Map([[keyOf(added.sender, openId), knownEvent(added)]]),
          openKey,
        }
        database.set(row.conversationId, stored)
        opens.set(openKey, stored)
      }
      const { row } = stored
      return { ok: true, conversationId: row.conversationId, epoch: epochOf(row), head: row.head }
    }

    function assign(
      caller: Caller,
      body: { conversationId: string; expected: number },
      isClaim: boolean,
      answer: (reply: unknown) => void,
    ) {
      const stored = database.get(body.conversationId)
      const { member } = caller
      if (!stored || member.kind !== 'agent') return answer(refuse('not_found'))
      const agent = { agentId: member.agentId, name: caller.name }
      const draft = assignedEvent(body.expected + 1, isClaim ? agent : null, isClaim ? 'claimed' : 'handedOn')
      const plan = isClaim ? claimPlan(body.expected) : releasePlan(agent, body.expected)
      const planned = store(
        stored,
        () => append(stored, member, [draft], plan),
        () => answer({ ok: true, assignment: body.expected + 1 }),
      )
      if (!planned.ok) answer(refuse(planned.code === 'key_reused' ? 'stale_assignment' : planned.code))
    }

    function sweep() {
      for (const stored of database.values()) {
        const { row } = stored
        const gone = (identity: string) =>
          goneSince.has(identity) ? (goneSince.get(identity) ?? null) : row.lastAt
        const due = overdue(
          row,
          clock.now(),
          gone(row.owner),
          row.agent ? gone(agentSender(row.agent.agentId)) : null,
          DEFAULT_TIMERS,
        )
        if (!due) continue
        const [draft, plan] =
          due === 'agentLost'
            ? [assignedEvent(row.assignment + 1, null, 'agentLost'), agentLostPlan(row.assignment)]
            : [
                due === 'visitorGone' && !row.ticket
                  ? systemEvent(randomId(), { type: 'cancelled' })
                  : ticketEvent(row, randomId(), due),
                leaveQueuePlan(row.queuedAt),
              ]
        store(
          stored,
          () => append(stored, null, [draft], plan),
          () => {},
        )
      }
    }

    const every = (ms: number, task: () => void) => {
      let undo: () => void
      const next = () => {
        undo = clock.after(ms, () => {
          task()
          next()
        })
      }
      next()
      stop.push(() => undo())
    }
    const startTimers = () => {
      if (!mutation.noBeacon)
        every(BEACON_MS, () => {
          for (const caller of callers)
            for (const id of caller.joined) {
              const row = database.get(id)?.row
              if (row)
                caller.push({
                  name: 'head',
                  payload: { conversationId: id, head: row.head, epoch: epochOf(row) },
                })
            }
        })
      every(SWEEP_MS + chance.below(500), sweep)
    }

    const self: Node & { deliver: typeof deliver } = {
      isUp: () => isUp,
      deliver,
      connect(caller) {
        callers.add(caller)
        here(identityOf(caller.member), 1)
      },
      disconnect(caller) {
        if (callers.delete(caller)) here(identityOf(caller.member), -1)
      },
      call(caller, name, body, answer) {
        afterAWhile(4, () => {
          const given = body as never
          const later = (reply: unknown) => afterAWhile(2, () => answer(reply))
          if (name === 'send') send(caller, given, answer)
          else if (name === 'sync') later(sync(caller, given))
          else if (name === 'open') later(open(caller, given))
          else if (name === 'claim' || name === 'release') assign(caller, given, name === 'claim', answer)
          else if (name === 'queue')
            later({ ok: true, rows: [...database.values()].map(one => toRow(one.row)), epoch })
        })
      },
      kill() {
        isUp = false
        life++
        for (const undo of stop.splice(0)) undo()
        for (const caller of [...callers]) {
          this.disconnect(caller)
          caller.lost()
        }
        seenKeys = new Map()
        heads = new Map()
      },
      start() {
        if (isUp) return
        isUp = true
        startTimers()
      },
    }
    startTimers()
    return self
  }

  return {
    nodes,
    setBroker(isUp) {
      isBrokerUp = isUp
    },
    stored: () => [...database.values()].flatMap(one => one.events),
    conversations: () => [...database.values()].map(one => one.row),
    backUp() {
      backup = [...database].map(([id, { row }]) => ({ id, head: row.head, row }))
    },
    restore() {
      if (!backup) return null
      const heads: Record<string, number> = {}
      const texts: string[] = []
      const kept = new Map<string, Stored>()
      for (const [id, stored] of database) {
        const saved = backup.find(one => one.id === id)
        const head = saved?.head ?? 0
        heads[id] = head
        for (const event of stored.events.slice(head))
          if (event.body.type === 'message') texts.push(event.body.text)
        if (!saved) continue
        const events = stored.events.slice(0, head)
        const seqs = new Set(events.map(event => event.seq))
        kept.set(id, {
          row: saved.row,
          events,
          keys: new Map([...stored.keys].filter(([, known]) => seqs.has(known.seq))),
          openKey: stored.openKey,
        })
      }
      database = kept
      opens = new Map([...kept.values()].map(one => [one.openKey, one]))
      epoch = `epoch-${++epochs}`
      backup = null
      return { heads, texts }
    },
  }
}

export function identityOf(member: Member): string {
  return member.kind === 'visitor' ? member.identities[0] : agentSender(member.agentId)
}

function refuse(code: RefusalCode): Refusal {
  return refusal(code) as Refusal
}

function toRow(row: ConversationRow): Pick<QueueRow, 'conversationId' | 'phase' | 'assignment' | 'agent'> {
  return {
    conversationId: row.conversationId,
    phase: row.phase,
    assignment: row.assignment,
    agent: row.agent,
  }
}
