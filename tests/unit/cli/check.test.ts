import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCheck } from '../../../src/cli/check'
import { readJson } from '../../../src/cli/jsonPositions'
import { createCommands, main } from '../../../src/cli/main'
import { checkConfig } from '../../../src/protocol/config'
import { createSpoken } from './spoken'

const FLOW = readFileSync(join(import.meta.dirname, '../../fixtures/flows/payout.json'), 'utf8')
let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'asklet-check-'))
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

async function check(files: Readonly<Record<string, string>>, command = createCheck()) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(work, name), text)
  const out = createSpoken()
  const code = await command.run(
    Object.keys(files).map(name => join(work, name)),
    out,
  )
  return { code, ...out }
}

test('a sound flow is no problem', async () => {
  const { code, lines, errors } = await check({ 'payout.json': FLOW })
  expect(errors).toEqual([])
  expect(code).toBe(0)
  expect(lines).toEqual([
    'Articles that flows name were not looked for: say where they are with --articles.',
    'configurations: 0',
    'flows: 1',
    'problems: 0',
    'advice: 0',
  ])
})

test('a step that is not there and a dead end are named with their lines', async () => {
  const broken = FLOW.replace('"next": "read"', '"next": "raed"').replace('"no": "person"', '"no": "nobody"')
  const { code, errors } = await check({ 'payout.json': broken })
  expect(code).toBe(1)
  expect(errors).toContain(
    'payout.json:14:67: Asklet [flow_unknown_step]: steps.ask.next must name a step of this flow, got "raed". Add that step.',
  )
  expect(errors).toContain(
    'payout.json:16:33: Asklet [flow_unknown_step]: steps.solved.no must name a step of this flow, got "nobody". Add that step.',
  )
  expect(errors.join('\n')).toContain('[flow_dead_end]')
})

test('a whole folder is checked, and one id in two files is found', async () => {
  writeFileSync(join(work, 'one.json'), FLOW)
  writeFileSync(join(work, 'two.json'), `[${FLOW}]`)
  const out = createSpoken()
  expect(await createCheck().run([work], out)).toBe(1)
  expect(out.errors).toEqual([
    'two.json:2:3: Asklet [flow_shape]: id must be its own, got payout, which another file has. Rename one of them.',
  ])
})

test('slots of the site, in a file beside the flows: flows ask for them by name, and have none of the name themselves', async () => {
  const slots = {
    contract: { label: 'contract number', pattern: 'CT-\\d{6}', hint: 'It looks like CT-204181.' },
  }
  const steps = { a: { say: 'Which?', ask: 'contract', next: 'p' }, p: { say: '{contract}', handoff: 'x' } }
  const flow = (more: object) =>
    JSON.stringify({ id: 'f', title: 'F', startsWith: ['f', 'g', 'h'], ...more, steps })
  const site = JSON.stringify({ slots })
  expect(await check({ 'f.json': flow({}), 'slots.json': site })).toMatchObject({ code: 0, errors: [] })
  const twice = await check({ 'f.json': flow({ slots: { contract: { label: 'contract', type: 'text' } } }) })
  expect(twice.errors).toEqual([])
  const both = await check({
    'f.json': flow({ slots: { contract: { label: 'contract', type: 'text' } } }),
    'slots.json': site,
    'more.json': site,
  })
  expect(both.errors).toEqual([
    'f.json:1:59: Asklet [flow_advice]: slots.contract should be the one that the site has, got one of its own. Take it out here, or give it another name.',
    'more.json:1:11: slots.contract must have a name of its own, got one that another file has. Keep one of them.',
  ])
  expect(both.code).toBe(1)
})

test('JSON that stops being JSON is named with the line where it does', async () => {
  const { code, errors } = await check({ 'asklet.json': '{\n  "a": 1,\n  "b": [1, 2\n  "c": 3\n}' })
  expect(code).toBe(1)
  expect(errors[0]).toMatch(
    /^asklet\.json:4:3: must be JSON, got a mistake here: .*\. Look for a missing comma, quote or bracket\.$/,
  )
})

test('a configuration is checked by the function handed in, its paths become lines', async () => {
  const command = createCheck(() => [
    { path: 'theme.accent', sentence: 'theme.accent must be a colour, got 7.' },
    { path: 'theme.radius', sentence: 'theme.radius must be there.' },
  ])
  const { code, errors, lines } = await check(
    { 'asklet.json': '{\n  "theme":\n  {\n    "accent": 7\n  }\n}' },
    command,
  )
  expect(code).toBe(1)
  expect(errors).toEqual([
    'asklet.json:4:5: theme.accent must be a colour, got 7.',
    'asklet.json:2:3: theme.radius must be there.',
  ])
  expect(lines).toEqual(['configurations: 1', 'flows: 0', 'problems: 2', 'advice: 0'])
})

