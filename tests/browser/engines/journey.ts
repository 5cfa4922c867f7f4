// The main journey, once for all engines: from a page with help on it to a person, a reload and back. What is
// held in detail (failures, phones, languages) is Chromium's in ../journeys; here it is that each engine can.

import { type Agent, differences, formatLines } from '../../../demo/people'
import type { Demo } from '../../../demo/site'
import type { Target } from './engine'
import { type Page, until } from './page'

export interface Stage {
  readonly page: Page
  readonly agent: Agent
  readonly demo: Demo
  /** The same site, whose script tag says `data-theme="dark"`. */
  readonly darkDemo: Demo
  /** What the engine reported to both sites about their policy, so far. */
  readonly policyReports: readonly string[]
  step(name: string, act: () => Promise<void>): Promise<void>
  /** For people who compare engines; does nothing where no pictures are wanted. */
  shot(name: string): Promise<void>
}

const HELP: Target = { css: '[part=launcher]', words: /^Help/ }
const PANEL: Target = { css: '[role=dialog]' }
const SEARCH: Target = { css: '[role=combobox]' }
const MESSAGE: Target = { css: '[part=composer] textarea' }
const LAST_MESSAGE: Target = { css: '[data-author] .bubble', isLast: true }
const ASK = 'my withdrawal is late'

const button = (words: RegExp): Target => ({ css: 'button', words })
const option = (words: RegExp): Target => ({ css: '[role=option]', words })
const said = (author: string, words: RegExp): Target => ({ css: `[data-author=${author}] .bubble`, words })
const ARRIVED: Target = { css: '[data-author=visitor] .fine', words: /^(Sent|Delivered|Read)$/, isLast: true }

