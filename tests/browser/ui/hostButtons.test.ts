// Buttons of the page in the place of ours, in a page that has its own handlers, routers and forms.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { handOver } from '../../../src/launcher/handOver'
import { createHost, type HostElement } from '../../../src/launcher/host'
import { takeHostButtons } from '../../../src/launcher/hostButtons'
import { createLauncher, type Launcher } from '../../../src/launcher/launcher'
import { showOffer } from '../../../src/launcher/offerBubble'

let host: HostElement
let launcher: Launcher
let pressed = vi.fn()
let intended = vi.fn()
const gone = new Set<() => void>()

/** As a door does it: a press opens and closes. */
function stage(wanted: string | Element = '.help'): void {
  host = createHost(document)
  launcher = createLauncher(host, 'Help')
  let isOpen = false
  pressed = vi.fn(() => {
    isOpen = !isOpen
    launcher.setOpen(isOpen)
  })
  intended = vi.fn()
  launcher.button.addEventListener('click', pressed)
  launcher.button.addEventListener('pointerenter', intended)
  launcher.button.remove()
  takeHostButtons(host, launcher, wanted)
}
function put<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  into: Node = document.body,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries({ class: 'help', ...attributes }))
    element.setAttribute(key, value)
  element.textContent = 'Help'
  into.appendChild(element)
  return element
}
const on = (target: EventTarget, name: string, listener: (event: Event) => void) => {
  target.addEventListener(name, listener)
  gone.add(() => target.removeEventListener(name, listener))
}
const attributes = (element: Element) =>
  Object.fromEntries(
    element
      .getAttributeNames()
      .filter(name => name !== 'class')
      .map(name => [name, element.getAttribute(name)]),
  )
/** A press that goes nowhere, whoever leaves it to the browser. */
const click = (element: Element, more: MouseEventInit = {}): MouseEvent => {
  const event = new MouseEvent('click', { bubbles: true, cancelable: true, composed: true, ...more })
  const stay = (each: Event) => {
    wasLeft = !each.defaultPrevented
    each.preventDefault()
  }
  let wasLeft = false
  window.addEventListener('click', stay)
  element.dispatchEvent(event)
  window.removeEventListener('click', stay)
  left = wasLeft
  return event
}
/** The last press was left to the browser. */
let left = false

beforeEach(() => stage())
afterEach(() => {
  host.remove()
  for (const undo of gone) undo()
  gone.clear()
  document.body.replaceChildren()
})

// ---- presses

test('our button is not in the page, and one that comes later opens and closes help', () => {
  expect(host.shadow.querySelector('button')).toBeNull()
  const own = put('button')
  own.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, composed: true }))
  expect(intended).toHaveBeenCalledOnce()
  own.click()
  expect(pressed).toHaveBeenCalledOnce()
  expect(launcher.button.getAttribute('aria-expanded')).toBe('true')
  own.click()
  expect(launcher.button.getAttribute('aria-expanded')).toBe('false')
})

test('each of several opens it, also by what stands inside it; nothing else does', () => {
  const [first, second] = [put('button'), put('button')]
  const icon = put('span', { class: 'icon' }, second)
  first.click()
  icon.click()
  put('button', { class: 'other' }).click()
  expect(pressed).toHaveBeenCalledTimes(2)
})

test('a link keeps its address: a plain press opens help, one for another tab or window is the browser’s', () => {
  const link = put('a', { href: '#elsewhere' })
  click(link)
  expect([pressed.mock.calls.length, left]).toEqual([1, false])
  for (const key of ['ctrlKey', 'metaKey', 'shiftKey', 'altKey']) {
    click(link, { [key]: true })
    expect([key, pressed.mock.calls.length, left]).toEqual([key, 1, true])
  }
  // The middle one is no `click`.
  link.dispatchEvent(new MouseEvent('auxclick', { button: 1, bubbles: true, cancelable: true }))
  expect(pressed).toHaveBeenCalledOnce()
  // A button goes nowhere: whatever is held, it is pressed.
  click(put('button'), { shiftKey: true })
  expect(pressed).toHaveBeenCalledTimes(2)
})

test('a router further out leaves the link alone, and a menu that keeps presses to itself keeps none from us', () => {
  const menu = put('div', { class: 'menu' })
  const followed = vi.fn()
  on(menu, 'click', event => {
    event.stopPropagation()
    if (!event.defaultPrevented) followed()
  })
  click(put('a', { href: '#help' }, menu))
  expect(pressed).toHaveBeenCalledOnce()
  expect(followed).not.toHaveBeenCalled()
})

test('a handler of the page on the element says no by preventDefault()', () => {
  const own = put('button')
  on(own, 'click', event => event.preventDefault())
  own.click()
  expect(pressed).not.toHaveBeenCalled()
})

test('a handler of the page that opens help by a verb, too, does not have it closed again', () => {
  const own = put('button')
  on(own, 'click', () => {
    if (launcher.button.getAttribute('aria-expanded') === 'false') launcher.button.click()
  })
  own.click()
  expect(pressed).toHaveBeenCalledOnce()
})

