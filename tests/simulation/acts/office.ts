// The server side of a simulated desk: several nodes with the project's own core (`createConversations`) and its own
// `createUploads` over one real database in memory, one place for bytes, and a broker between the nodes. Writes may
// fail before or after they happened, bytes too, and a node may die between any two of: a call's arrival, its answer,
// its pushes. What a wrong build would do is a `Mutation`: the judge must see each.

import { ADMIT_ALL } from '../../../src/server/admission'
import {
  type Carrier,
  type Conversations,
  createConversations,
  type Push,
} from '../../../src/server/conversations'
import { exactly } from '../../../src/server/files/attachmentStore'
import { createUploads, type IncomingFile, type Uploads } from '../../../src/server/files/uploads'
import type { Member } from '../../../src/server/membership'
import type { PriorityRules } from '../../../src/server/priority'
import type { ServiceLevels } from '../../../src/server/serviceLevels'
import type { HelpDeskStore } from '../../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import type { ManualClock } from '../../../src/testing/manualClock'
import type { Chance } from '../world/chance'
import type { Caller, Node } from '../world/office'

/** What a wrong build would do. */
export interface Mutation {
  /** A note, a label, a priority or a state is answered, and goes nowhere. */
  readonly forgetsActs?: boolean
  /** A repeated note is another note. */
  readonly newNoteOnRepeat?: boolean
  /** Whoever asks for a conversation is told that they have it. */
  readonly everyClaimWins?: boolean
  /** Nobody looks whether the agent of a conversation is still there. */
  readonly forgetsLostAgents?: boolean
  /** The queue is served in the order of coming, whatever the priority. */
  readonly ignoresPriority?: boolean
  /** What agents know is in the visitor's page of events. */
  readonly leaksNotes?: boolean
  /** Of files that are answered some are not kept. */
  readonly losesBytes?: boolean
  /** Bytes that nobody needs stay. */
  readonly keepsBytes?: boolean
  /** The desk's details are those that it read first. */
  readonly oldDetails?: boolean
  /** The desk's list is the one that it read first. */
  readonly oldList?: boolean
}

/** Where the desk stands; default: a database in memory, which nothing outlives. */
export interface Premises {
  readonly file?: string
  /** Of ids: several schedules may fill one file. */
  readonly idPrefix?: string
  readonly priorities?: PriorityRules | null
  readonly serviceLevels?: ServiceLevels | null
  /** By agent. */
  readonly skills?: Readonly<Record<string, readonly string[]>>
  /** Milliseconds since 1970. */
  readonly startAt?: number
}

export interface Crew {
  readonly agentId: string
  readonly name: string
  readonly role: 'agent' | 'lead'
  readonly teams: readonly string[]
}

export interface Office {
  readonly nodes: readonly Node[]
  /** The database itself, without faults. */
  readonly store: HelpDeskStore
  /** Where bytes lie, without faults. */
  readonly bytes: ReadonlyMap<string, string>
  /** Hints from node to node are lost while this is false, and the nodes know it. */
  setBroker(isUp: boolean): void
  /** Share of the writes that the database, or the place for bytes, answers with "nobody knows". */
  setFailing(share: number): void
  /** One request with a file, at any node that is up. Rejects where no answer comes. */
  upload(member: Member, file: Omit<IncomingFile, 'admit'>): Promise<unknown>
  /** An operator erases a conversation. */
  erase(conversationId: string): Promise<void>
  readonly erased: ReadonlySet<string>
  /** Removes what is due, as each node does once a minute. */
  sweepFiles(): Promise<void>
  /** Calls that are not answered yet. */
  underWay(): number
  /** All nodes are gone for good. */
  close(): void
}

const HINTS: ReadonlySet<Push['name']> = new Set([
  'events',
  'typing',
  'queueChanged',
  'detailsChanged',
  'deskChanged',
])
/** Writes that may be answered with "nobody knows". */
const WRITES = [
  'append',
  'open',
  'addNote',
  'setLabel',
  'setAway',
  'agentSeen',
  'setPresence',
  'beginUpload',
  'finishUpload',
  'dropUpload',
  'forgetFiles',
] as const satisfies readonly (keyof HelpDeskStore)[]

