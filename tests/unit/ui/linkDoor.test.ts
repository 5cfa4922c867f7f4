import { expect, test } from 'vitest'
import { isImageAllowed, linkDoor } from '../../../src/ui/linkDoor'

const page = 'https://shop.example/contracts/7'

test.each([
  'javascript:alert(1)',
  'JAVASCRIPT:alert(1)',
  ' java\nscript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://shop.example/1',
  'https://',
])('%j is not made a link', href => {
  expect(linkDoor(href, page)).toBeNull()
})

test('a link to another site opens apart, tells it nothing, and shows its host', () => {
  expect(linkDoor('https://bank.example/trace?x=1', page)).toEqual({
    href: 'https://bank.example/trace?x=1',
    rel: 'noopener noreferrer nofollow',
    target: '_blank',
    host: 'bank.example',
  })
})

test('a host that pretends to be another is shown as what it is', () => {
  expect(linkDoor('https://shop.example@evil.example/', page)?.host).toBe('evil.example')
})

test('links of the page’s own origin stay in the tab; mail and telephone links have no host', () => {
  expect(linkDoor('/settings', page)).toEqual({ href: 'https://shop.example/settings' })
  expect(linkDoor('mailto:a@b.example', page)).toEqual({ href: 'mailto:a@b.example' })
  expect(linkDoor('tel:+49123', page)).toEqual({ href: 'tel:+49123' })
})

test('an image is shown only from an origin that the site allows', () => {
  expect(isImageAllowed('https://img.example/a.png', page, ['https://img.example'])).toBe(true)
  expect(isImageAllowed('https://img.example.evil.example/a.png', page, ['https://img.example'])).toBe(false)
  expect(isImageAllowed('/a.png', page, [])).toBe(false)
  expect(isImageAllowed('/a.png', page, [''])).toBe(true)
  expect(isImageAllowed('data:image/png;base64,AA', page, ['', 'null'])).toBe(false)
  expect(isImageAllowed('http://[', page, [''])).toBe(false)
})
