import { computed, signal } from '@preact/signals-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMemoryStore } from '../../../src/base/keyedStore'
import type { DeskParts } from '../../../src/desk/deskModel'
import { type HeldRow, isHeld, letGo, passHeld, putBack } from '../../../src/desk/hold'
import type { AttachmentsModel } from '../../../src/live/attachmentsModel'
import { enqueue } from '../../../src/live/outbox'
import type { Attachment } from '../../../src/protocol/attachments'
import type { AgentBody } from '../../../src/protocol/events'
import { ADA, createScene, type DeskAtWork, GRACE, type Scene, type VisitorAtWork } from './scene'

const words = (text: string): AgentBody => ({ type: 'message', text, format: 'markdown' })
const rowsOf = (...rows: [id: string, body: AgentBody, holdUntil?: number][]): HeldRow[] =>
  rows.reduce<readonly HeldRow[]>((all, [clientId, body, holdUntil]) => {
    const next = enqueue<AgentBody>(all, {
      clientId,
      thread: 'thread',
      identity: 'agent:a',
      queuedAt: 1_000,
      draft: { clientId, body },
    })
    return next.map(row => (row.clientId === clientId && holdUntil ? { ...row, holdUntil } : row))
  }, []) as HeldRow[]
const ids = (rows: readonly HeldRow[]) => rows.map(row => row.clientId)

describe('what is held, by itself', () => {
  test('keeps its place: words behind it wait, marks pass', () => {
    const rows = rowsOf(
      ['sent before', words('a')],
      ['held', words('b'), 6_000],
      ['mark', { type: 'marked', delivered: 4, read: 4 }],
      ['behind', words('c')],
    )
    expect(passHeld(rows, 'thread', 2_000)).toMatchObject({ waitMs: 4_000 })
    expect(ids(passHeld(rows, 'thread', 2_000).rows)).toEqual(['sent before', 'mark'])
    expect(ids(passHeld(rows, 'thread', 6_000).rows)).toEqual(['sent before', 'held', 'mark', 'behind'])
    expect(passHeld(rows, 'thread', 6_000).waitMs).toBeNull()
    expect(passHeld(rows, 'another', 2_000).rows).toEqual([])
  })

  test('is not held any more once it may have gone out', () => {
    const [row] = rowsOf(['held', words('b'), 6_000]) as [HeldRow]
    expect(isHeld(row, 2_000)).toBe(true)
    expect(isHeld({ ...row, state: 'sending' }, 2_000)).toBe(false)
    expect(isHeld({ ...row, attempts: 1 }, 2_000)).toBe(false)
    const free = letGo([row], () => true)
    expect(isHeld(free[0] as HeldRow, 2_000)).toBe(false)
    expect(letGo(free, () => true)).toBe(free)
  })

  test('is not held for as long as a clock was turned back', () => {
    const rows = rowsOf(['held', words('b'), 86_400_000 + 6_000], ['behind', words('c')])
    expect(isHeld(rows[0] as HeldRow, 86_400_000 + 2_000)).toBe(true)
    expect(isHeld(rows[0] as HeldRow, 2_000)).toBe(false)
    expect(passHeld(rows, 'thread', 2_000)).toMatchObject({ waitMs: null })
    expect(ids(passHeld(rows, 'thread', 2_000).rows)).toEqual(['held', 'behind'])
  })

  test('what was taken back stands in front of what was typed since', () => {
    expect(putBack('Hello Mia', '')).toBe('Hello Mia')
    expect(putBack('Hello Mia', ' \n')).toBe('Hello Mia')
    expect(putBack('Hello Mia', 'and')).toBe('Hello Mia\n\nand')
  })
})

