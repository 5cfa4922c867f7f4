// What leads set for all: ready answers and hours, and that every node follows.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { secureRandomId } from '../../../src/base/environment'
import type { LiveTransport } from '../../../src/live/liveTransport'
import { MAX_CANNED } from '../../../src/protocol/limits'
import type { Hours } from '../../../src/protocol/records'
import type { DeskCalls } from '../../../src/protocol/wire'
import { ADMIT_ALL } from '../../../src/server/admission'
import { type Conversations, createConversations, type Push } from '../../../src/server/conversations'
import { hoursProblem } from '../../../src/server/hours'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback, type Loopback, type LoopbackAgent } from '../../../src/testing/loopback'

type Desk = LiveTransport<DeskCalls>

const ADA: LoopbackAgent = { agentId: 'agent-ada', name: 'Ada', teams: ['legal', 'billing'] }
const LEA: LoopbackAgent = { agentId: 'agent-lea', name: 'Lea', roles: ['lead'], teams: ['billing'] }
/** The manual clock begins on Monday, 5 January 2026. */
const TUESDAYS: Hours = { zone: 'UTC', week: { tue: [['09:00', '17:00']] } }
const MONDAYS: Hours = { zone: 'UTC', week: { mon: [['00:00', '24:00']] } }

let loopback: Loopback
beforeEach(async () => {
  loopback = await createLoopback({ hours: TUESDAYS })
})
afterEach(() => loopback.close())

async function agentLine(agent: LoopbackAgent): Promise<Desk> {
  const line = loopback.agent(agent)
  line.transport.connect()
  await loopback.settle()
  return line.transport
}
const codeOf = (reply: { ok: boolean; code?: string }) => (reply.ok ? 'ok' : reply.code)
const save = (desk: Desk, change: Partial<DeskCalls['saveReply']['request']> = {}) =>
  desk.request('saveReply', {
    v: 1,
    replyId: 'reply-0001',
    expected: 0,
    shortcut: 'hi',
    title: 'Greeting',
    text: 'Hello {visitor.name}.',
    ...change,
  })
async function replies(desk: Desk) {
  const reply = await desk.request('replies', { v: 1 })
  if (!reply.ok) throw new Error(reply.code)
  return reply.replies
}
const saveHours = (desk: Desk, expected: number, hours: Hours | null | 'file') =>
  desk.request('saveHours', { v: 1, expected, hours })
async function settings(desk: Desk) {
  const reply = await desk.request('settings', { v: 1 })
  if (!reply.ok) throw new Error(reply.code)
  return reply.settings
}

describe('[D37] ready answers', () => {
  test('a lead writes one, all agents have it and hear of it', async () => {
    const [lea, ada] = [await agentLine(LEA), await agentLine(ADA)]
    await loopback.settle(1_000)
    const heard: unknown[] = []
    ada.on('deskChanged', payload => heard.push(payload))
    expect(await save(lea)).toMatchObject({ ok: true, revision: 1 })
    await loopback.settle()
    expect(heard).toEqual([{ what: 'replies' }])
    expect(await replies(ada)).toEqual([
      {
        replyId: 'reply-0001',
        revision: 1,
        shortcut: 'hi',
        title: 'Greeting',
        text: 'Hello {visitor.name}.',
        editedBy: { agentId: 'agent-lea', name: 'Lea' },
        editedAt: loopback.clock.now(),
      },
    ])
  })

  test('an agent reads them, and changes none', async () => {
    const ada = await agentLine(ADA)
    expect(codeOf(await save(ada))).toBe('forbidden')
    expect(codeOf(await ada.request('dropReply', { v: 1, replyId: 'reply-0001', expected: 0 }))).toBe(
      'forbidden',
    )
    expect(codeOf(await saveHours(ada, 0, null))).toBe('forbidden')
    expect(await replies(ada)).toEqual([])
  })

  test('two leads edit the same: one wins, the other is told; a repeated save is answered as it was', async () => {
    const lea = await agentLine(LEA)
    const max = await agentLine({ agentId: 'agent-max', name: 'Max', roles: ['lead'] })
    await save(lea)
    const edited = { expected: 1, text: 'Hello.' }
    expect(await save(lea, edited)).toMatchObject({ revision: 2 })
    expect(await save(lea, edited)).toMatchObject({ revision: 2 })
    expect(codeOf(await save(max, { expected: 1, text: 'Hi.' }))).toBe('stale_assignment')
    expect((await replies(max))[0]).toMatchObject({ revision: 2, text: 'Hello.' })
  })

  test('a shortcut is one answer’s, and the refusal names it', async () => {
    const lea = await agentLine(LEA)
    await save(lea)
    expect(await save(lea, { replyId: 'reply-0002' })).toMatchObject({
      code: 'key_reused',
      detail: 'another ready answer has the shortcut "hi"',
    })
    for (const shortcut of ['Hi', 'h i', '', '-hi', 'ü', 'x'.repeat(41)])
      expect(codeOf(await save(lea, { replyId: 'reply-0002', shortcut }))).toBe('bad_request')
    expect(codeOf(await lea.request('dropReply', { v: 1, replyId: 'reply-0001', expected: 9 }))).toBe(
      'stale_assignment',
    )
    for (let n = 0; n < 2; n++)
      expect(codeOf(await lea.request('dropReply', { v: 1, replyId: 'reply-0001', expected: 1 }))).toBe('ok')
    expect(codeOf(await save(lea, { replyId: 'reply-0002' }))).toBe('ok')
  })

  test('a desk has five hundred at most, and no more of them than one answer carries', async () => {
    const lea = await agentLine(LEA)
    const one = (n: number, text = 'x') =>
      save(lea, { replyId: `reply-${1_000 + n}`, shortcut: `s${n}`, text })
    for (let n = 0; n < MAX_CANNED; n++) await one(n)
    expect(await one(MAX_CANNED)).toMatchObject({ code: 'too_large', detail: expect.stringMatching(/500/) })
    const long = '\n'.repeat(3_999)
    const codes = new Set<unknown>()
    for (let n = 0; n < 80; n++)
      codes.add(
        codeOf(
          await save(lea, {
            replyId: `reply-${1_000 + n}`,
            expected: 1,
            shortcut: `s${n}`,
            text: `x${long}`,
          }),
        ),
      )
    expect(codes).toEqual(new Set(['ok', 'too_large']))
  })
})

