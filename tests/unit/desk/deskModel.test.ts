import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMemoryStore, type KeyedStore } from '../../../src/base/keyedStore'
import type { VisitorBody } from '../../../src/protocol/events'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { ADA, createScene, type DeskAtWork, GRACE, type Scene, type VisitorAtWork } from './scene'

let scene: Scene
beforeEach(async () => {
  scene = await createScene()
})
afterEach(() => scene.close())

/** The agent opens the conversation and claims it. */
async function takenOver({ model }: DeskAtWork, { conversationId }: VisitorAtWork) {
  model.open(conversationId)
  await scene.settle()
  void model.claim()
  await scene.settle(500)
}

describe('the list', () => {
  test('shows who waits, with name, role, page and question, as soon as they wait', async () => {
    const { model } = await scene.desk()
    expect(model.queueStatus.value).toBe('ready')
    expect(model.rows.value).toEqual([])
    await scene.visitor('Mia', 'Where is my money?')
    expect(model.rows.value).toMatchObject([
      {
        visitorName: 'Mia',
        role: 'client',
        pageName: 'Payments',
        question: 'Where is my money?',
        phase: 'queued',
        isNew: true,
      },
    ])
    expect(model.news.value).toMatchObject({ kind: 'waiting', visitorName: 'Mia' })
    expect(model.attention.value).toBe(1)
  })

  test('is right again within 20 s when the hint that it changed was lost', async () => {
    const { model, wire } = await scene.desk()
    wire.faults({ losePushes: 1 })
    await scene.visitor('Mia')
    expect(model.rows.value).toEqual([])
    await scene.settle(20_000)
    expect(model.rows.value).toHaveLength(1)
  })

  test('of a crowd it holds who waits longest, says how many wait, and moves up without calling it news', async () => {
    const { model } = await scene.desk()
    const { store, clock } = scene.loopback
    const append = (conversationId: string, body: VisitorBody, at = clock.now()) =>
      store.append({
        conversationId,
        at,
        drafts: [{ sender: 'visitor', clientId: `${body.type}-1`, author: { kind: 'visitor' }, body }],
        authorise: () => null,
        plan: (_row, draft) => [draft],
      })
    const ids = Array.from({ length: 620 }, (_, n) => `conversation-${1_000 + n}`)
    await Promise.all(
      ids.map(async (conversationId, n) => {
        const at = clock.now() + n
        await store.open({
          identities: [`anon:${n}`],
          openId: 'open-0001',
          conversationId,
          at,
          author: { kind: 'visitor' },
          brief: emptyBrief({ visitor: { name: `Visitor ${n}`, locale: 'en', attributes: {} } }),
        })
        await append(conversationId, { type: 'handoffReady', channel: 'live' }, at)
      }),
    )
    await scene.settle(20_000)
    const inSight = () =>
      model.rows.value.filter(row => row.phase === 'queued').map(row => row.conversationId)
    expect(inSight()).toEqual(ids.slice(0, 500))
    expect(model.totals.value).toMatchObject({ waiting: 620, mine: 0 })
    expect(model.attention.value).toBe(620)
    const told = model.news.value?.number

    model.open(ids[0] ?? '')
    await scene.settle()
    void model.claim()
    await scene.settle(1_000)
    expect(model.rows.value[0]).toMatchObject({ conversationId: ids[0], isMine: true })
    expect(inSight()).toEqual(ids.slice(1, 500))
    expect(model.totals.value).toMatchObject({ waiting: 619, mine: 1 })

    // One who waited in sight gives up: the next one comes into it, and has waited all the time.
    await append(ids[1] ?? '', { type: 'cancelled' })
    await scene.settle(20_000)
    expect(inSight()).toEqual(ids.slice(2, 501))
    expect(model.totals.value).toMatchObject({ waiting: 618 })
    expect(model.news.value?.number).toBe(told)
  })
})

