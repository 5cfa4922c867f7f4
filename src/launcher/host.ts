// The one element that stands in the host's page, and the live region beside it.
// A child of <html>, so that a swapped <body> (Turbo, htmx) does not take it away.

export interface HostElement {
  readonly element: HTMLElement
  readonly shadow: ShadowRoot
  /** In the light DOM: VoiceOver on iOS does not read live regions in a shadow root. */
  readonly liveRegion: HTMLElement
  remove(): void
}

/**
 * Hidden from sight, not from a screen reader. Important, because a page may style every element that way, and this
 * one stands among its own. Set through CSSOM: a strict `style-src` forbids attributes.
 */
const OUT_OF_SIGHT =
  'all:initial;position:fixed;top:0;left:0;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap'.replace(
    /;|$/g,
    '!important;',
  )

/**
 * @param into  an element of the host to use (`<asklet-assistant>`), else one is made
 */
export function createHost(document: Document, into?: HTMLElement): HostElement {
  const element = into ?? document.createElement('asklet-root')
  const shadow = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
  const liveRegion = document.createElement('div')
  liveRegion.setAttribute('role', 'status')
  liveRegion.setAttribute('aria-live', 'polite')
  liveRegion.dataset.asklet = 'status'
  liveRegion.style.cssText = OUT_OF_SIGHT
  // `all` in launcher.css leaves `direction` alone, and a page may set that by style: its `dir` is what it means.
  element.dir ||= document.documentElement.dir || 'ltr'
  if (!into) document.documentElement.append(element)
  document.documentElement.append(liveRegion)
  return {
    element,
    shadow,
    liveRegion,
    remove() {
      shadow.replaceChildren()
      shadow.adoptedStyleSheets = []
      if (!into) element.remove()
      liveRegion.remove()
    },
  }
}
