// The preview of a help folder while it is written: the built command, its page, a person with a keyboard, and the
// files under the editor.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBrowser, PHONE } from '../../../demo/people'
import { expectAccessible } from './scenes'

let work = ''
let browser: Browser
let command: ChildProcess
let address = ''
const complaints: string[] = []

const write = (name: string, text: string) => writeFileSync(join(work, name), text)
const article = (title: string, more = '', body = 'Open Withdrawals and look at its status. ') =>
  `---\ntitle: ${title}\n${more}---\n${body.repeat(6)}\n`

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'asklet-preview-'))
  write('late.md', article('My withdrawal is late', 'pages: [/withdrawals]\nroles: [freelancer]\n'))
  write('fees.md', article('Withdrawal fees', '', '[Late?](late.md) Fees are shown before you confirm. '))
  write('card.md', article('Add a card', 'roles: [client]\n', 'Open Settings and choose Add there. '))
  command = spawn(process.execPath, [resolve('dist/npm/cli.js'), 'dev', work, '--port', '0'])
  for await (const line of createInterface({ input: command.stdout as NodeJS.ReadableStream })) {
    address = /Preview at (\S+)/.exec(line)?.[1] ?? ''
    if (address) break
  }
  browser = await openBrowser()
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
  expect(complaints.splice(0), 'what the browser complained of').toEqual([])
})
afterAll(async () => {
  await browser.close()
  rmSync(work, { recursive: true, force: true })
})

async function openPage(hash: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  page.setDefaultTimeout(8_000)
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  await page.goto(`${address}#${hash}`)
  await page.locator('.suggestion').first().waitFor()
  return page
}
const titles = (page: Page) => page.locator('.suggestion .title').allTextContents()

test('typing shows what comes and why; arrows and Enter open the article beside it', async () => {
  const page = await openPage('route=/withdrawals&role=freelancer')
  await expect
    .poll(() => titles(page))
    .toEqual(['1 My withdrawal is late', '2 Withdrawal fees', '3 Add a card'])
  await page.keyboard.type('withdrawal')
  await expect.poll(() => titles(page)).toEqual(['1 My withdrawal is late', '2 Withdrawal fees'])
  const first = page.locator('.suggestion').first()
  expect(await first.textContent()).toMatch(/words [\d.]+page [\d.]+.*role [\d.]+.*it belongs to Withdrawals/)
  expect(
    await first.locator('.bar .page').evaluate(bar => bar.getBoundingClientRect().width),
  ).toBeGreaterThan(5)

  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Withdrawal fees', level: 2 }).waitFor()
  await page.getByRole('button', { name: 'Late?' }).first().click()
  await page.getByRole('heading', { name: 'My withdrawal is late', level: 2 }).waitFor()
  await page.keyboard.press('/')
  expect(await page.getByRole('searchbox').evaluate(box => box === document.activeElement)).toBe(true)
  await expectAccessible({ page }, 'light')
})

test('what is saved is shown at once, a mistake keeps the last good build, and the question stays', async () => {
  const page = await openPage('route=/withdrawals&q=add+card&article=card')
  await page.getByRole('heading', { name: 'Add a card', level: 2 }).waitFor()
  write('card.md', article('Add a card or a bank'))
  await page.getByRole('heading', { name: 'Add a card or a bank', level: 2 }).waitFor()
  expect(await titles(page)).toEqual(['1 Add a card or a bank'])

  // A remark that somebody is reading stays open while the folder is built again.
  write('thin.md', '---\ntitle: Thin\n---\nHardly a word.\n')
  await page.getByText('1 remark').click()
  await page.getByText('thin.md:4').waitFor()

  write('card.md', article('Add nothing', 'kind: tutorial\n'))
  await page.getByText('card.md:3').waitFor()
  await page.getByText('The last good build stays until then.').waitFor()
  expect(await page.getByText('thin.md:4').isVisible()).toBe(true)
  expect(await titles(page)).toEqual(['1 Add a card or a bank'])
  expect(await page.getByRole('searchbox').inputValue()).toBe('add card')
  await expectAccessible({ page }, 'with a mistake')

  write('card.md', article('Add a card'))
  await page.getByRole('heading', { name: 'Add a card', level: 2, exact: true }).waitFor()
  await page.getByText('card.md:3').waitFor({ state: 'detached' })
  await page.reload()
  await expect.poll(() => titles(page)).toEqual(['1 Add a card'])
  expect(await page.getByRole('searchbox').inputValue()).toBe('add card')
})

test('on a phone in the dark: one column, nothing wider than the screen, and a way back to the list', async () => {
  const page = await openPage('route=/withdrawals&role=freelancer', { viewport: PHONE, colorScheme: 'dark' })
  await page.locator('.suggestion').last().click()
  await page.getByRole('heading', { level: 2 }).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await page.getByRole('button', { name: 'Back to the suggestions' }).click()
  expect(await page.evaluate(() => document.activeElement?.className)).toContain('suggestion')
  await expectAccessible({ page }, 'dark')
})

test('Ctrl+C ends it, and the page says so', async () => {
  const page = await openPage('')
  command.kill('SIGINT')
  const [code] = await once(command, 'exit')
  expect(code).toBe(0)
  await page.getByText('The preview was stopped').waitFor()
  // The connection that is gone is what the page tells of.
  complaints.length = 0
})
