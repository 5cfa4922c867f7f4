// Agents at their desks: the desk's own model, with sockets and cookies of Node. Each claims who waits, answers in
// conversations of theirs, and now and then hands one on. What the open thread shows is written down.

import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createEnvironment } from '../../../src/base/environment'
import { type SafeStorage, safeStorage } from '../../../src/base/safeStorage'
import { createDeskAccount } from '../../../src/desk/account'
import { createDeskModel, type DeskModel, type OpenThread } from '../../../src/desk/deskModel'
import { createSocketTransport } from '../../../src/live/socketTransport'
import { DESK_NAMESPACE, PROTOCOL_VERSION } from '../../../src/protocol/version'
import type { DeskCalls } from '../../../src/protocol/wire'
import { setCookie } from './cookieSocket'
import { openKeyedStore, watchKept } from './fileKeyedStore'
import { openHistory } from './history'
import { recordingSocket } from './person'

export interface AgentConfig {
  readonly name: string
  readonly life: number
  /** Account names; also their ids. */
  readonly agents: readonly string[]
  readonly sessions: string
  readonly histories: string
  readonly serverUrl: string
  readonly line: string
  readonly paceMs: number
  /** How often an agent hands a conversation on instead of answering, in [0, 1]. */
  readonly handsOn: number
}

export type AgentOrder =
  | { readonly order: 'pace'; readonly paceMs: number }
  | { readonly order: 'say'; readonly agent: number; readonly conversation: string; readonly count: number }
  | { readonly order: 'status'; readonly ask: number }
  | {
      readonly order: 'end'
      readonly lastMessages: Readonly<Record<string, number>>
      readonly withinMs: number
    }

export interface AgentStatus {
  readonly agent: string
  readonly link: string
  readonly mine: readonly string[]
  /** Who waits for anybody. */
  readonly queued: number
}

export type AgentWord =
  | { readonly word: 'ready' }
  | { readonly word: 'status'; readonly ask: number; readonly statuses: readonly AgentStatus[] }
  | { readonly word: 'said'; readonly texts: readonly string[] }
  | { readonly word: 'ended' }

const config = JSON.parse(process.argv[2] ?? '{}') as AgentConfig
const cookies = JSON.parse(readFileSync(config.sessions, 'utf8')) as Record<string, string>
const record = openHistory(config.histories, `agent-${config.name}-${config.life}`)
const environment = createEnvironment()
let { paceMs } = config
let isEnding = false
const tell = (word: AgentWord) => process.send?.(word)
const pause = (ms: number) => new Promise(done => setTimeout(done, ms))

interface Desk {
  readonly agent: string
  readonly desk: DeskModel
  open(conversationId: string): Promise<OpenThread | null>
  say(): string | null
  endScreen(): void
}

// What the desk keeps on its disk is what it promised the agent to send.
watchKept(entries => {
  for (const [, value] of entries) {
    const { draft } = (value ?? {}) as { draft?: { body?: { type?: string; text?: string } } }
    if (draft?.body?.type === 'message' && draft.body.text) record({ kind: 'saved', text: draft.body.text })
  }
})

/** What is measured here is the way of words, not the seconds in which they can be taken back. */
const noHold: SafeStorage = {
  kind: 'memory',
  get: key => (key.startsWith('asklet-desk.hold.') ? 'off' : null),
  set() {},
}

