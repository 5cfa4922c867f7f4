// An objection in the window: where it is said to be, by what the conversation has of it, and what can be done about it.

import axe from 'axe-core'
import { beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createFakes, message, showConversation } from '../../../demo/states/script/fakes'
import { part, scriptedTelling } from '../../../demo/states/script/telling'
import { found } from '../../../demo/states/script/workmere'
import type { Objection } from '../../../src/conversation/objections'
import { mount } from './mounted'

beforeEach(() => page.viewport(1_280, 800))

const MADE: Objection = {
  key: 'o',
  about: 'answer',
  target: 'm2',
  at: Date.UTC(2026, 10, 20, 12),
  state: 'sent',
  answer: null,
  isHeld: false,
  isForGood: false,
}

/** The bot's answer with "Why this?" open, and what contesting it comes to. */
async function answered(became: 'sent' | 'withHandoff' | 'failed', objections: readonly Objection[] = []) {
  const fakes = createFakes()
  const { conversation } = fakes
  const telling = scriptedTelling({ objections })
  conversation.telling.value = telling
  const source = { kind: 'article', citations: [], why: { rule: 'bot:article', sure: 0.7 } } as const
  conversation.items.value = [
    message('m1', 'visitor', 'Where is it?'),
    message('m2', 'bot', 'Two days.', { source }),
    message('m3', 'visitor', 'No.'),
  ]
  const said: unknown[] = []
  conversation.contest = async objection => {
    said.push(objection)
    if (became !== 'failed') conversation.typeObjection(objection, null)
    if (became === 'withHandoff')
      telling.objections.value = [{ ...MADE, ...objection, state: became, isHeld: true }]
    if (became === 'sent') telling.objections.value = [{ ...MADE, ...objection, state: 'queued' }]
    return became
  }
  showConversation(fakes)
  const mounted = mount(fakes)
  await page.getByRole('button', { name: 'Why this?' }).click()
  return { ...mounted, telling, said }
}

/** Not what screen readers are told of it. */
const shown = () => page.getByRole('dialog')

const object = async (words: string) => {
  await page.getByRole('button', { name: 'This answer is wrong' }).click()
  await userEvent.keyboard(words)
  await page.getByRole('button', { name: 'I want a person to look at it' }).click()
}

test('with the bot nobody is told that a person looks at it; it can be taken back, and the keyboard stays', async () => {
  const { root, said, focused, spoken, calls } = await answered('withHandoff')
  await object('Another bank.')
  const waits = shown().getByText('Not sent yet: it goes along once you choose how a person reaches you.')
  await expect.element(waits).toBeVisible()
  expect(said).toEqual([{ about: 'answer', target: 'm2', words: 'Another bank.' }])
  expect(root.textContent).not.toContain('is on its way to a person')
  await vi.waitFor(() => expect(spoken()).toContain('Not sent yet'))
  expect(focused()?.className).toBe('objection')
  await page.getByRole('button', { name: 'Choose how a person reaches you' }).click()
  expect(calls.some(call => call.startsWith('askForPerson'))).toBe(true)
  await page.getByRole('button', { name: 'Take it back' }).click()
  await expect.element(page.getByRole('button', { name: 'This answer is wrong' })).toBeVisible()
  await vi.waitFor(() => expect(focused()?.textContent).toBe('This answer is wrong'))
})

test('what could not be sent keeps its words, and says that nobody has it', async () => {
  const { spoken } = await answered('failed')
  await object('Another bank.')
  await expect.element(shown().getByText('It was not sent, and nobody has it.')).toBeVisible()
  await expect.element(page.getByRole('textbox', { name: /What is wrong/ })).toHaveValue('Another bank.')
  await vi.waitFor(() => expect(spoken()).toContain('nobody has it'))
})

test('what is being typed outlives the view it is typed in, and goes when it was sent', async () => {
  const { panel, telling, conversation, said } = await answered('withHandoff')
  await page.getByRole('button', { name: 'This answer is wrong' }).click()
  await userEvent.keyboard('Another bank.')
  panel.view.value = 'home'
  await vi.waitFor(() => expect(page.getByRole('button', { name: 'Why this?' }).elements()).toEqual([]))
  panel.view.value = 'conversation'
  await page.getByRole('button', { name: 'Why this?' }).click()
  await expect.element(page.getByRole('textbox', { name: /What is wrong/ })).toHaveValue('Another bank.')
  await page.getByRole('button', { name: 'I want a person to look at it' }).click()
  expect(said).toEqual([{ about: 'answer', target: 'm2', words: 'Another bank.' }])
  expect(conversation.objecting.value).toEqual([])
  expect(telling.objections.value).toHaveLength(1)
})

