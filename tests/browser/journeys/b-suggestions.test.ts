// Journey (b): before a key is pressed, from key to suggestions, from suggestion to article.

import { expect, test } from 'vitest'
import { PHONE, type Role, type Visitor } from '../../../demo/people'
import { createScenes, expectAccessible, focused, spoken } from './scenes'

const scenes = createScenes()

/** The first three titles that stand in the list. */
async function firstThree(visitor: Visitor): Promise<readonly string[]> {
  const titles = await visitor.options.locator('.row-title').allTextContents()
  return titles.slice(0, 3)
}

// Read as a person who stands on that page in that role: what is needed there first, then next, then when it
// goes wrong. Each line says why. The articles' `pages`, `roles` and `order` say the same, and nothing else may.
const PAGES: Readonly<
  Record<'freelancer' | 'client', readonly (readonly [string, string, readonly string[]])[]>
> = {
  freelancer: [
    [
      '/find-work',
      'Find work',
      [
        'Search for work that fits you', // what the page is for
        'Write a proposal that gets read', // the step after a job was found
        'When a search shows no jobs', // what goes wrong on this page
      ],
    ],
    [
      '/proposal',
      'Proposal',
      [
        'Write a proposal that gets read', // what the page is for
        'How proposal credits work', // what sending costs
        'Your proposal was not sent', // what goes wrong on this page
      ],
    ],
    [
      '/contract',
      'Contract',
      [
        'Log your hours', // the weekly work of an hourly contract
        'Deliver a milestone and get paid', // the same for a fixed price
        'End a contract', // what is done here once, and cannot be undone
      ],
    ],
    [
      '/timesheet',
      'Timesheet',
      [
        'Log your hours', // what the page is for
        'When hourly work is paid', // what it is filled in for
        'The weekly limit on hourly contracts', // why hours are refused
      ],
    ],
    [
      '/payments',
      'Payments',
      [
        'Withdraw your earnings to a bank account', // the page shows what is available
        'When hourly work is paid', // "why is it not here yet"
        'Open a payment dispute', // a line says "In dispute"
      ],
    ],
    [
      '/withdrawals',
      'Withdrawals',
      [
        'Withdraw your earnings to a bank account', // what the page is for
        'My withdrawal is delayed or failed', // what most people come back for
        'When hourly work is paid', // "why can I not withdraw all of it"
      ],
    ],
    [
      '/dispute',
      'Dispute',
      [
        'Respond to a dispute from your client', // has a deadline of 5 days
        'Open a payment dispute', // the other way round
        'Dispute stages and deadlines', // what comes next
      ],
    ],
    [
      '/verification',
      'Verification',
      [
        'Verify your identity', // what the page is for
        'Documents we accept for verification', // needed before the first photo
        'When verification is not accepted', // what goes wrong on this page
      ],
    ],
  ],
  client: [
    [
      '/find-work',
      'Find work',
      [
        'Post a job and get good proposals', // a client finds people by posting
        'Compare proposals and send an offer', // the step after that
        'Invite freelancers to your job', // when proposals are few
      ],
    ],
    [
      '/proposal',
      'Proposal',
      [
        'Compare proposals and send an offer', // a client reads proposals, and does not write them
        'Invite freelancers to your job', // when none of them fits
        'Hiring checklist for clients', // only for signed clients: before the offer
      ],
    ],
    [
      '/contract',
      'Contract',
      [
        'Plan and fund milestones', // nothing begins before it is funded
        'Review the hours of your freelancer', // the weekly duty, with a deadline
        'Approve work and release a milestone payment', // the end of each step
      ],
    ],
    [
      '/timesheet',
      'Timesheet',
      [
        'Review the hours of your freelancer', // a client checks hours, and does not log them
        'When you are charged for hourly work', // what follows from it
        'The weekly limit on hourly contracts', // how to keep it small
      ],
    ],
    [
      '/payments',
      'Payments',
      [
        'Add a payment method', // the page's own button
        'Approve work and release a milestone payment', // money held in escrow
        'My card or bank payment was declined', // what goes wrong on this page
      ],
    ],
    [
      '/withdrawals',
      'Withdrawals',
      [
        'How refunds reach your card or bank', // the only money that goes to a client
        'Get unused contract funds back', // how to ask for it
        'Refunds after a dispute', // the third way to it
      ],
    ],
    [
      '/dispute',
      'Dispute',
      [
        'Open a payment dispute', // has a deadline of 30 days
        'Dispute stages and deadlines', // what comes next
        'Evidence that helps in a dispute', // what to gather meanwhile
      ],
    ],
    [
      '/verification',
      'Verification',
      [
        'Verify your identity', // what the page is for
        'Documents we accept for verification', // needed before the first photo
        'When verification is not accepted', // what goes wrong on this page
      ],
    ],
  ],
}

