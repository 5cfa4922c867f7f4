// The whole live half in one process: the real conversations core over a real SQLite database in memory, and
// transports whose wires the test holds in its hand. Time stands still until `settle` or the clock moves it.
//
//   model under test -> transport -> wire (loses, doubles, delays) -> conversations -> store
//                    <- acks and pushes <- wire <-

import { type Clock, secureRandomId, type Undo } from '../base/environment'
import type { LinkState, LiveTransport, NoAnswer, ReplyOf, RequestOf } from '../live/liveTransport'
import type { Hours } from '../protocol/records'
import type { DeskCalls, Pushes, PushName, Reply, VisitorCalls } from '../protocol/wire'
import { ADMIT_ALL, type Admission } from '../server/admission'
import {
  type Conversations,
  type ConversationsOptions,
  createConversations,
  type Push,
} from '../server/conversations'
import type { TriageRules } from '../server/firstLook'
import type { PriorityRules } from '../server/priority'
import type { QueueTimers } from '../server/queue'
import type { ReviewRules } from '../server/sampling'
import type { ServiceLevels } from '../server/serviceLevels'
import type { HelpDeskStore } from '../server/store/helpDeskStore'
import { openSqlStore } from '../server/store/openSqlStore'
import { identityOf, type VerifiedVisitor } from '../server/visitorIdentity'
import { createManualClock, type ManualClock } from './manualClock'
import { seeded } from './seeded'
import { createWire, type Wire, type WireEnds } from './wire'

export interface LoopbackOptions {
  /** Same seed, same faults. */
  readonly seed?: number
  readonly hours?: Hours | null
  readonly categories?: readonly string[]
  readonly timers?: Partial<QueueTimers>
  readonly priorities?: PriorityRules
  /** For so long a visitor may reopen a solved ticket. Default: 30. */
  readonly reopenWithinDays?: number
  readonly serviceLevels?: ServiceLevels
  /** Absent: no words are read. */
  readonly triage?: TriageRules
  readonly reviews?: ReviewRules
  /** Default: all are admitted, because the limits are counted by the wall's time. */
  readonly admission?: Admission
  /** Default: a new one in memory, closed with the loopback. */
  readonly store?: HelpDeskStore
  readonly clock?: ManualClock
  /** Default: unguessable ones. For runs that are compared byte by byte. */
  readonly randomId?: () => string
  readonly disputes?: ConversationsOptions['disputes']
  /** What the site masks and keeps of its own. */
  readonly masks?: ConversationsOptions['masks']
}

export interface LoopbackLine<Calls> {
  readonly transport: LiveTransport<Calls>
  readonly wire: Wire
}

export interface LoopbackAgent {
  readonly agentId: string
  readonly name: string
  readonly roles?: readonly string[]
  readonly teams?: readonly string[]
}

export interface Loopback {
  readonly clock: ManualClock
  readonly store: HelpDeskStore
  /** All lines at once. */
  readonly wire: Wire
  /** In [0, 1), from the seed. For the test's own decisions. */
  random(): number
  /** The core as it runs now; another one after `restart` or `kill` and `start`. */
  conversations(): Conversations
  visitor(options?: {
    /** Two lines with one secret are two tabs or devices of one visitor. */
    readonly secret?: string
    readonly verified?: VerifiedVisitor
  }): LoopbackLine<VisitorCalls> & { readonly secret: string }
  agent(agent?: LoopbackAgent): LoopbackLine<DeskCalls>
  /** Says something to the lines it is for, as the core would. */
  push(push: Push): void
  /** kill -9: memory is gone, lines are down, what was committed stays. Until `start`. */
  kill(): void
  start(): void
  /** A planned stop: `restart` is said, what is under way is answered, then a new process. */
  restart(): Promise<void>
  /**
   * Runs until nothing is under way, letting `ms` pass on the clock (default 0), timer by timer, with all that
   * each of them starts finished before the next.
   */
  settle(ms?: number): Promise<void>
  close(): Promise<void>
}

/** How long a loopback request waits for its ack, as a socket would. */
const ANSWER_WITHIN_MS = 10_000
/** A broken line is tried again so often. */
const RECONNECT_MS = 1_000

interface ServerSide {
  call(name: string, body: unknown): Promise<Reply<object>>
  close(): void
}
type Connect = (joined: Set<string>) => ServerSide | null

interface Line {
  readonly ends: WireEnds
  readonly side: 'visitor' | 'agent'
  /** Conversations the present connection has joined; null while there is none. */
  joined: Set<string> | null
  receive(name: PushName, payload: unknown): void
  /** The server went away (true) or came back. */
  serverGone(isGone: boolean): void
}

