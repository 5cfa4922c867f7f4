import { signal } from '@preact/signals-core'
import { describe, expect, test } from 'vitest'
import { createTexts } from '../../../src/base/texts'
import { createBell } from '../../../src/desk/bell'
import type { DeskNews } from '../../../src/desk/deskModel'
import { handedTo } from '../../../src/desk/listNews'
import { closingOf, transferOf } from '../../../src/desk/reading'
import { newsText } from '../../../src/desk/scope'
import { DESK_TEXTS } from '../../../src/desk/texts'
import { createTitleNotice } from '../../../src/desk/titleNotice'
import type { EventBody, StoredEvent } from '../../../src/protocol/events'
import type { Author } from '../../../src/protocol/records'
import type { QueueRow } from '../../../src/protocol/wire'
import { ADA, createScene, GRACE } from './scene'

const eventsOf = (...list: [Author, EventBody][]): StoredEvent[] =>
  list.map(([author, body], i) => ({
    conversationId: 'c',
    seq: i + 1,
    clientId: `c${i}`,
    at: i,
    author,
    body,
  }))
const texts = createTexts('en', DESK_TEXTS)
const visitor: Author = { kind: 'visitor' }
const by = (agent: typeof ADA): Author => ({ kind: 'agent', ...agent })
const says = (text: string): EventBody => ({ type: 'message', text, format: 'plain' })
const assigned = (
  agent: typeof ADA | null,
  cause: 'claimed' | 'transferred',
  assignment: number,
): EventBody => ({ type: 'assigned', assignment, agent, cause })

/** Two at work; Mia waits, and Ada has her conversation open. */
async function threeThere(colleague: typeof GRACE & { readonly teams?: readonly string[] } = GRACE) {
  const scene = await createScene()
  const ada = await scene.desk(ADA)
  const grace = await scene.desk(colleague)
  const mia = await scene.visitor('Mia')
  ada.model.open(mia.conversationId)
  return { scene, ada, grace, mia }
}

describe('a transfer', () => {
  const given = eventsOf(
    [by(ADA), assigned(ADA, 'claimed', 1)],
    [by(ADA), says('Hello')],
    [by(GRACE), assigned(GRACE, 'transferred', 2)],
    [visitor, says('Anybody?')],
  )

  test('is from who had it before, and may be taken back while the other has not written', () => {
    expect(transferOf(given, ADA.agentId)).toMatchObject({
      isOwn: true,
      from: ADA.name,
      isUnanswered: true,
    })
    expect(transferOf(given, GRACE.agentId)).toMatchObject({ isOwn: false })
    const answered = [...given, ...eventsOf([by(GRACE), says('Here I am')])]
    expect(transferOf(answered, ADA.agentId)).toMatchObject({ isUnanswered: false })
  })

  test('is none once somebody claimed it, or nobody ever had it', () => {
    expect(transferOf(eventsOf([by(ADA), assigned(ADA, 'claimed', 1)]), ADA.agentId)).toBeNull()
    expect(transferOf([], ADA.agentId)).toBeNull()
  })

  test('is news to who gets it, and a claim of their own is not', () => {
    const row = (agent: typeof ADA | null, assignment: number) =>
      ({
        conversationId: 'c',
        phase: agent ? 'live' : 'queued',
        agent,
        assignment,
        visitorName: 'Mia',
      }) as QueueRow
    const own = new Map([['c', 1]])
    expect(handedTo([row(ADA, 1)], [row(GRACE, 2)], GRACE.agentId, new Map())).toMatchObject([
      { visitorName: 'Mia' },
    ])
    expect(handedTo([row(null, 0)], [row(ADA, 1)], ADA.agentId, own)).toEqual([])
    expect(handedTo([row(ADA, 1)], [row(ADA, 1)], ADA.agentId, new Map())).toEqual([])
    expect(handedTo([row(ADA, 1)], [row(GRACE, 2)], ADA.agentId, own)).toEqual([])
  })
})

test('how it was and what it ended as: the last word counts, and a visitor may not want to say', () => {
  const ended: EventBody = { type: 'ended', by: 'agent', category: 'payments' }
  const rated = (score: 1 | 4 | null, comment?: string): EventBody => ({
    type: 'rated',
    score,
    ...(comment && { comment }),
  })
  expect(closingOf([])).toEqual({ category: null, rating: null })
  expect(closingOf(eventsOf([by(ADA), ended], [visitor, rated(1)], [visitor, rated(4, 'Quick')]))).toEqual({
    category: 'payments',
    rating: { score: 4, comment: 'Quick' },
  })
  expect(closingOf(eventsOf([visitor, rated(4)], [visitor, rated(null)])).rating).toBeNull()
})

