// What the host page may listen to. One listener's failure reaches neither the others nor the assistant.

import type { Undo } from '../base/environment'
import type { TranscriptLine } from '../conversation/transcript'
import type { Phase } from '../protocol/phase'
import type { Channel, EscalationReason } from '../protocol/records'

/** An offer that came unasked; `because` is what it came after. */
export interface OfferDetail {
  /** `errorRepeated::payments/add-a-card`: the same as long as it leads to the same. */
  readonly offer: string
  readonly because: string
  /** The site's own word, where it gave a signal. */
  readonly signal?: string
}

/** A visitor wants the conversation sent to an address: yours to send. */
export interface TranscriptDetail {
  /** By the server's name for it; null: no person was asked for, or the server does not know yet. */
  readonly conversationId: string | null
  /** The whole as plain text, a line each with time and name. */
  readonly text: string
  readonly messages: readonly TranscriptLine[]
  /** Where to, as the visitor wrote it: looks like an address, proved by nobody. */
  readonly email?: string
}

export interface HostEvents {
  ready: object
  opened: { readonly view: string }
  closed: object
  suggested: { readonly query: string; readonly articleIds: readonly string[] }
  articleOpened: { readonly articleId: string; readonly title: string }
  solved: { readonly articleId: string }
  notSolved: { readonly articleId: string }
  asked: { readonly toPerson: boolean }
  escalated: { readonly reason: EscalationReason; readonly channel: Channel }
  phaseChanged: { readonly phase: Phase }
  unread: { readonly count: number }
  /** While somebody listens, visitors are offered "Send by e-mail". Return a promise: it says whether it was sent. */
  transcript: TranscriptDetail
  offered: OfferDetail
  offerTaken: OfferDetail
  offerDismissed: OfferDetail
  moved: { readonly route: string }
  error: { readonly code: string; readonly message: string }
  destroyed: object
}

export type HostEventName = keyof HostEvents
/** What a listener of `transcript` returns is awaited; of others it is not looked at. */
export type HostListener<Name extends HostEventName> = (
  detail: HostEvents[Name],
) => Name extends 'transcript' ? unknown : void

export interface Emitter {
  on<Name extends HostEventName>(name: Name, listener: HostListener<Name>): Undo
  off<Name extends HostEventName>(name: Name, listener: HostListener<Name>): void
  emit<Name extends HostEventName>(name: Name, detail: HostEvents[Name]): void
  /** Those who listen, to be asked for what they return. */
  heard<Name extends HostEventName>(name: Name): readonly HostListener<Name>[]
  clear(): void
}

export function createEmitter(): Emitter {
  const listeners = new Map<string, Set<(detail: never) => void>>()
  const off: Emitter['off'] = (name, listener) => {
    listeners.get(name)?.delete(listener)
  }
  return {
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(listener))
      return () => off(name, listener)
    },
    off,
    emit(name, detail) {
      for (const listener of [...(listeners.get(name) ?? [])]) {
        try {
          listener(detail as never)
        } catch (error) {
          // The host's own mistake: shown where the host's developer looks, and nowhere else.
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
    heard: name => [...(listeners.get(name) ?? [])] as never,
    clear: () => listeners.clear(),
  }
}