describe('[D38] hours set at the desk', () => {
  const availability = async () => (await loopback.conversations().availability()).open

  test('win over those of the file at once, and give way to them again', async () => {
    const [lea, ada] = [await agentLine(LEA), await agentLine(ADA)]
    await loopback.settle(1_000)
    const heard: unknown[] = []
    ada.on('deskChanged', payload => heard.push(payload))
    expect(await availability()).toBe(false)
    expect(await settings(ada)).toMatchObject({ hours: TUESDAYS, hoursAreOwn: false, hoursRevision: 0 })
    expect(await saveHours(lea, 0, MONDAYS)).toMatchObject({ revision: 1 })
    expect(await availability()).toBe(true)
    expect(await settings(ada)).toMatchObject({ hours: MONDAYS, hoursAreOwn: true, hoursRevision: 1 })
    expect(await saveHours(lea, 1, null)).toMatchObject({ revision: 2 })
    expect(await settings(ada)).toMatchObject({ hours: null, hoursAreOwn: true })
    expect(await availability()).toBe(true)
    expect(await saveHours(lea, 2, 'file')).toMatchObject({ revision: 3 })
    expect(await saveHours(lea, 2, 'file')).toMatchObject({ revision: 3 })
    expect(await availability()).toBe(false)
    expect(codeOf(await saveHours(lea, 1, null))).toBe('stale_assignment')
    await loopback.settle()
    expect(heard).toContainEqual({ what: 'settings' })
  })

  test('what is no hours is refused with the sentence that says why, and the former ones hold', async () => {
    const lea = await agentLine(LEA)
    for (const [hours, sentence] of [
      [{ zone: 'Mars/Olympus', week: {} }, /hours\.zone must be an IANA time zone/],
      [{ zone: 'UTC', week: { mon: [['17:00', '09:00']] } }, /hours\.week\.mon must hold spans/],
      [{ zone: 'UTC', week: { mon: [['09:00', '99:00']] } }, /hours\.week\.mon must hold spans/],
      [{ zone: 'UTC', week: { monday: [] } }, /hours\.week has days like "mon", got "monday"/],
      [{ zone: 'UTC', week: {}, closedOn: ['2026-02-30'] }, /hours\.closedOn must hold dates/],
    ] as const)
      expect(await saveHours(lea, 0, hours as unknown as Hours)).toMatchObject({
        code: 'bad_request',
        detail: expect.stringMatching(sentence),
      })
    expect(await settings(lea)).toMatchObject({ hours: TUESDAYS, hoursRevision: 0 })
    expect(hoursProblem({ ...MONDAYS, closedOn: ['2026-12-25', '2028-02-29'] })).toBeNull()
  })

  test('another node follows within ten seconds without a word, and at once with one', async () => {
    const lea = await agentLine(LEA)
    const others: { core: Conversations; hear(): void }[] = []
    for (let n = 0; n < 2; n++) {
      let heard = () => {}
      const core = createConversations({
        store: loopback.store,
        clock: loopback.clock,
        randomId: secureRandomId,
        admission: ADMIT_ALL,
        hours: TUESDAYS,
      })
      core.addCarrier({
        push() {},
        joined: () => [],
        onDeskChanged(listener) {
          heard = () => listener('settings')
          return () => {}
        },
      })
      others.push({ core, hear: () => heard() })
    }
    const [silent, told] = others as [(typeof others)[0], (typeof others)[0]]
    const open = async (node: typeof silent) => (await node.core.availability()).open
    expect([await open(silent), await open(told)]).toEqual([false, false])
    await saveHours(lea, 0, MONDAYS)
    told.hear()
    expect([await open(silent), await open(told)]).toEqual([false, true])
    await loopback.settle(10_000)
    expect(await open(silent)).toBe(true)
    for (const { core } of others) core.stop()
    await loopback.settle()
  })
})

