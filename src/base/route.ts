// Notices that a single-page app moved to another address, without polling and without help from the host.

import type { Undo } from './environment'

/**
 * Calls `moved` after the address of the page changed within the document.
 *
 * The Navigation API tells it where the browser has one. Elsewhere `pushState` and `replaceState` are
 * wrapped; the undo puts the originals back, unless somebody wrapped them after us: then our wrapper stays
 * in the chain and only falls silent, because taking it out would cut off theirs.
 */
export function watchRoute(window: Window & typeof globalThis, moved: () => void): Undo {
  let last = window.location.href
  let isOn = true
  const check = () => {
    if (!isOn || window.location.href === last) return
    last = window.location.href
    moved()
  }
  const undos: Undo[] = []
  const listen = (target: EventTarget, event: string) => {
    target.addEventListener(event, check)
    undos.push(() => target.removeEventListener(event, check))
  }
  const undo = () => {
    isOn = false
    for (const undo of undos) undo()
  }
  // A function, because an API that is missing, or stubbed by the page, must not break the widget.
  const navigation = (window as { navigation?: EventTarget }).navigation
  if (typeof navigation?.addEventListener === 'function') {
    listen(navigation, 'currententrychange')
    return undo
  }
  for (const event of ['popstate', 'hashchange']) listen(window, event)
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = window.history[name]
    const wrapped: typeof original = function (this: History, ...args) {
      original.apply(this, args)
      check()
    }
    window.history[name] = wrapped
    undos.push(() => {
      if (window.history[name] === wrapped) window.history[name] = original
    })
  }
  return undo
}