describe('taking a conversation', () => {
  test('a claim makes it mine, and release gives it back to the queue', async () => {
    const ada = await scene.desk()
    const mia = await scene.visitor('Mia')
    ada.model.open(mia.conversationId)
    await scene.settle()
    expect(ada.model.thread.value).toMatchObject({
      status: 'ready',
      isMine: false,
      brief: { question: 'Where is my invoice?' },
    })
    void ada.model.claim()
    await scene.settle()
    expect(ada.model.thread.value).toMatchObject({ isMine: true, state: { phase: 'live', assignment: 1 } })
    void ada.model.release()
    await scene.settle(500)
    expect(ada.model.thread.value).toMatchObject({ isMine: false, state: { phase: 'queued', agent: null } })
    expect(ada.model.notice.value).toBeNull()
  })

  test('handing back is news to the colleagues and not to the agent who did it', async () => {
    const ada = await scene.desk(ADA)
    const mia = await scene.visitor('Mia')
    await takenOver(ada, mia)
    const grace = await scene.desk(GRACE)
    const told = ada.model.news.value?.number
    void ada.model.release()
    await scene.settle(1_000)
    expect(ada.model.rows.value).toMatchObject([{ phase: 'queued' }])
    expect(ada.model.news.value?.number).toBe(told)
    expect(grace.model.news.value).toMatchObject({ kind: 'waiting', visitorName: 'Mia' })

    await takenOver(grace, mia)
    grace.wire.cut()
    await scene.settle(45_000)
    expect(ada.model.news.value).toMatchObject({ kind: 'waiting', number: (told ?? 0) + 1 })
  })

  test('[D18] two agents claim: one wins, the other is told who took it', async () => {
    const ada = await scene.desk(ADA)
    const grace = await scene.desk(GRACE)
    const mia = await scene.visitor('Mia')
    for (const { model } of [ada, grace]) model.open(mia.conversationId)
    await scene.settle()
    grace.wire.faults({ losePushes: 1 })
    grace.wire.hold()
    void grace.model.claim()
    void ada.model.claim()
    await scene.settle()
    grace.wire.flow()
    await scene.settle(1_000)
    expect(ada.model.thread.value?.isMine).toBe(true)
    expect(ada.model.notice.value).toBeNull()
    expect(grace.model.thread.value?.isMine).toBe(false)
    expect(grace.model.notice.value).toEqual({ name: 'taken', agentName: 'Ada' })
    expect(grace.model.isChanging.value).toBe(false)
  })

  test('a claim whose answer was lost is mine when the events say so, without a word of failure', async () => {
    const { model, wire } = await scene.desk()
    const mia = await scene.visitor('Mia')
    model.open(mia.conversationId)
    await scene.settle()
    wire.dropNextAck()
    void model.claim()
    await scene.settle(15_000)
    expect(model.thread.value?.isMine).toBe(true)
    expect(model.notice.value).toBeNull()
    expect(model.isChanging.value).toBe(false)
  })

  test('nothing can be sent to a conversation that is not mine', async () => {
    const { model } = await scene.desk()
    const mia = await scene.visitor('Mia')
    model.open(mia.conversationId)
    await scene.settle()
    model.setDraft('Hello')
    model.send()
    await scene.settle()
    expect(await mia.texts()).toEqual(['Where is my invoice?'])
    expect(model.draft.value).toBe('Hello')
  })
})

