// `npm run journey:ticket`: a weekend and a week in a real browser, with a clock that the story moves. A ticket is left
// when nobody is there, answered on Monday, contested, solved, opened again, solved and rated; two who have a contract
// have a dispute, to an outcome that solves both tickets. Mail goes to an SMTP server of the journey's own. Prints each step, what both ends
// have of it, and what differed; what comes to one side is searched for what is the other side's alone.

import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { SMTPServer } from 'smtp-server'
import { REPLAY_RULES } from '../src/cli/replayRules'
import type { TicketStatus } from '../src/protocol/records'
import { openSqlStore } from '../src/server'
import { audit } from '../src/server/audit'
import { type Heard, hear } from './endsOfTicket'
import { createMovedClock } from './movedClock'
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

/** A Friday, 19:40 in Berlin, where the desk is. */
const FRIDAY = Date.UTC(2027, 2, 5, 18, 40)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Monday, 09:05. */
const MONDAY = FRIDAY + 2 * DAY + 13 * HOUR + 25 * MINUTE
const WORKDAY = [['09:00', '17:00']]
const RESPOND_WITHIN_MINUTES = 240

/** What each side says to the desk alone, and what agents say to each other. */
const CLIENTS_OWN = 'walrus-5521'
const FREELANCERS_OWN = 'osprey-8842'
const AGENTS_OWN = 'heron-7741'
/** In their statements, which the other side reads once both have written. */
const CLIENT_STATED = 'ochre-1174'
const FREELANCER_STATED = 'teal-2096'

const ASKED = 'My payout is gone, rent is due tomorrow, please hurry'

const clock = createMovedClock(FRIDAY)
const folder = mkdtempSync(join(tmpdir(), 'asklet-ticket-journey-'))
const data = join(folder, 'desk.sqlite')
const mails: string[] = []
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  logger: false,
  closeTimeout: 100,
  onData(stream, session, done) {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const to = session.envelope.rcptTo.map(({ address }) => address).join()
      mails.push(`To ${to}\n${readable(Buffer.concat(chunks).toString('utf8'))}`)
      done()
    })
  },
})
await new Promise<void>(done => smtp.listen(0, '127.0.0.1', done))

