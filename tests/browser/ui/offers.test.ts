// Offers of help in a real page: what is remembered of them, and that none comes where nobody can see it.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { watchRoute } from '../../../src/base/route'
import { type Assistant, type AssistantOptions, createAssistant } from '../../../src/index'
import { createHost } from '../../../src/launcher/host'
import { createLauncher } from '../../../src/launcher/launcher'
import { startOffers } from '../../../src/offers'
import { start as startPanel } from '../../../src/panel'

const undos: (() => void)[] = []
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  for (const undo of undos.splice(0).reverse()) undo()
  vi.useRealTimers()
  localStorage.clear()
  sessionStorage.clear()
})

const offers = ['stuck', 'lost'].map(signal => ({
  on: 'signal' as const,
  signal,
  text: `Are you ${signal}?`,
  article: `help/${signal}`,
}))

function start(options: AssistantOptions = {}): Assistant {
  const assistant = createAssistant({ config: { name: 'Help', offers }, ...options })
  undos.push(() => assistant.destroy())
  return assistant
}

const shadow = () => document.querySelector('asklet-root')?.shadowRoot
const bubble = () => shadow()?.querySelector<HTMLElement>('.offer') ?? null
const press = (name: string) => bubble()?.querySelector<HTMLElement>(`.${name}`)?.click()
const said = () => document.querySelector('[data-asklet=status]')?.textContent ?? ''
const kept = (key = 'asklet:offers') => JSON.parse(localStorage.getItem(key) ?? 'null')
/** Past the pause between two offers. */
const pass = () => vi.setSystemTime(Date.now() + 11 * 60_000)

/** Another load of the page, where the visitor's yes is said by call again. */
function reload(assistant: Assistant, options: AssistantOptions = {}): Assistant {
  assistant.destroy()
  pass()
  return start(options)
}

describe('what is remembered', () => {
  test('a yes said by update(): what was sent away stays away on the next page, and after the pause', async () => {
    const first = start()
    first.update({ consent: 'granted' })
    expect(await first.signal('stuck')).toBe(true)
    press('dismiss')
    expect(kept()).toMatchObject({ dismissed: ['signal:stuck:help/stuck'] })

    const next = reload(first)
    expect(kept(), 'nobody has said no').not.toBe(null)
    next.update({ consent: 'granted' })
    expect(kept()).toMatchObject({ dismissed: ['signal:stuck:help/stuck'] })
    expect(await next.signal('stuck')).toBe(false)
    expect(await next.signal('lost'), 'another offer may come').toBe(true)
  })

  test('what came before the yes of a page is kept with it, beside what was there', async () => {
    const first = start({ consent: 'granted' })
    await first.signal('stuck')
    press('dismiss')
    const next = reload(first)
    expect(await next.signal('lost')).toBe(true)
    press('dismiss')
    expect(kept(), 'not answered: as it was').toMatchObject({ dismissed: ['signal:stuck:help/stuck'] })
    next.update({ consent: 'granted' })
    expect(kept()).toMatchObject({ dismissed: ['signal:stuck:help/stuck', 'signal:lost:help/lost'] })
  })

  test.each(['pending', 'denied'] as const)('a yes taken back (%s) takes it along', async consent => {
    const assistant = start({ consent: 'granted' })
    await assistant.signal('stuck')
    expect(kept()).not.toBe(null)
    assistant.update({ consent })
    expect(kept()).toBe(null)
  })

  test('an answer of "denied" at the start takes along what an earlier yes left', () => {
    localStorage.setItem('asklet:offers', '{"shown":[],"dismissed":["x"]}')
    start({ consent: 'denied' })
    expect(kept()).toBe(null)
  })

  test('of an assistant with a name it stands under that name, and goes with its yes', async () => {
    const options = { consent: 'granted', name: 'shop' } as const
    const assistant = start(options)
    await assistant.signal('stuck')
    expect(kept('shop/asklet:offers')).toMatchObject({ shown: [expect.any(Number)] })
    expect(kept(), 'the nameless one has nothing').toBe(null)
    assistant.update({ consent: 'denied' })
    expect(Object.keys(localStorage)).toEqual([])
  })
})

