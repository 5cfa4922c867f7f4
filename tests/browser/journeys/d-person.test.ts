// Journey (d): a person in the same window. Both ends are played: a visitor in the marketplace, an agent at the desk.

import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import {
  type Agent,
  differences,
  formatLines,
  type Role,
  readLines,
  type Visitor,
} from '../../../demo/people'
import type { Demo } from '../../../demo/site'
import { createScenes, expectAccessible, tapLine } from './scenes'

const scenes = createScenes()

/** A policy topic is the shortest way to an offer: it needs no second question. */
async function offered(visitor: Visitor, question: string, route = '/payments'): Promise<void> {
  await visitor.goTo(route)
  await visitor.openHelp()
  await visitor.search.fill(question)
  await visitor.button(/^Ask:/).click()
  await visitor.log.locator('[data-author=bot]').first().waitFor()
  await visitor.button('Talk to a person').last().click()
  await visitor.page.getByRole('region', { name: 'Talk to a person' }).waitFor()
}

async function queued(visitor: Visitor, question: string): Promise<void> {
  await offered(visitor, question)
  await visitor.button(/^Chat now/).click()
  await visitor.page
    .getByText(/in the queue/)
    .first()
    .waitFor()
}

interface Pair {
  readonly visitor: Visitor
  readonly agent: Agent
}

/** A visitor and an agent who talk. */
async function talking(question: string, role: Role = 'freelancer'): Promise<Pair> {
  const agent = await scenes.agent('Noor')
  const visitor = await scenes.visitor(role)
  await queued(visitor, question)
  await agent.take(question)
  await visitor.log.getByText('Noor joined the conversation').waitFor()
  return { visitor, agent }
}

/** The two ends say the same, line by line and seq by seq. */
async function expectSame({ visitor, agent }: Pair): Promise<void> {
  // The last ack may still be on its way.
  await expect.poll(async () => (await visitor.transcript()).filter(line => line.seq === null)).toEqual([])
  const [here, there] = [await visitor.transcript(), await agent.transcript()]
  const stored = here.filter(line => line.seq !== null)
  expect(differences(stored, there), `${formatLines(here)}\n--\n${formatLines(there)}`).toEqual([])
  expect(stored.length).toBeGreaterThan(0)
}

const state = (visitor: Visitor) => visitor.log.locator('[data-author=visitor]').last().locator('.fine')
const closedDemo = () => scenes.start({ config: { hours: { zone: 'Europe/Berlin', week: {} } } })

test('a guest who signs in while talking goes on talking, and the agent sees that it is the same person', async () => {
  const pair = await talking('umbrella on my invoice', 'guest')
  const { visitor, agent } = pair
  await visitor.say('Said as a guest.')
  await agent.thread.getByText('Said as a guest.').waitFor()
  await visitor.page.getByRole('button', { name: 'Sign in', exact: true }).first().click()
  await visitor.page.waitForLoadState()
  await visitor.log.getByText('Said as a guest.').waitFor()
  await visitor.say('Said after signing in.')
  await agent.thread.getByText('Said after signing in.').waitFor()
  await agent.reply('Still with you.')
  await visitor.log.getByText('Still with you.').waitFor()
  await expectSame(pair)
})

test('whoever signs in later on the same computer does not get the conversation of a guest', async () => {
  const { visitor, agent } = await talking('violin on my invoice', 'guest')
  await agent.reply('For the guest only.')
  await visitor.log.getByText('For the guest only.').waitFor()
  // Another tab, that never took part.
  const page = await visitor.context.newPage()
  await visitor.context.addCookies([{ name: 'workmere_role', value: 'client', url: scenes.demo.address }])
  await page.goto(`${scenes.demo.address}/payments`)
  await page.getByRole('button', { name: /^Help/ }).click()
  const panel = page.getByRole('dialog')
  await panel.waitFor()
  await page.waitForTimeout(1_500)
  expect(await panel.getByText('For the guest only.').count()).toBe(0)
})

