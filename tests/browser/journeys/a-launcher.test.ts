// Journey (a): page load, launcher, panel. The assistant's files come from a second origin, under the demo's
// policy without inline code or styles and with Trusted Types; `createScenes` holds that nothing is reported.

import { expect, test } from 'vitest'
import { PHONE } from '../../../demo/people'
import { createScenes, expectAccessible, focused } from './scenes'

const scenes = createScenes()

test('a page with help on it: one request, nothing stored, and Tab leads to the button', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await visitor.goTo('/withdrawals')
  await page.getByRole('button', { name: 'Help' }).waitFor()
  await page.waitForLoadState('networkidle')
  const own = () => visitor.requests.filter(url => url.startsWith(scenes.demo.assistantAddress))
  expect(own()).toHaveLength(1)
  expect(visitor.requests.filter(url => url.endsWith('/asklet.json'))).toEqual([])
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0)
  await expectAccessible(visitor, 'the button alone')

  for (let i = 0; i < 60 && (await focused(page)) !== 'Help'; i++) await page.keyboard.press('Tab')
  expect(await focused(page)).toBe('Help')
  // The keyboard on the button is an intent: the panel is on its way before Enter.
  await expect.poll(() => own().length).toBeGreaterThan(1)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await expect.poll(() => focused(page)).toBe('combobox')
  await visitor.options.first().waitFor()
  await expectAccessible(visitor, 'home')
})

test('who only passes over the button sees, hears and fetches no help: the panel waits out of sight', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await visitor.goTo('/withdrawals')
  await page.getByRole('button', { name: 'Help' }).hover()
  await page.locator('.panel').waitFor({ state: 'attached' })
  expect(await page.locator('.panel').isVisible()).toBe(false)
  await page.waitForLoadState('networkidle')
  expect(visitor.requests.filter(url => /index|manifest/.test(url))).toEqual([])
  expect(await focused(page)).toBe('the page')
  await page.getByRole('button', { name: 'Help' }).click()
  await expect.poll(() => focused(page)).toBe('combobox')
  await visitor.options.first().waitFor()
})

test('Escape closes and gives the keyboard back to the button; Enter opens again', async () => {
  const visitor = await scenes.visitor('client')
  const { page } = visitor
  await visitor.goTo('/payments')
  await visitor.openHelp()
  await expect.poll(() => focused(page)).toBe('combobox')
  await visitor.search.fill('invoice')
  await page.keyboard.press('Escape')
  expect(await visitor.search.inputValue(), 'the first Escape empties the search').toBe('')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect(await focused(page)).toBe('Help')
  expect(await page.getByRole('button', { name: 'Help' }).getAttribute('aria-expanded')).toBe('false')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await expect.poll(() => focused(page)).toBe('combobox')
})

test('a call that the site makes before the script has come opens help when it comes', async () => {
  const visitor = await scenes.visitor('client')
  const { page } = visitor
  let letCome = () => {}
  const mayCome = new Promise<void>(done => {
    letCome = done
  })
  await page.route('**/cdn/asklet.js', async route => {
    await mayCome
    await route.continue()
  })
  await page.goto(`${scenes.demo.address}/dispute`, { waitUntil: 'commit' })
  await page.waitForFunction(() => 'Asklet' in window)
  await page.evaluate(() => (window as unknown as { Asklet(verb: string): void }).Asklet('open'))
  expect(await page.locator('asklet-root').count()).toBe(0)
  letCome()
  await page.getByRole('dialog').waitFor()
  // `identify` of the same queue came first: the suggestions know the role.
  await page.locator('.reason', { hasText: 'because you are on Dispute, as a client' }).first().waitFor()
})