export async function playJourney(stage: Stage): Promise<void> {
  const { page, agent, demo, darkDemo, policyReports, step, shot } = stage
  async function say(text: string): Promise<void> {
    await page.fill(MESSAGE, text)
    await page.press('Enter')
  }

  await step('a page with help on it: the button, and nothing stored', async () => {
    await page.open(`${demo.address}/withdrawals`)
    await page.waitUntilInSight(HELP)
    const stored = await page.evaluate(() => localStorage.length + sessionStorage.length, null)
    expectThat(stored === 0, `${stored} keys are stored before any intent`)
  })
  await step(
    'by keyboard alone: Tab to the button, Enter opens, Escape closes and gives the keyboard back',
    async () => {
      for (let tabs = 0; (await page.focused()) !== 'Help'; tabs++) {
        expectThat(tabs < 60, 'no Tab leads to the button')
        await page.press('Tab')
      }
      await page.press('Enter')
      await page.waitFor(PANEL)
      await page.waitForFocus('combobox')
      await page.press('Escape')
      await page.waitUntilGone(PANEL)
      await page.waitForFocus('Help')
    },
  )
  await step('suggestions for this page and role, with reasons', async () => {
    await page.click(HELP)
    await page.waitForFocus('combobox')
    await page.waitFor({ css: '.reason', words: /because you are on Withdrawals, as a freelancer/ })
    await shot('home')
  })
  await step('types three letters and reads an article by keyboard', async () => {
    await page.fill(SEARCH, 'fee')
    await page.waitFor(option(/fee/i))
    await page.press('ArrowDown')
    await page.press('Enter')
    await page.waitFor({ css: '[part=article] h3', words: /fee/i })
    await page.waitUntilInSight(button(/^Yes/))
    await shot('article')
  })
  await step('asks the bot, which begins a flow and asks for the number', async () => {
    await page.click(button(/^Back$/))
    await page.fill(SEARCH, ASK)
    await page.click(button(/^Ask:/))
    await page.waitFor(said('bot', /number starts with W/))
    await page.waitUntilInSight(MESSAGE)
  })
  await step('gives it, allows the look-up, reads the answer', async () => {
    await say('W-7731')
    await page.click(button(/^Allow$/))
    await page.waitFor(said('bot', /address check/))
    await shot('answer')
  })
  await step('asks for a person and chooses to chat', async () => {
    await page.click({ ...button(/^Talk to a person$/), isLast: true })
    await page.click(button(/^Chat now/))
    await page.waitFor({ css: '[part=banner]', words: /number 1 in the queue/ })
  })
  await step('the agent takes it', async () => {
    await agent.take(ASK)
    await page.waitFor({ css: '.notice', words: /Noor joined the conversation/ })
  })
  await step('the visitor writes, the agent answers in Markdown', async () => {
    await say('I sent the papers yesterday.')
    await agent.thread.getByText('I sent the papers yesterday.').waitFor()
    await page.waitFor(ARRIVED)
    await agent.reply('Found them: **W-7731** leaves today.')
    await page.waitFor({ css: '[data-author=agent] strong', words: /^W-7731$/ })
    await page.waitUntilInSight(LAST_MESSAGE)
    await shot('person')
  })
  await step('a reload keeps the conversation', async () => {
    const before = await page.transcript()
    let after = before
    await page.reload()
    await page.waitFor(said('agent', /leaves today/))
    await until(
      () => `before the reload:\n${formatLines(before)}\nafter it:\n${formatLines(after)}`,
      async () => {
        after = await page.transcript()
        return JSON.stringify(after) === JSON.stringify(before)
      },
    )
    await page.waitUntilInSight(LAST_MESSAGE)
  })
  await step('it goes on, and both ends have the same words in the same order', async () => {
    await agent.reply('Anything else?')
    await page.waitFor(said('agent', /Anything else/))
    await say('No, thank you!')
    await agent.thread.getByText('No, thank you!').waitFor()
    await page.waitFor(ARRIVED)
    const [here, there] = [await page.transcript(), await agent.transcript()]
    const differ = differences(here, there)
    expectThat(differ.length === 0, `${differ.join('; ')}\n${formatLines(here)}\n--\n${formatLines(there)}`)
  })
  await step('a slow press, of which the panel has come before it ends, opens it too', async () => {
    await page.open(`${darkDemo.address}/withdrawals`)
    // It writes the button's label anew, which WebKit may take for another element than was pressed.
    await page.click(HELP, () => page.waitFor({ css: 'asklet-root[data-position]' }))
    await page.waitFor({ css: '.reason', words: /because you are on Withdrawals/ })
  })
  await step('dark where the site says so', async () => {
    const colours = await page.evaluate(() => {
      const seen = (css: string) =>
        window.askletEyes.find({ css, source: '', flags: '', isLast: false }) as HTMLElement
      const { backgroundColor, colorScheme } = getComputedStyle(seen('[role=dialog]'))
      return [backgroundColor, getComputedStyle(seen('#panel-title')).color, colorScheme]
    }, null)
    const dark = ['rgb(22, 25, 31)', 'rgb(236, 238, 243)', 'dark']
    expectThat(colours.join(' ') === dark.join(' '), `surface, words and scheme are ${colours.join(' ')}`)
    await shot('dark')
  })
  await step('no error, and no report of the policy', async () => {
    const found = [...(await page.errors()), ...policyReports]
    expectThat(found.length === 0, found.join('\n'))
  })
  await step('the engine does hold the policy: markup from a string is refused, and reported', async () => {
    const refusal = await page.evaluate(() => {
      try {
        document.createElement('p').innerHTML = '<b>'
        return ''
      } catch (error) {
        return String(error)
      }
    }, null)
    expectThat(/TypeError/.test(refusal), `setting innerHTML said: ${refusal || 'nothing'}`)
    await until('no report came', async () =>
      policyReports.some(report => report.includes('require-trusted-types-for')),
    )
  })
}

function expectThat(isSo: boolean, sentence: string): void {
  if (!isSo) throw new Error(sentence)
}
