// A desk, colleagues and visitors over the real server core; time and wires are in the test's hand.

import { type Environment, secureRandomId } from '../../../src/base/environment'
import { createMemoryStore, type KeyedStore } from '../../../src/base/keyedStore'
import { safeStorage } from '../../../src/base/safeStorage'
import type { DeskAccount, DeskAgent } from '../../../src/desk/account'
import { createDeskModel, type DeskModel, type DeskParts } from '../../../src/desk/deskModel'
import { createPreferences } from '../../../src/desk/preferences'
import type { VisitorBody } from '../../../src/protocol/events'
import type { Brief } from '../../../src/protocol/records'
import type { VisitorCalls } from '../../../src/protocol/wire'
import { createLoopback, type Loopback } from '../../../src/testing/loopback'
import type { Wire } from '../../../src/testing/wire'

export const ADA: DeskAgent = { agentId: 'agent-ada', name: 'Ada' }
export const GRACE: DeskAgent = { agentId: 'agent-grace', name: 'Grace' }

export interface DeskAtWork {
  readonly model: DeskModel
  readonly wire: Wire
  /** What the account answers from now on: who is signed in, or nobody. */
  signedIn: DeskAgent | 'unreachable' | null
  /** Texts in the open conversation, oldest first, with the state of own ones. */
  lines(): string[]
}

export interface VisitorAtWork {
  readonly conversationId: string
  readonly transport: ReturnType<Loopback['visitor']>['transport']
  send(body: VisitorBody, clientId?: string): Promise<void>
  say(text: string): Promise<void>
  /** All texts that the server holds, oldest first. */
  texts(): Promise<string[]>
}

export interface Scene {
  readonly loopback: Loopback
  readonly env: Environment
  /** `holds`: replies can be taken back for 5 s, as agents have it; off unless a test is about that. */
  desk(
    agent?: DeskAgent | 'unreachable' | null,
    store?: KeyedStore,
    options?: {
      readonly holds?: boolean
      readonly createFiles?: DeskParts['createFiles']
      readonly locks?: DeskParts['locks']
    },
  ): Promise<DeskAtWork>
  /** Opens a conversation, asks, and waits in the queue. */
  visitor(name: string, question?: string): Promise<VisitorAtWork>
  settle(ms?: number): Promise<void>
  close(): Promise<void>
}

const briefOf = (name: string, question: string): Brief => ({
  reason: 'askedForPerson',
  page: {
    url: 'https://x.test/pay',
    route: '/pay',
    title: 'Pay',
    name: 'Payments',
    headings: [],
    language: 'en',
    data: {},
  },
  visitor: { name, role: 'client', locale: 'en', attributes: {} },
  articlesRead: [],
  slots: [],
  question,
  turns: 0,
})

/** @param window  the page, for what depends on it being in sight */
export async function createScene(window?: Environment['window']): Promise<Scene> {
  const loopback = await createLoopback({ timers: { agentGoneMs: 30_000 } })
  const { settle } = loopback
  const env: Environment = {
    now: loopback.clock.now,
    after: loopback.clock.after,
    random: loopback.random,
    randomId: secureRandomId,
    fetch: () => Promise.reject(new Error('no network here')),
    window,
  }
  const desks: DeskModel[] = []

  async function ask<Name extends keyof VisitorCalls>(
    transport: VisitorAtWork['transport'],
    name: Name,
    body: VisitorCalls[Name]['request'],
  ): Promise<VisitorCalls[Name]['reply']> {
    const asked = transport.request(name, body as never)
    await settle()
    const reply = await asked
    if (!reply.ok) throw new Error(`${name}: ${reply.code}`)
    return reply as unknown as VisitorCalls[Name]['reply']
  }

  return {
    loopback,
    env,
    settle,
    async desk(agent = ADA, store = createMemoryStore('stored'), { holds = false, createFiles, locks } = {}) {
      const deviceStore = safeStorage(() => null)
      for (const { agentId } of holds ? [] : [ADA, GRACE])
        createPreferences(deviceStore, agentId).setHoldsReplies(false)
      const line = loopback.agent(agent === 'unreachable' ? ADA : (agent ?? ADA))
      const atWork: DeskAtWork = {
        signedIn: agent,
        wire: line.wire,
        model: createDeskModel({
          env,
          account: accountOf(() => atWork.signedIn),
          createTransport: () => line.transport,
          openStore: async () => store,
          tabStore: safeStorage(() => null),
          deviceStore,
          ...(createFiles && { createFiles }),
          ...(locks && { locks }),
        }),
        lines: () =>
          (atWork.model.thread.value?.items ?? []).flatMap(item => {
            if (item.kind === 'notice') return []
            const { state, text } = item
            return [
              state ? `${text} [${typeof state === 'object' ? `failed ${state.failed}` : state}]` : text,
            ]
          }),
      }
      desks.push(atWork.model)
      await atWork.model.begin()
      await settle()
      return atWork
    },
    async visitor(name, question = 'Where is my invoice?') {
      const { transport } = loopback.visitor()
      transport.connect()
      await settle()
      const { conversationId } = await ask(transport, 'open', {
        v: 1,
        openId: secureRandomId(),
        brief: briefOf(name, question),
      })
      const send: VisitorAtWork['send'] = async (body, clientId = secureRandomId()) => {
        await ask(transport, 'send', { v: 1, conversationId, drafts: [{ clientId, body }] })
      }
      const say = (text: string) => send({ type: 'message', text, format: 'plain' })
      await say(question)
      await send({ type: 'handoffReady', channel: 'live' })
      await settle(1_000)
      return {
        conversationId,
        transport,
        send,
        say,
        async texts() {
          const { events } = await ask(transport, 'sync', { v: 1, conversationId, after: 0, epoch: '' })
          return events.flatMap(({ body }) => (body.type === 'message' ? [body.text] : []))
        },
      }
    },
    async close() {
      for (const model of desks) model.dispose()
      await loopback.close()
    },
  }
}

function accountOf(signedIn: () => DeskAgent | 'unreachable' | null): DeskAccount {
  const answer = async () => {
    const agent = signedIn()
    if (agent === 'unreachable') return { ok: false as const, problem: agent }
    return agent ? { ok: true as const, agent } : { ok: false as const, problem: 'refused' as const }
  }
  return { me: answer, signIn: answer, signOut: async () => {} }
}
