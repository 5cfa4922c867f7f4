// The places beside a conversation's words where words of others are shown: files, banners, what comes when it is
// over, conversations of before; at the desk notes, labels, ready answers, people, teams, suggestions, hours. Owns the
// way into each of them, in the widget's window and at the desk.

import type { Locator, Page } from 'playwright-core'
import type { Look } from './batch'
import type { Item } from './corpus'
import { helpAnswer, say, TICKET_ID } from './records'
import type { Site } from './site'
import type { Watched } from './watch'

/** A list of chosen files takes so many at once. */
const CHOSEN_AT_ONCE = 11
const CHOSEN = 33
const REVIEWS = 3

const drawn = (page: Page) =>
  page.evaluate(() => new Promise(done => requestAnimationFrame(() => setTimeout(done))))

/** Files that are called as the items say, dropped on the window. */
async function drop(page: Page, where: 'widget' | 'desk', items: readonly Item[]): Promise<void> {
  const names = items.slice(0, CHOSEN).map(({ text }) => text.slice(0, 200) || 'x')
  for (let from = 0; from < names.length; from += CHOSEN_AT_ONCE)
    await page.evaluate(
      ([where, names]) => {
        const root = where === 'widget' ? document.querySelector('asklet-root')?.shadowRoot : document
        const dataTransfer = new DataTransfer()
        for (const [n, name] of names.entries())
          dataTransfer.items.add(new File(['words'], name, { type: n % 2 ? 'text/plain' : 'image/png' }))
        const form = root?.querySelector(where === 'widget' ? '.foot form' : '.desk-thread')
        form?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
      },
      [where, names.slice(from, from + CHOSEN_AT_ONCE)] as const,
    )
  await drawn(page)
}

export async function inThePersonsTools(visitor: Watched, look: Look, items: readonly Item[]): Promise<void> {
  const { page } = visitor
  const panel = page.getByRole('dialog')
  await panel.locator('.attached').first().waitFor()
  await panel.locator('.attach').waitFor()
  await drop(page, 'widget', items)
  await panel.locator('.chosen .name').first().waitFor()
  await look(visitor, 'widget files (sent, chosen)')
  await panel.getByRole('button', { name: 'More', exact: true }).click()
  await panel.getByRole('button', { name: 'Change', exact: true }).click()
  await panel.locator('#contact-email').waitFor()
  await panel.getByRole('button', { name: 'Keep a copy' }).click()
  await visitor.saves(() => panel.getByRole('button', { name: 'Save as a text file' }).click())
  await look(visitor, 'widget banner (person, contact, copy)')
}

