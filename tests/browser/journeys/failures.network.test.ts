// What the network does to a conversation with a person: no server, no WebSocket, neither, a server that is killed
// and comes back. The words of both sides are there once and in order afterwards.

import { describe, expect, test } from 'vitest'
import { type Agent, differences, type Visitor } from '../../../demo/people'
import type { Demo } from '../../../demo/site'
import { createStage } from './failureStage'

const stage = createStage()

/** The server cannot be reached in any way; the site and its files can. */
async function cutServer({ page }: Visitor): Promise<void> {
  await page.routeWebSocket(/socket\.io/, socket => socket.close())
  await page.route('**/asklet/v1/**', route => route.abort())
}

async function askInPanel(visitor: Visitor, question: string): Promise<void> {
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await visitor.button('Ask a question').click()
  await visitor.say(question)
  await visitor.log.locator('[data-author=bot]').first().waitFor()
}

async function chatNow(visitor: Visitor): Promise<void> {
  await visitor.button('Talk to a person').last().click()
  await visitor.button(/^Chat now/).click()
  await visitor.page
    .getByText(/in the queue/)
    .first()
    .waitFor()
}

/** Both windows hold the same lines in the same order, each with its seq. */
async function sameAtBothEnds(visitor: Visitor, agent: Agent): Promise<void> {
  await expect
    .poll(async () => differences(await visitor.transcript(), await agent.transcript()), { timeout: 10_000 })
    .toEqual([])
}

describe('before a person is there', () => {
  test('the server is unreachable: search and bot work, a message can be left, and what is written waits', async () => {
    const visitor = await stage.visitor()
    await cutServer(visitor)
    await visitor.page.clock.install()
    await askInPanel(visitor, 'Nobody can hear this')
    await visitor.button('Talk to a person').last().click()
    await visitor.page.getByRole('dialog').getByText('Checking who is there…').waitFor()
    await visitor.page.clock.fastForward(6_000)
    await visitor.button(/^Leave a message/).click()
    await visitor.page.clock.fastForward(2_000)
    await visitor.page
      .getByRole('dialog')
      .getByText('No connection. What you write is kept and sent later.')
      .waitFor()
    const text = await visitor.page.getByRole('dialog').innerText()
    expect(text).not.toMatch(/Ticket #|Sent/)
  })

  test('WebSockets are blocked: HTTP carries the conversation, both ways', async () => {
    const agent = await stage.agent()
    const visitor = await stage.visitor()
    await visitor.page.routeWebSocket(/socket\.io/, socket => socket.close())
    await askInPanel(visitor, 'WebSockets are blocked here')
    await chatNow(visitor)
    await agent.take('WebSockets are blocked here')
    await agent.reply('I read you over HTTP.')
    await visitor.log.getByText('I read you over HTTP.').waitFor()
    await visitor.say('And I you.')
    await agent.thread.getByText('And I you.').waitFor()
    await sameAtBothEnds(visitor, agent)
  })
})

describe('both roads blocked under way', () => {
  test('the visitor is told within seconds, then gets the text to copy and an address; back again, all is sent', async () => {
    const agent = await stage.agent()
    const visitor = await stage.visitor()
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    let isCut = false
    const sockets: { close(): Promise<void> }[] = []
    await visitor.page.routeWebSocket(/socket\.io/, socket => {
      if (isCut) return void socket.close()
      socket.connectToServer()
      sockets.push(socket)
    })
    await visitor.page.route('**/asklet/v1/**', route => (isCut ? route.abort() : route.continue()))
    await visitor.page.clock.install()
    await askInPanel(visitor, 'Both roads will be blocked')
    await chatNow(visitor)
    await agent.take('Both roads will be blocked')
    await visitor.page.getByText('Noor, support').first().waitFor()

    isCut = true
    for (const socket of sockets.splice(0)) await socket.close()
    await visitor.say('Said into the silence')
    await visitor.page.clock.fastForward(3_000)
    await visitor.page
      .getByRole('dialog')
      .getByText('No connection. What you write is kept and sent later.')
      .waitFor()
    await visitor.log.getByText(/Waiting to be sent|Sending/).waitFor()
    await visitor.page.clock.fastForward(16_000)
    await visitor.page
      .getByRole('dialog')
      .getByText('We cannot reach our support server. Copy your text and write to help@workmere.example.')
      .waitFor()
    expect(await visitor.page.getByRole('link', { name: 'Write an e-mail' }).getAttribute('href')).toBe(
      'mailto:help@workmere.example',
    )
    await visitor.button('Copy the conversation').click()
    await visitor.button('Copied').waitFor()
    const copied = await visitor.page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toContain('You: Said into the silence')
    expect(copied).toContain('You: Both roads will be blocked')

    isCut = false
    await visitor.page.clock.fastForward(40_000)
    await agent.thread.getByText('Said into the silence').waitFor()
    expect(
      await visitor.page
        .getByRole('dialog')
        .getByText(/We cannot reach|No connection/)
        .count(),
    ).toBe(0)
    await sameAtBothEnds(visitor, agent)
  })
})

describe('the server ends and comes back', () => {
  const portOf = (demo: Demo) => Number(new URL(demo.address).port)

  test('under a live conversation, from the same file: nothing is lost, nothing stands twice', async () => {
    const data = stage.dataFile()
    const first = await stage.start({ data })
    const visitor = await stage.visitor('freelancer', {}, first)
    const agent = await stage.agent('Noor', first)
    await askInPanel(visitor, 'The server goes away')
    await chatNow(visitor)
    await agent.take('The server goes away')
    await agent.reply('Before the restart.')
    await visitor.log.getByText('Before the restart.').waitFor()

    await first.close()
    await visitor.say('Said while the server was away.')
    await visitor.page
      .getByRole('dialog')
      .getByText('No connection. What you write is kept and sent later.')
      .waitFor()

    await stage.start({ data, port: portOf(first) })
    await agent.thread.getByText('Said while the server was away.').waitFor()
    await agent.reply('After the restart.')
    await visitor.log.getByText('After the restart.').waitFor()
    await sameAtBothEnds(visitor, agent)
  })

  test('while the page is closed: a later visit shows the whole conversation again', async () => {
    const data = stage.dataFile()
    const first = await stage.start({ data })
    const visitor = await stage.visitor('freelancer', {}, first)
    const agent = await stage.agent('Noor', first)
    await askInPanel(visitor, 'I will close the page')
    await chatNow(visitor)
    await agent.take('I will close the page')
    await agent.reply('See you tomorrow.')
    await visitor.log.getByText('See you tomorrow.').waitFor()
    await sameAtBothEnds(visitor, agent)
    const before = await visitor.transcript()

    await visitor.page.goto('about:blank')
    await first.close()
    await stage.start({ data, port: portOf(first) })
    await visitor.goTo('/withdrawals')
    await visitor.log.getByText('See you tomorrow.').waitFor()
    expect(await visitor.transcript()).toEqual(before)
  })
})