test('what stands in the page’s form stays as it was typed while help is used', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await visitor.goTo('/proposal')
  const letter = page.locator('[data-letter]')
  const rate = page.locator('[data-rate]')
  await letter.fill('Dear Brightside,\nI have made three icon sets like this.')
  await rate.fill('1,250.00')
  await visitor.openHelp()
  await visitor.search.pressSequentially('proposal credits')
  await visitor.options.first().click()
  await page.getByText('Did this solve it?').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect(await letter.inputValue()).toBe('Dear Brightside,\nI have made three icon sets like this.')
  expect(await rate.inputValue()).toBe('1,250.00')
  expect(new URL(page.url()).pathname, 'the address is the page’s').toBe('/proposal')
})

test('on a phone help is a sheet over the page, and Tab stays inside it', async () => {
  const visitor = await scenes.visitor('freelancer', { viewport: PHONE })
  const { page } = visitor
  await visitor.goTo('/timesheet')
  await page.getByRole('button', { name: 'Help' }).tap()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await visitor.options.first().waitFor()
  expect(await dialog.getAttribute('aria-modal')).toBe('true')
  expect(await dialog.boundingBox()).toMatchObject({ x: 0, width: PHONE.width })
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab')
    const isInside = await dialog.evaluate(sheet =>
      sheet.contains((sheet.getRootNode() as ShadowRoot).activeElement),
    )
    expect(isInside, `after ${i + 1} Tabs`).toBe(true)
  }
  await expectAccessible(visitor, 'sheet')
  await visitor.button('Close help').tap()
  await dialog.waitFor({ state: 'hidden' })
})

test('at a zoom of 400 % a chosen suggestion is wholly in sight below the field, and all else can be scrolled to', async () => {
  const visitor = await scenes.visitor('freelancer', { viewport: { width: 320, height: 256 } })
  const { page } = visitor
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await visitor.search.fill('withdraw')
  await visitor.options.locator('mark').first().waitFor()
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press('ArrowDown')
    const chosen = visitor.options.and(page.getByRole('option', { selected: true }))
    // It is scrolled to once it is drawn as chosen.
    await expect
      .poll(
        async () => {
          const [row, field] = [await chosen.boundingBox(), await visitor.search.boundingBox()]
          return row && field && row.y >= field.y + field.height && row.y + row.height <= 256.5
        },
        { message: `suggestion ${i + 1} is wholly in sight` },
      )
      .toBe(true)
  }
  await visitor.button(/^Ask:/).scrollIntoViewIfNeeded()
  expect((await visitor.button(/^Ask:/).boundingBox())?.y).toBeLessThan(256)
  await expectAccessible(visitor, 'home at 400 %')
})

test('on a phone no field has smaller type than iOS takes without zooming the page', async () => {
  const visitor = await scenes.visitor('guest', { viewport: PHONE })
  const { page } = visitor
  await visitor.goTo('/payments')
  await visitor.openHelp()
  const sizes = () =>
    page.evaluate(() =>
      [...(document.querySelector('asklet-root')?.shadowRoot?.querySelectorAll('input,textarea') ?? [])].map(
        field => Number.parseFloat(getComputedStyle(field).fontSize),
      ),
    )
  expect(Math.min(...(await sizes()))).toBeGreaterThanOrEqual(16)
  await visitor.button('Talk to a person').tap()
  await visitor.button(/^Leave a message/).tap()
  await expect.poll(async () => (await sizes()).length).toBeGreaterThan(1)
  expect(Math.min(...(await sizes()))).toBeGreaterThanOrEqual(16)
})

test('a reload with help open: it is open again with what was typed, and takes no focus from the page', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await visitor.goTo('/contract')
  await visitor.openHelp()
  await visitor.search.fill('end a con')
  await visitor.options.first().waitFor()
  await page.reload()
  await page.getByRole('dialog').waitFor()
  await visitor.options.filter({ hasText: 'End a contract' }).first().waitFor()
  expect(await visitor.search.inputValue()).toBe('end a con')
  expect(await focused(page)).toBe('the page')
  await visitor.button('Close help').click()
  await page.reload()
  await page.getByRole('button', { name: 'Help' }).waitFor()
  await page.waitForLoadState('networkidle')
  expect(await page.getByRole('dialog').count(), 'closed stays closed').toBe(0)
})

