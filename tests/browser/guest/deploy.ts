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
  // Fetched when nothing else is going on: that is what a page that stays open lives on.
  await asked.page.waitForFunction(() =>
    ['startLive', 'socketTransport'].every(chunk =>
      performance.getEntriesByType('resource').some(({ name }) => name.includes(`/${chunk}-`)),
    ),
  )
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
    // Its chunks are gone: it says so, names a way that needs none of them, and one that leads back.
    const reload = opened.button('Reload the page')
    if (!(await there(reload, BRIEF_MS)))
      stranded('opened: the conversation neither opens nor offers to reload')
    else {
      if (!(await there(opened.panel.getByText(/reload the page to go on/), BRIEF_MS)))
        stranded('opened: what failed is not said')
      if (!(await there(opened.panel.locator('a[href^="mailto:"]'), BRIEF_MS)))
        stranded('opened: no address to write to')
      await opened.button('Try again').click()
      if (!(await there(reload))) stranded('opened: a second try that fails leaves no way on')
      await reload.click()
      await opened.page.waitForLoadState()
      if (!(await there(opened.message)))
        stranded('opened: no conversation after the reload that was offered')
      else {
        await opened.message.fill('harbour on my invoice')
        await opened.message.press('Enter')
        await opened.button('Talk to a person').last().click()
        if (await there(opened.button(/^Chat now/))) await opened.button(/^Chat now/).click()
        if (!(await there(opened.panel.getByText(/in the queue/).first())))
          stranded(`opened: no person after the reload that was offered: ${await saysWhat(opened.panel)}`)
      }
    }

    // The bot talked, and then nobody did anything: what a person takes has come meanwhile.
    await asked.button('Talk to a person').last().click()
    if (!(await there(asked.button(/^Chat now/))))
      stranded(`asked: no person without a reload: ${await saysWhat(asked.panel)}`)
    else {
      await asked.button(/^Chat now/).click()
      if (!(await there(asked.panel.getByText(/in the queue/).first())))
        stranded(`asked: a person was on offer and is not reached: ${await saysWhat(asked.panel)}`)
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
