// A person who has only a keyboard, and hears what a screen reader is told. Owns the way to a control by Tab and the
// log of what was said; presses nothing with a pointer.

import type { Page } from 'playwright-core'

export interface KeyboardPerson {
  readonly page: Page
  /** Tab, or Shift+Tab, until the keyboard is on what is called so. */
  to(name: RegExp, back?: boolean): Promise<void>
  press(key: string): Promise<void>
  /** On what has the keyboard. */
  type(words: string): Promise<void>
  /** What has the keyboard, by role and name. */
  at(): Promise<string>
  /** Sentences that were said since the last call, in order. */
  heard(): Promise<readonly string[]>
  /** Until a sentence like this one was said; answers with all up to it. */
  hears(sentence: RegExp): Promise<readonly string[]>
}

/** More than any face has stops. */
const MAX_TABS = 60
const PATIENCE_MS = 12_000

/** In the page, before every script of it: hears what live regions are given, in the document and in shadow roots. */
const ears = () => {
  const said: string[] = []
  const listened = new WeakSet<Node>()
  const SELECTOR = '[aria-live]:not([aria-live=off]),[role=status],[role=alert],[role=log]'
  const say = (region: Element) => {
    const text = (region as HTMLElement).innerText?.trim().replace(/\s+/g, ' ')
    if (text && said.at(-1) !== text) said.push(text)
  }
  const watch = (root: Node) => {
    if (listened.has(root)) return
    listened.add(root)
    new MutationObserver(changes => {
      const regions = new Set<Element>()
      for (const { target, addedNodes } of changes) {
        const element = target instanceof Element ? target : target.parentElement
        const region = element?.closest(SELECTOR)
        const isLog = region?.matches('[role=log]:not([aria-live=off])')
        // A log says what is added to it, and no history when it comes into being.
        if (isLog) for (const node of addedNodes) if (node instanceof HTMLElement) say(node)
        if (region && !region.matches('[role=log]')) regions.add(region)
        for (const node of addedNodes) {
          if (!(node instanceof Element)) continue
          if (node.matches('[role=alert]')) regions.add(node)
          for (const alert of node.querySelectorAll('[role=alert]')) regions.add(alert)
          for (const each of [node, ...node.querySelectorAll('*')])
            if (each.shadowRoot) watch(each.shadowRoot)
        }
      }
      for (const region of regions) say(region)
    }).observe(root, { subtree: true, childList: true, characterData: true })
  }
  watch(document)
  const attach = Element.prototype.attachShadow
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init)
    watch(root)
    return root
  }
  Object.assign(window, { askletHeard: () => said.splice(0) })
}

export async function keyboardPerson(page: Page): Promise<KeyboardPerson> {
  await page.addInitScript(ears)
  const at = () =>
    page.evaluate(() => {
      let element = document.activeElement
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
      if (!element || element === document.body) return 'the page'
      const labelled = element
        .getAttribute('aria-labelledby')
        ?.split(' ')
        .map(id => (element.getRootNode() as Document).getElementById(id)?.textContent ?? '')
        .join(' ')
      const name =
        labelled ??
        element.getAttribute('aria-label') ??
        (element as HTMLInputElement).labels?.[0]?.textContent ??
        element.textContent ??
        ''
      const role =
        element.getAttribute('role') ??
        { A: 'link', BUTTON: 'button', TEXTAREA: 'textbox', SELECT: 'combobox' }[element.tagName] ??
        element.tagName.toLowerCase()
      return `${role} ${name.trim().replace(/\s+/g, ' ')}`
    })
  const heard = () =>
    page.evaluate(() => (window as unknown as { askletHeard(): readonly string[] }).askletHeard())
  return {
    page,
    at,
    heard,
    press: key => page.keyboard.press(key),
    type: words => page.keyboard.type(words),
    async to(name, back = false) {
      const been: string[] = []
      for (let n = 0; n < MAX_TABS; n++) {
        const now = await at()
        if (name.test(now)) return
        been.push(now.slice(0, 40))
        await page.keyboard.press(back ? 'Shift+Tab' : 'Tab')
      }
      throw new Error(`Tab never came to ${name}; it was on ${[...new Set(been)].join(', ')}`)
    },
    async hears(sentence) {
      const all: string[] = []
      const until = Date.now() + PATIENCE_MS
      while (Date.now() < until) {
        all.push(...(await heard()))
        if (all.some(each => sentence.test(each))) return all
        await page.waitForTimeout(50)
      }
      throw new Error(`nobody said ${sentence}; said was: ${all.join(' | ') || 'nothing'}`)
    },
  }
}
