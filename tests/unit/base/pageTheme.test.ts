import { expect, test } from 'vitest'
import { themeSaid } from '../../../src/base/pageTheme'

const element = (attributes: Readonly<Record<string, string>> = {}) => ({
  getAttribute: (name: string) => attributes[name] ?? null,
})

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['data-theme', { 'data-theme': 'dark' }, 'dark'],
  ['Bootstrap', { 'data-bs-theme': 'dark' }, 'dark'],
  ['data-color-scheme', { 'data-color-scheme': 'light' }, 'light'],
  ['a class', { class: 'page dark js' }, 'dark'],
  ['the name of a theme, and which it is', { 'data-theme': 'ocean light' }, 'light'],
])('a page that says its theme by %s is believed', (_, attributes, theme) => {
  expect(themeSaid([element(attributes), element()], 'light dark')).toBe(theme)
  expect(themeSaid([element(), element(attributes)], 'light dark')).toBe(theme)
})

test('a word that only begins or ends like one says nothing', () => {
  const page = [element({ class: 'dark-blue darkroom no-light', 'data-theme': 'system' })]
  expect(themeSaid(page, 'normal')).toBe('light')
})

test('<html> is believed before <body>', () => {
  expect(themeSaid([element({ class: 'light' }), element({ 'data-theme': 'dark' })], 'dark')).toBe('light')
})

test.each([
  ['dark', 'dark'],
  ['only dark', 'dark'],
  ['light', 'light'],
  ['light dark', 'auto'],
  ['dark light', 'auto'],
  ['normal', 'light'],
  [undefined, 'light'],
])('a page that says nothing wears its colour scheme: %s is %s', (scheme, theme) => {
  expect(themeSaid([element()], scheme)).toBe(theme)
})
