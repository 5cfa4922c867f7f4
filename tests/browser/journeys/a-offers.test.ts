// Help that is offered unasked, on the built files: from what the page shows and from what the site says. Under the
// demo's policy without inline code; `createScenes` holds that nothing is reported.

import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { PHONE, type Visitor, type WatchOptions } from '../../../demo/people'
import { createScenes, expectAccessible, focused, spoken } from './scenes'

const scenes = createScenes()

interface OfPage {
  Asklet(...call: unknown[]): Promise<unknown>
  told: unknown[]
}

const bubble = (page: Page) => page.getByRole('group', { name: 'Offer of help' })

/** On a page that is watched, once it is. */
async function watched(route: string, options: WatchOptions & { consent?: string } = {}): Promise<Visitor> {
  const { consent, ...rest } = options
  const demo = await scenes.start({
    tag: { 'data-offers': '', ...(consent && { 'data-consent': consent }) },
  })
  const visitor = await scenes.visitor('freelancer', rest, demo)
  const settings = visitor.page.waitForResponse(/asklet\.json/)
  await visitor.page.goto(`${demo.address}${route}`)
  await settings
  await visitor.page.waitForLoadState('networkidle')
  return visitor
}

async function hearOffers(page: Page): Promise<() => Promise<unknown[]>> {
  await page.evaluate(() => {
    const all = window as unknown as OfPage
    all.told = []
    for (const name of ['offered', 'offerTaken', 'offerDismissed'])
      all.Asklet('on', name, (detail: object) => all.told.push({ name, ...detail }))
  })
  return () => page.evaluate(() => (window as unknown as OfPage).told)
}

/** The amount is too small, twice. */
async function failTwice(page: Page): Promise<void> {
  await page.locator('#amount').fill('5')
  for (let i = 0; i < 2; i++) {
    await page.getByRole('button', { name: 'Withdraw', exact: true }).click()
    // It is looked at what the attempt ended in.
    await page.waitForTimeout(500)
  }
}

const ERROR = { offer: 'errorRepeated::withdrawals/understand-your-balance', because: 'errorRepeated' }

describe('what the page shows', () => {
  test('the same error twice: one offer, said once, the focus stays; it opens its article', async () => {
    const visitor = await watched('/withdrawals')
    const { page } = visitor
    const told = await hearOffers(page)
    await failTwice(page)
    await bubble(page).waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('amount')
    expect(await spoken(page)).toContain('The amount is not taken?')
    await expectAccessible(visitor, 'an offer')
    expect(
      visitor.requests.filter(url => /panel-/.test(url)),
      'nothing of the panel',
    ).toEqual([])

    await page.getByRole('button', { name: 'Why this?' }).click()
    await page.getByText('Because the page showed the same error twice.').waitFor()
    await expectAccessible(visitor, 'an offer with its reason')
    await page.getByRole('button', { name: 'Show me how' }).click()
    await page.getByRole('dialog').getByText('Did this solve it?').waitFor()
    expect(await bubble(page).count()).toBe(0)
    expect(await told()).toEqual([
      { name: 'offered', ...ERROR },
      { name: 'offerTaken', ...ERROR },
    ])
    expect(await page.evaluate(() => localStorage.length), 'no yes, no memory').toBe(0)
  })

  test('sent away by keyboard: the focus goes back to where it was, and that offer is over', async () => {
    const visitor = await watched('/withdrawals')
    const { page } = visitor
    const told = await hearOffers(page)
    await failTwice(page)
    await bubble(page).waitFor()
    for (let i = 0; i < 80 && (await focused(page)) !== 'Show me how'; i++) await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Show me how')
    await page.keyboard.press('Escape')
    await bubble(page).waitFor({ state: 'detached' })
    expect(await focused(page)).not.toBe('the page')
    expect(
      visitor.requests.filter(url => /panel-/.test(url)),
      'nothing of the panel',
    ).toEqual([])
    await failTwice(page)
    await page.waitForTimeout(300)
    expect(await bubble(page).count()).toBe(0)
    expect((await told()).at(-1)).toEqual({ name: 'offerDismissed', ...ERROR })
  })

  test('three quick presses that change nothing; a second offer on another page comes too soon', async () => {
    const visitor = await watched('/orders')
    const { page } = visitor
    await page.locator('h1').click({ clickCount: 1, delay: 0 })
    const box = await page.locator('h1').boundingBox()
    if (!box) throw new Error('no heading')
    // Beside its words: those would be selected.
    const [x, y] = [box.x + box.width - 5, box.y + box.height / 2]
    for (let i = 0; i < 3; i++) await page.mouse.click(x, y)
    await bubble(page).getByText('Something does not react?').waitFor()
    await page.getByRole('button', { name: 'No, thanks' }).click()
    await page.getByRole('link', { name: 'Withdrawals' }).first().click()
    await failTwice(page)
    await page.waitForTimeout(300)
    expect(await bubble(page).count()).toBe(0)
  })

  test('presses that do something are no trouble', async () => {
    const visitor = await watched('/orders')
    const { page } = visitor
    const theme = page.getByRole('button', { name: 'Switch between light and dark' })
    for (let i = 0; i < 4; i++) await theme.click()
    await page.waitForTimeout(700)
    expect(await bubble(page).count()).toBe(0)
  })

  test('a step that somebody is busy with for long, and gets no further in', async () => {
    const demo = await scenes.start({ tag: { 'data-offers': '' } })
    const visitor = await scenes.visitor('freelancer', {}, demo)
    const { page } = visitor
    await page.clock.install()
    const settings = page.waitForResponse(/asklet\.json/)
    await page.goto(`${demo.address}/proposal`)
    await page.clock.runFor(1_000)
    await settings
    await page.waitForLoadState('networkidle')
    const [letter, rate] = [page.locator('[data-letter]'), page.locator('[data-rate]')]
    await letter.fill('Dear Brightside')
    await rate.fill('1200')
    for (let i = 0; i < 3; i++) {
      await page.clock.fastForward(12_000)
      await letter.focus()
      await rate.focus()
    }
    expect(await bubble(page).count()).toBe(0)
    await page.clock.fastForward(30_000)
    await letter.focus()
    await page.clock.runFor(100)
    await bubble(page).getByText('Stuck on the proposal?').waitFor()
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-letter'))).toBe(true)
    await page.getByRole('button', { name: 'Why this?' }).click()
    await page.getByText('Because this step has taken a while.').waitFor()
  })
})

