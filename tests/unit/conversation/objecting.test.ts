// Words for an objection that were typed and not sent yet: they are the model's, by what is objected to, and outlive what
// shows them.

import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import { safeStorage } from '../../../src/base/safeStorage'
import { type BegunObjection, withWords } from '../../../src/conversation/objecting'
import type { OutboxRow } from '../../../src/live/outbox'
import type { Draft, VisitorBody } from '../../../src/protocol/events'
import { withPerson } from './withPerson'

const answer = { about: 'answer', target: 'm2' } as const
const suggested = { about: 'suggestion', target: 'refunds' } as const

function kept() {
  const held = new Map<string, string>()
  return safeStorage(() => ({
    getItem: name => held.get(name) ?? null,
    setItem: (name, text) => void held.set(name, text),
    removeItem: name => void held.delete(name),
    key: () => null,
    length: 0,
    clear() {},
  }))
}

async function objecting(tab = kept()) {
  const sent: Draft<VisitorBody>[] = []
  const rows = signal<readonly OutboxRow[]>([])
  const live = {
    rows,
    send: async (draft: Draft<VisitorBody>) => void sent.push(draft),
    leave() {},
    join: async () => {},
    availability: async () => null,
    logout: async () => {},
  }
  return { ...(await withPerson({ tab, live })), sent, tab }
}

test('words for an objection are kept over a reload, until they are sent', async () => {
  const first = await objecting()
  first.model.typeObjection(answer, 'Another ')
  first.model.typeObjection(answer, 'Another bank.')
  const { model, sent } = await objecting(first.tab)
  expect(model.objecting.value).toEqual([{ ...answer, words: 'Another bank.' }])
  expect(await model.contest({ ...answer, words: 'Another bank.' })).toBe('sent')
  expect(sent.map(({ body }) => body)).toEqual([{ type: 'contested', ...answer, words: 'Another bank.' }])
  expect(model.objecting.value).toEqual([])
})

test('what nobody took, and what was typed on meanwhile, stays', async () => {
  const { model, state } = await objecting()
  model.typeObjection(answer, 'Another bank. And')
  await model.contest({ ...answer, words: 'Another bank.' })
  expect(model.objecting.value).toEqual([{ ...answer, words: 'Another bank. And' }])
  state.value = { ...state.value, phase: 'ended' }
  expect(await model.contest({ ...answer, words: 'Another bank. And' })).toBe('failed')
  expect(model.objecting.value).toEqual([{ ...answer, words: 'Another bank. And' }])
})

test('a fresh conversation knows of no messages of before: what is typed of the suggestions alone goes along', async () => {
  const { model } = await objecting()
  model.typeObjection(answer, 'Another bank.')
  model.typeObjection(suggested, 'Nothing of refunds.')
  model.askAgain()
  expect(model.objecting.value).toEqual([{ ...suggested, words: 'Nothing of refunds.' }])
  await model.logout()
  expect(model.objecting.value).toEqual([])
})

test('what any script may have put into the storage of the tab is no words of the visitor’s', async () => {
  const { model, tab } = await objecting()
  model.typeObjection(answer, 'Another bank.')
  tab.set('conversation', String(tab.get('conversation')).replace('"Another bank."', '{"a":1}'))
  expect((await objecting(tab)).model.objecting.value).toEqual([])
})

test('an objection that no person has is not ended with the conversation: the ways to one come first', async () => {
  const { model, state } = await objecting()
  state.value = { ...state.value, phase: 'bot' }
  expect(await model.contest({ ...answer, words: 'Another bank.' })).toBe('withHandoff')
  model.stayWithBot()
  expect(model.offer.value).toBeNull()
  const held = () => model.telling.value?.objections.value.map(({ words }) => words)
  await model.end()
  expect(model.offer.value).not.toBeNull()
  expect(held()).toEqual(['Another bank.'])
  // Told once, the visitor's second word counts.
  await model.end()
  expect([model.offer.value, held()]).toEqual([null, []])
})

test('who goes on with a conversation that people have takes along what waited for one', async () => {
  const { model, state, sent } = await objecting()
  state.value = { ...state.value, phase: 'bot' }
  await model.contest({ ...answer, words: 'Another bank.' })
  await model.join('conversation-2', 'ticketed')
  expect(sent.map(({ body }) => body)).toEqual([{ type: 'contested', ...answer, words: 'Another bank.' }])
})

test('of many that were begun the newest are kept', () => {
  let begun: readonly BegunObjection[] = []
  for (let n = 0; n < 30; n++) begun = withWords(begun, { about: 'answer', target: `m${n}` }, 'x')
  expect(begun).toHaveLength(20)
  expect(begun.at(-1)?.target).toBe('m29')
  expect(withWords(begun, { about: 'answer', target: 'm29' }, null).at(-1)?.target).toBe('m28')
})