test('disabled is disabled, and the button of a form sends no form', () => {
  put('button', { disabled: '' }).click()
  click(put('a', { href: '#help', 'aria-disabled': 'true' }))
  expect(pressed).not.toHaveBeenCalled()
  const form = put('form', { class: 'form' })
  const sent = vi.fn((event: Event) => event.preventDefault())
  on(form, 'submit', sent)
  put('button', {}, form).click()
  expect(pressed).toHaveBeenCalledOnce()
  expect(sent).not.toHaveBeenCalled()
})

test('one within an open shadow root is heard, and told from the press on', async () => {
  const outer = put('div', { class: 'outer' })
  const own = put('button', {}, outer.attachShadow({ mode: 'open' }))
  own.click()
  expect(pressed).toHaveBeenCalledOnce()
  expect(attributes(own)).toMatchObject({ 'aria-expanded': 'true' })
  host.remove()
  expect(attributes(own)).toEqual({})
})

test('where the page hides help, a press is the page’s; after the end nothing is heard', () => {
  const link = put('a', { href: '#help' })
  host.element.hidden = true
  click(link)
  expect([pressed.mock.calls.length, left]).toEqual([0, true])
  host.element.hidden = false
  host.remove()
  click(link)
  expect([pressed.mock.calls.length, left]).toEqual([0, true])
})

test('what is in the panel is not meant, whatever the selector says', () => {
  host.remove()
  stage('button')
  const inside = document.createElement('button')
  host.shadow.append(inside)
  inside.click()
  expect(pressed).not.toHaveBeenCalled()
})

test('a field or a global that is called `matches` is no trouble', () => {
  const form = put('form', { class: 'form' })
  put('input', { class: '', name: 'matches' }, form)
  Reflect.set(window, 'matches', 1)
  gone.add(() => Reflect.deleteProperty(window, 'matches'))
  const wrong = vi.fn()
  on(window, 'error', wrong)
  form.click()
  put('button', { type: 'button' }, form).click()
  expect(pressed).toHaveBeenCalledOnce()
  expect(wrong).not.toHaveBeenCalled()
})

test('one element, given as such, and no other', () => {
  host.remove()
  const [mine, other] = [put('button'), put('button')]
  stage(mine)
  other.click()
  mine.click()
  expect(pressed).toHaveBeenCalledOnce()
  expect(attributes(mine)).toMatchObject({ 'aria-expanded': 'true' })
  expect(attributes(other)).toEqual({})
})

test('false: no button of ours, and none is heard', () => {
  host.remove()
  stage('false')
  put('button').click()
  expect(pressed).not.toHaveBeenCalled()
  expect(host.shadow.querySelector('button')).toBeNull()
})

// ---- until the part has come

/** A door whose part is on its way. */
function waiting(): { come(): Promise<void>; fail(): Promise<void> } {
  host.remove()
  host = createHost(document)
  launcher = createLauncher(host, 'Help')
  pressed = vi.fn()
  launcher.button.addEventListener('click', pressed)
  let come = () => {}
  let fail = () => {}
  const part = new Promise<{ takeHostButtons: typeof takeHostButtons }>((resolve, reject) => {
    come = () => resolve({ takeHostButtons })
    fail = () => reject(new Error('no line'))
  })
  handOver(host, launcher, '.help', part)
  const settled = async () => void (await new Promise(resolve => setTimeout(resolve)))
  return {
    come() {
      come()
      return settled()
    },
    fail() {
      fail()
      return settled()
    },
  }
}

test('a press from before the part has come opens help when it is here, and one on a link is the link’s', async () => {
  const first = waiting()
  put('span', { class: 'icon' }, put('button')).click()
  expect(pressed).not.toHaveBeenCalled()
  await first.come()
  expect(pressed).toHaveBeenCalledOnce()
  const second = waiting()
  put('a', { href: '#followed' }).click()
  await second.come()
  expect(pressed).not.toHaveBeenCalled()
})

test('where the part does not come, our button stands in its place', async () => {
  const { fail } = waiting()
  expect(host.shadow.querySelector('button')).toBeNull()
  await fail()
  expect(host.shadow.querySelector('button')?.checkVisibility()).toBe(true)
})

test('what is no selector is named with its mend, and our button stays', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  host.remove()
  host = createHost(document)
  launcher = createLauncher(host, 'Help')
  handOver(host, launcher, '.help[', Promise.resolve({ takeHostButtons }))
  await expect.poll(() => host.shadow.querySelector('button')?.checkVisibility()).toBe(true)
  expect(warn).toHaveBeenCalledWith(
    'Asklet: data-launcher must be a CSS selector or false, got ".help[". It is left out.',
  )
  warn.mockRestore()
})

// ---- what it is told

