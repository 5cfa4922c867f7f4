// The agent's own words on their way out: saved before they are sent, one at a time in each conversation,
// repeated under the same id until somebody knows. What goes next is decided by the pure `live/outbox`.
// Refuses to lose words: what the server will not take stays here, with the reason.

import { signal } from '@preact/signals-core'
import type { Environment, Undo } from '../base/environment'
import type { KeyedStore } from '../base/keyedStore'
import type { ReadonlySignal } from '../base/signal'
import type { NoAnswer } from '../live/liveTransport'
import {
  discard,
  dropStored,
  enqueue,
  isStuck,
  merge,
  nextSend,
  recall,
  sendAgain,
  settle,
  wake,
} from '../live/outbox'
import type { AgentBody, Draft, StoredEvent } from '../protocol/events'
import type { Reply, SendResult } from '../protocol/wire'
import { type HeldRow, HOLD_MS, isHeld, isUnsent, letGo, passHeld } from './hold'
import { createWindowOwner } from './windowOwner'

/** In typed order. */
type Rows = readonly HeldRow[]

export interface DeskOutbox {
  readonly rows: ReadonlySignal<Rows>
  /** `memory`: storage is refused, closing the page loses what is not yet sent. */
  readonly keeping: ReadonlySignal<'stored' | 'memory'>
  /** Words of the same conversation that are still held go at once, in front of these. */
  add(thread: string, body: AgentBody, options?: { readonly isHeld?: boolean }): void
  /** May this row still be taken back, here? Not what another window wrote, or this one before a reload. */
  mayTakeBack(clientId: string): boolean
  /** Out of the outbox again: the row, if nothing of it has gone out. */
  takeBack(clientId: string): HeldRow | null
  /** May this row still be withdrawn, here? Not what another window wrote, while that one lives. */
  mayWithdraw(clientId: string): boolean
  /** Out of the outbox again, if nothing of it has gone out: true. It need not be held. */
  withdraw(clientId: string): boolean
  /** What is held goes now: in one conversation, or everywhere. */
  letGo(thread?: string): void
  /** Resolves when nothing is on its way out any more (in one conversation, or anywhere), or after `ms`. */
  flushed(ms: number, thread?: string): Promise<void>
  retry(clientId: string): void
  discard(clientId: string): void
  /** Events of the agent's own that have arrived: their rows are done. */
  dropStored(events: readonly StoredEvent[]): void
  /** The conversation is read from another incarnation of the data: what was acknowledged is asked for again. */
  recall(thread: string): void
  setOnline(isOnline: boolean): void
  dispose(): void
}

export interface DeskOutboxParts {
  readonly env: Environment
  /** Whose words; rows of another identity are neither loaded nor sent (D12). */
  readonly identity: string
  readonly openStore: () => Promise<KeyedStore>
  /** Absent: of another window nobody knows whether it lives. */
  readonly locks?: Pick<LockManager, 'request'>
  send(
    conversationId: string,
    drafts: readonly Draft<AgentBody>[],
  ): Promise<Reply<{ readonly results: readonly SendResult[] }> | NoAnswer>
  isClosed(conversationId: string): boolean
  isOwn(event: StoredEvent): boolean
  /** The server stored something up to `seq`. */
  stored(conversationId: string, seq: number): void
}

/** What another window holds goes from here only when that window has had time to send it, or to take it back. */
const OTHER_WINDOW_MS = 1_000

