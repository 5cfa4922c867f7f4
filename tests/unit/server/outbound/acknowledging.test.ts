// How many strangers one visitor, or all of them together, can make a help desk write to.
import { expect, test } from 'vitest'
import { secureRandomId } from '../../../../src/base/environment'
import type { StoredEvent } from '../../../../src/protocol/events'
import { createAdmission } from '../../../../src/server/admission'
import { createConversations } from '../../../../src/server/conversations'
import { deliveriesOf } from '../../../../src/server/outbound/deliveriesOf'
import {
  createMailSender,
  MOST_ACKNOWLEDGED_AN_HOUR,
  readMailOptions,
} from '../../../../src/server/outbound/mail'
import type { ClaimedDelivery } from '../../../../src/server/store/deliveries'
import type { HelpDeskStore } from '../../../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../../../src/server/store/openSqlStore'
import { emptyRow } from '../../../../src/server/store/projection'
import { emptyBrief } from '../../../../src/testing/emptyBrief'
import { createManualClock } from '../../../../src/testing/manualClock'

test('[O7] whoever opens ticket after ticket with other addresses gets the tickets, and few letters', async () => {
  const store = await openSqlStore({ file: ':memory:' })
  const server = createConversations({
    store,
    clock: createManualClock(),
    randomId: secureRandomId,
    hours: null,
    admission: createAdmission(),
    deliveries: (before, _row, events) => deliveriesOf({ mail: true, webhooks: [] }, before, events),
  })
  const session = { identities: ['anon:one'] as const, address: '192.0.2.7', join: () => {} }
  for (let n = 0; n < 9; n++) {
    const opened = (await server.visitorCall(session, 'open', {
      v: 1,
      openId: `open-000${n}`,
      brief: emptyBrief(),
    })) as { conversationId?: string }
    const contact = { email: `stranger${n}@example.com` }
    const body = { type: 'handoffReady', channel: 'ticket', contact }
    await server.visitorCall(session, 'send', {
      v: 1,
      conversationId: opened.conversationId,
      drafts: [{ clientId: 'handoff-01', body }],
    })
  }
  expect((await store.countTickets()).open).toBe(9)
  expect((await store.countDeliveries()).waiting).toBe(5)
  await server.close()
  await store.close()
})

test('[O7] a help desk acknowledges 300 tickets an hour; the next ones wait for an hour, and are then of no use', async () => {
  const letter: ClaimedDelivery = {
    id: 'conversation-1.acknowledged',
    conversationId: 'conversation-1',
    seq: 2,
    road: 'mail',
    kind: 'acknowledged',
    target: null,
    facts: null,
    createdAt: 1_000,
    dueAt: 1_000,
    attempts: 1,
  }
  const ticket = { number: 1_001, category: '', priority: 'normal', status: 'open' } as const
  const row = { ...emptyRow('conversation-1', 'anon:x'), ticket, contact: { email: 'mia@example.com' } }
  let sent = MOST_ACKNOWLEDGED_AN_HOUR - 1
  const mails: string[] = []
  const send = createMailSender({
    store: {
      read: async () => ({ row, events: [] }),
      countSent: async () => sent,
      countTowards: async () => 0,
      fileKey: async () => 'key',
      ticketWaits: async () => [],
    } as unknown as HelpDeskStore,
    settings: readMailOptions({
      url: 'smtp://localhost',
      from: 'help@shop.example',
      pageUrl: 'https://shop.example/',
    }),
    transport: { send: async ({ to }) => void mails.push(to), close: () => {} },
    hours: async () => null,
  })
  const at = (now: number) => send(letter, { lease: 'lease-1', now })
  expect(await at(2_000)).toEqual({ result: 'sent' })
  sent++
  expect(await at(2_000)).toEqual({ result: 'later', at: 2_000 + 15 * 60_000 })
  expect(await at(2_000 + 60 * 60_000)).toMatchObject({ result: 'dropped' })
  expect(mails).toEqual(['mia@example.com'])
})

