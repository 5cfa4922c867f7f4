// Which theme the page around us wears, for sites with a switch of their own: read from what such switches write on
// <html> or <body>, else from the colour scheme that the page declares. Writes nothing into the page.

import type { Undo } from './environment'

/** `auto`: the page is light or dark as the system is. */
export type PageTheme = 'auto' | 'light' | 'dark'

/** Where switches write what they chose, in the order in which they are believed. */
const MARKS = ['data-theme', 'data-bs-theme', 'data-color-scheme', 'class'] as const

/**
 * The theme that a page says it has. Pure.
 *
 * @param elements  attributes of <html> and <body>: the first that says `light` or `dark`, as one of its words, is right
 * @param scheme    the computed `color-scheme`
 */
export function themeSaid(
  elements: readonly Pick<Element, 'getAttribute'>[],
  scheme: string | undefined,
): PageTheme {
  for (const element of elements)
    for (const mark of MARKS) {
      const [, word] = /(?:^|\s)(light|dark)(?!\S)/.exec(element.getAttribute(mark) ?? '') ?? []
      if (word) return word as PageTheme
    }
  const isDark = /\bdark\b/.test(scheme ?? '')
  // Nothing declared is what browsers draw light.
  return isDark ? (/\blight\b/.test(scheme ?? '') ? 'auto' : 'dark') : 'light'
}

/** The theme of `document` now. */
export function themeOfPage(document: Document): PageTheme {
  const { documentElement, body, defaultView } = document
  return themeSaid(
    [documentElement, body].filter(Boolean),
    defaultView?.getComputedStyle(documentElement).colorScheme,
  )
}

/** Tells `changed` the theme of `document`: at once, and again whenever it becomes another. */
export function followTheme(document: Document, changed: (theme: PageTheme) => void): Undo {
  let last: PageTheme | undefined
  const look = () => {
    const now = themeOfPage(document)
    if (now === last) return
    last = now
    changed(now)
  }
  const { documentElement } = document
  const observer = new MutationObserver(() => watch())
  // Anew each time: a partial navigation brings another <body>. To watch what is watched already is nothing.
  const watch = () => {
    observer.observe(documentElement, { attributes: true, childList: true })
    if (document.body) observer.observe(document.body, { attributes: true })
    look()
  }
  watch()
  return () => observer.disconnect()
}
