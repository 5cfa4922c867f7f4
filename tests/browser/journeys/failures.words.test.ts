// Words that break other windows: too long, markup, links that run code, characters that turn text around.
// Each is looked at from both ends.

import { expect, test } from 'vitest'
import type { Agent, Visitor } from '../../../demo/people'
import { createStage } from './failureStage'

const stage = createStage()

async function talk(question: string): Promise<{ visitor: Visitor; agent: Agent }> {
  const agent = await stage.agent()
  const visitor = await stage.visitor()
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await visitor.button('Ask a question').click()
  await visitor.say(question)
  await visitor.log.locator('[data-author=bot]').first().waitFor()
  await visitor.button('Talk to a person').last().click()
  await visitor.button(/^Chat now/).click()
  await visitor.page
    .getByText(/in the queue/)
    .first()
    .waitFor()
  await agent.take(question.slice(0, 40))
  return { visitor, agent }
}

test('4 001 characters: the field says how many are too many, nothing is cut and nothing is sent; 4 000 arrive whole', async () => {
  const { visitor, agent } = await talk('A long story follows')
  const long = 'w'.repeat(4_001)
  await visitor.say(long)
  await visitor.page.getByText('1 character too many').waitFor()
  expect(await visitor.message.inputValue()).toBe(long)
  expect(await visitor.button('Send').isDisabled()).toBe(true)
  await visitor.say(long.slice(1))
  await agent.thread.getByText(long.slice(1)).waitFor()
  expect(await visitor.message.inputValue()).toBe('')
})

test('markup of a visitor is text at both ends, in the list of conversations too', async () => {
  const question = 'Read this aloud <img src=x onerror="window.ran=1">'
  const markup = '<img src=x onerror="window.ran=1"><b>bold</b> **stars** [a](javascript:alert(1))'
  const { visitor, agent } = await talk(question)
  await visitor.say(markup)
  await agent.thread.getByText(markup).waitFor()
  await agent.row(question).first().waitFor()
  const own = (await visitor.transcript()).filter(line => line.author === 'visitor')
  expect(own.map(line => line.text)).toEqual([question, 'Talk to a person', markup])
  for (const { page } of [visitor, agent]) {
    expect(await page.evaluate(() => 'ran' in window)).toBe(false)
    expect(
      await page.getByRole('log').locator('img, b:has-text("bold"), a[href^="javascript"]').count(),
    ).toBe(0)
  }
})

test('a javascript: link in an agent’s reply is words; a true link names the host that it leads to', async () => {
  const { visitor, agent } = await talk('Send me links')
  await agent.reply(
    '[press me](javascript:alert(1)) [and me](data:text/html,x) **or** [this](https://bank.example/a)',
  )
  const reply = visitor.log.locator('[data-author=agent]').last()
  await reply.locator('strong').waitFor()
  await reply.getByText('press me').waitFor()
  const links = await reply.getByRole('link').evaluateAll(all => all.map(link => link.getAttribute('href')))
  expect(links).toEqual(['https://bank.example/a'])
  expect(await reply.getByRole('link').textContent()).toContain('bank.example')
  expect(await reply.getByRole('link').getAttribute('rel')).toBe('noopener noreferrer nofollow')
})

test('characters that turn text around stay within their own message', async () => {
  const turned = 'invoice \u202Efdp.exe and \u2066 isolates'
  const { visitor, agent } = await talk(turned)
  await visitor.say('The next line reads as usual')
  await agent.thread.getByText('The next line reads as usual').waitFor()
  for (const { page } of [visitor, agent]) {
    const log = page.getByRole('log')
    // Measured, not believed: the first letter of the next line stands left of its last one.
    const isLeftToRight = await log
      .locator('[data-author=visitor]')
      .last()
      .locator('.bubble')
      .evaluate(bubble => {
        const walker = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT)
        let text = walker.nextNode()
        while (text && !text.textContent?.includes('The next')) text = walker.nextNode()
        if (!text) return false
        const at = (from: number) => {
          const range = document.createRange()
          range.setStart(text, from)
          range.setEnd(text, from + 1)
          return range.getBoundingClientRect().left
        }
        return at(0) < at(4)
      })
    expect(isLeftToRight).toBe(true)
    const names = await log.locator('[data-author=visitor]').first().innerText()
    expect(names).toContain('invoice')
  }
})
