// `npm run demo:journey`: the whole story of the demo in a real browser, as two people live it. The assistant's
// files come from a second origin, under a strict policy with Trusted Types. Prints each step with its time and
// the transcript as both ends have it; exits non-zero when they differ.

import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAgent, createVisitor, differences, formatLines, openBrowser, type Visitor } from './people'
import { startDemo } from './site'
import { createSteps, expectThat, outcomeOf } from './steps'

const dist = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const shots = process.env.ASKLET_SHOTS
const begun = performance.now()
const { problems, step } = createSteps()
let lost = 0

const demo = await startDemo({ port: 0, assistantPort: 0, dist, data: ':memory:' })
// The same site on a Sunday night: another server, because hours are the server's.
const closed = await startDemo({
  port: 0,
  assistantPort: 0,
  dist,
  data: ':memory:',
  config: { hours: { zone: 'Europe/Berlin', week: {} } },
})
const browser = await openBrowser()
const visitors: Visitor[] = []

async function visitor(of: typeof demo, role: 'client' | 'freelancer'): Promise<Visitor> {
  const made = await createVisitor(browser, of, role, { ...(shots && { shots }) })
  visitors.push(made)
  return made
}

try {
  const agent = await createAgent(browser, demo, 'Noor', { ...(shots && { shots }) })
  const mara = await visitor(demo, 'freelancer')
  const ask = 'my withdrawal is late'
  const papers = 'I sent the papers yesterday.'
  let hearsServer = true
  await mara.page.routeWebSocket(/socket\.io/, socket => {
    const server = socket.connectToServer()
    // From the words on, and not before: were the answer to a read mark lost, the words would wait behind it.
    socket.onMessage(message => {
      if (String(message).includes(papers)) hearsServer = false
      server.send(message)
    })
    server.onMessage(message => {
      if (hearsServer) socket.send(message)
    })
  })

  await step('a freelancer opens Withdrawals: one request, nothing stored', async () => {
    await mara.goTo('/withdrawals')
    await mara.page.getByRole('button', { name: 'Help' }).waitFor()
    const own = mara.requests.filter(url => url.startsWith(demo.assistantAddress))
    expectThat(own.length === 1, `requested before any intent: ${own.join(', ')}`)
    const stored = await mara.page.evaluate(() => localStorage.length + sessionStorage.length)
    expectThat(stored === 0, `${stored} keys are stored before any intent`)
  })
  await step('opens help: suggestions for this page and role, with reasons', async () => {
    await mara.openHelp()
    await mara.options.first().waitFor()
    const first = await mara.page.locator('.reason:not(:empty)').first().textContent()
    expectThat(
      /because you are on Withdrawals, as a freelancer/.test(first ?? ''),
      `the first reason says: ${first}`,
    )
  })
  await step('types three letters and reads an article by keyboard', async () => {
    await mara.search.pressSequentially('fee')
    await mara.options.filter({ hasText: /fee/i }).first().waitFor()
    await mara.search.press('ArrowDown')
    await mara.search.press('Enter')
    await mara.page.getByText('Did this solve it?').waitFor()
    await mara.shot('journey-article')
  })
  await step('goes to another page of the app: the panel notices by itself', async () => {
    await mara.button('Back').click()
    await mara.button('Clear the search').click()
    await mara.page.getByRole('link', { name: 'Verification' }).first().click()
    await mara.page
      .locator('.reason', { hasText: /because you are on Verification/ })
      .first()
      .waitFor()
    await mara.page.getByRole('link', { name: 'Withdrawals' }).first().click()
    await mara.page
      .locator('.reason', { hasText: /because you are on Withdrawals/ })
      .first()
      .waitFor()
  })
  await step('asks the bot, which begins a flow and asks for the number', async () => {
    await mara.search.fill(ask)
    await mara.button(/^Ask:/).click()
    await mara.page
      .getByText(/automatic assistant/)
      .first()
      .waitFor()
    await mara.log.getByText(/number starts with W/).waitFor()
  })
  await step('gives it, allows the look-up, reads what it found', async () => {
    await mara.say('W-7731')
    await mara.button('Allow').click()
    await mara.log.locator('[data-author=bot]').nth(1).waitFor()
    await mara.shot('journey-flow')
  })
  await step('asks for a person and chooses to chat', async () => {
    await mara.page.getByRole('button', { name: 'Talk to a person' }).last().click()
    await mara.button(/^Chat now/).click()
    await mara.page
      .getByText(/number 1 in the queue/)
      .first()
      .waitFor()
    await mara.shot('journey-queue')
  })
  await step('the agent sees the brief and the bot’s turns with their seq', async () => {
    await agent.take(ask)
    await agent.thread.getByText('W-7731').first().waitFor()
    const bot = (await agent.transcript()).filter(line => line.author === 'bot')
    expectThat(
      bot.length >= 2 && bot.every(line => line.seq !== null),
      `bot turns at the desk:\n${formatLines(bot)}`,
    )
    await agent.page.getByText("reported by the visitor's device").first().waitFor()
    await agent.brief.getByText('Withdrawals').first().waitFor()
    await agent.brief.getByText('Mara Lindqvist').first().waitFor()
  })
  await step('the agent replies in Markdown; the visitor reads it in the same window', async () => {
    await agent.reply('Hello Mara, I see **W-7731**. Your address check is open.')
    await mara.log.locator('[data-author=agent] strong').waitFor()
    await agent.shot('journey-desk')
    await mara.shot('journey-live')
  })
  await step('a reload between save and ack: the words are there once', async () => {
    // The server stores the words, but nothing that it says reaches the page any more.
    await mara.say(papers)
    await agent.thread.getByText(papers).waitFor()
    const state = mara.log.locator('[data-author=visitor]').filter({ hasText: papers })
    expectThat(!/Sent|Delivered|Read/.test((await state.textContent()) ?? ''), 'it says sent before the ack')
    hearsServer = true
    await mara.page.reload()
    await mara.log.getByText(papers).waitFor()
    await mara.log
      .getByText(/^(Sent|Delivered|Read)$/)
      .last()
      .waitFor()
  })
  await step('both go on', async () => {
    await agent.reply('Found them. The money leaves today.')
    await mara.log.getByText('The money leaves today.').waitFor()
    await mara.say('Thank you!')
    await agent.thread.getByText('Thank you!').waitFor()
    await mara.log
      .getByText(/^(Sent|Delivered|Read)$/)
      .last()
      .waitFor()
  })
  const [here, there] = [await mara.transcript(), await agent.transcript()]
  console.log(`\nThe visitor has:\n${formatLines(here)}\n\nThe desk has:\n${formatLines(there)}\n`)
  const differ = differences(here, there)
  lost = differ.length
  problems.push(...differ)
  await step('the agent ends it', async () => {
    await agent.button(/^End/).first().click()
    await agent.button(/^Yes, end/).click()
    await mara.log.getByText(/ended the conversation/).waitFor()
  })

  const jonas = await visitor(closed, 'client')
  await step(
    'a client asks for a person out of hours and gets a ticket; the known address is not asked again',
    async () => {
      await jonas.goTo('/dispute')
      await jonas.openHelp()
      // What most of them are there for is said once, over the list.
      await jonas.page
        .getByRole('dialog')
        .getByText(/as a client/)
        .first()
        .waitFor()
      await jonas.button('Talk to a person').click()
      await jonas.button(/^Leave a message/).click()
      await jonas.page
        .getByText(/The answer comes here and to jonas@brightside.example/)
        .first()
        .waitFor()
      await jonas.shot('journey-ticket')
    },
  )
  const night = await createAgent(browser, closed, 'Tomás')
  await step('the ticket is at the desk in the morning', async () => {
    await night.page.getByText(/#1001/).first().waitFor()
  })
  await agent.close()
  await night.close()
} catch (error) {
  if (problems.length === 0) problems.push(String(error))
} finally {
  for (const one of visitors) {
    for (const report of one.cspReports) console.log(`policy report: ${report}`)
    await one.close()
  }
  await browser.close()
  await demo.close()
  await closed.close()
}

const reports = visitors.flatMap(one => one.cspReports)
if (reports.length) problems.push(`${reports.length} policy reports`)
for (const problem of problems) console.log(`differs: ${problem}`)
console.log(`journey: ${outcomeOf(problems)}`)
console.log(`journey-seconds: ${((performance.now() - begun) / 1000).toFixed(1)}`)
console.log(`journey-csp-reports: ${reports.length}`)
console.log(`journey-lost: ${lost}`)
process.exit(problems.length === 0 ? 0 : 1)
