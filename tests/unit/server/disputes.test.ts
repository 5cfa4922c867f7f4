// A dispute through the loopback: who is told what, what survives a crash, and that nothing private of one side is in
// any byte that the other side gets.

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LiveTransport } from '../../../src/live/liveTransport'
import type { DisputeReport } from '../../../src/protocol/deskRecords'
import { type DisputeView, disputeIn } from '../../../src/protocol/dispute'
import type { VisitorBody } from '../../../src/protocol/events'
import type { DeskCalls, PushName, VisitorCalls } from '../../../src/protocol/wire'
import { audit } from '../../../src/server/audit'
import { type HostDispute, partiesProblem } from '../../../src/server/disputes'
import type { HelpDeskStore } from '../../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback, type LoopbackOptions } from '../../../src/testing/loopback'

type Visitor = LiveTransport<VisitorCalls>
type Desk = LiveTransport<DeskCalls>

const TERMS = { respondWithinMs: 60_000, decideWithinMs: 60_000 }
const PARTIES: HostDispute = {
  parties: [
    { party: 'client', visitorId: 'mara', name: 'Mara' },
    { party: 'freelancer', visitorId: 'jonas', name: 'Jonas' },
  ],
  facts: { contract: 'WM-4127', amount: 1200 },
}
const parties = (reference: string) => (reference === 'WM-4127' ? PARTIES : null)
const LEA = { agentId: 'agent-lea', name: 'Lea', roles: ['lead'] }
const PUSHES: readonly PushName[] = [
  'events',
  'head',
  'place',
  'typing',
  'queueChanged',
  'detailsChanged',
  'deskChanged',
  'agentPresence',
  'restart',
]
const emptyPage = emptyBrief().page

async function stage(change: LoopbackOptions = {}) {
  // Ids that are the same in two runs, and long enough to be ids.
  let ids = 0
  const loopback = await createLoopback({
    randomId: () => `deterministic-${String(++ids).padStart(8, '0')}`,
    disputes: { ...TERMS, facts: ['milestone'], seam: { parties } },
    ...change,
  })
  await loopback.store.newEpoch('epoch-of-the-test')
  let made = 0
  const nextId = (whose: string) => `${whose}-client-${++made}`

  async function visitor(visitorId: string, isProved = true) {
    const secret = `${visitorId}-secret-of-22-chars-and-more`
    const line = loopback.visitor({ secret, ...(isProved && { verified: { visitorId } }) })
    const heard: { name: PushName; payload: unknown }[] = []
    for (const name of PUSHES)
      line.transport.on(name, payload => void heard.push({ name, payload: structuredClone(payload) }))
    line.transport.connect()
    await loopback.settle()
    return { transport: line.transport, heard, visitorId }
  }
  async function agent(who?: Parameters<Loopback['agent']>[0]): Promise<Desk> {
    const line = loopback.agent(who)
    line.transport.connect()
    await loopback.settle()
    return line.transport
  }
  async function open(line: Visitor, whose: string, data: Record<string, string> = {}): Promise<string> {
    const brief = emptyBrief({ page: { ...emptyPage, data } })
    const reply = await line.request('open', { v: 1, openId: `open-of-${whose}`, brief })
    if (!reply.ok) throw new Error(reply.code)
    return reply.conversationId
  }
  const send = (line: Visitor, conversationId: string, body: VisitorBody, clientId = nextId('any')) =>
    line.request('send', { v: 1, conversationId, drafts: [{ clientId, body }] })
  async function events(line: Visitor | Desk, conversationId: string) {
    const reply = await (line as Visitor).request('sync', { v: 1, conversationId, after: 0, epoch: '' })
    return reply.ok ? reply.events : []
  }
  const view = async (line: Visitor | Desk, conversationId: string): Promise<DisputeView | null> =>
    disputeIn(await events(line, conversationId))
  async function report(desk: Desk, conversationId: string): Promise<DisputeReport> {
    const reply = await desk.request('dispute', { v: 1, conversationId })
    if (!reply.ok || !reply.dispute) throw new Error('no dispute')
    return reply.dispute
  }
  const mediate = async (desk: Desk, conversationId: string, act: DeskCalls['mediate']['request']['act']) => {
    const { disputeId, revision } = await report(desk, conversationId)
    return desk.request('mediate', { v: 1, disputeId, expected: revision, act })
  }
  return { loopback, visitor, agent, open, send, events, view, report, mediate, nextId }
}
type Stage = Awaited<ReturnType<typeof stage>>

/** Mara has a ticket and opens a dispute; Jonas finds his conversation. */
async function opened(on: Stage) {
  const mara = await on.visitor('mara')
  const mine = await on.open(mara.transport, 'mara')
  await on.send(mara.transport, mine, { type: 'handoffReady', channel: 'ticket' }, 'mara-handoff')
  const asked = { v: 1, conversationId: mine, reference: 'WM-4127' }
  const reply = await mara.transport.request('openDispute', asked)
  if (!reply.ok) throw new Error(reply.code)
  const jonas = await on.visitor('jonas')
  const listed = await jonas.transport.request('conversations', { v: 1 })
  const theirs = (listed.ok && listed.conversations[0]?.conversationId) || ''
  const desk = await on.agent()
  const { disputeId } = reply
  return { mara, jonas, mine, theirs, desk, disputeId }
}

