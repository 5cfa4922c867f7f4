import { expect, test } from 'vitest'
import { createTexts } from '../../../src/base/texts'
import { named } from '../../../src/conversation/named'

test('what a site calls by a name of its own is shown as the site says it, else as words', () => {
  const texts = createTexts('de', { 'category.payouts': 'Auszahlungen', 'fact.milestone': 'Meilenstein' })
  expect(named(texts, 'category', 'payouts')).toBe('Auszahlungen')
  expect(named(texts, 'fact', 'milestone')).toBe('Meilenstein')
  expect(named(texts, 'category', 'late_payment')).toBe('late payment')
  expect(named(texts, 'fact', 'escrowAmount')).toBe('escrow Amount')
  expect(named(texts, 'role', 'VIP')).toBe('VIP')
  // Whatever a flow or a page was named, a text's key is no place to look things up in.
  expect(named(texts, 'category', 'constructor')).toBe('constructor')
})
