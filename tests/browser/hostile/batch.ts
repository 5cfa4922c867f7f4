// Some hundred hostile texts at a time, everywhere where words of others are shown: in the built widget and at the
// built desk. Owns the visit; what it finds names a place, not yet an item.

import type { Browser, Page } from 'playwright-core'
import type { NewEvent } from '../../../src/server/store/helpDeskStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import type { Item } from './corpus'
import { nameOf, plantRecords, say } from './records'
import { type Policy, type Site, startSite } from './site'
import { atTheDesksTools, inThePersonsTools, whenItIsOver } from './surfaces'
import type { Trip } from './tripwires'
import { type Watched, watch } from './watch'

/** An item as the page gets it. */
export interface BatchItem {
  readonly text: string
  /** Taken for HTML and made Markdown by the importer. */
  readonly imported: string
}

/** What the run counts, in the order in which it is printed. */
export const COUNTERS = [
  'executions',
  'requests',
  'csp-reports',
  'leaks',
  'host-elements-changed',
  'slow-items',
] as const

export interface Finding {
  readonly kind: Trip['kind'] | 'slow-items' | 'broken-journey'
  /** `widget article`, `desk agent` */
  readonly place: string
  readonly what: string
  /** Known where it was measured item by item. */
  readonly item?: string
}

export interface Visit {
  readonly browser: Browser
  readonly policy: Policy
  readonly app: string
  /** Milliseconds that reading one item may take. Default 50. */
  readonly slowAfterMs?: number
  /** Told of each place and how long it took, milliseconds. */
  readonly trace?: (place: string, ms: number, findings: number) => void
  /** Called in each place before it is looked at: for the harness's own test. */
  readonly plant?: (page: Page, place: string, items: readonly Item[]) => Promise<void>
}

const MAX_MESSAGE_CHARS = 4_000

export async function visit(
  { browser, policy, app, plant, trace, slowAfterMs = 50 }: Visit,
  items: readonly Item[],
  imported: (item: Item) => string,
): Promise<readonly Finding[]> {
  const batch = items.map((item): BatchItem => ({ text: item.text, imported: imported(item) }))
  const site = await startSite({ policy, app, batch })
  const findings: Finding[] = []
  const people: Watched[] = []
  let started = Date.now()
  let lastPlace = 'at the beginning'
  const look = async (watched: Watched, place: string) => {
    await plant?.(watched.page, place, items)
    const trips = [...(await watched.trips(place.startsWith('desk') ? 'desk' : 'widget'))]
    for (const what of site.strange()) trips.push({ kind: 'requests', what })
    findings.push(...trips.map(trip => ({ ...trip, place })))
    lastPlace = `after ${place}`
    trace?.(place, Date.now() - started, trips.length)
    started = Date.now()
  }
  try {
    const agent = await watch(browser, site.address)
    people.push(agent)
    await agent.page.goto(await signInLink(site))
    await agent.page.getByRole('navigation', { name: 'Conversations' }).waitFor()
    const visitor = await watch(browser, site.address)
    people.push(visitor)
    await inTheWidget(visitor, site, policy, look, items, findings, slowAfterMs)
    const conversationId = await toAPerson(visitor, site, items)
    // What is planted shows in these already.
    const isWhole = plant === undefined
    if (isWhole) await plantRecords(site, conversationId, items)
    await inThePersonsWindow(visitor, site, look)
    if (isWhole) await inThePersonsTools(visitor, look, items)
    await atTheDesk(agent, conversationId, site, look, items)
    if (isWhole) await atTheDesksTools(agent, conversationId, site, look, items)
    if (isWhole) await whenItIsOver(visitor, site, conversationId, look)
  } catch (error) {
    // A page that hangs or does not show what it should.
    const what = String((error as Error).message)
      .split('\n')
      .slice(0, 3)
      .join(' ')
    findings.push({ kind: 'broken-journey', place: lastPlace, what })
  } finally {
    for (const one of people) await one.close()
    await site.close()
  }
  return findings
}

export type Look = (watched: Watched, place: string) => Promise<void>

