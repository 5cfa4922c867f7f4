// What is kept on a device and what leaves it, for each consent and with and without Global Privacy Control; and the
// end of it, "Forget this device". Looks into every storage the browser has, and at every request.

import { expect, test } from 'vitest'
import type { Visitor } from '../../../demo/people'
import type { Demo } from '../../../demo/site'
import { createScenes, expectAccessible, focused, spoken } from './scenes'

const scenes = createScenes()

/** Everything that lies on this device for the page, by name; of the database what its keys begin with. */
const onDevice = ({ page }: Visitor) =>
  page.evaluate(async () => {
    const names = (storage: Storage) => Object.keys(storage).sort()
    const databases = (await indexedDB.databases()).map(({ name }) => name ?? '')
    const records = await Promise.all(
      databases.map(
        name =>
          new Promise<readonly string[]>(resolve => {
            const opening = indexedDB.open(name)
            opening.onsuccess = () => {
              const all = opening.result.transaction('records').objectStore('records').getAllKeys()
              all.onsuccess = () => {
                opening.result.close()
                // `<site>/<identity>/secret` -> `secret`; each kind once.
                resolve(all.result.map(key => String(key).split('/')[2] ?? ''))
              }
            }
          }),
      ),
    )
    return {
      local: names(localStorage),
      session: names(sessionStorage),
      records: [...new Set(records.flat())].sort(),
      cookies: document.cookie
        .split('; ')
        .map(cookie => cookie.split('=')[0])
        .filter(name => !name?.startsWith('workmere_')),
      caches: await caches.keys(),
    }
  })
const NOTHING = { local: [], session: [], records: [], cookies: [], caches: [] }

/** What was asked of the help desk's server over HTTP, by what it is about. */
const told = ({ requests }: Visitor) =>
  [...new Set(requests.flatMap(url => /\/asklet\/v1\/(\w+)/.exec(url)?.[1] ?? []))].sort()

interface Row {
  readonly consent: 'pending' | 'granted' | 'denied'
  readonly gpc: boolean
  readonly typed: readonly string[]
  readonly talked: readonly string[]
  readonly asked: {
    readonly local: readonly string[]
    readonly session: readonly string[]
    readonly records: readonly string[]
  }
  readonly journal: boolean
}
const TYPED = ['asklet:open', 'asklet:query']
const TALKED = ['asklet:conversation', 'asklet:open', 'asklet:query']
const ASKED = {
  local: ['asklet:kept', 'asklet:waiting'],
  session: ['asklet:conversation', 'asklet:open', 'asklet:query', 'asklet:thread'],
  records: ['event', 'secret', 'thread'],
}
const ROUTES = 'asklet:routes'
const with_ = (names: readonly string[]) => [...names, ROUTES].sort()
const IN_MEMORY = { local: [], session: [], records: [] }

const TABLE: readonly Row[] = [
  { consent: 'pending', gpc: false, typed: TYPED, talked: TALKED, asked: ASKED, journal: false },
  { consent: 'pending', gpc: true, typed: TYPED, talked: TALKED, asked: ASKED, journal: false },
  {
    consent: 'granted',
    gpc: false,
    typed: with_(TYPED),
    talked: with_(TALKED),
    asked: { ...ASKED, session: with_(ASKED.session) },
    journal: true,
  },
  // The browser's signal goes before the yes: neither journal nor way. What was asked for is kept.
  { consent: 'granted', gpc: true, typed: TYPED, talked: TALKED, asked: ASKED, journal: false },
  { consent: 'denied', gpc: false, typed: [], talked: [], asked: IN_MEMORY, journal: false },
  { consent: 'denied', gpc: true, typed: [], talked: [], asked: IN_MEMORY, journal: false },
]

test.each(TABLE)(
  'consent $consent, Global Privacy Control $gpc: what is kept and sent after load, typing, talk, a person',
  async row => {
    const demo: Demo = await scenes.start({
      tag: { 'data-consent': row.consent },
      config: { journal: true },
      instead: path => (path === '/asklet/v1/journal' ? { status: 204, body: '' } : undefined),
    })
    const visitor = await scenes.visitor('freelancer', {}, demo)
    const { page, button } = visitor
    let sockets = 0
    page.on('websocket', () => {
      sockets++
    })
    if (row.gpc)
      await page.addInitScript(() =>
        Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true }),
      )
    await page.clock.install()
    await visitor.goTo('/withdrawals')
    await page.getByRole('button', { name: 'Help' }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(await onDevice(visitor), 'after load').toEqual(NOTHING)
    expect(told(visitor), 'after load').toEqual([])

    await visitor.openHelp()
    await visitor.options.first().waitFor()
    // The way there is what a page before this one was.
    await page.evaluate(() => history.pushState(null, '', '/payments'))
    await page.evaluate(() => history.pushState(null, '', '/withdrawals'))
    await visitor.search.fill('my withdrawal')
    await visitor.options.first().waitFor()
    await expect
      .poll(async () => (await onDevice(visitor)).session, { message: 'after typing' })
      .toEqual(row.typed)
    expect(await onDevice(visitor), 'after typing').toMatchObject({
      ...NOTHING,
      session: row.typed,
    })

    await visitor.search.fill('how do withdrawal fees work')
    await button(/^Ask:/).click()
    await visitor.log.locator('[data-author=bot]').first().waitFor()
    await expect
      .poll(async () => (await onDevice(visitor)).session, { message: 'after talk' })
      .toEqual(row.talked)
    // What a signed-in visitor may read beside the public articles, and their own conversations, which the open panel
    // lists; the journal is looked at below.
    expect(
      told(visitor).filter(name => name !== 'journal'),
      'after talk',
    ).toEqual(['conversations', 'knowledge'])
    await scenes.agent('Noor', {}, demo)
    await visitor.say('I want to talk to a person')
    await button(/^Chat now/).click()
    await page
      .getByText(/in the queue/)
      .first()
      .waitFor()
    await expect
      .poll(() => onDevice(visitor), { message: 'after asking for a person' })
      .toEqual({ ...NOTHING, ...row.asked })
    expect(sockets, 'a person is talked to over a socket').toBe(1)
    const sent = () => visitor.requests.some(url => url.endsWith('/asklet/v1/journal'))
    // Longer than the journal waits between two sends. Where it may send, this makes it send at once, so nothing is
    // proved by chance where it may not.
    await page.clock.fastForward(5_500)
    if (row.journal) return expect.poll(sent, { timeout: 3_000 }).toBe(true)
    // What the page asks for itself now comes after whatever the journal would have sent.
    await page.evaluate(async () => {
      await fetch('/asklet.json?afterwards')
    })
    await expect.poll(() => visitor.requests.some(url => url.endsWith('?afterwards'))).toBe(true)
    expect(sent()).toBe(false)
  },
)

