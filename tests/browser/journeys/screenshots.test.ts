// Every state that a person meets, as pictures to look at: phone and desktop, light and dark. Nothing is compared;
// the walk fails when a state cannot be reached. Files: $ASKLET_SHOTS or shots/, `<state>-<phone|desktop>-<light|dark>.png`.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { DESKTOP, PHONE } from '../../../demo/people'
import { createScenes } from './scenes'

const scenes = createScenes()
const folder = process.env.ASKLET_SHOTS ?? 'shots'

for (const [size, viewport] of [
  ['phone', PHONE],
  ['desktop', DESKTOP],
] as const) {
  test(`pictures of every state on a ${size}`, async () => {
    mkdirSync(folder, { recursive: true })
    const taken: string[] = []
    const shoot = async (page: Page, state: string) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const path = join(folder, `${state}-${size}-${colorScheme}.png`)
        await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
        taken.push(path)
      }
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    }
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
}