export async function createLoopback(options: LoopbackOptions = {}): Promise<Loopback> {
  const clock = options.clock ?? createManualClock()
  const store = options.store ?? (await openSqlStore({ file: ':memory:' }))
  const random = seeded(options.seed ?? 1)
  const lines = new Set<Line>()
  let underWay = 0
  let core: Conversations | null = null

  function start() {
    if (core) return
    const made = createConversations({
      store,
      clock,
      randomId: options.randomId ?? secureRandomId,
      hours: options.hours ?? null,
      ...(options.categories && { categories: options.categories }),
      admission: options.admission ?? ADMIT_ALL,
      ...(options.timers && { timers: options.timers }),
      ...(options.priorities && { priorities: options.priorities }),
      ...(options.reopenWithinDays !== undefined && { reopenWithinDays: options.reopenWithinDays }),
      ...(options.disputes && { disputes: options.disputes }),
      ...(options.triage && { triage: options.triage }),
      ...(options.serviceLevels && { serviceLevels: options.serviceLevels }),
      ...(options.reviews && { reviews: options.reviews }),
      ...(options.masks && { masks: options.masks }),
    })
    made.addCarrier({
      push: deliver,
      joined: () => new Set([...lines].flatMap(line => [...(line.joined ?? [])])),
    })
    core = made
    for (const line of lines) line.serverGone(false)
  }

  function deliver({ name, to, payload }: Push) {
    for (const line of lines) {
      const { joined } = line
      if (!joined) continue
      const isMeant =
        to === 'all' ||
        (to === 'desk'
          ? line.side === 'agent'
          : joined.has(to.conversationId) && (to.side ?? line.side) === line.side)
      const copy: unknown = structuredClone(payload)
      if (isMeant) line.ends.carry('push', () => line.joined === joined && line.receive(name, copy))
    }
  }

  function addLine<Calls>(side: 'visitor' | 'agent', connect: Connect): LoopbackLine<Calls> {
    const ends = createWire(clock, random)
    const line: Line = { ends, side, joined: null, receive: () => {}, serverGone: () => {} }
    const counted: Connect = joined => {
      const server = connect(joined)
      return (
        server && {
          close: server.close,
          async call(name, body) {
            underWay++
            try {
              return await server.call(name, body)
            } finally {
              underWay--
            }
          },
        }
      )
    }
    lines.add(line)
    return { transport: createLoopbackTransport<Calls>(clock, line, counted), wire: ends.wire }
  }

  function down(stop: (made: Conversations) => void) {
    if (!core) return
    const made = core
    core = null
    stop(made)
    for (const line of lines) line.serverGone(true)
  }

  async function idle() {
    // A few turns of the event loop without work: promises of the store and of the model under test are done.
    for (let quiet = 0; quiet < 4; quiet++) {
      await new Promise(setImmediate)
      if (underWay > 0) quiet = -1
    }
  }

  start()
  return {
    clock,
    store,
    random,
    wire: allOf(() => [...lines].map(line => line.ends.wire)),
    conversations() {
      if (!core) throw new Error('The loopback server is down: call start() first.')
      return core
    },
    visitor({ secret = secureRandomId(), verified } = {}) {
      const identity = identityOf(secret, verified ?? null)
      const line = addLine<VisitorCalls>('visitor', joined => {
        const serving = core
        if (!serving) return null
        const gone = serving.visitorConnected(identity.identities[0])
        const session = {
          ...identity,
          join: (id: string) => void joined.add(id),
          leave: (id: string) => void joined.delete(id),
        }
        return { call: (name, body) => serving.visitorCall(session, name, body), close: gone }
      })
      return { ...line, secret }
    },
    agent(agent: LoopbackAgent = { agentId: 'agent-ada', name: 'Ada' }) {
      return addLine<DeskCalls>('agent', joined => {
        const serving = core
        if (!serving) return null
        const gone = serving.agentConnected(agent.agentId, agent)
        const session = { ...agent, join: (id: string) => void joined.add(id) }
        return { call: (name, body) => serving.deskCall(session, name, body), close: gone }
      })
    },
    push: deliver,
    kill: () => down(made => made.stop()),
    start,
    async restart() {
      const made = core
      if (!made) return start()
      await made.close()
      down(() => {})
      start()
    },
    async settle(ms = 0) {
      const end = clock.now() + ms
      await idle()
      for (let next = clock.nextAt(); next !== null && next <= end; next = clock.nextAt()) {
        clock.advance(Math.max(0, next - clock.now()))
        await idle()
      }
      clock.advance(Math.max(0, end - clock.now()))
      await idle()
    },
    async close() {
      down(made => made.stop())
      await idle()
      if (!options.store) await store.close()
    },
  }
}

