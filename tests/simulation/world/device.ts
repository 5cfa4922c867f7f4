// One visitor's device: a disk, a few tabs, a lock that one of them holds. Each tab runs the project's own
// `session`; what it asks for is done here, late, or not at all when the tab is gone by then.

import type { OutboxRow } from '../../../src/live/outbox'
import { type Effect, emptySession, type Input, type Session, step } from '../../../src/live/session'
import type { TabMessage, Thread } from '../../../src/live/tabs'
import type { Draft, StoredEvent, VisitorBody } from '../../../src/protocol/events'
import type { Brief } from '../../../src/protocol/records'
import type { HistoryLine } from '../checker'
import type { Chance } from './chance'
import type { Clockwork } from './clockwork'
import { createLine, type Line, type Weather } from './line'
import type { Node } from './office'

export interface DeviceMutation {
  readonly newKeyOnRetry?: boolean
  readonly forgetsDisk?: boolean
  readonly noGapCheck?: boolean
  /** What other tabs saved is looked up when a tab begins to lead, and then never again. */
  readonly looksOnce?: boolean
}

export interface World {
  readonly clock: Clockwork
  readonly chance: Chance
  readonly nodes: readonly Node[]
  readonly history: HistoryLine[]
  /** Words that the visitor got back into the composer, and in which tabs: not lost, whatever became of them. */
  readonly handedBack: Map<string, readonly string[]>
  /** Words that a refusing disk holds as they were: a page that knows no better joins them to its own conversation. */
  readonly stale: Set<string>
  /** Words that a refusing disk let go of: the panel says that closing loses them. */
  readonly unkept: Set<string>
  randomId(): string
}

export interface SimulatedTab {
  readonly screen: string
  session(): Session
  say(text: string): void
  /** What the bot would say now; refused once a person has the word. */
  sayAsBot(text: string): void
  /** Asks for a person, with one earlier turn. */
  open(earlier: string): void
  end(): void
  /** Lets go of a conversation that is over. */
  leave(): void
  seen(): void
  /** Yes to whatever asks for it, and what failed is thrown away. */
  decide(): void
}

export interface Device {
  readonly tabs: readonly SimulatedTab[]
  open(): SimulatedTab
  /** Killed, not closed: what was not on the disk yet is gone. */
  kill(tab: SimulatedTab): void
  weather(weather: Weather): void
  setDiskFull(isFull: boolean): void
  /** No word is on its way, and every wish for a person has become a conversation or is gone. */
  finish(): void
}

interface Tab extends SimulatedTab {
  isAlive: boolean
  happened(input: Input): void
  readonly line: Line
  showing(conversationId: string): string
  leads: boolean
  /** When its disk has done what it was asked for, and when what waits for that hears so. */
  freeAt: number
  heardAt: number
}

const BRIEF: Brief = {
  reason: 'askedForPerson',
  page: { url: 'https://x.test/', route: '/', title: 'X', name: 'X', headings: [], language: 'en', data: {} },
  visitor: { locale: 'en', attributes: {} },
  articlesRead: [],
  slots: [],
  turns: 1,
}

const textOf = (body: Draft['body'] | undefined): string | null =>
  body?.type === 'message' ? body.text : null