async function sitDown(agent: string): Promise<Desk> {
  const cookie = cookies[agent] ?? ''
  const account = createDeskAccount(config.serverUrl, {
    after: environment.after,
    fetch: (input, init) =>
      environment.fetch(input, { ...init, headers: { ...(init?.headers as object), cookie } }),
  })
  let said = 0
  let opened = 0
  let screen = ''
  let shown: { seq: number; text: string }[] = []
  let conversation: string | null = null
  const asked = new Set<string>()
  const failed = new Set<string>()
  const load = () =>
    createDeskModel({
      env: environment,
      account,
      createTransport() {
        setCookie(cookie)
        return recordingSocket(
          createSocketTransport<DeskCalls>({
            environment,
            url: config.serverUrl,
            namespace: DESK_NAMESPACE,
            auth: async () => ({ v: PROTOCOL_VERSION }),
            probe: { name: 'queue', body: { v: PROTOCOL_VERSION } },
          }),
          record,
          agent,
          // It may fail while another thread is open.
          (text, code) => record({ kind: 'fail', text, code }),
        )
      },
      openStore: openKeyedStore,
      tabStore: safeStorage(() => undefined),
      deviceStore: noHold,
    })
  let desk = load()
  await desk.begin()
  // An account that could not be asked says so, and the agent loads the page again.
  while (desk.account.value !== 'signedIn') {
    desk.dispose()
    await pause(300)
    desk = load()
    await desk.begin()
  }
  desk.link.subscribe(state =>
    record({ kind: 'link', screen: `${agent}#${config.life}`, line: config.line, state }),
  )
  desk.thread.subscribe(thread => {
    if (!thread) {
      conversation = null
      return
    }
    if (thread.conversationId !== conversation) {
      conversation = thread.conversationId
      screen = `${agent}#${config.life}/${++opened}`
      shown = []
    }
    const messages = thread.items.flatMap(item =>
      item.kind === 'message' && item.seq !== null ? [{ seq: item.seq, text: item.text }] : [],
    )
    const last = shown.at(-1)
    if (messages.length < shown.length || (last && messages[shown.length - 1]?.text !== last.text)) {
      record({ kind: 'restart', screen })
      shown = []
    }
    for (const { seq, text } of messages.slice(shown.length)) {
      const after = shown.at(-1)?.seq ?? 0
      record({ kind: 'render', screen, seq, text, conversation: thread.conversationId, after })
      shown.push({ seq, text })
    }
    for (const item of thread.items) {
      if (item.kind !== 'message') continue
      if (typeof item.state === 'object' && item.state && !failed.has(item.key)) {
        failed.add(item.key)
        record({ kind: 'fail', text: item.text, code: item.state.failed })
      }
      if (item.state === 'needsConfirm' && !asked.has(item.key)) {
        asked.add(item.key)
        setTimeout(() => {
          asked.delete(item.key)
          record({ kind: 'again', text: item.text })
          desk.retry(item.key)
        }, 100)
      }
    }
  })

  return {
    agent,
    desk,
    async open(conversationId) {
      desk.open(conversationId)
      for (let n = 0; n < 40; n++) {
        const thread = desk.thread.value
        if (thread?.conversationId === conversationId && thread.status === 'ready') return thread
        await pause(50)
      }
      return null
    },
    say() {
      if (!desk.thread.value?.isMine) return null
      const text = `${agent}#${config.life}.${++said}`
      record({ kind: 'invoke', sender: agent, identity: agent, text })
      desk.setDraft(text)
      desk.send()
      return text
    },
    endScreen() {
      const thread = desk.thread.value
      if (!thread || !screen) return
      const waiting = thread.items.flatMap(item =>
        item.kind === 'message' && item.seq === null && typeof item.state !== 'object' ? [item.text] : [],
      )
      record({ kind: 'end', screen, waiting, conversation: thread.conversationId })
    },
  }
}

const desks: Desk[] = []
process.once('disconnect', () => process.exit(0))
process.on('message', async (order: AgentOrder) => {
  if (order.order === 'pace') paceMs = order.paceMs
  if (order.order === 'status')
    tell({
      word: 'status',
      ask: order.ask,
      statuses: desks.map(({ agent, desk }) => ({
        agent,
        link: desk.link.value,
        mine: desk.rows.value.filter(row => row.isMine).map(row => row.conversationId),
        queued: desk.rows.value.filter(row => row.phase === 'queued').length,
      })),
    })
  if (order.order === 'say') {
    const desk = desks[order.agent]
    await desk?.open(order.conversation)
    const texts: string[] = []
    for (let n = 0; n < order.count; n++) texts.push(desk?.say() ?? '')
    tell({ word: 'said', texts })
  }
  if (order.order === 'end') {
    isEnding = true
    const until = Date.now() + order.withinMs
    for (const desk of desks) await lookAtAll(desk, order.lastMessages, until)
    tell({ word: 'ended' })
  }
})

for (const agent of config.agents) {
  const desk = await sitDown(agent)
  desks.push(desk)
  void work(desk)
}
tell({ word: 'ready' })

async function work(place: Desk): Promise<void> {
  const { desk } = place
  while (!isEnding) {
    await pause(randomInt(Math.ceil((paceMs || 200) * 2)) + 1)
    if (isEnding) return
    const queued = desk.rows.value.filter(row => row.phase === 'queued')
    const next = queued[randomInt(Math.max(1, queued.length))]
    if (next) {
      if (await place.open(next.conversationId)) await desk.claim()
      continue
    }
    if (!paceMs) continue
    const mine = desk.rows.value.filter(row => row.isMine)
    const row = mine[randomInt(Math.max(1, mine.length))]
    if (!row || !(await place.open(row.conversationId))) continue
    if (randomInt(1_000) < config.handsOn * 1_000) await desk.release()
    else place.say()
  }
}

/** The last look at each conversation: what it shows and what has not gone out. */
async function lookAtAll(
  place: Desk,
  lastMessages: Readonly<Record<string, number>>,
  until: number,
): Promise<void> {
  for (const { conversationId } of place.desk.rows.value.filter(row => row.isMine)) {
    await place.open(conversationId)
    const isThere = () => {
      const items = (place.desk.thread.value?.items ?? []).filter(item => item.kind === 'message')
      const isSettled = items.every(item => item.seq !== null || typeof item.state === 'object')
      const last = items.reduce((highest, item) => Math.max(highest, item.seq ?? 0), 0)
      return isSettled && last >= (lastMessages[conversationId] ?? 0)
    }
    while (!isThere() && Date.now() < until) await pause(100)
    place.endScreen()
    place.desk.close()
  }
}
