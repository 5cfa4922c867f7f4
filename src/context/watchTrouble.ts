// Watches a page for trouble, where its site has switched that on: five passive listeners on the document, gone with
// the undo. Reads which messages of failure stand on the page, where was pressed, and how many characters a field
// holds; never which. Refuses to poll: nothing runs while nobody does anything.

import type { Clock, Undo } from '../base/environment'
import { shownErrors } from './shownErrors'
import {
  burstWith,
  countErrors,
  type ErrorCounts,
  isRage,
  isRepeated,
  isStalled,
  moveOn,
  type Press,
  type Step,
} from './trouble'

export type WatchedTrouble = 'errorRepeated' | 'stalledStep' | 'rageClicks'

/** When it is looked what an attempt ended in: at once, after a quick answer of the server, after a slow one. */
const LOOK_AFTER_MS = [300, 1_500, 4_000]
/** Click and submit of one press come closer together than two presses can. */
const ONE_PRESS_MS = 100
/** A page that answers a press has begun to by then. */
const EFFECT_MS = 400

const OURS = 'asklet-root,asklet-assistant,[data-asklet]'
const CONTROL = 'button,[role=button],input[type=submit],input[type=button],input[type=image]'
const FIELD = 'input,textarea,select,[contenteditable]:not([contenteditable=false])'
/** Pressing these quickly is how they are used, or does what no observer sees. */
const PRESSED_QUICKLY = `${FIELD},option,canvas,video,audio,iframe,object,embed,[role=slider],[role=spinbutton]`
const PRESSABLE = 'a,button,summary,label,[role=button],[role=link],[role=tab],[role=menuitem],[onclick]'

/**
 * Calls `notice` at each sign of trouble, as often as it shows.
 *
 * @param wanted  kinds that anybody asks for; nothing is listened to for the others
 */
export function watchTrouble(
  document: Document,
  clock: Clock,
  wanted: ReadonlySet<WatchedTrouble>,
  notice: (trouble: WatchedTrouble) => void,
): Undo {
  const stop = new AbortController()
  const listen = (type: string, act: (event: Event, target: Element) => void) =>
    document.addEventListener(
      type,
      event => {
        const { target } = event
        if (event.isTrusted !== false && target instanceof Element && !target.closest(OURS))
          act(event, target)
      },
      // Captured: a page that stops its events is watched all the same.
      { capture: true, passive: true, signal: stop.signal },
    )
  const timers = new Set<Undo>()
  const after = (ms: number, act: () => void) => {
    const undo = clock.after(ms, () => {
      timers.delete(undo)
      act()
    })
    timers.add(undo)
  }

  if (wanted.has('errorRepeated')) {
    const attempt = watchErrors(document, clock, after, () => notice('errorRepeated'))
    listen('submit', (_, form) => attempt(form))
    listen('click', (_, target) => {
      const control = target.closest(CONTROL)
      // A form that the browser itself holds back has no submit; one that goes has both, and they are one attempt.
      if (control) attempt((control as HTMLButtonElement).form ?? control)
    })
  }
  if (wanted.has('rageClicks'))
    listen(
      'click',
      watchPresses(clock, after, () => notice('rageClicks')),
    )
  if (wanted.has('stalledStep')) {
    const steps = new WeakMap<Element, Step>()
    const move = (field: Element, length: number) => {
      const form = field.closest('form,[role=form],fieldset,[data-asklet-step]')
      if (!form || !field.matches(FIELD)) return
      const step = moveOn(steps.get(form), field, length, clock.now())
      const isStuck = isStalled(step, clock.now())
      if (isStuck) steps.delete(form)
      else steps.set(form, step)
      if (isStuck) notice('stalledStep')
    }
    listen('focusin', (_, field) => move(field, 0))
    listen('input', (_, field) => move(field, lengthOf(field)))
    // What is sent is a step further; what comes next is another one, in the same form too.
    listen('submit', (_, form) => steps.delete(form))
  }
  return () => {
    stop.abort()
    for (const undo of timers) undo()
  }
}

/**
 * Messages of failure, to be told from each other and for nothing else: none of them is kept or handed on. An address or
 * a number that the visitor typed and the page says back makes no other message of it.
 */
