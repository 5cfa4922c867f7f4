// What is missing or broken on the way to the first answer: configuration, knowledge, code. Each scene says what
// the developer reads in the console and what the visitor can still do.

import { describe, expect, test } from 'vitest'
import type { Visitor } from '../../../demo/people'
import { answer, block, CHUNKS, createStage } from './failureStage'

const stage = createStage()

/** Opens help on the Withdrawals page after `breaking` it. */
async function openBroken(breaking: (visitor: Visitor) => Promise<unknown>): Promise<Visitor> {
  const visitor = await stage.visitor()
  await breaking(visitor)
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  return visitor
}

describe('the configuration', () => {
  const broken = (status: number, body: string, type?: string) =>
    openBroken(({ page }) => answer(page, '**/asklet.json', status, body, type))
  const configOf = async (change: Record<string, unknown>) => {
    const response = await fetch(`${stage.demo.address}/asklet.json`)
    return JSON.stringify({ ...((await response.json()) as object), ...change })
  }

  test('is missing: the console says where it was looked for and how to name it; the panel offers to try again', async () => {
    const visitor = await broken(404, 'Not found')
    await visitor.page.getByRole('dialog').getByText('The articles could not be loaded.').waitFor()
    expect(visitor.said).toEqual([
      `Asklet [config_missing]: ${stage.demo.address}/asklet.json answered 404. Put asklet.json there, or name it with data-config or options.config.`,
    ])
    await visitor.page.unroute('**/asklet.json')
    await visitor.button('Try again').click()
    await visitor.options.first().waitFor()
  })

  test('is an HTML page: the console says that it looks like one', async () => {
    const visitor = await broken(200, '<!doctype html><title>Sign in</title>')
    await visitor.page.getByRole('dialog').getByText('The articles could not be loaded.').waitFor()
    expect(visitor.said[0]).toContain(`Asklet [config_syntax]: ${stage.demo.address}/asklet.json is not JSON`)
    expect(visitor.said[0]).toContain('It looks like an HTML page: is the address right?')
    expect(visitor.said.length).toBe(1)
  })

  test('has a wrong type: every problem is named with its path, what was expected and what was got', async () => {
    const visitor = await broken(
      200,
      await configOf({ label: 7, hours: { zone: 'Europe/Berlin', week: { mon: [['9', '17:00']] } } }),
      'application/json',
    )
    await visitor.page.getByRole('dialog').getByText('The articles could not be loaded.').waitFor()
    expect(visitor.said.length).toBe(1)
    expect(visitor.said[0]).toContain(
      `Asklet [config_shape]: ${stage.demo.address}/asklet.json cannot be used:`,
    )
    expect(visitor.said[0]).toContain('\n  label must be ')
    expect(visitor.said[0]).toContain('\n  hours.week.mon.0.0 must be a time such as "09:00", got "9"')
  })

  test('has a key that nobody reads: named on this machine, and all else works', async () => {
    const visitor = await broken(200, await configOf({ lable: 'Hilfe' }), 'application/json')
    await visitor.options.first().waitFor()
    expect(visitor.said).toEqual([
      `Asklet: nobody reads these keys of ${stage.demo.address}/asklet.json: lable. Misspelt?`,
    ])
  })

  test('names no knowledge: the console says how to make it, and a person can still be asked', async () => {
    const visitor = await broken(200, await configOf({ knowledge: undefined }), 'application/json')
    await visitor.page.getByRole('dialog').getByText('The articles could not be loaded.').waitFor()
    expect(visitor.said).toEqual([
      expect.stringMatching(/^Asklet \[index_missing\]: asklet\.json names no knowledge/),
    ])
    await visitor.button('Talk to a person').click()
    await visitor
      .button(/^Leave a message/)
      .first()
      .waitFor()
  })

  test('names no server: no people are offered and no button is dead', async () => {
    const visitor = await broken(200, await configOf({ server: undefined }), 'application/json')
    await visitor.options.first().waitFor()
    expect(await visitor.button('Talk to a person').count()).toBe(0)
    await visitor.button('Ask a question').click()
    await visitor.say('How long does a bank withdrawal take?')
    await visitor.log.locator('[data-author=bot]').first().waitFor()
    await visitor.say('I want to talk to a human')
    await visitor.log.getByText('There is nobody here whom I could pass you on to.').waitFor()
    await visitor.say('Is there really nobody?')
    await visitor.log.getByText('Is there really nobody?').waitFor()
    expect(await visitor.button(/^(Talk to a person|Chat now|Leave a message|Stay with)/).count()).toBe(0)
    expect(await visitor.page.getByText(/ask for a person/).count()).toBe(0)
    expect(visitor.said).toEqual([])
  })
})

