// Runs in the page before every other script: finds what is visible, in the page and in the assistant's shadow
// root, and notes each error. So all engines look and listen in the same way, whatever their drivers can do.

import type { Line } from '../../../demo/people'

/** A target as it travels into the page: a regular expression does not. */
export interface SeenTarget {
  readonly css: string
  readonly source: string
  readonly flags: string
  readonly isLast: boolean
}

export interface Seen {
  readonly text: string
  /** CSS pixels, of what is in sight. */
  readonly centre: readonly [x: number, y: number]
  /** A press on its centre falls on it. */
  readonly isOnTop: boolean
  /** Nothing lies over any edge of it, and no scroller cuts it off. */
  readonly isInSight: boolean
}

export interface Eyes {
  find(target: SeenTarget): HTMLElement | undefined
  /** null where there is none. */
  look(target: SeenTarget): Seen | null
  /** Scrolls it into view, as far as it has to. */
  reach(target: SeenTarget): void
  /** Selects what a field holds, so that the next key replaces it. */
  select(target: SeenTarget): void
  /** Role or name of what has the keyboard. */
  focused(): string
  transcript(): readonly Line[]
  /** Nothing is on its way from here to there; what turns for ever does not count. */
  isStill(): boolean
  /** What went wrong in this document and was not told yet. */
  errors(): readonly string[]
}

declare global {
  interface Window {
    askletEyes: Eyes
  }
}

const noted: string[] = []
addEventListener(
  'error',
  event => {
    const { target } = event
    // Of a script, style sheet or image that did not load only the element hears.
    const isLoading = target instanceof Element
    noted.push(isLoading ? `did not load: ${target.outerHTML.slice(0, 200)}` : `uncaught ${event.message}`)
  },
  true,
)
addEventListener('unhandledrejection', event => {
  noted.push(`unhandled ${event.reason}`)
})
const tell = console.error
console.error = (...words: unknown[]) => {
  noted.push(words.map(String).join(' '))
  tell.apply(console, words)
}

const roots = (): readonly ParentNode[] => {
  const shadows = [...document.querySelectorAll('asklet-root')].map(({ shadowRoot }) => shadowRoot)
  return [document, ...shadows.filter(root => root !== null)]
}

const isVisible = (element: Element) => {
  const { width, height } = element.getBoundingClientRect()
  return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true })
}

const find = ({ css, source, flags, isLast }: SeenTarget) => {
  const words = new RegExp(source, flags)
  const found = roots()
    .flatMap(root => [...root.querySelectorAll<HTMLElement>(css)])
    .filter(element => words.test(element.ariaLabel ?? element.textContent?.trim() ?? ''))
    .filter(isVisible)
  return isLast ? found.at(-1) : found[0]
}

window.askletEyes = {
  find,
  look(target) {
    const element = find(target)
    if (!element) return null
    const { left, top, right, bottom } = element.getBoundingClientRect()
    const [x, y] = [(left + right) / 2, (top + bottom) / 2]
    const root = element.getRootNode() as Document | ShadowRoot
    const isAt = ([atX, atY]: readonly [number, number]) => element.contains(root.elementFromPoint(atX, atY))
    // Of each edge its middle: corners are round.
    const edges = [
      [left + 2, y],
      [right - 2, y],
      [x, top + 2],
      [x, bottom - 2],
    ] as const
    return {
      text: element.textContent?.trim() ?? '',
      centre: [x, y],
      isOnTop: isAt([x, y]),
      isInSight: edges.every(isAt),
    }
  },
  reach(target) {
    find(target)?.scrollIntoView({ block: 'nearest', behavior: 'instant' })
  },
  select(target) {
    const field = find(target)
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.select()
  },
  focused() {
    let at = document.activeElement
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
    if (!at || at === document.body) return 'the page'
    return at.getAttribute('role') ?? at.ariaLabel ?? at.textContent?.trim() ?? at.tagName
  },
  transcript: () =>
    roots()
      .flatMap(root => [...root.querySelectorAll('[data-author]')])
      .map(item => ({
        author: item.getAttribute('data-author') as Line['author'],
        text: item.querySelector('.bubble')?.textContent?.trim() ?? '',
        seq: item.hasAttribute('data-seq') ? Number(item.getAttribute('data-seq')) : null,
      })),
  isStill: () =>
    ![document, document.querySelector('asklet-root')?.shadowRoot]
      .flatMap(root => root?.getAnimations() ?? [])
      .some(({ playState, effect }) => {
        const isEndless = effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY
        return playState === 'running' && !isEndless
      }),
  errors: () => noted.splice(0),
}