const codeOf = (reply: { ok: boolean; code?: string }) => (reply.ok ? 'ok' : reply.code)

let on: Stage
beforeEach(async () => {
  on = await stage()
})
// Whatever was done: each decision has its entry, and the same would be decided again.
afterEach(async () => {
  expect((await audit(on.loopback.store)).broken).toEqual([])
  await on.loopback.close()
})

describe('[V2] one ticket on two conversations and a thread', () => {
  test('the other side finds a conversation of its own, under the same number, with what the site says', async () => {
    const { mara, jonas, mine, theirs, desk } = await opened(on)
    const [hers, his] = [await on.view(mara.transport, mine), await on.view(jonas.transport, theirs)]
    expect(hers).toMatchObject({
      you: 'client',
      isOpener: true,
      number: 1001,
      reference: 'WM-4127',
      facts: { contract: 'WM-4127', amount: '1200' },
    })
    expect(his).toEqual({ ...hers, you: 'freelancer', isOpener: false })
    const { threadId } = await on.report(desk, mine)
    expect(await on.view(desk, threadId)).toMatchObject({ you: null, number: 1001 })
    const rows = await Promise.all([mine, theirs, threadId].map(id => on.loopback.store.conversation(id)))
    expect(rows.map(row => [row?.phase, row?.ticket?.number])).toEqual([
      ['ticketed', 1001],
      ['ticketed', 1001],
      ['ticketed', 1001],
    ])
  })

  test('opened again, by either side, it is the one that is open', async () => {
    const { mara, jonas, mine, theirs, disputeId } = await opened(on)
    const again = { v: 1, conversationId: mine, reference: 'WM-4127' }
    expect(await mara.transport.request('openDispute', again)).toEqual({ ok: true, disputeId })
    const his = { ...again, conversationId: theirs }
    expect(await jonas.transport.request('openDispute', his)).toEqual({ ok: true, disputeId })
    const list = await on.loopback.store.deskList({ agentIds: [], endedSince: 0, atMost: 10 })
    expect(list.ticketed.total).toBe(3)
  })

  test('who is not proved, whom the site does not name, and a reference it does not know open none', async () => {
    const eve = await on.visitor('eve')
    const hers = await on.open(eve.transport, 'eve')
    const ask = (line: Visitor, conversationId: string, reference = 'WM-4127') =>
      line.request('openDispute', { v: 1, conversationId, reference })
    expect(codeOf(await ask(eve.transport, hers))).toBe('not_found')
    const nobody = await on.visitor('nobody', false)
    expect(codeOf(await ask(nobody.transport, await on.open(nobody.transport, 'nobody')))).toBe('forbidden')
    const { mara, mine, theirs } = await opened(on)
    expect(codeOf(await ask(mara.transport, mine, 'WM-1'))).toBe('not_found')
    expect(codeOf(await ask(mara.transport, theirs))).toBe('forbidden')
  })

  test('no visitor reads the mediator’s thread, whatever their id', async () => {
    const { desk, mine, disputeId } = await opened(on)
    const { threadId } = await on.report(desk, mine)
    for (const visitorId of ['mara', 'jonas', `dispute:${disputeId}`, `x\ndispute:${disputeId}`]) {
      const { transport } = await on.visitor(visitorId)
      const body = { v: 1, conversationId: threadId, after: 0, epoch: '' }
      expect(codeOf(await transport.request('sync', body))).toBe('forbidden')
    }
  })

  test('an agent links two conversations that are there', async () => {
    const [one, two] = [await on.visitor('one', false), await on.visitor('two', false)]
    const [a, b] = [await on.open(one.transport, 'one'), await on.open(two.transport, 'two')]
    await on.send(one.transport, a, { type: 'handoffReady', channel: 'ticket' })
    await on.send(two.transport, b, { type: 'handoffReady', channel: 'ticket' })
    const desk = await on.agent()
    const link = {
      v: 1,
      conversationId: a,
      otherConversationId: b,
      reference: 'Milestone 2',
      parties: ['client', 'freelancer'] as const,
    }
    expect(codeOf(await desk.request('openDispute', { ...link, otherConversationId: a }))).toBe('bad_request')
    expect(codeOf(await desk.request('openDispute', link))).toBe('ok')
    expect(await on.view(one.transport, a)).toMatchObject({ number: 1001, you: 'client', isOpener: false })
    expect(await on.view(two.transport, b)).toMatchObject({ number: 1001, you: 'freelancer' })
    expect(await on.loopback.store.conversation(b)).toMatchObject({ ticket: { number: 1002 } })
  })

  test('what a host returns by mistake opens nothing, and says what is wrong', () => {
    const [client, freelancer] = PARTIES.parties
    const wrong = (list: unknown) => partiesProblem({ parties: list } as never, 'mara')
    expect(partiesProblem(PARTIES, 'mara')).toBeNull()
    expect(wrong([client])).toContain('exactly two')
    expect(wrong([client, { ...freelancer, visitorId: '' }])).toContain('1 to 200')
    expect(wrong([client, { ...freelancer, party: 'client' }])).toContain('one and the same')
    expect(wrong([client, { ...freelancer, party: 'x'.repeat(41) }])).toContain('40')
    expect(partiesProblem(PARTIES, 'eve')).toContain('none of the parties')
  })
})