/** From the search to the queue. */
async function joinQueue({ page, button, search }: Visitor): Promise<void> {
  await search.fill('I want to talk to a person about my invoice')
  await button(/^Ask:/).click()
  await button(/^Chat now/).click()
  await page
    .getByText(/in the queue/)
    .first()
    .waitFor()
}

test('"Forget this device" says what is kept, asks once, and leaves nothing: in no storage, in no tab', async () => {
  const agent = await scenes.agent('Noor')
  const visitor = await scenes.visitor('freelancer')
  const { page, button } = visitor
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await button('What this device keeps').click()
  const kept = page.getByRole('region', { name: 'Kept on this device' })
  await kept.getByText('That this window is open').waitFor()
  await expect.poll(() => focused(page)).toBe('Kept on this device')
  await expectAccessible(visitor, 'what is kept')
  await button('Back').click()

  await joinQueue(visitor)
  await agent.row('').first().waitFor()
  // Another tab of the same visitor, with words of its own.
  const second = await visitor.context.newPage()
  await second.goto(`${scenes.demo.address}/payments`)
  await second
    .getByRole('dialog')
    .or(second.getByRole('button', { name: /^Help/ }))
    .first()
    .click()
  await second
    .getByText(/in the queue/)
    .first()
    .waitFor()
  const sessionOf = (tab: typeof page) => tab.evaluate(() => Object.keys(sessionStorage))
  expect(await sessionOf(second)).toContain('asklet:thread')

  await button('Back').click()
  await button('What this device keeps').click()
  await kept.getByText('Your conversation with people').waitFor()
  await kept.getByText('waiting for a person').waitFor()
  await kept.getByText('What you have sent to people is not erased').waitFor()
  await button('Forget this device').press('Enter')
  await expect.poll(() => focused(page)).toBe('Keep it')
  await expectAccessible(visitor, 'the question')
  await page.keyboard.press('Enter')
  expect((await onDevice(visitor)).records).toContain('secret')
  await button('Forget this device').press('Enter')
  await expect.poll(() => focused(page)).toBe('Keep it')
  await button('Erase').press('Enter')
  await kept.getByText('Erased.').waitFor()
  expect(await spoken(page)).toContain('Erased.')
  await expectAccessible(visitor, 'the result')
  await expect.poll(() => onDevice(visitor)).toEqual(NOTHING)
  await expect.poll(() => sessionOf(second)).toEqual([])
  // Nobody at the desk waits for somebody who is gone.
  await expect.poll(() => agent.row('').count()).toBe(0)
  // Not written back, and fresh.
  await second.close()
  await page.reload()
  await visitor.openHelp()
  expect((await onDevice(visitor)).records).toEqual([])
  expect(await button('Continue the conversation').count()).toBe(0)
})

test('where nothing is kept the panel says so, and forgetDevice() resolves to what was kept', async () => {
  const demo = await scenes.start({ tag: { 'data-consent': 'denied' } })
  const visitor = await scenes.visitor('guest', {}, demo)
  const { page, button } = visitor
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await visitor.search.fill('fee')
  await button('Clear the search').click()
  await button('What this device keeps').click()
  await page.getByText('Nothing is kept on this device.').waitFor()
  expect(await button('Forget this device').count()).toBe(0)
  const forgotten = await page.evaluate(() =>
    (window as unknown as { Asklet(verb: string): Promise<object> }).Asklet('forgetDevice'),
  )
  expect(forgotten).toEqual({
    isOpen: false,
    search: false,
    talk: false,
    routes: false,
    offers: false,
    people: false,
    isWithPerson: false,
    unsent: 0,
  })
})

test('who signs out and is followed by another at once leaves nothing, though the conversation was still being fetched', async () => {
  await scenes.agent('Noor')
  const visitor = await scenes.visitor('freelancer')
  const { page } = visitor
  await visitor.goTo('/withdrawals')
  await visitor.openHelp()
  await joinQueue(visitor)
  await expect.poll(async () => (await onDevice(visitor)).records).toContain('secret')
  let letCome = () => {}
  const mayCome = new Promise<void>(resolve => {
    letCome = resolve
  })
  await page.route('**/cdn/*/conversation-*.js', async route => {
    await mayCome
    await route.continue()
  })
  const asked = page.waitForRequest('**/cdn/*/conversation-*.js')
  await page.reload()
  await asked
  await page.evaluate(() => {
    const { Asklet } = window as unknown as { Asklet(verb: string, visitor?: object): unknown }
    void Asklet('logout')
    Asklet('identify', { id: 'somebody-else' })
  })
  letCome()
  await expect.poll(() => onDevice(visitor)).toMatchObject({ local: ['asklet:kept'], records: [] })
})
