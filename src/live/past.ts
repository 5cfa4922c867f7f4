// A visitor's earlier conversations, asked for by plain requests: no socket, no place in the live half, nothing kept.
// Refuses to make a visitor: who has neither a secret on this device nor a token has no past here, and is not asked.

import type { Environment } from '../base/environment'
import type { PastConversation } from '../protocol/deskRecords'
import type { StoredEvent } from '../protocol/events'
import { HTTP_PREFIX, PROTOCOL_VERSION } from '../protocol/version'
import type { Reply, SyncPage, VisitorCalls } from '../protocol/wire'
import type { Credentials } from './liveModel'

export interface Past {
  /** Newest first; null where the server did not say. */
  list(): Promise<readonly PastConversation[] | null>
  /** All events of one, oldest first; null where the server did not say. */
  events(conversationId: string): Promise<readonly StoredEvent[] | null>
  /** V2. `refused`: the site knows of none, or not for this visitor; null where the server did not say. */
  openDispute(conversationId: string, reference: string): Promise<'opened' | 'refused' | null>
}

export interface PastDeps {
  readonly environment: Environment
  /** Origin of the server; empty for the page's own. */
  readonly url: string
  /** Null: nobody of whom there could be a past. */
  credentials(): Promise<Credentials | null>
}

const ANSWER_WITHIN_MS = 10_000
/** Of a conversation that is read here: far more than a person reads. */
const MAX_PAGES = 50

export function createPast({ environment, url, credentials }: PastDeps): Past {
  /** What the server said, as it said it; null: nothing. */
  const ask = async <Name extends keyof VisitorCalls>(
    name: Name,
    body: VisitorCalls[Name]['request'],
  ): Promise<unknown> => {
    const proof = await credentials()
    if (!proof) return null
    const abort = new AbortController()
    const stop = environment.after(ANSWER_WITHIN_MS, () => abort.abort())
    try {
      const response = await environment.fetch(`${url}${HTTP_PREFIX}/${name}`, {
        method: 'POST',
        headers: {
          ...headersOf(proof),
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
        credentials: 'omit',
        cache: 'no-store',
        signal: abort.signal,
      })
      return await response.json()
    } catch {
      return null
    } finally {
      stop()
    }
  }
  return {
    async list() {
      const reply = (await ask('conversations', { v: PROTOCOL_VERSION })) as Partial<
        Reply<VisitorCalls['conversations']['reply']>
      > | null
      if (!reply?.ok || !Array.isArray(reply.conversations)) return null
      return reply.conversations.every(isPast) ? reply.conversations : null
    },
    async openDispute(conversationId, reference) {
      const asked = { v: PROTOCOL_VERSION, conversationId, reference }
      const reply = (await ask('openDispute', asked)) as Partial<Reply<object>> | null
      if (reply?.ok === true) return 'opened'
      return reply?.ok === false && !reply.retry ? 'refused' : null
    },
    async events(conversationId) {
      // With the live half's own chunk: who only looks at the list does not wait for it.
      const { readReply } = await import('./readWire')
      const events: StoredEvent[] = []
      let epoch = ''
      for (let n = 0; n < MAX_PAGES; n++) {
        const after = events.at(-1)?.seq ?? 0
        const reply = readReply<SyncPage>(
          'sync',
          await ask('sync', { v: PROTOCOL_VERSION, conversationId, after, epoch }),
        )
        if (!reply.ok) return null
        const page: SyncPage = reply
        // Another incarnation in between: what was read is void.
        if (epoch && page.epoch !== epoch) return null
        epoch = page.epoch
        events.push(...page.events)
        if (!page.events.length || (events.at(-1)?.seq ?? 0) >= page.head) return events
      }
      return events
    },
  }
}

/** The same two proofs as on every carrier. */
export const headersOf = ({ secret, token }: Credentials): Record<string, string> => ({
  authorization: `Bearer ${secret}`,
  ...(token === null ? {} : { 'x-asklet-token': token }),
})

/** What is looked at of a row, by hand: the wire's reader comes with a thread. */
function isPast(row: unknown): row is PastConversation {
  const { conversationId, phase, lastAt, question, ticketNumber, agentName, ticketStatus, category } = (row ??
    {}) as Partial<PastConversation>
  return (
    [conversationId, phase, question].every(each => typeof each === 'string') &&
    // What a calendar holds: beyond it painting would throw.
    typeof lastAt === 'number' &&
    Math.abs(lastAt) <= 8.64e15 &&
    (ticketNumber === null || typeof ticketNumber === 'number') &&
    (agentName === null || typeof agentName === 'string') &&
    [ticketStatus, category].every(each => each === undefined || typeof each === 'string')
  )
}