test('the title says the news while nobody looks, and forgets it once somebody does', () => {
  let look = () => {}
  const page = {
    visibilityState: 'hidden' as DocumentVisibilityState,
    addEventListener: (_: string, listener: () => void) => {
      look = listener
    },
    removeEventListener() {},
  }
  const news = signal<DeskNews | null>(null)
  const notice = createTitleNotice(page as never, news)
  news.value = { kind: 'waiting', visitorName: 'Mia', team: null, number: 1 }
  expect(notice.news.value).toMatchObject({ visitorName: 'Mia' })
  page.visibilityState = 'visible'
  look()
  expect(notice.news.value).toBeNull()
  news.value = { kind: 'message', visitorName: 'Mia', team: null, number: 2 }
  expect(notice.news.value).toBeNull()
})

describe('the bell', () => {
  /** Windows of one browser: one lock for all, and a count of tones. */
  function windows() {
    const waiting: (() => Promise<void>)[] = []
    let isHeld = false
    const next = () => {
      const task = waiting.shift()
      isHeld = task !== undefined
      void task?.().then(next)
    }
    const locks = {
      request: async (_: string, task: () => Promise<void>) => {
        waiting.push(task)
        if (!isHeld) next()
      },
    }
    const open = (Audio?: unknown) => {
      const listeners = new Map<string, () => void>()
      let tones = 0
      const node = { connect: () => node, start: () => tones++, stop() {}, frequency: {}, gain: {} }
      const param = { value: 0, setValueAtTime() {}, exponentialRampToValueAtTime() {} }
      class FakeAudio {
        currentTime = 0
        destination = node
        resume = async () => {}
        close = async () => {}
        createOscillator = () => ({ ...node, frequency: param })
        createGain = () => ({ ...node, gain: param })
      }
      const page = {
        navigator: { locks },
        AudioContext: Audio ?? FakeAudio,
        addEventListener: (name: string, listener: () => void) => listeners.set(name, listener),
        removeEventListener: (name: string) => listeners.delete(name),
      }
      const bell = createBell(page as never)
      return { bell, tones: () => tones, press: () => listeners.get('pointerdown')?.() }
    }
    return { open }
  }

  test('is silent before a gesture, rings in one window of many, and in the next when that one goes', async () => {
    const { open } = windows()
    const [first, second] = [open(), open()]
    const ringBoth = () => {
      first.bell.ring()
      second.bell.ring()
    }
    ringBoth()
    expect([first.tones(), second.tones()]).toEqual([0, 0])
    second.press()
    first.press()
    await Promise.resolve()
    ringBoth()
    expect([first.tones(), second.tones()]).toEqual([0, 2])
    second.bell.dispose()
    await new Promise(setImmediate)
    ringBoth()
    expect([first.tones(), second.tones()]).toEqual([2, 2])
  })

  test('never throws where the browser has no sound', async () => {
    const { bell, press } = windows().open(() => {
      throw new Error('no device')
    })
    press()
    await Promise.resolve()
    expect(() => bell.ring()).not.toThrow()
  })
})

test('over the real server: a transfer with a note is news to who gets it, and is taken back before they write', async () => {
  const { scene, ada, grace, mia } = await threeThere()
  await scene.settle()
  void ada.model.claim()
  await scene.settle(1_000)
  await scene.settle(5_000)
  expect(ada.model.workplace.value?.people.colleagues.value).toMatchObject([{ ...GRACE, state: 'here' }])

  void ada.model.transfer({ agentId: GRACE.agentId }, 'Wants the June invoice')
  await scene.settle(2_000)
  expect(ada.model.thread.value).toMatchObject({
    isMine: false,
    transfer: { isOwn: true, isUnanswered: true },
    notes: [{ text: 'Wants the June invoice', state: null }],
  })
  expect(ada.model.thread.value?.items).toContainEqual(
    expect.objectContaining({ name: 'transferred', values: { from: ADA.name, to: GRACE.name } }),
  )
  expect(grace.model.news.value).toMatchObject({ kind: 'handed', visitorName: 'Mia' })
  expect(grace.model.rows.value).toMatchObject([{ isMine: true, unread: 1 }])
  grace.model.open(mia.conversationId)
  await scene.settle(1_000)
  expect(grace.model.thread.value).toMatchObject({
    isMine: true,
    transfer: { isOwn: false, from: ADA.name },
    notes: [{ text: 'Wants the June invoice', isOwn: false }],
  })

  void ada.model.claim()
  await scene.settle(1_000)
  expect(ada.model.thread.value?.isMine).toBe(true)
  expect(grace.model.thread.value?.isMine).toBe(false)
  expect(await mia.texts()).toEqual(['Where is my invoice?'])
  await scene.close()
})

