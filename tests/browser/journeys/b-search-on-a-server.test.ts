// Journey (b) where the configuration says that a server searches: the same window, and no index in the page.

import { expect, test } from 'vitest'
import { createScenes } from './scenes'

const scenes = createScenes()
const PRIVATE = 'Early payout for top freelancers'

test('suggestions, an article and the bot’s answer come from the server; no index is fetched, and no address holds the words', async () => {
  const demo = await scenes.start({ config: { search: { url: '/' } } })
  const [usual, visitor] = [await scenes.visitor('freelancer'), await scenes.visitor('freelancer', {}, demo)]
  const titles: string[][] = []
  for (const one of [usual, visitor]) {
    await one.goTo('/withdrawals')
    await one.openHelp()
    await one.options.first().waitFor()
    const before = await one.options.locator('.row-title').allTextContents()
    await one.search.fill('early payout ')
    await one.options.filter({ hasText: PRIVATE }).first().waitFor()
    titles.push(before, await one.options.locator('.row-title').allTextContents())
  }
  // To the letter what the search in the page finds, the private article of a signed freelancer included.
  expect(titles.slice(2)).toEqual(titles.slice(0, 2))
  await visitor.options.filter({ hasText: PRIVATE }).first().click()
  await visitor.page.locator('asklet-root article').getByRole('heading', { name: PRIVATE }).waitFor()
  await visitor.button('Back').click()
  await visitor.search.fill('what fee does Workmere take from my earnings?')
  await visitor.button(/^Ask:/).click()
  await visitor.log.locator('[data-author=bot] .bubble').filter({ hasText: '10 %' }).first().waitFor()
  expect(visitor.requests.filter(url => /index-|\/articles\/|\/knowledge\//.test(url))).toEqual([])
  expect(new Set(visitor.requests.filter(url => url.includes('/search')))).toEqual(
    new Set([`${demo.address}/asklet/v1/search`]),
  )
})

test('a guest finds what is public, and nothing of what only a signed role may read', async () => {
  const demo = await scenes.start({ config: { search: { url: '/' } } })
  const visitor = await scenes.visitor('guest', {}, demo)
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await visitor.search.fill('early payout for top freelancers')
  await visitor.page.waitForLoadState('networkidle')
  expect(await visitor.options.filter({ hasText: PRIVATE }).count()).toBe(0)
})
