// The visitor's earlier conversations, for the list in the panel: asked for when it is looked at, kept nowhere. A chunk
// of its own.

import type { Environment } from '../base/environment'
import { indexedDBOf, openKeyedStore } from '../base/keyedStore'
import type { TimelineItem } from '../conversation/timeline'
import { createPast } from '../live/past'
// Only their types: the live half is not fetched to read a list, and the compiler holds these words to it.
import type { ANONYMOUS, SIGNED_IN } from '../live/startLive'
import type { PastConversation } from '../protocol/deskRecords'

export type { PastConversation }

export interface PastConversations {
  /** Newest first; null where the server did not say. */
  list(): Promise<readonly PastConversation[] | null>
  /** One as the window shows it, to be read; null where the server did not say. */
  thread(conversationId: string): Promise<readonly TimelineItem[] | null>
}

const NOBODY: typeof ANONYMOUS = '/anonymous'
const SOMEBODY: typeof SIGNED_IN = '/user:'

export function createPastConversations(deps: {
  readonly environment: Environment
  readonly serverUrl: string
  /** What records of the database begin with, before the identity. */
  readonly site: string
  readonly visitorId: string | null
  /** A person was asked for on this device: its secret may be there. */
  hasKept(): boolean
  getToken(): Promise<string | null>
}): PastConversations {
  const { environment, serverUrl, site, visitorId } = deps
  const identity = site + (visitorId === null ? NOBODY : SOMEBODY + visitorId)
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
  const past = createPast({
    environment,
    url: serverUrl,
    async credentials() {
      const [secret, token] = await Promise.all([keptSecret(), deps.getToken()])
      if (secret === null && token === null) return null
      // The token speaks for itself; the server wants a secret beside it, and this one is used once.
      return { secret: secret ?? environment.randomId() + environment.randomId(), token }
    },
  })
  return {
    list: past.list,
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
