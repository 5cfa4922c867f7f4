// What a site calls a secret of its own, wherever the server copies words to: the journal, what leads judge, what is like
// an open ticket. Also words that came before the site had the pattern, or that their writer chose to send as they are.

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SiteMasks } from '../../../src/base/redact'
import { masked } from '../../../src/journal/masked'
import type { JournalEntry } from '../../../src/journal/record'
import type { VisitorBody } from '../../../src/protocol/events'
import type { VisitorCalls } from '../../../src/protocol/wire'
import { audit } from '../../../src/server/audit'
import { createRedactAgain } from '../../../src/server/redactAgain'
import { replayEntry } from '../../../src/server/replay'
import { itemOfRecord } from '../../../src/server/reviewItems'
import { DEFAULT_REVIEWS } from '../../../src/server/sampling'
import type { HelpDeskStore } from '../../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback, type LoopbackOptions } from '../../../src/testing/loopback'

const SECRET = 'MB-123456'
const MASKS: SiteMasks = { mask: { member: 'MB-\\d{6}' }, keep: ['WM-\\d{4}-\\d{4}-\\d{4}-\\d{4}'] }
const ALL = {
  rates: Object.fromEntries(Object.keys(DEFAULT_REVIEWS.rates).map(name => [name, 1])) as never,
  weekly: 40,
}
const LEA = { agentId: 'agent-lea', name: 'Lea', roles: ['lead'] }

let store: HelpDeskStore
let loopback: Loopback
let made = 0
const nextId = () => `client-${++made}`
beforeEach(async () => {
  store = await openSqlStore({ file: ':memory:' })
})
afterEach(async () => {
  expect((await audit(store)).broken).toEqual([])
  await loopback.close()
  await store.close().catch(() => {})
})
const start = async (options: LoopbackOptions) => {
  loopback = await createLoopback({ store, reviews: ALL, ...options })
}
async function online<Line extends { readonly transport: { connect(): void } }>(line: Line) {
  line.transport.connect()
  await loopback.settle()
  return line.transport as Line['transport']
}
async function done<R extends { readonly ok: boolean }>(asked: Promise<R>) {
  const reply = await asked
  if (!reply.ok) throw new Error(JSON.stringify(reply))
  return reply as Extract<R, { ok: true }>
}

/** A ticket about `question`, answered and solved by an agent. */
async function solved(question: string, answer: string, visitor: Parameters<Loopback['visitor']>[0] = {}) {
  const line = await online(loopback.visitor(visitor))
  const { conversationId } = await done(
    line.request('open', {
      v: 1,
      openId: nextId(),
      brief: emptyBrief({ question, visitor: { locale: 'en', attributes: {} } }),
    }),
  )
  const say = (body: VisitorBody) =>
    done(line.request('send', { v: 1, conversationId, drafts: [{ clientId: nextId(), body }] }))
  await say({ type: 'message', text: question, format: 'plain', unmasked: true })
  await say({ type: 'handoffReady', channel: 'ticket' })
  const ada = await online(loopback.agent({ agentId: 'agent-ada', name: 'Ada' }))
  for (const body of [
    { type: 'message', text: answer, format: 'markdown' },
    { type: 'ended', by: 'agent', category: SECRET },
  ] as const)
    await done(ada.request('send', { v: 1, conversationId, drafts: [{ clientId: nextId(), body }] }))
  return { conversationId, line, ada }
}
async function entriesOf(conversationId: string) {
  const chain = await store.chain(conversationId, 0, 100)
  return chain.map(({ body }) => body ?? '').join('\n')
}

test('in the journal: what a token says of somebody, and what an agent calls a conversation', async () => {
  await start({ masks: MASKS })
  const { conversationId } = await solved('Where is my parcel?', 'On its way.', {
    verified: { visitorId: '7', role: SECRET },
  })
  const entries = await entriesOf(conversationId)
  expect(entries).not.toContain(SECRET)
  expect(entries).toContain('[member]')
  // What decided is still named: most of it can be made again.
  const { replay } = await audit(store)
  expect(replay.differ).toBe(0)
  expect([...replay.notReplayable.keys()]).toEqual(['masked: signedRole'])
})