export function createDevice(world: World, name: string, mutation: DeviceMutation = {}): Device {
  const { clock, chance, history } = world
  const identity = `site/${name}`
  let rows = new Map<string, OutboxRow>()
  let thread: Thread | null = null
  let cached = new Map<number, StoredEvent>()
  let cachedOf = ''
  let isFull = false
  const tabs: Tab[] = []
  let screens = 0
  let leader: Tab | null = null
  let weather: Weather | null = null
  const tries = new Map<string, number>()

  /** Each tab's in the order asked for; lost with the tab that asked. */
  const onDisk = (tab: Tab, work: () => void, after: () => void) => {
    tab.freeAt = Math.max(tab.freeAt, clock.now()) + chance.roll() * (chance.below(50) === 0 ? 200 : 8)
    clock.after(tab.freeAt - clock.now(), () => {
      if (!tab.isAlive) return
      work()
      // Between the disk and whoever waits for it lies a turn, in which the tab may go.
      tab.heardAt = Math.max(tab.heardAt, clock.now() + chance.roll() * (chance.below(20) === 0 ? 100 : 1))
      clock.after(tab.heardAt - clock.now(), () => {
        if (tab.isAlive) after()
      })
    })
  }
  const post = (from: Tab, message: TabMessage) => {
    clock.after(1, () => {
      for (const tab of [...tabs]) if (tab !== from && tab.isAlive) tab.happened({ type: 'heard', message })
    })
  }
  const elect = () => {
    if (leader?.isAlive) return
    const next = tabs[0]
    leader = next ?? null
    if (!next) return
    onDisk(
      next,
      () => {
        next.leads = true
        next.happened({ type: 'led', rows: [...rows.values()], thread })
        next.line.connect()
      },
      () => {},
    )
  }

  function open(): Tab {
    const screen = `${name}/${++screens}`
    let session = emptySession(identity)
    const timers = new Map<string, () => void>()
    /** What a tab lets go of and shows again later is another showing, from 1. */
    let showings = 0
    let isReady = false
    const showing = (conversationId: string) => `${screen} ${conversationId} ${showings}`
    let shown = session.events
    const failed = new Set<string>()

    const happened = (input: Input) => {
      if (!tab.isAlive) return
      const next = step(session, input, { now: clock.now(), random: chance.roll, randomId: world.randomId })
      session = mutation.noGapCheck
        ? {
            ...next.session,
            cursor: { ...next.session.cursor, head: next.session.cursor.last, isInDoubt: false },
          }
        : next.session
      look()
      for (const effect of next.effects) carryOut(effect)
    }
    /** Writes down what this screen shows now and did not show before. */
    const look = () => {
      const { events } = session
      if (events !== shown) {
        const before = shown[0]?.conversationId
        const isMore = shown.length === 0 || events[shown.length - 1] === shown.at(-1)
        if (!isMore && before !== undefined)
          if (before === session.thread?.conversationId)
            history.push({ kind: 'restart', screen: showing(before) })
          else showings++
        for (const { seq, body, conversationId } of isMore ? events.slice(shown.length) : events)
          history.push({
            kind: 'render',
            screen: showing(conversationId),
            seq,
            text: textOf(body as Draft['body']),
            conversation: conversationId,
          })
        shown = events
      }
      for (const { clientId, state, draft, queuedAt } of session.rows) {
        const text = textOf(draft?.body)
        if (typeof state === 'object' && text !== null && !failed.has(`${clientId} ${queuedAt}`)) {
          failed.add(`${clientId} ${queuedAt}`)
          history.push({ kind: 'fail', text, code: state.failed })
        }
      }
    }

    const carryOut = (effect: Effect) => {
      switch (effect.do) {
        case 'save':
          onDisk(
            tab,
            () => {
              if (isFull && effect.orNothing) {
                // The panel says so: closing loses them.
                for (const { draft } of rows.values()) world.unkept.add(textOf(draft?.body) ?? '')
                rows = new Map()
                thread = null
              }
              // Deletes are writes, too.
              if (isFull) {
                for (const { clientId, draft } of rows.values())
                  if (effect.thread || effect.forget.includes(clientId))
                    world.stale.add(textOf(draft?.body) ?? '')
                return
              }
              for (const id of effect.forget) rows.delete(id)
              if (effect.thread && !mutation.forgetsDisk) thread = effect.thread
              if (!mutation.forgetsDisk) for (const row of effect.rows) rows.set(row.clientId, row)
              for (const row of effect.rows) {
                const text = textOf(row.draft?.body)
                if (text !== null && !row.draft?.as && row.state === 'queued')
                  history.push({ kind: 'saved', text })
              }
            },
            () => {
              for (const message of effect.tell) post(tab, message)
              if (effect.isAwaited) happened({ type: 'saved' })
            },
          )
          return
        case 'cache':
          onDisk(
            tab,
            () => {
              if (isFull) return
              const of = `${effect.conversationId}/${effect.epoch}`
              if (of !== cachedOf || effect.dropsOthers) cached = new Map()
              cachedOf = of
              for (const event of effect.events) cached.set(event.seq, event)
            },
            () => {},
          )
          return
        case 'ask': {
          const { asked } = effect
          const body = asked.call === 'send' && mutation.newKeyOnRetry ? renamed(asked.body) : asked.body
          const drafts =
            asked.call === 'send' ? (body as { drafts: readonly Draft<VisitorBody>[] }).drafts : []
          for (const { clientId, body: each } of drafts) {
            const text = textOf(each)
            if (text !== null) history.push({ kind: 'request', id: clientId, text })
          }
          tab.line.request(asked.call, body, reply => {
            const { ok, results } = reply as { ok: boolean; results?: readonly { seq: number }[] }
            if (ok && results)
              drafts.forEach(({ clientId, body: each }, n) => {
                const text = textOf(each)
                if (text !== null) history.push({ kind: 'ok', id: clientId, text, seq: results[n]?.seq ?? 0 })
              })
            happened({ type: 'answered', asked, answer: reply as never })
          })
          return
        }
        case 'after':
          timers.get(effect.timer)?.()
          timers.set(
            effect.timer,
            clock.after(effect.ms, () => happened({ type: 'timer', timer: effect.timer })),
          )
          return
        case 'tell':
          return post(tab, effect.message)
        case 'await':
          return
        case 'leave':
          onDisk(
            tab,
            () => {
              if (isFull) return
              const isAnother = thread && effect.openId !== undefined && thread.openId !== effect.openId
              const left = [...rows.values()].filter(row => !isAnother || row.thread === effect.openId)
              giveBack(left.filter(row => !session.gone.includes(row.clientId)))
              for (const { clientId } of left) rows.delete(clientId)
              if (isAnother) return
              thread = null
              cached = new Map()
            },
            () => post(tab, { type: 'thread', thread: null, openId: effect.openId }),
          )
          return
        case 'handBack':
          giveBack(effect.rows)
          onDisk(
            tab,
            () => {
              if (!isFull) for (const { clientId } of effect.rows) rows.delete(clientId)
            },
            () => {},
          )
          return
        case 'proveAnew':
          tab.line.close()
          tab.line.connect()
      }
    }
    const giveBack = (given: readonly OutboxRow[]) => {
      for (const { draft } of given) {
        const text = textOf(draft?.body)
        if (text !== null) world.handedBack.set(text, [...(world.handedBack.get(text) ?? []), screen])
      }
    }
    const renamed = (body: unknown) => {
      const request = body as { drafts: readonly Draft[] }
      return {
        ...request,
        drafts: request.drafts.map(draft => {
          const times = tries.get(draft.clientId) ?? 0
          tries.set(draft.clientId, times + 1)
          return times ? { ...draft, clientId: `${draft.clientId}-${times}` } : draft
        }),
      }
    }

    const line = createLine(
      world,
      { member: { kind: 'visitor', identities: [`anon:${name}`] }, name },
      {
        onLink: link => happened({ type: 'link', link }),
        onPush: push => {
          if (push.name === 'events') happened({ type: 'events', push: push.payload })
          else if (push.name === 'head') {
            happened({ type: 'head', push: push.payload })
            lookAtDisk()
          }
        },
      },
    )
    const lookAtDisk = () => {
      if (!session.leads || mutation.looksOnce) return
      onDisk(
        tab,
        () => happened({ type: 'found', rows: [...rows.values()] }),
        () => {},
      )
    }
    const invoke = (sender: string, text: string) =>
      history.push({ kind: 'invoke', sender, text, identity: name })

    const tab: Tab = {
      screen,
      isAlive: true,
      leads: false,
      freeAt: 0,
      heardAt: 0,
      line,
      showing,
      happened,
      session: () => session,
      say(text) {
        if (!session.thread) return
        // Two tabs within the same milliseconds have no order; each has one.
        invoke(screen, text)
        happened({
          type: 'typed',
          draft: { clientId: world.randomId(), body: { type: 'message', text, format: 'plain' } },
        })
      },
      sayAsBot(text) {
        if (!session.thread) return
        invoke(`${screen} bot`, text)
        happened({
          type: 'typed',
          draft: {
            clientId: world.randomId(),
            as: 'bot',
            expectedAssignment: session.state.assignment,
            body: { type: 'message', text, format: 'plain' },
          },
        })
      },
      open(earlier) {
        if (!isReady) return
        invoke(screen, earlier)
        happened({
          type: 'opened',
          brief: BRIEF,
          earlierTurns: [
            { clientId: world.randomId(), body: { type: 'message', text: earlier, format: 'plain' } },
          ],
          handoff: { clientId: world.randomId(), body: { type: 'handoffReady', channel: 'live' } },
        })
      },
      end() {
        if (session.thread)
          happened({
            type: 'typed',
            draft: { clientId: world.randomId(), body: { type: 'ended', by: 'visitor' } },
          })
      },
      leave: () => happened({ type: 'left', forgetsSecret: false }),
      seen: () => happened({ type: 'seen', seq: session.cursor.last }),
      decide() {
        for (const { clientId, state, draft } of session.rows) {
          if (state === 'needsConfirm') {
            const text = textOf(draft?.body)
            if (text !== null) history.push({ kind: 'again', text, sender: screen })
            happened({ type: 'retried', clientId })
          } else if (typeof state === 'object') happened({ type: 'discarded', clientId })
        }
      },
    }
    tabs.push(tab)
    if (weather) line.weather(weather)
    // The page reads its disk, then it takes part.
    clock.after(chance.roll() * 5, () => {
      if (!tab.isAlive) return
      isReady = true
      if (thread) {
        const { openId, conversationId, epoch } = thread
        happened({
          type: 'loaded',
          thread,
          rows: [...rows.values()].filter(row => row.thread === openId),
          events:
            `${conversationId}/${epoch}` === cachedOf
              ? [...cached.values()].sort((a, b) => a.seq - b.seq)
              : [],
        })
      }
      elect()
      post(tab, { type: 'hello' })
      if (session.thread) {
        post(tab, { type: 'thread', thread: session.thread })
        post(tab, { type: 'rows', thread: session.thread.openId, rows: session.rows })
      }
      happened({ type: 'resumed' })
    })
    return tab
  }

  return {
    tabs,
    open,
    kill(given) {
      const tab = given as Tab
      tab.isAlive = false
      tab.line.close()
      tabs.splice(tabs.indexOf(tab), 1)
      if (leader === tab) leader = null
      elect()
    },
    weather(next) {
      weather = next
      for (const tab of tabs) tab.line.weather(next)
    },
    setDiskFull(next) {
      isFull = next
    },
    finish() {
      for (const tab of tabs) {
        const { rows: waiting, thread: at } = tab.session()
        if (!at) continue
        const conversation = at.conversationId ?? 'none'
        history.push({
          kind: 'end',
          screen: tab.showing(conversation),
          waiting: waiting.flatMap(({ draft }) => textOf(draft?.body) ?? []),
          conversation,
        })
      }
    },
  }
}
