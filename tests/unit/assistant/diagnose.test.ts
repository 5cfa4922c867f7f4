import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findingsOf, type Observations } from '../../../src/assistant/diagnose/findings'
import { callerOf } from '../../../src/assistant/diagnose/keyProbe'
import { isBlocked, printablePolicy, refusedSources } from '../../../src/assistant/diagnose/pagePolicy'
import { oddAttributes } from '../../../src/assistant/diagnose/tagAttributes'
import { neededSources } from '../../../src/protocol/sources'

const page = 'https://shop.example/withdrawals'
const needed = neededSources({
  page,
  scripts: 'https://cdn.example/asklet/1.0.0/panel.js',
  config: '/asklet.json',
  file: {
    knowledge: '/help/manifest.json',
    server: 'https://help.example',
    images: ['https://img.example'],
  },
})
const POLICY =
  "default-src 'none'; script-src https://cdn.example; connect-src 'self' https://help.example wss://help.example; img-src 'self' https://img.example"

/** A page with nothing wrong in it. */
const GOOD: Observations = {
  page,
  isSecure: true,
  isForeignFrame: false,
  lacks: [],
  version: { chunks: '1.0.0', loader: '1.0.0' },
  tags: [{ src: 'https://cdn.example/asklet/asklet.js', isModule: false, global: 'Asklet', odd: [] }],
  spareNames: [],
  hiddenBecause: null,
  hostButtons: null,
  isEnabled: true,
  configProblems: [],
  configSource: 'https://shop.example/asklet.json',
  hasPeople: true,
  hasContact: true,
  reached: [
    { name: 'configuration', url: '/asklet.json', outcome: 'answered', status: 200, holds: 'json' },
    { name: 'server', url: '/asklet/v1/health', outcome: 'answered', status: 200, holds: 'json' },
  ],
  socket: { url: 'wss://help.example/socket.io/', isOpen: true, isPolicy: false },
  failedChunks: [],
  locales: { wanted: 'en-GB', there: ['en'] },
  roles: { wanted: 'freelancer', there: ['client', 'freelancer'] },
  tokenProblem: null,
  skewMs: 1_500,
  storage: { localStorage: 'works', sessionStorage: 'works', IndexedDB: 'works' },
  consent: 'pending',
  hasJournal: false,
  refusesTracking: false,
  keys: { taken: [], heard: [] },
  policy: { enforced: [POLICY], reportOnly: [], needed, through: [], violations: [] },
}

const reach = (change: Partial<Observations['reached'][number]>): Partial<Observations> => ({
  reached: [{ name: 'configuration', url: '/a', outcome: 'answered', status: 200, holds: 'json', ...change }],
})
/** One button of the page's own that opens help. */
const hostButton = (
  change: Partial<NonNullable<Observations['hostButtons']>['there'][number]>,
): Observations['hostButtons'] => ({
  launcher: '.help',
  isSelector: true,
  there: [{ tag: '<button>', isSeen: true, hasKeyboard: true, ...change }],
})
const policy = (change: Partial<Observations['policy']>): Partial<Observations> => ({
  policy: { ...GOOD.policy, ...change },
})

test('a sound installation has no finding', () => {
  expect(findingsOf(GOOD)).toEqual([])
  expect(findingsOf({ ...GOOD, hostButtons: hostButton({}) })).toEqual([])
})

