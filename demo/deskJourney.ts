// `npm run journey:desk`: a morning at the desk in a real browser, with two agents, a lead and six visitors: order of
// the queue, a race, transfer and taking back, an agent who is lost, taking over, a note, undo, typing, read marks,
// files both ways, rating, a copy to keep, and a conversation that goes on at a second device. Prints each step with
// its time, the transcripts of both ends, and what differed; all that reaches visitors is searched for what is the
// agents' alone.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import {
  type Agent,
  createAgent,
  createVisitor,
  differences,
  formatLines,
  openBrowser,
  type Role,
  type Visitor,
} from './people'
import { startDemo } from './site'
import { createSteps, expectThat, outcomeOf } from './steps'

const dist = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const shots = process.env.ASKLET_SHOTS
const begun = performance.now()
const { problems, step } = createSteps()

/** What only agents may read: in no frame, body or page of a visitor. */
const SECRET = 'heron-7741'
/** What an agent took back before anybody saw it. */
const TAKEN_BACK = 'pelican-3302'
/** As little as a reader of such files asks for. */
const PDF =
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'
/** What a visitor is to read: a watch over the wire that does not see it sees nothing. */
const MEANT = 'It goes away by itself.'
let leaked = 0
let wasHeard = false

const demo = await startDemo({
  port: 0,
  assistantPort: 0,
  dist,
  data: ':memory:',
  config: {
    categories: [{ name: 'payments', words: ['payment', 'invoice', 'charged'] }],
    priorities: { roles: { client: 'high' } },
  },
  // An agent who is lost is found out within seconds; the rest is as in earnest.
  timers: { agentGoneMs: 3_000 },
})
const browser = await openBrowser()
const folder = mkdtempSync(join(tmpdir(), 'asklet-desk-journey-'))
const visitors: Visitor[] = []
const agents: Agent[] = []

async function visitor(role: Role, person?: string): Promise<Visitor> {
  const cookies = person ? { workmere_person: person } : {}
  const made = await createVisitor(browser, demo, role, { cookies, ...(shots && { shots }) })
  made.page.setDefaultTimeout(10_000)
  watchWire(made.page)
  visitors.push(made)
  return made
}

async function agent(name: string): Promise<Agent> {
  const made = await createAgent(browser, demo, name, { ...(shots && { shots }) })
  made.page.setDefaultTimeout(10_000)
  agents.push(made)
  return made
}

/** Everything that comes to a visitor's page, whichever way. */
function watchWire(page: Page): void {
  const look = (text: string) => {
    if (text.includes(SECRET) || text.includes(TAKEN_BACK)) leaked++
    if (text.includes(MEANT)) wasHeard = true
  }
  page.on('websocket', socket => socket.on('framereceived', ({ payload }) => look(String(payload))))
  page.on('response', response => {
    if (response.url().includes('/asklet/'))
      response.text().then(look, () => {
        // Gone with its page.
      })
  })
}

/** Asks, and waits for a person in the queue. */
async function queueUp(of: Visitor, question: string): Promise<void> {
  await of.goTo('/payments')
  await of.openHelp()
  await of.search.fill(question)
  await of.button(/^Ask:/).click()
  await of.log.locator('[data-author=bot]').first().waitFor()
  // Some questions bring the offer by themselves.
  const chat = of.button(/^Chat now/)
  const person = of.button('Talk to a person').last()
  await chat.or(person).first().waitFor()
  if (!(await chat.isVisible())) await person.click()
  await chat.click()
  await of.page
    .getByText(/in the queue/)
    .first()
    .waitFor()
}

/** Questions in the part of the list that waits, next first. */
const waiting = (of: Agent) =>
  of.page.locator('section[aria-labelledby=desk-waiting] [data-row]').allTextContents()

/** The visitor reads that this agent has the conversation now. */
const hasAgent = (of: Visitor, name: string) =>
  of.page.locator('[part=banner]').getByText(`${name}, support`).waitFor()