describe('a reply at the desk', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = await createScene()
  })
  afterEach(() => scene.close())

  async function live(disk = createMemoryStore('stored')) {
    const ada = await scene.desk(ADA, disk, { holds: true })
    const mia = await scene.visitor('Mia')
    await claimed(ada, mia)
    const send = (text: string, isNow = false) => {
      ada.model.setDraft(text)
      ada.model.send({ isNow })
    }
    const arrived = async () => (await mia.texts()).slice(1)
    return { ada, mia, send, arrived, disk }
  }
  async function claimed({ model }: DeskAtWork, { conversationId }: VisitorAtWork) {
    model.open(conversationId)
    await scene.settle()
    void model.claim()
    await scene.settle(500)
  }

  test('is shown as held for 5 s, and then goes by itself, once', async () => {
    const { ada, send, arrived } = await live()
    send('Hello')
    await scene.settle(4_900)
    expect(ada.model.thread.value?.held).toMatchObject({ mayTakeBack: true })
    expect(await arrived()).toEqual([])
    await scene.settle(200)
    expect(await arrived()).toEqual(['Hello'])
    expect(ada.model.thread.value?.held).toBeNull()
    expect(ada.model.takeBack()).toBe(false)
    await scene.settle(60_000)
    expect(await arrived()).toEqual(['Hello'])
  })

  test('taken back, the visitor never sees it and its words stand in front of what was typed since', async () => {
    const { ada, send, arrived, disk } = await live()
    send('Hello Mina')
    await scene.settle(3_000)
    ada.model.setDraft('and one more')
    expect(ada.model.takeBack()).toBe(true)
    expect(ada.model.draft.value).toBe('Hello Mina\n\nand one more')
    expect(ada.lines()).toEqual(['Where is my invoice?'])
    await scene.settle(60_000)
    expect(await arrived()).toEqual([])
    expect(await disk.list('outbox/')).toEqual([])
  })

  test('the next reply lets the former go at once, in order', async () => {
    const { send, arrived } = await live()
    send('First')
    await scene.settle(1_000)
    send('Second')
    await scene.settle(500)
    expect(await arrived()).toEqual(['First'])
    await scene.settle(5_000)
    expect(await arrived()).toEqual(['First', 'Second'])
  })

  test('goes at once when the agent says so: with the reply, or with nothing more to say', async () => {
    const { send, arrived } = await live()
    send('Now', true)
    await scene.settle(300)
    expect(await arrived()).toEqual(['Now'])
    send('Held')
    send('')
    await scene.settle(300)
    expect(await arrived()).toEqual(['Now', 'Held'])
  })

  test.each(['another conversation', 'closing', 'handing back', 'ending', 'signing out'])(
    'goes at once by %s',
    async way => {
      const { ada, send, arrived } = await live()
      const noor = await scene.visitor('Noor')
      send('Held')
      if (way === 'another conversation') ada.model.open(noor.conversationId)
      else if (way === 'closing') ada.model.close()
      else if (way === 'handing back') void ada.model.release()
      else if (way === 'ending') ada.model.end()
      else void ada.model.signOut()
      await scene.settle(500)
      expect(await arrived()).toEqual(['Held'])
    },
  )

  test('files with no words are held like words, and taken back they are files again, no text', async () => {
    const receipt: Attachment = {
      attachmentId: 'attachment-receipt-0001',
      name: 'receipt.pdf',
      mediaType: 'application/pdf',
      bytes: 9,
    }
    const ready = signal<readonly Attachment[]>([receipt])
    const createFiles = () =>
      ({
        accepts: signal(null),
        items: computed(() => ready.value),
        isUploading: signal(false),
        ready,
        take() {
          const taken = ready.value
          ready.value = []
          return taken
        },
        giveBack(given: readonly Attachment[]) {
          ready.value = [...ready.value, ...given]
        },
        refresh() {},
        dispose() {},
      }) as unknown as AttachmentsModel
    const ada = await scene.desk(ADA, undefined, { holds: true, createFiles })
    const mia = await scene.visitor('Mia')
    await claimed(ada, mia)
    ada.model.send()
    await scene.settle(1_000)
    expect(ada.model.thread.value?.held).toMatchObject({ mayTakeBack: true })
    expect(ada.model.takeBack()).toBe(true)
    expect(ada.model.draft.value).toBe('')
    expect(ready.value).toEqual([receipt])
    await scene.settle(20_000)
    expect(await mia.texts()).toHaveLength(1)
  })

  test.each([
    ['a phone puts the page away', true, 'visibilitychange', ['Held']],
    ['a desk looks at another tab', false, 'visibilitychange', []],
    ['the page is put to sleep', false, 'freeze', ['Held']],
    ['the page is left', false, 'pagehide', ['Held']],
  ])('what is held when %s', async (_, isCoarse, event, expected) => {
    await scene.close()
    const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
    const window = Object.assign(new EventTarget(), { document, matchMedia: () => ({ matches: isCoarse }) })
    scene = await createScene(window as never)
    const { send, arrived } = await live()
    send('Held')
    await scene.settle(500)
    document.visibilityState = 'hidden'
    const target = event === 'pagehide' ? window : document
    target.dispatchEvent(new Event(event))
    await scene.settle(500)
    expect(await arrived()).toEqual(expected)
  })

  test('an end without a connection is shown, and kept open again it never was', async () => {
    const { ada, mia } = await live()
    const pending = () => ada.model.thread.value?.ending
    ada.wire.cut()
    await scene.settle(3_000)
    ada.model.end()
    ada.model.end()
    expect(pending()).toMatchObject({ mayWithdraw: true, isStuck: false })
    expect(ada.model.keepOpen()).toBe(true)
    expect(pending()).toBeNull()
    expect(ada.model.keepOpen()).toBe(false)
    ada.wire.restore()
    await scene.settle(20_000)
    expect(ada.model.thread.value).toMatchObject({ isMine: true, state: { phase: 'live' } })
    ada.model.end()
    await scene.settle(2_000)
    expect(ada.model.thread.value).toMatchObject({ ending: null, state: { phase: 'ended' } })
    expect(await mia.texts()).toHaveLength(1)
  })

  test('the visitor sees the agent type for as long as it is held', async () => {
    const { mia, send, arrived } = await live()
    const heard: number[] = []
    await arrived()
    mia.transport.on('typing', () => heard.push(scene.env.now()))
    const from = scene.env.now()
    send('Held')
    await scene.settle(10_000)
    expect(heard.map(at => at - from)).toEqual([0, 3_000])
  })

  test('a reload in the middle loses and doubles nothing: it goes when the desk is back', async () => {
    const { ada, send, arrived, disk } = await live()
    send('Held')
    await scene.settle(2_000)
    ada.model.dispose()
    const again = await scene.desk(ADA, disk, { holds: true })
    await scene.settle(500)
    expect(await arrived()).toEqual([])
    await scene.settle(6_000)
    expect(await arrived()).toEqual(['Held'])
    expect(again.model.account.value).toBe('signedIn')
    expect(await disk.list('outbox/')).toEqual([])
  })

  test('where the desk was closed for long, it goes only when the agent says so', async () => {
    const { ada, send, arrived, disk } = await live()
    send('Held')
    await scene.settle(2_000)
    ada.model.dispose()
    await scene.settle(16 * 60_000)
    await scene.desk(ADA, disk, { holds: true })
    await scene.settle(20_000)
    expect(await arrived()).toEqual([])
    expect(await disk.list('outbox/')).toHaveLength(1)
  })

  test('[two windows] what one holds, the other does not send before it could be taken back; taken back is taken back', async () => {
    const { ada, mia, send, arrived, disk } = await live()
    send('Wrong name')
    await scene.settle(1_000)
    const other = await scene.desk(ADA, disk, { holds: true })
    other.model.open(mia.conversationId)
    await scene.settle(500)
    expect(other.model.thread.value).toMatchObject({ isMine: true, held: { mayTakeBack: false } })
    expect(other.model.takeBack()).toBe(false)
    // The other window says something of its own meanwhile.
    other.model.setDraft('From the other window')
    other.model.send({ isNow: true })
    await scene.settle(1_000)
    expect(await arrived()).toEqual([])
    expect(ada.model.takeBack()).toBe(true)
    await scene.settle(20_000)
    expect(await arrived()).toEqual(['From the other window'])
    expect(ada.model.draft.value).toBe('Wrong name')
    expect(other.model.draft.value).toBe('')
    expect(await disk.list('outbox/')).toEqual([])
  })

  test('[two windows] what neither takes back is sent once', async () => {
    const { mia, send, arrived, disk } = await live()
    send('Once')
    await scene.settle(1_000)
    const other = await scene.desk(ADA, disk, { holds: true })
    other.model.open(mia.conversationId)
    await scene.settle(30_000)
    expect(await arrived()).toEqual(['Once'])
    expect(other.lines()).toEqual(['Where is my invoice?', 'Once [sent]'])
  })

  /** As a browser gives them to the windows of one origin. */
  function browserLocks(): NonNullable<DeskParts['locks']> {
    const waiting = new Map<string, Promise<unknown>>()
    return {
      async request(name: string, ...rest: unknown[]) {
        const run = rest.at(-1) as () => unknown
        const before = waiting.get(name)
        const mine = (before ?? Promise.resolve()).then(run)
        waiting.set(name, mine)
        return mine
      },
    } as NonNullable<DeskParts['locks']>
  }

  test('[two windows] an end that was taken back in the window where it was pressed goes out from neither', async () => {
    const { mia, disk } = await live()
    const locks = browserLocks()
    const ada = await scene.desk(ADA, disk, { locks })
    ada.model.open(mia.conversationId)
    await scene.settle(500)
    ada.wire.cut()
    await scene.settle(3_000)
    ada.model.end()
    await scene.settle(500)
    const other = await scene.desk(ADA, disk, { locks })
    other.model.open(mia.conversationId)
    await scene.settle(5_000)
    // It is the first window's: shown here, and neither sent nor taken back.
    expect(other.model.thread.value?.ending).toMatchObject({ mayWithdraw: false })
    expect(other.model.keepOpen()).toBe(false)
    expect(ada.model.thread.value?.ending).toMatchObject({ mayWithdraw: true })
    expect(ada.model.keepOpen()).toBe(true)
    await scene.settle(2_000)
    expect(other.model.thread.value?.ending).toBeNull()
    ada.wire.restore()
    await scene.settle(30_000)
    expect(other.model.thread.value).toMatchObject({ isMine: true, ending: null })
    expect(await disk.list('outbox/')).toEqual([])
  })

  test('[two windows] what a window that was closed had not sent goes from the other', async () => {
    const { mia, arrived, disk } = await live()
    const locks = browserLocks()
    const ada = await scene.desk(ADA, disk, { locks })
    ada.model.open(mia.conversationId)
    await scene.settle(500)
    ada.wire.cut()
    await scene.settle(3_000)
    ada.model.setDraft('Written without a line')
    ada.model.send({ isNow: true })
    await scene.settle(500)
    const other = await scene.desk(ADA, disk, { locks })
    other.model.open(mia.conversationId)
    await scene.settle(5_000)
    expect(await arrived()).toEqual([])
    ada.model.dispose()
    await scene.settle(3_000)
    expect(await arrived()).toEqual(['Written without a line'])
  })

  test('[two windows] without locks an end that was taken back before the other window had a line goes from neither', async () => {
    const { ada, mia, disk } = await live()
    ada.wire.cut()
    await scene.settle(3_000)
    ada.model.end()
    await scene.settle(500)
    const late = await scene.desk('unreachable', disk)
    late.wire.cut()
    late.signedIn = ADA
    await scene.settle(6_000)
    expect(ada.model.keepOpen()).toBe(true)
    late.wire.restore()
    late.model.open(mia.conversationId)
    await scene.settle(10_000)
    expect(late.model.thread.value?.state.phase).toBe('live')
  })

  test('an agent may do without', async () => {
    const { ada, send, arrived } = await live()
    ada.model.workplace.value?.preferences.setHoldsReplies(false)
    send('At once')
    await scene.settle(300)
    expect(await arrived()).toEqual(['At once'])
  })

  test('held words of a colleague who signs in next on this machine stay theirs', async () => {
    const { ada, send, arrived, disk } = await live()
    send('From Ada')
    await scene.settle(1_000)
    ada.model.dispose()
    await scene.desk(GRACE, disk, { holds: true })
    await scene.settle(40_000)
    expect(await arrived()).toEqual([])
    expect(await disk.list('outbox/agent:agent-ada/')).toHaveLength(1)
  })
})