describe('[V3, V6, V7] from two statements to an outcome', () => {
  test('both state, the mediator proposes, both accept: one outcome in the same bytes at both ends', async () => {
    const { mara, jonas, mine, theirs, desk, disputeId } = await opened(on)
    await on.send(mara.transport, mine, { type: 'disputeStated', disputeId, text: 'It came late.' })
    await on.loopback.settle()
    expect((await on.view(jonas.transport, theirs))?.statements).toEqual([])
    await on.send(jonas.transport, theirs, { type: 'disputeStated', disputeId, text: 'It came in time.' })
    await on.loopback.settle()
    expect(
      await on.mediate(desk, mine, { kind: 'propose', outcome: 'Half', words: 'Half is paid.' }),
    ).toMatchObject({ ok: true })
    await on.send(mara.transport, mine, { type: 'disputeAnswered', disputeId, proposal: 1, accepts: true })
    await on.loopback.settle()
    expect((await on.view(jonas.transport, theirs))?.phase).toBe('mediating')
    await on.send(jonas.transport, theirs, { type: 'disputeAnswered', disputeId, proposal: 1, accepts: true })
    await on.loopback.settle()
    const told = async (line: Visitor, id: string) =>
      (await on.events(line, id))
        .filter(({ author, body }) => author.kind === 'system' && body.type !== 'disputeOpened')
        .filter(({ body }) => body.type.startsWith('dispute'))
        .map(({ clientId, at, body }) => JSON.stringify([clientId, at, body]))
    const hers = await told(mara.transport, mine)
    expect(hers).toHaveLength(3)
    expect(await told(jonas.transport, theirs)).toEqual(hers)
    expect(await on.report(desk, mine)).toMatchObject({
      phase: 'decided',
      decision: { cause: 'agreed', outcome: 'Half' },
    })
  })

  test('silence: the time passes, what was said is shared, nobody decides, and a lead has it', async () => {
    const { mara, jonas, mine, theirs, desk, disputeId } = await opened(on)
    await on.send(mara.transport, mine, { type: 'disputeStated', disputeId, text: 'It came late.' })
    await on.loopback.settle(TERMS.respondWithinMs + 10_000)
    expect(await on.view(jonas.transport, theirs)).toMatchObject({
      phase: 'mediating',
      statements: [{ party: 'client', text: 'It came late.' }],
    })
    await on.loopback.settle(TERMS.decideWithinMs + 10_000)
    expect((await on.view(jonas.transport, theirs))?.escalation).toBe('late')
    const act = { kind: 'decide', outcome: 'Refunded', words: '' } as const
    expect(codeOf(await on.mediate(desk, mine, act))).toBe('forbidden')
    expect(codeOf(await on.mediate(await on.agent(LEA), mine, act))).toBe('ok')
    expect(await on.view(mara.transport, mine)).toMatchObject({
      phase: 'decided',
      decision: { cause: 'decided' },
    })
  })

  test('a mediator who decides on what is no longer so is asked to read it again', async () => {
    const { mara, mine, desk, disputeId } = await opened(on)
    const { revision } = await on.report(desk, mine)
    await on.send(mara.transport, mine, { type: 'disputeStated', disputeId, text: 'It came late.' })
    const act = { kind: 'escalate' } as const
    const reply = await desk.request('mediate', { v: 1, disputeId, expected: revision, act })
    expect(codeOf(reply)).toBe('stale_assignment')
  })

  test('other words of a side move no revision under a mediator’s hands', async () => {
    const { mara, mine, desk } = await opened(on)
    const { revision } = await on.report(desk, mine)
    await on.send(mara.transport, mine, { type: 'message', text: 'Between us: he is ill.', format: 'plain' })
    await on.loopback.settle(20_000)
    expect((await on.report(desk, mine)).revision).toBe(revision)
  })

  test('a process that dies between the row and the conversations tells it after its restart, once', async () => {
    const { mara, jonas, mine, theirs, desk, disputeId } = await opened(on)
    await on.send(jonas.transport, theirs, { type: 'disputeStated', disputeId, text: 'It came in time.' })
    await on.loopback.settle()
    // The words are stored, nothing more of them is.
    const { store, clock } = on.loopback
    on.loopback.kill()
    await store.append({
      conversationId: mine,
      at: clock.now(),
      drafts: [
        {
          sender: 'visitor',
          clientId: 'stated-before-the-crash',
          author: { kind: 'visitor' },
          body: { type: 'disputeStated', disputeId, text: 'It came late.' },
        },
      ],
      authorise: () => null,
      plan: (_row, draft) => [draft],
    })
    on.loopback.start()
    await on.loopback.settle(20_000)
    const shared = (await on.events(mara.transport, mine)).filter(({ body }) => body.type === 'disputeShared')
    expect(shared).toHaveLength(1)
    expect((await on.report(desk, mine)).phase).toBe('mediating')
  })
})

