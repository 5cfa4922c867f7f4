// The one element that stands in the host's page.
// A child of <html>, so that a swapped <body> (Turbo, htmx) does not take it away.

import type { Voice } from '../base/voice'

export interface HostElement {
  readonly element: HTMLElement
  readonly shadow: ShadowRoot
  /** The voice beside it, once somebody has asked for one: `launcher/voice`. */
  voice?: Voice
  /** Nothing may stand beside it any more. */
  isRemoved?: boolean
  remove(): void
}

/**
 * @param into  an element of the host to use (`<asklet-assistant>`), else one is made
 */
export function createHost(document: Document, into?: HTMLElement): HostElement {
  const element = into ?? document.createElement('asklet-root')
  const shadow = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
  // `all` in launcher.css leaves `direction` alone, and a page may set that by style: its `dir` is what it means.
  element.dir ||= document.documentElement.dir || 'ltr'
  if (!into) document.documentElement.append(element)
  return {
    element,
    shadow,
    remove() {
      shadow.replaceChildren()
      shadow.adoptedStyleSheets = []
      if (!into) element.remove()
      this.voice?.remove()
      this.isRemoved = true
    },
  }
}
