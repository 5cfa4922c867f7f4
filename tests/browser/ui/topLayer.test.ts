// An open panel above a page that puts things above all else: dialogs that come and go, and what fills the screen.

import { afterEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createFakes } from '../../../demo/states/script/fakes'
import { raise } from '../../../src/ui/topLayer'
import { mount } from './mounted'

const undos: (() => void)[] = []
afterEach(async () => {
  if (document.fullscreenElement) await document.exitFullscreen()
  for (const undo of undos.splice(0).reverse()) undo()
})

function put<Made extends HTMLElement>(made: Made, html = '', into: Element = document.body): Made {
  made.innerHTML = html
  into.append(made)
  undos.push(() => made.remove())
  return made
}
const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, html = '') =>
  put(document.createElement(name), html)

function raised() {
  const html = document.documentElement
  const host = put(document.createElement('asklet-root'), '', html)
  const region = put(document.createElement('div'), '', html)
  const root = host.attachShadow({ mode: 'open' })
  root.innerHTML = '<button>Help</button><input>'
  const field = root.querySelector('input') as HTMLInputElement
  const takeFocus = vi.fn(() => field.focus())
  const lower = raise(host, region, document.activeElement, takeFocus)
  undos.push(lower)
  return { host, region, field, takeFocus, lower, isHome: () => host.parentElement === html }
}

describe('an element that fills the screen', () => {
  /** What a visitor presses to see `film` alone. */
  async function fill(film: HTMLElement): Promise<void> {
    const button = make('button', 'Fill the screen')
    button.addEventListener('click', () => void film.requestFullscreen())
    await userEvent.click(page.getByRole('button', { name: 'Fill the screen' }))
    await vi.waitFor(() => expect(document.fullscreenElement).toBe(film))
  }

  test('while the panel is open: it goes in there, and is a child of <html> after', async () => {
    const film = make('div', '<p>A film</p>')
    const { host, region, isHome } = raised()
    await fill(film)
    await vi.waitFor(() => expect(host.parentElement).toBe(film))
    expect(region.parentElement).toBe(film)
    expect(host.matches(':popover-open')).toBe(true)
    await document.exitFullscreen()
    await vi.waitFor(() => expect(isHome()).toBe(true))
    expect(region.parentElement).toBe(document.documentElement)
    expect(host.matches(':popover-open')).toBe(true)
  })

  test('taken out of the page with the panel in it: the panel comes back', async () => {
    const film = make('div', '<p>A film</p>')
    const { host, isHome } = raised()
    await fill(film)
    await vi.waitFor(() => expect(host.parentElement).toBe(film))
    film.remove()
    await vi.waitFor(() => expect(isHome()).toBe(true))
    await vi.waitFor(() => expect(host.matches(':popover-open')).toBe(true))
  })
})

describe('a modal dialog', () => {
  const open = (html = '<input id="card">') => {
    const dialog = make('dialog', html)
    dialog.showModal()
    return dialog
  }

  test('taken out, and help closed in the same breath: the launcher is back in the page', () => {
    const dialog = open()
    const { host, region, lower, isHome } = raised()
    expect(host.parentElement).toBe(dialog)
    dialog.remove()
    lower()
    expect(isHome()).toBe(true)
    expect(region.parentElement).toBe(document.documentElement)
  })

  test('taken out by the page itself, the launcher stays out', () => {
    const { host, lower } = raised()
    host.remove()
    lower()
    expect(host.isConnected).toBe(false)
  })

  test('presses in help are none in the dialog that holds it, which may close at a press beside its form', async () => {
    const dialog = open()
    const types = 'click pointerdown pointerup mousedown mouseup touchstart touchend'.split(' ')
    const heard: string[] = []
    const stop = new AbortController()
    undos.push(() => stop.abort())
    for (const type of types)
      document.addEventListener(type, event => void heard.push(event.type), { signal: stop.signal })
    const { field, host, isHome } = raised()
    const press = () => {
      for (const type of types) field.dispatchEvent(new Event(type, { bubbles: true, composed: true }))
    }
    expect(host.parentElement).toBe(dialog)
    press()
    expect(heard).toEqual([])
    dialog.close()
    await vi.waitFor(() => expect(isHome()).toBe(true))
    press()
    expect(heard, 'elsewhere a page hears them as ever').toEqual(types)
  })
})

describe('the focus, where a modal dialog holds the panel', () => {
  const open = () => {
    const dialog = make('dialog', '<input id="card">')
    dialog.showModal()
    expect(document.activeElement?.id).toBe('card')
    return dialog
  }
  const settled = async (host: Element, dialog: Element) => {
    await vi.waitFor(() => expect(host.parentElement).toBe(dialog))
    await new Promise(done => setTimeout(done, 50))
  }

  test('help asked for in the dialog takes it', async () => {
    const dialog = open()
    const { host } = mount()
    await settled(host, dialog)
    expect(document.activeElement).toBe(host)
  })

  test('help that stood open before a reload leaves it in the dialog', async () => {
    const dialog = open()
    const { host } = mount(createFakes(), false)
    await settled(host, dialog)
    expect(document.activeElement?.id).toBe('card')
  })

  test('a dialog that opens while help is still on its way keeps it', async () => {
    const { host } = mount()
    const dialog = open()
    await settled(host, dialog)
    expect(document.activeElement?.id).toBe('card')
  })
})