const WRONG: readonly [code: string, severity: string, change: Partial<Observations>, got: string][] = [
  ['version_mismatch', 'error', { version: { chunks: '1.1.0', loader: '1.0.0' } }, '1.0.0'],
  ['installed_twice', 'warning', { spareNames: ['~2'] }, 'name was taken: 1'],
  [
    'installed_twice',
    'warning',
    { tags: [...GOOD.tags, { src: '/other/asklet.js', isModule: false, global: 'Asklet', odd: [] }] },
    '/other/asklet.js',
  ],
  [
    'tag_module',
    'error',
    { tags: [{ src: '/asklet.js', isModule: true, global: 'Asklet', odd: [] }] },
    'type="module"',
  ],
  [
    'attribute_unknown',
    'warning',
    {
      tags: [
        {
          src: '/a',
          isModule: false,
          global: 'Asklet',
          odd: [{ name: 'acent', got: 'red', wanted: 'Is data-accent meant?' }],
        },
      ],
    },
    'data-acent="red"',
  ],
  [
    'attribute_unknown',
    'warning',
    { hostButtons: { launcher: '.help[', isSelector: false, there: [] } },
    'data-launcher=".help["',
  ],
  [
    'launcher_missing',
    'warning',
    { hostButtons: { launcher: '.help', isSelector: true, there: [] } },
    'launcher .help',
  ],
  ['launcher_missing', 'warning', { hostButtons: hostButton({ isSeen: false }) }, '<button>, out of sight'],
  ['launcher_keyless', 'warning', { hostButtons: hostButton({ tag: '<div>', hasKeyboard: false }) }, '<div>'],
  ['launcher_hidden', 'warning', { hiddenBecause: '<div> #bar lies over it' }, '#bar'],
  ['browser_lacks', 'note', { lacks: [{ name: 'x', loses: 'y', isNeeded: false }] }, 'no x'],
  ['browser_lacks', 'error', { lacks: [{ name: 'x', loses: 'y', isNeeded: true }] }, 'no x'],
  ['insecure_page', 'warning', { isSecure: false }, 'https://shop'],
  ['switched_off', 'note', { isEnabled: false }, 'false'],
  [
    'config_invalid',
    'error',
    { configProblems: [{ path: 'server', sentence: 'server must be string, got 5.' }] },
    'got 5',
  ],
  [
    'config_invalid',
    'warning',
    { configProblems: [{ path: 'colour', sentence: 'colour is a key that nobody reads. Misspelt?' }] },
    'colour',
  ],
  ['contact_missing', 'warning', { hasContact: false }, 'contact'],
  ['contact_missing', 'note', { hasContact: false, hasPeople: false }, 'contact'],
  ['locale_missing', 'warning', { locales: { wanted: 'de', there: ['en', 'fr'] } }, 'en, fr'],
  ['role_unknown', 'warning', { roles: { wanted: 'cleint', there: ['client'] } }, 'client'],
  ['token_refused', 'error', { tokenProblem: 'the server answered 401 to the token' }, '401'],
  ['unreachable', 'error', reach({ outcome: 'unreachable', status: 0 }), 'no answer'],
  ['cors_refused', 'error', reach({ outcome: 'cors', status: 0 }), 'not to this page'],
  ['status_bad', 'error', reach({ status: 404, holds: 'html' }), '404'],
  ['index_missing', 'error', reach({ name: 'index', status: 404 }), '404'],
  ['html_answered', 'error', reach({ holds: 'html' }), 'with a web page'],
  ['not_json', 'error', reach({ holds: 'other' }), 'no JSON'],
  ['server_unwell', 'error', reach({ name: 'server', status: 503 }), '503'],
  ['socket_closed', 'warning', { socket: { url: 'wss://x/', isOpen: false, isPolicy: false } }, 'wss://x/'],
  ['chunk_failed', 'error', { failedChunks: [{ name: 'conversation', reason: '404' }] }, '404'],
  ['clock_skew', 'warning', { skewMs: -11 * 60_000 }, '11 minutes behind'],
  ['clock_skew', 'warning', { skewMs: 130_000 }, 'ahead'],
  ['storage_refused', 'warning', { storage: { ...GOOD.storage, IndexedDB: 'full' } }, 'quota'],
  ['storage_partitioned', 'note', { isForeignFrame: true }, 'https://shop'],
  ['consent_denied', 'note', { consent: 'denied' }, 'denied'],
  ['journal_off', 'note', { hasJournal: true }, 'consent: pending'],
  [
    'journal_off',
    'note',
    { hasJournal: true, consent: 'granted', refusesTracking: true },
    'Global Privacy Control',
  ],
  [
    'keys_taken',
    'error',
    { keys: { taken: [{ key: '/', how: 'stopped', by: 'https://shop.example/app.js:7' }], heard: [] } },
    '/ stopped, by https://shop.example/app.js:7',
  ],
  [
    'keys_heard',
    'warning',
    {
      keys: {
        taken: [],
        heard: [
          { key: 'a', by: null },
          { key: 'input', by: null },
        ],
      },
    },
    'a, input',
  ],
  ['csp_source', 'error', policy({ enforced: [POLICY.replace('wss://help.example', '')] }), 'connect-src'],
  ['csp_source', 'error', policy({ enforced: [POLICY, "img-src 'self'"] }), "img-src 'self'"],
  [
    'csp_source',
    'warning',
    policy({
      reportOnly: ["connect-src 'self' https: wss:; img-src 'none'"],
      needed: needed.filter(each => each.source === "'self'"),
    }),
    "img-src 'none'",
  ],
  [
    'csp_source',
    'error',
    policy({
      enforced: [],
      violations: [
        {
          directive: 'connect-src',
          blocked: 'https://help.example/asklet/v1/health',
          isEnforced: true,
          policy: 'connect-src x',
        },
      ],
    }),
    'connect-src x',
  ],
]

