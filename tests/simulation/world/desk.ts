// An agent at the desk: takes whoever waits, reads and answers by the project's own `catchUp` and `outbox`, and
// hands on now and then. Several agents reach for the same visitor.

import { type Cursor, isBehind, noteHead, receivePage, receivePush, START } from '../../../src/live/catchUp'
import { dropStored, enqueue, nextSend, type Outbox, settle, wake } from '../../../src/live/outbox'
import type { AgentBody, StoredEvent } from '../../../src/protocol/events'
import { type ConversationState, EMPTY_STATE, foldEvent } from '../../../src/protocol/phase'
import type { QueueRow, SyncPage } from '../../../src/protocol/wire'
import type { World } from './device'
import { createLine, type Weather } from './line'

interface Copy {
  readonly conversationId: string
  readonly screen: string
  cursor: Cursor
  state: ConversationState
  outbox: Outbox<AgentBody>
  isSyncing: boolean
  isSending: boolean
}

export interface SimulatedAgent {
  /** Says it to somebody whom this agent has; false: there is nobody. */
  say(text: string): boolean
  handOn(): void
  endOne(): void
  weather(weather: Weather): void
  finish(): void
}

const textOf = (event: StoredEvent) => (event.body.type === 'message' ? event.body.text : null)

export function createAgent(world: World, name: string): SimulatedAgent {
  const { clock, chance, history } = world
  const agentId = `agent-${name}`
  const copies = new Map<string, Copy>()
  let isOnline = false

  const line = createLine(
    world,
    { member: { kind: 'agent', agentId, role: 'agent' }, name },
    {
      onLink(link) {
        isOnline = link === 'online'
        if (!isOnline) return
        for (const copy of copies.values()) {
          copy.isSyncing = false
          copy.outbox = wake(copy.outbox)
          sync(copy)
        }
        look()
      },
      onPush(push) {
        if (push.name === 'queueChanged') return look()
        const copy = copies.get(push.payload.conversationId)
        if (!copy) return
        if (push.name === 'events')
          took(copy, receivePush(copy.cursor, push.payload.epoch, push.payload.events))
        else {
          copy.cursor = noteHead(copy.cursor, push.payload.epoch, push.payload.head)
          if (isBehind(copy.cursor)) sync(copy)
        }
        drain(copy)
      },
    },
  )

  function took(copy: Copy, got: ReturnType<typeof receivePush>) {
    copy.cursor = got.cursor
    if (got.restarted) {
      copy.state = EMPTY_STATE
      history.push({ kind: 'restart', screen: copy.screen })
    }
    copy.state = got.show.reduce(foldEvent, copy.state)
    copy.outbox = dropStored(
      copy.outbox,
      got.show,
      ({ author }) => author.kind === 'agent' && author.agentId === agentId,
    )
    for (const event of got.show)
      history.push({
        kind: 'render',
        screen: copy.screen,
        seq: event.seq,
        text: textOf(event),
        conversation: copy.conversationId,
      })
    if (isBehind(copy.cursor)) clock.after(250, () => sync(copy))
  }

  function look() {
    if (!isOnline) return
    line.request('queue', { v: 1 }, reply => {
      const { ok, rows = [] } = reply as { ok: boolean; rows?: readonly QueueRow[] }
      if (!ok) return
      for (const row of rows) {
        const { conversationId } = row
        if (row.phase === 'queued')
          line.request('claim', { v: 1, conversationId, expected: row.assignment }, () =>
            follow(conversationId),
          )
        else if (row.agent?.agentId === agentId) follow(conversationId)
      }
    })
  }
  function follow(conversationId: string) {
    let copy = copies.get(conversationId)
    if (!copy) {
      copy = {
        conversationId,
        screen: `${name} ${conversationId}`,
        cursor: START,
        state: EMPTY_STATE,
        outbox: [],
        isSyncing: false,
        isSending: false,
      }
      copies.set(conversationId, copy)
    }
    sync(copy)
  }
  function sync(copy: Copy) {
    if (!isOnline || copy.isSyncing) return
    copy.isSyncing = true
    const { last, epoch } = copy.cursor
    line.request('sync', { v: 1, conversationId: copy.conversationId, after: last, epoch }, reply => {
      copy.isSyncing = false
      if ((reply as { ok: boolean }).ok) took(copy, receivePage(copy.cursor, reply as SyncPage, last))
      else if ((reply as { retry: boolean }).retry) clock.after(500, () => sync(copy))
      else {
        // A restored backup does not know it.
        copies.delete(copy.conversationId)
        history.push({ kind: 'restart', screen: copy.screen })
      }
      drain(copy)
    })
  }
  function drain(copy: Copy) {
    const { conversationId } = copy
    if (!isOnline || copy.isSending || copy.state.agent?.agentId !== agentId) return
    const { outbox, take, waitMs } = nextSend(copy.outbox, {
      thread: conversationId,
      identity: agentId,
      now: clock.now(),
      isClosed: copy.state.phase === 'ended',
    })
    copy.outbox = outbox
    if (waitMs !== null) clock.after(waitMs, () => drain(copy))
    if (take.length === 0) return
    copy.isSending = true
    const drafts = take.flatMap(row => (row.draft ? [row.draft] : []))
    for (const { clientId, body } of drafts)
      if (body.type === 'message') history.push({ kind: 'request', id: clientId, text: body.text })
    line.request('send', { v: 1, conversationId, drafts }, reply => {
      copy.isSending = false
      const answer = reply as {
        ok: boolean
        code?: string
        results?: readonly { seq: number; clientId: string; at: number }[]
      }
      if (answer.ok && answer.results) {
        const { results } = answer
        drafts.forEach(({ clientId, body }, n) => {
          if (body.type === 'message')
            history.push({ kind: 'ok', id: clientId, text: body.text, seq: results[n]?.seq ?? 0 })
        })
        copy.cursor = noteHead(copy.cursor, copy.cursor.epoch, results.at(-1)?.seq ?? 0)
        if (isBehind(copy.cursor)) clock.after(250, () => sync(copy))
      }
      // Not this agent's turn just now: the words wait for the next claim.
      const outcome = answer.code === 'stale_assignment' ? { ...answer, retry: true } : answer
      copy.outbox = settle(
        copy.outbox,
        take.map(row => row.clientId),
        outcome as never,
        clock.now(),
        chance.roll(),
      )
      drain(copy)
    })
  }
  // A hint may be lost: the desk looks again by itself.
  const again = () => {
    look()
    for (const copy of copies.values()) drain(copy)
    clock.after(5_000, again)
  }
  again()
  line.connect()

  const mine = () =>
    [...copies.values()].filter(copy => copy.state.agent?.agentId === agentId && copy.state.phase === 'live')
  const put = (copy: Copy, body: AgentBody) => {
    const clientId = world.randomId()
    const { conversationId } = copy
    copy.outbox = enqueue<AgentBody>(copy.outbox, {
      clientId,
      thread: conversationId,
      identity: agentId,
      queuedAt: clock.now(),
      draft: { clientId, body },
    })
    drain(copy)
  }
  return {
    say(text) {
      const all = mine()
      if (all.length === 0) return false
      history.push({ kind: 'invoke', sender: name, text, identity: agentId })
      put(chance.pick(all), { type: 'message', text, format: 'markdown' })
      return true
    },
    handOn() {
      const [copy] = mine()
      if (!copy) return
      const { conversationId, state } = copy
      line.request('release', { v: 1, conversationId, expected: state.assignment }, () => sync(copy))
    },
    endOne() {
      const [copy] = mine()
      if (copy) put(copy, { type: 'ended', by: 'agent' })
    },
    weather: line.weather,
    finish() {
      for (const copy of copies.values())
        history.push({ kind: 'end', screen: copy.screen, waiting: [], conversation: copy.conversationId })
    },
  }
}
