// Buttons of the page in the place of ours, which goes on out of the page as the one that all others know. Hears presses
// on what is meant, also on what comes later or stands in an open shadow root. Tells it that it opens a dialog, whether
// that is open, how many words of a person wait, that help is on its way or did not come. Gives the keyboard back to the
// one that was pressed. A chunk of its own, for pages with such buttons alone (`handOver`). Remembers what stood in each
// attribute that it writes, and puts that back when the element means help no more, or the assistant goes.

import type { HostElement } from './host'
import type { Launcher } from './launcher'

interface Written {
  readonly before: string | null
  readonly ours: string
}

/**
 * Hears and tells what is meant from now on, until `host` goes.
 *
 * @param wanted  a selector (`false` is one, of no element that there is), or the one element
 * @param early   a press anywhere in the page, from before this came
 * @throws SyntaxError  where `wanted` is no selector; said in the console
 */
export function takeHostButtons(
  host: HostElement,
  launcher: Launcher,
  wanted: string | Element,
  early?: Event,
): void {
  const { element, shadow, remove } = host
  const { button } = launcher
  const { ownerDocument: document } = element
  const window = document.defaultView as Window
  const meant = (): readonly Element[] =>
    typeof wanted === 'string' ? [...document.querySelectorAll(wanted)] : [wanted]
  const { Element } = document.defaultView as Window & typeof globalThis
  /**
   * Asked of all that a press passes by, window and document too. Of the prototype: a page may call a field or a global
   * `matches`.
   */
  const isMeant = (each: EventTarget): boolean =>
    each instanceof Element &&
    (typeof wanted === 'string' ? Element.prototype.matches.call(each, wanted) : each === wanted)
  try {
    meant()
  } catch (error) {
    console.warn(`Asklet: data-launcher must be a CSS selector or false, got "${wanted}". It is left out.`)
    throw error
  }
  if (host.isRemoved) return
  const gone = new AbortController()
  const { signal } = gone
  host.remove = () => {
    gone.abort()
    remove.call(host)
  }
  const isOpen = () => button.getAttribute('aria-expanded')
  /** Help was last asked for with it. */
  let pressed: HTMLElement | null = null

  // ---- presses
  let wasOpen: string | null
  /** Not what is disabled, nor a link for another tab, another window, a download: those are the browser's. */
  const mayOpen = (each: Element, { ctrlKey, metaKey, shiftKey, altKey }: MouseEvent) =>
    !each.matches(':disabled,[aria-disabled=true]') &&
    !((ctrlKey || metaKey || shiftKey || altKey) && each.closest('[href]'))
  const press = (event: Event) => {
    // A handler of the page's own on this very element said no.
    if (event.defaultPrevented) return
    event.preventDefault()
    pressed = event.currentTarget as HTMLElement
    // A handler that opens or closes help by a verb has done so: not back again.
    if (isOpen() === wasOpen) button.click()
  }
  const hear = (event: Event) => {
    const path = event.composedPath()
    const found = path.find(isMeant) as Element | undefined
    if (!found || element.hidden || path.includes(element) || !mayOpen(found, event as MouseEvent)) return
    if (event.type === 'click') {
      wasOpen = isOpen()
      // On its way down, for this one press: behind the page's own handlers on the element, which may say no, and before
      // those further out, where a router would follow the link and a menu keep the press to itself.
      found.addEventListener('click', press, { once: true, signal })
    } else button.dispatchEvent(new Event('pointerenter'))
  }
  for (const name of ['click', 'pointerover', 'focusin', 'touchstart'])
    document.addEventListener(name, hear, { capture: true, passive: true, signal })

  // ---- what they are told
  const told = new Map<Element, Map<string, Written>>()
  const write = (each: Element, name: string, value: string | null) => {
    const all = told.get(each) ?? new Map<string, Written>()
    told.set(each, all)
    const now = each.getAttribute(name)
    const last = all.get(name)
    // What the page wrote over ours is the page's.
    const before = last?.ours === now ? last.before : now
    const next = value ?? before
    if (value === null) all.delete(name)
    else all.set(name, { before, ours: value })
    if (next === null) each.removeAttribute(name)
    else if (next !== now) each.setAttribute(name, next)
  }
  const giveBack = (each: Element) => {
    for (const name of [...(told.get(each)?.keys() ?? [])]) write(each, name, null)
    told.delete(each)
  }

  const tell = () => {
    if (signal.aborted) return
    const now = new Set(meant())
    // In a shadow root nobody finds it but who presses it.
    if (pressed) now.add(pressed)
    for (const each of told.keys()) {
      if (each.isConnected && each.getRootNode() !== document) now.add(each)
      if (!now.has(each)) giveBack(each)
    }
    const badge = button.querySelector('.badge')
    const unread = badge?.textContent || null
    const state = shadow.querySelector('.problem:not(:empty)')
      ? 'failed'
      : isOpen() === 'true'
        ? 'open'
        : // From the press on: who only passes by with the pointer need not see that anything moves.
          pressed && button.getAttribute('aria-busy') === 'true'
          ? 'loading'
          : 'closed'
    for (const each of now)
      if (each.isConnected) {
        write(each, 'aria-haspopup', 'dialog')
        write(each, 'aria-expanded', isOpen())
        write(each, 'aria-description', unread && (badge?.getAttribute('aria-label') ?? null))
        write(each, 'data-asklet-unread', unread)
        write(each, 'data-asklet-state', state)
      } else giveBack(each)
  }

  // Whoever sets it, sets it on our button; ours is out of the page, and nobody sees it change.
  const thenTell =
    <Args extends unknown[]>(act: (...args: Args) => void) =>
    (...args: Args): void => {
      act(...args)
      tell()
    }
  launcher.setUnread = thenTell(launcher.setUnread)
  launcher.setBusy = thenTell(launcher.setBusy)
  launcher.setProblem = thenTell(launcher.setProblem)
  launcher.setOpen = thenTell(launcher.setOpen)
  button.addEventListener('click', tell, { signal })

  /** A page that draws itself anew all the time is looked at once a frame. */
  let frame = 0
  const coming = new MutationObserver(() => {
    frame ||= window.requestAnimationFrame(() => {
      frame = 0
      tell()
    })
  })
  if (typeof wanted === 'string' && wanted !== 'false')
    coming.observe(document, { childList: true, subtree: true })

  // ---- the keyboard
  /** Where it was before it came to us: a verb opens help, and no button was pressed. */
  let before: EventTarget | null = null
  document.addEventListener(
    'focusin',
    event => {
      if (event.target === element) before = event.relatedTarget
    },
    { capture: true, passive: true, signal },
  )
  // The key that closes the panel comes up on the page's button, and is none of the page's; one that goes down there is.
  const keepBack = (event?: Event) => {
    if (event?.type === 'keyup') event.stopPropagation()
    for (const name of ['keydown', 'keyup']) document.removeEventListener(name, keepBack, true)
  }
  button.focus = () => {
    for (const name of ['keydown', 'keyup']) document.addEventListener(name, keepBack, true)
    for (const each of [pressed, before, ...meant()] as (HTMLElement | null)[]) {
      // The page stays where it was scrolled to, as when a dialog of the browser's own closes.
      each?.focus({ preventScroll: true })
      // One that is gone, out of sight or inert does not take it.
      if (each?.matches(':focus')) break
    }
    before = null
    // The next time it may be a verb that opens.
    pressed = null
  }
  // ---- a press from before this came
  let at = early?.target as Element | null | undefined
  while (at && !isMeant(at)) at = at.parentElement
  // Whoever followed a link is where it leads.
  if (at && early && !early.defaultPrevented && mayOpen(at, early as MouseEvent) && !at.closest('[href]')) {
    pressed = at as HTMLElement
    button.click()
  }
  tell()
  signal.addEventListener('abort', () => {
    coming.disconnect()
    keepBack()
    window.cancelAnimationFrame(frame)
    for (const each of [...told.keys()]) giveBack(each)
  })
}