test.each(WRONG)('%s, as %s, and nothing else', (code, severity, change, got) => {
  const found = findingsOf({ ...GOOD, ...change })
  expect(found.map(each => [each.code, each.severity])).toEqual([[code, severity]])
  expect(found[0]?.got).toContain(got)
  expect(found[0]?.fix).not.toBe('')
  expect(found[0]?.what).toMatch(/[.:]/)
})

test('GPC or a missing yes is no finding where no journal is turned on', () => {
  expect(findingsOf({ ...GOOD, refusesTracking: true })).toEqual([])
})

test('errors stand before warnings, and warnings before notes', () => {
  const found = findingsOf({ ...GOOD, consent: 'denied', hasContact: false, tokenProblem: 'none' })
  expect(found.map(({ severity }) => severity)).toEqual(['error', 'warning', 'note'])
})

test('what came through was allowed, whatever the policy seems to say', () => {
  const strange = policy({
    enforced: ["connect-src 'self'"],
    through: ['https://help.example', 'wss://help.example'],
  })
  expect(findingsOf({ ...GOOD, ...strange })).toEqual([])
})

test('an address that the policy blocks is said once: as the policy’s', () => {
  const found = findingsOf({
    ...GOOD,
    ...reach({ name: 'server', outcome: 'csp', status: 0 }),
    ...policy({ enforced: ["connect-src 'self'"], through: ['wss://help.example'] }),
  })
  expect(found.map(({ code }) => code)).toEqual(['csp_source'])
})

// ---- the tag

test('each attribute that the README names is known, and not odd', () => {
  const table =
    readFileSync('README.md', 'utf8').match(/\n\| attribute \| what it does[\s\S]*?\n\n/)?.[0] ?? ''
  const names = [...table.matchAll(/`data-([a-z]+)`/g)].map(([, name]) => name as string)
  expect(names).toEqual(expect.arrayContaining(['config', 'offers', 'global', 'accent']))
  expect(oddAttributes(Object.fromEntries(names.map(name => [name, ''])))).toEqual([])
  // With a letter too many each is told what is meant: what is not known is not missed.
  for (const name of names)
    expect(oddAttributes({ [`${name}x`]: '' })).toMatchObject([{ wanted: `Is data-${name} meant?` }])
})

test('attributes of other tools on the tag are theirs', () => {
  const foreign = {
    turboTrack: 'reload',
    cfasync: 'false',
    astroRerun: '',
    id: '7',
    name: 'help',
    domain: 'x',
    category: 'necessary',
    cookieconsent: 'functional',
    nonce: 'n',
    colour: 'red',
    src: '/a',
    usercentrics: 'Asklet',
  }
  expect(oddAttributes(foreign)).toEqual([])
})

test.each([
  ['ofers', 'data-offers'],
  ['offer', 'data-offers'],
  ['psoition', 'data-position'],
  ['posiiton', 'data-position'],
  ['roles', 'data-role'],
  ['cosent', 'data-consent'],
])('a name near to one of ours is a mistake: %s', (name, meant) => {
  expect(oddAttributes({ [name]: 'x' })).toEqual([{ name, got: 'x', wanted: `Is ${meant} meant?` }])
})

test('a value that makes no sense is named with those that do', () => {
  expect(oddAttributes({ theme: 'drak', position: 'left' })).toEqual([
    { name: 'theme', got: 'drak', wanted: 'One of: auto, light, dark, host.' },
  ])
})

// ---- policies, after CSP level 3

const connect = (url: string) => [{ directive: 'connect-src', source: url, url, why: '' }] as const
const isRefused = (policy: string, url: string, at = page) =>
  refusedSources(policy, connect(url), at).length > 0

