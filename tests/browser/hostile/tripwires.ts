// What runs inside a page to notice that something hostile came to life: put in before any script of the page.
// Owns the counting in the page; who is to blame is worked out outside. Functions here are sent as text and know
// nothing of this module.

export interface Trip {
  readonly kind: 'executions' | 'requests' | 'csp-reports' | 'leaks' | 'host-elements-changed'
  readonly what: string
}

/** Init script: dialogs, windows and code from text leave a mark; reports of the policy and keys are counted. */
export function setTripwires(): void {
  const trips: Trip[] = []
  const add = (kind: Trip['kind'], what: string) => {
    if (trips.length < 50) trips.push({ kind, what: what.slice(0, 200) })
  }
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'] as const)
    window[name] = ((...given: unknown[]) => add('executions', `${name}(${given.join()})`)) as never
  document.addEventListener('securitypolicyviolation', event =>
    add('csp-reports', `${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
  )
  for (const type of ['keydown', 'keyup', 'keypress', 'beforeinput', 'input', 'paste', 'change', 'submit'])
    document.addEventListener(type, event => {
      // What happens in the open panel is none of the page's business; the launcher is a button like any other.
      if (event.composedPath().some(target => (target as Element).className === 'panel'))
        add('leaks', `the host heard ${type}`)
    })
  Object.defineProperty(window, 'tripsOfThisPage', { value: trips })
  // No page of ours gives the window anything after it has loaded.
  let known: Set<string>
  addEventListener('load', () => {
    known = new Set(Object.getOwnPropertyNames(window))
  })
  Object.defineProperty(window, 'takeTrips', {
    value: () => {
      for (const name of Object.getOwnPropertyNames(window))
        if (known && !known.has(name) && !/^(?:__playwright|Asklet$|hostile$|\d+$)/.test(name)) {
          known.add(name)
          add('executions', `window.${name} is new`)
        }
      return trips.splice(0)
    },
  })
}

/**
 * Everything in `root` that words of others may not have made: elements, attributes, addresses.
 *
 * @param where  `widget`: the shadow root of asklet-root; `desk`: the document
 */
export function findLeaks(where: 'widget' | 'desk'): Trip[] {
  const trips: Trip[] = []
  const root = where === 'widget' ? document.querySelector('asklet-root')?.shadowRoot : document.body
  if (!root) return [{ kind: 'leaks', what: 'the assistant is gone' }]
  const FORBIDDEN =
    'script, style, link, meta, base, iframe, frame, object, embed, template, math, video, audio, canvas, form form, ' +
    'marquee, picture, source, map, area, dialog dialog, foreignObject, animate, set, use, image, svg a, slot, portal'
  const report = (kind: Trip['kind'], element: Element, what: string) => {
    const clone = element.cloneNode(false) as Element
    if (trips.length < 50) trips.push({ kind, what: `${what}: ${clone.outerHTML.slice(0, 160)}` })
  }
  // A picture that was chosen is drawn.
  for (const element of root.querySelectorAll(FORBIDDEN))
    if (!(element.localName === 'canvas' && element.parentElement?.className === 'thumb'))
      report('leaks', element, 'an element of the content')
  // Words and trees: what Content.tsx draws, and nothing else.
  const ALLOWED: Record<string, readonly string[]> = {
    p: ['class'], h3: ['tabindex', 'data-focus'], h4: ['id', 'tabindex'], h5: ['id', 'tabindex'], h6: ['id', 'tabindex'],
    ul: [], ol: ['start'], li: [], blockquote: [], pre: ['tabindex'], code: [], div: ['class', 'tabindex'], table: [],
    thead: [], tbody: [], tr: [], th: ['scope'], td: [], hr: [], strong: [], em: [], s: [], br: [], small: [],
    button: ['type', 'class'], a: ['href', 'rel', 'target'],
    img: ['src', 'alt', 'width', 'height', 'loading', 'referrerpolicy'],
  } // biome-ignore format: a table
  for (const element of root.querySelectorAll('.prose *, .bubble *, blockquote.asked *')) {
    const attributes = ALLOWED[element.localName]
    if (!attributes) report('leaks', element, 'an element of the content')
    else
      for (const { name, value } of element.attributes) {
        const isClass = name === 'class' && !/^(?:words|prose|wide|link)$/.test(value)
        // Words run by their own letters; what is in another language than the window's says so.
        const isDirection = name === 'dir' && /^(?:auto|ltr|rtl)$/.test(value)
        const isLanguage = name === 'lang' && /^[a-z]{2,3}(?:-[a-z\d]{2,8})*$/i.test(value)
        if (isDirection || isLanguage) continue
        if (!attributes.includes(name) || isClass || (name === 'id' && !value.startsWith('h-')))
          report('leaks', element, `the attribute ${name}`)
      }
  }
  for (const element of root.querySelectorAll('*')) {
    // The assistant's own: colours and places, as custom properties and nothing else; a field as high as its words;
    // room for a picture, and how far an upload is.
    const style = element.getAttribute('style') ?? ''
    const isOwnStyle =
      (/^(?:asklet|panel)$/.test(element.className) && /^(?:--[\w-]+:[^;]*;\s*)*$/.test(style)) ||
      (element.localName === 'textarea' && /^(?:(?:height|overflow-y): [\w.]+;\s*)*$/.test(style)) ||
      (element.localName === 'span' && /^inline-size: \d+px; aspect-ratio: \d+ \/ \d+;$/.test(style)) ||
      (element.localName === 'i' && /^inline-size: [\d.]+%;$/.test(style))
    for (const { name } of element.attributes)
      if (name === 'style' && isOwnStyle) continue
      else if (/^on|^style$|^srcdoc$|^formaction$|^ping$|^srcset$|^background$/.test(name))
        report('leaks', element, `the attribute ${name}`)
    for (const name of ['href', 'src', 'action', 'xlink:href', 'data']) {
      const value = element.getAttribute(name)
      if (value === null) continue
      const url = URL.parse(value, document.baseURI)
      if (!url || !/^(?:https?|mailto|tel):$/.test(url.protocol))
        report('executions', element, `an address of the scheme ${url?.protocol ?? '(none)'}`)
      else if (name !== 'href' && url.origin !== location.origin)
        report('requests', element, 'loads from elsewhere')
      else if (
        name === 'href' &&
        /^http/.test(url.protocol) &&
        url.origin !== location.origin &&
        !(element.getAttribute('rel')?.includes('noopener') && element.getAttribute('target') === '_blank')
      )
        report('leaks', element, 'a link that hands over this window')
    }
  }
  return trips
}

/**
 * Place and looks of the host's elements, and what stands outside the assistant, a line each.
 * Equal before and after, or the assistant reached out.
 */
export function hostLooks(): Record<string, string> {
  const found: Record<string, string> = {}
  const isOurs = (element: Element) =>
    element.localName === 'asklet-root' ||
    // With what is said in the voice's place.
    element.closest('[data-asklet]') !== null ||
    element.localName === 'asklet-assistant'
  const elements = [...document.querySelectorAll('*')].filter(
    element => !element.closest('head') && !isOurs(element),
  )
  found.elements = elements.map(element => element.localName).join(' ')
  found.head = [...(document.head?.children ?? [])]
    .map(element => element.outerHTML)
    .join('\n')
    .slice(0, 5_000)
  found.title = document.title
  found.sheets = `${document.styleSheets.length} ${document.adoptedStyleSheets.length}`
  found.attributes = [document.documentElement, document.body]
    .flatMap(element => [...(element?.attributes ?? [])].map(({ name, value }) => `${name}=${value}`))
    .join(' ')
  found.scroll = `${scrollX} ${scrollY} ${document.documentElement.scrollWidth} ${document.documentElement.scrollHeight}`
  for (const [n, element] of elements.slice(0, 60).entries()) {
    const { x, y, width, height } = element.getBoundingClientRect()
    const name = `${n} ${element.localName}`
    found[`${name} place`] = [x, y, width, height].map(Math.round).join(' ')
    const style = getComputedStyle(element)
    let looks = ''
    for (const property of style) looks += `${property}:${style.getPropertyValue(property)};`
    found[`${name} looks`] = looks
  }
  return found
}