describe('a device that forgets', () => {
  test('names offers among what it keeps, and keeps none after', async () => {
    const assistant = start({ consent: 'granted' })
    expect(await assistant.forgetDevice()).toMatchObject({ offers: false })
    await assistant.signal('stuck')
    expect(await assistant.forgetDevice()).toMatchObject({ offers: true })
    expect(Object.keys(localStorage)).toEqual([])
  })

  test.each(['forgetDevice', 'logout'] as const)(
    '%s: what only the page knew is forgotten too',
    async verb => {
      const assistant = start()
      await assistant.signal('stuck')
      press('dismiss')
      assistant.navigate('/elsewhere')
      pass()
      expect(await assistant.signal('stuck'), 'sent away').toBe(false)
      await assistant[verb]()
      expect(await assistant.signal('stuck')).toBe(true)
    },
  )

  test('the panel names it, and does not say that nothing is kept', async () => {
    const assistant = start({ consent: 'granted' })
    await assistant.signal('stuck')
    assistant.open()
    await page.getByRole('button', { name: 'What this device keeps' }).click()
    await expect.element(page.getByText('When help was offered to you unasked')).toBeVisible()
  })
})

describe('what is said by call', () => {
  /** Presses that change nothing. */
  async function rage(): Promise<void> {
    const dead = document.createElement('button')
    dead.textContent = 'Dead'
    document.body.append(dead)
    await userEvent.tripleClick(page.getByRole('button', { name: 'Dead' }))
    // What comes and goes in this time would be an answer.
    await new Promise(done => setTimeout(done, 600))
    dead.remove()
  }
  const config = {
    name: 'Help',
    offers: [{ on: 'rageClicks' as const, text: 'Nothing happens?', article: 'help/dead' }],
  }
  /** Those that look for trouble, as long as they do. */
  function watchers() {
    const signals: (AbortSignal | undefined)[] = []
    const add = vi.spyOn(document, 'addEventListener').mockImplementation((...given) => {
      if (given[0] === 'click') signals.push((given[2] as AddEventListenerOptions).signal)
      return EventTarget.prototype.addEventListener.apply(document, given)
    })
    undos.push(() => add.mockRestore())
    return () => signals.filter(signal => !signal?.aborted).length
  }

  test('a no ends the watching and takes the bubble away; a yes after it begins to watch', async () => {
    const watching = watchers()
    const assistant = start({ config, offers: true })
    await vi.waitFor(() => expect(watching()).toBe(1))
    await rage()
    expect(bubble()).not.toBe(null)
    assistant.update({ consent: 'denied' })
    expect(bubble()).toBe(null)
    expect(watching()).toBe(0)
    assistant.update({ consent: 'granted' })
    await vi.waitFor(() => expect(watching()).toBe(1))
  })

  test('a yes after a no at the start begins to watch', async () => {
    const assistant = start({ config, offers: true, consent: 'denied' })
    await rage()
    expect(bubble()).toBe(null)
    assistant.update({ consent: 'granted' })
    await rage()
    expect(bubble()?.textContent).toContain('Nothing happens?')
  })

  /** The script tag's side of it: offers have begun, and the panel comes now. */
  async function begun() {
    const host = createHost(document)
    const launcher = createLauncher(host, 'Help')
    undos.push(() => host.remove())
    const made = startOffers({
      host,
      launcher,
      config: { name: 'Help', offers },
      name: undefined,
      consent: 'pending',
      role: undefined,
      locale: undefined,
      label: undefined,
      watches: false,
      calls: [],
      run: () => {},
    })
    undos.push(made.destroy)
    const load = () => {
      const verbs = startPanel({
        host,
        launcher,
        settings: {},
        configUrl: '/asklet.json',
        config: Promise.resolve(Response.json({ name: 'Help', offers })),
        watchRoute,
        loadOffers: async () => made,
        hasOffers: true,
      })
      undos.push(() => void verbs('destroy'))
      return verbs
    }
    return { made, load }
  }

  test('right after the panel came, offers know of it', async () => {
    const { made, load } = await begun()
    const verbs = load()
    verbs('update', { consent: 'denied' })
    // Before the browser has an idle moment.
    for (let i = 0; i < 9; i++) await Promise.resolve()
    expect(await made.signal('stuck')).toBe(false)
  })

  test('who waits for a person is not offered help, also before the panel is there', async () => {
    const { made } = await begun()
    localStorage.setItem('asklet:waiting', '1')
    expect(await made.signal('stuck')).toBe(false)
    localStorage.removeItem('asklet:waiting')
    expect(await made.signal('stuck')).toBe(true)
  })
})

