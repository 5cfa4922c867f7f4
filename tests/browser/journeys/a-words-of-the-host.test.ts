// What hosts really write into their pages: languages of another spelling, verbs as event handlers, calls before
// the script is there, images of their own, a refusal to keep anything.

import { expect, test } from 'vitest'
import { createScenes } from './scenes'

const scenes = createScenes()

const call = (page: import('playwright-core').Page, source: string) =>
  page.evaluate(text => {
    const [verb, ...args] = JSON.parse(text) as unknown[]
    return (window as unknown as { Asklet: (...call: unknown[]) => unknown }).Asklet(verb, ...args)
  }, source)

test.for([['en_US'], ['english please']])(
  'help opens, with suggestions, on a page in lang="%s"',
  async ([language = '']) => {
    const visitor = await scenes.visitor('freelancer')
    await visitor.goTo('/withdrawals')
    await visitor.page.evaluate(lang => {
      document.documentElement.lang = lang
    }, language)
    await visitor.openHelp()
    await visitor.options.first().waitFor()
    expect(await visitor.search.getAttribute('aria-label')).toBe('Search help')
  },
)

test('who reads German finds help in German first, and what there is in English alone says so', async () => {
  const { page, search, options } = await scenes.visitor('client')
  await page.goto(`${scenes.demo.address}/payments?lang=de`)
  await page.getByRole('button', { name: 'Hilfe' }).click()
  const foreign = options.filter({ hasText: 'Auf Englisch' })
  const inside = page.getByRole('dialog').locator('> [lang]')
  await foreign.first().waitFor()
  expect(await inside.getAttribute('lang')).toBe('de')
  expect(await search.getAttribute('aria-label')).toBe('Hilfe durchsuchen')
  // The first for this page and role; below them what nobody has translated.
  expect(await options.first().locator('> [lang]').getAttribute('lang')).toBe('de')
  expect(await foreign.first().locator('> [lang]').getAttribute('lang')).toBe('en')

  // The choice in the page's top bar; the language stays with whoever goes on.
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByLabel('Language').selectOption('ar')
  await page.getByRole('button', { name: 'المساعدة' }).click()
  await options.first().waitFor()
  const direction = await inside.evaluate(panel => getComputedStyle(panel).direction)
  expect([await inside.getAttribute('lang'), direction]).toEqual(['ar', 'rtl'])
})

test('a verb handed over as a click handler opens home, not a window that loads for ever', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await visitor.goTo('/withdrawals')
  await page.getByRole('button', { name: 'Help' }).waitFor()
  await call(page, '["open", { "isTrusted": true }]')
  await page.getByRole('dialog').waitFor()
  await visitor.search.waitFor()
  await visitor.options.first().waitFor()
})

test('suggestions that a site asks for before the panel is loaded come to it', async () => {
  const visitor = await scenes.visitor('freelancer')
  await visitor.goTo('/withdrawals')
  await visitor.page.getByRole('button', { name: 'Help' }).waitFor()
  const found = (await call(visitor.page, '["suggest", "fee", 2]')) as { title: string }[]
  expect(found).toHaveLength(2)
})

test('a site that had destroyed the assistant before its script came has none', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await page.addInitScript(() => {
    const early = Object.assign(() => {}, { q: [['open'], ['destroy']] })
    ;(window as unknown as Record<string, unknown>).Asklet = early
  })
  // A page of its own: the marketplace makes the function anew when its script comes after ours.
  await visitor.goTo('/hosts/plain.html')
  await page.waitForFunction(() => !('Asklet' in window))
  expect(await page.locator('asklet-root').count()).toBe(0)
  expect(await page.getByRole('dialog').count()).toBe(0)
})

test('an image of the page’s own origin is shown in an article without being allowed', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await page.route('**/help/articles/*.json', async route => {
    const article = await (await route.fetch()).json()
    article.content.unshift({ t: 'p', c: [{ t: 'img', src: '/help/images/map.png', alt: 'The map' }] })
    await route.fulfill({ json: article })
  })
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await visitor.options.first().click()
  await page.getByRole('article').getByRole('img', { name: 'The map' }).waitFor()
})

test('an image that has not come yet has its place, so that nothing moves under the reader’s eyes', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await page.route('**/help/articles/*.json', async route => {
    const article = await (await route.fetch()).json()
    article.content.unshift({
      t: 'p',
      c: [{ t: 'img', src: '/help/images/map.png', alt: 'The map', w: 3_000, h: 1_500 }],
    })
    await route.fulfill({ json: article })
  })
  // It is on its way all through this test.
  await page.route('**/help/images/map.png', () => {})
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await visitor.options.first().click()
  const box = await page.getByRole('article').getByRole('img', { name: 'The map' }).boundingBox()
  expect(box?.width).toBeGreaterThan(100)
  expect(box?.height).toBeCloseTo((box?.width ?? 0) / 2, 0)
})

test('with consent denied nothing of a search or a talk is stored, and what stood there is gone', async () => {
  const demo = await scenes.start({ tag: { 'data-consent': 'denied' } })
  const visitor = await scenes.visitor('freelancer', {}, demo)
  const { page } = visitor
  await page.goto(`${demo.address}/withdrawals`)
  const kept = () => page.evaluate(() => Object.keys(sessionStorage).concat(Object.keys(localStorage)))
  await visitor.openHelp()
  await visitor.search.fill('fee')
  await visitor.search.press('Enter')
  await visitor.log.waitFor()
  await expect.poll(async () => (await visitor.transcript()).length).toBeGreaterThan(1)
  expect(await kept()).toEqual([])
})

test('consent taken back while help is open takes the words off the device', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await visitor.search.fill('fee')
  const kept = () => page.evaluate(() => Object.keys(sessionStorage).concat(Object.keys(localStorage)))
  await expect.poll(async () => (await kept()).length).toBeGreaterThan(0)
  await call(page, '["update", { "consent": "denied" }]')
  expect(await kept()).toEqual([])
  await visitor.search.fill('fees')
  expect(await kept()).toEqual([])
})