describe('what the site says', () => {
  test('a signal, without data-offers: the bubble with its facts, before anything of the panel', async () => {
    const visitor = await scenes.visitor('freelancer')
    const { page } = visitor
    await visitor.goTo('/withdrawals')
    await page.getByRole('button', { name: 'Help' }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(visitor.requests.filter(url => /offers-|asklet\.json/.test(url))).toEqual([])
    await page.locator('#amount').fill('500.00')
    await page.getByRole('button', { name: 'Withdraw', exact: true }).click()
    await bubble(page).getByText('$500.00 is requested. See when it arrives?').waitFor()
    expect(visitor.requests.filter(url => /panel-/.test(url))).toEqual([])
    // The launcher is another way to help: the offer makes room.
    await page.getByRole('button', { name: 'Help' }).click()
    await page.getByRole('dialog').waitFor()
    expect(await bubble(page).count()).toBe(0)
    const again = await page.evaluate(() =>
      (window as unknown as OfPage).Asklet('signal', 'withdrawalRequested'),
    )
    expect(again, 'the panel is open').toBe(false)
  })

  test('with consent what was sent away is remembered over a reload, and forgotten when it is taken back', async () => {
    const visitor = await watched('/withdrawals', { consent: 'granted' })
    const { page } = visitor
    await failTwice(page)
    await page.getByRole('button', { name: 'No, thanks' }).click()
    const kept = () => page.evaluate(() => localStorage.getItem('asklet:offers'))
    expect(JSON.parse((await kept()) ?? '{}')).toMatchObject({ dismissed: [ERROR.offer] })
    await page.reload()
    await page.waitForLoadState('networkidle')
    await failTwice(page)
    await page.waitForTimeout(300)
    expect(await bubble(page).count()).toBe(0)
    await visitor.openHelp()
    await page.evaluate(() => (window as unknown as OfPage).Asklet('update', { consent: 'denied' }))
    await expect.poll(kept).toBe(null)
  })

  test.each(['gpc', 'denied'])('nothing is watched or offered: %s', async why => {
    const demo = await scenes.start({
      tag: { 'data-offers': '', ...(why === 'denied' && { 'data-consent': 'denied' }) },
    })
    const visitor = await scenes.visitor('freelancer', {}, demo)
    const { page } = visitor
    if (why === 'gpc')
      await page.addInitScript(() => {
        Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })
      })
    await page.goto(`${demo.address}/withdrawals`)
    await page.waitForLoadState('networkidle')
    await failTwice(page)
    const answer = await page.evaluate(() =>
      (window as unknown as OfPage).Asklet('signal', 'withdrawalRequested'),
    )
    expect(answer).toBe(false)
    await page.waitForTimeout(300)
    expect(await bubble(page).count()).toBe(0)
    const wanted = why === 'gpc' ? /offers-|asklet\.json/ : /asklet\.json/
    expect(visitor.requests.filter(url => wanted.test(url))).toEqual([])
  })

  test('after destroy nothing comes', async () => {
    const visitor = await watched('/withdrawals')
    const { page } = visitor
    await failTwice(page)
    await bubble(page).waitFor()
    await page.evaluate(() => (window as unknown as OfPage).Asklet('destroy'))
    expect(await page.locator('asklet-root, [data-asklet]').count()).toBe(0)
  })
})

test('on a phone its buttons are 44 px high, and it stands within the screen', async () => {
  const visitor = await watched('/withdrawals', { viewport: PHONE })
  const { page } = visitor
  await failTwice(page)
  await bubble(page).waitFor()
  for (const button of await bubble(page).getByRole('button').all()) {
    const box = await button.boundingBox()
    expect(box?.height).toBeGreaterThanOrEqual(44)
    expect(box?.width).toBeGreaterThanOrEqual(44)
  }
  const box = await bubble(page).boundingBox()
  if (!box) throw new Error('no bubble')
  expect(box.x).toBeGreaterThanOrEqual(0)
  expect(box.x + box.width).toBeLessThanOrEqual(PHONE.width)
  const amount = await page.locator('#amount').boundingBox()
  const isCovered = amount && amount.y < box.y + box.height && amount.y + amount.height > box.y
  expect(isCovered, 'the field in use is not covered').toBe(false)
})