describe('sending', () => {
  async function live(store?: KeyedStore) {
    const ada = await scene.desk(ADA, store)
    const mia = await scene.visitor('Mia')
    await takenOver(ada, mia)
    const send = (text: string) => {
      ada.model.setDraft(text)
      ada.model.send()
    }
    return { ada, mia, send }
  }

  test("[D6] each state means what it says: sending, sent after the server's ok, delivered, read", async () => {
    const { ada, mia, send } = await live()
    ada.wire.hold()
    send('On it')
    await scene.settle()
    expect(ada.lines().at(-1)).toBe('On it [sending]')
    expect(ada.model.draft.value).toBe('')
    ada.wire.deliverToServer()
    await scene.settle()
    expect(ada.lines().at(-1)).toBe('On it [sending]')
    ada.wire.flow()
    await scene.settle(500)
    expect(ada.lines().at(-1)).toBe('On it [sent]')
    const seq = ada.model.thread.value?.items.findLast(item => item.kind === 'message')?.seq ?? 0
    await mia.send({ type: 'marked', delivered: seq, read: 0 })
    await scene.settle(500)
    expect(ada.lines().at(-1)).toBe('On it [delivered]')
    await mia.send({ type: 'marked', delivered: seq, read: seq })
    await scene.settle(500)
    expect(ada.lines().at(-1)).toBe('On it [read]')
  })

  test('[D2] nothing goes on the wire before it is saved', async () => {
    let allow = () => {}
    const slow = new Promise<void>(resolve => {
      allow = resolve
    })
    const disk = createMemoryStore('stored')
    let isSlow = false
    const { ada, mia, send } = await live({
      ...disk,
      async set(entries) {
        if (isSlow) await slow
        await disk.set(entries)
      },
    })
    isSlow = true
    send('Saved first')
    await scene.settle(5_000)
    // A link that comes back is a reason to send all that waits, but not this.
    ada.wire.cut()
    ada.wire.restore()
    await scene.settle(5_000)
    expect(ada.lines().at(-1)).toBe('Saved first [queued]')
    expect(await mia.texts()).toEqual(['Where is my invoice?'])
    allow()
    await scene.settle(500)
    expect(await mia.texts()).toEqual(['Where is my invoice?', 'Saved first'])
  })

  test('[D3] a resend after a lost ack does not post the answer twice', async () => {
    const { ada, mia, send } = await live()
    ada.wire.dropNextAck()
    ada.wire.dropNextPush(5)
    send('Once')
    send('Twice is not once')
    await scene.settle(60_000)
    expect(await mia.texts()).toEqual(['Where is my invoice?', 'Once', 'Twice is not once'])
    expect(ada.lines().slice(1)).toEqual(['Once [sent]', 'Twice is not once [sent]'])
  })

  test('[D2] what was typed while the server was down survives a reload of the page and arrives once, in order', async () => {
    const disk = createMemoryStore('stored')
    const { ada, mia, send } = await live(disk)
    scene.loopback.kill()
    send('First')
    send('Second')
    await scene.settle(3_000)
    expect(ada.lines().slice(1)).toEqual(['First [queued]', 'Second [queued]'])
    expect(ada.model.isCutOff.value).toBe(true)
    ada.model.dispose()
    scene.loopback.start()
    const again = await scene.desk(ADA, disk)
    await scene.settle(2_000)
    expect(await mia.texts()).toEqual(['Where is my invoice?', 'First', 'Second'])
    expect(await disk.list('outbox/')).toEqual([])
    again.model.open(mia.conversationId)
    await scene.settle(500)
    expect(again.lines().slice(1)).toEqual(['First [sent]', 'Second [sent]'])
  })

  test('[D12] words of one agent are never sent under another', async () => {
    const disk = createMemoryStore('stored')
    const { ada, mia, send } = await live(disk)
    scene.loopback.kill()
    send('From Ada')
    await scene.settle()
    ada.model.dispose()
    scene.loopback.start()
    await scene.desk(GRACE, disk)
    await scene.settle(40_000)
    expect(await mia.texts()).toEqual(['Where is my invoice?'])
    expect(await disk.list('outbox/agent:agent-ada/')).toHaveLength(1)
  })

  test('words for a conversation that a colleague has by now stay, with the reason, and can be discarded', async () => {
    const { ada, mia, send } = await live()
    const grace = await scene.desk(GRACE)
    ada.wire.cut()
    send('I was cut off')
    await scene.settle(45_000)
    await takenOver(grace, mia)
    expect(grace.model.thread.value?.isMine).toBe(true)
    ada.wire.restore()
    await scene.settle(3_000)
    expect(ada.lines().at(-1)).toBe('I was cut off [failed stale_assignment]')
    expect(await mia.texts()).toEqual(['Where is my invoice?'])
    const stuck = ada.model.thread.value?.items.at(-1)?.key ?? ''
    ada.model.retry(stuck)
    await scene.settle(500)
    expect(ada.lines().at(-1)).toBe('I was cut off [failed stale_assignment]')
    ada.model.discard(stuck)
    expect(ada.lines()).toEqual(['Where is my invoice?'])
  })

  test('words that failed are still failed after a reload, and go only when the agent says so', async () => {
    const disk = createMemoryStore('stored')
    const { ada, mia, send } = await live(disk)
    const grace = await scene.desk(GRACE)
    ada.wire.cut()
    send('Said too late')
    await scene.settle(45_000)
    await takenOver(grace, mia)
    ada.wire.restore()
    await scene.settle(3_000)
    expect(ada.lines().at(-1)).toBe('Said too late [failed stale_assignment]')
    ada.model.dispose()
    // By now they would be taken: the conversation is Ada's again.
    void grace.model.release()
    await scene.settle(500)
    const elsewhere = await scene.desk(ADA)
    await takenOver(elsewhere, mia)
    const again = await scene.desk(ADA, disk)
    again.model.open(mia.conversationId)
    await scene.settle(5_000)
    expect(again.model.thread.value?.isMine).toBe(true)
    expect(again.lines().at(-1)).toBe('Said too late [failed stale_assignment]')
    expect(await mia.texts()).toEqual(['Where is my invoice?'])
    again.model.retry(again.model.thread.value?.items.at(-1)?.key ?? '')
    await scene.settle(1_000)
    expect(await mia.texts()).toEqual(['Where is my invoice?', 'Said too late'])
    expect(await disk.list('outbox/')).toEqual([])
  })

  test('ending is seen by both sides, and then nothing more is sent', async () => {
    const { ada, mia, send } = await live()
    ada.model.end()
    await scene.settle(500)
    expect(ada.model.thread.value).toMatchObject({ isMine: false, state: { phase: 'ended' } })
    send('One more thing')
    await scene.settle(500)
    expect(await mia.texts()).toEqual(['Where is my invoice?'])
  })
})

