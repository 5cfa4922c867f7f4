// What is looked at inside a page, in the document and in every open shadow root. Each look answers with what is
// wrong, as sentences; none changes the page for longer than it looks.

import { directionOf } from '../../../src/base/locales'
import { cut } from './fits'
import { all, deep, isShown, isUnseen, nameOf, ownText, parentOf } from './inTree'

/** WCAG 2.5.8. */
const TARGET = 24
/** WCAG 1.4.11. */
const VISIBLE = 3
const INTERACTIVE =
  'a[href],button,input:not([type=hidden]),select,textarea,summary,[role=button],[role=option],[role=radio],[role=tab],[role=switch],[role=menuitem],[tabindex="0"]'

export interface Focus {
  /** Where the keyboard is, in words; the same for the same element while the page stands. */
  readonly name: string
  /** One number an element. */
  readonly id: number
  /** Nothing of it can be seen, because something lies over it or it is out of sight. */
  readonly isObscured: boolean
  readonly isInPage: boolean
}

export interface Looks {
  /** WCAG 2.5.8: 24 by 24, or far enough from the next one. */
  targets(): readonly string[]
  /** Words that do not fit where they stand: `fits`. */
  cut(): readonly string[]
  /** WCAG 1.4.12: as `cut`, with the visitor's own spacing. */
  cutWithSpacing(): readonly string[]
  /** WCAG 1.4.11: fields and switches stand out from what is behind them. */
  shapes(): readonly string[]
  /** WCAG 1.4.3, of all text, by what is painted behind it. */
  contrast(): readonly string[]
  /** WCAG 3.1.1, 3.1.2: every word has a language and a direction. */
  language(locale: string): readonly string[]
  /** Under reduced motion nothing moves. */
  motion(): readonly string[]
  /** Under forced colours a chosen thing is told from another, and a control has a shape. */
  forced(): readonly string[]
  /** One readable unit a message; who speaks is text. */
  messages(): readonly string[]
  /** WCAG 1.3.5: fields that ask for what a browser knows say so. */
  purposes(): readonly string[]
  /** How many stops the keyboard has to reach. */
  stops(): readonly { readonly id: number; readonly name: string }[]
  focus(): Focus
  /** Ids of what looks the same with and without the keyboard, of those that had it since the walk began. */
  unmarked(): readonly string[]
  startWalk(): void
}

declare global {
  interface Window {
    askletLooks: Looks
  }
}

const rootsOf = () => [
  document,
  ...[...deep(document)].flatMap(({ shadowRoot }) => (shadowRoot ? [shadowRoot] : [])),
]
const isOff = (element: Element) => element.matches(':disabled') || element.closest('[inert]') !== null
/** What a finger meets: a hidden radio is as large as its label. */
const targetOf = (element: HTMLElement): HTMLElement => {
  if (!(element instanceof HTMLInputElement)) return element
  const isPoint = element.type === 'radio' || element.type === 'checkbox'
  return (isPoint || !isShown(element) ? element.labels?.[0] : null) ?? element
}
/** What lies behind an open modal dialog is in nobody's way, and out of everybody's reach. */
const inReach = (): readonly HTMLElement[] => {
  const elements = all()
  const modal = elements.find(
    element => element.matches('[aria-modal=true],dialog:modal') && isShown(element),
  )
  return modal ? elements.filter(element => element !== modal && holds(modal, element)) : elements
}
const controls = () => [
  ...new Set(
    inReach()
      .filter(element => element.matches(INTERACTIVE))
      .map(targetOf),
  ),
]

type Colour = readonly [red: number, green: number, blue: number, alpha: number]
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
/** Whatever way the browser writes it. */
function colour(css: string): Colour {
  if (!canvas) throw new Error('no canvas to read colours with')
  canvas.canvas.width = 1
  canvas.canvas.height = 1
  canvas.fillStyle = '#000'
  canvas.fillStyle = css
  canvas.fillRect(0, 0, 1, 1)
  const [r = 0, g = 0, b = 0, a = 255] = canvas.getImageData(0, 0, 1, 1).data
  return [r, g, b, a / 255]
}
const over = (top: Colour, below: Colour): Colour =>
  [...([0, 1, 2] as const).map(i => top[i] * top[3] + below[i] * (1 - top[3])), 1] as unknown as Colour