for (const role of ['freelancer', 'client'] as const) {
  test(`before a key is pressed: what a ${role} needs first on each of eight pages, and why it is shown`, async () => {
    const visitor = await scenes.visitor(role)
    await visitor.goTo('/')
    await visitor.openHelp()
    for (const [route, name, titles] of PAGES[role]) {
      await visitor.goTo(route)
      const why = `because you are on ${name}, as a ${role}`
      await visitor.page.locator('.reason', { hasText: why }).first().waitFor()
      expect.soft(await firstThree(visitor), `${route} as a ${role}`).toEqual(titles)
      // Said once, over the rows, where most of them have it; a row says only what differs.
      const [over = ''] = await visitor.page.locator('.caption .reason').allTextContents()
      const own = await visitor.options.locator('.reason').allTextContents()
      const reasons = own.map(reason => reason || over.trim())
      expect.soft(reasons.slice(0, 3), `reasons on ${route}`).toEqual([why, why, why])
    }
    await expectAccessible(visitor, 'suggestions')
  })
}

test('the same page shows a client and a freelancer different first articles', async () => {
  const visitor = await scenes.visitor('freelancer')
  await visitor.goTo('/dispute')
  await visitor.openHelp()
  await visitor.options.first().waitFor()
  const asFreelancer = await firstThree(visitor)
  await visitor.page.getByRole('button', { name: 'Client', exact: true }).click()
  await visitor.page.getByRole('dialog').getByText('as a client').first().waitFor()
  const asClient = await firstThree(visitor)
  expect(asFreelancer[0]).toBe('Respond to a dispute from your client')
  expect(asClient).not.toContain('Respond to a dispute from your client')
})

test('the search box by keyboard: the active row, and what a screen reader is told', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page, search } = visitor
  await visitor.goTo('/payments')
  await visitor.openHelp()
  await search.pressSequentially('fee')
  await visitor.options.filter({ hasText: /fee/i }).first().waitFor()
  const count = await visitor.options.count()
  await expect.poll(() => spoken(page)).toContain(`${count} suggestion`)
  expect(await search.getAttribute('aria-expanded')).toBe('true')
  expect(await search.getAttribute('aria-activedescendant'), 'no row is chosen by itself').toBeNull()

  await search.press('ArrowDown')
  const first = visitor.options.first()
  expect(await search.getAttribute('aria-activedescendant')).toBe(await first.getAttribute('id'))
  expect(await first.getAttribute('aria-selected')).toBe('true')
  expect(await focused(page), 'the keyboard stays in the field').toBe('combobox')
  await search.press('ArrowDown')
  expect(await first.getAttribute('aria-selected')).toBe('false')
  await search.press('ArrowUp')
  const title = await first.locator('.row-title').textContent()
  await search.press('Enter')
  await page.getByText('Did this solve it?').waitFor()
  await expect.poll(() => page.locator('asklet-root article h3').first().textContent()).toMatch(/fee/i)
  expect(title).toMatch(/fee/i)
  await expectAccessible(visitor, 'article')

  await visitor.button('Back').click()
  await search.fill('zxqv wrtz')
  await visitor.page.getByText('No article matches that.').first().waitFor()
  await expect.poll(() => spoken(page)).toContain('No article matches that')
  expect(await search.getAttribute('aria-expanded')).toBe('false')
  await expectAccessible(visitor, 'no match')
})

/** What stands behind the words in the search field. */
const completion = ({ page }: Visitor) => page.locator('asklet-root .ghost span:last-child')

test('the question is completed by keyboard, and leads to the article whose title it is', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { search } = visitor
  await visitor.goTo('/')
  await visitor.openHelp()
  await search.pressSequentially('withdraw your ear')
  await expect.poll(() => completion(visitor).textContent()).toBe('nings to a bank account')
  await expectAccessible(visitor, 'completion')
  await visitor.page.emulateMedia({ forcedColors: 'active' })
  const adjust = await completion(visitor).evaluate(ghost => getComputedStyle(ghost).forcedColorAdjust)
  expect(adjust, 'a plate behind it would cover the words').toBe('none')
  await search.press('ArrowRight')
  await expect.poll(() => search.inputValue()).toBe('withdraw your earnings to a bank account')
  await expect
    .poll(() => visitor.options.first().locator('.row-title').textContent())
    .toBe('Withdraw your earnings to a bank account')
  expect(await completion(visitor).count()).toBe(0)
  await search.press('Tab')
  expect(await focused(visitor.page)).toBe('Clear the search')
})

test('on a phone, a tap on the completion takes it over', async () => {
  const visitor = await scenes.visitor('freelancer', { viewport: PHONE })
  const { page, search } = visitor
  await visitor.goTo('/')
  await visitor.openHelp()
  await search.tap()
  await search.pressSequentially('withdraw your')
  await expect.poll(() => completion(visitor).textContent()).toBe(' earnings to a bank account')
  const place = await completion(visitor).boundingBox()
  const [x, y] = [place?.x ?? 0, (place?.y ?? 0) + (place?.height ?? 0) / 2]
  await page.touchscreen.tap(x + 4, y)
  expect(await search.inputValue(), 'a tap beside the caret').toBe('withdraw your')
  await page.touchscreen.tap(x + 40, y)
  await expect.poll(() => search.inputValue()).toBe('withdraw your earnings to a bank account')
  expect(await focused(page)).toBe('combobox')
})

