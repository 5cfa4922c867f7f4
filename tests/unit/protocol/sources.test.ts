import { expect, test } from 'vitest'
import { neededSources, policyLines } from '../../../src/protocol/sources'

const page = 'https://shop.example/withdrawals'

test('help without people on the page’s own origin needs that origin and no other', () => {
  const needed = neededSources({
    page,
    scripts: '/asklet/1.0.0/',
    config: '/asklet.json',
    file: { knowledge: '/help/manifest.json' },
  })
  expect(policyLines(needed)).toEqual(["script-src 'self'", "connect-src 'self'", "img-src 'self'"])
})

test('a desk elsewhere stands twice: an origin does not cover its WebSocket', () => {
  const needed = neededSources({
    page,
    scripts: 'https://cdn.example/asklet/asklet.js',
    config: 'https://cdn.example/asklet/asklet.json',
    file: {
      knowledge: 'help/manifest.json',
      server: 'https://help.example:8443/',
      search: { url: 'https://find.example' },
      images: ['https://img.example', 'https://img.example'],
    },
  })
  expect(policyLines(needed)).toEqual([
    'script-src https://cdn.example',
    'connect-src https://cdn.example https://find.example https://help.example:8443 wss://help.example:8443',
    "img-src 'self' https://img.example https://help.example:8443",
  ])
})

test('a desk on the page’s own origin is named for its WebSocket, because browsers disagree on what ‘self’ covers', () => {
  const needed = neededSources({ page, scripts: '/', config: null, file: { server: '/' } })
  expect(policyLines(needed)).toEqual([
    "script-src 'self'",
    "connect-src 'self' wss://shop.example",
    "img-src 'self'",
  ])
})

test('pictures in conversations are the desk’s, and no need: without them there are rows with names', () => {
  const linesOf = (attachments?: boolean) =>
    neededSources({
      page,
      scripts: '/',
      config: null,
      file: { server: 'https://help.example', ...(attachments !== undefined && { attachments }) },
    }).filter(({ directive }) => directive === 'img-src')
  expect(linesOf()).toEqual([
    {
      directive: 'img-src',
      source: 'https://help.example',
      url: 'https://help.example/',
      why: 'pictures in conversations',
      isOptional: true,
    },
  ])
  expect(linesOf(false)).toEqual([])
})

test('an address that is none, or no web address, is left out: what is wrong with it is said elsewhere', () => {
  const needed = neededSources({
    page,
    scripts: '/',
    config: null,
    file: { server: 'http://[', knowledge: 'data:text/plain,x' },
  })
  expect(policyLines(needed.filter(({ directive }) => directive === 'connect-src'))).toEqual([])
})
