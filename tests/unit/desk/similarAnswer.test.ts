// What an agent reads of the answer that a solved ticket had.

import { expect, test } from 'vitest'
import { saidIn } from '../../../src/desk/Similar'

const by = 'Ada'

test('an answer that was written as Markdown is read as its words, without marks', () => {
  const text =
    'The **bank** sent it back, see [Withdrawals](https://shop.example/help):\n\n1. change the name\n2. try `again`'
  expect(saidIn({ by, format: 'markdown', text })).toBe(
    'The bank sent it back, see Withdrawals:\nchange the name\ntry again',
  )
})

test('what was plain stays as it was typed', () => {
  expect(saidIn({ by, format: 'plain', text: '2 * 3 * 4' })).toBe('2 * 3 * 4')
})
