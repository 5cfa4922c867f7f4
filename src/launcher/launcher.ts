// One button, without a framework: the first bytes on the page.
// Says when help cannot be loaded, and stays usable.

import type { HostElement } from './host'
import css from './launcher.css?inline'

export interface Launcher {
  readonly button: HTMLButtonElement
  setLabel(label: string): void
  setUnread(count: number, label: string): void
  setBusy(isBusy: boolean): void
  /** A sentence over the button; '' takes it away. */
  setProblem(sentence: string): void
  setOpen(isOpen: boolean): void
}

const SVG = 'http://www.w3.org/2000/svg'

export function createLauncher(host: HostElement, label: string): Launcher {
  const document = host.element.ownerDocument
  const sheet = new (document.defaultView as Window & typeof globalThis).CSSStyleSheet()
  sheet.replaceSync(css)
  host.shadow.adoptedStyleSheets = [...host.shadow.adoptedStyleSheets, sheet]

  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'launcher'
  button.setAttribute('part', 'launcher')
  button.setAttribute('aria-haspopup', 'dialog')
  button.setAttribute('aria-expanded', 'false')
  const text = document.createElement('span')
  const badge = document.createElement('span')
  badge.className = 'badge'
  const problem = document.createElement('span')
  problem.className = 'problem'
  problem.setAttribute('role', 'alert')
  button.append(icon(document), text, badge)
  host.shadow.append(button, problem)
  text.textContent = label

  return {
    button,
    setLabel(next) {
      text.textContent = next
    },
    setUnread(count, description) {
      badge.textContent = count ? String(count) : ''
      if (count) badge.setAttribute('aria-label', description)
    },
    setBusy(isBusy) {
      button.setAttribute('aria-busy', String(isBusy))
    },
    setProblem(sentence) {
      problem.textContent = sentence
    },
    setOpen(isOpen) {
      button.setAttribute('aria-expanded', String(isOpen))
    },
  }
}

/** A speech bubble with a question mark, drawn here so that no image is requested. */
function icon(document: Document): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 20 20')
  svg.setAttribute('width', '20')
  svg.setAttribute('height', '20')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute(
    'd',
    'M10 2.5a7.5 7.5 0 0 0-6.6 11L2.5 17.5l4-.9A7.5 7.5 0 1 0 10 2.5ZM8 8a2 2 0 1 1 2.7 1.9c-.5.2-.7.5-.7 1.1m0 2.200v.1',
  )
  path.setAttribute('fill', 'none')
  path.setAttribute('stroke', 'currentColor')
  path.setAttribute('stroke-width', '1.6')
  path.setAttribute('stroke-linecap', 'round')
  path.setAttribute('stroke-linejoin', 'round')
  svg.append(path)
  return svg
}
