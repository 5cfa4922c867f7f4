// What a developer who installs the assistant meets: the policy that `asklet check --csp` prints, and what
// `Asklet('diagnose')` says of installations that are wrong on purpose. Pages of these scenes hold nothing but the tag.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import type { Demo } from '../../../demo/site'
import { createCommands, main } from '../../../src/cli/main'
import { checkConfig } from '../../../src/protocol/config'
import { createScenes } from './scenes'

const scenes = createScenes()
const folder = mkdtempSync(join(tmpdir(), 'asklet-installation-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The last line of what the command prints: the whole policy of a page with nothing else on it. */
async function printedPolicy(config: object, ...args: readonly string[]): Promise<string> {
  const file = join(folder, 'asklet.json')
  writeFileSync(file, JSON.stringify(config))
  const lines: string[] = []
  const code = await main(
    ['check', file, '--csp', ...args],
    { line: text => void lines.push(text), error: text => void lines.push(text) },
    createCommands(checkConfig),
  )
  expect(code, lines.join('\n')).toBe(0)
  return (lines.at(-1) ?? '').trim().replace('Content-Security-Policy: ', '')
}

/** A page with nothing on it but the tag. */
const barePage = (assistant: string, attributes = '') =>
  `<!doctype html><html lang="en"><title>Withdrawals</title><meta name="asklet:route" content="/withdrawals">
  <h1>Withdrawals</h1><script async src="${assistant}/cdn/asklet.js" data-config="/asklet.json" data-role="freelancer" ${attributes}></script>`

test('the policy that `asklet check --csp` prints is enough: search, article, bot and a person, nothing reported', async () => {
  let policy = ''
  const demo: Demo = await scenes.start({
    instead: path =>
      path === '/bare'
        ? { headers: { 'content-security-policy': policy }, body: barePage(demo.assistantAddress) }
        : undefined,
  })
  const config = await (await fetch(`${demo.address}/asklet.json`)).json()
  policy = await printedPolicy(config, '--page', demo.address, '--cdn', demo.assistantAddress)
  expect(policy).toContain(`script-src ${demo.assistantAddress};`)
  const visitor = await scenes.visitor('freelancer', {}, demo)
  const { page, button } = visitor
  const agent = await scenes.agent('Noor', {}, demo)
  await visitor.goTo('/bare')
  await visitor.openHelp()
  await visitor.search.fill('withdrawal fee')
  await visitor.options.first().click()
  await page.getByText('Did this solve it?').waitFor()
  await button('Back').click()
  await button(/^Ask/).click()
  await visitor.message.waitFor()
  await visitor.say('I want to talk to a person')
  await button(/Chat now/).click()
  await agent.take('')
  await agent.reply('Here I am.')
  await visitor.log.getByText('Here I am.').waitFor()
  expect(visitor.cspReports).toEqual([])
  expect(visitor.said).toEqual([])
})

// ---- diagnose

interface Found {
  readonly code: string
  readonly severity: string
  readonly what: string
  readonly got: string
  readonly fix: string
}

/** What `await Asklet('diagnose')` says in that page. */
const diagnosed = (page: Page): Promise<readonly Found[]> =>
  page.evaluate(async () => {
    const { Asklet } = window as unknown as {
      Asklet(verb: 'diagnose'): Promise<{ readonly findings: readonly Found[] }>
    }
    return (await Asklet('diagnose')).findings
  })
const loaded = (page: Page) =>
  page.waitForFunction(() => 'version' in (window as never as { Asklet: object }).Asklet)

test('on the demo, with its strict policy and a signed-in visitor, diagnose finds nothing and leaves nothing', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  const printed: string[] = []
  page.on('console', message => printed.push(message.text()))
  await visitor.goTo('/withdrawals')
  await loaded(page)
  expect(await diagnosed(page)).toEqual([])
  expect(printed[0]).toMatch(/^Asklet \d.*: no findings$/)
  expect(printed.join('\n')).toContain("connect-src 'self' ws://")
  const left = await page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).map(({ name }) => name),
    fields: document.querySelector('asklet-root')?.shadowRoot?.querySelectorAll('input[type=hidden]').length,
    focus: document.activeElement?.tagName,
  }))
  expect(left).toEqual({ local: [], session: [], databases: [], fields: 0, focus: 'BODY' })
})

test('with every attribute that the README names, and some of other tools, diagnose finds nothing', async () => {
  const attributes = `data-position="left" data-theme="dark" data-accent="#0055aa" data-label="Help" data-locale="en" data-launcher="false"
    data-hide="/checkout /admin/*" data-answer="/" data-offers data-consent="granted" data-enabled="true"
    data-global="Asklet" data-turbo-track="reload" data-cfasync="false" data-astro-rerun`
  const demo: Demo = await scenes.start({
    instead: path => (path === '/all' ? { body: barePage(demo.assistantAddress, attributes) } : undefined),
  })
  const { page } = await scenes.visitor('freelancer', {}, demo)
  await page.goto(`${demo.address}/all`)
  await loaded(page)
  expect(await diagnosed(page)).toEqual([])
})

