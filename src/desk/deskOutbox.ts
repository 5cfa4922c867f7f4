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
  type Outbox,
  type OutboxRow,
  recall,
  sendAgain,
  settle,
  wake,
} from '../live/outbox'
import type { AgentBody, Draft, StoredEvent } from '../protocol/events'
import type { Reply, SendResult } from '../protocol/wire'

type Row = OutboxRow<AgentBody>

export interface DeskOutbox {
  readonly rows: ReadonlySignal<Outbox<AgentBody>>
  /** `memory`: storage is refused, closing the page loses what is not yet sent. */
  readonly keeping: ReadonlySignal<'stored' | 'memory'>
  add(thread: string, body: AgentBody): void
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
  send(
    conversationId: string,
    drafts: readonly Draft<AgentBody>[],
  ): Promise<Reply<{ readonly results: readonly SendResult[] }> | NoAnswer>
  isClosed(conversationId: string): boolean
  isOwn(event: StoredEvent): boolean
  /** The server stored something up to `seq`. */
  stored(conversationId: string, seq: number): void
}

export function createDeskOutbox(parts: DeskOutboxParts): DeskOutbox {
  const { env, identity } = parts
  const rows = signal<Outbox<AgentBody>>([])
  const keeping = signal<'stored' | 'memory'>('stored')
  const prefix = `outbox/${identity}/`
  /** Not yet on the disk, so not to be sent (D2). */
  const unsaved = new Set<string>()
  const timers = new Map<string, Undo>()
  let isOnline = false
  let isDisposed = false

  const store = parts.openStore()
  void store.then(restore)

  async function restore(opened: KeyedStore) {
    keeping.value = opened.kind
    const saved = (await opened.list(prefix).catch(() => [])).map(([, row]) => row as Row)
    if (isDisposed || saved.length === 0) return
    // What was on the wire when the page went away is unknown: the same ids are sent again.
    commit(merge(wake(saved.filter(row => row.identity === identity)), rows.value))
    pumpAll()
  }

  async function save(row: Row) {
    unsaved.add(row.clientId)
    try {
      await (await store).set([[prefix + row.clientId, row]])
    } catch {
      keeping.value = 'memory'
    }
    unsaved.delete(row.clientId)
    pump(row.thread)
  }

  function commit(next: Outbox<AgentBody>) {
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
    if (!isOnline || isDisposed) return
    const ready = rows.value.filter(row => !unsaved.has(row.clientId))
    const next = nextSend(ready, { thread, identity, now: env.now(), isClosed: parts.isClosed(thread) })
    commit(merge(rows.value, next.outbox))
    if (next.take.length > 0) void attempt(thread, next.take)
    else if (next.waitMs !== null)
      timers.set(
        thread,
        env.after(next.waitMs, () => pump(thread)),
      )
  }

  function pumpAll() {
    for (const thread of new Set(rows.value.map(row => row.thread))) pump(thread)
  }

  async function attempt(thread: string, taken: readonly Row[]) {
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

  return {
    rows,
    keeping,
    add(thread, body) {
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
      commit(
        enqueue(current, {
          clientId,
          thread,
          identity,
          queuedAt: env.now(),
          draft: { clientId, body },
        }),
      )
      const row = rows.value.find(each => each.clientId === clientId)
      if (row) void save(row)
    },
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
      for (const cancel of timers.values()) cancel()
      void store.then(opened => opened.close())
    },
  }
}