test.each([
  ["connect-src 'self'", 'https://shop.example/x', false],
  ["connect-src 'self'", 'wss://shop.example/socket.io/', false],
  ["connect-src 'self'", 'https://shop.example:8443/', true],
  ["connect-src 'none'", 'https://shop.example/', true],
  ['connect-src', 'https://shop.example/', true],
  ["default-src 'none'", 'https://shop.example/', true],
  ["script-src 'none'", 'https://shop.example/', false],
  ["connect-src 'self'; connect-src *", 'https://help.example/', true],
  ['connect-src https://help.example', 'wss://help.example/', true],
  ['connect-src wss://help.example', 'https://help.example/', false],
  ['connect-src help.example', 'https://help.example/a', false],
  ['connect-src *.example', 'https://help.example/a', false],
  ['connect-src *.help.example', 'https://help.example/a', true],
  ['connect-src *', 'wss://help.example/', false],
  ['connect-src https:', 'https://help.example/', false],
  ['connect-src https:', 'wss://help.example/', true],
  ['connect-src https://help.example:*', 'https://help.example:99/', false],
  ['connect-src https://help.example:443', 'https://help.example/', false],
  ['connect-src https://help.example', 'https://help.example:99/', true],
  ['connect-src https://help.example/asklet/', 'https://help.example/asklet/v1/health', false],
  ['connect-src https://help.example/asklet', 'https://help.example/asklet/v1/health', true],
  ['CONNECT-SRC HTTPS://HELP.EXAMPLE', 'https://help.example/', false],
  ["connect-src *, connect-src 'self'", 'https://help.example/', true],
  ['', 'https://help.example/', false],
])('%s, asked for %s: refused %s', (policy, url, refused) => {
  expect(isRefused(policy, url)).toBe(refused)
})

test("'strict-dynamic' in default-src is said of scripts: connections and images are held against the hosts", () => {
  const policy = "default-src 'nonce-a' 'strict-dynamic'"
  expect(refusedSources(policy, needed, page).map(each => each.needed.directive)).not.toContain('script-src')
  expect(isRefused(policy, 'https://help.example/')).toBe(true)
  expect(isRefused(`${policy} https://help.example`, 'https://help.example/')).toBe(false)
})

test('a connection is blocked by a policy in force that refused it, not by a report or a refused image', () => {
  const violation = {
    directive: 'connect-src',
    blocked: 'wss://help.example/socket.io/',
    isEnforced: true,
    policy: '',
  }
  const isBlockedBy = (change: Partial<typeof violation>) =>
    isBlocked([{ ...violation, ...change }], 'wss://help.example/socket.io/?EIO=4')
  expect(isBlockedBy({})).toBe(true)
  expect(isBlockedBy({ isEnforced: false })).toBe(false)
  expect(isBlockedBy({ directive: 'img-src' })).toBe(false)
  expect(isBlockedBy({ blocked: 'https://help.example/' })).toBe(false)
  expect(isBlockedBy({ blocked: 'inline' })).toBe(false)
})

test('no key of a policy’s addresses and no nonce is printed, neither of the line nor of the whole', () => {
  const secret =
    "connect-src 'nonce-c2VjcmV0' https://a.example/x?key=hidden; report-uri /csp?sentry_key=hidden"
  expect(printablePolicy(secret)).toBe("connect-src 'nonce-…' https://a.example/x; report-uri /csp")
  const [found] = findingsOf({ ...GOOD, ...policy({ enforced: [secret] }) })
  expect(found?.got).toContain('https://a.example/x')
  expect(found?.got).not.toMatch(/hidden|c2Vj/)
})

test('who reads a key is the first script of the stack that is not ours, in the words of each engine', () => {
  expect(
    callerOf(
      'Error\n    at instead (https://cdn.example/diagnose-x.js:1:150)\n    at get (https://cdn.example/diagnose-x.js:1:200)\n    at HTMLDocument.<anonymous> (https://shop.example/app.js?v=1:12:9)',
    ),
  ).toBe('https://shop.example/app.js:12')
  expect(callerOf('get@https://cdn.example/d.js:1:2\nlistener@https://shop.example/app.js:12:9\n')).toBe(
    'https://shop.example/app.js:12',
  )
  expect(callerOf('get@https://cdn.example/d.js:1:2\n[native code]')).toBeNull()
  expect(callerOf(undefined)).toBeNull()
})
