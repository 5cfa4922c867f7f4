// What agents know beside the events, through the loopback: who is told, who is never, and what is kept for how long.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LiveTransport } from '../../../src/live/liveTransport'
import type { Note } from '../../../src/protocol/deskRecords'
import type { Draft, EventBody, VisitorBody } from '../../../src/protocol/events'
import { MAX_LABELS, MAX_NOTES } from '../../../src/protocol/limits'
import type { Channel } from '../../../src/protocol/records'
import type { DeskCalls, Pushes, PushName, VisitorCalls } from '../../../src/protocol/wire'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback } from '../../../src/testing/loopback'

type Visitor = LiveTransport<VisitorCalls>
type Desk = LiveTransport<DeskCalls>

const BOB = { agentId: 'agent-bob', name: 'Bob' }
let loopback: Loopback
beforeEach(async () => {
  loopback = await createLoopback()
})
afterEach(() => loopback.close())

async function visitorLine(options: Parameters<Loopback['visitor']>[0] = {}) {
  const line = loopback.visitor(options)
  line.transport.connect()
  await loopback.settle()
  return line
}
async function agentLine(agent?: Parameters<Loopback['agent']>[0]): Promise<Desk> {
  const line = loopback.agent(agent)
  line.transport.connect()
  await loopback.settle()
  return line.transport
}
let made = 0
const nextId = () => `client-${++made}`
async function open(visitor: Visitor, question = '') {
  const reply = await visitor.request('open', { v: 1, openId: nextId(), brief: emptyBrief({ question }) })
  if (!reply.ok) throw new Error(reply.code)
  return reply.conversationId
}
const send = (visitor: Visitor, conversationId: string, body: VisitorBody) =>
  visitor.request('send', {
    v: 1,
    conversationId,
    drafts: [{ clientId: nextId(), body } as Draft<VisitorBody>],
  })
const handOff = (visitor: Visitor, conversationId: string, channel: Channel = 'live') =>
  send(visitor, conversationId, { type: 'handoffReady', channel })
const claim = (desk: Desk, conversationId: string, expected = 0) =>
  desk.request('claim', { v: 1, conversationId, expected })
const note = (desk: Desk, conversationId: string, text: string, noteId = nextId()) =>
  desk.request('note', { v: 1, conversationId, noteId, text })
const label = (desk: Desk, conversationId: string, word: string, on = true) =>
  desk.request('label', { v: 1, conversationId, label: word, on })
async function details(desk: Desk, conversationId: string) {
  const reply = await desk.request('details', { v: 1, conversationId })
  if (!reply.ok) throw new Error(reply.code)
  return reply.details
}
const sync = (line: Visitor | Desk, conversationId: string) =>
  (line as Visitor).request('sync', { v: 1, conversationId, after: 0, epoch: '' })
const codeOf = (reply: { ok: boolean; code?: string }) => (reply.ok ? 'ok' : reply.code)
const page = (route: string) => ({ ...emptyBrief().page, route, name: route })
const rated = (score: 1 | 5 | null, comment?: string): VisitorBody => ({
  type: 'rated',
  score,
  ...(comment !== undefined && { comment }),
})
const ended: VisitorBody = { type: 'ended', by: 'visitor' }

const PUSHES = Object.keys({
  events: 1,
  head: 1,
  place: 1,
  typing: 1,
  queueChanged: 1,
  detailsChanged: 1,
  deskChanged: 1,
  agentPresence: 1,
  restart: 1,
} satisfies Record<PushName, 1>) as PushName[]
function heardBy(line: Visitor | Desk): { name: PushName; payload: unknown }[] {
  const heard: { name: PushName; payload: unknown }[] = []
  for (const name of PUSHES) line.on(name, payload => void heard.push({ name, payload }))
  return heard
}

/** A queued conversation, and two agents who have joined it. */
async function scene() {
  const { transport: visitor, secret } = await visitorLine()
  const ada = await agentLine()
  const bob = await agentLine(BOB)
  const conversationId = await open(visitor, 'Where is my payout?')
  await handOff(visitor, conversationId)
  for (const line of [visitor, ada, bob]) await sync(line, conversationId)
  await loopback.settle(5_000)
  return { visitor, secret, ada, bob, conversationId }
}