test('in a panel from right to left the completion stands in the field, behind the words', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page, search } = visitor
  await visitor.goTo('/')
  await page.evaluate(() => {
    // The demo has articles in Arabic, and none in Hebrew: the English ones stand in for these.
    document.documentElement.lang = 'he'
    document.documentElement.dir = 'rtl'
  })
  await visitor.openHelp()
  await search.pressSequentially('withdraw your')
  await expect.poll(() => completion(visitor).textContent()).toBe(' earnings to a bank account')
  const [field, ghost] = [await search.boundingBox(), await page.locator('asklet-root .ghost').boundingBox()]
  expect([ghost?.x, ghost?.width]).toEqual([field?.x, field?.width])
  await search.press('ArrowLeft')
  expect(await search.inputValue(), 'English runs its own way').toBe('withdraw your')
  await search.press('End')
  await search.press('ArrowRight')
  await expect.poll(() => search.inputValue()).toBe('withdraw your earnings to a bank account')
})

test('matched letters are marked in the title, and the words of the list are the visitor’s own', async () => {
  const visitor = await scenes.visitor('client')
  await visitor.goTo('/')
  await visitor.openHelp()
  await visitor.search.pressSequentially('refund')
  await visitor.options.locator('mark').first().waitFor()
  for (const mark of await visitor.options.locator('mark').allTextContents())
    expect(mark.toLowerCase()).toMatch(/^refund/)
})

test('a suggestion for a part of an article opens it there', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await visitor.search.fill('what the status means')
  const row = visitor.options.first()
  await row.getByText('What the status means').waitFor()
  await row.click()
  const heading = page.locator('asklet-root article').getByRole('heading', { name: 'What the status means' })
  await heading.waitFor()
  await expect.poll(() => focused(page)).toBe('What the status means')
  const [view, place] = [await page.locator('asklet-root article').boundingBox(), await heading.boundingBox()]
  expect((place?.y ?? 0) - (view?.y ?? 0)).toBeLessThan(120)
})

test('a link from one article to another stays in the panel, and Back leads through both', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await visitor.options.filter({ hasText: 'My withdrawal is delayed or failed' }).first().click()
  const article = page.locator('asklet-root article')
  await article.getByRole('heading', { name: 'My withdrawal is delayed or failed' }).waitFor()
  const link = article.locator('a, button.link').first()
  await link.click()
  await article
    .getByRole('heading', { name: 'My withdrawal is delayed or failed' })
    .waitFor({ state: 'detached' })
  await page.getByText('Did this solve it?').waitFor()
  expect(new URL(page.url()).pathname).toBe('/withdrawals')
  await expectAccessible(visitor, 'the second article')
  await visitor.button('Back').click()
  await expect.poll(async () => (await article.count()) > 0 || (await visitor.search.count()) > 0).toBe(true)
})

test('“Did this solve it?” Yes is thanked', async () => {
  const visitor = await scenes.visitor('client')
  await visitor.goTo('/payments')
  await visitor.openHelp()
  await visitor.options.first().click()
  await visitor.button('Yes').click()
  await visitor.page.getByRole('dialog').getByText('Glad it helped.').waitFor()
  await expectAccessible(visitor, 'solved')
})

test('the app changes page without a load: the open list follows', async () => {
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await page.locator('.reason', { hasText: 'because you are on Withdrawals' }).first().waitFor()
  await page.getByRole('link', { name: 'Verification' }).first().click()
  await page.locator('.reason', { hasText: 'because you are on Verification' }).first().waitFor()
  await visitor.options.filter({ hasText: 'Verify your identity' }).first().waitFor()
  await page.goBack()
  await page.locator('.reason', { hasText: 'because you are on Withdrawals' }).first().waitFor()
})

const findsChecklist = async (role: Role, claimed?: Role) => {
  const visitor = await scenes.visitor(role)
  await visitor.goTo('/')
  if (claimed) {
    await visitor.page.evaluate(
      wanted =>
        (window as unknown as { Asklet(...call: unknown[]): void }).Asklet('identify', { role: wanted }),
      claimed,
    )
  }
  await visitor.openHelp()
  await visitor.search.fill('hiring checklist')
  await visitor.options.or(visitor.page.getByText('No article matches that.').first()).first().waitFor()
  return (await visitor.options.filter({ hasText: 'Hiring checklist for clients' }).count()) > 0
}

test('an article for signed clients is found by a client, and by nobody else', async () => {
  expect(await findsChecklist('client'), 'a signed client').toBe(true)
  expect(await findsChecklist('freelancer'), 'a freelancer').toBe(false)
  expect(await findsChecklist('guest'), 'a guest').toBe(false)
  expect(await findsChecklist('guest', 'client'), 'a guest who says to be a client').toBe(false)
})
