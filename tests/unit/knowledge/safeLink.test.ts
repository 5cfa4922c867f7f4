import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeLink } from '../../../src/knowledge/safeLink'

test('https, http, mailto and tel become links, in the spelling of the URL parser', () => {
  expect(safeLink('https://example.com/a?b=1&c=2#d')).toBe('https://example.com/a?b=1&c=2#d')
  expect(safeLink(' HTTP://Example.COM ')).toBe('http://example.com/')
  expect(safeLink('mailto:help@example.com')).toBe('mailto:help@example.com')
  expect(safeLink('tel:+49123')).toBe('tel:+49123')
  expect(safeLink('https://bücher.example/')).toBe('https://xn--bcher-kva.example/')
})

test.each([
  ['a script', 'javascript:alert(1)'],
  ['a script in disguise', 'JaVaScRiPt:alert(1)'],
  ['a script behind a tab', 'java\tscript:alert(1)'],
  ['a script behind a control character', '\u0001javascript:alert(1)'],
  ['a script behind an entity', 'javascript&#58;alert(1)'],
  ['an entity inside', 'https://example.com/&#106;'],
  ['a named entity', 'https://example.com/&Tab;x'],
  ['data', 'data:text/html,<script>alert(1)</script>'],
  ['vbscript', 'vbscript:msgbox(1)'],
  ['a file', 'file:///etc/passwd'],
  ['a blob', 'blob:https://example.com/1'],
  ['a relative address', '/settings'],
  ['an address without scheme', '//evil.example/'],
  ['a user name before the host', 'https://example.com@evil.example/'],
  ['a backslash', 'https:\\\\evil.example'],
  ['a line end', 'https://example.com/\nX'],
  ['a direction override', 'https://example.com/\u202egpj.exe'],
  ['an invisible space', 'https://exa\u200bmple.com/'],
  ['no host', 'https:///x'],
  ['an empty address', ''],
  ['words', 'call me'],
  ['a telephone link with words', 'tel:javascript'],
  ['a page of characters', `https://example.com/${'a'.repeat(3_000)}`],
])('%s is no link', (_, href) => {
  expect(safeLink(href)).toBeNull()
})

test('whatever comes in, what comes out is one of four schemes, and comes out the same again', () => {
  const parts = fc.constantFrom(
    'https://', 'http://', 'javascript:', 'mailto:', 'tel:', '//', '@', '&#58;', '\t', '\\', 'a.b', '?x', '#', '%0a', 'data:', '\u202e', ':',
  ) // biome-ignore format: a list
  const address = fc.oneof(
    fc.string(),
    fc.array(parts, { maxLength: 6 }).map(all => all.join('')),
    fc.webUrl(),
  )
  fc.assert(
    fc.property(address, href => {
      const safe = safeLink(href)
      if (safe === null) return
      expect(['https:', 'http:', 'mailto:', 'tel:']).toContain(new URL(safe).protocol)
      expect(safe).toMatch(/^(?:https?:\/\/[^/@]|mailto:|tel:)/)
      expect(safeLink(safe)).toBe(safe)
    }),
    { numRuns: 2_000 },
  )
})