export function createDeskOutbox(parts: DeskOutboxParts): DeskOutbox {
  const { env, identity } = parts
  const rows = signal<Rows>([])
  const keeping = signal<'stored' | 'memory'>('stored')
  const prefix = `outbox/${identity}/`
  /** Not yet on the disk, so not to be sent (D2). */
  const unsaved = new Set<string>()
  /** Held when they were read from the store: another window may hold them, and take them back there. */
  const taken = new Set<string>()
  /** Of a window that lives: it sends them, or takes them back. */
  const foreign = new Set<string>()
  const stopWaiting = new Set<Undo>()
  const owner = createWindowOwner(parts.locks, env.randomId())
  const timers = new Map<string, Undo>()
  let isOnline = false
  let isDisposed = false

  const store = parts.openStore()
  void store.then(restore)

  async function restore(opened: KeyedStore) {
    keeping.value = opened.kind
    const saved = (await opened.list(prefix).catch(() => [])).map(([, row]) => row as HeldRow)
    if (isDisposed || saved.length === 0) return
    // What was on the wire when the page went away is unknown: the same ids are sent again.
    const now = env.now()
    const own = saved.filter(row => row.identity === identity)
    for (const row of own) if (isUnsent(row)) taken.add(row.clientId)
    for (const row of own) if (row.window !== undefined && taken.has(row.clientId)) wait(row, row.window)
    const later = own.map(row =>
      isHeld(row, now)
        ? { ...row, holdUntil: Math.min(row.holdUntil ?? 0, now + HOLD_MS) + OTHER_WINDOW_MS }
        : row,
    )
    commit(merge(wake(later), rows.value))
    pumpAll()
  }

  function wait({ clientId, thread }: HeldRow, window: string) {
    foreign.add(clientId)
    const undo = owner.whenGone(window, () => {
      foreign.delete(clientId)
      pump(thread)
    })
    stopWaiting.add(undo)
    look()
  }

  /** What was sent or taken back where it was written is not in the store any more, and is nothing to show here. */
  function look() {
    if (timers.has('') || foreign.size === 0) return
    timers.set(
      '',
      env.after(OTHER_WINDOW_MS, async () => {
        const opened = await store
        for (const clientId of [...foreign]) {
          const kept = await opened.get(prefix + clientId).catch(() => null)
          if (isDisposed) return
          if (kept !== undefined) continue
          foreign.delete(clientId)
          rows.value = rows.value.filter(row => row.clientId !== clientId)
        }
        timers.delete('')
        look()
      }),
    )
  }

  /** Taken back in the window that wrote it: then it is not in the store any more. True when something is asked. */
  function askStore(thread: string): boolean {
    const due = rows.value.filter(
      row =>
        row.thread === thread &&
        taken.has(row.clientId) &&
        !foreign.has(row.clientId) &&
        !isHeld(row, env.now()),
    )
    for (const { clientId } of due) {
      taken.delete(clientId)
      unsaved.add(clientId)
      void store
        .then(opened => opened.get(prefix + clientId))
        // A store that does not answer proves nothing: words are not dropped on that.
        .then(
          kept => kept !== undefined,
          () => true,
        )
        .then(isThere => {
          unsaved.delete(clientId)
          if (!isThere) rows.value = rows.value.filter(row => row.clientId !== clientId)
          pump(thread)
        })
    }
    return due.length > 0
  }

  async function save(row: HeldRow) {
    unsaved.add(row.clientId)
    try {
      await (await store).set([[prefix + row.clientId, row]])
    } catch {
      keeping.value = 'memory'
    }
    unsaved.delete(row.clientId)
    pump(row.thread)
  }

  function commit(next: Rows) {
    const before = new Map(rows.value.map(row => [row.clientId, row]))
    // What failed, or must be asked about, is still so after a reload: nothing that the agent was told did not go
    // goes by itself.
    const turned = next.filter(row => isStuck(before.get(row.clientId) ?? row) !== isStuck(row))
    for (const row of next) before.delete(row.clientId)
    const gone = [...before.values()]
    rows.value = next
    if (turned.length > 0)
      void store
        .then(opened => opened.set(turned.map(row => [prefix + row.clientId, row])))
        .catch(() => {
          keeping.value = 'memory'
        })
    if (gone.length > 0)
      // Left behind in the store, they would be sent again under their old ids, which changes nothing.
      void store.then(opened => opened.delete(gone.map(row => prefix + row.clientId))).catch(() => {})
  }

  function pump(thread: string) {
    timers.get(thread)?.()
    timers.delete(thread)
    if (!isOnline || isDisposed || askStore(thread)) return
    const now = env.now()
    const passing = passHeld(
      rows.value.filter(
        row => !unsaved.has(row.clientId) && (!foreign.has(row.clientId) || isHeld(row, now)),
      ),
      thread,
      now,
    )
    const next = nextSend(passing.rows, { thread, identity, now, isClosed: parts.isClosed(thread) })
    commit(merge(rows.value, next.outbox))
    if (next.take.length > 0) return void attempt(thread, next.take)
    const waits = [next.waitMs, passing.waitMs].filter(wait => wait !== null)
    if (waits.length > 0)
      timers.set(
        thread,
        env.after(Math.min(...waits), () => pump(thread)),
      )
  }

  function pumpAll() {
    for (const thread of new Set(rows.value.map(row => row.thread))) pump(thread)
  }

  async function attempt(thread: string, taken: Rows) {
    const outcome = await parts.send(
      thread,
      taken.flatMap(row => (row.draft ? [row.draft] : [])),
    )
    if (isDisposed) return
    const ids = taken.map(row => row.clientId)
    commit(settle(rows.value, ids, outcome, env.now(), env.random()))
    if (outcome.ok) for (const { seq } of outcome.results) parts.stored(thread, seq)
    pump(thread)
  }

  const isOwnHold = (row: HeldRow) => !taken.has(row.clientId)
  const mayTakeBack = (clientId: string) =>
    !taken.has(clientId) && rows.value.some(row => row.clientId === clientId && isHeld(row, env.now()))

  const mayWithdraw = (clientId: string) =>
    !foreign.has(clientId) && rows.value.some(row => row.clientId === clientId && isUnsent(row))

  return {
    rows,
    keeping,
    add(thread, body, options = {}) {
      if (body.type !== 'marked') commit(letGo(rows.value, row => isOwnHold(row) && row.thread === thread))
      // A mark that is still waiting says less than this one.
      const current =
        body.type === 'marked'
          ? rows.value.filter(
              row =>
                row.thread !== thread ||
                row.draft?.body.type !== 'marked' ||
                row.state !== 'queued' ||
                row.attempts > 0,
            )
          : rows.value
      const clientId = env.randomId()
      const queuedAt = env.now()
      const next = enqueue(current, { clientId, thread, identity, queuedAt, draft: { clientId, body } })
      const own = { window: owner.name, ...(options.isHeld && { holdUntil: queuedAt + HOLD_MS }) }
      commit(next.map(row => (row.clientId === clientId ? { ...row, ...own } : row)))
      const row = rows.value.find(each => each.clientId === clientId)
      if (row) void save(row)
    },
    mayTakeBack,
    takeBack(clientId) {
      const row = rows.value.find(each => each.clientId === clientId)
      if (!row || !mayTakeBack(clientId)) return null
      commit(rows.value.filter(each => each !== row))
      pump(row.thread)
      return row
    },
    mayWithdraw,
    withdraw(clientId) {
      const row = rows.value.find(each => each.clientId === clientId)
      if (!row || !mayWithdraw(clientId)) return false
      commit(rows.value.filter(each => each !== row))
      pump(row.thread)
      return true
    },
    letGo(thread) {
      const isWanted = (row: HeldRow) => isOwnHold(row) && (thread === undefined || row.thread === thread)
      const next = letGo(rows.value, isWanted)
      if (next === rows.value) return
      rows.value = next
      pumpAll()
    },
    flushed: (ms, thread) =>
      new Promise(resolve => {
        const isOnItsWay = (row: HeldRow) =>
          (row.state === 'queued' || row.state === 'sending') && (thread ?? row.thread) === row.thread
        const isQuiet = () => !rows.value.some(isOnItsWay)
        // Without a link nothing goes: it waits for the next time, on the disk.
        if (!isOnline || isQuiet()) return resolve()
        const stopWaiting = env.after(ms, () => done())
        const stopLooking = rows.subscribe(() => {
          if (isQuiet()) queueMicrotask(done)
        })
        const done = () => {
          stopWaiting()
          stopLooking()
          resolve()
        }
      }),
    retry(clientId) {
      commit(sendAgain(rows.value, clientId, env.now()))
      pumpAll()
    },
    discard(clientId) {
      commit(discard(rows.value, clientId))
      pumpAll()
    },
    dropStored(events) {
      commit(dropStored(rows.value, events, parts.isOwn))
    },
    recall(thread) {
      commit(recall(rows.value, thread))
      pump(thread)
    },
    setOnline(now) {
      if (now === isOnline) return
      isOnline = now
      if (!isOnline) return
      commit(wake(rows.value))
      pumpAll()
    },
    dispose() {
      isDisposed = true
      for (const cancel of [...timers.values(), ...stopWaiting]) cancel()
      owner.dispose()
      void store.then(opened => opened.close())
    },
  }
}
