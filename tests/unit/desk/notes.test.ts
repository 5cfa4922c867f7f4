import { describe, expect, test } from 'vitest'
import { createMemoryStore } from '../../../src/base/keyedStore'
import type { TimelineItem } from '../../../src/conversation/timeline'
import { createDetailsModel } from '../../../src/desk/detailsModel'
import { createNotesModel } from '../../../src/desk/notesModel'
import { type ThreadNote, threadNotes, withNotes } from '../../../src/desk/threadNotes'
import type { DeskDetails } from '../../../src/protocol/deskRecords'
import { ADA, createScene, GRACE } from './scene'
import { scriptLine } from './scriptedLine'

const CONVERSATION = 'conversation-1'
const detailsOf = (more: Partial<DeskDetails> = {}): DeskDetails => ({
  revision: 1,
  notes: [],
  labels: [],
  pageNow: null,
  visitor: { state: 'here', seenAt: null },
  earlier: [],
  team: null,
  ...more,
})

test('a note that was begun is a note again when the agent is back, and is marked behind the reply', async () => {
  const scene = await createScene()
  const { model } = await scene.desk(ADA)
  const mia = await scene.visitor('Mia')
  const noor = await scene.visitor('Noor')
  model.open(mia.conversationId)
  await scene.settle()
  const { composer } = model.workplace.value ?? {}
  composer?.setMode('note')
  model.setDraft('Ask billing first')
  model.open(noor.conversationId)
  expect(composer?.mode.value).toBe('reply')
  expect([...(composer?.begun.value ?? [])]).toEqual([])
  model.open(mia.conversationId)
  expect(composer?.mode.value).toBe('note')
  expect(model.draft.value).toBe('Ask billing first')
  composer?.setMode('reply')
  expect([...(composer?.begun.value ?? [])]).toEqual(['note'])
  await scene.close()
})

describe('a note on its way', () => {
  test('is saved before it is sent, and repeated under the same id when the answer is lost', async () => {
    const disk = createMemoryStore('stored')
    const heard: unknown[] = []
    let isLost = true
    const { line, asked, settle } = scriptLine({
      note: async body => {
        heard.push(await disk.list('notes/'))
        if (isLost) {
          isLost = false
          return { ok: false, code: 'no_answer', retry: true }
        }
        return { at: 1, afterSeq: 3, ...body }
      },
    })
    const notes = createNotesModel(
      line,
      async () => disk,
      () => {},
    )
    notes.add(CONVERSATION, 'Refund is on its way')
    await settle()
    expect(heard).toEqual([[expect.anything()]])
    expect(notes.pending.value).toMatchObject([{ state: 'waiting', attempts: 1 }])
    await settle(1_000)
    const ids = asked('note').map(({ noteId }) => noteId)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
    expect(notes.pending.value).toMatchObject([{ state: 'sent' }])
    expect(await disk.list('notes/')).toEqual([])
    notes.confirmed(new Set(ids as string[]))
    expect(notes.pending.value).toEqual([])
  })

  test('survives a reload, and is never sent under another agent', async () => {
    const disk = createMemoryStore('stored')
    const before = scriptLine({})
    before.setLink('offline')
    const notes = createNotesModel(
      before.line,
      async () => disk,
      () => {},
    )
    notes.add(CONVERSATION, 'Written while cut off')
    await before.settle()
    notes.dispose()

    const other = scriptLine({ note: () => ({ at: 1, afterSeq: 1 }) })
    createNotesModel(
      { ...other.line, agent: GRACE },
      async () => disk,
      () => {},
    )
    await other.settle(5_000)
    expect(other.asked('note')).toEqual([])

    const again = scriptLine({ note: () => ({ at: 1, afterSeq: 1 }) })
    createNotesModel(
      again.line,
      async () => disk,
      () => {},
    )
    await again.settle()
    expect(again.asked('note')).toMatchObject([{ text: 'Written while cut off' }])
  })

  test('that was refused stays with its reason, to try again or to discard', async () => {
    const { line, settle } = scriptLine({})
    const notes = createNotesModel(
      line,
      async () => createMemoryStore('stored'),
      () => {},
    )
    notes.add(CONVERSATION, 'To a server that knows no notes')
    await settle()
    expect(notes.pending.value).toMatchObject([{ state: { failed: 'not_found' } }])
    notes.discard(notes.pending.value[0]?.noteId ?? '')
    expect(notes.pending.value).toEqual([])
  })
})

