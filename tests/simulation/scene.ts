// A visitor's device and an agent over the real server core, with wires and disks that the test holds in its hand.
// The device keeps what a browser keeps (database, tab storage); a reload forgets everything else.

import type { Environment } from '../../src/base/environment'
import { createMemoryStore, type KeyedStore } from '../../src/base/keyedStore'
import { type SafeStorage, safeStorage } from '../../src/base/safeStorage'
import { createTexts } from '../../src/base/texts'
import type { BotProvider } from '../../src/bot/botProvider'
import { type ConversationModel, createConversationModel } from '../../src/conversation/conversationModel'
import * as handoff from '../../src/conversation/handoff'
import { isBehind, noteHead, receivePage, receivePush, START } from '../../src/live/catchUp'
import type { Ladder } from '../../src/live/ladder'
import { createLiveModel, type LiveModel } from '../../src/live/liveModel'
import type { LiveTransport } from '../../src/live/liveTransport'
import { dropStored, enqueue, nextSend, type Outbox, settle, wake } from '../../src/live/outbox'
import type { TabLink, TabMessage } from '../../src/live/tabs'
import { readTabMessage } from '../../src/live/tabs'
import type { AgentBody, Draft, StoredEvent } from '../../src/protocol/events'
import { EMPTY_STATE, foldEvent } from '../../src/protocol/phase'
import type { DeskCalls, VisitorCalls } from '../../src/protocol/wire'
import type { Loopback } from '../../src/testing/loopback'
import { english } from '../english'
import type { HistoryLine } from './checker'

export interface Scene {
  readonly loopback: Loopback
  readonly history: HistoryLine[]
  readonly environment: Environment
}

export function createScene(loopback: Loopback): Scene {
  let ids = 0
  return {
    loopback,
    history: [],
    environment: {
      now: loopback.clock.now,
      after: loopback.clock.after,
      random: loopback.random,
      randomId: () => `id-${String(++ids).padStart(19, '0')}`,
      fetch: () => Promise.reject(new Error('no network here')),
      window: undefined,
    },
  }
}

export interface Mutation {
  /** Seen by every request before it goes on the wire. */
  readonly onRequest?: (name: string, body: unknown) => unknown
  /** The device forgets its database with every reload. */
  readonly forgetsDisk?: boolean
  /** Beacons never arrive. */
  readonly dropsBeacons?: boolean
  /** True: this send is answered with ok and goes nowhere, as by a server that answers before it commits. */
  readonly isForgotten?: () => boolean
}

export interface Tab {
  readonly name: string
  readonly conversation: ConversationModel
  live(): LiveModel | null
  /** Says it as a person would, and writes down that it was said and when the device had it. */
  say(text: string): Promise<void>
  unload(): void
}

export interface Device {
  readonly tabs: Tab[]
  open(): Tab
  /** Same tab storage, new everything else. What the disk had not taken yet is lost. */
  reload(tab: Tab): Tab
  close(tab: Tab): void
}

const FACTS = {
  page: { url: 'https://x.test/', route: '/', title: 'X', name: 'X', headings: [], language: 'en', data: {} },
  visitor: { locale: 'en', attributes: {} },
}
/** Answers everything, and knows nothing of "person". */
export const echoBot: BotProvider = {
  answer: async (input, state) => ({
    turn: {
      messages: [
        {
          text: `bot: ${input.kind === 'text' ? input.text : input.kind}`,
          source: { kind: 'flow', flowId: 'f', step: 's' },
        },
      ],
      choices: [],
      ...(input.kind === 'text' && input.text.includes('?miss') ? { missed: true } : {}),
    },
    state,
  }),
}