describe('receiving', () => {
  test('[D14] an event whose push was lost is here at the next beacon', async () => {
    const { model, wire } = await scene.desk()
    const mia = await scene.visitor('Mia')
    model.open(mia.conversationId)
    await scene.settle(1_000)
    wire.faults({ losePushes: 1 })
    await mia.say('Anybody there?')
    await scene.settle(300)
    expect(model.thread.value?.items).toHaveLength(2)
    wire.faults(null)
    await scene.settle(26_000)
    expect(model.thread.value?.items.at(-1)).toMatchObject({ text: 'Anybody there?' })
  })

  test('[D13] pushes that are doubled and come in the wrong order are shown once and in order', async () => {
    const ada = await scene.desk()
    const mia = await scene.visitor('Mia')
    ada.model.open(mia.conversationId)
    await scene.settle(1_000)
    ada.wire.faults({ doublePushes: 1, delayMs: [0, 200] })
    for (const text of ['one', 'two', 'three', 'four']) await mia.say(text)
    await scene.settle(2_000)
    expect(ada.lines()).toEqual(['Where is my invoice?', 'one', 'two', 'three', 'four'])
  })

  test('words in a conversation of mine that is not open are counted and told, and read once it is opened', async () => {
    const ada = await scene.desk()
    const { model } = ada
    const mia = await scene.visitor('Mia')
    await takenOver(ada, mia)
    model.close()
    await mia.say('Hello?')
    await mia.say('Still there?')
    await scene.settle(1_000)
    expect(model.rows.value).toMatchObject([{ unread: 2, isMine: true }])
    expect(model.news.value).toMatchObject({ kind: 'message', visitorName: 'Mia' })
    expect(model.attention.value).toBe(1)
    model.open(mia.conversationId)
    await scene.settle(1_000)
    expect(model.rows.value).toMatchObject([{ unread: 0 }])
    const marks = await marksOf(mia)
    expect(marks.at(-1)).toMatchObject({ read: 8, delivered: 8 })
    expect((await mia.texts()).slice(1)).toEqual(['Hello?', 'Still there?'])
  })

  test('a desk that is opened while the server is away comes to its session by itself', async () => {
    const atWork = await scene.desk('unreachable')
    const { model } = atWork
    expect(model.account.value).toBe('signedOut')
    expect(model.signInProblem.value).toBe('unreachable')
    await scene.settle(12_000)
    expect(model.account.value).toBe('signedOut')
    atWork.signedIn = ADA
    await scene.settle(5_000)
    expect(model.account.value).toBe('signedIn')
    expect(model.signInProblem.value).toBeNull()
    expect(model.agent.value).toEqual(ADA)
  })

  test('once the server answers that nobody is signed in, it is asked no more and nothing is wrong', async () => {
    const atWork = await scene.desk('unreachable')
    const { model } = atWork
    atWork.signedIn = null
    await scene.settle(5_000)
    expect(model.account.value).toBe('signedOut')
    expect(model.signInProblem.value).toBeNull()
    atWork.signedIn = ADA
    await scene.settle(60_000)
    expect(model.account.value).toBe('signedOut')
  })

  test('an agent who only looks tells nobody that they have read', async () => {
    const { model } = await scene.desk()
    const mia = await scene.visitor('Mia')
    model.open(mia.conversationId)
    await scene.settle(5_000)
    expect(await marksOf(mia)).toEqual([])
  })

  test('typing is shown both ways, and no longer than it is true', async () => {
    const { model } = await scene.desk()
    const mia = await scene.visitor('Mia')
    const heard: string[] = []
    mia.transport.on('typing', ({ who }) => heard.push(who))
    model.open(mia.conversationId)
    await scene.settle()
    model.setDraft('H')
    await scene.settle()
    expect(heard).toEqual([])
    void model.claim()
    await marksOf(mia)
    await scene.settle(500)
    model.setDraft('He')
    model.setDraft('Hel')
    await scene.settle()
    expect(heard).toEqual(['agent'])
    void mia.transport.request('typing', { v: 1, conversationId: mia.conversationId })
    await scene.settle()
    expect(model.thread.value?.isVisitorTyping).toBe(true)
    await scene.settle(5_000)
    expect(model.thread.value?.isVisitorTyping).toBe(false)
  })

  async function marksOf(mia: Awaited<ReturnType<Scene['visitor']>>) {
    const asked = mia.transport.request('sync', {
      v: 1,
      conversationId: mia.conversationId,
      after: 0,
      epoch: '',
    })
    await scene.settle()
    const reply = await asked
    return reply.ok ? reply.events.flatMap(({ body }) => (body.type === 'marked' ? [body] : [])) : []
  }
})