describe('notes in the thread', () => {
  const message = (seq: number | null, key = `m${seq}`): TimelineItem =>
    ({ kind: 'message', key, seq }) as TimelineItem
  const note = (key: string, afterSeq: number): ThreadNote => ({
    key,
    at: 0,
    by: ADA,
    isOwn: true,
    text: key,
    afterSeq,
    state: null,
  })
  const keys = (items: TimelineItem[], notes: ThreadNote[], isBeginning = true) =>
    withNotes(items, notes, isBeginning).map(each => (each.kind === 'note' ? each.note.key : each.item.key))

  test('stand behind the event that they were written after', () => {
    expect(
      keys([message(1), message(3), message(null, 'on its way')], [note('b', 3), note('a', 2), note('0', 0)]),
    ).toEqual(['0', 'm1', 'a', 'm3', 'b', 'on its way'])
  })

  test('from before what is shown are not shown either', () => {
    expect(keys([message(100), message(101)], [note('old', 40), note('new', 100)], false)).toEqual([
      'm100',
      'new',
      'm101',
    ])
  })

  test('each is there once, on its way and after', () => {
    const pending = {
      noteId: 'n1',
      conversationId: CONVERSATION,
      identity: 'agent:a',
      text: 'x',
      queuedAt: 1,
      attempts: 0,
      state: 'sent',
    } as const
    const stored = { noteId: 'n1', at: 5, by: GRACE, text: 'x', afterSeq: 2 }
    expect(threadNotes([stored], [pending], ADA)).toMatchObject([{ key: 'n1', isOwn: false, state: null }])
    expect(threadNotes([], [pending], ADA)).toMatchObject([{ key: 'n1', isOwn: true }])
  })
})

describe('the details', () => {
  test('are of the open conversation: an answer about the one before comes to nothing', async () => {
    const answers = new Map<string, (details: object) => void>()
    const { line, openId, settle } = scriptLine({
      details: ({ conversationId }) =>
        new Promise<object>(resolve => {
          answers.set(conversationId, details => resolve({ details }))
        }),
    })
    const model = createDetailsModel(line)
    openId.value = 'first-conversation'
    openId.value = 'second-conversation'
    await settle()
    answers.get('second-conversation')?.(detailsOf({ labels: ['second'] }))
    answers.get('first-conversation')?.(detailsOf({ labels: ['first'] }))
    await settle()
    expect(model.details.value?.labels).toEqual(['second'])
    openId.value = null
    expect(model.details.value).toBeNull()
  })

  test('are asked for again when the server says that they changed, many hints at once', async () => {
    const { line, openId, push, asked, settle } = scriptLine({ details: () => ({ details: detailsOf() }) })
    createDetailsModel(line)
    openId.value = CONVERSATION
    await settle()
    const before = asked('details').length
    for (let n = 0; n < 5; n++) push('detailsChanged', { conversationId: CONVERSATION })
    push('detailsChanged', { conversationId: 'another' })
    await settle(1_000)
    expect(asked('details')).toHaveLength(before + 1)
  })

  test('of a server with odd entries keep what can be read, and an older server is not asked into trouble', async () => {
    const good = { noteId: 'n', at: 1, by: GRACE, text: 'x', afterSeq: 1 }
    const { line, openId, settle } = scriptLine({
      details: () => ({
        details: {
          ...detailsOf({ labels: ['vip'] }),
          notes: [good, { noteId: 5 }],
          visitor: { state: 'asleep' },
          pageNow: 7,
        },
      }),
    })
    const model = createDetailsModel(line)
    openId.value = CONVERSATION
    await settle()
    expect(model.details.value).toMatchObject({
      notes: [good],
      labels: ['vip'],
      visitor: { state: 'unknown' },
      pageNow: null,
    })
    const old = scriptLine({})
    const none = createDetailsModel(old.line)
    old.openId.value = CONVERSATION
    await old.settle()
    expect(none.details.value).toBeNull()
  })
})

test('what is written as a note is in no draft of a reply, and what is sent as a note is no message', async () => {
  const scene = await createScene()
  const { model } = await scene.desk()
  const mia = await scene.visitor('Mia')
  model.open(mia.conversationId)
  await scene.settle()
  void model.claim()
  await scene.settle(500)
  const composer = model.workplace.value?.composer
  model.setDraft('To the visitor')
  composer?.setMode('note')
  expect(model.draft.value).toBe('')
  model.setDraft('She is angry')
  composer?.setMode('reply')
  expect(model.draft.value).toBe('To the visitor')
  composer?.setMode('note')
  model.send()
  await scene.settle(60_000)
  expect(await mia.texts()).toEqual(['Where is my invoice?'])
  expect(model.thread.value?.notes).toMatchObject([{ text: 'She is angry', isOwn: true }])
  expect(model.draft.value).toBe('')
  composer?.setMode('reply')
  expect(model.draft.value).toBe('To the visitor')
  await scene.close()
})