describe('[D30] notes', () => {
  test('a note is there for all agents, with its writer, time and place in the thread', async () => {
    const { ada, bob, conversationId } = await scene()
    const heard = heardBy(bob)
    const reply = await note(ada, conversationId, 'Paid **twice** before.')
    expect(reply).toMatchObject({ ok: true, at: loopback.clock.now(), afterSeq: 2 })
    await loopback.settle()
    expect(heard).toEqual([{ name: 'detailsChanged', payload: { conversationId } }])
    expect(await details(bob, conversationId)).toMatchObject({
      revision: 1,
      notes: [{ by: { agentId: 'agent-ada', name: 'Ada' }, text: 'Paid **twice** before.', afterSeq: 2 }],
    })
  })

  test('a note whose answer was lost is stored once; the same id with other words is refused', async () => {
    const { ada, conversationId } = await scene()
    const first = await note(ada, conversationId, 'once', 'note-0001')
    await loopback.settle(1_000)
    expect(await note(ada, conversationId, 'once', 'note-0001')).toEqual(first)
    expect(codeOf(await note(ada, conversationId, 'twice', 'note-0001'))).toBe('key_reused')
    expect((await details(ada, conversationId)).notes).toHaveLength(1)
  })

  test('too long, too many, nothing in it, no such conversation: refused, each in its way', async () => {
    const { ada, conversationId } = await scene()
    expect(codeOf(await note(ada, conversationId, 'x'.repeat(4_001)))).toBe('too_large')
    expect(codeOf(await note(ada, conversationId, ' \n '))).toBe('bad_request')
    expect(codeOf(await note(ada, 'no-such-conversation', 'x'))).toBe('not_found')
    for (let n = 0; n < MAX_NOTES; n++) await note(ada, conversationId, `${n}`)
    expect(await note(ada, conversationId, 'one more')).toMatchObject({
      code: 'too_large',
      detail: expect.stringContaining('200 notes'),
    })
  })

  test('a note may be written when all is over, and holds what no column of text holds', async () => {
    const { visitor, ada, conversationId } = await scene()
    await claim(ada, conversationId)
    await send(visitor, conversationId, ended)
    const odd = 'a NUL \0, half a pair \ud800, and "quotes"'
    expect(codeOf(await note(ada, conversationId, odd, 'note-0001'))).toBe('ok')
    expect(codeOf(await note(ada, conversationId, odd, 'note-0001'))).toBe('ok')
    expect((await details(ada, conversationId)).notes[0]?.text).toBe(odd)
  })

  test('no call of a visitor, and nothing that is pushed to one, ever holds a word of it', async () => {
    const CANARY = 'canary-7f3a'
    const { visitor, secret, ada, bob, conversationId } = await scene()
    const heard = heardBy(visitor)
    const answers: unknown[] = []
    const again = await visitorLine({ secret, verified: { visitorId: '7' } })
    const heardLater = heardBy(again.transport)
    async function everything() {
      for (const line of [visitor, again.transport]) {
        const all: Record<keyof VisitorCalls, object> = {
          open: { openId: nextId(), brief: emptyBrief() },
          send: {
            conversationId,
            drafts: [{ clientId: nextId(), body: { type: 'message', text: 'hello', format: 'plain' } }],
          },
          sync: { conversationId, after: 0, epoch: '' },
          availability: {},
          typing: { conversationId },
          conversations: {},
          page: { conversationId, page: page('/payouts') },
          fileUrls: { conversationId, attachmentIds: [] },
          openDispute: { conversationId, reference: 'WM-4127' },
        }
        for (const [call, body] of Object.entries(all))
          answers.push(await line.request(call as keyof VisitorCalls, { v: 1, ...body } as never))
      }
      await loopback.settle(30_000)
    }
    await note(ada, conversationId, `${CANARY} in the note`)
    await label(ada, conversationId, `${CANARY} label`)
    await everything()
    await claim(ada, conversationId)
    await note(ada, conversationId, `${CANARY} while live`)
    await everything()
    await bob.request('typing', { v: 1, conversationId })
    await send(visitor, conversationId, ended)
    await note(ada, conversationId, `${CANARY} afterwards`)
    await everything()
    expect(answers.length).toBe(54)
    expect(heard.map(({ name }) => name)).toContain('events')
    expect(JSON.stringify([answers, heard, heardLater])).not.toContain(CANARY)
    // Agents alone are told that there is something.
    for (const name of ['detailsChanged', 'deskChanged', 'queueChanged'])
      expect([...heard, ...heardLater].map(push => push.name)).not.toContain(name)
    // The canary sings: it is there to be found.
    expect(JSON.stringify(await details(bob, conversationId))).toContain(CANARY)
  })

  test('no event, no answer to a visitor and no push has a place for one', () => {
    type Keys<T> = T extends readonly (infer Item)[]
      ? Keys<Item>
      : T extends object
        ? { [K in keyof T & string]: K | Keys<T[K]> }[keyof T & string]
        : never
    type Answers = { [Call in keyof VisitorCalls]: VisitorCalls[Call]['reply'] }[keyof VisitorCalls]
    type Places = Extract<Keys<EventBody | Answers | Pushes[PushName]>, keyof Pick<Note, 'noteId'> | 'notes'>
    const none: [Places] extends [never] ? 'none' : never = 'none'
    expect(none).toBe('none')
  })
})

