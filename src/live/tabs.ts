// Several tabs of one site, one conversation: one tab leads (holds the link, drains the outbox), the others
// see and say everything through it (D17). Owns leadership and the messages between tabs, and parses these
// like anything untrusted. Without Web Locks every tab leads: more work, still right, because ids decide.

import type { Undo } from '../base/environment'
import type { Availability, SyncPage } from '../protocol/wire'
import type { LinkState } from './liveTransport'
import type { OutboxRow, RowState } from './outbox'
import { isBrief, isCount, isRecord, isString, isVisitorDraft, readEvents } from './readEvents'

/** The conversation as this device knows it; saved, and shared between tabs. */
export interface Thread {
  readonly openId: string
  /** Null until the server has made it. */
  readonly conversationId: string | null
  readonly epoch: string
}

export type TabMessage =
  /** A tab that just came: the leader answers with `thread`, `rows`, `link`. */
  | { readonly type: 'hello' }
  /** Of two conversations that were begun at once the leader's holds. */
  | {
      readonly type: 'thread'
      readonly thread: Thread | null
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
    }
  | { readonly type: 'agentTyping'; readonly thread: string }
  | { readonly type: 'typing'; readonly thread: string }
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

/** A message of another tab, or null: same origin, but any script of the page may have written it. */
export function readTabMessage(value: unknown): TabMessage | null {
  if (!isRecord(value)) return null
  const message = value as TabMessage
  const isGood = (): boolean => {
    switch (message.type) {
      case 'hello':
      case 'askAvailability':
        return true
      case 'thread':
        return message.thread === null || isThread(message.thread)
      case 'rows':
        return Array.isArray(message.rows) && message.rows.every(isRow)
      case 'gone':
        return Array.isArray(message.clientIds) && message.clientIds.every(isString)
      case 'want':
        return isCount(message.after) && isString(message.epoch)
      case 'page':
        return (
          isCount(message.after) &&
          isRecord(message.page) &&
          isCount(message.page.head) &&
          isString(message.page.epoch) &&
          readEvents(message.page.events) !== null
        )
      case 'link':
        return ['offline', 'connecting', 'online', 'retrying'].includes(message.link)
      case 'seen':
        return isCount(message.read)
      case 'agentTyping':
      case 'typing':
        return true
      case 'availability':
        return isRecord(message.availability) && isCount(message.availability.agentsOnline)
      default:
        return false
    }
  }
  return isGood() ? message : null
}

/** From storage or another tab. */
export function isThread(value: unknown): value is Thread {
  return (
    isRecord(value) &&
    isString(value.openId) &&
    (value.conversationId === null || isString(value.conversationId)) &&
    isString(value.epoch)
  )
}

/** From storage or another tab. */
export function isRow(value: unknown): value is OutboxRow {
  return (
    isRecord(value) &&
    isString(value.clientId) &&
    isString(value.thread) &&
    isString(value.identity) &&
    isCount(value.order) &&
    isCount(value.attempts) &&
    Number.isFinite(value.queuedAt) &&
    Number.isFinite(value.notBefore) &&
    (isState(value.state) || (isRecord(value.state) && isString(value.state.failed))) &&
    (value.brief === null ? isVisitorDraft(value.draft) : value.draft === null && isBrief(value.brief))
  )
}

function isState(value: unknown): value is RowState {
  return value === 'queued' || value === 'sending' || value === 'sent' || value === 'needsConfirm'
}