export function createDevice(
  scene: Scene,
  options: { readonly name?: string; readonly bot?: BotProvider; readonly diskMs?: number } & Mutation = {},
): Device {
  const { loopback, history, environment } = scene
  const name = options.name ?? 'visitor'
  const secret = name.padEnd(22, 'x')
  const disk = createMemoryStore('stored')
  const local = safeStorage(() => undefined)
  const channel = new Set<(message: TabMessage) => void>()
  const queue: { onLead: () => void }[] = []
  const storages = new Map<Tab, SafeStorage>()
  const windows = new Map<SafeStorage, string>()
  const tabs: Tab[] = []
  let screens = 0

  /** Web Locks and a BroadcastChannel between the tabs of one device. */
  const tabLink = (isAlive: () => boolean): TabLink => {
    const mine = new Set<(message: TabMessage) => void>()
    return {
      lead(onLead) {
        const wish = { onLead }
        queue.push(wish)
        if (queue[0] === wish) onLead()
        return () => {
          const was = queue.indexOf(wish)
          if (was >= 0) queue.splice(was, 1)
          if (was === 0) queue[0]?.onLead()
        }
      },
      post(message) {
        const copy: unknown = structuredClone(message)
        loopback.clock.after(1, () => {
          if (!isAlive()) return
          for (const listener of channel)
            if (!mine.has(listener)) {
              const parsed = readTabMessage(structuredClone(copy))
              if (!parsed) throw new Error(`unreadable tab message ${JSON.stringify(copy)}`)
              listener(parsed)
            }
        })
      },
      listen(listener) {
        mine.add(listener)
        channel.add(listener)
        return () => void channel.delete(listener)
      },
      close() {},
    }
  }

  /** A disk that takes its time: what has not arrived when the page goes is lost. */
  const diskOf = (isAlive: () => boolean): KeyedStore => {
    const base = options.forgetsDisk ? createMemoryStore('stored') : disk
    // In the order asked for, as IndexedDB runs its transactions.
    let freeAt = 0
    const slow = <Result>(work: () => Promise<Result>) =>
      new Promise<Result>((resolve, reject) => {
        const { clock } = loopback
        freeAt = Math.max(freeAt, clock.now()) + (options.diskMs ?? 0) * loopback.random()
        clock.after(freeAt - clock.now(), () => {
          if (isAlive()) work().then(resolve, reject)
        })
      })
    return {
      ...base,
      set: entries => slow(() => base.set(entries)),
      delete: keys => slow(() => base.delete(keys)),
    }
  }

  function load(storage: SafeStorage): Tab {
    if (!windows.has(storage)) windows.set(storage, `${name}, window ${windows.size + 1}`)
    const screen = `${name}/${++screens}`
    let isAlive = true
    let live: LiveModel | null = null
    const { transport } = loopback.visitor({ secret })
    const conversation = createConversationModel({
      environment,
      texts: createTexts('en', english),
      botName: 'Asklet',
      bot: options.bot ?? echoBot,
      facts: () => FACTS,
      articlesRead: () => [],
      config: { hasPeople: true, contactEmail: null },
      tab: storage,
      isWaiting: local.get('waiting') !== null,
      loadHandoff: async () => handoff,
      async loadLive() {
        live = createLiveModel({
          environment,
          store: diskOf(() => isAlive),
          tabs: tabLink(() => isAlive),
          identity: 'site/anonymous',
          getToken: async () => null,
          setWaiting: isWaiting => isAlive && local.set('waiting', isWaiting ? '1' : null),
          connectVia: () => recorded(transport, scene, options),
        })
        let shown: readonly StoredEvent[] = []
        live.events.subscribe(events => {
          // A copy from the disk is shown too; another incarnation starts again (no test here makes one).
          for (const event of events.slice(shown.length))
            history.push({
              kind: 'render',
              screen,
              seq: event.seq,
              text: event.body.type === 'message' ? event.body.text : null,
            })
          shown = events
        })
        const failed = new Set<string>()
        live.rows.subscribe(rows => {
          for (const { clientId, state, draft } of rows)
            if (typeof state === 'object' && draft?.body.type === 'message' && !failed.has(clientId)) {
              failed.add(clientId)
              history.push({ kind: 'fail', text: draft.body.text, code: state.failed })
            }
        })
        return live
      },
    })
    const tab: Tab = {
      name: screen,
      conversation,
      live: () => live,
      async say(text) {
        // Two tabs within the same milliseconds have no order; each tab has one, across its reloads.
        history.push({ kind: 'invoke', sender: windows.get(storage) ?? name, text })
        const toPerson = !['bot', 'offered'].includes(conversation.phase.value)
        if (!toPerson) history.push({ kind: 'invoke', sender: 'bot', text: `bot: ${text}` })
        await conversation.send(text)
        if (toPerson && isAlive) history.push({ kind: 'saved', text })
      },
      unload() {
        isAlive = false
        conversation.dispose()
        tabs.splice(tabs.indexOf(tab), 1)
      },
    }
    storages.set(tab, storage)
    tabs.push(tab)
    return tab
  }

  return {
    tabs,
    open: () => load(safeStorage(() => undefined)),
    reload(tab) {
      tab.unload()
      return load(storages.get(tab) ?? safeStorage(() => undefined))
    },
    close: tab => tab.unload(),
  }
}

