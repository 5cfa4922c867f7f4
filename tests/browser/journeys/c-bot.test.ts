// Journey (c): from a question to the bot's answer, through guided help, to the offer of a person.

import { expect, test } from 'vitest'
import type { Role, Visitor } from '../../../demo/people'
import { createScenes, expectAccessible } from './scenes'

const scenes = createScenes()

/** Opens help on a page and puts the first question to the bot, from the search box. */
async function asked(role: Role, route: string, question: string): Promise<Visitor> {
  const visitor = await scenes.visitor(role)
  await visitor.goTo(route)
  await visitor.openHelp()
  await visitor.search.fill(question)
  await visitor.button(/^Ask:/).click()
  await visitor.log.locator('[data-author=bot]').first().waitFor()
  return visitor
}

const botSays = (visitor: Visitor, words: string | RegExp) =>
  visitor.log.locator('[data-author=bot] .bubble').filter({ hasText: words }).last()

test('a question is answered in an article’s own words, with the article to open', async () => {
  const visitor = await asked('guest', '/', 'what fee does Workmere take from my earnings?')
  await botSays(visitor, '10 %').waitFor()
  await visitor.page.getByText('automatic assistant').first().waitFor()
  const source = visitor.button(/^From: /).first()
  const title = (await source.textContent())?.replace('From: ', '') ?? ''
  await expectAccessible(visitor, 'an answer')
  await source.click()
  await visitor.page.locator('asklet-root article').getByRole('heading', { name: title }).waitFor()
  await visitor.button('Back').click()
  await botSays(visitor, '10 %').waitFor()
  await visitor.button('Yes, thank you').click()
  await botSays(visitor, 'Good. Ask me anything else').waitFor()
})

test('pointing at “Ask a question” fetches the bot, and does not change what the button says', async () => {
  const visitor = await scenes.visitor('guest')
  await visitor.goTo('/')
  await visitor.openHelp()
  const fetched = visitor.page.waitForResponse(/startLive|conversation-/)
  await visitor.button('Ask a question').hover()
  await fetched
  await visitor.page.waitForLoadState('networkidle')
  expect(await visitor.button('Continue the conversation').count()).toBe(0)
  await visitor.button('Ask a question').click()
  await visitor.message.waitFor()
})

test('what no article answers is not answered; after the second time a person is offered', async () => {
  const visitor = await asked('freelancer', '/payments', 'what is the capital of France?')
  await botSays(visitor, 'I do not know the answer to that.').waitFor()
  expect(await visitor.page.getByRole('region', { name: 'Talk to a person' }).count()).toBe(0)
  await visitor.say('and who won the football match in Lisbon?')
  await visitor.page.getByRole('region', { name: 'Talk to a person' }).waitFor()
  await expectAccessible(visitor, 'the offer')
  await visitor.button('Stay with the assistant').click()
  await visitor.page.getByRole('region', { name: 'Talk to a person' }).waitFor({ state: 'detached' })
  expect(await visitor.message.isEnabled()).toBe(true)
})

// None of these sentences is among the flow's examples; who says it and where is part of the scene.
const FLOWS: readonly (readonly [flow: string, Role, route: string, says: string, begins: RegExp])[] = [
  [
    'Your account is limited or restricted',
    'freelancer',
    '/settings',
    'you have locked my profile, it says it is restricted',
    /Account status/,
  ],
  [
    'A question about a contract',
    'client',
    '/contract',
    'could you tell me about my contract',
    /would you like to know/,
  ],
  [
    'Cancel or return an order',
    'client',
    '/orders',
    'I would like to return the order I got yesterday',
    /choose Return order/,
  ],
  ['Get back into your account', 'guest', '/', 'forgot the password for my login', /Forgotten your password/],
  [
    'Get help with a payment dispute',
    'client',
    '/dispute',
    'I have to dispute what I paid, nothing was delivered',
    /D-1092 is open/,
  ],
  [
    'Set up or fix a payment method',
    'client',
    '/payments',
    'your site declines my card all the time',
    /marked Declined|how you pay/,
  ],
  [
    'Verify your identity',
    'freelancer',
    '/verification',
    'the identity verification was refused again',
    /corner is cut off/,
  ],
  [
    'Find a late withdrawal',
    'freelancer',
    '/withdrawals',
    'my withdrawal from Monday is still missing',
    /number starts with W/,
  ],
]

