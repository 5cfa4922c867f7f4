// What a script does with a face that is drawn: looks for things by what they are called in the words of the locale,
// presses and types, and waits until something stands. Fails with what was looked for. Sleeps for nothing: it looks again.

import type { Texts, TextValues } from '../../../src/base/texts'

/** Longer than a part of the program takes to come on a busy machine. */
const WITHIN_MS = 8_000
const LOOK_AGAIN_MS = 8

export type Root = ShadowRoot | HTMLElement

export interface Hands {
  readonly root: Root
  readonly texts: Texts
  /** Waits for `find` to find something. @param what  for the sentence of a failure */
  until<Found>(what: string, find: () => Found | null | undefined | false): Promise<Found>
  /** The first visible element that `selector` names, as soon as there is one. */
  see<Found extends HTMLElement = HTMLElement>(selector: string): Promise<Found>
  /** Presses the button (tab, radio, option) that is called as the text `key` says. */
  press(key: string, values?: TextValues, within?: string): Promise<void>
  pressAt(selector: string): Promise<void>
  /** Types into the field that `selector` names, in place of what stands there. */
  type(selector: string, text: string): Promise<void>
  /** Presses a key in what `selector` names. */
  key(selector: string, key: string, more?: KeyboardEventInit): Promise<void>
}

export const isSeen = (element: Element): boolean =>
  element.getClientRects().length > 0 && element.checkVisibility?.({ visibilityProperty: true }) !== false

const PRESSABLE = 'button,[role=tab],[role=radio],[role=option],[role=switch],label,a[href]'

/** Whatever kind of space stands there: French has narrow ones before its marks. */
const asOneLine = (text: string) => text.replace(/\s+/g, ' ').trim()
const nameOf = (each: HTMLElement) => asOneLine(each.ariaLabel ?? each.textContent ?? '')

export function hands(root: Root, texts: Texts): Hands {
  const made: Hands = {
    root,
    texts,
    async until(what, find) {
      const end = performance.now() + WITHIN_MS
      for (;;) {
        const found = find()
        if (found) return found
        if (performance.now() > end) throw new Error(`${what} did not come within ${WITHIN_MS} ms.`)
        await new Promise(done => setTimeout(done, LOOK_AGAIN_MS))
      }
    },
    see: <Found extends HTMLElement>(selector: string) =>
      made.until(selector, () => [...root.querySelectorAll<Found>(selector)].find(isSeen)),
    async press(key, values, within = '') {
      const name = asOneLine(texts(key, values))
      const isIt = (each: HTMLElement) => {
        const said = nameOf(each)
        return said === name || said.startsWith(`${name} `) || said.startsWith(name)
      }
      const buttons = () =>
        [...root.querySelectorAll<HTMLElement>(PRESSABLE)].filter(
          each => isSeen(each) && !each.matches(':disabled') && (!within || each.closest(within)),
        )
      const exactly = (each: HTMLElement) => nameOf(each) === name
      const found = await made.until(
        `A button “${name}”`,
        () => buttons().find(exactly) ?? buttons().find(isIt),
      )
      found.focus()
      found.click()
    },
    async pressAt(selector) {
      const found = await made.see(selector)
      found.focus()
      found.click()
    },
    async type(selector, text) {
      const field = await made.see<HTMLInputElement>(selector)
      field.focus()
      field.value = text
      // A field for addresses has no caret that a script could move.
      if (field.selectionStart !== null) field.setSelectionRange(text.length, text.length)
      field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
      field.dispatchEvent(new KeyboardEvent('keyup', { bubbles: true, composed: true }))
    },
    async key(selector, key, more) {
      const field = await made.see(selector)
      field.focus()
      field.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...more }),
      )
    },
  }
  return made
}

/** So long nothing was drawn anew: whatever was on its way has come. Milliseconds. */
const QUIET_MS = 60
/** A part or a picture that takes longer is not waited for: the state stands without it. */
const AT_MOST_MS = 3_000

/** All that was to come has come, and all that moves has come to its end. What never ends is let be. */
export async function settled(document: Document, root: Root): Promise<void> {
  await document.fonts?.ready
  const end = performance.now() + AT_MOST_MS
  let changed = performance.now()
  const watcher = new MutationObserver(() => {
    changed = performance.now()
  })
  watcher.observe(root, { subtree: true, childList: true, characterData: true, attributes: true })
  const isBusy = () =>
    performance.now() - changed < QUIET_MS ||
    [...root.querySelectorAll('img')].some(image => isSeen(image) && !image.complete)
  while (isBusy() && performance.now() < end) await new Promise(done => setTimeout(done, LOOK_AGAIN_MS))
  watcher.disconnect()
  const moving = () =>
    [document, root.getRootNode() as Document | ShadowRoot]
      .flatMap(each => each.getAnimations?.() ?? [])
      .filter(
        ({ effect, playState }) =>
          playState === 'running' && Number.isFinite(effect?.getComputedTiming().endTime as number),
      )
  // One that ends may begin another.
  for (let looks = 0; looks < 5 && moving().length; looks++) {
    for (const each of moving()) each.finish()
    await Promise.resolve()
  }
}
