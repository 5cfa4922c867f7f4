// Whose words go out: proofs of identity across failures, logouts and tabs (D12).

import { expect, test } from 'vitest'
import type { Environment } from '../../../src/base/environment'
import { createMemoryStore, type KeyedStore } from '../../../src/base/keyedStore'
import type { Ladder } from '../../../src/live/ladder'
import { createLadder } from '../../../src/live/ladder'
import { createListeners } from '../../../src/live/linkState'
import { type Credentials, createLiveModel } from '../../../src/live/liveModel'
import type { LiveTransport } from '../../../src/live/liveTransport'
import type { TabLink, TabMessage } from '../../../src/live/tabs'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createManualClock } from '../../../src/testing/manualClock'

const turn = () => new Promise(setImmediate)
let ids = 0
function environmentOf(clock = createManualClock()): Environment {
  return {
    now: clock.now,
    after: clock.after,
    random: () => 0.5,
    randomId: () => `id-${String(++ids).padStart(19, '0')}`,
    fetch: () => Promise.reject(new Error('no network')),
    window: undefined,
  }
}

/** A tab of a device: its carrier proves itself once a connect, as a socket does. */
function tab(
  device: { readonly store: KeyedStore; readonly listeners: Set<(message: TabMessage) => void> },
  options: {
    readonly leads?: boolean
    readonly identity?: string
    /** The guest's conversation that this tab took part in. */
    readonly takingPart?: string
    getToken?(): Promise<string | null>
    answer?(name: string): Promise<unknown>
    loadFiles?: Parameters<typeof createLiveModel>[0]['loadFiles']
  } = {},
) {
  const listeners = createListeners()
  const proofs: (Credentials | 'none')[] = []
  let prove: () => Promise<Credentials> = () => Promise.reject(new Error('too early'))
  const asked: string[] = []
  let mine: ((message: TabMessage) => void) | undefined
  const tabs: TabLink = {
    lead(onLead) {
      if (options.leads ?? true) onLead()
      return () => {}
    },
    post(message) {
      for (const hear of device.listeners) if (hear !== mine) hear(structuredClone(message))
    },
    listen(listener) {
      mine = listener
      device.listeners.add(listener)
      return () => void device.listeners.delete(listener)
    },
    close() {},
  }
  const model = createLiveModel({
    environment: environmentOf(),
    store: device.store,
    tabs,
    identity: options.identity ?? 'site/anonymous',
    ...(options.takingPart !== undefined && {
      guest: { identity: 'site/anonymous', openId: options.takingPart, tabs },
    }),
    getToken: options.getToken ?? (async () => null),
    setWaiting() {},
    ...(options.loadFiles && { loadFiles: options.loadFiles }),
    connectVia: credentials => {
      prove = credentials
      return {
        request: async (name: string) => {
          asked.push(name)
          return (await options.answer?.(name)) || { ok: false, code: 'no_answer', retry: true }
        },
        on: listeners.on,
        onLink: listeners.onLink,
        onStranded: () => () => {},
        nudge() {},
        connect() {
          credentials().then(
            proof => {
              proofs.push(proof)
              listeners.set('online')
            },
            () => {
              proofs.push('none')
              listeners.set('retrying')
            },
          )
        },
        close: () => listeners.set('offline'),
      } as unknown as Ladder
    },
  })
  return { model, proofs, asked, prove: () => prove() }
}
const device = (store: KeyedStore = createMemoryStore('stored')) => ({
  store,
  listeners: new Set<(message: TabMessage) => void>(),
})
const wish = () => ({
  clientId: `wish-${++ids}-000`,
  body: { type: 'handoffReady' as const, channel: 'live' as const },
})

test('[D12] when the host’s token does not come, a signed-in visitor’s words wait and are not filed under nobody', async () => {
  let isFailing = true
  const { model, proofs } = tab(device(), {
    getToken: () => (isFailing ? Promise.reject(new Error('session service is down')) : Promise.resolve('t')),
  })
  await model.open(emptyBrief({}), [], wish())
  await turn()
  expect(proofs).toEqual(['none'])
  isFailing = false
  expect(model.rows.value.map(row => row.state)).toEqual(['queued', 'queued'])
  model.dispose()
})

test('[D12] after a logout in one tab, the next person in another tab does not speak with the secret of the one before', async () => {
  const shared = device()
  const leader = tab(shared)
  await leader.model.open(emptyBrief({}), [], wish())
  await turn()
  const follower = tab(shared, { leads: false })
  await follower.model.resume()
  await follower.model.logout()
  await turn()
  expect(leader.model.hasThread.value).toBe(false)
  const [before, after] = leader.proofs as Credentials[]
  expect(leader.proofs).toHaveLength(2)
  expect(after?.secret).not.toBe(before?.secret)
  expect(await shared.store.get('site/anonymous/secret')).toBe(after?.secret)
  leader.model.dispose()
  follower.model.dispose()
})

