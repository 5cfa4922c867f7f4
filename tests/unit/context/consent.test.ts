import { expect, test } from 'vitest'
import { type Consent, mayFollow, refusesTracking } from '../../../src/context/consent'

const browser = (globalPrivacyControl: unknown) =>
  ({ navigator: { globalPrivacyControl } }) as unknown as Window

test.each<[Consent, unknown, boolean]>([
  ['granted', undefined, true],
  ['granted', false, true],
  ['granted', true, false],
  ['pending', undefined, false],
  ['pending', true, false],
  ['denied', undefined, false],
  ['denied', true, false],
])('consent %s, Global Privacy Control %s: the way of a visitor may be followed: %s', (consent, gpc, may) => {
  expect(mayFollow(consent, browser(gpc))).toBe(may)
})

test('only the word true is the signal, and without a browser there is none', () => {
  expect(refusesTracking(browser('1'))).toBe(false)
  expect(refusesTracking(undefined)).toBe(false)
  expect(mayFollow('granted', undefined)).toBe(true)
})