export async function createOffice(
  clock: ManualClock,
  chance: Chance,
  crew: readonly Crew[],
  nodeCount: number,
  mutation: Mutation = {},
  {
    file = ':memory:',
    idPrefix = 'srv',
    priorities = null,
    serviceLevels = null,
    skills = {},
  }: Premises = {},
): Promise<Office> {
  const store = await openSqlStore({ file })
  for (const { agentId } of crew)
    if (skills[agentId]) await store.setSkills(agentId, { skills: skills[agentId] ?? [] })
  const bytes = new Map<string, string>()
  const erased = new Set<string>()
  let ids = 0
  let isBrokerUp = true
  let failing = 0
  let underWay = 0
  const brokerListeners = new Set<() => void>()
  const randomId = () => `${idPrefix}-${String(++ids).padStart(22, '0')}`
  const unknown = () => Object.assign(new Error('nobody knows'), { code: 'store_unavailable' })

  /** Nothing happened, or it did and nobody is told. */
  async function perhaps<Result>(work: () => Promise<Result>): Promise<Result> {
    const roll = failing > 0 ? chance.roll() : 1
    if (roll < failing / 2) throw unknown()
    const result = await work()
    if (roll < failing) throw unknown()
    return result
  }

  const wrong = mutated(store, mutation, randomId)
  const faulty: HelpDeskStore = { ...wrong }
  for (const name of WRITES) {
    const write = wrong[name] as (given: never, ...more: never[]) => Promise<unknown>
    Object.assign(faulty, {
      [name]: (...given: [never, ...never[]]) => perhaps(() => write(...given)),
    })
  }

  const place: Parameters<typeof createUploads>[0]['bytes'] = {
    async put(key, content, count) {
      const keep = async () => {
        let kept = ''
        for await (const chunk of exactly(content, count)) kept += Buffer.from(chunk).toString()
        bytes.set(key, kept)
      }
      await perhaps(keep)
      if (mutation.losesBytes) bytes.delete(key)
    },
    async get(key) {
      const kept = bytes.get(key)
      if (kept === undefined) return null
      return {
        bytes: kept.length,
        content: (async function* () {
          yield Buffer.from(kept)
        })(),
      }
    },
    remove: key =>
      perhaps(async () => {
        if (!mutation.keepsBytes) bytes.delete(key)
      }),
  }

  const nodes = Array.from({ length: nodeCount }, createNode)

  function createNode() {
    const callers = new Map<Caller, () => void>()
    const queueListeners = new Set<() => void>()
    const deskListeners = new Set<(what: never) => void>()
    let core: Conversations | null = null
    let uploads: Uploads | null = null

    const deliver = ({ name, payload, to }: Push) => {
      for (const caller of callers.keys()) {
        const side = caller.member.kind
        const isMeant =
          to === 'all' ||
          (to === 'desk'
            ? side === 'agent'
            : caller.joined.has(to.conversationId) && (to.side ?? side) === side)
        if (isMeant) caller.push({ name, payload: copied(payload) } as never)
      }
    }
    const hear = (push: Push) => {
      if (!core) return
      if (push.name === 'deskChanged')
        for (const listener of deskListeners) listener(push.payload.what as never)
      deliver(push)
    }
    const toOthers = (tell: (other: typeof self) => void) => {
      for (const other of nodes)
        if (isBrokerUp && other !== self && chance.roll() < 0.95)
          clock.after(chance.below(5), () => tell(other))
    }
    const carrier: Carrier = {
      push(push) {
        deliver(push)
        if (!push.local && HINTS.has(push.name)) toOthers(other => other.hear(push))
      },
      joined: () => new Set([...callers.keys()].flatMap(({ joined }) => [...joined])),
      queueMoved: () => toOthers(other => other.hearQueue()),
      onQueueMoved(listener) {
        queueListeners.add(listener)
        return () => queueListeners.delete(listener)
      },
      onDeskChanged(listener) {
        deskListeners.add(listener)
        return () => deskListeners.delete(listener)
      },
    }
    const start = () => {
      if (core) return
      uploads = createUploads({
        store: faulty,
        bytes: place,
        rules: { types: ['text/plain'], maxBytes: 1_000, maxPixels: 1 },
        detect: Promise.resolve(async () => undefined),
        clock,
        randomId,
        log() {},
      })
      core = createConversations({
        store: faulty,
        clock,
        randomId,
        admission: ADMIT_ALL,
        priorities,
        serviceLevels,
        uploads,
        ...(nodeCount > 1 && {
          others: {
            areReached: () => isBrokerUp,
            onChange(listener) {
              brokerListeners.add(listener)
              return () => brokerListeners.delete(listener)
            },
          },
        }),
      })
      core.addCarrier(carrier)
    }

    async function answerOf(serving: Conversations, caller: Caller, name: string, body: unknown) {
      const { member } = caller
      const join = (id: string) => void caller.joined.add(id)
      if (member.kind === 'visitor') {
        const leave = (id: string) => void caller.joined.delete(id)
        const reply = await serving.visitorCall({ identities: member.identities, join, leave }, name, body)
        const { conversationId } = body as { conversationId?: string }
        return mutation.leaksNotes && name === 'sync' && conversationId
          ? { ...reply, record: await store.deskRecord(conversationId) }
          : reply
      }
      const { agentId, role } = member
      const teams = crew.find(each => each.agentId === agentId)?.teams ?? []
      if (mutation.forgetsActs && chance.below(3) === 0) {
        if (name === 'note') return { ok: true, at: clock.now(), afterSeq: 1 }
        if (name === 'label') return { ok: true, labels: [] }
        if (name === 'presence' || name === 'setPriority') return { ok: true }
      }
      const session = { agentId, name: caller.name, roles: [role], teams, join }
      const reply = await serving.deskCall(session, name, body)
      const { expected } = body as { expected?: number }
      if (mutation.everyClaimWins && name === 'claim' && !reply.ok && expected !== undefined)
        return { ok: true, assignment: expected + 1 }
      if (mutation.oldDetails && name === 'details') return first(caller, JSON.stringify(body), reply)
      if (mutation.oldList && name === 'queue') return first(caller, name, reply)
      return reply
    }
    const firsts = new Map<string, object>()
    const first = ({ name }: Caller, of: string, reply: object) => {
      const key = `${name} ${of}`
      firsts.set(key, firsts.get(key) ?? reply)
      return firsts.get(key) ?? reply
    }

    const self = {
      isUp: () => core !== null,
      hear,
      hearQueue() {
        for (const listener of queueListeners) listener()
      },
      uploads: () => uploads,
      connect(caller: Caller) {
        const { member, name } = caller
        const gone =
          member.kind === 'visitor'
            ? core?.visitorConnected(member.identities[0])
            : core?.agentConnected(member.agentId, {
                agentId: member.agentId,
                name,
                roles: [member.role],
                teams: crew.find(each => each.agentId === member.agentId)?.teams ?? [],
              })
        callers.set(caller, gone ?? (() => {}))
      },
      disconnect(caller: Caller) {
        callers.get(caller)?.()
        callers.delete(caller)
      },
      call(caller: Caller, name: string, body: unknown, answer: (reply: unknown) => void) {
        const serving = core
        if (!serving) return
        underWay++
        answerOf(serving, caller, name, copied(body)).then(reply => {
          underWay--
          clock.after(chance.below(3), () => {
            if (core === serving) answer(copied(reply))
          })
        })
      },
      kill() {
        core?.stop()
        core = uploads = null
        queueListeners.clear()
        deskListeners.clear()
        for (const caller of [...callers.keys()]) {
          self.disconnect(caller)
          caller.lost()
        }
      },
      start,
    }
    start()
    return self
  }

  return {
    nodes,
    store,
    bytes,
    setBroker(isUp) {
      if (isUp === isBrokerUp) return
      isBrokerUp = isUp
      for (const listener of [...brokerListeners]) listener()
    },
    setFailing(share) {
      failing = share
    },
    async upload(member, file) {
      const up = nodes.flatMap(node => node.uploads() ?? [])
      if (up.length === 0) throw new Error('no node')
      return copied(await chance.pick(up).receive(member, { ...file, admit: async () => 0 }))
    },
    async erase(conversationId) {
      erased.add(conversationId)
      await store.erase(conversationId, clock.now())
    },
    erased,
    async sweepFiles() {
      for (const node of nodes) await node.uploads()?.sweep()
    },
    underWay: () => underWay,
    close() {
      for (const node of nodes) node.kill()
    },
  }
}

/** The store of a wrong build. */
function mutated(store: HelpDeskStore, mutation: Mutation, randomId: () => string): HelpDeskStore {
  return {
    ...store,
    ...(mutation.newNoteOnRepeat && {
      addNote: note => store.addNote({ ...note, noteId: randomId() }),
    }),
    ...(mutation.forgetsLostAgents && { talkingWith: async () => [] }),
    ...(mutation.ignoresPriority && {
      queue: async () =>
        (await store.queued()).toSorted((a, b) => (a.waitStarted ?? 0) - (b.waitStarted ?? 0)),
      deskList: async request => {
        const list = await store.deskList(request)
        const rows = list.queued.rows.toSorted((a, b) => (a.waitStarted ?? 0) - (b.waitStarted ?? 0))
        return { ...list, queued: { ...list.queued, rows } }
      },
    }),
  }
}

/** As a wire would. */
export const copied = <Value>(value: Value): Value =>
  value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value)