const demo = await startDemo({
  port: 0,
  dist,
  data,
  clock,
  mail: {
    url: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`,
    from: 'Workmere help <help@workmere.example>',
    pageUrl: 'https://workmere.example/help',
    firstAnswerHours: 'serviceLevel',
  },
  journalKey: String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
  config: {
    hours: {
      zone: 'Europe/Berlin',
      week: { mon: WORKDAY, tue: WORKDAY, wed: WORKDAY, thu: WORKDAY, fri: WORKDAY },
    },
    categories: [
      { name: 'payments', words: ['payment', 'payout', 'invoice', 'charged'] },
      { name: 'disputes', words: ['dispute', 'mediator'] },
    ],
    // Each answer is one for a lead to judge.
    reviews: { rate: 1 },
    serviceLevels: { default: { firstResponseMinutes: RESPOND_WITHIN_MINUTES, resolutionMinutes: 960 } },
  },
})
const browser = await openBrowser()
const { problems, step } = createSteps()
const people: (Visitor | Agent)[] = []
const heard = new Map<Page, Heard>()
const ends = { ...(shots && { shots }), begin: (page: Page) => begin(page) }

async function begin(page: Page, before?: Visitor): Promise<void> {
  page.setDefaultTimeout(10_000)
  heard.set(page, hear(page, before && of(before)))
  await clock.follow(page)
}

/** @param before  this person's other window, of which this browser has kept everything */
async function visitor(role: Role, before?: Visitor): Promise<Visitor> {
  const made = await createVisitor(browser, demo, role, {
    ...ends,
    ...(before && { context: before.context, begin: (page: Page) => begin(page, before) }),
  })
  people.push(made)
  return made
}

async function agent(name: string): Promise<Agent> {
  const made = await createAgent(browser, demo, name, ends)
  people.push(made)
  return made
}

/** On the server, and in all that is open. */
async function moveTo(time: number): Promise<void> {
  clock.moveTo(time)
  await Promise.all(open().map(({ page }) => clock.follow(page)))
  console.log(`           ${berlin(clock.now())}`)
}

const open = () => people.filter(({ page }) => !page.isClosed())
const of = (one: Visitor | Agent): Heard => heard.get(one.page) as Heard
const berlin = (time: number) =>
  new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: 'Europe/Berlin',
  }).format(time)
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()

/** Until it is so; what lies behind it is under way. */
async function until(isSo: () => boolean | Promise<boolean>, sentence: () => string): Promise<void> {
  for (const end = performance.now() + 8_000; !(await isSo()); ) {
    if (performance.now() > end) throw new Error(sentence())
    await new Promise(done => setTimeout(done, 50))
  }
}

/** The next mail that says this. The dispatcher looks by the clock of the story. */
async function mailWith(...words: (string | RegExp)[]): Promise<string> {
  const found = () => mails.find(mail => words.every(word => mail.search(word) >= 0))
  await until(
    () => {
      if (!found()) clock.moveTo(clock.now() + 2 * MINUTE)
      return found() !== undefined
    },
    () => `no mail says ${words.join(', ')}; there are:\n${mails.join('\n---\n')}`,
  )
  return found() ?? ''
}

/** Quoted-printable and encoded words, as a reader shows them. */
function readable(mail: string): string {
  return mail
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** How each face says it. */
const STATUS_SAID: Readonly<Record<TicketStatus, { readonly visitor: string; readonly desk: string }>> = {
  open: { visitor: 'We have it', desk: 'open' },
  waitingOnVisitor: { visitor: 'Waiting for your reply', desk: 'awaiting visitor' },
  waitingOnUs: { visitor: 'You answered; we are on it', desk: 'awaiting us' },
  solved: { visitor: 'Solved', desk: 'solved' },
  reopened: { visitor: 'Open again; we are on it', desk: 'reopened' },
}
/** Of what happened: the visitor's words, and the desk's for the same. */
const HAPPENED: readonly (readonly [string, string])[] = [
  ['Opened again', 'Reopened'],
  ['Opened', 'Opened'],
  ['Somebody is assigned', 'Answers for it'],
  ['Answered', 'Answered'],
  ['You answered', 'Wrote again'],
  ['A person was asked to check', 'Objection'],
  ['Sorted under', 'Category:'],
  ['Solved', 'Solved'],
  ['Rated', 'Rated'],
]
const ticketAt = ({ page }: Agent) => page.getByRole('region', { name: 'Ticket', exact: true })

/** What the faces say of the ticket, as they say it. */
const shownTo = {
  visitor: async ({ page }: Visitor) =>
    oneLine(
      (await page.getByRole('dialog').locator('[part=ticket], [part=banner]').allInnerTexts()).join(' | '),
    ),
  agent: async (one: Agent) => oneLine(await ticketAt(one).locator('.ticket-facts').innerText()),
}

/** Both ends have the same ticket, the same history and the same words, and say so. */
async function expectSame(
  one: Visitor,
  other: Agent,
  conversationId: string,
  status: TicketStatus,
): Promise<void> {
  const sides = () =>
    [one, other].map(each => ({
      ticket: of(each).ticket(conversationId),
      history: of(each).history(conversationId),
    }))
  let differ: readonly string[] = []
  await until(
    async () => {
      const [here, there] = sides()
      const [read, written] = [await one.transcript(), await other.transcript()]
      differ = [
        ...differences(
          read.filter(({ seq }) => seq !== null),
          written,
        ),
        ...(['number', 'status', 'owner', 'category', 'contact'] as const)
          .filter(name => JSON.stringify(here?.ticket?.[name]) !== JSON.stringify(there?.ticket?.[name]))
          .map(
            name =>
              `${name}: ${JSON.stringify(here?.ticket)} here, ${JSON.stringify(there?.ticket)} at the desk`,
          ),
        ...(String(here?.history) === String(there?.history)
          ? []
          : [`history: ${here?.history.join(', ')} here, ${there?.history.join(', ')} at the desk`]),
        ...(here?.ticket?.status === status ? [] : [`it is ${here?.ticket?.status}, not ${status}`]),
      ]
      return differ.length === 0
    },
    () => differ.join('\n'),
  )
  await one.page
    .getByRole('dialog')
    .locator(`[data-status=${status}]`)
    .getByText(STATUS_SAID[status].visitor)
    .waitFor()
  await ticketAt(other).getByText(STATUS_SAID[status].desk, { exact: true }).waitFor()
  const [here] = sides()
  const { number, owner, category } = here?.ticket ?? {}
  console.log(`
The visitor is shown: ${await shownTo.visitor(one)}
The desk is shown:    ${await shownTo.agent(other)}
Both have:            #${number} ${status}, ${owner?.name ?? 'of nobody'}, ${category}
  ${here?.history.join(' > ')}
${formatLines((await one.transcript()).filter(({ seq }) => seq !== null))}
`)
}

/** Whoever answers for it solves it. */
async function solve(by: Agent): Promise<void> {
  const solving = by.button(/^Solve/).first()
  await solving.click()
  await by.button(/^Yes, /).click()
}

let ticketStory = 'not-played'
let disputeStory = 'not-played'
let leaked = 0
let ticketId = ''
let disputeId = ''

try {
  const guest = await visitor('guest')
  let back = guest

  await step('Friday evening: the bot does not solve it, nobody is there, a ticket is left', async () => {
    console.log(`           ${berlin(clock.now())}`)
    await guest.goTo('/payments')
    await guest.openHelp()
    await guest.search.fill(ASKED)
    await guest.button(/^Ask:/).click()
    await guest.log.locator('[data-author=bot]').first().waitFor()
    await guest.say('That did not help, I want to talk to a person')
    await guest.page
      .getByText(/nobody is there right now; opens/)
      .first()
      .waitFor()
    expectThat(await guest.button(/^Chat now/).isDisabled(), 'somebody is promised')
    await guest.button('See what will be sent').click()
    await guest.shot('ticket-receipt-before')
    await guest.button('See what will be sent').click()
    const why = guest.page.getByRole('region', { name: 'Talk to a person' }).locator('.why').last()
    await why.getByRole('button', { name: 'Why this?' }).click()
    console.log(`           why this? ${oneLine(await why.locator('.because').innerText())}`)
    await why.getByText(/only way that is open now|because nobody is there now/).waitFor()
    await guest.shot('ticket-why')
    await guest.button(/^Leave a message/).click()
    await guest.page.getByLabel('Your e-mail address').fill('zoe@visitors.example')
    await guest.button('Send').first().click()
    await guest.page
      .getByText(/The answer comes here and to zoe@visitors.example/)
      .first()
      .waitFor()
    await guest.shot('ticket-open')
    await until(
      () => of(guest).conversations().length > 0,
      () => 'nothing was stored',
    )
    ticketId = of(guest).conversations()[0] ?? ''
  })

  await step('the acknowledgement arrives with the number; the window is closed', async () => {
    const mail = await mailWith('To zoe@visitors.example', '1001')
    console.log(
      mail
        .split('\n')
        .slice(0, 30)
        .map(line => `           | ${line.trim()}`)
        .join('\n'),
    )
    await guest.page.close()
  })

  await moveTo(MONDAY)
  const noor = await agent('Noor')
  await step(
    'Monday morning: the weekend did not count; why it is pressing is said at the desk',
    async () => {
      await noor.row('#1001').first().click()
      await noor.brief.getByText('Read from the words').waitFor()
      await noor.shot('ticket-desk')
      console.log(`           ${oneLine(await noor.brief.innerText())}`)
      const level = of(noor).last('firstResponse') as { dueAt: number; state: string } | undefined
      const due = MONDAY - 5 * MINUTE + RESPOND_WITHIN_MINUTES * MINUTE
      expectThat(
        level?.dueAt === due,
        `a first response is due ${level && berlin(level.dueAt)}, not ${berlin(due)}`,
      )
      console.log(`           first response is due ${berlin(due)}`)
      await moveTo(due - 30 * MINUTE)
      await noor
        .row('#1001')
        .getByText(/reply due in/)
        .first()
        .waitFor()
      await noor.shot('ticket-due')
    },
  )

  await step('Noor answers; it stays a ticket, is hers, and the answer goes by mail', async () => {
    await noor.reply('The bank sent it back on Friday. Which of your two accounts is the right one?')
    await mailWith('To zoe@visitors.example', 'Which of your two accounts')
  })

  await step(
    'the visitor comes back, reads it in the same thread, and contests how it was sorted',
    async () => {
      back = await visitor('guest', guest)
      await comeBack(back)
      await back.log.getByText('Which of your two accounts').waitFor()
      await back.shot('ticket-answered')
      await expectSame(back, noor, ticketId, 'waitingOnVisitor')
      await back.button('More').click()
      await back.button('What was sent').first().click()
      await back.shot('ticket-receipt')
      await back.button('What was sent').first().click()
      await back.button('About this ticket').click()
      await back.button('Why this?').last().click()
      const sorted = back.page.getByRole('dialog').locator('.because .because').first()
      console.log(`           why this? ${oneLine(await sorted.innerText())}`)
      await back.shot('ticket-why-sorted')
      await sorted.getByRole('button', { name: 'It is sorted wrongly' }).click()
      await back.page
        .getByRole('textbox', { name: /What is wrong/ })
        .fill('It is about my rent, not about a payment.')
      await back.button('I want a person to look at it').click()
      await back.log.getByText(/You asked for a person to check: the category/).waitFor()
      await noor.page.getByText('The visitor objects to the category.').waitFor()
      await noor.button('Answer the objection').click()
      await noor.page.getByText('It stays as it is', { exact: true }).click()
      await noor.page
        .getByRole('textbox', { name: /What you found/ })
        .fill('Payouts are under payments with us.')
      await noor.shot('ticket-contest')
      await noor.button('Send the answer').click()
      await back.log.getByText(/it stays as it is: “Payouts are under payments with us.”/).waitFor()
    },
  )

  await step('the visitor answers, and it waits on us', async () => {
    await back.say('The one that ends in 88.')
    await noor.thread.getByText('The one that ends in 88.').waitFor()
    await expectSame(back, noor, ticketId, 'waitingOnUs')
  })

  await step('Noor solves it; the visitor says it is not, and opens it again', async () => {
    await noor.reply('It is on its way again.')
    await back.log.getByText('It is on its way again.').waitFor()
    await solve(noor)
    await expectSame(back, noor, ticketId, 'solved')
    await back.shot('ticket-solved')
    await back.button('Open it again').click()
    await expectSame(back, noor, ticketId, 'reopened')
    await back.say('Still not: the bank has nothing.')
    await noor.thread.getByText('Still not: the bank has nothing.').waitFor()
    await noor.shot('ticket-reopened')
  })

  await step('the next day she answers and solves it again, and it is rated', async () => {
    await moveTo(clock.now() + DAY)
    await noor.reply('The bank has it since this morning.')
    await back.log.getByText('since this morning').waitFor()
    await solve(noor)
    await back.page.getByRole('radio', { name: 'Very good', exact: true }).click()
    await noor.thread
      .getByText(/5 of 5/)
      .first()
      .waitFor()
    await expectSame(back, noor, ticketId, 'solved')
    await back.button('About this ticket').click()
    await noor.button('History').click()
    const first = (all: readonly string[]) => all.map(text => oneLine(text.split('\n')[0] ?? ''))
    const here = first(await back.page.getByRole('dialog').locator('.history li').allInnerTexts())
    const there = first(await noor.page.locator('#desk-history li').allInnerTexts()).filter(
      // The desk's own business.
      text => !text.startsWith('Priority:'),
    )
    console.log(
      `           the visitor reads: ${here.join(' > ')}\n           the desk reads:    ${there.join(' > ')}`,
    )
    const inTheirs = here.map(text => HAPPENED.find(([own]) => text.startsWith(own))?.[1] ?? text)
    expectThat(
      here.length > 0 &&
        here.length === there.length &&
        inTheirs.every((words, n) => there[n]?.startsWith(words)),
      `what happened: “${here.join(', ')}” here, “${there.join(', ')}” at the desk`,
    )
    await back.shot('ticket-rated')
    await noor.shot('ticket-history')
  })
  ticketStory = 'ok'
} catch (error) {
  if (problems.length === 0) problems.push(String(error))
  ticketStory = outcomeOf(problems)
  await pictures('failed-ticket')
}
for (const { page } of open()) await page.close()

const before = problems.length
try {
  const client = await visitor('client')
  const freelancer = await visitor('freelancer')
  // At their desks: one mediates, and leads decide what is late.
  const noor = await agent('Noor')
  const ofDispute = (one: Visitor) => one.page.getByRole('dialog').locator('[part=dispute]')
  const conversationOf = (one: Visitor) => of(one).conversations().at(-1) ?? ''
  const outcomeShown = async (one: Visitor) =>
    oneLine(await ofDispute(one).locator('.outcome').last().innerText())
  const bodies = (one: Visitor | Agent, id: string, type: string) =>
    JSON.stringify(
      of(one)
        .events(id)
        .filter(({ body }) => body.type === type)
        .map(({ body }) => ({ ...body, you: null })),
    )
  let number = ''

  await step(
    'a client leaves a ticket on the page of a contract, says a word for us alone, opens a dispute',
    async () => {
      await client.goTo('/dispute')
      await client.openHelp()
      await client.search.fill('The icons do not work at 16 pixels')
      await client.button(/^Ask:/).click()
      await client.log.locator('[data-author=bot]').first().waitFor()
      await client.say('I want to talk to a person')
      await client.button(/^Leave a message/).click()
      await client.page
        .getByText(/The answer comes here/)
        .first()
        .waitFor()
      await client.say(`Between us: I would pay half, ${CLIENTS_OWN}.`)
      await client.button(/^Open a dispute about D-1092/).click()
      await ofDispute(client).waitFor()
      number = /#(\d+)/.exec(await ofDispute(client).innerText())?.[1] ?? ''
      disputeId = conversationOf(client)
      await client.shot('dispute-opened')
    },
  )

  await step('each states their side, and neither reads the other’s before both have', async () => {
    await ofDispute(client).getByRole('textbox').fill(`Nine of 48 icons are unusable. ${CLIENT_STATED}`)
    await client.button('Save my side').click()
    await ofDispute(client)
      .getByText(/Your side is saved/)
      .waitFor()
    await freelancer.goTo('/dispute')
    await freelancer.openHelp()
    await freelancer
      .button(/D-1092/)
      .first()
      .click()
    await ofDispute(freelancer).waitFor()
    await freelancer.message.fill(`Between us: I know that nine are bad, ${FREELANCERS_OWN}.`)
    await freelancer.message.press('Enter')
    await freelancer.log.getByText(FREELANCERS_OWN).waitFor()
    expectThat(of(freelancer).count(CLIENT_STATED) === 0, 'the freelancer was sent the client’s side')
    expectThat(of(client).count(FREELANCER_STATED) === 0, 'the client was sent the freelancer’s side')
    await ofDispute(freelancer).getByRole('textbox').fill(`All 48 came on 20 May. ${FREELANCER_STATED}`)
    await freelancer.shot('dispute-stating')
    await freelancer.button('Save my side').click()
    for (const one of [client, freelancer]) {
      await ofDispute(one).getByText(CLIENT_STATED).waitFor()
      await ofDispute(one).getByText(FREELANCER_STATED).waitFor()
    }
    await client.shot('dispute-shared')
  })

  await step(
    'the mediator notes something for colleagues, and proposes; one accepts, one declines',
    async () => {
      await noor.row(`#${number}`).first().click()
      await noor.page.getByRole('region', { name: /^Dispute #/ }).waitFor()
      const toThread = noor.button('To the mediator’s thread')
      if (await toThread.isVisible()) await toThread.click()
      await noor.page.locator('.modes').getByText('Note', { exact: true }).click()
      const note = noor.page.getByRole('textbox', { name: /^Your note/ })
      await note.fill(`The client would pay half. ${AGENTS_OWN}`)
      await note.press('Enter')
      await noor.thread.getByText(AGENTS_OWN).waitFor()
      await noor.button('Propose or decide').click()
      await noor.page.getByLabel('Outcome, in one line').fill('$600.00 of $780.00 to the freelancer')
      await noor.page.getByLabel('Why, for both to read').fill('39 of 48 work.')
      await noor.button('Propose to both').click()
      await client.button('Accept').click()
      await ofDispute(client)
        .getByText(/You accepted/)
        .waitFor()
      await freelancer.button('Decline').click()
      await ofDispute(freelancer)
        .getByText(/You declined/)
        .waitFor()
      await noor.page.getByText('declines', { exact: true }).waitFor()
      await noor.shot('dispute-desk')
      await client.shot('dispute-proposed')
      const other = client.page.getByRole('dialog')
      expectThat(!/declined/i.test(await other.innerText()), 'the client reads that the other declined')
    },
  )

  await step('it is not decided in time: a lead decides, and both read the same', async () => {
    await moveTo(clock.now() + 6 * DAY)
    for (const one of [client, freelancer])
      await ofDispute(one).getByText('A lead of our team decides it now.').waitFor()
    const ines = await agent('Inês')
    await ines.row(`#${number}`).first().click()
    await ines.page.getByRole('region', { name: /^Dispute #/ }).waitFor()
    await ines.button('Propose or decide').click()
    await ines.page.getByLabel('Outcome, in one line').fill('$650.00 of $780.00 to the freelancer')
    await ines.page.getByLabel('Why, for both to read').fill('The size was added later.')
    await ines.button(/^Decide$/).click()
    // The desk takes no second press within half a second.
    await ines.button('Decide now, for good').click({ delay: 700 })
    for (const one of [client, freelancer])
      await ofDispute(one).getByText('The mediator has decided').waitFor()
    await ines.page.getByText('Decided by the mediator').waitFor()
    await ines.shot('dispute-decided-desk')
    if (shots) {
      await ines.button('Review').first().click()
      await ines.page.getByText('Was that right?').first().waitFor()
      await ines.shot('review-queue')
    }
    await client.shot('dispute-decided')
    const [here, there] = [await outcomeShown(client), await outcomeShown(freelancer)]
    console.log(`
The client is shown:     ${oneLine(await ofDispute(client).innerText())}
The freelancer is shown: ${oneLine(await ofDispute(freelancer).innerText())}
`)
    expectThat(here === there, `the client is shown “${here}”, the freelancer “${there}”`)
    for (const type of ['disputeShared', 'disputeProposed', 'disputeEscalated', 'disputeDecided']) {
      const [one, other] = [
        bodies(client, conversationOf(client), type),
        bodies(freelancer, conversationOf(freelancer), type),
      ]
      expectThat(
        one === other && one !== '[]',
        `${type} is ${one} for the client, ${other} for the freelancer`,
      )
    }
  })

  await step('the outcome has solved both tickets, and all three say by which dispute', async () => {
    for (const one of [client, freelancer]) {
      const id = conversationOf(one)
      await until(
        () => of(one).ticket(id)?.status === 'solved',
        () => `a side’s ticket is ${of(one).ticket(id)?.status}, not solved`,
      )
      const dialog = one.page.getByRole('dialog')
      await dialog.locator('[data-status=solved]').getByText(STATUS_SAID.solved.visitor).waitFor()
      await dialog.getByText(`Ticket solved: dispute #${number} is over`).first().waitFor()
      await one.button('About this ticket').last().click()
      await dialog.getByText(`Solved: dispute #${number} was decided`).waitFor()
    }
    await client.shot('dispute-solved')
    const here = noor.page.getByText(`Ticket solved: dispute #${number} is over`).first()
    await here.waitFor()
    await ticketAt(noor).getByText(STATUS_SAID.solved.desk, { exact: true }).waitFor()
    await noor.shot('dispute-solved-desk')
  })

  await step(
    'a side for which that was not all opens its ticket again, and the other’s stays solved',
    async () => {
      await client.button('Open it again').click()
      await until(
        () => of(client).ticket(disputeId)?.status === 'reopened',
        () => `the ticket is ${of(client).ticket(disputeId)?.status}, not reopened`,
      )
      const other = of(freelancer).ticket(conversationOf(freelancer))?.status
      expectThat(other === 'solved', `the other side’s ticket is ${other}`)
    },
  )

  await step('what each said to the desk alone, and what agents noted, reached nobody else', async () => {
    const kept: readonly (readonly [Visitor, string, string])[] = [
      [client, FREELANCERS_OWN, 'the freelancer’s own words'],
      [freelancer, CLIENTS_OWN, 'the client’s own words'],
      [client, AGENTS_OWN, 'a note of agents'],
      [freelancer, AGENTS_OWN, 'a note of agents'],
    ]
    for (const [one, words, whose] of kept) {
      leaked += of(one).count(words)
      if ((await one.page.content()).includes(words)) leaked++
      expectThat(leaked === 0, `${whose} reached the other side`)
    }
    // A search that finds nothing anywhere shows nothing.
    expectThat(
      of(noor).count(CLIENTS_OWN) + of(noor).count(AGENTS_OWN) > 0,
      'what came to the desk was not read',
    )
    expectThat(of(client).count(FREELANCER_STATED) > 0, 'what came to the client was not read')
  })
  disputeStory = 'ok'
} catch (error) {
  if (problems.length === before) problems.push(String(error))
  disputeStory = outcomeOf(problems.slice(before))
  await pictures('failed-dispute')
}

async function pictures(name: string): Promise<void> {
  for (const [n, one] of open().entries()) await one.shot(`${name}-${n}`)
}

/** Into the conversation of before, by whichever road the first view offers. */
async function comeBack(of: Visitor): Promise<void> {
  await of.goTo('/payments')
  const dialog = of.page.getByRole('dialog')
  await of.page.getByRole('button', { name: /^Help/ }).or(dialog).first().waitFor()
  if (!(await dialog.isVisible())) await of.openHelp()
  const goOn = of.button(/Continue the conversation/).or(of.button(/My payout is gone/))
  await of.log.or(goOn).first().waitFor()
  if (!(await of.log.isVisible())) await goOn.first().click()
}

for (const one of people) {
  for (const report of one.cspReports) problems.push(`policy report: ${report}`)
  if (!one.page.isClosed()) await one.page.close()
}
await browser.close()

const store = await openSqlStore({ file: data })
const report = await audit(store, { rules: REPLAY_RULES })
try {
  await step(
    'three years later the solved ticket has no words left, and what is open has all of its own',
    async () => {
      const words = async (id: string) => JSON.stringify((await store.read(id, 0, 200))?.events ?? [])
      expectThat((await words(ticketId)).includes(ASKED), 'the words were not there before')
      clock.moveTo(clock.now() + 1_100 * DAY)
      await until(
        async () => !(await words(ticketId)).includes(ASKED),
        () => 'its words are still there',
      )
      expectThat((await words(disputeId)).includes(CLIENTS_OWN), 'the words of an open ticket are gone')
    },
  )
} catch {
  ticketStory = outcomeOf(problems)
}
await store.close()
await demo.close()
await new Promise<void>(done => smtp.close(() => done()))
rmSync(folder, { recursive: true, force: true })
for (const { where, n, what } of report.broken) problems.push(`the journal: ${where} ${n ?? ''} ${what}`)
if (report.replay.differ > 0) problems.push(`${report.replay.differ} decisions would be others`)

for (const problem of problems) console.log(`differs: ${problem}`)
console.log(`journal-records: ${report.records}`)
console.log(`journal-roots: ${report.roots}`)
console.log(`journal-broken: ${report.broken.length}`)
console.log(`journal-replayed: ${report.replay.equal}`)
console.log(`dispute-leaked: ${leaked}`)
console.log(`mails: ${mails.length}`)
console.log(`ticket-journey-seconds: ${((performance.now() - begun) / 1000).toFixed(1)}`)
console.log(`ticket-journey: ${ticketStory}`)
console.log(`dispute-journey: ${disputeStory}`)
process.exit(problems.length === 0 ? 0 : 1)