describe('[V12] what becomes of the conversations', () => {
  const decide = (desk: Desk, id: string) =>
    on.mediate(desk, id, { kind: 'decide', outcome: 'Done', words: 'As agreed.' })

  const bothState = async ({ mara, jonas, mine, theirs, disputeId }: Awaited<ReturnType<typeof opened>>) => {
    await on.send(mara.transport, mine, { type: 'disputeStated', disputeId, text: 'So it was.' })
    await on.send(jonas.transport, theirs, { type: 'disputeStated', disputeId, text: 'Not so.' })
    await on.loopback.settle()
  }
  const standing = (...ids: readonly string[]) =>
    Promise.all(
      ids.map(async id => {
        const row = await on.loopback.store.conversation(id)
        return `${row?.phase} ${row?.ticket?.status}`
      }),
    )
  const reasons = async (line: Visitor | Desk, id: string) =>
    (await on.events(line, id)).flatMap(({ body }) => (body.type === 'ticketSolved' ? [body.because] : []))

  test('an outcome solves the tickets of both sides and of the thread, once, and each says why', async () => {
    const all = await opened(on)
    const { mara, jonas, mine, theirs, desk, disputeId } = all
    const { threadId } = await on.report(desk, mine)
    await bothState(all)
    expect(codeOf(await decide(desk, mine))).toBe('ok')
    await on.loopback.settle(20_000)
    expect(await standing(mine, theirs, threadId)).toEqual(['ended solved', 'ended solved', 'ended solved'])
    expect((await on.view(jonas.transport, theirs))?.decision?.outcome).toBe('Done')
    const because = { kind: 'dispute', disputeId, number: 1001, cause: 'decided' }
    expect(await reasons(mara.transport, mine)).toEqual([because])
    expect(await reasons(jonas.transport, theirs)).toEqual([because])
    expect(await reasons(desk, threadId)).toEqual([because])
    const { broken, replay } = await audit(on.loopback.store)
    expect([broken, replay.differ]).toEqual([[], 0])
    // The mediator's word is a person's; that it solves three tickets is a rule's.
    expect(replay.equalOf.get('mediated')).toBe(3)
  })

  test('what both accept solves them alike, and says that they agreed', async () => {
    const all = await opened(on)
    const { mara, jonas, mine, theirs, desk, disputeId } = all
    await bothState(all)
    await on.mediate(desk, mine, { kind: 'propose', outcome: 'Half', words: 'Half is paid.' })
    const accepted = { type: 'disputeAnswered', disputeId, proposal: 1, accepts: true } as const
    await on.send(mara.transport, mine, accepted)
    await on.send(jonas.transport, theirs, accepted)
    await on.loopback.settle()
    expect(await standing(mine, theirs)).toEqual(['ended solved', 'ended solved'])
    expect((await reasons(jonas.transport, theirs))[0]).toMatchObject({ cause: 'agreed' })
  })

  test('a talk under way ends with its ticket; who waits for a person waits on', async () => {
    const all = await opened(on)
    const { mine, theirs, desk } = all
    const { threadId } = await on.report(desk, mine)
    await bothState(all)
    const claim = (conversationId: string) => desk.request('claim', { v: 1, conversationId, expected: 0 })
    for (const id of [threadId, mine, theirs]) expect(codeOf(await claim(id))).toBe('ok')
    await desk.request('release', { v: 1, conversationId: theirs, expected: 1 })
    await on.loopback.settle()
    const before = await standing(mine, theirs, threadId)
    expect(codeOf(await decide(desk, mine))).toBe('ok')
    await on.loopback.settle()
    expect([before, await standing(mine, theirs, threadId)]).toEqual([
      ['live open', 'queued open', 'live open'],
      ['ended solved', 'queued open', 'ended solved'],
    ])
  })

  test('[D41] a side that opens its ticket again has it open, however often the dispute is looked at', async () => {
    const all = await opened(on)
    const { mara, mine, theirs, desk } = all
    await bothState(all)
    await decide(desk, mine)
    await on.loopback.settle()
    expect(codeOf(await on.send(mara.transport, mine, { type: 'reopened', by: 'visitor' }))).toBe('ok')
    on.loopback.kill()
    on.loopback.start()
    await on.loopback.settle(60_000)
    expect(await standing(mine, theirs)).toEqual(['ticketed reopened', 'ended solved'])
  })

  test('one that is taken back has no outcome: the thread is over, the sides stay with the desk', async () => {
    const { mara, mine, theirs, desk, disputeId } = await opened(on)
    const { threadId } = await on.report(desk, mine)
    await on.send(mara.transport, mine, { type: 'disputeWithdrawn', disputeId })
    await on.loopback.settle()
    expect(await standing(mine, theirs, threadId)).toEqual(['ticketed open', 'ticketed open', 'ended solved'])
    expect(await reasons(desk, threadId)).toMatchObject([{ cause: 'withdrawn' }])
  })

  test('after one side was erased the next dispute about the same is a new one, and is told', async () => {
    const { mara, mine, theirs, desk, disputeId } = await opened(on)
    await on.send(mara.transport, mine, { type: 'disputeWithdrawn', disputeId })
    await on.loopback.settle(1_000)
    const { store } = on.loopback
    await store.erasePerson(await store.findPerson({ visitorId: 'jonas' }), on.loopback.clock.now())
    const reply = await mara.transport.request('openDispute', {
      v: 1,
      conversationId: mine,
      reference: 'WM-4127',
    })
    if (!reply.ok) throw new Error(reply.code)
    expect(reply.disputeId).not.toBe(disputeId)
    expect(await on.view(mara.transport, mine)).toMatchObject({
      phase: 'stating',
      disputeId: reply.disputeId,
    })
    const next = await on.report(desk, mine)
    expect(next.sides.map(({ conversationId }) => conversationId)).not.toContain(theirs)
    for (const { conversationId } of next.sides)
      expect(await on.view(desk, conversationId)).toMatchObject({ disputeId: reply.disputeId })
  })

  test('of two sides that open it at the same moment nobody has a conversation that belongs to no dispute', async () => {
    const [mara, jonas] = [await on.visitor('mara'), await on.visitor('jonas')]
    const ask = async (line: Visitor, conversationId: string) => {
      const reply = await line.request('openDispute', { v: 1, conversationId, reference: 'WM-4127' })
      return reply.ok ? reply.disputeId : reply.code
    }
    const [hers, his] = [await on.open(mara.transport, 'mara'), await on.open(jonas.transport, 'jonas')]
    const [one, other] = await Promise.all([ask(mara.transport, hers), ask(jonas.transport, his)])
    await on.loopback.settle(20_000)
    expect(one).toBe(other)
    const desk = await on.agent()
    const dispute = (await on.report(desk, hers)) ?? (await on.report(desk, his))
    const all = await Promise.all(
      ['mara', 'jonas'].map(visitorId => on.loopback.store.findPerson({ visitorId })),
    )
    const ids = all.flatMap(({ conversationIds }) => conversationIds)
    const inIt = dispute.sides.map(({ conversationId }) => conversationId)
    expect(ids.filter(id => id !== hers && id !== his && !inIt.includes(id))).toEqual([])
  })

  test('a process that dies before the conversations are made makes them after its restart', async () => {
    const mara = await on.visitor('mara')
    const mine = await on.open(mara.transport, 'mara')
    const { store } = on.loopback
    const { open } = store
    store.open = () => Promise.reject(new Error('the process is gone'))
    await mara.transport.request('openDispute', { v: 1, conversationId: mine, reference: 'WM-4127' })
    store.open = open
    await on.loopback.settle(30_000)
    expect(await on.view(mara.transport, mine)).toMatchObject({ number: 1001, phase: 'stating' })
    const jonas = await on.visitor('jonas')
    const listed = await jonas.transport.request('conversations', { v: 1 })
    const theirs = (listed.ok && listed.conversations[0]?.conversationId) || ''
    expect(await on.view(jonas.transport, theirs)).toMatchObject({ number: 1001, you: 'freelancer' })
  })
})