test('[D38] settings name the site’s categories, those in use, labels and teams', async () => {
  await loopback.close()
  loopback = await createLoopback({ categories: ['payouts', 'account'] })
  const [lea, ada] = [await agentLine(LEA), await agentLine(ADA)]
  const row = await loopback.store.open({
    identities: ['anon:v'],
    openId: 'open-0001',
    conversationId: 'conversation-1',
    at: 1,
    author: { kind: 'visitor' },
    brief: emptyBrief({ category: 'odd' }),
  })
  const { conversationId } = row.row
  const visitor = { identities: ['anon:v'] as [string], join() {} }
  const handoff = { clientId: 'handoff-1', body: { type: 'handoffReady', channel: 'ticket' } }
  await loopback.conversations().visitorCall(visitor, 'send', { v: 1, conversationId, drafts: [handoff] })
  await loopback.settle()
  const body = { type: 'message', text: 'Hello', format: 'markdown' } as const
  await ada.request('send', { v: 1, conversationId, drafts: [{ clientId: 'message-1', body }] })
  for (const label of ['VIP', 'refund']) await ada.request('label', { v: 1, conversationId, label, on: true })
  expect(await settings(lea)).toMatchObject({
    categories: ['payouts', 'account'],
    labels: ['VIP', 'refund'].sort(),
    teams: ['billing', 'legal'],
  })
})

test('many desks that ask for the words at once read the tables of labels and categories once', async () => {
  const [lea, ada] = [await agentLine(LEA), await agentLine(ADA)]
  let reads = 0
  const { labelsInUse } = loopback.store
  Object.assign(loopback.store, {
    labelsInUse(limit: number) {
      reads++
      return labelsInUse(limit)
    },
  })
  for (let n = 0; n < 5; n++) await Promise.all([settings(lea), settings(ada)])
  expect(reads).toBe(1)
  await loopback.settle(31_000)
  await settings(lea)
  expect(reads).toBe(2)
})

test('what a node changed is looked up by one that hears no hints', async () => {
  const lea = await agentLine(LEA)
  const pushes: Push[] = []
  const core = createConversations({
    store: loopback.store,
    clock: loopback.clock,
    randomId: secureRandomId,
    admission: ADMIT_ALL,
    others: { areReached: () => false, onChange: () => () => {} },
  })
  core.addCarrier({ push: push => void pushes.push(push), joined: () => [] })
  core.agentConnected(ADA.agentId, ADA)
  const visitor = { identities: ['anon:v'] as [string], join() {} }
  const brief = emptyBrief()
  const opened = await core.visitorCall(visitor, 'open', { v: 1, openId: 'open-0001', brief })
  const { conversationId } = opened as unknown as { conversationId: string }
  await loopback.settle(10_000)
  pushes.length = 0
  await save(lea)
  await lea.request('note', { v: 1, conversationId, noteId: 'note-0001', text: 'look' })
  await loopback.settle(4_000)
  const told = pushes.filter(({ name }) => name === 'deskChanged' || name === 'detailsChanged')
  expect(told.map(({ payload, local }) => [payload, local])).toEqual([
    [{ conversationId }, true],
    [{ what: 'replies' }, true],
  ])
  core.stop()
  await loopback.settle()
})
