// Fifth promise: the assistant does not keep a page out of the back/forward cache while nothing is under way, and one
// that comes back, from the cache or loaded anew, has what the person wrote meanwhile.

import type { Findings } from './figures'
import { type GuestPage, inPairs, type Stage } from './stage'

interface Came {
  readonly persisted: boolean
  readonly reasons: readonly string[]
}

export async function checkBackForward(stage: Stage, found: Findings, isPlanted: boolean): Promise<void> {
  const first = [tellHowItCame, ...(isPlanted ? [holdLock] : [])]
  const lost = (sentence: string) => found.fault(sentence, 'lost-after-bfcache')
  const states: Readonly<Record<string, (guest: GuestPage) => Promise<void>>> = {
    'before it is touched': async guest => {
      await guest.page.getByRole('button', { name: /^Help/ }).waitFor()
    },
    'with the panel open': async guest => {
      await guest.openHelp()
      await guest.search.fill('refund')
    },
    'in a conversation with the bot': async guest => {
      await guest.openHelp()
      await guest.button('Ask a question').click()
      await guest.message.fill('How do I get a refund?')
      await guest.message.press('Enter')
      await guest.log.locator('[data-author=bot]').first().waitFor()
    },
  }
  await inPairs(Object.entries(states), async ([when, act]) => {
    const guest = await stage.open('tag', { first })
    await act(guest)
    const seen = await guest.panel.isVisible()
    const came = await awayAndBack(stage, guest, async () => {})
    if (!came.persisted) lost(`${when}: the page is not kept in the cache: ${came.reasons.join(', ')}`)
    if (
      seen &&
      !(await guest.panel.waitFor({ timeout: 4_000 }).then(
        () => true,
        () => false,
      ))
    )
      lost(`${when}: the panel is closed after coming back`)
    if (when.includes('panel') && (await guest.search.inputValue()) !== 'refund')
      lost(`${when}: what was typed is gone`)
    for (const error of guest.errors) lost(`${when}: ${error}`)
    await guest.close()
  })

  const agent = await stage.agent()
  const guest = await stage.open('tag', { first })
  const question = 'lantern on my invoice'
  await guest.openHelp()
  await guest.askForPerson(question)
  await agent.take(question)
  await guest.log.getByText('Noor joined the conversation').waitFor()
  await agent.reply('Before you went.')
  await guest.log.getByText('Before you went.').waitFor()
  const came = await awayAndBack(stage, guest, () => agent.reply('While you were away.'))
  found.note(
    `with a person: ${came.persisted ? 'out of the cache' : `loaded anew, because of ${came.reasons.join(', ') || 'nothing that is said'}`}`,
  )
  for (const text of ['Before you went.', 'While you were away.'])
    if (
      !(await guest.log
        .getByText(text)
        .waitFor({ timeout: 8_000 })
        .then(
          () => true,
          () => false,
        ))
    )
      lost(`with a person: "${text}" is not there after coming back`)
  await guest.message.fill('Back again.')
  await guest.message.press('Enter')
  if (
    !(await agent.thread
      .getByText('Back again.')
      .waitFor({ timeout: 8_000 })
      .then(
        () => true,
        () => false,
      ))
  )
    lost('with a person: what is said after coming back does not arrive')
  for (const error of guest.errors) lost(`with a person: ${error}`)
  await guest.close()
}

async function awayAndBack(stage: Stage, { page }: GuestPage, meanwhile: () => Promise<void>): Promise<Came> {
  await page.evaluate(() => {
    delete (window as unknown as { came?: Came }).came
  })
  await page.goto(`${stage.demo.address}/hosts/elsewhere.html`)
  await meanwhile()
  await page.waitForTimeout(500)
  // Not `goBack`, which waits for a load that a kept page never has.
  await page.evaluate(() => {
    setTimeout(() => history.back(), 10)
  })
  await page.waitForURL(/tag\.html/, { waitUntil: 'commit' })
  const came = await page.waitForFunction(() => (window as unknown as { came?: Came }).came)
  return came.jsonValue() as Promise<Came>
}

/** Runs before all scripts. */
function tellHowItCame(): void {
  addEventListener('pageshow', event => {
    const [entry] = performance.getEntriesByType('navigation') as (PerformanceEntry & {
      notRestoredReasons?: { reasons?: { reason: string }[] } | null
    })[]
    const reasons = entry?.notRestoredReasons?.reasons?.map(({ reason }) => reason) ?? []
    ;(window as unknown as { came?: Came }).came = { persisted: event.persisted, reasons }
  })
}

/** The planted fault: what keeps a page out of the cache. */
function holdLock(): void {
  void navigator.locks.request('planted', () => new Promise(() => {}))
  addEventListener('unload', () => {})
}