function createLoopbackTransport<Calls>(clock: Clock, line: Line, connect: Connect): LiveTransport<Calls> {
  const { ends } = line
  const listeners = new Map<PushName, Set<(payload: never) => void>>()
  const linkListeners = new Set<(state: LinkState) => void>()
  const pending = new Set<(reply: NoAnswer) => void>()
  let link: LinkState = 'offline'
  let server: ServerSide | null = null
  let isWanted = false
  let retry: Undo = () => {}

  function setLink(state: LinkState) {
    if (state === link) return
    link = state
    for (const listener of [...linkListeners]) listener(state)
  }

  function attempt() {
    retry()
    if (!isWanted || server) return
    const joined = new Set<string>()
    const made = ends.isCut() ? null : connect(joined)
    if (!made) {
      setLink('retrying')
      retry = clock.after(RECONNECT_MS, attempt)
      return
    }
    server = made
    line.joined = joined
    setLink('online')
  }

  function drop() {
    server?.close()
    server = null
    line.joined = null
    const answer: NoAnswer = { ok: false, code: 'no_answer', retry: true }
    for (const resolve of [...pending]) resolve(answer)
  }

  function broken(isBroken: boolean) {
    if (!isWanted) return
    if (!isBroken) return attempt()
    drop()
    setLink('retrying')
    retry()
    retry = clock.after(RECONNECT_MS, attempt)
  }

  line.serverGone = broken
  ends.onCut(broken)
  line.receive = (name, payload) => {
    for (const listener of listeners.get(name) ?? []) listener(payload as never)
  }

  return {
    request<Name extends keyof Calls & string>(name: Name, body: RequestOf<Calls, Name>) {
      return new Promise<Reply<ReplyOf<Calls, Name>> | NoAnswer>(resolve => {
        const answer: NoAnswer = { ok: false, code: 'no_answer', retry: true }
        const serving = server
        if (!serving) return resolve(answer)
        const finish = (reply: Reply<ReplyOf<Calls, Name>> | NoAnswer) => {
          pending.delete(finish)
          stopWaiting()
          resolve(reply)
        }
        const stopWaiting = clock.after(ANSWER_WITHIN_MS, () => finish(answer))
        pending.add(finish)
        const sent: unknown = structuredClone(body)
        ends.carry('request', () => {
          serving.call(name, sent).then(reply => {
            // The ack of a connection that is no more reaches nobody.
            if (server !== serving) return
            const copy = structuredClone(reply) as Reply<ReplyOf<Calls, Name>>
            ends.carry('ack', () => pending.has(finish) && finish(copy))
          })
        })
      })
    },
    on<Name extends PushName>(name: Name, listener: (payload: Pushes[Name]) => void) {
      const own = (payload: never) => listener(payload)
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(own))
      return () => set.delete(own)
    },
    onLink(listener) {
      const own = (state: LinkState) => listener(state)
      linkListeners.add(own)
      listener(link)
      return () => linkListeners.delete(own)
    },
    connect() {
      if (isWanted) return
      isWanted = true
      setLink('connecting')
      // As on a real network, the answer comes later than the call.
      queueMicrotask(attempt)
    },
    nudge() {
      if (isWanted && !server) attempt()
    },
    close() {
      isWanted = false
      retry()
      drop()
      setLink('offline')
    },
  }
}

/** One wire that moves many. */
function allOf(wires: () => readonly Wire[]): Wire {
  const each = (run: (wire: Wire) => void) => () => wires().forEach(run)
  const sum = (run: (wire: Wire) => number) => wires().reduce((total, wire) => total + run(wire), 0)
  return {
    hold: each(wire => wire.hold()),
    flow: each(wire => wire.flow()),
    deliverToServer: count => sum(wire => wire.deliverToServer(count)),
    deliverToClient: count => sum(wire => wire.deliverToClient(count)),
    dropNextRequest: count => each(wire => wire.dropNextRequest(count))(),
    dropNextAck: count => each(wire => wire.dropNextAck(count))(),
    dropNextPush: count => each(wire => wire.dropNextPush(count))(),
    doubleNextRequest: count => each(wire => wire.doubleNextRequest(count))(),
    doubleNextPush: count => each(wire => wire.doubleNextPush(count))(),
    reversePushes: each(wire => wire.reversePushes()),
    faults: faults => each(wire => wire.faults(faults))(),
    cut: each(wire => wire.cut()),
    restore: each(wire => wire.restore()),
    silence: each(wire => wire.silence()),
    speak: each(wire => wire.speak()),
  }
}
