// Whether every word fits where it stands: for people who zoom (WCAG 1.4.10), who space their text (1.4.12), and for the
// longest of the languages. Finds what scrolls sideways, what is cut off, and what stands out of a box. What is
// shortened with an ellipsis is so on purpose: the whole of it is said elsewhere.

import { all, isShown, isUnseen, nameOf, ownText, parentOf } from './inTree'

/** Fractions of a pixel, and the overhang of a slanted letter. Pixels. */
const SLACK = 1.5
/** Can be moved by keyboard to where the rest of it is. */
const REACHABLE = 'textarea,input,[tabindex="0"],[role=region],pre'

interface Span {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Of its own words alone, not of what is in it. By the word where asked: a space at the end of a line hangs over where
 *  line breaks are kept, and nobody sees it. */
function spanOf(element: Element, isByWord: boolean): Span {
  const range = document.createRange()
  const span = {
    left: Number.POSITIVE_INFINITY,
    right: Number.NEGATIVE_INFINITY,
    top: Number.POSITIVE_INFINITY,
    bottom: Number.NEGATIVE_INFINITY,
  }
  const add = () => {
    const { left, right, top, bottom, width } = range.getBoundingClientRect()
    if (width === 0) return
    span.left = Math.min(span.left, left)
    span.right = Math.max(span.right, right)
    span.top = Math.min(span.top, top)
    span.bottom = Math.max(span.bottom, bottom)
  }
  for (const node of element.childNodes) {
    if (!(node instanceof Text) || !node.data.trim()) continue
    if (!isByWord) {
      range.selectNodeContents(node)
      add()
      continue
    }
    for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
      range.setStart(node, index)
      range.setEnd(node, index + word.length)
      add()
    }
  }
  return span
}

/** By how many pixels the words stand out between these edges; 0 within the slack. */
function outOf(element: Element, left: number, right: number): number {
  const by = (span: Span) => Math.max(span.right - right, left - span.left)
  if (by(spanOf(element, false)) <= SLACK) return 0
  const over = by(spanOf(element, true))
  return over > SLACK ? Math.round(over) : 0
}

const isShortened = ({ textOverflow, webkitLineClamp }: CSSStyleDeclaration) =>
  textOverflow === 'ellipsis' || webkitLineClamp !== 'none'
const scrollsSideways = ({ overflowX }: CSSStyleDeclaration) => /auto|scroll/.test(overflowX)

/** What the words of `element` flow in: a line of text belongs to the box around it, a button is its own. */
function boxAround(element: Element): { readonly box: Element; readonly isShort: boolean } {
  let box = element
  let isShort = isShortened(getComputedStyle(box))
  while (box.parentElement && getComputedStyle(box).display.startsWith('inline') && !box.matches('button')) {
    box = box.parentElement
    isShort ||= isShortened(getComputedStyle(box))
  }
  return { box, isShort }
}

function wordsOut(element: Element): string | undefined {
  // What sticks out of the nearest box that hides what sticks out.
  for (let at = parentOf(element); at; at = parentOf(at)) {
    const around = getComputedStyle(at)
    if (scrollsSideways(around) && at.matches(REACHABLE)) return
    if (around.overflowX === 'visible' && !at.matches('dialog,[role=dialog],body')) continue
    const { left, right } = at.getBoundingClientRect()
    const over =
      isShortened(getComputedStyle(element)) || isShortened(around) ? 0 : outOf(element, left, right)
    if (over) return `${nameOf(element)} sticks out of ${nameOf(at).slice(0, 30)} by ${over} px`
    break
  }
  // What stands out of its own box, over what is beside it, or out of the window.
  const { box, isShort } = boxAround(element)
  if (isShort || !isShown(box) || box.closest('pre,table')) return
  const { left, right, top, bottom } = box.getBoundingClientRect()
  const over = outOf(element, Math.max(left, 0), Math.min(right, innerWidth))
  if (over) return `${nameOf(element)} stands out of its box by ${over} px`
  // Half a line: a box may be as low as its letters, and their ascent is counted too.
  const half = Number.parseFloat(getComputedStyle(element).fontSize) / 2
  const span = spanOf(element, true)
  const high = Math.max(span.bottom - bottom, top - span.top)
  if (high > half && !/hidden|clip|auto|scroll/.test(getComputedStyle(box).overflowY))
    return `${nameOf(element)} is ${Math.round(high)} px higher than its box`
  return
}

const pen = document.createElement('canvas').getContext('2d')
/** A field of one line and a list show no more of a text than they are wide. What a person typed is theirs to scroll. */
function fieldCut(element: HTMLElement): string | undefined {
  const isEmpty = element instanceof HTMLInputElement && !element.value && element.type !== 'range'
  const text = isEmpty
    ? element.placeholder
    : element instanceof HTMLSelectElement
      ? (element.selectedOptions[0]?.text ?? '')
      : ''
  if (!pen || !text) return
  const style = getComputedStyle(element)
  if (isShortened(style)) return
  const { font, letterSpacing, wordSpacing, paddingLeft, paddingRight } = style
  Object.assign(pen, { font, letterSpacing, wordSpacing })
  const room = element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight)
  const over = pen.measureText(text).width - room
  return over > SLACK ? `“${text}” is cut by ${Math.round(over)} px in ${nameOf(element)}` : undefined
}

/** Languages that write without spaces break anywhere, and so do addresses; a hyphen shows that a word goes on. */
const MAY_BREAK = /[\u3040-\u30ff\u3400-\u9fff\u00ad-]|[/@.]./
const NAMED = 'button,[role=tab],[role=switch],label,legend,th,h1,h2,h3,h4'
/** Elsewhere a word that is longer than that may be broken. */
const LONG_WORD = 12
/** A word that is broken in its midst: what of it is left on a line is another word, or none. */
function brokenWord(element: Element): string | undefined {
  if (getComputedStyle(element).hyphens === 'auto') return
  const most = element.closest(NAMED) ? Number.POSITIVE_INFINITY : LONG_WORD
  const range = document.createRange()
  for (const node of element.childNodes) {
    if (!(node instanceof Text)) continue
    for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
      if (word.length > most || MAY_BREAK.test(word)) continue
      range.setStart(node, index)
      range.setEnd(node, index + word.length)
      const lines = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom)))
      if (lines.size > 1) return `“${word}” is broken in ${nameOf(element)}`
    }
  }
  return
}

/** In the whole page; as sentences. */
export function cut(): string[] {
  const found: string[] = []
  for (const element of all()) {
    if (!isShown(element) || isUnseen(element) || element.closest('[aria-hidden=true]')) continue
    const style = getComputedStyle(element)
    const isWide = element.scrollWidth > element.clientWidth + 1
    if (isWide && scrollsSideways(style) && !element.matches(REACHABLE))
      found.push(`${nameOf(element)} scrolls sideways by ${element.scrollWidth - element.clientWidth} px`)
    const inField = fieldCut(element)
    if (inField) found.push(inField)
    if (!ownText(element)) continue
    const hides = /hidden|clip/.test(style.overflowX) || /hidden|clip/.test(style.overflowY)
    const isHigh = element.scrollHeight > element.clientHeight + 1
    if (hides && !isShortened(style) && (isWide || isHigh)) found.push(`${nameOf(element)} is cut off`)
    const broken = brokenWord(element)
    if (broken) found.push(broken)
    const out = wordsOut(element)
    if (out) found.push(out)
  }
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth + 1)
    found.push(`the page is ${scrollWidth} px wide where ${clientWidth} can be seen`)
  return [...new Set(found)]
}
