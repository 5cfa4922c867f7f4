// What every model of a signed-in desk works with: who sits there, and the line to the server. Types only.

import type { Environment } from '../base/environment'
import type { ReadonlySignal } from '../base/signal'
import type { LiveTransport } from '../live/liveTransport'
import type { DeskCalls } from '../protocol/wire'
import type { DeskAgent } from './account'

export interface DeskLine {
  readonly env: Environment
  readonly agent: DeskAgent
  /** Notices a session that is over; never rejects. */
  readonly request: LiveTransport<DeskCalls>['request']
  readonly on: LiveTransport<DeskCalls>['on']
  /** Calls at once, and whenever the link changes. */
  readonly onLink: LiveTransport<DeskCalls>['onLink']
  readonly openId: ReadonlySignal<string | null>
}

/** How a change went. `changed`: somebody else was faster. `noAnswer`: nobody knows. */
export type Outcome = 'done' | 'changed' | 'noAnswer' | 'refused'

export function outcomeOf(reply: { readonly ok: boolean; readonly code?: string }): Outcome {
  if (reply.ok) return 'done'
  if (reply.code === 'stale_assignment') return 'changed'
  return reply.code === 'no_answer' || reply.code === 'store_unavailable' ? 'noAnswer' : 'refused'
}