test('in what leads judge: words that were sent as they are, an agent’s words, and a page’s record of before', async () => {
  await start({ masks: MASKS })
  await solved(`I am ${SECRET}, where is WM-4111-1111-1111-1111?`, `${SECRET} leaves today.`)
  await loopback.settle(61_000)
  const lea = await online(loopback.agent(LEA))
  const { item } = await done(lea.request('reviews', { v: 1 }))
  expect(item?.question).toBe('I am [member], where is WM-4111-1111-1111-1111?')
  const skipped = [item?.itemId ?? '']
  const { item: other } = await done(lea.request('reviews', { v: 1, skipped }))
  expect(JSON.stringify([item, other])).toContain('[member] leaves today.')
  expect(JSON.stringify([item, other])).not.toContain(SECRET)
  const record = {
    id: 'record-1',
    kind: 'answered' as const,
    at: 1,
    inputs: { question: `am I ${SECRET}`, answer: SECRET, route: `/m/${SECRET}` },
    rule: 'bot:article',
    reason: SECRET,
  }
  expect(JSON.stringify(itemOfRecord(record, 1, MASKS)?.shown)).not.toContain(SECRET)
})

test('in what is like an open ticket: not shown, not read from an answer, and nothing that two have in common', async () => {
  await start({})
  const before = `Why was ${SECRET} charged the delivery fee twice?`
  await solved(before, `The fee of ${SECRET} goes back today.`)
  await solved(`${SECRET} ${SECRET} lost`, 'Found.')
  await loopback.close()
  await start({ masks: MASKS })
  const line: Awaited<ReturnType<typeof visitorLine>> = await visitorLine()
  const { conversationId } = await done(
    line.request('open', {
      v: 1,
      openId: nextId(),
      brief: emptyBrief({ question: `${SECRET} was charged the delivery fee twice` }),
    }),
  )
  const drafts: VisitorCalls['send']['request']['drafts'] = [
    { clientId: nextId(), body: { type: 'handoffReady', channel: 'ticket' } },
  ]
  await done(line.request('send', { v: 1, conversationId, drafts }))
  const lea = await online(loopback.agent(LEA))
  const { tickets } = await done(lea.request('similar', { v: 1, conversationId }))
  expect(tickets.map(({ question, answer }) => [question, answer.text])).toEqual([
    ['Why was [member] charged the delivery fee twice?', 'The fee of [member] goes back today.'],
  ])
  expect(tickets[0]?.reasons.flatMap(({ words = [] }) => words)).not.toContain('member')
  expect(JSON.stringify(tickets)).not.toMatch(/123456/)
  expect(await entriesOf(conversationId)).not.toContain(SECRET)
})
const visitorLine = () => online(loopback.visitor({ secret: 'another-secret-of-22-chars-and-more' }))

test('a decision whose outcome was masked is not made again, and a hash is masked by no pattern', async () => {
  await start({})
  const entry: JournalEntry = {
    kind: 'classified',
    inputs: { category: SECRET, rules: 'a-b_'.repeat(10).padEnd(43, 'x') },
    rule: 'triage@1',
    outcome: SECRET,
    reason: 'x',
  }
  const again = createRedactAgain({ mask: { member: 'MB-\\d{6}', short: '[a-z]{1,4}-[a-z]_[a-z]' } })
  expect(again.decided(entry)).toMatchObject({
    inputs: { category: '[member]', rules: entry.inputs.rules },
    outcome: '[member]',
    masked: ['category', 'outcome'],
  })
  expect(masked(again.decided(entry)).masked).toEqual(['category', 'outcome'])
  expect(await replayEntry(again.decided(entry), async () => undefined)).toEqual({
    result: 'notReplayable',
    why: 'masked: outcome',
  })
})