describe('[D30] labels', () => {
  test('are put on and taken off once, in the order they came, and those in use are told', async () => {
    const { ada, bob, conversationId } = await scene()
    const heard = heardBy(bob)
    await label(ada, conversationId, 'refund')
    expect(await label(bob, conversationId, 'VIP')).toMatchObject({ labels: ['refund', 'VIP'] })
    expect(await label(ada, conversationId, 'VIP')).toMatchObject({ labels: ['refund', 'VIP'] })
    expect(await label(ada, conversationId, 'refund', false)).toMatchObject({ labels: ['VIP'] })
    expect(await label(ada, conversationId, 'never there', false)).toMatchObject({ labels: ['VIP'] })
    await loopback.settle()
    expect(heard.filter(({ name }) => name === 'detailsChanged')).toHaveLength(3)
    expect(await details(ada, conversationId)).toMatchObject({ revision: 3, labels: ['VIP'] })
  })

  test.each(['', ' VIP', 'VIP ', 'a\nb', 'x'.repeat(41), 'half \ud800'])('%j is none', async word => {
    const { ada, conversationId } = await scene()
    expect(codeOf(await label(ada, conversationId, word))).toBe('bad_request')
  })

  test('a conversation has twenty at most', async () => {
    const { ada, conversationId } = await scene()
    for (let n = 0; n < MAX_LABELS; n++) expect(codeOf(await label(ada, conversationId, `l${n}`))).toBe('ok')
    expect(codeOf(await label(ada, conversationId, 'one more'))).toBe('too_large')
    expect(codeOf(await label(ada, conversationId, 'l3'))).toBe('ok')
  })
})

describe('[D31] where the visitor is', () => {
  test('agents see the latest page, and are not told of each step', async () => {
    const { visitor, ada, conversationId } = await scene()
    const heard = heardBy(ada)
    for (const route of ['/a', '/b', '/c'])
      expect(codeOf(await visitor.request('page', { v: 1, conversationId, page: page(route) }))).toBe('ok')
    await loopback.settle(10_000)
    expect(heard.filter(({ name }) => name === 'detailsChanged')).toHaveLength(2)
    expect(await details(ada, conversationId)).toMatchObject({
      revision: 0,
      pageNow: { page: { route: '/c' }, at: expect.any(Number) },
    })
  })

  test('it is forgotten with the end, and not taken before or after', async () => {
    const { visitor, ada, conversationId } = await scene()
    const tell = (id = conversationId) =>
      visitor.request('page', { v: 1, conversationId: id, page: page('/') })
    await tell()
    await claim(ada, conversationId)
    await send(visitor, conversationId, ended)
    expect((await details(ada, conversationId)).pageNow).toBeNull()
    expect(codeOf(await tell())).toBe('closed')
    expect(codeOf(await tell(await open(visitor)))).toBe('closed')
    const stranger = await visitorLine()
    expect(codeOf(await stranger.transport.request('page', { v: 1, conversationId, page: page('/') }))).toBe(
      'forbidden',
    )
  })

  test('a page that is larger than a brief may be is refused', async () => {
    const { visitor, conversationId } = await scene()
    const data = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`fact-${n}`, 'x'.repeat(300)]))
    const huge = { ...page('/'), data }
    expect(codeOf(await visitor.request('page', { v: 1, conversationId, page: huge }))).toBe('too_large')
  })

  test('agents see whether the visitor is connected', async () => {
    const { visitor, ada, conversationId } = await scene()
    expect((await details(ada, conversationId)).visitor.state).toBe('here')
    const before = loopback.clock.now()
    const heard = heardBy(ada)
    visitor.close()
    await loopback.settle(20_000)
    expect(heard.filter(({ name }) => name === 'detailsChanged')).toHaveLength(1)
    expect((await details(ada, conversationId)).visitor).toEqual({ state: 'gone', seenAt: before })
  })
})