/** The carrier, with every request and ok written down. */
function recorded(transport: LiveTransport<VisitorCalls>, { history }: Scene, mutation: Mutation): Ladder {
  return {
    ...transport,
    onStranded(listener) {
      listener(false)
      return () => {}
    },
    on(name, listener) {
      if (name === 'head' && mutation.dropsBeacons) return () => {}
      return transport.on(name, listener)
    },
    async request(name, given) {
      const body = (mutation.onRequest?.(name, given) ?? given) as typeof given
      const drafts = name === 'send' ? (body as unknown as VisitorCalls['send']['request']).drafts : []
      note(history, drafts)
      const forged = { ok: true, results: drafts.map(({ clientId }) => ({ clientId, seq: 1, at: 0 })) }
      const isForged = name === 'send' && mutation.isForgotten?.()
      const reply = isForged ? (forged as never) : await transport.request(name, body)
      if (reply.ok && name === 'send')
        noteOk(history, drafts, reply as unknown as VisitorCalls['send']['reply'])
      return reply
    },
  }
}

function note(history: HistoryLine[], drafts: readonly Draft[]) {
  for (const { clientId, body } of drafts)
    if (body.type === 'message') history.push({ kind: 'request', id: clientId, text: body.text })
}

function noteOk(history: HistoryLine[], drafts: readonly Draft[], reply: VisitorCalls['send']['reply']) {
  drafts.forEach(({ clientId, body }, n) => {
    const seq = reply.results[n]?.seq
    if (body.type === 'message' && seq !== undefined)
      history.push({ kind: 'ok', id: clientId, text: body.text, seq })
  })
}

/**
 * The tab asks the bot, then for a person, and chooses the chat.
 * @param stepMs  how long the offer and the choice may take; more for a wire or a disk that is slow
 */
export async function toPerson(
  { loopback }: Scene,
  tab: Tab,
  question: string,
  stepMs = 1_000,
): Promise<void> {
  void tab.say(question)
  await loopback.settle(200)
  void tab.conversation.askForPerson()
  await loopback.settle(stepMs)
  void tab.conversation.chooseChannel('live')
  await loopback.settle(stepMs)
}

export interface SimulatedAgent {
  readonly name: string
  texts(): string[]
  events(): readonly StoredEvent[]
  say(text: string): void
  waiting(): string[]
  send(body: AgentBody): void
  /** Busy agents are there and take nobody. */
  setBusy(isBusy: boolean): void
  /** Closes the desk. */
  leave(): void
}

