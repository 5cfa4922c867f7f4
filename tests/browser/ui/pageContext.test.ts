import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { watchRoute } from '../../../src/base/route'
import { readPage } from '../../../src/context/pageContext'
import { visitorFacts } from '../../../src/context/visitor'

const added: Element[] = []
function add(
  tag: string,
  attributes: Record<string, string>,
  text = '',
  into: Element = document.body,
): HTMLElement {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.textContent = text
  into.append(element)
  added.push(element)
  return element
}
const address = location.href
beforeEach(() => {
  document.title = 'Withdrawals · Workmere'
})
afterEach(() => {
  for (const element of added.splice(0)) element.remove()
  history.replaceState(null, '', address)
  document.documentElement.removeAttribute('lang')
})

describe('page context', () => {
  test('reads title, headings, language and what the host says in meta and data attributes', () => {
    document.documentElement.lang = 'de'
    add('meta', { name: 'asklet:route', content: '/withdrawals' }, '', document.head)
    add('meta', { name: 'asklet:page', content: 'Withdrawals' }, '', document.head)
    add('main', { 'data-asklet-contract-id': 'C-20418' })
    add('h1', {}, 'Your  withdrawals\n')
    const page = readPage(document, location)
    expect(page).toMatchObject({
      route: '/withdrawals',
      name: 'Withdrawals',
      language: 'de',
      title: 'Withdrawals · Workmere',
      data: { 'contract-id': 'C-20418' },
    })
    expect(page.headings).toContain('Your withdrawals')
  })

  test('a page that says nothing is called by its first heading, else by its title', () => {
    expect(readPage(document, location).name).toBe('Withdrawals')
    add('h1', {}, 'Money out')
    expect(readPage(document, location).name).toBe('Money out')
  })

  test('query and fragment, where secrets travel, are not read', () => {
    history.replaceState(null, '', '/reset?token=s3cret#also')
    expect(JSON.stringify(readPage(document, location))).not.toMatch(/s3cret|also/)
  })

  test('a route that a router tells comes without its query, and not without end', () => {
    const routeOf = (told: string) => readPage(document, location, told).route
    expect(routeOf('/reset?token=s3cret#also')).toBe('/reset')
    expect(routeOf('/callback#access_token=s3cret')).toBe('/callback')
    expect(routeOf('#/billing?token=s3cret')).toBe('#/billing')
    expect(routeOf(`/${'x'.repeat(9_000)}`).length).toBeLessThanOrEqual(500)
  })

  test('what is hidden is not on the page', () => {
    add('h1', { hidden: '' }, 'Other page')
    expect(readPage(document, location).headings).toEqual([])
  })

  test('facts are bounded', () => {
    add('h1', {}, 'x'.repeat(5_000))
    for (let i = 0; i < 40; i++) add('h2', {}, `part ${i}`)
    const { headings } = readPage(document, location)
    expect(headings).toHaveLength(20)
    expect(Math.max(...headings.map(heading => heading.length))).toBeLessThanOrEqual(120)
  })

  test('of a visitor, 30 plain attributes and no more', () => {
    const attributes = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`a${i}`, i]))
    const facts = visitorFacts({ role: 'client', attributes: { ...attributes, bad: Number.NaN } }, 'en')
    expect(Object.keys(facts.attributes)).toHaveLength(30)
    expect(facts).not.toHaveProperty('email')
  })
})

describe('routes of single-page apps', () => {
  const movesOf = async (window: Window & typeof globalThis) => {
    let moves = 0
    const undo = watchRoute(window, () => moves++)
    history.pushState(null, '', '/one')
    await new Promise(done => setTimeout(done))
    history.replaceState(null, '', '/two')
    history.replaceState({ same: 'address' }, '', '/two')
    await new Promise(done => setTimeout(done))
    const seen = moves
    undo()
    history.pushState(null, '', '/three')
    await new Promise(done => setTimeout(done))
    expect(moves).toBe(seen)
    return seen
  }

  test('are noticed by the Navigation API', async () => {
    expect('navigation' in window).toBe(true)
    expect(await movesOf(window)).toBe(2)
  })

  test('are noticed without it, and the undo leaves history as it was', async () => {
    const { pushState, replaceState } = history
    const older = new Proxy(window, {
      get: (target, key) => {
        if (key === 'navigation') return undefined
        const value = Reflect.get(target, key)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    expect(await movesOf(older)).toBe(2)
    expect(history.pushState).toBe(pushState)
    expect(history.replaceState).toBe(replaceState)
  })

  test('a wrapper that the page put over ours survives our undo', async () => {
    const original = history.pushState
    const older = new Proxy(window, {
      get: (target, key) => {
        if (key === 'navigation') return undefined
        const value = Reflect.get(target, key)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    let heard = 0
    const undo = watchRoute(older, () => {})
    const ours = history.pushState
    history.pushState = function (...args) {
      heard++
      ours.apply(this, args)
    }
    undo()
    history.pushState(null, '', '/four')
    expect(heard).toBe(1)
    expect(location.pathname).toBe('/four')
    history.pushState = original
  })
})