export interface Hostile {
  assistant: {
    open(view?: string): void
    search(query: string): void
    article(id: string): Promise<unknown>
    ask(question?: string): Promise<void>
    reset(): Promise<void>
  }
  settled(): Promise<void>
  slow(afterMs: number): { n: number; name: string; ms: number }[]
  settings(): Promise<void>
}
const hostile = () => (window as unknown as { hostile: Hostile }).hostile

async function inTheWidget(
  visitor: Watched,
  site: Site,
  policy: Policy,
  look: Look,
  items: readonly Item[],
  findings: Finding[],
  slowAfterMs: number,
): Promise<void> {
  const { page } = visitor
  await page.goto(`${site.address}/host.html?batch=now${policy === 'open' ? '' : '&no-html'}`)
  await page.waitForFunction(() => 'hostile' in window)
  await visitor.settled()
  const script = `const hostile = ${hostile}`
  const run = <T>(body: string): Promise<T> =>
    page.evaluate(
      `(async () => { ${script}; const { assistant, settled } = hostile(); ${body} })()`,
    ) as Promise<T>

  for (const { n, name, ms } of await run<ReturnType<Hostile['slow']>>(
    `return hostile().slow(${slowAfterMs})`,
  ))
    findings.push({
      kind: 'slow-items',
      place: `widget ${name}`,
      what: `${Math.round(ms)} ms, more than ${slowAfterMs}; ${items[n]?.text.length} characters`,
      item: items[n]?.id ?? '',
    })
  await run(`assistant.open('home')`)
  await page.getByRole('dialog').getByRole('option').first().waitFor()
  for (let from = 0; from < items.length; from += 100) {
    await run(
      `location.hash = 'from=${from}'; assistant.search('q${from}'); await settled(); await settled()`,
    )
    await look(visitor, 'widget title')
  }
  await run(`history.replaceState(null, '', location.pathname + location.search)`)
  if (policy !== 'none') {
    await run('await hostile().settings()')
    await look(visitor, 'widget name')
  }
  for (const kind of ['markdown', 'imported', 'html']) {
    await run(`await assistant.article('${kind}'); await settled()`)
    await page.locator('asklet-root .prose').first().waitFor()
    await look(visitor, `widget article (${kind})`)
  }
  for (const question of ['words', 'trees']) {
    await run(`await assistant.reset(); await assistant.ask('${question}'); await settled()`)
    await page.locator('asklet-root [data-author=bot]').first().waitFor()
    await showAll(page, 'widget')
    await look(visitor, `widget bot (${question})`)
  }
  await run('await assistant.reset()')
}

/** Older messages come on request. */
async function showAll(page: Page, where: 'widget' | 'desk'): Promise<void> {
  await page.evaluate(async where => {
    const root = where === 'widget' ? document.querySelector('asklet-root')?.shadowRoot : document
    const pause = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)))
    await pause()
    for (;;) {
      const earlier = root?.querySelector<HTMLButtonElement>('.earlier')
      if (!earlier) return
      earlier.click()
      await pause()
    }
  }, where)
}

async function signInLink({ address, helpDesk }: Site): Promise<string> {
  return `${address}/desk/#sign-in=${await helpDesk.agents.link('noor')}`
}