const messagesOn = (document: Document) => [
  ...new Set(shownErrors(document).map(text => text.replace(/\S{1,64}@\S+|\+\d[\d ().-]{6,}/g, '…'))),
]

/** @returns to be called with what was pressed or submitted */
function watchErrors(
  document: Document,
  clock: Clock,
  after: (ms: number, act: () => void) => void,
  notice: () => void,
): (control: Element) => void {
  let counts: ErrorCounts = new Map()
  let current: object | undefined
  let last: { readonly control: Element; readonly at: number } | undefined
  return control => {
    const now = clock.now()
    if (last?.control === control && now - last.at < ONE_PRESS_MS) return
    last = { control, at: now }
    const mine = {}
    current = mine
    let before = messagesOn(document)
    const counted = new Set<string>()
    for (const ms of LOOK_AFTER_MS)
      after(ms, () => {
        // The next attempt looks for itself.
        if (current !== mine) return
        const shown = messagesOn(document)
        const fresh = shown.filter(text => !counted.has(text))
        counts = countErrors(counts, control, before, fresh)
        // What was taken away and is there again by the next look was shown anew.
        before = before.filter(text => shown.includes(text))
        for (const text of fresh) counted.add(text)
        if (!isRepeated(counts)) return
        counts = new Map()
        notice()
      })
  }
}

function watchPresses(
  clock: Clock,
  after: (ms: number, act: () => void) => void,
  notice: () => void,
): (event: Event, target: Element) => void {
  let burst: readonly Press[] = []
  let seen: { hasEffect(): boolean } | undefined
  return (event, target) => {
    const { clientX: x, clientY: y, detail } = event as MouseEvent
    // A click without a pointer is a key, or a script.
    if (!detail || target.closest(PRESSED_QUICKLY)) return
    burst = burstWith(burst, { x, y, at: clock.now() })
    if (burst.length === 1) seen = undefined
    // Looked at from the second press on: single clicks cost nothing.
    if (burst.length === 2) seen = watchEffect(target, after)
    if (!isRage(burst)) return
    const effect = seen
    burst = []
    seen = undefined
    after(EFFECT_MS, () => {
      // Who selects a paragraph presses three times, on what is no button.
      const hasSelected = target.ownerDocument.getSelection()?.type === 'Range' && !target.closest(PRESSABLE)
      if (!effect?.hasEffect() && !hasSelected) notice()
    })
  }
}

/** Has the page answered? A change anywhere, another address, another field's content; not the looks of what is pressed. */
function watchEffect(target: Element, after: (ms: number, act: () => void) => void) {
  const { ownerDocument: document } = target
  const address = document.location.href
  const words = target.textContent
  const near = target.parentElement ?? target
  const contents = () => Array.from(near.querySelectorAll('input,select,textarea'), lengthAndState).join()
  const before = contents()
  let hasChanged = false
  const observer = new MutationObserver(records => {
    // A ripple in a button, or its pressed look, is no answer.
    const isLooks = ({ target: at, type, attributeName }: MutationRecord) =>
      target.contains(at) &&
      (type === 'attributes' ? /^(class|style)$/.test(attributeName ?? '') : target.textContent === words)
    const isOurs = ({ target: at }: MutationRecord) => at instanceof Element && at.closest(OURS) !== null
    if (records.every(record => isLooks(record) || isOurs(record))) return
    hasChanged = true
    observer.disconnect()
  })
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  // Whether the burst goes on or not, nothing is watched for longer than it may last.
  after(EFFECT_MS + 1_000, () => observer.disconnect())
  return { hasEffect: () => hasChanged || document.location.href !== address || contents() !== before }
}

const lengthAndState = (field: Element) => {
  const { value, checked } = field as HTMLInputElement
  return `${value.length}${checked}`
}

/** Of ticked boxes and chosen rows, too: each choice is a step. */
function lengthOf(field: Element): number {
  const { type, value, textContent } = field as HTMLInputElement
  if (type === 'checkbox' || type === 'radio') return 1
  return (value ?? textContent ?? '').length
}
