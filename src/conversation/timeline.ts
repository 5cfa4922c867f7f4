// What the window shows, as one list: bot turns, stored events, words not yet confirmed.
// Pure. Used by the visitor's panel and by the desk.

import type { AnswerSource } from '../bot/botProvider'
import type { Author, Citation } from '../protocol/records'

/** Each means exactly what DELIVERY promises; never `sent` before the server's ok. */
export type DeliveryState =
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'needsConfirm'
  | { readonly failed: string }

/** What happened, for a text key `notice.<name>`. */
export type NoticeName =
  | 'botIntro'
  | 'queued'
  | 'agentJoined'
  | 'agentLost'
  | 'handedOn'
  | 'nobodyNow'
  | 'cancelled'
  | 'ticketOpened'
  | 'ticketSolved'
  | 'endedByAgent'
  | 'endedByVisitor'
  | 'reopened'
  | 'redacted'
  | 'personTurns'

export type TimelineItem =
  | {
      readonly kind: 'message'
      /** Stable: the sender's clientId. */
      readonly key: string
      readonly seq: number | null
      readonly author: Author
      readonly text: string
      readonly format: 'plain' | 'markdown'
      readonly citations: readonly Citation[]
      readonly source: AnswerSource | null
      readonly at: number
      /** Only for one's own words after the handoff. */
      readonly state: DeliveryState | null
      /** Reported by the visitor's device (bot turns at the desk). */
      readonly fromDevice: boolean
    }
  | {
      readonly kind: 'notice'
      readonly key: string
      readonly seq: number | null
      readonly name: NoticeName
      readonly values: Readonly<Record<string, string | number>>
      readonly at: number
    }