test('Escape in the field closes the form alone, keeps the words, and leads back to its button', async () => {
  const { focused } = await answered('failed')
  await page.getByRole('button', { name: 'This answer is wrong' }).click()
  await userEvent.keyboard('Another bank.{Escape}')
  expect(page.getByRole('textbox', { name: /What is wrong/ }).elements()).toEqual([])
  await vi.waitFor(() => expect(focused()?.textContent).toBe('This answer is wrong'))
  await page.getByRole('button', { name: 'This answer is wrong' }).click()
  await expect.element(page.getByRole('textbox', { name: /What is wrong/ })).toHaveValue('Another bank.')
})

test('a refusal for good says so, offers no second try, and gives the words back to be changed', async () => {
  const { telling, calls, focused } = await answered('sent', [
    { ...MADE, words: 'Another bank.', state: { failed: 'forbidden' }, isHeld: true, isForGood: true },
  ])
  const { takeBack } = telling
  telling.takeBack = key => {
    calls.push(`takeBack:${key}`)
    takeBack(key)
  }
  await expect
    .element(shown().getByText('It was not taken, and would not be if it were sent again. Nobody has it.'))
    .toBeVisible()
  await expect.element(shown().getByText('Another bank.')).toBeVisible()
  expect(page.getByRole('button', { name: 'Try again' }).elements()).toEqual([])
  await page.getByRole('button', { name: 'Put my words back in the field' }).click()
  expect(calls).toContain('takeBack:o')
  const field = page.getByRole('textbox', { name: /What is wrong/ })
  await expect.element(field).toHaveValue('Another bank.')
  await vi.waitFor(() => expect(focused()).toBe(field.element()))
})

test('one that may be tried again keeps its words in sight, and the keyboard stays with it', async () => {
  const { telling, calls, focused } = await answered('sent', [
    { ...MADE, words: 'Another bank.', state: { failed: 'internal' }, isHeld: true },
  ])
  await expect
    .element(shown().getByText('It was not sent, and nobody has it. Please try again.'))
    .toBeVisible()
  await expect.element(shown().getByText('Another bank.')).toBeVisible()
  await page.getByRole('button', { name: 'Try again' }).click()
  expect(calls).toContain('retry:o')
  telling.objections.value = [{ ...MADE, words: 'Another bank.', state: 'sending' }]
  await expect.element(shown().getByText('It is on its way to a person.')).toBeVisible()
  expect(focused()?.className).toBe('objection')
})

test('words that were being typed when it ended are not lost: they can be copied, and go as a message', async () => {
  const { conversation, focused } = await answered('failed')
  await page.getByRole('button', { name: 'This answer is wrong' }).click()
  await userEvent.keyboard('Another bank.')
  conversation.phase.value = 'ended'
  await expect.element(shown().getByText('You were still writing this. Nobody has read it.')).toBeVisible()
  await expect.element(shown().getByText('Another bank.')).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Copy', exact: true })).toBeVisible()
  expect(focused()).not.toBeNull()
  await page.getByRole('button', { name: 'Use as a message' }).click()
  expect(conversation.draft.value).toBe('Another bank.')
  expect(conversation.objecting.value).toEqual([])
})

test('what was objected to is said with its day, in every place, and is not offered again', async () => {
  const { telling, calls, host } = await answered('sent', [MADE])
  await expect.element(shown().getByText('You asked on November 20, 2026.')).toBeVisible()
  expect(page.getByRole('button', { name: 'This answer is wrong' }).elements()).toEqual([])
  telling.objections.value = [
    { ...MADE, answer: { outcome: 'changed', words: 'Right.', by: 'Noor', at: Date.UTC(2026, 10, 21, 12) } },
  ]
  await expect.element(shown().getByText('A person answered on November 21, 2026.')).toBeVisible()
  telling.objections.value = [{ ...MADE, state: { failed: 'closed' }, isHeld: true }]
  await page.getByRole('button', { name: 'Try again' }).click()
  expect(calls).toContain('retry:o')
  const { violations } = await axe.run(host, { rules: { region: { enabled: false } } })
  expect(violations.map(({ id }) => id)).toEqual([])
})