test('data-hide keeps the button off some pages, also when the app changes page by itself', async () => {
  const demo = await scenes.start({ tag: { 'data-hide': '/payments /dis*' } })
  const visitor = await scenes.visitor('freelancer', {}, demo)
  const { page } = visitor
  const button = page.getByRole('button', { name: 'Help' })
  await page.goto(`${demo.address}/payments`)
  await page.locator('asklet-root').waitFor({ state: 'attached' })
  expect(await button.count()).toBe(0)
  await page.getByRole('link', { name: 'Contract', exact: true }).first().click()
  await button.waitFor()
  await page.getByRole('link', { name: 'Dispute', exact: true }).first().click()
  await button.waitFor({ state: 'hidden' })
})

test('data-launcher: a button of the page’s own, which comes later, opens help by key, gets the keyboard back, and is left as it was', async () => {
  const demo = await scenes.start({ tag: { 'data-launcher': '.ask-us' } })
  const visitor = await scenes.visitor('freelancer', {}, demo)
  const { page } = visitor
  await page.goto(`${demo.address}/withdrawals`)
  await page.locator('asklet-root').waitFor({ state: 'attached' })
  await page.evaluate(() => {
    const link = document.createElement('a')
    link.className = 'ask-us'
    link.href = '/payments'
    link.textContent = 'Ask us'
    document.querySelector('main')?.prepend(link)
  })
  const own = page.locator('.ask-us')
  await expect.poll(() => own.getAttribute('aria-expanded')).toBe('false')
  expect(await page.getByRole('button', { name: 'Help' }).count(), 'ours is not in the page').toBe(0)
  // The script, and the small part for such a button: the panel waits as ever.
  const parts = () => visitor.requests.filter(url => url.startsWith(demo.assistantAddress))
  expect(parts()).toHaveLength(2)

  for (let i = 0; i < 60 && (await focused(page)) !== 'Ask us'; i++) await page.keyboard.press('Tab')
  await expect.poll(() => parts().length, { message: 'the keyboard on it is an intent' }).toBeGreaterThan(2)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await expect.poll(() => focused(page)).toBe('combobox')
  expect(await own.getAttribute('aria-expanded')).toBe('true')
  expect(await own.getAttribute('data-asklet-state')).toBe('open')
  await expectAccessible(visitor, 'opened by a button of the page’s own')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect(await focused(page)).toBe('Ask us')
  expect(await own.getAttribute('aria-expanded')).toBe('false')

  await page.evaluate(() => (window as unknown as { Asklet(verb: string): void }).Asklet('destroy'))
  expect(await own.evaluate(element => element.getAttributeNames())).toEqual(['class', 'href'])
  await page.keyboard.press('Enter')
  await page.waitForURL('**/payments')
})

test('data-enabled="false" leaves nothing in the page', async () => {
  const demo = await scenes.start({ tag: { 'data-enabled': 'false' } })
  const visitor = await scenes.visitor('guest', {}, demo)
  const { page } = visitor
  await page.goto(demo.address)
  await page.waitForLoadState('networkidle')
  expect(await page.locator('asklet-root, [data-asklet]').count()).toBe(0)
  // The site's own calls go on waiting in its queue: they must not throw.
  await page.evaluate(() => (window as unknown as { Asklet(verb: string): void }).Asklet('open'))
})

test('`enabled: false` in the configuration: at the first touch the button goes, without an error', async () => {
  const demo = await scenes.start({ config: { enabled: false } })
  const visitor = await scenes.visitor('guest', {}, demo)
  const { page } = visitor
  await page.goto(demo.address)
  await page.getByRole('button', { name: 'Help' }).click()
  await page.locator('asklet-root').waitFor({ state: 'detached' })
  expect(await page.locator('[data-asklet]').count()).toBe(0)
})
