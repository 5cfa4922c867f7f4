// The elements of a page as a person meets them: also those in open shadow roots, and which of them can be seen. Owns
// how a finding names them; looks at nothing itself.

export function* deep(root: ParentNode): Generator<HTMLElement> {
  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    yield element
    if (element.shadowRoot) yield* deep(element.shadowRoot)
  }
}
export const all = () => [...deep(document)].filter(element => element instanceof HTMLElement)
export const parentOf = (element: Element): Element | null =>
  element.parentElement ?? (element.getRootNode() as ShadowRoot).host ?? null
export const isShown = (element: Element) => {
  const { width, height } = element.getBoundingClientRect()
  return (
    width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  )
}
export const ownText = (element: Element) =>
  [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
/** Only for screen readers. */
export const isUnseen = (element: Element): boolean => {
  for (let at: Element | null = element; at; at = parentOf(at)) {
    const { clipPath, position, width } = getComputedStyle(at)
    if (clipPath === 'inset(50%)' || (position === 'absolute' && width === '1px')) return true
  }
  return false
}
const words = (element: Element) =>
  (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40)
export const nameOf = (element: Element) => {
  const role = element.getAttribute('role') ?? element.tagName.toLowerCase()
  const { className } = element as HTMLElement
  const own = typeof className === 'string' && className ? `.${className.split(' ')[0]}` : ''
  return `${role}${own} “${words(element)}”`
}
