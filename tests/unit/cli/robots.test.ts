// RFC 9309, rule by rule; the examples of its text and of its section 5 among them.

import { describe, expect, test } from 'vitest'
import { readRobots } from '../../../src/cli/importers/robots'

const SITE = 'https://www.example.com'
const read = (text: string, token = 'asklet-import') => readRobots(new TextEncoder().encode(text), token)
const mayFetch = (text: string, path: string, token = 'asklet-import') =>
  read(text, token).forbids(SITE + path) === null

describe('the example of section 5.1', () => {
  const text = `
    User-Agent: *
    Disallow: *.gif$
    Disallow: /example/
    Allow: /publications/

    User-Agent: foobot
    Disallow:/
    Allow:/example/page.html
    Allow:/example/allowed.gif

    User-Agent: barbot
    User-Agent: bazbot
    Disallow: /example/page.html

    User-Agent: quxbot
  `
  test.each([
    ['anybot', '/example/page.html', false],
    ['anybot', '/a/picture.gif', false],
    ['anybot', '/a/picture.gif?size=2', true],
    ['anybot', '/publications/2024', true],
    ['anybot', '/', true],
    ['foobot', '/', false],
    ['foobot', '/example/page.html', true],
    ['foobot', '/example/allowed.gif', true],
    ['foobot', '/publications/', false],
    ['barbot', '/example/page.html', false],
    ['BazBot', '/example/page.html', false],
    ['bazbot', '/example/allowed.gif', true],
    ['quxbot', '/example/page.html', true],
  ])('%s may fetch %s: %s', (token, path, may) => {
    expect(mayFetch(text, path, token)).toBe(may)
  })
})

test('5.2: the longest rule decides', () => {
  const text = `
    User-Agent: foobot
    Allow: /example/page/
    Disallow: /example/page/disallowed.gif
  `
  expect(mayFetch(text, '/example/page/disallowed.gif', 'foobot')).toBe(false)
  expect(mayFetch(text, '/example/page/other.gif', 'foobot')).toBe(true)
})

test('2.2.1: groups for one name are one group, whatever its case; names are whole', () => {
  const text = `
    user-agent: ExampleBot
    disallow: /foo
    disallow: /bar

    user-agent: ExampleBot
    disallow: /baz
  `
  for (const path of ['/foo', '/bar', '/baz']) expect(mayFetch(text, path, 'examplebot')).toBe(false)
  expect(mayFetch(text, '/foo', 'example')).toBe(true)
  expect(mayFetch('User-agent: asklet-import/2.0 (help)\nDisallow: /', '/a')).toBe(false)
  expect(mayFetch('User-agent: asklet\nDisallow: /', '/a')).toBe(true)
})

test('2.2.1: the group for all is for those only that have none of their own', () => {
  const text = 'User-agent: *\nDisallow: /\nUser-agent: asklet-import\nDisallow: /private'
  expect(mayFetch(text, '/a')).toBe(true)
  expect(mayFetch(text, '/private/a')).toBe(false)
  expect(mayFetch(text, '/a', 'other')).toBe(false)
})

test('2.2.2: of two rules of one length the one that allows decides, in any order', () => {
  expect(mayFetch('User-agent: *\nDisallow: /page\nAllow: /page', '/page')).toBe(true)
  expect(mayFetch('User-agent: *\nAllow: /page\nDisallow: /page', '/page')).toBe(true)
})