test('[V11] what the other two conversations told of an erased side is read anew by who has a copy', async () => {
  const { mara, mine, theirs, disputeId, jonas, desk } = await opened(on)
  await on.send(mara.transport, mine, { type: 'disputeStated', disputeId, text: 'canary-of-mara' })
  await on.send(jonas.transport, theirs, { type: 'disputeStated', disputeId, text: 'mine' })
  await on.loopback.settle()
  const { threadId } = await on.report(desk, mine)
  const epochs = async () =>
    Promise.all(
      [theirs, threadId].map(async conversationId => {
        const reply = await desk.request('sync', { v: 1, conversationId, after: 0, epoch: '' })
        return reply.ok ? reply.epoch : ''
      }),
    )
  const before = await epochs()
  await on.loopback.store.erase(mine, on.loopback.clock.now())
  const after = await epochs()
  expect(after.filter((epoch, n) => epoch === before[n])).toEqual([])
})

test('V4 facts that both pages show are common where the site lists the name; what differs is the mediator’s', async () => {
  const { mara, jonas, mine, theirs, desk, disputeId } = await opened(on)
  const tell = (line: Visitor, conversationId: string, data: Record<string, string>) =>
    line.request('page', { v: 1, conversationId, page: { ...emptyPage, data } })
  await tell(mara.transport, mine, { milestone: '2', balance: '70' })
  await tell(jonas.transport, theirs, { milestone: '3', balance: '70' })
  await on.send(mara.transport, mine, { type: 'disputeStated', disputeId, text: 'a' })
  await on.send(jonas.transport, theirs, { type: 'disputeStated', disputeId, text: 'b' })
  await on.loopback.settle()
  expect((await on.view(mara.transport, mine))?.facts).toEqual({ contract: 'WM-4127', amount: '1200' })
  expect((await on.report(desk, mine)).facts.differing).toEqual([
    { name: 'milestone', site: null, said: ['2', '3'] },
  ])
})

