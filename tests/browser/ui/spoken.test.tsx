// What a screen reader is told by the panel besides the words of others (those are in `conversation.test.tsx`).

import { expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { createFakes, type Fakes, message, showConversation } from '../../../demo/states/script/fakes'
import { createVoice } from '../../../src/base/voice'
import type { ChannelOffer } from '../../../src/conversation/conversationModel'
import { mount } from './mounted'

/** Opens a conversation, and answers with what is said from then on. */
function listen(arrange: (fakes: Fakes) => void = () => {}) {
  const fakes = createFakes()
  arrange(fakes)
  showConversation(fakes)
  const mounted = mount(fakes)
  const said: string[] = []
  new MutationObserver(changes => {
    for (const { addedNodes } of changes) for (const node of addedNodes) said.push(node.textContent ?? '')
  }).observe(mounted.voice.element, { childList: true })
  return { ...mounted, said }
}
const soon = (look: () => void) => vi.waitFor(look, { timeout: 4_000 })

test('of two sentences in one moment neither is lost, and the same one twice is heard twice', () => {
  const { element, say } = createVoice(document)
  say('Sent.')
  say('Noor joined')
  say('Noor joined')
  expect([...element.children].map(({ textContent }) => textContent)).toEqual([
    'Sent.',
    'Noor joined',
    'Noor joined',
  ])
  // A log adds; a status would say all of it again.
  expect(element.getAttribute('role')).toBe('log')
})

test('what was said is there for a while, and not for whoever comes by later', () => {
  vi.useFakeTimers()
  const { element, say } = createVoice(document)
  say('Sent.')
  vi.advanceTimersByTime(9_000)
  expect(element.textContent).toBe('Sent.')
  vi.advanceTimersByTime(2_000)
  expect(element.textContent).toBe('')
  vi.useRealTimers()
})

test('a voice that is taken out of the page waits for nothing', () => {
  vi.useFakeTimers()
  const { element, say, remove } = createVoice(document)
  document.documentElement.append(element)
  say('Sent.')
  remove()
  expect([element.isConnected, vi.getTimerCount()]).toEqual([false, 0])
  vi.useRealTimers()
})

test('the roads to a person are told when they are known, closed ones too, and again when one opens', async () => {
  const live: ChannelOffer = {
    channel: 'live',
    available: false,
    expectedWaitMs: null,
    opensAt: null,
    recommended: false,
    needsContact: null,
  }
  const ticket: ChannelOffer = { ...live, channel: 'ticket', available: true, needsContact: 'email' }
  const { conversation, said } = listen()
  const offer = (checking: boolean, channels: readonly ChannelOffer[]) => {
    conversation.offer.value = { reason: 'askedForPerson', checking, channels }
  }
  offer(true, [])
  conversation.phase.value = 'offered'
  await expect.element(page.getByText('Checking who is there…')).toBeVisible()
  offer(false, [live, ticket])
  const closed =
    'Talk to a person\nYou asked for a person.\nChat now, in this window, nobody is there right now\nLeave a message, we answer by e-mail'
  await soon(() => expect(said).toEqual([closed]))
  offer(false, [{ ...live, available: true, expectedWaitMs: 130_000 }, ticket])
  await soon(() => expect(said[1]).toMatch(/Chat now, in this window, about 3 min wait/))
  // The wait alone interrupts nobody.
  offer(false, [{ ...live, available: true, expectedWaitMs: 200_000 }, ticket])
  await expect.element(page.getByText(/about 4 min wait/)).toBeVisible()
  expect(said.length).toBe(2)
})

test('choices are told behind the words they belong to', async () => {
  const { conversation, said } = listen()
  await expect.element(page.getByRole('textbox', { name: 'Your message' })).toBeVisible()
  conversation.items.value = [message('1', 'bot', 'What is it about?')]
  conversation.choices.value = [
    { id: 'a', label: 'A payment' },
    { id: 'b', label: 'A contract' },
  ]
  await soon(() =>
    expect(said).toEqual([
      'Fairhand Help (automatic assistant): What is it about?',
      'Options: A payment or A contract',
    ]),
  )
})

test('what would be looked up is told before it is', async () => {
  const { conversation, said } = listen()
  conversation.consent.value = { action: 'payment', label: 'Look at your last payment', sends: [] }
  await soon(() => expect(said).toEqual(['Allow this? Look at your last payment']))
})

test('an answer that takes long is said to be on its way, one that does not is the answer alone', async () => {
  const { conversation, said } = listen()
  conversation.isThinking.value = true
  await soon(() => expect(said).toEqual(['Looking for an answer…']))
  conversation.isThinking.value = false
  await expect.element(page.getByText('Looking for an answer…')).not.toBeInTheDocument()
  conversation.isThinking.value = true
  await expect.element(page.getByText('Looking for an answer…')).toBeVisible()
  conversation.isThinking.value = false
  conversation.items.value = [message('1', 'bot', 'Two days.')]
  await soon(() => expect(said.at(-1)).toMatch(/Two days\.$/))
  expect(said.length).toBe(2)
})

test('the line that goes and comes is told both times, once each', async () => {
  const { conversation, said } = listen(({ conversation }) => {
    conversation.phase.value = 'live'
  })
  await expect.element(page.getByRole('textbox', { name: 'Your message' })).toBeVisible()
  conversation.isCutOff.value = true
  await soon(() => expect(said).toEqual(['No connection. What you write is kept and sent later.']))
  conversation.isCutOff.value = false
  await soon(() => expect(said.at(-1)).toBe('Connected again.'))
  expect(said.length).toBe(2)
})

test('own words that do not go out are told, with the reason, and once', async () => {
  const { conversation, said } = listen(({ conversation }) => {
    conversation.phase.value = 'live'
    conversation.items.value = [message('1', 'visitor', 'Hello', { state: 'sending' })]
  })
  await expect.element(page.getByText('Hello')).toBeVisible()
  const failed = message('1', 'visitor', 'Hello', { state: { failed: 'too_large' } })
  conversation.items.value = [failed]
  await soon(() => expect(said.length).toBe(1))
  expect(said[0]).toMatch(/^Not sent/)
  conversation.items.value = [failed, message('2', 'visitor', 'Again', { state: 'sending' })]
  await expect.element(page.getByText('Again')).toBeVisible()
  expect(said.length).toBe(1)
})

test('a closed panel says nothing of what fails behind it; who opens it is told', async () => {
  const { panel, said } = listen(({ panel: { search } }) => {
    search.status.value = 'failed'
  })
  panel.isOpen.value = false
  panel.view.value = 'home'
  await new Promise(done => setTimeout(done, 50))
  expect(said).toEqual([])
  panel.isOpen.value = true
  await soon(() => expect(said).toEqual(['The articles could not be loaded.']))
})
