// A store with a ticket on it, and what leaves it, where a test needs both and no help desk around them.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventBody } from '../../src/protocol/events'
import type { Author } from '../../src/protocol/records'
import { deliveriesOf, type OutboundRules } from '../../src/server/outbound/deliveriesOf'
import {
  createDispatcher,
  type Dispatcher,
  type DispatcherOptions,
} from '../../src/server/outbound/dispatcher'
import type { HelpDeskStore } from '../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../src/server/store/openSqlStore'
import { emptyBrief } from '../../src/testing/emptyBrief'
import { createManualClock, type ManualClock } from '../../src/testing/manualClock'

export const VISITOR: Author = { kind: 'visitor' }
export const ADA: Author = { kind: 'agent', agentId: 'ada', name: 'Ada' }
export const words = (text: string): EventBody => ({ type: 'message', text, format: 'plain' })

export interface Outbox {
  readonly store: HelpDeskStore
  readonly clock: ManualClock
  readonly logged: string[]
  /** A conversation with a ticket whose visitor gave this address. */
  ticket(conversationId: string, email: string, locale?: string): Promise<void>
  say(conversationId: string, author: Author, body: EventBody): Promise<void>
  dispatcher(senders: DispatcherOptions['senders'], random?: number): Dispatcher
  close(): Promise<void>
}

/** @param store  default: a file of its own, removed at the end */
export async function openOutbox(rules: OutboundRules, store?: HelpDeskStore): Promise<Outbox> {
  const folder = await mkdtemp(join(tmpdir(), 'asklet-outbox-'))
  const used = store ?? (await openSqlStore({ file: join(folder, 'desk.db') }))
  const clock = createManualClock()
  const logged: string[] = []
  let ids = 0

  async function say(conversationId: string, author: Author, body: EventBody): Promise<void> {
    const outcome = await used.append({
      conversationId,
      at: clock.now(),
      drafts: [
        {
          sender: author.kind === 'agent' ? `agent:${author.agentId}` : author.kind,
          clientId: `client-${++ids}`,
          author,
          body,
        },
      ],
      authorise: () => null,
      plan: (_row, draft) => [draft],
      deliveries: (before, _row, events) => deliveriesOf(rules, before, events),
    })
    if (!outcome.ok) throw new Error(outcome.code)
  }

  return {
    store: used,
    clock,
    logged,
    say,
    async ticket(conversationId, email, locale = 'en') {
      await used.open({
        identities: [`anon:${conversationId}`],
        openId: 'open-0001',
        conversationId,
        at: clock.now(),
        author: VISITOR,
        brief: emptyBrief({ visitor: { locale, attributes: {} } }),
      })
      await say(
        conversationId,
        { kind: 'system' },
        {
          type: 'ticketOpened',
          cause: 'chosen',
          ticket: { number: 0, category: 'general', priority: 'normal', status: 'open', contact: { email } },
        },
      )
    },
    dispatcher: (senders, random = 0.5) =>
      createDispatcher({
        store: used,
        clock,
        random: () => random,
        randomId: () => `lease-${++ids}`,
        senders,
        log: entry => logged.push(JSON.stringify(entry)),
      }),
    async close() {
      if (!store) await used.close()
      await rm(folder, { recursive: true })
    },
  }
}
