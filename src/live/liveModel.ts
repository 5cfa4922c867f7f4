// The live half of a conversation on this device: link, outbox, stored events, the agent's typing, the place in
// the queue. Decides nothing that `outbox` and `catchUp` decide; it saves, sends and shows what they say.
//
//   send -> rows (shown) -> saved -> drain -> carrier -> ok -> event through the door -> row gone
//                                    ^ one in flight, after the first sync of each connect
//
// Owns what is kept on this device under `<site>/<identity>/`. Refuses to send anything that is not saved yet.

import { batch, computed, signal } from '@preact/signals-core'
import { resendWaitMs } from '../base/backoff'
import type { Environment, Undo } from '../base/environment'
import type { KeyedStore } from '../base/keyedStore'
import type { ReadonlySignal } from '../base/signal'
import type { Draft, StoredEvent, VisitorBody } from '../protocol/events'
import { SYNC_PAGE } from '../protocol/limits'
import { type ConversationState, EMPTY_STATE, foldEvent } from '../protocol/phase'
import type { Author, Brief } from '../protocol/records'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { Availability } from '../protocol/wire'
import { ASK_AFTER_MS, isBehind, noteHead, type Received, receivePage, receivePush, START } from './catchUp'
import type { Ladder } from './ladder'
import type { LinkState } from './liveTransport'
import {
  discard,
  dropStored,
  enqueue,
  isStuck,
  merge,
  nextSend,
  type Outbox,
  type OutboxRow,
  sendAgain,
  settle,
  wake,
} from './outbox'
import { isString, readEvents } from './readEvents'
import { isRow, isThread, type TabLink, type TabMessage, type Thread } from './tabs'
import { watchWakeups } from './wakeups'

export interface LiveModel {
  readonly link: ReadonlySignal<LinkState>
  /** No carrier reaches the server, and that for a while. */
  readonly isStranded: ReadonlySignal<boolean>
  readonly keeping: ReadonlySignal<'stored' | 'memory'>
  /** There is a conversation with people behind it, perhaps not yet known to the server. */
  readonly hasThread: ReadonlySignal<boolean>
  /** 1, 2, 3 … without holes. */
  readonly events: ReadonlySignal<readonly StoredEvent[]>
  /** The fold of `events`. */
  readonly state: ReadonlySignal<ConversationState>
  /** Own words of this conversation that are not among `events` yet. */
  readonly rows: ReadonlySignal<Outbox>
  readonly isAgentTyping: ReadonlySignal<boolean>
  readonly place: ReadonlySignal<number | null>
  readonly expectedWaitMs: ReadonlySignal<number | null>

  /** Picks up what this device knows: the conversation, its events, unsent words. True when there is one. */
  resume(): Promise<boolean>
  /** Asks the server who is there; null when it cannot be reached in time. */
  availability(): Promise<Availability | null>
  /**
   * Opens a conversation with its earlier turns and the wish that ends the handoff; all or nothing is saved.
   * Where a conversation is open already, the turns and the wish are added to it.
   */
  open(brief: Brief, earlierTurns: readonly Draft<VisitorBody>[], handoff: Draft<VisitorBody>): Promise<void>
  /** Resolves when it is saved; what becomes of it is in `rows` and `events`. */
  send(draft: Draft<VisitorBody>): Promise<void>
  /** The visitor has seen everything up to `seq`. */
  markRead(seq: number): void
  typing(): void
  /** Retry after `failed`, yes after `needsConfirm`: the same id. */
  retry(clientId: string): void
  discard(clientId: string): void
  /** Lets go of the conversation on this device; the server keeps it. */
  leave(): Promise<void>
  /** `leave`, and the secret that proves who the visitor is. */
  logout(): Promise<void>
  dispose(): void
}

/** What proves who asks: a token of the host, a secret of this device, or both (then the token claims). */
export interface Credentials {
  readonly secret: string
  readonly token: string | null
}

