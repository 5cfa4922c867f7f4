// One offer of help beside the launcher, in plain DOM: it comes before anything of the panel is loaded. Owns its
// element and its styles. Never takes the focus, and gives back where it stood once it goes.

import type { Undo } from '../base/environment'
import { themeOfPage } from '../base/pageTheme'
import type { HostElement } from './host'
import type { Launcher } from './launcher'
import css from './offer.css?inline'
import { voiceOf } from './voice'

/** The words of an offer, and what its three buttons do. */
export interface OfferWords {
  /** Names the bubble for screen readers. */
  readonly label: string
  readonly text: string
  readonly take: string
  readonly why: string
  readonly because: string
  readonly dismiss: string
  /** Said once to screen readers when the bubble comes. */
  readonly announcement: string
}

export interface OfferActs {
  take(): void
  dismiss(): void
  /** The panel was opened another way: the offer is gone, and was neither taken nor sent away. */
  passedBy(): void
}

/** What must not be covered. */
const FIELDS = 'input:not([type=hidden]),textarea,select,[contenteditable]:not([contenteditable=false])'

/**
 * Shows an offer.
 *
 * @returns takes it away, without an act; null where nobody could see it, or wherever it could stand it would cover the
 *   field being filled in
 */
export function showOffer(
  host: HostElement,
  launcher: Launcher,
  words: OfferWords,
  acts: OfferActs,
): Undo | null {
  const { element, shadow } = host
  const { ownerDocument: document } = element
  // The panel, where it comes, follows the page from then on.
  if (element.dataset.theme === 'host') element.dataset.theme = themeOfPage(document)
  const sheet = new (document.defaultView as Window & typeof globalThis).CSSStyleSheet()
  sheet.replaceSync(css)
  const make = <Name extends 'div' | 'p' | 'button'>(name: Name, className: string, text = '') => {
    const made = document.createElement(name)
    made.className = className
    made.textContent = text
    return made
  }
  const button = (className: string, text: string, press: () => void) => {
    const made = make('button', className, text)
    made.type = 'button'
    made.addEventListener('click', press)
    return made
  }

  const bubble = make('div', 'offer')
  bubble.setAttribute('part', 'offer')
  bubble.setAttribute('role', 'group')
  bubble.setAttribute('aria-label', words.label)
  const because = make('p', 'because', words.because)
  because.hidden = true
  const why = button('why', words.why, () => {
    because.hidden = !because.hidden
    why.setAttribute('aria-expanded', String(!because.hidden))
    // It is higher now. Where it may stand nowhere it is read where it is.
    const isBeside = bubble.classList.contains('beside')
    if (!findPlace(bubble, document)) bubble.classList.toggle('beside', isBeside)
  })
  why.setAttribute('aria-expanded', 'false')
  const dismiss = button('dismiss', '', () => act(acts.dismiss))
  dismiss.setAttribute('aria-label', words.dismiss)
  dismiss.append(cross(document))
  const doors = make('div', 'doors')
  doors.append(
    button('take', words.take, () => act(acts.take)),
    why,
  )
  bubble.append(make('p', 'text', words.text), doors, because, dismiss)

  /** Where the keyboard was in the page before the visitor went into the bubble. */
  let before: Element | null = null
  bubble.addEventListener('focusin', event => {
    const from = event.relatedTarget
    if (from instanceof Element && !bubble.contains(from)) before = from
    // A dialog of the page would pull the focus back.
    event.stopPropagation()
  })
  bubble.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || event.isComposing) return
    event.preventDefault()
    event.stopPropagation()
    act(acts.dismiss)
  })
  // Where the panel opens, whoever opened it, the offer is out of place. Looked at only while there is one.
  const opening = new MutationObserver(() => {
    if (launcher.button.getAttribute('aria-expanded') === 'true') act(acts.passedBy)
  })
  opening.observe(launcher.button, { attributes: true, attributeFilter: ['aria-expanded'] })
  launcher.button.addEventListener('click', pressed)
  function pressed() {
    act(acts.passedBy)
  }

  const remove = () => {
    opening.disconnect()
    launcher.button.removeEventListener('click', pressed)
    const isInside = bubble.contains(shadow.activeElement)
    bubble.remove()
    shadow.adoptedStyleSheets = shadow.adoptedStyleSheets.filter(each => each !== sheet)
    if (!isInside) return
    // Removing it leaves the keyboard nowhere.
    const back = before?.isConnected ? (before as HTMLElement) : launcher.button
    back.focus({ preventScroll: true })
  }
  function act(what: () => void) {
    remove()
    what()
  }

  shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet]
  // Before the launcher, so that Tab comes to it first.
  shadow.prepend(bubble)
  if (!isSeen(bubble, element) || !findPlace(bubble, document)) {
    remove()
    return null
  }
  voiceOf(host).say(words.announcement)
  return remove
}

/** Not on a page where the launcher is hidden, nor under what the page has put above all else. */
function isSeen(bubble: HTMLElement, host: Element): boolean {
  const { ownerDocument: document } = host
  const { CSS } = document.defaultView as Window & typeof globalThis
  const above = CSS.supports('selector(:modal)') ? [...document.querySelectorAll('dialog:modal')] : []
  if (document.fullscreenElement) above.push(document.fullscreenElement)
  return (
    bubble.getClientRects().length > 0 &&
    // An older browser does not know; the box it has.
    bubble.checkVisibility?.({ visibilityProperty: true }) !== false &&
    above.every(each => each.contains(host))
  )
}

/** Over the launcher, else beside it: where no field is covered, or at least not the one that is being filled in. */
function findPlace(bubble: HTMLElement, document: Document): boolean {
  const covers = (fields: Iterable<Element>) => {
    const place = bubble.getBoundingClientRect()
    if (place.top < 0 || place.left < 0 || place.right > document.documentElement.clientWidth) return true
    return Array.from(fields).some(field => {
      const { left, right, top, bottom, width } = field.getBoundingClientRect()
      return width > 0 && left < place.right && right > place.left && top < place.bottom && bottom > place.top
    })
  }
  const fields = document.querySelectorAll(FIELDS)
  const focused = document.activeElement
  const used = focused?.matches(FIELDS) ? [focused] : []
  for (const kept of [fields, used])
    for (const isBeside of [false, true]) {
      bubble.classList.toggle('beside', isBeside)
      if (!covers(kept)) return true
    }
  return false
}

function cross(document: Document): SVGElement {
  const ns = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(ns, 'svg')
  const path = document.createElementNS(ns, 'path')
  for (const [name, value] of Object.entries({
    viewBox: '0 0 20 20',
    width: '20',
    height: '20',
    'aria-hidden': 'true',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '1.6',
    'stroke-linecap': 'round',
  }))
    svg.setAttribute(name, value)
  path.setAttribute('d', 'M5.5 5.5l9 9m0-9l-9 9')
  svg.append(path)
  return svg
}