test('it is told that help is open and how much waits; all of that is taken back', async () => {
  const own = put('button', { 'aria-haspopup': 'true', 'aria-expanded': 'false' })
  await expect.poll(() => own.getAttribute('aria-haspopup')).toBe('dialog')
  launcher.setOpen(true)
  launcher.setUnread(2, '2 new messages')
  expect(attributes(own)).toEqual({
    'aria-haspopup': 'dialog',
    'aria-expanded': 'true',
    'aria-description': '2 new messages',
    'data-asklet-unread': '2',
    'data-asklet-state': 'open',
  })
  launcher.setUnread(0, '')
  expect(own.hasAttribute('data-asklet-unread')).toBe(false)
  expect(own.hasAttribute('aria-description')).toBe(false)
  host.remove()
  expect(attributes(own), 'as the page wrote it').toEqual({
    'aria-haspopup': 'true',
    'aria-expanded': 'false',
  })
})

test('from the press on it is told that help is on its way, and that it did not come', async () => {
  const own = put('button')
  await expect.poll(() => own.dataset.askletState).toBe('closed')
  launcher.button.removeEventListener('click', pressed)
  // The pointer passes by: nothing moves.
  launcher.setBusy(true)
  expect(own.dataset.askletState).toBe('closed')
  own.click()
  expect(own.dataset.askletState).toBe('loading')
  launcher.setProblem('Help: could not be loaded. Press to try again.')
  launcher.setBusy(false)
  expect(own.dataset.askletState).toBe('failed')
  expect(host.shadow.querySelector('[role=alert]')?.checkVisibility()).toBe(true)
  launcher.setProblem('')
  expect(own.dataset.askletState).toBe('closed')
})

test('what the page wrote over it is the page’s, and one that means help no more has nothing of ours', async () => {
  const [kept, left] = [put('button'), put('button')]
  await expect.poll(() => left.dataset.askletState).toBe('closed')
  kept.setAttribute('aria-description', 'Ask us')
  launcher.setUnread(1, '1 new message')
  expect(kept.getAttribute('aria-description')).toBe('1 new message')
  launcher.setUnread(2, '2 new messages')
  kept.setAttribute('aria-description', 'Ask Workmere')
  left.className = ''
  kept.setAttribute('aria-haspopup', 'menu')
  launcher.setUnread(0, '')
  expect(kept.getAttribute('aria-description')).toBe('Ask Workmere')
  expect(attributes(left)).toEqual({})
  launcher.setUnread(1, '1 new message')
  host.remove()
  expect(kept.getAttribute('aria-description')).toBe('Ask Workmere')
})

test('one that was taken out of the page has nothing of ours when it comes back after the end', async () => {
  const own = put('button')
  await expect.poll(() => own.dataset.askletState).toBe('closed')
  own.remove()
  await expect.poll(() => attributes(own)).toEqual({})
})

test('an offer of help stands in the corner, wholly in sight, and goes at a press of the page’s button', () => {
  const own = put('button')
  const words = { label: 'Help', text: 'Stuck?', take: 'Show me', why: 'Why?', because: 'Twice.' }
  const passedBy = vi.fn()
  showOffer(
    host,
    launcher,
    { ...words, dismiss: 'No', announcement: 'Stuck?' },
    { take() {}, dismiss() {}, passedBy },
  )
  const { right, bottom, top } = (host.shadow.querySelector('.offer') as Element).getBoundingClientRect()
  expect(top).toBeGreaterThan(0)
  expect([innerWidth - right, innerHeight - bottom].every(gap => gap > 0 && gap < 40)).toBe(true)
  own.click()
  expect(passedBy).toHaveBeenCalledOnce()
  expect(host.shadow.querySelector('.offer')).toBeNull()
})

// ---- the keyboard

const panel = () => {
  const field = document.createElement('input')
  host.shadow.append(field)
  return field
}

test('the keyboard goes back to the one that was pressed, else to one that can take it', async () => {
  const [first, second] = [put('button'), put('button')]
  const field = panel()
  second.click()
  field.focus()
  launcher.button.focus()
  expect(document.activeElement).toBe(second)
  second.click()
  field.focus()
  second.remove()
  launcher.button.focus()
  expect(document.activeElement).toBe(first)
})

test('opened by a verb, it goes back to where it was', () => {
  put('button')
  const other = put('button', { class: 'other' })
  other.focus()
  panel().focus()
  launcher.button.focus()
  expect(document.activeElement).toBe(other)
})

test('the page does not hear the Escape that closed the panel come up on its own button', async () => {
  const own = put('button')
  const field = panel()
  const heard = vi.fn()
  on(document, 'keyup', event => heard((event as KeyboardEvent).key))
  own.click()
  field.focus()
  field.addEventListener('keydown', () => launcher.button.focus())
  await userEvent.keyboard('{Escape}')
  expect(document.activeElement).toBe(own)
  expect(heard).not.toHaveBeenCalled()
  await userEvent.keyboard('{Escape}')
  expect(heard).toHaveBeenCalledWith('Escape')
})
