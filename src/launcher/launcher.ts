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
  host.shadow.adoptedStyleSheets.push(sheet)

  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'launcher'
  button.setAttribute('part', 'launcher')
  button.setAttribute('aria-haspopup', 'dialog')
  button.setAttribute('aria-expanded', 'false')
  const text = document.createElement('span')
  button.append(icon(document), text)
  host.shadow.append(button)
  text.textContent = label

  /** What most visitors never see is made when there is something in it. */
  const late = (name: string, parent: Node) => {
    const made = document.createElement('span')
    made.className = name
    parent.appendChild(made)
    return made
  }
  let badge: HTMLElement | undefined
  let problem: HTMLElement | undefined

  return {
    button,
    setLabel(next) {
      text.textContent = next
    },
    setUnread(count, description) {
      if (!count && !badge) return
      badge ??= late('badge', button)
      badge.textContent = count ? String(count) : ''
      if (count) badge.setAttribute('aria-label', description)
    },
    setBusy(isBusy) {
      button.setAttribute('aria-busy', String(isBusy))
    },
    setProblem(sentence) {
      if (!sentence && !problem) return
      problem ??= late('problem', host.shadow)
      problem.setAttribute('role', 'alert')
      problem.textContent = sentence
    },
    setOpen(isOpen) {
      button.setAttribute('aria-expanded', String(isOpen))
    },
  }
}

/**
 * A speech bubble with a question mark, drawn here so that no image is requested; its size and stroke are the sheet's.
 */
function icon(document: Document): SVGElement {
  const [svg, path] = ['svg', 'path'].map(name => document.createElementNS(SVG, name)) as [
    SVGElement,
    SVGElement,
  ]
  svg.setAttribute('viewBox', '0 0 20 20')
  svg.setAttribute('aria-hidden', 'true')
  path.setAttribute(
    'd',
    'M10 2.5a7.5 7.5 0 0 0-6.6 11l-.9 4 4-.9A7.5 7.5 0 1 0 10 2.5ZM8 8a2 2 0 1 1 2.7 1.9c-.5.2-.7.5-.7 1.1m0 2.200v.1',
  )
  svg.append(path)
  return svg
}
