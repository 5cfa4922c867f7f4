// Third promise: two assistants on one page know nothing of each other. Two tags with a global each, and one of the
// package beside a tag: opened, searched, kept over a reload, destroyed.

import type { Page } from 'playwright-core'
import type { Assistant } from '../../../src/index'
import type { Findings } from './figures'
import { refundRow, type Stage } from './stage'

interface Pair extends Window {
  Asklet?: (...call: unknown[]) => unknown
  PartnerHelp?: (...call: unknown[]) => unknown
  own?: { open(): void; search(query: string): void; destroy(): void }
}

/** One verb of one of the two. */
type Say = (
  which: 'own' | 'partner',
  verb: 'open' | 'search' | 'ask' | 'destroy',
  word?: string,
) => Promise<void>

export async function checkInstances(stage: Stage, found: Findings, isPlanted: boolean): Promise<void> {
  for (const kind of ['two tags', 'package and tag'] as const) {
    const isPackage = kind === 'package and tag'
    const guest = await stage.open(isPackage ? 'empty' : 'tags', { first: isPlanted ? [mixKeys] : [] })
    const { page } = guest
    const make = () => (isPackage ? page.evaluate(makePair) : Promise.resolve())
    await make()
    const launchers = page.locator('asklet-root .launcher')
    await launchers.nth(1).waitFor()
    const own = page.locator('asklet-root:not([data-position=left])')
    const partner = page.locator('asklet-root[data-position=left]')
    const say: Say = (which, verb, word) =>
      page.evaluate(
        ([which, verb, word]) => {
          const all = window as unknown as Pair
          if (which === 'partner') return void all.PartnerHelp?.(verb, word)
          if (all.own) (all.own as unknown as Record<string, (word?: string) => void>)[verb]?.(word)
          else all.Asklet?.(verb, word)
        },
        [which, verb, word] as const,
      )
    const mixed = (isSo: boolean, sentence: string) =>
      found.expect(isSo, `${kind}: ${sentence}`, 'instances-mixed')

    await say('partner', 'search', 'refund')
    await refundRow(partner).waitFor()
    mixed((await own.getByRole('dialog').count()) === 0, 'opening one opened the other')
    await say('own', 'open')
    await own.getByRole('option').first().waitFor()
    mixed(
      (await own.getByRole('combobox').inputValue()) === '',
      'what one was searched for stands in the other',
    )
    await own.getByRole('combobox').fill('contract')
    await own
      .getByRole('option')
      .filter({ hasText: /contract/i })
      .first()
      .waitFor()
    mixed((await partner.getByRole('combobox').inputValue()) === 'refund', 'typing in one changed the other')
    await say('partner', 'ask', 'How do I get a refund for my order?')
    await partner.locator('[data-author=bot]').first().waitFor()
    mixed((await own.locator('[data-author]').count()) === 0, 'a conversation of one shows in the other')
    await own.getByRole('button', { name: 'Close' }).click()
    mixed(await partner.getByRole('dialog').isVisible(), 'closing one closed the other')
    const shared = await sharedKeys(page)
    mixed(shared.length > 0, 'no key of the partner stands apart in the storage of the tab')

    await page.reload()
    await make()
    await partner.locator('[data-author=bot]').first().waitFor()
    mixed(!(await own.getByRole('dialog').isVisible()), 'after a reload the one that was closed is open')
    await say('own', 'open')
    await own.getByRole('option').first().waitFor()
    mixed(
      (await own.getByRole('combobox').inputValue()) === 'contract',
      'after a reload the search of one is not its own',
    )
    await say('partner', 'destroy')
    await partner.waitFor({ state: 'detached' })
    await own.getByRole('combobox').fill('withdraw')
    await own
      .getByRole('option')
      .filter({ hasText: /withdraw/i })
      .first()
      .waitFor()
    mixed(
      (await page.locator('[data-asklet=status]').count()) === 1,
      'the voice for screen readers went along',
    )
    mixed(
      await own.getByRole('dialog').evaluate(panel => getComputedStyle(panel).position === 'fixed'),
      'destroying one took the other’s style',
    )
    for (const error of guest.errors) found.fault(`${kind}: ${error}`, 'instances-mixed')
    await guest.close()
  }
  await checkNamesakes(stage, found)
}

/** Two of the package that nobody gave a name: the later one keeps nothing that the first could read at the next load. */
async function checkNamesakes(stage: Stage, found: Findings): Promise<void> {
  const guest = await stage.open('empty')
  const { page } = guest
  const warnings: string[] = []
  page.on('console', message => message.type() === 'warning' && warnings.push(message.text()))
  const first = page.locator('asklet-root:not([data-position=left])')
  const second = page.locator('asklet-root[data-position=left]')
  const mixed = (isSo: boolean, sentence: string) =>
    found.expect(isSo, `two without a name: ${sentence}`, 'instances-mixed')
  await page.evaluate(makeNamesakes)
  await page.evaluate(() => (window as unknown as Namesakes).second?.search('refund'))
  await refundRow(second).waitFor()
  await page.evaluate(() => (window as unknown as Namesakes).second?.ask('How do I get a refund?'))
  await second.locator('[data-author=bot]').first().waitFor()
  await page.evaluate(() => (window as unknown as Namesakes).first?.search('contract'))
  await first
    .getByRole('option', { name: /contract/i })
    .first()
    .waitFor()
  mixed(
    warnings.some(text => text.includes('has the name ""')),
    'no warning says so',
  )
  await page.reload()
  await page.evaluate(makeNamesakes)
  await page.evaluate(() => (window as unknown as Namesakes).first?.open('home'))
  await first.getByRole('combobox').waitFor()
  mixed((await first.getByRole('combobox').inputValue()) === 'contract', 'the first forgot its own search')
  await page.evaluate(() => (window as unknown as Namesakes).first?.ask())
  await first.getByRole('textbox').last().waitFor()
  mixed((await first.locator('[data-author]').count()) === 0, 'the words of the second stand in the first')
  for (const error of guest.errors) found.fault(`two without a name: ${error}`)
  await guest.close()
}

interface Namesakes extends Window {
  first?: Assistant
  second?: Assistant
}

async function makeNamesakes(): Promise<void> {
  const all = window as unknown as Namesakes
  const load = (path: string) => import(path)
  const { createAssistant } = await load('/hosts/npm/index.js')
  all.first = createAssistant({ config: '/asklet.json' })
  all.second = createAssistant({ config: '/asklet.json', label: 'Partner help', position: 'left' })
}

const sharedKeys = (page: Page) =>
  page.evaluate(() => Object.keys(sessionStorage).filter(key => key.startsWith('PartnerHelp/')))

async function makePair(): Promise<void> {
  const all = window as unknown as Pair
  const load = (path: string) => import(path)
  const { createAssistant } = await load('/hosts/npm/index.js')
  all.own = createAssistant({ config: '/asklet.json', visitor: { role: 'client' } })
  const tag = document.createElement('script')
  tag.src = '/cdn/asklet.js'
  Object.assign(tag.dataset, {
    config: '/asklet.json',
    global: 'PartnerHelp',
    label: 'Partner help',
    position: 'left',
  })
  document.head.append(tag)
}

/** The planted fault: both keep under one name. */
function mixKeys(): void {
  for (const name of ['getItem', 'setItem', 'removeItem'] as const) {
    const original = Storage.prototype[name] as (this: Storage, ...args: string[]) => never
    Storage.prototype[name] = function (this: Storage, key: string, ...rest: string[]) {
      return original.call(this, key.replace('PartnerHelp/', ''), ...rest)
    }
  }
}