/** The desk with a conversation that was not anybody's yet: what one writes with, and what one looks up. */
export async function atTheDesksTools(
  agent: Watched,
  mainId: string,
  site: Site,
  look: Look,
  items: readonly Item[],
): Promise<void> {
  const { page } = agent
  await page.route('**/asklet/v1/search', route => route.fulfill({ json: helpAnswer(items) }))
  const { conversationId = '' } = (await site.store.queue())[0] ?? {}
  await page.evaluate(
    id => document.querySelector<HTMLElement>(`[data-row="${id}"]`)?.click(),
    conversationId,
  )
  await page.getByRole('button', { name: 'Claim conversation' }).click()
  const field = page.getByRole('textbox', { name: 'Your reply' })
  await field.waitFor()
  await say(site.store, conversationId, [
    {
      sender: 'visitor',
      clientId: 'asks-hostile',
      author: { kind: 'visitor' },
      body: { type: 'message', text: 'Where is it?', format: 'plain' },
    },
  ])

  // Ready answers: listed, put in and drawn.
  for (const query of ['/', '/<', '/r1', '/r5']) {
    await field.fill(query)
    await drawn(page)
    await look(agent, 'desk ready answers (list)')
  }
  const preview = page.getByRole('button', { name: 'Preview' })
  for (const query of ['/r0', '/r3', '/r7', '/r10', '/r13']) {
    await field.fill(query)
    await field.press('Enter')
    await preview.click()
    await page.locator('.preview').waitFor()
    await look(agent, 'desk ready answers (put in, preview)')
    await preview.click()
  }
  await field.fill('')

  const suggested = page.getByRole('region', { name: 'From your help' })
  await suggested.getByRole('button').first().click()
  await look(agent, 'desk suggested help')
  await suggested
    .getByRole('button', { name: /^Insert/ })
    .first()
    .click()
  await preview.click()
  await look(agent, 'desk suggested help (quoted)')
  await preview.click()

  await drop(page, 'desk', items)
  await page.locator('.chosen .name').first().waitFor()
  await look(agent, 'desk files (chosen)')

  const labels = page.getByRole('combobox', { name: 'Add a label' })
  for (const letter of ['<', 'a', '/']) {
    await labels.fill(letter)
    await drawn(page)
    await look(agent, 'desk labels (list)')
  }
  await labels.fill('')

  await page.getByRole('button', { name: 'Transfer' }).click()
  await page.locator('dialog .person').first().waitFor()
  await look(agent, 'desk transfer (people, teams)')
  await closeDialog(page)

  await page.getByRole('button', { name: 'End', exact: true }).click()
  await look(agent, 'desk end (categories)')
  await page.getByRole('button', { name: 'Keep it open' }).click()

  await page.getByRole('button', { name: 'Team', exact: true }).click()
  await page.locator('dialog .person').first().waitFor()
  await look(agent, 'desk team (now)')
  await page.getByRole('tab', { name: 'Ready answers' }).click()
  await page.locator('dialog [data-reply]').first().waitFor()
  await look(agent, 'desk team (ready answers)')
  await page.locator('dialog [data-reply]').first().getByRole('button', { name: 'Edit' }).click()
  await someoneElseSaves(site, items)
  await page.locator('dialog textarea').first().fill('mine')
  await page.locator('dialog input').first().fill('mine')
  // What was planted may be nothing but spaces, and would be refused before the other's words are seen.
  await page.locator('dialog input').nth(1).fill('mine')
  await page.locator('dialog').getByRole('button', { name: 'Save', exact: true }).first().click()
  await page.locator('dialog .conflict').waitFor()
  await look(agent, 'desk team (ready answer of two)')
  await page.getByRole('tab', { name: 'Hours' }).click()
  await page.locator('dialog .hours-field').first().waitFor()
  await page.getByLabel(/^Time zone/).fill(items[0]?.text.slice(0, 200).replace(/\n/g, ' ') || 'x')
  await page.locator('dialog').getByRole('button', { name: 'Save hours' }).click()
  await look(agent, 'desk team (hours)')
  await closeDialog(page)

  await theDesksTicket(agent, look)
  await theLeadsLists(agent, look)
  await page.evaluate(id => document.querySelector<HTMLElement>(`[data-row="${id}"]`)?.click(), mainId)
  await page.locator('.desk-brief .past').first().click()
  await page.locator('.visiting').waitFor()
  await page.locator('.desk-thread .log > *').first().waitFor()
  await look(agent, 'desk earlier conversation')
}

const closeDialog = async (page: Page) => {
  await page.locator('dialog .dialog-top').getByRole('button').click()
  const lose = page.getByRole('button', { name: 'Close and lose it' })
  if (await lose.isVisible()) await lose.click()
  await page.locator('dialog').waitFor({ state: 'detached' })
}

/** The first of the list, while it is being edited. */
async function someoneElseSaves({ store }: Site, items: readonly Item[]): Promise<void> {
  for (const { revision, ...reply } of await store.cannedReplies())
    await store.saveReply({
      ...reply,
      expected: revision,
      text: items[1]?.text.slice(0, 4_000) || 'x',
      editedBy: { agentId: 'x', name: items[2]?.text.slice(0, 80) || 'x' },
      most: 1e6,
      mostBytes: 1e9,
    })
}

