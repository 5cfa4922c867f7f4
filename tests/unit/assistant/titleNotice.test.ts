import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import { watchTitle } from '../../../src/assistant/titleNotice'

function setUp() {
  const page = { title: 'Orders' }
  const waiting = signal(0)
  return { page, waiting, stop: watchTitle(page, waiting) }
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