test('V11 erasing one side takes its words out of all three conversations, and leaves the other side’s', async () => {
  const { mara, jonas, mine, theirs, desk, disputeId } = await opened(on)
  await on.send(mara.transport, mine, { type: 'disputeStated', disputeId, text: 'canary-of-mara' })
  await on.send(jonas.transport, theirs, { type: 'disputeStated', disputeId, text: 'canary-of-jonas' })
  await on.loopback.settle()
  const { threadId } = await on.report(desk, mine)
  await on.loopback.store.erase(mine, on.loopback.clock.now())
  await on.loopback.settle(20_000)
  const all = JSON.stringify([
    await on.events(desk, mine),
    await on.events(desk, theirs),
    await on.events(desk, threadId),
    await on.report(desk, theirs),
  ])
  expect(all).not.toContain('canary-of-mara')
  expect(all).not.toContain('Mara')
  expect(all).toContain('canary-of-jonas')
  expect(codeOf(await on.mediate(desk, theirs, { kind: 'decide', outcome: 'Done', words: '' }))).toBe('ok')
  expect((await on.view(jonas.transport, theirs))?.decision?.outcome).toBe('Done')
})

describe('[V11] who was erased does not come back', () => {
  const CANARY = 'canary-of-mara'
  /** Mara has written; what Jonas writes next has both read both. */
  async function aboutToBeShared() {
    const all = await opened(on)
    const { mara, mine, disputeId, desk } = all
    await on.send(mara.transport, mine, { type: 'disputeStated', disputeId, text: CANARY })
    await on.loopback.settle()
    const { threadId } = await on.report(desk, mine)
    const said = () =>
      on.send(all.jonas.transport, all.theirs, { type: 'disputeStated', disputeId, text: 'mine' })
    const left = async () => {
      await on.loopback.settle(30_000)
      return JSON.stringify(
        await Promise.all([all.theirs, threadId, mine].map(id => on.loopback.store.read(id, 0, 200))),
      )
    }
    const eraseMara = () => on.loopback.store.erase(mine, on.loopback.clock.now())
    return { ...all, said, left, eraseMara, threadId }
  }

  test('by words that were saved and not yet told', async () => {
    const { said, left, eraseMara, disputeId } = await aboutToBeShared()
    const { store } = on.loopback
    const { saveDispute } = store
    store.saveDispute = async change => {
      const saved = await saveDispute(change)
      store.saveDispute = saveDispute
      await eraseMara()
      return saved
    }
    await said()
    const all = await left()
    expect((await store.dispute(disputeId))?.isUntold).toBe(false)
    expect(all).not.toContain(CANARY)
    expect(all).not.toContain('"Mara"')
    // What is left to be told is told: hers as erased, his as he said it.
    expect(all).toContain('"erased":true')
    expect(all).toContain('"text":"mine"')
  })

  test('by words that are on their way into a conversation', async () => {
    const { said, left, eraseMara } = await aboutToBeShared()
    const { store } = on.loopback
    const { append } = store
    store.append = async request => {
      if (request.drafts.some(({ body }) => body.type === 'disputeShared')) {
        store.append = append
        await eraseMara()
      }
      return append(request)
    }
    await said()
    const all = await left()
    expect(all).not.toContain(CANARY)
    expect(all).toContain('"text":"mine"')
  })

  test('by what is told and decided afterwards: nothing more is written into their conversation', async () => {
    const { said, left, eraseMara, desk, theirs, mine, jonas, disputeId } = await aboutToBeShared()
    await eraseMara()
    const head = (await on.loopback.store.conversation(mine))?.head
    await said()
    await on.loopback.settle(20_000)
    expect(codeOf(await on.mediate(desk, theirs, { kind: 'decide', outcome: 'Done', words: '' }))).toBe('ok')
    await left()
    expect((await on.view(jonas.transport, theirs))?.decision?.outcome).toBe('Done')
    expect((await on.loopback.store.conversation(mine))?.head).toBe(head)
    // All that is left to be told stands: no sweep comes by for it again.
    expect((await on.loopback.store.dispute(disputeId))?.isUntold).toBe(false)
  })

  test('by words that they write after it: nothing of theirs is heard any more', async () => {
    const { said, eraseMara, mara, mine, disputeId } = await aboutToBeShared()
    await eraseMara()
    await on.send(mara.transport, mine, { type: 'disputeStated', disputeId, text: 'written-after-it' })
    await said()
    await on.loopback.settle(20_000)
    const dispute = await on.loopback.store.dispute(disputeId)
    expect(JSON.stringify(dispute)).not.toContain('written-after-it')
    expect(dispute?.state.phase).toBe('mediating')
  })

  test('by a conversation that a crash left to be made', async () => {
    const mara = await on.visitor('mara')
    const mine = await on.open(mara.transport, 'mara')
    const { store } = on.loopback
    const { open } = store
    store.open = () => Promise.reject(new Error('the process is gone'))
    await mara.transport.request('openDispute', { v: 1, conversationId: mine, reference: 'WM-4127' })
    store.open = open
    const find = () => store.findPerson({ visitorId: 'jonas' })
    await store.erasePerson(await find(), on.loopback.clock.now())
    await on.loopback.settle(30_000)
    expect((await find()).conversationIds).toEqual([])
    expect(await on.view(mara.transport, mine)).toMatchObject({ phase: 'stating' })
  })

  test('both are erased, in the middle of it: the desk has no thread of it any more', async () => {
    const { desk, mine, theirs, threadId, disputeId, said } = await aboutToBeShared()
    await said()
    await on.loopback.settle()
    const { store, clock } = on.loopback
    for (const visitorId of ['mara', 'jonas'])
      await store.erasePerson(await store.findPerson({ visitorId }), clock.now())
    expect(await store.dispute(disputeId)).toBeNull()
    await on.loopback.settle(20 * 60_000)
    const listed = await desk.request('queue', { v: 1 })
    expect(listed.ok && listed.rows.find(({ conversationId }) => conversationId === threadId)?.phase).toBe(
      'ended',
    )
    const all = JSON.stringify(await Promise.all([mine, theirs, threadId].map(id => store.read(id, 0, 200))))
    for (const word of [CANARY, '"text":"mine"', '"Mara"', '"Jonas"', 'WM-4127'])
      expect(all).not.toContain(word)
  })
})

