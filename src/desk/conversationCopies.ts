// This window's copies of conversations, kept in step with the server by seq. One copy for each conversation that
// the agent has open or holds; what may be shown and when to ask again is decided by the pure `live/catchUp`.
// What arrives was parsed by the carrier.

import { batch, computed, signal } from '@preact/signals-core'
import { reconnectWaitMs } from '../base/backoff'
import type { Environment, Undo } from '../base/environment'
import type { ReadonlySignal } from '../base/signal'
import {
  ASK_AFTER_MS,
  type Cursor,
  isBehind,
  noteHead,
  receivePage,
  receivePush,
  START,
} from '../live/catchUp'
import type { LiveTransport } from '../live/liveTransport'
import type { StoredEvent } from '../protocol/events'
import { parseBrief } from '../protocol/parseDesk'
import { type ConversationState, EMPTY_STATE, foldEvent } from '../protocol/phase'
import type { Brief } from '../protocol/records'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { DeskCalls } from '../protocol/wire'

export interface ConversationCopy {
  readonly conversationId: string
  /** 1, 2, 3 … without holes. */
  readonly events: ReadonlySignal<readonly StoredEvent[]>
  /** The fold of `events`. */
  readonly state: ReadonlySignal<ConversationState>
  readonly brief: ReadonlySignal<Brief | null>
  /** `loading` until the first time it has caught up; `failed`: the server will not show it. */
  readonly status: ReadonlySignal<'loading' | 'ready' | 'failed'>
}

export interface ConversationCopies {
  /** The copy, begun if there is none. */
  follow(conversationId: string): ConversationCopy
  get(conversationId: string): ConversationCopy | undefined
  /** Lets go of all others. */
  keepOnly(conversationIds: ReadonlySet<string>): void
  /** Resolves when the copy has caught up, or cannot now. */
  catchUp(conversationId: string): Promise<void>
  catchUpAll(): void
  /** Something up to `seq` exists. */
  noteStored(conversationId: string, seq: number): void
  dispose(): void
}

interface Kept extends ConversationCopy {
  cursor: Cursor
  underWay: Promise<void> | null
  attempts: number
  cancelTimer: Undo
}

export function createConversationCopies(parts: {
  readonly env: Environment
  readonly transport: LiveTransport<DeskCalls>
  readonly request: LiveTransport<DeskCalls>['request']
  /** Called with what is new in a copy, after it is in the copy. */
  readonly onEvents: (copy: ConversationCopy, events: readonly StoredEvent[], isFirst: boolean) => void
  /** A copy that was being read for the first time is whole. */
  readonly onCaughtUp: (copy: ConversationCopy) => void
  /** What was in a copy is void: it is read again from another incarnation of the data (D4). */
  readonly onRestart: (conversationId: string) => void
}): ConversationCopies {
  const { env, transport, request, onEvents, onCaughtUp, onRestart } = parts
  const copies = new Map<string, Kept>()

  const undo = [
    transport.on('events', ({ conversationId, epoch, events }) => {
      const copy = copies.get(conversationId)
      if (!copy) return
      take(copy, receivePush(copy.cursor, epoch, events))
      askSoon(copy)
    }),
    transport.on('head', ({ conversationId, epoch, head }) => {
      const copy = copies.get(conversationId)
      if (!copy) return
      copy.cursor = noteHead(copy.cursor, epoch, head)
      askSoon(copy)
    }),
  ]

  /** Pushes overtake one another: a hole is asked for only when it lasts. */
  function askSoon(copy: Kept, waitMs = ASK_AFTER_MS) {
    copy.cancelTimer()
    if (!isBehind(copy.cursor) || copy.underWay) return
    copy.cancelTimer = env.after(waitMs, () => {
      if (isBehind(copy.cursor)) void catchUp(copy)
    })
  }

  function take(
    copy: Kept,
    received: { readonly cursor: Cursor; readonly show: readonly StoredEvent[]; readonly restarted: boolean },
  ) {
    copy.cursor = received.cursor
    const events = copy.events as { value: readonly StoredEvent[] }
    const state = copy.state as { value: ConversationState }
    batch(() => {
      if (received.restarted) {
        events.value = []
        state.value = EMPTY_STATE
      }
      if (received.show.length === 0) return
      // As a block: item by item a long conversation would be felt.
      events.value = events.value.concat(received.show)
      state.value = received.show.reduce(foldEvent, state.value)
    })
    if (received.restarted) onRestart(copy.conversationId)
    if (received.show.length > 0) onEvents(copy, received.show, copy.status.value === 'loading')
  }

  function catchUp(copy: Kept): Promise<void> {
    copy.underWay ??= ask(copy).finally(() => {
      copy.underWay = null
    })
    return copy.underWay
  }

  async function ask(copy: Kept) {
    copy.cancelTimer()
    const status = copy.status as { value: ConversationCopy['status']['value'] }
    const { conversationId } = copy
    do {
      const { last: after, epoch } = copy.cursor
      const reply = await request('sync', { v: PROTOCOL_VERSION, conversationId, after, epoch })
      if (copies.get(conversationId) !== copy) return
      if (!reply.ok) {
        if (reply.retry) again(copy, reply.after)
        else if (status.value === 'loading') status.value = 'failed'
        return
      }
      const before = copy.cursor
      take(copy, receivePage(copy.cursor, reply, after))
      // An answer that moves nothing: asking again at once would only spin.
      if (isBehind(copy.cursor) && copy.cursor.last === before.last && copy.cursor.epoch === before.epoch)
        return again(copy)
    } while (isBehind(copy.cursor))
    copy.attempts = 0
    if (status.value === 'ready') return
    status.value = 'ready'
    onCaughtUp(copy)
  }

  function again(copy: Kept, after?: number) {
    copy.cancelTimer()
    copy.cancelTimer = env.after(after ?? reconnectWaitMs(copy.attempts++, true, env.random()), () => {
      void catchUp(copy)
    })
  }

  function follow(conversationId: string): Kept {
    const known = copies.get(conversationId)
    if (known) return known
    const events = signal<readonly StoredEvent[]>([])
    const copy: Kept = {
      conversationId,
      events,
      state: signal(EMPTY_STATE),
      brief: computed(() => {
        const opened = events.value[0]?.body
        return opened?.type === 'opened' ? parseBrief(opened.brief) : null
      }),
      status: signal<'loading' | 'ready' | 'failed'>('loading'),
      cursor: START,
      underWay: null,
      attempts: 0,
      cancelTimer: () => {},
    }
    copies.set(conversationId, copy)
    void catchUp(copy)
    return copy
  }

  return {
    follow,
    get: conversationId => copies.get(conversationId),
    keepOnly(conversationIds) {
      for (const [conversationId, copy] of copies) {
        if (conversationIds.has(conversationId)) continue
        copy.cancelTimer()
        copies.delete(conversationId)
      }
    },
    async catchUp(conversationId) {
      const copy = copies.get(conversationId)
      if (!copy) return
      // The question under way may have been put before what we want to know happened.
      await copy.underWay
      await catchUp(copy)
    },
    catchUpAll() {
      for (const copy of copies.values()) void catchUp(copy)
    },
    noteStored(conversationId, seq) {
      const copy = copies.get(conversationId)
      if (!copy) return
      copy.cursor = noteHead(copy.cursor, copy.cursor.epoch, seq)
      askSoon(copy)
    },
    dispose() {
      for (const off of undo) off()
      for (const copy of copies.values()) copy.cancelTimer()
      copies.clear()
    },
  }
}
