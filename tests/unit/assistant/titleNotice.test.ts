import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import { watchTitle } from '../../../src/assistant/titleNotice'
import type { ConversationModel } from '../../../src/conversation/conversationModel'

function setUp() {
  const page = { title: 'Orders' }
  const waiting = signal(0)
  const [isOpen, leads] = [signal(false), signal(true)]
  const conversation = signal({ leads } as unknown as ConversationModel)
  const stop = watchTitle(page, { isOpen, unread: waiting, conversation })
  return { page, waiting, isOpen, leads, stop }
}

test('unread words stand before the title once, with their number, and go when they are read', () => {
  const { page, waiting } = setUp()
  expect(page.title).toBe('Orders')
  waiting.value = 1
  expect(page.title).toBe('(1) Orders')
  waiting.value = 2
  expect(page.title).toBe('(2) Orders')
  waiting.value = 0
  expect(page.title).toBe('Orders')
})

test('opening the window puts the title back, and a tab that does not lead leaves its own alone', () => {
  const { page, waiting, isOpen, leads } = setUp()
  waiting.value = 1
  isOpen.value = true
  expect(page.title).toBe('Orders')
  isOpen.value = false
  expect(page.title).toBe('(1) Orders')
  leads.value = false
  expect(page.title).toBe('Orders')
})

test('a title that the page changes meanwhile is the page’s: it is neither put back nor fought over', () => {
  const { page, waiting } = setUp()
  waiting.value = 1
  page.title = 'Payments'
  waiting.value = 0
  expect(page.title).toBe('Payments')
  waiting.value = 1
  expect(page.title).toBe('(1) Payments')
})

test('a new message on a new title counts there', () => {
  const { page, waiting } = setUp()
  waiting.value = 1
  page.title = 'Payments'
  waiting.value = 2
  expect(page.title).toBe('(2) Payments')
})

test('an assistant that is destroyed leaves the page’s own title', () => {
  const { page, waiting, stop } = setUp()
  waiting.value = 3
  stop()
  expect(page.title).toBe('Orders')
  waiting.value = 4
  expect(page.title).toBe('Orders')
})
