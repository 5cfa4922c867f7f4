// What screen readers are told besides what they find: one polite live region. Owns how a sentence is put there, so
// that it is heard, and once; what is said is whose it is.

/**
 * Hidden from sight, not from a screen reader. Important, because a page may style every element that way, and this
 * one stands among its own. Set through CSSOM: a strict `style-src` forbids attributes.
 */
const OUT_OF_SIGHT =
  'all:initial;position:fixed;top:0;left:0;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap'
/** Nobody has more than this still to be read out. Milliseconds. */
const READ_MS = 10_000

export interface Voice {
  readonly element: HTMLElement
  /**
   * Has `text` read out when the reader comes to it. Of two sentences in one moment neither is lost, and the same one
   * twice is heard twice.
   */
  say(text: string): void
  /** Out of the page, with all that waits. */
  remove(): void
}

const important = (css: string) => css.replace(/;|$/g, '!important;')

/** Its element is the caller's to put into the page: where assistive technology looks, which is no shadow root. */
export function createVoice(document: Document): Voice {
  const element = document.createElement('div')
  // A log tells what is added to it; a status would tell all that is in it again.
  element.setAttribute('role', 'log')
  element.setAttribute('aria-live', 'polite')
  element.style.cssText = important(OUT_OF_SIGHT)
  const waiting = new Set<ReturnType<typeof setTimeout>>()
  return {
    element,
    remove() {
      for (const timer of waiting) clearTimeout(timer)
      element.remove()
    },
    say(text) {
      const sentence = document.createElement('div')
      // No style of the page hides it.
      sentence.style.cssText = important('all:initial;display:block')
      sentence.textContent = text
      element.append(sentence)
      const timer = setTimeout(() => {
        waiting.delete(timer)
        sentence.remove()
      }, READ_MS)
      waiting.add(timer)
    },
  }
}
