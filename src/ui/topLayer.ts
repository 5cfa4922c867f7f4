// Keeps an open panel above the page: in the browser's top layer, which no z-index reaches, and inside the page's modal
// dialog while there is one, because everything outside of that is inert, whatever it is above. Chromium makes so of an
// element that fills the screen, too. A chunk of its own, which comes once the panel is open. Leaves the launcher of a
// closed panel where it was: under a modal dialog the page wants nothing else to be pressed.
//
//   panel opens ──> popover shown ──> a dialog opens ──> host moves into it ──> it closes, or is taken out ──> back
//                                     an element fills the screen               the screen is given back
//
// An element of the page's own (`<asklet-assistant>`) is raised, and moved by nobody but the page.

import type { Undo } from '../base/environment'

/**
 * Raises the panel until the undo.
 *
 * @param host        holds launcher and panel
 * @param liveRegion  goes where the host goes: outside of a modal dialog nothing is read out
 * @param asked       what had the focus when help was asked for; nothing where nobody did, as after a reload
 * @param takeFocus   called when the panel stands in a dialog that was open before it, where it could not have it
 */
export function raise(
  host: HTMLElement,
  liveRegion: HTMLElement,
  asked: Element | null | undefined,
  takeFocus: () => void,
): Undo {
  // An older browser has the z-index alone. One that the page made a popover is the page's to show.
  if (!host.showPopover || host.hasAttribute('popover')) return () => {}
  const { ownerDocument: document } = host
  const stop = new AbortController()
  const isOurs = host.localName === 'asklet-root'
  /** Where the keyboard was in the dialog before it was in here. */
  let before: Element | null = null

  const show = () => {
    if (host.matches(':popover-open')) host.hidePopover()
    host.popover = 'manual'
    host.showPopover()
  }
  const settle = () => {
    const modal = isOurs ? modalOf(document) : null
    const place = modal ?? document.documentElement
    if (isOurs && host.parentNode !== place) {
      const { activeElement } = document
      if (modal && activeElement !== host) before = activeElement
      const hadFocus = activeElement === host
      move(host, place)
      place.append(liveRegion)
      leaving.disconnect()
      if (modal) {
        // Closed without an event, or taken out by who drew it, and this one with it.
        leaving.observe(modal, { attributes: true, attributeFilter: ['open'] })
        leaving.observe(document, { childList: true, subtree: true })
      } else if (hadFocus && before?.isConnected) (before as HTMLElement).focus({ preventScroll: true })
    }
    show()
  }
  const leaving = new MutationObserver(() => {
    if (!host.isConnected || host.parentElement?.matches('dialog:not([open])')) settle()
  })
  // They do not bubble, and are seen on the way down. A popover of the page may lie above; a dialog makes inert.
  // The screen is filled at any element, and given back.
  const look = ({ type, target }: Event) => {
    if (type === 'fullscreenchange' || (target as Element).localName === 'dialog') settle()
  }
  for (const type of ['toggle', 'close', 'fullscreenchange'])
    document.addEventListener(type, look, { capture: true, passive: true, signal: stop.signal })

  // A dialog that closes at a press beside its form would take help along: it is beside, and within.
  const keepIn = (event: Event) => {
    if (isOurs && host.parentNode !== document.documentElement) event.stopPropagation()
  }
  for (const type of PRESSES) host.addEventListener(type, keepIn, { passive: true, signal: stop.signal })

  settle()
  // Whoever has gone on to something else meanwhile is left there.
  if (before && before === asked) takeFocus()
  return () => {
    stop.abort()
    leaving.disconnect()
    if (host.matches(':popover-open')) host.hidePopover()
    host.removeAttribute('popover')
    // Out of the page with the dialog that held it, it comes back; taken out by the page itself, it stays out.
    if (!isOurs || !host.parentElement || host.parentElement.localName === 'html') return
    const hadFocus = document.activeElement === host
    move(host, document.documentElement)
    document.documentElement.append(liveRegion)
    if (hadFocus && before?.isConnected) (before as HTMLElement).focus({ preventScroll: true })
  }
}

const PRESSES = [
  'click',
  'pointerdown',
  'pointerup',
  'mousedown',
  'mouseup',
  'touchstart',
  'touchend',
] as const

/** These hold no children that are shown. */
const HOLDS_NOTHING = 'html,video,iframe,object,embed,img,canvas'

/**
 * What makes all else inert: the innermost modal dialog (or element over the whole screen) with the keyboard, else the
 * last one. Not those in shadow roots.
 */
function modalOf(document: Document): Element | null {
  const dialogs = [...document.querySelectorAll('dialog:modal')].filter(dialog => dialog.hasAttribute('open'))
  const { fullscreenElement: whole } = document
  // Taken out of the page, it fills the screen a moment longer.
  const all = whole?.isConnected && !whole.matches(HOLDS_NOTHING) ? [whole, ...dialogs] : dialogs
  return all.filter(dialog => dialog.contains(document.activeElement)).at(-1) ?? all.at(-1) ?? null
}

/** With all that it holds as it is, where the browser can; else at least the keyboard stays. */
function move(host: HTMLElement, into: Element): void {
  const { moveBefore } = into as { moveBefore?: (node: Node, before: null) => void }
  const focused = host.shadowRoot?.activeElement as HTMLElement | null | undefined
  if (moveBefore && host.isConnected) moveBefore.call(into, host, null)
  else into.append(host)
  if (focused && host.shadowRoot?.activeElement !== focused) focused.focus({ preventScroll: true })
}