test('who asks late for proof of somebody who is gone gets none, and no new secret is left on the device', async () => {
  const own = device()
  const asked = [
    { type: 'opened', brief: emptyBrief({}) },
    { type: 'handoffReady', channel: 'live' },
  ].map((body, n) => ({
    conversationId: 'c-1',
    seq: n + 1,
    clientId: `first-0000000${n}`,
    at: 1,
    author: { kind: 'visitor' },
    body,
  }))
  let askedLate: () => Promise<Credentials> = () => Promise.reject(new Error('nobody asked for files'))
  const { model, prove } = tab(own, {
    answer: async name =>
      name === 'open'
        ? { ok: true, conversationId: 'c-1', epoch: 'e-1', head: 2 }
        : name === 'sync' && { ok: true, head: 2, epoch: 'e-1', events: asked },
    // The chunk is still on its way when the visitor signs out.
    loadFiles: (_id, credentials) => {
      askedLate = credentials
      return new Promise(() => {})
    },
  })
  await model.open(emptyBrief({}), [], wish())
  await turn()
  expect(await askedLate()).toHaveProperty('secret')
  await model.logout()
  await turn()
  await expect(askedLate()).rejects.toThrow('let go of')
  model.dispose()
  await expect(prove()).rejects.toThrow('let go of')
  expect(await own.store.list('site/anonymous/secret')).toEqual([])
})

test('a device whose disk failed for a moment keeps the secret that opened its conversation', async () => {
  const store = createMemoryStore('stored')
  const { keep } = store
  let failures = 1
  store.keep = (key, value) => (failures-- > 0 ? Promise.reject(new Error('busy')) : keep(key, value))
  const { model, proofs, prove } = tab(device(store))
  await model.open(emptyBrief({}), [], wish())
  await turn()
  expect((await prove()).secret).toBe((proofs[0] as Credentials).secret)
  expect(await store.get('site/anonymous/secret')).toBe((proofs[0] as Credentials).secret)
  model.dispose()
})

test('a new handoff goes out although the one before it is still waiting for an answer', async () => {
  const answers: ((reply: unknown) => void)[] = []
  const { model, asked } = tab(device(), {
    answer: () => new Promise(resolve => answers.push(resolve)),
  })
  await model.open(emptyBrief({}), [], wish())
  await turn()
  await model.leave()
  await model.open(emptyBrief({}), [], wish())
  await turn()
  expect(asked).toEqual(['open'])
  answers[0]?.({ ok: false, code: 'no_answer', retry: true })
  await turn()
  expect(asked).toEqual(['open', 'open'])
  model.dispose()
})

test('a logout is on its way to the disk at once, also when the page has read nothing yet and goes', async () => {
  const shared = device()
  const before = tab(shared)
  await before.model.open(emptyBrief({}), [], wish())
  await turn()
  before.model.dispose()
  const { model } = tab(shared)
  void model.logout()
  model.dispose()
  await turn()
  expect(await shared.store.list('site/anonymous/')).toEqual([])
})

test('[D26] leaving a conversation forgets that one, and not what another tab has begun since', async () => {
  const shared = device()
  const { model } = tab(shared)
  await model.open(emptyBrief({}), [], wish())
  await turn()
  const other = { openId: 'open-other-0000000000', conversationId: null, epoch: '' }
  const [key = '', row] = (await shared.store.list('site/anonymous/row/'))[0] ?? []
  const others = { ...(row as object), clientId: other.openId, thread: other.openId }
  const othersKey = `${key.slice(0, key.lastIndexOf('/') + 1)}${other.openId}`
  await shared.store.set([
    ['site/anonymous/thread', other],
    [othersKey, others],
  ])
  await model.leave()
  expect(await shared.store.get('site/anonymous/thread')).toEqual(other)
  expect((await shared.store.list('site/anonymous/row/')).map(([each]) => each)).toEqual([othersKey])
  model.dispose()
})

test('a guest who signs in takes the conversation along: thread, unsent words, and the secret that proves the claim', async () => {
  const shared = device()
  const guest = tab(shared)
  await guest.model.open(emptyBrief({}), [], wish())
  await turn()
  const { secret } = guest.proofs[0] as Credentials
  const openId = guest.model.rows.value[0]?.thread ?? ''
  const said = guest.model.rows.value.map(row => row.clientId)
  guest.model.dispose()
  const user = tab(shared, {
    identity: 'site/user:u1',
    takingPart: openId,
    getToken: () => Promise.resolve('token'),
  })
  expect(await user.model.resume()).toBe(true)
  await turn()
  expect(user.model.rows.value.map(row => row.clientId)).toEqual(said)
  expect(user.proofs).toEqual([{ secret, token: 'token' }])
  expect(await shared.store.list('site/anonymous/')).toEqual([])
  user.model.dispose()
})