/** The visitor asks for a person, and everybody has said everything when they look again. */
async function toAPerson({ page }: Watched, { store }: Site, items: readonly Item[]): Promise<string> {
  const panel = page.getByRole('dialog')
  await page.evaluate(`(${hostile})().assistant.ask()`)
  await panel.getByRole('button', { name: 'Talk to a person' }).last().click()
  await panel.getByRole('button', { name: /^Chat now/ }).click()
  let conversationId = (await store.queue())[0]?.conversationId
  for (
    const until = Date.now() + 10_000;
    !conversationId && Date.now() < until;
    conversationId = (await store.queue())[0]?.conversationId
  )
    await new Promise(done => setTimeout(done, 50))
  if (!conversationId) throw new Error('the visitor did not come into the queue')
  const drafts: NewEvent[] = items.flatMap((item, n) => saidBy(item.text, n))
  await say(store, conversationId, [
    {
      sender: 'system',
      clientId: 'claimed-hostile',
      author: { kind: 'system' },
      body: {
        type: 'assigned',
        assignment: 1,
        agent: { agentId: 'noor', name: nameOf(items[0]?.text ?? '') },
        cause: 'claimed',
      },
    },
    ...drafts,
  ])
  // Others who wait, each with hostile names and a hostile brief.
  for (const [n, { text }] of items.slice(0, 100).entries()) {
    const brief = emptyBrief({
      question: text.slice(0, 1_000),
      because: text.slice(0, 200),
      page: { ...emptyBrief().page, url: text.slice(0, 200), name: nameOf(text), title: text.slice(0, 200) },
      visitor: {
        locale: 'en',
        name: nameOf(text),
        role: nameOf(text),
        email: text.slice(0, 100),
        attributes: {},
      },
    })
    const id = `hostile-row-${n}`
    await store.open({
      identities: [`anon:row-${n}`],
      openId: `open-${n}-0000`,
      conversationId: id,
      at: Date.now(),
      author: { kind: 'visitor', name: nameOf(text) },
      brief,
    })
    await say(store, id, [
      {
        sender: 'visitor',
        clientId: `ready-${n}-0000`,
        author: { kind: 'visitor' },
        body: { type: 'handoffReady', channel: 'live' },
      },
    ])
  }
  return conversationId
}

function saidBy(whole: string, n: number): NewEvent[] {
  const text = whole.slice(0, MAX_MESSAGE_CHARS) || ' '
  const citations = [
    { articleId: text.slice(0, 60), title: text.slice(0, 200), headingId: text.slice(0, 60) },
  ]
  return [
    {
      sender: 'visitor',
      clientId: `visitor-${n}`,
      author: { kind: 'visitor', name: nameOf(text) },
      body: { type: 'message', text, format: 'plain' },
    },
    {
      sender: 'visitor',
      clientId: `bot-${n}`,
      author: { kind: 'bot', name: nameOf(text) },
      origin: 'device',
      body: { type: 'message', text, format: 'plain', citations },
    },
    {
      sender: 'agent:noor',
      clientId: `agent-${n}`,
      author: { kind: 'agent', agentId: 'noor', name: nameOf(text) },
      body: { type: 'message', text, format: 'markdown' },
    },
  ]
}

async function inThePersonsWindow(visitor: Watched, site: Site, look: Look): Promise<void> {
  const { page } = visitor
  await page.goto(`${site.address}/host.html?batch=now&no-html`)
  await page.waitForFunction(() => 'hostile' in window)
  await visitor.settled()
  await page.evaluate(`(${hostile})().assistant.open('conversation')`)
  await page.locator('asklet-root [data-author=agent]').first().waitFor()
  await showAll(page, 'widget')
  await page.locator('asklet-root [data-author=agent] .prose').first().waitFor({ state: 'attached' })
  await page.evaluate(`(${hostile})().settled()`)
  await look(visitor, 'widget conversation (visitor, bot, agent)')
  const field = page.getByRole('dialog').getByRole('textbox').last()
  await field.fill('typed')
  await field.press('k')
  await look(visitor, 'widget composer')
}

async function atTheDesk(
  agent: Watched,
  _id: string,
  site: Site,
  look: Look,
  items: readonly Item[],
): Promise<void> {
  const { page } = agent
  await page.goto(`${site.address}/desk/?again`)
  const list = page.getByRole('navigation', { name: 'Conversations' })
  await list.locator('[data-row]').first().waitFor()
  await agent.settled()
  await look(agent, 'desk list')
  const rows = await list
    .locator('[data-row]')
    .evaluateAll(all => all.map(row => (row as HTMLElement).dataset.row))
  const open = async (id: string | undefined, isLong: boolean) => {
    await page.evaluate(id => document.querySelector<HTMLElement>(`[data-row="${id}"]`)?.click(), id)
    if (isLong) await page.locator('[data-author=agent]').first().waitFor()
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => setTimeout(done))))
  }
  await open(_id, true)
  await showAll(page, 'desk')
  await look(agent, 'desk conversation (visitor, bot, agent)')
  const some = rows.filter(id => id !== _id).slice(0, items.length < 20 ? 20 : 10)
  for (const id of some) {
    await open(id, false)
    await look(agent, 'desk brief')
  }
}
