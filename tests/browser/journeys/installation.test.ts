// What a developer who installs the assistant meets: the policy that `asklet check --csp` prints, and what
// `Asklet('diagnose')` says of installations that are wrong on purpose. Pages of these scenes hold nothing but the tag.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