test('from the queue to one conversation: both ends show the same lines with the same numbers', async () => {
  const agent = await scenes.agent('Noor')
  const visitor = await scenes.visitor('freelancer')
  await queued(visitor, 'zebra stripes on my invoice')
  await visitor.page.getByRole('dialog').getByText('You are number 1 in the queue.').waitFor()
  await expectAccessible(visitor, 'queue')
  await agent.take('zebra stripes on my invoice')
  await visitor.log.getByText('Noor joined the conversation').waitFor()
  await agent.brief.getByText('Payments').first().waitFor()
  await agent.brief.getByText('Mara Lindqvist').first().waitFor()
  await agent.reply('Hello Mara, **W-7731** is\n\n1. checked\n2. paid')
  await visitor.log.locator('[data-author=agent] strong').waitFor()
  expect(await visitor.log.locator('[data-author=agent] li').allTextContents()).toEqual(['checked', 'paid'])
  await visitor.say('Thank you <b>Noor</b>!')
  await agent.thread.getByText('Thank you <b>Noor</b>!').waitFor()
  await visitor.log.getByText(/^(Sent|Delivered|Read)$/).waitFor()
  await expectSame({ visitor, agent })
  await expectAccessible(visitor, 'live')
  await expectAccessible(agent, 'desk')
})

test('once a person is there the bot is silent, also where it knows the answer', async () => {
  const pair = await talking('quiet as a mouse')
  const { visitor, agent } = pair
  const said = async () => (await visitor.transcript()).filter(line => line.author === 'bot').length
  const before = await said()
  await visitor.say('where is my withdrawal')
  await agent.thread.getByText('where is my withdrawal').waitFor()
  await agent.reply('I am looking.')
  await visitor.log.getByText('I am looking.').waitFor()
  expect(await said()).toBe(before)
  await expectSame(pair)
})

test('each sees the other one type', async () => {
  const { visitor, agent } = await talking('typewriter ribbon')
  await agent.page.getByRole('textbox', { name: 'Your reply' }).pressSequentially('One mom')
  await visitor.page.getByText('Noor is typing…').first().waitFor()
  await visitor.message.pressSequentially('I am')
  await agent.page.getByText('Mara Lindqvist is typing…').first().waitFor()
})

test('“Sent” is not said before the server has said it, and a reload meanwhile loses and doubles nothing', async () => {
  const agent = await scenes.agent('Noor')
  const visitor = await scenes.visitor('freelancer')
  const line = await tapLine(visitor.page)
  await queued(visitor, 'honest postman')
  await agent.take('honest postman')
  await visitor.log.getByText('Noor joined the conversation').waitFor()
  line.deafen()
  await visitor.say('I sent the papers yesterday.')
  // The desk has it: the server stored it, and only its answer is lost.
  await agent.thread.getByText('I sent the papers yesterday.').waitFor()
  expect(await state(visitor).textContent()).toMatch(/^(Waiting to be sent|Sending…)$/)
  await line.restore()
  await visitor.page.reload()
  await visitor.log
    .getByText(/^(Sent|Delivered|Read)$/)
    .last()
    .waitFor()
  expect(await visitor.log.getByText('I sent the papers yesterday.').count()).toBe(1)
  expect(await agent.thread.getByText('I sent the papers yesterday.').count()).toBe(1)
  await expectSame({ visitor, agent })
})