const light = (channel: number) => {
  const part = channel / 255
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}
const luminance = ([r, g, b]: Colour) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b)
const ratio = (a: Colour, b: Colour) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}
/** Painted behind `element`, itself included or not; null where an image is. */
function behind(element: Element, isWithItself: boolean): Colour | null {
  const layers: Colour[] = []
  for (let at = isWithItself ? element : parentOf(element); at; at = parentOf(at)) {
    const { backgroundColor, backgroundImage } = getComputedStyle(at)
    if (backgroundImage !== 'none') return null
    const layer = colour(backgroundColor)
    layers.push(layer)
    if (layer[3] === 1) break
  }
  const isDark = getComputedStyle(document.documentElement).colorScheme === 'dark'
  return layers.reduceRight<Colour>(
    (below, top) => over(top, below),
    isDark ? [18, 18, 18, 1] : [255, 255, 255, 1],
  )
}

const ids = new WeakMap<Element, number>()
let nextId = 0
const idOf = (element: Element) => {
  let id = ids.get(element)
  if (id === undefined) {
    id = ++nextId
    ids.set(element, id)
  }
  return id
}
/** What shows the keyboard: on the element, or around it. */
const marks = (element: Element) => {
  const looks: string[] = []
  let at: Element | null = element
  for (let n = 0; at && n < 3; n++, at = parentOf(at)) {
    for (const pseudo of [null, '::before', '::after']) {
      const style = getComputedStyle(at, pseudo)
      const outline = style.outlineStyle === 'none' ? '' : `${style.outlineWidth}${style.outlineColor}`
      looks.push(outline, style.boxShadow, style.borderColor, style.borderWidth, style.backgroundColor)
    }
  }
  return looks.join(' ')
}
let walked = new Map<Element, string>()

function focused(): Element | null {
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  return at
}
const deepAt = (x: number, y: number) => {
  let at = document.elementFromPoint(x, y)
  while (at?.shadowRoot) {
    const inner = at.shadowRoot.elementFromPoint(x, y)
    if (!inner || inner === at) break
    at = inner
  }
  return at
}
const holds = (outer: Element, inner: Element | null) => {
  for (let at = inner; at; at = parentOf(at)) if (at === outer) return true
  return false
}