test('[O14] a side of a dispute is written to at an address that it gave itself, and not once it has read or written', async () => {
  const event = (seq: number, author: StoredEvent['author'], body: object) =>
    ({ conversationId: 'conversation-1', seq, clientId: `c-${seq}`, at: seq, author, body }) as StoredEvent
  const visitor = { kind: 'visitor' } as const
  const asked = event(3, { kind: 'system' }, { type: 'disputeOpened', you: 'client', respondBy: 9_000 })
  const gave = event(2, visitor, { type: 'contactGiven', contact: { email: 'mia@example.com' } })
  const delivery: ClaimedDelivery = {
    id: 'conversation-1.3.disputeAsked',
    conversationId: 'conversation-1',
    seq: 3,
    road: 'mail',
    kind: 'disputeAsked',
    target: null,
    facts: null,
    createdAt: 1_000,
    dueAt: 1_000,
    attempts: 1,
  }
  const ticket = { number: 1_001, category: '', priority: 'normal', status: 'open' } as const
  const row = { ...emptyRow('conversation-1', 'anon:x'), ticket, contact: { email: 'mia@example.com' } }
  const sent = async (...events: StoredEvent[]) => {
    const mails: string[] = []
    const send = createMailSender({
      store: {
        read: async (_id: string, after: number) => ({
          row,
          events: events.filter(({ seq }) => seq > after),
        }),
        countTowards: async () => 0,
        fileKey: async () => 'key',
      } as unknown as HelpDeskStore,
      settings: readMailOptions({
        url: 'smtp://localhost',
        from: 'help@shop.example',
        pageUrl: 'https://shop.example/',
      }),
      transport: { send: async ({ text }) => void mails.push(text), close: () => {} },
      hours: async () => null,
    })
    const outcome = await send(delivery, { lease: 'lease-1', now: 2_000 })
    return [outcome.result, mails.length, 'problem' in outcome ? outcome.problem : '']
  }
  const said = event(1, visitor, {
    type: 'opened',
    brief: emptyBrief({ visitor: { locale: 'en', attributes: {}, email: 'mia@example.com' } }),
  })
  expect(await sent(said, gave, asked)).toEqual(['sent', 1, ''])
  expect(await sent(said, asked)).toEqual(['dropped', 0, 'no address that they gave themselves'])
  const read = event(4, visitor, { type: 'marked', delivered: 3, read: 3 })
  expect(await sent(said, gave, asked, read)).toEqual(['dropped', 0, 'read by now'])
  expect(await sent(said, gave, asked, event(4, visitor, { type: 'disputeStated' }))).toEqual([
    'dropped',
    0,
    'read by now',
  ])
})

test('[O6] the acknowledgement says when such tickets are usually answered, once enough were, and no moment that is past', async () => {
  const HOUR = 60 * 60_000
  const letter = (createdAt: number): ClaimedDelivery => ({
    id: 'conversation-1.acknowledged',
    conversationId: 'conversation-1',
    seq: 2,
    road: 'mail',
    kind: 'acknowledged',
    target: null,
    facts: null,
    createdAt,
    dueAt: createdAt,
    attempts: 1,
  })
  const openedAt = 100 * HOUR
  const ticket = { number: 1_001, category: '', priority: 'normal', status: 'open', openedAt } as const
  const row = { ...emptyRow('conversation-1', 'anon:x'), ticket, contact: { email: 'mia@example.com' } }
  const wait = { openedAt: 0, answeredAt: 2 * HOUR, endedAt: null }
  const said = async (answers: number, now: number) => {
    const texts: string[] = []
    const send = createMailSender({
      store: {
        read: async () => ({ row, events: [] }),
        countSent: async () => 0,
        countTowards: async () => 0,
        fileKey: async () => 'key',
        ticketWaits: async () => Array(answers).fill(wait),
      } as unknown as HelpDeskStore,
      settings: readMailOptions({
        url: 'smtp://localhost',
        from: 'help@shop.example',
        pageUrl: 'https://shop.example/',
      }),
      transport: { send: async ({ text }) => void texts.push(text), close: () => {} },
      hours: async () => null,
    })
    await send(letter(now), { lease: 'lease-1', now })
    return texts.join()
  }
  expect(await said(8, openedAt)).toMatch(/We have usually answered by .*6:00/)
  expect(await said(7, openedAt)).not.toContain('usually')
  expect(await said(8, openedAt + 3 * HOUR)).not.toContain('usually')
})