test('over the real server: a transfer that did not go leaves no note; one tried again leaves it once', async () => {
  const { scene, ada, grace, mia } = await threeThere()
  grace.model.open(mia.conversationId)
  await scene.settle(1_000)
  void ada.model.claim()
  await scene.settle(1_000)
  const notes = () => grace.model.thread.value?.notes.map(({ text }) => text)

  const toNobody = ada.model.transfer({ team: 'nobody serves it' }, 'Wants the June invoice')
  await scene.settle(2_000)
  expect(await toNobody).toBe(false)
  expect(ada.model.notice.value).toMatchObject({ name: 'refused' })
  expect(notes()).toEqual([])

  // The note is still the agent's, in this conversation and in no other.
  const composer = ada.model.workplace.value?.composer
  composer?.setTransferNote(mia.conversationId, 'Wants the June invoice')
  ada.model.close()
  expect(composer?.transferNote.value).toBe('')
  ada.model.open(mia.conversationId)
  await scene.settle(1_000)
  expect(composer?.transferNote.value).toBe('Wants the June invoice')

  void grace.model.claim()
  await scene.settle(1_000)
  const tooLate = ada.model.transfer({ agentId: GRACE.agentId }, 'Wants the June invoice')
  await scene.settle(2_000)
  expect(await tooLate).toBe(false)
  expect(notes()).toEqual([])

  void ada.model.claim()
  await scene.settle(1_000)
  const now = ada.model.transfer({ agentId: GRACE.agentId }, 'Wants the June invoice')
  await scene.settle(2_000)
  expect(await now).toBe(true)
  expect(notes()).toEqual(['Wants the June invoice'])
  await scene.close()
})

test('over the real server: who waits for a team waits by its name, and the team sees that it is theirs', async () => {
  const { scene, ada, grace } = await threeThere({ ...GRACE, teams: ['billing'] })
  await scene.settle(1_000)
  void ada.model.claim()
  await scene.settle(1_000)
  void ada.model.transfer({ team: 'billing' })
  await scene.settle(5_000)
  expect(ada.model.rows.value).toMatchObject([{ phase: 'queued', team: 'billing', isForMyTeam: false }])
  expect(grace.model.rows.value).toMatchObject([{ phase: 'queued', team: 'billing', isForMyTeam: true }])
  expect(newsText(texts, grace.model.news.value as DeskNews)).toBe('Mia is waiting for billing.')
  expect(newsText(texts, { kind: 'waiting', visitorName: '', team: null, number: 1 })).toBe(
    'Visitor is waiting.',
  )
  await scene.close()
})

test('over the real server: labels are kept, and away is what colleagues see', async () => {
  const { scene, ada, grace, mia } = await threeThere()
  grace.model.open(mia.conversationId)
  await scene.settle(1_000)
  void ada.model.workplace.value?.details.setLabel('  vip   customer ', true)
  void ada.model.workplace.value?.people.setAway(true)
  await scene.settle(2_000)
  expect(grace.model.workplace.value?.details.details.value?.labels).toEqual(['vip customer'])
  expect(grace.model.workplace.value?.people.colleagues.value).toMatchObject([{ ...ADA, state: 'away' }])
  await scene.close()
})

test('over the real server: a note is in the thread of a colleague who has the same conversation open, at once', async () => {
  const { scene, ada, grace, mia } = await threeThere()
  grace.model.open(mia.conversationId)
  await scene.settle(1_000)
  ada.model.workplace.value?.composer.setMode('note')
  ada.model.setDraft('Third hold this month')
  ada.model.send()
  await scene.settle(1_000)
  expect(grace.model.thread.value?.notes).toMatchObject([{ text: 'Third hold this month', isOwn: false }])
  await scene.close()
})