/** Until both ends say the same: the last words may still be on their way. */
async function expectSame(one: Visitor, other: Agent): Promise<void> {
  const until = performance.now() + 8_000
  for (;;) {
    const [here, there] = [await one.transcript(), await other.transcript()]
    const differ = differences(
      here.filter(line => line.seq !== null),
      there,
    )
    if (differ.length === 0 && here.some(line => line.seq !== null)) {
      console.log(`\nThe visitor has:\n${formatLines(here)}\n\nThe desk has:\n${formatLines(there)}\n`)
      return
    }
    if (performance.now() > until) throw new Error(differ.join('\n'))
    await new Promise(done => setTimeout(done, 100))
  }
}

try {
  const noor = await agent('Noor')
  const tomas = await agent('Tomás')
  const mara = await visitor('freelancer')
  const jonas = await visitor('client')
  const sefa = await visitor('freelancer', 'sefa')
  const lena = await visitor('client', 'lena')
  const ravi = await visitor('freelancer', 'ravi')
  const guest = await visitor('guest')

  await step(
    'six visitors ask for a person; clients come first by the site’s rule, others by their wait',
    async () => {
      await queueUp(mara, 'Mara: my payment is missing')
      await queueUp(sefa, 'Sefa: my payment was cut')
      await queueUp(jonas, 'Jonas: I was charged a payment twice')
      await queueUp(ravi, 'Ravi: a payment is late')
      await queueUp(lena, 'Lena: the payment has no invoice')
      await queueUp(guest, 'Guest: how do payments work here')
      const order = ['Jonas', 'Lena', 'Mara', 'Sefa', 'Ravi', 'Guest']
      await noor.row('Guest:').first().waitFor()
      const rows = await waiting(noor)
      const shown = rows.map(row => order.find(name => row.includes(`${name}:`)))
      expectThat(shown.join() === order.join(), `the list says ${shown.join(', ')}`)
      await jonas.page
        .getByText(/number 1 in the queue/)
        .first()
        .waitFor()
      await mara.page
        .getByText(/number 3 in the queue/)
        .first()
        .waitFor()
      await noor.shot('desk-queue')
      await mara.shot('visitor-queue')
    },
  )

  await step('two claim one conversation: one has it, the other is told who', async () => {
    for (const each of [noor, tomas]) {
      await each.row('Jonas:').first().click()
      await each.button('Claim conversation').focus()
    }
    await Promise.all([noor, tomas].map(each => each.page.keyboard.press('Enter')))
    const won = await Promise.any([
      noor.page
        .getByText('With you')
        .waitFor()
        .then(() => noor),
      tomas.page
        .getByText('With you')
        .waitFor()
        .then(() => tomas),
    ])
    const lost = won === noor ? tomas : noor
    await lost.page
      .getByText(/took it\.|has this conversation/)
      .first()
      .waitFor()
    expectThat((await lost.page.getByText('With you').count()) === 0, 'both have it')
    await jonas.log.getByText(/joined the conversation/).waitFor()
    // The rest of the story is Noor's.
    if (won === tomas) {
      await noor.button('Take over').click()
      await noor.button(/^Yes, take over/).click()
      await noor.page.getByText('With you').waitFor()
    }
  })

  await step('both see the other one type, and what was read', async () => {
    await jonas.message.pressSequentially('It was on', { delay: 20 })
    await noor.page.getByText(/Jonas Adeyemi is typing/).waitFor()
    await jonas.say('It was on Monday, twice.')
    await noor.thread.getByText('It was on Monday, twice.').waitFor()
    await jonas.log.getByText('Read', { exact: true }).last().waitFor()
    await noor.page.getByRole('textbox', { name: 'Your reply' }).pressSequentially('Let me', { delay: 20 })
    await jonas.page
      .getByText(/Noor is typing/)
      .first()
      .waitFor()
    await noor.reply('Let me look, Jonas.')
    await jonas.log.getByText('Let me look, Jonas.').waitFor()
    await noor.thread.getByText('Read', { exact: true }).last().waitFor()
  })

  await step('a reply is taken back within five seconds, and sent in better words', async () => {
    const field = noor.page.getByRole('textbox', { name: 'Your reply' })
    await field.fill(`That is your own mistake, ${TAKEN_BACK}.`)
    await field.press('Enter')
    await noor.thread.getByText(/Sends in \d s/).waitFor()
    await noor.shot('desk-undo')
    await noor.thread.getByRole('button', { name: 'Undo' }).click()
    expectThat((await field.inputValue()).includes(TAKEN_BACK), 'the words are not back in the field')
    await noor.reply(`The second one is a hold. ${MEANT}`)
    await jonas.log.getByText(MEANT).waitFor()
  })

  await step('a note for colleagues stands in the thread of agents, and nowhere else', async () => {
    await noor.page.locator('.modes').getByText('Note', { exact: true }).click()
    const note = noor.page.getByRole('textbox', { name: /^Your note/ })
    await note.fill(`Third hold this month: **${SECRET}**`)
    await note.press('Enter')
    await noor.thread.getByText(SECRET).waitFor()
    await noor.page.locator('.modes').getByText('Reply', { exact: true }).click()
    // He has it open, and does nothing to see it.
    await tomas.thread.getByText(SECRET).waitFor()
    await tomas.shot('desk-note')
  })

  await step('files go both ways', async () => {
    const png = join(folder, 'statement.png')
    copyFileSync(resolve(dist, '../demo/screenshot.png'), png)
    await jonas.page.getByRole('dialog').locator('input[type=file]').setInputFiles(png)
    await jonas.page.getByText(/^Ready to send/).waitFor()
    await jonas.say('Here is the statement')
    await noor.thread.getByText('Here is the statement').waitFor()
    await noor.thread
      .getByRole('link', { name: /statement\.png/ })
      .or(noor.thread.locator('img'))
      .first()
      .waitFor()
    const pdf = join(folder, 'refund.pdf')
    writeFileSync(pdf, PDF)
    await noor.page.locator('main input[type=file]').setInputFiles(pdf)
    await noor.page.getByText(/^Ready to send/).waitFor()
    await noor.reply('And this is our confirmation.')
    await jonas.log.getByText('refund.pdf').waitFor()
    await noor.shot('desk-files')
    await jonas.shot('visitor-files')
  })

  await step('Noor transfers to Tomás with a word for him, takes it back, and transfers again', async () => {
    const transfer = async () => {
      await noor.button('Transfer').first().click()
      const dialog = noor.page.getByRole('dialog')
      await dialog.getByRole('radio', { name: /Tomás/ }).check()
      await dialog.getByRole('textbox').fill(`He is patient. ${SECRET}`)
      await noor.shot('desk-transfer')
      await dialog.getByRole('button', { name: 'Transfer' }).click()
    }
    await transfer()
    await hasAgent(jonas, 'Tomás')
    await noor.button('Take back').click()
    await noor.page.getByText('With you').waitFor()
    await transfer()
    await tomas.row('Jonas:').first().click()
    await tomas.reply('Tomás here, I have read all of it.')
    await jonas.log.getByText('I have read all of it.').waitFor()
    await expectSame(jonas, tomas)
  })

  await step('Tomás closes the lid: Lena is told, and is at the head of the queue again', async () => {
    await tomas.take('Lena:')
    await hasAgent(lena, 'Tomás')
    await tomas.close()
    await lena.log
      .getByText(/Tomás lost the connection/)
      .first()
      .waitFor()
    await lena.page
      .getByText(/number [12] in the queue/)
      .first()
      .waitFor()
    await lena.shot('visitor-agent-lost')
    // Both of his are waiting again, in front of those who never had anybody; the list hears of each by itself.
    const first = () => waiting(noor).then(rows => rows.slice(0, 2))
    const areHis = (rows: string[]) => rows.length === 2 && rows.every(row => /Jonas:|Lena:/.test(row))
    for (const until = performance.now() + 8_000; !areHis(await first()) && performance.now() < until; )
      await noor.page.waitForTimeout(50)
    const rows = await first()
    expectThat(areHis(rows), `first in the queue: ${rows.join(' | ')}`)
  })

  const ines = await agent('Inês')
  await step('a lead takes over what Noor has, and sees who waits and who is free', async () => {
    await noor.take('Mara:')
    await ines.button('Team').click()
    const team = ines.page.getByRole('dialog')
    await team.getByText(/^Waiting \(\d\)/).waitFor()
    await ines.shot('desk-team')
    await team.getByRole('button', { name: /^Take over Mara/ }).click()
    // It is somebody else's: asked once more.
    const sure = ines.page.getByRole('button', { name: /^Yes, take over/ })
    await sure.or(ines.page.getByText('With you')).first().waitFor()
    if (await sure.count()) await sure.click()
    await hasAgent(mara, 'Inês')
    await ines.reply('Mara, I take this one.')
    await mara.log.getByText('I take this one.').waitFor()
  })

  await step('Mara goes on at a second device with her signed identity; both say the same', async () => {
    const phone = await visitor('freelancer')
    await phone.goTo('/payments')
    await phone.openHelp()
    await phone.page.getByRole('region', { name: 'Your conversations' }).waitFor()
    await phone.shot('visitor-past')
    await phone.button(/Mara: my payment is missing/).click()
    await phone.log.getByText('I take this one.').waitFor()
    await phone.say('I am on my phone now.')
    await mara.log.getByText('I am on my phone now.').waitFor()
    await mara.say('And still here.')
    await phone.log.getByText('And still here.').waitFor()
    await ines.thread.getByText('And still here.').waitFor()
    await expectSame(phone, ines)
    await expectSame(mara, ines)
    await phone.page.close()
  })

  await step('it ends with a category; Mara keeps a copy, rates once, and is not asked again', async () => {
    await ines.button('End').first().click()
    await ines.page.getByRole('combobox', { name: 'What it was about' }).selectOption('payments')
    await ines.shot('desk-end')
    await ines.button(/^Yes, end/).click()
    await mara.log.getByText(/ended the conversation/).waitFor()
    const radio = mara.page.getByRole('radio', { name: 'Good', exact: true })
    await radio.waitFor()
    await mara.shot('visitor-rating')
    const saved = mara.page.waitForEvent('download')
    await mara.button('Save as a text file').click()
    const text = readFileSync(await (await saved).path(), 'utf8')
    for (const line of await mara.transcript())
      expectThat(
        text.replace(/\s/g, '').includes(line.text.replace(/\s/g, '')),
        `the copy lacks: ${line.text}`,
      )
    await radio.click()
    await mara.page.getByRole('textbox', { name: /want to add/ }).fill('Quick and kind.')
    await mara.button('Send').last().click()
    await ines.thread.getByText(/4 of 5. “Quick and kind.”/).waitFor()
    await mara.page.reload()
    await mara.page.getByRole('dialog').waitFor()
    await mara.page
      .getByText(/ended the conversation/)
      .first()
      .waitFor()
    expectThat((await mara.page.getByRole('radio').count()) === 0, 'the rating is asked for twice')
  })

  await step(
    'who waits leaves an address and keeps the place; ending the wait makes it a ticket',
    async () => {
      await guest.button('If you cannot wait: leave your e-mail').click()
      await guest.page.getByRole('textbox', { name: 'Your e-mail address' }).fill('guest@example.org')
      await guest.button('Send').first().click()
      await guest.page.getByText('If you are gone, we answer to guest@example.org.').first().waitFor()
      await guest.page
        .getByText(/in the queue/)
        .first()
        .waitFor()
      await guest.shot('visitor-place-kept')
      await guest.button('End waiting, answer by e-mail').click()
      await guest.button('Yes, end waiting').click()
      await guest.page
        .getByText(/Ticket #\d+ is open/)
        .first()
        .waitFor()
    },
  )
} catch (error) {
  if (problems.length === 0) problems.push(String(error))
  for (const one of [...visitors, ...agents])
    if (shots && !one.page.isClosed())
      await one.shot(`failed-${visitors.indexOf(one as Visitor)}-${agents.indexOf(one as Agent)}`)
} finally {
  for (const one of [...visitors, ...agents]) {
    for (const report of one.cspReports) problems.push(`policy report: ${report}`)
    if (!one.page.isClosed()) await one.close()
  }
  await browser.close()
  await demo.close()
  rmSync(folder, { recursive: true, force: true })
}

if (!wasHeard) problems.push('what came to visitors was not read')
if (leaked > 0) problems.push(`${leaked} frames or answers to visitors hold what is the agents' own`)
for (const problem of problems) console.log(`differs: ${problem}`)
console.log(`desk-journey: ${outcomeOf(problems)}`)
console.log(`desk-journey-seconds: ${((performance.now() - begun) / 1000).toFixed(1)}`)
console.log(`notes-leaked: ${leaked}`)
process.exit(problems.length === 0 ? 0 : 1)
