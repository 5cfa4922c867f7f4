// The seam between the live conversation and a carrier (socket, HTTP, in-memory loopback).
// A carrier moves requests and pushes; it promises nothing about order or loss. Outbox and catch-up do.

import type { Undo } from '../base/environment'
import type { Pushes, PushName, Reply, VisitorCalls } from '../protocol/wire'

export type LinkState = 'offline' | 'connecting' | 'online' | 'retrying'

/** A map of call name -> request and reply; `VisitorCalls` or `DeskCalls`. */
export type CallMap = Record<keyof VisitorCalls, { request: unknown; reply: unknown }>

/** No answer came: unknown whether it happened. Repeat with the same ids. */
export interface NoAnswer {
  readonly ok: false
  readonly code: 'no_answer'
  readonly retry: true
  readonly after?: number
}

export interface LiveTransport<Calls = VisitorCalls> {
  /**
   * T1  Resolves exactly once: with the server's reply, or with `no_answer` after its own time limit or a lost link.
   * T2  Never retries by itself.
   * T3  Before `connect` and after `close` every request resolves to `no_answer`.
   */
  request<Name extends keyof Calls & string>(
    name: Name,
    body: RequestOf<Calls, Name>,
  ): Promise<Reply<ReplyOf<Calls, Name>> | NoAnswer>
  /** T4  Pushes arrive as they come: perhaps doubled, out of order, or not at all. */
  on<Name extends PushName>(name: Name, listener: (payload: Pushes[Name]) => void): Undo
  /** T5  Called with the state now and after each change. `online` only when requests can be answered. */
  onLink(listener: (state: LinkState) => void): Undo
  connect(): void
  /** A hint that now is a good moment to try (page visible, network back): shortens a wait. */
  nudge(): void
  close(): void
}

export type RequestOf<Calls, Name extends keyof Calls> = Calls[Name] extends { request: infer R } ? R : never
export type ReplyOf<Calls, Name extends keyof Calls> = Calls[Name] extends { reply: infer R } ? R : never
