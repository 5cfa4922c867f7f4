// What is being typed outlives a change of conversation: it was said to nobody yet.

import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import { EMPTY_STATE } from '../../../src/protocol/phase'
import { withPerson } from './withPerson'

async function talking(isSignedOut = () => false) {
  const hasThread = signal(true)
  const conversationId = signal('conversation-1')
  const { model, state } = await withPerson({
    live: {
      hasThread,
      conversationId,
      isSignedOut,
      visits() {},
      async leave() {
        hasThread.value = false
      },
      async join(id: string) {
        conversationId.value = id
      },
    },
  })
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
