// Several tabs of one site, one conversation: one tab leads (holds the link, drains the outbox), the others
// see and say everything through it (D17). Owns leadership and the messages between tabs, and parses these
// like anything untrusted. Without Web Locks every tab leads: more work, still right, because ids decide.

import type { Undo } from '../base/environment'
import type { PageFacts } from '../protocol/facts'
import type { Availability, ExpectedRange, Pushes, SyncPage } from '../protocol/wire'
import type { LinkState } from './liveTransport'
import type { OutboxRow } from './outbox'
import {
  type Check,
  isBrief,
  isCount,
  isPageFacts,
  isStoredEvent,
  isString,
  isVisitorDraft,
  list,
  oneOf,
  shape,
  variant,
} from './readEvents'

/** The conversation as this device knows it; saved, and shared between tabs. */
export interface Thread {
  readonly openId: string
  /** Null until the server has made it. */
  readonly conversationId: string | null
  readonly epoch: string
}

/** `away`: for a moment, as they said. `gone`: without a connection. */
export type AgentPresence = Pushes['agentPresence']['state']

export type TabMessage =
  /** A tab that just came: the leader answers with `thread`, `rows`, `link`. */
  | { readonly type: 'hello' }
  /** Of two conversations that were begun at once the leader's holds. */
  | {
      readonly type: 'thread'
      readonly thread: Thread | null
      /** Which one is let go of, where that is known. */
      readonly openId?: string | undefined
      readonly isLeaders?: boolean
      /** The visitor signed out: nothing of theirs may stay in sight. */
      readonly isLogout?: boolean
    }
  | { readonly type: 'rows'; readonly thread: string; readonly rows: readonly OutboxRow[] }
  | { readonly type: 'gone'; readonly thread: string; readonly clientIds: readonly string[] }
  /** A follower's `sync`, answered by the leader with a `page`. */
  | { readonly type: 'want'; readonly thread: string; readonly after: number; readonly epoch: string }
  | { readonly type: 'page'; readonly thread: string; readonly after: number; readonly page: SyncPage }
  | {
      readonly type: 'link'
      readonly link: LinkState
      readonly isStranded: boolean
      readonly place: number | null
      readonly expectedWaitMs: number | null
      /** Absent from older tabs: not known. */
      readonly agentPresence?: AgentPresence | null
      /** Absent from tabs of an older version. */
      readonly expectedRange?: ExpectedRange | null
    }
  | { readonly type: 'agentTyping'; readonly thread: string }
  | { readonly type: 'typing'; readonly thread: string }
  /** Where the visitor is in this tab: the leader tells the server. */
  | { readonly type: 'visits'; readonly thread: string; readonly page: PageFacts }
  | { readonly type: 'seen'; readonly thread: string; readonly read: number }
  | { readonly type: 'askAvailability' }
  | { readonly type: 'availability'; readonly availability: Availability }

export interface TabLink {
  /** Calls `onLead` once this tab leads; the undo gives leadership up, or stops waiting for it. */
  lead(onLead: () => void): Undo
  post(message: TabMessage): void
  listen(listener: (message: TabMessage) => void): Undo
  close(): void
}

/**
 * @param page  the window; undefined in Node: this tab is the only one
 * @param name  what the tabs have in common: site and identity
 */
export function createTabLink(page: (Window & typeof globalThis) | undefined, name: string): TabLink {
  let channel: BroadcastChannel | null = null
  try {
    channel = page?.BroadcastChannel ? new page.BroadcastChannel(name) : null
  } catch {
    // An opaque origin has no channels, and no other tabs.
  }
  return {
    lead(onLead) {
      const locks = page?.navigator.locks
      if (!locks) {
        onLead()
        return () => {}
      }
      const stop = new AbortController()
      let release: () => void = () => {}
      const held = new Promise<void>(resolve => {
        release = resolve
      })
      locks
        .request(name, { signal: stop.signal }, () => {
          if (stop.signal.aborted) return
          onLead()
          return held
        })
        .catch(error => {
          // A sandboxed page may have no locks to give: then it leads alone.
          if (!stop.signal.aborted && error) onLead()
        })
      return () => {
        stop.abort()
        release()
      }
    },
    post: message => channel?.postMessage(message),
    listen(listener) {
      const hear = (event: MessageEvent) => {
        const message = readTabMessage(event.data)
        if (message) listener(message)
      }
      channel?.addEventListener('message', hear)
      return () => channel?.removeEventListener('message', hear)
    },
    close() {
      channel?.close()
      // What was under way may still have something to say to the others: a closed channel throws at it.
      channel = null
    },
  }
}

const orNull =
  (check: Check): Check =>
  value =>
    value === null || check(value)

const thread = shape({ openId: isString, conversationId: orNull(isString), epoch: isString })
const outboxRow = shape({
  clientId: isString,
  thread: isString,
  identity: isString,
  order: isCount,
  attempts: isCount,
  queuedAt: Number.isFinite,
  notBefore: Number.isFinite,
  state: value => isState(value) || shape({ failed: isString })(value),
  brief: orNull(isBrief),
  draft: orNull(isVisitorDraft),
})
const isState = oneOf('queued', 'sending', 'sent', 'needsConfirm')
const isAny = () => true

/** By type, what another tab may say: same origin, but any script of the page may have written it. */
const tabMessage = variant(
  'type',
  {
    hello: isAny,
    thread: shape({ thread: orNull(thread) }),
    rows: shape({ rows: list(isRow) }),
    gone: shape({ clientIds: list(isString) }),
    want: shape({ after: isCount, epoch: isString }),
    page: shape({
      after: isCount,
      page: shape({ events: list(isStoredEvent), head: isCount, epoch: isString }),
    }),
    link: shape({
      link: oneOf('offline', 'connecting', 'online', 'retrying'),
      agentPresence: oneOf(undefined, null, 'here', 'away', 'gone'),
    }),
    agentTyping: isAny,
    typing: isAny,
    visits: shape({ page: isPageFacts }),
    seen: shape({ read: isCount }),
    askAvailability: isAny,
    availability: shape({ availability: shape({ agentsOnline: isCount }) }),
  } satisfies Record<TabMessage['type'], Check>,
  false,
)

/** A message of another tab, or null. */
export function readTabMessage(value: unknown): TabMessage | null {
  return tabMessage(value) ? (value as TabMessage) : null
}

/** From storage or another tab. */
export function isThread(value: unknown): value is Thread {
  return thread(value)
}

/** From storage or another tab. */
export function isRow(value: unknown): value is OutboxRow {
  return outboxRow(value) && ((value as OutboxRow).brief === null) !== ((value as OutboxRow).draft === null)
}