describe('the knowledge', () => {
  test('has no manifest: the console says which file to publish; a person is still there', async () => {
    const visitor = await openBroken(({ page }) => answer(page, '**/help/manifest.json', 404, 'no'))
    await visitor.page.getByRole('dialog').getByText('The articles could not be loaded.').waitFor()
    expect(visitor.said).toEqual([
      expect.stringMatching(
        /^Asklet \[index_missing\]: there is no http:\S+\/help\/manifest\.json \(got 404\)/,
      ),
    ])
    await visitor.button('Talk to a person').click()
    await visitor.button(/^Leave a message/).waitFor()
  })

  test('has no index: the console names it, and pressing again after it is published works', async () => {
    const visitor = await openBroken(({ page }) => answer(page, '**/help/index-*.json', 404, 'no'))
    await visitor.page.getByRole('dialog').getByText('The articles could not be loaded.').waitFor()
    expect(visitor.said).toEqual([
      expect.stringMatching(
        /^Asklet \[index_missing\]: there is no http:\S+\/help\/index-en-\w+\.json \(got 404\)/,
      ),
    ])
    await visitor.page.unroute('**/help/index-*.json')
    await visitor.button('Try again').click()
    await visitor.options.first().waitFor()
  })

  test('has a damaged index: the console says so, nothing is found by mistake', async () => {
    const visitor = await openBroken(({ page }) =>
      page.route('**/help/index-*.json', async route => {
        const response = await route.fetch()
        const file = await response.json()
        const { words } = file
        await route.fulfill({ json: { ...file, words: { ...words, docs: words.docs.slice(0, -40) } } })
      }),
    )
    await visitor.page.getByRole('dialog').getByText('The articles could not be loaded.').waitFor()
    expect(visitor.said).toEqual([expect.stringMatching(/^Asklet \[index_shape\]: .*"a damaged one"/)])
    expect(await visitor.options.count()).toBe(0)
  })

  test('has an article less: the panel says that it is not here any more, the way back works', async () => {
    const visitor = await openBroken(({ page }) => answer(page, '**/help/articles/*.json', 404, 'no'))
    await visitor.options.first().click()
    await visitor.page.getByRole('dialog').getByText('That article is not here any more.').waitFor()
    expect(visitor.said).toEqual([
      expect.stringMatching(/^Asklet \[article_missing\]: there is no article "/),
    ])
    await visitor.button('Back').click()
    await visitor.options.first().waitFor()
  })

  test('has no flows file: the bot still answers from articles', async () => {
    const visitor = await openBroken(({ page }) => answer(page, '**/help/flows-*.json', 404, 'no'))
    await visitor.options.first().waitFor()
    await visitor.button('Ask a question').click()
    await visitor.say('How long does a bank withdrawal take?')
    await visitor.log
      .getByText(/From: /)
      .first()
      .waitFor()
  })
})

describe('the code', () => {
  test('of the panel is blocked: the button says so, and the next press works', async () => {
    const visitor = await stage.visitor()
    const open = await block(visitor.page, CHUNKS.panel)
    await visitor.goTo('/withdrawals')
    const help = visitor.page.getByRole('button', { name: /^Help/ })
    await help.click()
    await visitor.page.getByText('Help: could not be loaded. Press to try again.').waitFor()
    expect(visitor.said).toEqual([
      expect.stringMatching(
        /^Asklet \[chunk_failed\]: the panel could not be imported\. Allow this script’s origin/,
      ),
    ])
    await open()
    await help.click()
    await visitor.options.first().waitFor()
    expect(await visitor.page.getByRole('dialog').getByText('could not be loaded').count()).toBe(0)
  })

  test('of articles is blocked: the panel says so and tries again', async () => {
    let open = async () => {}
    const visitor = await openBroken(async ({ page }) => {
      open = await block(page, CHUNKS.article)
    })
    await visitor.options.first().click()
    await visitor.page.getByRole('dialog').getByText('The article could not be loaded.').waitFor()
    await open()
    await visitor.button('Try again').click()
    await visitor.page.getByText('Did this solve it?').waitFor()
  })

  test('of the conversation is blocked: the panel says so and tries again', async () => {
    let open = async () => {}
    const visitor = await openBroken(async ({ page }) => {
      open = await block(page, CHUNKS.conversation)
    })
    await visitor.search.fill('How long does a bank withdrawal take?')
    await visitor.button(/^Ask:/).click()
    await visitor.page.getByRole('dialog').getByText('The conversation could not be loaded.').waitFor()
    await open()
    await visitor.button('Try again').click()
    await visitor.page
      .getByText(/automatic assistant/)
      .first()
      .waitFor()
  })

  test('of the live half is blocked: the text can be copied, an address is there, the bot goes on', async () => {
    const visitor = await openBroken(({ page }) => block(page, CHUNKS.live))
    await visitor.button('Talk to a person').click()
    await visitor.page
      .getByRole('dialog')
      .getByText('We cannot reach our support server. Copy your text and write to help@workmere.example.')
      .waitFor()
    await visitor.button('Copy the conversation').waitFor()
    await visitor.page.getByRole('link', { name: 'Write an e-mail' }).waitFor()
    await visitor.button('Stay with the assistant').click()
    await visitor.say('How long does a bank withdrawal take?')
    await visitor.log.locator('[data-author=bot]').first().waitFor()
  })

  test('of the socket is blocked: HTTP carries the conversation', async () => {
    const agent = await stage.agent()
    const visitor = await openBroken(({ page }) => block(page, CHUNKS.socket))
    await visitor.button('Ask a question').click()
    await visitor.say('The socket chunk is blocked here')
    await visitor.log.locator('[data-author=bot]').first().waitFor()
    await visitor.button('Talk to a person').last().click()
    await visitor.button(/^Chat now/).click()
    await visitor.page
      .getByText(/in the queue/)
      .first()
      .waitFor()
    await agent.take('The socket chunk is blocked here')
    await agent.reply('I read you.')
    await visitor.log.getByText('I read you.').waitFor()
  })

  test("of an agent's Markdown is blocked: the words are shown as they were typed", async () => {
    const agent = await stage.agent()
    const visitor = await openBroken(({ page }) => block(page, CHUNKS.markdown))
    await visitor.button('Ask a question').click()
    await visitor.say('The Markdown chunk is blocked here')
    await visitor.log.locator('[data-author=bot]').first().waitFor()
    await visitor.button('Talk to a person').last().click()
    await visitor.button(/^Chat now/).click()
    await visitor.page
      .getByText(/in the queue/)
      .first()
      .waitFor()
    await agent.take('The Markdown chunk is blocked here')
    await agent.reply('Please wait **two** days.')
    await visitor.log.getByText('Please wait **two** days.').waitFor()
    expect(await visitor.log.locator('strong').count()).toBe(0)
  })
})
