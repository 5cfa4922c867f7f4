// Sixth promise: a new version is published while pages of the last one are open, and its folder is gone. What is
// loaded goes on; what is not says so; and after a reload everything is there, the conversation too.

import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Findings } from './figures'
import { refundRow, type Stage } from './stage'

const NEXT = '99.0.0'

/** What is known not to come where chunks are gone. Milliseconds. */
const BRIEF_MS = 2_500

interface Waited {
  waitFor(options: { timeout: number }): Promise<void>
}

export async function checkDeploy(stage: Stage, found: Findings, isPlanted: boolean): Promise<void> {
  const cdn = dirname(stage.chunks)
  const loader = join(cdn, 'asklet.js')
  const old = readFileSync(loader, 'utf8')
  const version = stage.chunks.slice(cdn.length + 1)
  const away = `${stage.chunks}-away`
  const stranded = (sentence: string) => found.fault(sentence, 'deploy-stranded')
  const publish = () => {
    cpSync(stage.chunks, join(cdn, NEXT), { recursive: true })
    renameSync(stage.chunks, away)
    writeFileSync(loader, old.replaceAll(version, NEXT))
    if (isPlanted) rmSync(join(cdn, NEXT), { recursive: true })
  }
  const takeBack = () => {
    renameSync(away, stage.chunks)
    rmSync(join(cdn, NEXT), { recursive: true, force: true })
    writeFileSync(loader, old)
  }
  const there = (locator: Waited, timeout = 6_000) =>
    locator.waitFor({ timeout }).then(
      () => true,
      () => false,
    )
  const agent = await stage.agent()

  const unopened = await stage.open('tag')
  const opened = await stage.open('tag')
  const asked = await stage.open('tag')
  const talking = await stage.open('tag')
  await unopened.page.getByRole('button', { name: /^Help/ }).waitFor()
  await opened.openHelp()
  await asked.openHelp()
  await asked.button('Ask a question').click()
  await asked.message.fill('lighthouse on my invoice')
  await asked.message.press('Enter')
  await asked.log.locator('[data-author=bot]').first().waitFor()
  await asked.button('Talk to a person').last().waitFor()
  await talking.openHelp()
  await talking.askForPerson('anchor on my invoice')
  await agent.take('anchor on my invoice')
  await talking.log.getByText('Noor joined the conversation').waitFor()

  publish()
  try {
    // Nothing of the panel was loaded: a button that says so, and does not die.
    await unopened.page.getByRole('button', { name: /^Help/ }).click()
    if (!(await there(unopened.page.getByText(/could not be loaded/))))
      stranded('not opened: the button does not say that help could not be loaded')
    await unopened.page.reload()
    if (!(await there(unopened.page.getByRole('button', { name: /^Help/ }))))
      stranded('not opened: no button after a reload')
    await unopened.page.getByRole('button', { name: /^Help/ }).click()
    if (!(await there(unopened.panel.getByRole('option').first())))
      stranded('not opened: help does not open after a reload')

    // The panel is there and its later chunks are not.
    await opened.search.fill('refund')
    if (!(await there(refundRow(opened.panel)))) stranded('opened: search finds nothing any more')
    await opened.panel.getByRole('option').first().click()
    const article = opened.panel.getByText(/could not be loaded/).first()
    if (await there(opened.panel.getByText('Did this solve it?'), BRIEF_MS))
      found.note('opened: articles still open')
    else if (await article.isVisible()) found.note('opened: an article says that it could not be loaded')
    else stranded('opened: an article neither opens nor says why')
    const back = opened.button('Back')
    if (await back.isVisible()) await back.click()
    await opened.search.fill('')
    await opened.button('Ask a question').click()
    if (await there(opened.log, BRIEF_MS)) found.note('opened: the bot still comes')
    else if (
      await opened.panel
        .getByText(/could not be loaded/)
        .first()
        .isVisible()
    )
      found.note('opened: the conversation says that it could not be loaded; no person until a reload')
    else stranded('opened: the conversation neither opens nor says why')

    // The bot talked; the half that reaches people may have come with the answer, or not.
    await asked.button('Talk to a person').last().click()
    const chat = asked.button(/^Chat now/)
    if ((await there(chat, BRIEF_MS)) && !(await chat.isEnabled())) {
      // The roads came with the answer, what walks them did not.
      const reason = await there(asked.panel.getByText(/We cannot reach our support server/), BRIEF_MS)
      if (reason && (await asked.button('Copy the conversation').isVisible()))
        found.note('asked: no person until a reload; that is said, and the text can be copied')
      else stranded('asked: the road to a person is closed, and nothing says why')
    } else if (await chat.isVisible()) {
      await chat.click()
      if (await there(asked.panel.getByText(/in the queue/).first()))
        found.note('asked: a person is still reached without a reload')
      else found.note(`asked: ${await saysWhat(asked.panel)}`)
    } else {
      const text = await saysWhat(asked.panel)
      if (/could not be loaded/.test(text))
        found.note(`asked: no person until a reload, and that is said: ${text}`)
      else stranded(`asked: no person and no reason: ${text}`)
    }

    // A person is there: everything goes on as if nothing had happened.
    await talking.message.fill('Said after the new version.')
    await talking.message.press('Enter')
    if (!(await there(agent.thread.getByText('Said after the new version.'))))
      stranded('talking: what is said does not arrive any more')
    await agent.reply('Heard after the **new** version.')
    if (!(await there(talking.log.getByText(/Heard after the/))))
      stranded('talking: nothing is heard any more')
    await talking.page.reload()
    if (!(await there(talking.log.getByText(/Heard after the/))))
      stranded('talking: the conversation is not there on the new version')
    else {
      await talking.message.fill('Said on the new version.')
      await talking.message.press('Enter')
      if (!(await there(agent.thread.getByText('Said on the new version.'))))
        stranded('talking: what is said on the new version does not arrive')
    }
    const running = await talking.page.evaluate(
      () => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/99.0.0/')).length,
    )
    if (!isPlanted)
      found.expect(running > 0, 'the new version was not what the reload loaded', 'deploy-stranded')
    // Chunks that do not come are rejections that somebody took.
    for (const guest of [unopened, opened, asked, talking])
      for (const error of guest.errors) stranded(`an uncaught error: ${error}`)
  } finally {
    takeBack()
    for (const guest of [unopened, opened, asked, talking]) await guest.close()
  }
}

const saysWhat = async (panel: { innerText(): Promise<string> }) =>
  (await panel.innerText()).split('\n').filter(Boolean).join(' / ')