test('without that function the command says that only the JSON was checked', async () => {
  const { code, lines } = await check({ 'asklet.json': '{}' })
  expect(code).toBe(0)
  expect(lines[0]).toBe('Of the configuration only the JSON was checked: this build has no schema for it.')
})

test('every key of any JSON is found on the line where it is written', () => {
  const json = fc.json({ maxDepth: 4 }).map(text => JSON.stringify(JSON.parse(text), null, 1))
  fc.assert(
    fc.property(json, text => {
      const read = readJson(text)
      expect(read).toMatchObject({ ok: true, value: JSON.parse(text) })
    }),
  )
  const read = readJson('{\n"a": [\n1,\n{ "b":\n2 }\n]\n}')
  if (!read.ok) throw new Error('must be read')
  expect(['', 'a', 'a[0]', 'a[1]', 'a[1].b', 'a[1].gone', 'gone'].map(read.lineOf)).toEqual([
    1, 2, 3, 4, 4, 4, 1,
  ])
})

test('whatever is in a file: a value or a line, never a throw', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '1',
    'true',
    '\n',
    ' ',
    '\\',
    'x',
    '"a"',
    '-',
    '\u2028',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), pieces => {
      const read = readJson(pieces.join(''))
      if (!read.ok) expect(read.line).toBeGreaterThan(0)
    }),
    { numRuns: 1_000 },
  )
})

// ---- --csp

async function policyOf(config: object | string, ...args: readonly string[]) {
  const file = join(work, 'asklet.json')
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config))
  const out = createSpoken()
  const code = await main(['check', file, ...args], out, createCommands(checkConfig))
  return { code, ...out }
}
const SITE = {
  knowledge: '/help/manifest.json',
  server: 'https://help.example',
  images: ['https://img.example'],
}

test('--csp prints a line a directive, and the whole policy of a page with nothing else on it', async () => {
  const { code, lines, errors } = await policyOf(SITE, '--csp', '--cdn', 'https://cdn.example/asklet/')
  expect(errors).toEqual([])
  expect(code).toBe(0)
  expect(lines).toContain('  script-src https://cdn.example')
  expect(lines).toContain("  connect-src 'self' https://help.example wss://help.example")
  expect(lines).toContain("  img-src 'self' https://img.example https://help.example")
  expect(lines.at(-1)).toBe(
    "  Content-Security-Policy: default-src 'none'; script-src https://cdn.example; connect-src 'self' https://help.example wss://help.example; img-src 'self' https://img.example https://help.example; require-trusted-types-for 'script'; trusted-types 'none'",
  )
})

test('--csp without the page says that its own WebSocket could not be named; with it, it is', async () => {
  const without = await policyOf({ server: '/' }, '--csp')
  expect(without.lines.join('\n')).toContain('name the page with --page')
  expect(without.lines.join('\n')).not.toContain('page.invalid')
  const named = await policyOf({ server: '/' }, '--csp', '--page', 'https://shop.example/start')
  expect(named.lines).toContain("  connect-src 'self' wss://shop.example")
  expect(named.lines.join('\n')).not.toContain('--page')
})

test('--csp --json says the same for programs', async () => {
  const { lines } = await policyOf(SITE, '--csp', '--json', '--at', 'https://cdn.example/asklet.json')
  const said = JSON.parse(lines.join('\n'))
  // Relative addresses of the file go by where the file lies.
  expect(said.lines).toContain('connect-src https://cdn.example https://help.example wss://help.example')
  expect(said.whole).toMatch(/^default-src 'none'; .*; trusted-types 'none'$/)
  expect(said.needed[0]).toMatchObject({ directive: 'script-src', source: "'self'" })
})

test('--csp of a configuration that cannot be used says what is wrong with it, and no policy', async () => {
  const wrong = await policyOf('{\n  "server": 5\n}', '--csp')
  expect(wrong.code).toBe(1)
  expect(wrong.errors).toEqual(['asklet.json:2:3: server must be string, got 5.'])
  expect(wrong.lines).toEqual([])
  expect((await policyOf('{', '--csp')).code).toBe(1)
})

test('--csp refuses what it cannot mean: two files, an address that is none, its options without it', async () => {
  expect((await policyOf(SITE, '--csp', join(work, 'asklet.json'))).code).toBe(2)
  expect((await policyOf(SITE, '--csp', '--page', 'shop')).code).toBe(2)
  expect((await policyOf(SITE, '--csp', '--cdn', 'file:///x')).code).toBe(2)
  expect((await policyOf(SITE, '--json')).code).toBe(2)
})
