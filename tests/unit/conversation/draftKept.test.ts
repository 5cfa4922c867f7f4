// What is being typed outlives a change of conversation: it was said to nobody yet.

import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import { safeStorage } from '../../../src/base/safeStorage'
import { createTexts } from '../../../src/base/texts'
import { createConversationModel } from '../../../src/conversation/conversationModel'
import * as handoff from '../../../src/conversation/handoff'
import type { LiveModel } from '../../../src/live/liveModel'
import { EMPTY_STATE, type Phase } from '../../../src/protocol/phase'
import { createManualClock } from '../../../src/testing/manualClock'
import { english } from '../../english'

async function talking(isSignedOut = () => false) {
  const clock = createManualClock()
  const state = signal({ ...EMPTY_STATE, phase: 'live' as Phase })
  const hasThread = signal(true)
  const conversationId = signal('conversation-1')
  const live = {
    state,
    hasThread,
    conversationId,
    link: signal('online'),
    events: signal([]),
    rows: signal([]),
    isStranded: signal(false),
    leads: signal(true),
    resume: async () => true,
    isSignedOut,
    visits() {},
    async leave() {
      hasThread.value = false
    },
    async join(id: string) {
      conversationId.value = id
    },
    dispose() {},
  } as unknown as LiveModel
  const model = createConversationModel({
    environment: {
      now: clock.now,
      after: clock.after,
      random: () => 0.5,
      randomId: () => 'id-00000001',
      fetch: () => Promise.reject(new Error('no network')),
      window: undefined,
    },
    texts: createTexts('en', english),
    botName: 'Asklet',
    bot: { answer: () => Promise.reject(new Error('nobody asks it')) },
    facts: () => ({
      page: { url: 'u', route: '/', title: 't', name: 'n', headings: [], language: 'en', data: {} },
      visitor: { locale: 'en', attributes: {} },
    }),
    articlesRead: () => [],
    config: { hasPeople: true, contactEmail: null },
    tab: safeStorage(() => undefined),
    isWaiting: true,
    loadHandoff: async () => handoff,
    loadLive: async () => live,
  })
  await new Promise(setImmediate)
  model.setDraft('half a sen')
  return { model, state, hasThread }
}

test('half a message stays in the composer when an open conversation is taken up from the list', async () => {
  const { model } = await talking()
  await model.join('conversation-2', 'ticketed')
  expect(model.phase.value).not.toBe('bot')
  expect(model.draft.value).toBe('half a sen')
})

test('the agent ends while the visitor types: “Ask again” keeps what was typed', async () => {
  const { model, state } = await talking()
  state.value = { ...EMPTY_STATE, phase: 'ended' }
  model.askAgain()
  expect(model.phase.value).toBe('bot')
  expect(model.draft.value).toBe('half a sen')
})

test('“Ask again” is pressed in another tab: what was typed in this one stays', async () => {
  const { model, hasThread } = await talking()
  await model.join('conversation-2', 'live')
  hasThread.value = false
  expect(model.phase.value).toBe('bot')
  expect(model.draft.value).toBe('half a sen')
})

test('who signs out in another tab leaves no word behind in this one', async () => {
  const { model, hasThread } = await talking(() => true)
  await model.join('conversation-2', 'live')
  hasThread.value = false
  expect(model.draft.value).toBe('')
})

test('who signs out leaves no word behind', async () => {
  const { model } = await talking()
  const signedOut = model.logout()
  expect(model.draft.value).toBe('')
  await signedOut.catch(() => {})
})