test('in a tunnel: the panel says so after two seconds, keeps what is written, and sends it at the other end', async () => {
  const agent = await scenes.agent('Noor')
  const visitor = await scenes.visitor('freelancer')
  const line = await tapLine(visitor.page)
  await queued(visitor, 'long tunnel')
  await agent.take('long tunnel')
  await visitor.log.getByText('Noor joined the conversation').waitFor()
  const banner = visitor.page
    .getByRole('dialog')
    .getByText('No connection. What you write is kept and sent later.')
    .first()
  const start = performance.now()
  await line.cut()
  await visitor.say('first from the tunnel')
  await visitor.say('second from the tunnel')
  expect(await banner.count(), 'no banner at once').toBe(0)
  await banner.waitFor()
  expect(performance.now() - start).toBeGreaterThan(1_900)
  expect(await state(visitor).textContent()).toMatch(/^(Waiting to be sent|Sending…)$/)
  await expectAccessible(visitor, 'offline')
  await agent.reply('Are you there?')
  await line.restore()
  await visitor.log.getByText('Are you there?').waitFor()
  await agent.thread.getByText('second from the tunnel').waitFor()
  await banner.waitFor({ state: 'detached' })
  await visitor.log
    .getByText(/^(Sent|Delivered|Read)$/)
    .last()
    .waitFor()
  await expectSame({ visitor, agent })
})

test('the agent hands back: the visitor is told, waits again, and another agent goes on in the same thread', async () => {
  const { visitor, agent } = await talking('relay baton')
  await agent.reply('Tomás knows more about this.')
  await visitor.log.getByText('Tomás knows more').waitFor()
  await agent.button('Hand back').click()
  await visitor.log.getByText('You are being handed to another person').waitFor()
  await visitor.page
    .getByText(/in the queue/)
    .first()
    .waitFor()
  const other = await scenes.agent('Tomás')
  await other.take('relay baton')
  await visitor.log.getByText('Tomás joined the conversation').waitFor()
  await other.reply('I have read all of it.')
  await visitor.log.getByText('I have read all of it.').waitFor()
  await expectSame({ visitor, agent: other })
})

test('two agents claim at once: one has it, the other is told who', async () => {
  const [noor, ines] = await Promise.all([scenes.agent('Noor'), scenes.agent('Inês')])
  const line = await tapLine(ines.page)
  await ines.page.reload()
  const visitor = await scenes.visitor('client')
  await queued(visitor, 'two at the door')
  for (const agent of [noor, ines]) await agent.row('two at the door').first().click()
  await ines.button(/^Claim/).waitFor()
  // Inês presses before she can have heard that Noor was first.
  line.hold()
  await noor.button(/^Claim/).click()
  await noor.page.getByRole('textbox', { name: 'Your reply' }).and(noor.page.locator(':enabled')).waitFor()
  await ines.button(/^Claim/).click()
  line.letGo()
  await ines.page.getByText('Noor took it.').waitFor()
  await ines.page.getByText('Noor has this conversation.').waitFor()
  await visitor.log.getByText('Noor joined the conversation').waitFor()
  expect(await visitor.log.getByText(/joined the conversation/).count()).toBe(1)
  await expectAccessible(ines, 'desk of the one who was told')
})

test('leaving the queue: back with the bot, and off the desk’s list', async () => {
  const agent = await scenes.agent('Noor')
  const visitor = await scenes.visitor('client')
  await queued(visitor, 'second thoughts')
  await agent.page
    .getByRole('region', { name: /Waiting/ })
    .getByText('second thoughts')
    .waitFor()
  await visitor.button('Leave the queue').click()
  await visitor.log.getByText('You left the queue').waitFor()
  await agent.page
    .getByRole('region', { name: /Waiting/ })
    .getByText('second thoughts')
    .waitFor({ state: 'detached' })
  const bot = (await visitor.transcript()).filter(line => line.author === 'bot').length
  await visitor.say('what fee does Workmere take?')
  await expect
    .poll(async () => (await visitor.transcript()).filter(line => line.author === 'bot').length)
    .toBeGreaterThan(bot)
})

test('the agent ends it; the visitor can keep the words and ask something else', async () => {
  const { visitor, agent } = await talking('good bye')
  await agent.button(/^End$/).click()
  await agent.button('Yes, end it').click()
  await visitor.log.getByText('Noor ended the conversation').waitFor()
  await visitor.button('Copy the conversation').waitFor()
  await expectAccessible(visitor, 'ended')
  await visitor.button('Ask something else').click()
  await visitor.message.waitFor()
})

