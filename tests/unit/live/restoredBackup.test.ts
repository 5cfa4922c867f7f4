// What a visitor sees when the operator puts a backup back: the session's part of D4, step by step.

import { expect, test } from 'vitest'
import { type Effect, emptySession, type Input, type Session, step } from '../../../src/live/session'
import type { StoredEvent } from '../../../src/protocol/events'

const moment = { now: 1_000, random: () => 0, randomId: () => 'id-of-this-device-0001' }

/** A leading tab whose conversation is shown up to seq 1, in epoch `old`. */
function talking() {
  let session: Session = emptySession('ann')
  const effects: Effect[] = []
  const happen = (input: Input) => {
    const done = step(session, input, moment)
    session = done.session
    effects.push(...done.effects)
  }
  const thread = { openId: 'open-0001', conversationId: 'conversation-1', epoch: 'old' }
  happen({ type: 'loaded', thread, rows: [], events: [event(1, 'hello', 'id-0000000')] })
  happen({ type: 'led', rows: [], thread })
  happen({ type: 'link', link: 'online' })
  const answer = (call: string, reply: object) => {
    const asked = effects.findLast(effect => effect.do === 'ask' && effect.asked.call === call)
    if (asked?.do !== 'ask') throw new Error(`nobody asked ${call}`)
    happen({ type: 'answered', asked: asked.asked, answer: reply as never })
  }
  return { happen, answer, effects, session: () => session }
}

function event(seq: number, text: string, clientId: string): StoredEvent {
  return {
    conversationId: 'conversation-1',
    seq,
    clientId,
    at: seq,
    author: { kind: 'visitor' },
    body: { type: 'message', text, format: 'plain' },
  }
}

test('a message that was "sent", and is not in the backup that was put back, is kept on the device and sent again', () => {
  const tab = talking()
  tab.answer('sync', { ok: true, events: [], head: 1, epoch: 'old' })
  const draft = {
    clientId: 'id-0000001',
    body: { type: 'message', text: 'my order', format: 'plain' },
  } as const
  tab.happen({ type: 'typed', draft })
  tab.happen({ type: 'saved' })
  tab.answer('send', { ok: true, results: [{ clientId: 'id-0000001', seq: 2, at: 2 }] })
  expect(tab.session().rows.map(row => row.state)).toEqual(['sent'])

  // The backup is from before: the same conversation, without the message, in another epoch.
  tab.happen({ type: 'link', link: 'retrying' })
  tab.happen({ type: 'link', link: 'online' })
  tab.answer('sync', { ok: true, events: [event(1, 'hello', 'id-0000000')], head: 1, epoch: 'new' })
  tab.answer('sync', { ok: true, events: [event(1, 'hello', 'id-0000000')], head: 1, epoch: 'new' })
  const saved = tab.effects.flatMap(effect => (effect.do === 'save' ? effect.rows : []))
  expect(saved.at(-1)).toMatchObject({ clientId: 'id-0000001', state: 'queued' })
  tab.happen({ type: 'saved' })
  tab.happen({ type: 'saved' })
  const asked = tab.effects.findLast(effect => effect.do === 'ask' && effect.asked.call === 'send')
  expect(tab.session().rows.map(row => row.state)).toEqual(['sending'])
  expect(asked).toMatchObject({ asked: { ids: ['id-0000001'] } })
})
