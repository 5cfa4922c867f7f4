// Whether the agent is there, as one page knows it: a push that may be lost, and that says nothing of anybody else.

import { expect, test } from 'vitest'
import { emptySession, type Input, type Session, step } from '../../../src/live/session'
import { readTabMessage, type TabMessage } from '../../../src/live/tabs'
import type { EventBody, StoredEvent } from '../../../src/protocol/events'
import { foldEvent } from '../../../src/protocol/phase'
import { IDENTITY } from './sessionWorld'

const thread = { openId: 'open-1', conversationId: 'conversation-1', epoch: 'e' }
const event = (seq: number, body: EventBody): StoredEvent => ({
  conversationId: 'conversation-1',
  seq,
  clientId: `stored-${seq}`,
  at: seq,
  author: { kind: 'system' },
  body,
})
const joined = (seq: number, name: string) =>
  event(seq, { type: 'assigned', assignment: seq, agent: { agentId: name, name }, cause: 'claimed' })
const LIVE = [event(1, { type: 'handoffReady', channel: 'live' }), joined(2, 'Noor')]

function page(leads = true) {
  const told: TabMessage[] = []
  let session: Session = {
    ...emptySession(IDENTITY),
    leads,
    thread,
    link: 'online',
    isSynced: true,
    events: LIVE,
    cursor: { epoch: 'e', last: 2, head: 2, held: [], isInDoubt: false },
    state: LIVE.reduce(foldEvent, emptySession(IDENTITY).state),
  }
  return {
    told,
    on(input: Input) {
      const next = step(session, input, { now: 0, random: () => 0, randomId: () => 'made-0000001' })
      session = next.session
      for (const effect of next.effects) if (effect.do === 'tell') told.push(effect.message)
      return session.agentPresence
    },
    get presence() {
      return session.agentPresence
    },
  }
}
const said = (state: 'here' | 'away' | 'gone', conversationId = 'conversation-1'): Input => ({
  type: 'agentPresence',
  push: { conversationId, state },
})

test('it is what the server said last, of this conversation alone', () => {
  const tab = page()
  expect(tab.presence).toBeNull()
  expect(tab.on(said('away'))).toBe('away')
  expect(tab.on(said('gone', 'conversation-2'))).toBe('away')
  expect(tab.on(said('here'))).toBe('here')
})

test('without a link nobody knows: unknown is not "here"', () => {
  const tab = page()
  tab.on(said('here'))
  expect(tab.on({ type: 'link', link: 'retrying' })).toBeNull()
})

test('what was said of one agent is not believed of the next, nor of nobody', () => {
  const tab = page()
  tab.on(said('away'))
  expect(
    tab.on({
      type: 'events',
      push: { conversationId: 'conversation-1', epoch: 'e', events: [joined(3, 'Mina')] },
    }),
  ).toBeNull()
  tab.on(said('gone'))
  const ended = event(4, { type: 'ended', by: 'agent' })
  expect(
    tab.on({ type: 'events', push: { conversationId: 'conversation-1', epoch: 'e', events: [ended] } }),
  ).toBeNull()
  expect(tab.on(said('here'))).toBeNull()
})

test('other tabs read it from the one that has the link, and one of an older version says nothing of it', () => {
  const leader = page()
  leader.on(said('away'))
  const follower = page(false)
  const message = readTabMessage(structuredClone(leader.told.at(-1)))
  expect(message).not.toBeNull()
  expect(follower.on({ type: 'heard', message: message as TabMessage })).toBe('away')
  const older = { type: 'link', link: 'online', isStranded: false, place: null, expectedWaitMs: null }
  expect(follower.on({ type: 'heard', message: readTabMessage(older) as TabMessage })).toBeNull()
})