/** At night: the chat is shown as closed, and a message can be left. */
async function leavesMessage(demo: Demo, role: Role): Promise<Visitor> {
  const visitor = await scenes.visitor(role, {}, demo)
  await offered(visitor, 'night owl')
  await visitor.page.getByText('nobody is there right now').first().waitFor()
  expect(await visitor.button(/^Chat now/).isDisabled(), 'nobody is promised').toBe(true)
  await visitor.button(/^Leave a message/).click()
  return visitor
}

test('out of hours: a ticket with a number to the address that the site knows, and it is at the desk', async () => {
  const demo = await closedDemo()
  const visitor = await leavesMessage(demo, 'client')
  await visitor.page.getByText('The answer comes here and to jonas@brightside.example.').first().waitFor()
  await expectAccessible(visitor, 'ticket')
  const agent = await scenes.agent('Noor', {}, demo)
  await agent.row('night owl').getByText('#1001').waitFor()
})

test('a guest is asked for an address, and it is looked at before it is taken', async () => {
  const visitor = await leavesMessage(await closedDemo(), 'guest')
  const field = visitor.page.getByLabel('Your e-mail address')
  await field.fill('mara at workmere')
  await visitor.button('Send').first().click()
  await visitor.page.getByRole('dialog').getByText('That does not look complete.').waitFor()
  expect(await field.getAttribute('aria-invalid')).toBe('true')
  await expectAccessible(visitor, 'a refused address')
  await field.fill('mara@workmere.example')
  await field.press('Enter')
  await visitor.page
    .getByText(/Ticket #1001 is open\. We answer to mara@workmere\.example/)
    .first()
    .waitFor()
})

test('a second tab shows the same conversation, and words typed in one stand once in the other', async () => {
  const { visitor, agent } = await talking('double glazing')
  await visitor.say('from the first tab')
  await agent.thread.getByText('from the first tab').waitFor()
  const tab = await visitor.context.newPage()
  tab.setDefaultTimeout(8_000)
  await tab.goto(`${scenes.demo.address}/contract`)
  const log = await openConversation(tab)
  await log.getByText('from the first tab').waitFor()
  await tab.getByRole('dialog').getByRole('textbox').last().fill('from the second tab')
  await tab.keyboard.press('Enter')
  await agent.thread.getByText('from the second tab').waitFor()
  await visitor.log.getByText('from the second tab').waitFor()
  await agent.reply('I see both.')
  await log.getByText('I see both.').waitFor()
  await visitor.log.getByText('I see both.').waitFor()
  await expect
    .poll(async () => (await readLines(log, '[data-author]')).filter(line => line.seq === null))
    .toEqual([])
  const [one, two] = [await visitor.transcript(), await readLines(log, '[data-author]')]
  expect(two).toEqual(one)
  expect(one.filter(line => line.text === 'from the second tab')).toHaveLength(1)
  await expectSame({ visitor, agent })
})

/** A page where a conversation waits may open by itself; where not, the button leads to it. */
async function openConversation(page: Page) {
  const dialog = page.getByRole('dialog')
  const log = dialog.getByRole('log')
  const button = page.getByRole('button', { name: /^Help/ })
  await button.waitFor()
  // Pressed while it opens by itself, the button closes it again: look before each press, and once more after it.
  for (let tries = 0; tries < 5 && !(await log.isVisible()); tries++) {
    if (!(await dialog.isVisible())) await button.click()
    else
      await dialog
        .getByRole('button', { name: 'Continue the conversation' })
        .click({ timeout: 500 })
        .catch(() => {})
    await log.waitFor({ timeout: 2_000 }).catch(() => {})
  }
  await log.waitFor()
  return log
}