describe('[D32] what else the same visitor asked', () => {
  test('agents see the conversations of the same secret, newest first, with who had them', async () => {
    const { visitor, ada, conversationId } = await scene()
    await claim(ada, conversationId)
    await send(visitor, conversationId, ended)
    const stranger = await visitorLine()
    await open(stranger.transport, 'somebody else’s')
    await loopback.settle(1_000)
    const second = await open(visitor, 'And my invoice?')
    await handOff(visitor, second, 'ticket')
    await loopback.settle(1_000)
    const third = await open(visitor, 'x'.repeat(900))
    expect((await details(ada, third)).earlier).toMatchObject([
      { conversationId: second, phase: 'ticketed', ticketNumber: 1_001, agentName: null },
      { conversationId, phase: 'ended', question: 'Where is my payout?', agentName: 'Ada' },
    ])
    expect((await details(ada, second)).earlier[0]?.question).toMatch(/^x{200,240}…$/)
  })

  test('a visitor lists their own, and never what another user took over from the same computer', async () => {
    const { transport: anonymous, secret } = await visitorLine()
    const mine = await open(anonymous, 'mine')
    const taken = await open(anonymous, 'taken')
    const user = await visitorLine({ secret, verified: { visitorId: '7' } })
    await sync(user.transport, taken)
    const list = async (line: Visitor) => {
      const reply = await line.request('conversations', { v: 1 })
      if (!reply.ok) throw new Error(reply.code)
      return reply.conversations.map(({ question }) => question).sort()
    }
    expect(await list(anonymous)).toEqual(['mine'])
    expect(await list(user.transport)).toEqual(['mine', 'taken'])
    const other = await visitorLine({ secret, verified: { visitorId: '8' } })
    expect(await list(other.transport)).toEqual(['mine'])
    const ada = await agentLine()
    const elsewhere = await visitorLine({ verified: { visitorId: '8' } })
    const theirs = await open(elsewhere.transport, 'theirs')
    expect((await details(ada, theirs)).earlier).toEqual([])
    expect((await details(ada, mine)).earlier.map(({ question }) => question)).toEqual(['taken'])
  })
})

describe('[D33] how it was', () => {
  test('is said of what a person had in hand, during and after, and may be said anew', async () => {
    const { visitor, ada, conversationId } = await scene()
    expect(codeOf(await send(visitor, conversationId, rated(5)))).toBe('closed')
    await claim(ada, conversationId)
    expect(codeOf(await send(visitor, conversationId, rated(1, 'slow')))).toBe('ok')
    await send(visitor, conversationId, ended)
    await loopback.settle(10_000)
    const heard = heardBy(ada)
    expect(codeOf(await send(visitor, conversationId, rated(5, 'Solved after all.')))).toBe('ok')
    await loopback.settle(1_000)
    // A beacon comes when its turn is, by the random id.
    const names = heard.map(({ name }) => name).filter(name => name !== 'head')
    expect(names.sort()).toEqual(['events', 'queueChanged'])
    expect((await loopback.store.conversation(conversationId))?.phase).toBe('ended')
  })

  test('an agent says what it was about: that is its category from then on', async () => {
    const { ada, conversationId } = await scene()
    await claim(ada, conversationId)
    const body = { type: 'ended', by: 'agent', category: 'payouts' } as const
    await ada.request('send', { v: 1, conversationId, drafts: [{ clientId: nextId(), body }] })
    expect(await loopback.store.conversation(conversationId)).toMatchObject({
      phase: 'ended',
      category: 'payouts',
    })
  })
})

test('[S11] erasing takes notes, labels, page and the words of a rating', async () => {
  const { visitor, ada, conversationId } = await scene()
  await note(ada, conversationId, 'erase me', 'note-0001')
  await label(ada, conversationId, 'erase me')
  await visitor.request('page', { v: 1, conversationId, page: page('/erase-me') })
  await claim(ada, conversationId)
  await send(visitor, conversationId, rated(1, 'erase me'))
  await loopback.store.erase(conversationId, loopback.clock.now())
  expect(await details(ada, conversationId)).toMatchObject({ notes: [], labels: [], pageNow: null })
  const thread = await loopback.store.read(conversationId, 0, 100)
  expect(thread?.events.at(-1)?.body).toEqual({ type: 'rated', score: 1, erased: true })
  // A desk that repeats the note brings its words back no more.
  expect(codeOf(await note(ada, conversationId, 'erase me', 'note-0001'))).toBe('ok')
  expect((await details(ada, conversationId)).notes).toEqual([])
})