// ---- the proof

const step = fc.record({
  kind: fc.constantFrom(
    'message',
    'contact',
    'page',
    'note',
    'label',
    'reply',
    'state',
    'answer',
    'mediate',
    'wait',
    'typing',
  ),
  isPrivateSide: fc.boolean(),
  n: fc.integer({ min: 1, max: 2 }),
})
const words = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter(text => /\S/.test(text))
const privateData = fc.record({
  words: fc.array(words, { minLength: 1, maxLength: 4 }),
  email: fc.constantFrom('a@example.org', 'somebody.else@example.com'),
  facts: fc.dictionary(fc.constantFrom('balance', 'milestone', 'plan'), fc.string({ maxLength: 5 })),
  /** How many messages each `message` step is. */
  times: fc.integer({ min: 1, max: 3 }),
})
type Private = typeof privateData extends fc.Arbitrary<infer Value> ? Value : never
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** Everything that the side which is not `hidden` gets in one run, with the moment at which it got it. */
async function seenByOther(steps: readonly Step[], hidden: 0 | 1, data: Private): Promise<readonly string[]> {
  const run = await stage()
  try {
    const { mara, jonas, mine, theirs, desk, disputeId } = await opened(run)
    const lines = [mara, jonas] as const
    const ids = [mine, theirs] as const
    const other = hidden === 0 ? 1 : 0
    const seen: string[] = []
    const note = (what: string, value: unknown) =>
      seen.push(JSON.stringify([run.loopback.clock.now(), what, value]))
    const call = async (side: 0 | 1, name: keyof VisitorCalls, body: object) => {
      const reply = await lines[side].transport.request(name, { v: 1, ...body } as never)
      if (side === other) note(name, reply)
    }
    let made = ''
    let next = 0
    const draft = (side: 0 | 1, body: VisitorBody) =>
      call(side, 'send', {
        conversationId: ids[side],
        drafts: [{ clientId: `side-${side}-${made}-${++next}`, body }],
      })
    const otherNext = () => call(other, 'sync', { conversationId: ids[other], after: 0, epoch: '' })
    await otherNext()
    for (const [n, { kind, isPrivateSide, n: which }] of steps.entries()) {
      const side = isPrivateSide ? hidden : other
      const secret = isPrivateSide ? (data.words[n % data.words.length] ?? 'x') : `plain ${n}`
      const times = isPrivateSide ? data.times : 1
      made = `${n}`
      next = 0
      const conversationId = ids[side]
      if (kind === 'message')
        for (let again = 0; again < times; again++)
          await draft(side, { type: 'message', text: secret, format: 'plain' })
      if (kind === 'contact')
        await draft(side, {
          type: 'contactGiven',
          contact: { email: isPrivateSide ? data.email : 'b@example.org' },
        })
      if (kind === 'page') {
        const page = { ...emptyPage, title: secret, data: isPrivateSide ? data.facts : { plan: 'pro' } }
        await call(side, 'page', { conversationId, page })
      }
      if (kind === 'typing') await call(side, 'typing', { conversationId })
      if (kind === 'note')
        await desk.request('note', { v: 1, conversationId, noteId: `note-${n}-0001`, text: secret })
      if (kind === 'label')
        await desk.request('label', { v: 1, conversationId, label: `l${data.email}`.slice(0, 30), on: true })
      if (kind === 'reply') {
        const body = { type: 'message', text: secret, format: 'markdown' } as const
        await desk.request('send', { v: 1, conversationId, drafts: [{ clientId: `reply-${n}-0001`, body }] })
      }
      // Shared with both: the same in both runs.
      if (kind === 'state')
        await draft(side, { type: 'disputeStated', disputeId, text: `side ${side} at ${n}` })
      if (kind === 'answer')
        await draft(side, { type: 'disputeAnswered', disputeId, proposal: which, accepts: which === 1 })
      if (kind === 'mediate')
        await run.mediate(desk, theirs, {
          kind: which === 1 ? 'propose' : 'escalate',
          outcome: `outcome ${n}`,
          words: '',
        } as never)
      await run.loopback.settle(kind === 'wait' ? 40_000 : 0)
      await otherNext()
    }
    await call(other, 'conversations', {})
    await call(other, 'availability', {})
    await call(other, 'fileUrls', { conversationId: ids[other], attachmentIds: [] })
    await run.loopback.settle(70_000)
    await otherNext()
    note('pushes', lines[other].heard)
    return seen
  } finally {
    await run.loopback.close()
  }
}

