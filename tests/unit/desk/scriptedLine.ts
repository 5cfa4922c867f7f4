// A line to a server of a few lines, for models that need no more: each call is answered by a function of the test.

import { signal } from '@preact/signals-core'
import { type Environment, secureRandomId } from '../../../src/base/environment'
import type { DeskLine } from '../../../src/desk/deskLine'
import type { LinkState } from '../../../src/live/liveTransport'
import type { DeskCalls, Pushes, PushName } from '../../../src/protocol/wire'
import { createManualClock } from '../../../src/testing/manualClock'
import { ADA } from './scene'

export type Answers = {
  [Name in keyof DeskCalls]?: (body: DeskCalls[Name]['request']) => object | Promise<object>
}

export function scriptLine(answers: Answers) {
  const clock = createManualClock()
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const links = new Set<(state: LinkState) => void>()
  const asked: { readonly name: string; readonly body: Record<string, unknown> }[] = []
  const openId = signal<string | null>(null)
  let link: LinkState = 'online'
  const env: Environment = {
    now: clock.now,
    after: clock.after,
    random: () => 0.5,
    randomId: secureRandomId,
    fetch: () => Promise.reject(new Error('no network here')),
    window: undefined,
  }
  const line: DeskLine = {
    env,
    agent: ADA,
    openId,
    request: (async (name: keyof DeskCalls, body: never) => {
      if (link !== 'online') return { ok: false, code: 'no_answer', retry: true }
      asked.push({ name, body })
      const answer = answers[name] as ((body: never) => object | Promise<object>) | undefined
      if (!answer) return { ok: false, code: 'not_found', retry: false }
      return { ok: true, ...(await answer(body)) }
    }) as DeskLine['request'],
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(listener as never))
      return () => set.delete(listener as never)
    },
    onLink(listener) {
      links.add(listener)
      listener(link)
      return () => links.delete(listener)
    },
  }
  return {
    line,
    env,
    openId,
    asked: (name: keyof DeskCalls) => asked.filter(each => each.name === name).map(each => each.body),
    push<Name extends PushName>(name: Name, payload: Pushes[Name]) {
      for (const listener of listeners.get(name) ?? []) listener(payload as never)
    },
    setLink(state: LinkState) {
      link = state
      for (const listener of links) listener(state)
    },
    /** Lets `ms` pass, and everything that it starts come to its end. */
    async settle(ms = 0) {
      for (let n = 0; n < 5; n++) await new Promise(setImmediate)
      clock.advance(ms)
      for (let n = 0; n < 5; n++) await new Promise(setImmediate)
    },
  }
}