test('an objection that the server did not take stands in the conversation, to be sent again or thrown away', async () => {
  const fakes = createFakes()
  fakes.conversation.phase.value = 'live'
  fakes.conversation.items.value = [
    message('m1', 'visitor', 'Where is it?'),
    {
      kind: 'notice',
      key: 'o',
      seq: null,
      name: 'objectingWords',
      values: { about: 'answer', words: 'Another bank.' },
      at: Date.UTC(2026, 10, 20, 12),
      state: { failed: 'closed' },
    },
  ]
  showConversation(fakes)
  const { calls } = mount(fakes)
  await expect.element(shown().getByText('You object: the answer. “Another bank.”')).toBeVisible()
  await expect.element(shown().getByText('Not sent: the conversation was closed')).toBeVisible()
  await page.getByRole('button', { name: 'Retry' }).click()
  await page.getByRole('button', { name: 'Discard' }).click()
  expect(calls).toEqual(expect.arrayContaining(['retry:o', 'discard:o']))
})

test('a receipt shows long words whole, and what opens it is large enough for a finger', async () => {
  const fakes = createFakes()
  const { conversation } = fakes
  conversation.telling.value = scriptedTelling({
    parts: [part('page', 'Where is it? '.repeat(70).trim()), part('errors', 'E'.repeat(300))],
    turns: ['Where is it?', 'Two days.'],
  })
  conversation.phase.value = 'offered'
  conversation.offer.value = { reason: 'askedForPerson', checking: false, channels: [] }
  showConversation(fakes)
  const { root } = mount(fakes)
  await page.getByRole('button', { name: 'See what will be sent' }).click()
  await expect.element(page.getByText('2 earlier messages go along')).toBeVisible()
  const cut = [...root.querySelectorAll<HTMLElement>('.receipt .words')].filter(
    ({ scrollHeight, clientHeight, scrollWidth, clientWidth }) =>
      scrollHeight > clientHeight + 1 || scrollWidth > clientWidth + 1,
  )
  expect(cut.map(each => each.textContent)).toEqual([])
  expect(root.querySelector('.receipt summary')?.getBoundingClientRect().height).toBeGreaterThanOrEqual(24)
})

test('once it is over nothing is offered that would go nowhere: it says what can be done instead', async () => {
  const { conversation } = await answered('failed')
  conversation.phase.value = 'ended'
  await expect
    .element(shown().getByText('This conversation is over, so nothing in it can be sent on.'))
    .toBeVisible()
  expect(page.getByRole('button', { name: 'This answer is wrong' }).elements()).toEqual([])
})

test('who objects to the suggestions says what is wrong, and which they were goes along', async () => {
  const fakes = createFakes()
  const { panel, conversation } = fakes
  panel.search.query.value = 'money'
  panel.search.suggestions.value = found.slice(0, 3)
  const said: unknown[] = []
  conversation.contest = async objection => {
    said.push(objection)
    return 'withHandoff'
  }
  mount(fakes)
  await userEvent.fill(page.getByRole('combobox'), 'money')
  await page.getByRole('button', { name: 'Why these?' }).click()
  await page.getByRole('button', { name: 'These are not right' }).click()
  await userEvent.keyboard('Nothing of refunds.')
  await page.getByRole('button', { name: 'I want a person to look at it' }).click()
  // Each article once, also where a question of it is listed.
  const ids = [...new Set(found.slice(0, 3).map(({ articleId }) => articleId))]
  await vi.waitFor(() =>
    expect(said).toEqual([{ about: 'suggestion', target: ids.join(), words: 'Nothing of refunds.' }]),
  )
})

test('what will be sent has a mark for each earlier message, and the objection; where one goes is apart from it', async () => {
  const fakes = createFakes()
  const { conversation } = fakes
  const telling = scriptedTelling({
    parts: [part('question', 'Where is it?'), part('page', 'Payouts')],
    turns: ['Where is it?', 'Two days.'],
    objections: [{ ...MADE, words: 'Another bank.', state: 'withHandoff', isHeld: true }],
  })
  conversation.telling.value = telling
  conversation.phase.value = 'offered'
  conversation.offer.value = { reason: 'askedForPerson', checking: false, channels: [] }
  showConversation(fakes)
  mount(fakes)
  await page.getByRole('button', { name: 'See what will be sent' }).click()
  await expect.element(shown().getByText('2 earlier messages go along')).toBeVisible()
  await shown().getByText('2 earlier messages go along').click()
  await page.getByRole('checkbox', { name: 'Assistant: Two days.' }).click()
  expect(telling.left.value).toEqual(['turn.1'])
  await expect.element(shown().getByText('1 earlier message goes along')).toBeVisible()
  await expect
    .element(shown().getByText('Your objection goes along with what you choose: the answer').first())
    .toBeVisible()
  await expect.element(page.getByRole('group', { name: 'From here on' })).toBeVisible()
  // In a ticket nobody follows where its visitor goes.
  telling.isSent.value = true
  conversation.phase.value = 'ticketed'
  await vi.waitFor(() => expect(page.getByRole('checkbox').elements()).toEqual([]))
})