test('V5 the same schedule with other private words, contacts, facts, notes and numbers of them: the other side gets the same bytes at the same moments', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 12 }),
      fc.constantFrom<0 | 1>(0, 1),
      privateData,
      privateData,
      async (steps, hidden, one, another) => {
        expect(await seenByOther(steps, hidden, another)).toEqual(await seenByOther(steps, hidden, one))
      },
    ),
    { numRuns: 12 },
  )
}, 60_000)

test('the proof sees: words that are shared do change the other side’s bytes', async () => {
  const steps: Step[] = [
    { kind: 'state', isPrivateSide: true, n: 1 },
    { kind: 'state', isPrivateSide: false, n: 1 },
  ]
  const data: Private = { words: ['x'], email: 'a@example.org', facts: {}, times: 1 }
  const seen = await seenByOther(steps, 0, data)
  expect(seen.join('')).toContain('side 0 at 0')
  expect(seen.join('')).toContain('disputeShared')
})

describe('[V9] disputes that cannot be moved', () => {
  test('rest, so that fifty of them keep no other from its deadline, and are tried again', async () => {
    const store = await openSqlStore({ file: ':memory:' })
    const broken = Array.from({ length: 50 }, (_, n) => `broken-${n}`)
    const tries: string[] = []
    const looked: (readonly string[])[] = []
    const withBroken: HelpDeskStore = Object.assign(Object.create(store), {
      async disputesToLookAt(at: number, limit: number, except: readonly string[] = []) {
        looked.push(except)
        const found = await store.disputesToLookAt(at, limit, except)
        return [...broken.filter(id => !except.includes(id)), ...found].slice(0, limit)
      },
      dispute(disputeId: string) {
        if (!broken.includes(disputeId)) return store.dispute(disputeId)
        tries.push(disputeId)
        return Promise.reject(new Error('not to be read'))
      },
    })
    const late = await stage({ store: withBroken })
    const { mara, mine } = await opened(late)
    await late.loopback.settle(70_000)
    expect(looked.some(except => except.length === 50)).toBe(true)
    expect((await late.view(mara.transport, mine))?.phase).not.toBe('stating')
    const first = tries.length
    await late.loopback.settle(5_000)
    expect(tries.length).toBeLessThanOrEqual(first + 50)
    await late.loopback.settle(20 * 60_000)
    expect(tries.length).toBeGreaterThan(first)
    await late.loopback.close()
    await store.close()
  })

  test('a store that cannot list them keeps nobody whose agent is lost from the queue', async () => {
    const store = await openSqlStore({ file: ':memory:' })
    const withoutList: HelpDeskStore = Object.assign(Object.create(store), {
      disputesToLookAt: () => Promise.reject(new Error('not to be read')),
    })
    const desk = await stage({ store: withoutList })
    const vera = await desk.visitor('vera')
    const conversationId = await desk.open(vera.transport, 'vera')
    const ada = desk.loopback.agent()
    ada.transport.connect()
    await desk.loopback.settle()
    await desk.send(vera.transport, conversationId, { type: 'handoffReady', channel: 'live' })
    await ada.transport.request('claim', { v: 1, conversationId, expected: 0 })
    ada.wire.cut()
    await desk.loopback.settle(120_000)
    expect((await store.conversation(conversationId))?.phase).toBe('queued')
    await desk.loopback.close()
    await store.close()
  })
})
