// Requests to a store, where a test needs one and not a rule: nobody is refused, and what is drafted is stored.

import type { AppendRequest, OpenRequest } from '../../src/server/store/helpDeskStore'
import { emptyBrief } from '../../src/testing/emptyBrief'

export function openOf(conversationId: string, identity = 'anon:one'): OpenRequest {
  return {
    identities: [identity],
    openId: 'open-0001',
    conversationId,
    at: 1_000,
    author: { kind: 'visitor' },
    brief: emptyBrief(),
  }
}

/** The visitor writes one message, whose text is its id. */
export function sayOf(
  conversationId: string,
  clientId: string,
  change: Partial<AppendRequest> = {},
): AppendRequest {
  return {
    conversationId,
    at: 2_000,
    drafts: [
      {
        sender: 'visitor',
        clientId,
        author: { kind: 'visitor' },
        body: { type: 'message', text: clientId, format: 'plain' },
      },
    ],
    authorise: () => null,
    plan: (_row, draft) => [draft],
    ...change,
  }
}