describe('where nobody can see it', () => {
  async function refused(assistant: Assistant): Promise<void> {
    const heard: string[] = []
    assistant.on('offered', ({ offer }) => void heard.push(offer))
    expect(await assistant.signal('stuck')).toBe(false)
    expect(bubble()).toBe(null)
    expect(said()).toBe('')
    expect(kept()).toBe(null)
    expect(heard).toEqual([])
  }

  test('a launcher that is hidden on this page offers nothing', async () => {
    const assistant = start({ consent: 'granted' })
    const host = document.querySelector('asklet-root') as HTMLElement
    host.hidden = true
    await refused(assistant)
    host.hidden = false
    expect(await assistant.signal('stuck'), 'it was not counted').toBe(true)
    expect(said()).toContain('Are you stuck?')
  })

  test('beside a modal dialog of the page nothing is offered, beside another dialog it is', async () => {
    const assistant = start({ consent: 'granted' })
    const dialog = document.createElement('dialog')
    dialog.textContent = 'The page asks something.'
    document.body.append(dialog)
    undos.push(() => dialog.remove())
    dialog.showModal()
    await refused(assistant)
    dialog.close()
    dialog.show()
    expect(await assistant.signal('stuck')).toBe(true)
  })

  test('beside an element that fills the screen nothing is offered', async () => {
    const assistant = start({ consent: 'granted' })
    const film = document.createElement('div')
    document.body.append(film)
    undos.push(() => film.remove())
    // What a browser says then; that it does is held by the journeys.
    const whole = vi.spyOn(Document.prototype, 'fullscreenElement', 'get').mockReturnValue(film)
    undos.push(() => whole.mockRestore())
    await refused(assistant)
    whole.mockReturnValue(document.documentElement)
    expect(await assistant.signal('stuck'), 'the whole page fills it').toBe(true)
  })
})

describe('in a window of 320 x 256 px, as at a zoom of 400 %', () => {
  const LONG =
    'The amount is not taken? It may be smaller than the least that can be withdrawn, or not cleared yet.'

  test.each([
    ['a short text', 'Are you stuck?'],
    ['a long one', `${LONG} ${LONG} ${LONG}`],
  ])('%s: all of the bubble can be reached, with its reason too', async (_, text) => {
    await page.viewport(320, 256)
    undos.push(() => void page.viewport(414, 896))
    const assistant = start({
      config: { name: 'Help', offers: [{ on: 'signal', signal: 'stuck', text, article: 'help/stuck' }] },
    })
    expect(await assistant.signal('stuck')).toBe(true)
    const stands = () => {
      const { top, left, right, bottom } = (bubble() as HTMLElement).getBoundingClientRect()
      expect(top).toBeGreaterThanOrEqual(0)
      expect(left).toBeGreaterThanOrEqual(0)
      expect(right).toBeLessThanOrEqual(320)
      expect(bottom).toBeLessThanOrEqual(256)
    }
    await Promise.all((bubble() as HTMLElement).getAnimations().map(each => each.finished))
    stands()
    press('why')
    stands()
    for (const name of ['take', 'why', 'dismiss']) {
      const button = bubble()?.querySelector(`.${name}`) as HTMLElement
      button.scrollIntoView({ block: 'nearest' })
      const { left, top, width, height } = button.getBoundingClientRect()
      const there = shadow()?.elementFromPoint(left + width / 2, top + height / 2)
      expect(button.contains(there ?? null), name).toBe(true)
    }
  })
})