/** Over: the way it was, the copy, and in the first view all conversations of before, with one of them. */
export async function whenItIsOver(
  visitor: Watched,
  site: Site,
  conversationId: string,
  look: Look,
): Promise<void> {
  const { page } = visitor
  await say(site.store, conversationId, [
    {
      sender: 'agent:noor',
      clientId: 'ended-hostile',
      author: { kind: 'agent', agentId: 'noor', name: 'Noor' },
      body: { type: 'ended', by: 'agent' },
    },
  ])
  await page.goto(`${site.address}/host.html?batch=now&no-html`)
  await page.waitForFunction(() => 'hostile' in window)
  await visitor.settled()
  const panel = page.getByRole('dialog')
  await page.evaluate(`window.hostile.assistant.open('conversation')`)
  await panel.locator('[part=rating]').waitFor()
  await look(visitor, 'widget rating and copy')
  await page.evaluate(`window.hostile.assistant.open('home')`)
  await panel.locator('.past').waitFor()
  await panel.locator('.past .caption').click()
  await panel.locator('.past [aria-expanded=true]').waitFor()
  await look(visitor, 'widget earlier conversations')
  await panel.locator('.past').getByRole('button', { name: /Ended/ }).last().click()
  await panel.locator('[data-author=agent] .prose').first().waitFor({ state: 'attached' })
  await look(visitor, 'widget earlier conversation')
  await inTheTicket(visitor, site, look)
}

/** The ticket, taken up again where it was read before, with all that opens in it; and once more after a reload. */
async function inTheTicket(visitor: Watched, site: Site, look: Look): Promise<void> {
  const { page } = visitor
  const panel = page.getByRole('dialog')
  await panel.getByRole('button', { name: 'Back', exact: true }).click()
  const caption = panel.locator('.past .caption')
  await caption.waitFor()
  if ((await caption.getAttribute('aria-expanded')) === 'false') await caption.click()
  await panel.locator('.past .road').filter({ hasNotText: 'Ended' }).filter({ hasText: '#1' }).first().click()
  await panel.locator('[part=dispute]').waitFor()
  await look(visitor, 'widget ticket and dispute')
  await page.goto(`${site.address}/host.html?batch=now&no-html`)
  await page.waitForFunction(() => 'hostile' in window)
  await visitor.settled()
  await page.evaluate(`window.hostile.assistant.open('conversation')`)
  await panel.locator('[part=dispute]').waitFor()
  await openAll(panel, ['More', 'About this ticket', 'Why this?', 'What was sent'])
  await look(visitor, 'widget ticket (about, why, receipt)')
}

/** All that opens in place under these names. */
async function openAll(panel: Locator, names: readonly string[]): Promise<void> {
  for (const name of names)
    for (const closed of await panel.getByRole('button', { name, exact: true, expanded: false }).all())
      await closed.click()
  for (const closed of await panel.locator('details:not([open]) > summary').all()) await closed.click()
}

/** A ticket with all that is said of it, and what its visitor objects to, with the form for an answer. */
async function theDesksTicket(agent: Watched, look: Look): Promise<void> {
  const { page } = agent
  await page.evaluate(id => document.querySelector<HTMLElement>(`[data-row="${id}"]`)?.click(), TICKET_ID)
  await page.locator('.contests .words').first().waitFor()
  await look(agent, 'desk ticket and objections')
  await page.locator('.dispute-body .sides').waitFor()
  await look(agent, 'desk dispute')
  await page.getByRole('button', { name: 'Answer the objection' }).first().click()
  await page.getByRole('button', { name: 'History' }).click()
  await look(agent, 'desk ticket (history, answer to an objection)')
  const alike = page.getByRole('region', { name: 'Solved tickets like this one' })
  await alike.getByRole('button').first().click()
  await alike.locator('.similar').first().waitFor()
  await look(agent, 'desk solved tickets')
}

/** What leads judge, one by one, and what did not go out. */
async function theLeadsLists({ page, ...agent }: Watched, look: Look): Promise<void> {
  const watched = { page, ...agent }
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await page.locator('dialog .review-item').waitFor()
  for (let n = 0; n < REVIEWS; n++) {
    await page.locator('dialog').locator('.review-item, .review-none').waitFor()
    // Of few texts fewer are taken.
    if (await page.locator('dialog .review-none').isVisible()) break
    for (const closed of await page.locator('dialog .review-item details:not([open]) summary').all())
      await closed.click()
    await look(watched, 'desk review')
    await page.locator('dialog').getByRole('button', { name: 'Skip' }).click()
    await drawn(page)
  }
  await closeDialog(page)
  await page.getByRole('button', { name: 'Outgoing', exact: true }).click()
  await page.locator('dialog .book li').first().waitFor()
  await look(watched, 'desk outgoing')
  await closeDialog(page)
}