describe('signing in', () => {
  test('nobody signed in: the desk asks, and says why a link did not work', async () => {
    const atWork = await scene.desk(null)
    const { model } = atWork
    expect(model.account.value).toBe('signedOut')
    expect(model.signInProblem.value).toBeNull()
    await model.signIn({ link: 'used' })
    expect(model.signInProblem.value).toBe('linkRefused')
    await model.signIn({ name: 'Ada', password: 'wrong' })
    expect(model.signInProblem.value).toBe('refused')
    atWork.signedIn = ADA
    await model.signIn({ name: 'Ada', password: 'right' })
    await scene.settle()
    expect(model).toMatchObject({
      account: { value: 'signedIn' },
      agent: { value: ADA },
      link: { value: 'online' },
    })
  })

  test('a session that ended elsewhere leads to the door, and says so', async () => {
    const ada = await scene.desk()
    ada.signedIn = null
    ada.wire.cut()
    await scene.settle(3_000)
    expect(ada.model.account.value).toBe('signedOut')
    expect(ada.model.signInProblem.value).toBe('expired')
    expect(ada.model.rows.value).toEqual([])
  })

  test('a draft stays with its conversation', async () => {
    const { model } = await scene.desk()
    const mia = await scene.visitor('Mia')
    const luca = await scene.visitor('Luca')
    model.open(mia.conversationId)
    model.setDraft('Dear Mia')
    model.open(luca.conversationId)
    expect(model.draft.value).toBe('')
    model.open(mia.conversationId)
    expect(model.draft.value).toBe('Dear Mia')
  })

  test('a draft waits for the agent who wrote it, and for nobody else in the same tab', async () => {
    const atWork = await scene.desk()
    const { model } = atWork
    const mia = await scene.visitor('Mia')
    model.open(mia.conversationId)
    model.setDraft('Dear Mia')
    for (const [agent, draft] of [
      [GRACE, ''],
      [ADA, 'Dear Mia'],
    ] as const) {
      await model.signOut()
      atWork.signedIn = agent
      await model.signIn({ link: 'any' })
      await scene.settle(500)
      model.open(mia.conversationId)
      expect(model.draft.value).toBe(draft)
    }
  })
})
