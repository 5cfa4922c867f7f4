// Who is in a conversation and what happens in it, as short as a list of events wants it.

import type { EventBody } from '../../../src/protocol/events'
import type { Author } from '../../../src/protocol/records'

type Agent = { readonly agentId: string; readonly name: string }

export const VISITOR: Author = { kind: 'visitor' }
export const SERVER: Author = { kind: 'system' }
export const by = (agent: Agent): Author => ({ kind: 'agent', ...agent })

export const plain = (text: string): EventBody => ({ type: 'message', text, format: 'plain' })
export const markdown = (text: string): EventBody => ({ type: 'message', text, format: 'markdown' })
export const WAITS: EventBody = { type: 'handoffReady', channel: 'live' }
export const claimed = (
  agent: Agent | null,
  assignment = 1,
  cause: 'claimed' | 'handedOn' | 'agentLost' | 'transferred' = 'claimed',
): EventBody => ({ type: 'assigned', assignment, agent, cause })
