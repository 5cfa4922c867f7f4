// Every state that a person meets, as pictures to look at: phone and desktop, light and dark. Nothing is compared;
// the walk fails when a state cannot be reached. Files: $ASKLET_SHOTS or shots/, `<state>-<phone|desktop>-<light|dark>.png`.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { DESKTOP, PHONE } from '../../../demo/people'
import { begin, DONE, delta, sends, startModel, stopped } from '../../support/languageModel'
import { createScenes } from './scenes'

const scenes = createScenes()
const folder = process.env.ASKLET_SHOTS ?? 'shots'

for (const [size, viewport] of [
  ['phone', PHONE],
  ['desktop', DESKTOP],
] as const) {
  const taken: string[] = []
  const shoot = async (page: Page, state: string) => {
    mkdirSync(folder, { recursive: true })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const path = join(folder, `${state}-${size}-${colorScheme}.png`)
      await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
      taken.push(path)
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }

  test(`pictures of every state on a ${size}`, async () => {
    taken.splice(0)
    const agent = await scenes.agent('Noor', { viewport })
    const mara = await scenes.visitor('freelancer', { viewport })
    const { page } = mara
    await mara.goTo('/withdrawals')
    await page.getByRole('button', { name: 'Help' }).waitFor()
    await shoot(page, 'launcher')
    await mara.openHelp()
    await mara.options.first().waitFor()
    await shoot(page, 'home')
    await mara.search.pressSequentially('withdraw')
    await mara.options.locator('mark').first().waitFor()
    await mara.search.press('ArrowDown')
    await shoot(page, 'results')
    await mara.search.press('Enter')
    await page.getByText('Did this solve it?').waitFor()
    await shoot(page, 'article')
    await mara.button('Back').click()
    await mara.search.fill(`picture ${size}: where is my withdrawal`)
    await mara.button(/^Ask:/).click()
    await mara.log.getByText('number starts with W').waitFor()
    await shoot(page, 'bot')
    await mara.say('W-7731')
    await page.getByRole('region', { name: 'Allow this?' }).waitFor()
    await shoot(page, 'consent')
    await mara.button('Allow').click()
    await mara.log.getByText('W-7731 is on hold').waitFor()
    await mara.button('Talk to a person').last().click()
    await mara
      .button(/^Chat now/)
      .and(page.locator(':enabled'))
      .waitFor()
    await shoot(page, 'offer')
    await mara.button(/^Chat now/).click()
    await page
      .getByText(/in the queue/)
      .first()
      .waitFor()
    await shoot(page, 'queue')
    await agent.take(`picture ${size}`)
    await agent.reply(
      'Hello Mara, your withdrawal **W-7731** waits for two things:\n\n1. the address check\n2. your confirmation\n\nSee [Verification](https://workmere.example/verification).',
    )
    await mara.log.locator('[data-author=agent] strong').waitFor()
    await mara.say('I sent the papers yesterday. Is anything missing?')
    await agent.thread.getByText('Is anything missing?').waitFor()
    await agent.reply('No, all is here. The money leaves today.')
    await mara.log.getByText('The money leaves today.').waitFor()
    await mara.log
      .getByText(/^(Sent|Delivered|Read)$/)
      .first()
      .waitFor()
    await shoot(page, 'live')
    await agent.page
      .getByText(/^(Delivered|Read)$/)
      .first()
      .waitFor()
    await shoot(agent.page, 'desk')
    await agent.button(/^End$/).click()
    await agent.button('Yes, end it').click()
    await mara.button('Copy the conversation').waitFor()
    await shoot(page, 'ended')

    const closed = await scenes.start({ config: { hours: { zone: 'Europe/Berlin', week: {} } } })
    const guest = await scenes.visitor('guest', { viewport }, closed)
    await guest.goTo('/')
    await guest.openHelp()
    await guest.button('Talk to a person').click()
    await guest.button(/^Leave a message/).click()
    await guest.page.getByLabel('Your e-mail address').fill('guest@workmere.example')
    await shoot(guest.page, 'contact')
    await guest.page.getByLabel('Your e-mail address').press('Enter')
    await guest.page
      .getByText(/Ticket #1001/)
      .first()
      .waitFor()
    await shoot(guest.page, 'ticket')
    expect(taken).toHaveLength(26)
  })

  test(`pictures of what the bot says on a ${size}`, async () => {
    taken.splice(0)
    const mara = await scenes.visitor('freelancer', { viewport })
    const { page, log } = mara
    await mara.goTo('/settings')
    await mara.openHelp()
    await mara.button('Ask a question').click()
    await mara.say('what is the weather in Paris')
    await log.getByText('I only answer from').waitFor()
    await shoot(page, 'unknown')
    await mara.say('where is my withdrawal')
    await log.getByText('number starts with W').waitFor()
    await shoot(page, 'flow')
    await mara.say('something else')
    for (const [state, question, shown] of [
      ['answer-table', 'is the fee different for hourly and fixed', 'table'],
      ['answer-list', 'what is the lowest hourly rate i may ask for', 'ol ol'],
      ['answer-two', 'how long do you keep the selfie', '.source:nth-of-type(2)'],
    ] as const) {
      await mara.say(question)
      await log.locator(shown).last().waitFor()
      await mara.button('Yes, thank you').waitFor()
      await shoot(page, state)
    }
    await mara.say('can i do the id check by video call')
    await mara.button('None of these').waitFor()
    await shoot(page, 'readings')
    expect(taken).toHaveLength(12)
  })

  test(`pictures of an answer that a language model words on a ${size}`, async () => {
    taken.splice(0)
    let write = (_: number) => {}
    let end = () => {}
    const model = await startModel((response, { data }) => {
      begin(response)
      const passage = data.passages.find(({ title }) => title === 'Withdraw your earnings to a bank account')
      const lines = (passage?.text ?? '').split(/(?<=\.)\s/)
      write = n => {
        const quote = lines[n] ?? ''
        response.write(delta(`${JSON.stringify({ passage: passage?.passage, quote, text: quote })}\n`))
      }
      end = () => response.end(stopped() + DONE)
    })
    try {
      const demo = await scenes.start({ languageModel: { url: model.url, model: 'small' } })
      const mara = await scenes.visitor('freelancer', { viewport }, demo)
      const { page } = mara
      await mara.goTo('/settings')
      await mara.openHelp()
      await mara.button('Ask a question').click()
      await mara.say('How long does a withdrawal to a bank account take?')
      await mara.button('Stop').waitFor()
      await shoot(page, 'model-waiting')
      await expect.poll(() => model.asked.length).toBe(1)
      write(0)
      await mara.log.getByText('Open Withdrawals').waitFor()
      await shoot(page, 'model-writing')
      write(1)
      end()
      await mara.button('Yes, thank you').waitFor()
      await shoot(page, 'model-answer')
      await mara.say('How do I withdraw my earnings to a bank account?')
      await expect.poll(() => model.asked.length).toBe(2)
      write(0)
      await mara.log.getByText('Writing…').waitFor()
      await mara.button('Stop').click()
      await mara.button('Try again').waitFor()
      await shoot(page, 'model-stopped')
      model.speak(sends('no', {}, 500))
      const guest = await scenes.visitor('guest', { viewport }, demo)
      await guest.goTo('/')
      await guest.openHelp()
      await guest.button('Ask a question').click()
      await guest.say('what is the capital of France?')
      await guest.log.getByText('Sorry, I could not get an answer just now.').waitFor()
      await shoot(guest.page, 'model-failed')
      expect(taken).toHaveLength(10)
    } finally {
      await model.close()
    }
  })
}