test.each([
  ['/foo/bar?baz=quz', '/foo/bar?baz=quz', true],
  ['/foo/bar?baz=https://foo.bar', '/foo/bar?baz=https://foo.bar', true],
  ['/foo/bar?baz=https%3A%2F%2Ffoo.bar', '/foo/bar?baz=https%3a%2f%2ffoo.bar', true],
  ['/foo/bar/\u30c4', '/foo/bar/%E3%83%84', true],
  ['/foo/bar/%e3%83%84', '/foo/bar/\u30c4', true],
  ['/foo/bar/%62%61%7A', '/foo/bar/baz', true],
  ['/foo/bar/baz', '/foo/bar/%62%61%7A', true],
  ['/foo%2Fbar', '/foo/bar', false],
  ['/Foo', '/foo', false],
])('2.2.2: letters are compared as they are meant: %s and %s: %s', (rule, path, isSame) => {
  expect(mayFetch(`User-agent: *\nDisallow: ${rule}`, path)).toBe(!isSame)
})

test.each([
  ['/this/*/exactly', '/this/path/exactly', true],
  ['/this/*/exactly', '/this/exactly', false],
  ['/this/path/exactly$', '/this/path/exactly', true],
  ['/this/path/exactly$', '/this/path/exactly/not', false],
  ['/path/file-with-a-%2A.html', '/path/file-with-a-*.html', true],
  ['/path/file-with-a-%2A.html', '/path/file-with-a-b.html', false],
  ['/path/foo-%24', '/path/foo-$', true],
  ['/path/foo-%24', '/path/foo-', false],
  ['/a$b', '/a$bc', true],
  ['/*.php$', '/a.php.php', true],
  ['/a*a$', '/a', false],
  ['/a*', '/a', true],
  ['/a*$', '/abc', true],
  ['*', '/', true],
  ['/$', '/', true],
  ['/$', '/a', false],
  ['a', '/a', false],
])('2.2.3: %s stands for %s: %s', (rule, path, isMeant) => {
  expect(mayFetch(`User-agent: *\nDisallow: ${rule}`, path)).toBe(!isMeant)
})

test('2.2.4: no other line ends a group, nor do empty ones and remarks', () => {
  const text = `
    User-agent: asklet-import # us
    Sitemap: https://www.example.com/sitemap.xml
    Crawl-delay: 2

    # and
    User-agent: other
    Noindex: /x
    Disallow: /page # not this
  `
  expect(mayFetch(text, '/page')).toBe(false)
  expect(read(text).forbids(`${SITE}/page`)).toBe('Disallow: /page')
  expect(read(text).crawlDelayMs).toBe(2_000)
  expect(read(text, 'other').crawlDelayMs).toBe(0)
})

test.each([
  ['', 0],
  ['User-agent: *\nCrawl-delay: 0.5', 500],
  ['User-agent: *\nCrawl-delay: soon', 0],
  ['User-agent: *\nCrawl-delay: -1', 0],
  ['User-agent: *\nCrawl-delay: 9\nUser-agent: asklet-import\nDisallow: /a', 0],
  ['User-agent: *\nCrawl-delay: 9\nDisallow:\nUser-agent: asklet-import\nDisallow: /a', 0],
])('a pause is taken from the group that decides: %j', (text, ms) => {
  expect(read(text).crawlDelayMs).toBe(ms)
})

test('a byte order mark, other ends of lines and bytes that are no text do not hide a rule', () => {
  const bytes = Buffer.concat([
    Buffer.from('\ufeffUser-agent: *\r\n'),
    Buffer.from([0xff, 0xfe, 0x0d]),
    Buffer.from('Disallow: /private\r'),
  ])
  expect(readRobots(bytes, 'a').forbids(`${SITE}/private`)).toBe('Disallow: /private')
})

test('lines that stand before any name, and empty rules, forbid nothing', () => {
  expect(mayFetch('Disallow: /\nUser-agent: *\nDisallow:\nAllow', '/a')).toBe(true)
})

test('rules made to keep a reader busy are read in time', () => {
  const started = performance.now()
  const robots = read(`User-agent: *\n${`Disallow: /${'a*'.repeat(400)}b\n`.repeat(600)}`)
  for (let i = 0; i < 20; i++) robots.forbids(`${SITE}/${'a'.repeat(2_000)}${i}`)
  expect(performance.now() - started).toBeLessThan(2_000)
})