test('whoever signs in on a shared computer does not get the conversation of a guest of before', async () => {
  const shared = device()
  const guest = tab(shared)
  await guest.model.open(emptyBrief({}), [], wish())
  await turn()
  guest.model.dispose()
  for (const takingPart of [undefined, 'id-of-another-conversation']) {
    const user = tab(shared, {
      identity: 'site/user:u2',
      ...(takingPart !== undefined && { takingPart }),
      getToken: () => Promise.resolve('token'),
    })
    expect(await user.model.resume()).toBe(false)
    user.model.dispose()
  }
  expect((await shared.store.list('site/anonymous/')).length).toBeGreaterThan(1)
})

test('consent taken back in the middle of a conversation: it goes on from memory, and the disk has nothing of it', async () => {
  const shared = device()
  const { model } = tab(shared)
  await model.open(emptyBrief({}), [], wish())
  await turn()
  await model.keepNothing()
  await model.send({
    clientId: 'after-refusal-1',
    body: { type: 'message', text: 'still here', format: 'plain' },
  })
  await turn()
  expect(model.keeping.value).toBe('memory')
  expect(model.rows.value.at(-1)?.clientId).toBe('after-refusal-1')
  expect(await shared.store.list('')).toEqual([])
  model.dispose()
})

test('a conversation that is no longer this visitor’s is let go once no unsent words are left', async () => {
  const shared = device()
  const { model } = tab(shared, {
    answer: async name =>
      name === 'open'
        ? { ok: true, conversationId: 'conversation-1', epoch: 'e', head: 1 }
        : { ok: false, code: 'forbidden', retry: false },
  })
  await model.open(emptyBrief({}), [], wish())
  await turn()
  const [row] = model.rows.value
  expect(row?.state).toEqual({ failed: 'forbidden' })
  expect(model.hasThread.value).toBe(true)
  model.discard(row?.clientId ?? '')
  await turn()
  expect(model.hasThread.value).toBe(false)
  expect((await shared.store.list('site/anonymous/')).map(([key]) => key)).toEqual(['site/anonymous/secret'])
  model.dispose()
})

test('[D17] two tabs that ask for a person at once end in one conversation, with the words of both', async () => {
  const shared = device()
  const leader = tab(shared)
  const follower = tab(shared, { leads: false })
  // Both before either has heard of the other.
  const heard = [...shared.listeners]
  shared.listeners.clear()
  const drafts = [wish(), wish()] as const
  await Promise.all([
    leader.model.open(emptyBrief({}), [], drafts[0]),
    follower.model.open(emptyBrief({}), [], drafts[1]),
  ])
  for (const listener of heard) shared.listeners.add(listener)
  const wishes = drafts.map(draft => draft.clientId)
  // The next word of the follower tells the two of one another.
  heard[1]?.({ type: 'thread', thread: threadOf(leader.model), isLeaders: true })
  await turn()
  await turn()
  for (const { model } of [leader, follower])
    expect(new Set(model.rows.value.filter(row => row.draft).map(row => row.clientId))).toEqual(
      new Set(wishes),
    )
  expect(new Set(follower.model.rows.value.map(row => row.thread)).size).toBe(1)
  leader.model.dispose()
  follower.model.dispose()
})

function threadOf(model: { rows: { value: readonly { thread: string }[] } }) {
  return { openId: model.rows.value[0]?.thread ?? '', conversationId: null, epoch: '' }
}

test('a ladder that is closed and used again while its socket’s chunk loads holds one socket', async () => {
  const loaded: ((transport: LiveTransport) => void)[] = []
  let open = 0
  const socket = () => {
    const listeners = createListeners()
    return {
      request: async () => ({ ok: true }),
      on: listeners.on,
      onLink: listeners.onLink,
      connect: () => open++,
      nudge() {},
      close() {},
    } as unknown as LiveTransport
  }
  const ladder = createLadder({
    environment: environmentOf(),
    http: socket(),
    loadSocket: () => new Promise(resolve => loaded.push(resolve)),
  })
  ladder.connect()
  ladder.close()
  ladder.connect()
  for (const resolve of loaded) resolve(socket())
  await turn()
  expect(open).toBe(1)
  ladder.close()
})
