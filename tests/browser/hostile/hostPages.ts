// Pages that fight: one file of pages/ each, a style sheet, a script before the assistant, or markup. On each a visitor
// searches, reads, asks and comes to a person, and the host's elements stay as they were.

import { readdirSync, readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import type { Finding } from './batch'
import { type Site, startSite } from './site'
import { type Watched, watch } from './watch'

const FOLDER = 'tests/browser/hostile/pages'
/** Pages that write themselves anew: the host's own elements are others then. */
const REWRITES = new Set(['write'])

/**
 * @param app  folder of the bundled host app; not used by these pages
 * @returns    on how many pages the journey went through, and what was wrong
 */
export async function visitHostPages(
  browser: Browser,
  app: string,
  isMeant: (name: string, n: number) => boolean,
): Promise<{ pages: number; findings: readonly Finding[] }> {
  const names = readdirSync(FOLDER).sort().filter(isMeant)
  const findings: Finding[] = []
  const site = await startSite({ policy: 'open', app })
  const agent = await watch(browser, site.address)
  let pages = 0
  try {
    await agent.page.goto(`${site.address}/desk/#sign-in=${await site.helpDesk.agents.link('noor')}`)
    await agent.page.getByRole('navigation', { name: 'Conversations' }).waitFor()
    for (const name of names) {
      const visitor = await watch(browser, site.address)
      const place = `host page ${name}`
      let step = 'load'
      try {
        await journey(visitor, agent, site, name, next => {
          step = next
        })
        pages++
      } catch (error) {
        const what = `${step}: ${String((error as Error).message).split('\n')[0]}`
        findings.push({ kind: 'broken-journey', place, item: name, what })
      }
      const trips = await visitor.trips('widget').catch(() => [])
      for (const trip of trips) {
        if (trip.kind === 'host-elements-changed' && REWRITES.has(name.split('.')[0] ?? '')) continue
        // The page's own script.
        if (trip.what.startsWith('window.')) continue
        findings.push({ ...trip, place, item: name })
      }
      for (const what of site.strange()) findings.push({ kind: 'requests', place, item: name, what })
      await visitor.close()
    }
  } finally {
    await agent.close()
    await site.close()
  }
  return { pages, findings }
}

async function journey(
  visitor: Watched,
  agent: Watched,
  site: Site,
  name: string,
  at: (step: string) => void,
): Promise<void> {
  const { page } = visitor
  page.setDefaultTimeout(6_000)
  await page.route('**/pages/hostile.html', route =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: pageWith(name, site.address) }),
  )
  await page.goto(`${site.address}/pages/hostile.html`)
  const help = page.getByRole('button', { name: /^Help/ })
  await help.waitFor()
  // What these pages do to themselves they have done by then.
  await page.waitForTimeout(/body|above|write/.test(name) ? 1_500 : 100)
  await help.waitFor()
  await visitor.settled()
  at('search')
  await help.click()
  const panel = page.getByRole('dialog')
  await panel.getByRole('combobox').pressSequentially('fee')
  await panel.getByRole('option').filter({ hasText: /fee/i }).first().click()
  at('article')
  await panel.getByText('Did this solve it?').waitFor()
  await panel.getByRole('button', { name: 'Back' }).first().click()
  at('ask')
  const question = `How do I add a card? ${name}`
  await panel.getByRole('combobox').fill('')
  await panel.getByRole('button', { name: 'Ask a question' }).click()
  const field = panel.getByRole('textbox').last()
  await field.fill(question)
  await field.press('Enter')
  await panel.getByRole('log').locator('[data-author=bot]').first().waitFor()
  at('person')
  await panel.getByRole('button', { name: 'Talk to a person' }).last().click()
  await panel.getByRole('button', { name: /^Chat now/ }).click()
  const desk = agent.page
  await desk.getByRole('navigation', { name: 'Conversations' }).getByText(name).first().click()
  await desk.getByRole('button', { name: /^Claim/ }).click()
  const reply = desk.getByRole('textbox', { name: 'Your reply' }).and(desk.locator(':enabled'))
  await reply.fill(`**Hello** on ${name}`)
  await reply.press('Control+Enter')
  await panel
    .getByRole('log')
    .locator('[data-author=agent]')
    .filter({ hasText: `Hello on ${name}` })
    .waitFor()
  at('close')
  await page.keyboard.press('Escape')
}

/** The same page each time, and one thing that is wrong with it. */
function pageWith(name: string, address: string): string {
  const [base = '', ending = ''] = name.split('.')
  const markup = ending === 'html' ? readFileSync(`${FOLDER}/${name}`, 'utf8') : ''
  const head =
    ending === 'css'
      ? `<link rel="stylesheet" href="/pages/${name}">`
      : ending === 'js'
        ? `<script src="/pages/${name}"></script>`
        : base === 'base'
          ? markup
          : ''
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>A hostile page</title>
    <link rel="icon" href="${address}/favicon.svg">
    <meta name="asklet:route" content="/payments">
    ${head}
  </head>
  <body>
    ${base === 'base' ? '' : markup}
    <h1>A hostile page</h1>
    <p>Words of the host, <a href="/other">a link</a>.</p>
    <label>Typed here: <input id="typed" value="1234"></label>
    <ul><li>One</li><li>Two</li></ul>
    <script async src="${address}/cdn/asklet.js" data-config="${address}/asklet.json" data-role="client"></script>
  </body>
</html>`
}
