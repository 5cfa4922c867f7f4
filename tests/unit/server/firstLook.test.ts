// What the server says of a conversation when it first comes to people, over the real store.

import { afterEach, expect, test } from 'vitest'
import type { LiveTransport } from '../../../src/live/liveTransport'
import type { StoredEvent } from '../../../src/protocol/events'
import type { Brief, Channel } from '../../../src/protocol/records'
import type { VisitorCalls } from '../../../src/protocol/wire'
import { audit } from '../../../src/server/audit'
import { createFirstLook } from '../../../src/server/firstLook'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback, type LoopbackOptions } from '../../../src/testing/loopback'

let loopback: Loopback
// Whatever was done: each decision has its entry, and the same would be decided again.
afterEach(async () => {
  expect((await audit(loopback.store)).broken).toEqual([])
  await loopback.close()
})

const RULES = { categories: [], policyTopics: [] }

async function scene(brief: Partial<Brief>, options: LoopbackOptions = { triage: RULES }) {
  loopback = await createLoopback(options)
  const { transport } = loopback.visitor({})
  transport.connect()
  await loopback.settle()
  const opened = await transport.request('open', { v: 1, openId: 'open-0001', brief: emptyBrief(brief) })
  if (!opened.ok) throw new Error(opened.code)
  const { conversationId } = opened
  return { transport, conversationId, events: () => thread(transport, conversationId) }
}
type Line = LiveTransport<VisitorCalls>

async function thread(line: Line, conversationId: string): Promise<readonly StoredEvent[]> {
  const reply = await line.request('sync', { v: 1, conversationId, after: 0, epoch: '' })
  if (!reply.ok) throw new Error(reply.code)
  return reply.events
}
let made = 0
async function handOff(line: Line, conversationId: string, words: readonly string[], channel: Channel) {
  const drafts = words.map(text => ({
    clientId: `words-${++made}-of-it`,
    body: { type: 'message' as const, text, format: 'plain' as const },
  }))
  const ready = { clientId: `ready-${++made}-of-it`, body: { type: 'handoffReady' as const, channel } }
  const reply = await line.request('send', { v: 1, conversationId, drafts: [...drafts, ready] })
  if (!reply.ok) throw new Error(reply.code)
}
const ofType = <Type extends StoredEvent['body']['type']>(events: readonly StoredEvent[], type: Type) =>
  events.flatMap(({ body }) => (body.type === type ? [body as Extract<typeof body, { type: Type }>] : []))

test('[D44] a ticket gets its category, two scores with the words, and the priority with the words that raised it', async () => {
  const { transport, conversationId, events } = await scene({ question: 'I was charged twice' })
  await handOff(transport, conversationId, ['the deadline is tomorrow'], 'ticket')
  const all = await events()
  const order = all.map(({ body }) => body.type)
  expect(order.indexOf('triaged')).toBeLessThan(order.indexOf('ticketOpened'))
  const [triaged] = ofType(all, 'triaged')
  expect(triaged).toMatchObject({ category: 'payments', rule: 'triage@1' })
  expect(triaged?.urgency.reasons[0]).toEqual({ code: 'urgentWords', words: ['deadline'] })
  expect(ofType(all, 'prioritised')).toEqual([
    {
      type: 'prioritised',
      priority: 'high',
      rule: 'priority@1',
      reasons: [{ code: 'urgentWords', words: ['deadline'] }],
    },
  ])
  expect(ofType(all, 'ticketOpened')[0]?.ticket).toMatchObject({ category: 'payments', priority: 'high' })
  expect((await loopback.store.conversation(conversationId))?.category).toBe('payments')
})

test('[D44] what the site’s flow said stands, whatever the words say', async () => {
  const slots = [{ name: 'category', label: 'About', value: 'milestones' }]
  const { transport, conversationId, events } = await scene({ question: 'my card was charged twice', slots })
  await handOff(transport, conversationId, [], 'ticket')
  const all = await events()
  expect(ofType(all, 'triaged')[0]?.category).toBe('payments')
  expect(ofType(all, 'ticketOpened')[0]?.ticket.category).toBe('milestones')
  expect((await loopback.store.conversation(conversationId))?.category).toBe('milestones')
})

test('[D44] words that say nothing are no event, and a second ticket is looked at no second time', async () => {
  const { transport, conversationId, events } = await scene({ question: 'hello' })
  await handOff(transport, conversationId, [], 'ticket')
  expect(ofType(await events(), 'triaged')).toEqual([])
})

test('[S11] erasing takes the visitor’s words out of what was decided on them', async () => {
  const { transport, conversationId, events } = await scene({ question: 'my card was charged twice, asap' })
  await handOff(transport, conversationId, [], 'ticket')
  expect(JSON.stringify(await events())).toContain('asap')
  await loopback.store.erase(conversationId, loopback.clock.now())
  const left = JSON.stringify(await events())
  expect(left).not.toMatch(/asap|charged|payments/)
  expect(ofType(await events(), 'prioritised')[0]).toMatchObject({ priority: 'high', erased: true })
})

test('[D44] who comes again after a long talk is looked at no second time', async () => {
  const { transport, conversationId, events } = await scene({ question: 'I was charged twice' })
  const agent = loopback.agent()
  agent.transport.connect()
  await loopback.settle()
  for (let n = 0; n < 5; n++) {
    const drafts = Array.from({ length: 50 }, () => ({
      clientId: `words-${++made}-of-it`,
      body: { type: 'message' as const, text: 'hm', format: 'plain' as const },
    }))
    await transport.request('send', { v: 1, conversationId, drafts })
  }
  for (let n = 0; n < 2; n++) {
    await handOff(transport, conversationId, [], 'live')
    await transport.request('send', {
      v: 1,
      conversationId,
      drafts: [{ clientId: `cancel-${++made}-of-it`, body: { type: 'cancelled' } }],
    })
  }
  const tail = await transport.request('sync', { v: 1, conversationId, after: 200, epoch: '' })
  const { epoch } = tail.ok ? tail : { epoch: '' }
  const later = await transport.request('sync', { v: 1, conversationId, after: 200, epoch })
  const all = [...(await events()), ...(later.ok ? later.events : [])]
  const seqs = new Set(all.flatMap(({ seq, body }) => (body.type === 'triaged' ? seq : [])))
  expect(seqs.size).toBe(1)
})

test('[D1] of a conversation that is not theirs no word is read', async () => {
  let reads = 0
  const store = await openSqlStore({ file: ':memory:' })
  const { conversationId } = await scene({ question: 'I was charged twice' }, { store, triage: RULES })
  const lookFirst = createFirstLook({
    store: {
      read: (...of) => {
        reads++
        return store.read(...of)
      },
    },
    priorities: null,
    triage: RULES,
    keepRules: async () => ({ name: 'priorities', hash: '' }) as never,
  })
  expect(await lookFirst(conversationId, false, [], () => false)).toBeNull()
  expect(reads).toBe(1)
  expect((await lookFirst(conversationId, false, [], () => true))?.triage?.category).toBe('payments')
})