window.askletLooks = {
  targets() {
    const boxes = controls()
      .filter(element => isShown(element) && !isOff(element) && !isUnseen(element))
      .map(element => ({ element, box: element.getBoundingClientRect() }))
    return boxes.flatMap(({ element, box }) => {
      if (box.width >= TARGET - 0.5 && box.height >= TARGET - 0.5) return []
      // Within a sentence, the line gives the height.
      if (getComputedStyle(element).display === 'inline' && element.matches('a')) return []
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
      const near = boxes.find(other => {
        if (other.element === element || holds(other.element, element) || holds(element, other.element))
          return false
        const dx = Math.max(other.box.left - x, 0, x - other.box.right)
        const dy = Math.max(other.box.top - y, 0, y - other.box.bottom)
        return Math.hypot(dx, dy) < TARGET / 2
      })
      return near
        ? [
            `${nameOf(element)} is ${box.width.toFixed(0)} by ${box.height.toFixed(0)} px beside ${nameOf(near.element)}`,
          ]
        : []
    })
  },
  cut,
  cutWithSpacing() {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(
      '*:not(svg *){line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-block-end:2em!important}',
    )
    const roots = rootsOf()
    for (const root of roots) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
    try {
      return cut()
    } finally {
      for (const root of roots)
        root.adoptedStyleSheets = root.adoptedStyleSheets.filter(each => each !== sheet)
    }
  },
  shapes() {
    return all()
      .filter(
        element =>
          element.matches('input:not([type=file]):not([type=hidden]),textarea,select,[role=switch]') &&
          isShown(element) &&
          !isOff(element),
      )
      .flatMap(element => {
        if (
          element.matches('input') &&
          getComputedStyle(element).appearance !== 'none' &&
          element.matches('[type=checkbox],[type=radio]')
        )
          return []
        // The field itself or the box that is drawn around it.
        let best = 0
        // A switch is drawn by what is in it.
        let at: Element | null = element.matches('[role=switch]')
          ? (element.firstElementChild ?? element)
          : element
        for (let n = 0; at && n < 3; n++, at = parentOf(at)) {
          const around = behind(at, false)
          const inside = behind(at, true)
          if (!around || !inside) return []
          const style = getComputedStyle(at)
          if (Number.parseFloat(style.borderTopWidth) >= 1 || Number.parseFloat(style.borderBottomWidth) >= 1)
            best = Math.max(best, ratio(over(colour(style.borderBottomColor), around), around))
          if (style.outlineStyle !== 'none')
            best = Math.max(best, ratio(over(colour(style.outlineColor), around), around))
          best = Math.max(best, ratio(inside, around))
        }
        return best >= VISIBLE - 0.005 ? [] : [`${nameOf(element)} stands out by ${best.toFixed(2)} only`]
      })
  },
  contrast() {
    const found: string[] = []
    for (const element of all()) {
      if (!ownText(element) || !isShown(element) || isUnseen(element) || isOff(element)) continue
      if (element.closest('[aria-disabled=true]')) continue
      const ground = behind(element, true)
      if (!ground) continue
      const style = getComputedStyle(element)
      let opacity = 1
      for (let at: Element | null = element; at; at = parentOf(at))
        opacity *= Number(getComputedStyle(at).opacity)
      const [r, g, b, a] = colour(style.color)
      const size = Number.parseFloat(style.fontSize)
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
      const reached = ratio(over([r, g, b, a * opacity], ground), ground)
      if (reached < (isLarge ? 3 : 4.5) - 0.01) found.push(`${nameOf(element)} has ${reached.toFixed(2)}`)
    }
    return [...new Set(found)]
  },
  language(locale) {
    const found: string[] = []
    for (const element of all()) {
      if (!ownText(element) || !isShown(element)) continue
      let at: Element | null = element
      while (at && !at.getAttribute('lang')) at = parentOf(at)
      if (!at) found.push(`${nameOf(element)} has no language`)
    }
    for (const face of all().filter(element => element.matches('.asklet .inside,.asklet-desk'))) {
      const { direction } = getComputedStyle(face)
      if (direction !== directionOf(locale))
        found.push(`${nameOf(face).slice(0, 30)} runs ${direction} in ${locale}`)
    }
    return [...new Set(found)]
  },
  motion() {
    return rootsOf()
      .flatMap(root => root.getAnimations())
      .filter(({ playState, effect }) => {
        const { duration, iterations } = effect?.getComputedTiming() ?? {}
        const moves =
          effect instanceof KeyframeEffect &&
          effect
            .getKeyframes()
            .some(frame =>
              Object.keys(frame).some(key =>
                /^(transform|translate|scale|rotate|left|top|right|bottom|inset|width|height|margin|backgroundPosition)/.test(
                  key,
                ),
              ),
            )
        return (
          playState === 'running' &&
          moves &&
          (Number(duration) > 1 || iterations === Number.POSITIVE_INFINITY)
        )
      })
      .map(
        ({ effect }) => `${nameOf((effect as KeyframeEffect).target as Element)} moves under reduced motion`,
      )
  },
  forced() {
    const found: string[] = []
    const look = (element: Element) => {
      const style = getComputedStyle(element)
      return [
        style.borderColor,
        style.borderWidth,
        style.borderStyle,
        style.backgroundColor,
        style.color,
        style.outlineStyle,
        style.textDecorationLine,
        style.fontWeight,
      ].join()
    }
    for (const element of all()) {
      if (!isShown(element) || isUnseen(element)) continue
      const { role = '' } = element
      if (element.matches('[aria-selected=true],[aria-checked=true],[aria-pressed=true]')) {
        const state = ['aria-selected', 'aria-checked', 'aria-pressed'].find(
          name => element.getAttribute(name) === 'true',
        )
        const other = [
          ...(element.parentElement?.querySelectorAll(`[role=${role || 'button'}][${state}=false]`) ?? []),
        ].find(isShown)
        if (other && look(other) === look(element))
          found.push(`${nameOf(element)} looks like what is not chosen`)
      }
      if (
        element.matches('button,[role=switch]') &&
        !ownText(element) &&
        !element.textContent?.trim() &&
        !element.querySelector('svg')
      ) {
        const { borderTopWidth, outlineStyle } = getComputedStyle(element)
        if (Number.parseFloat(borderTopWidth) < 1 && outlineStyle === 'none')
          found.push(`${nameOf(element)} has no shape`)
      }
    }
    for (const icon of [...deep(document)].flatMap(element => [
      ...element.querySelectorAll(':scope > svg'),
    ])) {
      if (!isShown(icon)) continue
      const { color, stroke, fill } = getComputedStyle(icon)
      const ground = behind(icon, true)
      const ink = stroke !== 'none' ? stroke : fill !== 'none' ? fill : color
      if (ground && ratio(over(colour(ink), ground), ground) < VISIBLE)
        found.push(`the icon in ${nameOf(parentOf(icon) as Element)} cannot be seen`)
    }
    return [...new Set(found)]
  },
  messages() {
    return all()
      .filter(element => element.matches('[data-author]') && isShown(element))
      .flatMap(element => {
        const found: string[] = []
        if (!element.matches('li,article,[role=listitem],[role=article]'))
          found.push(`${nameOf(element)} is no unit of its own`)
        const speaker = element.querySelector('.author,.sr,[data-speaker]')?.textContent?.trim()
        if (!speaker) found.push(`${nameOf(element)} does not say whose words it holds`)
        return found
      })
  },
  purposes() {
    return all()
      .filter(
        element =>
          element.matches('input[type=email],input[type=tel],input[type=password],input[name=name]') &&
          isShown(element),
      )
      .filter(element => !element.getAttribute('autocomplete'))
      .map(element => `${nameOf(element)} has no autocomplete`)
  },
  stops() {
    return (
      inReach()
        .filter(element => element.matches(INTERACTIVE) && !isOff(element))
        .filter(element => element.tabIndex >= 0 && (isShown(element) || isShown(targetOf(element))))
        // Of a group of radios one is a stop; an option belongs to its field.
        .filter(
          element => !(element instanceof HTMLInputElement && element.type === 'radio' && !element.checked),
        )
        .map(element => ({ id: idOf(element), name: nameOf(element) }))
    )
  },
  startWalk() {
    walked = new Map()
    // What closes when it is left is walked from its beginning, wherever in it the state stands.
    focused()?.closest('aside')?.querySelector<HTMLElement>('[tabindex="-1"]')?.focus()
    // What a page has before and behind: a face of one stop alone is none that cannot be left.
    for (const place of ['afterbegin', 'beforeend'] as const) {
      const edge = document.createElement('span')
      edge.tabIndex = 0
      edge.dataset.edge = ''
      edge.style.cssText = 'position:fixed;inset:0 auto auto 0'
      document.body.insertAdjacentElement(place, edge)
    }
  },
  focus() {
    const element = focused()
    const isInPage =
      element !== null &&
      !element.matches('[data-edge]') &&
      ![document.body, document.documentElement].includes(element as HTMLElement)
    if (!isInPage) return { name: 'the page', id: 0, isObscured: false, isInPage }
    walked.set(element, marks(element))
    const seen = targetOf(element as HTMLElement)
    const { left, top, right, bottom } = seen.getBoundingClientRect()
    // A grid over what of it is within the window: a log is larger than what can be seen of it.
    const [x0, x1] = [Math.max(left, 0), Math.min(right, innerWidth)]
    const [y0, y1] = [Math.max(top, 0), Math.min(bottom, innerHeight)]
    const steps = [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98]
    const isSeen = (at: Element | null) =>
      holds(seen, at) || (at !== null && holds(at, seen) && at.matches('label'))
    const isObscured = !steps.some(dx =>
      steps.some(dy => isSeen(deepAt(x0 + (x1 - x0) * dx, y0 + (y1 - y0) * dy))),
    )
    return { name: nameOf(element), id: idOf(element), isObscured, isInPage }
  },
  unmarked() {
    const now = focused()
    return [...walked]
      .filter(([element, look]) => element !== now && element.isConnected && marks(element) === look)
      .map(([element]) => nameOf(element))
  },
}