for (const [flow, role, route, says, begins] of FLOWS) {
  test(`“${says}” begins the guided help “${flow}”`, async () => {
    const visitor = await asked(role, route, says)
    await botSays(visitor, begins).waitFor()
    await visitor.page
      .getByText(`Guided help: ${flow}`)
      .or(visitor.button(/^From: /))
      .first()
      .waitFor()
  })
}

test('what guided help says has its marks, and its links open articles in the panel', async () => {
  const visitor = await asked('client', '/orders', 'how do I return an order')
  await visitor.page.locator('.bubble strong', { hasText: 'Return order' }).waitFor()
  await expectAccessible(visitor, 'marks')
  await visitor.button('a revision').click()
  await visitor.page
    .getByRole('heading', { name: /revision/i })
    .first()
    .waitFor()
})

test('what the page is about is not asked for', async () => {
  const visitor = await asked('client', '/dispute', 'help with my dispute')
  await botSays(visitor, 'What was agreed, and what happened').waitFor()
})

test('before the site looks something up, the visitor sees what is used, and may say no', async () => {
  const visitor = await asked('freelancer', '/withdrawals', 'where is my withdrawal')
  const lookUps = () => visitor.requests.filter(url => url.includes('/api/withdrawals/'))
  await visitor.say('W-7731')
  const consent = visitor.page.getByRole('region', { name: 'Allow this?' })
  await consent.getByText('Look up this withdrawal in your account').waitFor()
  await consent.getByText('W-7731').waitFor()
  expect(lookUps(), 'nothing is looked up before').toEqual([])
  await expectAccessible(visitor, 'consent')
  await visitor.button('No, thanks').click()
  await botSays(visitor, 'You can see the status yourself').waitFor()
  expect(lookUps()).toEqual([])
})

test('allowed: the answer is what the site found', async () => {
  const visitor = await asked('freelancer', '/withdrawals', 'where is my withdrawal')
  await visitor.say('it is w-7522')
  await visitor.button('Allow').click()
  await botSays(visitor, 'W-7522 came back from your bank').waitFor()
  expect(visitor.requests.filter(url => url.includes('/api/withdrawals/'))).toHaveLength(1)
})

test('a reload in the middle of guided help: the words are there, and the next answer goes on', async () => {
  const visitor = await asked('client', '/payments', 'my payment does not go through')
  await visitor.button('A payment was declined').waitFor()
  const before = await visitor.transcript()
  await visitor.page.reload()
  await visitor.button('A payment was declined').waitFor()
  expect(await visitor.transcript()).toEqual(before)
  await visitor.button('A payment was declined').click()
  await botSays(visitor, 'select the payment marked Declined').waitFor()
})

test('guided help can be gone back in, left, and taken up again', async () => {
  const visitor = await asked('client', '/payments', 'I want to open a dispute')
  const times = async (words: RegExp) =>
    (await visitor.transcript()).filter(line => line.author === 'bot' && words.test(line.text)).length
  await botSays(visitor, 'Which contract is it about').waitFor()
  await visitor.say('C-20418')
  await botSays(visitor, 'Which amount do you disagree with').waitFor()
  await visitor.say('back')
  await expect.poll(() => times(/Which contract is it about/)).toBe(2)
  await visitor.say('C-20377')
  await expect.poll(() => times(/Which amount/)).toBe(2)
  await visitor.say('something else')
  await botSays(visitor, 'What else can I help with').waitFor()
  await expectAccessible(visitor, 'left')
  await visitor.button('Go on: Get help with a payment dispute').click()
  await expect.poll(() => times(/Which amount/)).toBe(3)
})

test('“I will sue you” is for a person: said and offered at once', async () => {
  const visitor = await asked('client', '/payments', 'I will sue you')
  await botSays(visitor, 'a person has to look at').waitFor()
  await visitor.page.getByRole('region', { name: 'Talk to a person' }).waitFor()
})

test('an article that did not help: the bot knows which one it was', async () => {
  const visitor = await scenes.visitor('client')
  await visitor.goTo('/payments')
  await visitor.openHelp()
  await visitor.options.filter({ hasText: 'My card or bank payment was declined' }).first().click()
  await visitor.button('No').click()
  await botSays(visitor, 'Sorry that “My card or bank payment was declined” did not help').waitFor()
})