/** An agent who takes whatever waits and answers; the same outbox and the same door as the visitor's. */
export function createAgent(scene: Scene, agentName = 'Ada'): SimulatedAgent {
  const { loopback, history, environment } = scene
  const agent = { agentId: `agent-${agentName}`, name: agentName }
  const { transport } = loopback.agent(agent)
  let conversationId: string | null = null
  let cursor = START
  let events: readonly StoredEvent[] = []
  let outbox: Outbox<AgentBody> = []
  let isOnline = false
  let isSending = false
  let isSyncing = false
  let isBusy = false
  const identity = agent.agentId

  const took = (got: ReturnType<typeof receivePush>) => {
    cursor = got.cursor
    events = [...events, ...got.show]
    outbox = dropStored(outbox, got.show, event => event.author.kind === 'agent')
    for (const event of got.show)
      history.push({
        kind: 'render',
        screen: agentName,
        seq: event.seq,
        text: event.body.type === 'message' ? event.body.text : null,
      })
    if (isBehind(cursor)) loopback.clock.after(250, sync)
  }
  async function look() {
    if (isBusy) return
    const reply = await transport.request('queue', { v: 1 })
    const row = reply.ok
      ? reply.rows.find(
          each =>
            each.phase === 'queued' || (conversationId === null && each.agent?.agentId === agent.agentId),
        )
      : undefined
    if (!row) return
    if (row.phase === 'queued')
      await transport.request('claim', { v: 1, conversationId: row.conversationId, expected: row.assignment })
    if (conversationId === null) {
      conversationId = row.conversationId
    }
    sync()
  }
  async function sync(): Promise<void> {
    if (!isOnline || isSyncing || conversationId === null) return
    isSyncing = true
    const after = cursor.last
    const reply = await transport.request('sync', { v: 1, conversationId, after, epoch: cursor.epoch })
    isSyncing = false
    if (reply.ok) took(receivePage(cursor, reply, after))
    else loopback.clock.after(500, sync)
    drain()
  }
  async function drain(): Promise<void> {
    const state = events.reduce(foldEvent, EMPTY_STATE)
    if (!isOnline || isSending || conversationId === null || state.agent?.agentId !== agent.agentId) return
    const step = nextSend(outbox, {
      thread: conversationId,
      identity,
      now: environment.now(),
      isClosed: false,
    })
    outbox = step.outbox
    if (step.waitMs !== null) loopback.clock.after(step.waitMs, drain)
    if (!step.take.length) return
    isSending = true
    const drafts = step.take.flatMap(row => (row.draft ? [row.draft] : []))
    note(history, drafts)
    const reply = await transport.request('send', {
      v: 1,
      conversationId,
      drafts,
    } as DeskCalls['send']['request'])
    isSending = false
    if (reply.ok) {
      noteOk(history, drafts, reply)
      cursor = noteHead(cursor, cursor.epoch, reply.results.at(-1)?.seq ?? 0)
      if (isBehind(cursor)) loopback.clock.after(250, sync)
    }
    const ids = step.take.map(row => row.clientId)
    // Not the agent's turn just now (lost, handed on): the words wait for the next claim.
    const outcome = !reply.ok && reply.code === 'stale_assignment' ? { ...reply, retry: true } : reply
    outbox = settle(outbox, ids, outcome, environment.now(), environment.random())
    drain()
  }
  transport.onLink(state => {
    isOnline = state === 'online'
    if (!isOnline) return
    isSyncing = false
    outbox = wake(outbox)
    look()
    sync()
  })
  transport.on('events', push => {
    if (push.conversationId === conversationId) took(receivePush(cursor, push.epoch, push.events))
    drain()
  })
  transport.on('head', push => {
    if (push.conversationId === conversationId) cursor = noteHead(cursor, push.epoch, push.head)
    if (isBehind(cursor)) sync()
  })
  transport.on('queueChanged', look)
  // A hint may be lost: the desk looks again by itself.
  const again = () => {
    look()
    drain()
    loopback.clock.after(5_000, again)
  }
  again()
  transport.connect()

  const send = (body: AgentBody) => {
    if (conversationId === null) return
    const clientId = environment.randomId()
    outbox = enqueue<AgentBody>(outbox, {
      clientId,
      thread: conversationId,
      identity,
      queuedAt: environment.now(),
      draft: { clientId, body },
    })
    drain()
  }
  return {
    name: agentName,
    events: () => events,
    texts: () => events.flatMap(({ body }) => (body.type === 'message' ? [body.text] : [])),
    waiting: () => outbox.flatMap(({ draft }) => (draft?.body.type === 'message' ? [draft.body.text] : [])),
    send,
    setBusy(next) {
      isBusy = next
      look()
    },
    leave: () => transport.close(),
    say(text) {
      if (conversationId === null) return
      history.push({ kind: 'invoke', sender: agentName, text }, { kind: 'saved', text })
      send({ type: 'message', text, format: 'markdown' })
    },
  }
}
