// Second promise: what is typed in the panel stays there. No bubbling listener of the page hears it, and one that
// captures on the window sees the assistant's element and nothing inside it.

import type { CDPSession, Page } from 'playwright-core'
import type { Findings } from './figures'
import { refundRow, type Stage } from './stage'

interface Heard {
  /** Types that a bubbling listener of window, document, html or body heard. */
  readonly bubbled: string[]
  /** Events that a capturing listener met, and the local names of their targets. */
  readonly captured: Record<string, string[]>
}
type KeyPage = Window & { heard: Heard }

export async function checkKeys(stage: Stage, found: Findings, isPlanted: boolean): Promise<void> {
  const guest = await stage.open('tag', { first: isPlanted ? [listen, stopNothing] : [listen] })
  const { page } = guest
  await page.getByRole('button', { name: /^Help/ }).waitFor()
  await page.evaluate(() => {
    const { heard } = window as unknown as KeyPage
    heard.bubbled.length = 0
  })
  await page.getByLabel('own field').pressSequentially('a')
  const own = await page.evaluate(() => (window as unknown as KeyPage).heard.bubbled.splice(0).length)
  found.expect(own > 0, 'the page does not hear its own keys: the check cannot fail', 'key-leaks')

  await guest.openHelp()
  const ime = await page.context().newCDPSession(page)
  let said = 0
  /** Place and type, once each. */
  const leaks = new Set<string>()
  const gather = async (where: string) => {
    for (const what of await page.evaluate(() => (window as unknown as KeyPage).heard.bubbled.splice(0)))
      leaks.add(`${where}: ${what}`)
    said++
  }
  await gather('opening')
  leaks.clear()

  await guest.search.pressSequentially('k/fee?')
  for (const key of ['Backspace', 'Control+z', 'ArrowDown', 'ArrowUp', 'Home', 'End'])
    await page.keyboard.press(key)
  await compose(ime)
  await copyAndPaste(guest.page)
  await gather('search box')
  await guest.search.fill('refund')
  await refundRow(guest.panel).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await guest.button('Yes').first().waitFor()
  await page.keyboard.press('Tab')
  await gather('list and article')
  await guest.button('Back').press('Enter')
  await guest.search.press('Control+a')
  await guest.search.press('Delete')
  await guest.button('Ask a question').press('Enter')
  await guest.message.waitFor()
  await gather('buttons')
  await guest.message.pressSequentially('How do I')
  await page.keyboard.press('Shift+Enter')
  await compose(ime)
  await copyAndPaste(guest.page)
  await guest.message.press('Enter')
  await guest.log.locator('[data-author=bot]').first().waitFor()
  await gather('conversation')
  await page.keyboard.press('Escape')
  await guest.panel.waitFor({ state: 'hidden' })
  await gather('Escape')
  await page.getByRole('button', { name: /^Help/ }).click()
  await guest.panel.waitFor()
  await gather('opening again')
  for (const what of [...leaks]) if (what.startsWith('opening')) leaks.delete(what)
  await guest.button('Close').press('Enter')
  await guest.panel.waitFor({ state: 'hidden' })
  await gather('the close button')

  for (const what of leaks) found.fault(`the page hears ${what}`, 'key-leaks')
  const { captured } = await page.evaluate(() => (window as unknown as KeyPage).heard)
  for (const [type, targets] of Object.entries(captured)) {
    const inner = targets.filter(name => name !== 'asklet-root' && name !== 'the page')
    found.expect(inner.length === 0, `a capturing ${type} sees ${inner.join(', ')} inside`, 'key-leaks')
  }
  const types = Object.keys(captured).filter(type => captured[type]?.includes('asklet-root'))
  found.note(`${said} places; capturing listeners meet only <asklet-root> as target, of: ${types.join(' ')}`)
  for (const error of guest.errors) found.fault(`keys: ${error}`)
  await guest.close()
}

/** Two letters of a language that is composed, then taken over. */
async function compose(session: CDPSession): Promise<void> {
  await session.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 })
  await session.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 })
  await session.send('Input.insertText', { text: '日本' })
}

async function copyAndPaste(page: Page): Promise<void> {
  for (const key of ['Control+a', 'Control+c', 'Control+x', 'Control+v', 'Control+v'])
    await page.keyboard.press(key)
}

/** Runs before all scripts: a page with shortcuts of its own, everywhere. */
function listen(): void {
  const page = window as unknown as KeyPage
  const types = [
    'keydown', 'keyup', 'keypress', 'beforeinput', 'input', 'textInput', 'change', 'compositionstart',
    'compositionupdate', 'compositionend', 'copy', 'cut', 'paste', 'beforecopy', 'beforecut', 'beforepaste',
  ] // biome-ignore format: a list to read across
  page.heard = { bubbled: [], captured: {} }
  const hear = (target: EventTarget) => {
    for (const type of types)
      target.addEventListener(type, () => {
        page.heard.bubbled.push(type)
      })
  }
  hear(window)
  hear(document)
  for (const type of types)
    window.addEventListener(
      type,
      event => {
        const { localName } = event.target as Element
        page.heard.captured[type] ??= []
        const targets = page.heard.captured[type]
        const name =
          localName === 'input' && (event.target as Element).id === 'typed' ? 'the page' : localName
        if (!targets.includes(name)) targets.push(name)
      },
      { capture: true },
    )
  document.addEventListener('DOMContentLoaded', () => {
    hear(document.documentElement)
    hear(document.body)
  })
}

/** The planted fault: nothing is stopped any more. */
function stopNothing(): void {
  Event.prototype.stopPropagation = () => {}
}