test('each thing that is wrong is found by its name: policy, index, clock, storage, listeners, tag and launcher', async () => {
  const demo: Demo = await scenes.start({
    instead: path => {
      if (path === '/wrong')
        return {
          headers: {
            date: new Date(Date.now() - 20 * 60_000).toUTCString(),
            'content-security-policy': `default-src 'none'; script-src ${demo.assistantAddress} 'nonce-ours'; connect-src 'self'; img-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
          },
          body: `${barePage(demo.assistantAddress, 'data-consent="denied" data-acent="red" data-hide="/wrong"')}
            <script nonce="ours">
              addEventListener('keydown', event => { if (event.key === '/') event.preventDefault() }, true)
              document.addEventListener('keydown', event => { if (event.key === 'k') event.stopPropagation() }, true)
              Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })
            </script>`,
        }
      // The server's clock goes by every answer of its own.
      if (path === '/asklet.json')
        return {
          headers: {
            'content-type': 'application/json',
            date: new Date(Date.now() - 20 * 60_000).toUTCString(),
          },
          body: JSON.stringify({
            knowledge: '/help/manifest.json',
            server: 'https://help.invalid',
            journal: true,
            colour: 'red',
          }),
        }
      return /^\/help\/index|^\/help\/.*index.*json$/.test(path) ? { status: 404, body: 'gone' } : undefined
    },
  })
  // Reports of the policy are what this scene is about: a page of its own, which nobody holds to have none.
  const context = await scenes.browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(`${demo.address}/wrong`)
    await loaded(page)
    await page.evaluate(() => {
      const { Asklet } = window as unknown as { Asklet(verb: 'identify', visitor: object): void }
      const token = () => Promise.reject(new TypeError('session hunter2 is over'))
      Asklet('identify', { id: 'mara', role: 'freelancer', token })
    })
    const found = await diagnosed(page)
    const named = (code: string) => found.filter(each => each.code === code)
    const codes = [...new Set(found.map(({ code }) => code))].sort()
    expect(codes, JSON.stringify(found, null, 1)).toEqual([
      'attribute_unknown',
      'clock_skew',
      'config_invalid',
      'consent_denied',
      'contact_missing',
      'csp_source',
      'index_missing',
      'journal_off',
      'keys_heard',
      'keys_taken',
      'launcher_hidden',
      'storage_refused',
      'token_refused',
    ])
    // What the host's function says of its failure may hold what proves the visitor.
    expect(named('token_refused')[0]?.got).toBe('the function given to identify failed (TypeError)')
    expect(JSON.stringify(found)).not.toContain('hunter2')
    expect(
      named('csp_source')
        .map(({ fix }) => fix.split('.')[0])
        .sort(),
    ).toEqual(["Add 'self' to img-src", 'Add https://help', 'Add wss://help'])
    expect(named('clock_skew')[0]?.got).toBe('the device is 20 minutes ahead')
    expect(named('storage_refused')[0]?.what).toContain('localStorage')
    expect(named('launcher_hidden')[0]?.got).toContain('attribute hidden')
    // By script and line, and only what was taken.
    expect(
      named('keys_taken')
        .map(({ got }) => got)
        .join(' | '),
    ).toMatch(/\/ prevented, by http\S+\/wrong:\d+/)
    expect(
      named('keys_taken')
        .map(({ got }) => got)
        .join(' | '),
    ).toMatch(/Control\+k stopped, by http\S+\/wrong:\d+/)
    expect(named('keys_heard')[0]?.got).toMatch(/\ba, by http\S+\/wrong:\d+/)
  } finally {
    await context.close()
  }
})

test('an app that answers every path with itself is told so, and a tag that is a module that it cannot start', async () => {
  const demo: Demo = await scenes.start({
    instead: path => {
      if (path === '/spa') return { body: barePage(demo.assistantAddress) }
      if (path === '/module')
        return { body: barePage(demo.assistantAddress).replace('<script async', '<script type="module"') }
      return path === '/asklet.json' ? { body: '<!doctype html><title>App</title>' } : undefined
    },
  })
  // What the console says of it is the scene.
  const context = await scenes.browser.newContext()
  const page = await context.newPage()
  const said: string[] = []
  page.on('console', message => said.push(message.text()))
  await page.goto(`${demo.address}/spa`)
  await loaded(page)
  const found = await diagnosed(page)
  expect(found.map(({ code }) => code)).toEqual(['html_answered'])
  expect(found[0]?.got).toContain('/asklet.json answered 200 with a web page')

  await page.goto(`${demo.address}/module`)
  await expect.poll(() => said.filter(line => line.includes('script_missing'))).toHaveLength(1)
  await context.close()
})

test('where the parts of the assistant do not come, the promise of diagnose says so instead of staying silent', async () => {
  const { page } = await scenes.visitor('freelancer')
  await page.route('**/cdn/*/panel-*.js', route => route.abort())
  const said: string[] = []
  page.on('console', message => said.push(message.text()))
  await page.goto(`${scenes.demo.address}/withdrawals`)
  await loaded(page)
  await expect(diagnosed(page)).rejects.toThrow(/dynamically imported module/)
  expect(said.join()).toMatch(/chunk_failed.*script-src/)
})
