// The visitor's conversations, for the list in the panel, and a copy of one for the site to send: asked for when it is
// looked at, kept nowhere. A chunk of its own.

import type { Environment } from '../base/environment'
import { indexedDBOf, openKeyedStore } from '../base/keyedStore'
import { provenToken, type VisitorInput } from '../context/visitor'
import type { ConversationModel } from '../conversation/conversationModel'
import type { TimelineItem } from '../conversation/timeline'
import type { AttachmentsModel } from '../live/attachmentsModel'
import { createPast, headersOf } from '../live/past'
// Only their types: the live half is not fetched to read a list, and the compiler holds these words to it.
import type { ANONYMOUS, SIGNED_IN } from '../live/startLive'
import type { PastConversation } from '../protocol/deskRecords'
import type { HostListener, TranscriptDetail } from './hostEvents'

export type { PastConversation }

export interface PastConversations {
  /** Newest first; null where the server did not say. */
  list(): Promise<readonly PastConversation[] | null>
  /** One as the window shows it, to be read; null where the server did not say. */
  thread(conversationId: string): Promise<readonly TimelineItem[] | null>
  /** Where the files of one can be read; the caller disposes of it. Rejects where its chunk does not come. */
  files(conversationId: string): Promise<AttachmentsModel>
  /** V2. `refused`: there is nothing to open, or not for this visitor; null where the server did not say. */
  openDispute(conversationId: string, reference: string): Promise<'opened' | 'refused' | null>
  /** The site takes conversations to be sent by e-mail. */
  hearsTranscript(): boolean
  /**
   * Hands a conversation to the site, to be sent to `email`.
   * @returns `sent` as the site says; `handed`: it took it and says nothing. Rejects where it could not.
   */
  sendTranscript(conversation: ConversationModel, email: string): Promise<'sent' | 'handed'>
}

const NOBODY: typeof ANONYMOUS = '/anonymous'
const SOMEBODY: typeof SIGNED_IN = '/user:'

export function createPastConversations(deps: {
  readonly environment: Environment
  readonly serverUrl: string
  /** What records of the database begin with, before the identity. */
  readonly site: string
  readonly visitor: VisitorInput
  /** A person was asked for on this device: its secret may be there. */
  hasKept(): boolean
  /** Those of the site who take a copy. */
  listeners(): readonly HostListener<'transcript'>[]
}): PastConversations {
  const { environment, serverUrl, site, visitor } = deps
  const identity = site + (visitor.id === undefined ? NOBODY : SOMEBODY + visitor.id)
  /** Reading makes no secret: one that is not there proves nothing. */
  const keptSecret = async () => {
    const page = environment.window
    if (!page || !deps.hasKept()) return null
    const store = await openKeyedStore(indexedDBOf(page), 'asklet', environment.after)
    try {
      const secret = await store.get(`${identity}/secret`)
      return typeof secret === 'string' ? secret : null
    } finally {
      store.close()
    }
  }
  const credentials = async () => {
    const [secret, token] = await Promise.all([keptSecret(), provenToken(visitor)])
    if (secret === null && token === null) return null
    // The token speaks for itself; the server wants a secret beside it, and this one is used once.
    return { secret: secret ?? environment.randomId() + environment.randomId(), token }
  }
  const past = createPast({ environment, url: serverUrl, credentials })
  return {
    list: past.list,
    openDispute: past.openDispute,
    async files(conversationId) {
      const { createVisitorFiles } = await import('../live/visitorFiles')
      return createVisitorFiles({
        environment,
        serverUrl,
        conversationId,
        // Nothing is chosen here, so nothing is kept; what waits in the composer of another one is not touched.
        tab: { kind: 'memory', get: () => null, set() {} },
        async headers() {
          const proof = await credentials()
          return proof ? headersOf(proof) : {}
        },
      })
    },
    hearsTranscript: () => deps.listeners().length > 0,
    async sendTranscript(conversation, email) {
      const detail: TranscriptDetail = {
        conversationId: conversation.conversationId.value,
        text: conversation.transcript(),
        messages: conversation.transcriptLines(),
        email,
      }
      const answers = deps.listeners().map(listener => listener(detail))
      if (!answers.length) throw new Error('nobody takes it any more')
      await Promise.all(answers)
      const isPromised = answers.some(
        answer => typeof (answer as { then?: unknown } | null | undefined)?.then === 'function',
      )
      return isPromised ? 'sent' : 'handed'
    },
    async thread(conversationId) {
      // Who only looks at the list needs no part of the window's.
      const [events, { createTimeline }] = await Promise.all([
        past.events(conversationId),
        import('../conversation/timeline'),
      ])
      if (!events) return null
      const isOwn = (author: { readonly kind: string }) => author.kind === 'visitor' || author.kind === 'bot'
      return createTimeline({ me: { kind: 'visitor' }, isOwn })({ events, rows: [] })
    },
  }
}