export interface LiveDeps {
  readonly environment: Environment
  readonly store: KeyedStore
  readonly tabs: TabLink
  /** Whose words these are: the host's user id, or a word for nobody in particular. */
  readonly identity: string
  getToken(): Promise<string | null>
  connectVia(credentials: () => Promise<Credentials>): Ladder
  /** A conversation waits on this device, or no longer: the page's first script asks this one fact. */
  setWaiting(isWaiting: boolean): void
}

/** A typing sign is repeated every 3 s; missing two means stopped. Milliseconds. */
const TYPING_LASTS_MS = 6_000
const TYPING_EVERY_MS = 3_000
/** Marks are events too: a burst of messages is marked once. Milliseconds. */
const MARK_AFTER_MS = 400
/** Somebody waits for the answer in front of the offer. Milliseconds. */
const AVAILABILITY_WITHIN_MS = 6_000

/** Own: said by this visitor or reported by this visitor's device. */
export const isVisitorSide = (author: Author): boolean => author.kind === 'visitor' || author.kind === 'bot'

export function createLiveModel(deps: LiveDeps): LiveModel {
  const { environment, store, tabs, identity } = deps
  const prefix = `${identity}/`
  const link = signal<LinkState>('offline')
  const isStranded = signal(false)
  const keeping = signal<'stored' | 'memory'>(store.kind)
  const thread = signal<Thread | null>(null)
  const hasThread = computed(() => thread.value !== null)
  const events = signal<readonly StoredEvent[]>([])
  const state = signal<ConversationState>(EMPTY_STATE)
  const rows = signal<Outbox>([])
  const isAgentTyping = signal(false)
  const place = signal<number | null>(null)
  const expectedWaitMs = signal<number | null>(null)

  let cursor = START
  let leads = false
  let isDisposed = false
  let isStarted = false
  /** Saves under way: nothing goes on the wire meanwhile. */
  let saving = 0
  let isSending = false
  let isSyncing = false
  let syncFailures = 0
  /** This connect has seen all there was: what an older connect left unknown is known. */
  let isSynced = false
  /** Made anew with each connect; an answer to an older one steers nothing. */
  let connectNumber = 0
  let readSeq = 0
  let typedAt = Number.NEGATIVE_INFINITY
  const timers = new Map<string, Undo>()
  const waitingForAvailability = new Set<(availability: Availability) => void>()

  const setPlace = (next: number | null, waitMs: number | null) =>
    batch(() => {
      place.value = next
      expectedWaitMs.value = waitMs
    })
  const after = (name: string, ms: number, task: () => void) => {
    timers.get(name)?.()
    timers.set(
      name,
      environment.after(ms, () => {
        timers.delete(name)
        if (!isDisposed) task()
      }),
    )
  }
  const isWaitingFor = (name: string) => timers.has(name)

  // ---- keeping

  const kept = async (work: () => Promise<unknown>): Promise<void> => {
    saving++
    try {
      await work()
    } catch {
      // Refused or full: the words go on from memory, and the panel says that closing loses them.
      keeping.value = 'memory'
    }
    if (--saving === 0) drain()
  }
  const rowKey = (row: OutboxRow) => `${prefix}row/${row.clientId}`
  // The epoch is part of the key: events of another incarnation are never read as this one's.
  const eventKeys = (epoch: string) => `${prefix}event/${epoch}/`
  const eventKey = (seq: number) => eventKeys(cursor.epoch) + String(seq).padStart(9, '0')
  const isMark = (row: OutboxRow) => row.draft?.body.type === 'marked'

  /** Shows `next`, saves what must survive, then tells the other tabs: the leader sends only what is saved. */
  const commit = async (next: Outbox): Promise<void> => {
    const before = new Map(rows.value.map(row => [row.clientId, row]))
    const changed = next.filter(row => before.get(row.clientId) !== row)
    for (const row of next) before.delete(row.clientId)
    const gone = [...before.values()]
    rows.value = next
    const { openId } = thread.value ?? {}
    if (openId === undefined) return
    // `sending` is not saved: after a crash its outcome is unknown either way. `sent` is in the server's hands.
    const save = changed.filter(row => !isMark(row) && (row.state === 'queued' || isStuck(row)))
    const forget = [...gone, ...changed.filter(row => row.state === 'sent')]
    if (save.length || forget.length)
      await kept(async () => {
        if (save.length) await store.set(save.map(row => [rowKey(row), row]))
        if (forget.length) await store.delete(forget.map(rowKey))
      })
    if (changed.length) tabs.post({ type: 'rows', thread: openId, rows: changed })
    if (gone.length) tabs.post({ type: 'gone', thread: openId, clientIds: gone.map(row => row.clientId) })
  }

  const setThread = async (next: Thread | null): Promise<void> => {
    thread.value = next
    tabs.post({ type: 'thread', thread: next })
    await kept(() => (next ? store.set([[`${prefix}thread`, next]]) : store.delete([`${prefix}thread`])))
  }

  const credentials = async (): Promise<Credentials> => {
    // 256 bits, made when a person is asked for and not before; two tabs at once agree on one.
    const fresh = unkeptSecret || environment.randomId() + environment.randomId()
    const secret = await store.keep(`${prefix}secret`, fresh).catch(() => {
      // A disk that fails for a moment must not make another person of the visitor.
      unkeptSecret = memorySecret || fresh
      return unkeptSecret
    })
    memorySecret = isString(secret) ? secret : memorySecret || fresh
    // Without the token that the host promised nobody is asked: as somebody anonymous they would be another (D12).
    return { secret: memorySecret, token: await deps.getToken() }
  }
  let memorySecret = ''
  /** Used, and not on the disk yet. */
  let unkeptSecret = ''

  // ---- the link

  const carrier = deps.connectVia(credentials)
  const shareLink = () =>
    tabs.post({
      type: 'link',
      link: link.value,
      isStranded: isStranded.value,
      place: place.value,
      expectedWaitMs: expectedWaitMs.value,
    })
  const undos: Undo[] = [
    carrier.onLink(next => {
      if (!leads) return
      link.value = next
      connectNumber++
      isSynced = false
      isSyncing = false
      if (next === 'online') {
        syncFailures = 0
        commit(wake(rows.value))
        sync()
        drain()
      }
      shareLink()
    }),
    carrier.onStranded(next => {
      if (!leads) return
      isStranded.value = next
      shareLink()
    }),
    carrier.on('events', push => {
      if (isOurs(push.conversationId)) took(receivePush(cursor, push.epoch, push.events))
    }),
    carrier.on('head', push => {
      if (!isOurs(push.conversationId)) return
      cursor = noteHead(cursor, push.epoch, push.head)
      watchGap()
    }),
    carrier.on('place', push => {
      if (!isOurs(push.conversationId) || state.value.phase !== 'queued') return
      setPlace(push.place, push.expectedWaitMs)
      shareLink()
    }),
    carrier.on('typing', push => {
      if (!isOurs(push.conversationId) || push.who !== 'agent') return
      showTyping()
      tabs.post({ type: 'agentTyping', thread: thread.value?.openId ?? '' })
    }),
    watchWakeups(environment, () => {
      if (leads) carrier.nudge()
    }),
  ]
  const isOurs = (conversationId: string) => conversationId === thread.value?.conversationId

  const showTyping = () => {
    isAgentTyping.value = true
    after('typing', TYPING_LASTS_MS, () => {
      isAgentTyping.value = false
    })
  }

  // ---- receiving

  const took = ({ cursor: next, show, restarted }: Received, isCached = false) => {
    cursor = next
    batch(() => {
      if (restarted) {
        events.value = []
        state.value = EMPTY_STATE
      }
      if (show.length) {
        events.value = [...events.value, ...show]
        state.value = show.reduce(foldEvent, state.value)
        rows.value = withoutStored(show)
        if (show.some(event => event.author.kind === 'agent')) isAgentTyping.value = false
      }
      if (state.value.phase !== 'queued') setPlace(null, null)
    })
    if (isCached) return
    if (leads && (show.length || restarted)) {
      cache(show, restarted)
      if (show.length) sharePage((show[0]?.seq ?? 1) - 1)
      markSoon()
    }
    if (show.length) deps.setWaiting(isAwaited())
    if (leads && thread.value && thread.value.epoch !== cursor.epoch)
      setThread({ ...thread.value, epoch: cursor.epoch })
    watchGap()
  }

  /** A copy for the next page load. Losing it costs one read from the server, so nothing waits for it. */
  const cache = async (show: readonly StoredEvent[], restarted: boolean) => {
    const entries = show.map(event => [eventKey(event.seq), event] as const)
    const current = eventKeys(cursor.epoch)
    try {
      if (restarted) {
        const old = await store.list(`${prefix}event/`)
        await store.delete(old.map(([key]) => key).filter(key => !key.startsWith(current)))
      }
      if (entries.length) await store.set(entries)
    } catch {
      keeping.value = 'memory'
    }
  }

  /** The stored copies take over; their rows have done their work. */
  const withoutStored = (show: readonly StoredEvent[]): Outbox => {
    const rest = dropStored(rows.value, show, event => isVisitorSide(event.author))
    const left = new Set(rest)
    const gone = rows.value.filter(row => !left.has(row))
    if (gone.length) kept(() => store.delete(gone.map(rowKey)))
    return rest
  }

  /** A person owes this visitor something, or the handoff is still on its way. */
  const isAwaited = () =>
    ['offered', 'queued', 'live', 'ticketed'].includes(state.value.phase) ||
    rows.value.some(row => row.draft?.body.type === 'handoffReady')

  const sharePage = (from: number) => {
    if (!thread.value) return
    const list = events.value.slice(from, from + SYNC_PAGE)
    tabs.post({
      type: 'page',
      thread: thread.value.openId,
      after: from,
      page: { events: list, head: cursor.last, epoch: cursor.epoch },
    })
  }

  /** A hole older than 250 ms is asked for; overtaking alone closes by itself. */
  const watchGap = () => {
    if (isBehind(cursor) && !isSyncing && !isWaitingFor('gap'))
      after('gap', ASK_AFTER_MS, () => {
        if (isBehind(cursor)) sync()
      })
  }

  const sync = async (): Promise<void> => {
    const current = thread.value
    if (!current) return
    if (!leads) {
      tabs.post({ type: 'want', thread: current.openId, after: cursor.last, epoch: cursor.epoch })
      if (!isWaitingFor('gap')) after('gap', 1_000, () => isBehind(cursor) && sync())
      return
    }
    if (isSyncing || link.value !== 'online' || current.conversationId === null) return
    isSyncing = true
    const number = connectNumber
    const asked = cursor.last
    const reply = await carrier.request('sync', {
      v: PROTOCOL_VERSION,
      conversationId: current.conversationId,
      after: asked,
      epoch: cursor.epoch,
    })
    if (isDisposed || number !== connectNumber || thread.value?.openId !== current.openId) return
    isSyncing = false
    if (reply.ok) {
      syncFailures = 0
      const last = cursor.last
      const { epoch } = cursor
      took(receivePage(cursor, reply, asked))
      if (!isBehind(cursor)) isSynced = true
      // No step forward: a server that knows less than it said. Asked again, but not in a hot loop.
      else if (cursor.last > last || cursor.epoch !== epoch) return sync()
      else after('gap', 1_000, sync)
    } else if (reply.retry) {
      after(
        'gap',
        reply.after ?? Math.max(ASK_AFTER_MS, resendWaitMs(syncFailures++, environment.random())),
        sync,
      )
      return
    } else isSynced = true // Refused for good: the rows will say so, with their text kept.
    drain()
  }

  // ---- sending

  const drain = async (): Promise<void> => {
    const current = thread.value
    if (isDisposed || !leads || isSending || saving > 0 || link.value !== 'online' || !current) return
    // What a lost connect left unknown is looked up before it is sent again or asked about.
    if (current.conversationId !== null && !isSynced) return
    const { outbox, take, waitMs } = nextSend(rows.value, {
      thread: current.openId,
      identity,
      now: environment.now(),
      isClosed: state.value.phase === 'ended',
    })
    const [first] = take
    isSending = first !== undefined
    if (outbox.some((row, n) => row !== rows.value[n])) await commit(outbox)
    if (!first) {
      if (waitMs !== null) after('resend', waitMs, drain)
      return
    }
    const ids = take.map(row => row.clientId)
    const reply = first.brief
      ? await carrier.request('open', { v: PROTOCOL_VERSION, openId: first.clientId, brief: first.brief })
      : current.conversationId === null
        ? // Cannot be: opening holds back everything behind it. Wait for what another tab knows.
          ({ ok: false, code: 'no_answer', retry: true } as const)
        : await carrier.request('send', {
            v: PROTOCOL_VERSION,
            conversationId: current.conversationId,
            drafts: take.flatMap(row => (row.draft ? [row.draft] : [])),
          })
    isSending = false
    if (isDisposed) return
    // Left meanwhile: what came after it waits for this answer no longer.
    if (thread.value?.openId !== current.openId) return drain()
    if (reply.ok && 'conversationId' in reply) {
      // The conversation's id is saved before its opening row goes: a crash in between only opens once more.
      await setThread({ ...current, conversationId: reply.conversationId })
      sync()
    }
    if (reply.ok && 'results' in reply) {
      const head = reply.results.reduce((highest, result) => Math.max(highest, result.seq), 0)
      cursor = noteHead(cursor, cursor.epoch, head)
      watchGap()
    }
    await commit(settle(rows.value, ids, reply, environment.now(), environment.random()))
    // The event may have come before the ok.
    const stored = dropStored(rows.value, events.value.slice(-SYNC_PAGE), event =>
      isVisitorSide(event.author),
    )
    if (stored !== rows.value) await commit(stored)
    markSoon()
    drain()
  }

  const put = async (drafts: readonly Draft<VisitorBody>[], isEarlier = false): Promise<void> => {
    const current = thread.value
    if (!current || drafts.length === 0) return
    await commit(add(rows.value, current.openId, drafts, isEarlier))
    drain()
  }
  const add = (
    outbox: Outbox,
    openId: string,
    drafts: readonly Draft<VisitorBody>[],
    isEarlier: boolean,
  ): Outbox =>
    drafts.reduce<Outbox>(
      (queue, draft) =>
        enqueue(queue, {
          clientId: draft.clientId,
          thread: openId,
          identity,
          queuedAt: environment.now(),
          draft,
          isEarlier,
        }),
      outbox,
    )

  const markSoon = () => {
    if (!isWaitingFor('mark')) after('mark', MARK_AFTER_MS, mark)
  }
  /** Tells the other side what has been shown and seen, in one event, and only when it says something new. */
  const mark = () => {
    if (!leads || rows.value.some(isMark)) return
    let marked = { delivered: 0, read: 0 }
    let said = 0
    for (const { author, body, seq } of events.value) {
      if (body.type === 'marked' && author.kind === 'visitor')
        marked = {
          delivered: Math.max(marked.delivered, body.delivered),
          read: Math.max(marked.read, body.read),
        }
      if (body.type === 'message' && author.kind === 'agent') said = seq
    }
    const read = Math.max(marked.read, Math.min(readSeq, said))
    if (said > marked.delivered || read > marked.read)
      put([{ clientId: environment.randomId(), body: { type: 'marked', delivered: said, read } }])
  }

  // ---- other tabs

  const hear = (message: TabMessage) => {
    const openId = thread.value?.openId
    if ('thread' in message && isString(message.thread) && message.thread !== openId) return
    switch (message.type) {
      case 'hello':
        if (!leads) return
        if (thread.value) {
          tabs.post({ type: 'thread', thread: thread.value })
          tabs.post({ type: 'rows', thread: thread.value.openId, rows: rows.value })
        }
        return shareLink()
      case 'thread': {
        const next = message.thread
        if (next === null && leads) {
          // Perhaps the visitor signed out there: the next words need the proofs of now.
          memorySecret = ''
          unkeptSecret = ''
          carrier.close()
          carrier.connect()
        }
        if (next?.openId === openId) {
          if (next?.conversationId != null && thread.value?.conversationId === null) {
            thread.value = next
            sync()
          }
          return
        }
        batch(() => clear(next))
        if (next) sync()
        return
      }
      case 'rows': {
        // The leader alone knows what is on the wire; a follower knows what was just typed or wished.
        const known = new Map(rows.value.map(row => [row.clientId, row]))
        const news = message.rows.filter(row => {
          const mine = known.get(row.clientId)
          if (row.identity !== identity) return false
          if (!leads || !mine) return !isStored(row)
          return row.state === 'queued' && isStuck(mine)
        })
        rows.value = merge(rows.value, news)
        drain()
        return
      }
      case 'gone':
        rows.value = rows.value.filter(
          row => !message.clientIds.includes(row.clientId) || (leads && !isStuck(row)),
        )
        return
      case 'want':
        if (leads) sharePage(message.epoch === cursor.epoch ? message.after : 0)
        return
      case 'page':
        if (!leads) took(receivePage(cursor, message.page, message.after))
        return
      case 'link':
        if (leads) return
        batch(() => {
          link.value = message.link
          isStranded.value = message.isStranded
          setPlace(message.place, message.expectedWaitMs)
        })
        return
      case 'agentTyping':
        return showTyping()
      case 'typing':
        if (leads) sendTyping()
        return
      case 'seen':
        readSeq = Math.max(readSeq, message.read)
        if (leads && !isWaitingFor('mark')) after('mark', MARK_AFTER_MS, mark)
        return
      case 'askAvailability':
        if (leads)
          ask().then(availability => {
            if (availability) tabs.post({ type: 'availability', availability })
          })
        return
      case 'availability':
        for (const tell of [...waitingForAvailability]) tell(message.availability)
    }
  }
  const isStored = (row: OutboxRow) =>
    row.draft !== null &&
    events.value.some(event => event.clientId === row.clientId && isVisitorSide(event.author))
  undos.push(tabs.listen(hear))

  const clear = (next: Thread | null) => {
    cursor = START
    isSyncing = false
    isSynced = false
    readSeq = 0
    thread.value = next
    events.value = []
    state.value = EMPTY_STATE
    rows.value = []
    setPlace(null, null)
    isAgentTyping.value = false
  }

  /** Rows on the disk are all rows there are; their last outcome is unknown. */
  const readRows = async (): Promise<Outbox> => {
    const found = await store.list(`${prefix}row/`)
    return merge(
      [],
      found.flatMap(([, row]) =>
        isRow(row) && row.identity === identity && row.thread === thread.value?.openId
          ? [{ ...row, attempts: Math.max(1, row.attempts), notBefore: 0 }]
          : [],
      ),
    )
  }

  const load = async (): Promise<void> => {
    try {
      const saved = await store.get(`${prefix}thread`)
      if (!isThread(saved)) return
      thread.value = saved
      const [outbox, cached] = await Promise.all([readRows(), store.list(eventKeys(saved.epoch))])
      const list = readEvents(cached.map(([, event]) => event)) ?? []
      // The cache counts as a page of its epoch: it goes through the same door.
      batch(() => {
        rows.value = outbox
        if (saved.epoch && list.length)
          took(receivePage(START, { events: list, head: 0, epoch: saved.epoch }, 0), true)
      })
    } catch {
      keeping.value = 'memory'
    }
  }

  /** Leads or follows from now on, with a link where this tab leads. */
  const start = () => {
    if (isStarted || isDisposed) return
    isStarted = true
    undos.push(
      tabs.lead(async () => {
        leads = true
        // The former leader may have gone in the middle: the disk knows what is left.
        if (thread.value) rows.value = merge(rows.value, await readRows().catch(() => []))
        if (!isDisposed) carrier.connect()
      }),
    )
    tabs.post({ type: 'hello' })
    // Words that this tab saved and then reloaded before it could tell: the leader may not know them.
    const openId = thread.value?.openId
    if (openId !== undefined && rows.value.length)
      tabs.post({ type: 'rows', thread: openId, rows: rows.value })
  }

  const ask = async (): Promise<Availability | null> => {
    if (link.value !== 'online') return null
    const reply = await carrier.request('availability', { v: PROTOCOL_VERSION })
    return reply.ok ? reply : null
  }
  const sendTyping = () => {
    const conversationId = thread.value?.conversationId
    if (conversationId && link.value === 'online')
      carrier.request('typing', { v: PROTOCOL_VERSION, conversationId })
  }

  let loading: Promise<void> | null = null
  const ready = () => {
    loading ??= load()
    return loading
  }

  return {
    link,
    isStranded,
    keeping,
    hasThread,
    events,
    state,
    rows,
    isAgentTyping,
    place,
    expectedWaitMs,

    async resume() {
      await ready()
      if (thread.value) {
        start()
        sync()
      } else deps.setWaiting(false)
      return thread.value !== null
    },
    async availability() {
      await ready()
      start()
      return new Promise(resolve => {
        const undo: Undo[] = []
        const end = (availability: Availability | null) => {
          for (const each of undo.splice(0)) each()
          waitingForAvailability.delete(end)
          resolve(availability)
        }
        undo.push(environment.after(AVAILABILITY_WITHIN_MS, () => end(null)))
        waitingForAvailability.add(end)
        let isAsked = false
        undo.push(
          link.subscribe(() => {
            if (link.value !== 'online' || isAsked) return
            isAsked = true
            if (leads) ask().then(end)
            else tabs.post({ type: 'askAvailability' })
          }),
        )
      })
    },
    async open(brief, earlierTurns, handoff) {
      await ready()
      if (thread.value) {
        // One conversation for all tabs: this tab's turns join it.
        await commit(add(rows.value, thread.value.openId, earlierTurns, true))
        await put([handoff])
      } else {
        const openId = environment.randomId()
        const opening = enqueue<VisitorBody>([], {
          clientId: openId,
          thread: openId,
          identity,
          queuedAt: environment.now(),
          brief,
        })
        const outbox = add(add(opening, openId, earlierTurns, true), openId, [handoff], false)
        batch(() => {
          clear({ openId, conversationId: null, epoch: '' })
          rows.value = outbox
        })
        // One transaction: a handoff is on the disk whole or not at all, and before anything is on the wire.
        await kept(() =>
          store.set([[`${prefix}thread`, thread.value], ...outbox.map(row => [rowKey(row), row] as const)]),
        )
        tabs.post({ type: 'thread', thread: thread.value })
        tabs.post({ type: 'rows', thread: openId, rows: outbox })
      }
      deps.setWaiting(true)
      start()
      drain()
    },
    send: draft => put([draft]),
    markRead(seq) {
      if (seq <= readSeq) return
      readSeq = seq
      if (!leads) tabs.post({ type: 'seen', thread: thread.value?.openId ?? '', read: seq })
      else markSoon()
    },
    typing() {
      if (environment.now() - typedAt < TYPING_EVERY_MS) return
      typedAt = environment.now()
      if (leads) sendTyping()
      else tabs.post({ type: 'typing', thread: thread.value?.openId ?? '' })
    },
    retry(clientId) {
      commit(sendAgain(rows.value, clientId, environment.now())).then(drain)
    },
    discard(clientId) {
      commit(discard(rows.value, clientId))
    },
    async leave() {
      batch(() => clear(null))
      await setThread(null)
      deps.setWaiting(false)
      await forget(['row/', 'event/'])
    },
    async logout() {
      batch(() => clear(null))
      deps.setWaiting(false)
      memorySecret = ''
      unkeptSecret = ''
      carrier.close()
      // First the disk, then the word: a tab that hears it must not find the old secret any more.
      await forget([''])
      await setThread(null)
    },
    dispose() {
      isDisposed = true
      for (const undo of [...undos.splice(0).reverse(), ...timers.values()]) undo()
      carrier.close()
      tabs.close()
      store.close()
    },
  }

  async function forget(parts: readonly string[]): Promise<void> {
    await kept(async () => {
      for (const part of parts) await store.delete((await store.list(prefix + part)).map(([key]) => key))
    })
  }
}
